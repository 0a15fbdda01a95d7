"""Which documents of a meet are wanted, how often, and which first: a function of its state.

The intervals are this project's choice: public clients ask for results every 2 to 15 seconds and
for the programme once a minute, and nobody reports having been turned away.
"""

from __future__ import annotations

from collections.abc import Collection, Mapping
from datetime import date, datetime, timedelta
from enum import IntEnum
from typing import Final

import msgspec

from longtrack import isu, isu_records
from longtrack.model import Discipline, Meet, Race

SECOND: Final = 1_000
MINUTE: Final = 60 * SECOND
HOUR: Final = 60 * MINUTE

LIVE_MS: Final = 3 * SECOND
BUSY_MS: Final = 20 * SECOND
CALM_MS: Final = 60 * SECOND
RECORDS_MS: Final = 5 * MINUTE
RARELY_MS: Final = 10 * MINUTE
QUIET_MS: Final = 30 * MINUTE

_DUE_BEFORE: Final = timedelta(minutes=30)
_OVERDUE_UNTIL: Final = timedelta(hours=12)
_UNDER_WAY_UNTIL: Final = timedelta(hours=3)


class Urgency(IntEnum):
    """Which document goes first when several are due; someone waits for the first three."""

    LIVE = 0
    PROGRAMME = 1
    LOOKED_AT = 2
    TODAY = 3
    OTHER = 4

    @property
    def is_awaited(self) -> bool:
        """Whether the screen is wrong or empty without it."""
        return self <= Urgency.LOOKED_AT


class Need(msgspec.Struct, frozen=True):
    """How a document is wanted."""

    urgency: Urgency
    every_ms: int | None
    """Pause between two answers; None: once, and again when it is known to have changed."""
    rest_ms: int = 0
    """Least pause, even when it is known to have changed."""


def needs(
    meet: Meet,
    now: datetime,
    *,
    looked_at: int | None = None,
    without_rows: Collection[int] = (),
) -> dict[str, Need]:
    """Return every document of a meet that is wanted, by path.

    Args:
        meet: The newest state known.
        now: The present, in UTC.
        looked_at: Number of the race on screen.
        without_rows: Numbers of the races whose results came without a row or not at all.
    """
    programme_ms = programme_every(meet, now)
    known = meet.event.start is not None
    wanted = {
        isu.event_path(meet.id): Need(Urgency.OTHER if known else Urgency.PROGRAMME, HOUR),
        isu.schedule_path(meet.id): Need(Urgency.PROGRAMME, programme_ms),
        isu.competitions_path(meet.id): Need(Urgency.PROGRAMME, programme_ms),
    }
    today = now.astimezone(meet.event.zone).date()
    for race in meet.races:
        number, day = race.number, meet.day(race)
        watched, near = number == looked_at, day is None or abs((day - today).days) <= 1
        urgency = Urgency.TODAY if day == today else Urgency.OTHER
        if race.live or watched:
            urgency = Urgency.LIVE if race.live else Urgency.LOOKED_AT
        rowless = number in without_rows or not race.entries
        wanted[isu.results_path(meet.id, number)] = Need(
            urgency, _results_every(race, now, near=near, rowless=rowless)
        )
        fresh = race.live or (race.begun and not race.official and near)
        if fresh or (watched and (race.begun or race.official)):
            # A live race is touched at every push; its ice is measured before and after it.
            rest_ms = 5 * MINUTE if race.live else MINUTE
            wanted[isu.competition_path(meet.id, number)] = Need(Urgency.OTHER, None, rest_ms)
        if number in without_rows and (near or watched or race.live):
            wanted[isu.start_list_path(meet.id, number)] = Need(Urgency.OTHER, RARELY_MS)
        if near and _records_matter(race, now, watched=watched):
            # Once before the start; while they are skated somebody else's may come in.
            every_ms = RECORDS_MS if race.live or race.begun else None
            for make in (isu_records.records_path, isu_records.personal_bests_path):
                wanted[make(meet.id, number)] = Need(Urgency.OTHER, every_ms)
    return wanted


def _records_matter(race: Race, now: datetime, *, watched: bool) -> bool:
    """Tell whether the records of a race matter now."""
    if race.official or race.over or not race.entries:
        return False
    if race.distance.discipline is Discipline.MASS_START:
        return False
    return race.live or race.begun or watched or is_due(race, now)


def programme_every(meet: Meet, now: datetime) -> int:
    """Return how often to ask for the programme and the list of races, in milliseconds."""
    if any(race.live or is_due(race, now) for race in meet.races):
        return BUSY_MS
    away = _days_away(meet, now.astimezone(meet.event.zone).date())
    if away > 1:
        return QUIET_MS
    if away == 1 or (meet.races and all(race.official for race in meet.races)):
        return RARELY_MS
    return CALM_MS


def is_due(race: Race, now: datetime) -> bool:
    """Tell whether a race is to begin within half an hour, or should have begun by now."""
    if race.start is None or race.begun or race.official:
        return False
    return -_DUE_BEFORE <= now - race.start <= _OVERDUE_UNTIL


def _results_every(race: Race, now: datetime, *, near: bool, rowless: bool) -> int | None:
    if race.live:
        # Live and official contradict each other: one of the two flags is on its way.
        return BUSY_MS if race.official else LIVE_MS
    if race.official:
        return None
    if race.begun:
        if not near:
            return QUIET_MS
        # Skating without the feed calling it live: a break, or a flag that came late.
        recent = race.start is None or now - race.start <= _UNDER_WAY_UNTIL
        return BUSY_MS if recent and not race.over else CALM_MS
    if is_due(race, now):
        return CALM_MS
    if rowless:
        return RARELY_MS if near else HOUR
    return None


def _days_away(meet: Meet, today: date) -> int:
    """Return how many days off the meet is, before or after; 0 on its days and if unknown."""
    days = [day for day in (meet.event.start, meet.event.end, *meet.days) if day is not None]
    if not days:
        return 0
    return max((min(days) - today).days, (today - max(days)).days, 0)


def awaited(wanted: Mapping[str, Need]) -> tuple[tuple[str, ...], int]:
    """Return the documents the screen lives on, and how often those are polled."""
    first = min(need.urgency for need in wanted.values())
    if first is not Urgency.LIVE:
        first = Urgency.PROGRAMME
    every = {
        path: need.every_ms
        for path, need in wanted.items()
        if need.urgency is first and need.every_ms is not None
    }
    interval_ms = min(every.values(), default=CALM_MS)
    return tuple(path for path in every if every[path] == interval_ms), interval_ms
