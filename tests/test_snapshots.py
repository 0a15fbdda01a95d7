"""Pictures of the screens, on a clock that stands still.

A picture that differs is looked at, beside the one before, and then accepted with
``--snapshot-update``.
"""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Iterable
from pathlib import Path
from typing import Any, Protocol

import pytest
from msgspec.structs import replace
from textual.app import App
from textual.pilot import Pilot
from textual.widgets import Input

from evenings import own_file, recorded_evening
from longtrack.health import Health
from meets import (
    EVENING,
    Rink,
    StillApp,
    bundled_app,
    follow,
    live_app,
    ms,
    rink_time,
    sprint_evening,
)
from rinkside.followed import Followed
from rinkside.messages import HealthChanged
from rinkside.outlet import Outlet
from rinkside.tapes import kept_tapes
from rinkside_themes import bundled_names

SMALLEST, USUAL, WIDE, WALL = (60, 20), (80, 24), (120, 36), (200, 50)
OPENER, FINISH = "12 19:41:42", "12 19:42:08"


class Compare(Protocol):
    """The fixture of pytest-textual-snapshot."""

    def __call__(
        self,
        app: App[None],
        press: Iterable[str] = (),
        terminal_size: tuple[int, int] = (80, 24),
        run_before: Callable[[Pilot[None]], Awaitable[None] | None] | None = None,
    ) -> bool: ...


def sized(*sizes: tuple[int, int]) -> pytest.MarkDecorator:
    return pytest.mark.parametrize("size", sizes, ids=lambda size: f"{size[0]}x{size[1]}")


def at(data: Path, moment: str, race: str | None = None) -> StillApp:
    return bundled_app(data, rink_time(moment), race=race)


@sized(SMALLEST, USUAL, WIDE, WALL)
def test_last_pair_after_the_opener(
    snap_compare: Compare, data: Path, size: tuple[int, int]
) -> None:
    assert snap_compare(at(data, OPENER), terminal_size=size)


@sized(SMALLEST, USUAL, WIDE, WALL)
def test_last_pair_just_finished(snap_compare: Compare, data: Path, size: tuple[int, int]) -> None:
    assert snap_compare(at(data, FINISH), terminal_size=size)


@sized(USUAL, WIDE)
def test_without_spoilers_no_race_tells_who_has_won(
    snap_compare: Compare, data: Path, size: tuple[int, int]
) -> None:
    app = at(data, "12 20:31:30")
    app.session.spoiler_free = True
    assert snap_compare(app, terminal_size=size)


@sized(USUAL)
def test_programme_without_spoilers(
    snap_compare: Compare, data: Path, size: tuple[int, int]
) -> None:
    app = at(data, "12 20:31:30")
    app.session.spoiler_free = True
    assert snap_compare(app, press=["p"], terminal_size=size)


@sized(USUAL, WIDE)
def test_1500_with_the_last_pair_at_1100_m(
    snap_compare: Compare, data: Path, size: tuple[int, int]
) -> None:
    assert snap_compare(at(data, "12 21:01:52"), terminal_size=size)


@sized(USUAL, WIDE)
def test_mass_start_official(snap_compare: Compare, data: Path, size: tuple[int, int]) -> None:
    assert snap_compare(at(data, "14 15:50", "WMS"), terminal_size=size)


@sized(USUAL, WIDE)
def test_team_pursuit_official(snap_compare: Compare, data: Path, size: tuple[int, int]) -> None:
    assert snap_compare(at(data, "14 13:40", "WTP"), terminal_size=size)


@sized(USUAL, WIDE)
def test_division_b_with_more_rows_than_fit(
    snap_compare: Compare, data: Path, size: tuple[int, int]
) -> None:
    app = at(data, "13 18:00", "M5000B")
    assert snap_compare(app, press=["pagedown", "down"], terminal_size=size)


@sized(USUAL, WIDE)
def test_start_list(snap_compare: Compare, data: Path, size: tuple[int, int]) -> None:
    assert snap_compare(at(data, "12 18:20", "W500"), terminal_size=size)


@sized(WIDE)
def test_race_over(snap_compare: Compare, data: Path, size: tuple[int, int]) -> None:
    assert snap_compare(at(data, "12 20:10", "W500"), terminal_size=size)


@sized(WIDE)
def test_5000_official(snap_compare: Compare, data: Path, size: tuple[int, int]) -> None:
    assert snap_compare(at(data, "13 17:30", "M5000"), terminal_size=size)


@sized(USUAL)
def test_moments_in_front(snap_compare: Compare, data: Path, size: tuple[int, int]) -> None:
    assert snap_compare(at(data, FINISH), press=["tab", "tab"], terminal_size=size)


@sized(SMALLEST, USUAL)
def test_cup_in_front(snap_compare: Compare, data: Path, size: tuple[int, int]) -> None:
    assert snap_compare(at(data, FINISH), press=["down", "tab"], terminal_size=size)


@sized(USUAL, WIDE)
def test_programme(snap_compare: Compare, data: Path, size: tuple[int, int]) -> None:
    assert snap_compare(at(data, OPENER), press=["p"], terminal_size=size)


def who_follows(app: StillApp) -> StillApp:
    app.session.followed = Followed(nations=frozenset({"NED"}))
    return app


@sized(SMALLEST, USUAL, WIDE)
def test_log(snap_compare: Compare, data: Path, size: tuple[int, int]) -> None:
    app = who_follows(at(data, FINISH))
    assert snap_compare(app, press=["m", "down", "down"], terminal_size=size)


async def open_log(pilot: Pilot[None]) -> None:
    await pilot.press("m")
    pilot.app.screen.query_one(Input).cursor_blink = False


@sized(USUAL, WIDE)
def test_log_searched(snap_compare: Compare, data: Path, size: tuple[int, int]) -> None:
    app = who_follows(at(data, "15 12:00"))
    keys = ["slash", *"yoshida", "down"]
    assert snap_compare(app, press=keys, terminal_size=size, run_before=open_log)


@sized(SMALLEST, USUAL)
def test_log_of_key_moments(snap_compare: Compare, data: Path, size: tuple[int, int]) -> None:
    app = at(data, "13 18:00")
    assert snap_compare(app, press=["m", "2", *["down"] * 14], terminal_size=size)


@pytest.mark.parametrize("theme", bundled_names())
def test_log_in_a_theme(snap_compare: Compare, data: Path, theme: str) -> None:
    app = who_follows(at(data, FINISH))
    app.theme = theme
    assert snap_compare(app, press=["m", "2", "down"], terminal_size=USUAL)


@sized(USUAL)
def test_toast(snap_compare: Compare, data: Path, size: tuple[int, int]) -> None:
    async def tell(pilot: Pilot[None]) -> None:
        Outlet(app).tell("W500", "KOK 37.05, 0.20 under Kodaira's 37.25 (2019); and 2 more")
        await pilot.pause()

    app = at(data, FINISH)
    assert snap_compare(app, terminal_size=size, run_before=tell)


@sized(SMALLEST, USUAL, WIDE, WALL)
def test_standings(snap_compare: Compare, data: Path, size: tuple[int, int]) -> None:
    app = bundled_app(data, race="W500")
    assert snap_compare(app, press=["s", "down", "down", "down"], terminal_size=size)


@sized(USUAL, WIDE)
def test_standings_while_the_race_is_on(
    snap_compare: Compare, data: Path, size: tuple[int, int]
) -> None:
    assert snap_compare(at(data, "12 19:38"), press=["s", "down"], terminal_size=size)


@sized(USUAL, WIDE)
def test_standings_of_teams(snap_compare: Compare, data: Path, size: tuple[int, int]) -> None:
    assert snap_compare(bundled_app(data, race="MTP"), press=["s", "j"], terminal_size=size)


@sized(SMALLEST, WIDE)
def test_olympic_places(snap_compare: Compare, data: Path, size: tuple[int, int]) -> None:
    app = bundled_app(data, race="M5000")
    assert snap_compare(app, press=["s", "Q", *["down"] * 12], terminal_size=size)


@pytest.mark.parametrize("theme", bundled_names())
def test_standings_in_a_theme(snap_compare: Compare, data: Path, theme: str) -> None:
    app = bundled_app(data, race="W500")
    app.theme = theme
    assert snap_compare(app, press=["s", "down", "down", "down"], terminal_size=USUAL)


@pytest.mark.parametrize("theme", bundled_names())
def test_theme(snap_compare: Compare, data: Path, theme: str) -> None:
    app = at(data, FINISH)
    app.theme = theme
    assert snap_compare(app, press=["down", "down"], terminal_size=WIDE)


def test_no_colour(snap_compare: Compare, data: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("NO_COLOR", "1")
    assert snap_compare(at(data, OPENER), terminal_size=WIDE)


@sized(USUAL, WIDE)
def test_no_feed(snap_compare: Compare, tmp_path: Path, size: tuple[int, int]) -> None:
    rink = sprint_evening(starters=16)
    rink.wire.start(1)
    rink.publish()
    for row in range(10):
        rink.wire.finish(1, row, 37_600 + 170 * (row * 7 % 10))
        rink.publish(after=30)
    for row in (10, 11):
        rink.wire.passage(1, row, 0, 10_400 + 60 * row)
    rink.publish(after=90)
    app = live_app(tmp_path, rink)
    rink.clock.on(185)
    failed = Health(interval_ms=3_000, error="the feed timed out", next_try=rink.clock() + 24_000)

    async def fail(pilot: Pilot[None]) -> None:
        pilot.app.screen.post_message(HealthChanged(failed))
        await pilot.pause()

    assert snap_compare(app, terminal_size=size, run_before=fail)


def under_way(done: float, **race: Any) -> Rink:
    """Return an invented meet with one race, skated so far."""
    rink = Rink()
    rink.wire.add_race(begin=EVENING, **race)
    rink.publish(after=-600)
    rink.clock.now = ms(EVENING)
    rink.wire.start(1)
    rink.publish()
    steps = rink.wire.skate(1)
    for step in steps[: round(len(steps) * done)]:
        rink.clock.now = max(rink.clock.now, ms(EVENING) + step.after_ms)
        rink.wire.follow(1, step)
        rink.publish(after=0, only="results")
    return rink


@sized(WIDE)
def test_10000_with_the_difference_chart(
    snap_compare: Compare, tmp_path: Path, size: tuple[int, int]
) -> None:
    rink = under_way(0.65, gender="M", metres=10_000, starters=8)
    assert snap_compare(live_app(tmp_path, rink), terminal_size=size)


@sized(USUAL, WIDE)
def test_1500_with_the_finish_to_expect_at_1100_m(
    snap_compare: Compare, tmp_path: Path, size: tuple[int, int]
) -> None:
    rink = under_way(0.97, metres=1500, starters=16)
    assert snap_compare(live_app(tmp_path, rink), terminal_size=size)


@sized(USUAL, WIDE)
def test_1000_with_the_lap_that_takes_the_lead(
    snap_compare: Compare, tmp_path: Path, size: tuple[int, int]
) -> None:
    rink = under_way(0.96, metres=1000, starters=16)
    assert snap_compare(live_app(tmp_path, rink), terminal_size=size)


@sized(WIDE)
def test_10000_compared_with_the_cursor(
    snap_compare: Compare, tmp_path: Path, size: tuple[int, int]
) -> None:
    rink = under_way(0.65, gender="M", metres=10_000, starters=8)
    app = live_app(tmp_path, rink)
    assert snap_compare(app, press=["down", "down", "down"], terminal_size=size)


@sized(USUAL, WIDE, WALL)
def test_500_compared_with_the_cursor(
    snap_compare: Compare, tmp_path: Path, size: tuple[int, int]
) -> None:
    app = live_app(tmp_path, under_way(0.63, starters=16))
    assert snap_compare(app, press=["down", "down", "down", "down"], terminal_size=size)


@sized(USUAL, WIDE, WALL)
def test_1500_in_differences_to_the_cursor(
    snap_compare: Compare, tmp_path: Path, size: tuple[int, int]
) -> None:
    app = live_app(tmp_path, under_way(0.65, metres=1500, starters=12))
    assert snap_compare(app, press=["down", "down", "down", "v"], terminal_size=size)


@sized(USUAL)
def test_quartets(snap_compare: Compare, tmp_path: Path, size: tuple[int, int]) -> None:
    rink = under_way(0.7, metres=3000, starters=12, together=4, division="B")
    assert snap_compare(live_app(tmp_path, rink), terminal_size=size)


@sized(USUAL)
def test_mass_start_under_way(snap_compare: Compare, tmp_path: Path, size: tuple[int, int]) -> None:
    rink = under_way(0.6, kind="MS", metres=None, starters=14, together=14)
    assert snap_compare(live_app(tmp_path, rink), terminal_size=size)


@sized(USUAL)
def test_team_pursuit_under_way(
    snap_compare: Compare, tmp_path: Path, size: tuple[int, int]
) -> None:
    rink = under_way(0.6, kind="TP", metres=None, starters=8)
    assert snap_compare(live_app(tmp_path, rink), terminal_size=size)


FAVOURITES = ("Kok Femke NED W", "Fledderus Marrit NED W", "Stolz Jordan USA M")


@sized(SMALLEST, USUAL, WIDE)
def test_those_who_are_followed(snap_compare: Compare, data: Path, size: tuple[int, int]) -> None:
    follow(data, *FAVOURITES)
    assert snap_compare(at(data, "12 19:41"), terminal_size=size)


@sized(SMALLEST, USUAL, WIDE)
def test_followed_alone(snap_compare: Compare, data: Path, size: tuple[int, int]) -> None:
    follow(data, *FAVOURITES, nations=("JPN",))
    assert snap_compare(at(data, OPENER), press=["F", "down"], terminal_size=size)


@sized(USUAL)
def test_programme_with_those_who_are_followed(
    snap_compare: Compare, data: Path, size: tuple[int, int]
) -> None:
    follow(data, *FAVOURITES)
    assert snap_compare(at(data, "12 19:41"), press=["p"], terminal_size=size)


@sized(SMALLEST, WIDE)
def test_standings_with_those_who_are_followed(
    snap_compare: Compare, data: Path, size: tuple[int, int]
) -> None:
    follow(data, *FAVOURITES, nations=("JPN",))
    assert snap_compare(at(data, "12 19:41"), press=["s", "F"], terminal_size=size)


def test_a_window_too_small(snap_compare: Compare, data: Path) -> None:
    assert snap_compare(at(data, OPENER), terminal_size=(52, 14))


def test_help(snap_compare: Compare, data: Path) -> None:
    assert snap_compare(at(data, OPENER), press=["question_mark"], terminal_size=WIDE)


@sized(SMALLEST, USUAL, WIDE)
@pytest.mark.parametrize("key", ["down", "x"], ids=["listed", "asked"])
def test_tapes(
    snap_compare: Compare,
    data: Path,
    monkeypatch: pytest.MonkeyPatch,
    size: tuple[int, int],
    key: str,
) -> None:
    # How large a tape is depends on how it is packed, which is no matter of the picture.
    monkeypatch.setattr("rinkside.screens.tapes._now", lambda: rink_time("20 12:00"))
    monkeypatch.setattr(
        "rinkside.screens.tapes.kept_tapes",
        lambda *where: [
            replace(each, size=1_400 if each.trouble else 705_000) for each in kept_tapes(*where)
        ],
    )
    recorded_evening(own_file(data / "data"), races=4)
    recorded_evening(own_file(data / "data", host="feed.example"))
    damaged = own_file(data / "data", kind="reenacted").with_name("2026_GER_0001.tape")
    damaged.write_bytes(b"garbage" * 200)

    async def list_them(pilot: Pilot[None]) -> None:
        await pilot.press("o")
        await pilot.app.workers.wait_for_complete()
        await pilot.pause()
        await pilot.press(key)

    assert snap_compare(at(data, OPENER), terminal_size=size, run_before=list_them)
