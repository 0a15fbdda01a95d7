"""Playing a meet again: from its recording where that reaches back, else from a re-enactment."""

from __future__ import annotations

from longtrack import isu
from longtrack.model import Source
from rinkside.library import LATEST, Library, OpenMeet
from rinkside.plan import Edge, WatchPlan, playing_from


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
    start = playing_from(plan.start, meet, race, opened.tape.bounds(), library.clock())
    began = min(
        (head.at for head in opened.tape.history(isu.competitions_path(meet.id), LATEST)),
        default=None,
    )
    if start is None or meet.live or (began is not None and began <= start):
        return opened
    return library.reenacted(opened)
