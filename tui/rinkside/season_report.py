"""What ``standings`` and ``quota`` print for scripts: rows, and the same as CSV.

Pure functions of values of the model. The keys of rows, and the words in them, are an interface.
"""

from __future__ import annotations

from collections.abc import Iterable
from typing import TYPE_CHECKING, Final

from longtrack.model import Division
from longtrack.names import full_name
from longtrack.season import SeasonRace
from longtrack.standings import Column, Standing, Standings, column_of
from rinkside.report import Row, csv_text

if TYPE_CHECKING:
    from longtrack.quota import Quota

_STANDINGS_FIELDS: Final = ("rank", "name", "noc", "points", "races")
_BEFORE_FIELDS: Final = ("rank_before", "points_before")
_QUOTA_FIELDS: Final = ("section", "place", "name", "noc", "points", "best_ms")


def standings_rows(
    standings: Standings, races: Iterable[SeasonRace], before: Standings | None
) -> list[Row]:
    """Return the rows of a cup, best first.

    Args:
        standings: The cup.
        races: The races that count; their codes name the division somebody scored in. Who was on
            the start list and did not start was not in a race.
        before: The cup before the meet that is live, for two more keys.
    """
    codes = _codes(races)
    rows = []
    for row in standings.rows:
        scores = [score for score in row.scores if score.started]
        told: Row = {
            "rank": row.rank,
            "name": full_name(row.competitor),
            "noc": row.competitor.noc,
            "points": row.points,
            "races": len(scores),
            "by_race": [
                {
                    "race": codes[score.column, score.division],
                    "meet": score.column.event_id,
                    "points": score.points,
                }
                for score in scores
            ],
        }
        if before is not None:
            known = before.by_key.get(row.key)
            told["rank_before"] = known.rank if known else None
            told["points_before"] = known.points if known else 0
        rows.append(told)
    return rows


def standings_csv(
    standings: Standings, races: Iterable[SeasonRace], before: Standings | None
) -> str:
    """Return the same as CSV, two columns a race: ``2026_NOR_0001_W500_points``, ``_division``."""
    races = tuple(races)
    heads = {column: _head(column, races) for column in standings.columns}
    columns = [f"{head}_{part}" for head in heads.values() for part in ("points", "division")]
    flat = [
        told | _flat(row, heads)
        for row, told in zip(standings.rows, standings_rows(standings, races, before), strict=True)
    ]
    fields = (*_STANDINGS_FIELDS, *(_BEFORE_FIELDS if before is not None else ()), *columns)
    return csv_text(fields, flat)


def quota_rows(quota: Quota) -> list[Row]:
    """Return the places by points, those by times and the reserve, in their order.

    ``best_ms`` is the best time over the distance, cut to hundredths; None where there is none.
    """
    return [
        {
            "section": row.section.value,
            "place": row.place,
            "name": full_name(row.competitor),
            "noc": row.noc,
            "points": row.points,
            "best_ms": row.best_ms,
        }
        for row in quota.rows
    ]


def quota_csv(quota: Quota) -> str:
    """Return the same as CSV."""
    return csv_text(_QUOTA_FIELDS, quota_rows(quota))


def _flat(row: Standing, heads: dict[Column, str]) -> Row:
    return {
        f"{heads[score.column]}_{part}": value
        for score in row.scores
        if score.started
        for part, value in (("points", score.points), ("division", score.division.value))
    }


def _head(column: Column, races: Iterable[SeasonRace]) -> str:
    code = next(race.code for race in races if column_of(race) == column)
    return f"{column.event_id}_{code.removesuffix('B')}"


def _codes(races: Iterable[SeasonRace]) -> dict[tuple[Column, Division], str]:
    return {(column_of(race), race.division): race.code for race in races}
