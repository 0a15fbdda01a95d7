"""Wherever the playhead is moved, the screen's state is the state at that place of the tape."""

from __future__ import annotations

from collections.abc import Callable

from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from msgspec.structs import replace

from longtrack.model import Source
from longtrack.playhead import Playhead
from longtrack.state import TapeReader
from longtrack.tape import Tape
from meets import BOOK, EVENT, OSLO, Clock, Rink, bundled_season, rink_time, sprint_evening
from rinkside import moving
from rinkside.scene import Feed, Scene
from rinkside.session import Choice, Session

FIXTURE = HealthCheck.function_scoped_fixture
"""The bundled tape is only read."""

Move = Callable[[Session], object]

MOVES: st.SearchStrategy[Move] = st.one_of(
    st.just(moving.pause_or_play),
    st.sampled_from([-3_600, -300, -30, -5, 5, 30, 300, 3_600]).map(
        lambda seconds: lambda session: moving.step(session, seconds)
    ),
    st.sampled_from([1, -1]).map(lambda by: lambda session: moving.change_speed(session, by)),
    st.sampled_from([1, -1]).map(lambda by: lambda session: moving.to_key_moment(session, by)),
    st.sampled_from([1, -1]).map(lambda by: lambda session: moving.to_pair(session, by)),
    st.sampled_from([1, -1]).map(lambda by: lambda session: moving.to_race(session, by)),
    st.integers(-5_000, 700_000).map(lambda ms: lambda session: moving.delay(session, ms)),
    st.just(lambda session: session.go_live()),
)
PAUSES = st.sampled_from([0.0, 0.4, 3.0, 25.0, 200.0, 4_000.0])


def state(scene: Scene) -> tuple[Scene, object]:
    """Return a scene without what is said about where its data comes from, and its cup's rows."""
    cup = scene.cup
    return replace(scene, feed=Feed(), cup=None), cup and (cup.before.rows, cup.now.rows)


def standing_at(session: Session, at: int) -> Session:
    """Return a session that has been nowhere else."""
    speed = session.playhead.speed
    playhead = Playhead.playing(Clock(at), at, speed).pausing()
    fresh = Session(
        session.tape,
        session.event_id,
        session.source,
        clock=session.clock,
        playhead=playhead,
        book=session.book,
        here=OSLO,
    )
    if session.season is not None:
        fresh.season = session.season
    return fresh


def assert_state(session: Session, choice: Choice) -> None:
    scene = session.scene(choice)
    assert state(scene) == state(standing_at(session, scene.at).scene(choice))
    assert scene.meet == TapeReader(session.tape, session.event_id).meet(scene.at)
    assert all(moment.at <= scene.at for moment in session.moments(scene.at))
    assert all(mark.at <= scene.at for mark in session.timeline(scene).marks)


@settings(max_examples=40, suppress_health_check=[FIXTURE])
@given(
    st.integers(rink_time("12 13:00:00"), rink_time("14 17:00:00")),
    st.lists(st.tuples(MOVES, PAUSES), max_size=12),
    st.booleans(),
)
def test_of_a_meet_that_is_played_again(
    bundled_tape: Tape, start: int, moves: list[tuple[Move, float]], skips: bool
) -> None:
    clock = Clock(rink_time("20 12:00"))
    playhead = Playhead.playing(clock, start)
    session = Session(
        bundled_tape, EVENT, Source.BUNDLED, clock=clock, playhead=playhead, here=OSLO
    )
    session.skips = skips
    session.season = bundled_season()
    for move, pause in moves:
        move(session)
        assert_state(session, Choice())
        clock.on(pause)
        assert_state(session, Choice())


def skate_on(rink: Rink, step: int) -> None:
    """Let the next thing happen at the rink: a start, an opener, or a finish."""
    pair, what = divmod(step, 3)
    if pair >= 4:
        return
    if step == 0:
        rink.wire.start(1)
    rows = (2 * pair, 2 * pair + 1)
    for row in rows:
        if what == 1:
            rink.wire.passage(1, row, 0, 10_300 + 10 * row)
        elif what == 2:
            rink.wire.finish(1, row, 37_500 - 10 * row)
    rink.publish(after=0)


@settings(max_examples=40)
@given(
    st.lists(
        st.one_of(st.tuples(MOVES, PAUSES), st.tuples(st.none(), PAUSES)), min_size=1, max_size=20
    )
)
def test_of_a_meet_that_goes_on_meanwhile(moves: list[tuple[Move | None, float]]) -> None:
    rink = sprint_evening()
    session = rink.session()
    happened = 0
    for move, pause in moves:
        if move is None:
            skate_on(rink, happened)
            happened += 1
        else:
            move(session)
        assert_state(session, Choice())
        rink.clock.on(pause)
        assert_state(session, Choice())
        scene = session.scene(Choice())
        assert scene.at <= rink.clock.now
        if session.playhead.is_live and not session.playhead.is_waiting:
            assert scene.at == rink.clock.now - session.playhead.delay
    # Nothing that was done on screen has changed the recording.
    session.go_live()
    moving.delay(session, 0)
    assert session.scene(Choice()).meet == rink.recorder.meet()


@settings(max_examples=40, suppress_health_check=[FIXTURE])
@given(
    st.integers(rink_time("12 19:00:00"), rink_time("12 21:30:00")),
    st.lists(MOVES, max_size=4),
    st.lists(st.floats(0.01, 1.0), min_size=5, max_size=5),
)
def test_the_picture_wakes_up_before_it_changes(
    bundled_tape: Tape, start: int, moves: list[Move], parts: list[float]
) -> None:
    clock = Clock(rink_time("20 12:00"))
    playhead = Playhead.playing(clock, start)
    session = Session(
        bundled_tape, EVENT, Source.BUNDLED, clock=clock, playhead=playhead, book=BOOK, here=OSLO
    )
    for move in moves:
        move(session)
    for part in parts:
        drawn = session.scene(Choice())
        due = session.next_change(drawn)
        if due is None:
            clock.on(part * 10_000)
            assert state(session.scene(Choice())) == state(drawn)
            continue
        # A little past the moment the timer goes off.
        clock.on(part * max(0.0, due - 0.01))
        later = session.scene(Choice())
        assert state(replace(later, at=drawn.at)) == state(drawn)
        assert f"{later.now:%H:%M}" == f"{drawn.now:%H:%M}"
        assert later.feed == drawn.feed
        clock.on(due)
