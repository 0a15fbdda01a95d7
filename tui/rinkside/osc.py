"""What goes to the terminal beside the picture: its bell, its window's title, notifications.

All are text to be written as it stands, whole, between two frames. Nobody answers to it: what a
terminal does not know it passes over.

A notification of the desktop is asked for in one of two ways: OSC 9 holds a text, OSC 777 a title
and a text. A terminal that knows both would show two, so only one is sent. OSC 777 is known to
more (rxvt-unicode, foot, kitty, WezTerm, Ghostty, Konsole, contour, VTE as some distributions build
it); iTerm2 and a few others know OSC 9 alone. Those say their name in the environment, iTerm2 so
that SSH carries it on; what says none gets OSC 777. A console without windows gets nothing. ConEmu
takes a digit after ``OSC 9 ;`` as an order, so what is told there begins with a letter: a race's
code does.

tmux and GNU screen keep to themselves what they don't know, so notifications are wrapped for
them to be passed on as they are; tmux does that where ``allow-passthrough`` is on. The bell and the
title they know, and show in their own way.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Final

from longtrack.fields import text as cleaned
from rinkside.settings import Protocol

BELL: Final = "\a"

SAVE_TITLE: Final = "\x1b[22;2t"
"""Has the terminal remember the title its window has."""
RESTORE_TITLE: Final = "\x1b]2;\a\x1b[23;2t"
"""Gives the window its title back; where none was remembered it is the terminal's own."""

_TITLE_LIMIT: Final = 120
_TEXT_LIMIT: Final = 160
"""GNU screen passes on few hundred bytes at a time."""

_OSC9_ONLY: Final = {
    "TERM_PROGRAM": ("iTerm.app", "WarpTerminal", "vscode"),
    "LC_TERMINAL": ("iTerm2",),
}
"""The terminals that know OSC 9 alone, by the variable in which they say their name."""
_WINDOWLESS: Final = ("", "dumb", "linux")


def has_window(environ: Mapping[str, str]) -> bool:
    """Tell whether the terminal has a window, and a desktop round it; a console has not."""
    return environ.get("TERM", "") not in _WINDOWLESS


def title(words: str) -> str:
    """Return what gives the terminal's window a title."""
    return f"\x1b]2;{cleaned(words, _TITLE_LIMIT)}\a"


def notification(heading: str, words: str, wish: Protocol, environ: Mapping[str, str]) -> str:
    """Return what asks the terminal for a notification of the desktop.

    Args:
        heading: A few words; a letter first.
        words: A sentence.
        wish: Which way the fan wants it.
        environ: The environment, which tells the terminal.

    Returns:
        The text to write; empty where the terminal can't have any.
    """
    heading, words = cleaned(heading, _TITLE_LIMIT), cleaned(words, _TEXT_LIMIT)
    sent = ""
    for protocol in _protocols(wish, environ):
        if protocol is Protocol.OSC9:
            sent += _passed_on(f"\x1b]9;{heading}: {words}\a", environ)
        else:
            # A semicolon would end the title.
            parted = heading.replace(";", ",")
            sent += _passed_on(f"\x1b]777;notify;{parted};{words.replace(';', ',')}\a", environ)
    return sent


def _protocols(wish: Protocol, environ: Mapping[str, str]) -> tuple[Protocol, ...]:
    if wish is Protocol.BOTH:
        return Protocol.OSC9, Protocol.OSC777
    if wish is not Protocol.AUTO:
        return (wish,)
    if not has_window(environ):
        return ()
    if any(environ.get(name) in programs for name, programs in _OSC9_ONLY.items()):
        return (Protocol.OSC9,)
    return (Protocol.OSC777,)


def _passed_on(sequence: str, environ: Mapping[str, str]) -> str:
    """Wrap a sequence so that a program between us and the terminal passes it on."""
    term = environ.get("TERM", "")
    if environ.get("TMUX") or term.startswith("tmux"):
        doubled = sequence.replace("\x1b", "\x1b\x1b")
        return f"\x1bPtmux;{doubled}\x1b\\"
    # Over SSH a tmux may call itself screen; it drops what is wrapped for that one.
    if environ.get("STY") or term.startswith("screen"):
        return f"\x1bP{sequence}\x1b\\"
    return sequence
