"""The settings screen: what can be set; each change counts, and is written, at once."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, ClassVar

from msgspec.structs import replace
from textual import on
from textual.app import ComposeResult
from textual.binding import Binding, BindingType
from textual.events import Resize, ScreenResume
from textual.screen import Screen
from textual.timer import Timer
from textual.widgets import Static

from rinkside.drawing import footer
from rinkside.drawing import settings as drawing
from rinkside.drawing.arrangement import too_small
from rinkside.drawing.footer import Key
from rinkside.ink import Line, blank
from rinkside.messages import HealthChanged, TapeChanged
from rinkside.scene import Scene
from rinkside.session import Choice, Session
from rinkside.settings.catalogue import Setting, Value
from rinkside.widgets.lines import LinesView

if TYPE_CHECKING:
    from rinkside.app import RinksideApp

_KEYS = (
    Key("↑↓", "setting", "setting"),
    Key("←→", "change", "change"),
    Key("u", "default", "default"),
    Key("Esc", "back", "back"),
)


class SettingsScreen(Screen[None]):
    """Lists the settings and changes the one under the cursor.

    Args:
        session: The meet that is followed behind it.
    """

    CSS_PATH = "settings.tcss"

    BINDING_GROUP_TITLE = "Settings"

    BINDINGS: ClassVar[list[BindingType]] = [
        Binding(key, action, words, id=f"settings-{name}", tooltip=tip, show=False)
        for key, action, words, name, tip in (
            ("up,k", "cursor(-1)", "Up", "up", "Go to the setting above"),
            ("down,j", "cursor(1)", "Down", "down", "Go to the setting below"),
            ("pageup,home", "cursor(-99)", "First", "first", "Go to the first setting"),
            ("pagedown,end", "cursor(99)", "Last", "last", "Go to the last setting"),
            ("right,enter,space", "turn(1)", "Change", "next", "Change to the next value"),
            ("left", "turn(-1)", "Change back", "previous", "Change to the value before"),
            ("u,backspace", "unset", "Default", "unset", "Take it out of the file"),
            ("escape,c", "dismiss", "Back", "back", "Go back to where you came from"),
        )
    ]

    app: RinksideApp

    def __init__(self, session: Session) -> None:
        super().__init__()
        self._session = session
        self._place = 0
        self._own: dict[str, Value] = {}
        """What the fan has written that is none of the choices, which stays one here."""
        self._due: Timer | None = None

    def compose(self) -> ComposeResult:
        """Lay out the parts."""
        yield LinesView(id="header")
        yield LinesView(id="list", wheel=("cursor", 1))
        yield LinesView(id="about")
        yield LinesView(id="note")
        yield LinesView(id="keys")
        yield Static(id="too-small")

    def on_mount(self) -> None:
        """Show what is set."""
        preferences = self.app.preferences
        for setting in preferences.offered():
            value = preferences.value(setting)
            if value not in setting.choices:
                self._own[setting.key] = value
        self.draw()

    def show_session(self, session: Session) -> None:
        """Go on with another meet behind it."""
        self._session = session
        self.draw()

    @on(Resize)
    @on(ScreenResume)
    @on(TapeChanged)
    @on(HealthChanged)
    def _changed(self) -> None:
        self.draw()

    # --- drawing -----------------------------------------------------------------------------

    def draw(self) -> None:
        """Show the settings, and wake up when the clock turns."""
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
        words = too_small(width, height)
        self.query_one("#too-small").display = bool(words)
        if words:
            self.query_one("#too-small", Static).update(words)
            return
        preferences, note = self.app.preferences, bool(scene.feed.note)
        shown = [
            drawing.Shown(setting, preferences.value(setting), preferences.is_set(setting))
            for setting in self._offered()
        ]
        lines, at = drawing.rows(shown, self._place, width)
        room = height - 2 - drawing.ABOUT_ROWS - note
        first = min(max(0, at - room // 2), max(0, len(lines) - room))
        lines = lines[first : first + room]
        self._put("header", [drawing.header(scene, width)], scene)
        self._put("list", [*lines, *[blank(width)] * (room - len(lines))], scene)
        about = drawing.about(shown[self._place], _shown_path(preferences.file), width)
        self._put("about", about, scene)
        self._put("note", [footer.note(scene.feed, width)] if note else [], scene)
        self._put("keys", [self.app.key_line(_KEYS, width)], scene)

    def _put(self, name: str, lines: list[Line], scene: Scene) -> None:
        view = self.query_one(f"#{name}", LinesView)
        view.display = bool(lines)
        view.show(lines, self.app.inks(stale=scene.feed.stale))

    def _offered(self) -> list[Setting]:
        return [
            replace(each, choices=(*each.choices, self._own[each.key]))
            if each.key in self._own
            else each
            for each in self.app.preferences.offered()
        ]

    # --- keys --------------------------------------------------------------------------------

    def action_cursor(self, step: int) -> None:
        """Move the cursor by settings."""
        self._place = min(max(0, self._place + step), len(self._offered()) - 1)
        self.draw()

    def action_point(self, place: int) -> None:
        """Put the cursor on a setting; change the one it is on already."""
        if place == self._place:
            self.action_turn(1)
        else:
            self.action_cursor(place - self._place)

    def action_turn(self, step: int) -> None:
        """Change to the next or the previous value there is."""
        setting = self._offered()[self._place]
        at = setting.choices.index(self.app.preferences.value(setting))
        self.app.change_setting(setting, setting.choices[(at + step) % len(setting.choices)])

    def action_unset(self) -> None:
        """Take it out of the file: the default counts."""
        self.app.change_setting(self._offered()[self._place], None)


def _shown_path(file: Path) -> str:
    """Return where a file is, as briefly as a shell understands it."""
    home = Path.home()
    return f"~/{file.relative_to(home)}" if file.is_relative_to(home) else str(file)
