"""Somebody's laps: a line each, in lines of ten, or a bar each beside those of others."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Final

import msgspec

from longtrack.laps import Lap, flying_laps
from longtrack.model import Discipline, Race
from longtrack.times import show_gap, show_time
from rinkside.drawing.typeset import cut
from rinkside.ink import Line, Row, Span

TABLE_WIDTH: Final = 52
_METRES, _LAP, _LAP_RANK, _TIME, _RANK, _GAP, _LOST = 7, 15, 20, 31, 36, 44, 51
"""Where the table's columns end."""

_TEN: Final = 10
_LAP_WIDTH: Final = 7

_BARS: Final = "▁▂▃▄▅▆▇█"
_BAR_STEPS: Final = ((100, 500), (200, 1000), (500, 1000), (1000, 1000), (2000, 2000), (5000, 5000))
"""Milliseconds from one height of a bar to the next, and of what the base is a multiple."""
_BAR_NAMES: Final = 13


def table(race: Race, laps: Sequence[Lap], reference: str, width: int) -> list[Line]:
    """Draw a line a lap, under a heading.

    Args:
        race: The race.
        laps: Somebody's laps in it.
        reference: Whom they are compared with; empty where there is nobody.
        width: Columns; what has no room is left out from the right.
    """
    distance = race.distance
    sprints = distance.discipline is Discipline.MASS_START
    heads = Row(width)
    by_lap = distance.counts_laps
    heads.right(_METRES, "lap" if by_lap else "metres", "heading")
    heads.right(_LAP, "time" if by_lap else "lap", "heading")
    heads.right(_LAP_RANK + 2, "points" if sprints else "rank", "heading")
    heads.right(_TIME, "at" if by_lap else "time", "heading")
    heads.right(_RANK + 2, "rank", "heading")
    if reference and width >= _LOST:
        words = cut(f"to {reference}", _LOST - _RANK - 3)
        heads.right(_LOST - 1 if len(words) < 12 else _LOST, words, "heading")
    best = best_of(laps)
    rows = (_row(lap, best, width, by_lap=by_lap, sprints=sprints) for lap in laps)
    return [heads.line(), *rows]


def _row(lap: Lap, best: int | None, width: int, *, by_lap: bool, sprints: bool) -> Line:
    row, passage = Row(width), lap.passage
    row.right(_METRES, str(passage.number if by_lap else passage.mark_m), "dim")
    if passage.lap_ms is not None:
        row.run_right(_LAP, lap_time(lap, best))
    if sprints:
        if passage.sprint_points:
            row.right(_LAP_RANK, str(passage.sprint_points), "text", bold=True)
    elif lap.lap_rank is not None:
        first = lap.lap_rank == 1 and not lap.lap_is_modelled
        row.right(_LAP_RANK, str(lap.lap_rank), "record" if first else "dim", bold=first)
    tilde = "~" if passage.modelled else ""
    row.right(_TIME, tilde + show_time(passage.time_ms), "dim" if passage.modelled else "text")
    if lap.rank is not None:
        leads = lap.rank == 1
        row.right(_RANK, str(lap.rank), "gold" if leads else "dim", bold=leads)
    if lap.gap_ms is not None and width >= _LOST:
        row.run_right(_GAP, gap(lap.gap_ms, modelled=lap.gap_is_modelled))
        if lap.lost_ms is not None:
            row.right(_LOST, gap(lap.lost_ms, modelled=lap.lost_is_modelled).text, "dim")
    return row.line()


def lap_time(lap: Lap, best: int | None = None) -> Span:
    """Return the time of a lap; a modelled one is dim.

    Args:
        lap: The lap.
        best: The skater's best, in milliseconds: it stands out.
    """
    ms = lap.passage.lap_ms or 0
    if lap.lap_is_modelled:
        return Span(f"~{show_time(ms)}", "dim")
    if best is not None and not lap.is_opener and ms // 10 == best // 10:
        return Span(show_time(ms), "record", bold=True)
    return Span(show_time(ms))


def best_of(laps: Sequence[Lap]) -> int | None:
    """Return the time of somebody's best lap, in milliseconds; None where there is but one."""
    times = [lap.passage.lap_ms or 0 for lap in flying_laps(tuple(laps))]
    return min(times) if len(times) > 1 else None


def gap(gap_ms: int, *, modelled: bool = False) -> Span:
    """Return a gap with its sign, coloured by whether it is won or lost; a modelled one is dim."""
    if modelled:
        return Span(f"~{show_gap(gap_ms)}", "dim")
    return Span(show_gap(gap_ms), "gain" if gap_ms < 0 else "loss" if gap_ms > 0 else "text")


def tens(race: Race, laps: Sequence[Lap], width: int) -> list[Line]:
    """Draw the laps in lines of ten, each after the mark its first one ends at.

    In a narrow window it is five to a line.
    """
    count = _TEN if width >= _METRES + _TEN * _LAP_WIDTH + 1 else _TEN // 2
    lines: list[Line] = []
    best = best_of(laps)
    for start in range(0, len(laps), count):
        row, first = Row(width), laps[start].passage
        row.right(_METRES, str(first.number if race.distance.counts_laps else first.mark_m), "dim")
        for index, lap in enumerate(laps[start : start + count], start=1):
            if lap.passage.lap_ms is not None:
                row.run_right(_METRES + index * _LAP_WIDTH, lap_time(lap, best))
        lines.append(row.line())
    return lines


class Bars(msgspec.Struct, frozen=True):
    """Whose laps to draw as bars."""

    name: str
    role: str
    laps: tuple[Lap, ...]


def bars(everyone: Sequence[Bars], width: int, *, airy: bool) -> list[Line]:
    """Draw a bar a lap, a line a skater, and the average; the part with the start is left out.

    Args:
        everyone: Whose laps.
        width: Columns.
        airy: Whether there is a blank line between two skaters, so that bars do not merge.
    """
    known = [flying_laps(each.laps) for each in everyone]
    times = [lap.passage.lap_ms or 0 for laps in known for lap in laps]
    if not times:
        return []
    base, step = _heights(times)
    heading = Row(width)
    words = f"each bar a lap, {step / 1000:g} s a step over {base / 1000:g}"
    heading.run(0, Span("LAPS", "heading"), Span(f"  {words}", "dim"))
    lines = [heading.line()]
    for each, laps in zip(everyone, known, strict=True):
        if not laps:
            continue
        row = Row(width)
        row.put(0, cut(each.name, _BAR_NAMES - 1), each.role)
        heights = [min(((lap.passage.lap_ms or 0) - base) // step, 7) for lap in laps]
        column = row.put(_BAR_NAMES, "".join(_BARS[height] for height in heights), each.role)
        average = sum(lap.passage.lap_ms or 0 for lap in laps) // len(laps)
        tilde = "~" if any(lap.lap_is_modelled for lap in laps) else ""
        row.put(column + 2, tilde + show_time(average), "dim" if tilde else "text")
        if airy and len(lines) > 1:
            lines.append(Row(width).line())
        lines.append(row.line())
    return lines


def _heights(times: Sequence[int]) -> tuple[int, int]:
    """Return the round time under all bars, and the finest step from height to height.

    It is the one with which nine of ten have their height; the slowest laps are all as high.
    """
    base, step = 0, 0
    slow = sorted(times)[max(0, len(times) * 9 // 10 - 1)]
    for step, grid in _BAR_STEPS:
        base = min(times) // grid * grid
        if slow - base < len(_BARS) * step:
            break
    return base, step
