"""What the reader compares every time with: the cursor's skater, the leader, a pace."""

from __future__ import annotations

from collections.abc import Mapping
from enum import Enum
from typing import TYPE_CHECKING

import msgspec

from longtrack.people import People
from longtrack.reference import Reference, record_pace, season_bests
from longtrack.season import Season

if TYPE_CHECKING:
    from rinkside.scene import Scene


class Against(Enum):
    """What is compared with; the value is the word over the gaps."""

    CURSOR = "to ►"
    LEADER = "behind"
    RECORD = "to TR"
    SEASON_BEST = "to SB"


class Compare(msgspec.Struct, frozen=True):
    """What every time on the screen is compared with.

    Attributes:
        against: What kind of thing it is.
        reference: Its times; None for the leader, who is the race's own, and for season bests.
        own: Everybody's own season best, by entry.
        splits: Whether the columns of passages and laps show differences in place of times.
    """

    against: Against = Against.LEADER
    reference: Reference | None = None
    own: Mapping[str, Reference] = msgspec.field(default_factory=dict)
    splits: bool = False


class Comparing:
    """The reader's choice of what to compare with, kept from race to race.

    The cursor's skater is the first choice; without one, on the leader or on somebody without a
    time it is the leader. What is not known for a race is passed over.
    """

    def __init__(self) -> None:
        self.splits = False
        self._wanted = Against.CURSOR
        self._bests: tuple[tuple[object, ...], dict[str, Reference]] | None = None

    def compare(self, scene: Scene, season: Season | None) -> Compare:
        """Return what a scene's times are compared with.

        Args:
            scene: The scene, with the cursor where it stands.
            season: The winter, as far as it is known.
        """
        if self._wanted is Against.RECORD and (pace := self._record(scene, season)):
            return Compare(Against.RECORD, pace, splits=self.splits)
        if self._wanted is Against.SEASON_BEST and (own := self._season_bests(scene, season)):
            return Compare(Against.SEASON_BEST, own=own, splits=self.splits)
        if self._wanted is not Against.LEADER and (skater := self._at_cursor(scene)):
            return Compare(Against.CURSOR, skater, splits=self.splits)
        return Compare(splits=self.splits)

    def turn(self, scene: Scene, season: Season | None) -> bool:
        """Compare with the next thing there is; tell whether there is another one."""
        at_cursor = self._at_cursor(scene) is not None
        there = [Against.CURSOR, Against.LEADER] if at_cursor else [Against.LEADER]
        if self._record(scene, season) is not None:
            there.append(Against.RECORD)
        if self._season_bests(scene, season):
            there.append(Against.SEASON_BEST)
        now = there.index(scene.compare.against) if scene.compare.against in there else -1
        chosen = there[(now + 1) % len(there)]
        # Without a cursor the leader is no choice of its own: the cursor may come.
        self._wanted = chosen if at_cursor or chosen is not Against.LEADER else Against.CURSOR
        return len(there) > 1

    def reset(self) -> None:
        """Compare with the cursor's skater again, else with the leader."""
        self._wanted = Against.CURSOR

    def _at_cursor(self, scene: Scene) -> Reference | None:
        race = scene.race
        if race is None or scene.cursor is None:
            return None
        leader = race.leader
        if leader is not None and leader.key == scene.cursor:
            return None
        entry = next((each for each in race.entries if each.key == scene.cursor), None)
        if entry is None:
            return None
        reference = Reference.of(entry, distance=race.distance)
        return reference if reference.marks else None

    def _record(self, scene: Scene, season: Season | None) -> Reference | None:
        if scene.race is None:
            return None
        record = scene.book.to_beat("TR", scene.race, scene.meet)
        if record is None:
            return None
        return record_pace(record, scene.race, scene.meet, season)

    def _season_bests(self, scene: Scene, season: Season | None) -> dict[str, Reference]:
        race = scene.race
        if race is None:
            return {}
        key = (scene.meet, race, season, scene.book)
        if self._bests is None or any(
            known is not asked for known, asked in zip(self._bests[0], key, strict=True)
        ):
            people = scene.cup.now.people if scene.cup is not None else People(())
            found = season_bests(race, scene.meet, scene.book, season, people, scene.at)
            self._bests = key, found
        return self._bests[1]
