"""A palette for terminals of 256 colours, in which text can be read as well as in the full one.

Such a terminal shows each colour as the nearest of its own. Left to that, grounds a few shades
apart become one, or turn from night blue to teal, and the text on them, moved as well, falls below
reading contrast (a `dim` on a `cursor` from 4.6 to 3.1). So the grounds are moved first, each to
the nearest that differs from the page, and every text then to the nearest that can be read on all.
"""

from __future__ import annotations

from functools import cache
from types import MappingProxyType
from typing import Final, NamedTuple

from msgspec.structs import replace

from rinkside_themes.palette import GROUNDS, PILLS, TEXT_ROLES, Palette

READING: Final = 4.5
"""The contrast text needs on its ground, WCAG 2 level AA."""

_CUBE: Final = (0, 95, 135, 175, 215, 255)


class Shade(NamedTuple):
    """One of the 256 colours."""

    red: int
    green: int
    blue: int
    said: str
    """The ``#rrggbb`` that is sent as this colour; a grey is not always sent as the nearest."""
    light: float
    """Relative luminance (WCAG 2), 0 to 1."""


def luminance(red: int, green: int, blue: int) -> float:
    """Return the relative luminance of a colour (WCAG 2), 0 to 1."""
    linear = (
        c / 12.92 if c <= 0.04045 else ((c + 0.055) / 1.055) ** 2.4
        for c in (red / 255, green / 255, blue / 255)
    )
    return sum(part * c for part, c in zip((0.2126, 0.7152, 0.0722), linear, strict=True))


def contrast(one: float, other: float) -> float:
    """Return the contrast of two luminances (WCAG 2), 1 to 21."""
    return (max(one, other) + 0.05) / (min(one, other) + 0.05)


def in_256(palette: Palette) -> Palette:
    """Return a palette in colours that a terminal of 256 has; one of names stays as it is.

    Args:
        palette: Any palette, bundled or a fan's.
    """
    if palette.sixteen:
        return palette
    chosen: dict[str, Shade] = {}
    for role in GROUNDS:
        colour = palette.paint(role).colour
        if colour is None:
            continue
        if colour == palette.paint("ground").colour:
            chosen[role] = chosen.get("ground") or _near(colour)[0]
            continue
        page = chosen["ground"]
        # The header may be the page; what the eye looks for on it may not.
        chosen[role] = next(s for s in _near(colour) if s != page or role == "header")
    grounds = [shade.light for shade in chosen.values()]
    for role in (*TEXT_ROLES, "stale", "stale-strong"):
        if colour := palette.paint(role).colour:
            chosen[role] = _readable(colour, grounds)
    if letters := palette.paint("pill-text").colour:
        chosen["pill-text"] = _near(letters)[0]
        for role in PILLS:
            if colour := palette.paint(role).colour:
                chosen[role] = _readable(colour, [chosen["pill-text"].light])
    if colour := palette.paint("line").colour:
        chosen["line"] = next(s for s in _near(colour) if s != chosen["ground"])
    paints = {
        role: replace(paint, colour=chosen[role].said) if role in chosen else paint
        for role, paint in palette.paints.items()
    }
    return replace(palette, paints=MappingProxyType(paints))


def _readable(colour: str, grounds: list[float]) -> Shade:
    near = _near(colour)
    for shade in near:
        if all(contrast(shade.light, ground) >= READING for ground in grounds):
            return shade
    # Grounds that lie too far apart, in a fan's theme: as good as it can be on the worst.
    return max(near, key=lambda shade: min(contrast(shade.light, ground) for ground in grounds))


def _near(colour: str) -> list[Shade]:
    """Return all shades, the nearest to a colour first."""
    red, green, blue = (int(colour[i : i + 2], 16) for i in (1, 3, 5))
    # The eye is not as keen on blue; and a grey that turns coloured is seen more than a shade.
    tint = (red - green, green - blue)

    def far(shade: Shade) -> int:
        return (
            2 * (shade.red - red) ** 2
            + 4 * (shade.green - green) ** 2
            + (shade.blue - blue) ** 2
            + 2 * (shade.red - shade.green - tint[0]) ** 2
            + 2 * (shade.green - shade.blue - tint[1]) ** 2
        )

    return sorted(_shades(), key=far)


@cache
def _shades() -> tuple[Shade, ...]:
    """The colours 16 to 255; the first 16 are whatever the terminal's owner wants."""
    cube = ((r, g, b, f"#{r:02x}{g:02x}{b:02x}") for r in _CUBE for g in _CUBE for b in _CUBE)
    greys = []
    for step in range(1, 25):
        shown, said = 10 * step - 2, round(step * 255 / 25)
        greys.append((shown, shown, shown, f"#{said:02x}{said:02x}{said:02x}"))
    # Four greys of the cube are sent as one of the 24 beside them.
    coloured = [shade for shade in cube if len(set(shade[:3])) > 1 or shade[0] in (0, 255)]
    return tuple(Shade(*shade, luminance(*shade[:3])) for shade in (*coloured, *greys))
