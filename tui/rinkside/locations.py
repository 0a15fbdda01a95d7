"""Where the program keeps things on this computer."""

from __future__ import annotations

import os
from collections.abc import Mapping
from pathlib import Path
from typing import Final, NamedTuple

DATA_DIR_VARIABLE: Final = "RINKSIDE_DATA_DIR"
"""Names the data directory, as ``--data-dir`` does, which comes first."""


class Locations(NamedTuple):
    """The two directories, and what lies where in them. Nothing is made by asking."""

    data: Path
    """What the program writes: tapes, and what it remembers of itself."""
    config: Path
    """What the fan writes, or may: settings, themes, records, and whom they follow."""

    @classmethod
    def find(
        cls, data_dir: str | None = None, environ: Mapping[str, str] = os.environ
    ) -> Locations:
        """Return the directories of this computer's user.

        Args:
            data_dir: What ``--data-dir`` says; it moves the data directory and nothing else.
            environ: The environment.
        """
        import platformdirs

        chosen = data_dir or environ.get(DATA_DIR_VARIABLE)
        return cls(
            data=(
                Path(chosen).expanduser().absolute()
                if chosen
                else platformdirs.user_data_path("rinkside", appauthor=False)
            ),
            config=platformdirs.user_config_path("rinkside", appauthor=False),
        )

    @property
    def tapes(self) -> Path:
        """One directory a feed, in it one tape a meet and the library tape."""
        return self.data / "tapes"

    @property
    def seasons(self) -> Path:
        """One directory a feed, in it the results of each season, boiled down: only a cache."""
        return self.data / "seasons"

    @property
    def remembered(self) -> Path:
        """The file of what the program remembers between runs."""
        return self.data / "remembered.json"

    @property
    def settings(self) -> Path:
        """The fan's settings."""
        return self.config / "settings.toml"

    @property
    def records(self) -> Path:
        """The fan's own book of records; `longtrack.record_file` tells its format."""
        return self.config / "records.toml"

    @property
    def themes(self) -> Path:
        """The fan's own themes."""
        return self.config / "themes"

    @property
    def followed(self) -> Path:
        """The file of those the fan follows, which may be edited."""
        return self.config / "followed.json"
