"""The Olympic places as they are drawn."""

from __future__ import annotations

import pytest

from cups import OFFLINE, cup_at, meet_at, scene_of
from longtrack.quota import RACES, Quota, Section, quota
from longtrack.tape import Tape
from meets import assert_fills, bundled_season, line_with, rink_time, span_of
from rinkside.cup_scene import CupScene, View, season_at
from rinkside.drawing import quota as drawing
from rinkside.ink import Line


def places(tape: Tape, code: str, clock: str = "14 20:00") -> Quota:
    at = rink_time(clock)
    found = quota(season_at(bundled_season(), meet_at(tape, clock), at), code)
    assert found is not None
    return found


def scene(key: str | None = None, scroll: int = 0) -> CupScene:
    return CupScene(View("W500", cursor=key, scroll=scroll), 2026, None, OFFLINE)


def drawn(shown: Quota, width: int = 75, height: int = 60, key: str | None = None) -> list[Line]:
    lines = drawing.table(scene(key), shown, width, height).lines
    assert len(lines) == height
    assert_fills(lines, width)
    return lines


def test_the_list_begins_with_what_it_is(bundled_tape: Tape) -> None:
    lines = drawn(places(bundled_tape, "W500"))
    assert [line.text.rstrip() for line in lines[:5]] == [
        "      W500 28 places  unofficial   points     best",
        "      at most 3 a nation · after 4 of 4 World Cups",
        "      BY POINTS  21 places",
        "►  1  KOK Femke                NED    360    36.09",
        "   2  YOSHIDA Yukino           JPN    295    36.88",
    ]
    assert span_of(lines[0], "unofficial").role == "warn"


def test_it_counts_the_meet_only_as_far_as_the_playhead(bundled_tape: Tape) -> None:
    shown = places(bundled_tape, "W500", "12 08:00")
    lines = drawn(shown)
    assert "after 3 of 4 World Cups" in lines[1].text
    assert line_with(lines, "KOK Femke").text.split()[-2:] == ["300", "36.09"]


@pytest.mark.parametrize("code", RACES)
def test_every_race_is_whole_and_its_sections_in_order(bundled_tape: Tape, code: str) -> None:
    shown = places(bundled_tape, code)
    lines = drawn(shown)
    text = [line.text for line in lines]
    headings = [line.strip().split("  ")[0] for line in text if line[:6].isspace()]
    sections = [name for name in headings if name.isupper() and not name.startswith(code)]
    wanted = ["BY POINTS", *(["BY TIMES"] if shown.by_times else []), "RESERVE"]
    assert sections == [*wanted, *(["PASSED OVER"] if shown.passed_over else [])]
    listed = [line for line in text if line[:6].strip(" ►")]
    assert len(listed) == len(shown.rows) + len(shown.passed_over)
    for width in range(60, 140, 7):
        drawn(shown, width)
        assert_fills(drawing.pane(scene(), shown, width, 30), width)
        assert_fills([drawing.cut_line(shown, width)], width)


@pytest.mark.parametrize("code", RACES)
def test_the_cut_is_told_in_words(bundled_tape: Tape, code: str) -> None:
    shown = places(bundled_tape, code)
    lines = drawn(shown)
    marked = [line.text for line in lines if "last in" in line.text or "first out" in line.text]
    assert len(marked) == 2
    last = [row for row in shown.rows if row.section is not Section.RESERVE][-1]
    assert f" {last.noc} " in marked[0]
    assert marked[0].rstrip().endswith("last in")
    assert marked[1].rstrip().endswith("first out")
    assert text_of(drawing.pane(scene(), shown, 42, 4))[0].startswith("last in")
    line = drawing.cut_line(shown, 60).text
    assert line.startswith(" last in ")
    assert "first out" in drawing.cut_line(shown, 80).text


def text_of(lines: list[Line]) -> list[str]:
    return [line.text.rstrip() for line in lines]


def test_the_reserve_is_left_out_by_time_and_in_a_mass_start_by_points(bundled_tape: Tape) -> None:
    timed, massed = places(bundled_tape, "W500"), places(bundled_tape, "WMS")
    assert timed.first_out is not None
    assert massed.first_out is not None
    assert drawing.cut_line(timed, 80).text.count(".") == 2
    words = drawing.cut_line(massed, 80).text
    assert f"{massed.first_out.points} points" in words
    heads = drawn(massed)[0].text
    assert "best" not in heads
    assert "RESERVE  by points" in "\n".join(text_of(drawn(massed)))
    assert "RESERVE  by times" in "\n".join(text_of(drawn(timed)))


def test_whose_nation_is_full_has_no_number(bundled_tape: Tape) -> None:
    shown = places(bundled_tape, "W500")
    lines = drawn(shown)
    passed = shown.passed_over[0]
    line = line_with(lines[lines.index(line_with(lines, "PASSED OVER")) :], f" {passed.noc} ")
    assert line.text.split()[0] == "—"


def test_a_nations_places(bundled_tape: Tape) -> None:
    shown = places(bundled_tape, "W500")
    pane = drawing.pane(scene(), shown, 42, 20)
    text = text_of(pane)
    assert text[3:5] == ["PLACES BY NATION  at most 3", "NED  3  KOK, FLEDDERUS, BOERSMA"]
    assert span_of(pane[4], "NED").role == "strong"
    assert span_of(pane[5], "JPN").role == "text"
    counts = [int(line.split()[1]) for line in text[4:] if line]
    assert counts == sorted(counts, reverse=True)
    assert sum(counts) == shown.places


def test_the_cursor_stays_in_sight(bundled_tape: Tape) -> None:
    shown = places(bundled_tape, "W500")
    table = drawing.table(scene(), shown, 75, 17)
    assert len(table.order) == len(set(table.order)) == len(shown.rows) + len(shown.passed_over)
    for key in table.order:
        for scroll in (0, 20, 99):
            lines = drawing.table(scene(key, scroll), shown, 75, 17).lines
            marked = [line for line in lines if line.ground == "cursor"]
            assert len(marked) == 1
            assert marked[0].text.startswith("►")
    first = drawing.table(scene(table.order[0], 99), shown, 75, 17).lines
    assert "BY POINTS" in first[2].text


def test_before_anybody_has_points(bundled_tape: Tape) -> None:
    empty = Quota("W500", places(bundled_tape, "W500").rule, (), (), 0)
    assert drawn(empty)[2].text.strip() == "Nobody has points or a time yet."
    assert_fills(drawing.pane(scene(), empty, 42, 10), 42)
    assert drawing.cut_line(empty, 60).text.strip() == ""


def test_the_header_says_what_it_is(bundled_tape: Tape) -> None:
    from rinkside.drawing import standings

    shown = scene_of(cup_at(bundled_tape, alone=True), alone=True)
    assert standings.header(shown, 120, "Olympic places").text.startswith(
        " Olympic places · 2025/26 after Hamar "
    )
