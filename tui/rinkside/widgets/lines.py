"""A widget that shows finished lines and repaints only what differs."""

from __future__ import annotations

from collections.abc import Sequence

from rich.segment import Segment
from textual import on
from textual.events import Click, MouseScrollDown, MouseScrollUp
from textual.geometry import Region
from textual.message import Message
from textual.strip import Strip
from textual.widget import Widget

from rinkside.ink import BLANK, Act, Inks, Line, cell_len


class LinesView(Widget):
    """Shows lines drawn elsewhere.

    A line that is shown again unchanged costs nothing; of a line that changed, only the columns
    from the first to the last difference go to the terminal.

    A click on text that does something does it; a click anywhere else is told as `Clicked`.

    Args:
        id: As of any widget.
        classes: As of any widget.
        wheel: What a notch of the wheel downwards does, given a number; upwards it is given the
            number below zero.
    """

    class Clicked(Message):
        """A place was clicked where no text does anything.

        Args:
            view: The widget.
            line: Counted from 0.
            column: Counted from 0.
        """

        def __init__(self, view: LinesView, line: int, column: int) -> None:
            super().__init__()
            self.view = view
            self.line = line
            self.column = column

        @property
        def control(self) -> LinesView:
            """The widget, for handlers of one part alone."""
            return self.view

    DEFAULT_CSS = "LinesView { height: 1; }"

    def __init__(
        self,
        *,
        id: str | None = None,  # noqa: A002
        classes: str | None = None,
        wheel: tuple[str, int] | None = None,
    ) -> None:
        super().__init__(id=id, classes=classes)
        self._wheel = wheel
        self._lines: tuple[Line, ...] = ()
        self._inks: Inks | None = None
        self._strips: dict[Line, Strip] = {}
        self._rows: dict[int, Strip] = {}
        """Those on screen, by row: to look one up by its line takes as long as drawing a span."""

    def show(self, lines: Sequence[Line], inks: Inks) -> None:
        """Show lines, in some colours."""
        before, self._lines = self._lines, tuple(lines)
        if inks is not self._inks:
            self._inks = inks
            self._strips.clear()
            self._rows.clear()
            self.refresh()
            return
        if len(before) != len(self._lines):
            self._rows.clear()
            self.refresh()
            return
        regions = []
        for y, (old, new) in enumerate(zip(before, self._lines, strict=True)):
            if old != new:
                self._rows.pop(y, None)
                start, end = _difference(old, new)
                regions.append(Region(start, y, end - start, 1))
        if regions:
            self.refresh(*regions)

    @property
    def lines(self) -> tuple[Line, ...]:
        """What is shown."""
        return self._lines

    # --- the mouse ---------------------------------------------------------------------------

    @on(Click)
    async def _clicked(self, event: Click) -> None:
        event.stop()
        line, column = int(event.y), int(event.x)
        if event.button != 1 or line >= len(self._lines):
            return
        act = self._lines[line].act(column)
        if act is None:
            self.post_message(self.Clicked(self, line, column))
        else:
            await self._run(act)

    @on(MouseScrollDown)
    async def _rolled_down(self, event: MouseScrollDown) -> None:
        event.stop()
        await self._roll(1)

    @on(MouseScrollUp)
    async def _rolled_up(self, event: MouseScrollUp) -> None:
        event.stop()
        await self._roll(-1)

    async def _roll(self, direction: int) -> None:
        if self._wheel is not None:
            action, number = self._wheel
            await self._run(Act(action, (direction * number,)))

    async def _run(self, act: Act) -> None:
        # A click may still be on its way when another screen has come.
        if self.is_attached and self.screen.is_current:
            whose, _, name = act.action.rpartition(".")
            await self.app.run_action((whose, name, act.arguments), self.screen)

    # --- drawing -----------------------------------------------------------------------------

    def render_lines(self, crop: Region) -> list[Strip]:
        """Return a part of what is shown.

        Lines have no border, padding or opacity for Textual to add, and are kept here: to have it
        look for that in all that is on screen takes as long as drawing what has changed.
        """
        width = self.size.width
        strips = [self.render_line(y).adjust_cell_length(width) for y in crop.line_range]
        if filters := self.get_line_filters():
            _, background = self.background_colors
            for each in filters:
                strips = [strip.apply_filter(each, background) for strip in strips]
        if crop.column_span != (0, width):
            strips = [strip.crop(*crop.column_span) for strip in strips]
        return strips

    def render_line(self, y: int) -> Strip:
        """Return a line as the terminal's segments."""
        strip = self._rows.get(y)
        if strip is not None:
            return strip
        if y >= len(self._lines) or self._inks is None:
            return Strip.blank(self.size.width, self.rich_style)
        strip = self._rows[y] = self._strip(self._lines[y], self._inks)
        return strip

    def _strip(self, line: Line, inks: Inks) -> Strip:
        strip = self._strips.get(line)
        if strip is None:
            if len(self._strips) >= 2 * len(self._lines):
                # A strip with what Textual keeps beside it takes 3 kB.
                shown = set(self._lines)
                self._strips = {old: kept for old, kept in self._strips.items() if old in shown}
            strip = self._strips[line] = Strip(_segments(line, inks)).simplify()
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
