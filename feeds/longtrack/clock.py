"""The clock of a live tape: UTC at opening plus the time that has passed since.

Passed time is taken from a clock nobody can set, so a corrected wall clock neither repeats nor
skips anything on the tape; where the system has one that goes on while the computer sleeps, that
one is used.
"""

from __future__ import annotations

import time
from collections.abc import Callable
from dataclasses import dataclass, field


def passed_seconds() -> float:
    """Return seconds since some fixed moment, the computer's sleep included where possible."""
    boot = getattr(time, "CLOCK_BOOTTIME", None)
    return time.monotonic() if boot is None else time.clock_gettime(boot)


@dataclass(frozen=True)
class TapeClock:
    """Milliseconds since 1970 (UTC) that never go back.

    Attributes:
        wall: Returns seconds since 1970; asked once.
        passed: Returns seconds since some fixed moment.
    """

    wall: Callable[[], float] = time.time
    passed: Callable[[], float] = passed_seconds
    _opened: tuple[float, float] = field(init=False)

    def __post_init__(self) -> None:
        object.__setattr__(self, "_opened", (self.wall(), self.passed()))

    def __call__(self) -> int:
        """Return the present tape time."""
        wall, passed = self._opened
        return round((wall + self.passed() - passed) * 1000)
