"""The difference chart of a long distance: how far ahead or behind at each mark, up is ahead."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Final

import msgspec

from longtrack.model import Entry, Race
from longtrack.reference import Reference, difference
from longtrack.times import MINUS
from rinkside.comparing import Compare
from rinkside.drawing.compare import reference_of, zero
from rinkside.drawing.dots import Traces
from rinkside.drawing.titles import family
from rinkside.drawing.typeset import cut, lane_role, lane_sign
from rinkside.ink import Row

_LABELS: Final = 6
"""Columns for the figures on the left."""
_NAMES: Final = 16
"""Columns for the names at the ends of the lines."""
_ROWS_A_LINE: Final = 2
"""Rows from one line of the grid to the next."""

_STEPS: Final = (100, 200, 500, 1000, 2000, 5000, 10_000, 20_000, 50_000)
"""Milliseconds between two lines of the grid."""


class _Scale(msgspec.Struct, frozen=True):
    best: int
    """Gap at the first row, in milliseconds; negative is ahead."""
    step: int
    rows: int

    def dot(self, gap: float) -> int:
        """Return the row of dots a gap is drawn in, four to a row of text."""
        per_row = self.step / _ROWS_A_LINE
        return min(max(round((gap - self.best) / per_row * 4) + 1, 0), self.rows * 4 - 1)

    def row(self, gap: int) -> int:
        return (gap - self.best) * _ROWS_A_LINE // self.step


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
    if label is None or right - left < _LABELS + _NAMES + 12:
        return
    lines = [
        (entry, _gaps(Reference.of(entry, distance=race.distance), theirs))
        for entry in entries
        if (theirs := reference_of(compare, race, entry)) is not None
    ]
    plot = rows[:-2]
    scale = _scale([gap for _, gaps in lines for _, gap in gaps], len(plot))
    start, width = left + _LABELS, right - left - _LABELS - _NAMES
    traces = Traces()
    ends: dict[int, int] = {}
    for entry, gaps in lines:
        points = [(_dot_column(race, mark, width), scale.dot(gap)) for mark, gap in gaps]
        traces.join(points, lane_role(entry))
        if points:
            _label(plot, entry, points[-1], start, right, ends)
    traces.put(plot, start)
    level = scale.row(0)
    if 0 <= level < len(plot) and level not in ends:
        plot[level].put(start + width + 1, cut(label.text, _NAMES - 1), label.role)
    _grid(plot, scale, left, start, width)
    _metres(race, rows[-1], start, width)


def _gaps(mine: Reference, theirs: Reference) -> list[tuple[int, int]]:
    both = (difference(mine, theirs, mark) for mark in sorted(mine.marks))
    return [(found.mark_m, found.ms) for found in both if found is not None]


def _scale(gaps: list[int], rows: int) -> _Scale:
    """Return the finest scale with everything, and the reference's own line, on it."""
    best, worst = min([0, *gaps]), max([0, *gaps])
    for step in _STEPS:
        first = best // step * step
        if (worst - first) * _ROWS_A_LINE / step < rows - 1:
            return _Scale(first, step, rows)
    return _Scale(best // _STEPS[-1] * _STEPS[-1], _STEPS[-1], rows)


def _dot_column(race: Race, mark: int, width: int) -> int:
    marks = race.distance.marks
    return round((mark - marks[0]) / max(1, marks[-1] - marks[0]) * (width * 2 - 1))


def _label(
    plot: Sequence[Row],
    entry: Entry,
    end: tuple[int, int],
    start: int,
    right: int,
    ends: dict[int, int],
) -> None:
    column, row = start + end[0] // 2 + 2, end[1] // 4
    # Two who are level: the second name stands a row below, or above at the bottom.
    while row in ends:
        row = row + 1 if row + 1 < len(plot) else row - 2
    room = min(right - column, _NAMES)
    if not 0 <= row < len(plot) or room < 5:
        return
    words = f"{lane_sign(entry)} {cut(family(entry), room - 3)} "
    ends[row] = plot[row].put(column, words, lane_role(entry))


def _grid(plot: Sequence[Row], scale: _Scale, left: int, start: int, width: int) -> None:
    for index, row in enumerate(plot):
        if index % _ROWS_A_LINE:
            continue
        gap = scale.best + index // _ROWS_A_LINE * scale.step
        sign = "" if gap == 0 else MINUS if gap < 0 else "+"
        digits = 0 if gap == 0 or scale.step % 1000 == 0 else 1
        row.right(left + _LABELS - 1, f"{sign}{abs(gap) / 1000:.{digits}f}", "dim")
        line, column = "─" if gap == 0 else "╌", start
        for begin, end in (*row.taken(start), (start + width, start + width)):
            if begin > column:
                row.put(column, line * (min(begin, start + width) - column), "line")
            column = max(column, end)


def _metres(race: Race, row: Row, start: int, width: int) -> None:
    marks = race.distance.marks
    chosen = [marks[round(index * (len(marks) - 1) / 3)] for index in range(4)]
    for mark in chosen:
        row.put(start + _dot_column(race, mark, width) // 2, str(mark), "dim")
