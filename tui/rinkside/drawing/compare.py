"""Gaps: how far somebody is from what the reader compares with, in words, columns and a plot."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Final

from longtrack.model import Distance, Entry, Race, Status
from longtrack.reference import Difference, Reference, last_difference, running_gap
from longtrack.times import gap_ms, show_gap
from rinkside.comparing import Against, Compare
from rinkside.drawing.columns import Column
from rinkside.drawing.typeset import MEDALS
from rinkside.ink import Row, Span

_PLOT_SCALES: Final = (200, 500, 1000, 1500, 2000, 3000, 5000, 10_000, 20_000, 60_000)


def shared(compare: Compare, race: Race) -> Reference | None:
    """Return what everybody is compared with; None where everybody has a reference of their own.

    The leader's is None too as long as nobody leads.
    """
    if compare.against is not Against.LEADER:
        return compare.reference
    return None if race.leader is None else Reference.of(race.leader, distance=race.distance)


def reference_of(compare: Compare, race: Race, entry: Entry) -> Reference | None:
    """Return what somebody is compared with; None for the reference itself, and without any."""
    if compare.against is Against.SEASON_BEST:
        return compare.own.get(entry.key)
    found = shared(compare, race)
    return None if found is None or found.key == entry.key else found


def gap(compare: Compare, race: Race, entry: Entry) -> Difference | None:
    """Return how far somebody is behind at the last mark that the two have in common.

    Behind the leader it is the last mark of the one who is behind, or nothing.
    """
    if compare.against is Against.LEADER:
        return _behind(race, entry)
    theirs = reference_of(compare, race, entry)
    if theirs is None:
        return None
    return last_difference(Reference.of(entry, distance=race.distance), theirs)


def _behind(race: Race, entry: Entry) -> Difference | None:
    leader, last = race.leader, entry.last_passage
    if entry.status is Status.FINISHED:
        if leader is None or leader.key == entry.key:
            return None
        if leader.time_ms is None or entry.time_ms is None:
            return None
        return Difference(gap_ms(entry.time_ms, leader.time_ms), race.distance.marks[-1])
    ms = None if last is None else running_gap(race, entry, last)
    return None if ms is None or last is None else Difference(ms, last.mark_m)


def gap_role(ms: int) -> str:
    """Return the role of a gap: won, lost, or neither."""
    return "gain" if ms < 0 else "loss" if ms > 0 else "text"


def put_difference(row: Row, column: Column, found: Difference, role: str, *, bold: bool) -> None:
    """Put a difference into its column; of one too long for it the last figures give way."""
    text = ("~" if found.modelled else "") + show_gap(found.ms)
    # The marks left of the gaps end before their column does; other columns need a blank between.
    if len(text) > (column.width if column.name == "behind" else column.width - 1):
        text = text.rpartition(".")[0]
    row.right(column.end, text, role, bold=bold)


def head(compare: Compare, distance: Distance) -> str:
    """Return what stands over the gaps, with the mark where the reference is still under way."""
    word, reference = compare.against.value, compare.reference
    if reference is None or distance.marks[-1] in reference.marks:
        return word
    last = max(reference.marks)
    at = f"lap {distance.marks.index(last) + 1}" if distance.counts_laps else f"{last} m"
    return f"{word} {at}"


def band_spans(compare: Compare, found: Difference | None) -> list[Span]:
    """Return a gap in the words of the band: with what it is to, unless that is the leader."""
    if found is None:
        return []
    tilde = "~" if found.modelled else ""
    spans = [Span(f"  {tilde}{show_gap(found.ms)}", gap_role(found.ms), bold=True)]
    if compare.against is not Against.LEADER:
        spans.append(Span(f" {compare.against.value}", "dim"))
    return spans


def zero(compare: Compare, race: Race) -> Span | None:
    """Return what the line of the reference is called in a chart; None without any."""
    if compare.against is Against.SEASON_BEST:
        return Span("SB", "gain")
    found = shared(compare, race)
    if found is None:
        return None
    roles = {Against.LEADER: "gold", Against.RECORD: "record"}
    return Span(found.name, roles.get(compare.against, "text"))


# --- the plot ----------------------------------------------------------------------------------


def plot_scale(gaps: Iterable[int]) -> int:
    """Return the round gap, in milliseconds, within which four of five are."""
    ordered = sorted(map(abs, gaps))
    if not ordered:
        return _PLOT_SCALES[0]
    wanted = ordered[max(0, len(ordered) * 4 // 5 - 1)]
    return next((scale for scale in _PLOT_SCALES if scale >= wanted), _PLOT_SCALES[-1])


def plot_head(compare: Compare, scale_ms: int) -> str:
    """Return what stands over the plot: what it is to, and how far it reaches."""
    scale = f"+{scale_ms / 1000:g}"
    if compare.against is Against.LEADER:
        return f"behind leader{scale:>11}"
    return f"{scale.replace('+', '−'):<9}{compare.against.value:^6}{scale:>10}"


def put_plot(row: Row, column: Column, compare: Compare, entry: Entry, ms: int, scale: int) -> None:
    """Draw a gap to scale: from the left behind the leader, else from the middle to either side."""
    zero, room = column.start + 3, column.width - 5
    both_ways = compare.against is not Against.LEADER
    if both_ways:
        room //= 2
        zero += room
    dots = round(abs(ms) / scale * room)
    sign, role = "●", MEDALS.get(entry.rank or 0, "dim")
    if dots > room:
        dots, sign, role = room, "←" if ms < 0 else "►", "line"
    end = zero - dots if ms < 0 else zero + dots
    if dots and both_ways:
        row.put(zero, "│", "line")
        row.put(min(zero, end) + 1, "─" * (dots - 1), "line")
    else:
        row.put(zero, "─" * dots, "line")
    row.put(end, sign, role)
