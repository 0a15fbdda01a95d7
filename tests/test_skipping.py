"""Skipping empty minutes: what is passed over, and that nothing that happens ever is."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from longtrack.skipping import Leap, leap

SPEEDS = st.sampled_from([0.5, 1.0, 2.0, 4.0, 8.0, 16.0])
times = st.integers(0, 2_000_000_000_000)
pauses = st.integers(0, 12 * 3_600_000)


def test_the_minutes_between_two_pairs_are_passed_over() -> None:
    assert leap(0, 108_000, 1) == Leap(8_000, 96_000)
    assert leap(0, 108_000, 4) == Leap(32_000, 96_000)


def test_between_two_races_it_goes_on_shortly_before_the_next() -> None:
    assert leap(0, 1_800_000, 16) == Leap(128_000, 1_752_000)


@pytest.mark.parametrize("pause", [0, 1_000, 30_000, 45_000])
def test_a_lap_is_never_passed_over(pause: int) -> None:
    assert leap(1_000, 1_000 + pause, 0.5) is None


def test_what_is_soon_over_anyhow_is_not_worth_a_leap() -> None:
    assert leap(0, 108_000, 8) is None


def test_at_the_end_of_the_tape_there_is_nothing_to_go_to() -> None:
    assert leap(0, None, 1) is None


@given(times, pauses, SPEEDS)
def test_nothing_that_happens_is_passed_over(since: int, pause: int, speed: float) -> None:
    found = leap(since, since + pause, speed)
    if found is not None:
        assert since < found.start < found.end < since + pause
        assert (found.end - found.start) / speed >= 5_000
        assert since + pause - found.end >= 12_000
