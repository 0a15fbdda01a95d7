"""An invented winter of World Cups, two held, one under way and one to come, and a feed of it."""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Mapping
from contextlib import closing
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any, Final

import httpx

from longtrack import isu
from longtrack.http import Feed
from longtrack.model import Meet
from longtrack.state import TapeReader
from longtrack.tape import Tape
from longtrack.tape_files import tape_file
from meets import Clock, locations
from rinkside.library import LATEST, Library
from rinkside.synced import MeetSynced, Progress
from rinkside.syncing import SeasonSync
from wire import WireMeet, season_documents

NOW: Final = datetime(2026, 1, 24, 12, tzinfo=UTC)
EDMONTON, BERLIN, OSLO, TOKYO = "2026_CAN_0005", "2026_GER_0005", "2026_NOR_0005", "2026_JPN_0005"
LIST: Final = isu.events_path(2026)

Reply = Callable[[httpx.Request], httpx.Response]


def programme(event_id: str) -> list[str]:
    """Return the paths of what tells of a whole meet."""
    return [make(event_id) for make in (isu.event_path, isu.schedule_path, isu.competitions_path)]


def results(event_id: str, *numbers: int) -> list[str]:
    """Return the paths of some races' results."""
    return [isu.results_path(event_id, number) for number in numbers]


FIRST: Final = sorted(
    [
        LIST,
        *(path for event_id in (EDMONTON, BERLIN, OSLO, TOKYO) for path in programme(event_id)),
        *results(EDMONTON, 1, 2, 3, 4),
        *results(BERLIN, 1, 2, 3, 4),
        *results(OSLO, 1, 2, 3),
    ]
)
"""What is asked for the first time."""


class Winter:
    """The meets, and the time.

    Args:
        now: The present; the meets are laid out around it.
    """

    def __init__(self, now: datetime = NOW) -> None:
        self.clock = Clock(round(now.timestamp() * 1000))
        self.edmonton = self._held(EDMONTON, now - timedelta(days=70), "America/Edmonton")
        self.berlin = self._held(BERLIN, now - timedelta(days=40), "Europe/Berlin")
        self.oslo = self._meet(OSLO, now - timedelta(days=1), "Europe/Oslo")
        for hours, metres in ((-24, 500), (-1, 1000), (-3, 1500), (24, 3000)):
            self.oslo.add_race(
                begin=now + timedelta(hours=hours), metres=metres, starters=4, published=hours < 0
            )
        self._hold(self.oslo, 1, official=True)
        self.oslo.start(2)
        self.oslo.finish(2, 0, 76_000)
        self._hold(self.oslo, 3, official=False)
        self.tokyo = self._meet(TOKYO, now + timedelta(days=20), "Asia/Tokyo")
        self.tokyo.add_race(begin=now + timedelta(days=20), published=False)

    @property
    def meets(self) -> tuple[WireMeet, ...]:
        """All of them, in the order of the calendar."""
        return self.edmonton, self.berlin, self.oslo, self.tokyo

    def documents(self) -> dict[str, bytes]:
        """Return what the feed has."""
        return season_documents(*self.meets)

    def _meet(self, event_id: str, begins: datetime, zone: str) -> WireMeet:
        return WireMeet(self.clock.instant, event_id=event_id, begins=begins, zone=zone)

    def _held(self, event_id: str, begins: datetime, zone: str) -> WireMeet:
        meet = self._meet(event_id, begins, zone)
        for number, metres in enumerate((500, 1000, 1500, 3000)):
            meet.add_race(begin=begins + timedelta(hours=number), metres=metres, starters=4)
            self._hold(meet, number + 1, official=True)
        return meet

    def _hold(self, meet: WireMeet, number: int, *, official: bool) -> None:
        clock, race = meet.clock, meet.races[number]
        begin = race.begin
        meet.clock = lambda: begin + timedelta(minutes=20)
        meet.hold(number)
        race.begin = begin
        if official:
            meet.make_official(number)
        meet.clock = clock


class Answers:
    """Answers requests from the winter's documents, and otherwise where it is told to."""

    def __init__(self, winter: Winter) -> None:
        self.winter = winter
        self.asked: list[str] = []
        self.times: list[int] = []
        self.replies: dict[str, Reply] = {}
        """By the end of the path, what is answered instead of the document."""
        self.gates: dict[str, asyncio.Event] = {}
        """By the path, what must happen before it is answered."""
        self.on_ask: Callable[[str], object] = lambda _: None
        self.under_way: list[str] = []
        self.most_at_once = 0
        self._documents: Mapping[str, bytes] = winter.documents()

    def publish(self) -> None:
        """Let the feed tell what has happened by now."""
        self._documents = self.winter.documents()

    def feed(self) -> Feed:
        """Return a door to it."""
        return Feed("https://feed.example", version="1", transport=httpx.MockTransport(self))

    async def __call__(self, request: httpx.Request) -> httpx.Response:
        path = request.url.raw_path.decode().removeprefix("/")
        self.asked.append(path)
        self.times.append(self.winter.clock())
        self.under_way.append(path)
        self.most_at_once = max(self.most_at_once, len(self.under_way))
        try:
            self.on_ask(path)
            if path in self.gates:
                await self.gates[path].wait()
            for _ in range(5):  # others have their turn
                await asyncio.sleep(0)
            for end, reply in self.replies.items():
                if path.endswith(end):
                    return reply(request)
            body = self._documents.get(path)
            if body is None:
                return httpx.Response(404)
            etag = {"ETag": f'"{hash(body)}"'}
            if request.headers.get("If-None-Match") == etag["ETag"]:
                return httpx.Response(304, headers=etag)
            return httpx.Response(200, content=body, headers=etag)
        finally:
            self.under_way.remove(path)


class Desk:
    """A computer on which the winter is fetched."""

    def __init__(self, data: Path, now: datetime = NOW) -> None:
        self.winter = Winter(now)
        self.answers = Answers(self.winter)
        self.progress: list[Progress] = []
        self.lines: list[MeetSynced] = []
        self.waited: list[float] = []
        self.on_wait: Callable[[], object] = lambda: None
        self.places = locations(data)
        self.library = self.new_library()

    def new_library(self) -> Library:
        """Return a library as a program that starts now has it."""
        return Library(self.places, "https://feed.example", offline=False, clock=self.winter.clock)

    async def wait(self, seconds: float) -> None:
        """Let time pass at once."""
        self.waited.append(seconds)
        self.winter.clock.on(seconds)
        self.on_wait()
        await asyncio.sleep(0)

    async def sync(self, **more: Any) -> list[MeetSynced]:
        """Fetch, and return what has come of each meet; what was asked before is forgotten."""
        self.answers.asked.clear()
        self.answers.times.clear()
        self.lines.clear()
        self.progress.clear()
        await self.run(**more)
        return self.lines

    async def run(self, **more: Any) -> Any:
        """Fetch, on top of what was asked before."""
        self.library = self.new_library()
        async with self.answers.feed() as feed:
            return await SeasonSync(
                self.library,
                feed,
                2026,
                wait=self.wait,
                on_progress=self.progress.append,
                on_meet=self.lines.append,
                **more,
            ).run()

    def tape(self, event_id: str) -> Tape:
        """Open a meet's tape; the caller closes it."""
        return Tape(tape_file(self.places.tapes, "feed.example", event_id))

    def meet(self, event_id: str) -> Meet:
        """Return a meet as its tape has it."""
        with closing(self.tape(event_id)) as tape:
            return TapeReader(tape, event_id).meet(LATEST)


def counts(lines: list[MeetSynced]) -> list[tuple[str, int, int, int]]:
    """Return of each meet its city and how many results were fetched, kept and missing."""
    return [(each.city, each.fetched, each.kept, len(each.missing)) for each in lines]


def status(code: int, **headers: str) -> Reply:
    """Return a reply with a status."""
    named = {name.replace("_", "-"): value for name, value in headers.items()}
    return lambda _: httpx.Response(code, headers=named)


def web_page(_: httpx.Request) -> httpx.Response:
    """Reply with a page for browsers."""
    return httpx.Response(200, content=b"<!DOCTYPE html><html></html>")


def nobody(request: httpx.Request) -> httpx.Response:
    """Do not reply."""
    raise httpx.ConnectError("no route to host", request=request)


def silence(request: httpx.Request) -> httpx.Response:
    """Reply too late."""
    raise httpx.ReadTimeout("too late", request=request)
