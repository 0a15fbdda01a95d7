"""Which columns a board has: by the window's width and the distance, never by the data."""

from __future__ import annotations

from itertools import pairwise

import pytest

from longtrack.model import Discipline, Distance
from meets import (
    DISTANCES,
    FIFTEEN_HUNDRED,
    FIVE_HUNDRED,
    MASS_START,
    TEAM_PURSUIT,
    TEN_THOUSAND,
    THOUSAND,
)
from rinkside.drawing.columns import Columns, columns

WIDTHS = range(57, 141)
FIXED = ("cursor", "follow", "rank", "gap", "name", "noc", "time", "mark", "behind")
every_distance = pytest.mark.parametrize("distance", DISTANCES, ids=lambda each: str(each.laps))


def fixed(distance: Distance) -> set[str]:
    own = "tot" if distance.discipline is Discipline.MASS_START else "lane"
    return {*FIXED, own}


def optional(drawn: Columns, distance: Distance) -> list[str]:
    return [name for name in drawn.by_name if name not in fixed(distance)]


@every_distance
def test_the_fixed_columns_never_leave(distance: Distance) -> None:
    for width in WIDTHS:
        assert fixed(distance) <= set(columns(distance, width).by_name)


@every_distance
def test_no_two_columns_overlap_and_none_is_outside(distance: Distance) -> None:
    for width in WIDTHS:
        drawn = columns(distance, width)
        by_start = sorted(drawn.by_name.values(), key=lambda column: column.start)
        assert all(left.end <= right.start for left, right in pairwise(by_start))
        assert by_start[0].start == 0
        assert by_start[-1].end < width, "one column stays free on the right"


@every_distance
def test_a_column_is_shown_only_while_names_keep_16(distance: Distance) -> None:
    for width in WIDTHS:
        drawn = columns(distance, width)
        name = drawn["name"].width
        assert name <= 24
        assert name >= 16 or not optional(drawn, distance)


@every_distance
def test_even_in_the_smallest_window_names_keep_16(distance: Distance) -> None:
    assert columns(distance, 60)["name"].width >= 16


@every_distance
def test_what_is_left_over_widens_the_names_first(distance: Distance) -> None:
    for width in WIDTHS:
        drawn = columns(distance, width)
        last = max(column.end for column in drawn.by_name.values())
        assert drawn["name"].width == 24 or last == width - 1


@every_distance
def test_a_wider_window_never_loses_a_column(distance: Distance) -> None:
    for width in WIDTHS[:-1]:
        narrow, wide = columns(distance, width), columns(distance, width + 1)
        assert set(narrow.by_name) <= set(wide.by_name), width


@every_distance
def test_widths_are_those_that_were_drawn(distance: Distance) -> None:
    drawn = columns(distance, 120)
    widths = {name: column.width for name, column in drawn.by_name.items()}
    long = distance.is_long
    team = distance.counts_laps and distance.discipline is not Discipline.MASS_START
    assert (widths["rank"], widths["noc"], widths["mark"]) == (2, 4, 6)
    assert widths["time"] == (10 if long or team else 8 if distance.metres == 1500 else 9)
    assert widths["behind"] == (9 if long else 8)


@pytest.mark.parametrize(
    ("distance", "arrivals"),
    [
        (
            FIVE_HUNDRED,
            [{"cup"}, {"pass:100", "rank:100"}, {"pts"}, {"lap:500", "laprank:500"}, {"plot"}],
        ),
        (
            THOUSAND,
            [
                {"cup"},
                {"pass:200", "rank:200"},
                {"pts"},
                {"lap:600", "laprank:600", "lap:1000", "laprank:1000"},
                {"plot"},
            ],
        ),
        (
            FIFTEEN_HUNDRED,
            [
                {"cup"},
                {"lap:700", "lap:1100", "lap:1500"},
                {"pass:300"},
                {"pts"},
                {"rank:300", "laprank:700", "laprank:1100", "laprank:1500"},
            ],
        ),
        (TEN_THOUSAND, [{"cup"}, {"pts"}, {"last"}, {"avg"}]),
        (MASS_START, [{"s1", "s2", "s3", "f"}, {"pts"}, {"cup"}]),
        (TEAM_PURSUIT, [{"pts"}, {"cup"}, {"heat"}]),
    ],
)
def test_columns_come_in_the_order_that_was_drawn(
    distance: Distance, arrivals: list[set[str]]
) -> None:
    seen: list[set[str]] = []
    for width in range(44, 151):
        new = set(optional(columns(distance, width), distance)) - set().union(*seen)
        if new:
            seen.append(new)
    assert seen == arrivals


def test_at_80_columns_a_500_shows_opener_and_points() -> None:
    assert {"pass:100", "rank:100", "pts"} <= set(columns(FIVE_HUNDRED, 80).by_name)


def test_at_80_columns_a_1500_shows_its_laps() -> None:
    shown = set(columns(FIFTEEN_HUNDRED, 80).by_name)
    assert {"lap:700", "lap:1100", "lap:1500"} <= shown


def test_in_60_columns_an_opener_stands_in_the_column_of_the_time() -> None:
    assert optional(columns(FIVE_HUNDRED, 60), FIVE_HUNDRED) == ["cup"]


def test_a_mass_start_has_no_lanes() -> None:
    assert all("lane" not in columns(MASS_START, width) for width in WIDTHS)


def test_passages_stand_left_of_the_time_and_points_at_the_end() -> None:
    drawn = columns(FIFTEEN_HUNDRED, 120)
    order = sorted(drawn.by_name, key=lambda name: drawn[name].start)
    assert order.index("pass:300") < order.index("lap:700") < order.index("time")
    assert order.index("time") < order.index("mark") < order.index("behind") < order.index("pts")
