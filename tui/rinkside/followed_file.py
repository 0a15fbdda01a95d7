"""Where it is kept whom a fan follows: one small JSON file, which the fan may edit."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any, Final

from msgspec.structs import replace

from longtrack import fields
from longtrack.model import Gender
from rinkside.atomic import NotOurs, read_or_set_aside, reason, replace_whole, trouble_with
from rinkside.followed import Followed, FollowedSkater

FORMAT: Final = 1
"""Number of the file's layout; a file with a higher one was written by a newer program."""


class FollowedFile:
    """Those a fan follows, and the file they are kept in.

    Args:
        file: The file; it need not exist.
        feed: Host name of the feed whose ids count.
        now: Returns the wall clock in milliseconds.
    """

    def __init__(self, file: Path, feed: str, now: Callable[[], int]) -> None:
        self._file = file
        self._now = now
        self._is_kept = True
        """Whether the file says what is followed; not so where it can't be written."""
        self.followed = Followed(feed)

    def read(self) -> str | None:
        """Read the file; where it is not to be had, what was followed stays.

        Returns:
            A sentence for the viewer where something is wrong with it.
        """
        known, trouble = read_or_set_aside(self._file, self._now(), _understood, FORMAT)
        if known is not None:
            self.followed = replace(known, feed=self.followed.feed)
        return trouble

    def change(self, change: Callable[[Followed], Followed]) -> str | None:
        """Follow others from now on, and keep that.

        The file is read again before: another window may have changed it, or the fan.

        Returns:
            A sentence for the viewer where that can't be kept; it holds for this session still.
        """
        trouble = self.read() if self._is_kept else None
        self.followed = change(self.followed)
        try:
            replace_whole(self._file, _written(self.followed))
        except OSError as error:
            self._is_kept = False
            return f"{self._file} can't be written, so this holds until you quit: {reason(error)}"
        self._is_kept = True
        return trouble


def trouble(file: Path) -> str | None:
    """Return what is wrong with the file, which is left as it is; None where nothing is."""
    return trouble_with(file, _understood, FORMAT)


def _written(followed: Followed) -> bytes:
    data = {
        "format": FORMAT,
        "nations": sorted(followed.nations),
        "skaters": [
            {
                "family": skater.family,
                "given": skater.given,
                "noc": skater.noc,
                "gender": str(skater.gender),
                "ids": skater.ids,
            }
            for skater in followed.skaters
        ],
    }
    return (json.dumps(data, ensure_ascii=False, indent=2) + "\n").encode()


def _understood(data: dict[str, Any]) -> Followed:
    rows, nations = data.get("skaters", []), data.get("nations", [])
    if not isinstance(rows, list) or not isinstance(nations, list):
        raise NotOurs("is damaged")
    return Followed(
        skaters=tuple(_skaters(rows)), nations=frozenset(_nation(each) for each in nations)
    )


def _skaters(rows: list[Any]) -> Iterator[FollowedSkater]:
    for row in map(fields.mapping, rows):
        family, given = fields.text(row.get("family")), fields.text(row.get("given"))
        gender = fields.text(row.get("gender")).upper()
        # A row that names nobody would be lost when the file is written again.
        if not (family or given) or gender not in (Gender.WOMEN, Gender.MEN):
            raise NotOurs("names a skater without a family name, or without a gender W or M")
        yield FollowedSkater(
            family or given,
            given if family else "",
            _nation(row.get("noc")),
            Gender(gender),
            {
                feed: person
                for feed, each in fields.mapping(row.get("ids")).items()
                if (person := fields.text(each))
            },
        )


def _nation(value: object) -> str:
    noc = fields.noc(value)
    if len(noc) != 3:
        raise NotOurs("names a nation that has not three letters")
    return noc
