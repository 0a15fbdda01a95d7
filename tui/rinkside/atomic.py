"""Files that are made or replaced whole or not at all, whatever happens on the way."""

from __future__ import annotations

import os
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path


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
