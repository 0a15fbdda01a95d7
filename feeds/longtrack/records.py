"""The record book: the times to beat, each known from a day on.

Built in are world records and the track records of Hamar, from published lists; how sure each is
stands beside it. A record counts for a race only when it is older than the race, or was set in it
or at the same meet by somebody who skated earlier.
"""

from __future__ import annotations

import tomllib
from collections.abc import Iterable
from datetime import UTC, date, datetime
from functools import cached_property
from pathlib import Path
from typing import Any, Final

import msgspec

from longtrack.model import Division, Entry, Meet, Race, Skater, Status, race_code
from longtrack.times import read_time

KINDS: Final = ("TR", "WR")
"""Track and world record, in the order they are named beside a time."""


class Record(msgspec.Struct, frozen=True):
    """A record, from the day it was set."""

    kind: str
    """``TR`` or ``WR``."""
    event: str
    """The race code of the distance, such as ``W500``."""
    time_ms: int
    """Known to the hundredth."""
    holder: str
    """Family name, or the team."""
    noc: str
    on: date | None
    place: str
    """The city of the track."""
    sure: str
    """``high``, ``medium`` or ``low``, by its sources."""

    @property
    def year(self) -> int | None:
        """The year it was set in."""
        return None if self.on is None else self.on.year


class Best(msgspec.Struct, frozen=True):
    """The best time of one skater, over a career or a season, from the day it was skated."""

    event: str
    """The race code of the distance, such as ``W500``."""
    time_ms: int
    on: date | None
    place: str
    """The city of the track; empty where nobody says."""
    sure: str
    """``high``, ``medium`` or ``low``, by its source."""
    precision_ms: int = 10


class RecordBook(msgspec.Struct, frozen=True, dict=True):
    """All known records, old ones too."""

    records: tuple[Record, ...]

    @classmethod
    def bundled(cls) -> RecordBook:
        """Return the book that comes with the program."""
        # `importlib.resources` would cost as much to load as the whole book.
        text = Path(__file__).with_name("records.toml").read_text("utf-8")
        rows = tomllib.loads(text)["record"]
        return cls(tuple(record for row in rows if (record := _record(row)) is not None))

    def standing(self, kind: str, event: str, city: str, before: date) -> Record | None:
        """Return the record that stood when a day began.

        Args:
            kind: ``TR`` or ``WR``.
            event: The distance as a race code, such as ``W500``.
            city: The city of the track; only track records ask for it.
            before: The day of the race: a record of that day does not count as older.
        """
        candidates = [
            record
            for record in self._by_event.get((kind, event), ())
            if (kind != "TR" or record.place.casefold() == city.casefold())
            and record.on is not None
            and record.on < before
        ]
        return min(candidates, key=lambda record: record.time_ms, default=None)

    def personal_best(self, who: Skater, event: str, before: date | None = None) -> Best | None:
        """Return a skater's best time ever over a distance, or None where it is not known.

        Args:
            who: The skater.
            event: The distance as a race code, such as ``W500``.
            before: Only what was skated before that day counts; None for all that is known.
        """
        return None

    def season_best(self, who: Skater, event: str, before: date | None = None) -> Best | None:
        """Return a skater's best time of the season over a distance, as `personal_best` does."""
        return None

    @cached_property
    def _by_event(self) -> dict[tuple[str, str], list[Record]]:
        table: dict[tuple[str, str], list[Record]] = {}
        for record in self.records:
            table.setdefault((record.kind, record.event), []).append(record)
        return table

    def to_beat(self, kind: str, race: Race, meet: Meet) -> Record | None:
        """Return the record that stands as a race begins, with what the meet has set before."""
        day = meet.day(race)
        if day is None:
            return None
        event = distance_code(race)
        record = self.standing(kind, event, meet.event.city, day)
        if record is None:
            return None
        for earlier in meet.races:
            if earlier is not race and distance_code(earlier) == event and is_before(earlier, race):
                record = _lowered(record, earlier.finished, meet, earlier)
        return record

    def broken_by(
        self, entry: Entry, race: Race, meet: Meet, *, earlier: Iterable[Entry]
    ) -> tuple[Record, ...]:
        """Return the records that fell with a finish, as they stood when it was skated.

        Args:
            entry: Who has finished.
            race: In which race.
            meet: At which meet.
            earlier: Who had finished in that race before, and may have lowered them already.
        """
        if entry.time_ms is None:
            return ()
        before = list(earlier)
        old = []
        for kind in KINDS:
            record = self.to_beat(kind, race, meet)
            if record is not None:
                record = _lowered(record, before, meet, race)
                if entry.time_ms // 10 < record.time_ms // 10:
                    old.append(record)
        return tuple(old)

    def broken(self, race: Race, meet: Meet) -> dict[str, tuple[Record, ...]]:
        """Return, by an entry's key, the records it holds since this race.

        Only the best of the race can hold one; each record in the answer is the one that stood
        before the race.
        """
        best = race.leader
        if best is None:
            return {}
        old = self.broken_by(best, race, meet, earlier=())
        return {best.key: old} if old else {}


def distance_code(race: Race) -> str:
    """Return the code of what is raced, whatever the division and whichever of two races."""
    return race_code(race.gender, race.distance, 1, Division.A)


def is_before(earlier: Race, race: Race) -> bool:
    """Tell whether a race of a meet is skated before another one."""
    first = datetime.min.replace(tzinfo=UTC)
    return (earlier.start or first, earlier.number) < (race.start or first, race.number)


def _lowered(record: Record, entries: Iterable[Entry], meet: Meet, race: Race) -> Record:
    for entry in entries:
        if entry.status is not Status.FINISHED or entry.time_ms is None:
            continue
        if entry.time_ms // 10 < record.time_ms // 10:
            holder = getattr(entry.competitor, "family", None) or entry.competitor.noc
            record = Record(
                kind=record.kind,
                event=record.event,
                time_ms=entry.time_ms,
                holder=str(holder),
                noc=entry.noc,
                on=meet.day(race),
                place=meet.event.city,
                sure="high",
            )
    return record


def _record(row: dict[str, Any]) -> Record | None:
    clocked = read_time(row.get("time"))
    if clocked is None:
        return None
    return Record(
        kind=row["kind"],
        event=row["event"],
        time_ms=clocked.ms,
        holder=row["holder"],
        noc=row["noc"],
        on=row.get("on"),
        place=row["place"],
        sure=row["sure"],
    )
