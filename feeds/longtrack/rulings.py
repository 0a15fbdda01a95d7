"""What changes afterwards: corrections, disqualifications, falls, re-skates, records taken back."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from typing import Final

from longtrack.change import Change, Figures, Was, place, was_skated_again
from longtrack.finishing import record_figures, under
from longtrack.model import Entry, Status
from longtrack.moments import Kind, Moment, explained
from longtrack.records import Record
from longtrack.times import ordinal, show_time

_FELL: Final = "F"

_ENDS: Final[Mapping[Status, tuple[Kind, str, str]]] = {
    Status.DQ: (Kind.DISQUALIFIED, "is disqualified", "DQ"),
    Status.DNF: (Kind.DID_NOT_FINISH, "did not finish", "—"),
    Status.DNS: (Kind.WITHDRAWN, "did not start", "—"),
    Status.WDR: (Kind.WITHDRAWN, "has withdrawn", "—"),
    Status.INVALID: (Kind.DID_NOT_FINISH, "has no valid result", "—"),
}

_RECORDS: Final[Mapping[str, str]] = {
    "TR": "track record",
    "WR": "world record",
    "OR": "Olympic record",
    "NR": "national record",
}


def rulings(change: Change) -> Iterator[Moment]:
    """Tell what does not stand any more, and what the officials have ruled."""
    for was in change.changed:
        yield from _fall(change, was)
        yield from _end(change, was)
        yield from _correction(change, was)
        yield from _remarks(change, was)
        yield from _reskate(change, was)
    for entry in change.gone:
        if entry.status is Status.FINISHED:
            text = f"{_with_time(change, entry)} is not in the result any more"
            yield change.moment(Kind.CORRECTION, text, entry, sign="±")
    for entry in change.added:
        if entry.status is Status.FINISHED:
            text = f"{_with_time(change, entry)} is added to the result{place(entry)}"
            yield change.moment(Kind.CORRECTION, text, entry, sign="±")
    yield from _records(change)


_NAMED: Final = 2
"""How many are named in a sentence that tells of many."""


def moved(change: Change) -> Iterator[Moment]:
    """Tell in one sentence whose rank was moved by the results of others."""
    ranks = [was.now for was in change.moved]
    if ranks:
        ranks.sort(key=lambda entry: entry.rank or 0)
        named = ranks if len(ranks) <= _NAMED + 1 else ranks[:_NAMED]
        told = ", ".join(
            f"{change.name(entry)} now {'unranked' if entry.rank is None else ordinal(entry.rank)}"
            for entry in named
        )
        rest = f"; {len(ranks) - _NAMED} others move" if named is not ranks else ""
        yield change.moment(Kind.PASSAGE, f"{told}{rest}", *ranks, quiet=True)


def unsaid(change: Change, told: Iterable[Moment]) -> Iterator[Moment]:
    """Tell in one sentence of everybody else whose row has changed."""
    said = {person.key for moment in told for person in moment.people}
    rest = [
        was.now
        for was in change.changed
        if was.now.key not in said and _on_the_board(was.now) != _on_the_board(was.old)
    ]
    if rest:
        text = f"{change.names(rest)}: something else is on the board"
        yield change.moment(Kind.PASSAGE, text, *rest, quiet=True)


def _on_the_board(entry: Entry) -> tuple[object, ...]:
    times = tuple((passage.mark_m, passage.time_ms) for passage in entry.passages)
    return entry.status, entry.time_ms, entry.pair, entry.lane, entry.remarks, entry.reskate, times


# --- one start -----------------------------------------------------------------------------------


def _fall(change: Change, was: Was) -> Iterator[Moment]:
    if _FELL not in was.now.remarks or _FELL in was.old.remarks:
        return
    ended = was.now.status is not was.old.status and was.now.status is Status.DNF
    text = f"{change.name(was.now)} fell" + (" and did not finish" if ended else "")
    yield change.moment(Kind.FALL, text, was.now, sign=_FELL)


def _end(change: Change, was: Was) -> Iterator[Moment]:
    now, old = was
    if now.status is old.status or now.status not in _ENDS:
        return
    kind, told, sign = _ENDS[now.status]
    codes = [code for code in now.remarks if code != _FELL]
    why = "".join(f", {explained(code)}" for code in codes)
    text = f"{change.name(now)} {told}{why}{_leads_now(change, old)}"
    # Of a fall it has been said that it was the end.
    quiet = now.status is Status.DNF and _FELL in now.remarks and _FELL not in old.remarks
    figures: Figures = {} if old.time_ms is None else {"old_ms": old.time_ms}
    yield change.moment(kind, text, now, figures=figures, sign=sign, quiet=quiet)


def _leads_now(change: Change, old: Entry) -> str:
    leader = change.new.leader
    if old.rank == 1 and leader is not None and leader.key != old.key:
        return f"; {change.name(leader)} leads"
    return ""


def _correction(change: Change, was: Was) -> Iterator[Moment]:
    now, old = was
    name, waiting = change.name(now), now.status in (Status.TO_START, Status.ON_ICE)
    if old.status.is_invalid and now.status is Status.FINISHED:
        text = f"{_with_time(change, now)} counts after all{place(now)}"
        yield change.moment(Kind.CORRECTION, text, now, sign="±")
    elif old.status.is_invalid and waiting and not (now.reskate and not old.reskate):
        yield change.moment(Kind.CORRECTION, f"{name} is in the race again", now, sign="±")
    elif old.status is Status.FINISHED and waiting and not now.reskate:
        text = f"{name}'s time is taken back{_leads_now(change, old)}"
        yield change.moment(Kind.CORRECTION, text, now, figures=_old(old), sign="±")
    elif old.status is Status.FINISHED and waiting and old.reskate:
        # That it may be skated again was told when it was granted.
        text = f"{name}'s first time is off the board"
        yield change.moment(Kind.CORRECTION, text, now, figures=_old(old), sign="±", quiet=True)
    elif old.status is Status.ON_ICE and now.status is Status.TO_START and not now.reskate:
        text = f"{name} is back at the start"
        yield change.moment(Kind.CORRECTION, text, now, sign="±", quiet=True)
    elif (
        now.status is old.status is Status.FINISHED
        and now.time_ms != old.time_ms
        and not was_skated_again(was)
    ):
        yield _other_time(change, was)


def _other_time(change: Change, was: Was) -> Moment:
    now, old = was
    name = change.name(now)
    if now.time_ms is None:
        return change.moment(
            Kind.CORRECTION, f"{name}'s time is taken back", now, figures=_old(old), sign="±"
        )
    if old.time_ms is None:
        text = f"{name} {show_time(now.time_ms)}{place(now)}"
        return change.moment(Kind.FINISH, text, now, figures={"time_ms": now.time_ms})
    time, former = show_time(now.time_ms), show_time(old.time_ms)
    told = place(now)
    if now.rank != old.rank and old.rank is not None and now.rank is not None:
        told += f" instead of {ordinal(old.rank)}{_others_moved(change)}"
    figures: Figures = {"time_ms": now.time_ms, "old_ms": old.time_ms}
    if now.rank is not None and old.rank is not None:
        figures |= {"rank": now.rank, "old_rank": old.rank}
    return change.moment(
        Kind.CORRECTION,
        f"{name} corrected from {former} to {time}{told}",
        now,
        figures=figures,
        sign="±",
        # The photo finish adds thousandths to most times a few seconds later.
        quiet=time == former and now.rank == old.rank,
    )


def _others_moved(change: Change) -> str:
    """Return whom a correction has moved, where nothing else can have moved them."""
    if change.finishes:
        return ""
    corrected = sum(was.now.time_ms != was.old.time_ms for was in change.changed)
    if corrected > 1 or not change.moved:
        return ""
    if len(change.moved) > 1:
        return f"; {len(change.moved)} others move"
    other = change.moved[0].now
    return "" if other.rank is None else f"; {change.name(other)} now {ordinal(other.rank)}"


def _remarks(change: Change, was: Was) -> Iterator[Moment]:
    """Tell of a code that is stated without the ruling it belongs to."""
    now, old = was
    if now.remarks == old.remarks or (now.status is not old.status and now.status in _ENDS):
        return
    name = change.name(now)
    stated = [code for code in now.remarks if code not in old.remarks and code != _FELL]
    if stated:
        why = ", ".join(explained(code) for code in stated)
        # A warning, or that somebody has skated again, is no infringement.
        quiet = not any(code.startswith("T") for code in stated)
        yield change.moment(Kind.CORRECTION, f"{name}: {why}", now, sign="±", quiet=quiet)
    taken = [code for code in old.remarks if code not in now.remarks]
    if taken and now.status is old.status:
        why = ", ".join(explained(code) for code in taken)
        text = f"{name}: {why}, taken back"
        yield change.moment(Kind.CORRECTION, text, now, sign="±", quiet=True)


def _reskate(change: Change, was: Was) -> Iterator[Moment]:
    now, old = was
    name = change.name(now)
    if now.reskate and not old.reskate:
        yield change.moment(Kind.RESKATE, f"{name} may skate again", now, sign="RS")
    elif old.reskate and not now.reskate and now.status is not Status.FINISHED:
        text = f"{name} may not skate again after all"
        yield change.moment(Kind.CORRECTION, text, now, sign="±")
    elif old.reskate and not now.reskate:
        text = f"{name} is not marked as skating again any more"
        yield change.moment(Kind.CORRECTION, text, now, sign="±", quiet=True)


# --- records -------------------------------------------------------------------------------------


def _records(change: Change) -> Iterator[Moment]:
    """Tell of records that a correction or a ruling has taken back, or has made one."""
    ruled = {was.now.key for was in change.changed if _has_lost_or_won(was)}
    ruled |= {entry.key for entry in (*change.gone, *change.added) if entry.time_ms is not None}
    if not ruled:
        return
    before = _holders(change.book.broken(change.old, change.before))
    after = _holders(change.book.broken(change.new, change.meet))
    entries = {entry.key: entry for entry in (*change.old.entries, *change.new.entries)}
    fresh = {entry.key for entry in change.finishes}
    for (key, kind), record in before.items():
        if key in ruled and (key, kind) not in after:
            held = next(entry for entry in change.old.entries if entry.key == key)
            yield change.moment(
                Kind.CORRECTION,
                f"{_with_time(change, held)} is no {_RECORDS.get(kind, kind)}",
                entries[key],
                figures=record_figures(held.time_ms or 0, record),
                sign="±",
            )
    for (key, kind), record in after.items():
        if key not in fresh and (key, kind) not in before:
            entry = entries[key]
            yield change.moment(
                Kind.CORRECTION,
                f"{_with_time(change, entry)} is the {_RECORDS.get(kind, kind)} now, "
                f"{under(entry.time_ms or 0, record)}",
                entry,
                figures=record_figures(entry.time_ms or 0, record),
                sign="±",
            )


def _holders(broken: Mapping[str, tuple[Record, ...]]) -> dict[tuple[str, str], Record]:
    return {(key, record.kind): record for key, records in broken.items() for record in records}


def _has_lost_or_won(was: Was) -> bool:
    """Tell whether a time counts otherwise than before, and not because it was just skated."""
    now, old = was
    finished = Status.FINISHED in (now.status, old.status)
    if not finished or (now.status, now.time_ms) == (old.status, old.time_ms):
        return False
    return old.status is Status.FINISHED or old.status.is_invalid


def _with_time(change: Change, entry: Entry) -> str:
    time = "" if entry.time_ms is None else f" {show_time(entry.time_ms)}"
    return f"{change.name(entry)}{time}"


def _old(entry: Entry) -> Figures:
    return {} if entry.time_ms is None else {"old_ms": entry.time_ms}
