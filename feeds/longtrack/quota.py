"""Olympic quotas: which nations would have how many places in a race, at any moment of a season.

The classification, race by race, as the ISU makes it of the first four World Cups of the season:

1. The points list is the World Cup's points of both divisions; the long distances of a gender have
   theirs in common. Equal totals go by the best single score, the next best and so on, then by the
   best time.
2. From the top down each has a place, until those by points are given out. Whose nation has as many
   as it may have is passed over and has no number.
3. The times list is the best time over the very distance, in either division, cut to hundredths;
   equal times go by points. It goes on in the same way with those who have no place yet.
4. The reserve goes on down the list that was last in use: the times list, and in the mass start,
   which has no places by time, the points list. A nation's reserves count as its places do.

An implementation of these steps gave the ISU's provisional list of 23 November 2025 row for row in
six of ten events. Which list the reserve goes on by is not known from a text of the rules, but from
what was reported of the final lists (OA Sport, 22 December 2025). What comes after is left out:
qualifying times, a nation's limit over all events, the cut to 82 women and 82 men, what the host
is given, and what nations give back.

Neutral athletes (AIN) are of two federations, and each may have one in an event. Who is of which
the results don't say: so the first two are let in, whatever a nation's limit. Those are the wrong
two where both are of one federation, but there are never too many.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping
from enum import StrEnum
from functools import cached_property
from typing import Final, NamedTuple

import msgspec

from longtrack.model import Skater, Status, Team
from longtrack.people import People
from longtrack.season import CUPS, Season, SeasonRace
from longtrack.standings import Order, Standings, order_of


class Rule(NamedTuple):
    """How many places there are in a race, and how they are given out."""

    by_points: int
    by_times: int
    most_per_noc: int
    reserve: int

    @property
    def places(self) -> int:
        """How many may start."""
        return self.by_points + self.by_times


_SHORT: Final = Rule(by_points=21, by_times=7, most_per_noc=3, reserve=8)
_MIDDLE: Final = Rule(by_points=15, by_times=5, most_per_noc=3, reserve=8)
_LONG: Final = Rule(by_points=9, by_times=3, most_per_noc=2, reserve=8)
_MASS_START: Final = Rule(by_points=24, by_times=0, most_per_noc=2, reserve=8)
_TEAM_PURSUIT: Final = Rule(by_points=6, by_times=2, most_per_noc=1, reserve=4)

_RULES_2026: Final = {
    "W500": _SHORT,
    "W1000": _SHORT,
    "W1500": _SHORT,
    "W3000": _MIDDLE,
    "W5000": _LONG,
    "M500": _SHORT,
    "M1000": _SHORT,
    "M1500": _SHORT,
    "M5000": _MIDDLE,
    "M10000": _LONG,
    "WMS": _MASS_START,
    "MMS": _MASS_START,
    "WTP": _TEAM_PURSUIT,
    "MTP": _TEAM_PURSUIT,
}

RULES: Final[Mapping[int, Mapping[str, Rule]]] = {2026: _RULES_2026}
"""By the year a season ends in, for the seasons before Olympic Games, and by race code."""

RACES: Final = tuple(_RULES_2026)
"""The codes of the races that have quotas."""

COUNTED: Final = 4
"""How many World Cups count, from the season's first on; those in January come too late."""

_NEUTRAL: Final = "AIN"
_NEUTRAL_FEDERATIONS: Final = 2


class Section(StrEnum):
    """What somebody is in by; the values are the words of ``--json``."""

    POINTS = "points"
    TIMES = "times"
    RESERVE = "reserve"


class Place(msgspec.Struct, frozen=True):
    """A place in a race, or on its reserve list; it is the nation's, not the skater's own."""

    section: Section
    place: int
    """From 1, going on through all sections. Who is equal in everything shares it, so that the
    last who is in and the first who isn't may have the same."""
    key: str
    """Tells people apart, see `longtrack.people`."""
    competitor: Skater | Team
    """As the newest race has it."""
    points: int
    best_ms: int | None
    """The best time over the distance, cut to hundredths; None where there is none, and in the mass
    start, where times say nothing."""

    @property
    def noc(self) -> str:
        """Three letters of the nation whose place it is."""
        return self.competitor.noc


class Quota(msgspec.Struct, frozen=True, dict=True):
    """Who would be in a race of the Games, were no more World Cups to come.

    Attributes:
        code: The race, one of `RACES`.
        rule: How many places there are.
        rows: By points, then by times, then the reserve; fewer than the rule has where fewer have
            points or a time.
        passed_over: Whose nation was full when it was their turn, in that order, with the section
            and place that went to the next one.
        meets: How many of the World Cups that count have a result.
    """

    code: str
    rule: Rule
    rows: tuple[Place, ...]
    passed_over: tuple[Place, ...]
    meets: int
    of: int = COUNTED

    @property
    def places(self) -> int:
        """How many may start."""
        return self.rule.places

    @property
    def by_points(self) -> int:
        """How many places are given out by points."""
        return self.rule.by_points

    @property
    def by_times(self) -> int:
        """How many places are given out by times."""
        return self.rule.by_times

    @property
    def most_per_noc(self) -> int:
        """How many places a nation may have."""
        return self.rule.most_per_noc

    @cached_property
    def last_in(self) -> Place | None:
        """The last who has a place; None where nobody has."""
        placed = [row for row in self.rows if row.section is not Section.RESERVE]
        return placed[-1] if placed else None

    @cached_property
    def first_out(self) -> Place | None:
        """The first of the reserve; None where there is none."""
        return next((row for row in self.rows if row.section is Section.RESERVE), None)


def quota(season: Season, code: str) -> Quota | None:
    """Return the quota places of a race as they stand.

    Args:
        season: The season at the moment asked for.
        code: The race, one of `RACES`.

    Returns:
        The places; None where the season has no quotas, or none for that race.
    """
    rule = RULES.get(season.year, {}).get(code)
    if rule is None:
        return None
    cup, metres = cup_of_race(code), int(code[1:]) if code[1:].isdigit() else None
    meets = season.meets[:COUNTED]
    races = [race for meet in meets for race in meet.held if race.cup == cup]
    standings = Standings.of(cup, races, season.people)
    best = _best(races, metres, season.people) if rule.by_times else {}
    scored = [
        _Candidate(row.key, row.competitor, row.points, row.order, best.get(row.key))
        for row in standings.rows
    ]
    unscored = [
        _Candidate(key, each.competitor, 0, order_of(()), each)
        for key, each in best.items()
        if key not in standings.by_key
    ]
    by_points = sorted(scored, key=_Candidate.on_points)
    by_times = sorted(
        (each for each in (*scored, *unscored) if each.best_ms is not None),
        key=_Candidate.on_times,
    )

    given = _Given(rule.most_per_noc)
    given.out(by_points, Section.POINTS, rule.by_points)
    given.out(by_times, Section.TIMES, rule.by_times)
    given.out(by_times if rule.by_times else by_points, Section.RESERVE, rule.reserve)
    return Quota(
        code=code,
        rule=rule,
        rows=tuple(given.rows),
        passed_over=tuple(given.passed_over),
        meets=sum(any(map(_has_result, meet.held)) for meet in meets),
    )


def cup_of_race(code: str) -> str:
    """Return the cup in which the points for a race's quotas are won."""
    return code if code in CUPS else f"{code[0]}LONG"


# --- the two lists -------------------------------------------------------------------------------


class _Best(NamedTuple):
    ms: int
    competitor: Skater | Team
    """As the newest race has it."""


_NO_TIME: Final = 1 << 60


class _Candidate(msgspec.Struct, frozen=True):
    key: str
    competitor: Skater | Team
    points: int
    order: Order
    best: _Best | None

    @property
    def best_ms(self) -> int | None:
        return self.best.ms if self.best else None

    def merit(self) -> tuple[Order, int]:
        """Return what tells two apart, by points first."""
        return self.order, self.best.ms if self.best else _NO_TIME

    def on_points(self) -> tuple[Order, int, str]:
        return *self.merit(), self.key

    def on_times(self) -> tuple[int, Order, str]:
        order, time = self.merit()
        return time, order, self.key


def _best(races: Iterable[SeasonRace], metres: int | None, people: People) -> dict[str, _Best]:
    best: dict[str, _Best] = {}
    for race in races:
        if race.metres != metres:
            continue
        gender = race.gender
        for result in race.results:
            # Some who were disqualified keep a time; it is none.
            if result.status is not Status.FINISHED or result.time_ms is None:
                continue
            who = result.competitor
            key = people.key(who, gender)
            time = result.time_ms // 10 * 10
            known = best.get(key)
            best[key] = _Best(time if known is None else min(time, known.ms), who)
    return best


def _has_result(race: SeasonRace) -> bool:
    return any(result.status is Status.FINISHED for result in race.results)


# --- giving them out -----------------------------------------------------------------------------


class _Given:
    """Gives the places out from the top of a list down, and then of the next one.

    Args:
        most_per_noc: How many a nation may have.
    """

    def __init__(self, most_per_noc: int) -> None:
        self.rows: list[Place] = []
        self.passed_over: list[Place] = []
        self._most = most_per_noc
        self._of_noc: Counter[str] = Counter()
        self._met: set[str] = set()
        self._last: tuple[Order, int] | None = None

    def out(self, candidates: Iterable[_Candidate], section: Section, number: int) -> None:
        until = len(self.rows) + number
        for each in candidates:
            if len(self.rows) == until:
                break
            if each.key in self._met:
                continue
            self._met.add(each.key)
            self._meet(each, section)

    def _meet(self, each: _Candidate, section: Section) -> None:
        noc = each.competitor.noc
        most = _NEUTRAL_FEDERATIONS if noc == _NEUTRAL else self._most
        if self._of_noc[noc] >= most:
            self.passed_over.append(_place(each, section, len(self.rows) + 1))
            return
        self._of_noc[noc] += 1
        number = len(self.rows) + 1
        if self._last == each.merit():
            number = self.rows[-1].place
        self._last = each.merit()
        self.rows.append(_place(each, section, number))


def _place(each: _Candidate, section: Section, number: int) -> Place:
    return Place(section, number, each.key, each.competitor, each.points, each.best_ms)
