"""The help: keys and what they do, in as many columns as there is room for."""

from __future__ import annotations

from collections.abc import Sequence
from itertools import zip_longest
from typing import Final

from rinkside.drawing.header import freshness
from rinkside.drawing.manner import clock
from rinkside.drawing.typeset import cut
from rinkside.help_sheet import HelpGroup
from rinkside.ink import Line, Row, Span
from rinkside.scene import Scene

_COLUMN: Final = 56
"""Columns of a key and its sentence; few sentences are longer."""
_KEYS: Final = 12


def header(title: str, scene: Scene, width: int) -> Line:
    """Draw whose keys they are, the rink's clock and how fresh the data is."""
    row = Row(width, "header")
    row.run_right(width - 1, Span(clock(scene.now)), *freshness(scene.feed))
    row.run(1, Span("Keys", "strong", bold=True), Span(f" · {title}", "dim"))
    return row.line()


def body(groups: Sequence[HelpGroup], width: int) -> list[Line]:
    """Draw the keys, group after group, down one column and on in the next."""
    entries: list[tuple[str, str]] = []
    for group in groups:
        entries += [("", group.title), *((key.keys, key.words) for key in group.keys), ("", "")]
    entries.pop()
    count = max(1, width // _COLUMN)
    height = -(-len(entries) // count)
    columns = _parted(entries, height)
    room = width // max(1, len(columns))
    lines = []
    for side_by_side in zip_longest(*columns, fillvalue=("", "")):
        row = Row(width)
        for place, (keys, words) in enumerate(side_by_side):
            _put(row, 1 + place * room, room - 2, keys, words)
        lines.append(row.line())
    return lines


def _put(row: Row, column: int, room: int, keys: str, words: str) -> None:
    if not keys:
        row.put(column, cut(words.upper(), room), "strong", bold=True)
        return
    row.put(column + 1, cut(keys, _KEYS - 2), "key")
    row.put(column + _KEYS, cut(words, room - _KEYS), "text")


def _parted(entries: Sequence[tuple[str, str]], height: int) -> list[list[tuple[str, str]]]:
    """Return entries in columns; none begins with a gap or ends with a heading."""
    columns: list[list[tuple[str, str]]] = [[]]
    for place, (keys, words) in enumerate(entries):
        is_heading = not keys and bool(words)
        ends_with_heading = is_heading and len(columns[-1]) + 1 >= height
        if len(columns[-1]) >= height or (ends_with_heading and place):
            columns.append([])
        if keys or words or columns[-1]:
            columns[-1].append((keys, words))
    return columns
