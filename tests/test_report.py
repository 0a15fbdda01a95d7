"""Rows for scripts and text for people."""

from __future__ import annotations

import csv
import io
import json
from contextlib import closing
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from msgspec.structs import replace
from rich.cells import cell_len

from longtrack.bundled import DEMO_ID, open_bundled
from longtrack.model import Lane, Meet, Race, Skater, Source, Status
from longtrack.moments import Kind, Moment, Person
from longtrack.records import RecordBook
from longtrack.state import TapeReader
from longtrack.tape import Tape
from rinkside import report, sheet
from rinkside.library import LATEST
from wire import WireMeet

DAY = datetime(2026, 1, 24, 12, tzinfo=UTC)
BOOK = RecordBook.bundled()


def held(event_id: str) -> Meet:
    with closing(open_bundled(event_id, None)) as tape:
        return TapeReader(tape, event_id).meet(LATEST)


@pytest.fixture(scope="module")
def hamar() -> Meet:
    return held(DEMO_ID)


@pytest.fixture(scope="module")
def salt_lake_city() -> Meet:
    return held("2026_USA_0001")


def race_of(meet: Meet, code: str) -> Race:
    race = meet.race(code)
    assert race is not None
    return race


def rows_of(meet: Meet, code: str) -> list[dict[str, Any]]:
    return report.result_rows(meet, race_of(meet, code), BOOK)


def read(wire: WireMeet) -> Meet:
    with closing(Tape()) as tape:
        for path, body in wire.documents().items():
            tape.append(path, body, 0)
        return TapeReader(tape, wire.event_id).meet(LATEST)


def text_of(meet: Meet, code: str, width: int) -> list[str]:
    race = race_of(meet, code)
    return sheet.results_text(meet, race, BOOK, Source.BUNDLED, width=width).splitlines()


# --- rows --------------------------------------------------------------------------------------


def test_a_row_has_the_official_result(hamar: Meet) -> None:
    rows = rows_of(hamar, "W500")
    assert len(rows) == 20
    assert rows[0] == {
        "rank": 1,
        "name": "KOK Femke",
        "given": "Femke",
        "family": "KOK",
        "noc": "NED",
        "pair": 10,
        "lane": "I",
        "status": "finished",
        "opener_ms": 10_330,
        "time_ms": 37_050,
        "behind_ms": 0,
        "passages": [
            {"mark_m": 100, "time_ms": 10_330, "lap_ms": 10_330, "rank": 3, "modelled": False},
            {"mark_m": 500, "time_ms": 37_050, "lap_ms": 26_720, "rank": 1, "modelled": False},
        ],
        "precision_ms": 10,
        "marks": ["TR"],
        "points": 60,
    }
    assert [(row["name"], row["time_ms"], row["behind_ms"]) for row in rows[-2:]] == [
        ("JACKSON Erin", 43_940, 6_890),
        ("SCHULTING Suzanne", 94_450, 57_400),
    ]
    assert [row["points"] for row in rows[:5]] == [60, 54, 48, 43, 40]
    assert rows[3]["passages"][0]["modelled"] is True


def test_a_disqualified_skater_comes_last_without_a_rank(hamar: Meet) -> None:
    last = rows_of(hamar, "W1500")[-1]
    assert last["name"] == "BRAUN Zofia"
    assert (last["rank"], last["status"], last["behind_ms"]) == (None, "dq", None)
    assert last["points"] == 0


def test_a_team_is_its_country_and_a_mass_start_has_no_opener(hamar: Meet) -> None:
    team = rows_of(hamar, "WTP")[0]
    assert (team["name"], team["given"], team["family"]) == ("CANADA", None, None)
    assert (team["opener_ms"], team["points"]) == (None, 60)
    assert {row["opener_ms"] for row in rows_of(hamar, "WMS")} == {None}
    assert {row["lane"] for row in rows_of(hamar, "WMS")} == {None}


def test_there_are_no_points_but_at_a_world_cup() -> None:
    wire = WireMeet(lambda: DAY, begins=DAY, name="Norwegian Championships")
    wire.event_id = "2026_NOR_0042"
    wire.add_race(begin=DAY)
    wire.hold(1)
    meet = read(wire)
    meet = replace(meet, event=replace(meet.event, tags=()))
    assert {row["points"] for row in rows_of(meet, "W500")} == {None}


def test_who_is_still_to_finish_has_no_place_and_no_points() -> None:
    wire = WireMeet(lambda: DAY, begins=DAY)
    wire.add_race(begin=DAY, metres=1000, starters=4)
    wire.start(1)
    wire.finish(1, 0, 75_123)
    wire.passage(1, 1, 0, 18_100)
    first, *others = rows_of(read(wire), "W1000")
    assert (first["status"], first["time_ms"], first["precision_ms"]) == ("finished", 75_123, 1)
    assert [row["status"] for row in others] == ["on_ice", "to_start", "to_start"]
    assert [row["opener_ms"] for row in others] == [18_100, None, None]
    assert {row["points"] for row in others} == {row["behind_ms"] for row in others} == {None}


def test_the_programme_has_every_race(hamar: Meet) -> None:
    rows = report.programme_rows(hamar)
    assert len(rows) == 29
    (w500,) = [row for row in rows if row["code"] == "W500"]
    assert w500 == {
        "code": "W500",
        "number": 5,
        "title": "1st 500m Women",
        "division": "A",
        "day": "2025-12-12",
        "planned": "2025-12-12T17:30:00Z",
        "start": "2025-12-12T18:21:00Z",
        "stage": "official",
        "live": False,
        "official": True,
        "winner": {"name": "KOK Femke", "noc": "NED", "time_ms": 37_050},
        "entries": 20,
    }
    (unknown,) = [row for row in rows if row["code"] == "MTPB"]
    assert (unknown["stage"], unknown["winner"], unknown["entries"]) == ("unknown", None, None)


def test_who_leads_a_live_race_has_not_won_it() -> None:
    wire = WireMeet(lambda: DAY, begins=DAY)
    wire.add_race(begin=DAY, starters=4)
    wire.start(1)
    wire.finish(1, 0, 37_500)
    (row,) = report.programme_rows(read(wire))
    assert (row["live"], row["winner"]) == (True, None)
    assert "37.50 leads" in sheet.programme_text(read(wire), Source.FEED, width=120)


def test_the_envelope_names_its_schema_and_source() -> None:
    assert report.envelope("results", DEMO_ID, 1_765_567_320_999, Source.BUNDLED, []) == {
        "schema": "rinkside.results/1",
        "event": DEMO_ID,
        "as_of": "2025-12-12T19:22:00Z",
        "source": "bundled",
        "data": [],
    }
    assert report.envelope("results", DEMO_ID, None, Source.FEED, [])["as_of"] is None


def test_a_moment_is_told_without_what_is_ours_alone() -> None:
    moment = Moment(
        at=1_765_567_320_050,
        kind=Kind.RECORD,
        race="W500",
        text="KOK 37.05",
        people=(Person("KOK Femke", "NED", "5001"),),
        figures={"record": "TR", "time_ms": 37_050},
        pair=10,
        sign="TR",
    )
    assert report.moment_row(moment) == {
        "schema": "rinkside.moment/1",
        "at": "2025-12-12T19:22:00.050Z",
        "kind": "record",
        "race": "W500",
        "text": "KOK 37.05",
        "people": [{"name": "KOK Femke", "noc": "NED"}],
        "figures": {"record": "TR", "time_ms": 37_050},
    }


# --- CSV ---------------------------------------------------------------------------------------


def test_results_as_csv_say_the_same(hamar: Meet) -> None:
    rows = rows_of(hamar, "W500")
    text = report.results_csv(race_of(hamar, "W500"), rows)
    assert text.count("\r\n") == text.count("\n") == 21
    table = list(csv.DictReader(io.StringIO(text, newline="")))
    assert [int(each["time_ms"]) for each in table] == [row["time_ms"] for row in rows]
    assert table[0]["marks"] == "TR"
    assert table[0]["100_ms"] == table[0]["opener_ms"] == "10330"
    assert (table[0]["500_lap_ms"], table[0]["100_modelled"]) == ("26720", "false")


def test_unknown_is_empty_in_csv_and_commas_are_quoted() -> None:
    text = report.csv_text(("a", "b", "c"), [{"a": None, "b": 'x, "y"', "c": True}])
    assert text == 'a,b,c\r\n,"x, ""y""",true\r\n'


def test_the_programme_as_csv_has_the_winner_in_columns(hamar: Meet) -> None:
    text = report.programme_csv(report.programme_rows(hamar))
    table = {row["code"]: row for row in csv.DictReader(io.StringIO(text, newline=""))}
    assert table["W500"]["winner_name"] == "KOK Femke"
    assert table["MTPB"]["winner_time_ms"] == ""


# --- text --------------------------------------------------------------------------------------


def test_a_result_reads_like_the_board(hamar: Meet) -> None:
    lines = text_of(hamar, "W500", 80)
    heading = "Hamar · World Cup 4 · W500 · 1st 500m Women · official · bundled · ~ modelled"
    assert lines[:2] == [heading, ""]
    assert lines[2].split() == ["100", "m", "lap", "time", "behind", "pts"]
    assert " ".join(lines[3].split()) == "1 ○ KOK Femke NED 10.33 26.72 37.05 TR 60"
    assert " ".join(lines[6].split()) == "4 ○ WARMUTH Sophie GER ~10.42 ~27.38 37.80 +0.75 43"
    assert lines[-1].split()[-3:] == ["1:34.45", "+57.40", "21"]


def test_the_deciding_thousandth_is_printed(hamar: Meet) -> None:
    lines = text_of(hamar, "W500B", 80)
    assert sum("38.88(7)" in line for line in lines) == 2
    assert any("39.62(3)" in line for line in lines)
    assert not any("~" in line for line in lines)


def test_letters_stand_for_a_time_and_remarks_are_explained(hamar: Meet) -> None:
    lines = text_of(hamar, "W1500", 100)
    (braun,) = [line for line in lines if "BRAUN" in line]
    assert braun.split() == [
        "●" if "●" in braun else "○",
        "BRAUN",
        "Zofia",
        "POL",
        "DQ",
        "T09",
        "0",
    ]
    assert lines[-1] == "T09  obstruction at the crossing"


def test_who_did_not_skate_all_laps_has_their_number_and_no_gap(salt_lake_city: Meet) -> None:
    row = rows_of(salt_lake_city, "MMSB")[-1]
    assert (row["name"], row["rank"], row["status"]) == ("STEKLY Lukas", 27, "finished")
    assert (row["time_ms"], row["behind_ms"], row["points"]) == (None, None, 0)
    assert row["passages"] == [
        {"mark_m": 1600, "time_ms": 132_520, "lap_ms": None, "rank": None, "modelled": False}
    ]
    lines = text_of(salt_lake_city, "MMSB", 80)
    assert lines[-1].split() == ["27", "STEKLY", "Lukas", "SVK", "4", "laps", "0"]
    (cho,) = [line for line in lines if "CHO " in line]
    assert cho.split() == ["1", "CHO", "Seungmin", "KOR", "62", "7:46.93", "20"]


def test_a_meet_without_modelled_times_does_not_speak_of_them(salt_lake_city: Meet) -> None:
    for race in salt_lake_city.races:
        assert not any("~" in line for line in text_of(salt_lake_city, race.code, 140))


@pytest.mark.parametrize("width", [60, 70, 80, 100, 140])
def test_text_keeps_to_the_width_and_to_its_columns(hamar: Meet, width: int) -> None:
    for race in hamar.races:
        lines = text_of(hamar, race.code, width)
        assert max(map(cell_len, lines)) <= width
        first = next((i for i, line in enumerate(lines) if line.lstrip()[:2] == "1 "), 0)
        entries = report.in_order(race)
        table = lines[first : first + len(entries)]
        places = {line.rindex(f" {entry.noc} ") for line, entry in zip(table, entries, strict=True)}
        assert len(places) <= 1, "without wide characters a column is a column of characters"
    programme = sheet.programme_text(hamar, Source.BUNDLED, width=width).splitlines()
    assert max(map(cell_len, programme)) <= width


def test_wide_characters_are_counted_in_cells() -> None:
    wire = WireMeet(lambda: DAY, begins=DAY)
    wire.add_race(begin=DAY, starters=24)
    lines = text_of(read(wire), "W500", 80)
    (chinese,) = [line for line in lines if "李" in line]
    (korean,) = [line for line in lines if "BAEK" in line]
    assert cell_len(chinese[: chinese.index("CHN")]) == cell_len(korean[: korean.index("KOR")])


def test_columns_leave_before_names_are_cut(hamar: Meet) -> None:
    wide, narrow = text_of(hamar, "M1500", 80), text_of(hamar, "M1500", 60)
    assert "lap 3" in wide[2]
    assert any("FARTHOFER Alexander" in line for line in narrow)
    assert not any("lap 3" in line for line in narrow)


def test_the_programme_is_in_the_rinks_time_and_names_delays(hamar: Meet) -> None:
    text = sheet.programme_text(hamar, Source.BUNDLED, width=100)
    assert "12–14 Dec 2025 · bundled · times of Europe/Oslo" in text
    (w500,) = [line for line in text.splitlines() if " W500 " in line]
    assert w500.startswith("18:30 W500 ")
    assert w500.endswith("official KOK Femke NED 37.05, began at 19:21")
    assert "\nSun 14 Dec\n" in text


def test_a_start_list_names_the_pairs() -> None:
    wire = WireMeet(lambda: DAY, begins=DAY)
    wire.add_race(begin=DAY, starters=4)
    lines = text_of(read(wire), "W500", 80)
    assert [line.split()[-2:] for line in lines[-4:]] == [["pair", "1"]] * 2 + [["pair", "2"]] * 2


def test_a_race_that_moved_says_when_it_starts() -> None:
    wire = WireMeet(lambda: DAY, begins=DAY)
    race = wire.add_race(begin=DAY)
    race.begin = DAY + timedelta(minutes=45)
    assert ", starts at" not in (text := sheet.programme_text(read(wire), Source.FEED, width=100))
    assert text.splitlines()[-1].endswith("upcoming starts at 13:45")


def test_nothing_here_can_hold_a_control_character(hamar: Meet) -> None:
    for race in hamar.races:
        assert "".join(text_of(hamar, race.code, 100)).isprintable()
    assert json.dumps(rows_of(hamar, "WMS")).isascii()


def test_lanes_and_statuses_are_words_of_the_interface(hamar: Meet) -> None:
    rows = [row for race in hamar.races for row in report.result_rows(hamar, race, BOOK)]
    assert {row["lane"] for row in rows} <= {None, *(lane.value for lane in Lane)}
    assert {row["status"] for row in rows} <= {status.value for status in Status}
    skaters = {type(entry.competitor) for race in hamar.races for entry in race.entries}
    assert Skater in skaters
