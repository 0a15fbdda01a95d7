"""What the program remembers of itself between runs: one small JSON file, replaced whole."""

from __future__ import annotations

import json
from collections.abc import Mapping
from pathlib import Path
from typing import Any, Final

import msgspec
from msgspec.structs import replace

from rinkside.atomic import replace_whole

FORMAT: Final = 1
"""Number of the file's layout; a file with a higher one was written by a newer program."""


class Remembered(msgspec.Struct, frozen=True):
    """What was chosen last."""

    theme: str | None = None
    """Name of the theme."""
    last_watched: Mapping[str, str] = msgspec.field(default_factory=dict)
    """By the feed's host name, the id of the event that was watched last."""

    def with_theme(self, name: str) -> Remembered:
        """Return the same with another theme."""
        return replace(self, theme=name)

    def having_watched(self, feed: str, event_id: str) -> Remembered:
        """Return the same with another last event of one feed, named by its host."""
        return replace(self, last_watched={**self.last_watched, feed: event_id})


def recall(file: Path, now: int) -> tuple[Remembered, str | None]:
    """Read what is remembered.

    A file that can't be understood is set aside under another name, never deleted.

    Args:
        file: Where it is kept; it need not exist.
        now: The wall clock in milliseconds, for the name of a file set aside.

    Returns:
        What is remembered (nothing, if it can't be read), and a sentence for the viewer where
        something is wrong with the file.
    """
    try:
        body = file.read_bytes()
    except (FileNotFoundError, NotADirectoryError):
        return Remembered(), None
    except OSError as error:
        return Remembered(), f"{file} can't be read: {_reason(error)}"
    try:
        return _understood(json.loads(body)), None
    except (ValueError, RecursionError) as error:
        why = str(error) if isinstance(error, _NotOurs) else "is damaged"
    aside = file.with_name(f"{file.name}.set-aside-{now}")
    try:
        file.rename(aside)
    except OSError as error:
        return Remembered(), f"{file} {why} and can't be set aside: {_reason(error)}"
    return Remembered(), f"{file} {why}; it was set aside as {aside.name}"


def keep(file: Path, remembered: Remembered) -> str | None:
    """Write what is remembered: all of it or nothing, whatever happens on the way.

    Returns:
        A sentence for the viewer where it can't be written; the file is then as it was.
    """
    data = {
        "format": FORMAT,
        "theme": remembered.theme,
        "last_watched": dict(remembered.last_watched),
    }
    try:
        replace_whole(file, json.dumps(data, ensure_ascii=False, indent=2).encode())
    except OSError as error:
        return f"{file} can't be written, so nothing is remembered: {_reason(error)}"
    return None


class _NotOurs(ValueError):
    pass


def _understood(data: Any) -> Remembered:
    if not isinstance(data, dict) or not isinstance(data.get("format"), int):
        raise _NotOurs("is damaged")
    if data["format"] > FORMAT:
        raise _NotOurs("was written by a newer rinkside")
    theme, watched = data.get("theme"), data.get("last_watched")
    return Remembered(
        theme=theme if isinstance(theme, str) else None,
        last_watched={feed: event for feed, event in watched.items() if isinstance(event, str)}
        if isinstance(watched, dict)
        else {},
    )


def _reason(error: OSError) -> str:
    return (error.strerror or str(error)).lower()
