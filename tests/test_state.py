"""The state of a meet at a place on its tape: the last version of each document, put together."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest

from longtrack import isu
from longtrack.model import Conditions, Meet, Skater, Stage, Status
from longtrack.state import TapeReader
from longtrack.tape import Tape, TapeError
from wire import WireMeet, encode

EVENT = "2026_NOR_0001"
EVENING = datetime(2025, 12, 12, 17, 30, tzinfo=UTC)
RESULTS = isu.results_path(EVENT, 1)
START_LIST = isu.start_list_path(EVENT, 1)
COMPETITIONS = isu.competitions_path(EVENT)
SCHEDULE = isu.schedule_path(EVENT)


class Rink:
    """A meet on the wire, its tape and a reader of it; time is counted in milliseconds."""

    def __init__(self) -> None:
        self.now = 0
        self.wire = WireMeet(lambda: EVENING + timedelta(milliseconds=self.now), event_id=EVENT)
        self.tape = Tape()
        self.reader = TapeReader(self.tape, EVENT)

    def record(self, *paths: str, at: int) -> None:
        """Put the documents as they stand now on the tape; all of them where none is named."""
        self.now = at
        documents = self.wire.documents()
        for path in paths or documents:
            self.tape.append(path, documents[path], at)

    def put(self, path: str, body: bytes, at: int) -> None:
        self.tape.append(path, body, at)

    def changed(self, path: str, change: Callable[[Any], None], at: int) -> None:
        """Put a document on the tape that differs from what the feed would say."""
        data = json.loads(self.wire.documents()[path])
        change(data)
        self.tape.append(path, encode(data), at)

    def meet(self, at: int = 10**9) -> Meet:
        return self.reader.meet(at)


@pytest.fixture
def rink() -> Iterator[Rink]:
    made = Rink()
    yield made
    made.tape.close()


# --- what is known -----------------------------------------------------------------------------


def test_of_an_empty_tape_only_the_meets_id_is_known(rink: Rink) -> None:
    meet = rink.meet()
    assert (meet.id, meet.event.name, meet.races, meet.modelled) == (EVENT, EVENT, (), False)


def test_all_documents_together_make_the_meet(rink: Rink) -> None:
    rink.wire.add_race(begin=EVENING, starters=4)
    rink.wire.add_race(begin=EVENING + timedelta(hours=1), gender="M", metres=1000)
    rink.wire.start(1)
    rink.wire.finish(1, 0, 37_052)
    rink.record(at=1000)
    meet = rink.meet()
    assert (meet.event.city, meet.event.zone.key) == ("Oslo", "Europe/Oslo")
    assert [race.code for race in meet.races] == ["W500", "M1000"]
    first, second = meet.races
    assert first.stage is Stage.LIVE
    assert first.leader is not None
    assert first.leader.time_ms == 37_052
    assert first.conditions == Conditions(-8.5, 15.9, 21.0)
    assert [entry.status for entry in second.entries] == [Status.TO_START] * 8
    assert second.conditions is None


def test_a_race_without_its_documents_is_in_the_programme_and_has_no_starts(rink: Rink) -> None:
    rink.wire.add_race(begin=EVENING)
    rink.record(COMPETITIONS, at=1000)
    (race,) = rink.meet().races
    assert (race.code, race.entries, race.entries_known) == ("W500", (), False)
    assert race.planned == race.start == EVENING


def test_without_the_list_of_races_there_are_none(rink: Rink) -> None:
    rink.wire.add_race(begin=EVENING)
    rink.record(SCHEDULE, RESULTS, isu.event_path(EVENT), at=1000)
    assert rink.meet().races == ()
    assert rink.meet().event.city == "Oslo"


def test_the_programme_has_the_planned_start_and_the_list_of_races_the_present_one(
    rink: Rink,
) -> None:
    race = rink.wire.add_race(begin=EVENING)
    race.begin = EVENING + timedelta(minutes=50)
    rink.record(at=1000)
    (read,) = rink.meet().races
    assert read.planned == EVENING
    assert read.start == EVENING + timedelta(minutes=50)


def test_a_race_is_live_when_either_document_says_so_unless_it_is_official(rink: Rink) -> None:
    rink.wire.add_race(begin=EVENING)
    rink.record(COMPETITIONS, at=1000)
    rink.wire.start(1)
    rink.record(SCHEDULE, at=2000)
    assert not rink.meet(1999).races[0].live
    assert rink.meet(2000).races[0].live
    rink.wire.races[1].official = True
    rink.record(COMPETITIONS, at=3000)
    assert not rink.meet(3000).races[0].live


def test_a_meet_says_that_its_times_are_modelled(rink: Rink) -> None:
    rink.changed(isu.event_path(EVENT), lambda event: event.update(modelled=True), at=1000)
    assert rink.meet().modelled


# --- the start list ----------------------------------------------------------------------------


def test_while_the_results_have_no_rows_the_start_list_stands_in(rink: Rink) -> None:
    rink.wire.add_race(begin=EVENING, starters=4)
    rink.record(COMPETITIONS, START_LIST, at=1000)
    rink.put(RESULTS, b"[]", at=2000)
    for at in (1000, 2000):
        (race,) = rink.meet(at).races
        assert race.entries_known
        assert [entry.pair for entry in race.entries] == [1, 1, 2, 2]


def test_as_soon_as_the_results_have_rows_they_count(rink: Rink) -> None:
    rink.wire.add_race(begin=EVENING, starters=4)
    rink.record(COMPETITIONS, START_LIST, at=1000)
    rink.wire.start(1)
    rink.wire.finish(1, 2, 37_052)
    rink.record(RESULTS, at=2000)
    assert rink.meet(1999).races[0].leader is None
    leader = rink.meet(2000).races[0].leader
    assert leader is not None
    assert leader.time_ms == 37_052


# --- at a time ---------------------------------------------------------------------------------


def test_at_any_time_it_is_what_was_known_then_in_whatever_order_it_is_asked(rink: Rink) -> None:
    race = rink.wire.add_race(begin=EVENING, metres=1000, starters=6)
    rink.wire.start(1)
    rink.record(at=0)
    expected = {0: isu.read_results(rink.wire.documents()[RESULTS], rink.meet().races[0].distance)}
    for step in rink.wire.skate(1):
        rink.now = step.after_ms
        rink.wire.follow(1, step)
        rink.record(at=step.after_ms)
        body = rink.wire.documents()[RESULTS]
        expected[step.after_ms] = isu.read_results(body, rink.meet().races[0].distance)
    assert len(expected) == 1 + 3 * len(race.rows)
    times = sorted(expected)
    for at in [*times[::-1], *times[::2], *times[1::3]]:
        assert rink.meet(at).races[0].entries == expected[at].entries
        assert rink.meet(at + 1).races[0].entries == expected[at].entries
    assert rink.meet(-1).races == ()


# --- what has not changed ----------------------------------------------------------------------


def test_the_same_versions_make_the_very_same_meet(rink: Rink) -> None:
    rink.wire.add_race(begin=EVENING)
    rink.record(at=1000)
    assert rink.meet(1000) is rink.meet(5000)


def test_a_race_that_has_not_changed_is_the_very_same_object(rink: Rink) -> None:
    rink.wire.add_race(begin=EVENING)
    rink.wire.add_race(begin=EVENING + timedelta(hours=1))
    rink.record(at=1000)
    before = rink.meet(1000)
    rink.wire.start(1)
    rink.wire.passage(1, 0, 0, 10_331)
    rink.record(at=2000)
    after = rink.meet(2000)
    assert after.races[0] is not before.races[0]
    assert after.races[1] is before.races[1]
    assert after.event is before.event
    assert rink.meet(1000).races[0] is before.races[0]


def test_starts_that_have_not_changed_are_the_very_same_when_the_race_has(rink: Rink) -> None:
    rink.wire.add_race(begin=EVENING)
    rink.record(at=1000)
    before = rink.meet(1000).races[0]
    rink.wire.start(1)
    rink.record(COMPETITIONS, at=2000)
    after = rink.meet(2000).races[0]
    assert after is not before
    assert after.entries is before.entries


def test_it_can_be_read_for_hours_without_keeping_everything(rink: Rink) -> None:
    rink.wire.add_race(begin=EVENING, starters=2)
    rink.wire.start(1)
    rink.record(at=0)
    for at in range(1, 700):
        rink.put(RESULTS, encode([{"id": 1, "competitor": {"skater": {"lastName": f"N{at}"}}}]), at)
    for at in range(700):
        rink.meet(at)
    assert len(rink.reader._decoded) <= 512
    competitor = rink.meet(1).races[0].entries[0].competitor
    assert isinstance(competitor, Skater)
    assert competitor.family == "N1"


# --- rows that name nobody ---------------------------------------------------------------------


def nameless(index: int) -> Callable[[Any], None]:
    def change(rows: Any) -> None:
        rows[index]["competitor"] = None

    return change


def test_the_last_good_row_stands_in_for_one_that_names_nobody_and_is_marked(rink: Rink) -> None:
    rink.wire.add_race(begin=EVENING, starters=4)
    rink.wire.start(1)
    rink.wire.finish(1, 0, 37_052)
    rink.record(at=1000)
    good = rink.meet(1000).races[0]
    rink.changed(RESULTS, nameless(0), at=2000)
    race = rink.meet(2000).races[0]
    assert race.dropped == 0
    assert len(race.entries) == 4
    assert [entry.kept for entry in race.entries] == [False, False, False, True]
    # The rank it had then may be somebody else's now.
    assert race.entries[-1].rank is None
    assert race.entries[-1].key == good.entries[0].key
    assert race.entries[-1].competitor == good.entries[0].competitor
    assert race.entries[-1].time_ms == 37_052


def test_it_stands_in_for_as_long_as_the_row_names_nobody(rink: Rink) -> None:
    rink.wire.add_race(begin=EVENING, starters=4)
    rink.record(at=1000)
    for at in range(2000, 2020):
        rink.wire.finish(1, 0, 39_000 - at)
        rink.changed(RESULTS, nameless(1), at=at)
    race = rink.meet().races[0]
    assert [entry.kept for entry in race.entries].count(True) == 1
    rink.record(RESULTS, at=3000)
    assert not any(entry.kept for entry in rink.meet(3000).races[0].entries)


def test_a_row_that_never_named_anybody_is_dropped_and_counted(rink: Rink) -> None:
    rink.wire.add_race(begin=EVENING, starters=4)
    rink.record(COMPETITIONS, at=1000)
    rink.changed(RESULTS, nameless(2), at=2000)
    race = rink.meet().races[0]
    assert (len(race.entries), race.dropped) == (3, 1)


def test_a_row_the_feed_took_away_is_gone(rink: Rink) -> None:
    rink.wire.add_race(begin=EVENING, starters=4)
    rink.record(at=1000)
    rink.changed(RESULTS, lambda rows: rows.pop(), at=2000)
    race = rink.meet().races[0]
    assert (len(race.entries), race.dropped) == (3, 0)


# --- trouble -----------------------------------------------------------------------------------


def test_a_version_that_cannot_be_restored_is_told_and_others_can_be_read(rink: Rink) -> None:
    rink.wire.add_race(begin=EVENING, starters=2)
    rink.record(at=1000)
    rink.wire.finish(1, 0, 37_052)
    rink.record(at=2000)
    rink.tape._db.execute("UPDATE version SET body = zeroblob(99) WHERE at = 2000")
    with pytest.raises(TapeError):
        rink.meet(2000)
    assert rink.meet(1000).races[0].leader is None
