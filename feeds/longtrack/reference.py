"""What times are compared with: somebody's passages, or a pace; and the rank at a mark.

Two are only ever compared at a mark both have passed, by the printed times. A pace is somebody's
own passages of another day: where none are known the finish alone is compared, for a record or a
best spread evenly over its laps would have an opener that nobody skates.
"""

from __future__ import annotations

from bisect import bisect_left, bisect_right
from collections.abc import Iterator, Mapping, Sequence
from datetime import date
from typing import NamedTuple

import msgspec
from msgspec.structs import replace

from longtrack.eve import is_before
from longtrack.model import (
    TRACK_M,
    Discipline,
    Distance,
    Entry,
    Meet,
    Passage,
    Race,
    Skater,
    Status,
    Team,
)
from longtrack.names import capitals, plain
from longtrack.people import People
from longtrack.records import Record, RecordBook, distance_code
from longtrack.season import Season, splits_of
from longtrack.times import gap_ms


class Reference(msgspec.Struct, frozen=True):
    """Times at the marks of a race.

    Attributes:
        name: Who or what it is, as in ``to KOK`` or ``to TR``.
        marks: By mark in metres, the time there in milliseconds; the finish is the last mark.
        key: The entry's key where it is somebody of this race; None for a pace.
        modelled: Marks whose time was not published but computed by us.
        laps: By the mark where it ends, the time of each full lap in milliseconds. The opener is
            none: it is the time at the first mark.
    """

    name: str
    marks: Mapping[int, int]
    key: str | None = None
    modelled: frozenset[int] = frozenset()
    laps: Mapping[int, int] = msgspec.field(default_factory=dict)

    @classmethod
    def of(cls, entry: Entry, name: str = "", distance: Distance | None = None) -> Reference:
        """Return somebody's own passages as what others are compared with.

        Args:
            entry: Who.
            name: What it is called; the family name by default.
            distance: What is skated: then the finish is among the marks of a finisher, even where
                a source has no passages.
        """
        marks = {passage.mark_m: passage.time_ms for passage in entry.passages}
        modelled = {passage.mark_m for passage in entry.passages if passage.modelled}
        if distance is not None and entry.status is Status.FINISHED and entry.time_ms is not None:
            finish = distance.marks[-1]
            marks[finish] = entry.time_ms
            modelled.discard(finish)
        return cls(
            name=name or called(entry.competitor),
            marks=marks,
            key=entry.key,
            modelled=frozenset(modelled),
            laps={
                passage.mark_m: passage.lap_ms
                for passage in entry.passages
                if passage.number > 1 and passage.lap_ms is not None
            },
        )

    @classmethod
    def pace(
        cls, name: str, distance: Distance, finish_ms: int, splits: Sequence[int | None] = ()
    ) -> Reference:
        """Return the times of another race as a pace.

        Args:
            name: What it is called.
            distance: What was skated.
            finish_ms: The finish.
            splits: Times at the marks before it, in milliseconds, as far as they are known.
        """
        on_the_way = zip(distance.marks[:-1], splits, strict=False)
        marks = {mark: time for mark, time in on_the_way if time is not None}
        marks[distance.marks[-1]] = finish_ms
        laps = {
            mark: time - before
            for mark, time in marks.items()
            if (before := marks.get(mark - TRACK_M)) is not None and time >= before
        }
        return cls(name, marks, laps=laps)

    def lap_is_modelled(self, mark: int) -> bool:
        """Tell whether either end of the lap that ends at a mark was not published."""
        return mark in self.modelled or mark - TRACK_M in self.modelled


def called(competitor: Skater | Team) -> str:
    """Return the name of what others are compared with: a family name, or a country."""
    return capitals(competitor.noc if isinstance(competitor, Team) else competitor.family)


# --- differences -------------------------------------------------------------------------------


class Difference(NamedTuple):
    """How far somebody is behind a reference; negative is ahead."""

    ms: int
    """Of the two printed times: a multiple of 10."""
    mark_m: int
    """Where, or where the lap ended."""
    modelled: bool = False
    """Whether it rests on a time that was not published."""


def difference(mine: Reference, theirs: Reference, mark: int) -> Difference | None:
    """Return the difference at a mark; None where either has not passed it."""
    if mark not in mine.marks or mark not in theirs.marks:
        return None
    gap = gap_ms(mine.marks[mark], theirs.marks[mark])
    return Difference(gap, mark, mark in mine.modelled or mark in theirs.modelled)


def last_difference(mine: Reference, theirs: Reference) -> Difference | None:
    """Return the difference at the last mark both have passed."""
    both = mine.marks.keys() & theirs.marks.keys()
    return difference(mine, theirs, max(both)) if both else None


def lap_difference(mine: Reference, theirs: Reference, mark: int) -> Difference | None:
    """Return the difference of two full laps that end at a mark; None for the opener."""
    if mark not in mine.laps or mark not in theirs.laps:
        return None
    gap = gap_ms(mine.laps[mark], theirs.laps[mark])
    return Difference(gap, mark, mine.lap_is_modelled(mark) or theirs.lap_is_modelled(mark))


def last_lap_difference(mine: Reference, theirs: Reference) -> Difference | None:
    """Return the difference of the last full lap both have skated."""
    both = mine.laps.keys() & theirs.laps.keys()
    return lap_difference(mine, theirs, max(both)) if both else None


def average_difference(mine: Reference, theirs: Reference) -> Difference | None:
    """Return the difference of the average laps, over those full laps both have skated."""
    both = sorted(mine.laps.keys() & theirs.laps.keys())
    if not both:
        return None
    averages = [sum(each.laps[mark] for mark in both) // len(both) for each in (mine, theirs)]
    modelled = any(mine.lap_is_modelled(mark) or theirs.lap_is_modelled(mark) for mark in both)
    return Difference(gap_ms(*averages), both[-1], modelled)


def running_gap(race: Race, entry: Entry, passage: Passage) -> int | None:
    """Return the gap in milliseconds to the race's leader at a mark; negative is ahead.

    While nobody has finished, it is the gap to the fastest of those who have passed the mark.
    """
    leader = race.leader
    if leader is not None and leader.key != entry.key:
        reference = leader.passage(passage.mark_m)
        return None if reference is None else gap_ms(passage.time_ms, reference.time_ms)
    others = [
        each.time_ms
        for other in race.entries
        if (other.key != entry.key or race.distance.discipline is Discipline.MASS_START)
        and (each := other.passage(passage.mark_m)) is not None
    ]
    if not others:
        return None
    return gap_ms(passage.time_ms, min(others))


# --- the rank at a mark ------------------------------------------------------------------------


class MarkRank(NamedTuple):
    """A virtual rank: among all who have passed a mark."""

    rank: int
    doubted: bool = False
    """Whether the feed's rank can't be by the times it gives."""


def ranks_at(race: Race, mark: int) -> dict[str, MarkRank]:
    """Return the ranks at a mark, by entry: the feed's where it gives one, else by the times.

    Equal times share a rank, and the next is left out. Whose start has no valid result counts for
    nobody and has a rank only by the feed. The feed's rank is doubted when no way of counting
    leads to it, by hundredths or thousandths, with or without those.
    """
    passed = [
        (entry, passage) for entry in race.entries if (passage := entry.passage(mark)) is not None
    ]
    times = sorted(each.time_ms for entry, each in passed if not entry.status.is_invalid)
    printed = [time // 10 for time in times]
    by_all = sorted(each.time_ms // 10 for _, each in passed)
    ranks: dict[str, MarkRank] = {}
    for entry, passage in passed:
        if passage.rank is None:
            if not entry.status.is_invalid:
                ranks[entry.key] = MarkRank(1 + bisect_left(times, passage.time_ms))
            continue
        best = 1 + bisect_left(printed, passage.time_ms // 10)
        worst = bisect_right(by_all, passage.time_ms // 10)
        # The rank of a row kept from before is one in the order of that time.
        doubted = not entry.kept and not best <= passage.rank <= worst
        ranks[entry.key] = MarkRank(passage.rank, doubted)
    return ranks


# --- paces -------------------------------------------------------------------------------------


def record_pace(record: Record, race: Race, meet: Meet, season: Season | None = None) -> Reference:
    """Return a record as a pace: with its passages where it was set in a race known to us.

    Args:
        record: The record.
        race: The race to compare.
        meet: The meet it is in.
        season: The winter, as far as it is known.
    """
    name, distance = record.kind, race.distance
    for earlier in _earlier(race, meet):
        for entry in earlier.finished:
            if _is_of(record, called(entry.competitor), entry.time_ms):
                own = Reference.of(entry, name, distance)
                return replace(own, key=None)
    for held in season.meets if season is not None else ():
        if plain(held.city) != plain(record.place):
            continue
        for each in held.held:
            if (each.gender, each.metres) != (race.gender, distance.metres):
                continue
            for result in each.results:
                who = called(result.competitor)
                if result.splits and _is_of(record, who, result.time_ms):
                    return Reference.pace(name, distance, record.time_ms, result.splits)
    return Reference.pace(name, distance, record.time_ms)


def _is_of(record: Record, who: str, time_ms: int | None) -> bool:
    if time_ms is None or time_ms // 10 != record.time_ms // 10:
        return False
    return plain(who) == plain(record.holder) or plain(who) == plain(record.noc)


def season_bests(
    race: Race, meet: Meet, book: RecordBook, season: Season | None, people: People, at: int
) -> dict[str, Reference]:
    """Return everybody's own season best before a race, by entry; who has none is left out.

    It is the fastest of the winter's races held before, of either division, unless the record
    book knows a faster one, whose passages are then unknown.

    Args:
        race: The race to compare.
        meet: The meet it is in.
        book: All known bests.
        season: The winter, as far as it is known.
        people: Tells who is who in it.
        at: The tape time: what was held later is not known yet.
    """
    day, distance = meet.day(race), race.distance
    if day is None or distance.discipline is not Discipline.INDIVIDUAL:
        return {}
    best: dict[str, tuple[int, Sequence[int | None]]] = {}
    for competitor, time, splits in _times_before(race, meet, season, day, at):
        key = people.key(competitor, race.gender)
        if key not in best or time < best[key][0]:
            best[key] = time, splits
    found: dict[str, Reference] = {}
    event = distance_code(race)
    for entry in race.entries:
        known = best.get(people.key(entry.competitor, race.gender))
        if isinstance(entry.competitor, Skater):
            booked = book.season_best(entry.competitor, event, day)
            if booked is not None and (known is None or booked.time_ms // 10 < known[0] // 10):
                known = booked.time_ms, ()
        if known is not None:
            found[entry.key] = Reference.pace("SB", distance, *known)
    return found


def _times_before(
    race: Race, meet: Meet, season: Season | None, day: date, at: int
) -> Iterator[tuple[Skater | Team, int, Sequence[int | None]]]:
    for earlier in _earlier(race, meet):
        for entry in earlier.entries:
            if entry.status is Status.FINISHED and entry.time_ms is not None:
                yield entry.competitor, entry.time_ms, splits_of(earlier, entry)
    for other in season.meets if season is not None else ():
        if other.is_the(meet.event):
            continue
        for held in other.held:
            same = (held.gender, held.metres) == (race.gender, race.distance.metres)
            if not same or held.day >= day or held.at > at:
                continue
            for result in held.results:
                if result.status is Status.FINISHED and result.time_ms is not None:
                    yield result.competitor, result.time_ms, result.splits


def _earlier(race: Race, meet: Meet) -> Iterator[Race]:
    """Yield the races over the same distance that the meet has held before."""
    event = distance_code(race)
    return (
        other
        for other in meet.races
        if other is not race and distance_code(other) == event and is_before(other, race)
    )
