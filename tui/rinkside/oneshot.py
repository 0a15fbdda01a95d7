"""Asking the feed once: what ``programme``, ``results`` and ``--live`` answer from.

What the feed says goes onto the tape, and the answer is read off the tape; so the same words get
an answer without the feed, from what was seen last or from a bundled meet.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from datetime import UTC, datetime, timedelta
from typing import TYPE_CHECKING, Final

import msgspec
from msgspec.structs import replace

from longtrack import fields, isu
from longtrack.model import Meet, Race, Source
from longtrack.recording import MeetRecorder
from longtrack.records import RecordBook, distance_code
from longtrack.season import cup_of
from longtrack.touches import Touches
from rinkside import __version__
from rinkside.library import LATEST, Library, NoSuch, NothingKept, OpenMeet, Refusal
from rinkside.status import shown_age

if TYPE_CHECKING:
    from longtrack.http import Feed, FeedError

_AT_ONCE: Final = 4
"""Requests under way at most."""

_SOON: Final = timedelta(days=2)
"""How long before its start the start list of a race is worth asking for."""


class Fetched(msgspec.Struct, frozen=True):
    """A meet whose programme the feed has just told."""

    opened: OpenMeet
    recorder: MeetRecorder
    """Puts further answers on the meet's tape."""
    touched: Mapping[int, str]
    """When the feed last touched each race, as it words it; no version is made of that alone."""

    def has_newest(self, race: Race) -> bool:
        """Tell whether the race's starts were had since the feed last touched it."""
        said = Touches(self.opened.tape).had().get(race.number)
        if said is not None:
            return said == self._says_of(race)
        # Whoever polled it kept no word: then the clocks of the feed and of this computer decide.
        path = isu.results_path(self.opened.event_id, race.number)
        had = self.opened.tape.last_good([path])
        touched = fields.instant(self.touched.get(race.number))
        return had is not None and (touched is None or had >= touched.timestamp() * 1000)

    def has_come(self, race: Race) -> None:
        """Note that the race's starts, as the list of races told of them, have come."""
        Touches(self.opened.tape).keep_had(race.number, self._says_of(race))

    def _says_of(self, race: Race) -> str:
        # A race is had once more when it is declared official, whatever else the feed says of it.
        return f"{'official ' * race.official}{self.touched.get(race.number, '')}"


Wanted = Callable[[Fetched], Iterable[Race]]
"""Of a meet's races as listed, those whose starts are to be asked for."""


class Unreadable(Refusal):
    """The feed answered, and its answer can't be understood."""

    exit_code = 5


class Answer(msgspec.Struct, frozen=True):
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
        return _as_of(self.opened, races)

    def close(self) -> None:
        """Close the tape."""
        self.opened.tape.close()


def programme(library: Library, event_id: str) -> Answer:
    """Return a meet with what is known of its races.

    Raises:
        Refusal: If nothing can be said of it; the message says what to do.
        longtrack.tape.TapeError: If the data directory can't be used.
    """

    def wanted(fetched: Fetched) -> list[Race]:
        soon = datetime.fromtimestamp(library.clock() / 1000, UTC) + _SOON
        return [
            race
            for race in fetched.opened.newest.races
            if (race.start is None or race.start < soon)
            and not (race.official and fetched.has_newest(race))
        ]

    return _answer(library, event_id, wanted)


def races_of_cup(library: Library, event_id: str, cup: str) -> Answer:
    """Return a meet with what is known of its races that score in a cup.

    Raises:
        Refusal: If nothing can be said of it; the message says what to do.
        longtrack.tape.TapeError: If the data directory can't be used.
    """

    def wanted(fetched: Fetched) -> list[Race]:
        now = datetime.fromtimestamp(library.clock() / 1000, UTC)
        return [
            race
            for race in fetched.opened.newest.races
            if cup_of(race) == cup
            and (race.live or race.start is None or race.start < now)
            and not (race.official and fetched.has_newest(race))
        ]

    return _answer(library, event_id, wanted)


def make_whole(library: Library, event_id: str) -> tuple[str, ...]:
    """Fetch what a meet's tape lacks of the races that were held, to play them again.

    Returns:
        Sentences for whoever asked, such as that the feed was away and something is kept.

    Raises:
        Refusal: If nothing can be had of the meet and nothing is kept.
        longtrack.tape.TapeError: If the data directory can't be used.
    """
    answer = programme(library, event_id)
    answer.close()
    return answer.notes


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

    def wanted(fetched: Fetched) -> list[Race]:
        race = named(fetched.opened.newest, code)
        # A track record may have fallen in an earlier race over the same distance.
        earlier = [
            other
            for other in fetched.opened.newest.races
            if distance_code(other) == distance_code(race)
            and other.number != race.number
            and (other.live or other.official)
            and not fetched.has_newest(other)
        ]
        return [race, *earlier]

    answer = _answer(library, event_id, wanted, first=code)
    try:
        race = named(answer.meet, code)
        held_id = library.bundled_id(event_id)
        if race.entries or answer.source is Source.BUNDLED or held_id is None:
            return _with_book(library, answer), race
    except BaseException:
        answer.close()
        raise
    # Bundled facts give way race by race to fetched ones.
    bundled = library.bundled(held_id)
    held = bundled.newest.race(race.code)
    if held is None or not held.entries:
        bundled.tape.close()
        return _with_book(library, answer), race
    answer.close()
    told = Answer(bundled, bundled.newest, Source.BUNDLED, answer.notes)
    return _with_book(library, told), held


def _with_book(library: Library, answer: Answer) -> Answer:
    """Return an answer with all that is kept of records and bests."""
    from rinkside.books import Books

    books = Books(library)
    opened = replace(answer.opened, records=books.of(answer.opened))
    return replace(answer, opened=opened, notes=(*answer.notes, *books.notes))


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


def look_up(library: Library, word: str) -> str:
    """Return the id of the event a fan means, asking the feed for its events where it must.

    Raises:
        Refusal: If no event is known by that word, or the feed would have to tell and can't.
        longtrack.tape.TapeError: If the data directory can't be used.
    """
    try:
        return library.resolve(word)
    except NoSuch as unknown:
        if library.offline:
            raise
        import asyncio

        asyncio.run(_discover(library, unknown))
    return library.resolve(word)


def chosen(library: Library) -> tuple[str | None, tuple[str, ...]]:
    """Return the event to follow when none was named, asking the feed for its events first.

    Returns:
        What `Library.choose` says, and a sentence where the feed could not be asked.

    Raises:
        longtrack.tape.TapeError: If the data directory can't be used.
    """
    notes: tuple[str, ...] = ()
    if not library.offline:
        import asyncio

        notes = asyncio.run(_discover_anew(library))
    return library.choose(datetime.fromtimestamp(library.clock() / 1000, UTC)), notes


async def _discover_anew(library: Library) -> tuple[str, ...]:
    from longtrack.http import Feed, FeedError

    async with Feed(library.api, version=__version__) as feed:
        try:
            await library.discover(feed)
        except (FeedError, isu.Unreadable) as error:
            return (str(error),)
    return ()


async def _discover(library: Library, unknown: NoSuch) -> None:
    from longtrack.http import Feed, FeedError

    async with Feed(library.api, version=__version__) as feed:
        try:
            await library.discover(feed)
        except (FeedError, isu.Unreadable) as error:
            kind = type(refusal("", error))
            raise kind(f"{unknown}, or ask again when the feed can tell: {error}") from None


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
            fetched = await fetch_programme(feed, library, event_id)
        except (FeedError, isu.Unreadable) as error:
            return _kept(library, event_id, error)
        opened = fetched.opened
        try:
            missing = await _starts(feed, fetched, wanted(fetched))
            race = opened.newest.race(first) if first else None
            if race is None or race.code not in missing:
                notes = tuple(f"{code}: {error}" for code, error in missing.items())
                return Answer(opened, opened.newest, Source.FEED, opened.notes + notes)
            # What was asked for did not come: it is as it was when it came last, if it ever did.
            if not race.entries and not library.is_bundled(event_id):
                raise refusal(f"{race.code} of {event_id}", missing[race.code])
            note = _aged(library, opened, missing[race.code], [race])
            return Answer(opened, opened.newest, Source.CACHE, (*opened.notes, note))
        except BaseException:
            opened.tape.close()
            raise


async def fetch_programme(feed: Feed, library: Library, event_id: str) -> Fetched:
    """Fetch what a meet is and which races it has, onto its tape.

    Raises:
        longtrack.http.FeedError: If it can't be had.
        longtrack.isu.Unreadable: If it can't be read.
        longtrack.tape.TapeError: If the data directory can't be used.
    """
    from longtrack.http import NotFound

    path = isu.event_path(event_id)
    event = (await feed.get(path)).body or b""
    isu.parse(event, path)  # no tape is made for a meet there is not
    opened = library.recorded(event_id)
    recorder = MeetRecorder(
        opened.tape, event_id, library.clock, opened.records, on_trouble=library.notes.append
    )
    try:
        recorder.take(path, event)
        body = b"[]"
        for path in (isu.schedule_path(event_id), isu.competitions_path(event_id)):
            try:
                body = (await feed.get(path)).body or b""
                recorder.take(path, body)
            except NotFound:
                body = b"[]"
                recorder.failed(path, "not published yet")
        return Fetched(opened, recorder, isu.read_last_updates(body))
    except BaseException:
        opened.tape.close()
        raise


async def _starts(
    feed: Feed, fetched: Fetched, races: Iterable[Race]
) -> dict[str, FeedError | isu.Unreadable]:
    """Fetch the starts of some races, and return by code what could not be had and why."""
    import asyncio

    from longtrack.http import FeedError, NotFound, Unreachable

    event_id, recorder = fetched.opened.event_id, fetched.recorder
    room = asyncio.Semaphore(_AT_ONCE)
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
                fetched.has_come(race)
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
        raise refusal(event_id, error)
    note = f"{error}; this is the bundled meet"
    if opened.source is Source.CACHE:
        note = _aged(library, opened, error, opened.newest.races)
    return Answer(opened, opened.newest, opened.source, (*opened.notes, note))


def _aged(library: Library, opened: OpenMeet, error: Exception, races: Iterable[Race]) -> str:
    age = shown_age(library.clock() - (_as_of(opened, races) or 0))
    return f"{error}; this is as it was {age} ago"


def refusal(what: str, error: FeedError | isu.Unreadable) -> Refusal:
    """Return what to say when the feed fails and nothing is kept of what was asked for."""
    from longtrack.http import Answered, NotFound, Unreachable

    if isinstance(error, NotFound):
        return NoSuch(f"the feed knows no {what}; a meet's id stands in its page's address there")
    nothing = f"{error}, and nothing of {what} is kept on this computer"
    if isinstance(error, Unreachable | Answered):
        return NothingKept(f"{nothing}; check the network and --api, or try again later")
    return Unreadable(f"{nothing}; check --api, or try again later")


def _as_of(opened: OpenMeet, races: Iterable[Race]) -> int | None:
    event_id = opened.event_id
    paths = [make(event_id) for make in (isu.event_path, isu.schedule_path, isu.competitions_path)]
    for race in races:
        paths += [make(event_id, race.number) for make in (isu.results_path, isu.start_list_path)]
    heads = opened.tape.heads(LATEST)
    seen = [heads[path].at for path in paths if path in heads]
    polled = opened.tape.last_good(paths)
    return max([*seen, *([] if polled is None else [polled])], default=None)
