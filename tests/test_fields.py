"""Single fields of an untrusted document: a value, or unknown; never an exception."""

from __future__ import annotations

import unicodedata
from collections.abc import Callable
from datetime import UTC, date, datetime
from types import NoneType

import pytest
from hypothesis import given
from hypothesis import strategies as st

from longtrack import fields

json_values = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(), inner, max_size=3),
    max_leaves=5,
)

READERS: dict[Callable[[object], object], tuple[type, ...]] = {
    fields.mapping: (dict,),
    fields.items: (list, tuple),
    lambda value: [*fields.mappings(value)]: (list,),
    fields.text: (str,),
    fields.noc: (str,),
    fields.integer: (int, NoneType),
    fields.number: (float, int, NoneType),
    fields.flag: (bool, NoneType),
    fields.instant: (datetime, NoneType),
    fields.day: (date, NoneType),
}


@given(json_values)
def test_a_reader_gives_its_own_type_whatever_stands_in_the_document(value: object) -> None:
    for reader, types in READERS.items():
        assert type(reader(value)) in types


@pytest.mark.parametrize(
    ("feed", "shown"),
    [
        ("Rijpma-de Jong", "Rijpma-de Jong"),
        ("  Żurek\t\nDamian ", "Żurek Damian"),
        ("Sa\u0301bli\u0301kova\u0301", "Sáblíková"),  # combining accents are joined
        ("\x1b[2J\x1b[31mKok", "[2J[31mKok"),  # the escape is gone, brackets are text
        ("\x9b31mKok", "31mKok"),  # the one-byte form of the same
        ("Kok\x07\x08\x00", "Kok"),
        ("[bold]Kok[/bold]", "[bold]Kok[/bold]"),
        ("\u202ekoK\u202c", "koK"),
        ("\u2066Kok\u2069", "Kok"),
        ("K\u200bo\u200dk\ufeff", "Kok"),
        ("K\u00adok", "Kok"),
        ("Kok\u2028Femke", "KokFemke"),
        ("Kok\r\nFemke", "Kok Femke"),
        ("Kok\u00a0\u3000Femke", "Kok Femke"),
        ("\ue000\U000e0041Kok", "Kok"),  # private use; an invisible tag
        ("\ud800Kok", "Kok"),
        ("高木 美帆", "高木 美帆"),
    ],
)
def test_a_text_keeps_its_letters_and_loses_what_disturbs_a_screen(feed: str, shown: str) -> None:
    assert fields.text(feed) == shown


@given(st.text(max_size=400))
def test_a_text_is_one_printable_line_of_bounded_length(value: str) -> None:
    shown = fields.text(value)
    assert len(shown) <= 80
    assert shown == shown.strip()
    categories = {unicodedata.category(character) for character in shown}
    assert not categories & {"Cc", "Cf", "Cs", "Co", "Cn", "Zl", "Zp"}


def test_a_text_is_cut_at_its_limit() -> None:
    assert fields.text("x" * 1_000_000) == "x" * 80
    assert fields.text("abcdef", 3) == "abc"


@pytest.mark.parametrize("value", [None, 5, True, ["Kok"], {"name": "Kok"}])
def test_what_is_no_text_is_an_empty_one(value: object) -> None:
    assert fields.text(value) == ""


def test_a_country_has_three_capitals_at_most() -> None:
    assert fields.noc("ned") == "NED"
    assert fields.noc("NEDERLAND") == "NED"
    assert fields.noc("ßßß") == "SSS"
    assert fields.noc(None) == ""


@pytest.mark.parametrize(
    ("value", "number"),
    [
        (7, 7),
        (0, 0),
        (-3, -3),
        (7.0, 7),
        ("7", 7),
        (" 12 ", 12),
        ("-3", -3),
        (True, None),
        (7.5, None),
        ("7.0", None),
        ("seven", None),
        ("", None),
        ("٧", None),
        (2**31, None),
        (-(2**40), None),
        (10**400, None),
        ("9" * 40, None),
        (float("nan"), None),
        (float("inf"), None),
        (None, None),
        ([7], None),
    ],
)
def test_a_whole_number_is_read_or_unknown(value: object, number: int | None) -> None:
    assert fields.integer(value) == number


@pytest.mark.parametrize(
    ("value", "number"),
    [
        (-8.5, -8.5),
        (21, 21.0),
        ("15,9", 15.9),
        ("-10.4", -10.4),
        ("−8,5", -8.5),
        ("21 %", None),
        (True, None),
        (1e9, None),
        (float("nan"), None),
        (10**400, None),
        ("1e3", None),
    ],
)
def test_a_measured_number_is_read_or_unknown(value: object, number: float | None) -> None:
    assert fields.number(value) == number


@pytest.mark.parametrize(
    ("value", "flag"),
    [
        (True, True),
        (False, False),
        (1, True),
        (0, False),
        ("true", True),
        ("False", False),
        ("yes", None),
        (None, None),
        ([], None),
        (1.0, None),
    ],
)
def test_a_flag_is_read_or_unknown(value: object, flag: bool | None) -> None:
    assert fields.flag(value) is flag


@pytest.mark.parametrize(
    ("value", "moment"),
    [
        ("2026-01-02T23:32:00Z", datetime(2026, 1, 2, 23, 32, tzinfo=UTC)),
        ("2026-01-02T23:32:00.5Z", datetime(2026, 1, 2, 23, 32, 0, 500_000, tzinfo=UTC)),
        ("2025-12-12T18:30:00+01:00", datetime(2025, 12, 12, 17, 30, tzinfo=UTC)),
        ("2025-12-12T17:30:00", datetime(2025, 12, 12, 17, 30, tzinfo=UTC)),
        ("0001-01-01T00:00:00+14:00", None),
        ("9999-12-31T23:59:59-14:00", None),
        ("2025-13-01T00:00:00Z", None),
        ("soon", None),
        ("", None),
        (1_765_560_600, None),
    ],
)
def test_a_moment_is_read_as_utc_or_unknown(value: object, moment: datetime | None) -> None:
    read = fields.instant(value)
    assert read == moment
    assert read is None or read.utcoffset() == UTC.utcoffset(None)


def test_a_day_is_read_also_off_a_moment() -> None:
    assert fields.day("2025-12-12") == date(2025, 12, 12)
    assert fields.day("2025-12-12T18:30:00Z") == date(2025, 12, 12)
    assert fields.day("12.12.2025") is None
    assert fields.day(20251212) is None
