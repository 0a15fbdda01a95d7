"""The record book: the times to beat, each known from a day on, and whether they fell.

Records come from several sources, which may disagree; `longtrack.sources` tells which counts then.
A world record is the track record where it was set, too.

A record counts for a race only when it is older than the race (`longtrack.bests.is_older`), or was
set at the same meet by somebody who skated earlier; of the meet's own days the meet's results
decide, and no list. All that is worked out from the state of a meet, so a correction takes a record
back, and at an earlier place on the tape it is not yet set. What a feed flags as a record is
nothing to go by: one timing system is known to flag every mark of a skater without a history.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable
from datetime import date, datetime
from functools import cached_property
from typing import Final

import msgspec
from msgspec.structs import replace

from longtrack.bests import Best, Bests, BestsKept, KnownBest, Place, day_of, is_older
from longtrack.eve import Eve, distance_code
from longtrack.model import (
    Discipline,
    Entry,
    Event,
    Meet,
    Race,
    Skater,
    Status,
)
from longtrack.names import plain
from longtrack.season import Season
from longtrack.sources import BUNDLED, THIS_MEET, foremost

__all__ = ["KINDS", "MARKS", "Best", "Facts", "Record", "RecordBook", "distance_code"]

KINDS: Final = ("TR", "WR", "OR", "NR")
"""Track, world, Olympic and national record, in the order they are named beside a time."""

MARKS: Final = (*KINDS, "PB", "SB")
"""All that can stand beside a time, in that order: records, personal best, season best."""


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
    """Who says so, one of `longtrack.sources.SOURCES`."""
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
    morning: datetime | None = None
    """When the day began on which it is read: of what was set then or later it knows nothing, but
    for what its meet has shown. None where all that is known may be told."""

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
        return self._standing(kind, event, _where(kind, where, where), self._known(before))

    def personal_best(self, who: Skater, event: str, before: date | None = None) -> Best | None:
        """Return a skater's best time ever over a distance, or None where it is not known.

        Args:
            who: The skater.
            event: The distance as a race code, such as ``W500``.
            before: Only what was skated before that day counts (or, of what has no day, what was
                said before that start of a race); None for all that is known.
        """
        return self._bests.personal(who, event, self._known(before) if before else self.morning)

    def season_best(self, who: Skater, event: str, before: date | None = None) -> Best | None:
        """Return a skater's best time of the season over a distance, as `personal_best` does.

        Where no source tells of all races of a season, it is the best of its World Cups.
        """
        return self._bests.of_season(who, event, self._known(before) if before else self.morning)

    def read_on(self, morning: datetime) -> RecordBook:
        """Return this book as it is read on a day, which began then at the rink.

        A race of a later day is not begun with what is set in the meantime.
        """
        book = replace(self, morning=morning)
        # Questions are answered from the same, which is worked out once.
        book.__dict__.update(_by_event=self._by_event, _bests=self._bests, _eves=self._eves)
        return book

    def _known(self, before: date) -> date:
        morning = self.morning
        later = morning is not None and day_of(before) > morning.date()
        return morning if later and morning is not None else before

    # --- as a race begins --------------------------------------------------------------------

    def to_beat(self, kind: str, race: Race, meet: Meet, noc: str = "") -> Record | None:
        """Return the record that stands as a race begins, with what the meet has set before.

        Args:
            kind: One of `KINDS`. There are Olympic records at Olympic Games only.
            race: The race.
            meet: Its meet, whose earlier races may have lowered the record.
            noc: Whose national record is meant.
        """
        eve = self._eve(race, meet)
        if eve.before is None or not _has_records(kind, race, meet.event):
            return None
        key = kind, noc if kind == "NR" else ""
        if key not in eve.records:
            eve.records[key] = self._as_it_begins(kind, eve, noc)
        return eve.records[key]

    def _as_it_begins(self, kind: str, eve: Eve, noc: str) -> Record | None:
        meet, before = eve.meet, eve.before
        if before is None:
            return None
        where = _where(kind, meet.event.city, noc)
        record = self._standing(kind, eve.event, where, self._known(before), eve.told)
        if record is not None:
            for other in eve.earlier:
                record = _lowered(record, other.finished, meet, other)
        return record

    def bests_before(self, entry: Entry, race: Race, meet: Meet) -> Bests:
        """Return what a skater had done before a race, at the same meet too."""
        who, eve = entry.competitor, self._eve(race, meet)
        if eve.before is None or not isinstance(who, Skater):
            return Bests(None, None)
        if race.distance.discipline is not Discipline.INDIVIDUAL:
            return Bests(None, None)
        known = eve.bests.get(who)
        if known is None:
            known = eve.bests[who] = self._had_done(who, race, eve)
        return known

    def _had_done(self, who: Skater, race: Race, eve: Eve) -> Bests:
        assert eve.before is not None
        kept, before = self._bests, self._known(eve.before)
        personal = kept.personal(who, eve.event, before, eve.told)
        season = kept.of_season(who, eve.event, before, eve.told)
        if eve.skated is None:
            eve.skated = self._skated_before(eve)
        here = eve.skated.get(kept.key(who, race.gender))
        if here is not None:
            season = here if season is None or here.time_ms < season.time_ms else season
            if personal is not None and here.time_ms < personal.time_ms:
                personal = here
        return Bests(personal, season)

    def _skated_before(self, eve: Eve) -> dict[str, Best]:
        """Return, by person, the best of the earlier races at the same meet."""
        found: dict[str, Best] = {}
        for other in eve.earlier:
            for entry in other.finished:
                who = entry.competitor
                if entry.status is not Status.FINISHED or entry.time_ms is None:
                    continue
                if not isinstance(who, Skater):
                    continue
                key = self._bests.key(who, other.gender)
                if key not in found or entry.time_ms < found[key].time_ms:
                    found[key] = Best(
                        event=eve.event,
                        time_ms=entry.time_ms,
                        on=eve.meet.day(other),
                        place=eve.meet.event.city,
                        sure="high",
                        precision_ms=entry.precision_ms,
                        source=THIS_MEET,
                    )
        return found

    def _eve(self, race: Race, meet: Meet) -> Eve:
        """Return what a race begins with: worked out once for all questions about one state."""
        day = meet.day(race)
        # Of a race of a later day a morning knows less than the next one.
        about = race.code, None if day is None or self._known(day) is day else self.morning
        eve = self._eves.get(about)
        if eve is None or not (
            (eve.race is race and eve.meet is meet) or eve.holds_for(race, meet)
        ):
            eve = self._eves[about] = Eve(race, meet)
        eve.meet = meet
        return eve

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
        eve = self._eve(race, meet)
        if eve.marks is None or eve.race is not race:
            eve.race, eve.marks = race, self._marks(race, meet)
        return eve.marks

    def _marks(self, race: Race, meet: Meet) -> dict[str, tuple[str, ...]]:
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
        told: Collection[Place] = (),
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
        return foremost(of_source.values())

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

    @cached_property
    def _eves(self) -> dict[tuple[str, datetime | None], Eve]:
        return {}

    def prepared(self) -> RecordBook:
        """Return this book with all worked out that every question needs: for a worker to call."""
        _ = self._by_event, self._bests
        return self


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
