"""Lines of braille dots: two columns and four rows of them to a character."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Final

from rinkside.ink import Row

_DOTS: Final = ((0x01, 0x08), (0x02, 0x10), (0x04, 0x20), (0x40, 0x80))
"""Bits of a braille character's dots, by row and column."""


class Traces:
    """Lines being drawn; where two meet, the later one gives its colour."""

    def __init__(self) -> None:
        self._cells: dict[tuple[int, int], tuple[int, str]] = {}

    def join(self, points: Sequence[tuple[int, int]], role: str) -> None:
        """Join points, given as column and row of dots, by straight lines."""
        for (x0, y0), (x1, y1) in zip(points, points[1:] or points, strict=False):
            steps = max(abs(x1 - x0), abs(y1 - y0), 1)
            for step in range(steps + 1):
                x = x0 + round((x1 - x0) * step / steps)
                y = y0 + round((y1 - y0) * step / steps)
                bits, _ = self._cells.get((y // 4, x // 2), (0, role))
                self._cells[y // 4, x // 2] = (bits | _DOTS[y % 4][x % 2], role)

    def put(self, rows: Sequence[Row], start: int) -> None:
        """Put the lines into rows, from a column on."""
        for (row, column), (bits, role) in self._cells.items():
            rows[row].put(start + column, chr(0x2800 + bits), role)
