"""The difference chart of a long distance: how far ahead or behind at each mark, up is ahead."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Final

import msgspec

from longtrack.model import Entry, Race
from longtrack.times import MINUS, gap_ms
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

_DOTS: Final = ((0x01, 0x08), (0x02, 0x10), (0x04, 0x20), (0x40, 0x80))
"""Bits of a braille character's dots, by row and column."""


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
    if leader is None or right - left < _LABELS + _NAMES + 12:
        return
    lines = [(entry, _gaps(entry, leader)) for entry in entries if entry.key != leader.key]
    plot = rows[:-2]
    scale = _scale([gap for _, gaps in lines for _, gap in gaps], len(plot))
    start, width = left + _LABELS, right - left - _LABELS - _NAMES
    cells: dict[tuple[int, int], tuple[int, str]] = {}
    ends: dict[int, int] = {}
    for entry, gaps in lines:
        points = [(_dot_column(race, mark, width), scale.dot(gap)) for mark, gap in gaps]
        _trace(points, lane_role(entry), cells)
        if points:
            _label(plot, entry, points[-1], start, right, ends)
    for (row, column), (bits, role) in cells.items():
        plot[row].put(start + column, chr(0x2800 + bits), role)
    zero = scale.row(0)
    if 0 <= zero < len(plot) and zero not in ends:
        plot[zero].put(start + width + 1, cut(family(leader), _NAMES - 1), "gold")
    _grid(plot, scale, left, start, width)
    _metres(race, rows[-1], start, width)


def _gaps(entry: Entry, leader: Entry) -> list[tuple[int, int]]:
    return [
        (passage.mark_m, gap_ms(passage.time_ms, theirs.time_ms))
        for passage in entry.passages
        if (theirs := leader.passage(passage.mark_m)) is not None
    ]


def _scale(gaps: list[int], rows: int) -> _Scale:
    """Return the finest scale with everything, and the leader's own line, on it."""
    best, worst = min([0, *gaps]), max([0, *gaps])
    for step in _STEPS:
        first = best // step * step
        if (worst - first) * _ROWS_A_LINE / step < rows - 1:
            return _Scale(first, step, rows)
    return _Scale(best // _STEPS[-1] * _STEPS[-1], _STEPS[-1], rows)


def _dot_column(race: Race, mark: int, width: int) -> int:
    marks = race.distance.marks
    return round((mark - marks[0]) / max(1, marks[-1] - marks[0]) * (width * 2 - 1))


def _trace(
    points: list[tuple[int, int]], role: str, cells: dict[tuple[int, int], tuple[int, str]]
) -> None:
    """Join the points by straight lines of dots."""
    for (x0, y0), (x1, y1) in zip(points, points[1:] or points, strict=False):
        steps = max(abs(x1 - x0), abs(y1 - y0), 1)
        for step in range(steps + 1):
            x = x0 + round((x1 - x0) * step / steps)
            y = y0 + round((y1 - y0) * step / steps)
            bits, _ = cells.get((y // 4, x // 2), (0, role))
            cells[y // 4, x // 2] = (bits | _DOTS[y % 4][x % 2], role)


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
