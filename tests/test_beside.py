"""Fetching the season beside a meet that is followed, and what of that is on the screen."""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Iterator
from contextlib import closing
from pathlib import Path

import pytest
from msgspec.structs import replace
from textual.pilot import Pilot

from longtrack.http import Feed
from longtrack.isu import competitions_path, schedule_path
from longtrack.model import Source
from longtrack.tape import Tape
from meets import OSLO as HERE
from meets import Clock, rink_time, running, shown
from rinkside.app import RinksideApp
from rinkside.asking import BESIDE
from rinkside.beside import SeasonBeside
from rinkside.library import Library, OpenMeet
from rinkside.plan import WatchPlan, demo_plan
from rinkside.session import Session
from winter import (
    BERLIN,
    EDMONTON,
    FIRST,
    LIST,
    OSLO,
    TOKYO,
    Desk,
    nobody,
    programme,
    results,
)

OWN = [*programme(OSLO), *results(OSLO, 1, 2, 3, 4)]
OTHERS = [path for path in FIRST if OSLO not in path]


@pytest.fixture
def desk(tmp_path: Path) -> Desk:
    return Desk(tmp_path)


# --- without a screen ----------------------------------------------------------------------------


class Watching:
    """A program that follows the meet in Oslo."""

    def __init__(self, desk: Desk) -> None:
        self.desk = desk
        self.opened = desk.library.recorded(OSLO)
        self.polls(*programme(OSLO))

    def polls(self, *paths: str) -> None:
        """Have documents of the meet."""
        documents = self.desk.winter.documents()
        for path in paths:
            self.opened.tape.append(path, documents[path], self.desk.winter.clock())
            self.opened.tape.polled(path, self.desk.winter.clock())

    async def season(self, *, polled: bool = True) -> int | None:
        async with self.desk.answers.feed() as feed:
            return await SeasonBeside(
                self.desk.library,
                feed,
                self.opened,
                self.desk.progress.append,
                polled=polled,
                wait=self.desk.wait,
            ).run()


@pytest.fixture
def watching(desk: Desk) -> Iterator[Watching]:
    there = Watching(desk)
    yield there
    there.opened.tape.close()


async def test_it_begins_when_the_meets_own_documents_are_here(
    desk: Desk, watching: Watching
) -> None:
    desk.winter.clock.on(30)  # what is on the tape is of an earlier time
    asked_at_10_s: list[int] = []

    def poll() -> None:
        if len(desk.waited) == 10:
            asked_at_10_s.append(len(desk.answers.asked))
            watching.polls(*programme(OSLO), *results(OSLO, 1, 2, 3))

    desk.on_wait = poll
    assert await watching.season() == 2026
    assert asked_at_10_s == [0]
    assert desk.waited[:10] == [1.0] * 10
    assert sorted(desk.answers.asked) == OTHERS
    assert desk.answers.most_at_once == 1


async def test_a_document_of_the_meet_that_never_comes_holds_nothing_up(
    desk: Desk, watching: Watching
) -> None:
    begun = desk.winter.clock()
    desk.on_wait = lambda: watching.polls(*programme(OSLO)) if len(desk.waited) == 5 else None
    assert await watching.season() == 2026
    assert 60_000 <= desk.answers.times[0] - begun < 65_000


async def test_while_the_feed_is_away_nothing_is_asked(desk: Desk, watching: Watching) -> None:
    desk.winter.clock.on(24 * 3600)
    begun = desk.winter.clock()
    desk.on_wait = lambda: (
        watching.polls(*programme(OSLO)) if desk.winter.clock() - begun > 3_600_000 else None
    )
    assert await watching.season() == 2026
    assert desk.answers.times[0] - begun > 3_600_000


async def test_a_feed_that_goes_away_is_waited_for(desk: Desk, watching: Watching) -> None:
    watching.polls(*programme(OSLO), *results(OSLO, 1, 2, 3))

    def goes(path: str) -> None:
        if len(desk.answers.asked) == 8:
            desk.answers.replies[""] = nobody
        if len(desk.answers.asked) == 20:
            desk.answers.replies.clear()

    desk.answers.on_ask = goes
    assert await watching.season() == 2026
    assert set(desk.answers.asked) == set(OTHERS)
    assert max(desk.answers.times) - min(desk.answers.times) > 60_000
    with closing(desk.library.lists_tape()) as tape:
        assert tape.claim("somebody else", desk.winter.clock(), 1000)


async def test_of_two_programs_the_second_finds_the_season_there(
    desk: Desk, watching: Watching
) -> None:
    with closing(desk.library.lists_tape()) as tape:
        assert tape.claim("the first", desk.winter.clock(), 120_000)
        asked_meanwhile: list[int] = []

        def first() -> None:
            if len(desk.waited) == 5:
                asked_meanwhile.append(len(desk.answers.asked))
                tape.release("the first")

        desk.on_wait = first
        assert await watching.season(polled=False) == 2026
    assert asked_meanwhile == [0]
    assert desk.waited[:5] == [20.0] * 5


async def test_a_program_that_died_in_the_middle_leaves_the_season_to_others(
    desk: Desk, watching: Watching
) -> None:
    begun = desk.winter.clock()
    with closing(desk.library.lists_tape()) as tape:
        assert tape.claim("the dead", begun, 120_000)
    assert await watching.season(polled=False) == 2026
    assert 120_000 <= desk.answers.times[0] - begun <= 160_000


async def test_it_holds_its_claim_as_long_as_it_fetches(desk: Desk, watching: Watching) -> None:
    taken: list[bool] = []

    def try_to_claim(path: str) -> None:
        desk.winter.clock.on(60)  # a slow feed
        with closing(desk.library.lists_tape()) as tape:
            taken.append(tape.claim("another", desk.winter.clock(), 120_000))

    desk.answers.on_ask = try_to_claim
    assert await watching.season(polled=False) == 2026
    assert len(taken) == len(OTHERS)
    assert not any(taken)


async def test_other_meets_have_no_season(desk: Desk, watching: Watching) -> None:
    event = desk.winter.oslo.event()
    event |= {"name": "Norwegian Championships", "tags": ["national"]}
    desk.winter.oslo.event = lambda: event  # type: ignore[method-assign]
    watching.polls(programme(OSLO)[0])
    assert await watching.season(polled=False) is None
    assert desk.answers.asked == []


# --- in the program ------------------------------------------------------------------------------


class FeedApp(RinksideApp):
    """The program, with the winter's feed instead of a network."""

    desk: Desk
    asks = False

    def _open_feed(self) -> Feed:
        self.asks = True
        if self._feed is None:
            self._feed = self.desk.answers.feed()
        return self._feed

    @property
    def session(self) -> Session:
        """What is followed."""
        return self._session


def app_on(desk: Desk, opened: OpenMeet, plan: WatchPlan) -> FeedApp:
    app = FeedApp(plan, desk.library, opened, clock=desk.winter.clock, here=HERE)
    app.desk = desk
    return app


def following(desk: Desk) -> FeedApp:
    plan = WatchPlan(desk.places, event_id=OSLO, api=desk.library.api)
    return app_on(desk, desk.library.recorded(OSLO), plan)


@pytest.fixture
def hasty(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("rinkside.beside.MANNER", replace(BESIDE, pause_ms=0, retry_s=0.0))
    monkeypatch.setattr("rinkside.beside._LOOK_S", 0.01)


async def until(pilot: Pilot[None], seen: Callable[[], object], what: str) -> None:
    """Wait for something the program does by itself."""
    async with asyncio.timeout(20):
        while not seen():
            await pilot.pause(0.02)
    assert seen(), what


def is_done(app: FeedApp) -> bool:
    """Tell whether a season was fetched to its end."""
    found = [worker for worker in app.workers if worker.group == "sync"]
    return not found and app.asks


def note(app: RinksideApp) -> str:
    return " ".join(shown(app, "note")).strip()


@pytest.mark.usefixtures("hasty")
async def test_the_season_comes_by_itself_after_the_meet_on_screen(desk: Desk) -> None:
    gate = desk.answers.gates[results(BERLIN, 2)[0]] = asyncio.Event()
    app = following(desk)
    async with running(app, (120, 36)) as pilot:
        # One at a time: Berlin's second race waits, and nothing after it is asked for.
        await until(pilot, lambda: "season" in note(app), "how far it is")
        await until(pilot, lambda: desk.answers.under_way, "the race that waits")
        await until(pilot, lambda: note(app) == "season 15 of 18", "how far it is by then")
        assert results(BERLIN, 3)[0] not in desk.answers.asked
        gate.set()
        await until(pilot, lambda: app.session.season, "the season")
        await until(pilot, lambda: _held(app) == 8, "its results")
        assert note(app) == ""
        assert app.session.fetching == ""
    # Under load the records are asked for too by then.
    others = [path for path in desk.answers.asked if OSLO not in path]
    others = [path for path in others if not path.startswith("records/")]
    assert sorted(others) == OTHERS
    own_first = desk.answers.asked[: desk.answers.asked.index(LIST)]
    assert set(programme(OSLO)) | set(results(OSLO, 1, 2, 3)) <= set(own_first)


def _held(app: FeedApp) -> int:
    season = app.session.season
    wanted = (EDMONTON, BERLIN, TOKYO)
    return sum(len(m.held) for m in season.meets if m.event_id in wanted) if season else 0


@pytest.mark.usefixtures("hasty")
async def test_a_few_documents_are_not_worth_a_word(desk: Desk) -> None:
    await desk.sync()
    desk.winter.clock.on(24 * 3600)
    gate = desk.answers.gates[competitions_path(BERLIN)] = asyncio.Event()
    desk.answers.asked.clear()
    app = following(desk)
    async with running(app, (120, 36)) as pilot:
        await until(pilot, lambda: competitions_path(BERLIN) in desk.answers.asked, "Berlin")
        await pilot.pause()
        assert note(app) == ""
        gate.set()
        await until(pilot, lambda: schedule_path(TOKYO) in desk.answers.asked, "Tokyo")


@pytest.mark.usefixtures("hasty")
async def test_turned_to_another_meet_the_season_goes_on_without_that_one(desk: Desk) -> None:
    gate = desk.answers.gates[results(BERLIN, 2)[0]] = asyncio.Event()
    app = following(desk)
    async with running(app, (120, 36)) as pilot:
        await until(pilot, lambda: results(BERLIN, 2)[0] in desk.answers.asked, "Berlin's race")
        gate.set()
        desk.answers.asked.clear()
        app.turn_to(BERLIN)
        await until(pilot, lambda: is_done(app), "the end")
        await until(pilot, lambda: _held(app) == 8, "the season")
        assert "Berlin" in shown(app, "header")[0]
        assert note(app) == ""
    # Berlin is polled now; of those that were fetched before nothing is asked for again.
    asked = desk.answers.asked
    assert set(results(BERLIN, 1, 2, 3, 4)) <= set(asked)
    assert not [path for path in asked if EDMONTON in path or TOKYO in path or path == LIST]
    assert competitions_path(OSLO) in asked


@pytest.mark.usefixtures("hasty")
async def test_offline_and_in_the_demo_nothing_is_asked(desk: Desk) -> None:
    clock = Clock(rink_time("20 12:00"))
    offline = WatchPlan(desk.places, event_id="2026_NOR_0001", offline=True)
    for plan in (offline, demo_plan(desk.places)):
        library = Library(desk.places, plan.api, offline=plan.offline, clock=clock)
        app = FeedApp(plan, library, library.bundled(), clock=clock, here=HERE)
        app.desk = desk
        async with running(app, (120, 36)) as pilot:
            await pilot.pause(0.1)
            assert not app.asks
            assert "sync" not in {worker.group for worker in app.workers}


@pytest.mark.usefixtures("hasty")
async def test_of_a_tape_file_nothing_is_asked(desk: Desk) -> None:
    there = Watching(desk)
    there.opened.tape.close()
    file = there.opened.tape.file
    assert file is not None
    opened = desk.library.open_file(file)
    assert opened.source is Source.CACHE
    app = app_on(desk, opened, WatchPlan(desk.places, tape_file=file))
    async with running(app, (120, 36)) as pilot:
        await pilot.pause(0.1)
        assert not app.asks


@pytest.mark.usefixtures("hasty")
async def test_quitting_in_the_middle_closes_everything(desk: Desk) -> None:
    desk.answers.gates[results(BERLIN, 2)[0]] = asyncio.Event()
    app = following(desk)
    async with running(app, (120, 36)) as pilot:
        await until(pilot, lambda: results(BERLIN, 2)[0] in desk.answers.asked, "Berlin's race")
    directory = desk.places.tapes / "feed.example"
    async with asyncio.timeout(10):
        while list(directory.glob("*-wal")):  # noqa: ASYNC110  (a tape that is open)
            await asyncio.sleep(0.01)
    with closing(Tape(directory / "library.tape")) as tape:
        assert tape.claim("the next program", desk.winter.clock(), 1000)
