"""One start on the wire: a row of a race's results or start list, read into an `Entry`.

Which facts about the rows are seen in real answers, reported or guessed is told in the comments.
A field that can't be read is unknown; only a row that names nobody is no start.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping
from typing import Any, Final

from msgspec.structs import replace

from longtrack import fields
from longtrack.model import (
    Armband,
    Distance,
    Entry,
    Gender,
    Lane,
    Passage,
    Skater,
    Status,
    Team,
)
from longtrack.times import Clocked, read_time

STATUS_OF_CODE: Final[Mapping[int, Status]] = {
    0: Status.FINISHED,
    1: Status.DNS,
    2: Status.DQ,
    3: Status.DNF,
    4: Status.WDR,
}
"""What the numbers in ``status`` mean. 0 and 2 were seen in real answers; for the others authors
disagree, and this is the order the feed's timing software uses. Any other number is
`Status.INVALID`: it is surely no valid result, and we say no more than that."""


def read_start(row: Mapping[str, Any], distance: Distance) -> Entry | None:
    """Read one row.

    Args:
        row: The row.
        distance: What is skated; laps carry no mark of their own, it is derived from this.

    Returns:
        The start, its key empty where the row has nothing to tell it by; None for a row that
        names nobody.
    """
    competitor = _competitor(row)
    if competitor is None:
        return None
    passages = _passages(row.get("laps"), distance)
    time = read_time(row.get("time"))
    if time is None and len(passages) == distance.laps:
        time = Clocked(passages[-1].time_ms, passages[-1].precision_ms)
    rank = _rank(row.get("rank"))
    reskate = bool(fields.integer(row.get("reskate")) or fields.flag(row.get("reskate")))
    status = _status(fields.integer(row.get("status")), passages, time, rank, distance)
    behind = status in (Status.TO_START, Status.ON_ICE)
    lane = _lane(row.get("startLane"))
    return Entry(
        key=key_of(row) or "",
        competitor=competitor,
        status=status,
        pair=fields.integer(row.get("startNumber")),
        lane=lane,
        armband=_armband(row.get("armband")),
        bib=fields.integer(fields.mapping(row.get("competitor")).get("number")),
        rank=None if behind else rank,
        time_ms=None if time is None or (behind and not reskate) else time.ms,
        precision_ms=1 if time is None else time.precision_ms,
        passages=passages,
        reskate=reskate,
        remarks=tuple(
            code for each in fields.items(row.get("remarks")) if (code := fields.text(each, 8))
        ),
    )


def key_of(row: Mapping[str, Any]) -> str | None:
    """Return what tells a row from the others of its race, in all versions of the document."""
    # The row's id is stable over all versions of a race; a start list may lack it.
    identity = fields.integer(row.get("id"))
    if identity is not None:
        return str(identity)
    skater = fields.mapping(fields.mapping(row.get("competitor")).get("skater"))
    person = fields.integer(skater.get("id"))
    return None if person is None else f"s{person}"


def _competitor(row: Mapping[str, Any]) -> Skater | Team | None:
    team = fields.mapping(row.get("team"))
    if team:
        noc = fields.noc(team.get("country"))
        name = fields.text(team.get("name")) or noc
        return Team(name, noc, _person_gender(team.get("gender"))) if name else None
    # Start lists may carry the team inside the competitor, and the skater without one.
    competitor = fields.mapping(row.get("competitor"))
    if nested := fields.mapping(competitor.get("team")):
        return _competitor({"team": nested})
    skater = fields.mapping(competitor.get("skater")) or fields.mapping(row.get("skater"))
    family, given = fields.text(skater.get("lastName")), fields.text(skater.get("firstName"))
    if not family and not given:
        return None
    person = fields.integer(skater.get("id"))
    return Skater(
        family=family or given,
        given=given if family else "",
        noc=fields.noc(skater.get("country")),
        gender=_person_gender(skater.get("gender")),
        id=None if person is None else str(person),
    )


def name_or_id(competitor: Skater | Team) -> str:
    """Return what tells two people apart who share a row's id."""
    if isinstance(competitor, Team):
        return competitor.name
    return competitor.id or f"{competitor.family} {competitor.given}"


def _status(
    code: int | None,
    passages: tuple[Passage, ...],
    time: Clocked | None,
    rank: int | None,
    distance: Distance,
) -> Status:
    # Read off status, laps and time together: a row mid-race has laps and neither status nor
    # time; a row whose status can't be read is finished when all the rest says so; "valid" of a
    # start without time, rank and laps is a default, not a result.
    unskated = time is None and rank is None and not passages
    if code is not None and not (code == 0 and unskated):
        return STATUS_OF_CODE.get(code, Status.INVALID)
    if not passages:
        return Status.TO_START
    if time is not None and rank is not None and len(passages) == distance.laps:
        return Status.FINISHED
    return Status.ON_ICE


def _passages(value: object, distance: Distance) -> tuple[Passage, ...]:
    marks = distance.marks
    rows: dict[int, Mapping[str, Any]] = {}
    for index, lap in enumerate(fields.mappings(value)):
        number = fields.integer(lap.get("number")) or index + 1
        if 0 < number <= len(marks):
            rows[number] = lap
    passages: list[Passage] = []
    for number in sorted(rows):
        lap = rows[number]
        before = passages[-1] if passages and passages[-1].number == number - 1 else None
        clocked = read_time(lap.get("passageTime"))
        stated = read_time(lap.get("time"))
        if clocked is None and stated is not None and (number == 1 or before is not None):
            # Lap times are cut to hundredths, so a sum of them is no better than that.
            clocked = Clocked(stated.ms + (before.time_ms if before else 0), 10)
        if clocked is None:
            continue
        if number == 1:
            lap_ms: int | None = clocked.ms
        elif before is not None:
            # One of the two is wrong where the later mark was passed first.
            lap_ms = clocked.ms - before.time_ms if clocked.ms >= before.time_ms else None
        else:
            lap_ms = None if stated is None else stated.ms
        passages.append(
            Passage(
                number=number,
                mark_m=marks[number - 1],
                time_ms=clocked.ms,
                lap_ms=lap_ms,
                rank=_rank(lap.get("rank")),
                modelled=lap.get("modelled") is True,
                precision_ms=clocked.precision_ms,
                sprint_points=fields.integer(lap.get("sprintPoints")),
            )
        )
    return tuple(passages)


def _rank(value: object) -> int | None:
    rank = fields.integer(value)
    return rank if rank is not None and rank > 0 else None


def _lane(value: object) -> Lane | None:
    # "I" and "O" were seen; the words are those of the printed sheets.
    word = fields.text(value).lower()
    if word in ("i", "in", "inner", "finish"):
        return Lane.INNER
    if word in ("o", "ou", "out", "outer", "crossing"):
        return Lane.OUTER
    return None


def _armband(value: object) -> Armband | None:
    word = fields.text(value).lower()
    return next((band for band in Armband if band.value == word), None)


def with_armbands(entries: Iterable[Entry]) -> tuple[Entry, ...]:
    """Return entries with the armbands nobody states: in a pair inner is white and outer red.

    Of the four of a quartet it can't be told who wears white and who yellow.
    """
    known = tuple(entries)
    sizes = Counter(entry.pair for entry in known)
    usual = {Lane.INNER: Armband.WHITE, Lane.OUTER: Armband.RED}
    return tuple(
        replace(entry, armband=usual[entry.lane])
        if entry.armband is None and entry.lane is not None and sizes[entry.pair] <= 2
        else entry
        for entry in known
    )


def _person_gender(value: object) -> Gender | None:
    return {"F": Gender.WOMEN, "W": Gender.WOMEN, "M": Gender.MEN}.get(fields.text(value))
