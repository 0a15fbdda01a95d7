"""Playing a past meet of the feed again: fetched once, re-enacted, and told as it was skated."""

from __future__ import annotations

import asyncio
import json
from contextlib import closing
from datetime import UTC, datetime, time, timedelta
from pathlib import Path
from time import monotonic
from typing import Any
from zoneinfo import ZoneInfo

import pytest
from msgspec.structs import replace

from feed_server import FeedServer
from longtrack.bundled import DEMO_ID
from longtrack.clock import TapeClock
from longtrack.moments import Kind, Moment
from longtrack.state import TapeReader
from longtrack.tape import Tape
from longtrack.tape_files import tape_file
from meets import Rink, everything, ms, rink_time, running, sprint_evening
from rinkside import oneshot
from rinkside.__main__ import main
from rinkside.app import RinksideApp
from rinkside.library import LATEST, Library
from rinkside.locations import Locations
from rinkside.plan import Edge, WatchPlan, playing_from
from rinkside.replay import beginning, meet_to_play, remarks
from rinkside.telling import Telling
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


def test_without_spoilers_it_is_told_from_the_start_unasked(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    with FeedServer(held_last_week().documents()) as server:
        words = ["--api", server.url, "--data-dir", str(tmp_path), "--json", "--spoiler-free"]
        assert main([*words, "watch", EVENT, "--speed", "3600"]) == 0
    told = moments(capsys.readouterr().out)
    assert [each["kind"] for each in told].count("finish") == 4


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


# --- a meet that is on ---------------------------------------------------------------------------


def on_today() -> WireMeet:
    """Return a meet with a race that is over, and one that is live of which two have finished."""
    meet = WireMeet(lambda: NOW - timedelta(hours=1), event_id=EVENT, zone="Europe/Berlin")
    meet.add_race(begin=NOW - timedelta(hours=1, minutes=20), starters=4)
    meet.hold(1)
    meet.make_official(1)
    meet.clock = lambda: NOW - timedelta(minutes=5)
    meet.add_race(begin=NOW - timedelta(minutes=5), gender="M", metres=1500, starters=4)
    meet.start(2)
    meet.clock = lambda: NOW - timedelta(minutes=2)
    for row, time_ms in enumerate((105_123, 105_900)):
        meet.finish(2, row, time_ms)
    return meet


async def test_a_meet_that_is_on_is_told_from_its_start_and_then_as_it_is_recorded(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("longtrack.needs.LIVE_MS", 1)
    meet = on_today()
    told: list[Moment] = []
    said: list[str] = []
    async with FeedServer(meet.documents(), etag=False) as server:

        def tell(moment: Moment) -> None:
            told.append(moment)
            if moment.race == "M1500" and len(finishes(told, "M1500")) == 2:
                meet.clock = lambda: datetime.now(UTC)
                meet.finish(2, 2, 106_000)
                meet.disqualify(2, 3)
                server.documents = meet.documents()

        places = Locations(tmp_path, tmp_path)
        library = Library(places, server.url, offline=False, clock=TapeClock())
        make_whole = await asyncio.to_thread(oneshot.make_whole, library, EVENT)
        assert make_whole == ()
        plan = WatchPlan(
            places, event_id=EVENT, start=Edge.BEGINNING, speed=3600, api=server.url, race=None
        )
        async with asyncio.timeout(30):
            await Telling(plan, library, tell, said.append).run()
    assert len(finishes(told, "W500")) == 4
    assert len(finishes(told, "M1500")) == 3
    assert [moment.kind for moment in told if moment.race == "M1500"].count(Kind.DISQUALIFIED) == 1
    assert [moment.at for moment in told] == sorted(moment.at for moment in told)
    assert said == ["Nobody recorded this: it is laid out from the results, pair times modelled."]


def finishes(told: list[Moment], race: str) -> set[str]:
    """Return who has finished a race, by what was told."""
    return {
        moment.people[0].name for moment in told if moment.race == race and moment.is_of_a_finish
    }


# --- times to play from --------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("word", "sentence"),
    [
        ("2025-01-01T12:00", "Wed 1 Jan 12:00 is no time of the meet in Hamar, which is skated fr"),
        ("2025-12-15T00:01", "from 12 Dec 2025 to 14 Dec 2025; --from takes 19:30, or 2025-12-12"),
        ("2099-12-15T00:01+01:00", "Tue 15 Dec 00:01 is still to come in Hamar, where it is "),
    ],
)
def test_a_time_that_is_none_of_the_meet_is_refused_in_a_sentence(
    tmp_path: Path, capsys: pytest.CaptureFixture[str], word: str, sentence: str
) -> None:
    words = ["--data-dir", str(tmp_path), "--offline", "watch", "hamar", "--json", "--from", word]
    code = main(words)
    out, err = capsys.readouterr()
    assert (code, out) == (2, "")
    assert sentence in json.loads(err)["message"]


@pytest.mark.parametrize(
    ("race", "now", "day"),
    [
        (None, "2025-12-20T12:00+01:00", 12),  # over: its first day
        (None, "2025-12-13T20:00+01:00", 13),  # on: today
        ("W1000", "2025-12-20T12:00+01:00", 13),  # the race's day
        ("W1000", "2025-12-12T20:00+01:00", 13),
    ],
)
def test_a_time_of_day_is_one_of_the_races_day_else_today_else_the_first(
    bundled_tape: Tape, race: str | None, now: str, day: int
) -> None:
    meet = TapeReader(bundled_tape, DEMO_ID).meet(LATEST)
    chosen = meet.race(race) if race else None
    clock = ms(datetime.fromisoformat(now))
    found = playing_from(time(14, 0), meet, chosen, bundled_tape.bounds(), clock)
    assert found == rink_time(f"{day} 14:00")
    at_the_rink = datetime.fromisoformat("2025-12-13T14:00")
    with_day = playing_from(at_the_rink, meet, chosen, None, clock)
    assert with_day == rink_time("13 14:00")
    in_tokyo = datetime(2025, 12, 13, 14, tzinfo=ZoneInfo("Asia/Tokyo"))
    assert playing_from(in_tokyo, meet, chosen, None, clock) == rink_time("13 06:00")


def test_the_beginning_of_a_delayed_race_tells_of_the_delay_only_with_spoilers(
    bundled_tape: Tape,
) -> None:
    meet = TapeReader(bundled_tape, DEMO_ID).meet(LATEST)
    race = meet.race("W500")
    assert race is not None
    assert race.planned is not None
    late = replace(race, start=race.planned + timedelta(minutes=40))
    now, lead = rink_time("20 12:00"), 30_000
    start = playing_from(Edge.BEGINNING, meet, late, None, now)
    assert start == ms(race.planned) + 40 * 60_000 - lead
    free = playing_from(Edge.BEGINNING, meet, late, None, now, spoiler_free=True)
    assert free == ms(race.planned) - lead
    assert playing_from(Edge.PLACE, meet, late, None, free, spoiler_free=True) is None


# --- a recording from the middle on --------------------------------------------------------------


@pytest.fixture
def from_the_middle(tmp_path: Path) -> Path:
    """A tape that was begun while the first race was on."""
    file = tmp_path / "middle.tape"
    rink = sprint_evening(file=tmp_path / "whole.tape", starters=4)
    rink.wire.start(1)
    rink.wire.finish(1, 0, 38_000)
    rink.clock.on(120)
    late = Rink(file=file, begins=rink.begins)
    late.clock.now, late.wire = rink.clock.now, rink.wire
    late.publish()
    rink.wire.finish(1, 1, 37_500)
    late.publish()
    rink.tape.close()
    late.tape.close()
    return file


def test_a_recording_from_the_middle_on_is_played_from_there(
    tmp_path: Path, from_the_middle: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    words = ["--data-dir", str(tmp_path / "data"), "--json", "watch", str(from_the_middle)]
    assert main([*words, "--speed", "3600"]) == 0
    out, err = capsys.readouterr()
    assert "The recording begins at Fri 12 Dec 19:22; what was before is not on it." in err
    assert "leader" in [each["kind"] for each in moments(out)]
    assert main([*words, "--from", "19:20:30"]) == 2
    assert "the tape begins at Fri 12 Dec 19:22, after Fri 12 Dec 19:20" in capsys.readouterr().err


def test_races_without_passages_are_named(tmp_path: Path) -> None:
    meet = held_last_week()
    for row in meet.races[1].rows:
        row.passages.clear()
    with FeedServer(meet.documents()) as server:
        main(["--api", server.url, "--data-dir", str(tmp_path), "programme", EVENT])
        api = server.url
    library = Library(Locations(tmp_path, tmp_path), api, offline=True, clock=lambda: ms(NOW))
    plan = WatchPlan(library.locations, event_id=EVENT, start=Edge.BEGINNING, api=api)
    played = meet_to_play(library, plan, library.open(EVENT))
    with closing(played.tape):
        start = beginning(library, plan, played)
        said = remarks(library, plan, played, start)
    assert said[1:] == ["Of W500 no passages are known, only finishes."]


async def test_a_latecomer_sees_a_meet_from_its_start_and_then_goes_on_live(
    tmp_path: Path,
) -> None:
    meet = on_today()
    let_go: list[float] = []

    def passed() -> float:
        return monotonic() - let_go[0] if let_go else 0.0

    async with FeedServer(meet.documents(), etag=False) as server:
        places = Locations(tmp_path, tmp_path)
        clock = TapeClock(passed=passed)
        library = Library(places, server.url, offline=False, clock=clock)
        await asyncio.to_thread(oneshot.make_whole, library, EVENT)
        plan = WatchPlan(
            places,
            event_id=EVENT,
            start=Edge.PLACE,
            speed=3600,
            api=server.url,
            spoiler_free=True,
        )
        played = meet_to_play(library, plan, library.open(EVENT))
        app = RinksideApp(plan, library, played, clock=library.clock, here=UTC)
        async with asyncio.timeout(60), running(app, (120, 36)) as pilot:
            assert played.tape.recall("kind") == "reenacted"
            assert "NO SPOILERS" in everything(app)
            assert "1:45.12" not in everything(app)
            let_go.append(monotonic())
            while app._session.is_laid_out:
                await pilot.pause(0.05)
            # What came meanwhile was recorded, and nothing is shown live.
            assert app._session.spoiler_free
            assert app._session.tape.recall("kind") == "recorded"
            number = app._session.meet().race("M1500")
            assert number is not None
            assert len(number.finished) == 2
            while app._follower is None:
                await pilot.pause(0.05)
            meet.clock = lambda: datetime.now(UTC)
            meet.finish(2, 2, 104_000)
            server.documents = meet.documents()
            while "1:44.00" not in everything(app):
                await pilot.pause(0.05)
