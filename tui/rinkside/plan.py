"""What the dashboard is to show: the command line's words, understood."""

from __future__ import annotations

from datetime import UTC, date, datetime, time, timedelta
from enum import Enum
from pathlib import Path
from typing import Final

import msgspec

from longtrack import isu
from longtrack.model import Meet, Race
from rinkside.locations import Locations

DEMO_RACE: Final = "W500"
DEMO_FROM: Final = datetime(2025, 12, 12, 18, 39, 30, tzinfo=UTC)
"""Two minutes before the last pair of the bundled women's 500 m, by the rink's clock."""
DEMO_SPEED: Final = 8.0
"""The last pair is in, with a track record, 20 seconds after the demo begins."""

_LEAD: Final = timedelta(seconds=30)
"""How long before a race "from the start" begins."""


class Edge(Enum):
    """The ends of a tape one can begin at, and the place between them."""

    LIVE = "live"
    BEGINNING = "beginning"
    PLACE = "place"
    """Up to where the meet was watched without spoilers; the beginning where it was not."""


Start = Edge | time | datetime | int
"""Where the playhead stands at first: an end or place, a time by the rink's clock, with its day
(and perhaps a zone of its own) or without, or a tape time in ms."""


class WatchPlan(msgspec.Struct, frozen=True):
    """What the dashboard shall show, from where on."""

    locations: Locations
    event_id: str | None = None
    """The feed's id of the meet; None for what `Library.choose` says, which may be better known
    once `Library.discover` has asked the feed. Its None is the demo's meet."""
    tape_file: Path | None = None
    """A tape to show (`Library.open_file`) instead of a meet of the feed; nothing is polled."""
    race: str | None = None
    """Code of the race to open; None for the live one, else the next, else the last."""
    start: Start = Edge.LIVE
    """`playing_from` turns it into tape time."""
    speed: float = 1.0
    spoiler_free: bool = False
    """Whether nothing is told that lies ahead of the playhead; `start` is no live edge then, but
    for a meet that has not begun."""
    demo: bool = False
    """The bundled tape (`Library.bundled`), whatever else is known; nothing is polled."""
    api: str = isu.DEFAULT_API
    offline: bool = False
    records_api: str = ""
    """The base address of speedskatingresults.com; empty where nobody is asked."""


def demo_plan(
    locations: Locations,
    *,
    speed: float | None = None,
    api: str = isu.DEFAULT_API,
    offline: bool = False,
    spoiler_free: bool = False,
) -> WatchPlan:
    """Return the plan of ``rinkside demo``; feed and offline are for who leaves the demo."""
    return WatchPlan(
        locations,
        race=DEMO_RACE,
        start=_milliseconds(DEMO_FROM),
        speed=DEMO_SPEED if speed is None else speed,
        spoiler_free=spoiler_free,
        demo=True,
        api=api,
        offline=offline,
    )


def playing_from(
    start: Start,
    meet: Meet,
    race: Race | None,
    bounds: tuple[int, int] | None,
    now: int,
    *,
    spoiler_free: bool = False,
) -> int | None:
    """Return the tape time playing begins at, or None for the live edge.

    A beginning that is still to come is waited for at the live edge.

    Args:
        start: What the plan says.
        meet: The meet's newest state.
        race: The race asked for; None for none in particular.
        bounds: Times of the tape's first and last version; None for an empty tape.
        now: The tape's present time.
        spoiler_free: Whether a race that was delayed is begun at its planned start, which does
            not tell so.
    """
    if start is Edge.LIVE:
        return None
    if isinstance(start, int):
        return start
    if isinstance(start, datetime):
        return _milliseconds(start if start.tzinfo else start.replace(tzinfo=meet.event.zone))
    if isinstance(start, time):
        day = _day(meet, race, now)
        return _milliseconds(datetime.combine(day, start, meet.event.zone))
    begins = [
        known
        for each in ((race,) if race else meet.races)
        if (known := _begin(each, spoiler_free=spoiler_free)) is not None
    ]
    if begins:
        first = _milliseconds(min(begins) - _LEAD)
        return first if first < now else None
    return now if bounds is None else bounds[0]


def _begin(race: Race, *, spoiler_free: bool) -> datetime | None:
    if spoiler_free and race.start is not None and race.planned is not None:
        return min(race.start, race.planned)
    return race.start or (race.planned if spoiler_free else None)


def _day(meet: Meet, race: Race | None, now: int) -> date:
    """Return the rink's day a time of day is meant for: the race's, else today, else the first."""
    today = datetime.fromtimestamp(now / 1000, UTC).astimezone(meet.event.zone).date()
    if race is not None and (day := meet.day(race)) is not None:
        return day
    if today in meet.days:
        return today
    return next(iter(meet.days), None) or meet.event.start or today


def _milliseconds(instant: datetime) -> int:
    return round(instant.timestamp() * 1000)
