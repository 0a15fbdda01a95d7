"""The fields of the feed's documents: those the readers live on, and all that were ever seen.

When the feed changes its shape this says what has changed, before a screen stays empty for a reason
nobody sees. The readers themselves (`longtrack.isu`, `longtrack.starts`) take any shape.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from typing import Any, Final

import msgspec


class Shape(msgspec.Struct, frozen=True):
    """What the rows of a document look like."""

    needed: tuple[str, ...]
    """Fields the readers live on; ``a|b`` where either will do."""
    others: tuple[str, ...] = ()
    """Fields that were seen, and that nothing here depends on."""
    within: Mapping[str, Shape] = {}
    """The shapes of objects, and of the rows of lists, in a field."""


class Compared(msgspec.Struct, frozen=True):
    """A document's rows beside the shape they should have; names are dotted (``track.city``)."""

    rows: int
    unknown: tuple[str, ...]
    """Fields that were never seen before."""
    missing: tuple[str, ...]
    """Fields the readers live on, of which no row has any."""


_TRACK: Final = Shape(
    ("name", "city", "timeZone"),
    (
        *("id", "country", "timeZoneOffset", "isOutdoor", "isActive"),
        *("altitude", "latitude", "longitude"),
    ),
)

EVENT: Final = Shape(
    ("isuId", "name", "start", "end", "season", "tags", "track"),
    (
        *("id", "isuShortName", "nationalFederation", "logo", "precision"),
        *("isPublished", "isCancelled", "trackUrl", "competitorsUrl", "teamsUrl"),
        *("competitionsUrl", "championshipsUrl", "scheduleUrl"),
    ),
    {"track": _TRACK},
)

SCHEDULE: Final = Shape(
    ("start", "links"),
    ("id", "title", "competitionDay"),
    {
        "links": Shape(
            ("identifier", "isLive"), ("id", "type", "url", "title", "isPublished", "order")
        )
    },
)

COMPETITION: Final = Shape(
    (
        *("scheduleNumber", "title", "start", "distance", "category", "division"),
        *("isLive", "isOfficial", "lastUpdate"),
    ),
    (
        *("type", "subTitle", "number", "referee", "starter", "isMedalEvent", "conditions"),
        *("resultsUrl", "personalBestsUrl", "created", "modified"),
    ),
    {"distance": Shape(("distance", "lapCount"), ("identifier", "name", "type", "resourceUrl"))},
)

_SKATER: Final = Shape(
    ("id", "firstName", "lastName", "country"),
    (
        *("gender", "dateOfBirth", "dateOfDeath", "isActive", "iocCode", "photo"),
        *("personalBestUrl", "created", "modified"),
    ),
)

_TEAM: Final = Shape(("name", "country"), ("gender",))

RESULT: Final = Shape(
    ("competitor|team", "status", "time", "rank", "laps"),
    (
        *("id", "type", "startNumber", "startLane", "armband", "timeBehind", "reskate", "medal"),
        *("isOfficial", "finishPhoto", "created", "modified"),
    ),
    {
        "competitor": Shape(
            ("skater|team",), ("number", "identifier"), {"skater": _SKATER, "team": _TEAM}
        ),
        "team": _TEAM,
        "laps": Shape(("number", "passageTime"), ("time", "rank", "sprintPoints")),
    },
)


def compared(data: object, shape: Shape) -> Compared:
    """Return a decoded document beside the shape its rows should have.

    Args:
        data: A row, a list of rows, or a page of a list.
        shape: The shape of a row.
    """
    if isinstance(data, dict) and isinstance(data.get("results"), list):
        data = data["results"]
    rows = [*_objects([data])]
    unknown, missing = _differences(rows, shape, "")
    return Compared(len(rows), tuple(dict.fromkeys(unknown)), tuple(dict.fromkeys(missing)))


def _differences(
    rows: list[Mapping[str, Any]], shape: Shape, prefix: str
) -> tuple[list[str], list[str]]:
    if not rows:
        return [], []
    seen = {key: None for row in rows for key in row}
    needed = [names.split("|") for names in shape.needed]
    known = {name for names in needed for name in names} | {*shape.others}
    unknown = [f"{prefix}{key}" for key in seen if key not in known]
    missing = [
        prefix + " or ".join(names) for names in needed if not any(name in seen for name in names)
    ]
    for name, inner in shape.within.items():
        inside = [*_objects(row.get(name) for row in rows)]
        more_unknown, more_missing = _differences(inside, inner, f"{prefix}{name}.")
        unknown += more_unknown
        missing += more_missing
    return unknown, missing


def _objects(values: Iterable[object]) -> Iterator[Mapping[str, Any]]:
    for value in values:
        for each in value if isinstance(value, list) else [value]:
            if isinstance(each, dict):
                yield each
