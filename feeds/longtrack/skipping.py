"""Skipping the empty minutes of a meet that is played again.

Between two pairs a minute or two pass in which nothing comes onto the tape, between two races half
an hour. Whoever watches again has seen the result by then, and goes on shortly before what comes
next. A lap is never skipped: skaters are on the ice then, whatever the tape says.
"""

from __future__ import annotations

from typing import Final, NamedTuple

_LINGER_S: Final = 8
"""How long, by the viewer's watch, what has come last may be looked at."""
_LEAD_S: Final = 3
"""How long, by the same watch, what comes next is waited for."""
_LONGEST_LAP_MS: Final = 45_000
"""Longer than any lap, so that a longer pause is one between two pairs."""
_FIRST_MARK_MS: Final = 12_000
"""A pair starts about this long before it is clocked first in a sprint."""
_WORTH_S: Final = 5
"""What takes the viewer less than this is not worth a leap."""


class Leap(NamedTuple):
    """A stretch of tape that is passed over."""

    start: int
    """The tape time it is left at."""
    end: int
    """The tape time it goes on from."""


def leap(since: int, due: int | None, speed: float) -> Leap | None:
    """Return the leap over the time in which nothing happens, or None where there is none.

    Args:
        since: The tape time at which something came last, or the viewer began to play.
        due: When the next thing comes; None for nothing more.
        speed: Tape seconds a second.
    """
    if due is None or due - since <= _LONGEST_LAP_MS:
        return None
    start = since + round(_LINGER_S * 1000 * speed)
    end = due - max(_FIRST_MARK_MS, round(_LEAD_S * 1000 * speed))
    return Leap(start, end) if end - start >= _WORTH_S * 1000 * speed else None
