"""Which documents of a meet to ask for, and when.

What is wanted follows from the newest state of the meet and the time alone (`needs`); the
poller adds what it remembers of each document: when it was last answered, how often it failed,
whether the list of races said that it changed. It writes to a recorder and never to a screen.
"""

from __future__ import annotations

import asyncio
import logging
import re
from collections.abc import Awaitable, Callable, Iterable, Mapping
from contextlib import suppress
from dataclasses import dataclass
from datetime import UTC, datetime
from random import Random
from typing import Final, Protocol

from longtrack import isu, isu_records
from longtrack.health import Health
from longtrack.http import Feed, FeedError, NotFound
from longtrack.model import Event, Meet
from longtrack.needs import CALM_MS, RARELY_MS, SECOND, Need, Urgency, awaited, needs
from longtrack.tape import Outcome, TapeError

_log = logging.getLogger(__name__)

FIRST_RETRY_MS: Final = 3 * SECOND
LAST_RETRY_MS: Final = 60 * SECOND

MOST_AT_ONCE: Final = 4
"""Requests under way at most."""
MOST_IN_BACKGROUND: Final = 2
"""Of these, for documents nobody is waiting for: a backlog never delays a live race."""

_LONGEST_EMPTY: Final = 500
"""Bytes of a page without a row, with its count and addresses."""


class Recorder(Protocol):
    """Where answers go. Whatever it raises, polling goes on."""

    def take(self, path: str, body: bytes) -> Outcome:
        """Keep an answer.

        Raises:
            longtrack.isu.Unreadable: If it is not the document.
            longtrack.tape.TapeError: If it can't be kept.
        """

    def unchanged(self, path: str) -> None:
        """Note that the feed said the document is as it was."""

    def failed(self, path: str, words: str) -> None:
        """Note that the document could not be had, and why."""

    def meet(self) -> Meet:
        """Return the newest state of the meet."""


Wait = Callable[[asyncio.Event, float | None], Awaitable[None]]
"""Waits until the event is set or so many seconds (None: any number) have passed."""


@dataclass(slots=True, eq=False)
class _Document:
    path: str
    number: int | None = None
    """Of the race it belongs to."""
    urgency: Urgency = Urgency.OTHER
    under_way: bool = False
    ended: int | None = None
    """When the last request for it ended, well or not."""
    good: int | None = None
    stale: bool = False
    rowless: bool = False
    missing: bool = False
    """Whether there is none, as of most races' records: it is not asked for again."""
    failures: int = 0
    words: str | None = None
    hurry: int | None = None
    """When to try again after a failure, if earlier than its pause would have it."""
    sway: float = 1.0
    """The next pause is so much longer or shorter, so that programs do not keep step."""


async def _wait(event: asyncio.Event, seconds: float | None) -> None:
    with suppress(TimeoutError):
        async with asyncio.timeout(seconds):
            await event.wait()


class Poller:
    """Polls one meet until it is cancelled.

    Args:
        feed: Whom to ask. It stays open when the poller ends.
        event_id: The feed's id of the meet.
        recorder: Where answers go, and where the state of the meet is read from.
        clock: Returns the tape's present time, in milliseconds since 1970 (UTC).
        on_health: Is told how the feed is answering, whenever that changes.
        random: What spreads the polls in time.
        wait: How to wait; tests and sped-up meets have their own.
    """

    def __init__(
        self,
        feed: Feed,
        event_id: str,
        recorder: Recorder,
        *,
        clock: Callable[[], int],
        on_health: Callable[[Health], None] = lambda _: None,
        random: Random | None = None,
        wait: Wait = _wait,
    ) -> None:
        self._feed = feed
        self._recorder = recorder
        self._clock = clock
        self._on_health = on_health
        self._random = random or Random()
        self._wait = wait
        self._wake = asyncio.Event()
        self._documents: dict[str, _Document] = {}
        self._tasks: set[asyncio.Task[None]] = set()
        self._meet = Meet(Event(event_id, event_id))
        self._looked_at: int | None = None
        self._last_updates: dict[int, str] = {}
        self._hold_until = 0
        self._server_ahead_ms: int | None = None
        self.health = Health()

    def look_at(self, number: int | None) -> None:
        """Say which race is on screen; its results come soon, if they are old or not had."""
        self._looked_at = number
        if number is not None:
            path = isu.results_path(self._meet.id, number)
            document = self._documents.get(path)
            now = self._clock()
            if document is not None and document.ended is not None:
                if document.failures and not document.under_way:
                    document.hurry = now
                elif now - document.ended > CALM_MS:
                    document.stale = True
        self._wake.set()

    async def run(self) -> None:
        """Poll until cancelled; nothing that goes wrong ends it."""
        self._feed.on_left_alone.append(self._hold)
        try:
            while True:
                self._wake.clear()
                try:
                    pause = self._step()
                except Exception:
                    _log.exception("a step of the poller failed")
                    pause = FIRST_RETRY_MS / 1000
                await self._wait(self._wake, pause)
        finally:
            self._feed.on_left_alone.remove(self._hold)
            for task in self._tasks:
                task.cancel()
            await asyncio.gather(*self._tasks, return_exceptions=True)

    # --- one step ----------------------------------------------------------------------------

    def _step(self) -> float | None:
        """Send what is due and return for how many seconds nothing else will be."""
        now = self._clock()
        self._follow()
        wanted = needs(
            self._meet,
            datetime.fromtimestamp(now / 1000, UTC),
            looked_at=self._looked_at,
            without_rows={
                document.number
                for document in self._documents.values()
                if document.rowless and document.number is not None
            },
        )
        dues: list[tuple[Urgency, int, _Document]] = []
        for path, need in wanted.items():
            document = self._documents.get(path) or self._added(path)
            document.urgency = need.urgency
            due = self._due(document, need)
            if due is not None:
                dues.append((need.urgency, due, document))
        for urgency, due, document in sorted(dues, key=lambda item: item[:2]):
            if due <= now and self._has_room(urgency):
                self._send(document)
        self._report(wanted, dues)
        # What is due and finds no room waits for a request to end, which wakes the poller.
        coming = min((due for _, due, _ in dues if due > now), default=None)
        return None if coming is None else (coming - now) / 1000

    def _follow(self) -> None:
        """Read the newest state, and mark what a race's beginning or end leaves out of date."""
        try:
            meet = self._recorder.meet()
        except Exception:
            _log.exception("the state of the meet could not be read")
            return
        before, self._meet = self._meet, meet
        if meet is before:
            return
        known = {race.number: race for race in before.races}
        for race in meet.races:
            was = known.get(race.number)
            if was is not None and was.live != race.live:
                self._outdate(isu.results_path(meet.id, race.number))
            if was is not None and (was.live, was.over) != (race.live, race.over):
                self._outdate(isu.competition_path(meet.id, race.number))

    def _outdate(self, path: str) -> None:
        if path in self._documents:
            self._documents[path].stale = True

    def _added(self, path: str) -> _Document:
        # The tape may lack what the feed gave somebody else: the first answer is asked in full.
        self._feed.forget(path)
        number = re.search(r"/competitions/([0-9]+)/", path)
        document = _Document(path, number=int(number[1]) if number else None)
        self._documents[path] = document
        return document

    def _due(self, document: _Document, need: Need) -> int | None:
        if document.under_way or document.missing:
            return None
        if document.ended is None:
            due = 0
        elif document.failures:
            longest = LAST_RETRY_MS if need.urgency.is_awaited else RARELY_MS
            pause = min(FIRST_RETRY_MS << min(document.failures - 1, 12), longest)
            due = document.ended + round(pause * document.sway)
            due = due if document.hurry is None else min(due, document.hurry)
        elif document.stale:
            due = document.ended + need.rest_ms
        elif need.every_ms is None:
            return None
        else:
            due = document.ended + round(need.every_ms * document.sway)
        return max(due, self._hold_until)

    def _has_room(self, urgency: Urgency) -> bool:
        under_way = [document for document in self._documents.values() if document.under_way]
        background = sum(not document.urgency.is_awaited for document in under_way)
        if not urgency.is_awaited and background >= MOST_IN_BACKGROUND:
            return False
        return len(under_way) < MOST_AT_ONCE

    # --- one request -------------------------------------------------------------------------

    def _send(self, document: _Document) -> None:
        document.under_way, document.stale, document.hurry = True, False, None
        task = asyncio.create_task(self._ask(document))
        self._tasks.add(task)
        task.add_done_callback(self._tasks.discard)

    async def _ask(self, document: _Document) -> None:
        path, words = document.path, None
        try:
            answer = await self._feed.get(path)
            self._compare_clocks(answer.server_date)
            if answer.body is None:
                self._recorder.unchanged(path)
            else:
                self._recorder.take(path, answer.body)
                self._learn(document, answer.body)
            document.good = self._clock()
        except NotFound as error:
            words = None if self._may_be_missing(document) else self._failed(path, str(error))
        except FeedError as error:
            words = self._failed(path, str(error))
        except isu.Unreadable as error:
            self._feed.forget(path)
            words = self._failed(path, str(error))
        except TapeError as error:
            self._feed.forget(path)
            words = str(error)
        except Exception as error:
            _log.exception("the answer for %s could not be used", path)
            self._feed.forget(path)
            words = self._failed(path, f"the answer could not be used ({type(error).__name__})")
        finally:
            document.under_way = False
            self._wake.set()
        self._settle(document, words)

    def _failed(self, path: str, words: str) -> str:
        try:
            self._recorder.failed(path, words)
        except Exception:
            _log.exception("a failure could not be recorded")
        return words

    def _may_be_missing(self, document: _Document) -> bool:
        """Tell whether a document that is not there is no failure: it is not published yet."""
        document.missing = isu_records.is_of_race(document.path)
        if document.missing:
            return True
        race = None if document.number is None else self._meet.numbered(document.number)
        if race is None or race.live:
            return False
        document.rowless = document.path == isu.results_path(self._meet.id, race.number)
        return True

    def _hold(self, seconds: int) -> None:
        """Leave the whole feed alone for as long as it asked for."""
        # Programs told to wait equally long would all come back in the same moment.
        wait_ms = round(seconds * SECOND * self._random.uniform(1.0, 1.1))
        self._hold_until = max(self._hold_until, self._clock() + wait_ms)

    def _learn(self, document: _Document, body: bytes) -> None:
        event_id, number = self._meet.id, document.number
        if document.path == isu.competitions_path(event_id):
            updates = isu.read_last_updates(body)
            for changed, stamp in updates.items():
                if stamp != self._last_updates.get(changed, stamp):
                    self._outdate(isu.results_path(event_id, changed))
                    self._outdate(isu.competition_path(event_id, changed))
            self._last_updates |= updates
        elif number is not None and document.path == isu.results_path(event_id, number):
            document.rowless = len(body) <= _LONGEST_EMPTY and isu.is_empty_list(body)

    def _settle(self, document: _Document, words: str | None) -> None:
        """Take down how a request ended; an end to failures is good news for the others too."""
        now = self._clock()
        recovered = words is None and document.failures > 0
        document.ended, document.words, document.hurry = now, words, None
        document.sway = self._random.uniform(0.9, 1.1)
        document.failures = 0 if words is None else document.failures + 1
        for other in self._documents.values():
            if recovered and other.failures and not other.under_way:
                other.hurry = now + round(self._random.uniform(0, SECOND))

    def _compare_clocks(self, server: datetime | None) -> None:
        if server is not None:
            self._server_ahead_ms = round(server.timestamp() * 1000) - self._clock()

    def _report(
        self, wanted: Mapping[str, Need], dues: Iterable[tuple[Urgency, int, _Document]]
    ) -> None:
        held = self._clock() < self._hold_until
        failing = sorted(
            (
                document
                for path, document in self._documents.items()
                if document.words is not None
                and path in wanted
                and (held or document.urgency.is_awaited)
            ),
            key=lambda document: (document.urgency, -(document.ended or 0)),
        )
        paths, interval_ms = awaited(wanted)
        health = Health(
            last_good={
                path: document.good
                for path, document in self._documents.items()
                if document.good is not None
            },
            awaited=paths,
            interval_ms=interval_ms,
            error=failing[0].words if failing else None,
            failures=max((document.failures for document in failing), default=0),
            next_try=min(
                (due for _, due, one in dues if one in failing and not one.under_way),
                default=None,
            ),
            server_ahead_ms=self._server_ahead_ms,
        )
        if health == self.health:
            return
        self.health = health
        try:
            self._on_health(health)
        except Exception:
            _log.exception("the health of the feed could not be shown")
