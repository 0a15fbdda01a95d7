"""What happens at the finish: ranks, leaders and podiums, records, personal and season bests."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import Final

from longtrack.change import (
    Change,
    Figures,
    margin,
    place,
    was_skated_again,
)
from longtrack.model import Entry, Race, Skater, Status
from longtrack.moments import Kind, Moment
from longtrack.records import Record
from longtrack.times import gap_ms, ordinal, show_gap, show_time

_PODIUM: Final = 3


def finishing(change: Change) -> Iterator[Moment]:
    """Tell of everybody who has crossed the line, one after the other."""
    fresh = change.finishes
    if change.comes_whole:
        yield from _whole_result(change, fresh)
        return
    coming = {entry.key for entry in fresh}
    standing = [
        entry
        for entry in change.new.entries
        if entry.status is Status.FINISHED and entry.key not in coming
    ]
    again = {was.now.key for was in change.changed if was_skated_again(was)}
    for entry in fresh:
        yield from _finish(change, entry, standing, second_run=entry.key in again or entry.reskate)
        standing.append(entry)
    yield from _off_the_podium(change)


def _finish(
    change: Change, entry: Entry, standing: list[Entry], *, second_run: bool
) -> Iterator[Moment]:
    name = change.name(entry)
    where = " in the re-skate" if second_run else ""
    if entry.time_ms is None:
        yield change.moment(Kind.FINISH, f"{name} has finished{place(entry)}", entry)
        return
    time = show_time(entry.time_ms)
    if entry.rank is None:
        figures: Figures = {"time_ms": entry.time_ms}
        yield change.moment(Kind.FINISH, f"{name} {time}{where}", entry, figures=figures)
        return
    ranked = [each for each in standing if each.rank is not None]
    best = min(ranked, key=lambda each: each.rank or 0, default=None)
    # The rank among those who had finished then; the document may hold later ones already.
    rank = 1 + sum((other.rank or 0) < entry.rank for other in ranked)
    figures = {"time_ms": entry.time_ms, "rank": rank}
    if best is not None and best.time_ms is not None:
        figures["behind_ms"] = gap_ms(entry.time_ms, best.time_ms)
    records = change.book.broken_by(entry, change.new, change.meet, earlier=standing)
    bests = list(_bests(change, entry, rank, quiet=rank <= _PODIUM or bool(records)))
    loud = rank <= _PODIUM or bool(records) or bool(bests)
    told = f"{name} {time}, {ordinal(rank)}{where}"
    yield change.moment(Kind.FINISH, told, entry, figures=figures, quiet=loud)
    for record in records:
        yield _record(change, entry, record)
    side = "ahead of" if rank == 1 else "behind"
    gap = "" if best is None else f", {margin(entry, best)} {side} {change.name(best)}"
    if rank == 1:
        text = f"{name} {time} leads{gap}"
        yield change.moment(Kind.LEADER, text, entry, figures=figures, sign="1")
    elif rank <= _PODIUM:
        text = f"{name} {time}{gap}"
        yield change.moment(Kind.PODIUM, text, entry, figures=figures, sign=str(rank))
    yield from bests


def _off_the_podium(change: Change) -> Iterator[Moment]:
    """Tell of those whom a finish has pushed off the podium."""
    if not change.finishes:
        return
    for now, old in change.moved:
        if now.status is Status.FINISHED and 0 < (old.rank or 0) <= _PODIUM < (now.rank or 0):
            text = f"{change.name(now)} off the podium{place(now)}"
            figures: Figures = {"rank": now.rank or 0, "old_rank": old.rank or 0}
            yield change.moment(Kind.PODIUM, text, now, figures=figures, quiet=True)


def podium(change: Change) -> Iterator[Moment]:
    """Tell who stands on the podium once nobody is left to start, and when that changes.

    It is provisional: re-skates and rulings may follow.
    """
    three = first_three(change.new)
    if len(three) < _PODIUM or not change.new.over or change.comes_whole:
        return
    before = [entry.key for entry in first_three(change.old)]
    if not change.old.over or before != [entry.key for entry in three]:
        text = f"{change.new.code} podium: {podium_words(change, three)}"
        yield change.moment(Kind.PODIUM, text, *three, figures=podium_figures(three))


def first_three(race: Race) -> list[Entry]:
    """Return who stands on the podium of a race as it is."""
    return [
        entry
        for entry in race.finished
        if entry.status is Status.FINISHED and (entry.rank or 0) <= _PODIUM
    ]


def podium_words(change: Change, three: Sequence[Entry]) -> str:
    """Return ``TAKAGI 1:54.95, MOROZOVA +0.03, WIKLUND +0.23``."""
    first = three[0].time_ms if three else None
    told = []
    for entry in three:
        time = "" if entry.time_ms is None else show_time(entry.time_ms)
        if entry is not three[0] and entry.time_ms is not None and first is not None:
            time = show_gap(gap_ms(entry.time_ms, first))
        told.append(f"{change.name(entry)} {time}".rstrip())
    return ", ".join(told)


def podium_figures(three: Sequence[Entry]) -> Figures:
    """Return the winner's time, and how far behind the others are."""
    figures: Figures = {}
    words = ("time_ms", "second_behind_ms", "third_behind_ms")
    first = three[0].time_ms if three else None
    for word, entry in zip(words, three, strict=False):
        if entry.time_ms is not None and first is not None:
            figures[word] = first if entry is three[0] else gap_ms(entry.time_ms, first)
    return figures


def _whole_result(change: Change, fresh: Sequence[Entry]) -> Iterator[Moment]:
    ranked = sorted(fresh, key=lambda entry: (entry.rank is None, entry.rank))
    told = ", ".join(
        f"{entry.rank or ''} {change.name(entry)} "
        f"{show_time(entry.time_ms) if entry.time_ms is not None else ''}".strip()
        for entry in ranked[:_PODIUM]
    )
    broken = change.book.broken(change.new, change.meet)
    for entry in fresh:
        for record in broken.get(entry.key, ()):
            yield _record(change, entry, record)
    text = f"{change.new.code}: {told}"
    yield change.moment(
        Kind.FINISH, text, *ranked, figures=podium_figures(ranked[:_PODIUM]), sign="1"
    )
    for entry in ranked:
        yield from _bests(change, entry, entry.rank, quiet=True)


# --- records and bests ---------------------------------------------------------------------------


def _record(change: Change, entry: Entry, record: Record) -> Moment:
    time = entry.time_ms or 0
    return change.moment(
        Kind.RECORD,
        f"{change.name(entry)} {show_time(time)}, {under(time, record)}",
        entry,
        figures=record_figures(time, record),
        sign=record.kind,
    )


def under(time_ms: int, record: Record) -> str:
    """Return ``0.20 under Kodaira's 37.25 (2019)``."""
    year = f" ({record.year})" if record.year else ""
    margin_ms = -gap_ms(time_ms, record.time_ms)
    return f"{show_time(margin_ms)} under {record.holder}'s {show_time(record.time_ms)}{year}"


def record_figures(time_ms: int, record: Record) -> Figures:
    """Return the figures of a record that was broken."""
    return {
        "record": record.kind,
        "time_ms": time_ms,
        "old_ms": record.time_ms,
        "margin_ms": -gap_ms(time_ms, record.time_ms),
    }


def _bests(change: Change, entry: Entry, rank: int | None, *, quiet: bool) -> Iterator[Moment]:
    """Tell of a personal best, or else of a season best, where the best before is known."""
    who, time = entry.competitor, entry.time_ms
    if not isinstance(who, Skater) or time is None:
        return
    before = change.book.bests_before(entry, change.new, change.meet)
    for kind, words, best in (
        (Kind.PERSONAL_BEST, "a personal best", before.personal),
        (Kind.SEASON_BEST, "a season best", before.season),
    ):
        by = 0 if best is None else -gap_ms(time, best.time_ms)
        if best is None or by <= 0:
            continue
        at = "" if rank is None else f", {ordinal(rank)}"
        yield change.moment(
            kind,
            f"{change.name(entry)} {show_time(time)}{at}, {words} by {show_time(by)}",
            entry,
            figures={"time_ms": time, "old_ms": best.time_ms, "margin_ms": by},
            sign="PB" if kind is Kind.PERSONAL_BEST else "SB",
            quiet=quiet,
        )
        return
