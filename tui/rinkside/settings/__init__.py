"""The fan's settings: one TOML file in the config directory, read with care, changed with care.

    [display]
    time = "24h"                      # or "12h"
    zones = "both"                    # the rink's clock and mine; or "rink"
    names = "family-first"            # or "given-first"
    temperature = "celsius"           # or "fahrenheit"
    signs = "unicode"                 # or "ascii"
    motion = "auto"                   # off over slow links such as SSH; or "on", "off"
    theme = "last"                    # the one chosen last, or the name of one
    start = "race"                    # what is shown first; or "programme", "standings"

    [watch]
    delay = 0                         # seconds behind the feed
    spoiler-free = false              # tell nothing that lies ahead of where one stands in a meet

    [replay]
    skip = true                       # pass over the minutes in which nothing happens

    [notifications]
    toast = ["followed", "record"]    # a message in the program
    bell = "off"                      # the terminal's bell
    desktop = "off"                   # a notification of the desktop, through the terminal
    title = "key"                     # the title of the terminal's window
    replays = false                   # also in the demo and while a meet is played again
    desktop-protocol = "auto"         # or "osc9", "osc777", "both": what the terminal understands

    [keys]
    head-to-head = "H"                # by the id of what the key does; a list gives it several

What is above is what counts where the file says nothing, and no key is another one. The first four
of the notifications say of which moments they tell, in one word or a list of them: ``off``;
``key``, those that decide something; ``all``, whatever stands in the ticker; or a kind of moment
as ``watch --json`` names it (``record``, ``finish``, ``delayed`` ...). ``followed`` before such a
word, as in ``"followed finish"``, leaves it to the skaters and nations that are followed; alone it
is how they fare: their finishes and bests, falls and whatever else decides something.

A wrong value is told in a sentence with its line, and what it would have set stays as it comes.
"""

from rinkside.settings.reader import MAX_BYTES, read_settings
from rinkside.settings.shape import (
    LAST_THEME,
    Clock,
    Display,
    Motion,
    Names,
    Notifications,
    Protocol,
    Replay,
    Settings,
    Signs,
    StartView,
    Temperature,
    Watching,
    Zones,
)
from rinkside.settings.wanted import Wanted, wanted

__all__ = [
    "LAST_THEME",
    "MAX_BYTES",
    "Clock",
    "Display",
    "Motion",
    "Names",
    "Notifications",
    "Protocol",
    "Replay",
    "Settings",
    "Signs",
    "StartView",
    "Temperature",
    "Wanted",
    "Watching",
    "Zones",
    "read_settings",
    "wanted",
]
