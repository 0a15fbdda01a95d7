"""The wire: the results feed's documents of records and personal bests.

Only their addresses are known for sure, and of the rows what clients were seen to read, or guess.
So the reading is tolerant: rows may be bare, paginated or sorted by kind; a field that can't be
read is unknown, and a row without a kind, a time or somebody it belongs to tells nothing. Flags
such as "new" are not looked at: whether a record fell is found out by comparing times.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping
from typing import Any, Final, NamedTuple

import msgspec

from longtrack import fields
from longtrack.bests import Best, KnownBest
from longtrack.model import Discipline, Gender, Meet, Race, Skater
from longtrack.records import KINDS, Facts, Record, distance_code
from longtrack.sources import FEED
from longtrack.tape import Tape
from longtrack.times import read_time

LIST_KINDS: Final = ("WR", "TR", "OR", "NR")
"""Kinds of which the feed is asked for a whole list; the first is known to be there."""

_OF_RACE: Final = re.compile(r"events/[^/]+/competitions/([0-9]+)/(records|personal-bests)/")
_OF_LIST: Final = re.compile(r"records/\?(?:.*&)?type=([A-Z]{2})\b.*")
_WORDS: Final = {
    "WORLD": "WR",
    "OLYMPIC": "OR",
    "TRACK": "TR",
    "RINK": "TR",
    "NATIONAL": "NR",
    "COUNTRY": "NR",
}
_DISTANCES: Final = {"TP": "TP", "TS": "TS", "MR": "MR"}
_FAR: Final = 2**62
_MOST_VERSIONS: Final = 200
"""Versions of one document that are read, the newest first."""


class Seen(NamedTuple):
    """When and where a document was had."""

    at: int
    """In tape time."""
    city: str = ""
    """Of the meet it is about; empty for a list that is about none."""
    race: Race | None = None
    """The race it is about."""


# --- paths -------------------------------------------------------------------------------------


def records_path(event_id: str, number: int) -> str:
    """Return the path of the records that apply to a race."""
    return f"events/{event_id}/competitions/{number}/records/"


def personal_bests_path(event_id: str, number: int) -> str:
    """Return the path of the personal bests of those on a race's start list."""
    return f"events/{event_id}/competitions/{number}/personal-bests/"


def list_path(kind: str, page: int = 1) -> str:
    """Return the path of a page of all records of a kind."""
    return f"records/?type={kind}" + (f"&page={page}" if page > 1 else "")


def is_of_race(path: str) -> bool:
    """Tell whether a document on a meet's tape tells of records or bests."""
    return _OF_RACE.fullmatch(path) is not None


# --- what a tape holds -------------------------------------------------------------------------


def facts_of_meet(tape: Tape, meet: Meet) -> Facts:
    """Return what the feed has said of a meet's races, every version with the time it was seen.

    Raises:
        longtrack.tape.TapeError: If the tape can't be read.
    """
    by_id = {skater.id: skater for skater in meet.people if skater.id is not None}
    records: dict[Record, None] = {}
    bests: dict[KnownBest, None] = {}
    for path in tape.heads(_FAR):
        found = _OF_RACE.fullmatch(path)
        race = meet.numbered(int(found[1])) if found else None
        if found is None or race is None:
            continue
        # The oldest first: what is said again was known since it was said first.
        versions = [*tape.history(path, _FAR)][:_MOST_VERSIONS][::-1]
        for version in versions:
            seen = Seen(version.at, meet.event.city, race)
            body = tape.body(version.version)
            if found[2] == "records":
                _add_first(records, read_records(body, seen))
            else:
                _add_first_best(bests, read_personal_bests(body, seen, by_id))
    return Facts(tuple(records), tuple(bests))


def facts_of_lists(tape: Tape) -> Facts:
    """Return what the feed's lists of records on its library tape have said.

    Raises:
        longtrack.tape.TapeError: If the tape can't be read.
    """
    records: dict[Record, None] = {}
    for path in tape.heads(_FAR):
        found = _OF_LIST.fullmatch(path)
        if found is None:
            continue
        for version in [*tape.history(path, _FAR)][:_MOST_VERSIONS][::-1]:
            body = tape.body(version.version)
            _add_first(records, read_records(body, Seen(version.at), kind=found[1]))
    return Facts(tuple(records))


def _add_first(known: dict[Record, None], records: Iterable[Record]) -> None:
    said = {msgspec.structs.replace(record, seen=None) for record in known}
    for record in records:
        if msgspec.structs.replace(record, seen=None) not in said:
            known.setdefault(record)


def _add_first_best(known: dict[KnownBest, None], bests: Iterable[KnownBest]) -> None:
    def unseen(one: KnownBest) -> KnownBest:
        return msgspec.structs.replace(one, best=msgspec.structs.replace(one.best, seen=None))

    said = {unseen(each) for each in known}
    for each in bests:
        if unseen(each) not in said:
            known.setdefault(each)


# --- documents ---------------------------------------------------------------------------------


def read_records(body: bytes, seen: Seen, *, kind: str = "") -> tuple[Record, ...]:
    """Read records.

    Args:
        body: The document; one that can't be read has none.
        seen: When and where it was had. Rows that name no distance are about that race's, track
            records without a track about that city's.
        kind: What all rows are, where they don't say it themselves.
    """
    return tuple(
        record
        for told, row in _rows(_decoded(body), kind)
        if (record := _record(row, told, seen)) is not None
    )


def read_personal_bests(
    body: bytes, seen: Seen, people: Mapping[str, Skater]
) -> tuple[KnownBest, ...]:
    """Read the personal bests of a start list.

    Args:
        body: The document; one that can't be read has none.
        seen: When it was had, and of which race; rows of another distance are passed over.
        people: Everybody at the meet by the feed's id; bests of others are nobody's.
    """
    race = seen.race
    if race is None or race.distance.discipline is not Discipline.INDIVIDUAL:
        return ()
    event = distance_code(race)
    found = []
    for _, row in _rows(_decoded(body), "PB"):
        skater = people.get(_skater_id(row))
        clocked = read_time(row.get("time"))
        if skater is None or clocked is None or clocked.ms == 0:
            continue
        if _event(row, race.gender, "") not in ("", event):
            continue
        best = Best(
            event=event,
            time_ms=clocked.ms,
            on=fields.day(row.get("date")),
            place=_city(row),
            sure="high",
            precision_ms=clocked.precision_ms,
            source=FEED,
            seen=seen.at,
        )
        found.append(KnownBest(skater, best))
    return tuple(found)


def next_page(body: bytes) -> int | None:
    """Return the number of the page after this one of a list, or None for the last."""
    following = fields.mapping(_decoded(body)).get("next")
    if not isinstance(following, str):
        return None
    page = re.search(r"[?&]page=([0-9]{1,3})\b", following)
    return int(page[1]) if page else None


def _decoded(body: bytes) -> object:
    try:
        return msgspec.json.decode(body)
    except (msgspec.DecodeError, UnicodeDecodeError, RecursionError):
        return None


def _rows(data: object, kind: str) -> Iterator[tuple[str, Mapping[str, Any]]]:
    """Return the rows, each with its kind: in a list, on a page, or sorted by kind."""
    if isinstance(data, list):
        yield from ((_kind(row) or kind, row) for row in fields.mappings(data))
    elif isinstance(data, dict):
        if isinstance(data.get("results"), list):
            yield from _rows(data["results"], kind)
        elif "time" in data:
            yield _kind(data) or kind, data
        else:
            for name, part in data.items():
                named = _kind_of(name)
                if named and isinstance(part, dict | list):
                    yield from _rows(part, named)


def _kind(row: Mapping[str, Any]) -> str:
    for key in ("type", "recordType", "kind", "record", "name"):
        if found := _kind_of(fields.text(row.get(key))):
            return found
    return ""


def _kind_of(word: str) -> str:
    upper = word.upper()
    if upper in KINDS:
        return upper
    return next((kind for part, kind in _WORDS.items() if upper.startswith(part)), "")


def _record(row: Mapping[str, Any], kind: str, seen: Seen) -> Record | None:
    clocked = read_time(row.get("time"))
    if kind not in KINDS or clocked is None or clocked.ms == 0:
        return None
    skater, team = fields.mapping(row.get("skater")), fields.mapping(row.get("team"))
    holder = fields.text(skater.get("lastName")) or fields.text(team.get("name"))
    noc = next(
        (
            letters
            for each in (skater.get("country"), team.get("country"), row.get("country"))
            if len(letters := fields.noc(each)) == 3
        ),
        "",
    )
    gender = _gender(row, skater, team, seen.race)
    event = _event(row, gender, distance_code(seen.race) if seen.race else "")
    place = _city(row) or (seen.city if kind == "TR" else "")
    if not event or not (holder or noc) or (kind == "TR" and not place):
        return None
    if kind == "NR" and not noc:
        return None
    return Record(
        kind=kind,
        event=event,
        time_ms=clocked.ms,
        holder=holder or noc,
        noc=noc,
        on=fields.day(row.get("date")),
        place=place,
        sure="high",
        source=FEED,
        seen=seen.at,
    )


def _gender(
    row: Mapping[str, Any],
    skater: Mapping[str, Any],
    team: Mapping[str, Any],
    race: Race | None,
) -> Gender | None:
    letters = {"F": Gender.WOMEN, "W": Gender.WOMEN, "M": Gender.MEN, "X": Gender.MIXED}
    for each in (skater.get("gender"), team.get("gender"), row.get("gender"), row.get("category")):
        if found := letters.get(fields.text(each).upper()[:1]):
            return found
    return race.gender if race else None


def _event(row: Mapping[str, Any], gender: Gender | None, otherwise: str) -> str:
    """Return the race code of what a row is about; empty where it says something unreadable."""
    said = row.get("distance")
    if said is None:
        return otherwise
    distance = fields.mapping(said)
    metres = fields.integer(distance.get("distance")) or fields.integer(said)
    identifier = fields.text(distance.get("identifier")).upper()
    kind, _, length = identifier.partition("_")
    if kind in _DISTANCES:
        return f"{gender}{_DISTANCES[kind]}" if gender else ""
    if kind == "ID" or not kind:
        metres = metres or fields.integer(length)
        if metres and 0 < metres <= 50_000 and gender:
            return f"{gender}{metres}"
    return ""


def _city(row: Mapping[str, Any]) -> str:
    track = fields.mapping(row.get("track"))
    return fields.text(track.get("city")) or fields.text(row.get("location"))


def _skater_id(row: Mapping[str, Any]) -> str:
    # A row's own id is none of a skater, though it may look like one.
    competitor = fields.mapping(row.get("competitor"))
    people = (fields.mapping(each.get("skater")) for each in (row, competitor))
    for value in (row.get("skaterId"), *(person.get("id") for person in people)):
        if isinstance(value, str) and value:
            return fields.text(value)
        number = fields.integer(value)
        if number is not None:
            return str(number)
    return ""
