"""Pictures of the skater's page and of head to head, on a clock that stands still."""

from __future__ import annotations

from pathlib import Path

import tenthousand
from meets import StillApp, bundled_season, live_app
from test_snapshots import FINISH, SMALLEST, USUAL, WALL, WIDE, Compare, at, sized


def ten_thousand(directory: Path) -> StillApp:
    app = live_app(directory, tenthousand.rink())
    app.session.season = bundled_season()
    return app


@sized(SMALLEST, USUAL, WIDE, WALL)
def test_page_of_a_10000(snap_compare: Compare, tmp_path: Path, size: tuple[int, int]) -> None:
    assert snap_compare(ten_thousand(tmp_path), press=["down", "enter"], terminal_size=size)


@sized(SMALLEST, USUAL, WIDE)
def test_page_of_a_500(snap_compare: Compare, data: Path, size: tuple[int, int]) -> None:
    app = at(data, FINISH, "W500")
    assert snap_compare(app, press=["down", "enter"], terminal_size=size)


@sized(SMALLEST, USUAL, WIDE)
def test_page_of_a_season(snap_compare: Compare, data: Path, size: tuple[int, int]) -> None:
    app = at(data, FINISH, "W500")
    assert snap_compare(app, press=["down", "enter", "2"], terminal_size=size)


@sized(SMALLEST, USUAL, WIDE)
def test_page_of_bests(snap_compare: Compare, data: Path, size: tuple[int, int]) -> None:
    app = at(data, FINISH, "W500")
    assert snap_compare(app, press=["down", "enter", "3"], terminal_size=size)


@sized(SMALLEST, USUAL, WIDE, WALL)
def test_head_to_head_at_1100_m(snap_compare: Compare, data: Path, size: tuple[int, int]) -> None:
    app = at(data, "12 21:01:52", "W1500")
    assert snap_compare(app, press=["h"], terminal_size=size)


@sized(WIDE)
def test_head_to_head_of_a_10000(
    snap_compare: Compare, tmp_path: Path, size: tuple[int, int]
) -> None:
    assert snap_compare(ten_thousand(tmp_path), press=["down", "h"], terminal_size=size)
