"""The end of a program whose terminal is gone.

Where a window is closed the system says so by a signal. In a container, or behind a shell that took
the signal, none comes: Textual then reads the end of its input as fast as it can, for ever, and the
feed would be polled for nobody.
"""

from __future__ import annotations

import os
from contextlib import suppress
from functools import partial
from typing import Any, Final

from textual.app import App

_LOOK_S: Final = 5.0


def end_without_terminal(app: App[Any], fileno: int) -> None:
    """Have a program end when its terminal goes; one that has none goes on as it is.

    Args:
        app: The program, running.
        fileno: The file it reads keys from.
    """
    if os.isatty(fileno):
        app.set_interval(_LOOK_S, partial(_look, app, fileno))


def _look(app: App[Any], fileno: int) -> None:
    if _is_gone(fileno):
        app.exit(return_code=1)


def _is_gone(fileno: int) -> bool:
    with suppress(ImportError):  # Windows has no such terminals
        import termios

        try:
            termios.tcgetattr(fileno)
        except termios.error:
            return True
    return False
