"""Re-enactment, through what a viewer gets: the documents on the tape at every time."""

from __future__ import annotations

import json
from collections import defaultdict
from collections.abc import Mapping
from datetime import UTC, datetime, timedelta
from itertools import pairwise
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from msgspec.structs import replace

from longtrack import isu
from longtrack.model import Entry, Race, Status
from longtrack.reenact import (
    DELAY_KNOWN_MS,
    OFFICIAL_MS,
    QUIET_MS,
    SETTLED_MS,
    HeldMeet,
    Timing,
    held_from_documents,
    reenact,
)
from longtrack.skated import ranks, time_behind
from longtrack.starts import STATUS_OF_CODE
from longtrack.state import TapeReader
from longtrack.tape import Tape
from wire import DNF, DNS, DQ, FINISHED, WDR, WireMeet, clock_text, encode, lap_text

EVENT = "2026_NOR_0001"
NOON = datetime(2025, 12, 12, 12, tzinfo=UTC)
MINUTE = 60_000


def ms(moment: datetime) -> int:
    return round(moment.timestamp() * 1000)


def wire_meet() -> WireMeet:
    return WireMeet(lambda: NOON + timedelta(minutes=20), event_id=EVENT, begins=NOON)


def held(meet: WireMeet, timings: Mapping[int, Timing] | None = None) -> HeldMeet:
    documents = meet.documents()
    taken = held_from_documents(
        documents[isu.event_path(EVENT)],
        documents[isu.schedule_path(EVENT)],
        documents[isu.competitions_path(EVENT)],
        {n: documents[isu.competition_path(EVENT, n)] for n in meet.races},
        {n: documents[isu.results_path(EVENT, n)] for n in meet.races},
    )
    return replace(taken, timings=timings or {})


def skated(meet: WireMeet, number: int = 1, begin: datetime = NOON) -> None:
    """Skate a race and let it be official, with the start it really had."""
    meet.hold(number)
    meet.races[number].begin = begin
    meet.make_official(number)


class Laid:
    """A meet on a tape, read as a viewer does."""

    def __init__(self, meet: HeldMeet) -> None:
        self.meet = meet
        self.tape = Tape(kind="reenacted")
        reenact(self.tape, meet)
        self.reader = TapeReader(self.tape, EVENT)
        bounds = self.tape.bounds()
        assert bounds is not None
        self.first, self.last = bounds

    def states(self, number: int = 1) -> list[tuple[int, tuple[Entry, ...]]]:
        """Return the starts of a race after every change, the final document's last."""
        distance = self.race(self.last, number).distance
        history = self.tape.history(isu.results_path(EVENT, number), self.last)
        return [
            (head.at, isu.read_results(self.tape.body(head.version), distance).entries)
            for head in history
        ][::-1]

    def race(self, at: int, number: int = 1) -> Race:
        race = self.reader.meet(at).numbered(number)
        assert race is not None
        return race

    def entry(self, at: int, key: int, number: int = 1) -> Entry:
        return next(e for e in self.race(at, number).entries if e.key == str(key))

    def times(self, path: str) -> list[int]:
        return [head.at for head in self.tape.history(path, self.last)][::-1]

    def result_times(self, number: int = 1) -> list[int]:
        return self.times(isu.results_path(EVENT, number))

    def body(self, path: str, at: int) -> Any:
        return json.loads(self.tape.body(self.tape.heads(at)[path].version))


# --- any race ------------------------------------------------------------------------------------

Start = tuple[int, int, tuple[int, ...]]
"""Status, the time in milliseconds (0 for none) and the passages."""


@st.composite
def starts(draw: st.DrawFn, marks: int) -> Start:
    # Few different times, so that ties are common.
    laps = draw(st.lists(st.integers(20_000, 20_015), min_size=marks, max_size=marks))
    passages = tuple(sum(laps[: index + 1]) for index in range(marks))
    status = draw(st.sampled_from([FINISHED] * 6 + [DNS, DQ, DNF, WDR, 9]))
    if status in (DNS, WDR):
        return status, 0, ()
    if status == FINISHED or (status in (DQ, 9) and draw(st.booleans())):
        return status, passages[-1], passages[: draw(st.integers(0, marks))]
    return status, 0, passages[: draw(st.integers(0, marks - 1))]


@st.composite
def races(draw: st.DrawFn) -> tuple[int, int, list[Start]]:
    """Return metres, how many start together, and what becomes of each start."""
    metres = draw(st.sampled_from([500, 1000, 1500]))
    together = draw(st.sampled_from([2, 2, 2, 4]))
    some = st.lists(starts(-(-metres // 400)), min_size=1, max_size=7)
    return metres, together, draw(some)


def laid(metres: int, together: int, given_starts: list[Start]) -> Laid:
    meet = wire_meet()
    race = meet.add_race(begin=NOON, metres=metres, starters=len(given_starts), together=together)
    for row, (status, time, passages) in zip(race.rows, given_starts, strict=True):
        row.status, row.time_ms = status, time or None
        row.passages = dict(enumerate(passages))
    race.rerank()
    race.official = True
    timing = Timing(end=NOON + timedelta(hours=1), pair_interval_s=140.0)
    return Laid(held(meet, {1: timing}))


def gates(one: Laid) -> dict[int, int]:
    """Return when each pair started: when its first passage or finish came, less the time."""
    found: dict[int, int] = {}
    for at, entries in one.states():
        for entry in entries:
            if entry.pair is not None and entry.pair not in found:
                if entry.passages:
                    found[entry.pair] = at - entry.passages[0].time_ms
                elif entry.status is Status.FINISHED and entry.time_ms is not None:
                    found[entry.pair] = at - entry.time_ms
    return found


def known_ms(entry: Entry) -> list[int]:
    """Return every time that is known of a start."""
    times = [passage.time_ms for passage in entry.passages]
    return times if entry.time_ms is None else [*times, entry.time_ms]


@given(races())
def test_everything_appears_in_its_time(a_race: tuple[int, int, list[Start]]) -> None:
    one = laid(*a_race)
    started = gates(one)
    assert all(gate >= ms(NOON) for gate in started.values())
    assert sorted(started.values()) == [started[pair] for pair in sorted(started)]
    _, final = one.states()[-1]
    for at, entries in one.states():
        passages = {entry.key: entry.passages for entry in entries}
        assert all(at >= started[e.pair or 0] + t for e in entries for t in known_ms(e))
        for entry in final:
            due = [p for p in entry.passages if at >= started[entry.pair or 0] + p.time_ms]
            assert [p.time_ms for p in passages[entry.key]] == [p.time_ms for p in due]


@given(races())
def test_ranks_are_those_of_what_has_been_skated(a_race: tuple[int, int, list[Start]]) -> None:
    for _, entries in laid(*a_race).states()[:-1]:
        finished = [entry for entry in entries if entry.status is Status.FINISHED]
        for entry in finished:
            faster = sum((other.time_ms or 0) < (entry.time_ms or 0) for other in finished)
            assert entry.rank == 1 + faster
        assert all(e.rank is None for e in entries if e.status is not Status.FINISHED)
        at_mark = defaultdict(list)
        for entry in entries:
            for passage in entry.passages:
                at_mark[passage.number].append(passage)
        for passages in at_mark.values():
            for passage in passages:
                assert passage.rank == 1 + sum(o.time_ms < passage.time_ms for o in passages)


@given(races())
def test_rows_are_in_the_order_of_the_feed(a_race: tuple[int, int, list[Start]]) -> None:
    for _, entries in laid(*a_race).states()[:-1]:
        ranked = [e.rank for e in entries if e.rank is not None]
        waiting = [e.pair or 0 for e in entries if e.rank is None and not e.status.is_invalid]
        kinds = [0 if e.rank else 2 if e.status.is_invalid else 1 for e in entries]
        assert ranked == sorted(ranked)
        assert waiting == sorted(waiting)
        assert kinds == sorted(kinds)


@given(races())
def test_the_last_version_is_the_final_document(a_race: tuple[int, int, list[Start]]) -> None:
    one = laid(*a_race)
    for path, final in (
        (isu.results_path(EVENT, 1), one.meet.results[1]),
        (isu.competitions_path(EVENT), one.meet.competitions),
        (isu.schedule_path(EVENT), one.meet.schedule),
    ):
        assert isu.substance(one.body(path, one.last)) == isu.substance(final)


@given(races(), st.data())
def test_what_is_to_come_changes_nothing_before_it(
    a_race: tuple[int, int, list[Start]], data: st.DataObject
) -> None:
    metres, together, known = a_race
    last = starts(-(-metres // 400))
    one, two = (laid(metres, together, [*known, data.draw(last)]) for _ in range(2))
    key = max(one.states()[0][1], key=lambda entry: int(entry.key)).key
    told = []
    for each in (one, two):
        seen = [(at, entry) for at, of in each.states() for entry in of if entry.key == key]
        told += [at for at, entry in seen if entry != seen[0][1]][:1]
    path = isu.results_path(EVENT, 1)
    for at in {*one.result_times(), *two.result_times()}:
        if at < min(told):
            assert one.body(path, at) == two.body(path, at)


# --- a race as it goes ---------------------------------------------------------------------------


def test_the_start_list_stands_from_the_beginning_of_the_day() -> None:
    meet = wire_meet()
    race = meet.add_race(begin=NOON, starters=4)
    skated(meet)
    one = Laid(held(meet))
    midnight = ms(datetime(2025, 12, 11, 23, tzinfo=UTC))  # in Oslo
    assert one.first == midnight
    listed = one.race(midnight)
    assert [entry.key for entry in listed.entries] == [str(row.id) for row in race.rows]
    assert all(entry.status is Status.TO_START for entry in listed.entries)
    assert {row["rank"] for row in one.body(isu.results_path(EVENT, 1), midnight)} == {None}


def test_a_race_goes_live_ends_and_becomes_official() -> None:
    meet = wire_meet()
    meet.add_race(begin=NOON, starters=4)
    skated(meet)
    end = NOON + timedelta(minutes=5)
    one = Laid(held(meet, {1: Timing(end=end)}))
    close = ms(end) + SETTLED_MS
    assert one.result_times()[-1] == ms(end)  # nothing is left for the final document to say
    states = {
        at: (one.race(at).live, one.race(at).official)
        for at in (ms(NOON) - 1, ms(NOON), close + QUIET_MS - 1, close + QUIET_MS)
    }
    assert list(states.values()) == [(False, False), (True, False), (True, False), (False, False)]
    assert not one.race(close + OFFICIAL_MS - 1).official
    assert one.race(close + OFFICIAL_MS).official
    live = [link["isLive"] for link in one.body(isu.schedule_path(EVENT), ms(NOON))[0]["links"]]
    assert live == [True, True]
    rows = one.body(isu.competitions_path(EVENT), close + OFFICIAL_MS)
    assert rows[0]["lastUpdate"] == "2025-12-12T12:15:30Z"


def test_conditions_come_when_they_are_measured() -> None:
    meet = wire_meet()
    meet.add_race(begin=NOON)
    skated(meet)
    meet.races[1].conditions[1]["iceTemperature"] = -7.7
    one = Laid(held(meet))
    assert one.race(ms(NOON) - 1).conditions is None
    at_start, at_end = one.race(ms(NOON)).conditions, one.race(one.last).conditions
    assert at_start is not None
    assert at_start.ice_c == -8.5
    assert at_end is not None
    assert at_end.ice_c == -7.7


def test_a_late_race_keeps_its_planned_start_until_it_is_known_to_be_late() -> None:
    meet = wire_meet()
    race = meet.add_race(begin=NOON)
    skated(meet, begin=NOON + timedelta(minutes=17))
    race.planned = NOON
    one = Laid(held(meet))
    assert one.race(ms(NOON)).start == NOON
    known = one.race(ms(NOON) + DELAY_KNOWN_MS)
    assert known.start == NOON + timedelta(minutes=17)
    assert known.planned == NOON
    assert not known.live
    assert one.race(ms(NOON) + 17 * MINUTE).live


def test_a_race_that_waits_for_its_first_pair_is_live_from_its_planned_start() -> None:
    meet = wire_meet()
    meet.add_race(begin=NOON, starters=4)
    skated(meet, begin=NOON + timedelta(minutes=50))
    first = NOON + timedelta(minutes=50, seconds=30)
    timing = Timing(planned=NOON, start=NOON, first_pair=first, pair_interval_s=120)
    one = Laid(held(meet, {1: timing}))
    assert one.race(ms(NOON)).live
    assert not one.race(ms(first)).begun
    assert gates(one) == {1: ms(first), 2: ms(first) + 120_000}


def test_pairs_are_spread_between_start_and_end() -> None:
    meet = wire_meet()
    race = meet.add_race(begin=NOON, starters=8)
    skated(meet)
    end = NOON + timedelta(minutes=9)
    one = Laid(held(meet, {1: Timing(end=end)}))
    starts_at = [at for _, at in sorted(gates(one).items())]
    between = {later - earlier for earlier, later in pairwise(starts_at)}
    assert max(between) - min(between) <= 1
    slowest = max(row.time_ms or 0 for row in race.rows[-2:])
    assert starts_at[-1] + slowest == ms(end)


@pytest.mark.parametrize("touched", [-5, 5 * 60])
def test_an_end_that_cannot_be_is_estimated(touched: int) -> None:
    meet = wire_meet()
    race = meet.add_race(begin=NOON, starters=8)
    skated(meet)
    race.updated = NOON + timedelta(minutes=touched)
    first, *_, last = gates(Laid(held(meet))).values()
    assert 5 * MINUTE < last - first < 4 * 2.2 * 1.2 * MINUTE


def test_quartets_start_together() -> None:
    meet = wire_meet()
    meet.add_race(begin=NOON, metres=3000, division="B", starters=8, together=4)
    skated(meet)
    one = Laid(held(meet))
    crowd = max(len(one.race(at).on_ice) for at in one.result_times())
    assert crowd == 4


def test_teams_are_clocked_lap_by_lap() -> None:
    meet = wire_meet()
    meet.add_race(begin=NOON, kind="TP", metres=None, starters=4)
    skated(meet)
    one = Laid(held(meet))
    assert len(one.result_times()) >= 1 + 6 * 2
    assert all(entry.rank for entry in one.race(one.last).entries)


def test_a_mass_start_is_skated_at_once_and_sprints_count_when_they_are_skated() -> None:
    meet = wire_meet()
    race = meet.add_race(begin=NOON, kind="MS", starters=6)
    skated(meet)
    one = Laid(held(meet))
    fourth = min(row.passages[3] for row in race.rows)
    before, after = one.race(ms(NOON) + fourth - 1), one.race(ms(NOON) + fourth)
    assert len(before.on_ice) == 6

    def points(of: Race) -> list[int]:
        return [p.sprint_points or 0 for entry in of.entries for p in entry.passages]

    assert sum(points(before)) == 0
    assert sum(points(after)) == 3


def test_a_result_can_be_laid_as_a_whole() -> None:
    meet = wire_meet()
    meet.add_race(begin=NOON, starters=6)
    skated(meet)
    end = NOON + timedelta(minutes=15)
    one = Laid(held(meet, {1: Timing(end=end, by_pair=False)}))
    assert one.result_times()[1:] == [ms(end)]


# --- those without a valid result ----------------------------------------------------------------


def raced(status: int, *, keep_time: bool = False, keep_laps: bool = False) -> tuple[Laid, int]:
    """Skate a race of three pairs; the first starter's end is the given one.

    Returns:
        The race on a tape, and the key of that starter.
    """
    meet = wire_meet()
    race = meet.add_race(begin=NOON, metres=1000, starters=6)
    skated(meet)
    row = race.rows[0]
    row.status = status
    if not keep_time:
        row.time_ms = None
        row.passages = dict(list(row.passages.items())[:2]) if keep_laps else {}
    race.rerank()
    one = Laid(held(meet, {1: Timing(end=NOON + timedelta(minutes=9))}))
    return one, row.id


def test_somebody_disqualified_counts_until_the_end() -> None:
    one, key = raced(DQ, keep_time=True)
    *before, end = one.result_times()
    last = one.entry(before[-1], key)
    assert last.status is Status.FINISHED
    assert last.rank is not None
    assert sorted(e.rank or 0 for e in one.race(before[-1]).entries) == [1, 2, 3, 4, 5, 6]
    assert end - before[-1] == SETTLED_MS
    assert one.entry(end, key).status is Status.DQ
    assert one.entry(end, key).rank is None


@pytest.mark.parametrize("keep_laps", [False, True])
@pytest.mark.parametrize("status", [DQ, DNF, 9])
def test_without_a_time_the_status_comes_when_the_pair_is_home(
    status: int, keep_laps: bool
) -> None:
    one, key = raced(status, keep_laps=keep_laps)
    seen = {at: one.entry(at, key) for at in one.result_times()}
    told = next(at for at, entry in seen.items() if entry.status.is_invalid)
    mate = next(e for e in one.race(one.last).entries if e.pair == 1 and e.key != str(key))
    assert told == ms(NOON) + (mate.time_ms or 0)
    assert seen[told].status is STATUS_OF_CODE.get(status, Status.INVALID)
    assert len(seen[told].passages) == (2 if keep_laps else 0)


def test_a_dnf_is_ranked_only_by_the_final_document() -> None:
    meet = wire_meet()
    race = meet.add_race(begin=NOON, starters=4)
    skated(meet)
    meet.dnf(1, 0)
    race.rows[0].passages.clear()
    final = held(meet)
    next(row for row in final.results[1] if row["id"] == race.rows[0].id)["rank"] = 4
    one = Laid(final)
    *before, end = one.result_times()
    assert one.entry(before[-1], race.rows[0].id).rank is None
    assert one.entry(end, race.rows[0].id).rank == 4


@pytest.mark.parametrize("status", [DNS, WDR])
def test_who_does_not_start_is_known_from_the_start(status: int) -> None:
    one, key = raced(status)
    assert one.entry(ms(NOON) - 1, key).status is Status.TO_START
    assert one.entry(ms(NOON), key).status is STATUS_OF_CODE[status]


def test_remarks_come_with_what_they_explain() -> None:
    meet = wire_meet()
    race = meet.add_race(begin=NOON, starters=4)
    skated(meet)
    meet.disqualify(1, 0)
    final = held(meet)
    for row in final.results[1]:
        row["remarks"] = ["T04"] if row["id"] == race.rows[0].id else ["F"]
    one = Laid(final)
    *before, end = one.result_times()
    assert one.entry(before[-1], race.rows[0].id).remarks == ()
    assert one.entry(end, race.rows[0].id).remarks == ("T04",)
    fallen = [one.entry(at, race.rows[1].id) for at in before]
    assert all(bool(e.remarks) == (e.status is Status.FINISHED) for e in fallen)


def test_a_reskate_is_granted_after_the_pair_and_skated_after_the_last() -> None:
    meet = wire_meet()
    race = meet.add_race(begin=NOON, starters=6)
    skated(meet)
    race.rows[0].reskate = True
    one = Laid(held(meet, {1: Timing(end=NOON + timedelta(minutes=12))}))
    key = race.rows[0].id
    seen = [one.entry(at, key) for at in one.result_times()]
    assert not seen[0].reskate
    granted = next(index for index, entry in enumerate(seen) if entry.reskate)
    assert seen[granted].awaits_reskate
    others = [e for e in one.race(one.result_times()[-3]).entries if e.key != str(key)]
    assert all(e.status is Status.FINISHED for e in others)
    assert seen[-3].status is Status.TO_START
    assert seen[-1].status is Status.FINISHED


# --- ties ----------------------------------------------------------------------------------------


def with_times(*texts: str) -> Laid:
    meet = wire_meet()
    race = meet.add_race(begin=NOON, starters=len(texts))
    skated(meet)
    final = held(meet)
    rows = {row["id"]: row for row in final.results[1]}
    final.results[1].clear()
    for rank, (start, text) in enumerate(zip(reversed(race.rows), texts, strict=True), start=1):
        final.results[1].append(rows[start.id] | {"rank": rank, "time": text, "laps": []})
    return Laid(final)


def test_equal_thousandths_share_a_rank() -> None:
    one = with_times("37.500", "37.500", "37.501")
    before = one.race(one.result_times()[-2])
    assert [entry.rank for entry in before.entries] == [1, 1, 3]


def test_equal_hundredths_keep_the_order_of_the_sheet_and_are_no_tie() -> None:
    one = with_times("37.50", "37.50", "37.51")
    last = one.race(one.result_times()[-1])
    assert [(entry.rank, entry.pair) for entry in last.entries] == [(1, 2), (2, 1), (3, 1)]
    behind = [row["timeBehind"] for row in one.body(isu.results_path(EVENT, 1), one.last)]
    assert len(behind) == 3


def test_ranks_share_and_skip() -> None:
    assert ranks([(3,), (1,), (3,), (5,)]) == [2, 1, 2, 4]


@pytest.mark.parametrize(
    ("time_ms", "leader_ms", "precision", "text"),
    [
        (73_592, 73_592, 1, "0.000"),
        (91_389, 73_592, 1, "17.797"),
        (94_450, 37_050, 10, "57.40"),
        (37_759, 37_651, 10, "0.10"),
    ],
)
def test_time_behind(time_ms: int, leader_ms: int, precision: int, text: str) -> None:
    assert time_behind(time_ms, leader_ms, precision) == text


# --- odd meets -----------------------------------------------------------------------------------


def test_a_race_without_a_start_is_over_when_the_next_begins() -> None:
    meet = wire_meet()
    for hour in range(4):
        meet.add_race(begin=NOON + timedelta(hours=hour), starters=2, metres=500 * (1 + hour % 3))
        skated(meet, hour + 1, NOON + timedelta(hours=hour))
        meet.races[hour + 1].updated = NOON + timedelta(hours=hour, minutes=5)
    final = held(meet)
    for number in (2, 4):
        final.competitions[number - 1]["start"] = None
        final.schedule[number - 1]["start"] = None
    del final.results[2]  # type: ignore[attr-defined]
    one = Laid(final)
    third = ms(NOON) + 2 * 60 * MINUTE
    assert not one.race(third - 1, 2).official
    assert one.race(third, 2).official
    assert one.race(third, 2).entries == ()
    assert not one.race(one.last - 1, 4).official
    assert one.race(one.last, 4).has_result


def test_a_race_without_a_start_is_laid_at_its_end_where_that_is_known() -> None:
    meet = wire_meet()
    for hour in range(2):
        meet.add_race(begin=NOON + timedelta(hours=hour), starters=2, metres=500 * (1 + hour))
        skated(meet, hour + 1, NOON + timedelta(hours=hour))
    end = NOON + timedelta(days=1, hours=3)
    final = held(meet, {1: Timing(end=end, by_pair=False)})
    final.competitions[0]["start"] = final.schedule[0]["start"] = None
    one = Laid(final)
    assert not one.race(ms(end) - 1).begun
    assert (one.race(ms(end)).has_result, one.race(ms(end)).official) == (True, True)
    start_list, result = one.result_times()
    assert datetime.fromtimestamp(start_list / 1000, UTC).date() <= end.date()
    assert ms(NOON) < start_list < result == ms(end)


def test_a_race_that_was_not_held_stays_as_it_is() -> None:
    meet = wire_meet()
    meet.add_race(begin=NOON)
    skated(meet)
    meet.add_race(begin=NOON + timedelta(days=1))
    one = Laid(held(meet))
    final = one.race(one.last, 2)
    assert not final.live
    assert not final.official
    assert all(entry.status is Status.TO_START for entry in final.entries)


oddities = st.one_of(
    st.none(),
    st.booleans(),
    st.integers(-5, 12),
    st.sampled_from(["", "x", "37.05", "-1", "9999:59.999", "I", "2025-12-12T12:00:00Z"]),
    st.lists(st.none(), max_size=2),
    st.dictionaries(st.sampled_from(["number", "time", "skater"]), st.integers(0, 3), max_size=2),
)


@given(st.data())
def test_odd_documents_are_laid_all_the_same(data: st.DataObject) -> None:
    meet = wire_meet()
    meet.add_race(begin=NOON, metres=1000, starters=4)
    skated(meet)
    final = held(meet)
    for target in (*final.results[1], *final.competitions, *final.schedule, final.details[1]):
        for key in data.draw(st.lists(st.sampled_from(sorted(target)), max_size=3, unique=True)):
            if key != "scheduleNumber":
                target[key] = data.draw(oddities)
    for row in final.results[1]:
        for lap in row["laps"] if isinstance(row["laps"], list) else []:
            if isinstance(lap, dict) and data.draw(st.booleans()):
                lap[data.draw(st.sampled_from(["number", "time", "passageTime"]))] = None
    if data.draw(st.booleans()):
        final.results[1].insert(1, data.draw(oddities))
    one = Laid(final)
    last = one.body(isu.results_path(EVENT, 1), one.last)
    assert isu.substance(last) == isu.substance(json.loads(encode(final.results[1])))


def test_paginated_lists_are_taken_too() -> None:
    meet = wire_meet()
    meet.add_race(begin=NOON, starters=2)
    skated(meet)
    documents = meet.documents()
    paginated = encode({"count": 2, "next": None, "results": meet.results(meet.races[1])})
    taken = held_from_documents(
        documents[isu.event_path(EVENT)],
        documents[isu.schedule_path(EVENT)],
        documents[isu.competitions_path(EVENT)],
        {},
        {1: paginated},
    )
    assert len(Laid(taken).race(ms(NOON)).entries) == 2


def test_a_body_that_is_no_document_is_refused() -> None:
    documents = wire_meet().documents()
    with pytest.raises(isu.Unreadable):
        held_from_documents(documents[isu.event_path(EVENT)], b"<html>", b"[]", {}, {})


def test_laps_without_a_passage_time_are_laid_where_they_add_up() -> None:
    meet = wire_meet()
    race = meet.add_race(begin=NOON, metres=1000, starters=1)
    skated(meet)
    final = held(meet)
    for lap in final.results[1][0]["laps"]:
        del lap["passageTime"]
    one = Laid(final)
    opener = race.rows[0].passages[0] // 10 * 10
    assert lap_text(opener) == clock_text(opener)[:-1]
    assert one.result_times()[1] == ms(NOON) + opener
