"""Taking over a tape that came from somewhere: nothing in the file is trusted.

The file is never written to, nor adopted as it is. It is looked at read-only, and what is sound in
it is copied, row by row, onto a fresh tape of our own layout: versions only where their bodies can
be restored and are the documents their paths stand for. One thing that can't be so on a tape of
this program, and nothing of the file is taken.
"""

from __future__ import annotations

import json
import re
import shutil
import sqlite3
from collections.abc import Iterator
from contextlib import closing, contextmanager
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any, Final

import msgspec

from longtrack import fields, isu, packing
from longtrack.happened import RULES
from longtrack.moments import Moment
from longtrack.tape import LAYOUT, SCHEMA, Rows, Tape, TapeDamaged, reason

MOST_BYTES: Final = 512 * 1024 * 1024
"""A larger file is no tape: that of a whole meet stays under 20 MB."""

_MOST_BODY: Final = 8 * 1024 * 1024
"""As much as is taken from the feed for one answer."""
_MOST_RESTORED: Final = 4 * 1024 * 1024 * 1024
"""All bodies together; those of a whole meet are 0.3 GB."""

_TRIES: Final = 5
"""How often a file is copied that another program writes to meanwhile."""

_LAST_TIME: Final = 4_102_444_800_000
"""The year 2100, in tape time."""
_LAST_ID: Final = 2**53

_KINDS: Final = frozenset({"recorded", "reenacted", "bundled"})
_MAGIC: Final = b"SQLite format 3\0"
_HOST: Final = re.compile(r"[a-z0-9]([a-z0-9.-]{0,251}[a-z0-9])?")
_PATH: Final = re.compile(r"events/([^/]{1,20})/[a-z0-9/-]{0,100}")
_COMMENT: Final = re.compile(r"--[^\n]*")
_ESCAPE: Final = re.compile(r"\\[^\"\\]")


class Origin(msgspec.Struct, frozen=True):
    """What a file says it is a tape of."""

    event_id: str
    kind: str
    """``recorded``, ``reenacted`` or ``bundled``."""
    feed: str | None
    """Host name of the feed it was recorded from; None where the file does not say."""
    versions: int


def copy_sound(file: Path, into: Tape) -> Origin:
    """Copy all that a file holds onto an empty tape, or nothing of it.

    Args:
        file: The file somebody sent. It may be in use by another program; what had been written
            when this began is copied.
        into: An empty tape.

    Raises:
        TapeDamaged: If the file is no tape, is one of a newer program, is damaged, or holds what
            no tape holds; the message is for a person.
        longtrack.tape.TapeUnusable: If the copy can't be written.
    """
    with _readable(file) as readable, closing(_connect(file, readable)) as db:
        looked_at = _Suspect(file, db)
        looked_at.check_form()
        with into.laying():
            return looked_at.copy(into)


@contextmanager
def _readable(file: Path) -> Iterator[str]:
    """Yield the address under which a file can be read without anything being written beside it."""
    try:
        with file.open("rb") as stream:
            magic = stream.read(len(_MAGIC))
        log = file.with_name(f"{file.name}-wal")
        size = file.stat().st_size
        logged = log.stat().st_size if log.exists() else 0
    except OSError as error:
        raise TapeDamaged(f"{file} can't be read: {reason(error)}") from None
    if magic != _MAGIC:
        raise TapeDamaged(f"{file} is not a tape")
    if size + logged > MOST_BYTES:
        raise TapeDamaged(f"{file} is not a tape: with {size // 1_000_000} MB it is too large")
    if not logged:
        yield f"{file.absolute().as_uri()}?mode=ro&immutable=1"
        return
    # SQLite would bring the log into the file, or make another file to read it by.
    with TemporaryDirectory(prefix="rinkside-") as name:
        copy = Path(name) / "looked-at.tape"
        try:
            for _ in range(_TRIES):
                before = _touched(file, log)
                shutil.copyfile(file, copy)
                shutil.copyfile(log, copy.with_name(f"{copy.name}-wal"))
                if _touched(file, log) == before:
                    break
        except OSError as error:
            raise TapeDamaged(f"{file} can't be read: {reason(error)}") from None
        yield copy.as_uri()


def _touched(*files: Path) -> list[int]:
    return [file.stat().st_mtime_ns for file in files]


def _connect(file: Path, address: str) -> sqlite3.Connection:
    try:
        db = sqlite3.connect(address, uri=True, isolation_level=None)
    except sqlite3.Error as error:
        raise TapeDamaged(f"{file} can't be read: {reason(error)}") from None
    db.setlimit(sqlite3.SQLITE_LIMIT_LENGTH, _MOST_BODY)
    db.setlimit(sqlite3.SQLITE_LIMIT_ATTACHED, 0)
    return db


class _Suspect:
    """A file that says it is a tape.

    Args:
        file: Its name, for what is said about it.
        db: The open database.
    """

    def __init__(self, file: Path, db: sqlite3.Connection) -> None:
        self._file = file
        self._db = db
        self._paths: dict[int, str] = {}
        self._restored = 0

    def check_form(self) -> None:
        """Refuse what is laid out otherwise than a tape, and what the database finds damaged.

        Until the layout is known to be ours nothing but the list of what there is gets read: a
        view or a generated column would be run by reading it.
        """
        for setting in ("trusted_schema = OFF", "cell_size_check = ON", "query_only = ON"):
            self._rows(f"PRAGMA {setting}")
        ours = _layout(_of_this_program())
        found = _layout(self._rows("SELECT type, name, tbl_name, sql FROM sqlite_master"))
        meta = next(part for part in ours if part[1] == "meta")
        if meta not in found:
            raise TapeDamaged(f"{self._file} is not a tape")
        schema = self._fact("schema")
        if schema is None or not re.fullmatch(r"[0-9]{1,6}", schema):
            raise TapeDamaged(f"{self._file} is not a tape")
        if int(schema) > SCHEMA:
            raise TapeDamaged(f"{self._file} was written by a newer rinkside")
        if found != ours:
            raise self._foreign("it is laid out otherwise")
        if self._rows("PRAGMA integrity_check(1)") != [("ok",)]:
            raise self._damaged()

    def copy(self, into: Tape) -> Origin:
        """Copy the rows onto a tape, and tell what it is one of."""
        kind = self._fact("kind") or ""
        if kind not in _KINDS:
            raise self._damaged()
        into.adopt("document", self._documents())
        event_ids = {_event_of(path) for path in self._paths.values()}
        if not event_ids:
            raise TapeDamaged(f"{self._file} has no meet on it")
        if len(event_ids) > 1:
            raise self._foreign("it mixes several meets")
        (event_id,) = event_ids
        versions: set[int] = set()
        told = self._moments()
        into.adopt("version", self._versions(event_id, versions, RULES if told else None))
        if not versions:
            raise TapeDamaged(f"{self._file} has no meet on it")
        into.adopt("moment", (row for row in told if row[1] in versions))
        into.adopt("span", self._spans())
        into.remember("kind", kind)
        feed = self._fact("feed")
        known = feed if feed is not None and _HOST.fullmatch(feed) else None
        return Origin(event_id, kind, known, len(versions))

    # --- the tables --------------------------------------------------------------------------

    def _documents(self) -> Rows:
        for number, path, stamps in self._rows("SELECT id, path, stamps FROM document"):
            if not _is_id(number) or not isinstance(path, str):
                raise self._damaged()
            if not _event_of(path):
                raise self._foreign("it holds documents that are of no meet")
            self._paths[number] = path
            yield number, path, _sound_stamps(stamps)

    def _versions(self, event_id: str, taken: set[int], rules: int | None) -> Rows:
        """Yield every version after trying it, and note its number.

        Only the newest keyframe of a document is ever packed against, so one at a time is held.
        A digest is taken as it is: one that lies costs the next answer of its document at most.
        """
        keyframe, base, former = None, b"", None
        rows = self._each(
            "SELECT id, document, at, digest, keyframe, body FROM version ORDER BY document, id"
        )
        for number, document, at, digest, against, packed in rows:
            if document != former:
                keyframe, base, former = None, b"", document
            if not (
                _is_id(number)
                and _is_time(at)
                and document in self._paths
                and isinstance(digest, bytes)
                and len(digest) == 16
                and isinstance(packed, bytes)
                and against in (None, keyframe)
            ):
                raise self._damaged()
            body = self._restore(packed, base if against is not None else b"")
            self._try(self._paths[document], body, event_id)
            if against is None:
                keyframe, base = number, body
            taken.add(number)
            yield number, document, at, digest, against, packed, rules

    def _restore(self, packed: bytes, base: bytes) -> bytes:
        # What comes out is no longer than the head says, however it was packed.
        size = int.from_bytes(packed[:4], "big")
        self._restored += size
        if size > _MOST_BODY or self._restored > _MOST_RESTORED:
            raise self._foreign("unpacked it is too large")
        try:
            return packing.unpack(packed, base)
        except ValueError:
            raise self._damaged() from None

    def _try(self, path: str, body: bytes, event_id: str) -> None:
        try:
            isu.parse(body, path)
            named = isu.read_event(body).id if path == isu.event_path(event_id) else event_id
        except isu.Unreadable:
            raise self._foreign("one of its documents can't be read") from None
        if named != event_id:
            raise self._foreign("it says it is of another meet than it holds")

    def _moments(self) -> list[tuple[int, int, int, str]]:
        """Return the moments; none where any is not as this program makes them.

        They are then made again, from the documents, when the tape is played.
        """
        told = self._rows("SELECT id, version, at, body FROM moment ORDER BY id")
        others = self._rows("SELECT 1 FROM version WHERE rules IS NOT ? LIMIT 1", RULES)
        if others or not all(_is_sound_moment(*row) for row in told):
            return []
        return told

    def _spans(self) -> Rows:
        for document, start, stop, failure in self._each(
            "SELECT document, start, stop, failure FROM span ORDER BY rowid"
        ):
            if not (_is_time(start) and _is_time(stop) and document in self._paths):
                raise self._damaged()
            yield document, start, stop, fields.text(failure, 200)

    # --- reading -----------------------------------------------------------------------------

    def _fact(self, key: str) -> str | None:
        rows = self._rows("SELECT value FROM meta WHERE key = ?", key)
        return rows[0][0] if rows and isinstance(rows[0][0], str) else None

    def _rows(self, query: str, *given: str | int) -> list[tuple[Any, ...]]:
        return list(self._each(query, *given))

    def _each(self, query: str, *given: str | int) -> Iterator[tuple[Any, ...]]:
        # An error of this database is none of the tape that is written meanwhile.
        try:
            # `yield from` would close the cursor after its database.
            for row in self._db.execute(query, given):  # noqa: UP028
                yield row
        except (sqlite3.Error, UnicodeError):
            raise self._damaged() from None

    def _damaged(self) -> TapeDamaged:
        return TapeDamaged(f"{self._file} is damaged or not a tape")

    def _foreign(self, why: str) -> TapeDamaged:
        return TapeDamaged(f"{self._file} is not a tape as rinkside writes them: {why}")


def _event_of(path: str) -> str:
    """Return the id of the event a document's path belongs to; empty where it is of none."""
    match = _PATH.fullmatch(path)
    return match[1] if match and isu.EVENT_ID.fullmatch(match[1]) else ""


def _layout(rows: list[tuple[Any, ...]]) -> set[tuple[object, ...]]:
    """Return what a database is made of, whatever its comments and blanks."""
    return {
        (*names, " ".join(_COMMENT.sub("", sql).split()) if isinstance(sql, str) else sql)
        for *names, sql in rows
    }


def _of_this_program() -> list[tuple[Any, ...]]:
    with closing(sqlite3.connect(":memory:")) as db:
        db.executescript(LAYOUT)
        return db.execute("SELECT type, name, tbl_name, sql FROM sqlite_master").fetchall()


def _is_id(value: object) -> bool:
    return isinstance(value, int) and 0 < value < _LAST_ID


def _is_time(value: object) -> bool:
    return isinstance(value, int) and 0 <= value < _LAST_TIME


def _sound_stamps(text: object) -> str:
    """Return when rows were touched; nothing where that can't be read: no answer is then old."""
    try:
        stamps = msgspec.json.decode(str(text), type=dict[str, str])
    except (msgspec.DecodeError, UnicodeError, RecursionError):
        return "{}"
    return json.dumps(stamps)


def _is_sound_moment(number: object, version: object, at: object, body: object) -> bool:
    if not (_is_id(number) and _is_id(version) and _is_time(at) and isinstance(body, str)):
        return False
    if fields.clean(body) != body or _ESCAPE.search(body):
        return False
    try:
        moment = Moment.from_json(body)
    except (msgspec.DecodeError, UnicodeError, RecursionError):
        return False
    return moment.at == at
