"""What a theme is: one paint for each role of the screens, and the rules a paint keeps.

The roles are meanings (``gold``, ``lane-2``, ``cursor``), never places on the screen, so that a
theme says once what a record looks like and every screen follows.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Final

import msgspec

if TYPE_CHECKING:
    from collections.abc import Mapping
    from pathlib import Path

TEXT_ROLES: Final = (
    *("text", "dim", "strong", "heading", "key"),
    *("live", "gold", "silver", "bronze", "record", "gain", "loss", "warn", "error", "follow"),
    *("lane-1", "lane-2", "lane-3", "lane-4"),
)
"""Roles that are read, on any of the grounds: each must reach 4.5:1 (WCAG 2, AA) on all six."""

GROUNDS: Final = ("ground", "header", "tab", "band", "cursor", "flash")
"""Roles that lie behind text; all but ``ground`` itself may leave the ground as it is."""

PILLS: Final = ("pill-live", "pill-warn", "pill-off", "pill-error")
"""Roles that lie behind ``pill-text``: the state of the feed, top right."""

ROLES: Final = (*TEXT_ROLES, "line", *GROUNDS, *PILLS, "pill-text", "stale", "stale-strong")
"""Every role. ``stale`` and ``stale-strong`` replace all text roles while there is no feed."""

NAMED_COLOURS: Final = (
    *("default", "red", "green", "yellow", "blue", "magenta", "cyan"),
    "bright-black",
)
"""The colours of a 16-colour theme: the terminal's own pair, 1 to 6, and 8.

0, 7 and 9 to 15 are left out because each vanishes on either dark or light terminals.
"""

ATTRIBUTES: Final = ("bold", "dim", "underline", "reverse")
"""The words of a paint which aren't a colour; they are what is left where there is no colour."""

_HEX: Final = re.compile(r"#[0-9a-f]{6}")


class ThemeError(ValueError):
    """A theme can't be used; the message tells a person which file, which role, and why.

    Args:
        message: What is wrong, and what is allowed.
        key: The key of the file that is at fault, so that its line can be told.
    """

    def __init__(self, message: str, key: str | None = None) -> None:
        super().__init__(message)
        self.key = key


class Paint(msgspec.Struct, frozen=True):
    """How one role looks."""

    colour: str | None = None
    """``#rrggbb`` in small letters, or one of `NAMED_COLOURS`.

    None leaves the colour to what lies beneath: the row's text colour, or the ground's tint.
    """
    bold: bool = False
    """Whether the letters are bold."""
    dim: bool = False
    """Whether the terminal is asked for fainter letters."""
    underline: bool = False
    """Whether the letters are underlined."""
    reverse: bool = False
    """Whether letters and ground change places. A ground or pill with this has no colour."""


class Palette(msgspec.Struct, frozen=True):
    """A theme's paints, complete: there is one for every role."""

    name: str
    """What the theme is called by, on the command line and in the configuration."""
    title: str
    """What a person reads in the list of themes."""
    dark: bool
    """Whether the ground is dark; where the terminal's own is used, what it is expected to be."""
    sixteen: bool
    """Whether colours are `NAMED_COLOURS`, which the terminal gives their shade, or hex."""
    paints: Mapping[str, Paint]
    """The paint of every one of `ROLES`."""
    file: Path | None = None
    """The file it was read from."""

    def paint(self, role: str) -> Paint:
        """Look up how a role looks.

        Args:
            role: One of `ROLES`.

        Returns:
            Its paint.

        Raises:
            KeyError: If there is no such role.
        """
        return self.paints[role]


def read_paint(role: str, words: object, *, sixteen: bool) -> Paint:
    """Read a paint as a theme file gives it, such as ``"#f5c84c bold"`` or ``"reverse"``.

    Args:
        role: One of `ROLES`; a ground or pill takes a colour or ``reverse``, not both.
        words: What stood in the file, of any type: at most one colour and any attributes.
        sixteen: Whether colours are names; they are hex otherwise.

    Returns:
        The paint; no words at all is a paint that changes nothing.

    Raises:
        ThemeError: If it isn't a paint. The message names the role, not the file.
    """
    if not isinstance(words, str):
        example = "yellow bold" if sixteen else "#f5c84c bold"
        raise ThemeError(f'"{role}" is not words in quotes, such as "{example}"', role)
    colours = [word.lower() for word in words.split() if word not in ATTRIBUTES]
    attributes = set(words.split()) & set(ATTRIBUTES)
    said = f'"{role}" is {quoted(words)}'
    if len(colours) > 1:
        raise ThemeError(f"{said}; a role is one colour at most, and {_listed(ATTRIBUTES)}", role)
    colour = colours[0] if colours else None
    if colour is not None and sixteen and colour not in NAMED_COLOURS:
        raise ThemeError(f"{said}; a colour of a 16-colour theme is {_listed(NAMED_COLOURS)}", role)
    if colour is not None and not sixteen and not _HEX.fullmatch(colour):
        raise ThemeError(f"{said}; a colour is #rrggbb", role)
    if colour is None and not sixteen and role in ("text", "ground"):
        # All other roles may fall back on these two, so these two have nothing to fall back on.
        raise ThemeError(f"{said}; it needs a colour, #rrggbb", role)
    if colour is not None and "reverse" in attributes and role in (*GROUNDS, *PILLS):
        # Reversed, the colour would be the letters' and the ground whatever they had before.
        raise ThemeError(f"{said}; a ground or pill is a colour or reverse, not both", role)
    return Paint(
        colour=colour,
        bold="bold" in attributes,
        dim="dim" in attributes,
        underline="underline" in attributes,
        reverse="reverse" in attributes,
    )


def quoted(text: str) -> str:
    """Quote what a stranger's file says so that it is safe, and short enough, to show.

    Args:
        text: Any text; control characters in it might move the cursor of the terminal.

    Returns:
        The text in quotes, control characters spelled out, cut at forty characters.
    """
    return f'"{printable(text)}"'


def printable(text: str) -> str:
    """Spell out the control characters of a text, and cut it at forty characters.

    Args:
        text: Any text, such as the name of a file.

    Returns:
        A text of printable characters only.
    """
    kept = text if len(text) <= 40 else text[:39] + "…"
    return "".join(c if c.isprintable() else ascii(c)[1:-1] for c in kept)


def _listed(words: tuple[str, ...]) -> str:
    return f"{', '.join(words[:-1])} or {words[-1]}"
