"""The library: which meets are known on this computer, and how to open one.

Tapes are kept by the feed's host name, since two feeds use ids that look alike. Documents that
belong to no one meet, the lists of events, are on one library tape a feed.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable
from contextlib import closing, suppress
from datetime import UTC, date, datetime, timedelta
from functools import cached_property
from pathlib import Path
from typing import TYPE_CHECKING, Final
from urllib.parse import urlsplit

import msgspec
from msgspec.structs import replace

from longtrack import isu
from longtrack.model import Event, Meet, Source
from longtrack.names import plain
from longtrack.season import season_of
from longtrack.state import TapeReader
from longtrack.tape import Tape, TapeDamaged, TapeError
from longtrack.tape_files import open_or_set_aside, set_aside, tape_file
from rinkside.locations import Locations

if TYPE_CHECKING:
    from longtrack.http import Feed
    from longtrack.records import RecordBook
    from longtrack.reenact import HeldMeet
    from rinkside.remembered import Remembered

LATEST: Final = 2**62
"""A tape time after all that is on any tape."""

_SLACK: Final = timedelta(days=1)
"""A meet's days are the rink's, and the viewer may be on the other side of the date line."""

_LIBRARY: Final = "library"

RECORDS_API: Final = "https://speedskatingresults.com/api/json"
"""Whom else is asked for records and bests, unless ``RINKSIDE_RECORDS_API`` says otherwise."""

IMPORTED: Final = "imported"
"""Fact of a tape that somebody sent: when it was taken over."""


class Refusal(Exception):
    """Why something can't be done: a sentence for a person, and the command's exit code."""

    exit_code = 1


class NoSuch(Refusal):
    """There is no such event, race or tape file."""

    exit_code = 3


class NothingKept(Refusal):
    """The feed can't be reached, or must not be asked, and nothing is kept here."""

    exit_code = 4


class OpenMeet(msgspec.Struct, frozen=True):
    """A meet on an open tape."""

    event_id: str
    """The id its documents have on the tape; for a bundled meet that a feed knows by another id,
    the bundled one."""
    tape: Tape
    reader: TapeReader
    source: Source
    """``cache`` for a tape recorded from the feed, or ``bundled``."""
    records: RecordBook
    notes: tuple[str, ...] = ()
    """What the library has had to tell the viewer by now."""

    @property
    def newest(self) -> Meet:
        """The meet as it stands at the end of the tape."""
        return self.reader.meet(LATEST)


class Library:
    """Every meet that one feed's stored documents, and the bundled ones, tell of.

    Args:
        locations: Where tapes are kept.
        api: The feed's base address.
        offline: Whether the feed must not be asked; a meet of which nothing is kept can't be
            opened then.
        clock: Returns the present in milliseconds since 1970 (UTC).
        records_api: The base address of speedskatingresults.com; empty where nobody is asked.

    Raises:
        ValueError: If an address is none of a web server; the message is for a person.
    """

    def __init__(
        self,
        locations: Locations,
        api: str,
        *,
        offline: bool,
        clock: Callable[[], int],
        records_api: str = "",
    ) -> None:
        self.locations = locations
        self.api = api
        self.offline = offline
        self.clock = clock
        self.feed_host = host_of(api)
        self.records_api = records_api
        self._archive_host = host_of(records_api) if records_api else ""
        self.notes: list[str] = []
        """Sentences for the viewer, such as that a damaged tape was set aside."""

    # --- opening a meet ----------------------------------------------------------------------

    def open(self, event_id: str) -> OpenMeet:
        """Open what is best known of a meet: its recorded tape, the bundled one, a new tape.

        Raises:
            NothingKept: If nothing is kept of it and the feed must not be asked.
            longtrack.tape.TapeError: If the data directory can't be used.
        """
        kept = self.kept(event_id)
        if kept is not None:
            return kept
        if self.offline:
            raise NothingKept(
                f"nothing of {event_id} is kept on this computer; ask again without --offline"
            )
        return self.recorded(event_id)

    def kept(self, event_id: str) -> OpenMeet | None:
        """Open what is kept of a meet.

        That is a recorded tape with a programme, else a re-enactment, such as one that somebody
        sent, else the bundled meet.
        """
        if self._file(event_id).exists():
            opened = self.recorded(event_id)
            if opened.newest.races:
                return opened
            opened.tape.close()
        reenacted = self._kept_reenactment(event_id)
        if reenacted is not None:
            return reenacted
        held = self.bundled_id(event_id)
        return None if held is None else self.bundled(held)

    def recorded(self, event_id: str) -> OpenMeet:
        """Open the tape on which this feed's answers for a meet are kept, made when missing.

        Raises:
            longtrack.tape.TapeError: If the data directory can't be used.
        """
        self._forget_told()  # what comes onto the tape may tell of the event
        tape = self._tape(file := self._file(event_id))
        reader = TapeReader(tape, event_id)
        try:
            reader.meet(LATEST)
        except (TapeDamaged, isu.Unreadable) as error:
            tape = self._set_aside(tape, file, error)
            reader = TapeReader(tape, event_id)
        return self._opened(event_id, tape, Source.CACHE, reader)

    def is_recorded(self, event_id: str) -> bool:
        """Tell whether anything of a meet was recorded from this feed."""
        return self._file(event_id).exists()

    def bundled(self, held: str | None = None) -> OpenMeet:
        """Open a bundled meet, which needs neither network nor data directory.

        Args:
            held: Its own id, as `bundled_id` tells; None for the meet the demo plays.
        """
        from longtrack.bundled import DEMO_ID, open_bundled

        held = held or DEMO_ID
        file = tape_file(self.locations.tapes, "bundled", held, "bundled")
        return self._opened(held, open_bundled(held, file), Source.BUNDLED)

    def reenacted(self, recorded: OpenMeet) -> OpenMeet:
        """Open a meet as it was skated, laid out again from its last documents.

        A re-enactment that somebody sent is left as it is, and opened.

        Args:
            recorded: The meet on its recorded tape, which is closed.
        """
        kept = self._kept_reenactment(recorded.event_id)
        if kept is not None:
            if kept.tape.recall(IMPORTED) is not None:
                recorded.tape.close()
                return kept
            kept.tape.close()
        from longtrack.laid import open_laid
        from longtrack.reenact import RULES, held_from_documents

        event_id, tape = recorded.event_id, recorded.tape
        heads = tape.heads(LATEST)
        numbers = [race.number for race in recorded.newest.races]

        def body(path: str, missing: bytes = b"[]") -> bytes:
            return tape.body(heads[path].version) if path in heads else missing

        def held() -> HeldMeet:
            details = {number: isu.competition_path(event_id, number) for number in numbers}
            results = {number: isu.results_path(event_id, number) for number in numbers}
            return held_from_documents(
                body(isu.event_path(event_id), b"{}"),
                body(isu.schedule_path(event_id)),
                body(isu.competitions_path(event_id)),
                {number: body(path) for number, path in details.items() if path in heads},
                {number: body(path) for number, path in results.items() if path in heads},
            )

        versions = ",".join(str(heads[path].version) for path in sorted(heads))
        file = self._file(event_id, "reenacted")
        laid = open_laid(file, held, kind="reenacted", content=f"{RULES}:{versions}")
        tape.close()
        return replace(recorded, tape=laid, reader=TapeReader(laid, event_id))

    def open_file(self, file: Path) -> OpenMeet:
        """Open what a file holds that the fan names; the file itself is only read.

        Raises:
            NoSuch: If there is no such file, or it is no sound tape of a meet.
            longtrack.tape.TapeError: If there is no room to look at it.
        """
        from longtrack.tape_check import copy_sound

        if not file.is_file():
            raise NoSuch(f"there is no tape file {file}")
        tape = Tape(passing=True)
        try:
            origin = copy_sound(file, tape)
        except TapeDamaged as error:
            tape.close()
            raise NoSuch(f"{error}; rinkside can't play it") from None
        except BaseException:
            tape.close()
            raise
        source = Source.BUNDLED if origin.kind == "bundled" else Source.CACHE
        return self._opened(origin.event_id, tape, source)

    def open_own(self, file: Path, event_id: str) -> OpenMeet:
        """Open a tape of this computer as it is, whatever its feed and kind.

        Raises:
            longtrack.tape.TapeError: If it can't be opened.
            longtrack.isu.Unreadable: If it can't be read.
        """
        tape = Tape(file)
        reader = TapeReader(tape, event_id)
        try:
            reader.meet(LATEST)
            source = Source.BUNDLED if tape.recall("kind") == "bundled" else Source.CACHE
            return self._opened(event_id, tape, source, reader)
        except BaseException:
            tape.close()
            raise

    def bundled_id(self, event_id: str) -> str | None:
        """Return the own id of the bundled meet that an event of this feed is, None for no such.

        Where the feed has told what the event is, season, city and days decide; else the id.
        """
        from longtrack.bundled import MEETS

        known = self._told.get(event_id)
        if known is None:
            return event_id if event_id in MEETS else None
        return self._bundled_by_place.get(_place_and_time(known))

    def is_bundled(self, event_id: str) -> bool:
        """Tell whether an event of this feed is a bundled meet, whatever the feed's id for it."""
        return self.bundled_id(event_id) is not None

    # --- which meets are known ---------------------------------------------------------------

    def events(self) -> tuple[Event, ...]:
        """Return every event known: of the feed's lists, of recorded tapes, the bundled ones."""
        told = {self.bundled_id(event_id) for event_id in self._told}
        others = {event.id: event for event in self._bundled_events if event.id not in told}
        return tuple(sorted((others | self._told).values(), key=_begins))

    def choose(self, now: datetime) -> str | None:
        """Return the id of the event to follow when none was named, from what is known.

        A World Cup that is on comes first, above all one with a live race; then the next of the
        season; then the one watched last. None stands for the bundled meet of the demo.
        """
        world_cups = [
            event
            for event in sorted(self._told.values(), key=_begins)
            if event.is_world_cup and not event.cancelled and self._can_open(event.id)
        ]
        today = now.astimezone(UTC).date()
        on = [event for event in world_cups if _lasts(event, today)]
        for event in on:
            if self._has_live_race(event.id):
                return event.id
        # Of two within reach of today, the one whose own days at the rink include it.
        on.sort(key=lambda event: not _lasts(event, now.astimezone(event.zone).date(), slack=False))
        coming = [
            event
            for event in world_cups
            if event.start is not None and event.start > today and event.season == season_of(today)
        ]
        return next((event.id for event in (*on, *coming)), None) or self._last_watched()

    def resolve(self, word: str) -> str:
        """Return the id of the event a fan means by an id, a city or a rink, in any case.

        Of several meets in one city it is the newest.

        Raises:
            NoSuch: If no event is known by that word; the message says what to do.
        """
        if isu.EVENT_ID.fullmatch(word.strip().upper()):
            return word.strip().upper()
        events, wanted = self.events(), plain(word)
        named = [event for event in events if wanted in (plain(event.city), plain(event.venue))]
        if named:
            return max(named, key=_begins).id
        near = _near(wanted, events)
        advice = f"did you mean {near}?" if near else "give its id, such as 2026_NOR_0001"
        raise NoSuch(f"no event is known by {word!r}; {advice}")

    def world_cups(self, year: int) -> tuple[Event, ...]:
        """Return the World Cups known of a season, the cancelled ones left out."""
        return tuple(
            event
            for event in self.events()
            if event.season == year and event.is_world_cup and not event.cancelled
        )

    def told_world_cups(self, year: int) -> tuple[Event, ...]:
        """Return those World Cups of a season that this feed has told of: it can be asked more."""
        return tuple(event for event in self.world_cups(year) if event.id in self._told)

    def lists(self, year: int) -> bool:
        """Tell whether the feed has told of all events of a season, so that none can be missing.

        A list without the World Cup Final may grow until the winter is over.
        """
        if year not in self._listed:
            return False
        today = datetime.fromtimestamp(self.clock() / 1000, UTC).date()
        return today >= date(year, 4, 1) or any(
            "final" in event.tags for event in self.world_cups(year)
        )

    def listed_at(self, year: int) -> int | None:
        """Return when the feed last told which events a season has, or None for never."""
        with closing(self.lists_tape()) as tape:
            return tape.last_good([isu.events_path(year)])

    def lists_tape(self) -> Tape:
        """Open the tape of the lists of events; the caller closes it."""
        return self._tape(self.lists_file)

    @property
    def lists_file(self) -> Path:
        """The file of the feed's library tape; it need not exist."""
        return self._file(_LIBRARY)

    def archive_tape(self) -> Tape:
        """Open the library tape of speedskatingresults.com; the caller closes it."""
        file = self.archive_file
        if file is None:
            raise ValueError("there is no archive to keep anything of")
        return self._tape(file)

    @property
    def archive_file(self) -> Path | None:
        """The file of speedskatingresults.com's library tape; None where that is switched off."""
        if not self._archive_host:
            return None
        return tape_file(self.locations.tapes, self._archive_host, _LIBRARY)

    @property
    def present_season(self) -> int:
        """The season of today."""
        return season_of(datetime.fromtimestamp(self.clock() / 1000, UTC).date())

    async def discover(self, feed: Feed, year: int | None = None) -> None:
        """Ask the feed for a season's events and keep its answer.

        Args:
            feed: Whom to ask.
            year: The year the season ends in; the present one by default.

        Raises:
            longtrack.http.FeedError: If it can't be had; what was known stays.
            longtrack.isu.Unreadable: If it can't be read.
            longtrack.tape.TapeError: If it can't be kept.
        """
        now = self.clock()
        pages = await feed.events(year or self.present_season)
        with closing(self.lists_tape()) as tape, tape.laying():
            for path, body in pages:
                tape.append(path, body, now)
                tape.polled(path, now)
        self._forget_told()

    def place(self, meet: str | Path) -> int | None:
        """Return up to which tape time a meet was watched without spoilers; None for not so.

        Args:
            meet: The id of its event, or the tape file a fan names.
        """
        return self._remembered.place(*self.kept_as(meet))

    def kept_as(self, meet: str | Path) -> tuple[str, str]:
        """Return by which two words a place in a meet is remembered."""
        if isinstance(meet, Path):
            return "file", str(meet.absolute())
        return self.feed_host, meet

    @property
    def has_places(self) -> bool:
        """Whether any meet of the feed is being watched without spoilers."""
        return bool(self._remembered.places.get(self.feed_host))

    # --- what it knows that from -------------------------------------------------------------

    @cached_property
    def _told(self) -> dict[str, Event]:
        """By id, every event this feed has told of, read once until the feed is asked again."""
        events = {event.id: event for page in self._pages.values() for event in page.events}
        for event_id in self._recorded_ids():
            if event_id not in events and (event := self._event_recorded(event_id)) is not None:
                events[event_id] = event
        return events

    @cached_property
    def _pages(self) -> dict[str, isu.EventPage]:
        """By path, the pages of the feed's lists of events."""
        file = self._file(_LIBRARY)
        if not file.exists():
            return {}
        with closing(self._tape(file)) as tape:
            try:
                heads = tape.heads(LATEST).values()
                return {
                    head.path: isu.read_events(tape.body(head.version))
                    for head in heads
                    if head.path.startswith("events/")  # lists of records lie there too
                }
            except (TapeDamaged, isu.Unreadable) as error:
                self._set_aside(tape, file, error).close()
                return {}

    @cached_property
    def _listed(self) -> frozenset[int]:
        """The seasons of which the feed has told the events."""
        events = (event for page in self._pages.values() for event in page.events)
        return frozenset(event.season for event in events if event.season is not None)

    def _forget_told(self) -> None:
        for name in ("_told", "_pages", "_listed"):
            self.__dict__.pop(name, None)

    @cached_property
    def _bundled_events(self) -> tuple[Event, ...]:
        from longtrack.bundled import bundled_events

        return bundled_events()

    @cached_property
    def _bundled_by_place(self) -> dict[tuple[object, ...], str]:
        return {_place_and_time(event): event.id for event in self._bundled_events}

    @cached_property
    def _remembered(self) -> Remembered:
        from rinkside.remembered import recall

        found, note = recall(self.locations.remembered, self.clock())
        if note is not None:
            self.notes.append(note)
        return found

    def _recorded_ids(self) -> list[str]:
        files = self._file(_LIBRARY).parent.glob("*.tape")
        names = {file.stem.removesuffix(".reenacted") for file in files}
        return sorted(name for name in names if isu.EVENT_ID.fullmatch(name))

    def _event_recorded(self, event_id: str) -> Event | None:
        # A tape that can't be read is told of when it is opened, not when it is passed by.
        file = self._file(event_id)
        if not file.exists():
            file = self._file(event_id, "reenacted")
        with suppress(TapeError, isu.Unreadable), closing(Tape(file)) as tape:
            head = tape.heads(LATEST).get(isu.event_path(event_id))
            return None if head is None else isu.read_event(tape.body(head.version))
        return None

    def _has_live_race(self, event_id: str) -> bool:
        if not self._file(event_id).exists():
            return False
        with suppress(TapeError, isu.Unreadable), closing(Tape(self._file(event_id))) as tape:
            return bool(TapeReader(tape, event_id).meet(LATEST).live)
        return False

    def _can_open(self, event_id: str) -> bool:
        return not self.offline or self._has_tape(event_id) or self.is_bundled(event_id)

    def _has_tape(self, event_id: str) -> bool:
        return any(self._file(event_id, kind).exists() for kind in ("recorded", "reenacted"))

    def _last_watched(self) -> str | None:
        event_id = self._remembered.last_watched.get(self.feed_host)
        if event_id is None or not isu.EVENT_ID.fullmatch(event_id):
            return None
        return event_id if self._can_open(event_id) else None

    def _opened(
        self, event_id: str, tape: Tape, source: Source, reader: TapeReader | None = None
    ) -> OpenMeet:
        from longtrack.records import RecordBook

        reader = reader or TapeReader(tape, event_id)
        records = RecordBook.bundled()
        return OpenMeet(event_id, tape, reader, source, records, tuple(self.notes))

    def _tape(self, file: Path) -> Tape:
        tape, note = open_or_set_aside(file, self.clock())
        if note is not None:
            self.notes.append(note)
        return tape

    def _set_aside(self, tape: Tape, file: Path, why: Exception) -> Tape:
        """Begin a new tape in the place of one that opens and can't be read."""
        tape.close()
        fresh, note = set_aside(file, self.clock(), kind="recorded", why=str(why))
        self.notes.append(note)
        return fresh

    def _kept_reenactment(self, event_id: str) -> OpenMeet | None:
        """Open the re-enactment of a meet if there is a sound one."""
        file = self._file(event_id, "reenacted")
        if not file.exists():
            return None
        with suppress(TapeError, isu.Unreadable):
            tape = Tape(file)
            reader = TapeReader(tape, event_id)
            try:
                if reader.meet(LATEST).races:
                    return self._opened(event_id, tape, Source.CACHE, reader)
            except (TapeError, isu.Unreadable):
                tape.close()
                raise
            tape.close()
        return None

    def _file(self, name: str, kind: str = "recorded") -> Path:
        return tape_file(self.locations.tapes, self.feed_host, name, kind)


def _near(wanted: str, events: Iterable[Event]) -> str:
    """Return the known cities most like a word, for a sentence; empty where there is none."""
    from difflib import get_close_matches

    cities = {plain(event.city): event.city for event in events if event.city}
    begun = [city for city in cities if wanted and city.startswith(wanted)]
    found = dict.fromkeys([*begun, *get_close_matches(wanted, cities)])
    return " or ".join(cities[city] for city in list(found)[:3])


def _lasts(event: Event, day: date, *, slack: bool = True) -> bool:
    if event.start is None:
        return False
    more = _SLACK if slack else timedelta()
    return event.start - more <= day <= (event.end or event.start) + more


def _place_and_time(event: Event) -> tuple[object, ...]:
    return event.season, plain(event.city), event.start


def _begins(event: Event) -> tuple[date, str]:
    return event.start or date.min, event.id


def host_of(api: str) -> str:
    """Return the host name of a feed's base address.

    Raises:
        ValueError: If it is none of a web server; the message is for a person.
    """
    # Told the same way as `longtrack.http.Feed` does, which is not loaded until something is asked.
    try:
        parts = urlsplit(api)
        _ = parts.port
    except ValueError:
        parts = urlsplit("")
    if parts.scheme not in ("http", "https") or not parts.hostname or parts.query:
        raise ValueError(f"{api!r} is not the address of a feed; it looks like {isu.DEFAULT_API}")
    return parts.hostname
