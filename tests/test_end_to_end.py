"""The real program in a terminal, following a real server that advances a race, fails and recovers.

Nothing here sleeps for luck: whoever waits is woken by what the program writes to its terminal.
"""

from __future__ import annotations

import json
import re
import socket
import sys
import time
from collections.abc import Callable, Iterator, Sequence
from contextlib import ExitStack, closing
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Final, NamedTuple

import pytest

from feed_server import Fault, FeedServer
from longtrack.isu import (
    competitions_path,
    event_path,
    results_path,
    schedule_path,
)
from longtrack.tape import Tape, tape_file
from terminal import PATIENCE_S, Seen, Terminal
from wire import WireMeet, WireRace, WireRow

EVENT: Final = "2026_NOR_0001"
LATEST: Final = 2**62

TAKE_OVER_S: Final = 20.0
"""A program that is killed leaves the polling to another one within this time."""

Opened = Callable[..., Terminal]


def now() -> datetime:
    return datetime.now(UTC)


class Rink:
    """An invented meet, and the feed that tells of it.

    Args:
        port: Where the feed listens; a free port by default.
    """

    def __init__(self, port: int = 0) -> None:
        self.meet = WireMeet(now, event_id=EVENT)
        self.server = FeedServer(port=port)
        self.published: list[bytes] = []
        """What the results of the first race were, each time they were published."""

    def publish(self) -> None:
        """Let the feed tell what has happened by now."""
        documents = self.meet.documents()
        self.published.append(documents[results_path(EVENT, 1)])
        self.server.documents = documents

    def asked(self, path: str) -> list[float]:
        """Return when a document was asked for."""
        return [request.at for request in self.server.requests if request.path == path]


@pytest.fixture
def rink() -> Iterator[Rink]:
    """A rink whose feed can be asked."""
    place = Rink()
    with place.server:
        yield place


@pytest.fixture
def opened(tmp_path: Path) -> Iterator[Opened]:
    """Start the program with some words; at the end each is ended, and none has shown a fault."""
    terminals: list[Terminal] = []
    with ExitStack() as stack:

        def start(
            *words: str,
            rink: Rink | None = None,
            data: str = "data",
            columns: int = 120,
            rows: int = 36,
            **environ: str,
        ) -> Terminal:
            api = [] if rink is None else ["--api", rink.server.url]
            terminal = Terminal(
                [sys.executable, "-m", "rinkside", *words, *api, "--data-dir", tmp_path / data],
                home=tmp_path / "home",
                columns=columns,
                rows=rows,
                environ=environ,
            )
            terminals.append(stack.enter_context(terminal))
            return terminal

        yield start
    for terminal in terminals:
        assert b"Traceback" not in terminal.output
        assert b"Error" not in terminal.output


# --- what must be on the screen ----------------------------------------------------------------


class Place(NamedTuple):
    """A line of a classification."""

    rank: int
    name: str
    noc: str
    time: str
    gap: str


_PLACE: Final = re.compile(
    r" *(?P<rank>\d+) [○●] (?P<name>\S.*?) +(?P<noc>[A-Z]{3})"
    r"(?: +\d+\.\d\d +\d+)?"  # the opener and its rank, in sprints
    r"(?: +\d+\.\d\d)*?"  # laps
    r" +(?P<time>(?:\d+:)?\d+\.\d\d(?:\(\d\))?)"
    r"(?: +[A-Z±]+)*(?: +(?P<gap>\+[\d:.]+))?(?: +\d+)?"
)


def places(lines: Sequence[str]) -> list[Place]:
    """Read the classification off a screen."""
    rows = [_PLACE.fullmatch(line.split("│")[0].rstrip()) for line in lines]
    return [
        Place(int(row["rank"]), row["name"], row["noc"], row["time"], row["gap"] or "")
        for row in rows
        if row is not None
    ]


def right_places(race: WireRace) -> list[Place]:
    """Work a classification out from what was skated alone; of names, the family's."""
    done = sorted((r for r in race.rows if r.time_ms and r.valid), key=lambda r: r.time_ms or 0)
    times = [row.time_ms or 0 for row in done]
    found = []
    for row, ms in zip(done, times, strict=True):
        cut = [time // 10 for time in times]
        twin = cut.count(ms // 10) > 1 and times.count(ms) == 1
        gap = ms // 10 - cut[0]
        found.append(
            Place(
                times.index(ms) + 1,
                capitals(row.family),
                row.noc,
                hundredths(ms // 10) + (f"({ms % 10})" if twin else ""),
                f"+{hundredths(gap)}" if row is not done[0] else "",
            )
        )
    return found


def hundredths(count: int) -> str:
    minutes, rest = divmod(count, 6000)
    seconds = f"{rest // 100:02}" if minutes else f"{rest // 100}"
    return f"{minutes}:{seconds}.{rest % 100:02}" if minutes else f"{seconds}.{rest % 100:02}"


def capitals(name: str) -> str:
    return "".join(letter if letter == "ß" else letter.upper() for letter in name)


def classified(race: WireRace) -> Seen:
    """Tell whether a screen shows all who have finished, in order, with times and gaps."""
    wanted = right_places(race)

    def seen(lines: list[str]) -> bool:
        shown = places(lines)
        return len(shown) == len(wanted) and all(
            here.name.startswith(right.name) and here[2:] == right[2:] and here[0] == right[0]
            for here, right in zip(shown, wanted, strict=True)
        )

    return seen


def start_list(race: WireRace) -> Seen:
    """Tell whether a screen shows all starters of a race by pair, nobody having skated."""

    def seen(lines: list[str]) -> bool:
        shown = [line for line in lines if re.search(r"[○●] .* pair \d+", line)]
        return len(shown) == len(race.rows) and all(
            f" {capitals(row.family)}" in line and re.search(rf"{row.noc} +pair {row.pair}\b", line)
            for line, row in zip(shown, race.rows, strict=True)
        )

    return seen


def row_of(lines: Sequence[str], row: WireRow) -> str:
    """Return the line of a skater in the board."""
    family = capitals(row.family)
    found = [line for line in lines if re.search(rf"[○●] {family}.* {row.noc} ", line)]
    assert found, f"{family} is not in the board:\n" + "\n".join(lines)
    return found[-1].split("│")[0].rstrip()


def pill(words: str, age: str = r"\d+ s") -> Seen:
    """Tell whether the first line ends in a pill, after an age."""
    wanted = re.compile(rf"{age} +{words}$")
    return lambda lines: wanted.search(lines[0])


def gaps(times: Sequence[float]) -> list[float]:
    return [later - earlier for earlier, later in zip(times, times[1:], strict=False)]


# --- following a race --------------------------------------------------------------------------


def test_two_live_races_are_followed_from_the_start_lists_to_the_official_results(
    rink: Rink, opened: Opened
) -> None:
    meet = rink.meet
    women = meet.add_race(begin=now(), metres=500, starters=6)
    men = meet.add_race(begin=now(), gender="M", metres=1000, starters=4)
    meet.add_race(begin=now() + timedelta(minutes=25), gender="M", metres=500, starters=4)
    meet.start(1)
    meet.start(2)
    rink.publish()

    program = opened("watch", EVENT, rink=rink)

    program.wait_for(start_list(men), what="the start list of the later race")
    program.press("1")
    lines = program.wait_for(start_list(women), what="the start list")
    assert "Oslo · World Cup 4" in lines[0]
    assert re.search(r"1 W500 live +2 M1000 live +3 M500 \d\d:\d\d ", lines[1])
    program.wait_for(pill("LIVE"), what="LIVE")

    # The first pair: an opener, then a finish.
    meet.passage(1, 0, 0, 10_330)
    meet.passage(1, 1, 0, 10_451)
    rink.publish()
    lines = program.wait_for("10.45")
    assert "ON THE ICE  pair 1 of 3" in "\n".join(lines)
    assert re.search(r" 1 ○ .* 10\.33  1 ", row_of(lines, women.rows[0]))
    assert re.search(r" 2 ● .* 10\.45  2 .*\+0\.12", row_of(lines, women.rows[1]))
    meet.finish(1, 0, 37_337)
    meet.finish(1, 1, 38_431)
    meet.finish(2, 0, 68_904)  # the other race goes on while nobody looks at it
    meet.finish(2, 1, 68_551)
    rink.publish()
    lines = program.wait_for(classified(women), what="the first pair's finish")
    assert "DVOŘÁČKOVÁ 37.33 leads" in "\n".join(lines)

    # The second pair: a new leader, while the window has other sizes.
    program.resize(80, 24)
    # There the pair is pinned on top of the classification, which has it too.
    lines = program.wait_for(lambda lines: lines[-1].endswith("? help") and len(places(lines)) == 4)
    assert places(lines)[:2] == places(lines)[2:]
    program.resize(52, 14)
    program.wait_for("rinkside needs 60 columns and 20 rows")
    meet.finish(1, 2, 37_126)
    meet.finish(1, 3, 37_800)
    rink.publish()
    program.resize(120, 36)
    lines = program.wait_for(classified(women), what="the second pair's finish")
    assert "LEFÈVRE-DUBOIS 37.12 leads" in "\n".join(lines)
    assert places(lines)[0][1:] == ("LEFÈVRE-DUBOIS Anaïs", "FRA", "37.12", "")

    # The other live race has been followed too; moments there carry its code.
    program.wait_for(lambda lines: any("M1000" in line for line in lines[2:]), what="its moments")
    program.press("2")
    program.wait_for(classified(men), what="the other race")
    program.press("1")
    program.wait_for(classified(women), what="the first race again")

    # The last pair: the same hundredth as the leader, and a disqualification.
    meet.passage(1, 4, 0, 10_290)
    meet.passage(1, 5, 0, 10_500)
    rink.publish()
    program.wait_for("ON THE ICE  pair 3 of 3")
    meet.finish(1, 4, 37_123)
    meet.finish(1, 5, 37_990)
    meet.disqualify(1, 5)
    rink.publish()
    lines = program.wait_for(classified(women), what="the last pair's finish")
    assert [place.time for place in places(lines)[:2]] == ["37.12(3)", "37.12(6)"]
    assert places(lines)[1].gap == "+0.00"
    assert re.search(r"GER .* DQ ", row_of(lines, women.rows[5]))
    assert re.search(r"W500 provisional ", "\n".join(lines))

    ended = time.monotonic()
    meet.make_official(1)
    rink.publish()
    lines = program.wait_for("W500 official")
    assert classified(women)(lines)
    program.press("q")
    assert program.finish() == 0

    check_requests(rink, ended)


def check_requests(rink: Rink, until: float) -> None:
    """Check how often the feed was asked while two races were live."""
    for number in (1, 2):
        times = [at for at in rink.asked(results_path(EVENT, number)) if at < until]
        first, *_, last = times
        assert last - first > 12
        assert min(gaps(times)) > 2
        assert 2.5 < sum(gaps(times)) / len(gaps(times)) < 3.6
    for path in (schedule_path(EVENT), competitions_path(EVENT)):
        # Asked at once, and again as soon as that told that races are live; then at rest.
        assert min(gaps(rink.asked(path))[1:], default=18) >= 17.5
    assert len(rink.asked(event_path(EVENT))) <= 2
    agents = {request.headers["user-agent"] for request in rink.server.requests}
    assert all(agent.startswith("rinkside/") for agent in agents)


# --- a feed that fails -------------------------------------------------------------------------

EMPTY_LIST: Final = b"[]"

IN_WORDS: Final[tuple[tuple[Fault | bytes, str], ...]] = (
    (Fault.STATUS, "the feed answered 500"),
    (Fault.HALF, "the feed broke off in the middle"),
    (Fault.WEB_PAGE, "the feed answered with a web page instead of data"),
    (Fault.RESET, "the feed broke off in the middle"),
    (Fault.GARBAGE, "the feed's answer is not data"),
    (Fault.OTHER_SHAPE, "the feed's answer for the results is not a list"),
    (Fault.EMPTY, "the feed's answer is empty"),
    (EMPTY_LIST, "the feed's answer has lost all its rows"),
    (Fault.BAD_GZIP, "the feed's answer is garbled"),
)


def no_feed(reason: str) -> Seen:
    """Tell whether a screen says that there is no feed, why, and when it is asked again."""
    last_row = re.compile(
        rf" +last good data \d\d:\d\d:\d\d · {re.escape(reason)} · next try in \d+ s"
    )
    here = pill("NO FEED")
    return lambda lines: here(lines) and any(last_row.fullmatch(line) for line in lines)


def test_the_last_good_rows_stay_while_the_feed_fails_in_every_way(
    rink: Rink, opened: Opened
) -> None:
    meet, path = rink.meet, results_path(EVENT, 1)
    race = meet.add_race(begin=now(), metres=500, starters=6)
    meet.add_race(begin=now() + timedelta(minutes=25), gender="M", starters=4)
    meet.start(1)
    for row, time_ms in enumerate((37_902, 38_411, 37_655)):
        meet.finish(1, row, time_ms)
    rink.publish()
    program = opened("watch", EVENT, rink=rink)
    good = program.wait_for(classified(race), what="the first finishes")
    program.wait_for(pill("LIVE"))
    assert program.color_of("FINISHED") != program.color_of("KĘSTAITĖ")

    # An answer that does not come: late after three missed polls, then given up on. Only half of
    # what happens is told from here on: the race goes on while nothing of it arrives.
    kept = right_places(race)
    rink.server.misbehave(Fault.HANG, path)
    program.wait_for(pill("LATE", r"1\d s"), what="LATE")
    meet.finish(1, 3, 37_004)
    rink.publish()
    program.wait_for(no_feed("the feed timed out"), what="why there is no feed")
    while_hanging = gaps(rink.asked(path))[-1:]
    assert places(program.screen()) == places(good)
    assert program.color_of("FINISHED") == program.color_of("KĘSTAITĖ") == program.color_of("M500")

    # One failure after the other; the viewer looks at another race and back to have it tried now.
    for fault, words in IN_WORDS:
        rink.server.behave()
        documents = meet.documents()
        if isinstance(fault, bytes):
            rink.server.documents = {**documents, path: fault}
        else:
            rink.server.documents = documents
            rink.server.misbehave(fault, path)
        program.press("2", "1")
        program.wait_for(no_feed(words), what=words)
        assert places(program.screen()) == places(good)
    assert len(kept) == len(places(good))

    # The feed asks to be left alone: nothing at all is asked until then.
    rink.server.behave()
    rink.server.documents = meet.documents()
    rink.server.misbehave(Fault.STATUS, path, times=1, status=503, headers={"Retry-After": "3"})
    program.press("2", "1")
    program.wait_for(no_feed("the feed answered 503"), what="503")
    program.press("2", "1")
    meet.finish(1, 4, 37_650)
    meet.finish(1, 5, 39_009)
    rink.publish()
    program.wait_for(classified(race), what="what happened meanwhile")
    program.wait_for(pill("LIVE"))
    *_, told_off, again = rink.asked(path)
    held = [request.at for request in rink.server.requests if request.at > told_off]
    assert again - told_off >= 3 <= held[0] - told_off
    assert not any("last good data" in line for line in program.screen())
    assert program.color_of("FINISHED") != program.color_of("KĘSTAITĖ")

    meet.make_official(1)
    rink.publish()
    assert classified(race)(program.wait_for("W500 official"))
    program.press("q")
    assert program.finish() == 0
    assert while_hanging == []
