"""One tape, several programs at once: nothing twice, nothing lost, one of them polls."""

from __future__ import annotations

import multiprocessing
import os
import signal
import time
from collections.abc import Iterator
from datetime import UTC, datetime
from multiprocessing.connection import Connection
from multiprocessing.context import SpawnContext, SpawnProcess
from pathlib import Path

import pytest

from longtrack import isu
from longtrack.happened import RULES
from longtrack.moments import HIDDEN, Kind, Moment
from longtrack.recording import MeetRecorder
from longtrack.records import RecordBook
from longtrack.tape import Outcome, Tape
from wire import WireMeet, encode

EVENT = "2026_NOR_0001"
EVENING = datetime(2025, 12, 12, 17, 30, tzinfo=UTC)
RESULTS = isu.results_path(EVENT, 1)
ROUNDS = 60
PATIENCE_S = 50


def shared(number: int) -> bytes:
    """Return an answer that both programs get."""
    stamp = f"2025-12-12T18:{number // 60:02}:{number % 60:02}Z"
    return encode([{"id": 1, "modified": stamp, "time": f"37.{number:03}"}])


def append_same_and_own(file: str, name: str, pipe: Connection) -> None:
    """Append what the other one appends too, and documents of one's own."""
    tape = Tape(Path(file))
    pipe.send("ready")
    pipe.recv()
    news = 0
    for number in range(ROUNDS):
        news += tape.append(RESULTS, shared(number), number) is Outcome.NEW
        own = encode([{"id": 1, "by": name, "n": number}])
        assert tape.append(isu.results_path(EVENT, 2 + ord(name)), own, number) is Outcome.NEW
    tape.close()
    pipe.send(news)


def open_at_once(file: str, name: str, pipe: Connection) -> None:
    """Open a file that is not there yet, at the same time as others."""
    pipe.send("ready")
    pipe.recv()
    tape = Tape(Path(file))
    tape.append(isu.results_path(EVENT, ord(name)), shared(0), 0)
    tape.close()
    pipe.send("done")


def append_until_killed(file: str, _: str, pipe: Connection) -> None:
    """Append without an end, and tell what was appended; moments are left to others."""
    tape = Tape(Path(file))
    tape.claim("killed", now=1_000, hold_ms=10_000)
    wire = finishing_meet()
    for path, body in wire.documents().items():
        tape.append(path, body, 0)
    ready = False
    for number in range(1_000_000):
        wire.correct(1, 0, 37_000 + number)
        tape.append(RESULTS, wire.documents()[RESULTS], 1 + number)
        pipe.send(number)
        if not ready:
            pipe.recv()
            ready = True


def stop_in_the_middle(file: str, _: str, pipe: Connection) -> None:
    """Append one version, then begin to lay others and go no further."""
    tape = Tape(Path(file))
    tape.append(RESULTS, shared(1), 1)
    with tape.laying():
        tape.append(RESULTS, shared(2), 2)
        tape.append(RESULTS, shared(3), 3)
        pipe.send("in the middle")
        pipe.recv()


def finishing_meet() -> WireMeet:
    """Return a meet with one race, whose first skater has finished."""
    wire = WireMeet(lambda: EVENING)
    wire.add_race(begin=EVENING, starters=4)
    wire.start(1)
    wire.finish(1, 0, 36_999)
    return wire


class Program:
    """A process of its own, with a pipe to talk through."""

    def __init__(self, context: SpawnContext, work: object, file: Path, name: str) -> None:
        self.pipe, theirs = context.Pipe()
        self.process: SpawnProcess = context.Process(
            target=work,  # type: ignore[arg-type]
            args=(str(file), name, theirs),
            daemon=True,
        )
        self.process.start()
        theirs.close()

    def hear(self) -> object:
        assert self.pipe.poll(PATIENCE_S), "the other process says nothing"
        return self.pipe.recv()

    def say(self, word: str) -> None:
        self.pipe.send(word)

    def end(self) -> None:
        self.process.join(PATIENCE_S)
        assert self.process.exitcode == 0

    def clean_up(self) -> None:
        if self.process.is_alive():
            self.process.kill()
        self.process.join()
        self.process.close()
        self.pipe.close()


class Programs:
    """Starts processes, and ends what is left of them."""

    def __init__(self) -> None:
        self._context = multiprocessing.get_context("spawn")
        self._started: list[Program] = []

    def start(self, work: object, file: Path, name: str = "x") -> Program:
        self._started.append(Program(self._context, work, file, name))
        return self._started[-1]

    def clean_up(self) -> None:
        for program in self._started:
            program.clean_up()


@pytest.fixture
def programs() -> Iterator[Programs]:
    made = Programs()
    yield made
    made.clean_up()


def test_two_programs_append_the_same_answer_once_and_lose_none(
    tmp_path: Path, programs: Programs
) -> None:
    file = tmp_path / "meet.tape"
    both = [programs.start(append_same_and_own, file, name) for name in "ab"]
    for program in both:
        assert program.hear() == "ready"
    for program in both:
        program.say("go")
    news = [program.hear() for program in both]
    for program in both:
        program.end()
    tape = Tape(file)
    try:
        bodies = [tape.body(head.version) for head in tape.history(RESULTS, 10**6)][::-1]
        # Whoever is behind finds its answer there, or is refused as late.
        assert bodies == [shared(number) for number in range(ROUNDS)]
        assert news[0] + news[1] == ROUNDS  # type: ignore[operator]
        for name in "ab":
            path = isu.results_path(EVENT, 2 + ord(name))
            own = [tape.body(head.version) for head in tape.history(path, 10**6)][::-1]
            assert own == [encode([{"id": 1, "by": name, "n": n}]) for n in range(ROUNDS)]
    finally:
        tape.close()


def test_programs_may_begin_one_tape_at_once(tmp_path: Path, programs: Programs) -> None:
    file = tmp_path / "feed" / "meet.tape"
    four = [programs.start(open_at_once, file, name) for name in "abcd"]
    for program in four:
        assert program.hear() == "ready"
    for program in four:
        program.say("go")
    for program in four:
        assert program.hear() == "done"
        program.end()
    tape = Tape(file)
    try:
        assert len(tape.heads(0)) == 4
    finally:
        tape.close()


def test_a_killed_program_leaves_every_version_it_had_appended(
    tmp_path: Path, programs: Programs
) -> None:
    file = tmp_path / "meet.tape"
    victim = programs.start(append_until_killed, file)
    told = [victim.hear()]
    victim.say("go")
    told += [victim.hear() for _ in range(15)]
    os.kill(victim.process.pid or 0, signal.SIGKILL)
    victim.process.join(PATIENCE_S)
    while victim.pipe.poll():
        try:
            told.append(victim.pipe.recv())
        except EOFError:
            break
    assert victim.process.exitcode == -signal.SIGKILL

    tape = Tape(file)
    try:
        wire = finishing_meet()
        expected = [wire.documents()[RESULTS]]
        bodies = [tape.body(head.version) for head in tape.history(RESULTS, 10**9)][::-1]
        for number in range(len(bodies) - 1):
            wire.correct(1, 0, 37_000 + number)
            expected.append(wire.documents()[RESULTS])
        assert bodies == expected
        assert told == list(range(len(told)))
        # One more may have been committed in the moment between appending and telling.
        assert len(bodies) - 1 in (len(told), len(told) + 1)

        # Its moments were never made; the next program makes them.
        assert tape.moments(10**9) == []
        recorder = MeetRecorder(tape, EVENT, lambda: 10**6, RecordBook(()))
        left = list(recorder.catch_up())
        assert left == list(range(len(left)))[::-1]
        assert tape.without_moments(RULES) == []
        made = [Moment.from_json(kept.body) for kept in tape.moments(10**9)]
        moments = [moment for moment in made if moment.kind not in HIDDEN]
        assert [moment.at for moment in moments] == list(range(1, len(bodies)))
        assert {moment.kind for moment in moments} == {Kind.CORRECTION}

        # And it polls, once the dead one's claim has run out.
        assert not tape.claim("next", now=10_999, hold_ms=10_000)
        assert tape.claim("next", now=11_000, hold_ms=10_000)
    finally:
        tape.close()


def test_a_program_killed_in_the_middle_of_a_transaction_leaves_none_of_it(
    tmp_path: Path, programs: Programs
) -> None:
    file = tmp_path / "meet.tape"
    victim = programs.start(stop_in_the_middle, file)
    assert victim.hear() == "in the middle"
    os.kill(victim.process.pid or 0, signal.SIGKILL)
    victim.process.join(PATIENCE_S)
    tape = Tape(file)
    try:
        assert [tape.body(head.version) for head in tape.history(RESULTS, 10)] == [shared(1)]
        assert tape.append(RESULTS, shared(2), 2) is Outcome.NEW
    finally:
        tape.close()


def test_a_reader_sees_what_another_program_appends(tmp_path: Path, programs: Programs) -> None:
    file = tmp_path / "meet.tape"
    tape = Tape(file)
    try:
        before = tape.change_count()
        writer = programs.start(append_same_and_own, file, "a")
        assert writer.hear() == "ready"
        assert tape.heads(10**6) == {}
        writer.say("go")
        assert writer.hear() == ROUNDS
        writer.end()
        assert tape.change_count() != before
        assert len(list(tape.history(RESULTS, 10**6))) == ROUNDS
    finally:
        tape.close()


def test_reading_goes_on_while_another_program_writes(tmp_path: Path) -> None:
    file = tmp_path / "meet.tape"
    writer, reader = Tape(file), Tape(file)
    try:
        writer.append(RESULTS, shared(1), 1)
        with writer.laying():
            writer.append(RESULTS, shared(2), 2)
            begun = time.monotonic()
            assert len(list(reader.history(RESULTS, 10))) == 1
            assert time.monotonic() - begun < 1
        assert len(list(reader.history(RESULTS, 10))) == 2
    finally:
        writer.close()
        reader.close()
