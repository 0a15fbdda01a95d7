"""What ``standings`` and ``quota`` answer from: a season as it is kept, at any moment of it.

Nobody is asked, but for the meet that is named with ``--live``.
"""

from __future__ import annotations

from collections.abc import Iterable
from contextlib import closing
from datetime import UTC, date, datetime, tzinfo
from typing import TYPE_CHECKING

import msgspec
from msgspec.structs import replace

from longtrack import isu
from longtrack.model import Meet, Race, Source
from longtrack.people import People, Who
from longtrack.points import scale_of, season_words
from longtrack.season import (
    CUPS,
    Season,
    SeasonMeet,
    SeasonRace,
    cup_of,
    end_of,
    season_of,
    season_race,
)
from longtrack.standings import Standings
from rinkside.library import LATEST, Library, NoSuch, NothingKept
from rinkside.seasons import Seasons

if TYPE_CHECKING:
    from longtrack.quota import Quota
    from rinkside.oneshot import Answer

When = int | date
"""A tape time, or a day, which ends at each rink at midnight there."""


class CupAnswer(msgspec.Struct, frozen=True):
    """A cup as it stood."""

    season: Season
    """As it stood."""
    standings: Standings
    races: tuple[SeasonRace, ...]
    """Those that count, in the order they were held."""
    running: tuple[Race, ...]
    """Those among them that are not over."""
    before: Standings | None
    """Before the meet that was named with ``--live``; None where none was."""
    as_of: int | None
    """When the newest document used was seen; None where none was."""
    source: Source
    notes: tuple[str, ...]
    """Sentences for whoever asked, such as which races are missing."""

    @property
    def by_table(self) -> str | None:
        """By which table points are reckoned, in words, where it is not the season's own."""
        table = self.season.scale.season
        return None if table == self.season.year else f"by the {season_words(table)} table"


class QuotaAnswer(msgspec.Struct, frozen=True):
    """The quota places of a race as they stood."""

    season: Season
    """As it stood, with the World Cups that count."""
    quota: Quota
    as_of: int | None
    """When the newest document used was seen; None where none was."""
    source: Source
    notes: tuple[str, ...]
    """Sentences for whoever asked, such as which races are missing."""


def named_cup(word: str) -> str:
    """Return the cup somebody means, in any case.

    Raises:
        NoSuch: If there is no such cup; the message names those there are.
    """
    cup = word.strip().upper()
    if cup not in CUPS:
        women = [cup for cup in CUPS if cup.startswith("W")]
        raise NoSuch(f"there is no cup {word}; cups are {', '.join(women)} and the same with M")
    return cup


def standings(
    library: Library, word: str, *, year: int | None, when: When | None, live: str | None
) -> CupAnswer:
    """Return the standings of a cup.

    Args:
        library: Where seasons are kept.
        word: The cup.
        year: The year the season ends in; by default that of ``live``, or the newest with a
            result by then.
        when: The moment asked for; None for now.
        live: The meet to count as it stands at that moment; the feed is asked for it, unless it
            must not be.

    Raises:
        longtrack.tape.TapeError: If the data directory can't be used.
        Refusal: If there is no such cup or meet, or nothing is kept.
    """
    cup = named_cup(word)
    if live is not None:
        return _with_live(library, cup, live, year, when)
    season, notes = kept_season(library, year, when)
    whole, season = season, season if when is None else season.until(when)
    races = season.races(cup)
    return CupAnswer(
        season=season,
        standings=Standings.of(cup, races, whole.people),
        races=races,
        running=(),
        before=None,
        as_of=max((race.at for race in races), default=None),
        source=source_of(races or season.meets),
        notes=(*notes, *shortcomings(season, cup, day_of(library, when))),
    )


def quotas(library: Library, word: str, *, when: When | None) -> QuotaAnswer:
    """Return the Olympic quota places of a race.

    Args:
        library: Where seasons are kept.
        word: The race.
        when: The moment asked for, which tells the season too; None for now.

    Raises:
        longtrack.tape.TapeError: If the data directory can't be used.
        Refusal: If there are no quotas for that race or in that season, or nothing is kept.
    """
    from longtrack.quota import COUNTED, RACES, RULES, cup_of_race, quota

    code = word.strip().upper()
    if code not in RACES:
        known = ", ".join(RACES)
        raise NoSuch(f"there are no Olympic quotas for {word}; there are for {known}")
    season, notes = kept_season(library, None, when)
    if code not in RULES.get(season.year, {}):
        last = max(RULES)
        raise NoSuch(
            f"there are no Olympic quotas to win in {season_words(season.year)}; "
            f"--as-of {last}-06-30 tells those of {season_words(last)}"
        )
    season = replace(season, meets=season.meets[:COUNTED])
    stood = season if when is None else season.until(when)
    found = quota(stood, code)
    assert found is not None
    cup = cup_of_race(code)
    races = stood.races(cup)
    return QuotaAnswer(
        season=stood,
        quota=found,
        as_of=max((race.at for race in races), default=None),
        source=source_of(races or stood.meets),
        notes=(*notes, *shortcomings(stood, cup, day_of(library, when))),
    )


# --- a season ----------------------------------------------------------------------------------


def kept_season(
    library: Library, year: int | None, when: When | None
) -> tuple[Season, tuple[str, ...]]:
    """Return a season with all that is kept of it, and what there is to say of that.

    Raises:
        NothingKept: If no World Cup of it is known.
    """
    seasons = Seasons(library)
    season = seasons.newest() if year is None else seasons.season(year)
    if year is None and when is not None:
        year = min(season.year, season_of(day_of(library, when)))
        season = season if season.year == year else seasons.season(year)
    if not season.meets:
        raise NothingKept(
            f"nothing of {season_words(season.year)} is kept on this computer; "
            f"rinkside sync --season {season.year} fetches it"
        )
    return season, (*library.notes, *seasons.notes)


def shortcomings(season: Season, cup: str, day: date) -> list[str]:
    """Say what a cup lacks of the races that were held.

    Args:
        season: The season as it stood.
        cup: The cup.
        day: The day it stood so.
    """
    told = []
    for meet in season.meets:
        if not meet.has_programme and meet.start is not None and meet.start <= day:
            told.append(
                f"nothing of {meet.title} in {meet.city} is kept; "
                f"rinkside sync --season {season.year} fetches it"
            )
        lost = [race for race in meet.missing if race.cup == cup]
        if nobodys := [race.code for race in lost if race.source is Source.BUNDLED]:
            told.append(f"no source has the result of {_and(nobodys)} in {meet.city}")
        if ours := [race.code for race in lost if race.source is not Source.BUNDLED]:
            told.append(
                f"the result of {_and(ours)} in {meet.city} is not kept; "
                f"rinkside sync --season {season.year} fetches it"
            )
    return told


def source_of(facts: Iterable[SeasonRace] | Iterable[SeasonMeet]) -> Source:
    """Return where facts come from: they are not bundled as soon as one of them isn't."""
    sources = {fact.source for fact in facts}
    return Source.BUNDLED if sources == {Source.BUNDLED} else Source.CACHE


def day_of(library: Library, when: When | None) -> date:
    """Return the day of a moment, in UTC."""
    if isinstance(when, date):
        return when
    return datetime.fromtimestamp((library.clock() if when is None else when) / 1000, UTC).date()


def _and(codes: list[str]) -> str:
    return " and ".join(filter(None, [", ".join(codes[:-1]), codes[-1]]))


# --- with a meet as it stands ------------------------------------------------------------------


def _with_live(
    library: Library, cup: str, word: str, year: int | None, when: When | None
) -> CupAnswer:
    from rinkside.oneshot import look_up, races_of_cup

    event_id = look_up(library, word)
    with closing(races_of_cup(library, event_id, cup)) as answer:
        event = answer.meet.event
        its_year = event.season or int(event_id[:4])
        if year not in (None, its_year):
            raise NoSuch(f"{event.city or event_id} is a meet of {season_words(its_year)}")
        season, notes = kept_season(library, its_year, None)
        place = next((i for i, meet in enumerate(season.meets) if meet.event_id == event_id), None)
        if place is None:
            raise NoSuch(f"{event.city or event_id} is no World Cup, and counts in no standings")
        stood = season if when is None else season.until(when)
        # What came after the meet says nothing of what it did to the cup.
        stood = replace(stood, meets=stood.meets[: place + 1])
        *earlier, own = stood.meets
        at = _tape_time(when, event.zone)
        now = answer.opened.reader.meet(at)
        held = [race for race in own.held if race.cup == cup]
        running = _running(now, cup, {race.code for race in held})
        source = Source.BUNDLED if answer.source is Source.BUNDLED else Source.CACHE
        boiled = [_boiled(race, now, own, source) for race in running]
        people = _people(season, boiled)
        before = [race for meet in earlier for race in meet.held if race.cup == cup]
        races = (*before, *held, *boiled)
        return CupAnswer(
            season=stood,
            standings=Standings.of(cup, races, people),
            races=races,
            running=running,
            before=Standings.of(cup, before, people),
            as_of=_as_of(answer, cup, (*before, *held), at),
            source=answer.source if answer.source is Source.FEED else source_of(races or [own]),
            notes=(
                *answer.notes,
                *(note for note in notes if note not in answer.notes),
                *shortcomings(stood, cup, day_of(library, when)),
            ),
        )


def _tape_time(when: When | None, zone: tzinfo) -> int:
    if when is None:
        return LATEST
    return end_of(when, zone) if isinstance(when, date) else when


def _running(meet: Meet, cup: str, held: set[str]) -> tuple[Race, ...]:
    """Return the races of a cup somebody has finished and the season doesn't have yet."""
    return tuple(
        race
        for race in meet.races
        if cup_of(race) == cup and race.has_result and race.code not in held
    )


def _boiled(race: Race, meet: Meet, known: SeasonMeet, source: Source) -> SeasonRace:
    cup, day = cup_of(race) or "", meet.day(race) or known.start or date.min
    boiled = season_race(race, meet, cup, day, scale_of(meet.event.season))
    return replace(boiled, event_id=known.event_id, city=known.city, source=source)


def _people(season: Season, running: Iterable[SeasonRace]) -> People:
    here = (Who(each.competitor, race.gender) for race in running for each in race.results)
    return People((*season.everybody, *here))


def _as_of(answer: Answer, cup: str, held: Iterable[SeasonRace], at: int) -> int | None:
    """Return when the newest document used was seen, of those seen by a tape time."""
    own = [race for race in answer.meet.races if cup_of(race) == cup]
    if at == LATEST:
        newest = [answer.as_of(*own)]
    else:
        heads = answer.opened.tape.heads(at)
        paths = (isu.results_path(answer.opened.event_id, race.number) for race in own)
        newest = [heads[path].at for path in paths if path in heads]
    return max([*(race.at for race in held), *(each for each in newest if each)], default=None)
