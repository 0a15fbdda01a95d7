"""A session: the tape, where the viewer stands on it, and when the picture next changes."""

from __future__ import annotations

from contextlib import closing
from datetime import timedelta

import pytest

from longtrack.action import OVER_AFTER_MS, Phase
from longtrack.bundled import DEMO_ID, open_bundled
from longtrack.happened import RULES
from longtrack.health import Health
from longtrack.model import Division, Source
from longtrack.moments import HIDDEN, Kind, Moment
from longtrack.playhead import Playhead
from longtrack.tape import Tape
from meets import (
    EVENING,
    EVENT,
    OSLO,
    Clock,
    live_session,
    ms,
    rink_time,
    sprint_evening,
)
from rinkside.moment_reader import MomentReader
from rinkside.session import Choice, Session


def playing(tape: Tape, start: int, speed: float = 1.0) -> tuple[Session, Clock]:
    clock = Clock(rink_time("20 12:00"))
    session = Session(
        tape,
        EVENT,
        Source.BUNDLED,
        clock=clock,
        playhead=Playhead.playing(clock, start, speed),
        here=OSLO,
    )
    return session, clock


# --- which race ----------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("clock", "code"),
    [
        ("12 19:41:40", "W500"),
        ("12 19:46:00", "W500"),
        ("12 19:49:30", "M500"),
        ("12 21:00:50", "W1500"),
        ("12 13:59:00", "W500B"),
        ("20 12:00:00", "MMS"),
    ],
)
def test_it_shows_what_is_live_else_next_else_last(
    bundled_tape: Tape, clock: str, code: str
) -> None:
    shown = live_session(bundled_tape, rink_time(clock)).scene(Choice()).race
    assert shown is not None
    assert shown.code == code


def test_a_chosen_race_stays_whatever_is_live(bundled_tape: Tape) -> None:
    session = live_session(bundled_tape, rink_time("12 19:41:40"))
    number = session.meet().race("M1500")
    assert number is not None
    scene = session.scene(Choice(race=number.number))
    assert scene.race is not None
    assert scene.race.code == "M1500"
    assert [race.code for race in scene.tabs] == ["W500", "M500", "W1500", "M1500"]


def test_a_day_or_division_without_a_race_shows_none(bundled_tape: Tape) -> None:
    session = live_session(bundled_tape, rink_time("12 19:41:40"))
    assert session.scene(Choice(day=EVENING.date() + timedelta(days=9))).race is None
    assert session.scene(Choice(division=Division.B)).race is None


# --- moments -------------------------------------------------------------------------------------


def test_moments_are_those_until_the_playhead(bundled_tape: Tape) -> None:
    session, clock = playing(bundled_tape, rink_time("12 19:41:40"))
    before = session.scene(Choice()).moments
    assert all(moment.at <= rink_time("12 19:41:40") for moment in before)
    clock.on(60)
    after = session.scene(Choice()).moments
    assert len(after) > len(before)
    assert any(moment.kind is Kind.RECORD for moment in after)
    assert not any(moment.kind is Kind.RECORD for moment in before)


def test_going_back_takes_moments_away_again(bundled_tape: Tape) -> None:
    session, clock = playing(bundled_tape, rink_time("12 19:45"))
    women = session.meet().race("W500")
    assert women is not None
    choice = Choice(race=women.number)
    later = session.scene(choice).moments
    clock.now -= 10 * 60_000
    assert 0 < len(session.scene(choice).moments) < len(later)


def test_an_opener_is_told_only_while_its_pair_is_in_view() -> None:
    rink = sprint_evening()
    rink.wire.start(1)
    for row in (0, 1):
        rink.wire.passage(1, row, 0, 10_300 + row)
    rink.publish()
    assert [moment.kind for moment in rink.scene().moments] == [Kind.START, Kind.OPENER]
    for row in (0, 1):
        rink.wire.finish(1, row, 37_500 + row)
    rink.publish()
    rink.wire.passage(1, 2, 0, 10_200)
    rink.publish()
    openers = [moment for moment in rink.scene().moments if moment.kind is Kind.OPENER]
    assert len(openers) == 1
    assert "10.20" in openers[0].text


def test_moments_of_another_live_race_are_told_and_of_one_long_over_are_not() -> None:
    rink = sprint_evening()
    for number in (1, 2):
        rink.wire.start(number)
        rink.publish()
        rink.wire.finish(number, 0, 37_000)
        rink.publish()
    assert {moment.race for moment in rink.scene().moments} == {"W500", "M500"}
    rink.wire.make_official(1)
    rink.publish()
    assert {moment.race for moment in rink.scene().moments} == {"M500"}
    assert {moment.race for moment in rink.scene(Choice(race=1)).moments} == {"W500"}


def test_an_opener_of_another_live_race_is_not_told() -> None:
    rink = sprint_evening()
    for number in (1, 2):
        rink.wire.start(number)
        rink.publish()
        rink.wire.passage(number, 0, 0, 9_900)
        rink.publish()
    for number, code in ((1, "W500"), (2, "M500")):
        scene = rink.scene(Choice(race=number))
        assert scene.action.pair == 1
        openers = [moment for moment in scene.moments if moment.kind is Kind.OPENER]
        assert {moment.race for moment in openers} == {code}


def test_what_another_program_writes_is_seen() -> None:
    rink = sprint_evening()
    session = rink.session()
    assert session.scene(Choice()).moments == ()
    rink.wire.start(1)
    rink.publish()
    rink.wire.finish(1, 0, 37_000)
    rink.publish()
    assert session.scene(Choice()).moments


# --- marks that fade -----------------------------------------------------------------------------


def test_a_record_flashes_for_eight_seconds(bundled_tape: Tape) -> None:
    evening = live_session(bundled_tape, rink_time("12 20:00"))
    women = evening.meet().race("W500")
    assert women is not None
    told = evening.scene(Choice(race=women.number)).moments
    finish = next(moment for moment in told if moment.kind is Kind.RECORD).at
    for later, flashes in ((0, 1), (7_900, 1), (8_100, 0)):
        assert len(live_session(bundled_tape, finish + later).scene(Choice()).flash) == flashes


def test_a_flash_lasts_as_long_at_eight_times_the_speed(bundled_tape: Tape) -> None:
    session, clock = playing(bundled_tape, rink_time("12 19:42:25"), speed=8)
    assert session.scene(Choice()).flash
    clock.on(9)
    assert not session.scene(Choice()).flash


def test_a_correction_is_marked_for_thirty_seconds() -> None:
    rink = sprint_evening()
    rink.wire.start(1)
    rink.publish()
    rink.wire.finish(1, 0, 37_000)
    rink.publish()
    rink.wire.correct(1, 0, 37_100)
    rink.publish()
    assert rink.scene().corrected == {rink.key(1, 0)}
    rink.clock.on(31)
    assert not rink.scene().corrected


# --- when it changes by itself -------------------------------------------------------------------


def test_playing_it_sleeps_until_the_next_version_is_due(bundled_tape: Tape) -> None:
    session, clock = playing(bundled_tape, rink_time("12 19:41:10"), speed=2)
    scene = session.scene(Choice())
    due = bundled_tape.next_after(scene.at)
    assert due is not None
    wait = session.next_change(scene)
    assert wait is not None
    assert wait == pytest.approx((due - scene.at) / 1000 / 2 + 0.005)
    clock.on(wait)
    assert session.playhead.at >= due


def test_a_quiet_replay_wakes_with_the_minute(bundled_tape: Tape) -> None:
    session, _ = playing(bundled_tape, rink_time("12 17:00:50"))
    assert session.next_change(session.scene(Choice())) == pytest.approx(10.005)


def test_offline_it_wakes_with_the_minute_and_no_sooner(bundled_tape: Tape) -> None:
    session = live_session(bundled_tape, rink_time("12 19:41:20"))
    wait = session.next_change(session.scene(Choice()))
    assert wait == pytest.approx(40.005)


def test_live_it_counts_the_age_in_seconds_and_then_in_minutes() -> None:
    rink = sprint_evening()
    session = rink.session()
    # A fresh age tells nothing by counting, so nothing is painted for it.
    assert session.next_change(session.scene(Choice())) == pytest.approx(5.005)
    rink.clock.on(6)
    assert session.scene(Choice()).feed.age == "6 s"
    assert (session.next_change(session.scene(Choice())) or 99) <= 1.01
    rink.clock.on(84)
    assert session.scene(Choice()).feed.age == "1 min"
    assert (session.next_change(session.scene(Choice())) or 0) > 1.01


def test_it_wakes_when_the_last_pair_goes_out_of_view() -> None:
    rink = sprint_evening(starters=2)
    rink.wire.start(1)
    rink.publish()
    for row in (0, 1):
        rink.wire.finish(1, row, 37_000 + row)
    rink.publish()
    rink.wire.stop(1)
    rink.publish()
    session = rink.session(offline=True)
    session.playhead = Playhead.playing(rink.clock, rink.clock() + OVER_AFTER_MS - 2_500)
    scene = session.scene(Choice(race=1))
    assert scene.action.phase is Phase.FINISHED
    assert scene.action.changes_at is not None
    assert (session.next_change(scene) or 99) * 1000 <= scene.action.changes_at - scene.at + 5


# --- how fresh it is -----------------------------------------------------------------------------


def test_the_age_is_that_of_what_the_viewer_looks_at() -> None:
    rink = sprint_evening()
    rink.wire.start(1)
    rink.publish()
    rink.clock.on(5)
    rink.recorder.unchanged("events/2026_NOR_0001/schedule/")
    session = rink.session()
    assert session.scene(Choice()).feed.age == "5 s"
    assert session.scene(Choice()).feed.pill == "LIVE"


def test_without_answers_it_is_late_and_with_an_error_there_is_no_feed() -> None:
    rink = sprint_evening()
    rink.wire.start(1)
    rink.publish()
    session = rink.session()
    rink.clock.on(30)
    assert session.scene(Choice()).feed.pill == "LATE"
    session.health = Health(
        interval_ms=3_000, error="the feed timed out", next_try=rink.clock() + 24_000
    )
    feed = session.scene(Choice()).feed
    assert feed.pill == "NO FEED"
    assert feed.note.endswith("the feed timed out · next try in 24 s")


@pytest.mark.parametrize(
    ("event_id", "note"),
    [
        (DEMO_ID, "~ modelled, not published · bundled meet"),
        ("2026_NED_0001", "bundled meet"),
    ],
)
def test_a_bundled_meet_says_that_it_is_one(event_id: str, note: str) -> None:
    with closing(open_bundled(event_id, None)) as tape:
        session = Session(tape, event_id, Source.BUNDLED, clock=Clock(rink_time("20 12:00")))
        assert session.scene(Choice()).feed.note == note


def test_going_live_ends_a_replay(bundled_tape: Tape) -> None:
    session, clock = playing(bundled_tape, rink_time("12 19:41:40"))
    assert not session.playhead.is_live
    session.go_live()
    assert session.playhead.at == clock()
    assert session.scene(Choice()).feed.pill == "OFFLINE"


def test_the_tape_before_its_first_version_is_an_empty_meet() -> None:
    rink = sprint_evening()
    session = rink.session()
    session.playhead = Playhead.playing(rink.clock, ms(EVENING) - 3_600_000)
    scene = session.scene(Choice())
    assert scene.race is None
    assert scene.tabs == ()


# --- all moments ---------------------------------------------------------------------------------


def test_all_moments_until_a_time_are_there_the_quiet_ones_too(bundled_tape: Tape) -> None:
    at = rink_time("12 19:42:10")
    session = live_session(bundled_tape, at)
    moments = session.moments(at)
    assert [each.at for each in moments] == sorted(each.at for each in moments)
    assert all(each.at <= at for each in moments)
    assert any(each.quiet for each in moments)
    kept = [Moment.from_json(each.body) for each in bundled_tape.moments(at)]
    assert list(moments) == [each for each in kept if each.kind not in HIDDEN]
    assert list(MomentReader(bundled_tape, hidden=True).until(at)) == kept
    since = moments[-5].at
    assert session.latest_moments(since, at) == [each for each in kept if each.at >= since]


def test_a_poll_that_brings_nothing_has_no_moment_read_again() -> None:
    rink = sprint_evening()
    rink.wire.start(1)
    rink.publish()
    rink.wire.finish(1, 0, 37_000)
    rink.publish()
    session = rink.session()
    before = list(session.moments(rink.clock()))
    rink.publish()
    after = session.moments(rink.clock())
    assert [id(each) for each in after] == [id(each) for each in before]
    rink.wire.finish(1, 1, 36_000)
    rink.publish()
    more = session.moments(rink.clock())
    assert len(more) > len(before)
    assert [id(each) for each in more[: len(before)]] == [id(each) for each in before]


def test_going_back_and_forth_reads_the_same_moments(bundled_tape: Tape) -> None:
    early, late = rink_time("12 19:30"), rink_time("12 21:30")
    session = live_session(bundled_tape, late)
    for at in (late, early, late, early):
        assert list(session.moments(at)) == list(live_session(bundled_tape, at).moments(at))


def test_moments_of_a_race_laid_earlier_are_read_too() -> None:
    rink = sprint_evening()
    rink.wire.start(1)
    rink.publish()
    rink.wire.finish(1, 0, 37_000)
    rink.publish()
    session = rink.session()
    now = rink.clock()
    known = len(session.moments(now))
    early = Moment(now - 3_600_000, Kind.OFFICIAL, "W500", "W500 is official")
    rink.tape.keep_moments(1, RULES, [(early.at, early.to_json())])
    moments = session.moments(now)
    assert len(moments) == known + 1
    assert moments[0] == early
