"""What the screen says about its data: the pill, the age, and the sentence when all is not well."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime, tzinfo
from typing import Final

import msgspec

from rinkside.scene import Feed

FRESH: Final = "<5 s"
FRESH_MS: Final = 5_000
"""Polled every three seconds, an age would count 0, 1, 2, 0 ... for ever: a line that is painted
every second and tells nothing. From here on it counts."""

_MODELLED: Final = "~ modelled, not published"
_MODELLED_IN_SHORT: Final = "~ modelled"
_BUNDLED: Final = "bundled meet"


class Situation(msgspec.Struct, frozen=True):
    """What a status is told from.

    Attributes:
        now: The present, in tape time.
        zone: The rink's time zone.
        playing: Speed of the playhead while it plays, None while it is live.
        demo: Whether this is the demo.
        bundled: Whether this meet came with the program.
        modelled: Whether times of this meet are ours.
        offline: Whether the feed is not asked at all.
        newest: Tape time of the newest version, None for an empty tape.
        last_good: When what the viewer looks at was last answered well; None: never.
        late_after_ms: From which age on three polls were missed.
        error: What went wrong last, in words.
        next_try: When the next try is.
        search: How the search for the live meet goes; empty while there is nothing to tell.
        notes: Sentences about the viewer's own machine.
        fetching: How far the season is that is fetched beside the meet; empty while none is.
    """

    now: int
    zone: tzinfo
    playing: float | None = None
    demo: bool = False
    bundled: bool = False
    modelled: bool = False
    offline: bool = False
    newest: int | None = None
    last_good: int | None = None
    late_after_ms: int = 180_000
    error: str | None = None
    next_try: int | None = None
    search: str = ""
    notes: tuple[str, ...] = ()
    fetching: str = ""


def feed_status(here: Situation) -> Feed:
    """Return what to say."""
    note = " · ".join(_about_meet(here))
    # It is no trouble, and gives way to whatever there is to say.
    note, role = (here.fetching, "dim") if here.fetching and not note else (note, "warn")
    if here.playing is not None:
        word = "DEMO" if here.demo else "REPLAY"
        return Feed(f"{word} {here.playing:g}×", "pill-warn", note=note, note_role=role)
    if here.offline:
        as_of = "" if here.newest is None else f"as of {_stamp(here.newest, here.zone)}"
        return Feed("OFFLINE", "pill-off", age=as_of, note=note)
    if here.last_good is None:
        if here.error is None:
            return Feed("…", "pill-off", note=note or "asking the feed …", note_role="dim")
        return Feed("NO FEED", "pill-error", note=_trouble(here), note_role="error", stale=True)
    age = here.now - here.last_good
    late = age > here.late_after_ms
    if late and here.error is not None:
        return Feed(
            "NO FEED",
            "pill-error",
            age=shown_age(age),
            late=True,
            note=_trouble(here),
            note_role="error",
            stale=True,
        )
    if late:
        return Feed("LATE", "pill-warn", age=shown_age(age), late=True, note=note, note_role=role)
    return Feed("LIVE", "pill-live", age=shown_age(age), note=note, note_role=role)


def _about_meet(here: Situation) -> list[str]:
    said = [_MODELLED] * here.modelled + [_BUNDLED] * here.bundled
    if not said:
        return list(here.notes)
    if here.demo and not here.offline:
        said.append("l goes to the live feed")
    elif here.search:
        said.append(here.search)
    elif here.error is not None:
        # A bundled meet stands in for a feed that was asked and did not answer.
        said = [_BUNDLED] * here.bundled + [f"{here.error}, it is asked again"]
        said += [_MODELLED_IN_SHORT] * here.modelled
    return [*said, *here.notes]


def shown_age(age_ms: int) -> str:
    """Return an age in its largest unit: ``2 s``, ``3 min``, ``5 h``, ``2 days``."""
    if age_ms < FRESH_MS:
        return FRESH
    seconds = age_ms // 1000
    for unit, size in (("days", 172_800), ("h", 7200), ("min", 60)):
        if seconds >= size:
            return f"{seconds // {'days': 86_400, 'h': 3600, 'min': 60}[unit]} {unit}"
    return f"{seconds} s"


def _trouble(here: Situation) -> str:
    parts: Iterable[str | None] = (
        _last_good(here),
        here.error,
        None
        if here.next_try is None
        else f"next try in {max(0, round((here.next_try - here.now) / 1000))} s",
        *here.notes,
    )
    return " · ".join(part for part in parts if part)


def _last_good(here: Situation) -> str:
    if here.last_good is None:
        return "no data from the feed yet"
    moment = datetime.fromtimestamp(here.last_good / 1000, here.zone)
    if here.now - here.last_good > 12 * 3_600_000:
        return f"last good data {_stamp(here.last_good, here.zone)}"
    return f"last good data {moment:%H:%M:%S}"


def _stamp(at: int, zone: tzinfo) -> str:
    moment = datetime.fromtimestamp(at / 1000, zone)
    return f"{moment.day} {moment:%b %H:%M}"
