"""Following a meet: of the programs on one tape one polls the feed, the others read along."""

from __future__ import annotations

import asyncio
import os
import time
import uuid
from collections.abc import Callable
from contextlib import suppress
from typing import TYPE_CHECKING, Final

from longtrack.health import Health
from longtrack.poller import Poller
from longtrack.recording import MeetRecorder
from longtrack.tape import HOLD_MS, Tape

if TYPE_CHECKING:
    from longtrack.http import Feed

_RENEW_S: Final = 5.0
_READ_S: Final = 1.0
_SLICE_S: Final = 0.01
"""How long moments are made before the screen gets its turn."""


class Follower:
    """Keeps a meet's tape up to date until cancelled.

    Args:
        feed: Whom to ask.
        tape: The meet's tape.
        event_id: The feed's id of the meet.
        recorder: What puts answers on the tape.
        clock: The tape's clock.
        on_change: Called when another program has written to the tape.
        on_health: Called when the feed answers better or worse.
    """

    def __init__(
        self,
        feed: Feed,
        tape: Tape,
        event_id: str,
        recorder: MeetRecorder,
        clock: Callable[[], int],
        on_change: Callable[[], None],
        on_health: Callable[[Health], None],
    ) -> None:
        self._tape = tape
        self._holder = f"{os.getpid()}-{uuid.uuid4().hex}"
        self._on_change = on_change
        self._poller = Poller(feed, event_id, recorder, clock=clock, on_health=on_health)
        self._looked_at: int | None = None

    def look_at(self, number: int | None) -> None:
        """Say which race is on screen."""
        if number != self._looked_at:
            self._looked_at = number
            self._poller.look_at(number)

    async def run(self) -> None:
        """Poll, or read along while another program does, until cancelled."""
        polling: asyncio.Task[None] | None = None
        try:
            while True:
                if self._tape.claim(self._holder, round(time.time() * 1000), HOLD_MS):
                    if polling is None or polling.done():
                        polling = asyncio.create_task(self._poller.run())
                    await asyncio.sleep(_RENEW_S)
                    continue
                if polling is not None:
                    polling.cancel()
                    polling = None
                await self._read_along()
        finally:
            if polling is not None:
                polling.cancel()
                with suppress(asyncio.CancelledError):
                    await polling
            with suppress(Exception):
                self._tape.release(self._holder)

    async def _read_along(self) -> None:
        for _ in range(round(_RENEW_S / _READ_S)):
            before = self._tape.change_count()
            await asyncio.sleep(_READ_S)
            if self._tape.change_count() != before:
                self._on_change()


async def make_moments(recorder: MeetRecorder) -> bool:
    """Make the moments a tape lacks, a little at a time.

    Returns:
        Whether there were any to make.
    """
    made = False
    started = time.perf_counter()
    for _ in recorder.catch_up():
        made = True
        if time.perf_counter() - started > _SLICE_S:
            await asyncio.sleep(0)
            started = time.perf_counter()
    return made
