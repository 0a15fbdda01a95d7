"""The log screen: all that has happened at the meet, sifted and searched."""

from __future__ import annotations

from typing import TYPE_CHECKING, ClassVar, Final

from msgspec.structs import replace
from textual import on
from textual.app import ComposeResult
from textual.binding import Binding, BindingType
from textual.containers import Horizontal
from textual.events import Resize, ScreenResume
from textual.screen import Screen
from textual.timer import Timer
from textual.widgets import Input, Static

from longtrack.model import Race
from rinkside.drawing import footer, log
from rinkside.drawing.arrangement import AIRY_ROWS, too_small
from rinkside.drawing.footer import Key
from rinkside.ink import Inks, Line, Row, blank
from rinkside.log_scene import LONGEST_QUERY, LogReader, LogScene, Sieve, View
from rinkside.messages import HealthChanged, TapeChanged
from rinkside.moment_reader import MomentReader
from rinkside.scene import Scene
from rinkside.session import Choice, Session
from rinkside.widgets.lines import LinesView

if TYPE_CHECKING:
    from rinkside.app import RinksideApp

_KEYS = (
    Key("↑↓", "moment", "moment"),
    Key("Enter", "go there", "go there"),
    Key("/", "search", "search"),
    Key("Tab", "sift", "sift"),
    Key("r", "race or meet", "race"),
    Key("Home", "newest", "newest"),
    Key("Esc", "back", "back"),
)
_SEARCH_KEYS = (
    Key("Enter", "keep", "keep"),
    Key("↑↓", "moment", "moment"),
    Key("Esc", "clear", ""),
)

_FAR: Final = 10**6
"""More moments than there are."""


class LogScreen(Screen[None]):
    """Shows the log of a meet.

    Args:
        session: The meet.
        race: The race on screen, to which the log may be narrowed.
    """

    CSS_PATH = "log.tcss"

    BINDING_GROUP_TITLE = "Moments"

    # Not the search, before it is asked for.
    AUTO_FOCUS = ""

    BINDINGS: ClassVar[list[BindingType]] = [
        *(
            Binding(
                str(number),
                f"sift('{sieve.name}')",
                sieve.value,
                id=f"log-{sieve.name.lower()}",
                tooltip=tip,
                show=False,
            )
            for number, (sieve, tip) in enumerate(
                (
                    (Sieve.ALL, "List everything that has happened"),
                    (Sieve.KEY, "List what decided something"),
                    (Sieve.FOLLOWED, "List what concerns those you follow"),
                ),
                start=1,
            )
        ),
        *(
            Binding(key, action, words, id=f"log-{name}", tooltip=tip, show=False)
            for key, action, words, name, tip in (
                ("tab", "next_sieve", "Sift", "sift", "All, key moments, followed in turn"),
                ("r", "race", "Race or meet", "race", "List this race alone, or the whole meet"),
                ("slash", "search", "Search", "search", "Search names, countries and races"),
                ("up,k", "cursor(-1)", "Up", "up", "Move the cursor to the moment above"),
                ("down,j", "cursor(1)", "Down", "down", "Move the cursor to the moment below"),
                ("pageup", "page(-1)", "Page up", "page-up", "Move the cursor up by a page"),
                ("pagedown", "page(1)", "Page down", "page-down", "Move it down by a page"),
                ("home", f"cursor({-_FAR})", "Newest", "newest", "Follow what happens"),
                ("end", f"cursor({_FAR})", "Oldest", "oldest", "Go to the first moment"),
                ("enter", "open", "Go there", "open", "Go to the skater"),
                ("escape", "back", "Back", "back", "End the search, or go back"),
                ("m", "dismiss", "Meet", "meet", "Go back to the meet"),
            )
        ),
    ]

    app: RinksideApp

    def __init__(self, session: Session, race: Race | None = None) -> None:
        super().__init__()
        self._session = session
        self._moments = MomentReader(session.tape, hidden=True)
        self._choice = Choice(race=race.number) if race is not None else Choice()
        self._view = View()
        self._reader = LogReader()
        self._log: LogScene | None = None
        self._drawn: log.Drawn | None = None
        self._due: Timer | None = None

    def compose(self) -> ComposeResult:
        """Lay out the parts; which are shown follows from the window and the search."""
        yield LinesView(id="header")
        yield LinesView(id="tabs")
        yield LinesView(id="gap")
        yield LinesView(id="moments", wheel=("roll", 3))
        with Horizontal(id="search"):
            yield LinesView(id="prompt")
            yield Input(id="query", max_length=LONGEST_QUERY, select_on_focus=False)
        yield LinesView(id="note")
        yield LinesView(id="keys")
        yield Static(id="too-small")

    def on_mount(self) -> None:
        """Show what has happened."""
        self.draw()

    def show_session(self, session: Session) -> None:
        """Show the log of another meet, or of this one on another tape."""
        self._session = session
        self._moments = MomentReader(session.tape, hidden=True)
        self._choice = Choice()
        self._view = replace(self._view, race=None, cursor=None, top=None)
        self.draw()

    @on(Resize)
    @on(ScreenResume)
    @on(TapeChanged)
    def _changed(self) -> None:
        self.draw()

    @on(HealthChanged)
    def _health_changed(self, message: HealthChanged) -> None:
        self._session.health = message.health
        # Every good answer changes the health; the age on screen counts by itself.
        known = self._log
        if known is None or not self._session.still_says(known.scene):
            self.draw()

    # --- drawing -----------------------------------------------------------------------------

    def draw(self) -> None:
        """Show the log up to where the playhead stands, and wake up when that changes."""
        # A screen in the background would have the one in front painted again as a whole.
        if not self.is_current or not self.app.size.width:
            return
        with self.app.reading_tape():
            scene = self._session.scene(self._choice)
            self._log = self._reader.read(scene, self._moments.until(scene.at), self._view)
            self._show_all(self._log)
            self._wake_up(scene)

    def _wake_up(self, scene: Scene) -> None:
        if self._due is not None:
            self._due.stop()
        seconds = self._session.next_change(scene)
        self._due = None if seconds is None else self.set_timer(seconds, self.draw)

    def _show_all(self, known: LogScene) -> None:
        width, height = self.app.size
        feed = known.scene.feed
        inks = self.app.inks(stale=feed.stale)
        words = too_small(width, height)
        self.query_one("#too-small").display = bool(words)
        if words:
            self.query_one("#too-small", Static).update(words)
            return
        searching = self._is_searching
        self.query_one("#search").display = searching
        gap = height >= AIRY_ROWS
        main = height - 3 - gap - searching - bool(feed.note)
        self._drawn = log.draw(known, width, main)
        self._put("header", [log.header(known, width)], inks)
        self._put("tabs", [log.tabs(known, width)], inks)
        self._put("gap", [blank(width)] if gap else [], inks)
        self._put("moments", self._drawn.lines, inks)
        self._put("prompt", [_prompt()] if searching else [], inks)
        self._put("note", [footer.note(feed, width)] if feed.note else [], inks)
        keys = _SEARCH_KEYS if self._is_typing else _KEYS
        self._put("keys", [self.app.key_line(keys, width)], inks)

    def _put(self, name: str, lines: list[Line], inks: Inks) -> None:
        view = self.query_one(f"#{name}", LinesView)
        view.display = bool(lines)
        view.show(self.app.relabelled(lines), inks)

    # --- what is listed ----------------------------------------------------------------------

    def _turn(self, view: View) -> None:
        self._view = view
        self.draw()

    def action_sift(self, name: str) -> None:
        """List all moments, those that decide something, or those of the followed."""
        self._turn(replace(self._view, sieve=Sieve[name]))

    def action_next_sieve(self) -> None:
        """List the next of these."""
        self._turn(replace(self._view, sieve=self._view.sieve.following))

    def action_race(self) -> None:
        """List the moments of the race on screen alone, or of the whole meet."""
        if self._log is not None:
            narrowed = self._log.race if self._view.race is None else None
            self._turn(replace(self._view, race=narrowed))

    # --- the search --------------------------------------------------------------------------

    @property
    def _query(self) -> Input:
        return self.query_one("#query", Input)

    @property
    def _is_typing(self) -> bool:
        return self.focused is self._query

    @property
    def _is_searching(self) -> bool:
        return self._is_typing or bool(self._view.query)

    def action_search(self) -> None:
        """Search in what is listed."""
        self.query_one("#search").display = True
        self._query.focus()
        self.draw()

    @on(Input.Changed, "#query")
    def _searched(self, message: Input.Changed) -> None:
        message.stop()
        self._turn(replace(self._view, query=message.value))

    @on(Input.Submitted, "#query")
    def _found(self, message: Input.Submitted) -> None:
        message.stop()
        self._leave_query()

    def _leave_query(self) -> None:
        self.set_focus(None)
        self.draw()

    def action_back(self) -> None:
        """End the search; without one, go back."""
        if self._is_searching:
            self._query.value = ""
            self._leave_query()
        else:
            self.dismiss()

    # --- where the viewer is in it -----------------------------------------------------------

    def action_cursor(self, step: int) -> None:
        """Move the cursor by moments; on the newest it follows what happens."""
        known, drawn = self._log, self._drawn
        if known is None or drawn is None or not known.moments:
            return
        place = min(max(known.cursor + step, 0), len(known.moments) - 1)
        self._put_cursor(known, place, drawn.top)

    @on(LinesView.Clicked, "#moments")
    def _clicked(self, message: LinesView.Clicked) -> None:
        known, drawn = self._log, self._drawn
        if known is None or drawn is None or message.line >= len(drawn.places):
            return
        place = drawn.places[message.line]
        if place is not None and place == known.cursor:
            self.action_open()
        elif place is not None:
            self._put_cursor(known, place, drawn.top)

    def action_roll(self, moments: int) -> None:
        """Scroll by moments; the cursor stays in sight."""
        known, drawn = self._log, self._drawn
        if known is None or drawn is None or drawn.shown >= len(known.moments):
            return
        top = min(max(drawn.top + moments, 0), len(known.moments) - drawn.shown)
        last = top + max(1, drawn.shown) - 1
        self._put_cursor(known, min(max(known.cursor, top), last), top)

    def _put_cursor(self, known: LogScene, place: int, top: int) -> None:
        """Put the cursor on a moment; on the newest it follows what happens."""
        if place == 0:
            self._turn(replace(self._view, cursor=None, top=None))
            return
        since = known.scene.at if self._view.cursor is None else self._view.since
        cursor, top_moment = known.moments[place], known.moments[top]
        self._turn(replace(self._view, cursor=cursor, top=top_moment, since=since))

    def action_page(self, step: int) -> None:
        """Move the cursor by pages."""
        if self._drawn is not None:
            self.action_cursor(step * max(1, self._drawn.shown - 1))

    def action_open(self) -> None:
        """Go to whom the moment under the cursor is about."""
        known = self._log
        if known is None or known.chosen is None:
            return
        race = known.scene.meet.race(known.chosen.race)
        if race is None:
            return
        people = known.chosen.people
        followed = [
            each for each in people if self._session.followed.follows_person(each, race.gender)
        ]
        # Whoever is named first has no page where it is somebody absent, but nobody else is meant.
        for person in [*followed, *people[:1]]:
            if person.key:
                self.app.show_skater(self._session, race, person.key)
                return
        self.app.show_race(race)


def _prompt() -> Line:
    row = Row(3)
    row.put(1, "/", "key", bold=True)
    return row.line()
