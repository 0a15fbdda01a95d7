"""The sport and its feeds know no screen, and only those that speak HTTP load what does."""

from __future__ import annotations

import json
import subprocess
import sys
from pathlib import Path

import pytest

import longtrack

SCREENS = {"textual", "rich", "rinkside", "rinkside_themes"}
MODULES = sorted(
    f"longtrack.{file.stem}"
    for file in Path(longtrack.__file__).parent.glob("*.py")
    if file.stem != "__init__"
)

# The HTTP library loads Rich for its command line when click is there; that is not ours.
PROGRAM = """
import importlib, json, sys
sys.modules["click"] = None
for name in json.loads(sys.argv[1]):
    importlib.import_module(name)
print(json.dumps(sorted({name.split(".")[0] for name in sys.modules})))
"""


def loaded_by(*modules: str) -> set[str]:
    """Return the top packages that a fresh interpreter has loaded after some imports."""
    done = subprocess.run(
        [sys.executable, "-c", PROGRAM, json.dumps(modules)],
        capture_output=True,
        text=True,
        timeout=60,
        check=True,
    )
    return set(json.loads(done.stdout))


def test_no_module_of_longtrack_loads_a_screen() -> None:
    assert len(MODULES) >= 15
    loaded = loaded_by(*MODULES, "httpx")
    assert {"longtrack", "httpx"} <= loaded
    assert not loaded & SCREENS


def test_importing_longtrack_alone_loads_no_http() -> None:
    # It is loaded when the first answer is asked for, after the first paint.
    assert "httpx" not in loaded_by(*MODULES)


@pytest.mark.parametrize(
    "modules",
    [
        ["model", "isu", "tape", "state", "moments"],
        ["recording", "records", "points", "names", "playhead", "clock"],
    ],
)
def test_reading_a_tape_loads_no_http(modules: list[str]) -> None:
    loaded = loaded_by(*(f"longtrack.{name}" for name in modules))
    assert {"longtrack", "msgspec", "sqlite3"} <= loaded
    assert not loaded & {"httpx", "httpcore", "ssl", "asyncio", *SCREENS}


def test_the_screen_is_looked_for_where_it_would_be_found() -> None:
    assert "rich" in loaded_by("rich.segment")
