"""The keys that move the playhead: they work on every screen, and every screen follows it."""

from __future__ import annotations

from abc import abstractmethod
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import ClassVar, Final

from textual import on
from textual.app import App
from textual.binding import Binding, BindingType

from longtrack.model import Race
from rinkside import moving
from rinkside.messages import TapeChanged
from rinkside.session import Session

_SECOND_MS: Final = 1_000
_SAID_S: Final = 2

_KEYS: Final = (
    ("space", "pause", "Pause or play", "pause", "Let the picture stand still, or go on"),
    ("comma", "step(-5)", "Back 5 s", "back-5", "Go back five seconds"),
    ("full_stop", "step(5)", "On 5 s", "on-5", "Go forward five seconds"),
    ("less_than_sign", "step(-30)", "Back 30 s", "back-30", "Go back half a minute"),
    ("greater_than_sign", "step(30)", "On 30 s", "on-30", "Go forward half a minute"),
    ("J", "moment(1)", "Next moment", "next-moment", "Go to what decided something next"),
    ("K", "moment(-1)", "Previous moment", "previous-moment", "Go back to what decided something"),
    ("i", "pair(1)", "Next pair", "next-pair", "Go to the start of the next pair"),
    ("u", "pair(-1)", "Previous pair", "previous-pair", "Go back to the start of a pair"),
    ("I", "skated_race(1)", "Next race", "next-race", "Go to the start of the next race"),
    ("U", "skated_race(-1)", "Previous race", "previous-race", "Go back to the start of a race"),
    ("g", "go_to", "Go to", "go-to", "Go to a time, a race or a pair that is typed"),
    ("x", "speed(1)", "Faster", "faster", "Play faster, up to 16 times"),
    ("X", "speed(-1)", "Slower", "slower", "Play slower, down to half the speed"),
    ("plus,equals_sign", "delay(1)", "Longer delay", "delay-longer", "Follow a second later"),
    ("minus", "delay(-1)", "Shorter delay", "delay-shorter", "Follow a second sooner"),
    ("0", "no_delay", "No delay", "delay-none", "Follow what the feed says now"),
    ("y", "line_up", "Sync with the picture", "line-up", "Set the delay by what you see on TV"),
    ("l", "live", "Back to what is live", "live-everywhere", "Go back to the present"),
)


class TransportApp(App[None]):
    """A program whose picture is a place on a tape, with the keys that go to another one."""

    BINDINGS: ClassVar[list[BindingType]] = [
        Binding(key, action, words, id=name, tooltip=tip, show=False)
        for key, action, words, name, tip in _KEYS
    ]

    _session: Session

    @property
    def session(self) -> Session:
        """What is followed."""
        return self._session

    # --- what the program does of it ---------------------------------------------------------

    @abstractmethod
    def go_live(self) -> None:
        """Leave what is played again for what is live."""

    @abstractmethod
    def playhead_moved(self) -> None:
        """Show everything as it is where the playhead stands now."""

    @abstractmethod
    def keep_delay(self, delay_ms: int) -> None:
        """Keep how late the picture of this meet is."""

    @abstractmethod
    def show_skated(self, code: str) -> None:
        """Show a race the playhead was sent to."""

    @property
    @abstractmethod
    def race_on_screen(self) -> Race | None:
        """The race that is shown, or was before another screen was opened."""

    @contextmanager
    @abstractmethod
    def reading_tape(self) -> Iterator[None]:
        """Read the tape; where it turns out damaged, go on with a new one and say so."""

    # --- the keys ----------------------------------------------------------------------------

    def action_pause(self) -> None:
        """Let the picture stand still, or go on."""
        self._move(lambda: moving.Moved(moving.pause_or_play(self._session)))

    def action_step(self, seconds: int) -> None:
        """Go some seconds back or forward."""
        self._move(lambda: moving.Moved(moving.step(self._session, seconds)))

    def action_moment(self, direction: int) -> None:
        """Go to the next or previous moment that decides something."""
        self._move(lambda: moving.to_key_moment(self._session, direction))

    def action_pair(self, direction: int) -> None:
        """Go to the start of the next or previous pair."""
        self._move(lambda: moving.to_pair(self._session, direction))

    def action_skated_race(self, direction: int) -> None:
        """Go to the start of the next or previous race."""
        self._move(lambda: moving.to_race(self._session, direction))

    def action_speed(self, direction: int) -> None:
        """Play faster or slower."""
        self._move(lambda: moving.Moved(moving.change_speed(self._session, direction)))

    def action_delay(self, seconds: int) -> None:
        """Follow some seconds later or sooner."""
        self.set_delay(self._session.playhead.delay + seconds * _SECOND_MS)

    def action_no_delay(self) -> None:
        """Follow what the feed says now."""
        self.set_delay(0)

    def action_live(self) -> None:
        """Go back to the present."""
        self.go_live()
        self.playhead_moved()

    def set_delay(self, delay_ms: int, *, quietly: bool = False) -> None:
        """Follow from so many milliseconds behind the feed; it is kept for this meet."""
        before = self._session.playhead.delay
        self._move(lambda: moving.Moved(moving.delay(self._session, delay_ms)), say=not quietly)
        if self._session.playhead.delay != before:
            self.keep_delay(self._session.playhead.delay)

    def _move(self, move: Callable[[], moving.Moved], *, say: bool = True) -> None:
        with self.reading_tape():
            moved = move()
            # What was gone to is what the meet's own screen is about.
            is_shown = moved.race is not None and len(self.screen_stack) == 1
            if moved.words and say and not is_shown:
                self.notify(moved.words, timeout=_SAID_S, markup=False)
            if moved.race is not None:
                self.show_skated(moved.race)
            self.playhead_moved()

    # --- prompts -----------------------------------------------------------------------------

    def action_go_to(self) -> None:
        """Ask for a time, a race or a pair to go to."""
        from rinkside.widgets.prompts import PlacePrompt

        if not self._is_asked():
            self.screen.mount(PlacePrompt())

    def go_to_typed(self, words: str) -> str:
        """Go to a place that was typed.

        Returns:
            Why it is none; empty where it is one.
        """
        from rinkside.places import Refused

        try:
            self._move(lambda: moving.to_typed(self._session, self.race_on_screen, words))
        except Refused as error:
            return str(error)
        return ""

    def go_to_time(self, at: int) -> None:
        """Go to a tape time that was pointed at."""
        self._move(lambda: moving.to_time(self._session, at))

    def action_line_up(self) -> None:
        """Set the delay, by typing or stepping it or by what the picture shows."""
        from rinkside.widgets.prompts import DelayPrompt

        if not self._session.playhead.chases:
            self.notify(moving.NO_DELAY, timeout=_SAID_S, markup=False)
            return
        with self.reading_tape():
            if not self._is_asked():
                self.screen.mount(DelayPrompt(self._session))

    def _is_asked(self) -> bool:
        """Tell whether a prompt waits for an answer: the palette opens over it."""
        return bool(self.screen.query("Prompt"))

    @on(TapeChanged)
    def _tell_prompt(self) -> None:
        from rinkside.widgets.prompts import DelayPrompt

        # While the program ends there is no screen any more.
        for screen in self.screen_stack[-1:]:
            for prompt in screen.query(DelayPrompt):
                prompt.look()
