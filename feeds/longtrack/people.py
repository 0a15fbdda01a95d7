"""Who is who over a season: one skater is one row, whatever the source and the spelling.

The feed's id tells people apart. Facts taken from result sheets have none: their person is known
by name, gender and country, with accents, capitals, hyphens and the order of the names folded.
Where exactly one id goes with such a name the two are the same person; a team is its country.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable
from functools import lru_cache
from typing import NamedTuple

from longtrack.model import Gender, Skater, Team
from longtrack.names import plain


class Who(NamedTuple):
    """Somebody who raced, and among whom."""

    competitor: Skater | Team
    gender: Gender


class People:
    """Tells everybody of a season apart.

    Args:
        known: Everybody who is known to have been on a start list.
    """

    def __init__(self, known: Iterable[Who]) -> None:
        self._ids: dict[str, set[str]] = defaultdict(set)
        names: dict[str, set[str]] = defaultdict(set)
        for who in known:
            skater = who.competitor
            if isinstance(skater, Skater) and skater.id is not None:
                name = _folded(*who)
                self._ids[name].add(skater.id)
                names[skater.id].add(name)
        # A new spelling makes no new person: an id goes by one of its names, always the same.
        self._name_of = {person: min(spellings) for person, spellings in names.items()}
        self._keys: dict[Who, str] = {}

    def key(self, competitor: Skater | Team, gender: Gender) -> str:
        """Return what tells somebody apart; the same for all of one person's appearances."""
        who = Who(competitor, gender)
        key = self._keys.get(who)
        if key is None:
            key = self._keys[who] = self._told_apart(who)
        return key

    def _told_apart(self, who: Who) -> str:
        person = who.competitor.id if isinstance(who.competitor, Skater) else None
        name = _folded(*who)
        owners = self._ids.get(name, set())
        if person is None and len(owners) == 1:
            (person,) = owners
        if person is None:
            return name
        if person in self._name_of:
            name = self._name_of[person]
            owners = self._ids[name]
        return f"{name}#{person}" if owners - {person} else name


@lru_cache(maxsize=4096)
def _folded(competitor: Skater | Team, gender: Gender) -> str:
    if isinstance(competitor, Team):
        return f"{competitor.noc or plain(competitor.name)} {gender}"
    return folded(f"{competitor.family} {competitor.given}", competitor.noc, gender)


@lru_cache(maxsize=4096)
def folded(name: str, noc: str, gender: Gender) -> str:
    """Return what somebody without an id is known by, however the name is written."""
    letters = plain(name)
    words = "".join(letter if letter.isalnum() else " " for letter in letters).split()
    return f"{' '.join(sorted(words))} {noc} {gender}"
