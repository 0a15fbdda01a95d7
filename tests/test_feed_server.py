"""The real feed client against a real server on the loopback, in good and in bad times."""

from __future__ import annotations

import asyncio
import json
import socket
import subprocess
import sys
import time
from collections.abc import AsyncIterator, Iterator
from datetime import UTC, datetime, timedelta
from email.utils import format_datetime

import pytest

from feed_server import Fault, FeedServer, Play, programme
from longtrack import isu
from longtrack.http import (
    Answered,
    Feed,
    FeedError,
    Limits,
    NotFound,
    Unreachable,
)
from longtrack.model import Stage
from longtrack.poller import Poller
from longtrack.recording import MeetRecorder
from longtrack.records import RecordBook
from longtrack.tape import Tape
from wire import WireMeet, encode, rows_of

SHORT = Limits(connect_ms=2_000, read_ms=800, total_ms=1_500)
EVENT = "2026_NOR_0001"
RESULTS = isu.results_path(EVENT, 1)


def _meet() -> WireMeet:
    begin = datetime(2025, 12, 12, 17, 30, tzinfo=UTC)
    meet = WireMeet(lambda: begin)
    meet.add_race(begin=begin)
    meet.start(1)
    meet.finish(1, 0, 38_123)
    return meet


@pytest.fixture
def server() -> Iterator[FeedServer]:
    with FeedServer(_meet().documents()) as server:
        yield server


@pytest.fixture
async def feed(server: FeedServer) -> AsyncIterator[Feed]:
    async with Feed(server.url, version="1.2.3", limits=SHORT) as feed:
        yield feed


# --- all well ----------------------------------------------------------------------------------


async def test_a_document_arrives_whole_and_unpacked(server: FeedServer, feed: Feed) -> None:
    answer = await feed.get(RESULTS)

    assert answer.body == server.documents[RESULTS]
    assert answer.server_date is not None
    assert abs(answer.server_date - datetime.now(UTC)) < timedelta(seconds=5)
    (request,) = server.requests
    assert request.headers["user-agent"] == "rinkside/1.2.3 (+terminal dashboard)"
    assert request.headers["accept-encoding"] == "gzip"
    assert "if-none-match" not in request.headers


@pytest.mark.parametrize("kind", ["etag", "last_modified"])
async def test_an_unchanged_document_is_not_sent_again(kind: str) -> None:
    documents = _meet().documents()
    with FeedServer(documents, etag=kind == "etag", last_modified=kind != "etag") as server:
        async with Feed(server.url, version="1", limits=SHORT) as feed:
            assert (await feed.get(RESULTS)).body == documents[RESULTS]
            assert (await feed.get(RESULTS)).body is None
            changed = encode([])
            server.documents = {**documents, RESULTS: changed}
            assert (await feed.get(RESULTS)).body == changed
            assert (await feed.get(RESULTS)).body is None
            feed.forget(RESULTS)
            assert (await feed.get(RESULTS)).body == changed


async def test_a_server_without_validators_is_asked_in_full(server: FeedServer, feed: Feed) -> None:
    server.etag = False
    for _ in range(2):
        assert (await feed.get(RESULTS)).body == server.documents[RESULTS]


async def test_a_connection_is_used_again(server: FeedServer, feed: Feed) -> None:
    for _ in range(3):
        await feed.get(RESULTS)
    assert len({request.port for request in server.requests}) == 1


async def test_a_path_without_its_last_slash_is_redirected(server: FeedServer, feed: Feed) -> None:
    assert (await feed.get(RESULTS.rstrip("/"))).body == server.documents[RESULTS]
    assert server.paths() == [RESULTS.rstrip("/"), RESULTS]


async def test_a_base_address_may_have_a_path() -> None:
    with FeedServer(_meet().documents(), prefix="live/isu") as server:
        for base in (server.url, server.url + "/"):
            async with Feed(base, version="1", limits=SHORT) as feed:
                assert (await feed.get(RESULTS)).body == server.documents[RESULTS]
                redirected = await feed.get(RESULTS.rstrip("/"))
                assert redirected.body == server.documents[RESULTS]
                with pytest.raises(NotFound):
                    await feed.get("events/")


async def test_all_pages_of_a_season_are_read() -> None:
    event = _meet().event()
    events = [{**event, "isuId": f"2026_NOR_{number:04}"} for number in range(1, 8)]
    document = encode({"count": 7, "next": None, "previous": None, "results": events})
    with FeedServer({isu.events_path(2026): document}, page_size=3) as server:
        async with Feed(server.url, version="1", limits=SHORT) as feed:
            pages = await feed.events(2026)
    found = [event.id for _, body in pages for event in isu.read_events(body).events]
    assert found == [f"2026_NOR_{number:04}" for number in range(1, 8)]
    assert [path for path, _ in pages] == [
        "events/?season=2026",
        "events/?page=2&season=2026",
        "events/?page=3&season=2026",
    ]


# --- misbehaviour ------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("fault", "kind", "words"),
    [
        (Fault.STATUS, Answered, "the feed answered 500"),
        (Fault.HANG, Unreachable, "the feed timed out"),
        (Fault.TRICKLE, Unreachable, "the feed timed out"),
        (Fault.HALF, Unreachable, "the feed broke off in the middle"),
        (Fault.RESET, Unreachable, "the feed broke off in the middle"),
        (Fault.BAD_GZIP, FeedError, "the feed's answer is garbled"),
        (Fault.OTHER_HOST, FeedError, "the feed sent us to another host, which is not asked"),
        (Fault.CIRCLES, FeedError, "the feed sends us round in circles"),
        (Fault.HUGE, FeedError, "the feed's answer is too large"),
    ],
)
async def test_every_failure_has_its_words_and_passes(
    server: FeedServer, feed: Feed, fault: Fault, kind: type[FeedError], words: str
) -> None:
    server.misbehave(fault, "*/results/")
    begun = time.monotonic()
    with pytest.raises(FeedError) as caught:
        await feed.get(RESULTS)
    assert type(caught.value) is kind
    assert str(caught.value) == words
    assert time.monotonic() - begun < 5

    server.behave()
    assert (await feed.get(RESULTS)).body == server.documents[RESULTS]


@pytest.mark.parametrize(
    ("fault", "words"),
    [
        (Fault.WEB_PAGE, "the feed answered with a web page instead of data"),
        (Fault.EMPTY, "the feed's answer is empty"),
        (Fault.GARBAGE, "the feed's answer is not data"),
        (Fault.OTHER_SHAPE, "is not a list"),
    ],
)
async def test_a_body_that_is_no_document_comes_through_for_its_reader(
    server: FeedServer, feed: Feed, fault: Fault, words: str
) -> None:
    server.misbehave(fault, times=1)
    body = (await feed.get(RESULTS)).body
    assert body is not None
    with pytest.raises(isu.Unreadable, match=words):
        isu.parse(body, RESULTS)
    assert (await feed.get(RESULTS)).body == server.documents[RESULTS]


async def test_a_refused_connection_says_so() -> None:
    with socket.socket() as unused:
        unused.bind(("127.0.0.1", 0))
        port = unused.getsockname()[1]
    async with Feed(f"http://127.0.0.1:{port}", version="1", limits=SHORT) as feed:
        with pytest.raises(Unreachable, match="the feed refused the connection"):
            await feed.get(RESULTS)


async def test_a_missing_document_is_told_from_other_answers(
    server: FeedServer, feed: Feed
) -> None:
    with pytest.raises(NotFound, match="the feed answered 404"):
        await feed.get(isu.event_path("2026_NOR_0009"))


@pytest.mark.parametrize(
    ("value", "seconds"),
    [
        ("120", 120),
        (" 7 ", 7),
        ("999999999", 3600),
        ("soon", None),
        ("-5", None),
        (format_datetime(datetime(2000, 1, 1, tzinfo=UTC), usegmt=True), 0),
        (format_datetime(datetime(2100, 1, 1, tzinfo=UTC), usegmt=True), 3600),
    ],
)
@pytest.mark.parametrize("status", [429, 503])
async def test_how_long_to_keep_away_is_read(
    server: FeedServer, feed: Feed, status: int, value: str, seconds: int | None
) -> None:
    server.misbehave(Fault.STATUS, status=status, headers={"Retry-After": value})
    with pytest.raises(Answered) as caught:
        await feed.get(RESULTS)
    assert (caught.value.status, caught.value.retry_after) == (status, seconds)


async def test_a_date_to_come_back_at_counts_from_the_servers_clock(
    server: FeedServer, feed: Feed
) -> None:
    back = format_datetime(datetime.now(UTC) + timedelta(seconds=90), usegmt=True)
    server.misbehave(Fault.STATUS, status=503, headers={"Retry-After": back})
    with pytest.raises(Answered) as caught:
        await feed.get(RESULTS)
    assert caught.value.retry_after in range(87, 92)


async def test_a_fault_is_counted_and_keeps_to_its_paths(server: FeedServer, feed: Feed) -> None:
    server.misbehave(Fault.STATUS, "*/schedule/", times=2, status=503)
    for _ in range(2):
        with pytest.raises(Answered):
            await feed.get(isu.schedule_path(EVENT))
        await feed.get(RESULTS)
    await feed.get(isu.schedule_path(EVENT))


@pytest.mark.parametrize(
    "base", ["", "nonsense", "ftp://feed.example", "http://", "http://x:port", "http://x/?a=b"]
)
def test_an_address_that_is_none_is_refused(base: str) -> None:
    with pytest.raises(ValueError, match="is not the address of a feed"):
        Feed(base, version="1")


@pytest.mark.parametrize("path", ["http://elsewhere.example/", "//elsewhere/", "/events/", "a b"])
async def test_only_paths_of_the_feed_are_asked_for(
    server: FeedServer, feed: Feed, path: str
) -> None:
    with pytest.raises(ValueError, match="is not a path"):
        await feed.get(path)
    assert server.requests == []


def test_importing_the_poller_does_not_import_httpx() -> None:
    code = "import sys, longtrack.poller; sys.exit('httpx' in sys.modules)"
    assert subprocess.run([sys.executable, "-c", code], check=False).returncode == 0


# --- all of it together ------------------------------------------------------------------------


async def test_a_meet_is_recorded_through_every_fault() -> None:
    now = datetime.now(UTC)
    meet = WireMeet(lambda: datetime.now(UTC))
    meet.add_race(begin=now - timedelta(hours=1))
    meet.add_race(begin=now, gender="M", metres=1000)
    meet.hold(1)
    meet.make_official(1)
    meet.start(2)

    def clock() -> int:
        return round(time.time() * 1000)

    async def hurried(event: asyncio.Event, seconds: float | None) -> None:
        # Three seconds in a tenth of one; the poller's own clock runs as fast.
        try:
            async with asyncio.timeout(None if seconds is None else seconds / 30):
                await event.wait()
        except TimeoutError:
            pass

    changed = asyncio.Event()

    def well() -> bool:
        races = recorder.meet().races
        return poller.health.error is None and [r.has_result for r in races] == [True, True]

    opened = clock()
    tape = Tape()
    recorder = MeetRecorder(tape, EVENT, clock, RecordBook(()))
    with FeedServer(meet.documents()) as server:
        async with Feed(server.url, version="1", limits=SHORT) as feed:
            poller = Poller(
                feed,
                EVENT,
                recorder,
                clock=lambda: opened + (clock() - opened) * 30,
                wait=hurried,
                on_health=lambda _: changed.set(),
            )
            running = asyncio.create_task(poller.run())
            for index, fault in enumerate(Fault):
                trouble = server.misbehave(fault, times=2)
                meet.passage(2, index % 8, 0, 17_000 + index)
                server.documents = meet.documents()
                assert await asyncio.to_thread(trouble.worn_out.wait, 30)
            server.behave()
            meet.finish(2, 0, 68_123)
            server.documents = meet.documents()
            async with asyncio.timeout(30):
                while not well():
                    changed.clear()
                    await changed.wait()
            assert not running.done()
            running.cancel()
            await asyncio.gather(running, return_exceptions=True)
    state = recorder.meet()
    assert [race.stage for race in state.races] == [Stage.OFFICIAL, Stage.LIVE]
    assert state.races[1].entries[0].time_ms == 68_123
    tape.close()


def test_a_played_meet_is_skated_by_itself() -> None:
    play = Play(speed=200)
    programme(play, two_live=True, later_today=False, over=False)
    clocked: list[bool] = []
    deadline = time.monotonic() + 5
    while not any(clocked):
        assert time.monotonic() < deadline
        time.sleep(0.01)
        play.advance()
        rows = rows_of(play.meet.documents()[isu.results_path(EVENT, 2)])
        clocked = [bool(row["laps"]) for row in rows]
    races = isu.read_competitions(play.meet.documents()[isu.competitions_path(EVENT)])
    assert [race.live for race in races[:3]] == [False, True, True]
    assert races[0].official


@pytest.mark.parametrize("over", [True, False])
def test_scenarios_away_from_the_ice(over: bool) -> None:
    play = Play()
    programme(play, two_live=False, later_today=not over, over=over)
    play.advance()
    documents = play.meet.documents()
    races = isu.read_competitions(documents[isu.competitions_path(EVENT)])
    assert not any(race.live for race in races)
    assert all(race.official is over for race in races[:-1])
    assert json.loads(documents[isu.results_path(EVENT, races[-1].number)]) == []
