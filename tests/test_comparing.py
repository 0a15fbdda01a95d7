"""Comparing with the cursor's skater, the leader and paces: the board, the band, and the keys."""

from __future__ import annotations

from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from msgspec.structs import replace

from longtrack.model import Entry, Passage, Race, Status
from longtrack.reference import Reference
from longtrack.tape import Tape
from meets import (
    FIFTEEN_HUNDRED,
    FIVE_HUNDRED,
    MASS_START,
    TEN_THOUSAND,
    StillApp,
    assert_fills,
    bundled_app,
    bundled_season,
    column_of,
    entry,
    line_with,
    live_app,
    live_session,
    race,
    rink_time,
    running,
    scene,
    shown,
    span_of,
    sprint_evening,
    told,
)
from rinkside.comparing import Against, Compare, Comparing
from rinkside.drawing import board, cells
from rinkside.drawing.band import TALL, band
from rinkside.drawing.columns import columns
from rinkside.ink import Line
from rinkside.messages import TapeChanged
from rinkside.scene import Scene
from rinkside.session import Choice


def passages(marks: tuple[int, ...], *times: int, modelled: bool = False) -> tuple[Passage, ...]:
    return tuple(
        Passage(n + 1, marks[n], time, time - before, None, modelled)
        for n, (before, time) in enumerate(zip((0, *times), times, strict=False))
    )


def skated(index: int, *times: int, rank: int | None = None, modelled: bool = False) -> Entry:
    done = passages(FIFTEEN_HUNDRED.marks, *times, modelled=modelled)
    home = len(times) == 4
    status = Status.FINISHED if home else Status.ON_ICE
    return entry(index, status, passages=done, time_ms=times[-1] if home else None, rank=rank)


RACE = race(
    [
        skated(0, 25_000, 54_000, 83_500, 114_000, rank=1),
        skated(1, 25_300, 54_100, 83_900, 114_900, rank=2),
        skated(3, 25_100, 54_300, 84_300, 115_200, rank=3),
        skated(4, 24_900, 54_050),
        skated(7, 25_400),
        entry(6, Status.DNF, passages=passages(FIFTEEN_HUNDRED.marks, 25_200, 54_200)),
        entry(2),
    ],
    FIFTEEN_HUNDRED,
)


def at(cursor: str | None, of: Race = RACE, *, splits: bool = False) -> Scene:
    """A scene with the cursor on somebody, as the screen makes it."""
    comparing = Comparing()
    comparing.splits = splits
    seen = replace(scene(of), cursor=cursor)
    return replace(seen, compare=comparing.compare(seen, None))


def drawn(one: Scene, width: int = 80, *, pins: bool = False) -> list[Line]:
    lines = board.draw(one, width, 24, pins=pins).lines
    assert_fills(lines, width)
    return lines


def behind(one: Scene, name: str, width: int = 80) -> str:
    """What stands in the column of gaps in somebody's row."""
    assert one.race is not None
    column = columns(one.race.distance, width)["behind"]
    return line_with(drawn(one, width), name).text[column.start : column.end].strip()


# --- the column of gaps --------------------------------------------------------------------------


def test_with_the_cursor_on_somebody_every_gap_is_to_that_skater() -> None:
    one = at("1")
    lines = drawn(one)
    head = lines[0].text
    assert " to ►" in head
    assert "behind" not in head
    assert [behind(one, name) for name in ("KOK", "RIJPMA", "LEE")] == ["−0.90", "", "+0.30"]
    assert span_of(line_with(lines, "KOK"), "−0.90").role == "gain"
    assert span_of(line_with(lines, "LEE"), "+0.30").role == "loss"


def test_who_is_on_the_ice_is_compared_at_the_last_mark_of_both() -> None:
    one = at("1")
    assert behind(one, "GROß") == "−0.05", "54.05 and 54.10 at 700 m"
    assert behind(one, "CHUNG") == "+0.10", "25.40 and 25.30 at 300 m"


def test_with_the_cursor_on_the_ice_the_others_are_compared_where_that_one_is() -> None:
    one = at("4")
    assert "to ► 700 m" in drawn(one)[0].text
    assert [behind(one, name) for name in ("KOK", "RIJPMA", "LEE", "GROß", "CHUNG")] == [
        "−0.05",
        "+0.05",
        "+0.25",
        "",
        "+0.50",
    ]


def test_a_head_tells_laps_where_marks_are_laps() -> None:
    laps = tuple(Passage(n, 400 * n, 30_000 * n, 30_000, None) for n in range(1, 5))
    crowd = race(
        [
            entry(0, Status.ON_ICE, pair=None, lane=None, passages=laps),
            entry(1, Status.ON_ICE, pair=None, lane=None, passages=laps[:3]),
        ],
        MASS_START,
    )
    assert "to ► lap 3" in drawn(at("1", crowd))[0].text


def test_who_did_not_finish_is_a_reference_as_far_as_there_are_passages() -> None:
    one = at("6")
    assert "to ► 700 m" in drawn(one)[0].text
    assert [behind(one, name) for name in ("KOK", "GROß")] == ["−0.20", "−0.15"]
    assert behind(one, "HINTER") == "—"


@pytest.mark.parametrize("cursor", [None, "0", "2"], ids=["no cursor", "leader", "to start"])
def test_on_the_leader_and_on_who_has_no_time_all_is_as_before(cursor: str | None) -> None:
    usual = drawn(scene(RACE))
    for line, before in zip(drawn(at(cursor)), usual, strict=True):
        assert line.text[1:] == before.text[1:]
    assert "behind" in usual[0].text


def test_before_anybody_is_home_the_cursor_compares_all_the_same() -> None:
    early = race([skated(0, 25_000, 54_000), skated(1, 25_300)], FIFTEEN_HUNDRED)
    assert behind(at("1", early), "KOK") == "−0.30"
    assert at("0", early).compare.against is Against.CURSOR


def test_what_rests_on_a_model_carries_its_sign() -> None:
    mixed = race(
        [
            skated(0, 25_000, 54_000, 83_500, 114_000, rank=1),
            skated(1, 25_300, 54_100, modelled=True),
            skated(4, 25_200, 54_300),
        ],
        FIFTEEN_HUNDRED,
    )
    assert behind(at("1", mixed), "GROß") == "~+0.20"
    assert behind(at("4", mixed), "RIJPMA") == "~−0.20"


# --- differences in place of times ---------------------------------------------------------------


def test_v_shows_differences_at_each_mark_and_the_reference_keeps_its_times() -> None:
    lines = drawn(at("1", splits=True), 110)
    assert "300 m±    lap 1±    lap 2±    lap 3±" in lines[0].text
    told_of = [" ".join(line.text.split()) for line in lines]
    assert any("KOK Femke NED −0.30 2 +0.20" in line for line in told_of)
    assert any("RIJPMA-DE JONG A. NED 25.30" in line for line in told_of)
    kok = line_with(lines, "KOK")
    assert span_of(kok, "−0.30").role == "gain"
    assert span_of(kok, "+0.20").role == "loss"


def test_without_a_cursor_the_differences_are_to_the_leader() -> None:
    lines = drawn(at(None, splits=True), 80)
    assert "lap 1±" in lines[0].text
    assert "behind" in lines[0].text
    assert " +0.20 " in line_with(lines, "LEE").text, "29.20 and 29.00"
    assert " 29.00 " in line_with(lines, "KOK").text


def test_a_column_without_anything_to_compare_keeps_its_times() -> None:
    one = at("7", splits=True)
    head, kok = drawn(one, 110)[0].text, line_with(drawn(one, 110), "KOK")
    assert "300 m±     lap 1     lap 2" in head
    assert " −0.40 " in kok.text
    assert " 29.00 " in kok.text


def test_of_a_difference_too_long_for_its_column_the_hundredths_give_way() -> None:
    fell = race(
        [
            skated(0, 25_000, 54_000, 83_500, 114_000, rank=1),
            skated(1, 25_000, 90_000, 120_000, 151_000, rank=2, modelled=True),
        ],
        FIFTEEN_HUNDRED,
    )
    assert " ~+36 " in line_with(drawn(at(None, fell, splits=True)), "RIJPMA").text


def test_opener_and_lap_of_a_500_stand_under_their_own_heads() -> None:
    sprint = race(
        [
            entry(
                0,
                Status.FINISHED,
                time_ms=37_050,
                rank=1,
                passages=passages((100, 500), 10_330, 37_050),
            ),
            entry(
                1,
                Status.FINISHED,
                time_ms=37_650,
                rank=2,
                passages=passages((100, 500), 10_280, 37_650),
            ),
        ]
    )
    lines = drawn(at(None, sprint, splits=True), 100)
    assert "100 m ±" in lines[0].text
    assert "lap ±" in lines[0].text
    line = line_with(lines, "RIJPMA")
    cols = columns(FIVE_HUNDRED, 100)
    assert line.text[: cols["pass:100"].end].endswith(" −0.05")
    assert line.text[: cols["lap:500"].end].endswith(" +0.65")
    assert line.text[: cols["behind"].end].endswith(" +0.60")


# --- ranks at a mark -----------------------------------------------------------------------------


def test_ranks_the_feed_does_not_give_are_counted() -> None:
    lines = drawn(scene(RACE), 110)
    cols = columns(FIFTEEN_HUNDRED, 110)["rank:300"]
    ranks = {
        name: line_with(lines, name).text[cols.start : cols.end].strip()
        for name in ("KOK", "RIJPMA", "LEE", "GROß", "CHUNG")
    }
    assert ranks == {"KOK": "2", "RIJPMA": "4", "LEE": "3", "GROß": "1", "CHUNG": "5"}


def test_a_rank_of_the_feed_that_cannot_be_carries_a_question_mark() -> None:
    odd = race(
        [
            entry(
                0,
                Status.FINISHED,
                time_ms=37_050,
                rank=1,
                passages=(Passage(1, 100, 10_330, 10_330, 1),),
            ),
            entry(1, Status.ON_ICE, passages=(Passage(1, 100, 10_400, 10_400, 1),)),
        ]
    )
    lines = drawn(scene(odd), 80)
    line = line_with(lines, "RIJPMA")
    assert column_of(line, "?") == columns(FIVE_HUNDRED, 80)["gap"].start
    assert "10.40 ?1" in " ".join(line.text.split())
    assert span_of(line, "?1").role == "warn"
    assert "?" not in line_with(lines, "KOK").text
    told_in_band = "\n".join(each.text for each in band(scene(odd), odd, 120, 5, tints=True))
    assert "at 100 m  1st?" in told_in_band


# --- the band and its chart ----------------------------------------------------------------------


def long_race() -> Race:
    def laps(pace: int, count: int) -> tuple[Passage, ...]:
        return tuple(Passage(n, 400 * n, pace * n, pace, None) for n in range(1, count + 1))

    return race(
        [
            entry(0, Status.FINISHED, time_ms=750_000, rank=1, passages=laps(30_000, 25)),
            entry(1, Status.FINISHED, time_ms=760_000, rank=2, passages=laps(30_400, 25)),
            entry(2, Status.ON_ICE, passages=laps(30_200, 11)),
            entry(3, Status.ON_ICE, passages=laps(30_500, 10)),
        ],
        TEN_THOUSAND,
    )


def tall(one: Scene) -> str:
    assert one.race is not None
    lines = band(one, one.race, 120, TALL, tints=True)
    assert_fills(lines, 120)
    return "\n".join(line.text for line in lines)


def test_band_and_chart_are_to_the_cursors_skater() -> None:
    to_leader, to_cursor = tall(at(None, long_race())), tall(at("1", long_race()))
    assert "+2.20" in to_leader
    assert "KOK" in to_leader
    assert "1st" not in to_cursor.splitlines()[2]
    assert "−2.20 to ►" in to_cursor
    assert "lap 30.20 −0.20" in to_cursor
    assert "+1.00 to ►" in to_cursor
    assert to_cursor.count("RIJPMA-DE JONG") == 1, "the line of the reference is labelled"


def test_the_cursors_own_line_is_the_chart_of_the_pair_mate() -> None:
    text = tall(at("2", long_race()))
    assert "+3.00 to ►" in text, "at 4000 m, where both were"
    assert "高木" in text


# --- r -------------------------------------------------------------------------------------------


def test_the_choices_go_round_and_pass_over_what_is_not_known(bundled_tape: Tape) -> None:
    session = live_session(bundled_tape, rink_time("12 19:42:15"))
    session.season = bundled_season()
    shown_race = session.meet().race("W500")
    assert shown_race is not None
    comparing = Comparing()

    def turned(one: Scene) -> Scene:
        comparing.turn(one, session.season)
        return replace(one, compare=comparing.compare(one, session.season))

    one = session.scene(Choice(race=shown_race.number))
    words = []
    for _ in range(4):
        one = turned(one)
        words.append(one.compare.against.value)
    assert words == ["to TR", "to SB", "behind", "to TR"], "without a cursor"
    one = replace(one, cursor=shown_race.finished[4].key)
    words = []
    for _ in range(5):
        one = turned(one)
        words.append(one.compare.against.value)
    assert words == ["to SB", "to ►", "behind", "to TR", "to SB"]


def test_to_the_track_record_the_winner_has_a_gap_too(bundled_tape: Tape) -> None:
    session = live_session(bundled_tape, rink_time("12 19:42:15"))
    found = session.meet().race("W500")
    assert found is not None
    comparing = Comparing()
    one = session.scene(Choice(race=found.number))
    comparing.turn(one, None)
    one = replace(one, compare=comparing.compare(one, None))
    assert "to TR" in drawn(one)[0].text
    assert behind(one, "KOK") == "−0.20"
    assert behind(one, "ZIOMEK") == "+0.40"
    assert behind(one, "JACKSON") == "+6.69"


def test_the_own_season_best_is_everybodys_own() -> None:
    own = {
        "0": Reference.pace("SB", FIFTEEN_HUNDRED, 113_500),
        "1": Reference.pace("SB", FIFTEEN_HUNDRED, 115_000, (25_400,)),
    }
    one = replace(scene(RACE), compare=Compare(Against.SEASON_BEST, own=own, splits=True))
    assert [behind(one, name, 110) for name in ("KOK", "RIJPMA", "LEE", "GROß")] == [
        "+0.50",
        "−0.10",
        "",
        "",
    ]
    lines = drawn(one, 110)
    assert "300 m±     lap 1" in lines[0].text
    assert " −0.10 " in line_with(lines, "RIJPMA").text
    assert " 25.00 " not in line_with(lines, "KOK").text, "under ± stands no time"


# --- what was drawn before -----------------------------------------------------------------------


@settings(max_examples=60)
@given(
    st.sampled_from([None, *(each.key for each in RACE.entries)]),
    st.sampled_from([None, *(each.key for each in RACE.entries)]),
    st.booleans(),
    st.booleans(),
    st.sampled_from([60, 80, 110, 140]),
)
def test_a_row_remembered_is_the_row_that_would_be_drawn_now(
    before: str | None, now: str | None, splits: bool, then: bool, width: int
) -> None:
    drawn(at(before, splits=splits), width)
    remembered = drawn(at(now, splits=then), width)
    cells._rows.clear()
    assert drawn(at(now, splits=then), width) == remembered


def test_a_passage_of_the_reference_is_seen_in_every_row() -> None:
    drawn(at("7", splits=True), 110)
    further = replace(
        RACE,
        entries=tuple(
            skated(7, 25_400, 54_500) if each.key == "7" else each for each in RACE.entries
        ),
    )
    assert behind(at("7", further, splits=True), "KOK", 110) == "−0.50"
    assert "to ► 700 m" in drawn(at("7", further, splits=True), 110)[0].text


# --- keys ----------------------------------------------------------------------------------------


def head(app: StillApp) -> str:
    return shown(app, "board")[0]


def row(app: StillApp, name: str) -> str:
    return next(line for line in shown(app, "board") if name in line)


def evening(data: Path, **more: str) -> StillApp:
    return bundled_app(data, rink_time("12 19:42:15"), **more)  # type: ignore[arg-type]


async def test_r_goes_round_and_escape_goes_back(data: Path) -> None:
    app = evening(data)
    async with running(app) as pilot:
        assert "behind" in head(app)
        await pilot.press("down", "down")
        assert "to ►" in head(app)
        assert "−0.60" in row(app, "KOK Femke")
        for word in ("behind", "to TR", "to SB", "to ►"):
            await pilot.press("r")
            assert word in head(app)
        await pilot.press("r", "r", "escape")
        assert "behind" in head(app)
        assert not any(line.startswith("►") for line in shown(app, "board"))


async def test_the_choice_stays_from_race_to_race(data: Path) -> None:
    app = evening(data)
    async with running(app) as pilot:
        await pilot.press("r")
        assert "to TR" in head(app)
        await pilot.press("2")
        assert head(app).split()[0] == "M500"
        assert "to TR" in head(app)


async def test_v_turns_times_into_differences_and_back(data: Path) -> None:
    app = evening(data)
    async with running(app) as pilot:
        times = shown(app, "board")
        await pilot.press("v")
        assert "100 m ±" in head(app)
        assert " −0.01 " in row(app, "YOSHIDA"), "10.32, and Kok's 10.33"
        await pilot.press("v")
        assert shown(app, "board") == times


async def test_v_says_so_where_there_is_no_column_to_turn(data: Path) -> None:
    app = evening(data)
    async with running(app, (60, 20)) as pilot:
        await pilot.press("v")
        assert told(app) == ["There is no room here for passages or laps."]


async def test_r_says_so_where_nothing_else_is_known(tmp_path: Path) -> None:
    rink = sprint_evening()
    app = live_app(tmp_path, rink)
    async with running(app) as pilot:
        await pilot.press("r")
        assert told(app) == ["Nothing else is known to compare these times with."]


async def test_the_cursor_stays_the_reference_while_the_race_goes_on(tmp_path: Path) -> None:
    rink = sprint_evening()
    rink.wire.start(1)
    rink.wire.finish(1, 0, 37_500)
    rink.wire.finish(1, 1, 37_900)
    rink.publish()
    app = live_app(tmp_path, rink)
    async with running(app, (120, 36)) as pilot:
        await pilot.press("down", "down")
        assert "to ►" in head(app)
        assert "−0.40" in row(app, "DVOŘÁČKOVÁ")
        rink.wire.correct(1, 1, 37_700)
        rink.wire.finish(1, 2, 37_650)
        rink.publish()
        app.screen.post_message(TapeChanged())
        await pilot.pause()
        assert "−0.20" in row(app, "DVOŘÁČKOVÁ")
        assert "−0.05" in row(app, "LEFÈVRE")
        assert "−0.05 to ►" in "\n".join(shown(app, "band"))


@pytest.mark.parametrize(("size", "offered"), [((80, 24), False), ((200, 50), True)])
async def test_the_keys_are_offered_where_there_is_room(
    data: Path, size: tuple[int, int], offered: bool
) -> None:
    app = evening(data)
    async with running(app, size):
        line = shown(app, "keys")[0]
        assert ("r compare" in line) is ("v columns" in line) is offered
