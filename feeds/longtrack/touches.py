"""When the feed last touched each race, in its own words, kept on the meet's tape.

The list of races says it of every race, and no version is made of that alone. Results that were
had while the list said one thing are the newest until it says another: that is so whatever the
clocks of the feed and of this computer show.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Final

import msgspec

from longtrack.tape import Tape

_LISTED: Final = "touched"
_HAD: Final = "had"


class Listed(msgspec.Struct, frozen=True):
    """What the list of races said."""

    at: int
    """When it was asked for, in tape time."""
    words: dict[int, str]
    """When each race was last touched, by its number."""


class Touches:
    """What is known on a tape of when its races were touched.

    Args:
        tape: The meet's tape.
    """

    def __init__(self, tape: Tape) -> None:
        self._tape = tape

    def listed(self) -> Listed | None:
        """Return what the newest list said that was kept here, or None."""
        text = self._tape.recall(_LISTED)
        try:
            return None if text is None else msgspec.json.decode(text, type=Listed)
        except (msgspec.DecodeError, UnicodeError):
            return None

    def keep_list(self, at: int, words: Mapping[int, str]) -> None:
        """Keep what a list said that has just come."""
        self._tape.remember(_LISTED, msgspec.json.encode(Listed(at, dict(words))).decode())

    def had(self) -> dict[int, str]:
        """Return, by number, what the list said of a race when its results were had last.

        Of a race that whoever polled the meet has had it tells nothing, or something older.
        """
        text = self._tape.recall(_HAD)
        try:
            return {} if text is None else msgspec.json.decode(text, type=dict[int, str])
        except (msgspec.DecodeError, UnicodeError):
            return {}

    def keep_had(self, number: int, word: str) -> None:
        """Keep that a race's results have come while the list said this of it."""
        with self._tape.laying():  # read and written in one: another program may do the same
            had = self.had() | {number: word}
            self._tape.remember(_HAD, msgspec.json.encode(had).decode())
