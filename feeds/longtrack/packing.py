"""Packing a document against an earlier version of it.

A live result document is 25 to 60 kB and comes again every few seconds with a few figures
changed. Deflate finds what is repeated only within 32 kB, so a body is cut into segments and each
is packed with the same stretch of the earlier version, and some of its surroundings, as
dictionary: rows move by a few places when ranks change.
"""

from __future__ import annotations

import zlib
from typing import Final

_SEGMENT: Final = 12 * 1024
_SURROUNDINGS: Final = 10 * 1024
"""On both sides of a segment; together they make deflate's window of 32 kB."""

_RAW: Final = -zlib.MAX_WBITS
_HEAD: Final = 8
"""Length and checksum of the body: deflate by itself does not notice most damage."""

_MOST: Final = 64 * 1024 * 1024
"""No body is larger; a length above it is damage."""


def pack(body: bytes, against: bytes = b"") -> bytes:
    """Pack a body, against an earlier one or by itself."""
    parts = [len(body).to_bytes(4, "big"), _checksum(body)]
    for start in range(0, len(body), _SEGMENT):
        packer = _packer(_dictionary(against, start))
        part = packer.compress(body[start : start + _SEGMENT]) + packer.flush()
        parts += [len(part).to_bytes(4, "big"), part]
    return b"".join(parts)


def unpack(packed: bytes, against: bytes = b"") -> bytes:
    """Restore a body that was packed against the same earlier one.

    Raises:
        ValueError: If it can't be restored.
    """
    size, offset, parts = int.from_bytes(packed[:4], "big"), _HEAD, []
    if len(packed) < _HEAD or size > _MOST:
        raise ValueError("too short or too large")
    try:
        for start in range(0, size, _SEGMENT):
            length = int.from_bytes(packed[offset : offset + 4], "big")
            part = packed[offset + 4 : offset + 4 + length]
            offset += 4 + length
            parts.append(_unpacker(_dictionary(against, start)).decompress(part, _SEGMENT))
    except zlib.error as error:
        raise ValueError(str(error)) from None
    body = b"".join(parts)
    if len(body) != size or _checksum(body) != packed[4:_HEAD]:
        raise ValueError("cut off or altered")
    return body


def _checksum(body: bytes) -> bytes:
    # From 1 on, so that a stretch of zeros is not a sound, empty body.
    return zlib.crc32(body, 1).to_bytes(4, "big")


def _dictionary(against: bytes, start: int) -> bytes:
    return against[max(0, start - _SURROUNDINGS) : start + _SEGMENT + _SURROUNDINGS]


def _packer(dictionary: bytes) -> zlib._Compress:
    if dictionary:
        return zlib.compressobj(9, wbits=_RAW, zdict=dictionary)
    return zlib.compressobj(9, wbits=_RAW)


def _unpacker(dictionary: bytes) -> zlib._Decompress:
    if dictionary:
        return zlib.decompressobj(_RAW, zdict=dictionary)
    return zlib.decompressobj(_RAW)
