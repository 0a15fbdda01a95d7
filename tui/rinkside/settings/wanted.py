"""Which moments are told, as the words of the settings say."""

from __future__ import annotations

from typing import Final

import msgspec

from longtrack.moments import Kind, Moment, is_key

_OFF: Final = "off"
_KEY: Final = "key"
_ALL: Final = "all"
_FOLLOWED: Final = "followed"
WORDS: Final = (_OFF, _FOLLOWED, _KEY, _ALL)
"""The words beside the kinds of moments."""

_UNTOLD: Final = frozenset({Kind.PASSAGE, Kind.START_LIST, Kind.CONDITIONS})
"""Kinds that are told only where they are asked for by name."""
_EACH: Final = _UNTOLD | {Kind.FINISH}
"""Kinds of which, asked for by name, those are told too that another moment says louder."""
_HOW_THEY_FARE: Final = frozenset(
    {
        Kind.START,
        Kind.FINISH,
        Kind.PERSONAL_BEST,
        Kind.SEASON_BEST,
        Kind.DID_NOT_FINISH,
        Kind.WITHDRAWN,
    }
)
"""What is told of those who are followed beside the moments that decide something."""


class Wanted(msgspec.Struct, frozen=True):
    """Which moments are to be told."""

    of_all: frozenset[str] = frozenset()
    """``key``, ``all`` or kinds, whoever they are about."""
    of_followed: frozenset[str] = frozenset()
    """The same, about those who are followed."""

    def wants(self, moment: Moment, *, followed: bool) -> bool:
        """Tell whether a moment is one of them.

        Args:
            moment: The moment.
            followed: Whether it is about somebody who is followed.
        """
        return _counts(moment, self.of_all) or (followed and _counts(moment, self.of_followed))

    def __bool__(self) -> bool:
        """Whether there can be any."""
        return bool(self.of_all or self.of_followed)


def _counts(moment: Moment, words: frozenset[str]) -> bool:
    if moment.kind in words:
        return not moment.quiet or moment.kind in _EACH
    if _ALL in words:
        return not moment.quiet and moment.kind not in _UNTOLD
    return _KEY in words and is_key(moment)


def wanted(*words: str) -> Wanted:
    """Return what some words of the file mean.

    Raises:
        ValueError: If one of them is none; it is the error's argument.
    """
    of_all: set[str] = set()
    of_followed: set[str] = set()
    for word in words:
        whose, _, what = word.strip().rpartition(" ")
        if what == _FOLLOWED and not whose:
            of_followed |= {_KEY, *_HOW_THEY_FARE}
        elif whose.strip() in ("", _FOLLOWED) and (what in (_KEY, _ALL) or what in list(Kind)):
            (of_followed if whose else of_all).add(what)
        elif word.strip() != _OFF:
            raise ValueError(word)
    return Wanted(frozenset(of_all), frozenset(of_followed))
