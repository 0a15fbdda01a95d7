"""Recording: what becomes of the feed's answers, and of the moments they bring."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterator
from datetime import UTC, datetime, timedelta
from itertools import islice
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from longtrack import isu
from longtrack.happened import RULES
from longtrack.isu import Unreadable
from longtrack.model import Status
from longtrack.moments import HIDDEN, Kind, Moment
from longtrack.recording import MeetRecorder
from longtrack.records import RecordBook
from longtrack.tape import Outcome, Span, Tape, TapeUnusable
from wire import WireMeet, encode

EVENT = "2026_NOR_0001"
EVENING = datetime(2025, 12, 12, 17, 30, tzinfo=UTC)
RESULTS = isu.results_path(EVENT, 1)
COMPETITIONS = isu.competitions_path(EVENT)
SCHEDULE = isu.schedule_path(EVENT)
FOREVER = 2**60


def ms(moment: datetime) -> int:
    return round(moment.timestamp() * 1000)


class Rink:
    """A feed and a program that records it, both by the same clock."""

    def __init__(self, file: Path | None = None) -> None:
        self.now = EVENING
        self.wire = WireMeet(lambda: self.now, event_id=EVENT)
        self.tape = Tape(file)
        self.trouble: list[str] = []
        self.news = 0
        self.recorder = self.new_recorder()

    def new_recorder(self) -> MeetRecorder:
        return MeetRecorder(
            self.tape,
            EVENT,
            lambda: ms(self.now),
            RecordBook(()),
            on_trouble=self.trouble.append,
            on_new=self.count,
        )

    def count(self) -> None:
        self.news += 1

    def poll(self, *paths: str) -> list[Outcome]:
        """Take the documents as they stand now; all of them where none is named."""
        documents = self.wire.documents()
        wanted = paths or [path for path in documents if path.startswith(f"events/{EVENT}/")]
        return [self.recorder.take(path, documents[path]) for path in wanted]

    def moments(self) -> list[Moment]:
        return [Moment.from_json(kept.body) for kept in self.tape.moments(FOREVER)]

    def told(self) -> list[Moment]:
        """Return the moments but those of the hidden kinds."""
        return [moment for moment in self.moments() if moment.kind not in HIDDEN]

    def skate(self, number: int = 1) -> list[dict[str, bytes]]:
        """Let a whole race happen, polled at every step; return all documents there were."""
        begin = self.now
        self.wire.start(number)
        seen = [self.wire.documents()]
        self.poll()
        for step in self.wire.skate(number):
            self.now = begin + timedelta(milliseconds=step.after_ms)
            self.wire.follow(number, step)
            seen.append(self.wire.documents())
            self.poll()
        self.wire.stop(number)
        self.poll()
        return seen


@pytest.fixture
def rink() -> Iterator[Rink]:
    made = Rink()
    yield made
    made.tape.close()


@pytest.fixture
def rink_on_disk(tmp_path: Path) -> Iterator[Rink]:
    made = Rink(tmp_path / "meet.tape")
    yield made
    made.tape.close()


# --- versions and their moments ----------------------------------------------------------------


def test_an_answer_becomes_a_version_with_the_moments_it_brings(rink: Rink) -> None:
    rink.wire.add_race(begin=EVENING, starters=4)
    rink.wire.start(1)
    rink.poll()
    assert rink.told() == []
    rink.now += timedelta(seconds=40)
    rink.wire.finish(1, 0, 37_052)
    assert rink.poll(RESULTS) == [Outcome.NEW]
    (finish, leader) = rink.told()
    assert (finish.kind, leader.kind) == (Kind.FINISH, Kind.LEADER)
    assert leader.at == ms(rink.now)
    assert leader.race == "W500"
    assert rink.recorder.meet().races[0].leader is not None


def test_the_same_answer_again_brings_nothing(rink: Rink) -> None:
    rink.wire.add_race(begin=EVENING, starters=4)
    rink.wire.start(1)
    rink.poll()
    rink.wire.finish(1, 0, 37_052)
    rink.poll()
    told, news = rink.moments(), rink.news
    rink.now += timedelta(seconds=3)
    rink.wire.races[1].updated = rink.now  # the feed stamps all rows anew
    assert set(rink.poll()) == {Outcome.SAME}
    assert rink.moments() == told
    assert rink.news == news


def test_a_race_that_is_followed_has_each_finish_and_each_opener_once(rink: Rink) -> None:
    rink.wire.add_race(begin=EVENING, starters=8)
    rink.skate()
    told = rink.moments()
    finishes = Counter(m.people[0].key for m in told if m.kind is Kind.FINISH)
    assert set(finishes.values()) == {1}
    assert len(finishes) == 8
    openers = Counter(person.key for m in told if m.kind is Kind.OPENER for person in m.people)
    assert set(openers.values()) == {1}
    assert len(openers) == 8
    assert [m.at for m in told] == sorted(m.at for m in told)
    leaders = [m for m in told if m.kind is Kind.LEADER]
    best = rink.recorder.meet().races[0].leader
    assert best is not None
    assert leaders[-1].people[0].key == best.key


def test_documents_that_come_again_late_and_out_of_order_change_nothing(rink: Rink) -> None:
    rink.wire.add_race(begin=EVENING, starters=4)
    seen = rink.skate()
    told, state = rink.moments(), rink.recorder.meet()
    for documents in (*seen[::3], *seen[::-1]):
        outcome = rink.recorder.take(RESULTS, documents[RESULTS])
        assert outcome is (Outcome.SAME if documents[RESULTS] == seen[-1][RESULTS] else Outcome.OLD)
    assert rink.moments() == told
    assert rink.recorder.meet() == state


def test_a_row_that_names_nobody_for_a_while_is_no_news(rink: Rink) -> None:
    rink.wire.add_race(begin=EVENING, starters=4)
    rink.wire.start(1)
    rink.wire.finish(1, 0, 37_052)
    rink.poll()
    rows = rink.wire.results(rink.wire.races[1])
    rows[0]["competitor"] = None
    assert rink.recorder.take(RESULTS, encode(rows)) is Outcome.NEW
    assert any(entry.kept for entry in rink.recorder.meet().races[0].entries)
    rink.wire.races[1].updated = rink.now
    rink.poll()
    assert rink.told() == []


def test_a_disqualification_a_reskate_and_the_official_result_are_told(rink: Rink) -> None:
    rink.wire.add_race(begin=EVENING, starters=4)
    rink.wire.start(1)
    rink.poll()
    for row, time in ((0, 37_052), (1, 37_651)):
        rink.wire.finish(1, row, time)
        rink.poll()
    before = len(rink.moments())
    rink.wire.disqualify(1, 0)
    rink.poll()
    rink.wire.grant_reskate(1, 1)
    rink.poll()
    rink.wire.finish(1, 1, 37_500)
    rink.wire.make_official(1)
    rink.poll()
    kinds = [moment.kind for moment in rink.moments()[before:] if not moment.quiet]
    assert kinds == [Kind.DISQUALIFIED, Kind.RESKATE, Kind.LEADER, Kind.OFFICIAL]
    statuses = {e.status for e in rink.recorder.meet().races[0].entries}
    assert statuses == {Status.DQ, Status.FINISHED, Status.TO_START}


def test_a_delay_is_told(rink: Rink) -> None:
    race = rink.wire.add_race(begin=EVENING + timedelta(hours=1))
    rink.poll()
    race.begin += timedelta(minutes=50)
    rink.poll()
    (moment,) = rink.told()
    assert moment.kind is Kind.DELAYED


# --- what is noted of the polling --------------------------------------------------------------


def test_every_answer_is_noted_as_polled_well_or_in_vain(rink: Rink) -> None:
    rink.wire.add_race(begin=EVENING)
    start = ms(rink.now)
    rink.poll(RESULTS)
    rink.now += timedelta(seconds=3)
    rink.poll(RESULTS)
    rink.now += timedelta(seconds=3)
    rink.recorder.unchanged(RESULTS)
    rink.now += timedelta(seconds=3)
    rink.recorder.failed(RESULTS, "no connection")
    assert rink.tape.spans(RESULTS) == [
        Span(start, start + 6000, ""),
        Span(start + 9000, start + 9000, "no connection"),
    ]


def test_what_is_not_the_document_is_neither_kept_nor_noted_as_good(rink: Rink) -> None:
    rink.wire.add_race(begin=EVENING)
    rink.poll()
    state = rink.recorder.meet()
    spans = rink.tape.spans(RESULTS)
    for path, body in (
        (RESULTS, b"<html></html>"),
        (RESULTS, b""),
        (RESULTS, b'{"detail": "Not found."}'),
        (COMPETITIONS, b"{}"),
        (isu.event_path(EVENT), b'{"detail": "Request was throttled."}'),
        (isu.event_path(EVENT), b"[]"),
        (isu.competition_path(EVENT, 1), b"[]"),
    ):
        with pytest.raises(Unreadable):
            rink.recorder.take(path, body)
    assert rink.recorder.meet() is state
    assert rink.tape.spans(RESULTS) == spans


def test_a_list_that_has_lost_all_its_rows_is_refused(rink: Rink) -> None:
    rink.wire.add_race(begin=EVENING)
    rink.poll()
    empty_page = b'{"count": 0, "next": null, "previous": null, "results": []}'
    for path in (RESULTS, COMPETITIONS, SCHEDULE):
        for body in (b"[]", b" [ ]\n", empty_page):
            with pytest.raises(Unreadable, match="lost all its rows"):
                rink.recorder.take(path, body)
    assert rink.recorder.meet().races[0].entries


def test_a_list_that_never_had_a_row_may_be_empty_and_fill_later(rink: Rink) -> None:
    rink.wire.add_race(begin=EVENING, published=False)
    rink.poll()
    assert rink.poll(RESULTS) == [Outcome.SAME]
    assert not rink.recorder.meet().races[0].entries_known
    rink.wire.races[1].published = True
    assert rink.poll(RESULTS) == [Outcome.NEW]
    assert rink.recorder.meet().races[0].entries_known


# --- the meet's time ---------------------------------------------------------------------------


def hold_a_race_long_ago(rink: Rink, *, official: bool = True) -> datetime:
    """Hold a race that nobody records; return when it ended. Two days later is now."""
    rink.wire.add_race(begin=EVENING, starters=4)
    rink.wire.start(1)
    for step in rink.wire.skate(1):
        rink.now = EVENING + timedelta(milliseconds=step.after_ms)
        rink.wire.follow(1, step)
    rink.now += timedelta(minutes=5)
    rink.wire.stop(1)
    if official:
        rink.wire.make_official(1)
    ended = rink.now
    rink.now += timedelta(days=2)
    return ended


@pytest.mark.parametrize("official", [True, False])
def test_a_race_held_before_it_is_first_asked_for_is_laid_at_its_end(
    rink: Rink, official: bool
) -> None:
    ended = hold_a_race_long_ago(rink, official=official)
    rink.poll(isu.event_path(EVENT), COMPETITIONS, RESULTS)
    heads = rink.tape.heads(FOREVER)
    assert heads[RESULTS].at == ms(ended)
    assert heads[COMPETITIONS].at == ms(rink.now)
    assert rink.recorder.meet().races[0].leader is not None
    assert rink.moments() == []


@pytest.mark.parametrize(
    "updated", [None, EVENING - timedelta(days=1), EVENING + timedelta(days=9)]
)
def test_where_the_end_is_not_told_a_race_is_laid_a_while_after_its_start(
    rink: Rink, updated: datetime | None
) -> None:
    hold_a_race_long_ago(rink)
    rows = [rink.wire.competition(race) for race in rink.wire.races.values()]
    rows[0]["lastUpdate"] = None if updated is None else updated.isoformat()
    rink.recorder.take(COMPETITIONS, encode(rows))
    rink.poll(RESULTS)
    laid = rink.tape.heads(FOREVER)[RESULTS].at
    assert ms(EVENING) < laid < ms(EVENING + timedelta(hours=2))


def test_a_race_is_never_laid_in_the_future(rink: Rink) -> None:
    hold_a_race_long_ago(rink)
    rink.now = EVENING + timedelta(minutes=1)  # this computer's clock is late
    rink.poll(COMPETITIONS, RESULTS)
    assert rink.tape.heads(FOREVER)[RESULTS].at == ms(rink.now)


def test_a_live_race_is_laid_when_it_is_seen(rink: Rink) -> None:
    rink.wire.add_race(begin=EVENING, starters=4)
    rink.wire.start(1)
    rink.now += timedelta(minutes=3)
    rink.poll()
    assert rink.tape.heads(FOREVER)[RESULTS].at == ms(rink.now)


def test_a_live_race_is_laid_when_it_is_seen_also_when_everyone_has_finished(rink: Rink) -> None:
    rink.wire.add_race(begin=EVENING, starters=4)
    rink.wire.start(1)
    for row in range(4):
        rink.now += timedelta(minutes=1)
        rink.wire.finish(1, row, 37_052 + row)
    rink.now += timedelta(minutes=20)
    rink.poll(COMPETITIONS, RESULTS)
    assert rink.tape.heads(FOREVER)[RESULTS].at == ms(rink.now)


def test_a_change_to_a_race_that_was_known_is_laid_when_it_is_seen(rink: Rink) -> None:
    hold_a_race_long_ago(rink)
    rink.poll(COMPETITIONS, RESULTS)
    rink.now += timedelta(hours=1)
    rink.wire.disqualify(1, 0)
    rink.poll(RESULTS)
    assert rink.tape.heads(FOREVER)[RESULTS].at == ms(rink.now)
    assert [moment.kind for moment in rink.told()] == [Kind.DISQUALIFIED, Kind.PODIUM]


def test_a_race_that_has_not_begun_is_laid_when_it_is_seen(rink: Rink) -> None:
    rink.wire.add_race(begin=EVENING, starters=4)
    rink.now = EVENING + timedelta(hours=1)
    rink.poll()
    assert rink.tape.heads(FOREVER)[RESULTS].at == ms(rink.now)


# --- trouble with the disk ---------------------------------------------------------------------


def fill_disk(tape: Tape) -> None:
    (pages,) = tape._db.execute("PRAGMA page_count").fetchone()
    tape._db.execute(f"PRAGMA max_page_count = {pages}")


def test_when_the_disk_is_full_it_goes_on_in_memory_and_says_so_once(
    rink_on_disk: Rink,
) -> None:
    rink = rink_on_disk
    rink.wire.add_race(begin=EVENING, starters=8)
    rink.wire.start(1)
    rink.poll()
    fill_disk(rink.tape)
    for row in range(8):
        rink.now += timedelta(seconds=40)
        rink.wire.finish(1, row, 37_052 + row)
        rink.poll()
    assert rink.tape.file is None
    (sentence,) = rink.trouble
    assert "the disk is full" in sentence
    assert "kept until you quit" in sentence
    finishes = [moment for moment in rink.moments() if moment.kind is Kind.FINISH]
    assert len(finishes) == 8
    assert len(rink.recorder.meet().races[0].finished) == 8


def test_the_file_keeps_what_it_had_when_the_disk_was_full(
    rink_on_disk: Rink, tmp_path: Path
) -> None:
    rink = rink_on_disk
    rink.wire.add_race(begin=EVENING, starters=8)
    rink.poll()
    versions = len(rink.tape.heads(FOREVER))
    fill_disk(rink.tape)
    for row in range(8):
        rink.wire.finish(1, row, 37_052 + row)
        rink.poll()
    assert rink.trouble
    on_disk = Tape(tmp_path / "meet.tape")
    try:
        assert len(on_disk.heads(FOREVER)) == versions
    finally:
        on_disk.close()


def test_trouble_in_memory_is_not_hidden(rink: Rink) -> None:
    rink.wire.add_race(begin=EVENING)
    rink.poll()
    fill_disk(rink.tape)
    big = [{"id": n, "competitor": {"skater": {"lastName": f"{n * 7919}"}}} for n in range(5_000)]
    with pytest.raises(TapeUnusable):
        rink.recorder.take(RESULTS, encode(big))
    assert rink.trouble == []


# --- moments made again ------------------------------------------------------------------------


def test_when_the_rules_change_all_moments_are_made_again_and_none_twice(
    rink: Rink, monkeypatch: pytest.MonkeyPatch
) -> None:
    rink.wire.add_race(begin=EVENING, starters=4)
    rink.skate()
    told = rink.moments()
    assert len(told) > 8
    monkeypatch.setattr("longtrack.recording.RULES", RULES + 1)
    rink.tape._db.execute("UPDATE moment SET body = '{}'")  # as old rules had it
    waiting = len(rink.tape.without_moments(RULES + 1))
    assert waiting > 8
    assert list(rink.new_recorder().catch_up()) == list(range(waiting))[::-1]
    assert rink.moments() == told
    assert rink.tape.without_moments(RULES + 1) == []


def test_making_moments_again_can_be_broken_off_and_taken_up_later(
    rink: Rink, monkeypatch: pytest.MonkeyPatch
) -> None:
    rink.wire.add_race(begin=EVENING, starters=4)
    rink.skate()
    told = rink.moments()
    monkeypatch.setattr("longtrack.recording.RULES", RULES + 1)
    *_, left = islice(rink.recorder.catch_up(), 5)
    assert len(rink.tape.without_moments(RULES + 1)) == left
    assert list(rink.new_recorder().catch_up()) == list(range(left))[::-1]
    assert rink.moments() == told


def test_there_is_nothing_to_catch_up_with_when_all_moments_are_made(rink: Rink) -> None:
    rink.wire.add_race(begin=EVENING)
    rink.poll()
    assert list(rink.new_recorder().catch_up()) == []


def test_news_are_announced_after_their_moments_are_on_the_tape(rink: Rink) -> None:
    rink.wire.add_race(begin=EVENING, starters=4)
    rink.wire.start(1)
    rink.poll()
    seen: list[int] = []
    recorder = MeetRecorder(
        rink.tape,
        EVENT,
        lambda: ms(rink.now),
        RecordBook(()),
        on_new=lambda: seen.append(len(rink.told())),
    )
    rink.wire.finish(1, 0, 37_052)
    recorder.take(RESULTS, rink.wire.documents()[RESULTS])
    recorder.take(RESULTS, rink.wire.documents()[RESULTS])
    assert seen == [2]


# --- the whole story of a race -------------------------------------------------------------------


def a_race_with_everything() -> tuple[Rink, list[tuple[datetime, bytes]]]:
    """Skate a race with a correction, a disqualification and a re-skate; return its documents."""
    rink = Rink()
    rink.wire.add_race(begin=EVENING, starters=6)
    rink.poll()
    rink.wire.start(1)
    rink.poll(COMPETITIONS)
    documents: list[tuple[datetime, bytes]] = []

    def seen() -> None:
        documents.append((rink.now, rink.wire.documents()[RESULTS]))

    times = (37_902, 38_411, 37_655, 37_652, 38_020, 38_840)
    for pair in (0, 2, 4):
        for row in (pair, pair + 1):
            rink.now += timedelta(seconds=10)
            rink.wire.passage(1, row, 0, 10_300 + times[row] - 37_655)
            seen()
        rink.now += timedelta(seconds=30)
        for row in (pair, pair + 1):
            rink.wire.finish(1, row, times[row])
        seen()
    changes: tuple[Callable[[], None], ...] = (
        lambda: rink.wire.correct(1, 2, 37_635),  # better by 0.02, and the leader
        lambda: rink.wire.disqualify(1, 3),
        lambda: rink.wire.grant_reskate(1, 0),
        lambda: rink.wire.finish(1, 0, 37_600),
    )
    for change in changes:
        rink.now += timedelta(seconds=40)
        change()
        seen()
    return rink, documents


def retold(order: list[int], documents: list[tuple[datetime, bytes]]) -> list[str]:
    """Return what is told when documents come in some order, each not before it was there."""
    rink = Rink()
    first = WireMeet(lambda: EVENING, event_id=EVENT)
    first.add_race(begin=EVENING, starters=6)
    for path, body in first.documents().items():
        if path.startswith(f"events/{EVENT}/") and path != RESULTS:
            rink.recorder.take(path, body)
    rink.recorder.take(RESULTS, first.documents()[RESULTS])
    latest = 0
    for index in order:
        latest = max(latest, index)
        rink.now = max(rink.now, documents[latest][0])
        rink.recorder.take(RESULTS, documents[index][1])
    told = [m.text for m in rink.moments()]
    rink.tape.close()
    return told


def test_a_race_tells_each_moment_once_and_its_corrections() -> None:
    rink, documents = a_race_with_everything()
    for at, body in documents:
        rink.now = max(rink.now, at)
        rink.recorder.take(RESULTS, body)
    told = Counter(m.text for m in rink.moments() if not m.quiet)
    assert max(told.values()) == 1, told.most_common(3)
    names = {row.id: row.family.upper() for row in rink.wire.races[1].rows}
    people = [names[row.id] for row in rink.wire.races[1].rows]
    corrections = [m.text for m in rink.moments() if m.kind is Kind.CORRECTION and not m.quiet]
    assert corrections == [
        f"{people[2]} corrected from 37.65 to 37.63, 1st instead of 2nd; {people[3]} now 2nd"
    ]
    kinds = Counter(m.kind for m in rink.moments())
    assert (kinds[Kind.DISQUALIFIED], kinds[Kind.RESKATE]) == (1, 1)
    finishes = Counter(m.people[0].key for m in rink.moments() if m.kind is Kind.FINISH)
    again = str(rink.wire.races[1].rows[0].id)
    assert finishes == Counter({str(row.id): 1 for row in rink.wire.races[1].rows} | {again: 2})
    rink.tape.close()


SOURCE, DOCUMENTS = a_race_with_everything()
SOURCE.tape.close()


@settings(max_examples=25)
@given(st.lists(st.integers(0, len(DOCUMENTS) - 1), max_size=12))
def test_documents_fed_twice_and_shuffled_tell_the_same_story(stale: list[int]) -> None:
    in_order = list(range(len(DOCUMENTS)))
    plain = retold(in_order, DOCUMENTS)
    shuffled: list[int] = []
    for index in in_order:
        # Each comes twice, and with it some of those that came before.
        shuffled += [index, index, *(old for old in stale if old <= index)]
    assert retold(shuffled, DOCUMENTS) == plain
