"""Whether a recording is whole: which of the races that were held were polled all through.

That is read off the spans a tape keeps of when each document was polled. A race was polled through
where one stretch without a gap begins before anybody in it was clocked and ends when everybody's
start was over.
"""

from __future__ import annotations

from collections.abc import Iterable
from datetime import UTC, datetime, timedelta
from typing import Final

import msgspec

from longtrack import isu
from longtrack.model import Meet, Race, Stage, Status
from longtrack.tape import Span, Tape

GAP_MS: Final = 90_000
"""A pause between two good answers that is longer than this is a gap.

Before a race its results are asked for once a minute, and one answer may fail.
"""

_HELD_BY: Final = timedelta(hours=2)
"""So long after its start a race of which nothing is known was held all the same."""

_CLOCKED: Final = frozenset({Status.ON_ICE, Status.FINISHED, Status.DNF})


class Coverage(msgspec.Struct, frozen=True):
    """How much of what was held is on a recording."""

    held: int
    """Races that were held, or must have been."""
    gaps: tuple[str, ...] = ()
    """Codes of those that were not polled all through, in the order of the programme."""
    fetched: bool = False
    """Whether none was polled while it was skated: only results, fetched when all was over."""

    @property
    def complete(self) -> bool:
        """Whether every race that was held was polled all through."""
        return bool(self.held) and not self.gaps


def coverage(tape: Tape, meet: Meet, now: int) -> Coverage:
    """Return what a recording covers.

    Args:
        tape: A recorded tape.
        meet: The newest state on it.
        now: The present in milliseconds: a race the tape has not seen may have been held since.

    Raises:
        longtrack.tape.TapeError: If the tape can't be read.
        longtrack.isu.Unreadable: If one of its documents can't be.
    """
    held = [race for race in meet.races if _was_held(race, now)]
    good = {race.number: _stretches(tape, meet, race) for race in held}
    gaps = [race for race in held if not _is_whole(tape, meet, race, good[race.number])]
    seen = any(_reaches_into(race, good[race.number]) for race in held)
    return Coverage(len(held), tuple(race.code for race in gaps), bool(gaps) and not seen)


def _was_held(race: Race, now: int) -> bool:
    if race.live:
        return False
    if race.stage is not Stage.UPCOMING:
        return True
    return race.start is not None and race.start + _HELD_BY < _instant(now)


def _stretches(tape: Tape, meet: Meet, race: Race) -> list[Span]:
    """Return when a race's starts were polled without a gap."""
    joined: list[Span] = []
    for span in tape.spans(isu.results_path(meet.id, race.number)):
        if span.failure:
            continue
        if joined and span.start - joined[-1].stop <= GAP_MS:
            joined[-1] = joined[-1]._replace(stop=max(span.stop, joined[-1].stop))
        else:
            joined.append(span)
    return joined


def _is_whole(tape: Tape, meet: Meet, race: Race, stretches: Iterable[Span]) -> bool:
    return race.over and any(
        not _statuses(tape, meet, race, stretch.start) & _CLOCKED
        and _is_over(_statuses(tape, meet, race, stretch.stop))
        for stretch in stretches
    )


def _statuses(tape: Tape, meet: Meet, race: Race, at: int) -> set[Status]:
    """Return what had become of a race's starts by a time."""
    head = next(tape.history(isu.results_path(meet.id, race.number), at), None)
    if head is None:
        return set()
    entries = isu.read_results(tape.body(head.version), race.distance).entries
    return {entry.status for entry in entries}


def _is_over(statuses: set[Status]) -> bool:
    return bool(statuses) and all(
        status is Status.FINISHED or status.is_invalid for status in statuses
    )


def _reaches_into(race: Race, stretches: Iterable[Span]) -> bool:
    begin, end = race.start, race.over_at
    return (
        begin is not None
        and end is not None
        and any(
            _instant(stretch.start) <= end and begin <= _instant(stretch.stop)
            for stretch in stretches
        )
    )


def _instant(at: int) -> datetime:
    return datetime.fromtimestamp(at / 1000, UTC)
