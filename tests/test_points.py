"""World Cup points, as the official sheets of 2025/26 have them."""

from __future__ import annotations

import pytest
from msgspec.structs import replace

from longtrack.model import Discipline, Distance, Division, Entry, Gender, Race, Skater, Status
from longtrack.points import scale_of

SCALE = scale_of(2026)
DIVISION_A = [60, 54, 48, 43, 40, 38, 36, 34, 32, 31, 30, 29, 28, 27, 26, 25, 24, 23, 22, 21]
TEAM_PURSUIT = (Discipline.TEAM_PURSUIT, None)
MASS_START = (Discipline.MASS_START, None)


def race(
    what: int | tuple[Discipline, None] = 500,
    division: Division = Division.A,
    gender: Gender = Gender.WOMEN,
    entries: tuple[Entry, ...] = (),
) -> Race:
    if isinstance(what, int):
        distance = Distance(Discipline.INDIVIDUAL, what, -(-what // 400))
    else:
        distance = Distance(what[0], None, 6)
    return Race(1, gender, division, distance, 1, "", entries=entries)


def entry(status: Status = Status.FINISHED, rank: int | None = 1, key: str = "1") -> Entry:
    return Entry(key, Skater("Kok", "Femke", "NED"), status, rank=rank)


def scores(of: Race, *ranks: int) -> list[int | None]:
    return [SCALE.points(of, entry(rank=rank)) for rank in ranks]


@pytest.mark.parametrize("what", [500, 1000, 1500, 3000, 5000, 10_000, TEAM_PURSUIT, MASS_START])
@pytest.mark.parametrize("gender", [Gender.WOMEN, Gender.MEN])
def test_division_a_has_one_table_for_every_event(
    what: int | tuple[Discipline, None], gender: Gender
) -> None:
    assert scores(race(what, gender=gender), *range(1, 21)) == DIVISION_A


def test_the_nineteenth_of_twenty_scores_22() -> None:
    assert scores(race(), 19) == [22]


def test_a_mass_start_of_twenty_four_goes_on_down_to_17() -> None:
    assert scores(race(MASS_START), 21, 22, 23, 24, 25) == [20, 19, 18, 17, 0]


@pytest.mark.parametrize(
    ("gender", "metres", "first", "scoring"),
    [
        (Gender.WOMEN, 500, [28, 24, 21, 17, 16, 15, 14], 20),
        (Gender.MEN, 1000, [28, 24, 21, 17, 16, 15, 14], 20),
        (Gender.WOMEN, 1500, [28, 24, 21, 17, 16, 15, 14], 20),
        (Gender.WOMEN, 3000, [32, 28, 25, 21, 20, 19], 24),
        (Gender.MEN, 5000, [32, 28, 25, 21, 20, 19], 24),
        (Gender.WOMEN, 5000, [36, 32, 29, 25, 24, 23], 28),
        (Gender.MEN, 10_000, [36, 32, 29, 25, 24, 23], 28),
    ],
)
def test_division_b_begins_where_the_field_of_division_a_ends(
    gender: Gender, metres: int, first: list[int], scoring: int
) -> None:
    lower = race(metres, Division.B, gender)
    assert scores(lower, *range(1, len(first) + 1)) == first
    assert scores(lower, scoring - 1, scoring, scoring + 1, 40) == [2, 1, 0, 0]


def test_the_team_pursuit_of_division_b_has_its_own_table() -> None:
    lower = race(TEAM_PURSUIT, Division.B)
    assert scores(lower, *range(1, 10)) == [40, 36, 33, 29, 28, 27, 26, 25, 0]


def test_the_mass_start_of_division_b_falls_by_one_a_rank_from_20() -> None:
    lower = race(MASS_START, Division.B)
    assert scores(lower, *range(1, 22)) == [*range(20, 0, -1), 0]


def test_two_who_share_a_rank_both_get_its_points_and_the_next_rank_is_skipped() -> None:
    assert scores(race(), 11, 11, 13) == [30, 30, 28]


def test_the_last_of_division_a_who_did_not_finish_scores_by_the_rank_the_feed_gives() -> None:
    assert SCALE.points(race(), entry(Status.DNF, rank=20)) == 21


def test_a_dnf_without_a_rank_is_behind_all_who_finished() -> None:
    finishers = tuple(entry(rank=rank, key=str(rank)) for rank in range(1, 20))
    broken_off = entry(Status.DNF, rank=None, key="20")
    assert SCALE.points(race(entries=(*finishers, broken_off)), broken_off) == 21


def test_a_disqualification_moves_a_dnf_up() -> None:
    finishers = tuple(entry(rank=rank, key=str(rank)) for rank in range(1, 19))
    disqualified = entry(Status.DQ, rank=None, key="19")
    broken_off = entry(Status.DNF, rank=None, key="20")
    assert SCALE.points(race(entries=(*finishers, disqualified, broken_off)), broken_off) == 22


def test_a_dnf_in_division_b_scores_nothing() -> None:
    assert SCALE.points(race(division=Division.B), entry(Status.DNF, rank=3)) == 0
    assert SCALE.points(race(division=Division.B), entry(Status.DNF, rank=None)) == 0


@pytest.mark.parametrize("status", [Status.DQ, Status.DNS, Status.WDR, Status.INVALID])
@pytest.mark.parametrize("rank", [None, 5])
def test_without_a_result_there_are_no_points_even_with_a_rank(
    status: Status, rank: int | None
) -> None:
    assert SCALE.points(race(), entry(status, rank)) == 0


@pytest.mark.parametrize("status", [Status.TO_START, Status.ON_ICE])
def test_before_the_finish_there_is_nothing_to_say(status: Status) -> None:
    assert SCALE.points(race(), entry(status, None)) is None


@pytest.mark.parametrize("rank", [None, 0, -1])
def test_a_finisher_without_a_rank_has_unknown_points(rank: int | None) -> None:
    assert SCALE.points(race(), entry(rank=rank)) is None


@pytest.mark.parametrize("kind", [Discipline.TEAM_SPRINT, Discipline.MIXED_RELAY])
def test_a_race_of_no_cup_has_no_points(kind: Discipline) -> None:
    relay = replace(race(), distance=Distance(kind, None, 3))
    assert SCALE.table(relay) is None
    assert SCALE.points(relay, entry()) is None
