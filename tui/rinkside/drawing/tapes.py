"""The tapes of this computer: a row each, and what there is to say of the one under the cursor."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from typing import Final

import msgspec

from rinkside.drawing.header import freshness
from rinkside.drawing.manner import clock
from rinkside.drawing.typeset import cut
from rinkside.ink import Act, Line, Row, Span, blank, cell_len, width_of
from rinkside.scene import Feed
from rinkside.tape_words import (
    KIND_WORDS,
    shown_days,
    shown_meet,
    shown_size,
    shown_span,
    state,
    state_within,
)
from rinkside.tapes import KeptTape

ABOUT_ROWS: Final = 2
"""Lines about the tape under the cursor."""

_MEET: Final = 2
_DAYS_WIDTH: Final = 17
_KIND_WIDTH: Final = 10
_SIZE_WIDTH: Final = 8
_STATE_WIDTH: Final = 17
_SPAN_WIDTH: Final = 27
_ROOM_FOR_STATE: Final = 80
_ROOM_FOR_SPAN: Final = 116


class _Places(msgspec.Struct, frozen=True):
    """Where the columns stand."""

    days: int
    kind: int
    size: int
    """The column after it."""
    span: int | None
    state: int | None

    @classmethod
    def within(cls, width: int) -> _Places:
        has_state, has_span = width >= _ROOM_FOR_STATE, width >= _ROOM_FOR_SPAN
        state_width = _STATE_WIDTH + min(max(0, width - _ROOM_FOR_SPAN), 20)
        end = width - 1
        state = end - state_width if has_state else None
        end = end if state is None else state - 2
        span = end - _SPAN_WIDTH if has_span else None
        end = end if span is None else span - 2
        kind = end - _SIZE_WIDTH - 1 - _KIND_WIDTH
        return cls(kind - 1 - _DAYS_WIDTH, kind, end, span, state)


def heading(tapes: Sequence[KeptTape] | None, at: datetime, feed: Feed, width: int) -> list[Line]:
    """Draw the two lines on top: how many tapes there are, how fresh the data, and the heads."""
    top = Row(width, "header")
    day = Span(f"{at:%a} {at.day} {at:%b}  {clock(at)}")
    start = top.run_right(width - 1, day, *freshness(feed))
    count = "" if tapes is None else f" · {len(tapes)}, {shown_size(_total(tapes))} in all"
    for shown in (count, ""):
        spans = [Span("Tapes", "strong", bold=True), Span(shown)]
        if 1 + width_of(spans) + 2 <= start:
            top.run(1, *spans)
            break
    places = _Places.within(width)
    heads = Row(width)
    heads.put(_MEET, "meet", "heading")
    heads.put(places.days, "days", "heading")
    heads.put(places.kind, "kind", "heading")
    heads.right(places.size, "size", "heading")
    if places.span is not None:
        heads.put(places.span, "from, to", "heading")
    if places.state is not None:
        heads.put(places.state, "state", "heading")
    return [top.line(), heads.line()]


def rows(tapes: Sequence[KeptTape] | None, width: int, *, cursor: int) -> list[Line]:
    """Draw a line a tape, the one under the cursor marked.

    Args:
        tapes: The tapes; None while they are being looked at.
        width: In columns.
        cursor: Index of the tape under the cursor.
    """
    if not tapes:
        row = Row(width)
        words = "looking at the tapes …" if tapes is None else "No tape is kept yet."
        row.put(_MEET, words, "dim")
        return [row.line()]
    places = _Places.within(width)
    return [
        _row(tape, places, width, Act("point", (place,)), marked=place == cursor)
        for place, tape in enumerate(tapes)
    ]


def _row(tape: KeptTape, places: _Places, width: int, act: Act, *, marked: bool) -> Line:
    row = Row(width, "cursor" if marked else "ground", act)
    if marked:
        row.put(0, "►", "key", bold=True)
    role = "dim" if tape.trouble else "text"
    room = places.days - _MEET - 1
    name = shown_meet(tape.event)
    row.put(_MEET, name if cell_len(name) <= room else cut(tape.name, room), role)
    row.put(places.days, cut(shown_days(tape.event), _DAYS_WIDTH), "dim")
    row.put(places.kind, KIND_WORDS[tape.kind], role)
    row.right(places.size, shown_size(tape.size), role)
    if places.span is not None:
        row.put(places.span, cut(shown_span(tape), _SPAN_WIDTH), "dim")
    if places.state is not None:
        words = state_within(tape, width - 1 - places.state)
        row.put(places.state, words, _role(tape))
    return row.line()


def _role(tape: KeptTape) -> str:
    if tape.trouble:
        return "error"
    if tape.coverage is None or not tape.coverage.held or tape.coverage.fetched:
        return "dim"
    return "gain" if tape.coverage.complete else "warn"


def about(
    tape: KeptTape | None, width: int, *, doing: str = "", asking: bool = False
) -> list[Line]:
    """Draw the lines about the tape under the cursor.

    Args:
        tape: The tape; None where there is none.
        width: In columns.
        doing: What is being done with it, in words.
        asking: Whether it is to be deleted, which is asked here.
    """
    if tape is None:
        return [blank(width)] * ABOUT_ROWS
    first, second = Row(width), Row(width)
    if asking:
        question = f"Delete {tape.words}, {shown_size(tape.size)}, for good?"
        first.put(_MEET, cut(question, width - 3), "warn", bold=True)
        second.run(_MEET, Span("y", "key"), Span(" deletes it, any other key keeps it", "dim"))
        return [first.line(), second.line()]
    feed = f"from {tape.named_feed}" if tape.named_feed else ""
    told = [doing] if doing else [shown_span(tape), state(tape), feed]
    first.put(_MEET, cut(" · ".join(word for word in told if word), width - 3))
    second.put(_MEET, cut(f"{tape.file.parent.name}/{tape.file.name}", width - 3), "dim")
    return [first.line(), second.line()]


def _total(tapes: Sequence[KeptTape]) -> int:
    return sum(tape.size for tape in tapes)
