"""What ``--plain`` prints of results, standings, programmes and quotas: a sentence a row.

It is made for a screen reader and for a log: no columns, no signs, the place first.
"""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime, tzinfo
from itertools import groupby
from typing import TYPE_CHECKING, Final

from longtrack.model import Entry, Lane, Meet, Race, Source, Stage, Status
from longtrack.moments import explained
from longtrack.points import scale_of, season_words
from longtrack.records import RecordBook
from longtrack.times import ordinal, show_time
from rinkside.report import behind_ms, by_time, in_order, opener, winner
from rinkside.spoken import MARK_WORDS, STATUS_WORDS, called, days, spoken, with_nation

if TYPE_CHECKING:
    from longtrack.quota import Place
    from longtrack.standings import Standing, Standings
    from rinkside.season_commands import CupAnswer, QuotaAnswer

_LANES: Final = {Lane.INNER: "inner", Lane.OUTER: "outer"}
_SOURCES: Final = {
    Source.FEED: "from the feed",
    Source.CACHE: "as kept on this computer",
    Source.BUNDLED: "bundled",
}


def results_lines(meet: Meet, race: Race, book: RecordBook, source: Source) -> list[str]:
    """Return a race: a heading and a line a starter.

    For example ``1st, Femke Kok, Netherlands (NED), 37.05, track record, opener about 10.22``.
    """
    heading = [_place(meet), race.code, race.title, race.stage.value, _SOURCES[source]]
    marks, scale = book.marks(race, meet), scale_of(meet.event.season)

    def scored(entry: Entry) -> int | None:
        return scale.points(race, entry) if meet.event.is_world_cup else None

    return [
        ", ".join(heading),
        *(
            ", ".join(_start(race, entry, marks.get(entry.key, ()), scored(entry)))
            for entry in in_order(race)
        ),
    ]


def _start(race: Race, entry: Entry, marks: tuple[str, ...], points: int | None) -> Iterator[str]:
    if entry.rank is not None:
        yield ordinal(entry.rank)
    yield with_nation(entry.competitor)
    finished = entry.status is Status.FINISHED
    if finished and entry.time_ms is not None:
        yield show_time(entry.time_ms)
        if entry.key in race.splits_hundredths:
            yield f"thousandths decided, {entry.time_ms / 1000:.3f}"
    else:
        yield STATUS_WORDS[entry.status]
    yield from (MARK_WORDS.get(mark, mark) for mark in marks)
    gap = behind_ms(entry, race.leader)
    if gap is not None and entry is not race.leader:
        yield f"{show_time(gap)} behind"
    last = entry.last_passage
    first = opener(race, entry)
    if first is not None:
        yield f"opener {'about ' if first.modelled else ''}{show_time(first.time_ms)}"
    if entry.status is Status.ON_ICE and last is not None and last is not first:
        sure = "about " if last.modelled else ""
        yield f"{sure}{show_time(last.time_ms)} at {last.mark_m} m"
    yield from (explained(code) for code in entry.remarks)
    if entry.awaits_reskate:
        yield "may skate again"
    if entry.status is Status.TO_START and entry.pair is not None:
        lane = f", {_LANES[entry.lane]} lane" if entry.lane is not None else ""
        yield f"pair {entry.pair}{lane}"
    if points:
        yield _counted(points)


def programme_lines(meet: Meet, source: Source) -> list[str]:
    """Return a meet's programme: a heading, a line a day and a line a race, in the rink's time."""
    zone = meet.event.zone
    heading = [_place(meet), meet.event.venue, days(meet.event), _SOURCES[source]]
    lines = [f"{', '.join(filter(None, heading))}; times of {zone.key}"]
    for day, of_day in groupby(by_time(meet), key=meet.day):
        lines.append(f"{day:%A} {day.day} {day:%B}" if day else "day not known")
        lines += [", ".join(_listed(race, zone)) for race in of_day]
    return lines


def _listed(race: Race, zone: tzinfo) -> Iterator[str]:
    planned = _clock(race.planned, zone)
    yield planned or "time not known"
    yield race.code
    yield race.title
    yield "no source has its result" if race.stage is Stage.UNKNOWN else race.stage.value
    leader = race.leader
    if leader is not None and leader.time_ms is not None:
        verb = "won" if winner(race) else "leads"
        yield f"{called(leader.competitor)} ({leader.noc}) {verb} in {show_time(leader.time_ms)}"
    moved = _clock(race.start, zone)
    if moved and moved != planned:
        yield f"{'starts at' if race.stage is Stage.UPCOMING else 'began at'} {moved}"


def standings_lines(answer: CupAnswer) -> list[str]:
    """Return a cup: a heading and a line a skater."""
    count = len(answer.standings.columns)
    made_of = f"after {count} race{'s' * (count > 1)}" if count else "no race held"
    heading = [
        f"World Cup standings, {answer.standings.cup}",
        season_words(answer.season.year),
        made_of,
        *(f"{race.code} is not over" for race in answer.running),
        *filter(None, [answer.by_table]),
        _SOURCES[answer.source],
    ]
    rows = answer.standings.rows
    return [
        ", ".join(heading),
        *(", ".join(_standing(row, rows[0], answer.before)) for row in rows),
    ]


def _standing(row: Standing, first: Standing, before: Standings | None) -> Iterator[str]:
    yield ordinal(row.rank)
    yield with_nation(row.competitor)
    yield _counted(row.points)
    if row.points < first.points:
        yield f"{first.points - row.points} behind the first"
    known = None if before is None else before.by_key.get(row.key)
    if known is not None and known.rank != row.rank:
        move = known.rank - row.rank
        yield f"{'up' if move > 0 else 'down'} {abs(move)} from {ordinal(known.rank)}"


def quota_lines(answer: QuotaAnswer) -> list[str]:
    """Return the Olympic quota places of a race: a heading and a line a place."""
    quota = answer.quota
    by_times = f" and {quota.by_times} by times" if quota.by_times else ""
    lines = [
        f"Olympic quota places, {quota.code}, {season_words(answer.season.year)}, unofficial, "
        f"after {quota.meets} of {quota.of} World Cups, {_SOURCES[answer.source]}",
        f"{quota.places} places, {quota.by_points} by points{by_times}, "
        f"at most {quota.most_per_noc} a nation",
    ]
    lines += [", ".join(_quota_place(row)) for row in quota.rows]
    for what, row in (("last in", quota.last_in), ("first out", quota.first_out)):
        if row is not None:
            lines.append(f"{what}: {with_nation(row.competitor)}")
    if quota.passed_over:
        names = "; ".join(with_nation(row.competitor) for row in quota.passed_over)
        lines.append(f"passed over because their nation is full: {names}")
    return lines


def _quota_place(row: Place) -> Iterator[str]:
    section = row.section.value
    yield f"reserve {row.place}" if section == "reserve" else f"place {row.place} by {section}"
    yield with_nation(row.competitor)
    yield _counted(row.points)
    if row.best_ms is not None:
        yield f"best {show_time(row.best_ms)}"


def _counted(points: int) -> str:
    return f"{points} point{'s' * (points != 1)}"


def _place(meet: Meet) -> str:
    return spoken(", ".join(part for part in (meet.event.city, meet.event.title) if part))


def _clock(instant: datetime | None, zone: tzinfo) -> str:
    return "" if instant is None else f"{instant.astimezone(zone):%H:%M}"
