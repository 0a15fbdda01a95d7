"""Seeking: how long it takes to any place of a whole meet's tape, and what the tape costs.

The tape holds 28 races with a version for every passage, as if each had been polled; the real
program plays it in a terminal, and is sent to places all over it by its keys.
"""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import closing
from datetime import UTC, datetime, timedelta
from pathlib import Path
from random import Random
from time import perf_counter
from typing import Final

from benchmarks.figures import Figure, limited, spread
from benchmarks.stage import environment, rinkside
from benchmarks.terminal import Terminal
from longtrack import isu
from longtrack.recording import MeetRecorder
from longtrack.records import RecordBook
from longtrack.tape import Tape
from wire import WireMeet, encode

SEEK_MS: Final = 100.0
RECORDING_PERCENT: Final = 1.0
MEMORY_MB: Final = 100.0

_RACES: Final = 28
_METRES: Final = (500, 1000, 1500, 3000, 5000, 10_000)
_STARTERS: Final = 40
_BEGINS: Final = datetime(2025, 12, 12, 9, 0, tzinfo=UTC)
_BETWEEN: Final = timedelta(minutes=5)
_POLL_S: Final = 3.0
_SEEKS: Final = 40
_QUIET_S: Final = 0.15
"""After so long without a byte a picture is whole."""


def seeking(scratch: Path) -> Iterator[Figure]:
    """Measure recording a whole meet, then seeking in it."""
    files = {races: scratch / f"seeking-{races}.tape" for races in (1, _RACES)}
    _lay(files[1], 1)
    taken, versions = _lay(files[_RACES], _RACES)
    percent = 100 * sum(taken) / len(taken) / 1000 / _POLL_S
    note = f" ({sum(taken) / len(taken):.2f} ms a version, one every {_POLL_S:g} s)"
    yield limited("recording a live race", "% of a core", percent, RECORDING_PERCENT, note)
    size = files[_RACES].stat().st_size / 1e6
    yield Figure(f"the tape of {_RACES} races, {versions} versions", f"{size:.1f} MB")
    small, _, _ = _play(files[1], scratch, [])
    peak, typed, stepped = _play(files[_RACES], scratch, _places(files[_RACES]))
    for what, times in (("to a time that is typed", typed), ("by a key", stepped)):
        yield Figure(
            f"a seek {what}, until its picture is whole",
            f"{spread(times, 'ms')} · most {max(times):.3g} ms",
            budget=f"{SEEK_MS:g} ms",
            within=sorted(times)[len(times) * 9 // 10] <= SEEK_MS,
        )
    yield limited("memory, at the end of that tape", "MB", peak, MEMORY_MB)
    yield Figure("… more than at the end of a tape of one race", f"{peak - small:.1f} MB")


def _play(file: Path, scratch: Path, places: list[str]) -> tuple[float, list[float], list[float]]:
    """Seek in a tape; return the most memory, and the milliseconds by typing and by keys."""
    command = rinkside("watch", str(file), "--from-start", "--data-dir", str(scratch / "data"))
    with Terminal(command, environment(scratch)) as terminal:
        terminal.until("REPLAY")
        terminal.watch(3.0)
        terminal.press(" ")
        terminal.watch(1.0)
        typed = [_typed(terminal, place) for place in places]
        stepped = [_pressed(terminal, key) for key in "KKKJJJUUUIIIuuuiii<<<>>>,,,..."]
        _typed(terminal, "live")
        return terminal.peak_rss_bytes / 1e6, typed, stepped


def _lay(file: Path, races: int) -> tuple[list[float], int]:
    """Record a meet; return the milliseconds of each answer that was new, and how many."""
    at = [_BEGINS]
    meet = WireMeet(lambda: at[0], event_id="2026_NOR_0042", begins=_BEGINS)
    with closing(Tape(file)) as tape:
        recorder = MeetRecorder(
            tape, meet.event_id, lambda: round(at[0].timestamp() * 1000), RecordBook.bundled()
        )
        for number in range(races):
            metres = _METRES[number % len(_METRES)]
            gender = "FM"[number % 2]
            meet.add_race(begin=_BEGINS, metres=metres, gender=gender, starters=_STARTERS)
        lists = [
            isu.event_path(meet.event_id),
            isu.schedule_path(meet.event_id),
            isu.competitions_path(meet.event_id),
        ]
        taken: list[float] = []
        for number in range(1, races + 1):
            race = meet.races[number]
            race.begin = at[0]
            meet.start(number)
            _take_all(recorder, meet, lists)
            begun, path = at[0], isu.results_path(meet.event_id, number)
            recorder.take(path, encode(meet.results(race)))
            for step in meet.skate(number):
                at[0] = begun + timedelta(milliseconds=step.after_ms)
                meet.follow(number, step)
                body = encode(meet.results(race))
                started = perf_counter()
                recorder.take(path, body)
                taken.append((perf_counter() - started) * 1000)
            meet.stop(number)
            meet.make_official(number)
            _take_all(recorder, meet, lists)
            at[0] += _BETWEEN
        versions = tape.newest()[0]
    return taken, versions


def _take_all(recorder: MeetRecorder, meet: WireMeet, paths: list[str]) -> None:
    documents = meet.documents()
    for path in paths:
        recorder.take(path, documents[path])


def _places(file: Path) -> list[str]:
    """Return places all over a tape, as they are typed."""
    random = Random(28)
    with closing(Tape(file)) as tape:
        bounds = tape.bounds()
    assert bounds is not None
    times = (random.randint(*bounds) / 1000 for _ in range(_SEEKS))
    # A meet of these tests is at Oslo.
    zone = WireMeet(lambda: _BEGINS).zone
    return [f"{datetime.fromtimestamp(each, zone):%-d %H:%M:%S}" for each in times]


def _typed(terminal: Terminal, place: str) -> float:
    terminal.press("g")
    terminal.watch(0.2)
    terminal.press(place)
    terminal.watch(0.2)
    return _pressed(terminal, "\r")


def _pressed(terminal: Terminal, key: str) -> float:
    """Press a key; return the milliseconds until the last byte of what it changes."""
    begun = last = perf_counter()
    written = terminal.bytes_written
    terminal.press(key)
    while perf_counter() - max(last, begun + 0.1) < _QUIET_S:
        terminal.watch(0.002)
        if terminal.bytes_written > written:
            written, last = terminal.bytes_written, perf_counter()
    return (last - begun) * 1000
