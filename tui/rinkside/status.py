"""What the screen says about its data: the pill, the age, and the sentence when all is not well."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime, tzinfo
from typing import Final

import msgspec
from msgspec.structs import replace

from longtrack.times import MINUS
from rinkside.drawing.manner import clock, clock_with_seconds
from rinkside.scene import Feed

FRESH: Final = "<5 s"
FRESH_MS: Final = 5_000
"""Polled every three seconds, an age would count 0, 1, 2, 0 ... for ever: a line that is painted
every second and tells nothing. From here on it counts."""

MINUTES_MS: Final = 600_000
"""Who is this far behind reads it in minutes."""

_MODELLED: Final = "~ modelled, not published"
_MODELLED_IN_SHORT: Final = "~ modelled"
_BUNDLED: Final = "bundled meet"


class Situation(msgspec.Struct, frozen=True):
    """What a status is told from.

    Attributes:
        now: The present, in tape time; not where the viewer stands.
        zone: The rink's time zone.
        playing: Speed of the playhead while it plays, None while it is live.
        paused: Whether it stands still.
        delay: How far behind the present it follows, in milliseconds.
        behind: How far behind the present it is, in milliseconds.
        skipped: Milliseconds of tape that have just been passed over; 0 for none.
        follows: Whether the meet goes on, and its feed is asked.
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
    paused: bool = False
    delay: int = 0
    behind: int = 0
    skipped: int = 0
    follows: bool = False
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
    if here.playing is not None and not here.follows:
        pill, ground = _played_again(here)
        skipped = f"skipped {_minutes(here.skipped)}" if here.skipped else ""
        return Feed(pill, ground, age=skipped, note=note, note_role=role)
    if here.offline:
        as_of = "" if here.newest is None else f"as of {_stamp(here.newest, here.zone)}"
        return Feed("OFFLINE", "pill-off", age=as_of, note=note)
    feed = _followed(here, note, role)
    if here.playing is not None:
        pill, ground = _behind(here)
        return replace(feed, pill=pill, pill_role=ground)
    if here.delay and here.last_good is not None:
        return replace(feed, pill=f"{feed.pill} {MINUS}{here.delay // 1000} s")
    return feed


def _followed(here: Situation, note: str, role: str) -> Feed:
    """Return how well the feed is answering."""
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
            # Behind the present there is still something to come.
            stale=here.behind <= age,
        )
    if late:
        return Feed("LATE", "pill-warn", age=shown_age(age), late=True, note=note, note_role=role)
    return Feed("LIVE", "pill-live", age=shown_age(age), note=note, note_role=role)


def _played_again(here: Situation) -> tuple[str, str]:
    """Return the pill of a meet that is played again, and its ground."""
    if here.paused:
        return "PAUSED", "pill-off"
    word = "DEMO" if here.demo else "REPLAY"
    return f"{word} {here.playing:g}×", "pill-warn"


def _behind(here: Situation) -> tuple[str, str]:
    """Return the pill of a viewer who is behind a meet that goes on, and its ground."""
    behind = f"{MINUS}{shown_behind(here.behind)}"
    if here.paused:
        return f"PAUSED {behind}", "pill-off"
    if here.playing == 1:
        return f"LIVE {behind}", "pill-live"
    return f"REPLAY {here.playing:g}× {behind}", "pill-warn"


def shown_behind(behind_ms: int) -> str:
    """Return how far behind somebody is: ``3:12``, ``12 min``, ``2 h 05``."""
    if behind_ms < MINUTES_MS:
        return _minutes(behind_ms)
    hours, minutes = divmod(behind_ms // 60_000, 60)
    return f"{hours} h {minutes:02}" if hours else f"{minutes} min"


def _minutes(length_ms: int) -> str:
    minutes, seconds = divmod(length_ms // 1000, 60)
    return f"{minutes}:{seconds:02}"


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
    return f"last good data {clock_with_seconds(moment)}"


def _stamp(at: int, zone: tzinfo) -> str:
    moment = datetime.fromtimestamp(at / 1000, zone)
    return f"{moment.day} {moment:%b} {clock(moment)}"
