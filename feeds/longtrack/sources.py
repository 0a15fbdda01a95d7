"""Who says what a record is, and who is believed where sources disagree.

The rule: of the records that stand on a day, each source's best is looked at. The fastest of these
is the record, unless a better source has a slower one of a later day, which denies it: who was
told of the later one would know of the faster. A list without days is of the day it was seen.
"""

from __future__ import annotations

from collections.abc import Iterable
from datetime import UTC, date, datetime
from typing import TYPE_CHECKING, Final

if TYPE_CHECKING:
    from longtrack.records import Record

THIS_MEET: Final = "this meet"
OWN_FILE: Final = "own file"
FEED: Final = "feed"
ARCHIVE: Final = "speedskatingresults.com"
BUNDLED: Final = "bundled"

SOURCES: Final = (THIS_MEET, OWN_FILE, FEED, ARCHIVE, BUNDLED)
"""Who says so, the best source first: a fan knows what no list has yet."""


def foremost(bests: Iterable[Record]) -> Record | None:
    """Return the record that counts.

    Args:
        bests: Of each source the best record that stands.
    """
    fastest = sorted(bests, key=lambda record: (record.time_ms // 10, _rank(record)))
    return next(
        (record for record in fastest if not any(_denies(other, record) for other in fastest)),
        None,
    )


def _denies(other: Record, record: Record) -> bool:
    return (
        _rank(other) < _rank(record)
        and other.time_ms // 10 > record.time_ms // 10
        and _day(other) > _day(record)
    )


def _rank(record: Record) -> int:
    return SOURCES.index(record.source) if record.source in SOURCES else len(SOURCES)


def _day(record: Record) -> date:
    if record.on is not None:
        return record.on
    return datetime.fromtimestamp((record.seen or 0) / 1000, UTC).date()
