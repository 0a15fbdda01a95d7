"""Words about a race: how far it is, which pair, the time to beat."""

from __future__ import annotations

from longtrack.action import Action, Phase
from longtrack.model import Discipline, Entry, Gender, Race, Skater, Stage, Team
from longtrack.names import Families, capitals
from longtrack.records import Record
from longtrack.times import gap_ms, show_time
from rinkside.ink import Line, Row, Span, width_of
from rinkside.scene import Scene

_APART = 4
"""Columns that records leave free between themselves and what the pair is doing."""


def stage_words(race: Race) -> list[Span]:
    """Return ``provisional`` or ``official``; nothing before the race has begun."""
    if race.stage is Stage.OFFICIAL:
        return [Span("official", "gain")]
    if race.begun:
        return [Span("provisional", "warn")]
    return []


def band_title(scene: Scene, race: Race, width: int, *, indent: int, records: bool = False) -> Line:
    """Draw the line above the pair in view: what it is doing, and what there is to beat.

    Args:
        scene: What to show.
        race: The scene's race.
        width: Columns.
        indent: Where the words begin.
        records: Whether the records that stand are named with their holders, as far as there is
            room; their times alone are where there is room for them.
    """
    row = Row(width, "band")
    column = row.run(indent, *_doing(scene, race))
    beat = [*_to_beat(scene, race)]
    known = [record for kind in ("TR", "WR", "OR") if (record := _standing(scene, race, kind))]
    unknown = _unknown(scene, race)
    attempts: list[list[Span]] = []
    if records:
        attempts.append([*beat, *_records(known, holders=True), *unknown])
    attempts += [
        [*beat, *_records(known, holders=False), *unknown],
        [*beat, *_records(known, holders=False)],
        [*beat, *_records(known[:1], holders=False)],
    ]
    attempts = [spans for spans in attempts if column + _APART + width_of(spans) <= width - 1]
    for spans in [*attempts, beat, beat[:2], []]:
        if column + 2 + width_of(spans) <= width - 1:
            row.run_right(width - 1, *spans)
            break
    return row.line()


def _unknown(scene: Scene, race: Race) -> list[Span]:
    """Return which records nobody knows of that this race could break."""
    if scene.spoiler_free:
        # One that is known today with the day of this race alone is about to fall.
        return []
    kinds = scene.book.unknown(race, scene.meet)
    if not kinds or scene.action.phase is Phase.OVER:
        return []
    return [Span(f"   {' '.join(kinds)} unknown", "dim")]


def _doing(scene: Scene, race: Race) -> list[Span]:
    action = scene.action
    if action.phase is Phase.UNKNOWN:
        return []
    if action.phase is Phase.OVER:
        return [Span("RACE OVER", "live", bold=True)]
    if action.phase is Phase.NEXT:
        return [Span("NEXT", "live", bold=True), Span(_which(race, action)), *_starts(scene, race)]
    doing = "ON THE ICE" if action.phase is Phase.ON_ICE else "FINISHED"
    spans = [Span(doing, "live", bold=True), Span(_which(race, action), "text")]
    crowd = race.distance.discipline is Discipline.MASS_START  # its second line tells the lap
    if action.phase is Phase.ON_ICE and not race.distance.is_sprint and not crowd:
        left = laps_to_go(race, action)
        if left is not None:
            spans.append(Span("  last lap" if left == 1 else f"  {left} laps to go", "text"))
    return spans


def _which(race: Race, action: Action) -> str:
    if action.pair is None:
        individual = race.distance.discipline in (Discipline.INDIVIDUAL, Discipline.MASS_START)
        count = len(action.entries or race.entries)
        who = "skater" if individual else "team"
        return f"  {count} {who}{'' if count == 1 else 's'}"
    return f"  {group_word(race, action.pair)} {action.pair} of {max(race.pairs)}"


def group_word(race: Race, pair: int) -> str:
    """Return what those who skate together are called: pair, quartet or heat."""
    if race.distance.counts_laps:
        return "heat"
    return "quartet" if len(race.starters(pair)) > 2 else "pair"


def laps_to_go(race: Race, action: Action) -> int | None:
    """Return the laps the foremost of those in view has to go; None before the first mark."""
    done = [entry.last_passage.number for entry in action.entries if entry.last_passage]
    return race.distance.laps - max(done) if done and max(done) < race.distance.laps else None


def _starts(scene: Scene, race: Race) -> list[Span]:
    start = race.start or race.planned
    if start is None:
        return []
    spans = [Span(f"  {scene.local(start):%H:%M}", "text")]
    minutes = round((start.timestamp() - scene.at / 1000) / 60)
    if minutes < -1:
        # Live and nothing clocked: on the ice, perhaps, but no source says so.
        spans.append(Span("  no times yet", "dim") if race.live else Span("  delayed", "warn"))
    elif minutes < 100:
        spans.append(Span(f", in {minutes} min" if minutes > 0 else ", now", "dim"))
    elif scene.local(start).date() != scene.now.date():
        day = scene.local(start)
        spans.append(Span(f", {day:%a} {day.day} {day:%b}", "dim"))
    return spans


def _to_beat(scene: Scene, race: Race) -> list[Span]:
    leader = race.leader
    crowd = race.distance.discipline is Discipline.MASS_START
    if crowd and scene.action.phase is Phase.ON_ICE:
        return [Span("finish counts 60 40 20 10 6 3", "dim")]
    if scene.action.phase is Phase.OVER or leader is None or leader.time_ms is None:
        return []
    if scene.action.phase is Phase.FINISHED and race.over:
        return [] if race.official else [Span("re-skates may follow", "dim")]
    families = Families(scene.meet.people)
    return [
        Span("to beat ", "dim"),
        Span(show_time(leader.time_ms), "gold", bold=True),
        Span(f" {families[leader]}", "text"),
    ]


def _standing(scene: Scene, race: Race, kind: str) -> Record | None:
    record = scene.book.to_beat(kind, race, scene.meet)
    leader = race.leader
    if record is None or leader is None or leader.time_ms is None:
        return record
    return None if leader.time_ms // 10 < record.time_ms // 10 else record


def _records(records: list[Record], *, holders: bool) -> list[Span]:
    spans: list[Span] = []
    for record in records:
        spans += [
            Span(f"   {record.kind} ", "dim"),
            Span(show_time(record.time_ms), "record"),
        ]
        if record.sure == "low":
            spans.append(Span("?", "dim"))
        if holders:
            year = f" {record.year}" if record.year else ""
            spans.append(Span(f" {record.holder}{year}", "dim"))
    return spans


def mass_start_line(scene: Scene, race: Race, width: int, indent: int) -> Line:
    """Draw the second line of a mass start's band: the lap and who leads."""
    row = Row(width, "band")
    done = max((entry.passages[-1].number for entry in race.entries if entry.passages), default=0)
    if scene.action.phase is Phase.FINISHED and race.leader is not None:
        leader = race.leader
        time = f"  {show_time(leader.time_ms)}" if leader.time_ms is not None else ""
        row.run(indent, Span(family(leader), "gold", bold=True), Span(f" {leader.noc}{time}"))
        return row.line()
    laps = race.distance.laps
    spans = [Span("lap ", "dim"), Span(str(done), "text", bold=True), Span(f" of {laps}", "dim")]
    if done:
        spans.append(Span(f"  {laps - done} to go", "text", bold=True))
        ahead = min(
            (entry for entry in race.entries if entry.passages and len(entry.passages) == done),
            key=lambda entry: entry.passages[-1].time_ms,
            default=None,
        )
        if ahead is not None:
            spans += [Span("   leader ", "dim"), Span(family(ahead), "text")]
    row.run(indent, *spans)
    return row.line()


def family(entry: Entry) -> str:
    """Return the name a sentence calls somebody by."""
    return capitals(getattr(entry.competitor, "family", "") or entry.competitor.noc)


def called(competitor: Skater | Team) -> str:
    """Return the name a sentence about a season calls somebody by; a team has its own."""
    return capitals(competitor.name if isinstance(competitor, Team) else competitor.family)


def margin(race: Race) -> int | None:
    """Return how far the second is behind the winner, in milliseconds as printed."""
    times = [entry.time_ms for entry in race.finished[:2] if entry.time_ms is not None]
    return gap_ms(times[1], times[0]) if len(times) == 2 else None


def winning_margin(race: Race) -> str:
    """Return the margin in words; in thousandths where those decided the race."""
    lead = margin(race)
    if lead is None:
        return ""
    first, second = race.finished[:2]
    if lead == 0 and {first.key, second.key} <= race.splits_hundredths:
        thousandths = (second.time_ms or 0) - (first.time_ms or 0)
        return f"wins by 0.{thousandths:03}" if thousandths else "shares first place"
    return f"wins by {show_time(lead)}"


def gender_word(race: Race) -> str:
    """Return ``women``, ``men`` or ``mixed``."""
    return {Gender.WOMEN: "women", Gender.MEN: "men", Gender.MIXED: "mixed"}[race.gender]
