"""What was measured, and the table it is printed as."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from statistics import median


@dataclass(frozen=True)
class Figure:
    """One thing measured.

    Attributes:
        what: What it is.
        measured: The figures, with their unit.
        budget: What the issue allows; empty where it says nothing.
        ratio: How often the bare app's figure goes into it.
        within: Whether it is within the budget; None where there is none.
    """

    what: str
    measured: str
    budget: str = ""
    ratio: str = ""
    within: bool | None = None

    @property
    def verdict(self) -> str:
        """``OK``, ``OVER``, or nothing to say."""
        return {True: "OK", False: "OVER", None: ""}[self.within]


def compared(
    what: str, unit: str, ours: Sequence[float], bare: Sequence[float], most: float
) -> Figure:
    """Return a figure that is held against the bare app's, by the least of each."""
    ratio = min(ours) / min(bare)
    return Figure(
        what=what,
        measured=spread(ours, unit),
        budget=f"{most:g} × bare",
        ratio=f"{ratio:.2f} (medians {median(ours) / median(bare):.2f})",
        within=ratio <= most,
    )


def limited(what: str, unit: str, value: float, most: float, note: str = "") -> Figure:
    """Return a figure that is held against a limit."""
    shown = f"{value:.0f}" if value >= 100 else f"{value:.3g}"
    measured = f"{shown} {unit}{note}"
    return Figure(what, measured, budget=f"{most:g} {unit}", within=value <= most)


def spread(values: Sequence[float], unit: str) -> str:
    """Return the least and the median of some values."""
    return f"min {min(values):.3g} · median {median(values):.3g} {unit}"


def table(figures: Iterable[Figure]) -> str:
    """Return the figures in columns."""
    rows = [("what", "measured", "budget", "ratio (min/min)", "")]
    rows += [(each.what, each.measured, each.budget, each.ratio, each.verdict) for each in figures]
    widths = [max(len(row[column]) for row in rows) for column in range(5)]
    lines = [
        "  ".join(cell.ljust(width) for cell, width in zip(row, widths, strict=True)).rstrip()
        for row in rows
    ]
    return "\n".join([lines[0], "-" * max(map(len, lines)), *lines[1:]])
