"""The programme screen: all days and races; Enter opens one."""

from __future__ import annotations

from typing import TYPE_CHECKING, ClassVar

from textual import on
from textual.app import ComposeResult
from textual.binding import Binding, BindingType
from textual.events import Resize, ScreenResume
from textual.screen import Screen
from textual.timer import Timer

from longtrack.model import Race
from rinkside.drawing import footer, programme
from rinkside.drawing.followed import news
from rinkside.drawing.footer import Key
from rinkside.ink import blank
from rinkside.messages import HealthChanged, TapeChanged
from rinkside.scene import Scene
from rinkside.session import Choice, Session
from rinkside.widgets.lines import LinesView

if TYPE_CHECKING:
    from rinkside.app import RinksideApp

_KEYS = (Key("↑↓", "race", "race"), Key("Enter", "open", "open"), Key("Esc", "back", "back"))


class ProgrammeScreen(Screen[Race | None]):
    """Shows a meet's programme; dismissed with the race that is chosen, or None."""

    CSS_PATH = "programme.tcss"

    BINDING_GROUP_TITLE = "Programme"

    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("up,k", "cursor(-1)", "Up", id="programme-up", show=False),
        Binding("down,j", "cursor(1)", "Down", id="programme-down", show=False),
        Binding("pageup", "cursor(-10)", "Page up", id="programme-page-up", show=False),
        Binding("pagedown", "cursor(10)", "Page down", id="programme-page-down", show=False),
        Binding("enter", "open", "Open the race", id="programme-open", show=False),
        Binding("escape,p", "dismiss(None)", "Back", id="programme-back", show=False),
    ]

    app: RinksideApp

    def __init__(self, session: Session) -> None:
        super().__init__()
        self._session = session
        self._number: int | None = None
        self._listed: list[programme.Item] = []
        self._due: Timer | None = None

    def compose(self) -> ComposeResult:
        """Lay out heading, races and keys."""
        yield LinesView(id="head")
        yield LinesView(id="races", wheel=("cursor", 1))
        yield LinesView(id="note")
        yield LinesView(id="keys")

    def on_mount(self) -> None:
        """Begin at the race a viewer wants first."""
        with self.app.reading_tape():
            scene = self._session.scene(Choice())
            self._number = scene.race.number if scene.race else None
        self.draw()

    def show_session(self, session: Session) -> None:
        """Show the programme of another meet, or of this one on another tape."""
        self._session = session
        self.draw()

    @on(Resize)
    @on(ScreenResume)
    @on(TapeChanged)
    @on(HealthChanged)
    def _changed(self) -> None:
        self.draw()

    def draw(self) -> None:
        """Show the programme as the playhead has it, and wake up when the clock turns."""
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
        meet, at, here, feed = scene.meet, scene.now, scene.here, scene.feed
        inks = self.app.inks(stale=feed.stale)
        self._listed = programme.items(meet)
        place = self._place()
        lines = programme.rows(
            meet,
            self._listed,
            at,
            here,
            width,
            cursor=place,
            followed=scene.followed,
            starts=scene.starts,
            winners=not scene.spoiler_free,
        )
        room = max(1, height - 3 - bool(feed.note))
        first = min(max(0, place - room // 2), max(0, len(lines) - room))
        shown = lines[first : first + room]
        heading = programme.heading(meet, at, here, width, feed, news(scene, race=None))
        self.query_one("#head", LinesView).show(heading, inks)
        self.query_one("#races", LinesView).show(
            [*shown, *[blank(width)] * (room - len(shown))], inks
        )
        note = self.query_one("#note", LinesView)
        note.display = bool(feed.note)
        note.show([footer.note(feed, width)], inks)
        self.query_one("#keys", LinesView).show([self.app.key_line(_KEYS, width)], inks)

    def _place(self) -> int:
        """Return the row under the cursor, which is always a race."""
        races = [index for index, item in enumerate(self._listed) if item.race is not None]
        chosen = [
            index
            for index in races
            if (race := self._listed[index].race) is not None and race.number == self._number
        ]
        return chosen[0] if chosen else races[0] if races else -1

    def action_cursor(self, step: int) -> None:
        """Move the cursor by races."""
        races = [item.race for item in self._listed if item.race is not None]
        numbers = [race.number for race in races]
        if not numbers:
            return
        place = numbers.index(self._number) if self._number in numbers else 0
        self._number = numbers[min(max(place + step, 0), len(numbers) - 1)]
        self.draw()

    def action_point(self, number: int) -> None:
        """Put the cursor on a race; open the one it is on already."""
        place = self._place()
        chosen = self._listed[place].race if place >= 0 else None
        if chosen is not None and chosen.number == number:
            self.action_open()
        else:
            self._number = number
            self.draw()

    def action_open(self) -> None:
        """Open the race under the cursor."""
        place = self._place()
        self.dismiss(self._listed[place].race if place >= 0 else None)
