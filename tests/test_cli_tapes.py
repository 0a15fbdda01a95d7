"""``rinkside tapes`` on the command line: words, exit codes, and what is printed."""

from __future__ import annotations

import csv
import io
import json
import shutil
import subprocess
import sys
from contextlib import closing
from pathlib import Path
from typing import Any

import pytest

from evenings import HOST, own_file, recorded_evening
from longtrack.tape import HOLD_MS, Tape
from longtrack.tape_export import export
from longtrack.tape_files import mark_used
from meets import EVENT
from printed import Run, runner
from rinkside import tapes_command
from rinkside.tapes import NotDone

NOBODY = "http://127.0.0.1:1"


@pytest.fixture(autouse=True)
def data_dir(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    directory = tmp_path / "data"
    out = tmp_path / "out"
    out.mkdir()
    monkeypatch.setenv("RINKSIDE_DATA_DIR", str(directory))
    monkeypatch.setenv("COLUMNS", "100")
    monkeypatch.chdir(out)
    return directory


@pytest.fixture
def run(capsys: pytest.CaptureFixture[str]) -> Run:
    return runner(capsys)


@pytest.fixture(scope="module")
def sound(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return recorded_evening(tmp_path_factory.mktemp("sound") / "evening.tape")


@pytest.fixture
def tape(data_dir: Path, sound: Path) -> Path:
    """A recorded tape of this computer."""
    return placed(data_dir, sound)


def placed(data: Path, sound: Path, *, host: str = HOST, kind: str = "recorded") -> Path:
    file = own_file(data, host=host, kind=kind)
    file.parent.mkdir(parents=True, exist_ok=True)
    shutil.copyfile(sound, file)
    with closing(Tape(file)) as opened:
        opened.remember("kind", kind)
    return file


# --- list ----------------------------------------------------------------------------------------


def test_where_nothing_is_kept_that_is_said(run: Run, data_dir: Path) -> None:
    printed = run("tapes")
    assert (printed.code, printed.err) == (0, "")
    assert printed.out == f"no tape is kept in {data_dir / 'tapes'} yet\n"
    assert run("tapes", "--json").json == {
        "schema": "rinkside.tapes/1",
        "as_of": None,
        "source": "cache",
        "data": [],
    }


def test_the_tapes_in_a_table(run: Run, tape: Path, data_dir: Path, sound: Path) -> None:
    placed(data_dir, sound, host="other.example")
    for words in (["tapes"], ["tapes", "list"]):
        head, first, second, _, last = run(*words).out.splitlines()
        assert head.split()[:4] == ["meet", "days", "kind", "size"]
        assert first.startswith("Oslo · World Cup 4 12–14 Dec 2025 recorded ")
        assert first.endswith("M500 and 4 more have gaps")
        assert second.split()[-7] == "other.example"
        assert last.startswith("2 tapes, ")
        assert last.endswith(f" in {data_dir / 'tapes'}")


@pytest.mark.parametrize("columns", [40, 60, 80, 120, 200])
def test_the_table_keeps_to_the_window(
    run: Run, tape: Path, monkeypatch: pytest.MonkeyPatch, columns: int
) -> None:
    monkeypatch.setenv("COLUMNS", str(columns))
    *lines, _, _ = run("tapes").out.splitlines()
    assert all(len(line) <= columns for line in lines)
    assert ("from, to" in lines[0]) == (columns >= 120)


def test_the_tapes_for_scripts(run: Run, tape: Path, sound: Path) -> None:
    printed = run("tapes", "--json")
    (row,) = printed.json["data"]
    with closing(Tape(tape)) as opened:
        bounds = opened.bounds()
    assert bounds is not None
    assert printed.json["as_of"] == row["last"]
    assert {**row, "used": None, "bytes": None} == {
        "event": EVENT,
        "city": "Oslo",
        "title": "World Cup 4",
        "start": "2025-12-12",
        "end": "2025-12-14",
        "kind": "recorded",
        "feed": HOST,
        "first": "2025-12-12T18:05:00Z",
        "last": row["last"],
        "bytes": None,
        "used": None,
        "complete": False,
        "gaps": ["M500", "W1500", "M1500", "W500B", "W1000"],
        "results_only": False,
        "imported": False,
        "polled": False,
        "trouble": None,
        "file": str(tape),
    }
    assert row["bytes"] == tape.stat().st_size
    (line,) = csv.DictReader(io.StringIO(run("tapes", "--csv").out))
    assert (line["event"], line["complete"], line["feed"]) == (EVENT, "false", HOST)
    assert line["gaps"] == "M500 W1500 M1500 W500B W1000"


# --- export and import ---------------------------------------------------------------------------


def test_an_export_gets_its_name_from_the_meet(run: Run, tape: Path) -> None:
    printed = run("tapes", "export", "oslo")
    assert (printed.code, printed.err) == (0, "")
    assert printed.out.startswith(f"{EVENT}.tape: the recorded tape of Oslo, 12–14 Dec 2025, ")
    assert [each.name for each in Path().iterdir()] == [f"{EVENT}.tape"]
    assert run("tapes", "export", "oslo").code == 2
    assert f"{EVENT}.tape is there already" in run("tapes", "export", "oslo").err
    Path("there").mkdir()
    row = run("tapes", "export", EVENT, "there", "--json").json["data"][0]
    assert row["exported"] == str(Path("there").absolute() / f"{EVENT}.tape")
    assert run("tapes", "export", EVENT, "mine.tape").code == 0
    assert Path("mine.tape").read_bytes() == Path(f"{EVENT}.tape").read_bytes()


def test_of_two_kinds_the_recorded_is_exported_unless_said(
    run: Run, tape: Path, data_dir: Path, sound: Path
) -> None:
    placed(data_dir, sound, kind="reenacted")
    assert "the recorded tape" in run("tapes", "export", "oslo").out
    printed = run("tapes", "export", "oslo", "--kind", "reenacted")
    assert printed.out.startswith(f"{EVENT}.reenacted.tape: the re-enacted tape of Oslo")
    assert run("tapes", "export", "oslo", "x", "--kind", "bundled").code == 3
    assert run("tapes", "export", "nowhere").code == 3
    assert run("tapes", "export", "oslo", "no/such/place.tape").code == 6


def told(run: Run, *words: str) -> list[dict[str, Any]]:
    printed = run("--json", "--offline", *words, "--speed", "3600")
    assert printed.code == 0
    return [json.loads(line) for line in printed.out.splitlines()]


def test_what_was_exported_and_imported_is_shown_byte_for_byte_the_same(
    run: Run, tape: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    asked = [
        [*words, *form, "--offline"]
        for words in (["programme", EVENT], ["results", EVENT, "W500"], ["results", EVENT, "M500"])
        for form in ([], ["--json"], ["--csv"])
    ]
    here = [run(*words) for words in asked]
    played = told(run, "watch", EVENT, "--from-start", "--race", "W500")
    assert {"opener", "leader", "podium"} <= {each["kind"] for each in played}
    file = str(tmp_path / "sent.tape")
    assert run("tapes", "export", EVENT, file).code == 0
    assert told(run, "watch", file, "--race", "W500") == played
    monkeypatch.setenv("RINKSIDE_DATA_DIR", str(tmp_path / "elsewhere"))
    printed = run("tapes", "import", file)
    assert printed.code == 0
    assert printed.out == (
        "Oslo · World Cup 4, 12–14 Dec 2025, M500 and 4 more have gaps · imported; "
        f"it is played by rinkside watch {EVENT} --from-start\n"
    )
    assert [run(*words) for words in asked] == here
    assert told(run, "watch", EVENT, "--from-start", "--race", "W500") == played


def test_an_import_is_refused_where_there_is_one(run: Run, tape: Path, sound: Path) -> None:
    printed = run("--json", "tapes", "import", str(sound))
    assert printed.error["code"] == 2
    assert "--replace sets that aside" in printed.error["message"]
    printed = run("tapes", "import", str(sound), "--replace", "--json")
    assert printed.json["data"][0]["imported"] is True
    assert len(list(tape.parent.glob("*.set-aside-*"))) == 1
    assert (
        run("tapes").out.splitlines()[-1].rpartition(", ")[0].endswith("; 1 more set aside there")
    )


def test_a_tape_of_another_feed_says_how_it_is_played(
    run: Run, sound: Path, tmp_path: Path
) -> None:
    export(sound, tmp_path / "x.tape", "other.example")
    out = run("tapes", "import", str(tmp_path / "x.tape")).out
    assert out.endswith(f"rinkside watch {EVENT} --from-start --api https://other.example\n")


def test_what_is_no_tape_is_neither_imported_nor_watched(
    run: Run, sound: Path, tmp_path: Path, data_dir: Path
) -> None:
    file = tmp_path / "x.tape"
    for content, said in (
        (b"text", "is not a tape"),
        (sound.read_bytes()[:50_000], "is damaged or not a tape"),
    ):
        file.write_bytes(content)
        for words in (["tapes", "import"], ["watch", "--json"]):
            printed = run(*words, str(file))
            assert (printed.code, printed.out) == (3, "")
            assert f"{file} {said}; " in (printed.err)
        assert file.read_bytes() == content
    assert run("tapes", "import", str(tmp_path / "nothing.tape")).code == 3
    assert not list(data_dir.rglob("*.tape"))


# --- delete and prune ----------------------------------------------------------------------------


@pytest.fixture
def asked(monkeypatch: pytest.MonkeyPatch) -> list[str]:
    """The questions asked; they are answered with yes."""
    questions: list[str] = []

    def yes(question: str) -> bool:
        questions.append(question)
        return True

    monkeypatch.setattr(tapes_command, "ask", yes)
    return questions


def test_without_a_terminal_nothing_is_deleted(run: Run, tape: Path) -> None:
    for words in (["delete", "oslo"], ["prune", "--older-than", "0d"]):
        printed = run("tapes", *words)
        assert (printed.code, printed.out) == (2, "")
        assert "nothing is deleted; --yes goes without" in printed.err
        assert tape.exists()


def test_yes_asks_nothing(run: Run, tape: Path, asked: list[str]) -> None:
    printed = run("tapes", "delete", "oslo", "--yes")
    assert (printed.code, asked) == (0, [])
    assert printed.out.startswith("1 tape deleted, ")
    assert not tape.exists()


def test_at_a_terminal_it_is_asked_by_name(run: Run, tape: Path, asked: list[str]) -> None:
    assert run("tapes", "delete", "oslo").code == 0
    (question,) = asked
    assert question.startswith("Delete 1 tape, ")
    assert "  the recorded tape of Oslo, 12–14 Dec 2025, M500 and 4 more have gaps, " in question
    assert question.endswith("\n[y/N] ")
    assert not tape.exists()


def test_no_keeps_it(run: Run, tape: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(tapes_command, "ask", lambda _: False)
    printed = run("tapes", "delete", "oslo")
    assert (printed.code, printed.out) == (0, "nothing was deleted\n")
    assert run("tapes", "delete", "oslo", "--json").json["data"][0]["deleted"] is False
    assert tape.exists()


@pytest.mark.parametrize(
    ("typed", "answer"),
    [("y\n", True), ("YES\n", True), ("\n", False), ("no\n", False), ("", False)],
)
def test_what_is_typed(
    monkeypatch: pytest.MonkeyPatch, typed: str, answer: bool, capsys: pytest.CaptureFixture[str]
) -> None:
    class Typed(io.StringIO):
        def isatty(self) -> bool:
            return True

    monkeypatch.setattr("sys.stdin", Typed(typed))
    monkeypatch.setattr("sys.stderr.isatty", lambda: True)
    assert tapes_command.ask("Delete? ") is answer
    assert capsys.readouterr().err == "Delete? "
    monkeypatch.setattr("sys.stdin", io.StringIO("y\n"))
    with pytest.raises(NotDone):
        tapes_command.ask("Delete? ")


def test_a_dry_run_tells_and_deletes_nothing(run: Run, tape: Path, asked: list[str]) -> None:
    for words in (["delete", "oslo"], ["prune", "--larger-than", "1kB"]):
        printed = run("tapes", *words, "--dry-run")
        first, second = printed.out.splitlines()
        assert first.startswith("1 tape, ")
        assert first.endswith(", would be deleted:")
        assert second.startswith("  the recorded tape of Oslo, ")
        row = run("tapes", *words, "--dry-run", "--json").json["data"][0]
        assert row["deleted"] is False
    assert asked == []
    assert tape.exists()


def test_of_two_kinds_it_must_be_said_which(
    run: Run, tape: Path, data_dir: Path, sound: Path
) -> None:
    other = placed(data_dir, sound, kind="reenacted")
    printed = run("tapes", "delete", "oslo", "--yes")
    assert printed.code == 2
    assert "Oslo has 2 tapes; say which with --kind recorded or reenacted" in printed.err
    assert run("tapes", "delete", "oslo", "--kind", "reenacted", "--yes").code == 0
    assert (tape.exists(), other.exists()) == (True, False)
    assert run("tapes", "delete", "oslo", "--kind", "reenacted", "--yes").code == 3
    assert run("tapes", "delete", "nowhere", "--yes").code == 3


def test_a_tape_somebody_records_on_is_not_deleted(run: Run, tape: Path) -> None:
    import time

    with closing(Tape(tape)) as opened:
        opened.claim("somebody", round(time.time() * 1000), HOLD_MS)
        printed = run("tapes", "delete", "oslo", "--yes")
        assert printed.code == 2
        assert "the recorded tape of Oslo is being recorded on; it stays" in printed.err
        assert run("tapes", "prune", "--older-than", "0d", "--yes").out == "no tape has to go\n"
    assert tape.exists()


def test_pruning_by_age_and_size(run: Run, tape: Path, data_dir: Path, sound: Path) -> None:
    other = placed(data_dir, sound, host="other.example")
    mark_used(other, 1_700_000_000_000)
    assert run("tapes", "prune", "--older-than", "52w", "--larger-than", "2GB", "--yes").code == 0
    assert (tape.exists(), other.exists()) == (True, False)
    row = run("tapes", "prune", "--larger-than", "0.1kB", "--yes", "--json").json["data"][0]
    assert (row["event"], row["deleted"]) == (EVENT, True)
    assert not tape.exists()


@pytest.mark.parametrize(
    ("words", "said"),
    [
        (["prune"], "say what is to go: --older-than 90d, --larger-than 500MB or both"),
        (["prune", "--older-than", "soon"], "'soon' is not an age; write days or weeks: 90d, 12w"),
        (["prune", "--older-than=-1d"], "is not an age"),
        (["prune", "--larger-than", "5"], "'5' is not a size; write it as 500MB or 1.5GB"),
        (["export"], "EVENT"),
        (["import"], "FILE"),
        (["burn"], "there is no action 'burn'; there are"),
        (["export", "oslo", "--kind", "stolen"], "invalid choice: 'stolen'"),
        (["list", "--json", "--csv"], "choose one of --json, --csv and --plain"),
    ],
)
def test_wrong_words(run: Run, words: list[str], said: str) -> None:
    printed = run("tapes", *words)
    assert (printed.code, printed.out) == (2, "")
    assert said in printed.err


def test_a_data_directory_that_cannot_be_used(run: Run, tmp_path: Path) -> None:
    (tmp_path / "taken").write_text("x")
    assert run("tapes", "--data-dir", str(tmp_path / "taken")).code == 6


def test_nothing_is_loaded_that_only_a_screen_or_the_feed_needs(tape: Path) -> None:
    script = (
        "import sys; sys.modules['click'] = None\n"
        "from rinkside.__main__ import main\n"
        "main(['tapes'])\n"
        "never = ['textual', 'httpx', 'asyncio', 'rich.console']\n"
        "print([name for name in never if name in sys.modules], file=sys.stderr)"
    )
    done = subprocess.run(
        [sys.executable, "-c", script], capture_output=True, text=True, check=True, timeout=60
    )
    assert done.stderr.splitlines() == ["[]"]
    assert "Oslo" in done.stdout
