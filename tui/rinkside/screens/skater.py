"""The skater's page: the laps of a race of this meet, the season, and the bests."""

from __future__ import annotations

from typing import ClassVar

from msgspec.structs import replace
from textual.binding import Binding, BindingType

from longtrack.people import Who
from longtrack.rivals import Rival
from rinkside.drawing import skater, skater_season
from rinkside.drawing.board import arranged
from rinkside.drawing.footer import Key
from rinkside.followed import toggled
from rinkside.scene import Scene
from rinkside.screens.page import Page, PageScreen
from rinkside.session import Choice, Session
from rinkside.skater_scene import Pane, SkaterReader, SkaterScene, View

_KEYS = (
    Key("←→", "skater", "skater"),
    Key("h", "head to head", "head to head"),
    Key("r", "reference", "reference"),
    Key("Esc", "back", "back"),
    Key("f", "follow", "follow"),
)


class SkaterScreen(PageScreen):
    """Shows one skater or team.

    Args:
        session: The meet that is followed.
        view: Whom to show first, and what of them.
    """

    BINDING_GROUP_TITLE = "Skater"

    BINDINGS: ClassVar[list[BindingType]] = [
        *(
            Binding(
                str(number),
                f"tab({number})",
                f"Tab {number}",
                id=f"skater-tab-{number}",
                tooltip="Show this race, the season or the bests",
                show=False,
            )
            for number in range(1, 10)
        ),
        *(
            Binding(key, action, words, id=f"skater-{name}", tooltip=tip, show=False)
            for key, action, words, name, tip in (
                ("left", "step(-1)", "Previous skater", "previous", "Show who stands above"),
                ("right", "step(1)", "Next skater", "next", "Show who stands below"),
                ("r", "reference", "Reference", "reference", "Compare the laps with another one"),
                ("h", "duel", "Head to head", "head-to-head", "Show the skater beside another"),
                ("f", "follow", "Follow", "follow", "Follow the skater, or no longer"),
            )
        ),
    ]

    def __init__(self, session: Session, view: View) -> None:
        super().__init__(session)
        self._view = view
        self._reader: SkaterReader | None = None
        self._page: SkaterScene | None = None

    def show_session(self, session: Session) -> None:
        """Go on with another meet, where the skater may have no start."""
        if session.event_id != self.session.event_id:
            # Races go by other numbers there.
            self._view = replace(self._view, race=None, entry=None, pane=Pane.SEASON)
        super().show_session(session)

    def choice(self) -> Choice:
        """Return the race whose laps are shown."""
        return Choice(race=self._view.race)

    def page(self, scene: Scene, width: int, height: int) -> Page:
        """Return the page as it is now."""
        if self._reader is None or self._reader.season is not self.session.season:
            self._reader = SkaterReader(self.session.season)
        self._page = page = self._reader.scene(scene, self._view)
        if self._view.pane is Pane.RACE:
            body = skater.race(page, width, height)
        elif self._view.pane is Pane.SEASON:
            body = skater_season.season(page, width)
        else:
            body = skater_season.bests(page, width)
        return Page(skater.header(page, width), skater.tabs(page, width), body, _KEYS)

    # --- keys --------------------------------------------------------------------------------

    def _turn(self, view: View) -> None:
        self._view = view
        self.turn_over()

    def action_tab(self, number: int) -> None:
        """Show a race of this meet, the season or the bests."""
        page = self._page
        if page is None:
            return
        if number <= len(page.starts):
            race, entry = page.starts[number - 1]
            view = replace(self._view, pane=Pane.RACE, race=race.number, entry=entry.key)
            self._turn(view)
        elif number <= len(page.starts) + len(page.panes):
            self._turn(replace(self._view, pane=page.panes[number - 1 - len(page.starts)]))

    def action_step(self, step: int) -> None:
        """Show the previous or next skater, in the order of the board or the standings."""
        page = self._page
        if page is None:
            return
        race = page.scene.race
        if page.start is not None and race is not None:
            order = arranged(race, page.scene.action)
            keys = [entry.key for entry in order]
            place = keys.index(page.start.entry.key) + step
            if 0 <= place < len(order):
                entry = order[place]
                who = Who(entry.competitor, race.gender)
                self._turn(replace(self._view, who=who, entry=entry.key))
        elif self._view.cup is not None and self._reader is not None:
            self._step_in_cup(page.scene, self._view.cup, step)

    def _step_in_cup(self, scene: Scene, cup: str, step: int) -> None:
        assert self._reader is not None
        rows = self._reader.ranking(scene, cup)
        people = self._reader.people(scene.meet)
        here = people.key(*self._view.who)
        keys = [people.key(*who) for who in rows]
        place = keys.index(here) + step if here in keys else -1
        if 0 <= place < len(rows):
            self._turn(replace(self._view, who=rows[place]))

    def action_reference(self) -> None:
        """Compare the laps with the next one of those they can be compared with."""
        page = self._page
        if page is None or not page.rivals:
            return
        known = list(page.rivals)
        here = next((i for i, each in enumerate(known) if page.rivals[each] is page.against), 0)
        rival: Rival = known[(here + 1) % len(known)]
        self._view = replace(self._view, rival=rival)
        self.draw()
        if len(known) == 1:
            self.notify("There is nobody else to compare with.", timeout=3, markup=False)

    def action_follow(self) -> None:
        """Follow the skater, or no longer; of a team its nation."""
        who = self._view.who
        self.app.follow(*toggled(self.session.followed, who.competitor, who.gender))

    def action_duel(self) -> None:
        """Show the skater beside the pair-mate, or whoever the laps are compared with."""
        page, reader = self._page, self._reader
        if page is None or reader is None:
            return
        if page.start is not None:
            race, entry = page.start
            self.app.show_head_to_head(self.session, race, entry.key)
        else:
            key = reader.people(page.scene.meet).key(*self._view.who)
            self.app.show_head_to_head(self.session, None, key, cup=self._view.cup)
