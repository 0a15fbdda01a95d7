"""A screen that is one page of lines, which moves with the playhead and can be scrolled."""

from __future__ import annotations

from abc import abstractmethod
from collections.abc import Sequence
from typing import TYPE_CHECKING, ClassVar

import msgspec
from textual import on
from textual.app import ComposeResult
from textual.binding import Binding, BindingType
from textual.events import Resize, ScreenResume
from textual.screen import Screen
from textual.timer import Timer
from textual.widgets import Static

from rinkside.drawing import footer
from rinkside.drawing.arrangement import too_small
from rinkside.drawing.footer import Key
from rinkside.ink import Line, blank
from rinkside.messages import HealthChanged, SyncProgress, TapeChanged
from rinkside.scene import Scene
from rinkside.session import Choice, Session
from rinkside.widgets.lines import LinesView

if TYPE_CHECKING:
    from rinkside.app import RinksideApp

_FAR = 9999
"""More lines than there are."""


class Page(msgspec.Struct, frozen=True):
    """A drawn page."""

    header: Line
    tabs: Line
    body: list[Line]
    """Of these as many are shown as there is room for."""
    keys: tuple[Key, ...]


class PageScreen(Screen[None]):
    """Shows a page, and draws it again when what it shows changes."""

    CSS_PATH = "page.tcss"

    BINDINGS: ClassVar[list[BindingType]] = [
        Binding(key, action, words, id=f"page-{name}", tooltip=tip, show=False)
        for key, action, words, name, tip in (
            ("up,k", "scroll_by(-1)", "Up", "scroll-up", "Scroll up by a line"),
            ("down,j", "scroll_by(1)", "Down", "scroll-down", "Scroll down by a line"),
            ("pageup", "scroll_pages(-1)", "Page up", "back-a-page", "Scroll up by a page"),
            ("pagedown", "scroll_pages(1)", "Page down", "on-a-page", "Scroll down by a page"),
            ("home", f"scroll_by({-_FAR})", "Top", "top", "Scroll to the top"),
            ("end", f"scroll_by({_FAR})", "Bottom", "bottom", "Scroll to the bottom"),
            ("escape", "dismiss", "Back", "back", "Go back to where you came from"),
        )
    ]

    app: RinksideApp

    def __init__(self, session: Session) -> None:
        super().__init__()
        self.session = session
        self._first = 0
        self._room = 0
        self._scene: Scene | None = None
        self._due: Timer | None = None

    def compose(self) -> ComposeResult:
        """Lay out the parts."""
        yield LinesView(id="header")
        yield LinesView(id="tabs")
        yield LinesView(id="body", wheel=("scroll_by", 3))
        yield LinesView(id="note")
        yield LinesView(id="keys")
        yield Static(id="too-small")

    def on_mount(self) -> None:
        """Show what is known."""
        self.draw()

    def show_session(self, session: Session) -> None:
        """Go on with another meet, or with this one on another tape."""
        self.session = session
        self.draw()

    # --- what is on the page -----------------------------------------------------------------

    @abstractmethod
    def choice(self) -> Choice:
        """Return which race of the meet it is about."""

    @abstractmethod
    def page(self, scene: Scene, width: int, height: int) -> Page:
        """Return the page of a moment.

        Args:
            scene: The meet where the playhead stands.
            width: Columns.
            height: Lines the body has.
        """

    # --- drawing -----------------------------------------------------------------------------

    @on(Resize)
    @on(ScreenResume)
    @on(TapeChanged)
    def _changed(self) -> None:
        self.draw()

    @on(HealthChanged)
    def _health_changed(self, message: HealthChanged) -> None:
        self.session.health = message.health
        # Every good answer changes the health; the age on screen counts by itself.
        self._draw_if_more_is_said()

    @on(SyncProgress)
    def _season_came(self, message: SyncProgress) -> None:
        self.session.fetching = message.words
        self._draw_if_more_is_said()

    def _draw_if_more_is_said(self) -> None:
        scene = self._scene
        if scene is None or not self.session.still_says(scene):
            self.draw()

    def draw(self) -> None:
        """Show the page as it is where the playhead stands, and wake up when that changes."""
        # A screen in the background would have the one in front painted again as a whole.
        if not self.is_current or not self.app.size.width:
            return
        with self.app.reading_tape():
            self._scene = scene = self.session.scene(self.choice())
            self._show(scene)
            self.app.looking_at(scene.race)
            if self._due is not None:
                self._due.stop()
            seconds = self.session.next_change(scene)
            self._due = None if seconds is None else self.set_timer(seconds, self.draw)

    def _show(self, scene: Scene) -> None:
        width, height = self.app.size
        words = too_small(width, height)
        self.query_one("#too-small").display = bool(words)
        if words:
            self.query_one("#too-small", Static).update(words)
            return
        note = bool(scene.feed.note)
        self._room = room = height - 3 - note
        page = self.page(scene, width, room)
        most = max(0, len(page.body) - room)
        self._first = min(max(0, self._first), most)
        body = page.body[self._first : self._first + room]
        keys = page.keys
        if most:
            keys = (keys[0], Key("↑↓", "scroll", "scroll"), *keys[1:])
        self._put("header", [page.header], scene)
        self._put("tabs", [page.tabs], scene)
        self._put("body", [*body, *[blank(width)] * (room - len(body))], scene)
        self._put("note", [footer.note(scene.feed, width)] if note else [], scene)
        self._put("keys", [self.app.key_line(keys, width)], scene)

    def _put(self, name: str, lines: Sequence[Line], scene: Scene) -> None:
        view = self.query_one(f"#{name}", LinesView)
        view.display = bool(lines)
        view.show(self.app.relabelled(lines), self.app.inks(stale=scene.feed.stale))

    # --- scrolling ---------------------------------------------------------------------------

    def action_scroll_by(self, lines: int) -> None:
        """Scroll by some lines."""
        self._first += lines
        self.draw()

    def action_scroll_pages(self, pages: int) -> None:
        """Scroll by pages, of which a line stays in sight."""
        self.action_scroll_by(pages * max(1, self._room - 1))

    def turn_over(self) -> None:
        """Show something else, from the top."""
        self._first = 0
        self.draw()
