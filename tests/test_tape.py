"""The tape: every version of every document, in order, through damage and a full disk."""

from __future__ import annotations

import random
import sqlite3
from collections.abc import Callable, Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from longtrack import isu
from longtrack.isu import Unreadable
from longtrack.tape import (
    SCHEMA,
    Kept,
    Outcome,
    Span,
    Tape,
    TapeDamaged,
    TapeError,
    TapeUnusable,
)
from longtrack.tape_files import open_or_set_aside, set_aside, tape_file
from wire import Json, WireMeet, encode

EVENT = "2026_NOR_0001"
RESULTS = isu.results_path(EVENT, 1)
OTHER = isu.results_path(EVENT, 2)

Opener = Callable[..., Tape]


@pytest.fixture
def open_tape(tmp_path: Path) -> Iterator[Opener]:
    """Open tapes that are closed when the test ends; `None` is one in memory."""
    opened: list[Tape] = []

    def opener(file: Path | None = tmp_path / "meet.tape", **options: Any) -> Tape:
        opened.append(Tape(file, **options))
        return opened[-1]

    yield opener
    for tape in opened:
        tape.close()


@pytest.fixture
def tape(open_tape: Opener) -> Tape:
    return open_tape(None)


def rows(*times: str, stamp: str | None = None) -> bytes:
    """Return a document with one row a time, each stamped with the same moment if any."""
    made: list[Json] = [{"id": 91_500 + index, "time": time} for index, time in enumerate(times)]
    for row in made:
        if stamp is not None:
            row["modified"] = stamp
    return encode(made)


def bodies(tape: Tape, at: int) -> dict[str, bytes]:
    return {path: tape.body(head.version) for path, head in tape.heads(at).items()}


def versions(tape: Tape, path: str = RESULTS, at: int = 2**60) -> list[tuple[int, bytes]]:
    """Return all versions of a document at or before a time, the oldest first."""
    return [(head.at, tape.body(head.version)) for head in tape.history(path, at)][::-1]


# --- what is a new version ---------------------------------------------------------------------


def test_the_first_answer_is_new_and_the_same_again_is_not(tape: Tape) -> None:
    assert tape.append(RESULTS, rows("37.05"), 1000) is Outcome.NEW
    assert tape.append(RESULTS, rows("37.05"), 2000) is Outcome.SAME
    assert versions(tape) == [(1000, rows("37.05"))]


def test_an_answer_with_other_figures_is_new(tape: Tape) -> None:
    tape.append(RESULTS, rows("37.05"), 1000)
    assert tape.append(RESULTS, rows("37.04"), 2000) is Outcome.NEW
    assert tape.append(RESULTS, rows("37.05"), 3000) is Outcome.NEW
    assert [at for at, _ in versions(tape)] == [1000, 2000, 3000]


def test_bookkeeping_alone_makes_no_version(tape: Tape) -> None:
    tape.append(RESULTS, rows("37.05", stamp="2025-12-12T18:00:00Z"), 1000)
    later = rows("37.05", stamp="2025-12-12T18:00:05Z")
    assert tape.append(RESULTS, later, 2000) is Outcome.SAME
    assert len(versions(tape)) == 1


def test_the_same_answer_for_two_documents_is_new_for_both(tape: Tape) -> None:
    assert tape.append(RESULTS, rows("37.05"), 1000) is Outcome.NEW
    assert tape.append(OTHER, rows("37.05"), 1000) is Outcome.NEW


def test_an_older_answer_that_comes_late_is_refused(tape: Tape) -> None:
    tape.append(RESULTS, rows("37.05", stamp="2025-12-12T18:00:05Z"), 1000)
    late = rows("36.00", stamp="2025-12-12T18:00:00Z")
    assert tape.append(RESULTS, late, 2000) is Outcome.OLD
    assert [body for _, body in versions(tape)] == [rows("37.05", stamp="2025-12-12T18:00:05Z")]


def test_an_answer_older_than_one_that_told_nothing_new_is_refused_too(tape: Tape) -> None:
    tape.append(RESULTS, rows("37.05", stamp="2025-12-12T18:00:00Z"), 1000)
    tape.append(RESULTS, rows("37.05", stamp="2025-12-12T18:00:09Z"), 2000)
    late = rows("36.00", stamp="2025-12-12T18:00:05Z")
    assert tape.append(RESULTS, late, 3000) is Outcome.OLD


def test_a_fraction_of_a_second_is_later_than_the_whole_one(tape: Tape) -> None:
    tape.append(RESULTS, rows("37.05", stamp="2025-12-12T18:00:05.5Z"), 1000)
    assert tape.append(RESULTS, rows("36.00", stamp="2025-12-12T18:00:05Z"), 2000) is Outcome.OLD


def test_a_row_taken_away_is_news_and_not_an_old_answer(tape: Tape) -> None:
    tape.append(RESULTS, rows("37.05", "38.00", stamp="2025-12-12T18:00:00Z"), 1000)
    fewer = rows("37.05", stamp="2025-12-12T18:00:00Z")
    assert tape.append(RESULTS, fewer, 2000) is Outcome.NEW


def test_an_answer_with_one_row_newer_and_one_older_is_taken(tape: Tape) -> None:
    def body(first: str, second: str, time: str) -> bytes:
        return encode([{"id": 1, "modified": first, "time": time}, {"id": 2, "modified": second}])

    tape.append(RESULTS, body("2025-12-12T18:00:05Z", "2025-12-12T18:00:05Z", "1"), 1000)
    mixed = body("2025-12-12T18:00:09Z", "2025-12-12T18:00:01Z", "2")
    assert tape.append(RESULTS, mixed, 2000) is Outcome.NEW


def test_an_older_page_is_refused_like_an_older_list(tape: Tape) -> None:
    def page(second: int, time: str) -> bytes:
        row = {"id": 1, "modified": f"2025-12-12T18:00:{second:02}Z", "time": time}
        return encode({"count": 1, "results": [row]})

    tape.append(RESULTS, page(5, "37.05"), 1000)
    assert tape.append(RESULTS, page(1, "36.00"), 2000) is Outcome.OLD


@pytest.mark.parametrize(
    "body",
    [
        b"",
        b"<html></html>",
        b'{"detail": "Not found."}',
        rows("37.05")[:-1],
        b'[{"deep": ' + b"[" * 700 + b"]" * 700 + b"}]",
    ],
)
def test_what_is_not_the_document_is_not_kept(tape: Tape, body: bytes) -> None:
    with pytest.raises(Unreadable):
        tape.append(RESULTS, body, 1000)
    assert tape.heads(5000) == {}
    assert tape.bounds() is None


# --- the state at a time -----------------------------------------------------------------------


def test_at_a_time_the_last_version_at_or_before_it_counts(tape: Tape) -> None:
    tape.append(RESULTS, rows("1"), 1000)
    tape.append(OTHER, rows("2"), 1500)
    tape.append(RESULTS, rows("3"), 2000)
    assert bodies(tape, 999) == {}
    assert bodies(tape, 1000) == {RESULTS: rows("1")}
    assert bodies(tape, 1999) == {RESULTS: rows("1"), OTHER: rows("2")}
    assert bodies(tape, 2000) == {RESULTS: rows("3"), OTHER: rows("2")}


def test_of_two_versions_at_one_time_the_later_one_counts(tape: Tape) -> None:
    tape.append(RESULTS, rows("1"), 1000)
    tape.append(RESULTS, rows("2"), 1000)
    assert bodies(tape, 1000) == {RESULTS: rows("2")}
    assert [body for _, body in versions(tape)] == [rows("1"), rows("2")]


def test_a_version_is_never_laid_before_the_documents_last(tape: Tape) -> None:
    tape.append(RESULTS, rows("1"), 5000)
    tape.append(RESULTS, rows("2"), 3000)
    tape.append(OTHER, rows("3"), 3000)
    assert versions(tape) == [(5000, rows("1")), (5000, rows("2"))]
    assert versions(tape, OTHER) == [(3000, rows("3"))]


def test_it_tells_when_the_next_version_comes_due(tape: Tape) -> None:
    assert tape.next_after(0) is None
    tape.append(OTHER, rows("1"), 2000)
    tape.append(RESULTS, rows("2"), 1000)
    assert tape.next_after(0) == 1000
    assert tape.next_after(1000) == 2000
    assert tape.next_after(2000) is None


def test_its_bounds_are_the_first_and_the_last_version(tape: Tape) -> None:
    assert tape.bounds() is None
    tape.append(OTHER, rows("1"), 2000)
    tape.append(RESULTS, rows("2"), 1000)
    assert tape.bounds() == (1000, 2000)


Appends = st.lists(
    st.tuples(
        st.sampled_from([RESULTS, OTHER]),
        st.integers(0, 3),  # the figures
        st.none() | st.integers(0, 5),  # the stamp
        st.integers(0, 20),  # the time
    ),
    max_size=25,
)


@given(Appends)
def test_after_any_appends_the_state_at_any_time_is_that_of_a_plain_list(
    appends: list[tuple[str, int, int | None, int]],
) -> None:
    model: dict[str, list[tuple[int, bytes, int]]] = {RESULTS: [], OTHER: []}
    newest: dict[str, int | None] = {RESULTS: None, OTHER: None}
    tape = Tape()
    try:
        for path, figure, second, at in appends:
            body = rows(str(figure), stamp=None if second is None else f"12:00:0{second}Z")
            outcome = tape.append(path, body, at)
            known, listed = newest[path], model[path]
            if second is not None and known is not None and second < known:
                expected = Outcome.OLD
            else:
                newest[path] = second
                expected = Outcome.SAME if listed and listed[-1][2] == figure else Outcome.NEW
            assert outcome is expected
            if expected is Outcome.NEW:
                listed.append((max([at, *(when for when, _, _ in listed)]), body, figure))
        for at in range(-1, 22):
            expected_state = {
                path: [body for when, body, _ in listed if when <= at][-1]
                for path, listed in model.items()
                if any(when <= at for when, _, _ in listed)
            }
            assert bodies(tape, at) == expected_state
            later = [when for listed in model.values() for when, _, _ in listed if when > at]
            assert tape.next_after(at) == min(later, default=None)
        for path, listed in model.items():
            assert versions(tape, path) == [(when, body) for when, body, _ in listed]
    finally:
        tape.close()


@given(st.lists(st.text(st.characters(exclude_categories=["Cs"]), max_size=2_000), max_size=12))
def test_every_version_comes_back_byte_for_byte(names: list[str]) -> None:
    tape = Tape()
    try:
        kept: list[bytes] = []
        for index, name in enumerate(names):
            body = encode([{"id": 1, "name": name, "n": index}, {"id": 2}])
            tape.append(RESULTS, body, index)
            kept.append(body)
        assert [body for _, body in versions(tape)] == kept
    finally:
        tape.close()


def test_what_was_appended_is_there_after_opening_again(open_tape: Opener) -> None:
    first = open_tape()
    for index in range(20):
        first.append(RESULTS, rows(str(index)), index)
    first.close()
    again = open_tape()
    assert versions(again) == [(index, rows(str(index))) for index in range(20)]
    assert again.append(RESULTS, rows("19"), 99) is Outcome.SAME


def test_a_body_is_looked_up_by_its_version_and_there_is_no_other(tape: Tape) -> None:
    with pytest.raises(TapeDamaged):
        tape.body(77)


def test_of_documents_laid_at_one_time_those_that_came_later_do_not_count(tape: Tape) -> None:
    tape.append(RESULTS, rows("1"), 1000)
    tape.append(OTHER, rows("2"), 2000)
    tape.append(RESULTS, rows("3"), 2000)
    first, last = tape.heads(1000)[RESULTS], tape.heads(2000)[RESULTS]
    listed = tape.heads(2000)[OTHER]
    assert tape.heads_with(first) == {RESULTS: first}
    assert tape.heads_with(listed) == {RESULTS: first, OTHER: listed}
    assert tape.heads_with(last) == {RESULTS: last, OTHER: listed}


# --- facts, moments, spans, the lease ----------------------------------------------------------


def test_a_tape_knows_its_kind_and_its_schema(open_tape: Opener) -> None:
    tape = open_tape(kind="reenacted")
    assert tape.recall("kind") == "reenacted"
    assert tape.recall("schema") == str(SCHEMA)
    assert tape.recall("nothing") is None
    tape.remember("server_ahead_ms", "-120")
    tape.remember("server_ahead_ms", "80")
    tape.close()
    again = open_tape(kind="recorded")
    assert again.recall("kind") == "reenacted"
    assert again.recall("server_ahead_ms") == "80"


def test_a_change_is_seen_whoever_made_it(open_tape: Opener) -> None:
    mine, other = open_tape(), open_tape()
    before = mine.change_count()
    assert mine.change_count() == before
    mine.append(RESULTS, rows("1"), 1000)
    own = mine.change_count()
    assert own != before
    other.append(RESULTS, rows("2"), 2000)
    assert mine.change_count() != own


def test_moments_are_kept_once_a_version(tape: Tape) -> None:
    tape.append(RESULTS, rows("1"), 1000)
    tape.append(RESULTS, rows("2"), 2000)
    first, second = tape.without_moments(rules=1)
    assert (first.at, second.at, first.path) == (1000, 2000, RESULTS)
    tape.keep_moments(second.version, 1, [(2000, "b"), (2000, "c")])
    tape.keep_moments(first.version, 1, [(1000, "a")])
    tape.keep_moments(second.version, 1, [(2000, "d"), (2000, "e")])
    assert tape.without_moments(rules=1) == []
    assert tape.moments(until=5000) == [
        Kept(first.version, 1000, "a"),
        Kept(second.version, 2000, "d"),
        Kept(second.version, 2000, "e"),
    ]
    assert [each.body for each in tape.moments(until=5000, after=1000)] == ["d", "e"]
    assert [each.body for each in tape.moments(until=1999)] == ["a"]


def test_other_rules_make_every_moment_again(tape: Tape) -> None:
    tape.append(RESULTS, rows("1"), 1000)
    (head,) = tape.without_moments(rules=1)
    tape.keep_moments(head.version, 1, [])
    assert tape.without_moments(rules=1) == []
    assert tape.without_moments(rules=2) == [head]


def test_polls_in_a_row_are_one_span_and_a_pause_or_a_failure_begins_another(tape: Tape) -> None:
    for at in (0, 3_000, 6_000, 66_000):
        tape.polled(RESULTS, at)
    tape.polled(RESULTS, 126_001)  # more than a minute: the laptop slept
    tape.polled(RESULTS, 129_000, failure="no connection")
    tape.polled(RESULTS, 132_000, failure="no connection")
    tape.polled(RESULTS, 135_000, failure="the feed is overloaded")
    tape.polled(RESULTS, 138_000)
    assert tape.spans(RESULTS) == [
        Span(0, 66_000, ""),
        Span(126_001, 126_001, ""),
        Span(129_000, 132_000, "no connection"),
        Span(135_000, 135_000, "the feed is overloaded"),
        Span(138_000, 138_000, ""),
    ]
    assert tape.spans(OTHER) == []


def test_a_document_polled_more_rarely_may_pause_longer(tape: Tape) -> None:
    tape.polled(RESULTS, 0, joins_ms=600_000)
    tape.polled(RESULTS, 600_000, joins_ms=600_000)
    assert tape.spans(RESULTS) == [Span(0, 600_000, "")]


def test_a_poll_does_not_stretch_a_span_backwards(tape: Tape) -> None:
    tape.polled(RESULTS, 10_000)
    tape.polled(RESULTS, 9_000)
    assert sorted(tape.spans(RESULTS)) == [Span(9_000, 9_000, ""), Span(10_000, 10_000, "")]


def test_the_age_of_the_data_is_that_of_the_last_good_answer(tape: Tape) -> None:
    assert tape.last_good([RESULTS]) is None
    tape.polled(RESULTS, 1_000)
    tape.polled(RESULTS, 9_000, failure="no connection")
    tape.polled(OTHER, 4_000)
    assert tape.last_good([RESULTS]) == 1_000
    assert tape.last_good([RESULTS, OTHER]) == 4_000
    assert tape.last_good([]) is None


def test_one_program_polls_and_the_next_when_it_gives_up_or_dies(open_tape: Opener) -> None:
    mine, other = open_tape(), open_tape()
    assert mine.claim("mine", now=0, hold_ms=10_000)
    assert not other.claim("other", now=9_999, hold_ms=10_000)
    assert mine.claim("mine", now=9_999, hold_ms=10_000)
    assert not other.claim("other", now=15_000, hold_ms=10_000)
    assert other.claim("other", now=19_999, hold_ms=10_000)  # it has died
    assert not mine.claim("mine", now=20_000, hold_ms=10_000)
    mine.release("mine")  # not its own
    assert not mine.claim("mine", now=20_000, hold_ms=10_000)
    other.release("other")
    assert mine.claim("mine", now=20_000, hold_ms=10_000)


def test_a_claim_is_seen_by_who_makes_none(tape: Tape) -> None:
    assert not tape.is_claimed(0, 10_000)
    assert tape.claim("somebody", now=0, hold_ms=10_000)
    assert tape.is_claimed(9_999, 10_000)
    assert not tape.is_claimed(9_999, 10_000, but_by="somebody")
    assert not tape.is_claimed(10_000, 10_000)
    tape.release("somebody")
    assert not tape.is_claimed(1, 10_000)


def test_a_claim_from_a_clock_that_ran_far_ahead_binds_nobody(tape: Tape) -> None:
    assert tape.claim("ahead", now=10**12, hold_ms=10_000)
    assert tape.claim("right", now=10**9, hold_ms=10_000)


def test_a_meet_is_laid_in_one_go_or_not_at_all(tape: Tape) -> None:
    def lay() -> None:
        with tape.laying():
            tape.append(RESULTS, rows("1"), 1000)
            tape.append(OTHER, b"<html>", 1000)

    with pytest.raises(Unreadable):
        lay()
    assert tape.bounds() is None
    with tape.laying():
        tape.append(RESULTS, rows("1"), 1000)
        tape.append(OTHER, rows("2"), 2000)
    assert tape.bounds() == (1000, 2000)


@pytest.mark.parametrize(
    ("feed", "kind", "name"),
    [
        ("api.isuresults.eu", "recorded", "api.isuresults.eu/2026_NOR_0001.tape"),
        ("127.0.0.1:8700", "reenacted", "127.0.0.1_8700/2026_NOR_0001.reenacted.tape"),
        ("a/../b", "bundled", "a_.._b/2026_NOR_0001.bundled.tape"),
    ],
)
def test_a_tape_is_named_by_its_feed_its_event_and_its_kind(
    tmp_path: Path, feed: str, kind: str, name: str
) -> None:
    assert tape_file(tmp_path, feed, EVENT, kind) == tmp_path / name


# --- what can go wrong with a file -------------------------------------------------------------


def recorded(file: Path, count: int = 40) -> list[bytes]:
    """Write a tape of several pages and return its bodies in order."""
    noise = random.Random(1)
    kept = [
        encode([{"id": n, "time": noise.random(), "v": version} for n in range(60)])
        for version in range(count)
    ]
    tape = Tape(file)
    for at, body in enumerate(kept):
        tape.append(RESULTS, body, at)
    tape.close()
    return kept


def in_place_of(file: Path) -> Path:
    (aside,) = [
        each
        for each in file.parent.iterdir()
        if ".set-aside-" in each.name and not each.name.endswith(("-wal", "-shm"))
    ]
    return aside


@pytest.mark.parametrize(
    "garbage",
    [
        b"no database at all, but long enough to be looked at as if it were one" * 20,
        b"SQLite format 3\x00" + b"\x07" * 5_000,
    ],
    ids=["garbage", "garbage behind the right mark"],
)
def test_a_file_that_is_no_tape_is_set_aside_whole_and_a_new_one_begun(
    tmp_path: Path, garbage: bytes
) -> None:
    file = tmp_path / "meet.tape"
    file.write_bytes(garbage)
    tape, sentence = open_or_set_aside(file, now=1_765_560_600_000)
    try:
        assert sentence is not None
        assert "set aside as meet.tape.set-aside-1765560600000" in sentence
        assert in_place_of(file).read_bytes() == garbage
        assert tape.append(RESULTS, rows("1"), 1) is Outcome.NEW
    finally:
        tape.close()


def test_a_tape_cut_off_in_the_middle_is_never_read_wrong_and_is_kept(tmp_path: Path) -> None:
    file = tmp_path / "meet.tape"
    recorded(file)
    whole = file.read_bytes()
    file.write_bytes(whole[: len(whole) // 2 // 4096 * 4096])
    tape, sentence = open_or_set_aside(file, now=7)
    if sentence is None:
        try:
            with pytest.raises(TapeDamaged):
                versions(tape)
        finally:
            tape.close()
        tape, sentence = set_aside(file, 7, kind="recorded", why="it is damaged")
    try:
        assert tape.bounds() is None
        assert in_place_of(file).read_bytes() == whole[: len(whole) // 2 // 4096 * 4096]
    finally:
        tape.close()


def test_a_database_of_another_program_is_set_aside_whole(tmp_path: Path) -> None:
    file = tmp_path / "meet.tape"
    foreign = sqlite3.connect(file)
    foreign.execute("CREATE TABLE address_book (name TEXT)")
    foreign.execute("INSERT INTO address_book VALUES ('KOK')")
    foreign.commit()
    foreign.close()
    tape, sentence = open_or_set_aside(file, now=7)
    tape.close()
    assert sentence is not None
    kept = sqlite3.connect(in_place_of(file))
    assert kept.execute("SELECT name FROM address_book").fetchall() == [("KOK",)]
    kept.close()


def test_an_empty_file_is_an_empty_tape(tmp_path: Path) -> None:
    file = tmp_path / "meet.tape"
    file.touch()
    tape, sentence = open_or_set_aside(file, now=7)
    try:
        assert sentence is None
        assert tape.bounds() is None
        assert tape.append(RESULTS, rows("1"), 1) is Outcome.NEW
    finally:
        tape.close()


@pytest.mark.parametrize("seed", range(30))
def test_bytes_altered_in_the_middle_never_give_a_wrong_body(tmp_path: Path, seed: int) -> None:
    file = tmp_path / "meet.tape"
    kept = recorded(file)
    altered = bytearray(file.read_bytes())
    noise = random.Random(seed)
    start = noise.randrange(100, len(altered) - 64)
    for place in range(start, start + noise.choice((1, 8, 64))):
        altered[place] ^= noise.randrange(1, 256)
    file.write_bytes(altered)
    tape, sentence = open_or_set_aside(file, now=7)
    try:
        if sentence is not None:
            assert in_place_of(file).read_bytes() == altered
            return
        for version, body in enumerate(kept, start=1):
            try:
                assert tape.body(version) == body
            except TapeDamaged:
                continue
        try:
            tape.append(RESULTS, rows("37.05"), 10**6)
        except TapeError:
            return
        assert tape.heads(10**15)
    finally:
        tape.close()


def test_after_a_damaged_keyframe_new_versions_are_whole(tmp_path: Path) -> None:
    file = tmp_path / "meet.tape"
    kept = recorded(file, count=3)
    database = sqlite3.connect(file)
    database.execute("UPDATE version SET body = zeroblob(50) WHERE keyframe IS NULL")
    database.commit()
    database.close()
    tape = Tape(file)
    try:
        with pytest.raises(TapeDamaged):
            tape.body(1)
        assert tape.append(RESULTS, kept[0], 99) is Outcome.NEW
        assert bodies(tape, 99) == {RESULTS: kept[0]}
    finally:
        tape.close()


def test_a_tape_of_a_newer_program_is_set_aside_unharmed(tmp_path: Path) -> None:
    file = tmp_path / "meet.tape"
    kept = recorded(file, count=3)
    newer = Tape(file)
    newer.remember("schema", str(SCHEMA + 1))
    newer.close()
    tape, sentence = open_or_set_aside(file, now=7)
    try:
        assert sentence is not None
        assert "newer" in sentence
        assert tape.bounds() is None
    finally:
        tape.close()
    aside = in_place_of(file)
    database = sqlite3.connect(aside)
    assert database.execute("SELECT count(*) FROM version").fetchone() == (len(kept),)
    assert database.execute("SELECT value FROM meta WHERE key = 'schema'").fetchone() == (
        str(SCHEMA + 1),
    )
    database.close()


def test_a_sound_tape_is_not_set_aside(tmp_path: Path) -> None:
    file = tmp_path / "meet.tape"
    kept = recorded(file, count=3)
    tape, sentence = open_or_set_aside(file, now=7)
    try:
        assert sentence is None
        assert [body for _, body in versions(tape)] == kept
    finally:
        tape.close()


def test_a_directory_that_cannot_be_made_is_told_in_a_sentence(tmp_path: Path) -> None:
    (tmp_path / "data").write_text("a file where the directory should be")
    with pytest.raises(TapeUnusable, match=r"meet\.tape: "):
        open_or_set_aside(tmp_path / "data" / "tapes" / "meet.tape", now=7)


def test_a_directory_in_place_of_the_file_is_told_in_a_sentence(tmp_path: Path) -> None:
    (tmp_path / "meet.tape").mkdir()
    with pytest.raises(TapeUnusable, match="can't be opened"):
        Tape(tmp_path / "meet.tape")


def test_a_tape_another_program_holds_is_told_in_a_sentence(
    tmp_path: Path, open_tape: Opener
) -> None:
    tape = open_tape(tmp_path / "meet.tape")
    tape._db.execute("PRAGMA busy_timeout = 0")
    other = sqlite3.connect(tmp_path / "meet.tape", isolation_level=None)
    other.execute("BEGIN IMMEDIATE")
    try:
        with pytest.raises(TapeUnusable, match="another program is holding it"):
            tape.append(RESULTS, rows("1"), 1)
    finally:
        other.execute("ROLLBACK")
        other.close()
    assert tape.append(RESULTS, rows("1"), 1) is Outcome.NEW


def fill(tape: Tape, kept: list[bytes]) -> None:
    """Append until the disk is full; `kept` tells what was appended before."""
    (pages,) = tape._db.execute("PRAGMA page_count").fetchone()
    tape._db.execute(f"PRAGMA max_page_count = {pages + 8}")
    noise = random.Random(5)
    for at in range(1_000):
        body = encode([{"id": 1, "noise": noise.randbytes(2_000).hex()}])
        tape.append(RESULTS, body, at)
        kept.append(body)


def test_a_full_disk_loses_nothing_and_the_tape_goes_on_in_memory(
    tmp_path: Path, open_tape: Opener
) -> None:
    file = tmp_path / "meet.tape"
    tape = open_tape(file)
    kept: list[bytes] = []
    with pytest.raises(TapeUnusable, match="the disk is full"):
        fill(tape, kept)
    assert kept
    assert [body for _, body in versions(tape)] == kept
    tape.polled(RESULTS, 5)
    tape.continue_in_memory()
    assert tape.file is None
    assert tape.append(RESULTS, rows("1"), 10**6) is Outcome.NEW
    assert [body for _, body in versions(tape)] == [*kept, rows("1")]
    assert tape.spans(RESULTS) == [Span(5, 5, "")]
    on_disk = open_tape(file)
    assert [body for _, body in versions(on_disk)] == kept


def test_a_full_disk_in_the_middle_of_laying_a_meet_leaves_none_of_it(open_tape: Opener) -> None:
    tape = open_tape()

    def lay() -> None:
        with tape.laying():
            fill(tape, [])

    with pytest.raises(TapeUnusable, match="the disk is full"):
        lay()
    assert tape.bounds() is None


def test_the_cause_is_told_also_when_the_database_has_taken_all_back_itself(tape: Tape) -> None:
    def lay() -> None:
        with tape.laying():
            tape._db.execute("ROLLBACK")
            raise sqlite3.OperationalError("database or disk is full")

    with pytest.raises(TapeUnusable, match="the disk is full"):
        lay()


def test_after_going_on_in_memory_a_version_still_takes_its_moments_with_it(
    open_tape: Opener,
) -> None:
    tape = open_tape()
    tape.append(RESULTS, rows("1"), 1)
    tape.continue_in_memory()
    assert tape._db.execute("PRAGMA foreign_keys").fetchone() == (1,)
    assert tape.append(RESULTS, rows("2"), 2) is Outcome.NEW
    assert tape.bounds() == (1, 2)


def test_damage_met_while_reading_is_told_as_damage(tmp_path: Path, open_tape: Opener) -> None:
    tape = open_tape(tmp_path / "meet.tape")
    tape.append(RESULTS, rows("1"), 1)
    tape._db.execute("DROP TABLE span")
    with pytest.raises(TapeDamaged):
        tape.spans(RESULTS)
    with pytest.raises(TapeDamaged):
        tape.polled(RESULTS, 1)


def test_a_closed_tape_is_not_called_damaged(tmp_path: Path, open_tape: Opener) -> None:
    tape = open_tape(tmp_path / "meet.tape")
    tape.close()
    with pytest.raises(TapeUnusable, match="closed"):
        tape.recall("kind")
    with pytest.raises(TapeUnusable, match="closed"):
        tape.append(RESULTS, rows("1"), 1)


# --- size --------------------------------------------------------------------------------------


def test_ten_thousand_versions_of_a_busy_result_stay_below_20_mb(tmp_path: Path) -> None:
    now = [datetime(2025, 12, 12, 17, 30, tzinfo=UTC)]
    wire = WireMeet(lambda: now[0])
    race = wire.add_race(begin=now[0], gender="M", metres=1500, starters=30)
    wire.start(1)
    noise = random.Random(3)
    file = tmp_path / "meet.tape"
    tape = Tape(file)
    sizes: list[int] = []
    try:
        for step in wire.skate(1):
            now[0] = race.begin + timedelta(milliseconds=step.after_ms)
            wire.follow(1, step)
            rows = wire.results(race)
            for row in rows:
                # Each row is stamped by itself, within some tenths of a second.
                moment = now[0] + timedelta(microseconds=noise.randrange(300_000))
                row["modified"] = moment.isoformat().replace("+00:00", "Z")
            body = encode(rows)
            assert tape.append(RESULTS, body, step.after_ms) is Outcome.NEW
            sizes.append(len(body))
    finally:
        tape.close()
    assert len(sizes) == 120
    assert sizes[-1] > 25_000
    assert file.stat().st_size / len(sizes) * 10_000 < 20_000_000


def test_any_version_needs_no_more_than_two_reads(tmp_path: Path) -> None:
    file = tmp_path / "meet.tape"
    kept = recorded(file)
    database = sqlite3.connect(file)
    packed_against = dict(database.execute("SELECT id, keyframe FROM version").fetchall())
    database.close()
    against = [keyframe for keyframe in packed_against.values() if keyframe is not None]
    assert len(packed_against) == len(kept)
    assert all(packed_against[keyframe] is None for keyframe in against)


def test_a_document_that_has_grown_away_from_its_keyframe_becomes_the_next_one(
    tape: Tape,
) -> None:
    noise = random.Random(4)
    first = [{"id": n, "figure": noise.random()} for n in range(200)]
    second = [{"id": n, "figure": noise.random()} for n in range(200)]
    for at, data in enumerate((first, [*first[:-1], {}], second, [*second[:-1], {}])):
        tape.append(RESULTS, encode(data), at)
    against = [row[0] for row in tape._db.execute("SELECT keyframe FROM version ORDER BY id")]
    assert against == [None, 1, None, 3]
