"""When somebody starts next: before a race, during it, and when it slips."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import UTC, timedelta
from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st
from msgspec.structs import replace

from longtrack.model import Distance, Division, Entry, Gender, Meet, Passage, Race, Status
from longtrack.moments import Kind, Moment, Person
from longtrack.timetable import NextStart, next_start, next_starts, usual_ms
from meets import (
    EVENING,
    FIFTEEN_HUNDRED,
    FIVE_HUNDRED,
    FIVE_THOUSAND,
    MASS_START,
    TEAM_PURSUIT,
    TEN_THOUSAND,
    THOUSAND,
    THREE_THOUSAND,
    entry,
    ms,
    race,
    scene,
)

START = ms(EVENING)
MINUTE = 60_000
A_PAIR = 132_000
"""2.2 minutes."""
OPENER = (Passage(1, 100, 10_300, 10_300, 1),)


def starters(count: int) -> list[Entry]:
    return [entry(index) for index in range(count)]


def meet_of(*races: Race) -> Meet:
    return scene(races[0], others=races[1:]).meet


def start_of(
    key: str, shown: Race | Meet, at: int = START, moments: Sequence[Moment] = ()
) -> NextStart:
    meet = shown if isinstance(shown, Meet) else meet_of(shown)
    found = next_start(meet, lambda _, each: each.key == key, at, moments)
    assert found is not None
    return found


def minutes(found: NextStart) -> float:
    """Return how long after the race's start somebody starts."""
    assert found.begins is not None
    return (found.begins - EVENING).total_seconds() / 60


def finish(pair: int, at: int, time_ms: int = 38_000, key: str = "") -> Moment:
    people = (Person("X", "NED", key),) if key else ()
    return Moment(at, Kind.FINISH, "W500", "", people, {"time_ms": time_ms}, pair)


def skated(pairs: int, of: int, *, live: bool = True) -> Race:
    """Return a 500 m of which some pairs are home."""
    return race(
        [
            replace(each, status=Status.FINISHED, time_ms=38_000, rank=index + 1)
            if (each.pair or 0) <= pairs
            else each
            for index, each in enumerate(starters(2 * of))
        ],
        live=live,
    )


# --- before the race -----------------------------------------------------------------------------


def test_the_first_pair_starts_when_the_race_does() -> None:
    found = start_of("1", race(starters(6)), START - 5 * MINUTE)
    assert found.begins == EVENING
    assert not found.is_estimate
    assert not found.delayed


@pytest.mark.parametrize(
    ("distance", "minutes_a_pair"),
    [
        (FIVE_HUNDRED, 2.2),
        (THOUSAND, 2.5),
        (FIFTEEN_HUNDRED, 3.2),
        (THREE_THOUSAND, 5.5),
        (FIVE_THOUSAND, 7.7),
        (TEN_THOUSAND, 17.2),
        (TEAM_PURSUIT, 4.8),
    ],
)
def test_a_later_pair_starts_after_the_usual_time_of_those_before(
    distance: Distance, minutes_a_pair: float
) -> None:
    found = start_of("4", race(starters(6), distance), START - 5 * MINUTE)
    assert minutes(found) == pytest.approx(2 * minutes_a_pair)
    assert found.is_estimate


def test_a_quartet_takes_longer_than_a_pair() -> None:
    fours = [entry(index, pair=index // 4 + 1) for index in range(12)]
    found = start_of("8", race(fours, THREE_THOUSAND, division=Division.B), START)
    assert minutes(found) == pytest.approx(2 * 5.5 * 1.2)


def test_a_mass_start_has_one_start() -> None:
    found = start_of("7", race([entry(n, pair=None) for n in range(8)], MASS_START), START)
    assert found.begins == EVENING
    assert not found.is_estimate


def test_a_pair_that_does_not_start_takes_no_time() -> None:
    absent = [entry(0, Status.WDR), entry(1, Status.DNS), *starters(6)[2:]]
    assert minutes(start_of("4", race(absent), START)) == pytest.approx(2.2)


def test_a_race_whose_start_moves_takes_its_pairs_along() -> None:
    moved = race(starters(6), start=(EVENING + timedelta(minutes=50)).astimezone(UTC))
    assert minutes(start_of("2", moved, START)) == pytest.approx(52.2)


def test_a_race_without_a_start_tells_nothing_but_the_pair() -> None:
    found = start_of("2", race(starters(6), start=None, planned=None), START)
    assert found.begins is None
    assert found.entry.pair == 2


@pytest.mark.parametrize(
    ("slipped_s", "live", "delayed"), [(60, False, False), (91, False, True), (300, True, False)]
)
def test_a_race_that_should_have_begun_is_delayed(
    slipped_s: int, live: bool, delayed: bool
) -> None:
    at = START + slipped_s * 1000
    found = start_of("2", race(starters(6), live=live), at)
    assert found.delayed is delayed
    assert minutes(found) == pytest.approx(slipped_s / 60 + 2.2)


# --- during the race -----------------------------------------------------------------------------


def test_the_pace_is_that_of_the_pairs_that_were_seen() -> None:
    # Pairs start three minutes apart instead of 2.2.
    moments = [finish(pair, START + (pair - 1) * 180_000 + 38_000) for pair in (1, 2, 3, 4, 5)]
    at = START + 4 * 180_000 + 40_000
    found = start_of("14", skated(5, 10), at, moments)
    assert minutes(found) == pytest.approx(4 * 3 + 3 * 3)


def test_one_pair_alone_does_not_make_the_pace() -> None:
    moments = [finish(pair, START + (pair - 1) * 180_000 + 38_000) for pair in (1, 2)]
    found = start_of("4", skated(2, 5), START + 220_000, moments)
    assert minutes(found) == pytest.approx(3 + (3 + 2.2) / 2)


def test_a_break_for_the_ice_is_not_taken_for_the_pace() -> None:
    begins = [0, 132, 264, 264 + 900, 264 + 900 + 132]
    moments = [
        finish(pair + 1, START + second * 1000 + 38_000) for pair, second in enumerate(begins)
    ]
    at = START + begins[-1] * 1000 + 60_000
    found = start_of("12", skated(5, 8), at, moments)
    assert minutes(found) == pytest.approx(begins[-1] / 60 + 2 * 2.2)


def test_while_nothing_happens_a_start_is_put_off() -> None:
    moments = [finish(pair, START + (pair - 1) * A_PAIR + 38_000) for pair in (1, 2, 3)]
    shown = skated(3, 6)
    late = START + 30 * MINUTE
    assert minutes(start_of("6", shown, late, moments)) == pytest.approx(30)
    assert minutes(start_of("8", shown, late, moments)) == pytest.approx(32.2)


def test_a_race_joined_in_the_middle_is_counted_on_from_now() -> None:
    at = START + 10 * MINUTE
    found = start_of("6", skated(3, 6), at)
    assert at <= ms(found.begins or EVENING) <= at + A_PAIR


def test_an_opener_tells_the_start_before_the_finish_does() -> None:
    on_ice = [
        replace(each, status=Status.ON_ICE, passages=OPENER) if each.pair == 1 else each
        for each in starters(6)
    ]
    begun = START + 5 * MINUTE
    opener = Moment(
        begun + 10_300, Kind.OPENER, "W500", "", (), {"time_ms": 10_300, "mark_m": 100}, 1
    )
    found = start_of("2", race(on_ice, live=True), begun + 12_000, [opener])
    assert minutes(found) == pytest.approx(5 + 2.2)


def test_a_start_that_is_told_counts_as_it_is() -> None:
    shown = skated(1, 3)
    told = Moment(START + 7 * MINUTE, Kind.START, "W500", "", pair=1)
    found = start_of("2", shown, START + 8 * MINUTE, [told])
    assert minutes(found) == pytest.approx(7 + 2.2)


def test_a_reskate_comes_after_the_last_pair_and_half_an_hour_of_rest() -> None:
    again = replace(entry(0), reskate=True)
    shown = race([again, *skated(2, 3).entries[1:]], live=True)
    own = START + 38_000
    moments = [finish(1, own, key="0"), finish(2, START + A_PAIR + 38_000)]
    at = START + A_PAIR + 40_000
    assert minutes(start_of("4", shown, at, moments)) == pytest.approx(4.4)
    assert ms(start_of("0", shown, at, moments).begins or EVENING) == own + 30 * MINUTE
    # Of whose first attempt nothing was seen, only that the others come first.
    assert minutes(start_of("0", shown, at, moments[1:])) == pytest.approx(6.6)


# --- which of all starts -------------------------------------------------------------------------


def test_who_has_started_has_no_next_start() -> None:
    shown = meet_of(skated(2, 4))
    assert next_start(shown, lambda _, each: each.key == "0", START) is None


def test_the_soonest_start_comes_first() -> None:
    later = replace(
        race(starters(4), gender=Gender.MEN, start=(EVENING + timedelta(hours=1)).astimezone(UTC)),
        number=2,
    )
    unknown = replace(race(starters(4), start=None, planned=None), number=3)
    meet = meet_of(unknown, later, race(starters(4)))
    found = next_starts(meet, lambda each: each.entries[2:3], START)
    assert [start.race.number for start in found] == [1, 2, 3]


def after(first: Race, delay: timedelta, **more: object) -> Meet:
    """Return a meet of a race, and the men's a while after its start."""
    begins = (EVENING + delay).astimezone(UTC)
    following = race(starters(4), gender=Gender.MEN, start=begins)
    return meet_of(first, replace(following, number=2, **more))


def test_a_race_waits_for_the_one_on_the_ice() -> None:
    at = START + 8 * MINUTE
    moments = [finish(1, START + 7 * MINUTE + 38_000)]

    def of_the_men(first: Race) -> NextStart:
        meet = after(first, timedelta(minutes=10))
        found = next_start(meet, lambda each, row: each.number == 2 and row.key == "0", at, moments)
        assert found is not None
        return found

    assert minutes(of_the_men(skated(3, 3))) == 10
    assert not of_the_men(skated(3, 3)).is_estimate
    assert minutes(of_the_men(skated(1, 6))) == pytest.approx(7 + 6 * 2.2)
    assert of_the_men(skated(1, 6)).is_estimate


def test_nobody_waits_in_a_race_that_is_official_or_was_passed_by() -> None:
    def waits(first: Race, key: str = "5") -> bool:
        meet = after(first, timedelta(hours=1), entries=skated(1, 2).entries)
        at = START + 70 * MINUTE
        return next_start(meet, lambda _, each: each.key == key, at) is not None

    assert waits(skated(2, 4, live=True))
    assert not waits(skated(2, 4, live=False))
    assert not waits(replace(skated(2, 4), official=True))
    again = race([replace(entry(0), reskate=True), *skated(2, 2).entries[1:]])
    assert waits(again, "0")


# --- whatever is known ----------------------------------------------------------------------------

TIMES = st.lists(st.integers(-3 * 3_600_000, 6 * 3_600_000), max_size=12)


@st.composite
def states(draw: st.DrawFn) -> tuple[Race, int, list[Moment]]:
    pairs = draw(st.integers(1, 10))
    distance = draw(st.sampled_from((FIVE_HUNDRED, THREE_THOUSAND, TEN_THOUSAND, TEAM_PURSUIT)))
    statuses = draw(st.lists(st.sampled_from(list(Status)), min_size=2 * pairs, max_size=2 * pairs))
    numbers = draw(st.permutations(range(1, pairs + 1)))
    entries = [
        replace(
            entry(index),
            pair=numbers[index // 2],
            status=status,
            passages=OPENER if status is Status.ON_ICE else (),
        )
        for index, status in enumerate(statuses)
    ]
    start = draw(st.none() | st.integers(-4 * 3600, 4 * 3600))
    begins = None if start is None else (EVENING + timedelta(seconds=start)).astimezone(UTC)
    shown = race(entries, distance, start=begins, planned=begins, live=draw(st.booleans()))
    at = START + draw(st.integers(-3_600_000, 6 * 3_600_000))
    moments = [
        Moment(
            START + time,
            draw(st.sampled_from(list(Kind))),
            "W500",
            "",
            figures={"time_ms": draw(st.integers(-5, 10**7))},
            pair=draw(st.none() | st.integers(-1, 12)),
        )
        for time in sorted(draw(TIMES))
    ]
    return shown, at, moments


@given(states())
def test_a_start_to_come_is_never_past_and_never_before_that_of_an_earlier_pair(
    state: tuple[Race, int, list[Moment]],
) -> None:
    shown, at, moments = state
    found = next_starts(meet_of(shown), lambda each: each.entries, at, moments)
    waiting = [each for each in shown.entries if each.status is Status.TO_START]
    assert len(found) == len(waiting)
    known = [start for start in found if start.begins is not None]
    assert all(ms(start.begins or EVENING) >= at for start in known)
    by_pair = sorted(known, key=lambda start: start.entry.pair or 0)
    for before, after in pairwise(by_pair):
        assert before.begins is not None
        assert after.begins is not None
        assert before.begins <= after.begins
        if before.entry.pair == after.entry.pair:
            assert before.begins == after.begins


@given(states())
def test_the_pace_stays_near_the_usual_one_whatever_was_seen(
    state: tuple[Race, int, list[Moment]],
) -> None:
    shown, at, moments = state
    usual = usual_ms(shown.distance, 2)
    found = next_starts(meet_of(shown), lambda each: each.entries, at, moments)
    times = sorted({ms(start.begins) for start in found if start.begins is not None})
    pairs = sorted({each.pair for each in shown.entries if each.pair is not None})
    assert all(after - before <= 2 * usual * len(pairs) for before, after in pairwise(times))
