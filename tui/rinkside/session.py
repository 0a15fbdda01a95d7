"""One meet on screen: its tape, where on it the viewer stands, and how fresh it is.

A session reads the tape and nothing else. It asks no network and knows no widget.
"""

from __future__ import annotations

import math
import time
from collections.abc import Callable, Iterator, Sequence
from datetime import UTC, date, datetime, tzinfo
from functools import cached_property
from itertools import takewhile
from typing import Final

import msgspec
from msgspec.structs import replace

from longtrack import isu
from longtrack.action import FINISHES, Action, Phase, action
from longtrack.clock import TapeClock
from longtrack.health import Health
from longtrack.model import Division, Meet, Race, Source, Stage
from longtrack.moments import Kind, Moment, joined
from longtrack.playhead import Playhead
from longtrack.projection import Projection, Projector
from longtrack.records import RecordBook
from longtrack.season import Season
from longtrack.skipping import Leap, leap
from longtrack.state import TapeReader
from longtrack.tape import Tape
from longtrack.timeline import Timeline, timeline
from longtrack.timetable import next_starts
from rinkside.followed import Followed
from rinkside.moment_reader import MomentReader
from rinkside.scene import Feed, Scene
from rinkside.status import FRESH, FRESH_MS, MINUTES_MS, Situation, feed_status

_MARKED: Final = {Kind.RECORD: 8_000, Kind.CORRECTION: 30_000}
"""How many milliseconds a record row stands out, and a corrected time is marked."""
_LINGER_MS: Final = 6 * 60_000
"""How long a race that is over stays on screen, unless another one is live."""
NO_SPOILERS: Final = "NO SPOILERS"
"""The second pill while nothing is told that lies ahead of the playhead."""
_REPLAY_MS: Final = 12 * 3_600_000
"""Who is this far behind a meet plays it again, and does not follow it any more."""
_LOADING_MS: Final = 2_000
"""How long it takes until what matters of a meet has come, the first time."""
_LEAPT_MS: Final = 4_000
"""How long it is said that time was skipped."""


class Choice(msgspec.Struct, frozen=True):
    """What the viewer has chosen to look at; None follows what is live."""

    race: int | None = None
    division: Division | None = None
    day: date | None = None


class Session:
    """A meet being followed.

    Args:
        tape: The meet's tape.
        event_id: The feed's id of the meet.
        source: Where its documents come from.
        clock: The tape's clock; given to the playhead too.
        playhead: Where the viewer stands; live by default.
        offline: Whether the feed is not asked.
        demo: Whether this is the demo.
        spoiler_free: Whether nothing is to be told that lies ahead of the playhead.
        notes: Sentences about the viewer's own machine, such as a tape set aside.
        here: The viewer's time zone; the system's by default.
        reader: Whoever has read the tape already.
    """

    def __init__(
        self,
        tape: Tape,
        event_id: str,
        source: Source,
        *,
        clock: Callable[[], int] | None = None,
        playhead: Playhead | None = None,
        book: RecordBook | None = None,
        offline: bool = False,
        demo: bool = False,
        spoiler_free: bool = False,
        notes: tuple[str, ...] = (),
        here: tzinfo | None = None,
        reader: TapeReader | None = None,
    ) -> None:
        self.tape = tape
        self.event_id = event_id
        self.source = source
        self.clock = clock or TapeClock()
        self.book = book or RecordBook.bundled()
        self.offline = offline
        self.demo = demo
        self.spoiler_free = spoiler_free
        self.notes = notes
        self.health = Health()
        self.cups: Projector | None = None
        """Projects the meet's races on the cups of all that is known of the season, whenever it was
        held: shared with whoever records."""
        self._past_cups: Projector | None = None
        """The same with the season as it stood where the playhead does."""
        self._book_of_day: tuple[RecordBook, RecordBook] | None = None
        """The book, and the same as it is read on the day of the playhead."""
        self.followed = Followed()
        """Whom the viewer follows."""
        self.skips = False
        """Whether the empty minutes are passed over where the meet is played again."""
        self._leapt: tuple[int, int] | None = None
        self.search = ""
        """How the search for the live meet goes, for which a bundled one stands in."""
        self.fetching = ""
        """How far the season is that is fetched beside the meet; empty while none is."""
        self.reader = reader or TapeReader(tape, event_id)
        """Reads the tape; shared with whoever records on it."""
        self._here = here
        self._read = MomentReader(tape)
        self.own_clock = True
        """Whether the viewer's own time is shown where it differs from the rink's."""
        self.flashes = True
        """Whether a row stands out for a while when a record falls."""
        self.move(playhead or Playhead.live(self.clock))

    # --- where the viewer stands -------------------------------------------------------------

    @cached_property
    def is_laid_out(self) -> bool:
        """Whether the tape is a re-enactment, the bundled meet's or another."""
        return self.tape.recall("kind") in ("bundled", "reenacted")

    @property
    def goes_on(self) -> bool:
        """Whether the feed is asked, so that the tape grows."""
        return not self.offline and self.source is not Source.BUNDLED

    @property
    def follows_feed(self) -> bool:
        """Whether the viewer is at a meet that goes on, and not so far behind as to play it again.

        However long the delay, and though it is paused or sought in meanwhile.
        """
        playhead = self.playhead
        return self.goes_on and (
            playhead.is_live or (playhead.chases and playhead.behind < _REPLAY_MS)
        )

    @property
    def is_behind(self) -> bool:
        """Whether the viewer stands elsewhere than at the present."""
        return self.playhead.delay > 0 or not self.playhead.is_live

    @property
    def begins(self) -> int | None:
        """The tape time before which there is nothing to show; None for an empty tape."""
        return self.tape.first_of(isu.competitions_path(self.event_id))

    @property
    def ends(self) -> int | None:
        """The tape time after which there is nothing to show; None for an empty tape."""
        if self.playhead.chases:
            return self.playhead.edge
        bounds = self.tape.bounds()
        return None if bounds is None else bounds[1]

    def move(self, playhead: Playhead) -> None:
        """Put the playhead elsewhere."""
        chases, floor = self.goes_on and not self.is_laid_out, playhead.floor
        if playhead.delay and floor is None and (begins := self.begins) is not None:
            floor = begins + _LOADING_MS
        self.playhead = replace(playhead, chases=chases, floor=floor)
        self._leapt = None

    def go_live(self) -> None:
        """Put the playhead at the present, as far behind it as the viewer's picture is."""
        self.demo = False
        self.move(self.playhead.following())

    def settle(self) -> int:
        """Go on where the playhead can't stay: at the present, and at the end of what happens.

        Returns:
            The tape time the viewer stands at.

        Raises:
            longtrack.tape.TapeError: If the tape can't be read.
        """
        playhead = self.playhead
        if playhead.has_caught_up:
            self.move(playhead.following())
        elif playhead.delay and playhead.floor is None:
            self.move(playhead)  # where the tape begins may be known by now
        at = self.playhead.at
        empty = self._empty(at)
        if empty is not None and empty.start <= at < empty.end:
            self.move(playhead.to(empty.end))
            self._leapt = self.clock(), empty.end - at
            return empty.end
        return at

    def _empty(self, at: int) -> Leap | None:
        """Return the empty minutes the playhead is in, where they are to be passed over."""
        playhead = self.playhead
        if not self.skips or self.demo or self.follows_feed:
            return None
        if playhead.origin is None or playhead.paused:
            return None
        last = self.tape.last_until(at)
        since = playhead.origin if last is None else max(playhead.origin, last)
        return leap(since, self.tape.next_after(at), playhead.speed)

    def meet(self) -> Meet:
        """Return the meet where the playhead stands.

        Raises:
            longtrack.tape.TapeError: If the tape can't be read.
        """
        return self.reader.meet(self.playhead.at)

    def read_ahead(self) -> Iterator[None]:
        """Decode what each race came to, so that the first seek over the whole tape is no slower.

        Yields:
            After each race, so that the screen may have its turn.

        Raises:
            longtrack.tape.TapeError: If the tape can't be read.
        """
        lists = self.tape.history(isu.competitions_path(self.event_id), self.ends or 0)
        for head in reversed([*lists]):
            self.reader.meet(head.at)
            yield

    def scene(self, choice: Choice) -> Scene:
        """Return all there is to show of a choice, where the playhead stands.

        Raises:
            longtrack.tape.TapeError: If the tape can't be read.
        """
        at = self.settle()
        meet = self.reader.meet(at)
        race = self.chosen(meet, choice, at)
        moments = self.moments(at)
        speed = self.playhead.speed
        doing = action(race, at, moments) if race else Action(Phase.UNKNOWN)
        cup = self._projected(meet, race, at) if race else None
        return Scene(
            meet=meet,
            race=race,
            day=choice.day or (meet.day(race) if race else None),
            division=choice.division or (race.division if race else Division.A),
            at=at,
            action=doing,
            book=self._book_read(meet, at),
            cup=cup,
            moments=_told(moments, race, meet, doing),
            feed=self._feed(meet, race, at),
            here=self._zone(meet),
            followed=self.followed,
            starts=next_starts(meet, self.followed.among, at, moments) if self.followed else (),
            flash=_marked(moments, race, Kind.RECORD, at, speed) if self.flashes else frozenset(),
            corrected=_marked(moments, race, Kind.CORRECTION, at, speed),
            spoiler_free=self.spoiler_free,
        )

    def _zone(self, meet: Meet) -> tzinfo:
        if not self.own_clock:
            return meet.event.zone
        return self._here or datetime.now().astimezone().tzinfo or UTC

    def _book_read(self, meet: Meet, at: int) -> RecordBook:
        """Return the record book as it is read on the day of a tape time at the rink."""
        day = datetime.fromtimestamp(at / 1000, meet.event.zone)
        morning = day.replace(hour=0, minute=0, second=0, microsecond=0)
        known = self._book_of_day
        if known is None or known[0] is not self.book or known[1].morning != morning:
            self._book_of_day = known = self.book, self.book.read_on(morning)
        return known[1]

    def timeline(self, scene: Scene) -> Timeline:
        """Return the races of a scene's day and division in time, and what happened in them."""
        edge = self.clock() if self.follows_feed and not self.spoiler_free else scene.at
        return timeline(scene.tabs, self.moments(scene.at), scene.at, edge)

    def feed(self, scene: Scene) -> Feed:
        """Return what is to be said now about the data of a scene."""
        return self._feed(scene.meet, scene.race, self.playhead.at)

    def _feed(self, meet: Meet, race: Race | None, at: int) -> Feed:
        said = feed_status(self._situation(meet, race, at))
        return replace(said, second_pill=NO_SPOILERS) if self.spoiler_free else said

    def still_says(self, scene: Scene) -> bool:
        """Tell whether a scene's clock and data say what they would now, but for an age.

        After a sleep the timer of the next minute comes late; the feed's next answer does not.
        """
        return scene.at // 60_000 == self.playhead.at // 60_000 and scene.feed.says_as_much_as(
            self.feed(scene)
        )

    def chosen(self, meet: Meet, choice: Choice, at: int) -> Race | None:
        """Return the race a choice means."""
        if choice.race is not None:
            return meet.numbered(choice.race)
        if choice.day is not None or choice.division is not None:
            return None
        foremost = meet.foremost(datetime.fromtimestamp(at / 1000, UTC))
        if foremost is None or foremost.stage is Stage.LIVE:
            return foremost
        last = self._last_finish(at)
        if last is not None and at - last.at < _LINGER_MS:
            # What has just been decided is worth a look before the next race's start list.
            return meet.race(last.race) or foremost
        return foremost

    def _last_finish(self, at: int) -> Moment | None:
        return next((m for m in reversed(self.moments(at)) if m.kind in FINISHES), None)

    def next_change(self, scene: Scene) -> float | None:
        """Return in how many seconds the screen changes by itself; None: never.

        That is when the next version comes due, the clock's minute turns, the age of the data
        or how far the viewer is behind counts on, a mark fades, the last pair goes out of view or
        empty minutes are passed over.
        """
        at, playhead = scene.at, self.playhead
        ends = [(at // 60_000 + 1) * 60_000]
        if playhead.delay or not playhead.is_live:
            due = self.tape.next_after(at)
            if due is not None:
                ends.append(due)
            empty = self._empty(at)
            if empty is not None:
                ends.append(empty.start)
        if scene.action.changes_at is not None:
            ends.append(scene.action.changes_at)
        last = self._last_finish(at)
        if last is not None and last.at + _LINGER_MS > at:
            ends.append(last.at + _LINGER_MS)
        for kind, length in _MARKED.items():
            lasts = round(length * playhead.speed)
            marked = _recent(self.moments(at), scene.race, kind, at - lasts)
            ends += (moment.at + lasts for moment in marked)
        seconds = [playhead.until(end) for end in ends]
        if self._leapt is not None and (left := self._leapt[0] + _LEAPT_MS - self.clock()) > 0:
            seconds.append(left / 1000)
        if self.follows_feed and not playhead.is_live:
            if playhead.speed > 1 and not playhead.paused:
                seconds.append(playhead.until_present())
            if playhead.paused or playhead.speed != 1:
                # How far behind this is counts on.
                seconds.append(1.0 if playhead.behind < MINUTES_MS else 60.0)
        if self.follows_feed and scene.feed.age == FRESH:
            seconds.append(FRESH_MS / 1000)
        elif self.follows_feed and (
            scene.feed.age.endswith(" s") or scene.feed.note_role == "error"
        ):
            # The age counts in seconds only while it is less than a minute.
            seconds.append(1.0 - time.monotonic() % 1.0)
        # A little past the moment, so that it has come when the timer says so.
        least = min(seconds)
        return None if math.isinf(least) else least + 0.005

    @property
    def season(self) -> Season | None:
        """The season as it stood where the playhead does: every race held by then.

        None until it has been read.
        """
        return None if self.cups is None else self.cups.season.until(self.playhead.at)

    @season.setter
    def season(self, season: Season) -> None:
        self.cups = Projector(season)

    @property
    def whole_season(self) -> Season | None:
        """All that is known of the season: for whoever keeps it, and for no screen."""
        return None if self.cups is None else self.cups.season

    def _projected(self, meet: Meet, race: Race, at: int) -> Projection | None:
        if self.cups is None:
            return None
        cups, stood = self._past_cups, self.cups.season.until(at)
        if stood is self.cups.season:
            cups = self.cups
        elif cups is None or cups.season is not stood:
            cups = self._past_cups = Projector(stood)
        return cups.projection(meet, race, at)

    def _situation(self, meet: Meet, race: Race | None, at: int) -> Situation:
        bounds = self.tape.bounds()
        now, playhead = self.clock(), self.playhead
        leapt = self._leapt
        base = Situation(
            now=now,
            zone=meet.event.zone,
            playing=None if playhead.is_live else playhead.speed,
            paused=playhead.paused,
            delay=playhead.delay,
            behind=now - at,
            skipped=leapt[1] if leapt is not None and now - leapt[0] < _LEAPT_MS else 0,
            demo=self.demo,
            bundled=self.source is Source.BUNDLED,
            modelled=meet.modelled,
            offline=self.offline,
            newest=None if bounds is None else bounds[1],
            error=self.health.error,
            search=self.search if self.source is Source.BUNDLED else "",
            notes=self.notes,
            # How much there is to fetch tells how much has been held since.
            fetching="" if self.spoiler_free else self.fetching,
        )
        if not self.follows_feed:
            return replace(base, offline=self.offline or base.playing is None)
        paths = list(self.health.awaited)
        if race is not None and race.live:
            paths = [isu.results_path(self.event_id, race.number)]
        if not paths:
            paths = [isu.competitions_path(self.event_id), isu.schedule_path(self.event_id)]
        return replace(
            base,
            follows=True,
            last_good=self.tape.last_good(paths),
            late_after_ms=3 * self.health.interval_ms + 1_000,
            next_try=self.health.next_try,
        )

    def moments(self, at: int) -> Sequence[Moment]:
        """Return the moments until a time but the hidden ones, see `MomentReader.until`.

        Raises:
            longtrack.tape.TapeError: If the tape can't be read.
        """
        return self._read.until(at)

    def latest_moments(self, since: int, at: int) -> list[Moment]:
        """Return all moments in ``since <= moment.at <= at``, the hidden ones too.

        Raises:
            longtrack.tape.TapeError: If the tape can't be read.
        """
        return [Moment.from_json(kept.body) for kept in self.tape.moments(at, after=since - 1)]


def _told(
    moments: Sequence[Moment], race: Race | None, meet: Meet, doing: Action
) -> tuple[Moment, ...]:
    """Return the moments of the race on screen, and of any other that is live beside it.

    A mark on the way is worth a line while its pair is in view; then the finish has said more.
    """
    in_view = (race.code, doing.pair) if race is not None else None
    codes = {other.code for other in meet.live} if race is None or race.live else set()
    if race is not None:
        codes.add(race.code)
    return joined(
        moment
        for moment in moments
        if moment.race in codes
        and not moment.quiet
        and (not moment.is_on_the_way or (moment.race, moment.pair) == in_view)
    )


def _recent(
    moments: Sequence[Moment], race: Race | None, kind: Kind, since: int
) -> Iterator[Moment]:
    for moment in takewhile(lambda moment: moment.at > since, reversed(moments)):
        if race is not None and moment.kind is kind and moment.race == race.code:
            yield moment


def _marked(
    moments: Sequence[Moment], race: Race | None, kind: Kind, at: int, speed: float
) -> frozenset[str]:
    """Return the keys of those of whom a kind of moment has just told."""
    recent = _recent(moments, race, kind, at - round(_MARKED[kind] * speed))
    return frozenset(person.key for moment in recent for person in moment.people)
