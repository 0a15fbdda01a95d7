"""The time of day, names and degrees, as one writes them and as another does."""

from __future__ import annotations

from datetime import time

import pytest

from longtrack.model import Skater, Team
from rinkside.drawing import manner
from rinkside.drawing.manner import Manner
from rinkside.drawing.typeset import fitted, written_name

LONG = Skater("Rijpma-de Jong", "Antoinette", "NED")


@pytest.mark.parametrize(
    ("moment", "words", "short"),
    [
        (time(0, 5), "12:05 am", "12:05a"),
        (time(9, 41), "9:41 am", " 9:41a"),
        (time(12, 0), "12:00 pm", "12:00p"),
        (time(19, 41), "7:41 pm", " 7:41p"),
        (time(23, 59), "11:59 pm", "11:59p"),
    ],
)
def test_the_time_of_day(moment: time, words: str, short: str) -> None:
    assert manner.clock(moment) == manner.short_clock(moment) == f"{moment:%H:%M}"
    manner.use(Manner(twelve_hours=True))
    assert manner.clock(moment) == words
    assert manner.short_clock(moment) == short
    assert len(short) == manner.clock_width()


def test_degrees() -> None:
    assert manner.degrees(-7.5) == "-7.5°"
    manner.use(Manner(fahrenheit=True))
    assert manner.degrees(-7.5) == "18.5°F"


@pytest.mark.parametrize(
    ("width", "family_first", "given_first"),
    [
        (40, "RIJPMA-DE JONG Antoinette", "Antoinette RIJPMA-DE JONG"),
        (24, "RIJPMA-DE JONG A.", "A. RIJPMA-DE JONG"),
        (16, "RIJPMA-DE JONG", "RIJPMA-DE JONG"),
        (8, "RIJPMA-…", "RIJPMA-…"),
    ],
)
def test_names_fit_whichever_stands_first(width: int, family_first: str, given_first: str) -> None:
    assert fitted(LONG, width) == family_first
    manner.use(Manner(given_first=True))
    assert fitted(LONG, width) == given_first
    manner.use(Manner())
    assert fitted(LONG, width) == family_first


def test_one_name_alone_and_teams_are_the_same_either_way() -> None:
    manner.use(Manner(given_first=True))
    assert written_name(Skater("Kok", "", "NED")) == "KOK"
    assert fitted(Skater("Kok", "", "NED"), 20) == "KOK"
    assert written_name(Team("Netherlands", "NED")) == "NETHERLANDS"
