"""The tape: every version of every document of a meet, in one SQLite file.

It is the cache, the recording and the replay. The state at any time is the last version of each
document at or before it; nothing on screen comes from anywhere else. Times on a tape are whole
milliseconds since 1970 (UTC) and are the meet's time: when a version was seen, or when the race
it tells of was held, never when an old result happened to be fetched.

A tape knows nothing of what its documents say but what tells two versions apart (`longtrack.isu`).
"""

from __future__ import annotations

import json
import sqlite3
import time
from collections.abc import Iterable, Iterator, Mapping
from contextlib import contextmanager, suppress
from enum import Enum
from pathlib import Path
from typing import Final, Literal, NamedTuple

import msgspec

from longtrack import isu, packing

SCHEMA: Final = 1
"""Number of the layout below; a file with a higher one was written by a newer program."""

HOLD_MS: Final = 15_000
"""A program that polls for a tape and dies leaves that to the others after this long."""

_PATIENCE_S: Final = 10.0
"""How long to wait for another program that is writing."""

LAYOUT: Final = """
CREATE TABLE meta (key TEXT PRIMARY KEY, value TEXT NOT NULL) WITHOUT ROWID;
CREATE TABLE document (
    id INTEGER PRIMARY KEY,
    path TEXT NOT NULL UNIQUE,
    stamps TEXT NOT NULL DEFAULT '{}'       -- when each row was last touched, by the newest answer
);
CREATE TABLE version (
    id INTEGER PRIMARY KEY,
    document INTEGER NOT NULL REFERENCES document (id),
    at INTEGER NOT NULL,                    -- the meet's time
    digest BLOB NOT NULL,                   -- of the body without the feed's bookkeeping
    keyframe INTEGER REFERENCES version (id),  -- what the body is packed against; null: nothing
    body BLOB NOT NULL,
    rules INTEGER                           -- version of the rules its moments were made by
);
CREATE INDEX version_of_document ON version (document, at, id);
CREATE INDEX version_in_time ON version (at, id);
CREATE TABLE moment (
    id INTEGER PRIMARY KEY,
    version INTEGER NOT NULL REFERENCES version (id) ON DELETE CASCADE,
    at INTEGER NOT NULL,
    body TEXT NOT NULL
);
CREATE INDEX moment_in_time ON moment (at, id);
CREATE TABLE span (
    document INTEGER NOT NULL REFERENCES document (id),
    start INTEGER NOT NULL,
    stop INTEGER NOT NULL,
    failure TEXT NOT NULL DEFAULT ''        -- in words; empty while the answers were good
);
CREATE INDEX span_of_document ON span (document, stop);
CREATE TABLE lease (only INTEGER PRIMARY KEY CHECK (only = 1), holder TEXT NOT NULL, until INTEGER);
"""


Rows = Iterable[tuple[int | str | bytes | None, ...]]
"""Rows of a table, each with all its columns in the order of the layout."""


class TapeError(Exception):
    """A tape that can't be used; the message is for a person."""


class TapeUnusable(TapeError):
    """The directory or file can't be written or opened: no room, no permission, no directory."""


class TapeDamaged(TapeError):
    """What is in the file is no tape, or no longer one."""


class Outcome(Enum):
    """What became of an answer that was offered to the tape."""

    NEW = "new"
    SAME = "same"
    """Equal to the last version but for the feed's bookkeeping."""
    OLD = "old"
    """Made before the newest answer already seen: refused."""


class Head(NamedTuple):
    """The version of a document that counts at some time."""

    version: int
    at: int
    path: str


class Span(NamedTuple):
    """A stretch of time in which a document was polled, all well or all in vain."""

    start: int
    stop: int
    failure: str


class Kept(NamedTuple):
    """A moment as the tape keeps it."""

    version: int
    at: int
    body: str


class Tape:
    """One meet's tape, open for reading and appending.

    Args:
        file: The SQLite file, made when missing; None keeps the tape in memory only.
        kind: ``recorded``, ``reenacted`` or ``bundled``, kept in a new file.
        passing: Whether a tape without a file is kept on disk all the same, where nobody sees it
            and it is gone when it is closed: a large one then takes no memory.

    Raises:
        TapeUnusable: If the file can't be opened or written.
        TapeDamaged: If it is not a tape, or one of a newer program.
    """

    def __init__(
        self, file: Path | None = None, *, kind: str = "recorded", passing: bool = False
    ) -> None:
        self.file = file
        try:
            if file is not None:
                file.parent.mkdir(parents=True, exist_ok=True)
            # SQLite takes an empty name for a file of its own that nobody else can open.
            name = file or ("" if passing else ":memory:")
            self._db = sqlite3.connect(name, timeout=_PATIENCE_S, isolation_level=None)
        except (OSError, sqlite3.Error) as error:
            raise TapeUnusable(f"{file}: {reason(error)}") from None
        try:
            self._prepare(kind)
        except sqlite3.Error as error:
            self._db.close()
            raise translated(error, file) from None
        except TapeError:
            self._db.close()
            raise

    def _prepare(self, kind: str) -> None:
        self._db.execute("PRAGMA foreign_keys = ON")
        # A tape is read in small pieces, and what was decoded is kept by whoever reads it.
        self._db.execute("PRAGMA cache_size = -512")
        self._write_ahead()
        self._db.execute("PRAGMA synchronous = NORMAL")
        with self._writing():
            (tables,) = self._db.execute("SELECT count(*) FROM sqlite_master").fetchone()
            if not tables:
                for statement in LAYOUT.split(";\n"):
                    self._db.execute(statement)
                self.remember("schema", str(SCHEMA))
                self.remember("kind", kind)
        schema = self.recall("schema")
        if schema is None or not schema.isdigit():
            raise TapeDamaged(f"{self.file} is not a tape")
        if int(schema) > SCHEMA:
            raise TapeDamaged(f"{self.file} was written by a newer rinkside")

    def _write_ahead(self) -> None:
        # Where several programs begin one tape at once, SQLite does not wait here by itself.
        patience = time.monotonic() + _PATIENCE_S
        while True:
            try:
                self._db.execute("PRAGMA journal_mode = WAL")
                return
            except sqlite3.OperationalError as error:
                if "locked" not in str(error) or time.monotonic() > patience:
                    raise
            time.sleep(0.01)

    def close(self) -> None:
        """Close the file; what was appended is kept."""
        self._db.close()

    def continue_in_memory(self) -> None:
        """Go on without the file, from a copy of all it holds: the disk is full or gone.

        Raises:
            TapeError: If it can't be copied; the tape stays as it was.
        """
        copy = sqlite3.connect(":memory:", isolation_level=None)
        try:
            self._db.backup(copy)
            copy.execute("PRAGMA foreign_keys = ON")
        except sqlite3.Error as error:
            copy.close()
            raise translated(error, self.file) from None
        self._db.close()
        self._db, self.file = copy, None

    # --- facts about the tape ----------------------------------------------------------------

    def remember(self, key: str, value: str) -> None:
        """Keep a fact about the tape itself, such as its kind."""
        with self._writing():
            self._db.execute("INSERT OR REPLACE INTO meta VALUES (?, ?)", (key, value))

    def recall(self, key: str) -> str | None:
        """Return a fact about the tape itself, or None."""
        with self._translating():
            row = self._db.execute("SELECT value FROM meta WHERE key = ?", (key,)).fetchone()
        return None if row is None else str(row[0])

    def change_count(self) -> tuple[int, int]:
        """Return a value that differs after any change, by this program or another one."""
        with self._translating():
            (other,) = self._db.execute("PRAGMA data_version").fetchone()
        return int(other), self._db.total_changes

    def claim(self, holder: str, now: int, hold_ms: int) -> bool:
        """Ask to be the one program that polls for this tape; to be asked again before it ends.

        Args:
            holder: Who asks; any text that no other program uses.
            now: The wall clock, in milliseconds.
            hold_ms: How long the claim is good for.
        """
        with self._writing():
            if self.is_claimed(now, hold_ms, but_by=holder):
                return False
            self._db.execute(
                "INSERT OR REPLACE INTO lease VALUES (1, ?, ?)", (holder, now + hold_ms)
            )
            return True

    def is_claimed(self, now: int, hold_ms: int, *, but_by: str = "") -> bool:
        """Tell whether a program polls for this tape.

        Args:
            now: The wall clock, in milliseconds.
            hold_ms: How long such a claim is good for.
            but_by: The one whose own claim is none.
        """
        with self._translating():
            row = self._db.execute("SELECT holder, until FROM lease").fetchone()
        # A claim far in the future is a clock that was wrong, not somebody at work.
        return bool(row) and row[0] != but_by and now < row[1] <= now + 10 * hold_ms

    def release(self, holder: str) -> None:
        """Give up a claim, so that another program may poll at once."""
        with self._writing():
            self._db.execute("DELETE FROM lease WHERE holder = ?", (holder,))

    # --- versions ----------------------------------------------------------------------------

    def append(self, path: str, body: bytes, at: int) -> Outcome:
        """Compare an answer with the last version and append it if it is a new one.

        The two happen in one write transaction, so two programs never append the same.

        Args:
            path: The document's path at the feed.
            body: The answer.
            at: The meet's time; a version is never laid before the document's last one.

        Raises:
            longtrack.isu.Unreadable: If the body is not the document; nothing is kept then.
            TapeUnusable: If it can't be written.
        """
        data = isu.parse(body, path)
        try:
            substance = msgspec.json.encode(isu.substance(data))
        except RecursionError:
            raise isu.Unreadable("the feed's answer is nested too deeply") from None
        import hashlib  # 2 ms, which reading a tape does without

        digest = hashlib.blake2b(substance, digest_size=16).digest()
        stamps = isu.stamps(data)
        with self._writing():
            document = self._document(path)
            known = _read_stamps(
                self._db.execute(
                    "SELECT stamps FROM document WHERE id = ?", (document,)
                ).fetchone()[0]
            )
            if _older(stamps, known):
                return Outcome.OLD
            if stamps != known:
                self._db.execute(
                    "UPDATE document SET stamps = ? WHERE id = ?", (json.dumps(stamps), document)
                )
            last = self._db.execute(
                "SELECT at, digest FROM version WHERE document = ? "
                "ORDER BY at DESC, id DESC LIMIT 1",
                (document,),
            ).fetchone()
            if last is not None and last[1] == digest:
                return Outcome.SAME
            if last is not None:
                at = max(at, last[0])
            keyframe, packed = self._pack(document, body)
            self._db.execute(
                "INSERT INTO version (document, at, digest, keyframe, body) VALUES (?, ?, ?, ?, ?)",
                (document, at, digest, keyframe, packed),
            )
            return Outcome.NEW

    def _pack(self, document: int, body: bytes) -> tuple[int | None, bytes]:
        row = self._db.execute(
            "SELECT id, body FROM version WHERE document = ? AND keyframe IS NULL "
            "ORDER BY id DESC LIMIT 1",
            (document,),
        ).fetchone()
        # Where the keyframe is damaged, what comes from now on is not.
        with suppress(ValueError):
            if row is not None:
                difference = packing.pack(body, packing.unpack(row[1]))
                # A document that has grown away from its keyframe becomes the next one.
                if len(difference) * 2 < len(row[1]):
                    return row[0], difference
        return None, packing.pack(body)

    def body(self, version: int) -> bytes:
        """Return a version's body; at most two rows are read.

        Raises:
            TapeDamaged: If what is stored can't be restored.
        """
        with self._translating():
            row = self._db.execute(
                "SELECT v.body, k.body FROM version v LEFT JOIN version k ON k.id = v.keyframe "
                "WHERE v.id = ?",
                (version,),
            ).fetchone()
        try:
            if row is None:
                raise ValueError
            packed, keyframe = row
            return packing.unpack(packed, packing.unpack(keyframe) if keyframe else b"")
        except ValueError:
            raise TapeDamaged(f"{self.file} is damaged") from None

    def heads(self, at: int) -> dict[str, Head]:
        """Return, by path, the version of each document that counts at a time."""
        with self._translating():
            rows = self._db.execute(
                "SELECT d.path, v.id, v.at FROM document d JOIN version v ON v.id = ("
                "SELECT id FROM version WHERE document = d.id AND at <= ? "
                "ORDER BY at DESC, id DESC LIMIT 1)",
                (at,),
            ).fetchall()
        return {path: Head(version, when, path) for path, version, when in rows}

    def heads_with(self, head: Head) -> dict[str, Head]:
        """Return, by path, the version of each document that counted when one was laid.

        Of several laid at one time, those that came after it do not.
        """
        with self._translating():
            rows = self._db.execute(
                "SELECT d.path, v.id, v.at FROM document d JOIN version v ON v.id = ("
                "SELECT id FROM version WHERE document = d.id AND at <= ?1 "
                "AND (at < ?1 OR id <= ?2) ORDER BY at DESC, id DESC LIMIT 1)",
                (head.at, head.version),
            ).fetchall()
        return {path: Head(version, when, path) for path, version, when in rows}

    def newest(self) -> tuple[int, int]:
        """Return the number of the newest version and the time of the last one; -1 for none.

        As long as both are the same nothing has been appended, by this program or another.
        """
        with self._translating():
            row = self._db.execute(
                "SELECT (SELECT max(id) FROM version), (SELECT max(at) FROM version)"
            ).fetchone()
        return (-1, -1) if row[0] is None else (row[0], row[1])

    def before(self, head: Head) -> Head | None:
        """Return the version a document had before another one of it, or None."""
        with self._translating():
            row = self._db.execute(
                "SELECT id, at FROM version WHERE (at, id) < (?, ?) "
                "AND document = (SELECT id FROM document WHERE path = ?) "
                "ORDER BY at DESC, id DESC LIMIT 1",
                (head.at, head.version, head.path),
            ).fetchone()
        return None if row is None else Head(row[0], row[1], head.path)

    def history(self, path: str, at: int) -> Iterator[Head]:
        """Return a document's versions at or before a time, the newest first."""
        with self._translating():
            rows = self._db.execute(
                "SELECT v.id, v.at FROM version v JOIN document d ON d.id = v.document "
                "WHERE d.path = ? AND v.at <= ? ORDER BY v.at DESC, v.id DESC",
                (path, at),
            ).fetchall()
        return (Head(version, when, path) for version, when in rows)

    def next_after(self, at: int) -> int | None:
        """Return when the next version after a time comes due, or None if there is none."""
        with self._translating():
            return _first(self._db.execute("SELECT min(at) FROM version WHERE at > ?", (at,)))

    def last_until(self, at: int) -> int | None:
        """Return when the last version at or before a time was laid, or None if there is none."""
        with self._translating():
            return _first(self._db.execute("SELECT max(at) FROM version WHERE at <= ?", (at,)))

    def first_of(self, path: str) -> int | None:
        """Return when the first version of a document was laid, or None if there is none."""
        with self._translating():
            return _first(
                self._db.execute(
                    "SELECT min(at) FROM version "
                    "WHERE document = (SELECT id FROM document WHERE path = ?)",
                    (path,),
                )
            )

    def bounds(self) -> tuple[int, int] | None:
        """Return the times of the first and the last version, or None for an empty tape."""
        with self._translating():
            first, last = self._db.execute("SELECT min(at), max(at) FROM version").fetchone()
        return None if first is None else (first, last)

    # --- moments -----------------------------------------------------------------------------

    def without_moments(self, rules: int) -> list[Head]:
        """Return the versions whose moments other rules made, or none yet, oldest first."""
        with self._translating():
            rows = self._db.execute(
                "SELECT v.id, v.at, d.path FROM version v JOIN document d ON d.id = v.document "
                "WHERE v.rules IS NOT ? ORDER BY v.at, v.id",
                (rules,),
            ).fetchall()
        return [Head(version, when, path) for version, when, path in rows]

    def keep_moments(self, version: int, rules: int, moments: Iterable[tuple[int, str]]) -> None:
        """Put the moments of a version in place of those it had.

        Args:
            version: The version that brought them.
            rules: The version of the rules that made them.
            moments: For each its time and its text as JSON.
        """
        with self._writing():
            self._db.execute("DELETE FROM moment WHERE version = ?", (version,))
            self._db.executemany(
                "INSERT INTO moment (version, at, body) VALUES (?, ?, ?)",
                [(version, at, body) for at, body in moments],
            )
            self._db.execute("UPDATE version SET rules = ? WHERE id = ?", (rules, version))

    def moments(self, until: int, after: int = -1) -> list[Kept]:
        """Return the moments in ``after < at <= until``, in the order they happened."""
        return [*self.moments_in_turn(until, after)]

    def moments_in_turn(self, until: int, after: int = -1) -> Iterator[Kept]:
        """Yield what `moments` returns; all of a meet's at once take more than those decoded."""
        with self._translating():
            rows = self._db.execute(
                "SELECT version, at, body FROM moment WHERE at > ? AND at <= ? ORDER BY at, id",
                (after, until),
            )
            for row in rows:
                yield Kept(*row)

    def moments_stamp(self, until: int) -> tuple[int, int]:
        """Return a value that differs when the moments at or before a time are others than before.

        Asking is far cheaper than reading them again, and most changes of a tape bring none.
        """
        with self._translating():
            count, last = self._db.execute(
                "SELECT count(*), max(id) FROM moment WHERE at <= ?", (until,)
            ).fetchone()
        return count, last or 0

    # --- polled spans ------------------------------------------------------------------------

    def polled(self, path: str, at: int, failure: str = "", *, joins_ms: int = 60_000) -> None:
        """Note that a document was asked for.

        Args:
            path: The document's path.
            at: When the answer came, or failed to come.
            failure: What went wrong, in words; empty for a good answer.
            joins_ms: The longest pause between two polls that are one span; a longer one is a
                gap (the laptop slept, the program was closed).
        """
        with self._writing():
            document = self._document(path)
            last = self._db.execute(
                "SELECT rowid, stop, failure FROM span WHERE document = ? "
                "ORDER BY stop DESC, rowid DESC LIMIT 1",
                (document,),
            ).fetchone()
            if last and last[2] == failure and 0 <= at - last[1] <= joins_ms:
                self._db.execute("UPDATE span SET stop = ? WHERE rowid = ?", (at, last[0]))
            else:
                self._db.execute(
                    "INSERT INTO span VALUES (?, ?, ?, ?)", (document, at, at, failure)
                )

    def spans(self, path: str) -> list[Span]:
        """Return when a document was polled, in order."""
        with self._translating():
            rows = self._db.execute(
                "SELECT start, stop, failure FROM span JOIN document d ON d.id = document "
                "WHERE d.path = ? ORDER BY stop, span.rowid",
                (path,),
            ).fetchall()
        return [Span(*row) for row in rows]

    def last_good(self, paths: Iterable[str]) -> int | None:
        """Return when any of some documents was last answered well."""
        wanted = list(paths)
        with self._translating():
            return _first(
                self._db.execute(
                    "SELECT max(stop) FROM span JOIN document d ON d.id = document "
                    f"WHERE failure = '' AND d.path IN ({','.join('?' * len(wanted))})",
                    wanted,
                )
            )

    # --- the database ------------------------------------------------------------------------

    def _document(self, path: str) -> int:
        row = self._db.execute("SELECT id FROM document WHERE path = ?", (path,)).fetchone()
        if row is None:
            row = self._db.execute(
                "INSERT INTO document (path) VALUES (?) RETURNING id", (path,)
            ).fetchone()
        return int(row[0])

    @contextmanager
    def laying(self) -> Iterator[None]:
        """Make all that is appended inside one transaction: for laying a whole meet at once."""
        with self._writing():
            yield

    def adopt(self, table: Literal["document", "version", "moment", "span"], rows: Rows) -> None:
        """Put whole rows of another tape on this one; whoever calls has checked them."""
        columns = {"document": 3, "version": 7, "moment": 4, "span": 4}[table]
        marks = ",".join("?" * columns)
        with self._writing():
            self._db.executemany(f"INSERT INTO {table} VALUES ({marks})", rows)

    @contextmanager
    def _writing(self) -> Iterator[None]:
        with self._translating():
            if self._db.in_transaction:
                yield
                return
            self._db.execute("BEGIN IMMEDIATE")
            try:
                yield
                self._db.execute("COMMIT")
            except BaseException:
                # SQLite itself takes some failed transactions back, a full disk's among them.
                if self._db.in_transaction:
                    self._db.execute("ROLLBACK")
                raise

    @contextmanager
    def _translating(self) -> Iterator[None]:
        try:
            yield
        except sqlite3.Error as error:
            raise translated(error, self.file) from None
        except UnicodeError:  # in text that was altered
            raise TapeDamaged(f"{self.file} is damaged or not a tape") from None


def _read_stamps(text: object) -> dict[str, str]:
    try:
        return msgspec.json.decode(str(text), type=dict[str, str])
    except (msgspec.DecodeError, UnicodeError):
        return {}  # damaged: then no answer is known to be old


def _older(stamps: Mapping[str, str], known: Mapping[str, str]) -> bool:
    common = [(stamps[key], known[key]) for key in stamps if key in known]
    return any(new < old for new, old in common) and not any(new > old for new, old in common)


def _first(cursor: sqlite3.Cursor) -> int | None:
    (value,) = cursor.fetchone()
    return None if value is None else int(value)


def translated(error: sqlite3.Error, file: Path | None) -> TapeError:
    """Return what the database says of a tape's file, in a sentence for a person."""
    words = str(error).lower()
    garbled = any(
        part in words for part in ("malformed", "no such table", "no such column", "utf-8")
    )
    # Of a tape that was closed SQLite says so as of a statement that is wrong: the file is sound.
    of_the_file = isinstance(error, sqlite3.DatabaseError) and not isinstance(
        error, sqlite3.OperationalError | sqlite3.ProgrammingError
    )
    if garbled or of_the_file:
        return TapeDamaged(f"{file} is damaged or not a tape")
    return TapeUnusable(f"{file}: {reason(error)}")


def reason(error: Exception) -> str:
    """Return why a file can't be used, in a few words."""
    if isinstance(error, OSError):
        return (error.strerror or str(error)).lower()
    words = str(error).lower()
    known = {
        "disk is full": "the disk is full",
        "readonly": "it can't be written",
        "unable to open": "it can't be opened or written",
        "locked": "another program is holding it",
        "closed": "it was closed already",
    }
    return next((text for part, text in known.items() if part in words), words)
