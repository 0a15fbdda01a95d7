"""Somebody's laps: how each ranked, and what it won or lost against somebody else.

The opener is the part from the start to the first mark of an individual distance. It is never
called a lap, and is told apart wherever laps are added up.
"""

from __future__ import annotations

import msgspec

from longtrack.model import Entry, Passage, Race, Status
from longtrack.reference import Reference, ranks_at
from longtrack.times import gap_ms


class Lap(msgspec.Struct, frozen=True):
    """A part of somebody's race, which ends at a mark."""

    passage: Passage
    is_opener: bool
    rank: int | None
    """Place at the mark among all who have passed it."""
    lap_rank: int | None
    """Place of the lap, or the opener, among those of all."""
    lap_is_modelled: bool
    """Whether either end of it was not published."""
    gap_ms: int | None = None
    """Behind the reference at the mark, as printed; negative is ahead."""
    lost_ms: int | None = None
    """Lost to the reference in this part alone, as printed; negative is won."""
    gap_is_modelled: bool = False
    """Whether either of the two times was not published."""
    lost_is_modelled: bool = False


def laps(race: Race, entry: Entry, reference: Reference | None = None) -> tuple[Lap, ...]:
    """Return somebody's laps as far as they are known, the opener first.

    Args:
        race: The race.
        entry: One of its starts.
        reference: What they are compared with.
    """
    ranks = lap_ranks(race)
    theirs = reference.marks if reference is not None else {}
    unpublished = reference.modelled if reference is not None else frozenset[int]()
    previous = dict(zip(race.distance.marks[1:], race.distance.marks, strict=False))
    found: list[Lap] = []
    for passage in entry.passages:
        mark, gap, lost = passage.mark_m, None, None
        if mark in theirs:
            gap = gap_ms(passage.time_ms, theirs[mark])
            before = previous.get(mark)
            their_lap = None
            if before is None:
                their_lap = theirs[mark]
            elif before in theirs:
                their_lap = theirs[mark] - theirs[before]
            if their_lap is not None and passage.lap_ms is not None:
                lost = gap_ms(passage.lap_ms, their_lap)
        place = ranks_at(race, mark).get(entry.key)
        lap_is_ours = lap_is_modelled(entry, passage)
        found.append(
            Lap(
                passage=passage,
                is_opener=mark == race.distance.marks[0] and not race.distance.counts_laps,
                rank=None if place is None else place.rank,
                lap_rank=ranks.get((entry.key, mark)),
                lap_is_modelled=lap_is_ours,
                gap_ms=gap,
                lost_ms=lost,
                gap_is_modelled=passage.modelled or mark in unpublished,
                lost_is_modelled=lap_is_ours or bool({mark, previous.get(mark)} & unpublished),
            )
        )
    return tuple(found)


def lap_ranks(race: Race) -> dict[tuple[str, int], int]:
    """Return the rank of each lap among all, by entry and mark; equal laps share one."""
    ranks: dict[tuple[str, int], int] = {}
    for mark in race.distance.marks:
        timed = sorted(
            (passage.lap_ms // 10, entry.key)
            for entry in race.entries
            if (passage := entry.passage(mark)) is not None and passage.lap_ms is not None
        )
        times = [time for time, _ in timed]
        for time, key in timed:
            ranks[key, mark] = 1 + times.index(time)
    return ranks


def lap_is_modelled(entry: Entry, passage: Passage) -> bool:
    """Tell whether either end of a lap was not published."""
    before = [each for each in entry.passages if each.number == passage.number - 1]
    return passage.modelled or any(each.modelled for each in before)


def flying_laps(laps: tuple[Lap, ...]) -> tuple[Lap, ...]:
    """Return the laps whose time is known, without the first part, which has the start in it."""
    return tuple(lap for lap in laps if lap.passage.number > 1 and lap.passage.lap_ms is not None)


class Opener(msgspec.Struct, frozen=True):
    """Somebody's opener, and what became of it."""

    entry: Entry
    passage: Passage
    rank: int
    """Among the openers of all."""
    finish: int | None
    """Place at the finish; None for who has not finished."""

    @property
    def gained(self) -> int | None:
        """Places won from the opener to the finish; negative is lost, None before the finish."""
        return None if self.finish is None else self.rank - self.finish


def openers(race: Race) -> tuple[Opener, ...]:
    """Return the openers of an individual distance, best first; none in other races."""
    if race.distance.counts_laps or not race.distance.marks:
        return ()
    first = race.distance.marks[0]
    timed = [
        (passage, entry)
        for entry in race.entries
        if (passage := entry.passage(first)) is not None and race.distance.laps > 1
    ]
    times = sorted(passage.time_ms // 10 for passage, _ in timed)
    found = [
        Opener(
            entry=entry,
            passage=passage,
            rank=1 + times.index(passage.time_ms // 10),
            finish=entry.rank if entry.status is Status.FINISHED else None,
        )
        for passage, entry in timed
    ]
    # Equal ones stand in the order of the finish.
    last = len(race.entries) + 1
    return tuple(sorted(found, key=lambda each: (each.rank, each.finish or last, each.entry.key)))
