"""What times are compared with: somebody's passages, or a pace."""

from __future__ import annotations

from collections.abc import Mapping

import msgspec

from longtrack.model import Entry


class Reference(msgspec.Struct, frozen=True):
    """Times at the marks of a race.

    Attributes:
        name: Who or what it is, as in ``to KOK`` or ``to TR``.
        marks: By mark in metres, the time there in milliseconds; the finish is the last mark.
        key: The entry's key where it is somebody of this race; None for a pace.
        modelled: Marks whose time was not published but computed by us.
    """

    name: str
    marks: Mapping[int, int]
    key: str | None = None
    modelled: frozenset[int] = frozenset()

    @classmethod
    def of(cls, entry: Entry, name: str) -> Reference:
        """Return somebody's own passages as what others are compared with."""
        return cls(
            name=name,
            marks={passage.mark_m: passage.time_ms for passage in entry.passages},
            key=entry.key,
            modelled=frozenset(each.mark_m for each in entry.passages if each.modelled),
        )
