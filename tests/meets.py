"""Meets on tapes, for tests of the screens: the bundled one, and invented ones that go on.

Every clock here stands still until a test sets it on.
"""

from __future__ import annotations

import asyncio
import json
from collections.abc import AsyncIterator, Callable, Iterable
from contextlib import asynccontextmanager
from datetime import UTC, datetime, timedelta, tzinfo
from functools import cache
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any, Final
from zoneinfo import ZoneInfo

import httpx
from msgspec.structs import replace
from rich.cells import cell_len
from textual.pilot import Pilot

from longtrack.action import action
from longtrack.health import Health
from longtrack.http import Feed
from longtrack.model import (
    Armband,
    Discipline,
    Distance,
    Division,
    Entry,
    Event,
    Gender,
    Lane,
    Meet,
    Race,
    Skater,
    Source,
    Status,
)
from longtrack.moments import Moment
from longtrack.playhead import Playhead
from longtrack.recording import MeetRecorder
from longtrack.records import RecordBook
from longtrack.season import Season
from longtrack.tape import Tape
from rinkside.app import RinksideApp
from rinkside.ink import Line, Span
from rinkside.library import LATEST, Library, OpenMeet
from rinkside.locations import Locations
from rinkside.plan import Edge, Start, WatchPlan
from rinkside.scene import Scene
from rinkside.seasons import Seasons
from rinkside.session import Choice, Session
from rinkside.widgets.lines import LinesView
from wire import WireMeet

EVENT: Final = "2026_NOR_0001"
OSLO: Final = ZoneInfo("Europe/Oslo")
EVENING: Final = datetime(2025, 12, 12, 19, 20, tzinfo=OSLO)
"""When the first race of an invented meet begins."""
BOOK: Final = RecordBook.bundled()

FIVE_HUNDRED: Final = Distance(Discipline.INDIVIDUAL, 500, 2)
THOUSAND: Final = Distance(Discipline.INDIVIDUAL, 1000, 3)
FIFTEEN_HUNDRED: Final = Distance(Discipline.INDIVIDUAL, 1500, 4)
THREE_THOUSAND: Final = Distance(Discipline.INDIVIDUAL, 3000, 8)
FIVE_THOUSAND: Final = Distance(Discipline.INDIVIDUAL, 5000, 13)
TEN_THOUSAND: Final = Distance(Discipline.INDIVIDUAL, 10_000, 25)
MASS_START: Final = Distance(Discipline.MASS_START, None, 16)
TEAM_PURSUIT: Final = Distance(Discipline.TEAM_PURSUIT, None, 6)
TEAM_SPRINT: Final = Distance(Discipline.TEAM_SPRINT, None, 3)
RELAY: Final = Distance(Discipline.MIXED_RELAY, None, 6)

DISTANCES: Final = (
    FIVE_HUNDRED,
    THOUSAND,
    FIFTEEN_HUNDRED,
    THREE_THOUSAND,
    FIVE_THOUSAND,
    TEN_THOUSAND,
    MASS_START,
    TEAM_PURSUIT,
    TEAM_SPRINT,
    RELAY,
)


def ms(moment: datetime) -> int:
    """Return an instant as tape time."""
    return round(moment.timestamp() * 1000)


def rink_time(clock: str) -> int:
    """Return the tape time of a moment of the bundled meet, such as ``12 19:41:40``."""
    return ms(datetime.fromisoformat(f"2025-12-{clock}+01:00"))


class Clock:
    """A clock that is set by hand."""

    def __init__(self, now: int) -> None:
        self.now = now

    def __call__(self) -> int:
        return self.now

    def instant(self) -> datetime:
        """Return the present, aware."""
        return datetime.fromtimestamp(self.now / 1000, UTC)

    def on(self, seconds: float) -> None:
        """Let time pass."""
        self.now += round(seconds * 1000)


class Rink:
    """An invented meet: change ``wire``, `publish`, and it is on the tape with its moments."""

    def __init__(self, *, file: Path | None = None, begins: datetime = EVENING) -> None:
        self.clock = Clock(ms(begins))
        self.begins = begins
        self.wire = WireMeet(self.clock.instant, event_id=EVENT, begins=begins)
        self.tape = Tape(file)
        self.recorder = MeetRecorder(self.tape, EVENT, self.clock, BOOK)

    def publish(self, *, after: float = 1.0, only: str = "") -> None:
        """Put all documents on the tape, a little later; or those whose path holds a word."""
        self.clock.on(after)
        for path, body in self.wire.documents().items():
            if path.startswith(f"events/{EVENT}") and only in path:
                self.recorder.take(path, body)

    def session(self, **more: object) -> Session:
        """Return a session that follows this meet live."""
        made = Session(
            self.tape,
            EVENT,
            Source.CACHE,
            clock=self.clock,
            here=OSLO,
            **more,  # type: ignore[arg-type]
        )
        made.health = Health(interval_ms=3_000)
        return made

    def scene(self, choice: Choice | None = None) -> Scene:
        """Return what is to be shown now."""
        return self.session().scene(choice or Choice())

    def key(self, number: int, row: int) -> str:
        """Return the key a row's entry has."""
        return str(self.wire.races[number].rows[row].id)

    def rename(self, number: int, row: int, given: str, family: str) -> None:
        """Give somebody another name."""
        skater = self.wire.races[number].rows[row]
        skater.given, skater.family = given, family


def sprint_evening(*, starters: int = 8, file: Path | None = None, early: float = 0) -> Rink:
    """Return a meet of four races in the evening, women's 500 m first; none has begun.

    It was first looked at so many seconds before that race.
    """
    rink = Rink(file=file)
    for number, (gender, metres) in enumerate((("F", 500), ("M", 500), ("F", 1500), ("M", 1500))):
        rink.wire.add_race(
            begin=rink.begins + timedelta(minutes=30 * number),
            gender=gender,
            metres=metres,
            starters=starters,
        )
    rink.wire.add_race(
        begin=rink.begins + timedelta(hours=15), metres=500, division="B", starters=6
    )
    rink.wire.add_race(begin=rink.begins + timedelta(days=1), metres=1000, starters=6)
    rink.publish(after=-early)
    rink.clock.now = ms(rink.begins)
    return rink


# --- the app ---------------------------------------------------------------------------------


class SilentTransport(httpx.AsyncBaseTransport):
    """A network on which no answer ever comes."""

    async def handle_async_request(self, request: httpx.Request) -> httpx.Response:
        await asyncio.Event().wait()
        raise AssertionError


@cache
def bundled_season() -> Season:
    """Return the season of the bundled meets, read once."""
    with TemporaryDirectory() as directory:
        place = locations(Path(directory))
        library = Library(place, WatchPlan(place).api, offline=True, clock=lambda: LATEST)
        return Seasons(library).season(2026)


class StillApp(RinksideApp):
    """The program, which asks no feed: what comes onto the tape a test puts there.

    Of the season it knows what a test gives its session.
    """

    def _keep_up(self) -> None:  # type: ignore[override]
        pass

    def read_season(self) -> None:
        self._book_known.set()

    def notify(self, message: str, *, timeout: float | None = None, **manner: Any) -> None:
        """A busy machine must not take a message away before a test has read it."""
        super().notify(message, timeout=60, **manner)


class SilentApp(StillApp):
    """The program, with a feed that never answers."""

    _keep_up = RinksideApp._keep_up  # type: ignore[assignment]

    def _open_feed(self) -> Feed:
        return Feed(self.plan.api, version="0", transport=SilentTransport())


def locations(data: Path) -> Locations:
    """Return directories under one."""
    return Locations(data=data / "data", config=data / "config")


def follow(data: Path, *names: str, nations: tuple[str, ...] = ()) -> None:
    """Write down who was followed before, such as ``Kok Femke NED W``."""
    people = [name.split() for name in names]
    rows = [dict(zip(("family", "given", "noc", "gender"), each, strict=True)) for each in people]
    file = locations(data).followed
    file.parent.mkdir(exist_ok=True)
    file.write_text(json.dumps({"format": 1, "skaters": rows, "nations": nations}))


def bundled_app(
    data: Path,
    start: Start = Edge.LIVE,
    *,
    race: str | None = None,
    speed: float = 1.0,
    demo: bool = False,
    clock: Callable[[], int] | None = None,
    here: tzinfo = OSLO,
) -> StillApp:
    """Return the program on the bundled meet, offline, on a clock that stands still."""
    plan = WatchPlan(
        locations(data),
        event_id=EVENT,
        race=race,
        start=start,
        speed=speed,
        demo=demo,
        offline=not demo,
    )
    clock = clock or Clock(rink_time("20 12:00"))
    library = Library(plan.locations, plan.api, offline=True, clock=clock)
    app = StillApp(plan, library, library.bundled(), clock=clock, here=here)
    app.session.season = bundled_season()
    return app


def live_app(
    data: Path, rink: Rink, *, race: str | None = None, kind: type[StillApp] = StillApp
) -> StillApp:
    """Return the program on an invented meet, live."""
    plan = WatchPlan(locations(data), event_id=EVENT, race=race)
    library = Library(plan.locations, plan.api, offline=False, clock=rink.clock)
    session = rink.session()
    opened = OpenMeet(EVENT, rink.tape, session.reader, Source.CACHE, BOOK)
    app = kind(plan, library, opened, clock=rink.clock, here=OSLO)
    app.session.health = session.health
    return app


@asynccontextmanager
async def running(app: RinksideApp, size: tuple[int, int] = (80, 24)) -> AsyncIterator[Pilot[None]]:
    """Run the program in a window, its messages switched on."""
    async with app.run_test(size=size, notifications=True) as pilot:
        await pilot.pause()
        yield pilot


def told(app: RinksideApp) -> list[str]:
    """Return the messages that stand on the screen."""
    return [str(each.message) for each in app._notifications]


def shown(app: RinksideApp, part: str) -> list[str]:
    """Return the text of one part of the screen, as it is shown."""
    parts = ("band-left", "band-right") if part == "band" else (part,)
    views = [app.screen.query_one(f"#{each}", LinesView) for each in parts]
    if not all(view.display for view in views):
        return []
    return [
        "".join(line.text for line in row) for row in zip(*(v.lines for v in views), strict=True)
    ]


def everything(app: RinksideApp) -> str:
    """Return all text on the screen, from top to bottom."""
    lines: list[str] = []
    for view in app.screen.query(LinesView):
        if view.display and view.id != "band-right":
            part = "band" if view.id == "band-left" else str(view.id)
            lines += shown(app, part)
    return "\n".join(lines)


# --- invented states of a race -----------------------------------------------------------------

NAMES: Final = (
    ("Femke", "Kok", "NED"),
    ("Antoinette", "Rijpma-de Jong", "NED"),
    ("美帆", "高木", "JPN"),
    ("Na-Hyun", "Lee", "KOR"),
    ("Gabriel", "Groß", "GER"),
    ("Bjo\u0308rn", "A\u030akerstro\u0308m", "SWE"),
    ("Veronika-Magdalena", "Hinterobermaier-Schwaiger", "AUT"),
    ("Jae Woong", "Chung", "KOR"),
)


def entry(index: int, status: Status = Status.TO_START, **more: object) -> Entry:
    """Return a start; pairs and lanes follow from the index."""
    given, family, noc = NAMES[index % len(NAMES)]
    facts: dict[str, object] = {
        "pair": index // 2 + 1,
        "lane": Lane.OUTER if index % 2 else Lane.INNER,
        "armband": Armband.RED if index % 2 else Armband.WHITE,
        **more,
    }
    return Entry(
        key=str(index),
        competitor=Skater(family, given, noc),
        status=status,
        **facts,  # type: ignore[arg-type]
    )


def race(
    entries: Iterable[Entry],
    distance: Distance = FIVE_HUNDRED,
    *,
    gender: Gender = Gender.WOMEN,
    division: Division = Division.A,
    **more: object,
) -> Race:
    """Return a race of the invented meet."""
    entries = tuple(entries)
    facts: dict[str, object] = {
        "planned": EVENING.astimezone(UTC),
        "start": EVENING.astimezone(UTC),
        **more,
    }
    return Race(
        number=1,
        gender=gender,
        division=division,
        distance=distance,
        ordinal=1,
        title="",
        entries=entries,
        entries_known=bool(entries),
        **facts,  # type: ignore[arg-type]
    )


def scene(
    shown_race: Race | None,
    *,
    at: int | None = None,
    moments: tuple[Moment, ...] = (),
    others: tuple[Race, ...] = (),
    **more: object,
) -> Scene:
    """Return a scene of one race."""
    now = ms(EVENING) if at is None else at
    event = Event(
        id=EVENT,
        name="ISU World Cup Speed Skating 4",
        city="Hamar",
        venue="Vikingskipet",
        country="NOR",
        zone_name="Europe/Oslo",
        start=EVENING.date(),
        end=EVENING.date(),
        season=2026,
    )
    races = ((shown_race,) if shown_race else ()) + others
    doing = action(shown_race or race(()), now, moments)
    made = Scene(
        meet=Meet(event, races),
        race=shown_race,
        day=EVENING.date(),
        division=shown_race.division if shown_race else Division.A,
        at=now,
        action=doing,
        book=BOOK,
        moments=moments,
        here=OSLO,
    )
    return replace(made, **more)


# --- looking at lines --------------------------------------------------------------------------


def assert_fills(lines: Iterable[Line], width: int) -> None:
    """Check that every line is exactly as wide as asked, in cells."""
    for line in lines:
        assert cell_len(line.text) == width, (cell_len(line.text), width, line.text)


def span_of(line: Line, text: str) -> Span:
    """Return the span that is a text, else the first that holds it."""
    spans = sorted(line.spans, key=lambda span: span.text.strip() != text)
    found = next((span for span in spans if text in span.text), None)
    assert found is not None, f"{text!r} is not in {line.text!r}"
    return found


def column_of(line: Line, text: str) -> int:
    """Return the cell at which a text begins."""
    assert text in line.text, f"{text!r} is not in {line.text!r}"
    return cell_len(line.text[: line.text.index(text)])


def line_with(lines: Iterable[Line], text: str) -> Line:
    """Return the first line that holds a text."""
    found = next((line for line in lines if text in line.text), None)
    assert found is not None, f"{text!r} is on no line"
    return found


def moved(playhead: Playhead, clock: Clock, to: int) -> None:
    """Set the clock so that a playhead stands at a tape time."""
    clock.on(playhead.until(to))


def live_session(tape: Tape, at: int) -> Session:
    """Return a session of the bundled meet that stands at a tape time."""
    return Session(tape, EVENT, Source.BUNDLED, clock=Clock(at), here=OSLO)
