"""What goes on behind the screen: the feed, the season and the record book are kept up to date."""

from __future__ import annotations

import asyncio
import time
from abc import abstractmethod
from collections.abc import Callable, Iterable
from contextlib import suppress
from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING, Final

from textual import on, work
from textual.worker import Worker, WorkerCancelled, WorkerFailed

from longtrack.health import Health
from longtrack.isu import Unreadable
from longtrack.model import Event, Meet, Source, Stage
from longtrack.playhead import Playhead
from longtrack.projection import Projector
from longtrack.tape import TapeError
from rinkside import __version__, garbage
from rinkside.held_back import is_over
from rinkside.library import Library, OpenMeet
from rinkside.messages import (
    BookChanged,
    HealthChanged,
    SeasonChanged,
    SyncProgress,
    TapeChanged,
)
from rinkside.replay import reaches_back_to
from rinkside.session import Session
from rinkside.visits import VisitsApp

if TYPE_CHECKING:
    from longtrack.http import Feed
    from longtrack.recording import MeetRecorder
    from longtrack.season import Season
    from rinkside.following import Follower
    from rinkside.synced import Progress

_ASK_AGAIN_S: Final = 30.0
"""How long after a failure the feed is asked again which meets there are."""

_SEARCH_S: Final = 600.0
"""How long after the feed had no meet to follow it is asked again for one."""

_ASKING: Final = "the live meet is asked for …"

_SLICE_S: Final = 0.01
"""How long is read ahead before the screen gets its turn."""

_MANY: Final = 12
"""How many documents of the season must be lacking before that is worth a word."""

_BOOK_S: Final = 10.0
"""How long the moments of a meet that is played wait for the record book."""


class UpkeepApp(VisitsApp):
    """A program that keeps the meet on screen, its season and the record book up to date."""

    _library: Library
    _clock: Callable[[], int]
    _opened: OpenMeet
    _chosen_by_viewer: bool
    """Whether the fan has said which meet; else it is the one that is on."""

    def __init__(self) -> None:
        super().__init__()
        self._feed: Feed | None = None
        self._follower: Follower | None = None
        self._recorder: MeetRecorder | None = None
        self._reading_season: Worker[Season] | None = None
        self._book_known = asyncio.Event()
        self._book_notes: tuple[str, ...] = ()
        self._recording: tuple[OpenMeet, int] | None = None
        """A meet whose beginning is re-enacted, on the tape it goes on from a time on."""

    # --- what the program does of it ---------------------------------------------------------

    @abstractmethod
    def turn_to(self, event_id: str) -> None:
        """Show another meet, live."""

    @abstractmethod
    def show_opened(self, opened: OpenMeet, playhead: Playhead | None = None) -> None:
        """Show another meet, live or where a playhead stands."""

    @abstractmethod
    def tape_failed(self, error: TapeError) -> None:
        """Go on where a tape can't be read or written any more."""

    @abstractmethod
    def tell_or_withhold(self, notes: Iterable[str]) -> None:
        """Tell about results that may lie ahead, where that is wanted."""

    @abstractmethod
    def changed(self) -> None:
        """Take notice of what has come, before it is shown."""

    # --- the meet ----------------------------------------------------------------------------

    @work(exclusive=True, group="feed", exit_on_error=False)
    async def _keep_up(self) -> None:
        """Make what moments are missing, then follow the feed."""
        # What derives moments is not needed before the first picture.
        from longtrack.recording import MeetRecorder
        from rinkside.following import Follower, make_moments

        session = self._session
        recorder = MeetRecorder(
            session.tape,
            session.event_id,
            self._clock,
            session.book,
            on_trouble=self._tell_trouble,
            on_new=self._tell_change,
            on_records=self.read_book,
            reader=session.reader,
        )
        recorder.cups = session.cups
        self._recorder = recorder
        stays = self.plan.offline or self.plan.demo or self.plan.tape_file is not None
        if not (stays or self._chosen_by_viewer):
            self._tell_search(_ASKING)
        try:
            if recorder.is_behind:
                await self._known_enough(recorder, session)
            if await make_moments(recorder):
                self._tell_change()
            if stays:
                return
            if session.is_laid_out and not session.playhead.is_live:
                self._fetch_season(polled=False)
                if session.source is not Source.BUNDLED:
                    await self._record_beside(session)
                return  # a re-enactment is never mixed with what the feed says now
            feed = self._open_feed()
            if not self._chosen_by_viewer:
                await self._find_meet(feed)
                if session is not self._session:
                    return
            if session.is_laid_out:
                await self._replace_laid_out(feed)
                return
            self._follower = Follower(
                feed,
                session.tape,
                session.event_id,
                recorder,
                self._clock,
                self._tell_change,
                self._tell_health,
            )
            self._fetch_season()
            self._fetch_records(recorder)
            await self._follower.run()
        except TapeError as error:
            if session is self._session:
                self.tape_failed(error)
        finally:
            if session is self._session:
                self._follower = None

    async def _known_enough(self, recorder: MeetRecorder, session: Session) -> None:
        """Wait for what moments rest on that are derived once and for all."""
        if self._reading_season is not None:
            with suppress(WorkerFailed, WorkerCancelled):
                recorder.cups = Projector(await self._reading_season.wait())
        if session.is_laid_out:
            with suppress(TimeoutError):
                async with asyncio.timeout(_BOOK_S):
                    await self._book_known.wait()

    async def _find_meet(self, feed: Feed) -> None:
        """Ask which meets there are, and turn to the one that is on."""
        from longtrack.http import FeedError, NotFound

        while True:
            self._tell_search(_ASKING)
            try:
                await self._library.discover(feed)
                break
            except NotFound:
                break  # a season of which the feed knows nothing yet
            except (FeedError, Unreadable) as error:
                if self._session.source is not Source.BUNDLED:
                    # What was watched last may be on: its own documents are asked for then.
                    return
                self._tell_search("")
                self._tell_health(Health(error=str(error), failures=1))
                await asyncio.sleep(_ASK_AGAIN_S)
        best = self._library.choose(datetime.now(UTC))
        if best is None:
            self._tell_search("no meet is on, one is waited for")
            self._search_on(feed)
        if best is not None and best != self._session.event_id:
            self.turn_to(best)

    @work(exclusive=True, group="search", exit_on_error=False)
    async def _search_on(self, feed: Feed) -> None:
        """Ask now and then whether a meet is on by now, until the viewer turns to another."""
        from longtrack.http import FeedError

        session = self._session
        while True:
            await asyncio.sleep(_SEARCH_S)
            if session is not self._session:
                return
            with suppress(FeedError, Unreadable, TapeError):
                await self._library.discover(feed)
            best = self._library.choose(datetime.now(UTC))
            if best is not None and session is self._session:
                self.turn_to(best)
                return

    def _tell_search(self, words: str) -> None:
        self._session.search = words
        self._tell_change()

    async def _replace_laid_out(self, feed: Feed) -> None:
        """Fetch what the feed has of the bundled or re-enacted meet; once whole, turn to that."""
        from longtrack.recording import MeetRecorder
        from rinkside.following import Follower

        event_id = self._session.event_id
        opened = self._library.recorded(event_id)
        news = asyncio.Event()
        recorder = MeetRecorder(
            opened.tape, event_id, self._clock, self._session.book, on_new=news.set
        )
        recorder.cups = self._session.cups
        follower = Follower(
            feed, opened.tape, event_id, recorder, self._clock, news.set, self._tell_health
        )
        try:
            async with asyncio.TaskGroup() as tasks:
                following = tasks.create_task(follower.run())
                while not _is_whole(recorder.meet()):
                    news.clear()
                    await news.wait()
                following.cancel()
        finally:
            opened.tape.close()
        self.turn_to(event_id)

    async def _record_beside(self, session: Session) -> None:
        """Go on recording a meet that is not over, while its beginning is re-enacted."""
        from longtrack.recording import MeetRecorder
        from rinkside.following import Follower

        if not self._library.is_recorded(session.event_id):
            return  # somebody sent the re-enactment
        opened = self._library.recorded(session.event_id)
        began = reaches_back_to(opened)
        try:
            if began is None or is_over(opened.newest):
                return
            recorder = MeetRecorder(opened.tape, opened.event_id, self._clock, session.book)
            recorder.cups = session.cups
            self._recording = opened, began
            await Follower(
                self._open_feed(),
                opened.tape,
                opened.event_id,
                recorder,
                self._clock,
                lambda: None,
                self._tell_health,
            ).run()
        finally:
            if self._opened is not opened:
                self._recording = None
                opened.tape.close()

    def _go_on_from_recording(self) -> None:
        """Turn from a re-enactment to the recording, where the playhead has come to its begin."""
        if self._recording is not None and self._session.playhead.at >= self._recording[1]:
            opened, _ = self._recording
            self.show_opened(opened, self._session.playhead)
            self._recording = None

    def _open_feed(self) -> Feed:
        # httpx and its certificates take 65 ms: they are loaded after the first picture.
        from longtrack.http import Feed

        if self._feed is None:
            self._feed = Feed(self.plan.api, version=__version__)
        return self._feed

    # --- season and records ------------------------------------------------------------------

    @work(exclusive=True, group="ahead", exit_on_error=False)
    async def _read_ahead(self) -> None:
        """Make ready for seeking in a meet that is played again."""
        session = self._session
        if session.playhead.is_live:
            return
        started = time.perf_counter()
        with self.reading_tape():
            for _ in session.read_ahead():
                if time.perf_counter() - started > _SLICE_S:
                    await asyncio.sleep(0)
                    started = time.perf_counter()
                if session is not self._session:
                    return

    def read_season(self) -> None:
        """Read the season of the meet beside the screen, which is told when that is done."""
        with self.reading_tape():
            year = self._session.meet().event.season
            if year is not None:
                self._reading_season = self._read_season(year)
            else:
                self.read_book()

    @work(thread=True, exclusive=True, group="season", exit_on_error=False)
    def _read_season(self, year: int) -> Season:
        # The first time it takes half a second; from then on it is kept.
        from rinkside.seasons import Seasons

        seasons = Seasons(self._library_of_its_own())
        season = seasons.season(year)
        self.post_message(SeasonChanged(season, tuple(seasons.notes)))
        return season

    @on(SeasonChanged)
    def _season_read(self, message: SeasonChanged) -> None:
        self._session.season = message.season
        if self._recorder is not None:
            self._recorder.cups = self._session.cups
        self.tell_or_withhold(message.notes)
        self._tell_change()
        self.read_book()

    def read_book(self) -> None:
        """Put the record book together beside the screen, which is told when that is done."""
        session = self._session
        with self.reading_tape():
            file = session.tape.file
            meet = session.meet() if file is None else None
            self._read_book(session.event_id, file, meet, session.whole_season)

    @work(thread=True, exclusive=True, group="book", exit_on_error=False)
    def _read_book(
        self, event_id: str, file: Path | None, meet: Meet | None, season: Season | None
    ) -> None:
        from rinkside.books import Books

        books = Books(self._library_of_its_own())
        if file is not None:
            book = books.of_file(file, event_id, season)
        else:
            book = books.book(meet or Meet(Event(event_id, event_id)), None, season)
        self.post_message(BookChanged(event_id, book, tuple(books.notes)))

    @on(BookChanged)
    def _book_read(self, message: BookChanged) -> None:
        if message.notes != self._book_notes:
            for note in message.notes:
                self.notify(note, severity="warning", timeout=10, markup=False)
            self._book_notes = message.notes
        if message.event_id != self._session.event_id:
            return
        self._session.book = message.book
        if self._recorder is not None:
            self._recorder.book = message.book
        self._book_known.set()
        garbage.keep_what_there_is()
        self._tell_change()

    def _library_of_its_own(self) -> Library:
        """Return the library for a thread: what it opens stays there."""
        known = self._library
        return Library(
            known.locations,
            known.api,
            offline=True,
            clock=self._clock,
            records_api=known.records_api,
        )

    @work(exclusive=True, group="records", exit_on_error=False)
    async def _fetch_records(self, recorder: MeetRecorder) -> None:
        """Fetch records and bests, after the meet that is followed."""
        from rinkside.records_beside import RecordsBeside

        with suppress(TapeError):  # what can't be kept of the meet itself is told
            await RecordsBeside(
                self._library, self._open_feed(), recorder.meet, self.read_book
            ).run()

    @work(exclusive=True, group="sync", exit_on_error=False)
    async def _fetch_season(self, *, polled: bool = True) -> None:
        """Fetch the other World Cups of the season, after the meet that is followed."""
        from rinkside.beside import SeasonBeside

        def tell(progress: Progress) -> None:
            if progress.of >= _MANY:
                self._tell_season(f"season {progress.done} of {progress.of}")

        beside = SeasonBeside(self._library, self._open_feed(), self._opened, tell, polled=polled)
        try:
            year = await beside.run()
        except TapeError:
            return  # what can't be kept of the meet itself is told
        finally:
            self._tell_season("")
        if year is not None:
            self.read_season()

    def _tell_season(self, words: str) -> None:
        for screen in self.screen_stack:
            screen.post_message(SyncProgress(words))

    # --- telling the screens -----------------------------------------------------------------

    def _tell_change(self) -> None:
        self.changed()
        for screen in self.screen_stack:
            screen.post_message(TapeChanged())

    def _tell_health(self, health: Health) -> None:
        for screen in self.screen_stack:
            screen.post_message(HealthChanged(health))

    def _tell_trouble(self, words: str) -> None:
        self._session.notes = (*self._session.notes, words)
        self.notify(words, severity="warning", markup=False)


def _is_whole(meet: Meet) -> bool:
    """Tell whether every race that was held has its result."""
    return bool(meet.races) and all(
        race.has_result or race.stage in (Stage.UPCOMING, Stage.LIVE) for race in meet.races
    )
