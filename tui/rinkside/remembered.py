"""What the program remembers of itself between runs: one small JSON file, replaced whole."""

from __future__ import annotations

import json
from collections.abc import Mapping
from pathlib import Path
from typing import Any, Final

import msgspec
from msgspec.structs import replace

from longtrack.playhead import MOST_DELAY_MS
from rinkside.atomic import read_or_set_aside, reason, replace_whole, trouble_with

FORMAT: Final = 1
"""Number of the file's layout; a file with a higher one was written by a newer program."""

_LATEST: Final = 2**43
"""No tape time is as late as this, some centuries on."""


_MOST_DELAYS: Final = 20
"""Meets whose delay is kept; a picture is late in its own way each time."""


class Remembered(msgspec.Struct, frozen=True):
    """What was chosen last."""

    theme: str | None = None
    """Name of the theme."""
    last_watched: Mapping[str, str] = msgspec.field(default_factory=dict)
    """By the feed's host name, the id of the event that was watched last."""
    places: Mapping[str, Mapping[str, int]] = msgspec.field(default_factory=dict)
    """By host name and event, the tape time up to which it was watched without spoilers."""
    delays: Mapping[str, int] = msgspec.field(default_factory=dict)
    """By the feed's host name and the event's id, how many milliseconds the picture was late."""

    def with_theme(self, name: str) -> Remembered:
        """Return the same with another theme."""
        return replace(self, theme=name)

    def having_watched(self, feed: str, event_id: str) -> Remembered:
        """Return the same with another last event of one feed, named by its host."""
        return replace(self, last_watched={**self.last_watched, feed: event_id})

    def place(self, feed: str, event_id: str) -> int | None:
        """Return up to where an event was watched without spoilers; None where it was not."""
        return self.places.get(feed, {}).get(event_id)

    def standing_at(self, feed: str, event_id: str, at: int | None) -> Remembered:
        """Return the same with an event watched without spoilers up to a tape time; None: not."""
        of_feed = dict(self.places.get(feed, {}))
        of_feed.pop(event_id, None)
        if at is not None:
            of_feed[event_id] = at
        places = {**self.places, feed: of_feed}
        return replace(self, places={name: known for name, known in places.items() if known})

    def delay(self, feed: str, event_id: str) -> int:
        """Return how late the picture of an event was, in milliseconds."""
        return self.delays.get(f"{feed}/{event_id}", 0)

    def with_delay(self, feed: str, event_id: str, delay_ms: int) -> Remembered:
        """Return the same with another delay for the picture of an event."""
        about = f"{feed}/{event_id}"
        others = {key: kept for key, kept in self.delays.items() if key != about}
        if delay_ms:
            others[about] = delay_ms
        return replace(self, delays=dict(list(others.items())[-_MOST_DELAYS:]))


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
        "places": {feed: dict(events) for feed, events in remembered.places.items()},
        "delays": dict(remembered.delays),
    }
    try:
        replace_whole(file, json.dumps(data, ensure_ascii=False, indent=2).encode())
    except OSError as error:
        return f"{file} can't be written, so nothing is remembered: {reason(error)}"
    return None


def _understood(data: dict[str, Any]) -> Remembered:
    theme, watched = data.get("theme"), data.get("last_watched")
    delays = data.get("delays")
    return Remembered(
        theme=theme if isinstance(theme, str) else None,
        last_watched={feed: event for feed, event in watched.items() if isinstance(event, str)}
        if isinstance(watched, dict)
        else {},
        places=_places(data.get("places")),
        delays={about: ms for about, ms in delays.items() if _is_delay(ms)}
        if isinstance(delays, dict)
        else {},
    )


def _places(data: object) -> dict[str, dict[str, int]]:
    feeds = data if isinstance(data, dict) else {}
    return {
        feed: {event: at for event, at in events.items() if type(at) is int and 0 <= at < _LATEST}
        for feed, events in feeds.items()
        if isinstance(events, dict)
    }


def _is_delay(value: object) -> bool:
    return type(value) is int and 0 < value <= MOST_DELAY_MS
