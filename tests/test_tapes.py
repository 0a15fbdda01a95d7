"""The tapes of this computer: which there are, and what is done with one."""

from __future__ import annotations

import shutil
import sqlite3
from collections.abc import Iterator
from contextlib import closing
from pathlib import Path

import pytest

from evenings import HOST, dumped, evening, own_file, recorded_evening, times
from longtrack.bundled import DEMO_ID
from longtrack.state import TapeReader
from longtrack.tape import HOLD_MS, Tape, TapeDamaged, TapeUnusable
from longtrack.tape_export import export
from longtrack.tape_files import mark_used, tape_file
from meets import EVENT
from rinkside.atomic import made_whole, put_new
from rinkside.library import LATEST, Library, NoSuch
from rinkside.locations import Locations
from rinkside.tape_words import shown_size, shown_span, state, state_within
from rinkside.tapes import (
    CannotWrite,
    KeptTape,
    NotDone,
    delete_tape,
    export_tape,
    free_name,
    import_tape,
    kept_tapes,
    of_kind,
    tapes_of_event,
    to_prune,
)

NOW = 1_765_600_000_000
DAY_MS = 86_400_000


@pytest.fixture(scope="module")
def sound(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return recorded_evening(tmp_path_factory.mktemp("sound") / "evening.tape", races=2)


@pytest.fixture
def locations(tmp_path: Path) -> Locations:
    return Locations(data=tmp_path / "data", config=tmp_path / "config")


@pytest.fixture
def library(locations: Locations) -> Library:
    return Library(locations, f"https://{HOST}", offline=True, clock=lambda: NOW)


def kept(locations: Locations) -> list[KeptTape]:
    return kept_tapes(locations.tapes, NOW)


def placed(locations: Locations, sound: Path, *, host: str = HOST, kind: str = "recorded") -> Path:
    """Put the recorded evening among the tapes of this computer."""
    file = own_file(locations.data, host=host, kind=kind)
    file.parent.mkdir(parents=True, exist_ok=True)
    shutil.copyfile(sound, file)
    with closing(Tape(file)) as tape:
        tape.remember("kind", kind)
    return file


# --- which there are -----------------------------------------------------------------------------


def test_without_a_directory_there_are_none(locations: Locations) -> None:
    assert kept(locations) == []
    assert not locations.data.exists()


def test_all_feeds_and_kinds_but_not_the_lists_of_events(
    locations: Locations, library: Library, sound: Path
) -> None:
    placed(locations, sound)
    placed(locations, sound, kind="reenacted")
    placed(locations, sound, host="other.example")
    library.bundled().tape.close()
    library.lists_tape().close()
    own_file(locations.data).with_name("notes.txt").write_text("x")
    shutil.copyfile(sound, own_file(locations.data).with_name(f"{EVENT}.tape.set-aside-5"))
    found = [(tape.event.city, tape.kind, tape.feed) for tape in kept(locations)]
    assert found == [
        ("Oslo", "recorded", HOST),
        ("Oslo", "recorded", "other.example"),
        ("Oslo", "reenacted", HOST),
        ("Hamar", "bundled", "bundled"),
    ]


def test_the_newest_meet_comes_first_and_what_cannot_be_read_last(
    locations: Locations, sound: Path
) -> None:
    directory = placed(locations, sound).parent
    (directory / "2026_NED_0001.tape").write_bytes(b"garbage" * 500)
    with closing(sqlite3.connect(directory / "2026_GER_0001.tape")) as db:
        db.executescript(
            "CREATE TABLE meta (key TEXT PRIMARY KEY, value TEXT NOT NULL) WITHOUT ROWID; "
            "INSERT INTO meta VALUES ('schema', '99')"
        )
    told = {tape.event.id: (tape.trouble, state(tape)) for tape in kept(locations)}
    assert next(iter(told)) == EVENT
    assert told["2026_NED_0001"] == ("damaged", "damaged")
    assert told["2026_GER_0001"] == ("from a newer rinkside", "from a newer rinkside")
    assert (directory / "2026_NED_0001.tape").read_bytes() == b"garbage" * 500


def test_what_is_told_of_a_recording(locations: Locations, sound: Path) -> None:
    file = placed(locations, sound)
    (tape,) = kept(locations)
    assert (tape.file, tape.event.id, tape.name) == (file, EVENT, "Oslo")
    assert tape.size == file.stat().st_size
    assert tape.words == "the recorded tape of Oslo"
    assert (tape.imported, tape.polled, tape.live) == (False, False, False)
    with closing(Tape(file)) as opened:
        assert tape.span == opened.bounds()
    assert shown_span(tape) == "12 Dec 19:05–19:24"
    # Two of six races were skated; by the clock of this test the others are still to come.
    early = kept_tapes(locations.tapes, tape.span[1] if tape.span else 0)
    assert state(early[0]) == "complete"
    late = kept_tapes(locations.tapes, NOW + 30 * DAY_MS)
    assert state(late[0]) == "W1500 and 3 more have gaps"
    assert state_within(late[0], 17) == "4 have gaps"


def test_a_tape_somebody_records_on_is_told_so(locations: Locations, sound: Path) -> None:
    with closing(Tape(placed(locations, sound))) as tape:
        tape.claim("somebody", NOW, HOLD_MS)
        (found,) = kept(locations)
        assert found.polled
        assert state(found).endswith(" · being recorded")


def test_looking_at_a_tape_does_not_use_it(locations: Locations, sound: Path) -> None:
    file = placed(locations, sound)
    mark_used(file, NOW - 5 * DAY_MS)
    kept(locations)
    assert kept(locations)[0].used == NOW - 5 * DAY_MS


@pytest.mark.parametrize(
    ("size", "shown"),
    [
        (0, "0 kB"),
        (1, "1 kB"),
        (499_600, "500 kB"),
        (1_000_000, "1.0 MB"),
        (12_345_678, "12.3 MB"),
        (2_500_000_000, "2.5 GB"),
    ],
)
def test_sizes(size: int, shown: str) -> None:
    assert shown_size(size) == shown


# --- choosing ------------------------------------------------------------------------------------


def test_an_event_is_named_by_id_city_or_rink(
    locations: Locations, library: Library, sound: Path
) -> None:
    placed(locations, sound)
    placed(locations, sound, kind="reenacted")
    for word in (EVENT, EVENT.lower(), "oslo", " OSLO", "Fjordhallen"):
        found = tapes_of_event(kept(locations), library, word)
        assert [tape.kind for tape in found] == ["recorded", "reenacted"]
        assert of_kind(found, "reenacted").kind == "reenacted"
    with pytest.raises(NoSuch, match="no tape of Paris is kept here; rinkside tapes lists"):
        tapes_of_event(kept(locations), library, "Paris")
    with pytest.raises(NoSuch, match="no bundled tape of Oslo, but a recorded one and a re-ena"):
        of_kind(tapes_of_event(kept(locations), library, "oslo"), "bundled")


def test_a_damaged_tape_is_named_by_its_id_beside_a_sound_one(
    locations: Locations, library: Library, sound: Path
) -> None:
    placed(locations, sound)
    own_file(locations.data, kind="reenacted").write_bytes(b"garbage" * 500)
    found = tapes_of_event(kept(locations), library, EVENT)
    assert [tape.trouble for tape in found] == ["", "damaged"]


def test_another_feeds_tape_is_not_meant(
    locations: Locations, library: Library, sound: Path
) -> None:
    placed(locations, sound, host="other.example")
    with pytest.raises(NoSuch, match=r"there is one of other\.example, which --api names"):
        tapes_of_event(kept(locations), library, EVENT)


def aged(locations: Locations, sound: Path, ages: dict[str, int]) -> list[KeptTape]:
    for host, days in ages.items():
        mark_used(placed(locations, sound, host=host), NOW - days * DAY_MS)
    return kept(locations)


def test_what_is_older_is_pruned_the_oldest_first(locations: Locations, sound: Path) -> None:
    tapes = aged(locations, sound, {"a": 10, "b": 100, "c": 91, "d": 90})
    chosen = to_prune(tapes, NOW, older_than_ms=90 * DAY_MS)
    assert [tape.feed for tape in chosen] == ["b", "c"]


def test_as_many_are_pruned_as_there_is_too_much(locations: Locations, sound: Path) -> None:
    tapes = aged(locations, sound, {"a": 10, "b": 100, "c": 91})
    size = tapes[0].size
    for most, gone in ((3 * size, ""), (3 * size - 1, "b"), (size, "bc"), (size - 1, "bca")):
        chosen = to_prune(tapes, NOW, larger_than=most)
        assert "".join(tape.feed for tape in chosen) == gone


def test_age_and_size_together_prune_by_both(locations: Locations, sound: Path) -> None:
    tapes = aged(locations, sound, {"a": 10, "b": 100, "c": 20})
    size = tapes[0].size
    chosen = to_prune(tapes, NOW, older_than_ms=90 * DAY_MS, larger_than=size)
    assert [tape.feed for tape in chosen] == ["b", "c"]


def test_a_tape_that_is_recorded_on_is_never_pruned(locations: Locations, sound: Path) -> None:
    aged(locations, sound, {"a": 10, "b": 100})
    with closing(Tape(own_file(locations.data, host="b"))) as tape:
        tape.claim("somebody", NOW, HOLD_MS)
        chosen = to_prune(kept(locations), NOW, older_than_ms=0, larger_than=0)
    assert [tape.feed for tape in chosen] == ["a"]


# --- deleting ------------------------------------------------------------------------------------


def test_a_deleted_tape_is_gone_with_all_that_lies_beside(
    locations: Locations, sound: Path
) -> None:
    file = placed(locations, sound)
    reader = sqlite3.connect(file)  # keeps the log there
    reader.execute("SELECT count(*) FROM version").fetchone()
    delete_tape(kept(locations)[0], NOW)
    reader.close()
    assert list(file.parent.iterdir()) == []


def test_a_tape_that_is_recorded_on_stays(locations: Locations, sound: Path) -> None:
    file = placed(locations, sound)
    (found,) = kept(locations)
    with closing(Tape(file)) as tape:
        tape.claim("somebody", NOW, HOLD_MS)  # after it was listed
        with pytest.raises(NotDone, match="the recorded tape of Oslo is being recorded on"):
            delete_tape(found, NOW)
    assert file.exists()
    delete_tape(found, NOW + 2 * HOLD_MS)
    assert not file.exists()


def test_a_damaged_tape_can_be_deleted(locations: Locations) -> None:
    file = own_file(locations.data)
    file.parent.mkdir(parents=True)
    file.write_bytes(b"garbage" * 500)
    delete_tape(kept(locations)[0], NOW)
    assert not file.exists()


# --- exporting -----------------------------------------------------------------------------------


def test_an_export_is_one_file_with_all_that_is_shown(
    locations: Locations, library: Library, tmp_path: Path
) -> None:
    rink = evening(own_file(locations.data))
    try:
        rink.tape.claim("somebody", NOW, HOLD_MS)
        rink.tape.remember("had", "{}")
        (tape,) = kept(locations)
        file = tmp_path / "out" / "x.tape"
        file.parent.mkdir()
        export_tape(tape, file)  # while another program writes
        assert list(file.parent.iterdir()) == [file]
        with closing(sqlite3.connect(f"{file.as_uri()}?immutable=1", uri=True)) as db:
            assert db.execute("PRAGMA journal_mode").fetchone() == ("delete",)
            assert db.execute("SELECT count(*) FROM lease").fetchone() == (0,)
            facts = dict(db.execute("SELECT key, value FROM meta").fetchall())
        assert facts == {"schema": "1", "kind": "recorded", "feed": HOST}
        with closing(Tape(file)) as copy:
            assert dumped(copy) == dumped(rink.tape)
    finally:
        rink.tape.close()


def test_an_export_never_overwrites(locations: Locations, sound: Path, tmp_path: Path) -> None:
    placed(locations, sound)
    file = tmp_path / "x.tape"
    file.write_text("mine")
    with pytest.raises(NotDone, match="is there already; give another name"):
        export_tape(kept(locations)[0], file)
    assert file.read_text() == "mine"
    assert free_name(file) == tmp_path / "x-2.tape"
    (tmp_path / "x-2.tape").touch()
    assert free_name(file) == tmp_path / "x-3.tape"
    assert free_name(tmp_path / "y.tape") == tmp_path / "y.tape"


def test_a_disk_that_fills_up_leaves_nothing_of_an_export(
    locations: Locations, sound: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    placed(locations, sound)
    out = tmp_path / "out"
    out.mkdir()

    def fill(tape: Path, into: Path, feed: str) -> None:
        export(tape, into, feed)
        raise TapeUnusable(f"{into}: the disk is full")

    monkeypatch.setattr("longtrack.tape_export.export", fill)
    with pytest.raises(CannotWrite, match=r"x\.tape can't be written: the disk is full"):
        export_tape(kept(locations)[0], out / "x.tape")
    assert list(out.iterdir()) == []


def test_a_database_that_finds_no_room_says_so(
    locations: Locations, sound: Path, tmp_path: Path
) -> None:
    import resource

    file = placed(locations, sound)
    before = resource.getrlimit(resource.RLIMIT_FSIZE)
    resource.setrlimit(resource.RLIMIT_FSIZE, (40_000, before[1]))
    try:
        with pytest.raises(TapeUnusable, match=r"x\.tape: "):
            export(file, tmp_path / "x.tape", HOST)
    finally:
        resource.setrlimit(resource.RLIMIT_FSIZE, before)


def test_there_is_no_place_for_an_export(locations: Locations, sound: Path, tmp_path: Path) -> None:
    placed(locations, sound)
    with pytest.raises(CannotWrite, match="can't be written: no such file or directory"):
        export_tape(kept(locations)[0], tmp_path / "nowhere" / "x.tape")


def test_a_damaged_tape_is_not_exported(locations: Locations, tmp_path: Path) -> None:
    file = own_file(locations.data)
    file.parent.mkdir(parents=True)
    file.write_bytes(b"garbage" * 500)
    out = tmp_path / "out"
    out.mkdir()
    with pytest.raises(TapeDamaged, match="is damaged or not a tape"):
        export_tape(kept(locations)[0], out / "x.tape")
    assert list(out.iterdir()) == []


def test_a_new_file_gives_way_to_one_that_came_meanwhile(tmp_path: Path) -> None:
    file = tmp_path / "x"

    def write_both() -> None:
        with made_whole(file) as beside:
            beside.write_text("ours")
            file.write_text("theirs")

    with pytest.raises(FileExistsError):
        write_both()
    assert file.read_text() == "theirs"
    assert list(tmp_path.iterdir()) == [file]


def test_where_a_file_has_one_name_only_it_is_renamed(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def refuse(*_: object) -> None:
        raise PermissionError(1, "not permitted")

    monkeypatch.setattr("os.link", refuse)
    (tmp_path / "a").write_text("a")
    put_new(tmp_path / "a", tmp_path / "b")
    assert (tmp_path / "b").read_text() == "a"
    (tmp_path / "a").write_text("more")
    with pytest.raises(FileExistsError):
        put_new(tmp_path / "a", tmp_path / "b")
    assert (tmp_path / "b").read_text() == "a"


# --- importing -----------------------------------------------------------------------------------


@pytest.fixture
def sent(locations: Locations, sound: Path, tmp_path: Path) -> Iterator[Path]:
    """An exported tape, of which this computer has nothing."""
    file = tmp_path / "sent.tape"
    export(sound, file, HOST)
    content = file.read_bytes()
    yield file
    assert file.read_bytes() == content


def test_an_imported_tape_shows_the_same_at_every_time(
    locations: Locations, library: Library, sent: Path, sound: Path
) -> None:
    tape = import_tape(library, sent, NOW)
    assert tape.file == own_file(locations.data)
    assert (tape.kind, tape.feed, tape.imported) == ("recorded", HOST, True)
    assert state(tape).endswith("imported")
    assert kept(locations) == [tape]
    assert list(locations.tapes.iterdir()) == [tape.file.parent]
    assert list(tape.file.parent.iterdir()) == [tape.file]
    with closing(Tape(sound)) as theirs, closing(Tape(tape.file)) as ours:
        assert dumped(ours) == dumped(theirs)
        for at in times(theirs):
            assert TapeReader(ours, EVENT).meet(at) == TapeReader(theirs, EVENT).meet(at)


def test_an_exported_import_is_the_same_file_again(
    locations: Locations, library: Library, sent: Path, tmp_path: Path
) -> None:
    tape = import_tape(library, sent, NOW)
    again = tmp_path / "again.tape"
    export_tape(tape, again)
    with closing(Tape(again)) as theirs, closing(Tape(tape.file)) as ours:
        assert dumped(ours) == dumped(theirs)
        assert theirs.recall("imported") is None


def test_a_tape_of_another_feed_stays_one(
    locations: Locations, library: Library, sound: Path, tmp_path: Path
) -> None:
    export(sound, tmp_path / "x.tape", "other.example")
    tape = import_tape(library, tmp_path / "x.tape", NOW)
    assert (tape.feed, tape.file.parent.name) == ("other.example", "other.example")


def test_a_plain_copy_of_a_tape_is_of_the_feed_in_use(
    locations: Locations, library: Library, sound: Path
) -> None:
    assert import_tape(library, sound, NOW).feed == HOST


def test_a_tape_that_is_here_is_kept_unless_told_otherwise(
    locations: Locations, library: Library, sent: Path, sound: Path
) -> None:
    file = placed(locations, sound)
    with closing(Tape(file)) as tape:
        tape.remember("mine", "yes")
    before = file.read_bytes()
    with pytest.raises(NotDone, match="recorded tape of Oslo is here already; --replace sets"):
        import_tape(library, sent, NOW)
    assert file.read_bytes() == before
    assert import_tape(library, sent, NOW, in_place=True).imported
    aside = file.with_name(f"{file.name}.set-aside-{NOW}")
    assert aside.read_bytes() == before
    assert sorted(file.parent.iterdir()) == [file, aside]


def test_a_tape_somebody_records_on_is_not_replaced(
    locations: Locations, library: Library, sent: Path, sound: Path
) -> None:
    file = placed(locations, sound)
    with closing(Tape(file)) as tape:
        tape.claim("somebody", NOW, HOLD_MS)
        with pytest.raises(NotDone, match="another program records on the recorded tape of Oslo"):
            import_tape(library, sent, NOW, in_place=True)
    assert list(file.parent.iterdir()) == [file]


@pytest.mark.parametrize("content", [b"", b"text", b"SQLite format 3\0" + b"\0" * 5000])
def test_nothing_is_kept_of_what_is_no_tape(
    locations: Locations, library: Library, tmp_path: Path, content: bytes
) -> None:
    file = tmp_path / "x.tape"
    file.write_bytes(content)
    with pytest.raises(NoSuch, match="nothing was imported"):
        import_tape(library, file, NOW)
    assert list(locations.tapes.rglob("*")) == []
    with pytest.raises(NoSuch, match="there is no tape file"):
        import_tape(library, tmp_path / "nothing.tape", NOW)


def test_a_bundled_meet_is_not_imported(
    locations: Locations, library: Library, bundled_file: Path
) -> None:
    with pytest.raises(NotDone, match="a meet that comes with rinkside"):
        import_tape(library, bundled_file, NOW)
    assert list(locations.tapes.rglob("*")) == []


# --- what becomes of an imported re-enactment ----------------------------------------------------


@pytest.fixture
def reenacted(sound: Path, tmp_path: Path) -> Path:
    """Somebody's re-enactment; as tapes go it is like a recording."""
    laid = tmp_path / "laid.tape"
    shutil.copyfile(sound, laid)
    with closing(Tape(laid)) as tape:
        tape.remember("kind", "reenacted")
    file = tmp_path / "reenacted.tape"
    export(laid, file, HOST)
    return file


def test_an_imported_reenactment_is_opened_where_nothing_was_recorded(
    locations: Locations, library: Library, reenacted: Path
) -> None:
    tape = import_tape(library, reenacted, NOW)
    assert tape.file == own_file(locations.data, kind="reenacted")
    assert library.resolve("oslo") == EVENT
    opened = library.open(EVENT)
    with closing(opened.tape):
        assert opened.tape.file == tape.file
    assert not own_file(locations.data).exists()


def test_an_imported_reenactment_is_not_laid_out_anew(
    locations: Locations, library: Library, reenacted: Path, sound: Path
) -> None:
    tape = import_tape(library, reenacted, NOW)
    placed(locations, sound)
    with closing(Tape(tape.file)) as before:
        content = dumped(before)
    opened = library.reenacted(library.recorded(EVENT))
    with closing(opened.tape):
        assert opened.tape.file == tape.file
        assert dumped(opened.tape) == content


def test_one_of_our_own_is_laid_out_anew(
    locations: Locations, library: Library, sound: Path
) -> None:
    placed(locations, sound)
    placed(locations, sound, kind="reenacted")
    opened = library.reenacted(library.recorded(EVENT))
    with closing(opened.tape):
        assert opened.tape.recall("content") is not None


def test_a_damaged_reenactment_hides_nothing(
    locations: Locations, library: Library, sound: Path
) -> None:
    file = tape_file(locations.tapes, HOST, DEMO_ID, "reenacted")
    file.parent.mkdir(parents=True)
    file.write_bytes(b"garbage" * 500)
    opened = library.open(DEMO_ID)
    with closing(opened.tape):
        assert opened.reader.meet(LATEST).event.city == "Hamar"
