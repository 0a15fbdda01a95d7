"""The moments: as a pane, and the last one on a line of its own."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st
from msgspec.structs import replace

from longtrack.model import Race, Status
from longtrack.moments import Kind, Moment
from meets import assert_fills, column_of, entry, race, rink_time, scene, span_of
from rinkside.drawing import ticker
from rinkside.drawing.typeset import wrapped
from rinkside.scene import Scene


def moment(text: str, clock: str = "19:41:00", **more: object) -> Moment:
    facts: dict[str, object] = {"kind": Kind.FINISH, "race": "W500", **more}
    return Moment(at=rink_time(f"12 {clock}"), text=text, **facts)  # type: ignore[arg-type]


def showing(*moments: Moment) -> Scene:
    return scene(race([entry(0), entry(1)]), moments=moments)


def test_the_newest_is_on_top_with_its_time_at_the_rink() -> None:
    lines = ticker.pane(showing(moment("first", "19:40:59"), moment("second", "19:41:00")), 41, 6)
    assert_fills(lines, 41)
    assert [line.text.strip() for line in lines] == [
        "MOMENTS",
        "19:41    second",
        "19:40    first",
        "",
        "",
        "",
    ]


def test_a_sign_stands_in_three_columns_before_the_text() -> None:
    lines = ticker.pane(
        showing(
            moment("KOK 37.05, 0.20 under Kodaira's 37.25", sign="TR", kind=Kind.RECORD),
            moment("KOK 37.05 leads", sign="1", kind=Kind.LEADER),
        ),
        60,
        4,
    )
    for line, sign, role in ((lines[1], "1", "gold"), (lines[2], "TR", "record")):
        assert column_of(line, "KOK") == 9
        assert span_of(line, sign).role == role
        assert span_of(line, sign).bold


def test_text_wraps_at_words_under_itself() -> None:
    lines = ticker.pane(showing(moment("KOK 37.05 leads, 0.60 ahead of ZIOMEK-NOGAL")), 34, 5)
    assert_fills(lines, 34)
    assert [line.text.strip() for line in lines[1:4]] == [
        "19:41    KOK 37.05 leads, 0.60",
        "ahead of ZIOMEK-NOGAL",
        "",
    ]
    assert column_of(lines[2], "ahead") == 9


def test_a_double_barrelled_name_is_never_torn() -> None:
    for width in range(12, 60):
        told = wrapped("RIJPMA-DE 37.05, ahead of ZIOMEK-NOGAL and HILLER-DONNELLY", width)
        for name in ("ZIOMEK-NOGAL", "HILLER-DONNELLY"):
            assert any(name in line for line in told) or width < len(name)


def test_a_unit_stays_with_its_figure_and_an_initial_with_its_name() -> None:
    for width in range(14, 40):
        told = wrapped("KIM M. 10.78, YANG B. 11.00 at 100 m", width)
        assert not any(line.startswith(("m", "M.", "B.")) for line in told)


def test_a_pane_that_is_a_whole_window_wide_keeps_a_margin() -> None:
    lines = ticker.pane(showing(moment("KOK 37.05 leads", sign="1")), 60, 3, indent=1)
    assert_fills(lines, 60)
    assert lines[0].text.startswith(" MOMENTS")
    assert lines[1].text.startswith(" 19:41 1  KOK 37.05 leads")


@given(st.text(st.sampled_from("ab 高木-é"), max_size=60), st.integers(1, 40))
def test_wrapped_lines_fit_and_lose_no_word_that_fits(text: str, width: int) -> None:
    from rich.cells import cell_len

    lines = wrapped(text, width)
    assert all(cell_len(line) <= width for line in lines)
    if all(cell_len(word) <= width for word in text.split()):
        assert " ".join(lines).split() == text.split()


def test_nothing_yet_is_one_sentence() -> None:
    lines = ticker.pane(showing(), 41, 4)
    assert lines[1].text.strip() == "Nothing has happened yet."


def test_a_pane_is_as_high_as_asked_and_cuts_off_the_oldest() -> None:
    many = tuple(moment(f"number {n}") for n in range(30))
    lines = ticker.pane(showing(*many), 41, 5)
    assert len(lines) == 5
    assert "number 29" in lines[1].text
    assert "number 26" in lines[4].text


def test_another_race_is_named_by_its_code() -> None:
    other = moment("KRAMER 34.50 leads", race="M500", kind=Kind.LEADER, sign="1")
    assert "M500 KRAMER 34.50 leads" in ticker.pane(showing(other), 60, 3)[1].text


def test_a_code_is_not_said_twice() -> None:
    other = moment("M500 is official: KRAMER", race="M500", kind=Kind.OFFICIAL)
    assert ticker.pane(showing(other), 60, 3)[1].text.count("M500") == 1


def test_the_last_line_keeps_a_record_over_the_finish_that_follows_it() -> None:
    record = moment("KOK 37.05, 0.20 under 37.25", "19:42:00", sign="TR", kind=Kind.RECORD)
    finish = moment("JACKSON 43.94, 19th", "19:42:07")
    assert "TR KOK 37.05" in ticker.last(showing(record, finish), 80).text
    later = moment("STOLZ 33.97 leads", "19:42:40", kind=Kind.LEADER)
    assert "STOLZ" in ticker.last(showing(record, finish, later), 80).text


def test_a_race_joined_late_does_not_say_that_nothing_has_happened() -> None:
    begun = scene(race([entry(0, Status.FINISHED, time_ms=37_050, rank=1), entry(1)]))
    assert "was not recorded" in ticker.pane(begun, 45, 3)[1].text
    assert "Nothing has happened yet." in ticker.pane(showing(), 45, 3)[1].text


@pytest.mark.parametrize("width", [60, 80, 109])
def test_the_last_moment_has_a_line_of_its_own(width: int) -> None:
    line = ticker.last(showing(moment("first"), moment("x" * 200, sign="1")), width)
    assert_fills([line], width)
    assert line.text.startswith(" 19:41 1 x")
    assert line.text.rstrip().endswith("…")


def test_without_a_moment_that_line_is_empty() -> None:
    assert ticker.last(showing(), 80).text == " " * 80


def test_text_of_a_feed_is_never_markup() -> None:
    line = ticker.last(showing(moment("[bold]KOK[/] [link=x]37.05")), 80)
    assert "[bold]KOK[/] [link=x]37.05" in line.text


def test_without_a_race_on_screen_every_moment_has_its_code() -> None:
    none: Race | None = None
    shown = replace(scene(none), moments=(moment("KOK 37.05"),))
    assert "W500 KOK 37.05" in ticker.last(shown, 80).text
