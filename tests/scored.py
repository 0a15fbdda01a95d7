"""Races of a cup and who scored in them, made by hand for tests of a season."""

from __future__ import annotations

from datetime import UTC, date, datetime, time

from longtrack.model import Division, Source, Status
from longtrack.season import Result, SeasonMeet, SeasonRace

DAY = date(2026, 1, 24)


def result(
    name: str,
    points: int | None,
    *,
    given: str | None = "Anna",
    noc: str = "NED",
    person: str | None = None,
    status: Status = Status.FINISHED,
) -> Result:
    """Return what somebody has from a race; without a given name it is a team."""
    return Result(name, given, noc, person, status, None, points, None)


def cup_race(
    *results: Result,
    code: str = "W500",
    cup: str | None = None,
    metres: int | None = 500,
    division: Division = Division.A,
    ordinal: int = 1,
    event_id: str = "2026_GER_0001",
    city: str = "Inzell",
    number: int = 1,
    day: date = DAY,
    at: int | None = None,
    official: bool = True,
    source: Source = Source.CACHE,
) -> SeasonRace:
    """Return a race; without a time it was over at noon, UTC."""
    noon = round(datetime.combine(day, time(12), UTC).timestamp() * 1000)
    return SeasonRace(
        event_id=event_id,
        city=city,
        number=number,
        code=code,
        cup=cup or code.removesuffix("B").removesuffix("-2"),
        metres=metres,
        division=division,
        ordinal=ordinal,
        day=day,
        at=noon if at is None else at,
        official=official,
        results=results,
        source=source,
    )


def cup_meet(
    *held: SeasonRace,
    missing: tuple[SeasonRace, ...] = (),
    coming: tuple[SeasonRace, ...] = (),
    event_id: str = "2026_GER_0001",
    city: str = "Inzell",
    title: str = "World Cup 5",
    start: date = DAY,
    source: Source = Source.CACHE,
) -> SeasonMeet:
    """Return a meet with these races."""
    return SeasonMeet(
        event_id=event_id,
        city=city,
        title=title,
        zone_name="Europe/Berlin",
        start=start,
        end=start,
        source=source,
        held=held,
        missing=missing,
        coming=coming,
    )
