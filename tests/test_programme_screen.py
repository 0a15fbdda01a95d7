"""The programme: all days and races, with their starts in both clocks; Enter opens one."""

from __future__ import annotations

from datetime import datetime, timedelta
from pathlib import Path
from zoneinfo import ZoneInfo

import pytest
from msgspec.structs import replace
from rich.cells import cell_len

from longtrack.health import Health
from longtrack.model import Meet
from longtrack.tape import Tape
from meets import (
    EVENING,
    OSLO,
    Rink,
    StillApp,
    assert_fills,
    bundled_app,
    entry,
    line_with,
    live_app,
    live_session,
    race,
    rink_time,
    running,
    scene,
    shown,
    span_of,
    sprint_evening,
)
from rinkside.drawing import programme
from rinkside.ink import Line
from rinkside.messages import TapeChanged
from rinkside.scene import Feed
from rinkside.widgets.lines import LinesView

TOKYO = ZoneInfo("Asia/Tokyo")


def drawn(
    meet: Meet, clock: str = "12 19:41:41", width: int = 80, here: ZoneInfo = OSLO
) -> list[Line]:
    at = datetime.fromtimestamp(rink_time(clock) / 1000, meet.event.zone)
    head = programme.heading(meet, at, here, width, Feed(age="2 s"))
    lines = programme.rows(meet, programme.items(meet), at, here, width, cursor=1)
    assert len(head) == 2
    assert_fills([*head, *lines], width)
    return [*head, *lines]


def bundled(tape: Tape, clock: str) -> Meet:
    return live_session(tape, rink_time(clock)).meet()


def test_all_days_and_races_are_listed_in_the_order_they_are_skated(bundled_tape: Tape) -> None:
    meet = bundled(bundled_tape, "12 08:00")
    lines = [line.text for line in drawn(meet)[2:]]
    days = [line.strip() for line in lines if not line.startswith(("   ", "►"))]
    assert days == ["Friday 12 December", "Saturday 13 December", "Sunday 14 December"]
    codes = [line[1:].split()[0] for line in lines if line.startswith(("   ", "►"))]
    assert sorted(codes) == sorted(each.code for each in meet.races)
    assert codes.index("W500B") < codes.index("W500") < codes.index("M500") < codes.index("WTP")


def test_a_delay_shows_planned_and_actual_start(bundled_tape: Tape) -> None:
    line = line_with(drawn(bundled(bundled_tape, "12 19:41:41")), " W500 ")
    assert "18:30" in line.text
    assert "19:2" in line.text
    assert span_of(line, "18:30").role == "text"
    assert span_of(line, "19:2").role == "warn"


def test_a_live_race_says_who_leads(bundled_tape: Tape) -> None:
    line = line_with(drawn(bundled(bundled_tape, "12 19:41:41")), " W500 ")
    assert "live  ZIOMEK-NOGAL Kaja leads" in line.text
    assert span_of(line, "live").role == "live"
    assert span_of(line, "W500").bold


def test_a_race_that_is_over_names_the_winner_and_the_time(bundled_tape: Tape) -> None:
    line = line_with(drawn(bundled(bundled_tape, "14 20:00")), " W500 ")
    assert "KOK Femke 37.05" in line.text
    assert span_of(line, "37.05").role == "gold"
    assert "provisional" not in line.text


def test_a_race_without_a_known_result_says_so(bundled_tape: Tape) -> None:
    meet = bundled(bundled_tape, "14 20:00")
    assert any("result not known" in line.text for line in drawn(meet))


def test_a_race_to_come_names_who_starts_first(bundled_tape: Tape) -> None:
    line = line_with(drawn(bundled(bundled_tape, "12 19:41:41"), width=120), " M500 ")
    assert "first: " in line.text
    assert " and " in line.text


def test_without_a_start_list_it_says_so() -> None:
    line = line_with(drawn(scene(race([])).meet), "W500")
    assert "no start list yet" in line.text


def test_the_viewers_clock_has_a_column_only_where_it_differs(bundled_tape: Tape) -> None:
    meet = bundled(bundled_tape, "12 19:41:41")
    assert "for you" not in drawn(meet, width=120)[1].text
    away = drawn(meet, width=120, here=TOKYO)
    assert "for you" in away[1].text
    line = line_with(away, " M500 ")
    assert "19:50" in line.text
    assert "03:50" in line.text
    assert "for you" not in drawn(meet, width=60, here=TOKYO)[1].text


def test_figures_stand_under_their_heads(bundled_tape: Tape) -> None:
    for width in (60, 80, 120):
        lines = drawn(bundled(bundled_tape, "12 19:41:41"), width=width, here=TOKYO)
        line = line_with(lines, " W500 ")
        planned = lines[1].text.index("planned")
        assert line.text.index("18:30") == planned + 1
        assert line.text.index("live") == lines[1].text.index("state")


@pytest.mark.parametrize("here", [OSLO, TOKYO], ids=["here", "away"])
def test_every_width_is_filled(bundled_tape: Tape, here: ZoneInfo) -> None:
    for clock in ("12 08:00", "12 19:41:41", "15 12:00"):
        meet = bundled(bundled_tape, clock)
        for width in range(60, 201, 7):
            lines = drawn(meet, clock, width, here)
            codes = {word for line in lines for word in line.text.split()[:2]}
            assert {race.code for race in meet.races} <= codes


def test_long_and_wide_names_are_cut_and_shift_nothing() -> None:
    for index in (2, 6):
        meet = scene(race([entry(index), entry(index + 1)])).meet
        heads = [drawn(meet, width=width)[1].text for width in (60, 80, 120)]
        rows = [line_with(drawn(meet, width=width), " W500 ").text for width in (60, 80, 120)]
        for head, row in zip(heads, rows, strict=True):
            first = head.index("state")
            assert row[first - 1 : first + 7] == " first: "
        # A cut is shown as one; what there is room for is whole.
        assert "…" in rows[0]
        assert cell_len(rows[0]) == 60


def test_a_race_without_a_start_comes_last_of_its_day() -> None:

    unknown = replace(race([]), number=1, planned=None, start=None)
    known = replace(race([]), number=2, ordinal=2)
    items = programme.items(scene(unknown, others=(known,)).meet)
    assert [item.race.code for item in items if item.race] == ["W500-2", "W500"]


# --- the screen ----------------------------------------------------------------------------------


def cursor_row(app: StillApp) -> str:
    return next(line for line in shown(app, "races") if line.startswith("►"))


async def test_p_opens_it_at_the_live_race_and_escape_and_p_go_back(data: Path) -> None:
    app = bundled_app(data, rink_time("12 19:41:41"))
    async with running(app) as pilot:
        for back in ("escape", "p"):
            await pilot.press("p")
            assert shown(app, "head")[0].startswith(" Programme · Hamar · World Cup 4")
            assert cursor_row(app).split()[1] == "W500"
            await pilot.press(back)
            assert shown(app, "board")[0].split()[0] == "W500"


async def test_enter_opens_the_race_under_the_cursor_and_it_stays(data: Path) -> None:
    app = bundled_app(data, rink_time("12 19:41:41"))
    async with running(app) as pilot:
        await pilot.press("p", "down", "j", "enter")
        assert shown(app, "board")[0].split()[0] == "W1500"
        await pilot.press("p")
        assert shown(app, "head")


async def test_every_race_can_be_opened(data: Path) -> None:
    app = bundled_app(data, rink_time("15 12:00"))
    async with running(app, (60, 20)) as pilot:
        await pilot.press("p", "pageup", "pageup", "pageup")
        seen = [cursor_row(app).split()[1]]
        while True:
            await pilot.press("down")
            code = cursor_row(app).split()[1]
            if code == seen[-1]:
                break
            seen.append(code)
        assert sorted(seen) == sorted(each.code for each in app.session.meet().races)


@pytest.mark.parametrize("size", [(60, 20), (80, 24), (120, 36), (200, 50)])
async def test_it_fills_the_window(data: Path, size: tuple[int, int]) -> None:
    app = bundled_app(data, rink_time("12 19:41:41"))
    async with running(app, size) as pilot:
        await pilot.press("p")
        for _ in range(2):
            views = [view for view in app.screen.query(LinesView) if view.display]
            assert sum(view.size.height for view in views) == size[1]
            for view in views:
                assert len(view.lines) == view.size.height
                assert all(cell_len(line.text) == size[0] for line in view.lines)
            await pilot.press("pagedown", "pagedown", "pagedown")
            assert cursor_row(app)


async def test_it_follows_the_tape(tmp_path: Path) -> None:
    rink = sprint_evening()
    app = live_app(tmp_path, rink)
    async with running(app) as pilot:
        await pilot.press("p")
        assert "first: DVOŘÁČKOVÁ" in cursor_row(app)
        rink.wire.start(1)
        rink.publish()
        rink.wire.finish(1, 0, 37_500)
        rink.publish()
        app.screen.post_message(TapeChanged())
        await pilot.pause()
        assert "live  DVOŘÁČKOVÁ Kateřina leads" in cursor_row(app)


@pytest.mark.parametrize("width", range(60, 201, 10))
def test_the_age_of_the_data_and_the_pill_are_on_this_screen_too(width: int) -> None:
    meet = scene(race([])).meet
    at = datetime.fromtimestamp(rink_time("12 19:41:41") / 1000, OSLO)
    for feed in (Feed(age="2 s"), Feed("NO FEED", "pill-error", age="119 min", late=True)):
        line = programme.heading(meet, at, OSLO, width, feed)[0]
        assert line.text.startswith(" Programme")
        assert line.text.endswith(f"19:41   {feed.age}  {feed.pill}  ")
        assert span_of(line, feed.pill).ground == feed.pill_role


async def test_without_a_feed_it_drains_and_says_why(tmp_path: Path) -> None:
    rink = sprint_evening()
    app = live_app(tmp_path, rink)
    async with running(app) as pilot:
        await pilot.press("p")
        assert "<5 s  LIVE " in shown(app, "head")[0]
        assert shown(app, "note") == []
        rink.clock.on(300)
        app.session.health = Health(interval_ms=3000, error="the feed timed out")
        app.screen.post_message(TapeChanged())
        await pilot.pause()
        assert "5 min  NO FEED " in shown(app, "head")[0]
        assert "the feed timed out" in shown(app, "note")[0]


def set_aside(data: Path) -> list[Path]:
    return list(data.rglob("*.set-aside-*"))


async def test_turning_to_another_meet_while_it_is_open_shows_that_one(
    data: Path,
) -> None:
    app = live_app(data, sprint_evening())
    async with running(app, (120, 36)) as pilot:
        await pilot.press("p")
        assert "Oslo" in shown(app, "head")[0]
        app.turn_to("2026_NOR_0001")
        app.screen.post_message(TapeChanged())
        await pilot.pause()
        assert "Hamar" in shown(app, "head")[0]
        assert not set_aside(data)
        await pilot.press("enter")
        assert app.is_running


async def test_an_empty_programme_breaks_nothing(tmp_path: Path) -> None:
    app = live_app(tmp_path, Rink())
    async with running(app) as pilot:
        await pilot.press("p", "down", "pagedown", "enter")
        assert "There is no race here." in shown(app, "board")[0]


async def test_the_viewers_zone_is_the_one_given(data: Path) -> None:
    app = bundled_app(data, rink_time("12 19:41:41"), here=TOKYO)
    async with running(app, (120, 36)) as pilot:
        assert "19:41 · 03:41 you" in shown(app, "header")[0]
        await pilot.press("p")
        assert "for you" in shown(app, "head")[1]


def test_a_delay_of_less_than_a_minute_is_none() -> None:
    late = race([entry(0)], start=EVENING + timedelta(seconds=40), live=True)
    line = line_with(drawn(scene(late).meet), "W500")
    assert span_of(line, "19:20").role != "warn"
