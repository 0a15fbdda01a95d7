"""Spoiler-free: a screen is the same whether the tape goes on after the playhead or ends there."""

from __future__ import annotations

import shutil
import sqlite3
from collections.abc import Callable, Iterator
from contextlib import closing
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from msgspec.structs import replace

from drawn import everything
from longtrack.bests import Best, KnownBest
from longtrack.model import Meet, Source
from longtrack.playhead import Playhead
from longtrack.recording import MeetRecorder
from longtrack.records import Record, RecordBook
from longtrack.season import Season, SeasonMeet, end_of
from longtrack.tape import Head, Tape
from meets import (
    BOOK,
    EVENT,
    OSLO,
    Clock,
    Rink,
    StillApp,
    bundled_app,
    bundled_season,
    locations,
    rink_time,
    running,
    shown,
    sprint_evening,
    told,
)
from meets import everything as everything_shown
from rinkside.library import LATEST, Library
from rinkside.messages import SeasonChanged, SyncProgress
from rinkside.plan import Edge, Start, WatchPlan
from rinkside.remembered import recall
from rinkside.session import NO_SPOILERS, Session

# --- what is known at a time ---------------------------------------------------------------------


def cut_season(season: Season, at: int) -> Season:
    """Return a season of which nothing is known that was held after a time."""

    def cut(meet: SeasonMeet) -> SeasonMeet:
        ahead = [race for race in (*meet.held, *meet.missing) if race.at > at]
        unskated = [
            replace(race, results=(), official=False, at=end_of(race.day, OSLO)) for race in ahead
        ]
        return replace(
            meet,
            held=tuple(race for race in meet.held if race.at <= at),
            missing=tuple(race for race in meet.missing if race.at <= at),
            coming=(*meet.coming, *unskated),
        )

    return replace(season, meets=tuple(map(cut, season.meets)))


def spoilt_book(season: Season, at: int, meet: Meet) -> RecordBook:
    """Return a book that knows of records and bests to be set on the day of a time and later."""
    today = datetime.fromtimestamp(at / 1000, OSLO).date()
    records, bests = list(BOOK.records), list[KnownBest]()
    for day in (today, today + timedelta(days=1)):
        for code, time_ms in (("W500", 30_000), ("M1000", 60_000), ("W3000", 200_000)):
            for kind in ("TR", "WR", "NR"):
                fell = Record(kind, code, time_ms, "Spoiler", "NED", day, "Hamar", "high")
                records.append(fell)
            for who in sorted(meet.people, key=str)[:40]:
                best = Best(event=code, time_ms=time_ms, on=day, place="Hamar", sure="high")
                bests += [KnownBest(who, best), KnownBest(who, best, season=2026)]
    return RecordBook(tuple(records), tuple(bests), season)


def honest_book(season: Season, at: int) -> RecordBook:
    """Return a book that was printed on the eve of a time."""
    today = datetime.fromtimestamp(at / 1000, OSLO).date()
    older = [each for each in BOOK.records if each.on is None or each.on < today]
    return RecordBook(tuple(older), (), season)


def session_at(tape: Tape, at: int, season: Season | None, book: RecordBook) -> Session:
    clock = Clock(rink_time("20 12:00"))
    session = Session(
        tape,
        EVENT,
        Source.CACHE,
        clock=clock,
        playhead=Playhead.playing(clock, at),
        spoiler_free=True,
        here=OSLO,
        book=book,
    )
    if season is not None:
        session.season = season
    return session


def differing(one: dict[str, list[str]], other: dict[str, list[str]]) -> list[str]:
    """Return what differs between two drawings, in words for whoever has to mend it."""
    told = [f"{name} is only there once" for name in one.keys() ^ other.keys()]
    for name in one.keys() & other.keys():
        pairs = zip(one[name], other[name], strict=False)
        told += [f"{name}:\n  {a}\n  {b}" for a, b in pairs if a != b]
        if len(one[name]) != len(other[name]):
            told.append(f"{name}: {len(one[name])} and {len(other[name])} lines")
    return told


# --- the bundled meet ----------------------------------------------------------------------------


TIMES = [
    "12 11:00:00",  # before the first race
    "12 14:30:00",
    "12 16:10:10",
    "12 18:29:59",
    "12 19:20:40",
    "12 19:33:33",
    "12 19:40:20",
    "12 19:41:45",  # a track record has just fallen
    "12 19:44:00",
    "12 19:52:00",
    "12 20:10:00",
    "12 20:28:00",
    "12 20:41:17",
    "12 21:01:00",
    "12 21:20:00",
    "12 22:30:00",
    "13 02:00:00",
    "13 10:30:00",
    "13 13:10:00",
    "13 14:05:30",
    "13 14:50:00",
    "13 15:45:00",
    "13 16:59:00",
    "13 20:00:00",
    "14 09:00:00",
    "14 11:20:00",
    "14 13:30:00",
    "14 14:40:00",
    "14 15:30:00",
    "14 16:05:00",
]


@pytest.fixture
def cut_at(bundled_file: Path, tmp_path: Path) -> Iterator[Callable[[int], Tape]]:
    """Cuts the bundled meet's tape at a time, as if nobody had recorded any more."""
    tapes: list[Tape] = []

    def cut(at: int) -> Tape:
        file = tmp_path / f"{at}.tape"
        shutil.copyfile(bundled_file, file)
        with closing(sqlite3.connect(file)) as db:
            db.execute("DELETE FROM moment WHERE at > ?", (at,))
            db.execute("DELETE FROM version WHERE at > ?", (at,))
            db.execute("DELETE FROM span")
            db.commit()
        tapes.append(Tape(file))
        return tapes[-1]

    yield cut
    for tape in tapes:
        tape.close()


@pytest.mark.parametrize("clock", TIMES)
def test_nothing_on_any_screen_comes_from_later_on_the_tape(
    bundled_tape: Tape, cut_at: Callable[[int], Tape], clock: str
) -> None:
    at = rink_time(clock)
    season = bundled_season()
    whole = session_at(bundled_tape, at, season, BOOK)
    whole.book = spoilt_book(season, at, whole.meet())
    past = cut_season(season, at)
    cut = session_at(cut_at(at), at, past, honest_book(past, at))
    # Each time at another size, so that all are looked at.
    sizes = [[(60, 20), (80, 24), (120, 36), (200, 50)][TIMES.index(clock) % 4]]
    shown, expected = everything(whole, sizes), everything(cut, sizes)
    assert len(shown) > 100
    assert differing(shown, expected) == []
    assert not any(
        "SPOILER" in line.upper()
        for lines in shown.values()
        for line in lines
        if (NO_SPOILERS not in line)
    )


def test_a_drawing_tells_when_something_differs(
    bundled_tape: Tape, cut_at: Callable[[int], Tape]
) -> None:
    at = rink_time("12 19:44")
    season = bundled_season()
    now = session_at(bundled_tape, at, season, BOOK)
    before = session_at(cut_at(at - 4 * 60_000), at, season, BOOK)
    sizes = [(80, 24)]
    different = differing(everything(now, sizes), everything(before, sizes))
    for screen in ("meet W500 ", "standings W500", "log All", "skater W500 ", "timeline"):
        assert any(name.startswith(f"80x24 {screen}") for name in different), screen


# --- any meet ------------------------------------------------------------------------------------


Happening = tuple[str, int, int, int]
"""What happens, in which race, to which row, and a time or how long after."""


def happenings() -> st.SearchStrategy[list[Happening]]:
    """Return what may happen at a meet of three races, likely or not."""
    words = ("start", "passage", "finish", "disqualify", "dnf", "dns", "withdraw", "grant_reskate")
    more = ("correct", "stop", "make_official", "hold")
    one = st.tuples(
        st.sampled_from(words * 2 + ("finish",) * 8 + more),
        st.integers(1, 3),
        st.integers(0, 3),
        st.integers(0, 3_000),
    )
    return st.lists(one, min_size=1, max_size=25)


def meet_of(found: list[Happening]) -> Rink:
    rink = sprint_evening(starters=4)
    for what, number, row, ms in found:
        usual = {1: 38_000, 2: 35_000, 3: 116_000}[number]
        match what:
            case "passage":
                rink.wire.passage(number, row, 0, usual // 4 + ms)
            case "finish":
                rink.wire.finish(number, row, usual + ms)
            case "correct":
                if rink.wire.races[number].rows[row].time_ms is not None:
                    rink.wire.correct(number, row, usual + ms)
            case "start" | "stop" | "make_official" | "hold":
                getattr(rink.wire, what)(number)
            case _:
                getattr(rink.wire, what)(number, row)
        rink.publish(after=1 + ms / 10)
    return rink


def cut_rink(rink: Rink, at: int) -> Tape:
    """Return a tape with what the rink's has until a time; its moments are derived anew."""
    tape = Tape()
    heads: list[Head] = []
    for path in rink.tape.heads(LATEST):
        heads += [head for head in rink.tape.history(path, LATEST) if head.at <= at]
    for head in sorted(heads):
        tape.append(head.path, rink.tape.body(head.version), head.at)
    for _ in MeetRecorder(tape, EVENT, lambda: at, BOOK).catch_up():
        pass
    return tape


@settings(max_examples=25, suppress_health_check=[HealthCheck.too_slow], derandomize=True)
@given(happenings(), st.floats(0, 1))
def test_nothing_on_any_screen_comes_from_later_on_any_tape(
    found: list[Happening], where: float
) -> None:
    rink = meet_of(found)
    bounds = rink.tape.bounds()
    assert bounds is not None
    at = bounds[0] + round((bounds[1] - bounds[0]) * where)
    with closing(rink.tape), closing(cut_rink(rink, at)) as cut:
        sizes = [(80, 24), (120, 36)]
        shown = everything(session_at(rink.tape, at, None, BOOK), sizes)
        expected = everything(session_at(cut, at, None, BOOK), sizes)
        assert differing(shown, expected) == []


# --- the program ---------------------------------------------------------------------------------


def free_app(data: Path, start: Start = Edge.PLACE, **more: Any) -> StillApp:
    """Return the program on the bundled meet, without spoilers."""
    plan = WatchPlan(
        locations(data), event_id=EVENT, start=start, offline=True, spoiler_free=True, **more
    )
    clock = Clock(rink_time("20 12:00"))
    library = Library(plan.locations, plan.api, offline=True, clock=clock)
    app = StillApp(plan, library, library.bundled(), clock=clock, here=OSLO)
    app.session.season = bundled_season()
    return app


def place_kept(data: Path) -> int | None:
    remembered, trouble = recall(locations(data).remembered, 0)
    assert trouble is None
    return next((at for kept in remembered.places.values() for at in kept.values()), None)


def clock_of(app: StillApp) -> Clock:
    clock = app.session.clock
    assert isinstance(clock, Clock)
    return clock


@pytest.mark.parametrize("size", [(60, 20), (80, 24), (120, 36), (160, 45), (200, 50)])
async def test_a_meet_opens_at_its_start_and_says_so(data: Path, size: tuple[int, int]) -> None:
    app = free_app(data)
    async with running(app, size) as pilot:
        assert app.session.playhead.at == rink_time("12 13:39:30")
        head = shown(app, "header")[0]
        assert NO_SPOILERS in head
        assert "REPLAY 1×" in head
        assert shown(app, "tabs")[0].split()[:2] == ["1", "W500B"] or size[0] > 110
        assert "KOK" not in shown(app, "tabs")[0]
        assert "S, pressed twice, shows everything" in told(app)[0]
        await pilot.press("p")
        assert NO_SPOILERS in shown(app, "head")[0]
        assert "KOK" not in everything_shown(app)


async def test_one_key_twice_shows_everything_at_once(data: Path) -> None:
    app = free_app(data, rink_time("12 19:41:00"))
    async with running(app, (120, 50)) as pilot:
        await pilot.press("S")
        assert told(app)[-1].startswith("Press S again to see everything that has happened")
        assert app.session.spoiler_free
        assert place_kept(data) is None
        await pilot.press("S")
        await pilot.pause()
        assert not app.session.spoiler_free
        assert app.session.playhead.is_live
        assert NO_SPOILERS not in everything_shown(app)
        await pilot.press("S")
        assert told(app)[-1] == "Nothing is held back."
        await pilot.press("p")
        assert "KOK Femke" in everything_shown(app)
    assert place_kept(data) is None


async def test_a_key_hit_by_accident_shows_nothing(data: Path) -> None:
    app = free_app(data, rink_time("12 19:41:00"))
    async with running(app) as pilot:
        await pilot.press("S")
        app._held_back._asked = -1000.0
        await pilot.press("S")
        await pilot.press("l")
        assert app.session.spoiler_free
        assert app.session.playhead.at == rink_time("12 19:41:00")
        assert told(app)[-1] == "What is live lies ahead of you. Press S twice to see everything."


async def test_the_next_start_goes_on_where_the_fan_stopped(data: Path) -> None:
    app = free_app(data)
    async with running(app):
        clock_of(app).on(3_600)
    assert place_kept(data) == rink_time("12 14:39:30")
    app = free_app(data)
    async with running(app):
        assert app.session.playhead.at == rink_time("12 14:39:30")
        assert told(app)[0].startswith("It goes on at Fri 12 Dec 14:39, where you stopped; ")
    app = free_app(data, Edge.BEGINNING)
    async with running(app):
        assert app.session.playhead.at == rink_time("12 13:39:30")
    assert place_kept(data) is not None
    async with running(bundled_app(data, Edge.BEGINNING)):
        assert place_kept(data) is None


async def test_a_place_is_kept_while_one_watches_and_not_each_second(data: Path) -> None:
    app = free_app(data)
    seconds = [0.0]
    async with running(app):
        app._session.skips = False
        app._held_back._clock = lambda: seconds[0]
        app._held_back._place_kept = 0.0
        for passed, place in ((10, None), (59, None), (61, "12 13:41:40"), (70, "12 13:41:40")):
            seconds[0] = passed
            clock_of(app).now = rink_time("20 12:00") + 130_000 + (passed > 61) * 9_000
            app.draw_screens()
            assert place_kept(data) == (place and rink_time(place))


async def test_a_meet_that_was_seen_to_its_end_is_begun_anew(data: Path) -> None:
    app = free_app(data)
    async with running(app):
        clock_of(app).on(3_600)
        app._keep_place()
        assert place_kept(data) is not None
        clock_of(app).on(3 * 86_400)
    assert place_kept(data) is None


async def test_what_was_changed_in_a_race_ahead_is_told_afterwards(data: Path) -> None:
    app = free_app(data, rink_time("12 19:41:00"))
    words = "the result of W500 in Hamar was changed after it was official"
    async with running(app) as pilot:
        app.post_message(SeasonChanged(bundled_season(), (words,)))
        await pilot.pause()
        assert words not in told(app)
        await pilot.press("S", "S")
        await pilot.pause()
        assert words in told(app)


async def test_how_much_of_the_season_is_fetched_is_not_told(data: Path) -> None:
    app = free_app(data, rink_time("12 19:41:00"))
    async with running(app) as pilot:
        app.screen.post_message(SyncProgress("season 3 of 40"))
        await pilot.pause()
        assert "3 of 40" not in everything_shown(app)


async def test_another_meet_is_turned_to_at_its_start_too(data: Path) -> None:
    app = free_app(data, rink_time("14 15:00"))
    async with running(app) as pilot:
        app.turn_to(EVENT)
        await pilot.pause()
        assert app.session.spoiler_free
        # Where it was left a moment ago.
        assert app.session.playhead.at == rink_time("14 15:00")


async def test_a_tape_is_watched_without_spoilers_and_remembered_by_its_file(
    data: Path, bundled_file: Path
) -> None:
    for start in ("12 13:39:30", "12 15:39:30"):
        plan = WatchPlan(
            locations(data), tape_file=bundled_file, start=Edge.PLACE, spoiler_free=True
        )
        clock = Clock(rink_time("20 12:00"))
        library = Library(plan.locations, plan.api, offline=False, clock=clock)
        app = StillApp(plan, library, library.open_file(bundled_file), clock=clock, here=OSLO)
        async with running(app) as pilot:
            assert app.session.playhead.at == rink_time(start)
            clock.on(7_200)
            if start == "12 15:39:30":
                await pilot.press("S", "S")
                assert app.session.playhead.is_live
                assert app.plan.tape_file is not None
    assert place_kept(data) is None


def test_a_record_nobody_knows_of_hints_at_nothing(bundled_tape: Tape) -> None:
    at = rink_time("12 19:30")
    ignorant = RecordBook(tuple(each for each in BOOK.records if each.kind == "WR"))
    session = session_at(bundled_tape, at, None, ignorant)

    def is_unknown() -> bool:
        drawn = everything(session, [(120, 36)])
        return any("TR unknown" in line for lines in drawn.values() for line in lines)

    assert not is_unknown()
    session.spoiler_free = False
    assert is_unknown()
