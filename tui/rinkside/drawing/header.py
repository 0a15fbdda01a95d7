"""The two lines on top: which meet and how fresh, and the races of the day."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime

from longtrack.model import Division, Event, Race, Stage, Status
from longtrack.times import MINUS
from rinkside.drawing.followed import SIGN, News, news
from rinkside.drawing.manner import clock, degrees, short_clock
from rinkside.drawing.titles import family
from rinkside.drawing.typeset import cut
from rinkside.ink import Act, Line, Row, Span, width_of
from rinkside.scene import Feed, Scene

_ROOMY = 110
"""From here on words are written out and the keys for day and division are shown."""


def header(scene: Scene, width: int) -> Line:
    """Draw the meet, the rink's clock, the age of the data and where it comes from."""
    # The viewer's own clock gives way to the name of the meet, then the date does.
    clocks = [[*clock, *freshness(scene.feed)] for clock in _clocks(scene, width)]
    return headline(width, _places(scene, width), clocks, news(scene, race=scene.race))


def headline(
    width: int,
    lefts: Sequence[Sequence[Span]],
    rights: Sequence[Sequence[Span]],
    said: News = News(),  # noqa: B008
) -> Line:
    """Draw the line on top of a screen.

    Args:
        width: Columns.
        lefts: Ways to say what the screen is about, the fullest first. The last two give way to
            nothing as long as there is room, then the last alone does.
        rights: Ways to tell time and freshness, the fullest first.
        said: What is said of those who are followed; it stands before the clock.
    """
    row = Row(width, "header")
    *_, title, least = lefts
    ways = [(title, words) for words in said.of_several]
    ways += [(left, words) for words in said.of_one or ((),) for left in (title, least)]
    for left, words, right in ((left, words, right) for left, words in ways for right in rights):
        spans = [*words, Span("   "), *right] if words else right
        if 1 + width_of(left) + 2 <= width - 1 - width_of(spans):
            break
    else:
        # What there is to say is cut before the age of the data is.
        words, right = ways[-1][1], rights[-1]
        spans = [*_cut(words, width - 3 - width_of(right)), Span(" "), *right] if words else right
    start = row.run_right(width - 1, *spans)
    for left in lefts:
        if 1 + width_of(left) + 2 <= start:
            row.run(1, *left)
            break
    return row.line()


def titled(
    title: str,
    event: Event,
    at: datetime,
    width: int,
    feed: Feed,
    said: News = News(),  # noqa: B008
) -> Line:
    """Draw the first line of a screen about a whole meet.

    Args:
        title: What the screen shows.
        event: The meet.
        at: Where the playhead stands, on the rink's clock.
        width: Columns.
        feed: How fresh the data is.
        said: What is said of those who are followed.
    """
    date = Span(f"{at:%a} {at.day} {at:%b}  ")
    time = [Span(clock(at)), *freshness(feed)]
    names = [f" · {name}" for name in (event.city, event.title) if name]
    titles = [
        [Span(title, "strong", bold=True), Span("".join(shown))] for shown in (names, names[:1], [])
    ]
    return headline(width, titles, [[date, *time], time], said)


def _cut(spans: Sequence[Span], room: int) -> list[Span]:
    kept: list[Span] = []
    for span in spans:
        text = cut(span.text, room)
        room -= width_of([span])
        if text:
            kept.append(span._replace(text=text))
    return kept


def freshness(feed: Feed) -> list[Span]:
    """Return the age of the data and the pill, which are on every screen."""
    pills = [Span(f" {feed.pill} ", "pill-text", bold=True, ground=feed.pill_role)]
    if feed.second_pill:
        pills = [Span(f" {feed.second_pill} ", "pill-text", ground="pill-off"), Span(" "), *pills]
    age = []
    if feed.age:
        role = "error" if feed.late else "dim"
        age = [Span("   "), Span(feed.age, role, bold=feed.late)]
    return [*age, Span(" "), *pills]


def _places(scene: Scene, width: int) -> list[list[Span]]:
    event = scene.meet.event
    city = [Span(event.city or event.title, "strong", bold=True)]
    short = event.title.replace("World Cup", "WC") if width < 80 else event.title
    title = [Span(" · ", "dim"), Span(short)] if event.city else []
    venue = [Span(" · ", "dim"), Span(event.venue, "dim")] if event.venue else []
    forms = [[*city, *title], city]
    if width >= _ROOMY:
        forms.insert(0, [*city, *title, *venue])
    if width >= 150:
        forms.insert(0, [*city, *title, *venue, *_conditions(scene.race)])
    return forms


def _conditions(race: Race | None) -> list[Span]:
    measured = race.conditions if race else None
    if measured is None:
        return []
    parts = []
    if measured.ice_c is not None:
        parts.append(f"ice {_signed(measured.ice_c)}")
    if measured.air_c is not None:
        parts.append(f"air {_signed(measured.air_c)}")
    if measured.humidity_pct is not None:
        parts.append(f"hum {measured.humidity_pct:.0f} %")
    return [Span("   " + "  ".join(parts), "dim")] if parts else []


def _signed(celsius: float) -> str:
    return degrees(celsius).replace("-", MINUS)


def _clocks(scene: Scene, width: int) -> list[list[Span]]:
    """Return the ways to show the time, the fullest first."""
    now = scene.now
    key = [Span("d ", "key", act=Act("day", (1,)))] if width >= _ROOMY else []
    day = [Span(f"{now:%a} {now.day} {now:%b}  ")] if width >= 72 else []
    time = [Span(clock(now))]
    forms = [[*key, *day, *time], time]
    mine = now.astimezone(scene.here)
    if mine.utcoffset() != now.utcoffset() and width >= 80:
        forms.insert(0, [*forms[0], Span(f" · {clock(mine)} you", "dim")])
    return forms


def tabs(scene: Scene, width: int) -> Line:
    """Draw the day's races with their keys, and the two divisions."""
    row = Row(width, "header")
    long = width >= _ROOMY
    other = Act("division")
    divisions: list[Span] = [Span("b  ", "key", act=other)]
    for division in Division:
        word = f" Division {division} " if long else f" {division} "
        here = division is scene.division
        divisions.append(
            Span(word, "strong", bold=True, ground="tab") if here else Span(word, "dim", act=other)
        )
    start = row.run_right(width - 1, *divisions)
    row.run(1, *_fitting(scene, start - 2))
    if not scene.tabs:
        row.put(2, f"no race of Division {scene.division} on this day", "dim")
    return row.line()


def _fitting(scene: Scene, room: int) -> list[Span]:
    """Return all tabs, or those round the race on screen with ``…`` where some are left out."""
    drawn: list[list[Span]] = []
    for detail in (True, False):
        drawn = [
            _tab(scene, race, index + 1, detail=detail) for index, race in enumerate(scene.tabs)
        ]
        spans = [span for tab in drawn for span in tab]
        if width_of(spans) <= room:
            return spans
    number = scene.race.number if scene.race else None
    first = next((i for i, race in enumerate(scene.tabs) if race.number == number), 0)
    last = first + 1

    def shown(first: int, last: int) -> list[Span]:
        inner = [span for tab in drawn[first:last] for span in tab]
        before = [Span("… ", "dim")] if first else []
        return [*before, *inner, *([Span(" …", "dim")] if last < len(drawn) else [])]

    while True:
        wider = [(first, last + 1), (first - 1, last)]
        fits = [
            (a, b) for a, b in wider if a >= 0 and b <= len(drawn) and width_of(shown(a, b)) <= room
        ]
        if not fits:
            return shown(first, last)
        first, last = fits[0]


def _tab(scene: Scene, race: Race, number: int, *, detail: bool) -> list[Span]:
    here = scene.race is not None and race.number == scene.race.number
    ground, act = "tab" if here else None, Act("race", (number,))
    key = str(number) if number <= 9 else " "
    sign = SIGN if _is_awaited(scene, race) else " "
    spans = [
        Span(f" {key}", "key", bold=here, ground=ground, act=act),
        Span(sign, "follow", bold=True, ground=ground, act=act),
        Span(race.code, "strong" if here else "text", bold=here, ground=ground, act=act),
    ]
    if race.live:
        spans.append(Span(" live", "live", bold=here, ground=ground, act=act))
    elif detail:
        spans.append(Span(_state_of(scene, race), "dim", ground=ground, act=act))
    spans.append(Span(" ", ground=ground, act=act))
    return spans


def _is_awaited(scene: Scene, race: Race) -> bool:
    """Tell whether anybody who is followed is on the ice in a race, or still to start."""
    return not race.official and any(
        entry.status in (Status.TO_START, Status.ON_ICE) for entry in scene.followed.among(race)
    )


def _state_of(scene: Scene, race: Race) -> str:
    if race.leader is not None and race.stage in (Stage.OFFICIAL, Stage.PROVISIONAL):
        return "" if scene.spoiler_free else f" {family(race.leader)}"
    start = race.start or race.planned
    if race.stage is Stage.UPCOMING and start is not None:
        return f" {short_clock(scene.local(start)).strip()}"
    return ""
