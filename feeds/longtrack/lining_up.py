"""Lining up with a picture: how late it is, worked out from when the viewer sees what is known.

The tape tells when the feed had somebody at a mark. The viewer is told what to watch for, and says
when the picture shows it: the difference is the delay. The running clock on the picture tells the
same, with the start worked out from a passage. Either is as good as the feed is asked often: what
it shows was clocked up to one poll before.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from enum import Enum
from typing import Final

import msgspec

from longtrack.action import Phase, action, next_pair
from longtrack.model import Entry, Race, Status
from longtrack.moments import Kind, Moment
from longtrack.playhead import MOST_DELAY_MS

WAIT_MS: Final = 60_000
"""How long the feed is waited for after the viewer has seen something."""
_SOON_MS: Final = 5_000
"""What is to come within this time is over before its name is read."""
_USUAL_LAP_MS: Final = 30_000
_MOST_CUES: Final = 6

_CLOCKED: Final = frozenset({Kind.OPENER, Kind.PASSAGE, Kind.FINISH})


class Cue(msgspec.Struct, frozen=True):
    """Something to watch for: somebody at a mark."""

    race: Race
    entry: Entry
    mark_m: int

    @property
    def is_finish(self) -> bool:
        """Whether it is their finish."""
        return self.mark_m == self.race.distance.marks[-1]

    @property
    def is_opener(self) -> bool:
        """Whether it is the opener of an individual distance."""
        distance = self.race.distance
        return not (distance.counts_laps or self.is_finish) and self.mark_m == distance.marks[0]

    def is_told_by(self, moment: Moment) -> bool:
        """Tell whether a moment is that of the passage."""
        return (
            moment.kind in _CLOCKED
            and moment.race == self.race.code
            and any(person.key == self.entry.key for person in moment.people)
            and moment.figures.get("mark_m", self.race.distance.marks[-1]) == self.mark_m
        )


def cues(race: Race, at: int, moments: Sequence[Moment]) -> list[Cue]:
    """Return what is to come in a race, the soonest first: the marks of this pair and the next.

    Args:
        race: The race as it stands.
        at: The tape time.
        moments: The meet's moments until then.
    """
    doing = action(race, at, moments)
    found: list[Cue] = []
    if doing.phase is Phase.ON_ICE:
        found += _of_those_on_the_ice(race, doing.entries, at, moments)
        # The pair-mate of whoever was clocked may not have been yet.
        waiting = next_pair(race, but=doing.pair)
    else:
        waiting = doing.pair if doing.phase is Phase.NEXT else next_pair(race)
    starters = race.starters(waiting) if waiting is not None else ()
    if doing.phase is Phase.NEXT and not starters:
        starters = doing.entries
    # The armband is what a picture shows best; the outer lane's is red.
    for entry in starters[-1:]:
        found += [Cue(race, entry, mark) for mark in race.distance.marks]
    return found[:_MOST_CUES]


def _of_those_on_the_ice(
    race: Race, entries: Sequence[Entry], at: int, moments: Sequence[Moment]
) -> list[Cue]:
    skating = [each for each in entries if each.status is Status.ON_ICE]
    if not skating:
        return []
    first = max(skating, key=lambda each: len(each.passages))
    done = {passage.mark_m for passage in first.passages}
    ahead = [mark for mark in race.distance.marks if mark not in done]
    if first.passages and len(ahead) > 1:
        last = first.passages[-1]
        seen = next((m.at for m in reversed(moments) if _is_of(m, race, first)), at)
        if at - seen > (last.lap_ms or _USUAL_LAP_MS) - _SOON_MS:
            del ahead[0]
    return [Cue(race, first, mark) for mark in ahead]


def _is_of(moment: Moment, race: Race, entry: Entry) -> bool:
    return moment.race == race.code and any(each.key == entry.key for each in moment.people)


class Outcome(Enum):
    """What came of a look at the tape."""

    SET = "set"
    """The delay is known now, or better known."""
    AHEAD = "ahead"
    """The picture showed it before the feed had it."""
    SILENT = "silent"
    """The feed has not told of it."""


class LiningUp:
    """One viewer lining up with one picture.

    Args:
        clock: Returns the tape's present time in milliseconds.
        ahead: What is to come, the soonest first.
        since: The tape time it was worked out at.
    """

    def __init__(self, clock: Callable[[], int], ahead: Sequence[Cue], since: int) -> None:
        self._clock = clock
        self._ahead = list(ahead)
        self._since = since
        self._samples: list[int] = []
        self.seen_at: int | None = None
        """When the viewer saw it; None while it is watched for."""
        self.ahead_ms = 0
        """How long the picture showed it before the feed had it, where it did."""

    @property
    def cue(self) -> Cue | None:
        """What to watch for; None where nothing is to come."""
        return self._ahead[0] if self._ahead else None

    @property
    def is_waiting(self) -> bool:
        """Whether it was seen, and the feed has still to tell of it."""
        return self.seen_at is not None

    @property
    def count(self) -> int:
        """How many times the viewer has seen something by now."""
        return len(self._samples)

    @property
    def delay(self) -> int:
        """The delay in milliseconds, the mean of all times something was seen."""
        return round(sum(self._samples) / len(self._samples)) if self._samples else 0

    def watch(self, ahead: Sequence[Cue], since: int) -> None:
        """Watch for other things than before; what was seen still counts."""
        self._ahead = list(ahead)
        self._since = since
        self.seen_at = None

    def see(self) -> None:
        """Note that the picture shows it now."""
        if self.cue is not None:
            self.seen_at = self._clock()

    def skip(self) -> None:
        """Watch for what comes after it instead."""
        self.seen_at = None
        self._ahead = self._ahead[1:]

    def look(self, moments: Iterable[Moment]) -> Outcome | None:
        """Look whether the feed has told of what was seen.

        Args:
            moments: Those since the place it was worked out at, until the present.

        Returns:
            What came of it; None while there is nothing to say.
        """
        cue, seen = self.cue, self.seen_at
        if cue is None or seen is None:
            return None
        told = next((m.at for m in moments if m.at > self._since and cue.is_told_by(m)), None)
        if told is None:
            if self._clock() - seen < WAIT_MS:
                return None
            self.skip()
            return Outcome.SILENT
        self.skip()
        return self._take(seen - told)

    def read(self, shown_ms: int, moments: Iterable[Moment]) -> Outcome | None:
        """Take the running clock off the picture, as it shows now.

        Of the pairs that had been clocked by then, it is of the one that makes the picture the
        least late.

        Args:
            shown_ms: What it shows.
            moments: Those of the meet until the present.

        Returns:
            What came of it; None where nobody has been clocked whose clock it can be.
        """
        now = self._clock()
        starts: dict[tuple[str, int | None], int] = {}
        for moment in moments:
            skated = moment.figures.get("time_ms")
            if moment.kind in _CLOCKED and isinstance(skated, int):
                about = moment.race, moment.pair
                # Before its first mark a pair may be on the picture that the feed has not yet.
                if about not in starts and skated > shown_ms:
                    continue
                # The feed is late by up to one poll, so the earliest comes closest.
                starts[about] = min(starts.get(about, moment.at), moment.at - skated)
        late = [now - start - shown_ms for start in starts.values()]
        possible = [each for each in late if -WAIT_MS < each <= MOST_DELAY_MS]
        behind = [each for each in possible if each >= 0]
        if not possible:
            return None
        return self._take(min(behind) if behind else max(possible))

    def _take(self, late_ms: int) -> Outcome:
        if late_ms < 0:
            self.ahead_ms = -late_ms
            self._samples.clear()
            return Outcome.AHEAD
        self._samples.append(min(late_ms, MOST_DELAY_MS))
        return Outcome.SET
