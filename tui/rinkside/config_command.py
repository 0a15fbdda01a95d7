"""The command ``config``: prints settings, and changes them in their file."""

from __future__ import annotations

import argparse
import json
import tomllib
from collections.abc import Mapping
from difflib import get_close_matches
from pathlib import Path
from typing import Any, Final

import msgspec

from rinkside.library import Refusal
from rinkside.locations import Locations
from rinkside.settings import Settings, read_settings
from rinkside.settings.catalogue import (
    BY_KEY,
    KEYS_TABLE,
    SETTINGS,
    Setting,
    Value,
    near_keys,
    read_theme,
    there_are,
)
from rinkside.settings.key_names import read_keys
from rinkside.settings.reader import Unusable, read_written, shown_name
from rinkside.settings.writer import NotWritten, unset_setting, write_setting
from rinkside.words import WrongWords
from rinkside_themes import bundled_names, user_palettes

FIELDS: Final = ("key", "value", "default", "set", "what")


class NoConfig(Refusal):
    """The file of settings can't be read or changed."""

    exit_code = 6


class Answer(msgspec.Struct, frozen=True):
    """What the command says."""

    text: str = ""
    rows: list[dict[str, Any]] = msgspec.field(default_factory=list)
    """The same for scripts, with the fields of `FIELDS`."""
    remarks: tuple[str, ...] = ()


def config(words: argparse.Namespace, places: Locations) -> Answer:
    """Do what the words say.

    Raises:
        WrongWords: If there is no such setting, or it may not be that.
        NoConfig: If the file can't be read or changed.
    """
    file = places.settings
    if words.action == "path":
        return Answer(f"{file}\n", [{"key": "path", "value": str(file)}])
    themes = [*bundled_names(), *user_palettes(places.themes)[0]]
    try:
        if words.action == "set":
            _set(file, words.key, words.value, themes)
        elif words.action == "unset":
            return _unset(file, words.key)
        return _get(file, words.key, themes)
    except (NotWritten, Unusable) as error:
        raise NoConfig(str(error)) from None


def _get(file: Path, key: str | None, themes: list[str]) -> Answer:
    written = read_written(file, themes)
    settings, troubles = read_settings(file, themes)
    if key is not None and not key.startswith(f"{KEYS_TABLE}.") and key != KEYS_TABLE:
        row = _row(_setting(key), written)
        return Answer(f"{_plain(row['value'])}\n", [row], tuple(troubles))
    rows = [] if key is not None else [_row(setting, written) for setting in SETTINGS]
    rows += _key_rows(settings, key)
    width = max(len(row["key"]) for row in rows)
    lines = [
        f"{row['key']:<{width}} = {_toml(row['value'])}{'' if row['set'] else '  # default'}"
        for row in rows
    ]
    if key is not None and key != KEYS_TABLE:
        lines = [_plain(row["value"]) for row in rows]
    return Answer("\n".join([*lines, ""]), rows, tuple(troubles))


def _row(setting: Setting, written: Mapping[str, Value]) -> dict[str, Any]:
    return {
        "key": setting.key,
        "value": written.get(setting.key, setting.default),
        "default": setting.default,
        "set": setting.key in written,
        "what": setting.what,
    }


def _key_rows(settings: Settings, key: str | None) -> list[dict[str, Any]]:
    """Return the keys of the program: those that are elsewhere, or all, or one."""
    if key is None and not settings.keys:
        return []
    bindings = _bindings()
    if key is None:
        names = [name for name in settings.keys if name in bindings]
    elif key == KEYS_TABLE:
        names = list(bindings)
    else:
        names = [_binding(key, bindings)]
    return [
        {
            "key": f"{KEYS_TABLE}.{name}",
            "value": list(settings.keys.get(name, bindings[name][0])),
            "default": list(bindings[name][0]),
            "set": name in settings.keys,
            "what": bindings[name][1],
        }
        for name in names
    ]


def _bindings() -> dict[str, tuple[tuple[str, ...], str]]:
    """Return what keys do, by the id of the binding: on which they are, and what it does."""
    from rinkside.app import RinksideApp
    from rinkside.keymap import places

    return {
        bound.id: (bound.keys, bound.what)
        for place in places(RinksideApp)
        for bound in place.values()
    }


def _setting(key: str) -> Setting:
    setting = BY_KEY.get(key)
    if setting is None:
        near = near_keys(key)
        hint = there_are(near) if near else "rinkside config lists them all"
        raise WrongWords(f"there is no setting {shown_name(key)}; {hint}")
    return setting


def _binding(key: str, known: Mapping[str, object]) -> str:
    name = key.partition(".")[2]
    if name not in known:
        near = get_close_matches(name, known, n=4, cutoff=0.5)
        hint = there_are(near) if near else "rinkside config get keys lists what there is"
        raise WrongWords(f"no key of this program does {shown_name(name)}; {hint}")
    return name


def _set(file: Path, key: str, text: str, themes: list[str]) -> None:
    if key.startswith(f"{KEYS_TABLE}."):
        _set_key(file, key, text)
        return
    setting = _setting(key)
    refused = ""
    for value in _readings(text):
        try:
            setting.put(Settings(), value)
            if key == "display.theme":
                read_theme(value, themes)
        except ValueError as error:
            refused = refused or str(error)
            continue
        write_setting(file, setting.table, setting.name, value)
        return
    raise WrongWords(f"{key} {refused}")


def _set_key(file: Path, key: str, text: str) -> None:
    """Write where a key is to be, if nothing else is there."""
    from rinkside.app import RinksideApp
    from rinkside.keymap import checked, places

    name = _binding(key, _bindings())
    # A digit is a key too, and a comma parts no two of them.
    lists = [value for value in _readings(text) if isinstance(value, list)]
    try:
        keys = read_keys(lists[0] if lists else text)
    except ValueError as error:
        raise WrongWords(f"{key} {error}") from None
    before, _ = read_settings(file)
    others = {each: those for each, those in before.keys.items() if each != name}
    _, troubles = checked({**others, name: keys}, places(RinksideApp))
    if name in troubles:
        raise WrongWords(f"{key} {troubles[name].partition(';')[0]}; choose another key")
    write_setting(file, KEYS_TABLE, name, keys[0] if len(keys) == 1 else list(keys))


def _unset(file: Path, key: str) -> Answer:
    table, _, name = key.partition(".")
    if table == KEYS_TABLE and name:
        # An id that is unknown by now may be taken out as well.
        was_there = unset_setting(file, table, name)
    else:
        setting = _setting(key)
        was_there = unset_setting(file, setting.table, setting.name)
    remarks = () if was_there else (f"{key} was not set",)
    return Answer(remarks=remarks)


def _readings(text: str) -> list[Value]:
    """Return what the words of the command line may mean: a value of the file, or plain text."""
    try:
        value = tomllib.loads(f"value = {text}")
    except (ValueError, RecursionError):
        return [text]
    if len(value) != 1 or not isinstance(value["value"], str | int | bool | list):
        return [text]
    return [value["value"], text]


def _plain(value: Value) -> str:
    """Return a value as a script takes it: without quotes, a list as the file has it."""
    return value if isinstance(value, str) else _toml(value)


def _toml(value: Value) -> str:
    # Of these values TOML and JSON write each alike.
    return json.dumps(value, ensure_ascii=False)
