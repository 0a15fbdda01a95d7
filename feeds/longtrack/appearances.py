"""Somebody's races of a season."""

from __future__ import annotations

from collections.abc import Iterable

import msgspec

from longtrack.model import Race, Skater, Status
from longtrack.people import People, Who
from longtrack.season import Result, Season, SeasonRace


class Appearance(msgspec.Struct, frozen=True):
    """Somebody's start in a race that was held."""

    race: SeasonRace
    result: Result

    @property
    def distance(self) -> str:
        """The code of what was raced, whatever the division and whichever of two races."""
        what = str(self.race.metres) if self.race.metres else self.race.cup[1:]
        return f"{self.race.gender}{what}"


def appearances(season: Season, who: Who, people: People) -> tuple[Appearance, ...]:
    """Return the races of a season somebody started in, in the order they were held.

    Args:
        season: The season, as far as it has come.
        who: Somebody.
        people: Who is who in it.
    """
    key = people.key(who.competitor, who.gender)
    found = [
        Appearance(race, result)
        for meet in season.meets
        for race in meet.held
        if race.gender is who.gender
        for result in race.results
        if result.status not in (Status.DNS, Status.WDR)
        and people.key(result.competitor, who.gender) == key
    ]
    return tuple(sorted(found, key=lambda each: (each.race.at, each.race.number)))


def fastest(found: Iterable[Appearance], event: str) -> Appearance | None:
    """Return the start with the best time over a distance, such as ``W500``; None without one."""
    timed = [
        each
        for each in found
        if each.distance == event
        and each.result.status is Status.FINISHED
        and each.result.time_ms is not None
    ]
    return min(timed, key=lambda each: each.result.time_ms or 0, default=None)


def distances_of(who: Who, raced: Iterable[Race], found: Iterable[Appearance]) -> tuple[str, ...]:
    """Return the codes of the individual distances there is something to tell about, short first.

    Those are the ones of World Cups of a gender, and any other one that somebody has raced.
    """
    if not isinstance(who.competitor, Skater):
        return ()
    metres = {500, 1000, 1500, *((3000, 5000) if who.gender == "W" else (5000, 10_000))}
    metres |= {
        race.distance.metres
        for race in raced
        if race.distance.metres and not race.distance.counts_laps
    }
    metres |= {each.race.metres for each in found if each.race.metres}
    return tuple(f"{who.gender}{each}" for each in sorted(metres))
