"""The moments: as a pane, the newest on top, and the last one on a line of its own."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from typing import Final

from longtrack.moments import Kind, Moment
from rinkside.drawing.followed import SIGN, put_sign
from rinkside.drawing.typeset import cut, wrapped
from rinkside.ink import Line, Row, blank
from rinkside.scene import Scene

_TIME_WIDTH: Final = 6
_TEXT_START: Final = 9
"""After the time and three columns for the sign."""

_TOGETHER_MS: Final = 20_000
_WEIGHTS: Final = {Kind.RECORD: 3, Kind.DISQUALIFIED: 3, Kind.LEADER: 2, Kind.PODIUM: 1}

_ROLES: Final = {
    Kind.RECORD: "record",
    Kind.LEADER: "gold",
    Kind.DISQUALIFIED: "loss",
    Kind.DID_NOT_FINISH: "loss",
    Kind.WITHDRAWN: "loss",
    Kind.CORRECTION: "warn",
    Kind.RESKATE: "warn",
    Kind.DELAYED: "warn",
    Kind.OFFICIAL: "gain",
}


def pane(scene: Scene, width: int, height: int, *, indent: int = 0) -> list[Line]:
    """Draw the moments that fit, the newest first, below a heading.

    Args:
        scene: What to show.
        width: Columns.
        height: Lines.
        indent: Columns that stay free on the left.
    """
    heading = Row(width)
    heading.put(indent, "MOMENTS", "heading")
    lines = [heading.line()]
    for moment in reversed(scene.moments):
        if len(lines) >= height:
            break
        lines += _lines(scene, moment, width, indent)
    if not scene.moments:
        empty = Row(width)
        empty.put(indent, _why_empty(scene), "dim")
        lines.append(empty.line())
    lines += [blank(width)] * (height - len(lines))
    return lines[:height]


def last(scene: Scene, width: int) -> Line:
    """Draw the newest moment on one line."""
    row = Row(width)
    if scene.moments:
        moment = _loudest_of_late(scene.moments)
        row.put(1, _clock(scene, moment), "dim")
        column = 1 + _TIME_WIDTH
        if moment.sign:
            column = row.put(column, moment.sign, _role(moment), bold=True) + 1
        if scene.followed.concerns(moment):
            column = row.put(column, SIGN, "follow", bold=True)
        row.put(column, cut(_words(scene, moment), width - column - 1))
    return row.line()


def _loudest_of_late(moments: Sequence[Moment]) -> Moment:
    """Return the newest moment, unless one of the last seconds before it says more."""
    newest = moments[-1]
    late = [moment for moment in moments if newest.at - moment.at <= _TOGETHER_MS]
    return max(reversed(late), key=lambda moment: _WEIGHTS.get(moment.kind, 0))


def _why_empty(scene: Scene) -> str:
    if scene.only_followed:
        return "Nothing has happened to those you follow."
    if scene.race is not None and scene.race.begun:
        return "What happened before was not recorded."
    return "Nothing has happened yet."


def _lines(scene: Scene, moment: Moment, width: int, indent: int) -> list[Line]:
    lines: list[Line] = []
    start = indent + _TEXT_START
    for index, text in enumerate(wrapped(_words(scene, moment), width - start - 1)):
        row = Row(width)
        if index == 0:
            row.put(indent, _clock(scene, moment), "dim")
            row.put(indent + _TIME_WIDTH, moment.sign, _role(moment), bold=True, within=3)
            put_sign(row, start - 1, followed=scene.followed.concerns(moment))
        row.put(start, text)
        lines.append(row.line())
    return lines


def _words(scene: Scene, moment: Moment) -> str:
    here = scene.race is not None and moment.race == scene.race.code
    # Moments of the whole race begin with its code already.
    if here or moment.text.startswith(moment.race):
        return moment.text
    return f"{moment.race} {moment.text}"


def _clock(scene: Scene, moment: Moment) -> str:
    return f"{datetime.fromtimestamp(moment.at / 1000, scene.meet.event.zone):%H:%M}"


def _role(moment: Moment) -> str:
    return _ROLES.get(moment.kind, "strong")
