"""What colours the real program asks a terminal for, by the bytes it writes.

Each goes through the program as a fan would: the board with a cursor, the programme, all themes
that are offered, the list of themes, a search of the commands, and the standings.
"""

from __future__ import annotations

import re
import sys
from pathlib import Path
from typing import Final

import pytest

from terminal import Terminal

_STYLE: Final = re.compile(rb"\x1b\[([0-9;:]*)m")

NO_COLOUR: Final = {"39", "49"}
"""The terminal's own pair; what else there is in a style is bold, underline and the like."""
SIXTEEN: Final = NO_COLOUR | {*map(str, range(31, 37)), "90"}
"""And 1 to 6 and 8 before any ground: 0, 7 and 9 to 15 vanish on some terminals."""
SELECTED: Final = {"30", "46"}
"""Selected text in a field to type in: black on cyan."""


def asked_for(output: bytes) -> set[str]:
    """Return the colours of all styles written: ``31``, or ``38;5`` and ``48;2`` for more."""
    found: set[str] = set()
    for match in _STYLE.finditer(output):
        numbers = match[1].decode().replace(":", ";").split(";")
        while numbers:
            number = numbers.pop(0)
            if number in ("38", "48", "58"):
                kind = numbers.pop(0)
                del numbers[: 1 if kind == "5" else 3]
                found.add(f"{number};{kind}")
            elif number and (30 <= int(number) <= 49 or 90 <= int(number) <= 107):
                found.add(number)
    return found


def walked_through(home: Path, **environ: str) -> set[str]:
    """Return the colours the program asks for while a fan goes through its screens."""
    command = [sys.executable, "-m", "rinkside", "demo"]
    with Terminal(command, home=home, environ=environ) as terminal:
        terminal.wait_for("DEMO")
        terminal.press("down")
        terminal.wait_for("to ►")
        terminal.press("p")
        terminal.wait_for("Programme · Hamar")
        terminal.press("escape")
        terminal.wait_for("W500 provisional")
        for _ in range(8):
            terminal.press("t")
        terminal.press("T")
        terminal.wait_for("THEMES")
        terminal.press("down", "down", "T", "s")
        terminal.wait_for("World Cup standings")
        terminal.press("q")
        assert terminal.finish() == 0
        return asked_for(terminal.output)


def test_no_color_asks_for_none(tmp_path: Path) -> None:
    assert walked_through(tmp_path, NO_COLOR="1") <= NO_COLOUR


@pytest.mark.parametrize("term", ["linux"])
def test_sixteen_colours_are_those_that_show_on_any_ground(tmp_path: Path, term: str) -> None:
    found = walked_through(tmp_path, TERM=term, COLORTERM="")
    assert found <= SIXTEEN | SELECTED
    assert {"31", "32", "33", "36"} <= found


def test_two_hundred_and_fifty_six_colours_are_by_number(tmp_path: Path) -> None:
    found = walked_through(tmp_path, TERM="xterm-256color", COLORTERM="")
    assert {"38;5", "48;5"} <= found
    assert not {"38;2", "48;2"} & found


def test_the_look_sees_every_kind_of_colour() -> None:
    output = b"\x1b[1;31mA\x1b[38;5;12;4mB\x1b[48;2;31;32;33;7mC\x1b[38:2:1:2:3mD\x1b[0;97m\x1b[m"
    assert asked_for(output) == {"31", "38;5", "48;2", "38;2", "97"}
