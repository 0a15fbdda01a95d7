"""The standings screen: a cup of the season, with the meet that is followed counted in."""

from __future__ import annotations

from typing import ClassVar

from msgspec.structs import replace
from textual import on
from textual.app import ComposeResult
from textual.binding import Binding, BindingType
from textual.containers import Horizontal
from textual.events import Resize, ScreenResume
from textual.timer import Timer
from textual.widgets import Static

from longtrack.model import Gender, Race
from longtrack.quota import Place, Quota, quota
from longtrack.season import cup_of
from longtrack.standings import Standing
from rinkside.cup_scene import CupReader, CupScene, View, races_with_quota, scores_in, season_at
from rinkside.drawing import cup_skater, standings
from rinkside.drawing import quota as quota_drawing
from rinkside.drawing.arrangement import AIRY_ROWS, too_small
from rinkside.drawing.followed import news
from rinkside.drawing.footer import Key
from rinkside.followed import Followed
from rinkside.ink import Inks, Line, blank, divider
from rinkside.messages import HealthChanged, TapeChanged
from rinkside.scene import Scene
from rinkside.screens.follow import FollowScreen, UnderCursor
from rinkside.session import Choice, Session
from rinkside.widgets.lines import LinesView

_CUPS = Key("1-6", "cup", "cup")
_GENDER = Key("w", "women/men", "women/men")
_CURSOR = Key("↑↓", "skater", "skater")
_PAGE = Key("Enter", "page", "page")
_BACK = Key("Esc", "back", "back")
_FOLLOW = Key("f", "follow", "follow")
_KEYS = (
    _CUPS,
    _GENDER,
    _CURSOR,
    _PAGE,
    Key("n", "nation", "nation"),
    Key("v", "this meet", "meet"),
    Key("Q", "quota", "quota"),
    _BACK,
    _FOLLOW,
)
_QUOTA_KEYS = (_CUPS, _GENDER, _CURSOR, _PAGE, Key("Q", "next", "next"), _BACK, _FOLLOW)

_FAR = 9999
"""More rows than there are."""


class StandingsScreen(FollowScreen):
    """Shows one cup at a time, and what its races are worth as Olympic places."""

    CSS_PATH = "standings.tcss"

    BINDING_GROUP_TITLE = "Standings"

    BINDINGS: ClassVar[list[BindingType]] = [
        *(
            Binding(
                str(number),
                f"cup({number})",
                f"Cup of the {what}",
                id=f"standings-cup-{number}",
                tooltip=f"Show the cup of the {what}",
                show=False,
            )
            for number, what in enumerate(
                ("500 m", "1000 m", "1500 m", "long distances", "mass start", "team pursuit"),
                start=1,
            )
        ),
        *(
            Binding(key, action, words, id=f"standings-{name}", tooltip=tip, show=False)
            for key, action, words, name, tip in (
                ("w", "gender", "Women or men", "women-men", "Show the other gender's cup"),
                ("up,k", "cursor(-1)", "Up", "up", "Move the cursor to the skater above"),
                ("down,j", "cursor(1)", "Down", "down", "Move the cursor to the skater below"),
                ("pageup", "page(-1)", "Page up", "page-up", "Move the cursor up by a page"),
                ("pagedown", "page(1)", "Page down", "page-down", "Move it down by a page"),
                ("home", f"cursor({-_FAR})", "First", "first", "Move the cursor to the leader"),
                ("end", f"cursor({_FAR})", "Last", "last", "Move the cursor to the last one"),
                ("n", "nation", "One nation or all", "nation", "Show the cursor's nation alone"),
                ("v", "alone", "This meet alone", "alone", "Count this meet's points alone"),
                ("Q", "quota", "Olympic places", "quota", "Show who would be at the Games"),
                ("enter", "skater", "Skater's page", "skater", "Show the season of the skater"),
                ("h", "duel", "Head to head", "duel", "Show the skater beside the one above"),
                ("escape", "back", "Back", "back", "Go back"),
                ("s", "dismiss", "Meet", "meet", "Go back to the meet"),
            )
        ),
    ]

    def __init__(
        self, session: Session, race: Race | None = None, *, cup: str | None = None
    ) -> None:
        super().__init__()
        self._session = session
        if cup is None and race is not None:
            cup = cup_of(race)
        gender = race.gender if race is not None else Gender.WOMEN
        others = standings.cups_of(gender) or standings.cups_of(Gender.WOMEN)
        self._view = View(cup or others[0])
        self._quota_of: str | None = None
        """The race whose Olympic places are shown instead."""
        self._reader: CupReader | None = None
        self._meet: Scene | None = None
        self._scene: CupScene | None = None
        self._table: standings.Table | None = None
        self._due: Timer | None = None

    def compose(self) -> ComposeResult:
        """Lay out the parts; which are shown follows from the window."""
        yield LinesView(id="header")
        yield LinesView(id="tabs")
        yield LinesView(id="gap")
        with Horizontal(id="main"):
            yield LinesView(id="table", wheel=("roll", 3))
            yield LinesView(id="divider")
            yield LinesView(id="side")
        yield LinesView(id="places")
        yield LinesView(id="note")
        yield LinesView(id="keys")
        yield Static(id="too-small")

    def on_mount(self) -> None:
        """Show what is known."""
        self.draw()

    def show_session(self, session: Session) -> None:
        """Count another meet in."""
        self._session = session
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
        scene = self._meet
        if scene is None or not self._session.still_says(scene):
            self.draw()

    # --- drawing -----------------------------------------------------------------------------

    def draw(self) -> None:
        """Show the cup as it is where the playhead stands, and wake up when that changes."""
        # A screen in the background would have the one in front painted again as a whole.
        if not self.is_current or not self.app.size.width:
            return
        with self.app.reading_tape():
            self._meet = scene = self._session.scene(Choice())
            places = self._quota(scene)
            self._scene = self._cup_scene(scene, places)
            self._show_all(scene, self._scene, places)
            if self._due is not None:
                self._due.stop()
            seconds = self._session.next_change(scene)
            self._due = None if seconds is None else self.set_timer(seconds, self.draw)

    def _cup_scene(self, scene: Scene, places: Quota | None) -> CupScene:
        season, cup, view = self._session.season, None, self._view
        if not scene.followed:
            view = replace(view, only_followed=False)
        if season is not None:
            if self._reader is None or self._reader.season is not season:
                self._reader = CupReader(season)
            cup = self._reader.cup(scene.meet, scene.at, view)
        rows: list[Standing | Place] = [*cup.now.rows] if cup is not None else []
        rows += [*places.rows, *places.passed_over] if places is not None else []
        gender = Gender(view.cup[0])
        return CupScene(
            view=view,
            year=season.year if season is not None else scene.meet.event.season,
            cup=cup,
            feed=scene.feed,
            live=frozenset(code for race in scene.meet.live if (code := cup_of(race)) is not None),
            followed=frozenset(
                row.key for row in rows if scene.followed.follows(row.competitor, gender)
            ),
        )

    def _quota(self, scene: Scene) -> Quota | None:
        season = self._session.season
        if self._quota_of is None or season is None:
            return None
        return quota(season_at(season, scene.meet, scene.at), self._quota_of)

    def _show_all(self, scene: Scene, cup: CupScene, places: Quota | None) -> None:
        width, height = self.app.size
        inks = self.app.inks(stale=scene.feed.stale)
        words = too_small(width, height)
        self.query_one("#too-small").display = bool(words)
        if words:
            self.query_one("#too-small", Static).update(words)
            return
        side = cup_skater.side(width)
        note = standings.note(cup, width)
        gap = height >= AIRY_ROWS
        main = height - 3 - gap - (not side) - (note is not None)
        left = width - side - 3 if side else width
        if places is not None:
            self._table = quota_drawing.table(cup, places, left, main)
            pane = quota_drawing.pane(cup, places, side, main)
            below = quota_drawing.cut_line(places, width)
            what = "Olympic places"
        else:
            self._table = standings.table(cup, left, main, width)
            pane = cup_skater.draw(cup, side, main)
            below = standings.places(cup, width)
            what = standings.STANDINGS
        said = news(scene, race=None)
        self._put("header", [standings.header(cup, width, what, said)], inks)
        self._put("tabs", [standings.tabs(cup, width)], inks)
        self._put("gap", [blank(width)] if gap else [], inks)
        self._put("table", self._table.lines, inks)
        self.query_one("#side").styles.width = side
        self._put("divider", divider(main) if side else [], inks)
        self._put("side", pane if side else [], inks)
        self._put("places", [below] if not side else [], inks)
        self._put("note", [note] if note is not None else [], inks)
        keys = _KEYS if places is None else _QUOTA_KEYS
        self._put("keys", [self.app.key_line(keys, width)], inks)

    def _put(self, name: str, lines: list[Line], inks: Inks) -> None:
        view = self.query_one(f"#{name}", LinesView)
        view.display = bool(lines)
        view.show(self.app.relabelled(lines), inks)

    # --- what to show ------------------------------------------------------------------------

    def _turn(self, view: View) -> None:
        self._view = view
        self.draw()

    def _show_quota(self, race: str | None) -> None:
        self._quota_of = race
        self.refresh_bindings()
        self._turn(replace(self._view, scroll=0))

    def check_action(self, action: str, parameters: tuple[object, ...]) -> bool | None:  # noqa: ARG002
        """Olympic places are those of all nations and all meets."""
        return self._quota_of is None or action not in ("nation", "alone", "only_followed")

    def turn_to(self, cup: str) -> None:
        """Show the standings of a cup, whatever is shown now."""
        self._show_quota(None)
        self._turn_to_cup(cup)

    def action_cup(self, number: int) -> None:
        """Show another cup of the same gender."""
        self._turn_to_cup(standings.cups_of(Gender(self._view.cup[0]))[number - 1])

    def action_gender(self) -> None:
        """Show the same cup of the other gender."""
        other = Gender.MEN if self._view.cup[0] == Gender.WOMEN else Gender.WOMEN
        self._turn_to_cup(f"{other}{self._view.cup[1:]}")

    def _turn_to_cup(self, cup: str) -> None:
        if self._quota_of is not None:
            races = self._races_with_quota(cup)
            self._quota_of = races[0] if races else None
        # Whoever was under the cursor stays there where they have points in this cup too.
        self._turn(replace(self._view, cup=cup, scroll=0))

    def action_cursor(self, step: int) -> None:
        """Move the cursor by rows."""
        drawn = self._table
        if drawn is None or not drawn.order:
            return
        order = drawn.order
        at = order.index(self._view.cursor) if self._view.cursor in order else 0
        key = order[min(max(at + step, 0), len(order) - 1)]
        self._turn(replace(self._view, cursor=key, scroll=drawn.first))

    def action_point(self, key: str) -> None:
        """Put the cursor on a row; open the page of the one it is on already."""
        if key == self._under_cursor():
            self.action_skater()
        elif self._table is not None:
            self._turn(replace(self._view, cursor=key, scroll=self._table.first))

    def action_roll(self, rows: int) -> None:
        """Scroll by rows; the cursor stays in sight."""
        drawn = self._table
        if drawn is None or self._quota_of is not None:
            # The sections of the Olympic places scroll with the cursor alone.
            self.action_cursor(rows)
            return
        order, last = drawn.order, len(drawn.order) - drawn.shown
        if last <= 0:
            return
        first = min(max(drawn.first + rows, 0), last)
        at = order.index(self._view.cursor) if self._view.cursor in order else 0
        at = min(max(at, first), first + drawn.shown - 1)
        self._turn(replace(self._view, cursor=order[at], scroll=first))

    def action_page(self, step: int) -> None:
        """Move the cursor by pages."""
        drawn = self._table
        if drawn is not None:
            self.action_cursor(step * max(1, drawn.shown - 1))

    def action_nation(self) -> None:
        """Show the nation of the cursor's skater alone, or all again."""
        scene = self._scene
        chosen = scene.chosen if scene is not None else None
        nation = None
        if self._view.nation is None and chosen is not None:
            nation = chosen.competitor.noc
        key = chosen.key if chosen is not None else self._view.cursor
        view = replace(self._view, only_followed=False)
        self._turn(replace(view, nation=nation, cursor=key, scroll=0))

    def followed(self) -> Followed:
        """Return those who are followed."""
        return self._session.followed

    def under_cursor(self) -> UnderCursor | None:
        """Return the row under the cursor, of the standings or of the Olympic places."""
        if self._scene is None or self._meet is None:
            return None
        places = self._quota(self._meet)
        row = self._scene.chosen if places is None else quota_drawing.chosen(self._scene, places)
        return None if row is None else UnderCursor(row.competitor, Gender(self._view.cup[0]))

    def turn_to_followed(self) -> None:
        """Show the rows of those who are followed alone, or all again."""
        only = not self._view.only_followed
        self._turn(replace(self._view, only_followed=only, nation=None, scroll=0))

    def action_alone(self) -> None:
        """Count the points of this meet alone, or all again."""
        scene = self._meet
        season = self._session.season
        if scene is None or season is None:
            return
        if not self._view.alone and not scores_in(scene.meet.event, season):
            self.notify("The meet that is followed is no World Cup of this season.", markup=False)
            return
        self._turn(replace(self._view, alone=not self._view.alone, scroll=0))

    def action_skater(self) -> None:
        """Open the page of the skater under the cursor."""
        key = self._under_cursor()
        if key is not None:
            self.app.show_skater(self._session, None, key, cup=self._view.cup)

    def action_duel(self) -> None:
        """Put the skater under the cursor beside the one above."""
        key = self._under_cursor()
        if key is not None:
            self.app.show_head_to_head(self._session, None, key, cup=self._view.cup)

    def _under_cursor(self) -> str | None:
        drawn, key = self._table, self._view.cursor
        if drawn is None or not drawn.order:
            return None
        return key if key in drawn.order else drawn.order[0]

    def _races_with_quota(self, cup: str) -> tuple[str, ...]:
        season = self._session.season
        return () if season is None else races_with_quota(season, cup)

    def action_quota(self) -> None:
        """Show the Olympic places of the cup's races one after another, then the cup again."""
        races = self._races_with_quota(self._view.cup)
        if not races:
            if self._session.season is not None:
                self.notify("No places at Olympic Games are given out this season.", markup=False)
            return
        following = races.index(self._quota_of) + 1 if self._quota_of in races else 0
        self._show_quota(races[following] if following < len(races) else None)

    def action_back(self) -> None:
        """Leave the Olympic places for the standings, and those for the meet."""
        if self._quota_of is None:
            self.dismiss()
        else:
            self._show_quota(None)
