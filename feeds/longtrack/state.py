"""The state of a meet at a place on its tape.

It is the last version of each document at or before that place, decoded and put together. What
has not changed between two places is decoded once and is the very same object, so ``is`` tells
which races differ.
"""

from __future__ import annotations

from collections.abc import Mapping
from functools import lru_cache

from msgspec.structs import replace

from longtrack import isu
from longtrack.model import Conditions, Entry, Event, Meet, Race
from longtrack.tape import Head, Tape

_MOST_HELD = 160
"""Decoded documents kept: twice the documents of a meet."""

_FURTHEST_BACK = 50
"""How many versions are looked through for the last good row of a skater."""


@lru_cache(maxsize=256)
def _paths(event_id: str, number: int) -> tuple[str, str, str]:
    """Return the paths of a race's results, its start list and its own document."""
    return (
        isu.results_path(event_id, number),
        isu.start_list_path(event_id, number),
        isu.competition_path(event_id, number),
    )


@lru_cache(maxsize=8)
def _of_all(event_id: str) -> frozenset[str]:
    """Return the paths of the documents that every race of a meet rests on."""
    return frozenset(
        (isu.event_path(event_id), isu.competitions_path(event_id), isu.schedule_path(event_id))
    )


class TapeReader:
    """Reads a meet's state off its tape.

    Args:
        tape: The tape.
        event_id: The feed's id of the meet.
    """

    def __init__(self, tape: Tape, event_id: str) -> None:
        self._tape = tape
        self._event_id = event_id
        self._decoded: dict[tuple[object, ...], object] = {}
        self._newest: dict[int, Race] = {}
        self._last: tuple[dict[str, Head], Meet] | None = None
        self._at_the_end: tuple[tuple[int, int], Meet] | None = None

    def meet(self, at: int) -> Meet:
        """Return the meet as it stood at a tape time.

        Raises:
            longtrack.tape.TapeError: If the tape can't be read.
        """
        newest = self._tape.newest()
        if at < newest[1]:
            return self.assemble(self._tape.heads(at))
        # Of a live meet the newest state is asked for many times until there is a newer one.
        if self._at_the_end is None or self._at_the_end[0] != newest:
            self._at_the_end = newest, self.assemble(self._tape.heads(at))
        return self._at_the_end[1]

    def assemble(self, heads: Mapping[str, Head]) -> Meet:
        """Return the meet that some versions, at most one a document, make together."""
        meet = self._patched(heads) or self._whole(heads)
        self._last = dict(heads), meet
        return meet

    def _patched(self, heads: Mapping[str, Head]) -> Meet | None:
        """Return the last meet with the races that have other versions now; None for a new list."""
        if self._last is None:
            return None
        before, meet = self._last
        differ = {path for path, _ in heads.items() ^ before.items()}
        if not differ:
            return meet
        if not differ.isdisjoint(_of_all(self._event_id)):
            return None
        programme = self._programme(heads)
        listed = {race.number: race for race in self._races(programme[0])}
        races = tuple(
            race
            if differ.isdisjoint(_paths(self._event_id, race.number))
            else self._race(listed[race.number], programme, heads)
            for race in meet.races
        )
        return replace(meet, races=races)

    def _whole(self, heads: Mapping[str, Head]) -> Meet:
        event, modelled = self._event(heads.get(isu.event_path(self._event_id)))
        programme = self._programme(heads)
        races = tuple(self._race(listed, programme, heads) for listed in self._races(programme[0]))
        return Meet(event=event, races=races, modelled=modelled)

    def _programme(self, heads: Mapping[str, Head]) -> tuple[Head | None, Head | None]:
        event_id = self._event_id
        return heads.get(isu.competitions_path(event_id)), heads.get(isu.schedule_path(event_id))

    def _race(
        self, listed: Race, programme: tuple[Head | None, Head | None], heads: Mapping[str, Head]
    ) -> Race:
        number = listed.number
        starts, fallback, details = map(heads.get, _paths(self._event_id, number))
        parts = (*programme, starts, fallback, details)
        key = ("race", number, *[part and part.version for part in parts])
        cached = self._decoded.get(key)
        if isinstance(cached, Race):
            self._hold(key, self._decoded.pop(key))  # the longest unused goes first
            return cached
        slot = self._slots(programme[1]).get(number)
        results = self._results(starts, listed)
        if not results.entries and fallback is not None:
            results = self._results(fallback, listed)
        race = replace(
            listed,
            planned=slot.start if slot and slot.start else listed.planned,
            live=(listed.live or bool(slot and slot.live)) and not listed.official,
            entries=results.entries,
            entries_known=bool(results.entries),
            dropped=results.dropped,
            conditions=self._conditions(details),
        )
        # A new list of races tells of one of them and leaves the others the very same objects.
        same = self._newest.get(number)
        race = same if same == race else race
        self._newest[number] = race
        self._hold(key, race)
        return race

    def _event(self, head: Head | None) -> tuple[Event, bool]:
        if head is None:
            # The id begins with the season, which the standings can be read by already.
            season = int(self._event_id[:4]) if isu.EVENT_ID.fullmatch(self._event_id) else None
            return Event(id=self._event_id, name=self._event_id, season=season), False
        key = ("event", head.version)
        if key not in self._decoded:
            body = self._tape.body(head.version)
            self._hold(key, (isu.read_event(body), isu.is_modelled(body)))
        return self._decoded[key]  # type: ignore[return-value]

    def _races(self, head: Head | None) -> tuple[Race, ...]:
        if head is None:
            return ()
        key = ("races", head.version)
        if key not in self._decoded:
            self._hold(key, isu.read_competitions(self._tape.body(head.version)))
        return self._decoded[key]  # type: ignore[return-value]

    def _slots(self, head: Head | None) -> dict[int, isu.Slot]:
        if head is None:
            return {}
        key = ("slots", head.version)
        if key not in self._decoded:
            self._hold(key, isu.read_schedule(self._tape.body(head.version)))
        return self._decoded[key]  # type: ignore[return-value]

    def _conditions(self, head: Head | None) -> Conditions | None:
        if head is None:
            return None
        key = ("conditions", head.version)
        if key not in self._decoded:
            self._hold(key, isu.read_conditions(self._tape.body(head.version)))
        return self._decoded[key]  # type: ignore[return-value]

    def _results(self, head: Head | None, race: Race) -> isu.Results:
        if head is None:
            return isu.Results((), 0, ())
        key = ("results", head.version, race.distance)
        if key not in self._decoded:
            results = isu.read_results(self._tape.body(head.version), race.distance)
            self._hold(key, self._mended(results, head, race))
        return self._decoded[key]  # type: ignore[return-value]

    def _mended(self, results: isu.Results, head: Head, race: Race) -> isu.Results:
        """Put the last good row in the place of one that names nobody, marked as kept."""
        wanted = set(results.dropped_keys)
        if not wanted:
            return results
        kept: list[Entry] = []
        older = self._tape.history(head.path, head.at)
        for _, version in zip(range(_FURTHEST_BACK), older, strict=False):
            if not wanted or version.version == head.version:
                continue
            for entry in isu.read_results(self._tape.body(version.version), race.distance).entries:
                if entry.key in wanted:
                    wanted.discard(entry.key)
                    # Its rank is one of that version; among the others of this one it is unknown.
                    kept.append(replace(entry, kept=True, rank=None))
        return isu.Results(
            entries=results.entries + tuple(kept),
            dropped=results.dropped - len(kept),
            dropped_keys=tuple(wanted),
        )

    def _hold(self, key: tuple[object, ...], value: object) -> None:
        while len(self._decoded) >= _MOST_HELD:
            self._decoded.pop(next(iter(self._decoded)))
        self._decoded[key] = value
