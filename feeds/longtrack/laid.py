"""Tapes that are laid out, not recorded: caches, made anew when they are damaged or outdated."""

from __future__ import annotations

import os
import sqlite3
from collections.abc import Callable
from contextlib import closing, suppress
from pathlib import Path

from longtrack.reenact import HeldMeet, reenact
from longtrack.tape import Tape, TapeError
from longtrack.tape_files import remove

_LATEST = 2**62


def open_laid(file: Path | None, held: Callable[[], HeldMeet], *, kind: str, content: str) -> Tape:
    """Open the tape of a held meet, laying it out where that has not been done.

    The file is only a cache: one that is damaged, or of other content, is made anew.

    Args:
        file: Where the tape is kept. None keeps it in memory, and so does a file that can't be
            written.
        held: Returns the meet; asked only when it has to be laid out.
        kind: ``bundled`` or ``reenacted``.
        content: What the tape is made of, in a word that differs when that does.
    """
    if file is not None:
        with suppress(TapeError, OSError):
            return _kept(file, kind, content) or _replaced(file, held, kind, content)
    return _laid_out(None, held, kind, content)


def _kept(file: Path, kind: str, content: str) -> Tape | None:
    """Open a tape laid out before, if it is whole and of this content."""
    if not file.exists():
        return None
    try:
        with closing(sqlite3.connect(f"{file.absolute().as_uri()}?mode=ro", uri=True)) as pages:
            if pages.execute("PRAGMA quick_check").fetchone() != ("ok",):
                return None
        tape = Tape(file, kind=kind)
        if tape.recall("content") == content and _restores(tape):
            return tape
        tape.close()
    except (TapeError, sqlite3.Error):
        pass
    return None


def _restores(tape: Tape) -> bool:
    """Tell whether the final documents can be restored: their pages may be whole and wrong."""
    try:
        for head in tape.heads(_LATEST).values():
            tape.body(head.version)
    except TapeError:
        return False
    return True


def _replaced(file: Path, held: Callable[[], HeldMeet], kind: str, content: str) -> Tape:
    """Lay the meet out beside the file, then put it in its place as a whole."""
    fresh = file.with_name(f"{file.name}.{os.getpid()}.new")
    try:
        remove(fresh)
        _laid_out(fresh, held, kind, content).close()
        # A write-ahead log that outlived its file would be read as part of the new one.
        remove(file)
        fresh.replace(file)
    finally:
        with suppress(OSError):
            remove(fresh)
    return Tape(file, kind=kind)


def _laid_out(file: Path | None, held: Callable[[], HeldMeet], kind: str, content: str) -> Tape:
    tape = Tape(file, kind=kind)
    try:
        with tape.laying():
            reenact(tape, held())
            tape.remember("content", content)
    except BaseException:
        tape.close()
        raise
    return tape
