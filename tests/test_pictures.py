"""The pictures in the README are what one command makes of the bundled meet now."""

from __future__ import annotations

import re
import tomllib
from pathlib import Path
from xml.etree import ElementTree

import pytest

from film import SVG
from picture import FILM, FRAMES, NAMES, PICTURES, ROOT, main

FILES = {each.name: each.file for each in (*PICTURES, FILM)}
HOLDS = {
    "meet": ("KOK Femke", "37.05 TR", "0.20 under 37.25", "WORLD CUP W500", "DEMO 8×"),
    "light": ("KOK Femke", "37.05 TR", "0.20 under 37.25", "WORLD CUP W500"),
    "standings": ("World Cup standings", "KOK Femke", "360", "RANK THROUGH THE SEASON"),
    "skater": ("TAKAGI Miho", "1:54.95", "BEHIND OR AHEAD OF MOROZOVA", "LAPS"),
    "timeline": ("STOLZ Jordan", "PAUSED −6:49", "W500 ━", "W1500 ╌", "TR"),
    "80x24": ("KOK Femke", "10.33 needs", "ON THE ICE", "? help"),
    "record": ("FINISHED pair 9", "ON THE ICE pair 10", "37.05 TR", "W500 podium: KOK"),
}


@pytest.fixture(scope="module")
def made(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """What the command writes."""
    directory = tmp_path_factory.mktemp("pictures")
    main(["--to", str(directory)])
    return directory


def picture(directory: Path, name: str) -> str:
    return (directory / FILES[name]).read_text(encoding="utf-8")


def texts(svg: str) -> str:
    """Return all that is written on a picture, one space between any two words."""
    parts = ElementTree.fromstring(svg).iter(f"{{{SVG}}}text")
    return " ".join(" ".join(part.text or "" for part in parts).split())


@pytest.mark.parametrize("name", NAMES)
def test_a_picture_is_what_the_command_makes(made: Path, name: str) -> None:
    again = "python tests/picture.py"
    assert picture(ROOT, name) == picture(made, name), f"{FILES[name]} is stale: {again} {name}"


@pytest.mark.parametrize("name", NAMES)
def test_a_picture_shows_what_it_is_there_for(made: Path, name: str) -> None:
    written = texts(picture(made, name))
    assert [words for words in HOLDS[name] if words not in written] == []


@pytest.mark.parametrize("name", NAMES)
def test_a_picture_loads_nothing_from_elsewhere(made: Path, name: str) -> None:
    svg = re.sub(r"<!--.*?-->", "", picture(made, name), flags=re.DOTALL)
    svg = svg.replace(f'xmlns="{SVG}"', "")
    assert not re.findall(r"https?:|href|src|@import|@font-face|<script|<image|url\([^#]", svg)


def test_one_picture_can_be_made_alone(made: Path, tmp_path: Path) -> None:
    main(["80x24", "--to", str(tmp_path)])
    assert [file for file in tmp_path.rglob("*") if file.is_file()] == [tmp_path / FILES["80x24"]]
    assert picture(tmp_path, "80x24") == picture(made, "80x24")


def test_a_wrong_name_makes_none(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    with pytest.raises(SystemExit) as left:
        main(["standing", "--to", str(tmp_path)])
    assert left.value.code == 2
    assert "no such picture: standing" in capsys.readouterr().err
    assert list(tmp_path.iterdir()) == []


def test_the_theme_is_all_that_is_other_in_the_light(made: Path) -> None:
    dark, light = picture(made, "meet"), picture(made, "light")
    assert texts(dark) == texts(light)
    assert "#fafbfc" in light
    assert "#fafbfc" not in dark


def test_the_readme_shows_every_picture_and_says_how_it_is_made() -> None:
    readme = (ROOT / "README.md").read_text(encoding="utf-8")
    shown = re.findall(r"!\[([^\]]+)\]\(([^)]+)\)", readme)
    assert sorted(file for _, file in shown) == sorted(map(Path.as_posix, FILES.values()))
    assert "`python tests/picture.py`" in readme


def test_no_other_picture_is_kept() -> None:
    kept = {file.relative_to(ROOT) for file in (ROOT / "tests" / "pictures").iterdir()}
    assert kept == set(FILES.values()) - {Path("README.svg")}


def test_what_is_installed_holds_no_picture() -> None:
    build = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))["tool"]["hatch"]
    packages = build["build"]["targets"]["wheel"]["packages"]
    assert packages
    assert not [
        file for file in FILES.values() for package in packages if file.is_relative_to(package)
    ]


# --- the film --------------------------------------------------------------------------------


def frames(svg: str) -> list[str]:
    """Return what stands on the film's screen, by the classes of its rows, frame by frame."""
    groups = [
        (int(match[1]), int(match[2]), group)
        for group in ElementTree.fromstring(svg).iter(f"{{{SVG}}}g")
        if (match := re.fullmatch(r"record-(\d+)-(\d+)", group.get("class", "")))
    ]
    assert groups
    return [
        " ".join(
            " ".join(
                " ".join(group.itertext()) for a, b, group in groups if a <= frame <= b
            ).split()
        )
        for frame in range(len(FRAMES))
    ]


def test_every_row_is_there_once_on_every_frame(made: Path) -> None:
    rows: dict[str, list[int]] = {}
    for group in ElementTree.fromstring(picture(made, "record")).iter(f"{{{SVG}}}g"):
        if match := re.fullmatch(r"record-(\d+)-(\d+)", group.get("class", "")):
            ground = group[0].attrib["y"]
            rows.setdefault(ground, []).extend(range(int(match[1]), int(match[2]) + 1))
    assert len(rows) == FILM.size[1]
    assert all(shown == list(range(len(FRAMES))) for shown in rows.values())


def test_the_record_falls_in_the_film(made: Path) -> None:
    before, opener, both, record, podium = frames(picture(made, "record"))
    assert "FINISHED pair 9 of 10" in before
    assert "at 100 m 3rd +0.05" in opener
    assert "KOK 10.33, JACKSON ~12.16 at 100 m" in both
    assert "37.05 TR" not in both
    assert "37.05 TR" in record
    assert "19 of 20 in" in record
    assert "W500 podium: KOK 37.05" in podium


def test_the_film_ends_where_the_first_picture_stands(made: Path) -> None:
    ends = frames(picture(made, "record"))[-1]
    # The window's title stands outside the screen.
    assert texts(picture(made, "meet")) == f"rinkside demo {ends}"


def test_who_wants_no_motion_sees_the_last_frame(made: Path) -> None:
    style = ElementTree.fromstring(picture(made, "record")).findtext(f"{{{SVG}}}style", "")
    wants = "@media (prefers-reduced-motion: no-preference)"
    moving = {line for line in style.splitlines() if "animation:" in line}
    assert moving
    assert all(line.startswith(wants) for line in moving)
    hidden = set(re.findall(r"^\.record-(\d+-\d+) \{ visibility: hidden \}$", style, re.MULTILINE))
    used = set(re.findall(r'class="record-(\d+-\d+)"', picture(made, "record")))
    last = len(FRAMES) - 1
    assert hidden == {run for run in used if not run.endswith(f"-{last}")}


def test_the_film_is_small(made: Path) -> None:
    assert len(picture(made, "record").encode()) < 400_000
    assert sum(seconds for _, seconds in FRAMES) == pytest.approx(10, abs=2)
