"""Names of keys: as they are written in the file, and as they are shown."""

from __future__ import annotations

from typing import Final

from rinkside.settings.catalogue import said
from rinkside_themes.palette import quoted

_SHOWN: Final = {
    "enter": "Enter",
    "escape": "Esc",
    "space": "Space",
    "tab": "Tab",
    "backspace": "Backspace",
    "delete": "Del",
    "insert": "Ins",
    "up": "↑",
    "down": "↓",
    "left": "←",
    "right": "→",
    "home": "Home",
    "end": "End",
    "pageup": "PgUp",
    "pagedown": "PgDn",
    **{f"f{number}": f"F{number}" for number in range(1, 13)},
}

_ALLOWED: Final = 'a letter, digit or sign, or one of "enter", "space", "tab", "up", "f1" and such'
_MOST: Final = 4


def read_keys(value: object) -> tuple[str, ...]:
    """Return the keys somebody has written for a binding.

    Raises:
        ValueError: If they are none; it goes on from the binding's id.
    """
    written = [value] if isinstance(value, str) else value
    if not isinstance(written, list) or not written:
        raise ValueError(f"{said(value)}; it is {_ALLOWED}, or a list of them")
    if len(written) > _MOST:
        raise ValueError(f"is more than {_MOST} keys")
    return tuple(dict.fromkeys(_read_key(each) for each in written))


def _read_key(value: object) -> str:
    if isinstance(value, str):
        if value == " ":
            return "space"
        if len(value) == 1 and value.isprintable():
            return value
        if value.lower() in _SHOWN:
            return value.lower()
    raise ValueError(f"{said(value)}; it is {_ALLOWED}")


def shown_key(key: str) -> str:
    """Return a key as the last row shows it: ``Enter``, ``↑``, ``h``."""
    return _SHOWN.get(key, key)


def key_shown_as(label: str) -> str:
    """Return the key that the last row shows so."""
    return next((key for key, shown in _SHOWN.items() if shown == label), label)


def named(key: str) -> str:
    """Return a key for a sentence."""
    return quoted(key) if len(key) == 1 else shown_key(key)
