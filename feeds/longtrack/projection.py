"""The projection: what a race does to its cup while it is on.

It is the standings before the race, plus the points each finished skater would have if the race
ended now. The meet in view counts as its state says, other meets only by races held before.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from datetime import UTC, datetime
from enum import StrEnum
from functools import cached_property

import msgspec

from longtrack.model import Entry, Meet, Race, Skater, Status
from longtrack.people import People, Who
from longtrack.points import Scale, scale_of
from longtrack.season import Season, SeasonRace, cup_of, season_race
from longtrack.standings import Column, Standing, Standings, column_of


class Part(StrEnum):
    """What somebody has to do with a race."""

    IN = "in"
    """Has finished, or is out of it."""
    WAITING = "waiting"
    """Is still to finish it, or another race of the cup at this meet."""
    ABSENT = "absent"
    """Has no part in it, whether on no start list or withdrawn from one."""


class Projected(msgspec.Struct, frozen=True):
    """Somebody's place in the cup if the race ended now."""

    standing: Standing
    before: Standing | None
    """The place before the race; None for somebody without points then."""
    today: int | None
    """Points from the race; None for who is still to finish or has no part in it."""
    part: Part

    @property
    def moved(self) -> int:
        """Places won, or lost where negative; 0 for who is still to finish.

        Otherwise the first pairs would seem to climb and the favourites to fall all evening.
        """
        if self.part is Part.WAITING or self.before is None:
            return 0
        return self.before.rank - self.standing.rank

    @property
    def shown_rank(self) -> int:
        """The rank to show: now, but before the race for who is still to finish."""
        if self.part is Part.WAITING and self.before is not None:
            return self.before.rank
        return self.standing.rank


class Projection(msgspec.Struct, frozen=True, dict=True):
    """A cup as it would stand if the race ended now.

    Attributes:
        cup: The cup.
        season: The year the season ends in.
        race: The race, as it stood when it last changed what anybody has of it.
        boiled: The same, as the season has it.
        scale: What places are worth.
        before: The standings before it.
        now: The standings with it.
        waiting: Who is still to finish it, or another race of the cup at this meet.
        to_come: The cup's races at other meets that are still to be held; None where not all of
            them are known.
    """

    cup: str
    season: int
    race: Race
    boiled: SeasonRace
    scale: Scale
    before: Standings
    now: Standings
    waiting: frozenset[str]
    to_come: tuple[SeasonRace, ...] | None = None

    def still_stands(self, before: Standings, meet: Meet, race: Race) -> bool:
        """Tell whether a newer state of the race changes nothing here.

        A passage on the way does not: it is worth nothing yet.
        """
        return (
            self.before is before
            and [self.boiled] == _boiled(meet, (race,))
            and self.race.begun is race.begun
            and self.waiting == _waiting(meet, race, self.cup, before.people)
        )

    @cached_property
    def rows(self) -> tuple[Projected, ...]:
        """Everybody with points, best first."""
        return tuple(self._projected(row) for row in self.now.rows)

    @cached_property
    def by_key(self) -> Mapping[str, Projected]:
        """The rows by who it is."""
        return {row.standing.key: row for row in self.rows}

    @property
    def column(self) -> Column:
        """Where the race stands in the standings."""
        return column_of(self.boiled)

    @cached_property
    def starters(self) -> int:
        """How many have started or will."""
        away = (Status.DNS, Status.WDR)
        return sum(entry.status not in away for entry in self.race.entries)

    @cached_property
    def done(self) -> int:
        """How many of them are in, with or without a valid result."""
        going = (Status.TO_START, Status.ON_ICE, Status.DNS, Status.WDR)
        return sum(entry.status not in going for entry in self.race.entries)

    def key(self, entry: Entry) -> str:
        """Return who a starter is in the standings."""
        return self.now.people.key(entry.competitor, self.race.gender)

    @cached_property
    def entries(self) -> Mapping[str, Entry]:
        """The starters of the race by who they are in the standings."""
        return {self.key(entry): entry for entry in self.race.entries}

    def _projected(self, row: Standing) -> Projected:
        entry = self.entries.get(row.key)
        part, today = Part.ABSENT, None
        if row.key in self.waiting:
            part = Part.WAITING
        elif entry is not None and entry.status not in (Status.DNS, Status.WDR):
            part = Part.IN
            score = row.score(self.column)
            today = score.points if score is not None else 0
        return Projected(row, self.before.by_key.get(row.key), today, part)


def everybody(season: Season, meet: Meet) -> People:
    """Return who is who among all who raced in the season or are to race at the meet."""
    here = (Who(entry.competitor, race.gender) for race in meet.races for entry in race.entries)
    return People((*season.everybody, *here))


_Before = tuple[Standings, tuple[SeasonRace, ...] | None]
"""The standings before a race, and the races that other meets have to come."""


class Projector:
    """Projects the races of a meet on the cups of its season.

    What has not changed since the last time is not worked out again: while a race is on, that is
    all but the race itself.

    Args:
        season: The season, with all that is known.
    """

    def __init__(self, season: Season) -> None:
        self.season = season
        self._people: tuple[frozenset[Skater], People] | None = None
        self._before: tuple[object, _Before] | None = None
        self._last: tuple[Race, Projection] | None = None

    def projection(self, meet: Meet, race: Race, at: int) -> Projection | None:
        """Return the cup as it would stand if a race ended now; None where it is in none.

        Args:
            meet: The meet in view, as it stands.
            race: One of its races.
            at: The tape time of that state; nothing that other meets held after it counts.
        """
        event, cup = meet.event, cup_of(race)
        if cup is None or not event.is_world_cup or event.season != self.season.year:
            return None
        before, to_come = self._as_it_was(meet, race, cup, at)
        last = self._last
        if last is None or last[0] is not race or last[1].before is not before:
            if last is not None and last[1].still_stands(before, meet, race):
                self._last = race, last[1]
            else:
                self._last = race, project(before, meet, race, to_come)
        return None if self._last is None else self._last[1]

    def _as_it_was(self, meet: Meet, race: Race, cup: str, at: int) -> _Before:
        if self._people is None or self._people[0] != meet.people:
            self._people = meet.people, everybody(self.season, meet)
        people, earlier = self._people[1], earlier_races(meet, race)
        elsewhere = races_elsewhere(self.season, meet, race, at)
        key = (people, elsewhere, earlier, cup)
        if self._before is None or self._before[0] != key:
            races = [*elsewhere, *_boiled(meet, earlier)]
            to_come = self.season.until(at).to_come(cup, besides=meet.event)
            self._before = key, (Standings.of(cup, races, people), to_come)
        return self._before[1]


def races_elsewhere(season: Season, meet: Meet, race: Race, at: int) -> tuple[SeasonRace, ...]:
    """Return the races of a race's cup that other meets have held before it, and before a time."""
    cup, start = cup_of(race), race.start or race.planned
    until = at if start is None else min(at, round(start.timestamp() * 1000))
    return tuple(
        other
        for each in season.meets
        if not each.is_the(meet.event)
        for other in each.held
        if other.cup == cup and other.at <= until
    )


def earlier_races(meet: Meet, race: Race) -> tuple[Race, ...]:
    """Return the races of the same cup that the meet has had before a race."""
    cup = cup_of(race)
    return tuple(
        sorted(
            (
                other
                for other in meet.races
                if other.begun and cup_of(other) == cup and _in_time(other) < _in_time(race)
            ),
            key=_in_time,
        )
    )


def project(
    before: Standings,
    meet: Meet,
    race: Race,
    to_come: tuple[SeasonRace, ...] | None = None,
) -> Projection:
    """Return the cup as it would stand if a race ended now.

    Args:
        before: The standings before it.
        meet: The meet in view.
        race: One of its races, which scores in a cup.
        to_come: As in `Projection`.
    """
    (boiled,) = _boiled(meet, (race,))
    return Projection(
        cup=boiled.cup,
        season=meet.event.season or 0,
        race=race,
        boiled=boiled,
        scale=scale_of(meet.event.season),
        before=before,
        now=before.plus(boiled),
        waiting=_waiting(meet, race, boiled.cup, before.people),
        to_come=to_come,
    )


def _waiting(meet: Meet, race: Race, cup: str, people: People) -> frozenset[str]:
    # Division B is skated first: whoever is on the list of A still has the day before them.
    return frozenset(
        people.key(entry.competitor, race.gender)
        for other in meet.races
        if cup_of(other) == cup and meet.day(other) == meet.day(race)
        for entry in other.entries
        if entry.status in (Status.TO_START, Status.ON_ICE)
    )


def _boiled(meet: Meet, races: Iterable[Race]) -> list[SeasonRace]:
    scale = scale_of(meet.event.season)
    return [
        season_race(race, meet, cup, day, scale)
        for race in races
        if (cup := cup_of(race)) is not None and (day := meet.day(race)) is not None
    ]


def _in_time(race: Race) -> tuple[datetime, int]:
    start = race.start or race.planned
    return start or datetime.max.replace(tzinfo=UTC), race.number
