"""The world cup pane beside the board."""

from __future__ import annotations

import pytest
from msgspec.structs import replace

from longtrack.bundled import DEMO_ID
from longtrack.tape import Tape
from meets import assert_fills, bundled_season, live_session, rink_time
from rinkside.drawing import cup
from rinkside.scene import Scene
from rinkside.session import Choice

SIDES = (41, 45, 52, 78)


def scene(tape: Tape, clock: str, code: str = "W500", cursor: str = "") -> Scene:
    session = live_session(tape, rink_time(clock))
    session.season = bundled_season()
    race = session.meet().race(code)
    assert race is not None
    shown = session.scene(Choice(race=race.number))
    families = {getattr(each.competitor, "family", ""): each.key for each in race.entries}
    return replace(shown, cursor=families[cursor]) if cursor else shown


def pane(shown: Scene, width: int = 45, height: int = 14, indent: int = 0) -> list[str]:
    assert shown.cup is not None
    lines = cup.pane(shown, shown.cup, width, height, indent=indent)
    assert len(lines) == height
    assert_fills(lines, width)
    return [line.text.rstrip() for line in lines]


def test_the_evening_as_it_was_drawn(bundled_tape: Tape) -> None:
    assert pane(scene(bundled_tape, "12 19:43"))[:9] == [
        "WORLD CUP W500  if it ended now",
        "  1     KOK Femke            NED  360 +60"[1:],
        "  2 ▲1  FLEDDERUS Marrit     NED  251 +36"[1:],
        "  3 ▲1  JACKSON Erin         USA  235 +22"[1:],
        "  4 ▲1  YOSHIDA Yukino       JPN  235 +48"[1:],
        "  5 ▼3  LEERDAM Jutta        NED  219   —"[1:],
        "  6     BOERSMA Anna         NED  212 +30"[1:],
        "  7     LEE Na-Hyun          KOR  211 +31"[1:],
        "  8     CHEN Ying-Chu        TPE  195 +27"[1:],
    ]


@pytest.mark.parametrize(
    ("clock", "heading"),
    [
        ("12 18:20", "before the race"),
        ("12 19:41:42", "if it ended now"),
        ("12 19:41:42", "18 of 20 in"),
        ("12 21:30", "after the race"),
    ],
)
def test_the_heading_says_what_is_counted(bundled_tape: Tape, clock: str, heading: str) -> None:
    assert heading in pane(scene(bundled_tape, clock))[0]


def test_a_dot_is_still_to_come_and_a_dash_is_not_in_it(bundled_tape: Tape) -> None:
    lines = pane(scene(bundled_tape, "12 19:41:42"))
    ends = {line[7:].split()[0]: line.split()[-1] for line in lines[1:]}
    assert (ends["KOK"], ends["LEERDAM"], ends["YOSHIDA"]) == ("·", "—", "+54")


@pytest.mark.parametrize("width", SIDES)
@pytest.mark.parametrize("indent", [0, 1])
@pytest.mark.parametrize("code", ["W500", "M5000", "WTP", "WMS"])
def test_every_line_fills_every_width(
    bundled_tape: Tape, width: int, indent: int, code: str
) -> None:
    assert pane(scene(bundled_tape, "14 18:00", code), width, indent=indent)[1].split()[0] == "1"


def test_the_pair_on_the_ice_is_in_it_wherever_it_stands(bundled_tape: Tape) -> None:
    lines = pane(scene(bundled_tape, "12 19:27"), height=8)
    on_ice = [line for line in lines if line[7:].startswith(("WANG J", "YAMADA", "KIM", "BARAN"))]
    shown = scene(bundled_tape, "12 19:27")
    names = [getattr(each.competitor, "family", "") for each in shown.action.entries]
    assert names
    for name in names:
        assert any(name in line for line in lines), (names, on_ice)


def test_the_gap_and_the_races_come_with_the_width(bundled_tape: Tape) -> None:
    shown = scene(bundled_tape, "12 19:43")
    narrow, wide, wall = (pane(shown, width) for width in (45, 52, 78))
    assert "−109" not in narrow[2]
    assert narrow[2].endswith("+36")
    assert wide[2].endswith("+36  −109")
    assert wall[2].split()[-6:] == ["38", "38", "43", "48", "48", "36"]
    assert wall[6].split()[-2:] == ["31", "30"]


def test_under_the_cursor_it_says_what_it_takes(bundled_tape: Tape) -> None:
    lines = pane(scene(bundled_tape, "12 19:41:42", cursor="JACKSON"), height=18)
    told = " ".join(" ".join(lines).split())
    assert "JACKSON 6 behind LEERDAM, level ahead of BOERSMA" in told
    assert "JACKSON passes LEERDAM with place 20 or better" in told
    assert "JACKSON can't be caught today from below" in told
    assert "JACKSON can't be caught" not in " ".join(pane(scene(bundled_tape, "12 19:41:42")))


def test_who_is_chased_is_told_which_place_passes(bundled_tape: Tape) -> None:
    lines = pane(scene(bundled_tape, "12 19:30", cursor="KIM"), height=18)
    told = " ".join(" ".join(lines).split())
    assert "KIM " in told
    assert " needs " in told
    assert " to pass KIM" in told


def test_somebody_without_points_is_told_so(bundled_tape: Tape) -> None:
    shown = scene(bundled_tape, "12 13:00", code="W500B")
    assert shown.cup is not None
    assert shown.race is not None
    entry = next(
        each for each in shown.race.entries if shown.cup.key(each) not in shown.cup.now.by_key
    )
    lines = pane(replace(shown, cursor=entry.key), height=18)
    family = str(getattr(entry.competitor, "family", ""))
    assert f"{family} has no points in this cup yet" in " ".join(" ".join(lines).split())


def test_the_meet_has_no_pane_before_the_season_is_read(bundled_tape: Tape) -> None:
    session = live_session(bundled_tape, rink_time("12 19:43"))
    assert session.scene(Choice()).cup is None
    session.season = bundled_season()
    assert session.scene(Choice()).cup is not None
    assert session.event_id == DEMO_ID
