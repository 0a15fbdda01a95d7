"""The playhead: a place on the tape as a function of the clock, never a ticking timer."""

from __future__ import annotations

import math

import pytest
from hypothesis import given
from hypothesis import strategies as st

from longtrack.playhead import MOST_DELAY_MS, Playhead

instants = st.integers(0, 2_000_000_000_000)
speeds = st.floats(0.05, 200, allow_nan=False)
pauses = st.integers(0, 10_000_000)


class Clock:
    """A clock that is set by hand; `step` is how far it goes on at each look."""

    def __init__(self, now: int = 0, step: int = 0) -> None:
        self.now = now
        self.step = step

    def __call__(self) -> int:
        self.now += self.step
        return self.now


@given(instants, pauses)
def test_live_it_stands_at_the_clock(now: int, later: int) -> None:
    clock = Clock(now)
    playhead = Playhead.live(clock)
    assert playhead.is_live
    assert playhead.at == now
    clock.now += later
    assert playhead.at == now + later


def test_playing_it_moves_at_its_speed_from_where_it_began() -> None:
    clock = Clock(1_000_000)
    playhead = Playhead.playing(clock, start=5_000, speed=8)
    assert not playhead.is_live
    assert playhead.at == 5_000
    clock.now += 250
    assert playhead.at == 7_000


def test_a_playhead_with_a_delay_stays_as_far_behind_the_clock() -> None:
    clock = Clock(100_000)
    playhead = Playhead.playing(clock, start=100_000 - 30_000)
    clock.now += 12_345
    assert clock.now - playhead.at == 30_000


@given(instants, instants, speeds, pauses)
def test_it_never_goes_back(now: int, start: int, speed: float, later: int) -> None:
    clock = Clock(now)
    playhead = Playhead.playing(clock, start, speed)
    before = playhead.at
    clock.now += later
    assert playhead.at >= before


@given(instants, instants, speeds, pauses, pauses)
def test_after_the_told_wait_it_is_there_and_not_before(
    now: int, start: int, speed: float, later: int, ahead: int
) -> None:
    clock = Clock(now)
    playhead = Playhead.playing(clock, start, speed)
    clock.now += later
    target = playhead.at + ahead
    wait_ms = playhead.until(target) * 1000
    begun = clock.now
    clock.now = begun + math.ceil(wait_ms)
    assert playhead.at >= target - 1  # a place is a whole millisecond
    clock.now = begun + math.floor(wait_ms * 0.99)
    assert playhead.at <= target


def test_there_is_no_wait_for_what_has_passed() -> None:
    clock = Clock(10_000)
    assert Playhead.live(clock).until(9_999) == 0.0
    assert Playhead.live(clock).until(10_000) == 0.0
    assert Playhead.live(clock).until(12_500) == 2.5


def test_at_double_speed_the_wait_is_half_as_long() -> None:
    assert Playhead.playing(Clock(), start=0, speed=2).until(10_000) == 5.0


@given(instants, instants, speeds, speeds, pauses)
def test_a_change_of_speed_does_not_move_it(
    now: int, start: int, speed: float, other: float, later: int
) -> None:
    clock = Clock(now)
    playhead = Playhead.playing(clock, start, speed)
    clock.now += later
    changed = playhead.at_speed(other)
    assert changed.at == playhead.at
    assert changed.speed == other


def test_no_time_is_lost_while_the_speed_changes() -> None:
    clock = Clock(step=1)  # time goes on between any two looks
    playhead = Playhead.playing(clock, start=0, speed=1)
    for _ in range(100):
        playhead = playhead.at_speed(1)
    assert playhead.at == clock.now - 1  # it began when the clock showed 1


@given(instants, st.integers(-10, 700_000), pauses)
def test_delayed_it_stays_as_far_behind(now: int, delay: int, later: int) -> None:
    clock = Clock(now)
    playhead = Playhead.live(clock, delay)
    clock.now += later
    assert playhead.is_live
    assert playhead.behind == clock.now - playhead.at == min(max(delay, 0), MOST_DELAY_MS)
    assert playhead.until(clock.now) * 1000 == pytest.approx(playhead.behind)


@given(instants, st.integers(0, 600_000), speeds, pauses)
def test_from_the_present_another_speed_goes_on_from_where_it_stood(
    now: int, delay: int, speed: float, later: int
) -> None:
    clock = Clock(now)
    playhead = Playhead.live(clock, delay).at_speed(speed)
    assert not playhead.is_live
    assert playhead.at == now - delay
    clock.now += later
    assert playhead.at == now - delay + round(later * speed)


@given(instants, instants, speeds, pauses, pauses)
def test_paused_it_stands_still_and_goes_on_from_there(
    now: int, start: int, speed: float, later: int, more: int
) -> None:
    clock = Clock(now)
    playhead = Playhead.playing(clock, start, speed)
    clock.now += later
    paused = playhead.pausing()
    stood = paused.at
    clock.now += more
    assert paused.at == stood
    assert paused.until(stood + 1) == math.inf
    assert paused.until(stood) == 0.0
    resumed = paused.resuming()
    assert (resumed.at, resumed.speed) == (stood, speed)
    clock.now += later
    assert resumed.at == stood + round(later * speed)
    assert resumed.resuming() is resumed


def test_a_pause_of_the_present_leaves_it() -> None:
    clock = Clock(50_000)
    paused = Playhead.live(clock, 20_000).pausing()
    clock.now += 192_000
    assert not paused.is_live
    assert (paused.at, paused.behind) == (30_000, 212_000)


@given(instants, instants, st.booleans())
def test_sought_it_is_there_at_once_and_paused_as_before(
    now: int, target: int, stands: bool
) -> None:
    playhead = Playhead.live(Clock(now))
    sought = (playhead.pausing() if stands else playhead).to(target)
    assert sought.at == target
    assert sought.paused is stands


def test_it_catches_up_with_the_present_only_when_it_is_faster() -> None:
    clock = Clock(100_000)
    playhead = Playhead.playing(clock, 40_000, 4)
    assert playhead.until_present() == 20.0
    clock.now += 20_000
    assert playhead.behind == 0
    assert playhead.until_present() == 0.0
    assert playhead.to(0).at_speed(1).until_present() == math.inf
    assert playhead.to(0).pausing().until_present() == math.inf
    assert Playhead.live(clock, 5_000).until_present() == math.inf


@pytest.mark.parametrize("speed", [0, -1, -0.5])
def test_a_speed_that_is_not_above_nought_is_refused(speed: float) -> None:
    with pytest.raises(ValueError, match="above 0"):
        Playhead.playing(Clock(), start=0, speed=speed)
    with pytest.raises(ValueError, match="above 0"):
        Playhead.playing(Clock(), start=0).at_speed(speed)
