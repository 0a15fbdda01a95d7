"""Lines laid out by the column, and the styles a palette gives their roles."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st
from rich.cells import cell_len
from rich.style import Style

from meets import assert_fills
from rinkside.ink import Inks, Line, Row, Span, blank
from rinkside_themes import GROUNDS, PILLS, TEXT_ROLES, bundled_names, bundled_palette

texts = st.text(
    st.one_of(
        st.characters(codec="utf-8", exclude_categories=("Cc", "Cs", "Cf", "Mn", "Me", "Mc")),
        st.sampled_from("高木美帆Żé−·○●"),
    ),
    max_size=12,
)


@given(
    st.integers(1, 60),
    st.lists(st.tuples(st.integers(0, 70), texts, st.none() | st.integers(0, 20)), max_size=8),
)
def test_whatever_is_put_where_a_line_is_as_wide_as_asked(
    width: int, placed: list[tuple[int, str, int | None]]
) -> None:
    row = Row(width)
    for column, text, within in placed:
        row.put(column, text, within=within)
    assert_fills([row.line()], width)


def test_where_two_texts_meet_the_later_one_gives_way() -> None:
    row = Row(10)
    row.put(0, "abcdef")
    row.put(4, "123")
    assert row.line().text == "abcdef3   "


def test_a_wide_letter_is_never_cut_in_half() -> None:
    row = Row(5)
    row.put(0, "高木美帆")
    assert_fills([row.line()], 5)
    assert row.line().text.startswith("高木")


def test_a_wide_letter_half_covered_leaves_no_gap_behind() -> None:
    row = Row(8)
    row.put(0, "abc")
    row.put(2, "高木")
    line = row.line()
    assert_fills([line], 8)
    assert line.text.startswith("abc")


def test_a_combining_mark_takes_no_column() -> None:
    row = Row(8)
    end = row.put(0, "Bjo\u0308rn")
    row.put(end, "|")
    assert end == 5
    assert cell_len(row.line().text) == 8


def test_text_set_right_ends_before_its_column() -> None:
    row = Row(10)
    assert row.right(8, "+0.10") == 3
    assert row.line().text == "   +0.10  "


def test_a_blank_line_is_as_wide_as_asked() -> None:
    assert_fills([blank(17)], 17)


# --- styles --------------------------------------------------------------------------------------


@pytest.fixture(params=bundled_names())
def palette_name(request: pytest.FixtureRequest) -> str:
    return str(request.param)


def style(name: str, role: str, ground: str = "ground", *, stale: bool = False) -> Style:
    return Inks(bundled_palette(name), stale=stale).style(Span("x", role), ground)


def test_every_role_has_a_style_on_every_ground(palette_name: str) -> None:
    inks = Inks(bundled_palette(palette_name))
    for role in (*TEXT_ROLES, "line", "pill-text"):
        for ground in (*GROUNDS, *PILLS):
            assert inks.style(Span("x", role), ground) is not None


def test_a_reversed_row_drops_the_colours_of_its_text() -> None:
    for role in ("gold", "loss", "lane-2", "record"):
        made = style("terminal-16", role, "cursor")
        assert made.reverse
        assert made.color is None


def test_stale_data_loses_every_colour(palette_name: str) -> None:
    paints = bundled_palette(palette_name).paints
    greys = {paints["stale"].colour, paints["stale-strong"].colour}
    inks = Inks(bundled_palette(palette_name), stale=True)
    for role in TEXT_ROLES:
        if role == "error":
            continue
        colour = inks.style(Span("x", role), "ground").color
        assert colour is not None
        assert colour.name in greys, role


def test_lines_between_panes_stay_as_faint_as_they_are(palette_name: str) -> None:
    assert style(palette_name, "line", stale=True) == style(palette_name, "line")


def test_stale_data_keeps_the_colour_of_pill_and_error(palette_name: str) -> None:
    for role, ground in (("pill-text", "pill-error"), ("error", "ground")):
        assert style(palette_name, role, ground, stale=True) == style(palette_name, role, ground)


def test_an_error_stands_on_the_same_drained_ground_as_the_rest_of_its_line(
    palette_name: str,
) -> None:
    drained = style(palette_name, "error", "header", stale=True)
    assert drained.bgcolor == style(palette_name, "text", "header", stale=True).bgcolor


def test_stale_data_stands_on_no_tint(palette_name: str) -> None:
    inks = Inks(bundled_palette(palette_name), stale=True)
    for ground in ("band", "flash", "header"):
        assert inks.style(Span("x"), ground) == inks.style(Span("x"), "ground")


def test_stale_or_not_the_cursor_and_the_tab_are_seen(palette_name: str) -> None:
    inks = Inks(bundled_palette(palette_name), stale=True)
    for ground in ("cursor", "tab"):
        assert inks.style(Span("x"), ground) != inks.style(Span("x"), "ground")


def test_bold_text_stays_bold_when_colour_drains() -> None:
    inks = Inks(bundled_palette("rinkside-dark"), stale=True)
    assert inks.style(Span("x", "text", bold=True), "ground").bold


def test_sixteen_colours_have_no_tint_and_the_band_gets_a_rule() -> None:
    assert not Inks(bundled_palette("terminal-16")).tints
    assert Inks(bundled_palette("rinkside-dark")).tints


def test_a_style_is_made_once() -> None:
    inks = Inks(bundled_palette("rinkside-dark"))
    assert inks.style(Span("a", "gold"), "ground") is inks.style(Span("b", "gold"), "ground")


def test_a_line_gives_its_text_as_plain_words() -> None:
    line = Line((Span("[bold]KOK", "gold"), Span(" 37.05")))
    assert line.text == "[bold]KOK 37.05"
