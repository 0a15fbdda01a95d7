"""What is said aloud: every kind of moment in words, and no sign left."""

from __future__ import annotations

import re
from contextlib import closing
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from longtrack.bundled import DEMO_ID, open_bundled
from longtrack.model import Meet, Race, Skater, Team
from longtrack.moments import Kind, Moment, Person
from longtrack.nations import nation
from longtrack.state import TapeReader
from longtrack.tape import Tape
from rinkside.library import LATEST
from rinkside.spoken import (
    Speaker,
    about_meet,
    about_race,
    called,
    first_race,
    spoken,
    standing,
    with_nation,
)
from wire import MEN, WireMeet

SIGNS = re.compile("[~▲▼±·–—−+✓●○◐\x00-\x08\x0b-\x1f\x7f]")
"""What a screen reader passes over, or calls by a name nobody knows."""

AT = 1_765_564_907_000
"""19:41:47 in Hamar on 12 December 2025."""


@pytest.fixture(scope="module")
def hamar() -> Meet:
    with closing(open_bundled(DEMO_ID, None)) as tape:
        return TapeReader(tape, DEMO_ID).meet(LATEST)


@pytest.fixture(scope="module")
def told(bundled_tape: Tape) -> list[Moment]:
    return [Moment.from_json(kept.body) for kept in bundled_tape.moments(LATEST)]


KOK = Person("KOK Femke", "NED")
NOGAL = Person("ZIOMEK-NOGAL Kaja", "POL")
ABSENT = Person("LEERDAM Jutta", "NED")

KINDS: list[tuple[Kind, str, dict[str, Any], str]] = [
    (Kind.START, "W500 is live", {}, "W500 is live"),
    (
        Kind.OPENER,
        "KOK ~10.33 at 100 m, fastest opener",
        {"people": (KOK,)},
        "W500: Femke Kok about 10.33 at 100 m, fastest opener",
    ),
    (
        Kind.LEADER,
        "KOK 37.05 leads, 0.60 ahead of ZIOMEK-NOGAL",
        {"people": (KOK,), "sign": "1"},
        "W500: Femke Kok 37.05 leads, 0.60 ahead of Kaja Ziomek-Nogal",
    ),
    (
        Kind.FINISH,
        "W500: 1 KOK 37.05, 2 ZIOMEK-NOGAL 37.65",
        {"people": (KOK, NOGAL), "sign": "1"},
        "W500: 1st Femke Kok 37.05, 2nd Kaja Ziomek-Nogal 37.65",
    ),
    (Kind.FINISH, "KOK 37.05, 1st", {"people": (KOK,)}, "W500: Femke Kok 37.05, 1st"),
    (
        Kind.PODIUM,
        "ZIOMEK-NOGAL 37.65, 0.60 behind KOK",
        {"people": (NOGAL,), "sign": "2"},
        "W500: 2nd, Kaja Ziomek-Nogal 37.65, 0.60 behind Femke Kok",
    ),
    (
        Kind.PODIUM,
        "W500 podium: KOK 37.05, ZIOMEK-NOGAL +0.60",
        {"people": (KOK, NOGAL)},
        "W500 podium: Femke Kok 37.05, Kaja Ziomek-Nogal 0.60 behind",
    ),
    *(
        (
            Kind.RECORD,
            "KOK 37.05, 0.20 under Kodaira's 37.25 (2019)",
            {"people": (KOK,), "sign": sign, "figures": {"record": sign}},
            f"W500: {words}, Femke Kok 37.05, 0.20 under Kodaira's 37.25 (2019)",
        )
        for sign, words in (
            ("TR", "track record"),
            ("WR", "world record"),
            ("OR", "Olympic record"),
            ("NR", "national record"),
        )
    ),
    (
        Kind.PERSONAL_BEST,
        "KOK 37.05, 1st, a personal best by 0.14",
        {"people": (KOK,), "sign": "PB"},
        "W500: Femke Kok 37.05, 1st, a personal best by 0.14",
    ),
    (
        Kind.SEASON_BEST,
        "KOK 37.05, 1st, a season best by 0.14",
        {"people": (KOK,), "sign": "SB"},
        "W500: Femke Kok 37.05, 1st, a season best by 0.14",
    ),
    (Kind.FALL, "KOK fell", {"people": (KOK,), "sign": "F"}, "W500: Femke Kok fell"),
    (
        Kind.RESKATE,
        "KOK may skate again",
        {"people": (KOK,), "sign": "RS"},
        "W500: Femke Kok may skate again",
    ),
    (
        Kind.DISQUALIFIED,
        "KOK is disqualified, false start (T04); ZIOMEK-NOGAL leads",
        {"people": (KOK,), "sign": "DQ"},
        "W500: Femke Kok is disqualified, false start (T04); Kaja Ziomek-Nogal leads",
    ),
    (
        Kind.DID_NOT_FINISH,
        "KOK did not finish",
        {"people": (KOK,), "sign": "DNF"},
        "W500: Femke Kok did not finish",
    ),
    (
        Kind.WITHDRAWN,
        "KOK is withdrawn",
        {"people": (KOK,), "sign": "WDR"},
        "W500: Femke Kok is withdrawn",
    ),
    (
        Kind.CORRECTION,
        "KOK corrected from 37.15 to 37.05",
        {"people": (KOK,), "sign": "±"},
        "W500: correction, Femke Kok corrected from 37.15 to 37.05",
    ),
    (
        Kind.CORRECTION,
        "W500 is not official any more",
        {"sign": "±"},
        "W500: correction, is not official any more",
    ),
    (
        Kind.OFFICIAL,
        "W500 is official: KOK 37.05, ZIOMEK-NOGAL +1:00.60",
        {"people": (KOK, NOGAL)},
        "W500 is official: Femke Kok 37.05, Kaja Ziomek-Nogal 1:00.60 behind",
    ),
    (Kind.DELAYED, "W500 now starts at 19:21", {"sign": "!"}, "W500: delayed, now starts at 19:21"),
    (
        Kind.CUP_RANK,
        "LEERDAM, absent, 2nd to 4th in the cup",
        {"people": (ABSENT,), "sign": "▼", "figures": {"rank": 4, "rank_before": 2}},
        "W500: down 2, Jutta Leerdam, absent, 2nd to 4th in the cup",
    ),
    (
        Kind.CUP_RANK,
        "KOK 20th to 19th in the cup",
        {"people": (KOK,), "sign": "▲", "figures": {"rank": 19, "rank_before": 20}},
        "W500: up 1, Femke Kok 20th to 19th in the cup",
    ),
    (
        Kind.CUP_DECIDED,
        "KOK has won the World Cup 500 m",
        {"people": (KOK,), "sign": "1"},
        "W500: Femke Kok has won the World Cup 500 m",
    ),
    (
        Kind.PASSAGE,
        "KOK ~10.33 at 100 m, ~0.05 behind ZIOMEK-NOGAL",
        {"people": (KOK,)},
        "W500: Femke Kok about 10.33 at 100 m, about 0.05 behind Kaja Ziomek-Nogal",
    ),
    (Kind.START_LIST, "W500: 20 on the start list", {}, "W500: 20 on the start list"),
    (
        Kind.CONDITIONS,
        "W500: ice −8.2°C, air 16.4°C, humidity 19.3 %",
        {},
        "W500: ice minus 8.2 degrees, air 16.4 degrees, humidity 19.3 percent",
    ),
]


@pytest.mark.parametrize(("kind", "text", "more", "said"), KINDS)
def test_what_is_said_of_each_kind(
    hamar: Meet, kind: Kind, text: str, more: dict[str, Any], said: str
) -> None:
    moment = Moment(AT, kind, "W500", text, **more)
    assert Speaker(hamar).sentence(moment) == said
    assert Speaker(hamar).line(moment) == f"19:41:47 {said}"
    assert not SIGNS.search(said)


def test_a_short_name_is_called_once() -> None:
    wire = WireMeet(lambda: NOW)
    wire.add_race(begin=NOW, gender="M", starters=len(MEN))
    (short,) = [each for each in read(wire).people if each.family == "Å"]
    person = Person(f"Å {short.given}", short.noc)
    moment = Moment(AT, Kind.FINISH, "M500", "Å 37.05, 1st", (person,))
    assert Speaker(read(wire)).sentence(moment) == f"M500: {short.given} Å 37.05, 1st"


def test_every_kind_is_among_them() -> None:
    assert {kind for kind, *_ in KINDS} == set(Kind)


def test_no_moment_of_the_bundled_meet_has_a_sign_left(hamar: Meet, told: list[Moment]) -> None:
    speaker = Speaker(hamar)
    assert len(told) > 400
    for moment in told:
        line = speaker.line(moment)
        assert not SIGNS.search(line), line
        assert "  " not in line, line
        # Nobody's name is in capitals, which may be read letter by letter.
        assert not re.search(r"[^\W\d_a-z]{3}", re.sub(r"\b[WMX]\S+|\(\w+\)", "", line)), line


@given(st.text(max_size=60))
def test_any_text_can_be_spoken(text: str) -> None:
    assert not re.search("[~▲▼·]", spoken(text))


@pytest.mark.parametrize(
    ("family", "given", "name"),
    [
        ("RIJPMA-DE JONG", "Antoinette", "Antoinette Rijpma-De Jong"),
        ("Rijpma-de Jong", "Antoinette", "Antoinette Rijpma-de Jong"),
        ("MCDOUGALL", "Brooklyn", "Brooklyn McDougall"),
        ("O'ROURKE", "Siobhán", "Siobhán O'Rourke"),
        ("ŻUREK", "Damian", "Damian Żurek"),
        ("Å", "Bjørn", "Bjørn Å"),
        ("高木", "美帆", "美帆 高木"),
        ("KOK", "", "Kok"),
    ],
)
def test_names_are_called_as_people_are(family: str, given: str, name: str) -> None:
    assert called(Skater(family, given, "NED")) == name


def test_nations_are_called_by_name_where_it_is_known() -> None:
    assert with_nation(Skater("KOK", "Femke", "NED")) == "Femke Kok, Netherlands (NED)"
    assert with_nation(Skater("X", "Y", "ZZZ")) == "Y X (ZZZ)"
    assert with_nation(Skater("X", "Y", "")) == "Y X"
    assert with_nation(Team("Netherlands", "NED")) == "Netherlands (NED)"
    # Of all codes these two are mixed up most.
    assert (nation("AUT"), nation("AUS")) == ("Austria", "Australia")


def test_every_nation_of_the_bundled_season_has_a_name(hamar: Meet) -> None:
    assert all(nation(skater.noc) != skater.noc for skater in hamar.people)


# --- what stands now -----------------------------------------------------------------------------


def heading(meet: Meet, race: Race | None, at: int) -> list[str]:
    return [about_meet(meet), about_race(meet, first_race(meet, race, at), at)]


NOW = datetime(2026, 1, 24, 12, tzinfo=UTC)


def read(wire: WireMeet) -> Meet:
    with closing(Tape()) as tape:
        for path, body in wire.documents().items():
            tape.append(path, body, 0)
        return TapeReader(tape, wire.event_id).meet(LATEST)


def test_the_heading_says_what_stands() -> None:
    wire = WireMeet(lambda: NOW, zone="Europe/Berlin")
    wire.add_race(begin=NOW + timedelta(minutes=20), starters=4)
    wire.add_race(begin=NOW + timedelta(hours=1), gender="M", starters=4, published=False)
    meet, at = read(wire), round(NOW.timestamp() * 1000)
    place, race = heading(meet, None, at)
    assert "times of Europe/Berlin" in place
    assert race.startswith("13:00:00 W500, ")
    assert ": to start on Saturday at 13:20; next: " in race
    assert " against " in race
    wire.start(1)
    wire.finish(1, 0, 38_123)
    wire.passage(1, 1, 0, 10_500)
    running = standing(read(wire), read(wire).races[0])
    assert ": live; " in running
    assert " leads in 38.12; 1 of 4 are in; on the ice: " in running
    wire.hold(1)
    wire.make_official(1)
    over = standing(read(wire), read(wire).races[0])
    assert ": official; " in over
    assert " won in " in over
    assert "next" not in over
    assert not SIGNS.search(" ".join((place, race, running, over)))


def test_the_heading_of_a_meet_without_a_programme() -> None:
    meet = read(WireMeet(lambda: NOW))
    assert heading(meet, None, AT)[-1].endswith("the programme is not published yet")


def test_the_heading_is_of_the_moment_not_of_the_end() -> None:
    with closing(open_bundled(DEMO_ID, None)) as tape:
        meet = TapeReader(tape, DEMO_ID).meet(AT - 60_000)
    lines = heading(meet, meet.race("W500"), AT - 60_000)
    assert "37.05" not in "".join(lines)
    assert "modelled, not published" in lines[0]
    assert lines[1].startswith("19:40:47 W500, 1st 500m Women: live; Kaja Ziomek-Nogal leads")
