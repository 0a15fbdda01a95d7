"""Palettes as themes of Textual, which the program registers and switches between.

Textual derives most of its variables from a few colours by blending, so that text on a derived
ground may fall below reading contrast. What its own widgets show here (command palette, input,
toast, scrollbar) is therefore said in roles, whose contrast on each other is tested.
"""

from __future__ import annotations

from typing import Final

from textual.theme import Theme

from rinkside_themes.palette import ATTRIBUTES, GROUNDS, PILLS, ROLES, Paint, Palette

_DERIVED: Final = {
    # Second, duller kinds of text.
    "text-muted": "dim",
    "text-disabled": "dim",
    "foreground-muted": "dim",
    "foreground-disabled": "dim",
    # Text in a colour; Textual would blend it with white or black.
    "text-primary": "live",
    "text-secondary": "key",
    "text-accent": "key",
    "text-success": "gain",
    "text-warning": "warn",
    "text-error": "error",
    "link-color": "key",
    "link-color-hover": "strong",
    "link-background-hover": "cursor",
    "border": "key",
    "border-blurred": "line",
    "scrollbar": "line",
    "scrollbar-hover": "dim",
    "scrollbar-active": "key",
    "scrollbar-background": "ground",
    "scrollbar-background-hover": "ground",
    "scrollbar-background-active": "ground",
    "scrollbar-corner-color": "ground",
    "footer-foreground": "dim",
    "footer-background": "ground",
    "footer-key-foreground": "key",
    "footer-description-foreground": "dim",
    "input-cursor-foreground": "ground",
    "input-cursor-background": "text",
    # The row an option list or the command palette stands on, as in our own tables.
    "block-cursor-foreground": "strong",
    "block-cursor-background": "cursor",
    "block-cursor-blurred-foreground": "text",
    "block-cursor-blurred-background": "tab",
    "block-hover-background": "tab",
    "surface-active": "cursor",
    "button-foreground": "text",
    "button-color-foreground": "pill-text",
}
"""Textual's variables, and the role each shows."""

_TRUECOLOR: Final = {
    # A toast lies on this shade; the tab's ground lifts it off the page.
    "panel-lighten-1": "tab",
    # Selected text looks like a pill, the one pair made for letters on a strong colour.
    "input-selection-background": "pill-live",
    "input-selection-foreground": "pill-text",
    "screen-selection-background": "pill-live",
    "screen-selection-foreground": "pill-text",
}

_SIXTEEN: Final = {
    # Textual's stylesheets name these two in 16 colours, and stop with an error where a theme
    # has no value. Its own themes give black and white, wrong on half of all terminals.
    "ansi-background": "ansi_default",
    "ansi-foreground": "ansi_default",
    # Nothing can be tinted, so the cursor reverses the terminal's own pair.
    "block-cursor-foreground": "ansi_default",
    "block-cursor-text-style": "bold reverse",
    "block-cursor-blurred-text-style": "bold",
    "input-cursor-foreground": "ansi_default",
    "input-cursor-background": "ansi_default",
    "input-cursor-text-style": "reverse",
    # A selection can't be reversed: Textual takes no text style for it. Black is otherwise
    # avoided, but behind it is always cyan here, and never the ground.
    "input-selection-background": "ansi_cyan",
    "input-selection-foreground": "ansi_black",
    "screen-selection-background": "ansi_cyan",
    "screen-selection-foreground": "ansi_black",
}


def textual_theme(palette: Palette) -> Theme:
    """Make a palette a theme of Textual.

    For CSS, each role is a variable (``$gold``, ``$lane-2``, ``$band``) holding its colour, and
    another with ``-style`` its attributes (``text-style: $cursor-style``). A role without a
    colour of its own has the colour of ``text``, or, lying behind text, of ``ground``.

    Args:
        palette: Any palette, bundled or a fan's.

    Returns:
        The theme, not registered yet, under the palette's name.
    """
    colours = {role: _colour(palette, role) for role in ROLES}
    variables = {
        **colours,
        **{f"{role}-style": _style(palette.paint(role)) for role in ROLES},
        **{variable: colours[role] for variable, role in _DERIVED.items()},
    }
    if palette.sixteen:
        variables.update(_SIXTEEN)
    else:
        variables.update({variable: colours[role] for variable, role in _TRUECOLOR.items()})
    return Theme(
        name=palette.name,
        primary=colours["live"],
        secondary=colours["key"],
        accent=colours["key"],
        success=colours["gain"],
        warning=colours["warn"],
        error=colours["error"],
        foreground=colours["text"],
        background=colours["ground"],
        surface=colours["header"],
        panel=colours["tab"],
        dark=palette.dark,
        ansi=palette.sixteen,
        variables=variables,
    )


def _colour(palette: Palette, role: str) -> str:
    colour = palette.paint(role).colour
    if colour is None:
        colour = palette.paint("ground" if role in (*GROUNDS, *PILLS) else "text").colour
    if palette.sixteen:
        # "bright-black" is Textual's "ansi_bright_black".
        return f"ansi_{(colour or 'default').replace('-', '_')}"
    assert colour is not None, "a truecolor palette gives text and ground a colour"
    return colour


def _style(paint: Paint) -> str:
    return " ".join(word for word in ATTRIBUTES if getattr(paint, word)) or "none"
