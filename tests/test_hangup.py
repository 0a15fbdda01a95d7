"""A program whose terminal is gone ends, where no signal tells it so."""

from __future__ import annotations

import os
import pty
import select
import subprocess
import sys
from pathlib import Path

from longtrack.bundled import DEMO_ID, open_bundled
from longtrack.tape_files import tape_file

PATIENCE_S = 60


def test_a_program_ends_when_its_terminal_goes_and_its_tape_is_whole(tmp_path: Path) -> None:
    ours, theirs = pty.openpty()
    # In a session of its own the terminal is not the one that signals it.
    program = subprocess.Popen(
        [sys.executable, "-m", "rinkside", "demo", "--data-dir", str(tmp_path / "data")],
        stdin=theirs,
        stdout=theirs,
        stderr=theirs,
        start_new_session=True,
        env={**os.environ, "TERM": "xterm-256color", "HOME": str(tmp_path)},
    )
    os.close(theirs)
    try:
        seen = b""
        while b"KOK" not in seen:
            assert select.select([ours], [], [], PATIENCE_S)[0], "nothing comes on screen"
            seen += os.read(ours, 65_536)
        os.close(ours)
        assert program.wait(PATIENCE_S) == 1
    finally:
        program.kill()
        program.wait()
    file = tape_file(tmp_path / "data" / "tapes", "bundled", DEMO_ID, "bundled")
    tape = open_bundled(DEMO_ID, file)
    assert tape.bounds() is not None
    tape.close()
