"""World Cup points of a place in a race, by the tables of 2025/26.

Read off the official result sheets of that season. Two who share a rank both get its points and
the next rank is skipped, which follows from the ranks. A skater who did not finish in Division A
is ranked last and scores; disqualified, absent and withdrawn skaters don't.
"""

from __future__ import annotations

from typing import Final

from longtrack.model import Discipline, Division, Entry, Gender, Race, Status

_DIVISION_A: Final = (60, 54, 48, 43, 40, 38, 36, 34, 32, *range(31, 16, -1))


def _division_b(first: int) -> tuple[int, ...]:
    return (first, first - 4, first - 7, *range(first - 11, 0, -1))


_SHORT_B: Final = _division_b(28)
_MIDDLE_B: Final = _division_b(32)
_LONG_B: Final = _division_b(36)
_TEAM_B: Final = _division_b(40)[:8]
_MASS_START_B: Final = tuple(range(20, 0, -1))


def table(race: Race) -> tuple[int, ...] | None:
    """Return the points by rank, the winner's first; None for a race that is in no cup."""
    kind = race.distance.discipline
    if kind not in (Discipline.INDIVIDUAL, Discipline.TEAM_PURSUIT, Discipline.MASS_START):
        return None
    if race.division is Division.A:
        return _DIVISION_A
    if kind is Discipline.TEAM_PURSUIT:
        return _TEAM_B
    if kind is Discipline.MASS_START:
        return _MASS_START_B
    metres = race.distance.metres or 0
    if metres <= 1500:
        return _SHORT_B
    # Division B starts where A's field ends: 16 skaters in the shorter long distance, 12 in the
    # longer one, which is 5000 m for women and 10,000 m for men.
    shorter = 3000 if race.gender is Gender.WOMEN else 5000
    return _MIDDLE_B if metres <= shorter else _LONG_B


def points(race: Race, entry: Entry) -> int | None:
    """Return what an entry's place is worth if the race ended now.

    None where there is nothing to say: no table, or the entry is still to finish.
    """
    by_rank = table(race)
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
    if rank is None or rank < 1:
        return None
    return by_rank[rank - 1] if rank <= len(by_rank) else 0
