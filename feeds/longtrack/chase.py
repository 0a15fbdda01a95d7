"""What it takes: the place that passes the one above, and whether anybody can still be caught.

All is found by trying, with the rule that breaks ties: places are put into the race as it stands,
the points that follow are added up, and the orders compared. All others are held as they stand.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import date
from typing import Final, NamedTuple

import msgspec

from longtrack.model import Division, Meet, Status
from longtrack.points import worth
from longtrack.projection import Projection
from longtrack.season import cup_of
from longtrack.standings import Column, Order, Standing, order_of

_WINNER: Final = 1
_ANYBODY: Final = "?"
"""Somebody who has no points yet."""


class Rest(NamedTuple):
    """A race of the cup that is still to be held."""

    column: Column
    most: int
    """The points of its winner."""
    starters: frozenset[str] | None
    """Who may start; None where that is not known, so that anybody may."""


class Chase(msgspec.Struct, frozen=True):
    """What it takes for one skater."""

    standing: Standing
    above: Standing | None
    """Who is next above; None for a leader."""
    passes_above: int | None
    """The lowest place in the race that passes the one above; None where none does, or where the
    skater has no place to win in this race any more."""
    may_place: bool
    """Whether the skater is still to finish the race."""
    below: Standing | None
    """Who is next below."""
    passed_by_below: int | None
    """The lowest place in the race by which the one below passes this skater; None where none
    does, or where that one has no place to win any more."""
    safe_today: bool
    """Whether the rest of the day can't bring anybody past."""


def chase(projection: Projection, key: str, rest: Sequence[Rest]) -> Chase | None:
    """Return what it takes for somebody with points in the cup; None for others.

    Args:
        projection: The cup as it would stand if the race ended now.
        key: Who, see `longtrack.people`.
        rest: The other races of the cup that are still to be held today.
    """
    me = projection.now.by_key.get(key)
    if me is None:
        return None
    trial = Trial(projection)
    rows = projection.now.rows
    above = next((row for row in reversed(rows) if row.order < me.order), None)
    below = next((row for row in rows if row.order > me.order), None)
    return Chase(
        standing=me,
        above=above,
        passes_above=None if above is None else trial.lowest_place_that_passes(me, above),
        may_place=key in trial.going,
        below=below,
        passed_by_below=None if below is None else trial.lowest_place_that_passes(below, me),
        safe_today=not any(True for _ in trial.who_can_pass(me, rest)),
    )


def is_decided(projection: Projection, meet: Meet) -> bool:
    """Tell whether nothing that is still to come can bring anybody past the leader.

    Nothing is decided where not all races of the cup still to be held are known.

    Args:
        projection: The cup as it would stand if the race ended now.
        meet: The meet in view.
    """
    rows, rest = projection.now.rows, rest_of_season(projection, meet)
    # Who may yet score in a race is not known before its start list.
    if rest is None or not rows or not projection.race.entries:
        return False
    return not any(True for _ in Trial(projection).who_can_pass(rows[0], rest))


def rest_of_day(projection: Projection, meet: Meet) -> list[Rest]:
    """Return the other races of the cup that the meet still has on the race's day."""
    day = meet.day(projection.race)
    return [rest for rest, race_day in _rest_of_meet(projection, meet) if race_day == day]


def rest_of_season(projection: Projection, meet: Meet) -> list[Rest] | None:
    """Return all races of the cup that are still to come; None where not all are known."""
    to_come = projection.to_come
    if to_come is None:
        return None
    most = projection.scale.division_a[0]
    here = [rest for rest, _ in _rest_of_meet(projection, meet)]
    columns = {Column(r.event_id, r.metres, r.ordinal, r.city) for r in to_come}
    return [*here, *(Rest(column, most, None) for column in columns)]


def _rest_of_meet(projection: Projection, meet: Meet) -> Iterable[tuple[Rest, date | None]]:
    scale, people = projection.scale, projection.now.people
    for race in meet.races:
        table = scale.table(race)
        if (
            race.number == projection.race.number
            or cup_of(race) != projection.cup
            or race.over
            or race.official
            or table is None
        ):
            continue
        column = Column(meet.id, race.distance.metres, race.ordinal, meet.event.city or meet.id)
        starters = frozenset(people.key(each.competitor, race.gender) for each in race.entries)
        yield Rest(column, table[0], starters or None), meet.day(race)


class Trial:
    """Puts places into a race as it stands, and adds up what follows."""

    def __init__(self, projection: Projection) -> None:
        self._projection = projection
        self._table = projection.scale.table(projection.race) or ()
        entries = projection.entries
        self.going = frozenset(
            key
            for key, entry in entries.items()
            if entry.status in (Status.TO_START, Status.ON_ICE)
        )
        """Who is still to finish the race."""
        finished = sum(entry.status is Status.FINISHED for entry in entries.values())
        in_a = projection.race.division is Division.A
        self._places = {
            key: entry.rank or 1 + finished
            for key, entry in entries.items()
            if (entry.status is Status.FINISHED and entry.rank)
            or (entry.status is Status.DNF and in_a)
        }

    def lowest_place_that_passes(self, chaser: Standing, target: Standing) -> int | None:
        """Return the lowest place by which somebody still to finish gets past another one."""
        if chaser.key not in self.going:
            return None
        last = len(self._places) + len(self.going)
        for place in range(last, 0, -1):
            behind = self._places.get(target.key)
            pushed = behind is not None and behind >= place
            mine = self._order(chaser, place)
            theirs = self._order(target, behind + pushed if behind is not None else None)
            if mine < theirs:
                return place
        return None

    def who_can_pass(self, me: Standing, rest: Sequence[Rest]) -> Iterable[str]:
        """Yield everybody who gets past somebody if all goes well for them and ill for the other.

        Ill is: no more points at all, and everyone still to finish the race ahead.
        """
        behind = [row for row in self._projection.now.rows if row.order > me.order]
        mine: dict[int | None, Order] = {}
        for row in [*behind, *self._newcomers(me, rest)]:
            won = _won(row, rest)
            for my_place, their_place in self._ways(row, me):
                if my_place not in mine:
                    mine[my_place] = self._order(me, my_place)
                if self._order(row, their_place, won) < mine[my_place]:
                    yield row.key
                    break

    def _newcomers(self, me: Standing, rest: Sequence[Rest]) -> list[Standing]:
        """Return those without points who may still start somewhere."""
        may = set(self.going)
        for race in rest:
            may |= race.starters or {_ANYBODY}
        unknown = may - self._projection.now.by_key.keys()
        # Who they are does not matter here.
        return [Standing(key, me.competitor, (), 0, order_of(()), 0) for key in unknown]

    def _ways(self, chaser: Standing, me: Standing) -> Iterable[tuple[int | None, int | None]]:
        """Yield what places in the race the two may end up with, the best for the chaser."""
        going = len(self.going)
        mine, theirs = self._places.get(me.key), self._places.get(chaser.key)
        if chaser.key in self.going:
            yield (None if mine is None else mine + going), _WINNER
            return
        if mine is None or theirs is None:
            # Who is not in the race is not touched by it.
            yield (None if mine is None else mine + going), theirs
            return
        others = going - (me.key in self.going)
        if theirs < mine:
            yield mine + others, theirs
            return
        for ahead in range(others + 1):
            yield mine + ahead, theirs + ahead

    def _order(
        self, row: Standing, place: int | None, won: dict[Column, int] | None = None
    ) -> Order:
        """Return what somebody is sorted by with a place in the race, and races won elsewhere."""
        scores = {score.column: score.points for score in row.scores}
        if place is not None:
            column = self._projection.column
            before = self._projection.before.by_key.get(row.key)
            # In a mass start the score of Division B stays where it is the better one.
            known = before.score(column) if before is not None else None
            scores[column] = max(worth(self._table, place), known.points if known else 0)
        for column, points in (won or {}).items():
            scores[column] = max(points, scores.get(column, 0))
        return order_of(scores.values())


def _won(chaser: Standing, rest: Sequence[Rest]) -> dict[Column, int]:
    """Return what somebody has of winning every race they may yet start in."""
    won: dict[Column, int] = {}
    for race in rest:
        if race.starters is None or chaser.key in race.starters:
            won[race.column] = max(race.most, won.get(race.column, 0))
    return won
