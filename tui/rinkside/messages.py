"""What workers tell the screens."""

from __future__ import annotations

from typing import TYPE_CHECKING

from textual.message import Message

from longtrack.health import Health
from longtrack.records import RecordBook
from longtrack.season import Season

if TYPE_CHECKING:
    from pathlib import Path

    from rinkside.tapes import KeptTape


class TapeChanged(Message):
    """Something new is on the tape; one such message is as good as many."""

    def can_replace(self, message: Message) -> bool:
        """A newer one makes an older one that still waits superfluous."""
        return isinstance(message, TapeChanged)


class SeasonChanged(Message):
    """The season has been read, again or for the first time."""

    def __init__(self, season: Season, notes: tuple[str, ...] = ()) -> None:
        super().__init__()
        self.season = season
        self.notes = notes
        """Sentences for the viewer, such as that an official result was changed."""


class BookChanged(Message):
    """The record book has been put together, again or for the first time."""

    def __init__(self, event_id: str, book: RecordBook, notes: tuple[str, ...] = ()) -> None:
        super().__init__()
        self.event_id = event_id
        """The meet whose documents and start lists it was made with."""
        self.book = book
        self.notes = notes
        """Sentences for the viewer, such as that an entry of the fan's own file can't be read."""


class SyncProgress(Message):
    """The season is being fetched beside the meet.

    Args:
        words: How far it is; empty when it is done.
    """

    def __init__(self, words: str) -> None:
        super().__init__()
        self.words = words

    def can_replace(self, message: Message) -> bool:
        """Only the newest counts."""
        return isinstance(message, SyncProgress)


class HealthChanged(Message):
    """The feed answers better or worse than before."""

    def __init__(self, health: Health) -> None:
        super().__init__()
        self.health = health

    def can_replace(self, message: Message) -> bool:
        """Only the newest counts."""
        return isinstance(message, HealthChanged)


class TapeReady(Message):
    """A tape can be played.

    Args:
        tape: The one that was chosen.
        file: What is played for it: the tape itself, or the meet laid out again from it.
    """

    def __init__(self, tape: KeptTape, file: Path) -> None:
        super().__init__()
        self.tape = tape
        self.file = file
