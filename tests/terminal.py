"""A terminal for tests: a real program under a real pty, its screen kept by pyte.

    with Terminal([sys.executable, "-m", "rinkside", "demo"], home=tmp_path) as terminal:
        terminal.wait_for("KOK Femke")
        terminal.press("q")
        assert terminal.finish() == 0

Waiting is woken by what the program writes; nothing sleeps in the hope that it will be enough.
Like most terminals it can show a frame at once: between the marks a program puts around one, the
screen counts as unfinished and is not looked at.
"""

from __future__ import annotations

import fcntl
import os
import pty
import signal
import struct
import subprocess
import sys
import termios
import threading
import time
from collections.abc import Callable, Mapping, Sequence
from contextlib import suppress
from pathlib import Path
from types import TracebackType
from typing import Final, Self

import pyte

PATIENCE_S: Final = 30.0
"""How long to wait for something that should come soon, on a machine that has other work."""

KEYS: Final = {
    "up": "\x1b[A",
    "down": "\x1b[B",
    "right": "\x1b[C",
    "left": "\x1b[D",
    "end": "\x1b[F",
    "home": "\x1b[H",
    "pageup": "\x1b[5~",
    "pagedown": "\x1b[6~",
    "enter": "\r",
    "tab": "\t",
    "escape": "\x1b",
    "space": " ",
    "ctrl+c": "\x03",
}
"""Keys that are no character, as a terminal sends them."""

_TAKE_TERMINAL: Final = (
    "import fcntl, os, sys, termios; fcntl.ioctl(0, termios.TIOCSCTTY, 0); "
    "os.execv(sys.argv[1], sys.argv[1:])"
)
"""Makes the terminal the program's own, so that it is told of a new size, and becomes it."""

_ASKS_FOR_FRAMES: Final = b"\x1b[?2026$p"
_HAS_FRAMES: Final = b"\x1b[?2026;2$y"
_FRAME_BEGINS: Final = b"\x1b[?2026h"
_FRAME_ENDS: Final = b"\x1b[?2026l"

Seen = Callable[[list[str]], object]
"""Tells whether a screen, line by line, is the one waited for."""


class Terminal:
    """A program in a terminal of its own.

    It knows nothing of this machine's user: its home and all that follows from it lie in `home`.

    Args:
        command: The program, by its path, and its words.
        home: A directory of the test's own.
        columns: Width of the window.
        rows: Height of the window.
        zone: The viewer's time zone.
        environ: More of the environment, or other values.
    """

    def __init__(
        self,
        command: Sequence[str | Path],
        *,
        home: Path,
        columns: int = 120,
        rows: int = 36,
        zone: str = "Europe/Oslo",
        environ: Mapping[str, str] | None = None,
    ) -> None:
        self.command = [str(word) for word in command]
        self._screen = pyte.Screen(columns, rows)
        self._stream = pyte.ByteStream(self._screen)
        self._news = threading.Condition()
        self._output = bytearray()
        self._ended = False
        self._in_frame = False
        self._master, slave = pty.openpty()
        self._set_size(columns, rows)
        home.mkdir(parents=True, exist_ok=True)
        try:
            self._process = subprocess.Popen(
                [sys.executable, "-I", "-S", "-c", _TAKE_TERMINAL, *self.command],
                stdin=slave,
                stdout=slave,
                stderr=slave,
                cwd=home,
                env={**_environ(home, zone), **(environ or {})},
                start_new_session=True,
            )
        except BaseException:
            os.close(self._master)
            raise
        finally:
            os.close(slave)
        self.started = time.monotonic()
        self._reader = threading.Thread(target=self._read, name="terminal", daemon=True)
        self._reader.start()

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        self.close()

    # --- what is seen ------------------------------------------------------------------------

    def screen(self) -> list[str]:
        """Return the screen, line by line, without the blanks at their ends."""
        with self._news:
            self._news.wait_for(lambda: not self._in_frame, PATIENCE_S)
            return self._lines()

    def text(self) -> str:
        """Return the screen as one text."""
        return "\n".join(self.screen())

    def color_of(self, text: str) -> str:
        """Return the colour in which a text on the screen begins, as pyte names it."""
        with self._news:
            for y, line in enumerate(self._screen.display):
                if text in line:
                    # A wide letter takes two cells, of which the second has no text of its own.
                    before, x = line[: line.index(text)], 0
                    cells = self._screen.buffer[y]
                    while before:
                        before = before[len(cells[x].data) :]
                        x += 1
                    while not cells[x].data:
                        x += 1
                    return str(cells[x].fg)
        raise AssertionError(self._failure(f"{text!r} is not on the screen"))

    @property
    def title(self) -> str:
        """The title the program gave its window."""
        with self._news:
            return str(self._screen.title)

    @property
    def output(self) -> bytes:
        """All that the program has written, on its standard error too."""
        with self._news:
            return bytes(self._output)

    @property
    def written(self) -> int:
        """How many bytes the program has written."""
        with self._news:
            return len(self._output)

    @property
    def pid(self) -> int:
        """The program's process."""
        return self._process.pid

    def wait_for(
        self, wanted: str | Seen, timeout: float = PATIENCE_S, *, what: str = ""
    ) -> list[str]:
        """Wait until a text is on the screen, or a screen is as wanted; return that screen.

        Args:
            wanted: The text, or what tells whether a screen is the one.
            timeout: Seconds.
            what: What is waited for, in words, for the message.

        Raises:
            AssertionError: If it does not come, or the program ends before; it shows the screen.
        """
        seen: Seen = wanted if callable(wanted) else lambda lines: wanted in "\n".join(lines)
        until = time.monotonic() + timeout
        with self._news:
            while True:
                if not self._in_frame and seen(lines := self._lines()):
                    return lines
                left = until - time.monotonic()
                if self._ended or left <= 0:
                    why = "ended before" if self._ended else f"in {timeout:g} s did not show"
                    raise AssertionError(self._failure(f"the program {why} {what or wanted!r}"))
                self._news.wait(left)

    # --- what is done ------------------------------------------------------------------------

    def press(self, *keys: str) -> None:
        """Press keys: characters, or names of `KEYS`."""
        data = "".join(KEYS.get(key, key) for key in keys).encode()
        while data:
            data = data[os.write(self._master, data) :]

    def resize(self, columns: int, rows: int) -> None:
        """Give the window another size; the program is told."""
        with self._news:
            self._screen.resize(rows, columns)
            self._set_size(columns, rows)

    def kill(self) -> None:
        """End the program as the system would: it is not asked."""
        self._process.kill()
        self._process.wait()

    def finish(self, timeout: float = PATIENCE_S) -> int:
        """Wait until the program has ended by itself; return its exit code.

        Raises:
            AssertionError: If it goes on.
        """
        try:
            code = self._process.wait(timeout)
        except subprocess.TimeoutExpired:
            raise AssertionError(
                self._failure(f"the program goes on after {timeout:g} s")
            ) from None
        self._reader.join()
        return code

    def close(self) -> None:
        """End the program and whatever it has started, and the terminal."""
        if self._process.poll() is None:
            with suppress(ProcessLookupError):
                os.killpg(self._process.pid, signal.SIGKILL)
        self._process.wait()
        self._reader.join()
        with self._news:
            if self._master >= 0:
                os.close(self._master)
                self._master = -1

    # --- the pty -----------------------------------------------------------------------------

    def _read(self) -> None:
        while True:
            try:
                data = os.read(self._master, 65_536)
            except OSError:  # Linux says so when the last of the program's ends is closed
                data = b""
            with self._news:
                asked = self._output.count(_ASKS_FOR_FRAMES)
                self._output += data
                begun, ended = self._output.rfind(_FRAME_BEGINS), self._output.rfind(_FRAME_ENDS)
                self._ended = not data
                self._in_frame = begun > ended and not self._ended
                self._stream.feed(data)
                self._news.notify_all()
                if self._output.count(_ASKS_FOR_FRAMES) > asked:
                    os.write(self._master, _HAS_FRAMES)
            if not data:
                return

    def _set_size(self, columns: int, rows: int) -> None:
        size = struct.pack("HHHH", rows, columns, 0, 0)
        fcntl.ioctl(self._master, termios.TIOCSWINSZ, size)

    def _lines(self) -> list[str]:
        return [line.rstrip() for line in self._screen.display]

    def _failure(self, what: str) -> str:
        with self._news:
            wide = self._screen.columns
            lines = "\n".join(f"│{line}│" for line in self._screen.display)
        return f"{what}\n┌{'─' * wide}┐\n{lines}\n└{'─' * wide}┘"


def _environ(home: Path, zone: str) -> dict[str, str]:
    return {
        "PATH": os.environ.get("PATH", os.defpath),
        "RINKSIDE_RECORDS_API": "",  # nobody on the network is asked by a test
        "HOME": str(home),
        "XDG_DATA_HOME": str(home / "data-home"),
        "XDG_CONFIG_HOME": str(home / "config-home"),
        "XDG_CACHE_HOME": str(home / "cache-home"),
        "XDG_STATE_HOME": str(home / "state-home"),
        "XDG_RUNTIME_DIR": str(home),
        "TMPDIR": str(home),
        "TERM": "xterm-256color",
        "COLORTERM": "truecolor",
        "LANG": "C.UTF-8",
        "LC_ALL": "C.UTF-8",
        "TZ": zone,
    }
