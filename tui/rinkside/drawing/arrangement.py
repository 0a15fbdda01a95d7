"""What of the meet screen has room in a window, and how large it is."""

from __future__ import annotations

from typing import Final

import msgspec

from longtrack.model import Discipline, Race
from rinkside.drawing import band

LEAST_COLUMNS: Final = 60
LEAST_ROWS: Final = 20

_TWO_COLUMNS: Final = 110
_LARGE_ROWS: Final = 32
_STRIP_ROWS: Final = 24
"""From here on a short strip has rows of its own; below it takes that of the last moment."""
AIRY_ROWS: Final = 34
"""From here on there are blank rows between the parts."""
_DIVIDER: Final = 3
_ROWS_BESIDE_CHART: Final = 13
_LEAST_CUP: Final = 6
"""Heading and five rows."""
_LEAST_MOMENTS: Final = 4
"""Heading and three."""


def too_small(width: int, height: int) -> str:
    """Return what is said in a window too small for a screen; empty where it is not."""
    if width >= LEAST_COLUMNS and height >= LEAST_ROWS:
        return ""
    return (
        f"rinkside needs {LEAST_COLUMNS} columns and {LEAST_ROWS} rows; "
        f"this window has {width} by {height}."
    )


class Arrangement(msgspec.Struct, frozen=True):
    """The parts of the meet screen, from top to bottom; 0 where a part is left out."""

    too_small: bool
    width: int
    band: int
    """Lines of the band of large digits; without it the pair is pinned in the board."""
    gap: int
    """Blank lines above and below the band, and above the keys."""
    main: int
    board: int
    """Columns of the board."""
    side: int
    """Columns right of the board."""
    cup: int
    """Lines of the cup in those columns, above the moments."""
    moment: int
    strip: int
    """Lines of the day's races in time."""
    note: int


def arrange(
    width: int,
    height: int,
    race: Race | None,
    *,
    note: bool,
    chart: bool = True,
    cup: bool = False,
    behind: bool = False,
) -> Arrangement:
    """Arrange the meet screen in a window.

    Args:
        width: Columns of the window.
        height: Its rows.
        race: The race to show.
        note: Whether there is something to say about the data.
        chart: Whether there is anything to draw the difference chart of.
        cup: Whether the race scores in a cup that is known.
        behind: Whether the viewer stands elsewhere than at the present.
    """
    side = _side(width, race) if width >= _TWO_COLUMNS else 0
    large = bool(side) and height >= _LARGE_ROWS and race is not None and _in_pairs(race)
    gap = 1 if height >= AIRY_ROWS else 0
    # In the smallest window the sentence about the data takes the row of the last moment.
    moment = 0 if side or (note and height <= LEAST_ROWS) else 1
    strip = _strip(width, height, behind=behind, moment=moment)
    if strip == 1:
        moment = 0
    used = 3 + moment + strip + note + gap
    lines = 0
    if large and race is not None:
        # The difference chart of a long distance comes where the board keeps enough rows.
        fits = gap and height - used - band.TALL - 2 * gap > _ROWS_BESIDE_CHART
        lines = band.TALL if fits and chart and race.distance.is_long else band.HEIGHT
        used += lines + 2 * gap
    main = max(1, height - used)
    return Arrangement(
        too_small=bool(too_small(width, height)),
        width=width,
        band=lines,
        gap=gap,
        main=main,
        board=width - side - _DIVIDER if side else width,
        side=side,
        cup=max(_LEAST_CUP, main - max(_LEAST_MOMENTS, main * 2 // 5)) if cup and side else 0,
        moment=moment,
        strip=strip,
        note=int(note),
    )


def _strip(width: int, height: int, *, behind: bool, moment: int) -> int:
    if width >= _TWO_COLUMNS and height >= _LARGE_ROWS:
        return 3
    if not behind:
        return 0
    return 2 if height >= _STRIP_ROWS else moment


def _side(width: int, race: Race | None) -> int:
    if width >= 190:
        return 78
    if width >= 150:
        return 52
    return 45 if race is None or race.distance.is_sprint else 41


def _in_pairs(race: Race) -> bool:
    """Tell whether two skate at a time; quartets and mass starts have no room for digits."""
    if race.distance.discipline is Discipline.MASS_START:
        return False
    return all(len(race.starters(pair)) <= 2 for pair in race.pairs)
