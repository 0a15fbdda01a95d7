"""``rinkside doctor``: what of this computer, and of the feed, is as the program needs it.

It looks and changes nothing: no file is set aside, no document kept.
"""

from __future__ import annotations

import os
import platform
import shutil
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from enum import StrEnum
from itertools import groupby
from pathlib import Path
from typing import Final

import msgspec

from rinkside import __version__
from rinkside.atomic import reason
from rinkside.locations import Locations
from rinkside.report import Row
from rinkside.tape_words import shown_size

LEAST_COLUMNS: Final = 60
LEAST_ROWS: Final = 20
"""The smallest window every screen is whole in."""

_LITTLE_ROOM: Final = 200_000_000
"""Bytes; a recorded meet takes some ten millions."""
_NO_ROOM: Final = 10_000_000

NO_DATA: Final = 6
"""The exit code where the data directory can't be used."""


class Grade(StrEnum):
    """How good a finding is; the values are the words of ``--json``."""

    OK = "ok"
    NOTE = "note"
    """Worth a look; nothing fails of it."""
    WRONG = "wrong"


class Finding(msgspec.Struct, frozen=True):
    """One thing that was looked at."""

    area: str
    """``program``, ``terminal``, ``directories``, ``files``, ``feed`` or ``records``."""
    grade: Grade
    text: str
    """A sentence without a full stop."""
    code: int = 0
    """The exit code of a command that fails of it; 0 where none does."""


UNASKED: Final = Finding("feed", Grade.OK, "nobody was asked, since --offline says so")


def exit_code(findings: Iterable[Finding]) -> int:
    """Return the exit code of the first serious trouble; 0 where there is none."""
    return next((each.code for each in findings if each.code), 0)


# --- the program and its terminal ---------------------------------------------------------------


def program() -> Iterator[Finding]:
    """Tell which program this is, and on what it runs."""
    text = (
        f"rinkside {__version__}, Python {platform.python_version()}, "
        f"{platform.system() or 'an unknown system'}"
    )
    yield Finding("program", Grade.OK, text)


def terminal(
    environ: Mapping[str, str], size: tuple[int, int] | None, encoding: str
) -> Iterator[Finding]:
    """Tell whether the dashboard can be drawn here, and how.

    Args:
        environ: The environment.
        size: Columns and lines; None where standard output is no terminal.
        encoding: Of standard output.
    """
    if size is None:
        plain = "standard output is no terminal: a meet is followed in plain lines there"
        yield Finding("terminal", Grade.OK, plain)
    else:
        columns, lines = size
        told = f"the window has {columns} columns and {lines} lines"
        if columns < LEAST_COLUMNS or lines < LEAST_ROWS:
            yield _note(f"{told}, which is too small: make it {LEAST_COLUMNS} by {LEAST_ROWS}")
        elif columns < 120:
            yield Finding("terminal", Grade.OK, f"{told}; from 120 columns on all panes show")
        else:
            yield Finding("terminal", Grade.OK, told)
    term = _shown(environ.get("TERM"))
    if environ.get("TERM") == "dumb":
        yield _note("TERM is dumb: a meet is followed in plain lines")
    elif not term:
        yield _note("TERM is not set, so the terminal is taken for a plain one")
    yield Finding("terminal", Grade.OK, _colours(environ, term))
    if encoding.replace("-", "").lower() == "utf8":
        yield Finding("terminal", Grade.OK, "it is written UTF-8, so every name shows")
    else:
        yield _note(
            f"it is written {_shown(encoding) or 'no known encoding'}, not UTF-8: letters of names "
            "show as question marks; set LANG to a UTF-8 locale"
        )
    if environ.get("TMUX") or term.startswith(("tmux", "screen")):
        through = "it runs in tmux or screen: notifications of the desktop may not come through"
        yield Finding("terminal", Grade.OK, through)
    if environ.get("SSH_CONNECTION") or environ.get("SSH_TTY"):
        yield Finding("terminal", Grade.OK, "it is reached by SSH")


def _colours(environ: Mapping[str, str], term: str) -> str:
    if "NO_COLOR" in environ:
        return "NO_COLOR is set: signs and bold say everything"
    wanted = environ.get("COLORTERM", "").lower()
    if wanted in ("truecolor", "24bit") or "direct" in term:
        depth = "16 million colours"
    elif "256color" in term or environ.get("TMUX"):
        depth = "256 colours"
    else:
        depth = "16 colours"
    return f"{depth} (TERM={term}, COLORTERM={_shown(environ.get('COLORTERM')) or 'not set'})"


def _shown(value: str | None) -> str:
    return "".join(each for each in value or "" if each.isprintable())[:40]


def _note(text: str) -> Finding:
    return Finding("terminal", Grade.NOTE, text)


# --- directories and files ------------------------------------------------------------------------


def directories(locations: Locations) -> Iterator[Finding]:
    """Tell whether the directories can be used, and how much room there is."""
    yield from _directory("data", locations.data, NO_DATA)
    yield from _directory("config", locations.config, 0)
    yield from _room(locations.data)


def _directory(name: str, directory: Path, code: int) -> Iterator[Finding]:
    there = _nearest(directory)
    told = f"the {name} directory {directory}"
    grade = Grade.WRONG if code else Grade.NOTE
    if not there.is_dir():
        yield Finding("directories", grade, f"{told} can't be used: {there} is a file", code)
    elif not os.access(there, os.W_OK | os.X_OK):
        yield Finding("directories", grade, f"{told} can't be written", code)
    elif there != directory:
        yield Finding("directories", Grade.OK, f"{told} is made when it is needed")
    else:
        yield Finding("directories", Grade.OK, f"{told} can be read and written")


def _nearest(directory: Path) -> Path:
    """Return the directory, or what there is of the way to it."""
    return next(path for path in (directory, *directory.parents) if os.path.lexists(path))


def _room(directory: Path) -> Iterator[Finding]:
    try:
        free = shutil.disk_usage(_nearest(directory)).free
    except OSError:
        return
    told = f"{shown_size(free)} are free there for tapes"
    if free < _NO_ROOM:
        yield Finding("directories", Grade.WRONG, f"only {told}", NO_DATA)
    else:
        grade = Grade.NOTE if free < _LITTLE_ROOM else Grade.OK
        yield Finding("directories", grade, f"only {told}" if grade is Grade.NOTE else told)


def files(locations: Locations, now: int) -> Iterator[Finding]:
    """Tell which tapes there are, and what is wrong with the files of the program and the fan.

    Args:
        locations: Where they are.
        now: The wall clock in milliseconds.
    """
    yield from _tapes(locations, now)
    for name, look in _FILES.items():
        troubles = [*look(locations)]
        for trouble in troubles:
            yield Finding("files", Grade.NOTE, trouble)
        if not troubles:
            yield Finding("files", Grade.OK, f"nothing is wrong with the {name}")


def _tapes(locations: Locations, now: int) -> Iterator[Finding]:
    from rinkside.tapes import kept_tapes, set_aside_in

    try:
        tapes = kept_tapes(locations.tapes, now)
        aside, size = set_aside_in(locations.tapes)
    except OSError as error:
        told = f"the tapes in {locations.tapes} can't be read: {reason(error)}"
        yield Finding("files", Grade.WRONG, told, NO_DATA)
        return
    count = f"{len(tapes)} tape{'s' * (len(tapes) != 1)}"
    total = shown_size(sum(tape.size for tape in tapes))
    yield Finding("files", Grade.OK, f"{count}, {total}" if tapes else "no tape yet")
    for tape in tapes:
        if tape.trouble:
            told = f"{tape.words} is {tape.trouble}: {tape.file}"
            yield Finding("files", Grade.NOTE, told.replace("is can't", "can't"))
    if aside:
        were = "tapes were" if aside > 1 else "tape was"
        told = f"{aside} {were} set aside, {shown_size(size)}; nothing needs them"
        yield Finding("files", Grade.NOTE, told if aside > 1 else told.replace("them", "it"))


def _settings(locations: Locations) -> Sequence[str]:
    from rinkside.settings import read_settings

    return read_settings(locations.settings)[1]


def _themes(locations: Locations) -> Sequence[str]:
    from rinkside_themes import user_palettes

    return user_palettes(locations.themes)[1]


def _records(locations: Locations) -> Sequence[str]:
    from longtrack.record_file import own_facts

    return own_facts(locations.records)[1]


def _followed(locations: Locations) -> Sequence[str]:
    from rinkside.followed_file import trouble

    told = trouble(locations.followed)
    return [told] if told else []


def _remembered(locations: Locations) -> Sequence[str]:
    from rinkside.remembered import trouble

    told = trouble(locations.remembered)
    return [told] if told else []


_FILES: Final[Mapping[str, Callable[[Locations], Sequence[str]]]] = {
    "settings": _settings,
    "themes": _themes,
    "book of records": _records,
    "list of those you follow": _followed,
    "memory of the last run": _remembered,
}


# --- telling -------------------------------------------------------------------------------------


def doctor_text(findings: Sequence[Finding]) -> str:
    """Return the findings as lines, each with its grade in front, and what it comes to at last."""
    lines: list[str] = []
    for area, of_area in groupby(findings, key=lambda each: each.area):
        lines.append(area)
        lines += [f"  {each.grade:<5}  {each.text}" for each in of_area]
    wrong = sum(each.grade is Grade.WRONG for each in findings)
    notes = sum(each.grade is Grade.NOTE for each in findings)
    worth = f"{notes} thing{'s' * (notes != 1)} worth a look" if notes else ""
    if wrong:
        told = f"{wrong} thing{'s are' if wrong > 1 else ' is'} wrong"
        lines += ["", ", ".join(filter(None, [told, worth]))]
    else:
        lines += ["", f"nothing is wrong; {worth}" if worth else "all is well"]
    return "\n".join(lines) + "\n"


def doctor_rows(findings: Iterable[Finding]) -> list[Row]:
    """Return the findings for scripts."""
    return [
        {"area": each.area, "grade": each.grade.value, "code": each.code, "text": each.text}
        for each in findings
    ]
