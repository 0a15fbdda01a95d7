"""Moments of a cup: whose place a race has moved, and when it is decided."""

from __future__ import annotations

from datetime import date

import pytest
from msgspec.structs import replace

from longtrack.happened import Known, between
from longtrack.model import Division, Entry, Meet, Race, Source, Status
from longtrack.moments import Kind, Moment
from longtrack.projection import Projector
from longtrack.season import Result, Season, SeasonMeet, SeasonRace
from told import AT, HAMAR, NO_RECORDS, PEOPLE, finished, invalid, race, to_start

EVENT = replace(HAMAR, season=2026, start=date(2025, 12, 12), tags=("world-cup", "senior"))
EARLIER = 1_763_000_000_000


def earlier(points: dict[str, int]) -> SeasonMeet:
    """The meet before: a 500 m with these points."""
    results = tuple(
        Result(family, given, noc, None, Status.FINISHED, n + 1, points[key], 37_000 + n)
        for n, (key, (family, given, noc)) in enumerate(PEOPLE.items())
        if key in points
    )
    held = SeasonRace(
        event_id="2026_USA_0001",
        city="Salt Lake City",
        number=1,
        code="W500",
        cup="W500",
        metres=500,
        division=Division.A,
        ordinal=1,
        day=date(2025, 11, 14),
        at=EARLIER,
        official=True,
        results=results,
    )
    return SeasonMeet(
        event_id="2026_USA_0001",
        city="Salt Lake City",
        title="World Cup 1",
        zone_name="America/Denver",
        start=date(2025, 11, 14),
        end=date(2025, 11, 16),
        source=Source.CACHE,
        held=(held,),
    )


POINTS = {"kok": 60, "leerdam": 54, "lee": 48, "yoshida": 10}


def told(
    before: Race, after: Race, season: Season | None, kind: Kind = Kind.CUP_RANK
) -> list[Moment]:
    cups = None if season is None else Projector(season)
    known = Known(NO_RECORDS, cups)
    moments = between(Meet(EVENT, (before,)), Meet(EVENT, (after,)), AT, known)
    return [moment for moment in moments if moment.kind is kind]


def starters(*done: Entry) -> Race:
    """The race, of which some are in; Leerdam is absent."""
    keys = {entry.key for entry in done}
    waiting = [to_start(key, 2) for key in ("kok", "lee", "yoshida", "jackson") if key not in keys]
    return race(*done, *waiting)


SEASON = Season(2026, (earlier(POINTS),))


def test_finishers_and_absentees_are_told_and_nobody_who_is_still_to_start() -> None:
    (moment,) = told(starters(), starters(finished("lee", 37_500, 1)), SEASON)
    # Lee has 108 now, Leerdam 54; Kok, passed for now, is still to start.
    assert (moment.text, moment.sign) == ("LEE 3rd to 1st in the cup", "▲")
    assert [person.name for person in moment.people] == ["LEE Na-Hyun", "LEERDAM Jutta"]
    assert not moment.quiet
    assert moment.figures == {"cup": "W500", "rank": 1, "rank_before": 3, "points": 108}


def test_an_absentee_is_called_absent() -> None:
    first = finished("lee", 37_500, 1)
    (moment,) = told(starters(first), starters(first, finished("yoshida", 37_600, 3)), SEASON)
    assert (moment.text, moment.sign) == ("LEERDAM, absent, 2nd to 4th in the cup", "▼")


def test_a_version_that_moves_nobody_tells_of_no_cup() -> None:
    before = starters(finished("lee", 37_500, 1))
    assert told(before, starters(finished("lee", 37_490, 1)), SEASON) == []
    assert told(before, replace(before, live=False), SEASON) == []


def test_where_the_season_is_not_known_nothing_is_said_of_cups() -> None:
    before, after = starters(), starters(finished("lee", 37_500, 1))
    assert told(before, after, None) == []
    assert told(before, after, Season(2025, (earlier(POINTS),))) == []


@pytest.mark.parametrize("lacking", ["result", "programme", "race that should be over"])
def test_nothing_is_said_where_the_standings_before_are_not_known_for_sure(lacking: str) -> None:
    known = earlier(POINTS)
    (held,) = known.held
    other = replace(held, event_id="2026_CAN_0001", results=(), number=2)
    calgary = replace(
        known,
        event_id="2026_CAN_0001",
        city="Calgary",
        start=date(2025, 11, 21),
        held=(),
        missing=(other,) if lacking == "result" else (),
        coming=(other,) if lacking == "race that should be over" else (),
    )
    before, after = starters(), starters(finished("lee", 37_500, 1))
    assert told(before, after, Season(2026, (known, calgary))) == []
    assert told(before, after, Season(2026, (known,)))


def test_a_race_of_the_meet_itself_whose_result_is_lacking_keeps_the_cup_silent() -> None:
    before, after = starters(), starters(finished("lee", 37_500, 1))
    division_b = replace(
        race(to_start("fledderus"), number=1, live=False),
        division=Division.B,
        start=before.start and before.start.replace(hour=8),
    )
    known = Known(NO_RECORDS, Projector(SEASON))
    moments = between(
        Meet(EVENT, (division_b, before)), Meet(EVENT, (division_b, after)), AT, known
    )
    assert [m for m in moments if m.kind is Kind.CUP_RANK] == []


# --- decided -------------------------------------------------------------------------------------

LAST = Season(2026, (earlier({**POINTS, "kok": 100}),), whole=True)
"""The race is the last one of the cup; only Kok can still pass its winner."""


def test_a_cup_is_decided_once_and_open_again_when_the_result_is_taken_back() -> None:
    lee = finished("lee", 37_500, 1)
    others = finished("jackson", 38_000, 2), finished("yoshida", 38_100, 3)
    before, after = starters(lee, others[0]), starters(lee, *others, invalid("kok", Status.DNS))
    (won,) = told(before, after, LAST, Kind.CUP_DECIDED)
    assert won.text == "LEE has won the World Cup 500 m"
    assert [person.name for person in won.people] == ["LEE Na-Hyun"]
    assert told(after, replace(after, official=True), LAST, Kind.CUP_DECIDED) == []
    again = starters(lee, *others[:1])
    corrections = told(after, again, LAST, Kind.CORRECTION)
    assert "the World Cup 500 m is open again" in [m.text for m in corrections]


def test_no_cup_is_decided_while_the_list_of_meets_may_grow() -> None:
    lee = finished("lee", 37_500, 1)
    after = starters(lee, finished("jackson", 38_000, 2), finished("yoshida", 38_100, 3))
    open_ended = replace(LAST, whole=False)
    assert told(starters(lee), after, open_ended, Kind.CUP_DECIDED) == []
