"""The points and totals of World Cups 1 to 4 of 2025/26, held against the official ones.

``data/official_points.csv`` has a line a race: the meet, the race's number, and the official points
of each row of the meet's ``results.csv``, in its order. Those in brackets don't count: the skater
has more of the other division of the same mass start.
"""

from __future__ import annotations

import csv
from collections import defaultdict
from collections.abc import Iterator
from contextlib import closing
from dataclasses import dataclass
from pathlib import Path

import pytest
from msgspec.structs import replace

from longtrack import bundled
from longtrack.bundled import MEETS, open_bundled
from longtrack.model import Discipline, Division, Entry, Meet, Race, Skater, Source, Status, Team
from longtrack.points import scale_of
from longtrack.season import CUPS, Season, cup_of, in_order, season_meet
from longtrack.standings import Standings
from longtrack.state import TapeReader

DATA = Path(__file__).with_name("data")
SHEETS = Path(bundled.__file__).with_name("meets")
LATEST = 2**62
SCALE = scale_of(2026)


@dataclass(frozen=True)
class Official:
    """What the official sheets and standings say of one start."""

    row: dict[str, str]
    points: int
    counts: bool


def read_official() -> dict[tuple[str, int], list[Official]]:
    sheets: dict[tuple[str, int], list[dict[str, str]]] = defaultdict(list)
    for event_id, where in MEETS.items():
        text = (SHEETS / where / "results.csv").read_text("utf-8")
        for row in csv.DictReader(text.splitlines()):
            sheets[event_id, int(row["race"])].append(row)
    found = {}
    event_ids = {where: event_id for event_id, where in MEETS.items()}
    for line in (DATA / "official_points.csv").read_text("utf-8").splitlines():
        where, number, *cells = line.split(",")
        key = event_ids[where], int(number)
        found[key] = [
            Official(row, int(cell.strip("()")), not cell.startswith("("))
            for row, cell in zip(sheets.pop(key), cells, strict=True)
        ]
    assert not sheets
    return found


OFFICIAL = read_official()


@pytest.fixture(scope="module")
def meets() -> dict[str, Meet]:
    found = {}
    for event_id in MEETS:
        with closing(open_bundled(event_id, None)) as tape:
            found[event_id] = TapeReader(tape, event_id).meet(LATEST)
    return found


@pytest.fixture(scope="module")
def season(meets: dict[str, Meet]) -> Season:
    boiled = [season_meet(meet, Source.BUNDLED, {}, LATEST) for meet in meets.values()]
    return Season(2026, in_order(boiled))


def starts(meets: dict[str, Meet]) -> Iterator[tuple[Race, Entry, Official]]:
    for (event_id, number), official in OFFICIAL.items():
        race = meets[event_id].numbered(number)
        assert race is not None
        # The documents have those without a rank last.
        rows = sorted(official, key=lambda each: each.row["rank"] == "")
        for entry, told in zip(race.entries, rows, strict=True):
            who = entry.competitor
            family = who.family if isinstance(who, Skater) else who.name
            assert (family, who.noc) == (told.row["family"], told.row["noc"])
            yield race, entry, told


def test_the_file_has_every_start_of_the_four_meets() -> None:
    told = [each for race in OFFICIAL.values() for each in race]
    assert (len(OFFICIAL), len(told)) == (103, 2514)
    assert sum(each.points for each in told) == 44_480
    assert sum(not each.counts for each in told) == 27


def test_every_start_has_its_official_points(meets: dict[str, Meet]) -> None:
    wrong = [
        (race.code, entry.competitor, told.points)
        for race, entry, told in starts(meets)
        if SCALE.points(race, entry) != told.points
    ]
    assert not wrong


def test_points_do_not_hang_on_the_rank_the_feed_may_leave_out(meets: dict[str, Meet]) -> None:
    unfinished = [
        (SCALE.points(race, replace(entry, rank=None)), told.points)
        for race, entry, told in starts(meets)
        if entry.status is Status.DNF
    ]
    assert len(unfinished) == 14
    assert all(ours == official for ours, official in unfinished)


def test_only_a_mass_start_has_points_that_do_not_count(meets: dict[str, Meet]) -> None:
    idle = [race for race, _, told in starts(meets) if not told.counts]
    assert {race.distance.discipline for race in idle} == {Discipline.MASS_START}
    assert {race.division for race in idle} == set(Division)


@pytest.mark.parametrize("event_id", MEETS)
@pytest.mark.parametrize("cup", CUPS)
def test_after_every_meet_every_total_is_the_sum_of_the_official_points(
    meets: dict[str, Meet], season: Season, cup: str, event_id: str
) -> None:
    end = meets[event_id].event.end
    assert end is not None
    totals: dict[tuple[str, ...], int] = defaultdict(int)
    for (of_meet, number), official in OFFICIAL.items():
        race = meets[of_meet].numbered(number)
        assert race is not None
        if cup_of(race) != cup or list(MEETS).index(of_meet) > list(MEETS).index(event_id):
            continue
        for told in official:
            # The sheets spell everybody the same way throughout, so the bare name will do here.
            team = race.distance.discipline is Discipline.TEAM_PURSUIT
            who = ("", "", told.row["noc"])
            if not team:
                who = told.row["family"], told.row["given"], told.row["noc"]
            totals[who] += told.points if told.counts else 0
    standings = Standings.of(cup, season.until(end).races(cup), season.people)
    ours = {_name(row.competitor): row.points for row in (*standings.rows, *standings.others)}
    assert len(ours) == len(standings.rows) + len(standings.others)
    assert ours == totals
    assert sum(totals.values()) > 200


def _name(who: Skater | Team) -> tuple[str, str, str]:
    return ("", "", who.noc) if isinstance(who, Team) else (who.family, who.given, who.noc)
