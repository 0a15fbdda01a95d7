"""What is expected of the pair on the ice: its finish, and what it needs to take the lead."""

from __future__ import annotations

from longtrack.model import Entry, Race
from longtrack.pace import Expected, lap_to_lead
from longtrack.times import ordinal, show_time
from rinkside.drawing.columns import Columns
from rinkside.ink import Row, Span


def finish_in_column(row: Row, columns: Columns, expected: Expected | None) -> bool:
    """Put an expected finish, to the tenth, where a rank in the cup stands otherwise.

    Returns:
        Whether it stands there now: where nothing is expected, or the board has no such column,
        it does not.
    """
    if expected is None or "cup" not in columns:
        return False
    row.right(columns["cup"].end, "~" + show_time(expected.time_ms)[:-1], "text", bold=True)
    return True


def needs_in_columns(row: Row, columns: Columns, race: Race, entry: Entry) -> int | None:
    """Put what is needed to take the lead where time and mark stand otherwise.

    That is where the opener has its own column, at 500 and 1000 m.

    Returns:
        The column it begins at; None where it does not stand there.
    """
    needed = lap_to_lead(race, entry)
    if needed is None or f"pass:{race.distance.marks[0]}" not in columns:
        return None
    # The sign takes the place of the blank: in full, the words would touch the opener.
    between = "~" if needed.modelled else " "
    word, figure = f"needs{between}", show_time(needed.time_ms)
    opener = columns[f"pass:{race.distance.marks[0]}"].end
    # More than a minute reaches into the mark's columns, rather than over the opener.
    start = max(columns["time"].end - len(word) - len(figure), opener + 1)
    row.put(start, word, "dim")
    row.put(start + len(word), figure, "strong", bold=True)
    return start


def needs(race: Race, entry: Entry) -> list[Span]:
    """Return what is needed to take the lead; nothing where there is no such thing."""
    needed = lap_to_lead(race, entry)
    if needed is None:
        return []
    figure = ("~" if needed.modelled else "") + show_time(needed.time_ms)
    laps = [Span(f" for {needed.laps} laps", "dim")] if needed.laps > 1 else []
    return [Span("needs ", "dim"), Span(figure, bold=True), *laps]


def finish(expected: Expected | None) -> list[Span]:
    """Return an expected finish in words: ``finish ~12:30.45 ±2.1 ~1st``."""
    if expected is None:
        return []
    # Cut like a time, the band would be narrower than it was found to be, or nothing at all.
    tenths = max(1, -(-expected.either_way_ms // 100))
    return [
        Span("finish ", "dim"),
        Span("~" + show_time(expected.time_ms), bold=True),
        Span(f" ±{tenths // 10}.{tenths % 10}", "dim"),
        Span(f" ~{ordinal(expected.rank)}", "gold" if expected.rank == 1 else "text"),
    ]
