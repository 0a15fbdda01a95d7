"""The program as a whole: themes, colours, memory, and which meet it turns to."""

from __future__ import annotations

import json
from collections.abc import Iterator
from pathlib import Path
from typing import Final

import pytest
from rich.segment import Segment

from longtrack.clock import TapeClock
from longtrack.moments import Moment
from meets import (
    EVENT,
    OSLO,
    Clock,
    SilentApp,
    StillApp,
    assert_fills,
    bundled_app,
    everything,
    live_app,
    locations,
    rink_time,
    running,
    shown,
    sprint_evening,
    told,
)
from rinkside.app import RinksideApp
from rinkside.library import LATEST, Library
from rinkside.plan import WatchPlan, demo_plan
from rinkside.screens.meet import MeetScreen
from rinkside.widgets.lines import LinesView
from rinkside_themes import DEFAULT_NAME, bundled_names

OPENER = rink_time("12 19:41:41")


def segments(app: StillApp) -> Iterator[Segment]:
    """Every piece of text as it goes to the terminal."""
    for strip in app.screen._compositor.render_strips():
        yield from strip


def remembered(data: Path) -> dict[str, object]:
    file = locations(data).remembered
    found = json.loads(file.read_text("utf-8")) if file.exists() else {}
    assert isinstance(found, dict)
    return found


# --- themes --------------------------------------------------------------------------------------


async def test_t_goes_through_all_themes_and_comes_back(data: Path) -> None:
    app = bundled_app(data, OPENER)
    async with running(app) as pilot:
        seen = [app.theme]
        for _ in bundled_names():
            await pilot.press("t")
            await pilot.pause()
            seen.append(app.theme)
            assert "KOK Femke" in everything(app)
        assert tuple(seen[:-1]) == bundled_names()
        assert seen[0] == seen[-1] == DEFAULT_NAME


async def test_a_theme_is_remembered_in_the_data_directory(data: Path) -> None:
    app = bundled_app(data, OPENER)
    async with running(app) as pilot:
        assert remembered(data) == {}, "nothing is written before something is chosen"
        await pilot.press("t")
        chosen = app.theme
        assert remembered(data)["theme"] == chosen
    app = bundled_app(data, OPENER)
    async with running(app):
        assert app.theme == chosen


async def test_a_theme_changes_every_colour_on_the_screen(data: Path) -> None:
    app = bundled_app(data, OPENER)
    async with running(app, (120, 36)) as pilot:
        before = {str(segment.style.bgcolor) for segment in segments(app) if segment.style}
        app.theme = "rinkside-light"
        await pilot.pause()
        after = {str(segment.style.bgcolor) for segment in segments(app) if segment.style}
        assert not before & after


async def test_a_theme_is_named_when_it_comes(data: Path) -> None:
    app = bundled_app(data, OPENER)
    async with running(app) as pilot:
        await pilot.press("t")
        assert len(told(app)) == 1


def write_theme(data: Path, name: str, text: str) -> None:
    folder = locations(data).themes
    folder.mkdir(parents=True, exist_ok=True)
    (folder / name).write_text(text, "utf-8")


async def test_a_fans_bad_theme_file_is_one_message(data: Path) -> None:
    write_theme(data, "[bold]bad.toml", 'name = "x\ncolours = [')
    app = bundled_app(data, OPENER)
    async with running(app):
        (message,) = told(app)
        assert "bad.toml" in message
        assert "KOK Femke" in everything(app)


async def test_a_fans_own_theme_comes_after_the_others(data: Path) -> None:
    write_theme(
        data,
        "mine.toml",
        f'name = "mine"\ntitle = "Mine"\nbased-on = "{DEFAULT_NAME}"\n'
        '[colours]\ngold = "#ff00ff"\n',
    )
    app = bundled_app(data, OPENER)
    async with running(app) as pilot:
        for _ in bundled_names():
            await pilot.press("t")
        assert app.theme == "mine"
        await pilot.pause()
        assert any("#ff00ff" in str(segment.style) for segment in segments(app))
    assert remembered(data)["theme"] == "mine"
    (locations(data).themes / "mine.toml").unlink()
    app = bundled_app(data, OPENER)
    async with running(app):
        assert app.theme == DEFAULT_NAME
        assert told(app) == [f"There is no theme mine any more; this is {DEFAULT_NAME}."]


async def test_a_theme_that_cannot_be_remembered_is_a_message(data: Path) -> None:
    app = bundled_app(data, OPENER)
    async with running(app) as pilot:
        locations(data).remembered.mkdir()
        await pilot.press("t")
        assert any("nothing is remembered" in words for words in told(app))


async def test_only_our_themes_are_offered(data: Path) -> None:
    app = bundled_app(data, OPENER)
    async with running(app):
        assert set(app.available_themes) == set(bundled_names())


# --- the list of themes --------------------------------------------------------------------------


def listed(app: StillApp) -> list[str]:
    return [line.text for line in app.screen.query_one("#themes", LinesView).lines]


async def test_the_list_shows_each_theme_at_once_and_escape_takes_it_back(data: Path) -> None:
    app = bundled_app(data, OPENER)
    async with running(app) as pilot:
        await pilot.press("T")
        assert any("► Rinkside, dark" in line and "now" in line for line in listed(app))
        for name in bundled_names()[1:]:
            await pilot.press("down")
            assert app.theme == name
        assert remembered(data) == {}, "looking is not choosing"
        await pilot.press("down")
        assert app.theme == DEFAULT_NAME, "after the last comes the first"
        await pilot.press("up", "up", "escape")
        assert app.theme == DEFAULT_NAME
        assert isinstance(app.screen, MeetScreen)
        assert remembered(data) == {}


async def test_enter_keeps_the_theme_of_the_list(data: Path) -> None:
    app = bundled_app(data, OPENER)
    async with running(app) as pilot:
        await pilot.press("T", "j", "t", "enter")
        assert app.theme == "vikingskipet" == remembered(data)["theme"]
        assert isinstance(app.screen, MeetScreen)


async def test_the_screen_behind_the_list_changes_with_it(data: Path) -> None:
    app = bundled_app(data, OPENER)
    async with running(app) as pilot:
        board = app.screen.query_one("#board", LinesView)

        def colour() -> str:
            return str(next(iter(board.render_line(0))).style)

        dark = colour()
        await pilot.press("T", "down")
        await pilot.pause()
        assert colour() != dark
        assert app.screen.styles.background.a == 0, "the meet is seen behind it"


@pytest.mark.parametrize("size", [(60, 20), (60, 12), (80, 24), (200, 50)])
async def test_the_list_fits_every_window_with_the_cursor_in_sight(
    data: Path, size: tuple[int, int]
) -> None:
    app = bundled_app(data, OPENER)
    async with running(app, size) as pilot:
        await pilot.press("T")
        for name in bundled_names():
            lines = listed(app)
            assert len(lines) < size[1]
            assert any("►" in line for line in lines), name
            assert_fills(app.screen.query_one("#themes", LinesView).lines, 45)
            await pilot.press("down")


async def test_the_list_answers_to_clicks_and_wheel(data: Path) -> None:
    app = bundled_app(data, OPENER)
    async with running(app) as pilot:
        await pilot.press("T")
        await pilot.click("#themes", offset=(10, 4))
        assert app.theme == "vikingskipet"
        await pilot.click("#themes", offset=(10, 0))
        assert app.theme == "vikingskipet", "the head is no theme"
        await pilot.click("#themes", offset=(10, 4))
        assert remembered(data)["theme"] == "vikingskipet"
        await pilot.press("T", "down")
        await pilot.click(offset=(1, 1))
        assert app.theme == "vikingskipet"
        assert isinstance(app.screen, MeetScreen)


# --- a fan's theme that is being edited ----------------------------------------------------------

MINE: Final = f'name = "mine"\ntitle = "Mine"\nbased-on = "{DEFAULT_NAME}"\n[colours]\n'


def board_colours(app: StillApp) -> str:
    return " ".join(str(segment.style) for segment in segments(app))


async def test_a_theme_file_is_read_anew_while_it_is_edited(data: Path) -> None:
    write_theme(data, "mine.toml", MINE + 'gold = "#ff00ff"\n')
    app = bundled_app(data, OPENER)
    async with running(app) as pilot:
        app.theme = "mine"
        await pilot.pause()
        assert "#ff00ff" in board_colours(app)
        write_theme(data, "mine.toml", MINE + 'gold = "#00fe01"\nground = "#010203"\n')
        app.look_at_theme_file()
        await pilot.pause()
        assert "#00fe01" in board_colours(app)
        assert "#ff00ff" not in board_colours(app)
        assert app.screen.styles.background.hex == "#010203", "what Textual draws, too"
        assert told(app) == []


async def test_a_fault_in_it_is_told_once_and_the_last_good_colours_stay(data: Path) -> None:
    write_theme(data, "mine.toml", MINE + 'gold = "#ff00ff"\n')
    app = bundled_app(data, OPENER)
    async with running(app) as pilot:
        app.theme = "mine"
        write_theme(data, "mine.toml", MINE + 'text = "#ffffff"\ngold = "#ff00f"\n')
        for _ in range(3):
            app.look_at_theme_file()
            await pilot.pause()
        assert told(app) == ['mine.toml: line 6: "gold" is "#ff00f"; a colour is #rrggbb']
        assert "#ff00ff" in board_colours(app)
        write_theme(data, "mine.toml", MINE + 'name = "again')
        app.look_at_theme_file()
        await pilot.pause()
        assert told(app)[-1].startswith("mine.toml: not TOML: ")
        (locations(data).themes / "mine.toml").unlink()
        app.look_at_theme_file()
        await pilot.pause()
        assert told(app)[-1].startswith("mine.toml: can't be read (")
        assert "#ff00ff" in board_colours(app)
        write_theme(data, "mine.toml", MINE.replace("mine", "other") + 'gold = "#00fe01"\n')
        app.look_at_theme_file()
        await pilot.pause()
        assert "#00fe01" in board_colours(app)
        assert app.theme == "mine", "it keeps the name it had"


async def test_the_file_is_looked_at_only_while_its_theme_is_on_the_screen(data: Path) -> None:
    write_theme(data, "mine.toml", MINE)
    app = bundled_app(data, OPENER)
    async with running(app) as pilot:
        await pilot.pause()
        assert app._theme_file_watch is None
        app.theme = "mine"
        await pilot.pause()
        assert app._theme_file_watch is not None
        await pilot.press("t")
        assert app.theme == DEFAULT_NAME
        assert app._theme_file_watch is None
        await pilot.press("T", "up", "enter")
        assert app.theme == "mine"
    app = bundled_app(data, OPENER)
    async with running(app) as pilot:
        await pilot.pause()
        assert app._theme_file_watch is not None, "it is the theme to begin with"


# --- terminals of few colours --------------------------------------------------------------------


@pytest.mark.parametrize(
    ("term", "colorterm", "first", "offered"),
    [
        ("xterm", "", "terminal-16", 2),
        ("linux", "", "terminal-16", 2),
        ("dumb", "", "terminal-own", 1),
        ("xterm-256color", "", DEFAULT_NAME, 8),
        ("xterm", "truecolor", DEFAULT_NAME, 8),
    ],
)
async def test_only_themes_are_offered_whose_colours_the_terminal_has(
    data: Path,
    monkeypatch: pytest.MonkeyPatch,
    term: str,
    colorterm: str,
    first: str,
    offered: int,
) -> None:
    monkeypatch.setenv("TERM", term)
    monkeypatch.setenv("COLORTERM", colorterm)
    app = bundled_app(data, OPENER)
    async with running(app):
        assert app.theme == first
        assert len(app.available_themes) == offered
        assert told(app) == []


async def test_a_theme_this_terminal_cannot_show_waits_for_one_that_can(
    data: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    async with running(app := bundled_app(data, OPENER)):
        app.keep_theme("vikingskipet")
    monkeypatch.setenv("TERM", "xterm")
    monkeypatch.setenv("COLORTERM", "")
    async with running(app := bundled_app(data, OPENER)):
        assert app.theme == "terminal-16"
        assert told(app) == [
            "This terminal says that it shows 16 colours, so this is terminal-16, not "
            "vikingskipet. If it shows more, set COLORTERM=truecolor."
        ]
    assert remembered(data)["theme"] == "vikingskipet"


# --- without colours -----------------------------------------------------------------------------


async def test_no_color_leaves_no_colour_and_still_tells_everything(
    data: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("NO_COLOR", "1")
    app = bundled_app(data, OPENER)
    async with running(app, (120, 36)) as pilot:
        styles = [segment.style for segment in segments(app) if segment.style]
        for style in styles:
            assert style.color is None or style.color.is_default
            assert style.bgcolor is None or style.bgcolor.is_default
        bold = "".join(s.text for s in segments(app) if s.style and s.style.bold)
        for part in ("ON THE ICE", "KOK Femke", "ZIOMEK-NOGAL Kaja", "37.65", "W500"):
            assert part in bold, part
        reverse = "".join(s.text for s in segments(app) if s.style and s.style.reverse)
        assert "W500 live" in reverse
        assert "Division A" in reverse
        assert "REPLAY" in reverse
        await pilot.press("down")
        await pilot.pause()
        assert any("►" in s.text for s in segments(app) if s.style and s.style.reverse)


async def test_no_color_is_not_remembered_as_a_wish(
    data: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("NO_COLOR", "1")
    app = bundled_app(data, OPENER)
    async with running(app) as pilot:
        await pilot.press("t")
        await pilot.pause()
    assert "theme" not in remembered(data)


async def test_sixteen_colours_use_none_that_vanish_on_some_terminals(data: Path) -> None:
    allowed = {"default", "red", "green", "yellow", "blue", "magenta", "cyan", "bright_black"}
    app = bundled_app(data, OPENER)
    async with running(app, (120, 36)) as pilot:
        app.theme = "terminal-16"
        await pilot.press("down")
        await pilot.pause()
        for segment in segments(app):
            if segment.style is None:
                continue
            for colour in (segment.style.color, segment.style.bgcolor):
                assert colour is None or colour.name in allowed, segment
            if segment.style.reverse and segment.text.strip():
                assert segment.style.color is None or segment.style.color.is_default


# --- which meet ----------------------------------------------------------------------------------


async def test_turning_to_another_meet_shows_it_and_remembers_it(data: Path) -> None:
    app = live_app(data, sprint_evening())
    async with running(app) as pilot:
        assert "Oslo" in shown(app, "header")[0]
        await pilot.press("3", "down")
        app.turn_to(EVENT)
        await pilot.pause()
        assert "Hamar" in shown(app, "header")[0]
        assert not any(line.startswith("►") for line in shown(app, "board"))
    assert remembered(data)["last_watched"] == {"api.isuresults.eu": EVENT}


async def test_the_meet_that_is_watched_is_remembered(tmp_path: Path) -> None:
    app = live_app(tmp_path, sprint_evening())
    async with running(app):
        pass
    kept = json.loads(app.plan.locations.remembered.read_text("utf-8"))
    assert list(kept["last_watched"].values()) == [app.plan.event_id]


async def test_a_meet_that_cannot_be_opened_is_a_message_and_the_old_one_stays(
    data: Path,
) -> None:
    app = bundled_app(data, OPENER)
    async with running(app) as pilot:
        app.turn_to("2026_NED_0007")
        await pilot.pause()
        assert any("2026_NED_0007" in words for words in told(app))
        assert "KOK Femke" in everything(app)


async def test_a_silent_feed_leaves_the_last_known_state_on_screen(tmp_path: Path) -> None:
    rink = sprint_evening()
    rink.wire.start(1)
    rink.publish()
    app = live_app(tmp_path, rink, kind=SilentApp)
    async with running(app) as pilot:
        rink.clock.on(3 * 3600)
        app.screen.draw()  # type: ignore[attr-defined]
        await pilot.pause()
        assert "3 h  LATE " in shown(app, "header")[0]
        assert "DVOŘÁČKOVÁ" in everything(app)


async def test_leaving_the_demo_asks_the_feed(data: Path) -> None:
    clock = Clock(rink_time("20 12:00"))
    plan = demo_plan(locations(data))
    library = Library(plan.locations, plan.api, offline=True, clock=clock)
    app = SilentApp(plan, library, library.bundled(), clock=clock, here=OSLO)
    async with running(app) as pilot:
        assert "DEMO 8×" in shown(app, "header")[0]
        await pilot.press("l")
        await pilot.pause()
        assert "DEMO" not in shown(app, "header")[0]
        assert app.plan.demo is False
        assert app.is_running


async def test_the_demo_begins_two_minutes_before_the_last_pair(data: Path) -> None:
    clock = TapeClock(wall=lambda: 1_800_000_000.0, passed=lambda: 5.0)
    plan = demo_plan(locations(data), speed=4)
    library = Library(plan.locations, plan.api, offline=True, clock=clock)
    app = StillApp(plan, library, library.bundled(), clock=clock, here=OSLO)
    async with running(app, (120, 36)):
        assert "19:39" in shown(app, "header")[0]
        assert "DEMO 4×" in shown(app, "header")[0]
        assert "pair 9 of 10" in shown(app, "band")[0]


class FreshApp(SilentApp):
    """The program, which reads its season too."""

    read_season = RinksideApp.read_season


async def test_the_moments_of_a_fresh_demo_wait_until_its_season_is_read(
    tmp_path: Path, laid_once: None
) -> None:
    clock = Clock(rink_time("20 12:00"))
    plan = demo_plan(locations(tmp_path))
    library = Library(plan.locations, plan.api, offline=True, clock=clock)
    app = FreshApp(plan, library, library.bundled(), clock=clock, here=OSLO)
    async with running(app) as pilot:
        await app.workers.wait_for_complete()
        await pilot.pause()
        kept = [Moment.from_json(each.body) for each in app.session.tape.moments(LATEST)]
        assert "LEERDAM, absent, 2nd to 5th in the cup" in [moment.text for moment in kept]
        assert app.session.season is not None


async def test_notes_about_this_computer_are_on_the_screen(data: Path) -> None:
    app = bundled_app(data, OPENER)
    app.session.notes = ("the disk is [b]full[/b]",)
    async with running(app):
        assert "the disk is [b]full[/b]" in shown(app, "note")[0]


def test_a_plan_without_a_start_is_live(data: Path) -> None:
    app = bundled_app(data)
    assert app.session.playhead.is_live
    assert isinstance(app.plan, WatchPlan)
