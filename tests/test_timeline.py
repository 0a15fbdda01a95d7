"""The strip: the day's races in time, and what happened in them."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from longtrack.moments import Kind, Moment
from longtrack.tape import Tape
from longtrack.timeline import Mark, Stretch, Timeline, timeline
from meets import OSLO, assert_fills, live_session, ms, rink_time, sprint_evening
from rinkside.drawing.timeline import Scale, strip
from rinkside.session import Choice
from rinkside.strip_reader import StripReader

HOUR = 3_600_000


def hours(*places: float, at: float = 0.0, marks: tuple[Mark, ...] = ()) -> Timeline:
    """Return races of half an hour that begin at some hours."""
    stretches = tuple(
        Stretch("W500", round(place * HOUR), round(place * HOUR), round((place + 0.5) * HOUR))
        for place in places
    )
    return Timeline(stretches, marks, round(at * HOUR), round(at * HOUR))


def test_a_race_reaches_from_its_start_to_its_last_finish(bundled_tape: Tape) -> None:
    session = live_session(bundled_tape, rink_time("12 19:48"))
    scene = session.scene(Choice())
    shown = session.timeline(scene)
    assert [each.code for each in shown.stretches] == ["W500", "M500", "W1500", "M1500"]
    women, men = shown.stretches[:2]
    assert women.skated == women.ends == rink_time("12 19:42:06") + 940
    assert men.skated == men.begins == rink_time("12 19:50")


def test_what_is_skated_reaches_to_where_the_viewer_stands(bundled_tape: Tape) -> None:
    session = live_session(bundled_tape, rink_time("12 19:38"))
    women = session.timeline(session.scene(Choice())).stretches[0]
    assert women.skated == rink_time("12 19:38")
    assert women.ends > women.skated


def test_marks_are_what_decided_something_and_no_places() -> None:
    rink = sprint_evening()

    def moment(kind: Kind, **more: object) -> Moment:
        return Moment(rink.clock.now, kind, "W500", "x", **more)  # type: ignore[arg-type]

    told = [
        moment(Kind.RECORD, sign="TR"),
        moment(Kind.LEADER, sign="1"),
        moment(Kind.LEADER, sign="1", quiet=True),
        moment(Kind.PODIUM, sign="2"),
        moment(Kind.DISQUALIFIED, sign="DQ"),
        moment(Kind.FINISH),
    ]
    races = rink.recorder.meet().races
    shown = timeline(races, told, rink.clock.now, rink.clock.now)
    assert [mark.sign for mark in shown.marks] == ["TR", "1", "DQ"]
    assert timeline(races[1:], told, 0, 0).marks == ()


@pytest.mark.parametrize("width", [60, 80, 120, 200])
@pytest.mark.parametrize("rows", [1, 2, 3])
def test_it_fills_its_columns_and_rows(bundled_tape: Tape, width: int, rows: int) -> None:
    session = live_session(bundled_tape, rink_time("12 19:41:50"))
    lines = strip(session.timeline(session.scene(Choice())), OSLO, width, rows)
    assert len(lines) == rows
    assert_fills(lines, width)
    track = lines[min(1, rows - 1)].text
    assert track.count("┃") == 1
    assert "W1500 ╌" in track


def test_without_races_it_is_blank() -> None:
    assert_fills(strip(Timeline((), (), 0, 0), UTC, 80, 3), 80)


def test_behind_the_present_both_places_are_shown(bundled_tape: Tape) -> None:
    session = live_session(bundled_tape, rink_time("12 19:41:50"))
    shown = session.timeline(session.scene(Choice()))
    behind = Timeline(shown.stretches, shown.marks, rink_time("12 19:30"), shown.edge)
    track = strip(behind, OSLO, 120, 3)[1]
    assert track.text.count("┃") == 2
    roles = [span.role for span in track.spans if span.text == "┃"]
    assert roles == ["strong", "live"]


def test_of_two_marks_that_touch_the_weightier_one_stays() -> None:
    marks = (Mark(0, "1", Kind.LEADER, 3), Mark(1, "TR", Kind.RECORD, 5))
    line = strip(hours(0, marks=marks), UTC, 80, 3)[2]
    assert line.text.split() == ["TR"]


def test_a_long_rest_is_cut_out() -> None:
    track = strip(hours(0, 5), UTC, 80, 3)[1].text
    assert "─//─" in track
    assert "//" not in strip(hours(0, 0.75), UTC, 80, 3)[1].text


@given(st.lists(st.floats(0, 12), min_size=1, max_size=8), st.floats(-3, 15), st.integers(60, 250))
def test_columns_and_times_go_together(places: list[float], at: float, width: int) -> None:
    scale = Scale(hours(*sorted(places), at=at), width)
    columns = [scale.column(round(place * HOUR)) for place in sorted(places)]
    assert columns == sorted(columns)
    times = [scale.time(column) for column in range(2, width - 2)]
    assert times == sorted(times)


def test_the_strip_is_drawn_again_only_when_something_on_it_has_moved(bundled_tape: Tape) -> None:
    session = live_session(bundled_tape, rink_time("12 19:41:00"))
    reader, scene = StripReader(), session.scene(Choice())
    lines = reader.lines(session, scene, 120, 3)
    assert reader.lines(session, session.scene(Choice()), 120, 3) is lines
    session.clock.now += 60_000  # type: ignore[attr-defined]
    assert reader.lines(session, session.scene(Choice()), 120, 3) is not lines


def test_on_a_day_when_the_clocks_go_back_the_strip_tells_the_rinks_time() -> None:
    begins = datetime(2025, 10, 26, 2, 30, tzinfo=OSLO)
    start = ms(begins)
    shown = Timeline(
        tuple(
            Stretch("W500", start + by * HOUR, start, start + by * HOUR + 60_000) for by in (0, 1)
        ),
        (),
        start - HOUR,
        start - HOUR,
    )
    clock = strip(shown, OSLO, 120, 3)[0].text.split()
    assert clock == ["01:30", "02:30", "02:30"]
    assert begins + timedelta(hours=1) != begins
