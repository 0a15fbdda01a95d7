"""Following a meet without a screen: every moment is told as it happens."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager, suppress
from dataclasses import dataclass, field
from datetime import UTC, datetime

from longtrack import isu
from longtrack.health import Health
from longtrack.http import Feed, FeedError
from longtrack.model import Meet, Race, Source
from longtrack.moments import Moment
from longtrack.playhead import Playhead
from longtrack.projection import Projector
from longtrack.recording import MeetRecorder
from longtrack.season import Season
from longtrack.tape import TapeError
from rinkside import __version__
from rinkside.books import Books
from rinkside.following import Follower, make_moments
from rinkside.library import Library, OpenMeet
from rinkside.oneshot import fetch_programme, named, refusal
from rinkside.plan import WatchPlan
from rinkside.records_beside import RecordsBeside
from rinkside.replay import beginning, meet_to_play, reaches_back_to, remarks


def _say_nothing(_opened: OpenMeet, _race: Race | None, _at: int, _asks: bool) -> None:
    """Tell the moments alone, as scripts want it."""


@dataclass
class Telling:
    """A meet that is followed or played, moment by moment.

    Attributes:
        plan: What to follow, from where on.
        library: Where it is kept, and whom to ask.
        tell: Is given each moment.
        remark: Is given each sentence about how it goes, such as that the feed is away.
        look: Is given the meet, the race of the plan, the tape time moments have been told until,
            and whether a feed is asked for more; whenever that has changed, before more is told.
    """

    plan: WatchPlan
    library: Library
    tell: Callable[[Moment], None]
    remark: Callable[[str], None]
    look: Callable[[OpenMeet, Race | None, int, bool], None] = _say_nothing
    _news: asyncio.Event = field(default_factory=asyncio.Event)
    _trouble: str | None = None

    async def run(self) -> None:
        """Tell until the race of the plan, or else the meet, is over.

        Raises:
            Refusal: If there is nothing to follow; the message says what to do.
            longtrack.tape.TapeError: If the data directory can't be used.
        """
        plan, library = self.plan, self.library
        if plan.tape_file is not None:
            await self._tell(library.open_file(plan.tape_file), None)
        elif plan.demo:
            await self._tell(library.bundled(), None)
        elif plan.offline:
            event_id = plan.event_id or library.choose(self._now)
            opened = library.bundled() if event_id is None else library.open(event_id)
            await self._tell(opened, None)
        else:
            async with Feed(plan.api, version=__version__) as feed:
                await self._tell(await self._opened(feed), feed)

    @property
    def _now(self) -> datetime:
        return datetime.fromtimestamp(self.library.clock() / 1000, UTC)

    async def _opened(self, feed: Feed) -> OpenMeet:
        library, event_id = self.library, self.plan.event_id
        if event_id is None:
            try:
                await library.discover(feed)
            except (FeedError, isu.Unreadable) as error:
                self.remark(str(error))
            event_id = library.choose(self._now)
        if event_id is None:
            return library.bundled()
        try:
            return (await fetch_programme(feed, library, event_id)).opened
        except (FeedError, isu.Unreadable) as error:
            kept = library.kept(event_id)
            if kept is None:
                raise refusal(event_id, error) from None
            self.remark(f"{error}; going on from what is kept")
            return kept

    async def _tell(self, opened: OpenMeet, feed: Feed | None) -> None:
        played = meet_to_play(self.library, self.plan, opened)
        is_laid = played.tape.recall("kind") == "reenacted"
        async with self._kept_up(played, None if is_laid else feed) as following:
            race = named(played.newest, self.plan.race) if self.plan.race else None
            start = beginning(self.library, self.plan, played)
            for remark in remarks(self.library, self.plan, played, start):
                self.remark(remark)
            if is_laid and feed is not None and self.library.is_recorded(played.event_id):
                await self._go_on(played, feed, race, start)
            else:
                await self._play(played, race, self._playhead(start), following)

    def _playhead(self, start: int | None) -> Playhead:
        clock = self.library.clock
        if start is None:
            return Playhead.live(clock, self.plan.delay_ms or 0)
        return Playhead.playing(clock, start, self.plan.speed)

    async def _go_on(
        self, played: OpenMeet, feed: Feed, race: Race | None, start: int | None
    ) -> None:
        """Play a re-enactment; of a meet that is not over it goes on from the recording."""
        recorded = self.library.recorded(played.event_id)
        began = reaches_back_to(recorded)
        if began is None or _is_done(recorded.newest, None):
            recorded.tape.close()
            await self._play(played, race, self._playhead(start), None)
            return
        async with self._kept_up(recorded, feed) as following:
            # All is made ready by now, so that nothing passes meanwhile.
            playhead = self._playhead(start)
            await self._play(played, race, playhead, None, until=began)
            await self._play(recorded, race, playhead, following, since=began)

    @asynccontextmanager
    async def _kept_up(
        self, opened: OpenMeet, feed: Feed | None
    ) -> AsyncIterator[asyncio.Task[None] | None]:
        """Make the moments of a meet, and follow it where there is a feed; then close its tape."""
        try:
            for note in opened.notes:
                self.remark(note)
            books = Books(self.library)
            book = books.of(opened)
            for note in books.notes:
                self.remark(note)

            def renew_book() -> None:
                recorder.book = books.book(opened.newest, opened.tape, book.season)

            recorder = MeetRecorder(
                opened.tape,
                opened.event_id,
                self.library.clock,
                book,
                on_trouble=self.remark,
                on_new=self._news.set,
                on_records=renew_book,
            )
            if (year := opened.newest.event.season) is not None:
                recorder.cups = Projector(await asyncio.to_thread(self._season, year))
            await make_moments(recorder)
            async with self._following(opened, feed, recorder, renew_book) as following:
                yield following
        finally:
            opened.tape.close()

    def _season(self, year: int) -> Season:
        """Read a season, for what a race does to its cup; a tape is of one thread only."""
        from rinkside.seasons import Seasons

        known = self.library
        library = Library(known.locations, known.api, offline=True, clock=known.clock)
        return Seasons(library).season(year)

    @asynccontextmanager
    async def _following(
        self,
        opened: OpenMeet,
        feed: Feed | None,
        recorder: MeetRecorder,
        renew_book: Callable[[], None],
    ) -> AsyncIterator[asyncio.Task[None] | None]:
        """Keep the tape up to date meanwhile, where there is a feed to ask."""
        if feed is None or opened.source is Source.BUNDLED:
            yield None
            return
        follower = Follower(
            feed,
            opened.tape,
            opened.event_id,
            recorder,
            self.library.clock,
            self._news.set,
            self._told_health,
        )
        race = opened.newest.race(self.plan.race) if self.plan.race else None
        follower.look_at(None if race is None else race.number)
        task = asyncio.create_task(follower.run())
        task.add_done_callback(lambda _: self._news.set())
        beside = RecordsBeside(self.library, feed, recorder.meet, renew_book)
        asking = asyncio.create_task(beside.run())
        try:
            yield task
        finally:
            task.cancel()
            asking.cancel()
            # Records that can't be kept are no reason to end.
            with suppress(asyncio.CancelledError, TapeError):
                await asking
            with suppress(asyncio.CancelledError):
                await task

    def _told_health(self, health: Health) -> None:
        if health.error is not None and health.error != self._trouble:
            self.remark(f"{health.error}; it is asked again and again")
        self._trouble = health.error

    async def _play(
        self,
        opened: OpenMeet,
        race: Race | None,
        playhead: Playhead,
        following: asyncio.Task[None] | None,
        *,
        since: int | None = None,
        until: int | None = None,
    ) -> None:
        """Tell what the playhead passes on a tape, after one time and up to another."""
        tape = opened.tape
        if since is None:
            # However fast it is played, nothing of what is to be played is passed over.
            since = (playhead.at if playhead.origin is None else playhead.origin) - 1
        seen = since
        self.look(opened, race, since, following is not None)
        told: set[tuple[int, str]] = set()
        while True:
            self._news.clear()
            at = playhead.at if until is None else min(playhead.at, until)
            # However late this wakes up, it ends with the version the race ended with.
            ended = _end(opened, race, seen, at)
            seen = at = at if ended is None else ended
            self.look(opened, race, at, following is not None and not following.done())
            for kept in tape.moments(at, after=since):
                if (kept.version, kept.body) not in told:
                    told.add((kept.version, kept.body))
                    moment = Moment.from_json(kept.body)
                    if race is None or moment.race == race.code:
                        self.tell(moment)
            if ended is not None or (until is not None and at >= until):
                break
            if following is not None and following.done():
                await following
                break
            due = tape.next_after(at) if playhead.behind else None
            if until is not None:
                due = until if due is None else min(due, until)
            if due is None and following is None:
                break
            with suppress(TimeoutError):
                async with asyncio.timeout(None if due is None else playhead.until(due)):
                    await self._news.wait()
        if playhead.is_live and not told:
            again = "--from-start" if self.plan.event_id else "rinkside demo"
            self.remark(f"it is over, or nobody is asked about it; {again} plays it again")


def _end(opened: OpenMeet, race: Race | None, after: int, until: int) -> int | None:
    """Return when, in ``after < time <= until``, the race or the meet was over; None if it is not.

    One that was over before is so at once.
    """
    at: int | None = after
    while at is not None and at <= until:
        if _is_done(opened.reader.meet(at), race):
            return max(at, after + 1)
        at = opened.tape.next_after(at)
    return None


def _is_done(meet: Meet, race: Race | None) -> bool:
    """Tell whether the race, or else every race of the meet, is official or over."""
    races = (
        meet.races if race is None else [each for each in meet.races if each.number == race.number]
    )
    return bool(races) and all(each.official or each.over for each in races)
