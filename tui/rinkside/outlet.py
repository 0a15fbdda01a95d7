"""Where notifications go: messages of the running program, and its terminal beside the picture."""

from __future__ import annotations

import os
from collections.abc import Callable
from typing import TYPE_CHECKING

from rinkside.notifying import Announcer
from rinkside.settings import Notifications

if TYPE_CHECKING:
    from textual.timer import Timer

    from rinkside.app import RinksideApp


def announcer(app: RinksideApp, settings: Notifications) -> Announcer:
    """Return what tells of the moments in a running program, as the fan's settings say."""
    return Announcer(settings, Outlet(app), os.environ)


class Outlet:
    """The ways a running program can tell something.

    Args:
        app: The program.
    """

    def __init__(self, app: RinksideApp) -> None:
        self._app = app

    def tell(self, heading: str, words: str) -> None:
        """Show a message."""
        self._app.notify(words, title=heading, markup=False)

    def write(self, text: str) -> None:
        """Write to the terminal, whole and between two frames; nowhere where there is none."""
        # Textual has no public way for this; its own bell and clipboard go this one. A frame is
        # handed over at a stretch, so nothing comes in between.
        driver = self._app._driver
        if driver is not None and not self._app.is_headless:
            driver.write(text)

    def wait(self, seconds: float, then: Callable[[], None]) -> Timer:
        """Do something later; it may read the tape."""

        def do() -> None:
            with self._app.reading_tape():
                then()

        return self._app.set_timer(seconds, do)
