"""Lining up with a picture: what is watched for, and the delay that comes of seeing it."""

from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from longtrack.lining_up import WAIT_MS, Cue, LiningUp, Outcome, cues
from longtrack.model import Race
from longtrack.moments import Kind
from longtrack.playhead import MOST_DELAY_MS
from meets import Rink, sprint_evening
from rinkside.drawing.prompts import watched


def race_of(rink: Rink, number: int = 1) -> Race:
    race = rink.recorder.meet().numbered(number)
    assert race is not None
    return race


def next_cues(rink: Rink, number: int = 1) -> list[Cue]:
    session = rink.session()
    at = rink.clock.now
    return cues(race_of(rink, number), at, session.latest_moments(0, at))


def lining_up(rink: Rink) -> LiningUp:
    return LiningUp(rink.clock, next_cues(rink), rink.clock.now)


def look(rink: Rink, lining: LiningUp) -> Outcome | None:
    return lining.look(rink.session().latest_moments(0, rink.clock.now))


# --- what to watch for ---------------------------------------------------------------------------


def test_before_a_pair_has_been_clocked_its_first_mark_is_watched_for() -> None:
    rink = sprint_evening()
    found = next_cues(rink)
    assert [(cue.entry.pair, cue.mark_m) for cue in found] == [(1, 100), (1, 500)]
    assert watched(found[0]).endswith("'s opener, outer lane, red armband, pair 1")
    assert watched(found[1]).endswith("'s finish, red armband, pair 1")


def test_in_the_middle_of_a_race_it_is_the_next_mark_then_the_next_pair() -> None:
    rink = sprint_evening()
    rink.wire.start(1)
    rink.wire.passage(1, 0, 0, 10_300)
    rink.publish()
    found = next_cues(rink)
    assert [(cue.entry.pair, cue.mark_m) for cue in found] == [(1, 500), (2, 100), (2, 500)]
    assert found[0].entry.key == rink.key(1, 0)


def test_what_is_over_before_its_name_is_read_is_left_out() -> None:
    rink = sprint_evening()
    rink.wire.start(3)
    rink.wire.passage(3, 0, 0, 25_000)
    rink.publish()
    assert next_cues(rink, 3)[0].mark_m == 700
    rink.clock.on(27)
    assert next_cues(rink, 3)[0].mark_m == 1100
    assert "at 1100 m, white armband" in watched(next_cues(rink, 3)[0])


def test_of_a_race_that_is_over_there_is_nothing_to_watch_for() -> None:
    rink = sprint_evening(starters=2)
    rink.wire.start(1)
    for row in (0, 1):
        rink.wire.finish(1, row, 37_000 + row)
    rink.publish()
    assert next_cues(rink) == []
    lining = lining_up(rink)
    lining.see()
    assert not lining.is_waiting
    assert look(rink, lining) is None


# --- the delay -----------------------------------------------------------------------------------


def skate_opener(rink: Rink, pair: int = 1, time_ms: int = 10_300) -> None:
    for row in (2 * pair - 2, 2 * pair - 1):
        rink.wire.passage(1, row, 0, time_ms + row)
    rink.publish()


def test_it_is_what_passes_between_the_feed_and_the_picture() -> None:
    rink = sprint_evening()
    lining = lining_up(rink)
    rink.wire.start(1)
    skate_opener(rink)
    rink.clock.on(41.5)
    lining.see()
    assert look(rink, lining) is Outcome.SET
    assert lining.delay == 41_500
    assert lining.count == 1
    assert lining.cue is not None
    assert lining.cue.is_finish


def test_twice_is_the_mean() -> None:
    rink = sprint_evening()
    rink.wire.start(1)
    rink.publish()
    lining = lining_up(rink)
    skate_opener(rink)
    rink.clock.on(40)
    lining.see()
    assert look(rink, lining) is Outcome.SET
    for row in (0, 1):
        rink.wire.finish(1, row, 37_000 + row)
    rink.publish()
    rink.clock.on(43)
    lining.see()
    assert look(rink, lining) is Outcome.SET
    assert (lining.delay, lining.count) == (41_500, 2)


def test_a_feed_that_is_behind_the_picture_is_waited_for_and_leaves_no_delay() -> None:
    rink = sprint_evening()
    lining = lining_up(rink)
    lining.see()
    assert look(rink, lining) is None
    assert lining.is_waiting
    rink.wire.start(1)
    rink.clock.on(3)
    skate_opener(rink)
    assert look(rink, lining) is Outcome.AHEAD
    assert (lining.delay, lining.ahead_ms) == (0, 4_000)


def test_a_feed_that_never_tells_of_it_is_not_waited_for_for_ever() -> None:
    rink = sprint_evening()
    lining = lining_up(rink)
    lining.see()
    rink.clock.on(WAIT_MS / 1000 - 1)
    assert look(rink, lining) is None
    rink.clock.on(1)
    assert look(rink, lining) is Outcome.SILENT
    assert not lining.is_waiting
    assert lining.cue is not None
    assert lining.cue.is_finish


def test_another_can_be_watched_for() -> None:
    rink = sprint_evening()
    lining = lining_up(rink)
    lining.skip()
    assert lining.cue is not None
    assert lining.cue.is_finish


def test_the_running_clock_tells_the_same() -> None:
    rink = sprint_evening()
    rink.wire.start(1)
    skate_opener(rink)  # at the feed 10.3 s after the start
    rink.clock.on(50)
    # The picture is 45 s late: there the pair has been on its way for 15.3 s.
    moments = rink.session().latest_moments(0, rink.clock.now)
    lining = LiningUp(rink.clock, (), 0)
    assert lining.read(15_300, moments) is Outcome.SET
    assert lining.delay == 45_000


def test_a_clock_nobody_has_been_clocked_at_yet_tells_nothing() -> None:
    rink = sprint_evening()
    rink.wire.start(1)
    skate_opener(rink)
    moments = rink.session().latest_moments(0, rink.clock.now)
    assert LiningUp(rink.clock, (), 0).read(9_000, moments) is None
    assert LiningUp(rink.clock, (), 0).read(9_000, ()) is None


def test_a_running_clock_that_is_ahead_of_the_feed_leaves_no_delay() -> None:
    rink = sprint_evening()
    rink.wire.start(1)
    skate_opener(rink)
    lining = LiningUp(rink.clock, (), 0)
    assert lining.read(14_000, rink.session().latest_moments(0, rink.clock.now)) is Outcome.AHEAD
    assert (lining.delay, lining.ahead_ms) == (0, 3_700)


@given(st.integers(0, MOST_DELAY_MS), st.integers(0, 20_000))
def test_any_delay_comes_out_as_it_is(late_ms: int, shown_more_ms: int) -> None:
    rink = sprint_evening(starters=2)
    rink.wire.start(1)
    rink.publish()
    opener = lining_up(rink)
    skate_opener(rink)
    told = next(
        moment
        for moment in rink.session().latest_moments(0, rink.clock.now)
        if moment.kind is Kind.OPENER
    )
    rink.clock.now = told.at + late_ms
    opener.see()
    assert look(rink, opener) is Outcome.SET
    assert opener.delay == late_ms
    rink.clock.now = told.at + late_ms + shown_more_ms
    read = LiningUp(rink.clock, (), 0)
    outcome = read.read(10_300 + shown_more_ms, rink.session().latest_moments(0, rink.clock.now))
    assert outcome is Outcome.SET
    assert read.delay == late_ms
