"""The tapes screen: which tapes there are; one is played, exported or deleted."""

from __future__ import annotations

import time
from collections.abc import Callable
from pathlib import Path
from typing import TYPE_CHECKING, ClassVar

from textual import on, work
from textual.app import ComposeResult
from textual.binding import Binding, BindingType
from textual.events import Resize, ScreenResume
from textual.message import Message
from textual.screen import Screen
from textual.timer import Timer

from longtrack.tape import TapeError
from rinkside.drawing import footer
from rinkside.drawing import tapes as drawing
from rinkside.drawing.footer import Key
from rinkside.ink import blank
from rinkside.library import Refusal
from rinkside.messages import HealthChanged, TapeChanged
from rinkside.scene import Scene
from rinkside.session import Choice, Session
from rinkside.tapes import KeptTape, delete_tape, export_tape, free_name, kept_tapes
from rinkside.widgets.lines import LinesView

if TYPE_CHECKING:
    from rinkside.app import RinksideApp

_KEYS = (
    Key("↑↓", "tape", "tape"),
    Key("Enter", "play", "play"),
    Key("e", "export", "export"),
    Key("x", "delete", "delete"),
    Key("Esc", "back", "back"),
)


class TapesRead(Message):
    """The tapes have been looked at, beside the screen."""

    def __init__(self, tapes: list[KeptTape]) -> None:
        super().__init__()
        self.tapes = tapes


class TapeDone(Message):
    """What was to be done with a tape has been done, or could not be.

    Args:
        words: What to tell the viewer.
        failed: Whether it could not be done.
    """

    def __init__(self, words: str, *, failed: bool = False) -> None:
        super().__init__()
        self.words = words
        self.failed = failed


class TapesScreen(Screen[KeptTape | None]):
    """Lists the tapes of this computer; dismissed with the one to play, or None.

    Args:
        session: The meet that is on screen.
        tapes: The tapes' directory.
        exports: The directory to which a tape is exported.
    """

    CSS_PATH = "tapes.tcss"

    BINDING_GROUP_TITLE = "Tapes"

    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("up,k", "cursor(-1)", "Up", id="tapes-up", show=False),
        Binding("down,j", "cursor(1)", "Down", id="tapes-down", show=False),
        Binding("pageup", "cursor(-10)", "Page up", id="tapes-page-up", show=False),
        Binding("pagedown", "cursor(10)", "Page down", id="tapes-page-down", show=False),
        Binding(
            "enter",
            "play",
            "Play the tape",
            id="tapes-play",
            tooltip="Play it from its beginning, or follow it live",
            show=False,
        ),
        Binding(
            "e",
            "export",
            "Export the tape",
            id="tapes-export",
            tooltip="Write it to one file, where you started rinkside",
            show=False,
        ),
        Binding("x,delete", "delete", "Delete the tape", id="tapes-delete", show=False),
        Binding("y", "confirm", "Delete it, when asked", id="tapes-confirm", show=False),
        Binding("escape,o", "back", "Back", id="tapes-back", show=False),
    ]

    app: RinksideApp

    def __init__(self, session: Session, tapes: Path, exports: Path) -> None:
        super().__init__()
        self._session = session
        self._directory = tapes
        self._exports = exports
        self._tapes: list[KeptTape] | None = None
        self._place = 0
        self._asking = False
        self._doing = ""
        self._due: Timer | None = None

    def compose(self) -> ComposeResult:
        """Lay out heading, tapes, what there is to say of one, and keys."""
        yield LinesView(id="head")
        yield LinesView(id="tapes", wheel=("cursor", 1))
        yield LinesView(id="about")
        yield LinesView(id="note")
        yield LinesView(id="keys")

    def on_mount(self) -> None:
        """Look at the tapes beside the screen: there may be many."""
        self._look()
        self.draw()

    def show_session(self, session: Session) -> None:
        """Know that another meet is on screen."""
        self._session = session
        self.draw()

    @on(Resize)
    @on(ScreenResume)
    @on(TapeChanged)
    @on(HealthChanged)
    def _changed(self) -> None:
        self.draw()

    @work(thread=True, exclusive=True, group="tapes", exit_on_error=False)
    def _look(self) -> None:
        try:
            self.post_message(TapesRead(kept_tapes(self._directory, _now())))
        except OSError as error:
            self.post_message(TapesRead([]))
            self.post_message(TapeDone(str(error), failed=True))

    @on(TapesRead)
    def _looked(self, message: TapesRead) -> None:
        self._tapes = message.tapes
        self.draw()

    @on(TapeDone)
    def _done(self, message: TapeDone) -> None:
        self._doing = ""
        self.notify(
            message.words,
            severity="error" if message.failed else "information",
            timeout=10,
            markup=False,
        )
        self._look()
        self.draw()

    # --- the picture -------------------------------------------------------------------------

    def draw(self) -> None:
        """Show the tapes, and wake up when the clock turns."""
        # A screen in the background would have the one in front painted again as a whole.
        if not self.is_current or not self.app.size.width:
            return
        with self.app.reading_tape():
            scene = self._session.scene(Choice())
            self._show(scene)
            if self._due is not None:
                self._due.stop()
            seconds = self._session.next_change(scene)
            self._due = None if seconds is None else self.set_timer(seconds, self.draw)

    def _show(self, scene: Scene) -> None:
        width, height = self.app.size
        feed, tape = scene.feed, self._chosen
        inks = self.app.inks(stale=feed.stale)
        lines = drawing.rows(self._tapes, width, cursor=self._place)
        room = max(1, height - 3 - drawing.ABOUT_ROWS - bool(feed.note))
        first = min(max(0, self._place - room // 2), max(0, len(lines) - room))
        shown = lines[first : first + room]
        about = drawing.about(tape, width, doing=self._doing, asking=self._asking)
        head = drawing.heading(self._tapes, scene.now, feed, width)
        self.query_one("#head", LinesView).show(head, inks)
        self.query_one("#tapes", LinesView).show(
            [*shown, *[blank(width)] * (room - len(shown))], inks
        )
        self.query_one("#about", LinesView).show(about, inks)
        note = self.query_one("#note", LinesView)
        note.display = bool(feed.note)
        note.show([footer.note(feed, width)], inks)
        self.query_one("#keys", LinesView).show([self.app.key_line(_KEYS, width)], inks)

    @property
    def _chosen(self) -> KeptTape | None:
        tapes = self._tapes or []
        self._place = min(max(0, self._place), max(0, len(tapes) - 1))
        return tapes[self._place] if tapes else None

    # --- what keys do ------------------------------------------------------------------------

    def action_cursor(self, step: int) -> None:
        """Move the cursor by tapes."""
        if not self._kept():
            self._place += step
        self.draw()

    def action_point(self, place: int) -> None:
        """Put the cursor on a tape; play the one it is on already."""
        if place == self._place:
            self.action_play()
        else:
            self.action_cursor(place - self._place)

    def action_play(self) -> None:
        """Play the tape under the cursor."""
        tape = self._chosen
        if self._kept() or tape is None:
            self.draw()
        elif tape.trouble:
            self.notify(f"{tape.words} is {tape.trouble}", severity="warning", markup=False)
        else:
            self.dismiss(tape)

    def action_export(self) -> None:
        """Write the tape under the cursor to a file."""
        tape = self._chosen
        if not self._kept() and tape is not None and not self._doing:
            self._do("exporting it …", lambda: self._export(tape))
        self.draw()

    def action_delete(self) -> None:
        """Ask whether the tape under the cursor is to be deleted."""
        tape = self._chosen
        if self._kept() or tape is None:
            pass
        elif tape.file == self._session.tape.file:
            self.notify(f"{tape.words} is on screen; it stays", severity="warning", markup=False)
        else:
            self._asking = not self._doing
        self.draw()

    def action_confirm(self) -> None:
        """Delete the tape, if that was asked."""
        tape = self._chosen
        if self._kept() and tape is not None:
            self._do("deleting it …", lambda: self._delete(tape))
        self.draw()

    def action_back(self) -> None:
        """Keep the tape if it was to be deleted, else go back."""
        if self._kept():
            self.draw()
        else:
            self.dismiss(None)

    def _kept(self) -> bool:
        """Take the question back; tell whether there was one."""
        asked, self._asking = self._asking, False
        return asked

    def _do(self, words: str, work: Callable[[], str]) -> None:
        self._doing = words
        self._work(work)

    @work(thread=True, group="tape-work", exit_on_error=False)
    def _work(self, work: Callable[[], str]) -> None:
        try:
            self.post_message(TapeDone(work()))
        except (Refusal, TapeError, OSError) as error:
            self.post_message(TapeDone(str(error), failed=True))

    def _export(self, tape: KeptTape) -> str:
        file = free_name(self._exports / tape.file.name)
        export_tape(tape, file)
        return f"{tape.words} is in {file.absolute()}"

    def _delete(self, tape: KeptTape) -> str:
        delete_tape(tape, _now())
        return f"{tape.words} is deleted"


def _now() -> int:
    return round(time.time() * 1000)
