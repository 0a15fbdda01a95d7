"""Spoilers: whether a fan wants none, and what is told then.

A fan says so with ``--spoiler-free``, or in the settings. A meet that was begun so stays so until
it is ended in that meet, whatever the words say next time, but for ``--spoilers``.
"""

from __future__ import annotations

from collections.abc import Callable
from datetime import UTC, datetime

from msgspec.structs import replace

from longtrack.model import Meet
from rinkside.library import Library, Refusal
from rinkside.plan import Edge, WatchPlan


class Spoiler(Refusal):
    """What was asked for would tell a fan more than they want to know."""

    exit_code = 2


def are_unwanted(library: Library, wish: bool | None, *, begun: bool) -> bool:
    """Tell whether nothing is to be told that lies ahead of where the fan stands.

    Args:
        library: Where the settings are.
        wish: What the words say: True for ``--spoiler-free``, False for ``--spoilers``.
        begun: Whether what is asked for is being watched without spoilers.
    """
    return begun or _is_set(library) if wish is None else wish


def _is_set(library: Library) -> bool:
    file = library.locations.settings
    if not file.exists():
        return False
    from rinkside.settings import read_settings  # most commands do without

    return read_settings(file)[0].watch.spoiler_free


def refuse_result(library: Library, wish: bool | None, event_id: str) -> None:
    """Refuse to tell a result, where that is not wanted.

    Raises:
        Spoiler: If it is not; the message says how to see it all the same.
    """
    if are_unwanted(library, wish, begun=library.place(event_id) is not None):
        raise Spoiler(
            "no spoilers are wanted, and a result tells who has won; --spoilers prints it, "
            "and rinkside watch plays the race"
        )


def refuse_standings(library: Library, wish: bool | None) -> None:
    """Refuse to tell the newest standings or quotas, where that is not wanted.

    Raises:
        Spoiler: If it is not; the message says how to see them all the same.
    """
    if are_unwanted(library, wish, begun=library.has_places):
        raise Spoiler(
            "no spoilers are wanted, and these tell who has won; --as-of WHEN tells them as they "
            "stood then, --spoilers all of them"
        )


def meet_without(
    library: Library, plan: WatchPlan, wish: bool | None, remark: Callable[..., None]
) -> WatchPlan:
    """Return a plan that names no meet with the one to watch without spoilers, if they are not.

    It is chosen before a screen opens: a meet that is turned to later is shown live.

    Args:
        library: The meets that are known.
        plan: The plan.
        wish: As in `are_unwanted`.
        remark: Is given sentences, such as that the feed is away.

    Raises:
        Refusal: If nothing can be had of the meet; the message says what to do.
        longtrack.tape.TapeError: If the data directory can't be used.
    """
    if are_unwanted(library, wish, begun=False):
        from rinkside.oneshot import chosen, make_whole

        event_id, notes = chosen(library)
        remark(*notes)
        if event_id is not None and not library.offline:
            remark(*make_whole(library, event_id))
    elif wish is None and library.has_places:
        # One that is being watched so: what had come of it by then is on its tape.
        event_id = library.choose(datetime.fromtimestamp(library.clock() / 1000, UTC))
        if event_id is None or library.place(event_id) is None:
            return plan
    else:
        return plan
    return replace(plan, event_id=event_id, start=Edge.PLACE, spoiler_free=True)


def as_planned(meet: Meet) -> Meet:
    """Return a meet with its programme alone, as if nothing of it had been skated."""
    return replace(
        meet,
        races=tuple(
            replace(
                race,
                start=race.planned or race.start,
                updated=None,
                live=False,
                official=False,
                entries=(),
                entries_known=False,
                dropped=0,
                conditions=None,
            )
            for race in meet.races
        ),
    )
