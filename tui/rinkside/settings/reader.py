"""Reads the file of settings: whatever stands in it, there are settings, and sentences."""

from __future__ import annotations

import tomllib
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any, Final

from msgspec.structs import replace

from rinkside.settings.catalogue import (
    BY_KEY,
    KEYS_TABLE,
    TABLES,
    Value,
    near_keys,
    read_theme,
    there_are,
)
from rinkside.settings.key_names import read_keys
from rinkside.settings.shape import Settings
from rinkside_themes.palette import printable, quoted

MAX_BYTES: Final = 64 * 1024
"""The largest file read."""

_MOST_LINES: Final = 1000
"""In a longer file no line is looked for."""


class Unusable(ValueError):
    """The file can't be read as settings; the message goes on from its name."""


def read_settings(file: Path, themes: Sequence[str] | None = None) -> tuple[Settings, list[str]]:
    """Read the fan's settings.

    Args:
        file: Where they are; it need not exist.
        themes: Names of the themes there are; None where they are not known.

    Returns:
        The settings, and a sentence for each thing in the file that can't be used. Which
        bindings there are is not known here, see `rinkside.keymap`.
    """
    settings = Settings()
    try:
        text = read_text(file)
        document = parsed(text)
    except Unusable as error:
        return settings, [f"{printable(file.name)}: {error}"]
    troubles: list[tuple[tuple[str, ...], str]] = []
    for table, content in document.items():
        if table not in TABLES:
            troubles.append(((table,), f"{shown_name(table)} is unknown; there are {_TABLES}"))
        elif not isinstance(content, Mapping):
            words = f'"{table}" is no table; write [{table}] on a line of its own'
            troubles.append(((table,), words))
        elif table == KEYS_TABLE:
            settings = replace(settings, keys=_keys(content, troubles))
        else:
            settings = _values(settings, table, content, themes, troubles)
    return settings, [placed(file.name, text, path, words) for path, words in troubles]


def read_written(file: Path, themes: Sequence[str] | None = None) -> dict[str, Value]:
    """Return what the file says itself of each setting, as it is written, where that counts.

    Raises:
        Unusable: If it can't be read.
    """
    document = parsed(read_text(file))
    found: dict[str, Value] = {}
    for key, setting in BY_KEY.items():
        table = document.get(setting.table)
        value = table.get(setting.name) if isinstance(table, dict) else None
        if value is None:
            continue
        try:
            setting.put(Settings(), value)
            if key == "display.theme":
                read_theme(value, themes)
        except ValueError:
            continue
        found[key] = value
    return found


def _values(
    settings: Settings,
    table: str,
    content: Mapping[str, Any],
    themes: Sequence[str] | None,
    troubles: list[tuple[tuple[str, ...], str]],
) -> Settings:
    for name, value in content.items():
        key = f"{table}.{name}"
        setting = BY_KEY.get(key)
        if setting is None:
            words = f"{table}.{shown_name(name)} is unknown; {there_are(near_keys(key))}"
            troubles.append(((table, name), words))
            continue
        try:
            if key == "display.theme":
                read_theme(value, themes)
            settings = setting.put(settings, value)
        except ValueError as error:
            troubles.append(((table, name), f"{key} {error}"))
    return settings


def _keys(
    content: Mapping[str, Any], troubles: list[tuple[tuple[str, ...], str]]
) -> Mapping[str, tuple[str, ...]]:
    keys: dict[str, tuple[str, ...]] = {}
    for name, value in content.items():
        try:
            keys[name] = read_keys(value)
        except ValueError as error:
            troubles.append(((KEYS_TABLE, name), f"{KEYS_TABLE}.{shown_name(name)} {error}"))
    return keys


def read_text(file: Path) -> str:
    """Return what stands in the file; nothing where there is none.

    Raises:
        Unusable: If it can't be read.
    """
    try:
        if file.exists() and not file.is_file():
            raise Unusable("not a file")  # a pipe or device, which might never end
        with file.open("rb") as stream:
            content = stream.read(MAX_BYTES + 1)
    except (FileNotFoundError, NotADirectoryError):
        return ""
    except OSError as error:
        raise Unusable(f"can't be read ({error.strerror or type(error).__name__})") from None
    if len(content) > MAX_BYTES:
        raise Unusable(f"larger than {MAX_BYTES // 1024} KB, so hardly settings")
    try:
        # Some editors begin a file with a byte order mark, which TOML doesn't know.
        return content.decode("utf-8-sig")
    except UnicodeDecodeError:
        raise Unusable("not text in UTF-8") from None


def parsed(text: str) -> Mapping[str, Any]:
    """Return the tables of a file.

    Raises:
        Unusable: If it is no TOML.
    """
    try:
        return tomllib.loads(text)
    except RecursionError:
        raise Unusable("nested too deeply") from None
    except ValueError as error:  # TOMLDecodeError, which tells the line, or too long a number
        reason = "".join(c if c.isprintable() else "?" for c in str(error)[:100])
        raise Unusable(f"not TOML: {reason}") from None


def placed(file_name: str, text: str, path: Sequence[str], words: str) -> str:
    """Return a sentence about something in the file, with its line in front."""
    line = line_of(text, path)
    where = "" if line is None else f", line {line}"
    return f"{printable(file_name)}{where}: {words}"


def line_of(text: str, path: Sequence[str]) -> int | None:
    """Return the line on which a value begins, the first being 1; None where that isn't known.

    That is the line after the longest beginning of the file that is TOML and lacks the value:
    the only way that holds for every way there is to write one.
    """
    lines = text.replace("\r\n", "\n").split("\n")
    if len(lines) > _MOST_LINES:
        return None
    without = 0
    for count in range(1, len(lines) + 1):
        try:
            found: Any = tomllib.loads("\n".join(lines[:count]))
        except (ValueError, RecursionError):
            continue
        for name in path:
            found = found.get(name) if isinstance(found, dict) else None
        if found is not None:
            return without + 1
        without = count
    return None


def shown_name(name: str) -> str:
    """Return the name of a table or a value, as it is written there."""
    is_bare = name.isascii() and name.replace("-", "").replace("_", "").replace(".", "").isalnum()
    return printable(name) if is_bare else quoted(name)


_TABLES: Final = f"{', '.join(f'[{each}]' for each in TABLES[:-1])} and [{TABLES[-1]}]"
