"""The manner of writing: the time of day, names and degrees, as the fan is used to.

Like a locale it is one for the whole program, and what is drawn depends on it as on a font. It is
set when the settings are read or changed; whoever keeps what was drawn keeps it by `present` too.
"""

from __future__ import annotations

from datetime import datetime, time

import msgspec


class Manner(msgspec.Struct, frozen=True):
    """How the same thing is written by one and by another."""

    twelve_hours: bool = False
    given_first: bool = False
    fahrenheit: bool = False


_present = Manner()


def present() -> Manner:
    """Return the manner of now."""
    return _present


def use(manner: Manner) -> None:
    """Write so from now on."""
    global _present
    _present = manner


def clock(moment: datetime | time) -> str:
    """Return a time of day: ``19:41``, or ``7:41 pm``."""
    if not _present.twelve_hours:
        return f"{moment:%H:%M}"
    return f"{_hour(moment)}:{moment:%M} {'am' if moment.hour < 12 else 'pm'}"


def clock_width() -> int:
    """Return the columns of a time of day where times stand below each other."""
    return 6 if _present.twelve_hours else 5


def short_clock(moment: datetime | time) -> str:
    """Return a time of day that fills `clock_width`: ``19:41``, or `` 7:41p``."""
    if not _present.twelve_hours:
        return f"{moment:%H:%M}"
    return f"{_hour(moment)}:{moment:%M}{'a' if moment.hour < 12 else 'p'}".rjust(clock_width())


def clock_with_seconds(moment: datetime) -> str:
    """Return a time of day to the second: ``19:40:41``, or ``7:40:41 pm``."""
    if not _present.twelve_hours:
        return f"{moment:%H:%M:%S}"
    return f"{_hour(moment)}:{moment:%M:%S} {'am' if moment.hour < 12 else 'pm'}"


def degrees(celsius: float) -> str:
    """Return a temperature: ``-7.5°``, or ``18.5°F``."""
    if not _present.fahrenheit:
        return f"{celsius:.1f}°"
    return f"{celsius * 9 / 5 + 32:.1f}°F"


def _hour(moment: datetime | time) -> int:
    return moment.hour % 12 or 12
