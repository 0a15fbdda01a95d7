"""What the commands print for people: aligned text, no wider than the terminal.

Words only, no colour: it reads the same in a pipe, in a file and on a printer.
"""

from __future__ import annotations

from datetime import datetime, tzinfo
from itertools import groupby
from typing import Final

from longtrack.model import (
    Discipline,
    Entry,
    Meet,
    Passage,
    Race,
    Source,
    Stage,
    Status,
)
from longtrack.moments import explained
from longtrack.points import scale_of
from longtrack.records import RecordBook
from longtrack.times import show_gap, show_time
from rinkside.drawing.typeset import LETTERS, fitted, lane_sign
from rinkside.report import behind_ms, by_time, has_opener, in_order, opener, winner
from rinkside.table import NAME_LEAST, NAMES, TextColumn, table, wrapped
from rinkside.tape_words import shown_days

_WIDE: Final = 100
"""Cells from which on there is room for whole names in the programme."""


def results_text(meet: Meet, race: Race, book: RecordBook, source: Source, *, width: int) -> str:
    """Return a race as aligned text, headed by what it is and how sure it is.

    Args:
        meet: The meet.
        race: One of its races.
        book: The records that count.
        source: Where the documents come from.
        width: Of the terminal, in cells; columns leave and names shorten to keep to it.
    """
    entries = in_order(race)
    heading = [f"{_place(meet)} · {race.code}", race.title, race.stage.value, source.value]
    names = [entry.competitor for entry in entries]
    body = table(_result_columns(meet, race, book), names, width) if entries else []
    if any("~" in line for line in body):
        heading.append("~ modelled")
    lines = [*wrapped(heading, width), "", *(line for line in body if line)]
    codes = sorted({code for entry in entries for code in entry.remarks if explained(code) != code})
    lines += [""] * bool(codes)
    lines += [f"{code}  {explained(code).removesuffix(f' ({code})')}" for code in codes]
    return "\n".join(lines) + "\n"


def programme_text(meet: Meet, source: Source, *, width: int) -> str:
    """Return a meet's programme as aligned text, in the rink's time."""
    zone = meet.event.zone
    heading = [
        _place(meet),
        *filter(None, [meet.event.venue]),
        shown_days(meet.event),
        source.value,
    ]
    lines = wrapped([*heading, f"times of {zone.key}"], width)
    races = by_time(meet)
    columns = [
        TextColumn("", [_clock(race.planned, zone) for race in races], stays=True),
        TextColumn("", [race.code for race in races], left=True, stays=True),
        TextColumn("", [race.title for race in races], left=True, leaves=1),
        TextColumn("", [race.stage.value for race in races], left=True),
        TextColumn("", [_outcome(race, zone, width) for race in races], left=True),
    ]
    rows = iter(table(columns, (), width)[1:])
    for day, of_day in groupby(races, key=meet.day):
        lines += ["", f"{day:%a} {day.day} {day:%b}" if day else "day not known"]
        lines += [next(rows) for _ in of_day]
    return "\n".join(lines) + "\n"


def _result_columns(meet: Meet, race: Race, book: RecordBook) -> list[TextColumn]:
    entries, leader, marks = in_order(race), race.leader, book.marks(race, meet)
    columns = [
        TextColumn(
            "", ["" if entry.rank is None else str(entry.rank) for entry in entries], stays=True
        ),
        TextColumn("", [lane_sign(entry).strip() for entry in entries], left=True, stays=True),
        NAMES,
        TextColumn("", [entry.noc for entry in entries], left=True),
    ]
    first, *rest = race.distance.marks
    if race.distance.discipline is Discipline.MASS_START:
        columns.append(TextColumn("sprints", [_sprints(entry) for entry in entries], leaves=1))
    elif has_opener(race):
        openers = [_shown(opener(race, entry)) for entry in entries]
        columns.append(TextColumn(f"{first} m", openers, leaves=1))
        for number, mark in enumerate(rest, start=1):
            laps = [_lap(entry, mark) for entry in entries]
            columns.append(TextColumn("lap" if len(rest) == 1 else f"lap {number}", laps, leaves=3))
    columns += [
        TextColumn("time", [_time(race, entry) for entry in entries]),
        TextColumn(
            "",
            [" ".join([*marks.get(entry.key, ()), *_where(entry)]) for entry in entries],
            left=True,
        ),
        TextColumn("behind", [_gap(entry, leader) for entry in entries]),
    ]
    scale = scale_of(meet.event.season)
    if meet.event.is_world_cup and scale.table(race) is not None:
        scored = [scale.points(race, entry) for entry in entries]
        columns.append(
            TextColumn("pts", ["" if each is None else str(each) for each in scored], leaves=2)
        )
    return columns


def _place(meet: Meet) -> str:
    return " · ".join(part for part in (meet.event.city, meet.event.title) if part)


def _clock(instant: datetime | None, zone: tzinfo) -> str:
    return "" if instant is None else f"{instant.astimezone(zone):%H:%M}"


def _outcome(race: Race, zone: tzinfo, width: int) -> str:
    """Return what has come of a race: who won or leads, and when it really began or will."""
    told = []
    leader = race.leader
    if leader is not None and leader.time_ms is not None:
        name = fitted(leader.competitor, 24 if width >= _WIDE else NAME_LEAST)
        leads = "" if winner(race) else " leads"
        told.append(f"{name} {leader.noc} {show_time(leader.time_ms)}{leads}")
    moved = _clock(race.start, zone)
    if moved != _clock(race.planned, zone):
        told.append(f"{'starts at' if race.stage is Stage.UPCOMING else 'began at'} {moved}")
    return ", ".join(told)


def _sprints(entry: Entry) -> str:
    total = sum(passage.sprint_points or 0 for passage in entry.passages)
    return str(total) if total else ""


def _shown(passage: Passage | None) -> str:
    if passage is None:
        return ""
    return ("~" if passage.modelled else "") + show_time(passage.time_ms)


def _lap(entry: Entry, mark: int) -> str:
    passage = entry.passage(mark)
    if passage is None or passage.lap_ms is None:
        return ""
    # Two marks make a lap: it is modelled where either of them is.
    before = [each for each in entry.passages if each.number == passage.number - 1]
    modelled = any(each.modelled for each in (passage, *before))
    return ("~" if modelled else "") + show_time(passage.lap_ms)


def _time(race: Race, entry: Entry) -> str:
    """Return what stands in the time column, with the thousandth where it decided a place."""
    # Where one has a thousandth, the others leave its three cells empty.
    split = "   " if race.splits_hundredths else ""
    if entry.status.is_invalid:
        return LETTERS[entry.status] + split
    if entry.status is Status.FINISHED and entry.time_ms is not None:
        if entry.key in race.splits_hundredths:
            split = f"({entry.time_ms % 10})"
        return show_time(entry.time_ms) + split
    last = entry.last_passage
    if entry.status is Status.FINISHED and race.distance.counts_laps and last is not None:
        return f"{last.number} laps{split}"  # ranked without having skated the whole distance
    return _shown(last) + split


def _where(entry: Entry) -> list[str]:
    """Return what stands after a time: how far somebody has come, and the sheet's remarks."""
    words = list(entry.remarks)
    if entry.status is Status.ON_ICE and (last := entry.last_passage) is not None:
        words.insert(0, f"at {last.mark_m} m")
    elif entry.awaits_reskate:
        words.insert(0, "RS")
    elif entry.status is Status.TO_START and entry.pair is not None:
        words.insert(0, f"pair {entry.pair}")
    return words


def _gap(entry: Entry, leader: Entry | None) -> str:
    gap = behind_ms(entry, leader)
    return "" if gap is None or entry is leader else show_gap(gap)
