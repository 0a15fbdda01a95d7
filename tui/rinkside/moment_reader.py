"""Reading a meet's moments off its tape: what was read once is not read again."""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Sequence

from msgspec.structs import force_setattr

from longtrack.moments import HIDDEN, Moment, Person
from longtrack.tape import Tape


class MomentReader:
    """Reads the moments until a place on the tape.

    Three of four are passages on the way: only who lists them all needs to hold them.

    Args:
        tape: The tape.
        hidden: Whether the kinds that are too many to read are among them.
    """

    def __init__(self, tape: Tape, *, hidden: bool = False) -> None:
        self._tape = tape
        self._hidden = hidden
        self._moments: list[Moment] = []
        """All that were read, those ahead of where the viewer stands too."""
        self._people: dict[tuple[Person, ...], tuple[Person, ...]] = {}
        self._until = -1
        """Up to where they were read."""
        self._seen: tuple[int, int] | None = None
        self._stamp = (0, 0)

    def until(self, at: int) -> Sequence[Moment]:
        """Return the moments until a time, the newest last; good until the next call.

        Only what has come since the last call is read, however the viewer goes to and fro. What
        was read before stays the same objects, unless a race of earlier was laid beside it.

        Raises:
            longtrack.tape.TapeError: If the tape can't be read.
        """
        seen = self._tape.change_count()
        if seen != self._seen:
            if self._tape.moments_stamp(self._until) != self._stamp:
                self._until = -1
                self._moments.clear()
            self._seen = seen
        if at > self._until:
            is_new = self._until < 0
            for kept in self._tape.moments_in_turn(at, after=self._until):
                is_new = True
                moment = Moment.from_json(kept.body)
                if self._hidden or moment.kind not in HIDDEN:
                    self._moments.append(self._shared(moment))
            self._until = at
            if is_new:
                self._stamp = self._tape.moments_stamp(at)
        if not self._moments or self._moments[-1].at <= at:
            return self._moments
        return self._moments[: bisect_right(self._moments, at, key=_at)]

    def _shared(self, moment: Moment) -> Moment:
        """Return a moment that has the very people of others about the same: half the memory."""
        people = self._people.setdefault(moment.people, moment.people)
        force_setattr(moment, "people", people)
        return moment


def _at(moment: Moment) -> int:
    return moment.at
