"""Bests: what a skater has done before, over a career and over a season.

A best has a date, or at least a time at which somebody was seen to state it; it counts for a race
only when it is older. Who it belongs to is told as `longtrack.people` tells it: a name that fits
two people is nobody's.
"""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Collection, Iterable, Iterator
from datetime import UTC, date, datetime, time
from typing import Final, NamedTuple

import msgspec

from longtrack.model import Gender, Skater, Status
from longtrack.names import plain
from longtrack.people import People, Who
from longtrack.season import Season, SeasonRace, season_of

Place = tuple[date, str]
"""A day, and the city of a track as `longtrack.names.plain` writes it."""

WORLD_CUPS: Final = "World Cups"
"""The source of a best that was found in the results of the season's World Cups."""


class Best(msgspec.Struct, frozen=True):
    """The best time of one skater, over a career or a season, from the day it was skated."""

    event: str
    """The race code of the distance, such as ``W500``."""
    time_ms: int
    on: date | None
    place: str
    """The city of the track; empty where nobody says."""
    sure: str
    """``high``, ``medium`` or ``low``, by its source."""
    precision_ms: int = 10
    source: str = ""
    """Who says so."""
    seen: int | None = None
    """When that was seen to be said, in tape time; None for a list that comes with the program."""


class KnownBest(msgspec.Struct, frozen=True):
    """A best, and whose it is."""

    who: Skater
    best: Best
    season: int | None = None
    """The year the season ends in that it is the best of; None for a whole career."""


class Bests(NamedTuple):
    """What a skater had done before a race; None where it is not known."""

    personal: Best | None
    season: Best | None


def is_older(on: date | None, seen: int | None, before: date) -> bool:
    """Tell whether a record or best is older than a race.

    Args:
        on: The day it was set; None where nobody says.
        seen: When it was seen to be stated, in tape time: what counts where the day is unknown.
        before: The day of the race at the rink, or its start there (an aware ``datetime``).
    """
    if on is not None:
        return on < day_of(before)
    if seen is None:
        return False
    start = before
    if not isinstance(start, datetime):
        start = datetime.combine(start, time(), UTC)
    return seen < start.timestamp() * 1000


def day_of(before: date) -> date:
    """Return the day of a race that is given by its day or by its start at the rink."""
    return before.date() if isinstance(before, datetime) else before


class BestsKept:
    """Everybody's bests, by person and distance.

    Args:
        known: What sources say of skaters.
        season: The season whose World Cups were read.
        people: Others who are on start lists, so that two of one name are told apart.
    """

    def __init__(
        self, known: Iterable[KnownBest], season: Season | None, people: Iterable[Skater]
    ) -> None:
        known = list(known)
        everybody = {Who(each.who, _gender(each.best.event)) for each in known}
        everybody |= {Who(one, one.gender) for one in people if one.gender is not None}
        everybody |= season.everybody if season is not None else set()
        self._people = People(everybody)
        self._year = None if season is None else season.year
        self._personal: dict[tuple[str, str], list[Best]] = defaultdict(list)
        self._seasonal: dict[tuple[str, str, int], list[Best]] = defaultdict(list)
        self._raced: dict[tuple[str, str], list[Best]] = defaultdict(list)
        self._twofold: set[str] = set()
        for each in known:
            key = self._people.key(each.who, _gender(each.best.event))
            if each.season is None:
                self._personal[key, each.best.event].append(each.best)
            else:
                self._seasonal[key, each.best.event, each.season].append(each.best)
        for race in _individual(season):
            self._take(race)

    def personal(
        self, who: Skater, event: str, before: date | None, told: Collection[Place] = ()
    ) -> Best | None:
        """Return the best time of a career; None where no source tells of one.

        Args:
            who: The skater.
            event: The distance as a race code.
            before: What counts is older than that; None for all that is known.
            told: The days and tracks of which the caller knows more.
        """
        key = self._people.key(who, _gender(event))
        known = [best for best in self._personal.get((key, event), ()) if _counts(best, before)]
        if not known or key in self._twofold:
            return None
        # A list made since then may tell of nothing older; that is better than no history.
        known = [best for best in known if not _is_told(best, told)] or known
        # A list of bests may be older than the season's races.
        return _fastest([*known, *self._seasons(key, event, before, told)])

    def of_season(
        self, who: Skater, event: str, before: date | None, told: Collection[Place] = ()
    ) -> Best | None:
        """Return the best time of the season a day is in; without a day, of the one read."""
        key = self._people.key(who, _gender(event))
        if key in self._twofold:
            return None
        return _fastest(self._seasons(key, event, before, told))

    def key(self, who: Skater, gender: Gender) -> str:
        """Return what tells somebody apart."""
        return self._people.key(who, gender)

    def _seasons(
        self, key: str, event: str, before: date | None, told: Collection[Place]
    ) -> Iterator[Best]:
        year = self._year if before is None else season_of(day_of(before))
        if year is None:
            return
        said = self._seasonal.get((key, event, year), [])
        raced = self._raced.get((key, event), []) if year == self._year else []
        for best in (*said, *raced):
            if _counts(best, before) and not _is_told(best, told):
                yield best

    def _take(self, race: SeasonRace) -> None:
        keys = Counter[str]()
        event = f"{race.gender}{race.metres}"
        for result in race.results:
            who = result.competitor
            if result.time_ms is None or result.status is not Status.FINISHED:
                continue
            if isinstance(who, Skater):
                key = self._people.key(who, race.gender)
                keys[key] += 1
                self._raced[key, event].append(
                    Best(
                        event=event,
                        time_ms=result.time_ms,
                        on=race.day,
                        place=race.city,
                        sure="high" if race.official else "medium",
                        precision_ms=result.precision_ms,
                        source=WORLD_CUPS,
                    )
                )
        # Two in one race who can't be told apart: neither has a history.
        self._twofold |= {key for key, count in keys.items() if count > 1}


def _individual(season: Season | None) -> Iterator[SeasonRace]:
    for meet in season.meets if season is not None else ():
        yield from (race for race in meet.held if race.metres is not None)


def _counts(best: Best, before: date | None) -> bool:
    return before is None or is_older(best.on, best.seen, before)


def _is_told(best: Best, told: Collection[Place]) -> bool:
    return bool(told) and best.on is not None and (best.on, plain(best.place)) in told


def _fastest(bests: Iterable[Best]) -> Best | None:
    return min(bests, key=lambda best: best.time_ms, default=None)


def _gender(event: str) -> Gender:
    return Gender(event[0])
