"""The bundled themes keep their promises; a broken theme file costs one message, no more."""

from __future__ import annotations

import itertools
import math
import os
import subprocess
import sys
from pathlib import Path
from typing import TYPE_CHECKING, ClassVar, Final

import pytest
from rich.color import Color as RichColor
from rich.color import ColorSystem
from textual.app import App
from textual.color import Color
from textual.widgets import Button, Checkbox, Footer, Input, OptionList, Static

import rinkside_themes
from rinkside_themes import (
    DEFAULT_NAME,
    GROUNDS,
    PILLS,
    ROLES,
    TEXT_ROLES,
    Paint,
    ThemeError,
    bundled_names,
    bundled_palette,
    bundled_palettes,
    indexed,
    load_palette,
    user_palettes,
)
from rinkside_themes.indexed import in_256
from rinkside_themes.palette import ATTRIBUTES, NAMED_COLOURS
from rinkside_themes.textual_theme import textual_theme

if TYPE_CHECKING:
    from collections.abc import Sequence

    from textual.app import ComposeResult

DATA: Final = Path(__file__).parent / "data" / "themes"
TRUECOLOUR: Final = [name for name, theme in bundled_palettes().items() if not theme.sixteen]

READING: Final = 4.5
"""The contrast text needs, WCAG 2 level AA."""

# What each kind of colour blindness leaves of linear RGB: Machado, Oliveira and Fernandes, "A
# Physiologically-based Model for Simulation of Color Vision Deficiency" (2009), severity 1.
SIGHTS: Final = {
    "full": ((1.0, 0.0, 0.0), (0.0, 1.0, 0.0), (0.0, 0.0, 1.0)),
    "deuteranopia": (
        (0.367322, 0.860646, -0.227968),
        (0.280085, 0.672501, 0.047413),
        (-0.011820, 0.042940, 0.968881),
    ),
    "protanopia": (
        (0.152286, 1.052583, -0.204868),
        (0.114503, 0.786281, 0.099216),
        (-0.003882, -0.048116, 1.051998),
    ),
    "tritanopia": (
        (1.255528, -0.076749, -0.178779),
        (-0.078411, 0.930809, 0.147602),
        (0.004733, 0.691367, 0.303900),
    ),
}

# Which sights a theme promises to serve.
SERVED: Final = {
    "colour-blind": ("full", "deuteranopia", "protanopia"),
    "colour-blind-blue-yellow": ("full", "tritanopia"),
}

# CIE 1976 distances; 2.3 is just noticeable side by side. Far: a glance will do, for the pairs
# no sign tells apart, or which mean the opposite. Near: apart when looked at; a sign or position
# tells them apart as well.
FAR: Final = 45.0
NEAR: Final = 20.0
FAR_PAIRS: Final = [
    ("gain", "loss"),
    ("gain", "error"),
    ("gold", "record"),
    ("gold", "silver"),
    ("silver", "bronze"),
    ("record", "loss"),
    ("pill-live", "pill-error"),
    ("pill-live", "pill-warn"),
    *itertools.combinations(("lane-1", "lane-2", "lane-3", "lane-4"), 2),
]
NEAR_PAIRS: Final = [
    ("gold", "loss"),
    ("gold", "bronze"),
    ("warn", "error"),
    ("live", "gain"),
    ("record", "text"),
    ("gain", "text"),
    ("loss", "text"),
    ("pill-warn", "pill-error"),
    ("gold", "text"),
    ("bronze", "text"),
    ("warn", "text"),
    ("error", "text"),
    ("live", "warn"),
    ("live", "error"),
]
# Silver is nearly the colour of text by nature; its rank, in bold, says the same.
SILVER: Final = 8.0

# Grounds are told apart from the page by signs too; half of this is seen side by side.
TINT: Final = 5.0


def linear(colour: str) -> list[float]:
    """The red, green and blue of a ``#rrggbb``, each 0 to 1, in proportion to light."""
    channels = [int(colour[i : i + 2], 16) / 255 for i in (1, 3, 5)]
    return [c / 12.92 if c <= 0.04045 else ((c + 0.055) / 1.055) ** 2.4 for c in channels]


def contrast(one: str, other: str) -> float:
    """The contrast of two colours as WCAG 2 defines it, 1 to 21."""
    lights = [
        0.2126 * red + 0.7152 * green + 0.0722 * blue
        for red, green, blue in (linear(one), linear(other))
    ]
    return (max(lights) + 0.05) / (min(lights) + 0.05)


def seen(colour: str, sight: str) -> tuple[float, float, float]:
    """Where a colour lies in CIE L*a*b* (white D65) to someone of that sight."""
    red, green, blue = (
        min(1.0, max(0.0, sum(a * b for a, b in zip(row, linear(colour), strict=True))))
        for row in SIGHTS[sight]
    )
    tristimulus = (
        (0.4124564 * red + 0.3575761 * green + 0.1804375 * blue) / 0.95047,
        0.2126729 * red + 0.7151522 * green + 0.0721750 * blue,
        (0.0193339 * red + 0.1191920 * green + 0.9503041 * blue) / 1.08883,
    )
    x, y, z = (t ** (1 / 3) if t > 0.008856 else 7.787 * t + 16 / 116 for t in tristimulus)
    return 116 * y - 16, 500 * (x - y), 200 * (y - z)


def hex_of(name: str, role: str) -> str:
    colour = bundled_palette(name).paint(role).colour
    assert colour is not None, f"{name}: {role} has no colour"
    return colour


class TestBundled:
    def test_the_default_comes_first(self) -> None:
        assert bundled_names()[0] == DEFAULT_NAME == "rinkside-dark"
        files = {file.stem for file in Path(rinkside_themes.__file__).parent.glob("*.toml")}
        assert len(bundled_names()) == len(files) == 8
        assert set(bundled_names()) == files

    @pytest.mark.parametrize("name", bundled_names())
    def test_each_loads_whole(self, name: str) -> None:
        palette = bundled_palette(name)
        assert palette.name == name
        assert palette.title
        assert tuple(palette.paints) == ROLES
        assert bundled_palettes()[name] is palette

    def test_the_light_one_is_light(self) -> None:
        assert [name for name, theme in bundled_palettes().items() if not theme.dark] == [
            "rinkside-light"
        ]

    def test_an_unknown_name_lists_the_known(self) -> None:
        with pytest.raises(ThemeError, match=r'no theme "x\\x1b"; there are rinkside-dark, .*16'):
            bundled_palette("x\x1b")

    def test_paints_cannot_be_changed(self) -> None:
        with pytest.raises(TypeError):
            bundled_palette(DEFAULT_NAME).paints["gold"] = Paint()  # type: ignore[index]

    def test_sixteen_colours_are_those_of_every_terminal(self) -> None:
        palette = bundled_palette("terminal-16")
        assert palette.sixteen
        assert {paint.colour for paint in palette.paints.values()} <= {None, *NAMED_COLOURS}
        # Faint letters and underlines are drawn by some terminals only.
        assert not any(paint.dim or paint.underline for paint in palette.paints.values())

    def test_the_terminals_own_two_are_two(self) -> None:
        palette = bundled_palette("terminal-own")
        assert palette.sixteen
        assert {paint.colour for paint in palette.paints.values()} <= {None, "default"}
        assert not any(paint.dim for paint in palette.paints.values())

    def test_roles_are_sorted_into_kinds(self) -> None:
        assert len(set(ROLES)) == len(ROLES) == 33
        rest = {*ROLES} - {*TEXT_ROLES, *GROUNDS, *PILLS}
        assert rest == {"line", "pill-text", "stale", "stale-strong"}

    def test_names_are_known_without_loading_the_screen(self) -> None:
        code = "import sys, rinkside_themes as t; t.bundled_palettes(); print(*sys.modules)"
        done = subprocess.run(
            [sys.executable, "-c", code],
            capture_output=True,
            text=True,
            check=True,
            env={**os.environ, "PYTHONPATH": os.pathsep.join(sys.path)},
        )
        assert not {"textual", "rich"} & set(done.stdout.split())


class TestContrast:
    @pytest.mark.parametrize("ground", GROUNDS)
    # Stale text is looked through with the cursor too, hence on all grounds and not just one.
    @pytest.mark.parametrize("role", [*TEXT_ROLES, "stale", "stale-strong"])
    @pytest.mark.parametrize("name", TRUECOLOUR)
    def test_text_can_be_read_on_every_ground(self, name: str, role: str, ground: str) -> None:
        assert contrast(hex_of(name, role), hex_of(name, ground)) >= READING

    @pytest.mark.parametrize("pill", PILLS)
    @pytest.mark.parametrize("name", TRUECOLOUR)
    def test_pills_can_be_read(self, name: str, pill: str) -> None:
        assert contrast(hex_of(name, "pill-text"), hex_of(name, pill)) >= READING

    @pytest.mark.parametrize("role", [*TEXT_ROLES, "stale", "stale-strong"])
    def test_high_contrast_is_high(self, role: str) -> None:
        name = "high-contrast"
        for ground in GROUNDS:
            assert contrast(hex_of(name, role), hex_of(name, ground)) >= 7

    @pytest.mark.parametrize("ground", ["tab", "band", "cursor", "flash"])
    @pytest.mark.parametrize("name", TRUECOLOUR)
    def test_what_is_tinted_is_seen_to_be(self, name: str, ground: str) -> None:
        one, other = (seen(hex_of(name, role), "full") for role in (ground, "ground"))
        assert math.dist(one, other) >= TINT

    @pytest.mark.parametrize("name", TRUECOLOUR)
    def test_stale_is_grey(self, name: str) -> None:
        for role in ("stale", "stale-strong"):
            _, a, b = seen(hex_of(name, role), "full")
            assert math.hypot(a, b) < 12

    @pytest.mark.parametrize("name", TRUECOLOUR)
    def test_text_is_never_faint(self, name: str) -> None:
        # How faint is the terminal's choice, so contrast couldn't be promised.
        assert not any(paint.dim for paint in bundled_palette(name).paints.values())

    def test_the_measure_is_right(self) -> None:
        assert contrast("#000000", "#ffffff") == pytest.approx(21)
        assert contrast("#767676", "#ffffff") == pytest.approx(4.54, abs=0.01)
        assert seen("#ffffff", "full") == pytest.approx((100, 0, 0), abs=0.05)
        assert seen("#808080", "protanopia") == pytest.approx(seen("#808080", "full"), abs=0.05)


def distances(pair: tuple[str, str], name: str) -> list[float]:
    """How far apart two roles are to each of the sights a theme serves."""
    one, other = (hex_of(name, role) for role in pair)
    return [math.dist(seen(one, sight), seen(other, sight)) for sight in SERVED[name]]


@pytest.mark.parametrize("name", SERVED)
class TestColourBlind:
    @pytest.mark.parametrize("pair", FAR_PAIRS, ids="/".join)
    def test_told_apart_at_a_glance(self, pair: tuple[str, str], name: str) -> None:
        assert min(distances(pair, name)) >= FAR

    @pytest.mark.parametrize("pair", NEAR_PAIRS, ids="/".join)
    def test_told_apart_when_looked_at(self, pair: tuple[str, str], name: str) -> None:
        assert min(distances(pair, name)) >= NEAR

    def test_silver_is_not_quite_text(self, name: str) -> None:
        assert min(distances(("silver", "text"), name)) >= SILVER

    def test_the_default_theme_would_not_do(self, name: str) -> None:
        pairs = [("gain", "loss"), ("gold", "silver"), ("live", "gain")]
        worst = min(
            math.dist(*(seen(hex_of(DEFAULT_NAME, role), sight) for role in pair))
            for pair in pairs
            for sight in SERVED[name]
        )
        assert worst < NEAR


class TestIndexed:
    """What a terminal of 256 colours shows."""

    @pytest.mark.parametrize("name", [*TRUECOLOUR, "sunset"])
    def test_text_can_be_read_there_too(self, name: str) -> None:
        sunset = load_palette(DATA / "good" / "sunset.toml")
        palette = in_256(sunset if name == "sunset" else bundled_palette(name))
        for role in (*TEXT_ROLES, "stale", "stale-strong"):
            for ground in GROUNDS:
                behind = palette.paint(ground).colour or palette.paint("ground").colour
                text = palette.paint(role).colour
                assert text is not None
                assert behind is not None
                assert contrast(sent_as(text), sent_as(behind)) >= READING, (role, ground)
        for pill in PILLS:
            letters, behind = palette.paint("pill-text").colour, palette.paint(pill).colour
            assert letters is not None
            assert behind is not None
            assert contrast(sent_as(letters), sent_as(behind)) >= READING, pill

    @pytest.mark.parametrize("name", TRUECOLOUR)
    def test_the_grounds_do_not_become_the_page(self, name: str) -> None:
        palette = in_256(bundled_palette(name))
        page, *others = (
            sent_as(str(palette.paint(ground).colour))
            for ground in ("ground", "tab", "band", "cursor", "flash")
        )
        assert page not in others

    def test_left_to_the_terminal_it_could_not_be_read(self) -> None:
        dim, cursor = (sent_as(hex_of(DEFAULT_NAME, role)) for role in ("dim", "cursor"))
        assert contrast(dim, cursor) < READING

    def test_every_shade_is_sent_as_itself(self) -> None:
        for shade in indexed._shades():
            assert sent_as(shade.said) == f"#{shade.red:02x}{shade.green:02x}{shade.blue:02x}"

    def test_named_colours_stay(self) -> None:
        assert in_256(bundled_palette("terminal-16")) is bundled_palette("terminal-16")

    def test_a_theme_nobody_can_read_is_made_no_worse(self, tmp_path: Path) -> None:
        file = tmp_path / "x.toml"
        file.write_text(
            'name = "x"\ntitle = "x"\nbased-on = "rinkside-dark"\n'
            '[colours]\nground = "#000000"\ncursor = "#ffffff"\n'
        )
        assert in_256(load_palette(file)).paint("cursor").colour == "#ffffff"


def sent_as(colour: str) -> str:
    """The colour of the 256 that is shown for a ``#rrggbb``."""
    shown = RichColor.parse(colour).downgrade(ColorSystem.EIGHT_BIT).get_truecolor()
    return shown.hex


def fault_of(path: Path) -> str:
    """The message a file is refused with; it is one line, printable, beginning with the file."""
    with pytest.raises(ThemeError) as caught:
        load_palette(path)
    message = str(caught.value)
    assert message.isprintable()
    assert message.startswith(f"{path.name}: ")
    return message.removeprefix(f"{path.name}: ")


SIXTEEN_ARE: Final = (
    "a colour of a 16-colour theme is "
    "default, red, green, yellow, blue, magenta, cyan or bright-black"
)
FAULTS: Final = {
    "american": 'unknown "colors"; a theme has "name", "title", "dark", "depth", "based-on", '
    '"colours"',
    "broken": "not TOML: Expected ']' at the end of a table declaration (at line 5, column 9)",
    "colourless-text": 'line 6: "text" is "bold"; it needs a colour, #rrggbb',
    "colours-not-a-table": "no [colours] table",
    "control-in-name": 'line 1: "name" is "a\\x1b[2Jb"; it is small letters, digits and hyphens, '
    "at most forty",
    "control-in-role": 'unknown role "go\\x1b[2Jld"',
    "control-in-title": 'line 2: "title" is "a\\x1b[2Jb"; it is a line of text, in quotes',
    "dark-in-words": 'line 4: "dark" is "yes"; it is true or false',
    "depth-of-base": 'line 5: "depth" is not that of "rinkside-dark", which this is based on',
    "hex-in-sixteen": f'line 6: "gold" is "#ffcc00"; {SIXTEEN_ARE}',
    "long-title": 'line 2: "title" is longer than 60 characters',
    "missing-roles": "missing roles "
    + ", ".join(f'"{role}"' for role in ROLES if role not in ("text", "ground"))
    + '; based-on = "rinkside-dark" fills in the rest',
    "named-colour": 'line 6: "gold" is "yellow"; a colour is #rrggbb',
    "no-colours": "no [colours] table",
    "no-depth": '"depth" is missing; it is "truecolor" or 16',
    "no-name": '"name" is missing; it is small letters, digits and hyphens, at most forty',
    "no-such-base": 'line 3: "based-on" is "rinkside-drak"; it is one of '
    + ", ".join(f'"{name}"' for name in bundled_names()),
    "number": 'line 6: "gold" is not words in quotes, such as "#f5c84c bold"',
    "reversed-ground": 'line 6: "cursor" is "#ffffff reverse"; a ground or pill is a '
    "colour or reverse, not both",
    "short-colour": 'line 6: "gold" is "#12"; a colour is #rrggbb',
    "twice-the-role": "not TOML: Cannot overwrite a value (at line 7, column 17)",
    "two-colours": 'line 6: "gold" is "#ffcc00 #ffffff"; a role is one colour at most, '
    "and bold, dim, underline or reverse",
    "unknown-roles": 'line 6: unknown roles "goald", "lane-5"',
    "white-in-sixteen": f'line 6: "text" is "white"; {SIXTEEN_ARE}',
}
"""The sample files that can't be used, and what is said of each."""


class TestBadFiles:
    @pytest.mark.parametrize("name", FAULTS)
    def test_the_message_says_what_is_wrong(self, name: str) -> None:
        message = fault_of(DATA / "bad" / f"{name}.toml")
        if message.startswith("not TOML"):  # in the words of this Python's tomllib
            assert FAULTS[name].startswith("not TOML")
        else:
            assert message == FAULTS[name]

    @pytest.mark.parametrize(
        ("content", "message"),
        [
            (b"\xff\xfe\x00n", "not text in UTF-8"),
            (b"#" * 65_537, "larger than 64 KB, so hardly a theme"),
            (b"a = " + b"[" * 60_000, "not TOML a theme can be read from: nested too deeply"),
            (b"a = " + b"1" * 60_000, "not TOML: "),
            (b"a = \x1b", "not TOML: "),
            (b"", '"name" is missing; it is small letters'),
            (b"based-on = []", 'line 1: "based-on" is something else; it is one of '),
            (b"name = 3", 'line 1: "name" is something else; it is small letters'),
            (b'"' + b"k" * 900 + b'" = 1', f'line 1: unknown "{"k" * 39}…"; a theme has '),
        ],
    )
    def test_hostile_content(self, tmp_path: Path, content: bytes, message: str) -> None:
        file = tmp_path / "x.toml"
        file.write_bytes(content)
        assert fault_of(file).startswith(message)
        assert user_palettes(tmp_path)[0] == {}
        assert len(user_palettes(tmp_path)[1]) == 1

    def test_a_thousand_unknown_keys_make_no_long_story(self, tmp_path: Path) -> None:
        file = tmp_path / "x.toml"
        file.write_text("\n".join(f"k{number} = 1" for number in range(1000)))
        message = fault_of(file)
        assert '"k32" and 967 more; ' in message
        assert len(message) < 500

    def test_a_directory_named_as_a_theme(self, tmp_path: Path) -> None:
        (tmp_path / "x.toml").mkdir()
        assert user_palettes(tmp_path) == ({}, ["x.toml: a directory, not a theme file"])

    @pytest.mark.skipif(not hasattr(os, "mkfifo"), reason="no pipes with a name here")
    def test_a_pipe_is_not_waited_for(self, tmp_path: Path) -> None:
        os.mkfifo(tmp_path / "x.toml")
        assert user_palettes(tmp_path) == ({}, ["x.toml: not a file"])

    @pytest.mark.skipif(sys.platform == "win32", reason="needs a right of its own there")
    def test_a_link_to_nowhere(self, tmp_path: Path) -> None:
        (tmp_path / "x.toml").symlink_to(tmp_path / "gone")
        (message,) = user_palettes(tmp_path)[1]
        assert message.startswith("x.toml: can't be read (")

    @pytest.mark.skipif(sys.platform == "win32", reason="no such file names there")
    def test_the_name_of_the_file_is_shown_safely(self, tmp_path: Path) -> None:
        (tmp_path / "a\x1b[2J.toml").write_text("")
        (message,) = user_palettes(tmp_path)[1]
        assert message.startswith("a\\x1b[2J.toml: ")


class TestUserPalettes:
    def test_no_directory_is_no_fault(self, tmp_path: Path) -> None:
        assert user_palettes(tmp_path / "themes") == ({}, [])

    def test_a_file_where_the_directory_should_be(self, tmp_path: Path) -> None:
        (tmp_path / "themes").write_text("")
        palettes, (message,) = user_palettes(tmp_path / "themes")
        assert palettes == {}
        assert message.startswith("themes: no themes read, can't be read (")

    def test_every_bad_file_has_its_message(self) -> None:
        palettes, messages = user_palettes(DATA / "bad")
        assert palettes == {}
        files = sorted(file.name for file in (DATA / "bad").iterdir())
        assert [message.partition(": ")[0] for message in messages] == files
        assert {*FAULTS, "taken"} == {file.removesuffix(".toml") for file in files}

    def test_bad_files_do_not_stop_the_good(self, tmp_path: Path) -> None:
        for name in ("bad/short-colour", "bad/taken", "good/sunset"):
            source = DATA / f"{name}.toml"
            (tmp_path / source.name).write_bytes(source.read_bytes())
        (tmp_path / ".hidden.toml").write_text("")
        (tmp_path / "notes.txt").write_text("")
        palettes, messages = user_palettes(tmp_path)
        assert list(palettes) == ["sunset"]
        assert messages == [
            'short-colour.toml: line 6: "gold" is "#12"; a colour is #rrggbb',
            'taken.toml: "name" is "rinkside-light", which a bundled theme has already; '
            "give this one another",
        ]

    def test_two_files_of_one_name(self, tmp_path: Path) -> None:
        for name in ("a.toml", "b.toml"):
            (tmp_path / name).write_bytes((DATA / "good" / "sunset.toml").read_bytes())
        palettes, messages = user_palettes(tmp_path)
        assert list(palettes) == ["sunset"]
        assert messages == [
            'b.toml: "name" is "sunset", which a.toml has already; give this one another'
        ]

    def test_a_theme_based_on_another(self) -> None:
        sunset = load_palette(DATA / "good" / "sunset.toml")
        base = bundled_palette("rinkside-dark")
        assert sunset.title == "Sunset over Thialf"
        assert (sunset.dark, sunset.sixteen) == (True, False)
        assert sunset.paint("gold") == Paint("#ffd27f", bold=True)
        assert sunset.paint("record") == Paint("#ffb3c7", bold=True, underline=True)
        assert sunset.paint("band") == Paint()
        changed = {"gold", "record", "cursor", "band"}
        assert all((sunset.paint(r) == base.paint(r)) == (r not in changed) for r in ROLES)

    def test_a_byte_order_mark_is_forgiven(self, tmp_path: Path) -> None:
        content = (DATA / "good" / "sunset.toml").read_bytes()
        (tmp_path / "sunset.toml").write_bytes(b"\xef\xbb\xbf" + content.replace(b"\n", b"\r\n"))
        assert list(user_palettes(tmp_path)[0]) == ["sunset"]


class Probe(App[None]):
    """A screen with everything a theme has to colour, and one line for each role."""

    CSS: ClassVar[str] = "\n".join(
        f"#{role} {{ color: ${role}; background: ${role}; text-style: ${role}-style; }}"
        for role in ROLES
    )

    def __init__(self, names: Sequence[str]) -> None:
        super().__init__()
        for name in names:
            self.register_theme(textual_theme(bundled_palette(name)))
        self.register_theme(textual_theme(load_palette(DATA / "good" / "sunset.toml")))
        # Before the stylesheets are read: under another theme $gold would be unknown.
        self.theme = names[0]

    def compose(self) -> ComposeResult:
        yield from (Static(role, id=role) for role in ROLES)
        yield Input("27.31")
        yield OptionList("W500", "M500")
        yield Button("Yes", variant="primary")
        yield Checkbox("Followed only")
        yield Footer()


class TestTextualTheme:
    @pytest.mark.parametrize("name", bundled_names())
    async def test_every_role_is_a_variable(self, name: str) -> None:
        app = Probe([name])
        async with app.run_test(notifications=True) as pilot:
            app.notify("Back on the feed", title="Feed")
            await pilot.pause()
            variables = textual_theme(bundled_palette(name)).variables
            for role in ROLES:
                styles = app.query_one(f"#{role}").styles
                assert styles.color == styles.background == Color.parse(variables[role])
                shown = {word for word in ATTRIBUTES if getattr(styles.text_style, word)}
                paint = bundled_palette(name).paint(role)
                assert shown == {word for word in ATTRIBUTES if getattr(paint, word)}

    @pytest.mark.parametrize("name", bundled_names())
    async def test_it_can_be_switched_to_and_from(self, name: str) -> None:
        app = Probe(bundled_names())
        async with app.run_test() as pilot:
            for chosen in ("sunset", name, "terminal-16", name):
                app.theme = chosen
                await pilot.pause()
            gold = textual_theme(bundled_palette(name)).variables["gold"]
            assert app.query_one("#gold").styles.color == Color.parse(gold)

    async def test_sixteen_colours_stay_the_terminals(self) -> None:
        app = Probe(["terminal-16"])
        async with app.run_test():
            assert app.native_ansi_color
            assert app.query_one("#gold").styles.color.ansi == 3
            assert app.query_one("#dim").styles.color.ansi == 8
            assert app.screen.styles.background.ansi == -1

    def test_a_role_without_colour_takes_what_it_lies_on(self) -> None:
        sunset = textual_theme(load_palette(DATA / "good" / "sunset.toml"))
        assert sunset.variables["band"] == sunset.variables["ground"] == "#0c131b"

    @pytest.mark.parametrize("name", TRUECOLOUR)
    def test_what_textual_draws_can_be_read(self, name: str) -> None:
        variables = textual_theme(bundled_palette(name)).to_color_system().generate()
        for text, ground in (
            ("text-success", "panel-lighten-1"),
            ("text-warning", "panel-lighten-1"),
            ("text-error", "panel-lighten-1"),
            ("foreground", "panel-lighten-1"),
            ("text-muted", "surface"),
            ("block-cursor-foreground", "block-cursor-background"),
            ("block-cursor-blurred-foreground", "block-cursor-blurred-background"),
            ("input-cursor-foreground", "input-cursor-background"),
            ("input-selection-foreground", "input-selection-background"),
            ("screen-selection-foreground", "screen-selection-background"),
            ("footer-key-foreground", "footer-background"),
            ("footer-description-foreground", "footer-background"),
            ("button-color-foreground", "primary"),
        ):
            assert contrast(variables[text], variables[ground]) >= READING, (text, ground)
