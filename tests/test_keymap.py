"""Keys that a fan has put elsewhere: which can be, which can't, and what the screens say."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path

import pytest

from meets import bundled_app, locations, rink_time, running, shown, told
from rinkside.app import RinksideApp
from rinkside.drawing.footer import Key
from rinkside.keymap import Bound, Keymap, checked, places
from rinkside.screens.log import LogScreen
from rinkside.screens.meet import MeetScreen
from rinkside.screens.settings import SettingsScreen
from rinkside.settings.key_names import key_shown_as, read_keys, shown_key

EVENING = rink_time("12 19:41:42")


def place(**keys: str) -> Mapping[str, Bound]:
    return {name: Bound(name, name, "", tuple(each.split())) for name, each in keys.items()}


ONE = place(help="?", theme="t", duel="h", follow="f", up="up k")
OTHER = place(help="?", theme="t", leave="h")


def wanting(data: Path, text: str) -> None:
    file = locations(data).settings
    file.parent.mkdir(exist_ok=True)
    file.write_text(f"[keys]\n{text}\n")


# --- what may be written -------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("value", "keys"),
    [
        ("H", ("H",)),
        (",", (",",)),
        (" ", ("space",)),
        ("Enter", ("enter",)),
        ("F5", ("f5",)),
        (["up", "w", "w"], ("up", "w")),
        ("é", ("é",)),
    ],
)
def test_keys(value: object, keys: tuple[str, ...]) -> None:
    assert read_keys(value) == keys


@pytest.mark.parametrize(
    "value", ["", "hh", "shift+h", "ctrl+c", [], ["h", 3], 3, True, {}, "\x1b", list("abcde")]
)
def test_what_is_no_key(value: object) -> None:
    with pytest.raises(ValueError, match=r"it is a letter, digit or sign|more than 4"):
        read_keys(value)


def test_labels_go_both_ways() -> None:
    for key in ("enter", "escape", "up", "f1", "h", ",", "?"):
        assert key_shown_as(shown_key(key)) == key


# --- which can be ----------------------------------------------------------------------------


def test_a_free_key_is_taken() -> None:
    keymap, troubles = checked({"duel": ("H",), "up": ("w",)}, [ONE, OTHER])
    assert keymap.moved == {"duel": ("H",), "up": ("w",)}
    assert troubles == {}


def test_a_sign_that_is_taken_stays_with_what_it_does() -> None:
    everywhere = places(RinksideApp)
    for sign, other in (("-", "delay-shorter"), ("+", "delay-longer"), ("/", "log-search")):
        keymap, troubles = checked({"theme": (sign,)}, everywhere)
        assert keymap.moved == {}
        assert f"where {other} is" in troubles["theme"]


def test_two_may_change_places() -> None:
    keymap, troubles = checked({"theme": ("f",), "follow": ("t",)}, [ONE])
    assert keymap.moved == {"theme": ("f",), "follow": ("t",)}
    assert troubles == {}


def test_of_two_on_one_key_the_first_has_it() -> None:
    keymap, troubles = checked({"duel": ("z",), "follow": ("z",)}, [ONE])
    assert keymap.moved == {"duel": ("z",)}
    assert troubles == {"follow": 'would be on "z", where duel is; it stays where it was'}


def test_a_key_that_is_taken_on_any_screen_stays_with_what_it_does() -> None:
    keymap, troubles = checked({"theme": ("h",)}, [OTHER])
    assert keymap.moved == {}
    assert troubles == {"theme": 'would be on "h", where leave is; it stays where it was'}


def test_what_stays_where_it_was_may_meet_another_one() -> None:
    # Theme leaves "t" for a taken key, and so follow can't have "t" either.
    keymap, troubles = checked({"follow": ("t",), "theme": ("h",)}, [ONE])
    assert keymap.moved == {}
    assert set(troubles) == {"follow", "theme"}


def test_unknown_ids_are_told_with_the_near_ones() -> None:
    _, troubles = checked({"folow": ("z",), "qqqq": ("z",)}, [ONE])
    assert troubles["folow"] == "is no key of this program; there is follow"
    assert troubles["qqqq"].startswith("is no key of this program; rinkside config get keys")


def test_keys_as_they_come_are_no_trouble() -> None:
    keymap, troubles = checked({}, places(RinksideApp))
    assert keymap.moved == {}
    assert troubles == {}


def test_every_binding_can_be_moved_to_a_free_key() -> None:
    everywhere = places(RinksideApp)
    for name in {name for each in everywhere for name in each}:
        keymap, troubles = checked({name: ("f9",)}, everywhere)
        assert keymap.moved == {name: ("f9",)}
        assert troubles == {}


def test_the_last_row_says_where_a_key_is() -> None:
    keymap = Keymap({"cursor-up": ("w",), "head-to-head": ("H",), "skater": ("space",)})
    keys = [Key("↑↓", "", ""), Key("h", "", ""), Key("Enter", "", ""), Key("1-9", "", "")]
    assert [key.key for key in keymap.shown(keys, MeetScreen.__new__(MeetScreen))] == [
        "w ↓",
        "H",
        "Space",
        "1-9",
    ]


# --- in the program --------------------------------------------------------------------------


async def test_a_key_that_was_moved_works_there_and_no_longer_where_it_was(data: Path) -> None:
    wanting(data, 'moments = "z"\nsettings = "?"\nhelp = "Z"')
    app = bundled_app(data, EVENING)
    async with running(app, (200, 50)) as pilot:
        assert "z moments" in shown(app, "keys")[0]
        assert "Z help" in shown(app, "keys")[0]
        await pilot.press("c")
        assert isinstance(app.screen, MeetScreen)
        await pilot.press("z")
        assert isinstance(app.screen, LogScreen)
        await pilot.press("escape", "question_mark")
        assert isinstance(app.screen, SettingsScreen)
        assert told(app) == []


async def test_letters_beside_what_they_do_are_where_the_key_is(data: Path) -> None:
    wanting(data, 'division = "B"\nday-next = "f5"\nrace-2 = "Y"\nwomen-men = "G"\nlog-race = "a"')
    app = bundled_app(data, EVENING)
    async with running(app, (120, 36)) as pilot:
        tabs = shown(app, "tabs")[0]
        assert "B   Division A" in tabs
        assert " 1 W500" in tabs
        assert " Y M500" in tabs
        assert " d Fri 12 Dec" not in shown(app, "header")[0]
        assert " Fri 12 Dec" in shown(app, "header")[0]
        await pilot.press("Y")
        await pilot.press("m")
        assert "a  W500" in shown(app, "tabs")[0] or "a  M500" in shown(app, "tabs")[0]
        assert told(app) == []


async def test_a_sign_is_a_key(data: Path) -> None:
    wanting(data, 'moments = ";"')
    app = bundled_app(data, EVENING)
    async with running(app) as pilot:
        await pilot.press("semicolon")
        assert isinstance(app.screen, LogScreen)


async def test_what_can_not_be_is_told_with_its_line_and_the_rest_counts(data: Path) -> None:
    wanting(data, 'moments = "z"\ntheme = "h"\nfolow = "x"\nquit = "qq"')
    app = bundled_app(data, EVENING)
    async with running(app) as pilot:
        words = "\n".join(told(app))
        assert 'settings.toml, line 3: keys.theme would be on "h"' in words
        assert "settings.toml, line 4: keys.folow is no key of this program" in words
        assert 'settings.toml, line 5: keys.quit is "qq"; it is a letter' in words
        await pilot.press("z")
        assert isinstance(app.screen, LogScreen)
