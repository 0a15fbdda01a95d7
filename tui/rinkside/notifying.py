"""Notifications: telling of what has just happened to somebody who may be looking elsewhere.

They follow the playhead: a moment is told when the playhead passes it, so a viewer who stands
behind what is live is not told of what is ahead. Nothing that happened before the program
began to follow the meet is told, so nothing twice after a restart.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from typing import Final, Protocol

from longtrack import isu
from longtrack.moments import WEIGHTS, Kind, Moment, joined
from longtrack.times import ordinal, show_time
from rinkside import osc
from rinkside.session import Session
from rinkside.settings import Notifications, Wanted

GATHER_S: Final = 4.0
"""After something was told, what happens this long is gathered and told at once."""
_FRESH_MS: Final = 30_000
"""What lies further behind the playhead was jumped over."""

_NEWS_MS: Final = 90_000
"""What a live race was not asked for this long happened some time ago."""
_OF_THE_MEET: Final = frozenset(
    {Kind.DELAYED, Kind.OFFICIAL, Kind.START_LIST, Kind.CONDITIONS, Kind.CUP_RANK, Kind.CUP_DECIDED}
)
"""Kinds that come from documents of the meet, which are asked for at leisure."""

_TIMED: Final = frozenset(
    {
        Kind.RECORD,
        Kind.LEADER,
        Kind.PODIUM,
        Kind.FINISH,
        Kind.PERSONAL_BEST,
        Kind.SEASON_BEST,
    }
)
"""Kinds whose text begins with a name and a time, which say enough for a title."""


class Waiting(Protocol):
    """Something that is to be done later."""

    def stop(self) -> None:
        """Let it be."""


class Outlet(Protocol):
    """Where notifications go."""

    def tell(self, heading: str, words: str) -> None:
        """Show a message in the program."""

    def write(self, text: str) -> None:
        """Write to the terminal, beside the picture."""

    def wait(self, seconds: float, then: Callable[[], None]) -> Waiting:
        """Do something later."""


class Announcer:
    """Tells what happens at a meet, as the fan's settings say.

    Args:
        settings: What is told, and how.
        outlet: Where it goes.
        environ: The environment, which tells the terminal.
    """

    def __init__(self, settings: Notifications, outlet: Outlet, environ: Mapping[str, str]) -> None:
        self._settings = settings
        self._outlet = outlet
        self._environ = environ
        self._session: Session | None = None
        self._until = 0
        """Up to where the playhead has been."""
        self._there: list[Moment] = []
        """The moments of just that time, which another document may add to."""
        self._gathered: list[Moment] = []
        self._gathering: Waiting | None = None
        self._due: Waiting | None = None
        self._titled = False
        self._title_until = 0
        """When what the title tells happened."""

    def follow(self, session: Session) -> None:
        """Tell what happens at a meet from now on.

        Raises:
            longtrack.tape.TapeError: If its tape can't be read.
        """
        self._stop()
        self._session = session
        if self._titled:
            self._outlet.write(osc.title("rinkside"))
        self._stand_at(session.playhead.at)
        self._look_again()

    def look(self) -> None:
        """Tell what the playhead has passed since it was looked at last.

        Raises:
            longtrack.tape.TapeError: If the tape can't be read.
        """
        session = self._session
        if session is None:
            return
        at = session.playhead.at
        if self._titled and at < self._title_until:
            # A picture that is set back does not know of it yet.
            self._title_until = 0
            self._outlet.write(osc.title("rinkside"))
        if at < self._until:
            # Sent back, it passes again what was told already; only a replay is told anew.
            if not session.follows_feed:
                self._stand_at(at)
        else:
            passed = self._passed(session, at)
            self._stand_at(at)
            self._take(session, passed)
        self._look_again()

    def close(self) -> None:
        """Tell nothing more, and give the terminal's window its title back."""
        self._stop()
        self._session = None
        if self._titled:
            self._titled = False
            self._outlet.write(osc.RESTORE_TITLE)

    # --- what has happened -------------------------------------------------------------------

    def _stand_at(self, at: int) -> None:
        self._until = at
        self._there = self._session.latest_moments(at, at) if self._session else []

    def _passed(self, session: Session, at: int) -> list[Moment]:
        oldest = at - round(_FRESH_MS * session.playhead.speed)
        fresh = session.latest_moments(max(self._until, oldest + 1), at)
        return [moment for moment in fresh if moment not in self._there]

    def _take(self, session: Session, passed: Sequence[Moment]) -> None:
        followed = session.followed
        news = [
            moment
            for moment in passed
            if any(
                wanted.wants(moment, followed=followed.concerns(moment)) for wanted in self._wanted
            )
            and (_is_news(session, moment) if session.follows_feed else self._settings.replays)
        ]
        if not news:
            return
        self._show_title(self._loudest(news, self._settings.title))
        self._gathered += news
        if self._gathering is None:
            self._tell()

    @property
    def _wanted(self) -> tuple[Wanted, ...]:
        settings = self._settings
        return settings.toast, settings.bell, settings.desktop, settings.title

    def _look_again(self) -> None:
        """Wake up by itself where the playhead reaches what lies on the tape already."""
        if self._due is not None:
            self._due.stop()
        session, self._due = self._session, None
        if session is None or not (session.follows_feed or self._settings.replays):
            return
        playhead = session.playhead
        if playhead.paused or (playhead.is_live and not playhead.delay):
            return
        due = session.tape.next_after(max(playhead.at, self._until))
        if due is not None:
            self._due = self._outlet.wait(playhead.until(due) + 0.005, self.look)

    def _stop(self) -> None:
        for waiting in (self._gathering, self._due):
            if waiting is not None:
                waiting.stop()
        self._gathering = self._due = None
        self._gathered = []

    # --- telling it --------------------------------------------------------------------------

    def _tell(self) -> None:
        news, self._gathered = self._gathered, []
        self._gathering = None
        toast = self._loudest(news, self._settings.toast)
        bell = self._loudest(news, self._settings.bell)
        desktop = self._loudest(news, self._settings.desktop)
        if toast:
            self._outlet.tell(toast[0].race, _counted(toast))
        if bell:
            self._outlet.write(osc.BELL)
        if desktop:
            self._show_on_desktop(desktop)
        if toast or bell or desktop:
            self._gathering = self._outlet.wait(GATHER_S, self._tell)

    def _show_on_desktop(self, moments: Sequence[Moment]) -> None:
        city = self._session.meet().event.city if self._session else ""
        heading = f"{moments[0].race} · {city}" if city else moments[0].race
        wish = self._settings.desktop_protocol
        sent = osc.notification(heading, _counted(moments), wish, self._environ)
        if sent:
            self._outlet.write(sent)

    def _show_title(self, moments: Sequence[Moment]) -> None:
        if not moments or not osc.has_window(self._environ):
            return
        if not self._titled:
            self._titled = True
            self._outlet.write(osc.SAVE_TITLE)
        self._title_until = moments[0].at
        self._outlet.write(osc.title(f"{in_short(moments[0])} · rinkside"))

    def _loudest(self, moments: Iterable[Moment], wanted: Wanted) -> list[Moment]:
        """Return the moments that are wanted, the loudest first, each happening once."""
        followed = self._session.followed if self._session else None

        def concerns(moment: Moment) -> bool:
            return followed is not None and followed.concerns(moment)

        def loudness(moment: Moment) -> tuple[bool, bool, int, int]:
            record = moment.kind is Kind.RECORD
            return not record, not concerns(moment), moment.quiet - WEIGHTS[moment.kind], -moment.at

        chosen = joined(m for m in moments if wanted.wants(m, followed=concerns(m)))
        told: dict[tuple[object, ...], Moment] = {}
        for moment in sorted(chosen, key=loudness):
            people = frozenset(person.key or person.name for person in moment.people)
            # A record that is the lead too, and a finish, is one thing that happened.
            about = (moment.race, moment.at, people) if people else (moment.race, moment.text)
            told.setdefault(about, moment)
        return list(told.values())


def in_short(moment: Moment) -> str:
    """Return a moment as briefly as a title wants it, such as ``W500 KOK 37.05 TR``."""
    time = moment.figures.get("time_ms")
    if moment.kind in _TIMED and isinstance(time, int):
        who, found, _ = moment.text.partition(f" {show_time(time)}")
        if found:
            mark = ordinal(int(moment.sign)) if moment.sign.isdecimal() else moment.sign
            return f"{moment.race} {who}{found} {mark}".rstrip()
    return moment.with_code


def _counted(moments: Sequence[Moment]) -> str:
    more = len(moments) - 1
    return moments[0].text + (f"; and {more} more" if more else "")


def _is_news(session: Session, moment: Moment) -> bool:
    """Tell whether a moment that has just come onto the tape has just happened too.

    After a night, or a feed that was away, one answer brings all that happened meanwhile: what
    its document was not asked for shortly before is of the past.

    Raises:
        longtrack.tape.TapeError: If the tape can't be read.
    """
    from longtrack.needs import QUIET_MS  # of use only once the feed is asked

    if moment.kind in _OF_THE_MEET:
        paths = [isu.competitions_path(session.event_id), isu.schedule_path(session.event_id)]
        pause = QUIET_MS
    else:
        race = session.meet().race(moment.race)
        paths = [isu.results_path(session.event_id, race.number)] if race else []
        pause = _NEWS_MS
    return any(
        span.start < moment.at <= span.stop + pause
        for path in paths
        for span in session.tape.spans(path)
        if not span.failure
    )
