"""Makes the picture in the README: the bundled meet, just after a track record fell.

    python tests/picture.py [FILE]

Run it in the environment the tests run in; without a file it writes ``README.svg``.
"""

from __future__ import annotations

import asyncio
import os
import re
import sys
import tempfile
from datetime import UTC, datetime
from pathlib import Path
from typing import Final
from zoneinfo import ZoneInfo

from msgspec.structs import replace

from rinkside.app import RinksideApp
from rinkside.library import Library
from rinkside.locations import Locations
from rinkside.plan import demo_plan

SIZE: Final = (120, 36)
RINK: Final = ZoneInfo("Europe/Oslo")
MOMENT: Final = datetime(2025, 12, 12, 19, 42, 10, tzinfo=RINK)
"""Both skaters of the last pair are in, and the record row still stands out."""

_FONT_FACES: Final = re.compile(r"@font-face \{.*?\}\s*", re.DOTALL)


async def picture(directory: Path) -> str:
    """Return the screen as SVG, with the clock standing still.

    Args:
        directory: An empty directory for the program's data.
    """
    # The picture is of a terminal with all colours, whichever it is made in.
    os.environ |= {"TERM": "xterm-256color", "COLORTERM": "truecolor"}
    locations = Locations(data=directory / "data", config=directory / "config")
    at = round(MOMENT.astimezone(UTC).timestamp() * 1000)
    plan = replace(demo_plan(locations), start=at)
    library = Library(locations, plan.api, offline=True, clock=lambda: at)
    app = RinksideApp(plan, library, library.bundled(), clock=lambda: at, here=RINK)
    async with app.run_test(size=SIZE) as pilot:
        # Season and book come one after the other, and the moments rest on both.
        for _ in range(4):
            await app.workers.wait_for_complete()
            await pilot.pause()
        svg = app.export_screenshot(title="rinkside demo")
    # The picture loads nothing from elsewhere: it is shown in the reader's own typeface.
    return _FONT_FACES.sub("", svg).replace("Fira Code", "ui-monospace, Menlo, Consolas")


def main() -> None:
    """Write the picture."""
    file = Path(sys.argv[1]) if len(sys.argv) > 1 else Path(__file__).parents[1] / "README.svg"
    with tempfile.TemporaryDirectory() as directory:
        file.write_text(asyncio.run(picture(Path(directory))), encoding="utf-8")
    print(f"{file} written")


if __name__ == "__main__":
    main()
