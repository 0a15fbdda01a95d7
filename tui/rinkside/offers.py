"""What can be reached by its words: what keys do, and the races, skaters and cups there are.

They are told as they are where the playhead stands, and withhold what the screens withhold.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from functools import partial
from typing import TYPE_CHECKING, Any, Final, NamedTuple

from textual.actions import parse
from textual.screen import Screen

from longtrack.cup_moves import cup_words
from longtrack.model import Entry, Gender, Meet, Race
from longtrack.people import People, Who
from longtrack.season import CUPS
from rinkside.drawing import programme
from rinkside.drawing.manner import short_clock
from rinkside.drawing.titles import gender_word
from rinkside.drawing.typeset import written_name
from rinkside.keymap import Bound, place_of
from rinkside.scene import Scene
from rinkside.settings.key_names import shown_key

if TYPE_CHECKING:
    from rinkside.app import RinksideApp

_GONE: Final = "That is not in the meet that is on screen now."

_WIDEST: Final = 200
"""Columns a state may take: it is wrapped, not cut."""

_MOVES: Final = frozenset(
    {"up", "down", "left", "right", "pageup", "pagedown", "home", "end", *"123456789"}
)
"""Keys that nobody looks for in a list."""


class Offer(NamedTuple):
    """Something that can be done, or gone to."""

    words: str
    beside: str
    """What is said of it."""
    go: Callable[[], object]
    """Does it, or goes there."""
    keys: str = ""
    more: str = ""
    """What else it is found by."""
    is_listed: bool = True
    """Whether it stands there before anything is typed."""


def offers(app: RinksideApp, screen: Screen[Any], scene: Scene) -> Iterator[Offer]:
    """Return all there is, what comes first in a list first.

    Args:
        app: The program.
        screen: Its screen in front; one that asks for an answer lets nothing else be done.
        scene: The meet, where the playhead stands.
    """
    yield from _of_screen(app, screen)
    if not screen.is_modal:
        yield from _races(app, scene)
        yield from _of_program(app, screen)
        yield from _cups(app)
        yield from _skaters(app, scene)


# --- what keys do ----------------------------------------------------------------------------


def _of_screen(app: RinksideApp, screen: Screen[Any]) -> Iterator[Offer]:
    for alike in _by_action(place_of(type(screen)).values()):
        first = alike[0]
        # Olympic places know no nation, and then there is no key for one either.
        _, name, parameters = parse(first.action)
        if screen.check_action(name, parameters):
            offer = _action(alike, _keys(app, alike), partial(app.run_action, first.action, screen))
            yield offer._replace(is_listed=first.keys[0] not in _MOVES)


def _of_program(app: RinksideApp, screen: Screen[Any]) -> Iterator[Offer]:
    here = [*place_of(type(screen)).values()]
    actions = {bound.action for bound in here}
    taken = set(_keys(app, here))
    for alike in _by_action(place_of(type(app)).values()):
        action = alike[0].action
        if action not in actions:
            keys = [key for key in _keys(app, alike) if key not in taken]
            yield _action(alike, keys, partial(app.run_action, action))


def _by_action(bindings: Iterable[Bound]) -> list[list[Bound]]:
    """Put together what several keys do alike."""
    alike: dict[str, list[Bound]] = {}
    for bound in bindings:
        if bound.what:
            alike.setdefault(bound.action, []).append(bound)
    return [*alike.values()]


def _keys(app: RinksideApp, bindings: list[Bound]) -> list[str]:
    """Return the keys they are on, wherever the fan has put them."""
    return [key for bound in bindings for key in app.keymap.keys_of(bound)]


def _action(alike: list[Bound], keys: list[str], go: Callable[[], object]) -> Offer:
    tip = next((bound.tip for bound in alike if bound.tip), "")
    return Offer(alike[0].what, tip, go, keys=" ".join(map(shown_key, keys)), more=tip)


# --- where one can go ------------------------------------------------------------------------


def _races(app: RinksideApp, scene: Scene) -> Iterator[Offer]:
    meet = scene.meet
    for item in programme.items(meet):
        race = item.race
        if race is None:
            continue
        state = programme.state(race, _WIDEST, [], winners=not scene.spoiler_free)
        division = "" if race.gender is Gender.MIXED else f" Division {race.division}"
        begins = race.start or race.planned
        clock = "" if begins is None else f" {short_clock(scene.local(begins)).strip()}"
        day = meet.day(race)
        live = "live" if race.live else ""
        yield Offer(
            f"{race.code}{division}",
            f"{'' if day is None else f'{day:%a} {day.day} {day:%b}'}{clock}"
            f" · {''.join(span.text for span in state)}",
            _to_race(app, meet, race),
            more=f"{race.title} {gender_word(race)} {'' if day is None else f'{day:%A}'} {live}",
        )


def _to_race(app: RinksideApp, meet: Meet, race: Race) -> Callable[[], None]:
    def go() -> None:
        if (now := _now(app, meet, race)) is not None:
            app.show_race(now)

    return go


def _skaters(app: RinksideApp, scene: Scene) -> Iterator[Offer]:
    """Return all that are on a start list, each once however many they are on."""
    meet, shown = scene.meet, app.race_on_screen
    starts = [
        (item.race, entry)
        for item in programme.items(meet)
        if item.race is not None
        for entry in item.race.entries
    ]
    people = People(Who(entry.competitor, race.gender) for race, entry in starts)
    by_person: dict[str, list[tuple[Race, Entry]]] = {}
    for race, entry in starts:
        by_person.setdefault(people.key(entry.competitor, race.gender), []).append((race, entry))
    for own in by_person.values():
        who = own[0][1].competitor
        codes = dict.fromkeys(race.code for race, _ in own)
        # As from the board: the race on screen, else the one they were in last.
        begun = [start for start in own if start[0].begun]
        here = [start for start in own if shown is not None and start[0].number == shown.number]
        race, entry = (*here, *reversed(begun), *own)[0]
        yield Offer(
            f"{written_name(who)} {who.noc}",
            " ".join(codes),
            _to_skater(app, meet, race, entry.key),
            is_listed=False,
        )


def _to_skater(app: RinksideApp, meet: Meet, race: Race, key: str) -> Callable[[], None]:
    def go() -> None:
        if (now := _now(app, meet, race)) is not None:
            app.show_skater(app.session, now, key)

    return go


def _now(app: RinksideApp, meet: Meet, race: Race) -> Race | None:
    """Return a race as it is now; say so where the meet has given way to another one."""
    found: Race | None = None
    with app.reading_tape():
        now = app.session.meet()
        if now.event.id == meet.event.id:
            found = now.numbered(race.number)
    if found is None:
        app.notify(_GONE, markup=False)
    return found


def _cups(app: RinksideApp) -> Iterator[Offer]:
    for cup in CUPS:
        whose = "women" if cup[0] == Gender.WOMEN else "men"
        words = f"{cup_words(cup)} {whose}"
        yield Offer(
            f"World Cup {cup}",
            f"Standings: {words}",
            partial(app.show_cup, cup),
            more=f"standings {words}",
        )
