"""A widget that shows finished lines and repaints only what differs."""

from __future__ import annotations

from collections.abc import Sequence

from rich.segment import Segment
from textual.geometry import Region
from textual.strip import Strip
from textual.widget import Widget

from rinkside.ink import BLANK, Inks, Line, cell_len


class LinesView(Widget):
    """Shows lines drawn elsewhere.

    A line that is shown again unchanged costs nothing; of a line that changed, only the columns
    from the first to the last difference go to the terminal.
    """

    DEFAULT_CSS = "LinesView { height: 1; }"

    def __init__(self, *, id: str | None = None, classes: str | None = None) -> None:  # noqa: A002
        super().__init__(id=id, classes=classes)
        self._lines: tuple[Line, ...] = ()
        self._inks: Inks | None = None
        self._strips: dict[Line, Strip] = {}

    def show(self, lines: Sequence[Line], inks: Inks) -> None:
        """Show lines, in some colours."""
        before, self._lines = self._lines, tuple(lines)
        if inks is not self._inks:
            self._inks = inks
            self._strips.clear()
            self.refresh()
            return
        if len(before) != len(self._lines):
            self.refresh()
            return
        regions = [
            Region(start, y, end - start, 1)
            for y, (old, new) in enumerate(zip(before, self._lines, strict=True))
            if old != new
            for start, end in [_difference(old, new)]
        ]
        if regions:
            self.refresh(*regions)

    @property
    def lines(self) -> tuple[Line, ...]:
        """What is shown."""
        return self._lines

    def render_line(self, y: int) -> Strip:
        """Return a line as the terminal's segments."""
        if y >= len(self._lines) or self._inks is None:
            return Strip.blank(self.size.width, self.rich_style)
        line = self._lines[y]
        strip = self._strips.get(line)
        if strip is None:
            if len(self._strips) >= 2 * len(self._lines):
                # A strip with what Textual keeps beside it takes 3 kB.
                shown = set(self._lines)
                self._strips = {old: kept for old, kept in self._strips.items() if old in shown}
            strip = self._strips[line] = Strip(_segments(line, self._inks)).simplify()
        return strip


def _segments(line: Line, inks: Inks) -> list[Segment]:
    """Return a line's segments; a gap takes the style before it where that shows no difference.

    Each change of style costs the terminal some forty bytes.
    """
    segments: list[Segment] = []
    for span in line.spans:
        style = inks.style(span, line.ground)
        before = segments[-1].style if segments else None
        if (
            before is not None
            and span.text.isspace()
            and before.bgcolor == style.bgcolor
            and not (before.underline or before.reverse or style.underline or style.reverse)
        ):
            style = before
        segments.append(Segment(inks.written(span.text), style))
    return segments


def _difference(old: Line, new: Line) -> tuple[int, int]:
    """Return the columns between which two lines differ, in whole spans."""
    if old.ground != new.ground:
        return 0, max(_width(old), _width(new))
    start = 0
    for left, right in zip(old.spans, new.spans, strict=False):
        if left != right:
            break
        start += cell_len(left.text)
    end = max(_width(old), _width(new))
    for left, right in zip(reversed(old.spans), reversed(new.spans), strict=False):
        if left != right or end - cell_len(right.text) < start:
            break
        end -= cell_len(right.text)
    # Where both are blank at the end nothing has to be sent.
    end = min(end, max(_inked(old), _inked(new)))
    return start, max(end, start + 1)


def _inked(line: Line) -> int:
    """Return the columns of a line up to the blanks at its end, which show only its ground."""
    last = line.spans[-1] if line.spans else BLANK
    if last.underline or last.ground is not None:
        return _width(line)
    return _width(line) - len(last.text) + len(last.text.rstrip(" "))


def _width(line: Line) -> int:
    return sum(cell_len(span.text) for span in line.spans)
