"""Following a meet as lines of text: a heading, then a line a moment."""

from __future__ import annotations

from collections.abc import Callable

from longtrack.model import Race
from longtrack.moments import HIDDEN, Moment
from rinkside.library import OpenMeet
from rinkside.spoken import Speaker, heading


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

    def begin(self, opened: OpenMeet, race: Race | None, at: int) -> None:
        """Write what there is to know before the first moment."""
        self._opened = opened
        meet = opened.reader.meet(at)
        for line in heading(meet, race, at):
            self._write(line)
        self._speaker = Speaker(opened.newest)

    def tell(self, moment: Moment) -> None:
        """Write a moment, unless it is one that is left out."""
        if self._speaker is None or self._opened is None:
            raise RuntimeError("a meet is told from its beginning on")
        if (moment.quiet or moment.kind in HIDDEN) and not self._all_kinds:
            return
        self._speaker.meet(self._opened.newest)
        self._write(self._speaker.line(moment))
