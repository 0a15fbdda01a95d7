"""The sport as the program knows it: frozen values, times in whole milliseconds.

Nothing here knows a feed, a tape or a screen. Every instant is an aware ``datetime`` in UTC;
a meet's ``zone`` turns it into the rink's clock.
"""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta
from enum import StrEnum
from functools import cached_property
from typing import Final
from zoneinfo import ZoneInfo

import msgspec

_LONGEST_RACE: Final = timedelta(hours=6)
"""A race touched later than this after its start was corrected then."""
_USUAL_RACE: Final = timedelta(minutes=45)

TRACK_M: Final = 400
"""The length of a lap on a World Cup track, in metres."""


class Gender(StrEnum):
    """Who races; the letter is the one race codes begin with."""

    WOMEN = "W"
    MEN = "M"
    MIXED = "X"


class Division(StrEnum):
    """A World Cup's two divisions."""

    A = "A"
    B = "B"

    @property
    def other(self) -> Division:
        """The other one."""
        return Division.B if self is Division.A else Division.A


class Discipline(StrEnum):
    """The kinds of race of a World Cup meet; the value is the word used in race codes."""

    INDIVIDUAL = "ID"
    MASS_START = "MS"
    TEAM_PURSUIT = "TP"
    TEAM_SPRINT = "TS"
    MIXED_RELAY = "MR"


class Lane(StrEnum):
    """The starting lane; for teams, inner is the finish straight and outer the crossing one."""

    INNER = "I"
    OUTER = "O"


class Armband(StrEnum):
    """The colour that tells the skaters of a pair or quartet apart on the ice."""

    WHITE = "white"
    RED = "red"
    YELLOW = "yellow"
    BLUE = "blue"


class Status(StrEnum):
    """What has become of a start; the values are the words of ``--json``."""

    TO_START = "to_start"
    ON_ICE = "on_ice"
    FINISHED = "finished"
    DNF = "dnf"
    DNS = "dns"
    DQ = "dq"
    WDR = "wdr"
    INVALID = "invalid"
    """No valid result, by a code of the feed that nobody has explained yet."""

    @property
    def is_invalid(self) -> bool:
        """Whether the start is over without a time that counts."""
        return self in _INVALID


_INVALID: Final = frozenset({Status.DNF, Status.DNS, Status.DQ, Status.WDR, Status.INVALID})


class Skater(msgspec.Struct, frozen=True):
    """A person on the start list."""

    family: str
    """Family name in the source's own letters, e.g. ``Rijpma-de Jong``."""
    given: str
    noc: str
    """Three letters as the feed has them; never derived."""
    gender: Gender | None = None
    id: str | None = None
    """The feed's id; None for facts taken from result sheets."""


class Team(msgspec.Struct, frozen=True):
    """A country's team in the team pursuit, team sprint or mixed relay."""

    name: str
    noc: str
    gender: Gender | None = None


class Passage(msgspec.Struct, frozen=True):
    """A skater's time at one mark."""

    number: int
    """1 for the first mark; in a mass start, the lap."""
    mark_m: int
    time_ms: int
    lap_ms: int | None
    """Time since the mark before it, or since the start; None where that mark is unknown."""
    rank: int | None
    """Rank at this mark among all who have passed it, as the feed computes it."""
    modelled: bool = False
    """True where the time was not published but computed by us."""
    precision_ms: int = 1
    sprint_points: int | None = None


class Distance(msgspec.Struct, frozen=True):
    """What is skated: the discipline, its length and where it is clocked."""

    discipline: Discipline
    metres: int | None
    """None for a mass start, which is counted in laps."""
    laps: int
    """How many passages a finisher has."""

    @property
    def marks(self) -> tuple[int, ...]:
        """Metres at which a skater is clocked, the last one being the finish.

        Individual distances begin with the part lap from their start line (100 m at 500 m,
        300 m at 1500 m, ...), team races and the mass start with a full lap.
        """
        total = self.metres if self.metres is not None else self.laps * TRACK_M
        first = total - TRACK_M * (self.laps - 1)
        return tuple(first + TRACK_M * index for index in range(self.laps))

    @property
    def counts_laps(self) -> bool:
        """Whether marks are told by lap (``lap 4``) and not by metres (``1100``)."""
        return self.discipline is not Discipline.INDIVIDUAL

    @property
    def is_sprint(self) -> bool:
        """Whether this is a 500 or 1000 m, where the opener has a column of its own."""
        return self.discipline is Discipline.INDIVIDUAL and (self.metres or 0) <= 1000

    @property
    def is_long(self) -> bool:
        """Whether this is an individual distance of 3000 m or more."""
        return self.discipline is Discipline.INDIVIDUAL and (self.metres or 0) >= 3000


class Entry(msgspec.Struct, frozen=True):
    """One start: a skater or a team in one race, with all that is known of it now."""

    key: str
    """Stable over all versions of a race; unique in the race."""
    competitor: Skater | Team
    status: Status
    pair: int | None = None
    """Number of the pair, quartet or heat; None in a mass start."""
    lane: Lane | None = None
    armband: Armband | None = None
    bib: int | None = None
    rank: int | None = None
    """The feed's rank; a DNF in Division A has one."""
    time_ms: int | None = None
    """The finish; kept by the feed for some disqualified skaters."""
    precision_ms: int = 1
    """1, or 10 where the source knows hundredths only."""
    passages: tuple[Passage, ...] = ()
    reskate: bool = False
    """Whether a re-skate was granted."""
    remarks: tuple[str, ...] = ()
    """Codes of the result sheet, such as ``F`` (fell) or ``T09``; only where a source has them."""
    kept: bool = False
    """True where the newest row named nobody and this is the last good one."""

    @property
    def noc(self) -> str:
        """Three letters of the competitor's country."""
        return self.competitor.noc

    @property
    def last_passage(self) -> Passage | None:
        """The newest clocked mark, or None before the first."""
        return self.passages[-1] if self.passages else None

    @property
    def awaits_reskate(self) -> bool:
        """Whether a re-skate was granted and has not been skated."""
        return self.reskate and self.status is Status.TO_START

    def passage(self, mark_m: int) -> Passage | None:
        """Return the passage at a mark, or None where it is not known."""
        return next((passage for passage in self.passages if passage.mark_m == mark_m), None)


class Conditions(msgspec.Struct, frozen=True):
    """Ice and air, as measured at the start or end of a race."""

    ice_c: float | None = None
    air_c: float | None = None
    humidity_pct: float | None = None


class Stage(StrEnum):
    """How far a race has come."""

    UPCOMING = "upcoming"
    LIVE = "live"
    PROVISIONAL = "provisional"
    """Skated, or broken off, and not declared official."""
    OFFICIAL = "official"
    UNKNOWN = "unknown"
    """Held, and no source has its result."""


class Race(msgspec.Struct, frozen=True, dict=True):
    """One competition of a meet: its place in the programme and its starts."""

    number: int
    """The feed's schedule number, from 1; the official protocols carry it too."""
    gender: Gender
    division: Division
    distance: Distance
    ordinal: int
    """2 for the second race over the same distance in one meet, else 1."""
    title: str
    planned: datetime | None = None
    """Start by the programme."""
    start: datetime | None = None
    """Start by the race's own document, which follows delays; the actual one once begun."""
    updated: datetime | None = None
    """When the feed last touched the race; for a race held long ago, about when it ended."""
    live: bool = False
    official: bool = False
    entries: tuple[Entry, ...] = ()
    """In the feed's order: by rank, then to start by pair, then without a valid result."""
    entries_known: bool = False
    """Whether any list of starts has been seen."""
    dropped: int = 0
    """Rows of the newest document that name nobody and could not be kept."""
    conditions: Conditions | None = None

    @cached_property
    def code(self) -> str:
        """The word for this race on the command line and in JSON: ``W500``, ``M500-2B``."""
        return race_code(self.gender, self.distance, self.ordinal, self.division)

    def is_twin_of(self, other: Race) -> bool:
        """Tell whether this is the same race as another one but for the division."""
        # Division B may skate fewer laps of a mass start.
        return (
            self.gender is other.gender
            and self.distance.discipline is other.distance.discipline
            and self.distance.metres == other.distance.metres
            and self.ordinal == other.ordinal
        )

    @cached_property
    def stage(self) -> Stage:
        """How far the race has come, read off its flags and starts together."""
        if self.official:
            return Stage.OFFICIAL if self.has_result else Stage.UNKNOWN
        if self.live:
            return Stage.LIVE
        return Stage.PROVISIONAL if self.begun else Stage.UPCOMING

    @cached_property
    def begun(self) -> bool:
        """Whether anybody has been clocked or has finished."""
        return any(entry.passages or entry.status is Status.FINISHED for entry in self.entries)

    @cached_property
    def has_result(self) -> bool:
        """Whether anybody has finished."""
        return any(entry.status is Status.FINISHED for entry in self.entries)

    @cached_property
    def finished(self) -> tuple[Entry, ...]:
        """The entries with a rank, best first; the feed's order breaks ties."""
        ranked = [entry for entry in self.entries if entry.rank is not None]
        return tuple(sorted(ranked, key=lambda entry: entry.rank or 0))

    @cached_property
    def leader(self) -> Entry | None:
        """The best finisher so far."""
        return next((entry for entry in self.finished if entry.status is Status.FINISHED), None)

    @cached_property
    def on_ice(self) -> tuple[Entry, ...]:
        """Everyone who is skating now."""
        return tuple(entry for entry in self.entries if entry.status is Status.ON_ICE)

    @cached_property
    def pairs(self) -> tuple[int, ...]:
        """The numbers of the race's pairs, quartets or heats, in order."""
        return tuple(sorted({entry.pair for entry in self.entries if entry.pair is not None}))

    @cached_property
    def people(self) -> frozenset[Skater]:
        """Everyone on its start list; teams are not among them."""
        return frozenset(
            entry.competitor for entry in self.entries if isinstance(entry.competitor, Skater)
        )

    @cached_property
    def over(self) -> bool:
        """Whether everyone's start is over (re-skates and corrections may still come)."""
        return bool(self.entries) and all(
            entry.status is Status.FINISHED or entry.status.is_invalid for entry in self.entries
        )

    @cached_property
    def over_at(self) -> datetime | None:
        """When it was over, as well as its document tells: when it was last touched, within reach.

        Read only of a race that was held; one without a start was over when it was touched.
        """
        if self.start is None:
            return self.updated
        if self.updated is not None and self.start < self.updated < self.start + _LONGEST_RACE:
            return self.updated
        return self.start + _USUAL_RACE

    @cached_property
    def splits_hundredths(self) -> frozenset[str]:
        """Keys of the entries whose thousandth decided a place.

        Those are finishers whose time, cut to hundredths, is another finisher's too. Times known
        only to the hundredth decide nothing and are never called a tie.
        """
        by_hundredth: dict[int, list[Entry]] = {}
        for entry in self.entries:
            if entry.status is Status.FINISHED and entry.time_ms is not None:
                by_hundredth.setdefault(entry.time_ms // 10, []).append(entry)
        return frozenset(
            entry.key
            for equal in by_hundredth.values()
            if len(equal) > 1
            for entry in equal
            if entry.precision_ms == 1
        )

    def starters(self, pair: int) -> tuple[Entry, ...]:
        """Return the entries of one pair, inner lane first, the first pair of a quartet first."""
        order = {Armband.WHITE: 0, Armband.RED: 1, Armband.YELLOW: 2, Armband.BLUE: 3}
        chosen = [entry for entry in self.entries if entry.pair == pair]
        return tuple(
            sorted(
                chosen,
                key=lambda entry: (
                    order.get(entry.armband, 0) if entry.armband else 0,
                    entry.lane is Lane.OUTER,
                    entry.key,
                ),
            )
        )


def race_code(gender: Gender, distance: Distance, ordinal: int, division: Division) -> str:
    """Return the code of a race: gender, distance, ``-2`` for a second one, ``B``."""
    kind = distance.discipline
    what = str(distance.metres) if kind is Discipline.INDIVIDUAL else kind.value
    second = f"-{ordinal}" if ordinal > 1 else ""
    return f"{gender}{what}{second}{'B' if division is Division.B else ''}"


class Source(StrEnum):
    """Where a meet's documents come from; the values are the words of ``--json``."""

    FEED = "feed"
    CACHE = "cache"
    BUNDLED = "bundled"


class Event(msgspec.Struct, frozen=True, dict=True):
    """A meet as the list of events has it: who, where and when, without its races."""

    id: str
    name: str
    city: str = ""
    venue: str = ""
    country: str = ""
    zone_name: str = "UTC"
    start: date | None = None
    end: date | None = None
    season: int | None = None
    """The year the season ends in: 2026 for 2025/26."""
    tags: tuple[str, ...] = ()
    cancelled: bool = False

    @cached_property
    def zone(self) -> ZoneInfo:
        """The rink's time zone; UTC where the feed's name for it is unknown."""
        try:
            return ZoneInfo(self.zone_name)
        except (ValueError, OSError, KeyError):
            return ZoneInfo("UTC")

    @property
    def is_world_cup(self) -> bool:
        """Whether this is a senior World Cup, by the feed's tags or else by its name."""
        named = "World Cup Speed Skating" in self.name and "Junior" not in self.name
        return named or {"world-cup", "senior"} <= set(self.tags)

    @cached_property
    def title(self) -> str:
        """The name without what goes without saying: ``World Cup 4``."""
        words = self.name.replace("Speed Skating", "").split()
        return " ".join(word for word in words if word not in ("ISU", "-")) or self.id


class Meet(msgspec.Struct, frozen=True, dict=True):
    """A meet with its programme, as known at one moment."""

    event: Event
    races: tuple[Race, ...] = ()
    modelled: bool = False
    """Whether times between start and finish are ours: true for the bundled meet of the demo."""

    @property
    def id(self) -> str:
        """The feed's id of the event, e.g. ``2026_NOR_0001``."""
        return self.event.id

    @cached_property
    def days(self) -> tuple[date, ...]:
        """The days of the meet at the rink that have a race."""
        return tuple(sorted({day for race in self.races if (day := self.day(race)) is not None}))

    def day(self, race: Race) -> date | None:
        """Return the day of a race at the rink; that of the race before it where unknown."""
        return self._days_by_number.get(race.number, self.event.start)

    @cached_property
    def _days_by_number(self) -> dict[int, date | None]:
        days: dict[int, date | None] = {}
        day = self.event.start
        for race in sorted(self.races, key=lambda race: race.number):
            instant = race.planned or race.start
            if instant is not None:
                day = instant.astimezone(self.event.zone).date()
            days[race.number] = day
        return days

    def race(self, code: str) -> Race | None:
        """Return the race with this code, in any case; ``W500-1`` is ``W500``."""
        wanted = code.upper().replace("-1", "")
        return next((race for race in self.races if race.code == wanted), None)

    def numbered(self, number: int) -> Race | None:
        """Return the race with this schedule number."""
        return next((race for race in self.races if race.number == number), None)

    @cached_property
    def people(self) -> frozenset[Skater]:
        """Everyone on its start lists; teams are not among them."""
        return frozenset[Skater]().union(*(race.people for race in self.races))

    @cached_property
    def live(self) -> tuple[Race, ...]:
        """The races the feed calls live, in the order of the programme."""
        return tuple(race for race in self.races if race.live)

    def foremost(self, at: datetime) -> Race | None:
        """Return the race a viewer wants first: the live one, else the next, else the last.

        A planned start that has passed does not make a race live or over: it is late, and still
        the next, unless a later race has begun.
        """
        if self.live:
            # Two at once: the first until it is over, so that the screen does not jump between.
            return next((race for race in self.live if not race.over), self.live[-1])
        begun = [race for race in self.races if race.begun]
        newest = max(
            (race.start for race in begun if race.start),
            default=datetime.min.replace(tzinfo=UTC),  # the first race of all may be late, too
        )
        coming = [
            race
            for race in self.races
            if race.stage is Stage.UPCOMING and race.start is not None and race.start >= newest
        ]
        if coming:
            return min(coming, key=lambda race: (race.start or at, race.number))
        if begun:
            return max(begun, key=lambda race: (race.start or newest, race.number))
        return self.races[0] if self.races else None
