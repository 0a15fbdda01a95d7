"""The sport as the program knows it: marks, codes, stages, ties and which race comes first."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta
from itertools import pairwise

import pytest
from msgspec.structs import replace

from longtrack.model import (
    Armband,
    Discipline,
    Distance,
    Division,
    Entry,
    Event,
    Gender,
    Lane,
    Meet,
    Passage,
    Race,
    Skater,
    Stage,
    Status,
    Team,
    race_code,
)

EVENING = datetime(2025, 12, 12, 17, 30, tzinfo=UTC)
W500 = Distance(Discipline.INDIVIDUAL, 500, 2)


def at(minutes: float) -> datetime:
    return EVENING + timedelta(minutes=minutes)


def entry(key: str, status: Status = Status.FINISHED, **facts: object) -> Entry:
    made = Entry(key=key, competitor=Skater(f"Family{key}", "Given", "NED"), status=status)
    return replace(made, **facts)


def timed(key: str, ms: int, rank: int | None = None, precision: int = 1) -> Entry:
    return entry(key, time_ms=ms, rank=rank, precision_ms=precision)


def race(number: int = 1, start: datetime | None = EVENING, **facts: object) -> Race:
    made = Race(
        number=number,
        gender=Gender.WOMEN,
        division=Division.A,
        distance=W500,
        ordinal=1,
        title="500m Women",
        start=start,
    )
    return replace(made, **facts)


def skated(number: int, start: datetime | None) -> Race:
    return race(number, start, entries=(timed("1", 37_052, 1),))


def meet(*races: Race) -> Meet:
    return Meet(Event("2026_NOR_0001", "World Cup", zone_name="Europe/Oslo"), races)


# --- distances and codes -----------------------------------------------------------------------


@pytest.mark.parametrize(
    ("metres", "laps", "first", "count"),
    [
        (500, 2, 100, 2),
        (1000, 3, 200, 3),
        (1500, 4, 300, 4),
        (3000, 8, 200, 8),
        (5000, 13, 200, 13),
        (10_000, 25, 400, 25),
    ],
)
def test_a_skater_is_clocked_after_the_part_lap_and_every_400_m(
    metres: int, laps: int, first: int, count: int
) -> None:
    marks = Distance(Discipline.INDIVIDUAL, metres, laps).marks
    assert marks[0] == first
    assert len(marks) == count
    assert marks[-1] == metres
    assert {later - earlier for earlier, later in pairwise(marks)} == {400}


@pytest.mark.parametrize(
    ("discipline", "laps", "last"),
    [
        (Discipline.MASS_START, 16, 6400),
        (Discipline.TEAM_PURSUIT, 6, 2400),
        (Discipline.TEAM_PURSUIT, 8, 3200),
        (Discipline.TEAM_SPRINT, 3, 1200),
        (Discipline.MIXED_RELAY, 6, 2400),
    ],
)
def test_teams_and_the_mass_start_are_clocked_every_lap(
    discipline: Discipline, laps: int, last: int
) -> None:
    distance = Distance(discipline, None, laps)
    assert distance.marks == tuple(range(400, last + 1, 400))
    assert distance.counts_laps


@pytest.mark.parametrize(
    ("metres", "sprint", "long"),
    [(500, True, False), (1000, True, False), (1500, False, False), (3000, False, True)],
)
def test_distances_are_sprints_up_to_1000_m_and_long_from_3000_m(
    metres: int, sprint: bool, long: bool
) -> None:
    distance = Distance(Discipline.INDIVIDUAL, metres, -(-metres // 400))
    assert (distance.is_sprint, distance.is_long, distance.counts_laps) == (sprint, long, False)


def test_a_race_without_metres_is_neither_sprint_nor_long() -> None:
    pursuit = Distance(Discipline.TEAM_PURSUIT, None, 6)
    assert not pursuit.is_sprint
    assert not pursuit.is_long


@pytest.mark.parametrize(
    ("gender", "discipline", "metres", "ordinal", "division", "code"),
    [
        (Gender.WOMEN, Discipline.INDIVIDUAL, 500, 1, Division.A, "W500"),
        (Gender.WOMEN, Discipline.INDIVIDUAL, 500, 2, Division.A, "W500-2"),
        (Gender.WOMEN, Discipline.INDIVIDUAL, 500, 1, Division.B, "W500B"),
        (Gender.MEN, Discipline.INDIVIDUAL, 500, 2, Division.B, "M500-2B"),
        (Gender.MEN, Discipline.INDIVIDUAL, 10_000, 1, Division.A, "M10000"),
        (Gender.WOMEN, Discipline.MASS_START, None, 1, Division.A, "WMS"),
        (Gender.MEN, Discipline.TEAM_PURSUIT, None, 1, Division.B, "MTPB"),
        (Gender.WOMEN, Discipline.TEAM_SPRINT, None, 1, Division.A, "WTS"),
        (Gender.MIXED, Discipline.MIXED_RELAY, None, 1, Division.A, "XMR"),
    ],
)
def test_the_code_of_a_race_says_who_what_which_and_where(
    gender: Gender,
    discipline: Discipline,
    metres: int | None,
    ordinal: int,
    division: Division,
    code: str,
) -> None:
    assert race_code(gender, Distance(discipline, metres, 3), ordinal, division) == code


def test_a_race_is_found_by_its_code_in_any_case_and_the_first_may_be_called_so() -> None:
    long = race(3, gender=Gender.MEN, distance=Distance(Discipline.INDIVIDUAL, 10_000, 25))
    first, second, lower = race(1), race(2, ordinal=2), race(4, division=Division.B)
    all_races = meet(first, second, long, lower)
    assert all_races.race("w500") is first
    assert all_races.race("W500-1") is first
    assert all_races.race("W500-2") is second
    assert all_races.race("w500-1b") is lower
    assert all_races.race("m10000") is long
    assert all_races.race("W1000") is None
    assert all_races.numbered(3) is long
    assert all_races.numbered(9) is None


# --- entries -----------------------------------------------------------------------------------


def test_hundredths_that_two_finishers_share_are_told_apart_by_the_thousandth() -> None:
    tied = race(entries=(timed("1", 34_146, 1), timed("2", 34_147, 2), timed("3", 34_151, 3)))
    assert tied.splits_hundredths == {"1", "2"}


def test_the_same_thousandth_is_printed_too() -> None:
    tied = race(entries=(timed("1", 37_947, 11), timed("2", 37_947, 11)))
    assert tied.splits_hundredths == {"1", "2"}


def test_times_known_to_the_hundredth_are_never_told_apart() -> None:
    tied = race(entries=(timed("1", 34_140, 1, 10), timed("2", 34_140, 2, 10)))
    assert tied.splits_hundredths == frozenset()


def test_a_time_that_does_not_count_ties_with_nobody() -> None:
    disqualified = entry("2", Status.DQ, time_ms=34_147)
    assert race(entries=(timed("1", 34_146, 1), disqualified)).splits_hundredths == frozenset()


def test_neighbouring_thousandths_in_two_hundredths_decide_nothing() -> None:
    near = race(entries=(timed("1", 34_149, 1), timed("2", 34_150, 2)))
    assert near.splits_hundredths == frozenset()


def test_a_pair_is_listed_inner_lane_first() -> None:
    outer = entry("1", pair=3, lane=Lane.OUTER, armband=Armband.RED)
    inner = entry("2", pair=3, lane=Lane.INNER, armband=Armband.WHITE)
    other = entry("3", pair=4, lane=Lane.INNER, armband=Armband.WHITE)
    assert race(entries=(outer, other, inner)).starters(3) == (inner, outer)


def test_a_pair_without_armbands_is_listed_by_its_lanes() -> None:
    outer, inner = entry("1", pair=1, lane=Lane.OUTER), entry("2", pair=1, lane=Lane.INNER)
    assert race(entries=(outer, inner)).starters(1) == (inner, outer)


def test_a_quartet_is_listed_first_pair_first() -> None:
    bands = (Armband.WHITE, Armband.RED, Armband.YELLOW, Armband.BLUE)
    lanes = (Lane.INNER, Lane.OUTER, Lane.INNER, Lane.OUTER)
    four = tuple(
        entry(str(9 - index), pair=1, lane=lane, armband=band)
        for index, (lane, band) in enumerate(zip(lanes, bands, strict=True))
    )
    assert race(entries=tuple(reversed(four))).starters(1) == four


def test_the_leader_is_a_finisher_and_ties_keep_the_feeds_order() -> None:
    first, equal, last = timed("1", 37_052, 1), timed("2", 37_052, 1), timed("3", 38_000, 3)
    broken_off = entry("4", Status.DNF, rank=4)
    result = race(entries=(broken_off, last, first, equal))
    assert result.finished == (first, equal, last, broken_off)
    assert result.leader is first
    assert race(entries=(broken_off,)).leader is None


def test_an_entry_knows_its_passages_and_its_team() -> None:
    opener = Passage(1, 100, 10_330, 10_330, 2)
    skating = entry("1", Status.ON_ICE, passages=(opener,))
    assert skating.last_passage is opener
    assert skating.passage(100) is opener
    assert skating.passage(500) is None
    assert entry("2").last_passage is None
    assert replace(skating, competitor=Team("Netherlands", "NED")).noc == "NED"


def test_a_reskate_is_awaited_until_it_is_skated() -> None:
    assert entry("1", Status.TO_START, reskate=True).awaits_reskate
    assert not entry("1", Status.FINISHED, reskate=True).awaits_reskate
    assert not entry("1", Status.TO_START).awaits_reskate


# --- stages ------------------------------------------------------------------------------------


def test_a_race_is_upcoming_until_somebody_is_clocked() -> None:
    waiting, absent = entry("1", Status.TO_START), entry("2", Status.DNS)
    assert race(entries=(waiting, absent)).stage is Stage.UPCOMING


def test_a_race_is_live_while_the_feed_says_so() -> None:
    assert race(live=True, entries=(timed("1", 37_052, 1),)).stage is Stage.LIVE


def test_a_skated_race_is_provisional_until_it_is_official() -> None:
    entries = (timed("1", 37_052, 1),)
    assert race(entries=entries).stage is Stage.PROVISIONAL
    assert race(entries=entries, official=True).stage is Stage.OFFICIAL


def test_a_race_somebody_has_begun_is_not_upcoming() -> None:
    skating = entry("1", Status.ON_ICE, passages=(Passage(1, 100, 10_330, 10_330, 1),))
    assert race(entries=(skating,)).stage is Stage.PROVISIONAL


def test_an_official_race_without_a_result_is_unknown_and_not_upcoming() -> None:
    assert race(official=True).stage is Stage.UNKNOWN


def test_a_race_is_over_when_every_start_is() -> None:
    done = (timed("1", 37_052, 1), entry("2", Status.DQ), entry("3", Status.DNS))
    assert race(entries=done).over
    assert not race(entries=(*done, entry("4", Status.ON_ICE))).over
    assert not race(entries=(*done, entry("4", Status.TO_START))).over
    assert not race().over


@pytest.mark.parametrize("status", list(Status))
def test_the_invalid_statuses_are_those_without_a_time_that_counts(status: Status) -> None:
    valid = status in (Status.TO_START, Status.ON_ICE, Status.FINISHED)
    assert status.is_invalid is not valid


# --- which race a viewer wants -----------------------------------------------------------------


def test_before_the_meet_the_first_race_is_wanted() -> None:
    first, second = race(1, at(0)), race(2, at(60))
    assert meet(first, second).foremost(at(-24 * 60)) is first


def test_a_live_race_is_wanted_before_all_others() -> None:
    live = race(2, at(60), live=True)
    assert meet(skated(1, at(0)), live, race(3, at(120))).foremost(at(65)) is live


def test_of_two_live_races_the_one_with_skaters_on_the_ice_is_wanted() -> None:
    busy = race(1, at(0), live=True, entries=(entry("1", Status.ON_ICE),))
    idle = race(2, at(60), live=True)
    assert meet(busy, idle).foremost(at(61)) is busy


def test_of_two_live_races_the_first_is_wanted_until_it_is_over() -> None:
    first, second = race(1, at(0), live=True), race(2, at(60), live=True)
    assert meet(first, second).foremost(at(61)) is first


def test_between_two_races_the_next_one_is_wanted() -> None:
    coming = race(2, at(60))
    assert meet(skated(1, at(0)), coming, race(3, at(120))).foremost(at(40)) is coming


def test_a_late_race_is_still_the_next_one() -> None:
    late = race(2, at(60))
    assert meet(skated(1, at(0)), late, race(3, at(120))).foremost(at(125)) is late


def test_a_late_first_race_is_still_the_next_one() -> None:
    late = race(1, at(0))
    assert meet(late, race(2, at(60))).foremost(at(50)) is late


def test_a_race_passed_over_by_a_later_one_is_not_the_next() -> None:
    passed_over, coming = race(1, at(0)), race(3, at(120))
    assert meet(passed_over, skated(2, at(60)), coming).foremost(at(90)) is coming


def test_numbers_need_not_follow_the_programme() -> None:
    coming, later = race(7, at(60)), race(2, at(120))
    assert meet(later, skated(5, at(0)), coming).foremost(at(30)) is coming


def test_an_official_race_whose_result_is_not_known_yet_is_not_the_next() -> None:
    coming = race(2, at(60))
    assert meet(race(1, at(0), official=True), coming).foremost(at(-5)) is coming


def test_after_the_meet_the_last_race_is_wanted() -> None:
    last = skated(1, at(120))
    assert meet(last, skated(2, at(0)), skated(3, at(60))).foremost(at(600)) is last


def test_a_race_without_a_start_is_wanted_only_when_there_is_no_other() -> None:
    unplanned = race(1, None)
    assert meet(unplanned).foremost(at(0)) is unplanned
    assert meet(unplanned, race(2, at(60))).foremost(at(0)) == race(2, at(60))
    assert meet(skated(1, None)).foremost(at(0)) == skated(1, None)


def test_a_meet_without_races_wants_none() -> None:
    assert meet().foremost(at(0)) is None


# --- the meet ----------------------------------------------------------------------------------


def test_a_day_is_the_rinks_and_not_utcs() -> None:
    late = race(1, datetime(2025, 12, 12, 23, 30, tzinfo=UTC))
    assert meet(late).day(late) == date(2025, 12, 13)
    assert meet(late).days == (date(2025, 12, 13),)


def test_a_race_without_a_start_is_on_the_day_of_the_race_before() -> None:
    friday, unplanned = race(1, at(0)), race(2, None)
    assert meet(friday, unplanned).day(unplanned) == date(2025, 12, 12)
    assert meet(unplanned).day(unplanned) is None


def test_the_programme_tells_the_day_of_a_delayed_race() -> None:
    delayed = race(1, at(24 * 60), planned=at(0))
    assert meet(delayed).day(delayed) == date(2025, 12, 12)


@pytest.mark.parametrize("zone", ["Europe/Nowhere", "", "../../etc", "/etc", "Europe", "\ud800"])
def test_an_unknown_zone_is_utc(zone: str) -> None:
    assert Event("2026_NOR_0001", "x", zone_name=zone).zone.key == "UTC"


@pytest.mark.parametrize(
    ("name", "tags", "is_world_cup"),
    [
        ("ISU World Cup Speed Skating 4", (), True),
        ("ISU Junior World Cup Speed Skating 1", ("world-cup", "junior"), False),
        ("Wereldbeker", ("world-cup", "senior"), True),
        ("US Olympic Trials", ("senior",), False),
    ],
)
def test_a_world_cup_is_told_by_its_name_or_its_tags(
    name: str, tags: tuple[str, ...], is_world_cup: bool
) -> None:
    assert Event("2026_NOR_0001", name, tags=tags).is_world_cup is is_world_cup


def test_the_title_of_a_meet_leaves_out_what_goes_without_saying() -> None:
    assert Event("2026_NOR_0001", "ISU World Cup Speed Skating 4").title == "World Cup 4"
    assert Event("2026_NOR_0001", "ISU Speed Skating").title == "2026_NOR_0001"
