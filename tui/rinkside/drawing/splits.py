"""What stands between name and finish: passages, laps, their ranks, and points on the way."""

from __future__ import annotations

from typing import Final

from longtrack.laps import lap_is_modelled
from longtrack.model import Distance, Entry
from longtrack.reference import (
    Difference,
    MarkRank,
    Reference,
    average_difference,
    difference,
    lap_difference,
    last_lap_difference,
)
from longtrack.times import show_time
from rinkside.drawing.columns import Column
from rinkside.drawing.compare import gap_role, put_difference
from rinkside.drawing.grid import Grid
from rinkside.drawing.typeset import MEDALS
from rinkside.ink import Row

_SPRINT_LAPS: Final = {"s1": 4, "s2": 8, "s3": 12}
"""After which laps of a mass start points are given, by column; the finish is ``f``."""

_WITHOUT_ROOM: Final = 7
"""A column this narrow has its sign of a difference right behind the word."""


def put_splits(
    row: Row, grid: Grid, entry: Entry, *, bold: bool, before: int | None = None
) -> None:
    """Put the passages and laps, or how they differ from the reference's, with their ranks.

    Args:
        row: Where.
        grid: The board.
        entry: Whose.
        bold: Whether they stand out.
        before: The column from which on the row is taken by something else.
    """
    for name, column in grid.columns.by_name.items():
        kind, _, mark = name.partition(":")
        passage = entry.passage(int(mark)) if mark else None
        if passage is None or (before is not None and column.end > before):
            continue
        if kind == "rank":
            _rank(row, column, grid.rank(entry, passage))
        elif kind == "laprank":
            place = grid.fastest_laps.get((entry.key, passage.mark_m))
            _rank(row, column, None if place is None else MarkRank(place))
        elif not _differs(grid, name, entry):
            if kind == "pass":
                place_there = grid.rank(entry, passage)
                first = place_there is not None and place_there.rank == 1
                _time(row, column, passage.time_ms, passage.modelled, bold=bold, fastest=first)
            elif kind == "lap" and passage.lap_ms is not None:
                first = grid.fastest_laps.get((entry.key, passage.mark_m)) == 1
                modelled = lap_is_modelled(entry, passage)
                _time(row, column, passage.lap_ms, modelled, bold=bold, fastest=first)
    _put_pace(row, grid, entry, bold=bold)
    _put_differences(row, grid, entry, bold=bold)


def _put_pace(row: Row, grid: Grid, entry: Entry, *, bold: bool) -> None:
    laps = [passage.lap_ms for passage in entry.passages[1:] if passage.lap_ms is not None]
    if not laps:
        return
    for name, time, role in (("last", laps[-1], "text"), ("avg", sum(laps) // len(laps), "dim")):
        if name in grid.columns and not _differs(grid, name, entry):
            strong = bold and name == "last"
            row.right(grid.columns[name].end, show_time(time), role, bold=strong)


def _differs(grid: Grid, name: str, entry: Entry) -> bool:
    # The reference keeps its own times: they are what the others differ from.
    return name in grid.differing and not grid.is_reference(entry)


def _put_differences(row: Row, grid: Grid, entry: Entry, *, bold: bool) -> None:
    theirs = grid.reference_of(entry) if grid.differing else None
    if theirs is None:
        return
    mine = Reference.of(entry, distance=grid.race.distance)
    for name in grid.differing:
        found = _difference(name, mine, theirs)
        if found is not None:
            put_difference(row, grid.columns[name], found, gap_role(found.ms), bold=bold)


def _difference(name: str, mine: Reference, theirs: Reference) -> Difference | None:
    kind, _, mark = name.partition(":")
    if kind == "pass":
        return difference(mine, theirs, int(mark))
    if kind == "lap":
        return lap_difference(mine, theirs, int(mark))
    return (last_lap_difference if kind == "last" else average_difference)(mine, theirs)


def split_head(grid: Grid, name: str, distance: Distance) -> str:
    """Return what stands over a column of passages or laps; empty for another column."""
    kind, _, mark = name.partition(":")
    if kind == "pass":
        head = f"{mark} m"
    elif kind == "lap":
        lap = distance.marks.index(int(mark))
        head = "lap" if len(distance.marks) == 2 else f"lap {lap}"
    elif name in ("last", "avg"):
        head = name
    else:
        return ""
    if name not in grid.differing:
        return head
    return f"{head}±" if grid.columns[name].width <= _WITHOUT_ROOM else f"{head} ±"


def _rank(row: Row, column: Column, place: MarkRank | None) -> None:
    if place is None:
        return
    if place.doubted:
        row.right(column.end, f"?{place.rank}", "warn")
        return
    first = place.rank == 1
    row.right(column.end, str(place.rank), "record" if first else "dim", bold=first)


def _time(row: Row, column: Column, ms: int, modelled: bool, *, bold: bool, fastest: bool) -> None:
    text = ("~" if modelled else "") + show_time(ms)
    role = "record" if fastest and not modelled else "dim" if modelled and not bold else "text"
    row.right(column.end, text, role, bold=bold or fastest, underline=fastest)


def put_sprint_points(row: Row, grid: Grid, entry: Entry) -> None:
    """Put the points of a mass start, by sprint and together."""
    if "tot" not in grid.columns:
        return
    by_lap = {passage.number: passage.sprint_points or 0 for passage in entry.passages}
    total = sum(by_lap.values())
    role = MEDALS.get
    for name, lap in {**_SPRINT_LAPS, "f": grid.race.distance.laps}.items():
        if name in grid.columns:
            won = by_lap.get(lap, 0)
            medal = {3: 1, 2: 2, 1: 3}.get(won, 0) if name != "f" else 0
            column, text = grid.columns[name], str(won) if won else "·"
            row.right(column.end, text, role(medal, "text" if won else "dim"))
    text = str(total) if total else "·"
    row.right(grid.columns["tot"].end, text, "text", bold=bool(total))
