"""A season: what every World Cup race of a winter was worth, and to whom.

A meet's state is boiled down to what the cups need, as plain values that are quick to keep and to
read back. The season at a time is every race held by then; standings, projections and quotas are
computed from that and from nothing else.
"""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Iterable, Mapping
from datetime import date, datetime, time, tzinfo
from functools import cached_property
from sys import intern
from typing import Final

import msgspec

from longtrack.model import (
    Discipline,
    Division,
    Entry,
    Event,
    Gender,
    Meet,
    Race,
    Skater,
    Source,
    Stage,
    Status,
    Team,
)
from longtrack.names import plain
from longtrack.people import People, Who
from longtrack.points import Scale, scale_of

RULES: Final = 3
"""To be raised when results are boiled down otherwise: what was kept is then made again."""

CUPS: Final = tuple(
    f"{gender}{what}"
    for gender in (Gender.WOMEN, Gender.MEN)
    for what in ("500", "1000", "1500", "LONG", "MS", "TP")
)
"""The cups of a season. The long distances of a gender are one cup."""


def cup_of(race: Race) -> str | None:
    """Return the cup a race scores in; None for those that score in none."""
    kind = race.distance.discipline
    if kind is Discipline.INDIVIDUAL and race.distance.metres:
        what = "LONG" if race.distance.is_long else str(race.distance.metres)
    else:
        what = kind.value
    cup = f"{race.gender}{what}"
    return cup if cup in CUPS else None


class Result(msgspec.Struct, frozen=True, array_like=True, gc=False):
    """Somebody's place in a race."""

    name: str
    """Family name, or a team's name."""
    given: str | None
    """None for a team."""
    noc: str
    id: str | None
    """The feed's id of a skater, where the source has one."""
    status: Status
    rank: int | None
    points: int | None
    """None where the skater is still to finish."""
    time_ms: int | None
    precision_ms: int = 1
    splits: tuple[int | None, ...] = ()
    """Published times at the marks before the finish, in milliseconds, None where one is not
    known; empty where none is, and for team races and mass starts."""

    def __post_init__(self) -> None:
        # A season has 2,500 results of 330 people: their names are kept once.
        for field in ("name", "given", "noc"):
            text = getattr(self, field)
            if text is not None:
                msgspec.structs.force_setattr(self, field, intern(text))

    @property
    def competitor(self) -> Skater | Team:
        """Who it was."""
        if self.given is None:
            return Team(self.name, self.noc)
        return Skater(self.name, self.given, self.noc, id=self.id)


class SeasonRace(msgspec.Struct, frozen=True):
    """A race that scores in a cup."""

    event_id: str
    city: str
    number: int
    """The feed's schedule number."""
    code: str
    cup: str
    metres: int | None
    """None for mass start and team pursuit."""
    division: Division
    ordinal: int
    day: date
    """At the rink."""
    at: int
    """When it was over, in tape time; for one that has not been held, when it starts."""
    official: bool
    results: tuple[Result, ...] = ()
    """Empty for a race that has not been held, or whose result nobody has."""
    source: Source = Source.CACHE
    """Where that comes from: facts about one meet may be fetched and bundled ones."""

    @property
    def gender(self) -> Gender:
        """Who raced."""
        return Gender(self.cup[0])


class SeasonMeet(msgspec.Struct, frozen=True):
    """A World Cup of the season, as far as it is known."""

    event_id: str
    city: str
    title: str
    zone_name: str
    start: date | None
    end: date | None
    source: Source
    held: tuple[SeasonRace, ...] = ()
    """Races with a result, in the order they were held."""
    missing: tuple[SeasonRace, ...] = ()
    """Races that were held and whose result nobody has."""
    coming: tuple[SeasonRace, ...] = ()
    """Races that have not been held; empty too where the programme is not known."""

    @property
    def has_programme(self) -> bool:
        """Whether it is known which races it has."""
        return bool(self.held or self.missing or self.coming)

    def is_the(self, event: Event) -> bool:
        """Tell whether this is an event's meet: a bundled one may have another id than the feed's.

        City and first day decide then.
        """
        if self.event_id == event.id:
            return True
        same_start = self.start is not None and self.start == event.start
        return same_start and plain(self.city) == plain(event.city)

    def joined_by(self, facts: SeasonMeet) -> SeasonMeet:
        """Return this meet with races it has no result of taken from other facts about it.

        So are races that are not in its programme, which may be known in part only.
        """

        def named_as_here(races: Iterable[SeasonRace]) -> tuple[SeasonRace, ...]:
            return tuple(
                msgspec.structs.replace(race, event_id=self.event_id, city=self.city)
                for race in races
            )

        if not self.has_programme:
            return msgspec.structs.replace(
                self,
                source=facts.source,
                held=named_as_here(facts.held),
                missing=named_as_here(facts.missing),
                coming=named_as_here(facts.coming),
            )
        own = {race.code for race in self.held}
        found = [race for race in named_as_here(facts.held) if race.code not in own]
        own |= {race.code for race in found}
        missing = [race for race in self.missing if race.code not in own]
        coming = [race for race in self.coming if race.code not in own]
        own |= {race.code for race in (*missing, *coming)}
        missing += [race for race in named_as_here(facts.missing) if race.code not in own]
        coming += [race for race in named_as_here(facts.coming) if race.code not in own]
        return msgspec.structs.replace(
            self,
            held=tuple(sorted((*self.held, *found), key=_in_time)),
            missing=tuple(missing),
            coming=tuple(sorted(coming, key=_in_time)),
        )


def season_meet(meet: Meet, source: Source, seen: Mapping[int, int], now: int) -> SeasonMeet:
    """Boil a meet down to what the cups need of it.

    Args:
        meet: Its newest state.
        source: Where that comes from.
        seen: When the newest version of each race's starts was laid on the tape, by number.
        now: The present, in tape time.
    """
    event, scale = meet.event, scale_of(meet.event.season)
    held, missing, coming = [], [], []
    for race in meet.races:
        cup, day = cup_of(race), meet.day(race)
        if cup is None or day is None:
            continue
        boiled = season_race(race, meet, cup, day, scale)
        boiled = msgspec.structs.replace(boiled, source=source)
        if race.has_result and (race.official or race.over):
            at = min(boiled.at, seen.get(race.number, boiled.at))
            held.append(msgspec.structs.replace(boiled, at=at))
            continue
        start = race.start or race.planned
        ahead = msgspec.structs.replace(
            boiled, results=(), at=_ms(start) if start else end_of(day, event.zone)
        )
        if race.stage is Stage.UNKNOWN or is_overdue(ahead, now):
            missing.append(msgspec.structs.replace(ahead, at=max(ahead.at, boiled.at)))
        else:
            coming.append(ahead)
    return SeasonMeet(
        event_id=event.id,
        city=event.city or event.id,
        title=event.title,
        zone_name=event.zone_name,
        start=event.start,
        end=event.end,
        source=source,
        held=tuple(sorted(held, key=_in_time)),
        missing=tuple(missing),
        coming=tuple(sorted(coming, key=_in_time)),
    )


def season_race(race: Race, meet: Meet, cup: str, day: date, scale: Scale) -> SeasonRace:
    """Boil a race down, whatever its state: who is still to finish has no points yet."""
    over = race.over_at
    # Of a race without any time the day is all there is: at its end it was over for sure.
    at = end_of(day, meet.event.zone) if over is None else _ms(over)
    return SeasonRace(
        event_id=meet.id,
        city=meet.event.city or meet.id,
        number=race.number,
        code=race.code,
        cup=cup,
        metres=race.distance.metres,
        division=race.division,
        ordinal=race.ordinal,
        day=day,
        at=at,
        official=race.official,
        results=tuple(_result(race, entry, scale) for entry in race.entries),
    )


def _result(race: Race, entry: Entry, scale: Scale) -> Result:
    who = entry.competitor
    return Result(
        name=who.name if isinstance(who, Team) else who.family,
        given=None if isinstance(who, Team) else who.given,
        noc=who.noc,
        id=None if isinstance(who, Team) else who.id,
        status=entry.status,
        rank=entry.rank,
        points=scale.points(race, entry),
        time_ms=entry.time_ms,
        precision_ms=entry.precision_ms,
        splits=splits_of(race, entry),
    )


def splits_of(race: Race, entry: Entry) -> tuple[int | None, ...]:
    """Return a finisher's published times at the marks before the finish; empty without any."""
    distance = race.distance
    if entry.status is not Status.FINISHED or distance.discipline is not Discipline.INDIVIDUAL:
        return ()
    known = {each.mark_m: each.time_ms for each in entry.passages if not each.modelled}
    splits = tuple(known.get(mark) for mark in distance.marks[:-1])
    return splits if any(time is not None for time in splits) else ()


def end_of(day: date, zone: tzinfo) -> int:
    """Return the tape time at which a day ends somewhere."""
    return _ms(datetime.combine(day, time(23, 59, 59), zone))


def season_of(day: date) -> int:
    """Return the season a day belongs to, named by the year it ends in; July begins the next."""
    return day.year + (day.month >= 7)


def is_overdue(race: SeasonRace, now: int) -> bool:
    """Tell whether a race that should have been held must have been, long ago."""
    return race.at + _DAY_MS < now


_DAY_MS: Final = 24 * 3_600_000

_MOST_STOOD: Final = 8
"""States of a season kept: more than are asked for by turns."""


def _ms(instant: datetime) -> int:
    return round(instant.timestamp() * 1000)


def _in_time(race: SeasonRace) -> tuple[int, int]:
    return race.at, race.number


class Season(msgspec.Struct, frozen=True, dict=True):
    """All World Cups of one winter that are known."""

    year: int
    """The year it ends in: 2026 for 2025/26."""
    meets: tuple[SeasonMeet, ...] = ()
    """In the order of the calendar."""
    whole: bool = False
    """Whether the feed has told which World Cups there are, so that none can be missing."""

    @property
    def scale(self) -> Scale:
        """By which its places are scored; of another season where it has no tables of its own."""
        return scale_of(self.year)

    @cached_property
    def people(self) -> People:
        """Everybody who has raced in it."""
        return People(self.everybody)

    @cached_property
    def everybody(self) -> frozenset[Who]:
        """Everybody with a result."""
        return frozenset(
            Who(result.competitor, race.gender)
            for meet in self.meets
            for race in meet.held
            for result in race.results
        )

    def until(self, when: int | date) -> Season:
        """Return the season as it stood: every race held by then.

        Between two races it is the very same object, and so is what rests on it.

        Args:
            when: A tape time, or a day, which ends at each rink at midnight there.
        """
        if not isinstance(when, int):
            return self._until(when)
        place = bisect_right(self._turns, when)
        if place == len(self._turns):
            return self
        if place not in self._stood:
            while len(self._stood) >= _MOST_STOOD:
                self._stood.pop(next(iter(self._stood)))
            self._stood[place] = self._until(when)
        return self._stood[place]

    def _until(self, when: int | date) -> Season:
        return Season(self.year, tuple(_until(meet, when) for meet in self.meets), self.whole)

    @cached_property
    def _turns(self) -> list[int]:
        """The tape times at which it changed."""
        return sorted(race.at for meet in self.meets for race in (*meet.held, *meet.missing))

    @cached_property
    def _stood(self) -> dict[int, Season]:
        """The last answers of `until`, by how many of the turns had been."""
        return {}

    def races(self, cup: str) -> tuple[SeasonRace, ...]:
        """Return the races of a cup that were held, in the order they were held."""
        return tuple(race for meet in self.meets for race in meet.held if race.cup == cup)

    def to_come(self, cup: str, *, besides: Event | None = None) -> tuple[SeasonRace, ...] | None:
        """Return the races of a cup whose points nobody has; None where not all are known.

        Besides those that have not been held that is those whose result is missing.

        Args:
            cup: The cup.
            besides: A meet to leave out, of which the caller knows more.
        """
        meets = [meet for meet in self.meets if besides is None or not meet.is_the(besides)]
        if not self.whole or not all(meet.has_programme for meet in meets):
            return None
        return tuple(
            race for meet in meets for race in (*meet.coming, *meet.missing) if race.cup == cup
        )


def _until(meet: SeasonMeet, when: int | date) -> SeasonMeet:
    def is_held(race: SeasonRace) -> bool:
        return race.at <= when if isinstance(when, int) else race.day <= when

    later = [race for race in meet.held if not is_held(race)]
    if not later and all(map(is_held, meet.missing)):
        return meet
    ahead = [
        *(msgspec.structs.replace(race, results=(), official=False) for race in later),
        *(race for race in meet.missing if not is_held(race)),
    ]
    return msgspec.structs.replace(
        meet,
        held=tuple(filter(is_held, meet.held)),
        missing=tuple(filter(is_held, meet.missing)),
        coming=tuple(sorted((*ahead, *meet.coming), key=_in_time)),
    )


def in_order(meets: Iterable[SeasonMeet]) -> tuple[SeasonMeet, ...]:
    """Return meets in the order of the calendar."""
    return tuple(sorted(meets, key=lambda meet: (meet.start or date.max, meet.event_id)))
