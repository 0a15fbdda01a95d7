"""The Olympic places of a race: who would be in, who is next, and how many each nation has."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Final

import msgspec

from longtrack.quota import Place, Quota, Section
from longtrack.times import show_time
from rinkside.cup_scene import CupScene
from rinkside.drawing.followed import put_sign
from rinkside.drawing.standings import Table
from rinkside.drawing.titles import called
from rinkside.drawing.typeset import cut, fitted
from rinkside.ink import Act, Line, Row, Span, blank, width_of

_RANK_END: Final = 4
_FOLLOW: Final = 1
_NAME: Final = 6
_MOST_NAME: Final = 24
_NOC: Final = 4
_POINTS: Final = 7
_BEST: Final = 9
_MARK: Final = 12
"""``first out``, two columns before it and the margin after it."""

_HEADINGS: Final = {
    Section.POINTS: "BY POINTS",
    Section.TIMES: "BY TIMES",
    Section.RESERVE: "RESERVE",
}


class _Places(msgspec.Struct, frozen=True):
    name: int
    noc: int
    points: int
    best: int

    @classmethod
    def within(cls, width: int) -> _Places:
        name = max(8, min(_MOST_NAME, width - _NAME - _NOC - _POINTS - _BEST - _MARK))
        noc = _NAME + name + _NOC
        return cls(name, noc, noc + _POINTS, noc + _POINTS + _BEST)


def chosen(scene: CupScene, quota: Quota) -> Place | None:
    """Return the place under the cursor: the first one where the cursor's skater has none."""
    listed = [*quota.rows, *quota.passed_over]
    key = scene.view.cursor
    return next((row for row in listed if row.key == key), listed[0] if listed else None)


def table(scene: CupScene, quota: Quota, width: int, height: int) -> Table:
    """Draw the heading and as much of the list as there is room for, the cursor's row in sight.

    Args:
        scene: What to show.
        quota: The places of the race.
        width: Columns.
        height: Lines, the two of the heading included.
    """
    places, under_cursor = _Places.within(width), chosen(scene, quota)
    lines: list[Line] = []
    at, former = 0, None
    for row in quota.rows:
        if row.section is not former:
            lines.append(_section(quota, row.section, width))
        former = row.section
        if row is under_cursor:
            at = len(lines)
        lines.append(_row(scene, quota, row, places, width, marked=row is under_cursor))
    if quota.passed_over:
        lines.append(_part("PASSED OVER", "their nation has as many as it may", width))
    for row in quota.passed_over:
        if row is under_cursor:
            at = len(lines)
        lines.append(_passed_over(scene, row, places, width, marked=row is under_cursor))
    if not lines:
        empty = Row(width)
        empty.put(_NAME, "Nobody has points or a time yet.")
        lines.append(empty.line())
    head = _heading(quota, places, width)
    room = max(1, height - len(head))
    # The first row's section stays above it.
    first = min(max(scene.view.scroll, at - room + 1, 0), max(0, at - 1))
    first = min(first, max(0, len(lines) - room))
    shown = lines[first : first + room]
    drawn = [*head, *shown, *[blank(width)] * (room - len(shown))]
    order = tuple(row.key for row in (*quota.rows, *quota.passed_over))
    return Table(drawn[:height], order, first, len(shown))


def _heading(quota: Quota, places: _Places, width: int) -> list[Line]:
    heads, about = Row(width), Row(width)
    if quota.by_times:
        heads.right(places.best, "best", "heading")
    end = heads.right(places.points, "points", "heading")
    code = Span(quota.code, "strong", bold=True)
    count = Span(f" {quota.places} places", "heading")
    unofficial = Span("  unofficial", "warn")
    for spans in ([code, count, unofficial], [code, unofficial]):
        if _NAME + width_of(spans) < end:
            heads.run(_NAME, *spans)
            break
    words = f"at most {quota.most_per_noc} a nation · after {quota.meets} of {quota.of} World Cups"
    about.put(_NAME, cut(words, width - _NAME - 1), "dim")
    return [heads.line(), about.line()]


def _section(quota: Quota, section: Section, width: int) -> Line:
    if section is Section.RESERVE:
        words = "by times" if quota.by_times else "by points"
    else:
        count = quota.by_points if section is Section.POINTS else quota.by_times
        words = f"{count} place{'' if count == 1 else 's'}"
    return _part(_HEADINGS[section], words, width)


def _part(heading: str, words: str, width: int) -> Line:
    row = Row(width)
    row.run(_NAME, Span(heading, "heading"), Span(f"  {words}", "dim"))
    return row.line()


def _row(
    scene: CupScene, quota: Quota, place: Place, places: _Places, width: int, *, marked: bool
) -> Line:
    reserve = place.section is Section.RESERVE
    role = "dim" if reserve else "text"
    row = _who(scene, place, places, width, role, marked=marked)
    row.right(_RANK_END, str(place.place), "dim")
    by_points = place.section is Section.POINTS
    row.right(places.points, str(place.points), "text" if by_points else "dim", bold=by_points)
    if place.best_ms is not None:
        by_times = place.section is Section.TIMES
        best = show_time(place.best_ms)
        row.right(places.best, best, "text" if by_times else "dim", bold=by_times)
    for end, word, role in _cut_off(quota):
        if place is end:
            row.put(places.best + 2, word, role, bold=True)
    return row.line()


def _passed_over(
    scene: CupScene, place: Place, places: _Places, width: int, *, marked: bool
) -> Line:
    row = _who(scene, place, places, width, "dim", marked=marked)
    row.right(_RANK_END, "—", "dim")
    row.right(places.points, str(place.points), "dim")
    if place.best_ms is not None:
        row.right(places.best, show_time(place.best_ms), "dim")
    return row.line()


def _who(
    scene: CupScene, place: Place, places: _Places, width: int, role: str, *, marked: bool
) -> Row:
    row = Row(width, "cursor" if marked else "ground", Act("point", (place.key,)))
    if marked:
        row.put(0, "►", "key", bold=True)
    put_sign(row, _FOLLOW, followed=place.key in scene.followed)
    row.put(_NAME, fitted(place.competitor, places.name), role)
    row.right(places.noc, place.noc, role)
    return row


def cut_line(quota: Quota, width: int) -> Line:
    """Draw on one line who is the last in and who the first out."""
    row, column = Row(width), 1
    for place, word, role in _cut_off(quota):
        words = f" {called(place.competitor)} {place.noc} {_merit(quota, place)}"
        if column + len(word) + len(words) > width - 1:
            break
        column = row.run(column, Span(word, role, bold=True), Span(words)) + 3
    return row.line()


def _cut_off(quota: Quota) -> list[tuple[Place, str, str]]:
    ends = ((quota.last_in, "last in", "gain"), (quota.first_out, "first out", "loss"))
    return [(place, word, role) for place, word, role in ends if place is not None]


def _merit(quota: Quota, place: Place) -> str:
    """Return what somebody was let in or left out by."""
    by_times = place.section is not Section.POINTS and quota.by_times > 0
    if by_times and place.best_ms is not None:
        return show_time(place.best_ms)
    return f"{place.points} point{'' if place.points == 1 else 's'}"


def pane(scene: CupScene, quota: Quota, width: int, height: int) -> list[Line]:
    """Draw the cut, and how many places each nation has, the cursor's nation marked."""
    under_cursor = chosen(scene, quota)
    lines: list[Line] = []
    for place, word, role in _cut_off(quota):
        row = Row(width)
        row.put(0, word, role, bold=True)
        merit = _merit(quota, place)
        row.put(11, fitted(place.competitor, width - 18 - len(merit)))
        row.run_right(width - 1, Span(f"{place.noc}  ", "dim"), Span(merit))
        lines.append(row.line())
    heading = Row(width)
    most = Span(f"  at most {quota.most_per_noc}", "dim")
    heading.run(0, Span("PLACES BY NATION", "heading"), most)
    lines += [blank(width), heading.line()] if lines else [heading.line()]
    by_noc: dict[str, list[Place]] = {}
    for each in quota.rows:
        if each.section is not Section.RESERVE:
            by_noc.setdefault(each.noc, []).append(each)
    for noc, rows in sorted(by_noc.items(), key=lambda each: -len(each[1])):
        here = under_cursor is not None and under_cursor.noc == noc
        lines.append(_nation(noc, rows, width, here=here))
    lines += [blank(width)] * (height - len(lines))
    return lines[:height]


def _nation(noc: str, rows: Sequence[Place], width: int, *, here: bool) -> Line:
    row = Row(width)
    role = "strong" if here else "text"
    row.put(0, noc, role, bold=here)
    row.right(6, str(len(rows)), "strong", bold=True)
    names = ", ".join(called(each.competitor) for each in rows)
    row.put(8, cut(names, width - 9), role if here else "dim")
    return row.line()
