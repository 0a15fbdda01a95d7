"""The playhead: where on the tape the viewer stands.

Live, it stands at the tape's clock. Playing, it started somewhere and moves at a speed. It never
ticks: it tells how long it is until it reaches a time, and the screen sleeps till then.
"""

from __future__ import annotations

from collections.abc import Callable

import msgspec
from msgspec.structs import replace


class Playhead(msgspec.Struct, frozen=True):
    """A place on the tape, as a function of the clock.

    Attributes:
        clock: Returns the tape's present time in milliseconds; while live this is where the
            playhead stands.
        origin: None while live; else the tape time playing began at.
        since: What the clock showed when playing began.
        speed: Tape seconds a second; 1 while live.
    """

    clock: Callable[[], int]
    origin: int | None = None
    since: int = 0
    speed: float = 1.0

    @classmethod
    def live(cls, clock: Callable[[], int]) -> Playhead:
        """Return a playhead that stands at the present."""
        return cls(clock)

    @classmethod
    def playing(cls, clock: Callable[[], int], start: int, speed: float = 1.0) -> Playhead:
        """Return a playhead that begins to play now, from a tape time, at a speed above 0."""
        if speed <= 0:
            raise ValueError("a playhead plays at a speed above 0")
        return cls(clock, origin=start, since=clock(), speed=speed)

    @property
    def is_live(self) -> bool:
        """Whether it stands at the present."""
        return self.origin is None

    @property
    def at(self) -> int:
        """The tape time it stands at."""
        return self._at(self.clock())

    def _at(self, now: int) -> int:
        if self.origin is None:
            return now
        return self.origin + round((now - self.since) * self.speed)

    def until(self, tape_time: int) -> float:
        """Return how many seconds of the viewer's time it is until it reaches a tape time."""
        return max(0.0, (tape_time - self.at) / 1000 / self.speed)

    def at_speed(self, speed: float) -> Playhead:
        """Return a playhead that goes on from here at another speed above 0."""
        if speed <= 0:
            raise ValueError("a playhead plays at a speed above 0")
        if self.origin is None:
            return self
        now = self.clock()
        return replace(self, origin=self._at(now), since=now, speed=speed)
