"""``rinkside standings`` and ``rinkside quota``: rows, text, moments of a season, and bad words."""

from __future__ import annotations

import csv
import io
from collections.abc import Iterator
from contextlib import closing
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
from rich.cells import cell_len

from feed_server import Fault, FeedServer
from longtrack.bundled import MEETS
from longtrack.isu import events_path
from longtrack.season import CUPS
from longtrack.tape import Tape
from longtrack.tape_files import tape_file
from printed import Printed, Run, runner
from rinkside.drawing.cities import short_cities
from wire import WireMeet, encode

HOST = "127.0.0.1"
NOBODY = f"http://{HOST}:1"
HAMAR = "2026_NOR_0001"
INZELL = "2026_GER_0001"
DAY = datetime(2026, 1, 24, 12, tzinfo=UTC)
BEFORE_THE_RACE = "2025-12-12T18:00+01:00"
DURING_THE_RACE = "2025-12-12T19:38+01:00"


@pytest.fixture(autouse=True)
def data_dir(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, laid_once: None) -> Path:
    directory = tmp_path / "data"
    monkeypatch.setenv("RINKSIDE_DATA_DIR", str(directory))
    monkeypatch.setenv("RINKSIDE_API", NOBODY)
    monkeypatch.setenv("COLUMNS", "100")
    return directory


@pytest.fixture
def run(capsys: pytest.CaptureFixture[str]) -> Run:
    return runner(capsys)


def invented(event_id: str = INZELL, *, begins: datetime = DAY, **words: Any) -> WireMeet:
    names = {"name": "ISU World Cup Speed Skating 5", "zone": "Europe/Berlin"} | words
    return WireMeet(lambda: begins, event_id=event_id, begins=begins, **names)


def record(data_dir: Path, meet: WireMeet) -> None:
    with closing(Tape(tape_file(data_dir / "tapes", HOST, meet.event_id))) as tape:
        for path, body in meet.documents().items():
            if not path.startswith("events/?"):
                tape.append(path, body, round(meet.clock().timestamp() * 1000))


def list_events(data_dir: Path, *meets: WireMeet) -> None:
    rows = [meet.event() for meet in meets]
    with closing(Tape(tape_file(data_dir / "tapes", HOST, "library"))) as tape:
        tape.append(events_path(2026), encode({"next": None, "results": rows}), 0)


def rename(meet: WireMeet, number: int, row: int, given: str, family: str, noc: str) -> None:
    skater = meet.races[number].rows[row]
    skater.given, skater.family, skater.noc = given, family, noc


def top(printed: Printed, count: int = 5) -> list[tuple[int, str, int]]:
    rows = printed.json["data"][:count]
    return [(row["rank"], row["name"].split()[0], row["points"]) for row in rows]


# --- standings ---------------------------------------------------------------------------------


def test_a_fresh_directory_has_the_standings_of_the_bundled_season(run: Run) -> None:
    printed = run("standings", "W500", "--json")
    assert (printed.code, printed.err) == (0, "")
    assert list(printed.json) == ["schema", "season", "as_of", "source", "data"]
    assert (printed.json["schema"], printed.json["season"]) == ("rinkside.standings/1", 2026)
    assert (printed.json["source"], printed.json["as_of"]) == ("bundled", "2025-12-14T13:36:00Z")
    rows = printed.json["data"]
    assert list(rows[0]) == ["rank", "name", "noc", "points", "races", "by_race"]
    assert rows[6] == {
        "rank": 7,
        "name": "ZIOMEK-NOGAL Kaja",
        "noc": "POL",
        "points": 236,
        "races": 7,
        "by_race": [
            {"race": "W500", "meet": "2026_USA_0001", "points": 43},
            {"race": "W500-2", "meet": "2026_USA_0001", "points": 23},
            {"race": "W500", "meet": "2026_CAN_0001", "points": 0},
            {"race": "W500-2B", "meet": "2026_CAN_0001", "points": 28},
            {"race": "W500", "meet": "2026_NED_0001", "points": 34},
            {"race": "W500", "meet": HAMAR, "points": 54},
            {"race": "W500-2", "meet": HAMAR, "points": 54},
        ],
    }
    assert all(row["points"] == sum(each["points"] for each in row["by_race"]) for row in rows)
    assert len({(row["name"], row["noc"]) for row in rows}) == len(rows) > 40


def test_the_story_of_12_december(run: Run) -> None:
    before = run("standings", "W500", "--as-of", BEFORE_THE_RACE, "--json")
    assert top(before) == [
        (1, "KOK", 300),
        (2, "LEERDAM", 219),
        (3, "FLEDDERUS", 215),
        (4, "JACKSON", 213),
        (5, "YOSHIDA", 187),
    ]
    assert before.json["as_of"] < "2025-12-12T17:00:00Z"
    after = run("standings", "W500", "--as-of", "2025-12-12", "--json")
    assert top(after) == [
        (1, "KOK", 360),
        (2, "FLEDDERUS", 251),
        (3, "JACKSON", 235),
        (4, "YOSHIDA", 235),
        (5, "LEERDAM", 219),
    ]
    assert after.json["as_of"] == "2025-12-12T18:42:06Z"


def test_a_moment_has_a_zone_and_a_day_is_the_rinks(run: Run) -> None:
    # The same moment in three zones; the race was over at 19:42 in Hamar.
    words = ("standings", "W500", "--json", "--as-of")
    for moment in ("2025-12-12T18:43Z", "2025-12-12T19:43:00+01:00", "2025-12-12 11:43-07:00"):
        assert top(run(*words, moment), 1) == [(1, "KOK", 360)]
    assert top(run(*words, "2025-12-12T18:42:05Z"), 1) == [(1, "KOK", 300)]
    # In Salt Lake City it is the 14th still, in UTC the 15th.
    evening = run("standings", "M1000", "--json", "--as-of", "2025-11-14")
    assert evening.json["as_of"] > "2025-11-15"
    assert evening.json["data"][0]["points"] == 60
    assert run("standings", "M1000", "--json", "--as-of", "2025-11-13").json["data"] == []


def test_a_cup_is_named_in_any_case_and_stands_as_text(run: Run) -> None:
    lines = run("standings", "wlong", "--offline").out.splitlines()
    heading = "World Cup standings · WLONG · 2025/26 · after 4 races, the last in Hamar on 13 Dec"
    assert lines[:2] == [f"{heading} · bundled", ""]
    assert " ".join(lines[3].split()).startswith("1 WIKLUND Ragne NOR ")


def test_a_row_of_text_tells_where_somebody_scored_and_the_gap(run: Run) -> None:
    lines = run("standings", "W500").out.splitlines()
    assert [" ".join(line.split()) for line in lines[2:5]] == [
        "total to 1st SLC SLC CGY CGY HVN HAM HAM",
        "1 KOK Femke NED 360 60 60 60 60 60 60 —",
        "2 YOSHIDA Yukino JPN 295 −65 48 43 22 31 43 48 60",
    ]
    (ziomek,) = [line for line in lines if "ZIOMEK" in line]
    assert ziomek.split()[-7:] == ["43", "23", "0", "28b", "34", "54", "54"]
    # The letter of Division B stands right of the figures, which are in line.
    assert ziomek.index("28b") == lines[4].index(" 31 ") + 1


def test_who_did_not_start_was_not_in_the_race(run: Run) -> None:
    rows = {row["name"]: row for row in run("standings", "M1000", "--json").json["data"]}
    kersten = rows["KERSTEN Cornelius"]
    # On a start list of Hamar he stood; in Heerenveen he started and had no points.
    assert [each["points"] for each in kersten["by_race"]] == [9, 2, 0]
    assert kersten["races"] == 3
    (line,) = [line for line in run("standings", "M1000").out.splitlines() if "KERSTEN" in line]
    assert line.split()[-4:] == ["9b", "2b", "0", "—"]
    table = csv.DictReader(io.StringIO(run("standings", "M1000", "--csv").out))
    (row,) = [row for row in table if row["name"] == "KERSTEN Cornelius"]
    assert (row["2026_NED_0001_M1000_points"], row["2026_NOR_0001_M1000_points"]) == ("0", "")


@pytest.mark.parametrize("width", [60, 66, 72, 80, 100, 140])
def test_text_keeps_to_the_width(run: Run, monkeypatch: pytest.MonkeyPatch, width: int) -> None:
    monkeypatch.setenv("COLUMNS", str(width))
    for cup in CUPS:
        lines = run("standings", cup).out.splitlines()
        assert max(map(cell_len, lines)) <= width
        first = next(i for i, line in enumerate(lines) if line.lstrip().startswith("1 "))
        nocs = {line.index(f" {noc} ") for line in lines[first:] if (noc := _noc(line))}
        assert len(nocs) == 1, "one below the other"


def _noc(line: str) -> str | None:
    known = (word for word in line.split() if len(word) == 3 and word.isupper())
    return next((word for word in known if f" {word}  " in line), None)


def test_columns_leave_in_their_order(run: Run, monkeypatch: pytest.MonkeyPatch) -> None:
    def at(width: int) -> tuple[list[str], str]:
        monkeypatch.setenv("COLUMNS", str(width))
        lines = run("standings", "W500", "--live", "hamar", "--offline").out.splitlines()
        head = next(i for i, line in enumerate(lines) if "total" in line)
        return lines[head].replace("to 1st", "to_1st").split(), lines[head + 2]

    wide, yoshida = at(100)
    assert (wide[:2], len(wide)) == (["total", "to_1st"], 9)
    assert "▲3 YOSHIDA Yukino" in yoshida
    assert (len(at(68)[0]), len(at(67)[0])) == (9, 8), "the oldest race goes first"
    assert (len(at(56)[0]), len(at(55)[0])) == (6, 3), "four races are the fewest"
    assert at(55)[0] == at(45)[0] == ["total", "to_1st", "last"]
    assert at(45)[1].split()[-1] == "60"
    assert at(44)[0] == at(40)[0] == ["total", "to_1st"]
    assert at(39)[0] == at(33)[0] == ["total"]
    assert "▲3" in at(33)[1]
    assert "▲3" not in at(32)[1]


def test_standings_as_csv_have_two_columns_a_race(run: Run) -> None:
    text = run("standings", "W500", "--csv").out
    table = list(csv.DictReader(io.StringIO(text)))
    assert list(table[0])[:5] == ["rank", "name", "noc", "points", "races"]
    assert len(table[0]) == 5 + 2 * 7
    (ziomek,) = [row for row in table if row["name"] == "ZIOMEK-NOGAL Kaja"]
    assert (ziomek["rank"], ziomek["points"]) == ("7", "236")
    assert ziomek["2026_CAN_0001_W500-2_points"] == "28"
    assert ziomek["2026_CAN_0001_W500-2_division"] == "B"
    assert ziomek["2026_CAN_0001_W500_points"] == "0"
    assert table[0]["2026_NOR_0001_W500-2_points"] == ""
    for row in table:
        assert int(row["points"]) == sum(int(row[key] or 0) for key in row if "_points" in key)


def test_every_cup_can_be_asked_for(run: Run) -> None:
    for cup in CUPS:
        printed = run("standings", cup, "--json")
        assert printed.json["data"][0]["rank"] == 1
        missing = "rinkside: no source has the result of MTPB in Hamar\n"
        assert printed.err == (missing if cup == "MTP" else "")


def test_nobody_is_asked(run: Run) -> None:
    with FeedServer(invented().documents()) as server:
        assert run("--api", server.url, "standings", "W500").code == 0
        assert run("--api", server.url, "quota", "W500").code == 0
        assert server.paths() == []


# --- a season that is not whole ----------------------------------------------------------------


def test_a_season_fetched_by_halves_shows_what_it_has_and_names_the_rest(
    run: Run, data_dir: Path
) -> None:
    inzell = invented()
    inzell.add_race(begin=DAY, starters=6, ordinal=1)
    inzell.hold(1)
    inzell.make_official(1)
    for division in "AB":
        inzell.add_race(
            begin=DAY + timedelta(hours=4), ordinal=2, published=False, division=division
        )
    inzell.add_race(begin=DAY, metres=1000, published=False)
    unknown = invented("2026_NED_0002", begins=DAY + timedelta(days=30), zone="Europe/Amsterdam")
    to_come = invented("2026_ITA_0002", begins=datetime.now(UTC) + timedelta(days=9))
    record(data_dir, inzell)
    list_events(data_dir, inzell, unknown, to_come)
    printed = run("standings", "W500", "--json")
    assert (printed.code, printed.json["source"]) == (0, "cache")
    counted = {each["meet"] for row in printed.json["data"] for each in row["by_race"]}
    assert counted == {*MEETS, INZELL}
    assert printed.err.splitlines() == [
        "rinkside: the result of W500-2 and W500-2B in Berlin is not kept; "
        "rinkside sync --season 2026 fetches it",
        "rinkside: nothing of World Cup 5 in Amsterdam is kept; "
        "rinkside sync --season 2026 fetches it",
    ]
    # Before they were held they were not missing.
    assert run("standings", "W500", "--as-of", "2026-01-20").err == ""
    assert "Amsterdam" not in run("standings", "W500", "--as-of", "2026-01-25").err
    assert "W1000" in run("standings", "W1000").err


def test_a_season_of_which_nothing_is_known(run: Run) -> None:
    for words in (("--season", "2020"), ("--as-of", "2019-12-01")):
        printed = run("standings", "W500", "--json", *words)
        assert printed.error["code"] == 4
        assert printed.error["message"] == (
            "nothing of 2019/20 is kept on this computer; rinkside sync --season 2020 fetches it"
        )


def test_a_season_in_which_nothing_has_been_held(run: Run) -> None:
    printed = run("standings", "W500", "--as-of", "2025-10-01")
    assert (printed.code, printed.err) == (0, "")
    assert printed.out == "World Cup standings · W500 · 2025/26 · no race held · bundled\n"
    assert run("standings", "W500", "--as-of", "2025-10-01", "--json").json["as_of"] is None


def test_another_season_is_reckoned_by_the_table_that_is_known(run: Run, data_dir: Path) -> None:
    meet = invented("2025_GER_0001", begins=DAY - timedelta(days=365))
    meet.add_race(begin=DAY - timedelta(days=365), starters=4)
    meet.hold(1)
    record(data_dir, meet)
    printed = run("standings", "W500", "--season", "2025")
    assert printed.out.splitlines()[0] == (
        "World Cup standings · W500 · 2024/25 · after 1 race, the last in Berlin on 24 Jan"
    )
    assert printed.out.splitlines()[1] == "by the 2025/26 table · cache"
    assert printed.err == ""
    for words in ("--json", "--csv"):
        printed = run("standings", "W500", "--season", "2025", words)
        assert printed.err == "rinkside: points are by the 2025/26 table\n"
    assert "by the" not in run("standings", "W500").out
    # A moment tells the season, where it is an earlier one.
    assert "2024/25" in run("standings", "W500", "--as-of", "2025-03-01").out
    assert "2025/26" in run("standings", "W500", "--as-of", "2025-12-01").out


def test_an_official_result_that_was_changed_is_told(run: Run, data_dir: Path) -> None:
    meet = invented()
    meet.add_race(begin=DAY, starters=4)
    meet.hold(1)
    meet.make_official(1)
    record(data_dir, meet)
    assert run("standings", "W500").err == ""
    meet.disqualify(1, 0)
    record(data_dir, meet)
    changed = "rinkside: the result of W500 in Berlin was changed after it was official\n"
    assert run("standings", "W500").err == changed


# --- with a meet as it stands ------------------------------------------------------------------


@pytest.fixture
def live() -> WireMeet:
    """A meet with a race that is over, one under way and one to come."""
    now = datetime.now(UTC).replace(microsecond=0)
    meet = invented(begins=now)
    meet.add_race(begin=now - timedelta(hours=2), metres=1000, starters=4)
    meet.hold(1)
    meet.add_race(begin=now - timedelta(minutes=20), starters=4, ordinal=1)
    rename(meet, 2, 0, "Erin", "Jackson", "USA")
    rename(meet, 2, 1, "Femke", "Kok", "NED")
    meet.start(2)
    meet.finish(2, 0, 37_000)
    meet.passage(2, 1, 0, 10_300)
    meet.add_race(begin=now + timedelta(days=1), starters=4, ordinal=2, published=False)
    return meet


@pytest.fixture
def server(live: WireMeet) -> Iterator[FeedServer]:
    with FeedServer(live.documents()) as server:
        yield server


def test_the_feed_is_asked_for_a_meet_that_is_live(run: Run, server: FeedServer) -> None:
    words = ("--api", server.url, "standings", "W500", "--live", INZELL)
    printed = run(*words, "--json")
    assert (printed.code, printed.err, printed.json["source"]) == (0, "", "feed")
    asked = [path.removeprefix(f"events/{INZELL}/") for path in server.paths()]
    assert sorted(asked) == ["", "competitions/", "competitions/2/results/", "schedule/"]
    age = datetime.now(UTC) - datetime.fromisoformat(printed.json["as_of"])
    assert timedelta(0) <= age < timedelta(minutes=1)
    rows = {row["name"]: row for row in printed.json["data"]}
    assert list(rows["JACKSON Erin"])[-2:] == ["rank_before", "points_before"]
    jackson = rows["JACKSON Erin"]
    assert (jackson["rank"], jackson["points"]) == (2, 316)
    assert (jackson["rank_before"], jackson["points_before"]) == (3, 256)
    assert jackson["by_race"][-1] == {"race": "W500", "meet": INZELL, "points": 60}
    kok, yoshida = rows["KOK Femke"], rows["YOSHIDA Yukino"]
    assert (kok["points"], kok["points_before"]) == (360, 360), "she is still on the ice"
    assert (yoshida["rank"], yoshida["rank_before"]) == (3, 2)
    lines = run(*words).out.splitlines()
    assert "W500 is on, 1 of 4 are in" in " · ".join(lines[:2])
    assert any(line.startswith(" 2 ▲1 JACKSON Erin ") for line in lines)
    (yoshida,) = [line for line in lines if line.startswith(" 3 ▼1 YOSHIDA Yukino ")]
    (kok,) = [line for line in lines if line.startswith(" 1    KOK Femke ")]
    assert (yoshida.split()[-1], kok.split()[-1]) == ("—", "·"), "she may still score"


def test_who_had_no_points_before_the_meet_had_no_rank(run: Run, live: WireMeet) -> None:
    live.finish(2, 2, 36_900)
    with FeedServer(live.documents()) as server:
        words = ("--api", server.url, "standings", "W500", "--live", INZELL)
        rows = run(*words, "--json").json["data"]
        table = list(csv.DictReader(io.StringIO(run(*words, "--csv").out)))
    (new,) = [row for row in rows if row["rank_before"] is None]
    assert (new["points"], new["points_before"]) == (60, 0)
    (same,) = [row for row in table if row["rank_before"] == ""]
    assert (same["name"], same["points_before"]) == (new["name"], "0")


def test_without_the_feed_a_meet_stands_as_it_was_seen_last(run: Run, server: FeedServer) -> None:
    words = ("--api", server.url, "standings", "W500", "--live", INZELL, "--json")
    fetched = run(*words)
    server.requests.clear()
    offline = run("--offline", *words)
    assert (offline.json["source"], offline.err, server.paths()) == ("cache", "", [])
    assert offline.json["data"] == fetched.json["data"]
    server.misbehave(Fault.RESET)
    away = run(*words)
    assert (away.code, away.json["source"]) == (0, "cache")
    assert "this is as it was " in away.err
    assert away.json["data"] == fetched.json["data"]


def test_a_race_under_way_counts_with_a_bundled_meet_too(run: Run) -> None:
    words = ("standings", "W500", "--offline", "--as-of", DURING_THE_RACE)
    printed = run(*words, "--live", "hamar", "--json")
    assert (printed.code, printed.err, printed.json["source"]) == (0, "", "bundled")
    assert "2025-12-12T18:35:00Z" < printed.json["as_of"] < "2025-12-12T18:38:00Z"
    assert top(printed, 2) == [(1, "KOK", 300), (2, "YOSHIDA", 241)]
    assert printed.json["data"][1]["rank_before"] == 5
    assert "W500 is on, 16 of 20 are in" in run(*words, "--live", "hamar").out
    # Without the meet as it stands, a race counts when it is over.
    assert top(run(*words, "--json"), 2) == [(1, "KOK", 300), (2, "LEERDAM", 219)]


def test_what_came_after_the_meet_does_not_count(run: Run) -> None:
    printed = run("standings", "W500", "--live", "calgary", "--json")
    assert "the feed refused the connection; this is the bundled meet" in printed.err
    assert top(printed, 2) == [(1, "KOK", 240), (2, "JACKSON", 192)]
    before = {row["name"]: row["points_before"] for row in printed.json["data"]}
    assert before["KOK Femke"] == 120
    day = run(
        "standings", "W500", "--live", "hamar", "--as-of", "2025-12-12", "--json", "--offline"
    )
    assert top(day, 1) == [(1, "KOK", 360)]
    assert day.json["data"][0]["points_before"] == 300


def test_bundled_facts_count_where_the_feed_has_none(run: Run) -> None:
    begins = datetime(2025, 12, 12, 9, tzinfo=UTC)
    meet = invented("2026_NOR_0007", begins=begins, zone="Europe/Oslo")
    meet.add_race(begin=begins, ordinal=1, published=False)
    row = meet.event()
    row["track"]["city"] = "Hamar"
    documents = {**meet.documents(), "events/2026_NOR_0007/": encode(row)}
    with FeedServer(documents) as server:
        words = ("--api", server.url, "standings", "W500", "--json")
        printed = run(*words, "--live", "2026_NOR_0007")
    assert top(printed, 2) == [(1, "KOK", 360), (2, "YOSHIDA", 295)]
    races = [each for row in printed.json["data"] for each in row["by_race"]]
    assert {each["meet"] for each in races} == {*list(MEETS)[:3], "2026_NOR_0007"}


# --- quotas ------------------------------------------------------------------------------------


def test_the_quota_places_of_a_race(run: Run) -> None:
    printed = run("quota", "w500", "--json")
    assert (printed.code, printed.err) == (0, "")
    assert list(printed.json) == ["schema", "season", "as_of", "source", "data"]
    assert (printed.json["schema"], printed.json["season"]) == ("rinkside.quota/1", 2026)
    assert (printed.json["source"], printed.json["as_of"]) == ("bundled", "2025-12-14T13:36:00Z")
    rows = printed.json["data"]
    assert rows[0] == {
        "section": "points",
        "place": 1,
        "name": "KOK Femke",
        "noc": "NED",
        "points": 360,
        "best_ms": 36_090,
    }
    sections = [row["section"] for row in rows]
    assert sections == ["points"] * 21 + ["times"] * 7 + ["reserve"] * 8
    assert [row["place"] for row in rows] == list(range(1, 37))


def test_quota_places_as_text(run: Run) -> None:
    lines = run("quota", "M10000").out.splitlines()
    assert lines[:5] == [
        "Olympic quota places · M10000 · 2025/26 · unofficial · after 4 of 4 World Cups · bundled",
        "12 places: 9 by points, 3 by times · at most 2 a nation",
        "",
        "                           pts     best",
        "by points",
    ]
    assert lines[5].split() == ["1", "JÍLEK", "Metoděj", "CZE", "210", "12:29.63"]
    assert [line for line in lines if line in ("by times", "reserve")] == ["by times", "reserve"]
    assert "last in: HENRIKSEN Sigurd NOR" in lines
    assert "first out: THORUP Viktor Hald DEN" in lines
    assert any(line.startswith("nation full: LORELLO Riccardo ITA, ") for line in lines)


@pytest.mark.parametrize("width", [60, 80])
def test_quotas_keep_to_the_width(run: Run, monkeypatch: pytest.MonkeyPatch, width: int) -> None:
    monkeypatch.setenv("COLUMNS", str(width))
    for race in ("W500", "WMS", "MTP"):
        assert max(map(cell_len, run("quota", race).out.splitlines())) <= width
    assert "by times" not in run("quota", "WMS").out


def test_quotas_at_a_moment_and_as_csv(run: Run) -> None:
    early = run("quota", "W500", "--as-of", "2025-11-20")
    assert "after 1 of 4 World Cups" in early.out
    table = list(csv.DictReader(io.StringIO(run("quota", "W500", "--csv").out)))
    assert list(table[0]) == ["section", "place", "name", "noc", "points", "best_ms"]
    assert len(table) == 36
    none = run("quota", "W500", "--as-of", "2025-10-01")
    assert (none.code, none.out.count("\n")) == (0, 2)


def test_quotas_name_what_they_lack_of_the_meets_that_count(run: Run, data_dir: Path) -> None:
    assert run("quota", "MTP").err == "rinkside: no source has the result of MTPB in Hamar\n"
    meet = invented()
    meet.add_race(begin=DAY, gender="M", kind="TP", published=False)
    record(data_dir, meet)
    # World Cups in January come too late.
    assert run("quota", "MTP").err == "rinkside: no source has the result of MTPB in Hamar\n"
    assert "Berlin" in run("standings", "MTP").err


def test_a_race_or_a_season_without_quotas(run: Run, data_dir: Path) -> None:
    printed = run("quota", "W500B", "--json")
    assert printed.error["code"] == 3
    assert printed.error["message"].startswith(
        "there are no Olympic quotas for W500B; there are for W500, W1000, "
    )
    autumn = datetime(2026, 11, 14, 12, tzinfo=UTC)
    meet = invented("2027_GER_0001", begins=autumn)
    meet.add_race(begin=autumn, starters=4)
    meet.hold(1)
    record(data_dir, meet)
    printed = run("quota", "W500", "--json")
    assert printed.error["code"] == 3
    assert printed.error["message"] == (
        "there are no Olympic quotas to win in 2026/27; --as-of 2026-06-30 tells those of 2025/26"
    )
    assert len(run("quota", "W500", "--as-of", "2026-06-30", "--json").json["data"]) == 36


# --- what goes wrong ---------------------------------------------------------------------------


@pytest.mark.parametrize("word", ["W3000", "WTS", "500", "XMR", ""])
def test_no_such_cup(run: Run, word: str) -> None:
    printed = run("standings", word, "--json")
    assert printed.error["code"] == 3
    assert printed.error["message"] == (
        f"there is no cup {word}; cups are W500, W1000, W1500, WLONG, WMS, WTP and the same with M"
    )


@pytest.mark.parametrize(
    ("words", "said"),
    [
        (["standings"], "the following arguments are required: CUP"),
        (["quota"], "the following arguments are required: RACE"),
        (
            ["standings", "W500", "--as-of", "2025-12-12T18:00"],
            "'2025-12-12T18:00' has no time zone; write it as 2025-12-12T18:00+01:00",
        ),
        (["quota", "W500", "--as-of", "2025-12-12T18:00"], "has no time zone"),
        (["standings", "W500", "--as-of", "2025-12-32"], "'2025-12-32' is no moment; write a day"),
        (["standings", "W500", "--as-of", "yesterday"], "'yesterday' is no moment"),
        (["standings", "W500", "--as-of", "9999-12-31"], "'9999-12-31' is no moment"),
        (["quota", "W500", "--as-of", "0001-01-01T00:00+14:00"], "is no moment"),
        (["standings", "W500", "--season", "25/26"], "'25/26' is not a season"),
        (["standings", "W500", "--season", "1998"], "'1998' is not a season"),
        (["standings", "W500", "--json", "--csv"], "choose one of --json, --csv and --plain"),
    ],
)
def test_wrong_words(run: Run, words: list[str], said: str) -> None:
    printed = run(*words)
    assert (printed.code, printed.out) == (2, "")
    assert said in printed.err


@pytest.mark.parametrize(
    "moment", ["2000-01-01", "2099-12-31", "2000-01-01T00:00+14:00", "2099-12-31T23:59-12:00"]
)
def test_moments_far_away_are_moments_too(run: Run, moment: str) -> None:
    for words in ((), ("--live", "hamar", "--offline")):
        printed = run("standings", "W500", "--season", "2026", "--as-of", moment, "--json", *words)
        assert printed.code == 0
        assert bool(printed.json["data"]) is (moment > "2025")


def test_no_such_meet(run: Run, data_dir: Path) -> None:
    printed = run("standings", "W500", "--live", "hamer", "--offline", "--json")
    assert printed.error["code"] == 3
    assert "did you mean Hamar?" in printed.error["message"]
    printed = run("standings", "W500", "--live", "hamar", "--season", "2025", "--offline", "--json")
    assert printed.error["code"] == 3
    assert printed.error["message"] == "Hamar is a meet of 2025/26"
    championships = invented("2026_NED_0009", name="Dutch Championships")
    championships.add_race(begin=DAY, starters=4)
    row = championships.event() | {"tags": []}
    documents = {**championships.documents(), "events/2026_NED_0009/": encode(row)}
    with FeedServer(documents) as server:
        words = ("--api", server.url, "--json", "standings", "W500", "--live", "2026_NED_0009")
        printed = run(*words)
    assert printed.error["code"] == 3
    assert printed.error["message"] == "Berlin is no World Cup, and counts in no standings"


def test_a_live_meet_of_which_nothing_is_kept_and_nothing_comes(run: Run) -> None:
    for words in ((), ("--offline",)):
        printed = run("standings", "W500", "--live", "2026_GER_0009", "--json", *words)
        assert printed.error["code"] == 4
        assert "nothing of 2026_GER_0009" in printed.error["message"]


@pytest.mark.parametrize("words", [["standings", "W500"], ["quota", "W500"]])
def test_the_data_directory_cannot_be_used(run: Run, tmp_path: Path, words: list[str]) -> None:
    (tmp_path / "taken").write_text("a file")
    printed = run("--data-dir", str(tmp_path / "taken"), "--json", *words)
    assert printed.error["code"] == 6


def test_a_season_that_cannot_be_kept_is_shown_all_the_same(run: Run, data_dir: Path) -> None:
    data_dir.mkdir()
    (data_dir / "seasons").write_text("a file in the way")
    printed = run("standings", "W500", "--json")
    assert (printed.code, printed.err) == (0, "")
    assert top(printed, 1) == [(1, "KOK", 360)]


@pytest.mark.parametrize(
    ("city", "short"),
    [("Salt Lake City", "SLC"), ("Calgary", "CGY"), ("Heerenveen", "HVN"), ("Hamar", "HAM")],
)
def test_a_city_in_three_letters(city: str, short: str) -> None:
    assert short_cities([city]) == {city: short}


def test_two_cities_are_not_the_same_letters() -> None:
    assert len(set(short_cities(["Hamar", "Hamburg", "Inzell"]).values())) == 3
