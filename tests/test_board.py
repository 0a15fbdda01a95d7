"""The board: one grid for the pair in view, the classification and the start list."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from msgspec.structs import replace
from rich.cells import cell_len

from longtrack.action import Phase
from longtrack.model import (
    Armband,
    Discipline,
    Distance,
    Entry,
    Lane,
    Passage,
    Race,
    Skater,
    Stage,
    Status,
)
from longtrack.tape import Tape
from meets import (
    DISTANCES,
    EVENING,
    FIFTEEN_HUNDRED,
    FIVE_HUNDRED,
    MASS_START,
    TEAM_PURSUIT,
    TEN_THOUSAND,
    THREE_THOUSAND,
    Rink,
    assert_fills,
    bundled_season,
    column_of,
    entry,
    line_with,
    live_session,
    race,
    rink_time,
    scene,
    span_of,
    sprint_evening,
)
from rinkside.drawing import board, cells
from rinkside.drawing.columns import columns
from rinkside.ink import Inks, Line
from rinkside.scene import Scene
from rinkside.session import Choice
from rinkside_themes import bundled_palette


def passage(
    number: int, mark: int, time: int, *, lap: int | None = None, rank: int = 1, **more: bool
) -> Passage:
    return Passage(number, mark, time, time if lap is None else lap, rank, **more)


def rows(
    shown: Scene | Race, width: int = 80, height: int = 24, *, pins: bool = True
) -> list[Line]:
    one = scene(shown) if isinstance(shown, Race) else shown
    drawn = board.draw(one, width, height, pins=pins)
    assert len(drawn.lines) == height
    assert_fills(drawn.lines, width)
    return drawn.lines


def row_of(shown: Scene | Race, name: str, *, pins: bool = False, width: int = 80) -> Line:
    return line_with(rows(shown, width, 40, pins=pins), name)


def finisher(index: int, time: int, rank: int | None, **more: object) -> Entry:
    return entry(index, Status.FINISHED, time_ms=time, rank=rank, **more)


def three_of_four() -> Race:
    """A race of two pairs, one of them home, of the other one skater still out."""
    return race(
        [
            finisher(0, 37_050, 1),
            finisher(1, 37_651, 2),
            finisher(2, 37_751, 3),
            entry(3, Status.ON_ICE, passages=(passage(1, 100, 10_320, rank=2),)),
        ]
    )


# --- finishers -----------------------------------------------------------------------------------


def test_a_finisher_has_rank_lane_name_country_time_and_gap() -> None:
    line = row_of(three_of_four(), "RIJPMA")
    cols = columns(FIVE_HUNDRED, 80)
    assert line.text[cols["rank"].start : cols["rank"].end] == " 2"
    assert line.text[cols["lane"].start : cols["lane"].end] == " ●"
    assert line.text[cols["noc"].start : cols["noc"].end].strip() == "NED"
    assert line.text[cols["time"].start : cols["time"].end].strip() == "37.65"
    assert line.text[cols["behind"].start : cols["behind"].end].strip() == "+0.60"


def test_a_gap_is_the_difference_of_the_printed_times() -> None:
    shown = race([finisher(0, 37_659, 1), finisher(1, 37_751, 2)])
    assert "+0.10" in row_of(shown, "RIJPMA").text


def test_the_leaders_gap_is_empty_and_the_time_gold() -> None:
    line = row_of(three_of_four(), "KOK")
    assert "+" not in line.text
    assert span_of(line, "37.05").role == "gold"


def test_the_podium_is_bold_and_ranked_in_medals() -> None:
    shown = race([finisher(index, 37_000 + 100 * index, index + 1) for index in range(5)])
    for rank, role in ((1, "gold"), (2, "silver"), (3, "bronze")):
        line = rows(shown, height=10, pins=False)[rank]
        assert span_of(line, str(rank)).role == role
        assert span_of(line, str(rank)).bold
        assert all(span.bold for span in line.spans if span.text in ("37.00", "37.10", "37.20"))
    fourth = rows(shown, height=10, pins=False)[4]
    assert not any(span.bold for span in fourth.spans)


def test_lanes_of_finished_rows_are_dim_and_of_the_pair_on_the_ice_in_colour() -> None:
    shown = three_of_four()
    assert span_of(row_of(shown, "KOK"), "○").role == "dim"
    assert span_of(row_of(shown, "LEE"), "●").role == "lane-2"


def test_the_thousandth_stands_in_its_own_columns_only_where_it_decided() -> None:
    shown = race([finisher(0, 34_142, 1), finisher(1, 34_146, 2), finisher(2, 34_200, 3)])
    cols = columns(FIVE_HUNDRED, 80)
    for name, digit in (("KOK", "(2)"), ("RIJPMA", "(6)")):
        line = row_of(shown, name)
        assert column_of(line, digit) == cols["mark"].start
        assert span_of(line, digit).role == "dim"
        assert line.text[: cols["time"].end].endswith("34.14")
    assert "(" not in row_of(shown, "高木").text
    assert "+0.00" in row_of(shown, "RIJPMA").text


def test_two_times_known_to_the_hundredth_get_no_thousandth() -> None:
    shown = race([finisher(0, 34_140, 1, precision_ms=10), finisher(1, 34_140, 2, precision_ms=10)])
    assert "(" not in row_of(shown, "KOK").text


def test_a_track_record_is_told_by_letters_after_the_time() -> None:
    line = row_of(race([finisher(0, 37_050, 1), finisher(1, 37_650, 2)]), "KOK")
    assert "37.05 TR" in line.text
    assert span_of(line, "TR").role == "record"
    assert "TR" not in row_of(three_of_four(), "RIJPMA").text


def test_a_record_row_flashes_while_it_is_new() -> None:
    fresh = replace(scene(three_of_four()), flash=frozenset({"0"}))
    assert row_of(fresh, "KOK").ground == "flash"
    assert row_of(three_of_four(), "KOK").ground == "ground"


def test_a_modelled_passage_carries_its_sign_and_is_dim() -> None:
    shown = race(
        [
            finisher(0, 37_050, 1, passages=(passage(1, 100, 10_330, rank=2),)),
            finisher(1, 37_650, 2, passages=(passage(1, 100, 10_280, rank=1, modelled=True),)),
        ]
    )
    assert span_of(row_of(shown, "RIJPMA"), "10.28").text == "~10.28"
    assert "~" not in row_of(shown, "KOK").text


def test_the_fastest_in_a_column_is_bold_and_underlined_with_its_rank() -> None:
    shown = race([finisher(0, 37_050, 1, passages=(passage(1, 100, 10_280, rank=1),))])
    figure = span_of(row_of(shown, "KOK"), "10.28")
    assert (figure.bold, figure.underline, figure.role) == (True, True, "record")


def test_a_corrected_time_is_marked() -> None:
    shown = replace(scene(three_of_four()), corrected=frozenset({"1"}))
    assert span_of(row_of(shown, "RIJPMA"), "±").role == "warn"


def test_a_reskated_time_says_so() -> None:
    shown = race([finisher(0, 37_050, 1), finisher(1, 37_650, 2, reskate=True)])
    assert "37.65 RS" in row_of(shown, "RIJPMA").text


def test_a_fall_that_a_source_states_is_a_letter_behind_the_time() -> None:
    shown = race([finisher(0, 37_050, 1), finisher(1, 94_450, 2, remarks=("F",))])
    assert "1:34.45 F" in row_of(shown, "RIJPMA").text
    assert " F" not in row_of(race([finisher(0, 37_050, 1), finisher(1, 94_450, 2)]), "RIJPMA").text


def test_a_row_kept_from_before_carries_a_question_mark() -> None:
    shown = race([finisher(0, 37_050, 1), finisher(1, 37_650, 2, kept=True)])
    line = row_of(shown, "RIJPMA")
    assert column_of(line, "?") == columns(FIVE_HUNDRED, 80)["gap"].start


def test_points_are_those_of_the_place() -> None:
    shown = race([finisher(0, 37_050, 1), finisher(1, 37_650, 2)])
    assert row_of(shown, "KOK").text.rstrip().endswith("60")
    assert row_of(shown, "RIJPMA").text.rstrip().endswith("54")


# --- those without a valid result ----------------------------------------------------------------


@pytest.mark.parametrize(
    ("status", "letters"),
    [
        (Status.DQ, "DQ"),
        (Status.DNF, "DNF"),
        (Status.DNS, "DNS"),
        (Status.WDR, "WDR"),
        (Status.INVALID, "no time"),
    ],
)
def test_no_valid_result_is_said_in_the_column_of_the_time(status: Status, letters: str) -> None:
    shown = race([finisher(0, 37_050, 1), entry(1, status)])
    line = row_of(shown, "RIJPMA")
    end = columns(FIVE_HUNDRED, 80)["time"].end
    assert line.text[:end].endswith(letters)
    assert span_of(line, letters).role == "loss"
    assert span_of(line, "RIJPMA").role == "dim"
    assert "—" in line.text


def test_a_disqualification_shows_its_code_and_no_rank_and_no_time() -> None:
    shown = race([finisher(0, 37_050, 1), entry(1, Status.DQ, time_ms=37_900, remarks=("T09",))])
    line = row_of(shown, "RIJPMA")
    assert "DQ T09" in line.text
    assert "37.90" not in line.text
    cols = columns(FIVE_HUNDRED, 80)
    assert line.text[cols["rank"].start : cols["rank"].end] == "  "


def test_a_dnf_keeps_its_rank_and_scores() -> None:
    shown = race([finisher(0, 37_050, 1), entry(1, Status.DNF, rank=2)])
    line = row_of(shown, "RIJPMA")
    assert line.text.startswith("   2 ●")
    assert line.text.rstrip().endswith("54")
    assert not span_of(line, "2").bold


def test_many_codes_stay_in_their_column() -> None:
    shown = race([finisher(0, 37_050, 1), entry(1, Status.DQ, remarks=("T09", "T25", "RW"))])
    line = row_of(shown, "RIJPMA")
    assert column_of(line, "—") == columns(FIVE_HUNDRED, 80)["behind"].end - 1


# --- to start and on the ice ---------------------------------------------------------------------


def test_who_is_to_start_shows_the_pair_and_the_next_pair_is_plain() -> None:
    shown = race([entry(index) for index in range(6)])
    first, last = row_of(shown, "KOK"), row_of(shown, "GROß")
    assert "pair 1" in first.text
    assert "pair 3" in last.text
    assert (span_of(first, "KOK").role, span_of(last, "GROß").role) == ("text", "dim")
    assert span_of(first, "○").role == "lane-1"
    assert span_of(last, "○").role == "dim"


def test_a_team_is_to_start_in_a_heat() -> None:
    assert "heat 1" in row_of(race([entry(0), entry(1)], TEAM_PURSUIT), "KOK").text


def test_the_pair_on_the_ice_is_pinned_under_its_title_on_a_tint() -> None:
    lines = rows(three_of_four())
    assert "ON THE ICE  pair 2 of 2" in lines[1].text
    assert {line.ground for line in lines[1:4]} == {"band"}
    assert "高木" in lines[2].text
    assert "LEE" in lines[3].text
    assert lines[4].ground == "ground"


def test_the_pair_is_bold_with_its_rank_and_signed_gap_at_the_mark() -> None:
    shown = race(
        [
            finisher(0, 37_050, 1, passages=(passage(1, 100, 10_330, rank=2),)),
            finisher(1, 37_651, 2, passages=(passage(1, 100, 10_380, rank=4),)),
            entry(2, Status.ON_ICE, passages=(passage(1, 100, 10_280, rank=1),)),
            entry(3, Status.ON_ICE, passages=(passage(1, 100, 10_350, rank=3),)),
        ]
    )
    ahead, behind = rows(shown)[2:4]
    assert "−0.05" in ahead.text
    assert "+0.02" in behind.text
    assert (span_of(ahead, "−0.05").role, span_of(behind, "+0.02").role) == ("gain", "loss")
    assert span_of(ahead, "高木").bold
    assert ahead.text.startswith("   1 ○")


def test_where_the_opener_has_no_column_time_and_mark_stand_in_those_of_the_finish() -> None:
    lines = rows(three_of_four(), width=60)
    cols = columns(FIVE_HUNDRED, 60)
    assert lines[3].text[cols["time"].start : cols["mark"].end].strip() == "10.32 100"


def test_each_of_a_pair_says_its_own_mark() -> None:
    shown = race(
        [
            entry(
                0,
                Status.ON_ICE,
                passages=tuple(passage(n, 200 + 400 * n, 20_000 + 30_000 * n) for n in range(1, 4)),
            ),
            entry(1, Status.ON_ICE, passages=(passage(1, 200, 20_000),)),
        ],
        THREE_THOUSAND,
    )
    first, second = rows(shown)[2:4]
    assert "1:50.00 1400" in first.text
    assert "20.00 200" in second.text


def test_beside_large_digits_the_pair_keeps_its_rows_in_the_grid() -> None:
    lines = rows(three_of_four(), pins=False)
    assert "ON THE ICE" not in lines[1].text
    assert line_with(lines, "LEE").ground == "band"


def test_quartets_are_pinned_in_four_rows_with_their_signs() -> None:
    bands = (Armband.WHITE, Armband.RED, Armband.YELLOW, Armband.BLUE)
    shown = race(
        [
            entry(
                index,
                Status.ON_ICE,
                pair=1,
                armband=bands[index],
                passages=(passage(1, 200, 20_000 + index),),
            )
            for index in range(4)
        ]
        + [entry(index, pair=2) for index in range(4, 8)],
        THREE_THOUSAND,
    )
    lines = rows(shown)
    assert "quartet 1 of 2" in lines[1].text
    assert [line.text[5] for line in lines[2:6]] == list("○●□■")
    assert [span_of(line, sign).role for line, sign in zip(lines[2:6], "○●□■", strict=True)] == [
        "lane-1",
        "lane-2",
        "lane-3",
        "lane-4",
    ]


def test_a_granted_reskate_is_back_among_those_to_start_with_the_old_time_dim() -> None:
    shown = race(
        [
            finisher(0, 37_050, 1),
            entry(1, reskate=True, time_ms=38_000),
            entry(2),
            entry(3),
        ]
    )
    lines = rows(shown, pins=False)
    line = line_with(lines, "RIJPMA")
    assert "38.00 RS" in line.text
    assert (span_of(line, "38.00").role, span_of(line, "RS").role) == ("dim", "warn")
    assert lines.index(line) == 4, "re-skates come after all others"


def test_a_pair_without_a_number_is_shown_on_the_ice_all_the_same() -> None:
    shown = race([entry(0, Status.ON_ICE, pair=None, passages=(passage(1, 100, 10_300),))])
    assert "10.30" in row_of(shown, "KOK", pins=True).text


# --- mass start and teams ------------------------------------------------------------------------


def test_a_mass_start_shows_sprint_points_and_their_sum() -> None:
    laps = tuple(
        replace(passage(lap, 400 * lap, 33_000 * lap), sprint_points=won)
        for lap, won in ((4, 1), (8, 0), (12, 3))
    )
    shown = race(
        [
            entry(0, Status.ON_ICE, pair=None, lane=None, passages=laps),
            entry(1, Status.ON_ICE, pair=None, lane=None, passages=laps[:1]),
        ],
        MASS_START,
    )
    lines = rows(shown)
    assert lines[0].text.split()[-6:] == ["S3", "F", "tot", "time", "behind", "pts"]
    line = line_with(lines[3:], "KOK")
    assert line.text.split()[4:9] == ["1", "·", "3", "·", "4"]


def test_who_dropped_out_of_a_mass_start_has_laps_for_a_time() -> None:
    shown = race(
        [
            finisher(0, 500_000, 1, pair=None, lane=None),
            entry(1, Status.FINISHED, pair=None, rank=2, passages=(passage(7, 2800, 250_000),)),
        ],
        MASS_START,
    )
    assert "8:20.00" in row_of(shown, "KOK").text
    assert row_of(shown, "RIJPMA").text.split()[5:] == ["·"] * 5 + ["7", "laps", "54"]


def test_a_mass_start_under_way_has_two_lines_of_band_and_every_skater_once() -> None:
    shown = race(
        [
            entry(i, Status.ON_ICE, pair=None, lane=None, passages=(passage(1, 400, 40_000 + i),))
            for i in range(3)
        ],
        MASS_START,
    )
    lines = rows(shown)
    assert "ON THE ICE  3 skaters" in lines[1].text
    assert lines[1].text.rstrip().endswith("finish counts 60 40 20 10 6 3")
    assert "lap 1 of 16  15 to go" in lines[2].text
    assert "leader KOK" in lines[2].text
    assert sum("KOK" in line.text for line in lines[3:]) == 1
    assert not span_of(lines[3], "KOK").bold, "where all are on the ice, nobody stands out"


# --- names ---------------------------------------------------------------------------------------


def test_long_names_become_initials_then_family_then_cut() -> None:
    shown = race([entry(1), entry(3), entry(6)])
    assert "RIJPMA-DE JONG A. " in row_of(shown, "RIJPMA", width=60).text
    long = row_of(shown, "HINTER", width=80)
    assert "HINTEROBERMAIER-SCHW… AUT" in long.text
    assert long.text[columns(FIVE_HUNDRED, 80)["noc"].start :].lstrip().startswith("AUT")


def test_capitals_never_lengthen_a_name() -> None:
    assert "GROß Gabriel" in row_of(race([entry(4)]), "GRO").text


@pytest.mark.parametrize("index", [2, 5], ids=["wide letters", "combining marks"])
@pytest.mark.parametrize("width", [60, 80, 120])
def test_wide_letters_and_combining_marks_shift_no_column(index: int, width: int) -> None:
    plain = race([finisher(index, 37_650, 1), finisher(0, 37_750, 2)])
    cols = columns(FIVE_HUNDRED, width)
    odd, usual = rows(plain, width, pins=False)[1:3]
    assert column_of(odd, "37.65") == column_of(usual, "37.75") == cols["time"].end - 5


# --- heading and scrolling -----------------------------------------------------------------------


def many(count: int = 40) -> Race:
    return race(
        [finisher(index, 37_000 + 10 * index, index + 1) for index in range(count)],
        official=True,
    )


def test_the_heading_says_how_far_the_race_is() -> None:
    assert "W500 provisional" in rows(three_of_four())[0].text
    assert "W500 official" in rows(many(4))[0].text
    heading = rows(race([entry(0), entry(1)]))[0].text
    assert "provisional" not in heading
    assert "official" not in heading


def test_more_rows_than_fit_are_counted_in_the_heading() -> None:
    assert "1–15 of 40" in rows(many(), height=16, pins=False)[0].text
    assert "–" not in rows(many(10), height=16, pins=False)[0].text


def test_the_reader_may_scroll_to_the_last_row_and_no_further() -> None:
    at_end = replace(scene(many()), scroll=99)
    lines = rows(at_end, height=16, pins=False)
    assert "26–40 of 40" in lines[0].text


def test_what_came_while_the_reader_scrolled_is_counted() -> None:
    scrolled = replace(scene(many()), scroll=5, unseen=3)
    heading = rows(scrolled, height=16, pins=False)[0]
    assert "6–20 of 40  3 new" in heading.text
    assert span_of(heading, "3 new").role == "live"


@pytest.mark.parametrize("width", [57, 60, 76, 80])
def test_a_heading_never_touches_the_heads_of_the_columns(width: int) -> None:
    busy = replace(scene(many()), scroll=5, unseen=3)
    heading = rows(busy, width, 16, pins=False)[0].text
    assert "W500" in heading
    assert "6–20 of 40" in heading
    assert heading.count("500 m") == 1
    assert " 500 m" in heading


def test_until_the_reader_scrolls_the_podium_stays_in_sight() -> None:
    rink = sprint_evening(starters=24)
    rink.wire.start(1)
    for index in range(12):
        rink.wire.finish(1, index, 37_500 + 10 * index)
        rink.publish(after=60)
    drawn = board.draw(rink.scene(), 80, 12, pins=True)
    assert drawn.first == 0
    assert drawn.order[0] == rink.key(1, 0)
    assert any("ON THE ICE" in line.text or "FINISHED" in line.text for line in drawn.lines)


def test_the_cursor_is_a_sign_and_a_ground() -> None:
    line = row_of(replace(scene(three_of_four()), cursor="1"), "RIJPMA")
    assert line.text.startswith("►")
    assert line.ground == "cursor"


# --- empty races ---------------------------------------------------------------------------------


def test_no_start_list_is_one_sentence() -> None:
    assert "The start list is not published yet." in row_of(race([]), "start list").text


def test_a_race_of_which_nothing_is_known_says_so() -> None:
    assert "No source has the result" in row_of(race([], official=True), "source").text


def test_rows_that_cannot_be_read_are_said() -> None:
    assert "can't be read" in row_of(race([], dropped=3), "read").text


def test_no_race_at_all_is_one_sentence() -> None:
    assert "There is no race here." in rows(scene(None))[0].text


# --- order ---------------------------------------------------------------------------------------


def test_the_order_is_finishers_on_the_ice_to_start_and_without_result() -> None:
    shown = race(
        [
            entry(6),
            entry(7, Status.DQ),
            finisher(0, 37_900, 2),
            entry(4, Status.ON_ICE, passages=(passage(1, 100, 10_300),)),
            entry(5, Status.ON_ICE, passages=(passage(1, 100, 10_200),)),
            finisher(1, 37_500, 1),
            entry(3, Status.DNF, rank=3),
            finisher(2, 38_500, None),
        ]
    )
    drawn = board.draw(scene(shown), 80, 20, pins=False)
    assert drawn.order == ("1", "0", "3", "2", "4", "5", "6", "7")


MARKS = {distance: distance.marks for distance in DISTANCES}


given_names = st.sampled_from(["", "Ann", "美帆"])


@st.composite
def races(draw: st.DrawFn) -> Race:
    """Any state of a race that the feed's documents can be read as."""
    distance = draw(st.sampled_from(DISTANCES))
    mass = distance.discipline is Discipline.MASS_START
    entries: list[Entry] = []
    for index in range(draw(st.integers(0, 14))):
        status = draw(st.sampled_from(Status))
        done = draw(st.integers(0, min(distance.laps, 5)))
        times = sorted(draw(st.lists(st.integers(9_000, 99_000), min_size=done, max_size=done)))
        entries.append(
            Entry(
                key=f"k{index}",
                competitor=Skater(f"N{index:02}", draw(given_names), "NED"),
                status=status,
                pair=None if mass else draw(st.none() | st.integers(0, 5)),
                lane=draw(st.none() | st.sampled_from(Lane)),
                armband=draw(st.none() | st.sampled_from(Armband)),
                rank=(
                    draw(st.none() | st.integers(1, 15))
                    if status in (Status.FINISHED, Status.DNF)
                    else None
                ),
                time_ms=draw(st.none() | st.integers(30_000, 900_000)),
                passages=()
                if status is Status.TO_START
                else tuple(
                    Passage(
                        n + 1,
                        distance.marks[n],
                        time,
                        draw(st.none() | st.just(time)),
                        draw(st.none() | st.integers(1, 9)),
                        draw(st.booleans()),
                        sprint_points=draw(st.none() | st.integers(0, 60)),
                    )
                    for n, time in enumerate(times)
                ),
                reskate=draw(st.booleans()),
                remarks=draw(st.sampled_from([(), ("F",), ("T09", "RW")])),
                kept=draw(st.booleans()),
            )
        )
    return race(entries, distance, live=draw(st.booleans()), official=draw(st.booleans()))


@settings(max_examples=150)
@given(races(), st.booleans(), st.integers(57, 140))
def test_every_starter_is_somewhere_in_the_grid_exactly_once(
    shown: Race, pins: bool, width: int
) -> None:
    one = scene(shown)
    drawn = board.draw(one, width, 40, pins=pins)
    assert_fills(drawn.lines, width)
    # The large digits show the race's places again, as the pinned rows of who has finished do.
    ranked = {each.key for each in shown.entries if each.rank is not None}
    pinned = [line for line in drawn.lines[1 : drawn.top] if line.ground == "band"]
    grid = drawn.lines[drawn.top : drawn.top + drawn.shown]
    for each in shown.entries:
        name = each.competitor.family  # type: ignore[union-attr]
        in_grid = sum(name in line.text for line in grid)
        on_top = sum(name in line.text[: len(line.text) // 2] for line in pinned[1:])
        if shown.distance.discipline is Discipline.MASS_START:
            on_top = 0
        assert in_grid + on_top == 1 or (each.key in ranked and in_grid == on_top == 1), name
    assert len(set(drawn.order)) == len(drawn.order)


@settings(max_examples=100)
@given(races(), st.integers(57, 140), st.integers(1, 30), st.integers(0, 40), st.booleans())
def test_a_board_has_as_many_lines_as_there_is_room(
    shown: Race, width: int, height: int, scroll: int, pins: bool
) -> None:
    one = replace(scene(shown), scroll=scroll)
    drawn = board.draw(one, width, height, pins=pins)
    assert len(drawn.lines) == height
    assert_fills(drawn.lines, width)
    assert 0 <= drawn.first <= max(0, len(drawn.order) - drawn.shown)


# --- the bundled meet ----------------------------------------------------------------------------


def evening_scenes(tape: Tape) -> Iterator[Scene]:
    """Every race of the bundled meet at its end, and those of Friday evening on the way."""
    session = live_session(tape, rink_time("15 12:00"))
    for each in session.meet().races:
        yield session.scene(Choice(race=each.number))
    for clock in ("18:20:00", "19:22:30", "19:41:41", "19:42:15", "19:47:30", "20:59:50"):
        moment = rink_time(f"12 {clock}")
        at_rink = live_session(tape, moment)
        for code in ("W500", "M500", "W1500", "M1500"):
            found = at_rink.meet().race(code)
            assert found is not None
            yield at_rink.scene(Choice(race=found.number))


def test_every_race_of_the_bundled_meet_fits_at_every_width(bundled_tape: Tape) -> None:
    for one in evening_scenes(bundled_tape):
        assert one.race is not None
        for width in range(57, 141, 1 if one.race.code == "W500" else 9):
            for pins in (True, False):
                drawn = board.draw(one, width, 46, pins=pins)
                assert_fills(drawn.lines, width)
                keys = {each.key for each in one.race.entries}
                assert set(drawn.order) <= keys
                assert len(drawn.order) == len(set(drawn.order))


def test_the_official_sheet_of_the_bundled_500_stands_in_the_grid(bundled_tape: Tape) -> None:
    session = live_session(bundled_tape, rink_time("12 20:10"))
    found = session.meet().race("W500")
    assert found is not None
    assert found.stage is Stage.OFFICIAL
    lines = rows(session.scene(Choice(race=found.number)), 80, 24)
    told = [" ".join(line.text.split()) for line in lines]
    assert told[0] == "W500 official 100 m 500 m behind pts cup"
    assert told[1].startswith("1 ○ KOK Femke NED 10.33 3 37.05 TR")
    assert told[2].startswith("2 ● ZIOMEK-NOGAL Kaja POL 10.28 1 37.65 +0.60 54")
    assert told[3].startswith("3 ● YOSHIDA Yukino JPN 10.32 2 37.75 +0.70 48")
    assert told[19].startswith("19 ● JACKSON Erin USA ~12.16 19 43.94 +6.89")
    assert told[20].startswith("20 ● SCHULTING Suzanne NED ~14.20 20 1:34.45 +57.40")


def test_nothing_but_rows_moves_while_the_race_goes_on(bundled_tape: Tape) -> None:
    heads = set()
    for clock in ("18:20:00", "19:22:30", "19:41:41", "19:42:15", "20:10:00"):
        session = live_session(bundled_tape, rink_time(f"12 {clock}"))
        found = session.meet().race("W500")
        assert found is not None
        heading = rows(session.scene(Choice(race=found.number)), 80)[0].text
        heads.add(heading[columns(FIVE_HUNDRED, 80)["noc"].end :])
    assert len(heads) == 1


def test_a_live_race_moves_from_the_ice_to_the_classification() -> None:
    rink = sprint_evening()
    rink.wire.start(1)
    rink.publish()
    assert "NEXT  pair 1 of 4" in rows(rink.scene())[1].text
    rink.wire.passage(1, 0, 0, 10_400)
    rink.publish()
    assert "ON THE ICE  pair 1 of 4" in rows(rink.scene())[1].text
    rink.wire.finish(1, 0, 37_600)
    rink.publish(after=27)
    rink.wire.finish(1, 1, 37_800)
    rink.publish()
    lines = rows(rink.scene())
    assert "FINISHED  pair 1 of 4" in lines[1].text
    assert "to beat 37.60 DVOŘÁČKOVÁ" in lines[1].text
    rink.wire.disqualify(1, 0)
    rink.publish(after=60)
    told = [" ".join(line.text.split()) for line in rows(rink.scene())]
    assert any(line.startswith("1 ● ŌTSUKA Nagisa JPN") for line in told)
    assert any("DVOŘÁČKOVÁ Kateřina CZE" in line and " DQ —" in line for line in told)


def test_the_word_for_the_next_pair_stays_until_somebody_is_clocked() -> None:
    rink = Rink()
    rink.clock.on(-12 * 60)
    rink.wire.add_race(begin=EVENING)
    rink.publish(after=0)
    one = rink.scene()
    assert one.action.phase is Phase.NEXT
    assert f"{EVENING:%H:%M}, in 12 min" in rows(one)[1].text


def test_a_distance_has_a_grid_of_its_own() -> None:
    for distance in (FIVE_HUNDRED, FIFTEEN_HUNDRED, TEN_THOUSAND, MASS_START, TEAM_PURSUIT):
        head = rows(race([entry(0), entry(1)], distance))[0].text
        assert "behind" in head
        assert cell_len(head) == 80


def test_a_long_distance_shows_last_lap_and_average() -> None:
    laps = tuple(
        passage(n, 400 * n, 33_000 + 30_000 * (n - 1), lap=30_000 if n > 1 else 33_000)
        for n in range(1, 26)
    )
    shown = race(
        [finisher(0, laps[-1].time_ms, 1, passages=laps)],
        Distance(Discipline.INDIVIDUAL, 10_000, 25),
    )
    assert row_of(shown, "KOK", width=90).text.count("30.00") == 2


# --- without colours -----------------------------------------------------------------------------

SIXTEEN = Inks(bundled_palette("terminal-16"))


def attributes(line: Line, text: str) -> frozenset[str]:
    """Return what is left of a text where there are no colours."""
    style = SIXTEEN.style(span_of(line, text), line.ground)
    return frozenset(
        word for word in ("bold", "underline", "reverse") if getattr(style, word) is True
    )


def test_the_podium_is_told_without_colours() -> None:
    shown = race([finisher(index, 37_000 + 100 * index, index + 1) for index in range(4)])
    for rank, line in enumerate(rows(shown, height=8, pins=False)[1:5], start=1):
        assert line.text.startswith(f"   {rank} ")
        assert ("bold" in attributes(line, str(rank))) is (rank <= 3)


def test_the_pair_on_the_ice_is_told_without_colours() -> None:
    lines = rows(three_of_four())
    assert "ON THE ICE" in lines[1].text
    assert "bold" in attributes(lines[1], "ON THE ICE")
    assert "bold" in attributes(lines[3], "LEE Na-Hyun")
    assert "10.32" in lines[3].text
    in_place = row_of(three_of_four(), "LEE Na-Hyun", pins=False)
    assert "bold" in attributes(in_place, "LEE Na-Hyun")


def test_lanes_are_told_without_colours() -> None:
    lines = rows(race([entry(0), entry(1)]), pins=False)
    assert ("○" in lines[1].text, "●" in lines[2].text) == (True, True)


def test_records_and_a_fresh_one_are_told_without_colours() -> None:
    shown = race([finisher(0, 37_050, 1), finisher(1, 37_650, 2)])
    assert "37.05 TR" in row_of(shown, "KOK").text
    assert "bold" in attributes(row_of(shown, "KOK"), "TR")
    fresh = row_of(replace(scene(shown), flash=frozenset({"0"})), "KOK")
    assert {"bold", "reverse"} <= attributes(fresh, "KOK")


def test_the_fastest_of_a_column_is_told_without_colours() -> None:
    shown = race([finisher(0, 37_050, 1, passages=(passage(1, 100, 10_280),))])
    assert {"bold", "underline"} <= attributes(row_of(shown, "KOK"), "10.28")


def test_the_cursor_is_told_without_colours() -> None:
    line = row_of(replace(scene(three_of_four()), cursor="1"), "RIJPMA")
    assert line.text.startswith("►")
    assert "reverse" in attributes(line, "37.65")


@pytest.mark.parametrize("status", [Status.DQ, Status.DNF, Status.DNS, Status.WDR])
def test_no_valid_result_is_told_without_colours(status: Status) -> None:
    line = row_of(race([finisher(0, 37_050, 1), entry(1, status)]), "RIJPMA")
    assert status.value.upper() in line.text
    assert "bold" in attributes(line, status.value.upper())


def test_ahead_and_behind_are_told_by_their_signs() -> None:
    shown = race(
        [
            finisher(0, 37_050, 1, passages=(passage(1, 100, 10_330, rank=2),)),
            entry(2, Status.ON_ICE, passages=(passage(1, 100, 10_280),)),
            entry(3, Status.ON_ICE, passages=(passage(1, 100, 10_350, rank=3),)),
        ]
    )
    assert ["−0.05" in line.text for line in rows(shown)[2:4]] == [True, False]
    assert ["+0.02" in line.text for line in rows(shown)[2:4]] == [False, True]


def test_stages_corrections_reskates_and_models_are_told_by_words_and_signs() -> None:
    shown = race(
        [
            finisher(0, 37_050, 1, passages=(passage(1, 100, 10_330, modelled=True),)),
            finisher(1, 37_650, 2, reskate=True),
        ]
    )
    lines = rows(replace(scene(shown), corrected=frozenset({"0"})), pins=False)
    assert "provisional" in lines[0].text
    assert all(sign in lines[1].text for sign in ("~10.33", "±"))
    assert "RS" in lines[2].text


def test_a_row_drawn_before_is_the_row_that_would_be_drawn_now(bundled_tape: Tape) -> None:
    moments = ("18:20:00", "19:24:00", "19:30:10", "19:41:41", "19:42:15", "19:43:00", "20:10:00")
    for code, day in (("W500", 12), ("W500-2", 14), ("M5000", 13)):
        for clock in moments:
            session = live_session(bundled_tape, rink_time(f"{day} {clock}"))
            session.season = bundled_season()
            found = session.meet().race(code)
            assert found is not None
            shown = session.scene(Choice(race=found.number))
            for cursor in (None, found.entries[3].key):
                seen = replace(shown, cursor=cursor)
                remembered = rows(seen, 110, 30)
                cells._rows.clear()
                assert rows(seen, 110, 30) == remembered
