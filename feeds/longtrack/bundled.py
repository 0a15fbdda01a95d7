"""The meets that come with the program: World Cups 1 to 4 of the season 2025/26.

They are what there is to show, and to reckon the season's standings from, where nothing is known
and no network is there. The last of them, in Hamar, is the one the demo plays.

The facts lie in ``meets/`` as plain text, a directory a meet; `longtrack.sheets` makes documents of
the feed's form of them, which are then laid on a tape like those of any other meet. Ranks, times,
pairs and lanes are those of the official sheets. Times between start and finish were not
published, but for three openers in Hamar: the others of that Friday evening are modelled, and
marked so (``modelled`` on a lap). Elsewhere a result appears as a whole, at the end of its race.
"""

from __future__ import annotations

import tomllib
from collections.abc import Mapping
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final

from longtrack.model import Event

if TYPE_CHECKING:
    from longtrack.reenact import HeldMeet
    from longtrack.tape import Tape

MEETS: Final[Mapping[str, str]] = {
    "2026_USA_0001": "salt-lake-city",
    "2026_CAN_0001": "calgary",
    "2026_NED_0001": "heerenveen",
    "2026_NOR_0001": "hamar",
}
"""Where each meet lies, by the feed's id of it, in the order they were held. A feed may know a meet
by another id: some of these are guesses, which its ``meet.toml`` says."""

DEMO_ID: Final = "2026_NOR_0001"
"""The meet the demo plays, and the one to show where none is known: the only one with passages."""

CONTENT: Final = 1
"""Number of what is laid out; to be raised when the facts, the documents made of them or the
rules of re-enactment change: tapes laid out before are then laid out again."""

# `importlib.resources` would cost more to load than most of what is read here.
_PLACE: Final = Path(__file__).with_name("meets")


def bundled_events() -> tuple[Event, ...]:
    """Return what the meets are, in the order they were held, without reading their races."""
    return tuple(_event(_facts(where)["event"]) for where in MEETS.values())


def held_meet(event_id: str) -> HeldMeet:
    """Return a bundled meet: its facts as the feed would have written them.

    Raises:
        KeyError: If no meet with that id is bundled.
    """
    from longtrack import sheets

    where = MEETS[event_id]
    return sheets.held(
        sheets.Sheets(
            facts=_facts(where),
            programme=_table(where, "programme.csv"),
            results=_table(where, "results.csv"),
            passages=_table(where, "passages.csv"),
        )
    )


def open_bundled(event_id: str, tape_file: Path | None) -> Tape:
    """Open a bundled meet's tape, laying it out where that has not been done.

    The file is only a cache: one that is damaged, or of other content, is made anew.

    Args:
        event_id: Its id, one of `MEETS`.
        tape_file: Where the tape is kept. None keeps it in memory, and so does a file that can't
            be written.
    """
    from longtrack.laid import open_laid

    held = partial(held_meet, event_id)
    return open_laid(tape_file, held, kind="bundled", content=str(CONTENT))


def _event(facts: Mapping[str, Any]) -> Event:
    return Event(
        id=facts["id"],
        name=facts["name"],
        city=facts["city"],
        venue=facts["venue"],
        country=facts["country"],
        zone_name=facts["zone"],
        start=facts["start"],
        end=facts["end"],
        season=facts["season"],
        tags=tuple(facts["tags"]),
    )


def _facts(where: str) -> dict[str, Any]:
    return tomllib.loads((_PLACE / where / "meet.toml").read_text("utf-8"))


def _table(where: str, name: str) -> list[dict[str, str]]:
    """Return the rows of a table; none where the meet has no such table."""
    import csv

    file = _PLACE / where / name
    return list(csv.DictReader(file.read_text("utf-8").splitlines())) if file.exists() else []
