"""The wire: documents of the ISU results feed, read into the model.

The feed answers GET with JSON; which facts about it are seen, reported or guessed is told in
the comments below. Everything in it is untrusted. The rule throughout: a field that can't be
read is unknown, a row is dropped only when it names nobody (and is counted), and only a body
that is not the document at all is an error.

Besides the feed's own keys three of ours are understood, which laid-out tapes carry:
``modelled`` on a lap, ``remarks`` on a row, ``modelled`` on an event.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from datetime import datetime
from functools import lru_cache
from typing import Any, Final, NamedTuple

import msgspec
from msgspec.structs import replace

from longtrack import fields
from longtrack.model import (
    Conditions,
    Discipline,
    Distance,
    Division,
    Entry,
    Event,
    Gender,
    Race,
)
from longtrack.starts import key_of, name_or_id, read_start, with_armbands

DEFAULT_API: Final = "https://api.isuresults.eu"
"""The ISU's feed; the Dutch federation's twin has the same paths under another address."""

EVENT_ID: Final = re.compile(r"[0-9]{4}_[A-Z]{3}_[0-9]{1,6}")
"""An event's id: season (its end year), federation, sequence number: ``2026_NOR_0001``."""


class Unreadable(ValueError):
    """A body that is not the document that was asked for; the message is for a person."""


# --- paths -------------------------------------------------------------------------------------


def events_path(season: int, page: int = 1) -> str:
    """Return the path of one page of a season's events; the season is named by its end year."""
    return f"events/?season={season}" + (f"&page={page}" if page > 1 else "")


def event_path(event_id: str) -> str:
    """Return the path of one event."""
    return f"events/{event_id}/"


def schedule_path(event_id: str) -> str:
    """Return the path of an event's programme."""
    return f"events/{event_id}/schedule/"


def competitions_path(event_id: str) -> str:
    """Return the path of the list of an event's races, the state of the whole meet in one."""
    return f"events/{event_id}/competitions/"


def competition_path(event_id: str, number: int) -> str:
    """Return the path of one race, which has the conditions."""
    return f"events/{event_id}/competitions/{number}/"


def results_path(event_id: str, number: int) -> str:
    """Return the path of a race's starts: start list, live passages and result in one."""
    return f"events/{event_id}/competitions/{number}/results/"


def start_list_path(event_id: str, number: int) -> str:
    """Return the path of a race's start list, for when the results have no rows yet."""
    return f"events/{event_id}/competitions/{number}/start-list/"


# --- documents ---------------------------------------------------------------------------------


class Slot(NamedTuple):
    """A race's place in the programme."""

    start: datetime | None
    live: bool
    published: bool


class Results(NamedTuple):
    """The starts of one race."""

    entries: tuple[Entry, ...]
    dropped: int
    """Rows that name nobody."""
    dropped_keys: tuple[str, ...]
    """Keys of those rows, as far as they have one: the last good row can stand in."""


class EventPage(msgspec.Struct, frozen=True):
    """One page of the list of events."""

    events: tuple[Event, ...]
    next_query: str | None
    """The query of the next page (``page=2&season=2026``); never an address to follow."""


def read_events(body: bytes) -> EventPage:
    """Read a page of events, bare or paginated. Events without an id are left out."""
    data = _json(body)
    following = data.get("next") if isinstance(data, dict) else None
    query = None
    if isinstance(following, str) and "?" in following:
        query = following.split("?", 1)[1].split("#", 1)[0]
        if not re.fullmatch(r"[\w=&%.+-]{1,200}", query, re.ASCII):
            query = None
    rows = _rows(data, "events")
    return EventPage(
        events=tuple(event for row in rows if (event := _event(row)) is not None),
        next_query=query,
    )


def read_event(body: bytes) -> Event:
    """Read one event.

    Raises:
        Unreadable: If it is not an object with an id.
    """
    event = _event(_object(body, "an event"))
    if event is None:
        raise Unreadable("the feed's answer for the event does not name an event")
    return event


def is_modelled(body: bytes) -> bool:
    """Tell whether an event's document says that times between start and finish are ours."""
    return _object(body, "an event").get("modelled") is True


def read_schedule(body: bytes) -> dict[int, Slot]:
    """Read the programme into one slot a race, by schedule number."""
    slots: dict[int, Slot] = {}
    for item in _rows(_json(body), "the programme"):
        start = fields.instant(item.get("start"))
        for link in fields.mappings(item.get("links")):
            # The item's own id is of no use in paths; `identifier` is the schedule number.
            number = fields.integer(link.get("identifier"))
            if number is None:
                continue
            known = slots.get(number, Slot(start, live=False, published=False))
            slots[number] = Slot(
                start=known.start or start,
                live=known.live or fields.flag(link.get("isLive")) is True,
                published=known.published or fields.flag(link.get("isPublished")) is True,
            )
    return slots


def read_competitions(body: bytes) -> tuple[Race, ...]:
    """Read the list of races, in the order of their numbers, without starts."""
    races = (_race(row) for row in _rows(_json(body), "the list of races"))
    known = {race.number: race for race in races if race is not None}
    return tuple(known[number] for number in sorted(known))


def read_last_updates(body: bytes) -> dict[int, str]:
    """Read when each race was last touched, as the feed words it: it only tells what changed."""
    updates: dict[int, str] = {}
    for row in _rows(_json(body), "the list of races"):
        number = fields.integer(row.get("scheduleNumber"))
        if number is not None:
            updates[number] = fields.text(row.get("lastUpdate"))
    return updates


def read_conditions(body: bytes) -> Conditions | None:
    """Read the newest conditions of a race: those at its end, else at its start."""
    rows = list(fields.mappings(_object(body, "a race").get("conditions")))
    if not rows:
        return None
    row = next((row for row in reversed(rows) if row.get("occasion") == "end"), rows[-1])
    return Conditions(
        ice_c=fields.number(row.get("iceTemperature")),
        air_c=fields.number(row.get("airTemperature")),
        humidity_pct=fields.number(row.get("humidity")),
    )


def read_results(body: bytes, distance: Distance) -> Results:
    """Read a race's starts from its results or its start list.

    Args:
        body: The document.
        distance: What is skated; laps carry no mark of their own, it is derived from this.
    """
    entries: dict[str, Entry] = {}
    dropped: list[str | None] = []
    try:
        starts = [_start(row, distance) for row in _raw_rows(body)]
    except Unreadable:
        raise Unreadable(_describe(body)) from None
    for index, (entry, key) in enumerate(starts):
        if entry is None:
            dropped.append(key)
            continue
        if key is None:
            # With nothing to tell it by, a row is known by its place.
            entry = replace(entry, key=f"r{index}")
        twin = entries.get(entry.key)
        if twin is not None and twin.competitor != entry.competitor:
            # Two people with one id: both are shown.
            entry = replace(entry, key=f"{entry.key}/{name_or_id(entry.competitor)}")
        entries.setdefault(entry.key, entry)
    return Results(
        entries=with_armbands(entries.values()),
        dropped=len(dropped),
        dropped_keys=tuple(key for key in dropped if key is not None),
    )


# --- rows --------------------------------------------------------------------------------------

_TOUCHED: Final = re.compile(rb'("modified"\s*:\s*)"[^"\\]*"')
"""When a row, or somebody in it, was last touched: rewritten in all rows at every push."""


def _raw_rows(body: bytes) -> list[bytes]:
    """Return the rows of a list one by one, undecoded and without the feed's bookkeeping."""
    try:
        rows = msgspec.json.decode(_TOUCHED.sub(rb"\1null", body), type=list[msgspec.Raw])
    except (msgspec.DecodeError, UnicodeDecodeError, RecursionError):
        return [msgspec.json.encode(row) for row in _rows(_json(body), "the results")]
    return [bytes(row) for row in rows]


@lru_cache(maxsize=96)
def _start(row: bytes, distance: Distance) -> tuple[Entry | None, str | None]:
    """Read one start, and what tells it from the others; it may name nobody, or have no key.

    A live document comes again every few seconds, and most of its rows are as they were: those
    are the very same objects again.
    """
    data = fields.mapping(_json(row))
    return read_start(data, distance), key_of(data)


def _event(row: Mapping[str, Any]) -> Event | None:
    event_id = fields.text(row.get("isuId"))
    if not EVENT_ID.fullmatch(event_id):
        return None
    track = fields.mapping(row.get("track"))
    return Event(
        id=event_id,
        name=fields.text(row.get("name")) or event_id,
        city=fields.text(track.get("city")),
        venue=fields.text(track.get("name")),
        country=fields.text(track.get("country")) or fields.text(row.get("nationalFederation")),
        zone_name=fields.text(track.get("timeZone")) or "UTC",
        start=fields.day(row.get("start")),
        end=fields.day(row.get("end")),
        season=fields.integer(row.get("season")) or int(event_id[:4]),
        tags=tuple(
            fields.text(tag) for tag in fields.items(row.get("tags")) if isinstance(tag, str)
        ),
        cancelled=fields.flag(row.get("isCancelled")) is True,
    )


def _race(row: Mapping[str, Any]) -> Race | None:
    number = fields.integer(row.get("scheduleNumber"))
    if number is None or not 0 < number < 1000:
        return None
    title = fields.text(row.get("title"))
    gender = _gender(fields.text(row.get("category")), title)
    division = fields.text(row.get("division")).upper()
    start = fields.instant(row.get("start"))
    return Race(
        number=number,
        gender=gender,
        division=Division.B if division == "B" or "Division B" in title else Division.A,
        distance=_distance(row, title, gender),
        ordinal=fields.integer(row.get("number")) or (2 if title.startswith("2nd") else 1),
        title=title,
        planned=start,
        start=start,
        updated=fields.instant(row.get("lastUpdate")),
        live=fields.flag(row.get("isLive")) is True,
        official=fields.flag(row.get("isOfficial")) is True,
    )


def _gender(category: str, title: str) -> Gender:
    words = title.lower()
    if category in ("F", "W") or (not category and ("women" in words or "ladies" in words)):
        return Gender.WOMEN
    if category == "M" or (not category and re.search(r"\bmen\b", words)):
        return Gender.MEN
    return Gender.MIXED


_DISCIPLINE_WORDS: Final = (
    ("mass start", Discipline.MASS_START),
    ("team pursuit", Discipline.TEAM_PURSUIT),
    ("team sprint", Discipline.TEAM_SPRINT),
    ("relay", Discipline.MIXED_RELAY),
)


def _distance(row: Mapping[str, Any], title: str, gender: Gender) -> Distance:
    data = fields.mapping(row.get("distance"))
    identifier = fields.text(data.get("identifier")).upper()
    # "ID" and "MS" were seen as types; the team races' are a guess, so the title has the last word.
    kind = (fields.text(row.get("type")) or fields.text(data.get("type")) or identifier[:2]).upper()
    discipline = next(
        (known for words, known in _DISCIPLINE_WORDS if words in title.lower()),
        next((known for known in Discipline if known.value == kind), Discipline.INDIVIDUAL),
    )
    laps = fields.integer(data.get("lapCount"))
    if laps is not None and not 0 < laps <= 100:
        laps = None
    if discipline is not Discipline.INDIVIDUAL:
        usual = {
            Discipline.MASS_START: 16,
            Discipline.TEAM_PURSUIT: 8 if gender is Gender.MEN else 6,
            Discipline.TEAM_SPRINT: 3,
            Discipline.MIXED_RELAY: 6,
        }[discipline]
        return Distance(discipline, metres=None, laps=laps or usual)
    metres = fields.integer(data.get("distance"))
    if metres is None or not 0 < metres <= 50_000:
        stated = re.search(r"ID_(\d{3,5})", identifier) or re.search(r"\b(\d{3,5}) ?m", title)
        metres = (int(stated[1]) or None) if stated else None
    if metres is None:
        return Distance(discipline, metres=None, laps=laps or 1)
    # A skater is clocked after the part lap from the start line and then every 400 m.
    return Distance(discipline, metres=metres, laps=-(-metres // 400))


# --- what identifies a version -----------------------------------------------------------------

BOOKKEEPING: Final = frozenset({"modified", "lastUpdate"})
"""Fields the feed rewrites at every push, whether or not anything happened."""


def substance(data: object) -> object:
    """Return a decoded document without the feed's bookkeeping, for comparing two answers."""
    # A document has a thousand values: only what may hold something is looked into.
    if isinstance(data, dict):
        return {
            key: substance(value) if isinstance(value, dict | list) else value
            for key, value in data.items()
            if key not in BOOKKEEPING
        }
    if isinstance(data, list):
        return [substance(value) for value in data]
    return data


def stamps(data: object) -> dict[str, str]:
    """Return when each row of a document was last touched, by the row's id.

    With these an answer that was made before another can be told, whenever it arrives.
    """
    if isinstance(data, dict) and isinstance(data.get("results"), list):
        data = data["results"]
    rows = data if isinstance(data, list) else [data]
    found: dict[str, str] = {}
    for index, row in enumerate(rows):
        if isinstance(row, dict):
            stamp = row.get("modified") or row.get("lastUpdate")
            if isinstance(stamp, str):
                # Fractions of a second come and go ("...16Z", "...16.488787Z"): as text,
                # "." sorts before "Z", so the mark of the zone is left out of the comparison.
                key = row.get("id", row.get("scheduleNumber", index))
                found[str(key)] = stamp.removesuffix("Z")
    return found


_LISTS: Final = ("results/", "schedule/", "competitions/", "start-list/")
_EVENT_PATH: Final = re.compile(r"events/[^/]+/")
_RACE_PATH: Final = re.compile(r"events/[^/]+/competitions/[^/]+/")


def parse(body: bytes, path: str) -> object:
    """Decode a body and make sure it is the kind of document its path stands for.

    Raises:
        Unreadable: If it is no JSON, or a list where an object belongs, or the other way round,
            or an event without its id.
    """
    data = _json(body)
    bare = path.split("?")[0]
    if bare == "events/" or bare.endswith(_LISTS):
        name = bare.rstrip("/").rpartition("/")[2].replace("-", " ")
        _rows(data, f"the {name}")
    elif _EVENT_PATH.fullmatch(bare):
        if not isinstance(data, dict) or _event(data) is None:
            raise Unreadable("the feed's answer for the event does not name an event")
    elif _RACE_PATH.fullmatch(bare):
        if not isinstance(data, dict):
            raise Unreadable("the feed's answer for a race is not an object")
    elif not isinstance(data, dict | list):
        raise Unreadable("the feed's answer is neither a list nor an object")
    return data


def is_empty_list(body: bytes) -> bool:
    """Tell whether a body is a list without a single row, bare or paginated."""
    data = _json(body)
    return (data.get("results") if isinstance(data, dict) else data) == []


# --- bodies --------------------------------------------------------------------------------------


def _json(body: bytes) -> Any:
    try:
        return msgspec.json.decode(body)
    except (msgspec.DecodeError, UnicodeDecodeError, RecursionError):
        raise Unreadable(_describe(body)) from None


def _describe(body: bytes) -> str:
    head = body[:200].lstrip().lower()
    if not head:
        return "the feed's answer is empty"
    if head.startswith((b"<!doctype", b"<html", b"<?xml", b"<head", b"<body")):
        return "the feed answered with a web page instead of data"
    if head[:1] in b"[{":
        return "the feed's answer is broken off or garbled"
    return "the feed's answer is not data"


def _rows(data: Any, what: str) -> list[Mapping[str, Any]]:
    if isinstance(data, dict) and isinstance(data.get("results"), list):
        data = data["results"]  # list endpoints may be paginated or bare
    if not isinstance(data, list):
        raise Unreadable(f"the feed's answer for {what} is not a list")
    return [row if isinstance(row, dict) else {} for row in data]


def _object(body: bytes, what: str) -> Mapping[str, Any]:
    data = _json(body)
    if not isinstance(data, dict):
        raise Unreadable(f"the feed's answer for {what} is not an object")
    return data
