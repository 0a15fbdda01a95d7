"""The bundled meet: World Cup 4 in Hamar, 12 to 14 December 2025.

It is what the program shows where nothing is known and no network is there, and what the demo
plays. The facts lie in ``hamar/`` as plain text, in a form of our own; here they become documents
in the feed's form, which are then laid on a tape like those of any other meet.

Results, pairs and lanes are those of the official sheets. Times between start and finish were not
published, but for three openers: the others are modelled, and marked so (``modelled`` on a lap).
"""

from __future__ import annotations

import csv
import tomllib
from collections.abc import Mapping, Sequence
from dataclasses import replace
from datetime import UTC, datetime
from importlib import resources
from pathlib import Path
from typing import Any, Final
from zoneinfo import ZoneInfo

from longtrack import starts
from longtrack.laid import open_laid
from longtrack.model import Status
from longtrack.reenact import HeldMeet, Timing
from longtrack.skated import ranks, time_behind
from longtrack.tape import Tape
from longtrack.times import Clocked, read_time, show_time

EVENT_ID: Final = "2026_NOR_0001"
"""The feed's id of the bundled meet."""

CONTENT: Final = 1
"""Number of what is laid out; to be raised when the facts, the documents made of them or the
rules of re-enactment change: tapes laid out before are then laid out again."""

_Row = Mapping[str, str]

_CODES: Final = {
    "" if status is Status.FINISHED else status.value.upper(): code
    for code, status in starts.STATUS_OF_CODE.items()
}
_GENDERS: Final = {"W": "F", "M": "M", "X": "X"}
_MARKS: Final = ("first", "second", "third")
_SPRINT_LAPS: Final = (4, 8, 12, 16)
"""The laps of a mass start after which the first have points."""


def open_bundled(tape_file: Path | None) -> Tape:
    """Open the bundled meet's tape, laying it out where that has not been done.

    The file is only a cache: one that is damaged, or of other content, is made anew.

    Args:
        tape_file: Where the tape is kept. None keeps it in memory, and so does a file that can't
            be written.
    """
    return open_laid(tape_file, held_meet, kind="bundled", content=str(CONTENT))


# --- from facts to documents -------------------------------------------------------------------


def held_meet() -> HeldMeet:
    """Return the bundled meet: its facts as the feed would have written them."""
    facts = tomllib.loads(_text("meet.toml"))
    event = facts["event"]
    zone = ZoneInfo(event["zone"])
    programme = _table("programme.csv")
    results = _by_race(_table("results.csv"))
    passages = _by_race(_table("passages.csv"))
    competitions, schedule = [], []
    details, rows, timings = {}, {}, {}
    for race in programme:
        number = int(race["race"])
        planned, end = _instants(race, zone)
        timing = Timing(planned=planned, end=end, by_pair=number in passages)
        start = planned
        if number == facts["delayed"]["race"]:
            timing, start = _late(timing, facts["delayed"], zone)
        timings[number] = timing
        competition = _competition(race, start, end)
        competitions.append(competition)
        schedule.append(_item(race, planned, event["start"], known=number in results))
        if race["ice_c"]:
            details[number] = competition | {"conditions": [_conditions(race, start)]}
        if number in results:
            rows[number] = _rows(race, results[number], passages.get(number, []))
    return HeldMeet(
        event=_event(event),
        schedule=schedule,
        competitions=competitions,
        details=details,
        results=rows,
        timings=timings,
    )


def _instants(race: _Row, zone: ZoneInfo) -> tuple[datetime | None, datetime | None]:
    """Return start and end, which the table has by the rink's clock; None where unknown."""
    if not race["start"]:
        return None, None
    start = datetime.fromisoformat(race["start"]).replace(tzinfo=zone)
    hour, minute = map(int, race["end"].split(":"))
    return start, start.replace(hour=hour, minute=minute)


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


def _event(event: Mapping[str, Any]) -> dict[str, Any]:
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
        "modelled": True,
    }


def _competition(race: _Row, start: datetime | None, end: datetime | None) -> dict[str, Any]:
    title = race["title"]
    return {
        "scheduleNumber": int(race["race"]),
        "type": "ID" if race["distance"].isdigit() else race["distance"],
        "title": title,
        "subTitle": "",
        "start": _wire(start),
        "distance": _distance(race),
        "number": {"1st": 1, "2nd": 2}.get(title[:3]),
        "category": _GENDERS[race["gender"]],
        "division": race["division"],
        "isLive": False,
        "isMedalEvent": False,
        "isOfficial": True,
        "lastUpdate": _wire(end),
    }


def _distance(race: _Row) -> dict[str, Any]:
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
        "MS": ("Mass Start", 16),
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


def _item(race: _Row, start: datetime | None, first_day: Any, *, known: bool) -> dict[str, Any]:
    number = int(race["race"])
    return {
        "id": number,
        "start": _wire(start),
        "title": race["title"],
        "competitionDay": None if start is None else (start.date() - first_day).days + 1,
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


def _conditions(race: _Row, start: datetime | None) -> dict[str, Any]:
    return {
        "timeStamp": _wire(start),
        "occasion": "start",
        "airTemperature": float(race["air_c"]),
        "iceTemperature": float(race["ice_c"]),
        "humidity": float(race["humidity_pct"]),
    }


# --- rows --------------------------------------------------------------------------------------


def _rows(race: _Row, results: Sequence[_Row], passages: Sequence[_Row]) -> list[dict[str, Any]]:
    """Return a race's results in the feed's form and order."""
    # Numbered by the start list, so that an id tells nothing of the result.
    on_the_list = sorted(
        results, key=lambda row: (int(row["pair"] or 0), row["lane"], int(row["bib"]))
    )
    together = max(sum(row["pair"] == other["pair"] for other in results) for row in results)
    known = {row["bib"]: row for row in passages}
    times = [clocked for row in results if (clocked := read_time(row["time"])) is not None]
    leader = min(times)
    rows = []
    for result in results:
        row = _row(race, result, pairs=together <= 2)
        row["id"] = int(race["race"]) * 1000 + on_the_list.index(result) + 1
        time = read_time(result["time"])
        if time is not None:
            precision = max(time.precision_ms, leader.precision_ms)
            row["timeBehind"] = time_behind(time.ms, leader.ms, precision)
            if result["bib"] in known:
                row["laps"] = _laps(known[result["bib"]], result["time"], time)
            elif race["distance"] == "MS":
                row["laps"] = _sprint_laps(result, leader)
        rows.append(row)
    _rank_laps(rows)
    # Without a valid result last; otherwise the sheet's order is the feed's.
    return sorted(rows, key=lambda row: row["rank"] is None)


def _row(race: _Row, result: _Row, *, pairs: bool) -> dict[str, Any]:
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


def _laps(passage: _Row, finish: str, time: Clocked) -> list[dict[str, Any]]:
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


def _sprint_laps(result: _Row, leader: Clocked) -> list[dict[str, Any]]:
    """Return the laps after which a skater has points; the time there is modelled.

    It is the winner's at an even pace, a tenth later for each point less than three.
    """
    laps = []
    for sprint, number in enumerate(_SPRINT_LAPS, start=1):
        points = int(result[f"s{sprint}"] or 0)
        if not points:
            continue
        if number == _SPRINT_LAPS[-1]:
            laps.append(_lap(number, result["time"], None) | {"sprintPoints": points})
            continue
        passed = leader.ms * number // 16 // 10 * 10 + (3 - points) * 100
        lap = _lap(number, show_time(passed), None)
        laps.append(lap | {"sprintPoints": points, "modelled": True})
    return laps


def _rank_laps(rows: Sequence[dict[str, Any]]) -> None:
    laps = [lap for row in rows for lap in row["laps"]]
    for number in {lap["number"] for lap in laps}:
        passed = [lap for lap in laps if lap["number"] == number]
        keys = [read_time(lap["passageTime"]) or (0, 1) for lap in passed]
        for rank, lap in zip(ranks(keys), passed, strict=True):
            lap["rank"] = rank


# --- the facts ---------------------------------------------------------------------------------


def _text(name: str) -> str:
    return resources.files("longtrack").joinpath("hamar", name).read_text("utf-8")


def _table(name: str) -> list[dict[str, str]]:
    return list(csv.DictReader(_text(name).splitlines()))


def _by_race(rows: Sequence[_Row]) -> dict[int, list[_Row]]:
    races: dict[int, list[_Row]] = {}
    for row in rows:
        races.setdefault(int(row["race"]), []).append(row)
    return races


def _wire(instant: datetime | None) -> str | None:
    return None if instant is None else f"{instant.astimezone(UTC):%Y-%m-%dT%H:%M:%SZ}"
