"""The band of large digits: the pair in view, or the winner."""

from __future__ import annotations

from datetime import timedelta

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from msgspec.structs import replace

from longtrack.action import Action, Phase
from longtrack.model import Armband, Distance, Entry, Lane, Passage, Race, Status
from longtrack.moments import Kind, Moment
from longtrack.tape import Tape
from meets import (
    EVENING,
    FIFTEEN_HUNDRED,
    FIVE_HUNDRED,
    MASS_START,
    TEAM_PURSUIT,
    TEN_THOUSAND,
    assert_fills,
    entry,
    live_session,
    ms,
    race,
    rink_time,
    scene,
    span_of,
)
from rinkside.drawing import digits
from rinkside.drawing.band import HEIGHT, TALL, band
from rinkside.drawing.typeset import fitted
from rinkside.ink import Line
from rinkside.scene import Scene
from rinkside.session import Choice


def drawn(one: Scene, width: int = 120, *, tints: bool = True, height: int = HEIGHT) -> list[Line]:
    assert one.race is not None
    lines = band(one, one.race, width, height, tints=tints)
    assert len(lines) == height
    assert_fills(lines, width)
    assert {line.ground for line in lines} == {"band"}
    return lines


def text(lines: list[Line]) -> str:
    return "\n".join(line.text for line in lines)


def opener(time: int, rank: int, *, modelled: bool = False) -> tuple[Passage, ...]:
    return (Passage(1, 100, time, time, rank, modelled),)


def finished(index: int, time: int, rank: int, **more: object) -> Entry:
    return entry(index, Status.FINISHED, time_ms=time, rank=rank, **more)


def just_finished(pair: int, seconds: int = 5, *, of: Race) -> Scene:
    told = Moment(
        at=ms(EVENING) - seconds * 1000, kind=Kind.FINISH, race=of.code, text="x", pair=pair
    )
    return scene(of, moments=(told,))


ICE = race(
    [
        finished(0, 37_650, 1, passages=opener(10_280, 1)),
        finished(1, 37_750, 2, passages=opener(10_320, 2)),
        entry(2, Status.ON_ICE, passages=opener(10_330, 3)),
        entry(3, Status.ON_ICE, passages=opener(12_160, 4, modelled=True)),
    ]
)


def test_on_the_ice_it_names_the_pair_its_times_ranks_and_gaps() -> None:
    lines = drawn(scene(ICE), 160)
    assert "ON THE ICE  pair 2 of 2" in lines[0].text
    for part in ("○ 高木 美帆", "JPN  at 100 m  3rd  +0.05", "● LEE Na-Hyun", "KOR  at 100 m  4th"):
        assert part in text(lines), part
    assert span_of(lines[2], "+0.05").role == "loss"
    assert span_of(lines[1], "●").role == "lane-2"
    assert "modelled" in lines[2].text


def test_the_time_to_beat_and_the_records_stand_on_the_right() -> None:
    title = drawn(scene(ICE))[0]
    assert "to beat 37.65 KOK   TR 37.25 Kodaira 2019   WR 36.09" in title.text
    assert span_of(title, "37.65").role == "gold"
    narrow = drawn(scene(ICE), 76)[0]
    assert "to beat 37.65 KOK" in narrow.text
    assert "Kodaira" not in narrow.text


def test_large_digits_are_blocks_of_the_time() -> None:
    lines = drawn(scene(ICE))
    for row, blocks in zip(lines[1:], digits.large("10.33"), strict=False):
        assert blocks in row.text
        assert span_of(row, blocks.strip()).role == "strong"


@pytest.mark.parametrize("time", ["37.05", "1:34.45", "12:41.56"])
def test_a_digit_is_four_columns_and_a_point_two(time: str) -> None:
    assert digits.width(time) == 4 * sum(map(str.isdigit, time)) + 2 * sum(
        letter in ":." for letter in time
    )
    rows = digits.large(time)
    assert len({len(row) for row in rows}) == 1
    assert set("".join(rows)) <= set("█▀▄ ")


def test_what_matters_most_in_the_band_is_the_gap() -> None:
    def laps(pace: int, count: int, *, modelled: bool = False) -> tuple[Passage, ...]:
        rank = 2 if modelled else 1
        return tuple(
            Passage(n, 400 * n, pace * n, pace, rank, modelled) for n in range(1, count + 1)
        )

    ice = race(
        [
            finished(0, 750_000, 1, passages=laps(30_000, 25)),
            entry(2, Status.ON_ICE, passages=laps(31_900, 11, modelled=True)),
        ],
        TEN_THOUSAND,
    )
    for width in (110, 120, 130, 160):
        assert "+20.90" in text(drawn(scene(ice), width))
    assert " 4400 m  2nd  +20.90  ~" in text(drawn(scene(ice), 120))
    assert "JPN  at 4400 m  2nd  +20.90  modelled" in text(drawn(scene(ice), 160))


def test_at_120_columns_there_is_room_for_the_record_that_fell() -> None:
    over = race([finished(0, 37_050, 1), finished(1, 43_940, 2), entry(2), entry(3)])
    assert "NED  1st  −6.89  TR 0.20 under 37.25" in text(drawn(just_finished(1, of=over), 120))


def test_nothing_in_the_band_touches_the_edge() -> None:
    for width in range(110, 161):
        assert all(line.text.endswith(" ") for line in drawn(scene(ICE), width))


def test_a_finish_says_place_margin_record_opener_and_lap() -> None:
    over = race(
        [
            finished(
                0,
                37_050,
                1,
                passages=(*opener(10_330, 2), Passage(2, 500, 37_050, 26_720, 1)),
            ),
            finished(1, 37_650, 2, passages=opener(10_280, 1)),
            entry(2),
            entry(3),
        ]
    )
    lines = drawn(just_finished(1, of=over), 160)
    assert "FINISHED  pair 1 of 2" in lines[0].text
    assert "NED  1st  −0.60  TR 0.20 under 37.25" in lines[2].text
    assert "100 m 10.33 2nd   lap 26.72" in lines[3].text
    assert span_of(lines[2], "1st").role == "gold"
    assert "2nd  +0.60" in lines[2].text
    for row, blocks in zip(lines[1:], digits.large("37.05"), strict=False):
        assert span_of(row, blocks.strip()).role == "gold"


def test_a_fall_at_500_m_takes_over_a_minute_and_shifts_nothing() -> None:
    over = race([finished(0, 94_450, 2), finished(1, 37_650, 1), entry(2), entry(3)])
    lines = drawn(just_finished(1, of=over))
    first, second = digits.large("1:34"), digits.large("37.65")
    half = 60
    for row, left, right in zip(lines[1:], first, second, strict=False):
        assert row.text[2 : 2 + len(left)] == left
        assert row.text[half + 2 : half + 2 + len(right)] == right
    assert lines[1].text.index("○") == 2 + digits.width("37.05") + 2
    assert "+56.80" in lines[2].text


def test_while_a_race_may_change_it_says_so() -> None:
    over = race([finished(0, 37_050, 1), finished(1, 37_650, 2)])
    assert "re-skates may follow" in drawn(just_finished(1, of=over))[0].text


def test_before_the_race_it_names_the_first_pair_and_the_start() -> None:
    start = EVENING + timedelta(minutes=12)
    coming = race([entry(0), entry(1)], start=start, planned=start)
    lines = drawn(scene(coming))
    assert "NEXT  pair 1 of 1  19:32, in 12 min" in lines[0].text
    assert "KOK Femke" in lines[1].text
    assert "█" not in text(lines)


@pytest.mark.parametrize(
    ("minutes", "live", "words"),
    [
        (0, False, "19:20, now"),
        (-5, False, "19:20  delayed"),
        (-5, True, "19:20  no times yet"),
        (24 * 60, False, "19:20, Sat 13 Dec"),
    ],
)
def test_a_start_is_told_by_how_far_off_it_is(minutes: int, live: bool, words: str) -> None:
    start = EVENING + timedelta(days=1) if minutes == 24 * 60 else EVENING
    coming = race([entry(0), entry(1)], start=start, planned=start, live=live)
    now = ms(EVENING) - min(minutes, 0) * 60_000
    assert words in drawn(scene(coming, at=now))[0].text


def test_when_all_is_over_the_winner_stands_alone() -> None:
    over = race(
        [finished(0, 37_050, 1), finished(1, 37_650, 2), finished(2, 37_750, 3)], official=True
    )
    one = scene(over)
    assert one.action.phase is Phase.OVER
    lines = drawn(one)
    assert "RACE OVER" in lines[0].text
    assert "to beat" not in lines[0].text
    assert span_of(lines[1], "KOK Femke").role == "gold"
    assert "NED  wins by 0.60  TR 0.20 under 37.25" in lines[2].text
    assert "2 RIJPMA-DE JONG A. 37.65, 3 高木 美帆 37.75" in lines[3].text


def test_a_margin_of_thousandths_is_said_in_thousandths() -> None:
    over = race([finished(0, 37_651, 1), finished(1, 37_654, 2)], official=True)
    assert "wins by 0.003" in text(drawn(scene(over)))


def test_two_who_share_the_first_place_are_said_to() -> None:
    over = race([finished(0, 37_651, 1), finished(1, 37_651, 1)], official=True)
    assert "shares first place" in text(drawn(scene(over)))


def test_times_of_hundredths_are_no_tie() -> None:
    over = race(
        [finished(0, 37_650, 1, precision_ms=10), finished(1, 37_650, 2, precision_ms=10)],
        official=True,
    )
    told = text(drawn(scene(over)))
    assert "shares" not in told


@pytest.mark.parametrize(
    ("status", "letters"), [(Status.DQ, "DQ"), (Status.DNF, "DNF"), (Status.DNS, "DNS")]
)
def test_no_valid_result_is_letters_in_place_of_digits(status: Status, letters: str) -> None:
    over = race([finished(0, 37_050, 1), entry(1, status, remarks=("T09",)), entry(2), entry(3)])
    lines = drawn(just_finished(1, of=over))
    assert f"NED  {letters}" in lines[2].text
    assert "T09" in lines[1].text
    assert span_of(lines[1], "T09").role == "loss"


def test_a_granted_reskate_is_said() -> None:
    again = race([entry(0, reskate=True), finished(1, 37_650, 1)])
    assert "re-skate" in text(drawn(scene(again)))


def test_where_nothing_is_tinted_a_rule_closes_the_band() -> None:
    lines = drawn(scene(ICE), tints=False)
    assert lines[-1].text == "─" * 120
    assert "─" not in drawn(scene(ICE))[-1].text


def test_laps_to_go_are_counted_from_1500_m_on() -> None:
    laps = tuple(Passage(n, 400 * n, 30_000 * n, 30_000, 1) for n in range(1, 12))
    ice = race([entry(0, Status.ON_ICE, passages=laps)], TEN_THOUSAND)
    assert "14 laps to go" in drawn(scene(ice))[0].text
    last = race(
        [
            entry(
                0,
                Status.ON_ICE,
                passages=tuple(
                    Passage(n, 300 + 400 * (n - 1), 28_000 * n, 28_000, 1) for n in range(1, 4)
                ),
            )
        ],
        FIFTEEN_HUNDRED,
    )
    assert "last lap" in drawn(scene(last))[0].text
    assert "to go" not in drawn(scene(ICE))[0].text


def test_no_start_list_leaves_the_band_empty() -> None:
    lines = drawn(scene(race([])))
    assert text(lines[1:]).strip() == ""
    assert lines[0].text.startswith(" " * 60)


def test_a_long_distance_has_the_pair_above_one_another_and_a_chart_beside() -> None:
    def laps(pace: int, count: int) -> tuple[Passage, ...]:
        return tuple(Passage(n, 400 * n, pace * n, pace, 1) for n in range(1, count + 1))

    ice = race(
        [
            finished(0, 750_000, 1, passages=laps(30_000, 25)),
            finished(1, 760_000, 2, passages=laps(30_400, 25)),
            entry(2, Status.ON_ICE, passages=laps(29_900, 11)),
            entry(3, Status.ON_ICE, passages=laps(30_100, 10)),
            entry(4),
            entry(5),
        ],
        TEN_THOUSAND,
    )
    lines = drawn(scene(ice), 120, height=TALL)
    assert sum("高木 美帆" in line.text for line in lines[:5]) == 1
    assert sum("LEE Na-Hyun" in line.text for line in lines[5:]) == 1
    assert "next pair 3" in text(lines)
    assert any(letter in text(lines) for letter in "⠉⠒⠤⣀⡠⠔⠊⢀⠑")


phases = st.sampled_from([Phase.NEXT, Phase.ON_ICE, Phase.FINISHED, Phase.OVER])
distances = st.sampled_from([FIVE_HUNDRED, FIFTEEN_HUNDRED, TEN_THOUSAND, TEAM_PURSUIT, MASS_START])


@settings(max_examples=80)
@given(
    phases,
    distances,
    st.lists(
        st.tuples(
            st.sampled_from(Status), st.integers(9_000, 900_000), st.integers(0, 4), st.booleans()
        ),
        min_size=1,
        max_size=4,
    ),
    st.integers(110, 200),
)
def test_no_state_and_no_width_breaks_the_band(
    phase: Phase,
    distance: Distance,
    starts: list[tuple[Status, int, int, bool]],
    width: int,
) -> None:
    entries = [
        entry(
            index,
            status,
            time_ms=time,
            rank=index + 1 if status is Status.FINISHED else None,
            lane=Lane.INNER,
            armband=Armband.WHITE,
            reskate=odd,
            passages=tuple(
                Passage(n, distance.marks[n - 1], time // 9 * n, time // 9, n, odd)
                for n in range(1, min(count, distance.laps) + 1)
            ),
        )
        for index, (status, time, count, odd) in enumerate(starts)
    ]
    shown = race(entries, distance)
    one = replace(scene(shown), action=Action(phase, 1, shown.starters(1)))
    tall = [drawn(one, width, height=TALL)] if distance.is_long else []
    for lines in (drawn(one, width), drawn(one, width, tints=False), *tall):
        assert phase is Phase.OVER or names_all(one, lines)


def names_all(one: Scene, lines: list[Line]) -> bool:
    """Tell whether the band names the first two in view, be it cut short."""
    shown = text(lines)
    return all(fitted(each.competitor, 8)[:4] in shown for each in one.action.entries[:2])


@pytest.mark.parametrize("clock", ["18:20:00", "19:41:41", "19:42:15", "19:45", "19:49:30"])
@pytest.mark.parametrize("width", [110, 120, 160, 200])
def test_the_evening_of_the_bundled_meet_fits(bundled_tape: Tape, clock: str, width: int) -> None:
    session = live_session(bundled_tape, rink_time(f"12 {clock}"))
    for found in session.meet().races[:8]:
        shown = session.scene(Choice(race=found.number))
        assert names_all(shown, drawn(shown, width))
