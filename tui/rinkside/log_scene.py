"""The log of a meet: all that the log screen shows at one moment, as one frozen value."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date, datetime
from enum import Enum
from typing import Final

import msgspec

from longtrack.moments import Moment, is_key
from longtrack.names import plain
from rinkside.followed import Followed
from rinkside.scene import Scene

LONGEST_QUERY: Final = 60
"""Letters of a search; no name has more."""


class Sieve(Enum):
    """Which moments are listed."""

    ALL = "All"
    KEY = "Key moments"
    FOLLOWED = "Followed"

    @property
    def following(self) -> Sieve:
        """The one after it."""
        sieves = list(Sieve)
        return sieves[(sieves.index(self) + 1) % len(sieves)]


class View(msgspec.Struct, frozen=True):
    """What the viewer looks at in the log, and where."""

    sieve: Sieve = Sieve.ALL
    race: str | None = None
    """Code of the race whose moments alone are listed; None for the whole meet."""
    query: str = ""
    """Words that must all be found; empty for no search."""
    cursor: Moment | None = None
    """The moment under the cursor; None follows the newest."""
    top: Moment | None = None
    """The moment that stands on top; None while the newest is followed."""
    since: int = 0
    """When the viewer left the newest, in tape time."""


class LogScene(msgspec.Struct, frozen=True):
    """All that the log screen shows."""

    scene: Scene
    view: View
    moments: Sequence[Moment]
    """Those listed, the newest first."""
    counts: dict[Sieve, int]
    """How many each sieve leaves, in this race and with these words."""
    race: str | None
    """Code of the race the log may be narrowed to."""
    cursor: int = 0
    """Place of the moment under the cursor; 0 where none is listed."""
    top: int = 0
    """Place of the moment that stands on top."""

    @property
    def chosen(self) -> Moment | None:
        """The moment under the cursor; None where none is listed."""
        return self.moments[self.cursor] if self.moments else None


class _Facts(msgspec.Struct):
    """What the log is sifted by, worked out once for each moment."""

    moment: Moment
    is_key: bool
    followed: bool
    _words: str = ""

    @property
    def words(self) -> str:
        """All a search looks into, as people type it."""
        if not self._words:
            moment = self.moment
            people = (f"{person.name} {person.noc}" for person in moment.people)
            self._words = plain(" ".join((moment.race, moment.text, moment.sign, *people)))
        return self._words


class LogReader:
    """Sifts the moments of a meet; what it has worked out for one it keeps."""

    def __init__(self) -> None:
        self._facts: list[_Facts] = []
        self._followed = Followed()

    def read(self, scene: Scene, moments: Sequence[Moment], view: View) -> LogScene:
        """Return the log as a view wants it.

        Args:
            scene: The meet where the playhead stands.
            moments: All moments until there, the newest last.
            view: What the viewer looks at.
        """
        self._keep_up(moments, scene.followed)
        wanted = plain(view.query).split()
        found = [
            facts
            for facts in self._facts
            if (view.race is None or facts.moment.race == view.race)
            and (not wanted or all(word in facts.words for word in wanted))
        ]
        listed = [facts.moment for facts in reversed(found) if _passes(facts, view.sieve)]
        cursor = _place(listed, view.cursor)
        return LogScene(
            scene=scene,
            view=view,
            moments=listed,
            counts={sieve: sum(_passes(each, sieve) for each in found) for sieve in Sieve},
            race=scene.race.code if scene.race is not None else None,
            cursor=cursor,
            top=_place(listed, view.top) if view.cursor is not None else 0,
        )

    def _keep_up(self, moments: Sequence[Moment], followed: Followed) -> None:
        known = len(self._facts)
        # What a session has read once stays the same objects.
        if followed != self._followed or (
            known and (len(moments) < known or self._facts[-1].moment is not moments[known - 1])
        ):
            self._facts.clear()
            self._followed, known = followed, 0
        self._facts += (
            _Facts(moment, is_key(moment), followed.concerns(moment)) for moment in moments[known:]
        )


def _passes(facts: _Facts, sieve: Sieve) -> bool:
    return (
        sieve is Sieve.ALL
        or (sieve is Sieve.KEY and facts.is_key)
        or (sieve is Sieve.FOLLOWED and facts.followed)
    )


def _place(listed: Sequence[Moment], wanted: Moment | None) -> int:
    """Return where a moment stands in a list, else where the next older one does."""
    if wanted is None or not listed:
        return 0
    for place, moment in enumerate(listed):
        if moment is wanted:
            return place
    # It was sifted out, or read again from the tape.
    for place, moment in enumerate(listed):
        if moment == wanted or moment.at < wanted.at:
            return place
    return len(listed) - 1


def day_of(moment: Moment, scene: Scene) -> date:
    """Return the day of a moment at the rink."""
    return datetime.fromtimestamp(moment.at / 1000, scene.meet.event.zone).date()
