"""The standings screen: its keys, what it follows, and that it fills the window."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest
from msgspec.structs import replace
from rich.cells import cell_len
from textual.binding import Binding
from textual.pilot import Pilot

from longtrack.health import Health
from longtrack.model import Event, Meet
from longtrack.playhead import Playhead
from meets import (
    Clock,
    StillApp,
    bundled_app,
    bundled_season,
    live_app,
    rink_time,
    running,
    shown,
    span_of,
    sprint_evening,
    told,
)
from rinkside.app import RinksideApp
from rinkside.messages import HealthChanged, SeasonChanged, TapeChanged
from rinkside.screens.standings import StandingsScreen
from rinkside.widgets.lines import LinesView

SIZES = [(60, 20), (80, 24), (109, 30), (116, 20), (120, 36), (160, 34), (200, 50)]


def cursor_row(app: StillApp) -> str:
    return next(line for line in shown(app, "table") if line.startswith("►"))


def code(app: StillApp) -> str:
    return shown(app, "table")[0].split()[0]


def is_open(app: StillApp) -> bool:
    return isinstance(app.screen, StandingsScreen)


# --- opening and leaving --------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("race", "cup"),
    [
        ("W500", "W500"),
        ("W500-2B", "W500"),
        ("M5000", "MLONG"),
        ("W3000", "WLONG"),
        ("MMS", "MMS"),
        ("WTP", "WTP"),
        ("XMR", "W500"),
    ],
)
async def test_s_opens_it_at_the_cup_of_the_race(data: Path, race: str, cup: str) -> None:
    app = bundled_app(data, race=race)
    async with running(app) as pilot:
        await pilot.press("s")
        assert is_open(app)
        assert code(app) == cup


@pytest.mark.parametrize("key", ["s", "escape"])
async def test_s_and_escape_go_back_to_the_race(data: Path, key: str) -> None:
    app = bundled_app(data, race="M500")
    async with running(app) as pilot:
        await pilot.press("s", key)
        assert shown(app, "board")[0].split()[0] == "M500"
        await pilot.press("s")
        assert code(app) == "M500"


async def test_number_keys_choose_the_cup_of_the_same_gender(data: Path) -> None:
    app = bundled_app(data, race="M500")
    async with running(app) as pilot:
        await pilot.press("s")
        seen = []
        for key in "123456":
            await pilot.press(key)
            seen.append(code(app))
        assert seen == ["M500", "M1000", "M1500", "MLONG", "MMS", "MTP"]
        await pilot.press("w")
        assert code(app) == "WTP"
        await pilot.press("1", "w")
        assert code(app) == "M500"


# --- the cursor -----------------------------------------------------------------------------------


async def test_the_cursor_moves_over_everybody(data: Path) -> None:
    app = bundled_app(data, race="W500")
    async with running(app) as pilot:
        await pilot.press("s")
        assert "KOK" in cursor_row(app)
        for key, name in (
            ("down", "YOSHIDA"),
            ("j", "JACKSON"),
            ("k", "YOSHIDA"),
            ("up", "KOK"),
            ("up", "KOK"),
            ("down", "YOSHIDA"),
            ("home", "KOK"),
        ):
            await pilot.press(key)
            assert name in cursor_row(app)
        await pilot.press("end")
        last = cursor_row(app)
        assert last.split()[1] == str(len(rows_of(app)))
        await pilot.press("down")
        assert cursor_row(app) == last
        await pilot.press("home", "pagedown")
        assert cursor_row(app).split()[1] == "19"
        await pilot.press("pagedown", "pageup", "pageup", "pageup")
        assert "KOK" in cursor_row(app)


def rows_of(app: StillApp) -> tuple[str, ...]:
    screen = app.screen
    assert isinstance(screen, StandingsScreen)
    assert screen._table is not None
    return screen._table.order


async def test_the_cursor_stays_on_somebody_who_is_in_the_next_cup_too(data: Path) -> None:
    app = bundled_app(data, race="W500")
    async with running(app) as pilot:
        await pilot.press("s", "down", "down")
        assert "JACKSON" in cursor_row(app)
        await pilot.press("2")
        assert "JACKSON" in cursor_row(app)
        await pilot.press("6")
        assert cursor_row(app).split()[1] == "1"
        await pilot.press("1")
        assert "JACKSON" in cursor_row(app)


async def test_the_pane_is_that_of_the_cursor(data: Path) -> None:
    app = bundled_app(data, race="W500")
    async with running(app, (120, 36)) as pilot:
        await pilot.press("s")
        assert shown(app, "side")[0].startswith("KOK Femke NED")
        await pilot.press("down")
        assert shown(app, "side")[0].startswith("YOSHIDA Yukino JPN")


async def test_below_116_columns_a_line_has_the_places(data: Path) -> None:
    app = bundled_app(data, race="W500")
    async with running(app, (115, 36)) as pilot:
        await pilot.press("s", "down")
        assert not shown(app, "side")
        assert shown(app, "places")[0].startswith(" YOSHIDA  places 3  4  19")
        await pilot.resize_terminal(116, 36)
        await pilot.pause()
        assert shown(app, "side")
        assert not shown(app, "places")


# --- one nation, this meet alone ------------------------------------------------------------------


async def test_n_shows_the_cursors_nation_and_then_all(data: Path) -> None:
    app = bundled_app(data, race="W500")
    async with running(app) as pilot:
        await pilot.press("s", "down", "n")
        rows = [line for line in shown(app, "table")[1:] if line.strip()]
        assert rows
        assert all(" JPN " in line for line in rows)
        assert "JPN only" in shown(app, "table")[0]
        await pilot.press("down")
        assert "YAMADA" in cursor_row(app)
        await pilot.press("n")
        assert "YAMADA" in cursor_row(app)
        assert any(" NED " in line for line in shown(app, "table"))


async def test_v_shows_this_meets_points_alone(data: Path) -> None:
    app = bundled_app(data, race="W500")
    async with running(app) as pilot:
        await pilot.press("s", "v")
        assert "Hamar alone" in shown(app, "header")[0]
        assert shown(app, "table")[0].split()[1:3] == ["2", "races"]
        await pilot.press("v")
        assert "7 races" in shown(app, "table")[0]


# --- Olympic places -------------------------------------------------------------------------------


async def test_q_shows_the_races_of_the_cup_one_after_another(data: Path) -> None:
    app = bundled_app(data, race="M5000")
    async with running(app) as pilot:
        await pilot.press("s", "Q")
        assert shown(app, "header")[0].startswith(" Olympic places")
        assert code(app) == "M5000"
        assert "unofficial" in shown(app, "table")[0]
        await pilot.press("Q")
        assert code(app) == "M10000"
        await pilot.press("Q")
        assert shown(app, "header")[0].startswith(" World Cup standings")
        assert code(app) == "MLONG"


async def test_in_olympic_places_the_other_keys_go_on_working(data: Path) -> None:
    app = bundled_app(data, race="W500")
    async with running(app) as pilot:
        await pilot.press("s", "Q", "down", "end", "pageup", "home")
        assert cursor_row(app).split()[1] == "1"
        await pilot.press("n", "v", "4")
        assert code(app) == "W3000"
        await pilot.press("w")
        assert code(app) == "M5000"
        assert "last in" in shown(app, "places")[0]
        await pilot.press("escape")
        assert code(app) == "MLONG"
        assert "alone" not in shown(app, "header")[0]
        await pilot.press("escape")
        assert not is_open(app)


async def test_a_season_without_quotas_says_so(data: Path) -> None:
    app = bundled_app(data, race="W500")
    app.session.season = replace(bundled_season(), year=2027)
    async with running(app) as pilot:
        await pilot.press("s", "Q")
        assert told(app) == ["No places at Olympic Games are given out this season."]
        assert code(app) == "W500"


# --- what it follows ------------------------------------------------------------------------------


async def test_while_the_season_is_being_read_it_says_so(data: Path) -> None:
    app = bundled_app(data, race="W500")
    app.session.cups = None
    async with running(app, (120, 36)) as pilot:
        await pilot.press("s")
        assert shown(app, "table")[1].strip() == "The season is being read."
        assert "2025/26" in shown(app, "header")[0]
        await pilot.press("down", "pagedown", "n", "v", "Q", "3", "w")
        assert code(app) == "M1500"
        assert told(app) == []
        app.post_message(SeasonChanged(bundled_season()))
        await pilot.pause()
        await pilot.pause()
        assert "STOLZ" in cursor_row(app)


async def test_it_follows_the_playhead(data: Path) -> None:
    clock = Clock(rink_time("12 19:38"))
    app = bundled_app(data, rink_time("12 19:38"), race="W500", clock=clock)
    async with running(app, (120, 36)) as pilot:
        await pilot.press("s")
        assert "during Hamar" in shown(app, "header")[0]
        assert "16 of 20 in" in shown(app, "table")[0]
        assert "1 W500 live" in shown(app, "tabs")[0]
        app.session.playhead = Playhead.playing(clock, rink_time("12 21:00"))
        app.screen.post_message(TapeChanged())
        await pilot.pause()
        assert "6 races" in shown(app, "table")[0]
        assert "LEERDAM" in shown(app, "table")[5]


async def test_a_finish_moves_the_live_cup(tmp_path: Path) -> None:
    rink = sprint_evening(starters=4)
    app = live_app(tmp_path, rink)
    app.session.season = replace(bundled_season(), meets=())
    async with running(app, (120, 36)) as pilot:
        await pilot.press("s")
        assert "No race of this cup has been held." in shown(app, "table")[1]
        rink.wire.start(1)
        rink.publish()
        rink.wire.finish(1, 0, 37_500)
        rink.publish()
        app.screen.post_message(TapeChanged())
        await pilot.pause()
        assert "1 of 4 in" in shown(app, "table")[0]
        assert " 60" in cursor_row(app)


async def test_only_what_differs_is_drawn_again(
    data: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    app = bundled_app(data, race="W500")
    async with running(app, (120, 36)) as pilot:
        await pilot.press("s")
        await pilot.pause()
        seen: list[Any] = []
        table = app.screen.query_one("#table", LinesView)
        refresh = table.refresh

        def refreshed(*regions: Any, **more: Any) -> Any:
            seen.append(regions)
            return refresh(*regions, **more)

        monkeypatch.setattr(table, "refresh", refreshed)
        app.screen.post_message(TapeChanged())
        await pilot.pause()
        assert seen == []
        await pilot.press("down")
        assert [sorted(region.y for region in regions) for regions in seen] == [[1, 2]]


async def test_bad_news_of_the_feed_stand_on_the_screen(tmp_path: Path) -> None:
    rink = sprint_evening()
    app = live_app(tmp_path, rink)
    async with running(app, (80, 24)) as pilot:
        await pilot.press("s")
        assert "LIVE" in shown(app, "header")[0]
        assert not shown(app, "note")
        rink.clock.on(600)
        failed = Health(interval_ms=3_000, error="the feed timed out", next_try=rink.clock())
        app.screen.post_message(HealthChanged(failed))
        await pilot.pause()
        assert "NO FEED" in shown(app, "header")[0]
        assert "the feed timed out" in shown(app, "note")[0]


async def test_another_meet_is_counted_in(data: Path) -> None:
    app = live_app(data, sprint_evening())
    app.session.season = bundled_season()
    async with running(app, (120, 36)) as pilot:
        await pilot.press("s")
        app.turn_to("2026_NOR_0001")
        await pilot.pause()
        assert is_open(app)
        assert "Hamar" in shown(app, "header")[0]


async def test_a_meet_that_is_no_world_cup(data: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    app = bundled_app(data, race="W500")
    meet = app.session.meet()
    other = Meet(Event("2026_NOR_0002", "Norwegian Championships", season=2026), meet.races)
    async with running(app, (120, 36)) as pilot:
        monkeypatch.setattr(app.session.reader, "meet", lambda _: other)
        await pilot.press("s")
        assert "360" in cursor_row(app)
        assert not any("▲" in line for line in shown(app, "table"))
        await pilot.press("v")
        assert told(app) == ["The meet that is followed is no World Cup of this season."]
        assert "7 races" in shown(app, "table")[0]


# --- the window -----------------------------------------------------------------------------------


@pytest.mark.parametrize("size", SIZES, ids=lambda size: f"{size[0]}x{size[1]}")
@pytest.mark.parametrize("keys", ["s1", "s6w", "s4Q", "s5QQ"])
async def test_it_fills_the_window(data: Path, size: tuple[int, int], keys: str) -> None:
    app = bundled_app(data, race="W500")
    async with running(app, size) as pilot:
        await pilot.press(*keys)
        await pilot.pause()
        parts = {view.id: view for view in app.screen.query(LinesView) if view.display}
        beside = {"divider", "side"}
        rows = sum(view.size.height for name, view in parts.items() if name not in beside)
        assert rows == size[1]
        for name, view in parts.items():
            assert len(view.lines) == view.size.height
            assert all(cell_len(line.text) == view.size.width for line in view.lines), name
        across = [parts[name].size.width for name in ("table", "divider", "side") if name in parts]
        assert sum(across) == size[0]


async def test_a_window_too_small_says_so(data: Path) -> None:
    app = bundled_app(data, race="W500")
    async with running(app, (59, 20)) as pilot:
        await pilot.press("s")
        small = app.screen.query_one("#too-small")
        assert small.display
        assert "rinkside needs 60 columns and 20 rows; this window has 59 by 20." in str(
            small.render()
        )
        await pilot.resize_terminal(60, 20)
        await pilot.pause()
        assert not small.display
        assert "KOK" in cursor_row(app)


# --- keys -----------------------------------------------------------------------------------------


def test_every_key_has_a_name_and_a_sentence() -> None:
    bindings = [binding for binding in StandingsScreen.BINDINGS if isinstance(binding, Binding)]
    assert len(bindings) == len(StandingsScreen.BINDINGS)
    assert all(binding.id and binding.tooltip and binding.description for binding in bindings)
    names = [binding.id for binding in bindings]
    assert len(names) == len(set(names))


async def helped(app: RinksideApp, pilot: Pilot[None]) -> set[str]:
    """Open the help, and return the keys it tells for this screen."""
    await pilot.press("question_mark")
    assert "Keys · Standings" in shown(app, "header")[0]
    lines = shown(app, "body")
    room = lines[0].index("TIME") if "TIME" in lines[0] else None
    await pilot.press("question_mark")
    return {line[:room].strip().split("  ")[0] for line in lines[1:] if line[:room].strip()}


async def test_the_keys_are_on_the_screen_and_in_the_help(data: Path) -> None:
    app = bundled_app(data, race="W500")
    async with running(app, (160, 50)) as pilot:
        await pilot.press("s")
        keys = shown(app, "keys")[0]
        for key in ("1-6 cup", "w women/men", "↑↓ skater", "n nation", "v this meet", "Q quota"):
            assert key in keys
        assert keys.rstrip().endswith("? help")
        assert {"1", "6", "n", "v", "Q", "↑ k", "Home"} <= await helped(app, pilot)
        await pilot.press("3")
        assert code(app) == "W1500"
        await pilot.press("Q")
        assert not {"n", "v"} & await helped(app, pilot)


async def test_the_theme_changes_at_once(data: Path) -> None:
    app = bundled_app(data, race="W500")
    async with running(app) as pilot:
        await pilot.press("s")
        table = app.screen.query_one("#table", LinesView)
        before = table.render_line(1)
        assert span_of(table.lines[1], "KOK Femke").bold
        await pilot.press("t")
        assert table.render_line(1) != before
