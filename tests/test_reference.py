"""What times are compared with, and the rank at a mark: rules against counted facts."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st
from msgspec.structs import replace

from longtrack.model import Discipline, Distance, Entry, Meet, Passage, Race, Skater, Source, Status
from longtrack.people import People
from longtrack.records import Best, Record, RecordBook
from longtrack.reference import (
    MarkRank,
    Reference,
    average_difference,
    difference,
    lap_difference,
    last_difference,
    last_lap_difference,
    ranks_at,
    record_pace,
    running_gap,
    season_bests,
)
from longtrack.season import Result, Season, season_meet
from meets import (
    EVENING,
    FIFTEEN_HUNDRED,
    FIVE_HUNDRED,
    MASS_START,
    TEAM_PURSUIT,
    TEN_THOUSAND,
    entry,
    ms,
    race,
    scene,
)

THOUSAND = Distance(Discipline.INDIVIDUAL, 1000, 3)


def passages(distance: Distance, *times: int, modelled: bool = False) -> tuple[Passage, ...]:
    """Passages at the first marks of a distance, in milliseconds since the start."""
    return tuple(
        Passage(n + 1, distance.marks[n], time, time - before, None, modelled)
        for n, (before, time) in enumerate(zip((0, *times), times, strict=False))
    )


def skated(index: int, distance: Distance, *times: int, modelled: bool = False) -> Entry:
    """Somebody who has passed the first marks, or has finished."""
    done = len(times) == distance.laps
    return entry(
        index,
        Status.FINISHED if done else Status.ON_ICE,
        time_ms=times[-1] if done else None,
        rank=index + 1 if done else None,
        passages=passages(distance, *times, modelled=modelled),
    )


def of(index: int, distance: Distance, *times: int, modelled: bool = False) -> Reference:
    return Reference.of(skated(index, distance, *times, modelled=modelled), distance=distance)


# --- differences ---------------------------------------------------------------------------------


def test_a_difference_is_that_of_the_printed_times() -> None:
    mine, theirs = of(0, THOUSAND, 17_881, 44_569), of(1, THOUSAND, 17_902, 44_561)
    found = difference(mine, theirs, 600)
    assert found is not None
    assert found.ms == 0, "44.569 and 44.561 are both printed 44.56"
    found = difference(mine, theirs, 200)
    assert found is not None
    assert found.ms == -20, "17.88 and 17.90"


def test_two_are_compared_at_the_last_mark_both_have_passed() -> None:
    ahead, behind = of(0, THOUSAND, 17_880, 44_560, 73_590), of(1, THOUSAND, 17_900, 44_960)
    assert last_difference(behind, ahead) == (400, 600, False)
    assert last_difference(ahead, behind) == (-400, 600, False)
    assert difference(ahead, behind, 1000) is None


def test_a_500_is_an_opener_and_a_lap_and_never_two_halves() -> None:
    kok, ziomek = of(0, FIVE_HUNDRED, 10_330, 37_050), of(1, FIVE_HUNDRED, 10_280, 37_650)
    assert sorted(kok.marks) == [100, 500]
    assert dict(kok.laps) == {500: 26_720}
    assert lap_difference(kok, ziomek, 100) is None, "the opener is no lap"
    assert difference(kok, ziomek, 100) == (50, 100, False)
    assert lap_difference(kok, ziomek, 500) == (-650, 500, False)


def test_the_last_lap_and_the_average_are_those_both_have_skated() -> None:
    mine = of(0, FIFTEEN_HUNDRED, 25_000, 53_000, 82_000, 112_000)
    theirs = of(1, FIFTEEN_HUNDRED, 25_500, 54_000, 83_000)
    assert last_lap_difference(mine, theirs) == (0, 1100, False)
    assert average_difference(mine, theirs) == (-250, 1100, False)
    opener = of(2, FIFTEEN_HUNDRED, 25_000)
    assert last_lap_difference(opener, theirs) is None
    assert average_difference(opener, theirs) is None


def test_what_rests_on_a_modelled_time_says_so() -> None:
    real = of(0, FIVE_HUNDRED, 10_330, 37_050)
    model = Reference.of(
        entry(
            1,
            Status.FINISHED,
            time_ms=37_800,
            passages=(
                Passage(1, 100, 10_420, 10_420, 1, modelled=True),
                Passage(2, 500, 37_800, 27_380, 1),
            ),
        ),
        distance=FIVE_HUNDRED,
    )
    opener, finish = difference(real, model, 100), difference(real, model, 500)
    lap = lap_difference(model, real, 500)
    assert opener is not None
    assert finish is not None
    assert lap is not None
    assert (opener.modelled, finish.modelled, lap.modelled) == (True, False, True)


def test_a_finisher_without_passages_has_a_finish_to_compare() -> None:
    done = entry(0, Status.FINISHED, time_ms=37_050)
    assert dict(Reference.of(done, distance=FIVE_HUNDRED).marks) == {500: 37_050}


@pytest.mark.parametrize("status", [Status.DQ, Status.DNF])
def test_whose_result_does_not_count_is_compared_as_far_as_there_are_passages(
    status: Status,
) -> None:
    out = entry(0, status, time_ms=75_000, passages=passages(THOUSAND, 17_900, 45_000))
    assert dict(Reference.of(out, distance=THOUSAND).marks) == {200: 17_900, 600: 45_000}


def test_a_reference_is_called_by_its_family_name_or_its_country() -> None:
    assert Reference.of(entry(1)).name == "RIJPMA-DE JONG"
    assert Reference.of(entry(1), "SB").name == "SB"


times = st.lists(st.integers(9_000, 40_000), max_size=4)


def climbing(laps: list[int]) -> tuple[int, ...]:
    return tuple(sum(laps[: n + 1]) for n in range(len(laps)))


@given(times, times)
def test_differences_change_sign_when_the_two_change_places(
    first: list[int], second: list[int]
) -> None:
    one = of(0, FIFTEEN_HUNDRED, *climbing(first))
    other = of(1, FIFTEEN_HUNDRED, *climbing(second))
    both = min(len(first), len(second))
    for number, mark in enumerate(FIFTEEN_HUNDRED.marks, start=1):
        there, back = difference(one, other, mark), difference(other, one, mark)
        assert (there is not None) is (back is not None) is (number <= both)
        assert there is None or (back is not None and there.ms == -back.ms)
        lap, again = lap_difference(one, other, mark), lap_difference(other, one, mark)
        assert (lap is not None) is (again is not None) is (1 < number <= both)
        assert lap is None or (again is not None and lap.ms == -again.ms)
    for compared in (last_difference, last_lap_difference, average_difference):
        there, back = compared(one, other), compared(other, one)
        assert (there is None) is (back is None)
        assert there is None or (back is not None and there.ms == -back.ms)
        own = compared(one, one)
        assert own is None or own.ms == 0


def test_behind_the_leader_is_at_the_own_mark_or_nothing() -> None:
    leader = entry(0, Status.FINISHED, time_ms=112_000, rank=1)
    rider = skated(1, FIFTEEN_HUNDRED, 25_000)
    last = rider.last_passage
    assert last is not None
    assert running_gap(race([leader, rider], FIFTEEN_HUNDRED), rider, last) is None
    other = skated(2, FIFTEEN_HUNDRED, 25_300)
    assert running_gap(race([rider, other], FIFTEEN_HUNDRED), rider, last) == -300


# --- ranks at a mark -----------------------------------------------------------------------------


def at_opener(index: int, time: int, rank: int | None = None, **more: object) -> Entry:
    status = more.pop("status", Status.ON_ICE)
    return entry(index, status, passages=(Passage(1, 100, time, time, rank),), **more)  # type: ignore[arg-type]


@given(
    st.lists(
        st.tuples(st.integers(10_000, 10_050), st.sampled_from(Status)), min_size=1, max_size=12
    )
)
def test_a_rank_of_ours_is_one_more_than_those_who_were_faster(
    starts: list[tuple[int, Status]],
) -> None:
    shown = race([at_opener(n, time, status=status) for n, (time, status) in enumerate(starts)])
    ranks = ranks_at(shown, 100)
    for index, (time, status) in enumerate(starts):
        faster = [
            other for other, their_status in starts if not their_status.is_invalid and other < time
        ]
        expected = None if status.is_invalid else MarkRank(1 + len(faster))
        assert ranks.get(str(index)) == expected


def test_equal_times_share_a_rank_and_the_next_is_left_out() -> None:
    shown = race([at_opener(n, time) for n, time in enumerate((18_537, 18_261, 18_537, 18_636))])
    assert [ranks_at(shown, 100)[str(n)].rank for n in range(4)] == [2, 1, 2, 4]


def test_the_feeds_rank_stands_and_one_that_cannot_be_is_doubted() -> None:
    ranks = ranks_at(race([at_opener(0, 10_300, 1), at_opener(1, 10_400, 1)]), 100)
    assert ranks == {"0": MarkRank(1), "1": MarkRank(1, doubted=True)}


def test_no_way_of_counting_is_doubted() -> None:
    by_thousandths = race([at_opener(0, 10_301, 1), at_opener(1, 10_309, 2)])
    by_hundredths = race([at_opener(0, 10_301, 1), at_opener(1, 10_309, 1)])
    with_the_dq = race([at_opener(0, 10_200, status=Status.DQ), at_opener(1, 10_309, 2)])
    without = race([at_opener(0, 10_200, status=Status.DQ), at_opener(1, 10_309, 1)])
    kept = race([at_opener(0, 10_300, 1), at_opener(1, 10_400, 7, kept=True)])
    for shown in (by_thousandths, by_hundredths, with_the_dq, without, kept):
        assert not any(place.doubted for place in ranks_at(shown, 100).values())


# --- paces ---------------------------------------------------------------------------------------

KOK = Skater("Kok", "Femke", "NED", id="1")
LEE = Skater("Lee", "Na-Hyun", "KOR", id="4")
TODAY = EVENING.date()
TR = Record("TR", "W500", 37_050, "Kok", "NED", TODAY, "Hamar", "high")
NO_BOOK = RecordBook(())


def two_races(*, modelled: bool = False) -> tuple[Race, Race, Meet]:
    """Two 500 m of one meet: Kok's record with its opener in the first, the second to come."""
    first = race(
        [
            replace(
                skated(0, FIVE_HUNDRED, 10_330, 37_054, modelled=modelled),
                competitor=KOK,
            )
        ]
    )
    second = replace(
        race([replace(entry(0), competitor=KOK), replace(entry(1), competitor=LEE)]),
        number=2,
        ordinal=2,
        start=EVENING.astimezone(UTC) + timedelta(hours=1),
    )
    return first, second, scene(second, others=(first,)).meet


def winter(*results: Result, days: int = 30, city: str = "Calgary", metres: int = 500) -> Season:
    """Return a season with one race held some days before."""
    day = TODAY - timedelta(days=days)
    start = datetime(day.year, day.month, day.day, 12, tzinfo=UTC)
    distance = Distance(Discipline.INDIVIDUAL, metres, -(-metres // 400))
    held = race(
        [entry(0, Status.FINISHED, time_ms=38_000, rank=1)],
        distance,
        start=start,
        planned=start,
        updated=start,
        official=True,
    )
    meet = scene(held).meet
    event = replace(meet.event, id="2026_CAN_0001", city=city, start=day, end=day, zone_name="UTC")
    boiled = season_meet(Meet(event, (held,)), Source.CACHE, {}, ms(start) + 3_600_000)
    (only,) = boiled.held
    return Season(2026, (replace(boiled, held=(replace(only, results=results),)),))


def result(skater: Skater, time: int, splits: tuple[int | None, ...] = ()) -> Result:
    return Result(
        skater.family,
        skater.given,
        skater.noc,
        skater.id,
        Status.FINISHED,
        1,
        60,
        time,
        splits=splits,
    )


def bests(season: Season | None, book: RecordBook = NO_BOOK) -> dict[str, Reference]:
    _, second, meet = two_races()
    alone = replace(meet, races=(second,))
    people = season.people if season is not None else People(())
    return season_bests(second, alone, book, season, people, ms(EVENING))


def test_a_track_record_set_at_this_meet_is_a_pace_with_its_opener() -> None:
    _, second, meet = two_races()
    pace = record_pace(TR, second, meet)
    assert (pace.name, pace.key) == ("TR", None)
    assert dict(pace.marks) == {100: 10_330, 500: 37_054}


def test_a_track_record_set_earlier_this_winter_has_its_passages_too() -> None:
    _, second, meet = two_races()
    alone = replace(meet, races=(second,))
    season = winter(result(KOK, 37_054, (10_330,)), city="Hamar")
    assert dict(record_pace(TR, second, alone, season).marks) == {100: 10_330, 500: 37_050}
    elsewhere = winter(result(KOK, 37_054, (10_330,)), city="Calgary")
    somebody = winter(result(LEE, 37_054, (10_330,)), city="Hamar")
    another = winter(result(KOK, 37_154, (10_330,)), city="Hamar")
    for other in (elsewhere, somebody, another, None):
        assert dict(record_pace(TR, second, alone, other).marks) == {500: 37_050}


def test_no_pace_is_ever_invented() -> None:
    pace = Reference.pace("SB", TEN_THOUSAND, 750_000)
    assert dict(pace.marks) == {10_000: 750_000}
    assert not pace.laps
    gap_in = Reference.pace("SB", FIFTEEN_HUNDRED, 114_000, (25_000, None, 83_000))
    assert dict(gap_in.marks) == {300: 25_000, 1100: 83_000, 1500: 114_000}
    assert dict(gap_in.laps) == {1500: 31_000}


def test_the_season_best_is_the_fastest_of_the_winter_with_its_passages() -> None:
    season = winter(result(KOK, 36_500, (10_200,)), result(KOK, 36_900, (10_100,)))
    assert dict(bests(season)["0"].marks) == {100: 10_200, 500: 36_500}
    assert "1" not in bests(season), "who has not raced has none"


def test_an_earlier_race_of_the_meet_counts_for_the_season_best() -> None:
    _, second, meet = two_races()
    found = season_bests(second, meet, NO_BOOK, None, People(()), ms(EVENING))
    assert dict(found["0"].marks) == {100: 10_330, 500: 37_054}
    _, second, meet = two_races(modelled=True)
    found = season_bests(second, meet, NO_BOOK, None, People(()), ms(EVENING))
    assert dict(found["0"].marks) == {500: 37_054}, "a modelled opener is no pace"


def test_what_is_held_later_or_over_another_distance_is_no_season_best() -> None:
    mine = result(KOK, 36_500)
    for season in (winter(mine, days=0), winter(mine, days=-3), winter(mine, metres=1000)):
        assert bests(season) == {}


def test_a_faster_time_of_the_record_book_is_the_season_best_without_passages() -> None:
    class Book(RecordBook, frozen=True):
        def season_best(self, who: Skater, event: str, before: date | None = None) -> Best | None:
            assert (event, before) == ("W500", TODAY)
            return Best("W500", 36_400, None, "", "high") if who == KOK else None

    season = winter(result(KOK, 36_500, (10_200,)))
    assert dict(bests(season, Book(()))["0"].marks) == {500: 36_400}
    faster = winter(result(KOK, 36_300, (10_200,)))
    assert dict(bests(faster, Book(()))["0"].marks) == {100: 10_200, 500: 36_300}


def test_teams_and_mass_starts_have_no_season_best() -> None:
    for distance in (TEAM_PURSUIT, MASS_START):
        shown = race([entry(0)], distance)
        meet = scene(shown).meet
        assert season_bests(shown, meet, NO_BOOK, None, People(()), ms(EVENING)) == {}


def test_published_passages_are_kept_with_the_season_and_modelled_ones_are_not() -> None:
    first, _, meet = two_races()
    held = replace(meet, races=(replace(first, official=True),))
    boiled = season_meet(held, Source.CACHE, {}, ms(EVENING) + 7_200_000)
    assert boiled.held[0].results[0].splits == (10_330,)
    first, _, meet = two_races(modelled=True)
    held = replace(meet, races=(replace(first, official=True),))
    boiled = season_meet(held, Source.CACHE, {}, ms(EVENING) + 7_200_000)
    assert boiled.held[0].results[0].splits == ()
