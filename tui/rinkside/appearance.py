"""How the program looks, and on which keys things are: themes and settings, changed at once."""

from __future__ import annotations

import os
from abc import abstractmethod
from collections.abc import Sequence
from typing import TYPE_CHECKING, ClassVar, Final

from textual.binding import Binding, BindingType
from textual.keys import format_key
from textual.theme import Theme

from rinkside.drawing import footer, manner
from rinkside.drawing.footer import Key
from rinkside.ink import Inks, Line
from rinkside.keymap import Keymap
from rinkside.locations import Locations
from rinkside.palettes import Depth, Palettes
from rinkside.preferences import Preferences
from rinkside.session import Session
from rinkside.settings import Signs, Zones
from rinkside.settings.catalogue import Setting, Value
from rinkside.settings.key_names import key_shown_as
from rinkside.transport import TransportApp
from rinkside_themes import ThemeError

if TYPE_CHECKING:
    from textual.timer import Timer

_DUMB: Final = ("dumb", "unknown")
"""What a terminal calls itself of which nothing is known, and so not that it has colours."""

_LOOK_S: Final = 1.0
"""How often the file of a fan's theme is looked at, while that theme is on the screen."""


class AppearanceApp(TransportApp):
    """A program that looks as the fan wants it."""

    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("t", "next_theme", "Theme", id="theme", tooltip="Change the theme", show=False),
        Binding(
            "T",
            "choose_theme",
            "Themes",
            id="themes",
            tooltip="Look at each theme before you keep one",
            show=False,
        ),
        Binding(
            "c",
            "settings",
            "Settings",
            id="settings",
            tooltip="See what can be set, and set it",
            show=False,
        ),
    ]

    preferences: Preferences

    def __init__(self) -> None:
        # Textual takes the variable out of the environment.
        self._colourless = "NO_COLOR" in os.environ or os.environ.get("TERM") in _DUMB
        # Textual takes NO_COLOR as grey tones unless it may use the terminal's own colours.
        super().__init__(ansi_color=True if self._colourless else None)
        self.keymap = Keymap()
        self._theme_file_watch: Timer | None = None
        self._last_theme: str | None = None

    def _dress(self, locations: Locations, last_theme: str | None) -> list[str]:
        """Read themes and settings, and look so.

        Args:
            locations: Where they are.
            last_theme: The theme that was chosen last.

        Returns:
            What is wrong with them, in sentences.
        """
        self._last_theme = last_theme
        depth = Depth.NONE if self._colourless else Depth.of(self.console.color_system)
        self._palettes = Palettes(locations.themes, depth)
        for theme in self._palettes.themes.values():
            self.register_theme(theme)
        self.preferences = Preferences(locations.settings, list(self._palettes.themes))
        chosen = self.preferences.theme or last_theme
        self.theme = self._palettes.chosen(None if self._colourless else chosen)
        told = "\n".join(self.preferences.troubles)
        return [*self._palettes.troubles, *filter(None, [told])]

    # --- what the program does of it ---------------------------------------------------------

    @abstractmethod
    def remember_theme(self, name: str) -> None:
        """Keep which theme was chosen last."""

    @abstractmethod
    def draw_screens(self) -> None:
        """Draw every screen anew."""

    @abstractmethod
    def begin_to_announce(self) -> None:
        """Notify as the settings say from now on."""

    # --- settings ----------------------------------------------------------------------------

    def _go_by_settings(self) -> None:
        display = self.preferences.settings.display
        manner.use(display.manner)
        self.animation_level = "full" if display.moves(os.environ) else "none"
        self._furnish(self._session)

    def _furnish(self, session: Session) -> None:
        """Give a meet what the fan wants of every one."""
        display = self.preferences.settings.display
        session.own_clock = display.zones is Zones.BOTH
        session.flashes = display.moves(os.environ)
        session.skips = self.preferences.settings.replay.skip

    def change_setting(self, setting: Setting, value: Value | None) -> None:
        """Change a setting at once, and in the file; None: to what it is by itself."""
        trouble = self.preferences.change(setting, value)
        if trouble:
            self.notify(trouble, severity="warning", timeout=10, markup=False)
        self._go_by_settings()
        if setting.table == "notifications":
            self.begin_to_announce()
        if setting.key == "display.theme" and not self._colourless:
            self.theme = self._palettes.chosen(
                self.preferences.theme or self._last_theme or self.theme
            )
        self.draw_screens()

    def _move_keys(self) -> None:
        """Put the keys where the fan wants them; what can't be is told."""
        self.keymap, troubles = self.preferences.keymap(type(self))
        if self.keymap.moved:
            self.set_keymap(self.keymap.for_textual)
            self.draw_screens()
        if troubles:
            self.notify("\n".join(troubles), severity="warning", timeout=10, markup=False)

    def key_line(self, keys: Sequence[Key], width: int) -> Line:
        """Draw the last row of the present screen: what its keys do."""
        nodes = (self.screen, self)
        (last,) = self.keymap.shown([footer.HELP], *nodes)
        return footer.keys(self.keymap.shown(keys, *nodes), width, last)

    def relabelled(self, lines: Sequence[Line]) -> Sequence[Line]:
        """Return lines of the present screen with its keys as they are now."""
        return self.keymap.relabelled(lines, self.screen, self)

    async def action_press(self, label: str) -> None:
        """Do what a key of the last row does, by how it is shown there."""
        key = key_shown_as(label)
        for name, bound in self.screen.active_bindings.items():
            if key in (name, format_key(name)):
                await self.run_action(bound.binding.action, bound.node)
                return

    def action_settings(self) -> None:
        """Open the settings."""
        from rinkside.screens.settings import SettingsScreen

        if not isinstance(self.screen, SettingsScreen):
            self.push_screen(SettingsScreen(self._session))

    # --- themes ------------------------------------------------------------------------------

    @property
    def available_themes(self) -> dict[str, Theme]:
        """The themes that have a colour for everything there is to show."""
        # Textual asks while it is being set up, before there are any.
        palettes: Palettes | None = getattr(self, "_palettes", None)
        if palettes is None or self.theme not in palettes.themes:
            return super().available_themes
        return palettes.themes

    def inks(self, *, stale: bool) -> Inks:
        """Return the styles of the present theme."""
        plain = self.preferences.settings.display.signs is Signs.ASCII
        return self._palettes.inks(self.theme, stale=stale, plain=plain)

    def action_next_theme(self) -> None:
        """Change to the next theme; it is kept."""
        self.keep_theme(self._palettes.after(self.theme))
        self.notify(self._palettes.palette(self.theme).title, timeout=2, markup=False)

    def action_choose_theme(self) -> None:
        """List the themes, each shown while the cursor is on it."""
        from rinkside.screens.themes import ThemesScreen

        themes = [self._palettes.palette(name) for name in self._palettes.names()]
        self.push_screen(ThemesScreen(themes, self.theme))

    def keep_theme(self, name: str) -> None:
        """Show a theme from now on, the next time too."""
        self.theme = name
        if not self._colourless and name != self._last_theme:
            self._last_theme = name
            self.remember_theme(name)

    def _watch_theme(self, theme_name: str) -> None:
        super()._watch_theme(theme_name)
        if self.is_running:
            self._watch_theme_file()
            self.draw_screens()

    def _watch_theme_file(self) -> None:
        """Look at the theme's file from time to time if it is one that a fan may be editing."""
        if self._theme_file_watch is not None:
            self._theme_file_watch.stop()
            self._theme_file_watch = None
        if self._palettes.is_fans(self.theme):
            self._theme_file_watch = self.set_interval(_LOOK_S, self.look_at_theme_file)

    def look_at_theme_file(self) -> None:
        """Show the theme as its file now says; what can't be used is told, and changes nothing."""
        try:
            if self._palettes.read_anew(self.theme):
                self._watch_theme(self.theme)
        except ThemeError as fault:
            self.notify(str(fault), title="Theme", severity="error", timeout=10, markup=False)
