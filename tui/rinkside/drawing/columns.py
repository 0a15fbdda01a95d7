"""Which columns a board has, and where they stand.

Both depend on the width and the kind of race alone, never on data, so nothing moves but rows. A
column stays while the names keep 16 columns; what is left over widens the names to 24.
"""

from __future__ import annotations

from functools import lru_cache
from typing import Final, NamedTuple

import msgspec

from longtrack.model import Discipline, Distance

MARK_WIDTH: Final = 6
"""What follows a time: ``(6)``, ``TR``, ``T09``, a mark in metres."""

CUP_WIDTH: Final = 8
"""A rank in the cup, and how far it has moved: `` 13 ▲5``."""

PLOT_WIDTH: Final = 29
"""The gap to the leader, drawn to scale."""

_NOC_WIDTH: Final = 4
_LEAST_NAME: Final = 16
_MOST_NAME: Final = 24
_LAPS_WITH_RANKS: Final = 103
"""From this width on the laps of a 1500 m have their ranks beside them."""


_ROOMY_LAPS: Final = 79


class Extra(NamedTuple):
    """Columns that come and go together."""

    columns: tuple[tuple[str, int], ...]
    """Names and widths; each width includes the gap on the column's left."""
    before: str
    """The fixed column they stand before, or else their place after the last of these:
    ``heat``, ``points``, ``cup``, ``end``."""
    least_width: int = 0
    """The narrowest board that shows them."""


def _extras(distance: Distance, width: int) -> tuple[Extra, ...]:
    """Return what a board can show beyond the fixed columns, first to come first."""
    points, cup = Extra((("pts", 5),), "points"), Extra((("cup", CUP_WIDTH),), "cup")
    kind = distance.discipline
    if kind is Discipline.MASS_START:
        return (Extra((("s1", 4), ("s2", 3), ("s3", 3), ("f", 4)), "tot"), points, cup)
    if kind is not Discipline.INDIVIDUAL:
        return (points, cup, Extra((("heat", 6),), "heat"))
    marks = distance.marks
    if distance.is_sprint:
        opener = Extra(((f"pass:{marks[0]}", 8), (f"rank:{marks[0]}", 3)), "time")
        laps = tuple(
            column for mark in marks[1:] for column in ((f"lap:{mark}", 9), (f"laprank:{mark}", 3))
        )
        plot = Extra((("plot", PLOT_WIDTH),), "end", least_width=105)
        return (cup, opener, points, Extra(laps, "time", least_width=88), plot)
    if distance.is_long:
        return (cup, points, Extra((("last", 7),), "heat"), Extra((("avg", 7),), "heat"))
    if width >= _LAPS_WITH_RANKS:
        ranked = tuple(
            column for mark in marks[1:] for column in ((f"lap:{mark}", 7), (f"laprank:{mark}", 3))
        )
        first = ((f"pass:{marks[0]}", 7), (f"rank:{marks[0]}", 3))
        return (cup, Extra(ranked, "time"), Extra(first, "laps"), points)
    # Where there is room a blank is left for the sign of a modelled time.
    plain = tuple((f"lap:{mark}", 7 if width >= _ROOMY_LAPS else 6) for mark in marks[1:])
    return (cup, Extra(plain, "time"), Extra(((f"pass:{marks[0]}", 7),), "laps"), points)


class Column(NamedTuple):
    """A column and where it stands."""

    name: str
    start: int
    width: int

    @property
    def end(self) -> int:
        """The column after its last one; figures end here."""
        return self.start + self.width


class Columns(msgspec.Struct, frozen=True):
    """The columns of a board."""

    width: int
    by_name: dict[str, Column]

    def __getitem__(self, name: str) -> Column:
        """Return a column that is there."""
        return self.by_name[name]

    def __contains__(self, name: object) -> bool:
        """Whether a column is there."""
        return name in self.by_name


@lru_cache(maxsize=64)
def columns(distance: Distance, width: int) -> Columns:
    """Return the columns of a race's board of some width."""
    mass = distance.discipline is Discipline.MASS_START
    lead = [("cursor", 1), ("follow", 1), ("rank", 2), *([] if mass else [("lane", 2)]), ("gap", 1)]
    time_width = 10 if distance.is_long or _is_team(distance) else 9
    if distance.discipline is Discipline.INDIVIDUAL and distance.metres == 1500:
        time_width = 8
    fixed = [("tot", 5)] if mass else []
    fixed += [("time", time_width), ("mark", MARK_WIDTH), ("behind", 9 if distance.is_long else 8)]
    used = sum(each for _, each in lead) + _NOC_WIDTH + sum(each for _, each in fixed) + 1
    chosen: list[Extra] = []
    for extra in _extras(distance, width):
        needed = sum(each for _, each in extra.columns)
        if width - used - needed < _LEAST_NAME or width < extra.least_width:
            break
        used += needed
        chosen.append(extra)
    name = max(8, min(_MOST_NAME, width - used))
    order: list[tuple[str, int]] = [*lead, ("name", name), ("noc", _NOC_WIDTH)]
    order += _standing(chosen, "laps")
    for fixed_name, fixed_width in fixed:
        order += _standing(chosen, fixed_name)
        order.append((fixed_name, fixed_width))
    for place in ("heat", "points", "cup", "end"):
        order += _standing(chosen, place)
    placed: dict[str, Column] = {}
    start = 0
    for column, column_width in order:
        placed[column] = Column(column, start, column_width)
        start += column_width
    return Columns(width, placed)


def _standing(chosen: list[Extra], before: str) -> list[tuple[str, int]]:
    return [column for extra in chosen if extra.before == before for column in extra.columns]


def _is_team(distance: Distance) -> bool:
    return distance.counts_laps and distance.discipline is not Discipline.MASS_START
