"""The cup while a race is on: what counts, who moves, and what it takes."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date
from itertools import permutations

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from msgspec.structs import replace

from longtrack.bundled import DEMO_ID
from longtrack.chase import Chase, chase, is_decided, rest_of_day
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
    Source,
    Status,
)
from longtrack.people import People
from longtrack.points import scale_of, worth
from longtrack.projection import Part, Projected, Projection, Projector, project
from longtrack.season import Result, Season, SeasonMeet, SeasonRace
from longtrack.standings import Standings, order_of
from longtrack.state import TapeReader
from longtrack.tape import Tape
from meets import bundled_season, rink_time

TABLE = scale_of(2026).division_a


def evening(tape: Tape, clock: str, code: str = "W500") -> tuple[Projection, Meet]:
    """The projection of a race of the bundled meet at a moment of it."""
    at = rink_time(clock)
    meet = TapeReader(tape, DEMO_ID).meet(at)
    race = meet.race(code)
    assert race is not None
    projection = Projector(bundled_season()).projection(meet, race, at)
    assert projection is not None
    return projection, meet


def called(projection: Projection, family: str) -> Projected:
    return next(
        row for row in projection.rows if getattr(row.standing.competitor, "family", "") == family
    )


def told(rows: Sequence[Projected]) -> list[tuple[int, str, int, int | None, int]]:
    return [
        (
            row.shown_rank,
            str(getattr(row.standing.competitor, "family", "")),
            row.standing.points,
            row.today,
            row.moved,
        )
        for row in rows
    ]


# --- the story of 12 December 2025 ---------------------------------------------------------------


def test_before_the_race_nobody_has_moved_and_everybody_waits(bundled_tape: Tape) -> None:
    projection, _ = evening(bundled_tape, "12 18:20")
    assert told(projection.rows[:5]) == [
        (1, "KOK", 300, None, 0),
        (2, "LEERDAM", 219, None, 0),
        (3, "FLEDDERUS", 215, None, 0),
        (4, "JACKSON", 213, None, 0),
        (5, "YOSHIDA", 187, None, 0),
    ]
    assert (projection.done, projection.starters) == (0, 20)


def test_before_the_last_pair_only_those_who_are_in_move(bundled_tape: Tape) -> None:
    projection, _ = evening(bundled_tape, "12 19:41:42")
    assert (projection.done, projection.starters) == (18, 20)
    assert told(projection.rows[:5]) == [
        (1, "KOK", 300, None, 0),
        (2, "FLEDDERUS", 253, 38, 1),
        (3, "YOSHIDA", 241, 54, 2),
        (4, "LEERDAM", 219, None, -2),
        (4, "JACKSON", 213, None, 0),
    ]
    assert called(projection, "LEERDAM").part is Part.ABSENT
    assert called(projection, "JACKSON").part is Part.WAITING


def test_after_the_race_jackson_is_third_by_her_best_scores(bundled_tape: Tape) -> None:
    projection, _ = evening(bundled_tape, "12 19:43")
    assert told(projection.rows[:5]) == [
        (1, "KOK", 360, 60, 0),
        (2, "FLEDDERUS", 251, 36, 1),
        (3, "JACKSON", 235, 22, 1),
        (4, "YOSHIDA", 235, 48, 1),
        (5, "LEERDAM", 219, None, -3),
    ]


def test_the_second_500_builds_on_the_first(bundled_tape: Tape) -> None:
    projection, _ = evening(bundled_tape, "14 14:20", "W500-2")
    assert projection.before.by_key.keys() >= {called(projection, "KOK").standing.key}
    before = {
        getattr(row.competitor, "family", ""): row.points for row in projection.before.rows[:5]
    }
    assert before == {"KOK": 360, "FLEDDERUS": 251, "JACKSON": 235, "YOSHIDA": 235, "LEERDAM": 219}
    first, _ = evening(bundled_tape, "14 14:20", "W500")
    assert told(first.rows[:3])[2] == (3, "JACKSON", 235, 22, 1), "looked back at, it stands alone"


def test_division_b_scores_in_the_same_cup_and_moves_no_favourite(bundled_tape: Tape) -> None:
    projection, _ = evening(bundled_tape, "12 14:05", "W500B")
    winner = projection.race.leader
    assert winner is not None
    row = projection.by_key[projection.key(winner)]
    assert (row.today, row.part) == (28, Part.IN)
    kok = called(projection, "KOK")
    assert (kok.part, kok.moved) == (Part.WAITING, 0), "Division A has its race the same day"


def test_the_meet_in_view_counts_once_whatever_its_id_in_the_season(bundled_tape: Tape) -> None:
    season = bundled_season()
    renamed = replace(
        season,
        meets=tuple(
            SeasonMeet(
                **{**{f: getattr(m, f) for f in m.__struct_fields__}, "event_id": "2026_NOR_0077"}
            )
            if m.event_id == DEMO_ID
            else m
            for m in season.meets
        ),
    )
    at = rink_time("12 19:43")
    meet = TapeReader(bundled_tape, DEMO_ID).meet(at)
    race = meet.race("W500")
    assert race is not None
    projection = Projector(renamed).projection(meet, race, at)
    assert projection is not None
    assert told(projection.rows[:1]) == [(1, "KOK", 360, 60, 0)]


def test_an_event_that_is_no_world_cup_and_a_relay_are_in_no_cup(bundled_tape: Tape) -> None:
    at = rink_time("14 18:00")
    meet = TapeReader(bundled_tape, DEMO_ID).meet(at)
    relay, sprint = meet.race("XMR"), meet.race("W500")
    assert relay is not None
    assert sprint is not None
    projector = Projector(bundled_season())
    assert projector.projection(meet, relay, at) is None
    trials = replace(meet, event=replace(meet.event, name="Norwegian Trials", tags=()))
    assert projector.projection(trials, sprint, at) is None
    other_year = replace(meet, event=replace(meet.event, season=2025))
    assert projector.projection(other_year, sprint, at) is None


def test_what_has_not_changed_is_not_worked_out_again(bundled_tape: Tape) -> None:
    reader, projector = TapeReader(bundled_tape, DEMO_ID), Projector(bundled_season())
    seen = []
    for clock in ("12 19:41:42", "12 19:41:43", "12 19:43"):
        at = rink_time(clock)
        meet = reader.meet(at)
        race = meet.race("W500")
        assert race is not None
        seen.append(projector.projection(meet, race, at))
    first, same, later = seen
    assert first is same
    assert later is not first
    assert first is not None
    assert later is not None
    assert later.before is first.before


# --- invented races ------------------------------------------------------------------------------

FIVE_HUNDRED = Distance(Discipline.INDIVIDUAL, 500, 2)
EVENT = Event("2026_NED_0009", "World Cup 9", city="Assen", start=date(2026, 1, 9), season=2026)
NAMES = "ABCDEFGH"


def entry(name: str, rank: int | None = None, status: Status | None = None) -> Entry:
    status = status or (Status.TO_START if rank is None else Status.FINISHED)
    time = None if rank is None else 37_000 + 100 * rank
    return Entry(name, Skater(name, "X", "NED"), status, pair=1, rank=rank, time_ms=time)


def race(*entries: Entry, number: int = 1, ordinal: int = 1) -> Race:
    return Race(
        number, Gender.WOMEN, Division.A, FIVE_HUNDRED, ordinal, "500m Women", entries=entries
    )


def cup(points: dict[str, Sequence[int]]) -> Standings:
    """Standings of earlier races; each skater's points race by race, 0 for not in it."""
    races = []
    for number in range(max(map(len, points.values()), default=0)):
        results = tuple(
            Result(name, "X", "NED", None, Status.FINISHED, 1, scores[number], 37_000)
            for name, scores in points.items()
            if number < len(scores) and scores[number]
        )
        races.append(
            SeasonRace(
                "2026_USA_0001",
                "Salt Lake City",
                number + 1,
                "W500",
                "W500",
                500,
                Division.A,
                number + 1,
                date(2025, 11, 14),
                number,
                True,
                results,
            )
        )
    return Standings.of("W500", races, People(()))


def on(before: Standings, *races: Race) -> tuple[Projection, Meet]:
    meet = Meet(EVENT, races)
    return project(before, meet, races[0]), meet


def key(name: str) -> str:
    return People(()).key(Skater(name, "X", "NED"), Gender.WOMEN)


def takes(projection: Projection, meet: Meet, name: str) -> Chase:
    found = chase(projection, key(name), rest_of_day(projection, meet))
    assert found is not None
    return found


def test_the_place_that_passes_the_one_above_is_the_lowest_that_does() -> None:
    before = cup({"A": [60, 60], "B": [54, 40], "C": [20]})
    projection, meet = on(before, race(entry("C", 1), entry("B"), entry("A")))
    found = takes(projection, meet, "B")
    assert found.above is not None
    assert found.above.key == key("A")
    # B has 94 and A, who still waits, 120: third of three scores 48.
    assert found.passes_above == 3
    assert found.may_place


def test_with_equal_points_the_better_single_score_passes() -> None:
    before = cup({"A": [54, 54], "B": [60]})
    projection, meet = on(before, race(entry("B"), entry("C", 1)))
    # A has 108; B's second place would make 114.
    assert takes(projection, meet, "B").passes_above == 2
    before = cup({"A": [60, 54], "B": [54]})
    projection, meet = on(before, race(entry("B"), entry("C")))
    # 54 + 60 = 114 are A's scores exactly: that shares the rank and passes nobody.
    found = takes(projection, meet, "B")
    assert found.above is not None
    assert found.passes_above is None


def test_a_place_taken_pushes_the_one_above_down() -> None:
    before = cup({"A": [0, 46], "B": [0, 46]})
    projection, meet = on(before, race(entry("A", 1), entry("B")))
    # Level before. A stands at 60 and B behind; with B first A has 54 only.
    assert takes(projection, meet, "B").passes_above == 1


def test_who_has_skated_has_no_place_to_win_and_may_lose_one() -> None:
    before = cup({"A": [60], "B": [50], "C": [40]})
    projection, meet = on(before, race(entry("A", 1), entry("B", 2), entry("C")))
    found = takes(projection, meet, "B")
    assert not found.may_place
    assert found.passes_above is None
    assert found.below is not None
    assert found.below.key == key("C")
    # With 54 B would stay ahead of C's 40 + 60; but C's win makes B third, and that is 50 + 48.
    assert found.passed_by_below == 1
    assert not found.safe_today


def test_nobody_is_safe_from_who_may_still_win() -> None:
    before = cup({"A": [60], "B": [55]})
    projection, meet = on(before, race(entry("B"), entry("A")))
    assert not takes(projection, meet, "A").safe_today
    absent, meet = on(before, race(entry("C"), entry("D")))
    assert takes(absent, meet, "A").safe_today, "neither is in it, and C and D have no points"


def test_another_race_of_the_day_lets_everybody_on_its_list_come_nearer() -> None:
    before = cup({"A": [60, 60], "B": [50, 50]})
    first = race(entry("A", 1), entry("B", 2))
    projection, meet = on(before, first)
    assert takes(projection, meet, "A").safe_today
    again = race(entry("B"), entry("C"), number=2, ordinal=2)
    projection, meet = on(before, first, again)
    # 120 + 60 against 100 + 54 + 60.
    assert not takes(projection, meet, "A").safe_today
    without = race(entry("C"), number=2, ordinal=2)
    projection, meet = on(before, first, without)
    assert takes(projection, meet, "A").safe_today
    unknown = race(number=2, ordinal=2)
    projection, meet = on(before, first, unknown)
    assert not takes(projection, meet, "A").safe_today, "anybody may be on that list"


def test_somebody_without_points_in_the_cup_has_no_chase() -> None:
    projection, meet = on(cup({"A": [60]}), race(entry("A", 1), entry("B")))
    assert chase(projection, key("B"), rest_of_day(projection, meet)) is None


def to_come(*ordinals: int) -> tuple[SeasonRace, ...]:
    return tuple(
        SeasonRace(
            event_id="2026_GER_0001",
            city="Inzell",
            number=ordinal,
            code="W500",
            cup="W500",
            metres=500,
            division=Division.A,
            ordinal=ordinal,
            day=date(2026, 1, 23),
            at=10,
            official=False,
        )
        for ordinal in ordinals
    )


def test_a_cup_is_decided_only_when_all_that_is_to_come_is_known() -> None:
    before = cup({"A": [60, 60, 60], "B": [54, 54]})
    here = race(entry("A", 1), entry("B", 2))
    meet = Meet(EVENT, (here,))

    def decided(known: tuple[SeasonRace, ...] | None) -> bool:
        return is_decided(project(before, meet, here, known), meet)

    assert decided(())
    assert not decided(None)
    # A has 240 and B 162: one more race can't change that, two can.
    assert decided(to_come(1))
    assert not decided(to_come(1, 2))


def test_a_cup_is_not_decided_while_the_meet_has_another_race_of_it() -> None:
    before = cup({"A": [60], "B": [54]})
    here = race(entry("A", 1), entry("B", 2))
    again = race(entry("B"), number=2, ordinal=2)
    assert is_decided(project(before, Meet(EVENT, (here,)), here, ()), Meet(EVENT, (here,)))
    meet = Meet(EVENT, (here, again))
    assert not is_decided(project(before, meet, here, ()), meet)


def test_the_rest_of_the_season_is_known_when_every_programme_is() -> None:
    meet = SeasonMeet("2026_GER_0001", "Inzell", "WC 5", "UTC", None, None, Source.CACHE)
    assert Season(2026, (meet,), whole=True).to_come("W500") is None
    known = replace(meet, coming=to_come(1))
    assert Season(2026, (known,), whole=True).to_come("W500") == to_come(1)
    assert Season(2026, (known,), whole=True).to_come("M500") == ()
    assert Season(2026, (known,), whole=False).to_come("W500") is None, "another may be missing"
    inzell = Event("2026_GER_0001", "World Cup 5", season=2026)
    assert Season(2026, (known,), whole=True).to_come("W500", besides=inzell) == ()


scores = st.lists(st.sampled_from([0, 20, 36, 48, 54, 60]), min_size=1, max_size=3)


@settings(max_examples=150)
@given(
    points=st.lists(scores, min_size=3, max_size=5),
    done=st.integers(min_value=0, max_value=4),
    order=st.permutations(range(5)),
)
def test_trying_says_what_every_way_the_race_can_end_says(
    points: list[list[int]], done: int, order: list[int]
) -> None:
    names = NAMES[: len(points)]
    before = cup(dict(zip(names, points, strict=True)))
    skated = [names[index] for index in order if index < len(names)][:done]
    waiting = [name for name in names if name not in skated]
    entries = [entry(name, rank) for rank, name in enumerate(skated, start=1)]
    projection, meet = on(before, race(*entries, *(entry(name) for name in waiting)))
    ends = list(_ends(skated, waiting))
    for name in names:
        found = chase(projection, key(name), rest_of_day(projection, meet))
        if found is None:
            continue
        mine = found.standing
        behind = [row.key for row in projection.now.rows if row.order > mine.order]
        newcomers = [key(each) for each in waiting if key(each) not in projection.now.by_key]
        caught = any(
            _order(before, other, end) < _order(before, key(name), end)
            for end in ends
            for other in (*behind, *newcomers)
        )
        assert found.safe_today is not caught


def _ends(skated: list[str], waiting: list[str]) -> list[list[str]]:
    """Every way the race can end; whoever waits may also end without a place."""
    ends: list[list[str]] = []
    for count in range(len(waiting) + 1):
        for chosen in permutations(waiting, count):
            ends += _mixed(skated, list(chosen))
    return ends


def _mixed(kept: list[str], more: list[str]) -> list[list[str]]:
    if not kept or not more:
        return [[*kept, *more]]
    return [
        *([kept[0], *rest] for rest in _mixed(kept[1:], more)),
        *([more[0], *rest] for rest in _mixed(kept, more[1:])),
    ]


def _order(before: Standings, who: str, end: list[str]) -> tuple[int, ...]:
    row = before.by_key.get(who)
    had = [score.points for score in row.scores] if row is not None else []
    places = [key(name) for name in end]
    won = [worth(TABLE, places.index(who) + 1)] if who in places else []
    return order_of([*had, *won])


@pytest.mark.parametrize("status", [Status.DNS, Status.WDR])
def test_who_withdrew_is_absent_and_who_was_disqualified_is_in(status: Status) -> None:
    before = cup({"A": [60], "B": [54], "C": [20]})
    projection, _ = on(
        before,
        race(entry("C", 1), entry("A", status=status), entry("B", status=Status.DQ)),
    )
    assert projection.by_key[key("A")].part is Part.ABSENT
    assert projection.by_key[key("A")].moved == -1
    assert (projection.by_key[key("B")].part, projection.by_key[key("B")].today) == (Part.IN, 0)
    assert (projection.done, projection.starters) == (2, 2)
