"""The real program in a terminal, whose viewer lines it up, pauses and seeks while a race goes on.

The server's race goes faster than any real one, so that the running clock on the picture can be
half a minute behind it soon after the program has started.
"""

from __future__ import annotations

import re
import time
from collections.abc import Callable
from contextlib import closing, suppress
from itertools import groupby
from pathlib import Path

from longtrack.isu import results_path
from longtrack.moments import Kind, Moment
from longtrack.tape import Tape
from longtrack.tape_files import tape_file
from terminal import PATIENCE_S, Terminal
from test_end_to_end import (
    EVENT,
    LATEST,
    Opened,
    Rink,
    classified,
    now,
    opened,
    recorded,
    rink,
    start_list,
    told,
)

__all__ = ["opened", "rink"]

RESULTS = results_path(EVENT, 1)
WORLD_RECORD_MS = 35_900
DELAY_S = 30
MOST_MOMENTS = 80
A_MOMENT_S = 0.5


def has_come(rink: Rink, data: Path) -> Callable[[list[str]], object]:
    """Tell, at each picture, whether what was published last is on the tape."""
    return lambda _: recorded(data, RESULTS)[-1:] == [told(rink.published[-1])]


def pair_started(data: Path) -> float:
    """Work out when the first pair started, by what the tape has of its finish."""
    with closing(Tape(tape_file(data / "tapes", "127.0.0.1", EVENT))) as tape:
        moments = [Moment.from_json(kept.body) for kept in tape.moments(LATEST)]
    finish = next(each for each in moments if each.kind is Kind.FINISH)
    time_ms = finish.figures["time_ms"]
    assert isinstance(time_ms, int)
    return (finish.at - time_ms) / 1000


def type_the_pictures_clock(program: Terminal, started: float, late_s: float) -> None:
    """Type what a picture that is so late will show in a moment, and press Enter just then."""
    shown = round(time.time() + 1.0 - started - late_s, 1)
    program.press(f"{shown:.1f}")
    program.wait_for(f"delay {shown:.1f}")
    time.sleep(max(0.0, started + late_s + shown - time.time()))
    program.press("enter")


def over_the_record(program: Terminal) -> list[str]:
    """Go from moment to moment until the world record stands there.

    A moment that the picture has not shown yet is not gone to, however often one asks.
    """
    for _ in range(MOST_MOMENTS):
        program.press("J")
        with suppress(AssertionError):
            return program.wait_for("35.90 WR", A_MOMENT_S)
    return program.wait_for("35.90 WR")


def test_lined_up_paused_sought_and_live_again_with_nothing_lost(
    rink: Rink,
    opened: Opened,
    tmp_path: Path,
) -> None:
    meet, data = rink.meet, tmp_path / "data"
    race = meet.add_race(begin=now(), metres=500, starters=6)
    meet.start(1)
    rink.publish()
    program = opened("watch", EVENT, rink=rink)
    program.wait_for(start_list(race), what="the start list")

    # The first pair: the program names what to watch for; it is a world record.
    meet.passage(1, 0, 0, 10_100)
    meet.passage(1, 1, 0, 10_200)
    rink.publish()
    program.wait_for("10.10")
    program.press("y")
    program.wait_for("'s finish, white armband, pair 1")
    meet.finish(1, 0, WORLD_RECORD_MS)
    meet.finish(1, 1, 37_000)
    rink.publish()
    program.wait_for(classified(race), what="the first pair's finish")
    assert "35.90 WR" in program.text()

    # The running clock on the picture is half a minute behind: so is all that is on screen.
    started = pair_started(data)
    time.sleep(max(0.0, started + DELAY_S + 11 - time.time()))
    type_the_pictures_clock(program, started, DELAY_S)
    # A busy machine takes a moment to see the key.
    program.wait_for(lambda lines: re.search(r"delay 3[0-2] s ± 3 s", "\n".join(lines)), what="it")
    program.press("enter")
    lines = program.wait_for(lambda lines: re.search(r" −3[0-2] s$", lines[0]), what="the delay")
    assert "35.90" not in "\n".join(lines)
    assert "35.90" not in program.title

    # Paused; the second pair is recorded all the same, and is not on screen.
    program.press("space")
    program.wait_for(lambda lines: re.search(r" PAUSED −\d:\d\d$", lines[0]), what="PAUSED")
    meet.passage(1, 2, 0, 10_400)
    rink.publish()
    program.wait_for(has_come(rink, data), what="the second pair's opener on the tape")
    meet.finish(1, 2, 37_500)
    meet.finish(1, 3, 37_600)
    rink.publish()
    program.wait_for(has_come(rink, data), what="the second pair's finish on the tape")
    assert "37.50" not in program.text()

    # Still half a minute behind: forward over the record, back over it, and forward again.
    lines = over_the_record(program)
    assert "37.50" not in "\n".join(lines)
    # A message may lie over the rest of the line.
    assert any(line.split("▌")[0].strip() == "WR" for line in lines), "the strip does not mark it"
    program.press("<", ",")
    lines = program.wait_for(lambda lines: "35.90" not in "\n".join(lines), what="before it")
    assert re.search(r" PAUSED −\d:\d\d$", lines[0])
    over_the_record(program)

    # Live again is half a minute late, as the picture is; one key and it is not.
    program.press("l")
    lines = program.wait_for(lambda lines: re.search(r" −3[0-2] s$", lines[0]), what="the delay")
    program.wait_for("37.50", DELAY_S + PATIENCE_S)
    program.press("0")
    program.wait_for(classified(race), what="all that was recorded meanwhile")
    program.wait_for(lambda lines: lines[0].endswith(" LIVE"), what="LIVE")

    # To the end.
    for row, time_ms in ((4, 37_700), (5, 37_800)):
        meet.finish(1, row, time_ms)
    rink.publish()
    program.wait_for(classified(race), what="the last pair")
    program.press("q")
    assert program.finish() == 0
    said = [told(body) for body in rink.published]
    assert recorded(data, RESULTS) == [each for each, _ in groupby(said)]
