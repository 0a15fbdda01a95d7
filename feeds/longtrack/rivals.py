"""Whom a skater's race is held against: the leader, the pair-mate, the next above."""

from __future__ import annotations

from collections.abc import Collection
from enum import StrEnum
from typing import Final

from longtrack.model import Armband, Entry, Race, Status

_SECOND_PAIR: Final = frozenset({Armband.YELLOW, Armband.BLUE})


class Rival(StrEnum):
    """Who somebody is compared with."""

    LEADER = "leader"
    """For the leader that is the second; while nobody has finished, the foremost at the mark."""
    PAIR_MATE = "pair-mate"
    ABOVE = "next above"
    """Who has finished one place better."""


def rivals(race: Race, entry: Entry) -> dict[Rival, Entry]:
    """Return whom somebody can be compared with, each once; none without passages.

    Args:
        race: The race.
        entry: One of its starts.
    """
    found: dict[Rival, Entry] = {}
    for rival, other in (
        (Rival.LEADER, _to_beat(race, entry)),
        (Rival.PAIR_MATE, pair_mate(race, entry)),
        (Rival.ABOVE, _above(race, entry)),
    ):
        if other is not None and other.passages and other not in found.values():
            found[rival] = other
    return found


def pair_mate(race: Race, entry: Entry) -> Entry | None:
    """Return who skates against somebody; in a quartet the other one of the same two."""
    if entry.pair is None:
        return None
    others = [other for other in race.starters(entry.pair) if other.key != entry.key]
    second = entry.armband in _SECOND_PAIR
    return next(
        (other for other in others if (other.armband in _SECOND_PAIR) is second),
        others[0] if others else None,
    )


def nearest(race: Race, entry: Entry, besides: Collection[str]) -> Entry | None:
    """Return who is nearest to somebody in the classification, the better one of two as near.

    Args:
        race: The race.
        entry: One of its starts.
        besides: Keys of those who are meant already.
    """
    here = entry.rank or len(race.finished) + 1
    others = [
        other
        for other in race.finished
        if other.passages and other.key != entry.key and other.key not in besides
    ]
    return min(others, key=lambda other: abs((other.rank or 0) - here), default=None)


def _to_beat(race: Race, entry: Entry) -> Entry | None:
    finished = [other for other in race.finished if other.status is Status.FINISHED]
    others = [other for other in finished if other.key != entry.key]
    if others:
        return others[0]
    last = entry.last_passage
    passed = [
        (there.time_ms, other.key, other)
        for other in race.entries
        if last is not None
        and other.key != entry.key
        and (there := other.passage(last.mark_m)) is not None
    ]
    return min(passed, default=(0, "", None), key=lambda each: each[:2])[2]


def _above(race: Race, entry: Entry) -> Entry | None:
    if entry.rank is None:
        return None
    better = [
        other
        for other in race.finished
        if other.status is Status.FINISHED and (other.rank or 0) < entry.rank
    ]
    return better[-1] if better else None
