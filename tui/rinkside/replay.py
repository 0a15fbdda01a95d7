"""Playing a meet again: from its recording where that reaches back, else from a re-enactment."""

from __future__ import annotations

from contextlib import closing
from datetime import datetime, timedelta
from pathlib import Path
from typing import TYPE_CHECKING, Final

from longtrack import isu
from longtrack.model import Discipline, Meet, Race, Source, Status
from longtrack.season import end_of
from rinkside.library import LATEST, Library, OpenMeet, Refusal
from rinkside.plan import Edge, WatchPlan, playing_from

if TYPE_CHECKING:
    from rinkside.tapes import KeptTape

_MOST_NAMED: Final = 4
"""Races named in one sentence."""


class OutsideTheMeet(Refusal):
    """The time to play from is none of the meet."""

    exit_code = 2


def meet_to_play(library: Library, plan: WatchPlan, opened: OpenMeet) -> OpenMeet:
    """Return the tape a plan is played from; a recorded one that is left is closed.

    A recording that began after the moment the plan starts at can't show it. The meet is then
    laid out again from its last documents, up to now where it is not over.

    Args:
        library: Where tapes are kept.
        plan: What to watch, from where on.
        opened: The meet, as well as it is known.

    Raises:
        OutsideTheMeet: If the plan starts at a time that is none of the meet.
    """
    if plan.start is Edge.LIVE or plan.tape_file is not None or opened.source is Source.BUNDLED:
        return opened
    if opened.tape.recall("kind") == "reenacted":
        return opened
    start = _start(library, plan, opened)
    began = reaches_back_to(opened)
    if start is None or (began is not None and began <= start):
        return opened
    if not any(race.begun for race in opened.newest.races):
        return opened
    return library.reenacted(opened)


def beginning(library: Library, plan: WatchPlan, opened: OpenMeet) -> int | None:
    """Return the tape time a meet is played from, or None for the live edge.

    Args:
        library: Where it is remembered up to where a fan has watched.
        plan: What to watch, from where on.
        opened: The meet on the tape it is played from.

    Raises:
        OutsideTheMeet: If the plan starts at a time that is none of the meet.
    """
    start = _start(library, plan, opened)
    if start is None or not isinstance(plan.start, Edge):
        return start
    # Before a recording begins there is nothing to see.
    return max(start, reaches_back_to(opened) or 0)


def reaches_back_to(opened: OpenMeet) -> int | None:
    """Return the tape time from which on a tape knows the races of its meet."""
    path = isu.competitions_path(opened.event_id)
    return min((head.at for head in opened.tape.history(path, LATEST)), default=None)


def _start(library: Library, plan: WatchPlan, opened: OpenMeet) -> int | None:
    if plan.start is Edge.LIVE or isinstance(plan.start, int):
        # Nothing need be known of the meet, and reading all of it delays the first picture.
        return None if plan.start is Edge.LIVE else plan.start
    now = library.clock()
    place = stopped_at(library, plan, opened)
    if place is not None:
        return place if place < now else None
    meet = opened.newest
    race = meet.race(plan.race) if plan.race else None
    bounds = opened.tape.bounds()
    start = playing_from(plan.start, meet, race, bounds, now, spoiler_free=plan.spoiler_free)
    if start is not None and not isinstance(plan.start, Edge):
        _check(start, meet, plan, opened, now)
    return start


def stopped_at(library: Library, plan: WatchPlan, opened: OpenMeet) -> int | None:
    """Return where the fan stopped before, if the plan is to go on from there."""
    return library.place(plan.tape_file or opened.event_id) if plan.start is Edge.PLACE else None


def _check(start: int, meet: Meet, plan: WatchPlan, opened: OpenMeet, now: int) -> None:
    """Refuse a time that is none of the meet. The sentence tells nothing but its days."""
    zone, city = meet.event.zone, meet.event.city or meet.id
    wanted = datetime.fromtimestamp(start / 1000, zone)
    if start > now:
        there = datetime.fromtimestamp(now / 1000, zone)
        raise OutsideTheMeet(
            f"{_moment(wanted)} is still to come in {city}, where it is {_moment(there)}"
        )
    days = meet.days
    if days and not end_of(days[0] - timedelta(days=1), zone) < start <= end_of(days[-1], zone):
        first, last = (f"{day.day} {day:%b %Y}" for day in (days[0], days[-1]))
        span = first if first == last else f"from {first} to {last}"
        raise OutsideTheMeet(
            f"{_moment(wanted)} is no time of the meet in {city}, which is skated {span}; "
            f"--from takes 19:30, or {days[0]}T19:30"
        )
    began = reaches_back_to(opened)
    if plan.tape_file is not None and began is not None and start < began:
        since = datetime.fromtimestamp(began / 1000, zone)
        raise OutsideTheMeet(f"the tape begins at {_moment(since)}, after {_moment(wanted)}")


def _moment(at: datetime) -> str:
    return f"{at:%a} {at.day} {at:%b} {at:%H:%M}"


# --- what is said of it ------------------------------------------------------------------------


def remarks(library: Library, plan: WatchPlan, opened: OpenMeet, start: int | None) -> list[str]:
    """Return sentences about what is played; none of them tells what happens in it.

    Args:
        library: Where it is remembered up to where a fan has watched.
        plan: What to watch, from where on.
        opened: The meet on the tape it is played from.
        start: Where playing begins, None for the live edge.
    """
    if start is None or isinstance(plan.start, int):
        return []
    meet, told = opened.newest, list[str]()
    at = _moment(datetime.fromtimestamp(start / 1000, meet.event.zone))
    if stopped_at(library, plan, opened) is not None:
        told.append(f"It goes on at {at}, where you stopped; --from-start begins again.")
    elif isinstance(plan.start, Edge) and reaches_back_to(opened) == start:
        told.append(f"The recording begins at {at}; what was before is not on it.")
    elif opened.tape.recall("kind") == "reenacted":
        told.append("Nobody recorded this: it is laid out from the results, pair times modelled.")
    ahead = [race for race in meet.races if race.begun and _ms(race) >= start]
    bare = [race.code for race in ahead if not _has_passages(race)]
    if bare and opened.source is not Source.BUNDLED:
        told.append(f"Of {_named(bare)} no passages are known, only finishes.")
    if plan.spoiler_free:
        told.append("Nothing ahead is told. S, pressed twice, shows everything.")
    return told


def _has_passages(race: Race) -> bool:
    if race.distance.discipline is Discipline.MASS_START or race.distance.laps < 2:
        return True
    finished = [entry for entry in race.entries if entry.status is Status.FINISHED]
    return not finished or any(len(entry.passages) > 1 for entry in finished)


def _ms(race: Race) -> float:
    start = race.start or race.planned
    return start.timestamp() * 1000 if start is not None else 0


def _named(codes: list[str]) -> str:
    if len(codes) > _MOST_NAMED:
        return f"{', '.join(codes[:_MOST_NAMED])} and {len(codes) - _MOST_NAMED} more"
    return " and ".join(filter(None, [", ".join(codes[:-1]), codes[-1]]))


def file_to_play(library: Library, tape: KeptTape) -> Path:
    """Return the file that is played for a tape; laying a whole meet out takes some seconds.

    Args:
        library: Where tapes are kept; one of its feed's may be laid out again.
        tape: A tape of this computer, to be played from its beginning.

    Raises:
        longtrack.tape.TapeError: If it can't be read.
    """
    if tape.kind != "recorded" or tape.feed != library.feed_host:
        return tape.file
    plan = WatchPlan(library.locations, event_id=tape.event.id, start=Edge.BEGINNING)
    opened = meet_to_play(library, plan, library.recorded(tape.event.id))
    with closing(opened.tape):
        # What could not be written is only in memory.
        return opened.tape.file or tape.file
