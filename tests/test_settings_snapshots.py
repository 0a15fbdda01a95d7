"""Pictures of the settings, and of the meet as settings make it look."""

from __future__ import annotations

from pathlib import Path

from meets import StillApp, locations
from test_snapshots import FINISH, SMALLEST, USUAL, WIDE, Compare, at, sized


def having(data: Path, text: str) -> StillApp:
    file = locations(data).settings
    file.parent.mkdir()
    file.write_text(text)
    app = at(data, FINISH)
    app.preferences.file = Path("/home/fan/.config/rinkside/settings.toml")
    return app


@sized(SMALLEST, USUAL, WIDE)
def test_settings(snap_compare: Compare, data: Path, size: tuple[int, int]) -> None:
    app = having(data, '[display]\nnames = "given-first"\n[notifications]\nbell = "record"\n')
    assert snap_compare(app, press=["c", "down", "down"], terminal_size=size)


@sized(USUAL, WIDE)
def test_plain_signs(snap_compare: Compare, data: Path, size: tuple[int, int]) -> None:
    assert snap_compare(having(data, '[display]\nsigns = "ascii"\n'), terminal_size=size)


@sized(USUAL, WIDE)
def test_twelve_hours_and_given_names(
    snap_compare: Compare, data: Path, size: tuple[int, int]
) -> None:
    app = having(data, '[display]\ntime = "12h"\nnames = "given-first"\n')
    assert snap_compare(app, terminal_size=size)


@sized(USUAL)
def test_keys_elsewhere(snap_compare: Compare, data: Path, size: tuple[int, int]) -> None:
    text = '[keys]\nstandings = "C"\nprogramme = "P"\nhelp = "H"\n'
    assert snap_compare(having(data, text), terminal_size=size)
