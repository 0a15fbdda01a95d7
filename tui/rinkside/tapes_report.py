"""What ``rinkside tapes`` prints: rows for scripts, and a table for people."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import UTC, datetime
from pathlib import Path
from typing import Final

from rinkside.report import Row, csv_text
from rinkside.table import TextColumn, table
from rinkside.tape_words import KIND_WORDS, shown_days, shown_meet, shown_size, shown_span, state
from rinkside.tapes import BUNDLED, KeptTape, set_aside_in

_FIELDS: Final = (
    *("event", "city", "title", "start", "end", "kind", "feed", "first", "last", "bytes", "used"),
    *("complete", "gaps", "results_only", "imported", "polled", "trouble", "file"),
)

_FEED_LEAVES, _SPAN_LEAVES = 1, 2


def tape_rows(tapes: Sequence[KeptTape]) -> list[Row]:
    """Return a row a tape; times are UTC, ``complete`` is None where nothing was recorded."""
    return [
        {
            "event": tape.event.id,
            "city": tape.event.city,
            "title": tape.event.title,
            "start": tape.event.start and tape.event.start.isoformat(),
            "end": tape.event.end and tape.event.end.isoformat(),
            "kind": tape.kind,
            "feed": None if tape.feed == BUNDLED else tape.feed,
            "first": None if tape.span is None else _iso(tape.span[0]),
            "last": None if tape.span is None else _iso(tape.span[1]),
            "bytes": tape.size,
            "used": _iso(tape.used),
            "complete": covered.complete if (covered := tape.coverage) is not None else None,
            "gaps": [] if covered is None else list(covered.gaps),
            "results_only": covered is not None and covered.fetched,
            "imported": tape.imported,
            "polled": tape.polled,
            "trouble": tape.trouble or None,
            "file": str(tape.file),
        }
        for tape in tapes
    ]


def tapes_csv(rows: Sequence[Row]) -> str:
    """Return tape rows as CSV, and what else stands in the first."""
    more = [key for key in (rows[0] if rows else ()) if key not in _FIELDS]
    flat = [{**row, "gaps": " ".join(row["gaps"])} for row in rows]
    return csv_text((*_FIELDS, *more), flat)


def tapes_text(tapes: Sequence[KeptTape], directory: Path, *, width: int) -> str:
    """Return the tapes that lie in a directory as aligned text."""
    if not tapes:
        return f"no tape is kept in {directory} yet\n"
    spans = [shown_span(tape) for tape in tapes]
    feeds = [tape.named_feed for tape in tapes]
    columns = [
        TextColumn("meet", [shown_meet(tape.event) for tape in tapes], left=True),
        TextColumn("days", [shown_days(tape.event) for tape in tapes], left=True),
        TextColumn("kind", [KIND_WORDS[tape.kind] for tape in tapes], left=True),
        TextColumn("size", [shown_size(tape.size) for tape in tapes]),
        TextColumn("from, to", spans, left=True, leaves=_SPAN_LEAVES),
        TextColumn("feed", feeds, left=True, leaves=_FEED_LEAVES),
        TextColumn("", [state(tape) for tape in tapes], left=True),
    ]
    return "\n".join([*table(columns, (), width), "", _sum(tapes, directory)]) + "\n"


def _sum(tapes: Sequence[KeptTape], directory: Path) -> str:
    total = shown_size(sum(tape.size for tape in tapes))
    count, size = set_aside_in(directory)
    more = f"; {count} more set aside there, {shown_size(size)}" if count else ""
    return f"{many(tapes)}, {total}, in {directory}{more}"


def many(tapes: Sequence[KeptTape]) -> str:
    """Return how many there are, in words: ``1 tape``, ``12 tapes``."""
    return "1 tape" if len(tapes) == 1 else f"{len(tapes)} tapes"


def _iso(at: int) -> str:
    return datetime.fromtimestamp(at / 1000, UTC).isoformat(timespec="seconds")[:-6] + "Z"
