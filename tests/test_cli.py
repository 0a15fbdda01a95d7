"""The command line: words, exit codes, sentences, and what is printed for scripts and people."""

from __future__ import annotations

import asyncio
import csv
import io
import json
import os
import subprocess
import sys
from collections.abc import Callable, Iterator, Mapping
from contextlib import closing
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest

from feed_server import Fault, FeedServer
from longtrack.clock import TapeClock
from longtrack.moments import Moment
from longtrack.tape import Tape
from longtrack.tape_files import tape_file
from printed import Printed, Run, runner
from rinkside import __version__
from rinkside.library import Library
from rinkside.locations import Locations
from rinkside.plan import DEMO_SPEED, Edge, WatchPlan
from rinkside.remembered import Remembered, keep
from rinkside.telling import Telling
from wire import WireMeet, season_documents

NOW = datetime.now(UTC).replace(microsecond=0)
NOBODY = "http://127.0.0.1:1"
HAMAR = "2026_NOR_0001"


@pytest.fixture(autouse=True)
def data_dir(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    directory = tmp_path / "data"
    monkeypatch.setenv("RINKSIDE_DATA_DIR", str(directory))
    monkeypatch.setenv("RINKSIDE_API", NOBODY)
    monkeypatch.setenv("COLUMNS", "100")
    return directory


@pytest.fixture
def run(capsys: pytest.CaptureFixture[str]) -> Run:
    return runner(capsys)


def invented(**words: Any) -> WireMeet:
    return WireMeet(lambda: NOW, **({"event_id": "2026_GER_0001", "zone": "Europe/Berlin"} | words))


@pytest.fixture
def meet() -> WireMeet:
    """A meet with a race that is over, one that is live and one to come."""
    meet = invented()
    meet.add_race(begin=NOW - timedelta(hours=2), ordinal=1, starters=6)
    meet.hold(1)
    meet.make_official(1)
    meet.add_race(begin=NOW - timedelta(minutes=5), gender="M", metres=1500, starters=4)
    meet.start(2)
    meet.finish(2, 0, 105_123)
    meet.add_race(begin=NOW + timedelta(hours=1), ordinal=2, starters=4, published=False)
    return meet


@pytest.fixture
def server(meet: WireMeet) -> Iterator[FeedServer]:
    with FeedServer(meet.documents()) as server:
        yield server


# --- the bundled meet --------------------------------------------------------------------------


def test_the_official_result_needs_no_network_and_no_earlier_visit(run: Run) -> None:
    printed = run("--offline", "results", HAMAR, "W500", "--json")
    assert (printed.code, printed.err) == (0, "")
    assert list(printed.json) == ["schema", "event", "as_of", "source", "data"]
    assert printed.json["schema"] == "rinkside.results/1"
    assert (printed.json["event"], printed.json["source"]) == (HAMAR, "bundled")
    assert printed.json["as_of"].endswith("Z")
    rows = printed.json["data"]
    assert len(rows) == 20
    assert [row["rank"] for row in rows] == list(range(1, 21))
    assert (rows[0]["name"], rows[0]["time_ms"], rows[0]["marks"]) == ("KOK Femke", 37_050, ["TR"])
    assert (rows[18]["name"], rows[18]["time_ms"]) == ("JACKSON Erin", 43_940)
    assert (rows[19]["name"], rows[19]["time_ms"]) == ("SCHULTING Suzanne", 94_450)
    assert [row["points"] for row in rows[:3]] == [60, 54, 48]


@pytest.mark.parametrize("race", ["w500", "W500-1", "w500-1"])
def test_a_race_is_named_in_any_case_and_the_first_is_the_first(run: Run, race: str) -> None:
    assert "KOK Femke" in run("--offline", "results", "hamar", race).out


def test_text_has_a_heading_and_says_what_is_modelled(run: Run) -> None:
    first = run("results", "Vikingskipet", "M1500", "--offline").out.splitlines()[0]
    assert first == "Hamar · World Cup 4 · M1500 · 1500m Men · official · bundled · ~ modelled"


def test_results_as_csv(run: Run) -> None:
    rows = list(csv.DictReader(io.StringIO(run("--csv", "--offline", "results", HAMAR, "WMS").out)))
    assert (len(rows), rows[0]["name"]) == (23, "KERKHOFF Bente")


def test_a_race_without_a_known_result_is_no_error(run: Run) -> None:
    printed = run("--offline", "--json", "results", HAMAR, "MTPB")
    assert (printed.code, printed.json["data"]) == (0, [])
    assert "no source has the result of MTPB" in printed.err


def test_the_programme_of_the_bundled_meet(run: Run) -> None:
    printed = run("programme", "hamar", "--offline", "--json")
    assert printed.json["schema"] == "rinkside.programme/1"
    assert len(printed.json["data"]) == 29
    assert "18:30 W500 " in run("programme", "hamar", "--offline").out
    table = csv.DictReader(io.StringIO(run("programme", "hamar", "--offline", "--csv").out))
    assert [row["code"] for row in table][:2] == ["W500B", "M500B"]


def test_the_other_meets_of_the_season_need_no_network_either(run: Run) -> None:
    printed = run("--offline", "results", "2026_USA_0001", "W500", "--json")
    assert (printed.code, printed.err) == (0, "")
    assert (printed.json["event"], printed.json["source"]) == ("2026_USA_0001", "bundled")
    rows = printed.json["data"]
    assert [row["rank"] for row in rows] == list(range(1, 21))
    assert (rows[0]["name"], rows[0]["time_ms"], rows[0]["passages"]) == ("KOK Femke", 36_480, [])
    printed = run("--offline", "results", "calgary", "M1000")
    heading, _, _, first = printed.out.splitlines()[:4]
    assert heading == "Calgary · World Cup 2 · M1000 · 1000m Men · official · bundled"
    assert " ".join(first.split()) == "1 ● STOLZ Jordan USA 1:06.00 60"


def test_the_programme_of_another_meet_of_the_season(run: Run) -> None:
    out = run("--offline", "programme", "heerenveen").out
    heading = "Heerenveen · World Cup 3 · Thialf · 5–7 Dec 2025 · bundled"
    assert out.splitlines()[0].startswith(heading)
    assert "18:55 W5000 " in out
    assert out.count(" official ") == 20


def test_a_race_of_which_the_start_is_not_known_is_listed_without(run: Run) -> None:
    printed = run("--offline", "programme", "calgary", "--json")
    (m5000,) = [row for row in printed.json["data"] if row["code"] == "M5000"]
    assert (m5000["planned"], m5000["start"], m5000["day"]) == (None, None, "2025-11-21")
    assert m5000["winner"]["name"] == "DAWSON Casey"


def test_the_demo_tells_a_record_and_the_podium(run: Run) -> None:
    lines = run("demo", "--json", "--speed", "3600").out.splitlines()
    moments = [json.loads(line) for line in lines]
    assert {moment["schema"] for moment in moments} == {"rinkside.moment/1"}
    assert list(moments[0]) == ["schema", "at", "kind", "race", "text", "people", "figures"]
    assert {moment["race"] for moment in moments} == {"W500"}
    (record,) = [moment for moment in moments if moment["kind"] == "record"]
    assert record["people"] == [{"name": "KOK Femke", "noc": "NED"}]
    assert record["figures"] == {
        "record": "TR",
        "time_ms": 37_050,
        "old_ms": 37_250,
        "margin_ms": 200,
    }
    assert moments == sorted(moments, key=lambda moment: str(moment["at"]))
    shown_s = (_at(moments[-1]) - _at(moments[0])) / DEMO_SPEED
    assert timedelta(seconds=10) < shown_s < timedelta(seconds=25)


def _at(moment: dict[str, Any]) -> datetime:
    return datetime.fromisoformat(moment["at"])


def test_a_tape_is_played_from_its_beginning(run: Run, data_dir: Path) -> None:
    run("--offline", "results", HAMAR, "W500")
    tape = data_dir / "tapes" / "bundled" / f"{HAMAR}.bundled.tape"
    printed = run("watch", str(tape), "--race", "w500", "--speed", "3600", "--json")
    kinds = [json.loads(line)["kind"] for line in printed.out.splitlines()]
    assert kinds.count("finish") == 20
    late = run("watch", str(tape), "--race", "W500", "--from", "19:41", "--speed=3600", "--json")
    assert 0 < len(late.out.splitlines()) < len(printed.out.splitlines()) / 2


# --- the feed ----------------------------------------------------------------------------------


def test_the_feed_is_asked_once_and_named_as_the_source(run: Run, server: FeedServer) -> None:
    printed = run("--api", server.url, "results", "2026_ger_0001", "m1500", "--json")
    assert (printed.code, printed.json["source"]) == (0, "feed")
    assert printed.json["event"] == "2026_GER_0001"
    assert [row["status"] for row in printed.json["data"]] == ["finished", *["to_start"] * 3]
    assert printed.json["data"][0]["time_ms"] == 105_123
    assert sorted(server.paths()) == sorted(set(server.paths()))
    assert len(server.paths()) == 4
    age = datetime.now(UTC) - datetime.fromisoformat(printed.json["as_of"])
    assert timedelta(0) <= age < timedelta(minutes=1)


def test_the_address_of_the_feed_may_come_after_the_command(run: Run, server: FeedServer) -> None:
    printed = run("programme", "2026_GER_0001", "--json", "--api", server.url)
    rows = printed.json["data"]
    assert [row["code"] for row in rows] == ["W500", "M1500", "W500-2"]
    assert [row["stage"] for row in rows] == ["official", "live", "upcoming"]
    assert [row["entries"] for row in rows] == [6, 4, None]
    assert [row["winner"] is None for row in rows] == [False, True, True]


def test_an_official_result_is_not_asked_for_again(
    run: Run, server: FeedServer, meet: WireMeet
) -> None:
    for _ in range(2):
        server.requests.clear()
        assert run("--api", server.url, "programme", "2026_GER_0001").code == 0
    assert not any("competitions/1/results" in path for path in server.paths())
    meet.clock = lambda: datetime.now(UTC) + timedelta(minutes=1)
    meet.correct(1, 0, 36_000)
    server.documents = meet.documents()
    server.requests.clear()
    printed = run("--api", server.url, "programme", "2026_GER_0001", "--json")
    assert any("competitions/1/results" in path for path in server.paths())
    assert printed.json["data"][0]["winner"]["time_ms"] == 36_000


def test_a_city_the_feed_must_tell_of_is_asked_for(run: Run, meet: WireMeet) -> None:
    season = NOW.year + (NOW.month >= 7)
    page = meet.documents()["events/?season=2026"]
    with FeedServer({**meet.documents(), f"events/?season={season}": page}) as server:
        printed = run("--api", server.url, "programme", "berlin", "--json")
        assert printed.json["event"] == "2026_GER_0001"
        assert run("--api", server.url, "programme", "berlln").code == 3
    assert "did you mean Berlin?" in run("--offline", "--api", server.url, "programme", "berl").err


def test_without_the_feed_the_last_known_state_is_shown(run: Run, server: FeedServer) -> None:
    words = ("--api", server.url, "results", "2026_GER_0001", "M1500", "--json")
    before = run(*words).json["data"]
    server.misbehave(Fault.STATUS, status=503)
    printed = run(*words)
    assert (printed.code, printed.json["source"]) == (0, "cache")
    assert printed.json["data"] == before
    assert printed.err.startswith("rinkside: the feed answered 503; this is as it was ")
    offline = run("--offline", *words)
    assert (offline.json["source"], offline.err) == ("cache", "")


def test_only_the_race_asked_for_can_be_missing(run: Run, server: FeedServer) -> None:
    words = ("--api", server.url, "results", "2026_GER_0001", "M1500", "--json")
    server.misbehave(Fault.WEB_PAGE, "*/2/results/")
    printed = run(*words)
    assert printed.error["code"] == 5
    assert "M1500 of 2026_GER_0001" in printed.error["message"]
    server.behave()
    assert run(*words).json["source"] == "feed"
    server.misbehave(Fault.HALF, "*/2/results/")
    printed = run(*words)
    assert (printed.json["source"], len(printed.json["data"])) == ("cache", 4)
    assert "this is as it was" in printed.err


def test_a_programme_with_a_race_that_cannot_be_had(run: Run, server: FeedServer) -> None:
    server.misbehave(Fault.GARBAGE, "*/2/results/")
    printed = run("--api", server.url, "programme", "2026_GER_0001", "--json")
    assert (printed.code, printed.json["source"]) == (0, "feed")
    assert printed.err == "rinkside: M1500: the feed's answer is not data\n"


def test_the_bundled_meet_stands_in_for_the_feed(run: Run) -> None:
    printed = run("results", HAMAR, "W500", "--json")
    assert (printed.code, printed.json["source"]) == (0, "bundled")
    assert printed.err == "rinkside: the feed refused the connection; this is the bundled meet\n"


def test_bundled_facts_give_way_race_by_race(run: Run) -> None:
    begins = datetime(2025, 12, 12, 9, tzinfo=UTC)
    meet = invented(event_id=HAMAR, zone="Europe/Oslo", begins=begins)
    meet.add_race(begin=begins, starters=4, ordinal=1)
    meet.add_race(begin=begins, gender="M", ordinal=1, published=False)
    meet.hold(1)
    meet.make_official(1)
    row = meet.event()
    row["track"]["city"] = "Hamar"
    documents = {**meet.documents(), f"events/{HAMAR}/": json.dumps(row).encode()}
    with FeedServer(documents) as server:
        fetched = run("--api", server.url, "results", HAMAR, "W500", "--json").json
        bundled = run("--api", server.url, "results", HAMAR, "M500", "--json").json
    assert (fetched["source"], len(fetched["data"])) == ("feed", 4)
    assert (bundled["source"], len(bundled["data"])) == ("bundled", 20)


def test_two_feeds_with_the_same_ids_are_not_mixed(run: Run, server: FeedServer) -> None:
    other = invented(zone="Europe/Rome")
    other.add_race(begin=NOW, starters=2)
    there = server.url.replace("127.0.0.1", "localhost")
    run("--api", server.url, "programme", "2026_GER_0001")
    server.documents = other.documents()
    run("--api", there, "programme", "2026_GER_0001")
    for api, races in ((server.url, 3), (there, 1)):
        kept = run("--offline", "--api", api, "programme", "2026_GER_0001", "--json").json
        assert (kept["source"], len(kept["data"])) == ("cache", races)


def test_a_damaged_tape_is_set_aside_and_told(run: Run, server: FeedServer, data_dir: Path) -> None:
    file = tape_file(data_dir / "tapes", "127.0.0.1", "2026_GER_0001")
    file.parent.mkdir(parents=True)
    file.write_bytes(b"this was never a tape" * 400)
    printed = run("--api", server.url, "results", "2026_GER_0001", "W500", "--json")
    assert (printed.code, len(printed.json["data"])) == (0, 6)
    assert "it was set aside as 2026_GER_0001.tape.set-aside-" in printed.err
    assert len(list(file.parent.glob("*.set-aside-*"))) == 1


# --- what goes wrong ---------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("words", "said"),
    [
        (["race"], "there is no command 'race'; there are"),
        (["result", HAMAR], "there is no command 'result'; did you mean results?"),
        (["watsh"], "there is no command 'watsh'; did you mean watch?"),
        (["tapes", "exprot"], "there is no action 'exprot'; did you mean export?"),
        (["--plian"], "--plian; did you mean --plain?"),
        (["results", HAMAR], "the following arguments are required: RACE"),
        (["watch"], "EVENT|TAPE-FILE"),
        (["demo", "--speed", "0"], "'0' is not a speed"),
        (["demo", "--speed", "nan"], "'nan' is not a speed"),
        (["watch", HAMAR, "--from", "25:00"], "'25:00' is not a time; write it as 19:30"),
        (["watch", HAMAR, "--from", "19:30", "--from-start"], "not allowed with"),
        (["watch", HAMAR, "--delay", "601"], "'601' is not a delay; write seconds, 0 to 600"),
        (["watch", HAMAR, "--delay", "-5"], "--delay"),
        (["watch", HAMAR, "--delay", "4.5"], "'4.5' is not a delay"),
        (["watch", HAMAR, "--delay", "45", "--from-start"], "--delay is for a meet that is live"),
        (["--offline", "watch", HAMAR, "--delay", "45"], "leave --offline away"),
        (["programme", HAMAR, "--csv", "--json"], "choose one of --json, --csv and --plain"),
        (["--csv", "demo"], "--csv goes with commands that print a table"),
        (["--api", "nowhere", "programme", HAMAR], "'nowhere' is not the address of a feed"),
        (["--off", "programme", HAMAR], "--off"),
    ],
)
def test_wrong_words(run: Run, words: list[str], said: str) -> None:
    printed = run(*words)
    assert (printed.code, printed.out) == (2, "")
    assert said in printed.err
    if "--csv" not in words:
        assert said in run("--json", *words).error["message"]


def test_what_is_left_out_is_told_only_where_a_meet_is_followed(run: Run) -> None:
    printed = run("--offline", "--all", "results", HAMAR, "W500")
    assert (printed.code, printed.out) == (2, "")
    assert "--all goes with what follows a meet" in printed.err
    assert "unrecognized arguments: --all;" in run("results", HAMAR, "W500", "--all").err


def test_no_such_event(run: Run, server: FeedServer, data_dir: Path) -> None:
    printed = run("--api", server.url, "results", "2026_ZZZ_0009", "W500", "--json")
    assert printed.error["code"] == 3
    assert "the feed knows no 2026_ZZZ_0009" in printed.error["message"]
    assert not list(data_dir.rglob("2026_ZZZ_0009*"))
    printed = run("--offline", "programme", "hamer")
    assert (printed.code, printed.out) == (3, "")
    assert "did you mean Hamar?" in printed.err


def test_no_such_race(run: Run, server: FeedServer) -> None:
    printed = run("--offline", "results", HAMAR, "M10000", "--json")
    assert printed.error["code"] == 3
    assert "Hamar has no race M10000; its races are W500B, M500B" in printed.error["message"]
    assert run("--api", server.url, "results", "2026_GER_0001", "W5000").code == 3
    assert run("--offline", "watch", HAMAR, "--race", "W5000").code == 3
    assert "races are W500, M1500-2" in run("watch", "2026_GER_0009", "--race", "W5OO").err


def test_no_such_tape(run: Run, tmp_path: Path) -> None:
    printed = run("watch", str(tmp_path / "none.tape"), "--json")
    assert printed.error["code"] == 3
    assert "there is no tape file" in printed.error["message"]


def test_the_feed_cannot_be_reached_and_nothing_is_kept(run: Run) -> None:
    printed = run("results", "2026_GER_0009", "W500", "--json")
    assert printed.error["code"] == 4
    assert (
        "the feed refused the connection, and nothing of 2026_GER_0009"
        in (printed.error["message"])
    )
    assert run("--offline", "programme", "2026_GER_0009").code == 4
    assert run("watch", "2026_GER_0009", "--json").code == 4
    assert run("programme", "inzell").code == 4


@pytest.mark.parametrize("fault", [Fault.WEB_PAGE, Fault.OTHER_SHAPE, Fault.EMPTY, Fault.BAD_GZIP])
def test_the_answer_cannot_be_read(run: Run, server: FeedServer, fault: Fault) -> None:
    server.misbehave(fault)
    printed = run("--api", server.url, "results", "2026_GER_0001", "W500", "--json")
    assert printed.error["code"] == 5
    assert "and nothing of 2026_GER_0001 is kept" in printed.error["message"]
    assert run("--api", server.url, "results", "2026_GER_0001", "W500").err.count("\n") == 1


@pytest.mark.parametrize("words", [["results", HAMAR, "W500"], ["demo"], ["watch", HAMAR]])
def test_the_data_directory_cannot_be_used(run: Run, tmp_path: Path, words: list[str]) -> None:
    (tmp_path / "taken").write_text("a file")
    for directory in (tmp_path / "taken", tmp_path / "taken" / "below"):
        printed = run("--data-dir", str(directory), "--offline", "--json", *words)
        assert printed.error["code"] == 6
        assert f"the data directory {directory} can't be used" in printed.error["message"]
        assert "--data-dir" in printed.error["message"]


def test_a_tape_that_cannot_be_made(run: Run, server: FeedServer, data_dir: Path) -> None:
    (data_dir / "tapes").mkdir(parents=True)
    (data_dir / "tapes" / "127.0.0.1").write_text("a file in the way")
    printed = run("--api", server.url, "programme", "2026_GER_0001")
    assert (printed.code, printed.out) == (6, "")


def test_a_fault_of_our_own_is_a_sentence_too(run: Run, monkeypatch: pytest.MonkeyPatch) -> None:
    def fail(*_: object) -> None:
        raise LookupError("nobody thought of this")

    monkeypatch.setattr("rinkside.oneshot.programme", fail)
    printed = run("programme", HAMAR)
    assert printed.code == 1
    assert "LookupError: nobody thought of this" in printed.err


def test_an_interrupt_is_quiet(run: Run, monkeypatch: pytest.MonkeyPatch) -> None:
    def interrupt(*_: object) -> None:
        raise KeyboardInterrupt

    monkeypatch.setattr("rinkside.oneshot.programme", interrupt)
    assert run("programme", HAMAR) == Printed(130, "", "")


# --- where things are, and what the dashboard is told ------------------------------------------


def test_locate_names_the_directories(run: Run, tmp_path: Path, data_dir: Path) -> None:
    rows = run("locate", "--json").json["data"]
    places = {row["name"]: row["path"] for row in rows}
    assert places["data"] == str(data_dir)
    assert places["tapes"] == str(data_dir / "tapes")
    assert not places["themes"].startswith(str(tmp_path))
    assert f"data        {tmp_path}/x\n" in run("--data-dir", f"{tmp_path}/x", "locate").out
    assert run("locate", "--csv").out.startswith("name,path\r\n")
    assert not data_dir.exists()


def test_the_data_directory_moves_nothing_else() -> None:
    usual = Locations.find(environ={})
    moved = Locations.find("somewhere", environ={"RINKSIDE_DATA_DIR": "elsewhere"})
    assert moved.data == Path("somewhere").absolute()
    assert (moved.config, moved.themes) == (usual.config, usual.config / "themes")
    assert Locations.find(environ={"RINKSIDE_DATA_DIR": "x"}).data == Path("x").absolute()


def test_the_version(run: Run) -> None:
    assert run("--version") == Printed(0, f"rinkside {__version__}\n", "")
    assert "exit codes" in run("--help").out


def test_the_help_fits_a_small_terminal(run: Run, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("COLUMNS", "80")
    whole = run("--help").out
    assert max(map(len, whole.splitlines())) <= 80
    assert run("help").out == whole
    assert "did you mean watch?" in run("help", "watsh").err
    assert run("help", "results").out == run("results", "--help").out
    assert run("help", "results").out.startswith("usage: rinkside results ")


@pytest.fixture
def plans(monkeypatch: pytest.MonkeyPatch) -> list[WatchPlan]:
    """What the dashboard was asked to show, in a terminal."""
    asked: list[WatchPlan] = []

    def show(plan: WatchPlan) -> int:
        asked.append(plan)
        return 0

    monkeypatch.setattr("rinkside.app.run", show)
    monkeypatch.setattr("rinkside.cli._has_terminal", lambda: True)
    return asked


def test_what_the_dashboard_is_to_show(run: Run, plans: list[WatchPlan], data_dir: Path) -> None:
    run("--offline")
    run("demo")
    run("--offline", "watch", "2026_ger_0001", "--race", "w500", "--from", "19:30", "--speed", "4")
    run("watch", "hamar", "--from-start")
    run("watch", "2026_GER_0001")
    run("--offline", "watch", "2026_GER_0001", "--speed", "2")
    run("watch", "2026_GER_0001", "--delay", "45")
    follow, demo, replay, start, live, fast, late = plans
    assert (late.start, late.delay_ms, live.delay_ms) == (Edge.LIVE, 45_000, None)
    assert (follow.event_id, follow.start, follow.offline) == (None, Edge.LIVE, True)
    assert (demo.demo, demo.speed, demo.race) == (True, DEMO_SPEED, "W500")
    assert replay.event_id == "2026_GER_0001"
    assert (str(replay.start), replay.speed, replay.race) == ("19:30:00", 4.0, "w500")
    assert (start.event_id, start.start, start.speed) == (HAMAR, Edge.BEGINNING, 1.0)
    assert (live.start, live.api, live.offline) == (Edge.LIVE, NOBODY, False)
    assert (fast.start, fast.speed) == (Edge.BEGINNING, 2.0)
    assert {plan.locations.data for plan in plans} == {data_dir}


def test_a_tape_file_is_played(run: Run, plans: list[WatchPlan], tmp_path: Path) -> None:
    file = tmp_path / "evening.tape"
    Tape(file).close()
    run("watch", str(file))
    assert (plans[0].tape_file, plans[0].event_id) == (file, None)
    assert plans[0].start is Edge.BEGINNING


# --- without spoilers --------------------------------------------------------------------------

REFUSED = [
    (["results", HAMAR, "W500"], "a result tells who has won; --spoilers prints it"),
    (["standings", "W500"], "--as-of WHEN tells them as they stood then, --spoilers all of them"),
    (["quota", "W500"], "--as-of WHEN tells them as they stood then, --spoilers all of them"),
]


def wish_in_settings(data_dir: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("XDG_CONFIG_HOME", str(data_dir.parent / "config"))
    file = Locations.find().settings
    file.parent.mkdir(parents=True)
    file.write_text("[watch]\nspoiler-free = true\n")


def stand_at(data_dir: Path, event_id: str, at: int) -> None:
    file = Locations.find().remembered
    file.parent.mkdir(parents=True, exist_ok=True)
    keep(file, Remembered().standing_at("127.0.0.1", event_id, at))


@pytest.mark.parametrize(("words", "sentence"), REFUSED)
def test_what_tells_results_is_refused_without_spoilers(
    run: Run, words: list[str], sentence: str
) -> None:
    printed = run("--offline", *words, "--spoiler-free")
    assert (printed.code, printed.out) == (2, "")
    assert sentence in printed.err
    assert run("--offline", "--spoiler-free", *words, "--json").error["code"] == 2


@pytest.mark.parametrize(("words", "sentence"), REFUSED)
def test_the_setting_counts_until_the_words_say_otherwise(
    run: Run,
    data_dir: Path,
    monkeypatch: pytest.MonkeyPatch,
    laid_once: None,
    words: list[str],
    sentence: str,
) -> None:
    wish_in_settings(data_dir, monkeypatch)
    printed = run("--offline", *words)
    assert (printed.code, printed.out) == (2, "")
    assert sentence in printed.err
    assert run("--offline", *words, "--spoilers").code == 0


@pytest.mark.parametrize(("words", "sentence"), REFUSED)
def test_a_meet_that_is_being_watched_so_is_kept_from_every_command(
    run: Run, data_dir: Path, words: list[str], sentence: str
) -> None:
    stand_at(data_dir, HAMAR, 1_765_560_000_000)
    printed = run("--offline", *words)
    assert (printed.code, printed.out) == (2, "")
    assert sentence in printed.err


@pytest.mark.parametrize("words", [["standings", "W500"], ["quota", "W500"]])
def test_what_is_asked_for_as_of_a_day_tells_nothing_later(
    run: Run, laid_once: None, words: list[str]
) -> None:
    asked = ("--offline", *words, "--as-of", "2025-11-30")
    printed = run(*asked, "--spoiler-free")
    assert printed.code == 0
    assert printed == run(*asked)
    assert "Hamar" not in printed.out


def test_the_programme_without_spoilers_is_the_one_of_the_morning(run: Run) -> None:
    printed = run("--offline", "--spoiler-free", "programme", HAMAR)
    told = run("--offline", "programme", HAMAR)
    assert "KOK" in told.out
    assert "KOK" not in printed.out
    assert "official" not in printed.out
    assert "planned times alone; --spoilers tells" in printed.err
    rows = run("--offline", "--spoiler-free", "programme", HAMAR, "--json").json["data"]
    assert {row["stage"] for row in rows} == {"upcoming"}
    assert {row["winner"] for row in rows} == {row["entries"] for row in rows} == {None}
    assert all(row["start"] == row["planned"] for row in rows)


def test_how_a_meet_is_opened_without_spoilers(
    run: Run, plans: list[WatchPlan], data_dir: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    offline = ("--offline", "--spoiler-free")
    run(*offline)
    run(*offline, "watch", HAMAR)
    run(*offline, "watch", HAMAR, "--race", "W500")
    run(*offline, "watch", HAMAR, "--from", "19:30")
    run(*offline, "watch", HAMAR, "--from-start")
    run("demo", "--spoiler-free")
    assert all(plan.spoiler_free for plan in plans)
    starts = [plan.start for plan in plans[:5]]
    assert starts[:3] == [Edge.PLACE, Edge.PLACE, Edge.BEGINNING]
    assert (str(starts[3]), starts[4]) == ("19:30:00", Edge.BEGINNING)
    plans.clear()
    run("--offline", "watch", HAMAR)
    stand_at(data_dir, HAMAR, 1_765_560_000_000)
    run("--offline", "watch", HAMAR)
    run("--offline", "watch", HAMAR, "--spoilers")
    run("--offline", "watch", "2026_GER_0001")
    wish_in_settings(data_dir, monkeypatch)
    run("--offline", "watch", "2026_GER_0001")
    run("--offline", "watch", "2026_GER_0001", "--spoilers")
    assert [plan.spoiler_free for plan in plans] == [False, True, False, False, True, False]


def test_the_feed_is_asked_which_meet_is_on_before_a_screen_opens_without_spoilers(
    run: Run, plans: list[WatchPlan]
) -> None:
    year = present_season(NOW)
    meet = invented(event_id=f"{year}_GER_0001")
    meet.add_race(begin=NOW - timedelta(hours=2), starters=4)
    meet.hold(1)
    with FeedServer(season_documents(meet)) as server:
        run("--api", server.url, "--spoiler-free")
        assert f"events/{meet.event_id}/competitions/1/results/" in server.paths()
    (plan,) = plans
    assert plan.event_id == meet.event_id


def test_a_meet_that_was_begun_without_spoilers_opens_before_the_feed_is_asked(
    run: Run, plans: list[WatchPlan], data_dir: Path
) -> None:
    file = Locations.find().remembered
    file.parent.mkdir(parents=True, exist_ok=True)
    watched = Remembered().having_watched("127.0.0.1", HAMAR)
    keep(file, watched.standing_at("127.0.0.1", HAMAR, 1_765_560_000_000))
    run()
    keep(file, watched.standing_at("127.0.0.1", "2026_GER_0001", 1_765_560_000_000))
    run()
    begun, other = plans
    assert (begun.event_id, begun.start, begun.spoiler_free) == (HAMAR, Edge.PLACE, True)
    assert (other.event_id, other.start, other.spoiler_free) == (None, Edge.LIVE, False)


def present_season(now: datetime) -> int:
    return now.year + (now.month >= 7)


# --- following without a screen ----------------------------------------------------------------


@dataclass
class Skated(Mapping[str, bytes]):
    """A feed's documents, in which the live race goes on each time it is asked for."""

    meet: WireMeet
    number: int
    steps: list[Callable[[], None]]
    _documents: dict[str, bytes] = field(default_factory=dict)

    def __post_init__(self) -> None:
        self._documents = self.meet.documents()

    def __getitem__(self, path: str) -> bytes:
        body = self._documents[path]
        if path.endswith(f"/{self.number}/results/") and self.steps:
            self.steps.pop(0)()
            self._documents = self.meet.documents()
        return body

    def __iter__(self) -> Iterator[str]:
        return iter(self._documents)

    def __len__(self) -> int:
        return len(self._documents)


async def test_a_live_race_is_told_until_it_is_over(
    meet: WireMeet, data_dir: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("longtrack.needs.LIVE_MS", 1)
    meet.clock = lambda: datetime.now(UTC)
    steps = [
        lambda: meet.passage(2, 1, 0, 24_100),
        lambda: meet.finish(2, 1, 104_990),
        lambda: meet.finish(2, 2, 106_000),
        lambda: meet.disqualify(2, 3),
        lambda: meet.correct(2, 0, 105_100),
    ]
    told: list[Moment] = []
    async with FeedServer(Skated(meet, 2, steps), etag=False) as server:
        locations = Locations(data=data_dir, config=data_dir)
        library = Library(locations, server.url, offline=False, clock=TapeClock())
        plan = WatchPlan(locations, event_id="2026_GER_0001", race="m1500", api=server.url)
        async with asyncio.timeout(20):
            await Telling(plan, library, told.append, lambda _: None).run()
    kinds = [moment.kind.value for moment in told if not moment.quiet]
    assert [kind for kind in kinds if kind != "cup_rank"] == [
        *("opener", "leader", "podium", "disqualified", "podium"),
    ]
    assert {moment.race for moment in told} == {"M1500"}
    with closing(Tape(tape_file(locations.tapes, "127.0.0.1", "2026_GER_0001"))) as tape:
        assert tape.claim("somebody else", round(NOW.timestamp() * 1000), 1000)


async def test_a_delayed_viewer_is_told_each_moment_when_the_picture_shows_it(
    meet: WireMeet, data_dir: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("longtrack.needs.LIVE_MS", 1)
    meet.clock = lambda: datetime.now(UTC)
    steps = [lambda: meet.passage(2, 1, 0, 24_100), lambda: meet.finish(2, 1, 104_990)]
    steps += [lambda: meet.finish(2, 2, 106_000), lambda: meet.disqualify(2, 3)]
    delay_ms, late = 1_000, []
    async with FeedServer(Skated(meet, 2, steps), etag=False) as server:
        locations = Locations(data=data_dir, config=data_dir)
        clock = TapeClock()
        library = Library(locations, server.url, offline=False, clock=clock)
        plan = WatchPlan(
            locations,
            event_id="2026_GER_0001",
            race="m1500",
            api=server.url,
            delay_ms=delay_ms,
        )

        def tell(moment: Moment) -> None:
            if not moment.quiet:
                late.append(clock() - moment.at)

        async with asyncio.timeout(20):
            await Telling(plan, library, tell, lambda _: None).run()
    assert len(late) >= 3
    assert min(late) >= delay_ms


def test_a_race_that_is_over_is_told_at_once(run: Run, server: FeedServer) -> None:
    words = ("--api", server.url, "watch", "2026_GER_0001", "--race", "W500", "--json")
    assert run("--api", server.url, "results", "2026_GER_0001", "W500").code == 0
    printed = run(*words)
    assert (printed.code, printed.out) == (0, "")
    assert "--from-start" in printed.err


# --- in a process of its own -------------------------------------------------------------------


def python(*words: str, **environ: str) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        [sys.executable, *words],
        capture_output=True,
        text=True,
        encoding="utf-8",
        env={**os.environ, **environ},
        check=False,
    )


@pytest.mark.parametrize(
    ("words", "never"),
    [
        (["--version"], ["textual", "rich", "httpx", "asyncio", "sqlite3", "msgspec"]),
        (["locate"], ["textual", "rich", "httpx", "asyncio", "sqlite3", "msgspec"]),
        (["--offline", "results", HAMAR, "W500"], ["textual", "httpx", "asyncio"]),
        (["--offline", "programme", HAMAR, "--json"], ["textual", "httpx", "asyncio"]),
        (["demo", "--json", "--speed", "3600"], ["textual", "httpx"]),
        (["demo", "--plain", "--speed", "3600"], ["textual", "httpx", "rich"]),
        (
            ["--offline", "results", HAMAR, "W500", "--plain"],
            ["textual", "httpx", "asyncio", "rich"],
        ),
        (["--offline", "doctor"], ["textual", "httpx", "asyncio"]),
        (["results", "2026_GER_0009", "W500"], ["textual"]),
        (
            ["standings", "W500"],
            ["textual", "httpx", "asyncio", "rich.console", "rinkside.oneshot"],
        ),
        (["quota", "W500", "--json"], ["textual", "httpx", "asyncio", "rich"]),
        (["sync"], ["textual", "rich"]),
    ],
)
def test_without_a_screen_nothing_is_loaded_that_only_a_screen_needs(
    words: list[str], never: list[str]
) -> None:
    script = (
        "import sys; sys.modules['click'] = None\n"
        "from rinkside.__main__ import main\n"
        f"main({words!r})\n"
        f"print([name for name in {never!r} if name in sys.modules], file=sys.stderr)"
    )
    done = python("-c", script)
    assert done.stderr.splitlines()[-1] == "[]"


def test_the_package_runs_as_a_module() -> None:
    done = python("-m", "rinkside", "--version")
    assert (done.returncode, done.stdout) == (0, f"rinkside {__version__}\n")


def test_a_pipe_gets_utf8_whatever_the_locale() -> None:
    done = python(
        *("-m", "rinkside", "--offline", "results", HAMAR, "W500", "--json"),
        PYTHONIOENCODING="latin-1",
    )
    assert "WÓJCIK Andżelika" in done.stdout


def test_a_closed_pipe_is_quiet() -> None:
    reader, writer = os.pipe()
    os.close(reader)
    words = [sys.executable, "-m", "rinkside", "--offline", "programme", HAMAR]
    done = subprocess.run(words, stdout=writer, stderr=subprocess.PIPE, text=True, check=False)
    os.close(writer)
    assert (done.returncode, done.stderr) == (141, "")
