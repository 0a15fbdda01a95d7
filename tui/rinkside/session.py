"""One meet on screen: its tape, where on it the viewer stands, and how fresh it is.

A session reads the tape and nothing else. It asks no network and knows no widget.
"""

from __future__ import annotations

import time
from collections.abc import Callable, Sequence
from datetime import UTC, date, datetime, tzinfo
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
from longtrack.state import TapeReader
from longtrack.tape import Tape
from longtrack.timetable import next_starts
from rinkside.followed import Followed
from rinkside.scene import Feed, Scene
from rinkside.status import FRESH, FRESH_MS, Situation, feed_status

_FLASH_MS: Final = 8_000
"""How long a record row stands out."""
_LINGER_MS: Final = 6 * 60_000
"""How long a race that is over stays on screen, unless another one is live."""
_CORRECTED_MS: Final = 30_000
"""How long a corrected time is marked."""
NO_SPOILERS: Final = "NO SPOILERS"
"""The second pill while nothing is told that lies ahead of the playhead."""
_NEWS_MS: Final = 90_000
"""What a live race was not asked for this long happened some time ago."""
_OF_THE_MEET: Final = frozenset(
    {Kind.DELAYED, Kind.OFFICIAL, Kind.START_LIST, Kind.CONDITIONS, Kind.CUP_RANK, Kind.CUP_DECIDED}
)
"""Kinds that come from documents of the meet, which are asked for at leisure."""


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
        self.playhead = playhead or Playhead.live(self.clock)
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
        self.search = ""
        """How the search for the live meet goes, for which a bundled one stands in."""
        self.fetching = ""
        """How far the season is that is fetched beside the meet; empty while none is."""
        self.reader = reader or TapeReader(tape, event_id)
        """Reads the tape; shared with whoever records on it."""
        self._here = here
        self._moments: list[Moment] = []
        self._moments_until = -1
        self._moments_seen: tuple[int, int] | None = None
        self._moments_stamp = (0, 0)

    @property
    def follows_feed(self) -> bool:
        """Whether what is on screen is what the feed says now."""
        return self.playhead.is_live and not self.offline and self.source is not Source.BUNDLED

    @property
    def is_laid_out(self) -> bool:
        """Whether the tape is a re-enactment, the bundled meet's or another."""
        return self.tape.recall("kind") in ("bundled", "reenacted")

    def meet(self) -> Meet:
        """Return the meet where the playhead stands.

        Raises:
            longtrack.tape.TapeError: If the tape can't be read.
        """
        return self.reader.meet(self.playhead.at)

    def scene(self, choice: Choice) -> Scene:
        """Return all there is to show of a choice, where the playhead stands.

        Raises:
            longtrack.tape.TapeError: If the tape can't be read.
        """
        at = self.playhead.at
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
            here=self._here or datetime.now().astimezone().tzinfo or UTC,
            followed=self.followed,
            starts=next_starts(meet, self.followed.among, at, moments) if self.followed else (),
            flash=_recent(moments, race, Kind.RECORD, at - round(_FLASH_MS * speed)),
            corrected=_recent(moments, race, Kind.CORRECTION, at - round(_CORRECTED_MS * speed)),
            spoiler_free=self.spoiler_free,
        )

    def _book_read(self, meet: Meet, at: int) -> RecordBook:
        """Return the record book as it is read on the day of a tape time at the rink."""
        day = datetime.fromtimestamp(at / 1000, meet.event.zone)
        morning = day.replace(hour=0, minute=0, second=0, microsecond=0)
        known = self._book_of_day
        if known is None or known[0] is not self.book or known[1].morning != morning:
            self._book_of_day = known = self.book, self.book.read_on(morning)
        return known[1]

    def feed(self, scene: Scene) -> Feed:
        """Return what is to be said now about the data of a scene."""
        return self._feed(scene.meet, scene.race, self.playhead.at)

    def _feed(self, meet: Meet, race: Race | None, at: int) -> Feed:
        said = feed_status(self._situation(meet, race, at))
        return replace(said, second_pill=NO_SPOILERS) if self.spoiler_free else said

    def chosen(self, meet: Meet, choice: Choice, at: int) -> Race | None:
        """Return the race a choice means."""
        if choice.race is not None:
            return meet.numbered(choice.race)
        if choice.day is not None or choice.division is not None:
            return None
        foremost = meet.foremost(datetime.fromtimestamp(at / 1000, UTC))
        if foremost is None or foremost.stage is Stage.LIVE:
            return foremost
        last = next((m for m in reversed(self.moments(at)) if m.kind in FINISHES), None)
        if last is not None and at - last.at < _LINGER_MS:
            # What has just been decided is worth a look before the next race's start list.
            return meet.race(last.race) or foremost
        return foremost

    def next_change(self, scene: Scene) -> float | None:
        """Return in how many seconds the screen changes by itself; None: never.

        That is when the next version comes due, the clock's minute turns, the age of the data
        counts on, a mark fades or the last pair goes out of view.
        """
        at, playhead = scene.at, self.playhead
        ends = [(at // 60_000 + 1) * 60_000]
        if not playhead.is_live:
            due = self.tape.next_after(at)
            if due is not None:
                ends.append(due)
        if scene.action.changes_at is not None:
            ends.append(scene.action.changes_at)
        for keys, length in ((scene.flash, _FLASH_MS), (scene.corrected, _CORRECTED_MS)):
            if keys:
                ends.append(at + round(length * playhead.speed))
        seconds = [playhead.until(end) for end in ends]
        if self.follows_feed and scene.feed.age == FRESH:
            seconds.append(FRESH_MS / 1000)
        elif self.follows_feed and (
            scene.feed.age.endswith(" s") or scene.feed.note_role == "error"
        ):
            # The age counts in seconds only while it is less than a minute.
            seconds.append(1.0 - time.monotonic() % 1.0)
        # A little past the moment, so that it has come when the timer says so.
        return min(seconds) + 0.005

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

    def go_live(self) -> None:
        """Put the playhead at the present."""
        self.playhead = Playhead.live(self.clock)
        self.demo = False

    def _situation(self, meet: Meet, race: Race | None, at: int) -> Situation:
        bounds = self.tape.bounds()
        base = Situation(
            now=at,
            zone=meet.event.zone,
            playing=None if self.playhead.is_live else self.playhead.speed,
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
            last_good=self.tape.last_good(paths),
            late_after_ms=3 * self.health.interval_ms + 1_000,
            next_try=self.health.next_try,
        )

    def moments(self, at: int) -> Sequence[Moment]:
        """Return the moments until a time, the newest last; good until the next call.

        Only what has come since the last call is read. What was read before stays the same
        objects, unless a race of earlier was laid beside it.

        Raises:
            longtrack.tape.TapeError: If the tape can't be read.
        """
        seen = self.tape.change_count()
        if seen != self._moments_seen:
            if self.tape.moments_stamp(self._moments_until) != self._moments_stamp:
                self._moments_until = -1
                self._moments.clear()
        elif at == self._moments_until:
            return self._moments
        known = len(self._moments)
        while self._moments and self._moments[-1].at > at:
            self._moments.pop()
        for kept in self.tape.moments(at, after=min(at, self._moments_until)):
            self._moments.append(Moment.from_json(kept.body))
        self._moments_seen, self._moments_until = seen, at
        if len(self._moments) != known or not known:
            self._moments_stamp = self.tape.moments_stamp(at)
        return self._moments

    def is_news(self, moment: Moment) -> bool:
        """Tell whether a moment that has just come onto the tape has just happened too.

        After a night, or a feed that was away, one answer brings all that happened meanwhile: what
        its document was not asked for shortly before is of the past.

        Raises:
            longtrack.tape.TapeError: If the tape can't be read.
        """
        from longtrack.needs import QUIET_MS  # of use only once the feed is asked

        if moment.kind in _OF_THE_MEET:
            paths = [isu.competitions_path(self.event_id), isu.schedule_path(self.event_id)]
            pause = QUIET_MS
        else:
            race = self.meet().race(moment.race)
            paths = [isu.results_path(self.event_id, race.number)] if race else []
            pause = _NEWS_MS
        return any(
            span.start < moment.at <= span.stop + pause
            for path in paths
            for span in self.tape.spans(path)
            if not span.failure
        )


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


def _recent(moments: Sequence[Moment], race: Race | None, kind: Kind, since: int) -> frozenset[str]:
    if race is None:
        return frozenset()
    return frozenset(
        person.key
        for moment in reversed(moments)
        if moment.at > since and moment.kind is kind and moment.race == race.code
        for person in moment.people
    )
