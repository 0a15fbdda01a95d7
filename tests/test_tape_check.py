"""A tape that came from somewhere: what is sound is copied, and nothing of what is not."""

from __future__ import annotations

import json
import random
import shutil
import sqlite3
from collections.abc import Iterator
from contextlib import closing
from pathlib import Path

import pytest

from evenings import dumped, evening, recorded_evening, times
from longtrack import isu, packing, tape_check
from longtrack.moments import Moment
from longtrack.recording import MeetRecorder
from longtrack.state import TapeReader
from longtrack.tape import LAYOUT, Tape, TapeDamaged
from longtrack.tape_check import copy_sound
from meets import BOOK, EVENT


@pytest.fixture(scope="module")
def sound(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A recorded evening, to be copied and never changed."""
    return recorded_evening(tmp_path_factory.mktemp("sound") / "evening.tape")


@pytest.fixture
def file(sound: Path, tmp_path: Path) -> Path:
    """The recorded evening, to be tampered with."""
    return Path(shutil.copyfile(sound, tmp_path / "sent" / "evening.tape"))


@pytest.fixture(autouse=True)
def _room(tmp_path: Path) -> None:
    (tmp_path / "sent").mkdir()


@pytest.fixture
def into() -> Iterator[Tape]:
    with closing(Tape(passing=True)) as tape:
        yield tape


def change(file: Path, *statements: str) -> None:
    with closing(sqlite3.connect(file)) as db:
        for statement in statements:
            db.executescript(statement)


def put_body(file: Path, packed: bytes, path: str = isu.results_path(EVENT, 1)) -> None:
    """Put packed bytes in the place of a document's first version."""
    with closing(sqlite3.connect(file)) as db:
        db.execute(
            "UPDATE version SET body = ? WHERE id = (SELECT min(v.id) FROM version v "
            "JOIN document d ON d.id = v.document WHERE d.path = ?)",
            (packed, path),
        )
        db.commit()


def refused(file: Path, into: Tape) -> str:
    """Return what is said of a file that is refused; nothing of it is kept, nor is it changed."""
    before = {each: each.read_bytes() for each in file.parent.iterdir() if each.is_file()}
    with pytest.raises(TapeDamaged) as said:
        copy_sound(file, into)
    assert {each: each.read_bytes() for each in file.parent.iterdir() if each.is_file()} == before
    assert not any(dumped(into).values())
    words = str(said.value)
    assert words.startswith(str(file))
    assert "\x1b" not in words
    return words.removeprefix(str(file)).strip()


# --- what is sound -------------------------------------------------------------------------------


def test_all_of_a_sound_tape_is_copied(file: Path, into: Tape) -> None:
    origin = copy_sound(file, into)
    with closing(Tape(file)) as tape:
        assert dumped(into) == dumped(tape)
        assert (origin.event_id, origin.kind, origin.feed) == (EVENT, "recorded", None)
        assert origin.versions == len(dumped(tape)["version"])
        theirs, ours = TapeReader(tape, EVENT), TapeReader(into, EVENT)
        for at in times(tape):
            assert ours.meet(at) == theirs.meet(at)


def test_the_copy_goes_on_like_any_tape(file: Path, into: Tape) -> None:
    copy_sound(file, into)
    path = isu.schedule_path(EVENT)
    body = into.body(into.heads(2**60)[path].version)
    assert into.append(path, body, 2**41).value == "same"
    assert into.append(path, b"[]", 2**41).value == "new"


def test_neither_the_file_nor_its_directory_is_written_to(file: Path, into: Tape) -> None:
    file.chmod(0o444)
    before = file.read_bytes(), file.stat().st_mtime_ns
    copy_sound(file, into)
    assert (file.read_bytes(), file.stat().st_mtime_ns) == before
    assert list(file.parent.iterdir()) == [file]


def test_a_tape_in_use_is_copied_with_what_is_only_in_its_log(tmp_path: Path, into: Tape) -> None:
    file = tmp_path / "sent" / "live.tape"
    rink = evening(file)
    try:
        log = file.with_name("live.tape-wal")
        assert log.stat().st_size > 100_000
        before = file.read_bytes(), log.read_bytes()
        copy_sound(file, into)
        assert dumped(into) == dumped(rink.tape)
        assert (file.read_bytes(), log.read_bytes()) == before
    finally:
        rink.tape.close()


def test_the_file_says_what_it_is(file: Path, into: Tape) -> None:
    change(
        file,
        "INSERT INTO meta VALUES ('feed', 'feed.example'); "
        "UPDATE meta SET value = 'reenacted' WHERE key = 'kind'",
    )
    origin = copy_sound(file, into)
    assert (origin.kind, origin.feed, into.recall("kind")) == (
        "reenacted",
        "feed.example",
        "reenacted",
    )


@pytest.mark.parametrize("feed", ["..", "../../x", "", "a b", "FEED", "x" * 300, "/etc", "a\x1bb"])
def test_a_feed_that_is_none_is_not_said(file: Path, into: Tape, feed: str) -> None:
    with closing(sqlite3.connect(file)) as db:
        db.execute("INSERT INTO meta VALUES ('feed', ?)", (feed,))
        db.commit()
    assert copy_sound(file, into).feed is None


def test_what_is_not_of_this_computer_is_left_behind(file: Path, into: Tape) -> None:
    change(
        file,
        "INSERT INTO lease VALUES (1, 'somebody', 9999999999999); "
        "INSERT INTO meta VALUES ('had', '{}'), ('imported', '1')",
    )
    copy_sound(file, into)
    assert not into.is_claimed(9_999_999_999_000, 15_000)
    assert (into.recall("had"), into.recall("imported")) == (None, None)


def test_comments_in_the_layout_make_no_difference(
    file: Path, into: Tape, monkeypatch: pytest.MonkeyPatch
) -> None:
    text = LAYOUT.replace("-- the meet's time", "-- worded  otherwise")
    assert text != LAYOUT
    monkeypatch.setattr(tape_check, "LAYOUT", text)
    assert copy_sound(file, into).event_id == EVENT


# --- what can be mended --------------------------------------------------------------------------


@pytest.mark.parametrize(
    "body",
    [
        "nonsense",
        "{}",
        '{"at":1,"kind":"finish","race":"W500","text":"\\u001b]0;owned\\u0007"}',
        '{"at":1,"kind":"finish","race":"W500","text":"a\u202eb"}',
        '{"at":1,"kind":"heist","race":"W500","text":"a"}',
        '{"at":2,"kind":"finish","race":"W500","text":"of another time"}',
        "[" * 100_000,
    ],
    ids=["nonsense", "empty", "escape", "bidi", "kind", "time", "deep"],
)
def test_moments_that_are_not_ours_are_made_again(file: Path, into: Tape, body: str) -> None:
    with closing(sqlite3.connect(file)) as db:
        db.execute("UPDATE moment SET at = 1, body = ? WHERE id = 1", (body,))
        db.commit()
    with closing(Tape(file)) as tape:
        theirs = [kept.body for kept in tape.moments(2**60)][1:]
    copy_sound(file, into)
    assert into.moments(2**60) == []
    for _ in MeetRecorder(into, EVENT, lambda: 2**41, BOOK).catch_up():
        pass
    ours = [kept.body for kept in into.moments(2**60)]
    assert set(theirs) <= set(ours)
    assert all(Moment.from_json(each) for each in ours)


def test_moments_of_other_rules_are_made_again(file: Path, into: Tape) -> None:
    change(file, "UPDATE version SET rules = 99 WHERE id = 1")
    copy_sound(file, into)
    assert into.moments(2**60) == []
    assert into.without_moments(99)


def test_what_failed_is_told_without_escapes(file: Path, into: Tape) -> None:
    change(file, "UPDATE span SET failure = 'it ' || char(27) || '[31mburns'")
    copy_sound(file, into)
    assert {row[3] for row in dumped(into)["span"]} == {"it [31mburns"}


@pytest.mark.parametrize("stamps", ["", "[]", '{"a": 1}', "x", "[" * 100_000])
def test_stamps_that_cannot_be_read_are_none(file: Path, into: Tape, stamps: str) -> None:
    with closing(sqlite3.connect(file)) as db:
        db.execute("UPDATE document SET stamps = ?", (stamps,))
        db.commit()
    copy_sound(file, into)
    assert {row[2] for row in dumped(into)["document"]} == {"{}"}


# --- what is refused -----------------------------------------------------------------------------


@pytest.mark.parametrize("content", [b"", b"text", b"\0" * 5000, b"PK\x03\x04" * 500])
def test_what_is_no_database_is_no_tape(tmp_path: Path, into: Tape, content: bytes) -> None:
    file = tmp_path / "sent" / "any.tape"
    file.write_bytes(content)
    assert refused(file, into) == "is not a tape"


def test_a_database_of_another_program_is_no_tape(tmp_path: Path, into: Tape) -> None:
    file = tmp_path / "sent" / "any.tape"
    change(file, "CREATE TABLE places (name TEXT)")
    assert refused(file, into) == "is not a tape"


def test_a_newer_tape_is_named_so_whatever_else_it_holds(file: Path, into: Tape) -> None:
    change(file, "UPDATE meta SET value = '2' WHERE key = 'schema'; CREATE TABLE more (x)")
    assert refused(file, into) == "was written by a newer rinkside"


@pytest.mark.parametrize("schema", ["'x'", "''", "'-1'", "'1e3'", "x'01'"])
def test_a_schema_that_is_none(file: Path, into: Tape, schema: str) -> None:
    change(file, f"UPDATE meta SET value = {schema} WHERE key = 'schema'")
    assert refused(file, into) == "is not a tape"


HOSTILE: dict[str, str] = {
    "trigger": "CREATE TRIGGER t AFTER INSERT ON version BEGIN DELETE FROM version; END",
    "view": "CREATE VIEW v AS SELECT load_extension('x')",
    "table": "CREATE TABLE more (x)",
    "index": "CREATE INDEX i ON version (abs(at))",
    "partial index": "CREATE INDEX i ON version (at) WHERE at > 5",
    "column": "ALTER TABLE version ADD COLUMN x",
    "generated": "ALTER TABLE span ADD COLUMN x AS (zeroblob(1000000000))",
    "check": "DROP TABLE lease; CREATE TABLE lease (only INTEGER PRIMARY KEY CHECK (random()))",
    "missing index": "DROP INDEX moment_in_time",
    "virtual": "CREATE VIRTUAL TABLE f USING fts5 (x)",
    "a view for a table": (
        "DROP TABLE span; CREATE VIEW span AS WITH RECURSIVE c (n) AS "
        "(SELECT 1 UNION ALL SELECT n + 1 FROM c) SELECT n, n, n, n FROM c"
    ),
}


@pytest.mark.parametrize("statement", HOSTILE.values(), ids=HOSTILE)
def test_what_no_tape_is_laid_out_with(file: Path, into: Tape, statement: str) -> None:
    change(file, statement)
    said = "is not a tape as rinkside writes them: it is laid out otherwise"
    assert refused(file, into) == said


def test_facts_that_would_never_end_are_not_read(file: Path, into: Tape) -> None:
    change(
        file,
        "DROP TABLE meta; CREATE VIEW meta AS WITH RECURSIVE c (n) AS "
        "(SELECT 1 UNION ALL SELECT n + 1 FROM c) SELECT 'x' AS key, n AS value FROM c",
    )
    assert refused(file, into) == "is not a tape"


def test_a_layout_that_is_garbage(file: Path, into: Tape) -> None:
    change(file, "PRAGMA writable_schema = ON; UPDATE sqlite_master SET sql = 'CREATE nonsense'")
    assert refused(file, into) == "is damaged or not a tape"


DAMAGE: dict[str, str] = {
    "time as text": "UPDATE version SET at = 'soon'",
    "time before 1970": "UPDATE version SET at = -5 WHERE id = 3",
    "time without end": "UPDATE version SET at = 9000000000000000 WHERE id = 3",
    "time in part": "UPDATE version SET at = at + 0.5 WHERE id = 3",
    "digest": "UPDATE version SET digest = 'x' WHERE id = 2",
    "short digest": "UPDATE version SET digest = x'00' WHERE id = 2",
    "body as text": "UPDATE version SET body = 'x' WHERE id = 2",
    "no body": "UPDATE version SET body = x'' WHERE id = 2",
    "number": "UPDATE version SET id = -7 WHERE id = (SELECT max(id) FROM version)",
    "no such document": "UPDATE version SET document = 999 WHERE id = 5",
    "against itself": "UPDATE version SET keyframe = id WHERE keyframe IS NOT NULL",
    "against another document": (
        "UPDATE version SET keyframe = (SELECT min(id) FROM version) WHERE keyframe IS NOT NULL"
    ),
    "against nothing": "UPDATE version SET keyframe = 99999 WHERE keyframe IS NOT NULL",
    "span": "UPDATE span SET stop = 'x'",
    "span of nothing": "UPDATE span SET document = 999",
    "path": "UPDATE document SET path = x'ff' WHERE id = 1",
    "kind": "UPDATE meta SET value = 'stolen' WHERE key = 'kind'",
    "no kind": "DELETE FROM meta WHERE key = 'kind'",
    "garbled": "UPDATE document SET path = CAST(x'ff' AS TEXT) WHERE id = 1",
}


@pytest.mark.parametrize("statement", DAMAGE.values(), ids=DAMAGE)
def test_what_cannot_stand_on_a_tape(file: Path, into: Tape, statement: str) -> None:
    change(file, statement)
    assert refused(file, into) == "is damaged or not a tape"


FOREIGN: dict[str, tuple[str, str]] = {
    "two meets": (
        "UPDATE document SET path = 'events/2026_GER_0001/schedule/' WHERE path LIKE '%schedule/'",
        "it mixes several meets",
    ),
    "another meet": (
        "UPDATE document SET path = replace(path, 'NOR', 'GER')",
        "it says it is of another meet than it holds",
    ),
    "no meet": (
        "UPDATE document SET path = 'events/../../etc/passwd' WHERE id = 1",
        "it holds documents that are of no meet",
    ),
    "a list of events": (
        "UPDATE document SET path = 'events/?season=2026' WHERE id = 1",
        "it holds documents that are of no meet",
    ),
    "a long path": (
        f"UPDATE document SET path = path || '{'x' * 500}' WHERE id = 1",
        "it holds documents that are of no meet",
    ),
}


@pytest.mark.parametrize(("statement", "why"), FOREIGN.values(), ids=FOREIGN)
def test_what_is_of_another_meet(file: Path, into: Tape, statement: str, why: str) -> None:
    change(file, statement)
    assert refused(file, into) == f"is not a tape as rinkside writes them: {why}"


def test_a_tape_without_a_meet(tmp_path: Path, into: Tape) -> None:
    file = tmp_path / "sent" / "empty.tape"
    Tape(file).close()
    assert refused(file, into) == "has no meet on it"


@pytest.mark.parametrize(
    "body",
    [b"<html>", b"{}", b"5", b"\xff", b"", b"[" * 1_000_000],
    ids=["page", "object", "number", "no text", "nothing", "deep"],
)
def test_a_document_that_is_not_what_its_path_says(file: Path, into: Tape, body: bytes) -> None:
    put_body(file, packing.pack(body))
    said = "is not a tape as rinkside writes them: one of its documents can't be read"
    assert refused(file, into) == said


def test_what_would_unpack_to_more_than_any_answer(file: Path, into: Tape) -> None:
    bomb = packing.pack(b" " * (9 * 1024 * 1024))
    assert len(bomb) < 50_000
    put_body(file, bomb)
    assert refused(file, into).endswith("unpacked it is too large")


def test_what_would_unpack_to_more_than_any_meet(
    file: Path, into: Tape, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(tape_check, "_MOST_RESTORED", 20_000)
    assert refused(file, into).endswith("unpacked it is too large")


def test_a_file_too_large_is_not_even_opened(
    file: Path, into: Tape, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(tape_check, "MOST_BYTES", 10_000)
    assert "it is too large" in refused(file, into)


def test_a_file_that_cannot_be_read(tmp_path: Path, into: Tape) -> None:
    file = tmp_path / "sent"
    with pytest.raises(TapeDamaged, match="can't be read"):
        copy_sound(file, into)


# --- damage --------------------------------------------------------------------------------------


@pytest.mark.parametrize("share", [0.02, 0.3, 0.6, 0.95])
def test_a_file_cut_off(file: Path, into: Tape, share: float) -> None:
    content = file.read_bytes()
    file.write_bytes(content[: round(len(content) * share)])
    assert refused(file, into) == "is damaged or not a tape"


@pytest.mark.parametrize("seed", range(40))
def test_bytes_altered_anywhere_are_noticed_or_make_no_difference(
    file: Path, into: Tape, sound: Path, seed: int
) -> None:
    content, noise = bytearray(file.read_bytes()), random.Random(seed)
    for _ in range(3):
        content[noise.randrange(100, len(content))] ^= 1 << noise.randrange(8)
    file.write_bytes(content)
    try:
        copy_sound(file, into)
    except TapeDamaged:
        return
    with closing(Tape(sound)) as tape:
        theirs, ours = TapeReader(tape, EVENT), TapeReader(into, EVENT)
        for at in times(tape)[::7]:
            assert ours.meet(at) == theirs.meet(at)


def test_a_log_beside_that_is_garbage_is_not_read(file: Path, into: Tape) -> None:
    file.with_name(f"{file.name}-wal").write_bytes(b"garbage" * 1000)
    assert copy_sound(file, into).event_id == EVENT


def test_names_on_screen_are_cleaned_by_reading(file: Path, into: Tape) -> None:
    path = isu.event_path(EVENT)
    with closing(Tape(file)) as tape:
        event = json.loads(tape.body(tape.heads(2**60)[path].version))
    event["name"] = "World \x1b]0;owned\x07Cup"
    put_body(file, packing.pack(json.dumps(event).encode()), path)
    copy_sound(file, into)
    assert "\x1b" not in TapeReader(into, EVENT).meet(2**60).event.name
