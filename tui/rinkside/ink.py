"""Lines of text with roles of colour, laid out by the column.

Drawing says *what* a piece of text is (``gold``, ``loss``, ``dim``), never which colour it has;
`Inks` turns that into a terminal's styles by the theme, by whether the data is stale, and without
any colour. Text of a feed stands here as plain text and is never read as markup.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from itertools import zip_longest
from typing import Final, NamedTuple

from rich.cells import cell_len as _cell_len
from rich.cells import set_cell_size
from rich.style import Style

from rinkside_themes import GROUNDS, Paint, Palette


def cell_len(text: str) -> int:
    """Return how many columns a text takes; most texts here are ASCII, a column a letter."""
    return len(text) if text.isascii() else _cell_len(text)


class Act(NamedTuple):
    """What a click on a piece of text does: an action, as a key runs one, and what it is given.

    It is one of the screen's, or after ``app.`` one of the program's.
    """

    action: str
    arguments: tuple[str | int, ...] = ()


class Span(NamedTuple):
    """A piece of text of one kind."""

    text: str
    role: str = "text"
    bold: bool = False
    underline: bool = False
    ground: str | None = None
    """A ground or pill of its own; None is the line's."""
    act: Act | None = None
    """What a click on it does; None is nothing."""


def width_of(spans: Iterable[Span]) -> int:
    """Return how many columns some spans take."""
    return sum(cell_len(span.text) for span in spans)


class Line(NamedTuple):
    """A finished line: spans that fill its width, on one ground."""

    spans: tuple[Span, ...]
    ground: str = "ground"

    @property
    def text(self) -> str:
        """The line without its roles."""
        return "".join(span.text for span in self.spans)

    def act(self, column: int) -> Act | None:
        """Return what a click on a column does."""
        end = 0
        for span in self.spans:
            end += cell_len(span.text)
            if column < end:
                return span.act
        return None


@dataclass
class Row:
    """A line being laid out: text is put at columns, and what is free stays blank.

    Attributes:
        width: Columns of the whole line.
        ground: The role of what lies behind it.
        act: What a click anywhere on it does, but on text that does something of its own.
    """

    width: int
    ground: str = "ground"
    act: Act | None = None
    _placed: list[tuple[int, int, Span]] = field(default_factory=list)

    def put(
        self,
        column: int,
        text: str,
        role: str = "text",
        *,
        bold: bool = False,
        underline: bool = False,
        ground: str | None = None,
        act: Act | None = None,
        within: int | None = None,
    ) -> int:
        """Put text at a column, cut to ``within`` columns; return the column after it."""
        room = self.width - column
        if within is not None:
            room = min(room, within)
        cells = cell_len(text)
        if cells > room:
            text, cells = set_cell_size(text, max(0, room)), max(0, room)
        if cells and column >= 0:
            span = Span(text, role, bold, underline, ground, act or self.act)
            self._placed.append((column, cells, span))
        return column + cells

    def right(self, end: int, text: str, role: str = "text", **style: bool | str | None) -> int:
        """Put text so that it ends before a column; return the column it begins at."""
        start = max(0, end - cell_len(text))
        self.put(start, text, role, **style)  # type: ignore[arg-type]
        return start

    def run(self, column: int, *spans: Span) -> int:
        """Put spans one after another; return the column after the last."""
        for span in spans:
            column = self.put(
                column,
                span.text,
                span.role,
                bold=span.bold,
                underline=span.underline,
                ground=span.ground,
                act=span.act,
            )
        return column

    def run_right(self, end: int, *spans: Span) -> int:
        """Put spans so that the last ends before a column; return where the first begins."""
        start = max(0, end - width_of(spans))
        self.run(start, *spans)
        return start

    def taken(self, since: int) -> list[tuple[int, int]]:
        """Return the columns that have text, from one on, as starts and ends in order."""
        return sorted((start, start + cells) for start, cells, _ in self._placed if start >= since)

    def line(self) -> Line:
        """Return the finished line; where two texts meet, the later one gives way."""
        spans: list[Span] = []
        column = 0
        for start, cells, span in sorted(self._placed, key=lambda placed: placed[0]):
            if start > column:
                spans.append(Span(" " * (start - column), act=self.act))
            elif start < column:
                overlap = column - start
                if overlap >= cells:
                    continue
                text = set_cell_size(span.text, cells)
                while overlap > 0 and text:
                    overlap -= cell_len(text[0])
                    text = text[1:]
                span, cells = span._replace(text=text), cell_len(text)
                start = column
            spans.append(span)
            column = max(column, start) + cells
        if column < self.width:
            spans.append(Span(" " * (self.width - column), act=self.act))
        return Line(tuple(spans), self.ground)


BLANK: Final = Span("")


def split(line: Line, column: int) -> tuple[Line, Line]:
    """Cut a line in two before a column."""
    left: list[Span] = []
    right: list[Span] = []
    start = 0
    for span in line.spans:
        end = start + cell_len(span.text)
        if end <= column:
            left.append(span)
        elif start >= column:
            right.append(span)
        else:
            first = set_cell_size(span.text, column - start)
            left.append(span._replace(text=first))
            right.append(span._replace(text=span.text[len(first) :]))
        start = end
    return Line(tuple(left), line.ground), Line(tuple(right), line.ground)


def blank(width: int, ground: str = "ground") -> Line:
    """Return an empty line."""
    return Line((Span(" " * width),), ground)


def divider(height: int) -> list[Line]:
    """Return what parts two panes that stand side by side."""
    row = Row(3)
    row.put(1, "│", "line")
    return [row.line()] * height


PARTED: Final = (Span(" "), Span("│", "line"), Span(" "))
"""What parts two panes of one line."""


def indented(lines: Iterable[Line]) -> list[Line]:
    """Return lines one column to the right."""
    return [Line((Span(" "), *line.spans), line.ground) for line in lines]


def beside(
    left: Sequence[Line], right: Sequence[Line], between: tuple[Span, ...] = PARTED
) -> list[Line]:
    """Return two panes as one; the shorter one is filled up.

    Args:
        left: Lines of one width.
        right: Lines of one width.
        between: What stands between two lines.
    """
    widths = [width_of(pane[0].spans) if pane else 0 for pane in (left, right)]
    return [
        Line((*(one or blank(widths[0])).spans, *between, *(other or blank(widths[1])).spans))
        for one, other in zip_longest(left, right)
    ]


_STRONG: Final = frozenset({"strong", "live", "gold", "silver", "bronze", "record", "pill-text"})
"""Roles that stay brighter than the rest when all colour drains from stale data."""


PLAIN_SIGNS: Final = str.maketrans(
    {
        **dict(zip("○●□■▲▼►", "o@-#^v>", strict=True)),
        **dict(zip("←→↑↓", "<>^v", strict=True)),
        **dict(zip("·—–…−±×°", ".--.-+x'", strict=True)),
        # Lines, each unlike the others: no race, done and ahead share a strip.
        **dict(zip("─━╌│┃", "_=-||", strict=True)),
        # Bars by how much ink they have; of them the large digits use three.
        **dict(zip("▁▂▃▄▅▆▇█▀", '.:-=+*%#"', strict=True)),
    }
)
"""Signs that some terminals draw two columns wide, and what stands for each instead.

Charts are in braille, which is one column wide everywhere, and names keep their letters.
"""


class Inks:
    """Styles for the roles of one palette.

    Args:
        palette: The theme's colours.
        stale: Whether the data is old: every colour drains to one grey, at full contrast.
        plain: Whether signs, lines and bars are drawn in plain letters, see `PLAIN_SIGNS`.
    """

    def __init__(self, palette: Palette, *, stale: bool = False, plain: bool = False) -> None:
        self.palette = palette
        self.stale = stale
        self.plain = plain
        self._styles: dict[tuple[str, bool, bool, str], Style] = {}

    @property
    def tints(self) -> bool:
        """Whether the pair on the ice stands on a tint; where not, a rule closes its band."""
        band = self.palette.paint("band")
        return bool(band.colour not in (None, "default") or band.reverse)

    def written(self, text: str) -> str:
        """Return text in the letters that are wanted; it keeps its width."""
        return text if not self.plain or text.isascii() else text.translate(PLAIN_SIGNS)

    def style(self, span: Span, ground: str) -> Style:
        """Return the style of a span on a line's ground."""
        key = (span.role, span.bold, span.underline, span.ground or ground)
        style = self._styles.get(key)
        if style is None:
            style = self._styles[key] = self._make(*key)
        return style

    def _make(self, role: str, bold: bool, underline: bool, ground: str) -> Style:
        # Pills keep their colours: the one that says there is no feed is the message.
        if self.stale and not ground.startswith("pill"):
            if role not in ("error", "line"):
                role = "stale-strong" if bold or role in _STRONG else "stale"
            if ground in GROUNDS and ground not in ("cursor", "tab"):
                ground = "ground"
        behind = self.palette.paint(ground)
        paint = self.palette.paint(role)
        if behind.reverse:
            # Foreground colours would turn a reversed row into patchwork.
            paint = Paint(bold=paint.bold)
        return Style(
            color=_rich(paint.colour),
            bgcolor=_rich(behind.colour),
            bold=bold or paint.bold or behind.bold or None,
            dim=(paint.dim and not bold) or None,
            underline=underline or paint.underline or None,
            reverse=(paint.reverse or behind.reverse) or None,
        )


def _rich(colour: str | None) -> str | None:
    return None if colour is None else colour.replace("-", "_")
