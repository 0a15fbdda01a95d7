"""A skater's page: who it is, the races to turn to, and the laps of one of them."""

from __future__ import annotations

from typing import Final

from longtrack.laps import Lap, flying_laps, lap_ranks, laps, openers
from longtrack.model import Discipline, Entry, Race, Stage, Status
from longtrack.names import full_name
from longtrack.rivals import nearest, pair_mate
from longtrack.times import ordinal, show_time
from longtrack.timetable import NextStart
from rinkside.drawing import differences
from rinkside.drawing import laps as lap_drawing
from rinkside.drawing import openers as opener_drawing
from rinkside.drawing.chart import axis_of, gaps_to
from rinkside.drawing.cup import move_sign
from rinkside.drawing.differences import Trace
from rinkside.drawing.header import freshness
from rinkside.drawing.laps import Bars
from rinkside.drawing.manner import clock
from rinkside.drawing.titles import group_word
from rinkside.drawing.typeset import LETTERS, MEDALS, fitted, lane_role, lane_sign
from rinkside.ink import PARTED, Act, Line, Row, Span, beside, blank, indented, width_of
from rinkside.scene import Scene
from rinkside.skater_scene import Pane, SkaterScene, Start

TWO_COLUMNS: Final = 110
"""From this window on the chart stands right of the laps."""

_MOST_PLOT: Final = 17
_PLOT_FOR_THREE: Final = 13
"""Rows from which on a third skater is drawn."""
_TITLE: Final = 1


def header(page: SkaterScene, width: int) -> Line:
    """Draw who it is, the rank in the cup, the rink's clock and how fresh the data is."""
    row, who = Row(width, "header"), page.view.who
    scene = page.scene
    right = [Span(clock(scene.now)), *freshness(scene.feed)]
    start = row.run_right(width - 1, *right)
    # A team may go by its country's letters alone.
    own = full_name(who.competitor) == who.competitor.noc
    noc = Span("" if own else f"  {who.competitor.noc}")
    followed = scene.followed.follows(who.competitor, who.gender)
    sign = [Span("  * followed", "follow")] if followed else []
    short = [Span("  *", "follow", bold=True)] if followed else []
    place = []
    if page.place is not None:
        cup, rank, points = page.place
        place = [Span(f"   {cup} {ordinal(rank)}, {points}", "dim")]
    for more in ([noc, *sign, *place], [noc, *sign], [noc, *short], [noc]):
        name = fitted(who.competitor, max(8, start - 2 - 1 - width_of(more)))
        if len(more) == 1 or fitted(who.competitor, width) == name:
            row.run(1, Span(name, "strong", bold=True), *more)
            break
    return row.line()


def tabs(page: SkaterScene, width: int) -> Line:
    """Draw the races at this meet, season and bests with their keys, and the next start."""
    row, view = Row(width, "header"), page.view
    words = [(each.race.code, each.race.live) for each in page.starts]
    words += [(pane.value, False) for pane in page.panes]
    here = len(page.starts) + page.panes.index(view.pane) if view.pane in page.panes else None
    if view.pane is Pane.RACE:
        numbers = [each.race.number for each in page.starts]
        here = numbers.index(view.race) if view.race in numbers else None
    spans: list[Span] = []
    for number, (word, live) in enumerate(words, start=1):
        ground, act = "tab" if number - 1 == here else None, Act("tab", (number,))
        chosen = ground is not None
        spans += [
            Span(f" {number} ", "key", bold=chosen, ground=ground, act=act),
            Span(word, "strong" if chosen else "text", bold=chosen, ground=ground, act=act),
            *([Span(" live", "live", bold=chosen, ground=ground, act=act)] if live else []),
            Span(" ", ground=ground, act=act),
        ]
    end = row.run(0, *spans)
    coming = next_words(page.scene, page.coming)
    for said in (coming, coming[1:]):
        if said and end + 2 + width_of(said) < width:
            row.run_right(width - 1, *said)
            break
    return row.line()


def next_words(scene: Scene, coming: NextStart | None) -> list[Span]:
    """Return when somebody starts next: ``next M5000  pair 9, about 19:39``; empty if unknown."""
    if coming is None:
        return []
    race, entry = coming.race, coming.entry
    pair = f"{group_word(race, entry.pair)} {entry.pair}" if entry.pair is not None else ""
    where = [words for words in (pair, _begins(scene, coming)) if words]
    said = [Span("next ", "dim"), Span(race.code, "strong", bold=True)]
    return [*said, Span(f"  {', '.join(where)}", "live")] if where else said


def _begins(scene: Scene, coming: NextStart) -> str:
    if coming.begins is None:
        return ""
    begins = scene.local(coming.begins)
    day = "" if begins.date() == scene.now.date() else f"{begins:%a} "
    return f"{'about ' if coming.is_estimate else ''}{day}{clock(begins)}"


def race(page: SkaterScene, width: int, height: int) -> list[Line]:
    """Draw the laps of one race.

    Args:
        page: What to show; with a start at this meet.
        width: Columns.
        height: Lines there is room for; more may come where not everything has.
    """
    if page.start is None:
        return [blank(width), _said(width, "No start in this race is known any more.")]
    start, reference = page.start, page.reference
    parts = laps(*start, reference)
    head = [blank(width), _head(page, start, parts, width), blank(width)]
    room = height - len(head)
    if not parts:
        return [*head, *_without_laps(start, width, room)]
    if width >= TWO_COLUMNS and len(parts) + 1 <= room:
        left = lap_drawing.TABLE_WIDTH
        table = lap_drawing.table(start.race, parts, _name(page), left)
        table += [blank(left)] * (room - len(table))
        right = width - left - width_of(PARTED)
        chart = _chart_and_bars(page, start, parts, right, room) or [blank(right)]
        return [*head, *beside(table, chart)]
    return [*head, *_one_column(page, start, parts, width, room)]


def _name(page: SkaterScene) -> str:
    reference = page.reference
    return "" if reference is None else reference.name


def _said(width: int, words: str) -> Line:
    row = Row(width)
    row.put(1, words, "dim")
    return row.line()


# --- the line on top -----------------------------------------------------------------------------


def _head(page: SkaterScene, start: Start, parts: tuple[Lap, ...], width: int) -> Line:
    """Draw time and rank, pair and lane, opener, average and best lap, as far as there is room."""
    scene, coming = page.scene, page.coming
    race, entry = start
    pieces = [[*_result(scene, race, entry), *_pair(race, entry)]]
    if coming is not None and coming.race.number == race.number:
        pieces.append([Span(_begins(scene, coming))])
    opener = next((lap for lap in parts if lap.is_opener), None)
    if opener is not None and opener.passage.lap_ms is not None:
        pieces.append([Span("opener ", "dim"), lap_drawing.lap_time(opener)])
    full = flying_laps(parts)
    if full:
        average = sum(lap.passage.lap_ms or 0 for lap in full) // len(full)
        tilde = "~" if any(lap.lap_is_modelled for lap in full) else ""
        best = min(full, key=lambda lap: lap.passage.lap_ms or 0)
        word = "lap " if len(full) == 1 else "average lap "
        pieces.append([Span(word, "dim"), Span(tilde + show_time(average))])
        if len(full) > 1:
            time = lap_drawing.lap_time(best, best.passage.lap_ms)
            pieces.append([Span("best ", "dim"), time._replace(bold=False)])
    points = sum(lap.passage.sprint_points or 0 for lap in parts)
    if race.distance.discipline is Discipline.MASS_START and points:
        pieces.append([Span("points ", "dim"), Span(str(points), "text", bold=True)])
    if opener is not None and opener.lap_rank and entry.rank and entry.status is Status.FINISHED:
        gained = opener.lap_rank - entry.rank
        words = f"opener {ordinal(opener.lap_rank)}, finish {ordinal(entry.rank)}"
        moved = Span(f" {move_sign(gained)}", "gain" if gained > 0 else "loss")
        pieces.append([Span(words, "dim"), *([moved] if gained else [])])
    row, column = Row(width), 1
    for piece in pieces:
        if column + width_of(piece) > width - 1 and column > 1:
            break
        column = row.run(column, *piece) + 3
    return row.line()


def _pair(race: Race, entry: Entry) -> list[Span]:
    if entry.pair is None:
        return []
    lane = lane_role(entry) if entry.status is Status.ON_ICE else "text"
    word = Span(f"  {group_word(race, entry.pair)} {entry.pair} ", "dim")
    return [word, Span(lane_sign(entry), lane)]


def _result(scene: Scene, race: Race, entry: Entry) -> list[Span]:
    last = entry.last_passage
    if entry.status in LETTERS:
        codes = "".join(f" {code}" for code in entry.remarks)
        return [Span(LETTERS[entry.status], "loss", bold=True), Span(codes, "dim")]
    if entry.status is Status.ON_ICE or (last is not None and entry.status is Status.TO_START):
        if last is None:
            return [Span("on the ice", "live", bold=True)]
        where = f"lap {last.number}" if race.distance.counts_laps else f"{last.mark_m} m"
        time = ("~" if last.modelled else "") + show_time(last.time_ms)
        rank = [Span(f" {ordinal(last.rank)}", "live", bold=True)] if last.rank else []
        return [Span(time, "strong", bold=True), Span(f" at {where}", "dim"), *rank]
    if entry.status is Status.FINISHED:
        role = MEDALS.get(entry.rank or 0, "strong")
        spans = []
        if entry.time_ms is not None:
            spans.append(Span(show_time(entry.time_ms), role, bold=True))
            if entry.key in race.splits_hundredths:
                spans.append(Span(f"({entry.time_ms % 10})", "dim"))
        elif last is not None:
            spans.append(Span(f"{last.number} laps", role, bold=True))
        if entry.rank is not None:
            spans.append(Span(f" {ordinal(entry.rank)}", role, bold=True))
        broken = scene.book.broken(race, scene.meet).get(entry.key, ())
        spans += [Span(f" {record.kind}", "record", bold=True) for record in broken]
        if entry.remarks:
            spans.append(Span(f" {' '.join(entry.remarks)}", "loss", bold=True))
        return spans
    word = "re-skate granted" if entry.awaits_reskate else "to start"
    return [Span(word, "warn" if entry.awaits_reskate else "live", bold=True)]


# --- what there is beside or below ---------------------------------------------------------------


def _without_laps(start: Start, width: int, room: int) -> list[Line]:
    race, entry = start
    if entry.status is Status.TO_START:
        words = "Nothing has been clocked yet."
        if race.stage in (Stage.PROVISIONAL, Stage.OFFICIAL):
            words = "No result is known."
        mate = pair_mate(race, entry)
        row = Row(width)
        if mate is not None:
            name = fitted(mate.competitor, width - 20)
            sign = Span(f"{lane_sign(mate)} ", lane_role(mate))
            row.run(1, Span("against ", "dim"), sign, Span(name), Span(f" {mate.noc}", "dim"))
        return [_said(width, words), row.line()]
    words = "No passages of this race are known."
    if entry.status.is_invalid:
        words = "No passages are known."
    drawn = opener_drawing.against_finish(openers(race), entry.key, width - 1, room - 2)
    return [_said(width, words), *([blank(width), *indented(drawn)] if drawn else [])]


def _chart_and_bars(
    page: SkaterScene, start: Start, parts: tuple[Lap, ...], width: int, height: int
) -> list[Line]:
    """Draw the chart, the bars and the openers, as far as they have room."""
    if start.race.distance.laps == 2 and not start.race.distance.counts_laps:
        lines = _opener_and_lap(start, parts, width)
    else:
        long = f"BEHIND OR AHEAD OF {_name(page)}, seconds; up is ahead"
        lines = _chart(page, start, parts, width, min(height - 2, _MOST_PLOT), long)
        everyone = _bars(page, start)
        for airy in (True, False):
            bars = lap_drawing.bars(everyone, width, airy=airy)
            if bars and len(lines) + bool(lines) + len(bars) <= height:
                lines += [blank(width)] if lines else []
                lines += bars
                break
    return [*lines, *_openers(start, width, height - len(lines))]


def _one_column(
    page: SkaterScene, start: Start, parts: tuple[Lap, ...], width: int, height: int
) -> list[Line]:
    inner = width - 1
    if start.race.distance.laps == 2 and not start.race.distance.counts_laps:
        lines = indented(_opener_and_lap(start, parts, inner))
        lines += [blank(width), *lap_drawing.table(start.race, parts, _name(page), width)]
        return [*lines, *indented(_openers(start, inner, height - len(lines)))]
    short = f"to {_name(page)}, seconds; up is ahead"
    table = lap_drawing.table(start.race, parts, _name(page), width)
    around = _TITLE + differences.EXTRA + 1
    if height - len(table) - around < differences.LEAST_ROWS:
        table = lap_drawing.tens(start.race, parts, width)
    rows = max(differences.LEAST_ROWS, min(height - len(table) - around, _MOST_PLOT))
    lines = indented(_chart(page, start, parts, inner, rows, short))
    lines += [blank(width)] if lines else []
    lines += table
    bars = indented(lap_drawing.bars(_bars(page, start), inner, airy=False))
    if bars and len(lines) + 1 + len(bars) <= height:
        lines += [blank(width), *bars]
    return [*lines, *indented(_openers(start, inner, height - len(lines)))]


def _opener_and_lap(start: Start, parts: tuple[Lap, ...], width: int) -> list[Line]:
    race, entry = start
    best = {
        mark: passage.lap_ms
        for (key, mark), rank in lap_ranks(race).items()
        if rank == 1
        for other in race.entries
        if other.key == key and (passage := other.passage(mark)) is not None
        if passage.lap_ms is not None
    }
    finish = entry.rank if entry.status is Status.FINISHED else None
    return opener_drawing.parts(parts, best, finish, width)


def _openers(start: Start, width: int, room: int) -> list[Line]:
    drawn = opener_drawing.against_finish(openers(start.race), start.entry.key, width, room - 1)
    return [blank(width), *drawn] if drawn else []


def _company(page: SkaterScene, start: Start) -> list[tuple[Entry, str]]:
    """Return the skater, the pair-mate and whoever is nearest, with the roles of their lines."""
    race, entry = start
    against = page.against
    found = [(entry, "live")]
    mate = pair_mate(race, entry)
    if mate is not None and mate.passages:
        found.append((mate, lane_role(mate)))
    known = {other.key for other, _ in found} | ({against.key} if against is not None else set())
    third = nearest(race, entry, known)
    if third is not None:
        found.append((third, "dim"))
    return found


def _chart(
    page: SkaterScene, start: Start, parts: tuple[Lap, ...], width: int, rows: int, title: str
) -> list[Line]:
    against = page.against
    if against is None or rows < differences.LEAST_ROWS or width < differences.LEAST_WIDTH:
        return []
    company = [each for each in _company(page, start) if each[0].key != against.key]
    traces = [
        Trace(
            page.name_of(other),
            role,
            gaps_to(against, other),
            bold=other.key == start.entry.key,
        )
        for other, role in company[: 3 if rows >= _PLOT_FOR_THREE else 2]
    ]
    heading = Row(width)
    column = heading.put(0, title, "heading")
    if any(lap.passage.modelled for lap in parts):
        heading.put(column, "; ~ modelled", "dim")
    chart = differences.lines(traces, Span(_name(page), "gold"), axis_of(start.race), width, rows)
    return [heading.line(), *chart]


def _bars(page: SkaterScene, start: Start) -> list[Bars]:
    """Return the skater's laps, those compared with, and the pair-mate's."""
    if start.race.distance.discipline is Discipline.MASS_START:
        return []
    everyone = [(start.entry, "live")]
    if page.against is not None:
        everyone.append((page.against, "gold"))
    everyone += _company(page, start)[1:2]
    named = {entry.key: (entry, role) for entry, role in reversed(everyone)}
    return [
        Bars(page.name_of(entry), role, laps(start.race, entry))
        for entry, role in reversed(named.values())
    ]
