"""What speedskatingresults.com says of a meet: what is asked for, in which order, and what it told.

First the records, then the skaters on the start lists of the day, Division A first and in the
order of the races. A skater is looked up by name, country and gender once in half a year; whose
name is not found, or could be two people's, has no history here.
"""

from __future__ import annotations

from collections.abc import Iterator
from datetime import UTC, date, datetime
from typing import TYPE_CHECKING, Final

from longtrack import ssr
from longtrack.bests import Best, KnownBest
from longtrack.model import Discipline, Gender, Meet, Race, Skater
from longtrack.names import plain
from longtrack.needs import HOUR
from longtrack.records import Facts, Record, is_olympic
from longtrack.season import season_of
from longtrack.sources import ARCHIVE
from longtrack.tape import Tape

if TYPE_CHECKING:
    from longtrack.archive import Archive

BESTS_MS: Final = 24 * HOUR
RECORDS_MS: Final = 24 * HOUR
NATIONS_MS: Final = 7 * 24 * HOUR
LOOKUP_MS: Final = 180 * 24 * HOUR
"""How long an answer is good."""

_LATEST: Final = 2**62
_MOST_VERSIONS: Final = 50
_TRACK: Final = "track of "
_TRACK_TRIES: Final = 4
"""Skaters whose competitions are looked through for the meet's track."""
_GENDERS: Final = (Gender.WOMEN, Gender.MEN)


async def ask(archive: Archive, meet: Meet) -> None:
    """Ask for what is not known, or not any more, of the races of today.

    Raises:
        longtrack.tape.TapeError: If the archive's tape can't be used.
    """
    now = datetime.fromtimestamp(archive.clock() / 1000, UTC)
    races = _of_day(meet, now.astimezone(meet.event.zone).date())
    genders = [each for each in _GENDERS if any(race.gender is each for race in races)]
    if not genders:
        return
    for gender in genders:
        await archive.get(ssr.world_path(gender), RECORDS_MS)
        if is_olympic(meet.event):
            await archive.get(ssr.olympic_path(gender), RECORDS_MS)
    track = _track(archive.tape, meet.event.city)
    if track is not None:
        await archive.get(ssr.track_path(track), RECORDS_MS)
    nations: dict[tuple[str, Gender], None] = {}
    twofold, tries = _twofold(meet), _TRACK_TRIES
    for skater, gender in _starters(races):
        if archive.is_gone:
            return
        nations.setdefault((skater.noc, gender))
        if _name(skater, gender) in twofold:
            continue
        number = await _number(archive, skater, gender)
        if number is None:
            continue
        await archive.get(ssr.personal_path(number), BESTS_MS)
        await archive.get(ssr.season_path(number, _season(meet, now)), BESTS_MS)
        if track is None and tries > 0:
            tries -= 1
            track = await _find_track(archive, meet, number, now)
    for noc, gender in nations:
        if noc.isalpha() and not archive.is_gone:
            await archive.get(ssr.country_path(noc, gender), NATIONS_MS)


def facts(tape: Tape, meet: Meet, season: int | None) -> Facts:
    """Return what an archive's tape tells of a meet: of its track, and of who is at it.

    Args:
        tape: The tape.
        meet: The meet, with all start lists that are known.
        season: The year the season ends in whose bests count.

    Raises:
        longtrack.tape.TapeError: If the tape can't be read.
    """
    records: dict[Record, None] = {}
    bests: dict[KnownBest, None] = {}

    def take(path: str, kind: str, *, place: str = "", noc: str = "") -> None:
        for at, body in _versions(tape, path):
            records.update(dict.fromkeys(ssr.read_records(body, kind, at, place=place, noc=noc)))

    for gender in _GENDERS:
        take(ssr.world_path(gender), "WR")
        take(ssr.olympic_path(gender), "OR")
    track = _track(tape, meet.event.city)
    if track is not None:
        take(ssr.track_path(track), "TR", place=meet.event.city)
    people = list(_starters(meet.races))
    for noc, gender in dict.fromkeys((skater.noc, gender) for skater, gender in people):
        take(ssr.country_path(noc, gender), "NR", noc=noc)
    twofold = _twofold(meet)
    for skater, gender in people:
        if _name(skater, gender) in twofold:
            continue
        lookup = [body for _, body in _versions(tape, ssr.lookup_path(skater, gender))]
        number = ssr.read_lookup(lookup[-1], skater, gender) if lookup else None
        if number is None:
            continue
        for at, body in _versions(tape, ssr.personal_path(number)):
            for skated in ssr.read_personal(body):
                bests[KnownBest(skater, _best(skated, gender, at))] = None
        for at, body in _versions(tape, ssr.season_path(number, season)) if season else ():
            for skated in ssr.read_season(body, season or 0):
                bests[KnownBest(skater, _best(skated, gender, at), season)] = None
    return Facts(tuple(records), tuple(bests))


def _versions(tape: Tape, path: str) -> list[tuple[int, bytes]]:
    """Return what a document has said, with when: a list tells the newest record alone."""
    heads = [*tape.history(path, _LATEST)][:_MOST_VERSIONS]
    return [(head.at, tape.body(head.version)) for head in reversed(heads)]


def _best(skated: ssr.Skated, gender: Gender, seen: int) -> Best:
    return Best(
        event=f"{gender}{skated.metres}",
        time_ms=skated.clocked.ms,
        on=skated.on,
        place=skated.place,
        sure="high",
        precision_ms=skated.clocked.precision_ms,
        source=ARCHIVE,
        seen=seen,
    )


async def _number(archive: Archive, skater: Skater, gender: Gender) -> int | None:
    body = await archive.get(ssr.lookup_path(skater, gender), LOOKUP_MS)
    return None if body is None else ssr.read_lookup(body, skater, gender)


async def _find_track(archive: Archive, meet: Meet, number: int, now: datetime) -> int | None:
    """Find the number of the meet's track among those a skater has raced on."""
    season = _season(meet, now)
    for year in (season, season - 1):
        body = await archive.get(ssr.competitions_path(number, year), NATIONS_MS)
        track = None if body is None else ssr.read_track(body, meet.event.city)
        if track is not None:
            archive.tape.remember(_TRACK + meet.event.city.casefold(), str(track))
            await archive.get(ssr.track_path(track), RECORDS_MS)
            return track
    return None


def _track(tape: Tape, city: str) -> int | None:
    known = tape.recall(_TRACK + city.casefold())
    return int(known) if known and known.isdigit() else None


def _season(meet: Meet, now: datetime) -> int:
    return meet.event.season or season_of(now.date())


def _of_day(meet: Meet, today: date) -> list[Race]:
    last = datetime.max.replace(tzinfo=UTC)
    races = [
        race
        for race in meet.races
        if meet.day(race) == today
        and race.entries
        and race.distance.discipline is not Discipline.MASS_START
    ]
    return sorted(races, key=lambda race: (race.division, race.start or last, race.number))


def _name(skater: Skater, gender: Gender) -> tuple[str, str, Gender]:
    return plain(f"{skater.family} {skater.given}"), skater.noc, gender


def _twofold(meet: Meet) -> set[tuple[str, str, Gender]]:
    """Return the names two people at a meet have: to whom a history belongs nobody can tell."""
    ids: dict[tuple[str, str, Gender], set[str]] = {}
    for skater, gender in _starters(meet.races):
        if skater.id is not None:
            ids.setdefault(_name(skater, gender), set()).add(skater.id)
    return {name for name, owners in ids.items() if len(owners) > 1}


def _starters(races: list[Race] | tuple[Race, ...]) -> Iterator[tuple[Skater, Gender]]:
    """Return everybody on the start lists of individual distances, once each, in their order."""
    seen: set[Skater] = set()
    for race in races:
        if race.distance.discipline is not Discipline.INDIVIDUAL or race.gender not in _GENDERS:
            continue
        for entry in race.entries:
            who = entry.competitor
            if isinstance(who, Skater) and who not in seen:
                seen.add(who)
                yield who, race.gender
