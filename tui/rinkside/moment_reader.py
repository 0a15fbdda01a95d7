"""Reading a meet's moments off its tape: what was read once is not read again."""

from __future__ import annotations

from collections.abc import Sequence

from longtrack.moments import Moment
from longtrack.tape import Tape


class MomentReader:
    """Reads the moments until a place on the tape.

    Args:
        tape: The tape.
    """

    def __init__(self, tape: Tape) -> None:
        self._tape = tape
        self._moments: list[Moment] = []
        self._until = -1
        self._seen: tuple[int, int] | None = None
        self._stamp = (0, 0)

    def until(self, at: int) -> Sequence[Moment]:
        """Return the moments until a time, the newest last; good until the next call.

        Only what has come since the last call is read. What was read before stays the same
        objects, unless a race of earlier was laid beside it.

        Raises:
            longtrack.tape.TapeError: If the tape can't be read.
        """
        seen = self._tape.change_count()
        if seen != self._seen:
            if self._tape.moments_stamp(self._until) != self._stamp:
                self._until = -1
                self._moments.clear()
        elif at == self._until:
            return self._moments
        known = len(self._moments)
        while self._moments and self._moments[-1].at > at:
            self._moments.pop()
        for kept in self._tape.moments(at, after=min(at, self._until)):
            self._moments.append(Moment.from_json(kept.body))
        self._seen, self._until = seen, at
        if len(self._moments) != known or not known:
            self._stamp = self._tape.moments_stamp(at)
        return self._moments
