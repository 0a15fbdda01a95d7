"""Asking the feed once: what ``programme`` and ``results`` answer from.

What the feed says goes onto the tape, and the answer is read off the tape; so the same words get
an answer without the feed, from what was seen last or from the bundled meet.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass, replace
from datetime import UTC, datetime, timedelta
from typing import TYPE_CHECKING, Final

from longtrack import isu
from longtrack.model import Meet, Race, Source
from longtrack.recording import MeetRecorder
from longtrack.records import RecordBook, distance_code
from rinkside import __version__
from rinkside.library import LATEST, Library, NoSuch, NothingKept, OpenMeet, Refusal
from rinkside.status import shown_age

if TYPE_CHECKING:
    from longtrack.http import Feed, FeedError

_AT_ONCE: Final = 4
"""Requests under way at most."""

_SOON: Final = timedelta(days=2)
"""How long before its start the start list of a race is worth asking for."""

Wanted = Callable[[Meet], Iterable[Race]]
"""Of a meet's races as listed, those whose starts are wanted."""


class Unreadable(Refusal):
    """The feed answered, and its answer can't be understood."""

    exit_code = 5


@dataclass(frozen=True, slots=True)
class Answer:
    """A meet as well as it can be known now."""

    opened: OpenMeet
    meet: Meet
    source: Source
    notes: tuple[str, ...] = ()
    """Sentences for whoever asked: how old this is and why, what was set aside."""

    @property
    def records(self) -> RecordBook:
        """The records that count."""
        return self.opened.records

    def as_of(self, *races: Race) -> int | None:
        """Return when the newest document used was seen, of the meet and of some races of it."""
        return _as_of(self.opened, self.meet, races)


def programme(library: Library, event_id: str) -> Answer:
    """Return a meet with what is known of its races.

    Raises:
        Refusal: If nothing can be said of it; the message says what to do.
        longtrack.tape.TapeError: If the data directory can't be used.
    """

    def wanted(meet: Meet) -> list[Race]:
        soon = datetime.fromtimestamp(library.clock() / 1000, UTC) + _SOON
        return [
            race
            for race in meet.races
            if not (race.official and race.has_result) and (race.start is None or race.start < soon)
        ]

    return _answer(library, event_id, wanted)


def results(library: Library, event_id: str, code: str) -> tuple[Answer, Race]:
    """Return a race, and the meet it belongs to.

    Args:
        library: Where it is kept, and whom to ask.
        event_id: The feed's id of the meet.
        code: The race's code, in any case.

    Raises:
        Refusal: If there is no such race, or nothing can be said of it.
        longtrack.tape.TapeError: If the data directory can't be used.
    """

    def wanted(meet: Meet) -> list[Race]:
        race = named(meet, code)
        # A track record may have fallen in an earlier race over the same distance.
        earlier = [
            other
            for other in meet.races
            if distance_code(other) == distance_code(race)
            and other.number != race.number
            and not other.entries_known
            and (other.live or other.official)
        ]
        return [race, *earlier]

    answer = _answer(library, event_id, wanted, first=code)
    race = named(answer.meet, code)
    if not race.entries and answer.source is not Source.BUNDLED and library.is_bundled(event_id):
        # Bundled facts give way race by race to fetched ones.
        bundled = library.bundled()
        held = bundled.newest.race(race.code)
        if held is not None and held.entries:
            return Answer(bundled, bundled.newest, Source.BUNDLED, answer.notes), held
    return answer, race


def named(meet: Meet, code: str) -> Race:
    """Return the race with a code.

    Raises:
        NoSuch: If the meet has none; the message names those it has.
    """
    race = meet.race(code)
    if race is None:
        known = ", ".join(each.code for each in meet.races)
        advice = f"its races are {known}" if known else "its programme is not published yet"
        raise NoSuch(f"{meet.event.city or meet.id} has no race {code}; {advice}")
    return race


# --- asking ------------------------------------------------------------------------------------


def _answer(library: Library, event_id: str, wanted: Wanted, first: str | None = None) -> Answer:
    if not library.offline:
        import asyncio

        return asyncio.run(_asked(library, event_id, wanted, first))
    opened = library.open(event_id)
    return Answer(opened, opened.newest, opened.source, opened.notes)


async def _asked(library: Library, event_id: str, wanted: Wanted, first: str | None) -> Answer:
    from longtrack.http import Feed, FeedError

    async with Feed(library.api, version=__version__) as feed:
        try:
            opened, recorder = await _programme(feed, library, event_id)
        except (FeedError, isu.Unreadable) as error:
            return _kept(library, event_id, error)
        meet = recorder.meet()
        missing = await _starts(feed, recorder, wanted(meet))
    meet = opened.newest
    notes = (*opened.notes, *(f"{code}: {error}" for code, error in missing.items()))
    race = meet.race(first) if first else None
    if race is None or race.code not in missing:
        return Answer(opened, meet, Source.FEED, notes)
    # What was asked for did not come: it is what it was when it came last, if ever it did.
    if not race.entries and not library.is_bundled(event_id):
        raise _refusal(event_id, missing[race.code])
    return Answer(opened, meet, Source.CACHE, notes)


async def ask_programme(feed: Feed, library: Library, event_id: str) -> OpenMeet:
    """Fetch what a meet is and which races it has, and return it on its tape.

    Raises:
        Refusal: If the feed knows no such meet, can't be reached or can't be read.
        longtrack.tape.TapeError: If the data directory can't be used.
    """
    from longtrack.http import FeedError

    try:
        opened, _ = await _programme(feed, library, event_id)
    except (FeedError, isu.Unreadable) as error:
        raise _refusal(event_id, error) from None
    return opened


async def _programme(feed: Feed, library: Library, event_id: str) -> tuple[OpenMeet, MeetRecorder]:
    import asyncio

    from longtrack.http import NotFound

    path = isu.event_path(event_id)
    event = (await feed.get(path)).body or b""
    isu.parse(event, path)  # no tape is made for a meet there is not
    opened = library.recorded(event_id)
    recorder = MeetRecorder(opened.tape, event_id, library.clock, opened.records)
    recorder.take(path, event)

    async def take(path: str) -> None:
        try:
            recorder.take(path, (await feed.get(path)).body or b"")
        except NotFound:
            recorder.failed(path, "not published yet")

    await asyncio.gather(take(isu.schedule_path(event_id)), take(isu.competitions_path(event_id)))
    return opened, recorder


async def _starts(
    feed: Feed, recorder: MeetRecorder, races: Iterable[Race]
) -> dict[str, FeedError | isu.Unreadable]:
    """Fetch the starts of some races, and return by code what could not be had and why."""
    import asyncio

    from longtrack.http import FeedError, NotFound, Unreachable

    event_id, room = recorder.meet().id, asyncio.Semaphore(_AT_ONCE)
    missing: dict[str, FeedError | isu.Unreadable] = {}
    gone: list[Unreachable] = []

    async def take(race: Race) -> None:
        async with room:
            path = isu.results_path(event_id, race.number)
            try:
                if gone:
                    raise gone[0]  # the others would only wait for the same silence
                body = (await feed.get(path)).body or b""
                recorder.take(path, body)
                if isu.is_empty_list(body):
                    path = isu.start_list_path(event_id, race.number)
                    recorder.take(path, (await feed.get(path)).body or b"")
            except NotFound:
                recorder.failed(path, "not published yet")
            except (FeedError, isu.Unreadable) as error:
                recorder.failed(path, str(error))
                missing[race.code] = error
                gone.extend([error] if isinstance(error, Unreachable) else [])

    await asyncio.gather(*(take(race) for race in races))
    return missing


# --- when there is no answer -------------------------------------------------------------------


def _kept(library: Library, event_id: str, error: FeedError | isu.Unreadable) -> Answer:
    """Answer from what is kept, and say so."""
    opened = library.kept(event_id)
    if opened is None:
        raise _refusal(event_id, error)
    meet, note = opened.newest, f"{error}; this is the bundled meet"
    if opened.source is Source.CACHE:
        seen = _as_of(opened, meet, meet.races) or 0
        note = f"{error}; this is as it was {shown_age(library.clock() - seen)} ago"
    return Answer(opened, meet, opened.source, (*opened.notes, note))


def _refusal(event_id: str, error: FeedError | isu.Unreadable) -> Refusal:
    from longtrack.http import Answered, NotFound, Unreachable

    if isinstance(error, NotFound):
        return NoSuch(
            f"the feed knows no event {event_id}; look for its id in the address of "
            "its page on live.isuresults.eu"
        )
    nothing = f"{error}, and nothing of {event_id} is kept on this computer"
    if isinstance(error, Unreachable | Answered):
        return NothingKept(f"{nothing}; check the network and --api, or try again later")
    return Unreadable(f"{nothing}; check --api, or try again later")


def _as_of(opened: OpenMeet, meet: Meet, races: Iterable[Race]) -> int | None:
    event_id = opened.event_id
    paths = [make(event_id) for make in (isu.event_path, isu.schedule_path, isu.competitions_path)]
    for race in races:
        paths += [make(event_id, race.number) for make in (isu.results_path, isu.start_list_path)]
    heads = opened.tape.heads(LATEST)
    seen = [heads[path].at for path in paths if path in heads]
    polled = opened.tape.last_good(paths)
    return max([*seen, *([] if polled is None else [polled])], default=None)
