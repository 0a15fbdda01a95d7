"""The fan's settings: what counts by default, what may be written, and every odd thing."""

from __future__ import annotations

from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st
from msgspec.structs import replace

from longtrack.moments import Kind, Moment
from rinkside.settings import (
    MAX_BYTES,
    Notifications,
    Protocol,
    Settings,
    Wanted,
    read_settings,
    wanted,
)


def moment(kind: Kind, *, quiet: bool = False) -> Moment:
    return Moment(0, kind, "W500", "text", quiet=quiet)


def written(directory: Path, text: str | bytes) -> Path:
    file = directory / "settings.toml"
    file.write_bytes(text.encode() if isinstance(text, str) else text)
    return file


def told(directory: Path, text: str | bytes) -> tuple[Notifications, list[str]]:
    settings, troubles = read_settings(written(directory, text))
    return settings.notifications, troubles


# --- the file ------------------------------------------------------------------------------------


def test_without_a_file_all_is_as_it_comes(tmp_path: Path) -> None:
    assert read_settings(tmp_path / "settings.toml") == (Settings(), [])
    assert read_settings(tmp_path / "no" / "such" / "settings.toml") == (Settings(), [])
    assert told(tmp_path, "") == (Notifications(), [])
    assert told(tmp_path, b"\xef\xbb\xbf# nothing\n") == (Notifications(), [])


def test_everything_can_be_set(tmp_path: Path) -> None:
    found, troubles = told(
        tmp_path,
        """
        [notifications]
        toast = "all"
        bell = ["record", "followed finish"]
        desktop = "followed"
        title = "off"
        replays = true
        desktop-protocol = "both"
        """,
    )
    assert troubles == []
    assert found == Notifications(
        toast=wanted("all"),
        bell=Wanted(frozenset({"record"}), frozenset({"finish"})),
        desktop=wanted("followed"),
        title=Wanted(),
        replays=True,
        desktop_protocol=Protocol.BOTH,
    )


@pytest.mark.parametrize(
    ("line", "words"),
    [
        ('toast = "loud"', 'notifications.toast is "loud"; it is one of "off", "followed", "key"'),
        ('toast = ["record", "loud"]', 'notifications.toast is "loud"'),
        ('toast = ["record", 3]', "notifications.toast is something else"),
        ('toast = ["followed", ["key"]]', "notifications.toast is something else"),
        ("toast = true", "notifications.toast is true; it is one of"),
        ("toast = 2025-12-12", "notifications.toast is something else"),
        ("toast = {}", "notifications.toast is something else"),
        ('toast = ""', 'notifications.toast is ""'),
        ('toast = "nobody record"', 'notifications.toast is "nobody record"'),
        ('toast = "followed off"', 'notifications.toast is "followed off"'),
        ('toast = "followed followed"', 'notifications.toast is "followed followed"'),
        ('toast = "\\u001b]0;x\\u0007"', r'notifications.toast is "\x1b]0;x\x07"'),
        ("replays = 1", "notifications.replays is something else; it is true or false"),
        ('replays = "yes"', 'notifications.replays is "yes"; it is true or false'),
        (
            'desktop-protocol = "osc99"',
            'notifications.desktop-protocol is "osc99"; '
            'it is one of "auto", "osc9", "osc777", "both"',
        ),
        ("desktop-protocol = 9", "notifications.desktop-protocol is something else"),
        ('tost = "all"', "notifications.tost is unknown; there is notifications.toast"),
        ('"\\u001b[2J" = 1', r'notifications."\x1b[2J" is unknown'),
    ],
)
def test_a_wrong_value_is_one_sentence_and_its_default(
    tmp_path: Path, line: str, words: str
) -> None:
    found, troubles = told(tmp_path, f'[notifications]\n{line}\nbell = "record"\n')
    (trouble,) = troubles
    assert trouble.startswith(f"settings.toml, line 2: {words}")
    assert trouble.isprintable()
    assert found == replace(Notifications(), bell=wanted("record")), "the rest counts"


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("[notifications", "not TOML"),
        ("a = 1\nb = \n", "not TOML: Invalid value (at line 2"),
        ("a = 1\na = 2\n", "not TOML: Cannot overwrite a value (at line 2"),
        ("a = " + "[" * 5000, "nested too deeply"),
        (b"\xff\xfe", "not text in UTF-8"),
        ("a = " + "9" * 5000, "not TOML"),
        ("#" * (MAX_BYTES + 1), "larger than 64 KB"),
    ],
    ids=range(7),
)
def test_a_file_that_is_none_is_one_sentence_and_never_fatal(
    tmp_path: Path, text: str | bytes, words: str
) -> None:
    found, troubles = told(tmp_path, text)
    (trouble,) = troubles
    assert trouble.startswith(f"settings.toml: {words}")
    assert trouble.isprintable()
    assert found == Notifications()


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ('notifications = "all"', ', line 1: "notifications" is no table; write [notifications]'),
        ("\n[[notifications]]", ', line 2: "notifications" is no table'),
        (
            "colour = 1",
            ", line 1: colour is unknown; there are [display], [watch], [replay], [notifications] "
            "and [keys]",
        ),
        ("# mine\n[theme]\nx = 1", ", line 2: theme is unknown"),
    ],
)
def test_a_table_that_is_none_is_one_sentence(tmp_path: Path, text: str, words: str) -> None:
    found, troubles = told(tmp_path, text)
    (trouble,) = troubles
    assert trouble.startswith(f"settings.toml{words}")
    assert found == Notifications()


def test_a_directory_in_its_place_is_one_sentence(tmp_path: Path) -> None:
    (tmp_path / "settings.toml").mkdir()
    assert read_settings(tmp_path / "settings.toml") == (Settings(), ["settings.toml: not a file"])


def test_the_file_is_only_read(tmp_path: Path) -> None:
    file = written(tmp_path, "[notifications\n# mine")
    read_settings(file)
    assert file.read_text("utf-8") == "[notifications\n# mine"
    assert list(tmp_path.iterdir()) == [file]


@given(st.text(max_size=200))
def test_no_text_is_a_fault(tmp_path_factory: pytest.TempPathFactory, text: str) -> None:
    file = written(tmp_path_factory.getbasetemp(), text.encode(errors="replace"))
    settings, troubles = read_settings(file)
    assert isinstance(settings, Settings)
    assert all(trouble.isprintable() for trouble in troubles)


# --- which moments are wanted --------------------------------------------------------------------


def test_off_wants_nothing_and_adds_nothing() -> None:
    assert not wanted("off")
    assert wanted("off", "record") == wanted("record")


@pytest.mark.parametrize("kind", Kind)
def test_all_is_what_stands_in_the_ticker(kind: Kind) -> None:
    hidden = kind in (Kind.PASSAGE, Kind.START_LIST, Kind.CONDITIONS)
    assert wanted("all").wants(moment(kind), followed=False) is not hidden
    assert not wanted("all").wants(moment(kind, quiet=True), followed=True)


def test_key_is_what_decides_something() -> None:
    assert wanted("key").wants(moment(Kind.LEADER), followed=False)
    assert not wanted("key").wants(moment(Kind.FINISH), followed=False)
    assert not wanted("key").wants(moment(Kind.CORRECTION, quiet=True), followed=False)


def test_a_kind_is_that_kind_alone() -> None:
    assert wanted("record").wants(moment(Kind.RECORD), followed=False)
    assert not wanted("record").wants(moment(Kind.LEADER), followed=True)
    assert wanted("passage").wants(moment(Kind.PASSAGE, quiet=True), followed=False)


def test_every_finish_is_wanted_where_finishes_are() -> None:
    assert wanted("finish").wants(moment(Kind.FINISH, quiet=True), followed=False)
    # The photo finish adds thousandths to most times.
    assert not wanted("correction").wants(moment(Kind.CORRECTION, quiet=True), followed=False)


def test_followed_is_how_they_fare_and_nobody_else() -> None:
    followed = wanted("followed")
    for kind in (Kind.FINISH, Kind.LEADER, Kind.PERSONAL_BEST, Kind.WITHDRAWN, Kind.RECORD):
        assert followed.wants(moment(kind), followed=True)
        assert not followed.wants(moment(kind), followed=False)
    assert not followed.wants(moment(Kind.OPENER), followed=True)
    assert wanted("followed opener").wants(moment(Kind.OPENER), followed=True)
    assert not wanted("followed opener").wants(moment(Kind.OPENER), followed=False)


def test_by_default_followed_skaters_and_records_are_told_and_nothing_rings() -> None:
    default = Notifications()
    assert default.toast.wants(moment(Kind.RECORD), followed=False)
    assert default.toast.wants(moment(Kind.FINISH), followed=True)
    assert not default.toast.wants(moment(Kind.LEADER), followed=False)
    assert default.title.wants(moment(Kind.LEADER), followed=False)
    assert not default.bell
    assert not default.desktop
    assert not default.replays


def test_a_replay_skips_unless_it_is_told_not_to(tmp_path: Path) -> None:
    assert read_settings(tmp_path / "none.toml")[0].replay.skip
    found, troubles = read_settings(written(tmp_path, "[replay]\nskip = false\n"))
    assert not found.replay.skip
    assert troubles == []
    found, troubles = read_settings(written(tmp_path, "[replay]\nskip = 1\nfast = 2\n"))
    assert found.replay.skip
    assert "replay.skip is something else; it is true or false" in troubles[0]
    assert "replay.fast is unknown" in troubles[1]
