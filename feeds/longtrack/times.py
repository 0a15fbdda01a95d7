"""Times of the sport: read off the wire, and printed as the official sheets print them.

Inside the program a time is a whole number of milliseconds. On screen it is cut to
hundredths, never rounded (36.485 is ``36.48``), and a gap is the difference of the two
*printed* times, as on the sheets: 37.759 behind 37.651 is ``+0.10``.
"""

from __future__ import annotations

import re
from functools import lru_cache
from typing import Final, NamedTuple

MINUS: Final = "\N{MINUS SIGN}"
"""The sign of a negative gap: as wide as the plus sign, which a hyphen is not."""

_CLOCK: Final = re.compile(
    r"(?:(?:(?P<hours>[0-9]{1,2}):)?(?P<minutes>[0-9]{1,3}):)?"
    r"(?P<seconds>[0-9]{1,4})(?:[.,](?P<fraction>[0-9]{1,6}))?"
)


class Clocked(NamedTuple):
    """A time as clocked."""

    ms: int
    """Whole milliseconds."""
    precision_ms: int
    """1 where the source gives thousandths, 10 where only hundredths are known."""


def read_time(value: object) -> Clocked | None:
    """Read a time such as ``"37.052"``, ``"1:34.45"`` or ``"366.720"``.

    Decimals tell the precision: three or more are thousandths (further ones are cut), fewer
    are hundredths. A number is taken as seconds.

    Args:
        value: What stood in the document, of any type.

    Returns:
        The time, or None where it can't be read (it is then unknown, not an error).
    """
    if isinstance(value, bool) or not isinstance(value, str | int | float):
        return None
    if not isinstance(value, str) and not 0 <= value < 1_000_000:
        return None
    return _read_text(value if isinstance(value, str) else f"{value:.3f}")


@lru_cache(maxsize=1024)
def _read_text(text: str) -> Clocked | None:
    # A document comes again every few seconds, with the same times in it but for one or two.
    match = _CLOCK.fullmatch(text.strip())
    if match is None:
        return None
    hours, minutes = match["hours"], match["minutes"]
    seconds = int(match["seconds"])
    if (minutes is not None and seconds >= 60) or (hours is not None and int(minutes) >= 60):
        return None
    fraction = (match["fraction"] or "")[:3]
    whole = (int(hours or 0) * 60 + int(minutes or 0)) * 60 + seconds
    return Clocked(
        ms=whole * 1000 + int(fraction.ljust(3, "0")),
        precision_ms=1 if len(fraction) == 3 else 10,
    )


def show_time(ms: int) -> str:
    """Print a time to the hundredth, cut and not rounded; minutes only from one minute on."""
    minutes, rest = divmod(ms // 10, 6000)
    seconds, hundredths = divmod(rest, 100)
    if minutes:
        return f"{minutes}:{seconds:02}.{hundredths:02}"
    return f"{seconds}.{hundredths:02}"


def gap_ms(ms: int, reference_ms: int) -> int:
    """Return how far ``ms`` is behind the reference, as the sheets have it: a multiple of 10.

    It is the difference of the two printed times; negative is ahead.
    """
    return (ms // 10 - reference_ms // 10) * 10


def show_gap(gap: int) -> str:
    """Print a gap in milliseconds with its sign: ``+0.60``, ``−1.91``, ``+57.40``, ``+0.00``."""
    return f"{MINUS if gap < 0 else '+'}{show_time(abs(gap))}"


def ordinal(number: int) -> str:
    """Print a rank in prose: ``1st``, ``2nd``, ``3rd``, ``11th``."""
    suffix = "th" if number % 100 in (11, 12, 13) else {1: "st", 2: "nd", 3: "rd"}.get(number % 10)
    return f"{number}{suffix or 'th'}"
