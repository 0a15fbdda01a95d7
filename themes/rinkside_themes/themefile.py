"""Theme files: the bundled ones beside this module, and a fan's own.

A file is TOML with ``name``, ``title``, ``dark`` (true or false), ``depth`` (``"truecolor"``, or
16 for the terminal's own colours) and a ``[colours]`` table giving every role a paint. With
``based-on`` naming a bundled theme, only what differs need be given besides the name and title.

Fans pass their themes on, so a file is a stranger's: however it is broken, the outcome is one
message, never a program that doesn't start.
"""

from __future__ import annotations

import re
import tomllib
from functools import cache
from pathlib import Path
from types import MappingProxyType
from typing import TYPE_CHECKING, Final

from rinkside_themes.palette import (
    ROLES,
    Paint,
    Palette,
    ThemeError,
    printable,
    quoted,
    read_paint,
)

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

DEFAULT_NAME: Final = "rinkside-dark"
"""The theme used where none is asked for."""

_BUNDLED: Final = (
    *(DEFAULT_NAME, "rinkside-light", "vikingskipet", "high-contrast"),
    *("colour-blind", "colour-blind-blue-yellow", "terminal-16", "terminal-own"),
)
"""In the order in which a fan goes through them: those that most want come first."""

MAX_BYTES: Final = 64 * 1024
"""The largest file read; a full theme is about two thousand bytes."""

_FOLDER: Final = Path(__file__).parent
_KEYS: Final = ("name", "title", "dark", "depth", "based-on", "colours")
_NAME: Final = re.compile(r"[a-z0-9][a-z0-9-]{0,39}")
_MAX_TITLE: Final = 60


def bundled_names() -> tuple[str, ...]:
    """Name the themes that come with the program.

    Returns:
        Their names, the default one first. No file is opened.
    """
    return _BUNDLED


@cache
def bundled_palette(name: str) -> Palette:
    """Read one theme that comes with the program; the others are left unread.

    Args:
        name: One of `bundled_names`.

    Returns:
        The theme, the same one at each call.

    Raises:
        ThemeError: If there is none of that name; the message lists those there are.
    """
    if name not in bundled_names():
        raise ThemeError(f"no theme {quoted(name)}; there are {', '.join(bundled_names())}")
    return load_palette(_FOLDER / f"{name}.toml")


def bundled_palettes() -> dict[str, Palette]:
    """Read all themes that come with the program.

    Returns:
        Each by its name, in the order of `bundled_names`.
    """
    return {name: bundled_palette(name) for name in bundled_names()}


def user_palettes(directory: Path) -> tuple[dict[str, Palette], list[str]]:
    """Read a fan's own themes: every ``*.toml`` in a directory, hidden files apart.

    Args:
        directory: Where they lie. That it doesn't exist is no fault.

    Returns:
        The themes by name, in the order of their files, and one message for each file that
        can't be used, naming the file and what is wrong.
    """
    palettes: dict[str, Palette] = {}
    faults: list[str] = []
    taken = dict.fromkeys(bundled_names(), "a bundled theme")
    try:
        files = sorted(
            entry
            for entry in directory.iterdir()
            if entry.suffix == ".toml" and not entry.name.startswith(".")
        )
    except FileNotFoundError:
        return {}, []
    except OSError as error:
        return {}, [f"{printable(directory.name)}: no themes read, {_reason(error)}"]
    for file in files:
        try:
            palette = load_palette(file)
        except ThemeError as fault:
            faults.append(str(fault))
            continue
        if palette.name in taken:
            owner = taken[palette.name]
            faults.append(
                f'{printable(file.name)}: "name" is {quoted(palette.name)}, '
                f"which {owner} has already; give this one another"
            )
            continue
        taken[palette.name] = printable(file.name)
        palettes[palette.name] = palette
    return palettes, faults


def load_palette(path: Path) -> Palette:
    """Read a theme file.

    Args:
        path: A file of at most `MAX_BYTES`.

    Returns:
        The theme, every role painted.

    Raises:
        ThemeError: If it can't be used, for whatever reason; the message begins with the name
            of the file, and names the roles at fault.
    """
    text = ""
    try:
        text = _text(path)
        return _palette(_document(text), path)
    except ThemeError as fault:
        where = _line_of(fault.key, text)
        raise ThemeError(f"{printable(path.name)}: {where}{fault}") from None


def _line_of(key: str | None, text: str) -> str:
    """Tell where a key stands, as words a message begins with; nothing where that isn't clear."""
    if key is None:
        return ""
    found = re.search(rf"""^[ \t]*["']?{re.escape(key)}["']?[ \t]*=""", text, re.MULTILINE)
    return f"line {text.count(chr(10), 0, found.start()) + 1}: " if found else ""


def _text(path: Path) -> str:
    try:
        if path.is_dir():
            raise ThemeError("a directory, not a theme file")
        if path.exists() and not path.is_file():
            raise ThemeError("not a file")  # a pipe or device, which might never end
        with path.open("rb") as file:
            content = file.read(MAX_BYTES + 1)
    except OSError as error:
        raise ThemeError(_reason(error)) from None
    if len(content) > MAX_BYTES:
        raise ThemeError(f"larger than {MAX_BYTES // 1024} KB, so hardly a theme")
    try:
        # Some editors begin a file with a byte order mark, which TOML doesn't know.
        return content.decode("utf-8-sig")
    except UnicodeDecodeError:
        raise ThemeError("not text in UTF-8") from None


def _document(text: str) -> Mapping[str, object]:
    try:
        return tomllib.loads(text)
    except RecursionError:
        raise ThemeError("not TOML a theme can be read from: nested too deeply") from None
    except ValueError as error:  # TOMLDecodeError, or a number of too many digits
        # tomllib's reasons are short, but may quote the character at fault.
        reason = "".join(c if c.isprintable() else "?" for c in str(error)[:100])
        raise ThemeError(f"not TOML: {reason}") from None


def _reason(error: OSError) -> str:
    return f"can't be read ({error.strerror or type(error).__name__})"


def _palette(document: Mapping[str, object], path: Path) -> Palette:
    strange = [key for key in document if key not in _KEYS]
    if strange:
        raise ThemeError(f"unknown {_named(strange)}; a theme has {_named(_KEYS)}", strange[0])
    base = _base(document)
    name = document.get("name")
    if not isinstance(name, str) or not _NAME.fullmatch(name):
        raise ThemeError(
            f'"name" {_said(name)}; it is small letters, digits and hyphens, at most forty',
            "name",
        )
    title = document.get("title")
    if not isinstance(title, str) or not title.strip() or not title.isprintable():
        raise ThemeError(f'"title" {_said(title)}; it is a line of text, in quotes', "title")
    if len(title) > _MAX_TITLE:
        raise ThemeError(f'"title" is longer than {_MAX_TITLE} characters', "title")
    dark = document.get("dark", base.dark if base else None)
    if not isinstance(dark, bool):
        raise ThemeError(f'"dark" {_said(dark)}; it is true or false', "dark")
    sixteen = _is_sixteen(document, base)
    paints = MappingProxyType(_paints(document, base, sixteen))
    return Palette(name, title, dark, sixteen, paints, path)


def _base(document: Mapping[str, object]) -> Palette | None:
    name = document.get("based-on")
    if name is None:
        return None
    if not isinstance(name, str) or name not in bundled_names():
        raise ThemeError(
            f'"based-on" {_said(name)}; it is one of {_named(bundled_names())}', "based-on"
        )
    return bundled_palette(name)


def _is_sixteen(document: Mapping[str, object], base: Palette | None) -> bool:
    depth = document.get("depth")
    if depth is None and base is not None:
        return base.sixteen
    if depth not in ("truecolor", 16):
        raise ThemeError(f'"depth" {_said(depth)}; it is "truecolor" or 16', "depth")
    if base is not None and (depth == 16) != base.sixteen:
        raise ThemeError(f'"depth" is not that of "{base.name}", which this is based on', "depth")
    return depth == 16


def _paints(
    document: Mapping[str, object], base: Palette | None, sixteen: bool
) -> dict[str, Paint]:
    given = document.get("colours", {} if base else None)
    if not isinstance(given, dict):
        raise ThemeError("no [colours] table")
    unknown = [role for role in given if role not in ROLES]
    missing = [] if base else [role for role in ROLES if role not in given]
    if unknown or missing:
        # Both at once: a misspelt role is one of each, and is understood best side by side.
        parts = [("unknown role", unknown), ("missing role", missing)]
        hint = [f'based-on = "{DEFAULT_NAME}" fills in the rest'] if missing else []
        raise ThemeError(
            "; ".join([*(_plural(what, roles) for what, roles in parts if roles), *hint]),
            unknown[0] if unknown else None,
        )
    paints = dict(base.paints) if base else {}
    for role in ROLES:
        if role in given:
            paints[role] = read_paint(role, given[role], sixteen=sixteen)
    return paints


def _said(value: object) -> str:
    if value is None:
        return "is missing"
    return f"is {quoted(value)}" if isinstance(value, str) else "is something else"


def _plural(what: str, names: list[str]) -> str:
    return f"{what}{'s' if len(names) > 1 else ''} {_named(names)}"


def _named(names: Sequence[str]) -> str:
    # All roles fit; a file may hold thousands of keys that are none.
    rest = len(names) - len(ROLES)
    named = ", ".join(quoted(name) for name in names[: len(ROLES)])
    return f"{named} and {rest} more" if rest > 0 else named
