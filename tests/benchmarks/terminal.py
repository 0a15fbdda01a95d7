"""A program in a terminal of its own: spawned under a pty, read from all the time, and measured."""

from __future__ import annotations

import fcntl
import os
import pty
import select
import struct
import subprocess
import termios
import time
from collections.abc import Callable, Mapping, Sequence
from pathlib import Path
from types import TracebackType
from typing import Final, Self

COLUMNS: Final = 120
ROWS: Final = 36

_QUIT: Final = b"\x11"
"""Ctrl+Q, which ends every Textual program."""
_PATIENCE_S: Final = 30.0


class Silent(RuntimeError):
    """The program did not write what was waited for."""


class Terminal:
    """A running program and the terminal it draws on.

    Nothing answers the questions a program may ask its terminal. All that it writes is taken at
    once, as long as one of the methods below is running.

    Args:
        command: The program and its words.
        environment: What is in its environment.
    """

    def __init__(self, command: Sequence[str], environment: Mapping[str, str]) -> None:
        self._command = command
        self._environment = environment
        self._output = bytearray()
        self.bytes_written = 0
        """How much the program has written by now."""

    def __enter__(self) -> Self:
        self._ours, theirs = pty.openpty()
        fcntl.ioctl(theirs, termios.TIOCSWINSZ, struct.pack("HHHH", ROWS, COLUMNS, 0, 0))
        self._spawned = time.perf_counter()
        self._process = subprocess.Popen(
            self._command,
            stdin=theirs,
            stdout=theirs,
            stderr=theirs,
            env=self._environment,
            start_new_session=True,
        )
        os.close(theirs)
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        if self._process.poll() is None and kind is None:
            os.write(self._ours, _QUIT)
            self._read(lambda: self._process.poll() is not None, 5.0)
        if self._process.poll() is None:
            self._process.kill()
        self._process.wait()
        os.close(self._ours)

    def press(self, keys: str) -> None:
        """Type something."""
        os.write(self._ours, keys.encode())

    # --- what it writes ----------------------------------------------------------------------

    def until(self, marker: str, patience_s: float = _PATIENCE_S) -> float:
        """Read until some text stands in the output; return the seconds since the spawn.

        Raises:
            Silent: If it does not come.
        """
        wanted = marker.encode()
        if self._read(lambda: wanted in self._output, patience_s):
            return time.perf_counter() - self._spawned
        told = bytes(self._output[-2000:]).decode(errors="replace")
        raise Silent(f"{' '.join(self._command)} never wrote {marker!r}; it ended with:\n{told}")

    def until_true(self, condition: Callable[[], bool], patience_s: float = _PATIENCE_S) -> None:
        """Read until something has happened elsewhere.

        Raises:
            Silent: If it does not happen.
        """
        if not self._read(condition, patience_s):
            raise Silent(f"{' '.join(self._command)} never did what was waited for")

    def watch(self, seconds: float) -> None:
        """Read for so long."""
        self._read(lambda: False, seconds)

    def since(self, mark: int) -> bytes:
        """Return what was written after ``bytes_written`` was ``mark``."""
        return bytes(self._output[mark:])

    def _read(self, enough: Callable[[], bool], patience_s: float) -> bool:
        end = time.perf_counter() + patience_s
        while not enough():
            left = end - time.perf_counter()
            if left <= 0:
                return False
            # Waking up now and then lets a condition come true elsewhere.
            if not select.select([self._ours], [], [], min(left, 0.02))[0]:
                continue
            try:
                chunk = os.read(self._ours, 65_536)
            except OSError:
                # The program has closed its end.
                self._process.wait()
                return enough()
            self._output += chunk
            self.bytes_written += len(chunk)
        return True

    # --- what it costs -----------------------------------------------------------------------

    @property
    def cpu_s(self) -> float:
        """CPU time of the program by now, all its threads, user and system."""
        # The kernel's clock for the CPU time of a process, see clock_getcpuclockid(3).
        return time.clock_gettime((~self._process.pid << 3) | 2)

    @property
    def peak_rss_bytes(self) -> int:
        """The most memory it has had in use."""
        status = Path(f"/proc/{self._process.pid}/status").read_text(encoding="ascii")
        (line,) = (line for line in status.splitlines() if line.startswith("VmHWM:"))
        return int(line.split()[1]) * 1024
