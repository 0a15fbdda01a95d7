"""Opening: how long until a skater's name is on screen, and how much memory that takes."""

from __future__ import annotations

import sys
from collections import defaultdict
from collections.abc import Iterator, Sequence
from pathlib import Path
from subprocess import DEVNULL, run
from tempfile import TemporaryDirectory
from time import perf_counter
from typing import Final

from benchmarks.figures import Figure, compared, limited, spread
from benchmarks.stage import BARE, Program, demo, environment, rinkside, unreachable
from benchmarks.terminal import Terminal

MOST: Final = 1.5
"""How many times the bare app's time and memory the issue allows."""

STANDINGS_MS: Final = 100.0
"""How much longer than an empty program the standings of a kept season may take."""

_NOTHING: Final = "python -c pass"
_STANDINGS: Final = "rinkside standings --offline"

_RESIDENT_AFTER_S: Final = 5.0


def first_paints(rounds: int, scratch: Path) -> Iterator[Figure]:
    """Measure the time from the spawn to a skater's name, program after program in turn."""
    programs = [BARE, demo(scratch / "demo"), unreachable(scratch / "recorded")]
    seconds: dict[str, list[float]] = defaultdict(list)
    for number in range(rounds + 1):
        for program in programs:
            taken = _paint(program, scratch)
            # The first round only warms what the disk and the bytecode cache hold.
            if number:
                seconds[program.name].append(taken * 1000)
    bare = seconds.pop(BARE.name)
    yield Figure(f"first paint: {BARE.name}", spread(bare, "ms"))
    for name, ours in seconds.items():
        yield compared(f"first paint: {name}", "ms", ours, bare, MOST)
    first = []
    for _ in range(3):
        with TemporaryDirectory(dir=scratch) as empty:
            command = rinkside("demo", "--data-dir", empty)
            first.append(_paint(Program("", command, programs[1].marker), scratch) * 1000)
    yield Figure("first paint: demo on a fresh data directory", spread(first, "ms"))


def _paint(program: Program, scratch: Path) -> float:
    with Terminal(program.command, environment(scratch)) as terminal:
        return terminal.until(program.marker)


def memory(rounds: int, scratch: Path) -> Iterator[Figure]:
    """Measure the most memory each program has had in use after five seconds."""
    programs = [BARE, demo(scratch / "demo"), unreachable(scratch / "recorded")]
    sizes: dict[str, list[float]] = defaultdict(list)
    for _ in range(rounds):
        for program in programs:
            with Terminal(program.command, environment(scratch)) as terminal:
                terminal.until(program.marker)
                terminal.watch(_RESIDENT_AFTER_S)
                sizes[program.name].append(terminal.peak_rss_bytes / 1e6)
    bare = sizes.pop(BARE.name)
    yield Figure(f"peak memory: {BARE.name}", spread(bare, "MB"))
    for name, ours in sizes.items():
        yield compared(f"peak memory: {name}", "MB", ours, bare, MOST)


def commands(rounds: int, scratch: Path) -> Iterator[Figure]:
    """Measure what answers without a dashboard; of a kept season the standings have a limit."""
    data = scratch / "demo"
    demo(data)
    kept = ("--offline", "--data-dir", str(data))
    asked: dict[str, Sequence[str]] = {
        _NOTHING: (sys.executable, "-c", "pass"),
        "rinkside --version": rinkside("--version"),
        "rinkside results --offline": rinkside("results", "2026_NOR_0001", "W500", *kept),
        _STANDINGS: rinkside("standings", "W500", *kept),
        "rinkside quota --offline": rinkside("quota", "W500", *kept),
    }
    seconds: dict[str, list[float]] = defaultdict(list)
    for number in range(rounds + 1):
        for name, command in asked.items():
            begun = perf_counter()
            run(command, env=environment(scratch), stdout=DEVNULL, check=True)
            # In the first round the season is made, and kept from then on.
            if number:
                seconds[name].append((perf_counter() - begun) * 1000)
    for name, each in seconds.items():
        yield Figure(f"start to end: {name}", spread(each, "ms"))
    more = min(seconds[_STANDINGS]) - min(seconds[_NOTHING])
    yield limited("standings, more than python -c pass", "ms", more, STANDINGS_MS)
