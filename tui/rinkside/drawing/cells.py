"""The rows of a board: what stands in which column for one start."""

from __future__ import annotations

from typing import Final

import msgspec

from longtrack.model import Discipline, Entry, Passage, Race, Status
from longtrack.points import Scale, scale_of
from longtrack.projection import Part, Projection
from longtrack.times import gap_ms, show_gap, show_time
from rinkside.drawing.columns import Columns
from rinkside.drawing.cup import move_sign
from rinkside.drawing.titles import group_word
from rinkside.drawing.typeset import LETTERS, MEDALS, fitted, lane_role, lane_sign
from rinkside.ink import Line, Row
from rinkside.scene import Scene

_SPRINT_LAPS: Final = {"s1": 4, "s2": 8, "s3": 12}
"""After which laps of a mass start points are given, by column; the finish is ``f``."""


class Grid(msgspec.Struct, frozen=True):
    """A race and the columns it is shown in, with what is worked out once for all rows."""

    scene: Scene
    race: Race
    columns: Columns
    leader: Entry | None
    marks: dict[str, tuple[str, ...]]
    """Kinds of the records an entry has broken and of its own bests it has beaten, by its key."""
    fastest_laps: dict[tuple[str, int], int]
    """Rank of a lap among all, by entry and mark."""
    scale: Scale | None
    """What places are worth; None at a meet that is no World Cup."""
    plot_ms: int
    """Length of the gap plot's scale."""
    cup: Projection | None
    """The cup the race scores in."""

    @classmethod
    def of(cls, scene: Scene, race: Race, columns: Columns) -> Grid:
        """Work out what the rows have in common."""
        event = scene.meet.event
        return cls(
            scene=scene,
            race=race,
            columns=columns,
            leader=race.leader,
            marks=scene.book.marks(race, scene.meet),
            fastest_laps=_lap_ranks(race),
            scale=scale_of(event.season) if event.is_world_cup else None,
            plot_ms=_plot_scale(race),
            cup=scene.cup if "cup" in columns else None,
        )

    def told_of(self, entry: Entry) -> tuple[object, ...]:
        """Return all that a row of somebody who is not on the ice shows beyond the start itself."""
        scene, race, key = self.scene, self.race, entry.key
        leader, projected = self.leader, None
        if self.cup is not None:
            row = self.cup.by_key.get(self.cup.key(entry))
            if row is not None:
                projected = (row.shown_rank, row.moved, row.part, row.before is None)
        return (
            scene.meet.id,
            race.code,
            len(race.entries),
            self.columns.width,
            self.plot_ms,
            leader and (leader.key, leader.time_ms),
            key in race.splits_hundredths,
            self.marks.get(key),
            tuple(self.fastest_laps.get((key, mark)) for mark in race.distance.marks[1:]),
            projected,
            None if self.scale is None else self.scale.points(race, entry),
            key == scene.cursor,
            key in scene.flash,
            key in scene.corrected,
        )


def _lap_ranks(race: Race) -> dict[tuple[str, int], int]:
    ranks: dict[tuple[str, int], int] = {}
    for mark in race.distance.marks[1:]:
        laps = sorted(
            (passage.lap_ms // 10, entry.key)
            for entry in race.entries
            if (passage := entry.passage(mark)) is not None and passage.lap_ms is not None
        )
        times = [time for time, _ in laps]
        for time, key in laps:
            ranks[key, mark] = 1 + times.index(time)
    return ranks


_PLOT_SCALES: Final = (200, 500, 1000, 1500, 2000, 3000, 5000, 10_000, 20_000, 60_000)


def _plot_scale(race: Race) -> int:
    """Return the round gap, in milliseconds, within which four of five finishers are."""
    leader = race.leader
    if leader is None or leader.time_ms is None:
        return _PLOT_SCALES[0]
    gaps = sorted(
        gap_ms(entry.time_ms, leader.time_ms)
        for entry in race.entries
        if entry.status is Status.FINISHED and entry.time_ms is not None
    )
    wanted = gaps[max(0, len(gaps) * 4 // 5 - 1)]
    return next((scale for scale in _PLOT_SCALES if scale >= wanted), _PLOT_SCALES[-1])


def _plot(row: Row, grid: Grid, entry: Entry, gap: int) -> None:
    column = grid.columns["plot"]
    start, room = column.start + 3, column.width - 5
    place = round(gap / grid.plot_ms * room)
    if place > room:
        row.put(start, "─" * room + "►", "line")
        return
    row.put(start, "─" * place, "line")
    row.put(start + place, "●", MEDALS.get(entry.rank or 0, "dim"))


def pinned_row(grid: Grid, entry: Entry) -> Line:
    """Draw a skater of the pair in view, pinned on top of the grid."""
    row = Row(grid.columns.width, "band")
    last = entry.last_passage
    rank = entry.rank if entry.status is Status.FINISHED or last is None else last.rank
    if rank is not None and not entry.status.is_invalid:
        role = "live" if entry.status is Status.ON_ICE else MEDALS.get(rank, "text")
        _right(row, grid, "rank", str(rank), role, bold=True)
    _who(row, grid, entry, name_role="strong", bold=True, lane=lane_role(entry))
    if entry.status in (Status.FINISHED, *LETTERS):
        _result(row, grid, entry, bold=True)
    elif last is not None:
        _cup(row, grid, entry)
        _splits(row, grid, entry, bold=True)
        if f"pass:{last.mark_m}" not in grid.columns:
            column = grid.columns["time"]
            row.right(column.end, _shown(last), "strong", bold=True)
            word = f" lap {last.number}" if grid.race.distance.counts_laps else f" {last.mark_m}"
            row.put(grid.columns["mark"].start, word, "dim")
        _gap_at(row, grid, entry, last)
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
    row = Row(grid.columns.width, ground)
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
    if last is not None and last.rank is not None:
        _right(row, grid, "rank", str(last.rank), "live")
    # In a mass start everybody is on the ice: nobody stands out by that.
    bold = grid.race.distance.discipline is not Discipline.MASS_START
    name_role = "strong" if bold else "text"
    _who(row, grid, entry, name_role=name_role, bold=bold, lane=lane_role(entry))
    if last is None:
        return
    _splits(row, grid, entry, bold=bold)
    _mass_start(row, grid, entry)
    _cup(row, grid, entry)
    if f"pass:{last.mark_m}" not in grid.columns:
        distance = grid.race.distance
        word = f"lap {last.number}" if distance.counts_laps else f"{last.mark_m} m"
        if bold:
            _right(row, grid, "time", word, "live")
    _gap_at(row, grid, entry, last, bold=bold)


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
    _splits(row, grid, entry, bold=False)
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
        leader = grid.leader
        if leader and leader.time_ms is not None and entry.time_ms is not None:
            gap = gap_ms(entry.time_ms, leader.time_ms)
            if leader.key != entry.key:
                _right(row, grid, "behind", show_gap(gap), "text")
            if "plot" in columns:
                _plot(row, grid, entry, gap)
        if entry.time_ms is None and race.distance.counts_laps and entry.last_passage is not None:
            # Ranked without having skated the whole distance.
            _right(row, grid, "time", f"{entry.last_passage.number} laps", "dim")
    if "pts" in columns and grid.scale is not None:
        worth = grid.scale.points(race, entry)
        if worth is not None:
            _right(row, grid, "pts", str(worth), "text")
    _mass_start(row, grid, entry)
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


def _splits(row: Row, grid: Grid, entry: Entry, *, bold: bool) -> None:
    columns = grid.columns
    for name, column in columns.by_name.items():
        kind, _, mark = name.partition(":")
        if not mark:
            continue
        passage = entry.passage(int(mark))
        if passage is None:
            continue
        first = passage.rank == 1
        if kind == "pass":
            _figure(row, column.end, _shown(passage), passage.modelled, bold=bold, fastest=first)
        elif kind == "rank" and passage.rank is not None:
            row.right(column.end, str(passage.rank), "record" if first else "dim", bold=first)
        elif kind == "lap" and passage.lap_ms is not None:
            best = grid.fastest_laps.get((entry.key, int(mark))) == 1
            modelled = lap_is_modelled(entry, passage)
            time = ("~" if modelled else "") + show_time(passage.lap_ms)
            _figure(row, column.end, time, modelled, bold=bold, fastest=best)
        elif kind == "laprank":
            rank = grid.fastest_laps.get((entry.key, int(mark)))
            if rank is not None:
                row.right(column.end, str(rank), "record" if rank == 1 else "dim", bold=rank == 1)
    laps = [passage.lap_ms for passage in entry.passages[1:] if passage.lap_ms is not None]
    if "last" in columns and laps:
        _right(row, grid, "last", show_time(laps[-1]), "text", bold=bold)
    if "avg" in columns and laps:
        _right(row, grid, "avg", show_time(sum(laps) // len(laps)), "dim")


def _figure(
    row: Row,
    end: int,
    text: str,
    modelled: bool,
    *,
    bold: bool,
    fastest: bool,
) -> None:
    role = "record" if fastest and not modelled else "dim" if modelled and not bold else "text"
    row.right(end, text, role, bold=bold or fastest, underline=fastest)


def lap_is_modelled(entry: Entry, passage: Passage) -> bool:
    """Tell whether either end of a lap was not published."""
    before = [each for each in entry.passages if each.number == passage.number - 1]
    return passage.modelled or any(each.modelled for each in before)


def _gap_at(row: Row, grid: Grid, entry: Entry, passage: Passage, *, bold: bool = True) -> None:
    gap = running_gap(grid.race, entry, passage)
    if gap is not None:
        role = "gain" if gap < 0 else "loss" if gap > 0 else "text"
        _right(row, grid, "behind", show_gap(gap), role, bold=bold)


def running_gap(race: Race, entry: Entry, passage: Passage) -> int | None:
    """Return the gap in milliseconds to the race's leader at a mark; negative is ahead.

    While nobody has finished, it is the gap to the fastest of those who have passed the mark.
    """
    leader = race.leader
    if leader is not None and leader.key != entry.key:
        reference = leader.passage(passage.mark_m)
        return None if reference is None else gap_ms(passage.time_ms, reference.time_ms)
    others = [
        each.time_ms
        for other in race.entries
        if (other.key != entry.key or race.distance.discipline is Discipline.MASS_START)
        and (each := other.passage(passage.mark_m)) is not None
    ]
    if not others:
        return None
    return gap_ms(passage.time_ms, min(others))


def _mass_start(row: Row, grid: Grid, entry: Entry) -> None:
    if "tot" not in grid.columns:
        return
    by_lap = {passage.number: passage.sprint_points or 0 for passage in entry.passages}
    total = sum(by_lap.values())
    role = MEDALS.get
    for name, lap in {**_SPRINT_LAPS, "f": grid.race.distance.laps}.items():
        if name in grid.columns:
            won = by_lap.get(lap, 0)
            medal = {3: 1, 2: 2, 1: 3}.get(won, 0) if name != "f" else 0
            _right(row, grid, name, str(won) if won else "·", role(medal, "text" if won else "dim"))
    _right(row, grid, "tot", str(total) if total else "·", "text", bold=bool(total))


def _shown(passage: Passage) -> str:
    return ("~" if passage.modelled else "") + show_time(passage.time_ms)


def _right(
    row: Row, grid: Grid, name: str, text: str, role: str = "text", *, bold: bool = False
) -> None:
    row.right(grid.columns[name].end, text, role, bold=bold)
