"""Recorded evenings on files, for tests of what is done with tapes."""

from __future__ import annotations

from pathlib import Path

from longtrack.tape import Tape
from longtrack.tape_files import tape_file
from meets import EVENT, Rink, sprint_evening

HOST = "api.isuresults.eu"


def skated(rink: Rink, number: int, *, only: str = "") -> None:
    """Let a race be skated and recorded, from its start until it is official."""
    rink.wire.start(number)
    rink.publish()
    begun = rink.clock.now
    for step in rink.wire.skate(number):
        while rink.clock.now + 30_000 < begun + step.after_ms:
            rink.publish(after=20, only=only or f"/{number}/results")
        rink.clock.now = max(rink.clock.now, begun + step.after_ms)
        rink.wire.follow(number, step)
        rink.publish(after=0, only=only or f"/{number}/results")
    rink.wire.stop(number)
    rink.publish()
    rink.wire.make_official(number)
    rink.publish()


def evening(file: Path, *, races: int = 1) -> Rink:
    """Record an evening with some of its races skated; the tape stays open."""
    file.parent.mkdir(parents=True, exist_ok=True)
    rink = sprint_evening(starters=4, file=file, early=900)
    for number in range(1, races + 1):
        skated(rink, number)
    return rink


def recorded_evening(file: Path, *, races: int = 1) -> Path:
    """Record an evening and close its tape."""
    evening(file, races=races).tape.close()
    return file


def own_file(data: Path, *, kind: str = "recorded", host: str = HOST) -> Path:
    """Return where a data directory keeps the tape of the invented meet."""
    return tape_file(data / "tapes", host, EVENT, kind)


def dumped(tape: Tape) -> dict[str, list[tuple[object, ...]]]:
    """Return all that makes a difference to what a tape shows."""
    tables = ("document", "version", "moment", "span")
    return {table: tape._db.execute(f"SELECT * FROM {table}").fetchall() for table in tables}


def times(tape: Tape) -> list[int]:
    """Return all times at which something on a tape changes."""
    found, at = [], -1
    while (due := tape.next_after(at)) is not None:
        found.append(at := due)
    return found
