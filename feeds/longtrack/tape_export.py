"""One file of a tape, to be given away: all of it at one moment, with nothing beside it."""

from __future__ import annotations

import sqlite3
from contextlib import closing
from pathlib import Path
from typing import Final

from longtrack.tape import TapeDamaged, TapeUnusable, reason, translated

_KEPT: Final = ("schema", "kind")
"""Facts about the tape that are of use to somebody else."""


def export(tape_file: Path, into: Path, feed: str) -> None:
    """Write a tape to a new file, also while another program writes to the tape.

    Args:
        tape_file: The tape.
        into: The new file; it must not be there.
        feed: Host name of the feed it was recorded from, to be kept in the file.

    Raises:
        TapeDamaged: If the tape can't be read.
        TapeUnusable: If the file can't be written: no room, no permission. What there is of it
            then is of no use.
    """
    try:
        with closing(sqlite3.connect(tape_file, isolation_level=None)) as tape:
            tape.execute("VACUUM INTO ?", (str(into),))
        with closing(sqlite3.connect(into, isolation_level=None)) as copy:
            # Who polls, and when the feed had touched what, is this computer's affair.
            marks = ",".join("?" * len(_KEPT))
            copy.execute("DELETE FROM lease")
            copy.execute(f"DELETE FROM meta WHERE key NOT IN ({marks})", _KEPT)
            copy.execute("INSERT INTO meta VALUES ('feed', ?)", (feed,))
    except sqlite3.Error as error:
        told = translated(error, tape_file)
        if isinstance(told, TapeDamaged):
            raise told from None
        raise TapeUnusable(f"{into}: {reason(error)}") from None
