"""Places on a meet's tape: the key moments, where each pair and race starts, and typed ones."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from datetime import date, datetime, time, timedelta, tzinfo
from typing import Final, NamedTuple

from longtrack.model import Race
from longtrack.moments import Kind, Moment, is_key
from longtrack.tape import Tape
from rinkside.session import Session

_LEAD_MS: Final = 3_000
"""How long before its start a pair is gone to: the feed is up to three seconds late."""
_REACH_MS: Final = 30 * 60_000
"""How far from where the viewer stands is looked first; then four times as far, and so on."""

_AGAIN_MS: Final = 3_000
"""Who goes back twice within this time means the place before."""

_CLOCKED: Final = frozenset({Kind.OPENER, Kind.PASSAGE, Kind.FINISH})
"""Kinds that hold how long somebody has skated."""

_TIME: Final = re.compile(r"(?:(\d{1,2}) +)?(\d{1,2})[:.](\d{2})(?:[:.](\d{2}))?")
_PAIR: Final = re.compile(r"(?:pair|quartet|heat|p) *(\d{1,3})")
_RACE: Final = re.compile(r"[wmx]([0-9]{3,5}|ms|tp|ts|mr)(-[12])?b?")


class Refused(Exception):
    """A place that is not on the tape; the message says why."""


class Start(NamedTuple):
    """The start of a pair, quartet or heat, or of a mass start's crowd (None)."""

    at: int
    race: str
    pair: int | None


# --- from where the viewer stands --------------------------------------------------------------


def key_moment(session: Session, at: int, step: int) -> Moment | None:
    """Return the next or previous moment that decides something, as far as the tape is seen.

    Args:
        session: The meet.
        at: The tape time it is looked from.
        step: 1 for the next, -1 for the previous one.

    Raises:
        longtrack.tape.TapeError: If the tape can't be read.
    """
    least = _just_now(session) if step < 0 else 0
    for moments in _spreading(session, at, step):
        found: Moment | None = None
        for each in moments:
            if is_key(each) and step * (each.at - at) > least:
                found = each
                if step > 0:
                    break
        if found is not None:
            return found
    return None


def pair_start(session: Session, at: int, step: int) -> Start | None:
    """Return the start of the next or previous pair, of whichever race.

    Args and errors as of `key_moment`; of a pair that has just started the one before is meant.
    """
    for moments in _spreading(session, at, step, more=_REACH_MS):
        if found := _next(starts(moments), session, at, step):
            return found
    return None


def race_start(session: Session, at: int, step: int) -> Start | None:
    """Return the start of the next or previous race; args and errors as of `key_moment`."""
    begins, ends = session.begins, session.ends
    if begins is None or ends is None:
        return None
    first: dict[str, Start] = {}
    for start in starts(_moments(session.tape, begins, ends)):
        first.setdefault(start.race, start)
    return _next(first.values(), session, at, step)


def _next(found: Iterable[Start], session: Session, at: int, step: int) -> Start | None:
    least = _LEAD_MS + _just_now(session) if step < 0 else 0
    passed = [each for each in found if step * (each.at - at) > least]
    if not passed:
        return None
    return min(passed) if step > 0 else max(passed)


def _just_now(session: Session) -> int:
    """Return how much of the tape goes by until a key is pressed again, in milliseconds."""
    playhead = session.playhead
    return 0 if playhead.paused else round(_AGAIN_MS * playhead.speed)


def starts(moments: Iterable[Moment]) -> list[Start]:
    """Return when each pair started, in the order they were clocked first.

    The feed tells no start: it is the first time a pair was clocked, less what it had skated by
    then.
    """
    found: dict[tuple[str, int | None], Start] = {}
    for moment in moments:
        skated = moment.figures.get("time_ms")
        about = moment.race, moment.pair
        if moment.kind in _CLOCKED and isinstance(skated, int) and about not in found:
            found[about] = Start(moment.at - skated - _LEAD_MS, *about)
    return list(found.values())


def _spreading(session: Session, at: int, step: int, more: int = 0) -> Iterator[Iterator[Moment]]:
    """Return the moments round a place, ever further; on the other side so many milliseconds."""
    begins, ends = session.begins, session.ends
    if begins is None or ends is None:
        return
    reach = _REACH_MS
    while True:
        since, until = (at - more, at + reach) if step > 0 else (at - reach, at + more)
        yield _moments(session.tape, max(begins, since), min(ends, until))
        if since <= begins if step < 0 else until >= ends:
            return
        reach *= 4


def _moments(tape: Tape, since: int, until: int) -> Iterator[Moment]:
    # All of a meet's at once would be the most memory the program ever takes.
    for kept in tape.moments_in_turn(until, after=since - 1):
        yield Moment.from_json(kept.body)


# --- typed -------------------------------------------------------------------------------------


class Place(NamedTuple):
    """A place that was typed."""

    at: int | None
    """Its tape time; None for the present."""
    race: str | None = None
    """Code of the race that was named."""


def typed(words: str, session: Session, race: Race | None) -> Place:
    """Return a place that was typed.

    It is a time of the rink's clock (``19:38``, ``19:38:20``, with the day of the month before it
    where the tape has several), the code of a race, ``pair 7`` of the race on screen, ``start`` or
    ``live``.

    Args:
        words: What was typed.
        session: The meet.
        race: The race on screen.

    Raises:
        Refused: If that is no place on the tape.
        longtrack.tape.TapeError: If the tape can't be read.
    """
    said = " ".join(words.lower().split())
    begins, ends = session.begins, session.ends
    if begins is None or ends is None:
        raise Refused("There is nothing on the tape yet.")
    if said in ("live", "now", "end"):
        return Place(None)
    if said == "start":
        return Place(begins)
    if match := _TIME.fullmatch(said):
        return Place(_typed_time(match, session, begins, ends))
    if match := _PAIR.fullmatch(said):
        if race is None:
            raise Refused("No race is on screen.")
        return Place(_typed_pair(int(match[1]), race, session, begins, ends), race.code)
    if _RACE.fullmatch(said):
        return _typed_race(said, session, begins, ends)
    raise Refused("Write 19:38 or 19:38:20 by the rink's clock, W1500, pair 7, start or live.")


def _typed_time(match: re.Match[str], session: Session, begins: int, ends: int) -> int:
    try:
        wanted = time(int(match[2]), int(match[3]), int(match[4] or 0))
    except ValueError:
        raise Refused(f"{match[0]} is no time.") from None
    zone = session.reader.meet(ends).event.zone
    here = min(max(session.playhead.at, begins), ends)
    days = [datetime.fromtimestamp(here / 1000, zone).date()]
    if match[1]:
        days = [each for each in _days(begins, ends, zone) if each.day == int(match[1])]
    nearby = (0,) if match[1] else (0, -1, 1)
    clocks = (
        datetime.combine(day + timedelta(days=by), wanted, zone) for day in days for by in nearby
    )
    # When the clocks go back an hour comes twice.
    instants = (clock.replace(fold=fold).timestamp() for clock in clocks for fold in (0, 1))
    candidates = [round(instant * 1000) for instant in instants]
    # To the minute, the tape's first minute counts too.
    slack = 0 if match[4] else 59_999
    there = [max(begins, each) for each in candidates if begins - slack <= each <= ends]
    if not there:
        raise Refused(f"{match[0]} is not on the tape, which reaches {_span(begins, ends, zone)}.")
    return min(there, key=lambda each: abs(each - here))


def _days(begins: int, ends: int, zone: tzinfo) -> list[date]:
    first = datetime.fromtimestamp(begins / 1000, zone).date()
    last = datetime.fromtimestamp(ends / 1000, zone).date()
    # A tape kept open for a year still lists the days of one meet.
    return [first + timedelta(days=by) for by in range(min((last - first).days, 60) + 1)]


def _typed_pair(pair: int, race: Race, session: Session, begins: int, ends: int) -> int:
    for start in starts(_moments(session.tape, begins, ends)):
        if (start.race, start.pair) == (race.code, pair):
            return max(begins, start.at)
    if pair in race.pairs or not race.entries:
        raise Refused(f"Pair {pair} of {race.code} has not skated yet.")
    raise Refused(f"{race.code} has no pair {pair}.")


def _typed_race(code: str, session: Session, begins: int, ends: int) -> Place:
    meet = session.reader.meet(ends)
    race = meet.race(code)
    if race is None:
        raise Refused(f"There is no {code.upper()} at this meet.")
    for start in starts(_moments(session.tape, begins, ends)):
        if start.race == race.code:
            return Place(max(begins, start.at), race.code)
    if race.start is not None and begins <= (at := round(race.start.timestamp() * 1000)) <= ends:
        return Place(at, race.code)
    when = race.start or race.planned
    planned = (
        "" if when is None else f"; it is planned for {when.astimezone(meet.event.zone):%H:%M}"
    )
    if race.begun or race.official:
        raise Refused(f"The tape does not hold how {race.code} was skated.")
    raise Refused(f"{race.code} has not begun yet{planned}.")


def _span(begins: int, ends: int, zone: tzinfo) -> str:
    first, last = (datetime.fromtimestamp(each / 1000, zone) for each in (begins, ends))
    if first.date() == last.date():
        return f"from {first:%H:%M} to {last:%H:%M}"
    return f"from {first.day} {first:%b %H:%M} to {last.day} {last:%b %H:%M}"
