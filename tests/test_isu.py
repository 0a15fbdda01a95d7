"""The wire: every kind of document, and what becomes of one that is not as it should be."""

from __future__ import annotations

import copy
import json
from collections.abc import Callable
from datetime import UTC, date, datetime
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from longtrack import isu
from longtrack.isu import Unreadable
from longtrack.model import (
    Armband,
    Conditions,
    Discipline,
    Distance,
    Entry,
    Gender,
    Lane,
    Skater,
    Status,
    Team,
)
from wire import DNF, DNS, DQ, WDR, WireMeet, encode

EVENING = datetime(2025, 12, 12, 17, 30, tzinfo=UTC)
W500 = Distance(Discipline.INDIVIDUAL, 500, 2)
W1000 = Distance(Discipline.INDIVIDUAL, 1000, 3)
Json = dict[str, Any]

json_values = st.recursive(
    st.none()
    | st.booleans()
    | st.integers()
    | st.floats(allow_nan=False, allow_infinity=False)
    | st.text(st.characters(exclude_categories=["Cs"])),
    lambda inner: (
        st.lists(inner, max_size=3)
        | st.dictionaries(st.sampled_from(["skater", "lastName", "id", "x"]), inner, max_size=3)
    ),
    max_leaves=6,
)


def row(number: int = 1, /, **changes: object) -> Json:
    """Return a finished start over 1000 m, with every key the feed has."""
    made: Json = {
        "id": 91_590 + number,
        "type": "ind",
        "competitor": {
            "number": 310 + number,
            "identifier": f"F{310 + number}",
            "skater": {
                "id": 2_760 + number,
                "firstName": "Fenna",
                "lastName": f"Family{number}",
                "country": "NED",
                "gender": "F",
            },
        },
        "startNumber": 7,
        "startLane": "O",
        "armband": "red",
        "rank": number,
        "status": 0,
        "time": "1:13.592",
        "timeBehind": "0.000",
        "reskate": 0,
        "medal": None,
        "isOfficial": True,
        "finishPhoto": None,
        "modified": "2026-01-03T22:17:22.827351Z",
        "laps": [
            {"number": 1, "time": "17.88", "passageTime": "17.881", "rank": 6},
            {"number": 2, "time": "26.68", "passageTime": "44.562", "rank": 1},
            {"number": 3, "time": "29.03", "passageTime": "1:13.592", "rank": 1},
        ],
    }
    return made | changes


def read(*rows: object, distance: Distance = W1000) -> isu.Results:
    return isu.read_results(encode(list(rows)), distance)


def read_one(distance: Distance = W1000, **changes: object) -> Entry:
    (entry,) = read(row(**changes), distance=distance).entries
    return entry


def competition(number: int = 1, /, **changes: object) -> Json:
    made: Json = {
        "scheduleNumber": number,
        "type": "ID",
        "title": "500m Women",
        "start": "2025-12-12T17:30:00Z",
        "distance": {"identifier": "ID_500", "distance": 500, "lapCount": 2, "type": "ID"},
        "number": None,
        "category": "F",
        "division": "A",
        "isLive": False,
        "isOfficial": False,
        "lastUpdate": "2025-12-12T18:01:02Z",
    }
    return made | changes


def read_competition(**changes: object) -> Any:
    (race,) = isu.read_competitions(encode([competition(**changes)]))
    return race


@pytest.fixture
def wire() -> WireMeet:
    return WireMeet(lambda: EVENING)


# --- starts ------------------------------------------------------------------------------------


def test_a_finished_start_is_read_whole() -> None:
    entry = read_one()
    assert entry.key == "91591"
    assert entry.competitor == Skater("Family1", "Fenna", "NED", Gender.WOMEN, "2761")
    assert (entry.status, entry.rank, entry.bib, entry.pair) == (Status.FINISHED, 1, 311, 7)
    assert (entry.lane, entry.armband) == (Lane.OUTER, Armband.RED)
    assert (entry.time_ms, entry.precision_ms, entry.reskate) == (73_592, 1, False)
    assert [(p.number, p.mark_m, p.time_ms, p.lap_ms, p.rank) for p in entry.passages] == [
        (1, 200, 17_881, 17_881, 6),
        (2, 600, 44_562, 26_681, 1),
        (3, 1000, 73_592, 29_030, 1),
    ]


def test_times_in_seconds_read_as_those_in_minutes() -> None:
    assert read_one(time="73.592").time_ms == 73_592


@pytest.mark.parametrize("wrap", [lambda rows: rows, lambda rows: {"count": 1, "results": rows}])
def test_a_list_may_be_bare_or_paginated(wrap: Callable[[object], object]) -> None:
    assert len(isu.read_results(encode(wrap([row()])), W1000).entries) == 1
    assert len(isu.read_competitions(encode(wrap([competition()])))) == 1
    assert isu.read_schedule(encode(wrap([{"links": [{"identifier": 1}]}]))).keys() == {1}
    assert isu.read_last_updates(encode(wrap([competition()]))) == {1: "2025-12-12T18:01:02Z"}


@pytest.mark.parametrize(
    ("code", "status"),
    [
        (0, Status.FINISHED),
        (DNS, Status.DNS),
        (DQ, Status.DQ),
        (DNF, Status.DNF),
        (WDR, Status.WDR),
        (9, Status.INVALID),
        (-1, Status.INVALID),
        ("2", Status.DQ),
    ],
)
def test_a_code_tells_the_status_and_an_unexplained_one_is_no_valid_result(
    code: object, status: Status
) -> None:
    assert read_one(status=code, rank=None).status is status


@pytest.mark.parametrize("code", [None, 0])
def test_a_start_without_laps_is_to_start(code: int | None) -> None:
    entry = read_one(status=code, laps=[], time=None, rank=None)
    assert entry.status is Status.TO_START
    assert entry.time_ms is None


def test_a_start_with_laps_and_no_status_is_on_the_ice() -> None:
    entry = read_one(status=None, laps=row()["laps"][:2], time=None, rank=None)
    assert entry.status is Status.ON_ICE
    assert len(entry.passages) == 2
    assert entry.time_ms is None


def test_a_time_on_the_way_is_no_finish() -> None:
    entry = read_one(status=None, laps=row()["laps"][:1], time="17.881", rank=1)
    assert entry.status is Status.ON_ICE
    assert entry.time_ms is None
    assert entry.rank is None


@pytest.mark.parametrize("unreadable", [[], "finished", {"code": 0}, True])
def test_a_start_whose_status_cannot_be_read_is_finished_when_all_the_rest_says_so(
    unreadable: object,
) -> None:
    assert read_one(status=unreadable).status is Status.FINISHED
    assert read_one(status=unreadable, rank=None).status is Status.ON_ICE


def test_official_on_a_row_means_nothing() -> None:
    waiting: Json = {"status": None, "laps": [], "time": None, "rank": None}
    assert read_one(**waiting, isOfficial=True) == read_one(**waiting, isOfficial=False)


def test_a_disqualified_skater_keeps_the_time_and_has_no_rank() -> None:
    entry = read_one(status=2, rank=None, time="1:15.855", laps=row()["laps"][:2])
    assert (entry.status, entry.rank, entry.time_ms) == (Status.DQ, None, 75_855)


def test_a_dnf_may_have_a_rank() -> None:
    assert read_one(status=3, rank=20, time=None, laps=[]).rank == 20


def test_a_finish_without_a_time_takes_it_from_the_last_mark() -> None:
    assert read_one(time=None).time_ms == 73_592


@pytest.mark.parametrize("granted", [1, "1", True, "true"])
def test_a_reskate_is_seen_and_the_first_time_is_kept_until_it_is_skated(granted: object) -> None:
    entry = read_one(reskate=granted, status=None, laps=[], rank=None)
    assert entry.awaits_reskate
    assert entry.time_ms == 73_592


@pytest.mark.parametrize("absent", [0, "0", False, None, "no", []])
def test_no_reskate_is_seen_where_none_was_granted(absent: object) -> None:
    entry = read_one(reskate=absent, status=None, laps=[], rank=None)
    assert not entry.reskate
    assert entry.time_ms is None


@pytest.mark.parametrize("rank", [0, -1, "first", 1.5, None])
def test_what_is_no_rank_is_an_unknown_one(rank: object) -> None:
    assert read_one(rank=rank).rank is None


@pytest.mark.parametrize(
    ("word", "lane"),
    [
        ("I", Lane.INNER),
        ("In", Lane.INNER),
        ("Finish", Lane.INNER),
        ("O", Lane.OUTER),
        ("Ou", Lane.OUTER),
        ("Crossing", Lane.OUTER),
        ("middle", None),
        (1, None),
    ],
)
def test_a_lane_is_read_in_every_word_the_sheets_have(word: object, lane: Lane | None) -> None:
    assert read_one(startLane=word).lane is lane


def test_an_armband_follows_from_the_lane_where_it_is_not_told() -> None:
    assert read_one(armband=None, startLane="I").armband is Armband.WHITE
    assert read_one(armband="green", startLane="O").armband is Armband.RED
    assert read_one(armband="YELLOW", startLane="I").armband is Armband.YELLOW
    assert read_one(armband=None, startLane=None).armband is None


def test_remarks_and_modelled_passages_of_a_laid_out_tape_are_read() -> None:
    laps = [{"number": 1, "passageTime": "17.881", "modelled": True}]
    entry = read_one(laps=laps, status=2, rank=None, remarks=["T09", None, "", 7, "F"])
    assert entry.remarks == ("T09", "F")
    assert entry.passages[0].modelled
    assert not read_one().passages[0].modelled


def test_a_start_list_without_results_is_read(wire: WireMeet) -> None:
    race = wire.add_race(begin=EVENING, starters=4)
    body = wire.documents()[isu.start_list_path(wire.event_id, 1)]
    entries = isu.read_results(body, W500).entries
    assert [entry.key for entry in entries] == [str(each.id) for each in race.rows]
    assert {entry.status for entry in entries} == {Status.TO_START}
    assert [entry.pair for entry in entries] == [1, 1, 2, 2]


def test_a_start_list_may_lack_ids_and_wrap_its_people() -> None:
    bare = {"skater": {"id": 5, "lastName": "Kok", "firstName": "Femke", "country": "NED"}}
    wrapped = {"competitor": {"skater": {"lastName": "Kok"}}}
    entries = read(bare, wrapped, {}, None).entries
    assert [entry.competitor for entry in entries] == [
        Skater("Kok", "Femke", "NED", None, "5"),
        Skater("Kok", "", ""),
    ]
    assert len({entry.key for entry in entries}) == 2


# --- teams and the mass start ------------------------------------------------------------------


def test_a_teams_row_has_its_country_and_laps(wire: WireMeet) -> None:
    wire.add_race(begin=EVENING, kind="TP", starters=2)
    wire.finish(1, 0, 180_000)
    body = wire.documents()[isu.results_path(wire.event_id, 1)]
    (race,) = isu.read_competitions(encode([wire.competition(wire.races[1])]))
    first, second = isu.read_results(body, race.distance).entries
    assert isinstance(first.competitor, Team)
    assert first.competitor.noc == wire.races[1].rows[0].noc
    assert [p.mark_m for p in first.passages] == [400, 800, 1200, 1600, 2000, 2400]
    assert (first.time_ms, first.status, second.status) == (
        180_000,
        Status.FINISHED,
        Status.TO_START,
    )


def test_a_team_without_a_name_is_called_by_its_country_and_may_stand_in_the_competitor() -> None:
    assert read_one(team={"country": "NED"}).competitor == Team("NED", "NED")
    nested = {"team": {"name": "Nederland", "country": "NED", "gender": "F"}}
    assert read_one(competitor=nested).competitor == Team("Nederland", "NED", Gender.WOMEN)


def test_a_mass_start_has_sprint_points_by_lap(wire: WireMeet) -> None:
    wire.add_race(begin=EVENING, kind="MS", metres=None, starters=3)
    wire.hold(1)
    (race,) = isu.read_competitions(encode([wire.competition(wire.races[1])]))
    body = wire.documents()[isu.results_path(wire.event_id, 1)]
    winner = isu.read_results(body, race.distance).entries[0]
    assert winner.pair is None
    assert winner.passages[-1].sprint_points == 60
    assert winner.passages[0].sprint_points == 0
    assert winner.passages[-1].number == race.distance.laps == 16


# --- laps --------------------------------------------------------------------------------------


def test_a_lap_without_a_passage_is_added_up_and_known_to_the_hundredth() -> None:
    laps = [{"number": 1, "time": "17.88"}, {"number": 2, "time": "26.68"}]
    first, second = read_one(laps=laps, status=None, time=None, rank=None).passages
    assert (first.time_ms, first.precision_ms) == (17_880, 10)
    assert (second.time_ms, second.precision_ms) == (44_560, 10)


def test_a_lap_after_a_missing_mark_has_the_feeds_lap_time_or_none() -> None:
    laps = [
        {"number": 2, "time": "26.68", "passageTime": "44.562"},
        {"number": 3, "passageTime": "1:13.592"},
    ]
    second, third = read_one(laps=laps).passages
    assert (second.mark_m, second.lap_ms) == (600, 26_680)
    assert third.lap_ms == 29_030
    (alone,) = read_one(laps=laps[1:]).passages
    assert alone.lap_ms is None


def test_a_mark_passed_before_the_one_before_it_has_no_lap_time() -> None:
    laps = [{"number": 1, "passageTime": "17.881"}, {"number": 2, "passageTime": "4.562"}]
    assert [p.lap_ms for p in read_one(laps=laps).passages] == [17_881, None]


def test_laps_come_in_the_order_of_their_marks_and_beyond_the_finish_there_are_none() -> None:
    laps = [
        {"number": 3, "passageTime": "1:13.592"},
        "garbage",
        {"number": 1, "passageTime": "17.881"},
        {"number": 4, "passageTime": "1:40.000"},
        {"number": -1, "passageTime": "5.000"},
        {"number": 2, "passageTime": "DNF"},
    ]
    assert [p.number for p in read_one(laps=laps).passages] == [1, 3]


@pytest.mark.parametrize("laps", [None, {}, "laps", 3, [None, 5]])
def test_laps_that_cannot_be_read_are_none(laps: object) -> None:
    entry = read_one(laps=laps)
    assert entry.passages == ()
    assert entry.time_ms == 73_592


# --- rows that are not as they should be -------------------------------------------------------


def test_a_row_that_names_nobody_is_dropped_and_counted() -> None:
    nobody = row(2, competitor={"number": 312, "skater": {"id": 2762, "lastName": ""}})
    results = read(row(1), nobody, row(3), {}, None, "row")
    assert [entry.key for entry in results.entries] == ["91591", "91593"]
    assert results.dropped == 4
    assert results.dropped_keys == ("91592",)


def test_a_person_with_one_name_only_is_somebody() -> None:
    assert read_one(competitor={"skater": {"firstName": "Madonna"}}).competitor == Skater(
        "Madonna", "", ""
    )


def test_a_row_that_comes_twice_is_shown_once() -> None:
    assert len(read(row(1), row(1)).entries) == 1


def test_two_people_with_one_id_are_both_shown_under_keys_that_do_not_depend_on_order() -> None:
    first, second, third = row(1), row(2, id=91_591), row(3, id=91_591)
    entries = read(first, second, third).entries
    assert [entry.competitor.family for entry in entries if isinstance(entry.competitor, Skater)]
    assert len(entries) == 3
    assert len({entry.key for entry in entries}) == 3
    again = {entry.competitor: entry.key for entry in read(first, third, second).entries}
    assert again == {entry.competitor: entry.key for entry in entries}


def places(data: object, at: tuple[str | int, ...] = ()) -> list[tuple[str | int, ...]]:
    """Return the path of every value inside a document."""
    found: list[tuple[str | int, ...]] = []
    pairs: list[tuple[str | int, object]] = []
    if isinstance(data, dict):
        pairs = list(data.items())
    elif isinstance(data, list):
        pairs = list(enumerate(data))
    for key, value in pairs:
        found += [(*at, key), *places(value, (*at, key))]
    return found


def spoilt(data: Any, place: tuple[str | int, ...], value: object) -> Any:
    """Return a copy of a document with another value at a place; `...` removes it."""
    made = copy.deepcopy(data)
    inner = made
    for key in place[:-1]:
        inner = inner[key]
    if value is ...:
        del inner[place[-1]]
    else:
        inner[place[-1]] = value
    return made


@given(st.sampled_from(places(row())), json_values | st.just(...))
def test_any_value_in_any_field_of_a_row_spoils_no_other_row(
    place: tuple[str | int, ...], value: object
) -> None:
    results = read(row(1), spoilt(row(2), place, value), row(3))
    others = {entry.key: entry for entry in results.entries if entry.key in ("91591", "91593")}
    assert tuple(others.values()) == read(row(1), row(3)).entries
    assert len(results.entries) + results.dropped == 3
    if place[0] != "competitor":
        assert results.dropped == 0


@given(st.sampled_from(places(competition())), json_values | st.just(...))
def test_any_value_in_any_field_of_a_race_spoils_no_other_race(
    place: tuple[str | int, ...], value: object
) -> None:
    rows = [competition(1), spoilt(competition(2), place, value), competition(3)]
    races = {race.number: race for race in isu.read_competitions(encode(rows))}
    if place != ("scheduleNumber",):
        assert races.keys() == {1, 2, 3}
        assert races[2].code
        assert 0 < len(races[2].distance.marks) <= 125
        assert races[1].code == races[3].code == "W500"
    isu.read_last_updates(encode(rows))


@given(json_values)
def test_any_value_in_place_of_a_whole_row_spoils_no_other_row(value: object) -> None:
    results = read(row(1), value, row(3))
    assert {"91591", "91593"} <= {entry.key for entry in results.entries}
    assert len(isu.read_competitions(encode([competition(1), value]))) == 1
    isu.read_schedule(encode([value, {"links": [value]}, {"links": value}]))
    isu.read_events(encode([value, {"track": value, "isuId": "2026_NOR_0001", "tags": value}]))
    isu.read_conditions(encode({"conditions": [value]}))
    isu.stamps([value])


@given(json_values)
def test_any_document_is_read_or_called_unreadable(value: object) -> None:
    body = encode(value)
    readers: list[Callable[[bytes], object]] = [
        isu.read_events,
        isu.read_event,
        isu.is_modelled,
        isu.read_schedule,
        isu.read_competitions,
        isu.read_last_updates,
        isu.read_conditions,
        lambda each: isu.read_results(each, W500),
    ]
    for reader in readers:
        try:
            reader(body)
        except Unreadable:
            assert not isinstance(value, list) or reader in (
                isu.read_event,
                isu.is_modelled,
                isu.read_conditions,
            )


def test_more_keys_than_known_are_passed_over() -> None:
    assert read(row(1, newKey={"deep": [1, 2]}), row(2)).entries == read(row(1), row(2)).entries


# --- text on its way to a screen ---------------------------------------------------------------


def test_names_lose_escapes_overrides_and_newlines_and_keep_brackets() -> None:
    skater = {
        "id": 1,
        "firstName": "[link=x]Fem\u200bke\r\n[/]",
        "lastName": "\x1b[31m\u202eKok\u2066",
        "country": "n\x07ed\n",
    }
    competitor = read_one(competitor={"skater": skater}).competitor
    assert competitor == Skater("[31mKok", "[link=x]Femke [/]", "NED", None, "1")


def test_a_name_of_nothing_but_invisible_characters_names_nobody() -> None:
    skater = {"firstName": "\u200b\u202e", "lastName": "\x00\x1b"}
    assert read(row(competitor={"skater": skater})).dropped == 1


def test_the_letters_of_real_names_are_kept(wire: WireMeet) -> None:
    race = wire.add_race(begin=EVENING, starters=24)
    body = wire.documents()[isu.results_path(wire.event_id, 1)]
    names = [
        (entry.competitor.given, entry.competitor.family)
        for entry in isu.read_results(body, W500).entries
        if isinstance(entry.competitor, Skater)
    ]
    assert names == [(each.given, each.family) for each in race.rows]


# --- races -------------------------------------------------------------------------------------


def test_a_race_of_the_list_is_read_whole() -> None:
    race = read_competition(isLive=True)
    assert (race.number, race.code, race.title) == (1, "W500", "500m Women")
    assert race.start == race.planned == EVENING
    assert race.updated == datetime(2025, 12, 12, 18, 1, 2, tzinfo=UTC)
    assert (race.live, race.official, race.entries_known) == (True, False, False)


@pytest.mark.parametrize(
    ("changes", "code"),
    [
        ({"title": "1st 500m Women", "number": 1}, "W500"),
        ({"title": "2nd 500m Women", "number": 2}, "W500-2"),
        ({"title": "2nd 500m Women", "number": None}, "W500-2"),
        ({"division": "B"}, "W500B"),
        ({"division": "", "title": "500m Women Division B"}, "W500B"),
        ({"division": None}, "W500"),
        ({"category": "M", "title": "500m Men"}, "M500"),
        ({"category": "", "title": "500m Men"}, "M500"),
        ({"category": None, "title": "500m Women"}, "W500"),
        ({"category": "", "title": "500m Ladies"}, "W500"),
        ({"distance": {"identifier": "ID_3000"}}, "W3000"),
        ({"distance": None, "title": "10000m Men", "category": "M"}, "M10000"),
        ({"distance": {"distance": "1500"}}, "W1500"),
        ({"distance": {"distance": -5}, "title": "500m Women"}, "W500"),
        ({"type": "MS", "title": "Mass Start Women"}, "WMS"),
        ({"type": "ID", "title": "Mass Start Men", "category": "M"}, "MMS"),
        ({"type": "TEAM", "title": "Team Pursuit Women"}, "WTP"),
        ({"type": "TP", "title": "Achtervolging", "category": "M"}, "MTP"),
        ({"type": "?", "title": "Team Sprint Women"}, "WTS"),
        ({"type": "MR", "title": "Mixed Relay", "category": "X"}, "XMR"),
        ({"type": None, "title": "x", "distance": {"identifier": "MS_16_LAPS"}}, "WMS"),
    ],
)
def test_the_code_of_a_race_is_read_off_fields_and_title(changes: Json, code: str) -> None:
    assert read_competition(**changes).code == code


@pytest.mark.parametrize("metres", [500, 1000, 1500, 3000, 5000, 10_000])
@pytest.mark.parametrize("laps", [None, 1, -3, 2**30, "many"])
def test_the_marks_of_an_individual_distance_follow_from_its_metres(
    metres: int, laps: object
) -> None:
    race = read_competition(distance={"distance": metres, "lapCount": laps})
    assert race.distance.marks[-1] == metres
    assert race.distance.laps == {500: 2, 1000: 3, 1500: 4, 3000: 8, 5000: 13, 10_000: 25}[metres]


@pytest.mark.parametrize("laps", [0, -5, 101, 2**30, None, "x"])
def test_an_absurd_number_of_laps_is_the_usual_one(laps: object) -> None:
    for kind, gender, usual in (("MS", "F", 16), ("TP", "M", 8), ("TP", "F", 6), ("TS", "F", 3)):
        race = read_competition(type=kind, title="", category=gender, distance={"lapCount": laps})
        assert race.distance.laps == usual


@pytest.mark.parametrize("distance", [None, {"lapCount": -3}, {"lapCount": 2**30}, {"distance": 0}])
def test_a_distance_nobody_can_tell_still_has_a_finish(distance: object) -> None:
    race = read_competition(title="Skating", distance=distance)
    assert len(race.distance.marks) == 1
    assert read_competition(title="000m", distance={"identifier": "ID_000"}).distance.marks


@pytest.mark.parametrize("number", [None, 0, -1, 1000, "one", True, [], 1.5])
def test_a_race_without_a_number_is_left_out(number: object) -> None:
    races = isu.read_competitions(encode([competition(scheduleNumber=number), competition(2)]))
    assert [race.number for race in races] == [2]


def test_races_come_in_the_order_of_their_numbers() -> None:
    races = isu.read_competitions(encode([competition(n) for n in (3, 1, 2)]))
    assert [race.number for race in races] == [1, 2, 3]


def test_the_programme_is_keyed_by_schedule_number_and_any_link_may_be_live(
    wire: WireMeet,
) -> None:
    wire.add_race(begin=EVENING, number=7)
    wire.add_race(begin=EVENING, number=9, published=False)
    wire.start(7)
    slots = isu.read_schedule(wire.documents()[isu.schedule_path(wire.event_id)])
    assert slots == {
        7: isu.Slot(EVENING, live=True, published=True),
        9: isu.Slot(EVENING, live=False, published=False),
    }


def test_a_link_of_an_unknown_type_is_a_link() -> None:
    item = {
        "id": 5242,
        "start": None,
        "links": [{"type": "world-cup", "identifier": "4", "isLive": True}, {"identifier": None}],
    }
    assert isu.read_schedule(encode([item])) == {4: isu.Slot(None, live=True, published=False)}


def test_the_conditions_at_the_end_count_more_than_those_at_the_start() -> None:
    start = {"occasion": "start", "iceTemperature": -10.4, "airTemperature": 3, "humidity": 60.0}
    end = {"occasion": "end", "iceTemperature": "-8,5", "airTemperature": None}
    body = encode({"conditions": [end, start]})
    assert isu.read_conditions(body) == Conditions(ice_c=-8.5)
    assert isu.read_conditions(encode({"conditions": [start]})) == Conditions(-10.4, 3.0, 60.0)
    assert isu.read_conditions(encode({"conditions": None})) is None
    assert isu.read_conditions(b"{}") is None


# --- events ------------------------------------------------------------------------------------


def test_an_event_is_read_whole(wire: WireMeet) -> None:
    event = isu.read_event(encode(wire.event()))
    assert (event.id, event.season, event.country) == ("2026_NOR_0001", 2026, "NOR")
    assert (event.city, event.venue, event.zone.key) == ("Oslo", "Fjordhallen", "Europe/Oslo")
    assert (event.start, event.end) == (date(2025, 12, 12), date(2025, 12, 14))
    assert event.is_world_cup
    assert not event.cancelled


def test_an_event_with_nothing_but_its_id_is_an_event() -> None:
    event = isu.read_event(b'{"isuId": "2026_NOR_0001", "track": null, "tags": null}')
    assert (event.name, event.season, event.zone.key) == ("2026_NOR_0001", 2026, "UTC")


@pytest.mark.parametrize(
    "event_id", [None, "", "240", "2026_NOR", "../../etc", "2026_NOR_1/../x", "2026_nor_0001", 5]
)
def test_what_has_no_events_id_is_no_event(event_id: object) -> None:
    with pytest.raises(Unreadable, match="does not name an event"):
        isu.read_event(encode({"isuId": event_id}))
    assert isu.read_events(encode([{"isuId": event_id}])).events == ()


@pytest.mark.parametrize(
    ("following", "query"),
    [
        ("https://api.isuresults.eu/events/?page=2&season=2026", "page=2&season=2026"),
        ("https://evil.example/steal/?page=2&season=2026#x", "page=2&season=2026"),
        ("file:///etc/passwd?page=2", "page=2"),
        ("https://api.isuresults.eu/events/", None),
        ("?page=2\r\nHost: evil.example", None),
        ("?page=2/../../x", None),
        ("?" + "p" * 500, None),
        ("?", None),
        (None, None),
        (2, None),
    ],
)
def test_of_the_next_page_only_the_query_is_used(following: object, query: str | None) -> None:
    page = isu.read_events(encode({"count": 0, "next": following, "results": []}))
    assert page.next_query == query


def test_a_meet_says_whether_its_passages_are_modelled() -> None:
    assert isu.is_modelled(b'{"modelled": true}')
    assert not isu.is_modelled(b'{"modelled": 1}')
    assert not isu.is_modelled(b"{}")


# --- bodies ------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("body", "words"),
    [
        (b"", "is empty"),
        (b" \r\n ", "is empty"),
        (b"<!DOCTYPE html><html></html>", "a web page"),
        (b"\n  <html lang=en>", "a web page"),
        (b"<?xml version='1.0'?>", "a web page"),
        (encode([row(1), row(2)])[:700], "broken off or garbled"),
        (encode([row(1)]) + b"]", "broken off or garbled"),
        (b'[{"id": 1} {"id": 2}]', "broken off or garbled"),
        (b"[NaN]", "broken off or garbled"),
        (b"[1e999]", "broken off or garbled"),
        (b"[" + b"9" * 5_000 + b"]", "broken off or garbled"),
        (b'["\xff\xfe"]', "broken off or garbled"),
        (b"[" * 100_000 + b"]" * 100_000, "broken off or garbled"),
        (b"\xef\xbb\xbf[]", "not data"),
        (b"\x1f\x8b\x08\x00\x00\x00", "not data"),
        (b"Service Unavailable", "not data"),
    ],
)
def test_a_body_that_is_no_data_is_unreadable_with_a_sentence(body: bytes, words: str) -> None:
    with pytest.raises(Unreadable, match=words):
        isu.parse(body, isu.results_path("2026_NOR_0001", 1))
    with pytest.raises(Unreadable, match=words):
        isu.read_results(body, W500)


def test_a_number_too_large_to_be_meant_is_unknown() -> None:
    huge = int("9" * 40)
    entry = read_one(id=huge, rank=huge, time=huge, startNumber=huge, laps=[], status=None)
    assert (entry.rank, entry.time_ms, entry.pair) == (None, None, None)
    assert entry.key == "s2761"


EVENT = "2026_NOR_0001"


@pytest.mark.parametrize(
    ("path", "body"),
    [
        (isu.results_path(EVENT, 1), b'{"detail": "Not found."}'),
        (isu.start_list_path(EVENT, 1), b"{}"),
        (isu.schedule_path(EVENT), b'"soon"'),
        (isu.competitions_path(EVENT), b'{"results": {}}'),
        (isu.competitions_path(EVENT), b"null"),
        (isu.events_path(2026), b"{}"),
        (isu.events_path(2026, 2), b"17"),
        (isu.event_path(EVENT), b"[]"),
        (isu.event_path(EVENT), b'{"detail": "Request was throttled."}'),
        (isu.competition_path(EVENT, 1), b"[]"),
        (isu.competition_path(EVENT, 1), b"true"),
        ("skaters/", b"5"),
    ],
)
def test_a_document_of_another_kind_than_its_path_stands_for_is_unreadable(
    path: str, body: bytes
) -> None:
    with pytest.raises(Unreadable):
        isu.parse(body, path)


def test_every_document_of_a_meet_is_of_the_kind_its_path_stands_for(wire: WireMeet) -> None:
    wire.add_race(begin=EVENING)
    wire.hold(1)
    for path, body in wire.documents().items():
        assert isu.parse(body, path) == json.loads(body)


def test_an_empty_list_is_told_from_one_with_rows() -> None:
    assert isu.is_empty_list(b" [ ] ")
    assert isu.is_empty_list(b'{"count": 0, "next": null, "previous": null, "results": []}')
    assert not isu.is_empty_list(encode([row()]))
    assert not isu.is_empty_list(b"{}")


# --- what tells two answers apart --------------------------------------------------------------


def test_what_the_feed_rewrites_at_every_push_is_not_the_substance() -> None:
    before, after = competition(modified="1"), competition(modified="2", lastUpdate="3")
    assert isu.substance([before]) == isu.substance([after])
    assert isu.substance([row()]) != isu.substance([row(rank=2)])
    nested = row()
    nested["competitor"]["skater"]["modified"] = "2026"
    assert isu.substance([nested]) == isu.substance([row()])


def test_stamps_compare_with_and_without_fractions_of_a_second() -> None:
    earlier = isu.stamps([{"id": 1, "modified": "2022-01-28T09:45:16Z"}])["1"]
    later = isu.stamps([{"id": 1, "modified": "2022-01-28T09:45:16.488787Z"}])["1"]
    latest = isu.stamps([{"id": 1, "lastUpdate": "2022-01-28T09:45:17Z"}])["1"]
    assert earlier < later < latest


def test_rows_are_stamped_by_id_by_number_or_by_place_also_on_a_page() -> None:
    rows = [
        {"id": 5, "modified": "a"},
        {"scheduleNumber": 7, "lastUpdate": "b"},
        {"modified": "c"},
        {"id": 8, "modified": 3},
        None,
    ]
    assert isu.stamps(rows) == {"5": "a", "7": "b", "2": "c"}
    assert isu.stamps({"count": 5, "results": rows}) == isu.stamps(rows)
    assert isu.stamps({"id": 9, "modified": "d"}) == {"9": "d"}
