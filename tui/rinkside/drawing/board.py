"""The board: the pair on the ice, the classification and the start list in one grid."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Final

import msgspec

from longtrack.action import Action, Phase, next_pair
from longtrack.model import Discipline, Entry, Race, Stage, Status
from rinkside.drawing import so_far
from rinkside.drawing.cells import pinned_row, standing_row
from rinkside.drawing.columns import columns
from rinkside.drawing.compare import head, plot_head
from rinkside.drawing.grid import Grid
from rinkside.drawing.splits import split_head
from rinkside.drawing.titles import band_title, mass_start_line, stage_words
from rinkside.ink import Line, Row, Span, blank
from rinkside.scene import Scene

_PINNED_ROWS: Final = 4
"""A quartet; a team race or mass start has fewer."""

_SO_FAR_WIDTH: Final = 72
"""The board of a window of 120 columns; below that the plot says too little."""
_SO_FAR_MOST: Final = 16


class Board(msgspec.Struct, frozen=True):
    """A drawn board.

    Attributes:
        lines: As many lines as there was room for.
        order: Keys of the entries in the order of the grid, the pinned ones left out.
        first: The first of them that is shown.
        shown: How many of them are shown.
        above: Keys of the pinned entries that have no row below.
        top: The line the first of them stands on.
        has_splits: Whether there are columns of passages or laps.
    """

    lines: list[Line]
    order: tuple[str, ...]
    first: int
    shown: int
    top: int
    has_splits: bool = False
    above: tuple[str, ...] = ()


def draw(scene: Scene, width: int, height: int, *, pins: bool) -> Board:
    """Draw the board of a scene's race.

    Args:
        scene: What to show.
        width: Columns.
        height: Lines, the heading included.
        pins: Whether the pair in view stands on top under its title; where a band of large
            digits shows it, it keeps two rows in the grid instead.
    """
    race = scene.race
    if race is None:
        return Board(_nothing(width, height, "There is no race here."), (), 0, 0, 1)
    grid = Grid.of(scene, race, columns(race.distance, width))
    pinned = _pinned(race, scene.action) if pins else ()
    order = arranged(race, scene.action, without=pinned, action_in_place=not pins)
    if scene.only_followed:
        order = [entry for entry in order if entry.key in grid.followed]
    top = 1
    lines: list[Line] = []
    if pins and scene.action.phase not in (Phase.OVER, Phase.UNKNOWN):
        lines.append(band_title(scene, race, width, indent=grid.columns["name"].start))
        if race.distance.discipline is Discipline.MASS_START:
            lines.append(mass_start_line(scene, race, width, grid.columns["name"].start))
        lines += [pinned_row(grid, entry) for entry in pinned]
        top += len(lines)
    room = max(0, height - 1 - len(lines))
    first = _first_row(scene, order, room)
    shown = order[first : first + room]
    heading = _heading(grid, first, len(shown), len(order), scene)
    upcoming = next_pair(race)
    lines += [standing_row(grid, entry, upcoming, pins=pins) for entry in shown]
    if scene.only_followed and not grid.followed:
        lines += _nothing(width, room, "Nobody you follow is in this race; F shows all.")
    elif not race.entries:
        lines += _nothing(width, room, _why_empty(race))
    left = height - 1 - len(lines)
    whole = shown and len(shown) == len(order) and not scene.only_followed
    if whole and width >= _SO_FAR_WIDTH:
        lines += _so_far(race, width, left)
    lines += [blank(width)] * (height - 1 - len(lines))
    return Board(
        [heading, *lines][:height],
        tuple(entry.key for entry in order),
        first,
        len(shown),
        top,
        has_splits=any(split_head(grid, name, race.distance) for name in grid.columns.by_name),
        above=tuple(entry.key for entry in pinned if entry.rank is None),
    )


def _so_far(race: Race, width: int, left: int) -> list[Line]:
    """Draw what fills the room below a board that is shown whole, if there is enough of it."""
    if left < so_far.LEAST_HEIGHT + 1 or not so_far.worth_showing(race):
        return []
    return [blank(width), *so_far.draw(race, width, min(left - 1, _SO_FAR_MOST))]


def arranged(
    race: Race, action: Action, *, without: Sequence[Entry] = (), action_in_place: bool = True
) -> list[Entry]:
    """Return the entries in the order of the grid.

    Finishers by rank, then the pair on the ice, then those still to start by pair, then those
    without a valid result.
    """
    left_out = {entry.key for entry in without if entry.rank is None}
    entries = [entry for entry in race.entries if entry.key not in left_out]
    if race.distance.discipline is Discipline.MASS_START:
        return _mass_start_order(race)
    ranked = [entry for entry in race.finished if entry.key not in left_out]
    in_rank = {entry.key for entry in ranked}
    invalid = [entry for entry in entries if entry.status.is_invalid and entry.key not in in_rank]
    unranked = [
        entry for entry in entries if entry.status is Status.FINISHED and entry.key not in in_rank
    ]
    waiting = [entry for entry in entries if entry.status in (Status.TO_START, Status.ON_ICE)]
    active = {entry.key for entry in action.entries} if action_in_place else set()
    waiting.sort(
        key=lambda entry: (
            entry.awaits_reskate,
            entry.key not in active and entry.status is not Status.ON_ICE,
            entry.pair or 0,
            *_place_in_pair(race, entry),
        )
    )
    return [*ranked, *unranked, *waiting, *invalid]


def _place_in_pair(race: Race, entry: Entry) -> tuple[int]:
    starters = race.starters(entry.pair) if entry.pair is not None else ()
    return (next((i for i, other in enumerate(starters) if other.key == entry.key), 0),)


def _mass_start_order(race: Race) -> list[Entry]:
    def place(entry: Entry) -> tuple[object, ...]:
        passage = entry.last_passage
        points = sum(each.sprint_points or 0 for each in entry.passages)
        return (
            entry.status.is_invalid and entry.rank is None,
            entry.rank is None,
            entry.rank or 0,
            -points,
            -(passage.number if passage else 0),
            passage.time_ms if passage else 0,
        )

    return sorted(race.entries, key=place)


def _pinned(race: Race, action: Action) -> tuple[Entry, ...]:
    if race.distance.discipline is Discipline.MASS_START:
        return ()  # its band says who leads
    if action.pair is None and len(action.entries) > _PINNED_ROWS:
        return ()
    return action.entries[:_PINNED_ROWS]


def _first_row(scene: Scene, order: Sequence[Entry], room: int) -> int:
    # The pair in view is pinned above, or in the band: following, the board keeps the podium in
    # sight, which a scroll to the newest finisher would hide.
    return min(scene.scroll or 0, max(0, len(order) - room))


def _heading(grid: Grid, first: int, shown: int, total: int, scene: Scene) -> Line:
    race, cols = grid.race, grid.columns
    row = Row(cols.width)
    for name, text in _heads(grid):
        row.right(cols[name].end, text, "dim")
    words = stage_words(race)
    start = cols["name"].start
    first_head = min(
        (cols[name].end - len(text) for name, text in _heads(grid)), default=cols.width
    )
    code = [Span(race.code, "strong", bold=True)]
    stage = [Span(" "), *words] if words else []
    reach = f"  {first + 1}–{first + shown} of {total}" if 0 < shown < total else ""
    if scene.only_followed:
        reach = f"  followed {len(grid.followed)} of {len(race.entries)}"
    elif reach and scene.unseen:
        reach += f"  {scene.unseen} new"
    role = "live" if scene.unseen else "dim"
    for attempt in ([*code, *stage, Span(reach, role)], [*code, Span(reach, role)], [*code]):
        if start + sum(len(span.text) for span in attempt) < first_head:
            row.run(start, *attempt)
            break
    else:
        row.run(start, *code)
    return row.line()


def _heads(grid: Grid) -> list[tuple[str, str]]:
    distance, cols = grid.race.distance, grid.columns
    heads: list[tuple[str, str]] = []
    for name in cols.by_name:
        if split := split_head(grid, name, distance):
            heads.append((name, split))
        elif name in ("s1", "s2", "s3", "f"):
            heads.append((name, name.upper()))
        elif name in ("tot", "pts", "heat"):
            heads.append((name, name))
    heads.append(("behind", head(grid.compare, distance)))
    if "cup" in cols:
        heads.append(("cup", "cup  "))  # over the rank, left of how it has moved
    metres = distance.metres
    if "plot" in cols and grid.race.leader is not None:
        heads.append(("plot", plot_head(grid.compare, grid.plot_ms)))
    heads.append(("time", "time" if distance.counts_laps or not metres else f"{metres} m"))
    return heads


def _nothing(width: int, height: int, words: str) -> list[Line]:
    row = Row(width)
    row.put(7, words, "dim")
    return [row.line(), *[blank(width)] * (height - 1)][:height]


def _why_empty(race: Race) -> str:
    if race.stage in (Stage.UNKNOWN, Stage.OFFICIAL):
        return "No source has the result of this race."
    if race.dropped:
        return "The feed's rows for this race can't be read."
    return "The start list is not published yet."
