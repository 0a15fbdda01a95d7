"""The moments of a real evening: the bundled Friday in Hamar, told from the published facts."""

from __future__ import annotations

import pytest

from longtrack.moments import Kind, Moment, is_key
from longtrack.tape import Tape
from rinkside.library import LATEST


@pytest.fixture(scope="module")
def evening(bundled_tape: Tape) -> list[Moment]:
    return [Moment.from_json(kept.body) for kept in bundled_tape.moments(LATEST)]


def of(evening: list[Moment], race: str, kind: Kind) -> list[Moment]:
    return [m for m in evening if m.race == race and m.kind is kind]


def test_koks_track_record_is_told_once(evening: list[Moment]) -> None:
    (record,) = of(evening, "W500", Kind.RECORD)
    assert record.text == "KOK 37.05, 0.20 under Kodaira's 37.25 (2019)"
    assert record.figures == {
        "record": "TR",
        "time_ms": 37_050,
        "old_ms": 37_250,
        "margin_ms": 200,
    }


def test_ziomek_nogals_opener_is_the_fastest_and_no_modelled_one_is(evening: list[Moment]) -> None:
    fastest = [m for m in of(evening, "W500", Kind.OPENER) if "fastest" in m.text]
    assert [(m.people[0].name, m.figures["time_ms"]) for m in fastest] == [
        ("ZIOMEK-NOGAL Kaja", 10_280)
    ]


def test_the_podium_of_the_womens_1500_has_its_margins(evening: list[Moment]) -> None:
    podium = [m for m in of(evening, "W1500", Kind.PODIUM) if m.text.startswith("W1500 podium")]
    (official,) = of(evening, "W1500", Kind.OFFICIAL)
    for moment in (*podium, official):
        assert moment.text.endswith("TAKAGI 1:54.95, MOROZOVA +0.03, WIKLUND +0.23")
        figures = {"time_ms": 114_950, "second_behind_ms": 30, "third_behind_ms": 230}
        assert moment.figures == figures
    assert len(podium) == 1
    told = [m.text for m in of(evening, "W1500", Kind.LEADER) if not m.is_on_the_way]
    assert told[-1] == "TAKAGI 1:54.95 leads, 0.03 ahead of MOROZOVA"
    assert of(evening, "W1500", Kind.RECORD) == []


@pytest.mark.parametrize(
    ("race", "text"),
    [
        ("M500", "STOLZ 33.97, 0.27 under de Boo's 34.24 (2025)"),
        ("M1500", "STOLZ 1:44.16, 0.11 under Davis's 1:44.27 (2009)"),
    ],
)
def test_the_mens_track_records_fall_once(evening: list[Moment], race: str, text: str) -> None:
    # In the 500 m de Boo was under the old record too, in the same pair and behind Stolz.
    assert [m.text for m in of(evening, race, Kind.RECORD)] == [text]
    if race == "M500":
        de_boo = [m for m in of(evening, race, Kind.FINISH) if m.text.startswith("DE BOO")]
        assert [m.figures["time_ms"] for m in de_boo] == [34_210]


def test_the_cup_is_told_of_absentees_and_finishers_in_the_words_of_the_drawing(
    evening: list[Moment],
) -> None:
    last = of(evening, "W500", Kind.CUP_RANK)[-1]
    assert (last.text, last.sign) == ("LEERDAM, absent, 2nd to 5th in the cup", "▼")
    assert last.figures == {"cup": "W500", "rank": 5, "rank_before": 2, "points": 219}
    assert last.people[0].name == "LEERDAM Jutta"
    assert last.people[0].key == "", "she is not in the race"
    assert [person.key != "" for person in last.people if person.name == "JACKSON Erin"] == [True]
    # The first pair seems to climb, and that is said of nobody aloud.
    first = of(evening, "W500", Kind.CUP_RANK)[0]
    assert first.quiet
    assert of(evening, "W500", Kind.CUP_DECIDED) == [], "the last meets are not known"


def test_a_race_is_said_to_be_live_once_though_two_documents_say_so(evening: list[Moment]) -> None:
    # The list of races and the programme change at the very same time.
    for race in ("W500", "M500", "W1500", "M1500"):
        assert [m.text for m in of(evening, race, Kind.START)] == [f"{race} is live"]


def test_every_starter_finishes_once_and_every_modelled_mark_says_so(evening: list[Moment]) -> None:
    for race, starters in (("W500", 20), ("W1500", 19), ("M1500", 20)):
        finishes = of(evening, race, Kind.FINISH)
        assert len({m.people[0].key for m in finishes}) == len(finishes) == starters
    assert all("~" in m.text for m in evening if "modelled" in m.figures)
    leaders = [m for m in evening if m.kind is Kind.LEADER and m.is_on_the_way]
    assert leaders == [], "nobody leads by a modelled time"


def test_a_pair_of_the_ticker_is_read_in_a_minute(evening: list[Moment]) -> None:
    # Fewer than three lines a skater, and the key moments of a race fit a screen.
    for race in ("W500", "M500", "W1500", "M1500"):
        told = [m for m in evening if m.race == race and not m.quiet]
        assert len(told) < 60
        assert 5 <= sum(map(is_key, told)) <= 24
