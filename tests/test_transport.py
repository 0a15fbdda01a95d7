"""The keys that move the playhead, on every screen, and everything that follows them."""

from __future__ import annotations

from pathlib import Path

import pytest
from msgspec.structs import replace

from longtrack.moments import Kind
from meets import (
    EVENT,
    Rink,
    StillApp,
    bundled_app,
    bundled_season,
    everything,
    live_app,
    locations,
    rink_time,
    running,
    shown,
    sprint_evening,
    told,
)
from rinkside import osc
from rinkside.messages import HealthChanged, TapeChanged
from rinkside.notifying import Announcer
from rinkside.screens.log import LogScreen
from rinkside.screens.meet import MeetScreen
from rinkside.session import Choice
from rinkside.settings import Notifications, wanted
from rinkside.widgets.prompts import DelayPrompt, PlacePrompt
from test_notifying import XTERM, Ear

SIZES = [(60, 20), (80, 24), (120, 36), (160, 45), (200, 50)]
SCREENS = {
    "meet": (),
    "log": ("m",),
    "standings": ("s",),
    "programme": ("p",),
    "skater": ("enter",),
}


def under_way(minutes: float = 10) -> Rink:
    """Return a meet that has been polled for a while, its first race on."""
    rink = sprint_evening()
    for _ in range(round(minutes * 2)):
        publish(rink, after=30)
    rink.wire.start(1)
    publish(rink)
    return rink


def publish(rink: Rink, *, after: float = 1.0) -> None:
    """Let the feed be asked for everything, and answer."""
    rink.publish(after=after)
    for path in rink.wire.documents():
        if path.startswith(f"events/{EVENT}"):
            rink.tape.polled(path, rink.clock.now)


def skate(rink: Rink, row: int, time_ms: int) -> None:
    rink.wire.finish(1, row, time_ms)
    publish(rink)


def head(app: StillApp) -> str:
    return shown(app, "head" if app.screen.query("#head") else "header")[0]


# --- on every screen -----------------------------------------------------------------------------


@pytest.mark.parametrize("keys", SCREENS.values(), ids=SCREENS)
async def test_every_screen_follows_the_playhead(data: Path, keys: tuple[str, ...]) -> None:
    app = bundled_app(data, rink_time("12 19:45"))
    async with running(app, (120, 36)) as pilot:
        await pilot.press(*keys)
        await pilot.press("space")
        await pilot.pause()
        assert head(app).rstrip().endswith("PAUSED")
        before = everything(app)
        at = app.session.playhead.at
        await pilot.press("comma", "comma", "less_than_sign", "full_stop")
        assert app.session.playhead.at == at - 35_000
        await pilot.press(*["less_than_sign"] * 8)
        await pilot.pause()
        assert everything(app) != before
        assert "19:40" in head(app) or "standings" in head(app).lower()
        await pilot.press("space", "x")
        await pilot.pause()
        assert head(app).rstrip().endswith("REPLAY 2×")


@pytest.mark.parametrize("keys", SCREENS.values(), ids=SCREENS)
async def test_nothing_wakes_up_by_itself_while_a_replay_stands_still(
    data: Path, keys: tuple[str, ...]
) -> None:
    app = bundled_app(data, rink_time("12 19:45"))
    async with running(app, (120, 36)) as pilot:
        await pilot.press(*keys, "space")
        await pilot.pause()
        assert app.session.next_change(app.session.scene(Choice())) is None
        assert getattr(app.screen, "_due", None) is None


async def test_the_search_and_the_prompt_keep_their_letters(data: Path) -> None:
    app = bundled_app(data, rink_time("12 19:45"))
    async with running(app, (120, 36)) as pilot:
        at = app.session.playhead.at
        await pilot.press("m", "slash", *"x0-,. gyuiJK", "enter")
        assert isinstance(app.screen, LogScreen)
        assert app.session.playhead.at == at
        assert app.session.playhead.speed == 1
        await pilot.press("escape", "escape")
        await pilot.press("g", *"w1500", "space", "x")
        assert app.session.playhead.at == at
        await pilot.press("escape")
        assert not app.screen.query(PlacePrompt)
        await pilot.press("comma")
        assert app.session.playhead.at == at - 5_000


# --- moving about --------------------------------------------------------------------------------


async def test_a_race_that_is_gone_to_is_shown_and_then_followed(data: Path) -> None:
    app = bundled_app(data, rink_time("12 19:41"))
    async with running(app, (120, 36)) as pilot:
        await pilot.press("space", "4", "g", *"w1500", "enter")
        await pilot.pause()
        assert isinstance(app.screen, MeetScreen)
        assert app.screen.race is not None
        assert app.screen.race.code == "W1500"
        await pilot.press("U", "U")
        assert app.screen.race.code == "W500"
        await pilot.press("i", "i")
        assert "pair 2 of 10" in everything(app)


async def test_what_is_no_place_is_said_in_the_prompt_which_stays(data: Path) -> None:
    app = bundled_app(data, rink_time("12 19:41"))
    async with running(app) as pilot:
        at = app.session.playhead.at
        await pilot.press("g", *"99:99", "enter")
        assert shown(app, "prompt-help")[0].strip() == "99:99 is no time."
        await pilot.press("escape")
        assert app.session.playhead.at == at
        assert shown(app, "keys")


async def test_a_moment_that_is_gone_to_is_told_where_the_screen_does_not(data: Path) -> None:
    app = bundled_app(data, rink_time("12 19:41"))
    async with running(app, (120, 36)) as pilot:
        await pilot.press("space", "J")
        assert told(app) == []
        assert "KOK 37.05" in everything(app)
        await pilot.press("p", "K")
        assert len(told(app)) == 1


@pytest.mark.parametrize("size", SIZES)
async def test_the_prompts_fit_every_window(data: Path, size: tuple[int, int]) -> None:
    app = live_app(data, under_way())
    async with running(app, size) as pilot:
        for key, part in (("g", "prompt-help"), ("y", "prompt-lines")):
            await pilot.press(key)
            await pilot.pause()
            assert all(len(line) == size[0] for line in shown(app, part))
            prompt = app.screen.query("Prompt").first()
            assert prompt.region.bottom == size[1]
            assert "Esc cancel" in "\n".join(shown(app, part))
            await pilot.press("escape")


# --- the delay -----------------------------------------------------------------------------------


async def test_keys_set_the_delay_and_it_is_always_shown(data: Path) -> None:
    rink = under_way()
    app = live_app(data, rink)
    async with running(app) as pilot:
        assert head(app).rstrip().endswith("LIVE")
        await pilot.press("plus", "equals_sign", "plus", "minus")
        await pilot.pause()
        assert head(app).rstrip().endswith("LIVE −2 s")
        await pilot.press("p")
        await pilot.pause()
        assert head(app).rstrip().endswith("LIVE −2 s")
        await pilot.press("0")
        await pilot.pause()
        assert head(app).rstrip().endswith("LIVE")
        assert told(app)[-1] == "There is no delay now: this is what the feed says."


async def test_the_delay_is_remembered_for_this_meet(data: Path) -> None:
    rink = under_way()
    app = live_app(data, rink)
    async with running(app) as pilot:
        await pilot.press("y", *"45", "enter")
        assert app.session.playhead.delay == 45_000
    again = live_app(data, Rink())
    assert again.session.playhead.delay == 45_000
    async with running(again) as pilot:
        await pilot.press("0")
    assert live_app(data, Rink()).session.playhead.delay == 0


async def test_nothing_that_is_ahead_of_the_picture_is_shown_or_told(data: Path) -> None:
    """Board, ticker, clock, standings, log, season, message and title: all stand at the picture."""
    rink = under_way()
    skate(rink, 0, 38_000)
    app = live_app(data, rink)
    app.session.season = bundled_season()
    ear = Ear()
    async with running(app, (120, 36)) as pilot:
        app._announcer = Announcer(
            Notifications(toast=wanted("key"), title=wanted("key")), ear, XTERM
        )
        app._announcer.follow(app.session)
        for _ in range(45):
            await pilot.press("plus")
        rink.clock.on(50)
        app.screen.draw()  # type: ignore[attr-defined]
        await pilot.pause()
        before = everything(app)
        skate(rink, 1, 36_543)
        app._tell_change()
        await pilot.pause()
        name = rink.wire.races[1].rows[1].family.upper()
        rank = [line for line in shown(app, "board") if "36.54" in line]
        assert rank == []
        assert "36.54" not in everything(app)
        assert before.splitlines()[2:8] == everything(app).splitlines()[2:8]
        for keys in (("m",), ("s",), ("p",)):
            await pilot.press(*keys)
            await pilot.pause()
            assert "36.54" not in everything(app)
            clock = f"{app.session.scene(Choice()).now:%H:%M}"
            assert clock in head(app) or keys == ("s",)
            await pilot.press("escape")
        assert not [words for _, words in ear.toasts if name in words]
        assert not [each for each in ear.written if "36.54" in each]
        # The picture comes as far; what waits is due just then.
        waiting = [each for each in ear.later if not each.stopped]
        assert waiting
        assert 44 < min(each.seconds for each in waiting) < 46
        rink.clock.on(45.1)
        ear.time_passes()
        app.screen.draw()  # type: ignore[attr-defined]
        await pilot.pause()
        assert "36.54" in everything(app)
        assert [words for _, words in ear.toasts if name in words]
        assert osc.title(f"W500 {name} 36.54 1st · rinkside") in ear.written


def test_a_delayed_picture_is_told_each_thing_once() -> None:
    rink = under_way()
    session, ear = rink.session(), Ear()
    announcer = Announcer(Notifications(toast=wanted("key")), ear, XTERM)
    announcer.follow(session)
    skate(rink, 0, 38_000)
    announcer.look()
    assert len(ear.toasts) == 1
    # Sent back over it, and forward to the present again.
    session.move(session.playhead.to(session.playhead.at - 20_000))
    announcer.look()
    rink.clock.on(5)
    session.go_live()
    announcer.look()
    ear.time_passes()
    assert len(ear.toasts) == 1


def test_a_picture_that_is_set_back_takes_the_title_back() -> None:
    rink = under_way()
    session, ear = rink.session(), Ear()
    announcer = Announcer(Notifications(title=wanted("key")), ear, XTERM)
    announcer.follow(session)
    skate(rink, 0, 38_000)
    announcer.look()
    assert "38.00" in ear.written[-1]
    session.move(session.playhead.delayed(30_000))
    announcer.look()
    assert ear.written[-1] == osc.title("rinkside")


async def test_a_feed_that_fails_is_told_by_the_present_and_not_by_the_picture(data: Path) -> None:
    rink = under_way()
    app = live_app(data, rink)
    async with running(app) as pilot:
        for _ in range(45):
            await pilot.press("plus")
        await pilot.pause()
        # A picture that is 45 seconds late is no feed that is 45 seconds late.
        assert "LATE" not in head(app)
        health = replace(app.session.health, error="the feed timed out")
        app.session.health = health
        rink.clock.on(20)
        app.screen.draw()  # type: ignore[attr-defined]
        await pilot.pause()
        assert head(app).rstrip().endswith("NO FEED −45 s")
        feed = app.session.scene(Choice()).feed
        assert not feed.stale, "there is still something to come"
        rink.clock.on(60)
        assert app.session.scene(Choice()).feed.stale


# --- lining up -----------------------------------------------------------------------------------


async def test_what_the_picture_shows_sets_the_delay(data: Path) -> None:
    rink = under_way()
    app = live_app(data, rink)
    async with running(app, (120, 36)) as pilot:
        await pilot.press("y")
        await pilot.pause()
        lines = shown(app, "prompt-lines")
        assert "watch for" in lines[0]
        assert "'s opener, outer lane, red armband, pair 1" in lines[0]
        rink.wire.passage(1, 0, 0, 10_300)
        rink.wire.passage(1, 1, 0, 10_400)
        publish(rink)
        app._tell_change()
        rink.clock.on(42)
        await pilot.press("space")
        await pilot.pause()
        assert app.session.playhead.delay == 42_000
        assert "delay 42 s ± 3 s" in shown(app, "prompt-lines")[0]
        assert "or watch for" in shown(app, "prompt-lines")[0]
        publish(rink, after=0)
        await pilot.press("enter")
        app.screen.draw()  # type: ignore[attr-defined]
        await pilot.pause()
        assert head(app).rstrip().endswith("LIVE −42 s")


async def test_a_picture_ahead_of_the_feed_is_said_to_be(data: Path) -> None:
    rink = under_way()
    app = live_app(data, rink)
    async with running(app, (120, 36)) as pilot:
        await pilot.press("y", "space")
        await pilot.pause()
        assert "the feed has yet to tell of" in shown(app, "prompt-lines")[0]
        rink.wire.passage(1, 1, 0, 10_400)
        publish(rink, after=4)
        app.screen.post_message(TapeChanged())
        await pilot.pause()
        await pilot.pause()
        assert "the picture is 4 s ahead of the feed" in shown(app, "prompt-lines")[0]
        assert app.session.playhead.delay == 0


async def test_the_pictures_clock_can_be_typed(data: Path) -> None:
    rink = under_way()
    rink.wire.passage(1, 0, 0, 10_300)
    publish(rink)
    app = live_app(data, rink)
    async with running(app, (120, 36)) as pilot:
        rink.clock.on(35)
        await pilot.press("y", *"12.3", "enter")
        await pilot.pause()
        assert app.session.playhead.delay == 33_000
        assert app.screen.query(DelayPrompt)


async def test_steps_show_at_once_and_escape_takes_them_back(data: Path) -> None:
    app = live_app(data, under_way())
    async with running(app) as pilot:
        await pilot.press("y", "up", "up", "right", "pageup", "left", "down")
        assert app.session.playhead.delay == 35_000
        await pilot.press("escape")
        assert app.session.playhead.delay == 0
        assert not app.screen.query(DelayPrompt)
        await pilot.press("y", *"601", "enter")
        await pilot.pause()
        assert "601 s is too long" in shown(app, "prompt-lines")[0]
        await pilot.press("q", "s", "escape")
        assert isinstance(app.screen, MeetScreen)
        assert app.is_running


async def test_a_delay_that_reaches_back_behind_the_tape_is_said_to(data: Path) -> None:
    app = live_app(data, under_way(2))
    async with running(app, (120, 36)) as pilot:
        await pilot.press("y", *["pageup"] * 20)
        await pilot.pause()
        assert "delay 600 s   the tape begins at " in shown(app, "prompt-lines")[0]
        await pilot.press("pagedown", *"590", "enter")
        await pilot.pause()
        assert not app.screen.query(DelayPrompt)
        assert "The delay is 590 s; the tape begins at " in told(app)[0]


async def test_what_is_played_again_has_no_prompt_for_a_delay(data: Path) -> None:
    app = bundled_app(data, rink_time("12 19:41"))
    async with running(app) as pilot:
        await pilot.press("y")
        assert not app.screen.query(DelayPrompt)
        assert "Only a meet that is followed live has a delay" in told(app)[0]


async def test_after_a_sleep_the_feeds_first_answer_sets_the_clock_right(data: Path) -> None:
    rink = under_way()
    app = live_app(data, rink)
    async with running(app) as pilot:
        before = head(app)
        # The timer for the next minute has slept too.
        rink.clock.on(9 * 3600)
        for path in rink.wire.documents():
            rink.tape.polled(path, rink.clock.now)
        app.screen.post_message(HealthChanged(app.session.health))
        await pilot.pause()
        assert head(app) != before
        assert f"{app.session.scene(Choice()).now:%H:%M}" in head(app)


# --- the strip -----------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("size", "rows"),
    [((60, 20), 0), ((80, 22), 1), ((80, 24), 2), ((109, 40), 2), ((120, 30), 2), ((120, 36), 3)],
)
async def test_the_strip_comes_with_the_rows_there_are(
    data: Path, size: tuple[int, int], rows: int
) -> None:
    app = bundled_app(data, rink_time("12 19:41"), speed=4)
    async with running(app, size):
        assert len(shown(app, "strip")) == rows
        if rows:
            assert any("W500 ━" in line and "M1500 ╌" in line for line in shown(app, "strip"))


async def test_live_the_strip_is_there_only_where_there_is_much_room(data: Path) -> None:
    app = live_app(data, under_way())
    async with running(app) as pilot:
        assert shown(app, "strip") == []
        await pilot.press("plus")
        await pilot.pause()
        assert len(shown(app, "strip")) == 2
        await pilot.resize_terminal(120, 36)
        await pilot.press("0")
        await pilot.pause()
        assert len(shown(app, "strip")) == 3


async def test_the_strip_has_no_mark_ahead_of_the_playhead(data: Path) -> None:
    app = bundled_app(data, rink_time("12 19:41"))
    async with running(app, (120, 36)) as pilot:
        await pilot.press("space")
        await pilot.pause()
        assert "TR" not in shown(app, "strip")[2]
        await pilot.press("J")
        await pilot.pause()
        assert "TR" in shown(app, "strip")[2]
        assert any(m.kind is Kind.RECORD for m in app.session.moments(app.session.playhead.at))
        await pilot.press("less_than_sign", "less_than_sign")
        await pilot.pause()
        assert "TR" not in shown(app, "strip")[2]


# --- skipping ------------------------------------------------------------------------------------


async def test_the_empty_minutes_of_a_replay_are_passed_over_with_a_sign(data: Path) -> None:
    app = bundled_app(data, rink_time("12 19:44"), speed=1)
    async with running(app, (120, 36)) as pilot:
        clock = app.session.clock
        clock.on(9)  # type: ignore[attr-defined]
        app.screen.draw()  # type: ignore[attr-defined]
        await pilot.pause()
        assert app.session.playhead.at == rink_time("12 19:49:48")
        assert "skipped " in head(app)
        clock.on(5)  # type: ignore[attr-defined]
        app.screen.draw()  # type: ignore[attr-defined]
        await pilot.pause()
        assert "skipped " not in head(app)


async def test_a_setting_leaves_them_in(data: Path) -> None:
    file = locations(data).settings
    file.parent.mkdir(parents=True, exist_ok=True)
    file.write_text("[replay]\nskip = false\n")
    app = bundled_app(data, rink_time("12 19:44"), speed=1)
    async with running(app):
        app.session.clock.on(9)  # type: ignore[attr-defined]
        app.screen.draw()  # type: ignore[attr-defined]
        assert app.session.playhead.at == rink_time("12 19:44:09")
