"""Run the benchmark and print what it found.

    python tests/benchmarks/run.py                      all of it, about nine minutes
    python tests/benchmarks/run.py opening --rounds 15  some of it

It needs Linux, and is best run while the machine has nothing else to do: the line above the table
says what there was.
"""

from __future__ import annotations

import argparse
import os
import sys
from collections.abc import Callable, Iterator
from importlib.metadata import version
from pathlib import Path
from platform import python_version
from subprocess import CalledProcessError
from tempfile import TemporaryDirectory

sys.path.insert(0, str(Path(__file__).resolve().parents[1]))

from benchmarks import following, opening, parts, seeking, tapes
from benchmarks.figures import Figure, table
from benchmarks.terminal import COLUMNS, ROWS, Silent

Measurement = Callable[[], Iterator[Figure]]


def main() -> None:
    """Measure what was asked for."""
    parser = argparse.ArgumentParser(description="Measures what rinkside costs.")
    names = ("opening", "memory", "following", "parts", "tapes", "commands", "seeking")
    parser.add_argument("what", nargs="*", metavar="|".join(names), help="default: all of them")
    parser.add_argument("--rounds", type=int, default=11, help="starts of each program (11)")
    parser.add_argument("--idle", type=float, default=30.0, help="seconds of an idle screen (30)")
    parser.add_argument("--passages", type=int, default=60, help="passages clocked (60)")
    words = parser.parse_args()
    unknown = set(words.what) - set(names)
    if unknown:
        parser.error(f"there is no {', '.join(sorted(unknown))}")
    found: list[Figure] = []
    load = _load()
    with TemporaryDirectory(prefix="rinkside-benchmark-") as name:
        scratch = Path(name)
        measurements: dict[str, Measurement] = {
            "opening": lambda: opening.first_paints(words.rounds, scratch),
            "memory": lambda: opening.memory(3, scratch),
            "following": lambda: following.Watch(scratch).figures(words.idle, words.passages),
            "parts": lambda: _parts(scratch),
            "tapes": lambda: tapes.figures(scratch),
            "commands": lambda: opening.commands(words.rounds, scratch),
            "seeking": lambda: seeking.seeking(scratch),
        }
        for name, measure in measurements.items():
            if not words.what or name in words.what:
                print(f"{name} …", file=sys.stderr, flush=True)
                try:
                    found += measure()
                except (Silent, CalledProcessError) as failure:
                    # What else was measured is worth knowing all the same.
                    print(failure, file=sys.stderr)
    print(f"Python {python_version()}, Textual {version('textual')}, {COLUMNS}×{ROWS}")
    print(f"{os.cpu_count()} cores; load over a minute {load} before and {_load()} after\n")
    print(table(found))


def _parts(scratch: Path) -> Iterator[Figure]:
    yield from parts.decoding(scratch)
    yield from parts.season(scratch)
    yield from parts.skater(scratch)
    yield from parts.tape(scratch)


def _load() -> str:
    return f"{os.getloadavg()[0]:.1f}"


if __name__ == "__main__":
    main()
