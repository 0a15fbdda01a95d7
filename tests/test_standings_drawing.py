"""The standings as they are drawn: columns, rows, headings, and what leaves first."""

from __future__ import annotations

import pytest
from msgspec.structs import replace
from rich.cells import cell_len

from cups import OFFLINE, cup_at, invented, key_of, scene_of
from longtrack.model import Status
from longtrack.standings import Column
from longtrack.tape import Tape
from meets import assert_fills, column_of, line_with, span_of
from rinkside.cup_scene import CupScene, View
from rinkside.drawing import cup_skater, standings
from rinkside.drawing.cities import short_cities, short_city
from rinkside.drawing.cup_columns import columns
from rinkside.ink import Line
from rinkside.scene import Feed

NAMES_WIDE = (
    ("美帆", "高木", "JPN"),
    ("Veronika-Magdalena", "Hinterobermaier-Schwaiger", "AUT"),
    ("Gabriel", "Groß", "GER"),
    ("Bjo\u0308rn", "A\u030akerstro\u0308m", "SWE"),
)


def drawn(scene: CupScene, window: int = 120, rows: int = 32) -> list[Line]:
    """The table in a window, the heading first."""
    side = cup_skater.side(window)
    width = window - side - 3 if side else window
    lines = standings.table(scene, width, rows, window).lines
    assert len(lines) == rows
    assert_fills(lines, width)
    return lines


def texts(scene: CupScene, window: int = 120, rows: int = 32) -> list[str]:
    return [line.text.rstrip() for line in drawn(scene, window, rows)]


# --- as it was drawn ------------------------------------------------------------------------------


def test_120_columns_as_drawn(bundled_tape: Tape) -> None:
    cup = cup_at(bundled_tape)
    scene = replace(scene_of(cup, "LEE"), followed=frozenset({key_of(cup, "FLEDDERUS")}))
    assert texts(scene)[:9] == [
        "         W500 7 races  1–31 of 55  total to 1st SLC     CGY     HVN HAM",
        "   1     KOK Femke             NED   360        60  60  60  60  60  60   —",
        "   2  ▲3 YOSHIDA Yukino        JPN   295    −65 48  43  22  31  43  48  60",
        "   3  ▲1 JACKSON Erin          USA   256   −104 54  54  48  36  21  22  21",
        "►  4  ▲3 LEE Na-Hyun           KOR   254   −106 30  48  38  38  26  31  43",
        " * 5  ▼2 FLEDDERUS Marrit      NED   251   −109 38  38  43  48  48  36   —",
        "   6     BOERSMA Anna          NED   239   −121 36  40  32  43  31  30  27",
        "   7 ▲11 ZIOMEK-NOGAL Kaja     POL   236   −124 43  23   0  28b 34  54  54",
        "   8  ▲1 PERGHER Serena        ITA   229   −131 34  25  36  29  40  29  36",
    ]


def test_60_columns_as_drawn(bundled_tape: Tape) -> None:
    cup = cup_at(bundled_tape)
    scene = replace(scene_of(cup, "LEE"), followed=frozenset({key_of(cup, "FLEDDERUS")}))
    assert texts(scene, 60, 16)[:8] == [
        "         W500 7 races  1–15 of 55     total to 1st  last",
        "   1     KOK Femke                NED   360           —",
        "   2  ▲3 YOSHIDA Yukino           JPN   295    −65   60",
        "   3  ▲1 JACKSON Erin             USA   256   −104   21",
        "►  4  ▲3 LEE Na-Hyun              KOR   254   −106   43",
        " * 5  ▼2 FLEDDERUS Marrit         NED   251   −109    —",
        "   6     BOERSMA Anna             NED   239   −121   27",
        "   7 ▲11 ZIOMEK-NOGAL Kaja        POL   236   −124   54",
    ]
    places = standings.places(scene, 60)
    assert_fills([places], 60)
    assert places.text.rstrip() == " LEE  places 11  3  6  6  15  10  4"


def test_header_and_tabs_as_drawn(bundled_tape: Tape) -> None:
    scene = scene_of(cup_at(bundled_tape))
    header, tabs = standings.header(scene, 120), standings.tabs(scene, 120)
    assert_fills([header, tabs], 120)
    assert header.text.startswith(" World Cup standings · 2025/26 after Hamar  ")
    assert header.text.endswith("  as of 14 Dec 15:57  OFFLINE  ")
    assert tabs.text.startswith("  1 W500  2 W1000  3 W1500  4 WLONG  5 WMS  6 WTP  ")
    assert tabs.text.rstrip().endswith(" w  Women  Men")
    assert span_of(tabs, "W500").ground == "tab"
    assert span_of(tabs, " Women ").ground == "tab"
    assert span_of(tabs, "W1000").ground is None


def test_in_a_narrow_window_the_age_stays_and_the_words_give_way(bundled_tape: Tape) -> None:
    scene = scene_of(cup_at(bundled_tape))
    for width in range(60, 121):
        header, tabs = standings.header(scene, width), standings.tabs(scene, width)
        assert_fills([header, tabs], width)
        assert "standings · 2025/26" in header.text.lower()
        assert "as of 14 Dec 15:57" in header.text
        assert "OFFLINE" in header.text
        assert "6 WTP" in tabs.text
        assert ("Women" in tabs.text) is (width >= 68)


def test_a_cup_that_is_live_says_so_on_its_tab(bundled_tape: Tape) -> None:
    scene = replace(scene_of(cup_at(bundled_tape)), live=frozenset({"W1500"}))
    assert "3 W1500 live " in standings.tabs(scene, 120).text
    assert span_of(standings.tabs(scene, 120), " live").role == "live"
    everything = replace(scene, live=frozenset({"W500", "W1500", "WMS"}))
    assert_fills([standings.tabs(everything, 60)], 60)
    assert "6 WTP" in standings.tabs(everything, 60).text


def test_men_have_their_own_cups(bundled_tape: Tape) -> None:
    scene = scene_of(cup_at(bundled_tape, code="MLONG"))
    tabs = standings.tabs(scene, 120)
    assert "4 MLONG" in tabs.text
    assert span_of(tabs, " Men ").ground == "tab"
    assert span_of(tabs, "MLONG").ground == "tab"


# --- roles ---------------------------------------------------------------------------------------


def test_what_stands_out(bundled_tape: Tape) -> None:
    lines = drawn(scene_of(cup_at(bundled_tape), "LEE"))
    kok, yoshida, jackson = lines[1:4]
    assert (span_of(kok, "1").role, span_of(yoshida, "2").role) == ("gold", "silver")
    assert span_of(jackson, "3").role == "bronze"
    assert span_of(kok, "60").role == "gold"
    assert span_of(kok, "KOK Femke").bold
    assert span_of(kok, "360").bold
    assert span_of(yoshida, "▲3").role == "gain"
    assert span_of(line_with(lines, "LEERDAM"), "▼11").role == "loss"
    assert not span_of(line_with(lines, "BOERSMA"), "BOERSMA Anna").bold
    ziomek = line_with(lines, "ZIOMEK")
    assert span_of(ziomek, "28").role == "dim"
    assert span_of(ziomek, "b").role == "dim"
    assert span_of(ziomek, "0").role == "text"
    assert span_of(kok, "—").role == "dim"
    assert [line.ground for line in lines[1:6]] == ["ground"] * 3 + ["cursor", "ground"]


def test_a_first_of_division_b_is_no_podium(bundled_tape: Tape) -> None:
    cup = cup_at(bundled_tape)
    line = line_with(drawn(scene_of(cup)), "CHEN Ying-Chu")
    assert "28b" in line.text
    assert span_of(line, "28").role == "dim"


def test_who_withdrew_was_not_in_it_and_who_was_disqualified_was() -> None:
    statuses = (Status.DQ, Status.WDR, Status.DNS)
    cup = invented([[60, *statuses]], ["Hamar"] * 4)
    assert texts(scene_of(cup), 80)[1].split()[-4:] == ["60", "0", "—", "—"]
    assert standings.places(scene_of(cup), 80).text.split()[-3:] == ["DQ", "WDR", "DNS"]


def test_who_is_still_to_skate_is_dim_and_has_a_dot(bundled_tape: Tape) -> None:
    lines = drawn(scene_of(cup_at(bundled_tape, "12 19:38"), "YOSHIDA"))
    assert "16 of 20 in" in lines[0].text
    assert span_of(lines[0], "16 of 20 in").role == "live"
    line = line_with(lines, "FLEDDERUS")
    assert line.text.startswith("   3     FLEDDERUS")
    assert line.text.rstrip().endswith("·")
    assert span_of(line, "FLEDDERUS").role == "dim"
    assert span_of(line, "3").role == "dim"
    assert not span_of(line, "215").bold
    # Absent, and moved already.
    assert line_with(lines, "LEERDAM").text.startswith("   3  ▼1 LEERDAM")


def test_two_with_the_same_points_have_no_gap_to_the_next() -> None:
    cup = invented([[60], [54], [54]], ["Hamar"])
    lines = texts(scene_of(cup), 80)
    assert lines[2].split()[-4:] == ["54", "−6", "−6", "54"]
    assert lines[3].split()[0] == "2"
    assert lines[3].split()[-3:] == ["−6", "−6", "54"]


def test_a_tie_broken_by_the_best_race_is_level_with_the_next() -> None:
    cup = invented([[60, 20], [40, 40]], ["Hamar", "Hamar"])
    assert texts(scene_of(cup), 80)[2].split()[-4:] == ["0", "0", "40", "40"]


# --- which columns -------------------------------------------------------------------------------

SEVEN = tuple(
    Column(f"{city}", 500, ordinal, city)
    for city, count in (("Salt Lake City", 2), ("Calgary", 2), ("Heerenveen", 1), ("Hamar", 2))
    for ordinal in range(1, count + 1)
)


def test_columns_leave_in_the_order_that_was_set() -> None:
    former: tuple[bool, int, bool, bool] | None = None
    seen = []
    for width in range(110, 30, -1):
        place = columns(SEVEN, width, 100)
        now = ("next" in place, len(place.races), "first" in place, "move" in place)
        if now != former:
            seen.append(now)
        former = now
        assert ("last" in place) is (now[1] == 0 and width >= 48)
        assert place["name"].width >= 16 or width < 31
    assert seen == [
        (True, 7, True, True),
        (False, 7, True, True),
        (False, 6, True, True),
        (False, 5, True, True),
        (False, 4, True, True),
        (False, 0, True, True),
        (False, 0, False, True),
        (False, 0, False, False),
    ]


@pytest.mark.parametrize("code", ["W500", "WLONG", "MTP"])
def test_every_width_is_filled_and_no_two_columns_touch(bundled_tape: Tape, code: str) -> None:
    cup = cup_at(bundled_tape, code=code)
    for window in range(60, 201):
        scene = scene_of(cup)
        side = cup_skater.side(window)
        width = window - side - 3 if side else window
        lines = drawn(scene, window)
        place = columns(cup.now.columns, width, window)
        assert 16 <= place["name"].width <= 24
        ends = [column.end for column in place.by_name.values()]
        ends += [column.end for _, column in place.races]
        assert ends == sorted(ends)
        assert ends[-1] <= width
        for row, line in zip(cup.now.rows, lines[1:], strict=False):
            for race, column in place.races:
                points, letter, _ = standings.points_of(scene, row, race)
                cell = line.text[column.start : column.end]
                assert cell == f"{points:>{column.width - 1}}{letter:1}"
        if window >= cup_skater.SIDE_BY_SIDE:
            assert_fills(cup_skater.draw(scene, side, 32), side)


def test_races_stand_closer_between_110_and_149_columns() -> None:
    for window, width in ((109, 5), (110, 4), (149, 4), (150, 5)):
        assert {column.width for _, column in columns(SEVEN, 109, window).races} == {width}


def test_of_many_races_the_newest_stay() -> None:
    place = columns((*SEVEN, *(Column("Inzell", 500, n, "Inzell") for n in (1, 2))), 75, 120)
    assert [race.city for race, _ in place.races][-2:] == ["Inzell", "Inzell"]
    assert len(place.races) == 8
    assert place.heads[0][1] == "…SLC"
    assert "next" not in place


def test_heads_stand_above_the_first_race_of_each_meet(bundled_tape: Tape) -> None:
    for window in (80, 120, 160, 200):
        lines = drawn(scene_of(cup_at(bundled_tape)), window)
        fourth = lines[4].text
        assert "LEE" in fourth
        first_of_meet = {"SLC": "30", "CGY": "38", "HVN": "26", "HAM": "31"}
        full = {"SLC": "Salt Lake City", "CGY": "Calgary", "HVN": "Heerenveen", "HAM": "Hamar"}
        for short, points in first_of_meet.items():
            head = full[short] if window >= 190 else short
            at = column_of(lines[0], head)
            assert fourth[at : at + 2] == points


def test_cities_in_three_letters() -> None:
    expected = {
        "Salt Lake City": "SLC",
        "Calgary": "CGY",
        "Heerenveen": "HVN",
        "Hamar": "HAM",
        "Inzell": "IZL",
        "Milwaukee": "MWE",
        "Tomaszów Mazowiecki": "TMA",
        "Québec": "QUE",
        "Obihiro": "OBI",
        "Oslo": "OSL",
        "Å": "A",
        "": "",
    }
    assert {city: short_city(city) for city in expected} == expected
    assert cell_len(short_city("長野市")) <= 3


def test_two_cities_have_different_letters_where_that_can_be_helped() -> None:
    assert short_cities(["Calgary", "Cagory", "Calgary"]) == {"Calgary": "CGY", "Cagory": "CAG"}
    assert short_cities(["Calgary", "Colgay"]) == {"Calgary": "CGY", "Colgay": "COL"}


# --- names and rows -------------------------------------------------------------------------------


def test_long_and_wide_names_shift_nothing() -> None:
    cup = invented([[60], [54], [48], [43]], ["Hamar"], people=NAMES_WIDE)
    for window in (*range(60, 201, 3), 200):
        lines = drawn(scene_of(cup), window)
        for line, (_, _, noc) in zip(lines[1:], NAMES_WIDE, strict=False):
            assert column_of(line, f" {noc} ") == column_of(lines[1], " JPN ")
    lines = drawn(scene_of(cup), 80)
    assert "HINTEROBERMAIER-" in lines[2].text
    assert "GROß Gabriel" in lines[3].text


def test_long_names_of_cities_stay_in_their_columns() -> None:
    city = "Llanfairpwllgwyngyllgogerychwyrndrobwllllantysiliogogogoch"
    cup = invented([[60, 54]], ["高木市", city])
    for window in range(60, 201, 5):
        drawn(scene_of(cup), window)
        if side := cup_skater.side(window):
            assert_fills(cup_skater.draw(scene_of(cup), side, 30), side)
        assert_fills([standings.places(scene_of(cup), window)], window)


def test_the_cursor_stays_in_sight(bundled_tape: Tape) -> None:
    cup = cup_at(bundled_tape)
    keys = [row.key for row in cup.now.rows]
    for place in range(len(keys)):
        for scroll in (0, 10, 54, 99):
            view = View("W500", cursor=keys[place], scroll=scroll)
            table = standings.table(CupScene(view, 2026, cup, OFFLINE), 75, 16, 120)
            assert table.first <= place < table.first + table.shown
            assert table.shown == 15
            assert [line.ground for line in table.lines[1:]].index("cursor") == place - table.first
            assert f"{table.first + 1}–{table.first + 15} of 55" in table.lines[0].text


def test_a_cursor_on_somebody_else_falls_on_the_leader(bundled_tape: Tape) -> None:
    scene = replace(scene_of(cup_at(bundled_tape)), view=View("W500", cursor="nobody"))
    assert drawn(scene)[1].ground == "cursor"


def test_one_nation(bundled_tape: Tape) -> None:
    scene = scene_of(cup_at(bundled_tape), nation="JPN")
    lines = texts(scene)
    assert "JPN only" in lines[0]
    assert [line[9:].split()[0] for line in lines[1:5]] == [
        "YOSHIDA",
        "YAMADA",
        "INAGAWA",
        "KITAHARA",
    ]
    assert [line[2:4].strip() for line in lines[1:4]] == ["2", "18", "21"]


def test_a_nation_with_nobody_says_so(bundled_tape: Tape) -> None:
    lines = texts(scene_of(cup_at(bundled_tape), nation="ZZZ"))
    assert lines[1].strip() == "Nobody of ZZZ has points in this cup."


def test_what_is_said_where_there_is_nothing(bundled_tape: Tape) -> None:
    assert texts(scene_of(None))[1].strip() == "The season is being read."
    assert texts(scene_of(invented([], [])))[1].strip() == "No race of this cup has been held."
    alone = cup_at(bundled_tape, "12 08:00", alone=True)
    said = texts(scene_of(alone, alone=True))[1].strip()
    assert said == "Nobody has points in this cup from Hamar yet."
    for scene in (scene_of(None), scene_of(invented([], []))):
        for width in range(60, 201, 10):
            drawn(scene, width)
            assert_fills([standings.places(scene, width), standings.header(scene, width)], width)


def test_the_meet_alone_says_so(bundled_tape: Tape) -> None:
    scene = scene_of(cup_at(bundled_tape, alone=True), alone=True)
    header = standings.header(scene, 120)
    assert "2025/26 Hamar alone" in header.text
    assert texts(scene)[0].split()[:3] == ["W500", "2", "races"]


def test_places_of_the_newest_races_stay() -> None:
    cup = invented([[43] * 30], ["Hamar"] * 30)
    line = standings.places(scene_of(cup), 60)
    assert_fills([line], 60)
    assert line.text.startswith(" KOK  places …  4")
    assert line.text.rstrip().endswith("4")


def test_places_tell_division_b_and_why_there_is_none(bundled_tape: Tape) -> None:
    cup = cup_at(bundled_tape)
    assert standings.places(scene_of(cup, "ZIOMEK-NOGAL"), 80).text.split()[2:] == [
        "4",
        "18",
        "DQ",
        "1b",
        "8",
        "2",
        "2",
    ]
    assert standings.places(scene_of(cup, "LEERDAM"), 80).text.rstrip().endswith("2  2  —  —")


# --- the note -------------------------------------------------------------------------------------


def test_the_note_names_missing_races_and_the_table() -> None:
    cup = invented([[60]], ["Hamar"])
    assert standings.note(scene_of(cup), 80) is None
    cup = replace(cup, missing=("Calgary M1000", "Hamar MTPB"), year=2027)
    line = standings.note(scene_of(cup), 80)
    assert line is not None
    assert_fills([line], 80)
    assert line.text.strip() == "missing: Calgary M1000, Hamar MTPB · by the 2025/26 table"


def test_what_is_wrong_with_the_feed_comes_first() -> None:
    cup = replace(invented([[60]], ["Hamar"]), missing=("Hamar MTPB",))
    wrong = Feed("NO FEED", note="the feed timed out", note_role="error")
    line = standings.note(replace(scene_of(cup), feed=wrong), 80)
    assert line is not None
    assert line.text.strip() == "the feed timed out"
    assert span_of(line, "the feed").role == "error"
