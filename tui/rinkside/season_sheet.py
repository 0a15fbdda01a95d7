"""What ``standings`` and ``quota`` print for people: aligned text, no wider than the terminal."""

from __future__ import annotations

from collections.abc import Iterator
from itertools import groupby
from typing import TYPE_CHECKING, Final

from longtrack.model import Division, Race, Status
from longtrack.names import full_name
from longtrack.points import season_words
from longtrack.standings import Column, Score, Standing, Standings, column_of
from longtrack.times import MINUS, show_time
from rinkside.drawing import typeset
from rinkside.drawing.cities import short_cities
from rinkside.season_commands import CupAnswer, QuotaAnswer
from rinkside.table import NAMES, TextColumn, table, wrapped

if TYPE_CHECKING:
    from longtrack.quota import Place, Quota

_LEAST_RACES: Final = 4
"""Fewer races than that say too little: then the last one stands for them."""

_MOVE_LEAVES: Final = 1
_FIRST_LEAVES: Final = 2
_LAST_LEAVES: Final = 3
_RACES_LEAVE: Final = 4
"""The oldest race leaves first, and those that are left by then together."""


def standings_text(answer: CupAnswer, *, width: int) -> str:
    """Return a cup as aligned text, headed by what it is and what it is made of."""
    lines = wrapped(_heading(answer), width)
    rows = answer.standings.rows
    if rows:
        names = [row.competitor for row in rows]
        lines += ["", *table(_columns(answer), names, width)]
    return "\n".join(lines) + "\n"


def quota_text(answer: QuotaAnswer, *, width: int) -> str:
    """Return the quota places of a race as aligned text, and between whom the line is drawn."""
    quota = answer.quota
    heading = [
        f"Olympic quota places · {quota.code}",
        season_words(answer.season.year),
        "unofficial",
        f"after {quota.meets} of {quota.of} World Cups",
        answer.source.value,
    ]
    lines = [*wrapped(heading, width), *wrapped(_rule(quota), width)]
    if quota.rows:
        names = [row.competitor for row in quota.rows]
        head, *rows = table(_quota_columns(quota), names, width)
        lines += ["", head]
        for section, of_section in groupby(zip(quota.rows, rows, strict=True), _section):
            lines += ["reserve" if section == "reserve" else f"by {section}"]
            lines += [*(line for _, line in of_section), ""]
        for sentence in _at_the_line(quota):
            lines += typeset.wrapped(sentence, width)
    return "\n".join(lines) + "\n"


def _section(row: tuple[Place, str]) -> str:
    return row[0].section.value


def _rule(quota: Quota) -> Iterator[str]:
    by_times = f", {quota.by_times} by times" if quota.by_times else ""
    yield f"{quota.places} places: {quota.by_points} by points{by_times}"
    yield f"at most {quota.most_per_noc} a nation"


def _quota_columns(quota: Quota) -> list[TextColumn]:
    rows = quota.rows
    times = ["" if row.best_ms is None else show_time(row.best_ms) for row in rows]
    return [
        TextColumn("", [str(row.place) for row in rows]),
        NAMES,
        TextColumn("", [row.noc for row in rows], left=True),
        TextColumn("pts", [str(row.points) for row in rows]),
        TextColumn("best", times),
    ]


def _at_the_line(quota: Quota) -> Iterator[str]:
    for what, row in (("last in", quota.last_in), ("first out", quota.first_out)):
        if row is not None:
            yield f"{what}: {_named(row)}"
    if quota.passed_over:
        yield f"nation full: {', '.join(map(_named, quota.passed_over))}"


def _named(row: Place) -> str:
    return f"{full_name(row.competitor)} {row.noc}"


def _heading(answer: CupAnswer) -> list[str]:
    count = len(answer.standings.columns)
    made_of = "no race held"
    if answer.races:
        last = max(answer.races, key=lambda race: (race.day, race.at))
        when = f"the last in {last.city} on {last.day.day} {last.day:%b}"
        made_of = f"after {count} race{'s' * (count > 1)}, {when}"
    return [
        f"World Cup standings · {answer.standings.cup}",
        season_words(answer.season.year),
        made_of,
        *(_under_way(race) for race in answer.running),
        *filter(None, [answer.by_table]),
        answer.source.value,
    ]


def _under_way(race: Race) -> str:
    starting = [each for each in race.entries if each.status not in (Status.DNS, Status.WDR)]
    going = (Status.TO_START, Status.ON_ICE)
    done = sum(each.status not in going for each in starting)
    return f"{race.code} is on, {done} of {len(starting)} are in"


def _columns(answer: CupAnswer) -> list[TextColumn]:
    standings = answer.standings
    rows = standings.rows
    gaps = [_gap(row, rows[0]) for row in rows]
    columns = [
        TextColumn("", [str(row.rank) for row in rows], stays=True),
        TextColumn("", [_move(row, answer.before) for row in rows], leaves=_MOVE_LEAVES),
        NAMES,
        TextColumn("", [row.competitor.noc for row in rows], left=True),
        TextColumn("total", [str(row.points) for row in rows]),
        TextColumn("to 1st", gaps, leaves=_FIRST_LEAVES),
    ]
    short = short_cities(column.city for column in standings.columns)
    for age, column in reversed([*enumerate(reversed(standings.columns))]):
        leaves = _RACES_LEAVE + max(0, age + 1 - _LEAST_RACES)
        columns.append(TextColumn(short[column.city], _scores(column, answer), leaves=leaves))
    last = _scores(standings.columns[-1], answer)
    columns.append(TextColumn("last", last, leaves=_LAST_LEAVES, instead_of=_RACES_LEAVE))
    return columns


def _scores(column: Column, answer: CupAnswer) -> list[str]:
    key = answer.standings.people.key
    ahead = {
        key(result.competitor, race.gender)
        for race in answer.races
        if column_of(race) == column
        for result in race.results
        if result.points is None
    }
    scores = [_score(row.score(column), row.key in ahead) for row in answer.standings.rows]
    # The letter of Division B stands right of the figures.
    is_lettered = any(score.endswith("b") for score in scores)
    return [score if score.endswith("b") else f"{score}{' ' * is_lettered}" for score in scores]


def _score(score: Score | None, is_ahead: bool) -> str:
    if score is None or not score.started:
        return "·" if is_ahead else "—"
    return f"{score.points}{'b' if score.points and score.division is Division.B else ''}"


def _gap(row: Standing, leader: Standing) -> str:
    if row.rank == 1:
        return ""
    return f"{MINUS}{leader.points - row.points}" if row.points < leader.points else "0"


def _move(row: Standing, before: Standings | None) -> str:
    known = None if before is None else before.by_key.get(row.key)
    if known is None or known.rank == row.rank:
        return ""
    return f"{'▲' if known.rank > row.rank else '▼'}{abs(known.rank - row.rank)}"
