"""Fuzzy search: words in any order, without accents, and letters left out."""

from __future__ import annotations

import pytest

from rinkside.fuzzy import fold, match


def letters(query: str, text: str) -> str:
    """Return the letters of a text that a query was found by."""
    found = match(query, text)
    assert found is not None, f"{query!r} is not found in {text!r}"
    return "".join(text[place] for place in sorted(found.places))


@pytest.mark.parametrize(
    ("query", "text", "by"),
    [
        ("wojcik", "WÓJCIK Andżelika POL", "WÓJCIK"),
        ("andzelika w", "WÓJCIK Andżelika POL", "WAndżelika"),
        ("gross", "GROß Gabriel GER", "GROß"),
        ("Wo\u0301jcik", "WÓJCIK", "WÓJCIK"),
        ("高木", "高木 美帆 JPN", "高木"),
        ("jong", "RIJPMA-DE JONG Antoinette", "JONG"),
        ("wjck", "WÓJCIK Andżelika", "WJCK"),
        ("wcs", "World Cup standings", "WCs"),
    ],
)
def test_it_is_found_by_these_letters(query: str, text: str, by: str) -> None:
    assert letters(query, text) == by


@pytest.mark.parametrize(
    ("query", "text"),
    [
        ("", "KOK Femke"),
        ("  ", "KOK Femke"),
        ("kok x", "KOK Femke"),
        ("kmk", "KOK Femke"),  # no m in the first word, and none begins a later one
        ("k", ""),
        ("ok", "FrOnK"),
    ],
)
def test_it_is_not_found(query: str, text: str) -> None:
    assert match(query, text) is None


def test_the_better_match_counts_more() -> None:
    texts = ["KOK Femke", "KOKKO Anna", "Anna KOK", "SKOKI Anna", "KOnecny Karel"]
    found = [match("kok", text) for text in texts]
    scores = [each.score for each in found if each is not None]
    whole, begins, later, inside, scattered = scores
    assert 1 >= whole > later > begins > inside > scattered > 0


def test_each_folded_letter_knows_where_it_comes_from() -> None:
    assert fold("aß\tx") == ("ass x", (0, 1, 1, 2, 3))


def test_no_name_takes_for_ever() -> None:
    # There are more ways to find these letters than there is time to try.
    assert match("abbaabbaabbaabba", "ab" * 100) is not None
    assert match("abbaabbaabbaabbax", "ab" * 100) is None
