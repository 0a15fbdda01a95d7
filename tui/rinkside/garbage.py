"""When Python looks for garbage: not before the first picture, and never through what stays.

What is no longer used goes by itself; looked for is only what refers to itself in a circle, of
which there is little. Looking through all there is takes 10 ms, longer than showing a passage.
"""

from __future__ import annotations

import gc
from typing import Final

_AFTER: Final = 5_000
"""By default there is a look after every 700 more things, twice a passage."""


def put_off() -> None:
    """Look for none: looking takes 30 ms before the first picture, and there is none yet."""
    gc.disable()


def begin() -> None:
    """Look for it from now on, in what comes, if it was put off."""
    if not gc.isenabled():
        gc.collect()
        gc.freeze()
        gc.set_threshold(_AFTER, 10, 10)
        gc.enable()


def keep_what_there_is() -> None:
    """Leave alone from now on what has come to stay since: the season, the record book."""
    if gc.get_freeze_count():
        gc.collect()
        gc.freeze()
