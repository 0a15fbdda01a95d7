"""What the screens with a cursor share: whoever is under it can be followed."""

from __future__ import annotations

from abc import abstractmethod
from typing import TYPE_CHECKING, ClassVar, NamedTuple

from textual.binding import Binding, BindingType
from textual.screen import Screen

from longtrack.model import Gender, Skater, Team
from rinkside.followed import Followed, toggled, toggled_nation

if TYPE_CHECKING:
    from rinkside.app import RinksideApp


class UnderCursor(NamedTuple):
    """Whoever is under the cursor, and among whom they race."""

    competitor: Skater | Team
    gender: Gender


class FollowScreen(Screen[None]):
    """A screen whose cursor stands on skaters and teams."""

    BINDINGS: ClassVar[list[BindingType]] = [
        Binding(
            "f",
            "follow_skater",
            "Follow the skater",
            id="follow",
            tooltip="Follow this skater or team, or no longer",
            show=False,
        ),
        Binding(
            "N",
            "follow_nation",
            "Follow the nation",
            id="follow-nation",
            tooltip="Follow this skater's nation, or no longer",
            show=False,
        ),
        Binding(
            "F",
            "only_followed",
            "Followed only",
            id="followed-only",
            tooltip="Show those you follow alone, or all again",
            show=False,
        ),
    ]

    app: RinksideApp

    @abstractmethod
    def followed(self) -> Followed:
        """Return those who are followed."""

    @abstractmethod
    def under_cursor(self) -> UnderCursor | None:
        """Return whoever is under the cursor, None where that is nobody."""

    @abstractmethod
    def turn_to_followed(self) -> None:
        """Show those who are followed and what concerns them alone, or all again."""

    def action_follow_skater(self) -> None:
        """Follow the skater under the cursor, or no longer; of a team its nation."""
        if chosen := self._chosen():
            self.app.follow(*toggled(self.followed(), chosen.competitor, chosen.gender))

    def action_follow_nation(self) -> None:
        """Follow the nation of the skater under the cursor, or no longer."""
        if chosen := self._chosen():
            self.app.follow(*toggled_nation(self.followed(), chosen.competitor.noc))

    def action_only_followed(self) -> None:
        """Show those who are followed alone, or all again."""
        if self.followed():
            self.turn_to_followed()
        else:
            self.notify(
                "You follow nobody yet: f follows the skater under the cursor, N the nation.",
                markup=False,
            )

    def _chosen(self) -> UnderCursor | None:
        chosen = self.under_cursor()
        if chosen is None:
            self.notify(
                "Put the cursor on somebody (↑ ↓): f follows the skater, N the nation.",
                markup=False,
            )
        return chosen
