"""Parts: decoding, telling what happened, and the tape, measured in this process."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import closing
from datetime import UTC, datetime
from pathlib import Path
from random import Random
from time import perf_counter
from typing import Final

from msgspec.structs import replace

from benchmarks.figures import Figure, spread
from benchmarks.stage import live_stage, record, recorded
from longtrack import isu
from longtrack.bundled import DEMO_ID, open_bundled
from longtrack.happened import Known, between
from longtrack.moments import Kind
from longtrack.people import People
from longtrack.projection import Projector, project
from longtrack.records import RecordBook
from longtrack.season import CUPS, Season
from longtrack.standings import Standings
from longtrack.state import TapeReader
from longtrack.tape import Tape
from rinkside.drawing import skater as skater_page
from rinkside.drawing import skater_season
from rinkside.library import LATEST, Library
from rinkside.locations import Locations
from rinkside.seasons import Seasons
from rinkside.session import Choice, Session
from rinkside.skater_scene import Pane, SkaterReader, View, view_of

DECODE_AND_DIFF_MS: Final = 1.0
STANDINGS_MS: Final = 20.0
PROJECTION_MS: Final = 2.0
MOMENTS_MS: Final = 2.0
PAGE_MS: Final = 100.0
_LAST_FINISH: Final = round(datetime(2025, 12, 12, 18, 42, 30, tzinfo=UTC).timestamp() * 1000)
"""Kok is in, and Jackson."""
_RUNS: Final = 500
_RACES: Final = 5
_PASSAGES: Final = 60


def decoding(scratch: Path) -> Iterator[Figure]:
    """Measure reading a 20-skater result and comparing it with the one before."""
    book = RecordBook.bundled()
    with recorded(scratch / "decoding.tape", _PASSAGES) as (tape, stage):
        path, reader = stage.results_path, TapeReader(tape, stage.meet.event_id)
        versions = [*tape.history(path, 2**62)][::-1]
        bodies = [tape.body(version.version) for version in versions[-16:]]
        heads = tape.heads(2**62)
        states = [reader.assemble({**heads, path: version}) for version in versions[-16:]]
    race = states[0].numbered(stage.number)
    assert race is not None
    number = [0]

    def step() -> int:
        number[0] = number[0] % (len(bodies) - 1) + 1
        return number[0]

    def decode() -> None:
        # Of a race that goes on most rows are known already; here every one is read anew.
        isu._start.cache_clear()
        isu.read_results(bodies[step()], race.distance)

    decoded = _timed(decode)
    compared = _timed(lambda: between(states[step() - 1], states[number[0]], 0, Known(book)))
    size = f"{len(bodies[-1]) / 1000:.1f} kB"
    yield Figure(f"decoding a 20-skater result ({size})", spread(decoded, "ms"))
    yield Figure("diffing it with the one before", spread(compared, "ms"))
    both = [one + other for one, other in zip(decoded, compared, strict=True)]
    yield Figure(
        "both",
        spread(both, "ms"),
        budget=f"{DECODE_AND_DIFF_MS:g} ms",
        within=min(both) <= DECODE_AND_DIFF_MS,
    )


def season(scratch: Path) -> Iterator[Figure]:
    """Measure adding up a season of 103 races, and what one finish does to a cup."""
    locations = Locations(data=scratch / "season", config=scratch / "config")
    library = Library(locations, isu.DEFAULT_API, offline=True, clock=lambda: LATEST)
    found = Seasons(library).season(2026)

    def add_up() -> None:
        people = People(found.everybody)
        for cup in CUPS:
            Standings.of(cup, found.races(cup), people)

    standings = _timed(add_up, 50)
    yield Figure(
        "the standings of all twelve cups",
        spread(standings, "ms"),
        budget=f"{STANDINGS_MS:g} ms",
        within=min(standings) <= STANDINGS_MS,
    )
    with closing(open_bundled(DEMO_ID, None)) as tape:
        meet = TapeReader(tape, DEMO_ID).meet(_LAST_FINISH)
    race = meet.race("W500")
    assert race is not None
    known = Projector(found).projection(meet, race, _LAST_FINISH)
    assert known is not None
    projected = _timed(lambda: project(known.before, meet, race).rows)
    yield Figure(
        "the projection after a finish",
        spread(projected, "ms"),
        budget=f"{PROJECTION_MS:g} ms",
        within=min(projected) <= PROJECTION_MS,
    )
    told = _moments_of_a_race(found)
    yield Figure(
        "the moments of a finish in a 20-skater race, with its cup",
        spread(told, "ms"),
        budget=f"{MOMENTS_MS:g} ms",
        within=sorted(told)[len(told) // 2] <= MOMENTS_MS,
    )


def _moments_of_a_race(season: Season) -> list[float]:
    """Return how long the moments of each finish of the bundled women's 500 m take."""
    taken: list[float] = []
    for _ in range(_RACES):
        known = Known(RecordBook.bundled(), Projector(season))
        with closing(open_bundled(DEMO_ID, None)) as tape:
            reader = TapeReader(tape, DEMO_ID)
            (path,) = (
                isu.results_path(DEMO_ID, race.number)
                for race in reader.meet(LATEST).races
                if race.code == "W500"
            )
            for head in reversed([*tape.history(path, LATEST)]):
                before, after = reader.meet(head.at - 1), reader.meet(head.at)
                begun = perf_counter()
                moments = between(before, after, head.at, known)
                spent = (perf_counter() - begun) * 1000
                if any(moment.kind is Kind.FINISH for moment in moments):
                    taken.append(spent)
    return taken


def skater(scratch: Path) -> Iterator[Figure]:
    """Measure what opening a skater's page takes, once its code is loaded."""
    locations = Locations(data=scratch / "skater", config=scratch / "config")
    library = Library(locations, isu.DEFAULT_API, offline=True, clock=lambda: LATEST)
    opened = library.bundled()
    session = Session(opened.tape, opened.event_id, opened.source, clock=lambda: _LAST_FINISH)
    season = session.season = Seasons(library).season(2026)
    scene = session.scene(Choice())
    assert scene.race is not None
    view = view_of(scene.meet, season, scene.race, scene.race.finished[0].key, None)
    assert view is not None
    for pane in Pane:
        shown = replace(view, pane=pane)

        def draw(shown: View = shown) -> None:
            page = SkaterReader(season).scene(scene, shown)
            if shown.pane is Pane.RACE:
                skater_page.race(page, 120, 33)
            elif shown.pane is Pane.SEASON:
                skater_season.season(page, 120)
            else:
                skater_season.bests(page, 120)

        taken = _timed(draw, 20)
        yield Figure(
            f"the skater's page, {pane}",
            spread(taken, "ms"),
            budget=f"{PAGE_MS:g} ms",
            within=min(taken) <= PAGE_MS,
        )
    opened.tape.close()


def tape(scratch: Path) -> Iterator[Figure]:
    """Measure writing to the tape and reading from it; the issue sets no limit."""
    file = scratch / "parts.tape"
    stage = live_stage()
    with closing(Tape(file)) as written:
        record(stage, written, 0)
        taken: list[float] = []
        sent = 0
        while stage.ahead:
            at = int(stage.meet.clock().timestamp() * 1000) + stage.ahead[0].after_ms
            stage.advance()
            body = stage.meet.documents()[stage.results_path]
            begun = perf_counter()
            written.append(stage.results_path, body, at)
            taken.append((perf_counter() - begun) * 1000)
            sent += len(body)
    yield Figure("appending a version to the tape", spread(taken, "ms"))
    with closing(Tape(file)) as read:
        ids = [version.version for version in read.history(stage.results_path, 2**62)]
        packed = _packed(read, ids)
        path, event_id = stage.results_path, stage.meet.event_id
        times = [version.at for version in read.history(path, 2**62)]
        random, reader = Random(1), TapeReader(read, event_id)

        def somewhere() -> int:
            return random.randint(times[-1], times[0])

        cold = _timed(lambda: TapeReader(read, event_id).meet(somewhere()), 40)
        warm = _timed(lambda: reader.meet(somewhere()))
    count = len(ids)
    yield Figure("the meet at a random time, nothing read before", spread(cold, "ms"))
    yield Figure("the meet at a random time of the live race", spread(warm, "ms"))
    yield Figure(
        "a version on the tape",
        f"{packed / count:.0f} bytes, of {sent / count / 1000:.1f} kB sent "
        f"({count} versions; the file with all 33 races {file.stat().st_size / 1000:.0f} kB)",
    )


def _packed(tape: Tape, versions: list[int]) -> int:
    import sqlite3

    assert tape.file is not None
    marks = ",".join("?" * len(versions))
    with closing(sqlite3.connect(tape.file)) as rows:
        query = f"SELECT sum(length(body)) FROM version WHERE id IN ({marks})"
        (size,) = rows.execute(query, versions).fetchone()
    return int(size)


def _timed(work: Callable[[], object], runs: int = _RUNS) -> list[float]:
    taken: list[float] = []
    for _ in range(runs):
        begun = perf_counter()
        work()
        taken.append((perf_counter() - begun) * 1000)
    return taken
