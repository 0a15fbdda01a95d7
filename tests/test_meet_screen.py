"""The meet screen, driven by keys and by what comes onto the tape."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from msgspec.structs import replace
from rich.cells import cell_len
from textual.pilot import Pilot
from textual.widgets import Static

from longtrack.health import Health
from longtrack.tape_files import tape_file
from meets import (
    EVENT,
    Clock,
    Rink,
    StillApp,
    bundled_app,
    everything,
    live_app,
    rink_time,
    running,
    shown,
    sprint_evening,
    told,
)
from rinkside.messages import HealthChanged, TapeChanged
from rinkside.screens.meet import MeetScreen
from rinkside.widgets.lines import LinesView

SIZES = [(60, 20), (80, 24), (120, 36), (200, 50)]
OPENER = rink_time("12 19:41:41")
at_every_size = pytest.mark.parametrize("size", SIZES, ids=lambda size: f"{size[0]}x{size[1]}")


def race_of(app: StillApp) -> str:
    return shown(app, "board")[0].split()[0]


def evening(data: Path, moment: str = "12 19:41:41", **more: Any) -> StillApp:
    return bundled_app(data, rink_time(moment), **more)


def assert_whole(app: StillApp, size: tuple[int, int]) -> None:
    """Check that what is shown fills the window, and that every line fills its part."""
    width, height = size
    views = [view for view in app.screen.query(LinesView) if view.display]
    for view in views:
        assert len(view.lines) == view.size.height, view.id
        for line in view.lines:
            assert cell_len(line.text) == view.size.width, (view.id, line.text)
        assert view.region.right <= width
        assert view.region.bottom <= height
    stacked = [view for view in views if view.id not in ("divider", "side", "band-right")]
    assert sum(view.size.height for view in stacked) == height
    side_by_side = [view for view in views if view.id in ("board", "divider", "side")]
    assert sum(view.size.width for view in side_by_side) == width


# --- opening -------------------------------------------------------------------------------------


@at_every_size
async def test_it_opens_on_the_live_race_without_a_key(data: Path, size: tuple[int, int]) -> None:
    app = evening(data)
    async with running(app, size):
        assert race_of(app) == "W500"
        text = everything(app)
        for part in ("ON THE ICE  pair 10 of 10", "KOK Femke", "JACKSON Erin", "W500 live"):
            assert part in text
        assert "to beat 37.65 ZIOMEK-NOGAL" in text or size[0] == 60
        assert_whole(app, size)


@at_every_size
async def test_every_race_and_size_is_whole(data: Path, size: tuple[int, int]) -> None:
    app = evening(data, "14 15:50")
    async with running(app, size) as pilot:
        for key in ("1", "2", "3", "4", "5", "7", "b", "D", "1", "2", "3", "4", "b", "1", "4", "D"):
            await pilot.press(key)
            assert_whole(app, size)


async def test_every_window_from_60_by_20_on_is_whole(data: Path) -> None:
    app = evening(data)
    async with running(app, (60, 20)) as pilot:
        for width in (60, 71, 72, 80, 109, 110, 149, 150, 189, 190):
            for height in (20, 21, 24, 31, 32, 34):
                await pilot.resize_terminal(width, height)
                await pilot.pause()
                assert_whole(app, (width, height))


async def test_before_a_meet_it_opens_on_the_first_race(data: Path) -> None:
    app = evening(data, "12 08:00")
    async with running(app):
        assert "NEXT  pair 1" in everything(app) or "start list" in everything(app)


async def test_after_a_meet_it_opens_on_the_last_race_with_a_result(data: Path) -> None:
    app = evening(data, "20 12:00")
    async with running(app):
        assert race_of(app) == "MMS"


async def test_a_race_asked_for_is_shown_first(data: Path) -> None:
    app = evening(data, race="M1500")
    async with running(app):
        assert race_of(app) == "M1500"


async def test_the_demo_follows_what_is_live(data: Path) -> None:
    clock = Clock(rink_time("20 12:00"))
    app = evening(data, "12 19:41:41", race="W500", demo=True, speed=8, clock=clock)
    async with running(app) as pilot:
        assert "DEMO 8×" in shown(app, "header")[0]
        assert "l goes to the live feed" in shown(app, "note")[0]
        clock.on(120)
        app.screen.post_message(TapeChanged())
        await pilot.pause()
        assert race_of(app) == "M500"


# --- which race ----------------------------------------------------------------------------------


async def test_number_keys_reach_all_four_races_of_friday_evening(data: Path) -> None:
    app = evening(data)
    async with running(app) as pilot:
        for key, code in (("2", "M500"), ("3", "W1500"), ("4", "M1500"), ("1", "W500")):
            await pilot.press(key)
            assert race_of(app) == code


async def test_a_number_without_a_race_does_nothing(data: Path) -> None:
    app = evening(data)
    async with running(app) as pilot:
        await pilot.press("3", "9")
        assert race_of(app) == "W1500"


async def test_d_goes_through_all_days_and_stops_at_the_ends(data: Path) -> None:
    app = evening(data)
    async with running(app, (120, 36)) as pilot:
        seen = [shown(app, "tabs")[0]]
        for _ in range(3):
            await pilot.press("d")
            seen.append(shown(app, "tabs")[0])
        assert "W500 live" in seen[0]
        assert "W3000" in seen[1]
        assert "WTP" in seen[2]
        assert seen[3] == seen[2]
        await pilot.press("D", "D", "D")
        assert "W500 live" in shown(app, "tabs")[0]


async def test_going_back_to_the_day_of_the_live_race_shows_that_race(data: Path) -> None:
    app = evening(data)
    async with running(app) as pilot:
        await pilot.press("d", "D")
        assert race_of(app) == "W500"


async def test_left_and_right_go_through_the_races_across_days(data: Path) -> None:
    app = evening(data)
    async with running(app) as pilot:
        codes = [race_of(app)]
        for _ in range(4):
            await pilot.press("right")
            codes.append(race_of(app))
        assert codes == ["W500", "M500", "W1500", "M1500", "W1000"]
        await pilot.press("left")
        assert race_of(app) == "M1500"
        await pilot.press("left", "left", "left", "left", "left")
        assert race_of(app) == "W500"


async def test_w_turns_to_the_same_distance_of_the_others(data: Path) -> None:
    app = evening(data)
    async with running(app) as pilot:
        await pilot.press("w")
        assert race_of(app) == "M500"
        await pilot.press("3", "w")
        assert race_of(app) == "M1500"
        await pilot.press("w")
        assert race_of(app) == "W1500"


async def test_w_in_the_second_race_of_a_distance_stays_in_the_second(data: Path) -> None:
    app = evening(data, race="W500-2")
    async with running(app) as pilot:
        await pilot.press("w")
        assert race_of(app) == "M500-2"


async def test_w_on_a_long_distance_turns_to_the_long_one_of_that_day(data: Path) -> None:
    app = evening(data, race="W3000")
    async with running(app) as pilot:
        await pilot.press("w")
        assert race_of(app) == "M5000"


async def test_b_turns_to_the_other_division_and_back(data: Path) -> None:
    app = evening(data)
    async with running(app) as pilot:
        await pilot.press("b")
        assert race_of(app) == "W500B"
        assert "M500B" in shown(app, "tabs")[0]
        await pilot.press("b")
        assert race_of(app) == "W500"


async def test_where_there_is_no_other_division_b_says_so(data: Path) -> None:
    app = evening(data, race="WMS")
    async with running(app) as pilot:
        await pilot.press("b")
        if race_of(app) == "WMS":
            assert told(app) == ["There is no race of Division B on this day."]


async def test_a_chosen_race_stays_when_another_goes_live_and_l_goes_back(
    tmp_path: Path,
) -> None:
    rink = sprint_evening()
    app = live_app(tmp_path, rink)
    async with running(app) as pilot:
        await pilot.press("3")
        rink.wire.start(1)
        rink.publish()
        app.screen.post_message(TapeChanged())
        await pilot.pause()
        assert race_of(app) == "W1500"
        assert "W500 live" in shown(app, "tabs")[0]
        await pilot.press("l")
        assert race_of(app) == "W500"


async def test_untouched_it_follows_from_race_to_race(tmp_path: Path) -> None:
    rink = sprint_evening(starters=4)
    app = live_app(tmp_path, rink)
    async with running(app) as pilot:
        rink.wire.hold(1)
        rink.wire.make_official(1)
        rink.wire.start(2)
        rink.publish()
        app.screen.post_message(TapeChanged())
        await pilot.pause()
        assert race_of(app) == "M500"


async def test_l_leaves_a_replay_for_the_present(data: Path) -> None:
    app = evening(data)
    async with running(app) as pilot:
        assert "REPLAY" in shown(app, "header")[0]
        await pilot.press("l")
        assert "OFFLINE" in shown(app, "header")[0]
        assert race_of(app) == "MMS"


async def test_two_races_live_at_once(tmp_path: Path) -> None:
    rink = sprint_evening()
    app = live_app(tmp_path, rink)
    async with running(app) as pilot:
        for number in (1, 2):
            rink.wire.start(number)
        rink.publish()
        rink.wire.finish(1, 0, 37_500)
        rink.publish()
        rink.wire.passage(2, 0, 0, 9_700)
        rink.publish()
        app.screen.post_message(TapeChanged())
        await pilot.pause()
        assert race_of(app) == "W500"
        assert shown(app, "tabs")[0].count(" live") == 2
        await pilot.press("2", "tab")
        moments = shown(app, "board")
        assert any("W500 DVOŘÁČKOVÁ 37.50 leads" in line for line in moments)
        rink.wire.finish(2, 0, 34_500)
        rink.publish()
        await pilot.press("1")
        assert any("M500 WENGERLI 34.50 leads" in line for line in shown(app, "board"))


# --- rows ----------------------------------------------------------------------------------------


def cursor_row(app: StillApp) -> str | None:
    return next((line for line in shown(app, "board") if line.startswith("►")), None)


def crowd(data: Path) -> StillApp:
    """A race of more rows than fit, all finished."""
    return evening(data, "13 18:00", race="M5000B")


async def test_the_cursor_goes_by_arrows_and_by_j_and_k(data: Path) -> None:
    app = evening(data)
    async with running(app) as pilot:
        assert cursor_row(app) is None
        await pilot.press("down")
        assert "ZIOMEK-NOGAL" in (cursor_row(app) or "")
        await pilot.press("j", "down")
        assert "WARMUTH" in (cursor_row(app) or "")
        await pilot.press("k", "up")
        assert "ZIOMEK-NOGAL" in (cursor_row(app) or "")


async def test_the_cursor_goes_up_to_the_pinned_pair_which_has_no_row_below(data: Path) -> None:
    app = evening(data)
    async with running(app) as pilot:
        await pilot.press("down", "up")
        assert "JACKSON" in (cursor_row(app) or "")
        assert "to ►" in shown(app, "board")[0]
        await pilot.press("up", "up")
        assert "KOK" in (cursor_row(app) or "")
        await pilot.press("down", "down")
        assert "ZIOMEK-NOGAL" in (cursor_row(app) or "")


async def test_escape_takes_the_cursor_away(data: Path) -> None:
    app = evening(data)
    async with running(app) as pilot:
        await pilot.press("down", "escape")
        assert cursor_row(app) is None


async def test_the_cursor_takes_the_board_along_at_its_edges(data: Path) -> None:
    app = crowd(data)
    async with running(app, (80, 26)) as pilot:
        assert "1–" in shown(app, "board")[0]
        await pilot.press(*["down"] * 30)
        row = cursor_row(app)
        assert row is not None
        assert "13–30 of" in shown(app, "board")[0]
        assert row.split()[1] == "30"
        await pilot.press("home")
        assert "1–18 of" in shown(app, "board")[0]


async def test_the_cursor_stays_with_its_skater_when_ranks_change(tmp_path: Path) -> None:
    rink = sprint_evening()
    rink.wire.start(1)
    rink.publish()
    rink.wire.finish(1, 0, 37_500)
    rink.publish()
    app = live_app(tmp_path, rink)
    async with running(app) as pilot:
        await pilot.press("down")
        assert "DVOŘÁČKOVÁ" in (cursor_row(app) or "")
        rink.wire.finish(1, 1, 37_400)
        rink.publish()
        app.screen.post_message(TapeChanged())
        await pilot.pause()
        assert "2 ○ DVOŘÁČKOVÁ" in (cursor_row(app) or "")


async def test_pages_scroll_and_end_goes_back_to_the_action(data: Path) -> None:
    app = crowd(data)
    async with running(app, (80, 26)) as pilot:
        first = shown(app, "board")[0]
        await pilot.press("pagedown")
        assert "18–35 of" in shown(app, "board")[0]
        await pilot.press("pageup")
        assert "1–18 of" in shown(app, "board")[0]
        await pilot.press("pagedown", "pagedown", "pagedown")
        total = shown(app, "board")[0].split(" of ")[1].split()[0]
        assert f"–{total} of {total}" in shown(app, "board")[0]
        await pilot.press("home")
        assert "1–18 of" in shown(app, "board")[0]
        await pilot.press("pagedown", "end")
        assert shown(app, "board")[0] == first


async def test_what_comes_while_the_reader_scrolls_is_counted_and_moves_nothing(
    tmp_path: Path,
) -> None:
    rink = sprint_evening(starters=24)
    rink.wire.start(1)
    rink.publish()
    app = live_app(tmp_path, rink)
    async with running(app) as pilot:
        await pilot.press("pagedown")
        before = shown(app, "board")[0].split(" of ")[0]
        for row in (0, 1, 2):
            rink.wire.finish(1, row, 37_500 + 10 * row)
            rink.publish(after=20)
            app.screen.post_message(TapeChanged())
            await pilot.pause()
        heading = shown(app, "board")[0]
        assert heading.split(" of ")[0].split()[-1] == before.split()[-1]
        assert "3 new" in heading
        await pilot.press("end")
        assert "new" not in shown(app, "board")[0]


async def test_another_race_begins_at_its_first_row_without_a_cursor(data: Path) -> None:
    app = crowd(data)
    async with running(app) as pilot:
        await pilot.press("pagedown", "down", "1")
        assert cursor_row(app) is None
        assert "1–" in shown(app, "board")[0] or "of" not in shown(app, "board")[0]


async def test_tab_turns_the_board_into_cup_and_moments_under_the_same_pair(data: Path) -> None:
    app = evening(data)
    async with running(app) as pilot:
        board = shown(app, "board")
        for heading in ("WORLD CUP W500", "MOMENTS"):
            await pilot.press("tab")
            turned = shown(app, "board")
            assert turned[:4] == board[:4], "heading and pair stay"
            assert turned[4].strip().startswith(heading)
        await pilot.press("tab")
        assert shown(app, "board") == board


async def test_in_two_columns_cup_and_moments_stand_beside_the_board(data: Path) -> None:
    app = evening(data)
    async with running(app, (120, 36)):
        side = shown(app, "side")
        moments = next(i for i, line in enumerate(side) if line.strip() == "MOMENTS")
        assert side[0].strip().startswith("WORLD CUP W500")
        assert "KOK Femke" in side[1]
        assert len(side) - moments >= 4
        assert any("KOK 10.33" in line for line in side[moments:])
        assert shown(app, "moment") == []


# --- the window ----------------------------------------------------------------------------------


@pytest.mark.parametrize("size", [(59, 24), (80, 19), (20, 5), (1, 1)])
async def test_a_window_too_small_shows_one_sentence_and_comes_back(
    data: Path, size: tuple[int, int]
) -> None:
    app = evening(data)
    async with running(app, size) as pilot:
        words = app.screen.query_one("#too-small", Static)
        assert words.display
        assert str(words.render()) == (
            f"rinkside needs 60 columns and 20 rows; this window has {size[0]} by {size[1]}."
        )
        await pilot.resize_terminal(80, 24)
        await pilot.pause()
        assert not words.display
        assert race_of(app) == "W500"
        assert_whole(app, (80, 24))


async def test_resizing_keeps_race_cursor_scroll_and_pane(data: Path) -> None:
    app = crowd(data)
    async with running(app) as pilot:
        await pilot.press("pagedown", "down")
        row, heading = cursor_row(app), shown(app, "board")[0]
        for width, height in ((60, 20), (40, 10), (120, 36), (80, 24)):
            await pilot.resize_terminal(width, height)
            await pilot.pause()
        assert cursor_row(app) == row
        assert shown(app, "board")[0] == heading
        await pilot.press("tab", "tab")
        await pilot.resize_terminal(60, 20)
        await pilot.pause()
        assert any(line.strip() == "MOMENTS" for line in shown(app, "board"))


# --- what comes onto the tape --------------------------------------------------------------------


async def test_a_new_passage_is_shown_when_the_tape_has_changed(tmp_path: Path) -> None:
    rink = sprint_evening()
    rink.wire.start(1)
    rink.publish()
    app = live_app(tmp_path, rink)
    async with running(app) as pilot:
        assert "NEXT  pair 1 of 4" in everything(app)
        rink.wire.passage(1, 0, 0, 10_410)
        rink.publish()
        app.screen.post_message(TapeChanged())
        await pilot.pause()
        assert "ON THE ICE  pair 1 of 4" in everything(app)
        assert any("DVOŘÁČKOVÁ" in line and "10.41" in line for line in shown(app, "board"))
        assert "DVOŘÁČKOVÁ 10.41 at 100 m" in shown(app, "moment")[0]


async def test_a_passage_repaints_only_what_differs(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    rink = sprint_evening()
    rink.wire.start(3)
    for row in (0, 1):
        rink.wire.passage(3, row, 0, 26_410 + row)
    rink.publish()
    app = live_app(tmp_path, rink)
    async with running(app) as pilot:
        painted: list[tuple[str | None, int]] = []
        render = LinesView.render_line

        def spy(view: LinesView, y: int) -> Any:
            if y not in view._rows:
                painted.append((view.id, y))
            return render(view, y)

        monkeypatch.setattr(LinesView, "render_line", spy)
        rink.wire.passage(3, 1, 1, 55_500)
        rink.publish(after=0, only="results")
        app.screen.post_message(TapeChanged())
        await pilot.pause()
        await pilot.pause()
        # The row of the skater who passed, and the title above, which counts the laps.
        assert ("board", 3) in painted
        assert set(painted) <= {("board", 1), ("board", 2), ("board", 3)}


async def test_the_health_of_the_feed_drains_the_screen_and_gives_it_back(tmp_path: Path) -> None:
    rink = sprint_evening()
    rink.wire.start(1)
    rink.publish()
    app = live_app(tmp_path, rink)
    async with running(app, (120, 36)) as pilot:
        assert " LIVE " in shown(app, "header")[0]
        assert shown(app, "note") == []
        rink.clock.on(60)
        failed = Health(interval_ms=3000, error="the feed timed out", next_try=rink.clock() + 9000)
        app.screen.post_message(HealthChanged(failed))
        await pilot.pause()
        assert "1 min  NO FEED " in shown(app, "header")[0]
        assert "the feed timed out · next try in 9 s" in shown(app, "note")[0]
        assert_whole(app, (120, 36))
        rink.publish()
        app.screen.post_message(HealthChanged(Health(interval_ms=3000)))
        await pilot.pause()
        assert " LIVE " in shown(app, "header")[0]
        assert shown(app, "note") == []


@pytest.fixture
def timers(monkeypatch: pytest.MonkeyPatch) -> list[tuple[float, Callable[[], None]]]:
    """What the meet screen asks to be woken for."""
    asked: list[tuple[float, Callable[[], None]]] = []
    set_timer = MeetScreen.set_timer

    def spy(screen: MeetScreen, delay: float, callback: Any = None, **more: Any) -> Any:
        if more.get("name") == "due":
            asked.append((delay, callback))
        return set_timer(screen, 3600, callback, **more)

    monkeypatch.setattr(MeetScreen, "set_timer", spy)
    return asked


async def test_playing_the_next_version_comes_due_without_ticking_in_between(
    data: Path, timers: list[tuple[float, Callable[[], None]]]
) -> None:
    clock = Clock(rink_time("20 12:00"))
    app = bundled_app(data, rink_time("12 19:41:10"), speed=8, clock=clock)
    async with running(app, (60, 20)) as pilot:
        due = app.session.tape.next_after(rink_time("12 19:41:10"))
        assert due is not None
        delay, wake = timers[-1]
        assert delay == pytest.approx((due - rink_time("12 19:41:10")) / 8000, abs=0.01)
        assert "FINISHED  pair 9" in everything(app)
        count = len(timers)
        await pilot.pause()
        assert len(timers) == count, "nothing ticks"
        clock.on(delay)
        wake()
        await pilot.pause()
        assert len(timers) == count + 1
        assert "ON THE ICE  pair 10" in everything(app)


async def test_one_timer_at_most_waits(data: Path) -> None:
    app = evening(data)
    async with running(app) as pilot:
        for key in ("2", "3", "down", "1", "tab"):
            await pilot.press(key)
        waiting = [timer for timer in app.screen._timers if timer.name == "due"]
        assert len(waiting) <= 1


# --- what goes wrong -----------------------------------------------------------------------------


async def test_names_of_the_feed_are_never_markup_or_escapes(tmp_path: Path) -> None:
    rink = sprint_evening()
    rink.rename(1, 0, "[/]Ann[@click=app.quit]", "[bold red]Kok[/bold red]")
    rink.rename(1, 1, "\x1b[31mErin\u202e", "Jack\x07son")
    rink.wire.start(1)
    rink.publish()
    for row in (0, 1):
        rink.wire.finish(1, row, 37_000 + row)
    rink.publish()
    app = live_app(tmp_path, rink)
    async with running(app, (200, 50)) as pilot:
        text = everything(app)
        assert "[BOLD RED]KOK[/BOLD RED]" in text
        assert not any(sign in text for sign in ("\x1b", "\x07", "\u202e"))
        assert_whole(app, (200, 50))
        for size in SIZES:
            await pilot.resize_terminal(*size)
            await pilot.pause()
            assert_whole(app, size)
        await pilot.press("p")
        assert "[BOLD RED]KOK" in everything(app)


def damage(app: StillApp, monkeypatch: pytest.MonkeyPatch) -> None:
    """Let the tape under a running program turn out to be garbage."""
    from longtrack.tape import Tape, TapeDamaged

    broken, newest = app.session.tape, Tape.newest

    def fail(tape: Tape) -> Any:
        if tape is broken:
            raise TapeDamaged(f"{tape.file} is damaged or not a tape")
        return newest(tape)

    monkeypatch.setattr(Tape, "newest", fail)


async def test_a_tape_damaged_while_running_is_set_aside_and_told(
    data: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    file = tape_file(data / "data" / "tapes", "api.isuresults.eu", EVENT)
    rink = sprint_evening(file=file)
    app = live_app(data, rink)
    async with running(app) as pilot:
        damage(app, monkeypatch)
        app.screen.post_message(TapeChanged())
        await pilot.pause()
        assert any("it was set aside as" in words for words in told(app))
        assert list(file.parent.glob("*.set-aside-*"))
        assert app.is_running
        assert race_of(app)


async def test_a_damaged_tape_in_memory_is_a_message(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    app = live_app(tmp_path, sprint_evening())
    async with running(app) as pilot:
        damage(app, monkeypatch)
        app.screen.post_message(TapeChanged())
        await pilot.pause()
        assert any("is damaged" in words for words in told(app))
        assert app.is_running


async def test_a_damaged_tape_of_a_meet_that_cannot_be_had_ends_with_one_sentence(
    data: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    app = evening(data)
    async with running(app) as pilot:
        from rinkside.library import Library, NothingKept

        def refuse(library: Library, event_id: str) -> Any:
            raise NothingKept(f"nothing of {event_id} is kept on this computer")

        monkeypatch.setattr(Library, "open", refuse)
        damage(app, monkeypatch)
        app.screen.post_message(TapeChanged())
        await pilot.pause()
    assert app.return_code == 4


async def test_a_tape_the_fan_named_is_never_set_aside(
    data: Path, monkeypatch: pytest.MonkeyPatch
) -> None:

    app = evening(data)
    app.plan = replace(app.plan, tape_file=app.session.tape.file)
    file = app.session.tape.file
    assert file is not None
    async with running(app) as pilot:
        damage(app, monkeypatch)
        app.screen.post_message(TapeChanged())
        await pilot.pause()
    assert app.return_code == 3
    assert file.exists()
    assert not list(file.parent.glob("*.set-aside-*"))


# --- keys ----------------------------------------------------------------------------------------


@at_every_size
async def test_the_keys_are_on_the_last_row(data: Path, size: tuple[int, int]) -> None:
    app = evening(data)
    async with running(app, size):
        line = shown(app, "keys")[0]
        assert line.startswith(" 1-9 race")
        assert line.endswith("? help ")
        assert app.screen.query_one("#keys").region.bottom == size[1]


def test_every_binding_has_an_id_and_no_key_needs_altgr() -> None:
    for binding in (*MeetScreen.BINDINGS, *StillApp.BINDINGS):
        assert not isinstance(binding, tuple)
        assert binding.id, binding
        own = binding.key.split(",")[0]
        assert own not in ("[", "]", "{", "}", "\\", "|")
        assert "bracket" not in own


@pytest.mark.parametrize(("size", "offered"), [((80, 24), True), ((120, 36), False)])
async def test_tab_is_offered_only_where_it_turns_something(
    data: Path, size: tuple[int, int], offered: bool
) -> None:
    app = evening(data)
    async with running(app, size):
        assert (" Tab pane " in shown(app, "keys")[0]) is offered


async def test_a_long_race_has_a_tall_band_only_with_something_to_draw(
    data: Path,
) -> None:
    for moment, words in (("13 16:05", "NEXT"), ("13 17:30", "RACE OVER")):
        app = evening(data, moment, race="M5000")
        async with running(app, (120, 36)):
            assert words in shown(app, "band")[0]
            assert len(shown(app, "band")) == 5
            assert_whole(app, (120, 36))


async def press(pilot: Pilot[None], *keys: str) -> None:
    await pilot.press(*keys)
    await pilot.pause()


async def test_q_quits(data: Path) -> None:
    app = evening(data)
    async with running(app) as pilot:
        await press(pilot, "q")
    assert app.return_code == 0


async def test_an_empty_meet_is_one_sentence(tmp_path: Path) -> None:
    app = live_app(tmp_path, Rink())
    for size in SIZES:
        async with running(app := live_app(tmp_path, Rink()), size):
            assert "There is no race here." in everything(app)
            assert_whole(app, size)
