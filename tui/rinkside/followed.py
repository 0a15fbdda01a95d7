"""Whom a fan follows: skaters and nations.

A skater is known by the id of a feed. Where a feed's id is not known yet, or a source has none,
the name, gender and country tell who it is (see `longtrack.people`); of two with one name the ids
tell which.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Iterable
from functools import cached_property
from typing import NamedTuple

import msgspec
from msgspec.structs import replace

from longtrack.model import Entry, Gender, Meet, Race, Skater, Team
from longtrack.moments import Moment, Person
from longtrack.names import full_name
from longtrack.people import folded


class FollowedSkater(msgspec.Struct, frozen=True, dict=True):
    """A skater a fan follows."""

    family: str
    given: str
    noc: str
    gender: Gender
    ids: dict[str, str] = msgspec.field(default_factory=dict)
    """Ids by the feed's host name: two feeds use ids that look alike."""

    @cached_property
    def folded(self) -> str:
        """What the skater is known by where there is no id."""
        return folded(f"{self.family} {self.given}", self.noc, self.gender)


class _Among(NamedTuple):
    """Those of a race who are followed."""

    race: Race
    entries: tuple[Entry, ...]
    keys: frozenset[str]
    told: frozenset[tuple[str, str]]
    """By what they were known without an id, the ids of those of whom it was lacking."""


class Followed(msgspec.Struct, frozen=True, dict=True):
    """All whom a fan follows.

    Attributes:
        feed: Host name of the feed whose ids count.
        skaters: The skaters.
        nations: Three-letter countries; all their skaters and teams are followed.
    """

    feed: str = ""
    skaters: tuple[FollowedSkater, ...] = ()
    nations: frozenset[str] = frozenset()

    def __bool__(self) -> bool:
        return bool(self.skaters or self.nations)

    # --- who is followed ---------------------------------------------------------------------

    def follows(self, competitor: Skater | Team, gender: Gender) -> bool:
        """Tell whether somebody on a start list is followed, personally or by nation."""
        return competitor.noc in self.nations or self.knows(competitor, gender)

    def knows(self, competitor: Skater | Team, gender: Gender) -> bool:
        """Tell whether a skater is followed personally; a team never is, but by its nation."""
        if not self.skaters or isinstance(competitor, Team):
            return False
        return self._knows(full_name(competitor), competitor.noc, gender, competitor.id)

    def follows_person(self, person: Person, gender: Gender) -> bool:
        """Tell whether somebody a moment is about is followed."""
        if person.noc in self.nations:
            return True
        return bool(self.skaters) and self._knows(person.name, person.noc, gender, person.id)

    def concerns(self, moment: Moment) -> bool:
        """Tell whether a moment is about anybody who is followed."""
        if not self:
            return False
        gender = Gender(moment.race[0])
        return any(self.follows_person(person, gender) for person in moment.people)

    def among(self, race: Race) -> tuple[Entry, ...]:
        """Return the entries of a race that are followed; looked for once a state of the race."""
        return self._among(race).entries

    def keys(self, race: Race) -> frozenset[str]:
        """Return the keys of the entries of a race that are followed, as `among` does."""
        return self._among(race).keys

    def _among(self, race: Race) -> _Among:
        known = self._by_number.get(race.number)
        if known is None or known.race is not race:
            entries: tuple[Entry, ...] = ()
            if self:
                entries = tuple(
                    entry for entry in race.entries if self.follows(entry.competitor, race.gender)
                )
            keys = frozenset(entry.key for entry in entries)
            known = _Among(race, entries, keys, self._told(entries, race.gender))
            self._by_number[race.number] = known
        return known

    def _told(self, entries: Iterable[Entry], gender: Gender) -> frozenset[tuple[str, str]]:
        lacking = self._names_without_id
        return frozenset(
            (name, skater.id)
            for entry in entries
            if lacking and isinstance(skater := entry.competitor, Skater) and skater.id is not None
            if (name := folded(full_name(skater), skater.noc, gender)) in lacking
        )

    def _knows(self, name: str, noc: str, gender: Gender, person: str | None) -> bool:
        if person is not None and person in self._ids:
            return True
        names = self._all_names if person is None else self._names_without_id
        return bool(names) and folded(name, noc, gender) in names

    @cached_property
    def _by_number(self) -> dict[int, _Among]:
        return {}

    @cached_property
    def _ids(self) -> frozenset[str]:
        return frozenset(
            skater.ids[self.feed] for skater in self.skaters if self.feed in skater.ids
        )

    @cached_property
    def _all_names(self) -> frozenset[str]:
        return frozenset(skater.folded for skater in self.skaters)

    @cached_property
    def _names_without_id(self) -> frozenset[str]:
        return frozenset(skater.folded for skater in self.skaters if self.feed not in skater.ids)

    @property
    def lacks_ids(self) -> bool:
        """Whether the feed's id of any skater is not known."""
        return bool(self._names_without_id)

    # --- changes -----------------------------------------------------------------------------

    def with_skater(self, skater: Skater, gender: Gender) -> Followed:
        """Return the same with a skater more."""
        if self.knows(skater, gender):
            return self
        ids = {self.feed: skater.id} if skater.id is not None else {}
        more = FollowedSkater(skater.family, skater.given, skater.noc, gender, ids)
        return replace(self, skaters=(*self.skaters, more))

    def without_skater(self, skater: Skater, gender: Gender) -> Followed:
        """Return the same without a skater, who may still be followed by nation."""
        others = tuple(
            each
            for each in self.skaters
            if not replace(self, skaters=(each,)).knows(skater, gender)
        )
        return replace(self, skaters=others)

    def with_nation(self, noc: str) -> Followed:
        """Return the same with a nation more."""
        return replace(self, nations=self.nations | {noc}) if noc else self

    def without_nation(self, noc: str) -> Followed:
        """Return the same without a nation; its skaters may still be followed personally."""
        return replace(self, nations=self.nations - {noc})

    def learnt(self, meet: Meet) -> Followed:
        """Return the same with the ids a meet tells of skaters who had none of this feed yet.

        Of two with one name at the meet nobody knows which is meant: then none is learnt.
        """
        ids: dict[str, set[str]] = defaultdict(set)
        for race in meet.races if self._names_without_id else ():
            for name, person in self._among(race).told:
                ids[name].add(person)
        told = {name: person for name, (person, *others) in ids.items() if not others}
        if not told:
            return self
        return replace(
            self,
            skaters=tuple(
                replace(skater, ids={**skater.ids, self.feed: told[skater.folded]})
                if self.feed not in skater.ids and skater.folded in told
                else skater
                for skater in self.skaters
            ),
        )


Change = Callable[[Followed], Followed]
"""What is done to those who are followed, whoever that is by then."""


def toggled(followed: Followed, competitor: Skater | Team, gender: Gender) -> tuple[Change, str]:
    """Return what begins or ends that somebody is followed, and a sentence that tells of it."""
    if isinstance(competitor, Team):
        return toggled_nation(followed, competitor.noc)
    name, noc = full_name(competitor), competitor.noc
    if not followed.knows(competitor, gender):
        return lambda known: known.with_skater(competitor, gender), f"Following {name}."
    still = f", but still all of {noc}" if noc in followed.nations else ""
    words = f"No longer following {name}{still}."
    return lambda known: known.without_skater(competitor, gender), words


def toggled_nation(followed: Followed, noc: str) -> tuple[Change, str]:
    """Return what begins or ends that a nation is followed, and a sentence that tells of it."""
    if noc not in followed.nations:
        words = f"Following all of {noc}; the same key ends that."
        return lambda known: known.with_nation(noc), words
    words = f"No longer following all of {noc}."
    return lambda known: known.without_nation(noc), words
