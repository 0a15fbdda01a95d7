"""Result sheets, written as documents of the feed's form.

The official sheets of a meet are kept as plain text in a form of our own (`longtrack.bundled` tells
where): the races, a row a start, and where there are any a row of passages. Here they become what
the feed would have answered, so that nothing else has to know of them.

Ranks, times, pairs and lanes are those of the sheets. Two things are ours, and marked so: passages
whose source is ``modelled``, and when those who have points in a mass start's sprint passed there.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from datetime import UTC, datetime, time
from typing import Any, Final
from zoneinfo import ZoneInfo

import msgspec
from msgspec.structs import replace

from longtrack import starts
from longtrack.model import Status
from longtrack.reenact import HeldMeet, Timing
from longtrack.skated import ranks, time_behind
from longtrack.times import Clocked, read_time, show_time

Row = Mapping[str, str]
"""A row of one of the tables, by the heads of its columns; empty where nothing is known."""

_CODES: Final = {
    "" if status is Status.FINISHED else status.value.upper(): code
    for code, status in starts.STATUS_OF_CODE.items()
}
_GENDERS: Final = {"W": "F", "M": "M", "X": "X"}
_MARKS: Final = ("first", "second", "third")
_MASS_START_LAPS: Final = 16
_SPRINTS: Final = (4, 8, 12)
"""The laps of a mass start after which the first have points, as they have at its end."""


class Sheets(msgspec.Struct, frozen=True):
    """The facts of a meet, as their files have them."""

    facts: Mapping[str, Any]
    """The table ``event``, and ``delayed`` where a race began late."""
    programme: Sequence[Row]
    results: Sequence[Row]
    passages: Sequence[Row] = ()
    """Those of the races to be laid out pair by pair; of the others only the result is shown."""


def held(sheets: Sheets) -> HeldMeet:
    """Return a meet as the feed would have written it."""
    event = sheets.facts["event"]
    zone = ZoneInfo(event["zone"])
    results, passages = _by_race(sheets.results), _by_race(sheets.passages)
    late = sheets.facts.get("delayed", {})
    competitions, schedule = [], []
    details, rows, timings = {}, {}, {}
    for race in sheets.programme:
        number = int(race["race"])
        planned, end = _instants(race, zone)
        timing = Timing(planned=planned, end=end, by_pair=number in passages)
        start = planned
        if number == late.get("race"):
            timing, start = _late(timing, late, zone)
        timings[number] = timing
        starters = results.get(number, [])
        competition = _competition(race, starters, start, end)
        competitions.append(competition)
        known_day = planned or end
        day = None if known_day is None else (known_day.date() - event["start"]).days + 1
        schedule.append(_item(race, planned, day, known=bool(starters)))
        if race["ice_c"]:
            details[number] = competition | {"conditions": [_conditions(race, start)]}
        if starters:
            rows[number] = _rows(race, starters, passages.get(number, []))
    return HeldMeet(
        event=event_document(sheets.facts, modelled=bool(sheets.passages)),
        schedule=schedule,
        competitions=competitions,
        details=details,
        results=rows,
        timings=timings,
    )


def event_document(facts: Mapping[str, Any], *, modelled: bool) -> dict[str, Any]:
    """Return a meet's event.

    Args:
        facts: As in `Sheets`.
        modelled: Whether some of its races are laid out with passages that are ours.
    """
    event = facts["event"]
    return {
        "name": event["name"],
        "nationalFederation": event["federation"],
        "isuId": event["id"],
        "start": str(event["start"]),
        "end": str(event["end"]),
        "season": event["season"],
        "tags": event["tags"],
        "track": {
            "name": event["venue"],
            "city": event["city"],
            "country": event["country"],
            "timeZone": event["zone"],
        },
        "isPublished": True,
        "isCancelled": False,
        "modelled": modelled,
    }


# --- races -------------------------------------------------------------------------------------


def _instants(race: Row, zone: ZoneInfo) -> tuple[datetime | None, datetime | None]:
    """Return start and end, which the table has by the rink's clock; None where unknown.

    The end has no day of its own where there is a start to take it from.
    """
    start = datetime.fromisoformat(race["start"]).replace(tzinfo=zone) if race["start"] else None
    if not race["end"]:
        return start, None
    if start is None:
        return None, datetime.fromisoformat(race["end"]).replace(tzinfo=zone)
    return start, datetime.combine(start.date(), time.fromisoformat(race["end"]), zone)


def _late(timing: Timing, delayed: Mapping[str, Any], zone: ZoneInfo) -> tuple[Timing, datetime]:
    """Return the timing of the race that began late, and when it began.

    It counts as live from its planned start on: everybody stood ready, and waited.
    """
    late = replace(
        timing,
        start=timing.planned,
        first_pair=delayed["first_pair"].replace(tzinfo=zone),
        pair_interval_s=delayed["minutes_a_pair"] * 60,
    )
    return late, delayed["start"].replace(tzinfo=zone)


def _competition(
    race: Row, results: Iterable[Row], start: datetime | None, end: datetime | None
) -> dict[str, Any]:
    title = race["title"]
    return {
        "scheduleNumber": int(race["race"]),
        "type": "ID" if race["distance"].isdigit() else race["distance"],
        "title": title,
        "subTitle": "",
        "start": _wire(start),
        "distance": _distance(race, results),
        "number": {"1st": 1, "2nd": 2}.get(title[:3]),
        "category": _GENDERS[race["gender"]],
        "division": race["division"],
        "isLive": False,
        "isMedalEvent": False,
        "isOfficial": True,
        "lastUpdate": _wire(end),
    }


def _distance(race: Row, results: Iterable[Row]) -> dict[str, Any]:
    kind = race["distance"]
    if kind.isdigit():
        metres = int(kind)
        return {
            "identifier": f"ID_{metres}",
            "name": f"{metres:,} Meter",
            "distance": metres,
            "lapCount": -(-metres // 400),
            "type": "ID",
        }
    words, laps = {
        "MS": ("Mass Start", max(map(_laps_skated, results), default=_MASS_START_LAPS)),
        "TP": ("Team Pursuit", 6 if race["gender"] == "W" else 8),
        "MR": ("Mixed Relay", 6),
    }[kind]
    return {
        "identifier": f"{kind}_{laps}_LAPS",
        "name": f"{words} ({laps} Laps)",
        "distance": None,
        "lapCount": laps,
        "type": kind,
    }


def _item(race: Row, start: datetime | None, day: int | None, *, known: bool) -> dict[str, Any]:
    number = int(race["race"])
    return {
        "id": number,
        "start": _wire(start),
        "title": race["title"],
        "competitionDay": day,
        "links": [
            {
                "id": number * 10 + order,
                "type": kind,
                "title": title,
                "identifier": number,
                "isPublished": known,
                "isLive": False,
                "order": order,
            }
            for order, kind, title in (
                (1, "start-list", "Start List"),
                (2, "results", "Results"),
            )
        ],
    }


def _conditions(race: Row, start: datetime | None) -> dict[str, Any]:
    return {
        "timeStamp": _wire(start),
        "occasion": "start",
        "airTemperature": float(race["air_c"]),
        "iceTemperature": float(race["ice_c"]),
        "humidity": float(race["humidity_pct"]),
    }


# --- rows --------------------------------------------------------------------------------------


def _rows(race: Row, results: Sequence[Row], passages: Sequence[Row]) -> list[dict[str, Any]]:
    """Return a race's results in the feed's form and order."""
    # Numbered by the start list, so that an id tells nothing of the result.
    on_the_list = sorted(
        results, key=lambda row: (int(row["pair"] or 0), row["lane"], int(row["bib"]))
    )
    together = max(sum(row["pair"] == other["pair"] for other in results) for row in results)
    known = {row["bib"]: row for row in passages}
    laps = max(map(_laps_skated, results)) if race["distance"] == "MS" else None
    times = {
        row["bib"]: clocked
        for row in results
        if (clocked := read_time(row["time"])) is not None
        and (laps is None or _laps_skated(row) == laps)
    }
    leader = min(times.values())
    rows = []
    for result in results:
        row = _row(race, result, pairs=together <= 2)
        row["id"] = int(race["race"]) * 1000 + on_the_list.index(result) + 1
        time = times.get(result["bib"])
        if time is not None:
            precision = max(time.precision_ms, leader.precision_ms)
            row["timeBehind"] = time_behind(time.ms, leader.ms, precision)
            if result["bib"] in known:
                row["laps"] = _laps(known[result["bib"]], result["time"], time)
        if laps is not None:
            row["laps"] = _sprint_laps(result, leader, laps)
        rows.append(row)
    _rank_laps(rows)
    for row, result in zip(rows, results, strict=True):
        if laps is not None and _laps_skated(result) < laps:
            # No finish: the time after the last lap skated, where nobody else's is known.
            row["laps"].append(_lap(_laps_skated(result), result["time"], None))
            row["time"] = None
    # Without a valid result last; otherwise the sheet's order is the feed's.
    return sorted(rows, key=lambda row: row["rank"] is None)


def _row(race: Row, result: Row, *, pairs: bool) -> dict[str, Any]:
    gender = _GENDERS[race["gender"]]
    team = race["distance"] == "TP"
    who: dict[str, Any] = {
        "competitor": {
            "number": int(result["bib"]),
            "identifier": f"{gender}{result['bib']}",
            "skater": {
                "id": None,
                "firstName": result["given"],
                "lastName": result["family"],
                "country": result["noc"],
                "gender": gender,
            },
        }
    }
    if team:
        who = {"team": {"name": result["family"], "country": result["noc"], "gender": gender}}
    armband = {"I": "white", "O": "red"}.get(result["lane"]) if pairs and not team else None
    return {
        "id": None,
        "type": {"TP": "team", "MS": "ms"}.get(race["distance"], "ind"),
        **who,
        "startNumber": int(result["pair"]) if result["pair"] else None,
        "startLane": result["lane"] or None,
        "armband": armband,
        "rank": int(result["rank"]) if result["rank"] else None,
        "status": _CODES[result["status"]],
        "time": result["time"] or None,
        "timeBehind": None,
        "reskate": 0,
        "medal": None,
        "isOfficial": True,
        "finishPhoto": None,
        "laps": [],
        "remarks": result["codes"].split(),
    }


def _laps(passage: Row, finish: str, time: Clocked) -> list[dict[str, Any]]:
    modelled = passage["source"] == "modelled"
    laps: list[dict[str, Any]] = []
    before = 0
    for number, text in enumerate(filter(None, (passage[key] for key in _MARKS)), start=1):
        clocked = read_time(text)
        if clocked is not None:
            lap = _lap(number, text, clocked.ms - before)
            laps.append(lap | {"modelled": True} if modelled else lap)
            before = clocked.ms
    laps.append(_lap(len(laps) + 1, finish, time.ms - before))
    return laps


def _lap(number: int, passage: str, lap_ms: int | None) -> dict[str, Any]:
    return {
        "number": number,
        "time": None if lap_ms is None else show_time(lap_ms),
        "passageTime": passage,
        "rank": None,
    }


def _laps_skated(result: Row) -> int:
    return int(result["laps"] or _MASS_START_LAPS)


def _sprint_laps(result: Row, leader: Clocked, laps: int) -> list[dict[str, Any]]:
    """Return the laps after which a skater has points; the time there is modelled.

    It is the winner's at an even pace, a tenth later for each point less than three.
    """
    found = []
    for sprint, number in enumerate((*_SPRINTS, laps), start=1):
        points = int(result[f"s{sprint}"] or 0)
        if not points:
            continue
        if number == laps:
            found.append(_lap(number, result["time"], None) | {"sprintPoints": points})
            continue
        passed = leader.ms * number // laps // 10 * 10 + (3 - points) * 100
        lap = _lap(number, show_time(passed), None)
        found.append(lap | {"sprintPoints": points, "modelled": True})
    return found


def _rank_laps(rows: Sequence[dict[str, Any]]) -> None:
    laps = [lap for row in rows for lap in row["laps"]]
    for number in {lap["number"] for lap in laps}:
        passed = [lap for lap in laps if lap["number"] == number]
        keys = [read_time(lap["passageTime"]) or (0, 1) for lap in passed]
        for rank, lap in zip(ranks(keys), passed, strict=True):
            lap["rank"] = rank


# --- parts -------------------------------------------------------------------------------------


def _by_race(rows: Iterable[Row]) -> dict[int, list[Row]]:
    races: dict[int, list[Row]] = {}
    for row in rows:
        races.setdefault(int(row["race"]), []).append(row)
    return races


def _wire(instant: datetime | None) -> str | None:
    return None if instant is None else f"{instant.astimezone(UTC):%Y-%m-%dT%H:%M:%SZ}"
