"""A cup: all that the standings screen shows at one moment, as one frozen value."""

from __future__ import annotations

from typing import Final, NamedTuple

import msgspec
from msgspec import structs

from longtrack.model import Event, Meet, Race, Skater, Source, Stage, Status
from longtrack.people import People
from longtrack.projection import everybody
from longtrack.quota import RULES
from longtrack.season import (
    Season,
    SeasonMeet,
    SeasonRace,
    cup_of,
    in_order,
    season_meet,
    season_race,
)
from longtrack.standings import Column, Standing, Standings, column_of
from rinkside.scene import Feed

_LONG_M: Final = 3000
"""From here on the individual distances share a cup."""


class Unfinished(NamedTuple):
    """A race of the cup, in the meet that is followed, which is not over."""

    column: Column
    begun: bool
    today: bool
    """Whether it is of the day of the race skated last."""
    waiting: frozenset[str] | None
    """Who is still to finish; None where the start list is not known."""
    finished: int
    starters: int


class Cup(msgspec.Struct, frozen=True):
    """All that the standings screen shows of a cup."""

    code: str
    year: int
    """The year the season ends in."""
    scale_year: int
    """The season whose tables the points are taken from."""
    now: Standings
    """If the race that is being skated ended now."""
    earlier: Standings
    """Without that race; where none is being skated, the same."""
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
        """The race that is being skated."""
        return next((race for race in self.unfinished if race.begun), None)

    def is_to_skate(self, key: str) -> bool:
        """Tell whether somebody is still to finish a race of the day.

        Division B is skated first: whoever is on the list of A still has the day before them.
        """
        return any(race.today and key in (race.waiting or ()) for race in self.unfinished)

    def may_score(self, key: str, column: Column) -> bool:
        """Tell whether somebody may yet have a result in a race."""
        return any(
            race.waiting is None or key in race.waiting
            for race in self.unfinished
            if race.column == column
        )

    def shown_rank(self, row: Standing) -> int:
        """Return the rank to show: now, but before the race for who is still to finish it.

        Otherwise the first pairs would seem to climb and the favourites to fall all evening.
        """
        known = self.earlier.by_key.get(row.key) if self.is_to_skate(row.key) else None
        return row.rank if known is None else known.rank

    def moved(self, row: Standing) -> int | None:
        """Return how many ranks somebody has gained since the meet began; None for a newcomer."""
        if not self.before.rows or self.is_to_skate(row.key):
            return 0
        known = self.before.by_key.get(row.key)
        return None if known is None else known.rank - row.rank


class View(msgspec.Struct, frozen=True):
    """What a reader has chosen to see of a cup."""

    cup: str
    alone: bool = False
    """Whether only the meet's own points count."""
    nation: str | None = None
    """Whose skaters are shown; None for all."""
    only_followed: bool = False
    """Whether those alone are shown who are followed."""
    cursor: str | None = None
    """Key of the skater under the cursor; None for the first one."""
    scroll: int = 0
    """The first row, as far as that keeps the cursor in sight."""


class CupScene(msgspec.Struct, frozen=True):
    """A cup and how it is looked at."""

    view: View
    year: int | None = None
    """The season; None until it is known."""
    cup: Cup | None = None
    """None while the season is being read."""
    feed: Feed = Feed()
    live: frozenset[str] = frozenset()
    """Cups with a race that is live."""
    followed: frozenset[str] = frozenset()
    """Keys of those the reader follows."""

    @property
    def rows(self) -> tuple[Standing, ...]:
        """The rows that are to be shown, best first."""
        if self.cup is None:
            return ()
        nation, rows = self.view.nation, self.cup.now.rows
        if self.view.only_followed:
            return tuple(row for row in rows if row.key in self.followed)
        return tuple(row for row in rows if nation in (None, row.competitor.noc))

    @property
    def chosen(self) -> Standing | None:
        """The row under the cursor: the first one where the cursor's is not there."""
        rows = self.rows
        key = self.view.cursor
        return next((row for row in rows if row.key == key), rows[0] if rows else None)


def standings_at(
    season: Season, meet: Meet | None, at: int, cup: str, people: People | None = None
) -> tuple[Standings, Standings]:
    """Return a cup's standings with the meet that is followed, and those before it.

    Args:
        season: What is known of the season.
        meet: The meet that is followed, where the playhead stands.
        at: Where that is; other meets count as far as they were held by then.
        cup: The cup.
        people: Who is who; by default among those who have raced in the season.
    """
    held = season.until(at)
    others = [each for each in held.meets if meet is None or not each.is_the(meet.event)]
    races = [race for each in others for race in each.held if race.cup == cup]
    before = Standings.of(cup, races, people or season.people)
    now = before
    for race in _counted(season, held, meet, cup):
        now = now.plus(race)
    return now, before


class CupReader:
    """Puts a cup together.

    Args:
        season: What is known of its season.
    """

    def __init__(self, season: Season) -> None:
        self.season = season
        self._people: tuple[frozenset[Skater], People] | None = None

    def cup(self, meet: Meet, at: int, view: View) -> Cup:
        """Return all there is to show of a cup.

        Args:
            meet: The meet that is followed, where the playhead stands. Where it is no World Cup of
                the season it has no part in it.
            at: Where that is, in tape time.
            view: What to show.
        """
        season, code = self.season, view.cup
        if not scores_in(meet.event, season):
            now, before = standings_at(season, None, at, code)
            return self._made(None, at, code, now, before)
        people = self._known(meet)
        now, before = standings_at(season, meet, at, code, people)
        cup = self._made(meet, at, code, now, before)
        if not view.alone:
            return cup
        races = _counted(season, season.until(at), meet, code)
        nobody = Standings.of(code, (), people)
        alone = Standings.of(code, races, people)
        missing = tuple(each for each in cup.missing if each.startswith(f"{cup.meet_city} "))
        return structs.replace(cup, now=alone, earlier=alone, before=nobody, missing=missing)

    def _known(self, meet: Meet) -> People:
        if self._people is None or self._people[0] != meet.people:
            self._people = meet.people, everybody(self.season, meet)
        return self._people[1]

    def _made(
        self, meet: Meet | None, at: int, code: str, now: Standings, before: Standings
    ) -> Cup:
        season, held = self.season, self.season.until(at)
        boiled = _boiled(season, meet, code)
        days = [race.day for known, race in boiled if known.begun]
        going = {race.code for known, race in boiled if known.begun and not _is_over(known)}
        earlier = now
        if going:
            earlier = before
            for counted in _counted(season, held, meet, code):
                earlier = earlier if counted.code in going else earlier.plus(counted)
        return Cup(
            code=code,
            year=season.year,
            scale_year=season.scale.season,
            now=now,
            earlier=earlier,
            before=before if meet is not None else now,
            after=_after(held, meet),
            meet_city=_city(meet) if meet is not None else "",
            unfinished=tuple(
                _unfinished(known, race, now.people, today=bool(days) and race.day == max(days))
                for known, race in boiled
                if not _is_over(known)
            ),
            missing=_missing(held, meet, code),
        )


def scores_in(event: Event, season: Season) -> bool:
    """Tell whether a meet is a World Cup of a season."""
    return event.is_world_cup and event.season in (None, season.year)


def races_with_quota(season: Season, cup: str) -> tuple[str, ...]:
    """Return the races of a cup for which the season gives places at Olympic Games."""
    if cup[1:] != "LONG":
        return tuple(code for code in RULES.get(season.year, ()) if code == cup)
    return tuple(
        code
        for code in RULES.get(season.year, ())
        if code[0] == cup[0] and code[1:].isdigit() and int(code[1:]) >= _LONG_M
    )


def season_at(season: Season, meet: Meet, at: int) -> Season:
    """Return the season as it stood, with the meet that is followed as the playhead has it."""
    held = season.until(at)
    if not scores_in(meet.event, season):
        return held
    here = season_meet(meet, Source.CACHE, {}, at)
    known = [each for each in held.meets if each.is_the(meet.event)]
    meets = [each for each in held.meets if not each.is_the(meet.event)]
    meets.append(here.joined_by(_lacking(known[0], meet)) if known else here)
    return Season(held.year, in_order(meets), held.whole)


def _lacking(facts: SeasonMeet, meet: Meet) -> SeasonMeet:
    """Return what facts about a meet say of races that were held there with nobody's result.

    When a race of the meet itself is over its own tape tells, to the second.
    """
    own = {race.code for race in meet.races if race.stage is not Stage.UNKNOWN}
    kept = {
        part: tuple(race for race in getattr(facts, part) if race.code not in own)
        for part in ("held", "missing", "coming")
    }
    return structs.replace(facts, **kept)


def _boiled(season: Season, meet: Meet | None, cup: str) -> list[tuple[Race, SeasonRace]]:
    """Return the races of the cup at the meet, in the order they are skated."""
    if meet is None:
        return []
    found = [
        (race, season_race(race, meet, cup, day, season.scale))
        for race in meet.races
        if cup_of(race) == cup and (day := meet.day(race)) is not None
    ]
    return sorted(found, key=lambda each: (each[1].day, each[1].at, each[1].number))


def _counted(season: Season, held: Season, meet: Meet | None, cup: str) -> list[SeasonRace]:
    """Return the races of the meet that have begun; from elsewhere where it has no result."""
    if meet is None:
        return []
    known = {
        race.code: structs.replace(race, event_id=meet.id, city=_city(meet))
        for each in held.meets
        if each.is_the(meet.event)
        for race in each.held
    }
    races: list[SeasonRace] = []
    for race, boiled in _boiled(season, meet, cup):
        if race.begun:
            races.append(boiled)
        elif race.stage is Stage.UNKNOWN and race.code in known:
            races.append(known[race.code])
    return races


def _is_over(race: Race) -> bool:
    return race.over or race.official


def _city(meet: Meet) -> str:
    return meet.event.city or meet.id


def _unfinished(race: Race, boiled: SeasonRace, people: People, *, today: bool) -> Unfinished:
    taking_part = [entry for entry in race.entries if entry.status not in (Status.DNS, Status.WDR)]
    waiting = frozenset(
        people.key(entry.competitor, boiled.gender)
        for entry in taking_part
        if entry.status in (Status.TO_START, Status.ON_ICE)
    )
    return Unfinished(
        column=column_of(boiled),
        begun=race.begun,
        today=today,
        waiting=waiting if race.entries_known else None,
        finished=len(taking_part) - len(waiting),
        starters=len(taking_part),
    )


def _after(held: Season, meet: Meet | None) -> str:
    """Return which meet was the last one, and whether it is still on."""
    if meet is not None:
        races = [race for race in meet.races if cup_of(race) is not None]
        if any(race.begun for race in races):
            return f"{'after' if all(map(_is_over, races)) else 'during'} {_city(meet)}"
    others = [
        each for each in held.meets if each.held and (meet is None or not each.is_the(meet.event))
    ]
    if not others:
        return ""
    last = max(others, key=lambda each: each.held[-1].at)
    return f"{'during' if last.coming else 'after'} {last.city}"


def _missing(held: Season, meet: Meet | None, cup: str) -> tuple[str, ...]:
    """Name the races of a cup that were held and whose result nobody has."""
    named: list[str] = []
    kept: set[str] = set()
    for each in held.meets:
        if meet is not None and each.is_the(meet.event):
            kept = {race.code for race in each.held}
        else:
            named += [f"{each.city} {race.code}" for race in each.missing if race.cup == cup]
    if meet is not None:
        named += [
            f"{_city(meet)} {race.code}"
            for race in meet.races
            if cup_of(race) == cup and race.stage is Stage.UNKNOWN and race.code not in kept
        ]
    return tuple(named)
