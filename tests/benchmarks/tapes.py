"""A whole meet's tape: how large it gets, what recording it costs, and what it takes to move it.

The meet is invented: three days, the 28 races of a World Cup, both divisions. Every passage comes
as a version, and most once more a second later, corrected by a thousandth as when the photo has
been read; the rows are stamped one by one, as the feed does, so that nothing packs too well.
"""

from __future__ import annotations

import resource
import shutil
from collections.abc import Callable, Iterator
from contextlib import closing
from datetime import UTC, datetime, timedelta
from itertools import count
from pathlib import Path
from random import Random
from statistics import fmean
from time import perf_counter, process_time
from typing import Final, NamedTuple

from benchmarks.figures import Figure, limited, spread
from longtrack import isu
from longtrack.recording import MeetRecorder
from longtrack.records import RecordBook
from longtrack.tape import Outcome, Tape
from longtrack.tape_check import copy_sound
from longtrack.tape_files import tape_file
from rinkside.tape_words import state
from rinkside.tapes import export_tape, kept_tapes
from wire import WireMeet, WireRace, encode

SIZE_MB: Final = 20.0
RECORDING_PERCENT: Final = 1.0
"""What the issue allows, in percent of a core."""

_POLL_S: Final = 3.0
_BEGINS: Final = datetime(2025, 12, 12, 9, 0, tzinfo=UTC)
_DAYS: Final = 3
_QUIET: Final = timedelta(seconds=20)
"""How long nothing is clocked before the feed is said to have been asked in vain."""
_CORRECTED: Final = 0.96
"""How many of the passages come again, corrected."""

_Programme = tuple[tuple[str, int | None, str, int, int], ...]

_PROGRAMME: Final[_Programme] = (
    # kind, metres, division, starters, together
    ("ID", 500, "B", 44, 2),
    ("ID", 1500, "B", 44, 2),
    ("ID", 500, "A", 20, 2),
    ("ID", 1500, "A", 20, 2),
    ("ID", 500, "B", 44, 2),
    ("ID", 1000, "B", 44, 2),
    ("ID", 500, "A", 20, 2),
    ("ID", 1000, "A", 20, 2),
    ("ID", 3000, "B", 30, 4),
    ("ID", 5000, "B", 40, 4),
    ("ID", 10_000, "A", 12, 2),
    ("MS", None, "B", 28, 28),
    ("MS", None, "A", 28, 28),
    ("TP", None, "A", 8, 2),
)
"""For women and for men."""


class Recorded(NamedTuple):
    """What recording a whole meet took."""

    versions: int
    sent: int
    """Bytes of all bodies."""
    new_s: list[float]
    """Processor time of each new version, with its moments."""
    same_s: list[float]
    """Processor time of an answer that tells nothing new."""
    grown_mb: float
    """How much more memory the process held at the end than after the first tenth."""


def whole_meet(file: Path) -> Recorded:
    """Record a whole meet, from the first poll to the last official result."""
    present, noise = [_BEGINS - timedelta(hours=1)], Random(11)
    meet = WireMeet(lambda: present[0], days=_DAYS, begins=_BEGINS)
    races = [
        meet.add_race(
            begin=_BEGINS + timedelta(days=index * _DAYS // 28, minutes=45 * (index % 10)),
            gender=gender,
            kind=kind,
            metres=metres,
            division=division,
            starters=starters,
            together=together,
            ordinal=None if kind != "ID" or metres != 500 else 1 + (place >= 4),
        )
        for place, (kind, metres, division, starters, together) in enumerate(_PROGRAMME)
        for index, gender in ((2 * place, "F"), (2 * place + 1, "M"))
    ]
    new_s: list[float] = []
    same_s: list[float] = []
    sent, early_mb = 0, 0.0

    def now() -> int:
        return round(present[0].timestamp() * 1000)

    with closing(Tape(file)) as tape:
        recorder = MeetRecorder(tape, meet.event_id, now, RecordBook.bundled())

        def take(path: str, body: bytes) -> None:
            nonlocal sent
            begun = process_time()
            outcome = recorder.take(path, body)
            took = process_time() - begun
            (new_s if outcome is Outcome.NEW else same_s).append(took)
            sent += len(body) if outcome is Outcome.NEW else 0

        def programme() -> None:
            take(isu.schedule_path(meet.event_id), encode(meet.schedule()))
            listed = [meet.competition(each) for each in meet.races.values()]
            take(isu.competitions_path(meet.event_id), encode(listed))

        def results(race: WireRace) -> None:
            rows = meet.results(race)
            for row in rows:
                stamped = present[0] + timedelta(microseconds=noise.randrange(300_000))
                row["modified"] = stamped.isoformat().replace("+00:00", "Z")
            take(isu.results_path(meet.event_id, race.number), encode(rows))

        take(isu.event_path(meet.event_id), encode(meet.event()))
        programme()
        for race in races:
            results(race)
        for race in races:
            present[0] = max(present[0], race.begin)
            meet.start(race.number)
            programme()
            results(race)
            for step in meet.skate(race.number):
                clocked = race.begin + timedelta(milliseconds=step.after_ms)
                while clocked - present[0] > _QUIET:
                    present[0] += _QUIET
                    recorder.unchanged(isu.results_path(meet.event_id, race.number))
                present[0] = max(present[0], clocked)
                meet.follow(race.number, step)
                results(race)
                if noise.random() < _CORRECTED and step.mark < race.laps - 1:
                    present[0] += timedelta(seconds=1)
                    race.rows[step.row].passages[step.mark] += noise.choice((-1, 1))
                    results(race)
                elif len(new_s) % 10 == 0:
                    results(race)
            meet.stop(race.number)
            programme()
            present[0] += timedelta(minutes=5)
            meet.make_official(race.number)
            programme()
            results(race)
            early_mb = early_mb or _memory_mb()
        return Recorded(len(new_s), sent, new_s, same_s, _memory_mb() - early_mb)


def figures(scratch: Path) -> Iterator[Figure]:
    """Measure a whole meet's tape."""
    file = scratch / "whole.tape"
    begun = perf_counter()
    recorded = whole_meet(file)
    took = perf_counter() - begun
    sent = (
        f" ({recorded.versions} versions, {recorded.sent / 1e6:.0f} MB sent; made in {took:.0f} s)"
    )
    yield limited("a whole meet's tape", "MB", file.stat().st_size / 1e6, SIZE_MB, sent)
    yield Figure("recording a new version", spread([1000 * s for s in recorded.new_s], "ms"))
    yield Figure("an answer with nothing new", spread([1000 * s for s in recorded.same_s], "ms"))
    cost = 100 * fmean(recorded.new_s) / _POLL_S
    yield limited("recording, each poll a new version", "% of a core", cost, RECORDING_PERCENT)
    yield Figure("memory, from the first race to the last", f"{recorded.grown_mb:.1f} MB more")
    yield from _moved(file, scratch)


def _moved(file: Path, scratch: Path) -> Iterator[Figure]:
    """Measure what it takes to list, export and check such a tape."""
    kept = tape_file(scratch / "tapes", "feed.example", "2026_NOR_0001")
    kept.parent.mkdir(parents=True)
    shutil.copyfile(file, kept)
    now = round(_BEGINS.timestamp() * 1000)
    listed = _timed(lambda: kept_tapes(scratch / "tapes", now))
    (tape,) = kept_tapes(scratch / "tapes", now)
    yield Figure(f"listing it ({state(tape)})", spread(listed, "ms"))
    exports = (scratch / f"{number}.tape" for number in count())
    yield Figure("exporting it", spread(_timed(lambda: export_tape(tape, next(exports))), "ms"))

    def check() -> None:
        with closing(Tape(passing=True)) as copy:
            copy_sound(scratch / "0.tape", copy)

    yield Figure("checking all of it, to watch or import", spread(_timed(check), "ms"))


def _timed(work: Callable[[], object]) -> list[float]:
    taken: list[float] = []
    for _ in range(5):
        begun = perf_counter()
        work()
        taken.append(1000 * (perf_counter() - begun))
    return taken


def _memory_mb() -> float:
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1000
