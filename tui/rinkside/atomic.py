"""Files that are read with care, and made or replaced whole or not at all, come what may."""

from __future__ import annotations

import json
import os
import tempfile
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import Any, TypeVar

_Content = TypeVar("_Content")


class NotOurs(ValueError):
    """A file that can't be understood; the message goes on from its name: ``is damaged``."""


def read_or_set_aside(
    file: Path, now: int, understood: Callable[[dict[str, Any]], _Content], newest: int
) -> tuple[_Content | None, str | None]:
    """Read a JSON file that the program keeps.

    One that can't be understood is set aside under another name, never deleted.

    Args:
        file: Where it is kept; it need not exist.
        now: The wall clock in milliseconds, for the name of a file set aside.
        understood: Makes something of its object; raises `NotOurs` where that can't be done.
        newest: The number of the newest layout known, which stands in the file as ``format``.

    Returns:
        What it says, None where that can't be had; and a sentence for the viewer where something
        is wrong with the file.
    """
    try:
        return read_own(file, understood, newest), None
    except OSError as error:
        return None, f"{file} can't be read: {reason(error)}"
    except NotOurs as error:
        why = str(error)
    aside = file.with_name(f"{file.name}.set-aside-{now}")
    try:
        file.rename(aside)
    except OSError as error:
        return None, f"{file} {why} and can't be set aside: {reason(error)}"
    return None, f"{file} {why}; it was set aside as {aside.name}"


def read_own(
    file: Path, understood: Callable[[dict[str, Any]], _Content], newest: int
) -> _Content | None:
    """Read a JSON file that the program keeps, and leave it as it is.

    Args:
        file: Where it is kept; None is returned where there is none.
        understood: Makes something of its object; raises `NotOurs` where that can't be done.
        newest: The number of the newest layout known, which stands in the file as ``format``.

    Raises:
        NotOurs: If it can't be understood.
        OSError: If it can't be read.
    """
    try:
        body = file.read_bytes()
    except (FileNotFoundError, NotADirectoryError):
        return None
    try:
        data = json.loads(body)
        if not isinstance(data, dict) or not isinstance(data.get("format"), int):
            raise NotOurs("is damaged")
        if data["format"] > newest:
            raise NotOurs("was written by a newer rinkside")
        return understood(data)
    except NotOurs:
        raise
    except (ValueError, RecursionError):
        raise NotOurs("is damaged") from None


def trouble_with(
    file: Path, understood: Callable[[dict[str, Any]], object], newest: int
) -> str | None:
    """Return what is wrong with a file as `read_own` reads it; None where nothing is."""
    try:
        read_own(file, understood, newest)
    except OSError as error:
        return f"{file} can't be read: {reason(error)}"
    except NotOurs as error:
        return f"{file} {error}"
    return None


def reason(error: OSError) -> str:
    """Return why something went wrong with a file, for the end of a sentence."""
    return (error.strerror or str(error)).lower()


def replace_whole(file: Path, content: bytes) -> None:
    """Put content in the place of a file; directories are made where they are missing.

    Raises:
        OSError: If it can't be written; the file is then as it was.
    """
    file.parent.mkdir(parents=True, exist_ok=True)
    handle, name = tempfile.mkstemp(prefix=f"{file.name}.", dir=file.parent)
    beside = Path(name)
    try:
        with os.fdopen(handle, "wb") as stream:
            stream.write(content)
            stream.flush()
            os.fsync(stream.fileno())
        beside.replace(file)
    except OSError:
        with suppress(OSError):
            beside.unlink()
        raise


@contextmanager
def made_whole(file: Path) -> Iterator[Path]:
    """Yield the name of a file to write, which becomes the new file when that went well.

    When it did not, nothing of it is left. A file that is there already is never overwritten.

    Raises:
        FileExistsError: If there is a file of that name, also if it came meanwhile.
        OSError: If it can't be made.
    """
    with tempfile.TemporaryDirectory(prefix=f".{file.name}.", dir=file.parent) as name:
        if file.exists():
            raise FileExistsError(17, "there is a file of that name", str(file))
        beside = Path(name) / file.name
        yield beside
        put_new(beside, file)


def put_new(beside: Path, file: Path) -> None:
    """Move a file to where there is none, even if one comes at this very moment.

    Raises:
        FileExistsError: If there is a file of that name.
        OSError: If it can't be moved.
    """
    try:
        os.link(beside, file)
    except FileExistsError:
        raise
    except OSError:
        # A stick or a share that knows no second name for one file.
        if file.exists():
            raise FileExistsError(17, "there is a file of that name", str(file)) from None
        beside.rename(file)
