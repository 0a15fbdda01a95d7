"""Every setting of the file: what it does, what may be written, what stands where nothing is."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from difflib import get_close_matches
from enum import StrEnum
from typing import Any, Final, TypeAlias, TypeVar

import msgspec
from msgspec.structs import replace

from longtrack.moments import Kind
from rinkside.settings.shape import (
    LAST_THEME,
    Clock,
    Motion,
    Names,
    Protocol,
    Settings,
    Signs,
    StartView,
    Temperature,
    Zones,
)
from rinkside.settings.wanted import WORDS, Wanted, wanted
from rinkside_themes.palette import quoted

Value: TypeAlias = str | int | bool | list[str]
"""What may stand in the file."""

MOST_DELAY_S: Final = 600
_DELAYS: Final = (0, 5, 10, 15, 20, 30, 45, 60, 90, 120)
_ALLOWED: Final = f"{', '.join(map(quoted, WORDS))}, a kind such as {quoted(Kind.RECORD)}"

_Word = TypeVar("_Word", bound=StrEnum)


class Setting(msgspec.Struct, frozen=True):
    """One thing that can be set."""

    key: str
    """Its table and its name there, such as ``display.time``."""
    title: str
    what: str
    """What it does, in a sentence."""
    default: Value
    """What counts where the file says nothing, as it would be written."""
    choices: tuple[Value, ...]
    """What is offered; others may be allowed too."""
    read: Callable[[object], Any]
    """Makes of a value what the program goes by; raises ValueError, which goes on from the
    setting's name: ``is "13h"; it is one of "24h", "12h"``."""

    @property
    def table(self) -> str:
        """The table of the file it stands in."""
        return self.key.partition(".")[0]

    @property
    def name(self) -> str:
        """Its name in that table."""
        return self.key.partition(".")[2]

    def put(self, settings: Settings, value: object) -> Settings:
        """Return settings with another value of this one.

        Raises:
            ValueError: If that may not be written.
        """
        read = self.read(value)
        table = replace(getattr(settings, self.table), **{self.name.replace("-", "_"): read})
        return replace(settings, **{self.table: table})


def said(value: object) -> str:
    """Return what somebody has written, for the sentence that refuses it."""
    if isinstance(value, bool):
        return f"is {str(value).lower()}"
    return f"is {quoted(value)}" if isinstance(value, str) else "is something else"


def _one_of(words: type[_Word]) -> Callable[[object], _Word]:
    def read(value: object) -> _Word:
        if not isinstance(value, str) or value not in list(words):
            raise ValueError(f"{said(value)}; it is one of {', '.join(map(quoted, words))}")
        return words(value)

    return read


def _read_wanted(value: object) -> Wanted:
    words = [value] if isinstance(value, str) else value
    if not isinstance(words, list):
        raise ValueError(f"{said(value)}; it is one of {_ALLOWED}, or a list of them")
    for word in words:
        try:
            wanted(word if isinstance(word, str) else "")
        except ValueError:
            raise ValueError(f"{said(word)}; it is one of {_ALLOWED}, or a list of them") from None
    return wanted(*words)


def _read_flag(value: object) -> bool:
    if not isinstance(value, bool):
        raise ValueError(f"{said(value)}; it is true or false")
    return value


def _read_delay(value: object) -> int:
    if isinstance(value, bool) or not isinstance(value, int) or not 0 <= value <= MOST_DELAY_S:
        number = isinstance(value, int | float) and not isinstance(value, bool)
        shown = f"is {value}"[:24] if number else said(value)
        raise ValueError(f"{shown}; it is whole seconds, 0 to {MOST_DELAY_S}")
    return value


def read_theme(value: object, names: Sequence[str] | None = None) -> str:
    """Return a theme's name.

    Args:
        value: What is written.
        names: Of the themes there are; None where they are not known.

    Raises:
        ValueError: If it is none.
    """
    if not isinstance(value, str):
        raise ValueError(f"{said(value)}; it is {quoted(LAST_THEME)} or the name of a theme")
    if names is None or value == LAST_THEME or value in names:
        return value
    near = get_close_matches(value, names, n=3) or [LAST_THEME, *names]
    raise ValueError(f"{said(value)}, which is no theme; {there_are([quoted(n) for n in near])}")


def there_are(names: Sequence[str]) -> str:
    """Return what somebody may have meant: ``there are display.time, display.theme``."""
    return f"there {'is' if len(names) == 1 else 'are'} {', '.join(names)}"


def _words(
    key: str, title: str, what: str, words: type[StrEnum], default: StrEnum | None = None
) -> Setting:
    values = tuple(str(word) for word in words)
    return Setting(key, title, what, str(default or values[0]), values, _one_of(words))


def _telling(key: str, title: str, what: str, default: Value) -> Setting:
    presets: tuple[Value, ...] = ("off", "followed", ["followed", "record"], "key", "all")
    return Setting(f"notifications.{key}", title, what, default, presets, _read_wanted)


SETTINGS: Final = (
    _words("display.time", "Time of day", "19:41, or 7:41 pm", Clock),
    _words(
        "display.zones", "Zones", "The rink's clock and mine where they differ, or only it", Zones
    ),
    _words("display.names", "Names", "KOK Femke, or Femke KOK, on every board", Names),
    _words("display.temperature", "Temperature", "Of the ice and the air", Temperature),
    _words(
        "display.signs",
        "Signs",
        "Plain letters, for terminals that draw signs two columns wide",
        Signs,
    ),
    _words(
        "display.motion",
        "Motion",
        "Whether a record flashes and panels glide; auto: not through SSH",
        Motion,
    ),
    Setting(
        "display.theme",
        "Theme",
        "The colours to begin with; last: those chosen last with t",
        LAST_THEME,
        (LAST_THEME,),
        read_theme,
    ),
    _words("display.start", "Start view", "What is shown first, but in the demo", StartView),
    Setting(
        "watch.delay",
        "Delay",
        "Seconds behind the feed, for a meet whose picture comes late",
        0,
        _DELAYS,
        _read_delay,
    ),
    Setting(
        "watch.spoiler-free",
        "Spoiler-free",
        "Whether nothing is told that lies ahead; from the next start on",
        False,
        (False, True),
        _read_flag,
    ),
    Setting(
        "replay.skip",
        "Skip pauses",
        "Whether the minutes of a replay are passed over in which nothing happens",
        True,
        (True, False),
        _read_flag,
    ),
    _telling("toast", "Message", "Which moments a message tells of", ["followed", "record"]),
    _telling("bell", "Bell", "At which moments the terminal rings", "off"),
    _telling("desktop", "Desktop", "Which moments the desktop tells of", "off"),
    _telling("title", "Window title", "Which moments the window's title tells of", "key"),
    Setting(
        "notifications.replays",
        "In replays",
        "Whether moments are told in the demo and in replays too",
        False,
        (False, True),
        _read_flag,
    ),
    _words(
        "notifications.desktop-protocol",
        "Desktop through",
        "What the terminal understands as a notification of the desktop",
        Protocol,
    ),
)

BY_KEY: Final = {setting.key: setting for setting in SETTINGS}

KEYS_TABLE: Final = "keys"
"""The table of the keys, in which each name is the id of a binding."""

TABLES: Final = (*dict.fromkeys(setting.table for setting in SETTINGS), KEYS_TABLE)


def near_keys(key: str) -> list[str]:
    """Return the settings somebody may have meant: of the nearest names, else of the table."""
    names = {setting.name: setting.key for setting in SETTINGS}
    table, _, name = key.rpartition(".")
    near = [names[each] for each in get_close_matches(name, names, n=2)]
    near = near or [each.key for each in SETTINGS if each.table == table]
    return near or get_close_matches(key, BY_KEY, n=2, cutoff=0.75)
