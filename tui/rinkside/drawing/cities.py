"""Cities, in three letters."""

from __future__ import annotations

from collections.abc import Iterable
from itertools import pairwise

from rich.cells import set_cell_size

from longtrack.names import plain
from rinkside.drawing.typeset import cut


def short_cities(cities: Iterable[str]) -> dict[str, str]:
    """Return three letters for each city, no two the same where that can be helped."""
    short: dict[str, str] = {}
    for city in dict.fromkeys(cities):
        taken = set(short.values())
        forms = [short_city(city), _begun(city)]
        short[city] = next((form for form in forms if form not in taken), forms[0])
    return short


def short_city(city: str) -> str:
    """Return three letters for a city: ``SLC``, ``CGY``, ``HVN``, ``HAM``.

    Of several words they are the initials. Of one they are the first letter, the one that begins a
    syllable after a closed one, and the last letter; else simply the first three.
    """
    words = plain(city).replace("-", " ").split()
    if len(words) >= 3:
        return "".join(word[0] for word in words[:3]).upper()
    if len(words) == 2:
        return (words[0][0] + words[1][:2]).upper()
    word = words[0] if words else ""
    middle = next(
        (
            right
            for before, (left, right) in zip(word, pairwise(word[1:-1]), strict=False)
            if _is_vowel(before) and not _is_vowel(left) and not _is_vowel(right)
        ),
        "",
    )
    three = f"{word[:1]}{middle}{word[-1:]}"
    return three.upper() if middle and len(set(three)) == 3 else _begun(city)


def _is_vowel(letter: str) -> bool:
    return letter in "aeiouy" or not letter.isascii()


def _begun(city: str) -> str:
    text = plain(city).upper()
    return text[:3] if text.isascii() else set_cell_size(cut(text, 3), 3).rstrip()
