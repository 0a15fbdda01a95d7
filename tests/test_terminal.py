"""The terminal the end-to-end tests look at is one: it shows, types, resizes and ends programs."""

from __future__ import annotations

import os
import sys
from collections.abc import Callable, Iterator
from contextlib import ExitStack
from pathlib import Path

import pytest

from terminal import Terminal

Opened = Callable[..., Terminal]


@pytest.fixture
def opened(tmp_path: Path) -> Iterator[Opened]:
    """Run a line of Python in a terminal; its screen is cleared first."""
    with ExitStack() as stack:

        def run(code: str, columns: int = 40, rows: int = 6, **environ: str) -> Terminal:
            terminal = Terminal(
                [sys.executable, "-c", code],
                home=tmp_path / "home",
                columns=columns,
                rows=rows,
                environ=environ,
            )
            return stack.enter_context(terminal)

        yield run


def test_it_shows_what_a_program_writes_where_it_writes_it(opened: Opened) -> None:
    terminal = opened(r"print('\x1b[2J\x1b[3;5HKĘSTAITĖ 王明 \x1b[31mred\x1b[0m.', flush=True)")

    terminal.wait_for("KĘSTAITĖ")

    assert terminal.finish() == 0
    assert terminal.screen()[:4] == ["", "", "    KĘSTAITĖ 王明 red.", ""]
    assert terminal.color_of("red") == "red"
    assert terminal.color_of("KĘ") == "default"
    assert terminal.written == len(terminal.output) > 20


def test_it_types(opened: Opened) -> None:
    terminal = opened(
        "import sys, tty\n"
        "tty.setraw(0)\n"
        "print('ready', flush=True)\n"
        "typed = sys.stdin.buffer.read(5)\n"
        "print(typed, flush=True)"
    )
    terminal.wait_for("ready")

    terminal.press("a", "ø", "enter", "space")

    lines = terminal.wait_for(repr("aø\r ".encode()))
    assert lines[0] == "ready"


def test_a_new_size_is_told_to_the_program(opened: Opened) -> None:
    terminal = opened(
        "import os, signal\n"
        "def tell(*_): print('now', *os.get_terminal_size(), end=' ', flush=True)\n"
        "signal.signal(signal.SIGWINCH, tell)\n"
        "print('was', *os.get_terminal_size(), end=' ', flush=True)\n"
        "while True: signal.pause()"
    )
    terminal.wait_for("was 40 6")

    terminal.resize(50, 7)

    terminal.wait_for("now 50 7")
    assert len(terminal.screen()) == 7


def test_half_a_frame_is_not_looked_at(opened: Opened) -> None:
    terminal = opened(
        "import sys, tty\n"
        "tty.setraw(0)\n"
        "print('\\x1b[?2026$p', end='', flush=True)\n"
        "can = sys.stdin.buffer.read(11) == b'\\x1b[?2026;2$y'\n"
        "print('can' if can else 'can not', flush=True)\n"
        "sys.stdin.buffer.read(1)\n"
        "print('\\x1b[?2026h half', flush=True)\n"
        "sys.stdin.buffer.read(1)\n"
        "print(' a frame\\x1b[?2026l', flush=True)\n"
        "sys.stdin.read()"
    )
    terminal.wait_for("can")
    terminal.press("x")
    with pytest.raises(AssertionError, match="did not show"):
        terminal.wait_for("half", timeout=0.3)

    terminal.press("y")

    assert "half" in "\n".join(terminal.wait_for("a frame"))


def test_what_does_not_show_fails_with_the_whole_screen(opened: Opened) -> None:
    terminal = opened("import time; print('nothing to see', flush=True); time.sleep(60)")
    terminal.wait_for("nothing")

    with pytest.raises(AssertionError) as failure:
        terminal.wait_for(lambda lines: "a race" in lines[0], timeout=0.05, what="the race")

    assert "in 0.05 s did not show 'the race'" in str(failure.value)
    assert "│nothing to see " in str(failure.value)


def test_a_program_that_ends_is_waited_for_no_longer(opened: Opened) -> None:
    terminal = opened("import sys; print('farewell', flush=True); sys.exit(7)")

    with pytest.raises(AssertionError, match=r"ended before 'a race'[\s\S]*farewell"):
        terminal.wait_for("a race")

    assert terminal.finish() == 7


def test_a_program_that_goes_on_is_ended_with_the_terminal(opened: Opened) -> None:
    terminal = opened("import time; print('on', flush=True); time.sleep(600)")
    terminal.wait_for("on")
    with pytest.raises(AssertionError, match="goes on"):
        terminal.finish(timeout=0.05)

    terminal.close()
    terminal.close()

    with pytest.raises(ProcessLookupError):
        os.kill(terminal.pid, 0)


def test_nothing_of_this_computers_user_reaches_the_program(
    opened: Opened, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("RINKSIDE_API", "http://elsewhere.example")
    monkeypatch.setenv("NO_COLOR", "1")
    terminal = opened(
        "import os; print({k: v for k, v in os.environ.items() if k != 'PATH'}, flush=True)",
        columns=200,
        NAMED="here",
    )

    assert terminal.finish() == 0

    shown = "".join(terminal.screen())
    assert "elsewhere" not in shown
    assert "NO_COLOR" not in shown
    assert "'NAMED': 'here'" in shown
    assert f"'HOME': '{tmp_path / 'home'}'" in shown
