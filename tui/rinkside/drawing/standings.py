"""The standings of a cup: a line a skater, with the points of each race."""

from __future__ import annotations

from typing import Final

import msgspec

from longtrack.model import Division, Gender, Status
from longtrack.points import season_words
from longtrack.season import CUPS
from longtrack.standings import Column as CupRace
from longtrack.standings import Score, Standing
from longtrack.times import MINUS
from rinkside.cup_scene import CupScene
from rinkside.drawing.cup import move_sign
from rinkside.drawing.cup_columns import CupColumns, columns
from rinkside.drawing.followed import News, put_sign
from rinkside.drawing.header import freshness, headline
from rinkside.drawing.titles import called
from rinkside.drawing.typeset import LETTERS, MEDALS, cut, fitted
from rinkside.ink import Act, Line, Row, Span, blank, width_of

STANDINGS: Final = "World Cup standings"

_ROOM_FOR_GENDERS: Final = 68
"""Below this the codes on the tabs have to say whose cups they are."""

_NOT_THERE: Final = (Status.DNS, Status.WDR)


class Table(msgspec.Struct, frozen=True):
    """Drawn standings.

    Attributes:
        lines: As many lines as there was room for.
        order: Keys of all rows, best first.
        first: The first of them that is shown.
        shown: How many of them are shown.
    """

    lines: list[Line]
    order: tuple[str, ...]
    first: int
    shown: int


def header(
    scene: CupScene,
    width: int,
    what: str = STANDINGS,
    said: News = News(),  # noqa: B008
) -> Line:
    """Draw what this is, what is said of those who are followed, and how fresh the data is."""
    return headline(width, _titles(scene, what), [freshness(scene.feed)], said)


def _titles(scene: CupScene, what: str) -> list[list[Span]]:
    season = season_words(scene.year) if scene.year is not None else ""
    short = what.removeprefix("World Cup ").capitalize()
    cup = scene.cup
    if cup is not None and scene.view.alone and what == STANDINGS:
        about = [(f"{season} {cup.meet_city} alone", "live"), (f"{cup.meet_city} alone", "live")]
    else:
        after = cup.after if cup is not None else ""
        about = [(f"{season} {after}".strip(), "text"), (season, "text")]
    return [
        [Span(title, "strong", bold=True), *_parted(words, role)]
        for title, (words, role) in (
            (what, about[0]),
            (what, about[1]),
            (short, about[1]),
            (short, ("", "text")),
        )
    ]


def _parted(words: str, role: str) -> list[Span]:
    return [Span(" · ", "dim"), Span(words, role)] if words else []


def tabs(scene: CupScene, width: int) -> Line:
    """Draw the cups with their keys, and women and men."""
    row = Row(width, "header")
    gender = Gender(scene.view.cup[0])
    other = Act("gender")
    genders: list[Span] = [Span("w ", "key", act=other)]
    for each, word in ((Gender.WOMEN, " Women "), (Gender.MEN, " Men ")):
        here = each is gender
        genders.append(
            Span(word, "strong", bold=True, ground="tab") if here else Span(word, "dim", act=other)
        )
    start = row.run_right(width - 1, *genders) if width >= _ROOM_FOR_GENDERS else width
    spans = _tabs(scene, gender, scene.live)
    if 1 + width_of(spans) + 1 > start:
        spans = _tabs(scene, gender, frozenset())
    row.run(1, *spans)
    return row.line()


def cups_of(gender: Gender) -> tuple[str, ...]:
    """Return the cups of women or of men, in the order of their keys."""
    return tuple(cup for cup in CUPS if cup[0] == gender)


def _tabs(scene: CupScene, gender: Gender, live: frozenset[str]) -> list[Span]:
    return [
        span
        for number, cup in enumerate(cups_of(gender), start=1)
        for span in _tab(cup, number, here=cup == scene.view.cup, live=cup in live)
    ]


def _tab(cup: str, number: int, *, here: bool, live: bool) -> list[Span]:
    ground, act = "tab" if here else None, Act("cup", (number,))
    return [
        Span(f" {number} ", "key", bold=here, ground=ground, act=act),
        Span(cup, "strong" if here else "text", bold=here, ground=ground, act=act),
        *([Span(" live", "live", bold=here, ground=ground, act=act)] if live else []),
        Span(" ", ground=ground, act=act),
    ]


def table(scene: CupScene, width: int, height: int, window: int) -> Table:
    """Draw the heading and as many rows as there is room for, the cursor's among them.

    Args:
        scene: What to show.
        width: Columns.
        height: Lines, the heading included.
        window: Columns of the whole window.
    """
    rows, cup = scene.rows, scene.cup
    place = columns(cup.now.columns if cup is not None else (), width, window)
    room = max(0, height - 1)
    chosen = scene.chosen
    at = rows.index(chosen) if chosen is not None else 0
    first = min(max(scene.view.scroll, at - room + 1, 0), at)
    first = min(first, max(0, len(rows) - room))
    shown = rows[first : first + room]
    reach = f"{first + 1}–{first + len(shown)} of {len(rows)}" if len(shown) < len(rows) else ""
    lines = [_heading(scene, place, width, reach)]
    lines += [_row(scene, row, place, width) for row in shown]
    if not rows:
        empty = Row(width)
        empty.put(place["name"].start, cut(_why_empty(scene), width - place["name"].start - 1))
        lines.append(empty.line())
    lines += [blank(width)] * (height - len(lines))
    return Table(lines[:height], tuple(row.key for row in rows), first, len(shown))


def _why_empty(scene: CupScene) -> str:
    if scene.cup is None:
        return "The season is being read."
    if scene.view.only_followed and scene.cup.now.rows:
        return "Nobody you follow has points in this cup; F shows all."
    if scene.view.nation is not None and scene.cup.now.rows:
        return f"Nobody of {scene.view.nation} has points in this cup."
    if scene.view.alone:
        return f"Nobody has points in this cup from {scene.cup.meet_city} yet."
    return "No race of this cup has been held."


def _heading(scene: CupScene, place: CupColumns, width: int, reach: str) -> Line:
    row = Row(width)
    name, cup = place["name"].start, scene.cup
    code = Span(scene.view.cup, "strong", bold=True)
    if cup is None or not cup.now.rows:
        row.run(name, code)
        return row.line()
    for column, head in (("first", "to 1st"), ("next", "to next"), ("last", "last")):
        if column in place:
            end = place[column].end
            row.right(end, head, "heading")
    end = row.right(place["total"].end, "total", "heading")
    for start, city in place.heads:
        row.put(start, city, "heading")
    count = len(cup.now.columns)
    races = Span(f" {count} race{'' if count == 1 else 's'}", "heading")
    nation = [Span(f"  {scene.view.nation} only", "live")] if scene.view.nation else []
    if scene.view.only_followed:
        nation = [Span(f"  {len(scene.rows)} followed", "live")]
    counting = cup.counting
    skated = []
    if counting is not None:
        skated = [Span(f"  {counting.finished} of {counting.starters} in", "live")]
    reached = [Span(f"  {reach}", "heading")] if reach else []
    for spans in (
        [code, races, *nation, *skated, *reached],
        [code, races, *nation, *skated],
        [code, *nation, *skated],
        [code, *nation],
    ):
        if name + width_of(spans) < end:
            row.run(name, *spans)
            break
    return row.line()


def _row(scene: CupScene, standing: Standing, place: CupColumns, width: int) -> Line:
    cup = scene.cup
    assert cup is not None
    under_cursor = scene.chosen is not None and standing.key == scene.chosen.key
    row = Row(width, "cursor" if under_cursor else "ground", Act("point", (standing.key,)))
    if under_cursor:
        row.put(0, "►", "key", bold=True)
    put_sign(row, place["follow"].start, followed=standing.key in scene.followed)
    waits, rank = cup.is_to_skate(standing.key), cup.shown_rank(standing)
    podium = rank <= 3 and not waits
    row.right(place["rank"].end, str(rank), MEDALS[rank] if podium else "dim", bold=podium)
    if "move" in place:
        _move(row, place["move"].end, cup.moved(standing))
    name, role = place["name"], "dim" if waits else "strong" if podium else "text"
    row.put(name.start, fitted(standing.competitor, name.width), role, bold=podium)
    row.right(place["noc"].end, standing.competitor.noc, "dim" if waits else "text")
    row.right(
        place["total"].end, str(standing.points), "text" if waits else "strong", bold=not waits
    )
    rows = cup.now.rows
    if "first" in place and standing.rank > 1:
        row.right(place["first"].end, _gap(standing, rows[0]), "dim")
    if "next" in place:
        better = better_than(standing, rows)
        if better is not None:
            row.right(place["next"].end, _gap(standing, better), "dim")
    if "last" in place:
        _points(row, place["last"].end, scene, standing, cup.now.columns[-1])
    for race, column in place.races:
        _points(row, column.end, scene, standing, race)
    return row.line()


def _move(row: Row, end: int, gained: int | None) -> None:
    if gained is None:
        row.right(end, "new", "dim")
    elif gained:
        row.right(end, move_sign(gained), "gain" if gained > 0 else "loss")


def _gap(standing: Standing, better: Standing) -> str:
    gap = better.points - standing.points
    return f"{MINUS}{gap}" if gap else "0"


def better_than(standing: Standing, rows: tuple[Standing, ...]) -> Standing | None:
    """Return the last row with a better rank than somebody's."""
    return next((row for row in reversed(rows) if row.rank < standing.rank), None)


def _points(row: Row, end: int, scene: CupScene, standing: Standing, race: CupRace) -> None:
    """Put the points of a race before a column, the letter of a Division B in the last one."""
    points, letter, role = points_of(scene, standing, race)
    row.right(end - 1, points, role, bold=role in MEDALS.values())
    row.put(end - 1, letter, role)


def points_of(scene: CupScene, standing: Standing, race: CupRace) -> tuple[str, str, str]:
    """Return somebody's points of a race, the letter of a Division B, and their role."""
    score = standing.score(race)
    if score is None:
        cup = scene.cup
        to_come = cup is not None and cup.may_score(standing.key, race)
        return "·" if to_come else "—", "", "dim"
    if score.result.status in _NOT_THERE:
        return "—", "", "dim"
    if score.division is Division.B:
        return str(score.points), "b", "dim"
    return str(score.points), "", MEDALS.get(score.result.rank or 0, "text")


def place_of(score: Score) -> str:
    """Return a place: ``3``, ``2b`` in Division B, or why there is none: ``DQ``."""
    if score.result.status in LETTERS and score.result.rank is None:
        return LETTERS[score.result.status]
    letter = "b" if score.division is Division.B else ""
    return f"{score.result.rank or '?'}{letter}"


def places(scene: CupScene, width: int) -> Line:
    """Draw the places of the cursor's skater, race by race; the newest ones where not all fit."""
    row = Row(width)
    standing, cup = scene.chosen, scene.cup
    if standing is None or cup is None:
        return row.line()
    column = row.put(1, called(standing.competitor), "text", bold=True, within=width // 3)
    column = row.put(column, "  places ", "dim")
    words = []
    for race in cup.now.columns:
        score = standing.score(race)
        if score is None:
            words.append(("·" if cup.may_score(standing.key, race) else "—", "dim"))
        else:
            medal = score.division is Division.A and score.result.rank in MEDALS
            role = MEDALS[score.result.rank or 0] if medal else "text"
            words.append((place_of(score), role))
    while words and sum(len(word) + 2 for word, _ in words) - 2 > width - column - 1:
        words = [("…", "dim"), *words[2:]]
    for word, role in words:
        column = row.put(column, word, role, bold=role in MEDALS.values()) + 2
    return row.line()


def note(scene: CupScene, width: int) -> Line | None:
    """Draw what is to be known about the figures; None where there is nothing."""
    said: list[str] = []
    cup = scene.cup
    if scene.feed.note_role == "error" and scene.feed.note:
        row = Row(width)
        row.put(2, cut(scene.feed.note, width - 3), "error", bold=True)
        return row.line()
    if cup is not None and cup.missing:
        said.append(f"missing: {', '.join(cup.missing)}")
    if cup is not None and cup.scale_year != cup.year:
        said.append(f"by the {season_words(cup.scale_year)} table")
    if not said:
        return None
    row = Row(width)
    row.put(2, cut(" · ".join(said), width - 3), "warn")
    return row.line()
