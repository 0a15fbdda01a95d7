"""Following by keys, on the meet screen and on the standings, and what is kept of it."""

from __future__ import annotations

from pathlib import Path

import pytest
from msgspec.structs import replace
from rich.cells import cell_len

from longtrack.model import Gender, Skater
from meets import (
    Rink,
    StillApp,
    bundled_app,
    everything,
    follow,
    live_app,
    locations,
    rink_time,
    running,
    shown,
    sprint_evening,
    told,
)
from rinkside.followed import Followed
from rinkside.followed_file import FollowedFile
from rinkside.messages import TapeChanged
from rinkside.screens.programme import ProgrammeScreen
from rinkside.screens.standings import StandingsScreen
from rinkside.widgets.lines import LinesView

OPENER = "12 19:41:42"
BREAK = "12 19:41:00"
"""Pair 9 has finished, pair 10 with KOK and JACKSON is to come."""
SIZES = [(60, 20), (80, 24), (120, 36), (160, 45), (200, 50)]


def at(data: Path, moment: str = BREAK, race: str | None = None) -> StillApp:
    return bundled_app(data, rink_time(moment), race=race)


def kept(data: Path) -> Followed:
    file = FollowedFile(locations(data).followed, "", lambda: 0)
    assert file.read() is None
    return file.followed


def rows_with_sign(app: StillApp, part: str = "board") -> list[str]:
    return [line for line in shown(app, part) if line[1:2] == "*"]


# --- the meet screen -----------------------------------------------------------------------------


async def test_f_follows_the_skater_under_the_cursor_and_no_longer(data: Path) -> None:
    app = at(data)
    async with running(app) as pilot:
        await pilot.press("down", "f")
        assert told(app) == ["Following ZIOMEK-NOGAL Kaja."]
        (row,) = rows_with_sign(app)
        assert "ZIOMEK-NOGAL" in row
        assert [each.family for each in kept(data).skaters] == ["ZIOMEK-NOGAL"]
        await pilot.press("f")
        assert told(app)[-1] == "No longer following ZIOMEK-NOGAL Kaja."
        assert not rows_with_sign(app)
        assert not kept(data)


async def test_without_a_cursor_it_says_what_to_do(data: Path) -> None:
    app = at(data)
    async with running(app) as pilot:
        await pilot.press("f", "n", "F")
        assert told(app) == [
            "Put the cursor on somebody (↑ ↓): f follows the skater, N the nation.",
            "Put the cursor on somebody (↑ ↓): f follows the skater, N the nation.",
            "You follow nobody yet: f follows the skater under the cursor, N the nation.",
        ]
        assert not locations(data).followed.exists()


@pytest.mark.parametrize("key", ["n", "N"])
async def test_n_follows_the_nation_of_the_cursors_skater(data: Path, key: str) -> None:
    app = at(data)
    async with running(app, (80, 26)) as pilot:
        await pilot.press("down", "down", key)
        assert told(app) == ["Following all of JPN; the same key ends that."]
        assert ["JPN" in row for row in rows_with_sign(app)] == [True, True]
        await pilot.press("f")
        assert told(app)[-1] == "Following YOSHIDA Yukino."
        await pilot.press("f")
        assert told(app)[-1] == "No longer following YOSHIDA Yukino, but still all of JPN."
        await pilot.press(key)
        assert told(app)[-1] == "No longer following all of JPN."
        assert not rows_with_sign(app)
        assert not kept(data)


async def test_f_on_a_team_follows_its_nation(data: Path) -> None:
    app = at(data, "14 13:20", "WTP")
    async with running(app) as pilot:
        await pilot.press("down", "f")
        assert told(app) == ["Following all of CAN; the same key ends that."]
        assert "CANADA" in rows_with_sign(app)[0]
        assert kept(data).nations == {"CAN"}


async def test_who_was_followed_before_is_marked_in_the_first_picture(data: Path) -> None:
    follow(data, "kok Femke NED W", nations=("USA",))
    app = at(data)
    async with running(app, (80, 26)) as pilot:
        assert "* KOK pair 10 about 19:41" in shown(app, "header")[0]
        assert " 1*W500 live" in shown(app, "tabs")[0]
        assert {row.split()[2] for row in rows_with_sign(app)} <= {"KOK", "JACKSON"}
        await pilot.press("2")
        assert any("STOLZ" in row for row in rows_with_sign(app))
        assert "* KOK W500 pair 10" in shown(app, "header")[0]


async def test_when_they_start_moves_with_the_playhead_alone(data: Path) -> None:
    follow(data, "Kok Femke NED W")
    app = at(data, "12 18:20", "W500")
    async with running(app) as pilot:
        assert "* KOK pair 10 about 18:49" in shown(app, "header")[0]
        for moment, words in (
            ("12 18:33", "* KOK pair 10 about 18:52"),  # called live, and nobody is clocked
            ("12 19:10", "* KOK pair 10 about 19:40"),
            ("12 19:38", "* KOK pair 10 about 19:41"),
            (OPENER, "* KOK on the ice"),
            ("12 19:42:30", "* KOK 1st 37.05"),
            ("13 09:00", "* KOK W1000 pair 8 about 14:17"),
        ):
            session = app.session
            session.playhead = replace(session.playhead, origin=rink_time(moment))
            app.screen.post_message(TapeChanged())
            await pilot.pause()
            assert words in shown(app, "header")[0], moment


@pytest.mark.parametrize("size", SIZES, ids=lambda size: f"{size[0]}x{size[1]}")
async def test_capital_f_shows_those_who_are_followed_alone(
    data: Path, size: tuple[int, int]
) -> None:
    follow(data, "Kok Femke NED W", "Fledderus Marrit NED W", "Yoshida Yukino JPN W")
    app = at(data, OPENER)
    async with running(app, size) as pilot:
        before = everything(app)
        await pilot.press("F")
        text = everything(app)
        assert "followed 3 of 20" in shown(app, "board")[0]
        assert "KOK Femke" in text
        assert "JACKSON Erin" in text  # she skates against KOK
        below = shown(app, "board")[1:]
        rows = below[: next((n for n, line in enumerate(below) if "WORLD CUP" in line), None)]
        assert not any("WARMUTH" in row for row in rows)
        assert [row[1:2] for row in rows].count("*") == 3
        for view in app.screen.query(LinesView):
            if view.display:
                assert len(view.lines) == view.size.height
                assert all(cell_len(line.text) == view.size.width for line in view.lines)
        if size[0] >= 110:
            # Those of others are gone: the moments are about these three.
            assert "*YOSHIDA" in "\n".join(shown(app, "side"))
            assert "BARAN 37.82" not in "\n".join(shown(app, "side"))
        await pilot.press("F")
        assert everything(app) == before


async def test_the_cursor_moves_over_those_who_are_followed_alone(data: Path) -> None:
    follow(data, "Fledderus Marrit NED W", "Yoshida Yukino JPN W")
    app = at(data)
    async with running(app) as pilot:
        await pilot.press("F", "down", "down", "down")
        (row,) = [line for line in shown(app, "board") if line.startswith("►")]
        assert "FLEDDERUS" in row
        # With the last one who is followed the others come back.
        await pilot.press("f", "up", "f")
        assert "followed" not in shown(app, "board")[0]
        assert "WARMUTH" in "\n".join(shown(app, "board"))


async def test_a_file_that_cannot_be_written_is_said_and_it_holds_all_the_same(data: Path) -> None:
    locations(data).config.write_text("a file where the directory should be")
    app = at(data)
    async with running(app) as pilot:
        await pilot.press("down", "f")
        _, first, second = told(app)  # the themes can't be read either
        assert first == "Following ZIOMEK-NOGAL Kaja."
        assert "can't be written, so this holds until you quit" in second
        assert rows_with_sign(app)


async def test_a_damaged_file_is_said_and_set_aside(data: Path) -> None:
    locations(data).config.mkdir()
    locations(data).followed.write_text("{")
    app = at(data)
    async with running(app):
        assert "is damaged; it was set aside as followed.json.set-aside-" in told(app)[0]


# --- live ----------------------------------------------------------------------------------------


async def test_the_id_of_somebody_known_by_name_is_learnt_and_kept(tmp_path: Path) -> None:
    rink = sprint_evening()
    skater = rink.scene().meet.races[0].entries[0].competitor
    assert isinstance(skater, Skater)
    assert skater.id is not None
    follow(tmp_path, f"{skater.family} {skater.given} {skater.noc} W")
    app = live_app(tmp_path, rink)
    async with running(app) as pilot:
        app._tell_change()
        await pilot.pause()
        (known,) = kept(tmp_path).skaters
        assert list(known.ids.values()) == [skater.id]
        assert app.session.followed.follows(replace(skater, family="Other"), Gender.WOMEN)


async def test_another_meet_is_looked_at_with_the_same_people(data: Path) -> None:
    follow(data, "Kok Femke NED W")
    app = at(data)
    async with running(app) as pilot:
        app.show_opened(app._library.bundled())
        await pilot.pause()
        assert app.session.followed.skaters[0].family == "Kok"


async def test_a_start_to_come_is_put_off_while_nothing_happens(tmp_path: Path) -> None:
    rink: Rink = sprint_evening()
    rink.wire.start(1)
    rink.publish()
    app = live_app(tmp_path, rink)
    async with running(app) as pilot:
        await pilot.press("end", "down", "down", "down", "f")
        words = shown(app, "header")[0]
        assert "* " in words
        rink.clock.on(1800)
        app.screen.post_message(TapeChanged())
        await pilot.pause()
        assert "about 19:5" in shown(app, "header")[0]
        assert shown(app, "header")[0] != words


# --- standings and programme ---------------------------------------------------------------------


async def test_f_follows_on_the_standings_too(data: Path) -> None:
    app = bundled_app(data, race="W500")
    async with running(app) as pilot:
        await pilot.press("s", "down", "f")
        assert told(app) == ["Following YOSHIDA Yukino."]
        (row,) = rows_with_sign(app, "table")
        assert row.startswith("►* 2")
        await pilot.press("N")
        assert told(app)[-1] == "Following all of JPN; the same key ends that."
        assert len(rows_with_sign(app, "table")) >= 2
        await pilot.press("escape")
        assert all(" JPN " in row for row in rows_with_sign(app))
        assert rows_with_sign(app)


async def test_capital_f_filters_the_standings(data: Path) -> None:
    follow(data, "Jackson Erin USA W", "Kok Femke NED W", "Stolz Jordan USA M")
    app = bundled_app(data, race="W500")
    async with running(app) as pilot:
        await pilot.press("s", "F")
        heading, *rows = shown(app, "table")
        assert "2 followed" in heading
        assert [row[1:2] for row in rows if row.strip()] == ["*", "*"]
        await pilot.press("6")
        assert "Nobody you follow has points in this cup; F shows all." in shown(app, "table")[1]
        await pilot.press("1", "F")
        assert "followed" not in shown(app, "table")[0]
        await pilot.press("F", "n")
        assert "NED only" in shown(app, "table")[0]


async def test_capital_f_says_how_to_follow_on_the_standings(data: Path) -> None:
    app = bundled_app(data, race="W500")
    async with running(app) as pilot:
        await pilot.press("s", "F")
        assert told(app) == [
            "You follow nobody yet: f follows the skater under the cursor, N the nation."
        ]


async def test_f_on_a_teams_row_of_the_standings_follows_the_nation(data: Path) -> None:
    app = bundled_app(data, race="MTP")
    async with running(app) as pilot:
        await pilot.press("s", "f")
        assert told(app)[0].startswith("Following all of ")
        assert rows_with_sign(app, "table")


async def test_olympic_places_have_the_sign_and_can_be_followed_from(data: Path) -> None:
    follow(data, nations=("NED",))
    app = bundled_app(data, race="W500")
    async with running(app, (120, 36)) as pilot:
        await pilot.press("s", "Q")
        marked = rows_with_sign(app, "table")
        assert marked
        assert all(" NED " in row for row in marked)
        await pilot.press("down", "down", "down", "f")
        row = next(line for line in shown(app, "table") if line.startswith("►"))
        assert row[1] == "*"
        assert " NED " not in row
        assert told(app)[0].startswith("Following ")
        assert isinstance(app.screen, StandingsScreen)


async def test_the_programme_marks_their_races(data: Path) -> None:
    follow(data, "Kok Femke NED W")
    app = at(data)
    async with running(app) as pilot:
        await pilot.press("p")
        assert isinstance(app.screen, ProgrammeScreen)
        assert "* KOK W500 pair 10 about 19:41" in shown(app, "head")[0]
        row = next(line for line in shown(app, "races") if line[3:].startswith("W500 "))
        assert row[1] == "*"
        assert "live  * KOK pair 10 about 19:41" in row
