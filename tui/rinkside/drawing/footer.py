"""The last lines: what is wrong or worth knowing about the data, and the keys."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Final, NamedTuple

from rinkside.drawing.typeset import cut
from rinkside.ink import Act, Line, Row, Span
from rinkside.scene import Feed


class Key(NamedTuple):
    """A key and what it does, in a short and a long form; without a short one it needs room."""

    key: str
    long: str
    short: str

    @property
    def labels(self) -> tuple[str, ...]:
        """The keys one by one; none of a range such as ``1-9``."""
        if all(letter in "←→↑↓" for letter in self.key):
            return tuple(self.key)
        return tuple(label for label in self.key.split(" ") if len(label) < 2 or "-" not in label)


HELP: Final = Key("?", "help", "help")


def keys(chosen: Sequence[Key], width: int, last: Key = HELP) -> Line:
    """Draw the keys; they give way from the right, the last one stays."""
    row = Row(width)
    end = row.run_right(width - 1, *_pressed(last, last.long))
    column = 1
    for key in chosen:
        word = key.long if width >= 110 else key.short
        if not word:
            continue
        if column + len(key.key) + 1 + len(word) + 2 > end:
            break
        column = row.run(column, *_pressed(key, word)) + 2
    return row.line()


def _pressed(key: Key, word: str) -> list[Span]:
    """Return a key and its word, to be clicked; of several keys each one, the word the last."""
    acts = [Act("app.press", (label,)) for label in key.labels]
    if not acts:
        return [Span(key.key, "key"), Span(f" {word}", "dim")]
    spans: list[Span] = []
    for label, act in zip(key.labels, acts, strict=True):
        if spans and " " in key.key:
            spans.append(Span(" ", "key"))
        spans.append(Span(label, "key", act=act))
    return [*spans, Span(f" {word}", "dim", act=acts[-1])]


def note(feed: Feed, width: int) -> Line:
    """Draw the sentence about the data."""
    row = Row(width)
    row.put(2, cut(feed.note, width - 3), feed.note_role, bold=feed.note_role == "error")
    return row.line()
