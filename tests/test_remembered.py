"""What is remembered between runs survives damage, other versions and a full disk."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from rinkside.remembered import FORMAT, Remembered, keep, recall

NOW = 1_765_500_000_000


@pytest.fixture
def file(tmp_path: Path) -> Path:
    return tmp_path / "data" / "remembered.json"


def test_nothing_is_remembered_at_first(file: Path) -> None:
    assert recall(file, NOW) == (Remembered(), None)
    assert not file.parent.exists()


def test_what_is_kept_comes_back(file: Path) -> None:
    remembered = Remembered().with_theme("night").having_watched("a.example", "2026_NOR_0001")
    remembered = remembered.having_watched("b.example", "2026_NED_0004")
    assert keep(file, remembered) is None
    assert recall(file, NOW) == (remembered, None)
    assert [each.name for each in file.parent.iterdir()] == ["remembered.json"]


def test_two_feeds_are_remembered_apart() -> None:
    remembered = Remembered().having_watched("a.example", "1").having_watched("b.example", "2")
    assert remembered.having_watched("a.example", "3").last_watched == {
        "a.example": "3",
        "b.example": "2",
    }


@pytest.mark.parametrize(
    "body",
    [b"", b"{", b"[]", b"null", b"\xff\xfe", b'{"format": "one"}', b"[" * 100_000],
    ids=["empty", "broken", "list", "null", "no text", "no format", "deep"],
)
def test_a_damaged_file_is_set_aside(file: Path, body: bytes) -> None:
    file.parent.mkdir()
    file.write_bytes(body)
    remembered, note = recall(file, NOW)
    assert remembered == Remembered()
    assert note is not None
    assert "is damaged; it was set aside as remembered.json.set-aside-" in note
    assert not file.exists()
    assert (file.parent / f"remembered.json.set-aside-{NOW}").read_bytes() == body


def test_a_file_of_a_newer_program_is_set_aside(file: Path) -> None:
    file.parent.mkdir()
    file.write_text(json.dumps({"format": FORMAT + 1, "theme": "night"}))
    remembered, note = recall(file, NOW)
    assert remembered == Remembered()
    assert note is not None
    assert "was written by a newer rinkside" in note


def test_a_field_of_another_type_is_left_out(file: Path) -> None:
    file.parent.mkdir()
    file.write_text(json.dumps({"format": FORMAT, "theme": 5, "last_watched": {"a": 1, "b": "2"}}))
    assert recall(file, NOW) == (Remembered(last_watched={"b": "2"}), None)


def test_a_file_that_cannot_be_written_is_a_sentence(tmp_path: Path) -> None:
    (tmp_path / "data").write_text("a file where the directory should be")
    note = keep(tmp_path / "data" / "remembered.json", Remembered())
    assert note is not None
    assert "nothing is remembered" in note


def test_a_file_that_cannot_be_read_is_a_sentence(file: Path) -> None:
    file.mkdir(parents=True)
    remembered, note = recall(file, NOW)
    assert remembered == Remembered()
    assert note is not None
    assert "can't be read" in note
    assert file.is_dir()


def test_a_failed_write_leaves_the_old_file(file: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    before = Remembered(theme="night")
    keep(file, before)

    def full(_: int) -> None:
        raise OSError(28, "No space left on device")

    monkeypatch.setattr("os.fsync", full)
    note = keep(file, before.with_theme("day"))
    assert note is not None
    assert "no space left" in note
    assert recall(file, NOW) == (before, None)
    assert [each.name for each in file.parent.iterdir()] == ["remembered.json"]


def test_a_delay_is_remembered_for_one_meet_of_one_feed(file: Path) -> None:
    remembered = (
        Remembered().with_delay("a.example", "1", 45_000).with_delay("a.example", "2", 8_000)
    )
    keep(file, remembered)
    known, _ = recall(file, NOW)
    assert known.delay("a.example", "1") == 45_000
    assert known.delay("a.example", "2") == 8_000
    assert known.delay("b.example", "1") == 0
    assert known.with_delay("a.example", "1", 0).delays == {"a.example/2": 8_000}


def test_the_oldest_delays_are_forgotten() -> None:
    remembered = Remembered()
    for number in range(50):
        remembered = remembered.with_delay("a.example", str(number), 1_000)
    assert len(remembered.delays) == 20
    assert remembered.delay("a.example", "49") == 1_000
    assert remembered.delay("a.example", "0") == 0


@pytest.mark.parametrize(
    "delays", [7, ["x"], {"a/1": "45"}, {"a/1": True}, {"a/1": -1}, {"a/1": 10**9}]
)
def test_a_delay_that_is_none_is_left_out(file: Path, delays: object) -> None:
    file.parent.mkdir()
    file.write_text(json.dumps({"format": FORMAT, "delays": delays}))
    assert recall(file, NOW) == (Remembered(), None)
