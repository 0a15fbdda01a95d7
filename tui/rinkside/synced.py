"""What comes of fetching a season, and how that is told to people and to scripts."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from typing import Final

import msgspec

from longtrack.http import FeedError
from longtrack.isu import Unreadable
from longtrack.model import Event, Source
from longtrack.points import season_words
from rinkside.report import Row, csv_text

_FIELDS: Final = ("event", "city", "races", "fetched", "kept", "missing_race", "missing_why")


class Progress(msgspec.Struct, frozen=True):
    """How far it is."""

    done: int
    of: int
    """Documents to be asked for, as far as is known by now."""
    meet: str
    """City of the meet that is being fetched; empty before the first."""
    sentence: str = ""
    """What everything waits for, if it does."""


class Missing(msgspec.Struct, frozen=True):
    """What could not be had."""

    race: str | None
    """Code of the race; None for a document of the whole meet."""
    why: str


class MeetSynced(msgspec.Struct, frozen=True):
    """What has come of one meet."""

    event: Event
    races: int = 0
    """Races in its programme, held or not."""
    fetched: int = 0
    """Results that have come now."""
    kept: int = 0
    """Results that were here already, and did not come again."""
    missing: tuple[Missing, ...] = ()

    @property
    def city(self) -> str:
        """Where it is, or its id where that is not known."""
        return self.event.city or self.event.id


class Synced(msgspec.Struct, frozen=True):
    """What has come of a season."""

    year: int
    meets: tuple[MeetSynced, ...]
    asked: int
    """Requests made, those in vain too."""
    as_of: int | None
    """When the newest document was had, in tape time."""
    gone: str | None = None
    """Why not everything was asked for: the feed is away, or wants to be left alone."""
    trouble: FeedError | Unreadable | None = None
    """The first thing that went wrong."""

    @property
    def source(self) -> Source:
        """Where it comes from: the feed, or nothing was told now and it is what was kept."""
        fetched = any(meet.fetched for meet in self.meets)
        told = fetched or (self.asked > 0 and self.gone is None)
        return Source.FEED if told else Source.CACHE

    @property
    def has_anything(self) -> bool:
        """Whether a single result is on this computer now."""
        return any(meet.fetched or meet.kept for meet in self.meets)


def synced_rows(synced: Synced) -> list[Row]:
    """Return a row a meet."""
    return [
        {
            "event": meet.event.id,
            "city": meet.city,
            "races": meet.races,
            "fetched": meet.fetched,
            "kept": meet.kept,
            "missing": [{"race": each.race, "why": each.why} for each in meet.missing],
        }
        for meet in synced.meets
    ]


def synced_csv(synced: Synced) -> str:
    """Return the same as CSV: a line a meet, and another for each more that is missing there."""
    rows = [
        {**row, "missing_race": missing["race"], "missing_why": missing["why"]}
        for row in synced_rows(synced)
        for missing in row["missing"] or [{"race": None, "why": None}]
    ]
    return csv_text(_FIELDS, rows)


def meet_line(meet: MeetSynced) -> str:
    """Return in a line what has come of a meet: ``Calgary: 24 races, 23 fetched, 1 missing``."""
    if not meet.races:
        return f"{meet.city}: {'nothing could be had' if meet.missing else 'no programme yet'}"
    counts = (
        (meet.fetched, "fetched"),
        (meet.kept, "kept"),
        (len(meet.missing), "missing"),
    )
    told = [f"{count} {what}" for count, what in counts if count]
    return f"{meet.city}: {', '.join([_many(meet.races, 'race'), *(told or ['none held yet'])])}"


def last_line(synced: Synced) -> str:
    """Return in a line what has come of all."""
    fetched = sum(meet.fetched for meet in synced.meets)
    kept = sum(meet.kept for meet in synced.meets)
    meets = _many(len(synced.meets), "World Cup")
    results = f"{_many(fetched, 'result')} fetched, {kept} kept"
    return f"{season_words(synced.year)}: {meets}, {results}"


def shortcomings(synced: Synced) -> Iterator[str]:
    """Return in sentences what is missing, and why: ``W500 in Calgary: the feed answered 500``."""
    left = 0
    for meet in synced.meets:
        for why, codes in _by_reason(meet.missing):
            if why == synced.gone:
                left += len(codes)
            elif None in codes:
                yield f"{meet.city}: {why}"
            else:
                yield f"{', '.join(code or '' for code in codes)} in {meet.city}: {why}"
    if synced.gone is not None:
        lacking = f"; {_many(left, 'document')} not had" if left else ""
        yield f"{synced.gone}{lacking}: the same words go on from there"


def _by_reason(missing: Iterable[Missing]) -> Iterator[tuple[str, list[str | None]]]:
    reasons: dict[tuple[str, bool], list[str | None]] = {}
    for each in missing:
        reasons.setdefault((each.why, each.race is None), []).append(each.race)
    return ((why, codes) for (why, _), codes in reasons.items())


def _many(count: int, what: str) -> str:
    return f"{count} {what}" if count == 1 else f"{count} {what}s"
