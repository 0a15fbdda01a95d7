"""The widget that shows lines: what has not changed costs nothing."""

from __future__ import annotations

from contextlib import asynccontextmanager
from typing import Any

from textual.app import App, ComposeResult
from textual.geometry import Region
from textual.strip import Strip

from rinkside.ink import Inks, Line, Row
from rinkside.widgets.lines import LinesView
from rinkside_themes import bundled_palette

INKS = Inks(bundled_palette("rinkside-dark"))


def line(*parts: tuple[int, str], width: int = 30, ground: str = "ground") -> Line:
    row = Row(width, ground)
    for column, text in parts:
        row.put(column, text)
    return row.line()


def numbered(count: int = 5) -> list[Line]:
    return [line((0, f"row {number}"), (20, "37.05")) for number in range(count)]


class Watched(LinesView):
    """Keeps what is asked to be painted, and what is painted."""

    DEFAULT_CSS = "Watched { height: 5; width: 30; }"

    def __init__(self) -> None:
        super().__init__(id="watched")
        self.painted: list[int] = []
        self.asked: list[tuple[Region, ...]] = []

    def render_line(self, y: int) -> Strip:
        if y not in self._rows:
            self.painted.append(y)
        return super().render_line(y)

    def refresh(self, *regions: Region, **more: Any) -> Watched:
        if hasattr(self, "asked"):
            self.asked.append(regions)
        super().refresh(*regions, **more)
        return self

    def forget(self) -> None:
        self.painted.clear()
        self.asked.clear()


class OneView(App[None]):
    def compose(self) -> ComposeResult:
        yield Watched()


@asynccontextmanager
async def viewing() -> Any:
    app = OneView()
    async with app.run_test(size=(40, 10)) as pilot:
        view = app.query_one(Watched)
        view.show(numbered(), INKS)
        await pilot.pause()
        view.forget()
        yield view, pilot


async def test_it_paints_what_it_is_given() -> None:
    app = OneView()
    async with app.run_test(size=(40, 10)) as pilot:
        view = app.query_one(Watched)
        view.show(numbered(), INKS)
        await pilot.pause()
        assert set(view.painted) == set(range(5))
        assert [each.text for each in view.lines] == [each.text for each in numbered()]


async def test_the_same_lines_again_cost_nothing() -> None:
    async with viewing() as (view, pilot):
        view.show(numbered(), INKS)
        await pilot.pause()
        assert view.asked == []
        assert view.painted == []


async def test_of_a_line_that_changed_only_the_columns_that_differ_are_painted() -> None:
    async with viewing() as (view, pilot):
        lines = numbered()
        lines[2] = line((0, "row 2"), (20, "37.06"))
        view.show(lines, INKS)
        assert view.asked == [(Region(20, 2, 5, 1),)]
        await pilot.pause()
        assert set(view.painted) == {2}


async def test_each_line_that_changed_has_a_region_of_its_own() -> None:
    async with viewing() as (view, pilot):
        lines = numbered()
        lines[0] = line((0, "row 9"), (20, "37.05"))
        lines[4] = line((0, "row 4"), (20, "38.05"))
        view.show(lines, INKS)
        assert view.asked == [(Region(0, 0, 5, 1), Region(20, 4, 5, 1))]
        await pilot.pause()
        assert set(view.painted) == {0, 4}


async def test_another_ground_paints_the_whole_line() -> None:
    async with viewing() as (view, pilot):
        lines = numbered()
        lines[3] = lines[3]._replace(ground="cursor")
        view.show(lines, INKS)
        assert view.asked == [(Region(0, 3, 30, 1),)]
        await pilot.pause()
        assert set(view.painted) == {3}


async def test_text_that_goes_away_is_wiped() -> None:
    async with viewing() as (view, pilot):
        lines = numbered()
        lines[1] = line((0, "row 1"))
        view.show(lines, INKS)
        (region,) = view.asked[0]
        assert region.contains_region(Region(20, 1, 5, 1))
        await pilot.pause()


async def test_other_colours_paint_everything() -> None:
    async with viewing() as (view, pilot):
        view.show(numbered(), Inks(bundled_palette("rinkside-light")))
        await pilot.pause()
        assert set(view.painted) == set(range(5))


async def test_another_number_of_lines_paints_everything_and_wipes_the_rest() -> None:
    async with viewing() as (view, pilot):
        view.show(numbered(3), INKS)
        await pilot.pause()
        assert set(view.painted) == set(range(5))
        assert view.render_line(4).text.strip() == ""


async def test_a_wide_letter_moves_the_region_by_two_columns() -> None:
    async with viewing() as (view, pilot):
        lines = numbered()
        lines[0] = line((0, "高木"), (20, "37.05"))
        view.show(lines, INKS)
        await pilot.pause()
        view.forget()
        lines[0] = line((0, "高木"), (20, "37.99"))
        view.show(lines, INKS)
        assert view.asked == [(Region(20, 0, 5, 1),)]


async def test_strips_of_lines_that_were_shown_before_are_kept() -> None:
    async with viewing() as (view, _):
        assert view.render_line(1) is view.render_line(1)


async def test_what_is_kept_is_bounded() -> None:
    async with viewing() as (view, _):
        for number in range(1200):
            view.show([line((0, f"row {number}"))] * 5, INKS)
            view.render_line(0)
        assert len(view._strips) <= 501


async def test_markup_and_escapes_in_a_line_are_plain_text() -> None:
    async with viewing() as (view, _):
        view.show([line((0, "[bold]KOK[/] [@click=x]y"))] * 5, INKS)
        assert view.render_line(0).text.startswith("[bold]KOK[/] [@click=x]y")
