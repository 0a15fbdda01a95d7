"""``rinkside doctor``: everything is looked at, one after the other."""

from __future__ import annotations

import os
import shutil
import sys

from rinkside import doctor
from rinkside.doctor import Finding
from rinkside.locations import Locations


def examined(
    locations: Locations, api: str, records_api: str, now: int, *, offline: bool
) -> list[Finding]:
    """Return what there is to say of this computer and of the feed.

    Args:
        locations: Where things are kept.
        api: The feed's base address.
        records_api: The same of speedskatingresults.com; empty where nobody is asked.
        now: The wall clock in milliseconds.
        offline: Whether nobody must be asked.
    """
    size = shutil.get_terminal_size() if sys.stdout.isatty() else None
    encoding = getattr(sys.stdout, "encoding", None) or ""
    found = [
        *doctor.program(),
        *doctor.terminal(os.environ, size, encoding),
        *doctor.directories(locations),
        *doctor.files(locations, now),
    ]
    if offline:
        return [*found, doctor.UNASKED]
    import asyncio

    from rinkside.doctor_feed import feed_findings

    return [*found, *asyncio.run(feed_findings(api, records_api, now))]
