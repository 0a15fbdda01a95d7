"""A scene: all that a screen shows at one moment, as one frozen value."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import UTC, date, datetime, tzinfo
from functools import cached_property

import msgspec
from msgspec.structs import replace

from longtrack.action import Action
from longtrack.model import Division, Entry, Meet, Race, Skater
from longtrack.moments import Moment
from longtrack.pace import Expected, alike, expected_finishes
from longtrack.projection import Projection
from longtrack.records import RecordBook, distance_code
from longtrack.timetable import NextStart
from rinkside.comparing import Compare
from rinkside.followed import Followed


class Feed(msgspec.Struct, frozen=True):
    """What is said about where the data comes from and how old it is."""

    pill: str = "LIVE"
    pill_role: str = "pill-live"
    second_pill: str = ""
    age: str = ""
    """``2 s``, ``3 min``, or ``as of 14 Dec 15:57``."""
    late: bool = False
    """Whether the age is one to worry about."""
    note: str = ""
    """A sentence for the last row: what failed, when the next try is; or that times are
    modelled."""
    note_role: str = "warn"
    stale: bool = False
    """Whether what is on screen is drained of colour."""

    def says_as_much_as(self, other: Feed) -> bool:
        """Whether another one differs in nothing but an age, which counts by itself."""
        return replace(self, age=other.age) == other


class Scene(msgspec.Struct, frozen=True, dict=True):
    """All that the meet screen shows."""

    meet: Meet
    race: Race | None
    day: date | None
    division: Division
    at: int
    """Where the playhead stands, in tape time."""
    action: Action
    book: RecordBook
    cup: Projection | None = None
    """The cup the race scores in, if the race ended now; None where there is none, or where the
    season has not been read yet."""
    moments: tuple[Moment, ...] = ()
    """Those worth telling, the newest last."""
    feed: Feed = Feed()
    here: tzinfo = UTC
    """The viewer's own time zone."""
    followed: Followed = Followed()
    """Whom the viewer follows."""
    starts: tuple[NextStart, ...] = ()
    """All starts to come of those who are followed, the soonest first."""
    only_followed: bool = False
    """Whether nothing but what concerns them is shown."""
    cursor: str | None = None
    """Key of the entry under the cursor."""
    compare: Compare = Compare()
    """What every time is compared with."""
    scroll: int | None = None
    """First row of the board the reader has scrolled to; None follows the action."""
    unseen: int = 0
    """Finishes since the reader scrolled."""
    flash: frozenset[str] = msgspec.field(default_factory=frozenset)
    """Keys of entries that have just broken a record."""
    corrected: frozenset[str] = msgspec.field(default_factory=frozenset)
    """Keys of entries whose time was corrected a moment ago."""
    spoiler_free: bool = False
    """Whether nothing may be told that lies ahead of the playhead."""

    @property
    def now(self) -> datetime:
        """Where the playhead stands, on the rink's clock."""
        return datetime.fromtimestamp(self.at / 1000, self.meet.event.zone)

    def local(self, instant: datetime) -> datetime:
        """Return an instant on the rink's clock."""
        return instant.astimezone(self.meet.event.zone)

    @cached_property
    def expected(self) -> Mapping[str, Expected]:
        """What those on the ice can be expected to finish in, by the entry's key."""
        race = self.race
        if race is None or not race.on_ice:
            return {}
        event, day = distance_code(race), self.meet.day(race)

        def season_best(entry: Entry) -> int | None:
            who = entry.competitor
            best = self.book.season_best(who, event, day) if isinstance(who, Skater) else None
            return None if best is None else best.time_ms

        return expected_finishes(race, alike(self.meet, race), season_best)

    @property
    def tabs(self) -> tuple[Race, ...]:
        """The races of the day and division, in the order they are skated."""
        return races_of(self.meet, self.day, self.division)


def races_of(meet: Meet, day: date | None, division: Division) -> tuple[Race, ...]:
    """Return the races of a day and division in the order they are skated."""
    chosen = [race for race in meet.races if race.division is division and meet.day(race) == day]
    # A race without a known start keeps its place by number.
    last = datetime.max.replace(tzinfo=UTC)
    return tuple(sorted(chosen, key=lambda race: (race.planned or race.start or last, race.number)))
