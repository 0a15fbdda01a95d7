"""An archive: documents that belong to no one meet, seldom change and are asked for seldom.

They lie on one library tape a host, which tells what was had and when, what was asked for in vain,
and how much was asked today. Nothing here is on the way of a live race: it costs its own pauses
and nothing else, and what can't be had is left as it was had last.
"""

from __future__ import annotations

import asyncio
import logging
from collections.abc import Awaitable, Callable
from datetime import UTC, datetime
from typing import Final

from longtrack.http import Answered, Feed, FeedError, NotFound, Unreachable
from longtrack.isu import Unreadable
from longtrack.tape import Outcome, Tape

_LOG: Final = logging.getLogger(__name__)

MINUTE_MS: Final = 60_000
HOUR_MS: Final = 60 * MINUTE_MS
DAY_MS: Final = 24 * HOUR_MS

MOST_A_DAY: Final = 300
"""Requests to one host in a day (UTC): public clients warn that it breaks under many."""
PAUSE_S: Final = 2.0
"""Between two requests; those clients make 15 a second."""

_NONE_MS: Final = 7 * DAY_MS
"""How long a document that is not there is not asked for again."""
_FAILED_MS: Final = HOUR_MS
"""The same of one that could not be had, or not be read."""
_ASKED: Final = "asked"
_LATEST: Final = 2**62
_NOT_THERE: Final = "not there"


class Archive:
    """Asks one host, and keeps its answers.

    Args:
        feed: Whom to ask.
        tape: The host's library tape.
        clock: Returns the present in milliseconds since 1970 (UTC).
        most_a_day: Requests in a day at most, by all programs on the tape together.
        pause_s: Least pause between two requests.
        wait: How to wait.
    """

    def __init__(
        self,
        feed: Feed,
        tape: Tape,
        clock: Callable[[], int],
        *,
        most_a_day: int = MOST_A_DAY,
        pause_s: float = PAUSE_S,
        wait: Callable[[float], Awaitable[None]] = asyncio.sleep,
    ) -> None:
        self.tape = tape
        self.clock = clock
        self.gained = False
        """Whether anything new has come."""
        self._feed = feed
        self._most_a_day = most_a_day
        self._pause_s = pause_s
        self._wait = wait
        self._gone_until = 0
        self._waits = False

    @property
    def is_gone(self) -> bool:
        """Whether nothing is asked for now: nobody answers, or enough was asked today."""
        return self.clock() < self._gone_until or self._asked_today() >= self._most_a_day

    async def get(self, path: str, good_for_ms: int) -> bytes | None:
        """Return a document, asked for if what is kept is older than that is good.

        Returns:
            The newest body there is; None where it was never had.

        Raises:
            longtrack.tape.TapeError: If the tape can't be used.
        """
        if not self.is_due(path, good_for_ms) or self.is_gone:
            return self.kept(path)
        if self._waits:
            await self._wait(self._pause_s)
        self._waits = True
        now = self.clock()
        self._count()
        try:
            self._feed.forget(path)
            body = (await self._feed.get(path)).body or b""
            self.gained |= self.tape.append(path, body, self.clock()) is Outcome.NEW
            self.tape.polled(path, self.clock(), joins_ms=0)
        except NotFound:
            self.tape.polled(path, now, _NOT_THERE, joins_ms=_LATEST)
        except (FeedError, Unreadable) as error:
            _LOG.info("%s: %s", path, error)
            self.tape.polled(path, now, str(error), joins_ms=_LATEST)
            if isinstance(error, Unreachable):
                self._gone_until = now + _FAILED_MS
            elif isinstance(error, Answered) and error.retry_after:
                self._gone_until = now + error.retry_after * 1000
        return self.kept(path)

    def kept(self, path: str) -> bytes | None:
        """Return what was had of a document last, or None."""
        head = self.tape.heads(_LATEST).get(path)
        return None if head is None else self.tape.body(head.version)

    def is_due(self, path: str, good_for_ms: int) -> bool:
        """Tell whether a document is worth asking for."""
        spans = self.tape.spans(path)
        if not spans:
            return True
        last = spans[-1]
        rest_ms = good_for_ms
        if last.failure:
            rest_ms = _NONE_MS if last.failure == _NOT_THERE else _FAILED_MS
        # A last answer in the future is a clock that was wrong.
        return not 0 <= self.clock() - last.stop < rest_ms

    def _asked_today(self) -> int:
        day, _, count = (self.tape.recall(_ASKED) or "").partition(" ")
        return int(count) if day == self._today() and count.isdigit() else 0

    def _count(self) -> None:
        with self.tape.laying():  # read and written in one: another program may do the same
            self.tape.remember(_ASKED, f"{self._today()} {self._asked_today() + 1}")

    def _today(self) -> str:
        return f"{datetime.fromtimestamp(self.clock() / 1000, UTC):%Y-%m-%d}"
