"""Single fields of an untrusted document: each reader returns a value, or "unknown".

Nothing here raises, whatever stands in the document: a wrong type, a number too large to be
meant, a text with terminal escapes or right-to-left overrides.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterator, Mapping
from datetime import UTC, date, datetime
from typing import Any, Final

_UNPRINTABLE: Final = frozenset({"Cc", "Cf", "Cs", "Co", "Cn", "Zl", "Zp"})


def mapping(value: object) -> Mapping[str, Any]:
    """Return an object, or an empty one."""
    return value if isinstance(value, dict) else {}


def items(value: object) -> list[Any]:
    """Return a list, or an empty one."""
    return value if isinstance(value, list) else []


def mappings(value: object) -> Iterator[Mapping[str, Any]]:
    """Return the objects of a list; anything else in it is passed over."""
    return (item for item in items(value) if isinstance(item, dict))


def clean(text: str) -> str:
    """Remove what could disturb a screen: control, bidirectional and unassigned characters."""
    if text.isascii() and text.isprintable():
        return text
    return "".join(_printable(unicodedata.normalize("NFC", text)))


def _printable(text: str) -> Iterator[str]:
    for character in text:
        if character in "\t\n\r":
            yield " "
        elif unicodedata.category(character) not in _UNPRINTABLE:
            yield character


def text(value: object, limit: int = 80) -> str:
    """Return printable text on one line, cut to ``limit`` characters; empty where unknown."""
    if not isinstance(value, str):
        return ""
    return " ".join(clean(value[: limit * 4]).split())[:limit]


def noc(value: object) -> str:
    """Return a country's three letters, as the feed has them."""
    return text(value, 3).upper()[:3]


def integer(value: object) -> int | None:
    """Return a whole number, also from digits in a string; None where it is none."""
    if isinstance(value, bool):
        return None
    if isinstance(value, int):
        return value if abs(value) < 2**31 else None
    if isinstance(value, float) and value.is_integer() and abs(value) < 2**31:
        return int(value)
    if isinstance(value, str) and re.fullmatch(r"-?[0-9]{1,9}", value.strip()):
        return int(value)
    return None


def number(value: object) -> float | None:
    """Return a number, also with a decimal comma; None where it is none."""
    if isinstance(value, str):
        value = value.strip().replace(",", ".").replace("\N{MINUS SIGN}", "-")
        if not re.fullmatch(r"-?[0-9]{1,4}(\.[0-9]{1,4})?", value):
            return None
        return float(value)
    if isinstance(value, int | float) and not isinstance(value, bool) and abs(value) < 1e4:
        return float(value)
    return None


def flag(value: object) -> bool | None:
    """Return a truth value; None where it is none."""
    if isinstance(value, bool):
        return value
    if isinstance(value, int):
        return value == 1
    return {"true": True, "false": False}.get(value.lower()) if isinstance(value, str) else None


def instant(value: object) -> datetime | None:
    """Return a moment in UTC; a time without a zone is taken as UTC, as the feed writes it."""
    try:
        moment = datetime.fromisoformat(text(value))
        aware = moment.replace(tzinfo=UTC) if moment.tzinfo is None else moment
        return aware.astimezone(UTC)
    except (ValueError, OverflowError):
        return None


def day(value: object) -> date | None:
    """Return a calendar day."""
    try:
        return date.fromisoformat(text(value)[:10])
    except ValueError:
        return None
