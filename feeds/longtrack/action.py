"""Where the action of a race is: the pair on the ice, the one that has just finished, the next."""

from __future__ import annotations

from collections.abc import Sequence
from enum import StrEnum
from typing import Final

import msgspec

from longtrack.model import Discipline, Entry, Race, Status
from longtrack.moments import Kind, Moment

OVER_AFTER_MS: Final = 5 * 60_000
"""How long the last pair stays in view after its finish."""

FINISHES: Final = frozenset({Kind.FINISH, Kind.DID_NOT_FINISH, Kind.DISQUALIFIED})
"""Moments that end somebody's race."""


class Phase(StrEnum):
    """What the pair in view is doing."""

    NEXT = "next"
    ON_ICE = "on the ice"
    FINISHED = "finished"
    """It stays in view until the next pair's first passage: the feed tells no start."""
    OVER = "over"
    UNKNOWN = "unknown"
    """There is no start list to tell from."""


class Action(msgspec.Struct, frozen=True):
    """Where a race is at one moment."""

    phase: Phase
    pair: int | None = None
    """The pair, quartet or heat in view; None in a mass start and when there is none."""
    entries: tuple[Entry, ...] = ()
    """Those in view, inner lane first; all starters of a mass start."""
    changes_at: int | None = None
    """When, in tape time, this changes by itself: the last pair goes out of view."""


def action(race: Race, at: int, moments: Sequence[Moment] = ()) -> Action:
    """Tell where the action of a race is.

    Args:
        race: The race as it stands.
        at: The tape time.
        moments: The meet's moments until then, which tell who finished last.
    """
    if not race.entries:
        return Action(Phase.UNKNOWN)
    if race.on_ice:
        return _on_ice(race)
    if not race.begun and not race.over:
        return _next(race, next_pair(race))
    last = next((m for m in reversed(moments) if _tells_of_finish(m, race)), None)
    waiting = next_pair(race)
    if race.over or race.official or (waiting is None and race.begun):
        if last is None or last.pair is None or race.official or at - last.at >= OVER_AFTER_MS:
            return Action(Phase.OVER)
        return _pair(race, Phase.FINISHED, last.pair, changes_at=last.at + OVER_AFTER_MS)
    if last is not None and last.pair is not None:
        return _pair(race, Phase.FINISHED, last.pair)
    if race.begun:
        done = [entry.pair for entry in race.entries if entry.status is Status.FINISHED]
        numbered = [pair for pair in done if pair is not None]
        if numbered:
            return _pair(race, Phase.FINISHED, max(numbered))
    return _next(race, waiting)


def _tells_of_finish(moment: Moment, race: Race) -> bool:
    """Tell whether a moment is a finish that still stands: results can be taken back."""
    if moment.race != race.code or moment.kind not in FINISHES:
        return False
    if moment.pair is None:
        return True
    return any(entry.status is not Status.TO_START for entry in race.starters(moment.pair))


def _on_ice(race: Race) -> Action:
    reskating = [entry for entry in race.on_ice if entry.reskate]
    pairs = [entry.pair for entry in reskating or race.on_ice if entry.pair is not None]
    if race.distance.discipline is Discipline.MASS_START or not pairs:
        return Action(Phase.ON_ICE, entries=race.on_ice)
    # A skater who fell may stay "on the ice" in the feed long after: the pair that was clocked
    # last is the one with the highest number, but for a re-skate, which comes after all others.
    return _pair(race, Phase.ON_ICE, max(pairs))


def _next(race: Race, pair: int | None) -> Action:
    if race.distance.discipline is Discipline.MASS_START or pair is None:
        return Action(Phase.NEXT, entries=race.entries if pair is None else ())
    return _pair(race, Phase.NEXT, pair)


def _pair(race: Race, phase: Phase, pair: int, *, changes_at: int | None = None) -> Action:
    return Action(phase, pair, race.starters(pair), changes_at)


def next_pair(race: Race, *, but: int | None = None) -> int | None:
    """Return the number of the next pair to start, re-skates last; None when nobody is left.

    Args:
        race: The race as it stands.
        but: A pair that has started.
    """
    waiting = [
        (entry.awaits_reskate, entry.pair)
        for entry in race.entries
        if entry.status is Status.TO_START and entry.pair is not None and entry.pair != but
    ]
    return min(waiting)[1] if waiting else None
