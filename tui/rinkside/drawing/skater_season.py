"""A skater's season on the page: the races of each cup with the rank through it, and the bests."""

from __future__ import annotations

from typing import Final

from longtrack.points import season_words
from longtrack.records import Best, Record
from longtrack.times import show_time
from rinkside.cup_scene import CupScene
from rinkside.cup_scene import View as CupView
from rinkside.drawing import cup_chart, cup_skater
from rinkside.drawing.typeset import cut
from rinkside.ink import Line, Row, Span, beside, blank, indented, width_of
from rinkside.skater_scene import Bests, SkaterScene, Winter

_LIST: Final = 42
_WIDE_LIST: Final = 52
_WIDE: Final = 110
_LEAST_CHART: Final = 30
_MOST_CHART: Final = 64
_CHART_ROWS: Final = 9

_DOUBTS: Final = {"medium": "?", "low": "??"}
"""What stands after a time whose source is not the best there is."""


def season(page: SkaterScene, width: int) -> list[Line]:
    """Draw the races of the season cup by cup, and the rank in each through it."""
    if page.season is None:
        return _nothing(width, "The season is being read.")
    if not page.winters:
        words = f"No World Cup race of {season_words(page.season.year)} is known."
        return _nothing(width, words)
    lines = [blank(width)]
    for winter in page.winters:
        lines += [*_winter(page, winter, width), blank(width)]
    return lines[:-1]


def _winter(page: SkaterScene, winter: Winter, width: int) -> list[Line]:
    cup, standing = winter
    scene = CupScene(CupView(cup.code, cursor=standing.key), cup.year, cup, page.scene.feed)
    heading = Row(width)
    column = heading.put(1, cup.code, "strong", bold=True)
    said = cup_skater.sentence(cup, standing, width - column - 2)
    heading.run(column + 2, *said.spans)
    listed = _WIDE_LIST if width >= _WIDE else min(_LIST, width - 2)
    races = cup_skater.races(scene, standing, listed)
    room = min(_MOST_CHART, width - listed - 5)
    if room >= _LEAST_CHART:
        plot = max(cup_chart.LEAST_ROWS, min(_CHART_ROWS, len(races) - cup_chart.EXTRA))
        chart = cup_skater.chart(cup, standing, room, plot) or [blank(room)]
        races = beside(races, chart, (Span("   "),))
    else:
        races += cup_skater.chart(cup, standing, listed, cup_chart.LEAST_ROWS)
    return [heading.line(), *(_filled(line, width) for line in indented(races))]


def _filled(line: Line, width: int) -> Line:
    return Line((*line.spans, Span(" " * max(0, width - width_of(line.spans)))))


def bests(page: SkaterScene, width: int) -> list[Line]:
    """Draw personal and season bests by distance, and the track records of here beside them."""
    if width >= _WIDE:
        return _table(page, width)
    lines = [blank(width)]
    for each in page.bests:
        lines += _block(each, width)
    return [*lines, *_explained(page, width)]


def doubt(best: Best) -> str:
    """Return what stands after a time that may be another: ``?``, or ``??`` where it well may."""
    return _DOUBTS.get(best.sure, "")


def _explained(page: SkaterScene, width: int) -> list[Line]:
    doubts = {doubt(best) for each in page.bests for best in (each.personal, each.season) if best}
    words = {"?": "? by one source", "??": "?? not sure"}
    said = "   ".join(text for sign, text in words.items() if sign in doubts)
    row = Row(width)
    row.put(1, said, "warn")
    return [row.line()] if said else []


_PERSONAL, _SEASON, _TRACK = 10, 52, 94
"""Where the columns of the table begin."""


def _table(page: SkaterScene, width: int) -> list[Line]:
    heading = Row(width)
    heading.put(1, "distance", "heading")
    heading.put(_PERSONAL + 3, "personal best", "heading")
    heading.put(_SEASON + 3, "season best", "heading")
    city = page.scene.meet.event.city
    heading.put(_TRACK + 3, cut(f"track record {city}", width - _TRACK - 4), "heading")
    lines = [blank(width), heading.line()]
    for each in page.bests:
        row = Row(width)
        row.right(9, f"{each.event[1:]} m", "strong", bold=True)
        _best(row, _PERSONAL, each.personal, _SEASON)
        _best(row, _SEASON, each.season, _TRACK)
        _record(row, _TRACK, each.track, width)
        lines.append(row.line())
    explained = _explained(page, width)
    return [*lines, *([blank(width), *explained] if explained else [])]


def _block(bests: Bests, width: int) -> list[Line]:
    rows = [Row(width) for _ in range(4)]
    rows[0].put(1, f"{bests.event[1:]} m", "strong", bold=True)
    for row, word in zip(rows, ("personal", "season", "track"), strict=False):
        row.put(9, word, "heading")
    _best(rows[0], 17, bests.personal, width)
    _best(rows[1], 17, bests.season, width)
    _record(rows[2], 17, bests.track, width)
    return [row.line() for row in rows]


def _best(row: Row, start: int, best: Best | None, end: int) -> None:
    if best is None:
        row.put(start + 3, "not known", "dim")
        return
    row.right(start + 10, show_time(best.time_ms), "text", bold=True)
    row.put(start + 10, doubt(best), "warn")
    if best.on is not None:
        row.put(start + 13, f"{best.on.day:>2} {best.on:%b %Y}", "dim")
    row.put(start + 26, cut(best.place, max(0, end - start - 27)))


def _record(row: Row, start: int, record: Record | None, width: int) -> None:
    if record is None:
        row.put(start + 3, "not known", "dim")
        return
    row.right(start + 10, show_time(record.time_ms), "record")
    year = f" {record.year}" if record.year else ""
    room = max(0, width - start - 14 - len(year))
    row.put(start + 13, f"{cut(record.holder, room)}{year}", "dim")


def _nothing(width: int, words: str) -> list[Line]:
    row = Row(width)
    row.put(1, words, "dim")
    return [blank(width), row.line()]
