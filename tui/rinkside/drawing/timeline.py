"""The strip: the day's races in time, what happened in them, and where the viewer stands."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import datetime, tzinfo
from typing import Final

from longtrack.moments import Kind
from longtrack.timeline import Mark, Stretch, Timeline
from rinkside.drawing.manner import clock
from rinkside.ink import Line, Row, Span, cell_len

_INDENT: Final = 2
_LONGEST_REST_MS: Final = 60 * 60_000
"""A rest that is longer is cut out, as between the morning and the evening."""
_CUT: Final = "─//─"
_LEAD_MS: Final = 10 * 60_000
"""How much of a rest is left on either side of the cut."""

_ROLES: Final = {
    Kind.RECORD: "record",
    Kind.LEADER: "gold",
    Kind.DISQUALIFIED: "loss",
    Kind.FALL: "loss",
    Kind.RESKATE: "warn",
    Kind.DELAYED: "warn",
}


class Scale:
    """Where on the strip a time stands; long rests are cut out.

    Args:
        shown: The strip's races, and where the viewer stands.
        width: Columns of the strip.
    """

    def __init__(self, shown: Timeline, width: int) -> None:
        self._left, self._right = _INDENT, width - _INDENT
        self.pieces = _pieces(shown)
        """The times that are shown, as begins and ends without the rests that are cut out."""
        self.cuts: list[int] = []
        """The columns at which a rest is cut out."""
        room = self._right - self._left - len(_CUT) * (len(self.pieces) - 1)
        total = sum(end - begin for begin, end in self.pieces) or 1
        self._columns: list[tuple[int, int]] = []
        column, passed = self._left, 0
        for index, (begin, end) in enumerate(self.pieces):
            if index:
                self.cuts.append(column)
                column += len(_CUT)
            passed += end - begin
            until = self._left + round(room * passed / total) + len(_CUT) * index
            self._columns.append((column, until))
            column = until

    def column(self, at: int) -> int:
        """Return the column of a tape time; one outside stands at the nearest end."""
        for (begin, end), (first, last) in zip(self.pieces, self._columns, strict=True):
            if at <= begin:
                return first
            if at <= end:
                return min(last - 1, first + (at - begin) * (last - first) // (end - begin))
        return self._right - 1

    def time(self, column: int) -> int:
        """Return the tape time a column stands for; a cut is the end of the rest."""
        for (begin, end), (first, last) in zip(self.pieces, self._columns, strict=True):
            if column < first:
                return begin
            if column < last:
                return begin + (column - first) * (end - begin) // (last - first)
        return self.pieces[-1][1]


def strip(shown: Timeline, zone: tzinfo, width: int, rows: int) -> list[Line]:
    """Draw the strip.

    Args:
        shown: The races and where the viewer stands.
        zone: The rink's time zone.
        width: Columns.
        rows: 3 for clock, track and marks; 2 leaves out the marks, 1 the clock too.
    """
    if not shown.stretches:
        return [Row(width).line() for _ in range(rows)]
    scale = Scale(shown, width)
    track = _track(shown, scale, width)
    if rows < 2:
        return [track]
    marks = [_marks(shown.marks, scale, width)] if rows > 2 else []
    return [_clock(shown, scale, zone, width), track, *marks]


def _pieces(shown: Timeline) -> list[tuple[int, int]]:
    times = [(each.begins, max(each.ends, each.skated)) for each in shown.stretches]
    pieces: list[tuple[int, int]] = []
    for begin, end in times:
        if pieces and begin - pieces[-1][1] <= _LONGEST_REST_MS:
            pieces[-1] = pieces[-1][0], max(pieces[-1][1], end)
        else:
            pieces.append((begin, end))
    spread = [(begin - _LEAD_MS, end + _LEAD_MS) for begin, end in pieces]
    if spread[0][0] - _LONGEST_REST_MS <= shown.at < spread[0][0]:
        spread[0] = shown.at, spread[0][1]
    if spread[-1][1] < shown.at <= spread[-1][1] + _LONGEST_REST_MS:
        spread[-1] = spread[-1][0], shown.at
    return spread


def _clock(shown: Timeline, scale: Scale, zone: tzinfo, width: int) -> Line:
    row = Row(width)
    here = scale.column(shown.at)
    word = clock(datetime.fromtimestamp(shown.at / 1000, zone))
    start = min(max(_INDENT, here - 1), width - len(word) - 1)
    row.put(start, word, "strong", bold=True)
    taken = [(start - 1, start + len(word) + 1)]
    for stretch in shown.stretches:
        column = scale.column(stretch.begins)
        label = clock(datetime.fromtimestamp(stretch.begins / 1000, zone))
        end = column + len(label)
        # The clock where the viewer stands hides a label it would touch.
        if end <= width and all(end <= first or last <= column for first, last in taken):
            row.put(column, label, "dim")
            taken.append((column - 1, end + 1))
    return row.line()


def _track(shown: Timeline, scale: Scale, width: int) -> Line:
    track = {column: Span("─", "line") for column in range(_INDENT, width - _INDENT)}
    for start in scale.cuts:
        track.update(_letters(start, Span(_CUT, "line")))
    for stretch in shown.stretches:
        track.update(_race(stretch, scale))
    if shown.edge > shown.at:
        track[scale.column(shown.edge)] = Span("┃", "live", bold=True)
    track[scale.column(shown.at)] = Span("┃", "strong", bold=True)
    row = Row(width)
    row.run(_INDENT, *_joined(track[column] for column in sorted(track)))
    return row.line()


def _race(stretch: Stretch, scale: Scale) -> dict[int, Span]:
    begin, end = scale.column(stretch.begins), scale.column(stretch.ends)
    until = scale.column(stretch.skated)
    begun = stretch.skated > stretch.begins
    done, ahead = Span("━"), Span("╌", "dim")
    drawn = {
        column: done if begun and column <= until else ahead for column in range(begin, end + 1)
    }
    label = Span(f"{stretch.code} ", "strong" if begun else "text", bold=begun)
    return drawn | _letters(begin, label)


def _letters(column: int, span: Span) -> dict[int, Span]:
    return {column + index: span._replace(text=sign) for index, sign in enumerate(span.text)}


def _joined(spans: Iterable[Span]) -> list[Span]:
    """Return pieces with neighbours of one kind as one: each costs the terminal bytes."""
    joined: list[Span] = []
    for span in spans:
        if joined and joined[-1][1:] == span[1:]:
            joined[-1] = span._replace(text=joined[-1].text + span.text)
        else:
            joined.append(span)
    return joined


def _marks(marks: Sequence[Mark], scale: Scale, width: int) -> Line:
    row = Row(width)
    taken: list[tuple[int, int]] = []
    # Of two of one weight the later one stays: it is what still counts.
    for mark in sorted(marks, key=lambda each: (-each.weight, -each.at)):
        column = scale.column(mark.at)
        end = column + cell_len(mark.sign)
        if end <= width and all(end <= first or last <= column for first, last in taken):
            row.put(column, mark.sign, _ROLES.get(mark.kind, "text"), bold=True)
            taken.append((column - 1, end + 1))
    return row.line()
