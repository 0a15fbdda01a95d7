"""What workers tell the screens."""

from __future__ import annotations

from textual.message import Message

from longtrack.health import Health


class TapeChanged(Message):
    """Something new is on the tape; one such message is as good as many."""

    def can_replace(self, message: Message) -> bool:
        """A newer one makes an older one that still waits superfluous."""
        return isinstance(message, TapeChanged)


class HealthChanged(Message):
    """The feed answers better or worse than before."""

    def __init__(self, health: Health) -> None:
        super().__init__()
        self.health = health

    def can_replace(self, message: Message) -> bool:
        """Only the newest counts."""
        return isinstance(message, HealthChanged)
