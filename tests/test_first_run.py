"""The first screen of an empty machine: what it shows, and how one gets to the live meet."""

from __future__ import annotations

import asyncio
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from textual.pilot import Pilot

from feed_server import FeedServer
from longtrack.clock import TapeClock
from longtrack.isu import events_path
from longtrack.season import season_of
from meets import OSLO, StillApp, everything, locations, running, shown
from rinkside.app import RinksideApp
from rinkside.library import Library
from rinkside.plan import WatchPlan
from wire import WireMeet

NOBODY = "http://127.0.0.1:1"
SEASON = season_of(datetime.now(UTC).date())
BUNDLED = "~ modelled, not published · bundled meet"


class FirstApp(StillApp):
    """The program, which asks the feed of its plan."""

    _keep_up = RinksideApp._keep_up  # type: ignore[assignment]


def first_app(data: Path, api: str, *, offline: bool = False) -> FirstApp:
    clock = TapeClock()
    plan = WatchPlan(locations(data), api=api, offline=offline)
    library = Library(plan.locations, api, offline=offline, clock=clock)
    return FirstApp(plan, library, library.bundled(), clock=clock, here=OSLO)


def note(app: RinksideApp) -> str:
    return "".join(shown(app, "note")).strip()


async def until_noted(pilot: Pilot[None], words: str) -> str:
    async with asyncio.timeout(30):
        while words not in note(pilot.app):  # type: ignore[arg-type]
            await pilot.pause()
    return note(pilot.app)  # type: ignore[arg-type]


@pytest.fixture(autouse=True)
def _soon(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("rinkside.upkeep._SEARCH_S", 0.2)


async def test_nobody_answers(data: Path) -> None:
    app = first_app(data, NOBODY)
    async with running(app) as pilot:
        said = await until_noted(pilot, "refused")
        assert said.startswith(
            "bundled meet · the feed refused the connection, it is asked again · ~ modell"
        )
        assert "Hamar" in shown(app, "header")[0]


async def test_offline_nobody_is_asked(data: Path) -> None:
    app = first_app(data, NOBODY, offline=True)
    async with running(app) as pilot:
        await pilot.pause()
        assert note(app) == BUNDLED


async def test_a_live_meet_comes_by_itself(data: Path) -> None:
    meet = WireMeet(lambda: datetime.now(UTC), event_id=f"{SEASON}_GER_0001", zone="Europe/Berlin")
    meet.add_race(begin=datetime.now(UTC) - timedelta(minutes=2), starters=4)
    meet.start(1)
    with FeedServer(meet.documents()) as server:
        app = first_app(data, server.url)
        async with running(app) as pilot, asyncio.timeout(30):
            while "LIVE" not in shown(app, "header")[0]:
                await pilot.pause()
            assert "Berlin" in shown(app, "header")[0]
            assert "bundled" not in everything(app)


async def test_no_meet_is_on_and_then_there_is_one(data: Path) -> None:
    empty = b'{"count": 0, "next": null, "previous": null, "results": []}'
    with FeedServer({events_path(SEASON): empty}) as server:
        app = first_app(data, server.url)
        async with running(app) as pilot:
            said = await until_noted(pilot, "no meet")
            assert said == f"{BUNDLED} · no meet is on, one is waited for"
            meet = WireMeet(
                lambda: datetime.now(UTC), event_id=f"{SEASON}_GER_0001", zone="Europe/Berlin"
            )
            meet.add_race(begin=datetime.now(UTC) - timedelta(minutes=2), starters=4)
            meet.start(1)
            server.documents = meet.documents()
            async with asyncio.timeout(30):
                while "Berlin" not in shown(app, "header")[0]:
                    await pilot.pause()
            assert "bundled" not in note(app)
