"""The feed's records and personal bests: shapes are guesses, so everything odd is read past."""

from __future__ import annotations

import json
from datetime import UTC, date, datetime
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from msgspec.structs import replace

from longtrack import isu_records as wire
from longtrack.isu_records import Seen, read_personal_bests, read_records
from longtrack.model import Gender, Skater
from longtrack.records import RecordBook
from longtrack.state import TapeReader
from longtrack.tape import Tape
from meets import FIVE_HUNDRED, MASS_START, race
from wire import WireMeet

EVENT = "2026_NOR_0001"
RACE = race((), FIVE_HUNDRED)
SEEN = Seen(1_000, "Hamar", RACE)
ROW: dict[str, Any] = {
    "type": "TR",
    "time": "37.250",
    "date": "2019-02-02",
    "country": "JPN",
    "track": {"city": "Hamar"},
    "distance": {"identifier": "ID_500", "distance": 500},
    "skater": {"id": 5, "firstName": "Nao", "lastName": "Kodaira", "country": "JPN", "gender": "F"},
}


def encode(data: object) -> bytes:
    return json.dumps(data).encode()


def read(data: object, **more: Any) -> list[str]:
    records = read_records(encode(data), SEEN, **more)
    return [f"{r.kind} {r.event} {r.time_ms} {r.holder} {r.noc} {r.on} {r.place}" for r in records]


WHOLE = "TR W500 37250 Kodaira JPN 2019-02-02 Hamar"


@pytest.mark.parametrize(
    "data",
    [
        [ROW],
        ROW,
        {"count": 1, "next": None, "results": [ROW]},
        {"TR": ROW},
        {"trackRecord": [{**ROW, "type": None}]},
        [None, 5, ROW, "x", []],
        [{**ROW, "type": "track record"}],
        [{**{key: value for key, value in ROW.items() if key != "type"}, "recordType": "TR"}],
        [{**ROW, "isNew": True, "isRecord": True}],
        [{**ROW, "distance": None}],
        [{**ROW, "track": None}],
    ],
)
def test_records_are_read_in_every_shape_they_may_have(data: object) -> None:
    assert read(data) == [WHOLE]


def test_what_a_list_is_of_may_stand_in_its_address_alone() -> None:
    row = {**ROW, "type": None}
    assert read([row]) == []
    assert read([row], kind="WR") == ["WR W500 37250 Kodaira JPN 2019-02-02 Hamar"]


@pytest.mark.parametrize(
    "change",
    [
        {"time": None},
        {"time": "soon"},
        {"time": 0},
        {"type": "JWR"},
        {"skater": None, "country": None},
        {"distance": {"identifier": "ID_500", "distance": 500}, "skater": "x", "country": ""},
        {"distance": {"identifier": "MS_16_LAPS"}},
        {"distance": "half a mile"},
        {"type": "NR", "skater": {"lastName": "Kodaira", "gender": "F"}, "country": None},
    ],
)
def test_a_row_that_says_too_little_tells_nothing(change: dict[str, Any]) -> None:
    assert read([{**ROW, **change}]) == []


def test_an_unreadable_day_is_unknown() -> None:
    (record,) = read_records(encode([{**ROW, "date": "last week"}]), SEEN)
    assert (record.on, record.seen, record.source) == (None, 1_000, "feed")


def test_a_record_of_another_distance_is_of_that() -> None:
    assert read([{**ROW, "distance": {"distance": 1000}}])[0].startswith("TR W1000")
    assert read([{**ROW, "distance": {"identifier": "TP_6_LAPS"}}])[0].startswith("TR WTP")


@pytest.mark.parametrize("body", [b"", b"<html>", b"[", b"5", b'"x"', b"\xff", b"[" * 100_000])
def test_a_body_that_is_none_has_no_records(body: bytes) -> None:
    assert read_records(body, SEEN) == ()
    assert read_personal_bests(body, SEEN, {}) == ()
    assert wire.next_page(body) is None


JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(),
    lambda inner: st.lists(inner) | st.dictionaries(st.sampled_from([*ROW, "TR", "x"]), inner),
    max_leaves=12,
)


@given(JSON)
def test_nothing_in_a_document_breaks_the_reading(data: object) -> None:
    body = encode(data)
    assert all(each.time_ms > 0 for each in read_records(body, SEEN))
    bests_told = read_personal_bests(body, SEEN, {"5": Skater("Kodaira", "Nao", "JPN")})
    assert all(each.best.time_ms > 0 for each in bests_told)


# --- personal bests ----------------------------------------------------------------------------

NAO = Skater("Kodaira", "Nao", "JPN", Gender.WOMEN, "5")


def bests(*rows: object) -> list[tuple[str, int]]:
    found = read_personal_bests(encode(list(rows)), SEEN, {"5": NAO})
    return [(each.who.family, each.best.time_ms) for each in found]


def test_a_personal_best_goes_by_the_skaters_id() -> None:
    assert bests({"skaterId": 5, "time": "36.394"}) == [("Kodaira", 36_394)]
    assert bests({"skaterId": "5", "time": "36.39"}) == [("Kodaira", 36_390)]
    assert bests({"competitor": {"skater": {"id": 5}}, "time": "36.39"}) == [("Kodaira", 36_390)]


def test_a_best_of_nobody_here_or_of_another_distance_is_passed_over() -> None:
    assert bests({"skaterId": 6, "time": "36.394"}) == []
    assert bests({"id": 5, "time": "36.394"}) == []
    assert bests({"skaterId": 5, "time": None}, None, 7) == []
    assert bests({"skaterId": 5, "time": "1:15.0", "distance": {"distance": 1000}}) == []
    crowd = Seen(1, "Hamar", race((), MASS_START))
    assert read_personal_bests(encode([{"skaterId": 5, "time": "1"}]), crowd, {"5": NAO}) == ()


# --- what a tape holds -------------------------------------------------------------------------


def a_meet() -> tuple[Tape, TapeReader, WireMeet]:
    begins = datetime(2025, 12, 12, 17, 30, tzinfo=UTC)
    meet = WireMeet(lambda: begins, event_id=EVENT)
    meet.add_race(begin=begins, starters=4)
    tape = Tape()
    for path, body in meet.documents().items():
        if path.startswith(f"events/{EVENT}"):
            tape.append(path, body, 0)
    return tape, TapeReader(tape, EVENT), meet


def test_what_the_feed_says_again_was_known_since_it_said_it_first() -> None:
    tape, reader, meet = a_meet()
    row = meet.races[1].rows[0]
    path = wire.personal_bests_path(EVENT, 1)
    before = round(datetime(2025, 12, 12, 17, tzinfo=UTC).timestamp() * 1000)
    after = before + 3_600_000
    known = {"skaterId": row.person, "time": "37.500"}
    tape.append(path, encode([known]), before)
    tape.append(path, encode([known, {"x": 1}]), after)
    tape.append(path, encode([{**known, "time": "37.100"}]), after + 1)
    state = reader.meet(after + 2)
    facts = wire.facts_of_meet(tape, state)
    assert [(each.best.time_ms, each.best.seen) for each in facts.bests] == [
        (37_500, before),
        (37_100, after + 1),
    ]
    book = RecordBook((), facts.bests)
    entry = state.races[0].entries[0]
    best = book.bests_before(entry, state.races[0], state).personal
    assert best is not None
    assert best.time_ms == 37_500  # what was said after the start is no best to beat
    tape.close()


def test_records_of_a_race_and_lists_are_read_off_their_tapes() -> None:
    tape, reader, _ = a_meet()
    tape.append(wire.records_path(EVENT, 1), encode([{**ROW, "track": None, "date": None}]), 7)
    tape.append(wire.records_path(EVENT, 9), encode([ROW]), 7)  # of no race that is known
    (record,) = wire.facts_of_meet(tape, reader.meet(10)).records
    assert (record.place, record.seen) == (reader.meet(10).event.city, 7)
    lists = Tape()
    lists.append(wire.list_path("WR"), encode({"results": [{**ROW, "type": None}]}), 8)
    lists.append("events/?season=2026", encode({"results": []}), 8)
    (record,) = wire.facts_of_lists(lists).records
    assert (record.kind, record.event, record.seen) == ("WR", "W500", 8)
    tape.close()
    lists.close()


def test_the_next_page_is_a_number_and_no_address_to_follow() -> None:
    body = encode({"next": "https://elsewhere.example/records/?page=3&type=WR", "results": []})
    assert wire.next_page(body) == 3
    assert wire.next_page(encode({"next": "page three"})) is None
    assert wire.list_path("WR", 3) == "records/?type=WR&page=3"


def test_a_record_that_was_seen_on_its_day_is_not_older() -> None:
    (record,) = read_records(encode([{**ROW, "date": "2025-12-12"}]), SEEN)
    book = RecordBook((replace(record, seen=0),))
    assert book.standing("TR", "W500", "Hamar", date(2025, 12, 12)) is None
