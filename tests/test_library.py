"""Which meets are known, which is followed, and how one is opened."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from contextlib import closing
from datetime import UTC, date, datetime
from pathlib import Path

import pytest

from feed_server import FeedServer
from longtrack.bundled import MEETS
from longtrack.http import Feed
from longtrack.isu import events_path
from longtrack.model import Source
from longtrack.names import plain
from longtrack.season import season_of
from longtrack.tape import Tape
from longtrack.tape_files import tape_file
from rinkside.library import LATEST, Library, NoSuch, NothingKept
from rinkside.locations import Locations
from rinkside.remembered import Remembered, keep
from wire import WireMeet, encode

HOST = "feed.example"
API = f"https://{HOST}"
DAY = datetime(2026, 1, 24, 12, tzinfo=UTC)
SALT_LAKE_CITY, CALGARY, HEERENVEEN, HAMAR = MEETS


@pytest.fixture
def locations(tmp_path: Path) -> Locations:
    return Locations(data=tmp_path / "data", config=tmp_path / "config")


def library(locations: Locations, *, api: str = API, offline: bool = False) -> Library:
    return Library(locations, api, offline=offline, clock=lambda: round(DAY.timestamp() * 1000))


def invented(
    event_id: str = "2026_GER_0001",
    *,
    begins: datetime = DAY,
    zone: str = "Europe/Berlin",
    name: str = "ISU World Cup Speed Skating 5",
) -> WireMeet:
    return WireMeet(lambda: DAY, event_id=event_id, zone=zone, begins=begins, name=name)


def record(locations: Locations, documents: Mapping[str, bytes], event_id: str, host: str) -> Path:
    file = tape_file(locations.tapes, host, event_id)
    with closing(Tape(file)) as tape:
        for path, body in documents.items():
            if not path.startswith("events/?"):
                tape.append(path, body, round(DAY.timestamp() * 1000))
    return file


def recorded(locations: Locations, meet: WireMeet, host: str = HOST) -> Path:
    return record(locations, meet.documents(), meet.event_id, host)


def listed(locations: Locations, *meets: WireMeet, host: str = HOST) -> None:
    rows = [meet.event() for meet in meets]
    with closing(Tape(tape_file(locations.tapes, host, "library"))) as tape:
        tape.append(events_path(2026), encode({"next": None, "results": rows}), 0)


@pytest.fixture
def tapes() -> Iterator[list[Tape]]:
    """Tapes put in here are closed at the end."""
    opened: list[Tape] = []
    yield opened
    for tape in opened:
        tape.close()


# --- opening a meet ----------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("event_id", "city"),
    [
        (SALT_LAKE_CITY, "Salt Lake City"),
        (CALGARY, "Calgary"),
        (HEERENVEEN, "Heerenveen"),
        (HAMAR, "Hamar"),
    ],
)
def test_with_nothing_known_a_bundled_id_opens_the_bundled_meet(
    locations: Locations, tapes: list[Tape], event_id: str, city: str
) -> None:
    for known in (library(locations), library(locations, offline=True)):
        assert known.is_bundled(event_id)
        opened = known.open(event_id)
        tapes.append(opened.tape)
        assert opened.source is Source.BUNDLED
        assert (opened.event_id, opened.newest.id) == (event_id, event_id)
        assert opened.newest.event.city == city
        assert opened.tape.file == locations.tapes / "bundled" / f"{event_id}.bundled.tape"
    assert len(list((locations.tapes / "bundled").glob("*.tape"))) == 1


def test_the_bundled_meet_of_which_nothing_is_said_is_the_demos(
    locations: Locations, tapes: list[Tape]
) -> None:
    tapes.append((opened := library(locations).bundled()).tape)
    assert opened.event_id == HAMAR


def test_an_id_that_is_none_of_the_bundled_is_not_bundled(locations: Locations) -> None:
    known = library(locations, offline=True)
    assert not known.is_bundled("2026_GER_0001")
    assert known.kept("2026_GER_0001") is None


def test_a_recorded_tape_comes_before_the_bundled_meet(
    locations: Locations, tapes: list[Tape]
) -> None:
    meet = invented(HAMAR)
    meet.add_race(begin=DAY)
    recorded(locations, meet)
    opened = library(locations, offline=True).open(HAMAR)
    tapes.append(opened.tape)
    assert opened.source is Source.CACHE
    assert opened.newest.event.city == "Berlin"


def test_tapes_of_two_feeds_are_not_mixed(locations: Locations, tapes: list[Tape]) -> None:
    for host, zone in ((HOST, "Europe/Berlin"), ("other.example", "Europe/Rome")):
        meet = invented(zone=zone)
        meet.add_race(begin=DAY)
        recorded(locations, meet, host)
    for api, city in ((API, "Berlin"), ("https://other.example/isu", "Rome")):
        known = library(locations, api=api)
        opened = known.open("2026_GER_0001")
        tapes.append(opened.tape)
        assert opened.newest.event.city == city
        assert [event.city for event in known.events() if event.id not in MEETS] == [city]


def test_nothing_is_made_offline_for_a_meet_nothing_is_kept_of(locations: Locations) -> None:
    with pytest.raises(NothingKept, match="without --offline"):
        library(locations, offline=True).open("2026_GER_0001")
    assert not locations.data.exists()


def test_online_an_unknown_meet_gets_a_new_tape(locations: Locations, tapes: list[Tape]) -> None:
    opened = library(locations).open("2026_GER_0001")
    tapes.append(opened.tape)
    assert opened.tape.file == locations.tapes / HOST / "2026_GER_0001.tape"
    assert opened.tape.bounds() is None


@pytest.mark.parametrize("damage", [b"no tape at all" * 99, b"SQLite format 3\0" + b"\7" * 5000])
def test_a_damaged_tape_is_set_aside_and_told(
    locations: Locations, tapes: list[Tape], damage: bytes
) -> None:
    file = tape_file(locations.tapes, HOST, "2026_GER_0001")
    file.parent.mkdir(parents=True)
    file.write_bytes(damage)
    opened = library(locations).open("2026_GER_0001")
    tapes.append(opened.tape)
    assert any("it was set aside as 2026_GER_0001.tape.set-aside-" in note for note in opened.notes)
    assert [each.read_bytes() for each in file.parent.glob("*.set-aside-*")] == [damage]


def test_a_tape_that_opens_and_cannot_be_read_is_set_aside(
    locations: Locations, tapes: list[Tape]
) -> None:
    file = recorded(locations, invented())
    import sqlite3

    with closing(sqlite3.connect(file)) as raw:
        raw.execute("UPDATE version SET body = X'00'")
        raw.commit()
    opened = library(locations).open("2026_GER_0001")
    tapes.append(opened.tape)
    assert any("set aside" in note for note in opened.notes)
    assert opened.newest.races == ()


def test_a_damaged_library_tape_is_set_aside_and_told(locations: Locations) -> None:
    file = tape_file(locations.tapes, HOST, "library")
    file.parent.mkdir(parents=True)
    file.write_bytes(b"nothing of the kind" * 99)
    known = library(locations)
    assert [event.id for event in known.events()] == list(MEETS)
    assert any("library.tape.set-aside-" in note for note in known.notes)


def test_a_tape_file_is_opened_by_its_name(locations: Locations, tapes: list[Tape]) -> None:
    meet = invented()
    meet.add_race(begin=DAY)
    opened = library(locations).open_file(recorded(locations, meet))
    tapes.append(opened.tape)
    assert (opened.event_id, opened.source) == ("2026_GER_0001", Source.CACHE)
    assert len(opened.newest.races) == 1


def test_a_file_that_is_no_tape_is_left_as_it_is(locations: Locations, tmp_path: Path) -> None:
    known = library(locations)
    with pytest.raises(NoSuch, match="there is no tape file"):
        known.open_file(tmp_path / "none.tape")
    (tmp_path / "notes.tape").write_text("no tape" * 99)
    with pytest.raises(NoSuch, match="can't play it"):
        known.open_file(tmp_path / "notes.tape")
    assert (tmp_path / "notes.tape").read_text() == "no tape" * 99
    Tape(tmp_path / "empty.tape").close()
    with pytest.raises(NoSuch, match="no meet on it"):
        known.open_file(tmp_path / "empty.tape")


def test_an_address_that_is_none_is_refused(locations: Locations) -> None:
    for api in ("nope", "ftp://feed.example", "https://", "http://a:b:c", "https://a.example/?x=1"):
        with pytest.raises(ValueError, match="is not the address of a feed"):
            library(locations, api=api)


# --- the bundled meet under another id ---------------------------------------------------------


def test_the_bundled_meet_is_known_by_season_city_and_days(
    locations: Locations, tapes: list[Tape]
) -> None:
    held = invented("2026_NOR_0007", begins=datetime(2025, 12, 12, 9, tzinfo=UTC))
    row = held.event() | {"track": {"city": "Hamar", "timeZone": "Europe/Oslo"}}
    other = invented(HAMAR)
    with closing(Tape(tape_file(locations.tapes, HOST, "library"))) as tape:
        tape.append(events_path(2026), encode([row, other.event()]), 0)
    known = library(locations, offline=True)
    assert known.is_bundled("2026_NOR_0007")
    assert not known.is_bundled(HAMAR)
    opened = known.open("2026_NOR_0007")
    tapes.append(opened.tape)
    assert (opened.source, opened.event_id) == (Source.BUNDLED, HAMAR)
    with pytest.raises(NothingKept):
        known.open(HAMAR)
    assert [event.id for event in known.events()] == [
        *(SALT_LAKE_CITY, CALGARY, HEERENVEEN),
        *("2026_NOR_0007", HAMAR),
    ]


def test_each_bundled_meet_is_known_under_the_feeds_id(
    locations: Locations, tapes: list[Tape]
) -> None:
    rows = []
    for number, (city, day) in enumerate(
        [("Salt Lake City", 14), ("CALGARY", 21), ("Calgary", 22), ("Thialf", 5)]
    ):
        meet = invented(f"2026_ZZZ_{number}", begins=datetime(2025, 11, day, 12, tzinfo=UTC))
        rows.append(meet.event() | {"track": {"city": city, "timeZone": "UTC"}})
    with closing(Tape(tape_file(locations.tapes, HOST, "library"))) as tape:
        tape.append(events_path(2026), encode(rows), 0)
    known = library(locations, offline=True)
    assert [known.bundled_id(f"2026_ZZZ_{number}") for number in range(4)] == [
        *(SALT_LAKE_CITY, CALGARY),
        *(None, None),
    ]
    opened = known.open("2026_ZZZ_1")
    tapes.append(opened.tape)
    assert (opened.source, opened.event_id) == (Source.BUNDLED, CALGARY)
    listed_ids = [event.id for event in known.events()]
    assert SALT_LAKE_CITY not in listed_ids
    assert CALGARY not in listed_ids
    assert {HEERENVEEN, HAMAR} < set(listed_ids)
    assert known.resolve("salt lake city") == "2026_ZZZ_0"


# --- which meet is meant -----------------------------------------------------------------------


def test_an_event_is_named_by_id_city_or_rink(locations: Locations) -> None:
    listed(
        locations,
        invented("2025_GER_0009", begins=datetime(2025, 1, 10, tzinfo=UTC)),
        invented("2026_GER_0001"),
        invented("2026_NOR_0005", zone="Europe/Oslo"),
    )
    known = library(locations)
    assert known.resolve("2026_usa_0001") == "2026_USA_0001"
    assert known.resolve("BERLIN") == "2026_GER_0001"
    assert known.resolve(" oslo ") == "2026_NOR_0005"
    assert known.resolve("Vikingskipet") == HAMAR
    assert known.resolve("thialf") == HEERENVEEN
    assert known.resolve("Salt Lake City") == SALT_LAKE_CITY
    with pytest.raises(NoSuch, match=r"no event is known by 'berln'; did you mean Berlin\?"):
        known.resolve("berln")
    with pytest.raises(NoSuch, match="give its id, such as 2026_NOR_0001"):
        known.resolve("zzz")


@pytest.mark.parametrize(
    ("text", "typed"),
    [
        ("Tomaszów  Mazowiecki", "tomaszow mazowiecki"),
        ("Tromsø", "tromso"),
        ("Łódź", "lodz"),
        ("Großenhain", "grossenhain"),
        ("Québec ", "quebec"),
    ],
)
def test_names_are_compared_as_people_type_them(text: str, typed: str) -> None:
    assert plain(text) == typed


@pytest.mark.parametrize(
    ("day", "named"),
    [(date(2025, 6, 30), 2025), (date(2025, 7, 1), 2026), (date(2026, 1, 24), 2026)],
)
def test_a_season_is_named_by_the_year_it_ends_in(day: date, named: int) -> None:
    assert season_of(day) == named


# --- which meet is followed --------------------------------------------------------------------

BEFORE = invented("2026_GER_0001", begins=datetime(2026, 1, 10, tzinfo=UTC))
NOW = invented("2026_NED_0001", zone="Europe/Amsterdam")
NEXT = invented("2026_ITA_0001", begins=datetime(2026, 2, 20, tzinfo=UTC), zone="Europe/Rome")


def test_with_nothing_known_the_bundled_meet_is_followed(locations: Locations) -> None:
    assert library(locations).choose(DAY) is None
    assert library(locations, offline=True).choose(DAY) is None


def test_the_meet_of_today_is_followed(locations: Locations) -> None:
    listed(locations, BEFORE, NOW, NEXT)
    assert library(locations).choose(DAY) == "2026_NED_0001"


def test_a_live_race_comes_before_the_calendar(locations: Locations) -> None:
    other = invented("2026_JPN_0001", zone="Asia/Tokyo")
    other.add_race(begin=DAY)
    other.start(1)
    listed(locations, NOW, other)
    recorded(locations, other)
    assert library(locations).choose(DAY) == "2026_JPN_0001"


def test_a_race_left_live_on_an_old_tape_is_not_live(locations: Locations) -> None:
    old = invented("2026_JPN_0001", begins=datetime(2025, 11, 20, tzinfo=UTC))
    old.add_race(begin=datetime(2025, 11, 20, tzinfo=UTC))
    old.start(1)
    recorded(locations, old)
    listed(locations, NEXT)
    assert library(locations).choose(DAY) == "2026_ITA_0001"


def test_the_day_is_the_rinks_with_a_day_of_slack(locations: Locations) -> None:
    tomorrow = invented("2026_JPN_0001", begins=datetime(2026, 1, 25, 3, tzinfo=UTC))
    listed(locations, tomorrow, NEXT)
    assert library(locations).choose(DAY) == "2026_JPN_0001"
    listed(locations, NOW, tomorrow)
    assert library(locations).choose(DAY) == "2026_NED_0001"


def test_then_the_next_meet_of_the_season(locations: Locations) -> None:
    listed(locations, BEFORE, NEXT)
    assert library(locations).choose(DAY) == "2026_ITA_0001"
    assert library(locations).choose(datetime(2026, 7, 2, tzinfo=UTC)) is None


def test_then_the_one_watched_last(locations: Locations) -> None:
    listed(locations, BEFORE)
    keep(locations.remembered, Remembered().having_watched(HOST, "2026_GER_0001"))
    assert library(locations).choose(DAY) == "2026_GER_0001"
    assert library(locations, api="https://other.example").choose(DAY) is None
    assert library(locations, offline=True).choose(DAY) is None  # nothing of it is kept


def test_other_meets_and_cancelled_ones_are_not_followed(locations: Locations) -> None:
    junior = NOW.event() | {"name": "ISU Junior World Cup Speed Skating", "tags": ["junior"]}
    cancelled = NEXT.event() | {"isCancelled": True}
    with closing(Tape(tape_file(locations.tapes, HOST, "library"))) as tape:
        tape.append(events_path(2026), encode([junior, cancelled]), 0)
    assert library(locations).choose(DAY) is None


def test_offline_only_what_is_kept_is_followed(locations: Locations) -> None:
    listed(locations, NOW, NEXT)
    recorded(locations, NEXT)
    assert library(locations, offline=True).choose(DAY) == "2026_ITA_0001"


async def test_the_feed_is_asked_for_the_present_season(locations: Locations) -> None:
    meets = [
        invented(f"2026_GER_{number:04}", begins=datetime(2026, 1, number, tzinfo=UTC))
        for number in range(1, 8)
    ]
    page = {"next": None, "results": [meet.event() for meet in meets]}
    async with (
        FeedServer({events_path(2026): encode(page)}, page_size=3) as server,
        Feed(server.url, version="test") as feed,
    ):
        known = library(locations, api=server.url)
        assert [event.id for event in known.events()] == list(MEETS)
        await known.discover(feed)
    assert len(known.events()) == 11
    assert len(library(locations, api=server.url).events()) == 11
    with closing(Tape(tape_file(locations.tapes, "127.0.0.1", "library"))) as tape:
        assert len(tape.heads(LATEST)) == 3
