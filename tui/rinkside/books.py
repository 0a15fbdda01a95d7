"""The record book of a meet, put together from all that is kept on this computer.

That is what comes with the program, what the feed has said (on the meet's tape, and its lists on
the library tape), what speedskatingresults.com has said (on its own library tape), the season's
World Cups, and the fan's own file. Nobody is asked here, and it is made beside the screen: reading
all that takes some milliseconds, with the season half a second once.
"""

from __future__ import annotations

from contextlib import closing
from pathlib import Path
from typing import TYPE_CHECKING

from longtrack import isu, isu_records, ssr_facts
from longtrack.record_file import bundled, own_facts
from longtrack.records import Facts, RecordBook
from longtrack.state import TapeReader
from longtrack.tape import Tape, TapeError
from rinkside.library import LATEST, Library

if TYPE_CHECKING:
    from collections.abc import Callable

    from longtrack.model import Meet
    from longtrack.season import Season
    from rinkside.library import OpenMeet


class Books:
    """Puts record books together.

    Args:
        library: The meets that are known.
    """

    def __init__(self, library: Library) -> None:
        self._library = library
        self.notes: list[str] = []
        """Sentences for whoever asked, such as what of the fan's own file can't be read."""

    def of(self, opened: OpenMeet) -> RecordBook:
        """Return the book for an open meet, with its season."""
        meet = opened.newest
        return self.book(meet, opened.tape, self._season(meet))

    def of_file(self, file: Path, event_id: str, season: Season | None) -> RecordBook:
        """Return the book for the meet on a tape's file, which another thread may have open.

        Raises:
            longtrack.tape.TapeError: If the tape can't be read.
        """
        with closing(Tape(file)) as tape:
            return self.book(TapeReader(tape, event_id).meet(LATEST), tape, season)

    def book(self, meet: Meet, tape: Tape | None, season: Season | None) -> RecordBook:
        """Return the book for a meet.

        Args:
            meet: The meet, with all start lists that are known.
            tape: Its tape; None where what the feed says of its records can't be read.
            season: The season whose World Cups tell of season bests.
        """
        own, self.notes[:] = own_facts(self._library.locations.records)
        facts = bundled() + own
        if tape is not None:
            facts += isu_records.facts_of_meet(tape, meet)
        facts += self._kept(self._library.lists_file, isu_records.facts_of_lists)
        year = meet.event.season
        facts += self._kept(
            self._library.archive_file, lambda kept: ssr_facts.facts(kept, meet, year)
        )
        return RecordBook(facts.records, facts.bests, season, meet.people).prepared()

    def _kept(self, file: Path | None, read: Callable[[Tape], Facts]) -> Facts:
        if file is None or not file.exists():
            return Facts()
        # A source that can't be read costs nothing but its marks.
        try:
            with closing(Tape(file)) as tape:
                return read(tape)
        except TapeError:
            return Facts()

    def _season(self, meet: Meet) -> Season | None:
        from rinkside.seasons import Seasons

        year = meet.event.season
        if year is None:
            return None
        try:
            return Seasons(self._library).season(year)
        except (TapeError, isu.Unreadable):
            return None
