"""Names and signs, fitted to columns."""

from __future__ import annotations

from functools import lru_cache
from typing import Final

from rich.cells import cell_len, set_cell_size

from longtrack.model import Armband, Entry, Lane, Skater, Status, Team
from longtrack.names import capitals, full_name, initials
from rinkside.drawing import manner

MEDALS: Final = {1: "gold", 2: "silver", 3: "bronze"}
"""The role of a place on the podium."""


def written_name(competitor: Skater | Team) -> str:
    """Return ``RIJPMA-DE JONG Antoinette``, or the given name first where the fan wants that."""
    if isinstance(competitor, Team) or not manner.present().given_first:
        return full_name(competitor)
    return f"{competitor.given} {capitals(competitor.family)}".lstrip()


def fitted(competitor: Skater | Team, width: int) -> str:
    """Return a name that fits a width in cells.

    Too long, the given name becomes initials (``RIJPMA-DE JONG A.``), then it is left out, then
    the family name is cut with ``…``.
    """
    return _fitted(competitor, width, manner.present().given_first)


@lru_cache(maxsize=4096)
def _fitted(competitor: Skater | Team, width: int, given_first: bool) -> str:
    forms = [written_name(competitor)]
    if isinstance(competitor, Skater):
        family, short = capitals(competitor.family), initials(competitor.given)
        forms += [f"{short} {family}" if given_first else f"{family} {short}", family]
        forms = [form.strip() for form in forms]
    for form in forms:
        if cell_len(form) <= width:
            return form
    return cut(forms[-1], width)


def cut(text: str, width: int) -> str:
    """Return text cut to a width in cells, with ``…`` where something is missing."""
    if cell_len(text) <= width:
        return text
    return set_cell_size(text, max(0, width - 1)).rstrip() + "…" if width > 0 else ""


_SECOND_PAIR: Final = frozenset({Armband.YELLOW, Armband.BLUE})

_LANE_ROLES: Final = {
    Armband.WHITE: "lane-1",
    Armband.RED: "lane-2",
    Armband.YELLOW: "lane-3",
    Armband.BLUE: "lane-4",
}


def lane_sign(entry: Entry) -> str:
    """Return ``○`` inner, ``●`` outer; ``□`` and ``■`` for the second pair of a quartet."""
    if entry.lane is None:
        return " "
    second = entry.armband in _SECOND_PAIR
    if entry.lane is Lane.INNER:
        return "□" if second else "○"
    return "■" if second else "●"


def lane_role(entry: Entry) -> str:
    """Return the role of the armband's colour."""
    return _LANE_ROLES.get(entry.armband, "text") if entry.armband else "text"


LETTERS: Final = {
    Status.DQ: "DQ",
    Status.DNF: "DNF",
    Status.DNS: "DNS",
    Status.WDR: "WDR",
    Status.INVALID: "no time",
}
"""What stands in the time column of a start without a valid result."""


def wrapped(text: str, width: int) -> list[str]:
    """Wrap at spaces only.

    A double-barrelled name is never torn, nor one from its initial or its rank, nor a figure from
    its ``m``.
    """
    words: list[str] = []
    for word in text.split():
        initial = len(word) == 2 and word[1] == "." and word[0].isupper()
        ranked = bool(words) and words[-1].isdecimal() and len(words[-1]) <= 2
        if words and (initial or ranked or word in ("m", "m,")):
            words[-1] += f" {word}"
        else:
            words.append(word)
    lines: list[str] = []
    for word in words:
        if lines and cell_len(lines[-1]) + 1 + cell_len(word) <= width:
            lines[-1] += f" {word}"
        else:
            lines.append(cut(word, width))
    return lines or [""]
