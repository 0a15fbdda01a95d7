"""``rinkside tapes``: listing, exporting, importing and deleting tapes."""

from __future__ import annotations

import argparse
import sys
import time
from collections.abc import Callable, Mapping, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final

import msgspec

from rinkside.tape_words import shown_days, shown_meet, shown_size, state
from rinkside.tapes import (
    KINDS,
    KeptTape,
    NotDone,
    delete_tape,
    export_tape,
    import_tape,
    kept_tapes,
    of_kind,
    tapes_of_event,
    to_prune,
)
from rinkside.tapes_report import many, tapes_text

if TYPE_CHECKING:
    from rinkside.library import Library

Confirm = Callable[[str], bool]
"""Asks a question that is answered by yes or no."""


def ask(question: str) -> bool:
    """Ask whoever sits at the terminal.

    Raises:
        NotDone: If there is none.
    """
    if not (sys.stdin.isatty() and sys.stderr.isatty()):
        raise NotDone("there is no terminal to ask at, so nothing is deleted; --yes goes without")
    print(question, end="", file=sys.stderr, flush=True)
    return sys.stdin.readline().strip().lower() in ("y", "yes")


class Told(msgspec.Struct, frozen=True):
    """What a command has to tell."""

    tapes: Sequence[KeptTape]
    """The tapes it is about."""
    text: str
    """For people."""
    facts: Mapping[str, Any] = {}
    """For scripts, beside what is told of each tape."""
    remarks: Sequence[str] = ()


def tapes(words: argparse.Namespace, library: Library, confirm: Confirm, width: int) -> Told:
    """Do what the words say.

    Raises:
        Refusal: If it can't be done; the message says why.
        longtrack.tape.TapeError: If the data directory can't be used.
        OSError: If it can't be read.
    """
    desk = _Desk(words, library, confirm, width)
    return _ACTIONS[words.action](desk)


class _Desk:
    """What a command on tapes works with."""

    def __init__(
        self, words: argparse.Namespace, library: Library, confirm: Confirm, width: int
    ) -> None:
        self._words = words
        self._library = library
        self._confirm = confirm
        self._width = width
        self._directory = library.locations.tapes
        self._now = round(time.time() * 1000)

    def list(self) -> Told:
        found = kept_tapes(self._directory, self._now)
        return Told(found, tapes_text(found, self._directory, width=self._width))

    def export(self) -> Told:
        found = self._of_event()
        tape = of_kind(found, self._words.kind or min(found, key=_by_kind).kind)
        file = Path(self._words.file or ".").expanduser()
        file = file / tape.file.name if file.is_dir() else file
        export_tape(tape, file)
        size = shown_size(file.stat().st_size)
        text = f"{file}: {tape.words}, {shown_days(tape.event)}, {state(tape)}, {size}\n"
        return Told([tape], text, {"exported": str(file.absolute())})

    def import_(self) -> Told:
        file = Path(self._words.file).expanduser()
        tape = import_tape(self._library, file, self._now, in_place=self._words.replace)
        play = f"rinkside watch {tape.event.id} --from-start"
        if tape.named_feed:
            play += f" --api https://{tape.named_feed}"
        what = f"{shown_meet(tape.event)}, {shown_days(tape.event)}, {state(tape)}"
        return Told([tape], f"{what}; it is played by {play}\n")

    def delete(self) -> Told:
        found = self._of_event()
        if self._words.kind is not None:
            found = [of_kind(found, self._words.kind)]
        elif len(found) > 1:
            kinds = " or ".join(tape.kind for tape in found)
            raise NotDone(f"{found[0].name} has {many(found)}; say which with --kind {kinds}")
        return self._deleted(found)

    def prune(self) -> Told:
        older, larger = self._words.older_than, self._words.larger_than
        if older is None and larger is None:
            raise NotDone("say what is to go: --older-than 90d, --larger-than 500MB or both")
        found = kept_tapes(self._directory, self._now)
        chosen = to_prune(found, self._now, older_than_ms=older, larger_than=larger)
        return self._deleted(chosen)

    def _of_event(self) -> Sequence[KeptTape]:
        found = kept_tapes(self._directory, self._now)
        return tapes_of_event(found, self._library, self._words.event)

    def _deleted(self, chosen: Sequence[KeptTape]) -> Told:
        if not chosen:
            return Told([], "no tape has to go\n")
        size = shown_size(sum(tape.size for tape in chosen))
        listed = "".join(f"  {_line(tape)}\n" for tape in chosen)
        if self._words.dry_run:
            text = f"{many(chosen)}, {size}, would be deleted:\n{listed}"
            return Told(chosen, text, {"deleted": False})
        question = f"Delete {many(chosen)}, {size}, for good?\n{listed}[y/N] "
        if not self._words.yes and not self._confirm(question):
            return Told(chosen, "nothing was deleted\n", {"deleted": False})
        gone: list[KeptTape] = []
        remarks: list[str] = []
        for tape in chosen:
            try:
                delete_tape(tape, self._now)
                gone.append(tape)
            except NotDone as error:
                if len(chosen) == 1:
                    raise
                remarks.append(str(error))
        size = shown_size(sum(tape.size for tape in gone))
        return Told(gone, f"{many(gone)} deleted, {size}\n", {"deleted": True}, remarks)


_ACTIONS: Final[Mapping[str, Callable[[_Desk], Told]]] = {
    "list": _Desk.list,
    "export": _Desk.export,
    "import": _Desk.import_,
    "delete": _Desk.delete,
    "prune": _Desk.prune,
}


def _by_kind(tape: KeptTape) -> int:
    return KINDS.index(tape.kind)


def _line(tape: KeptTape) -> str:
    feed = f", from {tape.named_feed}" if tape.named_feed else ""
    return (
        f"{tape.words}, {shown_days(tape.event)}, {state(tape)}, {shown_size(tape.size)}"
        f", last used {_day(tape.used)}{feed}"
    )


def _day(at: int) -> str:
    moment = time.localtime(at / 1000)
    return f"{moment.tm_mday} {time.strftime('%b %Y', moment)}"
