"""The world cup pane: the cup as it would stand if the race ended now."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Final

from longtrack.chase import Chase, chase, is_decided, rest_of_day
from longtrack.model import Division, Gender, Status
from longtrack.names import capitals
from longtrack.points import season_words
from longtrack.projection import Part, Projected, Projection
from longtrack.standings import Column
from longtrack.times import MINUS, ordinal
from rinkside.drawing.cities import short_cities
from rinkside.drawing.followed import put_sign
from rinkside.drawing.typeset import MEDALS, fitted, wrapped
from rinkside.ink import Act, Line, Row, Span, blank, width_of
from rinkside.scene import Scene

LEAST_ROWS: Final = 6
"""Heading and five rows."""

_MOST_NAME: Final = 20
_LEAST_NAME: Final = 13
_NOC: Final = 4
_TOTAL: Final = 5
_TODAY: Final = 4
_GAP: Final = 6
_RACE: Final = 5
_WITH_GAP: Final = 50
"""The narrowest pane that has a column for the gap to the leader: that of 150 columns."""
_WITH_RACES: Final = 70
"""The narrowest that has the season's races: that of 190 columns."""
_OPEN: Final = Act("standings")
"""What a click does where there is nobody of the race to point at."""


def pane(scene: Scene, cup: Projection, width: int, height: int, *, indent: int = 0) -> list[Line]:
    """Draw the pane: a heading, the leaders, whoever is on the ice, what the cursor's one needs.

    Args:
        scene: What to show.
        cup: The scene's cup.
        width: Columns.
        height: Lines.
        indent: Columns that stay free on the left.
    """
    columns = _Columns(cup, width, indent)
    lines = [_heading(scene, cup, columns)]
    told = _what_it_takes(scene, cup, columns, height - 1 - LEAST_ROWS)
    rows = _shown(scene, cup, height - len(lines) - len(told))
    lines += [_row(scene, cup, row, columns) for row in rows]
    lines += told
    lines += [blank(width)] * (height - len(lines))
    return lines[:height]


class _Columns:
    """Where the columns of a pane stand: a matter of its width, never of what is in it."""

    def __init__(self, cup: Projection, width: int, indent: int) -> None:
        self.width = width
        self.rank_end = indent + 2
        self.move = indent + 3
        self.name = indent + 7
        fixed = self.name + _NOC + _TOTAL + _TODAY + 1
        self.gap = width - indent >= _WITH_GAP
        fixed += _GAP if self.gap else 0
        self.name_width = max(_LEAST_NAME, min(_MOST_NAME, width - fixed))
        self.noc_end = self.name + self.name_width + _NOC
        self.total_end = self.noc_end + _TOTAL
        self.today_end = self.total_end + _TODAY
        self.gap_end = self.today_end + (_GAP if self.gap else 0)
        room = (width - self.gap_end - 1) // _RACE if width - indent >= _WITH_RACES else 0
        races = cup.now.columns
        self.races: Sequence[Column] = races[max(0, len(races) - room) :] if room else ()


def _heading(scene: Scene, cup: Projection, columns: _Columns) -> Line:
    row = Row(columns.width, act=_OPEN)
    start = columns.rank_end - 2
    when = Span(f"  {_when(scene, cup)}", "dim")
    if columns.races:
        row.run(start, Span(f"WORLD CUP {cup.cup}", "heading"), when)
        short = short_cities(race.city for race in columns.races)
        for index, race in enumerate(columns.races):
            if index == 0 or columns.races[index - 1].event_id != race.event_id:
                end = columns.gap_end + (index + 1) * _RACE
                row.right(end, short[race.city], "dim")
        return row.line()
    under_way = cup.race.begun and not cup.race.over
    count = [Span(f"{cup.done} of {cup.starters} in", "dim")] if under_way else []
    room = columns.width - start - 2 - width_of([when, *count])
    name = f"WORLD CUP {cup.cup}"
    row.run(start, Span(name if len(name) < room else name.removeprefix("WORLD "), "heading"), when)
    row.run_right(columns.width - 1, *count)
    return row.line()


def _when(scene: Scene, cup: Projection) -> str:
    if is_decided(cup, scene.meet):
        return f"{_family(cup.now.rows[0].competitor)} has won it"
    table = cup.scale.season
    by = "" if table == cup.season else f", by the {season_words(table)} table"
    if not cup.race.begun:
        return "before the race" + by
    return ("after the race" if cup.race.official else "if it ended now") + by


def _shown(scene: Scene, cup: Projection, room: int) -> list[Projected]:
    """Return the rows that fit: the leaders, and in their place those who matter now."""
    rows = list(cup.rows)
    shown = rows[: max(0, room)]
    wanted = [cup.key(entry) for entry in scene.action.entries[:2]]
    wanted += [key for key in (_cursor(scene, cup),) if key is not None]
    missing = [row for row in rows[len(shown) :] if row.standing.key in wanted]
    if missing and len(missing) < len(shown):
        shown[len(shown) - len(missing) :] = missing
    return shown


def _row(scene: Scene, cup: Projection, projected: Projected, columns: _Columns) -> Line:
    standing, waiting = projected.standing, projected.part is Part.WAITING
    under_cursor = standing.key == _cursor(scene, cup)
    starts = cup.entries.get(standing.key)
    act = _OPEN if starts is None else Act("point", (starts.key,))
    row = Row(columns.width, "cursor" if under_cursor else "ground", act)
    rank = projected.shown_rank
    on_ice = any(cup.key(entry) == standing.key for entry in scene.action.entries[:2])
    today = projected.part is Part.IN and projected.today
    role = "dim" if waiting and not on_ice else "text"
    row.right(columns.rank_end, str(rank), "dim" if waiting else MEDALS.get(rank, "dim"))
    if under_cursor:
        row.put(columns.rank_end, "►", "live")
    if moved := projected.moved:
        row.put(columns.move, move_sign(moved), "gain" if moved > 0 else "loss")
    follows = scene.followed.follows(standing.competitor, Gender(cup.cup[0]))
    put_sign(row, columns.name - 1, followed=follows)
    name = fitted(standing.competitor, columns.name_width)
    row.put(columns.name, name, "strong" if on_ice else role, bold=on_ice)
    row.right(columns.noc_end, standing.competitor.noc, "dim" if role == "dim" else "text")
    row.right(columns.total_end, str(standing.points), role, bold=not waiting)
    row.right(columns.today_end, _today(projected), "gain" if today else "dim")
    leader = cup.now.rows[0]
    if columns.gap and standing.points < leader.points:
        row.right(columns.gap_end, f"{MINUS}{leader.points - standing.points}", "dim")
    for index, race in enumerate(columns.races):
        score = standing.score(race)
        end = columns.gap_end + (index + 1) * _RACE
        row.right(end, "—" if score is None else str(score.points), "dim")
        if score is not None and score.division is Division.B and score.points:
            row.put(end, "b", "dim")
    return row.line()


def move_sign(moved: int) -> str:
    """Return ``▲3`` for three places won, ``▼5`` for five lost."""
    return f"{'▲' if moved > 0 else '▼'}{abs(moved)}"


def _today(projected: Projected) -> str:
    if projected.part is Part.WAITING:
        return "·"
    if projected.today is None:
        return "—"
    return f"+{projected.today}" if projected.today else "0"


def _cursor(scene: Scene, cup: Projection) -> str | None:
    """Return who is under the cursor, as the standings know them."""
    if scene.cursor is None:
        return None
    return next((key for key, entry in cup.entries.items() if entry.key == scene.cursor), None)


def _what_it_takes(scene: Scene, cup: Projection, columns: _Columns, room: int) -> list[Line]:
    key = _cursor(scene, cup)
    if key is None:
        return []
    takes = chase(cup, key, rest_of_day(cup, scene.meet))
    entry = cup.entries[key]
    if takes is None:
        waits = entry.status in (Status.TO_START, Status.ON_ICE)
        words = [f"{_family(entry.competitor)} has no points in this cup" + " yet" * waits]
    else:
        words = told(takes)
    lines: list[Line] = []
    start = columns.rank_end - 2
    for sentence in words:
        for index, text in enumerate(wrapped(sentence, columns.width - start - 2)):
            row = Row(columns.width)
            row.put(start + 2 * bool(index), text, "text")
            lines.append(row.line())
    return lines[: max(0, room)]


def told(takes: Chase) -> list[str]:
    """Return what it takes, in sentences."""
    name = _family(takes.standing.competitor)
    sentences = [f"{name} {', '.join(_gaps(takes))}"]
    if takes.above is not None and takes.may_place:
        above = _family(takes.above.competitor)
        sentences.append(
            f"{name} can't pass {above} in this race"
            if takes.passes_above is None
            else f"{name} passes {above} with place {takes.passes_above}"
            + (" or better" if takes.passes_above > 1 else "")
        )
    if takes.safe_today:
        leads = takes.above is None
        sentences.append(f"{name} can't be caught today" + ("" if leads else " from below"))
    elif takes.below is not None and takes.passed_by_below is not None:
        below = _family(takes.below.competitor)
        sentences.append(f"{below} needs {ordinal(takes.passed_by_below)} to pass {name}")
    return sentences


def _gaps(takes: Chase) -> list[str]:
    """Return how far the next above and the next below are."""
    mine, told = takes.standing.points, []
    if takes.above is not None:
        gap = takes.above.points - mine
        words = f"{gap} behind" if gap else "level behind"
        told.append(f"{words} {_family(takes.above.competitor)}")
    if takes.below is not None:
        gap = mine - takes.below.points
        words = f"{gap} ahead of" if gap else "level ahead of"
        told.append(f"{words} {_family(takes.below.competitor)}")
    return told or [f"{mine} points"]


def _family(competitor: object) -> str:
    return capitals(getattr(competitor, "family", None) or getattr(competitor, "name", ""))
