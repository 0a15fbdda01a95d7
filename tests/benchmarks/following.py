"""Following: what a live race costs while it is on screen, with the real program and a real feed.

The program polls a server on the loopback every three seconds. Between two polls one passage is
clocked, or nothing happens; what the same screen costs while nothing happens is measured in the
same process, and taken off.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from statistics import fmean, median
from time import perf_counter
from typing import Final

from benchmarks.figures import Figure, limited
from benchmarks.stage import environment, live_stage, rinkside
from benchmarks.terminal import Terminal
from feed_server import FeedServer

PASSAGE_CPU_MS: Final = 5.0
PASSAGE_BYTES: Final = 2_000.0
CURSOR_CPU_MS: Final = 10.0
IDLE_PERCENT: Final = 0.5
"""What the issue allows, in percent of a core."""

_SKATED: Final = 16
"""Passages clocked before the measuring begins: two pairs."""
_SETTLING_S: Final = 25.0
"""Until every document of the meet has been fetched and the programme was asked for again."""
_MOVES: Final = 30
_TAKEN_S: Final = 0.5
"""How long an answer may take to be on screen."""


@dataclass(frozen=True)
class Cost:
    """What some time in front of the screen has cost."""

    seconds: float
    cpu_s: float
    bytes_written: int
    polls: int = 0
    finish: bool = False
    alone: bool = True
    """Whether no other document was asked for meanwhile."""

    @property
    def percent(self) -> float:
        """Of one core."""
        return 100 * self.cpu_s / self.seconds


class Watch:
    """The program, watching the live race of a stage.

    Args:
        scratch: A directory for its data.
    """

    def __init__(self, scratch: Path) -> None:
        self._scratch = scratch
        self._stage = live_stage(_SKATED)

    def figures(self, idle_s: float, passages: int) -> Iterator[Figure]:
        """Follow the race, and tell what that costs."""
        with FeedServer(self._stage.meet.documents()) as server:
            words = ("--api", server.url, "--data-dir", str(self._scratch / "live"))
            command = rinkside("watch", self._stage.meet.event_id, *words)
            with Terminal(command, environment(self._scratch)) as terminal:
                self._terminal, self._server = terminal, server
                terminal.until(self._stage.marker)
                terminal.watch(_SETTLING_S)
                idle = self._idle(idle_s)
                clocked = [self._passage() for _ in range(passages)]
                moved = [self._move(key) for key in "jk" * (_MOVES // 2)]
                server.etag = False
                full = self._idle(idle_s)
        yield from self._idle_figures(idle, full)
        yield from self._passage_figures(idle, clocked)
        yield from self._cursor_figures(moved)

    def _polls(self) -> int:
        return sum(each.path == self._stage.results_path for each in self._server.requests)

    def _idle(self, seconds: float) -> Cost:
        begun, cpu, written = perf_counter(), self._terminal.cpu_s, self._terminal.bytes_written
        polls = self._polls()
        self._terminal.watch(seconds)
        return Cost(
            perf_counter() - begun,
            self._terminal.cpu_s - cpu,
            self._terminal.bytes_written - written,
            self._polls() - polls,
        )

    def _passage(self) -> Cost:
        terminal, polls = self._terminal, self._polls()
        begun, cpu, written = perf_counter(), terminal.cpu_s, terminal.bytes_written
        step = self._stage.advance()
        self._server.documents = self._stage.meet.documents()
        asked = len(self._server.requests)
        terminal.until_true(lambda: self._polls() > polls)
        terminal.watch(_TAKEN_S)
        return Cost(
            perf_counter() - begun,
            terminal.cpu_s - cpu,
            terminal.bytes_written - written,
            alone=all(
                each.path == self._stage.results_path for each in self._server.requests[asked:]
            ),
            finish=step.mark == self._stage.meet.races[self._stage.number].laps - 1,
        )

    def _move(self, key: str) -> Cost:
        terminal = self._terminal
        begun, cpu, written = perf_counter(), terminal.cpu_s, terminal.bytes_written
        terminal.press(key)
        terminal.watch(_TAKEN_S)
        return Cost(perf_counter() - begun, terminal.cpu_s - cpu, terminal.bytes_written - written)

    def _idle_figures(self, idle: Cost, full: Cost) -> Iterator[Figure]:
        for cost, answers in ((idle, "304"), (full, "the whole body")):
            note = f" ({cost.polls} polls, {cost.bytes_written / cost.seconds:.0f} B/s)"
            what = f"idle live screen, the feed answers {answers}, {cost.seconds:.0f} s"
            yield limited(what, "% of a core", cost.percent, IDLE_PERCENT, note)

    def _passage_figures(self, idle: Cost, clocked: list[Cost]) -> Iterator[Figure]:
        # The programme is asked for every 20 s: what that costs is not the passage's.
        alone = [cost for cost in clocked if cost.alone]
        finishes = [cost for cost in alone if cost.finish]
        others = [cost for cost in alone if not cost.finish]
        for what, costs in (
            (f"passages, {len(clocked)}, some with other documents", clocked),
            (f"one new passage, {len(alone)} of them", alone),
            (f"… of these {len(finishes)} finishes", finishes),
            (f"… of these {len(others)} on the way", others),
        ):
            if not costs:
                continue
            busy, rate = idle.cpu_s / idle.seconds, idle.bytes_written / idle.seconds
            cpu = [1000 * (cost.cpu_s - busy * cost.seconds) for cost in costs]
            note = f" (median {median(cpu):.3g})"
            yield limited(f"{what}: CPU", "ms", fmean(cpu), PASSAGE_CPU_MS, note)
            written = [cost.bytes_written - rate * cost.seconds for cost in costs]
            note = f" (median {median(written):.0f})"
            yield limited(f"{what}: to the terminal", "bytes", fmean(written), PASSAGE_BYTES, note)

    def _cursor_figures(self, moved: list[Cost]) -> Iterator[Figure]:
        # A poll may fall into one: the median is a move's own.
        what = f"the cursor moved by a row, {len(moved)} times, everything compared with it"
        written = median(cost.bytes_written for cost in moved)
        note = f" (median, {written:.0f} bytes)"
        cpu = median(1000 * cost.cpu_s for cost in moved)
        yield limited(what, "ms", cpu, CURSOR_CPU_MS, note)
