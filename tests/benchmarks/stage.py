"""What the program is measured on: an invented meet, its tape, and the ways to start it."""

from __future__ import annotations

import os
import socket
import sys
from collections.abc import Iterator
from contextlib import closing, contextmanager
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Final

from benchmarks import bare
from longtrack import isu
from longtrack.bundled import DEMO_ID, open_bundled
from longtrack.recording import MeetRecorder
from longtrack.records import RecordBook
from longtrack.tape import Tape
from longtrack.tape_files import tape_file
from wire import Step, WireMeet

STARTERS: Final = 20
LIVE_METRES: Final = 1500
"""Ten pairs and four marks: of the 80 passages a quarter are finishes."""

_HELD: Final = 10
_DAYS: Final = 3
_RACES_A_DAY: Final = 11
_DISTANCES: Final = (500, 1000, 1500, 3000)


@dataclass
class Stage:
    """A meet with one race live, driven by hand.

    Attributes:
        meet: The meet, as the feed has it.
        number: The live race.
        ahead: What is still to be skated in it, in order.
    """

    meet: WireMeet
    number: int
    ahead: list[Step]

    @property
    def results_path(self) -> str:
        """The path of the live race's results."""
        return isu.results_path(self.meet.event_id, self.number)

    def advance(self) -> Step:
        """Let the next passage be clocked."""
        step = self.ahead.pop(0)
        self.meet.follow(self.number, step)
        return step

    @property
    def marker(self) -> str:
        """A name that stands on screen as long as this race is shown."""
        families = (row.family for row in self.meet.races[self.number].rows)
        return next(family.upper() for family in families if family.isascii())


def live_stage(skated: int = 0) -> Stage:
    """Return a whole World Cup, on its first day, with a race just begun.

    Args:
        skated: How many passages of the live race were clocked already.
    """
    now = datetime.now(UTC)
    present = [now]
    meet = WireMeet(lambda: present[0], days=_DAYS)
    live = now - timedelta(minutes=1)
    for day in range(_DAYS):
        for place in range(_RACES_A_DAY):
            begin = live + timedelta(days=day, minutes=40 * (place - (_HELD if not day else 0)))
            metres = _DISTANCES[place % len(_DISTANCES)]
            is_live = not day and place == _HELD
            race = meet.add_race(
                begin=begin,
                gender="F" if is_live or place % 2 else "M",
                metres=LIVE_METRES if is_live else metres,
                division="B" if place < 4 else "A",
                starters=STARTERS,
                published=not day,
            )
            if not day and place < _HELD:
                present[0] = begin
                meet.hold(race.number)
                race.begin = begin
                present[0] = begin + timedelta(minutes=25)
                meet.make_official(race.number)
    present[0] = live
    number = _HELD + 1
    stage = Stage(meet, number, meet.skate(number))
    meet.start(number)
    meet.clock = lambda: datetime.now(UTC)
    for _ in range(skated):
        stage.advance()
    return stage


def record(stage: Stage, tape: Tape, passages: int) -> None:
    """Put a stage on a tape as if it had been followed until now: every passage is a version."""
    meet, steps = stage.meet, stage.ahead[:passages]
    began = round(datetime.now(UTC).timestamp() * 1000) - (steps[-1].after_ms if steps else 0)
    at = [began]
    recorder = MeetRecorder(tape, meet.event_id, lambda: at[0], RecordBook.bundled())
    documents = meet.documents()
    first = [
        isu.event_path(meet.event_id),
        isu.schedule_path(meet.event_id),
        isu.competitions_path(meet.event_id),
    ]
    for path in dict.fromkeys([*first, *documents]):
        if not path.startswith("events/?") and "start-list" not in path:
            recorder.take(path, documents[path])
    for _ in range(passages):
        at[0] = began + stage.advance().after_ms
        recorder.take(stage.results_path, meet.documents()[stage.results_path])


@contextmanager
def recorded(file: Path, passages: int) -> Iterator[tuple[Tape, Stage]]:
    """Make a tape of a live meet and open it."""
    stage = live_stage()
    with closing(Tape(file)) as tape:
        record(stage, tape, passages)
        yield tape, stage


# --- the programs ------------------------------------------------------------------------------


@dataclass(frozen=True)
class Program:
    """Something to start, and the text by which its first picture is known."""

    name: str
    command: tuple[str, ...]
    marker: str


BARE: Final = Program("bare Textual app", (sys.executable, bare.__file__), bare.MARKER)


def rinkside(*words: str) -> tuple[str, ...]:
    """Return the command line of the program."""
    return sys.executable, "-m", "rinkside", *words


def demo(data: Path) -> Program:
    """Return the bundled meet, laid out in a data directory before."""
    open_bundled(DEMO_ID, tape_file(data / "tapes", "bundled", DEMO_ID, "bundled")).close()
    command = rinkside("demo", "--data-dir", str(data))
    return Program("bundled meet (demo)", command, "KOK")


def unreachable(data: Path) -> Program:
    """Return a meet followed before, whose feed does not answer now."""
    # Bound, but not listening: nobody else takes the port, and connections are refused.
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        api = f"http://127.0.0.1:{taken.getsockname()[1]}"
    file = tape_file(data / "tapes", "127.0.0.1", DEMO_ID)
    with recorded(file, 50) as (_, stage):
        command = rinkside("watch", stage.meet.event_id, "--api", api, "--data-dir", str(data))
        return Program("recorded tape, feed unreachable", command, stage.marker)


def environment(home: Path) -> dict[str, str]:
    """Return the environment of a fan with a good terminal and no settings.

    The tools of this project bring click along, and httpx, where it finds click, loads it and much
    of Rich: 3 MB that a fan who installs rinkside alone does not pay. So click is hidden.
    """
    hidden = home / "hidden"
    hidden.mkdir(exist_ok=True)
    (hidden / "click.py").write_text("raise ImportError('rinkside does not depend on it')\n")
    kept = {"PATH", "LANG", "LC_ALL", "TZ", "VIRTUAL_ENV"}
    paths = [str(hidden), os.environ.get("PYTHONPATH", "")]
    return {
        **{name: value for name, value in os.environ.items() if name in kept},
        "RINKSIDE_RECORDS_API": "",
        "HOME": str(home),
        "XDG_CONFIG_HOME": str(home / "config"),
        "TERM": "xterm-256color",
        "COLORTERM": "truecolor",
        "PYTHONUTF8": "1",
        "PYTHONPATH": os.pathsep.join(path for path in paths if path),
    }
