"""What is said of a tape, on the command line and on the screen."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime
from typing import TYPE_CHECKING, Final

from longtrack.model import Event

if TYPE_CHECKING:
    from rinkside.tapes import KeptTape

KIND_WORDS: Final = {"recorded": "recorded", "reenacted": "re-enacted", "bundled": "bundled"}


def shown_days(event: Event) -> str:
    """Return the days of a meet: ``12–14 Dec 2025``."""
    first, last = event.start, event.end
    if first is None:
        return "days not known"
    if last is None or last == first:
        return f"{first.day} {first:%b %Y}"
    begin = f"{first.day}" if first.month == last.month else f"{first.day} {first:%b}"
    return f"{begin}–{last.day} {last:%b %Y}"


def shown_meet(event: Event) -> str:
    """Return which meet it is: ``Hamar · World Cup 4``; its id where no more is known."""
    return " · ".join(word for word in (event.city, event.title) if word)


def shown_size(size: int) -> str:
    """Return a number of bytes in the unit that suits it: ``840 kB``, ``12.3 MB``."""
    if size < 1_000_000:
        return f"{max(1, round(size / 1000)) if size else 0} kB"
    unit, name = (1_000_000, "MB") if size < 1_000_000_000 else (1_000_000_000, "GB")
    return f"{size / unit:.1f} {name}"


def shown_span(tape: KeptTape) -> str:
    """Return from when to when it goes, by the rink's clock; empty for an empty one."""
    if tape.span is None:
        return ""
    first, last = (datetime.fromtimestamp(at / 1000, tape.event.zone) for at in tape.span)
    begin = f"{first.day} {first:%b %H:%M}"
    return f"{begin}–{last:%H:%M}" if first.date() == last.date() else f"{begin} – {_full(last)}"


def _full(moment: datetime) -> str:
    return f"{moment.day} {moment:%b %H:%M}"


def state(tape: KeptTape) -> str:
    """Return how whole it is: ``complete``, ``W500 and 2 more have gaps · imported``."""
    return " · ".join([_wholeness(tape), *_besides(tape)])


def state_within(tape: KeptTape, room: int) -> str:
    """Return as much of the same as there is room for, in columns; 17 are always enough."""
    forms = (state(tape), _wholeness(tape), _in_short(tape))
    return next((form for form in forms if len(form) <= room), forms[-1])


def _in_short(tape: KeptTape) -> str:
    if tape.trouble:
        return tape.trouble if tape.trouble == "damaged" else "can't be read"
    if tape.coverage is not None and tape.coverage.gaps and not tape.coverage.fetched:
        count = len(tape.coverage.gaps)
        return f"{tape.coverage.gaps[0]} has gaps" if count == 1 else f"{count} have gaps"
    return _wholeness(tape)


def _wholeness(tape: KeptTape) -> str:
    if tape.trouble:
        return tape.trouble
    covered = tape.coverage
    if covered is None:
        return "re-enacted"
    if covered.fetched:
        return "results only"
    if not covered.held:
        return "nothing held yet"
    if not covered.gaps:
        return "complete"
    first, *more = covered.gaps
    return f"{first} and {len(more)} more have gaps" if more else f"{first} has gaps"


def _besides(tape: KeptTape) -> Iterable[str]:
    if tape.imported:
        yield "imported"
    if tape.polled:
        yield "being recorded"
