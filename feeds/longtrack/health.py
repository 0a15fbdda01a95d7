"""How well the feed is answering."""

from __future__ import annotations

from collections.abc import Mapping

import msgspec

from longtrack.needs import CALM_MS


class Health(msgspec.Struct, frozen=True):
    """How well the feed is answering, for the status line."""

    last_good: Mapping[str, int] = msgspec.field(default_factory=dict)
    """Tape time of the newest good answer of each document, by path."""
    awaited: tuple[str, ...] = ()
    """The documents polled at `interval_ms`: the live races, else programme and list of races."""
    interval_ms: int = CALM_MS
    error: str | None = None
    """What went wrong last with a document somebody waits for; None when all is well again."""
    failures: int = 0
    """How often in a row, for the document that failed most."""
    next_try: int | None = None
    """Tape time at which a failed document is asked for again; None while that is going on."""
    server_ahead_ms: int | None = None
    """The server's clock less ours, to about a second; None before the first answer."""
