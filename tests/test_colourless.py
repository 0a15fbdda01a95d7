"""Nothing is told by colour alone: every state of every screen is found without any.

The screens are those of a program under ``NO_COLOR``: what is left are text, bold, underline and
reverse. A second look goes over what was drawn in colour, and asks of each role whose colour means
something that a sign or a word says the same.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from itertools import pairwise
from pathlib import Path
from typing import Final, NamedTuple

import pytest
from rich.segment import Segment

from longtrack.health import Health
from meets import (
    Rink,
    StillApp,
    bundled_app,
    follow,
    live_app,
    rink_time,
    running,
    sprint_evening,
)
from rinkside.ink import Line, Span, blank
from rinkside.messages import HealthChanged
from rinkside.widgets.lines import LinesView
from test_snapshots import FINISH, OPENER, WIDE, under_way

Made = Callable[[Path], StillApp]


class Seen(NamedTuple):
    """A screen without colours: its text, and the text that is bold, underlined or reversed."""

    rows: list[list[Segment]]

    def row(self, *words: str) -> str:
        """Return the first row that holds all of some words."""
        found = (text for text in map(_text, self.rows) if all(word in text for word in words))
        row = next(found, None)
        assert row is not None, f"{words} are on no row of:\n" + "\n".join(map(_text, self.rows))
        return row

    def holds(self, pattern: str) -> bool:
        """Tell whether a row matches."""
        return any(re.search(pattern, _text(row)) for row in self.rows)

    def has(self, attribute: str, words: str) -> bool:
        """Tell whether words stand somewhere in letters that are bold, underlined or reversed."""
        return any(
            words in "".join(s.text if s.style and getattr(s.style, attribute) else "\0" for s in r)
            for r in self.rows
        )


def _text(row: list[Segment]) -> str:
    return "".join(segment.text for segment in row)


def seen(app: StillApp) -> Seen:
    """Look at the screen, and make sure that there is no colour on it."""
    rows = [list(strip) for strip in app.screen._compositor.render_strips()]
    for segment in (segment for row in rows for segment in row if segment.style):
        assert segment.style is not None
        for colour in (segment.style.color, segment.style.bgcolor):
            assert colour is None or colour.is_default, segment
    return Seen(rows)


async def look(
    app: StillApp, *keys: str, size: tuple[int, int] = WIDE, health: Health | None = None
) -> Seen:
    async with running(app, size) as pilot:
        for key in keys:
            await pilot.press(key)
            await pilot.pause()
        if health is not None:
            app.screen.post_message(HealthChanged(health))
            await pilot.pause()
        return seen(app)


def at(data: Path, moment: str, race: str | None = None) -> StillApp:
    return bundled_app(data, rink_time(moment), race=race)


@pytest.fixture
def colourless(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("NO_COLOR", "1")


@pytest.mark.usefixtures("colourless")
class TestStates:
    """The states of a race and of the data."""

    async def test_on_the_ice_next_and_to_start(self, tmp_path: Path) -> None:
        rink = under_way(0.65, gender="M", metres=10_000, starters=8)
        screen = await look(live_app(tmp_path, rink))
        assert screen.has("bold", "ON THE ICE")
        assert screen.row("ON THE ICE  pair 3 of 4")
        assert screen.has("bold", "WENGERLI")
        # Whoever is on the ice has a mark in place of a time; whoever waits has the pair.
        assert screen.row("4 ○ JÍRA", "6000 m", "+11.76")
        assert screen.row("next pair 4", "STRAND-O'NEILL")
        assert re.search(r"^ {5}○ STRAND-O'NEILL .* pair 4", screen.row("STRAND-O'NEILL T."))

    async def test_before_the_race(self, data: Path) -> None:
        screen = await look(at(data, "12 18:20", "W500"))
        assert screen.has("bold", "NEXT")
        assert screen.holds(r"NEXT +pair 1 of 10 +18:30")

    async def test_lanes_podium_record_and_fastest_in_a_column(self, data: Path) -> None:
        screen = await look(at(data, FINISH))
        for start in ("1 ○ KOK", "2 ● ZIOMEK-NOGAL", "3 ● YOSHIDA"):
            assert screen.row(f" {start}")
            assert screen.has("bold", start.split()[-1])
        assert screen.row("KOK Femke", "37.05 TR")
        assert screen.has("bold", "37.05")
        assert screen.has("underline", "10.28"), "the fastest opener"
        assert re.search(r"10\.28 +1 ", screen.row("ZIOMEK-NOGAL", "POL"))
        assert screen.row("W500 provisional")
        assert screen.has("reverse", "REPLAY")

    async def test_a_race_that_is_over_says_so(self, data: Path) -> None:
        screen = await look(at(data, "12 20:10", "W500"))
        assert screen.row("W500 official")
        screen = await look(at(data, "13 17:30", "M5000"))
        assert screen.has("bold", "RACE OVER")

    async def test_gain_and_loss_and_the_cursor(self, data: Path) -> None:
        screen = await look(at(data, FINISH), "down", "down")
        row = screen.row("►", "ZIOMEK-NOGAL", "37.65")
        assert row.startswith("►")
        assert screen.has("reverse", "ZIOMEK-NOGAL")
        assert re.search(r"−\d\.\d\d", screen.row("KOK Femke", "37.05"))
        assert re.search(r"\+\d\.\d\d", screen.row("YOSHIDA", "37.75"))
        assert "▲" in row or "▼" in row
        assert screen.holds(r"\d+►.*ZIOMEK-NOGAL"), "the cup beside it has the same cursor"

    async def test_followed(self, data: Path) -> None:
        follow(data, "Kok Femke NED W")
        screen = await look(at(data, FINISH))
        assert re.search(r"^ *\* *1 ○ KOK Femke", screen.row("KOK Femke", "37.05 TR"))

    async def test_tabs(self, data: Path) -> None:
        screen = await look(at(data, FINISH))
        assert screen.has("reverse", "W500 live")
        assert screen.has("reverse", "Division A")
        assert not screen.has("reverse", "M500")
        assert screen.row("W500 live", "M500 19:50")

    async def test_disqualified_fallen_out_skating_again_and_put_right(
        self, tmp_path: Path
    ) -> None:
        rink = sprint_evening(starters=16)
        rink.wire.start(1)
        rink.publish()
        for row in range(8):
            rink.wire.finish(1, row, 37_600 + 170 * row)
            rink.publish(after=20)
        rink.wire.disqualify(1, 0)
        rink.wire.dnf(1, 8)
        rink.wire.dns(1, 9)
        rink.wire.withdraw(1, 10)
        rink.wire.grant_reskate(1, 2)
        rink.publish(after=20)
        rink.wire.correct(1, 4, 37_910)
        rink.publish(after=20)
        screen = await look(live_app(tmp_path, rink), size=(120, 45))
        for letters in ("DQ", "DNF", "DNS", "WDR", "RS", "±"):
            assert screen.holds(rf"[○●] .* {letters}\b|[○●] .*{letters}"), letters
        assert screen.holds(r"^ {5,}[○●] .* DQ"), "nobody disqualified has a rank"
        assert screen.has("reverse", "LIVE")

    @pytest.mark.parametrize(
        ("health", "pill"),
        [
            (Health(interval_ms=3_000, error="the feed timed out"), "NO FEED"),
            (Health(interval_ms=3_000), "LATE"),
        ],
        ids=["no-feed", "late"],
    )
    async def test_late_and_no_feed(self, tmp_path: Path, health: Health, pill: str) -> None:
        rink = sprint_evening(starters=16)
        rink.wire.start(1)
        rink.publish()
        rink.wire.finish(1, 0, 37_600)
        rink.publish(after=30)
        app = live_app(tmp_path, rink)
        app.session.health = health
        rink.clock.on(60 if pill == "NO FEED" else 14)
        screen = await look(app, health=health)
        assert screen.has("reverse", pill)
        assert screen.has("bold", pill)
        if pill == "NO FEED":
            assert screen.row("last good data", "the feed timed out")

    async def test_offline_and_a_bundled_meet(self, data: Path) -> None:
        screen = await look(bundled_app(data, race="W500"))
        assert screen.has("reverse", "OFFLINE")
        assert screen.row("~ modelled, not published")


# --- every board, as it was drawn in colour ------------------------------------------------------


def bundled(moment: str | None, race: str | None = None) -> Made:
    start = {} if moment is None else {"start": rink_time(moment)}
    return lambda data: bundled_app(data, race=race, **start)  # type: ignore[arg-type]


def live(make: Callable[[], Rink]) -> Made:
    return lambda data: live_app(data, make())


BOARDS: Final[dict[str, tuple[Made, list[str]]]] = {
    "500 under way": (bundled(OPENER), []),
    "500 finished": (bundled(FINISH), ["down", "down"]),
    "1500 under way": (bundled("12 21:01:52"), []),
    "1500 in differences": (bundled("12 21:01:52"), ["down", "down", "v"]),
    "10000 with its band": (
        live(lambda: under_way(0.65, gender="M", metres=10_000, starters=8)),
        ["down", "down"],
    ),
    "mass start": (bundled("14 15:50", "WMS"), ["down"]),
    "mass start under way": (
        live(lambda: under_way(0.6, kind="MS", metres=None, starters=14, together=14)),
        [],
    ),
    "team pursuit": (bundled("14 13:40", "WTP"), ["down"]),
    "team pursuit under way": (
        live(lambda: under_way(0.6, kind="TP", metres=None, starters=8)),
        [],
    ),
    "quartets": (
        live(lambda: under_way(0.7, metres=3000, starters=12, together=4, division="B")),
        ["down"],
    ),
    "start list": (bundled("12 18:20", "W500"), []),
    "standings": (bundled(None, "W500"), ["s", "down", "down"]),
    "standings while the race is on": (bundled("12 19:38"), ["s", "down"]),
    "quota": (bundled(None, "M5000"), ["s", "Q", *["down"] * 3]),
    "programme": (bundled(OPENER), ["p", "down"]),
    "log": (bundled(FINISH), ["m", "down"]),
    "a skater's page": (bundled(None, "W500"), ["down", "enter"]),
    "head to head": (bundled("12 21:01:52", "W1500"), ["h"]),
    "tapes": (bundled(OPENER), ["o"]),
    "themes": (bundled(OPENER), ["T"]),
}

_LANE: Final = r"[○●□■]|[⠀-⣿]"
SAID: Final = {
    "gain": r"[−+]\d|▲|~[−+]|official|last in|new|kept|saved",
    "loss": r"[−+]\d|▼|~[−+]|\b(DQ|DNF|DNS|WDR|T\d\d|F|out|absent|damaged)\b",
    "follow": r"\*",
    "warn": r"[A-Za-z]{2}|±|RS|!|\d\d:\d\d",
    "error": r"[A-Za-z]{2}",
    **dict.fromkeys(("lane-1", "lane-2", "lane-3", "lane-4"), _LANE),
    **dict.fromkeys(("pill-live", "pill-warn", "pill-off", "pill-error"), r"[A-Z]{2}"),
}
"""What is written wherever a role's colour means something."""

MEDALS: Final = {"gold": "13", "silver": "2", "bronze": "31"}
"""The ranks of the best three; the points of a sprint of a mass start are 3, 2 and 1."""


def untold(line: Line) -> Iterator[str]:
    """Find what a line tells by colour alone."""
    text = line.text
    for span in line.spans:
        if not span.text.strip():
            continue
        for role in (span.role, span.ground or ""):
            if role in SAID and not re.search(SAID[role], span.text):
                yield f"{role} {span.text!r} in {text!r}"
        if span.ground == "tab" and not _marked(span, line):
            yield f"tab {span.text!r} in {text!r}"
        if span.role == "record" and not _is_said_record(span, text):
            yield f"record {span.text!r} in {text!r}"
        if span.role in MEDALS and re.fullmatch(r"\d+", span.text.strip()) and not span.bold:
            rank = span.text.strip()
            if rank not in MEDALS[span.role]:
                yield f"{span.role} {rank!r} in {text!r}"


def _marked(span: Span, line: Line) -> bool:
    """Whether some text of a tab is bold, as no other tab's is."""
    return any(each.bold or each.role == "strong" for each in line.spans if each.ground == "tab")


def _is_said_record(span: Span, text: str) -> bool:
    words = span.text.strip()
    return (
        span.bold
        or span.underline
        or words.startswith("1")
        or re.search(rf"\b(WR|TR|NR|OR|PB|SB)\b.*{re.escape(words)}", text) is not None
    )


@pytest.mark.parametrize("size", [(60, 20), (80, 24), WIDE], ids=lambda size: f"{size[0]}")
@pytest.mark.parametrize("board", BOARDS)
async def test_whatever_a_colour_means_is_written_too(
    data: Path, board: str, size: tuple[int, int]
) -> None:
    make, keys = BOARDS[board]
    app = make(data)
    async with running(app, size) as pilot:
        for key in keys:
            await pilot.press(key)
            await pilot.pause()
        lines = [
            line for view in app.screen.query(LinesView) if view.display for line in view.lines
        ]
        assert lines
        assert [fault for line in lines for fault in untold(line)] == []
        # What is under the cursor may be more than a line long.
        for above, line in pairwise([blank(1), *lines]):
            if line.ground == "cursor" != above.ground:
                assert "►" in line.text


def test_the_look_sees_what_only_a_colour_says() -> None:
    faults = {
        fault.split()[0]
        for line in (
            Line((Span("KOK Femke", "gain"),)),
            Line((Span("KOK Femke", "follow"),)),
            Line((Span("37.05", "record"),)),
            Line((Span("2", "gold"),)),
            Line((Span("W500", ground="tab"),)),
        )
        for fault in untold(line)
    }
    assert faults == {"gain", "follow", "record", "gold", "tab"}
