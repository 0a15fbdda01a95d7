"""The program on screen: it opens a meet, keeps it up to date and shows its screens."""

from __future__ import annotations

import asyncio
import gc
import os
import time
from collections.abc import Callable, Iterable, Iterator, Sequence
from contextlib import contextmanager, suppress
from datetime import UTC, datetime, tzinfo
from pathlib import Path
from typing import TYPE_CHECKING, Any, ClassVar, Final

from msgspec.structs import replace
from textual import on, work
from textual.app import SystemCommand
from textual.binding import Binding, BindingType
from textual.screen import Screen
from textual.theme import Theme
from textual.worker import Worker, WorkerCancelled, WorkerFailed

from longtrack.clock import TapeClock
from longtrack.health import Health
from longtrack.isu import Unreadable
from longtrack.model import Event, Meet, Source, Stage
from longtrack.playhead import Playhead
from longtrack.projection import Projector
from longtrack.recording import MeetRecorder
from longtrack.tape import TapeDamaged, TapeError
from longtrack.tape_files import mark_used, move_aside
from rinkside import __version__
from rinkside.drawing import footer, manner
from rinkside.drawing.footer import Key
from rinkside.followed import Followed
from rinkside.followed_file import FollowedFile
from rinkside.held_back import TWICE_S, HeldBack, is_over
from rinkside.ink import Inks, Line
from rinkside.keymap import Keymap
from rinkside.library import Library, NoSuch, OpenMeet, Refusal
from rinkside.messages import (
    BookChanged,
    HealthChanged,
    SeasonChanged,
    SyncProgress,
    TapeChanged,
    TapeReady,
)
from rinkside.palettes import Depth, Palettes
from rinkside.plan import Edge, WatchPlan
from rinkside.preferences import Preferences
from rinkside.remembered import Remembered, keep, recall
from rinkside.replay import beginning, file_to_play, meet_to_play, reaches_back_to, remarks
from rinkside.screens.meet import MeetScreen
from rinkside.session import Choice, Session
from rinkside.settings import Signs, StartView, Zones
from rinkside.settings.catalogue import Setting, Value
from rinkside.transport import TransportApp
from rinkside_themes import ThemeError

if TYPE_CHECKING:
    from textual.timer import Timer

    from longtrack.http import Feed
    from longtrack.model import Race
    from longtrack.season import Season
    from rinkside.following import Follower
    from rinkside.notifying import Announcer
    from rinkside.synced import Progress
    from rinkside.tapes import KeptTape

_ASK_AGAIN_S: Final = 30.0
"""How long after a failure the feed is asked again which meets there are."""

_SLICE_S: Final = 0.01
"""How long is read ahead before the screen gets its turn."""

_SEARCH_S: Final = 600.0
"""How long after the feed had no meet to follow it is asked again for one."""

_ASKING: Final = "the live meet is asked for …"

_MANY: Final = 12
"""How many documents of the season must be lacking before that is worth a word."""

_BOOK_S: Final = 10.0
"""How long the moments of a meet that is played wait for the record book."""

_GARBAGE: Final = 5_000
"""How many more things there may be before those that nothing needs are looked for."""

_GONE: Final = "Nobody is known any more by that name."

_AHEAD: Final = "What is live lies ahead of you. Press S twice to see everything."
_ONCE_MORE: Final = "Press S again to see everything that has happened, results and all."

_DUMB: Final = ("dumb", "unknown")
"""What a terminal calls itself of which nothing is known, and so not that it has colours."""

_LOOK_S: Final = 1.0
"""How often the file of a fan's theme is looked at, while that theme is on the screen."""


class RinksideApp(TransportApp):
    """Shows a meet as a plan says.

    Args:
        plan: What to show, from where on.
        library: The meets that are known.
        opened: The meet to show first, opened already so that nothing can fail on screen.
        clock: The tape's clock.
        here: The viewer's time zone; the system's by default.
    """

    TITLE = "rinkside"
    # Textual loads no stylesheet of the default screen's own.
    CSS_PATH = Path(__file__).parent / "screens" / "meet.tcss"
    CSS = """
    Screen { background: $ground; color: $text; }
    ThemesScreen { background: transparent; }
    Toast { background: $tab; color: $text; }
    """
    BINDINGS: ClassVar[list[BindingType]] = [
        Binding(
            "m",
            "moments",
            "Moments",
            id="moments",
            tooltip="Show all that has happened",
            show=False,
        ),
        Binding("t", "next_theme", "Theme", id="theme", tooltip="Change the theme", show=False),
        Binding(
            "c",
            "settings",
            "Settings",
            id="settings",
            tooltip="See what can be set, and set it",
            show=False,
        ),
        Binding(
            "S",
            "spoilers",
            "See everything",
            id="spoilers",
            tooltip="Pressed twice, it ends spoiler-free",
            show=False,
        ),
        Binding(
            "T",
            "choose_theme",
            "Themes",
            id="themes",
            tooltip="Look at each theme before you keep one",
            show=False,
        ),
        Binding("q", "quit", "Quit", id="quit", show=False),
        Binding("question_mark", "help", "Help", id="help", tooltip="Show the keys", show=False),
    ]

    def __init__(
        self,
        plan: WatchPlan,
        library: Library,
        opened: OpenMeet,
        *,
        clock: Callable[[], int] | None = None,
        here: tzinfo | None = None,
    ) -> None:
        # Textual takes the variable out of the environment.
        colourless = "NO_COLOR" in os.environ or os.environ.get("TERM") in _DUMB
        self._colourless = colourless
        # Textual takes NO_COLOR as grey tones unless it may use the terminal's own colours.
        super().__init__(ansi_color=True if colourless else None)
        self.plan = plan
        self._library = library
        self._clock = clock or TapeClock()
        self._here = here
        self._remembered, trouble = recall(plan.locations.remembered, round(time.time() * 1000))
        depth = Depth.NONE if colourless else Depth.of(self.console.color_system)
        self._palettes = Palettes(plan.locations.themes, depth)
        self._theme_file_watch: Timer | None = None
        for theme in self._palettes.themes.values():
            self.register_theme(theme)
        self.preferences = Preferences(plan.locations.settings, list(self._palettes.themes))
        chosen = self.preferences.theme or self._remembered.theme
        self.theme = self._palettes.chosen(None if colourless else chosen)
        self._following = FollowedFile(
            plan.locations.followed, library.feed_host, lambda: round(time.time() * 1000)
        )
        troubles = (trouble, self._following.read())
        self._troubles = [
            *filter(None, troubles),
            *self._palettes.troubles,
            *filter(None, ["\n".join(self.preferences.troubles)]),
        ]
        self.keymap = Keymap()
        self._feed: Feed | None = None
        self._follower: Follower | None = None
        self._recorder: MeetRecorder | None = None
        self._reading_season: Worker[Season] | None = None
        self._book_known = asyncio.Event()
        self._book_notes: tuple[str, ...] = ()
        self._opened = opened
        self._played_from = beginning(library, plan, opened)
        self._session = self._session_of(opened, self._played_from)
        self._held_back = HeldBack(library, lambda: self._remembered, self._remember)
        self._recording: tuple[OpenMeet, int] | None = None
        """A meet whose beginning is re-enacted, on the tape it goes on from a time on."""
        self._chosen_by_viewer = plan.event_id is not None or plan.tape_file is not None
        self._announcer: Announcer | None = None
        self._go_by_settings()

    # --- settings ----------------------------------------------------------------------------

    def _go_by_settings(self) -> None:
        display = self.preferences.settings.display
        manner.use(display.manner)
        self.animation_level = "full" if display.moves(os.environ) else "none"
        self._furnish(self._session)

    def _furnish(self, session: Session) -> None:
        """Give a meet what the fan wants of every one."""
        display = self.preferences.settings.display
        session.followed = self._following.followed
        session.own_clock = display.zones is Zones.BOTH
        session.flashes = display.moves(os.environ)
        session.skips = self.preferences.settings.replay.skip

    def change_setting(self, setting: Setting, value: Value | None) -> None:
        """Change a setting at once, and in the file; None: to what it is by itself."""
        trouble = self.preferences.change(setting, value)
        if trouble:
            self.notify(trouble, severity="warning", timeout=10, markup=False)
        self._go_by_settings()
        if setting.table == "notifications":
            self._begin_to_announce()
        if setting.key == "display.theme" and not self._colourless:
            self.theme = self._palettes.chosen(
                self.preferences.theme or self._remembered.theme or self.theme
            )
        self._draw_screens()

    def _move_keys(self) -> None:
        """Put the keys where the fan wants them; what can't be is told."""
        self.keymap, troubles = self.preferences.keymap(type(self))
        if self.keymap.moved:
            self.set_keymap(self.keymap.for_textual)
            self._draw_screens()
        if troubles:
            self.notify("\n".join(troubles), severity="warning", timeout=10, markup=False)

    def key_line(self, keys: Sequence[Key], width: int) -> Line:
        """Draw the last row of the present screen: what its keys do."""
        nodes = (self.screen, self)
        (last,) = self.keymap.shown([footer.HELP], *nodes)
        return footer.keys(self.keymap.shown(keys, *nodes), width, last)

    def _show_start_view(self) -> None:
        """Open what is to be shown first, over the race."""
        view = self.preferences.settings.display.start
        if self.plan.demo or self.plan.race is not None:
            return
        with self.reading_tape():
            if view is StartView.PROGRAMME:
                self.show_programme(self._session)
            elif view is StartView.STANDINGS:
                self.show_standings(self._session, self._session.scene(Choice()).race)

    # --- themes ------------------------------------------------------------------------------

    @property
    def available_themes(self) -> dict[str, Theme]:
        """The themes that have a colour for everything there is to show."""
        # Textual asks while it is being set up, before there are any.
        palettes: Palettes | None = getattr(self, "_palettes", None)
        if palettes is None or self.theme not in palettes.themes:
            return super().available_themes
        return palettes.themes

    def inks(self, *, stale: bool) -> Inks:
        """Return the styles of the present theme."""
        plain = self.preferences.settings.display.signs is Signs.ASCII
        return self._palettes.inks(self.theme, stale=stale, plain=plain)

    def action_next_theme(self) -> None:
        """Change to the next theme; it is kept."""
        self.keep_theme(self._palettes.after(self.theme))
        self.notify(self._palettes.palette(self.theme).title, timeout=2, markup=False)

    def action_choose_theme(self) -> None:
        """List the themes, each shown while the cursor is on it."""
        from rinkside.screens.themes import ThemesScreen

        themes = [self._palettes.palette(name) for name in self._palettes.names()]
        self.push_screen(ThemesScreen(themes, self.theme))

    def action_change_theme(self) -> None:
        """Do so from the command palette, whose own list shows a theme only once it is chosen."""
        self.action_choose_theme()

    def keep_theme(self, name: str) -> None:
        """Show a theme from now on, the next time too."""
        self.theme = name
        if not self._colourless and name != self._remembered.theme:
            self._remember(self._remembered.with_theme(name))

    def _watch_theme(self, theme_name: str) -> None:
        super()._watch_theme(theme_name)
        if self.is_running:
            self._watch_theme_file()
            self._draw_screens()

    def _watch_theme_file(self) -> None:
        """Look at the theme's file from time to time if it is one that a fan may be editing."""
        if self._theme_file_watch is not None:
            self._theme_file_watch.stop()
            self._theme_file_watch = None
        if self._palettes.is_fans(self.theme):
            self._theme_file_watch = self.set_interval(_LOOK_S, self.look_at_theme_file)

    def look_at_theme_file(self) -> None:
        """Show the theme as its file now says; what can't be used is told, and changes nothing."""
        try:
            if self._palettes.read_anew(self.theme):
                self._watch_theme(self.theme)
        except ThemeError as fault:
            self.notify(str(fault), title="Theme", severity="error", timeout=10, markup=False)

    def _draw_screens(self) -> None:
        for screen in self.screen_stack:
            if hasattr(screen, "draw"):
                screen.draw()

    def _remember(self, remembered: Remembered) -> None:
        self._remembered = remembered
        trouble = keep(self.plan.locations.remembered, remembered)
        if trouble:
            self.notify(trouble, severity="warning", markup=False)

    def _note_watching(self) -> None:
        """Remember which meet is watched, and that its tape was used now."""
        mark_used(self._opened.tape.file, round(time.time() * 1000))
        if self._opened.source is not Source.CACHE or self.plan.tape_file is not None:
            return
        event_id, host = self._opened.event_id, self._library.feed_host
        if self._remembered.last_watched.get(host) != event_id:
            self._remember(self._remembered.having_watched(host, event_id))

    # --- whom the viewer follows -------------------------------------------------------------

    def follow(self, change: Callable[[Followed], Followed], words: str) -> None:
        """Follow others from now on, on every screen; it is kept."""
        trouble = self._following.change(change)
        self._session.followed = self._following.followed
        self.notify(words, timeout=4, markup=False)
        if trouble:
            self.notify(trouble, severity="warning", markup=False)
        self._draw_screens()

    def _learn_ids(self) -> None:
        """Keep the ids of those who were followed by name until a feed told them."""
        known = self._session.followed
        with self.reading_tape():
            if known.lacks_ids and known.learnt(meet := self._session.meet()) is not known:
                self._following.change(lambda followed: followed.learnt(meet))
                self._session.followed = self._following.followed

    # --- which meet --------------------------------------------------------------------------

    def _session_of(self, opened: OpenMeet, start: int | None) -> Session:
        session = Session(
            opened.tape,
            opened.event_id,
            opened.source,
            clock=self._clock,
            offline=self.plan.offline or self.plan.tape_file is not None,
            demo=self.plan.demo,
            spoiler_free=self.plan.spoiler_free,
            notes=opened.notes,
            here=self._here,
            book=opened.records,
            reader=opened.reader,
        )
        self._furnish(session)
        if start is not None:
            session.move(Playhead.playing(self._clock, start, self.plan.speed))
        elif self.plan.delay_ms is not None:
            session.move(Playhead.live(self._clock, self.plan.delay_ms))
        else:
            self._delay_as_before(session)
        return session

    def _delay_as_before(self, session: Session) -> None:
        """Follow a meet as far behind the feed as the viewer's picture of it was."""
        delay_ms = self._remembered.delay(self._library.feed_host, session.event_id)
        delay_ms = delay_ms or 1000 * self.preferences.settings.watch.delay
        if delay_ms and session.goes_on and not self.plan.demo:
            session.move(Playhead.live(self._clock, delay_ms))

    def keep_delay(self, delay_ms: int) -> None:
        """Keep how late the picture of this meet is."""
        host, event_id = self._library.feed_host, self._session.event_id
        self._remember(self._remembered.with_delay(host, event_id, delay_ms))

    def playhead_moved(self) -> None:
        """Show everything as it is where the playhead stands now."""
        self._draw_screens()
        self._announce()

    def show_skated(self, code: str) -> None:
        """Show a race the playhead was sent to."""
        below = self.screen_stack[0]
        if isinstance(below, MeetScreen):
            below.turn_to(code)

    @property
    def race_on_screen(self) -> Race | None:
        """The race that is shown, or was before another screen was opened."""
        below = self.screen_stack[0]
        return below.race if isinstance(below, MeetScreen) else None

    def _first_choice(self) -> Choice:
        # The demo follows what is live, so that the next race comes by itself.
        if self.plan.race is None or self.plan.demo:
            return Choice()
        race = self._session.meet().race(self.plan.race)
        return Choice() if race is None else Choice(race=race.number)

    def get_default_screen(self) -> MeetScreen:
        """Show the meet from its tape, with no other screen below."""
        return MeetScreen(self._session, self._first_choice())

    def on_mount(self) -> None:
        """Leave the network until after the first picture."""
        self._show_start_view()
        self.call_after_refresh(self._begin)

    def _begin(self) -> None:
        if not gc.isenabled():
            # What was made until the first picture stays; only what comes is looked through.
            gc.collect()
            gc.freeze()
            # By default it is looked through after every 700 more things, twice a passage.
            gc.set_threshold(_GARBAGE, 10, 10)
            gc.enable()
        for trouble in self._troubles:
            self.notify(trouble, severity="warning", timeout=10, markup=False)
        self._watch_theme_file()
        if not self.plan.spoiler_free and not self.plan.demo:
            # Whoever asked for spoilers has seen what is there.
            self._held_back.forget_place(self._watched)
        self._tell_remarks()
        if self.preferences.settings.keys:
            self._move_keys()
        self._begin_to_announce()
        self._note_watching()
        self.read_season()
        self._keep_up()
        self._read_ahead()

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
        self._tell_or_withhold(message.notes)
        self._tell_change()
        self.read_book()

    def _tell_or_withhold(self, notes: Iterable[str]) -> None:
        """Tell about results that may lie ahead, where that is wanted."""
        if self._session.spoiler_free:
            self._held_back.hold(notes)
            return
        for note in notes:
            self.notify(note, severity="warning", timeout=10, markup=False)

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
        self._tell_change()

    @work(exclusive=True, group="feed", exit_on_error=False)
    async def _keep_up(self) -> None:
        """Make what moments are missing, then follow the feed."""
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
                self._tape_failed(error)
        finally:
            if session is self._session:
                self._follower = None

    async def _record_beside(self, session: Session) -> None:
        """Go on recording a meet that is not over, while its beginning is re-enacted."""
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
            self._turn_to(opened, self._session.playhead)
            self._recording = None

    async def _known_enough(self, recorder: MeetRecorder, session: Session) -> None:
        """Wait for what moments rest on that are derived once and for all."""
        if self._reading_season is not None:
            with suppress(WorkerFailed, WorkerCancelled):
                recorder.cups = Projector(await self._reading_season.wait())
        if session.is_laid_out:
            with suppress(TimeoutError):
                async with asyncio.timeout(_BOOK_S):
                    await self._book_known.wait()

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

    def _open_feed(self) -> Feed:
        # httpx and its certificates take 65 ms: they are loaded after the first picture.
        from longtrack.http import Feed

        if self._feed is None:
            self._feed = Feed(self.plan.api, version=__version__)
        return self._feed

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

    def turn_to(self, event_id: str) -> None:
        """Show another meet, live."""
        try:
            opened = self._library.open(event_id)
        except (TapeError, Refusal) as error:
            self.notify(str(error), severity="error", markup=False)
            return
        plan = replace(self.plan, event_id=event_id, tape_file=None, demo=False)
        self._play(replace(plan, start=Edge.LIVE), opened)

    def play_tape(self, tape: KeptTape) -> None:
        """Play a tape of this computer from its beginning; a meet that is live is followed."""
        own = tape.kind == "recorded" and tape.feed == self._library.feed_host
        if own and tape.live and not self.plan.offline:
            self.plan = replace(self.plan, demo=False, tape_file=None)
            self.turn_to(tape.event.id)
        else:
            self._make_ready(tape)

    @work(thread=True, exclusive=True, group="tape", exit_on_error=False)
    def _make_ready(self, tape: KeptTape) -> None:
        known = self._library
        library = Library(known.locations, known.api, offline=True, clock=self._clock)
        try:
            self.post_message(TapeReady(tape, file_to_play(library, tape)))
        except (TapeError, Unreadable) as error:
            self.call_from_thread(self.notify, str(error), severity="error", markup=False)

    @on(TapeReady)
    def _tape_ready(self, message: TapeReady) -> None:
        tape, file = message.tape, message.file
        try:
            opened = self._library.open_own(file, tape.event.id)
        except (TapeError, Unreadable) as error:
            self.notify(str(error), severity="error", markup=False)
            return
        own = tape.kind == "bundled" or tape.feed == self._library.feed_host
        plan = replace(
            self.plan, event_id=tape.event.id, tape_file=None if own else file, demo=False
        )
        self._play(replace(plan, start=Edge.BEGINNING), opened)

    def _play(self, plan: WatchPlan, opened: OpenMeet) -> None:
        """Show a meet as a plan says; without spoilers it is one from where the fan stopped."""
        self._keep_place()
        plan = replace(plan, race=None, delay_ms=None)
        watched = plan.tape_file or opened.event_id
        if plan.spoiler_free or self._held_back.place(watched) is not None:
            plan = replace(plan, start=Edge.PLACE, spoiler_free=True)
        try:
            opened = meet_to_play(self._library, plan, opened)
            start = beginning(self._library, plan, opened)
        except (TapeError, Refusal) as error:
            self.notify(str(error), severity="error", markup=False)
            return
        self.plan, self._played_from = plan, start
        playhead = None
        if start is not None:
            playhead = Playhead.playing(self._clock, start, plan.speed)
        self._turn_to(opened, playhead)
        self._tell_remarks()

    def _turn_to(self, opened: OpenMeet, playhead: Playhead | None = None) -> None:
        """Show another meet, live or where a playhead stands."""
        former, season = self._session.tape, self._session.whole_season
        self._recorder = None
        self._book_known.clear()
        self._opened = opened
        self._session = self._session_of(opened, None)
        if playhead is not None:
            self._session.move(playhead)
        if season is not None:
            self._session.season = season
        self._announce_from_now()
        self.read_season()
        self._chosen_by_viewer = True
        self._note_watching()
        for screen in self.screen_stack:
            if hasattr(screen, "show_session"):
                screen.show_session(self._session)
        former.close()
        self._keep_up()

    def go_live(self) -> None:
        """Leave the demo or a replay for what is live."""
        session = self._session
        if session.playhead.is_live:
            return
        if session.spoiler_free:
            self.notify(_AHEAD, timeout=TWICE_S, markup=False)
            return
        if self.plan.offline:
            session.go_live()
        elif self.plan.demo or self.plan.tape_file is not None:
            self._leave_demo()
        elif session.is_laid_out:
            self.turn_to(session.event_id)
        else:
            session.go_live()

    # --- without spoilers --------------------------------------------------------------------

    def action_spoilers(self) -> None:
        """End spoiler-free, if the key is pressed twice."""
        if not self._session.spoiler_free:
            self.notify("Nothing is held back.", timeout=2, markup=False)
        elif self._held_back.is_asked_for():
            self._see_everything()
        else:
            self.notify(_ONCE_MORE, timeout=TWICE_S, markup=False)

    def _see_everything(self) -> None:
        session = self._session
        self.plan = replace(self.plan, spoiler_free=False, start=Edge.LIVE)
        session.spoiler_free = False
        self._held_back.forget_place(self._watched)
        self._tell_or_withhold(self._held_back.release())
        if self.plan.offline or self.plan.tape_file is not None:
            session.go_live()
        elif self.plan.demo:
            self._leave_demo()
        elif session.is_laid_out:
            self.turn_to(session.event_id)
        else:
            session.go_live()
        self._draw_screens()

    @property
    def _watched(self) -> str | Path:
        return self.plan.tape_file or self._session.event_id

    def _keep_place(self) -> None:
        if self._session.spoiler_free and not self.plan.demo:
            self._held_back.keep_place(self._session, self._watched)

    def _tell_remarks(self) -> None:
        said = remarks(self._library, self.plan, self._opened, self._played_from)
        if said:
            self.notify("\n".join(said), timeout=10, markup=False)

    # --- what is live ------------------------------------------------------------------------

    def _leave_demo(self) -> None:
        self.plan = replace(self.plan, demo=False, tape_file=None)
        self._session.offline = False
        self._session.go_live()
        self._chosen_by_viewer = False
        self._keep_up()

    # --- what workers tell -------------------------------------------------------------------

    def _tell_change(self) -> None:
        self._learn_ids()
        for screen in self.screen_stack:
            screen.post_message(TapeChanged())

    def _tell_health(self, health: Health) -> None:
        for screen in self.screen_stack:
            screen.post_message(HealthChanged(health))

    def _tell_trouble(self, words: str) -> None:
        self._session.notes = (*self._session.notes, words)
        self.notify(words, severity="warning", markup=False)

    def looking_at(self, race: Race | None) -> None:
        """Let the poller know which race is on screen."""
        if self._follower is not None:
            self._follower.look_at(None if race is None else race.number)
        if self._recording is not None:
            self.call_later(self._go_on_from_recording)
        if self._session.spoiler_free and not self.plan.demo:
            self._held_back.keep_place_at_times(self._session, self._watched)

    @contextmanager
    def reading_tape(self) -> Iterator[None]:
        """Read the tape; where it turns out damaged, go on with a new one and say so."""
        try:
            yield
        except TapeError as error:
            self._tape_failed(error)

    def _tape_failed(self, error: TapeError) -> None:
        session = self._session
        file = session.tape.file
        if not isinstance(error, TapeDamaged) or file is None:
            self.notify(str(error), severity="error", markup=False)
            return
        session.tape.close()
        if self.plan.tape_file is not None:
            # A tape the fan named is never set aside.
            self.exit(return_code=NoSuch.exit_code, message=f"{error}; rinkside can't play it")
            return
        try:
            aside = move_aside(file, round(time.time() * 1000))
            if session.spoiler_free:
                # The new tape would be filled with all that has happened, and shown live.
                words = f"{error}; it was set aside as {aside.name}; the same words play it again"
                self.exit(return_code=6, message=words)
                return
            opened = self._library.open(session.event_id)
        except Refusal as worse:
            self.exit(return_code=worse.exit_code, message=f"{error}; {worse}")
            return
        except TapeError as worse:
            self.exit(return_code=6, message=str(worse))
            return
        words = f"{error}; it was set aside as {aside.name}"
        self.notify(words, severity="warning", timeout=10, markup=False)
        self._turn_to(opened)

    # --- notifications -----------------------------------------------------------------------

    def _begin_to_announce(self) -> None:
        from rinkside.outlet import announcer

        if self._announcer is not None:
            self._announcer.close()
        self._announcer = announcer(self, self.preferences.settings.notifications)
        self._announce_from_now()

    def _announce_from_now(self) -> None:
        if self._announcer is not None:
            with self.reading_tape():
                self._announcer.follow(self._session)

    @on(TapeChanged)
    def _announce(self) -> None:
        if self._announcer is not None:
            with self.reading_tape():
                self._announcer.look()

    # --- other screens -----------------------------------------------------------------------

    def show_programme(self, session: Session) -> None:
        """Open the programme; what is chosen there is shown."""
        from rinkside.screens.programme import ProgrammeScreen

        def show(race: Race | None) -> None:
            if race is not None and isinstance(self.screen, MeetScreen):
                self.screen.choose(race)

        self.push_screen(ProgrammeScreen(session), show)

    def show_standings(self, session: Session, race: Race | None) -> None:
        """Open the standings, at the cup of a race."""
        from rinkside.screens.standings import StandingsScreen

        self.push_screen(StandingsScreen(session, race))

    def show_skater(
        self, session: Session, race: Race | None, key: str, *, cup: str | None = None
    ) -> None:
        """Open somebody's page.

        Args:
            session: The meet that is followed.
            race: One of its races, where the key is one of that; else it is one of the season.
            key: Who.
            cup: The cup in whose standings they were chosen.
        """
        from rinkside.skater_scene import view_of

        with self.reading_tape():
            view = view_of(session.meet(), session.season, race, key, cup)
            if view is None:
                self.notify(_GONE, markup=False)
                return
            from rinkside.screens.skater import SkaterScreen

            self.push_screen(SkaterScreen(session, view))

    def show_head_to_head(
        self, session: Session, race: Race | None, key: str, *, cup: str | None = None
    ) -> None:
        """Open head to head: somebody beside the pair-mate, or the next in the standings.

        Args:
            session: The meet that is followed.
            race: As in `show_skater`.
            key: Who.
            cup: The cup in whose standings they were chosen.
        """
        from rinkside.duel_scene import duel_view
        from rinkside.skater_scene import view_of

        with self.reading_tape():
            view = view_of(session.meet(), session.season, race, key, cup)
            if view is None:
                self.notify(_GONE, markup=False)
                return
            from rinkside.screens.head_to_head import HeadToHeadScreen

            self.push_screen(HeadToHeadScreen(session, duel_view(view, race)))

    def action_moments(self) -> None:
        """Open the log of the meet."""
        from rinkside.screens.log import LogScreen

        if any(isinstance(screen, LogScreen) for screen in self.screen_stack):
            while not isinstance(self.screen, LogScreen):
                self.pop_screen()
            return
        self.push_screen(LogScreen(self._session, self.race_on_screen))

    def show_tapes(self, session: Session) -> None:
        """Open the list of tapes; the one that is chosen there is played."""
        from rinkside.screens.tapes import TapesScreen

        def play(tape: KeptTape | None) -> None:
            if tape is not None:
                self.play_tape(tape)

        self.push_screen(TapesScreen(session, self.plan.locations.tapes, Path()), play)

    def get_system_commands(self, screen: Screen[Any]) -> Iterable[SystemCommand]:
        """The settings are in the palette, too."""
        yield from super().get_system_commands(screen)
        yield SystemCommand("Settings", "See what can be set, and set it", self.action_settings)

    def action_settings(self) -> None:
        """Open the settings."""
        from rinkside.screens.settings import SettingsScreen

        if not isinstance(self.screen, SettingsScreen):
            self.push_screen(SettingsScreen(self._session))

    def action_help(self) -> None:
        """Show or hide the keys of this screen."""
        if self.screen.query("HelpPanel"):
            self.action_hide_help_panel()
        else:
            self.action_show_help_panel()

    async def on_unmount(self) -> None:
        """Keep where the fan stands, and close what is open."""
        with suppress(TapeError):
            self._keep_place()
        if self._announcer is not None:
            self._announcer.close()
        if self._feed is not None:
            await self._feed.aclose()
        self._session.tape.close()


def _is_whole(meet: Meet) -> bool:
    """Tell whether every race that was held has its result."""
    return bool(meet.races) and all(
        race.has_result or race.stage in (Stage.UPCOMING, Stage.LIVE) for race in meet.races
    )


def run(plan: WatchPlan) -> int:
    """Show the dashboard until the viewer quits.

    Returns:
        The exit code.

    Raises:
        rinkside.library.Refusal: If there is nothing to show; the message says what to do.
        longtrack.tape.TapeError: If the data directory can't be used.
    """
    clock = TapeClock()
    library = Library(
        plan.locations,
        plan.api,
        offline=plan.offline,
        clock=clock,
        records_api=plan.records_api,
    )
    if plan.tape_file is not None:
        opened = library.open_file(plan.tape_file)
    elif plan.demo:
        opened = library.bundled()
    else:
        event_id = plan.event_id or library.choose(datetime.now(UTC))
        opened = library.bundled() if event_id is None else library.open(event_id)
    opened = meet_to_play(library, plan, opened)
    app = RinksideApp(plan, library, opened, clock=clock)
    app.run()
    return app.return_code or 0
