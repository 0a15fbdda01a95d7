"""How good the expected finish is, measured on races that were held.

    python tests/benchmarks/pace.py FILE ...

Each finisher is put back on the ice at each mark, and the finish that is expected there is held
against the one that was skated. A finisher is compared with all the others (*left out*) and, *as
live*, with the pairs before alone. Where a file states season bests, both are done with and
without them.

A file is one race, in one of two forms:

- ``.json``: an answer of the feed at ``events/{id}/competitions/{n}/results/``, as it came.
- ``.csv``: the race as it was clocked, with columns ``kind, pair, lane, name, noc, mark_m, time_ms,
  note`` (others are passed over), a line for whatever happened, in order. Kinds: ``entry`` puts
  somebody on the list, anew where a race was entered twice, with ``sb=`` in milliseconds in the
  note; ``passage`` is a time at a mark, the last one counts; ``retract`` takes somebody's passages
  back; ``commit`` states the finish, without a time for who has none. The finish is the last mark.
"""

from __future__ import annotations

import argparse
import csv
import re
import sys
from collections import defaultdict
from collections.abc import Iterator
from pathlib import Path
from typing import Final, NamedTuple

import msgspec
from msgspec.structs import replace

sys.path.insert(0, str(Path(__file__).resolve().parents[1]))

from longtrack import fields, isu
from longtrack.model import (
    Discipline,
    Distance,
    Division,
    Entry,
    Gender,
    Passage,
    Race,
    Skater,
    Status,
)
from longtrack.pace import BestOf, expected_finishes

_METRES: Final = {2: 500, 3: 1000, 4: 1500, 8: 3000, 13: 5000, 25: 10_000}
"""The distance of a race, by how many passages its finishers have."""


class Held(NamedTuple):
    """A race, and the season bests of its skaters by their entries' keys, in milliseconds."""

    race: Race
    bests: dict[str, int]


class Miss(NamedTuple):
    """One finish that was expected, in milliseconds."""

    error: int
    """Expected less skated."""
    either_way: int
    held: bool
    places: int
    """How many places the expected rank was off."""


# --- files ---------------------------------------------------------------------------------------


def read(file: Path) -> Held:
    """Read a race from a file of either form."""
    if file.suffix == ".csv":
        with file.open(encoding="utf-8", newline="") as lines:
            return _clocked(csv.DictReader(lines))
    body = file.read_bytes()
    rows = fields.mappings(msgspec.json.decode(body))
    laps = max((len(fields.items(row.get("laps"))) for row in rows), default=0)
    if laps not in _METRES:
        raise ValueError(f"{file}: no distance has {laps} passages")
    distance = Distance(Discipline.INDIVIDUAL, _METRES[laps], laps)
    return Held(_race(distance, isu.read_results(body, distance).entries), {})


def _clocked(lines: csv.DictReader[str]) -> Held:
    starts: dict[str, dict[str, str]] = {}
    passed: dict[str, dict[int, int]] = defaultdict(dict)
    finish: dict[str, int] = {}
    bests: dict[str, int] = {}
    for line in lines:
        name, kind = line["name"], line["kind"]
        if kind == "entry":
            starts[name] = line
            if stated := re.search(r"\bsb=(\d+)", line["note"]):
                bests[name] = int(stated[1])
        if kind in ("entry", "retract"):
            passed[name].clear()
        elif kind == "passage":
            passed[name][int(line["mark_m"])] = int(line["time_ms"])
        elif kind == "commit" and line["time_ms"]:
            finish[name] = int(line["time_ms"])
    metres = max(mark for marks in passed.values() for mark in marks)
    distance = Distance(Discipline.INDIVIDUAL, metres, -(-metres // 400))
    entries = [
        Entry(
            key=name,
            competitor=Skater(name, "", start["noc"]),
            status=Status.FINISHED if name in finish else Status.DNF,
            pair=int(start["pair"]),
            time_ms=finish.get(name),
            passages=tuple(
                Passage(number, mark, passed[name][mark], None, None)
                for number, mark in enumerate(distance.marks, start=1)
                if mark in passed[name]
            ),
        )
        for name, start in starts.items()
    ]
    return Held(_race(distance, entries), bests)


def _race(distance: Distance, entries: list[Entry] | tuple[Entry, ...]) -> Race:
    return Race(1, Gender.WOMEN, Division.A, distance, 1, "", entries=tuple(entries))


# --- measuring -----------------------------------------------------------------------------------


def misses(held: Held, mark: int, *, live: bool, with_bests: bool) -> Iterator[Miss]:
    """Yield how far off each expected finish at a mark was.

    Args:
        held: The race.
        mark: The mark in metres.
        live: Whether only the pairs before count.
        with_bests: Whether season bests count.
    """
    best: BestOf | None = (lambda entry: held.bests.get(entry.key)) if with_bests else None
    finished = [entry for entry in held.race.entries if entry.status is Status.FINISHED]
    for entry in finished:
        if entry.time_ms is None or entry.passage(mark) is None:
            continue
        before = [other for other in finished if (other.pair or 0) < (entry.pair or 0)]
        others = [other for other in (before if live else finished) if other.key != entry.key]
        skating = replace(
            entry,
            status=Status.ON_ICE,
            time_ms=None,
            rank=None,
            passages=tuple(each for each in entry.passages if each.mark_m <= mark),
        )
        race = replace(held.race, entries=(*others, skating))
        expected = expected_finishes(race, best=best).get(entry.key)
        if expected is None or expected.mark_m != mark:
            continue
        rank = 1 + sum((other.time_ms or 0) < entry.time_ms for other in others)
        yield Miss(
            error=expected.time_ms - entry.time_ms,
            either_way=expected.either_way_ms,
            held=expected.low_ms <= entry.time_ms <= expected.high_ms,
            places=abs(expected.rank - rank),
        )


_HEAD: Final = (
    *("metres", "mark", "field", "season best", "race"),
    *("skaters", "error", "bias", "band held", "band", "places off"),
)


def told(found: list[Miss]) -> tuple[str, ...]:
    """Return what a number of misses come to, in the order of the head."""
    count = len(found)
    half = sorted(miss.either_way for miss in found)[count // 2]
    return (
        str(count),
        f"{sum(abs(miss.error) for miss in found) / count / 1000:.2f}",
        f"{sum(miss.error for miss in found) / count / 1000:+.2f}",
        f"{sum(miss.held for miss in found)} of {count}",
        f"±{half / 1000:.2f}",
        f"{sum(miss.places for miss in found) / count:.1f}",
    )


def rows(races: dict[str, Held]) -> Iterator[tuple[str, ...]]:
    """Yield a row for each mark, way of comparing and race; and for all races of a distance."""
    by_distance: dict[Distance, dict[str, Held]] = defaultdict(dict)
    for name, held in races.items():
        by_distance[held.race.distance][name] = held
    for distance, together in by_distance.items():
        for mark in distance.marks[:-1]:
            for live in (False, True):
                for with_bests in (False, True):
                    found = {
                        name: [*misses(held, mark, live=live, with_bests=with_bests)]
                        for name, held in together.items()
                        if held.bests or not with_bests
                    }
                    if len(found) > 1:
                        found["all"] = [miss for each in found.values() for miss in each]
                    how = ("as live" if live else "left out", "known" if with_bests else "—")
                    for name, each in found.items():
                        if each:
                            yield str(distance.metres), str(mark), *how, name, *told(each)


def main() -> None:
    """Measure the races of some files and print a table."""
    parser = argparse.ArgumentParser(
        description="Measures the expected finish on races that were held."
    )
    parser.add_argument("files", nargs="+", type=Path, metavar="FILE", help="a race, .json or .csv")
    words = parser.parse_args()
    table = [_HEAD, *rows({file.stem: read(file) for file in words.files})]
    widths = [max(len(row[column]) for row in table) for column in range(len(_HEAD))]
    lines = [
        "  ".join(cell.ljust(width) for cell, width in zip(row, widths, strict=True)).rstrip()
        for row in table
    ]
    print("\n".join([lines[0], "-" * max(map(len, lines)), *lines[1:]]))
    print("\nTimes in seconds: error is the mean of |expected - skated|, band the median of ±.")


if __name__ == "__main__":
    main()
