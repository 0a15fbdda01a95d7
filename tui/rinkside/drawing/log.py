"""The log: all moments of a meet, the newest first; only what is in the window is drawn."""

from __future__ import annotations

from typing import Final

import msgspec

from longtrack.moments import Moment
from longtrack.names import plain
from rinkside.drawing import ticker
from rinkside.drawing.followed import news
from rinkside.drawing.header import titled
from rinkside.drawing.manner import clock_width
from rinkside.drawing.typeset import cut, wrapped
from rinkside.ink import Act, Line, Row, Span, blank
from rinkside.log_scene import LogScene, Sieve, day_of

_CLOCK: Final = 3
"""After the columns of cursor and followed."""
_SIGN_WIDTH: Final = 3
_ROOM_FOR_WORDS: Final = 80


class Drawn(msgspec.Struct, frozen=True):
    """The log as it is shown."""

    lines: list[Line]
    top: int
    """Place of the first moment."""
    shown: int
    """How many moments are in the window as a whole."""
    places: tuple[int | None, ...]
    """Of each line the place of its moment."""


class _Places(msgspec.Struct, frozen=True):
    """Where the columns of the log stand."""

    width: int
    code: bool
    """Whether each moment has its race's code before it."""
    sign: int
    text: int

    @classmethod
    def of(cls, log: LogScene, width: int) -> _Places:
        if log.view.race is not None:
            return cls(width, False, _code(), _code() + _SIGN_WIDTH)
        # Which columns stand where depends on the programme, never on what has happened.
        codes = [len(race.code) for race in log.scene.meet.races]
        sign = _code() + max([*codes, 4]) + 1
        return cls(width, True, sign, sign + _SIGN_WIDTH)

    @property
    def room(self) -> int:
        return self.width - self.text - 1


def header(log: LogScene, width: int) -> Line:
    """Draw what this is, of which meet, and how fresh it is."""
    scene = log.scene
    said = news(scene, race=None)
    return titled("Moments", scene.meet.event, scene.now, width, scene.feed, said)


def tabs(log: LogScene, width: int) -> Line:
    """Draw what may be listed with its keys, and the race or the whole meet."""
    row = Row(width, "header")
    words = width >= _ROOM_FOR_WORDS
    whose: list[Span] = []
    if log.race is not None:
        other = Act("race")
        whose.append(Span("r ", "key", act=other))
        for code, word in ((log.race, log.race), (None, "whole meet" if words else "meet")):
            whose.append(
                Span(f" {word} ", "strong", bold=True, ground="tab")
                if code == log.view.race
                else Span(f" {word} ", "dim", act=other)
            )
    row.run_right(width - 1, *whose)
    spans: list[Span] = []
    for number, sieve in enumerate(Sieve, start=1):
        here = sieve is log.view.sieve
        ground, act = "tab" if here else None, Act("sift", (sieve.name,))
        name = sieve.value if words else sieve.value.split()[0]
        spans += [
            Span(f" {number} ", "key", bold=here, ground=ground, act=act),
            Span(name, "strong" if here else "text", bold=here, ground=ground, act=act),
            Span(f" {log.counts[sieve]} ", "dim", ground=ground, act=act),
        ]
    row.run(1, *spans)
    return row.line()


def draw(log: LogScene, width: int, height: int) -> Drawn:
    """Draw the heading and the moments that fit, the one under the cursor among them.

    Args:
        log: What to show.
        width: Columns.
        height: Lines, the heading included.
    """
    place, room = _Places.of(log, width), height - 1
    # The cursor stays in the window, and below the oldest moment nothing is left free.
    top = max(log.top, _highest_top(log, place, room, log.cursor))
    top = min(top, log.cursor, _highest_top(log, place, room, len(log.moments) - 1))
    lines: list[Line] = []
    places: list[int | None] = [None]
    at, shown = top, 0
    while at < len(log.moments) and len(lines) < room:
        if _has_day(log, at, top):
            lines += _day(log, at, width, first=at == top)
        places += [None] * (1 + len(lines) - len(places))
        lines += _moment(log, at, place)
        places += [at] * (1 + len(lines) - len(places))
        at += 1
        shown += len(lines) <= room
    if not log.moments:
        empty = Row(width)
        empty.put(_CLOCK, cut(_why_empty(log), width - _CLOCK - 1), "dim")
        lines.append(empty.line())
    lines += [blank(width)] * (room - len(lines))
    places += [None] * (1 + len(lines) - len(places))
    heading = _heading(log, place, top, shown)
    return Drawn([heading, *lines[:room]], top, shown, tuple(places[:height]))


def _code() -> int:
    return _CLOCK + clock_width() + 1


def _heading(log: LogScene, place: _Places, top: int, shown: int) -> Line:
    row = Row(place.width)
    row.put(_CLOCK, "time", "heading")
    if place.code:
        row.put(_code(), "race", "heading")
    of = len(log.moments)
    spans: list[Span] = []
    unseen = sum(moment.at > log.view.since for moment in log.moments[:top])
    if unseen and log.view.cursor is not None:
        spans.append(Span(f"{unseen} new", "live", bold=True))
    if shown < of:
        spans += [Span("  ")] if spans else []
        spans.append(Span(f"{top + 1}–{top + shown} of {of}", "heading"))
    end = row.run_right(place.width - 1, *spans)
    for words in ("what happened, newest first", "newest first"):
        if place.text + len(words) + 2 <= end:
            row.put(place.text, words, "heading")
            break
    return row.line()


def _highest_top(log: LogScene, place: _Places, room: int, at: int) -> int:
    """Return the newest moment that may stand on top with another one still in the window."""
    if not log.moments:
        return 0
    top = at
    used = len(_lines_of(log, top, place)) + _has_day(log, top, top)
    while top > 0:
        used += len(_lines_of(log, top - 1, place))
        # The name of a day has a blank line above it but on top.
        used += 2 * _has_day(log, top, top - 1)
        if used > room:
            break
        top -= 1
    return top


def _has_day(log: LogScene, at: int, top: int) -> bool:
    """Tell whether the name of the day stands above a moment."""
    if len(log.scene.meet.days) < 2:
        return False
    moments, scene = log.moments, log.scene
    return at == top or day_of(moments[at], scene) != day_of(moments[at - 1], scene)


def _day(log: LogScene, at: int, width: int, *, first: bool) -> list[Line]:
    day = day_of(log.moments[at], log.scene)
    row = Row(width)
    row.put(_CLOCK, f"{day:%A} {day.day} {day:%B}", "strong", bold=True)
    return [row.line()] if first else [blank(width), row.line()]


def _lines_of(log: LogScene, at: int, place: _Places) -> list[str]:
    moment = log.moments[at]
    text = moment.text
    if place.code:
        # Those about a whole race begin with its code, which stands before them already.
        text = text.removeprefix(moment.race).lstrip(" :")
    return wrapped(text, place.room)


def _moment(log: LogScene, at: int, place: _Places) -> list[Line]:
    moment, marked = log.moments[at], at == log.cursor
    wanted = plain(log.view.query).split()
    lines: list[Line] = []
    for index, text in enumerate(_lines_of(log, at, place)):
        row = Row(place.width, "cursor" if marked else "ground")
        if index == 0:
            _put_marks(log, moment, row, place, marked=marked)
        row.run(place.text, *_found(text, wanted, "dim" if moment.quiet else "text"))
        lines.append(row.line())
    return lines


def _put_marks(log: LogScene, moment: Moment, row: Row, place: _Places, *, marked: bool) -> None:
    if marked:
        row.put(0, "►", "key", bold=True)
    if log.scene.followed.concerns(moment):
        row.put(1, "*", "follow", bold=True)
    row.put(_CLOCK, ticker.clock(log.scene, moment), "dim")
    if place.code:
        row.put(_code(), moment.race, "dim")
    sign = "dim" if moment.quiet else ticker.role(moment)
    row.put(place.sign, moment.sign, sign, bold=not moment.quiet, within=_SIGN_WIDTH)


def _found(text: str, wanted: list[str], role: str) -> list[Span]:
    """Return a text with the words that were searched for underlined."""
    if not wanted:
        return [Span(text, role)]
    spans: list[Span] = []
    for index, word in enumerate(text.split(" ")):
        if index:
            spans.append(Span(" ", role))
        hit = any(each in plain(word) for each in wanted)
        spans.append(Span(word, "strong" if hit else role, bold=hit, underline=hit))
    return spans


def _why_empty(log: LogScene) -> str:
    view = log.view
    if view.query:
        return f"Nothing is found for {view.query}."
    if view.sieve is Sieve.FOLLOWED:
        followed = log.scene.followed
        if not followed.skaters and not followed.nations:
            return "Nobody is followed yet."
        return "Nothing has happened to those who are followed."
    if view.sieve is Sieve.KEY and log.counts[Sieve.ALL]:
        return "Nothing has been decided yet."
    return ticker.why_empty(log.scene)
