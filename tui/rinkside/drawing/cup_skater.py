"""One skater's season in a cup: every race with place, time and points, and the rank so far."""

from __future__ import annotations

from collections import Counter
from typing import Final

import msgspec

from longtrack.model import Division, Status
from longtrack.names import capitals
from longtrack.standings import Column as CupRace
from longtrack.standings import Score, Standing
from longtrack.times import gap_ms, ordinal, show_gap, show_time
from rinkside.cup_scene import Cup, CupScene
from rinkside.drawing import cup_chart
from rinkside.drawing.standings import better_than, place_of, points_of
from rinkside.drawing.titles import called
from rinkside.drawing.typeset import LETTERS, MEDALS, cut, fitted
from rinkside.ink import Line, Row, Span, blank

SIDE_BY_SIDE: Final = 116
"""From this window on there is room for it right of the table."""

_SIDES: Final = ((190, 78), (150, 52), (SIDE_BY_SIDE, 42))
_ROOM_FOR_GAPS: Final = 48
_CHART_ROWS: Final = 13
"""As many as are worth it."""


def side(window: int) -> int:
    """Return how many columns it has in a window; 0 where there is no room for it."""
    return next((columns for least, columns in _SIDES if window >= least), 0)


class _Places(msgspec.Struct, frozen=True):
    """Where the columns end; the letter of a Division B stands right of places and points."""

    race: int
    place: int
    time: int
    behind: int | None
    points: int

    @classmethod
    def of(cls, cup: str, width: int) -> _Places:
        long = cup[1:] == "LONG"
        # The length of the race stands after the city, and times have minutes.
        race = 20 if long else 16
        time = race + 4 + (9 if long or cup[1:] in ("MS", "TP") else 8)
        behind = None
        end = time
        if width >= _ROOM_FOR_GAPS and cup[1:] != "MS":
            behind = end = time + 9
        return cls(race, race + 4, time, behind, end + 5)


def draw(scene: CupScene, width: int, height: int) -> list[Line]:
    """Draw the pane of the skater under the cursor.

    Args:
        scene: What to show.
        width: Columns.
        height: Lines. Where they are short the chart goes first, then the oldest races.
    """
    standing, cup = scene.chosen, scene.cup
    if standing is None or cup is None:
        return [blank(width)] * height
    head = [_name(standing, width), sentence(cup, standing, width), blank(width)]
    tail = [blank(width), _neighbours(standing, cup.now.rows, width)]
    if cup.is_to_skate(standing.key):
        tail = []  # others have gone ahead for the time being
    listed = races(scene, standing, width)
    room = height - len(head) - len(tail)
    if len(listed) > room:
        # The heads and the total stay, and the newest races.
        kept = max(0, room - 3)
        gone = Row(width)
        gone.put(0, "…", "dim")
        newest = listed[len(listed) - 1 - kept : -1]
        listed = [listed[0], gone.line(), *newest, listed[-1]][: max(0, room)]
    lines = [*head, *listed]
    left = height - len(lines) - len(tail) - 1 - cup_chart.EXTRA
    if left >= cup_chart.LEAST_ROWS:
        words = [f"RANK IN {capitals(cup.meet_city)}"] if scene.view.alone else []
        drawn = chart(cup, standing, width, left, *words)
        lines += [blank(width), *drawn] if drawn else []
    lines += tail
    lines += [blank(width)] * (height - len(lines))
    return lines[:height]


def chart(cup: Cup, standing: Standing, width: int, height: int, *heading: str) -> list[Line]:
    """Draw the rank after each race; nothing for one race alone.

    Args:
        cup: The cup.
        standing: Somebody in it.
        width: Columns.
        height: Most lines of the plot.
        heading: What it is of, where that is not the season.
    """
    # Who is still to skate a race has no rank after it yet.
    raced = [race for race in cup.now.columns if not cup.may_score(standing.key, race)]
    if len(raced) < 2:
        return []
    ranks = cup.now.ranks_after_races(standing.key)[: len(raced)]
    return cup_chart.draw(raced, ranks, width, min(height, _CHART_ROWS), *heading)


def _name(standing: Standing, width: int) -> Line:
    row = Row(width)
    noc = standing.competitor.noc
    name = fitted(standing.competitor, width - len(noc) - 2)
    row.run(0, Span(name, "strong", bold=True), Span(f" {noc}", "dim"))
    return row.line()


def sentence(cup: Cup, standing: Standing, width: int) -> Line:
    """Draw the rank in a cup and the points, and how far that is from the first."""
    row, rows = Row(width), cup.now.rows
    if not standing.points:
        row.put(0, cut("no points yet", width - 1))
        return row.line()
    if cup.is_to_skate(standing.key):
        rank = ordinal(cup.shown_rank(standing))
        row.put(0, cut(f"{rank}, {_points(standing)}, still to skate", width - 1))
        return row.line()
    count = sum(each.rank == standing.rank for each in rows)
    place = f"{'joint ' if count > 1 else ''}{ordinal(standing.rank)}"
    words = f"{place}, {_points(standing)}"
    first, worse = rows[0], next((each for each in rows if each.rank > standing.rank), None)
    if standing.rank > 1:
        words += f", {_apart(first, standing)} behind {called(first.competitor)}"
    elif count == 1 and worse is not None:
        words += f", {_apart(standing, worse)} ahead of {called(worse.competitor)}"
    row.put(0, cut(words, width - 1))
    return row.line()


def _points(standing: Standing) -> str:
    return f"{standing.points} point{'' if standing.points == 1 else 's'}"


def _apart(better: Standing, worse: Standing) -> int:
    return better.points - worse.points


def _neighbours(standing: Standing, rows: tuple[Standing, ...], width: int) -> Line:
    row = Row(width)
    better = better_than(standing, rows)
    worse = next((each for each in rows if each.rank > standing.rank), None)
    column = 0
    for each, word in ((better, "ahead"), (worse, "behind")):
        if each is None:
            continue
        gap = abs(each.points - standing.points)
        said = f"{gap} {word}" if gap else "level on points"
        column = row.run(column, Span(f"{ordinal(each.rank)} is ", "dim"), Span(said)) + 3
    return row.line()


def races(scene: CupScene, standing: Standing, width: int) -> list[Line]:
    """Draw a line a race of the cup, with place, time and points, and the total."""
    cup = scene.cup
    assert cup is not None
    place = _Places.of(cup.code, width)
    heads = Row(width)
    heads.put(0, "race", "heading")
    heads.right(place.place, "place", "heading")
    heads.right(place.time - 1, "time", "heading")
    if place.behind is not None:
        heads.right(place.behind, "behind", "heading")
    heads.right(place.points, "pts", "heading")
    lines = [heads.line()]
    names = race_names(cup.now.columns, with_length=cup.code[1:] == "LONG")
    for race, name in zip(cup.now.columns, names, strict=True):
        lines.append(_race(scene, standing, race, name, place, width))
    total = Row(width)
    total.put(0, "total", "dim")
    total.right(place.points, str(standing.points), "strong", bold=True)
    return [*lines, total.line()]


def _race(
    scene: CupScene, standing: Standing, race: CupRace, name: str, place: _Places, width: int
) -> Line:
    row = Row(width)
    row.put(0, cut(name, place.race))
    score = standing.score(race)
    points, letter, role = points_of(scene, standing, race)
    row.right(place.points, points, role, bold=points.isdigit())
    row.put(place.points, letter, role)
    if score is None:
        return row.line()
    result = score.result
    medal = score.division is Division.A and result.rank in MEDALS
    if result.rank is not None:
        said = place_of(score)
        row.right(
            place.place,
            said.removesuffix("b"),
            MEDALS[result.rank] if medal else "text",
            bold=medal,
        )
        if score.division is Division.B:
            row.put(place.place, "b", "dim")
    if result.status in LETTERS:
        row.right(place.time, LETTERS[result.status], "loss")
    elif result.time_ms is not None:
        row.right(place.time, show_time(result.time_ms))
        if place.behind is not None:
            row.right(place.behind, _behind(scene, score), "dim")
    return row.line()


def _behind(scene: CupScene, score: Score) -> str:
    """Return the gap to the winner of the same race."""
    cup, own = scene.cup, score.result.time_ms
    if cup is None or own is None or score.result.rank == 1:
        return ""
    won = [
        other.result.time_ms
        for row in cup.now.rows
        if (other := row.score(score.column)) is not None
        and other.division is score.division
        and other.result.rank == 1
        and other.result.status is Status.FINISHED
        and other.result.time_ms is not None
    ]
    return show_gap(gap_ms(own, won[0])) if won else ""


def race_names(races: tuple[CupRace, ...], *, with_length: bool) -> list[str]:
    """Return a name for each race: its city, and ``2`` for the second one there."""
    seen: Counter[tuple[str, int | None]] = Counter()
    names: list[str] = []
    for race in races:
        kind = (race.city, race.metres)
        seen[kind] += 1
        length = f" {race.metres}" if with_length and race.metres else ""
        second = f" {seen[kind]}" if seen[kind] > 1 else ""
        names.append(f"{race.city}{length}{second}")
    return names
