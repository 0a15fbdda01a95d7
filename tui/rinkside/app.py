"""The program on screen: it opens a meet, keeps it up to date and shows its screens."""

from __future__ import annotations

import sys
import time
from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager, suppress
from datetime import UTC, datetime, tzinfo
from pathlib import Path
from typing import TYPE_CHECKING, ClassVar, Final

from msgspec.structs import replace
from textual import on, work
from textual.binding import Binding, BindingType

from longtrack.clock import TapeClock
from longtrack.isu import Unreadable
from longtrack.model import Source
from longtrack.playhead import Playhead
from longtrack.tape import TapeDamaged, TapeError
from longtrack.tape_files import mark_used, move_aside
from rinkside import garbage
from rinkside.followed import Followed
from rinkside.followed_file import FollowedFile
from rinkside.hangup import end_without_terminal
from rinkside.held_back import TWICE_S, HeldBack
from rinkside.library import Library, NoSuch, OpenMeet, Refusal
from rinkside.messages import (
    TapeChanged,
    TapeReady,
)
from rinkside.plan import Edge, WatchPlan
from rinkside.remembered import Remembered, keep, recall
from rinkside.replay import beginning, file_to_play, meet_to_play, remarks
from rinkside.screens.meet import MeetScreen
from rinkside.session import Choice, Session
from rinkside.upkeep import UpkeepApp

if TYPE_CHECKING:
    from longtrack.model import Race
    from rinkside.notifying import Announcer
    from rinkside.tapes import KeptTape

_AHEAD: Final = "What is live lies ahead of you. Press S twice to see everything."
_ONCE_MORE: Final = "Press S again to see everything that has happened, results and all."


class RinksideApp(UpkeepApp):
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
    # Text is selected with Shift, by the terminal: nothing here runs while the mouse is dragged.
    ALLOW_SELECT = False
    BINDINGS: ClassVar[list[BindingType]] = [
        Binding(
            "S",
            "spoilers",
            "See everything",
            id="spoilers",
            tooltip="Pressed twice, it ends spoiler-free",
            show=False,
        ),
        Binding("q", "quit", "Quit", id="quit", show=False),
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
        super().__init__()
        self.plan = plan
        self._library = library
        self._clock = clock or TapeClock()
        self._here = here
        self._remembered, trouble = recall(plan.locations.remembered, round(time.time() * 1000))
        ill_dressed = self._dress(plan.locations, self._remembered.theme)
        self._following = FollowedFile(
            plan.locations.followed, library.feed_host, lambda: round(time.time() * 1000)
        )
        self._troubles = [*filter(None, (trouble, self._following.read())), *ill_dressed]
        self._opened = opened
        self._played_from = beginning(library, plan, opened)
        self._session = self._session_of(opened, self._played_from)
        self._held_back = HeldBack(library, lambda: self._remembered, self._remember)
        self._chosen_by_viewer = plan.event_id is not None or plan.tape_file is not None
        self._announcer: Announcer | None = None
        self._go_by_settings()

    # --- what is remembered ------------------------------------------------------------------

    def remember_theme(self, name: str) -> None:
        """Keep which theme was chosen last."""
        self._remember(self._remembered.with_theme(name))

    def draw_screens(self) -> None:
        """Draw every screen anew."""
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
        self.draw_screens()

    def changed(self) -> None:
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
        session.followed = self._following.followed
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
        self.draw_screens()
        self._announce()

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
        garbage.begin()
        if sys.__stdin__ is not None and not self.is_headless:
            end_without_terminal(self, sys.__stdin__.fileno())
        for trouble in self._troubles:
            self.notify(trouble, severity="warning", timeout=10, markup=False)
        self._watch_theme_file()
        if not self.plan.spoiler_free and not self.plan.demo:
            # Whoever asked for spoilers has seen what is there.
            self._held_back.forget_place(self._watched)
        self._tell_remarks()
        if self.preferences.settings.keys:
            self._move_keys()
        self.begin_to_announce()
        self._note_watching()
        self.read_season()
        self._keep_up()
        self._read_ahead()

    def tell_or_withhold(self, notes: Iterable[str]) -> None:
        """Tell about results that may lie ahead, where that is wanted."""
        if self._session.spoiler_free:
            self._held_back.hold(notes)
            return
        for note in notes:
            self.notify(note, severity="warning", timeout=10, markup=False)

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
        self.show_opened(opened, playhead)
        self._tell_remarks()

    def show_opened(self, opened: OpenMeet, playhead: Playhead | None = None) -> None:
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
        self.tell_or_withhold(self._held_back.release())
        if self.plan.offline or self.plan.tape_file is not None:
            session.go_live()
        elif self.plan.demo:
            self._leave_demo()
        elif session.is_laid_out:
            self.turn_to(session.event_id)
        else:
            session.go_live()
        self.draw_screens()

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

    # --- the tape ----------------------------------------------------------------------------

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
            self.tape_failed(error)

    def tape_failed(self, error: TapeError) -> None:
        """Go on with a new tape where this one is damaged; say what is wrong."""
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
        self.show_opened(opened)

    # --- notifications -----------------------------------------------------------------------

    def begin_to_announce(self) -> None:
        """Notify as the settings say from now on."""
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

    async def on_unmount(self) -> None:
        """Keep where the fan stands, and close what is open."""
        with suppress(TapeError):
            self._keep_place()
        if self._announcer is not None:
            self._announcer.close()
        if self._feed is not None:
            await self._feed.aclose()
        self._session.tape.close()


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
