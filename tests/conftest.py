"""What the tests of the screens share."""

from __future__ import annotations

import os
import shutil
from collections.abc import Iterator
from functools import cache
from pathlib import Path

import pytest
from hypothesis import settings

from longtrack.bundled import DEMO_ID, open_bundled
from longtrack.projection import Projector
from longtrack.recording import MeetRecorder
from longtrack.records import RecordBook
from longtrack.tape import Tape
from longtrack.tape_files import tape_file
from meets import bundled_season
from rinkside.drawing import manner
from rinkside.seasons import _bundled

# How long something takes is for the benchmarks: a busy machine must not fail a test.
settings.register_profile("unhurried", deadline=None)
settings.load_profile("unhurried")

_WAITING = 2
"""Workers more than processors: the real program is mostly waited for, not worked with."""

_FAR = ("SSH_CONNECTION", "SSH_TTY")


def pytest_xdist_auto_num_workers() -> int:
    """Return how many tests run at once where nobody says."""
    return (os.cpu_count() or 1) + _WAITING


@pytest.fixture(autouse=True)
def _no_wishes_of_this_terminal(monkeypatch: pytest.MonkeyPatch) -> None:
    """Keep what the terminal of whoever tests asks for out of the tests."""
    for name in ("NO_COLOR", "RINKSIDE_DATA_DIR", "RINKSIDE_API", *_FAR):
        monkeypatch.delenv(name, raising=False)
    # Nobody is asked for records but by tests that say whom.
    monkeypatch.setenv("RINKSIDE_RECORDS_API", "")
    monkeypatch.setenv("TERM", "xterm-256color")
    monkeypatch.setenv("COLORTERM", "truecolor")


@pytest.fixture(autouse=True)
def _usual_manner() -> Iterator[None]:
    """Leave the manner of writing as it is without settings."""
    yield
    manner.use(manner.Manner())


@pytest.fixture(scope="session")
def bundled_file(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The bundled meet's tape, laid once, with its moments."""
    file = tmp_path_factory.mktemp("bundled") / "bundled.tape"
    tape = open_bundled(DEMO_ID, file)
    recorder = MeetRecorder(tape, DEMO_ID, lambda: 0, RecordBook.bundled())
    recorder.cups = Projector(bundled_season())
    for _ in recorder.catch_up():
        pass
    tape.close()
    return file


@pytest.fixture(scope="session")
def bundled_tape(bundled_file: Path) -> Iterator[Tape]:
    """The bundled meet's tape, to be read only."""
    tape = Tape(bundled_file)
    yield tape
    tape.close()


@pytest.fixture
def data(tmp_path: Path, bundled_file: Path) -> Path:
    """A directory for the program, with the bundled meet's tape laid out in it."""
    file = tape_file(tmp_path / "data" / "tapes", "bundled", DEMO_ID, "bundled")
    file.parent.mkdir(parents=True)
    shutil.copyfile(bundled_file, file)
    return tmp_path


@pytest.fixture
def laid_once(monkeypatch: pytest.MonkeyPatch) -> None:
    """Boil the bundled meets down only once in all tests: that takes half a second."""
    monkeypatch.setattr("rinkside.seasons._bundled", _bundled_once)


_bundled_once = cache(_bundled)
