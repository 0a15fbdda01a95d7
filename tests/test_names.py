"""Names as the sport writes them, and an initial only where two share a family name."""

from __future__ import annotations

import pytest

from longtrack.model import (
    Discipline,
    Distance,
    Division,
    Entry,
    Event,
    Gender,
    Meet,
    Race,
    Skater,
    Status,
    Team,
)
from longtrack.names import Families, capitals, full_name, initials


def entry(family: str, given: str = "", noc: str = "NED", key: str = "1") -> Entry:
    return Entry(key, Skater(family, given, noc), Status.TO_START)


def among(*entries: Entry) -> Families:
    """The families of a meet at which each of these starts in a race of its own."""
    distance = Distance(Discipline.INDIVIDUAL, 500, 2)
    races = [
        Race(number, Gender.WOMEN, Division.A, distance, 1, "500m Women", entries=(each,))
        for number, each in enumerate(entries, start=1)
    ]
    return Families(Meet(Event("2026_NOR_0001", "World Cup 4"), tuple(races)).people)


@pytest.mark.parametrize(
    ("name", "shown"),
    [
        ("Rijpma-de Jong", "RIJPMA-DE JONG"),
        ("van 't Hoff", "VAN 'T HOFF"),
        ("Żurek", "ŻUREK"),
        ("Groß", "GROß"),  # its capitals would be one letter longer
        ("Sáblíková", "SÁBLÍKOVÁ"),
        ("Жұмабекова", "ЖҰМАБЕКОВА"),
        ("李", "李"),
        ("ŉova", "ŉOVA"),
    ],
)
def test_capitals_change_neither_the_letters_nor_the_length(name: str, shown: str) -> None:
    assert capitals(name) == shown
    assert len(capitals(name)) == len(name)


def test_a_full_name_begins_with_the_family_name_in_capitals() -> None:
    assert full_name(Skater("Rijpma-de Jong", "Antoinette", "NED")) == "RIJPMA-DE JONG Antoinette"
    assert full_name(Skater("Madonna", "", "USA")) == "MADONNA"
    assert full_name(Team("Nederland", "NED")) == "NEDERLAND"


@pytest.mark.parametrize(
    ("given", "shown"),
    [
        ("Antoinette", "A."),
        ("Na-Hyun", "N-H."),
        ("Jae Woong", "J.W."),
        ("Marit Elise", "M.E."),
        ("雪", "雪."),
        ("", ""),
        ("Jean--Luc", "J-L."),
    ],
)
def test_initials_keep_hyphens_and_words(given: str, shown: str) -> None:
    assert initials(given) == shown


def test_a_family_name_stands_alone_where_one_person_has_it() -> None:
    kok = entry("Kok", "Femke")
    assert among(kok, entry("Leerdam", "Jutta"))[kok] == "KOK"


def test_the_same_person_in_two_races_is_one_person() -> None:
    kok = entry("Kok", "Femke")
    assert among(kok, entry("Kok", "Femke", key="2"), kok)[kok] == "KOK"


def test_two_people_with_one_family_name_have_their_initials() -> None:
    davide, pietro = entry("Ghiotto", "Davide", "ITA"), entry("Ghiotto", "Pietro", "ITA")
    families = among(davide, pietro, entry("Kok", "Femke"))
    assert (families[davide], families[pietro]) == ("GHIOTTO D.", "GHIOTTO P.")


def test_a_family_name_is_shared_whatever_its_capitals() -> None:
    lower, upper = entry("de Boo", "Jenning"), entry("De Boo", "Tom")
    assert among(lower, upper)[lower] == "DE BOO J."


def test_without_a_given_name_there_is_no_initial() -> None:
    nameless, other = entry("Ghiotto"), entry("Ghiotto", "Davide")
    families = among(nameless, other)
    assert families[nameless] == "GHIOTTO"
    assert families[other] == "GHIOTTO D."


def test_a_team_is_called_by_its_name_and_shares_it_with_nobody() -> None:
    team = Entry("9", Team("Kok", "NED"), Status.TO_START)
    kok = entry("Kok", "Femke")
    families = among(team, kok)
    assert families[team] == "KOK"
    assert families[kok] == "KOK"


def test_somebody_on_no_start_list_is_named_all_the_same() -> None:
    assert among()[entry("Kok", "Femke")] == "KOK"
