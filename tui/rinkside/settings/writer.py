"""Changes one setting in the file: all else in it stays as the fan wrote it, comments too."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Any, Final

from rinkside.atomic import reason, replace_whole
from rinkside.settings.catalogue import Value
from rinkside.settings.reader import MAX_BYTES, Unusable, parsed, read_text, shown_name

if TYPE_CHECKING:
    from tomlkit import TOMLDocument

_MARK: Final = b"\xef\xbb\xbf"
_BEGINNING: Final = "# The settings of rinkside; `rinkside config get` lists all there are.\n"


class NotWritten(Exception):
    """The file could not be changed, and is as it was; the message is a sentence."""


def write_setting(file: Path, table: str, name: str, value: Value) -> None:
    """Write one setting.

    Args:
        file: The file; it is made where there is none.
        table: The table of the setting.
        name: Its name there.
        value: What to write.

    Raises:
        NotWritten: If that can't be done.
    """

    def change(document: TOMLDocument) -> None:
        import tomlkit

        if table not in document:
            if document.as_string().strip():
                document.add(tomlkit.nl())
            document.add(table, tomlkit.table())
        document[table][name] = value

    _change(file, table, name, value, change)


def unset_setting(file: Path, table: str, name: str) -> bool:
    """Take one setting out of the file, with the comment on its line.

    Returns:
        Whether it was there.

    Raises:
        NotWritten: If that can't be done.
    """
    if _found(_read(file), table, name) is None:
        return False

    def change(document: TOMLDocument) -> None:
        del document[table][name]

    _change(file, table, name, None, change)
    return True


def _change(file: Path, table: str, name: str, value: Value | None, change: Any) -> None:
    import tomlkit
    from tomlkit.exceptions import TOMLKitError

    # Fans who keep such files elsewhere put a link in this place.
    target = file.resolve()
    text = _read(target)
    _found(text, table, name)
    returns = "\r\n" in text
    try:
        document = tomlkit.parse((text or _BEGINNING).replace("\r\n", "\n"))
        change(document)
        new = document.as_string()
    except (TOMLKitError, TypeError, KeyError, ValueError, RecursionError):
        raise NotWritten(f"{file.name} is written in a way that can't be changed here") from None
    content = (new.replace("\n", "\r\n") if returns else new).encode()
    if len(content) > MAX_BYTES:
        raise NotWritten(f"{file.name} would become larger than {MAX_BYTES // 1024} KB")
    if _found(new, table, name) != value:
        raise NotWritten(f"{file.name} is written in a way that can't be changed here")
    try:
        marked = target.exists() and target.read_bytes().startswith(_MARK)
        mode = target.stat().st_mode if target.exists() else None
        replace_whole(target, _MARK + content if marked else content)
        if mode is not None:
            target.chmod(mode)
    except OSError as error:
        raise NotWritten(f"{file} can't be written: {reason(error)}") from None


def _read(file: Path) -> str:
    """Return the file, which is known to be TOML.

    Raises:
        NotWritten: If it can't be read or is none, and so can't be changed either.
    """
    try:
        text = read_text(file)
        parsed(text)
    except Unusable as error:
        raise NotWritten(f"{file.name} can't be changed: {error}") from None
    return text


def _found(text: str, table: str, name: str) -> object:
    """Return what a file says of a setting; None: nothing.

    Raises:
        NotWritten: If there is something else in the place of the table.
    """
    content = parsed(text).get(table, {})
    if not isinstance(content, dict):
        raise NotWritten(f"{shown_name(table)} is no table in the file; remove that line first")
    return content.get(name)
