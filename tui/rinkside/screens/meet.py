"""The meet screen: the race on the ice, as it is skated."""

from __future__ import annotations

from enum import Enum
from typing import ClassVar

from textual import on
from textual.app import ComposeResult
from textual.binding import Binding, BindingType
from textual.containers import Horizontal
from textual.events import Resize, ScreenResume
from textual.timer import Timer
from textual.widgets import Static

from longtrack.model import Entry, Race
from rinkside.comparing import Comparing
from rinkside.drawing import band, board, cup, footer, header, ticker
from rinkside.drawing.arrangement import Arrangement, arrange, too_small
from rinkside.drawing.footer import Key
from rinkside.drawing.manner import present
from rinkside.followed import Followed
from rinkside.ink import Inks, Line, blank, divider, split
from rinkside.messages import HealthChanged, SyncProgress, TapeChanged
from rinkside.scene import Scene
from rinkside.screens.follow import FollowScreen, UnderCursor
from rinkside.session import Choice, Session
from rinkside.strip_reader import StripReader
from rinkside.turning import neighbour, of_day, of_other_division, of_other_gender
from rinkside.widgets.lines import LinesView

_PAUSE = Key("Space", "pause", "")
_STANDS_STILL = (
    Key("Space", "play", "play"),
    Key(", .", "5 s", "5 s"),
    Key("< >", "30 s", "30 s"),
    Key("J K", "moments", ""),
    Key("g", "go to", "go to"),
    Key("x X", "speed", ""),
)
"""Comes first while the picture stands still: who pauses wants to go somewhere."""

_KEYS = (
    Key("1-9", "race", "race"),
    Key("←→", "prev/next", ""),
    Key("w", "women/men", "w/m"),
    Key("b", "division", "div"),
    Key("Tab", "pane", "pane"),
    Key("s", "standings", "standings"),
    Key("p", "programme", "programme"),
    Key("Enter", "skater", ""),
    Key("f", "follow", "follow"),
    _PAUSE,
    Key("m", "moments", ""),
    Key("r", "compare", ""),
    Key("v", "columns", ""),
    Key("h", "head to head", ""),
    Key("d", "day", "day"),
    Key("l", "live", "live"),
    Key("t", "theme", "theme"),
)
_SPOILERS = Key("S", "see all", "see all")
"""Without spoilers there is no way to what is live but this one."""


class Pane(Enum):
    """What is in front in a window of one column."""

    BOARD = "board"
    CUP = "cup"
    MOMENTS = "moments"


class MeetScreen(FollowScreen):
    """Shows one race of a meet, and follows the one that is live until told otherwise."""

    CSS_PATH = "meet.tcss"

    BINDING_GROUP_TITLE = "Meet"

    BINDINGS: ClassVar[list[BindingType]] = [
        *(
            Binding(
                str(number),
                f"race({number})",
                f"Race {number}",
                id=f"race-{number}",
                tooltip=f"Show race {number} of the day",
                show=False,
            )
            for number in range(1, 10)
        ),
        Binding("left", "step(-1)", "Previous race", id="race-previous", show=False),
        Binding("right", "step(1)", "Next race", id="race-next", show=False),
        Binding("up,k", "cursor(-1)", "Cursor up", id="cursor-up", show=False),
        Binding("down,j", "cursor(1)", "Cursor down", id="cursor-down", show=False),
        Binding("pageup", "page(-1)", "Page up", id="page-up", show=False),
        Binding("pagedown", "page(1)", "Page down", id="page-down", show=False),
        Binding("home", "page(-99)", "First row", id="first-row", show=False),
        Binding("end", "follow", "Follow the action", id="follow-action", show=False),
        Binding("escape", "clear", "Cursor off", id="cursor-off", show=False),
        Binding("tab", "pane", "Board, cup or moments", id="pane", show=False),
        Binding(
            "r",
            "reference",
            "Compare with another",
            id="reference",
            tooltip="Compare with the leader, a record or own bests",
            show=False,
        ),
        Binding(
            "v",
            "columns",
            "Times or differences",
            id="columns",
            tooltip="Show passages and laps as times or differences",
            show=False,
        ),
        Binding("w", "gender", "Women or men", id="women-men", show=False),
        Binding("b", "division", "Division A or B", id="division", show=False),
        Binding("d,right_square_bracket", "day(1)", "Next day", id="day-next", show=False),
        Binding("D,left_square_bracket", "day(-1)", "Previous day", id="day-previous", show=False),
        Binding("l", "live", "Back to what is live", id="live", show=False),
        Binding(
            "s",
            "standings",
            "World Cup standings",
            id="standings",
            tooltip="Show the cup of this race",
            show=False,
        ),
        Binding("p", "programme", "Programme", id="programme", show=False),
        Binding(
            "enter",
            "skater",
            "Skater's page",
            id="skater",
            tooltip="Show the laps, season and bests of this skater",
            show=False,
        ),
        Binding(
            "h",
            "duel",
            "Head to head",
            id="head-to-head",
            tooltip="Show the cursor's skater and another side by side",
            show=False,
        ),
        Binding(
            "n",
            "follow_nation",
            "Follow the nation",
            id="nation",
            tooltip="Follow this skater's nation, or no longer",
            show=False,
        ),
        Binding(
            "R",
            "records",
            "Records",
            id="records",
            tooltip="Tell which records stand for this race",
            show=False,
        ),
        Binding(
            "o", "tapes", "Tapes", id="tapes", tooltip="Play, export or delete tapes", show=False
        ),
    ]

    def __init__(self, session: Session, choice: Choice | None = None) -> None:
        super().__init__()
        self.session = session
        self._choice = choice or Choice()
        self._cursor: str | None = None
        self._comparing = Comparing()
        self._scroll: int | None = None
        self._unseen_since: int | None = None
        self._only_followed = False
        self._pane = Pane.BOARD
        self._side: tuple[object, list[Line]] | None = None
        self._strip = StripReader()
        self._due: Timer | None = None
        self._scene: Scene | None = None
        self._board: board.Board | None = None
        self._arrangement: Arrangement | None = None

    def compose(self) -> ComposeResult:
        """Lay out the parts; which are shown, and how large, follows from the window."""
        yield LinesView(id="header")
        yield LinesView(id="tabs")
        yield LinesView(id="gap-above", classes="gap")
        with Horizontal(id="band"):
            # Two halves: the terminal is sent a changed line from its widget's left edge on.
            yield LinesView(id="band-left")
            yield LinesView(id="band-right")
        yield LinesView(id="gap-below", classes="gap")
        with Horizontal(id="main"):
            yield LinesView(id="board", wheel=("roll", 3))
            yield LinesView(id="divider")
            yield LinesView(id="side")
        yield LinesView(id="moment")
        yield LinesView(id="gap-last", classes="gap")
        yield LinesView(id="strip", wheel=("app.step", 5))
        yield LinesView(id="note")
        yield LinesView(id="keys")
        yield Static(id="too-small")

    def on_mount(self) -> None:
        """Show what the tape has."""
        self.draw()

    # --- what changes the picture ------------------------------------------------------------

    @on(Resize)
    @on(ScreenResume)
    def _resized(self) -> None:
        self.draw()

    @on(TapeChanged)
    def _tape_changed(self) -> None:
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

    def show_session(self, session: Session, choice: Choice | None = None) -> None:
        """Show another meet."""
        self.session = session
        self._choice = choice or Choice()
        self._reset_rows()
        self.draw()

    @property
    def race(self) -> Race | None:
        """The race on screen."""
        return self._scene.race if self._scene is not None else None

    def choose(self, race: Race) -> None:
        """Show a race, until the viewer goes back to what is live."""
        self._select(race)

    def turn_to(self, code: str) -> None:
        """Show a race the playhead was sent to; where it is live that comes by itself."""
        self._choice = Choice()
        self._reset_rows()
        scene = self.session.scene(self._choice)
        if scene.race is None or scene.race.code != code:
            race = scene.meet.race(code)
            self._choice = Choice(race=race.number) if race is not None else Choice()

    def draw(self) -> None:
        """Show the scene of this moment, and wake up when it changes by itself."""
        # A screen in the background would have the one in front painted again as a whole.
        if not self.is_current or not self.size.width:
            return
        with self.app.reading_tape():
            self._draw(self.session.scene(self._choice))

    def _draw(self, scene: Scene) -> None:
        scene = self._with_reader(scene)
        size = self.app.size
        place = arrange(
            size.width,
            size.height,
            scene.race,
            note=bool(scene.feed.note),
            chart=_has_course(scene),
            cup=scene.cup is not None,
            behind=self.session.is_behind,
        )
        self._lay_out(place)
        inks = self.app.inks(stale=scene.feed.stale)
        if place.too_small:
            self.query_one("#too-small", Static).update(too_small(size.width, size.height))
        else:
            self._show_parts(scene, place, inks)
        self._scene = scene
        self.app.looking_at(scene.race)
        self._wake_in(self.session.next_change(scene))

    def _with_reader(self, scene: Scene) -> Scene:
        """Add to a scene where the reader stands in it."""
        from msgspec.structs import replace

        since = self._unseen_since
        unseen = 0
        if self._scroll is not None and since is not None and scene.race is not None:
            # A finish may be told of more than once: as a record, a new leader, a place in the cup.
            unseen = len(
                {
                    (moment.at, moment.people[0].key)
                    for moment in scene.moments
                    if moment.at > since
                    and moment.race == scene.race.code
                    and moment.is_of_a_finish
                }
            )
        scene = replace(scene, cursor=self._cursor, scroll=self._scroll, unseen=unseen)
        scene = replace(scene, compare=self._comparing.compare(scene, self.session.season))
        if not self._only_followed or not scene.followed:
            return scene
        moments = tuple(each for each in scene.moments if scene.followed.concerns(each))
        return replace(scene, only_followed=True, moments=moments)

    def _show_parts(self, scene: Scene, place: Arrangement, inks: Inks) -> None:
        width = place.width
        self._show("header", [header.header(scene, width)], inks)
        self._show("tabs", [header.tabs(scene, width)], inks)
        if place.band and scene.race is not None:
            drawn = band.band(scene, scene.race, width, place.band, tints=inks.tints)
            halves = [split(line, width // 2) for line in drawn]
            self._show("band-left", [left for left, _ in halves], inks)
            self._show("band-right", [right for _, right in halves], inks)
        self._board = board.draw(scene, place.board, place.main, pins=not place.band)
        lines = self._board.lines if place.side else self._one_column(scene, place, self._board)
        self._show("board", lines, inks)
        if place.side:
            self._show("divider", divider(place.main), inks)
            self._show("side", self._beside(scene, place), inks)
        if place.moment:
            self._show("moment", [ticker.last(scene, width)], inks)
        if place.strip:
            self._show("strip", self._strip.lines(self.session, scene, width, place.strip), inks)
        if place.note:
            self._show("note", [footer.note(scene.feed, width)], inks)
        # Side by side there is no pane to turn to.
        keys = [key for key in _KEYS if key.key != "Tab" or not place.side]
        if scene.spoiler_free:
            keys = [_SPOILERS if key.key == "l" else key for key in keys]
        if self.session.playhead.paused:
            keys = [*_STANDS_STILL, *(key for key in keys if key is not _PAUSE)]
        self._show("keys", [self.app.key_line(keys, width)], inks)
        if place.gap:
            for name in ("gap-above", "gap-below", "gap-last"):
                self._show(name, [blank(width)], inks)

    def _beside(self, scene: Scene, place: Arrangement) -> list[Line]:
        """Return the cup over the moments; a passage on the way leaves both as they are."""
        over = [race.over for race in scene.meet.races]
        pair = [entry.key for entry in scene.action.entries]
        race = (scene.race.code, scene.race.begun) if scene.race else None
        mine = (scene.followed, scene.only_followed)
        manner = present()
        key = (place, scene.cup, scene.cursor, scene.moments, pair, over, race, mine, manner)
        if self._side is None or self._side[0] != key:
            moments = ticker.pane(scene, place.side, place.main - place.cup)
            standing = cup.pane(scene, scene.cup, place.side, place.cup) if scene.cup else []
            self._side = key, [*standing[: place.cup], *moments]
        return self._side[1]

    def _one_column(self, scene: Scene, place: Arrangement, drawn: board.Board) -> list[Line]:
        """Return the board, or the pane it was turned into below the same pair."""
        width, top, lines = place.width, drawn.top, drawn.lines
        if self._pane is Pane.MOMENTS:
            return [*lines[:top], *ticker.pane(scene, width, place.main - top, indent=1)]
        if scene.cup is None:
            return lines
        if self._pane is Pane.CUP:
            return [*lines[:top], *cup.pane(scene, scene.cup, width, place.main - top, indent=1)]
        used = top + drawn.shown + 1
        if drawn.shown == len(drawn.order) and place.main - used > cup.LEAST_ROWS:
            below = cup.pane(scene, scene.cup, width, place.main - used, indent=1)
            return [*lines[: used - 1], blank(width), *below]
        return lines

    def _show(self, name: str, lines: list[Line], inks: Inks) -> None:
        self.query_one(f"#{name}", LinesView).show(self.app.relabelled(lines), inks)

    def _lay_out(self, place: Arrangement) -> None:
        if place == self._arrangement:
            return
        self._arrangement = place
        shown = {
            "band": place.band,
            "band-left": place.band,
            "band-right": place.band,
            "gap-above": place.gap and place.band,
            "gap-below": place.gap and place.band,
            "gap-last": place.gap,
            "moment": place.moment,
            "strip": place.strip,
            "note": place.note,
            "divider": place.side,
            "side": place.side,
        }
        for name, size in shown.items():
            self.query_one(f"#{name}").display = bool(size)
        self.query_one("#band").styles.height = place.band
        self.query_one("#strip").styles.height = place.strip
        self.query_one("#band-left").styles.width = place.width // 2
        self.query_one("#side").styles.width = place.side
        self.query_one("#too-small").display = place.too_small

    def _wake_in(self, seconds: float | None) -> None:
        if self._due is not None:
            self._due.stop()
        self._due = None if seconds is None else self.set_timer(seconds, self.draw, name="due")

    # --- when --------------------------------------------------------------------------------

    @on(LinesView.Clicked, "#strip")
    def _time_clicked(self, message: LinesView.Clicked) -> None:
        if self._scene is None:
            return
        at = self._strip.time(self.session, self._scene, self.app.size.width, message.column)
        if at is not None:
            self.app.go_to_time(at)

    # --- which race --------------------------------------------------------------------------

    def action_race(self, number: int) -> None:
        """Show a race of the day by its number on the tabs."""
        tabs = self._scene.tabs if self._scene else ()
        if number <= len(tabs):
            self._select(tabs[number - 1])

    def action_step(self, step: int) -> None:
        """Show the previous or next race of the division, across days."""
        if self._scene is not None:
            self._select(neighbour(self._scene, step))

    def action_gender(self) -> None:
        """Show the same distance of the other gender."""
        if self._scene is not None:
            self._select(of_other_gender(self._scene))

    def action_division(self) -> None:
        """Show the other division: the same race there, else that division's day."""
        if self._scene is None:
            return
        race = of_other_division(self._scene)
        self._select(race)
        if race is None:
            other = self._scene.division.other
            self.notify(f"There is no race of Division {other} on this day.")

    def action_day(self, step: int) -> None:
        """Show the next or previous day: what is live there, else its first race."""
        if self._scene is not None:
            self._select(of_day(self._scene, step))

    def action_live(self) -> None:
        """Go back to what is live."""
        self._choice = Choice()
        self._reset_rows()
        self.app.go_live()
        self.draw()

    def action_programme(self) -> None:
        """Open the programme of the meet."""
        self.app.show_programme(self.session)

    def action_tapes(self) -> None:
        """Open the list of tapes."""
        self.app.show_tapes(self.session)

    def action_standings(self) -> None:
        """Open the standings of the race's cup."""
        self.app.show_standings(self.session, self._scene.race if self._scene else None)

    def action_skater(self) -> None:
        """Open the page of who is under the cursor, else of the first of those in view."""
        race, chosen = self._race_and_chosen()
        if race is not None and chosen is not None:
            self.app.show_skater(self.session, race, chosen.key)

    def action_duel(self) -> None:
        """Put who is under the cursor beside the pair-mate, else the pair in view."""
        race, chosen = self._race_and_chosen()
        if race is not None and chosen is not None:
            self.app.show_head_to_head(self.session, race, chosen.key)

    def _race_and_chosen(self) -> tuple[Race | None, Entry | None]:
        scene = self._scene
        if scene is None or scene.race is None:
            return None, None
        under_cursor = [each for each in scene.race.entries if each.key == self._cursor]
        in_view = (*under_cursor, *scene.action.entries, *scene.race.finished)
        return scene.race, next(iter(in_view), None)

    def action_records(self) -> None:
        """Tell which records stand for the race on screen, and which are unknown."""
        from rinkside.drawing.records_told import records_told

        scene = self._scene
        if scene is not None and scene.race is not None:
            told = "\n".join(records_told(scene, scene.race))
            self.notify(told, title=f"Records of {scene.race.code}", timeout=15, markup=False)

    def _select(self, race: Race | None) -> None:
        if race is None:
            return
        self._choice = Choice(race=race.number)
        self._reset_rows()
        self.draw()

    # --- which rows --------------------------------------------------------------------------

    def action_cursor(self, step: int) -> None:
        """Move the cursor by rows, and the board with it."""
        drawn = self._board
        if drawn is None or not drawn.order:
            return
        rows = (*drawn.above, *drawn.order)
        if self._cursor in rows:
            place = min(max(rows.index(self._cursor) + step, 0), len(rows) - 1)
        else:
            place = drawn.first if step > 0 else max(0, drawn.first + drawn.shown - 1)
            place += len(drawn.above)
        self._put_cursor(rows[place], drawn)

    def action_point(self, key: str) -> None:
        """Put the cursor on a start; open the page of the one it is on already."""
        if key == self._cursor:
            self.action_skater()
        elif self._board is not None:
            self._put_cursor(key, self._board)

    def _put_cursor(self, key: str, drawn: board.Board) -> None:
        """Put the cursor on a start, with its row in sight."""
        self._cursor = key
        order, first = drawn.order, drawn.first
        place = order.index(key) if key in order else first
        if place < first:
            self._scroll_rows(place)
        elif place >= first + drawn.shown:
            self._scroll_rows(place - drawn.shown + 1)
        elif drawn.shown < len(order):
            self._scroll_rows(first)
        self.draw()

    def action_page(self, step: int) -> None:
        """Scroll the board by pages."""
        if self._board is not None:
            self.action_roll(step * max(1, self._board.shown - 1))

    def action_roll(self, rows: int) -> None:
        """Scroll the board by rows."""
        drawn, place = self._board, self._arrangement
        if drawn is None or drawn.shown >= len(drawn.order):
            return
        if self._pane is not Pane.BOARD and place is not None and not place.side:
            return  # another pane is in front
        most = len(drawn.order) - drawn.shown
        self._scroll_rows(min(max(drawn.first + rows, 0), most))
        self.draw()

    def action_follow(self) -> None:
        """Let the board follow the action again."""
        self._reset_rows(keep_cursor=True)
        self.draw()

    def action_clear(self) -> None:
        """Take the cursor away, and compare with the leader again."""
        self._cursor = None
        self._comparing.reset()
        self.draw()

    def action_reference(self) -> None:
        """Compare with the next thing there is: cursor, leader, track record, own season best."""
        scene = self._scene
        if scene is None or scene.race is None:
            return
        if not self._comparing.turn(scene, self.session.season):
            self.notify("Nothing else is known to compare these times with.")
        self.draw()

    def action_columns(self) -> None:
        """Turn the columns of passages and laps from times to differences, and back."""
        if self._board is not None and not self._board.has_splits:
            self.notify("There is no room here for passages or laps.")
            return
        self._comparing.splits = not self._comparing.splits
        self.draw()

    def action_pane(self) -> None:
        """In one column, turn the board into the cup, then the moments, and back."""
        cup = self._scene is not None and self._scene.cup is not None
        following = {
            Pane.BOARD: Pane.CUP if cup else Pane.MOMENTS,
            Pane.CUP: Pane.MOMENTS,
            Pane.MOMENTS: Pane.BOARD,
        }
        self._pane = following[self._pane]
        self.draw()

    def _scroll_rows(self, first: int) -> None:
        if self._scroll is None and self._scene is not None:
            self._unseen_since = self._scene.at
        self._scroll = first

    def _reset_rows(self, *, keep_cursor: bool = False) -> None:
        self._scroll = None
        self._unseen_since = None
        if not keep_cursor:
            self._cursor = None

    # --- whom the viewer follows -------------------------------------------------------------

    def followed(self) -> Followed:
        """Return those who are followed."""
        return self.session.followed

    def under_cursor(self) -> UnderCursor | None:
        """Return the skater or team under the cursor."""
        race = self._scene.race if self._scene is not None else None
        for entry in race.entries if race is not None else ():
            if race is not None and entry.key == self._cursor:
                return UnderCursor(entry.competitor, race.gender)
        return None

    def turn_to_followed(self) -> None:
        """Show the rows and moments of those who are followed alone, or all again."""
        self._only_followed = not self._only_followed
        self._reset_rows(keep_cursor=True)
        self.draw()


def _has_course(scene: Scene) -> bool:
    """Tell whether there is a pair in view, and anybody's passages to draw it against."""
    entries = scene.race.entries if scene.race else ()
    return bool(scene.action.entries) and any(entry.passages for entry in entries)
