"""The program's entry: ``rinkside``, or ``python -m rinkside``."""

from __future__ import annotations

import sys
from collections.abc import Sequence

from rinkside import garbage


def main(argv: Sequence[str] | None = None) -> int:
    """Run the command line and return the exit code."""
    if argv is None:
        argv = sys.argv[1:]
        # What runs for long begins it (`rinkside.app`, ``watch --json``).
        garbage.put_off()
    from rinkside.cli import run

    return run(argv)


if __name__ == "__main__":
    sys.exit(main())
