"""Records in a file: the book that comes with the program, and a fan's own ``records.toml``.

One table an entry, in any order::

    [[record]]
    kind = "TR"              # TR, WR, OR, NR; or PB, SB: a skater's personal or season best
    event = "W500"           # the race code of the distance
    time = "37.25"
    holder = "Kodaira"       # family name, or the team
    given = "Nao"            # of PB and SB only
    noc = "JPN"              # the holder's country, which is that of a national record
    on = 2019-02-02          # the day; a month or year alone is its first day
    place = "Hamar"          # the city of the track
    sure = "high"            # or medium, low; high where it is left out

A fan's entry without ``on`` counts from when the file was last written. What can't be read is told
in a sentence that names the entry and its line; the others count.
"""

from __future__ import annotations

import re
import tomllib
from collections.abc import Iterator, Mapping
from datetime import date, datetime
from pathlib import Path
from typing import Any, Final

from longtrack import fields
from longtrack.bests import Best, KnownBest
from longtrack.model import Gender, Skater
from longtrack.records import KINDS, MARKS, Facts, Record
from longtrack.season import season_of
from longtrack.sources import BUNDLED, OWN_FILE
from longtrack.times import read_time

_EVENT: Final = re.compile(r"[WMX]([0-9]{3,5}|TP|TS|MR)")
_HEAD: Final = re.compile(r"^[ \t]*\[\[[ \t]*record[ \t]*\]\]", re.MULTILINE)
_SURE: Final = ("high", "medium", "low")
_LARGEST: Final = 2_000_000
"""Bytes of a file that are read; a book of ten thousand records is smaller."""


class BadEntry(ValueError):
    """What is wrong with an entry, in words that go after its name."""


def bundled() -> Facts:
    """Return what comes with the program."""
    # `importlib.resources` would cost as much to load as the whole book.
    text = Path(__file__).with_name("records.toml").read_text("utf-8")
    facts, troubles = read_facts(text, BUNDLED)
    if troubles:
        raise ValueError(troubles[0])
    return facts


def own_facts(file: Path) -> tuple[Facts, tuple[str, ...]]:
    """Read a fan's own file; there need not be one.

    Returns:
        What it says, and a sentence for each thing that can't be read.
    """
    try:
        written = round(file.stat().st_mtime * 1000)
        with file.open("rb") as stream:
            body = stream.read(_LARGEST + 1)
    except (FileNotFoundError, NotADirectoryError):
        return Facts(), ()
    except OSError as error:
        return Facts(), (f"{file} can't be read: {(error.strerror or str(error)).lower()}",)
    if len(body) > _LARGEST:
        return Facts(), (f"{file} is too large to be a book of records",)
    try:
        text = body.decode("utf-8-sig")
    except UnicodeDecodeError:
        return Facts(), (f"{file} is not text in UTF-8",)
    facts, troubles = read_facts(text, OWN_FILE, written)
    return facts, tuple(f"{file}: {trouble}" for trouble in troubles)


def read_facts(text: str, source: str, seen: int | None = None) -> tuple[Facts, tuple[str, ...]]:
    """Read the text of such a file.

    Args:
        text: The text.
        source: Who says so.
        seen: When it was written, in tape time; None where entries without a day shall not count.

    Returns:
        What it says, and a sentence for each entry that can't be read.
    """
    records: list[Record] = []
    bests: list[KnownBest] = []
    troubles: list[str] = []
    for where, row in _rows(text.replace("\r\n", "\n")):
        try:
            if isinstance(row, BadEntry):
                raise row
            fact = _fact(row, source, seen)
        except BadEntry as error:
            troubles.append(f"{where} {error}")
            continue
        if isinstance(fact, Record):
            records.append(fact)
        else:
            bests.append(fact)
    return Facts(tuple(records), tuple(bests)), tuple(troubles)


def _rows(text: str) -> Iterator[tuple[str, Mapping[str, Any] | BadEntry]]:
    """Return the entries, each with what to call it; one that is no TOML spoils no other."""
    heads = [head.start() for head in _HEAD.finditer(text)]
    lines = [text.count("\n", 0, head) + 1 for head in heads]
    try:
        whole = tomllib.loads(text)
    except (tomllib.TOMLDecodeError, RecursionError) as error:
        if not heads:
            yield "it", BadEntry(f"is no TOML: {error}")
        for number, (begin, line) in enumerate(zip(heads, lines, strict=True), start=1):
            end = heads[number] if number < len(heads) else len(text)
            where = f"record {number} (line {line})"
            try:
                yield where, tomllib.loads(text[begin:end])["record"][0]
            except (tomllib.TOMLDecodeError, RecursionError) as worse:
                yield where, BadEntry(f"is no TOML: {_from_line(worse, line)}")
        return
    rows = whole.get("record", [])
    if not isinstance(rows, list) or any(not isinstance(row, dict) for row in rows):
        yield "it", BadEntry("has no [[record]] tables")
        return
    for number, row in enumerate(rows, start=1):
        at = f" (line {lines[number - 1]})" if len(lines) == len(rows) else ""
        yield f"record {number}{at}", row


def _from_line(error: Exception, line: int) -> str:
    """Return what a parser says of a part of the file, its line counted from the file's first."""
    return re.sub(r"line (\d+)", lambda found: f"line {int(found[1]) + line - 1}", str(error))


def _fact(row: Mapping[str, Any], source: str, seen: int | None) -> Record | KnownBest:
    kind = fields.text(row.get("kind")).upper()
    if kind not in MARKS:
        raise BadEntry(f"has kind {_shown(row.get('kind'))}; it is one of {', '.join(MARKS)}")
    event = fields.text(row.get("event")).upper()
    if not _EVENT.fullmatch(event):
        raise BadEntry(f"has event {_shown(row.get('event'))}; events are W500, M10000, WTP ...")
    clocked = read_time(row.get("time"))
    if clocked is None or clocked.ms == 0:
        raise BadEntry(f"has time {_shown(row.get('time'))}; times are 37.25, 1:44.27 ...")
    holder, noc = fields.text(row.get("holder")), fields.noc(row.get("noc"))
    place, on = fields.text(row.get("place")), _day(row.get("on"))
    if not holder or len(noc) != 3:
        raise BadEntry("needs a holder and the three letters of a country in noc")
    sure = fields.text(row.get("sure", "high"))
    if sure not in _SURE:
        raise BadEntry(f"is sure {_shown(row.get('sure'))}; it is one of {', '.join(_SURE)}")
    if kind in KINDS:
        if kind == "TR" and not place:
            raise BadEntry("needs a place: whose track record it is")
        return Record(kind, event, clocked.ms, holder, noc, on, place, sure, source, seen)
    given = fields.text(row.get("given"))
    if not given or not event[1:].isdigit():
        raise BadEntry("needs the given name of a skater and an individual distance")
    best = Best(event, clocked.ms, on, place, sure, clocked.precision_ms, source, seen)
    if kind == "SB" and on is None:
        raise BadEntry("needs a day, which tells the season")
    return KnownBest(
        Skater(holder, given, noc, Gender(event[0])),
        best,
        season_of(on) if kind == "SB" and on is not None else None,
    )


def _day(value: object) -> date | None:
    if value is None:
        return None
    if isinstance(value, datetime):
        return value.date()
    day = value if isinstance(value, date) else fields.day(value)
    if day is None:
        raise BadEntry(f"is of {_shown(value)}, which is no day; days are 2019-02-02")
    return day


def _shown(value: object) -> str:
    return "none" if value is None else repr(fields.text(str(value), 40))
