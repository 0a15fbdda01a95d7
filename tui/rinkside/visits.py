"""The screens above the meet: how each is opened, and what comes of it."""

from __future__ import annotations

from abc import abstractmethod
from pathlib import Path
from typing import TYPE_CHECKING, ClassVar, Final

from textual.binding import Binding, BindingType

from rinkside.appearance import AppearanceApp
from rinkside.plan import WatchPlan
from rinkside.screens.meet import MeetScreen
from rinkside.session import Choice, Session
from rinkside.settings import StartView

if TYPE_CHECKING:
    from textual.command import Provider

    from longtrack.model import Race
    from rinkside.tapes import KeptTape

_GONE: Final = "Nobody is known any more by that name."


def _finder() -> type[Provider]:
    from rinkside.command_palette import Finder  # loaded once the palette is opened

    return Finder


class VisitsApp(AppearanceApp):
    """A program that shows a meet, and other screens above it."""

    BINDINGS: ClassVar[list[BindingType]] = [
        Binding(
            "m",
            "moments",
            "Moments",
            id="moments",
            tooltip="Show all that has happened",
            show=False,
        ),
        Binding("question_mark", "help", "Help", id="help", tooltip="Show the keys", show=False),
    ]

    COMMANDS = {_finder}  # noqa: RUF012

    plan: WatchPlan

    @abstractmethod
    def play_tape(self, tape: KeptTape) -> None:
        """Play a tape of this computer."""

    def _show_start_view(self) -> None:
        """Open what is to be shown first, over the race."""
        view = self.preferences.settings.display.start
        if self.plan.demo or self.plan.race is not None:
            return
        with self.reading_tape():
            if view is StartView.PROGRAMME:
                self.show_programme(self._session)
            elif view is StartView.STANDINGS:
                self.show_standings(self._session, self._session.scene(Choice()).race)

    def show_skated(self, code: str) -> None:
        """Show a race the playhead was sent to."""
        below = self.screen_stack[0]
        if isinstance(below, MeetScreen):
            below.turn_to(code)

    @property
    def race_on_screen(self) -> Race | None:
        """The race that is shown, or was before another screen was opened."""
        below = self.screen_stack[0]
        return below.race if isinstance(below, MeetScreen) else None

    def show_race(self, race: Race) -> None:
        """Go back to the meet, and show one of its races."""
        below = self.screen_stack[0]
        while self.screen is not below:
            self.pop_screen()
        if isinstance(below, MeetScreen):
            below.choose(race)

    def show_programme(self, session: Session) -> None:
        """Open the programme; what is chosen there is shown."""
        from rinkside.screens.programme import ProgrammeScreen

        def show(race: Race | None) -> None:
            if race is not None and isinstance(self.screen, MeetScreen):
                self.screen.choose(race)

        self.push_screen(ProgrammeScreen(session), show)

    def show_standings(self, session: Session, race: Race | None) -> None:
        """Open the standings, at the cup of a race."""
        from rinkside.screens.standings import StandingsScreen

        self.push_screen(StandingsScreen(session, race))

    def show_cup(self, cup: str) -> None:
        """Show the standings of a cup: on the screen they are on already, where there is one."""
        from rinkside.screens.standings import StandingsScreen

        opened = [each for each in self.screen_stack if isinstance(each, StandingsScreen)]
        if not opened:
            self.push_screen(StandingsScreen(self._session, cup=cup))
            return
        while self.screen is not opened[-1]:
            self.pop_screen()
        opened[-1].turn_to(cup)

    def show_skater(
        self, session: Session, race: Race | None, key: str, *, cup: str | None = None
    ) -> None:
        """Open somebody's page.

        Args:
            session: The meet that is followed.
            race: One of its races, where the key is one of that; else it is one of the season.
            key: Who.
            cup: The cup in whose standings they were chosen.
        """
        from rinkside.skater_scene import view_of

        with self.reading_tape():
            view = view_of(session.meet(), session.season, race, key, cup)
            if view is None:
                self.notify(_GONE, markup=False)
                return
            from rinkside.screens.skater import SkaterScreen

            self.push_screen(SkaterScreen(session, view))

    def show_head_to_head(
        self, session: Session, race: Race | None, key: str, *, cup: str | None = None
    ) -> None:
        """Open head to head: somebody beside the pair-mate, or the next in the standings.

        Args:
            session: The meet that is followed.
            race: As in `show_skater`.
            key: Who.
            cup: The cup in whose standings they were chosen.
        """
        from rinkside.duel_scene import duel_view
        from rinkside.skater_scene import view_of

        with self.reading_tape():
            view = view_of(session.meet(), session.season, race, key, cup)
            if view is None:
                self.notify(_GONE, markup=False)
                return
            from rinkside.screens.head_to_head import HeadToHeadScreen

            self.push_screen(HeadToHeadScreen(session, duel_view(view, race)))

    def action_moments(self) -> None:
        """Open the log of the meet."""
        from rinkside.screens.log import LogScreen

        if any(isinstance(screen, LogScreen) for screen in self.screen_stack):
            while not isinstance(self.screen, LogScreen):
                self.pop_screen()
            return
        self.push_screen(LogScreen(self._session, self.race_on_screen))

    def show_tapes(self, session: Session) -> None:
        """Open the list of tapes; the one that is chosen there is played."""
        from rinkside.screens.tapes import TapesScreen

        def play(tape: KeptTape | None) -> None:
            if tape is not None:
                self.play_tape(tape)

        self.push_screen(TapesScreen(session, self.plan.locations.tapes, Path()), play)

    def action_command_palette(self) -> None:
        """Find whatever there is by its words."""
        from rinkside.command_palette import Palette

        if not isinstance(self.screen, Palette):
            self.push_screen(Palette())

    def action_help(self) -> None:
        """Show or hide the keys of this screen."""
        from rinkside.screens.help import HelpScreen

        if isinstance(self.screen, HelpScreen):
            self.screen.dismiss()
        elif not self.screen.is_modal:
            self.push_screen(HelpScreen(self._session, self.screen))
