"""The tapes of this computer: which there are, and what can be done with one.

One is exported to a single file, taken over from such a file, or deleted. What a tape is of is
read off the tape itself; where it lies tells the feed and the kind.
"""

from __future__ import annotations

import os
import re
import uuid
from collections.abc import Iterable, Sequence
from contextlib import closing
from itertools import chain, count
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import TYPE_CHECKING, Final

import msgspec
from msgspec.structs import replace

from longtrack import isu
from longtrack.coverage import Coverage, coverage
from longtrack.model import Event
from longtrack.names import plain
from longtrack.state import TapeReader
from longtrack.tape import HOLD_MS, Tape, TapeDamaged, TapeError, TapeUnusable, reason
from longtrack.tape_files import move_aside, parts, remove, tape_file
from rinkside.atomic import made_whole, put_new
from rinkside.library import IMPORTED, LATEST, NoSuch, Refusal, host_of
from rinkside.tape_words import KIND_WORDS

if TYPE_CHECKING:
    from rinkside.library import Library

KINDS: Final = ("recorded", "reenacted", "bundled")
"""In the order in which one of them is taken where nothing was said."""

BUNDLED: Final = "bundled"
"""Stands for the feed of the meets that came with the program."""

_USUAL_FEED: Final = host_of(isu.DEFAULT_API)

_LIVE_FOR_MS: Final = 6 * 3_600_000
"""A race still live on a tape to which nothing came for longer was left before its end."""

_NAME: Final = re.compile(rf"({isu.EVENT_ID.pattern})(?:\.(reenacted|bundled))?\.tape")


class NotDone(Refusal):
    """What was asked for would cost something that is to be kept; the message says what."""

    exit_code = 2


class CannotWrite(Refusal):
    """A file can't be written where the fan wants it."""

    exit_code = 6


class KeptTape(msgspec.Struct, frozen=True):
    """A tape of this computer, and what is on it."""

    file: Path
    feed: str
    """Host name of the feed; `BUNDLED` for the meets that came with the program."""
    kind: str
    """One of `KINDS`."""
    event: Event
    """Its id alone where the tape can't be read."""
    size: int
    """Bytes, with those of the log beside it."""
    used: int
    """When it was last written or watched, in milliseconds."""
    span: tuple[int, int] | None = None
    """Times of the first and the last version."""
    coverage: Coverage | None = None
    """What a recording covers; None for one that is laid out."""
    imported: bool = False
    """Whether somebody sent it."""
    live: bool = False
    """Whether a race of it was on when something came last, not long ago."""
    polled: bool = False
    """Whether a program polls for it now."""
    trouble: str = ""
    """Why it can't be read, in a few words."""

    @property
    def named_feed(self) -> str:
        """The feed, where it is to be named: empty for the usual one and bundled meets."""
        return "" if self.feed in (_USUAL_FEED, BUNDLED) else self.feed

    @property
    def name(self) -> str:
        """What meet it is, as far as is known: ``Hamar``."""
        return self.event.city or self.event.id

    @property
    def words(self) -> str:
        """What it is in a few words: ``the recorded tape of Hamar``."""
        return f"the {KIND_WORDS[self.kind]} tape of {self.name}"


def kept_tapes(tapes: Path, now: int) -> list[KeptTape]:
    """Return every tape under a directory but those of the lists of events, the newest meet first.

    Args:
        tapes: The tapes' directory; it need not be there.
        now: The wall clock in milliseconds.

    Raises:
        OSError: If the directory can't be read.
    """
    if not tapes.is_dir():
        return []
    found = [
        tape
        for directory in sorted(tapes.iterdir())
        if directory.is_dir() and not directory.name.startswith(".")
        for file in sorted(directory.iterdir())
        if (tape := _looked_at(file, now)) is not None
    ]
    return sorted(found, key=_newest_first)


def _newest_first(tape: KeptTape) -> tuple[int, str, int, str]:
    start = tape.event.start
    days = 0 if start is None else start.toordinal()
    return -days, tape.event.id, KINDS.index(tape.kind), tape.feed


def _looked_at(file: Path, now: int) -> KeptTape | None:
    """Return what a file is a tape of, or None where it is no meet's."""
    name = _NAME.fullmatch(file.name)
    if name is None:
        return None
    event_id, kind = name[1], name[2] or "recorded"
    try:
        stats = [part.stat() for part in parts(file)]
    except OSError:
        return None  # deleted at this moment
    plain_facts = KeptTape(
        file=file,
        feed=file.parent.name,
        kind=kind,
        event=Event(event_id, event_id),
        size=sum(each.st_size for each in stats),
        used=max((round(each.st_mtime * 1000) for each in stats), default=0),
    )
    if not stats:
        return None
    try:
        with closing(Tape(file)) as tape:
            return _read(tape, plain_facts, now)
    except TapeDamaged as error:
        newer = "newer" in str(error)
        return replace(plain_facts, trouble="from a newer rinkside" if newer else "damaged")
    except isu.Unreadable:
        return replace(plain_facts, trouble="damaged")
    except TapeError:
        return replace(plain_facts, trouble="can't be opened")


def _read(tape: Tape, kept: KeptTape, now: int) -> KeptTape:
    meet = TapeReader(tape, kept.event.id).meet(LATEST)
    return replace(
        kept,
        event=meet.event,
        span=tape.bounds(),
        coverage=coverage(tape, meet, now) if kept.kind == "recorded" else None,
        imported=tape.recall(IMPORTED) is not None,
        live=bool(meet.live) and now - tape.newest()[1] < _LIVE_FOR_MS,
        polled=tape.is_claimed(now, HOLD_MS),
    )


def set_aside_in(tapes: Path) -> tuple[int, int]:
    """Return how many tapes were set aside under a directory, and how many bytes they have."""
    files = [file for file in tapes.glob("*/*.set-aside-*") if file.is_file()]
    count = sum(not file.name.endswith(("-wal", "-shm")) for file in files)
    return count, sum(file.stat().st_size for file in files)


# --- choosing ------------------------------------------------------------------------------------


def tapes_of_event(tapes: Iterable[KeptTape], library: Library, word: str) -> list[KeptTape]:
    """Return the tapes of the event a fan means by an id, a city or a rink, in any case.

    Of several meets in one city it is the newest. Only tapes of the library's feed, and bundled
    ones, are meant.

    Raises:
        NoSuch: If there is none; the message says what to do.
    """
    wanted, as_id = plain(word), word.strip().upper()
    named = [
        tape
        for tape in tapes
        if as_id == tape.event.id or wanted in (plain(tape.event.city), plain(tape.event.venue))
    ]
    found = [tape for tape in named if tape.feed in (library.feed_host, BUNDLED)]
    if not found:
        others = sorted({tape.feed for tape in named})
        advice = "rinkside tapes lists those there are"
        if others:
            advice = f"there is one of {' and '.join(others)}, which --api names"
        raise NoSuch(f"no tape of {word} is kept here; {advice}")
    newest = min(found, key=_newest_first).event.start
    # One that is damaged is known by its id alone.
    ids = {tape.event.id for tape in found if tape.event.start == newest}
    return [tape for tape in found if tape.event.id in ids]


def of_kind(tapes: Sequence[KeptTape], kind: str) -> KeptTape:
    """Return the tape of a kind.

    Raises:
        NoSuch: If there is none; the message names those there are.
    """
    for tape in tapes:
        if tape.kind == kind:
            return tape
    there = " and ".join(f"a {KIND_WORDS[tape.kind]} one" for tape in tapes)
    raise NoSuch(f"there is no {KIND_WORDS[kind]} tape of {tapes[0].name}, but {there}")


def to_prune(
    tapes: Iterable[KeptTape],
    now: int,
    *,
    older_than_ms: int | None = None,
    larger_than: int | None = None,
) -> list[KeptTape]:
    """Return the tapes to delete, those not used for longest first; one that is polled never.

    Args:
        tapes: All there are.
        now: The wall clock in milliseconds.
        older_than_ms: All that were not used for longer than this.
        larger_than: As many more as it takes until the rest have no more bytes than this.
    """
    by_use = sorted(tapes, key=lambda tape: tape.used)
    total = sum(tape.size for tape in by_use)
    chosen: list[KeptTape] = []
    for tape in by_use:
        old = older_than_ms is not None and now - tape.used > older_than_ms
        too_much = larger_than is not None and total > larger_than
        if (old or too_much) and not tape.polled:
            chosen.append(tape)
            total -= tape.size
    return chosen


# --- doing ---------------------------------------------------------------------------------------


def free_name(file: Path) -> Path:
    """Return a name nothing has yet: the given one, else that with a number."""
    names = (file.with_name(f"{file.stem}-{number}{file.suffix}") for number in count(2))
    return next(name for name in chain([file], names) if not name.exists())


def export_tape(tape: KeptTape, file: Path) -> None:
    """Write a tape to a file, whole or not at all.

    Raises:
        NotDone: If there is a file of that name: it is never overwritten.
        CannotWrite: If it can't be written; nothing is left of it then.
        longtrack.tape.TapeError: If the tape can't be read.
    """
    from longtrack.tape_export import export

    try:
        with made_whole(file) as beside:
            export(tape.file, beside, tape.feed)
    except FileExistsError:
        raise NotDone(f"{file} is there already; give another name") from None
    except (TapeUnusable, OSError) as error:
        why = reason(error) if isinstance(error, OSError) else str(error).rpartition(": ")[2]
        raise CannotWrite(f"{file} can't be written: {why}") from None


def import_tape(library: Library, file: Path, now: int, *, in_place: bool = False) -> KeptTape:
    """Take over a tape that somebody sent, after all in it was checked.

    Args:
        library: Where it is kept; a file that does not say its feed is of the library's.
        file: The file.
        now: The wall clock in milliseconds.
        in_place: Whether a tape of the same meet and kind that is here is set aside for it.

    Raises:
        NoSuch: If there is no such file, or it is no sound tape.
        NotDone: If there is such a tape already, or the meet comes with the program.
        longtrack.tape.TapeUnusable: If it can't be kept; nothing is kept of it then.
    """
    from longtrack.tape_check import copy_sound

    if not file.is_file():
        raise NoSuch(f"there is no tape file {file}")
    tapes = library.locations.tapes
    tapes.mkdir(parents=True, exist_ok=True)
    with TemporaryDirectory(prefix=".import-", dir=tapes) as name:
        fresh = Path(name) / "imported.tape"
        try:
            with closing(Tape(fresh)) as tape:
                origin = copy_sound(file, tape)
                tape.remember(IMPORTED, str(now))
        except TapeDamaged as error:
            raise NoSuch(f"{error}; nothing was imported") from None
        except TapeUnusable as error:
            why = str(error).rpartition(": ")[2]
            raise TapeUnusable(f"{tapes} has no place for {file}: {why}") from None
        if origin.kind == "bundled":
            raise NotDone(
                f"{file} is of a meet that comes with rinkside; there is nothing to import"
            )
        feed = origin.feed or library.feed_host
        target = tape_file(tapes, feed, origin.event_id, origin.kind)
        here = _looked_at(target, now)
        if here is not None:
            _make_room(here, now, in_place=in_place)
        target.parent.mkdir(exist_ok=True)
        put_new(fresh, target)
    kept = _looked_at(target, now)
    if kept is None:
        raise TapeUnusable(f"{target}: it was taken away")
    return kept


def _make_room(here: KeptTape, now: int, *, in_place: bool) -> None:
    if here.polled:
        raise NotDone(f"another program records on {here.words} now; import it when that has ended")
    if not in_place:
        raise NotDone(f"{here.words} is here already; --replace sets that aside and keeps this one")
    move_aside(here.file, now)


def delete_tape(tape: KeptTape, now: int) -> None:
    """Delete a tape, for good.

    Raises:
        NotDone: If a program polls for it now.
        longtrack.tape.TapeUnusable: If it can't be deleted.
    """
    try:
        # A claim keeps other programs from beginning to poll for it at this moment.
        with closing(Tape(tape.file)) as opened:
            free = opened.claim(f"{os.getpid()}-{uuid.uuid4().hex}", now, HOLD_MS)
    except TapeDamaged:
        free = True  # nobody polls for what can't be read
    if not free:
        raise NotDone(f"{tape.words} is being recorded on; it stays")
    try:
        remove(tape.file)
    except OSError as error:
        raise TapeUnusable(f"{tape.file} can't be deleted: {reason(error)}") from None
