"""The log: all moments of a meet, sifted, searched, and the way from one to its skater."""

from __future__ import annotations

import re
from datetime import timedelta
from pathlib import Path
from time import perf_counter
from typing import Any

import pytest
from msgspec.structs import replace
from rich.cells import cell_len
from textual.widgets import Input

from longtrack.model import Gender
from longtrack.moments import Kind, Moment, Person
from meets import (
    EVENING,
    Rink,
    StillApp,
    assert_fills,
    bundled_app,
    entry,
    line_with,
    live_app,
    ms,
    race,
    rink_time,
    running,
    scene,
    shown,
    span_of,
    sprint_evening,
)
from rinkside.drawing import log
from rinkside.followed import Followed, FollowedSkater
from rinkside.log_scene import LogReader, LogScene, Sieve, View
from rinkside.messages import TapeChanged
from rinkside.scene import Scene
from rinkside.screens.log import LogScreen
from rinkside.screens.meet import MeetScreen
from rinkside.screens.skater import SkaterScreen
from rinkside.widgets.lines import LinesView

KOK = Person("KOK Femke", "NED", "1")
ZDRAHALOVA = Person("ZDRÁHALOVÁ Nikola", "CZE", "2")


def moment(text: str, minute: int = 0, **more: object) -> Moment:
    facts: dict[str, object] = {"kind": Kind.FINISH, "race": "W500", "people": (KOK,), **more}
    return Moment(at=ms(EVENING) + 60_000 * minute, text=text, **facts)  # type: ignore[arg-type]


MOMENTS = (
    moment("KOK ~10.33 at 100 m", 1, kind=Kind.PASSAGE, quiet=True),
    moment("KOK 37.05, 1st", 2, quiet=True),
    moment("KOK 37.05 leads", 2, kind=Kind.LEADER, sign="1"),
    moment("ZDRÁHALOVÁ 38.98, 2nd", 4, people=(ZDRAHALOVA,)),
    moment("M500 is official: STOLZ", 5, kind=Kind.OFFICIAL, race="M500", people=()),
)


def two_races(**more: Any) -> Scene:
    men = replace(race([entry(0)], gender=Gender.MEN), number=2)
    return scene(race([entry(0)]), others=(men,), at=ms(EVENING) + 600_000, **more)


def read(view: View | None = None, at: Scene | None = None) -> LogScene:
    return LogReader().read(at or two_races(), MOMENTS, view or View())


def texts(known: LogScene) -> list[str]:
    return [each.text for each in known.moments]


# --- what is listed ------------------------------------------------------------------------------


def test_all_of_it_is_listed_the_newest_first() -> None:
    known = read()
    assert texts(known) == [each.text for each in reversed(MOMENTS)]
    assert known.counts == {Sieve.ALL: 5, Sieve.KEY: 2, Sieve.FOLLOWED: 0}


def test_key_moments_are_those_that_decide_something() -> None:
    known = read(View(sieve=Sieve.KEY))
    assert texts(known) == ["M500 is official: STOLZ", "KOK 37.05 leads"]


def test_of_the_followed_every_moment_is_listed_the_quiet_ones_too() -> None:
    nation = two_races(followed=Followed(nations=frozenset({"NED"})))
    known = read(View(sieve=Sieve.FOLLOWED), nation)
    assert texts(known) == ["KOK 37.05 leads", "KOK 37.05, 1st", "KOK ~10.33 at 100 m"]
    skater = FollowedSkater("Zdrahalova", "Nikola", "CZE", Gender.WOMEN)
    known = read(View(sieve=Sieve.FOLLOWED), two_races(followed=Followed(skaters=(skater,))))
    assert texts(known) == ["ZDRÁHALOVÁ 38.98, 2nd"]


def test_one_race_and_its_counts() -> None:
    known = read(View(race="M500"))
    assert texts(known) == ["M500 is official: STOLZ"]
    assert known.counts == {Sieve.ALL: 1, Sieve.KEY: 1, Sieve.FOLLOWED: 0}


@pytest.mark.parametrize(
    ("query", "found"),
    [
        ("zdrahalova", 1),
        ("Zdráhalová", 1),
        ("nikola", 1),
        ("cze", 1),
        ("m500", 1),
        ("LEADS", 1),
        ("kok 37.05", 2),
        ("37.05 kok", 2),
        ("kok  ", 3),
        ("   ", 5),
        ("[bold]", 0),
    ],
)
def test_a_search_finds_names_nations_races_and_words_without_accents(
    query: str, found: int
) -> None:
    known = read(View(query=query))
    assert len(known.moments) == found
    assert known.counts[Sieve.ALL] == found


def test_what_was_sifted_once_is_not_looked_at_again_and_who_is_followed_may_change() -> None:
    reader = LogReader()
    assert len(reader.read(two_races(), MOMENTS[:3], View()).moments) == 3
    assert len(reader.read(two_races(), MOMENTS, View()).moments) == 5
    # A playhead sent back, and another tape.
    assert texts(reader.read(two_races(), MOMENTS[:2], View())) == [
        "KOK 37.05, 1st",
        "KOK ~10.33 at 100 m",
    ]
    others = [replace(each, text="other") for each in MOMENTS]
    assert set(texts(reader.read(two_races(), others, View()))) == {"other"}
    nation = two_races(followed=Followed(nations=frozenset({"NED"})))
    assert reader.read(nation, others, View()).counts[Sieve.FOLLOWED] == 3


def test_the_cursor_stays_on_its_moment_while_others_come() -> None:
    reader = LogReader()
    at = View(cursor=MOMENTS[2], top=MOMENTS[2], since=MOMENTS[2].at)
    known = reader.read(two_races(), MOMENTS, at)
    assert known.chosen is MOMENTS[2]
    assert (known.cursor, known.top) == (2, 2)
    # Read again from the tape it is another object that says the same.
    again = [replace(each) for each in MOMENTS]
    assert reader.read(two_races(), again, at).chosen == MOMENTS[2]


def test_a_cursor_whose_moment_is_sifted_out_goes_to_the_next_older_one() -> None:
    known = read(View(sieve=Sieve.KEY, cursor=MOMENTS[3], top=MOMENTS[3]))
    assert known.chosen is MOMENTS[2]
    known = read(View(race="M500", cursor=MOMENTS[0]))
    assert known.chosen is MOMENTS[4]
    assert read(View(query="nobody", cursor=MOMENTS[0])).chosen is None


def test_thousands_of_moments_are_sifted_and_drawn_in_no_time() -> None:
    reader = LogReader()
    many = [moment(f"KOK number {n}", n // 100, quiet=bool(n % 2)) for n in range(6000)]
    at = two_races()
    reader.read(at, many, View(query="number"))
    began = perf_counter()
    known = reader.read(at, many, View(query="kok 5", cursor=many[10], top=many[10]))
    log.draw(known, 80, 20)
    assert perf_counter() - began < 0.1


# --- how it is drawn -----------------------------------------------------------------------------


def drawn(known: LogScene, width: int = 80, height: int = 12) -> log.Drawn:
    made = log.draw(known, width, height)
    assert len(made.lines) == height
    assert_fills(made.lines, width)
    return made


def test_clock_race_sign_and_text_stand_in_columns_of_their_own() -> None:
    lines = drawn(read()).lines
    assert lines[0].text.startswith("   time  race    what happened, newest first")
    line = line_with(lines, "leads")
    assert line.text.startswith("   19:22 W500 1  KOK 37.05 leads")
    assert span_of(line, "1").role == "gold"
    assert span_of(line, "KOK 37.05 leads").role == "text"


def test_a_quiet_moment_is_dim_and_the_cursor_has_a_ground() -> None:
    lines = drawn(read()).lines
    assert span_of(line_with(lines, "37.05, 1st"), "KOK 37.05, 1st").role == "dim"
    first = lines[1]
    assert first.text.startswith("►")
    assert first.ground == "cursor"
    assert {line.ground for line in lines[2:]} == {"ground"}


def test_those_who_are_followed_have_their_sign() -> None:
    nation = two_races(followed=Followed(nations=frozenset({"CZE"})))
    lines = drawn(read(at=nation)).lines
    starred = line_with(lines, "ZDRÁHALOVÁ")
    assert starred.text[1] == "*"
    assert span_of(starred, "*").role == "follow"
    assert line_with(lines, "leads").text[1] == " "


def test_the_code_of_a_race_is_not_said_twice() -> None:
    assert "M500    is official: STOLZ" in line_with(drawn(read()).lines, "official").text
    alone = drawn(read(View(race="M500"))).lines
    assert "19:25    M500 is official: STOLZ" in line_with(alone, "official").text


def test_of_one_race_no_code_is_shown() -> None:
    lines = drawn(read(View(race="W500"))).lines
    assert line_with(lines, "leads").text.startswith("   19:22 1  KOK 37.05 leads")


def test_a_long_text_wraps_under_itself_with_the_cursors_ground() -> None:
    long = moment("word " * 20, 3)
    known = LogReader().read(two_races(), [moment("the one before", 2), long], View())
    lines = drawn(known, 60).lines
    assert [line.ground for line in lines[1:5]] == ["cursor"] * 3 + ["ground"]
    assert lines[2].text.index("word") == lines[1].text.index("word")
    assert "►" not in lines[2].text


def test_what_was_searched_for_is_underlined() -> None:
    line = line_with(drawn(read(View(query="zdrahalova"))).lines, "ZDRÁHALOVÁ")
    assert span_of(line, "ZDRÁHALOVÁ").underline
    assert not span_of(line, "38.98,").underline


def several_days() -> LogScene:
    tomorrow = replace(
        race([entry(0)], gender=Gender.MEN),
        number=2,
        planned=EVENING + timedelta(days=1),
        start=EVENING + timedelta(days=1),
    )
    at = scene(race([entry(0)]), others=(tomorrow,))
    moments = [moment(f"first {n}", n) for n in range(30)]
    moments += [moment(f"second {n}", 24 * 60 + n) for n in range(3)]
    return LogReader().read(at, moments, View())


def test_days_are_parted_and_the_one_on_top_is_always_named() -> None:
    known = several_days()
    lines = [line.text.strip() for line in drawn(known, 80, 9).lines]
    assert lines[1] == "Saturday 13 December"
    assert lines[4].endswith("second 0")
    assert lines[5:7] == ["", "Friday 12 December"]
    assert lines[7].endswith("first 29")
    far = replace(known, cursor=20, top=20)
    lines = [line.text.strip() for line in drawn(far, 80, 9).lines]
    assert lines[1] == "Friday 12 December"
    assert "second" not in "".join(lines)


@pytest.mark.parametrize("height", [5, 9, 14, 40])
@pytest.mark.parametrize("width", [60, 80, 120])
def test_wherever_the_cursor_stands_it_is_in_the_window_as_a_whole(width: int, height: int) -> None:
    known = several_days()
    for cursor in range(len(known.moments)):
        for top in (0, cursor, len(known.moments) - 1):
            made = drawn(replace(known, cursor=cursor, top=top), width, height)
            assert sum(line.text.startswith("►") for line in made.lines) == 1
            assert made.top <= cursor < made.top + made.shown


def test_below_the_oldest_nothing_is_left_free() -> None:
    known = several_days()
    last = len(known.moments) - 1
    made = drawn(replace(known, cursor=last, top=last), 80, 9)
    assert all(line.text.strip() for line in made.lines)
    assert made.lines[-1].text.startswith("►")


def test_the_heading_says_how_much_is_shown_and_how_many_are_new() -> None:
    known = several_days()
    assert drawn(known, 80, 9).lines[0].text.rstrip().endswith("1–5 of 33")
    assert "of" not in drawn(known, 80, 60).lines[0].text
    left = View(cursor=known.moments[9], top=known.moments[9], since=known.moments[3].at)
    heading = drawn(replace(known, view=left, cursor=9, top=9), 80, 9).lines[0]
    assert span_of(heading, "3 new").role == "live"
    assert heading.text.rstrip().endswith("3 new  10–16 of 33")


@pytest.mark.parametrize("width", range(60, 201, 10))
def test_the_tabs_tell_the_counts_and_whose_moments(width: int) -> None:
    line = log.tabs(read(View(sieve=Sieve.KEY)), width)
    assert cell_len(line.text) == width
    for part in (" 1 All 5 ", " 2 Key", " 3 Followed 0 ", "r  W500 ", "meet"):
        assert part in line.text
    assert span_of(line, "Key").ground == "tab"
    assert span_of(line, "meet").ground == "tab"
    assert span_of(log.tabs(read(View(race="W500")), width), " W500 ").ground == "tab"


@pytest.mark.parametrize(
    ("view", "words"),
    [
        (View(query="[b]x"), "Nothing is found for [b]x."),
        (View(sieve=Sieve.FOLLOWED), "Nobody is followed yet."),
        (View(sieve=Sieve.KEY, race="W1000"), "Nothing has happened yet."),
    ],
)
def test_an_empty_log_says_why(view: View, words: str) -> None:
    assert words in drawn(read(view)).lines[1].text


# --- the screen ----------------------------------------------------------------------------------


FINISH = rink_time("12 19:42:08")


def rows(app: StillApp) -> list[str]:
    return shown(app, "moments")


def cursor_row(app: StillApp) -> str:
    return next(line for line in rows(app) if line.startswith("►"))


async def test_m_opens_it_and_escape_and_m_go_back(data: Path) -> None:
    app = bundled_app(data, FINISH)
    async with running(app) as pilot:
        for back in ("escape", "m"):
            await pilot.press("m")
            assert isinstance(app.screen, LogScreen)
            assert shown(app, "header")[0].startswith(" Moments · Hamar · World Cup 4")
            await pilot.press(back)
            assert isinstance(app.screen, MeetScreen)


@pytest.mark.parametrize("key", ["p", "s"])
async def test_it_opens_from_the_other_screens_and_goes_back_there(data: Path, key: str) -> None:
    app = bundled_app(data, FINISH)
    async with running(app) as pilot:
        await pilot.press(key)
        before = app.screen
        await pilot.press("m")
        assert isinstance(app.screen, LogScreen)
        await pilot.press("escape")
        assert app.screen is before


async def test_there_is_one_log_only(data: Path) -> None:
    app = bundled_app(data, FINISH)
    async with running(app) as pilot:
        await pilot.press("m", "2")
        first = app.screen
        app.show_programme(app.session)
        await pilot.pause()
        await pilot.press("m")
        assert app.screen is first
        assert len(app.screen_stack) == 2


async def test_nothing_later_than_the_playhead_is_listed(data: Path) -> None:
    app = bundled_app(data, FINISH)
    async with running(app, (120, 36)) as pilot:
        await pilot.press("m")
        assert "LEERDAM, absent, 2nd to 5th in the cup" in cursor_row(app)
        at = app.session.playhead.at
        assert all(each.at <= at for each in app.session.moments(at))
        assert "official" not in "".join(rows(app))


async def test_the_sieves_have_a_key_each_and_tab_takes_them_in_turn(data: Path) -> None:
    app = bundled_app(data, FINISH)
    async with running(app) as pilot:
        await pilot.press("m")
        for keys, marked in (("2", "Key"), ("3", "Followed"), ("1", "All"), ("tab", "Key")):
            await pilot.press(keys)
            line = app.screen.query_one("#tabs", LinesView).lines[0]
            assert span_of(line, marked).ground == "tab"
        assert "KOK 37.05 leads" in "".join(rows(app))
        assert "at 100 m" not in "".join(rows(app))
        await pilot.press("tab")
        assert "Nobody is followed yet." in "".join(rows(app))


async def test_r_narrows_it_to_the_race_on_screen(data: Path) -> None:
    app = bundled_app(data, rink_time("12 21:30"), race="W500")
    async with running(app, (120, 36)) as pilot:
        await pilot.press("m")
        assert "M1500" in "".join(rows(app))
        await pilot.press("r")
        assert "M1500" not in "".join(rows(app))
        assert "W500 is official" in cursor_row(app)
        await pilot.press("r")
        assert "M1500" in "".join(rows(app))


async def test_a_search_lists_what_is_found_while_it_is_typed(data: Path) -> None:
    app = bundled_app(data, FINISH)
    async with running(app) as pilot:
        await pilot.press("m", "slash", *"zdrahalova")
        found = re.search(r"All (\d+) ", shown(app, "tabs")[0])
        assert found is not None
        assert 0 < int(found[1]) < len(app.session.latest_moments(0, FINISH)) // 4
        await pilot.press("down")
        assert rows(app).index(cursor_row(app)) == 3, "the arrows move the cursor while typing"
        await pilot.press("enter")
        assert not isinstance(app.focused, Input)
        await pilot.press("j")
        assert rows(app).index(cursor_row(app)) == 4
        assert found[0] in shown(app, "tabs")[0], "Enter keeps the search"
        await pilot.press("escape")
        assert found[0] not in shown(app, "tabs")[0], "Escape ends it"
        assert isinstance(app.screen, LogScreen)
        await pilot.press("escape")
        assert isinstance(app.screen, MeetScreen)


async def test_keys_of_the_screen_are_letters_in_a_search(data: Path) -> None:
    app = bundled_app(data, FINISH)
    async with running(app) as pilot:
        await pilot.press("m", "slash", "k", "m", "1", "t", "q")
        assert app.is_running
        assert app.screen.query_one(Input).value == "km1tq"
        await pilot.press("escape")
        assert app.screen.query_one(Input).value == ""
        assert isinstance(app.screen, LogScreen)


async def test_enter_goes_to_the_skater_and_leaves_the_log_below(data: Path) -> None:
    app = bundled_app(data, rink_time("12 21:30"))
    async with running(app) as pilot:
        await pilot.press("s", "m", "slash", *"zdrahalova 38", "enter", "enter")
        assert isinstance(app.screen, SkaterScreen)
        assert app.screen.query_one("#header", LinesView).lines[0].text.startswith(" ZDRÁHALOVA")
        assert "W500" in app.screen.query_one("#tabs", LinesView).lines[0].text
        await pilot.press("escape")
        assert isinstance(app.screen, LogScreen)


async def test_enter_on_a_cup_move_goes_to_a_starter_and_for_an_absentee_to_the_race(
    data: Path,
) -> None:
    app = bundled_app(data, rink_time("12 19:40:30"))
    async with running(app) as pilot:
        await pilot.press("m", "slash", *"lee back", "enter", "enter")
        assert isinstance(app.screen, SkaterScreen)
        assert app.screen.query_one("#header", LinesView).lines[0].text.startswith(" LEE Na-Hyun")
        await pilot.press("escape", "escape", "slash", *"leerdam, absent", "enter")
        assert "LEERDAM, absent" in cursor_row(app)
        await pilot.press("enter")
        assert shown(app, "board")[0].split()[0] == "W500"


async def test_enter_on_a_moment_about_nobody_shows_its_race(tmp_path: Path) -> None:
    rink = sprint_evening()
    rink.wire.races[2].begin += timedelta(minutes=10)
    rink.publish()
    app = live_app(tmp_path, rink)
    async with running(app) as pilot:
        await pilot.press("m")
        assert "now starts at" in cursor_row(app)
        await pilot.press("enter")
        assert shown(app, "board")[0].split()[0] == "M500"


async def test_it_follows_the_newest_until_the_cursor_is_moved(tmp_path: Path) -> None:
    rink = running_race()
    app = live_app(tmp_path, rink)
    async with running(app) as pilot:
        await pilot.press("m")
        finish(rink, 16)
        app.screen.post_message(TapeChanged())
        await pilot.pause()
        newest = cursor_row(app)
        assert newest == next(row for row in rows(app) if row.startswith("►"))
        family = rink.wire.races[1].rows[16].family.upper()
        assert family in "".join(rows(app)[:6])
        await pilot.press(*["down"] * 12)
        here, place = cursor_row(app), rows(app).index(cursor_row(app))
        finish(rink, 17)
        app.screen.post_message(TapeChanged())
        await pilot.pause()
        assert cursor_row(app) == here, "the cursor stays with its moment"
        assert rows(app).index(here) == place, "and that where it was"
        assert re.search(r"\d new ", rows(app)[0])
        await pilot.press("home")
        assert rows(app)[1].startswith("►") or rows(app)[2].startswith("►")
        assert not re.search(r"\d new ", rows(app)[0])


def running_race() -> Rink:
    rink = sprint_evening(starters=24)
    rink.wire.start(1)
    rink.publish()
    for row in range(16):
        finish(rink, row)
    return rink


def finish(rink: Rink, row: int) -> None:
    rink.wire.finish(1, row, 38_000 - 110 * row)
    rink.publish(after=20)


async def test_pages_and_ends(data: Path) -> None:
    app = bundled_app(data, rink_time("15 12:00"))
    async with running(app) as pilot:
        await pilot.press("m", "end")
        assert "1–" not in rows(app)[0]
        oldest = cursor_row(app)
        await pilot.press("pagedown", "down", "j")
        assert cursor_row(app) == oldest
        await pilot.press("pageup")
        assert cursor_row(app) != oldest
        await pilot.press("home")
        assert "1–" in rows(app)[0]
        newest = cursor_row(app)
        await pilot.press("pagedown", "pageup", "pageup", "up", "k")
        assert cursor_row(app) == newest


@pytest.mark.parametrize("size", [(60, 20), (80, 24), (120, 36), (160, 45), (200, 50)])
async def test_it_fills_the_window(data: Path, size: tuple[int, int]) -> None:
    app = bundled_app(data, rink_time("15 12:00"))
    async with running(app, size) as pilot:
        await pilot.press("m")
        for keys in ("pagedown", "slash", "a", "enter", "2", "end", "r", "escape"):
            await pilot.press(keys)
            views = [v for v in app.screen.query(LinesView) if v.display and v.id != "prompt"]
            search = app.screen.query_one("#search").display
            assert sum(view.size.height for view in views) + search == size[1]
            for view in views:
                assert len(view.lines) == view.size.height, view.id
                assert all(cell_len(line.text) == size[0] for line in view.lines)


async def test_a_window_too_small_says_so_and_grows_again(data: Path) -> None:
    app = bundled_app(data, FINISH)
    async with running(app) as pilot:
        await pilot.press("m")
        await pilot.resize_terminal(50, 15)
        await pilot.pause()
        assert app.screen.query_one("#too-small").display
        await pilot.resize_terminal(80, 24)
        await pilot.pause()
        assert not app.screen.query_one("#too-small").display
        assert cursor_row(app)


async def test_turning_to_another_meet_shows_its_log(data: Path) -> None:
    app = live_app(data, running_race())
    async with running(app, (120, 36)) as pilot:
        await pilot.press("m", "down", "r")
        app.turn_to("2026_NOR_0001")
        await pilot.pause()
        assert "Hamar" in shown(app, "header")[0]
        assert "W1500B" in "".join(rows(app))
        assert rows(app)[2].startswith("►")
