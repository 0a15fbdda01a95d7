"""The programme: all days and races of a meet, with starts in both clocks."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime, tzinfo

import msgspec

from longtrack.model import Division, Gender, Meet, Race, Stage
from longtrack.times import show_time
from longtrack.timetable import NextStart
from rinkside.drawing.followed import SIGN, News, put_sign, ways
from rinkside.drawing.header import titled
from rinkside.drawing.manner import short_clock
from rinkside.drawing.titles import family, gender_word
from rinkside.drawing.typeset import cut, written_name
from rinkside.followed import Followed
from rinkside.ink import Act, Line, Row, Span, blank, width_of
from rinkside.scene import Feed, races_of

_FOLLOW = 1
_CODE = 3
_TITLE = 12
_ROOM_FOR_TITLE = 90
_ROOM_FOR_LONG_TITLE = 110
_ROOM_FOR_HERE = 76


class Item(msgspec.Struct, frozen=True):
    """A line of the programme: a day's heading, or a race."""

    day: str = ""
    race: Race | None = None


def items(meet: Meet) -> list[Item]:
    """Return the programme from top to bottom, by day and start."""
    listed: list[Item] = []
    for day in meet.days:
        listed.append(Item(day=f"{day:%A} {day.day} {day:%B}"))
        races = [race for division in Division for race in races_of(meet, day, division)]
        listed += [Item(race=race) for race in sorted(races, key=_in_time)]
    return listed


def _in_time(race: Race) -> tuple[bool, float, int]:
    start = race.planned or race.start
    return start is None, start.timestamp() if start else 0.0, race.number


class _Places(msgspec.Struct, frozen=True):
    """Where the columns of the programme stand."""

    title: int | None
    planned: int
    actual: int
    here: int | None
    state: int

    @classmethod
    def within(cls, width: int, *, two_clocks: bool) -> _Places:
        title = _TITLE if width >= _ROOM_FOR_TITLE else None
        planned = (46 if width >= _ROOM_FOR_LONG_TITLE else 40) if title else _TITLE
        actual = planned + 8
        here = actual + 8 if two_clocks and width >= _ROOM_FOR_HERE else None
        return cls(title, planned, actual, here, actual + (17 if here else 9))


def heading(
    meet: Meet,
    at: datetime,
    here: tzinfo,
    width: int,
    feed: Feed,
    said: News = News(),  # noqa: B008
) -> list[Line]:
    """Draw the two lines on top: what this is and how fresh, and what stands where."""
    places = _Places.within(width, two_clocks=_differs(at, here))
    heads = Row(width)
    if places.title is not None:
        heads.put(places.title, "race", "heading")
    heads.put(places.planned, "planned", "heading")
    heads.put(places.actual, " start", "heading")
    if places.here is not None:
        heads.put(places.here, "for you", "heading")
    heads.put(places.state, "state", "heading")
    return [titled("Programme", meet.event, at, width, feed, said), heads.line()]


def rows(
    meet: Meet,
    listed: list[Item],
    at: datetime,
    here: tzinfo,
    width: int,
    *,
    cursor: int,
    followed: Followed = Followed(),  # noqa: B008
    starts: Sequence[NextStart] = (),
    winners: bool = True,
) -> list[Line]:
    """Draw the programme's lines, the race under the cursor marked.

    Args:
        meet: The meet.
        listed: Its programme, as `items` returns it.
        at: The present, on the rink's clock.
        here: The viewer's own time zone.
        width: Columns.
        cursor: The line under the cursor.
        followed: Whom the viewer follows.
        starts: Their starts to come, the soonest first.
        winners: Whether it is told who leads and who has won.
    """
    places = _Places.within(width, two_clocks=_differs(at, here))
    return [
        _race(
            meet,
            item.race,
            places,
            here,
            width,
            marked=index == cursor,
            followed=bool(followed.among(item.race)),
            next_up=_next_up(item.race, starts, at),
            winners=winners,
        )
        if item.race is not None
        else _day(item.day, width)
        for index, item in enumerate(listed)
    ] or [blank(width)]


def _day(name: str, width: int) -> Line:
    row = Row(width)
    row.put(1, name, "strong", bold=True)
    return row.line()


def _next_up(race: Race, starts: Sequence[NextStart], at: datetime) -> list[list[Span]]:
    """Return who of those who are followed starts next in a race, the fullest form first."""
    waiting = [start for start in starts if start.race.number == race.number]
    if not waiting:
        return []
    first, more = waiting[0], f" +{len(waiting) - 1}" if len(waiting) > 1 else ""
    # The day stands above the race.
    day = (first.begins or at).astimezone(at.tzinfo)
    return [
        [
            Span(f"{SIGN} {family(first.entry)}", "follow", bold=True),
            Span(f" {words}".rstrip()),
            Span(more, "dim"),
        ]
        for words in ways(first, day)
    ]


def _race(
    meet: Meet,
    race: Race,
    places: _Places,
    here: tzinfo,
    width: int,
    *,
    marked: bool,
    followed: bool,
    next_up: list[list[Span]],
    winners: bool,
) -> Line:
    row = Row(width, "cursor" if marked else "ground", Act("point", (race.number,)))
    if marked:
        row.put(0, "►", "key", bold=True)
    put_sign(row, _FOLLOW, followed=followed)
    row.put(_CODE, race.code, "strong" if race.live else "text", bold=race.live)
    if places.title is not None:
        words = race.title or f"{race.code} {gender_word(race)}"
        if "Division" not in words and race.gender is not Gender.MIXED:
            words = f"{words} Division {race.division}"
        row.put(places.title, cut(words, places.planned - places.title - 1), "dim")
    planned, start = race.planned or race.start, race.start
    zone = meet.event.zone
    if planned is not None:
        row.put(places.planned + 1, short_clock(planned.astimezone(zone)))
    if start is not None and (race.begun or race.live or _moved(race)):
        late = _moved(race)
        row.put(places.actual + 1, short_clock(start.astimezone(zone)), "warn" if late else "dim")
    begins = start or planned
    if places.here is not None and begins is not None:
        row.put(places.here + 1, short_clock(begins.astimezone(here)), "dim")
    row.run(places.state, *state(race, width - places.state - 1, next_up, winners=winners))
    return row.line()


def _moved(race: Race) -> bool:
    return (
        race.start is not None
        and race.planned is not None
        and abs((race.start - race.planned).total_seconds()) >= 60
    )


def state(race: Race, room: int, next_up: list[list[Span]], *, winners: bool) -> list[Span]:
    """Return how far a race is.

    Args:
        race: The race.
        room: Columns there are for it.
        next_up: Who of those who are followed starts next in it, the fullest form first.
        winners: Whether it is told who leads and who has won.
    """
    leader = race.leader
    live = [Span("live", "live", bold=True)] if race.live else []
    if race.live or leader is None:
        for words in next_up:
            spans = [*live, *([Span("  ")] if live else []), *words]
            if width_of(spans) <= room:
                return spans
    if not winners and (race.live or leader is not None):
        return live or [Span("skated", "dim")]
    if race.live:
        who = f"  {written_name(leader.competitor)} leads" if leader else ""
        return [*live, Span(cut(who, room - 4))]
    if leader is not None:
        time = f" {show_time(leader.time_ms)}" if leader.time_ms is not None else ""
        mark = "" if race.official else "  provisional"
        name = cut(written_name(leader.competitor), max(8, room - len(time) - len(mark)))
        return [Span(name), Span(time, "gold"), Span(mark, "warn")]
    if race.stage in (Stage.UNKNOWN, Stage.OFFICIAL):
        return [Span("result not known", "dim")]
    if race.entries:
        first = race.starters(race.pairs[0]) if race.pairs else ()
        names = " and ".join(written_name(entry.competitor) for entry in first[:2])
        return [Span(cut(f"first: {names}" if names else "start list", room), "dim")]
    return [Span("no start list yet", "dim")]


def _differs(at: datetime, here: tzinfo) -> bool:
    return at.astimezone(here).utcoffset() != at.utcoffset()
