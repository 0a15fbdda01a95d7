"""Moving the playhead: where it goes, what is said, and what it refuses."""

from __future__ import annotations

from datetime import datetime, timedelta
from zoneinfo import ZoneInfo

import pytest

from longtrack.health import Health
from longtrack.model import Source
from longtrack.playhead import Playhead
from longtrack.tape import Tape
from meets import EVENT, OSLO, Clock, Rink, ms, rink_time, sprint_evening
from rinkside import moving, places
from rinkside.places import Refused
from rinkside.session import Choice, Session


def replay(tape: Tape, start: str, speed: float = 1.0) -> tuple[Session, Clock]:
    clock = Clock(rink_time("20 12:00"))
    playhead = Playhead.playing(clock, rink_time(start), speed)
    session = Session(tape, EVENT, Source.BUNDLED, clock=clock, playhead=playhead, here=OSLO)
    return session, clock


def live_pair(*, starters: int = 8) -> tuple[Rink, Session]:
    """Return a meet whose first pair has finished, five minutes after it began."""
    rink = sprint_evening(starters=starters)
    rink.clock.on(300)
    rink.wire.start(1)
    rink.publish()
    for time_ms, mark in ((10_300, 0), (37_500, None)):
        for row in (0, 1):
            if mark is None:
                rink.wire.finish(1, row, time_ms + row)
            else:
                rink.wire.passage(1, row, mark, time_ms + row)
        rink.publish(after=27)
    rink.publish()
    session = rink.session()
    session.health = Health(interval_ms=3_000)
    return rink, session


def pill(session: Session) -> str:
    return session.scene(Choice()).feed.pill


# --- pausing and speed ---------------------------------------------------------------------------


def test_a_pause_keeps_the_picture_and_says_how_far_behind_it_is() -> None:
    rink, session = live_pair()
    for path in rink.wire.documents():
        rink.tape.polled(path, rink.clock.now)
    assert moving.pause_or_play(session) == ""
    stood = session.scene(Choice())
    rink.clock.on(192)
    assert pill(session) == "PAUSED −3:12"
    assert session.scene(Choice()).at == stood.at
    moving.pause_or_play(session)
    assert pill(session) == "LIVE −3:12"
    assert session.follows_feed


def test_who_pauses_and_goes_on_at_once_is_live_as_before() -> None:
    rink, session = live_pair()
    moving.delay(session, 45_000)
    moving.pause_or_play(session)
    rink.clock.on(0.5)
    moving.pause_or_play(session)
    assert session.playhead.is_live
    assert session.playhead.delay == 45_000


def test_a_faster_one_catches_up_and_is_live_again_with_its_delay() -> None:
    rink, session = live_pair()
    moving.delay(session, 30_000)
    moving.step(session, -60)
    moving.change_speed(session, 1)
    assert pill(session).startswith("REPLAY 2× −1:30") or pill(session) == "…"
    rink.clock.on(59)
    session.scene(Choice())
    assert not session.playhead.is_live
    rink.clock.on(2)
    session.scene(Choice())
    assert session.playhead.is_live
    assert session.playhead.delay == 30_000
    assert session.scene(Choice()).at == rink.clock.now - 30_000


def test_a_faster_one_never_passes_the_present_meanwhile() -> None:
    rink, session = live_pair()
    moving.step(session, -30)
    session.move(session.playhead.at_speed(16))
    rink.clock.on(3_600)
    assert session.playhead.at == rink.clock.now


def test_at_the_present_nothing_is_faster() -> None:
    _, session = live_pair()
    assert "nothing ahead" in moving.change_speed(session, 1)
    assert session.playhead.is_live
    assert moving.change_speed(session, -1) == ""
    assert session.playhead.speed == 0.5


def test_speeds_go_step_by_step_and_end(bundled_tape: Tape) -> None:
    session, _ = replay(bundled_tape, "12 19:41", 3)
    moving.change_speed(session, -1)
    assert session.playhead.speed == 2
    for speed in (4, 8, 16):
        assert moving.change_speed(session, 1) == ""
        assert session.playhead.speed == speed
    assert moving.change_speed(session, 1) == "16× is the fastest."
    for _ in range(5):
        moving.change_speed(session, -1)
    assert moving.change_speed(session, -1) == "0.5× is the slowest."
    moving.pause_or_play(session)
    assert moving.change_speed(session, 1) == "1× when you play on."


def test_beyond_the_end_of_a_tape_there_is_nothing_to_pause(bundled_tape: Tape) -> None:
    clock = Clock(rink_time("20 12:00"))
    session = Session(bundled_tape, EVENT, Source.BUNDLED, clock=clock, offline=True, here=OSLO)
    assert moving.pause_or_play(session).startswith("The tape ends at ")
    assert moving.step(session, 5).startswith("The tape ends at ")
    assert moving.step(session, -5) == ""
    assert not session.playhead.is_live


# --- steps ---------------------------------------------------------------------------------------


def test_steps_are_of_the_meets_own_time(bundled_tape: Tape) -> None:
    session, clock = replay(bundled_tape, "12 19:41", 8)
    clock.on(10)
    moving.step(session, -30)
    assert session.playhead.at == rink_time("12 19:41:50")
    assert session.playhead.speed == 8


def test_before_the_beginning_and_after_the_end_it_says_so(bundled_tape: Tape) -> None:
    session, _ = replay(bundled_tape, "12 19:41")
    said = moving.step(session, -40 * 86_400)
    assert said.startswith("The tape begins here, at ")
    assert session.playhead.at == session.begins
    assert moving.step(session, 40 * 86_400).startswith("The tape ends at ")
    assert session.playhead.at == session.ends


def test_a_step_past_the_present_is_live_again() -> None:
    _, session = live_pair()
    assert moving.step(session, 5) == "You are at the present."
    moving.step(session, -30)
    assert moving.step(session, 60) == "At the present again."
    assert session.playhead.is_live


def test_a_step_never_passes_the_picture() -> None:
    rink, session = live_pair()
    moving.delay(session, 45_000)
    assert moving.step(session, 5) == "You are where your picture is; - shortens the delay."
    moving.step(session, -5)
    assert moving.step(session, 30) == "At your picture again."
    assert session.playhead.at == rink.clock.now - 45_000


# --- moments, pairs, races -----------------------------------------------------------------------


def test_moments_are_gone_to_one_by_one_and_back(bundled_tape: Tape) -> None:
    session, _ = replay(bundled_tape, "12 19:41")
    moving.pause_or_play(session)
    found = moving.to_key_moment(session, 1)
    assert "KOK 37.05" in found.words
    assert found.race == "W500"
    record = session.playhead.at
    moving.to_key_moment(session, 1)
    assert session.playhead.at > record
    moving.to_key_moment(session, -1)
    assert session.playhead.at == record


def test_a_moment_that_has_just_been_gone_to_is_not_gone_back_to_again(bundled_tape: Tape) -> None:
    session, clock = replay(bundled_tape, "12 19:45")
    moving.to_key_moment(session, -1)
    first = session.playhead.at
    clock.on(1)
    moving.to_key_moment(session, -1)
    assert session.playhead.at < first


def test_pairs_are_gone_to_before_they_start(bundled_tape: Tape) -> None:
    session, _ = replay(bundled_tape, "12 19:41")
    moving.pause_or_play(session)
    back = moving.to_pair(session, -1)
    assert back.words == "W500, pair 9"
    on = moving.to_pair(session, 1)
    assert on.words == "W500, pair 10"
    start = session.playhead.at
    kok = next(m for m in session.moments(start + 30_000) if "KOK 10.33" in m.text)
    assert kok.at - 10_330 - start == 3_000
    # Past the last pair comes the next race.
    assert moving.to_pair(session, 1).words == "M500, pair 1"


def test_races_are_gone_to_in_the_order_they_are_skated(bundled_tape: Tape) -> None:
    session, _ = replay(bundled_tape, "12 19:41")
    moving.pause_or_play(session)
    assert [moving.to_race(session, 1).race for _ in range(3)] == ["M500", "W1500", "M1500"]
    assert [moving.to_race(session, -1).race for _ in range(3)] == ["W1500", "M500", "W500"]


def test_where_there_is_no_more_it_stays(bundled_tape: Tape) -> None:
    session, _ = replay(bundled_tape, "14 23:00")
    at = session.playhead.at
    for move in (moving.to_key_moment, moving.to_pair, moving.to_race):
        found = move(session, 1)
        assert found.race is None
        assert "after this on the tape" in found.words
    assert session.playhead.at == at
    _, live = live_pair()
    assert "between here and the present" in moving.to_pair(live, 1).words


# --- typed ---------------------------------------------------------------------------------------


def go(session: Session, words: str, code: str | None = None) -> int:
    race = session.reader.meet(session.ends or 0).race(code) if code else None
    moving.to_typed(session, race, words)
    return session.playhead.at


@pytest.mark.parametrize(
    ("words", "at"),
    [
        ("19:38", "12 19:38"),
        (" 19.38 ", "12 19:38"),
        ("19:38:20", "12 19:38:20"),
        ("13 19:00", "13 19:00"),
    ],
)
def test_a_time_is_the_rinks(bundled_tape: Tape, words: str, at: str) -> None:
    session, _ = replay(bundled_tape, "12 19:41")
    moving.pause_or_play(session)
    assert go(session, words) == rink_time(at)


def test_a_pair_and_a_race_are_gone_to(bundled_tape: Tape) -> None:
    session, _ = replay(bundled_tape, "12 19:30")
    moving.pause_or_play(session)
    tenth = go(session, "pair 10", "W500")
    assert rink_time("12 19:40") < tenth < rink_time("12 19:42")
    assert go(session, "p10", "W500") == tenth
    assert rink_time("12 20:25") < go(session, "w1500") < rink_time("12 20:35")
    assert go(session, "start") == session.begins


@pytest.mark.parametrize(
    ("words", "said"),
    [
        ("25:10", "25:10 is no time."),
        ("31 19:00", "31 19:00 is not on the tape, which reaches from 12 Dec"),
        ("W10000", "There is no W10000 at this meet."),
        ("pair 30", "W500 has no pair 30."),
        ("[b]x[/b]", "Write 19:38 or 19:38:20"),
        ("yesterday", "Write 19:38 or 19:38:20"),
    ],
)
def test_what_is_no_place_is_refused_in_a_sentence(
    bundled_tape: Tape, words: str, said: str
) -> None:
    session, _ = replay(bundled_tape, "12 19:41")
    before = session.playhead
    with pytest.raises(Refused) as refusal:
        go(session, words, "W500")
    assert str(refusal.value).startswith(said)
    assert session.playhead == before


def test_what_has_not_been_skated_is_no_place_yet() -> None:
    _, session = live_pair()
    with pytest.raises(Refused, match="Pair 3 of W500 has not skated yet"):
        go(session, "pair 3", "W500")
    with pytest.raises(Refused, match="M500 has not begun yet; it is planned for 19:50"):
        go(session, "m500")
    with pytest.raises(Refused, match="not on the tape, which reaches from 19:20 to 19:"):
        go(session, "21:00")
    go(session, "live")
    assert session.playhead.is_live


def test_an_empty_tape_has_no_place() -> None:
    session = Session(Tape(), EVENT, Source.CACHE, clock=Clock(0), here=OSLO)
    with pytest.raises(Refused, match="nothing on the tape"):
        places.typed("19:38", session, None)
    assert "nothing on the tape" in moving.step(session, -5)


def test_after_midnight_an_evenings_time_is_that_of_the_day_before() -> None:
    begins = datetime(2025, 12, 12, 23, 40, tzinfo=OSLO)
    rink = Rink(begins=begins)
    rink.wire.add_race(begin=begins, metres=500, starters=4)
    rink.publish(after=0)
    rink.clock.on(40 * 60)
    session = rink.session()
    assert go(session, "23:50") == ms(begins) + 10 * 60_000
    assert go(session, "00:10") == ms(begins) + 30 * 60_000


def test_of_an_hour_that_comes_twice_the_nearer_one_is_meant() -> None:
    begins = datetime(2025, 10, 26, 1, 30, tzinfo=OSLO)
    rink = Rink(begins=begins)
    rink.wire.add_race(begin=begins, metres=500, starters=4)
    rink.publish(after=0)
    rink.clock.on(2.5 * 3600)
    session = rink.session()
    # It is 3:00 by the rink's clock, half an hour after the second 2:30 and 90 minutes after
    # the first.
    moving.pause_or_play(session)
    assert f"{session.scene(Choice()).now:%H:%M}" == "03:00"
    assert go(session, "2:30") == ms(begins) + 2 * 3_600_000
    moving.step(session, -3_600)
    assert f"{session.scene(Choice()).now:%H:%M}" == "02:30"
    assert go(session, "2:30") == ms(begins) + 3_600_000


# --- the delay -----------------------------------------------------------------------------------


def test_the_delay_reaches_from_nought_to_ten_minutes() -> None:
    rink, session = live_pair()
    rink.clock.on(1_000)
    assert moving.delay(session, -1_000) == "There is no delay to take from."
    assert moving.delay(session, 45_000) == ""
    assert session.scene(Choice()).at == rink.clock.now - 45_000
    assert "there is no longer one" in moving.delay(session, 601_000)
    assert session.playhead.delay == 600_000
    assert moving.delay(session, 0) == "There is no delay now: this is what the feed says."
    assert session.scene(Choice()).at == rink.clock.now


def test_a_delay_longer_than_the_tape_stands_at_its_beginning() -> None:
    rink, session = live_pair()
    begins = session.begins
    assert begins is not None
    said = moving.delay(session, 600_000)
    assert said.startswith("The delay is 600 s; the tape begins at 19:20:00, and waits there")
    at = session.scene(Choice()).at
    assert begins <= at <= begins + 5_000
    rink.clock.on(30)
    assert session.scene(Choice()).at == at
    rink.clock.on(600)
    assert session.scene(Choice()).at == rink.clock.now - 600_000


def test_a_delay_set_before_anything_has_come_shows_what_comes() -> None:
    rink = Rink()
    session = rink.session()
    moving.delay(session, 45_000)
    rink.wire.add_race(begin=rink.begins, metres=500, starters=4)
    rink.publish(after=1)
    assert [race.code for race in session.scene(Choice()).meet.races] == ["W500"]
    assert session.scene(Choice()).at <= rink.clock.now


def test_a_longer_delay_takes_a_playhead_near_the_present_back_with_it() -> None:
    rink, session = live_pair()
    moving.step(session, -5)
    moving.pause_or_play(session)
    moving.delay(session, 30_000)
    assert session.playhead.at == rink.clock.now - 30_000
    assert session.playhead.paused


@pytest.mark.parametrize("late", [0, 45_000, 600_000])
@pytest.mark.parametrize("seconds", [0, -5, -600])
def test_a_picture_that_stands_still_wakes_up_for_its_figure_alone(late: int, seconds: int) -> None:
    rink, session = live_pair()
    moving.delay(session, late)
    if seconds:
        moving.step(session, seconds)
    moving.pause_or_play(session)
    for path in rink.wire.documents():
        rink.tape.polled(path, rink.clock.now)
    due = session.next_change(session.scene(Choice()))
    assert due is not None
    assert due >= 1.0


def test_what_is_played_again_has_no_delay(bundled_tape: Tape) -> None:
    session, _ = replay(bundled_tape, "12 19:41")
    assert moving.delay(session, 30_000) == moving.NO_DELAY
    assert session.playhead.delay == 0


# --- time that does not pass evenly --------------------------------------------------------------


def test_after_a_night_asleep_the_picture_is_that_of_the_morning() -> None:
    rink, session = live_pair()
    before = session.scene(Choice())
    rink.clock.on(9 * 3600)
    after = session.scene(Choice())
    assert after.at == rink.clock.now
    assert after.now - before.now == timedelta(hours=9)
    assert len(session.moments(after.at)) == len(session.moments(before.at))


def test_after_a_sleep_a_delayed_picture_has_skipped_nothing() -> None:
    rink, session = live_pair()
    rink.clock.on(60)
    moving.delay(session, 45_000)
    scene = session.scene(Choice())
    for row in (2, 3):
        rink.wire.finish(1, row, 37_100 + row)
    rink.publish()
    due = session.next_change(scene)
    assert due is not None
    assert due <= 45.1
    rink.clock.on(7_200)
    late = session.scene(Choice())
    assert late.meet == rink.recorder.meet()


def test_a_meet_in_another_zone_has_both_clocks_right() -> None:
    rink, _ = live_pair()
    tokyo = ZoneInfo("Asia/Tokyo")
    session = Session(rink.tape, EVENT, Source.CACHE, clock=rink.clock, here=tokyo)
    moving.delay(session, 45_000)
    scene = session.scene(Choice())
    assert scene.now.utcoffset() == timedelta(hours=1)
    assert scene.now.astimezone(scene.here) - scene.now == timedelta(0)
    assert scene.now.timestamp() * 1000 == rink.clock.now - 45_000
