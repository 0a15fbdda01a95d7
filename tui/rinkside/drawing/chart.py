"""The difference chart of a long distance in the band: those in view against the leader."""

from __future__ import annotations

from collections.abc import Sequence

from longtrack.model import Entry, Race
from longtrack.reference import Reference, difference
from longtrack.times import gap_ms
from rinkside.comparing import Compare
from rinkside.drawing import differences
from rinkside.drawing.compare import reference_of, zero
from rinkside.drawing.differences import Axis, Trace
from rinkside.drawing.titles import family
from rinkside.drawing.typeset import lane_role, lane_sign
from rinkside.ink import Row


def draw(
    race: Race,
    compare: Compare,
    entries: Sequence[Entry],
    rows: Sequence[Row],
    left: int,
    right: int,
) -> None:
    """Draw the chart into rows of the band; the last row takes the marks in metres.

    While there is nothing to compare with, nothing is drawn.

    Args:
        race: A race over a long distance.
        compare: What is compared with.
        entries: Whose lines to draw.
        rows: Where to draw.
        left: The first column to use.
        right: The column after the last one.
    """
    label = zero(compare, race)
    if label is None or right - left < differences.LEAST_WIDTH:
        return
    traces = [
        Trace(family(entry), lane_role(entry), _gaps(race, entry, theirs), sign=lane_sign(entry))
        for entry in entries
        if (theirs := reference_of(compare, race, entry)) is not None
    ]
    axis = axis_of(race)
    differences.draw(traces, label, axis, rows[:-2], left, right)
    differences.put_marks(axis, rows[-1], left, right)


def _gaps(race: Race, entry: Entry, theirs: Reference) -> tuple[tuple[int, int], ...]:
    mine = Reference.of(entry, distance=race.distance)
    both = (difference(mine, theirs, mark) for mark in sorted(mine.marks))
    return tuple((found.mark_m, found.ms) for found in both if found is not None)


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
