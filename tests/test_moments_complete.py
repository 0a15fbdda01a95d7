"""Moments: the kinds that tell the rest, and that nothing on the boards changes without one."""

from __future__ import annotations

from datetime import date, timedelta

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from msgspec.structs import replace

from longtrack.bests import Best, KnownBest
from longtrack.model import (
    Armband,
    Conditions,
    Discipline,
    Distance,
    Entry,
    Lane,
    Passage,
    Race,
    Skater,
    Status,
)
from longtrack.moments import HIDDEN, WEIGHTS, Kind, Moment, is_key
from longtrack.records import RecordBook
from told import (
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

THOUSAND_500 = Distance(Discipline.INDIVIDUAL, 1500, 4)
RECORDS = RecordBook.bundled()


def of_kind(kind: Kind, moments: list[Moment]) -> list[Moment]:
    return [moment for moment in moments if moment.kind is kind]


# --- marks on the way ----------------------------------------------------------------------------


def at_marks(key: str, *times: int, pair: int = 1, modelled: bool = False) -> Entry:
    """Somebody on the ice of a 1500 m."""
    marks = THOUSAND_500.marks
    passages = tuple(
        Passage(n + 1, marks[n], ms, ms - (times[n - 1] if n else 0), None, modelled)
        for n, ms in enumerate(times)
    )
    return replace(to_start(key, pair), status=Status.ON_ICE, passages=passages)


def home(key: str, *times: int, rank: int, pair: int = 1) -> Entry:
    skated = at_marks(key, *times, pair=pair)
    return replace(skated, status=Status.FINISHED, time_ms=times[-1], rank=rank)


def long_race(*entries: Entry) -> Race:
    return replace(race(*entries), distance=THOUSAND_500)


TAKAGI = home("yoshida", 25_360, 54_090, 84_010, 114_950, rank=1)


def test_every_further_passage_is_told_quietly_with_its_figures() -> None:
    before = long_race(TAKAGI, at_marks("kok", 25_300, pair=2))
    after = long_race(TAKAGI, at_marks("kok", 25_300, 54_200, pair=2))
    (moment,) = happened(before, after)
    assert (moment.kind, moment.quiet) == (Kind.PASSAGE, True)
    assert moment.text == "KOK 54.20 at 700 m, 0.11 behind YOSHIDA"
    assert moment.figures == {
        "mark_m": 700,
        "time_ms": 54_200,
        "lap_ms": 28_900,
        "behind_ms": 110,
    }


def test_a_modelled_passage_and_its_gap_are_marked() -> None:
    before = long_race(TAKAGI, at_marks("kok", 25_300, pair=2, modelled=True))
    after = long_race(TAKAGI, at_marks("kok", 25_300, 54_000, pair=2, modelled=True))
    (moment,) = happened(before, after)
    assert moment.text == "KOK ~54.00 at 700 m, ~0.09 ahead of YOSHIDA"
    assert moment.figures["modelled"] == 1


def test_the_fastest_at_the_last_full_mark_is_told_aloud_and_before_it_quietly() -> None:
    skating = at_marks("kok", 25_300, pair=2)
    early = long_race(TAKAGI, at_marks("kok", 25_300, 54_000, pair=2))
    late = long_race(TAKAGI, at_marks("kok", 25_300, 54_000, 83_900, pair=2))
    (leader,) = of_kind(Kind.LEADER, happened(long_race(TAKAGI, skating), early))
    assert leader.quiet
    (leader,) = of_kind(Kind.LEADER, happened(early, late))
    assert (leader.text, leader.quiet) == ("KOK 1:23.90 at 1100 m, 0.11 ahead of YOSHIDA", False)
    assert leader.figures == {"mark_m": 1100, "time_ms": 83_900, "behind_ms": -110}
    assert not is_key(leader), "the finish says more"


@pytest.mark.parametrize(
    "rival",
    [
        home("yoshida", 25_360, 54_090, 83_900, 114_950, rank=1),  # as fast
        replace(
            TAKAGI, passages=at_marks("yoshida", 25_360, 54_090, 84_010, 1, modelled=True).passages
        ),
    ],
)
def test_nobody_leads_at_a_mark_by_a_tie_or_against_modelled_times(rival: Entry) -> None:
    before = long_race(rival, at_marks("kok", 25_300, 54_000, pair=2))
    after = long_race(rival, at_marks("kok", 25_300, 54_000, 83_900, pair=2))
    assert of_kind(Kind.LEADER, happened(before, after)) == []


def test_the_first_pair_leads_at_no_mark() -> None:
    mate = at_marks("lee", 25_400, 54_300)
    before = long_race(mate, at_marks("kok", 25_300))
    after = long_race(mate, at_marks("kok", 25_300, 54_000))
    assert [m.kind for m in happened(before, after)] == [Kind.PASSAGE]


def test_a_passage_that_is_corrected_or_taken_back_is_told_quietly() -> None:
    skating = long_race(at_marks("kok", 25_300, 54_200))
    corrected = happened(skating, long_race(at_marks("kok", 25_300, 54_100)))
    assert [m.text for m in corrected] == ["KOK at 700 m corrected from 54.20 to 54.10"]
    back = happened(skating, long_race(at_marks("kok", 25_300)))
    assert [m.text for m in back] == ["KOK's time at 700 m is taken back"]
    assert all(m.quiet and m.kind is Kind.PASSAGE for m in (*corrected, *back))


def test_a_field_that_passes_together_is_one_sentence() -> None:
    distance = Distance(Discipline.MASS_START, None, 16)

    def lap(keys: list[str]) -> Race:
        skating = [
            replace(
                to_start(key),
                pair=None,
                status=Status.ON_ICE,
                passages=(Passage(1, 400, 40_000 + n, 40_000 + n, n + 1),),
            )
            for n, key in enumerate(keys)
        ]
        waiting = [replace(to_start(key), pair=None) for key in PEOPLE if key not in keys]
        return replace(race(*skating, *waiting), distance=distance)

    (moment,) = happened(lap([]), lap(list(PEOPLE)))
    assert (moment.kind, moment.text) == (Kind.PASSAGE, "KOK first of 7 after lap 1")
    assert [person.key for person in moment.people] == list(PEOPLE)


# --- personal and season bests -------------------------------------------------------------------


def knowing(personal: int | None = None, seasonal: int | None = None) -> RecordBook:
    """Return a book that knows bests of Kok alone."""
    kok = finished("kok", 0, 1).competitor
    assert isinstance(kok, Skater)
    known = [
        KnownBest(kok, Best("W500", ms, day, "Heerenveen", "high"), season)
        for ms, day, season in (
            (personal, date(2025, 1, 1), None),
            (seasonal, date(2025, 11, 1), 2026),
        )
        if ms is not None
    ]
    return RecordBook((), bests=tuple(known))


def in_ninth_place(ms: int, book: RecordBook) -> list[Moment]:
    others = [
        finished(key, 36_000 + n, n + 1) for n, key in enumerate(["lee", "yoshida", "ziomek"])
    ]
    before = race(*others, on_ice("kok", 10_300, 4, 2), to_start("leerdam", 3))
    after = race(*others, finished("kok", ms, 4, 2), to_start("leerdam", 3))
    return happened(before, after, book)


def test_a_personal_best_far_down_is_told_in_place_of_the_finish() -> None:
    finish, best = in_ninth_place(37_052, knowing(personal=37_170, seasonal=37_400))
    assert (finish.kind, finish.quiet) == (Kind.FINISH, True)
    assert (best.kind, best.sign, best.quiet) == (Kind.PERSONAL_BEST, "PB", False)
    assert best.text == "KOK 37.05, 4th, a personal best by 0.12"
    assert best.figures == {"time_ms": 37_052, "old_ms": 37_170, "margin_ms": 120}


def test_a_season_best_is_told_where_it_is_no_personal_one() -> None:
    _, best = in_ninth_place(37_052, knowing(personal=36_090, seasonal=37_100))
    assert (best.kind, best.text) == (Kind.SEASON_BEST, "KOK 37.05, 4th, a season best by 0.05")


@pytest.mark.parametrize(
    "book",
    [
        knowing(),
        knowing(personal=37_059),
        knowing(personal=36_000, seasonal=36_500),
        NO_RECORDS,
    ],
)
def test_no_best_is_told_where_none_is_known_or_none_is_beaten(book: RecordBook) -> None:
    (finish,) = in_ninth_place(37_052, book)
    assert (finish.kind, finish.quiet) == (Kind.FINISH, False)


def test_a_personal_best_on_the_podium_is_told_quietly_for_the_podium_says_more() -> None:
    before, after = race(on_ice("kok", 10_300, 1)), race(finished("kok", 37_052, 1))
    (best,) = of_kind(Kind.PERSONAL_BEST, happened(before, after, knowing(personal=37_170)))
    assert best.quiet


def test_a_best_of_the_first_race_of_the_meet_is_the_one_to_beat_in_the_second() -> None:
    from longtrack.happened import Known, between
    from told import AT

    friday = replace(race(finished("kok", 37_000, 1), number=3), start=EVENING - timedelta(hours=5))
    before = meet(friday, race(on_ice("kok", 10_300, 1)))
    for ms, said in ((37_052, 0), (36_980, 1)):
        after = meet(friday, race(finished("kok", ms, 1)))
        moments = between(before, after, AT, Known(knowing(personal=37_170)))
        bests = of_kind(Kind.PERSONAL_BEST, moments)
        assert [m.figures["old_ms"] for m in bests] == [37_000] * said


# --- podiums -------------------------------------------------------------------------------------


def test_when_all_are_in_the_podium_is_told_with_its_margins() -> None:
    first, second = finished("kok", 37_052, 1), finished("ziomek", 37_651, 2)
    before = race(first, second, on_ice("yoshida", 10_300, 1, 2))
    after = race(first, second, finished("yoshida", 37_759, 3, 2))
    moment = happened(before, after)[-1]
    assert (moment.kind, moment.quiet) == (Kind.PODIUM, False)
    assert moment.text == "W500 podium: KOK 37.05, ZIOMEK-NOGAL +0.60, YOSHIDA +0.70"
    assert moment.figures == {"time_ms": 37_052, "second_behind_ms": 600, "third_behind_ms": 700}
    assert of_kind(Kind.PODIUM, happened(after, replace(after, live=False))) == []


def test_a_ruling_that_changes_the_podium_tells_it_again() -> None:
    keys = ["kok", "ziomek", "yoshida", "lee"]
    before = race(*(finished(key, 37_000 + n * 100, n + 1) for n, key in enumerate(keys)))
    after = race(
        *(finished(key, 37_100 + n * 100, n + 1) for n, key in enumerate(keys[1:])),
        invalid("kok", Status.DQ, "T04"),
    )
    assert told(before, after) == [
        (Kind.DISQUALIFIED, "KOK is disqualified, false start (T04); ZIOMEK-NOGAL leads"),
        (Kind.PODIUM, "W500 podium: ZIOMEK-NOGAL 37.10, YOSHIDA +0.10, LEE +0.20"),
    ]


def test_who_is_pushed_off_the_podium_is_told_quietly() -> None:
    keys = ["ziomek", "yoshida", "lee"]
    waiting = to_start("jackson", 9)
    before = race(
        *(finished(key, 37_100 + n, n + 1) for n, key in enumerate(keys)),
        on_ice("kok", 10_300, 1, 2),
        waiting,
    )
    after = race(
        finished("kok", 37_000, 1, 2),
        *(finished(key, 37_100 + n, n + 2) for n, key in enumerate(keys)),
        waiting,
    )
    (off,) = of_kind(Kind.PODIUM, happened(before, after))
    assert (off.text, off.quiet) == ("LEE off the podium, 4th", True)


# --- rulings and corrections ---------------------------------------------------------------------


def test_a_fall_of_a_finisher_is_told_beside_the_finish() -> None:
    standing = finished("lee", 37_000, 1)
    fell = replace(finished("kok", 94_450, 2), remarks=("F",))
    kinds = [
        (m.kind, m.sign) for m in happened(race(standing, to_start("kok")), race(standing, fell))
    ]
    assert (Kind.FALL, "F") in kinds
    assert (
        of_kind(Kind.FALL, happened(race(standing, fell), race(replace(standing, rank=2), fell)))
        == []
    )


def test_a_code_stated_after_the_ruling_is_a_correction_and_no_second_disqualification() -> None:
    before, after = race(invalid("kok", Status.DQ)), race(invalid("kok", Status.DQ, "T09"))
    assert told(before, after) == [(Kind.CORRECTION, "KOK: obstruction at the crossing (T09)")]
    (warned,) = happened(
        race(finished("kok", 37_000, 1)), race(replace(finished("kok", 37_000, 1), remarks=("RW",)))
    )
    assert (warned.text, warned.quiet) == ("KOK: warned by the referee", True)


def test_a_record_is_taken_back_with_its_holder_and_the_next_one_has_it() -> None:
    before = race(finished("kok", 37_052, 1), finished("lee", 37_200, 2))
    after = race(finished("lee", 37_200, 1), invalid("kok", Status.DQ))
    corrections = of_kind(Kind.CORRECTION, happened(before, after, RECORDS))
    assert [m.text for m in corrections] == [
        "KOK 37.05 is no track record",
        "LEE 37.20 is the track record now, 0.05 under Kodaira's 37.25 (2019)",
    ]
    assert [m.figures["record"] for m in corrections] == ["TR", "TR"]


def test_a_record_is_gained_by_a_correction_of_a_time() -> None:
    before, after = race(finished("kok", 37_260, 1)), race(finished("kok", 37_240, 1))
    assert told(before, after, RECORDS) == [
        (Kind.CORRECTION, "KOK corrected from 37.26 to 37.24, 1st"),
        (
            Kind.CORRECTION,
            "KOK 37.24 is the track record now, 0.01 under Kodaira's 37.25 (2019)",
        ),
    ]
    assert of_kind(Kind.RECORD, happened(before, after, RECORDS)) == []


def test_a_record_that_is_beaten_is_not_taken_back() -> None:
    before = race(finished("lee", 37_200, 1), on_ice("kok", 10_300, 1, 2))
    after = race(finished("kok", 37_052, 1, 2), replace(finished("lee", 37_200, 1), rank=2))
    assert of_kind(Kind.CORRECTION, happened(before, after, RECORDS)) == []


def test_the_second_run_of_a_reskate_is_a_finish_even_if_the_first_time_stayed() -> None:
    other = finished("lee", 37_500, 1)
    first = replace(finished("kok", 38_000, 2), reskate=True)
    opener = Passage(1, 100, 10_200, 10_200, 1)
    second = replace(
        finished("kok", 37_700, 2),
        reskate=True,
        passages=(opener, Passage(2, 500, 37_700, 27_500, 2)),
    )
    waiting = to_start("jackson", 5)
    moments = happened(race(other, first, waiting), race(other, second, waiting))
    assert [m.text for m in moments] == [
        "KOK 37.70, 2nd in the re-skate",
        "KOK 37.70, 0.20 behind LEE",
    ]
    photo = replace(first, time_ms=37_990)
    (moment,) = happened(race(other, first, waiting), race(other, photo, waiting))
    assert moment.kind is Kind.CORRECTION


def test_a_reskate_that_is_refused_after_all_is_told() -> None:
    before, after = race(replace(to_start("kok"), reskate=True)), race(to_start("kok"))
    assert told(before, after) == [(Kind.CORRECTION, "KOK may not skate again after all")]


def test_a_result_that_loses_or_gets_a_row_is_corrected() -> None:
    kok, lee = finished("kok", 37_052, 1), finished("lee", 37_500, 2)
    assert told(race(kok, lee), race(kok)) == [
        (Kind.CORRECTION, "LEE 37.50 is not in the result any more")
    ]
    assert told(race(kok), race(kok, lee)) == [
        (Kind.CORRECTION, "LEE 37.50 is added to the result, 2nd")
    ]


# --- the race as a whole -------------------------------------------------------------------------


def test_a_list_that_is_published_names_everybody() -> None:
    (moment,) = happened(race(live=False), race(to_start("kok"), to_start("lee"), live=False))
    assert (moment.kind, moment.text) == (Kind.START_LIST, "W500: 2 on the start list")
    assert [person.key for person in moment.people] == ["kok", "lee"]


def test_changes_of_the_list_are_told_quietly() -> None:
    kok, lee = to_start("kok"), to_start("lee", 2)
    moments = [
        *happened(race(kok), race(kok, lee)),
        *happened(race(kok, lee), race(kok)),
        *happened(race(kok), race(replace(kok, pair=4))),
        *happened(race(kok, lee), race(replace(kok, pair=2), replace(lee, pair=1))),
    ]
    assert [moment.text for moment in moments] == [
        "LEE joins the start list",
        "LEE leaves the start list",
        "KOK in pair 4, inner lane",
        "KOK, LEE are drawn anew",
    ]
    assert all(moment.kind is Kind.START_LIST and moment.quiet for moment in moments)


def test_rows_that_get_other_keys_are_the_same_people() -> None:
    before = race(replace(to_start("kok"), key="s91"), replace(to_start("lee"), key="s92"))
    after = race(to_start("kok"), finished("lee", 37_500, 1))
    assert told(before, after) == [(Kind.LEADER, "LEE 37.50 leads")]


def test_a_row_that_is_somebody_elses_now_is_a_change_of_the_list() -> None:
    kok = replace(to_start("kok"), competitor=Skater("Kok", "Femke", "NED", id="1"))
    lee = replace(kok, competitor=Skater("Lee", "Na-Hyun", "KOR", id="2"))
    assert [m.text for m in happened(race(kok), race(lee))] == [
        "LEE joins the start list",
        "KOK leaves the start list",
    ]


def test_a_race_is_said_to_be_live_once_and_to_have_begun_only_when_somebody_is_clocked() -> None:
    waiting, skating = race(to_start("kok"), live=False), race(on_ice("kok", 10_300, 1), live=False)
    live = replace(waiting, live=True)
    assert told(waiting, live) == [(Kind.START, "W500 is live")]
    assert told(waiting, skating)[0] == (Kind.START, "W500 has begun")
    assert of_kind(Kind.START, happened(live, replace(skating, live=True))) == []
    assert of_kind(Kind.START, happened(skating, replace(skating, live=True))) == []


def test_ice_and_air_are_told_quietly_when_they_are_measured() -> None:
    before = race(to_start("kok"))
    after = replace(before, conditions=Conditions(ice_c=-8.5, air_c=15.9))
    (moment,) = happened(before, after)
    assert (moment.kind, moment.quiet) == (Kind.CONDITIONS, True)
    assert moment.text == "W500: ice −8.5°C, air 15.9°C"
    assert happened(before, replace(before, conditions=Conditions())) == []


def test_a_result_that_is_not_official_any_more_is_told() -> None:
    before = race(finished("kok", 37_052, 1), live=False, official=True)
    assert told(before, replace(before, official=False)) == [
        (Kind.CORRECTION, "W500 is not official any more")
    ]


# --- what is told aloud --------------------------------------------------------------------------


def test_every_kind_has_a_weight_and_the_hidden_ones_have_none() -> None:
    assert set(WEIGHTS) == set(Kind)
    assert {kind for kind, weight in WEIGHTS.items() if not weight} == HIDDEN


@pytest.mark.parametrize("kind", list(Kind))
def test_a_quiet_moment_is_never_a_key_moment(kind: Kind) -> None:
    key = {"record", "leader", "podium", "disqualified", "fall", "reskate", "correction"}
    key |= {"delayed", "cup_decided", "official"}
    moment = Moment(0, kind, "W500", "x")
    assert is_key(moment) == (kind.value in key)
    assert not is_key(replace(moment, quiet=True))


# --- complete ------------------------------------------------------------------------------------


def passages(times: list[int]) -> tuple[Passage, ...]:
    return tuple(Passage(n + 1, (100, 500)[n], ms, None, None) for n, ms in enumerate(times))


@st.composite
def rows(draw: st.DrawFn, key: str) -> Entry:
    """Any state a row can have, sensible or not."""
    status = draw(st.sampled_from(Status))
    done = status is Status.FINISHED
    return replace(
        to_start(key, draw(st.integers(1, 3))),
        status=status,
        lane=draw(st.sampled_from([Lane.INNER, Lane.OUTER, None])),
        armband=draw(st.sampled_from([Armband.WHITE, None])),
        rank=draw(st.none() | st.integers(1, 5)),
        time_ms=draw(
            st.sampled_from([None, 37_000, 37_020, 37_300] if not done else [37_000, 37_020, None])
        ),
        passages=passages(draw(st.lists(st.sampled_from([10_300, 10_310, 37_000]), max_size=2))),
        remarks=draw(st.sampled_from([(), ("F",), ("T09",), ("RS", "F")])),
        reskate=draw(st.booleans()),
    )


states = st.lists(st.sampled_from(list(PEOPLE)), max_size=7, unique=True).flatmap(
    lambda keys: st.tuples(*(rows(key) for key in keys)).map(lambda chosen: race(*chosen))
)


def visible(entry: Entry) -> tuple[object, ...]:
    marks = tuple((passage.mark_m, passage.time_ms) for passage in entry.passages)
    place = entry.status, entry.time_ms, entry.rank, entry.pair, entry.lane
    return *place, entry.remarks, entry.reskate, marks


@settings(max_examples=400)
@given(states, states)
def test_whatever_changes_on_the_board_some_moment_concerns_whom_it_is_about(
    before: Race, after: Race
) -> None:
    moments = happened(before, after, RECORDS)
    concerned = {person.key for moment in moments for person in moment.people}
    old = {entry.key: visible(entry) for entry in before.entries}
    new = {entry.key: visible(entry) for entry in after.entries}
    differ = {key for key in old | new if old.get(key) != new.get(key)}
    if after.entries:  # a list that is lost altogether is refused before it gets here
        assert differ <= concerned
    assert happened(after, replace(after), RECORDS) == []
    assert all(moment.quiet for moment in moments if moment.kind in HIDDEN)
