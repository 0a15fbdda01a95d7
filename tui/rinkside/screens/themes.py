"""Choosing a theme: the screen behind the list shows the one under the cursor at once."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING, ClassVar

from textual import on
from textual.app import ComposeResult
from textual.binding import Binding, BindingType
from textual.events import Click, Resize
from textual.screen import ModalScreen

from rinkside.drawing import themes as drawing
from rinkside.widgets.lines import LinesView
from rinkside_themes import Palette

if TYPE_CHECKING:
    from rinkside.app import RinksideApp


class ThemesScreen(ModalScreen[None]):
    """The list of themes.

    Args:
        themes: All that can be chosen.
        shown: The name of the one that is shown now; it comes back unless another is kept.
    """

    DEFAULT_CSS = """
    ThemesScreen { align: right bottom; }
    """
    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("up,k", "move(-1)", "Previous", id="theme-up", show=False),
        Binding("down,j,t", "move(1)", "Next", id="theme-down", show=False),
        Binding("enter", "keep", "Keep", id="theme-keep", tooltip="Keep this theme", show=False),
        Binding(
            "escape,q,T",
            "take_back",
            "As it was",
            id="theme-back",
            tooltip="Go back to the theme there was",
            show=False,
        ),
    ]

    app: RinksideApp

    def __init__(self, themes: Sequence[Palette], shown: str) -> None:
        super().__init__()
        self._themes = themes
        self._kept = shown
        self._at = next(n for n, theme in enumerate(themes) if theme.name == shown)

    def compose(self) -> ComposeResult:
        """Make the list."""
        yield LinesView(id="themes", wheel=("move", 1))

    def on_mount(self) -> None:
        """Draw it."""
        self.draw()

    def draw(self) -> None:
        """Draw the list in the colours of the theme it shows."""
        lines = drawing.listed(self._themes, self._at, self._kept, self.size.height)
        view = self.query_one(LinesView)
        view.styles.width, view.styles.height = drawing.WIDTH, len(lines)
        view.show(lines, self.app.inks(stale=False))

    def on_resize(self, _: Resize) -> None:
        """Draw it for another window."""
        self.draw()

    def action_move(self, by: int) -> None:
        """Show the next theme, or the one before; from the last it goes on to the first."""
        self._show((self._at + by) % len(self._themes))

    def action_keep(self) -> None:
        """Keep the theme that is shown."""
        self.app.keep_theme(self._themes[self._at].name)
        self.dismiss()

    def action_take_back(self) -> None:
        """Show the theme there was, and go."""
        self.app.theme = self._kept
        self.dismiss()

    @on(LinesView.Clicked)
    def _theme_clicked(self, message: LinesView.Clicked) -> None:
        """Show the theme that is clicked; keep it with the second click."""
        chosen = drawing.clicked(message.line, self._at, self.size.height, len(self._themes))
        if chosen == self._at:
            self.action_keep()
        elif chosen is not None:
            self._show(chosen)

    @on(Click)
    def _beside_clicked(self) -> None:
        # What is clicked on the list, the list tells itself.
        self.action_take_back()

    def _show(self, number: int) -> None:
        self._at = number
        name = self._themes[number].name
        if name == self.app.theme:
            self.draw()
        else:
            self.app.theme = name
