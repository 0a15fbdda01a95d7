"""What happened between two states of a meet.

It is derived once, when a version is appended, and kept on the tape beside it. The same function
serves a live meet, the demo and a replay, so all three tell the same story. Nothing on the boards
changes without a moment: what no sentence is worth is told by a quiet one.
"""

from __future__ import annotations

from typing import Final

import msgspec

from longtrack.change import Change
from longtrack.cup_moves import cup_moves
from longtrack.finishing import finishing, podium
from longtrack.model import Meet
from longtrack.moments import Moment
from longtrack.names import Families
from longtrack.notices import after_the_race, before_the_race
from longtrack.passing import passing
from longtrack.projection import Projector
from longtrack.records import RecordBook
from longtrack.rulings import moved, rulings, unsaid

RULES: Final = 3
"""To be raised when the rules change: tapes then make their moments again."""


class Known(msgspec.Struct, frozen=True):
    """What is known besides the meet itself.

    Attributes:
        book: The records that count.
        cups: What projects a race on its cup; None where the season is not known, and then
            nothing is said of cups.
    """

    book: RecordBook
    cups: Projector | None = None


def between(before: Meet | None, after: Meet, at: int, known: Known) -> list[Moment]:
    """Return what happened between two states, in the order it is to be told.

    Args:
        before: The state before, or None where nothing was known.
        after: The state after; races that did not change are the same objects in both.
        at: When, in tape time.
        known: What is known besides.
    """
    if before is None:
        return []
    moments: list[Moment] = []
    known_before = {race.number: race for race in before.races}
    for race in after.races:
        old = known_before.get(race.number)
        if old is not None and old is not race:
            families = Families(after.people)
            change = Change(old, race, before, after, at, known.book, families)
            moments += _told(change, known)
    return moments


def _told(change: Change, known: Known) -> list[Moment]:
    """Tell of one race: what leads to the start, the ice, the finish, the rulings, the cup."""
    told = [*before_the_race(change)]
    if change.new.entries is not change.old.entries and change.old.entries_known:
        told += [*passing(change), *finishing(change), *rulings(change), *moved(change)]
        told += [*unsaid(change, told), *podium(change)]
        if known.cups is not None:
            told += cup_moves(change, known.cups)
    return [*told, *after_the_race(change)]
