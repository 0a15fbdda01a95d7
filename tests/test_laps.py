"""Laps, rivals and openers: what somebody won and lost, and against whom."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st
from msgspec.structs import replace

import tenthousand
from longtrack.duel import duel, in_laps, running
from longtrack.laps import flying_laps, lap_ranks, laps, openers
from longtrack.model import Armband, Distance, Entry, Passage, Race, Status
from longtrack.reference import Reference
from longtrack.rivals import Rival, nearest, pair_mate, rivals
from longtrack.times import gap_ms, show_gap
from meets import (
    FIFTEEN_HUNDRED,
    FIVE_HUNDRED,
    MASS_START,
    TEAM_PURSUIT,
    TEN_THOUSAND,
    entry,
    race,
)


def passages(
    times: list[int], distance: Distance, modelled: frozenset[int] = frozenset()
) -> tuple[Passage, ...]:
    marks = distance.marks
    return tuple(
        Passage(
            number=number + 1,
            mark_m=marks[number],
            time_ms=time,
            lap_ms=time - (times[number - 1] if number else 0),
            rank=None,
            modelled=marks[number] in modelled,
        )
        for number, time in enumerate(times)
    )


def skated(index: int, times: list[int], distance: Distance, **more: object) -> Entry:
    """Return somebody who has skated so far; with all marks, to the finish."""
    whole = len(times) == distance.laps
    facts: dict[str, object] = {
        "status": Status.FINISHED if whole else Status.ON_ICE,
        "time_ms": times[-1] if whole else None,
        "passages": passages(times, distance),
    }
    return replace(entry(index), **{**facts, **more})


def ranked(*entries: Entry, distance: Distance = FIFTEEN_HUNDRED) -> Race:
    """Return a race of these, finishers ranked by time."""
    done = sorted(each.time_ms for each in entries if each.time_ms is not None)
    known = [
        replace(each, rank=1 + done.index(each.time_ms)) if each.time_ms is not None else each
        for each in entries
    ]
    return race(known, distance)


def drawn() -> Race:
    return ranked(
        *(skated(index, times, TEN_THOUSAND) for index, times in enumerate(tenthousand.times())),
        distance=TEN_THOUSAND,
    )


# --- laps -----------------------------------------------------------------------------------------


def test_the_laps_as_drawn() -> None:
    found = drawn()
    ghiotto, _, jilek, _ = found.entries
    rows = laps(found, jilek, Reference.of(ghiotto, "GHIOTTO"))
    assert len(rows) == 25
    told = {
        row.passage.mark_m: (
            row.lap_rank,
            row.rank,
            show_gap(row.gap_ms or 0),
            show_gap(row.lost_ms or 0),
        )
        for row in rows
    }
    assert told[400] == (1, 1, "−0.66", "−0.66")
    assert told[800] == (1, 1, "−0.78", "−0.12")
    assert told[1200] == (1, 1, "−0.96", "−0.18")
    assert told[8400] == (2, 1, "−3.07", "+0.02")
    assert told[10000][1:] == (1, "−3.74", "−0.04")
    assert [row.is_opener for row in rows] == [True] + [False] * 24
    assert len(flying_laps(rows)) == 24


def test_without_a_reference_there_are_no_gaps() -> None:
    found = drawn()
    assert {row.gap_ms for row in laps(found, found.entries[0])} == {None}


def test_a_mark_the_reference_was_not_clocked_at_has_no_gap_nor_the_lap_after_it() -> None:
    other = skated(1, [25_000, 54_000, 84_000, 115_000], FIFTEEN_HUNDRED)
    other = replace(other, passages=(other.passages[0], *other.passages[2:]))
    own = skated(0, [25_100, 54_000, 84_200, 115_300], FIFTEEN_HUNDRED)
    rows = laps(race([own, other], FIFTEEN_HUNDRED), own, Reference.of(other, "X"))
    assert [row.gap_ms for row in rows] == [100, None, 200, 300]
    assert [row.lost_ms for row in rows] == [100, None, None, 100]


def test_the_feeds_rank_at_a_mark_stands_and_is_worked_out_where_it_has_none() -> None:
    first = skated(0, [10_300, 37_000], FIVE_HUNDRED)
    second = skated(1, [10_309, 37_500], FIVE_HUNDRED)
    both = ranked(first, second, distance=FIVE_HUNDRED)
    assert [[lap.rank for lap in laps(both, each)] for each in both.entries] == [[1, 1], [2, 2]]
    told = replace(first, passages=(replace(first.passages[0], rank=7), first.passages[1]))
    assert laps(ranked(told, second, distance=FIVE_HUNDRED), told)[0].rank == 7


def test_a_lap_is_modelled_where_either_end_is() -> None:
    own = skated(0, [25_000, 54_000, 84_000, 115_000], FIFTEEN_HUNDRED)
    own = replace(
        own, passages=(own.passages[0], replace(own.passages[1], modelled=True), *own.passages[2:])
    )
    assert [row.lap_is_modelled for row in laps(race([own], FIFTEEN_HUNDRED), own)] == [
        False,
        True,
        True,
        False,
    ]


def test_laps_of_races_that_count_laps_have_no_opener() -> None:
    own = skated(0, [34_000, 65_000, 96_000], TEAM_PURSUIT)
    rows = laps(race([own], TEAM_PURSUIT), own)
    assert not any(row.is_opener for row in rows)
    # The start is in the first one.
    assert [row.passage.number for row in flying_laps(rows)] == [2, 3]


def test_equal_laps_share_a_rank() -> None:
    both = race(
        [
            skated(0, [10_300, 37_000], FIVE_HUNDRED),
            skated(1, [10_400, 37_100], FIVE_HUNDRED),
            skated(2, [10_500, 37_300], FIVE_HUNDRED),
        ],
        FIVE_HUNDRED,
    )
    ranks = lap_ranks(both)
    assert [ranks[str(index), 500] for index in range(3)] == [1, 1, 3]
    assert [ranks[str(index), 100] for index in range(3)] == [1, 2, 3]


lap_times = st.lists(st.integers(20_000, 40_000), min_size=4, max_size=4)


@given(lap_times, lap_times)
def test_what_was_lost_in_all_parts_is_the_gap_but_for_what_is_cut_off(
    own: list[int], theirs: list[int]
) -> None:
    def cumulated(parts: list[int]) -> list[int]:
        return [sum(parts[: index + 1]) for index in range(len(parts))]

    first = skated(0, cumulated(own), FIFTEEN_HUNDRED)
    second = skated(1, cumulated(theirs), FIFTEEN_HUNDRED)
    both = ranked(first, second)
    rows = laps(both, first, Reference.of(second, "X"))
    lost = sum(row.lost_ms or 0 for row in rows)
    assert rows[-1].gap_ms == gap_ms(first.time_ms or 0, second.time_ms or 0)
    # Each printed figure is cut by less than a hundredth, and its gap with it.
    assert abs(lost - (rows[-1].gap_ms or 0)) <= 10 * len(rows) + 10


@given(lap_times, lap_times, st.integers(1, 4), st.integers(1, 4))
def test_two_who_change_sides_win_what_they_lost(
    own: list[int], theirs: list[int], far: int, further: int
) -> None:
    def cumulated(parts: list[int], marks: int) -> list[int]:
        return [sum(parts[: index + 1]) for index in range(marks)]

    first = skated(0, cumulated(own, far), FIFTEEN_HUNDRED)
    second = skated(1, cumulated(theirs, further), FIFTEEN_HUNDRED)
    both = race([first, second], FIFTEEN_HUNDRED)
    there, back = duel(both, first, second), duel(both, second, first)
    assert len(there) == len(back) == max(far, further)
    for one, other in zip(there, back, strict=True):
        assert one.mark_m == other.mark_m
        if one.gap_ms is None or one.lost_ms is None:
            assert other.gap_ms is None
            assert other.lost_ms is None
        else:
            assert other.gap_ms == -one.gap_ms
            assert other.lost_ms == -one.lost_ms
    last = running(there)
    assert last is not None
    assert last.number == min(far, further)
    opener, rest = in_laps(there)
    assert (opener or 0) + (rest or 0) == last.gap_ms


def test_alone_there_is_no_running_gap() -> None:
    first = skated(0, [25_000], FIFTEEN_HUNDRED)
    marks = duel(race([first], FIFTEEN_HUNDRED), first, None)
    assert [mark.gap_ms for mark in marks] == [None]
    assert running(marks) is None
    assert in_laps(marks) == (None, None)


# --- openers --------------------------------------------------------------------------------------


def test_openers_and_what_became_of_them() -> None:
    found = openers(
        ranked(
            skated(0, [10_330, 37_050], FIVE_HUNDRED),
            skated(1, [10_280, 37_650], FIVE_HUNDRED),
            skated(2, [10_400], FIVE_HUNDRED),
            distance=FIVE_HUNDRED,
        )
    )
    assert [(each.entry.key, each.rank, each.finish, each.gained) for each in found] == [
        ("1", 1, 2, -1),
        ("0", 2, 1, 1),
        ("2", 3, None, None),
    ]


@pytest.mark.parametrize("distance", [MASS_START, TEAM_PURSUIT])
def test_other_races_have_no_openers(distance: Distance) -> None:
    assert openers(race([skated(0, [34_000], distance)], distance)) == ()


# --- rivals ---------------------------------------------------------------------------------------


def test_the_rivals_of_each_as_drawn() -> None:
    found = drawn()
    ghiotto, eitrem, jilek, loubineaud = found.entries
    assert rivals(found, jilek) == {Rival.LEADER: ghiotto, Rival.PAIR_MATE: loubineaud}
    assert rivals(found, ghiotto) == {Rival.LEADER: jilek, Rival.PAIR_MATE: eitrem}
    assert rivals(found, eitrem) == {
        Rival.LEADER: jilek,
        Rival.PAIR_MATE: ghiotto,
        Rival.ABOVE: loubineaud,
    }
    assert nearest(found, jilek, {ghiotto.key, loubineaud.key}) is eitrem
    assert nearest(found, jilek, set()) is ghiotto
    assert nearest(found, jilek, {each.key for each in found.entries}) is None


def test_while_nobody_has_finished_the_foremost_at_the_mark_is_the_one_to_beat() -> None:
    own = skated(0, [25_500, 54_800], FIFTEEN_HUNDRED)
    ahead = skated(1, [25_900, 54_500], FIFTEEN_HUNDRED)
    far = skated(2, [25_000], FIFTEEN_HUNDRED)
    found = rivals(race([own, ahead, far], FIFTEEN_HUNDRED), own)
    assert found == {Rival.LEADER: ahead}


def test_nobody_to_compare_with() -> None:
    alone = skated(0, [25_500], FIFTEEN_HUNDRED)
    assert rivals(race([alone], FIFTEEN_HUNDRED), alone) == {}
    waiting = race([entry(0), entry(1)], FIFTEEN_HUNDRED)
    assert rivals(waiting, waiting.entries[0]) == {}
    assert pair_mate(waiting, waiting.entries[0]) is waiting.entries[1]


def test_in_a_quartet_the_mate_is_of_the_same_two() -> None:
    bands = (Armband.WHITE, Armband.RED, Armband.YELLOW, Armband.BLUE)
    four = [replace(entry(index), pair=1, armband=band) for index, band in enumerate(bands)]
    quartet = race(four, FIFTEEN_HUNDRED)
    mates = [pair_mate(quartet, each) for each in four]
    assert [mate.key for mate in mates if mate] == ["1", "0", "3", "2"]
    three = race(four[:3], FIFTEEN_HUNDRED)
    mate = pair_mate(three, four[2])
    assert mate is not None
    assert mate.key == "0"


def test_who_has_no_pair_has_no_mate() -> None:
    crowd = race([replace(entry(index), pair=None) for index in range(3)], MASS_START)
    assert pair_mate(crowd, crowd.entries[0]) is None
