"""The race so far: one dot a finisher, by pair and time, and a name at each change of lead."""

from __future__ import annotations

from typing import Final

import msgspec

from longtrack.model import Discipline, Entry, Race, Status
from longtrack.times import show_time
from rinkside.drawing.titles import family, group_word
from rinkside.ink import Line, Row, Span

LEAST_HEIGHT: Final = 8

_LABELS: Final = 11
"""Columns for the times on the left."""

_STEPS: Final = (
    (50, 250),
    (100, 500),
    (200, 1000),
    (250, 1000),
    (500, 2000),
    (1000, 5000),
    (2000, 10_000),
    (5000, 20_000),
    (10_000, 60_000),
)
"""Milliseconds a row, always a round number, and between two lines of the grid."""

_MEDALS: Final = {1: "gold", 2: "silver", 3: "bronze"}


class _Scale(msgspec.Struct, frozen=True):
    top: int
    """Time of the first row, in milliseconds."""
    step: int
    grid: int

    def row(self, time_ms: int) -> int:
        return (time_ms - self.top) // self.step


def worth_showing(race: Race) -> bool:
    """Tell whether there is a race of pairs with something to see in it."""
    return race.distance.discipline is Discipline.INDIVIDUAL and len(_finishers(race)) >= 2


def draw(race: Race, width: int, height: int) -> list[Line]:
    """Draw the plot: heading, the times from the fastest down, and the pairs' numbers.

    Args:
        race: The race.
        width: Columns.
        height: Lines, at least `LEAST_HEIGHT`.
    """
    rows = [Row(width) for _ in range(height)]
    pairs = race.pairs
    groups = group_word(race, pairs[0]) if pairs else "pair"
    rows[0].run(1, Span("THE RACE SO FAR", "heading"), Span(f"  finish by {groups}", "dim"))
    finishers = _finishers(race)
    plot = rows[1:-1]
    scale = _scale([entry.time_ms or 0 for entry in finishers], len(plot))
    spacing = max(2, (width - _LABELS - 2) // max(1, len(pairs)))
    places = _places(race, spacing)
    _names(race, scale, plot, places)
    for entry in finishers:
        if entry.key not in places:
            continue
        row = scale.row(entry.time_ms or 0)
        beyond = row >= len(plot)
        role = _MEDALS.get(entry.rank or 0, "dim")
        plot[min(row, len(plot) - 1)].put(
            places[entry.key], "▼" if beyond else "●", "dim" if beyond else role
        )
    _grid(scale, plot, width)
    for index, pair in enumerate(pairs):
        rows[-1].put(_LABELS + index * spacing + 1, str(pair), "dim")
    return [row.line() for row in rows]


def _finishers(race: Race) -> list[Entry]:
    return [
        entry
        for entry in race.entries
        if entry.status is Status.FINISHED and entry.time_ms is not None and entry.pair is not None
    ]


def _scale(times: list[int], rows: int) -> _Scale:
    """Return the finest scale on which four of five finishers have a place."""
    ordered = sorted(times)
    best, slow = ordered[0], ordered[max(0, len(ordered) * 4 // 5 - 1)]
    for step, grid in _STEPS:
        top = best // step * step
        if (slow - top) // step < rows:
            return _Scale(top, step, grid)
    step, grid = _STEPS[-1]
    return _Scale(best // step * step, step, grid)


def _places(race: Race, spacing: int) -> dict[str, int]:
    """Return the column of each starter: a pair side by side, round its number."""
    places: dict[str, int] = {}
    for index, pair in enumerate(race.pairs):
        starters = race.starters(pair)
        apart = max(1, min(3, spacing // max(1, len(starters))))
        for number, entry in enumerate(starters):
            places[entry.key] = _LABELS + index * spacing + number * apart
    return places


def _names(race: Race, scale: _Scale, plot: list[Row], places: dict[str, int]) -> None:
    """Name whoever took the lead, right of the dot, while the name has room there."""
    best: int | None = None
    taken: dict[int, int] = {}
    by_pair = sorted(
        (entry for entry in _finishers(race) if entry.key in places),
        key=lambda entry: (entry.pair or 0, entry.time_ms or 0),
    )
    columns = sorted((scale.row(entry.time_ms or 0), places[entry.key]) for entry in by_pair)
    for entry in by_pair:
        time = entry.time_ms or 0
        if best is not None and time >= best:
            continue
        best = time
        row, column = scale.row(time), places[entry.key] + 2
        name = family(entry)
        room = min((x for y, x in columns if y == row and x >= column), default=plot[0].width) - 1
        if row < len(plot) and column >= taken.get(row, 0) and column + len(name) <= room:
            plot[row].put(column, name, _MEDALS.get(entry.rank or 0, "dim"))
            taken[row] = column + len(name)


def _grid(scale: _Scale, plot: list[Row], width: int) -> None:
    for index, row in enumerate(plot):
        time = scale.top + index * scale.step
        if time % scale.grid == 0 and index:
            row.put(1, show_time(time), "dim")
            column = _LABELS - 1
            for start, end in (*row.taken(_LABELS - 1), (width - 1, width)):
                row.put(column, "╌" * (start - column), "line")
                column = end
