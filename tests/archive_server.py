"""Documents as speedskatingresults.com writes them, for a server on the loopback."""

from __future__ import annotations

import json
from collections.abc import Iterable
from typing import Any, Final

from longtrack import ssr
from longtrack.model import Gender, Skater

HAMAR_TRACK: Final = 31


def encode(data: object) -> bytes:
    """Return a document's body."""
    return json.dumps(data, ensure_ascii=False).encode()


def dutch(ms: int) -> str:
    """Return a time as it is written there: ``36,07``, ``1.11,55``."""
    minutes, rest = divmod(ms // 10, 6_000)
    seconds = f"{rest // 100:02},{rest % 100:02}"
    return f"{minutes}.{seconds}" if minutes else seconds


def skated(metres: int, ms: int, on: str, place: str = "Calgary (CAN)") -> dict[str, Any]:
    """Return a row of a skater's bests."""
    return {"distance": metres, "time": dutch(ms), "date": on, "location": place}


def found(who: Skater, number: int, letter: str = "f") -> dict[str, Any]:
    """Return a row of a search for a skater."""
    return {
        "id": number,
        "familyname": who.family,
        "givenname": who.given,
        "country": who.noc,
        "gender": letter,
        "category": "S",
    }


def record(metres: int, ms: int, on: str, who: Skater, letter: str = "f") -> dict[str, Any]:
    """Return a row of a list of records."""
    return {
        **skated(metres, ms, on),
        "gender": letter,
        "age": "sr",
        "skater": found(who, 1, letter),
    }


def of_skater(
    who: Skater,
    number: int,
    personal: Iterable[dict[str, Any]] = (),
    season: Iterable[dict[str, Any]] = (),
    *,
    gender: Gender = Gender.WOMEN,
) -> dict[str, bytes]:
    """Return all documents about one skater, by path."""
    letter = "f" if gender is Gender.WOMEN else "m"
    meets = [{"id": 1, "name": "WC", "location": "Hamar", "trackid": HAMAR_TRACK}]
    return {
        ssr.lookup_path(who, gender): encode({"skaters": [found(who, number, letter)]}),
        ssr.personal_path(number): encode({"records": list(personal)}),
        ssr.season_path(number, 2026): encode(
            {"seasons": [{"start": 2025, "records": list(season)}]}
        ),
        ssr.competitions_path(number, 2026): encode({"competitions": meets}),
    }
