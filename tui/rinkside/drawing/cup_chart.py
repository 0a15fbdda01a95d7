"""Somebody's rank in a cup through the season, drawn: a dot a race, the first rank on top."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Final

import msgspec

from longtrack.standings import Column as CupRace
from rinkside.drawing.cities import short_cities
from rinkside.drawing.dots import Traces
from rinkside.drawing.typeset import cut
from rinkside.ink import Line, Row

EXTRA: Final = 3
"""Lines beside the plot's own: the heading, the ranks and the cities."""

_LABELS: Final = 4
"""Columns for the ranks on the left."""
_ROWS_A_LINE: Final = 2
"""Rows from one line of the grid to the next."""
LEAST_ROWS: Final = 5
_STEPS: Final = (1, 2, 3, 5, 10, 20, 50)
"""Ranks a row."""


class _Scale(msgspec.Struct, frozen=True):
    top: int
    """The rank of the first row."""
    step: int
    rows: int

    @classmethod
    def of(cls, ranks: Sequence[int], rows: int) -> _Scale:
        """Return the finest scale with every rank on it, from the first rank on where it fits."""
        best, worst = min(ranks), max(ranks)
        rows -= 1 - rows % 2  # the last row has a line of the grid

        def fits(top: int, step: int) -> bool:
            return worst - top <= step * (rows - 1)

        for step in _STEPS:
            line = step * _ROWS_A_LINE
            tops = [top for top in (1, (best - 1) // line * line + 1) if fits(top, step)]
            if tops:
                needed = -(-(worst - tops[0]) // step) + 1
                return cls(tops[0], step, max(LEAST_ROWS, needed + 1 - needed % 2))
        return cls(1, _STEPS[-1], rows)

    def dot(self, rank: int) -> int:
        """Return the row of dots a rank is drawn in, four to a row of text."""
        return min(round((rank - self.top) / self.step * 4) + 1, self.rows * 4 - 1)


def draw(
    races: Sequence[CupRace],
    ranks: Sequence[int | None],
    width: int,
    height: int,
    heading: str = "RANK THROUGH THE SEASON",
) -> list[Line]:
    """Draw the chart: heading, plot, the rank after each race, and where that was.

    Args:
        races: The races.
        ranks: The rank after each of them; None where there was none.
        width: Columns.
        height: Most lines of the plot, at least `LEAST_ROWS`; `EXTRA` more are drawn.
        heading: What it is of.
    """
    columns = _columns(len(races), width)
    known = [(at, rank) for at, rank in zip(columns, ranks, strict=True) if rank is not None]
    scale = _Scale.of([rank for _, rank in known] or [1], height)
    top, *plot, figures, cities = (Row(width) for _ in range(scale.rows + EXTRA))
    top.put(0, cut(heading, width - 1), "heading")
    if known:
        for column, rank in known:
            plot[scale.dot(rank) // 4].put(column, "●", "live")
        _line(plot, [(column, scale.dot(rank)) for column, rank in known])
        _grid(plot, scale, width)
    end = 0
    for column, rank in known:
        word = str(rank)
        start = column - (len(word) - 1)
        if start > end:
            end = figures.put(start, word, "text")
    _cities(cities, races, columns)
    return [row.line() for row in (top, *plot, figures, cities)]


def _columns(count: int, width: int) -> list[int]:
    start, room = _LABELS + 2, width - _LABELS - 5
    return [start + round(index * room / max(1, count - 1)) for index in range(count)]


def _line(plot: Sequence[Row], points: Sequence[tuple[int, int]]) -> None:
    """Join the races' dots, which themselves stay free."""
    traces = Traces()
    traces.join([(column * 2, dot) for column, dot in points], "live")
    traces.put(plot, 0)


def _grid(plot: Sequence[Row], scale: _Scale, width: int) -> None:
    for index in range(0, len(plot), _ROWS_A_LINE):
        row = plot[index]
        row.right(_LABELS - 1, str(scale.top + index * scale.step), "dim")
        column = _LABELS
        for start, end in (*row.taken(_LABELS), (width - 1, width - 1)):
            row.put(column, "╌" * (start - column), "line")
            column = max(column, end)


def _cities(row: Row, races: Sequence[CupRace], columns: Sequence[int]) -> None:
    short = short_cities(race.city for race in races)
    former, end = "", 0
    for race, column in zip(races, columns, strict=True):
        if race.event_id != former and column - 1 >= end:
            end = row.put(column - 1, short[race.city], "dim", within=row.width - column) + 1
        former = race.event_id
