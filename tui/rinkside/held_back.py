"""What a running program holds back from a fan who wants no spoilers, and where that fan stands."""

from __future__ import annotations

import time
from collections.abc import Callable, Iterable
from pathlib import Path
from typing import Final

from longtrack.model import Meet
from rinkside.library import Library
from rinkside.remembered import Remembered
from rinkside.session import Session

TWICE_S: Final = 5.0
"""Within which time a key that must not be hit by accident is to be pressed again."""

_PLACE_S: Final = 60.0
"""How often it is kept where the fan stands, against the day the power fails."""


class HeldBack:
    """Holds back what may lie ahead of a fan until it is asked for twice.

    Args:
        library: By what words meets are remembered.
        remembered: Returns what is remembered.
        remember: Keeps it.
        clock: Returns seconds that never go back.
    """

    def __init__(
        self,
        library: Library,
        remembered: Callable[[], Remembered],
        remember: Callable[[Remembered], None],
        clock: Callable[[], float] = time.monotonic,
    ) -> None:
        self._library = library
        self._remembered = remembered
        self._remember = remember
        self._clock = clock
        self._asked: float | None = None
        self._place_kept = clock()
        self._notes: list[str] = []

    # --- what is not told --------------------------------------------------------------------

    def hold(self, notes: Iterable[str]) -> None:
        """Hold back sentences about results."""
        self._notes += notes

    def release(self) -> list[str]:
        """Return what was held back."""
        notes, self._notes = self._notes, []
        return notes

    def is_asked_for(self) -> bool:
        """Note that everything is asked for; tell whether that was done twice by now."""
        now = self._clock()
        twice = self._asked is not None and now - self._asked <= TWICE_S
        self._asked = None if twice else now
        return twice

    # --- where the fan stands ----------------------------------------------------------------

    def place(self, meet: str | Path) -> int | None:
        """Return up to where a meet was watched without spoilers; None where it was not."""
        return self._remembered().place(*self._library.kept_as(meet))

    def keep_place(self, session: Session, meet: str | Path) -> None:
        """Keep where the fan stands in a meet, until all of it has been seen.

        Raises:
            longtrack.tape.TapeError: If its tape can't be read.
        """
        self._place_kept = self._clock()
        at = session.playhead.at
        seen = session.tape.next_after(at) is None and is_over(session.meet())
        self._put(meet, None if seen else at)

    def keep_place_at_times(self, session: Session, meet: str | Path) -> None:
        """Do so where it has not been done for a while."""
        if self._clock() - self._place_kept > _PLACE_S:
            self.keep_place(session, meet)

    def forget_place(self, meet: str | Path) -> None:
        """Let a meet be one that is watched with spoilers."""
        self._put(meet, None)

    def _put(self, meet: str | Path, at: int | None) -> None:
        remembered = self._remembered()
        changed = remembered.standing_at(*self._library.kept_as(meet), at)
        if changed.places != remembered.places:
            self._remember(changed)


def is_over(meet: Meet) -> bool:
    """Tell whether every race of a meet has been skated."""
    return bool(meet.races) and all(race.official or race.over for race in meet.races)
