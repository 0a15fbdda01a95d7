"""A race that is over, as its rows looked while it was skated.

From the rows of a race's final document this tells what happened on the ice and when, and what
the feed's rows would have shown after each of these steps. Ranks, gaps and the order of rows come
from what has been skated by then, computed as the feed does; nothing of the final document is
seen before its time.
"""

from __future__ import annotations

from bisect import bisect_left
from collections import defaultdict
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from functools import partial
from typing import Any, Final

import msgspec

from longtrack import fields, isu
from longtrack.model import Armband, Discipline, Distance, Entry, Lane, Passage, Status
from longtrack.times import gap_ms

Step = tuple[int, Callable[[], None]]
"""When something happens, in tape time, and what it does to the rows."""

_BEFORE_THE_START: Final = frozenset(
    {
        *("id", "type", "competitor", "skater", "team"),
        *("startNumber", "startLane", "armband", "isOfficial", "created"),
    }
)
"""The keys a start list has; every other one tells of what comes, and is empty until then."""


def ranks(keys: Sequence[tuple[int, ...]]) -> list[int]:
    """Return the rank of each key among all: equal ones share it, and the next is skipped."""
    order = sorted(keys)
    return [bisect_left(order, key) + 1 for key in keys]


def time_behind(time_ms: int, leader_ms: int, precision_ms: int) -> str:
    """Return what the feed writes into ``timeBehind``: seconds, such as ``17.797`` or ``57.40``.

    Args:
        time_ms: The time.
        leader_ms: The best time.
        precision_ms: The coarser precision of the two, 1 or 10.
    """
    if precision_ms == 1:
        behind = time_ms - leader_ms
        return f"{behind // 1000}.{behind % 1000:03}"
    behind = gap_ms(time_ms, leader_ms) // 10
    return f"{behind // 100}.{behind % 100:02}"


class _Start:
    """One row: what the final document says, and what of it can be seen so far."""

    def __init__(self, row: Mapping[str, Any], entry: Entry) -> None:
        self.final = row
        self.entry = entry
        self.shown: dict[str, Any] = {
            key: value if key in _BEFORE_THE_START else None for key, value in row.items()
        }
        self.shown |= {"laps": []} | ({"reskate": 0} if "reskate" in row else {})
        self.absent = entry.status in (Status.DNS, Status.WDR)
        # Somebody disqualified with a time has finished, and is ruled out only later.
        timed = entry.status in (Status.FINISHED, Status.DQ, Status.INVALID)
        self.time_ms = entry.time_ms if timed else None
        """The finish that could be seen; None where there was none."""
        self.last_ms = max([self.time_ms or 0, *(passage.time_ms for passage in entry.passages)])
        """The last that is known of this start; 0 where nothing is."""
        self.skates_again = entry.reskate and self.last_ms > 0

    def laps(self) -> Iterator[tuple[Passage, Mapping[str, Any]]]:
        """Yield each passage with the lap of the final document it was read from."""
        laps = {
            fields.integer(lap.get("number")) or index + 1: lap
            for index, lap in enumerate(fields.mappings(self.final.get("laps")))
        }
        return ((passage, laps[passage.number]) for passage in self.entry.passages)

    def reveal(self, *keys: str) -> None:
        """Show what the final document has under some keys."""
        self.shown |= {key: self.final[key] for key in keys if key in self.final}

    @property
    def list_place(self) -> tuple[int, bool, bool, int, str]:
        """Where the start list has it: by pair, the first of a quartet first, inner first."""
        entry = self.entry
        second = entry.armband in (Armband.YELLOW, Armband.BLUE)
        return entry.pair or 0, second, entry.lane is Lane.OUTER, entry.bib or 0, entry.key


class SkatedRace:
    """The rows of a race, from its start list to its last finish.

    Args:
        rows: The rows of the final document. One that names nobody is left out.
        distance: What is skated.
    """

    def __init__(self, rows: Iterable[object], distance: Distance) -> None:
        self._distance = distance
        self._starts = [
            _Start(row, entry)
            for row in fields.mappings(list(rows))
            for entry in isu.read_results(msgspec.json.encode([row]), distance).entries
        ]
        by_list = sorted(self._starts, key=lambda start: start.list_place)
        self._list_place = {id(start): place for place, start in enumerate(by_list)}
        self._passed: dict[int, list[tuple[tuple[int, int], dict[str, Any]]]] = defaultdict(list)
        self._finished: list[_Start] = []
        self.slots = self._who_starts_together()
        """The pairs, quartets or heats in the order of their starts, then the re-skates."""

    def _who_starts_together(self) -> list[list[_Start]]:
        pairs: dict[int, list[_Start]] = defaultdict(list)
        at_once = self._distance.discipline is Discipline.MASS_START
        for start in self._starts:
            if not start.absent:
                pairs[0 if at_once else start.entry.pair or 0].append(start)
        again = [[start] for start in self._starts if start.skates_again]
        return [pairs[number] for number in sorted(pairs)] + again

    @property
    def begun(self) -> bool:
        """Whether the final document tells of anything but a start list."""
        return any(start.entry.status is not Status.TO_START for start in self._starts)

    @property
    def last_slot_ms(self) -> int:
        """How long the last pair skates; 0 where that is not known."""
        return max((start.last_ms for start in self.slots[-1]), default=0) if self.slots else 0

    # --- what can be seen --------------------------------------------------------------------

    def rows(self) -> list[dict[str, Any]]:
        """Return the rows as they stand, in the feed's order.

        That is: by rank; then those to start and on the ice, by pair; then those without a valid
        result.
        """
        return [start.shown for start in sorted(self._starts, key=self._order)]

    def _order(self, start: _Start) -> tuple[int, int]:
        rank = start.shown.get("rank")
        if rank is not None:
            return 0, rank
        return 1 if start.shown.get("status") in (None, 0) else 2, self._list_place[id(start)]

    # --- what happens ------------------------------------------------------------------------

    def absences(self, at: int) -> list[Step]:
        """Return the steps by which those who do not start are known, all at one time."""
        return [
            (at, partial(start.reveal, "status", "remarks"))
            for start in self._starts
            if start.absent
        ]

    def skating(self, gates: Sequence[int], usual_ms: int) -> list[Step]:
        """Return all that happens on the ice, in no order.

        Args:
            gates: When each slot starts, in tape time.
            usual_ms: How long a slot lasts of which no time is known.
        """
        steps: list[Step] = []
        waiting = {id(start) for start in self._starts if start.skates_again}
        for gate, slot in zip(gates, self.slots, strict=True):
            over = gate + (max(start.last_ms for start in slot) or usual_ms)
            for start in slot:
                if start.entry.reskate:
                    steps.append((over, partial(start.reveal, "reskate")))
                if id(start) in waiting:
                    # The final document has only what was skated the second time.
                    waiting.remove(id(start))
                else:
                    steps += self._runs(start, gate, over)
        return steps

    def _runs(self, start: _Start, gate: int, over: int) -> Iterator[Step]:
        for passage, lap in start.laps():
            yield gate + passage.time_ms, partial(self._pass, start, passage, lap)
        if start.time_ms is not None:
            yield gate + start.time_ms, partial(self._finish, start)
        elif start.entry.status.is_invalid or start.entry.status is Status.FINISHED:
            # This holds for a disqualification too where no time is known. Kept for the race's
            # end, it would leave a skater to start, or on the ice, whose pair is long home. No
            # rank: that a DNF is ranked last of the starters is a ruling on the finished race.
            yield over, partial(start.reveal, "status", "remarks")

    def _pass(self, start: _Start, passage: Passage, lap: Mapping[str, Any]) -> None:
        shown = {**lap, "number": passage.number, "rank": None}
        start.shown["laps"].append(shown)
        key = passage.time_ms, 0
        if passage.number == self._distance.laps:
            key = _at_finish(start, passage.time_ms, passage.precision_ms)
        passed = self._passed[passage.number]
        passed.append((key, shown))
        for rank, (_, each) in zip(ranks([key for key, _ in passed]), passed, strict=True):
            each["rank"] = rank

    def _finish(self, start: _Start) -> None:
        start.reveal("time")
        if start.entry.status is Status.FINISHED:
            start.reveal("status", "remarks")
        else:
            start.shown["status"] = 0
        self._finished.append(start)
        times = [(each.time_ms or 0, each.entry.precision_ms) for each in self._finished]
        keys = [_at_finish(each, *time) for each, time in zip(self._finished, times, strict=True)]
        leader_ms, leader_precision = times[keys.index(min(keys))]
        for each, rank, (ms, precision) in zip(self._finished, ranks(keys), times, strict=True):
            behind = time_behind(ms, leader_ms, max(precision, leader_precision))
            each.shown |= {"rank": rank, "timeBehind": behind}


def _at_finish(start: _Start, ms: int, precision_ms: int) -> tuple[int, int]:
    # Equal thousandths are a tie. Two times known only to the hundredth are none: among them the
    # sheet's order stands. (At other marks there is no sheet, and they share the rank.)
    return ms, 0 if precision_ms == 1 else start.entry.rank or 1 << 16
