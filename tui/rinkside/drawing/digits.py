"""Large digits of half blocks: three rows, four columns a digit, two a point or colon."""

from __future__ import annotations

from typing import Final

ROWS: Final = 3

_FACES: Final = {
    "0": ("█▀█", "█ █", "▀▀▀"),
    "1": ("▄█ ", " █ ", " ▀ "),
    "2": ("▀▀█", "█▀▀", "▀▀▀"),
    "3": ("▀▀█", " ▀█", "▀▀▀"),
    "4": ("█ █", "▀▀█", "  ▀"),
    "5": ("█▀▀", "▀▀█", "▀▀▀"),
    "6": ("█▀▀", "█▀█", "▀▀▀"),
    "7": ("▀▀█", "  █", "  ▀"),
    "8": ("█▀█", "█▀█", "▀▀▀"),
    "9": ("█▀█", "▀▀█", "▀▀▀"),
    ":": ("▄", "▄", " "),
    ".": (" ", " ", "▀"),
    "~": ("  ", "▄▀", "  "),
}


def width(text: str) -> int:
    """Return how many columns a time takes, the gap after each digit included."""
    return sum(len(_FACES[letter][0]) + 1 for letter in text if letter in _FACES)


def large(text: str) -> tuple[str, str, str]:
    """Return the three rows of a time such as ``1:34.45``."""
    faces = [_FACES[letter] for letter in text if letter in _FACES]
    top, middle, bottom = (" ".join(face[row] for face in faces) for row in range(ROWS))
    return top, middle, bottom
