"""A race before and after one version of its documents, and the words for what is told of it."""

from __future__ import annotations

from collections.abc import Sequence
from functools import cached_property
from typing import Final, NamedTuple

import msgspec

from longtrack.model import Entry, Meet, Passage, Race, Skater, Status, Team
from longtrack.moments import Kind, Moment, Person
from longtrack.names import Families, full_name
from longtrack.records import RecordBook
from longtrack.times import gap_ms, ordinal, show_time

CROWD: Final = 4
"""More at once than a quartet is a race that comes in pieces, told in fewer sentences."""

Figures = dict[str, int | str]

_SECOND_RUN_MS: Final = 100
"""A correction changes a time by less than this; a second run hardly ever does."""


class Was(NamedTuple):
    """Somebody's start after a version that changed it, and before."""

    now: Entry
    old: Entry


class Change(msgspec.Struct, frozen=True, dict=True):
    """A race before and after one version.

    Attributes:
        old: The race before.
        new: The race after.
        before: The meet before.
        meet: The meet after.
        at: When, in tape time.
        book: The records that count.
        families: The names for sentences.
    """

    old: Race
    new: Race
    before: Meet
    meet: Meet
    at: int
    book: RecordBook
    families: Families

    # --- who changed -------------------------------------------------------------------------

    @cached_property
    def _matched(self) -> tuple[tuple[Was, ...], tuple[Entry, ...], tuple[Entry, ...]]:
        known = {entry.key: entry for entry in self.old.entries}
        changed: list[Was] = []
        strangers: list[Entry] = []
        for entry in self.new.entries:
            old = known.get(entry.key)
            if old is None or _is_somebody_else(old, entry):
                strangers.append(entry)
                continue
            del known[entry.key]
            if old is not entry and old != entry:
                changed.append(Was(entry, old))
        added: list[Entry] = []
        if strangers and known:
            # The start list's own document may tell its rows by other keys than the results.
            by_name = {_name(entry): entry for entry in known.values()}
            for entry in strangers:
                old = by_name.pop(_name(entry), None)
                if old is None:
                    added.append(entry)
                    continue
                del known[old.key]
                changed.append(Was(entry, old))
        else:
            added = strangers
        return tuple(changed), tuple(added), tuple(known.values())

    @property
    def changed(self) -> tuple[Was, ...]:
        """Everybody on both lists of whom anything is different."""
        return self._matched[0]

    @property
    def added(self) -> tuple[Entry, ...]:
        """Everybody who was not on the list before."""
        return self._matched[1]

    @property
    def gone(self) -> tuple[Entry, ...]:
        """Everybody who is not on the list any more."""
        return self._matched[2]

    @cached_property
    def finishes(self) -> tuple[Entry, ...]:
        """Who has finished with this version, in the order they crossed the line.

        Of one pair that is the order of their times. Somebody's second run is a finish too.
        """
        fresh = [was.now for was in self.changed if has_finished(was)]
        fresh.sort(key=lambda e: (e.reskate, e.pair or 0, e.time_ms is None, e.time_ms))
        return tuple(fresh)

    @property
    def comes_whole(self) -> bool:
        """Whether more have finished than cross the line together: the result comes at once."""
        fresh = self.finishes
        return len(fresh) > CROWD or (bool(fresh) and self.new.over and not self.old.begun)

    @cached_property
    def moved(self) -> tuple[Was, ...]:
        """Whose rank alone is another one: somebody else's result has moved it."""
        return tuple(
            was
            for was in self.changed
            if was.now.rank != was.old.rank
            and (was.now.status, was.now.time_ms) == (was.old.status, was.old.time_ms)
            # The rank of a row that is kept is none of this version.
            and not (was.now.kept or was.old.kept)
        )

    # --- words -------------------------------------------------------------------------------

    def name(self, entry: Entry) -> str:
        """Return the family name, as sentences have it."""
        return self.families[entry]

    def names(self, entries: Sequence[Entry]) -> str:
        """Return a few names in a row, or how many there are."""
        if len(entries) > CROWD:
            return f"{len(entries)} starters"
        return ", ".join(map(self.name, entries))

    def where(self, mark_m: int) -> str:
        """Return ``at 700 m``, or ``after lap 4`` where laps are counted."""
        distance = self.new.distance
        if distance.counts_laps and mark_m in distance.marks:
            return f"after lap {distance.marks.index(mark_m) + 1}"
        return f"at {mark_m} m"

    def moment(
        self,
        kind: Kind,
        text: str,
        *people: Entry,
        figures: Figures | None = None,
        sign: str = "",
        quiet: bool = False,
    ) -> Moment:
        """Make a moment of this race and version."""
        pairs = {entry.pair for entry in people}
        return Moment(
            at=self.at,
            kind=kind,
            race=self.new.code,
            text=text,
            people=tuple(person(entry.competitor, entry.key) for entry in people),
            figures=figures or {},
            pair=pairs.pop() if len(pairs) == 1 else None,
            sign=sign,
            quiet=quiet,
        )


def has_finished(was: Was) -> bool:
    """Tell whether somebody has crossed the line, for the first time or in a re-skate."""
    now, old = was
    if now.status is not Status.FINISHED:
        return False
    if old.status is Status.FINISHED:
        return was_skated_again(was)
    return not old.status.is_invalid


def was_skated_again(was: Was) -> bool:
    """Tell whether a finisher's other time is one of a second run, and no correction.

    A feed may leave the first time on the board until there is the second one.
    """
    now, old = was
    if not now.reskate or now.time_ms is None or old.time_ms is None:
        return False
    first, former = next(iter(now.passages), None), next(iter(old.passages), None)
    if first is not None and former is not None and first.mark_m < now.passages[-1].mark_m:
        return first.time_ms != former.time_ms
    return abs(now.time_ms - old.time_ms) >= _SECOND_RUN_MS


def person(competitor: Skater | Team, key: str = "") -> Person:
    """Return somebody as moments name people."""
    return Person(
        full_name(competitor),
        competitor.noc,
        key,
        competitor.id if isinstance(competitor, Skater) else None,
    )


def place(entry: Entry) -> str:
    """Return ``, 4th`` to end a clause with; empty where there is no rank."""
    return "" if entry.rank is None else f", {ordinal(entry.rank)}"


def margin(entry: Entry | Passage, other: Entry | Passage) -> str:
    """Return how far apart two times are as printed; in thousandths where those decided."""
    first, second = entry.time_ms or 0, other.time_ms or 0
    gap = abs(gap_ms(first, second))
    if gap == 0 and entry.precision_ms == other.precision_ms == 1:
        return f"0.{abs(first - second):03}"
    return show_time(gap)


def _name(entry: Entry) -> tuple[str, str, str]:
    competitor = entry.competitor
    if isinstance(competitor, Team):
        return competitor.name, "", competitor.noc
    return competitor.family, competitor.given, competitor.noc


def _is_somebody_else(old: Entry, now: Entry) -> bool:
    """Tell whether a row that keeps its key is another skater's now.

    Without ids it is taken for a name spelled otherwise.
    """
    former, present = old.competitor, now.competitor
    if not (isinstance(former, Skater) and isinstance(present, Skater)):
        return False
    return former.id is not None and present.id is not None and former.id != present.id
