"""What a screen reader says: signs as words, names as they are called, no columns.

What happens at a meet is told from the same moments as ``watch --json`` tells, one line each.
Everything here is a pure function of values of the model, and holds no escape sequence.
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from datetime import datetime
from typing import Final

from longtrack.action import next_pair
from longtrack.model import Entry, Event, Meet, Race, Skater, Stage, Status, Team
from longtrack.moments import Kind, Moment
from longtrack.names import Families, capitals
from longtrack.nations import nation
from longtrack.times import MINUS, ordinal, show_time

MARK_WORDS: Final = {
    "TR": "track record",
    "WR": "world record",
    "OR": "Olympic record",
    "NR": "national record",
    "PB": "personal best",
    "SB": "season best",
}
"""What the marks beside a time are called."""

STATUS_WORDS: Final = {
    Status.TO_START: "to start",
    Status.ON_ICE: "on the ice",
    Status.FINISHED: "finished",
    Status.DNF: "did not finish",
    Status.DNS: "did not start",
    Status.DQ: "disqualified",
    Status.WDR: "withdrawn",
    Status.INVALID: "no valid result",
}

_BEFORE: Final = {Kind.CORRECTION: "correction", Kind.DELAYED: "delayed"}
"""What a sign says that the sentence after it does not."""

_SIGNS: Final = (
    (re.compile(r"~\s?"), "about "),
    (re.compile(r"[▲▼]\s?(?=\d)"), ""),
    (re.compile(r"(?<![\w.])\+(\d+(?::\d\d)?\.\d\d)"), r"\1 behind"),
    (re.compile(rf"(?<![\w.]){MINUS}(\d+(?::\d\d)?\.\d\d)(?!\d|°)"), r"\1 ahead"),
    (re.compile(rf"{MINUS}(?=\d)"), "minus "),
    (re.compile(r"\s?°C"), " degrees"),
    (re.compile(r"\s?%"), " percent"),
    (re.compile(r"\s?·\s?"), ", "),
    (re.compile(r"(?<=\d)–(?=\d)"), " to "),
    (re.compile(r"\s?[–—]\s?"), ", "),
)
"""Signs in sentences, and what they are called."""

_WORD: Final = re.compile(r"[^\W\d_]+")
_MC: Final = re.compile(r"\bMc([a-z])")

_PLACE: Final = re.compile(r"(?<=[:,] )(\d{1,2}) (?=[^\W\d])")
"""A place before a name, in the sentence about a whole race."""


def spoken(text: str) -> str:
    """Return a sentence with its signs in words."""
    text = text.replace("▲", "up ").replace("▼", "down ")
    for sign, words in _SIGNS:
        text = sign.sub(words, text)
    return text


def called(competitor: Skater | Team) -> str:
    """Return a name as it is called: ``Femke Kok``, ``Netherlands``."""
    if isinstance(competitor, Team):
        return _in_small(competitor.name)
    return f"{competitor.given} {_in_small(competitor.family)}".strip()


def _in_small(family: str) -> str:
    """Return a family name that stands in capitals as it is written elsewhere.

    What is all capitals may be read letter by letter.
    """
    if not family.isupper() or len(family) == 1:
        return family
    words = _WORD.sub(lambda found: found[0].capitalize(), family)
    return _MC.sub(lambda found: f"Mc{found[1].upper()}", words)


def with_nation(competitor: Skater | Team) -> str:
    """Return ``Femke Kok, Netherlands (NED)``; of a team, whose name says it, the code alone."""
    noc = competitor.noc
    name = nation(noc)
    if isinstance(competitor, Team) or name == noc:
        return f"{called(competitor)} ({noc})" if noc else called(competitor)
    return f"{called(competitor)}, {name} ({noc})"


def days(event: Event) -> str:
    """Return the days of a meet: ``12 to 14 December 2025``."""
    first, last = event.start, event.end
    if first is None:
        return "days not known"
    if last is None or last == first:
        return f"{first.day} {first:%B %Y}"
    begin = f"{first.day}" if first.month == last.month else f"{first.day} {first:%B}"
    return f"{begin} to {last.day} {last:%B %Y}"


class Speaker:
    """Words a meet's moments as they are said aloud.

    Args:
        meet: The meet; whoever is on a start list of it is called by their whole name.
    """

    def __init__(self, meet: Meet) -> None:
        self._zone = meet.event.zone
        self._names: dict[str, str] = {}
        self._known: frozenset[Skater] | None = None
        self._sought: re.Pattern[str] | None = None
        self.meet(meet)

    def meet(self, meet: Meet) -> None:
        """Take over the start lists of a newer state of the meet."""
        if meet.people == self._known:
            return
        self._known = meet.people
        families = Families(meet.people)
        for skater in meet.people:
            self._names[families.of(skater)] = called(skater)
        teams = {
            entry.competitor
            for race in meet.races
            for entry in race.entries
            if isinstance(entry.competitor, Team)
        }
        for team in teams:
            self._names[capitals(team.name)] = called(team)
        # The longest first, so that RIJPMA-DE JONG is not taken for a JONG.
        names = sorted(self._names, key=len, reverse=True)
        words = "|".join(map(re.escape, names))
        self._sought = re.compile(rf"(?<![\w-])(?:{words})(?![\w-])") if names else None

    def line(self, moment: Moment) -> str:
        """Return a moment as one line: the rink's time, the race, the sentence.

        For example ``19:41:47 W500: track record, Femke Kok 37.05, 0.20 under ...``.
        """
        at = datetime.fromtimestamp(moment.at / 1000, self._zone)
        return f"{at:%H:%M:%S} {self.sentence(moment)}"

    def sentence(self, moment: Moment) -> str:
        """Return a moment as a sentence that begins with its race's code."""
        text = moment.text
        if moment.kind is Kind.FINISH and len(moment.people) > 1:
            text = _PLACE.sub(lambda found: f"{ordinal(int(found[1]))} ", text)
        before = _said_before(moment)
        head = f"{moment.race}:"
        if text.startswith(moment.race):
            rest = text.removeprefix(moment.race)
            if not before and not rest.startswith(":"):
                return self._said(text, moment)  # "W500 is live"
            text = rest.removeprefix(":").strip()
        said = self._said(text, moment)
        return f"{head} {before}, {said}" if before else f"{head} {said}"

    def _said(self, text: str, moment: Moment) -> str:
        if self._sought is not None:
            text = self._sought.sub(lambda found: self._names[found[0]], text)
        for person in moment.people:
            # Who is absent may still be told of, in the cup.
            family, name = _called_person(person.name)
            if family and family in text and name not in text:
                pieces = re.split(rf"(?<![\w-]){re.escape(family)}(?![\w-])", text)
                text = name.join(pieces)
        return spoken(text)


def _called_person(full_name: str) -> tuple[str, str]:
    """Return the family's name in capitals and the name as it is called, where they differ."""
    words = full_name.split(" ")
    count = next((at for at, word in enumerate(words) if not word.isupper()), 0)
    family, given = " ".join(words[:count]), " ".join(words[count:])
    return family, f"{given} {_in_small(family)}"


def _said_before(moment: Moment) -> str:
    """Return what the sign before a moment says; empty where its sentence says it too."""
    if moment.kind is Kind.RECORD:
        kind = str(moment.figures.get("record", moment.sign))
        return MARK_WORDS.get(kind, "record")
    if moment.kind is Kind.PODIUM and moment.sign in ("2", "3"):
        return ordinal(int(moment.sign))
    if moment.kind is Kind.CUP_RANK:
        now, was = moment.figures.get("rank"), moment.figures.get("rank_before")
        if isinstance(now, int) and isinstance(was, int) and now != was:
            return f"{'up' if now < was else 'down'} {abs(now - was)}"
    return _BEFORE.get(moment.kind, "")


# --- what stands now -------------------------------------------------------------------------


def about_meet(meet: Meet) -> str:
    """Return which meet it is, and what there is to know of its times."""
    event = meet.event
    place = ", ".join(word for word in (event.city, event.title, event.venue) if word)
    told = f"{place}, {days(event)}; times of {event.zone.key}"
    if meet.modelled:
        told += "; times said to be about something are modelled, not published"
    return spoken(told)


def first_race(meet: Meet, race: Race | None, at: int) -> Race | None:
    """Return a race as it stands in a meet; that which a viewer wants first, where it is None."""
    if race is not None:
        return meet.numbered(race.number) or race
    return meet.foremost(datetime.fromtimestamp(at / 1000, meet.event.zone))


def about_race(meet: Meet, race: Race | None, at: int) -> str:
    """Return how a race of a meet stands at a tape time; the meet has none yet where it is None."""
    here = datetime.fromtimestamp(at / 1000, meet.event.zone)
    told = "the programme is not published yet" if race is None else standing(meet, race)
    return f"{here:%H:%M:%S} {told}"


def standing(meet: Meet, race: Race) -> str:
    """Return how a race stands: who leads, how many are in, who is on the ice and who is next."""
    told = [_stage(meet, race)]
    leader = race.leader
    if leader is not None:
        time = "" if leader.time_ms is None else f" in {show_time(leader.time_ms)}"
        held = race.official or race.over
        told.append(f"{called(leader.competitor)} {'won' if held else 'leads'}{time}")
    done = sum(each.status is Status.FINISHED or each.status.is_invalid for each in race.entries)
    if race.begun and not race.official and race.entries:
        told.append(f"{done} of {len(race.entries)} are in")
    if race.on_ice and race.pairs:
        told.append(f"on the ice: {_against(race.on_ice)}")
    pair = None if race.official else next_pair(race)
    if pair is not None:
        told.append(f"next: {_against(race.starters(pair))}")
    return f"{race.code}, {race.title}: " + "; ".join(told)


def _stage(meet: Meet, race: Race) -> str:
    if race.stage is Stage.UNKNOWN:
        return "held, no source has its result"
    if race.stage is Stage.UPCOMING and race.start is not None:
        start = race.start.astimezone(meet.event.zone)
        return f"to start on {start:%A} at {start:%H:%M}"
    return race.stage.value


def _against(entries: Iterable[Entry]) -> str:
    return " against ".join(
        f"{called(entry.competitor)} ({entry.noc})" if entry.noc else called(entry.competitor)
        for entry in entries
    )
