"""Races that two have skated both: who won, and how often."""

from __future__ import annotations

from collections.abc import Iterable
from enum import Enum

import msgspec

from longtrack.appearances import Appearance
from longtrack.model import Status
from longtrack.season import Result, SeasonRace
from longtrack.times import gap_ms


class Winner(Enum):
    """Who was the better one of two."""

    FIRST = "first"
    SECOND = "second"
    NOBODY = "nobody"
    """Both on one place, or neither with a valid result."""


class Meeting(msgspec.Struct, frozen=True):
    """A race of one division that two have started in."""

    race: SeasonRace
    first: Result
    second: Result

    @property
    def winner(self) -> Winner:
        """Who was placed better; a valid result beats none."""
        places = [_place(self.first), _place(self.second)]
        if places[0] == places[1]:
            return Winner.NOBODY
        return Winner.FIRST if places[0] < places[1] else Winner.SECOND

    @property
    def gap_ms(self) -> int | None:
        """How far the first was behind the second, as printed; None unless both finished."""
        if self.first.status is not Status.FINISHED or self.second.status is not Status.FINISHED:
            return None
        if self.first.time_ms is None or self.second.time_ms is None:
            return None
        return gap_ms(self.first.time_ms, self.second.time_ms)


def meetings(first: Iterable[Appearance], second: Iterable[Appearance]) -> tuple[Meeting, ...]:
    """Return the races two have both started in, in the order they were held."""
    theirs = {(each.race.event_id, each.race.number): each.result for each in second}
    return tuple(
        Meeting(each.race, each.result, other)
        for each in first
        if (other := theirs.get((each.race.event_id, each.race.number))) is not None
    )


def tally(met: Iterable[Meeting]) -> tuple[int, int]:
    """Return how many of their meetings the first won, and how many the second."""
    winners = [each.winner for each in met]
    return winners.count(Winner.FIRST), winners.count(Winner.SECOND)


def _place(result: Result) -> tuple[bool, int]:
    if result.status is not Status.FINISHED or result.rank is None:
        return True, 0
    return False, result.rank
