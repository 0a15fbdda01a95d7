"""What is said of those who are followed: their sign, and when they start next."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from datetime import datetime
from typing import Final, NamedTuple

from longtrack.action import Phase
from longtrack.model import Entry, Race, Status
from longtrack.names import Families
from longtrack.times import ordinal, show_time
from longtrack.timetable import NextStart
from rinkside.drawing.manner import clock
from rinkside.drawing.titles import group_word
from rinkside.drawing.typeset import LETTERS, cut, written_name
from rinkside.ink import Row, Span
from rinkside.scene import Scene

SIGN: Final = "*"

_MOST_TOLD: Final = 3
_LONGEST_NAME: Final = 16
_SHORT_NAME: Final = 9
_WEEK: Final = 7


class News(NamedTuple):
    """What is said of those who are followed, each time the fullest form first."""

    of_several: tuple[tuple[Span, ...], ...] = ()
    of_one: tuple[tuple[Span, ...], ...] = ()
    """Of the most urgent one, and how many more there are; empty where nothing is to be said."""


class _Told(NamedTuple):
    """Somebody there is something to say of."""

    race: Race
    entry: Entry
    start: NextStart | None = None
    """The start to come that is told; else where the entry is, or what has become of it."""


def put_sign(row: Row, column: int, *, followed: bool) -> None:
    """Put the sign of somebody who is followed."""
    if followed:
        row.put(column, SIGN, "follow", bold=True)


def news(scene: Scene, *, race: Race | None) -> News:
    """Return what is said of those who are followed.

    That is who is on the ice, when the others start next, and who has just finished: as many as
    there is room for, and how many more there are.

    Args:
        scene: What is known.
        race: The race on screen, whose code need not be said.
    """
    told = list(_told(scene, race)) if scene.followed else []
    if not told:
        return News()
    families = Families(scene.meet.people)
    first = [
        (families[each.entry], _words(each, scene.now, race), _role(each))
        for each in told[:_MOST_TOLD]
    ]
    return News(
        of_several=tuple(
            _form(first[:count], len(told) - count) for count in range(len(first), 1, -1)
        ),
        of_one=tuple(_form(first[:1], len(told) - 1, form) for form in range(3)),
    )


def _form(
    told: Sequence[tuple[str, tuple[str, str, str], str]], more: int, form: int = 0
) -> tuple[Span, ...]:
    spans: list[Span] = []
    longest = _SHORT_NAME if form else _LONGEST_NAME
    for name, words, role in told:
        spans += [
            Span("  " * bool(spans)),
            Span(f"{SIGN} {cut(name, longest)}", "follow", bold=True),
            Span(f" {words[form]}".rstrip(), role),
        ]
    return (*spans[1:], *([Span(f" +{more}", "dim")] if more else []))


def _words(told: _Told, now: datetime, shown: Race | None) -> tuple[str, str, str]:
    """Return what is said of somebody: in full, shorter, and as short as can be."""
    code = "" if shown is not None and shown.number == told.race.number else f"{told.race.code} "
    if told.start is not None:
        full, shorter, short = ways(told.start, now)
    elif told.entry.status is Status.ON_ICE:
        full, shorter, short = "on the ice", "on the ice", "on ice"
    else:
        full = shorter = short = result(told.entry)
    return code + full, code + shorter, code + short


def _role(told: _Told) -> str:
    return "live" if told.entry.status is Status.ON_ICE else "text"


def _told(scene: Scene, shown: Race | None) -> Iterator[_Told]:
    """Yield those there is something to say of, the most urgent first.

    Whoever is on the ice in the race on screen, or has just left it, is there for all to see: the
    starts to come are said before that. Of somebody with several races to come it is the next.
    """
    here, doing = scene.race, scene.action
    in_view = {entry.key for entry in doing.entries if doing.phase is not Phase.NEXT}
    on_ice = [
        _Told(race, entry)
        for race in scene.meet.races
        for entry in (scene.followed.among(race) if race is here or race.live else ())
        # Who fell stays on the ice in the feed long after the pair was in view.
        if entry.status is Status.ON_ICE and (race is not here or entry.key in in_view)
    ]
    seen = {_name(each.entry) for each in on_ice}
    yield from (each for each in on_ice if each.race is not shown)
    for start in scene.starts:
        if (name := _name(start.entry)) not in seen:
            seen.add(name)
            yield _Told(start.race, start.entry, start)
    yield from (each for each in on_ice if each.race is shown)
    if here is not None:
        for entry in _done(scene.followed.among(here), in_view, all_of_them=not seen):
            if _name(entry) not in seen:
                yield _Told(here, entry)


def _name(entry: Entry) -> str:
    return f"{written_name(entry.competitor)} {entry.noc}"


def _done(mine: Sequence[Entry], in_view: set[str], *, all_of_them: bool) -> list[Entry]:
    """Return those whose race is over, the best first: those in view, or all if nobody is."""
    done = [entry for entry in mine if entry.status not in (Status.TO_START, Status.ON_ICE)]
    just_now = [entry for entry in done if entry.key in in_view]
    told = just_now or (done if all_of_them else [])
    return sorted(told, key=lambda entry: (entry.rank is None, entry.rank))


def result(entry: Entry) -> str:
    """Return what has become of a start: ``1st 37.05``, ``DQ``."""
    if entry.status in LETTERS:
        return LETTERS[entry.status]
    rank = "" if entry.rank is None else ordinal(entry.rank)
    time = "" if entry.time_ms is None else show_time(entry.time_ms)
    return f"{rank} {time}".strip()


def ways(start: NextStart, now: datetime) -> tuple[str, str, str]:
    """Return somebody's next start in words, in full, shorter, and as short as can be.

    That is ``pair 9 about 19:39``, ``pair 9 ~19:39``, ``p9 ~19:39``; or ``pair 1 19:20``,
    ``re-skate about 20:10``, ``pair 4 delayed``.

    Args:
        start: The start.
        now: The present, on the clock that is to be shown.
    """
    entry, pair = start.entry, start.entry.pair
    group, letter = "", ""
    if entry.awaits_reskate:
        group, letter = "re-skate", "RS"
    elif pair is not None:
        word = group_word(start.race, pair)
        group, letter = f"{word} {pair}", f"{word[0]}{pair}"
    time = _time(start, now)
    about, tilde = ("about ", "~") if time and start.is_estimate else ("", "")
    if start.delayed:
        time, about, tilde = "delayed", "", ""
    return (
        f"{group} {about}{time}".strip(),
        f"{group} {tilde}{time}".strip(),
        f"{letter} {tilde}{time}".strip(),
    )


def _time(start: NextStart, now: datetime) -> str:
    """Return the time, after its day where that is another one."""
    if start.begins is None:
        return ""
    local = start.begins.astimezone(now.tzinfo)
    days = abs((local.date() - now.date()).days)
    day = "" if not days else f"{local:%a} " if days < _WEEK else f"{local.day} {local:%b} "
    return f"{day}{clock(local)}"
