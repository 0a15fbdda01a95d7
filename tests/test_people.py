"""Who is who: nobody is two people, and no two are one."""

from __future__ import annotations

from itertools import permutations

import pytest

from longtrack.model import Gender, Skater, Team
from longtrack.people import People, Who

W, M = Gender.WOMEN, Gender.MEN


def skater(family: str, given: str, noc: str = "NED", person: str | None = None) -> Who:
    return Who(Skater(family, given, noc, id=person), W)


def count(*everybody: Who) -> int:
    """Return how many people these are, whatever the order in which they became known."""
    known = map(People, permutations(everybody))
    counts = {len({people.key(*who) for who in everybody}) for people in known}
    assert len(counts) == 1, "it hangs on the order"
    return counts.pop()


def test_who_has_an_id_in_one_race_and_none_in_another_is_one_person() -> None:
    assert count(skater("KOK", "Femke"), skater("Kok", "Femke", person="5001")) == 1


@pytest.mark.parametrize(
    ("family", "given", "other_family", "other_given"),
    [
        ("ZUREK", "Damian", "Żurek", "Damian"),
        ("ZDRÁHALOVÁ", "Nikola", "Zdrahalova", "Nikola"),
        ("LEE", "Na-Hyun", "Lee", "Na Hyun"),
        ("RIJPMA-DE JONG", "Antoinette", "Rijpma - de Jong", "Antoinette"),
        ("RIJPMA-DE JONG", "Antoinette", "Rijpma\u2011de\u2010Jong", "Antoinette"),
        ("IN 'T HOF", "Sanne", "in ’t Hof", "Sanne"),
        ("Groß", "Gabriel", "GROSS", "Gabriel"),
        ("Ning", "Zhongyan", "Zhongyan", "Ning"),
        ("Samsonsen", "Julie Nistad", "Nistad Samsonsen", "Julie"),
        ("Bo\u0308kko\u0308", "Anna", "Bökkö", "ANNA"),
        ("Strøm", "Anna", "Strom", "Anna"),
    ],
)
def test_a_spelling_makes_no_new_person(
    family: str, given: str, other_family: str, other_given: str
) -> None:
    assert count(skater(family, given), skater(other_family, other_given)) == 1
    assert count(skater(family, given, person="7"), skater(other_family, other_given)) == 1


@pytest.mark.parametrize(
    "other",
    [
        skater("Chung", "Jae Woong", "KOR"),
        skater("Chung", "Jae Won", "CHN"),
        Who(Skater("Chung", "Jae Won", "KOR"), M),
    ],
)
def test_another_name_or_country_or_gender_is_another_person(other: Who) -> None:
    assert count(skater("Chung", "Jae Won", "KOR"), other) == 2


def test_two_ids_with_one_name_are_two_people() -> None:
    assert count(skater("Li", "Wei", "CHN", "1"), skater("Li", "Wei", "CHN", "2")) == 2


def test_who_has_no_id_is_neither_of_two_with_the_same_name() -> None:
    two = skater("Li", "Wei", "CHN", "1"), skater("Li", "Wei", "CHN", "2")
    assert count(*two, skater("Li", "Wei", "CHN")) == 3


def test_an_id_is_one_person_however_it_is_spelled_and_wherever_from() -> None:
    spellings = [
        skater("Kok", "Femke", person="5001"),
        skater("Kock", "Femke", person="5001"),
        skater("Kok", "Femke", "BEL", person="5001"),
    ]
    assert count(*spellings) == 1
    # Result sheets may have either spelling, without an id.
    assert count(*spellings, skater("KOK", "Femke"), skater("KOCK", "Femke")) == 1


def test_two_who_shared_a_name_once_stay_two() -> None:
    married = skater("Boersma", "Anna", person="1"), skater("Takagi", "Anna", person="1")
    namesake = skater("Takagi", "Anna", person="2")
    assert count(*married, namesake) == 2
    assert count(*married, namesake, skater("Boersma", "Anna")) == 2
    assert count(*married, namesake, skater("Takagi", "Anna")) == 3


def test_who_was_not_known_before_is_told_apart_too() -> None:
    people = People([skater("Li", "Wei", "CHN", "1"), skater("Kok", "Femke")])
    namesake = skater("Li", "Wei", "CHN", "2")
    assert people.key(*namesake) != people.key(*skater("Li", "Wei", "CHN", "1"))
    assert people.key(*skater("Kok", "Femke", person="5001")) == people.key(*skater("KOK", "Femke"))


def test_a_team_is_its_country_and_its_gender() -> None:
    people = People([])
    women = people.key(Team("Netherlands", "NED"), W)
    assert people.key(Team("NED", "NED", W), W) == women
    assert people.key(Team("Netherlands", "NED"), M) != women
    assert people.key(Team("Canada", "CAN"), W) != women
    assert people.key(Skater("", "", "NED"), W) != women


def test_teams_of_which_no_country_can_be_read_are_told_apart_by_name() -> None:
    people = People([])
    assert people.key(Team("Netherlands", ""), W) != people.key(Team("Canada", ""), W)


def test_the_gender_on_the_wire_changes_nothing() -> None:
    people = People([skater("Kok", "Femke", person="5001")])
    assert people.key(Skater("Kok", "Femke", "NED", W, "5001"), W) == people.key(
        Skater("Kok", "Femke", "NED"), W
    )
