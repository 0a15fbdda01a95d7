"""The help: every key of a screen is told on it, at every size, where it is now."""

from __future__ import annotations

from pathlib import Path

import pytest
from rich.cells import cell_len

from meets import bundled_app, locations, rink_time, running, shown
from rinkside.app import RinksideApp
from rinkside.drawing import help as drawing
from rinkside.help_sheet import HelpGroup, HelpKey, groups
from rinkside.keymap import Keymap, place_of
from rinkside.screens.help import HelpScreen
from rinkside.screens.log import LogScreen
from rinkside.screens.meet import MeetScreen
from rinkside.screens.settings import SettingsScreen
from rinkside.screens.skater import SkaterScreen
from rinkside.screens.standings import StandingsScreen
from rinkside.screens.tapes import TapesScreen

EVENING = rink_time("12 19:41:40")
SCREENS = (MeetScreen, LogScreen, SettingsScreen, SkaterScreen, StandingsScreen, TapesScreen)


def told(known: list[HelpGroup]) -> dict[str, str]:
    return {key.keys: key.words for group in known for key in group.keys}


@pytest.mark.parametrize("screen", SCREENS)
def test_every_key_of_a_screen_and_of_the_program_is_told_once(screen: type) -> None:
    known = groups(screen, "This", RinksideApp, Keymap())
    lines = [key for group in known for key in group.keys]
    assert len({key.keys for key in lines}) == len(lines)
    assert all(key.words for key in lines)
    own = {key for bound in place_of(screen).values() for key in bound.keys}
    for bound in place_of(RinksideApp).values():
        if own.isdisjoint(bound.keys):
            assert (bound.tip or bound.what) in [key.words for key in lines], bound
    for bound in place_of(screen).values():
        words = bound.tip or bound.what
        number = bound.id[-1]
        assert number.isdigit() or words in [key.words for key in known[0].keys], bound


def test_numbers_that_do_alike_are_told_in_one_line() -> None:
    lines = told(groups(MeetScreen, "Meet", RinksideApp, Keymap()))
    assert lines["1-9"] == "Show race 1 to 9 of the day"
    assert "1" not in lines


def test_what_differs_by_number_is_told_by_number() -> None:
    lines = told(groups(LogScreen, "Moments", RinksideApp, Keymap()))
    assert lines["1"] == "List everything that has happened"
    assert lines["3"] == "List what concerns those you follow"
    assert lines["/"] == "Search names, countries and races"


def test_a_key_that_was_moved_is_told_where_it_is() -> None:
    moved = Keymap({"moments": ("z",), "race-3": ("enter",)})
    lines = told(groups(MeetScreen, "Meet", RinksideApp, moved))
    assert lines["z"] == "Show all that has happened"
    assert "m" not in lines
    assert lines["1-2"] == "Show race 1 to 2 of the day"
    assert lines["4-9"] == "Show race 4 to 9 of the day"


def test_a_key_the_screen_uses_itself_is_not_told_for_the_program() -> None:
    known = groups(LogScreen, "Moments", RinksideApp, Keymap())
    assert told(known)["m"] == "Go back to the meet"


@pytest.mark.parametrize("width", range(58, 240, 7))
def test_columns_hold_all_keys_and_no_line_is_too_long(width: int) -> None:
    known = groups(MeetScreen, "Meet", RinksideApp, Keymap())
    lines = [line.text for line in drawing.body(known, width)]
    assert {cell_len(line) for line in lines} == {width}
    text = "\n".join(lines)
    for group in known:
        assert group.title.upper() in text
        for key in group.keys:
            assert f"{key.keys} " in text
            assert key.words[:30] in text


def test_no_column_ends_with_a_heading() -> None:
    keys = tuple(HelpKey(str(number), "what it does") for number in range(9))
    known = [HelpGroup("One", keys), HelpGroup("Two", keys)]
    for width in range(60, 700, 57):
        lines = [line.text for line in drawing.body(known, width)]
        assert not any(word in lines[-1] for word in ("ONE", "TWO")), width


async def test_help_opens_over_a_screen_scrolls_and_closes(data: Path) -> None:
    app = bundled_app(data, EVENING)
    async with running(app, (80, 24)) as pilot:
        await pilot.press("question_mark")
        assert isinstance(app.screen, HelpScreen)
        assert "Keys · Meet" in shown(app, "header")[0]
        assert "MEET" in shown(app, "body")[0]
        await pilot.press("end")
        await pilot.pause()
        assert "Ctrl+P" in "\n".join(shown(app, "body"))
        await pilot.press("question_mark")
        assert isinstance(app.screen, MeetScreen)
        await pilot.press("s", "question_mark")
        assert "Keys · Standings" in shown(app, "header")[0]
        await pilot.press("escape")
        assert isinstance(app.screen, StandingsScreen)


async def test_help_on_another_key_closes_with_it(data: Path) -> None:
    file = locations(data).config / "settings.toml"
    file.parent.mkdir(parents=True, exist_ok=True)
    file.write_text('[keys]\nhelp = "Z"\n', encoding="utf-8")
    app = bundled_app(data, EVENING)
    async with running(app, (120, 36)) as pilot:
        await pilot.press("Z")
        assert isinstance(app.screen, HelpScreen)
        assert "Z " in "\n".join(shown(app, "body"))
        await pilot.press("Z")
        assert isinstance(app.screen, MeetScreen)
