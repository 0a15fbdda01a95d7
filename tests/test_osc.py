"""What goes to the terminal beside the picture, byte by byte."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from rinkside import osc
from rinkside.settings import Protocol

XTERM = {"TERM": "xterm-256color"}


def sent(
    environ: dict[str, str],
    *,
    wish: Protocol = Protocol.AUTO,
    heading: str = "W500 · Hamar",
    words: str = "KOK 37.05, 0.20 under Kodaira's 37.25 (2019)",
) -> str:
    return osc.notification(heading, words, wish, environ)


def test_the_two_ways_to_ask_for_a_notification() -> None:
    assert sent(XTERM, wish=Protocol.OSC9, words="KOK 37.05") == "\x1b]9;W500 · Hamar: KOK 37.05\a"
    assert (
        sent(XTERM, wish=Protocol.OSC777, words="KOK 37.05")
        == "\x1b]777;notify;W500 · Hamar;KOK 37.05\a"
    )
    both = sent(XTERM, wish=Protocol.BOTH)
    assert both == sent(XTERM, wish=Protocol.OSC9) + sent(XTERM, wish=Protocol.OSC777)


@pytest.mark.parametrize(
    ("environ", "way"),
    [
        ({"TERM": "xterm-256color"}, "777"),
        ({"TERM": "rxvt-unicode-256color"}, "777"),
        ({"TERM": "foot"}, "777"),
        ({"TERM": "xterm-kitty"}, "777"),
        ({"TERM": "xterm-ghostty", "TERM_PROGRAM": "ghostty"}, "777"),
        ({"TERM": "xterm-256color", "TERM_PROGRAM": "WezTerm"}, "777"),
        ({"TERM": "xterm-256color", "TERM_PROGRAM": "iTerm.app"}, "9"),
        ({"TERM": "xterm-256color", "LC_TERMINAL": "iTerm2"}, "9"),
        ({"TERM": "xterm-256color", "TERM_PROGRAM": "vscode"}, "9"),
        ({"TERM": "linux"}, ""),
        ({"TERM": "dumb"}, ""),
        ({}, ""),
    ],
)
def test_the_way_follows_from_the_terminal(environ: dict[str, str], way: str) -> None:
    assert sent(environ).startswith(f"\x1b]{way};" if way else "")
    assert bool(sent(environ)) is bool(way)
    assert sent(environ).count("\x1b]") == bool(way), "never twice"


def test_a_wish_comes_before_what_the_terminal_says() -> None:
    iterm = {"TERM": "xterm-256color", "TERM_PROGRAM": "iTerm.app"}
    assert sent(iterm, wish=Protocol.OSC777).startswith("\x1b]777;")
    assert sent({"TERM": "linux"}, wish=Protocol.OSC9).startswith("\x1b]9;")


@pytest.mark.parametrize(
    "environ",
    [{"TERM": "screen-256color", "TMUX": "socket,1,0"}, {"TERM": "tmux-256color"}],
)
def test_tmux_is_given_it_to_pass_on_with_every_escape_doubled(environ: dict[str, str]) -> None:
    assert (
        sent(environ, words="KOK 37.05")
        == "\x1bPtmux;\x1b\x1b]777;notify;W500 · Hamar;KOK 37.05\a\x1b\\"
    )


def test_in_tmux_the_terminal_outside_still_says_which_way() -> None:
    environ = {"TERM": "tmux-256color", "TERM_PROGRAM": "tmux", "LC_TERMINAL": "iTerm2"}
    assert sent(environ).startswith("\x1bPtmux;\x1b\x1b]9;")


@pytest.mark.parametrize(
    "environ", [{"TERM": "screen", "STY": "123.pts-0.vm"}, {"TERM": "screen-256color"}]
)
def test_gnu_screen_is_given_it_to_pass_on(environ: dict[str, str]) -> None:
    long = sent(environ, words="ŻUREK " * 400)
    assert long.startswith("\x1bP\x1b]777;notify;W500 · Hamar;ŻUREK")
    assert long.endswith("\a\x1b\\")
    assert len(long.encode()) < 512, "more it does not pass on at a time"


def test_each_of_both_is_wrapped_by_itself() -> None:
    environ = {"TERM": "tmux", "TMUX": "x"}
    parts = sent(environ, wish=Protocol.BOTH).split("\x1bPtmux;")
    assert [part.endswith("\a\x1b\\") for part in parts] == [False, True, True]


def test_a_title() -> None:
    assert osc.title("W500 KOK 37.05 TR · rinkside") == "\x1b]2;W500 KOK 37.05 TR · rinkside\a"
    assert osc.title("") == "\x1b]2;\a"


def test_a_semicolon_ends_no_title() -> None:
    told = sent(XTERM, wish=Protocol.OSC777, heading="W500; x", words="KOK leads; and 2 more")
    assert told == "\x1b]777;notify;W500, x;KOK leads, and 2 more\a"


EVIL = "KOK\x1b]0;x\x07\x1b\\\x9c\x9d2;y\x18\x1a\r\n\u202e37.05\u200b\x7f"


def test_nothing_in_a_text_ends_the_sequence_or_begins_another() -> None:
    for told in (sent(XTERM, words=EVIL, heading=EVIL), osc.title(EVIL)):
        inside = told.removeprefix("\x1b]").removesuffix("\a")
        assert inside.isprintable()


@given(st.text(), st.text(), st.sampled_from(Protocol))
def test_whatever_is_told_the_bytes_are_sequences_and_printable_text(
    heading: str, words: str, wish: Protocol
) -> None:
    for environ in (XTERM, {"TERM": "tmux"}, {"TERM": "screen"}):
        told = sent(environ, wish=wish, heading=heading, words=words)
        for frame in ("\x1bPtmux;", "\x1b\x1b]", "\x1bP", "\x1b]", "\x1b\\", "\a"):
            told = told.replace(frame, "")
        assert not told or told.isprintable()
        assert told.isprintable()
        if wish is Protocol.OSC777 and environ is XTERM:
            assert told.count(";") == 3
