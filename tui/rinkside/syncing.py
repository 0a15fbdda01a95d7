"""Fetching a whole season: every World Cup of it onto its own tape, each document at most once.

What is on a tape is looked at first. A race that is official and was had since the feed last
touched it is kept for good; whether it was touched is told by the list of races, one document a
meet. So a season that was fetched once costs a request a meet, and one that was broken off goes on
where it stood.
"""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable, Collection
from dataclasses import dataclass, field
from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from typing import TYPE_CHECKING, Final, TypeVar

from msgspec.structs import replace

from longtrack import isu
from longtrack.http import FeedError, NotFound
from longtrack.model import Event, Race
from longtrack.recording import MeetRecorder
from longtrack.tape import HOLD_MS, Tape, TapeUnusable
from longtrack.tape_files import tape_file
from longtrack.touches import Touches
from rinkside.asking import WAITED_FOR, Asker, Manner, Wait
from rinkside.library import LATEST, Library, OpenMeet
from rinkside.oneshot import Fetched
from rinkside.synced import MeetSynced, Missing, Progress, Synced

if TYPE_CHECKING:
    from longtrack.http import Feed

_Result = TypeVar("_Result")

_HOUR_MS: Final = 3_600_000
_DAY: Final = timedelta(days=1)

_COMING_MS: Final = 12 * _HOUR_MS
"""How long the programme of a meet that has not begun is good."""
_EVENT_MS: Final = 24 * _HOUR_MS
"""How long it is good what a meet is; for ever, once it is over."""

_NOT_YET: Final = "not published yet"
_NO_RESULT: Final = "the feed has no result of it"


@dataclass
class _Work:
    """A meet while it is being fetched."""

    event: Event
    races: int = 0
    wanted: list[Race] = field(default_factory=list)
    """Those whose results are to be asked for, without their starts."""
    known: set[int] = field(default_factory=set)
    """Numbers of the races whose results were here before."""
    fetched: set[int] = field(default_factory=set)
    missing: list[Missing] = field(default_factory=list)

    def synced(self) -> MeetSynced:
        return MeetSynced(
            self.event,
            self.races,
            len(self.fetched),
            len(self.known - self.fetched),
            tuple(self.missing),
        )


class SeasonSync:
    """Fetches one season, once.

    Args:
        library: Where everything is kept.
        feed: Whom to ask.
        year: The year the season ends in.
        manner: How to ask.
        wait: How to wait.
        leave_out: Ids of events somebody else sees to.
        on_progress: Is told how far it is.
        on_meet: Is told what has come of a meet, when that is done.
    """

    def __init__(
        self,
        library: Library,
        feed: Feed,
        year: int,
        *,
        manner: Manner = WAITED_FOR,
        wait: Wait = asyncio.sleep,
        leave_out: Collection[str] = (),
        on_progress: Callable[[Progress], None] = lambda _: None,
        on_meet: Callable[[MeetSynced], None] = lambda _: None,
    ) -> None:
        self._library = library
        self._feed = feed
        self._year = year
        self._manner = manner
        self._leave_out = leave_out
        self._on_progress = on_progress
        self._on_meet = on_meet
        self._asker = Asker(manner, library.clock, wait, lambda words: self._tell(words))
        self._done = self._of = 0
        self._city = ""
        self._as_of: int | None = None
        self._trouble: FeedError | isu.Unreadable | None = None

    async def discover(self) -> None:
        """Ask which World Cups the season has, unless that was told a moment ago.

        Raises:
            longtrack.http.FeedError: If it can't be had.
            longtrack.isu.Unreadable: If it can't be read.
            longtrack.tape.TapeError: If the data directory can't be used.
        """
        told = self._library.listed_at(self._year)
        if told is not None and self._library.clock() - told <= self._manner.fresh_ms:
            self._see(told)
            return
        self._of += 1
        await self._counted(lambda: self._library.discover(self._feed, self._year))
        self._see(self._library.clock())

    async def run(self) -> Synced:
        """Fetch what is missing.

        Races and meets that can't be had stop nothing.

        Raises:
            longtrack.http.FeedError: If not even the list of events can be had, now or before.
            longtrack.isu.Unreadable: If it can't be read.
            longtrack.tape.TapeError: If the data directory can't be used.
        """
        self._feed.on_left_alone.append(self._asker.leave_alone)
        try:
            return await self._run()
        finally:
            self._feed.on_left_alone.remove(self._asker.leave_alone)

    async def _run(self) -> Synced:
        try:
            await self.discover()
        except (FeedError, isu.Unreadable) as error:
            if not self._library.told_world_cups(self._year):
                raise
            self._trouble = error
        works = [
            _Work(event)
            for event in self._library.told_world_cups(self._year)
            if event.id not in self._leave_out
        ]
        # The programmes first: from then on it is known how much there is to do.
        await self._asker.each(works, self._programme)
        for work in works:
            if work.wanted:
                await self._results(work)
            self._on_meet(work.synced())
        gone = self._asker.gone
        return Synced(
            self._year,
            tuple(work.synced() for work in works),
            self._asker.asked,
            self._as_of,
            None if gone is None else str(gone),
            self._trouble,
        )

    # --- a meet's programme ------------------------------------------------------------------

    async def _programme(self, work: _Work) -> None:
        """Fetch what a meet is and which races it has, and see which of them are wanted."""
        await asyncio.sleep(0)  # reading a tape takes 20 ms, and a screen may be waiting
        event = work.event
        self._city = event.city or event.id
        try:
            opened = await self._opened(work)
        except (FeedError, isu.Unreadable) as error:
            if not self._not_yet(event, error):
                self._miss(work, None, error)
            return
        try:
            fetched = await self._listed(work, opened)
            self._look_through(work, fetched)
        finally:
            opened.tape.close()

    async def _opened(self, work: _Work) -> OpenMeet:
        """Open the meet's tape; none is made for a meet the feed knows nothing of."""
        event_id = work.event.id
        if self._file(event_id).exists():
            return self._library.recorded(event_id)
        path = isu.event_path(event_id)
        self._feed.forget(path)

        async def first() -> bytes:
            body = (await self._feed.get(path)).body or b""
            isu.parse(body, path)
            return body

        self._of += 1
        body = await self._counted(first)
        opened = self._library.recorded(event_id)
        try:
            self._recorder(opened).take(path, body)
        except BaseException:
            opened.tape.close()
            raise
        return opened

    async def _listed(self, work: _Work, opened: OpenMeet) -> Fetched:
        """Bring the documents up to date that tell of the whole meet."""
        event_id, tape = opened.event_id, opened.tape
        recorder, touches = self._recorder(opened), Touches(tape)
        races = isu.competitions_path(event_id)
        listed = touches.listed()
        wanted = [
            path
            for path, good_for in self._good_for(work.event, event_id).items()
            if self._is_due(tape, path, good_for)
            # A list that somebody else has had told nobody which races were touched.
            or (path == races and listed is None and races in tape.heads(LATEST))
        ]
        self._of += len(wanted)
        for path in wanted:
            try:
                body = await self._take(recorder, tape, path)
            except (FeedError, isu.Unreadable) as error:
                if not self._not_yet(work.event, error):
                    self._miss(work, None, error)
                continue
            if path == races and body is not None:
                touches.keep_list(self._library.clock(), isu.read_last_updates(body))
        self._see(tape.last_good([races]))
        newest = touches.listed()
        return Fetched(opened, recorder, {} if newest is None else newest.words)

    def _good_for(self, event: Event, event_id: str) -> dict[str, int | None]:
        """Return how long each document of the whole meet is good; None for ever."""
        is_over = self._is_over(event)
        list_ms = self._changes_within(event)
        if self._is_to_come(event):
            list_ms = _COMING_MS
        return {
            isu.event_path(event_id): None if is_over else _EVENT_MS,
            isu.schedule_path(event_id): None if is_over else list_ms,
            isu.competitions_path(event_id): list_ms,
        }

    def _is_due(self, tape: Tape, path: str, good_for: int | None) -> bool:
        answered = [span.stop for span in tape.spans(path) if span.failure in ("", _NOT_YET)]
        if not answered:
            return True
        return good_for is not None and self._library.clock() - max(answered) > good_for

    def _look_through(self, work: _Work, fetched: Fetched) -> None:
        """See which races are here and which are to be asked for."""
        opened = fetched.opened
        meet, tape = opened.newest, opened.tape
        now, good_for = self._library.clock(), self._changes_within(work.event)
        taken_care_of = tape.is_claimed(now, HOLD_MS)
        work.races = len(meet.races)
        for race in meet.races:
            path = isu.results_path(opened.event_id, race.number)
            if race.has_result:
                work.known.add(race.number)
            elif race.official and not race.entries and fetched.has_newest(race):
                work.missing.append(Missing(race.code, _NO_RESULT))
            if race.official:
                wanted = not fetched.has_newest(race)
            else:
                # A program that polls this meet polls above all what is not decided.
                wanted = (
                    not taken_care_of
                    and self._has_begun(race, work.event)
                    and self._is_due(tape, path, good_for)
                )
            if wanted:
                work.wanted.append(replace(race, entries=()))  # they would only take room
        self._of += len(work.wanted)

    # --- the results of a meet ---------------------------------------------------------------

    async def _results(self, work: _Work) -> None:
        self._city = work.event.city or work.event.id
        opened = self._library.recorded(work.event.id)
        try:
            recorder, listed = self._recorder(opened), Touches(opened.tape).listed()
            fetched = Fetched(opened, recorder, {} if listed is None else listed.words)

            async def fetch(race: Race) -> None:
                path = isu.results_path(opened.event_id, race.number)
                try:
                    body = await self._take(recorder, opened.tape, path)
                except NotFound as error:
                    if race.official:
                        self._miss(work, race.code, error)
                    return  # else it is not published yet
                except (FeedError, isu.Unreadable) as error:
                    self._miss(work, race.code, error)
                    return
                fetched.has_come(race)
                if body is None or not isu.is_empty_list(body):
                    work.fetched.add(race.number)
                elif race.official:
                    work.missing.append(Missing(race.code, _NO_RESULT))

            await self._asker.each(work.wanted, fetch)
        finally:
            opened.tape.close()

    # --- one document ------------------------------------------------------------------------

    async def _take(self, recorder: MeetRecorder, tape: Tape, path: str) -> bytes | None:
        """Fetch a document onto the tape; None where the version there still stands."""
        # What the feed was told before may be of a tape that is gone; and of the list of races the
        # answer itself is wanted, whether or not it makes a version.
        asks_in_full = path.endswith("/competitions/") or path not in tape.heads(LATEST)

        was_asked = False

        async def attempt() -> bytes | None:
            nonlocal was_asked
            was_asked = True
            if asks_in_full:
                self._feed.forget(path)
            body = (await self._feed.get(path)).body
            if body is None:
                recorder.unchanged(path)
                return None
            try:
                recorder.take(path, body)
            except isu.Unreadable:
                self._feed.forget(path)
                raise
            return body

        try:
            body = await self._counted(attempt)
        except NotFound:
            recorder.failed(path, _NOT_YET)
            raise
        except (FeedError, isu.Unreadable) as error:
            if was_asked:
                recorder.failed(path, str(error))
            raise
        self._see(self._library.clock())
        return body

    async def _counted(self, attempt: Callable[[], Awaitable[_Result]]) -> _Result:
        self._tell()
        try:
            return await self._asker.ask(attempt)
        finally:
            self._done += 1
            self._tell()

    def _recorder(self, opened: OpenMeet) -> MeetRecorder:
        def stop(words: str) -> None:
            # What could only be kept in memory would have to be fetched again.
            raise TapeUnusable(words.partition(";")[0])

        return MeetRecorder(
            opened.tape,
            opened.event_id,
            self._library.clock,
            opened.records,
            on_trouble=stop,
            reader=opened.reader,
        )

    def _file(self, event_id: str) -> Path:
        return tape_file(self._library.locations.tapes, self._library.feed_host, event_id)

    def _is_over(self, event: Event) -> bool:
        last = event.end or event.start
        return last is not None and last + 2 * _DAY < _today(event, self._library.clock())

    def _is_to_come(self, event: Event) -> bool:
        return is_to_come(event, self._library.clock())

    def _changes_within(self, event: Event) -> int:
        return self._manner.settled_ms if self._is_over(event) else self._manner.fresh_ms

    def _has_begun(self, race: Race, event: Event) -> bool:
        if race.live or race.begun:
            return True
        if race.start is None:
            return not self._is_to_come(event)
        return race.start <= datetime.fromtimestamp(self._library.clock() / 1000, UTC)

    def _not_yet(self, event: Event, error: FeedError | isu.Unreadable) -> bool:
        """Tell whether a document that is not there is no failure: the meet is to come."""
        return isinstance(error, NotFound) and self._is_to_come(event)

    # --- what is told ------------------------------------------------------------------------

    def _tell(self, sentence: str = "") -> None:
        self._on_progress(Progress(self._done, max(self._of, self._done), self._city, sentence))

    def _miss(self, work: _Work, code: str | None, error: FeedError | isu.Unreadable) -> None:
        self._trouble = self._trouble or error
        work.missing.append(Missing(code, str(error)))

    def _see(self, at: int | None) -> None:
        if at is not None:
            self._as_of = max(at, self._as_of or at)


def is_to_come(event: Event, now: int) -> bool:
    """Tell whether a meet begins later than tomorrow, so that nothing can have happened yet."""
    return event.start is not None and event.start - _DAY > _today(event, now)


def _today(event: Event, now: int) -> date:
    return datetime.fromtimestamp(now / 1000, event.zone).date()
