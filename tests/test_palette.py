"""The command palette: every action, race, skater and cup is found by its words."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

import pytest
from msgspec.structs import replace
from textual.command import CommandList, CommandPalette
from textual.content import Content
from textual.pilot import Pilot
from textual.widgets import Input

from longtrack.season import CUPS
from meets import (
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
from rinkside.keymap import place_of
from rinkside.screens.log import LogScreen
from rinkside.screens.meet import MeetScreen
from rinkside.screens.skater import SkaterScreen
from rinkside.screens.standings import StandingsScreen
from rinkside.screens.themes import ThemesScreen

EVENING = rink_time("12 19:41:42")
SUNDAY = rink_time("14 20:00")

SCREENS = {
    "meet": (),
    "programme": ("p",),
    "standings": ("s",),
    "olympic places": ("s", "Q"),
    "log": ("m",),
    "skater": ("enter",),
    "head to head": ("h",),
    "tapes": ("o",),
    "settings": ("c",),
}
"""The keys that lead to a screen."""


async def listed(pilot: Pilot[None], query: str = "") -> list[str]:
    """Return what the palette lists when it is opened and something is typed."""
    app = pilot.app
    if not isinstance(app.screen, CommandPalette):
        await pilot.press("ctrl+p")
        await _gathered(pilot)
    if query:
        app.screen.query_one(Input).value = query
        await _gathered(pilot)
    return texts(pilot)


async def _gathered(pilot: Pilot[None]) -> None:
    await pilot.pause()
    group = CommandPalette._GATHER_COMMANDS_GROUP
    await pilot.app.workers.wait_for_complete(
        [worker for worker in pilot.app.workers if worker.group == group]
    )
    await pilot.pause()


def texts(pilot: Pilot[None]) -> list[str]:
    options = pilot.app.screen.query_one(CommandList).options
    prompts = [option.prompt for option in options if not option.disabled]
    assert all(isinstance(prompt, Content) for prompt in prompts)
    return [str(prompt) for prompt in prompts]


async def choose(pilot: Pilot[None], query: str) -> str:
    """Choose the first of what a query finds."""
    first = (await listed(pilot, query))[0]
    await pilot.press("enter")
    await pilot.pause()
    return first


# --- what is found -------------------------------------------------------------------------------


@pytest.mark.parametrize("keys", SCREENS.values(), ids=SCREENS)
async def test_a_race_opens_its_board_from_every_screen(data: Path, keys: tuple[str, ...]) -> None:
    app = bundled_app(data, EVENING)
    async with running(app, (60, 20)) as pilot:
        await pilot.press(*keys)
        found = await choose(pilot, "m1500")
        assert found.startswith("M1500 Division A\nFri 12 Dec 21:0")
        assert isinstance(app.screen, MeetScreen)
        assert len(app.screen_stack) == 1
        assert app.screen.race is not None
        assert app.screen.race.code == "M1500"
        assert "M1500" in shown(app, "board")[0]


async def test_a_race_says_its_day_and_how_far_it_is(data: Path) -> None:
    app = bundled_app(data, EVENING)
    async with running(app) as pilot:
        assert (await listed(pilot, "w500"))[0] == (
            "W500 Division A\nFri 12 Dec 19:21 · live  ZIOMEK-NOGAL Kaja leads"
        )
        assert (await listed(pilot, "sunday 500 men a"))[0] == (
            "M500-2 Division A\nSun 14 Dec 14:44 · no start list yet"
        )


@pytest.mark.parametrize("keys", SCREENS.values(), ids=SCREENS)
async def test_a_skater_is_found_without_accents_on_every_screen(
    data: Path, keys: tuple[str, ...]
) -> None:
    app = bundled_app(data, EVENING)
    async with running(app, (60, 20)) as pilot:
        await pilot.press(*keys)
        assert await choose(pilot, "wojcik") == "WÓJCIK Andżelika POL\nW500"
        assert isinstance(app.screen, SkaterScreen)
        assert shown(app, "header")[0].startswith(" WÓJCIK Andżelika")


async def test_a_skater_of_two_races_is_there_once_and_opens_the_race_on_screen(
    data: Path,
) -> None:
    app = bundled_app(data, SUNDAY, race="W1500")
    async with running(app) as pilot:
        found = await listed(pilot, "kok femke")
        assert [each.partition("\n")[0] for each in found][:1] == ["KOK Femke NED"]
        codes = found[0].partition("\n")[2].split()
        assert "W500" in codes
        assert "W1000" in codes
        assert sum(each.startswith("KOK Femke") for each in found) == 1
        await pilot.press("escape", "left")
        await pilot.pause()
        assert isinstance(app.screen, MeetScreen)
        race = next(each for each in app.session.meet().races if each.code == "W1000")
        app.screen.choose(race)
        await choose(pilot, "kok femke")
        assert isinstance(app.screen, SkaterScreen)
        assert app.screen.choice().race == race.number


async def test_a_cup_opens_the_standings_once(data: Path) -> None:
    app = bundled_app(data, EVENING)
    async with running(app) as pilot:
        assert await choose(pilot, "long men") == "World Cup MLONG\nStandings: long distances men"
        opened = app.screen
        assert isinstance(opened, StandingsScreen)
        assert "MLONG" in shown(app, "table")[0]
        await pilot.press("w", "1", "Q", "enter")
        assert isinstance(app.screen, SkaterScreen)
        await choose(pilot, "world cup wtp")
        assert app.screen_stack[1:] == [opened]
        assert "WTP" in shown(app, "table")[0]


async def test_every_cup_is_there(data: Path) -> None:
    app = bundled_app(data, EVENING)
    async with running(app) as pilot:
        found = await listed(pilot, "world cup")
        assert {f"World Cup {cup}" for cup in CUPS} <= {each.partition("\n")[0] for each in found}


async def test_an_action_is_found_by_what_it_does(data: Path) -> None:
    app = bundled_app(data, EVENING)
    async with running(app) as pilot:
        await pilot.press("s")
        assert await choose(pilot, "olympic") == (
            "Olympic places  Q\nShow who would be at the Games"
        )
        assert "Olympic" in shown(app, "header")[0]
        # Where an action is not to be had, it is not offered either.
        assert not [each for each in await listed(pilot, "one nation") if "One nation" in each]


async def test_actions_of_the_program_are_done_on_any_screen(data: Path) -> None:
    app = bundled_app(data, EVENING)
    async with running(app) as pilot:
        await pilot.press("m")
        assert await choose(pilot, "pause") == (
            "Pause or play  Space\nLet the picture stand still, or go on"
        )
        assert app.session.playhead.paused
        assert isinstance(app.screen, LogScreen)
        await choose(pilot, "themes")
        assert isinstance(app.screen, ThemesScreen)


@pytest.mark.parametrize("keys", SCREENS.values(), ids=SCREENS)
async def test_every_key_of_a_screen_and_of_the_program_is_there_once(
    data: Path, keys: tuple[str, ...]
) -> None:
    app = bundled_app(data, EVENING)
    async with running(app) as pilot:
        await pilot.press(*keys)
        screen, program = place_of(type(app.screen)), place_of(type(app))
        allowed = [each for each in screen.values() if app.screen.check_action(each.action, ())]
        actions = {each.action: each for each in [*program.values(), *reversed(allowed)]}
        for bound in actions.values():
            heads = [each.partition("\n") for each in await listed(pilot, bound.what)]
            same = [tip for head, _, tip in heads if head.partition("  ")[0] == bound.what]
            assert same, f"{bound.id} is not found by {bound.what!r}"
            alike = [each for each in actions.values() if each.what == bound.what]
            assert len(same) == len(alike)


async def test_a_key_stands_where_the_fan_has_put_it(data: Path) -> None:
    file = locations(data).settings
    file.parent.mkdir(exist_ok=True)
    file.write_text('[keys]\nmoments = "z"\nstandings = ["f5", ","]\nback-5 = "Z"\n')
    app = bundled_app(data, EVENING)
    async with running(app) as pilot:
        assert (await listed(pilot, "moments"))[0].startswith("Moments  z\n")
        assert (await listed(pilot, "world cup standings"))[0].startswith(
            "World Cup standings  F5 ,\n"
        )
        assert (await listed(pilot, "back 5 s"))[0].startswith("Back 5 s  Z\n")


async def test_a_key_that_does_something_else_here_is_not_told(data: Path) -> None:
    app = bundled_app(data, EVENING)
    async with running(app) as pilot:
        assert (await listed(pilot, "faster"))[0].startswith("Faster  x\n")
        await pilot.press("escape", "o")
        assert (await listed(pilot, "faster"))[0].startswith("Faster\n")


async def test_a_list_that_asks_offers_its_own_keys_alone(data: Path) -> None:
    app = bundled_app(data, EVENING)
    async with running(app) as pilot:
        await pilot.press("T")
        found = await listed(pilot, "e")
        assert any(each.startswith("Keep  Enter") for each in found)
        assert not any("Division" in each or "World Cup" in each for each in found)
        await pilot.press("escape")
        assert isinstance(app.screen, ThemesScreen)


@pytest.mark.parametrize("query", ["go to", "sync picture"])
async def test_one_prompt_is_asked_at_a_time(data: Path, query: str) -> None:
    app = live_app(data, sprint_evening())
    async with running(app) as pilot:
        await pilot.press("g")
        await choose(pilot, query)
        assert len(app.screen.query("Prompt")) == 1


async def test_what_is_nowhere_finds_nothing(data: Path) -> None:
    app = bundled_app(data, EVENING)
    async with running(app) as pilot:
        assert await listed(pilot, "qqqqzzzz") == []


# --- before anything is typed --------------------------------------------------------------------


async def test_actions_of_the_screen_come_first_then_races_and_no_skaters(data: Path) -> None:
    app = bundled_app(data, EVENING)
    async with running(app) as pilot:
        await pilot.press("m")
        heads = [each.partition("\n")[0] for each in await listed(pilot)]
        assert heads[:3] == ["Sift  Tab", "Race or meet  r", "Search  /"]
        races = [index for index, head in enumerate(heads) if "Division" in head or head == "XMR"]
        assert len(races) == len(app.session.meet().races)
        assert races == list(range(races[0], races[-1] + 1))
        assert heads.index("Meet  m") < races[0]
        assert {"Quit  q", "Themes  T", "Theme  t", "Settings  c", "Help  ?"} <= set(heads)
        assert not any("KOK" in head for head in heads)
        assert not any("Screenshot" in head or "aximize" in head for head in heads)
        assert len(heads) == len(set(heads))


@pytest.mark.parametrize("size", [(60, 20), (80, 24), (120, 36)])
@pytest.mark.parametrize("keys", SCREENS.values(), ids=SCREENS)
async def test_it_opens_on_every_screen_and_goes(
    data: Path, keys: tuple[str, ...], size: tuple[int, int]
) -> None:
    app = bundled_app(data, EVENING)
    async with running(app, size) as pilot:
        await pilot.press(*keys)
        before, picture = app.screen, everything(app)
        assert await listed(pilot)
        commands = app.screen.query_one(CommandList)
        assert commands.region.width <= size[0]
        assert commands.region.bottom <= size[1]
        assert commands.region.height >= 8
        await pilot.press("escape")
        await pilot.pause()
        assert app.screen is before
        assert everything(app) == picture


async def test_the_chosen_row_is_seen_without_colours(data: Path) -> None:
    app = bundled_app(data, EVENING)
    async with running(app) as pilot:
        app.theme = "terminal-16"
        await listed(pilot, "m1500")
        commands = app.screen.query_one(CommandList)
        # Two lines each, the chosen one first.
        rows = [commands.render_line(line) for line in range(4)]
        reverse = [{bool(each.style and each.style.reverse) for each in row} for row in rows]
        assert "M1500" in rows[0].text
        assert reverse == [{True}, {True}, {False}, {False}]
        await pilot.press("down")
        assert all(each.style and each.style.reverse for each in commands.render_line(2))


def test_it_is_not_loaded_before_it_is_opened() -> None:
    program = (
        "import sys, rinkside.app\n"
        "print([each for each in ('command_palette', 'offers', 'fuzzy')"
        " if f'rinkside.{each}' in sys.modules])"
    )
    done = subprocess.run(
        [sys.executable, "-c", program], capture_output=True, text=True, timeout=60, check=True
    )
    assert done.stdout.strip() == "[]"


# --- what is not told ----------------------------------------------------------------------------


async def test_without_spoilers_it_names_no_winner(data: Path) -> None:
    app = bundled_app(data, SUNDAY)
    async with running(app) as pilot:
        assert "KOK Femke 37.05" in "\n".join(await listed(pilot, "w500"))
        await pilot.press("escape")
        app.session.spoiler_free = True
        found = "\n".join(await listed(pilot, "w500"))
        assert "W500 Division A\nFri 12 Dec 19:21 · skated\n" in f"{found}\n"
        for name in ("KOK", "37.", "leads"):
            assert name not in found


async def test_nobody_is_found_before_their_start_list_is_there(data: Path) -> None:
    app = bundled_app(data, rink_time("12 12:00"))
    async with running(app) as pilot:
        app.session.spoiler_free = True
        assert not await listed(pilot, "ghiotto davide")
        await pilot.press("escape")
        app.session.go_live()
        assert (await listed(pilot, "ghiotto davide"))[0].startswith("GHIOTTO Davide ITA\n")


# --- what feeds send -----------------------------------------------------------------------------


async def test_a_name_is_no_markup(data: Path) -> None:
    rink = sprint_evening()
    rink.rename(1, 0, "[b]Ann[/b]", "[red]x[/red]")
    rink.publish()
    app = live_app(data, rink)
    async with running(app) as pilot:
        found = await listed(pilot, "red x ann")
        assert found[0].startswith("[RED]X[/RED] [b]Ann[/b] ")
        await choose(pilot, "red x ann")
        assert isinstance(app.screen, SkaterScreen)
        assert "[RED]X[/RED] [b]Ann[/b]" in shown(app, "header")[0]


async def test_a_race_of_a_meet_that_has_gone_is_told(
    data: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    app = live_app(data, sprint_evening())
    async with running(app) as pilot:
        await listed(pilot, "m1500")
        meet = app.session.meet()
        other = replace(meet, event=replace(meet.event, id="another"))
        monkeypatch.setattr(app.session, "meet", lambda: other)
        await pilot.press("enter")
        await pilot.pause()
        assert told(app)[-1:] == ["That is not in the meet that is on screen now."]
