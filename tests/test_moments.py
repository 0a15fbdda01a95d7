"""Moments: what a fan is told when one state of a race follows another."""

from __future__ import annotations

from datetime import timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st
from msgspec.structs import replace

from longtrack.happened import Known, between
from longtrack.model import (
    Discipline,
    Distance,
    Entry,
    Passage,
    Race,
    Skater,
    Status,
)
from longtrack.moments import Kind, Moment, Person, explained, joined
from longtrack.records import RecordBook
from told import (
    AT,
    EVENING,
    NO_RECORDS,
    PEOPLE,
    finished,
    happened,
    invalid,
    meet,
    on_ice,
    race,
    to_start,
    told,
)

# --- openers -----------------------------------------------------------------------------------


def test_the_openers_of_a_pair_are_told_in_one_sentence() -> None:
    before = race(to_start("kok"), to_start("ziomek"))
    after = race(on_ice("kok", 10_331, 2), on_ice("ziomek", 10_289, 1))
    (moment,) = happened(before, after)
    assert moment.kind is Kind.OPENER
    assert moment.text == "ZIOMEK-NOGAL 10.28, KOK 10.33 at 100 m"
    assert [person.name for person in moment.people] == ["ZIOMEK-NOGAL Andżelika", "KOK Femke"]
    assert moment.figures == {"mark_m": 100, "time_ms": 10_289}
    assert (moment.pair, moment.race, moment.at) == (1, "W500", AT)


def test_an_opener_faster_than_those_of_the_pairs_before_is_told_as_the_fastest() -> None:
    standing = finished("lee", 38_000, 1, pair=1)
    before = race(standing, to_start("kok", 2))
    after = race(standing, on_ice("kok", 10_289, 1, 2))
    assert told(before, after) == [(Kind.OPENER, "KOK 10.28 at 100 m, fastest opener")]


def test_a_slower_opener_is_not_the_fastest_and_nor_is_that_of_the_first_pair() -> None:
    standing = finished("lee", 38_000, 1, pair=1)
    slower = told(race(standing, to_start("kok", 2)), race(standing, on_ice("kok", 10_500, 2, 2)))
    assert slower == [(Kind.OPENER, "KOK 10.50 at 100 m")]
    first = told(race(to_start("kok")), race(on_ice("kok", 10_289, 1)))
    assert first == [(Kind.OPENER, "KOK 10.28 at 100 m")]


def test_a_modelled_opener_is_marked_and_never_the_fastest() -> None:
    standing = finished("lee", 38_000, 1, pair=1)
    before = race(standing, to_start("kok", 2))
    after = race(standing, on_ice("kok", 10_289, 1, 2, modelled=True))
    assert told(before, after) == [(Kind.OPENER, "KOK ~10.28 at 100 m")]


def test_an_opener_is_told_once() -> None:
    skating = on_ice("kok", 10_289, 1)
    later = replace(skating, passages=(*skating.passages, Passage(2, 500, 37_052, 26_763, 1)))
    assert told(race(skating), race(later)) == []


def test_the_openers_of_a_pair_in_two_documents_are_joined_to_one_sentence() -> None:
    standing = finished("lee", 38_000, 1, pair=1)
    waiting, skating = to_start("ziomek", 2), on_ice("kok", 10_331, 2, 2)
    fastest = on_ice("ziomek", 10_289, 1, 2)
    first = happened(race(standing, to_start("kok", 2), waiting), race(standing, skating, waiting))
    second = happened(race(standing, skating, waiting), race(standing, skating, fastest))
    other = happened(race(to_start("yoshida", 3)), race(on_ice("yoshida", 10_400, 1, 3)))
    (pair, alone) = joined([*first, *second, *other])
    assert pair.text == "KOK 10.33, ZIOMEK-NOGAL 10.28 at 100 m, fastest opener"
    assert [person.key for person in pair.people] == ["kok", "ziomek"]
    assert alone == other[0]


def test_only_openers_of_the_same_pair_are_joined() -> None:
    finish = happened(race(on_ice("kok", 10_300, 1)), race(finished("kok", 37_052, 1)))
    assert joined([*finish, *finish]) == (*finish, *finish)
    assert joined([]) == ()


def test_laps_of_a_mass_start_are_no_openers() -> None:
    def crowd(*entries: Entry) -> Race:
        return replace(race(*entries), distance=Distance(Discipline.MASS_START, None, 16))

    skating = replace(
        to_start("kok"), status=Status.ON_ICE, passages=(Passage(1, 400, 40_000, 40_000, 1),)
    )
    (moment,) = happened(crowd(to_start("kok")), crowd(skating))
    assert (moment.kind, moment.text) == (Kind.PASSAGE, "KOK 40.00 after lap 1, 1st")
    assert moment.quiet


# --- finishes ----------------------------------------------------------------------------------


def test_the_first_to_finish_leads() -> None:
    moments = happened(race(on_ice("kok", 10_300, 1)), race(finished("kok", 37_052, 1)))
    assert [(m.kind, m.text, m.sign, m.quiet) for m in moments] == [
        (Kind.FINISH, "KOK 37.05, 1st", "", True),
        (Kind.LEADER, "KOK 37.05 leads", "1", False),
    ]
    assert moments[1].figures == {"time_ms": 37_052, "rank": 1}


def test_a_new_leader_is_told_with_the_margin_as_printed() -> None:
    before = race(finished("ziomek", 37_651, 1, pair=1), on_ice("kok", 10_300, 1, 2))
    after = race(finished("kok", 37_052, 1, 2), finished("ziomek", 37_651, 2, pair=1))
    (leader,) = (moment for moment in happened(before, after) if not moment.quiet)
    assert leader.text == "KOK 37.05 leads, 0.60 ahead of ZIOMEK-NOGAL"
    assert leader.figures == {"time_ms": 37_052, "rank": 1, "behind_ms": -600}
    assert [person.name for person in leader.people] == ["KOK Femke"]


def test_a_lead_of_a_thousandth_is_told_in_thousandths() -> None:
    before = race(finished("ziomek", 34_147, 1), on_ice("kok", 10_300, 1, 2))
    after = race(finished("kok", 34_146, 1, 2), finished("ziomek", 34_147, 2))
    assert told(before, after) == [(Kind.LEADER, "KOK 34.14 leads, 0.001 ahead of ZIOMEK-NOGAL")]


@pytest.mark.parametrize(("rank", "sign"), [(2, "2"), (3, "3")])
def test_a_place_on_the_podium_is_told_with_the_gap_to_the_leader(rank: int, sign: str) -> None:
    standing = [
        finished(key, 37_000 + n, n + 1) for n, key in enumerate(["kok", "lee"][: rank - 1])
    ]
    before = race(*standing, on_ice("ziomek", 10_300, 3, 2), to_start("jackson", 3))
    after = race(*standing, finished("ziomek", 37_651, rank, 2), to_start("jackson", 3))
    moments = [moment for moment in happened(before, after) if not moment.quiet]
    assert [(m.kind, m.text, m.sign) for m in moments] == [
        (Kind.PODIUM, "ZIOMEK-NOGAL 37.65, 0.65 behind KOK", sign)
    ]
    assert moments[0].figures == {"time_ms": 37_651, "rank": rank, "behind_ms": 650}


def test_from_the_fourth_place_on_a_finish_is_told_with_its_rank() -> None:
    standing = [finished(key, 37_000 + n, n + 1) for n, key in enumerate(["kok", "lee", "yoshida"])]
    before = race(*standing, on_ice("jackson", 10_300, 4, 2), to_start("leerdam", 3))
    after = race(*standing, finished("jackson", 43_940, 4, 2), to_start("leerdam", 3))
    assert told(before, after) == [(Kind.FINISH, "JACKSON 43.94, 4th")]


def test_two_who_finish_in_one_document_are_told_in_the_order_of_their_times() -> None:
    before = race(on_ice("kok", 10_300, 1), on_ice("ziomek", 10_290, 1))
    after = race(finished("kok", 37_052, 1), finished("ziomek", 37_651, 2))
    assert told(before, after) == [
        (Kind.LEADER, "KOK 37.05 leads"),
        (Kind.PODIUM, "ZIOMEK-NOGAL 37.65, 0.60 behind KOK"),
    ]
    backwards = race(*reversed(after.entries))
    assert told(before, backwards) == told(before, after)


def test_two_pairs_in_one_document_are_told_pair_by_pair_with_the_ranks_of_then() -> None:
    old = [finished("lee", 39_000, 1, pair=1)]
    before = race(*old, *(to_start(k, p) for k, p in [("jackson", 2), ("leerdam", 2), ("kok", 3)]))
    after = race(
        finished("kok", 37_052, 1, 3),
        finished("leerdam", 37_800, 2, 2),
        finished("jackson", 38_100, 3, 2),
        finished("lee", 39_000, 4, 1),
    )
    moments = happened(before, after)
    assert [m.text for m in moments if not m.quiet] == [
        "LEERDAM 37.80 leads, 1.20 ahead of LEE",
        "JACKSON 38.10, 0.30 behind LEERDAM",
        "KOK 37.05 leads, 0.75 ahead of LEERDAM",
        "W500 podium: KOK 37.05, LEERDAM +0.75, JACKSON +1.05",
    ]
    assert [m.figures["rank"] for m in moments if m.kind is Kind.FINISH] == [1, 2, 1]


def test_a_finisher_without_a_rank_is_not_called_the_leader() -> None:
    standing = finished("kok", 37_052, 1)
    before = race(standing, on_ice("lee", 10_300, 1, 2))
    after = race(standing, finished("lee", 39_000, None, 2))
    (moment,) = happened(before, after)
    assert (moment.kind, moment.text) == (Kind.FINISH, "LEE 39.00")
    assert "rank" not in moment.figures


def test_a_new_leader_is_not_measured_against_one_disqualified_in_the_same_document() -> None:
    before = race(
        finished("lee", 37_000, 1, 1),
        finished("yoshida", 38_000, 2, 1),
        on_ice("kok", 10_300, 1, 2),
    )
    after = race(
        finished("kok", 37_052, 1, 2), finished("yoshida", 38_000, 2, 1), invalid("lee", Status.DQ)
    )
    assert (Kind.LEADER, "KOK 37.05 leads, 0.94 ahead of YOSHIDA") not in told(before, after)
    assert (Kind.LEADER, "KOK 37.05 leads, 0.95 ahead of YOSHIDA") in told(before, after)


def test_a_whole_race_at_once_is_told_in_one_sentence() -> None:
    keys = list(PEOPLE)
    before = race(*(to_start(key, n // 2) for n, key in enumerate(keys)))
    after = race(*(finished(key, 37_052 + n * 100, n + 1, n // 2) for n, key in enumerate(keys)))
    (moment,) = happened(before, after)
    assert moment.kind is Kind.FINISH
    assert moment.text == "W500: 1 KOK 37.05, 2 ZIOMEK-NOGAL 37.15, 3 YOSHIDA 37.25"
    assert [person.key for person in moment.people] == keys


def test_names_have_an_initial_where_the_meet_has_two_of_them() -> None:
    other = replace(to_start("lee"), competitor=Skater("Kok", "Anna", "BEL"), key="other")
    elsewhere = race(other, number=8)
    before = meet(race(on_ice("kok", 10_300, 1)), elsewhere)
    after = meet(race(finished("kok", 37_052, 1)), elsewhere)
    assert between(before, after, AT, Known(NO_RECORDS))[-1].text == "KOK F. 37.05 leads"


# --- records -----------------------------------------------------------------------------------


def test_a_track_record_is_told_with_the_old_one_its_holder_its_year_and_the_margin() -> None:
    before, after = race(on_ice("kok", 10_300, 1)), race(finished("kok", 37_052, 1))
    moments = happened(before, after, RecordBook.bundled())
    record = next(moment for moment in moments if moment.kind is Kind.RECORD)
    assert record.text == "KOK 37.05, 0.20 under Kodaira's 37.25 (2019)"
    assert record.sign == "TR"
    assert record.figures == {
        "record": "TR",
        "time_ms": 37_052,
        "old_ms": 37_250,
        "margin_ms": 200,
    }
    assert [m.kind for m in moments if not m.quiet] == [Kind.RECORD, Kind.LEADER]


def test_a_record_lowered_earlier_in_the_race_is_the_one_that_falls() -> None:
    standing = finished("lee", 37_100, 1)
    before = race(standing, on_ice("kok", 10_300, 1, 2))
    after = race(finished("kok", 37_052, 1, 2), replace(standing, rank=2))
    moments = happened(before, after, RecordBook.bundled())
    record = next(moment for moment in moments if moment.kind is Kind.RECORD)
    assert record.text == "KOK 37.05, 0.05 under Lee's 37.10 (2025)"


def test_a_second_in_record_time_behind_the_first_sets_no_record() -> None:
    standing = finished("kok", 37_052, 1)
    before = race(standing, on_ice("lee", 10_300, 1, 2))
    after = race(standing, finished("lee", 37_100, 2, 2))
    kinds = [moment.kind for moment in happened(before, after, RecordBook.bundled())]
    assert Kind.RECORD not in kinds


def test_of_two_in_record_time_in_one_document_the_winner_sets_the_record() -> None:
    before = race(on_ice("kok", 10_300, 1), on_ice("lee", 10_290, 1))
    after = race(finished("kok", 37_052, 1), finished("lee", 37_100, 2))
    moments = happened(before, after, RecordBook.bundled())
    assert [m.text[:3] for m in moments if m.kind is Kind.RECORD] == ["KOK"]


def test_a_record_is_told_once_also_when_the_rest_of_the_race_comes_at_once() -> None:
    standing = finished("kok", 37_052, 1)
    rest = [key for key in PEOPLE if key != "kok"]
    before = race(standing, *(to_start(key, 2) for key in rest))
    after = race(standing, *(finished(key, 38_000 + n, n + 2, 2) for n, key in enumerate(rest)))
    kinds = [moment.kind for moment in happened(before, after, RecordBook.bundled())]
    assert kinds == [Kind.FINISH]


def test_a_record_in_a_race_that_comes_whole_is_told() -> None:
    keys = list(PEOPLE)
    before = race(*(to_start(key) for key in keys))
    after = race(*(finished(key, 37_052 + n, n + 1) for n, key in enumerate(keys)))
    kinds = [moment.kind for moment in happened(before, after, RecordBook.bundled())]
    assert kinds == [Kind.RECORD, Kind.FINISH]


# --- corrections and what does not count -------------------------------------------------------


def test_a_correction_is_told_with_both_times_and_both_ranks() -> None:
    before = race(finished("kok", 37_052, 1), finished("lee", 37_070, 2))
    after = race(finished("lee", 37_049, 1), finished("kok", 37_052, 2))
    moment, other = happened(before, after)
    assert moment.kind is Kind.CORRECTION
    assert moment.text == "LEE corrected from 37.07 to 37.04, 1st instead of 2nd; KOK now 2nd"
    assert moment.figures == {"time_ms": 37_049, "old_ms": 37_070, "rank": 1, "old_rank": 2}
    assert [person.key for person in moment.people] == ["lee"]
    assert not moment.quiet
    assert (other.text, other.quiet) == ("KOK now 2nd", True)


def test_a_correction_that_keeps_the_rank_says_so_once() -> None:
    before = race(finished("kok", 37_052, 1), finished("lee", 38_074, 2))
    after = race(finished("kok", 37_052, 1), finished("lee", 38_054, 2))
    assert told(before, after) == [(Kind.CORRECTION, "LEE corrected from 38.07 to 38.05, 2nd")]


def test_the_thousandth_of_the_photo_finish_is_no_news_unless_it_decides() -> None:
    before, after = race(finished("kok", 37_050, 1)), race(finished("kok", 37_052, 1))
    (moment,) = happened(before, after)
    assert (moment.kind, moment.quiet) == (Kind.CORRECTION, True)
    tied = race(finished("kok", 34_140, 1), finished("lee", 34_140, 1))
    decided = race(finished("kok", 34_146, 1), finished("lee", 34_147, 2))
    assert told(tied, decided) == [
        (Kind.CORRECTION, "LEE corrected from 34.14 to 34.14, 2nd instead of 1st")
    ]


def test_a_time_taken_back_is_told() -> None:
    before, after = race(finished("kok", 37_052, 1)), race(on_ice("kok", 10_300, 1))
    assert told(before, after) == [(Kind.CORRECTION, "KOK's time is taken back")]


def test_a_disqualification_is_told_with_its_reason_and_with_who_leads_now() -> None:
    before = race(finished("kok", 37_052, 1), finished("lee", 37_651, 2))
    after = race(finished("lee", 37_651, 1), invalid("kok", Status.DQ, "T09"))
    moment, other = happened(before, after)
    assert (other.text, other.quiet) == ("LEE now 1st", True)
    assert (moment.kind, moment.sign) == (Kind.DISQUALIFIED, "DQ")
    assert moment.text == "KOK is disqualified, obstruction at the crossing (T09); LEE leads"


def test_a_disqualification_of_somebody_else_changes_no_leader() -> None:
    before = race(finished("kok", 37_052, 1), finished("lee", 37_651, 2))
    after = race(finished("kok", 37_052, 1), invalid("lee", Status.DQ))
    assert told(before, after) == [(Kind.DISQUALIFIED, "LEE is disqualified")]


@pytest.mark.parametrize(
    ("status", "kind", "text"),
    [
        (Status.DNF, Kind.DID_NOT_FINISH, "KOK did not finish"),
        (Status.DNS, Kind.WITHDRAWN, "KOK did not start"),
        (Status.WDR, Kind.WITHDRAWN, "KOK has withdrawn"),
        (Status.INVALID, Kind.DID_NOT_FINISH, "KOK has no valid result"),
    ],
)
def test_an_end_without_a_result_is_told_in_its_own_words(
    status: Status, kind: Kind, text: str
) -> None:
    assert told(race(to_start("kok")), race(invalid("kok", status))) == [(kind, text)]


def test_a_fall_is_told_only_where_a_source_says_so() -> None:
    before, after = race(to_start("kok")), race(invalid("kok", Status.DNF, "F"))
    fall, end = happened(before, after)
    assert (fall.kind, fall.text, fall.sign) == (Kind.FALL, "KOK fell and did not finish", "F")
    assert (end.kind, end.text, end.quiet) == (Kind.DID_NOT_FINISH, "KOK did not finish", True)
    standing = finished("lee", 37_000, 1)
    slow = told(race(standing, to_start("kok")), race(standing, finished("kok", 94_450, 2)))
    assert slow == [(Kind.PODIUM, "KOK 1:34.45, 57.45 behind LEE")]


def test_a_result_given_back_counts_after_all() -> None:
    before = race(invalid("kok", Status.DQ))
    after = race(finished("kok", 37_052, 1))
    assert told(before, after) == [(Kind.CORRECTION, "KOK 37.05 counts after all, 1st")]


@pytest.mark.parametrize(
    ("code", "words"),
    [
        ("F", "fell"),
        ("RS", "skated again"),
        ("T04", "false start (T04)"),
        ("T25", "serious obstruction (T25)"),
        ("X99", "X99"),
    ],
)
def test_a_remark_is_explained_with_its_code_and_an_unknown_one_is_the_code(
    code: str, words: str
) -> None:
    assert explained(code) == words


def test_a_reskate_is_told_when_it_is_granted_and_the_time_is_not_called_taken_back() -> None:
    before = race(finished("kok", 37_052, 1))
    after = race(replace(to_start("kok"), reskate=True))
    moments = happened(before, after)
    assert [(m.kind, m.text, m.sign) for m in moments] == [
        (Kind.RESKATE, "KOK may skate again", "RS")
    ]


def test_a_reskate_is_told_once_and_its_finish_like_any_other() -> None:
    first, second = finished("lee", 37_651, 1), finished("lee", 37_651, 2)
    waiting = replace(to_start("kok"), reskate=True)
    again = replace(finished("kok", 37_000, 1), reskate=True)
    assert told(race(first, waiting), race(again, second)) == [
        (Kind.LEADER, "KOK 37.00 leads, 0.65 ahead of LEE")
    ]


# --- the race as a whole -----------------------------------------------------------------------


def test_a_race_is_called_official_with_its_podium() -> None:
    result = [finished(k, 37_000 + n, n + 1) for n, k in enumerate(["kok", "lee", "yoshida"])]
    fourth = finished("jackson", 43_940, 4)
    before = race(*result, fourth, live=False)
    (moment,) = happened(before, race(*result, fourth, live=False, official=True))
    assert (moment.kind, moment.text) == (
        Kind.OFFICIAL,
        "W500 is official: KOK 37.00, LEE +0.00, YOSHIDA +0.00",
    )
    assert [person.noc for person in moment.people] == ["NED", "KOR", "JPN"]


def test_a_race_without_a_result_is_not_called_official() -> None:
    assert happened(race(to_start("kok")), race(to_start("kok"), official=True)) == []


def test_a_race_called_official_before_its_result_is_there_is_told_with_the_result() -> None:
    waiting, result = to_start("kok"), finished("kok", 37_052, 1)
    before, after = race(waiting, official=True), race(result, official=True)
    assert told(before, after)[-1] == (Kind.OFFICIAL, "W500 is official: KOK 37.05")
    assert happened(after, race(result, official=True)) == []


@pytest.mark.parametrize(("minutes", "said"), [(50, True), (3, True), (2.9, False), (-10, False)])
def test_a_start_that_moves_by_three_minutes_is_a_delay(minutes: float, said: bool) -> None:
    before = race(to_start("kok"), live=False)
    after = replace(before, start=EVENING + timedelta(minutes=minutes))
    moments = happened(before, after)
    assert [m.kind for m in moments] == [Kind.DELAYED if said else Kind.START_LIST]
    assert [m.quiet for m in moments] == [not said]


def test_a_delay_is_told_by_the_rinks_clock() -> None:
    before = race(to_start("kok"), live=False)
    after = replace(before, start=EVENING + timedelta(minutes=50))
    assert told(before, after) == [(Kind.DELAYED, "W500 now starts at 19:20")]


def test_the_start_of_a_race_that_has_begun_is_no_delay() -> None:
    skating = race(on_ice("kok", 10_300, 1))
    assert happened(skating, replace(skating, start=EVENING + timedelta(hours=1))) == []


# --- what is not said --------------------------------------------------------------------------


def test_nothing_is_said_of_a_race_seen_for_the_first_time() -> None:
    after = meet(race(finished("kok", 37_052, 1)))
    assert between(None, after, AT, Known(NO_RECORDS)) == []
    assert between(meet(), after, AT, Known(NO_RECORDS)) == []


def test_nothing_is_said_when_the_start_list_was_not_known_before() -> None:
    (moment,) = happened(race(), race(finished("kok", 37_052, 1)))
    assert (moment.kind, moment.quiet) == (Kind.START_LIST, True)


entries = st.sampled_from(list(PEOPLE)).flatmap(
    lambda key: st.one_of(
        st.just(to_start(key)),
        st.integers(10_000, 11_000).map(lambda ms: on_ice(key, ms, 1)),
        st.tuples(st.integers(36_000, 95_000), st.none() | st.integers(1, 9)).map(
            lambda pair: finished(key, pair[0], pair[1])
        ),
        st.sampled_from([s for s in Status if s.is_invalid]).map(lambda s: invalid(key, s, "T09")),
        st.just(replace(to_start(key), reskate=True)),
    )
)
races = st.lists(entries, max_size=7, unique_by=lambda entry: entry.key).map(
    lambda chosen: race(*chosen)
)


@given(races, races)
def test_any_two_states_can_be_told_and_the_same_one_twice_says_nothing(
    before: Race, after: Race
) -> None:
    book = RecordBook.bundled()
    moments = happened(before, after, book)
    assert happened(after, after, book) == []
    assert happened(after, replace(after), book) == []
    for moment in moments:
        assert moment.text
        assert not moment.text.endswith((".", " ", ","))
        assert Moment.from_json(moment.to_json()) == moment
    told_of = [(m.kind, m.text, m.figures.get("record")) for m in moments]
    assert len(set(told_of)) == len(told_of)


def test_a_moment_survives_the_tape() -> None:
    moment = Moment(
        at=AT,
        kind=Kind.RECORD,
        race="W500-2B",
        text='KOK "F." 37.05, 0.20 under Żurek’s 37.25',
        people=(Person("KOK Femke", "NED", "91591"), Person("李 雪", "CHN")),
        figures={"record": "TR", "time_ms": 37_052, "margin_ms": -1},
        pair=10,
        sign="TR",
        quiet=True,
    )
    assert Moment.from_json(moment.to_json()) == moment
    bare = Moment(AT, Kind.DELAYED, "W500", "W500 now starts at 19:20")
    assert Moment.from_json(bare.to_json()) == bare
