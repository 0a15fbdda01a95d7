"""The settings as a list: what each is, what it does and what it may be."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Final

import msgspec

from rinkside.drawing.header import freshness
from rinkside.drawing.manner import clock
from rinkside.drawing.typeset import cut
from rinkside.ink import Act, Line, Row, Span, blank, width_of
from rinkside.scene import Scene
from rinkside.settings.catalogue import Setting, Value

ABOUT_ROWS: Final = 4
"""A blank line, what a setting does, what it may be, and where it is written."""
_HEADINGS: Final = {
    "display": "DISPLAY",
    "watch": "WATCHING",
    "replay": "REPLAY",
    "notifications": "NOTIFICATIONS",
}
_TITLE: Final = 3
_VALUE: Final = 20
_WHAT: Final = 42
_ROOM_FOR_WHAT: Final = 100


class Shown(msgspec.Struct, frozen=True):
    """One setting as it is."""

    setting: Setting
    value: Value
    is_set: bool
    """Whether the file says so; else it is as it comes."""


def header(scene: Scene, width: int) -> Line:
    """Draw what this is, the rink's clock and how fresh the data is."""
    row = Row(width, "header")
    row.run_right(width - 1, Span(clock(scene.now)), *freshness(scene.feed))
    row.put(1, "Settings", "strong", bold=True)
    return row.line()


def rows(shown: Sequence[Shown], cursor: int, width: int) -> tuple[list[Line], int]:
    """Draw the settings below the names of their tables.

    Args:
        shown: All of them, table by table.
        cursor: Place of the one under the cursor.
        width: Columns.

    Returns:
        The lines, and which of them the cursor is on.
    """
    lines: list[Line] = []
    at = 0
    table = ""
    for place, each in enumerate(shown):
        if each.setting.table != table:
            table = each.setting.table
            heading = Row(width)
            heading.put(1, _HEADINGS.get(table, table.upper()), "heading")
            lines += [*([blank(width)] if lines else []), heading.line()]
        if place == cursor:
            at = len(lines)
        lines.append(_row(each, width, Act("point", (place,)), marked=place == cursor))
    return lines, at


def _row(each: Shown, width: int, act: Act, *, marked: bool) -> Line:
    row = Row(width, "cursor" if marked else "ground", act)
    if marked:
        row.put(0, "►", "key", bold=True)
    row.put(_TITLE, each.setting.title, "strong" if marked else "text", bold=marked)
    has_what = width >= _ROOM_FOR_WHAT
    words = cut(written(each.value), (_WHAT if has_what else width) - _VALUE - 2)
    row.put(_VALUE, words, "key" if each.is_set else "text", bold=each.is_set)
    if has_what:
        row.put(_WHAT, cut(each.setting.what, width - _WHAT - 1), "dim")
    return row.line()


def about(each: Shown, file: str, width: int) -> list[Line]:
    """Draw what the setting under the cursor does, what it may be, and where it is written."""
    what, where = Row(width), Row(width)
    what.put(1, cut(f"{each.setting.what}.", width - 2))
    where.put(1, cut(f"{each.setting.key} in {file}", width - 2), "dim")
    return [blank(width), what.line(), _choices(each, width), where.line()]


def _choices(each: Shown, width: int) -> Line:
    row = Row(width)
    spans: list[Span] = []
    for value in each.setting.choices:
        here = value == each.value
        spans.append(Span(written(value), "strong" if here else "dim", bold=here, underline=here))
        spans.append(Span("  "))
    if each.value not in each.setting.choices:
        spans = [Span(written(each.value), "strong", bold=True, underline=True), Span("  "), *spans]
    while width_of(spans) > width - 2 and len(spans) > 2:
        # The one that counts stays in sight.
        spans = spans[2:] if not spans[0].bold else spans[:-2]
    row.run(1, *spans)
    return row.line()


def written(value: Value) -> str:
    """Return a value for a person: ``on``, ``followed, record``, ``12h``."""
    if isinstance(value, bool):
        return "on" if value else "off"
    return ", ".join(value) if isinstance(value, list) else str(value)
