"""The fan's settings in the running program: changed at once, and written at once."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

from msgspec.structs import replace

from rinkside.keymap import Keymap, checked, places
from rinkside.settings import LAST_THEME, read_settings
from rinkside.settings.catalogue import BY_KEY, KEYS_TABLE, Setting, Value
from rinkside.settings.reader import Unusable, placed, read_text, read_written, shown_name
from rinkside.settings.writer import NotWritten, unset_setting, write_setting


class Preferences:
    """What the fan wants.

    Args:
        file: Where that is written.
        themes: Names of the themes there are.
    """

    def __init__(self, file: Path, themes: Sequence[str]) -> None:
        self.file = file
        self.settings, self.troubles = read_settings(file, themes)
        try:
            self._written = read_written(file, themes)
        except Unusable:
            self._written = {}
        self._themes = themes

    @property
    def theme(self) -> str | None:
        """The theme to begin with; None is the one chosen last."""
        name = self.settings.display.theme
        return None if name == LAST_THEME else name

    def value(self, setting: Setting) -> Value:
        """Return what a setting is, as it is written."""
        return self._written.get(setting.key, setting.default)

    def is_set(self, setting: Setting) -> bool:
        """Whether the fan has said what a setting is."""
        return setting.key in self._written

    def offered(self) -> list[Setting]:
        """Return all settings, the themes there are among the choices of that."""
        return [
            replace(setting, choices=(LAST_THEME, *self._themes))
            if key == "display.theme"
            else setting
            for key, setting in BY_KEY.items()
        ]

    def change(self, setting: Setting, value: Value | None) -> str:
        """Change a setting; it counts even where it can't be written.

        Args:
            setting: Which.
            value: What it is to be, which must be allowed; None: what it is by itself.

        Returns:
            Why it can't be written; empty where it is.
        """
        self.settings = setting.put(self.settings, setting.default if value is None else value)
        try:
            if value is None:
                self._written.pop(setting.key, None)
                unset_setting(self.file, setting.table, setting.name)
            else:
                self._written[setting.key] = value
                write_setting(self.file, setting.table, setting.name, value)
        except NotWritten as error:
            return f"{error}; this counts until you quit"
        return ""

    def keymap(self, app: type) -> tuple[Keymap, list[str]]:
        """Return where the keys are, and a sentence for each that can't be where it is wanted."""
        keymap, troubles = checked(self.settings.keys, places(app))
        try:
            text = read_text(self.file)
        except Unusable:
            text = ""
        return keymap, [
            placed(
                self.file.name,
                text,
                (KEYS_TABLE, name),
                f"{KEYS_TABLE}.{shown_name(name)} {words}",
            )
            for name, words in troubles.items()
        ]
