"""Which documents of a meet to ask for, and when.

What is wanted follows from the newest state of the meet and the time alone (`needs`); the
poller adds what it remembers of each document: when it was last answered, how often it failed,
whether the list of races said that it changed. It writes to a recorder and never to a screen.
"""

from __future__ import annotations

import asyncio
import logging
from collections.abc import Awaitable, Callable, Collection, Mapping
from contextlib import suppress
from dataclasses import dataclass, field
from datetime import UTC, date, datetime, timedelta
from enum import IntEnum
from random import Random
from typing import Final, Protocol

from longtrack import isu
from longtrack.http import Answered, Feed, FeedError, NotFound
from longtrack.model import Event, Meet, Race
from longtrack.tape import Outcome, TapeError

_log = logging.getLogger(__name__)

SECOND: Final = 1_000
MINUTE: Final = 60 * SECOND
HOUR: Final = 60 * MINUTE

LIVE_MS: Final = 3 * SECOND
BUSY_MS: Final = 20 * SECOND
CALM_MS: Final = 60 * SECOND
RARELY_MS: Final = 10 * MINUTE
QUIET_MS: Final = 30 * MINUTE

FIRST_RETRY_MS: Final = 3 * SECOND
LAST_RETRY_MS: Final = 60 * SECOND

MOST_AT_ONCE: Final = 4
"""Requests under way at most."""
MOST_IN_BACKGROUND: Final = 2
"""Of these, for documents nobody is waiting for: a backlog never delays a live race."""

_DUE_BEFORE: Final = timedelta(minutes=30)
_OVERDUE_UNTIL: Final = timedelta(hours=12)
_UNDER_WAY_UNTIL: Final = timedelta(hours=3)


class Urgency(IntEnum):
    """Which document goes first when several are due; someone waits for the first three."""

    LIVE = 0
    PROGRAMME = 1
    LOOKED_AT = 2
    TODAY = 3
    OTHER = 4

    @property
    def is_awaited(self) -> bool:
        """Whether the screen is wrong or empty without it."""
        return self <= Urgency.LOOKED_AT


@dataclass(frozen=True, slots=True)
class Need:
    """How a document is wanted."""

    urgency: Urgency
    every_ms: int | None
    """Pause between two answers; None: once, and again when it is known to have changed."""
    rest_ms: int = 0
    """Least pause, even when it is known to have changed."""


def needs(
    meet: Meet,
    now: datetime,
    *,
    looked_at: int | None = None,
    without_rows: Collection[int] = (),
) -> dict[str, Need]:
    """Return every document of a meet that is wanted, by path.

    Args:
        meet: The newest state known.
        now: The present, in UTC.
        looked_at: Number of the race on screen.
        without_rows: Numbers of the races whose results came without a row or not at all.
    """
    programme_ms = programme_every(meet, now)
    known = meet.event.start is not None
    wanted = {
        isu.event_path(meet.id): Need(Urgency.OTHER if known else Urgency.PROGRAMME, HOUR),
        isu.schedule_path(meet.id): Need(Urgency.PROGRAMME, programme_ms),
        isu.competitions_path(meet.id): Need(Urgency.PROGRAMME, programme_ms),
    }
    today = now.astimezone(meet.event.zone).date()
    for race in meet.races:
        number, day = race.number, meet.day(race)
        watched, near = number == looked_at, day is None or abs((day - today).days) <= 1
        urgency = Urgency.TODAY if day == today else Urgency.OTHER
        if race.live or watched:
            urgency = Urgency.LIVE if race.live else Urgency.LOOKED_AT
        rowless = number in without_rows or not race.entries
        wanted[isu.results_path(meet.id, number)] = Need(
            urgency, _results_every(race, now, near=near, rowless=rowless)
        )
        fresh = race.live or (race.begun and not race.official and near)
        if fresh or (watched and (race.begun or race.official)):
            # A live race is touched at every push; its ice is measured before and after it.
            rest_ms = 5 * MINUTE if race.live else MINUTE
            wanted[isu.competition_path(meet.id, number)] = Need(Urgency.OTHER, None, rest_ms)
        if number in without_rows and (near or watched or race.live):
            wanted[isu.start_list_path(meet.id, number)] = Need(Urgency.OTHER, RARELY_MS)
    return wanted


def programme_every(meet: Meet, now: datetime) -> int:
    """Return how often to ask for the programme and the list of races, in milliseconds."""
    if any(race.live or is_due(race, now) for race in meet.races):
        return BUSY_MS
    away = _days_away(meet, now.astimezone(meet.event.zone).date())
    if away > 1:
        return QUIET_MS
    if away == 1 or (meet.races and all(race.official for race in meet.races)):
        return RARELY_MS
    return CALM_MS


def is_due(race: Race, now: datetime) -> bool:
    """Tell whether a race is to begin within half an hour, or should have begun by now."""
    if race.start is None or race.begun or race.official:
        return False
    return -_DUE_BEFORE <= now - race.start <= _OVERDUE_UNTIL


def _results_every(race: Race, now: datetime, *, near: bool, rowless: bool) -> int | None:
    if race.live:
        # Live and official contradict each other: one of the two flags is on its way.
        return BUSY_MS if race.official else LIVE_MS
    if race.official:
        return None
    if race.begun:
        if not near:
            return QUIET_MS
        # Skating without the feed calling it live: a break, or a flag that came late.
        recent = race.start is None or now - race.start <= _UNDER_WAY_UNTIL
        return BUSY_MS if recent and not race.over else CALM_MS
    if is_due(race, now):
        return CALM_MS
    if rowless:
        return RARELY_MS if near else HOUR
    return None


def _days_away(meet: Meet, today: date) -> int:
    """Return how many days off the meet is, before or after; 0 on its days and if unknown."""
    days = [day for day in (meet.event.start, meet.event.end, *meet.days) if day is not None]
    if not days:
        return 0
    return max((min(days) - today).days, (today - max(days)).days, 0)


@dataclass(frozen=True)
class Health:
    """How well the feed is answering, for the status line."""

    last_good: Mapping[str, int] = field(default_factory=dict)
    """Tape time of the newest good answer of each document, by path."""
    awaited: tuple[str, ...] = ()
    """The documents polled at `interval_ms`: the live races, else programme and list of races."""
    interval_ms: int = CALM_MS
    error: str | None = None
    """What went wrong last with a document somebody waits for; None when all is well again."""
    failures: int = 0
    """How often in a row, for the document that failed most."""
    next_try: int | None = None
    """Tape time at which a failed document is asked for again; None while that is going on."""
    server_ahead_ms: int | None = None
    """The server's clock less ours, to about a second; None before the first answer."""

    @property
    def newest(self) -> int | None:
        """Tape time of the last good answer of all; None before the first."""
        return max(self.last_good.values(), default=None)

    def is_late(self, now: int) -> bool:
        """Tell whether an awaited document, once had, has missed three polls."""
        times = [self.last_good[path] for path in self.awaited if path in self.last_good]
        return any(now - time > 3 * self.interval_ms for time in times)


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


@dataclass(slots=True)
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
                if document.failures:
                    document.hurry = now
                elif document.good is None or now - document.good > CALM_MS:
                    document.stale = True
        self._wake.set()

    async def run(self) -> None:
        """Poll until cancelled; nothing that goes wrong ends it."""
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
            for task in self._tasks:
                task.cancel()
            await asyncio.gather(*self._tasks, return_exceptions=True)

    # --- one step ----------------------------------------------------------------------------

    def _step(self) -> float | None:
        """Send what is due and return how many seconds nothing else will be; None: none is."""
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
        ...
        return None
