"""The record book: which record stood when a race began, and whether it fell."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta

import pytest
from msgspec.structs import replace

from longtrack.bests import Best, KnownBest
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
        assert record.source == "bundled"
        assert record.seen is None
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


# --- several sources ---------------------------------------------------------------------------


def track_record(
    time_ms: int, on: date | None, source: str, *, holder: str = "A", seen: int | None = None
) -> Record:
    return Record(
        kind="TR",
        event="W500",
        time_ms=time_ms,
        holder=holder,
        noc="NED",
        on=on,
        place="Hamar",
        sure="high",
        source=source,
        seen=seen,
    )


def stood(*records: Record, before: date = date(2025, 12, 12)) -> int | None:
    record = RecordBook(records).standing("TR", "W500", "Hamar", before)
    return None if record is None else record.time_ms


def test_where_sources_differ_the_fastest_time_is_the_record() -> None:
    slow = track_record(37_300, date(2018, 1, 1), "feed")
    fast = track_record(37_250, date(2019, 2, 2), "bundled")
    assert stood(slow, fast) == stood(fast, slow) == 37_250


def test_a_slower_time_of_a_better_source_and_a_later_day_denies_a_faster_one() -> None:
    better = track_record(37_300, date(2020, 1, 1), "feed")
    worse = track_record(37_250, date(2019, 2, 2), "bundled")
    assert stood(better, worse) == 37_300
    # The other way round a list is only out of date.
    assert stood(replace(better, source="bundled"), replace(worse, source="feed")) == 37_250


def test_an_older_record_of_a_better_source_denies_nothing() -> None:
    book = (
        track_record(37_800, date(2020, 1, 1), "feed"),
        track_record(37_100, date(2018, 1, 1), "feed"),
        track_record(37_250, date(2019, 2, 2), "bundled"),
    )
    # What its own source has improved on is no word about another's record.
    assert stood(*book) == 37_100


def test_a_fans_own_file_goes_before_all_others() -> None:
    own = track_record(37_400, date(2021, 1, 1), "own file")
    others = [
        track_record(37_200 + index, date(2020, 1, 1), source)
        for index, source in enumerate(("feed", "speedskatingresults.com", "bundled"))
    ]
    assert stood(own, *others) == 37_400


def test_a_source_nobody_knows_comes_last() -> None:
    odd = track_record(37_200, date(2019, 1, 1), "hearsay")
    assert stood(odd) == 37_200
    assert stood(odd, track_record(37_300, date(2020, 1, 1), "bundled")) == 37_300


def test_of_one_time_the_better_source_is_named() -> None:
    same = [track_record(37_250, date(2019, 2, 2), source) for source in ("bundled", "feed")]
    record = RecordBook(tuple(same)).standing("TR", "W500", "Hamar", date(2025, 12, 12))
    assert record is not None
    assert record.source == "feed"


def test_an_undated_record_counts_from_when_it_was_seen() -> None:
    seen = round((FRIDAY - timedelta(minutes=5)).timestamp() * 1000)
    undated = track_record(37_250, None, "feed", seen=seen)
    book = RecordBook((undated,))
    first = race(finisher(37_052))
    assert broken(book, first) == {"Kok": ["TR 37250 A"]}
    earlier = race(finisher(37_052), start=FRIDAY - timedelta(minutes=10))
    assert broken(book, earlier) == {}
    assert broken(RecordBook((replace(undated, seen=None),)), first) == {}


def test_a_record_of_the_day_itself_is_never_older_however_early_it_was_seen() -> None:
    seen = round((FRIDAY - timedelta(days=3)).timestamp() * 1000)
    assert stood(track_record(37_000, date(2025, 12, 12), "feed", seen=seen)) is None


def test_of_the_meets_own_days_its_results_decide_and_no_list(book: RecordBook) -> None:
    friday = race(finisher(37_052))
    sunday = race(number=9, ordinal=2, start=FRIDAY + timedelta(days=2))
    record = book.to_beat("TR", sunday, meet(friday, sunday))
    assert record is not None
    assert (record.time_ms, record.source) == (37_052, "this meet")
    # Whose result nobody has lies only in the lists.
    record = book.to_beat("TR", sunday, meet(race(), sunday))
    assert record is not None
    assert (record.time_ms, record.source) == (37_050, "bundled")


def test_a_correction_takes_a_record_back(book: RecordBook) -> None:
    friday = race(finisher(37_052), finisher(37_200, "Leerdam", 2))
    sunday = race(
        finisher(37_100, "Yoshida"), number=9, ordinal=2, start=FRIDAY + timedelta(days=2)
    )
    assert broken(book, friday) == {"Kok": ["TR 37250 Kodaira"]}
    assert broken(book, sunday, friday) == {}
    disqualified = replace(friday.entries[0], status=Status.DQ, rank=None)
    corrected = replace(friday, entries=(disqualified, replace(friday.entries[1], rank=1)))
    assert broken(book, corrected) == {"Leerdam": ["TR 37250 Kodaira"]}
    assert broken(book, sunday, corrected) == {"Yoshida": ["TR 37200 Leerdam"]}
    slower = replace(friday, entries=(finisher(37_252),))
    assert broken(book, slower) == {}
    assert broken(book, sunday, slower) == {"Yoshida": ["TR 37250 Kodaira"]}


# --- the evening of 12 December 2025 -----------------------------------------------------------


def men(*times: tuple[str, str, int], metres: int = 500) -> Race:
    entries = [
        replace(
            finisher(ms, family, rank),
            competitor=Skater(family, "X", noc, Gender.MEN),
            pair=10,
        )
        for rank, (family, noc, ms) in enumerate(times, start=1)
    ]
    return race(*entries, gender=Gender.MEN, metres=metres, number=2)


def test_the_records_that_fell_that_evening_stood_as_the_facts_have_them(book: RecordBook) -> None:
    day = date(2025, 12, 12)
    for event, time_ms, holder, year in (
        ("W500", 37_250, "Kodaira", 2019),
        ("M500", 34_240, "de Boo", 2025),
        ("M1500", 104_270, "Davis", 2009),
    ):
        record = book.standing("TR", event, "Hamar", day)
        assert record is not None
        assert (record.time_ms, record.holder, record.year) == (time_ms, holder, year)


def test_two_of_a_pair_under_the_record_make_one_record(book: RecordBook) -> None:
    pair = men(("Stolz", "USA", 33_970), ("de Boo", "NED", 34_210))
    assert broken(book, pair) == {"Stolz": ["TR 34240 de Boo"]}
    stolz, de_boo = pair.entries
    at_hamar = meet(pair)
    first = book.broken_by(stolz, pair, at_hamar, earlier=())
    assert [(record.kind, record.time_ms) for record in first] == [("TR", 34_240)]
    assert book.broken_by(de_boo, pair, at_hamar, earlier=[stolz]) == ()


def test_a_record_of_pair_three_is_the_one_for_pair_four(book: RecordBook) -> None:
    early, late = finisher(37_150, "Baek"), finisher(37_052)
    of = race(early, late)
    (former,) = book.broken_by(late, of, meet(of), earlier=[early])
    assert (former.holder, former.time_ms, former.on) == ("Baek", 37_150, date(2025, 12, 12))
    # At an earlier place on the tape it is not yet set.
    (former,) = book.broken_by(early, of, meet(of), earlier=[])
    assert former.holder == "Kodaira"


def test_the_1500_of_that_evening(book: RecordBook) -> None:
    assert broken(book, men(("Stolz", "USA", 104_160), metres=1500)) == {
        "Stolz": ["TR 104270 Davis"]
    }
    assert broken(book, men(("Stolz", "USA", 104_270), metres=1500)) == {}


# --- a world record is a track record ----------------------------------------------------------


def test_a_world_record_is_the_track_record_where_it_was_set(book: RecordBook) -> None:
    record = book.standing("TR", "M10000", "Calgary", date(2026, 1, 1))
    assert record is not None
    assert (record.kind, record.time_ms, record.holder) == ("TR", 745_690, "Ghiotto")
    # It stays that after another has taken the world record elsewhere.
    record = book.standing("TR", "M5000", "Salt Lake City", date(2026, 3, 1))
    assert record is not None
    assert record.time_ms == 360_230


def test_the_bundled_world_cups_have_their_world_records(book: RecordBook) -> None:
    slc = replace(HAMAR, city="Salt Lake City")
    start = datetime(2025, 11, 16, 21, tzinfo=UTC)
    found = broken(book, race(finisher(36_097), start=start), event=slc)
    assert found == {"Kok": ["TR 36360 Lee Sang-Hwa", "WR 36360 Lee Sang-Hwa"]}


# --- national and Olympic records --------------------------------------------------------------


def of_kind(kind: str, time_ms: int, noc: str = "NED") -> Record:
    return Record(kind, "W500", time_ms, "B", noc, date(2020, 1, 1), "Nagano", "high")


def test_a_national_record_falls_only_where_one_is_known() -> None:
    dutch = RecordBook((of_kind("NR", 37_100),))
    assert broken(dutch, race(finisher(37_052))) == {"Kok": ["NR 37100 B"]}
    assert broken(RecordBook((of_kind("NR", 37_100, "JPN"),)), race(finisher(37_052))) == {}


def test_each_country_has_a_national_record_of_its_own() -> None:
    book = RecordBook((of_kind("NR", 37_100), of_kind("NR", 38_000, "JPN")))
    japan = replace(finisher(37_700, "Yoshida", 3), competitor=Skater("Yoshida", "Yukino", "JPN"))
    of = race(finisher(37_052), finisher(37_090, "Leerdam", 2), japan)
    assert broken(book, of) == {"Kok": ["NR 37100 B"], "Yoshida": ["NR 38000 B"]}
    assert book.broken_by(japan, of, meet(of), earlier=of.entries[:2]) == (book.records[1],)


def test_an_olympic_record_falls_at_the_games_only() -> None:
    book = RecordBook((of_kind("OR", 37_100),))
    assert broken(book, race(finisher(37_052))) == {}
    for event in (
        replace(HAMAR, name="Olympic Winter Games 2030"),
        replace(HAMAR, tags=("olympic",)),
    ):
        assert broken(book, race(finisher(37_052)), event=event) == {"Kok": ["OR 37100 B"]}
    trials = replace(HAMAR, name="Olympic Qualifier")
    assert broken(book, race(finisher(37_052)), event=trials) == {}


# --- what is unknown ---------------------------------------------------------------------------


def test_it_is_known_which_records_are_unknown(book: RecordBook) -> None:
    of = race()
    assert book.unknown(of, meet(of)) == ()
    elsewhere = replace(HAMAR, city="Heerenveen")
    assert book.unknown(of, meet(of, event=elsewhere)) == ("TR",)
    assert RecordBook(()).unknown(of, meet(of)) == ("TR", "WR")
    games = replace(HAMAR, tags=("olympic",))
    assert book.unknown(of, meet(of, event=games)) == ("OR",)
    crowd = replace(of, distance=Distance(Discipline.MASS_START, None, 16))
    assert RecordBook(()).unknown(crowd, meet(crowd)) == ()


# --- what stands beside a time -----------------------------------------------------------------


def best(who: Skater, time_ms: int, on: date | None = date(2024, 1, 1)) -> KnownBest:
    return KnownBest(who, Best("W500", time_ms, on, "Calgary", "high"))


def test_marks_are_records_and_own_bests() -> None:
    kok, leerdam = Skater("Kok", "Femke", "NED"), Skater("Leerdam", "Femke", "NED")
    book = RecordBook(
        (track_record(37_250, date(2019, 2, 2), "feed"),),
        (
            best(kok, 36_090),
            replace(best(kok, 37_100), season=2026),
            best(leerdam, 37_500),
            replace(best(leerdam, 37_900), season=2026),
        ),
    )
    dated = replace(book.bests[1].best, on=date(2025, 11, 1))
    book = replace(book, bests=(book.bests[0], replace(book.bests[1], best=dated), *book.bests[2:]))
    of = race(finisher(37_052), finisher(37_400, "Leerdam", 2), finisher(38_000, "New", 3))
    assert book.marks(of, meet(of)) == {"Kok": ("TR", "SB"), "Leerdam": ("PB",)}


def test_an_equal_best_is_none_and_hundredths_decide() -> None:
    kok = Skater("Kok", "Femke", "NED")
    book = RecordBook((), (best(kok, 37_058),))
    equal, faster = race(finisher(37_051)), race(finisher(37_049))
    assert book.marks(equal, meet(equal)) == {}
    assert book.marks(faster, meet(faster)) == {"Kok": ("PB",)}


def test_a_best_of_the_same_meet_is_the_one_to_beat() -> None:
    kok = Skater("Kok", "Femke", "NED")
    book = RecordBook((), (best(kok, 37_500),))
    friday = race(finisher(37_052))
    sunday = race(finisher(37_100), number=9, ordinal=2, start=FRIDAY + timedelta(days=2))
    at_hamar = meet(friday, sunday)
    assert book.marks(friday, at_hamar) == {"Kok": ("PB",)}
    assert book.marks(sunday, at_hamar) == {}
    before = book.bests_before(sunday.entries[0], sunday, at_hamar)
    assert before.personal is not None
    assert (before.personal.time_ms, before.personal.source) == (37_052, "this meet")
    taken_back = replace(friday, entries=(replace(finisher(37_052), status=Status.DQ, rank=None),))
    assert book.marks(sunday, meet(taken_back, sunday)) == {"Kok": ("PB",)}


def test_a_skater_without_a_history_has_no_marks(book: RecordBook) -> None:
    of = race(finisher(37_900, "Nobody"))
    assert book.marks(of, meet(of)) == {}
    before = book.bests_before(of.entries[0], of, meet(of))
    assert before == (None, None)


def test_only_individual_distances_have_bests() -> None:
    kok = Skater("Kok", "Femke", "NED")
    book = RecordBook((), (best(kok, 37_500),))
    crowd = replace(race(finisher(37_052)), distance=Distance(Discipline.MASS_START, None, 16))
    assert book.marks(crowd, meet(crowd)) == {}
