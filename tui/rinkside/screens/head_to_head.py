"""Head to head: two skaters beside each other, in the race and over the season."""

from __future__ import annotations

from typing import ClassVar

from msgspec.structs import replace
from textual.binding import Binding, BindingType

from longtrack.people import Who
from rinkside.drawing import duel
from rinkside.drawing.board import arranged
from rinkside.drawing.footer import Key
from rinkside.duel_scene import DuelReader, DuelScene, DuelView, Side
from rinkside.scene import Scene
from rinkside.screens.page import Page, PageScreen
from rinkside.session import Choice, Session
from rinkside.skater_scene import SkaterReader

_KEYS = (
    Key("←→", "other skater", "other skater"),
    Key("Tab", "change sides", "sides"),
    Key("Esc", "back", "back"),
)


class HeadToHeadScreen(PageScreen):
    """Shows two skaters or teams.

    Args:
        session: The meet that is followed.
        view: Which two, and in which race.
    """

    BINDING_GROUP_TITLE = "Head to head"

    BINDINGS: ClassVar[list[BindingType]] = [
        Binding(key, action, words, id=f"duel-{name}", tooltip=tip, show=False)
        for key, action, words, name, tip in (
            ("left", "other(-1)", "Other skater", "previous", "Compare with who stands above"),
            ("right", "other(1)", "Other skater", "next", "Compare with who stands below"),
            ("tab", "swap", "Change sides", "swap", "Put the second first"),
            ("h", "dismiss", "Back", "leave", "Go back to where you came from"),
        )
    ]

    def __init__(self, session: Session, view: DuelView) -> None:
        super().__init__(session)
        self._view = view
        self._reader: DuelReader | None = None
        self._duel: DuelScene | None = None

    def show_session(self, session: Session) -> None:
        """Go on with another meet, where the two may have no race."""
        if session.event_id != self.session.event_id:
            self._view = replace(self._view, race=None)
        super().show_session(session)

    def choice(self) -> Choice:
        """Return the race in which they are compared."""
        return Choice(race=self._view.race)

    def page(self, scene: Scene, width: int, height: int) -> Page:
        """Return the page as it is now."""
        reader = self._reader
        if reader is None or reader.skaters.season is not self.session.season:
            self._reader = reader = DuelReader(SkaterReader(self.session.season))
        if self._view.second is None:
            # From the standings: with the one above, or below the first.
            self._view = replace(self._view, second=self._next_to_first(scene, reader))
        self._duel = shown = reader.scene(scene, self._view)
        body = duel.body(shown, width, height)
        return Page(duel.header(shown, width), duel.names(shown, width), body, _KEYS)

    def _others(self, scene: Scene, reader: DuelReader) -> list[Side]:
        """Return whom the first can be compared with, in the order of the board or standings."""
        view = self._view
        race = scene.race if view.race is not None else None
        if race is not None and race.entries:
            return [
                Side(Who(entry.competitor, race.gender), entry.key)
                for entry in arranged(race, scene.action)
            ]
        if view.cup is None:
            return []
        return [Side(who) for who in reader.skaters.ranking(scene, view.cup)]

    def _next_to_first(self, scene: Scene, reader: DuelReader) -> Side | None:
        others = self._others(scene, reader)
        here = self._place(others, self._view.first, scene, reader)
        if here is None:
            return others[0] if others else None
        beside = [place for place in (here - 1, here + 1) if 0 <= place < len(others)]
        return others[beside[0]] if beside else None

    def _place(
        self, others: list[Side], side: Side, scene: Scene, reader: DuelReader
    ) -> int | None:
        people = reader.skaters.people(scene.meet)
        if side.entry is not None:
            found = [at for at, each in enumerate(others) if each.entry == side.entry]
            if found:
                return found[0]
        key = people.key(*side.who)
        return next((at for at, each in enumerate(others) if people.key(*each.who) == key), None)

    # --- keys --------------------------------------------------------------------------------

    def action_other(self, step: int) -> None:
        """Compare the first with somebody else."""
        shown, reader = self._duel, self._reader
        if shown is None or reader is None:
            return
        others = self._others(shown.scene, reader)
        first = self._place(others, self._view.first, shown.scene, reader)
        second = self._view.second
        here = self._place(others, second, shown.scene, reader) if second is not None else None
        place = (here if here is not None else -1 if step > 0 else len(others)) + step
        if place == first:
            place += step
        if 0 <= place < len(others):
            self._view = replace(self._view, second=others[place])
            self.turn_over()

    def action_swap(self) -> None:
        """Put the second first, so that the other one can be changed."""
        self._view = self._view.swapped()
        self.draw()
