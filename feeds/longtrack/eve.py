"""The eve of a race: what is known when it begins, worked out once for all questions about it."""

from __future__ import annotations

from datetime import UTC, datetime, time
from typing import TYPE_CHECKING

from longtrack.model import Division, Meet, Race, Skater, race_code
from longtrack.names import plain

if TYPE_CHECKING:
    from longtrack.bests import Best, Bests
    from longtrack.records import Record


class Eve:
    """What is known when a race of a meet begins, as far as it was asked for.

    It holds for as long as nothing has changed but the race itself.

    Attributes:
        race: The race, at the state `marks` are of.
        meet: Its meet, at one state.
        event: The distance as a race code, whatever the division.
        before: When it begins, by the rink's clock; None where not even the day is known.
        earlier: The races of the meet over that distance that were held before it.
        told: The days and tracks of those: of them the meet's own results decide, and no list. One
            that was held and has no result any more tells that nothing fell in it.
        records: The records to beat, by kind and country.
        skated: The bests of those earlier races, by person.
        bests: What skaters had done before it.
        marks: What stands beside each finisher's time.
    """

    __slots__ = (
        *("before", "bests", "earlier", "event", "marks", "meet", "race", "records", "skated"),
        "told",
    )

    def __init__(self, race: Race, meet: Meet) -> None:
        self.race = race
        self.meet = meet
        self.event = distance_code(race)
        self.before = start_of(race, meet)
        self.earlier = _held_before(race, meet)
        city = plain(meet.event.city)
        self.told = frozenset((day, city) for other in self.earlier if (day := meet.day(other)))
        self.records: dict[tuple[str, str], Record | None] = {}
        self.skated: dict[str, Best] | None = None
        self.bests: dict[Skater, Bests] = {}
        self.marks: dict[str, tuple[str, ...]] | None = None

    def holds_for(self, race: Race, meet: Meet) -> bool:
        """Tell whether another state of the race begins with the same."""
        return (
            meet.event is self.meet.event
            and start_of(race, meet) == self.before
            and _held_before(race, meet) == self.earlier
        )


def distance_code(race: Race) -> str:
    """Return the code of what is raced, whatever the division and whichever of two races."""
    return race_code(race.gender, race.distance, 1, Division.A)


def start_of(race: Race, meet: Meet) -> datetime | None:
    """Return when a race begins, by the rink's clock; its day alone begins at midnight."""
    day = meet.day(race)
    if day is None:
        return None
    start = race.start or race.planned
    if start is not None:
        local = start.astimezone(meet.event.zone)
        if local.date() == day:
            return local
    return datetime.combine(day, time(), meet.event.zone)


def _held_before(race: Race, meet: Meet) -> tuple[Race, ...]:
    """Return the races over the same distance, of either division, that the meet has had before."""
    distance = race.distance
    return tuple(
        other
        for other in meet.races
        if other.gender is race.gender
        and other.distance.metres == distance.metres
        and other.distance.discipline is distance.discipline
        and is_before(other, race)
        and (other.begun or other.over)
    )


def is_before(earlier: Race, race: Race) -> bool:
    """Tell whether a race of a meet is skated before another one."""
    first = datetime.min.replace(tzinfo=UTC)
    return (earlier.start or first, earlier.number) < (race.start or first, race.number)
