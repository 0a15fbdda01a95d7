"""Notifications: what is told, when, how often, and what leaves the program for the terminal."""

from __future__ import annotations

import sys
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from msgspec.structs import replace

from longtrack import isu
from longtrack.model import Gender, Source
from longtrack.moments import Kind, Moment, Person
from longtrack.playhead import Playhead
from longtrack.tape import Tape
from meets import (
    EVENT,
    OSLO,
    Clock,
    Rink,
    StillApp,
    bundled_app,
    live_app,
    locations,
    moved,
    rink_time,
    running,
    sprint_evening,
    told,
)
from rinkside.followed import Followed, FollowedSkater
from rinkside.messages import TapeChanged
from rinkside.notifying import GATHER_S, Announcer, in_short
from rinkside.session import Session
from rinkside.settings import Notifications, Protocol, Wanted, wanted
from terminal import Terminal

XTERM = {"TERM": "xterm-256color"}
QUIET = Notifications(toast=Wanted(), title=Wanted())


class Later:
    """Something that is to be done later, when a test says so."""

    def __init__(self, seconds: float, then: Callable[[], None]) -> None:
        self.seconds = seconds
        self.then = then
        self.stopped = False

    def stop(self) -> None:
        self.stopped = True


class Ear:
    """Hears all that is told."""

    def __init__(self) -> None:
        self.toasts: list[tuple[str, str]] = []
        self.written: list[str] = []
        self.later: list[Later] = []

    def tell(self, heading: str, words: str) -> None:
        self.toasts.append((heading, words))

    def write(self, text: str) -> None:
        self.written.append(text)

    def wait(self, seconds: float, then: Callable[[], None]) -> Later:
        self.later.append(Later(seconds, then))
        return self.later[-1]

    @property
    def is_silent(self) -> bool:
        """Whether nothing was told, and nothing is to be."""
        return not self.toasts and not self.written and not self.later

    def time_passes(self) -> None:
        """Let everything happen that waits now."""
        waiting, self.later = self.later, []
        for later in waiting:
            if not later.stopped:
                later.then()


class Following:
    """Somebody who follows an invented meet live, with some settings."""

    def __init__(
        self,
        settings: Notifications,
        *,
        rink: Rink | None = None,
        environ: dict[str, str] | None = None,
    ) -> None:
        self.rink = rink or under_way()
        self.ear = Ear()
        self.session = self.rink.session()
        self.announcer = Announcer(settings, self.ear, XTERM if environ is None else environ)
        self.announcer.follow(self.session)

    def finish(self, row: int, time_ms: int | None = None, *, after: float = 3) -> None:
        """Let a skater finish, faster than everybody before, and the program look."""
        self.rink.wire.finish(1, row, time_ms or 39_000 - 100 * row)
        self.publish(after=after)

    def publish(self, *, after: float = 3) -> None:
        poll(self.rink, after=after)
        self.announcer.look()

    def name(self, row: int) -> str:
        return family(self.rink, row)


def family(rink: Rink, row: int) -> str:
    return rink.wire.races[1].rows[row].family.upper()


def poll(rink: Rink, *, after: float) -> None:
    """Ask for everything, as the poller does: what has not changed too."""
    rink.publish(after=after)


def under_way(**more: Any) -> Rink:
    """Return a meet whose first race is on and has been polled for a while."""
    rink = sprint_evening(starters=12, **more)
    rink.wire.start(1)
    for _ in range(3):
        poll(rink, after=3)
    return rink


# --- what is told, and when ----------------------------------------------------------------------


def test_a_new_leader_is_told_once_as_it_happens() -> None:
    here = Following(replace(QUIET, toast=wanted("key")))
    here.finish(0)
    assert here.ear.toasts == [("W500", f"{here.name(0)} 39.00 leads")]
    here.announcer.look()
    here.publish()
    here.ear.time_passes()
    assert len(here.ear.toasts) == 1


def test_what_happened_before_is_not_told() -> None:
    rink = under_way()
    rink.wire.finish(1, 0, 38_000)
    poll(rink, after=3)
    here = Following(replace(QUIET, toast=wanted("all")), rink=rink)
    here.announcer.look()
    here.publish()
    assert here.ear.toasts == []


def test_nothing_is_told_twice_after_a_restart() -> None:
    first = Following(replace(QUIET, toast=wanted("all")))
    first.finish(0)
    assert len(first.ear.toasts) == 1
    first.announcer.close()
    again = Following(replace(QUIET, toast=wanted("all")), rink=first.rink)
    again.publish()
    assert again.ear.toasts == []
    again.finish(1)
    assert len(again.ear.toasts) == 1


def test_what_happened_while_no_program_looked_is_not_news() -> None:
    rink = under_way()
    # The program is closed, or the laptop sleeps, while four skaters finish.
    for row in range(4):
        rink.wire.finish(1, row, 38_000 - 10 * row)
    here = Following(replace(QUIET, toast=wanted("all")), rink=rink)
    here.publish(after=600)
    assert here.session.moments(here.session.playhead.at), "there are moments of it"
    assert here.ear.toasts == []
    here.finish(4)
    assert len(here.ear.toasts) == 1, "and from then on it is"


def test_a_poll_that_failed_between_makes_it_no_less_news() -> None:
    here = Following(replace(QUIET, toast=wanted("all")))
    here.rink.clock.on(3)
    here.rink.recorder.failed(isu.results_path(EVENT, 1), "the feed timed out")
    here.finish(0)
    assert len(here.ear.toasts) == 1


def test_another_program_on_the_tape_tells_its_own(tmp_path: Path) -> None:
    rink = under_way(file=tmp_path / "one.tape")
    writer = Following(replace(QUIET, toast=wanted("all")), rink=rink)
    reader = Session(Tape(rink.tape.file), EVENT, Source.CACHE, clock=rink.clock, here=OSLO)
    ear = Ear()
    announcer = Announcer(replace(QUIET, toast=wanted("all")), ear, XTERM)
    announcer.follow(reader)
    writer.finish(0)
    announcer.look()
    assert ear.toasts == writer.ear.toasts
    reader.tape.close()


def test_two_documents_of_the_same_millisecond_are_both_told() -> None:
    here = Following(replace(QUIET, toast=wanted("all")))
    here.finish(0)
    here.rink.wire.start(2)
    here.rink.wire.finish(2, 0, 35_000)
    here.publish(after=0)
    here.ear.time_passes()
    assert [race for race, _ in here.ear.toasts] == ["W500", "M500"]


def test_a_delay_of_a_start_is_news_though_its_document_is_asked_for_seldom() -> None:
    from datetime import timedelta

    here = Following(replace(QUIET, toast=wanted("key")))
    here.rink.wire.races[2].begin += timedelta(minutes=10)
    here.publish(after=600)
    assert [race for race, _ in here.ear.toasts] == ["M500"]


def test_a_race_of_an_earlier_day_that_is_laid_beside_it_is_not_told() -> None:
    here = Following(replace(QUIET, toast=wanted("all")))
    said = here.session.playhead.at
    old = Moment(said - 86_400_000, Kind.RECORD, "W500", "KOK 37.05", sign="TR")
    here.rink.tape.keep_moments(1, 1, [(old.at, old.to_json())])
    here.announcer.look()
    assert here.ear.toasts == []


# --- whose, and which ----------------------------------------------------------------------------


def test_by_default_only_those_who_are_followed_and_records_are_told() -> None:
    here = Following(Notifications())
    here.finish(0)
    assert here.ear.toasts == []
    skater = here.rink.wire.races[1].rows[1]
    here.session.followed = Followed(
        skaters=(FollowedSkater(skater.family, skater.given, skater.noc, Gender.WOMEN),)
    )
    here.finish(1, 40_000)
    assert here.ear.toasts == [("W500", f"{here.name(1)} 40.00, 1.00 behind {here.name(0)}")]


def test_each_way_has_its_own_wishes() -> None:
    here = Following(
        Notifications(
            toast=wanted("opener"),
            bell=wanted("podium"),
            desktop=wanted("leader"),
            title=Wanted(),
        )
    )
    here.finish(0)
    assert here.ear.toasts == []
    (asked,) = here.ear.written
    assert asked == f"\x1b]777;notify;W500 · Oslo;{here.name(0)} 39.00 leads\a"
    here.ear.time_passes()
    here.finish(1, 40_000)
    assert here.ear.written[1:] == ["\a"]


def test_nothing_wanted_is_nothing_told() -> None:
    here = Following(QUIET)
    here.finish(0)
    assert here.ear.is_silent


# --- how often -----------------------------------------------------------------------------------


def test_several_moments_of_one_document_are_told_at_once_the_loudest_first() -> None:
    here = Following(replace(QUIET, toast=wanted("all"), bell=wanted("all")))
    for row, time in ((0, 40_000), (1, 39_000), (2, 36_500), (3, 41_000)):
        here.rink.wire.finish(1, row, time)
    here.publish()
    ((race, words),) = here.ear.toasts
    assert race == "W500"
    assert words.endswith("; and 3 more")
    assert here.ear.written == ["\a"]


def test_a_finish_that_is_a_record_and_the_lead_is_one_thing() -> None:
    here = Following(replace(QUIET, toast=wanted("all", "finish")))
    here.finish(0)
    here.ear.time_passes()
    here.finish(1)
    assert [words.count("more") for _, words in here.ear.toasts] == [0, 0]


def test_what_follows_at_once_is_gathered_and_told_together() -> None:
    here = Following(replace(QUIET, toast=wanted("all")))
    for row in range(4):
        here.finish(row, after=1)
    assert len(here.ear.toasts) == 1
    (gathering,) = [later for later in here.ear.later if not later.stopped]
    assert gathering.seconds == GATHER_S
    here.ear.time_passes()
    assert len(here.ear.toasts) == 2
    assert here.ear.toasts[1][1].endswith("; and 2 more")
    here.ear.time_passes()
    assert len(here.ear.toasts) == 2
    here.finish(4)
    assert len(here.ear.toasts) == 3, "after a pause it is told at once again"


# --- the title -----------------------------------------------------------------------------------


def test_the_title_tells_the_last_key_moment_and_is_given_back() -> None:
    here = Following(replace(QUIET, title=wanted("key")))
    assert here.ear.written == [], "it is left alone until there is something to tell"
    here.finish(0)
    here.finish(1)
    assert here.ear.written == [
        "\x1b[22;2t",
        f"\x1b]2;W500 {here.name(0)} 39.00 1st · rinkside\a",
        f"\x1b]2;W500 {here.name(1)} 38.90 1st · rinkside\a",
    ], "it does not wait for what else happens"
    here.announcer.close()
    assert here.ear.written[3:] == ["\x1b]2;\a\x1b[23;2t"]
    here.announcer.close()
    here.finish(2)
    assert len(here.ear.written) == 4


def test_a_title_nobody_set_is_not_given_back() -> None:
    here = Following(replace(QUIET, title=wanted("record")))
    here.finish(0)
    here.announcer.close()
    assert here.ear.written == []


def test_a_console_without_a_window_gets_no_title() -> None:
    here = Following(replace(QUIET, title=wanted("all")), environ={"TERM": "linux"})
    here.finish(0)
    here.announcer.close()
    assert here.ear.written == []


def test_another_meet_takes_the_title_of_the_former_away() -> None:
    here = Following(replace(QUIET, title=wanted("key"), toast=wanted("key")))
    here.finish(0)
    here.finish(1)
    here.announcer.follow(sprint_evening().session())
    assert here.ear.written[-1] == "\x1b]2;rinkside\a"
    here.ear.time_passes()
    assert len(here.ear.toasts) == 1, "what was gathered of the former meet is not told"


@pytest.mark.parametrize(
    ("moment", "words"),
    [
        (
            Moment(
                0,
                Kind.RECORD,
                "W500",
                "KOK 37.05, 0.20 under Kodaira's 37.25 (2019)",
                (Person("KOK Femke", "NED"),),
                {"time_ms": 37_059},
                sign="TR",
            ),
            "W500 KOK 37.05 TR",
        ),
        (
            Moment(
                0,
                Kind.PODIUM,
                "W1500",
                "LEE N-H. 1:55.01, 0.03 behind KOK",
                (),
                {"time_ms": 115_010},
                sign="2",
            ),
            "W1500 LEE N-H. 1:55.01 2nd",
        ),
        (
            Moment(0, Kind.OFFICIAL, "M500", "M500 is official: STOLZ, ŻUREK", sign=""),
            "M500 is official: STOLZ, ŻUREK",
        ),
        (
            Moment(
                0,
                Kind.CORRECTION,
                "W500",
                "KOK corrected from 37.05 to 37.03",
                (),
                {"time_ms": 37_030},
                sign="±",
            ),
            "W500 KOK corrected from 37.05 to 37.03",
        ),
        (
            Moment(0, Kind.LEADER, "W500", "a text without it", (), {"time_ms": 37_030}, sign="1"),
            "W500 a text without it",
        ),
    ],
    ids=lambda value: value if isinstance(value, str) else value.kind,
)
def test_a_moment_in_short(moment: Moment, words: str) -> None:
    assert in_short(moment) == words


# --- the desktop ---------------------------------------------------------------------------------


def test_in_tmux_it_is_wrapped_and_the_bell_and_title_are_not() -> None:
    here = Following(
        Notifications(bell=wanted("key"), desktop=wanted("key"), desktop_protocol=Protocol.OSC9),
        environ={"TERM": "tmux-256color", "TMUX": "socket,1,0"},
    )
    here.finish(0)
    leads = f"{here.name(0)} 39.00 leads"
    assert here.ear.written == [
        "\x1b[22;2t",
        f"\x1b]2;W500 {here.name(0)} 39.00 1st · rinkside\a",
        "\a",
        f"\x1bPtmux;\x1b\x1b]9;W500 · Oslo: {leads}\a\x1b\\",
    ]


# --- the playhead --------------------------------------------------------------------------------


def replay(bundled_tape: Tape, settings: Notifications, clock: str) -> tuple[Session, Ear, Clock]:
    now = Clock(rink_time("20 12:00"))
    session = Session(bundled_tape, EVENT, Source.BUNDLED, clock=now, here=OSLO)
    session.playhead = Playhead.playing(now, rink_time(clock), 8)
    return session, Ear(), now


def test_a_replay_is_not_told(bundled_tape: Tape) -> None:
    session, ear, clock = replay(bundled_tape, Notifications(), "12 19:41:30")
    announcer = Announcer(Notifications(), ear, XTERM)
    announcer.follow(session)
    moved(session.playhead, clock, rink_time("12 19:42:10"))
    announcer.look()
    assert ear.is_silent


def test_a_replay_is_told_where_that_is_asked_for_as_the_playhead_passes(
    bundled_tape: Tape,
) -> None:
    settings = Notifications(replays=True)
    session, ear, clock = replay(bundled_tape, settings, "12 19:41:30")
    announcer = Announcer(settings, ear, XTERM)
    announcer.follow(session)
    announcer.look()
    assert ear.toasts == []
    for _ in range(200):
        due = next(later for later in reversed(ear.later) if not later.stopped)
        if ear.toasts:
            break
        clock.on(due.seconds)
        assert due.seconds < 60
        due.then()
    (toast,) = ear.toasts
    assert toast == ("W500", "KOK 37.05, 0.20 under Kodaira's 37.25 (2019)")
    at = session.playhead.at
    (record,) = [m for m in session.moments(at) if m.kind is Kind.RECORD and m.race == "W500"]
    assert at - record.at < 200, "not before the playhead is there, and not long after"
    assert "\x1b]2;W500 KOK 37.05 TR · rinkside\a" in ear.written


def test_what_the_playhead_jumped_over_is_not_told(bundled_tape: Tape) -> None:
    settings = Notifications(replays=True)
    session, ear, clock = replay(bundled_tape, settings, "12 19:00")
    announcer = Announcer(settings, ear, XTERM)
    announcer.follow(session)
    session.playhead = Playhead.playing(clock, rink_time("12 20:29"), 8)
    announcer.look()
    assert ear.toasts == []
    session.playhead = Playhead.playing(clock, rink_time("12 19:41:30"), 8)
    announcer.look()
    moved(session.playhead, clock, rink_time("12 19:42:10"))
    announcer.look()
    assert len(ear.toasts) == 1, "sent back, it is told when it happens again"


# --- the program ---------------------------------------------------------------------------------


class Driver:
    """Takes the place of a terminal's driver and keeps what is written to it."""

    def __init__(self, driver: Any) -> None:
        self._driver = driver
        self.written: list[str] = []

    def __getattr__(self, name: str) -> Any:
        return getattr(self._driver, name)

    @property
    def is_headless(self) -> bool:
        return False

    def write(self, data: str) -> None:
        self.written.append(data)


def write_settings(directory: Path, text: str) -> None:
    file = locations(directory).settings
    file.parent.mkdir(parents=True, exist_ok=True)
    file.write_text(text, "utf-8")


async def changed(app: StillApp, pilot: Any) -> None:
    app.screen.post_message(TapeChanged())
    await pilot.pause()


async def test_the_program_tells_what_is_wished_and_nothing_else(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("TERM", "xterm-256color")
    for name in ("TMUX", "STY", "TERM_PROGRAM", "LC_TERMINAL"):
        monkeypatch.delenv(name, raising=False)
    rink = under_way()
    write_settings(
        tmp_path,
        '[notifications]\ntoast = "leader"\nbell = "leader"\ndesktop = "leader"\n'
        'desktop-protocol = "osc9"\n',
    )
    app = live_app(tmp_path, rink)
    async with running(app) as pilot:
        driver = Driver(app._driver)
        app._driver = driver  # type: ignore[assignment]
        await changed(app, pilot)
        assert told(app) == []
        rink.wire.finish(1, 0, 39_000)
        poll(rink, after=3)
        await changed(app, pilot)
        name = family(rink, 0)
        assert told(app) == [f"{name} 39.00 leads"]
        (toast,) = app._notifications
        assert toast.title == "W500"
        assert not toast.markup
        sequences = [text for text in driver.written if text.startswith(("\x1b]", "\a", "\x1b[22"))]
        assert sequences == [
            "\x1b[22;2t",
            f"\x1b]2;W500 {name} 39.00 1st · rinkside\a",
            "\a",
            f"\x1b]9;W500 · Oslo: {name} 39.00 leads\a",
        ]
        driver.written.clear()
    assert "\x1b]2;\a\x1b[23;2t" in driver.written, "the title is given back at the end"


@pytest.mark.parametrize("key", ["p", "s", "m", "question_mark"])
async def test_it_is_told_on_every_screen(tmp_path: Path, key: str) -> None:
    rink = under_way()
    write_settings(tmp_path, '[notifications]\ntoast = "key"\n')
    app = live_app(tmp_path, rink)
    async with running(app) as pilot:
        await pilot.press(key)
        rink.wire.finish(1, 0, 39_000)
        poll(rink, after=3)
        app._tell_change()
        await pilot.pause()
        assert told(app) == [f"{family(rink, 0)} 39.00 leads"]


async def test_the_demo_tells_nothing(data: Path) -> None:
    clock = Clock(rink_time("20 12:00"))
    app = bundled_app(data, rink_time("12 19:41:40"), speed=8, demo=True, clock=clock)
    async with running(app) as pilot:
        clock.on(10)
        await changed(app, pilot)
        assert told(app) == []


async def test_without_a_terminal_nothing_is_written(tmp_path: Path) -> None:
    rink = under_way()
    write_settings(tmp_path, '[notifications]\nbell = "all"\ndesktop = "all"\n')
    app = live_app(tmp_path, rink)
    async with running(app) as pilot:
        driver, app._driver = app._driver, None
        rink.wire.finish(1, 0, 39_000)
        poll(rink, after=3)
        await changed(app, pilot)
        app._driver = driver
        assert app.is_running
        (announcer,) = [app._announcer]
        assert announcer is not None
        assert announcer._gathering is not None, "it was told"


async def test_settings_that_cannot_be_used_are_one_message(tmp_path: Path) -> None:
    write_settings(tmp_path, '[notifications]\ntoast = "[b]loud"\nbel = "all"\n')
    app = live_app(tmp_path, under_way())
    async with running(app):
        (message,) = told(app)
        assert 'notifications.toast is "[b]loud"' in message
        assert "notifications.bel is unknown" in message
        assert app.is_running


async def test_a_meet_that_is_turned_to_is_told_from_then_on(data: Path) -> None:
    write_settings(data, '[notifications]\ntoast = "all"\n')
    app = live_app(data, under_way())
    async with running(app) as pilot:
        app.turn_to("2026_NOR_0001")
        await changed(app, pilot)
        assert told(app) == []


def test_in_a_real_terminal_the_title_comes_and_goes(tmp_path: Path, data: Path) -> None:
    settings = tmp_path / "home" / "config-home" / "rinkside" / "settings.toml"
    settings.parent.mkdir(parents=True)
    settings.write_text('[notifications]\nreplays = true\nbell = "record"\ndesktop = "record"\n')
    words: list[str | Path] = ["demo", "--speed", "60", "--offline", "--data-dir", data / "data"]
    with Terminal(
        [sys.executable, "-m", "rinkside", *words],
        home=tmp_path / "home",
        environ={"TMUX": "socket,1,0"},
    ) as terminal:
        terminal.wait_for(lambda _: terminal.title.startswith("W500 KOK 37.05 TR"))
        terminal.wait_for(lambda _: b"\x1bPtmux;\x1b\x1b]777;notify;W500" in terminal.output)
        terminal.press("q")
        assert terminal.finish() == 0
        assert terminal.output.count(b"\x1b[22;2t") == 1
        assert terminal.output.count(b"\x1b]2;\a\x1b[23;2t") == 1
        assert terminal.title == ""
