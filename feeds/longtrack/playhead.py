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
        delay: How far behind the present it follows, in milliseconds; kept while it does not.
        origin: None while it follows the present; else the tape time it last set out from.
        since: What the clock showed then.
        speed: Tape seconds a second while it plays; 1 while it follows.
        paused: Whether it stands still at its origin.
        chases: Whether what it plays goes on: then it never passes the edge, which is the present
            less the delay.
        floor: Before this tape time there is nothing; it waits there for a longer delay to pass.
    """

    clock: Callable[[], int]
    delay: int = 0
    origin: int | None = None
    since: int = 0
    speed: float = 1.0
    paused: bool = False
    chases: bool = False
    floor: int | None = None

    @classmethod
    def live(
        cls, clock: Callable[[], int], delay: int = 0, *, floor: int | None = None
    ) -> Playhead:
        """Return a playhead that follows the present, from so many milliseconds behind."""
        return cls(clock, delay=_possible(delay), floor=floor)

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

    @property
    def edge(self) -> int:
        """The tape time it stands at while it follows the present."""
        return self._edge(self.clock())

    @property
    def is_waiting(self) -> bool:
        """Whether the delay reaches back past all there is."""
        return self.is_live and self.floor is not None and self.clock() - self.delay < self.floor

    @property
    def has_caught_up(self) -> bool:
        """Whether it plays, and has come to the edge of what goes on."""
        return not self.is_live and not self.paused and self.chases and self.at >= self.edge

    def _at(self, now: int) -> int:
        if self.origin is None:
            return self._edge(now)
        if self.paused:
            return self.origin
        return self._not_past_edge(self.origin + round((now - self.since) * self.speed), now)

    def _edge(self, now: int) -> int:
        edge = now - self.delay
        return edge if self.floor is None else max(edge, min(self.floor, now))

    def _not_past_edge(self, tape_time: int, now: int) -> int:
        return min(tape_time, self._edge(now)) if self.chases else tape_time

    def until(self, tape_time: int) -> float:
        """Return how many seconds of the viewer's time it is until it reaches a tape time.

        A playhead that stands still never does: infinity.
        """
        now = self.clock()
        if tape_time <= self._at(now):
            return 0.0
        if self.paused:
            return math.inf
        if self.origin is None:
            return (tape_time + self.delay - now) / 1000
        played = (tape_time - self.origin) / 1000 / self.speed - (now - self.since) / 1000
        return max(played, (tape_time + self.delay - now) / 1000) if self.chases else played

    def until_present(self) -> float:
        """Return in how many seconds it catches up with the edge; infinity for never."""
        behind = self.edge - self.at
        if self.is_live or self.paused or self.speed <= 1:
            return math.inf if behind > 0 or self.is_live else 0.0
        return max(0.0, behind / 1000 / (self.speed - 1))

    # --- moving it ---------------------------------------------------------------------------

    def at_speed(self, speed: float) -> Playhead:
        """Return a playhead that goes on from here at another speed above 0."""
        _require(speed)
        now = self.clock()
        return replace(self, origin=self._at(now), since=now, speed=speed)

    def to(self, tape_time: int) -> Playhead:
        """Return a playhead at another tape time; one that followed the present plays from it."""
        now = self.clock()
        return replace(self, origin=self._not_past_edge(tape_time, now), since=now)

    def pausing(self) -> Playhead:
        """Return a playhead that stands still here."""
        now = self.clock()
        return replace(self, origin=self._at(now), since=now, paused=True)

    def resuming(self) -> Playhead:
        """Return a playhead that plays on from where this one stands still."""
        return replace(self, since=self.clock(), paused=False) if self.paused else self

    def following(self) -> Playhead:
        """Return a playhead that follows the present, with the delay this one has."""
        return Playhead(self.clock, delay=self.delay, chases=self.chases, floor=self.floor)

    def delayed(self, delay: int) -> Playhead:
        """Return a playhead with another delay; one the edge falls behind goes back to it."""
        changed = replace(self, delay=_possible(delay))
        if self.is_live or not self.chases or self.at <= changed.edge:
            return changed
        return changed.to(changed.edge)


def _possible(delay: int) -> int:
    return min(max(0, delay), MOST_DELAY_MS)


def _require(speed: float) -> None:
    if speed <= 0:
        raise ValueError("a playhead plays at a speed above 0")
