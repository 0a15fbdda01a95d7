"""The files tapes lie in: where a meet's is kept, how one is set aside, and how one is deleted.

SQLite keeps up to two more files beside a tape that is in use; whatever is done is done to all.
"""

from __future__ import annotations

import os
from collections.abc import Iterator
from contextlib import suppress
from pathlib import Path
from typing import Final

from longtrack.tape import Tape, TapeDamaged, TapeUnusable, reason

_ENDINGS: Final = ("-wal", "-shm", "")
"""The tape itself comes last: a log that outlived it would be read as part of the next one."""


def tape_file(directory: Path, feed: str, event_id: str, kind: str = "recorded") -> Path:
    """Return where a meet's tape is kept.

    Args:
        directory: The tapes' directory.
        feed: The feed's host name: two feeds use ids that look alike.
        event_id: The feed's id of the event.
        kind: ``recorded``, ``reenacted`` or ``bundled``; they are never mixed.
    """
    host = "".join(letter if letter.isalnum() or letter in ".-" else "_" for letter in feed)
    suffix = "" if kind == "recorded" else f".{kind}"
    return directory / host / f"{event_id}{suffix}.tape"


def parts(file: Path) -> Iterator[Path]:
    """Yield those of a tape's files that are there, the tape itself last."""
    for ending in _ENDINGS:
        part = file.with_name(file.name + ending)
        if part.exists():
            yield part


def remove(file: Path) -> None:
    """Delete a tape, if it is there.

    Raises:
        OSError: If it can't be deleted.
    """
    for part in parts(file):
        part.unlink(missing_ok=True)


def move_aside(file: Path, now: int) -> Path:
    """Give a tape another name, under which nothing looks for it.

    Args:
        file: The tape's file.
        now: The wall clock in milliseconds, for the new name.

    Returns:
        Where it is now.

    Raises:
        TapeUnusable: If it can't be moved.
    """
    aside = file.with_name(f"{file.name}.set-aside-{now}")
    try:
        for part in parts(file):
            part.rename(aside.with_name(aside.name + part.name.removeprefix(file.name)))
    except OSError as error:
        raise TapeUnusable(f"{file}: {reason(error)}") from None
    return aside


def open_or_set_aside(file: Path, now: int, *, kind: str = "recorded") -> tuple[Tape, str | None]:
    """Open a tape; a file that can't be read is set aside under another name, never deleted.

    Args:
        file: The tape's file.
        now: The wall clock in milliseconds, for the name of a file set aside.
        kind: As for `Tape`.

    Returns:
        The tape, and a sentence for the viewer where a file was set aside.

    Raises:
        TapeUnusable: If the directory can't be used.
    """
    try:
        return Tape(file, kind=kind), None
    except TapeDamaged as error:
        return set_aside(file, now, kind=kind, why=str(error))


def set_aside(file: Path, now: int, *, kind: str, why: str) -> tuple[Tape, str]:
    """Move a damaged or newer tape out of the way and begin a new one.

    Raises:
        TapeUnusable: If it can't be moved.
    """
    aside = move_aside(file, now)
    return Tape(file, kind=kind), f"{why}; it was set aside as {aside.name}"


def mark_used(file: Path | None, now: int) -> None:
    """Note that a tape is watched now: those not used for longest are the first to be pruned."""
    if file is not None:
        # One that can't be marked can be watched all the same.
        with suppress(OSError):
            os.utime(file, (now / 1000, now / 1000))
