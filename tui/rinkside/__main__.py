"""The program's entry: ``rinkside``, or ``python -m rinkside``."""

from __future__ import annotations

import gc
import sys
from collections.abc import Sequence


def main(argv: Sequence[str] | None = None) -> int:
    """Run the command line and return the exit code."""
    if argv is None:
        argv = sys.argv[1:]
        # Looking for garbage takes 30 ms before the first picture, and there is none yet: what
        # runs for long turns it on again (`rinkside.app`, ``watch --json``).
        gc.disable()
    from rinkside.cli import run

    return run(argv)


if __name__ == "__main__":
    sys.exit(main())
