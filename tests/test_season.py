"""A season: what was held by when, what is missing, and whose facts count."""

from __future__ import annotations

from contextlib import closing
from datetime import UTC, datetime, timedelta
from zoneinfo import ZoneInfo

import msgspec
import pytest
from msgspec.structs import replace

from longtrack.bundled import open_bundled
from longtrack.model import (
    Discipline,
    Distance,
    Division,
    Gender,
    Meet,
    Race,
    Source,
)
from longtrack.people import Who
from longtrack.season import (
    CUPS,
    Season,
    SeasonMeet,
    SeasonRace,
    cup_of,
    in_order,
    is_overdue,
    season_meet,
)
from longtrack.state import TapeReader
from longtrack.tape import Tape
from scored import DAY, cup_meet, cup_race, result
from wire import WireMeet

NOON = datetime(2026, 1, 24, 12, tzinfo=UTC)
BERLIN = ZoneInfo("Europe/Berlin")


def ms(moment: datetime) -> int:
    return round(moment.timestamp() * 1000)


class Made:
    """An invented meet whose clock is set by hand."""

    def __init__(self) -> None:
        self.now = NOON
        self.wire = WireMeet(
            lambda: self.now, event_id="2026_GER_0001", zone="Europe/Berlin", begins=NOON
        )

    def hold(self, number: int, minutes: int = 30) -> None:
        self.now = self.wire.races[number].begin
        self.wire.start(number)
        for step in self.wire.skate(number):
            self.wire.follow(number, step)
        self.now += timedelta(minutes=minutes)
        self.wire.make_official(number)

    @property
    def meet(self) -> Meet:
        with closing(Tape()) as tape:
            for path, body in self.wire.documents().items():
                tape.append(path, body, 0)
            return TapeReader(tape, self.wire.event_id).meet(2**62)

    def boiled(self, seen: dict[int, int] | None = None, now: datetime = NOON) -> SeasonMeet:
        return season_meet(self.meet, Source.CACHE, seen or {}, ms(now))


def codes(races: tuple[SeasonRace, ...]) -> list[str]:
    return [race.code for race in races]


def parts(meet: SeasonMeet) -> tuple[list[str], list[str], list[str]]:
    return codes(meet.held), codes(meet.missing), codes(meet.coming)


# --- cups --------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("gender", "discipline", "metres", "cup"),
    [
        (Gender.WOMEN, Discipline.INDIVIDUAL, 500, "W500"),
        (Gender.MEN, Discipline.INDIVIDUAL, 1000, "M1000"),
        (Gender.MEN, Discipline.INDIVIDUAL, 1500, "M1500"),
        (Gender.WOMEN, Discipline.INDIVIDUAL, 3000, "WLONG"),
        (Gender.WOMEN, Discipline.INDIVIDUAL, 5000, "WLONG"),
        (Gender.MEN, Discipline.INDIVIDUAL, 5000, "MLONG"),
        (Gender.MEN, Discipline.INDIVIDUAL, 10_000, "MLONG"),
        (Gender.WOMEN, Discipline.MASS_START, None, "WMS"),
        (Gender.MEN, Discipline.TEAM_PURSUIT, None, "MTP"),
        (Gender.MEN, Discipline.TEAM_SPRINT, None, None),
        (Gender.MIXED, Discipline.MIXED_RELAY, None, None),
        (Gender.WOMEN, Discipline.INDIVIDUAL, 100, None),
        (Gender.WOMEN, Discipline.INDIVIDUAL, None, None),
    ],
)
@pytest.mark.parametrize("division", Division)
def test_which_cup_a_race_scores_in(
    gender: Gender, discipline: Discipline, metres: int | None, cup: str | None, division: Division
) -> None:
    race = Race(1, gender, division, Distance(discipline, metres, 2), 1, "")
    assert cup_of(race) == cup
    assert cup is None or cup in CUPS


# --- boiling a meet down -----------------------------------------------------------------------


def test_a_race_is_held_or_to_come() -> None:
    made = Made()
    made.wire.add_race(begin=NOON - timedelta(hours=2), starters=6)
    made.wire.add_race(begin=NOON + timedelta(hours=1), gender="M", metres=5000, starters=4)
    made.wire.add_race(begin=NOON + timedelta(days=1), gender="X", kind="MR", starters=4)
    made.hold(1)
    meet = made.boiled()
    assert parts(meet) == (["W500"], [], ["M5000"])
    assert (meet.event_id, meet.city, meet.source) == ("2026_GER_0001", "Berlin", Source.CACHE)
    (held,), (coming,) = meet.held, meet.coming
    assert (held.cup, held.day, held.official, held.source) == ("W500", DAY, True, Source.CACHE)
    assert [each.points for each in held.results] == [60, 54, 48, 43, 40, 38]
    assert [each.rank for each in held.results] == [1, 2, 3, 4, 5, 6]
    assert (coming.cup, coming.at, coming.results) == ("MLONG", ms(NOON) + 3_600_000, ())


def test_a_race_in_which_somebody_is_still_to_finish_is_not_held() -> None:
    made = Made()
    made.wire.add_race(begin=NOON, starters=4)
    made.wire.start(1)
    made.wire.finish(1, 0, 38_000)
    assert parts(made.boiled()) == ([], [], ["W500"])
    for row in (1, 2, 3):
        made.wire.finish(1, row, 38_000 + row)
    # Over, and not official yet.
    assert parts(made.boiled()) == (["W500"], [], [])
    assert not made.boiled().held[0].official


def test_a_race_that_was_held_and_of_which_nothing_was_fetched_is_missing() -> None:
    made = Made()
    made.wire.add_race(begin=NOON, starters=4, published=False)
    days = [NOON + timedelta(hours=hours) for hours in (20, 25)]
    assert [parts(made.boiled(now=day)) for day in days] == [
        ([], [], ["W500"]),
        ([], ["W500"], []),
    ]


def test_a_start_list_or_half_a_race_of_long_ago_is_no_race_to_come() -> None:
    made = Made()
    made.wire.add_race(begin=NOON, starters=4)
    made.wire.add_race(begin=NOON, metres=1000, starters=4)
    made.wire.start(2)
    made.wire.finish(2, 0, 75_000)
    assert parts(made.boiled()) == ([], [], ["W500", "W1000"])
    assert parts(made.boiled(now=NOON + timedelta(days=2))) == ([], ["W500", "W1000"], [])


def test_an_official_race_without_a_result_is_missing_at_once() -> None:
    made = Made()
    made.wire.add_race(begin=NOON, starters=4, published=False)
    made.wire.make_official(1)
    assert parts(made.boiled()) == ([], ["W500"], [])


def test_a_race_that_is_planned_and_has_no_start_is_not_over_when_it_was_planned() -> None:
    made = Made()
    made.wire.add_race(begin=NOON + timedelta(days=20), published=False)
    races = [replace(race, start=None) for race in made.meet.races]
    meet = replace(made.meet, races=tuple(races))
    boiled = season_meet(meet, Source.CACHE, {}, ms(NOON + timedelta(days=10)))
    assert parts(boiled) == ([], [], ["W500"])


def test_a_race_without_any_time_is_over_by_the_end_of_its_day() -> None:
    made = Made()
    made.wire.add_race(begin=NOON, starters=4)
    made.hold(1)
    timeless = replace(made.meet.races[0], start=None, planned=None, updated=None)
    meet = replace(made.meet, races=(timeless,))
    for seen, at in (({}, 23.999), ({1: ms(NOON)}, 13.0)):
        (race,) = season_meet(meet, Source.CACHE, seen, ms(NOON)).held
        over = datetime.fromtimestamp(race.at / 1000, BERLIN)
        assert over.date() == race.day == DAY
        assert over.hour + over.minute / 60 == pytest.approx(at, abs=0.1)


def test_a_race_was_over_when_the_feed_touched_it_or_before_if_it_was_seen() -> None:
    made = Made()
    made.wire.add_race(begin=NOON, starters=4)
    made.hold(1, minutes=40)
    over = ms(NOON + timedelta(minutes=40))
    for seen, at in (({}, over), ({1: over - 5}, over - 5), ({1: over + 86_400_000}, over)):
        assert made.boiled(seen).held[0].at == at


def test_races_are_in_the_order_they_were_held() -> None:
    made = Made()
    for hours in (5, 1, 3):
        made.wire.add_race(begin=NOON + timedelta(hours=hours), metres=500 + 500 * (hours // 2))
    assert codes(made.boiled().coming) == ["W500", "W1000", "W1500"]
    for number in (1, 2, 3):
        made.hold(number)
    assert codes(made.boiled().held) == ["W500", "W1000", "W1500"]


def test_a_season_can_be_kept_and_read_back() -> None:
    with closing(open_bundled("2026_NOR_0001", None)) as tape:
        meet = season_meet(TapeReader(tape, "2026_NOR_0001").meet(2**62), Source.BUNDLED, {}, 2**62)
    assert len(meet.held) == 27
    assert msgspec.json.decode(msgspec.json.encode(meet), type=SeasonMeet) == meet


# --- two sources of one meet -------------------------------------------------------------------


def fact(code: str, *, division: Division = Division.A, points: int = 60) -> SeasonRace:
    return cup_race(
        result("Kok", points),
        code=code,
        division=division,
        event_id="2026_NOR_0001",
        city="Hamar",
        source=Source.BUNDLED,
    )


def facts(
    *held: SeasonRace, missing: tuple[SeasonRace, ...] = (), coming: tuple[SeasonRace, ...] = ()
) -> SeasonMeet:
    return cup_meet(
        *held,
        missing=missing,
        coming=coming,
        event_id="2026_NOR_0001",
        city="Hamar",
        source=Source.BUNDLED,
    )


def test_fetched_facts_replace_bundled_ones_race_by_race() -> None:
    fetched = cup_meet(
        cup_race(result("Kok", 54), code="W500"),
        missing=(cup_race(code="W500-2"), cup_race(code="W1500")),
        coming=(cup_race(code="W500B"), cup_race(code="W1000")),
    )
    joined = fetched.joined_by(facts(fact("W500"), fact("W500-2"), fact("W500B")))
    assert parts(joined) == (["W500", "W500-2", "W500B"], ["W1500"], ["W1000"])
    assert joined.held[0].results[0].points == 54
    assert [race.source for race in joined.held] == [Source.CACHE, Source.BUNDLED, Source.BUNDLED]
    assert {(race.event_id, race.city) for race in joined.held} == {("2026_GER_0001", "Inzell")}


def test_races_the_feed_has_not_listed_stay_as_the_facts_have_them() -> None:
    fetched = cup_meet(cup_race(result("Kok", 54), code="W500"))
    bundled = facts(
        fact("W1000"), missing=(fact("WTP"), fact("W500")), coming=(fact("WMS"), fact("W500"))
    )
    joined = fetched.joined_by(bundled)
    assert parts(joined) == (["W500", "W1000"], ["WTP"], ["WMS"])
    every = (*joined.held, *joined.missing, *joined.coming)
    assert {race.event_id for race in every} == {"2026_GER_0001"}


def test_a_meet_of_which_nothing_was_fetched_is_the_bundled_one_under_its_own_name() -> None:
    joined = cup_meet().joined_by(
        facts(fact("W500"), missing=(fact("WTP"),), coming=(fact("WMS"),))
    )
    assert parts(joined) == (["W500"], ["WTP"], ["WMS"])
    assert (joined.event_id, joined.source) == ("2026_GER_0001", Source.BUNDLED)
    every = (*joined.held, *joined.missing, *joined.coming)
    assert {(race.event_id, race.city) for race in every} == {("2026_GER_0001", "Inzell")}


def test_joined_races_are_in_the_order_they_were_held() -> None:
    fetched = cup_meet(cup_race(code="W1500", at=20), coming=(cup_race(code="W500", at=99),))
    early, late = (cup_race(code=code, at=at) for code, at in (("W500", 10), ("W1000", 30)))
    assert codes(fetched.joined_by(facts(late, early)).held) == ["W500", "W1500", "W1000"]


# --- the season at a time ----------------------------------------------------------------------


def test_until_a_time_counts_what_was_over_by_then() -> None:
    first = cup_race(result("Kok", 60), at=10)
    second = cup_race(result("Kok", 60), code="W500-2", at=20)
    season = Season(2026, (cup_meet(first, second),), whole=True)
    for when, held in ((9, []), (10, ["W500"]), (19, ["W500"]), (20, ["W500", "W500-2"])):
        before = season.until(when)
        assert codes(before.races("W500")) == held
        assert codes(before.meets[0].coming) == ["W500", "W500-2"][len(held) :]
        assert all(not race.results and not race.official for race in before.meets[0].coming)
    assert season.until(20) == season
    assert season.until(9).whole


def test_until_a_day_counts_what_was_held_on_it_at_the_rink() -> None:
    # Over at two in the morning of the 25th, by UTC.
    late = cup_race(result("Kok", 60), day=DAY, at=ms(datetime(2026, 1, 25, 2, tzinfo=UTC)))
    season = Season(2026, (cup_meet(late, start=DAY),))
    assert codes(season.until(DAY).races("W500")) == ["W500"]
    assert codes(season.until(DAY - timedelta(days=1)).races("W500")) == []
    assert codes(season.until(ms(datetime(2026, 1, 25, tzinfo=UTC))).races("W500")) == []


def test_until_is_about_what_is_missing_too() -> None:
    lost = cup_race(code="WTP", metres=None, at=10)
    season = Season(2026, (cup_meet(missing=(lost,), coming=(cup_race(at=20),)),))
    assert parts(season.until(9).meets[0]) == ([], [], ["WTP", "W500"])
    assert parts(season.until(10).meets[0]) == ([], ["WTP"], ["W500"])


def test_a_season_that_was_made_earlier_stays_as_it_was_then() -> None:
    season = Season(2026, (cup_meet(cup_race(result("Kok", 60), at=10)),))
    assert season.until(5).until(10).races("W500") == ()


def test_what_is_to_come_is_known_only_of_a_season_that_is_known_whole() -> None:
    meets = (
        cup_meet(cup_race(result("Kok", 60)), coming=(cup_race(code="W500-2"),)),
        cup_meet(
            missing=(cup_race(code="WTP", metres=None),),
            coming=(cup_race(code="WMS", metres=None), cup_race(code="W500")),
            event_id="2026_NOR_0002",
        ),
    )
    season = Season(2026, meets, whole=True)
    assert codes(season.to_come("W500") or ()) == ["W500-2", "W500"]
    assert codes(season.to_come("WTP") or ()) == ["WTP"]
    assert season.to_come("M500") == ()
    assert Season(2026, meets).to_come("W500") is None
    unknown = cup_meet(event_id="2026_NED_0002")
    assert Season(2026, (*meets, unknown), whole=True).to_come("W500") is None


def test_meets_are_in_the_order_of_the_calendar() -> None:
    later = cup_meet(event_id="2026_CAN_0001", start=DAY + timedelta(days=1))
    undated = replace(cup_meet(event_id="2026_AAA_0001"), start=None)
    assert in_order([undated, later, cup_meet()]) == (cup_meet(), later, undated)


def test_who_has_raced_is_known_by_gender() -> None:
    races = [cup_race(result("Kok", 60)), cup_race(result("Kok", 60), code="M500")]
    season = Season(2026, (cup_meet(*races),))
    assert season.everybody == {
        Who(races[0].results[0].competitor, Gender.WOMEN),
        Who(races[0].results[0].competitor, Gender.MEN),
    }


def test_the_scale_is_that_of_the_newest_known_season_where_there_is_none() -> None:
    assert Season(2026).scale.season == 2026
    assert Season(2024).scale.season == 2026


def test_a_race_is_overdue_a_day_after_it_should_have_been_held() -> None:
    race = cup_race(at=1000)
    assert not is_overdue(race, 1000 + 86_400_000)
    assert is_overdue(race, 1001 + 86_400_000)
