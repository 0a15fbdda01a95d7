"""What a race does to its cup while it is on: places that move, and a cup that is decided."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime
from typing import Final, NamedTuple

from longtrack.change import Change, Figures, person
from longtrack.chase import is_decided
from longtrack.model import Meet, Race
from longtrack.moments import Kind, Moment, Person
from longtrack.projection import Part, Projected, Projection, Projector
from longtrack.season import cup_of
from longtrack.standings import Standing
from longtrack.times import ordinal

_TOP: Final = 3
"""Whoever gets to one of these places of the cup, or loses one, is worth a line."""

_CUPS: Final = {"LONG": "long distances", "MS": "mass start", "TP": "team pursuit"}


class _Move(NamedTuple):
    """Somebody whose place in the cup a version has moved."""

    row: Projected
    before: int
    """The place before the race."""
    just_finished: bool

    @property
    def now(self) -> int:
        return self.row.standing.rank

    @property
    def best(self) -> int:
        return min(self.before, self.now)


def cup_moves(change: Change, cups: Projector) -> Iterator[Moment]:
    """Tell whose place in the cup the race has moved, and whether the cup is decided.

    That is told of finishers and absentees only, and only where the standings before the race are
    known for sure.
    """
    if change.new.entries is change.old.entries or not change.old.entries_known:
        return
    if cup_of(change.new) is None:
        return
    before = cups.projection(change.before, change.old, change.at)
    after = cups.projection(change.meet, change.new, change.at)
    if before is None or after is None or before is after:
        return
    if not _rests_on_all(change, cups):
        return
    moves = sorted(_moves(change, before, after), key=_weight)
    if moves:
        yield _cup_rank(change, after, moves)
    yield from _decided(change, after, _winner(before, change.before), _winner(after, change.meet))


def _winner(cup: Projection, meet: Meet) -> Standing | None:
    """Return who has won the cup, where that is decided."""
    return cup.now.rows[0] if is_decided(cup, meet) else None


def _decided(
    change: Change, after: Projection, before: Standing | None, now: Standing | None
) -> Iterator[Moment]:
    cup = cup_words(cup_of(change.new) or "")
    if now is not None and (before is None or before.key != now.key):
        text = f"{change.families.of(now.competitor)} has won the World Cup {cup}"
        figures: Figures = {"points": now.points}
        yield _moment(change, Kind.CUP_DECIDED, text, (_person(after, now),), figures, "1")
    elif before is not None and now is None:
        # What was decided by a result is open again when that is taken back.
        text, people = f"the World Cup {cup} is open again", (person(before.competitor),)
        yield _moment(change, Kind.CORRECTION, text, people, {}, "±")


def _moves(change: Change, before: Projection, after: Projection) -> Iterator[_Move]:
    fresh = {after.key(entry) for entry in change.finishes}
    for row in after.rows:
        if row.part is Part.WAITING or row.before is None:
            continue
        known = before.by_key.get(row.standing.key)
        if known is not None and known.shown_rank != row.standing.rank:
            yield _Move(row, row.before.rank, row.standing.key in fresh)


def _weight(move: _Move) -> tuple[int, int]:
    return move.best, -abs(move.now - move.before)


def _person(cup: Projection, row: Standing) -> Person:
    entry = cup.entries.get(row.key)
    return person(row.competitor) if entry is None else person(entry.competitor, entry.key)


def _cup_rank(change: Change, after: Projection, moves: list[_Move]) -> Moment:
    # The weightiest is named; all are among the people.
    first = moves[0]
    # As long as others wait the first pairs seem to climb, and to fall again all evening.
    loud = any(move.best <= _TOP or (move.just_finished and change.new.over) for move in moves)
    people = tuple(_person(after, move.row.standing) for move in moves)
    figures: Figures = {
        "cup": cup_of(change.new) or "",
        "rank": first.now,
        "rank_before": first.before,
        "points": first.row.standing.points,
    }
    sign = "▲" if first.now < first.before else "▼" if first.now > first.before else ""
    text = f"{_told(change, first)} in the cup"
    return _moment(change, Kind.CUP_RANK, text, people, figures, sign, quiet=not loud)


def _told(change: Change, move: _Move) -> str:
    name = change.families.of(move.row.standing.competitor)
    if move.row.part is Part.ABSENT:
        name += ", absent,"
    if move.now == move.before:
        return f"{name} back to {ordinal(move.now)}"
    return f"{name} {ordinal(move.before)} to {ordinal(move.now)}"


def _moment(
    change: Change,
    kind: Kind,
    text: str,
    people: tuple[Person, ...],
    figures: Figures,
    sign: str,
    *,
    quiet: bool = False,
) -> Moment:
    return Moment(
        at=change.at,
        kind=kind,
        race=change.new.code,
        text=text,
        people=people,
        figures=figures,
        sign=sign,
        quiet=quiet,
    )


def cup_words(cup: str) -> str:
    """Return ``500 m``, ``long distances`` ... for a cup's code."""
    what = cup[1:]
    return _CUPS.get(what, f"{what} m")


def _rests_on_all(change: Change, cups: Projector) -> bool:
    """Tell whether every race is known that the standings before this one rest on."""
    race, event, cup = change.new, change.meet.event, cup_of(change.new)
    begins = _begins(race)
    if begins is None:
        return False
    at = round(begins.timestamp() * 1000)
    for meet in cups.season.meets:
        if meet.is_the(event):
            continue
        is_earlier = meet.start is None or event.start is None or meet.start < event.start
        if is_earlier and not meet.has_programme:
            return False
        if any(each.cup == cup and each.at <= at for each in (*meet.missing, *meet.coming)):
            return False
    return all(
        other.has_result
        for other in change.meet.races
        if other.number != race.number
        and cup_of(other) == cup
        and (earlier := _begins(other)) is not None
        and earlier < begins
    )


def _begins(race: Race) -> datetime | None:
    return race.start or race.planned
