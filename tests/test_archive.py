"""An archive: documents asked for seldom, and kept."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import closing
from datetime import UTC, datetime

import httpx
import pytest

from longtrack.archive import Archive
from longtrack.http import Feed
from longtrack.tape import Tape
from meets import Clock

HOUR_MS = 3_600_000
NOON = round(datetime(2026, 1, 24, 12, tzinfo=UTC).timestamp() * 1000)


class Desk:
    """An archive whose host answers as it is told."""

    def __init__(self) -> None:
        self.clock = Clock(NOON)
        self.tape = Tape()
        self.asked: list[str] = []
        self.answer = httpx.Response(200, content=b'{"records": []}')
        self.archive = self.new_archive()

    def new_archive(self) -> Archive:
        """Return an archive as a program that starts now has it."""
        feed = Feed("https://records.example", version="1", transport=httpx.MockTransport(self))
        return Archive(feed, self.tape, self.clock, most_a_day=3, wait=self.wait)

    def __call__(self, request: httpx.Request) -> httpx.Response:
        self.asked.append(request.url.raw_path.decode())
        return httpx.Response(self.answer.status_code, content=self.answer.content)

    async def wait(self, seconds: float) -> None:
        self.clock.on(seconds)


@pytest.fixture
def desk() -> Iterator[Desk]:
    made = Desk()
    with closing(made.tape):
        yield made


async def test_a_document_is_asked_for_once_while_it_is_good(desk: Desk) -> None:
    first = await desk.archive.get("a", HOUR_MS)
    assert first == b'{"records": []}'
    assert desk.archive.gained
    desk.clock.on(3599)
    assert await desk.new_archive().get("a", HOUR_MS) == first
    assert desk.asked == ["/a"]
    desk.clock.on(2)
    again = desk.new_archive()
    assert await again.get("a", HOUR_MS) == first
    assert desk.asked == ["/a", "/a"]
    assert not again.gained  # it says what it said before


async def test_what_was_had_stays_when_it_cannot_be_had_again(desk: Desk) -> None:
    first = await desk.archive.get("a", HOUR_MS)
    desk.clock.on(2 * 3600)
    desk.answer = httpx.Response(500)
    assert await desk.archive.get("a", HOUR_MS) == first
    desk.clock.on(1800)
    assert await desk.archive.get("a", HOUR_MS) == first
    assert len(desk.asked) == 2
    desk.clock.on(1801)
    assert await desk.archive.get("a", HOUR_MS) == first
    assert len(desk.asked) == 3


async def test_what_is_not_there_is_asked_for_after_a_week(desk: Desk) -> None:
    desk.answer = httpx.Response(404)
    assert await desk.archive.get("a", HOUR_MS) is None
    desk.clock.on(6.9 * 24 * 3600)
    assert await desk.new_archive().get("a", HOUR_MS) is None
    assert len(desk.asked) == 1
    desk.clock.on(0.2 * 24 * 3600)
    desk.answer = httpx.Response(200, content=b"[]")
    assert await desk.new_archive().get("a", HOUR_MS) == b"[]"


async def test_a_day_has_its_number_of_requests_whoever_makes_them(desk: Desk) -> None:
    for path in ("a", "b", "c", "d"):
        await desk.new_archive().get(path, HOUR_MS)
    assert desk.asked == ["/a", "/b", "/c"]
    assert desk.archive.is_gone
    desk.clock.on(12 * 3600)
    assert not desk.archive.is_gone
    assert await desk.archive.get("d", HOUR_MS) is not None


async def test_there_is_a_pause_between_two_requests(desk: Desk) -> None:
    await desk.archive.get("a", HOUR_MS)
    assert desk.clock.now == NOON
    await desk.archive.get("b", HOUR_MS)
    assert desk.clock.now == NOON + 2_000
    await desk.archive.get("a", HOUR_MS)
    assert desk.clock.now == NOON + 2_000  # what is kept costs nothing


async def test_a_clock_that_was_wrong_keeps_nothing_for_ever(desk: Desk) -> None:
    desk.clock.now = NOON + 400 * 24 * HOUR_MS
    await desk.archive.get("a", HOUR_MS)
    desk.clock.now = NOON
    await desk.new_archive().get("a", HOUR_MS)
    assert len(desk.asked) == 2
