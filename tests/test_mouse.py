"""Clicks and the wheel: everything that is drawn as a row, a tab or a key answers to them."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest
from textual.events import Click, MouseScrollDown, MouseScrollUp
from textual.pilot import Pilot
from textual.widget import Widget

from evenings import own_file, recorded_evening
from meets import (
    EVENT,
    Clock,
    Rink,
    StillApp,
    bundled_app,
    bundled_season,
    column_of,
    live_app,
    locations,
    rink_time,
    running,
    shown,
    sprint_evening,
    told,
)
from rinkside.drawing.footer import HELP, Key, keys
from rinkside.library import Library
from rinkside.plan import WatchPlan
from rinkside.screens.head_to_head import HeadToHeadScreen
from rinkside.screens.log import LogScreen
from rinkside.screens.meet import MeetScreen
from rinkside.screens.programme import ProgrammeScreen
from rinkside.screens.settings import SettingsScreen
from rinkside.screens.skater import SkaterScreen
from rinkside.screens.standings import StandingsScreen
from rinkside.screens.tapes import TapesScreen
from rinkside.widgets.lines import LinesView

SIZES = [(80, 24), (120, 36), (200, 50)]
at_every_size = pytest.mark.parametrize("size", SIZES, ids=lambda size: f"{size[0]}x{size[1]}")


def evening(data: Path, moment: str = "12 19:41:41", **more: Any) -> StillApp:
    return bundled_app(data, rink_time(moment), **more)


def free_app(data: Path, moment: str) -> StillApp:
    """Return the program on the bundled meet, without spoilers."""
    plan = WatchPlan(
        locations(data),
        event_id=EVENT,
        start=rink_time(moment),
        offline=True,
        spoiler_free=True,
    )
    clock = Clock(rink_time("20 12:00"))
    library = Library(plan.locations, plan.api, offline=True, clock=clock)
    app = StillApp(plan, library, library.bundled(), clock=clock)
    app.session.season = bundled_season()
    return app


def view(app: StillApp, part: str) -> LinesView:
    return app.screen.query_one(f"#{part}", LinesView)


def place_of(app: StillApp, part: str, text: str) -> tuple[int, int]:
    """Return the column and line of a part at which a text begins."""
    for number, line in enumerate(view(app, part).lines):
        if text in line.text:
            return column_of(line, text), number
    raise AssertionError(f"{text!r} is not in {shown(app, part)}")


async def click(app: StillApp, pilot: Pilot[None], part: str, text: str) -> None:
    """Click on a text in a part of the screen."""
    assert await pilot.click(view(app, part), offset=place_of(app, part, text))
    await pilot.pause()


async def roll(app: StillApp, pilot: Pilot[None], part: str, notches: int) -> None:
    """Turn the wheel over a part of the screen, upwards below 0."""
    kind = MouseScrollDown if notches > 0 else MouseScrollUp
    widget = view(app, part)
    for _ in range(abs(notches)):
        step = 1 if notches > 0 else -1
        widget.post_message(kind(widget, 1, 0, 0, step, 0, shift=False, meta=False, ctrl=False))
    await pilot.pause()


def row_at(app: StillApp, part: str) -> str:
    """Return the row under the cursor."""
    return next((line for line in shown(app, part) if line.startswith("►")), "")


def race_of(app: StillApp) -> str:
    return shown(app, "board")[0].split()[0]


def at(app: StillApp) -> int:
    return app.session.playhead.at


# --- the meet ------------------------------------------------------------------------------------


@at_every_size
async def test_a_tab_opens_its_race(data: Path, size: tuple[int, int]) -> None:
    app = evening(data)
    async with running(app, size) as pilot:
        for code in ("M500", "M1500", "W1500", "W500"):
            await click(app, pilot, "tabs", code)
            assert race_of(app) == code


@at_every_size
async def test_the_word_of_the_other_division_turns_to_it(
    data: Path, size: tuple[int, int]
) -> None:
    app = evening(data)
    async with running(app, size) as pilot:
        await click(app, pilot, "tabs", " B ")
        assert race_of(app) == "W500B"
        await click(app, pilot, "tabs", " B ")
        assert race_of(app) == "W500B"
        await click(app, pilot, "tabs", " A ")
        assert race_of(app) == "W500"


@at_every_size
async def test_a_row_is_chosen_by_a_click_and_opened_by_another(
    data: Path, size: tuple[int, int]
) -> None:
    app = evening(data)
    async with running(app, size) as pilot:
        await click(app, pilot, "board", "WARMUTH")
        assert "WARMUTH" in row_at(app, "board")
        assert "to ►" in shown(app, "board")[0]
        await click(app, pilot, "board", "BARAN")
        assert "BARAN" in row_at(app, "board")
        await pilot.pause()
        assert isinstance(app.screen, MeetScreen)
        await click(app, pilot, "board", "BARAN")
        assert isinstance(app.screen, SkaterScreen)
        assert "BARAN" in shown(app, "header")[0]


@at_every_size
async def test_the_pair_on_the_ice_is_chosen_where_it_stands(
    data: Path, size: tuple[int, int]
) -> None:
    app = evening(data)
    async with running(app, size) as pilot:
        await click(app, pilot, "board", "JACKSON")
        assert "JACKSON" in row_at(app, "board")
        await click(app, pilot, "board", "JACKSON")
        assert isinstance(app.screen, SkaterScreen)
        assert "JACKSON" in shown(app, "header")[0]


async def test_who_is_still_to_start_can_be_chosen(data: Path) -> None:
    app = evening(data, "12 19:25")
    async with running(app, (80, 40)) as pilot:
        await click(app, pilot, "board", "SCHULTING")
        assert "SCHULTING" in row_at(app, "board")


async def test_the_wheel_scrolls_the_board_by_three_rows(data: Path) -> None:
    app = evening(data, "13 18:00", race="M5000B")
    async with running(app) as pilot:
        before = shown(app, "board")
        await roll(app, pilot, "board", 1)
        after = shown(app, "board")
        assert after[1:4] == before[4:7]
        await roll(app, pilot, "board", -2)
        assert shown(app, "board")[1:] == before[1:]


async def test_the_wheel_leaves_a_board_that_is_whole_or_turned_away(data: Path) -> None:
    app = evening(data)
    async with running(app, (120, 50)) as pilot:
        before = shown(app, "board")
        await roll(app, pilot, "board", 1)
        assert shown(app, "board") == before
        await pilot.resize_terminal(80, 24)
        await pilot.press("tab")
        await roll(app, pilot, "board", 2)
        await pilot.press("tab", "tab")
        await pilot.pause()
        assert "1–" in shown(app, "board")[0]
        assert "new" not in shown(app, "board")[0]


@pytest.mark.parametrize("size", SIZES[1:], ids=lambda size: f"{size[0]}x{size[1]}")
async def test_a_row_of_the_cup_chooses_who_starts_in_the_race(
    data: Path, size: tuple[int, int]
) -> None:
    app = evening(data)
    async with running(app, size) as pilot:
        await click(app, pilot, "side", "YOSHIDA")
        assert "YOSHIDA" in row_at(app, "board")
        await click(app, pilot, "side", "LEERDAM Jutta")
        assert isinstance(app.screen, StandingsScreen)


async def test_a_row_of_the_cup_in_one_column_opens_the_page_with_the_second_click(
    data: Path,
) -> None:
    app = evening(data)
    async with running(app) as pilot:
        await pilot.press("tab")
        await click(app, pilot, "board", "BOERSMA")
        assert any("BOERSMA" in line and "►" in line for line in shown(app, "board"))
        await click(app, pilot, "board", "BOERSMA")
        assert isinstance(app.screen, SkaterScreen)


@at_every_size
async def test_a_click_on_the_moments_opens_the_log_and_the_wheel_does_not(
    data: Path, size: tuple[int, int]
) -> None:
    app = evening(data)
    async with running(app, size) as pilot:
        part = "side" if size[0] >= 110 else "moment"
        text = "MOMENTS" if size[0] >= 110 else ":"
        await roll(app, pilot, part, 1)
        await roll(app, pilot, part, -1)
        assert isinstance(app.screen, MeetScreen)
        await click(app, pilot, part, text)
        assert isinstance(app.screen, LogScreen)


@at_every_size
async def test_a_key_in_the_last_row_does_what_it_does(data: Path, size: tuple[int, int]) -> None:
    app = evening(data)
    async with running(app, size) as pilot:
        await click(app, pilot, "keys", "w w" if size[0] < 110 else "women/men")
        assert race_of(app) == "M500"
        await click(app, pilot, "keys", "standings")
        assert isinstance(app.screen, StandingsScreen)
        await click(app, pilot, "keys", "Enter")
        assert isinstance(app.screen, SkaterScreen)
        await click(app, pilot, "keys", "Esc")
        assert isinstance(app.screen, StandingsScreen)


async def test_of_several_keys_each_is_its_own(data: Path) -> None:
    app = evening(data)
    async with running(app, (200, 50)) as pilot:
        await click(app, pilot, "keys", "→")
        assert race_of(app) == "M500"
        await click(app, pilot, "keys", "←")
        assert race_of(app) == "W500"
        await click(app, pilot, "keys", "prev/next")
        assert race_of(app) == "M500"
        await click(app, pilot, "keys", "race")
        assert race_of(app) == "M500"
        await click(app, pilot, "keys", "pause")
        assert app.session.playhead.paused
        before = at(app)
        await click(app, pilot, "keys", ", .")
        assert at(app) == before - 5_000
        await click(app, pilot, "keys", ". 5 s")
        assert at(app) == before


async def test_a_key_that_was_put_elsewhere_is_clicked_there(data: Path) -> None:
    file = locations(data).settings
    file.parent.mkdir(parents=True, exist_ok=True)
    file.write_text('[keys]\nstandings = "Z"\npause = "%"\n')
    app = evening(data)
    async with running(app, (120, 36)) as pilot:
        await click(app, pilot, "keys", "% pause")
        assert app.session.playhead.paused
        await click(app, pilot, "keys", "% play")
        await click(app, pilot, "keys", "Z standings")
        assert isinstance(app.screen, StandingsScreen)


def test_the_last_row_tells_what_each_key_of_it_is() -> None:
    line = keys([Key("1-9", "race", "race"), Key("-", "less", "less"), Key("< >", "go", "go")], 60)
    acts = [(span.text, span.act and span.act.arguments) for span in line.spans]
    assert [act for act in acts if act[0].strip()] == [
        ("1-9", None),
        (" race", None),
        ("-", ("-",)),
        (" less", ("-",)),
        ("<", ("<",)),
        (">", (">",)),
        (" go", (">",)),
        (HELP.key, ("?",)),
        (f" {HELP.long}", ("?",)),
    ]


# --- time ----------------------------------------------------------------------------------------


@at_every_size
async def test_a_click_on_the_strip_goes_to_that_time(data: Path, size: tuple[int, int]) -> None:
    app = evening(data, speed=4)
    async with running(app, size) as pilot:
        for code, clock in (("M500", "12 19:50"), ("W500", "12 19:20"), ("W1500", "12 20:29")):
            await click(app, pilot, "strip", code)
            assert abs(at(app) - rink_time(clock)) < 3 * 60_000
            assert app.session.playhead.speed == 4


@at_every_size
async def test_the_wheel_over_the_strip_steps_by_five_seconds(
    data: Path, size: tuple[int, int]
) -> None:
    app = evening(data)
    async with running(app, size) as pilot:
        await pilot.press("space")
        await pilot.pause()
        before = at(app)
        await roll(app, pilot, "strip", -2)
        assert at(app) == before - 10_000
        await roll(app, pilot, "strip", 1)
        assert at(app) == before - 5_000


@at_every_size
async def test_without_spoilers_a_click_on_the_strip_only_goes_back(
    data: Path, size: tuple[int, int]
) -> None:
    app = free_app(data, "12 19:41:41")
    async with running(app, size) as pilot:
        before = at(app)
        strip = view(app, "strip")
        here = shown(app, "strip")[1].index("┃")
        for column in (here + 1, here + 20, size[0] - 3, size[0] - 1):
            await pilot.click(strip, offset=(column, 1))
            await pilot.pause()
            assert at(app) == before
        assert app.session.spoiler_free
        assert told(app)[-1] == "Without spoilers a click only goes back; g goes to a time."
        await pilot.click(strip, offset=(3, 1))
        await pilot.pause()
        assert at(app) < before


@at_every_size
async def test_without_spoilers_rows_and_tabs_answer_too(data: Path, size: tuple[int, int]) -> None:
    app = free_app(data, "12 19:41:41")
    async with running(app, size) as pilot:
        await click(app, pilot, "tabs", "M500")
        assert race_of(app) == "M500"
        await click(app, pilot, "tabs", "W500")
        await click(app, pilot, "board", "WARMUTH")
        assert "WARMUTH" in row_at(app, "board")
        before = at(app)
        await roll(app, pilot, "strip", -1)
        assert at(app) == before - 5_000


def under_way() -> Rink:
    """Return a meet that has been polled for ten minutes, its first race on."""
    rink = sprint_evening()
    for _ in range(20):
        rink.publish(after=30)
    rink.wire.start(1)
    rink.publish()
    return rink


async def test_live_a_click_goes_back_and_one_beyond_the_edge_is_the_present(data: Path) -> None:
    rink = under_way()
    app = live_app(data, rink)
    async with running(app, (120, 36)) as pilot:
        strip, track = view(app, "strip"), shown(app, "strip")[1]
        here = track.index("┃")
        await pilot.click(strip, offset=(here - 3, 1))
        await pilot.pause()
        assert not app.session.playhead.is_live
        assert at(app) < rink.clock()
        edge = shown(app, "strip")[1].rindex("┃")
        for column in (edge, edge + 20):
            await pilot.press("comma")
            await pilot.click(strip, offset=(column, 1))
            await pilot.pause()
            assert app.session.playhead.is_live
            assert at(app) == rink.clock()


async def test_delayed_nothing_ahead_of_the_picture_is_reached(data: Path) -> None:
    rink = under_way()
    app = live_app(data, rink)
    async with running(app, (120, 36)) as pilot:
        app.set_delay(180_000)
        await pilot.press("comma")
        await pilot.pause()
        edge = shown(app, "strip")[1].rindex("┃")
        for column in (edge - 1, edge, edge + 30):
            await pilot.click(view(app, "strip"), offset=(column, 1))
            await pilot.pause()
            assert at(app) <= rink.clock() - 180_000


# --- the other screens ---------------------------------------------------------------------------


@at_every_size
async def test_the_programme_opens_a_race_with_the_second_click(
    data: Path, size: tuple[int, int]
) -> None:
    app = evening(data)
    async with running(app, size) as pilot:
        await pilot.press("p")
        first = row_at(app, "races")
        await roll(app, pilot, "races", 2)
        second = row_at(app, "races")
        assert second != first
        await roll(app, pilot, "races", -2)
        assert row_at(app, "races") == first
        await click(app, pilot, "races", "W1500 ")
        assert "W1500 " in row_at(app, "races")
        assert isinstance(app.screen, ProgrammeScreen)
        await click(app, pilot, "races", "W1500 ")
        assert race_of(app) == "W1500"


async def test_a_click_on_the_name_of_a_day_does_nothing(data: Path) -> None:
    app = evening(data)
    async with running(app) as pilot:
        await pilot.press("p")
        before = row_at(app, "races")
        await click(app, pilot, "races", "Friday")
        assert row_at(app, "races") == before


@at_every_size
async def test_the_standings_answer(data: Path, size: tuple[int, int]) -> None:
    app = evening(data)
    async with running(app, size) as pilot:
        await pilot.press("s")
        await click(app, pilot, "tabs", "W1000")
        assert shown(app, "table")[0].split()[0] == "W1000"
        await click(app, pilot, "tabs", " Men ")
        assert shown(app, "table")[0].split()[0] == "M1000"
        await click(app, pilot, "tabs", "M500")
        name = shown(app, "table")[4][8:20]
        await click(app, pilot, "table", name)
        assert name in row_at(app, "table")
        await click(app, pilot, "table", name)
        assert isinstance(app.screen, SkaterScreen)


async def test_the_wheel_scrolls_the_standings_and_the_cursor_stays_in_sight(data: Path) -> None:
    app = evening(data)
    async with running(app) as pilot:
        await pilot.press("s")
        before = shown(app, "table")
        await roll(app, pilot, "table", 1)
        after = shown(app, "table")
        assert [line[1:] for line in after[2:5]] == [line[1:] for line in before[5:8]]
        assert row_at(app, "table") == after[1]
        await roll(app, pilot, "table", -1)
        assert before[1][1:] == shown(app, "table")[1][1:]
        assert row_at(app, "table") == shown(app, "table")[4]


async def test_the_olympic_places_answer(data: Path) -> None:
    app = evening(data)
    async with running(app) as pilot:
        await pilot.press("s", "Q")
        first = row_at(app, "table")
        await roll(app, pilot, "table", 1)
        assert row_at(app, "table") not in ("", first)
        await click(app, pilot, "table", first[1:20].strip())
        assert row_at(app, "table") == first


@at_every_size
async def test_the_log_answers(data: Path, size: tuple[int, int]) -> None:
    app = evening(data)
    async with running(app, size) as pilot:
        await pilot.press("m")
        head, rows = shown(app, "moments")[0], len(shown(app, "moments"))
        await roll(app, pilot, "moments", 1)
        assert shown(app, "moments")[0] != head
        assert row_at(app, "moments") != ""
        await pilot.press("home")
        await click(app, pilot, "moments", shown(app, "moments")[5][3:40])
        chosen = row_at(app, "moments")
        assert chosen == shown(app, "moments")[5]
        await click(app, pilot, "tabs", "2")
        await click(app, pilot, "tabs", "1")
        assert row_at(app, "moments") == chosen
        await pilot.click(view(app, "moments"), offset=(3, 0))
        assert row_at(app, "moments") == chosen
        assert len(shown(app, "moments")) == rows
        await click(app, pilot, "moments", chosen[3:40])
        assert not isinstance(app.screen, LogScreen)


async def test_the_wheel_goes_through_the_whole_log_and_back(data: Path) -> None:
    app = evening(data)
    async with running(app) as pilot:
        await pilot.press("m")
        newest = shown(app, "moments")[1]
        await pilot.press("end")
        oldest = shown(app, "moments")[-1]
        await pilot.press("home")
        await roll(app, pilot, "moments", 40)
        assert shown(app, "moments")[-1][1:] == oldest[1:]
        await roll(app, pilot, "moments", -40)
        assert shown(app, "moments")[1][1:] == newest[1:]


@at_every_size
async def test_a_skaters_page_and_head_to_head_answer(data: Path, size: tuple[int, int]) -> None:
    app = evening(data)
    async with running(app, size) as pilot:
        await pilot.press("down", "enter")
        await click(app, pilot, "tabs", "season")
        season = shown(app, "body")
        await click(app, pilot, "tabs", "bests")
        assert shown(app, "body") != season
        await click(app, pilot, "tabs", "W500")
        await click(app, pilot, "keys", "head to head")
        assert isinstance(app.screen, HeadToHeadScreen)


async def test_the_wheel_scrolls_a_page_that_is_longer_than_the_window(data: Path) -> None:
    app = evening(data)
    async with running(app, (60, 20)) as pilot:
        await pilot.press("down", "enter", "2")
        top = shown(app, "body")
        await roll(app, pilot, "body", 1)
        assert shown(app, "body")[0] in top[1:4]
        await roll(app, pilot, "body", -2)
        assert shown(app, "body") == top


@at_every_size
async def test_the_settings_change_with_the_second_click(data: Path, size: tuple[int, int]) -> None:
    app = evening(data)
    async with running(app, size) as pilot:
        await pilot.press("c")
        assert isinstance(app.screen, SettingsScreen)
        first = row_at(app, "list")
        await roll(app, pilot, "list", 1)
        second = row_at(app, "list")
        assert second != first
        await roll(app, pilot, "list", -1)
        await click(app, pilot, "list", second[3:18].rstrip())
        assert row_at(app, "list") == second
        await click(app, pilot, "list", second[3:18].rstrip())
        assert row_at(app, "list") != second


async def test_a_tape_is_chosen_by_a_click_and_played_by_another(data: Path) -> None:
    app = evening(data)
    file = own_file(data / "data")
    file.parent.mkdir(parents=True)
    recorded_evening(file)
    async with running(app) as pilot:
        await pilot.press("o")
        await app.workers.wait_for_complete()
        await pilot.pause()
        assert isinstance(app.screen, TapesScreen)
        first, other = shown(app, "tapes")[0], shown(app, "tapes")[1]
        assert first.startswith("►")
        assert other.strip()
        await roll(app, pilot, "tapes", 1)
        assert shown(app, "tapes")[1].startswith("►")
        await click(app, pilot, "tapes", first[2:20])
        assert shown(app, "tapes")[0].startswith("►")
        await click(app, pilot, "tapes", first[2:20])
        await app.workers.wait_for_complete()
        await pilot.pause()
        assert isinstance(app.screen, MeetScreen)


# --- nothing raises ------------------------------------------------------------------------------


async def home(app: StillApp, pilot: Pilot[None]) -> None:
    """Go back to the meet, from wherever a click has led."""
    while len(app.screen_stack) > 1:
        app.pop_screen()
        await pilot.pause()
    for prompt in app.screen.query("Prompt"):
        await prompt.remove()


def clicked(widget: Widget, x: int, y: int) -> Click:
    return Click(widget, x, y, 0, 0, 1, shift=False, meta=False, ctrl=False)


@pytest.mark.parametrize("free", [False, True], ids=["live", "spoiler-free"])
@pytest.mark.parametrize(
    ("size", "across"), [((80, 24), 37), ((120, 36), 71), ((200, 50), 151)], ids=str
)
async def test_a_click_anywhere_raises_nothing_and_tells_nothing_ahead(
    data: Path, size: tuple[int, int], across: int, *, free: bool
) -> None:
    app = free_app(data, "12 19:41:41") if free else evening(data, speed=4)
    start = app.session.playhead
    async with running(app, size) as pilot:
        for y in range(size[1]):
            for x in range(7 * y % across, size[0], across):
                widget, region = app.screen.get_widget_at(x, y)
                widget.post_message(clicked(widget, x - region.x, y - region.y))
                await pilot.pause()
                await home(app, pilot)
                assert app.session.spoiler_free is free
                assert not free or app.session.playhead.at <= start.at
            app.session.move(start)
        assert app.is_running


@pytest.mark.parametrize("size", [(59, 24), (80, 19), (20, 5)])
async def test_in_a_window_too_small_nothing_happens(data: Path, size: tuple[int, int]) -> None:
    app = evening(data)
    async with running(app, (80, 24)) as pilot:
        await pilot.resize_terminal(*size)
        await pilot.pause()
        for y in range(size[1]):
            await pilot.click(offset=(7 * y % size[0], y))
        assert isinstance(app.screen, MeetScreen)
        await pilot.resize_terminal(80, 24)
        await pilot.pause()
        assert row_at(app, "board") == ""
        assert race_of(app) == "W500"


async def test_only_the_first_button_and_only_lines_that_are_there_count(data: Path) -> None:
    app = evening(data)
    async with running(app) as pilot:
        where = place_of(app, "board", "WARMUTH")
        await pilot.click(view(app, "board"), offset=where, button=3)
        assert row_at(app, "board") == ""
        board = view(app, "board")
        board.post_message(clicked(board, 500, 500))
        board.post_message(clicked(board, 500, 3))
        await pilot.pause()
        assert row_at(app, "board") == ""


async def test_a_double_click_that_leaves_a_screen_does_nothing_more_there(data: Path) -> None:
    app = evening(data)
    async with running(app) as pilot:
        await pilot.press("p")
        races = view(app, "races")
        where = place_of(app, "races", "►")
        await pilot.click(races, offset=where, times=2)
        await pilot.pause()
        assert isinstance(app.screen, MeetScreen)
