"""A chart of differences: how far ahead or behind somebody was at each mark, up is ahead.

The names stand at the ends of the lines; the reference is the line at 0.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Final

import msgspec

from longtrack.times import MINUS
from rinkside.drawing.dots import Traces
from rinkside.drawing.typeset import cut
from rinkside.ink import Line, Row, Span, cell_len

EXTRA: Final = 1
"""Lines beside the plot's own: the marks."""
LEAST_ROWS: Final = 5

_LABELS: Final = 6
"""Columns for the figures on the left."""
_NAMES: Final = 16
"""Columns for the names at the ends of the lines."""
LEAST_WIDTH: Final = _LABELS + _NAMES + 12
_ROWS_A_LINE: Final = 2
"""Rows from one line of the grid to the next."""
_COLUMNS_A_MARK: Final = 8
_MOST_MARKS: Final = 6

_STEPS: Final = (100, 200, 500, 1000, 2000, 5000, 10_000, 20_000, 50_000)
"""Milliseconds between two lines of the grid."""


class Trace(msgspec.Struct, frozen=True):
    """Somebody's line."""

    name: str
    role: str
    points: tuple[tuple[int, int], ...]
    """Marks in metres, and how far behind the reference in milliseconds; negative is ahead."""
    sign: str = ""
    """Stands before the name."""
    bold: bool = False


class Axis(msgspec.Struct, frozen=True):
    """The marks, from left to right."""

    marks: tuple[int, ...]
    """In metres."""
    words: tuple[str, ...]
    """What each is called."""

    def dot(self, mark: int, width: int) -> int:
        """Return the column of dots of a mark, two to a column of text."""
        first, last = self.marks[0], self.marks[-1]
        return round((mark - first) / max(1, last - first) * (width * 2 - 1))


class _Scale(msgspec.Struct, frozen=True):
    best: int
    """Gap at the first row, in milliseconds; negative is ahead."""
    step: int
    rows: int

    @classmethod
    def of(cls, gaps: Sequence[int], rows: int) -> _Scale:
        """Return the finest scale with everything, and the reference's own line, on it."""
        best, worst = min([0, *gaps]), max([0, *gaps])
        for step in _STEPS:
            first = best // step * step
            if (worst - first) * _ROWS_A_LINE / step < rows - 1:
                return cls(first, step, rows)
        return cls(best // _STEPS[-1] * _STEPS[-1], _STEPS[-1], rows)

    def dot(self, gap: float) -> int:
        """Return the row of dots a gap is drawn in, four to a row of text."""
        per_row = self.step / _ROWS_A_LINE
        return min(max(round((gap - self.best) / per_row * 4) + 1, 0), self.rows * 4 - 1)

    def row(self, gap: int) -> int:
        return (gap - self.best) * _ROWS_A_LINE // self.step


def lines(
    traces: Sequence[Trace], reference: Span, axis: Axis, width: int, most: int
) -> list[Line]:
    """Draw a chart of no more rows than it needs.

    Args:
        traces: The lines to draw.
        reference: What the line at 0 is called.
        axis: The marks.
        width: Columns, at least `LEAST_WIDTH`.
        most: The most lines of the plot, at least `LEAST_ROWS`; `EXTRA` more are drawn.
    """
    gaps = [gap for trace in traces for _, gap in trace.points]
    scale = _Scale.of(gaps, most)
    needed = scale.dot(max([0, *gaps])) // 4 + 1
    rows = [Row(width) for _ in range(min(most, max(LEAST_ROWS, needed + 1 - needed % 2)) + EXTRA)]
    draw(traces, reference, axis, rows[:-EXTRA], 0, width - 1, most)
    put_marks(axis, rows[-1], 0, width - 1)
    return [row.line() for row in rows]


def draw(
    traces: Sequence[Trace],
    reference: Span,
    axis: Axis,
    plot: Sequence[Row],
    left: int,
    right: int,
    rows: int | None = None,
) -> None:
    """Draw a chart into rows.

    Args:
        traces: The lines to draw.
        reference: What the line at 0 is called.
        axis: The marks.
        plot: Where to draw.
        left: The first column to use.
        right: The column after the last one.
        rows: For how many rows the scale is chosen; as many as there are by default.
    """
    scale = _Scale.of([gap for each in traces for _, gap in each.points], rows or len(plot))
    scale = msgspec.structs.replace(scale, rows=len(plot))
    start, width = _plot_columns(left, right)
    dots = Traces()
    ends: dict[int, int] = {}
    for trace in traces:
        points = [(axis.dot(mark, width), scale.dot(gap)) for mark, gap in trace.points]
        dots.join(points, trace.role)
        if points:
            _label(plot, trace, points[-1], start, right, ends)
    dots.put(plot, start)
    zero = scale.row(0)
    if zero in ends:
        zero += 1  # somebody is level with the reference
    if 0 <= zero < len(plot) and zero not in ends:
        plot[zero].put(start + width + 1, cut(reference.text, _NAMES - 1), reference.role)
    _grid(plot, scale, left, start, width)


def put_marks(axis: Axis, row: Row, left: int, right: int) -> None:
    """Put some of the marks under a chart that has these columns."""
    start, width = _plot_columns(left, right)
    last = len(axis.marks) - 1
    most = max(1, min(_MOST_MARKS, width // _COLUMNS_A_MARK, last + 1) - 1)
    # Equal steps where the number of laps can be parted so, else nearly equal ones.
    steps = next((count for count in range(most, 1, -1) if last % count == 0), most)
    chosen = sorted({round(index * last / steps) for index in range(steps + 1)})
    for index in chosen:
        row.put(start + axis.dot(axis.marks[index], width) // 2, axis.words[index], "dim")


def _plot_columns(left: int, right: int) -> tuple[int, int]:
    return left + _LABELS, right - left - _LABELS - _NAMES


def _label(
    plot: Sequence[Row],
    trace: Trace,
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
    sign = f"{trace.sign} " if trace.sign else ""
    name = f"{sign}{cut(trace.name, room - 1 - cell_len(sign))} "
    ends[row] = plot[row].run(column, Span(name, trace.role, bold=trace.bold))


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
