"""The expected finish, and the lap that takes the lead."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from pathlib import Path
from random import Random
from time import perf_counter
from typing import Final

import pytest
from hypothesis import assume, given, settings
from hypothesis import strategies as st
from msgspec.structs import replace

from benchmarks.pace import Held, misses, read
from longtrack.model import Distance, Entry, Gender, Meet, Passage, Race, Status
from longtrack.pace import ENOUGH, LEAST, Expected, alike, expected_finishes, lap_to_lead
from meets import (
    DISTANCES,
    FIFTEEN_HUNDRED,
    FIVE_HUNDRED,
    MASS_START,
    TEAM_PURSUIT,
    TEN_THOUSAND,
    THOUSAND,
    assert_fills,
    entry,
    line_with,
    race,
    scene,
    span_of,
)
from rinkside.drawing import board
from rinkside.drawing.band import HEIGHT, TALL, band

WITH_FINISH: Final = [each for each in DISTANCES if each is not MASS_START]


def passages(
    distance: Distance, times: Sequence[int], *, modelled: bool = False
) -> tuple[Passage, ...]:
    return tuple(
        Passage(number, mark, time, None, None, modelled)
        for number, (mark, time) in enumerate(zip(distance.marks, times, strict=False), start=1)
    )


def evenly(distance: Distance, lap_ms: int, count: int | None = None) -> list[int]:
    """Return passages at one pace; the opener takes its share of a lap and two seconds."""
    marks = distance.marks[:count]
    return [2_000 + lap_ms * mark // 400 for mark in marks]


def finisher(
    index: int, distance: Distance, times: Sequence[int], *, modelled: bool = False
) -> Entry:
    return entry(
        index,
        Status.FINISHED,
        time_ms=times[-1],
        passages=passages(distance, times, modelled=modelled),
    )


def skating(index: int, distance: Distance, times: Sequence[int], **more: bool) -> Entry:
    return entry(index, Status.ON_ICE, passages=passages(distance, times, **more))


def even_field(distance: Distance, count: int = 6, *, modelled: bool = False) -> list[Entry]:
    return [
        finisher(number, distance, evenly(distance, 30_000 + 200 * number), modelled=modelled)
        for number in range(count)
    ]


def expected(entries: Sequence[Entry], distance: Distance, key: str = "90") -> Expected:
    found = expected_finishes(ranked(entries, distance))
    assert key in found
    return found[key]


def ranked(entries: Sequence[Entry], distance: Distance) -> Race:
    order = sorted(entry.time_ms or 0 for entry in entries if entry.status is Status.FINISHED)
    return race(
        [
            replace(each, rank=order.index(each.time_ms or 0) + 1)
            if each.status is Status.FINISHED
            else each
            for each in entries
        ],
        distance,
    )


# --- facts ---------------------------------------------------------------------------------------


@pytest.mark.parametrize("distance", WITH_FINISH, ids=str)
def test_from_the_first_mark_on_there_is_a_finish_to_expect(distance: Distance) -> None:
    field = even_field(distance)
    whole = evenly(distance, 30_700)
    for count in range(1, distance.laps):
        figure = expected([*field, skating(90, distance, whole[:count])], distance)
        assert figure.mark_m == distance.marks[count - 1]
        assert abs(figure.time_ms - whole[-1]) < whole[-1] // 100
        assert figure.rests_on == 6


def test_at_an_even_pace_the_finish_is_hit_as_soon_as_there_are_laps() -> None:
    field = even_field(TEN_THOUSAND)
    on_ice = skating(90, TEN_THOUSAND, evenly(TEN_THOUSAND, 30_500, 11))
    figure = expected([*field, on_ice], TEN_THOUSAND)
    assert abs(figure.time_ms - evenly(TEN_THOUSAND, 30_500)[-1]) <= 2
    assert figure.either_way_ms <= 2
    assert figure.rank == 4


def test_the_order_in_a_pair_is_that_of_the_expected_finishes() -> None:
    # 14 laps to go and both ahead of the best so far: 1st and 2nd, as on the drawing.
    field = even_field(TEN_THOUSAND)
    ahead = skating(90, TEN_THOUSAND, evenly(TEN_THOUSAND, 29_700, 11))
    behind = skating(91, TEN_THOUSAND, evenly(TEN_THOUSAND, 29_900, 10))
    found = expected_finishes(ranked([*field, ahead, behind], TEN_THOUSAND))
    assert (found["90"].rank, found["91"].rank) == (1, 2)
    assert (found["90"].mark_m, found["91"].mark_m) == (4400, 4000)


def test_who_is_on_the_ice_of_another_pair_counts_for_nothing() -> None:
    # Somebody who fell may stay on the ice in the feed long after.
    field = even_field(THOUSAND)
    left = skating(80, THOUSAND, evenly(THOUSAND, 29_000, 1))
    on_ice = skating(90, THOUSAND, evenly(THOUSAND, 29_900, 2))
    assert expected([*field, left, on_ice], THOUSAND).rank == 1


def test_too_few_to_compare_with_make_no_figure() -> None:
    on_ice = skating(90, THOUSAND, evenly(THOUSAND, 30_000, 1))
    for count in range(LEAST):
        assert not expected_finishes(ranked([*even_field(THOUSAND, count), on_ice], THOUSAND))
    assert expected_finishes(ranked([*even_field(THOUSAND, LEAST), on_ice], THOUSAND))


def test_a_mass_start_has_no_expected_finish() -> None:
    entries = [*even_field(MASS_START), skating(90, MASS_START, evenly(MASS_START, 30_000, 3))]
    assert expected_finishes(ranked(entries, MASS_START)) == {}


def test_nothing_is_expected_before_the_first_mark() -> None:
    assert not expected_finishes(
        ranked([*even_field(THOUSAND), entry(90, Status.ON_ICE), entry(91)], THOUSAND)
    )


def test_modelled_passages_are_nothing_to_go_by() -> None:
    on_ice = skating(90, THOUSAND, evenly(THOUSAND, 30_000, 1))
    modelled = even_field(THOUSAND, 10, modelled=True)
    assert not expected_finishes(ranked([*modelled, on_ice], THOUSAND))
    itself = skating(90, THOUSAND, evenly(THOUSAND, 30_000, 1), modelled=True)
    assert not expected_finishes(ranked([*even_field(THOUSAND), itself], THOUSAND))


def test_a_modelled_lap_leaves_the_figure_of_the_published_opener() -> None:
    times = evenly(THOUSAND, 30_000, 2)
    on_ice = skating(90, THOUSAND, times)
    half = replace(
        on_ice, passages=(on_ice.passages[0], replace(on_ice.passages[1], modelled=True))
    )
    figure = expected([*even_field(THOUSAND), half], THOUSAND)
    assert figure.mark_m == 200


@pytest.mark.parametrize("status", [Status.DQ, Status.DNF, Status.DNS, Status.WDR, Status.INVALID])
def test_who_has_no_valid_result_is_no_comparison(status: Status) -> None:
    field = [replace(each, status=status) for each in even_field(THOUSAND)]
    on_ice = skating(90, THOUSAND, evenly(THOUSAND, 30_000, 1))
    assert not expected_finishes(ranked([*field, on_ice], THOUSAND))


def test_one_fall_in_the_field_moves_the_figure_little() -> None:
    field = even_field(THOUSAND, 12)
    on_ice = skating(90, THOUSAND, evenly(THOUSAND, 30_500, 1))
    before = expected([*field, on_ice], THOUSAND)
    fallen = finisher(50, THOUSAND, [time + 11_000 for time in evenly(THOUSAND, 30_500)])
    after = expected([*field, fallen, on_ice], THOUSAND)
    assert abs(after.time_ms - before.time_ms) < 100
    assert after.either_way_ms < before.either_way_ms + 200


def test_who_has_fallen_loses_the_time_once() -> None:
    field = even_field(THOUSAND, 12)
    opener = evenly(THOUSAND, 30_500)[0]
    standing = expected([*field, skating(90, THOUSAND, [opener])], THOUSAND)
    fallen = expected([*field, skating(90, THOUSAND, [opener + 9_000])], THOUSAND)
    # Beyond a tenth of the pace nothing is lost anew: half the opener is not half the speed.
    assert 9_000 <= fallen.time_ms - standing.time_ms < 9_000 + 6_000


def test_a_season_best_draws_the_figure_towards_it() -> None:
    field = even_field(THOUSAND, 6)
    on_ice = skating(90, THOUSAND, evenly(THOUSAND, 30_500, 1))
    bests = {each.key: (each.time_ms or 0) - 300 for each in field}
    one = ranked([*field, on_ice], THOUSAND)
    plain = expected_finishes(one)["90"]
    usual = evenly(THOUSAND, 30_500)[-1]

    def found(best_ms: int) -> Expected:
        known = {**bests, "90": best_ms}
        return expected_finishes(one, best=lambda each: known.get(each.key))["90"]

    assert found(usual - 2_300).time_ms < plain.time_ms < found(usual + 2_300).time_ms
    # Without those of the field it says nothing: who knows what the ice is worth today.
    alone = expected_finishes(one, best=lambda each: 60_000 if each.key == "90" else None)
    assert alone["90"] == plain


def test_finishers_of_another_race_count_until_there_are_enough() -> None:
    other = ranked(even_field(THOUSAND, 7), THOUSAND)
    on_ice = skating(90, THOUSAND, evenly(THOUSAND, 30_500, 1))
    for own, rests_on in ((0, 7), (3, 10), (ENOUGH - 1, 14), (ENOUGH, ENOUGH)):
        one = ranked([*even_field(THOUSAND, own), on_ice], THOUSAND)
        assert expected_finishes(one, [other])["90"].rests_on == rests_on


def test_alike_are_races_over_the_same_distance_by_the_same_gender() -> None:
    one = race([entry(0)], THOUSAND)
    held = even_field(THOUSAND, 2)
    others = [
        replace(race(held, THOUSAND), number=2),
        replace(race(held, THOUSAND, gender=Gender.MEN), number=3),
        replace(race(even_field(FIVE_HUNDRED, 2), FIVE_HUNDRED), number=4),
        replace(race([entry(0)], THOUSAND), number=5),
    ]
    meet = Meet(scene(one).meet.event, (one, *others))
    assert [other.number for other in alike(meet, one)] == [2]


# --- properties ----------------------------------------------------------------------------------

distances = st.sampled_from(WITH_FINISH)


@st.composite
def skated(draw: st.DrawFn, distance: Distance) -> list[int]:
    """Return somebody's passages to the finish: laps of 24 to 40 seconds, or a fall in one."""
    first = distance.marks[0] * draw(st.integers(70, 110))
    laps = draw(
        st.lists(
            st.integers(24_000, 40_000), min_size=distance.laps - 1, max_size=distance.laps - 1
        )
    )
    times = [first]
    for lap in laps:
        times.append(times[-1] + lap)
    return times


@st.composite
def fields_of(draw: st.DrawFn) -> tuple[Distance, list[Entry], list[int]]:
    """Return a distance, a field that has finished, and the passages of one more."""
    distance = draw(distances)
    field = draw(st.lists(skated(distance), min_size=LEAST, max_size=12))
    entries = [finisher(index, distance, times) for index, times in enumerate(field)]
    return distance, entries, draw(skated(distance))


def best_of(bests: Mapping[str, int] | None, each: Entry) -> int | None:
    return None if bests is None else bests.get(each.key)


@settings(max_examples=150)
@given(fields_of(), st.data())
def test_the_band_holds_the_expectation_and_more_passages_keep_it(
    field: tuple[Distance, list[Entry], list[int]], data: st.DataObject
) -> None:
    distance, entries, times = field
    bests = data.draw(
        st.none()
        | st.dictionaries(
            st.sampled_from([*(each.key for each in entries), "90"]), st.integers(30_000, 900_000)
        )
    )
    for count in range(1, distance.laps + 1):
        one = ranked([*entries, skating(90, distance, times[:count])], distance)
        figure = expected_finishes(one, best=lambda each: best_of(bests, each)).get("90")
        if distance.laps == 1:
            continue
        assert figure is not None
        assert times[count - 1] <= figure.low_ms <= figure.time_ms <= figure.high_ms
        assert 1 <= figure.rank <= len(entries) + 1
        assert figure.rests_on == len(entries)
        faster = [each for each in entries if (each.time_ms or 0) < figure.time_ms]
        assert figure.rank == len(faster) + 1


@settings(max_examples=150)
@given(fields_of(), st.data())
def test_slower_at_a_mark_is_never_a_better_expectation(
    field: tuple[Distance, list[Entry], list[int]], data: st.DataObject
) -> None:
    distance, entries, times = field
    assume(distance.laps > 1)
    count = data.draw(st.integers(1, distance.laps - 1))
    lost = data.draw(st.integers(1, 20_000))
    slower = [*times[: count - 1], times[count - 1] + lost]
    fast = expected([*entries, skating(90, distance, times[:count])], distance)
    slow = expected([*entries, skating(90, distance, slower)], distance)
    assert slow.time_ms >= fast.time_ms + lost
    assert slow.rank >= fast.rank


@settings(max_examples=100)
@given(fields_of(), st.integers(0, 2**32))
def test_the_order_of_the_field_and_ones_own_finish_do_not_matter(
    field: tuple[Distance, list[Entry], list[int]], seed: int
) -> None:
    distance, entries, times = field
    on_ice = skating(90, distance, times[: max(1, distance.laps - 1)])
    before = expected_finishes(ranked([*entries, on_ice], distance))
    mixed = [*entries, on_ice]
    Random(seed).shuffle(mixed)
    assert expected_finishes(ranked(mixed, distance)) == before
    # The feed may keep the time of a start that is skated again.
    known = replace(on_ice, time_ms=times[-1])
    assert expected_finishes(ranked([*entries, known], distance)) == before


odd_passages = st.lists(
    st.builds(
        Passage,
        number=st.integers(-2, 40),
        mark_m=st.sampled_from([-400, 0, 100, 200, 300, 400, 500, 600, 700, 1000, 1100, 99_999]),
        time_ms=st.integers(-5_000, 1_000_000),
        lap_ms=st.none() | st.integers(-5_000, 100_000),
        rank=st.none() | st.integers(-1, 40),
        modelled=st.booleans(),
    ),
    max_size=6,
)


@settings(max_examples=200)
@given(
    st.sampled_from(DISTANCES),
    st.lists(
        st.tuples(st.sampled_from(Status), odd_passages, st.none() | st.integers(-10, 1_000_000)),
        max_size=12,
    ),
    st.none() | st.integers(-10, 1_000_000),
)
def test_nothing_odd_breaks_it(
    distance: Distance,
    starts: list[tuple[Status, list[Passage], int | None]],
    best: int | None,
) -> None:
    entries = [
        entry(index, status, passages=tuple(marks), time_ms=time, rank=1)
        for index, (status, marks, time) in enumerate(starts)
    ]
    one = race(entries, distance)
    found = expected_finishes(one, [one], lambda _: best)
    assert set(found) <= {each.key for each in one.on_ice}
    for figure in found.values():
        assert figure.low_ms <= figure.time_ms <= figure.high_ms
    for each in entries:
        lap_to_lead(one, each)


def test_a_race_of_twenty_takes_less_than_a_millisecond() -> None:
    field = even_field(TEN_THOUSAND, 18)
    pair = [
        skating(90, TEN_THOUSAND, evenly(TEN_THOUSAND, 30_100, 14)),
        skating(91, TEN_THOUSAND, evenly(TEN_THOUSAND, 30_300, 13)),
    ]
    one = ranked([*field, *pair], TEN_THOUSAND)
    bests = {each.key: 760_000 for each in one.entries}
    assert len(one.on_ice) == 2
    took = []
    for _ in range(20):
        begun = perf_counter()
        expected_finishes(one, best=lambda each: bests[each.key])
        took.append(perf_counter() - begun)
    # The best of many, for the machine may be busy; and a race of 25 passages is the longest.
    assert min(took) < 0.001


# --- the lap that takes the lead -----------------------------------------------------------------


def test_the_lap_that_takes_the_lead_is_that_of_the_drawing() -> None:
    leader = entry(0, Status.FINISHED, time_ms=37_650, rank=1, precision_ms=10)
    kok = skating(90, FIVE_HUNDRED, [10_330])
    jackson = skating(91, FIVE_HUNDRED, [12_160], modelled=True)
    one = race([leader, kok, jackson])
    assert lap_to_lead(one, kok) == (27_310, 1, False)
    assert lap_to_lead(one, jackson) == (25_480, 1, True)


def test_at_1000_m_it_is_all_that_is_left() -> None:
    leader = entry(0, Status.FINISHED, time_ms=73_592, rank=1)
    opener = skating(90, THOUSAND, [17_902])
    lap = skating(91, THOUSAND, [17_902, 44_966])
    one = race([leader, opener, lap], THOUSAND)
    assert lap_to_lead(one, opener) == (55_680, 2, False)
    assert lap_to_lead(one, lap) == (28_610, 1, False)


@given(st.integers(30_000, 80_000), st.integers(9_000, 29_000))
def test_skated_to_its_last_thousandth_it_leads_and_a_hundredth_more_does_not_for_certain(
    best: int, opener: int
) -> None:
    leader = entry(0, Status.FINISHED, time_ms=best, rank=1)
    on_ice = skating(90, FIVE_HUNDRED, [opener])
    needed = lap_to_lead(race([leader, on_ice]), on_ice)
    assert needed is not None
    assert needed.time_ms % 10 == 0
    assert opener + needed.time_ms + 9 < best
    assert opener + needed.time_ms + 10 + 9 >= best


def test_where_no_lap_takes_the_lead_there_is_none() -> None:
    leader = entry(0, Status.FINISHED, time_ms=37_650, rank=1)
    late = skating(90, FIVE_HUNDRED, [37_645])
    home = skating(91, FIVE_HUNDRED, [10_300, 37_600])
    waiting = entry(92, Status.ON_ICE)
    one = race([leader, late, home, waiting])
    assert [lap_to_lead(one, each) for each in one.entries] == [None] * 4
    alone = skating(90, FIVE_HUNDRED, [10_300])
    assert lap_to_lead(race([alone]), alone) is None
    for distance in (FIFTEEN_HUNDRED, TEN_THOUSAND, TEAM_PURSUIT):
        other = skating(90, distance, evenly(distance, 30_000, 2))
        assert lap_to_lead(ranked([*even_field(distance), other], distance), other) is None


# --- on screen -----------------------------------------------------------------------------------


def pinned(one: Race, width: int, key: str = "LEE") -> str:
    drawn = board.draw(scene(one), width, 20, pins=True)
    assert_fills(drawn.lines, width)
    return line_with(drawn.lines, key).text


def on_1500() -> Race:
    field = [
        finisher(index, FIFTEEN_HUNDRED, evenly(FIFTEEN_HUNDRED, 30_000 + 200 * index))
        for index in range(6)
    ]
    last = [
        skating(90, FIFTEEN_HUNDRED, evenly(FIFTEEN_HUNDRED, 30_300, 3)),
        skating(91, FIFTEEN_HUNDRED, evenly(FIFTEEN_HUNDRED, 29_900, 3)),
    ]
    return ranked([*field, *last], FIFTEEN_HUNDRED)


def test_the_cup_column_holds_the_expected_finish_in_tenths() -> None:
    rows = board.draw(scene(on_1500()), 80, 24, pins=True).lines
    assert rows[2].text.rstrip().endswith("~1:55.6")
    assert rows[3].text.rstrip().endswith("~1:54.1")
    assert span_of(rows[3], "~1:54.1").bold
    assert "1100" in rows[3].text


def test_a_board_without_that_column_holds_none() -> None:
    for width in (50, 54, 56):
        rows = board.draw(scene(on_1500()), width, 24, pins=True).lines
        assert_fills(rows, width)
        if "cup" not in rows[0].text:
            assert "~" not in "".join(row.text for row in rows)


def test_time_and_mark_hold_what_is_needed_where_the_opener_has_its_column() -> None:
    one = ranked([*even_field(THOUSAND), skating(91, THOUSAND, [17_000, 46_900])], THOUSAND)
    assert "17.00 needs 30.09" in pinned(one, 80)
    narrow = pinned(one, 60)
    assert "needs" not in narrow
    assert "46.90 600" in narrow


def test_what_a_modelled_opener_needs_carries_its_sign() -> None:
    opener = skating(91, THOUSAND, [17_000], modelled=True)
    row = pinned(ranked([*even_field(THOUSAND), opener], THOUSAND), 80)
    assert "~17.00 needs~59.99 " in row


def test_a_rank_of_two_figures_at_the_opener_gives_way() -> None:
    opener = skating(91, THOUSAND, [17_000])
    opener = replace(opener, passages=(replace(opener.passages[0], rank=19),))
    assert "17.00 needs 59.99" in pinned(ranked([*even_field(THOUSAND), opener], THOUSAND), 80)


def test_more_than_a_minute_to_skate_leaves_the_opener_in_sight() -> None:
    slow = finisher(0, THOUSAND, [18_000, 48_000, 79_000])
    for modelled, words in ((False, "  17.50 needs 1:01.49 "), (True, " ~17.50 needs~1:01.49 ")):
        opener = skating(91, THOUSAND, [17_500], modelled=modelled)
        assert words in pinned(ranked([slow, opener], THOUSAND), 80)


def drawn(one: Race, width: int, height: int, *, tints: bool = True) -> str:
    lines = band(scene(one), one, width, height, tints=tints)
    assert len(lines) == height
    assert_fills(lines, width)
    return "\n".join(line.text for line in lines)


def test_the_band_of_a_long_distance_tells_time_band_and_place() -> None:
    field = even_field(TEN_THOUSAND)
    pair = [
        skating(90, TEN_THOUSAND, evenly(TEN_THOUSAND, 29_700, 11)),
        skating(91, TEN_THOUSAND, evenly(TEN_THOUSAND, 29_900, 10)),
    ]
    told = drawn(ranked([*field, *pair], TEN_THOUSAND), 120, TALL)
    assert "finish ~12:24.50 ±0.1 ~1st" in told
    assert "finish ~12:29.50 ±0.1 ~2nd" in told


@pytest.mark.parametrize("width", [110, 120, 160, 200])
def test_the_small_band_has_it_below_the_lap(width: int) -> None:
    assert "finish ~1:55.62" in drawn(on_1500(), width, HEIGHT)


def test_where_a_rule_closes_the_band_it_stands_beside_the_lap() -> None:
    lines = drawn(on_1500(), 200, HEIGHT, tints=False).splitlines()
    assert "finish ~1:55.62" in lines[3]
    assert set(lines[4]) == {"─"}


def test_the_band_says_what_a_sprint_needs() -> None:
    opener = skating(90, FIVE_HUNDRED, [10_330])
    leader = entry(0, Status.FINISHED, time_ms=37_650, rank=1)
    assert "needs 27.31" in drawn(race([leader, opener]), 120, HEIGHT)
    modelled = skating(90, FIVE_HUNDRED, [12_160], modelled=True)
    assert "needs ~25.48" in drawn(race([leader, modelled]), 120, HEIGHT)
    two_laps = skating(90, THOUSAND, [17_000])
    one = ranked([*even_field(THOUSAND), two_laps], THOUSAND)
    assert "needs 59.99 for 2 laps" in drawn(one, 120, HEIGHT)


def test_of_modelled_passages_nothing_is_shown_as_expected() -> None:
    field = even_field(TEN_THOUSAND, modelled=True)
    times = evenly(TEN_THOUSAND, 29_700, 11)
    one = ranked([*field, skating(90, TEN_THOUSAND, times, modelled=True)], TEN_THOUSAND)
    assert scene(one).expected == {}
    assert "finish ~" not in drawn(one, 120, TALL)


# --- the benchmark -------------------------------------------------------------------------------

CLOCKED: Final = """\
t_s,kind,pair,lane,name,noc,mark_m,time_ms,note
0.0,entry,1,I,Vera Falla,AUT,,,pb=80000;sb=80500
0.0,entry,1,O,Ada Blad,NOR,,,
1.0,passage,1,I,Vera Falla,AUT,200,18000,rank=1
1.0,passage,1,O,Ada Blad,NOR,200,18200,rank=2
2.0,retract,1,O,Ada Blad,NOR,,,
3.0,passage,1,O,Ada Blad,NOR,200,18300,rank=2
4.0,passage,1,O,Ada Blad,NOR,600,48000,
5.0,passage,1,O,Ada Blad,NOR,1000,79247,
6.0,commit,1,I,Vera Falla,AUT,,,invalid=4
6.0,commit,1,O,Ada Blad,NOR,,79242,
"""


def test_the_benchmark_reads_a_race_as_it_was_clocked(tmp_path: Path) -> None:
    file = tmp_path / "race.csv"
    file.write_text(CLOCKED, "utf-8")
    held = read(file)
    assert held.race.distance == THOUSAND
    assert held.bests == {"Vera Falla": 80_500}
    falla, blad = held.race.entries
    assert (falla.status, blad.status, blad.time_ms) == (Status.DNF, Status.FINISHED, 79_242)
    assert [each.time_ms for each in blad.passages] == [18_300, 48_000, 79_247]


def test_the_benchmark_leaves_the_skater_out() -> None:
    field = even_field(THOUSAND, 8)
    held = Held(race(field, THOUSAND), {})
    left_out = [*misses(held, 600, live=False, with_bests=False)]
    assert len(left_out) == 8
    assert max(abs(miss.error) for miss in left_out) <= 2
    # As live: the first two pairs, and the third itself, have too few before them.
    assert len([*misses(held, 600, live=True, with_bests=False)]) == 4
