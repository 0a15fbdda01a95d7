"""Following a meet as lines of text: a heading, then a line a moment."""

from __future__ import annotations

from collections.abc import Callable

from longtrack.model import Race
from longtrack.moments import HIDDEN, Moment
from rinkside.library import OpenMeet
from rinkside.spoken import Speaker, about_meet, about_race, first_race


class PlainTelling:
    """Writes what `rinkside.telling.Telling` tells, as a person reads or hears it.

    Args:
        write: Is given each line, without its end.
        all_kinds: Whether the moments are told too that another one says louder, and the kinds
            that are too many to listen to: passages, start lists, conditions.
    """

    def __init__(self, write: Callable[[str], None], *, all_kinds: bool = False) -> None:
        self._write = write
        self._all_kinds = all_kinds
        self._opened: OpenMeet | None = None
        self._speaker: Speaker | None = None
        self._standing: str | None = None
        """How the race stands, until that is written."""

    def look(self, opened: OpenMeet, race: Race | None, at: int, asks: bool) -> None:
        """Write what there is to know before the first moment, as soon as it is known.

        Args:
            opened: The meet.
            race: The race that is followed; None for the one a viewer wants first.
            at: The tape time of what is told of.
            asks: Whether a feed is asked, so that more may be known soon.
        """
        begins, self._opened = self._opened is None, opened
        if not begins and self._standing is None:
            return
        meet = opened.reader.meet(at)
        if begins:
            self._speaker = Speaker(opened.newest)
            self._write(about_meet(meet))
        first = first_race(meet, race, at)
        self._standing = about_race(meet, first, at)
        if first is None or first.entries_known or not asks:
            self._write_standing()

    def tell(self, moment: Moment) -> None:
        """Write a moment, unless it is one that is left out."""
        if self._speaker is None or self._opened is None:
            raise RuntimeError("a meet is looked at before it is told of")
        if (moment.quiet or moment.kind in HIDDEN) and not self._all_kinds:
            return
        self._write_standing()
        self._speaker.meet(self._opened.newest)
        self._write(self._speaker.line(moment))

    def _write_standing(self) -> None:
        standing, self._standing = self._standing, None
        if standing is not None:
            self._write(standing)
