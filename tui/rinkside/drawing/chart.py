"""The difference chart of a long distance in the band: those in view against the leader."""

from __future__ import annotations

from collections.abc import Sequence

from longtrack.model import Entry, Race
from longtrack.times import gap_ms
from rinkside.drawing import differences
from rinkside.drawing.differences import Axis, Trace
from rinkside.drawing.titles import family
from rinkside.drawing.typeset import lane_role, lane_sign
from rinkside.ink import Row


def draw(race: Race, entries: Sequence[Entry], rows: Sequence[Row], left: int, right: int) -> None:
    """Draw the chart into rows of the band; the last row takes the marks in metres.

    The reference is the race's leader. While there is none, nothing is drawn.

    Args:
        race: A race over a long distance.
        entries: Whose lines to draw.
        rows: Where to draw.
        left: The first column to use.
        right: The column after the last one.
    """
    leader = race.leader
    if leader is None or right - left < differences.LEAST_WIDTH:
        return
    traces = [
        Trace(family(entry), lane_role(entry), gaps_to(leader, entry), sign=lane_sign(entry))
        for entry in entries
        if entry.key != leader.key
    ]
    axis = axis_of(race)
    differences.draw(traces, family(leader), axis, rows[:-2], left, right)
    differences.put_marks(axis, rows[-1], left, right)


def gaps_to(reference: Entry, entry: Entry) -> tuple[tuple[int, int], ...]:
    """Return how far somebody was behind somebody else at each mark both have passed."""
    return tuple(
        (passage.mark_m, gap_ms(passage.time_ms, theirs.time_ms))
        for passage in entry.passages
        if (theirs := reference.passage(passage.mark_m)) is not None
    )


def axis_of(race: Race) -> Axis:
    """Return a race's marks as what stands under a chart: in metres, or by lap."""
    marks = race.distance.marks
    if race.distance.counts_laps:
        return Axis(marks, tuple(f"lap {number}" for number, _ in enumerate(marks, start=1)))
    return Axis(marks, tuple(str(mark) for mark in marks))
