"""speedskatingresults.com: its times, its searches, and what it tells of a meet."""

from __future__ import annotations

import json
from collections.abc import Iterator
from contextlib import closing
from datetime import UTC, date, datetime
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from msgspec.structs import replace

from archive_server import HAMAR_TRACK, dutch, encode, found, of_skater, record, skated
from feed_server import Fault, FeedServer
from longtrack import ssr, ssr_facts
from longtrack.archive import Archive
from longtrack.http import Feed
from longtrack.model import Event, Gender, Meet, Skater
from longtrack.records import RecordBook
from longtrack.tape import Tape
from meets import FIVE_HUNDRED, MASS_START, Clock, entry, race

KOK = Skater("Kok", "Femke", "NED", Gender.WOMEN, id="11")
HAMAR = Event("2026_NOR_0001", "World Cup 4", city="Hamar", zone_name="Europe/Oslo", season=2026)
MORNING = datetime(2025, 12, 12, 8, tzinfo=UTC)


# --- times -------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("text", "ms", "precision"),
    [
        ("36,07", 36_070, 10),
        ("1.11,55", 71_550, 10),
        ("12.35,20", 755_200, 10),
        ("4:00.393", 240_393, 1),
        ("1:11,55", 71_550, 10),
        ("36.07", 36_070, 10),
        (" 36,07 ", 36_070, 10),
    ],
)
def test_times_are_read_as_they_are_written_there(text: str, ms: int, precision: int) -> None:
    assert ssr.read_clock(text) == (ms, precision)


@pytest.mark.parametrize("value", ["", "36", None, [], "1.75,00", "-36,07", "36,07,01", "DNF"])
def test_what_is_no_time_is_none(value: object) -> None:
    clocked = ssr.read_clock(value)
    assert clocked is None or (value, clocked.ms) == ("36", 36_000)


@given(st.integers(min_value=3_000, max_value=59 * 60_000).map(lambda ms: ms // 10 * 10))
def test_a_time_there_and_back(ms: int) -> None:
    assert ssr.read_clock(dutch(ms)) == (ms, 10)


# --- who is meant ------------------------------------------------------------------------------


def looked_up(*rows: object) -> int | None:
    return ssr.read_lookup(encode({"skaters": list(rows)}), KOK, Gender.WOMEN)


def test_a_skater_is_known_by_name_country_and_gender() -> None:
    assert looked_up(found(KOK, 7)) == 7
    assert looked_up({**found(KOK, 7), "familyname": "KOK", "gender": "F"}) == 7
    others = (
        found(replace(KOK, given="Anna"), 1),
        found(replace(KOK, noc="BEL"), 2),
        found(KOK, 3, "m"),
    )
    assert looked_up(*others) is None
    assert looked_up(*others, found(KOK, 7)) == 7


def test_two_of_one_name_are_nobody() -> None:
    assert looked_up(found(KOK, 7), found(KOK, 8)) is None
    assert looked_up(found(KOK, 7), found(KOK, 7)) == 7


def test_of_a_full_list_the_rest_is_not_known() -> None:
    others = [found(replace(KOK, given=f"A{index}"), index) for index in range(19)]
    assert looked_up(*others, found(KOK, 99)) is None
    assert looked_up(*others[1:], found(KOK, 99)) == 99


def test_names_are_written_so_that_an_address_holds_them() -> None:
    who = Skater("van 't Hof~", "Żaneta & Co", "NED")
    path = ssr.lookup_path(who, Gender.WOMEN)
    assert path == (
        "skater_lookup?familyname=van%20%27t%20Hof%7E&givenname=%C5%BBaneta%20%26%20Co"
        "&country=NED&gender=f"
    )


def test_a_season_is_named_there_by_the_year_it_begins_in() -> None:
    assert ssr.season_path(7, 2026) == "season_bests?skater=7&start=2025&end=2025"
    rows = [skated(500, 36_500, "2025-11-22")]
    body = encode({"seasons": [{"start": 2024, "records": []}, {"start": 2025, "records": rows}]})
    assert [each.clocked.ms for each in ssr.read_season(body, 2026)] == [36_500]
    assert ssr.read_season(body, 2025) == ()


def test_a_track_is_found_among_those_somebody_raced_on() -> None:
    def track(*rows: object) -> int | None:
        return ssr.read_track(encode({"competitions": list(rows)}), "Hamar")

    assert track({"location": "Hamar (NOR)", "trackid": 31}) == 31
    assert track({"location": "hamar", "trackid": 31}, {"location": "Inzell", "trackid": 4}) == 31
    assert track({"location": "Hamar", "trackid": 31}, {"location": "Hamar", "trackid": 32}) is None
    assert track({"location": "Inzell", "trackid": 4}, {"location": "Hamar"}) is None


def test_records_of_the_young_are_left_out() -> None:
    rows = [record(500, 36_090, "2025-11-16", KOK), {**record(500, 37_000, "", KOK), "age": "jr"}]
    records = ssr.read_records(encode({"records": rows}), "WR", 5)
    (only,) = records
    assert (only.kind, only.event, only.time_ms, only.on, only.noc, only.source) == (
        "WR",
        "W500",
        36_090,
        date(2025, 11, 16),
        "NED",
        "speedskatingresults.com",
    )


JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.text(),
    lambda inner: (
        st.lists(inner)
        | st.dictionaries(st.sampled_from(["records", "skaters", "seasons", "time", "id"]), inner)
    ),
    max_leaves=12,
)


@given(JSON)
def test_nothing_in_a_document_breaks_the_reading(data: object) -> None:
    body = json.dumps(data).encode()
    for number in (ssr.read_lookup(body, KOK, Gender.WOMEN), ssr.read_track(body, "Hamar")):
        assert number is None or isinstance(number, int)
    for skated_once in (*ssr.read_personal(body), *ssr.read_season(body, 2026)):
        assert skated_once.clocked.ms > 0
    assert all(record.time_ms > 0 for record in ssr.read_records(body, "WR", 1))


# --- what is asked for, from a real server -----------------------------------------------------


def a_meet(*people: Skater, **more: Any) -> Meet:
    entries = [replace(entry(index), competitor=who) for index, who in enumerate(people)]
    return Meet(HAMAR, (race(entries, FIVE_HUNDRED, **more),))


DOCUMENTS = {
    **of_skater(
        KOK,
        7,
        [skated(500, 36_090, "2025-11-16"), skated(1000, 73_000, "2025-01-01")],
        [skated(500, 36_090, "2025-11-16")],
    ),
    ssr.world_path(Gender.WOMEN): encode({"records": [record(500, 36_090, "2025-11-16", KOK)]}),
    ssr.track_path(HAMAR_TRACK): encode({"records": [record(500, 37_250, "2019-02-02", KOK)]}),
    ssr.country_path("NED", Gender.WOMEN): encode(
        {"records": [record(500, 36_090, "2025-11-16", KOK)]}
    ),
}


class Desk:
    """An archive on its own tape, asked on the loopback."""

    def __init__(self) -> None:
        self.clock = Clock(round(MORNING.timestamp() * 1000))
        self.tape = Tape()
        self.waits: list[float] = []

    async def ask(self, server: FeedServer, meet: Meet, **more: Any) -> list[str]:
        server.requests.clear()
        async with Feed(server.url, version="1") as feed:
            archive = Archive(feed, self.tape, self.clock, wait=self.wait, **more)
            await ssr_facts.ask(archive, meet)
        return server.paths()

    async def wait(self, seconds: float) -> None:
        self.waits.append(seconds)

    def book(self, meet: Meet) -> RecordBook:
        facts = ssr_facts.facts(self.tape, meet, 2026)
        return RecordBook(facts.records, facts.bests, None, meet.people)


@pytest.fixture
def desk() -> Iterator[Desk]:
    made = Desk()
    with closing(made.tape):
        yield made


async def test_records_and_bests_of_the_day_are_asked_for_once_a_day(desk: Desk) -> None:
    meet = a_meet(KOK)
    with FeedServer(DOCUMENTS) as server:
        asked = await desk.ask(server, meet)
        assert asked == [
            ssr.world_path(Gender.WOMEN),
            ssr.lookup_path(KOK, Gender.WOMEN),
            ssr.personal_path(7),
            ssr.season_path(7, 2026),
            ssr.competitions_path(7, 2026),
            ssr.track_path(HAMAR_TRACK),
            ssr.country_path("NED", Gender.WOMEN),
        ]
        assert desk.waits == [2.0] * (len(asked) - 1)
        desk.clock.on(20 * 3600)
        assert await desk.ask(server, meet) == []
        desk.clock.on(3600 * 3.5)
        assert await desk.ask(server, meet) == []  # by now it is another day at the rink
    before = date(2025, 12, 12)
    book = desk.book(meet)
    best = book.personal_best(KOK, "W500", before)
    assert best is not None
    assert (best.time_ms, best.place, best.source) == (
        36_090,
        "Calgary",
        "speedskatingresults.com",
    )
    assert book.season_best(KOK, "W500", before) == replace(best, seen=book.bests[-1].best.seen)
    for kind, where, time_ms in (
        ("WR", "", 36_090),
        ("TR", "Hamar", 37_250),
        ("NR", "NED", 36_090),
    ):
        standing = book.standing(kind, "W500", where, before)
        assert standing is not None
        assert standing.time_ms == time_ms


async def test_after_a_day_bests_are_asked_for_again_and_names_are_not(desk: Desk) -> None:
    with FeedServer(DOCUMENTS) as server:
        await desk.ask(server, a_meet(KOK))
        desk.clock.on(25 * 3600)
        tomorrow = a_meet(KOK, planned=MORNING.replace(day=13), start=MORNING.replace(day=13))
        asked = await desk.ask(server, tomorrow)
    assert asked == [
        ssr.world_path(Gender.WOMEN),
        ssr.track_path(HAMAR_TRACK),
        ssr.personal_path(7),
        ssr.season_path(7, 2026),
    ]


async def test_what_was_the_best_before_a_later_one_is_still_known(desk: Desk) -> None:
    documents = dict(DOCUMENTS)
    with FeedServer(documents) as server:
        await desk.ask(server, a_meet(KOK))
        documents[ssr.personal_path(7)] = encode({"records": [skated(500, 36_000, "2025-12-12")]})
        desk.clock.on(25 * 3600)
        tomorrow = MORNING.replace(day=13)
        await desk.ask(server, a_meet(KOK, planned=tomorrow, start=tomorrow))
    book = desk.book(a_meet(KOK))
    for day, time_ms in ((12, 36_090), (13, 36_000)):
        best = book.personal_best(KOK, "W500", date(2025, 12, day))
        assert best is not None
        assert best.time_ms == time_ms


async def test_no_more_is_asked_in_a_day_than_is_fair(desk: Desk) -> None:
    with FeedServer(DOCUMENTS) as server:
        assert len(await desk.ask(server, a_meet(KOK), most_a_day=3)) == 3
        assert await desk.ask(server, a_meet(KOK), most_a_day=3) == []
        desk.clock.on(16 * 3600)  # the day is over, by UTC
        tomorrow = MORNING.replace(day=13)
        later = a_meet(KOK, planned=tomorrow, start=tomorrow)
        assert len(await desk.ask(server, later, most_a_day=3)) == 3


async def test_whose_name_is_two_peoples_is_not_asked_about(desk: Desk) -> None:
    two = {
        **DOCUMENTS,
        ssr.lookup_path(KOK, Gender.WOMEN): encode({"skaters": [found(KOK, 7), found(KOK, 8)]}),
    }
    with FeedServer(two) as server:
        asked = await desk.ask(server, a_meet(KOK))
    assert ssr.personal_path(7) not in asked
    assert desk.book(a_meet(KOK)).personal_best(KOK, "W500") is None


async def test_two_on_the_start_list_of_one_name_have_no_history_there(desk: Desk) -> None:
    both = a_meet(KOK, replace(KOK, id="12"))
    with FeedServer(DOCUMENTS) as server:
        await desk.ask(server, both)
    assert all(desk.book(both).personal_best(each, "W500") is None for each in both.people)


async def test_what_is_not_there_is_not_asked_for_again_soon(desk: Desk) -> None:
    with FeedServer({}) as server:
        assert len(await desk.ask(server, a_meet(KOK))) == 3
        desk.clock.on(3600)
        assert await desk.ask(server, a_meet(KOK)) == []
    assert desk.book(a_meet(KOK)).records == ()


@pytest.mark.parametrize("fault", [Fault.RESET, Fault.HALF])
async def test_a_source_that_is_away_is_left_alone_for_an_hour(desk: Desk, fault: Fault) -> None:
    with FeedServer(DOCUMENTS) as server:
        server.misbehave(fault)
        assert len(await desk.ask(server, a_meet(KOK))) == 1
        server.behave()
        # What is asked by another program then has its own patience; the document has this one's.
        assert ssr.world_path(Gender.WOMEN) not in await desk.ask(server, a_meet(KOK))
        desk.clock.on(3700)
        assert ssr.world_path(Gender.WOMEN) in await desk.ask(server, a_meet(KOK))


@pytest.mark.parametrize("fault", [Fault.WEB_PAGE, Fault.GARBAGE, Fault.EMPTY, Fault.OTHER_HOST])
async def test_a_source_that_is_wrong_costs_its_marks(desk: Desk, fault: Fault) -> None:
    with FeedServer(DOCUMENTS) as server:
        server.misbehave(fault)
        await desk.ask(server, a_meet(KOK))
    assert desk.book(a_meet(KOK)) == RecordBook((), (), None, a_meet(KOK).people)


async def test_a_source_that_asks_to_be_left_alone_is(desk: Desk) -> None:
    with FeedServer(DOCUMENTS) as server:
        server.misbehave(Fault.STATUS, status=429, headers={"Retry-After": "600"})
        assert len(await desk.ask(server, a_meet(KOK))) == 1


async def test_an_unknown_track_is_looked_for_with_a_few_skaters_only(desk: Desk) -> None:
    people = [replace(KOK, given=f"A{index}", id=str(index)) for index in range(8)]
    documents: dict[str, bytes] = {}
    for index, who in enumerate(people):
        documents |= of_skater(who, 100 + index)
        documents[ssr.competitions_path(100 + index, 2026)] = encode({"competitions": []})
    with FeedServer(documents) as server:
        asked = await desk.ask(server, a_meet(*people))
    assert len([path for path in asked if path.startswith("skater_lookup")]) == 8
    assert len({path for path in asked if path.startswith("skater_competitions")}) == 4 * 2


async def test_nothing_is_asked_about_another_day_or_a_mass_start(desk: Desk) -> None:
    with FeedServer(DOCUMENTS) as server:
        tomorrow = MORNING.replace(day=13)
        assert await desk.ask(server, a_meet(KOK, planned=tomorrow, start=tomorrow)) == []
        crowd = Meet(HAMAR, (race([replace(entry(0), competitor=KOK)], MASS_START),))
        assert await desk.ask(server, crowd) == []
