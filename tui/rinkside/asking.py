"""Asking a feed for much at once without being a burden to it, and knowing when to stop."""

from __future__ import annotations

import asyncio
import random
from collections.abc import Awaitable, Callable, Iterable
from typing import Final, TypeVar

import msgspec

from longtrack.http import Answered, FeedError, NotFound, Unreachable
from longtrack.isu import Unreadable
from rinkside.status import shown_age

_Result = TypeVar("_Result")
_Item = TypeVar("_Item")

Wait = Callable[[float], Awaitable[None]]
"""Waits for so many seconds."""

_SILENCE: Final = 4
"""A feed that has been silent so often in a row, for two documents at least, is gone."""


class Manner(msgspec.Struct, frozen=True):
    """How a feed is asked.

    Attributes:
        at_once: Requests under way at most.
        pause_ms: Least time from one request to the next.
        tries: How often a document is asked for that can't be had.
        retry_s: Pause before the second try; each one after that is three times as long.
        patience_s: The longest the feed may ask to be left alone; if longer, it is.
        fresh_ms: How long what may change any time is good, such as a race not yet official.
        settled_ms: The same of a meet that is over, of which corrections may still come.
    """

    at_once: int
    pause_ms: int
    tries: int
    retry_s: float
    patience_s: float
    fresh_ms: int
    settled_ms: int


WAITED_FOR: Final = Manner(
    # With two, one answer is read and kept while the next is on its way. More would be no quicker
    # for the fan, who waits half a minute once, and the feed has a live meet to serve.
    at_once=2,
    pause_ms=200,
    tries=3,
    retry_s=1.0,
    patience_s=120.0,
    fresh_ms=60_000,
    settled_ms=60_000,
)
"""For a command somebody waits for."""

BESIDE: Final = Manner(
    at_once=1,
    pause_ms=1_500,
    tries=3,
    retry_s=10.0,
    patience_s=3_600.0,
    fresh_ms=10 * 60_000,
    settled_ms=6 * 3_600_000,
)
"""For what goes on beside something more important."""


class TurnedAway(Answered):
    """The feed asked to be left alone for longer than there is patience for."""

    def __init__(self, answer: Answered) -> None:
        super().__init__(answer.status, answer.retry_after)
        span = shown_age((answer.retry_after or 0) * 1000)
        self.args = (f"the feed asked to be left alone for {span}",)


class Asker:
    """Asks one feed, at a measured pace.

    Args:
        manner: How.
        clock: Returns the present in milliseconds.
        wait: How to wait.
        on_hold: Is told in words when everything waits because the feed asked for it.
    """

    def __init__(
        self,
        manner: Manner,
        clock: Callable[[], int],
        wait: Wait = asyncio.sleep,
        on_hold: Callable[[str], None] = lambda _: None,
    ) -> None:
        self.manner = manner
        self.asked = 0
        """Requests made so far."""
        self.gone: FeedError | None = None
        """Why nothing is asked any more: the feed is away, or wants to be left alone."""
        self._clock = clock
        self._wait = wait
        self._on_hold = on_hold
        self._next = 0
        self._hold_until = 0
        self._silent = 0
        self._has_answered = False

    async def ask(self, attempt: Callable[[], Awaitable[_Result]]) -> _Result:
        """Make a request, and again while it fails in a way that may pass.

        Args:
            attempt: Makes it, and reads and keeps the answer.

        Raises:
            longtrack.http.FeedError: If the document can't be had, or nothing is asked any more.
            longtrack.isu.Unreadable: If the answer can't be read, however often it is asked for.
        """
        pause = self.manner.retry_s
        for left in reversed(range(self.manner.tries)):
            await self._turn()
            self.asked += 1
            try:
                result = await attempt()
            except NotFound:
                self._silent, self._has_answered = 0, True
                raise
            except (FeedError, Unreadable) as error:
                self._consider(error)
                if not left or self.gone is not None or not _may_pass(error):
                    raise
            else:
                self._silent, self._has_answered = 0, True
                return result
            finally:
                self._next = max(self._next, self._clock() + self.manner.pause_ms)
            await self._wait(pause)
            pause *= 3
        raise AssertionError

    async def each(self, items: Iterable[_Item], do: Callable[[_Item], Awaitable[None]]) -> None:
        """Do something with each of some items, with as many at once as requests may be."""
        waiting = iter(items)

        async def work() -> None:
            for item in waiting:
                await do(item)

        workers = [asyncio.create_task(work()) for _ in range(self.manner.at_once)]
        try:
            await asyncio.gather(*workers)
        finally:
            for worker in workers:
                worker.cancel()
            await asyncio.gather(*workers, return_exceptions=True)

    def leave_alone(self, seconds: int) -> None:
        """Ask nothing for so long: the feed has asked for it, whoever was asking."""
        # Programs told to wait equally long would all come back in the same moment.
        hold_ms = round(seconds * 1000 * random.uniform(1.0, 1.1))
        self._hold_until = max(self._hold_until, self._clock() + hold_ms)

    async def _turn(self) -> None:
        """Wait until another request may be made."""
        while True:
            if self.gone is not None:
                raise self.gone
            now = self._clock()
            due = max(self._next, self._hold_until)
            if due <= now:
                break
            if self._hold_until > now:
                self._on_hold(f"the feed asked to wait {shown_age(self._hold_until - now)}")
            await self._wait((due - now) / 1000)
        self._next = now + self.manner.pause_ms

    def _consider(self, error: FeedError | Unreadable) -> None:
        """Draw from a failure what it means for all that is still to be asked."""
        if isinstance(error, Unreachable):
            self._silent += 1
            if not self._has_answered or self._silent >= _SILENCE:
                self.gone = error
            return
        self._silent, self._has_answered = 0, True
        if isinstance(error, Answered) and error.retry_after:
            self.leave_alone(error.retry_after)
            if error.retry_after > self.manner.patience_s:
                self.gone = TurnedAway(error)


def _may_pass(error: FeedError | Unreadable) -> bool:
    """Tell whether asking again may help."""
    if isinstance(error, Answered):
        return error.status >= 500 or error.status in (408, 429)
    return True
