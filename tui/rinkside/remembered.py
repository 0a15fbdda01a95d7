"""What the program remembers of itself between runs: one small JSON file, replaced whole."""

from __future__ import annotations

import json
from collections.abc import Mapping
from pathlib import Path
from typing import Any, Final

import msgspec
from msgspec.structs import replace

from rinkside.atomic import read_or_set_aside, reason, replace_whole, trouble_with

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
    """Read what is remembered, see `rinkside.atomic.read_or_set_aside`."""
    known, trouble = read_or_set_aside(file, now, _understood, FORMAT)
    return known or Remembered(), trouble


def trouble(file: Path) -> str | None:
    """Return what is wrong with the file, which is left as it is; None where nothing is."""
    return trouble_with(file, _understood, FORMAT)


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
        return f"{file} can't be written, so nothing is remembered: {reason(error)}"
    return None


def _understood(data: dict[str, Any]) -> Remembered:
    theme, watched = data.get("theme"), data.get("last_watched")
    return Remembered(
        theme=theme if isinstance(theme, str) else None,
        last_watched={feed: event for feed, event in watched.items() if isinstance(event, str)}
        if isinstance(watched, dict)
        else {},
    )
