"""Head to head: two skaters beside each other, mark by mark, and what else there is of them."""

from __future__ import annotations

from typing import Final

from longtrack.duel import DuelMark, in_laps, running
from longtrack.laps import Lap
from longtrack.meetings import Meeting, Winner, tally
from longtrack.model import Entry, Race, Status
from longtrack.records import Best
from longtrack.season import Result
from longtrack.times import gap_ms, ordinal, show_time
from rinkside.drawing import differences
from rinkside.drawing.chart import axis_of
from rinkside.drawing.cities import short_cities
from rinkside.drawing.differences import Trace
from rinkside.drawing.header import freshness
from rinkside.drawing.laps import gap, lap_time
from rinkside.drawing.manner import clock
from rinkside.drawing.skater_season import doubt
from rinkside.drawing.typeset import LETTERS, MEDALS, cut, fitted, lane_role, lane_sign
from rinkside.duel_scene import Duelist, DuelScene
from rinkside.ink import PARTED, Line, Row, Span, beside, blank, indented, width_of

TWO_COLUMNS: Final = 110
"""From this window on their season stands right of the laps."""

_TABLE: Final = 66
_MOST_PLOT: Final = 13
_CITY: Final = 16
_SHORT_CITY: Final = 5
_ROOM_FOR_CITIES: Final = 58


def header(duel: DuelScene, width: int) -> Line:
    """Draw what this is, the rink's clock and how fresh the data is."""
    row, scene = Row(width, "header"), duel.scene
    right = [Span(clock(scene.now)), *freshness(scene.feed)]
    start = row.run_right(width - 1, *right)
    title = [Span("Head to head", "strong", bold=True)]
    city = scene.meet.event.city or scene.meet.event.title
    where = [Span(" · ", "dim"), Span(city)]
    code = [Span(" · ", "dim"), Span(duel.race.code)] if duel.race is not None else []
    live = [Span(" live", "live")] if duel.race is not None and duel.race.live else []
    for spans in ([*title, *where, *code, *live], [*title, *code, *live], title):
        if 1 + width_of(spans) + 2 <= start:
            row.run(1, *spans)
            break
    return row.line()


def names(duel: DuelScene, width: int) -> Line:
    """Draw who they are, the first on the left, the second from the middle on."""
    row, half = Row(width, "header"), width // 2
    sides = [(1, duel.first)]
    if duel.second is not None:
        sides.append((half, duel.second))
    for column, side in sides:
        spans = []
        if side.entry is not None and lane_sign(side.entry).strip():
            spans = [Span(lane_sign(side.entry), lane_role(side.entry)), Span(" ")]
        noc = side.who.competitor.noc
        followed = duel.scene.followed.follows(side.who.competitor, side.who.gender)
        star = [Span(" *", "follow", bold=True)] if followed else []
        room = half - column % half - width_of(spans) - len(noc) - 2 - 2 * followed
        name = fitted(side.who.competitor, max(6, room))
        row.run(column, *spans, Span(name, "strong", bold=True), *star, Span(f" {noc}"))
    return row.line()


def body(duel: DuelScene, width: int, height: int) -> list[Line]:
    """Draw the two results, the laps, and their season.

    Args:
        duel: What to show.
        width: Columns.
        height: Lines there is room for; more may come where not everything has.
    """
    head = [_results(duel, width), _sentence(duel, width), blank(width)]
    room = height - len(head)
    if width < TWO_COLUMNS or not duel.marks:
        inner = width - 1
        lines = _laps(duel, width)
        lines += [blank(width)] if lines else []
        lines += indented(_season(duel, inner))
        left = room - len(lines) - 1
        chart = _chart(duel, inner, left)
        return [*head, *lines, *([blank(width), *indented(chart)] if chart else [])]
    table = _laps(duel, _TABLE) or [blank(_TABLE)]
    table += [blank(_TABLE)] * (room - len(table))
    right = width - _TABLE - width_of(PARTED)
    season = _season(duel, right)
    chart = _chart(duel, right, room - len(season) - 1)
    season += [blank(right), *chart] if chart else []
    return [*head, *beside(table, season or [blank(right)])]


# --- on top ---------------------------------------------------------------------------------------


def _results(duel: DuelScene, width: int) -> Line:
    row, half = Row(width), width // 2
    if duel.race is not None:
        row.run(1, *_result(duel.race, duel.first.entry))
        if duel.second is not None:
            row.run(half, *_result(duel.race, duel.second.entry))
    return row.line()


def _result(race: Race, entry: Entry | None) -> list[Span]:
    if entry is None:
        return [Span(f"not in {race.code}", "dim")]
    if entry.status in LETTERS:
        codes = "".join(f" {code}" for code in entry.remarks)
        return [Span(LETTERS[entry.status], "loss", bold=True), Span(codes, "dim")]
    if entry.status is Status.FINISHED and entry.time_ms is not None:
        role = MEDALS.get(entry.rank or 0, "strong")
        rank = f" {ordinal(entry.rank)}" if entry.rank is not None else ""
        thousandth = f"({entry.time_ms % 10})" if entry.key in race.splits_hundredths else ""
        time = Span(show_time(entry.time_ms), role, bold=True)
        return [time, Span(thousandth, "dim"), Span(rank, role, bold=True)]
    last = entry.last_passage
    if last is None:
        word = f"to start, pair {entry.pair}" if entry.pair is not None else "to start"
        return [Span("re-skate granted" if entry.awaits_reskate else word, "live")]
    where = f"lap {last.number}" if race.distance.counts_laps else f"{last.mark_m} m"
    rank = f" {ordinal(last.rank)}" if last.rank is not None else ""
    tilde = "~" if last.modelled else ""
    return [
        Span(tilde + show_time(last.time_ms), "strong", bold=True),
        Span(f" at {where}", "dim"),
        Span(rank, "live", bold=True),
    ]


def _sentence(duel: DuelScene, width: int) -> Line:
    """Say who is ahead, in what it was won, and who won more often this season."""
    row = Row(width)
    if duel.second is None:
        row.put(1, "Nobody to compare with.", "dim")
        return row.line()
    pieces: list[list[Span]] = []
    last = running(duel.marks)
    if last is not None and last.gap_ms is not None and duel.race is not None:
        finish = last.mark_m == duel.race.distance.marks[-1]
        where = "" if finish else f" at {_mark_words(duel.race, last)}"
        if last.gap_ms:
            ahead = duel.first if last.gap_ms < 0 else duel.second
            tilde = "~" if last.gap_is_modelled else ""
            lead = f" {tilde}{show_time(abs(last.gap_ms))} ahead"
            pieces.append([Span(ahead.name, "strong", bold=True), Span(lead), Span(where, "dim")])
        else:
            pieces.append([Span("level"), Span(where, "dim")])
        opener, rest = in_laps(duel.marks)
        if opener is not None and rest is not None and last.number > 1:
            words = "lap " if last.number == 2 else "laps "
            ours = duel.marks[0].gap_is_modelled
            pieces.append([Span("opener ", "dim"), gap(opener, modelled=ours)])
            pieces.append([Span(words, "dim"), gap(rest, modelled=ours or last.gap_is_modelled)])
    if duel.met:
        won, lost = tally(duel.met)
        pieces.append([Span("this season ", "dim"), Span(f"{won}–{lost}", "strong", bold=True)])
    column = 1
    for piece in pieces:
        if column + width_of(piece) > width - 1:
            break
        column = row.run(column, *piece) + 3
    return row.line()


def _mark_words(race: Race, mark: DuelMark) -> str:
    return f"lap {mark.number}" if race.distance.counts_laps else f"{mark.mark_m} m"


# --- mark by mark ---------------------------------------------------------------------------------


def _laps(duel: DuelScene, width: int) -> list[Line]:
    """Draw a line a mark: the first's times left of it, the second's right, then the gaps."""
    race = duel.race
    if race is None:
        return []
    if not duel.marks:
        row = Row(width)
        known = any(
            side.entry is not None and side.entry.status is Status.FINISHED
            for side in (duel.first, duel.second)
            if side is not None
        )
        words = "No passages of this race are known." if known else "Nothing is clocked yet."
        row.put(1, words, "dim")
        return [row.line()]
    place = _Columns(ranked=width >= _TABLE)
    heads = Row(width)
    for end, word in place.heads(by_lap=race.distance.counts_laps):
        heads.right(end, word, "heading")
    lines = [heads.line()]
    for mark in duel.marks:
        row = Row(width)
        word = str(mark.number if race.distance.counts_laps else mark.mark_m)
        row.right(place.mark, word, "dim")
        if mark.first is not None:
            faster = (mark.lost_ms or 0) < 0
            _own(row, mark.first, place.time, place.rank, place.lap, faster=faster)
        if mark.second is not None:
            faster = (mark.lost_ms or 0) > 0
            _own(row, mark.second, place.time_2, place.rank_2, place.lap_2, faster=faster)
        if mark.lost_ms is not None:
            row.run_right(place.lost, gap(mark.lost_ms, modelled=mark.lost_is_modelled))
        if mark.gap_ms is not None:
            said = gap(mark.gap_ms, modelled=mark.gap_is_modelled)
            row.run_right(place.gap, said._replace(bold=not mark.gap_is_modelled))
        lines.append(row.line())
    return lines


class _Columns:
    """Where the columns of the laps end; without ranks they fit a narrow window."""

    def __init__(self, *, ranked: bool) -> None:
        widths = (9, 4, 7, 8, 7, 10, 4, 8, 8) if ranked else (9, 0, 8, 7, 8, 9, 0, 8, 9)
        ends = [sum(widths[: index + 1]) + ranked for index in range(len(widths))]
        self.time, self.rank, self.lap, self.mark = ends[0], ends[1] if ranked else None, *ends[2:4]
        self.lap_2, self.time_2, self.rank_2 = ends[4], ends[5], ends[6] if ranked else None
        self.lost, self.gap = ends[7], ends[8]

    def heads(self, *, by_lap: bool) -> list[tuple[int, str]]:
        """Return the words over the columns."""
        time, lap = ("at", "time") if by_lap else ("time", "lap")
        ranks = [(end + 1, "rank") for end in (self.rank, self.rank_2) if end is not None]
        return [
            (self.time, time),
            (self.lap, lap),
            (self.mark, "lap" if by_lap else "metres"),
            (self.lap_2, lap),
            (self.time_2, time),
            (self.lost, "in lap"),
            (self.gap, "gap"),
            *ranks,
        ]


def _own(row: Row, lap: Lap, time: int, rank: int | None, end: int, *, faster: bool) -> None:
    passage = lap.passage
    tilde = "~" if passage.modelled else ""
    row.right(time, tilde + show_time(passage.time_ms), "dim" if tilde else "text")
    if rank is not None and lap.rank is not None:
        first = lap.rank == 1
        row.right(rank, str(lap.rank), "gold" if first else "dim", bold=first)
    if passage.lap_ms is not None:
        span = lap_time(lap)
        row.run_right(end, span._replace(bold=True) if faster else span)


def _chart(duel: DuelScene, width: int, height: int) -> list[Line]:
    """Draw the running gap, the second's line at 0, where there are laps to see it in."""
    race, second = duel.race, duel.second
    rows = min(height - 1 - differences.EXTRA, _MOST_PLOT)
    if race is None or second is None or race.distance.laps < 3:
        return []
    if rows < differences.LEAST_ROWS or width < differences.LEAST_WIDTH:
        return []
    gaps = [(mark.mark_m, mark.gap_ms) for mark in duel.marks]
    points = tuple((metres, gap) for metres, gap in gaps if gap is not None)
    if not points:
        return []
    heading = Row(width)
    heading.put(
        0, cut(f"{duel.first.name} to {second.name}, seconds; up is ahead", width - 1), "heading"
    )
    traces = [Trace(duel.first.name, "live", points, bold=True)]
    return [
        heading.line(),
        *differences.lines(traces, Span(second.name, "gold"), axis_of(race), width, rows),
    ]


# --- their season ---------------------------------------------------------------------------------


def _season(duel: DuelScene, width: int) -> list[Line]:
    if duel.second is None:
        return []
    lines = _bests(duel.first, duel.second, width)
    lines += [blank(width)] if lines else []
    heading = Row(width)
    won, lost = tally(duel.met)
    spans = [Span("THIS SEASON", "heading")]
    if duel.met:
        first, second = duel.first.name, duel.second.name
        spans.append(Span(f"  {cut(first, 14)} {won}, {cut(second, 14)} {lost}", "text"))
    heading.run(0, *spans)
    lines.append(heading.line())
    if not duel.met:
        row = Row(width)
        words = "They have not met yet." if duel.season_known else "The season is being read."
        row.put(0, words, "dim")
        return [*lines, row.line()]
    short = short_cities(each.race.city for each in duel.met)
    return [*lines, *(_meeting(each, short[each.race.city], width) for each in reversed(duel.met))]


def _meeting(met: Meeting, short: str, width: int) -> Line:
    """Draw a race: where, both places and times, and the gap; the winner's stands out."""
    row, race = Row(width), met.race
    city = _CITY if width >= _ROOM_FOR_CITIES else _SHORT_CITY
    row.put(0, cut(race.city if city == _CITY else short, city - 1), "text")
    row.put(city, race.code, "dim")
    column = city + 8
    for result, winner in ((met.first, Winner.FIRST), (met.second, Winner.SECOND)):
        won = met.winner is winner
        text, rank = _placed(result)
        row.right(column + 3, rank, "strong" if won else "dim", bold=won)
        row.right(column + 12, text, "strong" if won else "text", bold=won)
        column += 13
    if met.gap_ms is not None and column + 7 < width:
        row.run_right(column + 7, gap(met.gap_ms))
    return row.line()


def _placed(result: Result) -> tuple[str, str]:
    if result.status in LETTERS:
        return LETTERS[result.status], ""
    time = show_time(result.time_ms) if result.time_ms is not None else ""
    return time, str(result.rank) if result.rank is not None else ""


def _bests(first: Duelist, second: Duelist, width: int) -> list[Line]:
    if first.bests is None or second.bests is None:
        return []
    lines: list[Line] = []
    for word, own, theirs in (
        ("personal best", first.bests.personal, second.bests.personal),
        ("season best", first.bests.season, second.bests.season),
    ):
        row = Row(width)
        row.put(0, word, "heading")
        _best(row, 24, own)
        _best(row, 36, theirs)
        if own is not None and theirs is not None:
            row.run_right(44, gap(gap_ms(own.time_ms, theirs.time_ms)))
        lines.append(row.line())
    return lines


def _best(row: Row, end: int, best: Best | None) -> None:
    if best is None:
        row.right(end, "not known", "dim")
        return
    row.right(end, show_time(best.time_ms), "text")
    row.put(end, doubt(best), "warn")
