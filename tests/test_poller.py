"""Which documents are asked for and when, in a time that jumps from one event to the next."""

from __future__ import annotations

import asyncio
import functools
import logging
import selectors
from collections import Counter, deque
from collections.abc import Awaitable, Callable, Coroutine, Iterable, Iterator
from contextlib import asynccontextmanager
from datetime import UTC, datetime, timedelta
from email.utils import format_datetime
from itertools import pairwise
from random import Random
from typing import Any, NamedTuple, ParamSpec

import httpx
import pytest
from msgspec.structs import replace

from longtrack import isu, isu_records
from longtrack.health import Health
from longtrack.http import MAX_PAGES, Answered, Feed, FeedError, Limits, NotFound, Unreachable
from longtrack.model import Meet, Race
from longtrack.needs import Need, Urgency, is_due, needs, programme_every
from longtrack.poller import Poller
from longtrack.state import TapeReader
from longtrack.tape import Outcome, Tape, TapeError, TapeUnusable
from wire import WireMeet, encode

EVENT = "2026_NOR_0001"
NOON = datetime(2025, 12, 12, 12, 0, tzinfo=UTC)
EVENT_DOC, SCHEDULE, RACES = (
    isu.event_path(EVENT),
    isu.schedule_path(EVENT),
    isu.competitions_path(EVENT),
)
P = ParamSpec("P")


def results(number: int) -> str:
    return isu.results_path(EVENT, number)


# --- a time that jumps -------------------------------------------------------------------------


class JumpingSelector(selectors.DefaultSelector):
    """Instead of waiting it moves the time on to when the next timer is due."""

    def __init__(self) -> None:
        super().__init__()
        self.now = 0.0

    def select(self, timeout: float | None = None) -> list[tuple[selectors.SelectorKey, int]]:
        events = super().select(0)
        if not events:
            if timeout is None:
                raise RuntimeError("everybody waits, and nothing will ever happen")
            self.now += max(timeout, 0)
        return events


class JumpingLoop(asyncio.SelectorEventLoop):
    """An event loop in which an hour passes at once when nobody has anything to do."""

    def __init__(self) -> None:
        self._jumping = JumpingSelector()
        super().__init__(self._jumping)

    def time(self) -> float:
        return self._jumping.now


def jumping(test: Callable[P, Coroutine[Any, Any, None]]) -> Callable[P, None]:
    """Run an async test in a loop whose time jumps."""

    @functools.wraps(test)
    def run(*args: P.args, **kwargs: P.kwargs) -> None:
        with asyncio.Runner(loop_factory=JumpingLoop) as runner:
            runner.run(test(*args, **kwargs))

    return run


def passed() -> float:
    return asyncio.get_running_loop().time()


def clock() -> int:
    return round((NOON.timestamp() + passed()) * 1000)


class Steady(Random):
    """Always the middle, so that pauses are exact."""

    def uniform(self, a: float, b: float) -> float:
        return (a + b) / 2


# --- the bench ---------------------------------------------------------------------------------


class Asked(NamedTuple):
    at: float
    path: str
    headers: httpx.Headers


Reply = Callable[[httpx.Request], httpx.Response]


class Wire:
    """Answers requests from a `WireMeet`, and misbehaves as it is told."""

    def __init__(self, meet: WireMeet) -> None:
        self.meet = meet
        self.asked: list[Asked] = []
        self.latency: dict[str, float] = {}
        self.replies: dict[str, Reply] = {}
        """Instead of the document, by the end of the path; an empty end is every path."""
        self.etags = False
        self.under_way: Counter[str] = Counter()
        self.most_at_once = 0
        self.most_of_one = 0

    async def __call__(self, request: httpx.Request) -> httpx.Response:
        assert request.url.host == "feed.example", "another host was asked"
        path = request.url.raw_path.decode().removeprefix("/")
        self.asked.append(Asked(passed(), path, request.headers))
        self.under_way[path] += 1
        self.most_at_once = max(self.most_at_once, self.under_way.total())
        self.most_of_one = max(self.most_of_one, self.under_way[path])
        try:
            await asyncio.sleep(self.latency.get(path, self.latency.get("", 0.1)))
            for end, reply in self.replies.items():
                if path.endswith(end):
                    return reply(request)
            return self._document(path, request)
        finally:
            self.under_way[path] -= 1

    def _document(self, path: str, request: httpx.Request) -> httpx.Response:
        body = self.meet.documents().get(path)
        date = format_datetime(NOON + timedelta(seconds=passed() + 7), usegmt=True)
        if body is None:
            return httpx.Response(404, headers={"Date": date})
        headers = {"Date": date}
        if self.etags:
            headers["ETag"] = f'"{hash(body)}"'
            if request.headers.get("If-None-Match") == headers["ETag"]:
                return httpx.Response(304, headers=headers)
        return httpx.Response(200, headers=headers, content=body)

    def times(self, path: str, since: float = 0.0) -> list[float]:
        return [asked.at for asked in self.asked if asked.path == path and asked.at >= since]

    def gaps(self, path: str, since: float = 0.0) -> list[float]:
        return [later - earlier for earlier, later in pairwise(self.times(path, since))]


class Shelf:
    """A recorder in memory that can be made to fail."""

    def __init__(self) -> None:
        self.tape = Tape()
        self.reader = TapeReader(self.tape, EVENT)
        self.taken: list[str] = []
        self.same: list[str] = []
        self.failures: list[tuple[str, str]] = []
        self.raises: Exception | None = None
        self.raises_for = ""
        self.meet_raises: Exception | None = None

    def take(self, path: str, body: bytes) -> Outcome:
        if self.raises is not None and path.endswith(self.raises_for):
            raise self.raises
        outcome = self.tape.append(path, body, clock())
        self.taken.append(path)
        return outcome

    def unchanged(self, path: str) -> None:
        self.same.append(path)

    def failed(self, path: str, words: str) -> None:
        self.failures.append((path, words))

    def meet(self) -> Meet:
        if self.meet_raises is not None:
            raise self.meet_raises
        return self.reader.meet(clock())


class Bench:
    """A poller at work on a meet."""

    def __init__(self, meet: WireMeet, random: Random | None = None) -> None:
        self.meet = meet
        self.wire = Wire(meet)
        self.shelf = Shelf()
        self.health: list[Health] = []
        self.waits = 0
        self.feed = Feed(
            "https://feed.example", version="1", transport=httpx.MockTransport(self.wire)
        )
        self.poller = Poller(
            self.feed,
            EVENT,
            self.shelf,
            clock=clock,
            on_health=self.health.append,
            random=random or Steady(),
            wait=self._wait,
        )

    async def _wait(self, event: asyncio.Event, seconds: float | None) -> None:
        self.waits += 1
        assert seconds is None or seconds > 0
        try:
            async with asyncio.timeout(seconds):
                await event.wait()
        except TimeoutError:
            pass

    @asynccontextmanager
    async def running(self) -> Any:
        task = asyncio.create_task(self.poller.run())
        try:
            yield self
            assert not task.done(), "the poller gave up"
        finally:
            task.cancel()
            await asyncio.gather(task, return_exceptions=True)
            await self.feed.aclose()
            self.shelf.tape.close()


def now() -> datetime:
    try:
        return NOON + timedelta(seconds=passed())
    except RuntimeError:
        return NOON


def meet_at(*begins: timedelta, live: Iterable[int] = (), **options: Any) -> WireMeet:
    """Return a meet of today with a race at each of some times from noon."""
    meet = WireMeet(now, **options)
    for index, begin in enumerate(begins):
        meet.add_race(begin=NOON + begin, gender="FM"[index % 2], starters=4)
    for number in live:
        meet.start(number)
    return meet


def minutes(count: float) -> timedelta:
    return timedelta(minutes=count)


def error(status: int, **headers: str) -> Reply:
    named = {name.replace("_", "-"): value for name, value in headers.items()}
    return lambda _: httpx.Response(status, headers=named)


def unreachable(request: httpx.Request) -> httpx.Response:
    raise httpx.ConnectError("no route to host", request=request)


# --- what is wanted: by the state of the meet and the time -------------------------------------


def state(meet: WireMeet) -> Meet:
    tape = Tape()
    for path, body in meet.documents().items():
        if not path.startswith("events/?") and not path.endswith("start-list/"):
            tape.append(path, body, 0)
    read = TapeReader(tape, EVENT).meet(0)
    tape.close()
    return read


@pytest.mark.parametrize(
    ("begins", "hours_later", "every_s"),
    [
        (minutes(29), 0, 20),
        (minutes(31), 0, 60),
        (-minutes(5), 0, 20),
        (-minutes(11.9 * 60), 0, 20),
        (minutes(300), 0, 60),
        (minutes(300), -24, 600),
        (minutes(300), -48, 1800),
        (minutes(0), 24, 60),
        (minutes(0), 24 * 3, 600),
        (minutes(0), 24 * 4, 1800),
    ],
)
def test_how_often_the_programme_is_asked_for(
    begins: timedelta, hours_later: int, every_s: int
) -> None:
    meet = state(meet_at(begins, days=3))
    assert programme_every(meet, NOON + timedelta(hours=hours_later)) == every_s * 1000


def test_a_live_race_hastens_the_programme_and_official_ones_slow_it() -> None:
    meet = meet_at(-minutes(60), minutes(200), live=[1])
    assert programme_every(state(meet), NOON) == 20_000
    for number in meet.races:
        meet.hold(number)
        meet.make_official(number)
    assert programme_every(state(meet), NOON) == 600_000


def test_a_meet_of_which_nothing_is_known_is_asked_for_as_on_its_day() -> None:
    unknown = Shelf()
    meet = unknown.reader.meet(0)
    unknown.tape.close()
    assert programme_every(meet, NOON) == 60_000
    assert needs(meet, NOON) == {
        EVENT_DOC: Need(Urgency.PROGRAMME, 3_600_000),
        SCHEDULE: Need(Urgency.PROGRAMME, 60_000),
        RACES: Need(Urgency.PROGRAMME, 60_000),
    }


def one_race(change: Callable[[WireMeet], object]) -> tuple[Meet, Race]:
    meet = meet_at(minutes(0))
    change(meet)
    read = state(meet)
    return read, read.races[0]


def skated(meet: WireMeet) -> None:
    for row in range(4):
        meet.finish(1, row, 38_000 + row)


def skated_and_official(meet: WireMeet) -> None:
    skated(meet)
    meet.make_official(1)


@pytest.mark.parametrize(
    ("change", "minutes_later", "every_s"),
    [
        (lambda meet: None, -300, None),
        (lambda meet: None, -20, 60),
        (lambda meet: None, 20, 60),
        (lambda meet: meet.start(1), 0, 3),
        (lambda meet: meet.start(1), 24 * 60, 3),
        (lambda meet: meet.passage(1, 0, 0, 10_900), 10, 20),
        (lambda meet: meet.passage(1, 0, 0, 10_900), 200, 60),
        (skated, 20, 60),
        (skated, 24 * 60 * 9, 1800),
        (skated_and_official, 20, None),
        (lambda meet: setattr(meet.races[1], "published", False), -300, 600),
        (lambda meet: setattr(meet.races[1], "published", False), -24 * 60 * 3, 3600),
    ],
)
def test_how_often_results_are_asked_for(
    change: Callable[[WireMeet], object], minutes_later: int, every_s: int | None
) -> None:
    meet, _ = one_race(change)
    wanted = needs(meet, NOON + minutes(minutes_later))[results(1)]
    assert wanted.every_ms == (None if every_s is None else every_s * 1000)


def test_a_race_is_due_from_half_an_hour_before_until_it_begins() -> None:
    _, race = one_race(lambda meet: None)
    offsets = (-31, -30, 0, 600, 721)
    assert [is_due(race, NOON + minutes(offset)) for offset in offsets] == [
        False, True, True, True, False,
    ]  # fmt: skip
    _, begun = one_race(lambda meet: meet.passage(1, 0, 0, 10_900))
    assert not is_due(begun, NOON)
    assert not is_due(replace(race, start=None), NOON)


def test_live_races_come_first_then_programme_then_the_one_on_screen() -> None:
    meet = meet_at(minutes(0), minutes(60), minutes(24 * 60), live=[1])
    wanted = needs(state(meet), NOON, looked_at=3)
    order = sorted(wanted, key=lambda path: wanted[path].urgency)
    assert order[:5] == [results(1), SCHEDULE, RACES, results(3), results(2)]
    assert [wanted[path].urgency.is_awaited for path in order[:5]] == [True] * 4 + [False]


def test_conditions_and_start_lists_are_wanted_only_where_they_tell_something() -> None:
    meet = meet_at(minutes(0), -minutes(60), minutes(120), minutes(24 * 60 * 5), live=[1])
    meet.hold(2)
    meet.make_official(2)
    read = state(meet)

    def extra(**given: Any) -> set[str]:
        return {
            path
            for path in needs(read, NOON, **given)
            if path.count("/") > 3 and not path.endswith("results/")
        }

    live = {isu.competition_path(EVENT, 1), *records(1)}
    assert extra() == live
    assert extra(looked_at=2) == {*live, isu.competition_path(EVENT, 2)}
    assert extra(looked_at=3) == {*live, *records(3)}
    assert extra(without_rows={3, 4}) == {*live, isu.start_list_path(EVENT, 3)}
    assert extra(without_rows={4}, looked_at=4) == {*live, isu.start_list_path(EVENT, 4)}


def records(number: int) -> set[str]:
    made = (isu_records.records_path, isu_records.personal_bests_path)
    return {make(EVENT, number) for make in made}


def test_records_are_wanted_once_before_a_race_and_seldom_while_it_is_skated() -> None:
    meet = meet_at(minutes(20), minutes(40))
    assert [need.every_ms for need in of_records(meet)] == [None, None]
    meet.start(1)
    assert [need.every_ms for need in of_records(meet)] == [300_000, 300_000]
    meet.hold(1)
    assert of_records(meet) == []
    meet.make_official(1)
    assert of_records(meet) == []


def of_records(meet: WireMeet) -> list[Need]:
    wanted = needs(state(meet), NOON)
    return [wanted[path] for path in records(1) if path in wanted]


@jumping
async def test_records_that_are_not_there_are_asked_for_once() -> None:
    bench = Bench(meet_at(minutes(0), live=[1]))
    async with bench.running():
        await asyncio.sleep(3600)
    for path in records(1):
        assert len(bench.wire.times(path)) == 1
    assert bench.poller.health.error is None


@jumping
async def test_records_that_are_there_are_asked_for_every_five_minutes() -> None:
    bench = Bench(meet_at(minutes(0), live=[1]))
    path = isu_records.records_path(EVENT, 1)
    bench.wire.replies[path] = lambda _: httpx.Response(200, content=b"[]")
    async with bench.running():
        await asyncio.sleep(1800)
    assert 5 <= len(bench.wire.times(path)) <= 7
    assert bench.wire.gaps(path) == pytest.approx([300] * (len(bench.wire.times(path)) - 1), abs=1)


# --- the poller at work ------------------------------------------------------------------------


@jumping
async def test_a_live_race_is_polled_every_three_seconds_from_answer_to_question() -> None:
    bench = Bench(meet_at(minutes(0), live=[1]))
    bench.wire.latency[results(1)] = 1.5
    async with bench.running():
        await asyncio.sleep(60)
    assert bench.wire.gaps(results(1)) == pytest.approx([4.5] * 13, abs=0.01)
    assert bench.wire.gaps(RACES) == pytest.approx([20.1] * 2, abs=0.01)


@jumping
async def test_pauses_sway_by_a_tenth() -> None:
    bench = Bench(meet_at(minutes(0), live=[1]), random=Random(4))
    async with bench.running():
        await asyncio.sleep(600)
    gaps = [gap - 0.1 for gap in bench.wire.gaps(results(1))]
    assert 2.69 < min(gaps) < 2.75
    assert 3.25 < max(gaps) < 3.31
    assert sum(gaps) / len(gaps) == pytest.approx(3, abs=0.05)


@jumping
async def test_two_live_races_are_both_polled_wherever_the_viewer_looks() -> None:
    bench = Bench(meet_at(minutes(0), minutes(0), minutes(90), live=[1, 2]))
    async with bench.running():
        bench.poller.look_at(3)
        await asyncio.sleep(60)
    for number in (1, 2):
        assert bench.wire.gaps(results(number)) == pytest.approx([3.1] * 19, abs=0.01)
    assert len(bench.wire.times(results(3))) == 1
    assert set(bench.health[-1].awaited) == {results(1), results(2)}
    assert bench.health[-1].interval_ms == 3000


@jumping
async def test_a_race_that_goes_live_by_the_programme_alone_is_followed() -> None:
    meet = meet_at(minutes(5))
    bench = Bench(meet)
    async with bench.running():
        await asyncio.sleep(100)
        meet.races[1].live = True
        listed = meet.competition(meet.races[1]) | {"isLive": False}
        bench.wire.replies[RACES] = lambda _: httpx.Response(200, content=encode([listed]))
        await asyncio.sleep(60)
    assert len(bench.wire.times(results(1), since=125)) >= 10
    assert len(bench.wire.times(isu.competition_path(EVENT, 1))) == 1


@jumping
async def test_conditions_come_at_the_start_and_at_the_end_of_a_race() -> None:
    meet = meet_at(minutes(0))
    bench = Bench(meet)
    path = isu.competition_path(EVENT, 1)
    async with bench.running():
        await asyncio.sleep(30)
        assert bench.wire.times(path) == []
        meet.start(1)
        await asyncio.sleep(60)
        assert len(bench.wire.times(path)) == 1
        skated(meet)
        meet.stop(1)
        await asyncio.sleep(120)
        race = bench.shelf.meet().races[0]
        assert race.conditions is not None
        assert race.over
    assert 2 <= len(bench.wire.times(path)) <= 3


@jumping
async def test_results_are_asked_once_more_when_a_race_is_live_no_longer() -> None:
    meet = meet_at(minutes(0), live=[1])
    bench = Bench(meet)
    async with bench.running():
        await asyncio.sleep(60)
        skated(meet)
        meet.make_official(1)
        await asyncio.sleep(300)
        assert bench.shelf.meet().races[0].has_result
    (told,) = bench.wire.times(RACES, since=60)[:1]
    assert [time for time in bench.wire.times(results(1)) if time > told] == [
        pytest.approx(told + 0.1)
    ]


@jumping
async def test_everything_is_fetched_once_then_only_what_the_list_says_has_changed() -> None:
    meet = meet_at(*[minutes(200 + 10 * index) for index in range(6)])
    bench = Bench(meet)
    async with bench.running():
        await asyncio.sleep(200)
        assert Counter(bench.shelf.taken) >= Counter(results(n) for n in meet.races)
        assert all(len(bench.wire.times(results(n))) == 1 for n in meet.races)
        meet.withdraw(4, 0)
        await asyncio.sleep(200)
    assert [len(bench.wire.times(results(n))) for n in meet.races] == [1, 1, 1, 2, 1, 1]
    assert len(bench.wire.times(EVENT_DOC)) == 1


@jumping
async def test_a_backlog_begins_with_the_present_day_and_never_fills_all_places() -> None:
    begins = [minutes(24 * 60 + index) for index in range(12)] + [minutes(200)]
    meet = meet_at(*begins)
    bench = Bench(meet)
    bench.wire.latency[""] = 1.0
    async with bench.running():
        await asyncio.sleep(0.1)
        bench.poller.look_at(7)
        await asyncio.sleep(60)
    order = [asked.path for asked in bench.wire.asked if asked.path.endswith("results/")]
    assert order[:2] == [results(7), results(13)]
    assert sorted(order) == sorted(results(number) for number in meet.races)
    starts = Counter(
        round(asked.at, 3) for asked in bench.wire.asked if asked.path.endswith("results/")
    )
    assert max(starts.values()) <= 3
    assert bench.wire.most_at_once <= 4


@jumping
async def test_one_document_is_never_asked_for_twice_at_once() -> None:
    bench = Bench(meet_at(minutes(0), minutes(0), live=[1, 2]))
    bench.wire.latency[results(1)] = 12.0
    async with bench.running():
        for _ in range(60):
            await asyncio.sleep(1)
            bench.poller.look_at(1)
    assert bench.wire.most_of_one == 1
    assert len(bench.wire.times(results(1))) == 4
    assert len(bench.wire.times(results(2))) == 20


@jumping
async def test_four_requests_at_once_at_most() -> None:
    meet = meet_at(*[minutes(0)] * 9, live=range(1, 8))
    bench = Bench(meet)
    bench.wire.latency[""] = 5.0
    async with bench.running():
        await asyncio.sleep(300)
    assert bench.wire.most_at_once == 4
    counts = [len(bench.wire.times(results(n))) for n in range(1, 8)]
    assert max(counts) - min(counts) <= 2, "some live races are starved"


@jumping
async def test_a_race_not_published_yet_is_no_failure_and_asked_again_rarely() -> None:
    meet = meet_at(minutes(300), minutes(24 * 60))
    meet.races[1].published = False
    bench = Bench(meet)
    bench.wire.replies["2/results/"] = error(404)
    async with bench.running():
        await asyncio.sleep(3600)
        assert {len(bench.wire.times(results(n))) for n in (1, 2)} == {6}
        for number in (1, 2):
            path = isu.start_list_path(EVENT, number)
            assert len(bench.wire.times(path)) == 6
        assert isu.start_list_path(EVENT, 2) in bench.shelf.taken, (
            "the start list stands in for the results"
        )
        assert all(health.error is None for health in bench.health)
        assert bench.shelf.failures == []
        meet.start(1)
        await asyncio.sleep(65)
        assert bench.shelf.meet().races[0].entries_known


@jumping
async def test_looking_at_a_race_brings_its_results_if_they_are_old() -> None:
    bench = Bench(meet_at(minutes(300), minutes(310)))
    async with bench.running():
        await asyncio.sleep(30)
        bench.poller.look_at(2)
        await asyncio.sleep(30)
        assert len(bench.wire.times(results(2))) == 1
        await asyncio.sleep(30)
        bench.poller.look_at(1)
        await asyncio.sleep(1)
        bench.poller.look_at(None)
        bench.poller.look_at(2)
        bench.poller.look_at(99)
        await asyncio.sleep(1)
    assert len(bench.wire.times(results(1), since=60)) == 1
    assert len(bench.wire.times(results(2), since=60)) == 1


@jumping
async def test_nothing_runs_when_nothing_is_due() -> None:
    meet = meet_at(minutes(24 * 60 * 20), begins=NOON + timedelta(days=20))
    bench = Bench(meet)
    async with bench.running():
        await asyncio.sleep(60)
        before, asked = bench.waits, len(bench.wire.asked)
        await asyncio.sleep(3600 * 5)
    assert len(bench.wire.asked) - asked <= 30
    assert bench.waits - before <= 2 * (len(bench.wire.asked) - asked) + 2


# --- what is not sent again --------------------------------------------------------------------


@jumping
async def test_an_unchanged_document_counts_as_a_good_answer() -> None:
    bench = Bench(meet_at(minutes(0), live=[1]))
    bench.wire.etags = True
    async with bench.running():
        await asyncio.sleep(30)
        assert bench.shelf.taken.count(results(1)) == 1
        assert bench.shelf.same.count(results(1)) == 9
        assert bench.health[-1].last_good[results(1)] > clock() - 3200
    first, *later = [asked for asked in bench.wire.asked if asked.path == results(1)]
    assert "if-none-match" not in first.headers
    assert all("if-none-match" in asked.headers for asked in later)


@pytest.mark.parametrize(
    "failure", [isu.Unreadable("garbled"), TapeUnusable("no room"), KeyError("rows")]
)
@jumping
async def test_what_could_not_be_kept_is_asked_for_in_full(failure: Exception) -> None:
    bench = Bench(meet_at(minutes(0), live=[1]))
    bench.wire.etags = True
    async with bench.running():
        await asyncio.sleep(10)
        bench.shelf.raises = failure
        bench.meet.finish(1, 0, 38_111)
        await asyncio.sleep(20)
        bench.shelf.raises = None
        await asyncio.sleep(70)
        assert bench.health[-1].error is None
        assert bench.shelf.meet().races[0].has_result
    failed = [asked for asked in bench.wire.asked if 14 < asked.at < 30]
    assert not any("if-none-match" in a.headers for a in failed if a.path == results(1))


@jumping
async def test_another_poller_of_the_same_feed_begins_in_full() -> None:
    bench = Bench(meet_at(minutes(0), live=[1]))
    bench.wire.etags = True
    await bench.feed.get(results(1))
    async with bench.running():
        await asyncio.sleep(5)
    assert results(1) in bench.shelf.taken


# --- when things go wrong ----------------------------------------------------------------------


@jumping
async def test_pauses_double_up_to_a_minute() -> None:
    bench = Bench(meet_at(minutes(0), live=[1]))
    async with bench.running():
        await asyncio.sleep(10)
        failing_since = passed()
        bench.wire.replies["results/"] = error(500)
        await asyncio.sleep(300)
        health = bench.health[-1]
    gaps = [round(gap - 0.1) for gap in bench.wire.gaps(results(1), since=failing_since)]
    assert gaps == [3, 6, 12, 24, 48, 60, 60, 60]
    assert (health.error, health.failures) == ("the feed answered 500", 9)
    assert health.next_try is not None
    assert bench.shelf.failures[-1] == (results(1), "the feed answered 500")


@jumping
async def test_a_document_nobody_waits_for_is_left_alone_for_longer() -> None:
    bench = Bench(meet_at(minutes(200), minutes(300)))
    bench.wire.replies["2/results/"] = error(500)
    async with bench.running():
        await asyncio.sleep(1800)
        assert bench.health[-1].error is None, "the screen lacks nothing"
        assert bench.shelf.failures[0] == (results(2), "the feed answered 500")
    gaps = [round(gap - 0.1) for gap in bench.wire.gaps(results(2))]
    assert gaps[:9] == [3, 6, 12, 24, 48, 96, 192, 384, 600]


@pytest.mark.parametrize("status", [429, 503])
@jumping
async def test_the_whole_feed_is_left_alone_for_as_long_as_it_asks(status: int) -> None:
    bench = Bench(meet_at(minutes(0), minutes(0), live=[1, 2]))
    async with bench.running():
        await asyncio.sleep(9)
        bench.wire.replies["1/results/"] = error(status, Retry_After="100")
        await asyncio.sleep(20)
        health = bench.health[-1]
        bench.wire.replies.clear()
        await asyncio.sleep(120)
        assert bench.health[-1].error is None
    assert health.error == f"the feed answered {status}"
    assert health.next_try is not None
    told = next(a.at for a in bench.wire.asked if a.at > 9 and a.path == results(1)) + 0.1
    assert health.next_try == pytest.approx((NOON.timestamp() + told + 105) * 1000, abs=5)
    again = [a.at for a in bench.wire.asked if a.at > told + 0.1]
    assert again[0] == pytest.approx(told + 105, abs=0.1)


@jumping
async def test_a_feed_that_asked_somebody_else_to_be_left_alone_is() -> None:
    bench = Bench(meet_at(minutes(0), live=[1]))
    bench.wire.replies["9/results/"] = error(429, Retry_After="100")
    async with bench.running():
        await asyncio.sleep(20)
        with pytest.raises(Answered):
            await bench.feed.get(results(9))
        told = passed()
        await asyncio.sleep(200)
    later = [asked.at for asked in bench.wire.asked if asked.at > told]
    assert later[0] == pytest.approx(told + 105, abs=0.1)
    assert bench.feed.on_left_alone == []


@jumping
async def test_one_bad_document_stops_no_other_and_is_not_hammered() -> None:
    bench = Bench(meet_at(minutes(0), minutes(0), live=[1, 2]))
    bench.wire.replies["1/results/"] = lambda _: httpx.Response(200, content=b"<html></html>")
    async with bench.running():
        await asyncio.sleep(300)
        health = bench.health[-1]
    assert len(bench.wire.times(results(2))) > 90
    assert len(bench.wire.times(results(1))) < 12
    assert health.error == "the feed answered with a web page instead of data"
    assert results(1) not in health.last_good


@jumping
async def test_words_go_when_all_is_well_again_and_the_others_are_tried_soon() -> None:
    bench = Bench(meet_at(minutes(0), minutes(0), live=[1, 2]))
    async with bench.running():
        await asyncio.sleep(10)
        bench.wire.replies[""] = unreachable
        await asyncio.sleep(310)
        assert bench.health[-1].error == "the feed can't be reached"
        bench.wire.replies.clear()
        back = passed()
        await asyncio.sleep(62)
        assert bench.health[-1].error is None
    first = {}
    for asked in bench.wire.asked:
        if asked.at > back:
            first.setdefault(asked.path, asked.at)
    awaited = [first[path] for path in (results(1), results(2), SCHEDULE, RACES)]
    assert max(awaited) - min(awaited) < 1.5


@pytest.mark.parametrize("where", ["take", "meet", "health"])
@jumping
async def test_an_unexpected_exception_is_told_and_polling_goes_on(where: str) -> None:
    bench = Bench(meet_at(minutes(0), live=[1]))
    handler = logging.NullHandler()
    log = logging.getLogger("longtrack.poller")
    log.addHandler(handler)
    log.propagate = False
    try:
        async with bench.running():
            await asyncio.sleep(10)
            if where == "take":
                bench.shelf.raises = ZeroDivisionError("a bug")
                bench.shelf.raises_for = "1/results/"
            elif where == "meet":
                bench.shelf.meet_raises = ZeroDivisionError("a bug")
            else:
                bench.poller._on_health = lambda _: 1 / 0  # type: ignore[assignment]
            before = len(bench.wire.asked)
            await asyncio.sleep(40)
            assert len(bench.wire.asked) > before + 5
            if where == "take":
                words = "the answer could not be used (ZeroDivisionError)"
                assert bench.poller.health.error == words
            bench.shelf.raises = bench.shelf.meet_raises = None
            await asyncio.sleep(60)
            assert bench.poller.health.error is None
    finally:
        log.removeHandler(handler)
        log.propagate = True


@jumping
async def test_a_tape_that_can_not_be_written_is_told_and_polling_goes_on() -> None:
    bench = Bench(meet_at(minutes(0), live=[1]))
    failure: TapeError = TapeUnusable("meet.tape: the disk is full")
    bench.shelf.raises = failure
    async with bench.running():
        await asyncio.sleep(100)
        assert bench.health[-1].error == "meet.tape: the disk is full"
        bench.shelf.raises = None
        await asyncio.sleep(65)
        assert bench.health[-1].error is None
        assert results(1) in bench.shelf.taken


@jumping
async def test_an_answer_that_never_ends_is_given_up() -> None:
    bench = Bench(meet_at(minutes(0), live=[1]))
    async with bench.running():
        await asyncio.sleep(10)
        bench.wire.latency[results(1)] = 10_000
        await asyncio.sleep(20)
        assert bench.health[-1].error == "the feed timed out"
        bench.wire.latency.clear()
        await asyncio.sleep(20)
        assert bench.health[-1].error is None


@jumping
async def test_the_servers_clock_is_compared_with_ours() -> None:
    bench = Bench(meet_at(minutes(0), live=[1]))
    async with bench.running():
        await asyncio.sleep(10)
    ahead = bench.health[-1].server_ahead_ms
    assert ahead is not None
    assert 6_000 <= ahead <= 7_000


@jumping
async def test_the_poller_ends_with_all_its_requests() -> None:
    bench = Bench(meet_at(minutes(0), live=[1]))
    bench.wire.latency[""] = 10.0
    async with bench.running():
        await asyncio.sleep(5)
        assert bench.wire.under_way.total() > 0
    assert bench.wire.under_way.total() == 0
    assert asyncio.all_tasks() == {asyncio.current_task()}


# --- the feed ----------------------------------------------------------------------------------


def feed_of(reply: Callable[[httpx.Request], Any], **limits: int) -> Feed:
    transport = httpx.MockTransport(reply)
    return Feed("https://feed.example", version="1", limits=Limits(**limits), transport=transport)


async def _caught(request: Awaitable[object]) -> FeedError:
    with pytest.raises(FeedError) as caught:
        await request
    return caught.value


async def test_a_redirect_to_another_host_is_refused() -> None:
    hosts: list[str] = []

    def reply(request: httpx.Request) -> httpx.Response:
        hosts.append(request.url.host)
        return httpx.Response(302, headers={"Location": places.popleft()})

    for place in (
        "https://elsewhere.example/events/",
        "//elsewhere.example/events/",
        "http://feed.example/events/",
        "https://feed.example:8443/events/",
        "https://feed.example.elsewhere.example/",
    ):
        places = deque([place])
        caught = await _caught(feed_of(reply).get(EVENT_DOC))
        assert str(caught) == "the feed sent us to another host, which is not asked"
    assert set(hosts) == {"feed.example"}


async def test_a_body_too_large_is_given_up_in_the_middle() -> None:
    sent = 0

    class Endless(httpx.AsyncByteStream):
        async def __aiter__(self) -> Any:
            nonlocal sent
            while True:
                sent += 1000
                yield b" " * 1000

    feed = feed_of(lambda _: httpx.Response(200, stream=Endless()), body_bytes=5000)
    assert str(await _caught(feed.get(EVENT_DOC))) == "the feed's answer is too large"
    assert sent <= 7000


@pytest.mark.parametrize(
    ("failure", "kind", "words"),
    [
        (httpx.ConnectTimeout("x"), Unreachable, "the feed timed out"),
        (httpx.ReadTimeout("x"), Unreachable, "the feed timed out"),
        (httpx.ConnectError("x"), Unreachable, "the feed can't be reached"),
        (
            httpx.ConnectError("[SSL: CERTIFICATE_VERIFY_FAILED] self-signed"),
            Unreachable,
            "the feed's certificate can't be trusted",
        ),
        (httpx.ReadError("x"), Unreachable, "the feed broke off in the middle"),
        (httpx.RemoteProtocolError("x"), Unreachable, "the feed broke off in the middle"),
        (httpx.ProxyError("x"), Unreachable, "the proxy refused the connection"),
        (httpx.DecodingError("x"), FeedError, "the feed's answer is garbled"),
        (OSError("x"), Unreachable, "the feed can't be reached"),
        (httpx.TooManyRedirects("x"), FeedError, "the feed's answer can't be understood"),
    ],
)
async def test_no_exception_of_the_client_gets_out(
    failure: Exception, kind: type[FeedError], words: str
) -> None:
    def reply(_: httpx.Request) -> httpx.Response:
        raise failure

    caught = await _caught(feed_of(reply).get(EVENT_DOC))
    assert type(caught) is kind
    assert str(caught) == words


@pytest.mark.parametrize("status", [204, 206, 304, 401, 403, 410, 418, 500, 502])
async def test_other_answers_carry_their_status(status: int) -> None:
    caught = await _caught(feed_of(lambda _: httpx.Response(status)).get(EVENT_DOC))
    assert isinstance(caught, Answered)
    assert not isinstance(caught, NotFound)
    assert caught.status == status
    assert str(caught) == f"the feed answered {status}"


def _pages(following: Callable[[str], str | None]) -> tuple[Feed, list[str]]:
    asked: list[str] = []

    def reply(request: httpx.Request) -> httpx.Response:
        assert request.url.host == "feed.example"
        path = request.url.raw_path.decode().removeprefix("/")
        asked.append(path)
        body = encode({"count": 1, "next": following(path), "results": []})
        return httpx.Response(200, content=body)

    return feed_of(reply), asked


async def test_of_the_next_page_only_the_query_is_used() -> None:
    answers: Iterator[str | None] = iter(
        ["https://elsewhere.example/evil/?season=2026&page=2", "http://[::1]/?page=3", None]
    )
    feed, asked = _pages(lambda _: next(answers))
    pages = await feed.events(2026)
    assert asked == ["events/?season=2026", "events/?season=2026&page=2", "events/?page=3"]
    assert [path for path, _ in pages] == asked


async def test_pages_that_go_round_end() -> None:
    feed, asked = _pages(lambda path: "/?page=2" if "season" in path else "/?season=2026")
    await feed.events(2026)
    assert asked == ["events/?season=2026", "events/?page=2"]


async def test_pages_without_end_are_limited() -> None:
    count = iter(range(2, 1000))
    feed, asked = _pages(lambda _: f"/?page={next(count)}")
    assert len(await feed.events(2026)) == MAX_PAGES
    assert len(asked) == MAX_PAGES


async def test_events_are_read_in_full_each_time() -> None:
    conditions: list[bool] = []

    def reply(request: httpx.Request) -> httpx.Response:
        conditions.append("if-none-match" in request.headers)
        return httpx.Response(200, content=b"[]", headers={"ETag": '"1"'})

    feed = feed_of(reply)
    for _ in range(2):
        assert await feed.events(2026) == [("events/?season=2026", b"[]")]
    assert conditions == [False, False]
