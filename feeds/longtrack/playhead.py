"""The playhead: where on the tape the viewer stands.

Following, it stands at the tape's clock, or as far behind it as the viewer's picture is. Playing,
it started somewhere and moves at a speed; paused, it stands still. It never ticks: it tells how
long it is until it reaches a time, and the screen sleeps till then.
"""

from __future__ import annotations

import math
from collections.abc import Callable
from typing import Final

import msgspec
from msgspec.structs import replace

MOST_DELAY_MS: Final = 600_000
"""The longest delay behind the feed: streams are late by a minute or two, recordings by more."""

SPEEDS: Final = (0.5, 1.0, 2.0, 4.0, 8.0, 16.0)
"""What faster and slower step through."""


class Playhead(msgspec.Struct, frozen=True):
    """A place on the tape, as a function of the clock.

    Attributes:
        clock: Returns the tape's present time in milliseconds.
        delay: How far behind the present it follows, in milliseconds.
        origin: None while it follows the present; else the tape time it last set out from.
        since: What the clock showed then.
        speed: Tape seconds a second while it plays; 1 while it follows.
        paused: Whether it stands still at its origin.
    """

    clock: Callable[[], int]
    delay: int = 0
    origin: int | None = None
    since: int = 0
    speed: float = 1.0
    paused: bool = False

    @classmethod
    def live(cls, clock: Callable[[], int], delay: int = 0) -> Playhead:
        """Return a playhead that follows the present, from so many milliseconds behind."""
        return cls(clock, delay=min(max(0, delay), MOST_DELAY_MS))

    @classmethod
    def playing(cls, clock: Callable[[], int], start: int, speed: float = 1.0) -> Playhead:
        """Return a playhead that begins to play now, from a tape time, at a speed above 0."""
        _require(speed)
        return cls(clock, origin=start, since=clock(), speed=speed)

    @property
    def is_live(self) -> bool:
        """Whether it follows the present, delayed or not."""
        return self.origin is None

    @property
    def at(self) -> int:
        """The tape time it stands at."""
        return self._at(self.clock())

    @property
    def behind(self) -> int:
        """How many milliseconds of tape lie between it and the present."""
        now = self.clock()
        return now - self._at(now)

    def _at(self, now: int) -> int:
        if self.origin is None:
            return now - self.delay
        if self.paused:
            return self.origin
        return self.origin + round((now - self.since) * self.speed)

    def until(self, tape_time: int) -> float:
        """Return how many seconds of the viewer's time it is until it reaches a tape time.

        A playhead that stands still never does: infinity.
        """
        ahead = tape_time - self.at
        if ahead <= 0:
            return 0.0
        return math.inf if self.paused else ahead / 1000 / self.speed

    def until_present(self) -> float:
        """Return in how many seconds it catches up with the present; infinity for never."""
        behind = self.behind
        if self.is_live or self.paused or self.speed <= 1:
            return math.inf if behind > 0 or self.is_live else 0.0
        return max(0.0, behind / 1000 / (self.speed - 1))

    # --- moving it ---------------------------------------------------------------------------

    def at_speed(self, speed: float) -> Playhead:
        """Return a playhead that goes on from here at another speed above 0."""
        _require(speed)
        now = self.clock()
        return replace(self, delay=0, origin=self._at(now), since=now, speed=speed)

    def to(self, tape_time: int) -> Playhead:
        """Return a playhead at another tape time; one that followed the present plays from it."""
        return replace(self, delay=0, origin=tape_time, since=self.clock())

    def pausing(self) -> Playhead:
        """Return a playhead that stands still here."""
        now = self.clock()
        return replace(self, delay=0, origin=self._at(now), since=now, paused=True)

    def resuming(self) -> Playhead:
        """Return a playhead that plays on from where this one stands still."""
        return replace(self, since=self.clock(), paused=False) if self.paused else self


def _require(speed: float) -> None:
    if speed <= 0:
        raise ValueError("a playhead plays at a speed above 0")
