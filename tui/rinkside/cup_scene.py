"""A cup: all that the standings screen shows at one moment, as one frozen value."""

from __future__ import annotations

from dataclasses import dataclass, field, replace
from typing import NamedTuple

from msgspec import structs

from longtrack.model import Event, Meet, Race, Stage, Status
from longtrack.names import plain
from longtrack.people import People
from longtrack.season import Season, SeasonMeet, SeasonRace, cup_of, season_race
from longtrack.standings import Column, Standing, Standings, column_of
from rinkside.scene import Feed


class Unfinished(NamedTuple):
    """A race of the cup, in the meet that is followed, which is not over."""

    column: Column
    code: str
    begun: bool
    waiting: frozenset[str] | None
    """Who is still to finish; None where the start list is not known."""
    finished: int
    starters: int


@dataclass(frozen=True)
class Cup:
    """All that the standings screen shows of a cup."""

    code: str
    year: int
    """The year the season ends in."""
    scale_year: int
    """The season whose tables the points are taken from."""
    now: Standings
    before: Standings
    """As they stood before the meet that is followed."""
    after: str = ""
    """``after Hamar``, or ``during Hamar``."""
    meet_city: str = ""
    """Where the meet is that is followed; empty where that is no World Cup of the season."""
    unfinished: tuple[Unfinished, ...] = ()
    missing: tuple[str, ...] = ()
    """Races whose result nobody has, as ``Calgary M1000``."""

    @property
    def counting(self) -> Unfinished | None:
        """The race that is being skated, so that the standings are those if it ended now."""
        return next((race for race in self.unfinished if race.begun), None)

    def is_to_skate(self, key: str) -> bool:
        """Tell whether somebody is still to finish the race that is being skated."""
        return any(race.begun and key in (race.waiting or ()) for race in self.unfinished)

    def may_score(self, key: str, column: Column) -> bool:
        """Tell whether somebody may yet have a result in a race."""
        return any(
            race.waiting is None or key in race.waiting
            for race in self.unfinished
            if race.column == column
        )

    def moved(self, row: Standing) -> int | None:
        """Return how many ranks somebody has gained since the meet began; None for a newcomer.

        Who is still to skate keeps the rank from before: nothing is said of them.
        """
        if not self.before.rows or self.is_to_skate(row.key):
            return 0
        known = self.before.by_key.get(row.key)
        return None if known is None else known.rank - row.rank


@dataclass(frozen=True)
class View:
    """What a reader has chosen to see of a cup."""

    cup: str
    alone: bool = False
    """Whether only the meet's own points count."""
    nation: str | None = None
    """Whose skaters are shown; None for all."""
    cursor: str | None = None
    """Key of the skater under the cursor; None for the first one."""
    scroll: int = 0
    """The first row, as far as that keeps the cursor in sight."""


@dataclass(frozen=True)
class CupScene:
    """A cup and how it is looked at."""

    view: View
    year: int | None = None
    """The season; None until it is known."""
    cup: Cup | None = None
    """None while the season is being read."""
    feed: Feed = Feed()
    live: frozenset[str] = field(default_factory=frozenset)
    """Cups with a race that is live."""
    followed: frozenset[str] = field(default_factory=frozenset)
    """Keys of those the reader follows."""

    @property
    def rows(self) -> tuple[Standing, ...]:
        """The rows that are to be shown, best first."""
        if self.cup is None:
            return ()
        nation = self.view.nation
        rows = self.cup.now.rows
        return tuple(row for row in rows if nation in (None, row.competitor.noc))

    @property
    def chosen(self) -> Standing | None:
        """The row under the cursor: the first one where the cursor's is not there."""
        rows = self.rows
        key = self.view.cursor
        return next((row for row in rows if row.key == key), rows[0] if rows else None)


def standings_at(
    season: Season, meet: Meet | None, at: int, cup: str
) -> tuple[Standings, Standings]:
    """Return a cup's standings with the meet that is followed, and those before it.

    Args:
        season: What is known of the season.
        meet: The meet that is followed, where the playhead stands.
        at: Where that is; other meets count as far as they were held by then.
        cup: The cup.
    """
    held = season.until(at)
    others = [each for each in held.meets if not _is(each, meet)]
    races = [race for each in others for race in each.held if race.cup == cup]
    before = Standings.of(cup, races, season.people)
    now = before
    for race in _of_meet(season, held, meet, cup):
        now = now.plus(race)
    return now, before


def cup_at(season: Season, meet: Meet | None, at: int, view: View) -> Cup:
    """Return all there is to show of a cup.

    Args:
        season: What is known of the season.
        meet: The meet that is followed, where the playhead stands.
        at: Where that is.
        view: What to show.
    """
    meet = meet if meet is not None and scores_in(meet.event, season) else None
    now, before = standings_at(season, meet, at, view.cup)
    held = season.until(at)
    unfinished = tuple(
        _unfinished(race, meet, boiled, season.people)
        for race, boiled in _boiled(season, meet, view.cup)
        if not (race.over or race.official)
    )
    cup = Cup(
        code=view.cup,
        year=season.year,
        scale_year=season.scale.season,
        now=now,
        before=before,
        after=_after(held, meet),
        meet_city=(meet.event.city or meet.id) if meet is not None else "",
        unfinished=unfinished,
        missing=_missing(held, meet, view.cup),
    )
    if not view.alone or meet is None:
        return cup
    races = _of_meet(season, held, meet, view.cup)
    alone = Standings.of(view.cup, races, season.people)
    missing = tuple(each for each in cup.missing if each.startswith(f"{cup.meet_city} "))
    return replace(
        cup, now=alone, before=Standings.of(view.cup, (), season.people), missing=missing
    )


def scores_in(event: Event, season: Season) -> bool:
    """Tell whether a meet is a World Cup of a season."""
    return event.is_world_cup and event.season in (None, season.year)


def _is(known: SeasonMeet, meet: Meet | None) -> bool:
    """Tell whether a meet is the one that is followed, which may be known by another id."""
    if meet is None:
        return False
    event = meet.event
    same_place = plain(known.city) == plain(event.city) and known.start == event.start
    return known.event_id == meet.id or (same_place and event.start is not None)


def _boiled(season: Season, meet: Meet | None, cup: str) -> list[tuple[Race, SeasonRace]]:
    if meet is None:
        return []
    found = [
        (race, season_race(race, meet, cup, day, season.scale))
        for race in meet.races
        if cup_of(race) == cup and (day := meet.day(race)) is not None
    ]
    return sorted(found, key=lambda each: (each[1].day, each[1].at, each[1].number))


def _of_meet(season: Season, held: Season, meet: Meet | None, cup: str) -> list[SeasonRace]:
    """Return the races of the meet that have begun, from elsewhere where it has no result."""
    known = {
        race.code: race for each in held.meets if _is(each, meet) for race in each.held
    }
    races: list[SeasonRace] = []
    for race, boiled in _boiled(season, meet, cup):
        if race.begun:
            races.append(boiled)
        elif race.stage is Stage.UNKNOWN and race.code in known:
            found = known[race.code]
            races.append(structs.replace(found, event_id=boiled.event_id, city=boiled.city))
    return races


def _unfinished(
    race: Race, meet: Meet | None, boiled: SeasonRace, people: People
) -> Unfinished:
    waiting = frozenset(
        people.key(entry.competitor, boiled.gender)
        for entry in race.entries
        if entry.status in (Status.TO_START, Status.ON_ICE)
    )
    return Unfinished(
        column=column_of(boiled),
        code=race.code,
        begun=race.begun,
        waiting=waiting if race.entries_known else None,
        finished=len(race.entries) - len(waiting),
        starters=len(race.entries),
    )


def _after(held: Season, meet: Meet | None) -> str:
    if meet is not None:
        races = [race for race in meet.races if cup_of(race) is not None]
        if any(race.begun for race in races):
            done = all(race.over or race.official for race in races)
            return f"{'after' if done else 'during'} {meet.event.city or meet.id}"
    others = [each for each in held.meets if each.held and not _is(each, meet)]
    if not others:
        return ""
    last = max(others, key=lambda each: each.held[-1].at)
    return f"{'during' if last.coming else 'after'} {last.city}"


def _missing(held: Season, meet: Meet | None, cup: str) -> tuple[str, ...]:
    """Name the races of a cup that were held and whose result nobody has."""
    named = [
        f"{each.city} {race.code}"
        for each in held.meets
        if not _is(each, meet)
        for race in each.missing
        if race.cup == cup
    ]
    if meet is not None:
        kept = {race.code for each in held.meets if _is(each, meet) for race in each.held}
        named += [
            f"{meet.event.city or meet.id} {race.code}"
            for race in meet.races
            if cup_of(race) == cup and race.stage is Stage.UNKNOWN and race.code not in kept
        ]
    return tuple(named)
