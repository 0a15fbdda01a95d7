"""The bundled meet: its facts, and the evening they are laid out as."""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Iterator
from datetime import datetime
from pathlib import Path

import pytest

from longtrack import bundled, isu
from longtrack.bundled import CONTENT, EVENT_ID, held_meet, open_bundled
from longtrack.model import Entry, Lane, Meet, Passage, Race, Skater, Stage, Status
from longtrack.state import TapeReader
from longtrack.tape import Tape
from longtrack.times import show_time


@pytest.fixture(scope="module")
def tape() -> Iterator[Tape]:
    laid = open_bundled(None)
    yield laid
    laid.close()


@pytest.fixture(scope="module")
def at(tape: Tape) -> Callable[[str], Meet]:
    """Return the meet at a time of the rink's clock, such as ``12 19:41:45``."""
    reader = TapeReader(tape, EVENT_ID)

    def read(clock: str) -> Meet:
        moment = datetime.fromisoformat(f"2025-12-{clock}+01:00")
        return reader.meet(round(moment.timestamp() * 1000))

    return read


@pytest.fixture(scope="module")
def final(at: Callable[[str], Meet]) -> Meet:
    return at("15 00:00")


def race_of(meet: Meet, code: str) -> Race:
    race = meet.race(code)
    assert race is not None
    return race


def family(entry: Entry) -> str:
    who = entry.competitor
    return who.family if isinstance(who, Skater) else who.name


def find(race: Race, name: str) -> Entry:
    return next(entry for entry in race.entries if family(entry) == name)


def printed(entry: Entry, race: Race) -> str:
    """Return a time as the sheet prints it, the thousandth where it decided."""
    if entry.time_ms is None:
        return entry.status.value.upper()
    digit = f"({entry.time_ms % 10})" if entry.key in race.splits_hundredths else ""
    return show_time(entry.time_ms) + digit


# --- facts ---------------------------------------------------------------------------------------


def test_the_meet(final: Meet) -> None:
    event = final.event
    assert (event.id, event.title, event.city, event.venue) == (
        "2026_NOR_0001",
        "World Cup 4",
        "Hamar",
        "Vikingskipet",
    )
    assert (str(event.start), str(event.end), event.season) == ("2025-12-12", "2025-12-14", 2026)
    assert event.zone_name == "Europe/Oslo"
    assert event.is_world_cup
    assert final.modelled
    assert [str(day) for day in final.days] == ["2025-12-12", "2025-12-13", "2025-12-14"]


def test_the_programme(final: Meet) -> None:
    friday = "W500B M500B W1500B M1500B W500 M500 W1500 M1500"
    saturday = "W1000B M1000B W3000B M5000B W1000 M1000 W3000 M5000"
    sunday = "WTPB MTPB W500-2B M500-2B WMSB MMSB WTP MTP W500-2 M500-2 WMS MMS XMR"
    codes = f"{friday} {saturday} {sunday}".split()
    assert [race.code for race in final.races] == codes
    assert [race.number for race in final.races] == list(range(1, 30))
    planned = [race.planned and race.planned.astimezone(final.event.zone) for race in final.races]
    assert f"{planned[15]:%d %H:%M}" == "13 16:12"
    assert [race.number for race in final.races if race.planned is None] == [18, 29]


def test_every_race_has_all_its_starts(final: Meet) -> None:
    starts = [29, 33, 30, 34, 20, 20, 20, 20, 29, 36, 32, 39, 20, 20, 16, 16]
    starts += [3, 0, 23, 32, 17, 24, 8, 8, 20, 20, 23, 23, 0]
    assert [len(race.entries) for race in final.races] == starts
    assert sum(starts) == 615
    assert all(race.dropped == 0 for race in final.races)


def test_two_races_have_no_known_result(final: Meet) -> None:
    unknown = [race.code for race in final.races if race.stage is Stage.UNKNOWN]
    assert unknown == ["MTPB", "XMR"]
    assert all(race_of(final, code).start is None for code in unknown)
    assert {race.stage for race in final.races if race.code not in unknown} == {Stage.OFFICIAL}


def test_the_womens_500(final: Meet) -> None:
    race = race_of(final, "W500")
    told = [f"{entry.rank} {family(entry)} {printed(entry, race)}" for entry in race.entries]
    assert told == [
        "1 KOK 37.05",
        "2 ZIOMEK-NOGAL 37.65",
        "3 YOSHIDA 37.75",
        "4 WARMUTH 37.80",
        "5 BARAN 37.82",
        "6 KIM 37.85",
        "7 FLEDDERUS 37.92",
        "8 SILAEVA 38.03",
        "9 LAMARCHE 38.05",
        "10 LEE 38.06",
        "11 BOERSMA 38.11",
        "12 PERGHER 38.15",
        "13 WÓJCIK 38.31",
        "14 CHEN 38.37",
        "15 TIAN 38.44",
        "16 YAMADA 38.51",
        "17 WANG 38.61",
        "18 ZDRÁHALOVA 38.98",
        "19 JACKSON 43.94",
        "20 SCHULTING 1:34.45",
    ]
    kok = find(race, "KOK")
    assert (kok.pair, kok.lane, kok.bib, kok.noc) == (10, Lane.INNER, 288, "NED")


@pytest.mark.parametrize(
    ("code", "name", "rank", "time"),
    [
        ("M500", "STOLZ", 1, "33.97"),
        ("M500", "MCLEOD", 9, "34.71(7)"),
        ("M500", "KOSHKIN", 10, "34.71(9)"),
        ("M500-2", "STOLZ", 1, "34.14(6)"),
        ("M500-2", "ŻUREK", 2, "34.14(7)"),
        ("W1500", "TAKAGI", 1, "1:54.95"),
        ("W500B", "OSTLENDER", 10, "38.88(7)"),
        ("W500B", "MCDOUGALL", 10, "38.88(7)"),
        ("M1000B", "SHINHAMA", 4, "1:09.65(1)"),
        ("W500-2B", "PÉDRONNO", 12, "39.12(0)"),
        ("W500-2B", "BROWNE", 12, "39.12(0)"),
        ("M5000", "JÍLEK", 1, "6:07.58"),
        ("WTP", "CANADA", 1, "2:57.20"),
        ("WMS", "KERKHOFF", 1, "8:23.19"),
    ],
)
def test_results(final: Meet, code: str, name: str, rank: int, time: str) -> None:
    race = race_of(final, code)
    entry = find(race, name)
    assert (entry.rank, printed(entry, race)) == (rank, time)


def test_those_without_a_time(final: Meet) -> None:
    told = [
        (race.code, family(entry), entry.status, entry.rank, entry.remarks)
        for race in final.races
        for entry in race.entries
        if entry.status is not Status.FINISHED
    ]
    assert told == [
        ("M500B", "GALIYEV", Status.DQ, None, ("T04",)),
        ("M500", "WENNEMARS", Status.DNF, 20, ()),
        ("W1500", "BRAUN", Status.DQ, None, ("T09",)),
        ("M1000B", "KERSTEN", Status.DNS, None, ()),
        ("W500-2B", "BIRKEDAL", Status.DNF, 23, ("F",)),
        ("WTP", "NETHERLANDS", Status.DNF, 8, ("F",)),
        ("M500-2", "DUBREUIL", Status.DNF, 20, ()),
    ]


def test_names_are_parted(final: Meet) -> None:
    names = {
        (entry.competitor.given, entry.competitor.family)
        for race in final.races
        for entry in race.entries
        if isinstance(entry.competitor, Skater)
    }
    assert {
        ("Kai", "IN 'T VELD"),
        ("Ju-Lin", "DE VISSER"),
        ("Anne Sofie Knutsen", "BIRKEDAL"),
        ("Conor", "MCDERMOTT-MOSTOWY"),
        ("Gabriel", "GROß"),
        ("Antoinette", "RIJPMA-DE JONG"),
    } <= names
    assert all(given and name.replace("ß", "").isupper() for given, name in names)


def test_sprints_of_the_mass_start(final: Meet) -> None:
    points = {p.number: p.sprint_points for p in find(race_of(final, "WMS"), "KERKHOFF").passages}
    assert points == {4: 1, 12: 3, 16: 60}
    for code in ("WMS", "MMS"):
        passages = [p for entry in race_of(final, code).entries for p in entry.passages]
        for lap in (4, 8, 12):
            passed = sorted((p for p in passages if p.number == lap), key=lambda p: p.time_ms)
            assert [p.sprint_points for p in passed] == [3, 2, 1][: len(passed)]


def test_ranks_agree_with_times(final: Meet) -> None:
    for race in final.races:
        if race.distance.counts_laps and race.code.endswith(("MS", "MSB")):
            continue
        finished = [entry for entry in race.entries if entry.status is Status.FINISHED]
        for entry in finished:
            faster = sum((other.time_ms or 0) < (entry.time_ms or 0) for other in finished)
            assert entry.rank == 1 + faster, (race.code, entry)


def test_nothing_tells_the_result_before_it_is_skated() -> None:
    for rows in held_meet().results.values():
        on_the_list = sorted(rows, key=lambda row: row["id"])
        places = [(row["startNumber"] or 0, row["startLane"] or "") for row in on_the_list]
        assert places == sorted(places)


# --- passages ------------------------------------------------------------------------------------


def test_three_openers_were_published(final: Meet) -> None:
    published = {
        family(entry): show_time(entry.passages[0].time_ms)
        for race in final.races
        for entry in race.entries
        if entry.passages and not race.distance.counts_laps and not entry.passages[0].modelled
    }
    assert published == {"KOK": "10.33", "ZIOMEK-NOGAL": "10.28", "YOSHIDA": "10.32"}


def test_only_two_were_faster_to_100_m_than_kok(final: Meet) -> None:
    openers = [entry.passages[0] for entry in race_of(final, "W500").entries]
    assert [opener.rank for opener in openers[:3]] == [3, 1, 2]
    assert sum(opener.time_ms < 10_330 for opener in openers) == 2


@pytest.mark.parametrize("code", ["W500", "M500", "W1500", "M1500"])
def test_passages_are_possible(final: Meet, code: str) -> None:
    race = race_of(final, code)
    for entry in race.entries:
        if entry.status is not Status.FINISHED:
            assert entry.passages == ()
            continue
        assert [passage.mark_m for passage in entry.passages] == list(race.distance.marks)
        assert entry.passages[-1].time_ms == entry.time_ms
        assert not entry.passages[-1].modelled
        laps = [passage.lap_ms or 0 for passage in entry.passages[1:]]
        # Nobody skates a lap below these, and only who fell or is hurt takes longer.
        assert min(laps) > (24_000 if race.distance.is_sprint else 25_500)
        assert max(laps) < 33_000 or (entry.rank or 0) >= 19
        if code.endswith("1500"):
            assert laps == sorted(laps)


def test_other_races_have_no_passages(final: Meet) -> None:
    for race in final.races:
        if race.number not in (5, 6, 7, 8) and race.distance.discipline != "MS":
            assert all(entry.passages == () for entry in race.entries)


def test_modelled_times_do_not_pretend_to_thousandths(final: Meet) -> None:
    passages: list[Passage] = [p for r in final.races for e in r.entries for p in e.passages]
    assert {passage.precision_ms for passage in passages if passage.modelled} == {10}


# --- Friday evening ------------------------------------------------------------------------------


def test_the_delay(at: Callable[[str], Meet]) -> None:
    before, waiting, told, off = (
        race_of(at(clock), "W500")
        for clock in ("12 18:29:59", "12 18:30:00", "12 18:36:00", "12 19:21:40")
    )
    assert (before.live, waiting.live, told.live) == (False, True, True)

    def local(moment: datetime | None) -> str:
        assert moment is not None
        return f"{moment.astimezone(at('12 18:00').event.zone):%H:%M}"

    assert [local(race.start) for race in (before, waiting, told)] == ["18:30", "18:30", "19:21"]
    assert local(off.planned) == "18:30"
    assert not off.begun
    assert waiting.conditions is not None
    assert waiting.conditions.ice_c == -8.5


def test_the_last_pair(at: Callable[[str], Meet]) -> None:
    on_ice = race_of(at("12 19:41:45"), "W500")
    assert [(family(e), show_time(e.passages[-1].time_ms)) for e in on_ice.on_ice] == [
        ("KOK", "10.33"),
        ("JACKSON", "12.16"),
    ]
    assert on_ice.leader is not None
    assert family(on_ice.leader) == "ZIOMEK-NOGAL"
    finished = race_of(at("12 19:42:01"), "W500")
    assert finished.leader is not None
    assert family(finished.leader) == "KOK"
    assert [family(entry) for entry in finished.on_ice] == ["JACKSON"]
    assert race_of(at("12 19:42:10"), "W500").over


def test_stages_of_the_evening(at: Callable[[str], Meet]) -> None:
    stages = [race_of(at(f"12 {clock}"), "W500").stage for clock in ("12:00", "19:30", "19:45")]
    stages.append(race_of(at("12 20:00"), "W500").stage)
    assert stages == [Stage.UPCOMING, Stage.LIVE, Stage.PROVISIONAL, Stage.OFFICIAL]
    assert [race.code for race in at("12 20:40").live] == ["W1500"]


def test_a_disqualification_without_a_time_comes_when_the_pair_is_home(
    at: Callable[[str], Meet],
) -> None:
    skating, home = (race_of(at(f"12 20:3{clock}"), "W1500") for clock in ("4:00", "5:00"))
    assert find(skating, "BRAUN").status is Status.TO_START
    assert find(home, "BRAUN").status is Status.DQ
    assert find(home, "YANG").status is Status.FINISHED


def test_races_without_passages_appear_as_a_whole(at: Callable[[str], Meet]) -> None:
    assert not race_of(at("12 13:59:59"), "W500B").begun
    assert race_of(at("12 14:00:00"), "W500B").over


# --- the file ------------------------------------------------------------------------------------


def bodies(tape: Tape) -> list[tuple[str, int, bytes]]:
    bounds = tape.bounds()
    assert bounds is not None
    last = bounds[1]
    return sorted(
        (path, head.at, tape.body(head.version))
        for path in tape.heads(last)
        for head in tape.history(path, last)
    )


def test_content_is_numbered(tape: Tape) -> None:
    """Fails when what is laid out has changed: raise `CONTENT` and take the new digest here."""
    digest = hashlib.blake2b(digest_size=8)
    for path, at, body in bodies(tape):
        digest.update(f"{path} {at} ".encode() + body)
    assert (CONTENT, digest.hexdigest()) == (1, "65241728b694ddd3")


def test_a_laid_out_tape_is_kept(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    file = tmp_path / "deep" / "bundled.tape"
    first = open_bundled(file)
    known = bodies(first)
    first.close()
    monkeypatch.setattr(bundled, "held_meet", lambda: pytest.fail("laid out again"))
    again = open_bundled(file)
    assert bodies(again) == known
    assert again.recall("kind") == "bundled"
    again.close()
    assert [path.name for path in file.parent.iterdir()] == ["bundled.tape"]


def test_other_content_is_laid_out_again(tmp_path: Path) -> None:
    file = tmp_path / "bundled.tape"
    open_bundled(file).close()
    old = Tape(file)
    old.remember("content", str(CONTENT - 1))
    old.append("skaters/1/", b"{}", 1)
    old.close()
    fresh = open_bundled(file)
    assert fresh.recall("content") == str(CONTENT)
    assert "skaters/1/" not in fresh.heads(1 << 50)
    fresh.close()


@pytest.mark.parametrize("damage", ["text", "empty", "cut", "holes"])
def test_a_damaged_file_is_laid_out_again(tmp_path: Path, damage: str) -> None:
    file = tmp_path / "bundled.tape"
    open_bundled(file).close()
    whole = file.read_bytes()
    file.write_bytes(
        {
            "text": b"no tape at all",
            "empty": b"",
            "cut": whole[: len(whole) // 2],
            "holes": whole[:8192] + bytes(65_536) + whole[73_728:],
        }[damage]
    )
    tape = open_bundled(file)
    assert len(bodies(tape)) > 400
    assert tape.file == file
    tape.close()


def test_a_place_that_cannot_be_written_is_done_without(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("")
    tape = open_bundled(tmp_path / "file" / "bundled.tape")
    assert tape.file is None
    assert tape.heads(1 << 50)
    tape.close()


def test_the_documents_are_the_feeds(tape: Tape) -> None:
    for path, _, body in bodies(tape):
        isu.parse(body, path)
    meet = held_meet()
    assert all(set(row) == set(rows[0]) for rows in meet.results.values() for row in rows)
