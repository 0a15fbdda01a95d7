"""``rinkside sync``: what is printed, with which exit code, and what an interruption leaves."""

from __future__ import annotations

import csv
import io
import json
import os
import signal
import subprocess
import sys
import time
from collections import Counter
from collections.abc import Iterator
from contextlib import closing
from datetime import UTC, datetime
from pathlib import Path

import pytest
from msgspec.structs import replace

from feed_server import Fault, FeedServer
from longtrack.tape import Tape
from longtrack.tape_files import tape_file
from longtrack.touches import Touches
from printed import Printed, Run, runner
from rinkside.asking import WAITED_FOR
from rinkside.library import Library
from terminal import Terminal
from winter import BERLIN, EDMONTON, FIRST, LIST, OSLO, Winter, results

NOBODY = "http://127.0.0.1:1"
WORDS = ("sync", "--season", "2026")
W1000 = results(EDMONTON, 2)[0]


@pytest.fixture
def winter() -> Winter:
    return Winter(datetime.now(UTC).replace(microsecond=0))


@pytest.fixture
def server(winter: Winter) -> Iterator[FeedServer]:
    with FeedServer(winter.documents()) as server:
        yield server


@pytest.fixture
def data_dir(tmp_path: Path) -> Path:
    return tmp_path / "data"


@pytest.fixture
def run(
    capsys: pytest.CaptureFixture[str],
    monkeypatch: pytest.MonkeyPatch,
    data_dir: Path,
    server: FeedServer,
) -> Run:
    monkeypatch.setenv("RINKSIDE_DATA_DIR", str(data_dir))
    monkeypatch.setenv("RINKSIDE_API", server.url)
    hasty = replace(WAITED_FOR, pause_ms=0, retry_s=0.0)
    monkeypatch.setattr("rinkside.sync_command.MANNER", hasty)

    here = runner(capsys)

    def call(*argv: str) -> Printed:
        server.requests.clear()
        return here(*argv)

    return call


# --- what is printed -----------------------------------------------------------------------------


def test_json_has_a_row_a_meet_and_what_is_missing_in_it(run: Run, server: FeedServer) -> None:
    server.misbehave(Fault.STATUS, W1000)
    printed = run(*WORDS, "--json")
    assert printed.code == 0
    assert list(printed.json) == ["schema", "season", "as_of", "source", "data"]
    assert printed.json["schema"] == "rinkside.sync/1"
    assert (printed.json["season"], printed.json["source"]) == (2026, "feed")
    age = datetime.now(UTC) - datetime.fromisoformat(printed.json["as_of"])
    assert abs(age.total_seconds()) < 60
    rows = printed.json["data"]
    assert rows[0] == {
        "event": EDMONTON,
        "city": "Edmonton",
        "races": 4,
        "fetched": 3,
        "kept": 0,
        "missing": [{"race": "W1000", "why": "the feed answered 500"}],
    }
    assert [(row["city"], row["fetched"], row["kept"]) for row in rows[1:]] == [
        ("Berlin", 4, 0),
        ("Oslo", 3, 0),
        ("Tokyo", 0, 0),
    ]
    assert printed.err.splitlines() == [
        "Edmonton: 4 races, 3 fetched, 1 missing",
        "Berlin: 4 races, 4 fetched",
        "Oslo: 4 races, 3 fetched",
        "Tokyo: 1 race, none held yet",
        "rinkside: W1000 in Edmonton: the feed answered 500",
    ]


def test_the_second_time_there_is_nothing_to_do(run: Run, server: FeedServer) -> None:
    assert run(*WORDS).out.splitlines()[-1] == "2025/26: 4 World Cups, 11 results fetched, 0 kept"
    assert sorted(server.paths()) == FIRST
    printed = run(*WORDS)
    assert printed == Printed(
        0,
        "Edmonton: 4 races, 4 kept\nBerlin: 4 races, 4 kept\nOslo: 4 races, 3 kept\n"
        "Tokyo: 1 race, none held yet\n2025/26: 4 World Cups, 0 results fetched, 11 kept\n",
        "",
    )
    assert server.paths() == []
    again = run(*WORDS, "--json").json
    assert (again["source"], again["as_of"] is None) == ("cache", False)


def test_csv_has_a_line_for_each_that_is_missing(run: Run, server: FeedServer) -> None:
    server.misbehave(Fault.STATUS, W1000, status=403)
    server.misbehave(Fault.WEB_PAGE, results(EDMONTON, 3)[0])
    printed = run(*WORDS, "--csv")
    rows = list(csv.DictReader(io.StringIO(printed.out)))
    assert [(row["event"], row["missing_race"]) for row in rows][:3] == [
        (EDMONTON, "W1000"),
        (EDMONTON, "W1500"),
        (BERLIN, ""),
    ]
    assert (rows[0]["missing_why"], rows[2]["fetched"]) == ("the feed answered 403", "4")
    assert "W1000" not in printed.out.splitlines()[0]
    assert "rinkside: W1500 in Edmonton: the feed answered with a web page" in printed.err


def test_races_that_fail_alike_are_told_in_one_sentence(run: Run, server: FeedServer) -> None:
    server.misbehave(Fault.STATUS, f"*{BERLIN}*/results/", status=502)
    server.misbehave(Fault.STATUS, f"events/{EDMONTON}/", status=404)
    printed = run(*WORDS)
    assert printed.err.splitlines() == [
        "rinkside: Edmonton: the feed answered 404",
        "rinkside: W500, W1000, W1500, W3000 in Berlin: the feed answered 502",
    ]
    assert printed.out.startswith("Edmonton: nothing could be had\nBerlin: 4 races, 4 missing\n")


def test_what_was_fetched_answers_without_the_feed(run: Run) -> None:
    run(*WORDS)
    printed = run("--offline", "results", "edmonton", "W1500", "--json")
    assert (printed.code, printed.json["source"]) == (0, "cache")
    assert len(printed.json["data"]) == 4
    rows = run("--offline", "standings", "W1500", "--json").json["data"]
    meets = {race["meet"] for row in rows for race in row["by_race"]}
    assert {EDMONTON, BERLIN, OSLO} <= meets


def test_what_another_command_has_fetched_is_known_by_the_same_words(
    run: Run, data_dir: Path
) -> None:
    run("programme", EDMONTON)
    with closing(Tape(tape_file(data_dir / "tapes", "127.0.0.1", EDMONTON))) as tape:
        had = Touches(tape).had()
    assert sorted(had) == [1, 2, 3, 4]
    assert run(*WORDS, "--json").json["data"][0]["kept"] == 4


# --- which season --------------------------------------------------------------------------------


@pytest.mark.parametrize(("present", "asked"), [(2026, [2026]), (2027, [2027, 2026])])
def test_without_a_word_it_is_the_newest_season_that_has_begun(
    run: Run, server: FeedServer, monkeypatch: pytest.MonkeyPatch, present: int, asked: list[int]
) -> None:
    monkeypatch.setattr(Library, "present_season", present)
    assert run("sync", "--json").json["season"] == 2026
    lists = [path for path in server.paths() if path.startswith("events/?")]
    assert lists == [f"events/?season={year}" for year in asked]


def test_in_summer_what_is_kept_is_of_the_season_before(
    run: Run, server: FeedServer, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(Library, "present_season", 2027)
    run("sync")
    monkeypatch.setattr("rinkside.sync_command.MANNER", replace(WAITED_FOR, fresh_ms=-1))
    server.misbehave(Fault.RESET)
    printed = run("sync", "--json")
    assert (printed.code, printed.json["season"], printed.json["source"]) == (0, 2026, "cache")
    assert sum(row["kept"] for row in printed.json["data"]) == 11


def test_a_season_the_feed_knows_nothing_of(run: Run, server: FeedServer) -> None:
    printed = run("sync", "--season", "2031")
    assert (printed.code, printed.out) == (3, "")
    assert printed.err == "rinkside: the feed knows no season 2030/31\n"
    server.documents = {"events/?season=2031": b'{"results": [], "next": null}'}
    printed = run("sync", "--season", "2031", "--json")
    assert printed.code == 3
    assert json.loads(printed.err)["message"] == "the feed lists no World Cup of 2030/31"


# --- what goes wrong -----------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("words", "said"),
    [
        (["--season", "26"], "'26' is not a season; write the year it ends in, such as 2026"),
        (["--season", "2025/26"], "is not a season"),
        (["--offline"], "sync asks the feed"),
        (["hamar"], "hamar"),
    ],
)
def test_wrong_words(run: Run, server: FeedServer, words: list[str], said: str) -> None:
    printed = run("sync", *words)
    assert (printed.code, printed.out) == (2, "")
    assert said in printed.err
    assert server.paths() == []


def test_a_feed_that_cannot_be_reached_ends_it_at_once(run: Run) -> None:
    printed = run(*WORDS, "--api", NOBODY, "--json")
    assert (printed.code, printed.out) == (4, "")
    message = json.loads(printed.err)["message"]
    assert message.startswith(
        "the feed refused the connection, and nothing of the season 2025/26 is kept"
    )


def test_a_feed_that_cannot_be_reached_leaves_what_is_kept(
    run: Run, server: FeedServer, monkeypatch: pytest.MonkeyPatch
) -> None:
    run(*WORDS)
    monkeypatch.setattr("rinkside.sync_command.MANNER", replace(WAITED_FOR, fresh_ms=-1))
    server.misbehave(Fault.RESET)
    printed = run(*WORDS)
    assert printed.code == 0
    assert server.paths() == [LIST]
    assert "Edmonton: 4 races, 4 kept\n" in printed.out
    assert printed.err.startswith("rinkside: the feed broke off in the middle; ")
    assert printed.err.count("\n") == 1
    assert "the same words go on from there" in printed.err


@pytest.mark.parametrize(
    ("pattern", "fault", "code"),
    [
        ("*", Fault.WEB_PAGE, 5),
        ("*", Fault.STATUS, 4),
        (f"events/{'?' * 13}/*", Fault.WEB_PAGE, 5),
        (f"events/{'?' * 13}/*", Fault.STATUS, 4),
    ],
)
def test_a_feed_of_which_nothing_can_be_used(
    run: Run, server: FeedServer, pattern: str, fault: Fault, code: int
) -> None:
    server.misbehave(fault, pattern)
    printed = run(*WORDS, "--json")
    assert (printed.code, printed.out) == (code, "")
    assert json.loads(printed.err.splitlines()[-1])["code"] == code


def test_a_data_directory_that_cannot_be_used(run: Run, tmp_path: Path) -> None:
    (tmp_path / "taken").write_text("a file")
    assert run(*WORDS, "--data-dir", str(tmp_path / "taken")).code == 6


# --- in a process of its own ---------------------------------------------------------------------


def started(server: FeedServer, data_dir: Path, *more: str) -> subprocess.Popen[str]:
    return subprocess.Popen(
        [sys.executable, "-m", "rinkside", *WORDS, "--data-dir", str(data_dir), *more],
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
        encoding="utf-8",
        env={**os.environ, "RINKSIDE_API": server.url},
    )


def wait_until_asked(server: FeedServer, path: str) -> None:
    until = time.monotonic() + 30
    while path not in server.paths():
        assert time.monotonic() < until, f"{path} was never asked for"
        time.sleep(0.02)


@pytest.mark.parametrize(
    ("end", "code", "said"),
    [
        (signal.SIGINT, 130, "rinkside: what has come is kept; the same words go on from there\n"),
        (signal.SIGKILL, -signal.SIGKILL, ""),
    ],
)
def test_ended_in_the_middle_it_goes_on_where_it_stood(
    server: FeedServer, data_dir: Path, end: signal.Signals, code: int, said: str
) -> None:
    stuck = results(BERLIN, 1)[0]
    server.misbehave(Fault.HANG, f"*{BERLIN}*/results/")
    program = started(server, data_dir, "--json")
    wait_until_asked(server, stuck)
    program.send_signal(end)
    out, err = program.communicate(timeout=30)
    assert (program.returncode, out) == (code, "")
    assert err == "Edmonton: 4 races, 4 fetched\n" + said
    lost = Counter(path for path in server.paths() if BERLIN in path and "results" in path)
    assert 1 <= lost.total() <= 2

    server.behave()
    again = started(server, data_dir, "--json")
    out, _ = again.communicate(timeout=30)
    assert again.returncode == 0
    rows = json.loads(out)["data"]
    assert [(row["fetched"], row["kept"]) for row in rows] == [(0, 4), (4, 0), (3, 0), (0, 0)]
    assert Counter(server.paths()) == Counter(FIRST) + lost
    with closing(Tape(tape_file(data_dir / "tapes", "127.0.0.1", BERLIN))) as tape:
        assert len(list(tape.history(stuck, 2**62))) == 1


def test_in_a_terminal_a_bar_shows_how_far_it_is(
    server: FeedServer, data_dir: Path, tmp_path: Path
) -> None:
    server.misbehave(Fault.HANG, f"*{BERLIN}*/results/")
    words = [sys.executable, "-m", "rinkside", *WORDS, "--api", server.url]
    with Terminal([*words, "--data-dir", data_dir], home=tmp_path / "home") as terminal:
        terminal.wait_for(
            lambda lines: any("Berlin" in line and "17/24" in line for line in lines),
            what="the bar",
        )
        server.behave()
        terminal.press("ctrl+c")
        assert terminal.finish() == 130
        assert terminal.text().strip() == (
            "rinkside: what has come is kept; the same words go on from there"
        )
    with Terminal([*words, "--data-dir", data_dir], home=tmp_path / "home") as terminal:
        assert terminal.finish() == 0
        assert terminal.text().strip().splitlines()[1:] == [
            "Berlin: 4 races, 4 fetched",
            "Oslo: 4 races, 3 fetched",
            "Tokyo: 1 race, none held yet",
            "2025/26: 4 World Cups, 7 results fetched, 4 kept",
        ]
    with Terminal([*words, "--data-dir", data_dir, "--json"], home=tmp_path / "home") as terminal:
        assert terminal.finish() == 0
        assert b"\x1b" not in terminal.output
