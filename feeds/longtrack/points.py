"""World Cup points of a place in a race, by the tables of each season.

Two who share a rank both get its points and the next rank is skipped, which follows from the
ranks. A skater who did not finish in Division A is ranked last and scores; disqualified, absent
and withdrawn skaters don't.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Final

import msgspec

from longtrack.model import Discipline, Division, Entry, Gender, Race, Status


class Scale(msgspec.Struct, frozen=True):
    """The points tables of one season; each table has the winner's points first."""

    season: int
    """The year the season ends in."""
    division_a: tuple[int, ...]
    short_b: tuple[int, ...]
    """Division B of the 500, 1000 and 1500 m."""
    middle_b: tuple[int, ...]
    """Of the shorter long distance: 3000 m for women, 5000 m for men."""
    long_b: tuple[int, ...]
    """Of the longer one: 5000 m for women, 10,000 m for men."""
    team_b: tuple[int, ...]
    mass_start_b: tuple[int, ...]

    def table(self, race: Race) -> tuple[int, ...] | None:
        """Return the points by rank; None for a race that is in no cup."""
        kind = race.distance.discipline
        if kind not in _SCORED:
            return None
        if race.division is Division.A:
            return self.division_a
        if kind is Discipline.TEAM_PURSUIT:
            return self.team_b
        if kind is Discipline.MASS_START:
            return self.mass_start_b
        metres = race.distance.metres or 0
        if metres <= 1500:
            return self.short_b
        shorter = 3000 if race.gender is Gender.WOMEN else 5000
        return self.middle_b if metres <= shorter else self.long_b

    def points(self, race: Race, entry: Entry) -> int | None:
        """Return what an entry's place is worth if the race ended now.

        None where there is nothing to say: no table, or the entry is still to finish.
        """
        by_rank = self.table(race)
        if by_rank is None or entry.status in (Status.TO_START, Status.ON_ICE):
            return None
        rank = entry.rank
        if entry.status is Status.DNF:
            if race.division is Division.B:
                return 0
            # The feed may leave the rank empty; all who finished are ahead.
            rank = rank or 1 + sum(other.status is Status.FINISHED for other in race.entries)
        elif entry.status is not Status.FINISHED:
            return 0
        return None if rank is None or rank < 1 else worth(by_rank, rank)


def worth(by_rank: tuple[int, ...], rank: int) -> int:
    """Return the points of a rank, from 1; none below the table's end."""
    return by_rank[rank - 1] if rank <= len(by_rank) else 0


_SCORED: Final = (Discipline.INDIVIDUAL, Discipline.TEAM_PURSUIT, Discipline.MASS_START)


def _division_b(first: int) -> tuple[int, ...]:
    return (first, first - 4, first - 7, *range(first - 11, 0, -1))


_SCALE_2026: Final = Scale(
    season=2026,
    # One table for every event, cut off by the size of its field.
    division_a=(60, 54, 48, 43, 40, 38, 36, 34, 32, *range(31, 16, -1)),
    # Division B starts where the field of A ends: at 20 skaters, 16, and 12.
    short_b=_division_b(28),
    middle_b=_division_b(32),
    long_b=_division_b(36),
    team_b=_division_b(40)[:8],
    mass_start_b=tuple(range(20, 0, -1)),
)
"""Read off the official result sheets of World Cups 1 to 4 of 2025/26."""

SCALES: Final[Mapping[int, Scale]] = {scale.season: scale for scale in (_SCALE_2026,)}


def scale_of(season: int | None) -> Scale:
    """Return the tables of a season, or the newest known ones where it has none of its own."""
    newest = SCALES[max(SCALES)]
    return newest if season is None else SCALES.get(season, newest)


def season_words(season: int) -> str:
    """Return how a season is written: ``2025/26`` for 2026."""
    return f"{season - 1}/{season % 100:02}"
