"""The fan's settings: one TOML file in the config directory, which the program only reads.

    [notifications]
    toast = ["followed", "record"]    # a message in the program
    bell = "off"                      # the terminal's bell
    desktop = "off"                   # a notification of the desktop, through the terminal
    title = "key"                     # the title of the terminal's window
    replays = false                   # also in the demo and while a meet is played again
    desktop-protocol = "auto"         # or "osc9", "osc777", "both": what the terminal understands

    [watch]
    spoiler-free = false              # tell nothing that lies ahead of where one stands in a meet

The first four say of which moments they tell, in one word or a list of them: ``off``; ``key``,
those that decide something; ``all``, whatever stands in the ticker; or a kind of moment as
``watch --json`` names it (``record``, ``finish``, ``delayed`` ...). ``followed`` before such a
word, as in ``"followed finish"``, leaves it to the skaters and nations that are followed; alone it
is how they fare: their finishes and bests, falls and whatever else decides something.

What is above is what counts where the file says nothing. A wrong value is told in a sentence, and
what it would have set stays as it is above.
"""

from __future__ import annotations

import tomllib
from collections.abc import Callable, Mapping
from enum import StrEnum
from pathlib import Path
from typing import Any, Final

import msgspec

from longtrack.moments import Kind, Moment, is_key
from rinkside_themes.palette import printable, quoted

MAX_BYTES: Final = 64 * 1024
"""The largest file read."""

_OFF: Final = "off"
_KEY: Final = "key"
_ALL: Final = "all"
_FOLLOWED: Final = "followed"
_WORDS: Final = (_OFF, _FOLLOWED, _KEY, _ALL)

_UNTOLD: Final = frozenset({Kind.PASSAGE, Kind.START_LIST, Kind.CONDITIONS})
"""Kinds that are told only where they are asked for by name."""
_EACH: Final = _UNTOLD | {Kind.FINISH}
"""Kinds of which, asked for by name, those are told too that another moment says louder."""
_HOW_THEY_FARE: Final = frozenset(
    {
        Kind.START,
        Kind.FINISH,
        Kind.PERSONAL_BEST,
        Kind.SEASON_BEST,
        Kind.DID_NOT_FINISH,
        Kind.WITHDRAWN,
    }
)
"""What is told of those who are followed beside the moments that decide something."""


class Wanted(msgspec.Struct, frozen=True):
    """Which moments are to be told."""

    of_all: frozenset[str] = frozenset()
    """``key``, ``all`` or kinds, whoever they are about."""
    of_followed: frozenset[str] = frozenset()
    """The same, about those who are followed."""

    def wants(self, moment: Moment, *, followed: bool) -> bool:
        """Tell whether a moment is one of them.

        Args:
            moment: The moment.
            followed: Whether it is about somebody who is followed.
        """
        return _counts(moment, self.of_all) or (followed and _counts(moment, self.of_followed))

    def __bool__(self) -> bool:
        """Whether there can be any."""
        return bool(self.of_all or self.of_followed)


def _counts(moment: Moment, words: frozenset[str]) -> bool:
    if moment.kind in words:
        return not moment.quiet or moment.kind in _EACH
    if _ALL in words:
        return not moment.quiet and moment.kind not in _UNTOLD
    return _KEY in words and is_key(moment)


def wanted(*words: str) -> Wanted:
    """Return what some words of the file mean.

    Raises:
        ValueError: If one of them is none; it is the error's argument.
    """
    of_all: set[str] = set()
    of_followed: set[str] = set()
    for word in words:
        whose, _, what = word.strip().rpartition(" ")
        if what == _FOLLOWED and not whose:
            of_followed |= {_KEY, *_HOW_THEY_FARE}
        elif whose.strip() in ("", _FOLLOWED) and (what in (_KEY, _ALL) or what in list(Kind)):
            (of_followed if whose else of_all).add(what)
        elif word.strip() != _OFF:
            raise ValueError(word)
    return Wanted(frozenset(of_all), frozenset(of_followed))


class Protocol(StrEnum):
    """How the terminal is asked for a notification of the desktop."""

    AUTO = "auto"
    OSC9 = "osc9"
    OSC777 = "osc777"
    BOTH = "both"


class Notifications(msgspec.Struct, frozen=True):
    """What of the moments is told beside the picture, and how."""

    toast: Wanted = wanted("followed", "record")
    bell: Wanted = Wanted()
    desktop: Wanted = Wanted()
    title: Wanted = wanted("key")
    replays: bool = False
    """Whether they are told in the demo too, and while a meet is played again."""
    desktop_protocol: Protocol = Protocol.AUTO


class Watching(msgspec.Struct, frozen=True):
    """How a meet is watched."""

    spoiler_free: bool = False
    """Whether nothing is told that lies ahead of the playhead, as by ``--spoiler-free``."""


class Settings(msgspec.Struct, frozen=True):
    """All that can be set."""

    notifications: Notifications = Notifications()
    watch: Watching = Watching()


def read_settings(file: Path) -> tuple[Settings, list[str]]:
    """Read the fan's settings.

    Args:
        file: Where they are; it need not exist.

    Returns:
        The settings, and a sentence for each thing in the file that can't be used.
    """
    document, trouble = _document(file)
    troubles = [trouble] if trouble else []
    troubles += [
        f"{_named(name)} is unknown; there are {_TABLE_NAMES}"
        for name in document
        if name not in _TABLES
    ]
    tables = {name: _table(name, document.get(name, {}), troubles) for name in _TABLES}
    told = [f"{printable(file.name)}: {words}" for words in troubles]
    settings = Settings(
        Notifications(**tables["notifications"]),  # type: ignore[arg-type]
        Watching(**tables["watch"]),  # type: ignore[arg-type]
    )
    return settings, told


def _table(name: str, table: object, troubles: list[str]) -> dict[str, object]:
    """Return the values of a table by their names here, and add what is wrong with others."""
    if not isinstance(table, Mapping):
        troubles.append(f'"{name}" is no table; write [{name}] on a line of its own')
        return {}
    readers, values = _TABLES[name], dict[str, object]()
    for key, value in table.items():
        read = readers.get(key)
        if read is None:
            known = (
                f"there is {next(iter(readers))}"
                if len(readers) == 1
                else (f"there are {', '.join(readers)}")
            )
            troubles.append(f"{name}.{_named(key)} is unknown; {known}")
            continue
        try:
            values[key.replace("-", "_")] = read(value)
        except ValueError as error:
            troubles.append(f"{name}.{key} {error}")
    return values


def _document(file: Path) -> tuple[Mapping[str, Any], str]:
    try:
        if file.exists() and not file.is_file():
            return {}, "not a file"  # a pipe or device, which might never end
        with file.open("rb") as stream:
            content = stream.read(MAX_BYTES + 1)
    except (FileNotFoundError, NotADirectoryError):
        return {}, ""
    except OSError as error:
        return {}, f"can't be read ({error.strerror or type(error).__name__})"
    if len(content) > MAX_BYTES:
        return {}, f"larger than {MAX_BYTES // 1024} KB, so hardly settings"
    try:
        # Some editors begin a file with a byte order mark, which TOML doesn't know.
        return tomllib.loads(content.decode("utf-8-sig")), ""
    except UnicodeDecodeError:
        return {}, "not text in UTF-8"
    except RecursionError:
        return {}, "nested too deeply"
    except ValueError as error:  # TOMLDecodeError, which tells the line, or too long a number
        reason = "".join(c if c.isprintable() else "?" for c in str(error)[:100])
        return {}, f"not TOML: {reason}"


def _read_wanted(value: object) -> Wanted:
    words = [value] if isinstance(value, str) else value
    if not isinstance(words, list):
        raise ValueError(f"{_said(value)}; it is one of {_ALLOWED}, or a list of them")
    for word in words:
        try:
            wanted(word if isinstance(word, str) else "")
        except ValueError:
            raise ValueError(f"{_said(word)}; it is one of {_ALLOWED}, or a list of them") from None
    return wanted(*words)


def _read_flag(value: object) -> bool:
    if not isinstance(value, bool):
        raise ValueError(f"{_said(value)}; it is true or false")
    return value


def _read_protocol(value: object) -> Protocol:
    if not isinstance(value, str) or value not in list(Protocol):
        raise ValueError(f"{_said(value)}; it is one of {', '.join(map(quoted, Protocol))}")
    return Protocol(value)


_TABLES: Final[Mapping[str, Mapping[str, Callable[[object], object]]]] = {
    "notifications": {
        "toast": _read_wanted,
        "bell": _read_wanted,
        "desktop": _read_wanted,
        "title": _read_wanted,
        "replays": _read_flag,
        "desktop-protocol": _read_protocol,
    },
    "watch": {"spoiler-free": _read_flag},
}
_TABLE_NAMES: Final = " and ".join(f"[{name}]" for name in _TABLES)
_ALLOWED: Final = f"{', '.join(map(quoted, _WORDS))}, a kind such as {quoted(Kind.RECORD)}"


def _named(key: str) -> str:
    return printable(key) if key.isidentifier() else quoted(key)


def _said(value: object) -> str:
    if isinstance(value, bool):
        return f"is {str(value).lower()}"
    return f"is {quoted(value)}" if isinstance(value, str) else "is something else"
