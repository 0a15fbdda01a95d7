"""Which columns the standings have, and where they stand.

First to leave where it is narrow is the gap to the next rank, then the races, the oldest first:
where fewer than four would be left they go together, and the last race takes their place. Then the
gap to the first goes, then the move. A column stays while the names keep 16 columns; what is left
over widens the names to 24.
"""

from __future__ import annotations

from collections.abc import Iterable
from functools import lru_cache
from typing import Final

import msgspec
from rich.cells import cell_len

from longtrack.standings import Column as Race
from rinkside.drawing.cities import short_cities
from rinkside.drawing.columns import Column

_LEAD: Final = (("cursor", 1), ("follow", 1), ("rank", 2))
_GAP: Final = 1
_NOC: Final = 4
_TOTAL: Final = 6
_MOVE: Final = 4
_FIRST: Final = 7
_NEXT: Final = 8
_LAST: Final = 6
_LEAST_NAME: Final = 16
_MOST_NAME: Final = 24
_LEAST_RACES: Final = 4
"""Fewer races than that say too little."""
_NARROW_RACE: Final = 4
_WIDE_RACE: Final = 5
_SIDE_BY_SIDE: Final = range(110, 150)
"""Windows in which the races stand closer."""
_FULL_NAMES: Final = 190
"""From this window on the cities are written out."""


class CupColumns(msgspec.Struct, frozen=True):
    """The columns of a cup.

    Attributes:
        width: Columns of all of them.
        by_name: Where each stands; the letter of a Division B takes the last column of a race's.
        races: The races that are shown, oldest first, and where.
        heads: The cities above them, and where each begins.
    """

    width: int
    by_name: dict[str, Column]
    races: tuple[tuple[Race, Column], ...]
    heads: tuple[tuple[int, str], ...]

    def __getitem__(self, name: str) -> Column:
        """Return a column that is there."""
        return self.by_name[name]

    def __contains__(self, name: object) -> bool:
        """Whether a column is there."""
        return name in self.by_name


@lru_cache(maxsize=64)
def columns(races: tuple[Race, ...], width: int, window: int) -> CupColumns:
    """Return the columns of a cup with some races.

    Args:
        races: The cup's races so far.
        width: Columns there are.
        window: Columns of the whole window.
    """
    used = sum(each for _, each in _LEAD) + _GAP + _NOC + _TOTAL

    def has_room(more: int) -> bool:
        return width - used - more >= _LEAST_NAME

    move = has_room(_MOVE)
    used += _MOVE if move else 0
    first = move and has_room(_FIRST)
    used += _FIRST if first else 0
    a_race = _NARROW_RACE if window in _SIDE_BY_SIDE else _WIDE_RACE
    shown = len(races)
    while shown and not has_room(shown * a_race):
        shown -= 1
    if not first or shown < min(_LEAST_RACES, len(races)):
        shown = 0
    used += shown * a_race
    last = bool(races) and not shown and first and has_room(_LAST)
    used += _LAST if last else 0
    following = first and shown == len(races) and has_room(_NEXT)
    used += _NEXT if following else 0
    pads = [0] * shown
    if window >= _FULL_NAMES and shown == len(races):
        pads = _pads(races, a_race)
        if not has_room(sum(pads)):
            pads = [0] * shown
    used += sum(pads)
    name = max(8, min(_MOST_NAME, width - used))
    order = [
        *_LEAD,
        *([("move", _MOVE)] if move else []),
        ("gap", _GAP),
        ("name", name),
        ("noc", _NOC),
        ("total", _TOTAL),
        *([("first", _FIRST)] if first else []),
        *([("next", _NEXT)] if following else []),
        *([("last", _LAST)] if last else []),
    ]
    by_name, start = _placed(order)
    places: list[tuple[Race, Column]] = []
    for race, pad in zip(races[len(races) - shown :], pads, strict=True):
        places.append((race, Column("race", start, a_race)))
        start += a_race + pad
    heads = _heads(places, written_out=any(pads), more=shown < len(races))
    return CupColumns(width, by_name, tuple(places), heads)


def _placed(order: Iterable[tuple[str, int]]) -> tuple[dict[str, Column], int]:
    placed: dict[str, Column] = {}
    start = 0
    for name, width in order:
        placed[name] = Column(name, start, width)
        start += width
    return placed, start


def _pads(races: tuple[Race, ...], a_race: int) -> list[int]:
    """Return what follows each race so that the cities' names have room."""
    pads = [0] * len(races)
    begun = 0
    for index, race in enumerate(races):
        if index and races[index - 1].event_id != race.event_id:
            begun = index
        if index + 1 == len(races) or races[index + 1].event_id != race.event_id:
            needed = cell_len(race.city) + 2
            pads[index] = max(0, needed - (index + 1 - begun) * a_race)
    return pads


def _heads(
    places: list[tuple[Race, Column]], *, written_out: bool, more: bool
) -> tuple[tuple[int, str], ...]:
    short = short_cities(race.city for race, _ in places)
    heads: list[tuple[int, str]] = []
    former = None
    for race, column in places:
        if race.event_id != former:
            # Above the figures, which have the letter of a Division B right of them.
            heads.append((column.end - 3, race.city if written_out else short[race.city]))
        former = race.event_id
    if more and heads:
        heads[0] = (heads[0][0] - 1, f"…{heads[0][1]}")
    return tuple(heads)
