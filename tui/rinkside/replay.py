"""Playing a meet again: from its recording where that reaches back, else from a re-enactment."""

from __future__ import annotations

from contextlib import closing
from pathlib import Path
from typing import TYPE_CHECKING

from longtrack import isu
from longtrack.model import Source
from rinkside.library import LATEST, Library, OpenMeet
from rinkside.plan import Edge, WatchPlan, playing_from

if TYPE_CHECKING:
    from rinkside.tapes import KeptTape


def meet_to_play(library: Library, plan: WatchPlan, opened: OpenMeet) -> OpenMeet:
    """Return the tape a plan is played from; a recorded one that is left is closed.

    A recording that began after the moment the plan starts at can't show it. Where nobody skates
    any more, the meet is then laid out again from its last documents.

    Args:
        library: Where tapes are kept.
        plan: What to watch, from where on.
        opened: The meet, as well as it is known.
    """
    if plan.start is Edge.LIVE or plan.tape_file is not None or opened.source is Source.BUNDLED:
        return opened
    if opened.tape.recall("kind") == "reenacted":
        return opened
    meet = opened.newest
    race = meet.race(plan.race) if plan.race else None
    start = playing_from(plan.start, meet, race, None, library.clock())
    began = min(
        (head.at for head in opened.tape.history(isu.competitions_path(meet.id), LATEST)),
        default=None,
    )
    if start is None or meet.live or (began is not None and began <= start):
        return opened
    return library.reenacted(opened)


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
