"""What a command printed, for tests of the command line."""

from __future__ import annotations

import json
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

import pytest

from rinkside.__main__ import main


@dataclass(frozen=True)
class Printed:
    """The exit code and all that was written."""

    code: int
    out: str
    err: str

    @property
    def json(self) -> dict[str, Any]:
        """What stands on standard output."""
        data = json.loads(self.out)
        assert isinstance(data, dict)
        return data

    @property
    def error(self) -> dict[str, Any]:
        """What stands on standard error, and nothing else was written."""
        assert self.out == ""
        data = json.loads(self.err)
        assert set(data) == {"schema", "code", "message"}
        assert data["schema"] == "rinkside.error/1"
        assert data["code"] == self.code
        return dict(data)


Run = Callable[..., Printed]
"""Runs a command in this process."""


def runner(capsys: pytest.CaptureFixture[str]) -> Run:
    """Return what runs commands; no traceback and no escape sequence is ever printed."""

    def call(*argv: str) -> Printed:
        code = main(argv)
        out, err = capsys.readouterr()
        assert "Traceback" not in err
        assert "\x1b" not in out + err
        return Printed(code, out, err)

    return call
