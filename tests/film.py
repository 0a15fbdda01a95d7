"""Puts pictures of one screen, taken one after another, into one SVG that moves.

What stands still is drawn once: a row of the screen is a group for every run of frames on which it
is the same, and CSS shows each group while its frames are on. Who wants no motion, or looks with a
program that knows none, sees the last frame.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from itertools import accumulate, groupby
from typing import Final, NamedTuple
from xml.etree import ElementTree
from xml.etree.ElementTree import Element, SubElement

SVG: Final = "http://www.w3.org/2000/svg"

_RULE: Final = re.compile(r"^\s*\.(\S+-r\d+) \{ (.*) \}$", re.MULTILINE)
_ROW: Final = 24.4
_HANGS: Final = {f"{{{SVG}}}rect": 1.5, f"{{{SVG}}}text": 20.0}
"""How Rich draws a screen: rows of a height, with grounds and texts so far below their edges."""


class _Run(NamedTuple):
    """The frames, from the first to the last, on which a row is the same."""

    first: int
    last: int


def film(frames: Sequence[tuple[str, float]], name: str) -> str:
    """Return the film, which begins again when it is over.

    Args:
        frames: The screen as Rich exports it, always of one size and with one id, and for how many
            seconds it is shown.
        name: What the classes begin with.
    """
    screens = [ElementTree.fromstring(svg) for svg, _ in frames]
    styles = _Styles(f"{name}-r")
    rows = [_rows(screen, styles) for screen in screens]
    last = screens[-1]
    stage = _emptied(last)
    runs = set()
    for number in range(max(map(len, rows))):
        for run, parts in _runs([screen.get(number, []) for screen in rows]):
            runs.add(run)
            SubElement(stage, "g", {"class": _class(name, run)}).extend(parts)
    ends = list(accumulate(seconds for _, seconds in frames))
    animated = [_animation(_class(name, run), run, ends) for run in sorted(runs)]
    style = _part(last, "style")
    frame_rules = _RULE.sub("", style.text or "").rstrip()
    style.text = "\n".join([frame_rules, *styles.rules(), *filter(None, animated), ""])
    ElementTree.register_namespace("", SVG)
    return ElementTree.tostring(last, encoding="unicode") + "\n"


class _Styles:
    """How the texts of all frames are written, under names of the film's own.

    Args:
        prefix: What the names begin with.
    """

    def __init__(self, prefix: str) -> None:
        self._prefix = prefix
        self._names: dict[str, str] = {}

    def name(self, css: str) -> str:
        """Return the class of a style."""
        return self._names.setdefault(css, f"{self._prefix}{len(self._names) + 1}")

    def rules(self) -> Iterator[str]:
        """Return the rules of all classes."""
        return (f".{name} {{ {css} }}" for css, name in self._names.items())


def _part(of: Element, tag: str) -> Element:
    """Return the last part of a kind."""
    return of.findall(f"{{{SVG}}}{tag}")[-1]


def _rows(screen: Element, styles: _Styles) -> dict[int, list[Element]]:
    """Return what is drawn in each row of a screen: its grounds, then its texts."""
    known = dict(_RULE.findall(_part(screen, "style").text or ""))
    grounds = _part(screen, "g")
    rows: dict[int, list[Element]] = {}
    for part in (*grounds.iterfind(f"{{{SVG}}}rect"), *_part(grounds, "g")):
        part.tail = ""
        if "class" in part.attrib:
            part.set("class", styles.name(known[part.attrib["class"]]))
        number = round((float(part.attrib["y"]) - _HANGS[part.tag]) / _ROW)
        rows.setdefault(number, []).append(part)
    return rows


def _emptied(screen: Element) -> Element:
    """Take grounds and texts off a screen, and return where they were."""
    grounds = _part(screen, "g")
    stage = _part(grounds, "g")
    for part in list(grounds):
        if part is not stage:
            grounds.remove(part)
    stage[:] = []
    return stage


def _runs(drawn: Sequence[list[Element]]) -> Iterator[tuple[_Run, list[Element]]]:
    """Return how long a row is the same, each time, and what is drawn in it then."""
    told = [b"".join(map(ElementTree.tostring, parts)) for parts in drawn]
    for _, alike in groupby(range(len(drawn)), key=told.__getitem__):
        first, *others = alike
        yield _Run(first, others[-1] if others else first), drawn[first]


def _class(name: str, run: _Run) -> str:
    return f"{name}-{run.first}-{run.last}"


def _animation(name: str, run: _Run, ends: Sequence[float]) -> str:
    """Return the rules that show a run while its frames are on; none for what is always there."""
    is_first, is_last = run.first == 0, run.last == len(ends) - 1
    if is_first and is_last:
        return ""
    whole = ends[-1]
    shown_from = 0.0 if is_first else 100 * ends[run.first - 1] / whole
    keys = [] if is_first else ["0% { visibility: hidden }"]
    keys.append(f"{shown_from:.4g}% {{ visibility: visible }}")
    if not is_last:
        keys.append(f"{100 * ends[run.last] / whole:.4g}% {{ visibility: hidden }}")
    still = [] if is_last else [f".{name} {{ visibility: hidden }}"]
    return "\n".join(
        [
            *still,
            f"@keyframes {name} {{ {' '.join(keys)} }}",
            "@media (prefers-reduced-motion: no-preference) {"
            f" .{name} {{ animation: {name} {whole:g}s step-end infinite }} }}",
        ]
    )
