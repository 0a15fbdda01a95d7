"""What the doctor finds: of this computer, of the files, and of every way a feed can fail."""

from __future__ import annotations

import json
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from msgspec.structs import replace

from feed_server import Fault, FeedServer
from longtrack.http import Limits
from longtrack.isu import competitions_path, event_path, events_path, results_path, schedule_path
from longtrack.known_fields import COMPETITION, EVENT, RESULT, SCHEDULE, compared
from longtrack.season import season_of
from printed import Printed, Run, runner
from rinkside import doctor, doctor_feed
from rinkside.doctor import Finding, Grade
from rinkside.locations import Locations
from wire import WireMeet

NOW = datetime.now(UTC).replace(microsecond=0)
NOW_MS = round(NOW.timestamp() * 1000)
NOBODY = "http://127.0.0.1:1"
SEASON = season_of(NOW.date())
ID = f"{SEASON}_GER_0001"


@pytest.fixture(autouse=True)
def data_dir(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.setenv("RINKSIDE_DATA_DIR", str(tmp_path / "data"))
    monkeypatch.setenv("RINKSIDE_API", NOBODY)
    monkeypatch.setenv("XDG_CONFIG_HOME", str(tmp_path / "config"))
    monkeypatch.setattr(
        doctor_feed,
        "LIMITS",
        Limits(connect_ms=2_000, read_ms=800, total_ms=1_500, body_bytes=500_000),
    )
    return tmp_path / "data"


@pytest.fixture
def run(capsys: pytest.CaptureFixture[str]) -> Run:
    return runner(capsys)


@pytest.fixture
def meet() -> WireMeet:
    meet = WireMeet(lambda: NOW, event_id=ID, zone="Europe/Berlin")
    meet.add_race(begin=NOW - timedelta(hours=2), starters=6)
    meet.hold(1)
    meet.make_official(1)
    meet.add_race(begin=NOW - timedelta(minutes=5), gender="M", metres=1500, starters=4)
    meet.start(2)
    meet.passage(2, 0, 0, 24_100)
    return meet


@pytest.fixture
def server(meet: WireMeet) -> Iterator[FeedServer]:
    with FeedServer(meet.documents()) as server:
        yield server


def rows(printed: Printed, area: str) -> list[dict[str, Any]]:
    return [row for row in printed.json["data"] if row["area"] == area]


def of_feed(printed: Printed) -> str:
    return "\n".join(row["text"] for row in rows(printed, "feed"))


# --- the feed ------------------------------------------------------------------------------------


def test_all_is_well(run: Run, server: FeedServer, data_dir: Path) -> None:
    printed = run("doctor", "--api", server.url)
    assert (printed.code, printed.err) == (0, "")
    assert printed.out.endswith("\nall is well\n")
    assert "  ok     the result of M1500 of Berlin came in " in printed.out
    assert "  ok     the clocks are " in printed.out
    assert server.paths() == [
        events_path(SEASON),
        schedule_path(ID),
        competitions_path(ID),
        results_path(ID, 2),
    ]
    assert not data_dir.exists()


def test_the_rows_for_scripts(run: Run, server: FeedServer) -> None:
    printed = run("doctor", "--api", server.url, "--json")
    assert printed.json["schema"] == "rinkside.doctor/1"
    assert printed.json["source"] == "feed"
    assert {tuple(row) for row in printed.json["data"]} == {("area", "grade", "code", "text")}
    assert run("doctor", "--offline", "--csv").out.startswith("area,grade,code,text\r\n")


def test_offline_asks_nobody_and_says_so(run: Run, server: FeedServer) -> None:
    printed = run("doctor", "--offline", "--api", server.url, "--json")
    assert (printed.code, server.paths()) == (0, [])
    assert of_feed(printed) == "nobody was asked, since --offline says so"
    assert printed.json["source"] == "cache"


UNREADABLE = {
    Fault.WEB_PAGE: "a web page instead of data",
    Fault.OTHER_SHAPE: "is not a list",
    Fault.EMPTY: "is empty",
    Fault.GARBAGE: "is not data",
    Fault.BAD_GZIP: "is garbled",
    Fault.OTHER_HOST: "to another host",
    Fault.CIRCLES: "round in circles",
    Fault.HUGE: "is too large",
}
UNREACHABLE = {
    Fault.STATUS: "the feed answered 500",
    Fault.HANG: "timed out",
    Fault.HALF: "broke off in the middle",
    Fault.RESET: "broke off in the middle",
    Fault.TRICKLE: "timed out",
}


@pytest.mark.parametrize("fault", Fault)
@pytest.mark.parametrize("what", ["events/*", "*/competitions/", "*/results/"])
def test_every_fault_is_told(run: Run, server: FeedServer, fault: Fault, what: str) -> None:
    # The list's pattern would be met by all that lies below it.
    server.misbehave(fault, "events/[?]*" if what == "events/*" else what)
    printed = run("doctor", "--api", server.url, "--json")
    known = UNREADABLE | UNREACHABLE
    assert printed.code == (5 if fault in UNREADABLE else 4)
    (wrong,) = [row for row in printed.json["data"] if row["grade"] == "wrong"]
    assert wrong["area"] == "feed"
    assert known[fault] in wrong["text"]
    assert " can't be had: " in wrong["text"]


def test_nobody_answers(run: Run) -> None:
    printed = run("doctor")
    assert printed.code == 4
    assert "  wrong  the list of events" in printed.out
    assert "can't be had: the feed refused the connection" in printed.out
    assert printed.out.endswith("\n1 thing is wrong\n")


def test_another_server_is_no_feed(run: Run) -> None:
    with FeedServer({}) as server:
        printed = run("doctor", "--api", server.url, "--json")
    assert printed.code == 4
    assert "is that the address of a feed? See --api" in of_feed(printed)


def test_an_address_that_is_none(run: Run) -> None:
    printed = run("doctor", "--api", "nowhere", "--json")
    assert printed.code == 4
    assert "'nowhere' is not the address of a feed" in of_feed(printed)


def test_before_the_season_the_last_one_is_asked_about(run: Run) -> None:
    event_id = f"{SEASON - 1}_GER_0001"
    last = WireMeet(lambda: NOW - timedelta(days=300), event_id=event_id, zone="Europe/Berlin")
    last.add_race(begin=NOW - timedelta(days=300), starters=4)
    last.hold(1)
    empty = b'{"count": 0, "next": null, "previous": null, "results": []}'
    with FeedServer({**last.documents(), events_path(SEASON): empty}) as server:
        printed = run("doctor", "--api", server.url, "--json")
    assert printed.code == 0
    assert "has no World Cup" in of_feed(printed)
    assert "the result of W500 of Berlin came in" in of_feed(printed)


def test_what_is_not_published_is_worth_a_note(run: Run, meet: WireMeet) -> None:
    documents = meet.documents()
    del documents[competitions_path(ID)]
    with FeedServer(documents) as server:
        printed = run("doctor", "--api", server.url, "--json")
    assert printed.code == 0
    assert "the list of races of Berlin is not published" in of_feed(printed)


def test_fields_that_came_and_went_are_named_by_document(run: Run, meet: WireMeet) -> None:
    documents = dict(meet.documents())
    races = json.loads(documents[competitions_path(ID)])
    results = json.loads(documents[results_path(ID, 2)])
    for race in races:
        del race["isLive"]
        race["windSpeed"] = 3
        race["distance"]["laps"] = race["distance"].pop("lapCount")
    for row in results:
        for lap in row["laps"]:
            lap["speed"] = 51.2
        row["\x1b[31mred"] = 1
    documents[competitions_path(ID)] = json.dumps(races).encode()
    with FeedServer(documents) as server:
        # Without isLive it is the race that began last.
        documents[results_path(ID, 2)] = json.dumps(results).encode()
        server.documents = documents
        printed = run("doctor", "--api", server.url, "--json")
    told = of_feed(printed)
    races_of = "the list of races of Berlin: it "
    assert f"{races_of}lacks isLive, distance.lapCount, which the screen lives on" in told
    assert f"{races_of}has windSpeed, distance.laps, which this rinkside does not know" in told
    assert "the result of M1500 of Berlin: it has '\\x1b[31mred', laps.speed, which" in told
    assert printed.code == 0


async def test_a_clock_that_is_wrong_is_told(server: FeedServer) -> None:
    ahead = NOW_MS + 10 * 60_000
    for now, words in ((ahead, "ahead of"), (NOW_MS - 10 * 60_000, "behind")):
        found = await doctor_feed.feed_findings(server.url, "", now)
        (told,) = [each.text for each in found if "clock" in each.text]
        assert f"s {words} the feed's; set it right" in told


async def test_the_source_of_records() -> None:
    found = await doctor_feed.records_findings(NOBODY)
    assert [each.grade for each in found] == [Grade.NOTE]
    assert "the source of records refused the connection" in found[0].text
    with FeedServer({"world_records": b"<html>"}) as server:
        (found_page,) = await doctor_feed.records_findings(server.url)
        assert "something else than records" in found_page.text
        server.documents = {"world_records": b'{"records": []}'}
        (well,) = await doctor_feed.records_findings(server.url)
        assert (well.grade, well.code) == (Grade.OK, 0)
    (unasked,) = await doctor_feed.records_findings("")
    assert "nobody is asked" in unasked.text


# --- fields --------------------------------------------------------------------------------------


def test_the_feed_as_it_is_known_differs_in_nothing(meet: WireMeet) -> None:
    documents = meet.documents()
    shapes = {
        events_path(SEASON): EVENT,
        event_path(ID): EVENT,
        schedule_path(ID): SCHEDULE,
        competitions_path(ID): COMPETITION,
        results_path(ID, 1): RESULT,
    }
    for path, shape in shapes.items():
        found = compared(json.loads(documents[path]), shape)
        assert found.rows >= 1
        assert (found.unknown, found.missing) == ((), ()), path


def test_a_field_that_any_row_has_is_not_missing() -> None:
    found = compared([{"start": 1}, {"links": [{"isLive": True}, None, 3]}, 4], SCHEDULE)
    assert found.rows == 2
    assert found.missing == ("links.identifier",)


JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.text(max_size=5),
    lambda inner: (
        st.lists(inner, max_size=3)
        | st.dictionaries(
            st.sampled_from(["laps", "competitor", "team", "results", "x"]), inner, max_size=3
        )
    ),
    max_leaves=12,
)


@given(JSON)
def test_any_document_can_be_compared(data: object) -> None:
    found = compared(data, RESULT)
    # What it calls unknown stands in the document, and nothing is both there and not.
    assert {each.rpartition(".")[2] for each in found.unknown} <= set(_keys(data))
    assert not {*found.unknown} & {*found.missing}


def _keys(data: object) -> Iterator[str]:
    inner = data if isinstance(data, list) else ()
    if isinstance(data, dict):
        yield from data
        inner = [*data.values()]
    for each in inner:
        yield from _keys(each)


# --- the terminal --------------------------------------------------------------------------------


def test_the_terminal() -> None:
    def told(size: tuple[int, int] | None = (120, 36), encoding: str = "utf-8", **has: str) -> str:
        found = doctor.terminal({"TERM": "xterm-256color", **has}, size, encoding)
        return "\n".join(f"{each.grade} {each.text}" for each in found)

    assert "ok the window has 120 columns and 36 lines\n" in told()
    assert "note the window has 50 columns and 36 lines, which is too small: make it 60 by 20" in (
        told((50, 36))
    )
    assert "too small" in told((120, 19))
    assert "too small" not in told((60, 20))
    assert "standard output is no terminal" in told(None)
    assert "256 colours (TERM=xterm-256color, COLORTERM=not set)" in told()
    assert "16 million colours" in told(COLORTERM="truecolor")
    assert "16 colours" in told(TERM="vt220")
    assert "NO_COLOR is set" in told(NO_COLOR="")
    assert "TERM is dumb" in told(TERM="dumb")
    assert "note TERM is not set" in told(TERM="")
    assert "note it is written latin-1, not UTF-8" in told(encoding="latin-1")
    assert "tmux" in told(TMUX="socket,1,0")
    assert "reached by SSH" in told(SSH_TTY="/dev/pts/1")
    assert "\x1b" not in told(TERM="\x1b[31m", COLORTERM="\x07")


# --- directories and files -----------------------------------------------------------------------


def located(tmp_path: Path) -> Locations:
    return Locations(data=tmp_path / "data", config=tmp_path / "config")


def test_directories_that_are_not_there_yet(tmp_path: Path) -> None:
    found = [*doctor.directories(located(tmp_path))]
    assert doctor.exit_code(found) == 0
    assert f"the data directory {tmp_path / 'data'} is made when it is needed" in found[0].text
    assert not (tmp_path / "data").exists()


def test_a_data_directory_that_cannot_be_used(run: Run, tmp_path: Path) -> None:
    (tmp_path / "data").write_text("a file")
    printed = run("doctor", "--offline")
    assert printed.code == 6
    assert f"can't be used: {tmp_path / 'data'} is a file" in printed.out
    # Which is not what a feed that is away would be told as.
    assert run("doctor").code == 6


@pytest.mark.parametrize(("free", "grade", "code"), [(1e6, "wrong", 6), (1e8, "note", 0)])
def test_little_room(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, free: float, grade: str, code: int
) -> None:
    monkeypatch.setattr("shutil.disk_usage", lambda _: type("Usage", (), {"free": int(free)})())
    *_, room = doctor.directories(located(tmp_path))
    assert (room.grade.value, room.code) == (grade, code)
    assert room.text.startswith("only ")


def test_files_that_are_damaged_are_named_and_left(run: Run, data: Path, tmp_path: Path) -> None:
    config = tmp_path / "config" / "rinkside"
    (config / "themes").mkdir(parents=True)
    (config / "settings.toml").write_text("[notifications]\nbell = 3\n")
    (config / "records.toml").write_text("[[record]]\nkind = 'XX'\n")
    (config / "followed.json").write_text("{")
    (config / "themes" / "mine.toml").write_text("no theme")
    kept = data / "data"
    (kept / "remembered.json").write_text('{"format": 99}')
    feed = kept / "tapes" / "127.0.0.1"
    feed.mkdir(parents=True)
    (feed / f"{ID}.tape").write_bytes(b"not a tape" * 100)
    (feed / f"{ID}.tape.set-aside-1").write_bytes(b"x" * 5000)
    before = {file: file.read_bytes() for file in tmp_path.rglob("*") if file.is_file()}
    printed = run("doctor", "--offline")
    assert printed.code == 0
    for words in (
        "  ok     2 tapes, ",
        f"  note   the recorded tape of {ID} is damaged: ",
        "  note   1 tape was set aside, 5 kB; nothing needs it",
        "  note   settings.toml, line 2: notifications.bell is something else",
        f"  note   {config / 'records.toml'}",
        f"  note   {config / 'followed.json'} is damaged",
        f"  note   {kept / 'remembered.json'} was written by a newer rinkside",
        "  note   mine.toml",
    ):
        assert words in printed.out, printed.out
    assert "nothing is wrong; 7 things worth a look" in printed.out
    after = {file: file.read_bytes() for file in before}
    assert after == before


def test_the_first_serious_trouble_is_the_exit_code() -> None:
    well = Finding("feed", Grade.OK, "well")
    bad = replace(well, grade=Grade.WRONG, code=5)
    assert doctor.exit_code([]) == doctor.exit_code([well]) == 0
    assert doctor.exit_code([well, bad, replace(bad, code=4)]) == 5
