"""The seasons kept on this computer: made of tapes once, and made anew only where it must be."""

from __future__ import annotations

import json
from collections.abc import Mapping
from contextlib import closing
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from longtrack import season as boiling
from longtrack.bundled import MEETS
from longtrack.isu import events_path
from longtrack.model import Source
from longtrack.season import Season, SeasonMeet
from longtrack.standings import Standings
from longtrack.state import TapeReader
from longtrack.tape import Tape
from longtrack.tape_files import tape_file
from rinkside.library import Library
from rinkside.locations import Locations
from rinkside.seasons import Seasons
from wire import WireMeet, encode

HOST = "feed.example"
API = f"https://{HOST}"
DAY = datetime(2026, 1, 24, 12, tzinfo=UTC)
INZELL = "2026_GER_0001"
HAMAR = "2026_NOR_0001"


@pytest.fixture
def locations(tmp_path: Path) -> Locations:
    return Locations(data=tmp_path / "data", config=tmp_path / "config")


@pytest.fixture(autouse=True)
def _laid_once(request: pytest.FixtureRequest) -> None:
    """Spare those tests the time that don't look at what is read."""
    if "read" not in request.fixturenames:
        request.getfixturevalue("laid_once")


@pytest.fixture
def read(monkeypatch: pytest.MonkeyPatch) -> list[str]:
    """The ids of the meets that were read off a tape, one a reading."""
    ids: list[str] = []
    read = TapeReader.meet

    def watched(self: TapeReader, at: int) -> object:
        ids.append(self._event_id)
        return read(self, at)

    monkeypatch.setattr(TapeReader, "meet", watched)
    return ids


def seasons(locations: Locations, *, now: datetime = DAY, api: str = API) -> Seasons:
    """Return what a program that has just been started knows."""
    clock = round(now.timestamp() * 1000)
    return Seasons(Library(locations, api, offline=True, clock=lambda: clock))


def invented(event_id: str = INZELL, *, begins: datetime = DAY, city: str = "Berlin") -> WireMeet:
    return WireMeet(
        lambda: begins + timedelta(minutes=30),
        event_id=event_id,
        zone=f"Europe/{city}",
        begins=begins,
        name="ISU World Cup Speed Skating 5",
    )


def held(event_id: str = INZELL, *, begins: datetime = DAY) -> WireMeet:
    meet = invented(event_id, begins=begins)
    meet.add_race(begin=begins, starters=6)
    meet.hold(1)
    meet.make_official(1)
    return meet


def record(locations: Locations, meet: WireMeet, *, city: str = "", host: str = HOST) -> Path:
    documents = dict(meet.documents())
    if city:
        row = meet.event()
        row["track"]["city"] = city
        documents[f"events/{meet.event_id}/"] = encode(row)
    file = tape_file(locations.tapes, host, meet.event_id)
    with closing(Tape(file)) as tape:
        for path, body in documents.items():
            if not path.startswith("events/?"):
                tape.append(path, body, round(meet.clock().timestamp() * 1000))
    return file


def list_events(locations: Locations, *rows: Mapping[str, object], season: int = 2026) -> None:
    with closing(Tape(tape_file(locations.tapes, HOST, "library"))) as tape:
        tape.append(events_path(season), encode({"next": None, "results": rows}), 0)


def kept_file(locations: Locations, host: str = HOST) -> Path:
    return locations.seasons / host / "2026.json"


def meet_of(season: Season, event_id: str = INZELL) -> SeasonMeet:
    (found,) = [meet for meet in season.meets if meet.event_id == event_id]
    return found


# --- what a season is made of ------------------------------------------------------------------


def test_a_fresh_directory_has_the_bundled_season(locations: Locations) -> None:
    season = seasons(locations).season(2026)
    assert [meet.event_id for meet in season.meets] == list(MEETS)
    assert [len(meet.held) for meet in season.meets] == [28, 28, 20, 27]
    assert {race.source for meet in season.meets for race in meet.held} == {Source.BUNDLED}
    assert not season.whole
    assert seasons(locations).season(2025) == Season(2025)


def test_recorded_meets_count_with_the_bundled_ones(locations: Locations) -> None:
    record(locations, held())
    season = seasons(locations).season(2026)
    assert [meet.event_id for meet in season.meets] == [*MEETS, INZELL]
    assert [race.code for race in meet_of(season).held] == ["W500"]
    assert meet_of(season).source is Source.CACHE
    assert Standings.of("W500", season.races("W500"), season.people).columns[-1].city == "Berlin"


def test_a_list_with_the_final_is_whole(locations: Locations) -> None:
    list_events(locations, {**invented().event(), "tags": ["world-cup", "senior", "final"]})
    assert seasons(locations).season(2026).whole
    assert not seasons(locations).season(2025).whole


def test_a_meet_that_is_listed_and_not_recorded_is_known_by_name(locations: Locations) -> None:
    cancelled = {**invented("2026_GER_0002").event(), "isCancelled": True}
    junior = {**invented("2026_GER_0003").event(), "name": "Junior World Cup", "tags": []}
    list_events(locations, invented().event(), cancelled, junior)
    season = seasons(locations).season(2026)
    assert not season.whole, "the list may grow"
    assert [meet.event_id for meet in season.meets] == [*MEETS, INZELL]
    assert (meet_of(season).city, meet_of(season).has_programme) == ("Berlin", False)
    assert season.to_come("W500") is None


def test_bundled_facts_give_way_race_by_race_also_under_another_id(locations: Locations) -> None:
    begins = datetime(2025, 12, 12, 9, tzinfo=UTC)
    meet = invented("2026_NOR_0007", begins=begins)
    meet.add_race(begin=begins, starters=4, ordinal=1)
    meet.add_race(begin=begins, gender="M", ordinal=1, published=False)
    meet.races[1].rows[0].given, meet.races[1].rows[0].family = "Femke", "Kok"
    meet.races[1].rows[0].noc = "NED"
    meet.hold(1)
    meet.make_official(1)
    record(locations, meet, city="Hamar")
    season = seasons(locations).season(2026)
    assert [each.event_id for each in season.meets] == [*list(MEETS)[:3], "2026_NOR_0007"]
    hamar = meet_of(season, "2026_NOR_0007")
    races = {race.code: race for race in hamar.held}
    assert len(races) == len(hamar.held) == 27
    assert (len(races["W500"].results), races["W500"].source) == (4, Source.CACHE)
    assert (len(races["M500"].results), races["M500"].source) == (20, Source.BUNDLED)
    assert {race.event_id for race in hamar.held} == {"2026_NOR_0007"}
    # She has an id in Hamar, and none on the sheets of the meets before.
    standings = Standings.of("W500", season.races("W500"), season.people)
    (kok,) = [row for row in (*standings.rows, *standings.others) if row.key.startswith("femke ko")]
    assert len(kok.scores) == 6


def test_a_tape_that_cannot_be_read_leaves_the_bundled_facts(locations: Locations) -> None:
    damaged = [tape_file(locations.tapes, HOST, event_id) for event_id in (HAMAR, INZELL)]
    damaged[0].parent.mkdir(parents=True)
    for file in damaged:
        file.write_bytes(b"this was never a tape" * 400)
    known = seasons(locations)
    assert len(meet_of(known.season(2026), HAMAR).held) == 27
    assert sorted(damaged[0].parent.iterdir()) == sorted(damaged), "a season sets nothing aside"


def test_two_feeds_are_not_mixed(locations: Locations) -> None:
    record(locations, held(), host="other.example")
    assert len(seasons(locations).season(2026).meets) == 4
    assert len(seasons(locations, api="https://other.example/isu").season(2026).meets) == 5
    assert kept_file(locations).exists()
    assert kept_file(locations, "other.example").exists()


# --- which season ------------------------------------------------------------------------------


def test_the_newest_season_is_the_newest_one_with_a_result(locations: Locations) -> None:
    assert seasons(locations).newest().year == 2026
    next_winter = DAY.replace(year=2026, month=11)
    meet = invented("2027_GER_0001", begins=next_winter)
    meet.add_race(begin=next_winter)
    record(locations, meet)
    list_events(locations, invented("2028_GER_0001").event(), season=2028)
    assert seasons(locations).newest().year == 2026
    record(locations, held("2027_GER_0001", begins=next_winter))
    newest = seasons(locations).newest()
    assert (newest.year, [meet.event_id for meet in newest.meets]) == (2027, ["2027_GER_0001"])


# --- what is kept ------------------------------------------------------------------------------


def test_the_second_reading_lays_out_and_reads_nothing(
    locations: Locations, read: list[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    record(locations, held())
    first = seasons(locations).season(2026)
    assert sorted(set(read)) == sorted([*MEETS, INZELL])
    kept = kept_file(locations).stat().st_mtime_ns
    read.clear()

    def never(*_: object) -> None:
        raise AssertionError

    monkeypatch.setattr("longtrack.bundled.open_bundled", never)
    assert seasons(locations).season(2026) == first
    assert read == []
    assert kept_file(locations).stat().st_mtime_ns == kept


def test_only_the_tape_that_changed_is_read_again(locations: Locations, read: list[str]) -> None:
    meet = held()
    record(locations, meet)
    seasons(locations).season(2026)
    read.clear()
    meet.add_race(begin=DAY, gender="M", starters=4)
    meet.hold(2)
    record(locations, meet)
    season = seasons(locations).season(2026)
    assert set(read) == {INZELL}
    assert [race.code for race in meet_of(season).held] == ["W500", "M500"]
    assert seasons(locations).season(2026) == season


def test_a_race_that_should_have_been_held_by_now_is_looked_at_again(locations: Locations) -> None:
    meet = invented()
    meet.add_race(begin=DAY, starters=6)
    record(locations, meet)
    before = meet_of(seasons(locations).season(2026))
    after = meet_of(seasons(locations, now=DAY + timedelta(days=2)).season(2026))
    assert [race.code for race in before.coming] == [race.code for race in after.missing]
    assert len(before.coming) == 1
    assert (before.missing, after.coming) == ((), ())


@pytest.mark.parametrize(
    "damage",
    [b"", b"{", b"[1, 2]", b"\xff\xfe\0", b'{"rules": 2, "meets": {"x": {"stamp": 5}}}'],
)
def test_a_damaged_file_is_made_anew(locations: Locations, damage: bytes) -> None:
    season = seasons(locations).season(2026)
    whole = kept_file(locations).read_bytes()
    kept_file(locations).write_bytes(damage)
    known = seasons(locations)
    assert known.season(2026) == season
    assert known.notes == []
    assert kept_file(locations).read_bytes() == whole


def test_a_file_made_by_other_rules_is_made_anew(locations: Locations) -> None:
    season = seasons(locations).season(2026)
    file = json.loads(kept_file(locations).read_bytes())
    for meet in file["meets"].values():
        meet["meet"]["held"] = []
    kept_file(locations).write_text(json.dumps(file | {"rules": boiling.RULES + 1}))
    assert seasons(locations).season(2026) == season
    # Were they the same rules, it would be believed.
    kept_file(locations).write_text(json.dumps(file))
    assert not any(meet.held for meet in seasons(locations).season(2026).meets)


def test_a_directory_nothing_can_be_kept_in_does_no_harm(locations: Locations) -> None:
    locations.data.mkdir()
    locations.seasons.write_text("a file in the way")
    known = seasons(locations)
    assert len(known.season(2026).meets) == 4
    assert known.notes == []
    assert locations.seasons.read_text() == "a file in the way"


# --- what was changed --------------------------------------------------------------------------


def test_an_official_result_that_was_changed_is_told_once(locations: Locations) -> None:
    meet = held()
    record(locations, meet)
    seasons(locations).season(2026)
    meet.disqualify(1, 0)
    record(locations, meet)
    known = seasons(locations)
    known.season(2026)
    assert known.notes == ["the result of W500 in Berlin was changed after it was official"]
    again = seasons(locations)
    again.season(2026)
    assert again.notes == []


def test_a_result_that_was_not_official_changes_silently(locations: Locations) -> None:
    meet = invented()
    meet.add_race(begin=DAY, starters=6)
    meet.hold(1)
    record(locations, meet)
    seasons(locations).season(2026)
    meet.disqualify(1, 0)
    meet.make_official(1)
    record(locations, meet)
    known = seasons(locations)
    known.season(2026)
    assert known.notes == []


def test_a_new_spelling_is_no_change(locations: Locations) -> None:
    meet = held()
    record(locations, meet)
    seasons(locations).season(2026)
    meet.races[1].rows[0].family = "Zdrahalova-Novak"
    record(locations, meet)
    known = seasons(locations)
    names = {each.name for each in meet_of(known.season(2026)).held[0].results}
    assert "Zdrahalova-Novak" in names
    assert known.notes == []


def test_a_result_fetched_in_the_place_of_a_bundled_one_was_not_changed(
    locations: Locations,
) -> None:
    begins = datetime(2025, 12, 12, 9, tzinfo=UTC)
    meet = invented(HAMAR, begins=begins)
    meet.add_race(begin=begins, starters=4, ordinal=1, published=False)
    record(locations, meet, city="Hamar")
    assert len(meet_of(seasons(locations).season(2026), HAMAR).held) == 27
    meet.races[1].published = True
    meet.hold(1)
    meet.make_official(1)
    record(locations, meet, city="Hamar")
    known = seasons(locations)
    races = {race.code: race for race in meet_of(known.season(2026), HAMAR).held}
    assert len(races["W500"].results) == 4
    assert known.notes == []
