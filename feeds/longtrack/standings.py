"""Standings of a cup: sums of points, at any moment of a season.

Ordered by total, then by the best single score, the next best and so on; who has the same scores
throughout shares the rank, and the next one is skipped. All races count, none is dropped. That
reproduces the official totals of World Cups 1 to 4 of 2025/26; the tie rule is the one of the
Olympic qualification lists, and fits what was published of the cups.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from functools import cached_property
from typing import NamedTuple

import msgspec

from longtrack.model import Division, Skater, Status, Team
from longtrack.people import People
from longtrack.season import Result, SeasonRace

Order = tuple[int, ...]
"""What standings are sorted by, the leader's first: the total and each score, negated."""


class Column(NamedTuple):
    """A race of the cup; its two divisions are one."""

    event_id: str
    metres: int | None
    ordinal: int
    city: str


class Score(NamedTuple):
    """What somebody has from one race of the cup."""

    column: Column
    division: Division
    result: Result

    @property
    def points(self) -> int:
        """The points that count."""
        return self.result.points or 0

    @property
    def started(self) -> bool:
        """Whether that is more than a place on the start list."""
        return self.result.status not in (Status.DNS, Status.WDR)


class Standing(msgspec.Struct, frozen=True):
    """Somebody's place in a cup."""

    key: str
    """Tells people apart, see `longtrack.people`."""
    competitor: Skater | Team
    """As the newest race has it."""
    scores: tuple[Score, ...]
    """In the order of the races; at most one a column."""
    points: int
    order: Order
    rank: int

    def score(self, column: Column) -> Score | None:
        """Return the score from a race, or None where there is none."""
        return next((score for score in self.scores if score.column == column), None)


class Standings(msgspec.Struct, frozen=True, dict=True):
    """A cup as it stands.

    Attributes:
        cup: The cup's code, such as ``W500``.
        columns: Its races so far.
        rows: Everybody with points, best first.
        people: Who is who.
        others: Everybody who raced and has no points, without a rank.
    """

    cup: str
    columns: tuple[Column, ...]
    rows: tuple[Standing, ...]
    people: People
    others: tuple[Standing, ...] = ()

    @staticmethod
    def of(cup: str, races: Iterable[SeasonRace], people: People) -> Standings:
        """Add up races.

        Args:
            cup: The cup.
            races: Its races, in the order they were held.
            people: Who is who among those who raced.
        """
        columns: dict[Column, None] = {}
        scores: dict[str, dict[Column, Score]] = {}
        for race in races:
            column = column_of(race)
            columns[column] = None
            for key, score in _scores(race, column, people):
                _count(scores.setdefault(key, {}), score)
        everybody = (_standing(key, tuple(each.values())) for key, each in scores.items())
        return _sorted(cup, tuple(columns), everybody, people)

    def plus(self, race: SeasonRace) -> Standings:
        """Return the standings with one more race, or with more of one."""
        column = column_of(race)
        changed = {row.key: row for row in (*self.rows, *self.others)}
        for key, score in _scores(race, column, self.people):
            before = changed.get(key)
            scores = {each.column: each for each in before.scores} if before else {}
            _count(scores, score)
            changed[key] = _standing(key, tuple(scores.values()))
        columns = self.columns if column in self.columns else (*self.columns, column)
        return _sorted(self.cup, columns, changed.values(), self.people)

    @cached_property
    def by_key(self) -> Mapping[str, Standing]:
        """The rows by who it is."""
        return {row.key: row for row in self.rows}

    def ranks_after_races(self, key: str) -> tuple[int | None, ...]:
        """Return the rank somebody had after each race; None before the first points."""
        places = {column: place for place, column in enumerate(self.columns)}
        ranks: list[int | None] = []
        for last in range(len(self.columns)):
            orders = {
                row.key: order_of(
                    score.points for score in row.scores if places[score.column] <= last
                )
                for row in self.rows
            }
            own = orders.get(key, order_of(()))
            scored = own[0] < 0
            ranks.append(1 + sum(order < own for order in orders.values()) if scored else None)
        return tuple(ranks)


def order_of(points: Iterable[int]) -> Order:
    """Return what standings are sorted by, from somebody's scores in any order."""
    scores = sorted(-each for each in points if each)
    return (sum(scores), *scores)


def column_of(race: SeasonRace) -> Column:
    """Return the column a race of either division stands in."""
    return Column(race.event_id, race.metres, race.ordinal, race.city)


def _scores(race: SeasonRace, column: Column, people: People) -> Iterable[tuple[str, Score]]:
    gender, division = race.gender, race.division
    for result in race.results:
        if result.points is not None and result.status is not Status.TO_START:
            yield people.key(result.competitor, gender), Score(column, division, result)


def _count(scores: dict[Column, Score], score: Score) -> None:
    # Who came up from Division B of a mass start the same day keeps the better score only;
    # within one race the newest counts.
    known = scores.get(score.column)
    if known is None or known.division is score.division or score.points >= known.points:
        scores[score.column] = score


def _standing(key: str, scores: tuple[Score, ...]) -> Standing:
    order = order_of(score.points for score in scores)
    who = scores[-1].result.competitor
    return Standing(key, who, scores, -order[0], order, rank=0)


def _sorted(
    cup: str, columns: tuple[Column, ...], everybody: Iterable[Standing], people: People
) -> Standings:
    ordered = sorted(everybody, key=lambda row: (row.order, row.key))
    rows = _ranked([row for row in ordered if row.points])
    return Standings(cup, columns, rows, people, tuple(row for row in ordered if not row.points))


def _ranked(ordered: Iterable[Standing]) -> tuple[Standing, ...]:
    ranked: list[Standing] = []
    for place, row in enumerate(ordered, start=1):
        rank = ranked[-1].rank if ranked and ranked[-1].order == row.order else place
        if row.rank == rank:
            ranked.append(row)
        else:
            ranked.append(
                Standing(row.key, row.competitor, row.scores, row.points, row.order, rank)
            )
    return tuple(ranked)
