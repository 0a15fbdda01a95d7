"""Cups for tests of the standings: the season of the bundled meets, and an invented one."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import date
from typing import Final

from longtrack.bundled import DEMO_ID
from longtrack.model import Division, Meet, Status
from longtrack.people import People
from longtrack.season import Result, SeasonRace
from longtrack.standings import Standings
from longtrack.state import TapeReader
from longtrack.tape import Tape
from meets import NAMES, bundled_season, rink_time
from rinkside.cup_scene import Cup, CupReader, CupScene, View
from rinkside.scene import Feed

AFTER: Final = "14 20:00"
"""When the bundled season is over, by the day of December and the rink's clock."""

OFFLINE: Final = Feed("OFFLINE", "pill-off", age="as of 14 Dec 15:57")


def meet_at(tape: Tape, clock: str = AFTER) -> Meet:
    """Return the bundled meet at a moment of it."""
    return TapeReader(tape, DEMO_ID).meet(rink_time(clock))


def cup_at(tape: Tape, clock: str = AFTER, code: str = "W500", *, alone: bool = False) -> Cup:
    """Return a cup of the bundled season at a moment of its last meet."""
    reader = CupReader(bundled_season())
    return reader.cup(meet_at(tape, clock), rink_time(clock), View(code, alone=alone))


def key_of(cup: Cup, family: str) -> str:
    """Return the key of somebody in a cup."""
    return next(
        row.key for row in cup.now.rows if getattr(row.competitor, "family", None) == family
    )


def scene_of(cup: Cup | None, cursor: str | None = None, **view: object) -> CupScene:
    """Return the scene of a cup, the cursor on a family name."""
    code = cup.code if cup is not None else "W500"
    key = key_of(cup, cursor) if cup is not None and cursor is not None else None
    seen = View(code, cursor=key, **view)  # type: ignore[arg-type]
    return CupScene(view=seen, year=2026, cup=cup, feed=OFFLINE)


def invented(
    scores: Sequence[Sequence[int | Status | None]],
    cities: Sequence[str],
    *,
    code: str = "W500",
    people: Iterable[tuple[str, str, str]] = NAMES,
) -> Cup:
    """Return a cup of invented races.

    Args:
        scores: A row a skater, with the points of each race, or why there are none; None: not in
            it.
        cities: Where each race was; one city after another is one meet.
        code: The cup.
        people: Given name, family name and country of each.
    """
    names = list(people)
    races = []
    for number, city in enumerate(cities):
        results = []
        for (given, family, noc), row in zip(names, scores, strict=False):
            score = row[number]
            if isinstance(score, Status):
                results.append(Result(family, given, noc, None, score, None, 0, None))
            elif score is not None:
                won = Result(family, given, noc, None, Status.FINISHED, 4, score, 37_050)
                results.append(won)
        races.append(
            SeasonRace(
                event_id=f"meet in {city}",
                city=city,
                number=number,
                code=code,
                cup=code,
                metres=500,
                division=Division.A,
                ordinal=1 + cities[:number].count(city),
                day=date(2025, 11, 1),
                at=number,
                official=True,
                results=tuple(results),
            )
        )
    now = Standings.of(code, races, People(()))
    return Cup(code, 2026, 2026, now=now, earlier=now, before=now)
