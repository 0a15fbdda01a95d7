"""The least a Textual program can be: what rinkside's first picture and memory are held against."""

from __future__ import annotations

from textual.app import App, ComposeResult
from textual.widgets import Static

MARKER = "nothing but a line"


class Bare(App[None]):
    """One line of text."""

    def compose(self) -> ComposeResult:
        """Lay out the line."""
        yield Static(MARKER)


if __name__ == "__main__":
    Bare().run()
