"""A fan's own book of records: what is good in it counts, what is not is told."""

from __future__ import annotations

import os
from datetime import date
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from longtrack.model import Gender, Skater
from longtrack.record_file import own_facts, read_facts
from longtrack.records import Facts, Record

GOOD = """\
# My book.
[[record]]
kind = "TR"
event = "W500"
time = "37,25"
holder = "Kodaira"
noc = "jpn"
on = 2019-02-02
place = "Hamar"
"""


def read(text: str) -> tuple[Facts, tuple[str, ...]]:
    return read_facts(text, "own file", 5)


def test_an_entry_is_a_record() -> None:
    facts, troubles = read(GOOD)
    assert troubles == ()
    day = date(2019, 2, 2)
    assert facts.records == (
        Record(
            "TR", "W500", 37_250, "Kodaira", "JPN", day, "Hamar", "high", source="own file", seen=5
        ),
    )


@pytest.mark.parametrize("day", ["2019-02-02", '"2019-02-02"', "2019-02-02T10:00:00Z"])
def test_a_day_is_read_in_every_way_it_may_be_written(day: str) -> None:
    facts, troubles = read(GOOD.replace("2019-02-02", day))
    assert troubles == ()
    assert facts.records[0].on == date(2019, 2, 2)


def test_a_personal_best_names_a_skater() -> None:
    text = GOOD.replace('"TR"', '"PB"') + 'given = "Nao"\n'
    facts, troubles = read(text)
    assert troubles == ()
    (best,) = facts.bests
    assert best.who == Skater("Kodaira", "Nao", "JPN", Gender.WOMEN)
    assert best.season is None
    assert best.best.time_ms == 37_250
    (best,) = read(text.replace('"PB"', '"SB"'))[0].bests
    assert best.season == 2019


@pytest.mark.parametrize(
    ("was", "now", "told"),
    [
        ('kind = "TR"', 'kind = "XR"', "has kind 'XR'; it is one of TR, WR, OR, NR, PB, SB"),
        ('kind = "TR"\n', "", "has kind none"),
        ('"W500"', '"500"', "has event '500'"),
        ('"37,25"', '"fast"', "has time 'fast'"),
        ('"37,25"', "[]", "has time '[]'"),
        ('"37,25"', '"0.00"', "has time '0.00'"),
        ('"Kodaira"', "7", "needs a holder"),
        ('"jpn"', '"japan"', ""),
        ('"jpn"', '"jp"', "three letters"),
        ("2019-02-02", '"yesterday"', "is of 'yesterday', which is no day"),
        ('place = "Hamar"', 'sure = "maybe"', "is sure 'maybe'"),
        ('place = "Hamar"\n', "", "needs a place"),
        ('kind = "TR"', 'kind = "PB"', "needs the given name"),
        ("holder =", "holder = =", "is no TOML"),
    ],
)
def test_a_bad_entry_is_told_by_its_line_and_spoils_no_other(was: str, now: str, told: str) -> None:
    bad = GOOD.replace(was, now, 1)
    facts, troubles = read(GOOD + "\n" + bad)
    if not told:
        assert len(facts.records) == 2
        return
    assert len(facts.records) == 1
    (trouble,) = troubles
    assert trouble.startswith("record 2 (line 12) ")
    assert told in trouble


def test_what_is_no_toml_names_the_line_of_the_file() -> None:
    text = GOOD + "\n" + GOOD.replace('event = "W500"', "event = W500")
    (trouble,) = read(text)[1]
    assert "line 14" in trouble


@pytest.mark.parametrize("text", ["kind =", "record = 5", "record = [5]", "[record]\nkind = 1"])
def test_what_is_no_book_is_told_once(text: str) -> None:
    facts, troubles = read(text)
    assert facts == Facts()
    assert len(troubles) == 1


def test_an_empty_book_says_nothing() -> None:
    assert read("") == (Facts(), ())


@given(st.text())
def test_nothing_in_a_file_breaks_the_reading(text: str) -> None:
    for written in (text, f'[[record]]\nkind = "TR"\n{text}'):
        facts, troubles = read(written)
        assert isinstance(facts, Facts)
        assert all(troubles), "what is wrong is told in words"


# --- the file ----------------------------------------------------------------------------------


def test_there_need_be_no_file(tmp_path: Path) -> None:
    assert own_facts(tmp_path / "records.toml") == (Facts(), ())
    assert own_facts(tmp_path / "records.toml" / "below") == (Facts(), ())


def test_an_entry_without_a_day_counts_from_when_the_file_was_written(tmp_path: Path) -> None:
    file = tmp_path / "records.toml"
    file.write_text(GOOD.replace("on = 2019-02-02\n", ""))
    os.utime(file, (1_000, 1_000))
    (record,) = own_facts(file)[0].records
    assert (record.on, record.seen) == (None, 1_000_000)


@pytest.mark.parametrize(
    ("body", "told"),
    [
        (b"\xff\xfe", "is not text in UTF-8"),
        (b"#" * 2_000_001, "is too large"),
        (b"kind =", "is no TOML"),
    ],
)
def test_a_file_that_is_no_book_is_told_with_its_name(
    tmp_path: Path, body: bytes, told: str
) -> None:
    file = tmp_path / "records.toml"
    file.write_bytes(body)
    facts, (trouble,) = own_facts(file)
    assert facts == Facts()
    assert str(file) in trouble
    assert told in trouble


def test_a_directory_in_its_place_is_told(tmp_path: Path) -> None:
    facts, (trouble,) = own_facts(tmp_path)
    assert facts == Facts()
    assert "can't be read" in trouble
