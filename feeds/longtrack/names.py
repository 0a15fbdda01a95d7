"""Names as the sport writes them: family name first, in capitals."""

from __future__ import annotations

import unicodedata
from collections import Counter
from functools import lru_cache
from typing import Final

from longtrack.model import Entry, Skater, Team


@lru_cache(maxsize=4096)
def capitals(text: str) -> str:
    """Return a name in capitals, without changing its letters or its length (``GROß`` stays)."""
    return "".join(letter.upper() if len(letter.upper()) == 1 else letter for letter in text)


def full_name(competitor: Skater | Team) -> str:
    """Return ``RIJPMA-DE JONG Antoinette``, or a team's name in capitals."""
    if isinstance(competitor, Team):
        return capitals(competitor.name)
    return f"{capitals(competitor.family)} {competitor.given}".rstrip()


def initials(given: str) -> str:
    """Return ``A.`` for Antoinette, ``N-H.`` for Na-Hyun, ``J.W.`` for Jae Woong."""
    return "".join(
        "-".join(part[0] for part in word.split("-") if part) + "." for word in given.split()
    )


def plain(text: str) -> str:
    """Return text as people type it: small letters without accents (``Zdráhalová``, ``Tromsø``)."""
    folded = text.strip().casefold().translate(_WITHOUT_STROKE)
    letters = unicodedata.normalize("NFKD", folded)
    return " ".join("".join(each for each in letters if not unicodedata.combining(each)).split())


_WITHOUT_STROKE: Final = str.maketrans({"ø": "o", "ł": "l", "đ": "d", "æ": "ae", "ı": "i"})
"""Letters that are no letter with an accent to Unicode, and are one to a keyboard."""


class Families:
    """Family names for sentences: with an initial where two people at the meet share one.

    Args:
        people: Everybody on the start lists of the meet.
    """

    def __init__(self, people: frozenset[Skater]) -> None:
        self._people = people

    def __getitem__(self, entry: Entry) -> str:
        """Return ``KOK``, or ``GHIOTTO D.`` where there are two."""
        return self.of(entry.competitor)

    def of(self, competitor: Skater | Team) -> str:
        """Return the name of somebody, who need not be at the meet."""
        if isinstance(competitor, Team):
            return capitals(competitor.name)
        family = capitals(competitor.family)
        here, how_often = _named(self._people)
        is_here = (family, competitor.given, competitor.noc) in here
        if competitor.given and how_often[family] > is_here:
            return f"{family} {competitor.given[0]}."
        return family


@lru_cache(maxsize=8)
def _named(people: frozenset[Skater]) -> tuple[frozenset[tuple[str, str, str]], Counter[str]]:
    # The id is left out: somebody may have one in one race and none in another.
    known = frozenset((capitals(skater.family), skater.given, skater.noc) for skater in people)
    return known, Counter(family for family, _, _ in known)
