"""The skater's page: what it shows of a race, a season and the bests, and its keys."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date
from pathlib import Path

import pytest
from msgspec.structs import replace
from rich.cells import cell_len
from textual.binding import Binding

import tenthousand
from longtrack.model import Skater
from longtrack.records import Best, RecordBook
from longtrack.times import show_time
from meets import (
    BOOK,
    EVENING,
    Rink,
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
    told,
)
from rinkside.followed import Followed, FollowedSkater
from rinkside.messages import TapeChanged
from rinkside.screens.meet import MeetScreen
from rinkside.screens.page import PageScreen
from rinkside.screens.skater import SkaterScreen
from rinkside.screens.standings import StandingsScreen
from rinkside.widgets.lines import LinesView

SIZES = [(60, 20), (80, 24), (109, 30), (110, 24), (120, 36), (160, 45), (200, 50)]
at_every_size = pytest.mark.parametrize("size", SIZES, ids=lambda size: f"{size[0]}x{size[1]}")


def body(app: StillApp) -> list[str]:
    return [line.rstrip() for line in shown(app, "body")]


def text(app: StillApp) -> str:
    return "\n".join(body(app))


def name(app: StillApp) -> str:
    return shown(app, "header")[0].split("  ")[0].strip()


def tab(app: StillApp) -> str:
    """Return the tab that is in front."""
    line = app.screen.query_one("#tabs", LinesView).lines[0]
    return next(span.text for span in line.spans if span.ground == "tab" and span.role == "strong")


def assert_whole(app: StillApp, size: tuple[int, int]) -> None:
    views = [view for view in app.screen.query(LinesView) if view.display]
    assert sum(view.size.height for view in views) == size[1]
    for view in views:
        assert len(view.lines) == view.size.height, view.id
        for line in view.lines:
            assert cell_len(line.text) == size[0], (view.id, line.text)


def evening(data: Path, moment: str = "12 19:42:08", race: str = "W500") -> StillApp:
    return bundled_app(data, rink_time(moment), race=race)


def ten_thousand(data: Path, **more: int) -> StillApp:
    return live_app(data, tenthousand.rink(**more))


async def open_page(app: StillApp, pilot: object, family: str) -> None:
    """Open somebody's page from the meet screen."""
    screen = app.screen
    assert isinstance(screen, MeetScreen)
    scene = screen._scene
    assert scene is not None
    assert scene.race is not None
    found = next(
        entry
        for entry in scene.race.entries
        if isinstance(entry.competitor, Skater)
        and entry.competitor.family.casefold() == family.casefold()
    )
    app.show_skater(screen.session, scene.race, found.key)
    await pilot.pause()  # type: ignore[attr-defined]


# --- a race ---------------------------------------------------------------------------------------


async def test_ten_thousand_metres_as_drawn(tmp_path: Path) -> None:
    app = ten_thousand(tmp_path)
    async with running(app, (120, 36)) as pilot:
        await open_page(app, pilot, "Jílek")
        assert name(app) == "JÍLEK Metoděj"
        lines = body(app)
        assert lines[1].startswith(
            " 12:29.63 1st  pair 2 ○   opener 33.30   average lap 29.84   best 29.68"
        )
        table = [line.partition("│")[0].rstrip() for line in lines[3:30]]
        assert table[0].split() == ["metres", "lap", "rank", "time", "rank", "to", "GHIOTTO"]
        # The columns of the drawing, exactly.
        assert table[1] == "    400   33.30    1      33.30    1   −0.66  −0.66"
        assert table[11] == "   4400   29.81    1    5:31.43    1   −1.91  −0.16"
        assert table[21] == "   8400   30.00    2   10:29.88    1   −3.07  +0.02"
        right = [line.partition("│ ")[2] for line in lines[3:33]]
        assert right[0] == "BEHIND OR AHEAD OF GHIOTTO, seconds; up is ahead"
        chart = "\n".join(right[1 : right.index("")])
        for who in ("JÍLEK", "GHIOTTO", "LOUBINEAUD", "EITREM"):
            assert chart.count(who) == 1
        assert "LAPS  each bar a lap, 0.1 s a step over 29.5" in right
        bars = next(line for line in right if line.startswith("JÍLEK  ")).split()
        assert len(bars[1]) == 24
        assert bars[1].startswith("▃▃▄▂▄▂▅▄▅▄▄▄")
        assert bars[2] == "29.84"


async def test_a_narrow_window_has_the_chart_over_lines_of_ten(tmp_path: Path) -> None:
    app = ten_thousand(tmp_path)
    async with running(app, (80, 24)) as pilot:
        await open_page(app, pilot, "Jílek")
        lines = body(app)
        assert " to GHIOTTO, seconds; up is ahead" in lines
        assert (
            "    400  33.30  29.76  29.76  29.89  29.68  29.83  29.68  29.92  29.86  29.94" in lines
        )
        assert "   8400  30.00  29.85  29.80  29.85  30.25" in lines
        # No third skater where rows are short.
        assert "EITREM" not in text(app)
        view = app.screen.query_one("#body", LinesView)
        best = span_of(line_with(view.lines, "    400  33.30"), "29.68")
        assert (best.role, best.bold) == ("record", True)


async def test_the_smallest_window_shows_every_lap(tmp_path: Path) -> None:
    app = ten_thousand(tmp_path)
    async with running(app, (60, 20)) as pilot:
        await open_page(app, pilot, "Jílek")
        assert "   8400  30.00  29.85  29.80  29.85  30.25" in body(app)
        assert "to GHIOTTO, seconds; up is ahead" in text(app)


async def test_a_500_has_opener_and_lap_in_place_of_a_chart(data: Path) -> None:
    app = evening(data)
    async with running(app, (120, 36)) as pilot:
        await open_page(app, pilot, "Kok")
        said = text(app)
        assert "37.05 1st TR  pair 10 ○   opener 10.33   lap 26.72" in said
        assert "OPENER AND LAP  to the fastest of all" in said
        assert "opener      10.33    3rd    +0.05" in said
        assert "lap         26.72    1st" in said
        assert "opener 3rd, finish 1st ▲2" in said
        assert "  3  KOK Femke                 10.33    1  ▲2" in said
        assert "BEHIND OR AHEAD" not in said


async def test_modelled_figures_are_marked_and_dim(data: Path) -> None:
    app = evening(data, "12 21:05", "W1500")
    async with running(app, (120, 36)) as pilot:
        await open_page(app, pilot, "Morozova")
        lines = app.screen.query_one("#body", LinesView).lines
        row = line_with(lines, "    700")
        assert span_of(row, "~28.78").role == "dim"
        assert span_of(row, "~54.16").role == "dim"
        assert "~ modelled" in text(app)
        assert "average lap ~" in text(app)


async def test_r_changes_whom_the_laps_are_compared_with(tmp_path: Path) -> None:
    app = ten_thousand(tmp_path)
    async with running(app, (120, 36)) as pilot:
        await open_page(app, pilot, "Eitrem")
        seen = []
        for _ in range(4):
            seen.append(body(app)[3].split("to ")[1].split()[0])
            await pilot.press("r")
        assert seen == ["JÍLEK", "GHIOTTO", "LOUBINEA…", "JÍLEK"]


async def test_the_page_moves_while_the_race_is_on(tmp_path: Path) -> None:
    rink = tenthousand.rink(done=11)
    app = live_app(tmp_path, rink)
    async with running(app, (120, 36)) as pilot:
        await open_page(app, pilot, "Jílek")
        assert "5:31.43 at 4400 m 1st" in text(app)
        assert "6:01.30" not in text(app)
        rink.wire.passage(1, tenthousand.JILEK, 11, tenthousand.times()[tenthousand.JILEK][11])
        rink.publish()
        app.screen.post_message(TapeChanged())
        await pilot.pause()
        assert "6:01.30 at 4800 m 1st" in text(app)


@pytest.mark.parametrize(
    ("happens", "said"),
    [
        (lambda wire: wire.dnf(1, 0), "DNF"),
        (lambda wire: wire.disqualify(1, 0), "DQ"),
        (lambda wire: wire.dns(1, 0), "DNS"),
        (lambda wire: wire.withdraw(1, 0), "WDR"),
        (lambda wire: wire.grant_reskate(1, 0), "re-skate granted"),
        (lambda wire: None, "37.05 1st"),
    ],
    ids=["DNF", "DQ", "DNS", "WDR", "RS", "finished"],
)
@pytest.mark.parametrize("size", [(60, 20), (120, 36)], ids=["60", "120"])
async def test_every_way_a_race_can_end_has_a_page(
    tmp_path: Path, happens: Callable[..., object], said: str, size: tuple[int, int]
) -> None:
    rink = sprint_evening()
    rink.wire.start(1)
    rink.wire.finish(1, 0, 37_050)
    rink.wire.finish(1, 1, 38_000)
    rink.publish()
    happens(rink.wire)
    rink.publish()
    app = live_app(tmp_path, rink)
    async with running(app, size) as pilot:
        screen = app.screen
        assert isinstance(screen, MeetScreen)
        assert screen._scene is not None
        app.show_skater(screen.session, screen._scene.race, rink.key(1, 0))
        await pilot.pause()
        assert body(app)[1].strip().startswith(said)
        assert_whole(app, size)


async def test_f_follows_whose_page_it_is_and_no_longer(data: Path) -> None:
    app = evening(data, "12 19:41", "W500")
    async with running(app) as pilot:
        await open_page(app, pilot, "Kok")
        await pilot.press("f")
        assert "* followed" in shown(app, "header")[0]
        assert [each.family.title() for each in app.session.followed.skaters] == ["Kok"]
        await pilot.press("f")
        assert "* followed" not in shown(app, "header")[0]
        assert not app.session.followed


async def test_who_is_still_to_start_has_the_time_and_the_pair_mate(tmp_path: Path) -> None:
    rink = sprint_evening()
    rink.rename(1, 2, "Erin", "Jackson")
    rink.rename(1, 3, "Femke", "Kok")
    rink.publish()
    app = live_app(tmp_path, rink)
    async with running(app, (80, 24)) as pilot:
        await open_page(app, pilot, "Jackson")
        assert shown(app, "tabs")[0].rstrip().endswith("next W500  pair 2, about 19:22")
        assert body(app)[1] == " to start  pair 2 ○   about 19:22"
        assert body(app)[3] == " Nothing has been clocked yet."
        assert body(app)[4].startswith(" against ● KOK Femke")


async def test_a_result_without_passages_says_so(data: Path) -> None:
    app = evening(data, "12 16:00", "W1500B")
    async with running(app, (80, 24)) as pilot:
        await pilot.press("down", "enter")
        assert "No passages of this race are known." in text(app)
        assert "1st" in body(app)[1]


async def test_a_team_has_its_laps_and_no_bests(tmp_path: Path) -> None:
    rink = Rink()
    rink.wire.add_race(begin=EVENING, kind="TP", metres=None, starters=4)
    rink.wire.hold(1)
    rink.publish()
    app = live_app(tmp_path, rink)
    async with running(app, (120, 36)) as pilot:
        await pilot.press("1", "down", "enter")
        assert shown(app, "tabs")[0].split()[:4] == ["1", "WTP", "2", "season"]
        assert "bests" not in shown(app, "tabs")[0]
        assert "opener" not in text(app)
        assert body(app)[3].split()[:5] == ["lap", "time", "rank", "at", "rank"]
        await pilot.press("3")
        assert tab(app) == "WTP"


async def test_a_mass_start_has_sprint_points(data: Path) -> None:
    rink = Rink()
    rink.wire.add_race(begin=EVENING, kind="MS", metres=None, starters=8, together=8)
    rink.wire.hold(1)
    rink.publish()
    app = live_app(data, rink)
    async with running(app, (120, 36)) as pilot:
        await pilot.press("1", "down", "enter")
        assert "points" in body(app)[1]
        assert body(app)[3].split()[:4] == ["lap", "time", "points", "at"]


# --- turning to others and back -------------------------------------------------------------------


async def test_enter_opens_the_cursors_skater_and_escape_goes_back_to_them(data: Path) -> None:
    app = evening(data)
    async with running(app, (120, 36)) as pilot:
        await pilot.press("down", "down", "enter")
        assert isinstance(app.screen, SkaterScreen)
        assert name(app) == "ZIOMEK-NOGAL Kaja"
        await pilot.press("right")
        assert name(app) == "YOSHIDA Yukino"
        await pilot.press("left", "left", "left")
        assert name(app) == "KOK Femke"
        await pilot.press("escape")
        assert isinstance(app.screen, MeetScreen)
        cursor = next(line for line in shown(app, "board") if line.startswith("►"))
        assert "ZIOMEK-NOGAL" in cursor


async def test_enter_without_a_cursor_opens_the_pair_in_view(data: Path) -> None:
    app = evening(data, "12 19:41:41")
    async with running(app) as pilot:
        await pilot.press("enter")
        assert name(app) == "KOK Femke"


async def test_nothing_opens_where_there_is_nobody(tmp_path: Path) -> None:
    rink = Rink()
    rink.publish()
    app = live_app(tmp_path, rink)
    async with running(app) as pilot:
        await pilot.press("enter", "h")
        assert isinstance(app.screen, MeetScreen)
        race = sprint_evening().scene().race
        app.show_skater(app.session, race, "gone")
        app.show_head_to_head(app.session, race, "gone")
        await pilot.pause()
        assert isinstance(app.screen, MeetScreen)
        assert told(app) == ["Nobody is known any more by that name."] * 2


async def test_the_last_in_the_order_has_nobody_below(data: Path) -> None:
    app = evening(data)
    async with running(app) as pilot:
        await pilot.press("down", "enter")
        first = name(app)
        await pilot.press("left")
        assert name(app) == first
        await pilot.press(*["right"] * 25)
        last = name(app)
        assert last != first
        await pilot.press("right")
        assert name(app) == last


async def test_number_keys_show_the_races_here_then_season_and_bests(data: Path) -> None:
    app = evening(data, "13 13:30", "W1000")
    async with running(app, (80, 24)) as pilot:
        await pilot.press("down", "enter")
        words = shown(app, "tabs")[0].split()
        races = words[1 : words.index("season") : 2]
        # That of the day first.
        assert races[0] == "W1000"
        assert tab(app) == "W1000"
        await pilot.press(str(len(races) + 1))
        assert tab(app) == "season"
        await pilot.press(str(len(races) + 2))
        assert tab(app) == "bests"
        await pilot.press(str(len(races) + 3))
        assert tab(app) == "bests"
        await pilot.press("1")
        assert tab(app) == "W1000"


async def test_two_of_one_name_each_have_their_page(tmp_path: Path) -> None:
    rink = sprint_evening()
    for row in (0, 2):
        rink.rename(1, row, "Min-jae", "Yoo")
        rink.wire.races[1].rows[row].noc = "KOR"
    rink.wire.start(1)
    rink.wire.finish(1, 0, 37_050)
    rink.wire.finish(1, 2, 38_000)
    rink.publish()
    app = live_app(tmp_path, rink)
    async with running(app, (80, 24)) as pilot:
        await pilot.press("down", "enter")
        assert body(app)[1].startswith(" 37.05 1st")
        await pilot.press("right")
        assert name(app) == "YOO Min-jae"
        assert body(app)[1].startswith(" 38.00 2nd")


async def test_from_the_standings_it_opens_on_the_season(data: Path) -> None:
    app = bundled_app(data, race="W500")
    async with running(app, (120, 36)) as pilot:
        await pilot.press("s", "down", "enter")
        assert name(app) == "YOSHIDA Yukino"
        assert tab(app) == "season"
        await pilot.press("right")
        assert name(app) == "JACKSON Erin"
        assert tab(app) == "season"
        await pilot.press("escape")
        assert isinstance(app.screen, StandingsScreen)
        cursor = next(line for line in shown(app, "table") if line.startswith("►"))
        assert "YOSHIDA" in cursor


async def test_who_is_followed_is_marked(data: Path) -> None:
    app = evening(data)
    app.session.followed = Followed(skaters=(FollowedSkater("Kok", "Femke", "NED", "W"),))  # type: ignore[arg-type]
    async with running(app, (80, 24)) as pilot:
        await open_page(app, pilot, "Kok")
        assert "* followed" in shown(app, "header")[0]


# --- season and bests -----------------------------------------------------------------------------


async def test_the_season_cup_by_cup(data: Path) -> None:
    app = evening(data)
    async with running(app, (120, 36)) as pilot:
        await open_page(app, pilot, "Kok")
        await pilot.press("2")
        said = text(app)
        assert " W500  1st, 360 points, 109 ahead of FLEDDERUS" in said
        assert " W1000  2nd, 162 points, 1 behind LEERDAM" in said
        assert " Hamar              1   37.05            60" in said
        assert said.count("RANK THROUGH THE SEASON") == 2


async def test_a_season_that_is_not_known(tmp_path: Path) -> None:
    app = live_app(tmp_path, tenthousand.rink())
    async with running(app, (80, 24)) as pilot:
        await open_page(app, pilot, "Jílek")
        await pilot.press("2")
        assert "The season is being read." in text(app)
        app.session.season = replace(bundled_season(), year=2025, meets=())
        app.screen.post_message(TapeChanged())
        await pilot.pause()
        assert "No World Cup race of" in text(app)


class _Book(RecordBook, frozen=True):
    """A book that knows some bests."""

    def personal_best(self, who: Skater, event: str, before: date | None = None) -> Best | None:
        if (who.family.casefold(), event) == ("kok", "W1000"):
            return Best(event, 72_500, date(2024, 1, 26), "Salt Lake City", "medium")
        if (who.family.casefold(), event) == ("kok", "W500"):
            return Best(event, 36_830, date(2024, 1, 26), "Salt Lake City", "low")
        return None


def with_book(app: StillApp) -> StillApp:
    app.session.book = _Book(BOOK.records)
    return app


async def test_bests_of_the_book_and_of_the_season(data: Path) -> None:
    app = with_book(evening(data))
    async with running(app, (120, 36)) as pilot:
        await open_page(app, pilot, "Kok")
        await pilot.press("3")
        lines = [line.split() for line in body(app)]
        rows = {line[0]: line for line in lines if line[1:2] == ["m"]}
        # The season's best is faster than what the book knows: it is the personal one, too.
        assert rows["500"][2:5] == ["36.09", "16", "Nov"]
        assert rows["1000"][2] == "1:12.36"
        assert rows["1500"][2:4] == ["not", "known"]
        # It fell this evening.
        assert rows["500"][-3:] == ["37.05", "KOK", "2025"]
        assert rows["5000"][-1] == "2009"


async def test_a_doubtful_best_is_marked(data: Path) -> None:
    app = with_book(evening(data))
    app.session.season = replace(bundled_season(), meets=())
    async with running(app, (80, 24)) as pilot:
        await open_page(app, pilot, "Kok")
        await pilot.press("3")
        await pilot.press("end")
        assert "? by one source   ?? not sure" in text(app)
        await pilot.press("home")
        assert "1:12.50?" in text(app)
        # Slower than what she skated tonight: that counts.
        assert show_time(37_050) in text(app)


async def test_without_a_book_bests_are_not_known(tmp_path: Path) -> None:
    app = live_app(tmp_path, tenthousand.rink())
    async with running(app, (80, 24)) as pilot:
        await open_page(app, pilot, "Jílek")
        await pilot.press("3")
        assert text(app).count("personal   not known") == 5


# --- the window -----------------------------------------------------------------------------------


@at_every_size
async def test_every_pane_fills_the_window(data: Path, size: tuple[int, int]) -> None:
    app = evening(data, "13 17:30", "M5000")
    async with running(app, size) as pilot:
        await pilot.press("down", "enter")
        for key in ("1", "2", "3", "4", "5", "end", "r", "right", "1"):
            await pilot.press(key)
            assert_whole(app, size)


@at_every_size
async def test_a_long_race_fills_the_window(tmp_path: Path, size: tuple[int, int]) -> None:
    app = ten_thousand(tmp_path, done=17)
    async with running(app, size) as pilot:
        for who in ("Jílek", "Eitrem"):
            await open_page(app, pilot, who)
            assert_whole(app, size)
            await pilot.press("escape")


async def test_a_page_longer_than_the_window_scrolls(data: Path) -> None:
    app = evening(data)
    async with running(app, (60, 20)) as pilot:
        await open_page(app, pilot, "Kok")
        await pilot.press("2")
        top = text(app)
        assert "↑↓ scroll" in shown(app, "keys")[0]
        await pilot.press("down", "down")
        assert body(app)[0] == top.splitlines()[2]
        await pilot.press("end")
        bottom = text(app)
        await pilot.press("down", "pagedown")
        assert text(app) == bottom
        await pilot.press("home", "up", "pageup")
        assert text(app) == top


async def test_a_window_too_small_says_so(data: Path) -> None:
    app = evening(data)
    async with running(app, (59, 20)) as pilot:
        await pilot.press("enter")
        assert app.screen.query_one("#too-small").display
        await pilot.resize_terminal(60, 20)
        await pilot.pause()
        assert not app.screen.query_one("#too-small").display


def test_every_key_has_a_name_and_a_sentence() -> None:
    for screen in (PageScreen, SkaterScreen):
        bindings = [each for each in screen.BINDINGS if isinstance(each, Binding)]
        assert len(bindings) == len(screen.BINDINGS)
        assert all(each.id and each.tooltip and each.description for each in bindings)
    own = [each.id for screen in (PageScreen, SkaterScreen) for each in screen.BINDINGS]  # type: ignore[union-attr]
    assert len(own) == len(set(own))


async def test_another_meet_leaves_the_races_of_this_one(data: Path) -> None:
    app = live_app(data, sprint_evening(starters=8))
    app.session.season = bundled_season()
    async with running(app, (120, 36)) as pilot:
        await pilot.press("down", "enter")
        shown_name = name(app)
        app.turn_to("2026_NOR_0001")
        await pilot.pause()
        assert isinstance(app.screen, SkaterScreen)
        assert name(app) == shown_name
