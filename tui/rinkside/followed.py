"""Whom a fan follows: skaters and nations."""

from __future__ import annotations

import msgspec

from longtrack.model import Gender, Skater, Team
from longtrack.moments import Moment, Person
from longtrack.names import full_name, plain


class FollowedSkater(msgspec.Struct, frozen=True):
    """A skater a fan follows."""

    family: str
    given: str
    noc: str
    gender: Gender
    ids: dict[str, str] = msgspec.field(default_factory=dict)
    """Ids by the feed's host name: two feeds use ids that look alike."""


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

    def follows(self, competitor: Skater | Team, gender: Gender) -> bool:
        """Tell whether somebody on a start list is followed, personally or by nation."""
        if competitor.noc in self.nations:
            return True
        person = competitor.id if isinstance(competitor, Skater) else None
        return self._knows(full_name(competitor), competitor.noc, gender, person)

    def follows_person(self, person: Person, gender: Gender) -> bool:
        """Tell whether somebody a moment is about is followed."""
        return person.noc in self.nations or self._knows(person.name, person.noc, gender, person.id)

    def concerns(self, moment: Moment) -> bool:
        """Tell whether a moment is about anybody who is followed."""
        gender = Gender(moment.race[0])
        return any(self.follows_person(person, gender) for person in moment.people)

    def _knows(self, name: str, noc: str, gender: Gender, person: str | None) -> bool:
        return any(
            (person is not None and skater.ids.get(self.feed) == person)
            or (
                (person is None or self.feed not in skater.ids)
                and (skater.noc, skater.gender) == (noc, gender)
                and plain(f"{skater.family} {skater.given}") == plain(name)
            )
            for skater in self.skaters
        )
