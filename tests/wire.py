"""Documents as the results feed writes them, of an invented meet that a test can drive.

The shapes, the seventeen keys of a row, the order of rows, the ranks at every mark and the way
times are written follow real answers of the feed. The people are invented; their names hold the
letters that real ones hold.
"""

from __future__ import annotations

import json
import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from random import Random
from typing import Any, Final, NamedTuple
from zoneinfo import ZoneInfo

from longtrack.isu import (
    competition_path,
    competitions_path,
    event_path,
    events_path,
    results_path,
    schedule_path,
    start_list_path,
)

Json = dict[str, Any]

WOMEN: Final = (
    ("Zuzanna", "Żurawska", "POL"),
    ("Marit Elise", "Østby-Håkonsen", "NOR"),
    ("Fenna", "van 't Hoff", "NED"),
    ("Siobhán", "O'Rourke", "USA"),
    ("雪", "李", "CHN"),
    ("Kateřina", "Dvořáčková", "CZE"),
    ("Nagisa", "Ōtsuka", "JPN"),
    ("Anaïs", "Lefèvre-Dubois", "FRA"),
    ("Jūratė", "Kęstaitė", "LTU"),
    ("Seo-yeon", "Baek", "KOR"),
    ("Antje-Lioba", "Großmüller", "GER"),
    ("Chiara", "D'Aoste", "ITA"),
    ("Joy", "Ng", "CAN"),
    ("Aigerim", "Жұмабекова", "KAZ"),
    ("Līga", "Šķēle", "LAT"),
    ("Ramona", "Țepeș", "ROU"),
    ("Elin", "Åkerström", "SWE"),
    ("Noor", "de Wit-Rijpstra", "NED"),
    ("Maud", "ter Braak", "NED"),
    ("Hild", "Sæther", "NOR"),
    ("Veronika-Magdalena", "Hinterobermaier-Schwaiger", "AUT"),
    ("Yu-ting", "Hsieh", "TPE"),
    ("Inés", "Muñoz Peña", "ESP"),
    ("Darya", "Ivolgina", "AIN"),
)
MEN: Final = (
    ("Władysław", "Żółtek", "POL"),
    ("Sjoerd", "in 't Veld", "NED"),
    ("Bjørn Ødegård", "Å", "NOR"),
    ("Conor", "McGilligan", "CAN"),
    ("明", "王", "CHN"),
    ("Takumi", "Ōno", "JPN"),
    ("Jérôme", "L'Écuyer-Roy", "CAN"),
    ("Min-jae", "Yoo", "KOR"),
    ("Davide", "Ghiottini", "ITA"),
    ("Metoděj", "Jíra", "CZE"),
    ("Livio", "Wengerli", "SUI"),
    ("Tyler", "Strand-O'Neill", "USA"),
    ("Bálint", "Őry", "HUN"),
    ("Ramazan", "Ыбраев", "KAZ"),
    ("Kārlis", "Ķēniņš", "LAT"),
    ("Felix", "Strauß", "GER"),
    ("Mathias", "Vosté-Peeters", "BEL"),
    ("Hallgeir", "Engebråtsen", "NOR"),
    ("Kjeld", "van der Nuisman", "NED"),
    ("Gaute", "Bøkkø", "NOR"),
    ("Nils", "Fröberg", "SWE"),
    ("Toomas", "Allikmäe", "EST"),
    ("Timothée", "Lou-Binaud", "FRA"),
    ("Wei-lin", "Tai", "TPE"),
)

FINISHED: Final = 0
DNS: Final = 1
DQ: Final = 2
DNF: Final = 3
WDR: Final = 4

_BANDS: Final = ("white", "red", "yellow", "blue")
_PACE_MS: Final = {500: 37_400, 1000: 74_500, 1500: 114_000, 3000: 242_000, 5000: 412_000}
"""A good woman's time; a man's is shorter by a twelfth."""
_TYPE_WORDS: Final = {
    "MS": "Mass Start",
    "TP": "Team Pursuit",
    "TS": "Team Sprint",
    "MR": "Mixed Relay",
}


def clock_text(ms: int) -> str:
    """Return a time as the feed writes it: ``37.052``, ``1:13.592``."""
    minutes, rest = divmod(ms, 60_000)
    seconds = f"{rest // 1000:02}.{rest % 1000:03}"
    return f"{minutes}:{seconds}" if minutes else f"{rest // 1000}.{rest % 1000:03}"


def lap_text(ms: int) -> str:
    """Return a lap time as the feed writes it: cut, not rounded, to hundredths."""
    return clock_text(ms)[:-1]


def stamp(moment: datetime) -> str:
    """Return a moment as the feed writes it; whole seconds have no fraction."""
    return moment.astimezone(UTC).isoformat().replace("+00:00", "Z")


@dataclass
class WireRow:
    """One start. Change it through `WireMeet`, which keeps ranks and stamps right."""

    id: int
    bib: int
    person: int
    given: str
    family: str
    noc: str
    gender: str
    pair: int | None
    lane: str
    armband: str
    status: int | None = None
    time_ms: int | None = None
    passages: dict[int, int] = field(default_factory=dict)
    """Cumulative milliseconds by index of the mark, from 0."""
    sprint_points: dict[int, int] = field(default_factory=dict)
    reskate: bool = False
    rank: int | None = None

    @property
    def valid(self) -> bool:
        """Whether it counts for ranks."""
        return self.status in (None, FINISHED)


@dataclass
class WireRace:
    """One competition of the invented meet."""

    number: int
    kind: str
    """``ID``, ``MS``, ``TP``, ``TS`` or ``MR``."""
    category: str
    metres: int | None
    laps: int
    division: str
    ordinal: int | None
    title: str
    begin: datetime
    rows: list[WireRow]
    """In the order of the start list; rows are named by their place in it, from 0."""
    planned: datetime | None = None
    live: bool = False
    official: bool = False
    published: bool = True
    updated: datetime | None = None
    conditions: list[Json] = field(default_factory=list)

    def groups(self) -> Iterator[list[int]]:
        """Return the places of those who start together, in the order of the start list."""
        seen = dict.fromkeys(row.pair for row in self.rows)
        return ([i for i, row in enumerate(self.rows) if row.pair == pair] for pair in seen)

    def rerank(self) -> None:
        """Rank all finishers again; the same thousandth is the same rank, the next is left out."""
        done = [row for row in self.rows if row.status == FINISHED and row.time_ms is not None]
        for row in self.rows:
            row.rank = None
        for row in done:
            row.rank = 1 + sum(self._key(other) < self._key(row) for other in done)

    def ordered(self) -> list[WireRow]:
        """Return the rows as the feed sorts them: ranked, to start by pair, without a result."""
        place = {row.id: index for index, row in enumerate(self.rows)}
        return sorted(
            self.rows,
            key=lambda row: (not row.valid, row.rank is None, row.rank or 0, place[row.id]),
        )

    def rank_at(self, index: int, time_ms: int) -> int:
        """Return the rank of a time among all who have passed a mark and still count."""
        times = [row.passages[index] for row in self.rows if row.valid and index in row.passages]
        return 1 + sum(other < time_ms for other in times)

    @staticmethod
    def _key(row: WireRow) -> tuple[int, int]:
        return (-sum(row.sprint_points.values()), row.time_ms or 0)


class Step(NamedTuple):
    """One thing that happens in a race that is skated by itself."""

    after_ms: int
    """Since the race's first start."""
    row: int
    mark: int
    """Index of the mark; the last one is the finish."""
    time_ms: int


class WireMeet:
    """An invented World Cup meet as the feed has it, driven by a test.

    Args:
        clock: Returns the present, with a zone; stamps documents.
        event_id: The feed's id; its year is the season.
        days: How many days the meet has, from the day of ``begins``.
        begins: Some time on the meet's first day; the present by default.
    """

    def __init__(
        self,
        clock: Callable[[], datetime],
        *,
        event_id: str = "2026_NOR_0001",
        name: str = "ISU World Cup Speed Skating 4",
        zone: str = "Europe/Oslo",
        begins: datetime | None = None,
        days: int = 3,
        seed: int = 1,
    ) -> None:
        self.clock = clock
        self.event_id = event_id
        self.name = name
        self.zone = ZoneInfo(zone)
        self.first_day = (begins or clock()).astimezone(self.zone).date()
        self.days = days
        self.races: dict[int, WireRace] = {}
        self.base = "https://feed.example"
        self._random = Random(seed)
        self._row_id = 91_500
        self._created = clock()

    # --- the programme -----------------------------------------------------------------------

    def add_race(
        self,
        *,
        begin: datetime,
        gender: str = "F",
        kind: str = "ID",
        metres: int | None = 500,
        laps: int | None = None,
        division: str = "A",
        ordinal: int | None = None,
        starters: int = 8,
        together: int = 2,
        number: int | None = None,
        published: bool = True,
    ) -> WireRace:
        """Put a race in the programme.

        Args:
            begin: When it starts, with a zone.
            gender: ``F``, ``M``, or ``X`` for a mixed relay.
            kind: ``ID``, ``MS``, ``TP``, ``TS`` or ``MR``.
            metres: Of an individual distance.
            laps: Of the others; as usual by default.
            division: ``A`` or ``B``.
            ordinal: 1 or 2 where a distance is skated twice.
            starters: How many skaters or teams.
            together: How many start together: 2 is pairs, 4 is quartets; all in a mass start.
            number: The schedule number; the next by default.
            published: Whether the start list is known; without it the results have no rows.
        """
        number = number or max(self.races, default=0) + 1
        if kind == "ID":
            assert metres is not None
            laps = -(-metres // 400)
        else:
            usual = {"MS": 16, "TP": 8 if gender == "M" else 6, "TS": 3, "MR": 6}
            metres, laps = None, laps or usual[kind]
        who = {"F": "Women", "M": "Men"}.get(gender, "")
        what = f"{metres}m {who}" if kind == "ID" else f"{_TYPE_WORDS[kind]} {who}".strip()
        nth = {1: "1st ", 2: "2nd "}.get(ordinal or 0, "")
        suffix = " Division B" if division == "B" else ""
        race = WireRace(
            number=number,
            kind=kind,
            category=gender,
            metres=metres,
            laps=laps,
            division=division,
            ordinal=ordinal,
            title=nth + what + suffix,
            begin=begin,
            planned=begin,
            published=published,
            updated=self.clock(),
            rows=self._starters(kind, gender, starters, together, number),
        )
        self.races[number] = race
        return race

    def _starters(
        self, kind: str, gender: str, count: int, together: int, number: int
    ) -> list[WireRow]:
        people = MEN if gender == "M" else WOMEN
        rows: list[WireRow] = []
        for index in range(count):
            person = (index + 5 * number) % len(people)
            given, family, noc = people[person]
            group, place = divmod(index, together)
            crowd = kind == "MS"
            self._row_id += 1
            rows.append(
                WireRow(
                    id=self._row_id,
                    bib=(1 if gender == "M" else 201) + person,
                    person=30_000 + person + (500 if gender == "M" else 0),
                    given=given,
                    family=family,
                    noc=noc,
                    gender=gender,
                    pair=None if crowd else group + 1,
                    lane="" if crowd else "IO"[place % 2],
                    armband="" if crowd else _BANDS[place % 4],
                )
            )
        return rows

    # --- what happens ------------------------------------------------------------------------

    def start(self, number: int) -> None:
        """Begin a race: schedule and list of races call it live, its ice is measured."""
        race = self.races[number]
        race.live, race.published, race.begin = True, True, self.clock()
        self._measure(race, "start")
        self._touch(race)

    def stop(self, number: int) -> None:
        """End a race: it is live no longer, and not official yet."""
        race = self.races[number]
        race.live = False
        self._measure(race, "end")
        self._touch(race)

    def passage(
        self, number: int, row: int, mark: int, time_ms: int, *, sprint_points: int | None = None
    ) -> None:
        """Clock a skater at a mark, by its index from 0; the last mark is the finish."""
        race = self.races[number]
        skater = race.rows[row]
        skater.passages[mark] = time_ms
        if sprint_points is not None:
            skater.sprint_points[mark] = sprint_points
        if mark == race.laps - 1:
            skater.time_ms, skater.status = time_ms, FINISHED
        self._touch(race)

    def finish(self, number: int, row: int, time_ms: int) -> None:
        """Clock a skater at the finish; marks not clocked by then are filled in evenly."""
        race = self.races[number]
        for mark, time in enumerate(even_passages(race, time_ms)):
            race.rows[row].passages.setdefault(mark, time)
        self.passage(number, row, race.laps - 1, time_ms)

    def disqualify(self, number: int, row: int) -> None:
        """Disqualify: the feed keeps the time and takes the last lap away."""
        race = self.races[number]
        race.rows[row].status = DQ
        race.rows[row].passages.pop(race.laps - 1, None)
        self._touch(race)

    def dnf(self, number: int, row: int) -> None:
        """Let a skater stop on the way; the passages so far stay."""
        self._end(number, row, DNF)

    def dns(self, number: int, row: int) -> None:
        """Let a skater not come to the start."""
        self._end(number, row, DNS)

    def withdraw(self, number: int, row: int) -> None:
        """Let a skater withdraw."""
        self._end(number, row, WDR)

    def grant_reskate(self, number: int, row: int) -> None:
        """Let a skater skate again: the time so far counts no more."""
        race = self.races[number]
        skater = race.rows[row]
        skater.reskate, skater.status, skater.time_ms = True, None, None
        skater.passages.clear()
        self._touch(race)

    def correct(self, number: int, row: int, time_ms: int) -> None:
        """Correct a finish after the photo was read; the last lap changes with it."""
        race = self.races[number]
        race.rows[row].time_ms = race.rows[row].passages[race.laps - 1] = time_ms
        self._touch(race)

    def make_official(self, number: int) -> None:
        """Declare a race official; it is live no longer."""
        race = self.races[number]
        race.live, race.official = False, True
        self._touch(race)

    def _end(self, number: int, row: int, status: int) -> None:
        race = self.races[number]
        race.rows[row].status, race.rows[row].time_ms = status, None
        self._touch(race)

    def _touch(self, race: WireRace) -> None:
        race.rerank()
        race.updated = self.clock()

    def _measure(self, race: WireRace, occasion: str) -> None:
        race.conditions.append(
            {
                "timeStamp": stamp(self.clock()),
                "occasion": occasion,
                "airTemperature": 15.9,
                "iceTemperature": -8.5,
                "humidity": 21.0,
            }
        )

    def skate(self, number: int) -> list[Step]:
        """Return how a race would go if nothing went wrong, in the order of time.

        Pair after pair at likely speeds; with the meet's seed it is always the same.
        """
        race = self.races[number]
        steps: list[Step] = []
        gate = 0
        for group in race.groups():
            slowest = 0
            for row in group:
                finish = round(_usual_ms(race) * self._random.uniform(0.985, 1.06))
                times = even_passages(race, finish)
                steps += [Step(gate + time, row, mark, time) for mark, time in enumerate(times)]
                slowest = max(slowest, finish)
            gate += slowest + 45_000
        return sorted(steps)

    def hold(self, number: int) -> None:
        """Skate a whole race at once, from start to end, and leave it provisional."""
        self.start(number)
        for step in self.skate(number):
            self.follow(number, step)
        self.stop(number)

    def follow(self, number: int, step: Step) -> None:
        """Let one step happen; in a mass start the first at each sprint get their points."""
        race, points = self.races[number], None
        if race.kind == "MS":
            prizes = (60, 40, 20, 10, 6, 3) if step.mark == race.laps - 1 else (3, 2, 1)
            place = race.rank_at(step.mark, step.time_ms)
            points = prizes[place - 1] if step.mark % 4 == 3 and place <= len(prizes) else 0
        self.passage(number, step.row, step.mark, step.time_ms, sprint_points=points)

    # --- documents ---------------------------------------------------------------------------

    def documents(self) -> dict[str, bytes]:
        """Return every document of the meet as it stands, by path."""
        found: dict[str, Any] = {
            events_path(int(self.event_id[:4])): {
                "count": 1,
                "next": None,
                "previous": None,
                "results": [self.event()],
            },
            event_path(self.event_id): self.event(),
            schedule_path(self.event_id): self.schedule(),
            competitions_path(self.event_id): [
                self.competition(race) for race in self.races.values()
            ],
        }
        for number, race in self.races.items():
            found[competition_path(self.event_id, number)] = {
                **self.competition(race),
                "conditions": race.conditions,
            }
            found[results_path(self.event_id, number)] = self.results(race)
            found[start_list_path(self.event_id, number)] = self.start_list(race)
        return {path: encode(data) for path, data in found.items()}

    def event(self) -> Json:
        """Return the event's document."""
        url = f"{self.base}/{event_path(self.event_id)}"
        city = str(self.zone).rsplit("/", 1)[-1]
        return {
            "id": 240,
            "name": self.name,
            "isuShortName": "wcss2026",
            "nationalFederation": self.event_id[5:8],
            "isuId": self.event_id,
            "start": self.first_day.isoformat(),
            "end": (self.first_day + timedelta(days=self.days - 1)).isoformat(),
            "season": int(self.event_id[:4]),
            "tags": ["world-cup", "senior"],
            "track": {
                "id": 73,
                "name": "Fjordhallen",
                "city": city,
                "country": self.event_id[5:8],
                "timeZone": str(self.zone),
                "timeZoneOffset": "+0100",
                "isOutdoor": False,
                "isActive": True,
                "altitude": 125,
                "latitude": "60.79300000",
                "longitude": "11.09900000",
            },
            "logo": f"{self.base}/media/logo.png",
            "precision": 3,
            "isPublished": True,
            "isCancelled": False,
            "trackUrl": f"{self.base}/tracks/73/",
            "competitorsUrl": f"{url}competitors/",
            "teamsUrl": f"{url}teams/",
            "competitionsUrl": f"{url}competitions/",
            "championshipsUrl": f"{url}championships/",
            "scheduleUrl": f"{url}schedule/",
        }

    def schedule(self) -> list[Json]:
        """Return the programme; an item's own id is of no use in paths."""
        return [
            {
                "id": 5200 + number,
                "start": stamp(race.planned or race.begin),
                "title": race.title,
                "competitionDay": (race.begin.astimezone(self.zone).date() - self.first_day).days
                + 1,
                "links": [
                    {
                        "id": 10_000 + 2 * number + order,
                        "type": kind,
                        "url": f"{self.base}/{competition_path(self.event_id, number)}",
                        "title": title,
                        "identifier": number,
                        "isPublished": race.published,
                        "isLive": race.live and kind == "results",
                        "order": order,
                    }
                    for order, kind, title in (
                        (1, "start-list", "Start List"),
                        (2, "results", "Results"),
                    )
                ],
            }
            for number, race in self.races.items()
        ]

    def competition(self, race: WireRace) -> Json:
        """Return a race as the list of races has it."""
        url = f"{self.base}/{competition_path(self.event_id, race.number)}"
        if race.kind == "ID":
            identifier, name = f"ID_{race.metres}", f"{race.metres:,} Meter"
        else:
            identifier = f"{race.kind}_{race.laps}_LAPS"
            name = f"{_TYPE_WORDS[race.kind]} ({race.laps} Laps)"
        updated = stamp(race.updated or self._created)
        return {
            "scheduleNumber": race.number,
            "type": race.kind,
            "title": race.title,
            "subTitle": "",
            "start": stamp(race.begin),
            "distance": {
                "identifier": identifier,
                "name": name,
                "distance": race.metres,
                "lapCount": race.laps,
                "type": race.kind,
                "resourceUrl": f"{self.base}/distances/{identifier}/",
            },
            "number": race.ordinal,
            "category": race.category,
            "division": race.division,
            "referee": None,
            "starter": None,
            "isLive": race.live,
            "isMedalEvent": False,
            "isOfficial": race.official,
            "resultsUrl": f"{url}results/",
            "personalBestsUrl": f"{url}personal-bests/",
            "lastUpdate": updated,
            "created": stamp(self._created),
            "modified": updated,
        }

    def results(self, race: WireRace) -> list[Json]:
        """Return a race's rows, in the feed's order; none before they are published."""
        if not race.published:
            return []
        return [self._row(race, row) for row in race.ordered()]

    def start_list(self, race: WireRace) -> list[Json]:
        """Return a race's start list."""
        if not race.published:
            return []
        keys = ("id", "type", "competitor", "team", "startNumber", "startLane", "armband")
        rows = [self._row(race, row) for row in race.rows]
        return [{key: row[key] for key in keys if key in row} for row in rows]

    def _row(self, race: WireRace, row: WireRow) -> Json:
        kind = {"ID": "ind", "MS": "ms"}.get(race.kind, "team")
        leader = min((r.time_ms or 0 for r in race.rows if r.rank == 1), default=0)
        behind = None
        if row.rank is not None and row.time_ms is not None:
            behind = clock_text(abs(row.time_ms - leader))
        who: Json = {"competitor": self._competitor(row)}
        if kind == "team":
            who = {"team": {"name": row.noc.title(), "country": row.noc, "gender": row.gender}}
        return {
            "id": row.id,
            "type": kind,
            **who,
            "startNumber": row.pair,
            "startLane": row.lane,
            "armband": row.armband,
            "rank": row.rank,
            "status": row.status,
            "time": None if row.time_ms is None else clock_text(row.time_ms),
            "timeBehind": behind,
            "reskate": int(row.reskate),
            "medal": None,
            "isOfficial": True,  # as in real answers: whatever the state of the race
            "finishPhoto": None,
            "created": stamp(self._created),
            # The feed stamps all rows anew at each push, within some tenths of a second.
            "modified": stamp(race.updated or self._created),
            "laps": self._laps(race, row),
        }

    def _laps(self, race: WireRace, row: WireRow) -> list[Json]:
        laps: list[Json] = []
        before = 0
        for mark, time_ms in sorted(row.passages.items()):
            lap: Json = {
                "number": mark + 1,
                "time": lap_text(time_ms - before),
                "passageTime": clock_text(time_ms),
                "rank": race.rank_at(mark, time_ms),
            }
            if race.kind == "MS":
                lap["sprintPoints"] = row.sprint_points.get(mark, 0)
            laps.append(lap)
            before = time_ms
        return laps

    def _competitor(self, row: WireRow) -> Json:
        return {
            "number": row.bib,
            "identifier": f"{'M' if row.gender == 'M' else 'F'}{row.bib}",
            "skater": {
                "id": row.person,
                "firstName": row.given,
                "lastName": row.family,
                "country": row.noc,
                "gender": row.gender,
                "dateOfBirth": "1999-04-01",
                "dateOfDeath": None,
                "isActive": True,
                "iocCode": "",
                "photo": None,
                "personalBestUrl": f"{self.base}/skaters/{row.person}/personal-best/",
                "created": stamp(self._created),
                "modified": stamp(self._created),
            },
        }


def season_documents(*meets: WireMeet) -> dict[str, bytes]:
    """Return every document of several meets of one season, which are in one list of events."""
    found: dict[str, bytes] = {}
    for meet in meets:
        found |= meet.documents()
    rows = [meet.event() for meet in meets]
    for year in {row["season"] for row in rows}:
        found[events_path(year)] = encode(
            {
                "count": len(rows),
                "next": None,
                "previous": None,
                "results": [row for row in rows if row["season"] == year],
            }
        )
    return found


def encode(data: object) -> bytes:
    """Return a document's bytes, as the feed writes JSON: UTF-8, no spaces."""
    return json.dumps(data, ensure_ascii=False, separators=(",", ":")).encode()


def even_passages(race: WireRace, finish_ms: int) -> list[int]:
    """Return likely passages of somebody who finishes in a time: a slow start, then even laps."""
    first_m = 400 if race.metres is None else race.metres - 400 * (race.laps - 1)
    opener = first_m * 1.35 if first_m < 400 else 400 * 1.1
    whole = opener + 400 * (race.laps - 1)
    return [round(finish_ms * (opener + 400 * mark) / whole) for mark in range(race.laps)]


def rows_of(body: bytes) -> list[Json]:
    """Return the rows of a document, bare or paginated."""
    data = json.loads(body)
    rows = data["results"] if isinstance(data, dict) else data
    assert isinstance(rows, list)
    return rows


def number_of(path: str) -> int | None:
    """Return the number of the race a path belongs to."""
    match = re.search(r"/competitions/([0-9]+)/", path)
    return int(match[1]) if match else None


def _usual_ms(race: WireRace) -> int:
    usual = _PACE_MS.get(race.metres or 0, 31_500 * race.laps)
    return usual * 11 // 12 if race.category == "M" else usual
