"""Somebody's races of a season, and those two have both skated."""

from __future__ import annotations

from msgspec.structs import replace

from longtrack.appearances import appearances, distances_of, fastest
from longtrack.meetings import Meeting, Winner, meetings, tally
from longtrack.model import Gender, Skater, Status, Team
from longtrack.people import Who
from longtrack.season import Result, SeasonRace
from meets import bundled_season, rink_time

KOK = Who(Skater("Kok", "Femke", "NED"), Gender.WOMEN)
JACKSON = Who(Skater("Jackson", "Erin", "USA"), Gender.WOMEN)
NOBODY = Who(Skater("Nobody", "At all", "NOR"), Gender.WOMEN)


def raced(who: Who, until: str = "14 20:00") -> list[tuple[str, str, int | None]]:
    season = bundled_season().until(rink_time(until))
    return [
        (each.race.city, each.race.code, each.result.rank)
        for each in appearances(season, who, bundled_season().people)
    ]


def test_the_races_of_a_skater_in_the_order_they_were_held() -> None:
    found = raced(KOK)
    assert found[0] == ("Salt Lake City", "W1000", 2)
    assert [each for each in found if each[1].startswith("W500")] == [
        ("Salt Lake City", "W500", 1),
        ("Salt Lake City", "W500-2", 1),
        ("Calgary", "W500", 1),
        ("Calgary", "W500-2", 1),
        ("Heerenveen", "W500", 1),
        ("Hamar", "W500", 1),
    ]
    assert raced(NOBODY) == []


def test_only_what_was_held_by_then() -> None:
    before, after = raced(KOK, "12 18:00"), raced(KOK)
    assert after[: len(before)] == before
    assert ("Hamar", "W500", 1) not in before


def test_a_name_of_the_other_gender_is_somebody_else() -> None:
    assert raced(Who(KOK.competitor, Gender.MEN)) == []


def test_a_team_is_its_country() -> None:
    found = raced(Who(Team("Netherlands", "NED"), Gender.WOMEN))
    assert found
    assert {code for _, code, _ in found} <= {"WTP", "WTPB"}


def test_who_did_not_start_was_not_in_it() -> None:
    season = bundled_season()
    for who in (KOK, JACKSON):
        statuses = {each.result.status for each in appearances(season, who, season.people)}
        assert not statuses & {Status.DNS, Status.WDR}


def test_the_fastest_over_a_distance() -> None:
    season = bundled_season()
    found = fastest(appearances(season, KOK, season.people), "W500")
    assert found is not None
    assert (found.race.city, found.result.time_ms) == ("Salt Lake City", 36_090)
    assert fastest((), "W500") is None


def test_the_distances_there_is_something_to_tell_about() -> None:
    assert distances_of(KOK, (), ()) == ("W500", "W1000", "W1500", "W3000", "W5000")
    assert distances_of(Who(KOK.competitor, Gender.MEN), (), ())[-1] == "M10000"
    assert distances_of(Who(Team("Netherlands", "NED"), Gender.WOMEN), (), ()) == ()


# --- meetings -------------------------------------------------------------------------------------


def met(first: Who, second: Who) -> tuple[Meeting, ...]:
    season = bundled_season()
    return meetings(
        appearances(season, first, season.people), appearances(season, second, season.people)
    )


def test_their_meetings_and_who_won() -> None:
    found = met(KOK, JACKSON)
    assert all(each.first.name.casefold() == "kok" for each in found)
    assert all(each.second.name.casefold() == "jackson" for each in found)
    assert tally(found) == (len(found), 0)
    back = met(JACKSON, KOK)
    assert tally(back) == (0, len(found))
    assert [-(each.gap_ms or 0) for each in back] == [each.gap_ms or 0 for each in found]
    assert met(KOK, NOBODY) == ()


def result(status: Status, rank: int | None, time_ms: int | None = None) -> Result:
    return Result("Kok", "Femke", "NED", None, status, rank, 0, time_ms)


def between(first: Result, second: Result) -> Meeting:
    season = bundled_season()
    race: SeasonRace = season.meets[0].held[0]
    return Meeting(race, first, second)


def test_a_valid_result_beats_none_and_two_without_one_are_level() -> None:
    done = result(Status.FINISHED, 12, 38_000)
    fell = result(Status.DNF, 20)  # ranked last of Division A
    out = result(Status.DQ, None, 37_000)
    assert between(done, fell).winner is Winner.FIRST
    assert between(out, done).winner is Winner.SECOND
    assert between(out, fell).winner is Winner.NOBODY
    assert between(done, done).winner is Winner.NOBODY
    assert between(done, out).gap_ms is None
    assert between(done, result(Status.FINISHED, 13, 38_019)).gap_ms == -10
    unknown = replace(done, time_ms=None)
    assert between(done, unknown).gap_ms is None
    assert tally([between(out, fell), between(done, fell)]) == (1, 0)
