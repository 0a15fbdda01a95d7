"""The real program in a terminal, following a real server that advances a race, fails and recovers.

Nothing here sleeps for luck: whoever waits is woken by what the program writes to its terminal.
"""

from __future__ import annotations

import json
import re
import socket
import sys
import time
import unicodedata
from collections.abc import Callable, Iterator, Sequence
from contextlib import ExitStack, closing
from datetime import UTC, datetime, timedelta
from itertools import pairwise
from pathlib import Path
from typing import Final, NamedTuple
from zoneinfo import ZoneInfo

import pytest

from feed_server import Fault, FeedServer
from longtrack.isu import (
    competitions_path,
    event_path,
    results_path,
    schedule_path,
)
from longtrack.tape import Tape
from longtrack.tape_files import tape_file
from terminal import Seen, Terminal
from wire import WireMeet, WireRace, WireRow

EVENT: Final = "2026_NOR_0009"
LATEST: Final = 2**62

TAKE_OVER_S: Final = 20.0
"""A program that is killed leaves the polling to another one within this time."""

Opened = Callable[..., Terminal]


def now() -> datetime:
    return datetime.now(UTC)


def zone_by_day() -> str:
    """Return a zone where it is day, so that all races of a test are on one day."""
    zones = ("Europe/Oslo", "Asia/Tokyo", "America/Edmonton")
    return next(zone for zone in zones if 7 <= now().astimezone(ZoneInfo(zone)).hour < 19)


class Rink:
    """An invented meet, and the feed that tells of it.

    Args:
        port: Where the feed listens; a free port by default.
    """

    def __init__(self, port: int = 0) -> None:
        self.meet = WireMeet(now, event_id=EVENT, zone=zone_by_day())
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
    r" *(?P<rank>\d+) [○●][ ?](?P<name>\S.*?) +(?P<noc>[A-Z]{3})"
    r"(?: +\d+\.\d\d +\d+)?"  # the opener and its rank, in sprints
    r"(?: +\d+\.\d\d)*?"  # laps
    r" +(?P<time>(?:\d+:)?\d+\.\d\d(?:\(\d\))?)"
    r"(?: +[A-Z±]+)*(?: +(?P<gap>\+[\d:.]+))?(?: +\d+)?"
    r"(?: +\d+(?: [▲▼]\d+)?)?"  # the rank in the cup, and how it has moved
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
    return [later - earlier for earlier, later in pairwise(times)]


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

    program.wait_for(start_list(women), what="the start list of the first race")
    program.press("2")
    program.wait_for(start_list(men), what="the start list of the later race")
    program.press("1")
    lines = program.wait_for(start_list(women), what="the start list")
    assert f"{meet.zone.key.rsplit('/')[-1]} · World Cup 4 " in lines[0]
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
    program.resize(120, 42)
    lines = program.wait_for(classified(women), what="the second pair's finish")
    assert "LEFÈVRE-DUBOIS 37.12 leads" in "\n".join(lines)
    assert places(lines)[0][1:] == ("LEFÈVRE-DUBOIS A.", "FRA", "37.12", "")

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
        assert len(times) >= 4
        assert min(gaps(times)) > 2
        assert 2.5 < sum(gaps(times)) / len(gaps(times)) < 3.6
    for path in (schedule_path(EVENT), competitions_path(EVENT)):
        assert min(gaps(rink.asked(path)), default=18) >= 17.5
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
    assert len(places(good)) == 3
    assert not is_grey(program.color_of("FINISHED"))

    # An answer that does not come: late after three missed polls, then given up on. The race goes
    # on, and nothing of it arrives.
    hanging = time.monotonic()
    rink.server.misbehave(Fault.HANG, path)
    program.wait_for(pill("LATE", r"1\d s"), what="LATE")
    meet.finish(1, 3, 37_004)
    rink.publish()
    program.wait_for(no_feed("the feed timed out"), what="why there is no feed")
    asked = [at for at in rink.asked(path) if at > hanging]
    assert min(gaps(asked), default=10) > 9.5, "asked again while an answer was awaited"
    assert places(program.screen()) == places(good)
    assert all(is_grey(program.color_of(text)) for text in ("FINISHED", "37.65", "M500", "DUBOIS"))

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

    # The feed asks to be left alone: nothing at all is asked until then. What comes then is good
    # but for a row that names nobody: its last good one stays, marked.
    meet.finish(1, 4, 37_650)
    meet.finish(1, 5, 39_009)
    rink.server.behave()
    rink.server.misbehave(Fault.STATUS, path, times=1, status=503, headers={"Retry-After": "3"})
    rink.server.documents = with_nobody(meet.documents(), path, race.rows[1])
    before = time.monotonic()
    program.press("2", "1")
    program.wait_for(no_feed("the feed answered 503"), what="503")
    program.press("2", "1")
    lines = program.wait_for("●?ŌTSUKA Nagisa")
    # Its rank may be somebody else's by now, so it has none.
    assert any("●?ŌTSUKA Nagisa" in line and " 38.41" in line for line in lines)
    assert {place.time for place in places(lines)} == {p.time for p in right_places(race)} - {
        "38.41"
    }
    program.wait_for(pill("LIVE"))
    told_off = next(at for at in rink.asked(path) if at > before)
    assert min(req.at for req in rink.server.requests if req.at > told_off) - told_off >= 3
    assert "last good data" not in program.text()
    assert not is_grey(program.color_of("FINISHED"))

    meet.make_official(1)
    rink.publish()
    program.wait_for("● ŌTSUKA Nagisa")
    program.wait_for(classified(race), what="the classification")
    assert classified(race)(program.wait_for("W500 official"))
    program.press("q")
    assert program.finish() == 0


def with_nobody(documents: dict[str, bytes], path: str, row: WireRow) -> dict[str, bytes]:
    """Return documents in one of which the fields of a row have the wrong types."""
    rows = json.loads(documents[path])
    for each in rows:
        if each["id"] == row.id:
            each.update(competitor=7, time=["soon"], laps={"1": None}, rank="first")
    return {**documents, path: json.dumps(rows).encode()}


def is_grey(colour: str) -> bool:
    channels = [int(colour[place : place + 2], 16) for place in (0, 2, 4)]
    return max(channels) - min(channels) < 32


def test_what_was_seen_last_opens_without_the_feed_and_the_rest_waits_for_it(
    opened: Opened,
) -> None:
    rink = Rink()
    race = rink.meet.add_race(begin=now(), metres=500, starters=4)
    rink.meet.start(1)
    rink.meet.finish(1, 0, 37_500)
    with rink.server:
        rink.publish()
        earlier = opened("watch", EVENT, rink=rink)
        good = earlier.wait_for(classified(race), what="the first visit")
        earlier.wait_for(pill("LIVE"))
        earlier.press("q")
        assert earlier.finish() == 0

    again = opened("watch", EVENT, rink=rink)
    never = Rink(port=free_port())
    waiting = opened("watch", EVENT, rink=never, data="other")
    unknown = opened("watch", "atlantis", rink=rink, data="third")

    # Nothing is kept: the screen waits for the feed, and comes alive when that does.
    waiting.wait_for(lambda lines: lines[0].endswith(" NO FEED"), what="NO FEED")
    waiting.wait_for("no data from the feed yet · the feed refused the connection · next try")
    never.meet.add_race(begin=now() + timedelta(minutes=10), starters=4)
    with never.server:
        never.publish()
        waiting.wait_for(start_list(never.meet.races[1]), what="the start list")
        waiting.wait_for(pill("LIVE"), what="LIVE")
        waiting.press("q")
        assert waiting.finish() == 0

    # What was seen last is there at once; then the feed has failed for as long as three polls.
    again.wait_for(classified(race), what="what was seen last")
    again.wait_for(no_feed("the feed refused the connection"), what="NO FEED")
    assert places(again.screen()) == places(good)
    again.press("q")
    assert again.finish() == 0

    # A name nobody has told of can only be refused: one sentence.
    assert unknown.finish() == 4
    said = unknown.output.decode().strip().splitlines()
    assert len(said) == 1
    assert said[0].startswith("rinkside: no event is known by 'atlantis'")
    assert "the feed refused the connection" in said[0]


def free_port() -> int:
    with closing(socket.socket()) as taken:
        taken.bind(("127.0.0.1", 0))
        return int(taken.getsockname()[1])


# --- one data directory, several programs ------------------------------------------------------


def test_of_two_programs_one_polls_and_a_killed_one_loses_nothing(
    rink: Rink, opened: Opened, tmp_path: Path
) -> None:
    meet, path = rink.meet, results_path(EVENT, 1)
    race = meet.add_race(begin=now(), metres=500, starters=8)
    meet.start(1)
    rink.publish()
    first = opened("watch", EVENT, rink=rink)
    first.wait_for(start_list(race), what="the start list")
    second = opened("watch", EVENT, rink=rink, columns=80, rows=24)
    second.wait_for("DVOŘÁČKOVÁ")

    # One polls, both show what comes.
    for row, time_ms in enumerate((37_900, 38_100)):
        meet.passage(1, row, 0, 10_000 + 210 * row)
        rink.publish()
        both(hundredths(1000 + 21 * row), first, second)
        meet.finish(1, row, time_ms)
        rink.publish()
        both(hundredths(time_ms // 10), first, second)
    assert min(gaps(rink.asked(path))) > 2

    # The one that polls quits: the other one takes over.
    first.press("q")
    assert first.finish() == 0
    left = time.monotonic()
    meet.finish(1, 2, 37_555)
    rink.publish()
    second.wait_for("37.55")
    assert time.monotonic() - left < TAKE_OVER_S

    # It is killed in the middle. All that came is on the tape; one that starts now has it before
    # anything is asked, and polls when the dead one's claim has run out.
    second.kill()
    killed = time.monotonic()
    count = len(rink.server.requests)
    third = opened("watch", EVENT, rink=rink)
    third.wait_for(classified(race), what="all that was recorded")
    assert len(rink.server.requests) == count
    assert recorded(tmp_path / "data", path) == [told(body) for body in rink.published]
    meet.finish(1, 3, 37_444)
    rink.publish()
    third.wait_for(classified(race), what="what comes after the other was killed")
    assert time.monotonic() - killed < TAKE_OVER_S + 5
    third.press("q")
    assert third.finish() == 0
    assert recorded(tmp_path / "data", path) == [told(body) for body in rink.published]


def both(text: str, *terminals: Terminal) -> None:
    for terminal in terminals:
        terminal.wait_for(text)


def recorded(data: Path, path: str) -> list[object]:
    """Return what a tape has of a document, oldest first."""
    with closing(Tape(tape_file(data / "tapes", "127.0.0.1", EVENT))) as tape:
        return [told(tape.body(head.version)) for head in tape.history(path, LATEST)][::-1]


def told(body: bytes) -> object:
    """Return what a document says, without when it was written."""
    rows = json.loads(body)
    for row in rows:
        row.pop("modified")
    return rows


# --- meets that are not live -------------------------------------------------------------------


def test_a_meet_later_today_and_one_that_is_over(opened: Opened) -> None:
    later, over = Rink(), Rink()
    soon = later.meet.add_race(begin=now() + timedelta(minutes=70), starters=8)
    later.meet.add_race(begin=now() + timedelta(minutes=90), gender="M", metres=1500, starters=8)
    meet, began = over.meet, now() - timedelta(hours=3)
    meet.add_race(begin=began, starters=8)
    last = meet.add_race(begin=began + timedelta(minutes=40), gender="M", metres=1000, starters=8)
    for number, race in meet.races.items():
        moment = race.begin
        meet.clock = lambda moment=moment: moment  # type: ignore[misc]
        meet.hold(number)
        meet.make_official(number)
    meet.clock = now
    with later.server, over.server:
        later.publish()
        over.publish()
        before = opened("watch", EVENT, rink=later, data="later")
        after = opened("watch", EVENT, rink=over, data="over")

        before.wait_for(start_list(soon), what="the start list")
        before.wait_for(pill("LIVE"), what="LIVE")
        clock = soon.begin.astimezone(later.meet.zone)
        starts = f"  1 W500 {clock:%H:%M}  2 M1500 "
        lines = before.wait_for(lambda lines: starts in lines[1], what="the start on its tab")
        assert re.search(rf" NEXT  pair 1 of 4  {clock:%H:%M}, in (70|69) min ", lines[3])

        after.wait_for(classified(last), what="the final sheet")
        lines = after.wait_for(pill("LIVE"), what="LIVE")
        assert "M1000 official" in "\n".join(lines)
        assert lines[3].startswith(" RACE OVER")
        winners = [right_places(race)[0].name for race in meet.races.values()]
        tabs = f"  1 W500 {winners[0]}  2 M1000 {winners[1]} "
        after.wait_for(lambda lines: tabs in lines[1], what="both winners on their tabs")
        after.press("left")
        after.wait_for(classified(meet.races[1]), what="the sheet before")

        for program in (before, after):
            program.press("q")
            assert program.finish() == 0


# --- the demo ----------------------------------------------------------------------------------


def test_the_demo_ends_its_race_within_half_a_minute_and_reaches_all_races_and_days(
    opened: Opened,
) -> None:
    demo = opened("demo", columns=80, rows=24)
    demo.wait_for(lambda lines: lines[0].endswith(" DEMO 8×"), what="the demo")
    demo.wait_for("~ modelled, not published · bundled meet")

    left = 30 - (time.monotonic() - demo.started)
    podium = ["KOK Femke", "ZIOMEK-NOGAL Kaja", "YOSHIDA Yukino"]
    demo.wait_for(
        lambda lines: (
            [place.name for place in places(lines) if place.rank <= 3][-3:] == podium
            and any("37.05 TR" in line for line in lines)
        ),
        timeout=left,
        what="the track record and the podium",
    )

    demo.resize(120, 36)
    reached = {"2": " M500 ", "3": " W1500 ", "4": " M1500 ", "1": " W500 provisional "}
    for key, code in reached.items():
        demo.press(key)
        demo.wait_for(lambda lines, code=code: any(code in line for line in lines[8:12]), what=code)  # type: ignore[misc]
    for key, tab in (("d", " 1 W1000 "), ("d", " 1 WTP "), ("D", " 1 W1000 "), ("D", " 1 W500 ")):
        demo.press(key)
        demo.wait_for(lambda lines, tab=tab: tab in lines[1], what=tab)  # type: ignore[misc]
    demo.press("q")
    assert demo.finish() == 0


# --- what reaches the terminal -----------------------------------------------------------------

HOSTILE: Final = (
    ("Lu\x1b[2J\x1b[5mcie", "Esc\x1b]0;owned\x07ape", "CZE"),
    ("[blink]Mia[/]", "[bold red]Mark", "NOR"),
    ("nib\u202eerO", "Ov\u2066er\u200fride", "ITA"),
    ("Li\nne", "Br\r\neak\u2028", "FRA"),
    ("\x9b5mCe", "C\x9d0;owned\x9cone", "GER"),
    ("\x1bP+q\x1b\\\\", "D\x1bcs\x00\x08\x7f", "\x1b[H"),
)
_ORDERS: Final = re.compile(
    rb"\x1b(?:\[[0-?]*[ -/]*[@-~]|[\]PX^_](?:[^\x07\x1b]|\x1b[^\\])*(?:\x07|\x1b\\)|[ -Z\\`-~])"
)
_USUAL: Final = re.compile(rb"\x1b\[[0-9;]*[mH]")
_STYLES: Final = re.compile(rb"\x1b\[([0-9;]*)m")
_COLOURS: Final = {*range(30, 39), *range(40, 49), *range(90, 98), *range(100, 108)}


def test_nothing_of_a_hostile_feed_but_text_reaches_the_terminal_nor_any_colour_unasked(
    opened: Opened,
) -> None:
    meek, wild = Rink(), Rink()
    for place in (meek, wild):
        place.meet.add_race(begin=now(), starters=6)
        place.meet.start(1)
        for row, time_ms in enumerate((37_900, 38_100, 37_800, 38_300)):
            place.meet.finish(1, row, time_ms)
    wild.meet.name = "World Cup \x1b]2;owned\x07\u202e4"
    wild.meet.races[1].title = "500\x1b[77;77Hm \u202e\x1b]0;owned\x07Women [bold]"
    for start, (given, family, noc) in zip(wild.meet.races[1].rows, HOSTILE, strict=True):
        start.given, start.family, start.noc = given, family, noc
    with meek.server, wild.server:
        meek.publish()
        wild.publish()
        calm = opened("watch", EVENT, rink=meek, data="meek")
        attacked = opened("watch", EVENT, rink=wild, data="wild")
        colourless = opened("watch", EVENT, rink=wild, data="colourless", NO_COLOR="1")
        for program in (calm, attacked, colourless):
            program.wait_for(pill("LIVE"), what="LIVE")
            program.wait_for(lambda lines: len(places(lines)) == 4, what="four finishes")
        for program in (calm, attacked, colourless):
            program.press("p")
            program.wait_for(lambda lines: "Programme" in "\n".join(lines))
            program.press("q")
            assert program.finish() == 0

    for program in (attacked, colourless):
        assert orders(program) <= orders(calm), "the feed has given orders to the terminal"
        assert not unprintable(program)
        assert not {b"\x1b[5m", b"\x1b[77;77H"} & set(_ORDERS.findall(program.output))
        assert b"[BOLD RED]MARK" in program.output, "what looks like markup is text"
    assert not colours(colourless)
    assert colours(calm) >= {38, 48}


def orders(program: Terminal) -> set[bytes]:
    """Return what a terminal was told to do, other than to move, to colour and to write."""
    found = _ORDERS.findall(program.output)
    return {order for order in found if not _USUAL.fullmatch(order)}


def unprintable(program: Terminal) -> set[str]:
    """Return the characters a terminal was told to write and that are no text."""
    text = _ORDERS.sub(b"", program.output).decode()
    kinds = {"Cc", "Cf", "Cs", "Co", "Cn", "Zl", "Zp"}
    return {letter for letter in text if unicodedata.category(letter) in kinds} - {"\r", "\n"}


def colours(program: Terminal) -> set[int]:
    """Return the numbers with which colours are asked for, of those a terminal was told."""
    found = [match[1].split(b";") for match in _STYLES.finditer(program.output)]
    return {int(number) for numbers in found for number in numbers if number} & _COLOURS
