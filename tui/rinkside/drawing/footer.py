"""The last lines: what is wrong or worth knowing about the data, and the keys."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Final, NamedTuple

from rinkside.drawing.typeset import cut
from rinkside.ink import Line, Row, Span
from rinkside.scene import Feed


class Key(NamedTuple):
    """A key and what it does, in a short and a long form; without a short one it needs room."""

    key: str
    long: str
    short: str


HELP: Final = Key("?", "help", "help")


def keys(chosen: Sequence[Key], width: int, last: Key = HELP) -> Line:
    """Draw the keys; they give way from the right, the last one stays."""
    row = Row(width)
    end = row.run_right(width - 1, Span(last.key, "key"), Span(f" {last.long}", "dim"))
    column = 1
    for key in chosen:
        word = key.long if width >= 110 else key.short
        if not word:
            continue
        if column + len(key.key) + 1 + len(word) + 2 > end:
            break
        column = row.run(column, Span(key.key, "key"), Span(f" {word}", "dim")) + 2
    return row.line()


def note(feed: Feed, width: int) -> Line:
    """Draw the sentence about the data."""
    row = Row(width)
    row.put(2, cut(feed.note, width - 3), feed.note_role, bold=feed.note_role == "error")
    return row.line()
