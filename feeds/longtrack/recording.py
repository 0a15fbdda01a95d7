"""Recording: an answer of the feed becomes a version on the tape, with the moments it brings."""

from __future__ import annotations

import logging
from collections.abc import Callable, Iterator
from typing import Final, TypeVar

from longtrack import isu, isu_records
from longtrack.happened import RULES, Known, between
from longtrack.model import Meet, Race
from longtrack.moments import Moment
from longtrack.projection import Projector
from longtrack.records import RecordBook
from longtrack.state import TapeReader
from longtrack.tape import Head, Outcome, Tape, TapeDamaged, TapeUnusable

_Result = TypeVar("_Result")
_LOG: Final = logging.getLogger(__name__)

_LONGEST_EMPTY: Final = 500
"""Bytes of a page without a row, with its count and addresses."""

_LIVE_GAP_MS: Final = 60_000
_QUIET_GAP_MS: Final = 40 * 60_000


class MeetRecorder:
    """Puts the answers for one meet on its tape.

    Args:
        tape: The meet's tape.
        event_id: The feed's id of the meet.
        clock: Returns the tape's present time in milliseconds.
        book: The records moments are measured against, until ``book`` is set to a newer one.
        on_trouble: Called with a sentence for the viewer when the tape can't be written; what
            comes in is then kept in memory.
        on_new: Called after a new version and its moments are on the tape.
        on_records: Called after what the feed says of records or bests has changed.
        reader: Whoever else reads the tape, so that a version is decoded once for both.
    """

    def __init__(
        self,
        tape: Tape,
        event_id: str,
        clock: Callable[[], int],
        book: RecordBook,
        on_trouble: Callable[[str], None] = _LOG.warning,
        on_new: Callable[[], None] = lambda: None,
        on_records: Callable[[], None] = lambda: None,
        reader: TapeReader | None = None,
    ) -> None:
        self._tape = tape
        self._event_id = event_id
        self._clock = clock
        self._known = Known(book)
        self._on_trouble = on_trouble
        self._on_new = on_new
        self._on_records = on_records
        self._reader = reader or TapeReader(tape, event_id)

    @property
    def book(self) -> RecordBook:
        """The records moments are measured against; a newer one counts from then on."""
        return self._known.book

    @book.setter
    def book(self, book: RecordBook) -> None:
        self._known = Known(book, self._known.cups)

    @property
    def cups(self) -> Projector | None:
        """Projects a race on its cup, for what it does there; None: nothing is said of that."""
        return self._known.cups

    @cups.setter
    def cups(self, cups: Projector | None) -> None:
        self._known = Known(self._known.book, cups)

    @property
    def is_behind(self) -> bool:
        """Whether any version on the tape lacks its moments, or has those of other rules."""
        return bool(self._tape.without_moments(RULES))

    def meet(self) -> Meet:
        """Return the newest state of the meet."""
        return self._reader.meet(self._clock())

    def take(self, path: str, body: bytes) -> Outcome:
        """Offer an answer to the tape and derive what it brings.

        Raises:
            longtrack.isu.Unreadable: If the body is not the document; nothing is kept.
        """
        now = self._clock()
        self._refuse_emptied(path, body, now)
        at = self._time_of(path, body, now)
        joins_ms = self._joins_ms(path)

        def append() -> Outcome:
            with self._tape.laying():
                outcome = self._tape.append(path, body, at)
                self._tape.polled(path, now, joins_ms=joins_ms)
                return outcome

        outcome = self._written(append)
        if outcome is Outcome.NEW:
            for _ in self.catch_up():
                pass
            if isu_records.is_of_race(path):
                self._on_records()
            self._on_new()
        return outcome

    def unchanged(self, path: str) -> None:
        """Note that the feed says the newest version still stands."""
        self._note_poll(path)

    def failed(self, path: str, words: str) -> None:
        """Note that a document was asked for in vain, and why."""
        self._note_poll(path, words)

    def _note_poll(self, path: str, failure: str = "") -> None:
        now, joins_ms = self._clock(), self._joins_ms(path)
        self._written(lambda: self._tape.polled(path, now, failure, joins_ms=joins_ms))

    def _joins_ms(self, path: str) -> int:
        # A live race is asked for every few seconds: a minute without is a gap in the recording.
        # Everything else rests for up to half an hour between two polls.
        live = {isu.results_path(self._event_id, race.number) for race in self.meet().live}
        return _LIVE_GAP_MS if path in live else _QUIET_GAP_MS

    def catch_up(self) -> Iterator[int]:
        """Derive the moments of every version that has none, or has those of other rules.

        Yields:
            How many versions are left, after each one; the caller may pause between them.
        """
        waiting = self._tape.without_moments(RULES)
        for index, head in enumerate(waiting):
            try:
                moments = [(moment.at, moment.to_json()) for moment in self._moments_of(head)]
            except TapeDamaged:
                # What can't be restored has no moments; those after it still have theirs.
                moments = []
            self._written(
                lambda head=head, moments=moments: self._tape.keep_moments(  # type: ignore[misc]
                    head.version, RULES, moments
                )
            )
            yield len(waiting) - index - 1

    def _moments_of(self, head: Head) -> list[Moment]:
        after = self._tape.heads_with(head)
        before = dict(after)
        previous = self._tape.before(head)
        if previous is None:
            del before[head.path]
        else:
            before[head.path] = previous
        state = self._reader.assemble(before)
        return between(state, self._reader.assemble(after), head.at, self._known)

    def _refuse_emptied(self, path: str, body: bytes, now: int) -> None:
        # A list that held a race and comes back empty is a fault of the feed, not news.
        if len(body) > _LONGEST_EMPTY or not isu.is_empty_list(body):
            return
        known = self._tape.heads(now).get(path)
        if known is not None and not isu.is_empty_list(self._tape.body(known.version)):
            raise isu.Unreadable("the feed's answer has lost all its rows")

    def _time_of(self, path: str, body: bytes, now: int) -> int:
        """Return the meet's time of an answer: now, or when the race it tells of was held."""
        race = next(
            (
                race
                for race in self.meet().races
                if path == isu.results_path(self._event_id, race.number)
            ),
            None,
        )
        if race is None or race.live or race.entries_known:
            return now
        if not (race.official or _all_over(body, race)):
            return now
        held = race.over_at
        return now if held is None else min(now, round(held.timestamp() * 1000))

    def _written(self, write: Callable[[], _Result]) -> _Result:
        try:
            return write()
        except TapeUnusable as error:
            if self._tape.file is None:
                raise
            self._on_trouble(f"{error}; what comes now is kept until you quit")
            self._tape.continue_in_memory()
            return write()


def _all_over(body: bytes, race: Race) -> bool:
    entries = isu.read_results(body, race.distance).entries
    return bool(entries) and all(
        entry.rank is not None or entry.status.is_invalid for entry in entries
    )
