"""Spoilers: whether a fan wants none, and what is told then.

A fan says so with ``--spoiler-free``, or in the settings. A meet that was begun so stays so until
it is ended in that meet, whatever the words say next time, but for ``--spoilers``.
"""

from __future__ import annotations

from msgspec.structs import replace

from longtrack.model import Meet
from rinkside.library import Library


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
