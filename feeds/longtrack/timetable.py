"""When somebody starts next, as well as it can be told.

A race begins when its own document says, which follows delays. Within a race no source tells when
a pair starts: it is worked out from the pairs before, by the usual time a pair takes (read off the
starts and ends of the World Cups of 2025/26) and, once some have been skated, by their pace.
Nobody tells of ice preparation, which takes as long as several pairs; so a start is never more
than "about" then.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Sequence
from datetime import UTC, datetime
from itertools import pairwise
from typing import Final

import msgspec

from longtrack.model import Discipline, Distance, Entry, Meet, Race, Status
from longtrack.moments import Kind, Moment

_MINUTE_MS: Final = 60_000

_MINUTES_A_PAIR: Final = {500: 2.2, 1000: 2.5, 1500: 3.2, 3000: 5.5, 5000: 7.7, 10_000: 17.2}
"""From one pair's start to the next, by metres: usual in Division A in 2025/26."""

_QUARTET: Final = 1.2
"""How much longer a quartet takes than a pair."""

_MINUTES_A_HEAT: Final = {Discipline.MASS_START: 10.0}
_MINUTES_OF_TEAMS: Final = 4.8

_LATE_MS: Final = 90_000
"""A race that has not begun so long after its start is delayed; before that it may be on the ice
with nobody clocked yet."""

_REST_MS: Final = 30 * _MINUTE_MS
"""What lies at least between somebody's two attempts."""

_ABSENT: Final = (Status.DNS, Status.WDR)

_SINCE_THE_START: Final = frozenset({Kind.OPENER, Kind.PASSAGE, Kind.FINISH})
"""Moments whose time, counted back from when they were seen, is when the pair started."""

_SKATED: Final = _SINCE_THE_START | {Kind.DID_NOT_FINISH, Kind.DISQUALIFIED, Kind.RESKATE}
"""Moments that tell somebody was on the ice until then, or not long before."""


class NextStart(msgspec.Struct, frozen=True):
    """Somebody's next start at a meet."""

    race: Race
    entry: Entry
    begins: datetime | None
    """When; None where nothing tells."""
    is_estimate: bool
    """Whether that is worked out from the pairs before, and not the race's own start."""
    delayed: bool = False
    """Whether the race should have begun by now and is not live: then nobody knows when."""


def next_start(
    meet: Meet,
    wanted: Callable[[Race, Entry], bool],
    at: int,
    moments: Sequence[Moment] = (),
) -> NextStart | None:
    """Return the next start of somebody at a meet, or None where none is known.

    Args:
        meet: The meet as it stands.
        wanted: Tells whether an entry of a race is the one that is meant.
        at: The tape time of that state.
        moments: The meet's moments until then, the oldest first; they tell the pace of a race.
    """

    def of(race: Race) -> Iterator[Entry]:
        return (entry for entry in race.entries if wanted(race, entry))

    return next(iter(next_starts(meet, of, at, moments)), None)


def next_starts(
    meet: Meet,
    wanted: Callable[[Race], Iterable[Entry]],
    at: int,
    moments: Sequence[Moment] = (),
) -> tuple[NextStart, ...]:
    """Return all starts to come of some people at a meet, the soonest first.

    Args:
        meet: The meet as it stands.
        wanted: Returns those who are meant among the entries of a race.
        at: The tape time of that state.
        moments: The meet's moments until then, the oldest first; they tell the pace of a race.
    """
    starts: list[NextStart] = []
    busy: int | None = None
    """Until when the ice is taken by a race that has begun."""
    for race in _in_order(meet):
        waiting = [
            entry
            for entry in wanted(race)
            if entry.status is Status.TO_START and not _is_past(entry, race, meet)
        ]
        if not waiting and not race.live:
            continue
        course = _Course(race, at, moments, busy)
        if race.live and race.begun and not race.over:
            busy = course.ends
        starts += [course.start_of(entry) for entry in waiting]
    return tuple(sorted(starts, key=_soonest))


def usual_ms(distance: Distance, together: int) -> int:
    """Return the usual time from one start of a race to the next, in milliseconds.

    Args:
        distance: What is skated.
        together: How many start at a time; more than two are a quartet.
    """
    if distance.discipline is not Discipline.INDIVIDUAL:
        return round(_MINUTES_A_HEAT.get(distance.discipline, _MINUTES_OF_TEAMS) * _MINUTE_MS)
    metres = min(distance.metres or 0, max(_MINUTES_A_PAIR))
    minutes = next(usual for upto, usual in _MINUTES_A_PAIR.items() if metres <= upto)
    return round(minutes * _MINUTE_MS * (_QUARTET if together > 2 else 1))


class _Course:
    """How a race goes on from where it stands; all in tape time.

    Args:
        race: The race.
        at: Where the meet stands.
        moments: The meet's moments until then.
        busy: Until when another race has the ice.
    """

    def __init__(
        self, race: Race, at: int, moments: Sequence[Moment], busy: int | None = None
    ) -> None:
        self._race = race
        self._at = at
        self._moments = moments
        start = race.start or race.planned
        self._own = None if start is None else round(start.timestamp() * 1000)
        self._slots = _slots(race)
        """Who starts as which, from 0: pair by pair, then the re-skates."""
        self._foremost = max(
            (self._slots[entry.key] for entry in race.entries if _has_started(entry)), default=-1
        )
        """The last slot that has begun; -1 before the race has."""
        sizes: dict[int, int] = {}
        for slot in self._slots.values():
            sizes[slot] = sizes.get(slot, 0) + 1
        self._count = len(sizes)
        self._pace = usual_ms(race.distance, max(sizes.values(), default=0))
        if self._foremost < 0:
            known = self._own if busy is None or self._own is None else max(self._own, busy)
            self._anchor = None if known is None else (0, max(known, at))
        else:
            gates = self._gates()
            self._pace = _pace(gates, self._pace)
            self._anchor = gates[-1] if gates else None
            if not gates and self._own is not None:
                self._anchor = 0, self._own

    @property
    def ends(self) -> int:
        """About when the last one is home."""
        return self._slot_begins(self._count) or self._at

    def start_of(self, entry: Entry) -> NextStart:
        """Return when somebody who waits starts."""
        race, at = self._race, self._at
        delayed = (
            not race.begun and not race.live and self._own is not None and at - self._own > _LATE_MS
        )
        begins = self._slot_begins(self._slots[entry.key])
        if begins is not None and entry.awaits_reskate:
            begins = max(begins, self._rested(entry))
        return NextStart(
            race,
            entry,
            None if begins is None else datetime.fromtimestamp(begins / 1000, UTC),
            is_estimate=begins is not None and begins != self._own,
            delayed=delayed,
        )

    def _slot_begins(self, slot: int) -> int | None:
        """Return about when a slot begins: never before now, nor before those that wait ahead.

        Nor is it later than when the one on the ice has taken its usual time, however long ago
        the last one was seen.
        """
        begins = None
        if self._anchor is not None:
            begun, since = self._anchor
            begins = since + (slot - begun) * self._pace
        if self._foremost < 0:
            return begins
        ahead = slot - self._foremost
        latest = self._at + max(1, ahead) * self._pace
        if begins is None:
            return latest
        return max(self._at + max(0, ahead - 1) * self._pace, min(begins, latest))

    def _gates(self) -> list[tuple[int, int]]:
        """Return the slots whose start was seen, or can be counted back to, and when that was."""
        of_pair = {
            entry.pair: self._slots[entry.key]
            for entry in self._race.entries
            if entry.pair is not None and _has_started(entry)
        }
        gates: dict[int, int] = {}
        for moment in self._of_race():
            slot = None if moment.pair is None else of_pair.get(moment.pair)
            if slot is None:
                continue
            time = moment.figures.get("time_ms")
            if moment.kind is Kind.START:
                begun = moment.at
            elif moment.kind in _SINCE_THE_START and isinstance(time, int):
                begun = moment.at - time
            else:
                continue
            # A document comes late, never early; and whoever skates again started once before.
            gates[slot] = min(begun, gates.get(slot, begun))
        return sorted(gates.items())

    def _of_race(self) -> Iterator[Moment]:
        """Yield the moments of the race, the newest first."""
        for moment in reversed(self._moments):
            if self._own is not None and moment.at < self._own - _REST_MS:
                return  # what was before it is about other races
            if moment.race == self._race.code:
                yield moment

    def _rested(self, entry: Entry) -> int:
        """Return the earliest time somebody may skate again."""
        for moment in self._of_race():
            if moment.kind in _SKATED and any(each.key == entry.key for each in moment.people):
                return moment.at + _REST_MS
        return 0


def _slots(race: Race) -> dict[str, int]:
    """Return the place of each entry in the order of starts, by key; together share one."""
    at_once = race.distance.discipline is Discipline.MASS_START
    starting = [entry for entry in race.entries if entry.status not in _ABSENT]
    together = {
        entry.key: (entry.awaits_reskate, 0 if at_once else entry.pair or 0) for entry in starting
    }
    places = {each: place for place, each in enumerate(sorted(set(together.values())))}
    return {key: places[each] for key, each in together.items()}


def _has_started(entry: Entry) -> bool:
    return entry.status is not Status.TO_START and entry.status not in _ABSENT


def _pace(gates: Sequence[tuple[int, int]], usual: int) -> int:
    """Return the time from one start to the next: the middle of what was seen and the usual one.

    What is far from usual is left out: the ice was prepared then, or a pair was not seen.
    """
    seen = [usual]
    for (slot, begun), (following, then) in pairwise(gates):
        taken = (then - begun) // (following - slot)
        if usual // 2 <= taken <= usual * 2:
            seen.append(taken)
    seen.sort()
    return (seen[(len(seen) - 1) // 2] + seen[len(seen) // 2]) // 2


def _is_past(entry: Entry, race: Race, meet: Meet) -> bool:
    """Tell whether a start is not to come any more, though nobody says what became of it.

    Re-skates may come hours later, with other races between.
    """
    if race.official:
        return True
    if race.live or entry.awaits_reskate or race.start is None:
        return False
    return any(
        each.begun and each.start is not None and each.start > race.start for each in meet.races
    )


def _in_order(meet: Meet) -> list[Race]:
    last = datetime.max.replace(tzinfo=UTC)
    return sorted(meet.races, key=lambda race: (race.start or race.planned or last, race.number))


def _soonest(start: NextStart) -> tuple[datetime, int, int]:
    last = datetime.max.replace(tzinfo=UTC)
    return start.begins or last, start.race.number, start.entry.pair or 0
