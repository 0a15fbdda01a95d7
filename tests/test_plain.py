"""Following a meet in plain lines, in a process of its own: what a pipe gets, and how it ends."""

from __future__ import annotations

import os
import re
import signal
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from feed_server import Fault, FeedServer
from longtrack.bundled import DEMO_ID
from longtrack.moments import Kind, Moment
from printed import Run, runner
from rinkside.plain import PlainTelling
from terminal import Terminal
from test_spoken import SIGNS
from wire import WireMeet

PATIENCE_S = 60.0
CLOCK = re.compile(r"[0-9]{2}:[0-9]{2}:[0-9]{2} [WMX]\S+ ?.*")


@pytest.fixture
def run(capsys: pytest.CaptureFixture[str], data: Path) -> Run:
    call = runner(capsys)
    return lambda *words: call("--data-dir", str(data / "data"), *words)


@contextmanager
def following(data: Path, *words: str, **environ: str) -> Iterator[subprocess.Popen[str]]:
    """Run the program with its standard output in a pipe."""
    command = [sys.executable, "-m", "rinkside", "--data-dir", str(data / "data"), *words]
    pipe = subprocess.PIPE
    with subprocess.Popen(
        command, stdout=pipe, stderr=pipe, encoding="utf-8", env={**os.environ, **environ}
    ) as program:
        try:
            yield program
        finally:
            program.kill()


def line_of(program: subprocess.Popen[str]) -> str:
    assert program.stdout is not None
    return program.stdout.readline().rstrip("\n")


def test_a_pipe_gets_plain_lines_by_itself(data: Path) -> None:
    with following(data, "demo", "--speed", "3600") as program:
        out, err = program.communicate(timeout=PATIENCE_S)
    assert (program.returncode, err) == (0, "")
    place, race, *told = out.splitlines()
    assert place.startswith("Hamar, World Cup 4, Vikingskipet, 12 to 14 December 2025; times of ")
    assert "on the ice: Anna Boersma (NED) against Marrit Fledderus (NED)" in race
    assert "next: Femke Kok (NED) against Erin Jackson (USA)" in race
    assert all(CLOCK.fullmatch(line) for line in told)
    assert "19:42:00 W500: track record, Femke Kok 37.05, 0.20 under Kodaira's 37.25 (2019)" in told
    assert not SIGNS.search(out.replace("\n", ""))


def test_asked_for_it_is_the_same_in_a_terminal(data: Path, tmp_path: Path) -> None:
    words = ("demo", "--speed", "3600", "--plain", "--data-dir", str(data / "data"))
    command = [sys.executable, "-m", "rinkside", *words]
    with Terminal(command, home=tmp_path / "home") as terminal:
        assert terminal.finish() == 0
    assert b"track record, Femke Kok 37.05" in terminal.output
    assert b"\x1b" not in terminal.output


def test_a_terminal_that_can_only_be_written_on_gets_plain_lines(
    data: Path, tmp_path: Path
) -> None:
    words = ("demo", "--speed", "3600", "--data-dir", str(data / "data"))
    command = [sys.executable, "-m", "rinkside", *words]
    with Terminal(command, home=tmp_path / "home", environ={"TERM": "dumb"}) as terminal:
        assert terminal.finish() == 0
    assert b"track record, Femke Kok 37.05" in terminal.output
    assert b"\x1b" not in terminal.output


def test_each_line_comes_when_it_happens_and_an_interrupt_is_quiet(data: Path) -> None:
    words = ("watch", DEMO_ID, "--offline", "--race", "W500", "--from", "19:41:59")
    with following(data, *words) as program:
        assert [line_of(program)[:5] for _ in range(2)] == ["Hamar", "19:41"]
        # Long before the race is over.
        assert "track record" in line_of(program)
        program.send_signal(signal.SIGINT)
        assert program.wait(PATIENCE_S) == 130
        assert program.stderr is not None
        assert program.stderr.read() == ""


def test_a_pipe_that_is_closed_ends_it(data: Path) -> None:
    with following(data, "demo", "--speed", "60") as program:
        line_of(program)
        assert program.stdout is not None
        program.stdout.close()
        assert program.wait(PATIENCE_S) == 141
        assert program.stderr is not None
        assert program.stderr.read() == ""


def test_all_kinds_are_told_where_asked_for(run: Run) -> None:
    words = ("watch", DEMO_ID, "--offline", "--race", "W500", "--from-start", "--speed", "3600")
    brief = run(*words, "--plain").out.splitlines()
    whole = run(*words, "--plain", "--all").out.splitlines()
    assert set(brief) < set(whole)
    passage = "W500: Suzanne Schulting now 3rd"
    assert any(passage in line for line in whole)
    assert not any(passage in line for line in brief)
    assert run(*words, "-v").out.splitlines() == whole
    assert len(brief) > 40


def test_a_live_meet_and_a_feed_that_goes_away(data: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    meet = WireMeet(lambda: datetime.now(UTC), event_id="2026_GER_0001", zone="Europe/Berlin")
    meet.add_race(begin=datetime.now(UTC) - timedelta(minutes=2), starters=2)
    meet.start(1)
    with FeedServer(meet.documents()) as server:
        words = ("--api", server.url, "watch", "2026_GER_0001")
        with following(data, *words, RINKSIDE_RECORDS_API="") as program:
            assert line_of(program).startswith("Berlin, World Cup 4")
            assert ": live; next: " in line_of(program)
            meet.finish(1, 0, 38_120)
            server.documents = meet.documents()
            line = line_of(program)
            while "38.12" not in line:
                line = line_of(program)
            assert "W500: " in line
            server.misbehave(Fault.STATUS, status=503)
            assert program.stderr is not None
            said = program.stderr.readline()
            assert said == "rinkside: the feed answered 503; it is asked again and again\n"
            server.behave()
            meet.finish(1, 1, 39_000)
            meet.stop(1)
            server.documents = meet.documents()
            # It ends with the meet.
            assert program.wait(PATIENCE_S) == 0


def test_on_an_empty_machine_it_says_what_it_shows(data: Path) -> None:
    with following(data, "--api", "http://127.0.0.1:1", RINKSIDE_RECORDS_API="") as program:
        out, err = program.communicate(timeout=PATIENCE_S)
    assert program.returncode == 0
    assert out.startswith("Hamar, World Cup 4")
    assert "the feed refused the connection" in err
    assert "rinkside demo plays it again" in err


def test_a_meet_is_told_from_its_beginning_on() -> None:
    with pytest.raises(RuntimeError):
        PlainTelling(print).tell(Moment(0, Kind.START, "W500", "W500 is live"))


# --- tables in lines -----------------------------------------------------------------------------


def test_results(run: Run) -> None:
    heading, first, *_, last = run(
        "results", DEMO_ID, "W500", "--plain", "--offline"
    ).out.splitlines()
    assert heading == "Hamar, World Cup 4, W500, 1st 500m Women, official, bundled"
    assert first == (
        "1st, Femke Kok, Netherlands (NED), 37.05, track record, opener 10.33, 60 points"
    )
    assert last.startswith("20th, Suzanne Schulting, Netherlands (NED), 1:34.45, 57.40 behind")


def test_results_of_a_race_that_is_on(run: Run) -> None:
    now = datetime.now(UTC)
    meet = WireMeet(lambda: now, event_id="2026_GER_0001", zone="Europe/Berlin")
    meet.add_race(begin=now, gender="M", metres=1500, starters=6)
    meet.start(1)
    meet.finish(1, 0, 105_123)
    meet.passage(1, 1, 0, 24_100)
    meet.disqualify(1, 2)
    with FeedServer(meet.documents()) as server:
        words = ("results", "2026_GER_0001", "M1500", "--plain", "--api", server.url)
        heading, *told = run(*words).out.splitlines()
    assert heading.endswith("live, from the feed")
    assert len(told) == 6
    assert told[0].startswith("1st, ")
    assert "1:45.12" in told[0]
    assert any("on the ice, opener 24.10" in line for line in told)
    assert any("disqualified" in line for line in told)
    assert any(re.search(r"to start, pair [0-9], (inner|outer) lane", line) for line in told)


def test_programme_standings_and_quota(run: Run) -> None:
    programme = run("programme", DEMO_ID, "--plain", "--offline").out.splitlines()
    assert programme[1] == "Friday 12 December"
    assert (
        "18:30, W500, 1st 500m Women, official, Femke Kok (NED) won in 37.05, began at 19:21"
    ) in programme
    standings = run("standings", "W500", "--season", "2026", "--plain").out.splitlines()
    assert standings[1].startswith("1st, Femke Kok, Netherlands (NED), ")
    assert re.search(r"points, [0-9]+ behind the first$", standings[2])
    quota = run("quota", "W500", "--as-of", "2026-06-30", "--plain").out.splitlines()
    assert quota[1] == "28 places, 21 by points and 7 by times, at most 3 a nation"
    assert quota[2].startswith("place 1 by points, Femke Kok, Netherlands (NED), ")
    assert any(line.startswith("passed over because their nation is full: ") for line in quota)
    for line in (*programme, *standings, *quota):
        assert not SIGNS.search(line), line


def test_standings_with_a_live_meet_say_who_moved(run: Run) -> None:
    words = ("standings", "W500", "--season", "2026", "--live", DEMO_ID, "--offline", "--plain")
    assert re.search(r", (up|down) [0-9]+ from [0-9]+(st|nd|rd|th)$", run(*words).out, re.MULTILINE)


def test_one_form_at_a_time(run: Run) -> None:
    printed = run("results", DEMO_ID, "W500", "--plain", "--json")
    assert printed.code == 2
    assert "choose one of --json, --csv and --plain" in printed.err
