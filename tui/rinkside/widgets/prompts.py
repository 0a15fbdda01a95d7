"""Two lines at the bottom of any screen: one asks for a place to go to, one for the delay."""

from __future__ import annotations

from typing import TYPE_CHECKING, ClassVar, Final

from textual import on
from textual.app import ComposeResult
from textual.binding import Binding, BindingType
from textual.containers import Horizontal, Vertical
from textual.events import Key, Resize
from textual.timer import Timer
from textual.widgets import Input

from longtrack.lining_up import WAIT_MS, LiningUp, Outcome, cues
from longtrack.moments import Moment
from longtrack.playhead import MOST_DELAY_MS
from longtrack.times import read_time
from rinkside import moving
from rinkside.drawing import prompts
from rinkside.session import Choice, Session
from rinkside.widgets.lines import LinesView

if TYPE_CHECKING:
    from rinkside.app import RinksideApp

_LONGEST: Final = 24
"""Characters of a place that is typed."""
_LONGEST_CLOCK: Final = 8


class Prompt(Vertical):
    """Lies over the last two lines of a screen until it is answered or cancelled."""

    DEFAULT_CSS = """
    Prompt {
        dock: bottom;
        layer: over;
        height: 2;
        background: $header;
    }
    """

    app: RinksideApp

    def close(self) -> None:
        """Give the screen its keys back."""
        self.screen.set_focus(None)
        self.remove()


class PlacePrompt(Prompt):
    """Asks for a time, a race or a pair to go to."""

    DEFAULT_CSS = """
    PlacePrompt Horizontal { height: 1; }
    PlacePrompt #prompt-sign { width: 3; }
    PlacePrompt Input, PlacePrompt Input:focus {
        width: 1fr;
        height: 1;
        border: none;
        padding: 0;
        background: $ground;
        background-tint: $ground 0%;
        color: $text;
    }
    """

    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("escape", "cancel", "Cancel", id="place-cancel", show=False),
    ]

    def compose(self) -> ComposeResult:
        """Lay out what is typed over what can be."""
        with Horizontal():
            yield LinesView(id="prompt-sign")
            yield Input(id="place", max_length=_LONGEST)
        yield LinesView(id="prompt-help")

    def on_mount(self) -> None:
        """Let the viewer type."""
        self.query_one(Input).focus()
        self._say("")

    @on(Resize)
    def _resized(self) -> None:
        self._say("")

    def _say(self, trouble: str) -> None:
        inks = self.app.inks(stale=False)
        self.query_one("#prompt-sign", LinesView).show([prompts.letter("g")], inks)
        line = prompts.place(trouble, self.app.size.width)
        self.query_one("#prompt-help", LinesView).show([line], inks)

    @on(Input.Changed)
    def _typed(self, message: Input.Changed) -> None:
        message.stop()
        self._say("")

    @on(Input.Submitted)
    def _go(self, message: Input.Submitted) -> None:
        message.stop()
        trouble = self.app.go_to_typed(message.value) if message.value.strip() else ""
        if trouble:
            self._say(trouble)
        else:
            self.close()

    def action_cancel(self) -> None:
        """Stay where the playhead is."""
        self.close()


class DelayPrompt(Prompt, can_focus=True):
    """Asks for the delay: typed, stepped, or told by what the picture shows.

    Args:
        session: The meet, which goes on.
    """

    def __init__(self, session: Session) -> None:
        super().__init__()
        self._session = session
        self._before = session.playhead.delay
        self._typed = ""
        self._said = ""
        self._lining = LiningUp(session.clock, (), 0)
        self._since = 0
        self._patience: Timer | None = None

    def compose(self) -> ComposeResult:
        """Lay out what to watch for over the keys."""
        yield LinesView(id="prompt-lines")

    def on_mount(self) -> None:
        """Say what to watch for."""
        self.query_one(LinesView).styles.height = 2
        self.focus()
        self._watch_anew()
        self._draw()

    @on(Resize)
    def _draw(self) -> None:
        shown = prompts.DelayShown(
            delay_ms=self._session.playhead.delay,
            typed=self._typed,
            said=self._said,
            cue=self._lining.cue,
            is_waiting=self._lining.is_waiting,
            count=self._lining.count,
            error_ms=self._session.health.interval_ms,
        )
        lines = prompts.delay(shown, self.app.size.width)
        self.query_one(LinesView).show(lines, self.app.inks(stale=False))

    def _watch_anew(self) -> None:
        """Work out what comes next where the picture is by what is known of it."""
        session = self._session
        at = session.playhead.edge
        meet = session.reader.meet(at)
        race = session.chosen(meet, Choice(), at)
        known = session.latest_moments(at - MOST_DELAY_MS, at)
        ahead = cues(race, at, known) if race is not None else ()
        self._since = at
        self._lining.watch(ahead, at)

    # --- keys --------------------------------------------------------------------------------

    async def on_key(self, event: Key) -> None:
        """Take every key but those with Ctrl, so that none does anything else meanwhile."""
        if event.key.startswith("ctrl+"):
            return
        event.stop()
        event.prevent_default()
        with self.app.reading_tape():
            self._take(event)

    def _take(self, event: Key) -> None:
        steps = {"left": -1, "right": 1, "down": -5, "up": 5, "pagedown": -30, "pageup": 30}
        if event.key == "escape":
            self._cancel()
            return
        if event.key == "enter":
            self._keep()
            return
        if event.key in steps:
            self._typed = ""
            self._set(self._session.playhead.delay + steps[event.key] * 1000)
            self._said = moving.beyond_begin(self._session)
        elif event.key == "backspace":
            self._typed = self._typed[:-1]
        elif event.key == "space":
            self._see()
        elif event.character is not None and event.character in "0123456789:.,":
            self._said = ""
            self._typed = (self._typed + event.character.replace(",", "."))[:_LONGEST_CLOCK]
        elif event.key == "n":
            self._another()
        self._draw()

    def _cancel(self) -> None:
        if self._typed:
            self._typed = ""
            self._draw()
            return
        if self._session.playhead.delay != self._before:
            self._set(self._before)
        self.close()

    def _keep(self) -> None:
        if not self._typed:
            self.close()
            return
        typed, self._typed = self._typed, ""
        if prompts.is_clock(typed):
            self._read(typed)
            self._draw()
        elif int(typed) * 1000 > MOST_DELAY_MS:
            self._said = f"{typed} s is too long: at most {MOST_DELAY_MS // 1000} s"
            self._draw()
        else:
            self.close()
            self.app.set_delay(int(typed) * 1000)

    def _set(self, delay_ms: int) -> None:
        self.app.set_delay(delay_ms, quietly=True)

    # --- what the picture shows --------------------------------------------------------------

    def _see(self) -> None:
        self._typed = ""
        if self._lining.cue is None or self._lining.is_waiting:
            return
        self._lining.see()
        self.look()
        if self._lining.is_waiting:
            self._patience = self.set_timer(WAIT_MS / 1000 + 0.1, self.look)

    def _another(self) -> None:
        self._typed = self._said = ""
        self._lining.skip()
        if self._lining.cue is None:
            self._watch_anew()

    def look(self) -> None:
        """Look whether the feed has told by now of what the viewer saw."""
        if not self.is_mounted:
            return
        waited = self._lining.is_waiting
        outcome = self._lining.look(self._moments())
        self._tell(outcome)
        if self._lining.cue is None and not self._lining.is_waiting:
            self._watch_anew()
        if waited or outcome is not None:
            self._draw()

    def _read(self, typed: str) -> None:
        clocked = read_time(typed)
        if clocked is None:
            self._said = f"{typed} is no time"
            return
        outcome = self._lining.read(clocked.ms, self._moments())
        if outcome is None:
            self._said = "the feed has clocked nobody by then: try again after the opener"
        self._tell(outcome)

    def _moments(self) -> list[Moment]:
        session = self._session
        return session.latest_moments(self._since - MOST_DELAY_MS, session.clock())

    def _tell(self, outcome: Outcome | None) -> None:
        if outcome is None:
            return
        if self._patience is not None:
            self._patience.stop()
            self._patience = None
        if outcome is Outcome.SILENT:
            self._said = "the feed has told nothing of it in a minute"
            return
        if outcome is Outcome.AHEAD:
            ahead = self._lining.ahead_ms / 1000
            self._said = f"the picture is {ahead:.0f} s ahead of the feed"
        else:
            times = self._lining.count
            self._said = f"mean of {times}" if times > 1 else ""
        self._set(self._lining.delay)
