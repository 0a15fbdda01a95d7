"""The themes there are: those that come with the program, and the fan's own."""

from __future__ import annotations

from pathlib import Path

from textual.theme import Theme

from rinkside.ink import Inks
from rinkside_themes import DEFAULT_NAME, Palette, bundled_names, bundled_palette, user_palettes
from rinkside_themes.textual_theme import textual_theme


class Palettes:
    """All palettes by name, the bundled ones first.

    Args:
        directory: Where the fan's own themes are.
    """

    def __init__(self, directory: Path) -> None:
        fans, self.troubles = user_palettes(directory)
        self._by_name = {name: bundled_palette(name) for name in bundled_names()} | fans
        self._inks: dict[tuple[str, bool, bool], Inks] = {}
        self.themes: dict[str, Theme] = {
            name: textual_theme(palette) for name, palette in self._by_name.items()
        }
        """The same as themes of Textual."""

    def chosen(self, wanted: str | None) -> str:
        """Return the theme to begin with; a wanted one that is gone is told in `troubles`."""
        if wanted is None or wanted in self._by_name:
            return wanted or DEFAULT_NAME
        self.troubles.append(f"There is no theme {wanted} any more; this is {DEFAULT_NAME}.")
        return DEFAULT_NAME

    def after(self, name: str) -> str:
        """Return the name of the theme that follows another one."""
        names = list(self._by_name)
        return names[(names.index(name) + 1) % len(names)]

    def palette(self, name: str) -> Palette:
        """Return a palette."""
        return self._by_name[name]

    def inks(self, name: str, *, stale: bool, plain: bool = False) -> Inks:
        """Return the styles of a theme, for fresh or for stale data; always the same object."""
        key = (name, stale, plain)
        if key not in self._inks:
            self._inks[key] = Inks(self._by_name[name], stale=stale, plain=plain)
        return self._inks[key]
