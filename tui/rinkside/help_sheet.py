"""What the help shows: the keys of the screen in front, those of the time, and those everywhere."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Iterator
from itertools import groupby
from typing import Final, NamedTuple

import msgspec

from rinkside.keymap import Bound, Keymap, place_of
from rinkside.settings.key_names import shown_key
from rinkside.transport import TransportApp

_NUMBERED: Final = re.compile(r"(?P<stem>.+-)[1-9]")
_MOST_KEYS: Final = 2
"""Of keys that do the same so many are told."""
_PALETTE: Final = "Search every action, race, skater and cup"


class HelpKey(msgspec.Struct, frozen=True):
    """Some keys and what they do."""

    keys: str
    words: str


class _Pattern(NamedTuple):
    stem: str
    """Of the ids."""
    words: str
    """With ``#`` for the number."""


class HelpGroup(msgspec.Struct, frozen=True):
    """Keys that belong together."""

    title: str
    keys: tuple[HelpKey, ...]


def groups(
    screen: type,
    title: str,
    app: type,
    keymap: Keymap,
    allows: Callable[[str], bool] = lambda _: True,
) -> list[HelpGroup]:
    """Return the keys that work on a screen, its own first.

    Args:
        screen: The screen's class.
        title: Its name, for a person.
        app: The program's class.
        keymap: Which keys are elsewhere.
        allows: Tells whether the screen does an action as it is now.
    """
    own = {name: bound for name, bound in place_of(screen).items() if allows(bound.action)}
    # What a screen says itself comes before what it has from the kind of screen it is.
    declared = {
        name: own[name] for kind in screen.__mro__ for name in _declared(kind) if name in own
    }
    time = place_of(TransportApp)
    taken = {key for bound in own.values() for key in keymap.keys_of(bound)}
    beyond = [each for each in place_of(app).values() if not taken.issuperset(keymap.keys_of(each))]
    found = [
        HelpGroup(title, tuple(_keys(declared.values(), keymap))),
        HelpGroup("Time", tuple(_keys((each for each in beyond if each.id in time), keymap))),
        HelpGroup(
            "Everywhere",
            (
                *_keys((each for each in beyond if each.id not in time), keymap),
                HelpKey("Ctrl+P", _PALETTE),
            ),
        ),
    ]
    return [group for group in found if group.keys]


def _declared(kind: type) -> list[str]:
    """Return the ids of the bindings that a class declares itself, in their order."""
    bindings = kind.__dict__.get("BINDINGS", ())
    return [name for each in bindings if (name := getattr(each, "id", None))]


def _keys(bounds: Iterable[Bound], keymap: Keymap) -> Iterator[HelpKey]:
    for pattern, each in groupby(bounds, key=lambda bound: _pattern(bound, keymap)):
        alike = list(each)
        if pattern is not None and len(alike) > 1:
            first, last = alike[0].id[-1], alike[-1].id[-1]
            yield HelpKey(f"{first}-{last}", pattern.words.replace("#", f"{first} to {last}"))
            continue
        for bound in alike:
            shown = (shown_key(key) for key in keymap.keys_of(bound)[:_MOST_KEYS])
            yield HelpKey(" ".join(shown), _words(bound))


def _pattern(bound: Bound, keymap: Keymap) -> _Pattern | None:
    """Return what a key has in common with those of other numbers; None where it is none."""
    numbered = _NUMBERED.fullmatch(bound.id)
    if numbered is None or keymap.keys_of(bound) != (bound.id[-1],):
        return None
    words = re.sub(rf"\b{bound.id[-1]}\b", "#", _words(bound), count=1)
    return _Pattern(numbered["stem"], words)


def _words(bound: Bound) -> str:
    return bound.tip or bound.what
