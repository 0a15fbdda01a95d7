"""Fetching a season: what is asked for, what is not asked for again, and what goes wrong."""

from __future__ import annotations

import asyncio
from collections import Counter
from contextlib import closing, suppress
from datetime import timedelta
from itertools import pairwise
from pathlib import Path

import httpx
import pytest

from longtrack.http import Answered, Feed, Unreachable
from longtrack.isu import Unreadable, competitions_path, schedule_path, start_list_path
from longtrack.tape import Tape, TapeUnusable
from rinkside.asking import BESIDE, WAITED_FOR, Manner
from rinkside.seasons import Seasons
from rinkside.synced import MeetSynced
from rinkside.syncing import SeasonSync
from winter import (
    BERLIN,
    EDMONTON,
    FIRST,
    LIST,
    OSLO,
    TOKYO,
    Desk,
    counts,
    nobody,
    programme,
    results,
    silence,
    status,
    web_page,
)


@pytest.fixture
def desk(tmp_path: Path) -> Desk:
    return Desk(tmp_path)


def missing(lines: list[MeetSynced]) -> list[tuple[str, str | None, str]]:
    return [(meet.city, each.race, each.why) for meet in lines for each in meet.missing]


# --- what is asked for ---------------------------------------------------------------------------


async def test_the_first_time_each_document_is_asked_for_once(desk: Desk) -> None:
    lines = await desk.sync()
    assert sorted(desk.answers.asked) == FIRST
    assert counts(lines) == [
        ("Edmonton", 4, 0, 0),
        ("Berlin", 4, 0, 0),
        ("Oslo", 3, 0, 0),
        ("Tokyo", 0, 0, 0),
    ]
    assert [each.races for each in lines] == [4, 4, 4, 1]
    assert all(race.has_result for race in desk.meet(EDMONTON).races)


async def test_standings_are_read_off_what_has_come(desk: Desk) -> None:
    await desk.sync()
    season = Seasons(desk.new_library()).season(2026)
    assert not season.whole, "the final is not listed yet"
    held = {meet.city: len(meet.held) for meet in season.meets if meet.event_id in FIRST_IDS}
    assert held == {"Edmonton": 4, "Berlin": 4, "Oslo": 2, "Tokyo": 0}
    tokyo = next(meet for meet in season.meets if meet.event_id == TOKYO)
    assert [race.code for race in tokyo.coming] == ["W500"]


FIRST_IDS = {EDMONTON, BERLIN, OSLO, TOKYO}


async def test_a_result_is_laid_at_the_time_its_race_was_held(desk: Desk) -> None:
    await desk.sync()
    begin = desk.winter.edmonton.races[1].begin
    with closing(desk.tape(EDMONTON)) as tape:
        head = tape.heads(2**62)[results(EDMONTON, 1)[0]]
    assert head.at == round((begin + timedelta(minutes=20)).timestamp() * 1000)


async def test_at_once_again_nothing_is_asked_for(desk: Desk) -> None:
    await desk.sync()
    lines = await desk.sync()
    assert desk.answers.asked == []
    assert counts(lines) == [
        ("Edmonton", 0, 4, 0),
        ("Berlin", 0, 4, 0),
        ("Oslo", 0, 3, 0),
        ("Tokyo", 0, 0, 0),
    ]


async def test_later_only_what_may_have_changed_is_asked_for(desk: Desk) -> None:
    await desk.sync()
    desk.winter.clock.on(120)
    await desk.sync()
    assert sorted(desk.answers.asked) == sorted(
        [
            LIST,
            competitions_path(EDMONTON),
            competitions_path(BERLIN),
            competitions_path(OSLO),
            schedule_path(OSLO),
            *results(OSLO, 2, 3),
        ]
    )


async def test_a_meet_to_come_is_looked_at_again_half_a_day_later(desk: Desk) -> None:
    await desk.sync()
    desk.winter.clock.on(11 * 3600)
    await desk.sync()
    assert not set(programme(TOKYO)) & set(desk.answers.asked)
    desk.winter.clock.on(2 * 3600)
    await desk.sync()
    asked = set(programme(TOKYO)) & set(desk.answers.asked)
    assert asked == {schedule_path(TOKYO), competitions_path(TOKYO)}


async def test_beside_a_meet_what_is_settled_is_left_alone_for_hours(desk: Desk) -> None:
    await desk.sync(manner=BESIDE)
    desk.winter.clock.on(3600)
    await desk.sync(manner=BESIDE)
    assert not [path for path in desk.answers.asked if EDMONTON in path or BERLIN in path]
    assert competitions_path(OSLO) in desk.answers.asked


async def test_meets_somebody_else_sees_to_are_left_out(desk: Desk) -> None:
    lines = await desk.sync(leave_out={OSLO})
    assert [each.city for each in lines] == ["Edmonton", "Berlin", "Tokyo"]
    assert not [path for path in desk.answers.asked if OSLO in path]


async def test_cancelled_meets_and_other_events_are_not_fetched(desk: Desk) -> None:
    desk.winter.edmonton.name = "ISU Junior World Cup Speed Skating"
    event = desk.winter.edmonton.event
    desk.winter.edmonton.event = lambda: event() | {"tags": ["junior"]}  # type: ignore[method-assign]
    berlin = desk.winter.berlin.event
    desk.winter.berlin.event = lambda: berlin() | {"isCancelled": True}  # type: ignore[method-assign]
    desk.answers.publish()
    assert [each.city for each in await desk.sync()] == ["Oslo", "Tokyo"]


async def test_bundled_meets_the_feed_does_not_list_are_not_asked_for(desk: Desk) -> None:
    await desk.sync()
    assert len(desk.library.world_cups(2026)) == 8
    assert not [path for path in desk.answers.asked if "2026_USA_0001" in path]


# --- what changes --------------------------------------------------------------------------------


async def test_a_correction_after_official_is_fetched_again_and_once(desk: Desk) -> None:
    await desk.sync()
    desk.winter.clock.on(600)
    desk.winter.berlin.correct(2, 0, 70_001)
    desk.answers.publish()
    lines = await desk.sync()
    assert results(BERLIN, 2)[0] in desk.answers.asked
    assert counts(lines)[:2] == [("Edmonton", 0, 4, 0), ("Berlin", 1, 3, 0)]
    times = [entry.time_ms for entry in desk.meet(BERLIN).races[1].entries]
    assert 70_001 in times
    desk.winter.clock.on(600)
    await desk.sync()
    assert not [path for path in desk.answers.asked if path in results(BERLIN, 1, 2, 3, 4)]


@pytest.mark.parametrize("hours", [-5, 5])
async def test_a_correction_is_seen_whatever_this_computers_clock_shows(
    desk: Desk, hours: int
) -> None:
    desk.winter.clock.on(hours * 3600)
    await desk.sync()
    desk.winter.clock.on(600)
    # By the feed's own clock, which is not ours.
    there = desk.winter.clock.instant() - timedelta(hours=hours)
    desk.winter.berlin.clock = lambda: there
    desk.winter.berlin.correct(2, 0, 70_001)
    desk.answers.publish()
    await desk.sync()
    assert results(BERLIN, 2)[0] in desk.answers.asked


async def test_a_race_that_has_become_official_is_had_once_more(desk: Desk) -> None:
    await desk.sync()
    race = desk.winter.oslo.races[3]
    touched = race.updated
    desk.winter.oslo.make_official(3)
    race.updated = touched  # whether or not the feed says that it touched it
    desk.answers.publish()
    for asked in (1, 0):
        desk.winter.clock.on(600)
        await desk.sync()
        assert desk.answers.asked.count(results(OSLO, 3)[0]) == asked


async def test_what_a_poller_has_had_is_not_fetched_again(desk: Desk) -> None:
    documents = desk.winter.documents()
    with closing(desk.tape(BERLIN)) as tape:
        for path in (*programme(BERLIN), *results(BERLIN, 1, 2, 3, 4)):
            tape.append(path, documents[path], desk.winter.clock())
            tape.polled(path, desk.winter.clock())
    await desk.sync()
    asked = [path for path in desk.answers.asked if BERLIN in path]
    assert asked == [competitions_path(BERLIN)], "it tells which races were touched since"


async def test_what_the_feed_has_told_a_poller_it_tells_again(desk: Desk) -> None:
    documents = desk.winter.documents()
    with closing(desk.tape(BERLIN)) as tape:
        for path in (*programme(BERLIN), *results(BERLIN, 1, 2, 3, 4)):
            tape.append(path, documents[path], desk.winter.clock())
            tape.polled(path, desk.winter.clock())
    desk.winter.clock.on(600)
    desk.winter.berlin.correct(2, 0, 70_001)
    desk.answers.publish()
    async with desk.answers.feed() as feed:
        await feed.get(competitions_path(BERLIN))  # from now on it would say: nothing new
        await SeasonSync(desk.library, feed, 2026, wait=desk.wait).run()
    assert [path for path in desk.answers.asked if path in results(BERLIN, 1, 2, 3, 4)] == (
        results(BERLIN, 2)
    )


async def test_a_result_that_is_as_it_was_is_had_all_the_same(desk: Desk) -> None:
    async with desk.answers.feed() as feed:
        for _ in range(2):
            await SeasonSync(desk.library, feed, 2026, wait=desk.wait).run()
            desk.winter.clock.on(600)
        desk.answers.asked.clear()
        await SeasonSync(desk.library, feed, 2026, wait=desk.wait).run()
        assert results(OSLO, 3)[0] in desk.answers.asked
        desk.answers.asked.clear()
        await SeasonSync(desk.library, feed, 2026, wait=desk.wait).run()
        assert desk.answers.asked == [], "an answer without a body was one too"


# --- broken off ----------------------------------------------------------------------------------


@pytest.mark.parametrize("after", [3, 12, 15, 20])
async def test_broken_off_and_begun_again_no_document_is_asked_for_twice(
    desk: Desk, after: int
) -> None:
    lost: list[str] = []

    def breaks_off(path: str) -> None:
        if len(desk.answers.asked) > after:
            lost.extend(desk.answers.under_way)
            task.cancel()

    desk.answers.on_ask = breaks_off
    task = asyncio.ensure_future(desk.run())
    with pytest.raises(asyncio.CancelledError):
        await task
    assert 1 <= len(lost) <= 2
    desk.answers.on_ask = lambda _: None
    await desk.run()
    # Only what was under way at that moment comes a second time.
    assert Counter(desk.answers.asked) - Counter(FIRST) <= Counter(lost)
    assert set(desk.answers.asked) == set(FIRST)
    assert all(race.has_result for race in desk.meet(BERLIN).races)


# --- what can't be had ---------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("reply", "why"),
    [
        (status(500), "the feed answered 500"),
        (web_page, "the feed answered with a web page instead of data"),
        (silence, "the feed timed out"),
    ],
)
async def test_one_race_that_fails_stops_nothing(desk: Desk, reply: object, why: str) -> None:
    path = results(EDMONTON, 2)[0]
    desk.answers.replies[path] = reply  # type: ignore[assignment]
    lines = await desk.sync()
    assert missing(lines) == [("Edmonton", "W1000", why)]
    assert counts(lines)[:3] == [("Edmonton", 3, 0, 1), ("Berlin", 4, 0, 0), ("Oslo", 3, 0, 0)]
    assert desk.answers.asked.count(path) == WAITED_FOR.tries
    desk.answers.replies.clear()
    lines = await desk.sync()
    assert desk.answers.asked == [path]
    assert counts(lines)[0] == ("Edmonton", 1, 3, 0)


async def test_failing_documents_are_asked_for_at_longer_and_longer_pauses(desk: Desk) -> None:
    path = results(EDMONTON, 2)[0]
    desk.answers.replies[path] = status(503)
    await desk.sync(manner=BESIDE)
    times = [
        at
        for at, asked in zip(desk.answers.times, desk.answers.asked, strict=True)
        if asked == path
    ]
    gaps = [later - earlier for earlier, later in pairwise(times)]
    assert gaps == [10_000, 30_000]


@pytest.mark.parametrize(("code", "tries"), [(403, 1), (404, 1), (429, 3), (502, 3)])
async def test_what_will_not_pass_is_asked_for_once(desk: Desk, code: int, tries: int) -> None:
    path = results(EDMONTON, 2)[0]
    desk.answers.replies[path] = status(code)
    lines = await desk.sync()
    assert missing(lines) == [("Edmonton", "W1000", f"the feed answered {code}")]
    assert desk.answers.asked.count(path) == tries


async def test_a_race_that_is_not_published_is_not_missed(desk: Desk) -> None:
    desk.answers.replies[results(OSLO, 3)[0]] = status(404)
    lines = await desk.sync()
    assert missing(lines) == []
    assert counts(lines)[2] == ("Oslo", 2, 0, 0)


async def test_an_official_race_without_a_row_is_missed_and_not_asked_for_again(
    desk: Desk,
) -> None:
    desk.answers.replies[results(BERLIN, 4)[0]] = lambda _: httpx.Response(200, content=b"[]")
    for _ in range(2):
        lines = await desk.sync()
        assert missing(lines) == [("Berlin", "W3000", "the feed has no result of it")]
    assert desk.answers.asked == []


async def test_a_meet_the_feed_has_not_leaves_the_others(desk: Desk) -> None:
    desk.answers.replies[f"events/{BERLIN}/"] = status(404)
    lines = await desk.sync()
    assert missing(lines) == [("Berlin", None, "the feed answered 404")]
    assert counts(lines)[0] == ("Edmonton", 4, 0, 0)
    assert not (desk.places.tapes / "feed.example" / f"{BERLIN}.tape").exists()


async def test_a_meet_to_come_may_have_no_documents_yet(desk: Desk) -> None:
    for path in programme(TOKYO)[1:]:
        desk.answers.replies[path] = status(404)
    lines = await desk.sync()
    assert missing(lines) == []
    desk.winter.clock.on(600)
    await desk.sync()
    assert not [path for path in desk.answers.asked if TOKYO in path]


async def test_without_a_new_list_of_races_the_last_one_counts(desk: Desk) -> None:
    desk.answers.replies[results(BERLIN, 4)[0]] = status(500)
    await desk.sync()
    desk.winter.clock.on(600)
    desk.answers.replies.clear()
    desk.answers.replies[competitions_path(BERLIN)] = status(500)
    lines = await desk.sync()
    assert missing(lines) == [("Berlin", None, "the feed answered 500")]
    assert counts(lines)[1] == ("Berlin", 1, 3, 1)


async def test_the_list_of_events_failing_what_is_known_of_the_season_is_fetched(
    desk: Desk,
) -> None:
    await desk.sync()
    desk.winter.clock.on(600)
    desk.answers.replies["?season=2026"] = web_page
    lines = await desk.sync()
    assert counts(lines)[1] == ("Berlin", 0, 4, 0)
    assert competitions_path(BERLIN) in desk.answers.asked


async def test_without_a_list_of_events_there_is_nothing_to_fetch(desk: Desk) -> None:
    desk.answers.replies[""] = web_page
    with pytest.raises(Unreadable):
        await desk.sync()
    assert desk.answers.asked == [LIST] * WAITED_FOR.tries


async def test_a_damaged_tape_is_set_aside_and_fetched_anew(desk: Desk) -> None:
    await desk.sync()
    file = desk.places.tapes / "feed.example" / f"{BERLIN}.tape"
    file.write_bytes(b"no tape any more" * 999)
    lines = await desk.sync()
    assert counts(lines)[1] == ("Berlin", 4, 0, 0)
    assert any("set aside" in note for note in desk.library.notes)


async def test_a_disk_that_is_full_ends_it(desk: Desk, monkeypatch: pytest.MonkeyPatch) -> None:
    append = Tape.append

    def full(tape: Tape, path: str, body: bytes, at: int) -> object:
        if path == results(BERLIN, 2)[0] and tape.file is not None:
            raise TapeUnusable(f"{tape.file}: the disk is full")
        return append(tape, path, body, at)

    monkeypatch.setattr(Tape, "append", full)
    with pytest.raises(TapeUnusable, match=r"the disk is full$"):
        await desk.sync()
    monkeypatch.undo()
    await desk.sync()
    assert len(desk.answers.asked) < 8


# --- a feed that is away, or wants to be left alone ----------------------------------------------


async def test_a_feed_that_never_answers_is_asked_once(desk: Desk) -> None:
    desk.answers.replies[""] = nobody
    with pytest.raises(Unreachable):
        await desk.sync()
    assert desk.answers.asked == [LIST]
    assert desk.waited == []


async def test_a_feed_that_is_away_leaves_what_is_kept(desk: Desk) -> None:
    await desk.sync()
    desk.winter.clock.on(600)
    desk.answers.replies[""] = nobody
    lines = await desk.sync()
    assert desk.answers.asked == [LIST]
    assert [each[:3] for each in counts(lines)] == [
        ("Edmonton", 0, 4),
        ("Berlin", 0, 4),
        ("Oslo", 0, 3),
        ("Tokyo", 0, 0),
    ]
    with closing(desk.tape(BERLIN)) as tape:
        spans = tape.spans(competitions_path(BERLIN))
    assert [span.failure for span in spans] == [""], "what was not asked did not fail"


async def test_a_feed_that_goes_away_in_the_middle_is_not_asked_to_the_end(desk: Desk) -> None:
    def goes(path: str) -> None:
        if len(desk.answers.asked) > 16:
            desk.answers.replies[""] = nobody

    desk.answers.on_ask = goes
    desk.lines.clear()
    synced = await desk.run()
    assert synced.gone == "the feed can't be reached"
    assert len(desk.answers.asked) <= 21
    lacking = missing(desk.lines)
    assert 8 <= len(lacking) <= 9
    assert sum(meet.fetched for meet in desk.lines) == 11 - len(lacking)
    desk.answers.on_ask = lambda _: None
    desk.answers.replies.clear()
    await desk.sync()
    assert len(desk.answers.asked) == len(lacking)


async def test_a_feed_that_asks_to_be_left_alone_is(desk: Desk) -> None:
    path = results(EDMONTON, 2)[0]
    told_off: list[int] = []

    def reply(request: httpx.Request) -> httpx.Response:
        told_off.append(desk.winter.clock())
        del desk.answers.replies[path]
        return httpx.Response(429, headers={"Retry-After": "30"})

    desk.answers.replies[path] = reply
    lines = await desk.sync()
    assert missing(lines) == []
    later = [at for at in desk.answers.times if at > told_off[0]]
    assert min(later) >= told_off[0] + 30_000
    said = {each.sentence for each in desk.progress}
    assert said & {f"the feed asked to wait {seconds} s" for seconds in range(29, 34)}


async def test_a_feed_that_asked_somebody_else_to_be_left_alone_is(desk: Desk) -> None:
    async def somebody_else(feed: Feed) -> None:
        desk.answers.replies["1/start-list/"] = status(429, Retry_After="30")
        with pytest.raises(Answered):
            await feed.get(start_list_path(EDMONTON, 1))

    async with desk.answers.feed() as feed:
        sync = SeasonSync(desk.library, feed, 2026, wait=desk.wait)
        tasks: list[asyncio.Task[None]] = []

        def ask(path: str) -> None:
            if len(desk.answers.asked) == 10:
                tasks.append(asyncio.create_task(somebody_else(feed)))

        desk.answers.on_ask = ask
        await sync.run()
        await tasks[0]
        assert feed.on_left_alone == []
    gaps = [later - earlier for earlier, later in pairwise(desk.answers.times)]
    assert [gap >= 30_000 for gap in gaps].count(True) == 1
    assert max(gaps) < 34_000


async def test_nobody_waits_for_an_hour(desk: Desk) -> None:
    desk.answers.replies[results(EDMONTON, 2)[0]] = status(503, Retry_After="3000")
    synced = await desk.run()
    assert synced.gone == "the feed asked to be left alone for 50 min"
    assert desk.answers.asked[-1] in results(EDMONTON, 1, 2, 3)
    assert sum(desk.waited) < 60
    # What goes on beside something else has the time.
    other = Desk(desk.places.data / "other")
    other.answers.replies[results(EDMONTON, 2)[0]] = status(503, Retry_After="3000")
    synced = await other.run(manner=BESIDE)
    assert synced.gone is None
    assert sum(other.waited) > 6000


@pytest.mark.parametrize("manner", [WAITED_FOR, BESIDE])
async def test_the_feed_is_asked_at_a_measured_pace(desk: Desk, manner: Manner) -> None:
    await desk.sync(manner=manner)
    gaps = [later - earlier for earlier, later in pairwise(desk.answers.times)]
    assert min(gaps) >= manner.pause_ms
    assert desk.answers.most_at_once == manner.at_once


async def test_a_slow_feed_is_given_its_pause_after_each_answer(desk: Desk) -> None:
    desk.answers.on_ask = lambda _: desk.winter.clock.on(4)
    await desk.sync(manner=BESIDE)
    gaps = [later - earlier for earlier, later in pairwise(desk.answers.times)]
    assert min(gaps) >= 4_000 + BESIDE.pause_ms


# --- a meet somebody polls -----------------------------------------------------------------------


async def test_the_live_races_of_a_meet_somebody_polls_are_left_to_it(desk: Desk) -> None:
    with closing(desk.tape(OSLO)) as tape:
        assert tape.claim("another program", desk.winter.clock(), 15_000)
        await desk.sync()
        asked = [path for path in desk.answers.asked if path.endswith("results/") and OSLO in path]
        assert asked == results(OSLO, 1)
        assert tape.claim("another program", desk.winter.clock(), 15_000), "nobody else has it"
    desk.winter.clock.on(600)
    await desk.sync()
    assert set(results(OSLO, 2, 3)) <= set(desk.answers.asked)


# --- how far it is -------------------------------------------------------------------------------


async def test_progress_grows_to_the_end(desk: Desk) -> None:
    await desk.sync()
    done = [each.done for each in desk.progress]
    assert done == sorted(done)
    assert all(each.done <= each.of for each in desk.progress)
    assert (desk.progress[-1].done, desk.progress[-1].of) == (len(FIRST), len(FIRST))
    assert {each.meet for each in desk.progress} >= {"Edmonton", "Berlin", "Oslo", "Tokyo"}


async def test_interrupted_it_leaves_no_tape_open(desk: Desk) -> None:
    desk.answers.on_ask = lambda _: len(desk.answers.asked) < 14 or task.cancel()
    task = asyncio.ensure_future(desk.run())
    with suppress(asyncio.CancelledError):
        await task
    for event_id in (EDMONTON, BERLIN, OSLO, TOKYO):
        file = desk.places.tapes / "feed.example" / f"{event_id}.tape"
        assert not file.with_name(f"{file.name}-wal").exists(), "it was not closed"
