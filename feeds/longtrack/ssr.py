"""The wire: speedskatingresults.com's JSON of records and of skaters' bests.

The fields are those its clients read; times are written the Dutch way (``1.11,55``), and now and
then with a colon (``4:00.393``). A season is named there by the year it begins in, here by the one
it ends in. Everything is untrusted: what can't be read is unknown.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from datetime import date
from typing import Any, Final, NamedTuple
from urllib.parse import quote

import msgspec

from longtrack import fields
from longtrack.model import Gender, Skater
from longtrack.names import plain
from longtrack.records import Record
from longtrack.sources import ARCHIVE
from longtrack.times import Clocked, read_time

_MOST_FOUND: Final = 20
"""A search returns no more, and does not say that there are more."""

_DUTCH: Final = re.compile(
    r"(?:(?P<minutes>[0-9]{1,3})[.:])?(?P<seconds>[0-9]{1,2}),(?P<fraction>[0-9]{1,3})"
)
_LETTERS: Final = {Gender.WOMEN: "f", Gender.MEN: "m"}


class Skated(NamedTuple):
    """A time over a distance."""

    metres: int
    clocked: Clocked
    on: date | None
    place: str


# --- paths -------------------------------------------------------------------------------------


def lookup_path(who: Skater, gender: Gender) -> str:
    """Return the path of the search for a skater."""
    return (
        f"skater_lookup?familyname={_quoted(who.family)}&givenname={_quoted(who.given)}"
        f"&country={_quoted(who.noc)}&gender={_LETTERS[gender]}"
    )


def personal_path(skater: int) -> str:
    """Return the path of a skater's personal records over all distances."""
    return f"personal_records?skater={skater}"


def season_path(skater: int, season: int) -> str:
    """Return the path of a skater's bests of a season, named by the year it ends in."""
    return f"season_bests?skater={skater}&start={season - 1}&end={season - 1}"


def competitions_path(skater: int, season: int) -> str:
    """Return the path of a skater's competitions, which tell the numbers of tracks."""
    return f"skater_competitions?skater={skater}&season={season - 1}"


def track_path(track: int) -> str:
    """Return the path of a track's records."""
    return f"track_records?track={track}"


def world_path(gender: Gender) -> str:
    """Return the path of the world records of the seniors of a gender."""
    return f"world_records?gender={_LETTERS[gender]}&age=sr"


def olympic_path(gender: Gender) -> str:
    """Return the path of the Olympic records of a gender."""
    return f"olympic_records?gender={_LETTERS[gender]}&age=sr"


def country_path(noc: str, gender: Gender) -> str:
    """Return the path of a country's records of the seniors of a gender."""
    return f"country_records?country={_quoted(noc)}&gender={_LETTERS[gender]}&age=sr"


def _quoted(text: str) -> str:
    return quote(text, safe="").replace("~", "%7E")


# --- documents ---------------------------------------------------------------------------------


def read_clock(value: object) -> Clocked | None:
    """Read a time such as ``"36,07"``, ``"1.11,55"`` or ``"4:00.393"``; None where it is none."""
    if isinstance(value, str) and (found := _DUTCH.fullmatch(value.strip())):
        minutes = f"{found['minutes']}:" if found["minutes"] else ""
        return read_time(f"{minutes}{found['seconds']}.{found['fraction']}")
    return read_time(value)


def read_lookup(body: bytes, who: Skater, gender: Gender) -> int | None:
    """Return the number of a skater; None where none is found, or more than one could be meant."""
    rows = list(_rows(body, "skaters"))
    wanted = _folded(who.family, who.given)
    found = {
        number
        for row in rows
        if (number := fields.integer(row.get("id"))) is not None
        and _folded(fields.text(row.get("familyname")), fields.text(row.get("givenname"))) == wanted
        and fields.noc(row.get("country")) == who.noc
        and fields.text(row.get("gender")).lower()[:1] == _LETTERS[gender]
    }
    # Of a list that is full, others of that name may be left out.
    return found.pop() if len(found) == 1 and len(rows) < _MOST_FOUND else None


def read_personal(body: bytes) -> tuple[Skated, ...]:
    """Read a skater's personal records."""
    return tuple(_skated(_rows(body, "records")))


def read_season(body: bytes, season: int) -> tuple[Skated, ...]:
    """Read a skater's bests of a season, named by the year it ends in."""
    return tuple(
        skated
        for row in _rows(body, "seasons")
        if fields.integer(row.get("start")) == season - 1
        for skated in _skated(fields.mappings(row.get("records")))
    )


def read_track(body: bytes, city: str) -> int | None:
    """Return the number of the track in a city, off a skater's competitions; None if unclear."""
    wanted = plain(city)
    found = {
        number
        for row in _rows(body, "competitions")
        if (number := fields.integer(row.get("trackid"))) is not None
        and plain(_city(row)) == wanted
    }
    return found.pop() if len(found) == 1 else None


def read_records(
    body: bytes, kind: str, seen: int, *, place: str = "", noc: str = ""
) -> tuple[Record, ...]:
    """Read the records of a track, the world, the Olympic Games or a country.

    Args:
        body: The document.
        kind: One of `longtrack.records.KINDS`.
        seen: When it was had, in tape time.
        place: The city whose track records they are.
        noc: The country whose records they are.
    """
    records = []
    for row in _rows(body, "records"):
        age, skater = fields.text(row.get("age")).lower(), fields.mapping(row.get("skater"))
        if age not in ("", "sr"):
            continue
        letter = fields.text(row.get("gender") or skater.get("gender")).lower()[:1]
        gender = next((each for each, known in _LETTERS.items() if known == letter), None)
        holder = fields.text(skater.get("familyname"))
        for skated in _skated(iter((row,))):
            if gender is None or not holder:
                continue
            records.append(
                Record(
                    kind=kind,
                    event=f"{gender}{skated.metres}",
                    time_ms=skated.clocked.ms,
                    holder=holder,
                    noc=noc or fields.noc(skater.get("country")),
                    on=skated.on,
                    place=place or skated.place,
                    sure="high",
                    source=ARCHIVE,
                    seen=seen,
                )
            )
    return tuple(records)


def _skated(rows: Iterator[Mapping[str, Any]]) -> Iterator[Skated]:
    for row in rows:
        metres, clocked = fields.integer(row.get("distance")), read_clock(row.get("time"))
        if metres is None or not 0 < metres <= 50_000 or clocked is None or clocked.ms == 0:
            continue
        yield Skated(metres, clocked, fields.day(row.get("date")), _city(row))


def _rows(body: bytes, name: str) -> Iterator[Mapping[str, Any]]:
    try:
        data = msgspec.json.decode(body)
    except (msgspec.DecodeError, UnicodeDecodeError, RecursionError):
        return iter(())
    return fields.mappings(data if isinstance(data, list) else fields.mapping(data).get(name))


def _city(row: Mapping[str, Any]) -> str:
    # Whether the country stands behind the city was not seen.
    return fields.text(row.get("location")).partition(" (")[0]


def _folded(family: str, given: str) -> list[str]:
    letters = plain(f"{family} {given}")
    return sorted("".join(each if each.isalnum() else " " for each in letters).split())
