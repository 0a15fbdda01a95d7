"""What is told of a race as a whole: its start list, its start, delays, the ice, official."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Final

from longtrack.change import Change, Was
from longtrack.finishing import first_three, podium_figures, podium_words
from longtrack.model import Conditions, Entry, Lane, Stage
from longtrack.moments import Kind, Moment

_DELAY_MS: Final = 3 * 60_000
"""A start that moves by less is not called a delay."""

_LANES: Final = {Lane.INNER: "inner lane", Lane.OUTER: "outer lane"}


def before_the_race(change: Change) -> Iterator[Moment]:
    """Tell of the start list, of delays, of the ice, and that a race has begun."""
    yield from _start_time(change)
    yield from _start_list(change)
    yield from _conditions(change)
    yield from _start(change)


def after_the_race(change: Change) -> Iterator[Moment]:
    """Tell that a result is official, or is not any more."""
    new, code = change.new, change.new.code
    # The list of races may say so before the result itself is there.
    if new.stage is Stage.OFFICIAL and change.old.stage is not Stage.OFFICIAL:
        three = first_three(new)
        text = f"{code} is official: {podium_words(change, three)}"
        yield change.moment(Kind.OFFICIAL, text, *three, figures=podium_figures(three))
    elif change.old.stage is Stage.OFFICIAL and not new.official:
        text = f"{code} is not official any more"
        yield change.moment(Kind.CORRECTION, text, sign="±")


def _start(change: Change) -> Iterator[Moment]:
    old, new = change.old, change.new
    known_before = old.live or old.begun or old.official
    if known_before or new.over or not (new.live or new.on_ice):
        return
    # A race may be called live long before anybody skates: the pistol fails, the ice is mended.
    words = "has begun" if new.begun else "is live"
    yield change.moment(Kind.START, f"{new.code} {words}")


def _start_time(change: Change) -> Iterator[Moment]:
    old, new = change.old.start, change.new.start
    if old is None or new is None or old == new or change.new.begun or change.new.official:
        return
    by_ms = round((new - old).total_seconds() * 1000)
    local = new.astimezone(change.meet.event.zone)
    text, figures = f"{change.new.code} now starts at {local:%H:%M}", {"by_ms": by_ms}
    if by_ms >= _DELAY_MS:
        yield change.moment(Kind.DELAYED, text, figures={**figures}, sign="!")
    else:
        yield change.moment(Kind.START_LIST, text, figures={**figures}, quiet=True)


def _start_list(change: Change) -> Iterator[Moment]:
    code = change.new.code
    if not change.old.entries_known:
        if change.added:
            text = f"{code}: {len(change.added)} on the start list"
            yield change.moment(Kind.START_LIST, text, *change.added, quiet=True)
        return
    for entries, one, more in (
        (change.added, "joins", "join"),
        (change.gone, "leaves", "leave"),
    ):
        if entries:
            verb = one if len(entries) == 1 else more
            text = f"{change.names(entries)} {verb} the start list"
            yield change.moment(Kind.START_LIST, text, *entries, quiet=True)
    placed = [was for was in change.changed if _place(was.now) != _place(was.old)]
    if len(placed) == 1:
        entry = placed[0].now
        yield change.moment(
            Kind.START_LIST, f"{change.name(entry)} {_where(entry)}", entry, quiet=True
        )
    elif placed:
        text = f"{change.names([was.now for was in placed])} {_drawn(placed)}"
        yield change.moment(Kind.START_LIST, text, *(was.now for was in placed), quiet=True)


def _place(entry: Entry) -> tuple[object, ...]:
    return entry.pair, entry.lane, entry.armband


def _where(entry: Entry) -> str:
    pair = "without a pair" if entry.pair is None else f"in pair {entry.pair}"
    lane = "" if entry.lane is None else f", {_LANES[entry.lane]}"
    return f"{pair}{lane}"


def _drawn(placed: list[Was]) -> str:
    return "are drawn" if all(was.old.pair is None for was in placed) else "are drawn anew"


def _conditions(change: Change) -> Iterator[Moment]:
    measured = change.new.conditions
    if measured is None or measured == change.old.conditions:
        return
    told = _measured(measured)
    if told:
        text = ", ".join(f"{what} {figure}" for what, figure in told.items())
        yield change.moment(
            Kind.CONDITIONS, f"{change.new.code}: {text}", figures=dict(told), quiet=True
        )


def _measured(conditions: Conditions) -> dict[str, str]:
    told = {}
    for what, figure, unit in (
        ("ice", conditions.ice_c, "°C"),
        ("air", conditions.air_c, "°C"),
        ("humidity", conditions.humidity_pct, " %"),
    ):
        if figure is not None:
            told[what] = f"{figure:g}{unit}".replace("-", "−")
    return told
