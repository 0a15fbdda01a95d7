"""A skater's page: all that is shown of one skater or team, as one frozen value."""

from __future__ import annotations

from datetime import date
from enum import StrEnum
from typing import NamedTuple

import msgspec
from msgspec.structs import replace

from longtrack.appearances import Appearance, appearances, distances_of, fastest
from longtrack.model import Entry, Gender, Meet, Race, Skater
from longtrack.names import Families
from longtrack.people import People, Who
from longtrack.projection import everybody
from longtrack.records import Best, Record, RecordBook, distance_code
from longtrack.reference import Reference
from longtrack.rivals import Rival, rivals
from longtrack.season import Season
from longtrack.standings import Standing
from longtrack.timetable import NextStart, next_start
from rinkside.cup_scene import Cup, CupReader, season_at
from rinkside.cup_scene import View as CupView
from rinkside.scene import Scene


class Pane(StrEnum):
    """What of a skater is in front."""

    RACE = "race"
    SEASON = "season"
    BESTS = "bests"


class View(msgspec.Struct, frozen=True):
    """Who is looked at, and what of them."""

    who: Who
    pane: Pane = Pane.RACE
    race: int | None = None
    """Number of the race whose laps are shown; None where the page began elsewhere."""
    entry: str | None = None
    """Key of the start in that race: two there may have one name."""
    cup: str | None = None
    """The cup whose standings the page was opened from."""
    rival: Rival = Rival.LEADER
    """Whom the laps are compared with."""


class Start(NamedTuple):
    """A start at the meet."""

    race: Race
    entry: Entry


class Winter(NamedTuple):
    """Somebody's season in one cup."""

    cup: Cup
    standing: Standing
    """Without a rank where there are no points."""


class Bests(msgspec.Struct, frozen=True):
    """The times to beat over one distance."""

    event: str
    """The distance's code, such as ``W500``."""
    personal: Best | None
    season: Best | None
    track: Record | None
    """The track record of here."""


class SkaterScene(msgspec.Struct, frozen=True):
    """All that a skater's page shows."""

    scene: Scene
    """The meet, with the race of the page."""
    view: View
    starts: tuple[Start, ...]
    """At this meet: those of the day first, then the others, in the order they are skated."""
    start: Start | None
    """The one whose laps are shown."""
    coming: NextStart | None = None
    """The next start at this meet."""
    place: tuple[str, int, int] | None = None
    """The cup of the race, the rank in it now, and the points."""
    rivals: dict[Rival, Entry] = msgspec.field(default_factory=dict)
    season: Season | None = None
    """What is known of the season; None while it is being read."""
    winters: tuple[Winter, ...] = ()
    """The season by cup; only for that pane."""
    bests: tuple[Bests, ...] = ()
    """By distance; only for that pane."""

    @property
    def against(self) -> Entry | None:
        """Whom the laps are compared with."""
        return self.rivals.get(self.view.rival) or next(iter(self.rivals.values()), None)

    @property
    def reference(self) -> Reference | None:
        """The same, as times at the marks."""
        rival = self.against
        return None if rival is None else Reference.of(rival, self.name_of(rival))

    def name_of(self, entry: Entry) -> str:
        """Return what somebody of the race is called here: ``GHIOTTO D.`` where there are two."""
        return Families(self.scene.meet.people)[entry]

    @property
    def panes(self) -> tuple[Pane, ...]:
        """What there is beside the races at this meet; a team has no bests."""
        is_team = not isinstance(self.view.who.competitor, Skater)
        return (Pane.SEASON,) if is_team else (Pane.SEASON, Pane.BESTS)


def view_of(
    meet: Meet, season: Season | None, race: Race | None, key: str, cup: str | None
) -> View | None:
    """Return what to show first of somebody, or None where nobody goes by a key.

    Args:
        meet: The meet that is followed.
        season: What is known of the season.
        race: One of the meet's races, where the key is that of one of its starts; else it is one
            of the standings.
        key: Who.
        cup: The cup in whose standings they were chosen.
    """
    if race is not None:
        entry = next((entry for entry in race.entries if entry.key == key), None)
        if entry is None:
            return None
        return View(Who(entry.competitor, race.gender), race=race.number, entry=key)
    people = _people(meet, season)
    known = [Who(entry.competitor, race.gender) for race in meet.races for entry in race.entries]
    if season is not None:
        known += season.everybody
    who = next((who for who in known if people.key(*who) == key), None)
    return None if who is None else View(who, Pane.SEASON, cup=cup)


class SkaterReader:
    """Puts skaters' pages together; what the season says is worked out once.

    Args:
        season: The season, with all that is known; None while it is being read.
    """

    def __init__(self, season: Season | None) -> None:
        self.season = season
        self._cups = None if season is None else CupReader(season)
        self._known: tuple[frozenset[Skater], People] | None = None
        self._held: tuple[Meet, int, Season] | None = None

    def people(self, meet: Meet) -> People:
        """Return who is who in the season and at a meet."""
        if self._known is None or self._known[0] != meet.people:
            self._known = meet.people, _people(meet, self.season)
        return self._known[1]

    def raced(self, scene: Scene, who: Who) -> tuple[Appearance, ...]:
        """Return somebody's races of the season, as far as it has come at the playhead."""
        if self.season is None:
            return ()
        known = self._held
        if known is None or known[0] is not scene.meet or known[1] != scene.at:
            self._held = known = scene.meet, scene.at, season_at(self.season, scene.meet, scene.at)
        return appearances(known[2], who, self.people(scene.meet))

    def ranking(self, scene: Scene, cup: str) -> tuple[Who, ...]:
        """Return everybody with points in a cup, best first."""
        if self._cups is None:
            return ()
        found = self._cups.cup(scene.meet, scene.at, CupView(cup))
        return tuple(Who(row.competitor, Gender(cup[0])) for row in found.now.rows)

    def starts(self, scene: Scene, view: View) -> tuple[Start, ...]:
        """Return somebody's starts at the meet: those of the day, then the others, as skated."""
        meet, people, who = scene.meet, self.people(scene.meet), view.who
        key, today, found = people.key(*who), scene.now.date(), list[Start]()
        for race in meet.races:
            if race.gender is not who.gender:
                continue
            own = [each for each in race.entries if people.key(each.competitor, race.gender) == key]
            # Where two of one name are in a race, the one that was meant.
            meant = [each for each in own if (race.number, each.key) == (view.race, view.entry)]
            found += [Start(race, entry) for entry in (meant or own)[:1]]

        def place(start: Start) -> tuple[bool, date, float, int]:
            day = meet.day(start.race) or date.max
            begins = start.race.start or start.race.planned
            clock = begins.timestamp() if begins is not None else float("inf")
            return day != today, day, clock, start.race.number

        return tuple(sorted(found, key=place))

    def scene(self, scene: Scene, view: View) -> SkaterScene:
        """Return all there is to show of somebody.

        Args:
            scene: The meet where the playhead stands, with the race of the view.
            view: Whom to show, and what.
        """
        starts = self.starts(scene, view)
        start = next((each for each in starts if each.race.number == view.race), None)
        made = SkaterScene(
            scene=scene,
            view=view,
            starts=starts,
            start=start,
            coming=_next(scene, starts),
            place=_place(scene, view.who),
            rivals=rivals(*start) if start is not None else {},
            season=self.season,
        )
        if view.pane is Pane.SEASON:
            return replace(made, winters=self._winters(scene, view.who))
        if view.pane is Pane.BESTS:
            return replace(made, bests=self._bests(scene, view.who, starts))
        return made

    def _winters(self, scene: Scene, who: Who) -> tuple[Winter, ...]:
        if self._cups is None:
            return ()
        cups = {each.race.cup for each in self.raced(scene, who)}
        found: list[Winter] = []
        for code in sorted(cups, key=_cup_order):
            cup = self._cups.cup(scene.meet, scene.at, CupView(code))
            key = cup.now.people.key(*who)
            rows = (*cup.now.rows, *cup.now.others)
            found += [Winter(cup, row) for row in rows if row.key == key]
        return tuple(found)

    def _bests(self, scene: Scene, who: Who, starts: tuple[Start, ...]) -> tuple[Bests, ...]:
        skater = who.competitor
        if not isinstance(skater, Skater):
            return ()
        raced = self.raced(scene, who)
        events = distances_of(who, (start.race for start in starts), raced)
        return tuple(bests(scene, skater, event, raced) for event in events)


def bests(scene: Scene, skater: Skater, event: str, raced: tuple[Appearance, ...]) -> Bests:
    """Return the times to beat over a distance where the playhead stands.

    What the season's results show counts beside what the record book says of the days before: of
    the day itself the book may know more than has been skated by then.

    Args:
        scene: The meet where the playhead stands.
        skater: Who.
        event: The distance's code.
        raced: The skater's races of the season so far.
    """
    today, book = scene.now.date(), scene.book
    quickest = fastest(raced, event)
    own = None if quickest is None else _best(quickest)
    personal = book.personal_best(skater, event, today)
    return Bests(
        event=event,
        # The season's best alone is no personal one: nobody knows what was skated before.
        personal=None if personal is None else _better(personal, own),
        season=_better(book.season_best(skater, event, today), own),
        track=_track_record(book, scene.meet, event, today),
    )


def _better(one: Best | None, other: Best | None) -> Best | None:
    known = [each for each in (one, other) if each is not None]
    return min(known, key=lambda each: each.time_ms // 10, default=None)


def _best(appearance: Appearance) -> Best:
    race, result = appearance.race, appearance.result
    return Best(
        event=appearance.distance,
        time_ms=result.time_ms or 0,
        on=race.day,
        place=race.city,
        sure="high",
        precision_ms=result.precision_ms,
    )


def _track_record(book: RecordBook, meet: Meet, event: str, today: date) -> Record | None:
    record = book.standing("TR", event, meet.event.city, today)
    for race in meet.races:
        best = race.leader
        if record is None or best is None or distance_code(race) != event:
            continue
        if best.time_ms is not None and best.time_ms // 10 < record.time_ms // 10:
            record = replace(
                record,
                time_ms=best.time_ms,
                holder=str(getattr(best.competitor, "family", best.noc)),
                noc=best.noc,
                on=meet.day(race),
                sure="high",
            )
    return record


def _next(scene: Scene, starts: tuple[Start, ...]) -> NextStart | None:
    own = {(start.race.number, start.entry.key) for start in starts}
    return next_start(scene.meet, lambda race, entry: (race.number, entry.key) in own, scene.at)


def _place(scene: Scene, who: Who) -> tuple[str, int, int] | None:
    cup = scene.cup
    row = cup.by_key.get(cup.now.people.key(*who)) if cup is not None else None
    if cup is None or row is None:
        return None
    return cup.cup, row.shown_rank, row.standing.points


def _cup_order(cup: str) -> tuple[int, str]:
    what = cup[1:]
    return int(what) if what.isdigit() else 9999, what


def _people(meet: Meet, season: Season | None) -> People:
    return everybody(season if season is not None else Season(0), meet)
