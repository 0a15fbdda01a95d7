"""What the list of races said of when they were touched."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from longtrack.tape import Tape
from longtrack.touches import Listed, Touches


@pytest.fixture
def tape(tmp_path: Path) -> Iterator[Tape]:
    tape = Tape(tmp_path / "meet.tape")
    yield tape
    tape.close()


def test_nothing_is_known_of_a_new_tape(tape: Tape) -> None:
    assert Touches(tape).listed() is None
    assert Touches(tape).had() == {}


def test_what_was_kept_is_read_by_another_program(tape: Tape) -> None:
    assert tape.file is not None
    other = Tape(tape.file)
    Touches(tape).keep_list(7, {1: "noon", 12: "Ōsaka"})
    Touches(tape).keep_had(1, "noon")
    Touches(other).keep_had(12, "official Ōsaka")
    assert Touches(other).listed() == Listed(7, {1: "noon", 12: "Ōsaka"})
    assert Touches(tape).had() == {1: "noon", 12: "official Ōsaka"}
    Touches(tape).keep_had(1, "one")
    assert Touches(other).had()[1] == "one"
    other.close()


@pytest.mark.parametrize("text", ["", "[]", '{"at": "noon"}', '{"x": 1}', "\x00"])
def test_what_is_damaged_is_not_known(tape: Tape, text: str) -> None:
    tape.remember("touched", text)
    tape.remember("had", text)
    assert Touches(tape).listed() is None
    assert Touches(tape).had() == {}
    Touches(tape).keep_had(3, "noon")
    assert Touches(tape).had() == {3: "noon"}
