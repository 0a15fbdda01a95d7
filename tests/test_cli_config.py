"""The command ``config``: what it prints, what it changes, and what it refuses."""

from __future__ import annotations

import json
import tomllib
from pathlib import Path

import pytest

from printed import Run, runner
from rinkside.settings.catalogue import SETTINGS


@pytest.fixture
def run(capsys: pytest.CaptureFixture[str]) -> Run:
    return runner(capsys)


@pytest.fixture(autouse=True)
def file(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.setattr("platformdirs.user_config_path", lambda *args, **more: tmp_path / "config")
    monkeypatch.setenv("RINKSIDE_DATA_DIR", str(tmp_path / "data"))
    return tmp_path / "config" / "settings.toml"


def test_all_settings_are_printed_as_the_file_has_them(run: Run, file: Path) -> None:
    file.parent.mkdir()
    file.write_text('[display]\ntime = "12h"\n')
    for words in (["config"], ["config", "get"]):
        text = run(*words).out
        for setting in SETTINGS:
            assert setting.key in text
        assert 'display.time                   = "12h"\n' in text
        assert 'display.zones                  = "both"  # default\n' in text
        assert tomllib.loads(text)["notifications"]["toast"] == ["followed", "record"]


def test_one_setting_is_printed_bare(run: Run) -> None:
    assert run("config", "get", "display.time").out == "24h\n"
    assert run("config", "get", "watch.delay").out == "0\n"
    assert run("config", "get", "notifications.replays").out == "false\n"
    assert run("config", "get", "notifications.toast").out == '["followed", "record"]\n'
    assert run("config", "get", "keys.head-to-head").out == '["h"]\n'


def test_the_path_is_printed_and_nothing_is_made(run: Run, file: Path) -> None:
    assert run("config", "path").out == f"{file}\n"
    run("config", "get")
    assert not file.parent.exists()


@pytest.mark.parametrize(
    ("key", "text", "value"),
    [
        ("display.time", "12h", "12h"),
        ("watch.delay", "30", 30),
        ("notifications.replays", "true", True),
        ("notifications.bell", "followed finish", "followed finish"),
        ("notifications.bell", '["record", "fall"]', ["record", "fall"]),
        ("display.theme", "colour-blind", "colour-blind"),
        ("keys.moments", "z", "z"),
        ("keys.moments", "é", "é"),
        ("keys.moments", '["z", "F5"]', ["z", "f5"]),
    ],
)
def test_set_writes_and_says_what_counts_now(
    run: Run, file: Path, key: str, text: str, value: object
) -> None:
    printed = run("config", "set", key, text)
    assert printed.code == 0
    table, _, name = key.partition(".")
    assert tomllib.loads(file.read_text())[table] == {name: value}
    assert run("config", "get", key).out == printed.out


def test_unset_brings_the_default_back(run: Run, file: Path) -> None:
    run("config", "set", "display.time", "12h")
    assert run("config", "unset", "display.time").code == 0
    assert run("config", "get", "display.time").out == "24h\n"
    assert run("config", "unset", "display.time").err == "rinkside: display.time was not set\n"
    file.write_text('[keys]\nfolow = "z"\n')
    assert run("config", "unset", "keys.folow").code == 0, "what is unknown can be taken out"
    assert "folow" not in file.read_text()


@pytest.mark.parametrize(
    ("words", "sentence"),
    [
        (["get", "display.tme"], "there is no setting display.tme; there are display.time"),
        (["get", "time"], "there is no setting time; there are display.time"),
        (["get", "watch"], "there is no setting watch; rinkside config lists them all"),
        (["get", "qqqq"], "there is no setting qqqq; rinkside config lists them all"),
        (["set", "display.x", "1"], "there is no setting display.x; there are display.time"),
        (["unset", "\x1b[2J"], r'there is no setting "\x1b[2J"; rinkside config lists'),
        (["set", "display.time", "13h"], 'display.time is "13h"; it is one of "24h", "12h"'),
        (["set", "watch.delay", "-1"], "watch.delay is -1; it is whole seconds, 0 to 600"),
        (["set", "watch.delay", "1.5"], 'watch.delay is "1.5"; it is whole seconds'),
        (["set", "watch.delay", "true"], "watch.delay is true; it is whole seconds"),
        (["set", "notifications.replays", "yes"], '"yes"; it is true or false'),
        (["set", "notifications.bell", '["loud"]'], 'notifications.bell is "loud"; it is one of'),
        (["set", "display.theme", "dark"], 'display.theme is "dark", which is no theme; there'),
        (["set", "keys.momets", "z"], "no key of this program does momets; there are moments"),
        (["set", "keys.moments", "h"], 'keys.moments would be on "h", where '),
        (["set", "keys.moments", "zz"], 'keys.moments is "zz"; it is a letter, digit or sign'),
        (["get", "keys.momets"], "no key of this program does momets"),
        (["set", "display.time"], "VALUE"),
        (["fetch"], "there is no action 'fetch'"),
    ],
)
def test_wrong_words_are_told_with_what_is_near(
    run: Run, file: Path, words: list[str], sentence: str
) -> None:
    printed = run("config", *words)
    assert printed.code == 2
    assert sentence in printed.err
    assert printed.err.count("\n") == 1
    assert not file.exists()


def test_a_file_that_can_not_be_read_is_told(run: Run, file: Path) -> None:
    file.parent.mkdir()
    file.write_text("[display\n")
    for words in (["get"], ["set", "display.time", "12h"], ["unset", "display.time"]):
        printed = run("config", *words)
        assert printed.code == 6
        assert "not TOML" in printed.err
    assert file.read_text() == "[display\n"


def test_what_is_wrong_in_the_file_is_said_beside_it(run: Run, file: Path) -> None:
    file.parent.mkdir()
    file.write_text('[display]\ntime = "13h"\n')
    printed = run("config", "get", "display.time")
    assert printed.out == "24h\n"
    assert 'settings.toml, line 2: display.time is "13h"' in printed.err


def test_for_scripts(run: Run, file: Path) -> None:
    run("config", "set", "display.time", "12h")
    printed = run("config", "--json", "get").json
    assert printed["schema"] == "rinkside.config/1"
    assert [row["key"] for row in printed["data"]] == [setting.key for setting in SETTINGS]
    assert printed["data"][0] == {
        "key": "display.time",
        "value": "12h",
        "default": "24h",
        "set": True,
        "what": "19:41, or 7:41 pm",
    }
    assert run("config", "path", "--json").json["data"] == [{"key": "path", "value": str(file)}]
    assert json.loads(run("config", "get", "x.y", "--json").err)["code"] == 2
    assert run("config", "--csv").out.startswith("key,value,default,set,what\r\n")


def test_all_keys_are_listed(run: Run) -> None:
    text = run("config", "get", "keys").out
    assert tomllib.loads(text)["keys"]["cursor-up"] == ["up", "k"]
    assert "keys" not in run("config").out
