"""The keys of the program, and those a fan has put elsewhere.

A binding goes by its id: ``[keys]`` of the settings says on which keys it is instead of its own.
What can't be is left where it was, and told.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from difflib import get_close_matches
from importlib import import_module
from pkgutil import iter_modules
from typing import Final

import msgspec
from textual.binding import Binding
from textual.dom import DOMNode
from textual.keys import key_to_character

from rinkside.drawing.footer import Key
from rinkside.ink import Line, Span
from rinkside.settings.catalogue import there_are
from rinkside.settings.key_names import key_shown_as, named, shown_key


class Bound(msgspec.Struct, frozen=True):
    """What some keys do on a screen."""

    id: str
    action: str
    what: str
    keys: tuple[str, ...]
    tip: str = ""
    """The same in a sentence, where there is more to say."""


_SIGNS: Final = {"minus": "-", "plus": "+", "slash": "/", "backslash": "\\", "at": "@"}
"""Signs that Textual calls by a shorter name, under which it doesn't find them itself."""

Place = Mapping[str, Bound]
"""What keys do somewhere, by the id of the binding."""


class Keymap:
    """Which keys are elsewhere.

    Args:
        moved: By the id of a binding, the keys it is on.
    """

    def __init__(self, moved: Mapping[str, tuple[str, ...]] | None = None) -> None:
        self.moved = dict(moved or {})

    @property
    def for_textual(self) -> dict[str, str]:
        """The same as Textual takes it, which parts keys by commas."""
        return {
            name: ",".join("comma" if key == "," else key for key in keys)
            for name, keys in self.moved.items()
        }

    def keys_of(self, bound: Bound) -> tuple[str, ...]:
        """Return the keys a binding is on, wherever the fan has put it."""
        return self.moved.get(bound.id, bound.keys)

    def shown(self, keys: Iterable[Key], *nodes: DOMNode) -> list[Key]:
        """Return what the last row says of keys, with those that are elsewhere.

        Args:
            keys: As they come.
            nodes: Whose keys they are: a screen, then the program.
        """
        if not self.moved:
            return list(keys)
        places = [place_of(type(node)) for node in nodes]
        return [key._replace(key=self._label(key.key, places)) for key in keys]

    def relabelled(self, lines: Sequence[Line], *nodes: DOMNode) -> Sequence[Line]:
        """Return lines whose letters of keys, beside what a click does too, are where they are now.

        Args:
            lines: As they are drawn.
            nodes: Whose keys they tell: a screen, then the program.
        """
        if not self.moved:
            return lines
        places = [place_of(type(node)) for node in nodes]
        return [
            line._replace(spans=tuple(self._relabelled(span, places) for span in line.spans))
            for line in lines
        ]

    def _relabelled(self, span: Span, places: Sequence[Place]) -> Span:
        if span.role != "key" or span.act is None:
            return span
        given = ", ".join(map(repr, span.act.arguments)).replace('"', "'")
        action = f"{span.act.action}({given})" if given else span.act.action
        for bound in (each for place in places for each in place.values()):
            if bound.action == action and bound.id in self.moved:
                old, new = span.text.strip(), shown_key(self.moved[bound.id][0])
                # A name that does not fit where the letter was would move all that is beside it.
                return span._replace(text=span.text.replace(old, new if len(new) == 1 else " "))
        return span

    def _label(self, label: str, places: Sequence[Place]) -> str:
        arrows = len(label) > 1 and all(letter in "←→↑↓" for letter in label)
        parts = list(label) if arrows else label.split(" ")
        new = [self._label_of(part, places) for part in parts]
        return ("" if arrows and new == parts else " ").join(new) if new != parts else label

    def _label_of(self, part: str, places: Sequence[Place]) -> str:
        key = key_shown_as(part)
        for place in places:
            for bound in place.values():
                if key in bound.keys:
                    moved = self.moved.get(bound.id)
                    return part if moved is None else shown_key(moved[0])
        return part


def place_of(kind: type) -> Place:
    """Return the keys of a screen, a widget or the program, those it inherits too."""
    place: dict[str, Bound] = {}
    for ancestor in reversed(kind.__mro__):
        for binding in Binding.make_bindings(ancestor.__dict__.get("BINDINGS", ())):
            if binding.id:
                before = place.get(binding.id)
                keys = before.keys if before is not None else ()
                keys = (*keys, _written(binding.key))
                place[binding.id] = Bound(
                    binding.id, binding.action, binding.description, keys, binding.tooltip
                )
    return place


def _written(key: str) -> str:
    """Return a key as it is written in the file, by the name Textual gives it."""
    sign = _SIGNS.get(key) or (key_to_character(key) if len(key) > 1 else key)
    return sign if sign and sign.isprintable() and sign != " " else key


def places(app: type) -> list[Place]:
    """Return the keys that work together: those of the program, and with them each screen's."""
    import rinkside.screens
    import rinkside.widgets

    everywhere = place_of(app)
    found = [everywhere]
    for package in (rinkside.screens, rinkside.widgets):
        for module in iter_modules(package.__path__):
            loaded = import_module(f"{package.__name__}.{module.name}")
            for kind in vars(loaded).values():
                is_its_own = isinstance(kind, type) and kind.__module__ == loaded.__name__
                if is_its_own and issubclass(kind, DOMNode) and (own := place_of(kind)):
                    found.append({**everywhere, **own})
    return found


def checked(
    wanted: Mapping[str, tuple[str, ...]], all_places: Sequence[Place]
) -> tuple[Keymap, dict[str, str]]:
    """Return which keys can be moved as wanted.

    Args:
        wanted: By the id of a binding, the keys it is to be on.
        all_places: The keys that work together, as `places` returns them.

    Returns:
        The keymap, and for each id that stays where it was the end of a sentence that says why.
    """
    ids = {name for place in all_places for name in place}
    troubles: dict[str, str] = {}
    for name in wanted:
        if name not in ids:
            near = get_close_matches(name, ids, n=4, cutoff=0.55)
            hint = there_are(near) if near else "rinkside config get keys lists what there is"
            troubles[name] = f"is no key of this program; {hint}"
    moved = {name: keys for name, keys in wanted.items() if name not in troubles}
    # What stays where it was may meet another one there, so it is looked through again.
    while (clash := _clash(moved, all_places)) is not None:
        mine, other, key = clash
        troubles[mine] = f"would be on {named(key)}, where {other} is; it stays where it was"
        del moved[mine]
    return Keymap(moved), troubles


def _clash(
    moved: Mapping[str, tuple[str, ...]], all_places: Sequence[Place]
) -> tuple[str, str, str] | None:
    """Return a binding that was moved onto another one's key, that one, and the key."""
    for name in reversed(list(moved)):
        for place in all_places:
            mine = place.get(name)
            if mine is None:
                continue
            for other in place.values():
                if other.id == name or other.action == mine.action:
                    continue
                theirs = moved.get(other.id, other.keys)
                for key in moved[name]:
                    together = key in mine.keys and key in other.keys
                    if key in theirs and not together:
                        return name, other.id, key
    return None
