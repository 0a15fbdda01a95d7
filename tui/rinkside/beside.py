"""Fetching the season beside a meet that is followed: after that, and in no hurry."""

from __future__ import annotations

import asyncio
import os
import uuid
from collections.abc import Callable
from contextlib import closing
from datetime import UTC, datetime
from typing import TYPE_CHECKING, Final

from longtrack import isu
from longtrack.http import FeedError
from longtrack.model import Meet
from longtrack.needs import QUIET_MS
from longtrack.tape import Tape
from rinkside.asking import BESIDE, Wait
from rinkside.library import Library

if TYPE_CHECKING:
    from longtrack.http import Feed
    from rinkside.library import OpenMeet
    from rinkside.synced import Progress

MANNER: Final = BESIDE
"""How the feed is asked."""

_LOOK_S: Final = 1.0
_LOOK_SELDOM_S: Final = 20.0
_SOON_MS: Final = 60_000
"""How long the meet's own documents are waited for: one that never comes holds nothing up."""

_HOLD_MS: Final = 120_000
"""A program that dies in the middle leaves the season to another one after this long."""


class SeasonBeside:
    """Fetches the season of a meet that is followed by this program.

    Args:
        library: Where it is kept.
        feed: Whom to ask.
        meet: The meet that is followed; its own documents are the poller's business.
        on_progress: Is told how far it is.
        polled: Whether the meet is polled, so that its own documents come first.
        wait: How to wait.
    """

    def __init__(
        self,
        library: Library,
        feed: Feed,
        meet: OpenMeet,
        on_progress: Callable[[Progress], None],
        *,
        polled: bool = True,
        wait: Wait = asyncio.sleep,
    ) -> None:
        self._library = library
        self._feed = feed
        self._meet = meet
        self._on_progress = on_progress
        self._polled = polled
        self._wait = wait
        self._holder = f"{os.getpid()}-{uuid.uuid4().hex}"

    async def run(self) -> int | None:
        """Fetch it once the meet's own documents are here; a feed that goes away is waited for.

        Returns:
            The year of the season, or None where the meet is none of a World Cup.

        Raises:
            longtrack.tape.TapeError: If the data directory can't be used.
        """
        while True:
            if self._polled:
                await self._own_documents()
            event = self._meet.newest.event
            if event.season is None or not event.is_world_cup:
                return None
            with closing(self._library.lists_tape()) as tape:
                try:
                    if await self._season(tape, event.season):
                        return event.season
                finally:
                    tape.release(self._holder)
            await self._wait(_LOOK_SELDOM_S)

    async def _season(self, lease: Tape, year: int) -> bool:
        """Fetch the season; False where the feed went away."""
        # Of several programs beside each other one fetches the season; the next finds it there.
        while not self._claim(lease):
            await self._wait(_LOOK_SELDOM_S)

        # Not loaded before it is needed: a feed that never answers has no season to fetch.
        from rinkside.syncing import SeasonSync

        claimed = self._library.clock()

        def tell(progress: Progress) -> None:
            nonlocal claimed
            if self._library.clock() - claimed > _HOLD_MS // 4:
                self._claim(lease)
                claimed = self._library.clock()
            self._on_progress(progress)

        sync = SeasonSync(
            self._library,
            self._feed,
            year,
            manner=MANNER,
            wait=self._wait,
            leave_out={self._meet.event_id},
            on_progress=tell,
        )
        try:
            return (await sync.run()).gone is None
        except (FeedError, isu.Unreadable):
            return False

    def _claim(self, lease: Tape) -> bool:
        return lease.claim(self._holder, self._library.clock(), _HOLD_MS)

    async def _own_documents(self) -> None:
        """Wait until the meet that is followed has been had once since this began."""
        began = self._library.clock()
        while self._library.clock() - began < _SOON_MS:
            if self._had(began, everything=True):
                return
            await self._wait(_LOOK_S)
        # Where another program polls the meet and nothing is on there, it does so seldom.
        while not self._had(began - QUIET_MS, everything=False):
            await self._wait(_LOOK_SELDOM_S)

    def _had(self, since: int, *, everything: bool) -> bool:
        meet, tape = self._meet.newest, self._meet.tape
        paths = [isu.schedule_path(meet.id), isu.competitions_path(meet.id)]
        if everything:
            paths += [isu.results_path(meet.id, number) for number in self._held(meet)]
        return all((tape.last_good([path]) or 0) >= since for path in paths)

    def _held(self, meet: Meet) -> list[int]:
        now = datetime.fromtimestamp(self._library.clock() / 1000, UTC)
        return [
            race.number
            for race in meet.races
            if race.live or race.official or (race.start is not None and race.start <= now)
        ]
