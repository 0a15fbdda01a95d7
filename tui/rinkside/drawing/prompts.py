"""The two lines at the bottom in which a place or a delay is asked for."""

from __future__ import annotations

import msgspec

from longtrack.lining_up import Cue
from longtrack.model import Discipline, Lane, Team
from rinkside.drawing import footer
from rinkside.drawing.footer import Key
from rinkside.drawing.titles import family, group_word
from rinkside.drawing.typeset import cut
from rinkside.ink import Line, Row, Span

_SEE = Key("Space", "I see it now", "I see it")
_ANOTHER = Key("n", "another", "another")
_KEEP = Key("Enter", "keep", "keep")
_STEP = (
    Key("←→", "1 s", "1 s"),
    Key("↑↓", "5 s", "5 s"),
    Key("45", "type it, or the picture's clock 1:12.3", "type it"),
)
_CANCEL = Key("Esc", "cancel", "cancel")


def place(trouble: str, width: int) -> Line:
    """Draw what stands below a place that is typed: why it is none, else what can be typed."""
    row = Row(width)
    if trouble:
        row.put(1, cut(trouble, width - 2), "error", bold=True)
        return row.line()
    row.run(
        1,
        Span("Enter", "key"),
        Span(" go  ", "dim"),
        Span("Esc", "key"),
        Span(" cancel  ", "dim"),
        Span(cut("19:38  19:38:20  W1500  pair 7  start  live", max(0, width - 24)), "dim"),
    )
    return row.line()


def letter(sign: str) -> Line:
    """Draw the key that opened a prompt, before what is typed."""
    row = Row(3)
    row.put(1, sign, "key", bold=True)
    return row.line()


class DelayShown(msgspec.Struct, frozen=True):
    """What the prompt for the delay shows.

    Attributes:
        delay_ms: The delay as it stands.
        typed: What is being typed; empty while nothing is.
        said: A sentence about what has just been done.
        cue: What to watch for; None for nothing.
        is_waiting: Whether the viewer has seen it and the feed has yet to tell of it.
        count: How many times something was seen.
        error_ms: How late the feed itself may be.
    """

    delay_ms: int
    typed: str = ""
    said: str = ""
    cue: Cue | None = None
    is_waiting: bool = False
    count: int = 0
    error_ms: int = 3_000


def delay(shown: DelayShown, width: int) -> list[Line]:
    """Draw the two lines: what to watch for, and how the delay can be set."""
    return [_watching(shown, width), _setting(shown, width)]


def _watching(shown: DelayShown, width: int) -> Line:
    row = Row(width, "header")
    row.put(1, "y", "key", bold=True)
    column = row.run(4, *_delay(shown))
    room = width - column - 4
    words, role = _words(shown)
    row.put(column + 3, cut(words, max(0, room)), role)
    return row.line()


def _delay(shown: DelayShown) -> list[Span]:
    if shown.typed:
        return [Span("delay ", "dim"), Span(f"{shown.typed}▌", "strong", bold=True)]
    said = [Span("delay ", "dim"), Span(f"{shown.delay_ms // 1000} s", "strong", bold=True)]
    return [*said, Span(f" ± {shown.error_ms // 1000} s", "dim")] if shown.count else said


def _words(shown: DelayShown) -> tuple[str, str]:
    if shown.typed:
        if is_clock(shown.typed):
            return "Enter when the picture's clock shows it", "text"
        return "seconds; Enter sets them", "text"
    if shown.is_waiting and shown.cue is not None:
        return f"seen; the feed has yet to tell of {watched(shown.cue)}", "text"
    if shown.cue is None:
        return shown.said or "nobody is about to be clocked: type the delay, or step it", "text"
    then = "or watch for" if shown.count else "watch for"
    words = f"{then} {watched(shown.cue)}"
    return (f"{shown.said}; {words}" if shown.said else words), "text"


def _setting(shown: DelayShown, width: int) -> Line:
    watching = shown.cue is not None and not shown.typed
    keys = [_SEE] if watching and not shown.is_waiting else []
    keys += [_KEEP, *([_ANOTHER] if watching else []), *([] if shown.typed else _STEP)]
    return footer.keys(keys, width, _CANCEL)


def watched(cue: Cue) -> str:
    """Return what to watch for, such as ``JACKSON's opener, outer lane, red armband``."""
    race, entry = cue.race, cue.entry
    if race.distance.discipline is Discipline.MASS_START:
        return f"{family(entry)} after lap {race.distance.marks.index(cue.mark_m) + 1}"
    name = entry.competitor.name if isinstance(entry.competitor, Team) else family(entry)
    parts = [_what(cue, name.upper() if isinstance(entry.competitor, Team) else name)]
    if cue.is_opener and entry.lane is not None:
        # Skaters change lanes from then on.
        parts.append("outer lane" if entry.lane is Lane.OUTER else "inner lane")
    if entry.armband is not None:
        parts.append(f"{entry.armband} armband")
    if entry.pair is not None:
        parts.append(f"{group_word(race, entry.pair)} {entry.pair}")
    return ", ".join(parts)


def _what(cue: Cue, name: str) -> str:
    if cue.is_finish:
        return f"{name}'s finish"
    if cue.is_opener:
        return f"{name}'s opener"
    if cue.race.distance.counts_laps:
        return f"{name} after lap {cue.race.distance.marks.index(cue.mark_m) + 1}"
    return f"{name} at {cue.mark_m} m"


def is_clock(typed: str) -> bool:
    """Tell whether what is typed is a running clock, and no number of seconds."""
    return ":" in typed or "." in typed
