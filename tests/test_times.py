"""Times: read in every form a feed may write, cut and never rounded when printed."""

from __future__ import annotations

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from longtrack.times import MINUS, gap_ms, ordinal, read_time, show_gap, show_time


@pytest.mark.parametrize(
    ("value", "ms"),
    [
        ("37.052", 37_052),
        ("1:13.592", 73_592),
        ("366.720", 366_720),
        ("6:06.720", 366_720),
        ("12:25.690", 745_690),
        ("0:37.052", 37_052),
        ("1:02:03.456", 3_723_456),
        (" 37.052 ", 37_052),
        ("37,052", 37_052),
        ("0.000", 0),
        (37.052, 37_052),
        (73.592, 73_592),
    ],
)
def test_a_time_with_thousandths_is_read_to_the_millisecond(value: object, ms: int) -> None:
    assert read_time(value) == (ms, 1)


@pytest.mark.parametrize(
    ("value", "ms"),
    [("37.05", 37_050), ("1:34,45", 94_450), ("26.6", 26_600), ("37", 37_000), ("1:05", 65_000)],
)
def test_fewer_decimals_than_three_are_known_to_the_hundredth(value: str, ms: int) -> None:
    assert read_time(value) == (ms, 10)


def test_decimals_beyond_thousandths_are_cut() -> None:
    assert read_time("36.485999") == (36_485, 1)


@pytest.mark.parametrize(
    "value",
    [
        None,
        True,
        [],
        {"time": "37.05"},
        "",
        " ",
        "DNF",
        "-37.05",
        -37.05,
        "+0.60",
        "1:75.00",
        "1:60.00",
        "1:60:00.00",
        ":37.05",
        "37.",
        ".05",
        "37.05.1",
        "1:2:3:4.5",
        "٣٧.٠٥",  # Arabic digits
        "３７.０５",  # full-width digits
        "37.05s",
        "3 7.05",
        "99999.00",
        "1" * 5_000,
        float("nan"),
        float("inf"),
        1e300,
        10**400,
        -(10**400),
    ],
)
def test_what_is_no_time_is_unknown_and_never_an_error(value: object) -> None:
    assert read_time(value) is None


@given(
    st.none()
    | st.booleans()
    | st.integers()
    | st.floats()
    | st.text()
    | st.text("0123456789:.,-+ ")
    | st.lists(st.text())
)
def test_whatever_is_read_as_a_time_is_not_negative(value: object) -> None:
    clocked = read_time(value)
    assert clocked is None or (clocked.ms >= 0 and clocked.precision_ms in (1, 10))


@pytest.mark.parametrize(
    ("ms", "shown"),
    [
        (36_485, "36.48"),
        (33_616, "33.61"),
        (36_097, "36.09"),
        (232_027, "3:52.02"),
        (59_999, "59.99"),
        (60_000, "1:00.00"),
        (73_592, "1:13.59"),
        (745_690, "12:25.69"),
        (9, "0.00"),
        (3_723_456, "62:03.45"),
    ],
)
def test_a_printed_time_is_cut_to_hundredths_and_not_rounded(ms: int, shown: str) -> None:
    assert show_time(ms) == shown


@given(st.integers(0, 9_999_999))
@example(60_000)
@example(59_999)
def test_a_printed_time_reads_back_as_itself_cut_to_hundredths(ms: int) -> None:
    assert read_time(show_time(ms)) == (ms // 10 * 10, 10)


def test_a_gap_is_the_difference_of_the_printed_times() -> None:
    assert gap_ms(37_759, 37_651) == 100  # 37.75 and 37.65; the true gap is 0.108
    assert gap_ms(37_651, 37_749) == -90
    assert gap_ms(34_147, 34_146) == 0
    assert gap_ms(34_150, 34_149) == 10  # one thousandth, and yet another hundredth


@given(st.integers(0, 999_999), st.integers(0, 999_999))
def test_a_gap_adds_up_on_screen(ms: int, reference: int) -> None:
    shown, against = read_time(show_time(ms)), read_time(show_time(reference))
    assert shown is not None
    assert against is not None
    assert gap_ms(ms, reference) == shown.ms - against.ms


@pytest.mark.parametrize(
    ("gap", "shown"),
    [(600, "+0.60"), (0, "+0.00"), (57_400, "+57.40"), (61_230, "+1:01.23"), (-1_910, "−1.91")],
)
def test_a_gap_has_its_sign_and_minus_is_as_wide_as_plus(gap: int, shown: str) -> None:
    assert show_gap(gap) == shown
    assert MINUS == "\N{MINUS SIGN}"


@pytest.mark.parametrize(
    ("number", "shown"),
    [
        (1, "1st"),
        (2, "2nd"),
        (3, "3rd"),
        (4, "4th"),
        (10, "10th"),
        (11, "11th"),
        (12, "12th"),
        (13, "13th"),
        (21, "21st"),
        (22, "22nd"),
        (23, "23rd"),
        (111, "111th"),
        (112, "112th"),
        (101, "101st"),
    ],
)
def test_a_rank_in_prose_ends_as_it_is_spoken(number: int, shown: str) -> None:
    assert ordinal(number) == shown
