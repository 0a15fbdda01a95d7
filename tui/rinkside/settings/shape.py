"""What can be set, as frozen values: one struct a table of the file."""

from __future__ import annotations

from collections.abc import Mapping
from enum import StrEnum
from typing import Final

import msgspec

from rinkside.drawing.manner import Manner
from rinkside.settings.wanted import Wanted, wanted

LAST_THEME: Final = "last"
"""In the place of a theme's name: the one that was chosen last."""

_SLOW_LINKS: Final = ("SSH_CONNECTION", "SSH_TTY")
"""What the environment has where the terminal is far away."""


class Clock(StrEnum):
    """How the time of day is written."""

    HOURS_24 = "24h"
    HOURS_12 = "12h"


class Zones(StrEnum):
    """Whose time is shown."""

    BOTH = "both"
    RINK = "rink"


class Names(StrEnum):
    """Which name stands first on the boards; in sentences people go by their family name."""

    FAMILY_FIRST = "family-first"
    GIVEN_FIRST = "given-first"


class Temperature(StrEnum):
    """How warm ice and air are is given in degrees of ..."""

    CELSIUS = "celsius"
    FAHRENHEIT = "fahrenheit"


class Signs(StrEnum):
    """Which letters signs, lines and bars are drawn with."""

    UNICODE = "unicode"
    ASCII = "ascii"


class Motion(StrEnum):
    """Whether anything flashes or glides."""

    AUTO = "auto"
    ON = "on"
    OFF = "off"


class StartView(StrEnum):
    """What is shown first."""

    RACE = "race"
    PROGRAMME = "programme"
    STANDINGS = "standings"


class Protocol(StrEnum):
    """How the terminal is asked for a notification of the desktop."""

    AUTO = "auto"
    OSC9 = "osc9"
    OSC777 = "osc777"
    BOTH = "both"


class Display(msgspec.Struct, frozen=True):
    """How things look on the screen."""

    time: Clock = Clock.HOURS_24
    zones: Zones = Zones.BOTH
    names: Names = Names.FAMILY_FIRST
    temperature: Temperature = Temperature.CELSIUS
    signs: Signs = Signs.UNICODE
    motion: Motion = Motion.AUTO
    theme: str = LAST_THEME
    start: StartView = StartView.RACE

    @property
    def manner(self) -> Manner:
        """The manner in which the screens are written."""
        return Manner(
            twelve_hours=self.time is Clock.HOURS_12,
            given_first=self.names is Names.GIVEN_FIRST,
            fahrenheit=self.temperature is Temperature.FAHRENHEIT,
        )

    def moves(self, environ: Mapping[str, str]) -> bool:
        """Tell whether things may flash and glide, in a terminal with this environment."""
        if self.motion is Motion.AUTO:
            return not any(environ.get(name) for name in _SLOW_LINKS)
        return self.motion is Motion.ON


class Watching(msgspec.Struct, frozen=True):
    """How a meet is watched."""

    delay: int = 0
    """Seconds behind the feed, where no other delay is known for the meet."""
    spoiler_free: bool = False
    """Whether nothing is told that lies ahead of the playhead, as by ``--spoiler-free``."""


class Replay(msgspec.Struct, frozen=True):
    """How a meet is played again."""

    skip: bool = True
    """Whether the minutes are passed over in which nothing happens."""


class Notifications(msgspec.Struct, frozen=True):
    """What of the moments is told beside the picture, and how."""

    toast: Wanted = wanted("followed", "record")
    bell: Wanted = Wanted()
    desktop: Wanted = Wanted()
    title: Wanted = wanted("key")
    replays: bool = False
    """Whether they are told in the demo too, and while a meet is played again."""
    desktop_protocol: Protocol = Protocol.AUTO


class Settings(msgspec.Struct, frozen=True):
    """All that can be set."""

    display: Display = Display()
    watch: Watching = Watching()
    replay: Replay = Replay()
    notifications: Notifications = Notifications()
    keys: Mapping[str, tuple[str, ...]] = msgspec.field(default_factory=dict)
    """By the id of a binding, the keys it is on instead of its own."""
