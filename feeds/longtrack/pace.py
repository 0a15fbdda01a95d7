"""The expected finish of somebody on the ice, and the lap that takes the lead.

An expected finish is the time at the newest mark plus an estimate of the rest of the race, made
from finishers whose passages were published:

- *By pace.* Each finisher's rest is put in proportion to the pace up to that mark: that of up to
  three laps before it, or of the opener, where seven tenths of a difference count, for a fast
  opener is in part a quick start. The median of these is scaled by the skater's own pace. Who is
  more than a tenth off the field's pace has stumbled: what is beyond is lost once and for all.
- *By season best*, where those of the skater and of the field are known: the median share of it
  that finishers took for that rest, times the skater's own. It counts as much as there is still to
  skate (four fifths after 200 m of 1000 m, two fifths after 600 m), the pace for what is left.

The band holds eight of ten, if the skater is one like the others: estimate each finisher from the
others in the same way, and of n such errors take the one of rank 0.8 (n + 1), rounded up. So few
finishers make a wide band, and fewer than `LEAST` make none, for of these even the widest error
holds too seldom. Medians, and a band by rank, let no single fall spoil the figure.

A modelled passage is never looked at. In a mass start passages tell nothing of the finish.

Measured by ``tests/benchmarks/pace.py`` on two real 1000 m, 34 finishers; times in seconds, the
error the mean of how far off the time was, the band the median of its half. *Left out*: compared
with all others. *As live*: with the pairs before alone, as the program must. Those are the weaker
ones, so that the expectation is late by the bias.

    mark                             skaters  error   bias  band held   band
    200 m  left out                       34   1.42  -0.26   28 of 34   2.22
           left out, season best          19   0.65  -0.03   16 of 19   0.94
           as live                        24   1.63  +1.09   21 of 24   2.91
           as live, season best           14   0.80  +0.62   11 of 14   1.34
    600 m  left out                       34   0.76  -0.01   29 of 34   1.06
           left out, season best          19   0.59  -0.02   16 of 19   0.95
           as live                        24   0.70  +0.25   23 of 24   1.73
           as live, season best           14   0.67  +0.55   12 of 14   1.23

Only one of the two states season bests. This is too little to fit anything to: the weight of a
season best was not chosen at all; in place of seven tenths, any figure from a third to one changes
the error after 200 m by 0.14 s at most. The tenth was a twentieth at first, which cut the pace of
skaters who had not stumbled (0.84 after 600 m). Other distances could not be measured.
"""

from __future__ import annotations

from bisect import bisect_left
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from typing import Final, NamedTuple

import msgspec
from msgspec.structs import replace

from longtrack.model import Discipline, Entry, Meet, Race, Status

LEAST: Final = 4
"""The fewest finishers a figure rests on: the widest of four errors holds four times in five."""

ENOUGH: Final = 8
"""With so many finishers of its own a race needs none of another."""

_HOLDS: Final = 4, 5
"""The share of finishes that the band is to hold."""

_RECENT_LAPS: Final = 3
_OPENER_POWER: Final = 0.7
_STUMBLE: Final = 0.1

BestOf = Callable[[Entry], int | None]
"""Returns a skater's season best before the race in milliseconds, or None where it is not known."""


class Expected(msgspec.Struct, frozen=True):
    """What somebody on the ice can be expected to finish in.

    Attributes:
        time_ms: The time.
        low_ms: The fast end of the band.
        high_ms: The slow end of it.
        rank: The place among those who have finished and the others of the pair, at their own
            expected finish while they are on the ice.
        mark_m: The mark it was estimated at.
        rests_on: How many finishers it was estimated from.
    """

    time_ms: int
    low_ms: int
    high_ms: int
    rank: int
    mark_m: int
    rests_on: int

    @property
    def either_way_ms(self) -> int:
        """How far the band reaches to its slow side; the fast one may be cut off."""
        return self.high_ms - self.time_ms


class Needed(NamedTuple):
    """What is left to be skated in to take the lead."""

    time_ms: int
    """A multiple of 10."""
    laps: int
    modelled: bool
    """Whether it comes from a passage that was not published."""


def expected_finishes(
    race: Race, others: Iterable[Race] = (), best: BestOf | None = None
) -> dict[str, Expected]:
    """Return what everybody on the ice can be expected to finish in, by the entry's key.

    Somebody is not in it of whom no passage was published yet, or with whom too few can be
    compared. What is odd in the passages is passed over.

    Args:
        race: The race as it stands.
        others: Races whose finishers count until the race has enough of its own: `alike` ones.
        best: Tells season bests; they make the figure far better.
    """
    if race.distance.discipline is Discipline.MASS_START or not race.on_ice:
        return {}
    fields = _Fields(race, others, best or (lambda _: None))
    found = {
        entry.key: expected
        for entry in race.on_ice
        if (expected := fields.expected(entry)) is not None
    }
    times = [
        (entry.key, entry.time_ms)
        for entry in race.entries
        if entry.status is Status.FINISHED and entry.time_ms is not None
    ]
    pairs = {entry.key: entry.pair for entry in race.on_ice}
    for key, expected in found.items():
        faster = sum(time < expected.time_ms for other, time in times if other != key)
        faster += sum(
            mate.time_ms < expected.time_ms
            for other, mate in found.items()
            if other != key and pairs[other] is not None and pairs[other] == pairs[key]
        )
        found[key] = replace(expected, rank=1 + faster)
    return found


def alike(meet: Meet, race: Race) -> tuple[Race, ...]:
    """Return the other races of a meet over the same distance, by the same gender."""
    return tuple(
        other
        for other in meet.races
        if other.number != race.number
        and other.gender is race.gender
        and other.distance == race.distance
        and other.has_result
    )


def lap_to_lead(race: Race, entry: Entry) -> Needed | None:
    """Return what is left to be skated in at 500 and 1000 m to take the lead.

    It is the slowest printed time that leads for certain: were it skated to its last thousandth,
    the finish would still be one under the leader's. Where times are known to the hundredth only,
    that is the difference of the two printed times less a hundredth. At 500 m and after 600 m of a
    1000 m a lap is left, after 200 m two of them.

    Returns:
        The time, or None: at other distances, before the first mark, while nobody has finished,
        and where the lead is out of reach.
    """
    leader, last = race.leader, entry.last_passage
    if not race.distance.is_sprint or leader is None or leader.time_ms is None or last is None:
        return None
    marks = race.distance.marks
    if leader.key == entry.key or last.mark_m not in marks[:-1]:
        return None
    needed = ((leader.time_ms - last.time_ms) // 10 - 1) * 10
    if needed <= 0:
        return None
    return Needed(needed, len(marks) - 1 - marks.index(last.mark_m), last.modelled)


# --- the field -----------------------------------------------------------------------------------


class _Finisher(NamedTuple):
    """Somebody to compare with."""

    finish_ms: int
    passed: Mapping[int, int]
    """Published times, by mark."""
    best_ms: int | None


class _Fields:
    """The finishers of a race, and of others like it, seen from any of its marks."""

    def __init__(self, race: Race, others: Iterable[Race], best: BestOf) -> None:
        self._marks = race.distance.marks
        self._best = best
        self._own = [*_finishers(race, best)]
        self._others = [each for other in others for each in _finishers(other, best)]
        self._seen: dict[tuple[int, int | None], _Field | None] = {}

    def expected(self, entry: Entry) -> Expected | None:
        """Return the expected finish of somebody, without the rank."""
        passed = _published(entry, self._marks)
        for mark, since in _views(passed, self._marks):
            field = self._field(mark, since)
            if field is None:
                continue
            newest = max(passed.values())
            pace = passed[mark] - (passed[since] if since is not None else 0)
            time = max(newest, passed[mark] + round(field.rest(pace, self._best(entry))))
            return Expected(
                time_ms=time,
                low_ms=max(newest, time - field.either_way),
                high_ms=time + field.either_way,
                rank=1,
                mark_m=mark,
                rests_on=len(field),
            )
        return None

    def _field(self, mark: int, since: int | None) -> _Field | None:
        """Return the field at a mark; None where it is too small."""
        key = mark, since
        if key not in self._seen:
            rows = [row for each in self._own if (row := _compared(each, mark, since))]
            if len(rows) < ENOUGH:
                rows += [row for each in self._others if (row := _compared(each, mark, since))]
            left = 1 - mark / self._marks[-1]
            power = _OPENER_POWER if since is None else 1.0
            self._seen[key] = _Field(rows, power, left) if len(rows) >= LEAST else None
        return self._seen[key]


def _views(passed: Mapping[int, int], marks: Sequence[int]) -> Iterator[tuple[int, int | None]]:
    """Yield the marks somebody can be compared at, the most telling first.

    With each comes the mark from which the pace is taken, None for the start.
    """
    for index in range(len(marks) - 2, -1, -1):
        if marks[index] in passed:
            for before in marks[max(0, index - _RECENT_LAPS) : index]:
                if before in passed:
                    yield marks[index], before
            yield marks[index], None


def _finishers(race: Race, best: BestOf) -> Iterator[_Finisher]:
    for entry in race.entries:
        if entry.status is Status.FINISHED and entry.time_ms is not None:
            passed = _published(entry, race.distance.marks)
            if passed:
                yield _Finisher(entry.time_ms, passed, best(entry))


def _published(entry: Entry, marks: Sequence[int]) -> dict[int, int]:
    """Return somebody's published passages by mark; those that don't rise are left out."""
    stated = {each.mark_m: each.time_ms for each in entry.passages if not each.modelled}
    passed: dict[int, int] = {}
    last = 0
    for mark in marks:
        time = stated.get(mark)
        if time is not None and time > last:
            passed[mark] = last = time
    return passed


class _Row(NamedTuple):
    """A finisher, seen from a mark."""

    pace: int
    rest: int
    best: int | None


def _compared(who: _Finisher, mark: int, since: int | None) -> _Row | None:
    at, before = who.passed.get(mark), 0 if since is None else who.passed.get(since)
    if at is None or before is None or who.finish_ms <= at:
        return None
    return _Row(at - before, who.finish_ms - at, who.best_ms)


class _Field:
    """What finishers took for the rest of the race from one mark on.

    Args:
        rows: The finishers.
        power: How much of a difference in pace stays for the rest.
        left: The share of the race that is left.
    """

    def __init__(self, rows: Sequence[_Row], power: float, left: float) -> None:
        self._middle = _median(sorted(row.pace for row in rows))
        self._power, self._left = power, left
        self._at_pace = sorted(map(self._usual, rows))
        self._of_best = sorted(row.rest / row.best for row in rows if row.best)
        errors = sorted(abs(self._rest(row.pace, row.best, row) - row.rest) for row in rows)
        held, of = _HOLDS
        self.either_way = round(errors[min(len(errors), -(-held * (len(errors) + 1) // of)) - 1])

    def __len__(self) -> int:
        return len(self._at_pace)

    def rest(self, pace: int, best: int | None) -> float:
        """Estimate what somebody takes for the rest, in milliseconds."""
        return self._rest(pace, best, None)

    def _rest(self, pace: int, best: int | None, without: _Row | None) -> float:
        left_out = None if without is None else self._usual(without)
        rest = _median(self._at_pace, left_out) * self._slower(pace)
        if best and len(self._of_best) >= LEAST:
            share = None if without is None or not without.best else without.rest / without.best
            rest += self._left * (_median(self._of_best, share) * best - rest)
        return rest

    def _usual(self, row: _Row) -> float:
        return row.rest / self._slower(row.pace)

    def _slower(self, pace: int) -> float:
        ratio = pace / self._middle
        return float(min(max(ratio, 1 - _STUMBLE), 1 + _STUMBLE) ** self._power)


def _median(values: Sequence[float], without: float | None = None) -> float:
    """Return the median of sorted values, one of them left out if asked."""
    skipped = len(values) if without is None else bisect_left(values, without)
    count = len(values) - (without is not None)
    low, high = (count - 1) // 2, count // 2
    return (values[low + (low >= skipped)] + values[high + (high >= skipped)]) / 2
