"""The record book: which record stood when a race began, and whether it fell."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta

import pytest
from msgspec.structs import replace

from longtrack.model import (
    Discipline,
    Distance,
    Division,
    Entry,
    Event,
    Gender,
    Meet,
    Race,
    Skater,
    Status,
    Team,
)
from longtrack.records import Record, RecordBook

FRIDAY = datetime(2025, 12, 12, 17, 30, tzinfo=UTC)
HAMAR = Event("2026_NOR_0001", "World Cup 4", city="Hamar", zone_name="Europe/Oslo")


@pytest.fixture(scope="module")
def book() -> RecordBook:
    return RecordBook.bundled()


def finisher(ms: int, family: str = "Kok", rank: int = 1, precision: int = 1) -> Entry:
    return Entry(
        key=family,
        competitor=Skater(family, "Femke", "NED"),
        status=Status.FINISHED,
        rank=rank,
        time_ms=ms,
        precision_ms=precision,
    )


def race(
    *entries: Entry,
    metres: int = 500,
    gender: Gender = Gender.WOMEN,
    number: int = 1,
    start: datetime | None = FRIDAY,
    division: Division = Division.A,
    ordinal: int = 1,
) -> Race:
    return Race(
        number=number,
        gender=gender,
        division=division,
        distance=Distance(Discipline.INDIVIDUAL, metres, -(-metres // 400)),
        ordinal=ordinal,
        title="",
        start=start,
        entries=entries,
    )


def meet(*races: Race, event: Event = HAMAR) -> Meet:
    return Meet(event, races)


def broken(book: RecordBook, of: Race, *others: Race, event: Event = HAMAR) -> dict[str, list[str]]:
    found = book.broken(of, meet(*others, of, event=event))
    return {key: [f"{r.kind} {r.time_ms} {r.holder}" for r in rs] for key, rs in found.items()}


# --- which record stood ------------------------------------------------------------------------


def test_the_track_record_of_hamar_stood_before_12_december_2025(book: RecordBook) -> None:
    record = book.standing("TR", "W500", "Hamar", date(2025, 12, 12))
    assert record is not None
    assert (record.time_ms, record.holder, record.noc, record.year) == (
        37_250,
        "Kodaira",
        "JPN",
        2019,
    )
    assert record.on == date(2019, 2, 2)


def test_a_track_record_stands_on_its_own_track_only_and_by_any_case(book: RecordBook) -> None:
    assert book.standing("TR", "W500", "Heerenveen", date(2025, 12, 12)) is None
    assert book.standing("TR", "W500", "", date(2025, 12, 12)) is None
    assert book.standing("TR", "W500", "HAMAR", date(2025, 12, 12)) is not None


def test_a_record_does_not_stand_before_it_was_set_nor_on_that_day(book: RecordBook) -> None:
    assert book.standing("TR", "W500", "Hamar", date(2019, 2, 1)) is None
    assert book.standing("TR", "W500", "Hamar", date(2019, 2, 2)) is None
    assert book.standing("TR", "W500", "Hamar", date(2019, 2, 3)) is not None


def test_a_world_record_stands_everywhere(book: RecordBook) -> None:
    for city in ("Hamar", "Salt Lake City", ""):
        record = book.standing("WR", "W500", city, date(2025, 12, 12))
        assert record is not None
        assert record.time_ms == 36_090


def test_a_world_record_of_later_does_not_count(book: RecordBook) -> None:
    at_hamar = book.standing("WR", "M5000", "Hamar", date(2025, 12, 13))
    at_inzell = book.standing("WR", "M5000", "Inzell", date(2026, 1, 24))
    afterwards = book.standing("WR", "M5000", "Inzell", date(2026, 1, 25))
    assert at_hamar is not None
    assert at_inzell is not None
    assert afterwards is not None
    assert (at_hamar.time_ms, at_hamar.holder) == (360_230, "Loubineaud")
    assert at_inzell.time_ms == 360_230
    assert (afterwards.time_ms, afterwards.holder) == (358_520, "Eitrem")


def test_a_record_without_a_day_counts_for_no_race() -> None:
    undated = Record("TR", "W500", 37_250, "Kodaira", "JPN", None, "Hamar", "low")
    assert RecordBook((undated,)).standing("TR", "W500", "Hamar", date(2030, 1, 1)) is None
    assert undated.year is None


def test_every_bundled_record_is_whole_and_no_two_stand_in_each_others_way(
    book: RecordBook,
) -> None:
    assert len(book.records) >= 25
    for record in book.records:
        assert record.kind in ("TR", "WR")
        assert record.on is not None
        assert record.time_ms > 30_000
        assert record.sure in ("high", "medium", "low")
        assert len(record.noc) == 3
    keys = [(r.kind, r.event, r.place if r.kind == "TR" else "", r.on) for r in book.records]
    assert len(set(keys)) == len(keys)
    for event in {record.event for record in book.records}:
        world = sorted(
            (r for r in book.records if (r.kind, r.event) == ("WR", event)),
            key=lambda r: r.on or date.min,
        )
        assert [r.time_ms for r in world] == sorted((r.time_ms for r in world), reverse=True)


# --- whether it fell ---------------------------------------------------------------------------


def test_a_faster_time_breaks_the_track_record_as_it_stood(book: RecordBook) -> None:
    assert broken(book, race(finisher(37_052))) == {"Kok": ["TR 37250 Kodaira"]}


def test_an_equal_time_breaks_nothing(book: RecordBook) -> None:
    assert broken(book, race(finisher(37_250))) == {}
    assert broken(book, race(finisher(37_251))) == {}


def test_a_record_falls_by_hundredths_and_not_by_thousandths(book: RecordBook) -> None:
    assert broken(book, race(finisher(37_249))) == {"Kok": ["TR 37250 Kodaira"]}
    exact = Record("TR", "W500", 37_258, "Kodaira", "JPN", date(2019, 2, 2), "Hamar", "high")
    assert broken(RecordBook((exact,)), race(finisher(37_251))) == {}


def test_a_world_record_on_its_track_is_both(book: RecordBook) -> None:
    assert broken(book, race(finisher(36_080))) == {"Kok": ["TR 37250 Kodaira", "WR 36090 Kok"]}


def test_only_the_best_of_a_race_holds_the_record(book: RecordBook) -> None:
    both = race(finisher(37_052), finisher(37_200, "Leerdam", 2))
    assert broken(book, both) == {"Kok": ["TR 37250 Kodaira"]}


def test_a_disqualified_skater_breaks_nothing(book: RecordBook) -> None:
    disqualified = replace(finisher(36_000), status=Status.DQ, rank=None)
    assert broken(book, race(disqualified, finisher(37_300, "Leerdam"))) == {}


def test_on_a_track_without_known_records_only_the_world_record_can_fall(book: RecordBook) -> None:
    elsewhere = replace(HAMAR, city="Heerenveen")
    assert broken(book, race(finisher(37_052)), event=elsewhere) == {}
    assert broken(book, race(finisher(36_000)), event=elsewhere) == {"Kok": ["WR 36090 Kok"]}


def test_a_race_of_another_gender_or_distance_has_its_own_record(book: RecordBook) -> None:
    assert broken(book, race(finisher(37_052), gender=Gender.MEN)) == {}
    assert broken(book, race(finisher(37_052), metres=1000)) == {
        "Kok": ["TR 73750 Takagi", "WR 71610 Bowe"]
    }


def test_the_record_of_friday_is_the_one_to_beat_on_sunday(book: RecordBook) -> None:
    friday = race(finisher(37_052))
    sunday = race(number=9, ordinal=2, start=FRIDAY + timedelta(days=2))
    record = book.to_beat("TR", sunday, meet(friday, sunday))
    assert record is not None
    assert (record.time_ms, record.holder, record.on, record.place) == (
        37_052,
        "Kok",
        date(2025, 12, 12),
        "Hamar",
    )
    slower = replace(sunday, entries=(finisher(37_100, "Leerdam"),))
    assert broken(book, slower, friday) == {}
    same_hundredth = replace(sunday, entries=(finisher(37_050, "Leerdam"),))
    assert broken(book, same_hundredth, friday) == {}
    faster = replace(sunday, entries=(finisher(37_049, "Leerdam"),))
    assert broken(book, faster, friday) == {"Leerdam": ["TR 37052 Kok"]}


def test_a_record_of_sunday_does_not_count_on_friday(book: RecordBook) -> None:
    friday = race(finisher(37_100))
    sunday = race(
        finisher(37_000, "Leerdam"), number=9, ordinal=2, start=FRIDAY + timedelta(days=2)
    )
    found = book.broken(friday, meet(friday, sunday))
    assert [record.holder for record in found["Kok"]] == ["Kodaira"]


def test_a_record_of_division_b_earlier_that_day_is_the_one_to_beat(book: RecordBook) -> None:
    lower = race(
        finisher(37_150, "Baek"),
        number=7,
        division=Division.B,
        start=FRIDAY - timedelta(hours=5),
    )
    upper = race(finisher(37_052))
    found = book.broken(upper, meet(upper, lower))
    assert [(record.holder, record.time_ms) for record in found["Kok"]] == [("Baek", 37_150)]


def test_an_earlier_time_that_does_not_count_lowers_no_record(book: RecordBook) -> None:
    disqualified = replace(finisher(36_900), status=Status.DQ, rank=None)
    unfinished = replace(finisher(36_950, "Leerdam"), status=Status.DNF, rank=2)
    friday = race(disqualified, unfinished)
    sunday = race(number=9, ordinal=2, start=FRIDAY + timedelta(days=2))
    record = book.to_beat("TR", sunday, meet(friday, sunday))
    assert record is not None
    assert record.holder == "Kodaira"


def test_a_team_holds_a_record_by_its_country(book: RecordBook) -> None:
    team = replace(finisher(217_000), competitor=Team("United States", "USA"))
    first = replace(
        race(team, gender=Gender.MEN), distance=Distance(Discipline.TEAM_PURSUIT, None, 8)
    )
    second = replace(first, number=2, entries=(), start=FRIDAY + timedelta(hours=1))
    record = book.to_beat("TR", second, meet(first, second))
    assert record is not None
    assert (record.time_ms, record.holder) == (217_000, "USA")


def test_without_a_day_there_is_no_record_to_beat(book: RecordBook) -> None:
    assert broken(book, race(finisher(30_000), start=None)) == {}


def test_nobody_has_broken_a_record_before_anybody_has_finished(book: RecordBook) -> None:
    assert broken(book, race()) == {}
