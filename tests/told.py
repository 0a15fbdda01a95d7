"""Two states of a race, and what is told when one follows the other."""

from __future__ import annotations

from datetime import UTC, datetime

from msgspec.structs import replace

from longtrack.happened import Known, between
from longtrack.model import (
    Discipline,
    Distance,
    Division,
    Entry,
    Event,
    Gender,
    Lane,
    Meet,
    Passage,
    Race,
    Skater,
    Status,
)
from longtrack.moments import Kind, Moment
from longtrack.records import RecordBook

EVENING = datetime(2025, 12, 12, 17, 30, tzinfo=UTC)
AT = 1_765_562_345_678
HAMAR = Event("2026_NOR_0001", "World Cup 4", city="Hamar", zone_name="Europe/Oslo")
NO_RECORDS = RecordBook(())
W500 = Distance(Discipline.INDIVIDUAL, 500, 2)

PEOPLE = {
    "kok": ("Kok", "Femke", "NED"),
    "ziomek": ("Ziomek-Nogal", "Andżelika", "POL"),
    "yoshida": ("Yoshida", "Yukino", "JPN"),
    "jackson": ("Jackson", "Brittany", "USA"),
    "leerdam": ("Leerdam", "Jutta", "NED"),
    "fledderus": ("Fledderus", "Isabel", "NED"),
    "lee": ("Lee", "Na-Hyun", "KOR"),
}


def to_start(key: str, pair: int = 1) -> Entry:
    family, given_name, noc = PEOPLE[key]
    return Entry(
        key=key,
        competitor=Skater(family, given_name, noc),
        status=Status.TO_START,
        pair=pair,
        lane=Lane.INNER,
    )


def on_ice(key: str, opener_ms: int, rank: int, pair: int = 1, *, modelled: bool = False) -> Entry:
    opener = Passage(1, 100, opener_ms, opener_ms, rank, modelled)
    return replace(to_start(key, pair), status=Status.ON_ICE, passages=(opener,))


def finished(key: str, ms: int, rank: int | None, pair: int = 1) -> Entry:
    passages = (Passage(1, 100, 10_300, 10_300, 1), Passage(2, 500, ms, ms - 10_300, rank))
    return replace(
        to_start(key, pair), status=Status.FINISHED, passages=passages, time_ms=ms, rank=rank
    )


def invalid(key: str, status: Status, *remarks: str, pair: int = 1) -> Entry:
    return replace(to_start(key, pair), status=status, remarks=remarks)


def race(*entries: Entry, live: bool = True, official: bool = False, number: int = 7) -> Race:
    return Race(
        number=number,
        gender=Gender.WOMEN,
        division=Division.A,
        distance=W500,
        ordinal=1,
        title="500m Women",
        start=EVENING,
        live=live,
        official=official,
        entries=entries,
        entries_known=bool(entries),
    )


def meet(*races: Race) -> Meet:
    return Meet(HAMAR, races)


def happened(before: Race, after: Race, book: RecordBook = NO_RECORDS) -> list[Moment]:
    return between(meet(before), meet(after), AT, Known(book))


def told(before: Race, after: Race, book: RecordBook = NO_RECORDS) -> list[tuple[Kind, str]]:
    """Return what the ticker shows: the moments that no other one says louder."""
    return [(m.kind, m.text) for m in happened(before, after, book) if not m.quiet]
