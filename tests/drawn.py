"""All that a session can show, drawn: every screen, as text, without a program around it."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from typing import Final

from msgspec.structs import replace

from longtrack.model import Entry, Gender, Race
from longtrack.people import Who
from longtrack.quota import quota
from longtrack.season import CUPS, Season, cup_of
from longtrack.timeline import timeline
from rinkside.comparing import Comparing
from rinkside.cup_scene import CupReader, CupScene, View, races_with_quota, season_at
from rinkside.drawing import (
    band,
    board,
    cup,
    cup_skater,
    duel,
    footer,
    header,
    log,
    programme,
    skater,
    skater_season,
    standings,
    ticker,
)
from rinkside.drawing import quota as quota_drawing
from rinkside.drawing import timeline as strip
from rinkside.drawing.arrangement import arrange
from rinkside.drawing.followed import news
from rinkside.duel_scene import DuelReader, duel_view
from rinkside.ink import Line
from rinkside.log_scene import LogReader, Sieve
from rinkside.log_scene import View as LogView
from rinkside.scene import Scene
from rinkside.session import Choice, Session
from rinkside.skater_scene import Pane, SkaterReader, view_of
from rinkside.skater_scene import View as SkaterView

SIZES: Final = ((60, 20), (80, 24), (120, 36), (200, 50))
"""Columns and rows screens are drawn at."""

_Drawn = Iterator[tuple[str, list[Line]]]


def everything(session: Session, sizes: Iterable[tuple[int, int]] = SIZES) -> dict[str, list[str]]:
    """Return the text of every screen and part of one, by a name that tells which.

    Args:
        session: A session that stands somewhere.
        sizes: Columns and rows.
    """
    found: dict[str, list[str]] = {}
    for width, height in sizes:
        for name, lines in _screens(session, width, height):
            assert f"{width}x{height} {name}" not in found, name
            found[f"{width}x{height} {name}"] = [line.text for line in lines]
    return found


def _screens(session: Session, width: int, height: int) -> _Drawn:
    first = session.scene(Choice())
    choices = [(race.code, Choice(race=race.number)) for race in first.meet.races]
    for code, choice in [("live", Choice()), *choices]:
        scene = session.scene(choice)
        for name, lines in _meet(session, scene, width, height):
            yield f"meet {code} {name}", lines
    yield from _programme(first, width)
    yield from _cups(session, first, width, height)
    yield from _people(session, width, height)
    yield from _log(session, first, width, height)
    moments = session.moments(first.at)
    shown = timeline(first.meet.races, moments, first.at, first.at)
    yield "timeline", strip.strip(shown, first.meet.event.zone, width, 3)


def _meet(session: Session, scene: Scene, width: int, height: int) -> _Drawn:
    race = scene.race
    under = race.entries[len(race.entries) // 2].key if race and race.entries else None
    comparing = Comparing()
    for cursor in (None, under) if under else (None,):
        here = replace(scene, cursor=cursor)
        here = replace(here, compare=comparing.compare(here, session.season))
        for turn in range(2):
            name = f"{'cursor' if cursor else ''} {turn}"
            yield name, list(_meet_screen(here, width, height))
            if not comparing.turn(here, session.season):
                break
            here = replace(here, compare=comparing.compare(here, session.season))


def _meet_screen(scene: Scene, width: int, height: int) -> Iterator[Line]:
    race = scene.race
    place = arrange(
        width,
        height,
        race,
        note=bool(scene.feed.note),
        chart=race is not None and any(entry.passages for entry in race.entries),
        cup=scene.cup is not None,
    )
    yield header.header(scene, width)
    yield header.tabs(scene, width)
    if place.band and race is not None:
        yield from band.band(scene, race, width, place.band, tints=True)
    yield from board.draw(scene, place.board, place.main, pins=not place.band).lines
    if scene.cup is not None:
        yield from cup.pane(scene, scene.cup, place.side or width, 14)
    yield from ticker.pane(scene, place.side or width, 14)
    yield ticker.last(scene, width)
    yield footer.note(scene.feed, width)


def _programme(scene: Scene, width: int) -> _Drawn:
    meet, at, here = scene.meet, scene.now, scene.here
    said = news(scene, race=None)
    listed = programme.items(meet)
    lines = programme.heading(meet, at, here, width, scene.feed, said)
    lines += programme.rows(
        meet,
        listed,
        at,
        here,
        width,
        cursor=1,
        followed=scene.followed,
        starts=scene.starts,
        winners=not scene.spoiler_free,
    )
    yield "programme", lines


def _cups(session: Session, scene: Scene, width: int, height: int) -> _Drawn:
    season = session.season
    if season is None:
        return
    reader, side = CupReader(season), cup_skater.side(width)
    left = width - side - 3 if side else width
    for code in CUPS:
        shown = CupScene(View(code))
        for alone in (False, True):
            view = View(code, alone=alone)
            shown = CupScene(
                view=view,
                year=season.year,
                cup=reader.cup(scene.meet, scene.at, view),
                feed=scene.feed,
                live=frozenset(c for race in scene.meet.live if (c := cup_of(race)) is not None),
            )
            said = news(scene, race=None)
            note = standings.note(shown, width)
            yield (
                f"standings {code}{' alone' if alone else ''}",
                [
                    standings.header(shown, width, standings.STANDINGS, said),
                    standings.tabs(shown, width),
                    *standings.table(shown, left, height, width).lines,
                    *(cup_skater.draw(shown, side, height) if side else []),
                    standings.places(shown, width),
                    *([note] if note is not None else []),
                ],
            )
        for race in races_with_quota(season, code):
            places = quota(season_at(season, scene.meet, scene.at), race)
            assert places is not None
            yield (
                f"quota {race}",
                [
                    *quota_drawing.table(shown, places, left, height).lines,
                    *(quota_drawing.pane(shown, places, side, height) if side else []),
                    quota_drawing.cut_line(places, width),
                ],
            )


def _people(session: Session, width: int, height: int) -> _Drawn:
    season = session.season
    reader = SkaterReader(season)
    duels = DuelReader(reader)
    meet = session.meet()
    for race in meet.races:
        for entry in _some(race):
            scene = session.scene(Choice(race=race.number))
            view = view_of(meet, season, race, entry.key, None)
            assert view is not None
            yield from _page(reader, scene, view, f"{race.code} {entry.key}", width, height)
            shown = duels.scene(scene, duel_view(view, race))
            lines = [duel.header(shown, width), duel.names(shown, width)]
            yield f"duel {race.code} {entry.key}", [*lines, *duel.body(shown, width, height)]
    for who in _of_season(season):
        view = SkaterView(who, Pane.SEASON)
        yield from _page(reader, session.scene(Choice()), view, f"season {who}", width, height)


def _page(
    reader: SkaterReader, scene: Scene, view: SkaterView, name: str, width: int, height: int
) -> _Drawn:
    for pane in Pane:
        page = reader.scene(scene, replace(view, pane=pane))
        if pane is not Pane.RACE and pane not in page.panes:
            continue
        if pane is Pane.RACE:
            body = skater.race(page, width, height)
        else:
            draw = skater_season.season if pane is Pane.SEASON else skater_season.bests
            body = draw(page, width)
        lines = [skater.header(page, width), skater.tabs(page, width), *body]
        yield f"skater {name} {pane}", lines


def _some(race: Race) -> list[Entry]:
    """Return two who start in a race, whatever order they have come in."""
    return sorted(race.entries, key=lambda entry: entry.key)[:2]


def _of_season(season: Season | None) -> list[Who]:
    if season is None:
        return []
    known = sorted(season.everybody, key=lambda who: (str(who.gender), str(who.competitor)))
    return [who for who in known if who.gender in (Gender.WOMEN, Gender.MEN)][::120]


def _log(session: Session, scene: Scene, width: int, height: int) -> _Drawn:
    reader, moments = LogReader(), session.latest_moments(0, scene.at)
    for sieve in Sieve:
        shown = reader.read(scene, moments, LogView(sieve=sieve))
        drawn = log.draw(shown, width, height)
        yield (
            f"log {sieve.value}",
            [log.header(shown, width), log.tabs(shown, width), *drawn.lines],
        )
