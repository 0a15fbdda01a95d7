"""The bundled meets: their facts, and the evening in Hamar they are laid out as."""

from __future__ import annotations

import hashlib
from collections import Counter
from collections.abc import Callable, Iterator, Mapping
from datetime import datetime
from difflib import SequenceMatcher
from itertools import combinations
from pathlib import Path

import pytest

from longtrack import bundled, isu
from longtrack.bundled import (
    CONTENT,
    DEMO_ID,
    MEETS,
    bundled_events,
    held_meet,
    open_bundled,
)
from longtrack.model import Discipline, Entry, Lane, Meet, Passage, Race, Skater, Stage, Status
from longtrack.names import full_name, plain
from longtrack.points import scale_of
from longtrack.state import TapeReader
from longtrack.tape import Tape
from longtrack.times import show_time

SALT_LAKE_CITY, CALGARY, HEERENVEEN, HAMAR = MEETS
"""The ids of the meets, in the order they were held."""


@pytest.fixture(scope="module")
def tape() -> Iterator[Tape]:
    laid = open_bundled(DEMO_ID, None)
    yield laid
    laid.close()


@pytest.fixture(scope="module")
def at(tape: Tape) -> Callable[[str], Meet]:
    """Return the meet at a time of the rink's clock, such as ``12 19:41:45``."""
    reader = TapeReader(tape, DEMO_ID)

    def read(clock: str) -> Meet:
        moment = datetime.fromisoformat(f"2025-12-{clock}+01:00")
        return reader.meet(round(moment.timestamp() * 1000))

    return read


@pytest.fixture(scope="module")
def final(at: Callable[[str], Meet]) -> Meet:
    return at("15 00:00")


@pytest.fixture(scope="module")
def tapes() -> Iterator[Mapping[str, Tape]]:
    laid = {event_id: open_bundled(event_id, None) for event_id in MEETS}
    yield laid
    for each in laid.values():
        each.close()


@pytest.fixture(scope="module")
def season(tapes: Mapping[str, Tape]) -> Mapping[str, Meet]:
    """Every meet as it stands at its end."""
    return {event_id: TapeReader(laid, event_id).meet(1 << 50) for event_id, laid in tapes.items()}


def race_of(meet: Meet, code: str) -> Race:
    race = meet.race(code)
    assert race is not None
    return race


def family(entry: Entry) -> str:
    who = entry.competitor
    return who.family if isinstance(who, Skater) else who.name


def find(race: Race, name: str) -> Entry:
    return next(entry for entry in race.entries if family(entry) == name)


def printed(entry: Entry, race: Race) -> str:
    """Return a time as the sheet prints it, the thousandth where it decided."""
    if entry.time_ms is None:
        return entry.status.value.upper()
    digit = f"({entry.time_ms % 10})" if entry.key in race.splits_hundredths else ""
    return show_time(entry.time_ms) + digit


# --- facts ---------------------------------------------------------------------------------------


def test_the_meet(final: Meet) -> None:
    event = final.event
    assert (event.id, event.title, event.city, event.venue) == (
        "2026_NOR_0001",
        "World Cup 4",
        "Hamar",
        "Vikingskipet",
    )
    assert (str(event.start), str(event.end), event.season) == ("2025-12-12", "2025-12-14", 2026)
    assert event.zone_name == "Europe/Oslo"
    assert event.is_world_cup
    assert final.modelled
    assert [str(day) for day in final.days] == ["2025-12-12", "2025-12-13", "2025-12-14"]


def test_the_programme(final: Meet) -> None:
    friday = "W500B M500B W1500B M1500B W500 M500 W1500 M1500"
    saturday = "W1000B M1000B W3000B M5000B W1000 M1000 W3000 M5000"
    sunday = "WTPB MTPB W500-2B M500-2B WMSB MMSB WTP MTP W500-2 M500-2 WMS MMS XMR"
    codes = f"{friday} {saturday} {sunday}".split()
    assert [race.code for race in final.races] == codes
    assert [race.number for race in final.races] == list(range(1, 30))
    planned = [race.planned and race.planned.astimezone(final.event.zone) for race in final.races]
    assert f"{planned[15]:%d %H:%M}" == "13 16:12"
    assert [race.number for race in final.races if race.planned is None] == [18, 29]


def test_every_race_has_all_its_starts(final: Meet) -> None:
    starts = [29, 33, 30, 34, 20, 20, 20, 20, 29, 36, 32, 39, 20, 20, 16, 16]
    starts += [3, 0, 23, 32, 17, 24, 8, 8, 20, 20, 23, 23, 0]
    assert [len(race.entries) for race in final.races] == starts
    assert sum(starts) == 615
    assert all(race.dropped == 0 for race in final.races)


def test_two_races_have_no_known_result(final: Meet) -> None:
    unknown = [race.code for race in final.races if race.stage is Stage.UNKNOWN]
    assert unknown == ["MTPB", "XMR"]
    assert all(race_of(final, code).start is None for code in unknown)
    assert {race.stage for race in final.races if race.code not in unknown} == {Stage.OFFICIAL}


def test_the_womens_500(final: Meet) -> None:
    race = race_of(final, "W500")
    told = [f"{entry.rank} {family(entry)} {printed(entry, race)}" for entry in race.entries]
    assert told == [
        "1 KOK 37.05",
        "2 ZIOMEK-NOGAL 37.65",
        "3 YOSHIDA 37.75",
        "4 WARMUTH 37.80",
        "5 BARAN 37.82",
        "6 KIM 37.85",
        "7 FLEDDERUS 37.92",
        "8 SILAEVA 38.03",
        "9 LAMARCHE 38.05",
        "10 LEE 38.06",
        "11 BOERSMA 38.11",
        "12 PERGHER 38.15",
        "13 WÓJCIK 38.31",
        "14 CHEN 38.37",
        "15 TIAN 38.44",
        "16 YAMADA 38.51",
        "17 WANG 38.61",
        "18 ZDRÁHALOVA 38.98",
        "19 JACKSON 43.94",
        "20 SCHULTING 1:34.45",
    ]
    kok = find(race, "KOK")
    assert (kok.pair, kok.lane, kok.bib, kok.noc) == (10, Lane.INNER, 288, "NED")


@pytest.mark.parametrize(
    ("code", "name", "rank", "time"),
    [
        ("M500", "STOLZ", 1, "33.97"),
        ("M500", "MCLEOD", 9, "34.71(7)"),
        ("M500", "KOSHKIN", 10, "34.71(9)"),
        ("M500-2", "STOLZ", 1, "34.14(6)"),
        ("M500-2", "ŻUREK", 2, "34.14(7)"),
        ("W1500", "TAKAGI", 1, "1:54.95"),
        ("W500B", "OSTLENDER", 10, "38.88(7)"),
        ("W500B", "MCDOUGALL", 10, "38.88(7)"),
        ("M1000B", "SHINHAMA", 4, "1:09.65(1)"),
        ("W500-2B", "PÉDRONNO", 12, "39.12(0)"),
        ("W500-2B", "BROWNE", 12, "39.12(0)"),
        ("M5000", "JÍLEK", 1, "6:07.58"),
        ("WTP", "CANADA", 1, "2:57.20"),
        ("WMS", "KERKHOFF", 1, "8:23.19"),
    ],
)
def test_results(final: Meet, code: str, name: str, rank: int, time: str) -> None:
    race = race_of(final, code)
    entry = find(race, name)
    assert (entry.rank, printed(entry, race)) == (rank, time)


def test_those_without_a_time(final: Meet) -> None:
    told = [
        (race.code, family(entry), entry.status, entry.rank, entry.remarks)
        for race in final.races
        for entry in race.entries
        if entry.status is not Status.FINISHED
    ]
    assert told == [
        ("M500B", "GALIYEV", Status.DQ, None, ("T04",)),
        ("M500", "WENNEMARS", Status.DNF, 20, ()),
        ("W1500", "BRAUN", Status.DQ, None, ("T09",)),
        ("M1000B", "KERSTEN", Status.DNS, None, ()),
        ("W500-2B", "BIRKEDAL", Status.DNF, 23, ("F",)),
        ("WTP", "NETHERLANDS", Status.DNF, 8, ("F",)),
        ("M500-2", "DUBREUIL", Status.DNF, 20, ()),
    ]


def test_names_are_parted(final: Meet) -> None:
    names = {
        (entry.competitor.given, entry.competitor.family)
        for race in final.races
        for entry in race.entries
        if isinstance(entry.competitor, Skater)
    }
    assert {
        ("Kai", "IN 'T VELD"),
        ("Ju-Lin", "DE VISSER"),
        ("Anne Sofie Knutsen", "BIRKEDAL"),
        ("Conor", "MCDERMOTT-MOSTOWY"),
        ("Gabriel", "GROß"),
        ("Antoinette", "RIJPMA-DE JONG"),
    } <= names
    assert all(given and name.replace("ß", "").isupper() for given, name in names)


def test_sprints_of_the_mass_start(final: Meet) -> None:
    points = {p.number: p.sprint_points for p in find(race_of(final, "WMS"), "KERKHOFF").passages}
    assert points == {4: 1, 12: 3, 16: 60}
    for code in ("WMS", "MMS"):
        passages = [p for entry in race_of(final, code).entries for p in entry.passages]
        for lap in (4, 8, 12):
            passed = sorted((p for p in passages if p.number == lap), key=lambda p: p.time_ms)
            assert [p.sprint_points for p in passed] == [3, 2, 1][: len(passed)]


def test_ranks_agree_with_times(final: Meet) -> None:
    for race in final.races:
        if race.distance.counts_laps and race.code.endswith(("MS", "MSB")):
            continue
        finished = [entry for entry in race.entries if entry.status is Status.FINISHED]
        for entry in finished:
            faster = sum((other.time_ms or 0) < (entry.time_ms or 0) for other in finished)
            assert entry.rank == 1 + faster, (race.code, entry)


def test_nothing_tells_the_result_before_it_is_skated() -> None:
    for rows in (rows for meet in MEETS for rows in held_meet(meet).results.values()):
        on_the_list = sorted(rows, key=lambda row: row["id"])
        places = [(row["startNumber"] or 0, row["startLane"] or "") for row in on_the_list]
        assert places == sorted(places)


# --- the season ----------------------------------------------------------------------------------


def test_every_place_of_facts_is_a_meet(season: Mapping[str, Meet]) -> None:
    places = Path(bundled.__file__).with_name("meets").iterdir()
    assert sorted(MEETS.values()) == sorted(place.name for place in places)
    assert [meet.id for meet in season.values()] == list(MEETS)
    assert bundled_events() == tuple(meet.event for meet in season.values())
    assert sorted(season, key=lambda each: str(season[each].event.start)) == list(MEETS)


def test_the_meets(season: Mapping[str, Meet]) -> None:
    told = [
        f"{meet.event.title}, {meet.event.venue}, {meet.event.city}, {meet.event.zone_name}: "
        f"{len(meet.races)} races, {sum(len(race.entries) for race in meet.races)} starts"
        for meet in season.values()
    ]
    assert told == [
        "World Cup 1, Utah Olympic Oval, Salt Lake City, America/Denver: 28 races, 693 starts",
        "World Cup 2, Olympic Oval, Calgary, America/Edmonton: 28 races, 697 starts",
        "World Cup 3, Thialf, Heerenveen, Europe/Amsterdam: 20 races, 509 starts",
        "World Cup 4, Vikingskipet, Hamar, Europe/Oslo: 29 races, 615 starts",
    ]
    days = [[str(day) for day in meet.days] for meet in season.values()]
    assert days == [
        ["2025-11-14", "2025-11-15", "2025-11-16"],
        ["2025-11-21", "2025-11-22", "2025-11-23"],
        ["2025-12-05", "2025-12-06", "2025-12-07"],
        ["2025-12-12", "2025-12-13", "2025-12-14"],
    ]
    for meet in season.values():
        assert (meet.event.season, meet.event.is_world_cup) == (2026, True)
        assert [meet.event.start, meet.event.end] == [meet.days[0], meet.days[-1]]
        assert [race.number for race in meet.races] == list(range(1, len(meet.races) + 1))
        assert [race.dropped for race in meet.races] == [0] * len(meet.races)


@pytest.mark.parametrize(
    ("event_id", "code", "name", "rank", "time"),
    [
        (SALT_LAKE_CITY, "W500-2", "KOK", 1, "36.09"),
        (SALT_LAKE_CITY, "W500-2", "BOERSMA", 5, "37.11(2)"),
        (SALT_LAKE_CITY, "W500-2", "FLEDDERUS", 6, "37.11(6)"),
        (SALT_LAKE_CITY, "M5000", "LOUBINEAUD", 1, "6:00.23"),
        (SALT_LAKE_CITY, "M1000", "WENNEMARS", 9, "1:07.01(2)"),
        (SALT_LAKE_CITY, "M1000", "MCLEOD", 9, "1:07.01(2)"),
        (SALT_LAKE_CITY, "MTP", "UNITED STATES", 1, "3:32.49"),
        (SALT_LAKE_CITY, "WMS", "MANGANELLO", 1, "8:25.57"),
        (CALGARY, "M1000", "STOLZ", 1, "1:06.00"),
        (CALGARY, "W500", "YOSHIDA", 19, "1:03.79"),
        (CALGARY, "M500-2B", "MCDERMOTT-MOSTOWY", 20, "35.12(6)"),
        (CALGARY, "M5000", "DAWSON", 1, "6:01.84"),
        (CALGARY, "MTP", "NORWAY", 8, "4:03.16"),
        (HEERENVEEN, "M10000", "JÍLEK", 1, "12:29.63"),
        (HEERENVEEN, "M10000B", "LORELLO", 3, "12:46.93"),
        (HEERENVEEN, "W500", "LAMARCHE", 11, "37.94(7)"),
        (HEERENVEEN, "W5000", "WIKLUND", 1, "6:49.01"),
        (HEERENVEEN, "MMS", "BERGSMA", 1, "7:24.96"),
    ],
)
def test_results_of_the_season(
    season: Mapping[str, Meet], event_id: str, code: str, name: str, rank: int, time: str
) -> None:
    race = race_of(season[event_id], code)
    entry = find(race, name)
    assert (entry.rank, printed(entry, race)) == (rank, time)


def test_those_without_a_time_before_hamar(season: Mapping[str, Meet]) -> None:
    told = [
        f"{meet.event.city} {race.code} {entry.rank or '-'} {family(entry)} "
        + " ".join((entry.status.value, *entry.remarks))
        for event_id, meet in season.items()
        for race in meet.races
        for entry in race.entries
        if entry.status is not Status.FINISHED and event_id != HAMAR
    ]
    assert told == [
        "Salt Lake City M1000B - STOPPELMOOR dnf",
        "Salt Lake City M1000B - EMELE dq T08",
        "Salt Lake City M1000 - YAMADA dq T09",
        "Salt Lake City M1000 - NUIS dq T10",
        "Salt Lake City W1500B - SAYUTINA dnf F",
        "Salt Lake City M500-2B - BEELEN dnf",
        "Salt Lake City M500-2 - KOO dq T06",
        "Calgary W1000 - MOROZOVA dq T09",
        "Calgary M1500B - TRENTINI dnf F",
        "Calgary M1500B - SILVA dq",
        "Calgary M1500B - HOWE wdr",
        "Calgary W500 - ZIOMEK-NOGAL dq T10",
        "Calgary W1500 - LI dq T09",
        "Calgary M500-2B - BOSA dnf",
        "Calgary M500-2B - ZHARDEMBEKULY dnf",
        "Calgary M500-2B - KIM wdr",
        "Calgary M500-2B - MILAGROS wdr",
        "Calgary MMSB 27 BELLOIR dq T25",
        "Calgary MMS 24 DI STEFANO dq T25",
        "Heerenveen W5000B - LI dq T09",
        "Heerenveen M1500B - DAMARATSKI dq T04",
        "Heerenveen W1000 20 JACKSON dnf",
        "Heerenveen M10000B 40 LIU dnf",
        "Heerenveen M500B - GSCHWENTNER dns",
        "Heerenveen W500 20 JACKSON dnf",
        "Heerenveen M500 19 WENNEMARS dnf",
        "Heerenveen M500 - WESTENBROEK dq T10",
    ]


def test_the_official_standings_after_hamar_come_out(season: Mapping[str, Meet]) -> None:
    totals: Counter[str] = Counter()
    for meet in season.values():
        for race in meet.races:
            if race.code.startswith("W500") and not race.code.startswith("W5000"):
                for entry in race.entries:
                    totals[full_name(entry.competitor)] += scale_of(2026).points(race, entry) or 0
    assert totals.most_common(5) == [
        ("KOK Femke", 360),
        ("YOSHIDA Yukino", 295),
        ("JACKSON Erin", 256),
        ("LEE Na-Hyun", 254),
        ("FLEDDERUS Marrit", 251),
    ]


def test_who_drops_out_of_a_mass_start_has_laps_and_no_finish(season: Mapping[str, Meet]) -> None:
    dropped = [
        f"{meet.event.city} {race.code} {entry.rank} {family(entry)} "
        f"{last.number} {show_time(last.time_ms)}"
        for meet in season.values()
        for race in meet.races
        for entry in race.entries
        if entry.status is Status.FINISHED
        and entry.time_ms is None
        and (last := entry.last_passage) is not None
    ]
    assert dropped == [
        "Salt Lake City WMSB 20 ILYACHSEHENKO 14 8:17.84",
        "Salt Lake City MMSB 25 HUGHES 13 7:00.15",
        "Salt Lake City MMSB 26 NEDELEA 11 6:09.18",
        "Salt Lake City MMSB 27 STEKLY 4 2:12.52",
        "Salt Lake City WMS 23 LØVÅS 11 6:31.66",
        "Calgary MMSB 26 HUGHES 11 5:41.04",
        "Heerenveen WMSB 18 CABRERA 12 7:09.44",
        "Heerenveen WMSB 19 FURNEE 10 5:32.29",
        "Heerenveen WMS 22 RODRIGUES 12 6:44.34",
        "Heerenveen WMS 23 HOFMANN 7 4:11.52",
        "Heerenveen MMS 24 DYRSET 10 5:26.13",
    ]
    race = race_of(season[SALT_LAKE_CITY], "MMSB")
    last = find(race, "STEKLY").passages[-1]
    assert (last.mark_m, last.rank, last.modelled, last.sprint_points) == (1600, None, False, None)


def test_a_mass_start_of_15_laps(season: Mapping[str, Meet]) -> None:
    laps = {
        (meet.event.city, race.code): race.distance.laps
        for meet in season.values()
        for race in meet.races
        if race.distance.discipline is Discipline.MASS_START
    }
    assert laps.pop(("Salt Lake City", "WMS")) == 15
    assert set(laps.values()) == {16}
    race = race_of(season[SALT_LAKE_CITY], "WMS")
    sprints = {p.number: p.sprint_points for p in find(race, "MALTAIS").passages}
    assert sprints == {4: 1, 8: 1, 12: 3, 15: 40}


def test_only_hamar_has_passages(season: Mapping[str, Meet]) -> None:
    assert [meet.event.city for meet in season.values() if meet.modelled] == ["Hamar"]
    passed = {
        meet.event.city
        for meet in season.values()
        for race in meet.races
        for entry in race.entries
        if entry.passages and race.distance.discipline is not Discipline.MASS_START
    }
    assert passed == {"Hamar"}


# --- people --------------------------------------------------------------------------------------

DIFFERENT = {
    frozenset(pair)
    for pair in (
        ("CHUNG Jae Woong", "CHUNG Jae-Won"),
        ("YAMADA Kazuya", "YAMADA Masaya"),
    )
}
"""Two people of one country whose names are nearly the same."""


@pytest.fixture(scope="module")
def people(season: Mapping[str, Meet]) -> set[Skater]:
    return {
        entry.competitor
        for meet in season.values()
        for race in meet.races
        for entry in race.entries
        if isinstance(entry.competitor, Skater)
    }


def test_a_person_has_one_spelling(people: set[Skater]) -> None:
    as_typed = {(plain(full_name(each)), each.noc, each.gender) for each in people}
    assert len(as_typed) == len(people) == 331


def test_nobody_has_two_names_that_are_nearly_the_same(people: set[Skater]) -> None:
    def words(person: Skater) -> list[str]:
        return sorted(plain(full_name(person)).replace("-", " ").split())

    def near(one: list[str], other: list[str]) -> bool:
        if set(one) <= set(other) or set(other) <= set(one):
            return True
        return SequenceMatcher(None, " ".join(one), " ".join(other)).ratio() > 0.75

    alike = {
        frozenset((full_name(one), full_name(other)))
        for one, other in combinations(sorted(people, key=full_name), 2)
        if (one.noc, one.gender) == (other.noc, other.gender) and near(words(one), words(other))
    }
    assert alike == DIFFERENT


def test_a_team_has_one_name(season: Mapping[str, Meet]) -> None:
    teams = {
        (entry.noc, family(entry))
        for meet in season.values()
        for race in meet.races
        for entry in race.entries
        if not isinstance(entry.competitor, Skater)
    }
    assert len(teams) == len({noc for noc, _ in teams}) == 16


# --- passages ------------------------------------------------------------------------------------


def test_three_openers_were_published(final: Meet) -> None:
    published = {
        family(entry): show_time(entry.passages[0].time_ms)
        for race in final.races
        for entry in race.entries
        if entry.passages and not race.distance.counts_laps and not entry.passages[0].modelled
    }
    assert published == {"KOK": "10.33", "ZIOMEK-NOGAL": "10.28", "YOSHIDA": "10.32"}


def test_only_two_were_faster_to_100_m_than_kok(final: Meet) -> None:
    openers = [entry.passages[0] for entry in race_of(final, "W500").entries]
    assert [opener.rank for opener in openers[:3]] == [3, 1, 2]
    assert sum(opener.time_ms < 10_330 for opener in openers) == 2


@pytest.mark.parametrize("code", ["W500", "M500", "W1500", "M1500"])
def test_passages_are_possible(final: Meet, code: str) -> None:
    race = race_of(final, code)
    for entry in race.entries:
        if entry.status is not Status.FINISHED:
            assert entry.passages == ()
            continue
        assert [passage.mark_m for passage in entry.passages] == list(race.distance.marks)
        assert entry.passages[-1].time_ms == entry.time_ms
        assert not entry.passages[-1].modelled
        laps = [passage.lap_ms or 0 for passage in entry.passages[1:]]
        # Nobody skates a lap below these, and only who fell or is hurt takes longer.
        assert min(laps) > (24_000 if race.distance.is_sprint else 25_500)
        assert max(laps) < 33_000 or (entry.rank or 0) >= 19
        if code.endswith("1500"):
            assert laps == sorted(laps)


def test_other_races_have_no_passages(final: Meet) -> None:
    for race in final.races:
        if race.number not in (5, 6, 7, 8) and race.distance.discipline != "MS":
            assert all(entry.passages == () for entry in race.entries)


def test_modelled_times_do_not_pretend_to_thousandths(final: Meet) -> None:
    passages: list[Passage] = [p for r in final.races for e in r.entries for p in e.passages]
    assert {passage.precision_ms for passage in passages if passage.modelled} == {10}


# --- Friday evening ------------------------------------------------------------------------------


def test_the_delay(at: Callable[[str], Meet]) -> None:
    before, waiting, told, off = (
        race_of(at(clock), "W500")
        for clock in ("12 18:29:59", "12 18:30:00", "12 18:36:00", "12 19:21:40")
    )
    assert (before.live, waiting.live, told.live) == (False, True, True)

    def local(moment: datetime | None) -> str:
        assert moment is not None
        return f"{moment.astimezone(at('12 18:00').event.zone):%H:%M}"

    assert [local(race.start) for race in (before, waiting, told)] == ["18:30", "18:30", "19:21"]
    assert local(off.planned) == "18:30"
    assert not off.begun
    assert waiting.conditions is not None
    assert waiting.conditions.ice_c == -8.5


def test_the_last_pair(at: Callable[[str], Meet]) -> None:
    on_ice = race_of(at("12 19:41:45"), "W500")
    assert [(family(e), show_time(e.passages[-1].time_ms)) for e in on_ice.on_ice] == [
        ("KOK", "10.33"),
        ("JACKSON", "12.16"),
    ]
    assert on_ice.leader is not None
    assert family(on_ice.leader) == "ZIOMEK-NOGAL"
    finished = race_of(at("12 19:42:01"), "W500")
    assert finished.leader is not None
    assert family(finished.leader) == "KOK"
    assert [family(entry) for entry in finished.on_ice] == ["JACKSON"]
    assert race_of(at("12 19:42:10"), "W500").over


def test_stages_of_the_evening(at: Callable[[str], Meet]) -> None:
    stages = [race_of(at(f"12 {clock}"), "W500").stage for clock in ("12:00", "19:30", "19:45")]
    stages.append(race_of(at("12 20:00"), "W500").stage)
    assert stages == [Stage.UPCOMING, Stage.LIVE, Stage.PROVISIONAL, Stage.OFFICIAL]
    assert [race.code for race in at("12 20:40").live] == ["W1500"]


def test_a_disqualification_without_a_time_comes_when_the_pair_is_home(
    at: Callable[[str], Meet],
) -> None:
    skating, home = (race_of(at(f"12 20:3{clock}"), "W1500") for clock in ("4:00", "5:00"))
    assert find(skating, "BRAUN").status is Status.TO_START
    assert find(home, "BRAUN").status is Status.DQ
    assert find(home, "YANG").status is Status.FINISHED


def test_races_without_passages_appear_as_a_whole(at: Callable[[str], Meet]) -> None:
    assert not race_of(at("12 13:59:59"), "W500B").begun
    assert race_of(at("12 14:00:00"), "W500B").over


# --- what the sheets leave open ------------------------------------------------------------------


def tape_time(meet: Meet, clock: str) -> int:
    moment = datetime.fromisoformat(clock).replace(tzinfo=meet.event.zone)
    return round(moment.timestamp() * 1000)


@pytest.mark.parametrize(
    ("code", "day", "end"),
    [
        ("M5000", "2025-11-21", "20:12"),
        ("W1500B", "2025-11-22", "16:43"),
        ("WTPB", "2025-11-23", "09:13"),
    ],
)
def test_a_race_without_a_start_appears_at_its_end(
    tapes: Mapping[str, Tape], season: Mapping[str, Meet], code: str, day: str, end: str
) -> None:
    meet, reader = season[CALGARY], TapeReader(tapes[CALGARY], CALGARY)
    final = race_of(meet, code)
    assert (final.planned, final.start, str(meet.day(final))) == (None, None, day)
    midnight, close = tape_time(meet, day), tape_time(meet, f"{day}T{end}")
    listed, before, after = (
        race_of(reader.meet(moment), code) for moment in (midnight, close - 1, close)
    )
    assert listed.entries_known
    assert (before.begun, before.official) == (False, False)
    assert (after.over, after.official) == (True, True)
    if day != "2025-11-21":
        assert not race_of(reader.meet(midnight - 1), code).entries_known


@pytest.mark.parametrize(
    ("event_id", "code", "following"),
    [(SALT_LAKE_CITY, "W1000", "M1000"), (HEERENVEEN, "W5000", "M1500")],
)
def test_a_race_without_an_end_is_over_before_the_next_begins(
    tapes: Mapping[str, Tape],
    season: Mapping[str, Meet],
    event_id: str,
    code: str,
    following: str,
) -> None:
    reader = TapeReader(tapes[event_id], event_id)
    start, then = (race_of(season[event_id], each).start for each in (code, following))
    assert start is not None
    assert then is not None
    first, last = (round(each.timestamp() * 1000) for each in (start, then))
    assert race_of(reader.meet(first), code).live
    assert not race_of(reader.meet(first + 20 * 60_000), code).begun
    assert race_of(reader.meet(last), code).over


# --- the file ------------------------------------------------------------------------------------


@pytest.mark.parametrize("event_id", MEETS)
def test_only_the_facts_of_the_meet_asked_for_are_read(
    event_id: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    read: list[Path] = []
    really = Path.read_text

    def noted(path: Path, *words: str) -> str:
        read.append(path)
        return really(path, *words)

    monkeypatch.setattr(Path, "read_text", noted)
    open_bundled(event_id, None).close()
    assert {path.parent.name for path in read} == {MEETS[event_id]}


def test_what_the_meets_are_is_told_without_their_races(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(bundled, "_table", lambda *_: pytest.fail("a table is read"))
    assert [event.city for event in bundled_events()] == [
        "Salt Lake City",
        "Calgary",
        "Heerenveen",
        "Hamar",
    ]


def bodies(tape: Tape) -> list[tuple[str, int, bytes]]:
    bounds = tape.bounds()
    assert bounds is not None
    last = bounds[1]
    return sorted(
        (path, head.at, tape.body(head.version))
        for path in tape.heads(last)
        for head in tape.history(path, last)
    )


def test_content_is_numbered(tapes: Mapping[str, Tape]) -> None:
    """Fails when what is laid out has changed: raise `CONTENT` and take the new digests here."""
    digests = {}
    for event_id, laid in tapes.items():
        digest = hashlib.blake2b(digest_size=8)
        for path, at, body in bodies(laid):
            digest.update(f"{path} {at} ".encode() + body)
        digests[event_id] = digest.hexdigest()
    assert CONTENT == 1
    assert digests == {
        SALT_LAKE_CITY: "24dddc0f8d7e0963",
        CALGARY: "54f3f9273756b25d",
        HEERENVEEN: "23bc374c5ba74c5c",
        HAMAR: "65241728b694ddd3",
    }


def test_a_laid_out_tape_is_kept(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    file = tmp_path / "deep" / "bundled.tape"
    first = open_bundled(DEMO_ID, file)
    known = bodies(first)
    first.close()
    monkeypatch.setattr(bundled, "held_meet", lambda _: pytest.fail("laid out again"))
    again = open_bundled(DEMO_ID, file)
    assert bodies(again) == known
    assert again.recall("kind") == "bundled"
    again.close()
    assert [path.name for path in file.parent.iterdir()] == ["bundled.tape"]


def test_other_content_is_laid_out_again(tmp_path: Path) -> None:
    file = tmp_path / "bundled.tape"
    open_bundled(DEMO_ID, file).close()
    old = Tape(file)
    old.remember("content", str(CONTENT - 1))
    old.append("skaters/1/", b"{}", 1)
    old.close()
    fresh = open_bundled(DEMO_ID, file)
    assert fresh.recall("content") == str(CONTENT)
    assert "skaters/1/" not in fresh.heads(1 << 50)
    fresh.close()


@pytest.mark.parametrize("damage", ["text", "empty", "cut", "holes"])
def test_a_damaged_file_is_laid_out_again(tmp_path: Path, damage: str) -> None:
    file = tmp_path / "bundled.tape"
    open_bundled(DEMO_ID, file).close()
    whole = file.read_bytes()
    file.write_bytes(
        {
            "text": b"no tape at all",
            "empty": b"",
            "cut": whole[: len(whole) // 2],
            "holes": whole[:8192] + bytes(65_536) + whole[73_728:],
        }[damage]
    )
    tape = open_bundled(DEMO_ID, file)
    assert len(bodies(tape)) > 400
    assert tape.file == file
    tape.close()


def test_a_place_that_cannot_be_written_is_done_without(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("")
    tape = open_bundled(DEMO_ID, tmp_path / "file" / "bundled.tape")
    assert tape.file is None
    assert tape.heads(1 << 50)
    tape.close()


def test_the_documents_are_the_feeds(tape: Tape) -> None:
    for path, _, body in bodies(tape):
        isu.parse(body, path)
    for held in map(held_meet, MEETS):
        assert all(set(row) == set(rows[0]) for rows in held.results.values() for row in rows)
