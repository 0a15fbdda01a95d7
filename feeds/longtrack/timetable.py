"""When somebody starts next, as well as it can be told."""

from __future__ import annotations

from collections.abc import Callable
from datetime import UTC, datetime

import msgspec

from longtrack.model import Entry, Meet, Race, Status


class NextStart(msgspec.Struct, frozen=True):
    """Somebody's next start at a meet."""

    race: Race
    entry: Entry
    begins: datetime | None
    """When; None where nothing tells."""
    is_estimate: bool
    """Whether that is worked out from the pairs before, and not the race's own start."""


def next_start(meet: Meet, wanted: Callable[[Race, Entry], bool], at: int) -> NextStart | None:
    """Return the next start of somebody at a meet, or None where none is known.

    Args:
        meet: The meet as it stands.
        wanted: Tells whether an entry of a race is the one that is meant.
        at: The tape time of that state.
    """
    last = datetime.max.replace(tzinfo=UTC)
    starts = [
        NextStart(race, entry, race.start or race.planned, is_estimate=False)
        for race in meet.races
        for entry in race.entries
        if entry.status is Status.TO_START and wanted(race, entry)
    ]
    return min(starts, key=lambda start: (start.begins or last, start.race.number), default=None)
