"""What happens at the marks before the finish: openers, passages, who is fastest so far."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator
from typing import NamedTuple

from longtrack.change import CROWD, Change, Figures, Was, margin, was_skated_again
from longtrack.model import Discipline, Entry, Passage, Race, Status
from longtrack.moments import Kind, Moment
from longtrack.times import gap_ms, ordinal, show_time


class _Pass(NamedTuple):
    """Somebody at a mark."""

    entry: Entry
    passage: Passage


def passing(change: Change) -> Iterator[Moment]:
    """Tell of everybody on the ice who has passed a mark, in the order of their times."""
    by_mark: dict[int, list[_Pass]] = defaultdict(list)
    for each in _fresh(change):
        by_mark[each.passage.mark_m].append(each)
    for mark, passed in by_mark.items():
        passed.sort(key=lambda each: (each.entry.pair or 0, each.passage.time_ms))
        if len(passed) > CROWD:
            yield _crowd(change, mark, passed)
        elif _is_opener(change.new, mark):
            yield from _openers(change, mark, passed)
        else:
            for each in passed:
                yield from _passage(change, each)
    yield from _passages_corrected(change)


def _fresh(change: Change) -> Iterator[_Pass]:
    for now, old in change.changed:
        if now.status is not Status.ON_ICE or now.passages is old.passages:
            continue
        # A second run has the marks of the first one.
        is_second_run = now.reskate and old.status is Status.FINISHED
        known = set() if is_second_run else {passage.mark_m for passage in old.passages}
        for passage in now.passages:
            if passage.mark_m not in known:
                yield _Pass(now, passage)


def _is_opener(race: Race, mark: int) -> bool:
    marks = race.distance.marks
    return not race.distance.counts_laps and len(marks) > 1 and mark == marks[0]


def _openers(change: Change, mark: int, passed: list[_Pass]) -> Iterator[Moment]:
    by_pair: dict[int | None, list[_Pass]] = defaultdict(list)
    for each in passed:
        by_pair[each.entry.pair].append(each)
    for together in by_pair.values():
        told = ", ".join(f"{change.name(each.entry)} {_shown(each.passage)}" for each in together)
        figures: Figures = {
            "mark_m": mark,
            "time_ms": min(each.passage.time_ms for each in together),
        }
        fastest = any(_is_fastest(change.new, each) for each in together)
        if fastest:
            figures["fastest"] = 1
        text = f"{told} {change.where(mark)}" + (", fastest opener" if fastest else "")
        entries = [each.entry for each in together]
        yield change.moment(Kind.OPENER, text, *entries, figures=figures)


def _is_fastest(race: Race, each: _Pass) -> bool:
    """Tell whether a published time is the fastest at its mark, and not only the first."""
    others = _others(race, each)
    return (
        not each.passage.modelled
        and any(other.entry.pair != each.entry.pair for other in others)
        and all(each.passage.time_ms < other.passage.time_ms for other in others)
    )


def _others(race: Race, each: _Pass) -> list[_Pass]:
    mark = each.passage.mark_m
    return [
        _Pass(entry, passage)
        for entry in race.entries
        if entry.key != each.entry.key
        and not entry.status.is_invalid
        and (passage := entry.passage(mark)) is not None
    ]


def _passage(change: Change, each: _Pass) -> Iterator[Moment]:
    entry, passage = each
    where, mark = change.where(passage.mark_m), passage.mark_m
    told = f"{change.name(entry)} {_shown(passage)} {where}"
    figures: Figures = {"mark_m": mark, "time_ms": passage.time_ms}
    if passage.lap_ms is not None:
        figures["lap_ms"] = passage.lap_ms
    if passage.rank is not None:
        figures["rank"] = passage.rank
    if passage.modelled:
        figures["modelled"] = 1
    best = change.new.leader
    ahead = best.passage(mark) if best is not None else None
    gap = ""
    if best is not None and ahead is not None:
        behind = gap_ms(passage.time_ms, ahead.time_ms)
        figures["behind_ms"] = behind
        side = "ahead of" if behind < 0 else "behind"
        sure = "~" if passage.modelled or ahead.modelled else ""
        gap = f", {sure}{show_time(abs(behind))} {side} {change.name(best)}"
    elif passage.rank is not None:
        gap = f", {ordinal(passage.rank)}"
    yield change.moment(Kind.PASSAGE, told + gap, entry, figures=figures, quiet=True)
    if _leads_on_the_way(change.new, each):
        others = _others(change.new, each)
        rival = min(others, key=lambda other: other.passage.time_ms)
        lead = margin(passage, rival.passage)
        yield change.moment(
            Kind.LEADER,
            f"{told}, {lead} ahead of {change.name(rival.entry)}",
            entry,
            figures={
                "mark_m": mark,
                "time_ms": passage.time_ms,
                "behind_ms": gap_ms(passage.time_ms, rival.passage.time_ms),
            },
            # Earlier on nearly every strong skater leads for a while.
            quiet=mark != change.new.distance.marks[-2],
        )


def _leads_on_the_way(race: Race, each: _Pass) -> bool:
    """Tell whether somebody is the fastest at a mark, by published times alone."""
    if race.distance.discipline is Discipline.MASS_START or not _is_fastest(race, each):
        return False
    return not any(other.passage.modelled for other in _others(race, each))


def _crowd(change: Change, mark: int, passed: list[_Pass]) -> Moment:
    passed.sort(key=lambda each: each.passage.time_ms)
    first = passed[0]
    text = f"{change.name(first.entry)} first of {len(passed)} {change.where(mark)}"
    figures: Figures = {"mark_m": mark, "time_ms": first.passage.time_ms}
    entries = [each.entry for each in passed]
    return change.moment(Kind.PASSAGE, text, *entries, figures=figures, quiet=True)


def _passages_corrected(change: Change) -> Iterator[Moment]:
    for now, old in change.changed:
        if now.status is not old.status or now.status not in (Status.ON_ICE, Status.FINISHED):
            continue
        if now.passages is old.passages or was_skated_again(Was(now, old)):
            continue
        times = {passage.mark_m: passage for passage in now.passages}
        last = change.new.distance.marks[-1]
        for former in old.passages:
            if former.mark_m == last and now.time_ms != old.time_ms:
                continue  # that is the finish, which is told as such
            passage = times.get(former.mark_m)
            where = change.where(former.mark_m)
            if passage is None:
                yield change.moment(
                    Kind.PASSAGE,
                    f"{change.name(now)}'s time {where} is taken back",
                    now,
                    figures={"mark_m": former.mark_m, "old_ms": former.time_ms},
                    quiet=True,
                )
            elif passage.time_ms != former.time_ms:
                yield change.moment(
                    Kind.PASSAGE,
                    f"{change.name(now)} {where} corrected from {_shown(former)} "
                    f"to {_shown(passage)}",
                    now,
                    figures={
                        "mark_m": former.mark_m,
                        "time_ms": passage.time_ms,
                        "old_ms": former.time_ms,
                    },
                    quiet=True,
                )


def _shown(passage: Passage) -> str:
    return ("~" if passage.modelled else "") + show_time(passage.time_ms)
