"""The record book of a meet on this computer, and how the program comes by it."""

from __future__ import annotations

import asyncio
import json
import re
from contextlib import closing
from datetime import date
from pathlib import Path

import pytest
from msgspec.structs import replace

from archive_server import encode, of_skater, skated
from feed_server import Fault, FeedServer
from longtrack import isu_records, ssr
from longtrack.bests import WORLD_CUPS
from longtrack.bundled import DEMO_ID
from longtrack.http import Feed
from longtrack.model import Skater, Status
from longtrack.recording import MeetRecorder
from longtrack.records import RecordBook
from longtrack.state import TapeReader
from longtrack.tape import Tape
from meets import (
    BOOK,
    EVENING,
    EVENT,
    FIVE_HUNDRED,
    MASS_START,
    bundled_app,
    bundled_season,
    entry,
    everything,
    live_app,
    locations,
    race,
    rink_time,
    running,
    scene,
    shown,
    sprint_evening,
    told,
)
from rinkside.books import Books
from rinkside.drawing.cells import standing_row
from rinkside.drawing.columns import columns
from rinkside.drawing.grid import Grid
from rinkside.drawing.records_told import records_told
from rinkside.library import LATEST, Library
from rinkside.messages import BookChanged
from rinkside.records_beside import RecordsBeside
from rinkside.report import result_rows
from rinkside.screens.meet import MeetScreen

TR = {"type": "TR", "time": "37.000", "date": "2019-02-02", "country": "JPN"}
HOLDER = {"lastName": "Kodaira", "country": "JPN", "gender": "F"}


@pytest.fixture
def library(data: Path, laid_once: None) -> Library:
    return Library(locations(data), "https://feed.example", offline=True, clock=lambda: LATEST)


# --- what it is made of ------------------------------------------------------------------------


def test_the_book_of_the_bundled_meet_knows_records_and_season_bests(library: Library) -> None:
    opened = library.bundled()
    with closing(opened.tape):
        book = Books(library).of(opened)
    kok = Skater("Kok", "Femke", "NED")
    best = book.season_best(kok, "W500", date(2025, 12, 12))
    assert best is not None
    assert (best.time_ms // 10, best.place, best.source) == (3_609, "Salt Lake City", WORLD_CUPS)
    assert book.personal_best(kok, "W500") is None
    record = book.standing("TR", "W500", "Hamar", date(2025, 12, 12))
    assert record is not None
    assert record.time_ms == 37_250


def test_a_fans_own_file_counts_and_what_is_wrong_with_it_is_told(library: Library) -> None:
    file = library.locations.records
    file.parent.mkdir(parents=True, exist_ok=True)
    good = {"kind": "TR", "event": "W500", "time": "37.20", "holder": "A", "noc": "NED"}
    text = "".join(f"{key} = {json.dumps(value)}\n" for key, value in good.items())
    file.write_text(f"[[record]]\n{text}place = 'Hamar'\non = 2024-01-01\n[[record]]\n{text}")
    books = Books(library)
    opened = library.bundled()
    with closing(opened.tape):
        book = books.book(opened.newest, opened.tape, None)
    record = book.standing("TR", "W500", "Hamar", date(2025, 12, 12))
    assert record is not None
    assert (record.time_ms, record.source) == (37_200, "own file")
    (note,) = books.notes
    assert str(file) in note
    assert "record 2 (line 9) needs a place" in note


def test_a_source_that_cannot_be_read_costs_nothing_else(library: Library) -> None:
    with_archive = Library(
        library.locations,
        library.api,
        offline=True,
        clock=library.clock,
        records_api="https://records.example",
    )
    for file in (with_archive.lists_file, with_archive.archive_file):
        assert file is not None
        file.parent.mkdir(parents=True, exist_ok=True)
        file.write_bytes(b"this is no tape" * 100)
    opened = with_archive.bundled()
    with closing(opened.tape):
        book = Books(with_archive).book(opened.newest, opened.tape, None)
    assert book.records == BOOK.records


# --- asking beside -----------------------------------------------------------------------------


async def at_once(_: float) -> None:
    await asyncio.sleep(0)


async def test_records_are_fetched_beside_and_lists_of_events_stay_whole(data: Path) -> None:
    rink = sprint_evening()
    state = rink.session().meet()
    first = next(iter(state.races[0].entries)).competitor
    assert isinstance(first, Skater)
    world = {"results": [{**TR, "type": None, "distance": {"distance": 500}, "skater": HOLDER}]}
    gains = []
    with (
        FeedServer({isu_records.list_path("WR"): encode(world)}) as lists,
        FeedServer(of_skater(first, 7, [skated(500, 38_000, "2024-01-01")])) as archive,
    ):
        library = Library(
            locations(data),
            lists.url,
            offline=False,
            clock=rink.clock,
            records_api=archive.url,
        )
        async with Feed(lists.url, version="1") as feed:
            beside = RecordsBeside(
                library, feed, lambda: state, lambda: gains.append(1), wait=at_once
            )
            await beside.round()
            assert gains
            assert [path for path in lists.paths() if path.startswith("records/")] == [
                isu_records.list_path(kind) for kind in isu_records.LIST_KINDS
            ]
            assert ssr.personal_path(7) in archive.paths()
            lists.requests.clear()
            archive.requests.clear()
            await beside.round()
            assert lists.paths() == archive.paths() == []
        book = Books(library).book(state, rink.tape, None)
    best = book.personal_best(first, "W500", EVENING)
    assert best is not None
    assert best.time_ms == 38_000
    record = book.standing("WR", "W500", "", EVENING)
    assert record is not None
    assert library.events()  # the library tape still tells which meets there are


async def test_switched_off_nobody_is_asked_but_the_feed(data: Path) -> None:
    rink = sprint_evening()
    state = rink.session().meet()
    with FeedServer({}) as lists:
        library = Library(locations(data), lists.url, offline=False, clock=rink.clock)
        assert library.archive_file is None
        async with Feed(lists.url, version="1") as feed:
            await RecordsBeside(library, feed, lambda: state, lambda: None, wait=at_once).round()
        assert len(lists.paths()) == 4


async def test_a_source_that_is_down_costs_its_marks_alone(data: Path) -> None:
    rink = sprint_evening()
    state = rink.session().meet()
    with FeedServer({}) as lists, FeedServer({}) as archive:
        archive.misbehave(Fault.RESET)
        library = Library(
            locations(data), lists.url, offline=False, clock=rink.clock, records_api=archive.url
        )
        async with Feed(lists.url, version="1") as feed:
            await RecordsBeside(library, feed, lambda: state, lambda: None, wait=at_once).round()
        assert len(archive.paths()) == 1
    assert Books(library).book(state, rink.tape, None).records == BOOK.records


# --- the recorder ------------------------------------------------------------------------------


def test_the_recorder_measures_against_the_newest_book() -> None:
    rink = sprint_evening()
    heard = []
    rink.recorder = MeetRecorder(
        rink.tape, EVENT, rink.clock, RecordBook(()), on_records=lambda: heard.append(1)
    )
    path = isu_records.records_path(EVENT, 1)
    rink.recorder.take(path, encode([{**TR, "skater": HOLDER}]))
    assert heard == [1]
    rink.recorder.take(path, encode([{**TR, "skater": HOLDER}]))
    assert heard == [1]
    session = rink.session()
    facts = isu_records.facts_of_meet(rink.tape, session.meet())
    rink.recorder.book = RecordBook(facts.records)
    rink.wire.start(1)
    rink.publish()
    rink.wire.finish(1, 0, 36_900)
    rink.publish()
    kinds = [json.loads(kept.body)["kind"] for kept in rink.tape.moments(LATEST)]
    assert "record" in kinds


# --- on screen ---------------------------------------------------------------------------------


async def test_the_book_comes_beside_the_screen(data: Path, laid_once: None) -> None:
    app = bundled_app(data, rink_time("12 19:41:45"), race="W500")
    own = app.plan.locations.records
    own.parent.mkdir(parents=True, exist_ok=True)
    own.write_text("[[record]]\nkind = 'XX'\n")
    async with running(app, (120, 36)) as pilot:
        assert app.session.book.season is None
        app.read_book()
        await app.workers.wait_for_complete()
        await pilot.pause()
        assert app.session.book.season is not None
        assert any("record 1 (line 1) has kind 'XX'" in words for words in told(app))


async def test_a_book_of_a_meet_that_was_left_is_not_taken(data: Path) -> None:
    app = bundled_app(data, race="W500")
    async with running(app) as pilot:
        former = app.session.book
        app.post_message(BookChanged("2026_ZZZ_0001", RecordBook(())))
        await pilot.pause()
        assert app.session.book is former


async def test_records_and_bests_are_marked_in_the_classification(data: Path) -> None:
    app = bundled_app(data, rink_time("14 20:00"), race="W3000")
    app.session.book = RecordBook(BOOK.records, (), bundled_season())
    async with running(app, (120, 36)) as pilot:
        line = next(line for line in shown(app, "board") if "GROENEWOUD" in line)
        assert re.search(r"4:\d\d\.\d\d SB ", line)
        sprint = app.session.meet().race("M500")
        assert sprint is not None
        assert isinstance(app.screen, MeetScreen)
        app.screen.choose(sprint)
        await pilot.pause()
        line = next(line for line in shown(app, "board") if "STOLZ" in line)
    assert " 33.97 TR " in line  # and no best of the season: 33.79 in November


def test_scripts_are_told_the_marks(bundled_tape: Tape) -> None:
    meet = TapeReader(bundled_tape, DEMO_ID).meet(LATEST)
    book = RecordBook(BOOK.records, (), bundled_season())
    marks: dict[str, list[str]] = {}
    for code in ("W500", "W3000"):
        of = meet.race(code)
        assert of is not None
        rows = result_rows(meet, of, book)
        marks |= {row["family"]: row["marks"] for row in rows if row["marks"]}
    assert marks == {"KOK": ["TR"], "GROENEWOUD": ["SB"]}


def cells(marks: tuple[str, ...], *, split: bool = False, **more: object) -> str:
    """Return what stands in the columns after a winner's time."""
    times = [37_052, 37_057 if split else 37_100]
    entries = [
        entry(index, Status.FINISHED, rank=index + 1, time_ms=time, **(more if not index else {}))
        for index, time in enumerate(times)
    ]
    of = race(entries, FIVE_HUNDRED)
    placed = columns(of.distance, 80)
    grid = replace(Grid.of(scene(of), of, placed), marks={"0": marks})
    line = standing_row(grid, of.entries[0], None, pins=True)
    column = placed["mark"]
    return line.text[column.start : column.end]


@pytest.mark.parametrize(
    ("marks", "shown_marks"),
    [
        ((), "      "),
        (("TR",), " TR   "),
        (("TR", "PB"), " TR PB"),
        (("TR", "WR"), " TR WR"),
        (("TR", "WR", "NR", "PB"), " TR WR"),
        (("TR", "NR", "PB"), " TR NR"),
        (("TR", "OR", "NR"), " TR OR"),
        (("NR", "PB"), " NR PB"),
    ],
)
def test_of_the_marks_the_weightiest_stay(marks: tuple[str, ...], shown_marks: str) -> None:
    assert cells(marks) == shown_marks


def test_beside_a_thousandth_only_the_weightiest_mark_has_room() -> None:
    assert cells(("TR", "WR", "PB"), split=True) == "(2) WR"
    assert cells(("PB",), split=True) == "(2) PB"


def test_what_the_sheet_says_goes_before_a_best() -> None:
    assert cells(("TR", "SB"), remarks=("RW",)) == " TR RW"
    assert cells(("SB",), reskate=True) == " SB RS"


async def test_a_key_tells_which_records_stand_and_which_are_unknown(data: Path) -> None:
    rink = sprint_evening()
    app = live_app(data, rink)
    async with running(app, (80, 24)) as pilot:
        await pilot.press("R")
        await pilot.pause()
        (words,) = told(app)
    assert "WR 36.09 Kok NED, Salt Lake City 16 Nov 2025 (bundled)" in words
    assert "TR unknown: no source tells it" in words
    assert "PB known of 0, SB of 0 of 8 skaters" in words


def test_of_a_mass_start_no_record_is_told() -> None:
    crowd = race([entry(0)], MASS_START)
    assert records_told(scene(crowd), crowd) == ["No record is skated for in a mass start"]


@pytest.mark.parametrize("size", [(60, 20), (80, 24), (120, 36), (160, 45)])
async def test_a_wide_title_says_which_record_is_unknown(data: Path, size: tuple[int, int]) -> None:
    rink = sprint_evening()
    app = live_app(data, rink)
    async with running(app, size):
        text = everything(app)
    assert ("TR unknown" in text) == (size[0] >= 80)
