"""Whether a recording is whole, read off when each race was polled."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from evenings import skated
from longtrack import isu
from longtrack.coverage import GAP_MS, Coverage, coverage
from longtrack.tape import Tape
from meets import EVENING, EVENT, Rink, sprint_evening

RACE_ONE = isu.results_path(EVENT, 1)


@pytest.fixture
def rink() -> Iterator[Rink]:
    rink = sprint_evening(starters=4)
    yield rink
    rink.tape.close()


def covered(rink: Rink, *, now: int | None = None) -> Coverage:
    return coverage(rink.tape, rink.recorder.meet(), rink.clock() if now is None else now)


def skate_some(rink: Rink, number: int, steps: slice) -> None:
    """Let a part of a race be skated, every passage followed at once."""
    begun = rink.clock.now
    first = None
    for step in rink.wire.skate(number)[steps]:
        first = step.after_ms if first is None else first
        rink.clock.now = max(rink.clock.now, begun + step.after_ms - first)
        rink.wire.follow(number, step)
        rink.publish(after=0, only=f"/{number}/results")


def test_before_the_first_race_nothing_is_held(rink: Rink) -> None:
    assert covered(rink) == Coverage(0)
    assert not covered(rink).complete


def test_a_race_polled_from_start_to_end_is_whole(rink: Rink) -> None:
    skated(rink, 1)
    assert covered(rink) == Coverage(1)
    assert covered(rink).complete


def test_a_race_that_is_on_is_not_held_yet(rink: Rink) -> None:
    rink.wire.start(1)
    rink.publish()
    skate_some(rink, 1, slice(0, 3))
    assert covered(rink) == Coverage(0)


def test_a_program_opened_when_somebody_was_clocked_has_a_gap(rink: Rink) -> None:
    skated(rink, 1)
    rink.wire.start(2)
    for step in rink.wire.skate(2)[:2]:
        rink.wire.follow(2, step)
    rink.publish(after=600)
    for step in rink.wire.skate(2)[2:]:
        rink.wire.follow(2, step)
        rink.publish(after=20)
    rink.wire.make_official(2)
    rink.publish()
    assert covered(rink) == Coverage(2, ("M500",))


def gone_for(seconds: float) -> Coverage:
    """Return what is covered where the program was away in the middle of a race."""
    rink = sprint_evening(starters=4)
    try:
        rink.wire.start(1)
        rink.publish()
        steps = rink.wire.skate(1)
        for place, step in enumerate(steps):
            rink.wire.follow(1, step)
            rink.publish(after=seconds if place == len(steps) // 2 else 10)
        rink.wire.make_official(1)
        rink.publish()
        return covered(rink)
    finally:
        rink.tape.close()


def test_a_pause_that_is_no_longer_than_one_poll_in_vain_is_none() -> None:
    assert gone_for(GAP_MS / 1000 - 5).complete


def test_a_laptop_that_slept_in_the_middle_has_a_gap() -> None:
    assert gone_for(GAP_MS / 1000 + 30) == Coverage(1, ("W500",))


def test_a_program_closed_in_the_middle_has_a_gap_though_the_result_came_later(
    rink: Rink,
) -> None:
    rink.wire.start(1)
    rink.publish()
    skate_some(rink, 1, slice(0, 4))
    for step in rink.wire.skate(1)[4:]:
        rink.wire.follow(1, step)
    rink.wire.make_official(1)
    rink.publish(after=3600)
    assert covered(rink) == Coverage(1, ("W500",))


def test_a_program_closed_before_a_race_was_official_has_seen_all_of_it(rink: Rink) -> None:
    rink.wire.start(1)
    rink.publish()
    skate_some(rink, 1, slice(None))
    rink.wire.stop(1)
    rink.publish()
    rink.wire.make_official(1)
    rink.publish(after=20 * 3600)
    assert covered(rink, now=0).complete


def test_answers_in_vain_are_no_recording(rink: Rink) -> None:
    rink.wire.start(1)
    rink.publish()
    steps = rink.wire.skate(1)
    for place, step in enumerate(steps):
        rink.wire.follow(1, step)
        if place == len(steps) // 2:
            for _ in range(20):
                rink.clock.on(10)
                rink.recorder.failed(RACE_ONE, "the feed timed out")
        rink.publish(after=10)
    rink.wire.make_official(1)
    rink.publish()
    assert covered(rink) == Coverage(1, ("W500",))


def test_one_answer_in_vain_makes_no_gap(rink: Rink) -> None:
    rink.wire.start(1)
    rink.publish()
    for step in rink.wire.skate(1):
        rink.wire.follow(1, step)
        rink.clock.on(3)
        rink.recorder.failed(RACE_ONE, "the feed timed out")
        rink.publish(after=10)
    rink.wire.make_official(1)
    rink.publish()
    assert covered(rink).complete


def test_results_fetched_when_all_was_over_are_results_only() -> None:
    rink = Rink()
    for gender in ("F", "M"):
        number = rink.wire.add_race(begin=EVENING, gender=gender, starters=4).number
        rink.wire.hold(number)
        rink.wire.make_official(number)
    rink.publish(after=5 * 24 * 3600)
    assert covered(rink, now=0) == Coverage(2, ("W500", "M500"), fetched=True)
    rink.tape.close()


def test_races_held_since_the_program_was_closed_are_gaps(rink: Rink) -> None:
    skated(rink, 1)
    found = covered(rink, now=rink.clock() + 5 * 24 * 3_600_000)
    assert found.held == 6
    assert found.gaps == ("M500", "W1500", "M1500", "W500B", "W1000")
    assert not found.fetched


def test_who_withdrew_before_the_start_makes_no_gap(rink: Rink) -> None:
    rink.wire.withdraw(1, 3)
    rink.publish()
    rink.wire.start(1)
    rink.publish()
    for step in rink.wire.skate(1):
        if step.row != 3:
            rink.wire.follow(1, step)
            rink.publish(after=10)
    rink.wire.make_official(1)
    rink.publish()
    assert covered(rink).complete


def test_an_empty_tape_covers_nothing() -> None:
    tape = Tape()
    try:
        assert coverage(tape, Rink().recorder.meet(), 0) == Coverage(0)
    finally:
        tape.close()
