"""Packing a document against an earlier version of it.

A live result document is 25 to 90 kB and comes again every few seconds with a few figures
changed. It is cut after every closing brace: a lap, a skater and the rest of a row are pieces of
their own. Pieces the earlier version has too are named by their place there, rows that have moved
included, and only new ones are kept, deflated with those they came in place of as dictionary.
"""

from __future__ import annotations

import re
import struct
import zlib
from collections.abc import Sequence
from dataclasses import dataclass, field
from itertools import compress
from typing import Final

_PIECE: Final = re.compile(rb"[^}]*}|[^}]+")

_RUN: Final = struct.Struct(">III")
"""Pieces to copy: the first one and how many; then how many bytes are new."""
_COUNT: Final = struct.Struct(">I")

_WINDOW: Final = 32 * 1024
"""How far back deflate looks."""
_RAW: Final = -zlib.MAX_WBITS
_HEAD: Final = 12
"""Length and checksum of the body (deflate by itself does not notice most damage), and how long
what names the pieces is."""

_MOST: Final = 64 * 1024 * 1024
"""No body is larger; a length above it is damage."""


Heads = Sequence[tuple[int, int, int]]
"""What names the pieces: for each run its first one, how many, and how many bytes are new."""


@dataclass(slots=True)
class _Run:
    """Some pieces of the earlier version in a row, and what is new after them."""

    start: int = 0
    count: int = 0
    copied: list[bytes] = field(default_factory=list)
    fresh: list[bytes] = field(default_factory=list)


def pack(body: bytes, against: bytes = b"") -> bytes:
    """Pack a body, against an earlier one or by itself."""
    earlier = _PIECE.findall(against)
    runs = _worth_it(_runs(_PIECE.findall(body), earlier))
    fresh = [b"".join(run.fresh) for run in runs]
    heads = [(run.start, run.count, len(new)) for run, new in zip(runs, fresh, strict=True)]
    named = _deflated(b"".join(_RUN.pack(*head) for head in heads))
    new = _deflated(b"".join(fresh), _left_out(earlier, heads))
    return b"".join([_COUNT.pack(len(body)), _checksum(body), _COUNT.pack(len(named)), named, new])


def unpack(packed: bytes, against: bytes = b"") -> bytes:
    """Restore a body that was packed against the same earlier one.

    Raises:
        ValueError: If it can't be restored.
    """
    size = int.from_bytes(packed[:4], "big")
    if len(packed) < _HEAD or size > _MOST:
        raise ValueError("too short or too large")
    named = _HEAD + int.from_bytes(packed[8:_HEAD], "big")
    earlier = _PIECE.findall(against)
    try:
        # What is copied is longer than what names it (`_worth_it`), but for the first run.
        heads = [*_RUN.iter_unpack(_inflated(packed[_HEAD:named], size + _RUN.size))]
        # No piece is empty, so more of them than bytes would be too many too.
        if sum(count for _, count, _ in heads) > size:
            raise ValueError("too large")
        if any(start + count > len(earlier) for start, count, _ in heads):
            raise ValueError("names what is not there")
        fresh = _inflated(packed[named:], size, _left_out(earlier, heads))
    except (zlib.error, struct.error) as error:
        raise ValueError(str(error)) from None
    body = _restored(heads, fresh, earlier, size)
    if len(body) != size or _checksum(body) != packed[4:8]:
        raise ValueError("cut off or altered")
    return body


def _runs(pieces: list[bytes], earlier: list[bytes]) -> list[_Run]:
    places = {piece: place for place, piece in reversed([*enumerate(earlier)])}
    runs, after = [_Run()], 0
    for piece in pieces:
        # Where a piece stood before a change it mostly stands after it too.
        stays = after < len(earlier) and earlier[after] == piece
        place = after if stays else places.get(piece)
        last = runs[-1]
        if place is None:
            last.fresh.append(piece)
        elif not last.fresh and last.start + last.count == place:
            last.count += 1
            last.copied.append(piece)
        else:
            runs.append(_Run(place, 1, [piece]))
        after = (after if place is None else place) + 1
    return runs


def _worth_it(runs: list[_Run]) -> list[_Run]:
    kept = runs[:1]
    for run in runs[1:]:
        if sum(map(len, run.copied)) > _RUN.size:
            kept.append(run)
        else:
            kept[-1].fresh += run.copied + run.fresh
    return kept


def _left_out(earlier: list[bytes], heads: Heads) -> bytes:
    """Return what is not copied: most of it are rows as they were before what is new in them."""
    left = bytearray(b"\1") * len(earlier)
    for start, count, _ in heads:
        left[start : start + count] = bytes(count)
    return b"".join(compress(earlier, left))[-_WINDOW:]


def _restored(heads: Heads, fresh: bytes, earlier: list[bytes], size: int) -> bytes:
    body, taken = bytearray(), 0
    for start, count, new in heads:
        for piece in earlier[start : start + count]:
            body += piece
        body += fresh[taken : taken + new]
        taken += new
        if len(body) > size:
            raise ValueError("too large")
    return bytes(body)


def _checksum(body: bytes) -> bytes:
    # From 1 on, so that a stretch of zeros is not a sound, empty body.
    return zlib.crc32(body, 1).to_bytes(4, "big")


def _deflated(raw: bytes, dictionary: bytes = b"") -> bytes:
    packer = zlib.compressobj(9, wbits=_RAW, zdict=dictionary)
    return packer.compress(raw) + packer.flush()


def _inflated(packed: bytes, most: int, dictionary: bytes = b"") -> bytes:
    raw = zlib.decompressobj(_RAW, zdict=dictionary).decompress(packed, most + 1)
    if len(raw) > most:
        raise ValueError("too large")
    return raw
