"""Bests: a skater's history, told apart by person and by time."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta

import pytest
from msgspec.structs import replace

from longtrack.bests import WORLD_CUPS, Best, KnownBest, is_older
from longtrack.bundled import DEMO_ID
from longtrack.model import Division, Gender, Race, Skater, Source, Status
from longtrack.records import RecordBook
from longtrack.season import Result, Season, SeasonMeet, SeasonRace
from longtrack.state import TapeReader
from longtrack.tape import Tape
from meets import bundled_season

KOK = Skater("Kok", "Femke", "NED", Gender.WOMEN)
LEE = Skater("Lee", "Na-Hyun", "KOR", Gender.WOMEN, id="7")
NAMESAKE = replace(LEE, id="8")


def best(time_ms: int, on: date | None = date(2024, 1, 1), seen: int | None = None) -> Best:
    return Best("W500", time_ms, on, "Calgary", "high", seen=seen)


def book(
    *known: KnownBest, season: Season | None = None, people: tuple[Skater, ...] = ()
) -> RecordBook:
    return RecordBook((), known, season, frozenset(people))


def time_of(found: Best | None) -> int | None:
    return None if found is None else found.time_ms


# --- older -------------------------------------------------------------------------------------


def test_what_has_a_day_is_older_than_a_race_of_a_later_day() -> None:
    race = datetime(2025, 12, 12, 18, 30, tzinfo=UTC)
    assert is_older(date(2025, 12, 11), None, race)
    assert not is_older(date(2025, 12, 12), 0, race)
    assert is_older(date(2025, 12, 11), None, race.date())


def test_what_has_no_day_is_older_than_a_race_that_begins_after_it_was_seen() -> None:
    race = datetime(2025, 12, 12, 18, 30, tzinfo=UTC)
    at = round(race.timestamp() * 1000)
    assert is_older(None, at - 1, race)
    assert not is_older(None, at, race)
    assert not is_older(None, None, race)
    assert not is_older(None, at - 1, race.date())  # the day began before


# --- whose -------------------------------------------------------------------------------------


def test_a_best_counts_before_a_day_or_always() -> None:
    known = book(KnownBest(KOK, best(36_090, date(2025, 11, 16))))
    assert known.personal_best(KOK, "W500", date(2025, 11, 16)) is None
    assert time_of(known.personal_best(KOK, "W500", date(2025, 11, 17))) == 36_090
    assert time_of(known.personal_best(KOK, "W500")) == 36_090
    assert known.personal_best(KOK, "W1000") is None
    assert known.season_best(KOK, "W500") is None


def test_a_facts_person_without_an_id_is_the_one_of_that_name() -> None:
    known = book(KnownBest(Skater("LEE", "Na Hyun", "KOR"), best(37_300)), people=(LEE,))
    assert time_of(known.personal_best(LEE, "W500")) == 37_300


def test_two_of_one_name_have_no_history_from_who_knows_names_only() -> None:
    known = book(KnownBest(replace(LEE, id=None), best(37_300)), people=(LEE, NAMESAKE))
    assert known.personal_best(LEE, "W500") is None
    assert known.personal_best(NAMESAKE, "W500") is None


def test_two_of_one_name_have_each_what_goes_by_their_id() -> None:
    known = book(KnownBest(LEE, best(37_300)), KnownBest(NAMESAKE, best(39_000)))
    assert time_of(known.personal_best(LEE, "W500")) == 37_300
    assert time_of(known.personal_best(NAMESAKE, "W500")) == 39_000


def test_a_man_of_that_name_is_another_person() -> None:
    known = book(KnownBest(LEE, best(37_300)))
    assert known.personal_best(replace(LEE, gender=Gender.MEN), "M500") is None


# --- the season --------------------------------------------------------------------------------


def result(who: Skater, time_ms: int | None, status: Status = Status.FINISHED) -> Result:
    return Result(who.family, who.given, who.noc, who.id, status, 1, 60, time_ms)


def season(*races: tuple[date, tuple[Result, ...]]) -> Season:
    held = tuple(
        SeasonRace(
            event_id="2026_CAN_0001",
            city="Calgary",
            number=number,
            code="W500",
            cup="W500",
            metres=500,
            division=Division.A,
            ordinal=1,
            day=day,
            at=number,
            official=True,
            results=results,
        )
        for number, (day, results) in enumerate(races)
    )
    meet = SeasonMeet(
        "2026_CAN_0001", "Calgary", "World Cup 2", "UTC", None, None, Source.CACHE, held
    )
    return Season(2026, (meet,))


NOVEMBER, DECEMBER = date(2025, 11, 22), date(2025, 12, 6)


def test_a_season_best_is_the_best_of_its_world_cups_before_that_day() -> None:
    of = season((NOVEMBER, (result(KOK, 36_500),)), (DECEMBER, (result(KOK, 36_200),)))
    found = book(season=of).season_best(KOK, "W500", DECEMBER)
    assert found is not None
    assert (found.time_ms, found.on, found.place, found.source) == (
        36_500,
        NOVEMBER,
        "Calgary",
        WORLD_CUPS,
    )
    assert time_of(book(season=of).season_best(KOK, "W500")) == 36_200
    assert book(season=of).season_best(KOK, "W500", NOVEMBER) is None
    assert book(season=of).season_best(KOK, "W500", date(2026, 7, 1)) is None  # the next winter


def test_who_did_not_finish_has_no_best_from_that() -> None:
    of = season((NOVEMBER, (result(KOK, 36_500, Status.DQ), result(LEE, None))))
    assert book(season=of).season_best(KOK, "W500") is None
    assert book(season=of).season_best(LEE, "W500") is None


def test_a_list_of_personal_bests_may_be_older_than_the_season() -> None:
    of = season((NOVEMBER, (result(KOK, 36_500),)))
    known = book(KnownBest(KOK, best(36_800)), season=of)
    assert time_of(known.personal_best(KOK, "W500", DECEMBER)) == 36_500
    assert time_of(known.personal_best(KOK, "W500", NOVEMBER)) == 36_800
    # A season alone makes nobody's personal best.
    assert book(season=of).personal_best(KOK, "W500", DECEMBER) is None


def test_two_in_one_race_who_cannot_be_told_apart_have_no_history() -> None:
    twin = replace(LEE, id=None)
    of = season((NOVEMBER, (result(twin, 37_500), result(twin, 39_500))))
    assert book(season=of).season_best(twin, "W500") is None
    assert book(KnownBest(twin, best(37_000)), season=of).personal_best(twin, "W500") is None


def test_a_better_season_best_elsewhere_counts_too() -> None:
    of = season((NOVEMBER, (result(KOK, 36_500),)))
    told = KnownBest(KOK, best(36_300, date(2025, 11, 1)), season=2026)
    assert time_of(book(told, season=of).season_best(KOK, "W500", DECEMBER)) == 36_300
    former = replace(told, season=2025)
    assert time_of(book(former, season=of).season_best(KOK, "W500", DECEMBER)) == 36_500


@pytest.mark.parametrize(
    ("who", "event", "time_ms", "place"),
    [
        (KOK, "W500", 36_090, "Salt Lake City"),
        (Skater("Stolz", "Jordan", "USA"), "M500", 33_790, "Salt Lake City"),
    ],
)
def test_the_bundled_season_tells_season_bests_before_hamar(
    who: Skater, event: str, time_ms: int, place: str
) -> None:
    found = book(season=bundled_season()).season_best(who, event, date(2025, 12, 12))
    assert found is not None
    assert (found.time_ms // 10 * 10, found.place) == (time_ms, place)


def test_of_the_meets_own_days_its_state_decides_and_not_the_season_as_it_was_read(
    bundled_tape: Tape,
) -> None:
    meet = TapeReader(bundled_tape, DEMO_ID).meet(2**62)
    saturday = meet.race("W3000")
    assert saturday is not None
    winner = saturday.finished[0]
    sunday = replace(saturday, number=99, start=saturday.start and saturday.start + timedelta(1))
    sunday = replace(sunday, planned=sunday.start)
    known = book(season=bundled_season())

    def season_best(skated: Race) -> int | None:
        races = [skated if race is saturday else race for race in meet.races]
        changed = replace(meet, races=(*races, sunday))
        return time_of(known.bests_before(winner, sunday, changed).season)

    assert season_best(saturday) == winner.time_ms
    disqualified = replace(winner, status=Status.DQ, rank=None)
    corrected = replace(saturday, entries=(disqualified, *saturday.entries[1:]))
    found = season_best(corrected)
    assert found is not None
    assert winner.time_ms is not None
    assert found > winner.time_ms
