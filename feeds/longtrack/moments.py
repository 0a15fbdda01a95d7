"""Moments: what happened at a meet, as values to keep, to print and to draw.

What makes them of two states of a meet is `longtrack.happened`.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from enum import StrEnum
from typing import Final

import msgspec
from msgspec.structs import replace

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
    """A race has begun: the feed calls it live, or somebody is clocked. No feed tells when a pair
    starts."""
    OPENER = "opener"
    """The first mark of an individual distance."""
    LEADER = "leader"
    """A new leader; with ``mark_m`` among its figures, the fastest so far at a mark on the way."""
    FINISH = "finish"
    PODIUM = "podium"
    """A second or third place, one that is lost again, and the three of a race that is over."""
    RECORD = "record"
    PERSONAL_BEST = "personal_best"
    SEASON_BEST = "season_best"
    FALL = "fall"
    RESKATE = "reskate"
    DISQUALIFIED = "disqualified"
    DID_NOT_FINISH = "did_not_finish"
    WITHDRAWN = "withdrawn"
    CORRECTION = "correction"
    """What was on the board before does not hold: a time, a result, a record, a ruling."""
    OFFICIAL = "official"
    DELAYED = "delayed"
    CUP_RANK = "cup_rank"
    """The places in the cup that a race has moved by now."""
    CUP_DECIDED = "cup_decided"
    PASSAGE = "passage"
    """A mark on the way, and the ranks that somebody else's finish has moved."""
    START_LIST = "start_list"
    """The list is published, or changed: somebody added, taken off, put into another pair."""
    CONDITIONS = "conditions"
    """Ice and air have been measured."""


HIDDEN: Final = frozenset({Kind.PASSAGE, Kind.START_LIST, Kind.CONDITIONS})
"""Kinds that make the story complete and are too many to read; they are always quiet."""

WEIGHTS: Final[Mapping[Kind, int]] = {
    Kind.RECORD: 9,
    Kind.CUP_DECIDED: 8,
    Kind.DISQUALIFIED: 8,
    Kind.LEADER: 7,
    Kind.FALL: 6,
    Kind.RESKATE: 6,
    Kind.CORRECTION: 5,
    Kind.DELAYED: 5,
    Kind.PODIUM: 4,
    Kind.DID_NOT_FINISH: 4,
    Kind.OFFICIAL: 4,
    Kind.PERSONAL_BEST: 3,
    Kind.WITHDRAWN: 3,
    Kind.SEASON_BEST: 2,
    Kind.CUP_RANK: 2,
    Kind.START: 1,
    Kind.FINISH: 1,
    Kind.OPENER: 1,
    Kind.PASSAGE: 0,
    Kind.START_LIST: 0,
    Kind.CONDITIONS: 0,
}
"""How much each kind says; where there is room for one moment, it is the weightiest."""

_KEY: Final = frozenset(
    {
        *(Kind.RECORD, Kind.LEADER, Kind.PODIUM, Kind.DISQUALIFIED, Kind.FALL, Kind.RESKATE),
        *(Kind.CORRECTION, Kind.DELAYED, Kind.CUP_DECIDED, Kind.OFFICIAL),
    }
)


_FINISHES: Final = frozenset(
    {Kind.FINISH, Kind.LEADER, Kind.PODIUM, Kind.PERSONAL_BEST, Kind.SEASON_BEST}
)


class Person(msgspec.Struct, frozen=True, omit_defaults=True):
    """Somebody a moment is about; a team's name is its country."""

    name: str
    noc: str
    key: str = ""
    """The entry's key in its race; empty for somebody who is not in it."""
    id: str | None = None
    """The feed's id of a skater."""


class Moment(msgspec.Struct, frozen=True, omit_defaults=True):
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
    """Whether another moment says it louder, or it is worth no line; the ticker leaves it out."""

    @property
    def is_on_the_way(self) -> bool:
        """Whether it tells of a mark before the finish, which the finish says more of."""
        return "mark_m" in self.figures

    @property
    def is_of_a_finish(self) -> bool:
        """Whether it tells of one starter's finish; several moments may tell of the same one."""
        return self.kind in _FINISHES and len(self.people) == 1 and not self.is_on_the_way

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


def is_key(moment: Moment) -> bool:
    """Tell whether a moment is one of those that make up the story of a race.

    Those are records, new leaders and podiums, disqualifications, falls, re-skates, corrections,
    delays, official results and cups decided.
    """
    return moment.kind in _KEY and not moment.quiet and not moment.is_on_the_way


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
                figures={**last.figures, **moment.figures, "time_ms": min(times)},
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
