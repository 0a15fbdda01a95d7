"""Which records stand for a race, in sentences: who holds them, since when, and who says so."""

from __future__ import annotations

from longtrack.model import Discipline, Race, Skater
from longtrack.records import KINDS, Record
from longtrack.times import show_time
from rinkside.scene import Scene


def records_told(scene: Scene, race: Race) -> list[str]:
    """Return what is known of a race's records and of its skaters' bests, a sentence a line."""
    if race.distance.discipline is Discipline.MASS_START:
        return ["No record is skated for in a mass start"]
    book, meet = scene.book, scene.meet
    records = [book.to_beat(kind, race, meet) for kind in KINDS if kind != "NR"]
    lines = [_told(record) for record in records if record is not None]
    unknown = book.unknown(race, meet)
    if unknown:
        lines.append(f"{' and '.join(unknown)} unknown: no source tells it")
    nations = {entry.noc for entry in race.entries}
    known = [noc for noc in nations if book.to_beat("NR", race, meet, noc) is not None]
    if nations:
        lines.append(f"NR known of {len(known)} of {len(nations)} countries")
    if race.distance.discipline is Discipline.INDIVIDUAL:
        skaters = [entry for entry in race.entries if isinstance(entry.competitor, Skater)]
        bests = [book.bests_before(entry, race, meet) for entry in skaters]
        personal = sum(each.personal is not None for each in bests)
        season = sum(each.season is not None for each in bests)
        if skaters:
            lines.append(f"PB known of {personal}, SB of {season} of {len(skaters)} skaters")
    return lines


def _told(record: Record) -> str:
    day = f" {record.on.day} {record.on:%b %Y}" if record.on else ""
    sure = "" if record.sure == "high" else f", {record.sure} confidence"
    where = f", {record.place}{day}" if record.place or day else ""
    return (
        f"{record.kind} {show_time(record.time_ms)} {record.holder} {record.noc}{where} "
        f"({record.source}{sure})"
    )
