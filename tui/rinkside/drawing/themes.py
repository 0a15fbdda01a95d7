"""The list of themes, drawn over the screen that shows how each looks."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Final

from rinkside.drawing.typeset import cut
from rinkside.ink import Line, Row
from rinkside_themes import Palette

WIDTH: Final = 45
"""Columns it takes."""
_GROUND: Final = "header"
_HEAD, _FOOT = 2, 2


def rows_shown(height: int, themes: int) -> int:
    """Return how many themes are listed at once in a window of some rows."""
    return max(1, min(themes, height - _HEAD - _FOOT - 1))


def first_shown(at: int, rows: int, themes: int) -> int:
    """Return which theme the list begins with, so that the cursor is in its middle."""
    return max(0, min(at - rows // 2, themes - rows))


def listed(themes: Sequence[Palette], at: int, kept: str, height: int) -> list[Line]:
    """Return the list.

    Args:
        themes: All of them.
        at: The one the cursor stands on, from 0.
        kept: The name of the one that comes back with Esc.
        height: Rows of the window.
    """
    rows = rows_shown(height, len(themes))
    first = first_shown(at, rows, len(themes))
    head = _row("tab")
    head.put(2, "THEMES", "strong")
    head.right(WIDTH - 1, f"{at + 1} of {len(themes)}")
    foot = _row()
    column = 2
    for key, words in (("↑ ↓", "look"), ("Enter", "keep"), ("Esc", "as it was")):
        column = foot.put(column, key, "key", bold=True)
        column = foot.put(column + 1, words, "dim") + 2
    shown = [
        _theme(themes[number], under_cursor=number == at, kept=kept)
        for number in range(first, first + rows)
    ]
    space = _row().line()
    return [head.line(), space, *shown, space, foot.line()]


def clicked(y: int, at: int, height: int, themes: int) -> int | None:
    """Return which theme stands on a row of the list, None where none does."""
    rows = rows_shown(height, themes)
    row = y - _HEAD
    return first_shown(at, rows, themes) + row if 0 <= row < rows else None


def _theme(palette: Palette, *, under_cursor: bool, kept: str) -> Line:
    row = _row("cursor" if under_cursor else _GROUND)
    mark = "now" if palette.name == kept else ""
    row.put(2, "►" if under_cursor else " ", "strong")
    row.put(4, cut(palette.title, WIDTH - 10), "strong" if under_cursor else "text")
    row.right(WIDTH - 1, mark, "dim")
    return row.line()


def _row(ground: str = _GROUND) -> Row:
    row = Row(WIDTH, ground)
    row.put(0, "│", "line")
    return row
