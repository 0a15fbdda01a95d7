"""Re-enactment: a meet that is over, laid on a tape again as it was skated.

The feed keeps only the last document of each race. Where that holds the passages, the race can be
watched again: pairs are spread over the time between its start and its end, and every passage is
laid at its pair's start plus its own time (`longtrack.skated`). The last version of each race is
the final document itself. Laid out so, a tape differs from a recorded one in one thing: when each
pair started is modelled.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from datetime import UTC, date, datetime, time
from heapq import merge
from itertools import groupby
from operator import itemgetter
from typing import Any, Final
from zoneinfo import ZoneInfo

import msgspec

from longtrack import fields, isu
from longtrack.model import Race
from longtrack.skated import SkatedRace, Step
from longtrack.tape import Tape
from longtrack.timetable import usual_ms

_SECOND: Final = 1000
_MINUTE: Final = 60 * _SECOND

RULES: Final = 1
"""To be raised when meets are laid out otherwise: what was laid before is then laid again."""

DELAY_KNOWN_MS: Final = 5 * _MINUTE
"""How long after its planned start a race that has not begun is given its new one."""

SETTLED_MS: Final = 30 * _SECOND
"""From the last finish to the final document, which may bring disqualifications."""

QUIET_MS: Final = 1 * _MINUTE
"""From the final document until the race is no longer called live."""

OFFICIAL_MS: Final = 10 * _MINUTE
"""From the final document until the race is official."""

_LONGEST_MS: Final = 4 * 60 * _MINUTE
"""A race the feed touched later than this after its start was corrected then, not skated."""

_Version = tuple[int, str, bytes]
"""When, which document, and what it says."""

_Change = tuple[int, int, dict[str, Any]]
"""When, the number of a race, and what becomes of its row in the list of races."""


class Timing(msgspec.Struct, frozen=True):
    """What is known of a race's course beyond its documents; None is derived from them."""

    planned: datetime | None = None
    """Start by the programme; else that of the schedule."""
    start: datetime | None = None
    """When the race goes live; else the start in its document."""
    first_pair: datetime | None = None
    """When the first pair starts; else when the race goes live."""
    end: datetime | None = None
    """The last finish; else when the feed last touched the race, where that can be."""
    pair_interval_s: float | None = None
    """Seconds from one pair's start to the next; else what start and end leave."""
    by_pair: bool = True
    """False lays the whole result at the end, for races of which no course is to be modelled."""


class HeldMeet(msgspec.Struct, frozen=True):
    """The final documents of a meet, decoded: objects and lists as in the feed's JSON."""

    event: dict[str, Any]
    schedule: list[Any]
    competitions: list[Any]
    details: Mapping[int, dict[str, Any]] = msgspec.field(default_factory=dict)
    """The document of each race with its conditions, by schedule number."""
    results: Mapping[int, list[Any]] = msgspec.field(default_factory=dict)
    """The rows of each race, by schedule number; a race without a known result is not in it."""
    timings: Mapping[int, Timing] = msgspec.field(default_factory=dict)


def held_from_documents(
    event: bytes,
    schedule: bytes,
    competitions: bytes,
    details: Mapping[int, bytes],
    results: Mapping[int, bytes],
) -> HeldMeet:
    """Make a held meet of answers of the feed.

    Args:
        event: The event.
        schedule: Its programme.
        competitions: Its list of races.
        details: The documents of single races, by schedule number.
        results: The results of single races, by schedule number.

    Raises:
        longtrack.isu.Unreadable: If an answer is not what it should be.
    """
    event_id = isu.read_event(event).id
    return HeldMeet(
        event=dict(fields.mapping(isu.parse(event, isu.event_path(event_id)))),
        schedule=_listed(isu.parse(schedule, isu.schedule_path(event_id))),
        competitions=_listed(isu.parse(competitions, isu.competitions_path(event_id))),
        details={
            number: data
            for number, body in details.items()
            if isinstance(data := isu.parse(body, isu.competition_path(event_id, number)), dict)
        },
        results={
            number: _listed(isu.parse(body, isu.results_path(event_id, number)))
            for number, body in results.items()
        },
    )


def reenact(tape: Tape, meet: HeldMeet) -> None:
    """Lay a meet on a tape, in order of time and in one transaction.

    Args:
        tape: An empty tape.
        meet: The meet's final documents.

    Raises:
        longtrack.isu.Unreadable: If the meet's event has no id.
        longtrack.tape.TapeError: If the tape can't be written; nothing is kept then.
    """
    event = isu.read_event(_encode(meet.event))
    slots = isu.read_schedule(_encode(meet.schedule))
    planned = {number: slot.start for number, slot in slots.items()}
    races = [
        _HeldRace(race, meet, planned=planned.get(race.number), zone=event.zone)
        for race in isu.read_competitions(_encode(meet.competitions))
    ]
    days = [race.listed for race in races if race.listed is not None]
    if event.start is not None:
        days.append(_midnight(event.start, event.zone))
    opening = min(days, default=0)
    _place_those_without_a_start(races, opening)
    changes = [change for race in races for change in race.changes(opening)]
    timelines: list[Iterator[_Version]] = [
        iter([(opening, isu.event_path(event.id), _encode(meet.event))]),
        _programme(meet, event.id, opening, changes),
    ]
    for race in races:
        number = race.number
        timelines.append(race.details(isu.competition_path(event.id, number), opening))
        timelines.append(race.results(isu.results_path(event.id, number), opening))
    with tape.laying():
        for at, path, body in merge(*timelines, key=itemgetter(0)):
            tape.append(path, body, at)


# --- a race ------------------------------------------------------------------------------------


class _HeldRace:
    """A race, and when what became known of it; all in tape time."""

    def __init__(
        self, race: Race, meet: HeldMeet, *, planned: datetime | None, zone: ZoneInfo
    ) -> None:
        self.number = race.number
        self._race = race
        self._details = meet.details.get(race.number)
        self._final_rows = meet.results.get(race.number)
        self._skated = SkatedRace(self._final_rows or (), race.distance)
        self._held = race.official or self._skated.begun
        timing = meet.timings.get(race.number, Timing())
        self._planned = timing.planned or planned or race.start
        start = timing.start or race.start or planned
        self.start = None if start is None else _ms(start)
        self._first = self.start if timing.first_pair is None else _ms(timing.first_pair)
        known = (self._planned, start, timing.end)
        days = [moment.astimezone(zone).date() for moment in known if moment]
        self.listed = _midnight(min(days), zone) if days else None
        """When the start list comes: at the beginning of the race's day."""
        self._steps: list[Step] = []
        self.close: int | None = None
        """When the final document comes; None as long as that is not known."""
        if self.start is not None and self._first is not None:
            self._steps = self._skated.absences(self.start)
            end = self._spread(timing, self._first)
            self._steps.sort(key=itemgetter(0))
            self.close = max([end, *(at + SETTLED_MS for at, _ in self._steps)])
        elif timing.end is not None:
            self.close = _ms(timing.end)

    def _spread(self, timing: Timing, first: int) -> int:
        """Place the pairs between the first start and the end, and return the end."""
        slots = self._skated.slots
        usual = usual_ms(self._race.distance, max(map(len, slots), default=0))
        updated = self._race.updated
        if timing.end is not None:
            end = _ms(timing.end)
        elif updated is not None and first < _ms(updated) <= first + _LONGEST_MS:
            end = _ms(updated)
        else:
            end = first + usual * len(slots)
        if timing.by_pair and slots:
            interval = (end - first - self._skated.last_slot_ms) / max(1, len(slots) - 1)
            # More than twice the usual is left by a correction, not by the skating.
            interval = min(max(interval, 0), 2 * usual)
            if timing.pair_interval_s is not None:
                interval = timing.pair_interval_s * _SECOND
            gates = [first + round(interval * index) for index in range(len(slots))]
            self._steps += self._skated.skating(gates, usual // 2)
        return end

    def changes(self, opening: int) -> Iterator[_Change]:
        """Yield what becomes of the race in the list of races, in order."""
        if not self._held or self.close is None:
            return
        row, actual = {"isLive": False, "isOfficial": False}, self._race.start
        if self.start is None or self._planned is None or self._first is None:
            yield opening, self.number, row
            yield self.close, self.number, {"isOfficial": self._race.official}
            return
        planned = _ms(self._planned)
        yield opening, self.number, {**row, "start": _wire(planned)}
        if actual is not None and actual != self._planned:
            known = min(planned + DELAY_KNOWN_MS, self._first)
            yield known, self.number, {"start": _wire(_ms(actual))}
        yield self.start, self.number, {"isLive": True}
        yield self.close + QUIET_MS, self.number, {"isLive": False}
        yield self.close + OFFICIAL_MS, self.number, {"isOfficial": self._race.official}

    def results(self, path: str, opening: int) -> Iterator[_Version]:
        """Yield the versions of the race's rows, in order."""
        if self._final_rows is None:
            return
        listed = opening if self.listed is None else self.listed
        if not self._held or self.close is None:
            yield listed, path, _encode(self._final_rows)
            return
        yield listed, path, _encode(self._skated.rows())
        for at, steps in groupby(self._steps, key=itemgetter(0)):
            for _, step in steps:
                step()
            yield at, path, _encode(self._skated.rows())
        yield self.close, path, _encode(self._final_rows)

    def details(self, path: str, opening: int) -> Iterator[_Version]:
        """Yield the versions of the race's own document: with the ice at its start, then all."""
        if self._details is None:
            return
        at = opening
        if self._held and self.close is not None:
            at = self.close
            if self.start is not None:
                measured = fields.mappings(self._details.get("conditions"))
                known = [row for row in measured if row.get("occasion") != "end"]
                begun = {"isLive": True, "isOfficial": False, "conditions": known}
                yield self.start, path, _encode({**self._details, **begun})
                at += OFFICIAL_MS
        yield at, path, _encode(self._details)


def _place_those_without_a_start(races: Sequence[_HeldRace], opening: int) -> None:
    # Where its end is not known either, such a race is over when the next one begins, and the last
    # of a meet when all the others are.
    following = max(
        (race.close + OFFICIAL_MS for race in races if race.close is not None), default=opening
    )
    for race in reversed(races):
        if race.start is not None:
            following = race.start
        elif race.close is None:
            race.close = following


# --- the meet ----------------------------------------------------------------------------------


def _programme(
    meet: HeldMeet, event_id: str, opening: int, changes: Iterable[_Change]
) -> Iterator[_Version]:
    """Yield the list of races and the programme, which tell of the same changes."""
    shown = {
        _number(row): {key: value for key, value in row.items() if key != "modified"}
        for row in fields.mappings(meet.competitions)
    }
    told: set[int | None] | None = None
    in_order = sorted([(opening, 0, {}), *changes], key=itemgetter(0))
    for at, together in groupby(in_order, key=itemgetter(0)):
        for _, number, change in together:
            if change:
                shown[number] = {**shown[number], **change, "lastUpdate": _wire(at)}
        rows = [shown.get(_number(row), row) for row in meet.competitions]
        yield at, isu.competitions_path(event_id), _encode(rows)
        live = {number for number, row in shown.items() if row.get("isLive") is True}
        if live != told:
            told = live
            items = [_item(item, live) for item in meet.schedule]
            yield at, isu.schedule_path(event_id), _encode(items)


def _item(item: object, live: set[int | None]) -> object:
    if not isinstance(item, dict):
        return item
    links = [
        {**link, "isLive": fields.integer(link.get("identifier")) in live}
        for link in fields.mappings(item.get("links"))
    ]
    return {**item, "links": links}


def _number(row: object) -> int | None:
    return fields.integer(fields.mapping(row).get("scheduleNumber"))


# --- instants and bodies -------------------------------------------------------------------------


def _ms(instant: datetime) -> int:
    return round(instant.timestamp() * 1000)


def _wire(at: int) -> str:
    return f"{datetime.fromtimestamp(at // 1000, UTC):%Y-%m-%dT%H:%M:%SZ}"


def _midnight(day: date, zone: ZoneInfo) -> int:
    return _ms(datetime.combine(day, time(), zone))


def _encode(data: object) -> bytes:
    return msgspec.json.encode(data)


def _listed(data: object) -> list[Any]:
    """Return the rows of a list, bare or paginated."""
    return fields.items(data["results"] if isinstance(data, dict) else data)
