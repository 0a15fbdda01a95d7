"""Playing a past meet of the feed again: fetched once, re-enacted, and told as it was skated."""

from __future__ import annotations

import json
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest

from feed_server import FeedServer
from longtrack.tape_files import tape_file
from rinkside.__main__ import main
from rinkside.library import Library
from rinkside.locations import Locations
from rinkside.plan import Edge, WatchPlan
from rinkside.replay import meet_to_play
from wire import WireMeet

EVENT = "2026_GER_0001"
NOW = datetime.now(UTC).replace(microsecond=0)
LAST_WEEK = NOW - timedelta(days=7)


def held_last_week() -> WireMeet:
    meet = WireMeet(lambda: LAST_WEEK, event_id=EVENT, zone="Europe/Berlin")
    meet.add_race(begin=LAST_WEEK - timedelta(minutes=20), starters=4)
    meet.hold(1)
    meet.make_official(1)
    return meet


def moments(printed: str) -> list[dict[str, Any]]:
    return [json.loads(line) for line in printed.splitlines()]


def test_a_past_meet_is_fetched_and_told_pair_by_pair(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    with FeedServer(held_last_week().documents()) as server:
        words = ["--api", server.url, "--data-dir", str(tmp_path), "--json"]
        code = main([*words, "watch", EVENT, "--race", "W500", "--from-start", "--speed", "3600"])
        asked = server.paths()
    told = moments(capsys.readouterr().out)
    assert code == 0
    assert [each["kind"] for each in told].count("finish") == 4
    assert [each["kind"] for each in told].count("opener") >= 2
    times = [datetime.fromisoformat(each["at"]) for each in told]
    assert times == sorted(times)
    earliest, latest = LAST_WEEK - timedelta(minutes=21), LAST_WEEK + timedelta(minutes=10)
    assert all(earliest < at < latest for at in times[:-1])
    assert asked.count(f"events/{EVENT}/competitions/1/results/") == 1


def test_it_is_laid_out_once_and_never_on_the_recording(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    with FeedServer(held_last_week().documents()) as server:
        words = ["--api", server.url, "--data-dir", str(tmp_path), "--json"]
        main([*words, "programme", EVENT])
        api = server.url
    library = Library(
        Locations(tmp_path, tmp_path),
        api,
        offline=True,
        clock=lambda: round(NOW.timestamp() * 1000),
    )
    plan = WatchPlan(library.locations, event_id=EVENT, start=Edge.BEGINNING, api=api, offline=True)
    recorded = tape_file(library.locations.tapes, library.feed_host, EVENT)
    before = recorded.stat().st_size
    laid = meet_to_play(library, plan, library.open(EVENT))
    try:
        bounds = laid.tape.bounds()
        assert laid.tape.recall("kind") == "reenacted"
        assert bounds is not None
        assert bounds[0] < (LAST_WEEK - timedelta(minutes=20)).timestamp() * 1000
        assert laid.newest.races[0].code == "W500"
        written = laid.tape.file and laid.tape.file.stat().st_mtime_ns
    finally:
        laid.tape.close()
    again = meet_to_play(library, plan, library.open(EVENT))
    assert again.tape.file
    assert again.tape.file.stat().st_mtime_ns == written
    again.tape.close()
    assert recorded.stat().st_size == before


def test_a_recording_that_reaches_back_is_played_itself(tmp_path: Path) -> None:
    begun = NOW - timedelta(minutes=30)
    meet = WireMeet(lambda: begun, event_id=EVENT, zone="Europe/Berlin")
    meet.add_race(begin=NOW - timedelta(minutes=20), starters=4)
    clock = [round(begun.timestamp() * 1000)]
    with FeedServer(meet.documents()) as server:
        main(["--api", server.url, "--data-dir", str(tmp_path), "programme", EVENT])
        api = server.url
    library = Library(Locations(tmp_path, tmp_path), api, offline=True, clock=lambda: clock[0])
    opened = library.open(EVENT)
    start = opened.tape.bounds()
    assert start is not None
    plan = WatchPlan(library.locations, event_id=EVENT, start=start[1], api=api, offline=True)
    played = meet_to_play(library, plan, opened)
    assert played is opened
    opened.tape.close()
