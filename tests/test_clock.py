"""The clock of a live tape: nobody can set it."""

from __future__ import annotations

import time

import pytest
from hypothesis import given
from hypothesis import strategies as st

from longtrack.clock import TapeClock, passed_seconds


class Computer:
    """A wall clock that can be set, and one that only goes on."""

    def __init__(self, wall: float = 1_765_560_600.0, passed: float = 512.25) -> None:
        self.wall_s = wall
        self.passed_s = passed

    def wall(self) -> float:
        return self.wall_s

    def passed(self) -> float:
        return self.passed_s

    def goes_on(self, seconds: float) -> None:
        self.wall_s += seconds
        self.passed_s += seconds

    def clock(self) -> TapeClock:
        return TapeClock(self.wall, self.passed)


def test_it_opens_at_the_wall_clock() -> None:
    assert Computer(wall=1_765_560_600.5).clock()() == 1_765_560_600_500


@pytest.mark.parametrize("correction", [-3600.0, -0.4, 86_400.0])
def test_setting_the_wall_clock_does_not_move_it(correction: float) -> None:
    computer = Computer()
    clock = computer.clock()
    opened = clock()
    computer.goes_on(10)
    computer.wall_s += correction
    assert clock() == opened + 10_000
    computer.goes_on(5)
    assert clock() == opened + 15_000


@given(st.lists(st.tuples(st.floats(0, 1e5), st.floats(-1e6, 1e6)), max_size=20))
def test_it_never_goes_back(steps: list[tuple[float, float]]) -> None:
    computer = Computer()
    clock = computer.clock()
    shown = [clock()]
    for passes, correction in steps:
        computer.goes_on(passes)
        computer.wall_s += correction
        shown.append(clock())
    assert shown == sorted(shown)


def test_a_clock_opened_after_a_correction_follows_it() -> None:
    computer = Computer()
    first = computer.clock()
    computer.wall_s += 60
    assert computer.clock()() == first() + 60_000


def test_time_passes_on_the_computers_own_clock(monkeypatch: pytest.MonkeyPatch) -> None:
    first = passed_seconds()
    assert passed_seconds() >= first
    monkeypatch.delattr(time, "CLOCK_BOOTTIME", raising=False)
    monkeypatch.setattr(time, "monotonic", lambda: 41.5)
    assert passed_seconds() == 41.5
