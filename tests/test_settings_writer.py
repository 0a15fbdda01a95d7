"""One setting is changed in the file, and all else stays as the fan wrote it."""

from __future__ import annotations

import tomllib
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from rinkside.settings import Settings, read_settings
from rinkside.settings.catalogue import BY_KEY, SETTINGS, Setting, Value
from rinkside.settings.reader import MAX_BYTES, line_of, read_written
from rinkside.settings.writer import NotWritten, unset_setting, write_setting

MINE = """\
# Mine.
[display]   # how it looks
time = "24h"   # as at home
# names = "given-first"

[notifications]
toast = [
    "record",   # always
    "followed",
]

[keys]
theme = "T"
"""


@pytest.fixture
def file(tmp_path: Path) -> Path:
    return tmp_path / "config" / "settings.toml"


def having(file: Path, text: str | bytes) -> Path:
    file.parent.mkdir(exist_ok=True)
    file.write_bytes(text.encode() if isinstance(text, str) else text)
    return file


def test_one_line_changes_and_its_comment_stays(file: Path) -> None:
    write_setting(having(file, MINE), "display", "time", "12h")
    assert file.read_text() == MINE.replace('"24h"   # as', '"12h"   # as')


def test_a_new_setting_joins_its_table(file: Path) -> None:
    write_setting(having(file, MINE), "display", "signs", "ascii")
    text = file.read_text()
    assert tomllib.loads(text)["display"] == {"time": "24h", "signs": "ascii"}
    assert [line for line in MINE.splitlines() if line not in text.splitlines()] == []


def test_a_new_table_comes_after_the_others(file: Path) -> None:
    write_setting(having(file, MINE), "watch", "delay", 30)
    assert file.read_text() == f"{MINE}\n[watch]\ndelay = 30\n"


def test_the_file_is_made_where_there_is_none(file: Path) -> None:
    write_setting(file, "display", "time", "12h")
    text = file.read_text()
    assert text.startswith("# The settings of rinkside")
    assert tomllib.loads(text) == {"display": {"time": "12h"}}
    assert list(file.parent.iterdir()) == [file]


def test_unset_takes_out_one_line(file: Path) -> None:
    assert unset_setting(having(file, MINE), "display", "time")
    assert file.read_text() == MINE.replace('time = "24h"   # as at home\n', "")
    assert not unset_setting(file, "display", "time")
    assert not unset_setting(file, "watch", "delay")


def test_what_was_made_and_unset_leaves_all_comments(file: Path) -> None:
    having(file, MINE)
    write_setting(file, "display", "motion", "off")
    unset_setting(file, "display", "motion")
    assert file.read_text() == MINE


@pytest.mark.parametrize(
    "text",
    [
        'display.time = "24h" # mine\n',
        'display = { time = "24h" } # mine\n',
        '"display"."time" = "24h" # mine\n',
        '[display]\n# mine\n"time" = "24h"\n[watch]\n',
    ],
)
def test_every_way_to_write_it_is_understood(file: Path, text: str) -> None:
    write_setting(having(file, text), "display", "time", "12h")
    assert "# mine" in file.read_text()
    assert tomllib.loads(file.read_text())["display"] == {"time": "12h"}


def test_line_ends_and_the_byte_order_mark_stay(file: Path) -> None:
    body = b"\xef\xbb\xbf" + MINE.replace("\n", "\r\n").encode()
    write_setting(having(file, body), "display", "time", "12h")
    assert file.read_bytes() == body.replace(b'"24h"   #', b'"12h"   #')
    write_setting(file, "watch", "delay", 5)
    assert file.read_bytes().count(b"\n") == file.read_bytes().count(b"\r\n")


def test_a_link_stays_one_and_rights_stay_too(file: Path, tmp_path: Path) -> None:
    kept = having(tmp_path / "kept" / "mine.toml", MINE)
    kept.chmod(0o640)
    file.parent.mkdir()
    file.symlink_to(kept)
    write_setting(file, "display", "time", "12h")
    assert file.is_symlink()
    assert '"12h"' in kept.read_text()
    assert kept.stat().st_mode & 0o777 == 0o640


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("[display\n", "settings.toml can't be changed: not TOML"),
        (b"\xff\xfe", "settings.toml can't be changed: not text in UTF-8"),
        ("display = 3\n", "display is no table in the file"),
        ("[[display]]\n", "is no table in the file"),
        ("#" * (MAX_BYTES - 3) + "\n", "settings.toml would become larger than 64 KB"),
    ],
    ids=range(5),
)
def test_a_file_that_can_not_be_changed_stays_as_it_is(
    file: Path, text: str | bytes, words: str
) -> None:
    having(file, text)
    before = file.read_bytes()
    with pytest.raises(NotWritten) as refused:
        write_setting(file, "display", "time", "12h")
    assert words in str(refused.value)
    assert file.read_bytes() == before
    assert list(file.parent.iterdir()) == [file]


def test_a_directory_that_can_not_be_made_is_a_sentence(tmp_path: Path) -> None:
    (tmp_path / "config").write_text("")
    with pytest.raises(NotWritten, match="can't be written"):
        write_setting(tmp_path / "config" / "settings.toml", "display", "time", "12h")


@pytest.mark.parametrize("setting", SETTINGS, ids=lambda setting: setting.key)
def test_every_choice_is_written_and_read_again(file: Path, setting: Setting) -> None:
    for value in setting.choices:
        write_setting(file, setting.table, setting.name, value)
        settings, troubles = read_settings(file)
        assert troubles == []
        assert settings == setting.put(Settings(), value)
        assert read_written(file) == {setting.key: value}


@pytest.mark.parametrize("setting", SETTINGS, ids=lambda setting: setting.key)
def test_the_default_is_what_counts_without_a_file(setting: Setting) -> None:
    assert setting.put(Settings(), setting.default) == Settings()
    assert setting.default in setting.choices


@given(
    text=st.text(st.characters(codec="utf-8"), max_size=80),
    key=st.sampled_from(sorted(BY_KEY)),
)
def test_no_file_is_a_fault_and_none_is_lost(
    tmp_path_factory: pytest.TempPathFactory, text: str, key: str
) -> None:
    file = having(tmp_path_factory.getbasetemp() / "any" / "settings.toml", text)
    setting = BY_KEY[key]
    value: Value = setting.choices[-1]
    try:
        write_setting(file, setting.table, setting.name, value)
    except NotWritten:
        assert file.read_bytes() == text.encode()
        return
    assert read_written(file)[key] == value
    comments = [line for line in text.splitlines() if line.startswith("#")]
    assert all(comment in file.read_text("utf-8") for comment in comments)


@pytest.mark.parametrize(
    ("path", "line"),
    [
        (("display",), 2),
        (("display", "time"), 3),
        (("notifications", "toast"), 7),
        (("keys", "theme"), 13),
        (("keys", "no"), None),
        (("display", "time", "no"), None),
    ],
)
def test_the_line_on_which_something_begins(path: tuple[str, ...], line: int | None) -> None:
    assert line_of(MINE, path) == line
    assert line_of(MINE.replace("\n", "\r\n"), path) == line
