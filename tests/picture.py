"""Makes the pictures in the README, all from the bundled meet.

    python tests/picture.py [NAME ...] [--to DIRECTORY]

Run it in the environment the tests run in. Without names it makes all of them; they go where the
README looks for them, or to the same places below another directory.
"""

from __future__ import annotations

import argparse
import asyncio
import os
import re
import tempfile
from collections.abc import AsyncIterator, Iterable, Iterator, Sequence
from contextlib import asynccontextmanager, contextmanager
from pathlib import Path
from typing import Final, NamedTuple
from unittest.mock import patch

from msgspec.structs import replace
from textual.pilot import Pilot

from film import film
from longtrack.bundled import DEMO_ID
from longtrack.model import Source
from longtrack.projection import Projector
from longtrack.recording import MeetRecorder
from meets import BOOK, OSLO, Clock, StillApp, bundled_season, locations, rink_time
from rinkside.library import Library, OpenMeet
from rinkside.plan import WatchPlan, demo_plan

ROOT: Final = Path(__file__).parents[1]


class Picture(NamedTuple):
    """What is to be seen on a picture; the clock stands still on it."""

    name: str
    at: str
    """The moment, by the rink's clock."""
    keys: tuple[str, ...] = ()
    """What is pressed first."""
    size: tuple[int, int] = (120, 36)
    theme: str = "rinkside-dark"
    live: bool = False
    """Whether the meet is followed as if it was on, and not played as the demo plays it."""

    @property
    def file(self) -> Path:
        """Where it is kept, below the top of the repository."""
        return (
            Path("README.svg") if self.name == "meet" else Path(f"tests/pictures/{self.name}.svg")
        )


RECORD: Final = "12 19:42:10"
"""Both skaters of the last pair are in, with a track record."""

PICTURES: Final = (
    Picture("meet", RECORD),
    Picture("light", RECORD, theme="rinkside-light"),
    Picture("standings", RECORD, keys=("s",)),
    # Race 3 of the evening, and in it who has won.
    Picture("skater", "12 21:06:00", keys=("3", "j", "enter")),
    # Paused while the men's 500 m goes on, and back to the last things that decided it.
    Picture("timeline", "12 20:12:20", keys=("space", "K", "K", "K"), live=True),
    Picture("80x24", "12 19:41:50", size=(80, 24)),
)

FILM: Final = Picture("record", RECORD)
FRAMES: Final = (
    ("12 19:41:31", 1.2),  # the pair before is in
    ("12 19:41:34", 1.4),  # Kok's opener
    ("12 19:41:36", 1.8),  # Jackson's
    ("12 19:42:01", 2.4),  # Kok's finish, the record
    (RECORD, 3.6),  # Jackson's, the podium
)
"""The moments of the film, and for how many seconds each is shown."""

NAMES: Final = (*(picture.name for picture in PICTURES), FILM.name)

_FONT_FACES: Final = re.compile(r"@font-face \{.*?\}\s*", re.DOTALL)
_IDS: Final = re.compile(r"\bterminal-\d+")


def make(names: Iterable[str], directory: Path) -> list[Path]:
    """Write pictures.

    Args:
        names: Which of `NAMES`.
        directory: What stands for the top of the repository.

    Returns:
        The files.
    """
    files = []
    with tempfile.TemporaryDirectory() as data, _good_terminal():
        _lay_meet(Path(data))
        for name in names:
            picture = next(each for each in (*PICTURES, FILM) if each.name == name)
            take = _filmed if picture is FILM else _taken
            svg = asyncio.run(take(picture, Path(data)))
            file = directory / picture.file
            file.parent.mkdir(parents=True, exist_ok=True)
            file.write_text(svg, encoding="utf-8", newline="\n")
            files.append(file)
    return files


@contextmanager
def _good_terminal() -> Iterator[None]:
    """A picture is of a terminal with all colours, whichever it is made in."""
    with patch.dict(os.environ, {"TERM": "xterm-256color", "COLORTERM": "truecolor"}):
        os.environ.pop("NO_COLOR", None)
        yield


def _lay_meet(data: Path) -> None:
    """Lay the bundled meet's tape out once, with its moments."""
    clock = Clock(rink_time(RECORD))
    place = locations(data)
    tape = Library(place, demo_plan(place).api, offline=True, clock=clock).bundled().tape
    recorder = MeetRecorder(tape, DEMO_ID, clock, BOOK)
    recorder.cups = Projector(bundled_season())
    for _ in recorder.catch_up():
        pass
    tape.close()


async def _taken(picture: Picture, data: Path) -> str:
    async with _shown(picture, data) as (app, _):
        return _exported(app, picture)


async def _filmed(picture: Picture, data: Path) -> str:
    frames = []
    async with _shown(picture, data) as (app, pilot):
        for at, seconds in FRAMES:
            app.session.move(app.session.playhead.to(rink_time(at)))
            app.draw_screens()
            await pilot.pause()
            frames.append((_exported(app, picture), seconds))
    return film(frames, picture.name)


@asynccontextmanager
async def _shown(picture: Picture, data: Path) -> AsyncIterator[tuple[StillApp, Pilot[None]]]:
    app = _program(picture, data)
    async with app.run_test(size=picture.size) as pilot:
        await app.workers.wait_for_complete()
        await pilot.press(*picture.keys)
        await pilot.pause()
        yield app, pilot
    app.session.tape.close()


def _program(picture: Picture, data: Path) -> StillApp:
    at = rink_time(picture.at)
    clock = Clock(at)
    place = locations(data)
    plan = replace(demo_plan(place), start=at)
    library = Library(place, plan.api, offline=True, clock=clock)
    opened = library.bundled()
    if picture.live:
        plan = WatchPlan(place, event_id=DEMO_ID)
        opened = _as_if_live(opened, at)
    app = StillApp(plan, library, opened, clock=clock, here=OSLO)
    app.theme = picture.theme
    app.session.season = bundled_season()
    return app


def _as_if_live(opened: OpenMeet, now: int) -> OpenMeet:
    """Return the bundled meet as if it was on and the feed had just answered."""
    tape = opened.tape
    tape.continue_in_memory()
    tape.remember("kind", "recorded")
    for path in tape.heads(now):
        tape.polled(path, now - 2_000)
    return replace(opened, source=Source.CACHE)


def _exported(app: StillApp, picture: Picture) -> str:
    """Return what is on the screen, the same to the letter each time it is the same."""
    svg = app.export_screenshot(title="rinkside" if picture.live else "rinkside demo")
    # A picture loads nothing from elsewhere: it is shown in the reader's own typeface.
    svg = _FONT_FACES.sub("", svg).replace("Fira Code", "ui-monospace, Menlo, Consolas")
    # Ids made of the content would be others on every line, whatever has changed.
    return _IDS.sub(f"rinkside-{picture.name}", svg)


def main(words: Sequence[str] | None = None) -> None:
    """Write the pictures that are asked for, on the command line by default."""
    parser = argparse.ArgumentParser(description="Makes the pictures in the README.")
    parser.add_argument("names", nargs="*", metavar="NAME", help=", ".join(NAMES))
    parser.add_argument("--to", type=Path, default=ROOT, metavar="DIRECTORY")
    wanted = parser.parse_args(words)
    if unknown := set(wanted.names) - set(NAMES):
        parser.error(f"no such picture: {', '.join(sorted(unknown))}")
    for file in make(wanted.names or NAMES, wanted.to):
        print(f"{file} written")


if __name__ == "__main__":
    main()
