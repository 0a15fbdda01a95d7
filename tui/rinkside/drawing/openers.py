"""Openers: how they rank, and what became of them at the finish."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Final

from longtrack.laps import Lap, Opener
from longtrack.times import gap_ms, ordinal, show_gap, show_time
from rinkside.drawing.cup import move_sign
from rinkside.drawing.typeset import MEDALS, fitted
from rinkside.ink import Line, Row, Span, blank

LEAST_ROWS: Final = 4
"""Heading and three."""
_MOST_ROWS: Final = 10
_MOST_NAME: Final = 22


def against_finish(openers: Sequence[Opener], key: str, width: int, height: int) -> list[Line]:
    """Draw who had the best openers, and where they finished; somebody always among them.

    Args:
        openers: The openers of a race, best first.
        key: Who is always shown.
        width: Columns.
        height: Most lines.
    """
    if not openers or height < LEAST_ROWS:
        return []
    room = min(height - 1, _MOST_ROWS)
    shown = list(openers[:room])
    own = next((each for each in openers if each.entry.key == key), None)
    if own is not None and own not in shown:
        shown[-1] = own
    name = min(_MOST_NAME, width - 27)
    heading = Row(width)
    heading.put(0, "OPENER AND FINISH", "heading")
    heading.right(name + 13, f"{openers[0].passage.mark_m} m", "heading")
    heading.right(name + 21, "finish", "heading")
    lines = [heading.line()]
    for opener in shown:
        row, here = Row(width), opener.entry.key == key
        passage, finish = opener.passage, opener.finish
        row.right(2, str(opener.rank), "record" if opener.rank == 1 else "dim", bold=here)
        row.put(4, fitted(opener.entry.competitor, name), "live" if here else "text", bold=here)
        tilde = "~" if passage.modelled else ""
        row.right(name + 13, tilde + show_time(passage.time_ms), "dim" if tilde else "text")
        if finish is not None:
            row.right(name + 18, str(finish), MEDALS.get(finish, "text"), bold=finish in MEDALS)
        if opener.gained:
            role = "gain" if opener.gained > 0 else "loss"
            row.put(name + 20, move_sign(opener.gained), role)
        lines.append(row.line())
    return lines


def parts(laps: Sequence[Lap], best: dict[int, int], finish: int | None, width: int) -> list[Line]:
    """Draw the opener and the lap of a 500 m, each with its rank and the gap to the best of all.

    Args:
        laps: Both.
        best: The best time of all in each part, in milliseconds by mark.
        finish: The place at the finish.
        width: Columns.
    """
    heading = Row(width)
    heading.run(0, Span("OPENER AND LAP", "heading"), Span("  to the fastest of all", "dim"))
    lines = [heading.line(), blank(width)]
    for lap in laps:
        own = lap.passage.lap_ms
        if own is None:
            continue
        row, first = Row(width), lap.lap_rank == 1 and not lap.lap_is_modelled
        row.put(0, "opener" if lap.is_opener else "lap", "dim")
        time = ("~" if lap.lap_is_modelled else "") + show_time(own)
        role = "record" if first else "dim" if lap.lap_is_modelled else "strong"
        row.right(17, time, role, bold=not lap.lap_is_modelled)
        if lap.lap_rank is not None:
            row.right(24, ordinal(lap.lap_rank), "record" if first else "text", bold=first)
        fastest = best.get(lap.passage.mark_m)
        if fastest is not None and own // 10 > fastest // 10:
            row.right(33, show_gap(gap_ms(own, fastest)), "loss")
        lines.append(row.line())
    if laps and finish is not None:
        row = Row(width)
        row.put(0, "finish", "dim")
        last = laps[-1].passage
        row.right(17, show_time(last.time_ms), "strong", bold=True)
        row.right(24, ordinal(finish), MEDALS.get(finish, "text"), bold=finish in MEDALS)
        lines.append(row.line())
    return lines
