"""Moments: what happened between two states of a meet.

They are derived once, when a version is appended, and kept on the tape beside it. The same
function serves a live meet, the demo and a replay, so all three tell the same story.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from enum import StrEnum
from typing import Final

import msgspec
from msgspec.structs import replace

from longtrack.model import Entry, Meet, Passage, Race, Stage, Status, Team
from longtrack.names import Families, full_name
from longtrack.records import Record, RecordBook
from longtrack.times import gap_ms, ordinal, show_time

RULES: Final = 1
"""To be raised when the rules below change: tapes then make their moments again."""

_CROWD: Final = 4
"""More finishers than a quartet in one version are a race that appears as a whole."""

_DELAY_MS: Final = 3 * 60_000
"""A start that moves by less is not called a delay."""

_REMARKS: Final[Mapping[str, str]] = {
    "F": "fell",
    "RS": "skated again",
    "RW": "warned by the referee",
    "T02": "armband missing or wrong",
    "T04": "false start",
    "T06": "left the racing lane",
    "T07": "crossed the demarcation line",
    "T08": "improper lane change",
    "T09": "obstruction at the crossing",
    "T10": "cut the inner line",
    "T25": "serious obstruction",
}
"""What the codes on the official sheets mean."""


class Kind(StrEnum):
    """The kinds of moment; the values are the words of ``watch --json``."""

    START = "start"
    OPENER = "opener"
    LEADER = "leader"
    FINISH = "finish"
    PODIUM = "podium"
    RECORD = "record"
    PERSONAL_BEST = "personal_best"
    SEASON_BEST = "season_best"
    FALL = "fall"
    RESKATE = "reskate"
    DISQUALIFIED = "disqualified"
    DID_NOT_FINISH = "did_not_finish"
    WITHDRAWN = "withdrawn"
    CORRECTION = "correction"
    OFFICIAL = "official"
    DELAYED = "delayed"
    CUP_RANK = "cup_rank"
    CUP_DECIDED = "cup_decided"
    PASSAGE = "passage"
    START_LIST = "start_list"
    CONDITIONS = "conditions"


class Person(msgspec.Struct, frozen=True):
    """Somebody a moment is about; a team's name is its country."""

    name: str
    noc: str
    key: str = ""
    """The entry's key in its race."""
    id: str | None = None
    """The feed's id of a skater."""


class Moment(msgspec.Struct, frozen=True):
    """Something that happened."""

    at: int
    """The meet's time in milliseconds since 1970."""
    kind: Kind
    race: str
    """The race's code."""
    text: str
    """One sentence without a full stop, e.g. ``KOK 37.05 leads, 0.60 ahead of ZIOMEK-NOGAL``."""
    people: tuple[Person, ...] = ()
    figures: dict[str, int | str] = msgspec.field(default_factory=dict)
    """Times in milliseconds (``time_ms``, ``behind_ms``, ``old_ms`` ...), ``rank``, ``record``."""
    pair: int | None = None
    sign: str = ""
    """What stands before the text in the ticker: ``1``, ``TR``, ``DQ`` ..."""
    quiet: bool = False
    """Whether another moment of the same version says it louder; the ticker leaves it out."""

    @property
    def with_code(self) -> str:
        """The sentence with its race's code, which those about a whole race begin with."""
        return self.text if self.text.startswith(self.race) else f"{self.race} {self.text}"

    def to_json(self) -> str:
        """Return the text the tape keeps."""
        return msgspec.json.encode(self).decode()

    @classmethod
    def from_json(cls, text: str) -> Moment:
        """Read what `to_json` wrote."""
        return msgspec.json.decode(text, type=cls)


def between(before: Meet | None, after: Meet, at: int, book: RecordBook) -> list[Moment]:
    """Return what happened between two states, in order.

    Args:
        before: The state before, or None where nothing was known.
        after: The state after; races that did not change are the same objects in both.
        at: When, in tape time.
        book: The records that count.
    """
    moments: list[Moment] = []
    families = Families(after.people)
    for race in after.races:
        old = before.numbered(race.number) if before else None
        if old is not None and old is not race:
            moments += _Change(old, race, after, at, book, families).moments()
    return moments


class _Change(msgspec.Struct, frozen=True):
    """A race before and after one version."""

    old: Race
    new: Race
    meet: Meet
    at: int
    book: RecordBook
    families: Families

    def moments(self) -> Iterator[Moment]:
        yield from self._delay()
        if self.new.entries is not self.old.entries and self.old.entries_known:
            yield from self._openers()
            yield from self._finishes()
            yield from self._corrections()
            yield from self._invalid()
            yield from self._reskates()
        # The list of races may say so before the result itself is there.
        if self.new.stage is Stage.OFFICIAL and self.old.stage is not Stage.OFFICIAL:
            yield self._official()

    # --- the race as a whole -----------------------------------------------------------------

    def _delay(self) -> Iterator[Moment]:
        old, new = self.old.start, self.new.start
        if old is None or new is None or self.new.begun or self.new.official:
            return
        if (new - old).total_seconds() * 1000 >= _DELAY_MS:
            local = new.astimezone(self.meet.event.zone)
            yield self._moment(
                Kind.DELAYED, f"{self.new.code} now starts at {local:%H:%M}", sign="!"
            )

    def _official(self) -> Moment:
        podium = [entry for entry in self.new.finished if (entry.rank or 9) <= 3]
        names = ", ".join(self.families[entry] for entry in podium)
        return self._moment(Kind.OFFICIAL, f"{self.new.code} is official: {names}", *podium)

    # --- passages and finishes ---------------------------------------------------------------

    def _openers(self) -> Iterator[Moment]:
        mark = self.new.distance.marks[0]
        if self.new.distance.counts_laps or len(self.new.distance.marks) < 2:
            return
        fresh = [
            (entry, passage)
            for entry, old in self._entries()
            if (passage := entry.passage(mark)) is not None
            and entry.status is Status.ON_ICE
            and (old is None or old.passage(mark) is None)
        ]
        if not fresh or len(fresh) > _CROWD:
            return
        told = ", ".join(f"{self.families[entry]} {_shown(passage)}" for entry, passage in fresh)
        fastest = any(
            passage.rank == 1 and not passage.modelled and _others_passed(self.new, entry, mark)
            for entry, passage in fresh
        )
        yield self._moment(
            Kind.OPENER,
            f"{told} at {mark} m" + (", fastest opener" if fastest else ""),
            *(entry for entry, _ in fresh),
            figures={"mark_m": mark, "time_ms": min(passage.time_ms for _, passage in fresh)},
        )

    def _finishes(self) -> Iterator[Moment]:
        fresh = [
            entry
            for entry, old in self._entries()
            if entry.status is Status.FINISHED
            and (old is None or old.status in (Status.TO_START, Status.ON_ICE))
        ]
        if len(fresh) > _CROWD or (fresh and self.new.over and not self.old.begun):
            yield from self._whole_result(fresh)
            return
        # Several finishes in one document are told in the order they crossed the line.
        fresh.sort(key=lambda entry: (entry.pair or 0, entry.time_ms is None, entry.time_ms))
        standing = [
            entry
            for entry in self.new.entries
            if entry.status is Status.FINISHED and entry not in fresh
        ]
        for entry in fresh:
            best_before = min(
                (each for each in standing if each.rank is not None),
                key=lambda each: each.rank or 0,
                default=None,
            )
            yield from self._finish(entry, standing, best_before)
            standing.append(entry)

    def _finish(self, entry: Entry, standing: list[Entry], best: Entry | None) -> Iterator[Moment]:
        if entry.time_ms is None:
            return
        name, time = self.families[entry], show_time(entry.time_ms)
        # The rank among those who had finished then; the document may hold later ones already.
        if entry.rank is None:
            yield self._moment(
                Kind.FINISH, f"{name} {time}", entry, figures={"time_ms": entry.time_ms}
            )
            return
        rank = 1 + sum(other.rank is not None and other.rank < entry.rank for other in standing)
        figures: dict[str, int | str] = {"time_ms": entry.time_ms, "rank": rank}
        if best is not None and best.time_ms is not None:
            figures["behind_ms"] = gap_ms(entry.time_ms, best.time_ms)
        records = self.book.broken_by(entry, self.new, self.meet, earlier=standing)
        loud = rank <= 3 or bool(records)
        yield self._moment(
            Kind.FINISH, f"{name} {time}, {ordinal(rank)}", entry, figures=figures, quiet=loud
        )
        for record in records:
            yield self._record(entry, record)
        if rank == 1:
            margin = (
                "" if best is None else f", {_margin(entry, best)} ahead of {self.families[best]}"
            )
            yield self._moment(
                Kind.LEADER, f"{name} {time} leads{margin}", entry, figures=figures, sign="1"
            )
        elif rank <= 3:
            behind = (
                "" if best is None else f", {_margin(entry, best)} behind {self.families[best]}"
            )
            yield self._moment(
                Kind.PODIUM, f"{name} {time}{behind}", entry, figures=figures, sign=str(rank)
            )

    def _whole_result(self, fresh: list[Entry]) -> Iterator[Moment]:
        podium = sorted(fresh, key=lambda entry: (entry.rank is None, entry.rank))[:3]
        told = ", ".join(
            f"{entry.rank or ''} {self.families[entry]} "
            f"{show_time(entry.time_ms) if entry.time_ms is not None else ''}".strip()
            for entry in podium
        )
        broken = self.book.broken(self.new, self.meet)
        for entry in fresh:
            for record in broken.get(entry.key, ()):
                yield self._record(entry, record)
        yield self._moment(Kind.FINISH, f"{self.new.code}: {told}", *podium, sign="1")

    def _record(self, entry: Entry, record: Record) -> Moment:
        time = entry.time_ms or 0
        margin = record.time_ms // 10 * 10 - time // 10 * 10
        year = f" ({record.year})" if record.year else ""
        return self._moment(
            Kind.RECORD,
            f"{self.families[entry]} {show_time(time)}, {show_time(margin)} under "
            f"{record.holder}'s {show_time(record.time_ms)}{year}",
            entry,
            figures={
                "record": record.kind,
                "time_ms": time,
                "old_ms": record.time_ms,
                "margin_ms": margin,
            },
            sign=record.kind,
        )

    # --- what changes afterwards -------------------------------------------------------------

    def _corrections(self) -> Iterator[Moment]:
        for entry, old in self._entries():
            if old is None or old.status is not Status.FINISHED or old.time_ms is None:
                continue
            name = self.families[entry]
            if entry.status in (Status.TO_START, Status.ON_ICE) and not entry.reskate:
                yield self._moment(Kind.CORRECTION, f"{name}'s time is taken back", entry, sign="±")
            elif entry.status is Status.FINISHED and entry.time_ms not in (None, old.time_ms):
                time, former = show_time(entry.time_ms or 0), show_time(old.time_ms)
                place = "" if entry.rank is None else f", {ordinal(entry.rank)}"
                if entry.rank != old.rank and old.rank is not None:
                    place += f" instead of {ordinal(old.rank)}"
                yield self._moment(
                    Kind.CORRECTION,
                    f"{name} corrected from {former} to {time}{place}",
                    entry,
                    figures={"time_ms": entry.time_ms or 0, "old_ms": old.time_ms},
                    sign="±",
                    # The photo finish adds thousandths to most times a few seconds later.
                    quiet=time == former and entry.rank == old.rank,
                )

    def _invalid(self) -> Iterator[Moment]:
        words = {
            Status.DQ: (Kind.DISQUALIFIED, "is disqualified", "DQ"),
            Status.DNF: (Kind.DID_NOT_FINISH, "did not finish", "—"),
            Status.DNS: (Kind.WITHDRAWN, "did not start", "—"),
            Status.WDR: (Kind.WITHDRAWN, "has withdrawn", "—"),
            Status.INVALID: (Kind.DID_NOT_FINISH, "has no valid result", "—"),
        }
        for entry, old in self._entries():
            if old is None or entry.status is old.status:
                continue
            name = self.families[entry]
            if entry.status in words:
                kind, told, sign = words[entry.status]
                why = "".join(f", {explained(code)}" for code in entry.remarks)
                then = self._leads_now(old)
                yield self._moment(kind, f"{name} {told}{why}{then}", entry, sign=sign)
            elif old.status.is_invalid and entry.status is Status.FINISHED:
                rank = "" if entry.rank is None else f", {ordinal(entry.rank)}"
                time = "" if entry.time_ms is None else f" {show_time(entry.time_ms)}"
                text = f"{name}{time} counts after all{rank}"
                yield self._moment(Kind.CORRECTION, text, entry, sign="±")

    def _leads_now(self, old: Entry) -> str:
        leader = self.new.leader
        if old.rank == 1 and leader is not None and leader.key != old.key:
            return f"; {self.families[leader]} leads"
        return ""

    def _reskates(self) -> Iterator[Moment]:
        for entry, old in self._entries():
            if entry.reskate and old is not None and not old.reskate:
                yield self._moment(
                    Kind.RESKATE, f"{self.families[entry]} may skate again", entry, sign="RS"
                )

    # --- parts -------------------------------------------------------------------------------

    def _entries(self) -> Iterator[tuple[Entry, Entry | None]]:
        known = {entry.key: entry for entry in self.old.entries}
        for entry in self.new.entries:
            old = known.get(entry.key)
            if old is not entry and old != entry:
                yield entry, old

    def _moment(
        self,
        kind: Kind,
        text: str,
        *people: Entry,
        figures: dict[str, int | str] | None = None,
        sign: str = "",
        quiet: bool = False,
    ) -> Moment:
        pairs = {entry.pair for entry in people}
        return Moment(
            at=self.at,
            kind=kind,
            race=self.new.code,
            text=text,
            people=tuple(
                Person(
                    full_name(entry.competitor),
                    entry.noc,
                    entry.key,
                    None if isinstance(entry.competitor, Team) else entry.competitor.id,
                )
                for entry in people
            ),
            figures=figures or {},
            pair=pairs.pop() if len(pairs) == 1 else None,
            sign=sign,
            quiet=quiet,
        )


def is_key(moment: Moment) -> bool:
    """Tell whether a moment is one to tell somebody who was away: it decides something."""
    return moment.kind in _KEY and not moment.quiet


_KEY: Final = frozenset(
    {
        Kind.RECORD,
        Kind.LEADER,
        Kind.PODIUM,
        Kind.DISQUALIFIED,
        Kind.FALL,
        Kind.RESKATE,
        Kind.CORRECTION,
        Kind.DELAYED,
        Kind.OFFICIAL,
        Kind.CUP_DECIDED,
    }
)


def joined(moments: Iterable[Moment]) -> tuple[Moment, ...]:
    """Return moments with the openers of one pair, clocked a blink apart, told as one."""
    told: list[Moment] = []
    for moment in moments:
        last = told[-1] if told else None
        if (
            last is not None
            and moment.kind is last.kind is Kind.OPENER
            and (moment.race, moment.pair) == (last.race, last.pair)
            and moment.pair is not None
        ):
            where = f" at {last.figures.get('mark_m')} m"
            names, _, rest = last.text.partition(where)
            more, _, too = moment.text.partition(where)
            times = [each for m in (last, moment) if isinstance(each := m.figures["time_ms"], int)]
            told[-1] = replace(
                moment,
                text=f"{names}, {more}{where}{too or rest}",
                people=last.people + moment.people,
                figures={**moment.figures, "time_ms": min(times)},
            )
        else:
            told.append(moment)
    return tuple(told)


def explained(code: str) -> str:
    """Return what a remark on a result sheet means, with the code of an infringement."""
    words = _REMARKS.get(code)
    if words is None:
        return code
    return f"{words} ({code})" if code.startswith("T") else words


def _margin(entry: Entry, other: Entry) -> str:
    """Return how far apart two times are as printed; in thousandths where those decided."""
    first, second = entry.time_ms or 0, other.time_ms or 0
    gap = abs(gap_ms(first, second))
    if gap == 0 and entry.precision_ms == other.precision_ms == 1:
        return f"0.{abs(first - second):03}"
    return show_time(gap)


def _shown(passage: Passage) -> str:
    return ("~" if passage.modelled else "") + show_time(passage.time_ms)


def _others_passed(race: Race, entry: Entry, mark: int) -> bool:
    return any(other.pair != entry.pair and other.passage(mark) for other in race.entries)
