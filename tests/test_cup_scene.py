"""What the standings screen shows, put together from the season and the meet that is followed."""

from __future__ import annotations

import pytest
from msgspec import structs
from msgspec.structs import replace

from cups import AFTER, cup_at, key_of, meet_at
from longtrack.model import Event, Meet
from longtrack.quota import RACES
from longtrack.season import CUPS, Season
from longtrack.standings import Standing
from longtrack.tape import Tape
from meets import bundled_season, rink_time
from rinkside.cup_scene import (
    Cup,
    CupReader,
    View,
    races_with_quota,
    season_at,
    standings_at,
)

CALGARY = rink_time("12 00:00") - 19 * 86_400_000
"""Late on Saturday 22 November, between the two 500 m in Calgary."""


def row(cup: Cup, family: str) -> Standing:
    return cup.now.by_key[key_of(cup, family)]


def points(cup: Cup, *families: str) -> list[int]:
    return [row(cup, family).points for family in families]


def test_after_the_meet_it_is_the_official_standing(bundled_tape: Tape) -> None:
    cup = cup_at(bundled_tape)
    top = [(each.rank, each.competitor.noc, each.points) for each in cup.now.rows[:5]]
    assert top == [
        (1, "NED", 360),
        (2, "JPN", 295),
        (3, "USA", 256),
        (4, "KOR", 254),
        (5, "NED", 251),
    ]
    assert cup.now == cup.earlier
    assert cup.after == "after Hamar"


def test_before_the_meet_only_the_others_count(bundled_tape: Tape) -> None:
    cup = cup_at(bundled_tape, "12 08:00")
    assert points(cup, "KOK", "LEERDAM", "FLEDDERUS") == [300, 219, 215]
    assert cup.now.columns[-1].city == "Heerenveen"
    assert cup.after == "after Heerenveen"


def test_no_other_meet_counts_beyond_the_playhead(bundled_tape: Tape) -> None:
    meet = meet_at(bundled_tape, "12 08:00")
    cup = CupReader(bundled_season()).cup(meet, CALGARY, View("W500"))
    assert [column.city for column in cup.now.columns] == ["Salt Lake City"] * 2 + ["Calgary"]
    assert points(cup, "KOK") == [180]
    assert cup.after == "during Calgary"


def test_moves_are_counted_from_before_the_meet(bundled_tape: Tape) -> None:
    cup = cup_at(bundled_tape)
    moved = {name: cup.moved(row(cup, name)) for name in ("KOK", "LEE", "LEERDAM", "ZIOMEK-NOGAL")}
    assert moved == {"KOK": 0, "LEE": 3, "LEERDAM": -11, "ZIOMEK-NOGAL": 11}


def test_who_had_no_points_before_is_new(bundled_tape: Tape) -> None:
    cup = cup_at(bundled_tape)
    assert cup.moved(row(cup, "SCHULTING")) is None


def test_at_the_first_meet_nobody_is_new(bundled_tape: Tape) -> None:
    hamar = replace(bundled_season(), meets=bundled_season().meets[-1:])
    cup = CupReader(hamar).cup(meet_at(bundled_tape), rink_time(AFTER), View("W500"))
    assert {cup.moved(each) for each in cup.now.rows} == {0}


def test_who_is_still_to_skate_keeps_the_rank_from_before(bundled_tape: Tape) -> None:
    cup = cup_at(bundled_tape, "12 19:38")
    fledderus, lee = row(cup, "FLEDDERUS"), row(cup, "LEE")
    assert cup.is_to_skate(fledderus.key)
    assert (fledderus.rank, cup.shown_rank(fledderus), cup.moved(fledderus)) == (4, 3, 0)
    assert not cup.is_to_skate(lee.key)
    assert (cup.shown_rank(lee), cup.moved(lee)) == (5, 2)


def test_it_says_how_many_are_in(bundled_tape: Tape) -> None:
    counting = cup_at(bundled_tape, "12 19:38").counting
    assert counting is not None
    assert (counting.finished, counting.starters) == (16, 20)
    assert cup_at(bundled_tape, "12 20:30").counting is None


def test_between_the_divisions_those_of_a_still_have_the_day_before_them(
    bundled_tape: Tape,
) -> None:
    cup = cup_at(bundled_tape, "12 18:20")
    kok, kim = row(cup, "KOK"), row(cup, "LEERDAM")
    assert cup.counting is None
    assert cup.is_to_skate(kok.key)
    assert not cup.is_to_skate(kim.key)
    hamar = cup.now.columns[-1]
    assert hamar.city == "Hamar"
    assert cup.may_score(kok.key, hamar)
    assert not cup.may_score(kim.key, hamar)


def test_where_no_start_list_is_known_anybody_may_score(bundled_tape: Tape) -> None:
    meet = meet_at(bundled_tape, "12 18:20")
    races = tuple(
        replace(race, entries=(), entries_known=False) if race.code == "W500" else race
        for race in meet.races
    )
    cup = CupReader(bundled_season()).cup(
        Meet(meet.event, races), rink_time("12 18:20"), View("W500")
    )
    assert cup.may_score(row(cup, "LEERDAM").key, cup.now.columns[-1])
    assert not cup.may_score(row(cup, "LEERDAM").key, cup.now.columns[0])


def test_the_next_days_race_keeps_nobody_waiting(bundled_tape: Tape) -> None:
    cup = cup_at(bundled_tape, "13 12:00")
    assert not any(cup.is_to_skate(each.key) for each in cup.now.rows)


def test_the_meet_alone(bundled_tape: Tape) -> None:
    cup = cup_at(bundled_tape, alone=True)
    assert [column.city for column in cup.now.columns] == ["Hamar", "Hamar"]
    assert points(cup, "YOSHIDA", "ZIOMEK-NOGAL", "KOK") == [108, 108, 60]
    assert {cup.moved(each) for each in cup.now.rows} == {0}


def test_a_meet_known_by_another_id_is_not_counted_twice(bundled_tape: Tape) -> None:
    meet = meet_at(bundled_tape)
    other = Meet(replace(meet.event, id="2026_NOR_0009"), meet.races)
    cup = CupReader(bundled_season()).cup(other, rink_time(AFTER), View("W500"))
    assert points(cup, "KOK", "LEE") == [360, 254]
    assert len(cup.now.columns) == 7


def test_a_meet_that_is_no_world_cup_has_no_part_in_it(bundled_tape: Tape) -> None:
    event = Event("2026_NOR_0002", "Norwegian Championships", city="Hamar", season=2026)
    meet = Meet(event, meet_at(bundled_tape).races)
    cup = CupReader(bundled_season()).cup(meet, rink_time(AFTER), View("W500", alone=True))
    assert points(cup, "KOK", "LEE") == [360, 254]
    assert cup.meet_city == ""
    assert {cup.moved(each) for each in cup.now.rows} == {0}


def test_races_nobody_has_the_result_of_are_named(bundled_tape: Tape) -> None:
    assert cup_at(bundled_tape, code="MTP").missing == ("Hamar MTPB",)
    assert cup_at(bundled_tape, code="WTP").missing == ()


def test_missing_races_of_other_meets_are_named_once_they_were_held(bundled_tape: Tape) -> None:
    season = bundled_season()
    calgary = season.meets[1]
    lost = next(race for race in calgary.held if race.code == "W500")
    meets = (
        season.meets[0],
        structs.replace(
            calgary,
            held=tuple(race for race in calgary.held if race is not lost),
            missing=(structs.replace(lost, results=()),),
        ),
        *season.meets[2:],
    )
    reader = CupReader(Season(2026, meets))
    meet = meet_at(bundled_tape)
    assert reader.cup(meet, rink_time(AFTER), View("W500")).missing == ("Calgary W500",)
    assert reader.cup(meet, rink_time(AFTER), View("W500", alone=True)).missing == ()
    assert reader.cup(meet, CALGARY - 86_400_000, View("W500")).missing == ()


def test_a_result_the_meet_lacks_is_taken_from_the_season(bundled_tape: Tape) -> None:
    meet = meet_at(bundled_tape)
    races = tuple(
        replace(race, entries=(), entries_known=False) if race.code == "W500-2" else race
        for race in meet.races
    )
    hamar = Meet(replace(meet.event, id="2026_NOR_0009"), races)
    now, _ = standings_at(bundled_season(), hamar, rink_time(AFTER), "W500")
    assert now.rows[1].points == 295
    assert len(now.columns) == 7


def test_a_season_without_tables_says_whose_it_uses(bundled_tape: Tape) -> None:
    season = replace(bundled_season(), year=2027)
    meet = meet_at(bundled_tape)
    meet = Meet(replace(meet.event, season=2027), meet.races)
    cup = CupReader(season).cup(meet, rink_time(AFTER), View("W500"))
    assert (cup.year, cup.scale_year) == (2027, 2026)


# --- the season for the places at the Games -------------------------------------------------------


@pytest.mark.parametrize(
    ("cup", "races"),
    [
        ("W500", ("W500",)),
        ("WLONG", ("W3000", "W5000")),
        ("MLONG", ("M5000", "M10000")),
        ("MMS", ("MMS",)),
        ("WTP", ("WTP",)),
    ],
)
def test_which_races_of_a_cup_have_places(cup: str, races: tuple[str, ...]) -> None:
    assert races_with_quota(bundled_season(), cup) == races
    assert races_with_quota(replace(bundled_season(), year=2027), cup) == ()


def test_every_race_with_places_is_in_one_cup() -> None:
    found = [code for cup in CUPS for code in races_with_quota(bundled_season(), cup)]
    assert sorted(found) == sorted(RACES)


def test_the_season_has_the_meet_as_the_playhead_has_it(bundled_tape: Tape) -> None:
    elsewhere = replace(bundled_season(), meets=bundled_season().meets[:-1])

    def held(clock: str) -> list[str]:
        at = rink_time(clock)
        season = season_at(elsewhere, meet_at(bundled_tape, clock), at)
        return [race.code for race in season.races("W500") if race.city == "Hamar"]

    assert held("12 08:00") == []
    assert held("12 19:38") == ["W500B"]
    assert held("12 21:30") == ["W500B", "W500"]
    assert sorted(held(AFTER)) == ["W500", "W500-2", "W500-2B", "W500B"]


def test_the_followed_meet_is_in_the_season_once(bundled_tape: Tape) -> None:
    season = season_at(bundled_season(), meet_at(bundled_tape), rink_time(AFTER))
    cities = [meet.city for meet in season.meets]
    assert cities == ["Salt Lake City", "Calgary", "Heerenveen", "Hamar"]
    assert len(season.races("W500")) == 14


def test_a_meet_of_another_kind_is_left_out_of_the_season(bundled_tape: Tape) -> None:
    event = Event("2026_NOR_0002", "Norwegian Championships", city="Oslo", season=2026)
    season = season_at(bundled_season(), Meet(event), rink_time(AFTER))
    assert [meet.city for meet in season.meets] == [
        "Salt Lake City",
        "Calgary",
        "Heerenveen",
        "Hamar",
    ]
