"""What the feed answers, as ``rinkside doctor`` tells it: whether, how fast, with which fields."""

from __future__ import annotations

import time
from collections.abc import Callable, Iterator
from contextlib import suppress
from datetime import UTC, date, datetime
from typing import Final

import msgspec

from longtrack import isu, known_fields, ssr
from longtrack.http import Answer, Answered, Feed, FeedError, Limits, NotFound, Unreachable
from longtrack.known_fields import Shape, compared
from longtrack.model import Event, Gender, Race
from longtrack.points import season_words
from longtrack.season import season_of
from rinkside import __version__
from rinkside.doctor import Finding, Grade

LIMITS: Final = Limits(total_ms=10_000)

_SLOW_S: Final = 3.0
_OFF_S: Final = 30
"""How far the clocks may be apart before times and countdowns look wrong."""
_MOST_NAMED: Final = 8
"""Fields that are named; of more it is told how many."""


class _GaveUp(Exception):
    """Nothing more can be asked, or there is nothing to ask about."""


async def feed_findings(api: str, records_api: str, now: int) -> list[Finding]:
    """Ask the feed and the source of records, and return what there is to say.

    Args:
        api: The feed's base address.
        records_api: The same of speedskatingresults.com; empty where nobody is asked.
        now: The wall clock in milliseconds.
    """
    began = time.monotonic()
    check = FeedCheck(api, lambda: now + round((time.monotonic() - began) * 1000))
    return [*await check.findings(), *await records_findings(records_api)]


class _NotThere(_GaveUp):
    """The feed has no such document."""


class FeedCheck:
    """Asks a feed for one document of each kind, and tells what came.

    Args:
        api: The feed's base address.
        now: Returns the wall clock in milliseconds.
    """

    def __init__(self, api: str, now: Callable[[], int]) -> None:
        self._api = api
        self._now = now
        self._found: list[Finding] = []
        self._is_timed = False

    async def findings(self) -> list[Finding]:
        """Return what there is to say."""
        try:
            feed = Feed(self._api, version=__version__, limits=LIMITS)
        except ValueError as error:
            self._say(Grade.WRONG, str(error), 4)
            return self._found
        self._say(Grade.OK, f"{self._api} is asked")
        async with feed:
            with suppress(_GaveUp):
                await self._look(feed)
        return self._found

    async def _look(self, feed: Feed) -> None:
        today = datetime.fromtimestamp(self._now() / 1000, UTC).date()
        event = await self._event(feed, today)
        of = f"of {event.city or event.id}"
        await self._ask(
            feed, isu.schedule_path(event.id), f"the programme {of}", known_fields.SCHEDULE
        )
        path, what = isu.competitions_path(event.id), f"the list of races {of}"
        races = isu.read_competitions(await self._ask(feed, path, what, known_fields.COMPETITION))
        race = _worth_a_look(races, datetime.fromtimestamp(self._now() / 1000, UTC))
        if race is None:
            raise _GaveUp
        path, what = isu.results_path(event.id, race.number), f"the result of {race.code} {of}"
        body = await self._ask(feed, path, what, known_fields.RESULT)
        read = isu.read_results(body, race.distance)
        if read.dropped:
            self._say(Grade.NOTE, f"{read.dropped} rows of {race.code} name nobody")

    async def _event(self, feed: Feed, today: date) -> Event:
        """Return the meet to ask about: one of this season, else of the last."""
        season = season_of(today)
        for year in (season, season - 1):
            path, what = isu.events_path(year), f"the list of events of {season_words(year)}"
            try:
                body = await self._ask(feed, path, what, known_fields.EVENT)
            except _NotThere:
                continue
            event = _foremost(isu.read_events(body).events, today)
            if event is not None:
                return event
            self._say(Grade.OK, f"{what} has no World Cup")
        if not any(each.grade is Grade.OK for each in self._found[1:]):
            told = "it has no list of events: is that the address of a feed? See --api"
            self._say(Grade.WRONG, told, 4)
        raise _GaveUp

    async def _ask(self, feed: Feed, path: str, what: str, shape: Shape) -> bytes:
        """Ask for one document, and tell how that went; gives up where there is no answer."""
        began = time.perf_counter()
        try:
            answer = await feed.get(path)
            data = isu.parse(answer.body or b"", path)
        except NotFound:
            self._say(Grade.NOTE, f"{what} is not published")
            raise _NotThere from None
        except (FeedError, isu.Unreadable) as error:
            code = 4 if isinstance(error, Unreachable | Answered) else 5
            self._say(Grade.WRONG, f"{what} can't be had: {error}", code)
            raise _GaveUp from None
        took = time.perf_counter() - began
        found = compared(data, shape)
        rows = f"{found.rows} row{'s' * (found.rows != 1)}"
        slow = took > _SLOW_S
        self._say(
            Grade.NOTE if slow else Grade.OK,
            f"{what} came in {_shown(took)}{', which is slow' * slow}: {rows}",
        )
        if not self._is_timed:
            self._clock(answer)
        for trouble in _differences(found):
            self._say(Grade.NOTE, f"{what}: {trouble}")
        return answer.body or b""

    def _clock(self, answer: Answer) -> None:
        self._is_timed = True
        if answer.server_date is None:
            self._say(Grade.NOTE, "the feed does not say what time it is")
            return
        ahead = round(answer.server_date.timestamp() - self._now() / 1000)
        if abs(ahead) <= _OFF_S:
            self._say(Grade.OK, f"the clocks are {abs(ahead)} s apart")
        else:
            which = "behind" if ahead > 0 else "ahead of"
            told = f"this computer's clock is {abs(ahead)} s {which} the feed's; set it right"
            self._say(Grade.NOTE, told)

    def _say(self, grade: Grade, text: str, code: int = 0) -> None:
        self._found.append(Finding("feed", grade, text, code))


def _shown(seconds: float) -> str:
    return f"{seconds:.1f} s" if seconds >= 1 else f"{seconds * 1000:.0f} ms"


def _differences(found: known_fields.Compared) -> Iterator[str]:
    if found.missing:
        yield f"it lacks {_named(found.missing)}, which the screen lives on"
    if found.unknown:
        yield f"it has {_named(found.unknown)}, which this rinkside does not know"


def _named(names: tuple[str, ...]) -> str:
    shown = [name if name.isprintable() else ascii(name) for name in names[:_MOST_NAMED]]
    more = len(names) - len(shown)
    return ", ".join(name[:60] for name in shown) + (f" and {more} more" if more else "")


def _foremost(events: tuple[Event, ...], today: date) -> Event | None:
    """Return the World Cup that is on or was held last, else the next."""
    cups = [
        event
        for event in events
        if event.is_world_cup and not event.cancelled and event.start is not None
    ]
    cups.sort(key=lambda event: event.start or date.max)
    begun = [event for event in cups if event.start and event.start <= today]
    return next(iter(begun[-1:] or cups[:1]), None)


def _worth_a_look(races: tuple[Race, ...], now: datetime) -> Race | None:
    """Return the race that is live, else the last that began, else the first."""
    live = [race for race in races if race.live]
    begun = [race for race in races if race.start is not None and race.start <= now]
    return next(iter(live[:1] or begun[-1:] or races[:1]), None)


async def records_findings(api: str) -> list[Finding]:
    """Tell whether speedskatingresults.com answers; without it only marks are missing.

    Args:
        api: Its base address; empty where nobody is asked.
    """
    if not api:
        return [Finding("records", Grade.OK, "nobody is asked for records (RINKSIDE_RECORDS_API)")]
    began = time.perf_counter()
    path = ssr.world_path(Gender.WOMEN)
    try:
        # An address that is none of a web server is a ValueError, too.
        async with Feed(api, version=__version__, limits=LIMITS) as feed:
            body = (await feed.get(path)).body or b""
        if not isinstance(msgspec.json.decode(body), dict):
            raise ValueError
    except FeedError as error:
        told = f"{_of_source(str(error))}; records and bests are as they were had last"
        return [Finding("records", Grade.NOTE, told)]
    except ValueError:
        told = "the source of records answers with something else than records"
        return [Finding("records", Grade.NOTE, told)]
    took = time.perf_counter() - began
    return [Finding("records", Grade.OK, f"the source of records answers in {_shown(took)}")]


def _of_source(error: str) -> str:
    return error.replace("the feed", "the source of records")
