"""Rinkside's colour themes: what each role of the screens looks like, read from TOML files.

Nothing imported here knows Textual, so names and titles can be listed without loading it. What
turns a palette into a theme Textual can switch to is ``rinkside_themes.textual_theme``, imported
by the program once it is going to draw.
"""

from __future__ import annotations

from rinkside_themes.palette import (
    GROUNDS,
    PILLS,
    ROLES,
    TEXT_ROLES,
    Paint,
    Palette,
    ThemeError,
)
from rinkside_themes.themefile import (
    DEFAULT_NAME,
    bundled_names,
    bundled_palette,
    bundled_palettes,
    load_palette,
    user_palettes,
)

__all__ = [
    "DEFAULT_NAME",
    "GROUNDS",
    "PILLS",
    "ROLES",
    "TEXT_ROLES",
    "Paint",
    "Palette",
    "ThemeError",
    "bundled_names",
    "bundled_palette",
    "bundled_palettes",
    "load_palette",
    "user_palettes",
]
