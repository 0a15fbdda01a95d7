"""Fuzzy search: each word that is typed is somewhere in a text, in any order, without accents.

Letters that are left out are looked for in one way only: to try all the ways, as Textual's own
search does, takes for ever at a name such as ``abababababab``, and a feed may send any name.
"""

from __future__ import annotations

from functools import lru_cache
from typing import Final, NamedTuple

from longtrack.names import plain

_WHOLE: Final = 1.0
_BEGINS: Final = 0.9
_INSIDE: Final = 0.6
_SCATTERED: Final = 0.4
"""How well a word matches that is a word of the text, begins one, is inside one, or is there with
letters left out."""


class Folded(NamedTuple):
    """A text as people type it: small letters without accents."""

    text: str
    places: tuple[int, ...]
    """Where in the original each letter comes from: ``ß`` has become two."""


class Match(NamedTuple):
    """How well a text matches, and by which of its letters."""

    score: float
    """From 0 to 1, the best."""
    places: frozenset[int]


@lru_cache(maxsize=4096)
def fold(text: str) -> Folded:
    """Return a text as it is searched."""
    letters: list[str] = []
    places: list[int] = []
    for place, letter in enumerate(text):
        folded = " " if letter.isspace() else plain(letter)
        letters += folded
        places += [place] * len(folded)
    return Folded("".join(letters), tuple(places))


def match(query: str, text: str) -> Match | None:
    """Return how well a text matches what was typed; None where a word of it is not there."""
    words, known = fold(query).text.split(), fold(text)
    found = [_find(word, known.text) for word in words]
    if not words or not all(found):
        return None
    score = sum(each.score for each in found if each) / len(found)
    at = frozenset(known.places[place] for each in found if each for place in each.places)
    # Of two that match alike, the one that is about nothing else, or begins so, comes first.
    share = sum(map(len, words)) / max(1, len(known.text))
    return Match(min(1.0, 0.9 * score + 0.05 * min(1.0, share) + 0.05 * (0 in at)), at)


def _find(word: str, text: str) -> Match | None:
    best: Match | None = None
    place = text.find(word)
    while place >= 0:
        end = place + len(word)
        score = _INSIDE
        if _begins_word(text, place):
            score = _WHOLE if end == len(text) or not text[end].isalnum() else _BEGINS
        if best is None or score > best.score:
            best = Match(score, frozenset(range(place, end)))
        place = text.find(word, place + 1)
    return best or _scattered(word, text)


def _scattered(word: str, text: str) -> Match | None:
    """Find the letters of a word with others between them.

    The first one begins a word; each other one is in the word of the one before it, or begins a
    later one: ``wjcik``, or ``wcs`` for World Cup standings.
    """
    best: Match | None = None
    start = text.find(word[0])
    while start >= 0:
        if _begins_word(text, start):
            places, jumps = [start], 0
            for letter in word[1:]:
                place = _following(letter, text, places[-1])
                if place is None:
                    break
                jumps += place != places[-1] + 1
                places.append(place)
            else:
                score = _SCATTERED * (1 - jumps / len(word))
                if best is None or score > best.score:
                    best = Match(score, frozenset(places))
        start = text.find(word[0], start + 1)
    return best


def _following(letter: str, text: str, last: int) -> int | None:
    place = text.find(letter, last + 1)
    if place >= 0 and " " not in text[last:place]:
        return place
    while place >= 0 and not _begins_word(text, place):
        place = text.find(letter, place + 1)
    return place if place >= 0 else None


def _begins_word(text: str, place: int) -> bool:
    return place == 0 or not text[place - 1].isalnum()
