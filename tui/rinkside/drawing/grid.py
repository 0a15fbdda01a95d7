"""A race in the columns of a board, with what all rows have in common."""

from __future__ import annotations

import msgspec

from longtrack.laps import lap_ranks
from longtrack.model import Entry, Passage, Race, Status
from longtrack.points import Scale, scale_of
from longtrack.projection import Projection
from longtrack.reference import Difference, MarkRank, Reference, ranks_at
from rinkside.comparing import Against, Compare
from rinkside.drawing import compare as comparison
from rinkside.drawing import manner
from rinkside.drawing.columns import Columns
from rinkside.scene import Scene


class Grid(msgspec.Struct, frozen=True):
    """A race and the columns it is shown in, with what is worked out once for all rows."""

    scene: Scene
    race: Race
    columns: Columns
    leader: Entry | None
    marks: dict[str, tuple[str, ...]]
    """Kinds of the records an entry has broken and of its own bests it has beaten, by its key."""
    fastest_laps: dict[tuple[str, int], int]
    """Rank of a lap among all, by entry and mark."""
    ranks: dict[int, dict[str, MarkRank]]
    """Ranks at the marks that have a column, and where those on the ice are; by mark and entry."""
    rank_marks: tuple[int, ...]
    """The marks that have a column."""
    scale: Scale | None
    """What places are worth; None at a meet that is no World Cup."""
    plot_ms: int
    """Length of the gap plot's scale."""
    cup: Projection | None
    """The cup the race scores in."""
    followed: frozenset[str]
    """Keys of those who are followed."""
    reference: Reference | None
    """What everybody is compared with; None where that is nobody, or each has their own."""
    differing: frozenset[str]
    """The columns of passages and laps that show differences in place of times."""

    @classmethod
    def of(cls, scene: Scene, race: Race, columns: Columns) -> Grid:
        """Work out what the rows have in common."""
        event = scene.meet.event
        names = (name.partition(":") for name in columns.by_name)
        marks = tuple(int(mark) for kind, _, mark in names if kind == "pass")
        on_ice = {each.last_passage.mark_m for each in race.on_ice if each.last_passage}
        reference = comparison.shared(scene.compare, race)
        return cls(
            scene=scene,
            race=race,
            columns=columns,
            leader=race.leader,
            marks=scene.book.marks(race, scene.meet),
            fastest_laps=lap_ranks(race),
            ranks={mark: ranks_at(race, mark) for mark in {*marks, *on_ice}},
            rank_marks=marks,
            scale=scale_of(event.season) if event.is_world_cup else None,
            plot_ms=_plot_scale(scene.compare, race) if "plot" in columns else 0,
            cup=scene.cup if "cup" in columns else None,
            followed=scene.followed.keys(race),
            reference=reference,
            differing=_differing(scene.compare, columns, reference),
        )

    @property
    def compare(self) -> Compare:
        """What every time is compared with."""
        return self.scene.compare

    def reference_of(self, entry: Entry) -> Reference | None:
        """Return what somebody is compared with; None for the reference itself."""
        if self.compare.against is Against.SEASON_BEST:
            return self.compare.own.get(entry.key)
        return None if self.is_reference(entry) else self.reference

    def is_reference(self, entry: Entry) -> bool:
        """Tell whether it is this one that all others are compared with."""
        return self.reference is not None and self.reference.key == entry.key

    def gap(self, entry: Entry) -> Difference | None:
        """Return how far somebody is from what the reader compares with."""
        return comparison.gap(self.compare, self.race, entry)

    def rank(self, entry: Entry, passage: Passage) -> MarkRank | None:
        """Return somebody's rank at a mark."""
        return self.ranks.get(passage.mark_m, {}).get(entry.key)

    def told_of(self, entry: Entry) -> tuple[object, ...]:
        """Return all that a row of somebody who is not on the ice shows beyond the start itself."""
        scene, race, key = self.scene, self.race, entry.key
        leader, projected = self.leader, None
        if self.cup is not None:
            row = self.cup.by_key.get(self.cup.key(entry))
            if row is not None:
                projected = (row.shown_rank, row.moved, row.part, row.before is None)
        return (
            manner.present(),
            scene.meet.id,
            race.code,
            len(race.entries),
            self.columns.width,
            self.plot_ms,
            leader and (leader.key, leader.time_ms),
            key in race.splits_hundredths,
            self.marks.get(key),
            tuple(self.fastest_laps.get((key, mark)) for mark in race.distance.marks[1:]),
            tuple(self.ranks[mark].get(key) for mark in self.rank_marks),
            projected,
            None if self.scale is None else self.scale.points(race, entry),
            self._told_of_reference(entry),
            key == scene.cursor,
            key in self.followed,
            key in scene.flash,
            key in scene.corrected,
        )

    def _told_of_reference(self, entry: Entry) -> tuple[object, ...]:
        """Return what of the reference a row shows: nothing more where that is the leader."""
        if self.compare.against is Against.LEADER and not self.differing:
            return ()
        reference = self.reference_of(entry)
        times = () if reference is None or not self.differing else _times(reference)
        return (
            self.compare.against,
            self.differing,
            self.gap(entry),
            self.is_reference(entry),
            times,
        )


def _times(reference: Reference) -> tuple[object, ...]:
    return (*reference.marks.items(), *reference.laps.items(), reference.modelled)


def _differing(compare: Compare, columns: Columns, reference: Reference | None) -> frozenset[str]:
    """Return the columns for which there is anything to compare with."""
    if not compare.splits:
        return frozenset()
    all_of_them = [*compare.own.values(), *([] if reference is None else [reference])]
    marks = {mark for each in all_of_them for mark in each.marks}
    laps = {mark for each in all_of_them for mark in each.laps}
    names = set()
    for name in columns.by_name:
        kind, _, mark = name.partition(":")
        if (kind == "pass" and int(mark) in marks) or (kind == "lap" and int(mark) in laps):
            names.add(name)
        if kind in ("last", "avg") and laps:
            names.add(name)
    return frozenset(names)


def _plot_scale(compare: Compare, race: Race) -> int:
    gaps = [
        found.ms
        for entry in race.entries
        if entry.status is Status.FINISHED
        and entry.time_ms is not None
        and (found := comparison.gap(compare, race, entry)) is not None
    ]
    # The reference, too, has its place on the scale.
    return comparison.plot_scale([0, *gaps])
