"""The record book: the times to beat, each known from a day on, and whether they fell.

Records come from several sources, which may disagree. The rule: of the records that stand on a
day, each source's best is looked at. The fastest of these is the record, unless a better source
(`SOURCES` has them in order: a fan's own file, the feed, speedskatingresults.com, what is bundled)
has a slower one of a later day, which denies it. A world record is the track record where it was
set, too.

A record counts for a race only when it is older than the race (`longtrack.bests.is_older`), or was
set at the same meet by somebody who skated earlier; of the meet's own days the meet's results
decide, and no list. All that is worked out from the state of a meet, so a correction takes a record
back, and at an earlier place on the tape it is not yet set. What a feed flags as a record is
nothing to go by: one timing system is known to flag every mark of a skater without a history.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from datetime import UTC, date, datetime, time
from functools import cached_property
from typing import Final

import msgspec
from msgspec.structs import replace

from longtrack.bests import Best, Bests, BestsKept, KnownBest, is_older
from longtrack.model import (
    Discipline,
    Division,
    Entry,
    Event,
    Meet,
    Race,
    Skater,
    Status,
    race_code,
)
from longtrack.names import plain
from longtrack.season import Season

__all__ = ["KINDS", "MARKS", "SOURCES", "Best", "Facts", "Record", "RecordBook", "distance_code"]

KINDS: Final = ("TR", "WR", "OR", "NR")
"""Track, world, Olympic and national record, in the order they are named beside a time."""

MARKS: Final = (*KINDS, "PB", "SB")
"""All that can stand beside a time, in that order: records, personal best, season best."""

OWN_FILE: Final = "own file"
FEED: Final = "feed"
ARCHIVE: Final = "speedskatingresults.com"
BUNDLED: Final = "bundled"
THIS_MEET: Final = "this meet"

SOURCES: Final = (THIS_MEET, OWN_FILE, FEED, ARCHIVE, BUNDLED)
"""Who says so, the best source first."""


class Record(msgspec.Struct, frozen=True):
    """A record, from the day it was set."""

    kind: str
    """One of `KINDS`."""
    event: str
    """The race code of the distance, such as ``W500``."""
    time_ms: int
    """Known to the hundredth."""
    holder: str
    """Family name, or the team."""
    noc: str
    """The holder's; a national record is that country's."""
    on: date | None
    place: str
    """The city of the track."""
    sure: str
    """``high``, ``medium`` or ``low``, by its sources."""
    source: str = BUNDLED
    """Who says so, one of `SOURCES`."""
    seen: int | None = None
    """When that was seen to be said, in tape time; None for a list that comes with the program."""

    @property
    def year(self) -> int | None:
        """The year it was set in."""
        return None if self.on is None else self.on.year

    @property
    def where(self) -> str:
        """What it is the record of, folded: a track, a country; empty for all the world."""
        return _where(self.kind, self.place, self.noc)


class Facts(msgspec.Struct, frozen=True):
    """What one source says."""

    records: tuple[Record, ...] = ()
    bests: tuple[KnownBest, ...] = ()

    def __add__(self, other: Facts) -> Facts:
        """Return what two sources say."""
        return Facts(self.records + other.records, self.bests + other.bests)


class RecordBook(msgspec.Struct, frozen=True, dict=True):
    """All known records, old ones too, and what is known of everybody's bests."""

    records: tuple[Record, ...]
    bests: tuple[KnownBest, ...] = ()
    season: Season | None = None
    """Its World Cup results tell of season bests."""
    people: frozenset[Skater] = frozenset()
    """Who is on start lists, so that two of one name are told apart."""

    @classmethod
    def bundled(cls) -> RecordBook:
        """Return the book that comes with the program."""
        from longtrack.record_file import bundled

        return cls(bundled().records)

    def standing(self, kind: str, event: str, where: str, before: date) -> Record | None:
        """Return the record that stood when a race began.

        Args:
            kind: One of `KINDS`.
            event: The distance as a race code, such as ``W500``.
            where: The city of a track record, the three letters of a national one.
            before: The day of the race: a record of that day does not count as older. Or its
                start at the rink, which decides for records without a day.
        """
        return self._standing(kind, event, _where(kind, where, where), before)

    def personal_best(self, who: Skater, event: str, before: date | None = None) -> Best | None:
        """Return a skater's best time ever over a distance, or None where it is not known.

        Args:
            who: The skater.
            event: The distance as a race code, such as ``W500``.
            before: Only what was skated before that day counts (or, of what has no day, what was
                said before that start of a race); None for all that is known.
        """
        return self._bests.personal(who, event, before)

    def season_best(self, who: Skater, event: str, before: date | None = None) -> Best | None:
        """Return a skater's best time of the season over a distance, as `personal_best` does.

        Where no source tells of all races of a season, it is the best of its World Cups.
        """
        return self._bests.of_season(who, event, before)

    # --- as a race begins --------------------------------------------------------------------

    def to_beat(self, kind: str, race: Race, meet: Meet, noc: str = "") -> Record | None:
        """Return the record that stands as a race begins, with what the meet has set before.

        Args:
            kind: One of `KINDS`. There are Olympic records at Olympic Games only.
            race: The race.
            meet: Its meet, whose earlier races may have lowered the record.
            noc: Whose national record is meant.
        """
        before = start_of(race, meet)
        if before is None or not _has_records(kind, race, meet.event):
            return None
        event, city = distance_code(race), meet.event.city
        # One that was held and has no result any more tells that nothing fell in it.
        earlier = [other for other in _earlier(race, meet, event) if other.begun or other.over]
        record = self._standing(
            kind,
            event,
            _where(kind, city, noc),
            before,
            told={(day, plain(city)) for other in earlier if (day := meet.day(other))},
        )
        if record is not None:
            for other in earlier:
                record = _lowered(record, other.finished, meet, other)
        return record

    def bests_before(self, entry: Entry, race: Race, meet: Meet) -> Bests:
        """Return what a skater had done before a race, at the same meet too."""
        who, before = entry.competitor, start_of(race, meet)
        if before is None or not isinstance(who, Skater):
            return Bests(None, None)
        if race.distance.discipline is not Discipline.INDIVIDUAL:
            return Bests(None, None)
        event, kept = distance_code(race), self._bests
        personal = kept.personal(who, event, before)
        season = kept.of_season(who, event, before)
        for other in _earlier(race, meet, event):
            for skated in other.finished:
                if skated.status is not Status.FINISHED or skated.time_ms is None:
                    continue
                same = skated.competitor
                if not isinstance(same, Skater) or not kept.is_same(who, same, race.gender):
                    continue
                best = Best(
                    event=event,
                    time_ms=skated.time_ms,
                    on=meet.day(other),
                    place=meet.event.city,
                    sure="high",
                    precision_ms=skated.precision_ms,
                    source=THIS_MEET,
                )
                season = best if season is None or best.time_ms < season.time_ms else season
                if personal is not None and best.time_ms < personal.time_ms:
                    personal = best
        return Bests(personal, season)

    def unknown(self, race: Race, meet: Meet) -> tuple[str, ...]:
        """Return the kinds of record nobody knows of that a race could break.

        National records are none of them: there are as many as countries.
        """
        return tuple(
            kind
            for kind in KINDS
            if kind != "NR"
            and _has_records(kind, race, meet.event)
            and self.to_beat(kind, race, meet) is None
        )

    # --- what fell ---------------------------------------------------------------------------

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
            record = self.to_beat(kind, race, meet, entry.noc)
            if record is not None:
                record = _lowered(record, before, meet, race)
                if entry.time_ms // 10 < record.time_ms // 10:
                    old.append(record)
        return tuple(old)

    def broken(self, race: Race, meet: Meet) -> dict[str, tuple[Record, ...]]:
        """Return, by an entry's key, the records it holds since this race.

        Only the best of the race can hold one, and of national records the best of a country;
        each record in the answer is the one that stood before the race.
        """
        fell: dict[str, tuple[Record, ...]] = {}
        nations: set[str] = set()
        for entry in race.finished:
            if entry.status is not Status.FINISHED or entry.noc in nations:
                continue
            kinds = KINDS if not nations else ("NR",)
            nations.add(entry.noc)
            old = tuple(
                record
                for kind in kinds
                if entry.time_ms is not None
                and (record := self.to_beat(kind, race, meet, entry.noc)) is not None
                and entry.time_ms // 10 < record.time_ms // 10
            )
            if old:
                fell[entry.key] = old
        return fell

    def marks(self, race: Race, meet: Meet) -> dict[str, tuple[str, ...]]:
        """Return, by an entry's key, what stands beside its time, in the order of `MARKS`.

        A personal best is one of the season, too, which is not said again.
        """
        marks = {
            key: tuple(record.kind for record in old)
            for key, old in self.broken(race, meet).items()
        }
        for entry in race.finished:
            if entry.status is Status.FINISHED and entry.time_ms is not None:
                best = self.bests_before(entry, race, meet)
                for mark, former in (("PB", best.personal), ("SB", best.season)):
                    if former is not None and entry.time_ms // 10 < former.time_ms // 10:
                        marks[entry.key] = (*marks.get(entry.key, ()), mark)
                        break
        return marks

    # --- what is known -----------------------------------------------------------------------

    def _standing(
        self,
        kind: str,
        event: str,
        where: str,
        before: date,
        told: Iterable[tuple[date, str]] = (),
    ) -> Record | None:
        """Return the record that stood, but for those of a day and a track told of otherwise."""
        of_source: dict[str, Record] = {}
        for record in self._by_event.get((kind, event, where), ()):
            if not is_older(record.on, record.seen, before):
                continue
            if record.on is not None and told and (record.on, plain(record.place)) in told:
                continue
            best = of_source.get(record.source)
            if best is None or record.time_ms < best.time_ms:
                of_source[record.source] = record
        if len(of_source) < 2:
            return next(iter(of_source.values()), None)
        fastest = sorted(
            of_source.values(), key=lambda record: (record.time_ms // 10, _rank(record))
        )
        return next(
            record for record in fastest if not any(_denies(other, record) for other in fastest)
        )

    @cached_property
    def _by_event(self) -> dict[tuple[str, str, str], list[Record]]:
        table: dict[tuple[str, str, str], list[Record]] = {}
        for record in self.records:
            table.setdefault((record.kind, record.event, record.where), []).append(record)
            if record.kind == "WR" and record.place:
                there = replace(record, kind="TR")
                table.setdefault(("TR", record.event, there.where), []).append(there)
        return table

    @cached_property
    def _bests(self) -> BestsKept:
        return BestsKept(self.bests, self.season, self.people)

    def prepared(self) -> RecordBook:
        """Return this book with all worked out that every question needs: for a worker to call."""
        _ = self._by_event, self._bests
        return self


def distance_code(race: Race) -> str:
    """Return the code of what is raced, whatever the division and whichever of two races."""
    return race_code(race.gender, race.distance, 1, Division.A)


def start_of(race: Race, meet: Meet) -> datetime | None:
    """Return when a race begins, by the rink's clock; its day alone begins at midnight."""
    day = meet.day(race)
    if day is None:
        return None
    start = race.start or race.planned
    if start is not None:
        local = start.astimezone(meet.event.zone)
        if local.date() == day:
            return local
    return datetime.combine(day, time(), meet.event.zone)


def is_olympic(event: Event) -> bool:
    """Tell whether a meet is Olympic Games, by its tags or else by its name."""
    return "olympic" in event.tags or (
        "olympic" in event.name.casefold() and "qualif" not in event.name.casefold()
    )


def _has_records(kind: str, race: Race, event: Event) -> bool:
    # A mass start is not skated for time.
    if race.distance.discipline is Discipline.MASS_START:
        return False
    return kind != "OR" or is_olympic(event)


def _where(kind: str, place: str, noc: str) -> str:
    return {"TR": plain(place), "NR": noc}.get(kind, "")


def _rank(record: Record) -> int:
    return SOURCES.index(record.source) if record.source in SOURCES else len(SOURCES)


def _day(record: Record) -> date:
    if record.on is not None:
        return record.on
    return datetime.fromtimestamp((record.seen or 0) / 1000, UTC).date()


def _denies(other: Record, record: Record) -> bool:
    return (
        _rank(other) < _rank(record)
        and other.time_ms // 10 > record.time_ms // 10
        and _day(other) > _day(record)
    )


def _earlier(race: Race, meet: Meet, event: str) -> Iterator[Race]:
    for other in meet.races:
        if other is not race and _before(other, race) and distance_code(other) == event:
            yield other


def _before(earlier: Race, race: Race) -> bool:
    first = datetime.min.replace(tzinfo=UTC)
    return (earlier.start or first, earlier.number) < (race.start or first, race.number)


def _lowered(record: Record, entries: Iterable[Entry], meet: Meet, race: Race) -> Record:
    for entry in entries:
        if entry.status is not Status.FINISHED or entry.time_ms is None:
            continue
        if record.kind == "NR" and entry.noc != record.noc:
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
                source=THIS_MEET,
            )
    return record
