"""Two skaters of one race, mark by mark: who gained where."""

from __future__ import annotations

import msgspec

from longtrack.laps import Lap, laps
from longtrack.model import Entry, Race
from longtrack.times import gap_ms


class DuelMark(msgspec.Struct, frozen=True):
    """A mark that at least one of two has passed."""

    mark_m: int
    number: int
    """1 for the first mark."""
    is_opener: bool
    first: Lap | None
    """None where that one has not passed it."""
    second: Lap | None

    @property
    def gap_ms(self) -> int | None:
        """How far the first was behind the second here, as printed; negative is ahead."""
        if self.first is None or self.second is None:
            return None
        return gap_ms(self.first.passage.time_ms, self.second.passage.time_ms)

    @property
    def gap_is_modelled(self) -> bool:
        """Whether either of the two times was not published."""
        return any(lap.passage.modelled for lap in (self.first, self.second) if lap is not None)

    @property
    def lost_is_modelled(self) -> bool:
        """The same for the lap."""
        return any(lap.lap_is_modelled for lap in (self.first, self.second) if lap is not None)

    @property
    def lost_ms(self) -> int | None:
        """What the first lost in this lap or opener alone, as printed; negative is won."""
        if self.first is None or self.second is None:
            return None
        own, theirs = self.first.passage.lap_ms, self.second.passage.lap_ms
        return None if own is None or theirs is None else gap_ms(own, theirs)


def duel(race: Race, first: Entry, second: Entry | None) -> tuple[DuelMark, ...]:
    """Return every mark one of two has passed.

    Args:
        race: The race.
        first: One of its starts.
        second: Another one; None where there is nobody.
    """
    own = {lap.passage.mark_m: lap for lap in laps(race, first)}
    theirs = {lap.passage.mark_m: lap for lap in laps(race, second)} if second else {}
    return tuple(
        DuelMark(
            mark_m=mark,
            number=number,
            is_opener=number == 1 and not race.distance.counts_laps,
            first=own.get(mark),
            second=theirs.get(mark),
        )
        for number, mark in enumerate(race.distance.marks, start=1)
        if mark in own or mark in theirs
    )


def running(marks: tuple[DuelMark, ...]) -> DuelMark | None:
    """Return the last mark both have passed; None before there is one."""
    return next((mark for mark in reversed(marks) if mark.gap_ms is not None), None)


def in_laps(marks: tuple[DuelMark, ...]) -> tuple[int | None, int | None]:
    """Return what the first lost in the opener, and in all laps since, in milliseconds.

    Together that is the running gap; each is None where it is not known.
    """
    last = running(marks)
    opener = next((mark for mark in marks if mark.is_opener), None)
    if last is None or opener is None or opener.gap_ms is None or last.gap_ms is None:
        return None, None
    return opener.gap_ms, last.gap_ms - opener.gap_ms
