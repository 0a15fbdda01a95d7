"""Moving the playhead of a session: each move returns what is to be said of it.

Where the screen shows by itself what has happened nothing is said, and the words are empty.
"""

from __future__ import annotations

from datetime import datetime
from typing import Final, NamedTuple

from longtrack.model import Race
from longtrack.playhead import MOST_DELAY_MS, SPEEDS
from rinkside import places
from rinkside.session import Session

_AT_THE_EDGE_MS: Final = 1_000
"""Who resumes this close to the present follows it again."""

NO_DELAY: Final = "Only a meet that is followed live has a delay; , . < > move in this one."


def pause_or_play(session: Session) -> str:
    """Let the playhead stand still, or go on from there."""
    playhead = session.playhead
    if not playhead.paused:
        if playhead.is_live and not session.goes_on:
            return _beyond(session)
        session.move(playhead.pausing())
    elif playhead.chases and playhead.edge - playhead.at < _AT_THE_EDGE_MS:
        session.go_live()
    else:
        session.move(playhead.resuming())
    return ""


def step(session: Session, seconds: int) -> str:
    """Go some seconds of the meet back (below 0) or forward."""
    begins, ends = session.begins, session.ends
    if begins is None or ends is None:
        return "There is nothing on the tape yet."
    playhead = session.playhead
    at = min(playhead.at, ends) if seconds < 0 else playhead.at
    target = at + seconds * 1000
    if target < begins:
        session.move(playhead.to(begins))
        return f"The tape begins here, at {_clock(session, begins)}."
    if target < ends:
        session.move(playhead.to(target))
        return ""
    return _to_end(session, ends)


def _to_end(session: Session, ends: int) -> str:
    playhead = session.playhead
    if not playhead.chases:
        if playhead.at < ends:
            session.move(playhead.to(ends))
        return f"The tape ends at {_clock(session, ends)}."
    if not playhead.is_live:
        session.go_live()
        return "At your picture again." if playhead.delay else "At the present again."
    if playhead.delay:
        return "You are where your picture is; - shortens the delay."
    return "You are at the present."


_ONLY_BACK: Final = "Without spoilers a click only goes back; g goes to a time."
_ONLY_TIME: Final = "Without spoilers only time leads on: . and > go forward, x goes faster."


class Moved(NamedTuple):
    """A move to something that happened."""

    words: str
    race: str | None = None
    """Code of the race it happened in; None where the playhead has stayed where it was."""


def to_key_moment(session: Session, direction: int) -> Moved:
    """Go to the next moment that decides something, or to the previous one."""
    if session.spoiler_free and direction > 0:
        return Moved(_ONLY_TIME)
    found = places.key_moment(session, session.playhead.at, direction)
    if found is None:
        return Moved(_none(session, direction, "moment that decides something"))
    session.move(session.playhead.to(found.at))
    return Moved(found.with_code, found.race)


def to_pair(session: Session, direction: int) -> Moved:
    """Go to the start of the next pair, or of the previous one."""
    if session.spoiler_free and direction > 0:
        return Moved(_ONLY_TIME)
    return _to_start(
        session, places.pair_start(session, session.playhead.at, direction), direction, "pair"
    )


def to_race(session: Session, direction: int) -> Moved:
    """Go to the start of the next race, or of the previous one."""
    return _to_start(
        session, places.race_start(session, session.playhead.at, direction), direction, "race"
    )


def _to_start(session: Session, found: places.Start | None, direction: int, what: str) -> Moved:
    if found is None:
        return Moved(_none(session, direction, what))
    session.move(session.playhead.to(max(found.at, session.begins or found.at)))
    pair = "" if found.pair is None else f", pair {found.pair}"
    return Moved(f"{found.race}{pair}", found.race)


def _none(session: Session, direction: int, what: str) -> str:
    if direction < 0:
        return f"There is no {what} before this on the tape."
    if session.playhead.chases:
        return f"There is no {what} between here and the present."
    return f"There is no {what} after this on the tape."


def to_typed(session: Session, race: Race | None, words: str) -> Moved:
    """Go to a place that was typed, while some race is on screen.

    Raises:
        rinkside.places.Refused: If that is no place on the tape; the message says why.
    """
    return _to_place(session, places.typed(words, session, race))


def to_time(session: Session, at: int) -> Moved:
    """Go to a tape time that was pointed at, as far as the tape reaches; never on to spoilers."""
    begins = session.begins
    if begins is None:
        return Moved("There is nothing on the tape yet.")
    if session.spoiler_free and at > session.playhead.at:
        # A hand slips more easily than it types.
        return Moved(_ONLY_BACK)
    return _to_place(session, places.Place(max(at, begins)))


def _to_place(session: Session, place: places.Place) -> Moved:
    ends = session.ends
    if session.spoiler_free and (place.at is None or (ends is not None and place.at >= ends)):
        # Where the tape ends, and that it does, is ahead as well.
        return Moved("Without spoilers there is no leap to the end; S shows everything.")
    if place.at is None or (ends is not None and place.at >= ends):
        return Moved(_to_end(session, ends) if ends is not None else "")
    session.move(session.playhead.to(place.at))
    return Moved("", place.race)


def change_speed(session: Session, direction: int) -> str:
    """Play faster or slower."""
    playhead = session.playhead
    if playhead.is_live and not session.goes_on:
        return _beyond(session)
    if playhead.is_live and direction > 0:
        return "You are at the present: there is nothing ahead to go through faster."
    among = [each for each in SPEEDS if direction * (each - playhead.speed) > 0]
    if not among:
        return f"{playhead.speed:g}× is the {'fastest' if direction > 0 else 'slowest'}."
    speed = min(among) if direction > 0 else max(among)
    session.move(playhead.at_speed(speed))
    return f"{speed:g}× when you play on." if playhead.paused else ""


def delay(session: Session, delay_ms: int) -> str:
    """Follow from so many milliseconds behind the feed, 0 to ten minutes."""
    if not session.playhead.chases:
        return NO_DELAY
    session.move(session.playhead.delayed(delay_ms))
    playhead = session.playhead
    shown = f"The delay is {playhead.delay // 1000} s"
    if delay_ms > MOST_DELAY_MS:
        return f"{shown}: there is no longer one."
    if delay_ms < 0:
        return "There is no delay to take from."
    if waits := beyond_begin(session):
        return f"{shown}; {waits}."
    if playhead.is_live:
        return "" if playhead.delay else "There is no delay now: this is what the feed says."
    return f"{shown}." if playhead.delay else "There is no delay now."


def beyond_begin(session: Session) -> str:
    """Return what a delay that reaches back behind the tape's begin comes to; else nothing."""
    begins = session.begins
    if begins is None or session.clock() - session.playhead.delay >= begins:
        return ""
    begun = _clock(session, begins)
    return f"the tape begins at {begun}, and waits there until your picture has come as far"


def _beyond(session: Session) -> str:
    ends = session.ends
    if ends is None:
        return "There is nothing on the tape yet."
    return f"The tape ends at {_clock(session, ends)}; , or < goes back into it."


def _clock(session: Session, at: int) -> str:
    zone = session.reader.meet(session.clock()).event.zone
    moment = datetime.fromtimestamp(at / 1000, zone)
    return f"{moment:%H:%M:%S}"
