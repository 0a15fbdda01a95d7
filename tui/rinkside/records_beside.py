"""Asking for records and bests beside a meet that is followed: after that, and in no hurry.

The feed's lists of records are asked for once a day, and so is speedskatingresults.com, unless it
is switched off (``RINKSIDE_RECORDS_API``): few requests, with a pause between them. What can't be
had costs its marks and nothing else: nobody is told, but for the records that are called unknown.
"""

from __future__ import annotations

import asyncio
import os
import time
import uuid
from collections.abc import Awaitable, Callable
from contextlib import closing
from typing import TYPE_CHECKING, Final

from longtrack import isu_records, ssr_facts
from longtrack.archive import DAY_MS, Archive
from longtrack.http import Feed
from rinkside import __version__

if TYPE_CHECKING:
    from longtrack.model import Meet
    from longtrack.tape import Tape
    from rinkside.library import Library

_SOON_S: Final = 5.0
"""The meet's own documents go first."""
_ROUND_S: Final = 600.0
"""Start lists of the day may come until then."""
_MOST_PAGES: Final = 5
_TELL_S: Final = 30.0
"""How often what has come by then is told."""


class RecordsBeside:
    """Fetches what a meet's records and bests are, until cancelled.

    Args:
        library: Where everything is kept, and whom to ask.
        feed: The feed of the meet.
        meet: Returns the meet's newest state.
        on_gain: Called when something new has come, or may have.
        wait: How to wait.
    """

    def __init__(
        self,
        library: Library,
        feed: Feed,
        meet: Callable[[], Meet],
        on_gain: Callable[[], None],
        *,
        wait: Callable[[float], Awaitable[None]] = asyncio.sleep,
    ) -> None:
        self._library = library
        self._feed = feed
        self._meet = meet
        self._on_gain = on_gain
        self._wait = wait
        self._holder = f"{os.getpid()}-{uuid.uuid4().hex}"

    async def run(self) -> None:
        """Ask again and again for what is out of date.

        Raises:
            longtrack.tape.TapeError: If the data directory can't be used.
        """
        await self._wait(_SOON_S)
        while True:
            await self.round()
            await self._wait(_ROUND_S)
            # Another program on the same tapes may have been told something by now.
            self._on_gain()

    async def round(self) -> None:
        """Ask once for all that is out of date."""
        with closing(self._library.lists_tape()) as tape:
            await self._told(Archive(self._feed, tape, self._library.clock, wait=self._wait))
        api = self._library.records_api
        if not api:
            return
        async with Feed(api, version=__version__) as feed:
            with closing(self._library.archive_tape()) as tape:
                archive = Archive(feed, tape, self._library.clock, wait=self._wait)
                # Of several programs one asks; the others find there what it was told.
                if self._claims(tape):
                    asking = asyncio.ensure_future(ssr_facts.ask(archive, self._meet()))
                    try:
                        await self._watching(asking, archive, tape)
                    finally:
                        asking.cancel()
                        await asyncio.gather(asking, return_exceptions=True)
                        tape.release(self._holder)

    async def _watching(self, asking: asyncio.Future[None], archive: Archive, tape: Tape) -> None:
        """Tell from time to time what has come, for it takes some minutes until all is there."""
        while not asking.done():
            await asyncio.wait([asking], timeout=_TELL_S)
            self._claims(tape)
            if archive.gained:
                archive.gained = False
                self._on_gain()
        await asking

    def _claims(self, tape: Tape) -> bool:
        return tape.claim(self._holder, round(time.time() * 1000), 4 * round(_TELL_S * 1000))

    async def _told(self, archive: Archive) -> None:
        for kind in isu_records.LIST_KINDS:
            page: int | None = 1
            for _ in range(_MOST_PAGES):
                if page is None or archive.is_gone:
                    break
                path = isu_records.list_path(kind, page)
                due = archive.is_due(path, DAY_MS)
                body = await archive.get(path, DAY_MS)
                # What can't be had for one kind is not asked for the next page.
                page = None if body is None or not due else isu_records.next_page(body)
        if archive.gained:
            self._on_gain()
