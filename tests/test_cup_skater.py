"""One skater's season: the pane beside the standings, and the chart of ranks."""

from __future__ import annotations

from itertools import pairwise

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from cups import cup_at, invented, key_of, scene_of
from longtrack.people import People
from longtrack.season import CUPS
from longtrack.standings import Standings
from longtrack.tape import Tape
from meets import assert_fills, bundled_season, line_with, span_of
from rinkside.cup_scene import CupScene
from rinkside.drawing import cup_chart, cup_skater
from rinkside.ink import Line


def pane(scene: CupScene, width: int = 42, height: int = 32) -> list[Line]:
    lines = cup_skater.draw(scene, width, height)
    assert len(lines) == height
    assert_fills(lines, width)
    return lines


def texts(scene: CupScene, width: int = 42, height: int = 32) -> list[str]:
    return [line.text.rstrip() for line in pane(scene, width, height)]


def test_as_it_was_drawn(bundled_tape: Tape) -> None:
    assert texts(scene_of(cup_at(bundled_tape), "LEE"))[:12] == [
        "LEE Na-Hyun KOR",
        "4th, 254 points, 106 behind KOK",
        "",
        "race           place   time   pts",
        "Salt Lake City    11   37.34   30",
        "Salt Lake City 2   3   37.03   48",
        "Calgary            6   37.33   38",
        "Calgary 2          6   37.29   38",
        "Heerenveen        15   38.02   26",
        "Hamar             10   38.06   31",
        "Hamar 2            4   37.91   43",
        "total                         254",
    ]


def test_the_neighbours(bundled_tape: Tape) -> None:
    cup = cup_at(bundled_tape)
    assert "3rd is 2 ahead   5th is 3 behind" in texts(scene_of(cup, "LEE"))
    assert "2nd is 65 behind" in texts(scene_of(cup, "KOK"))
    last = cup.now.rows[-1]
    assert last.rank == cup.now.rows[-2].rank + 1


def test_the_leader_is_ahead_and_a_shared_place_is_joint() -> None:
    cup = invented([[60], [54], [54], [1]], ["Hamar"])
    assert texts(scene_of(cup, "Kok"))[1] == "1st, 60 points, 6 ahead of RIJPMA-DE JONG"
    assert texts(scene_of(cup, "高木"))[1] == "joint 2nd, 54 points, 6 behind KOK"
    assert "1st is 6 ahead   4th is 53 behind" in texts(scene_of(cup, "高木"))
    assert texts(scene_of(cup, "Lee"))[1] == "4th, 1 point, 59 behind KOK"
    level = invented([[60, 20], [40, 40]], ["Hamar", "Hamar"])
    assert "2nd is level on points" in texts(scene_of(level, "Kok"))


def test_division_b_and_a_disqualification(bundled_tape: Tape) -> None:
    lines = pane(scene_of(cup_at(bundled_tape), "ZIOMEK-NOGAL"))
    assert [line.text.rstrip() for line in lines[6:8]] == [
        "Calgary                   DQ    0",
        "Calgary 2          1b  37.39   28b",
    ]
    assert span_of(lines[6], "DQ").role == "loss"
    assert span_of(lines[7], "28").role == "dim"
    assert span_of(lines[7], "1").role == "text"


def test_a_race_somebody_was_not_in(bundled_tape: Tape) -> None:
    lines = texts(scene_of(cup_at(bundled_tape), "LEERDAM"))
    assert lines[9] == "Hamar                           —"


def test_the_podium_is_told_by_its_colours(bundled_tape: Tape) -> None:
    line = pane(scene_of(cup_at(bundled_tape), "LEE"))[5]
    assert span_of(line, "3").role == "bronze"
    assert span_of(line, "48").role == "bronze"


def test_who_is_still_to_skate(bundled_tape: Tape) -> None:
    scene = scene_of(cup_at(bundled_tape, "12 19:38"), "FLEDDERUS")
    lines = texts(scene)
    assert lines[1] == "3rd, 215 points, still to skate"
    assert line_with(pane(scene), "Hamar ").text.rstrip().endswith("·")
    # Five races are behind her, and no sixth rank is known.
    assert next(line for line in lines if line.startswith("      6")).split() == list("66333")
    assert not any("behind" in line or "ahead" in line for line in lines)


def test_long_distances_tell_their_length(bundled_tape: Tape) -> None:
    lines = texts(scene_of(cup_at(bundled_tape, code="MLONG"), "JÍLEK"))
    assert lines[3:8] == [
        "race               place    time   pts",
        "Salt Lake City 5000    2  6:02.78   54",
        "Calgary 5000           7  6:08.06   36",
        "Heerenveen 10000       1 12:29.63   60",
        "Hamar 5000             1  6:07.58   60",
    ]


@pytest.mark.parametrize("width", [52, 78])
def test_a_wide_pane_has_the_gap_to_the_winner(bundled_tape: Tape, width: int) -> None:
    lines = texts(scene_of(cup_at(bundled_tape), "LEE"), width)
    assert lines[3] == "race           place   time    behind  pts"
    assert lines[4] == "Salt Lake City    11   37.34    +0.86   30"
    first = texts(scene_of(cup_at(bundled_tape), "KOK"), width)
    assert first[4].split() == ["Salt", "Lake", "City", "1", "36.48", "60"]


def test_in_division_b_the_gap_is_to_its_own_winner(bundled_tape: Tape) -> None:
    lines = texts(scene_of(cup_at(bundled_tape), "KIM"), 52)
    # 37.83 behind the 37.68 of Division B, not behind Kok's 36.65.
    calgary = next(line for line in lines if line.startswith("Calgary "))
    assert calgary.split()[1] == "2b"
    assert calgary.split()[3].startswith("+0.")


def test_a_mass_start_has_no_gaps_in_time(bundled_tape: Tape) -> None:
    assert "behind" not in texts(scene_of(cup_at(bundled_tape, code="WMS")), 78)[3]


def test_where_rows_are_short_the_chart_goes_then_the_oldest_races(bundled_tape: Tape) -> None:
    scene = scene_of(cup_at(bundled_tape), "LEE")
    charted = [height for height in range(8, 40) if "RANK" in "".join(texts(scene, 42, height))]
    assert charted == list(range(23, 40))
    lines = texts(scene, 42, 12)
    assert lines[3].startswith("race")
    assert lines[4] == "…"
    assert lines[5].startswith("Calgary 2")
    assert lines[8].startswith("Hamar 2")
    assert lines[9].startswith("total")
    assert lines[11].startswith("3rd is")
    for height in range(1, 12):
        pane(scene, 42, height)


def test_the_chart_of_one_meet_says_so(bundled_tape: Tape) -> None:
    lines = texts(scene_of(cup_at(bundled_tape, alone=True), "YOSHIDA", alone=True))
    assert "RANK IN HAMAR" in lines
    assert "RANK THROUGH THE SEASON" not in lines


def test_with_one_race_there_is_no_chart() -> None:
    assert "RANK" not in "".join(texts(scene_of(invented([[60]], ["Hamar"]))))


@pytest.mark.parametrize("code", CUPS)
def test_every_skater_of_every_cup_fits(bundled_tape: Tape, code: str) -> None:
    cup = cup_at(bundled_tape, code=code)
    for row in cup.now.rows:
        scene = scene_of(cup)
        for width, height in ((42, 17), (42, 32), (52, 30), (78, 46)):
            lines = pane(CupScene(scene.view, 2026, cup), width, height)
            assert lines[0].text.strip()
        assert row.points


# --- ranks and chart -----------------------------------------------------------------------------


def test_ranks_after_each_race(bundled_tape: Tape) -> None:
    cup = cup_at(bundled_tape)
    now = cup.now
    assert now.ranks_after_races(key_of(cup, "LEE")) == (11, 4, 4, 5, 7, 7, 4)
    assert now.ranks_after_races(key_of(cup, "KOK")) == (1,) * 7
    assert now.ranks_after_races(key_of(cup, "SCHULTING"))[:5] == (None,) * 5
    assert now.ranks_after_races("nobody") == (None,) * 7


@pytest.mark.parametrize("code", ["W500", "MLONG", "MMS", "WTP"])
def test_a_rank_after_a_race_is_that_of_the_standings_then(code: str) -> None:
    season = bundled_season()
    races = season.races(code)
    now = Standings.of(code, races, season.people)
    for count, column in enumerate(now.columns, start=1):
        last = max(
            place
            for place, race in enumerate(races)
            if (race.event_id, race.metres, race.ordinal) == column[:3]
        )
        then = Standings.of(code, races[: last + 1], season.people)
        for row in then.rows:
            assert now.ranks_after_races(row.key)[count - 1] == row.rank


def chart(ranks: list[int | None], width: int = 42, height: int = 13) -> list[Line]:
    cup = invented([[60] * len(ranks)], ["Calgary"] + ["Hamar"] * (len(ranks) - 1))
    lines = cup_chart.draw(cup.now.columns, ranks, width, height)
    assert_fills(lines, width)
    return lines


def test_the_chart_tells_rank_and_place() -> None:
    lines = chart([11, 4, 1])
    assert lines[0].text.rstrip() == "RANK THROUGH THE SEASON"
    assert lines[-2].text.split() == ["11", "4", "1"]
    assert lines[-1].text.split() == ["CGY", "HAM"]
    assert lines[1].text.lstrip().startswith("1 ")
    assert lines[11].text.lstrip().startswith("11 ")
    dots = [line.text.index("●") for line in lines if "●" in line.text]
    assert dots == sorted(dots, reverse=True)
    assert [index for index, line in enumerate(lines) if "●" in line.text] == [1, 4, 11]


def test_steps_of_the_grid_are_equal() -> None:
    for ranks in ([1, 2], [3, 9], [20, 45], [1, 55], [88, 90], [1, 300]):
        lines = chart([*ranks])[1:-2]
        labels = [int(line.text[:3]) for line in lines if line.text[:3].strip()]
        assert len({b - a for a, b in pairwise(labels)}) == 1
        assert len(lines) - 1 == (len(labels) - 1) * 2
        assert labels[0] <= min(ranks)


def test_before_the_first_points_there_is_no_dot() -> None:
    lines = chart([None, 7, 5])
    assert sum(line.text.count("●") for line in lines) == 2
    assert lines[-2].text.split() == ["7", "5"]
    assert not any("●" in line.text for line in chart([None, None]))


@settings(max_examples=60)
@given(
    ranks=st.lists(st.none() | st.integers(1, 120), min_size=2, max_size=20),
    width=st.sampled_from([42, 52, 78]),
    height=st.integers(5, 13),
)
def test_any_season_can_be_drawn(ranks: list[int | None], width: int, height: int) -> None:
    lines = chart(ranks, width, height)
    assert len(lines) <= height + cup_chart.EXTRA
    known = [rank for rank in ranks if rank is not None]
    if known:
        assert 1 <= sum(line.text.count("●") for line in lines) <= len(known)


def test_nobody_without_people() -> None:
    assert Standings.of("W500", (), People(())).ranks_after_races("nobody") == ()
