"""Aligned text for people: columns that leave where there is no room, and wrapped headings.

Words only, no colour: it reads the same in a pipe, in a file and on a printer.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import Final

import msgspec
from rich.cells import cell_len

from longtrack.model import Skater, Team
from longtrack.names import full_name
from rinkside.drawing.typeset import cut, fitted

NAME_LEAST: Final = 16
"""Cells a name is never cut below while another column can leave."""


class TextColumn(msgspec.Struct, frozen=True):
    """A column of text, a cell a row."""

    head: str
    cells: Sequence[str]
    left: bool = False
    leaves: int = 0
    """The highest leaves first where there is no room; 0 never does."""
    stays: bool = False
    """Whether it keeps its place when it is empty."""
    instead_of: int = 0
    """It comes only when those that leave by this number have left."""

    @property
    def width(self) -> int:
        """Cells of the widest text in it."""
        return max(cell_len(text) for text in (self.head, *self.cells))


NAMES: Final = TextColumn("", (), left=True, stays=True)
"""Stands where the names go, which take what is left."""


def table(columns: Sequence[TextColumn], names: Sequence[Skater | Team], width: int) -> list[str]:
    """Align columns, the heads first.

    Args:
        columns: The columns.
        names: The competitors, where one of the columns is `NAMES`.
        width: In cells.
    """
    wanted = max(map(cell_len, map(full_name, names)), default=0)
    least = min(wanted, NAME_LEAST)
    kept = [column for column in columns if column.stays or any(column.cells)]
    gone: set[int] = set()

    def shown() -> list[TextColumn]:
        return [
            column
            for column in kept
            if column.leaves not in gone and (not column.instead_of or column.instead_of in gone)
        ]

    def taken() -> int:
        return sum(column.width + 1 for column in shown()) - 1

    while taken() + least > width and (left := max(column.leaves for column in shown())):
        gone.add(left)
    room = max(least, min(wanted, width - taken()))
    fit = TextColumn("", [fitted(who, room) for who in names], left=True)
    final = [fit if column is NAMES else column for column in shown()]
    widths = [column.width for column in final]
    count = max(len(column.cells) for column in final)
    return [
        cut(
            " ".join(
                _aligned(cell, size, left=column.left)
                for column, size, cell in zip(
                    final,
                    widths,
                    (column.cells[row] if row >= 0 else column.head for column in final),
                    strict=True,
                )
            ).rstrip(),
            width,
        )
        for row in range(-1, count)
    ]


def _aligned(text: str, width: int, *, left: bool) -> str:
    blank = " " * (width - cell_len(text))
    return text + blank if left else blank + text


def wrapped(parts: Iterable[str], width: int) -> list[str]:
    """Join parts with dots, on as many lines as it takes."""
    lines: list[str] = []
    for part in parts:
        if lines and cell_len(lines[-1]) + 3 + cell_len(part) <= width:
            lines[-1] += f" · {part}"
        else:
            lines.append(cut(part, width))
    return lines
