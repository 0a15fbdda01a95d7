"""The tapes screen: what it lists, and what its keys do."""

from __future__ import annotations

import shutil
from contextlib import closing
from pathlib import Path

import pytest
from msgspec.structs import replace
from rich.cells import cell_len
from textual.pilot import Pilot

from evenings import HOST, own_file, recorded_evening
from longtrack.coverage import Coverage
from longtrack.model import Event
from longtrack.tape import HOLD_MS, Tape
from meets import (
    EVENING,
    EVENT,
    Rink,
    StillApp,
    assert_fills,
    bundled_app,
    live_app,
    ms,
    rink_time,
    running,
    shown,
    span_of,
    sprint_evening,
    told,
)
from rinkside.drawing import tapes as drawing
from rinkside.scene import Feed
from rinkside.tapes import KeptTape
from rinkside.widgets.lines import LinesView

NOW = rink_time("20 12:00")


@pytest.fixture(scope="module")
def sound(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return recorded_evening(tmp_path_factory.mktemp("sound") / "evening.tape")


@pytest.fixture(autouse=True)
def _still(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.setattr("rinkside.screens.tapes._now", lambda: NOW)
    out = tmp_path / "out"
    out.mkdir()
    monkeypatch.chdir(out)


def placed(data: Path, sound: Path, *, host: str = HOST, kind: str = "recorded") -> Path:
    file = own_file(data / "data", host=host, kind=kind)
    file.parent.mkdir(parents=True, exist_ok=True)
    shutil.copyfile(sound, file)
    with closing(Tape(file)) as tape:
        tape.remember("kind", kind)
    return file


def exported() -> list[str]:
    """Return the full names of the files in the directory the program was started in."""
    return sorted(str(each.absolute()) for each in Path().iterdir())


async def settled(app: StillApp, pilot: Pilot[None]) -> None:
    """Wait until what is done beside the screen is done and shown."""
    await app.workers.wait_for_complete()
    await pilot.pause()
    await app.workers.wait_for_complete()
    await pilot.pause()


async def opened(app: StillApp, pilot: Pilot[None]) -> None:
    await pilot.press("o")
    await settled(app, pilot)


def meets_listed(app: StillApp) -> list[str]:
    """Return the cities, or ids, of the tapes from top to bottom."""
    rows = [line[2:].split("  ")[0] for line in shown(app, "tapes") if line.strip()]
    return [row.split(" · ")[0] for row in rows]


# --- drawing -------------------------------------------------------------------------------------


def kept(**more: object) -> KeptTape:
    facts: dict[str, object] = {
        "file": Path("/data/tapes") / HOST / f"{EVENT}.tape",
        "feed": HOST,
        "kind": "recorded",
        "event": Event(
            EVENT,
            "ISU World Cup Speed Skating 1",
            city="Salt Lake City",
            start=EVENING.date().replace(month=11, day=30),
            end=EVENING.date(),
        ),
        "size": 12_345_678,
        "used": NOW,
        "span": (ms(EVENING), ms(EVENING) + 3_600_000),
        "coverage": Coverage(3),
        **more,
    }
    return KeptTape(**facts)  # type: ignore[arg-type]


TAPES = [
    kept(),
    kept(coverage=Coverage(9, ("W500", "M1500-2B", "WMS")), imported=True, polled=True),
    kept(coverage=Coverage(9, ("M1500-2B",))),
    kept(kind="reenacted", coverage=None, imported=True),
    kept(kind="bundled", feed="bundled", coverage=None),
    kept(coverage=Coverage(9, ("W500",), fetched=True), feed="a-feed-with-a-long-name.example"),
    kept(event=Event(EVENT, EVENT), trouble="from a newer rinkside", span=None, coverage=None),
    kept(event=Event(EVENT, "x", city="高木" * 20), trouble="damaged", coverage=None),
]


@pytest.mark.parametrize("width", range(60, 201, 7))
def test_every_width_is_filled(width: int) -> None:
    at = EVENING
    for cursor, tape in enumerate(TAPES):
        assert_fills(drawing.rows(TAPES, width, cursor=cursor), width)
        for asking in (False, True):
            assert_fills(drawing.about(tape, width, asking=asking), width)
    assert_fills(drawing.about(None, width), width)
    assert_fills(drawing.about(TAPES[0], width, doing="exporting it …"), width)
    assert_fills(drawing.rows(None, width, cursor=0), width)
    assert_fills(drawing.rows([], width, cursor=0), width)
    for tapes in (None, TAPES):
        lines = drawing.heading(tapes, at, Feed(age="119 min", second_pill="NO SPOILERS"), width)
        assert_fills(lines, width)
        assert "NO SPOILERS" in lines[0].text


@pytest.mark.parametrize("width", [60, 80, 120, 200])
def test_figures_stand_under_their_heads(width: int) -> None:
    heads = drawing.heading(TAPES, EVENING, Feed(), width)[1].text
    row = drawing.rows(TAPES, width, cursor=1)[0].text
    assert row.index("recorded") == heads.index("kind")
    assert row.index("12.3 MB") + 7 == heads.index("size") + 4
    assert ("state" in heads) == (width >= 80)
    assert ("from, to" in heads) == (width >= 120)
    if width >= 80:
        assert row.index("complete") == heads.index("state")


def test_what_is_not_whole_is_no_matter_of_colour_alone() -> None:
    lines = drawing.rows(TAPES, 160, cursor=0)
    said = [
        ("complete", "gain"),
        ("W500 and 2 more have gaps", "warn"),
        ("M1500-2B has gaps", "warn"),
        ("re-enacted · imported", "dim"),
        ("re-enacted", "dim"),
        ("results only", "dim"),
        ("from a newer rinkside", "error"),
        ("damaged", "error"),
    ]
    for line, (words, role) in zip(lines, said, strict=True):
        assert [span.role for span in line.spans if span.text == words][-1] == role
    assert span_of(drawing.rows(TAPES, 80, cursor=0)[1], "3 have gaps").role == "warn"


def test_the_tape_under_the_cursor_is_told_in_full() -> None:
    first, second = (line.text.strip() for line in drawing.about(TAPES[1], 120))
    assert first == "12 Dec 18:20–19:20 · W500 and 2 more have gaps · imported · being recorded"
    assert second == f"{HOST}/{EVENT}.tape"
    assert "from a-feed-with-a-long-name.example" in drawing.about(TAPES[5], 120)[0].text


# --- the screen ----------------------------------------------------------------------------------


@pytest.mark.parametrize("size", [(60, 20), (80, 24), (120, 36), (160, 45), (200, 50)])
async def test_it_fills_the_window(data: Path, sound: Path, size: tuple[int, int]) -> None:
    for number in range(60):
        placed(data, sound, host=f"feed-{number}.example")
    app = bundled_app(data, rink_time("12 19:41:41"))
    async with running(app, size) as pilot:
        await pilot.press("o")
        for keys in ([], ["pagedown"] * 7, ["x"]):
            await pilot.press(*keys)
            await settled(app, pilot)
            views = [view for view in app.screen.query(LinesView) if view.display]
            assert sum(view.size.height for view in views) == size[1]
            for view in views:
                assert len(view.lines) == view.size.height
                assert all(cell_len(line.text) == size[0] for line in view.lines)
        assert "Delete the bundled tape" in shown(app, "about")[0] or "on screen" in told(app)[0]


async def test_o_lists_the_tapes_and_escape_and_o_go_back(data: Path, sound: Path) -> None:
    placed(data, sound)
    app = bundled_app(data, rink_time("12 19:41:41"))
    async with running(app) as pilot:
        for back in ("escape", "o"):
            await opened(app, pilot)
            assert meets_listed(app) == ["Oslo", "Hamar"]
            assert "Tapes · 2, " in shown(app, "head")[0]
            assert "modelled" in shown(app, "note")[0]
            await pilot.press(back)
            assert shown(app, "board")


async def test_without_tapes_its_keys_do_nothing(tmp_path: Path) -> None:
    app = live_app(tmp_path, sprint_evening())
    async with running(app) as pilot:
        await opened(app, pilot)
        assert "No tape is kept yet." in shown(app, "tapes")[0]
        await pilot.press("down", "enter", "e", "x", "y", "pagedown")
        await settled(app, pilot)
        assert told(app) == []
        await pilot.press("escape")
        assert shown(app, "board")


async def test_enter_plays_a_tape_from_its_beginning(data: Path, sound: Path) -> None:
    file = placed(data, sound)
    app = bundled_app(data, rink_time("12 19:41:41"))
    async with running(app, (120, 36)) as pilot:
        await opened(app, pilot)
        await pilot.press("enter")
        await settled(app, pilot)
        assert app.session.tape.file == file
        assert "Oslo" in shown(app, "header")[0]
        assert "REPLAY 1×" in shown(app, "header")[0]
        assert app.session.playhead.at == ms(EVENING) - 30_000
        assert not any("KOK" in line for line in shown(app, "board"))


async def test_a_tape_that_does_not_reach_back_is_played_as_a_reenactment(data: Path) -> None:
    file = own_file(data / "data")
    file.parent.mkdir(parents=True)
    rink = Rink(file=file)
    rink.wire.add_race(begin=EVENING, starters=4)
    rink.wire.hold(1)
    rink.wire.make_official(1)
    rink.publish(after=5 * 24 * 3600)
    rink.tape.close()
    app = bundled_app(data, rink_time("12 19:41:41"))
    async with running(app, (120, 36)) as pilot:
        await opened(app, pilot)
        await pilot.press("enter")
        await settled(app, pilot)
        assert app.session.tape.recall("kind") == "reenacted"
        assert "REPLAY 1×" in shown(app, "header")[0]


@pytest.mark.parametrize("hours", [1, 24])
async def test_a_meet_that_is_live_is_followed_and_one_left_in_the_middle_played(
    data: Path, monkeypatch: pytest.MonkeyPatch, hours: int
) -> None:
    now = ms(EVENING) + hours * 3_600_000
    monkeypatch.setattr("rinkside.screens.tapes._now", lambda: now)
    file = own_file(data / "data")
    file.parent.mkdir(parents=True)
    rink = sprint_evening(starters=4, file=file, early=900)
    rink.wire.start(1)
    rink.publish()
    rink.tape.close()
    app = bundled_app(data, rink_time("12 19:41:41"), demo=True)
    async with running(app, (120, 36)) as pilot:
        await opened(app, pilot)
        await pilot.press("enter")
        await settled(app, pilot)
        assert app.session.tape.file == rink.tape.file
        assert app.session.playhead.is_live is (hours == 1)
        assert not app.plan.demo


async def test_a_tape_of_another_feed_is_played_and_nothing_is_polled_for_it(
    data: Path, sound: Path
) -> None:
    file = placed(data, sound, host="other.example")
    app = bundled_app(data, rink_time("12 19:41:41"), demo=True)
    async with running(app, (120, 36)) as pilot:
        await opened(app, pilot)
        await pilot.press("enter")
        await settled(app, pilot)
        assert (app.session.tape.file, app.plan.tape_file) == (file, file)
        assert app.session.offline
        assert "Oslo" in shown(app, "header")[0]
        await pilot.press("l")
        assert app.plan.tape_file is None


async def test_a_damaged_tape_is_not_played(data: Path) -> None:
    file = own_file(data / "data")
    file.parent.mkdir(parents=True, exist_ok=True)
    file.write_bytes(b"garbage" * 500)
    app = bundled_app(data, rink_time("12 19:41:41"))
    async with running(app) as pilot:
        await opened(app, pilot)
        await pilot.press("down", "enter")
        assert told(app) == [f"the recorded tape of {EVENT} is damaged"]
        assert meets_listed(app) == ["Hamar", EVENT]
    assert file.read_bytes() == b"garbage" * 500


async def test_a_tape_that_goes_while_it_is_chosen_is_a_message(data: Path, sound: Path) -> None:
    file = placed(data, sound, kind="reenacted")
    app = bundled_app(data, rink_time("12 19:41:41"))
    async with running(app) as pilot:
        await opened(app, pilot)
        file.write_bytes(b"garbage" * 500)
        await pilot.press("enter")
        await settled(app, pilot)
        assert any("is damaged or not a tape" in words for words in told(app))
        assert "Hamar" in shown(app, "header")[0]


async def test_e_exports_to_a_new_file_each_time(data: Path, sound: Path) -> None:
    placed(data, sound)
    app = bundled_app(data, rink_time("12 19:41:41"))
    async with running(app) as pilot:
        await opened(app, pilot)
        await pilot.press("e")
        await settled(app, pilot)
        assert told(app) == [f"the recorded tape of Oslo is in {exported()[0]}"]
        await pilot.press("e")
        await settled(app, pilot)
    first, second = exported()
    assert (first[-7:], second[-7:]) == ("-2.tape", "01.tape")


async def test_an_export_that_fails_is_a_message(data: Path, sound: Path, tmp_path: Path) -> None:
    placed(data, sound)
    app = bundled_app(data, rink_time("12 19:41:41"))
    async with running(app) as pilot:
        await opened(app, pilot)
        shutil.rmtree(tmp_path / "out")
        await pilot.press("e")
        await settled(app, pilot)
        assert len(told(app)) == 1
        assert app.is_running


@pytest.mark.parametrize("key", ["x", "delete"])
async def test_a_tape_is_deleted_when_asked_twice(data: Path, sound: Path, key: str) -> None:
    file = placed(data, sound)
    app = bundled_app(data, rink_time("12 19:41:41"))
    async with running(app) as pilot:
        await opened(app, pilot)
        await pilot.press("y")
        await settled(app, pilot)
        assert file.exists()
        await pilot.press(key)
        first, second = shown(app, "about")
        assert first.strip().startswith("Delete the recorded tape of Oslo, ")
        assert second.strip() == "y deletes it, any other key keeps it"
        await pilot.press("y")
        await settled(app, pilot)
        assert not file.exists()
        assert told(app) == ["the recorded tape of Oslo is deleted"]
        assert meets_listed(app) == ["Hamar"]


@pytest.mark.parametrize("key", ["escape", "down", "x", "e", "enter", "pageup", "o"])
async def test_any_other_key_keeps_it(data: Path, sound: Path, key: str) -> None:
    file = placed(data, sound)
    app = bundled_app(data, rink_time("12 19:41:41"))
    async with running(app) as pilot:
        await opened(app, pilot)
        await pilot.press("x", key)
        assert "Delete" not in shown(app, "about")[0]
        await pilot.press("y")
        await settled(app, pilot)
        assert file.exists()
        assert exported() == []
        assert meets_listed(app) == ["Oslo", "Hamar"]


async def test_what_is_on_screen_or_recorded_on_is_not_deleted(data: Path, sound: Path) -> None:
    file = placed(data, sound)
    app = bundled_app(data, rink_time("12 19:41:41"))
    async with running(app) as pilot:
        with closing(Tape(file)) as tape:
            tape.claim("somebody", NOW, HOLD_MS)
            await opened(app, pilot)
            assert "being recorded" in shown(app, "about")[0]
            await pilot.press("x", "y")
            await settled(app, pilot)
        await pilot.press("down", "x", "y")
        await settled(app, pilot)
    assert file.exists()
    assert told(app) == [
        "the recorded tape of Oslo is being recorded on; it stays",
        "the bundled tape of Hamar is on screen; it stays",
    ]


def test_a_tape_is_told_by_its_id_where_no_more_is_known() -> None:
    assert replace(kept(), event=Event(EVENT, EVENT)).words == f"the recorded tape of {EVENT}"
