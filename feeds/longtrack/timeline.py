"""The races of a day as stretches of time, with what happened in them worth a mark."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import Final, NamedTuple

import msgspec

from longtrack.action import FINISHES
from longtrack.model import Race, Stage
from longtrack.moments import Kind, Moment
from longtrack.timetable import usual_ms

_WEIGHTS: Final = {
    Kind.RECORD: 5,
    Kind.DISQUALIFIED: 4,
    Kind.LEADER: 3,
    Kind.FALL: 2,
    Kind.RESKATE: 2,
    Kind.DELAYED: 1,
}
"""What is marked, the weightiest first: where two marks would touch, the lighter one gives way."""

_SIGNS: Final = {
    Kind.LEADER: "1",
    Kind.DISQUALIFIED: "DQ",
    Kind.FALL: "F",
    Kind.RESKATE: "RS",
    Kind.DELAYED: "!",
}


class Stretch(NamedTuple):
    """A race in time; all in tape time."""

    code: str
    begins: int
    """Its start, or the planned one."""
    skated: int
    """Until when it has been skated; its begin where nobody has started."""
    ends: int
    """When the last finish was, or about when it will be."""


class Mark(NamedTuple):
    """Something that happened, worth a sign."""

    at: int
    sign: str
    kind: Kind
    weight: int


class Timeline(msgspec.Struct, frozen=True):
    """The races of a day.

    Attributes:
        stretches: In the order they are skated.
        marks: What happened in them, the oldest first.
        at: Where the viewer stands.
        edge: The present of a meet that is followed, or the end of what is played.
    """

    stretches: tuple[Stretch, ...]
    marks: tuple[Mark, ...]
    at: int
    edge: int


def timeline(races: Iterable[Race], moments: Sequence[Moment], at: int, edge: int) -> Timeline:
    """Return the timeline of some races as it is known at a time.

    Args:
        races: The races; those without any start are left out.
        moments: The moments of their meet until that time, the oldest first.
        at: That tape time.
        edge: The tape time nothing is known after.
    """
    chosen = list(races)
    codes = {race.code for race in chosen}
    told = [each for each in moments if each.race in codes]
    finishes = {each.race: each.at for each in told if each.kind in FINISHES}
    stretches = [
        each for race in chosen if (each := _stretch(race, finishes.get(race.code), at)) is not None
    ]
    marks = tuple(
        Mark(moment.at, _SIGNS.get(moment.kind, moment.sign), moment.kind, _WEIGHTS[moment.kind])
        for moment in told
        if not moment.quiet and moment.kind in _WEIGHTS
    )
    return Timeline(tuple(sorted(stretches, key=lambda each: each.begins)), marks, at, edge)


def _stretch(race: Race, last: int | None, at: int) -> Stretch | None:
    start = race.start or race.planned
    if start is None:
        return None
    begins = round(start.timestamp() * 1000)
    together = max((len(race.starters(pair)) for pair in race.pairs), default=2)
    usual = usual_ms(race.distance, together) * max(1, len(race.pairs))
    if not race.begun:
        return Stretch(race.code, begins, begins, begins + usual)
    if race.over or race.stage in (Stage.OFFICIAL, Stage.PROVISIONAL):
        over = race.over_at
        if last is None:
            last = begins if over is None else round(over.timestamp() * 1000)
        return Stretch(race.code, begins, min(last, at), last)
    return Stretch(race.code, begins, max(begins, at), max(begins + usual, at))
