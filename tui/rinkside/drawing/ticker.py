"""The moments: as a pane, the newest on top, and the last one on a line of its own."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from typing import Final

from longtrack.moments import WEIGHTS, Kind, Moment
from rinkside.drawing.followed import SIGN, put_sign
from rinkside.drawing.manner import clock_width, short_clock
from rinkside.drawing.typeset import cut, wrapped
from rinkside.ink import Act, Line, Row, blank
from rinkside.scene import Scene

_SIGN_WIDTH: Final = 3

_TOGETHER_MS: Final = 20_000
_OPEN: Final = Act("app.moments")
"""What a click does: it opens the log."""

_ROLES: Final = {
    Kind.RECORD: "record",
    Kind.PERSONAL_BEST: "record",
    Kind.SEASON_BEST: "record",
    Kind.LEADER: "gold",
    Kind.CUP_DECIDED: "gold",
    Kind.DISQUALIFIED: "loss",
    Kind.FALL: "loss",
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
    heading = Row(width, act=_OPEN)
    heading.put(indent, "MOMENTS", "heading")
    lines = [heading.line()]
    for moment in reversed(scene.moments):
        if len(lines) >= height:
            break
        lines += _lines(scene, moment, width, indent)
    if not scene.moments:
        empty = Row(width)
        empty.put(indent, why_empty(scene), "dim")
        lines.append(empty.line())
    lines += [blank(width)] * (height - len(lines))
    return lines[:height]


def last(scene: Scene, width: int) -> Line:
    """Draw the newest moment on one line."""
    row = Row(width, act=_OPEN)
    if scene.moments:
        moment = _loudest_of_late(scene.moments)
        row.put(1, clock(scene, moment), "dim")
        column = 1 + clock_width() + 1
        if moment.sign:
            column = row.put(column, moment.sign, role(moment), bold=True) + 1
        if scene.followed.concerns(moment):
            column = row.put(column, SIGN, "follow", bold=True)
        row.put(column, cut(_words(scene, moment), width - column - 1))
    return row.line()


def _loudest_of_late(moments: Sequence[Moment]) -> Moment:
    """Return the newest moment, unless one of the last seconds before it says more."""
    newest = moments[-1]
    late = [moment for moment in moments if newest.at - moment.at <= _TOGETHER_MS]
    return max(reversed(late), key=lambda moment: WEIGHTS[moment.kind])


def why_empty(scene: Scene) -> str:
    """Return what is said where there is no moment."""
    if scene.only_followed:
        return "Nothing has happened to those you follow."
    if scene.race is not None and scene.race.begun:
        return "What happened before was not recorded."
    return "Nothing has happened yet."


def _lines(scene: Scene, moment: Moment, width: int, indent: int) -> list[Line]:
    lines: list[Line] = []
    sign = indent + clock_width() + 1
    start = sign + _SIGN_WIDTH
    for index, text in enumerate(wrapped(_words(scene, moment), width - start - 1)):
        row = Row(width, act=_OPEN)
        if index == 0:
            row.put(indent, clock(scene, moment), "dim")
            row.put(sign, moment.sign, role(moment), bold=True, within=_SIGN_WIDTH)
            put_sign(row, start - 1, followed=scene.followed.concerns(moment))
        row.put(start, text)
        lines.append(row.line())
    return lines


def _words(scene: Scene, moment: Moment) -> str:
    here = scene.race is not None and moment.race == scene.race.code
    return moment.text if here else moment.with_code


def clock(scene: Scene, moment: Moment) -> str:
    """Return a moment's time on the rink's clock."""
    return short_clock(datetime.fromtimestamp(moment.at / 1000, scene.meet.event.zone))


def role(moment: Moment) -> str:
    """Return the role in which a moment's sign is drawn."""
    if moment.kind is Kind.CUP_RANK:
        return "loss" if moment.sign == "▼" else "gain"
    return _ROLES.get(moment.kind, "strong")
