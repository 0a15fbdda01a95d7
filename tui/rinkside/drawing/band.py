"""The band of large digits: the pair in view, side by side, where there is room for it."""

from __future__ import annotations

from typing import Final

from longtrack.action import Phase, next_pair
from longtrack.laps import lap_is_modelled
from longtrack.model import Entry, Passage, Race, Status
from longtrack.reference import Difference, MarkRank, Reference, lap_difference, ranks_at
from longtrack.times import gap_ms, ordinal, show_gap, show_time
from rinkside.comparing import Against, Compare
from rinkside.drawing import chart, digits, expected
from rinkside.drawing.compare import band_spans, gap, gap_role, reference_of
from rinkside.drawing.followed import put_sign
from rinkside.drawing.titles import band_title, family, group_word, margin, winning_margin
from rinkside.drawing.typeset import LETTERS, fitted, lane_role, lane_sign
from rinkside.ink import Line, Row, Span, width_of
from rinkside.scene import Scene

HEIGHT: Final = 5
"""Title, three rows of digits, and one that closes it."""
TALL: Final = 12
"""With the difference chart of a long distance: the pair one above the other, the chart beside."""


def band(scene: Scene, race: Race, width: int, height: int, *, tints: bool) -> list[Line]:
    """Draw the band.

    Args:
        scene: What to show.
        race: The scene's race.
        width: Columns.
        height: `HEIGHT`, or `TALL` for the one with the difference chart.
        tints: Whether the theme tints the band; where not, a rule closes it.
    """
    rows = [Row(width, "band") for _ in range(height - 1)]
    if scene.action.phase is Phase.OVER:
        _winner(scene, race, rows, width)
    elif height == TALL:
        _tall(scene, race, rows, width)
    else:
        half = width // 2
        free = rows if tints else rows[:-1]
        for index, entry in enumerate(scene.action.entries[:2]):
            _skater(scene, race, entry, free, index * half, half)
    if not tints:
        _rule(rows[-1])
    title = band_title(scene, race, width, indent=1, records=True)
    return [title, *(row.line() for row in rows)]


def _rule(row: Row) -> None:
    """Draw a rule through what is free of a row, a column away from what stands there."""
    column = 0
    for start, end in [*row.taken(0), (row.width + 1, row.width + 1)]:
        row.put(column, "─" * max(0, start - 1 - column), "line")
        column = max(column, end + 1)


def _tall(scene: Scene, race: Race, rows: list[Row], width: int) -> None:
    half = width // 2
    for entry, first in zip(scene.action.entries[:2], (1, 5), strict=False):
        _skater(scene, race, entry, rows[first : first + 4], 0, half)
    chart.draw(race, scene.compare, scene.action.entries, rows[: TALL - 1], half + 2, width - 1)
    following = _following(race, scene.action.pair)
    if following:
        spans = [
            Span(f"next {group_word(race, following[0].pair or 0)} {following[0].pair} ", "dim")
        ]
        for entry in following[:2]:
            spans += [
                Span(f" {lane_sign(entry)} ", lane_role(entry)),
                Span(f"{family(entry)} "),
            ]
        rows[-1].run(2, *_fitting(spans, half - 2))


def _following(race: Race, pair: int | None) -> tuple[Entry, ...]:
    coming = next_pair(race)
    return () if coming is None or coming == pair else race.starters(coming)


def _room_for_digits(race: Race) -> int:
    """Return the columns the longest usual time of the distance takes, whatever is in it."""
    metres = race.distance.metres
    if metres is not None and metres <= 500 and not race.distance.counts_laps:
        return digits.width("37.05")
    return digits.width("12:41.56" if race.distance.is_long else "1:41.56")


def _skater(scene: Scene, race: Race, entry: Entry, rows: list[Row], left: int, width: int) -> None:
    time, role = _time(entry)
    room = _room_for_digits(race)
    if time:
        _digits(rows, left + 2, time, role, room)
    text = left + 2 + room + 2
    rows[0].put(text, lane_sign(entry), lane_role(entry))
    put_sign(rows[0], text - 1, followed=entry.key in scene.followed.keys(race))
    name = fitted(entry.competitor, max(8, left + width - text - 2 - 5))
    after = rows[0].put(text + 2, name, "strong", bold=True)
    # The half on the right keeps the last column of the window free.
    beside = left + width - text - (3 if left else 2)
    finished = not _skating(entry)
    details = _finished(scene, race, entry) if finished else _under_way(scene, race, entry, beside)
    if len(details) > len(rows) - 1:
        # The expected finish has no row of its own.
        details[-2:] = [[*details[-2], *([Span("  ")] if details[-2] else []), *details[-1]]]
    for row, spans in zip(rows[1:], details, strict=False):
        row.run(text + 2, *_fitting(spans, beside))
    if entry.remarks:
        rows[0].put(after + 1, " ".join(entry.remarks), "loss", bold=True)


def _fitting(spans: list[Span], room: int) -> list[Span]:
    kept: list[Span] = []
    for span in spans:
        room -= width_of([span])
        if room < 0:
            break
        kept.append(span)
    return kept


def _digits(rows: list[Row], left: int, time: str, role: str, room: int) -> None:
    if digits.width(time) > room:
        # A fall at 500 m can take more than a minute: then the hundredths give way.
        time = time.rpartition(".")[0]
    for row, text in zip(rows, digits.large(time), strict=False):
        row.put(left, text, role)


def _skating(entry: Entry) -> bool:
    return entry.status in (Status.TO_START, Status.ON_ICE)


def _time(entry: Entry) -> tuple[str, str]:
    if entry.status is Status.FINISHED and entry.time_ms is not None:
        return show_time(entry.time_ms), "gold" if entry.rank == 1 else "strong"
    if entry.status is Status.ON_ICE and entry.last_passage is not None:
        return show_time(entry.last_passage.time_ms), "strong"
    return "", "strong"


def _place(rank: int | None) -> list[Span]:
    if rank is None:
        return []
    return [Span(f"  {ordinal(rank)}", "gold" if rank == 1 else "text", bold=True)]


def _virtual(place: MarkRank | None) -> list[Span]:
    if place is None:
        return []
    return [*_place(place.rank), *([Span("?", "warn")] if place.doubted else [])]


def _under_way(scene: Scene, race: Race, entry: Entry, room: int) -> list[list[Span]]:
    compare = scene.compare
    last = entry.last_passage
    if last is None:
        waiting = [Span("  re-skate", "warn", bold=True)] if entry.awaits_reskate else []
        return [[Span(entry.noc), *waiting], []]
    distance = race.distance
    at = f"lap {last.number}" if distance.counts_laps else f"{last.mark_m} m"
    place = ranks_at(race, last.mark_m).get(entry.key)
    where = [*_virtual(place), *band_spans(compare, gap(compare, race, entry))]
    # The gap is what matters most: a word gives way to a sign, then the country gives way.
    first: list[Span] = []
    for words in ("  modelled", "  ~"):
        model = [Span(words, "dim")] if last.modelled else []
        first = [Span(entry.noc), Span(f"  at {at}", "dim"), *where, *model]
        if width_of(first) <= room:
            break
    else:
        first = [Span(at, "dim"), *first[2:]]
    second = [_lap(compare, race, entry, last), expected.needs(race, entry)]
    between = [Span("  ")] if all(second) else []
    return [
        first,
        [*second[0], *between, *second[1]],
        expected.finish(scene.expected.get(entry.key)),
    ]


def _lap(compare: Compare, race: Race, entry: Entry, passage: Passage) -> list[Span]:
    if passage.number < 2 or passage.lap_ms is None:
        return []
    tilde = "~" if lap_is_modelled(entry, passage) else ""
    spans = [Span("lap ", "dim"), Span(tilde + show_time(passage.lap_ms))]
    theirs = reference_of(compare, race, entry)
    found = theirs and lap_difference(Reference.of(entry), theirs, passage.mark_m)
    if found:
        spans.append(Span(f" {show_gap(found.ms)}", gap_role(found.ms)))
    return spans


def _finished(scene: Scene, race: Race, entry: Entry) -> list[list[Span]]:
    if entry.status in LETTERS:
        return [[Span(entry.noc), Span(f"  {LETTERS[entry.status]}", "loss", bold=True)], []]
    first = [Span(entry.noc), *_place(entry.rank), *_margin_of(scene.compare, race, entry)]
    first += _broken(scene, race, entry)
    second: list[Span] = []
    if entry.passages and not race.distance.counts_laps:
        opener = entry.passages[0]
        shown = ("~" if opener.modelled else "") + show_time(opener.time_ms)
        second += [Span(f"{opener.mark_m} m ", "dim"), Span(shown)]
        if opener.rank is not None:
            second.append(Span(f" {ordinal(opener.rank)}", "dim"))
    lap = entry.passages[-1] if entry.passages else None
    if lap is not None and lap.number == race.distance.laps > 1 and lap.lap_ms is not None:
        word = "lap " if race.distance.laps == 2 else "last "
        tilde = "~" if lap_is_modelled(entry, lap) else ""
        second += [Span("   " + word, "dim"), Span(tilde + show_time(lap.lap_ms))]
    return [first, second]


def _broken(scene: Scene, race: Race, entry: Entry) -> list[Span]:
    spans: list[Span] = []
    for record in scene.book.broken(race, scene.meet).get(entry.key, ()):
        if entry.time_ms is not None:
            under = show_time(-gap_ms(entry.time_ms, record.time_ms))
            spans += [
                Span(f"  {record.kind}", "record", bold=True),
                Span(f" {under} under {show_time(record.time_ms)}", "dim"),
            ]
    return spans


def _margin_of(compare: Compare, race: Race, entry: Entry) -> list[Span]:
    """Return a finisher's gap; the leader's own is to the second, ahead."""
    found, leader = gap(compare, race, entry), race.leader
    if compare.against is Against.LEADER and leader is not None and leader.key == entry.key:
        lead = margin(race)
        finish = race.distance.marks[-1]
        found = None if lead is None else Difference(-lead, finish)
    return band_spans(compare, found)


def _winner(scene: Scene, race: Race, rows: list[Row], width: int) -> None:
    leader = race.leader
    if leader is None or leader.time_ms is None:
        return
    _digits(rows, 2, show_time(leader.time_ms), "gold", width)
    text = 2 + max(_room_for_digits(race), digits.width(show_time(leader.time_ms))) + 2
    rows[0].put(text, lane_sign(leader), lane_role(leader))
    put_sign(rows[0], text - 1, followed=leader.key in scene.followed.keys(race))
    rows[0].put(text + 2, fitted(leader.competitor, width - text - 4), "gold", bold=True)
    won = winning_margin(race)
    first = [Span(leader.noc), *([Span(f"  {won}")] if won else []), *_broken(scene, race, leader)]
    rows[1].run(text + 2, *first)
    others = race.finished[1:3]
    told = ", ".join(
        f"{entry.rank} {fitted(entry.competitor, 24)} "
        f"{show_time(entry.time_ms) if entry.time_ms is not None else ''}".rstrip()
        for entry in others
    )
    rows[2].put(text + 2, told, "dim")
