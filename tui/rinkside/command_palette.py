"""The command palette: whatever there is, found by its words."""

from __future__ import annotations

from collections.abc import Iterable
from typing import TYPE_CHECKING, Final, cast

from textual.app import ComposeResult
from textual.command import (
    CommandInput,
    CommandList,
    CommandPalette,
    DiscoveryHit,
    Hit,
    Hits,
    Provider,
    SearchIcon,
)
from textual.containers import Horizontal, Vertical
from textual.content import Content
from textual.style import Style
from textual.widgets import LoadingIndicator

from rinkside.fuzzy import match
from rinkside.offers import Offer, offers
from rinkside.session import Choice

if TYPE_CHECKING:
    from rinkside.app import RinksideApp

_BY_MORE: Final = 0.5
"""What a match counts that is not in the words themselves."""

_TO_FIND: Final = "A race, a skater, a cup, or what to do"


class _Listed(CommandList):
    """The list, whose chosen row is reversed where a theme says so.

    Textual takes any text style but that one: without colours no row would look chosen.
    """

    def get_visual_style(self, *component_classes: str, partial: bool = False) -> Style:
        """Return a style, with reverse."""
        style = super().get_visual_style(*component_classes, partial=partial)
        kinds = [self.get_component_styles(each).text_style for each in component_classes]
        return style + Style(reverse=True) if any(each.reverse for each in kinds) else style


class Palette(CommandPalette):
    """Asks for words, and lists what they find."""

    DEFAULT_CSS = """
    Palette > Vertical, Palette > Vertical:dark { background: $header; margin-top: 1; }
    Palette SearchIcon { color: $key; }
    Palette CommandList { max-height: 65vh; }
    Palette CommandList > .option-list--option-highlighted {
        color: $block-cursor-foreground;
        background: $block-cursor-background;
        text-style: $block-cursor-text-style;
    }
    """

    def compose(self) -> ComposeResult:
        """Lay out what is typed over what it finds, by the names Textual's palette has for them."""
        with Vertical(id="--container"):
            with Horizontal(id="--input"):
                sign = SearchIcon()
                # As where the log is searched; Textual's own is one that not every font has.
                sign.icon = "/"
                yield sign
                yield CommandInput(placeholder=_TO_FIND, select_on_focus=False)
            with Vertical(id="--results"):
                yield _Listed()
                yield LoadingIndicator()


class Finder(Provider):
    """Finds what keys do, races, skaters and cups."""

    _offers: tuple[Offer, ...] = ()

    async def startup(self) -> None:
        """Look at what there is where the playhead stands."""
        app = cast("RinksideApp", self.app)
        with app.reading_tape():
            scene = app.session.scene(Choice())
            self._offers = tuple(offers(app, self.screen, scene))

    async def discover(self) -> Hits:
        """Return what is listed before anything is typed."""
        for offer in self._offers:
            if offer.is_listed:
                yield DiscoveryHit(self._drawn(offer, ()), offer.go, text=offer.words)

    async def search(self, query: str) -> Hits:
        """Return what matches some words."""
        for offer in self._offers:
            if (found := match(query, offer.words)) is not None:
                score, places = found
            elif (found := match(query, f"{offer.words} {offer.more}")) is not None:
                score, places = _BY_MORE * found.score, frozenset()
            else:
                continue
            yield Hit(score, self._drawn(offer, places), offer.go, text=offer.words)

    def _drawn(self, offer: Offer, places: Iterable[int]) -> Content:
        # Names come from the feed: they are never read as markup.
        words = Content(offer.words)
        for place in places:
            words = words.stylize(self.match_style or "underline", place, place + 1)
        # In sixteen colours the chosen row is reversed, and a colour in it would be a patch.
        key, dim = ("", "") if self.app.current_theme.ansi else ("$key ", "$dim ")
        if offer.keys:
            words += Content.styled(f"  {offer.keys}", f"{key}not bold")
        if offer.beside:
            words += Content.styled(f"\n{offer.beside}", f"{dim}not bold")
        return words
