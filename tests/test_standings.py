"""Standings of a cup: totals, ties, and what one more race does to them."""

from __future__ import annotations

from collections.abc import Iterable
from contextlib import closing
from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from longtrack.bundled import MEETS, open_bundled
from longtrack.model import Division, Gender, Skater, Source, Status, Team
from longtrack.people import People, Who
from longtrack.season import Result, Season, SeasonRace, in_order, season_meet
from longtrack.standings import Column, Standings, column_of
from longtrack.state import TapeReader
from scored import cup_race, result

FIRST = date(2026, 1, 23)


def people_of(races: Iterable[SeasonRace]) -> People:
    return People(Who(each.competitor, race.gender) for race in races for each in race.results)


def standings(*races: SeasonRace, cup: str = "W500") -> Standings:
    return Standings.of(cup, races, people_of(races))


def table(of: Standings) -> list[tuple[int, str, int]]:
    return [(row.rank, name(row.competitor), row.points) for row in of.rows]


def name(who: Skater | Team) -> str:
    return who.family if isinstance(who, Skater) else who.name


def season_of(**scores: list[int | None]) -> list[SeasonRace]:
    """Return races in which each scored the points told; None: not in it."""
    count = max(map(len, scores.values()))
    return [
        cup_race(
            *(
                result(who, points)
                for who, each in scores.items()
                if (points := each[index]) is not None
            ),
            event_id=f"2026_GER_{index:04}",
            number=index + 1,
        )
        for index in range(count)
    ]


# --- totals and ties ---------------------------------------------------------------------------


def test_all_races_count() -> None:
    of = standings(*season_of(Kok=[60, 60, 28], Lee=[54, None, 60], Jackson=[0, 48, 0]))
    assert table(of) == [(1, "Kok", 148), (2, "Lee", 114), (3, "Jackson", 48)]
    assert [score.points for score in of.rows[1].scores] == [54, 60]


@pytest.mark.parametrize(
    ("better", "worse"),
    [
        ([54, 54, 0], [48, 48, 12]),  # Jackson over Yoshida, December 2025
        ([60, 10, None], [40, 30, None]),
        ([60, 30, 10], [60, 20, 20]),
        ([1, 60, 30], [21, 60, 10]),
        ([60, 40, None], [60, 20, 20]),
    ],
)
def test_of_equal_totals_the_best_single_score_decides_then_the_next(
    better: list[int | None], worse: list[int | None]
) -> None:
    # Of two names that follow each other, in either order.
    for names in (("Abel", "Zahn"), ("Zahn", "Abel")):
        of = standings(*season_of(**{names[0]: better, names[1]: worse}))
        assert [(row.rank, name(row.competitor)) for row in of.rows] == [
            (1, names[0]),
            (2, names[1]),
        ]
        assert of.rows[0].points == of.rows[1].points


def test_who_has_the_same_scores_shares_the_rank_and_the_next_is_left_out() -> None:
    # The ISU called two who were first and fourth, and fourth and first, joint leaders.
    of = standings(*season_of(Loubineaud=[60, 43], Dawson=[43, 60], Ghiotto=[54, 48], Roest=[1, 2]))
    assert table(of) == [
        (1, "Dawson", 103),
        (1, "Loubineaud", 103),
        (3, "Ghiotto", 102),
        (4, "Roest", 3),
    ]


def test_a_race_for_no_points_does_not_part_two() -> None:
    of = standings(*season_of(Kok=[60, None, 0], Lee=[60, 0, None]))
    assert [row.rank for row in of.rows] == [1, 1]


def test_who_has_no_points_is_not_in_the_table_and_known_all_the_same() -> None:
    of = standings(*season_of(Kok=[60, 0], Lee=[0, 0]))
    assert table(of) == [(1, "Kok", 60)]
    assert [name(row.competitor) for row in of.others] == ["Lee"]
    assert [score.points for score in of.others[0].scores] == [0, 0]
    assert set(of.by_key) == {of.rows[0].key}


def test_who_is_still_to_finish_is_not_in_the_race() -> None:
    race = cup_race(
        result("Kok", 60),
        result("Lee", None, status=Status.ON_ICE),
        result("Jackson", None, status=Status.TO_START),
    )
    of = standings(race)
    assert (table(of), of.others) == ([(1, "Kok", 60)], ())


def test_nobody_has_raced() -> None:
    of = standings()
    assert (of.columns, of.rows, of.others) == ((), (), ())


# --- columns -----------------------------------------------------------------------------------


def test_both_divisions_of_a_race_are_one_column_and_two_races_are_two() -> None:
    races = [
        cup_race(result("Lee", 28), code="W500B", division=Division.B),
        cup_race(result("Kok", 60)),
        cup_race(result("Kok", 54), code="W500-2", ordinal=2),
    ]
    of = standings(*races)
    assert of.columns == (
        Column("2026_GER_0001", 500, 1, "Inzell"),
        Column("2026_GER_0001", 500, 2, "Inzell"),
    )
    lee = of.rows[1]
    score = lee.score(of.columns[0])
    assert score is not None
    assert (score.division, score.points) == (Division.B, 28)
    assert lee.score(of.columns[1]) is None


def test_the_two_long_distances_of_a_meet_are_two_columns_of_one_cup() -> None:
    races = [
        cup_race(result("Kok", 60), code="W3000", cup="WLONG", metres=3000),
        cup_race(result("Kok", 54), code="W5000", cup="WLONG", metres=5000),
    ]
    of = standings(*races, cup="WLONG")
    assert [column.metres for column in of.columns] == [3000, 5000]
    assert table(of) == [(1, "Kok", 114)]


def test_a_name_is_shown_as_the_newest_race_has_it() -> None:
    old, new = (
        cup_race(result(name, 60, person="7"), event_id=event)
        for name, event in (("Boersma", "2026_GER_0001"), ("Takagi", "2026_GER_0002"))
    )
    of = standings(old, new)
    assert table(of) == [(1, "Takagi", 120)]


def test_a_team_is_its_country() -> None:
    races = [
        cup_race(result(name, 60, given=None, noc="NED"), code="WTP", metres=None, event_id=event)
        for name, event in (("Netherlands", "2026_GER_0001"), ("NED 1", "2026_GER_0002"))
    ]
    assert table(standings(*races, cup="WTP")) == [(1, "NED 1", 120)]


# --- mass start --------------------------------------------------------------------------------


@pytest.mark.parametrize(("a", "b", "counts"), [(43, 20, 43), (17, 20, 20), (20, 20, 20)])
def test_who_came_up_from_division_b_the_same_day_keeps_the_better_score(
    a: int, b: int, counts: int
) -> None:
    lower = cup_race(result("Horikawa", b), code="WMSB", metres=None, division=Division.B)
    upper = cup_race(result("Horikawa", a), code="WMS", metres=None)
    for races in ((lower, upper), (upper, lower)):
        of = standings(*races, cup="WMS")
        assert table(of) == [(1, "Horikawa", counts)]
        assert len(of.rows[0].scores) == 1
        if a != b:
            assert of.rows[0].scores[0].division is (Division.A if a > b else Division.B)


def test_a_second_mass_start_counts_by_itself() -> None:
    races = [
        cup_race(result("Horikawa", 20), code="WMSB", metres=None, division=Division.B),
        cup_race(result("Horikawa", 17), code="WMS-2", metres=None, ordinal=2),
    ]
    assert table(standings(*races, cup="WMS")) == [(1, "Horikawa", 37)]


# --- one more race -----------------------------------------------------------------------------


def test_a_live_race_counts_as_it_stands_now() -> None:
    before = standings(*season_of(Kok=[60], Lee=[54]))
    ahead = cup_race(result("Lee", 60), result("Kok", None), event_id="2026_GER_0002")
    overtaken = cup_race(result("Lee", 54), result("Kok", 60), event_id="2026_GER_0002")
    leads = before.plus(ahead)
    assert table(leads) == [(1, "Lee", 114), (2, "Kok", 60)]
    # The newest state of the same race counts, not the better one.
    assert table(leads.plus(overtaken)) == [(1, "Kok", 120), (2, "Lee", 108)]
    assert leads.plus(overtaken) == before.plus(overtaken)
    assert table(before) == [(1, "Kok", 60), (2, "Lee", 54)]


def test_who_had_no_points_before_a_race_keeps_the_races_without() -> None:
    races = season_of(Kok=[0, 60], Lee=[54, 0])
    of = standings(races[0]).plus(races[1])
    assert [score.points for score in of.rows[0].scores] == [0, 60]


NAMES = ("Kok", "Lee", "Jackson", "Yoshida", "Li", "Baran")
SCORES = st.none() | st.sampled_from((0, 0, 20, 28, 43, 48, 54, 60))


@st.composite
def seasons(draw: st.DrawFn) -> list[SeasonRace]:
    """Draw a few races, in both divisions, in which some take part and some have no id."""
    races = []
    for number in range(1, draw(st.integers(1, 6)) + 1):
        results: list[Result] = []
        for index, who in enumerate(NAMES):
            points = draw(SCORES)
            person = draw(st.sampled_from((None, str(index))))
            status = Status.TO_START if points is None else Status.FINISHED
            if draw(st.booleans()):
                results.append(result(who, points, person=person, status=status))
        division = draw(st.sampled_from(Division))
        meet = draw(st.integers(1, 3))
        races.append(
            cup_race(*results, event_id=f"2026_GER_{meet:04}", division=division, number=number)
        )
    # One race is in one division only once.
    return list({(column_of(race), race.division): race for race in races}.values())


@given(seasons())
def test_one_more_race_makes_what_all_races_make(races: list[SeasonRace]) -> None:
    people = people_of(races)
    grown = Standings.of("W500", [], people)
    for count, race in enumerate(races, start=1):
        grown = grown.plus(race)
        assert grown == Standings.of("W500", races[:count], people)


@given(seasons())
def test_ranks_are_those_of_the_totals(races: list[SeasonRace]) -> None:
    of = standings(*races)
    assert all(row.points == sum(score.points for score in row.scores) > 0 for row in of.rows)
    for row in of.rows:
        assert row.rank == 1 + sum(other.order < row.order for other in of.rows)
    assert len({row.key for row in (*of.rows, *of.others)}) == len(of.rows) + len(of.others)
    assert {name(row.competitor) for row in of.others}.isdisjoint(
        name(row.competitor) for row in of.rows
    )


# --- the story of 12 December 2025 -------------------------------------------------------------


@pytest.fixture(scope="module")
def season() -> Season:
    boiled = []
    for event_id in MEETS:
        with closing(open_bundled(event_id, None)) as tape:
            meet = TapeReader(tape, event_id).meet(2**62)
        boiled.append(season_meet(meet, Source.BUNDLED, {}, 2**62))
    return Season(2026, in_order(boiled))


def after(season: Season, day: int) -> list[tuple[int, str, int]]:
    races = season.until(date(2025, 12, day)).races("W500")
    return table(Standings.of("W500", races, season.people))


def test_before_the_womens_500_in_hamar(season: Season) -> None:
    assert after(season, 11)[:5] == [
        (1, "KOK", 300),
        (2, "LEERDAM", 219),
        (3, "FLEDDERUS", 215),
        (4, "JACKSON", 213),
        (5, "YOSHIDA", 187),
    ]


def test_after_it_jackson_is_third_by_her_better_races(season: Season) -> None:
    assert after(season, 12)[:5] == [
        (1, "KOK", 360),
        (2, "FLEDDERUS", 251),
        (3, "JACKSON", 235),
        (4, "YOSHIDA", 235),
        (5, "LEERDAM", 219),
    ]


def test_after_the_meet(season: Season) -> None:
    assert [(name, points) for _, name, points in after(season, 14)[:5]] == [
        ("KOK", 360),
        ("YOSHIDA", 295),
        ("JACKSON", 256),
        ("LEE", 254),
        ("FLEDDERUS", 251),
    ]


def test_nobody_appears_twice_in_a_cup(season: Season) -> None:
    for gender, cups in ((Gender.WOMEN, "W500 WLONG WMS WTP"), (Gender.MEN, "M500 MLONG MMS MTP")):
        for cup in cups.split():
            of = Standings.of(cup, season.races(cup), season.people)
            who = [Who(row.competitor, gender) for row in (*of.rows, *of.others)]
            assert len(who) == len(set(who)) > 8
