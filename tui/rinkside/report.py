"""What the commands print for scripts: rows, the envelope around them, and CSV.

Pure functions of values of the model. The keys of rows, and the words in them, are an interface.
"""

from __future__ import annotations

import csv
import io
from collections.abc import Iterable, Mapping, Sequence
from datetime import UTC, date, datetime
from typing import TYPE_CHECKING, Any, Final

from longtrack.model import Entry, Meet, Passage, Race, Source, Stage, Status, Team
from longtrack.names import full_name
from longtrack.points import scale_of
from longtrack.times import gap_ms

if TYPE_CHECKING:
    from longtrack.moments import Moment
    from longtrack.records import RecordBook

Row = dict[str, Any]

_RESULT_FIELDS: Final = (
    *("rank", "name", "given", "family", "noc", "pair", "lane", "status", "opener_ms", "time_ms"),
    *("behind_ms", "precision_ms", "marks", "points"),
)
_PROGRAMME_FIELDS: Final = (
    *("code", "number", "title", "division", "day", "planned", "start", "stage", "live"),
    *("official", "winner_name", "winner_noc", "winner_time_ms", "entries"),
)


def envelope(
    what: str, of: str | int | None, as_of: int | None, source: Source, data: Sequence[Row]
) -> Row:
    """Return what ``--json`` prints.

    Args:
        what: The kind of rows; with their version it names the schema: ``rinkside.results/1``.
        of: The feed's id of the meet, or the year a season ends in; None where it is neither.
        as_of: Time of the newest document used, in milliseconds since 1970; None for none.
        source: Where the documents come from.
        data: The rows.
    """
    return {
        "schema": f"rinkside.{what}/1",
        **({} if of is None else {"season" if isinstance(of, int) else "event": of}),
        "as_of": None if as_of is None else _iso(datetime.fromtimestamp(as_of / 1000, UTC)),
        "source": source.value,
        "data": list(data),
    }


def result_rows(meet: Meet, race: Race, book: RecordBook) -> list[Row]:
    """Return a race's starts: by rank, then in the feed's order.

    Times are whole milliseconds; ``precision_ms`` is 10 where only hundredths are known.
    ``points`` is None at a meet that is no World Cup and for who is still to finish. ``marks`` are
    those of `longtrack.records.MARKS`.
    """
    marks = book.marks(race, meet)
    leader, scale = race.leader, scale_of(meet.event.season)
    return [
        {
            "rank": entry.rank,
            "name": full_name(entry.competitor),
            "given": None if isinstance(entry.competitor, Team) else entry.competitor.given,
            "family": None if isinstance(entry.competitor, Team) else entry.competitor.family,
            "noc": entry.noc,
            "pair": entry.pair,
            "lane": entry.lane and entry.lane.value,
            "status": entry.status.value,
            "opener_ms": first.time_ms if (first := opener(race, entry)) else None,
            "time_ms": entry.time_ms,
            "behind_ms": behind_ms(entry, leader),
            "passages": [
                {
                    "mark_m": passage.mark_m,
                    "time_ms": passage.time_ms,
                    "lap_ms": passage.lap_ms,
                    "rank": passage.rank,
                    "modelled": passage.modelled,
                }
                for passage in entry.passages
            ],
            "precision_ms": entry.precision_ms,
            "marks": list(marks.get(entry.key, ())),
            "points": scale.points(race, entry) if meet.event.is_world_cup else None,
        }
        for entry in in_order(race)
    ]


def programme_rows(meet: Meet) -> list[Row]:
    """Return a meet's races in the order of the programme, with what has come of them."""
    return [
        {
            "code": race.code,
            "number": race.number,
            "title": race.title,
            "division": race.division.value,
            "day": (day := meet.day(race)) and day.isoformat(),
            "planned": race.planned and _iso(race.planned),
            "start": race.start and _iso(race.start),
            "stage": race.stage.value,
            "live": race.live,
            "official": race.official,
            "winner": {
                "name": full_name(best.competitor),
                "noc": best.noc,
                "time_ms": best.time_ms,
            }
            if (best := winner(race))
            else None,
            "entries": len(race.entries) if race.entries_known else None,
        }
        for race in by_time(meet)
    ]


def moment_row(moment: Moment) -> Row:
    """Return a moment as ``watch --json`` prints it."""
    at = datetime.fromtimestamp(moment.at / 1000, UTC)
    return {
        "schema": "rinkside.moment/1",
        "at": at.isoformat(timespec="milliseconds").replace("+00:00", "Z"),
        "kind": moment.kind.value,
        "race": moment.race,
        "text": moment.text,
        "people": [{"name": person.name, "noc": person.noc} for person in moment.people],
        "figures": dict(moment.figures),
    }


def results_csv(race: Race, rows: Iterable[Row]) -> str:
    """Return result rows as CSV, four columns a mark: ``100_ms,100_lap_ms,100_rank,...``."""
    parts = ("ms", "lap_ms", "rank", "modelled")
    columns = [f"{mark}_{part}" for mark in race.distance.marks for part in parts]
    flat = []
    for row in rows:
        passed = {
            f"{passage['mark_m']}_{part}": passage["time_ms" if part == "ms" else part]
            for passage in row["passages"]
            for part in parts
        }
        flat.append({**row, **passed, "marks": " ".join(row["marks"])})
    return csv_text((*_RESULT_FIELDS, *columns), flat)


def programme_csv(rows: Iterable[Row]) -> str:
    """Return programme rows as CSV, the winner in three columns."""
    return csv_text(
        _PROGRAMME_FIELDS,
        [
            {**row, **{f"winner_{key}": value for key, value in (row["winner"] or {}).items()}}
            for row in rows
        ],
    )


def csv_text(fields: Sequence[str], rows: Iterable[Mapping[str, Any]]) -> str:
    """Return rows as RFC 4180 has them: a header, CRLF, empty where unknown, true and false."""
    stream = io.StringIO()
    writer = csv.writer(stream, lineterminator="\r\n")
    writer.writerow(fields)
    words = {True: "true", False: "false"}
    for row in rows:
        values = (row.get(field) for field in fields)
        writer.writerow([words[each] if isinstance(each, bool) else each for each in values])
    return stream.getvalue()


# --- facts -------------------------------------------------------------------------------------


def in_order(race: Race) -> list[Entry]:
    """Return a race's starts by rank, then those without one in the feed's order."""
    return [*race.finished, *(entry for entry in race.entries if entry.rank is None)]


def by_time(meet: Meet) -> list[Race]:
    """Return a meet's races day by day, each day's by their numbers."""
    return sorted(meet.races, key=lambda race: (meet.day(race) or date.max, race.number))


def has_opener(race: Race) -> bool:
    """Tell whether the first mark is an opener: not where laps are counted."""
    return not race.distance.counts_laps and len(race.distance.marks) > 1


def opener(race: Race, entry: Entry) -> Passage | None:
    """Return a skater's opener; None where it is unknown or there is none."""
    return entry.passage(race.distance.marks[0]) if has_opener(race) else None


def behind_ms(entry: Entry, leader: Entry | None) -> int | None:
    """Return the gap to the leader as the sheets have it; None for who has no place yet."""
    if entry.status is not Status.FINISHED or entry.time_ms is None or entry.rank is None:
        return None
    if leader is None or leader.time_ms is None:
        return None
    return gap_ms(entry.time_ms, leader.time_ms)


def winner(race: Race) -> Entry | None:
    """Return who won; None while the race may still be won by another."""
    held = race.official or (race.stage is Stage.PROVISIONAL and race.over)
    return race.leader if held else None


def _iso(instant: datetime) -> str:
    return instant.astimezone(UTC).isoformat(timespec="seconds").replace("+00:00", "Z")
