"""Settings change on their screen: at once in the picture, and at once in the file."""

from __future__ import annotations

import unicodedata
from pathlib import Path

import pytest

from meets import bundled_app, live_app, locations, rink_time, running, shown, sprint_evening, told
from rinkside.app import RinksideApp
from rinkside.screens.meet import MeetScreen
from rinkside.screens.programme import ProgrammeScreen
from rinkside.screens.settings import SettingsScreen
from rinkside.screens.standings import StandingsScreen
from rinkside.settings.catalogue import BY_KEY, SETTINGS
from rinkside.widgets.lines import LinesView

EVENING = rink_time("12 19:42:08")


def having(data: Path, text: str) -> Path:
    file = locations(data).settings
    file.parent.mkdir(exist_ok=True)
    file.write_text(text)
    return file


def written(data: Path) -> str:
    return locations(data).settings.read_text()


def drawn(app: RinksideApp) -> str:
    """Return all that is drawn on the screen, in the letters the terminal gets."""
    views = app.screen.query(LinesView)
    return "\n".join(
        view.render_line(y).text for view in views if view.display for y in range(len(view.lines))
    )


async def change(app: RinksideApp, key: str, value: object) -> None:
    app.change_setting(BY_KEY[key], value)  # type: ignore[arg-type]


async def test_it_lists_everything_and_goes_back(data: Path) -> None:
    app = bundled_app(data, EVENING)
    async with running(app, (120, 36)) as pilot:
        await pilot.press("c")
        assert isinstance(app.screen, SettingsScreen)
        text = "\n".join(shown(app, "list"))
        for setting in SETTINGS:
            assert setting.title in text
        await pilot.press("escape")
        assert isinstance(app.screen, MeetScreen)
        assert not locations(data).settings.exists(), "looking writes nothing"


async def test_a_change_counts_at_once_and_keeps_comments(data: Path) -> None:
    having(data, '# mine\n[display]\nzones = "rink" # only there\n')
    app = bundled_app(data, EVENING)
    async with running(app, (120, 36)) as pilot:
        await pilot.press("c", "right")
        assert "7:42 pm" in shown(app, "header")[0]
        assert written(data) == ('# mine\n[display]\nzones = "rink" # only there\ntime = "12h"\n')
        await pilot.press("left")
        assert "19:42" in shown(app, "header")[0]
        await pilot.press("u")
        assert written(data) == '# mine\n[display]\nzones = "rink" # only there\n'


async def test_what_cannot_be_written_counts_until_the_end(data: Path) -> None:
    having(data, "[display\n")
    app = bundled_app(data, EVENING)
    async with running(app, (120, 36)) as pilot:
        await pilot.press("c", "enter")
        assert "7:42 pm" in shown(app, "header")[0]
        assert any("this counts until you quit" in words for words in told(app))
        assert written(data) == "[display\n"


async def test_what_the_fan_wrote_stays_a_choice(data: Path) -> None:
    having(data, '[notifications]\ntoast = ["followed finish"]\n')
    app = bundled_app(data, EVENING)
    async with running(app, (120, 36)) as pilot:
        await pilot.press("c")
        place = list(BY_KEY).index("notifications.toast")
        await pilot.press(*["down"] * place)
        assert "followed finish" in shown(app, "about")[2]
        await pilot.press("right")
        assert 'toast = "off"' in written(data)
        await pilot.press("left")
        assert '"followed finish"' in written(data)


async def test_the_cursor_stays_in_sight_in_the_smallest_window(data: Path) -> None:
    app = bundled_app(data, EVENING)
    async with running(app, (60, 20)) as pilot:
        await pilot.press("c")
        for setting in SETTINGS:
            marked = [line for line in shown(app, "list") if line.startswith("►")]
            assert setting.title in marked[0]
            await pilot.press("down")


async def test_no_key_is_a_fault_on_any_setting(data: Path) -> None:
    app = bundled_app(data, EVENING)
    async with running(app) as pilot:
        await pilot.press("c")
        for setting in SETTINGS:
            for _ in range(len(setting.choices) + 1):
                await pilot.press("right")
            await pilot.press("left", "u", "down")
        assert told(app) == []


# --- each setting works --------------------------------------------------------------------------


async def test_names(data: Path) -> None:
    app = bundled_app(data, EVENING)
    async with running(app, (120, 36)):
        before = "\n".join(shown(app, "board"))
        assert "KOK Femke" in before
        await change(app, "display.names", "given-first")
        after = "\n".join(shown(app, "board"))
        assert "Femke KOK" in after
        assert "KOK Femke" not in after
        await change(app, "display.names", None)
        assert "\n".join(shown(app, "board")) == before


async def test_twelve_hours_in_header_tabs_and_moments(data: Path) -> None:
    having(data, '[display]\ntime = "12h"\n')
    app = bundled_app(data, EVENING)
    async with running(app, (120, 36)) as pilot:
        assert "7:42 pm" in shown(app, "header")[0]
        assert "7:50p" in shown(app, "tabs")[0]
        assert " 7:42p" in "\n".join(shown(app, "side"))
        await pilot.press("m")
        assert "7:42p" in drawn(app)
        await pilot.press("escape", "p")
        assert " 7:50p" in drawn(app)
        assert "19:" not in drawn(app)


async def test_zones(data: Path) -> None:
    from zoneinfo import ZoneInfo

    app = bundled_app(data, EVENING, here=ZoneInfo("Asia/Tokyo"))
    async with running(app, (120, 36)) as pilot:
        assert "03:42 you" in shown(app, "header")[0]
        await change(app, "display.zones", "rink")
        assert "you" not in shown(app, "header")[0]
        await pilot.press("p")
        assert "for you" not in drawn(app)


async def test_a_record_does_not_flash_without_motion(data: Path) -> None:
    app = bundled_app(data, EVENING)
    async with running(app, (120, 36)) as pilot:
        view = app.screen.query_one("#board", LinesView)
        assert any(line.ground == "flash" for line in view.lines)
        await change(app, "display.motion", "off")
        await pilot.pause()
        assert not any(line.ground == "flash" for line in view.lines)
        assert app.animation_level == "none"


async def test_motion_is_off_by_itself_far_away(
    data: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("SSH_CONNECTION", "192.0.2.1 1 192.0.2.2 22")
    assert bundled_app(data, EVENING).animation_level == "none"
    having(data, '[display]\nmotion = "on"\n')
    assert bundled_app(data, EVENING).animation_level == "full"


async def test_plain_signs_on_every_screen(data: Path) -> None:
    having(data, '[display]\nsigns = "ascii"\n')
    app = bundled_app(data, EVENING)
    async with running(app, (120, 36)) as pilot:
        for keys in ((), ("m",), ("p",), ("s",), ("o",), ("c",), ("down", "enter")):
            await pilot.press(*keys)
            await pilot.pause()
            ambiguous = {
                letter
                for letter in drawn(app)
                if unicodedata.east_asian_width(letter) == "A" and not letter.isalpha()
            }
            assert ambiguous == set(), f"after {keys}"
            if keys:
                await pilot.press("escape")


async def test_signs_change_at_once_and_back(data: Path) -> None:
    app = bundled_app(data, EVENING)
    async with running(app, (120, 36)):
        before = drawn(app)
        assert "●" in before
        await change(app, "display.signs", "ascii")
        after = drawn(app)
        assert "●" not in after
        assert "@" in after
        assert [len(line) for line in after.splitlines()] == [
            len(line) for line in before.splitlines()
        ]
        await change(app, "display.signs", "unicode")
        assert drawn(app) == before


async def test_a_theme_of_the_settings_comes_before_the_last_one(data: Path) -> None:
    having(data, '[display]\ntheme = "rinkside-light"\n')
    app = bundled_app(data, EVENING)
    assert app.theme == "rinkside-light"
    async with running(app):
        await change(app, "display.theme", "colour-blind")
        assert app.theme == "colour-blind"
    assert bundled_app(data, EVENING).theme == "colour-blind"


async def test_an_unknown_theme_is_told_with_its_line(data: Path) -> None:
    having(data, '[display]\ntheme = "rinkside-lite"\n')
    app = bundled_app(data, EVENING)
    async with running(app):
        assert any(
            'settings.toml, line 2: display.theme is "rinkside-lite", which is no theme' in words
            for words in told(app)
        )


@pytest.mark.parametrize(
    ("view", "kind"), [("programme", ProgrammeScreen), ("standings", StandingsScreen)]
)
async def test_the_start_view_lies_over_the_race(data: Path, view: str, kind: type) -> None:
    having(data, f'[display]\nstart = "{view}"\n')
    app = bundled_app(data, EVENING)
    async with running(app) as pilot:
        assert isinstance(app.screen, kind)
        await pilot.press("escape")
        assert isinstance(app.screen, MeetScreen)
    app = bundled_app(data, EVENING, race="W500")
    async with running(app) as pilot:
        assert isinstance(app.screen, MeetScreen), "a race that was asked for comes first"


async def test_a_delay_counts_where_the_feed_is_followed(data: Path) -> None:
    having(data, "[watch]\ndelay = 30\n")
    rink = sprint_evening(file=data / "evening.tape")
    app = live_app(data, rink)
    assert app.session.playhead.delay == 30_000
    assert bundled_app(data, EVENING).session.playhead.delay == 0


async def test_notifications_are_told_anew(data: Path) -> None:
    app = bundled_app(data, EVENING)
    async with running(app):
        before = app._announcer
        await change(app, "notifications.bell", "all")
        assert app._announcer is not before
        assert app._announcer is not None
        assert app._announcer._settings.bell
