"""Head to head: two skaters beside each other."""

from __future__ import annotations

from pathlib import Path

import pytest
from rich.cells import cell_len
from textual.binding import Binding

import tenthousand
from meets import (
    StillApp,
    bundled_app,
    bundled_season,
    line_with,
    live_app,
    rink_time,
    running,
    shown,
    span_of,
    sprint_evening,
)
from rinkside.messages import TapeChanged
from rinkside.screens.head_to_head import HeadToHeadScreen
from rinkside.screens.meet import MeetScreen
from rinkside.screens.skater import SkaterScreen
from rinkside.screens.standings import StandingsScreen
from rinkside.widgets.lines import LinesView

SIZES = [(60, 20), (80, 24), (109, 30), (110, 24), (120, 36), (200, 50)]
at_every_size = pytest.mark.parametrize("size", SIZES, ids=lambda size: f"{size[0]}x{size[1]}")


def body(app: StillApp) -> list[str]:
    return [line.rstrip() for line in shown(app, "body")]


def text(app: StillApp) -> str:
    return "\n".join(body(app))


def two(app: StillApp) -> tuple[str, ...]:
    """Return the families of the two."""
    line = app.screen.query_one("#tabs", LinesView).lines[0]
    names = [span.text.split() for span in line.spans if span.bold and span.role == "strong"]
    return tuple(" ".join(word for word in name if word.isupper()) for name in names)


def evening(data: Path, moment: str = "12 21:01:52", race: str = "W1500") -> StillApp:
    return bundled_app(data, rink_time(moment), race=race)


async def test_without_a_cursor_it_is_the_pair_in_view(data: Path) -> None:
    app = evening(data)
    async with running(app, (80, 24)) as pilot:
        await pilot.press("h")
        assert isinstance(app.screen, HeadToHeadScreen)
        assert two(app) == ("RIJPMA-DE JONG", "WIKLUND")
        lines = body(app)
        assert " ".join(lines[0].split()) == "~1:25.08 at 1100 m 7th ~1:24.12 at 1100 m 3rd"
        assert lines[1] == (
            " WIKLUND ~0.96 ahead at 1100 m   opener ~+0.59   laps ~+0.37   this season 3–0"
        )
        await pilot.press("h")
        assert isinstance(app.screen, MeetScreen)


async def test_mark_by_mark_and_lap_by_lap(tmp_path: Path) -> None:
    app = live_app(tmp_path, tenthousand.rink())
    app.session.season = bundled_season()
    async with running(app, (120, 36)) as pilot:
        await pilot.press("down", "h")
        assert two(app) == ("JÍLEK", "LOUBINEAUD")
        lines = app.screen.query_one("#body", LinesView).lines
        row = line_with(lines, "   5600  ")
        # His lap, the mark, the other one's lap, and what was won in it, in the colour of that.
        assert row.text.partition("│")[0].split() == (
            ["7:00.91", "1", "29.79", "5600", "30.14", "7:03.15", "2", "−0.35", "−2.24"]
        )
        assert span_of(row, "−0.35").role == "gain"
        assert span_of(row, "29.79").bold
        assert not span_of(row, "30.14").bold
        assert "JÍLEK 6.84 ahead   opener −0.36   laps −6.48" in text(app)
        assert "JÍLEK to LOUBINEAUD, seconds; up is ahead" in text(app)


async def test_changing_sides_turns_every_sign(tmp_path: Path) -> None:
    app = live_app(tmp_path, tenthousand.rink())
    async with running(app, (120, 36)) as pilot:
        await pilot.press("down", "h", "tab")
        assert two(app) == ("LOUBINEAUD", "JÍLEK")
        row = line_with(app.screen.query_one("#body", LinesView).lines, "   5600  ")
        assert span_of(row, "+0.35").role == "loss"
        assert "JÍLEK 6.84 ahead   opener +0.36   laps +6.48" in text(app)


async def test_arrows_change_the_second_and_pass_over_the_first(tmp_path: Path) -> None:
    app = live_app(tmp_path, tenthousand.rink())
    async with running(app, (120, 36)) as pilot:
        await pilot.press("down", "h")
        seen = [two(app)[1]]
        for key in ("left", "right", "right", "right", "left", "left", "left"):
            await pilot.press(key)
            seen.append(two(app)[1])
        # The order of the board is JÍLEK, GHIOTTO, LOUBINEAUD, EITREM.
        assert seen == [
            "LOUBINEAUD",
            "GHIOTTO",
            "LOUBINEAUD",
            "EITREM",
            "EITREM",
            "LOUBINEAUD",
            "GHIOTTO",
            "GHIOTTO",
        ]


async def test_it_moves_while_the_race_is_on(tmp_path: Path) -> None:
    rink = tenthousand.rink(done=11)
    app = live_app(tmp_path, rink)
    async with running(app, (120, 36)) as pilot:
        await pilot.press("h")
        assert "ahead at 4400 m" in body(app)[1]
        rink.wire.passage(1, tenthousand.JILEK, 11, tenthousand.times()[tenthousand.JILEK][11])
        rink.publish()
        app.screen.post_message(TapeChanged())
        await pilot.pause()
        # One is a mark ahead: the running gap is that of the last mark both have passed.
        assert "ahead at 4400 m" in body(app)[1]
        assert "6:01.30 at 4800 m" in body(app)[0]
        assert any(line.split()[3:4] == ["4800"] for line in body(app))


async def test_their_meetings_of_the_season(data: Path) -> None:
    app = evening(data, "12 21:30")
    async with running(app, (80, 24)) as pilot:
        await pilot.press("down", "h")
        assert two(app)[0] == "TAKAGI"
        assert "THIS SEASON  TAKAGI 4, BOWE 2" in text(app)
        assert " Calgary         W1500     2  1:51.68   3  1:51.84   −0.16" in body(app)
        lines = app.screen.query_one("#body", LinesView).lines
        met = line_with(lines, "Calgary         W1000")
        assert [span.bold for span in met.spans if span.text == "1:13.43"] == [True]
        assert [span.bold for span in met.spans if span.text == "1:13.60"] == [False]


async def test_bests_beside_each_other(data: Path) -> None:
    app = evening(data)
    async with running(app, (80, 24)) as pilot:
        await pilot.press("h")
        assert " season best      1:51.71     1:51.96   −0.25" in body(app)
        assert " personal best  not known   not known" in body(app)


async def test_from_the_page_it_is_the_pair_mate_and_escape_goes_back_there(data: Path) -> None:
    app = evening(data, "12 19:42:08", "W500")
    async with running(app, (80, 24)) as pilot:
        await pilot.press("down", "enter", "h")
        assert two(app) == ("KOK", "JACKSON")
        await pilot.press("escape")
        assert isinstance(app.screen, SkaterScreen)
        await pilot.press("escape")
        assert isinstance(app.screen, MeetScreen)


async def test_from_the_standings_it_is_the_one_above(data: Path) -> None:
    app = bundled_app(data, race="W500")
    async with running(app, (120, 36)) as pilot:
        await pilot.press("s", "down", "h")
        assert two(app) == ("YOSHIDA", "KOK")
        assert "THIS SEASON  YOSHIDA 0, KOK" in text(app)
        await pilot.press("right")
        assert two(app) == ("YOSHIDA", "JACKSON")
        await pilot.press("escape")
        assert isinstance(app.screen, StandingsScreen)
        # The leader is compared with the second.
        await pilot.press("home", "h")
        assert two(app) == ("KOK", "YOSHIDA")


async def test_before_the_start_there_are_no_laps(tmp_path: Path) -> None:
    app = live_app(tmp_path, sprint_evening())
    async with running(app, (80, 24)) as pilot:
        await pilot.press("h")
        assert "to start, pair 1" in body(app)[0]
        assert "Nothing is clocked yet." in text(app)
        assert "The season is being read." in text(app)


async def test_who_skates_alone_is_beside_the_next_in_the_order(tmp_path: Path) -> None:
    rink = sprint_evening(starters=3)
    app = live_app(tmp_path, rink)
    async with running(app, (80, 24)) as pilot:
        await pilot.press("down", "end", "down", "down", "h")
        assert isinstance(app.screen, HeadToHeadScreen)
        assert len(two(app)) == 2


@pytest.mark.parametrize("what", ["dnf", "disqualify", "dns"])
async def test_one_without_a_valid_result(tmp_path: Path, what: str) -> None:
    rink = sprint_evening()
    rink.wire.start(1)
    rink.wire.finish(1, 0, 37_050)
    rink.wire.passage(1, 1, 0, 10_900)
    rink.publish()
    getattr(rink.wire, what)(1, 1)
    rink.publish()
    app = live_app(tmp_path, rink)
    async with running(app, (60, 20)) as pilot:
        await pilot.press("down", "h")
        assert {"dnf": "DNF", "disqualify": "DQ", "dns": "DNS"}[what] in body(app)[0]


@at_every_size
async def test_it_fills_the_window(tmp_path: Path, size: tuple[int, int]) -> None:
    app = live_app(tmp_path, tenthousand.rink(done=20))
    app.session.season = bundled_season()
    async with running(app, size) as pilot:
        await pilot.press("h")
        for key in ("", "right", "tab", "end", "home"):
            await pilot.press(*([key] if key else []))
            views = [view for view in app.screen.query(LinesView) if view.display]
            assert sum(view.size.height for view in views) == size[1]
            for view in views:
                assert len(view.lines) == view.size.height
                for line in view.lines:
                    assert cell_len(line.text) == size[0], (view.id, line.text)


def test_every_key_has_a_name_and_a_sentence() -> None:
    bindings = [each for each in HeadToHeadScreen.BINDINGS if isinstance(each, Binding)]
    assert len(bindings) == len(HeadToHeadScreen.BINDINGS)
    assert all(each.id and each.tooltip and each.description for each in bindings)
