"""The rows of a board: what stands in which column for one start."""

from __future__ import annotations

from typing import Final

from longtrack.model import Discipline, Entry, Passage, Status
from longtrack.projection import Part
from longtrack.times import show_time
from rinkside.comparing import Against
from rinkside.drawing.compare import gap_role, put_difference, put_plot
from rinkside.drawing.cup import move_sign
from rinkside.drawing.expected import finish_in_column, needs_in_columns
from rinkside.drawing.followed import put_sign
from rinkside.drawing.grid import Grid
from rinkside.drawing.splits import put_splits, put_sprint_points
from rinkside.drawing.titles import group_word
from rinkside.drawing.typeset import LETTERS, MEDALS, fitted, lane_role, lane_sign
from rinkside.ink import Act, Line, Row


def pinned_row(grid: Grid, entry: Entry) -> Line:
    """Draw a skater of the pair in view, pinned on top of the grid."""
    row = Row(grid.columns.width, "band", Act("point", (entry.key,)))
    if entry.rank is None and entry.key == grid.scene.cursor:
        # Whoever has a rank has a row below, too, where the cursor is.
        row.put(0, "►", "key", bold=True)
    last = entry.last_passage
    if entry.status is Status.ON_ICE:
        _rank_at(row, grid, entry, bold=True)
    elif entry.rank is not None and not entry.status.is_invalid:
        _right(row, grid, "rank", str(entry.rank), MEDALS.get(entry.rank, "text"), bold=True)
    _who(row, grid, entry, name_role="strong", bold=True, lane=lane_role(entry))
    if entry.status in (Status.FINISHED, *LETTERS):
        _result(row, grid, entry, bold=True)
    elif last is not None:
        if not finish_in_column(row, grid.columns, grid.scene.expected.get(entry.key)):
            _cup(row, grid, entry)
        # The rank of the opener gives way to it.
        needs = needs_in_columns(row, grid.columns, grid.race, entry)
        put_splits(row, grid, entry, bold=True, before=needs)
        if needs is None and f"pass:{last.mark_m}" not in grid.columns:
            column = grid.columns["time"]
            row.right(column.end, _shown(last), "strong", bold=True)
            word = f" lap {last.number}" if grid.race.distance.counts_laps else f" {last.mark_m}"
            row.put(grid.columns["mark"].start, word, "dim")
        _gap_at(row, grid, entry)
    elif entry.awaits_reskate:
        _right(row, grid, "time", "RS", "warn", bold=True)
    return row.line()


_rows: dict[object, Line] = {}
_MOST_ROWS: Final = 400


def standing_row(grid: Grid, entry: Entry, upcoming: int | None, *, pins: bool) -> Line:
    """Draw a start in the classification or on the start list.

    Most rows are as they were when the board was drawn last: those are not drawn again.

    Args:
        grid: The board.
        entry: The start.
        upcoming: The number of the pair that starts next.
        pins: Whether the pair in view is pinned above; where not, it is tinted here.
    """
    if entry.status is Status.ON_ICE:
        return _standing_row(grid, entry, upcoming, pins=pins)  # its gaps depend on all others
    key = (entry, entry.pair == upcoming, grid.told_of(entry))
    line = _rows.get(key)
    if line is None:
        if len(_rows) >= _MOST_ROWS:
            _rows.clear()
        line = _rows[key] = _standing_row(grid, entry, upcoming, pins=pins)
    return line


def _standing_row(grid: Grid, entry: Entry, upcoming: int | None, *, pins: bool) -> Line:
    scene = grid.scene
    active = not pins and entry.status is Status.ON_ICE
    ground = "band" if active else "ground"
    if entry.key in scene.flash:
        ground = "flash"
    if entry.key == scene.cursor:
        ground = "cursor"
    row = Row(grid.columns.width, ground, Act("point", (entry.key,)))
    if entry.key == scene.cursor:
        row.put(0, "►", "key", bold=True)
    if active:
        _active(row, grid, entry)
    elif entry.status in (Status.FINISHED, *LETTERS):
        _classified(row, grid, entry)
    elif entry.status is Status.ON_ICE:
        _active(row, grid, entry)
    else:
        _waiting(row, grid, entry, is_next=entry.pair == upcoming)
    return row.line()


def _classified(row: Row, grid: Grid, entry: Entry) -> None:
    rank = entry.rank
    podium = rank is not None and rank <= 3 and entry.status is Status.FINISHED
    if rank is not None:
        role = MEDALS[rank] if podium and rank else "dim"
        _right(row, grid, "rank", str(rank), role, bold=podium)
    name_role = "strong" if podium else "dim" if entry.status.is_invalid else "text"
    _who(row, grid, entry, name_role=name_role, bold=podium, lane="dim")
    _result(row, grid, entry, bold=podium)


def _active(row: Row, grid: Grid, entry: Entry) -> None:
    last = entry.last_passage
    _rank_at(row, grid, entry, bold=False)
    # In a mass start everybody is on the ice: nobody stands out by that.
    bold = grid.race.distance.discipline is not Discipline.MASS_START
    name_role = "strong" if bold else "text"
    _who(row, grid, entry, name_role=name_role, bold=bold, lane=lane_role(entry))
    if last is None:
        return
    put_splits(row, grid, entry, bold=bold)
    put_sprint_points(row, grid, entry)
    _cup(row, grid, entry)
    if f"pass:{last.mark_m}" not in grid.columns:
        distance = grid.race.distance
        word = f"lap {last.number}" if distance.counts_laps else f"{last.mark_m} m"
        if bold:
            _right(row, grid, "time", word, "live")
    _gap_at(row, grid, entry, bold=bold)


def _rank_at(row: Row, grid: Grid, entry: Entry, *, bold: bool) -> None:
    """Put the rank at the last mark of somebody on the ice."""
    last = entry.last_passage
    place = None if last is None else grid.rank(entry, last)
    if place is None:
        return
    _right(row, grid, "rank", str(place.rank), "live", bold=bold)
    if place.doubted:
        row.put(grid.columns["gap"].start, "?", "warn")


def _waiting(row: Row, grid: Grid, entry: Entry, *, is_next: bool) -> None:
    role = "text" if is_next else "dim"
    _who(row, grid, entry, name_role=role, bold=False, lane=lane_role(entry) if is_next else "dim")
    _cup(row, grid, entry)
    if entry.awaits_reskate:
        if entry.time_ms is not None:
            _right(row, grid, "time", show_time(entry.time_ms), "dim")
        row.put(grid.columns["mark"].start, " RS", "warn", bold=True)
    elif entry.pair is not None:
        word = group_word(grid.race, entry.pair)
        _right(row, grid, "time", f"{word} {entry.pair}", role)


def _who(row: Row, grid: Grid, entry: Entry, *, name_role: str, bold: bool, lane: str) -> None:
    columns = grid.columns
    put_sign(row, columns["follow"].start, followed=entry.key in grid.followed)
    if "lane" in columns:
        _right(row, grid, "lane", lane_sign(entry), lane)
    name = columns["name"]
    row.put(name.start, fitted(entry.competitor, name.width), name_role, bold=bold)
    _right(row, grid, "noc", entry.noc, "dim" if name_role == "dim" else "text")
    if entry.kept:
        # The newest row names nobody: this is the last one that did.
        row.put(columns["gap"].start, "?", "warn")
    if "heat" in columns and entry.pair is not None:
        _right(row, grid, "heat", str(entry.pair), "dim")


def _result(row: Row, grid: Grid, entry: Entry, *, bold: bool) -> None:
    columns, race = grid.columns, grid.race
    put_splits(row, grid, entry, bold=False)
    column = columns["mark"].start
    if entry.status.is_invalid:
        _right(row, grid, "time", LETTERS[entry.status], "loss", bold=True)
        column = row.put(column, "".join(f" {code}" for code in entry.remarks), "dim", within=6)
        _right(row, grid, "behind", "—", "dim")
    else:
        if entry.time_ms is not None:
            first = entry.rank == 1
            role = "gold" if first else "strong" if bold else "text"
            _right(row, grid, "time", show_time(entry.time_ms), role, bold=bold)
            if entry.key in race.splits_hundredths:
                column = row.put(column, f"({entry.time_ms % 10})", "dim")
        for sign, role in _signs(grid, entry, columns["mark"].end - column):
            column = row.put(column, f" {sign}", role, bold=role != "gain")
        gap = grid.gap(entry)
        if gap is not None:
            # To the leader a finisher's gap is plain: it can't be but behind.
            plain = grid.compare.against is Against.LEADER
            role = "text" if plain else gap_role(gap.ms)
            put_difference(row, columns["behind"], gap, role, bold=False)
        if "plot" in columns and (gap is not None or grid.is_reference(entry)):
            ms = 0 if gap is None else gap.ms
            put_plot(row, columns["plot"], grid.compare, entry, ms, grid.plot_ms)
        if entry.time_ms is None and race.distance.counts_laps and entry.last_passage is not None:
            # Ranked without having skated the whole distance.
            _right(row, grid, "time", f"{entry.last_passage.number} laps", "dim")
    if "pts" in columns and grid.scale is not None:
        worth = grid.scale.points(race, entry)
        if worth is not None:
            _right(row, grid, "pts", str(worth), "text")
    put_sprint_points(row, grid, entry)
    _cup(row, grid, entry)


_WEIGHT: Final = ("WR", "OR", "TR", "NR", "±", "RS", "PB", "SB")
"""What goes before what where not all signs have room; codes of the sheet stand before bests."""


def _signs(grid: Grid, entry: Entry, room: int) -> list[tuple[str, str]]:
    """Return the signs after a time that fit into some cells, and the role of each.

    The weightiest stay; what stays keeps its usual order: records, own bests, all else.
    """
    marks = grid.marks.get(entry.key, ())
    signs = [(mark, "gain" if mark in ("PB", "SB") else "record") for mark in marks]
    signs += [("±", "warn")] if entry.key in grid.scene.corrected else []
    signs += [("RS", "warn")] if entry.reskate else []
    signs += [(code, "loss") for code in entry.remarks]
    bests = _WEIGHT.index("PB") - 0.5
    kept = []
    for sign in sorted(
        signs, key=lambda each: _WEIGHT.index(each[0]) if each[0] in _WEIGHT else bests
    ):
        if 1 + len(sign[0]) <= room:
            room -= 1 + len(sign[0])
            kept.append(sign)
    return [sign for sign in signs if sign in kept]


def _cup(row: Row, grid: Grid, entry: Entry) -> None:
    """Put the rank in the cup, and how it has moved for who is in."""
    if grid.cup is None:
        return
    projected = grid.cup.by_key.get(grid.cup.key(entry))
    if projected is None:
        return
    waiting = projected.part is Part.WAITING
    if waiting and projected.before is None:
        return
    column = grid.columns["cup"]
    row.right(column.start + 4, str(projected.shown_rank), "dim" if waiting else "text")
    if moved := projected.moved:
        row.put(column.start + 5, move_sign(moved), "gain" if moved > 0 else "loss")


def _gap_at(row: Row, grid: Grid, entry: Entry, *, bold: bool = True) -> None:
    gap = grid.gap(entry)
    if gap is not None:
        put_difference(row, grid.columns["behind"], gap, gap_role(gap.ms), bold=bold)


def _shown(passage: Passage) -> str:
    return ("~" if passage.modelled else "") + show_time(passage.time_ms)


def _right(
    row: Row, grid: Grid, name: str, text: str, role: str = "text", *, bold: bool = False
) -> None:
    row.right(grid.columns[name].end, text, role, bold=bold)
