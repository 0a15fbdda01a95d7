"""The seasons kept on this computer: boiled down from the tapes, and kept so for the next time.

A season is made of the recorded tapes of its World Cups and of the bundled meets; where a meet has
both, its bundled facts give way race by race. Reading all that takes a second; so what came of it
lies beside the tapes in one file a season, and of that only those meets are made anew whose tape
has changed since, or of which a race should have been held by now. The file is only a cache: a
damaged one is made anew.
"""

from __future__ import annotations

from contextlib import closing, suppress
from pathlib import Path
from typing import Final

import msgspec

from longtrack import isu
from longtrack.model import Event, Meet, Source
from longtrack.season import (
    RULES,
    Season,
    SeasonMeet,
    SeasonRace,
    in_order,
    is_overdue,
    season_meet,
)
from longtrack.state import TapeReader
from longtrack.tape import Tape, TapeError
from longtrack.tape_files import tape_file
from rinkside.library import LATEST, Library

_FIRST_SEASON: Final = 2000
"""No season before is looked for."""


class _Kept(msgspec.Struct, frozen=True):
    stamp: str
    """What the meet was boiled down from, in a word that differs when that does."""
    meet: SeasonMeet


class _File(msgspec.Struct, frozen=True):
    rules: int
    meets: dict[str, _Kept]


class Seasons:
    """The seasons of one feed, with the bundled meets.

    Args:
        library: The meets that are known.
    """

    def __init__(self, library: Library) -> None:
        self._library = library
        self.notes: list[str] = []
        """Sentences for whoever asked, such as that an official result was changed."""

    def newest(self) -> Season:
        """Return the newest season that has a result."""
        years = {event.season for event in self._library.events() if event.is_world_cup}
        known = sorted((year for year in years if year and year >= _FIRST_SEASON), reverse=True)
        for year in known:
            found = self.season(year)
            if any(meet.held for meet in found.meets):
                return found
        return Season(known[0] if known else self._library.present_season)

    def season(self, year: int) -> Season:
        """Return a season as well as it is known now.

        Args:
            year: The year it ends in.
        """
        kept = self._kept(year)
        found: dict[str, _Kept] = {}
        for event in self._library.world_cups(year):
            stamp = self._stamp(event)
            known = kept.get(event.id)
            if known is None or known.stamp != stamp or self._is_stale(known.meet):
                fresh = _Kept(stamp, self._boiled_down(event))
                self._compare(known, fresh)
                known = fresh
            found[event.id] = known
        if found != kept:
            self._keep(year, found)
        meets = in_order(each.meet for each in found.values())
        return Season(year, meets, whole=self._library.lists(year))

    # --- what it is made of ------------------------------------------------------------------

    def _is_stale(self, meet: SeasonMeet) -> bool:
        now = self._library.clock()
        return any(is_overdue(race, now) for race in meet.coming)

    def _stamp(self, event: Event) -> str:
        from longtrack.bundled import CONTENT

        bundled = f"bundled {CONTENT}" if self._library.is_bundled(event.id) else ""
        with suppress(TapeError), closing(self._recorded(event.id)) as tape:
            return f"{tape.newest()} {bundled}"
        return bundled

    def _boiled_down(self, event: Event) -> SeasonMeet:
        facts = None
        if (twin := self._library.bundled_id(event.id)) is not None:
            facts = _bundled(twin)
        fetched = SeasonMeet(
            event_id=event.id,
            city=event.city or event.id,
            title=event.title,
            zone_name=event.zone_name,
            start=event.start,
            end=event.end,
            source=Source.CACHE,
        )
        with suppress(TapeError, isu.Unreadable), closing(self._recorded(event.id)) as tape:
            meet = TapeReader(tape, event.id).meet(LATEST)
            if meet.races:
                fetched = season_meet(meet, Source.CACHE, _seen(tape, meet), self._library.clock())
        return fetched if facts is None else fetched.joined_by(facts)

    def _recorded(self, event_id: str) -> Tape:
        locations, host = self._library.locations, self._library.feed_host
        file = tape_file(locations.tapes, host, event_id)
        if not file.exists():
            raise TapeError(f"nothing of {event_id} was recorded")
        return Tape(file)

    def _compare(self, before: _Kept | None, after: _Kept) -> None:
        """Say which official results are others than before."""
        if before is None:
            return
        official = {race.code: race for race in before.meet.held if race.official}
        for race in after.meet.held:
            known = official.get(race.code)
            if known is None or not (known.source is race.source is Source.CACHE):
                continue
            if _places(known) != _places(race):
                self.notes.append(
                    f"the result of {race.code} in {race.city} was changed after it was official"
                )

    # --- the file ----------------------------------------------------------------------------

    def _kept(self, year: int) -> dict[str, _Kept]:
        try:
            file = msgspec.json.decode(self._file(year).read_bytes(), type=_File)
        except (OSError, msgspec.DecodeError, UnicodeError):
            return {}
        return file.meets if file.rules == RULES else {}

    def _keep(self, year: int, meets: dict[str, _Kept]) -> None:
        from rinkside.atomic import replace_whole

        # Without it the next time takes longer, and that is all.
        with suppress(OSError):
            replace_whole(self._file(year), msgspec.json.encode(_File(RULES, meets)))

    def _file(self, year: int) -> Path:
        locations, host = self._library.locations, self._library.feed_host
        return tape_file(locations.seasons, host, str(year)).with_suffix(".json")


def _places(race: SeasonRace) -> dict[object, object]:
    """Return what a result says of each, whatever the spelling of who has an id."""
    return {
        result.id or (result.name, result.given, result.noc): (
            result.status,
            result.rank,
            result.points,
            result.time_ms,
        )
        for result in race.results
    }


def _bundled(event_id: str) -> SeasonMeet:
    from longtrack.bundled import open_bundled

    with closing(open_bundled(event_id, None)) as tape:
        meet = TapeReader(tape, event_id).meet(LATEST)
        return season_meet(meet, Source.BUNDLED, _seen(tape, meet), LATEST)


def _seen(tape: Tape, meet: Meet) -> dict[int, int]:
    heads = tape.heads(LATEST)
    paths = {race.number: isu.results_path(meet.id, race.number) for race in meet.races}
    return {number: heads[path].at for number, path in paths.items() if path in heads}
