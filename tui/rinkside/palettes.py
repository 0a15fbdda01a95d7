"""The themes there are: those that come with the program, and the fan's own."""

from __future__ import annotations

from enum import Enum
from pathlib import Path
from typing import Final

from msgspec.structs import replace
from textual.theme import Theme

from rinkside.ink import Inks
from rinkside_themes import (
    DEFAULT_NAME,
    Palette,
    ThemeError,
    bundled_names,
    bundled_palette,
    load_palette,
    user_palettes,
)
from rinkside_themes.indexed import in_256
from rinkside_themes.palette import printable
from rinkside_themes.textual_theme import textual_theme

COLOURLESS: Final = "terminal-own"
"""The theme where no colour is wanted or none is to be had."""
_NAMED: Final = "terminal-16"
"""The theme for terminals of 16 colours."""


class Depth(Enum):
    """How many colours a terminal shows; as the value, how the fan is told."""

    NONE = "no colours"
    SIXTEEN = "16 colours"
    INDEXED = "256 colours"
    TRUECOLOUR = "all colours"

    @classmethod
    def of(cls, system: str | None) -> Depth:
        """Return what a terminal shows that Rich says this of (`Console.color_system`)."""
        return _SYSTEMS.get(system or "", cls.NONE)


_SYSTEMS: Final = {
    "standard": Depth.SIXTEEN,
    "windows": Depth.SIXTEEN,
    "256": Depth.INDEXED,
    "truecolor": Depth.TRUECOLOUR,
}

_Stamp = tuple[int, int, int]
"""What of a file tells that it has changed."""


class Palettes:
    """All palettes by name that the terminal can show, the bundled ones first.

    Args:
        directory: Where the fan's own themes are.
        depth: What the terminal shows.
    """

    def __init__(self, directory: Path, depth: Depth = Depth.TRUECOLOUR) -> None:
        fans, self.troubles = user_palettes(directory)
        self._depth = depth
        every = {name: bundled_palette(name) for name in bundled_names()} | fans
        self._hidden = {name for name, palette in every.items() if not self._shows(palette)}
        self._by_name = {
            name: self._fitted(palette)
            for name, palette in every.items()
            if name not in self._hidden
        }
        self._stamps = {name: _stamp(palette.file) for name, palette in fans.items()}
        self._inks: dict[tuple[str, bool, bool], Inks] = {}
        self.themes: dict[str, Theme] = {
            name: textual_theme(palette) for name, palette in self._by_name.items()
        }
        """The same as themes of Textual."""

    def chosen(self, wanted: str | None) -> str:
        """Return the theme to begin with; why it is not a wanted one is told in `troubles`."""
        if wanted in self._by_name:
            return wanted
        first = {Depth.NONE: COLOURLESS, Depth.SIXTEEN: _NAMED}.get(self._depth, DEFAULT_NAME)
        if wanted in self._hidden:
            self.troubles.append(
                f"This terminal says that it shows {self._depth.value}, so this is {first}, "
                f"not {wanted}. If it shows more, set COLORTERM=truecolor."
            )
        elif wanted is not None:
            self.troubles.append(f"There is no theme {wanted} any more; this is {first}.")
        return first

    def names(self) -> tuple[str, ...]:
        """Return the names of all themes, in the order a fan goes through them."""
        return tuple(self._by_name)

    def after(self, name: str) -> str:
        """Return the name of the theme that follows another one."""
        names = list(self._by_name)
        return names[(names.index(name) + 1) % len(names)]

    def palette(self, name: str) -> Palette:
        """Return a palette."""
        return self._by_name[name]

    def inks(self, name: str, *, stale: bool, plain: bool = False) -> Inks:
        """Return the styles of a theme, for fresh or for stale data.

        It is the same object until the theme's file is read anew.
        """
        key = (name, stale, plain)
        if key not in self._inks:
            self._inks[key] = Inks(self._by_name[name], stale=stale, plain=plain)
        return self._inks[key]

    # --- a fan's file that is being edited ---------------------------------------------------

    def is_fans(self, name: str) -> bool:
        """Tell whether a theme is a fan's own, whose file may change."""
        return name in self._stamps

    def read_anew(self, name: str) -> bool:
        """Read a fan's theme again if its file has changed since the last look.

        One `stat` where it has not. However the file is named inside, the theme keeps the name it
        had when the program started.

        Args:
            name: A theme of which `is_fans` is true.

        Returns:
            Whether it was read, and looks different from now on.

        Raises:
            ThemeError: If the file has changed and can't be used; the colours stay as they were.
                It is raised once for each change.
        """
        known = self._by_name[name]
        assert known.file is not None, "a fan's theme has a file"
        stamp = _stamp(known.file)
        if stamp == self._stamps[name]:
            return False
        self._stamps[name] = stamp
        palette = replace(load_palette(known.file), name=name)
        if not self._shows(palette):
            raise ThemeError(
                f"{printable(known.file.name)}: has colours that this terminal can't show; it says "
                f"that it shows {self._depth.value}"
            )
        self._by_name[name] = palette = self._fitted(palette)
        self.themes[name] = textual_theme(palette)
        self._inks = {key: inks for key, inks in self._inks.items() if key[0] != name}
        return True

    # --- what the terminal shows -------------------------------------------------------------

    def _shows(self, palette: Palette) -> bool:
        if self._depth is Depth.NONE:
            return all(paint.colour in (None, "default") for paint in palette.paints.values())
        return palette.sixteen or self._depth is not Depth.SIXTEEN

    def _fitted(self, palette: Palette) -> Palette:
        return in_256(palette) if self._depth is Depth.INDEXED else palette


def _stamp(file: Path | None) -> _Stamp | None:
    try:
        state = file.stat() if file is not None else None
    except OSError:
        return None
    return (state.st_mtime_ns, state.st_size, state.st_ino) if state else None
