"""The help: the keys of the screen it was asked for on, then those that work everywhere."""

from __future__ import annotations

from textual.actions import parse
from textual.screen import Screen

from rinkside.drawing import help as drawing
from rinkside.drawing.footer import Key
from rinkside.help_sheet import groups
from rinkside.ink import blank
from rinkside.scene import Scene
from rinkside.screens.page import Page, PageScreen
from rinkside.session import Choice, Session

_KEYS = (Key("Esc", "back", "back"), Key("Ctrl+P", "search", "search"))


class HelpScreen(PageScreen):
    """Lists keys.

    Args:
        session: The meet that is followed behind it.
        screen: The screen whose keys come first.
    """

    BINDING_GROUP_TITLE = "Help"

    def __init__(self, session: Session, screen: Screen[object]) -> None:
        super().__init__(session)
        self._about = screen

    def choice(self) -> Choice:
        """It is about no race."""
        return Choice()

    def page(self, scene: Scene, width: int, height: int) -> Page:  # noqa: ARG002
        """Return the keys, in as many columns as there is room for."""
        title = str(self._about.BINDING_GROUP_TITLE or "")
        kinds = type(self._about), type(self.app)
        known = groups(kinds[0], title, kinds[1], self.app.keymap, self._allows)
        return Page(
            drawing.header(title, scene, width), blank(width), drawing.body(known, width), _KEYS
        )

    def _allows(self, action: str) -> bool:
        _, name, parameters = parse(action)
        return bool(self._about.check_action(name, parameters))
