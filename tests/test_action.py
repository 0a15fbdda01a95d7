"""Where the action of a race is: which pair is in view, and what it is doing."""

from __future__ import annotations

import pytest

from longtrack.action import OVER_AFTER_MS, Action, Phase, action, next_pair
from longtrack.model import Entry, Passage, Race, Status
from longtrack.moments import Kind, Moment
from meets import EVENING, MASS_START, Rink, entry, ms, race, sprint_evening

NOW = ms(EVENING)
OPENER = (Passage(1, 100, 10_300, 10_300, 1),)


def ice(index: int, **more: object) -> Entry:
    return entry(index, Status.ON_ICE, passages=OPENER, **more)


def done(index: int, rank: int | None = 1) -> Entry:
    return entry(index, Status.FINISHED, time_ms=37_000 + index, rank=rank)


def told(pair: int | None, *, ago_ms: int = 1000, kind: Kind = Kind.FINISH) -> Moment:
    return Moment(at=NOW - ago_ms, kind=kind, race="W500", text="x", pair=pair)


def keys(found: Action) -> list[str]:
    return [each.key for each in found.entries]


def test_without_a_start_list_nothing_is_known() -> None:
    assert action(race([]), NOW).phase is Phase.UNKNOWN


def test_before_anybody_is_clocked_the_first_pair_is_next() -> None:
    found = action(race([entry(index) for index in range(4)], live=True), NOW)
    assert (found.phase, found.pair, keys(found)) == (Phase.NEXT, 1, ["0", "1"])


def test_a_first_passage_puts_the_pair_on_the_ice_inner_lane_first() -> None:
    found = action(race([entry(0), ice(1), entry(2), entry(3)]), NOW)
    assert (found.phase, found.pair, keys(found)) == (Phase.ON_ICE, 1, ["0", "1"])


def test_a_finished_pair_stays_until_the_next_is_clocked() -> None:
    shown = race([done(0), done(1, 2), entry(2), entry(3)])
    found = action(shown, NOW, [told(1)])
    assert (found.phase, found.pair, found.changes_at) == (Phase.FINISHED, 1, None)
    found = action(race([done(0), done(1, 2), ice(2), entry(3)]), NOW, [told(1)])
    assert (found.phase, found.pair) == (Phase.ON_ICE, 2)


def test_without_moments_the_highest_pair_that_finished_is_in_view() -> None:
    shown = race([done(0), done(1, 2), done(2, 3), done(3, 4), entry(4), entry(5)])
    assert action(shown, NOW).pair == 2


def test_somebody_who_fell_long_ago_does_not_hold_the_view() -> None:
    shown = race([ice(0), done(1), ice(4), ice(5), entry(6)])
    assert action(shown, NOW).pair == 3


def test_a_reskate_on_the_ice_comes_before_pairs_of_higher_number() -> None:
    shown = race([ice(0, reskate=True), done(1), ice(4), done(5, 2)])
    assert action(shown, NOW).pair == 1


def test_after_the_last_finish_the_pair_goes_out_of_view_by_itself() -> None:
    over = race([done(0), done(1, 2)])
    found = action(over, NOW, [told(1)])
    assert (found.phase, found.pair) == (Phase.FINISHED, 1)
    assert found.changes_at == NOW - 1000 + OVER_AFTER_MS
    assert action(over, found.changes_at, [told(1)]).phase is Phase.OVER
    assert action(over, found.changes_at - 1, [told(1)]).phase is Phase.FINISHED


def test_an_official_race_is_over_at_once() -> None:
    assert action(race([done(0), done(1, 2)], official=True), NOW, [told(1)]).phase is Phase.OVER


def test_a_race_that_appears_as_a_whole_is_over() -> None:
    assert action(race([done(0), done(1, 2)]), NOW, [told(None)]).phase is Phase.OVER


@pytest.mark.parametrize("kind", [Kind.DID_NOT_FINISH, Kind.DISQUALIFIED])
def test_whoever_ends_without_a_time_is_in_view_too(kind: Kind) -> None:
    shown = race([done(0), done(1, 2), entry(2, Status.DNF), done(3, 3), entry(4)])
    assert action(shown, NOW, [told(1, ago_ms=9000), told(2, kind=kind)]).pair == 2


def test_moments_of_other_races_do_not_count() -> None:
    other = Moment(at=NOW, kind=Kind.FINISH, race="M500", text="x", pair=9)
    assert action(race([done(0), done(1, 2), entry(2)]), NOW, [told(1), other]).pair == 1


def test_a_mass_start_has_everybody_in_view() -> None:
    crowd = race([ice(index, pair=None) for index in range(3)], MASS_START)
    found = action(crowd, NOW)
    assert (found.phase, found.pair, len(found.entries)) == (Phase.ON_ICE, None, 3)
    waiting = race([entry(index, pair=None) for index in range(3)], MASS_START)
    assert action(waiting, NOW).phase is Phase.NEXT


def test_a_row_without_a_pair_number_breaks_nothing() -> None:
    found = action(race([ice(0, pair=None), entry(1, pair=None)]), NOW)
    assert (found.phase, found.pair, keys(found)) == (Phase.ON_ICE, None, ["0"])
    half = race([done(0), entry(1, pair=None)])
    assert action(half, NOW).phase in (Phase.FINISHED, Phase.OVER)
    odd = race([entry(0, Status.FINISHED, pair=None, rank=1, time_ms=37_000), entry(1, pair=None)])
    assert action(odd, NOW).pair is None


@pytest.mark.parametrize(
    ("entries", "pair"),
    [
        ([entry(2), entry(0)], 1),
        ([done(0), entry(2)], 2),
        ([entry(0, reskate=True), entry(4)], 3),
        ([entry(0, reskate=True), done(4)], 1),
        ([done(0), entry(2, Status.WDR)], None),
        ([ice(0)], None),
        ([entry(0, pair=None)], None),
    ],
)
def test_the_next_pair_is_the_lowest_to_start_and_reskates_come_last(
    entries: list[Entry], pair: int | None
) -> None:
    assert next_pair(race(entries)) == pair


def phases(rink: Rink) -> tuple[Phase, int | None]:
    found = rink.scene().action
    return found.phase, found.pair


def test_a_race_of_the_wire_goes_through_all_phases() -> None:
    rink = sprint_evening(starters=4)
    rink.wire.start(1)
    rink.publish()
    seen = [phases(rink)]
    for first in (0, 2):
        for row in (first, first + 1):
            rink.wire.passage(1, row, 0, 10_300 + row)
            rink.publish()
        seen.append(phases(rink))
        for row in (first, first + 1):
            rink.wire.finish(1, row, 37_500 + row)
            rink.publish(after=20)
        seen.append(phases(rink))
    rink.wire.stop(1)
    rink.publish()
    seen.append(phases(rink))
    rink.wire.make_official(1)
    rink.publish(after=400)
    found: Race | None = rink.session().meet().race("W500")
    assert found is not None
    seen.append((action(found, rink.clock()).phase, None))
    assert seen == [
        (Phase.NEXT, 1),
        (Phase.ON_ICE, 1),
        (Phase.FINISHED, 1),
        (Phase.ON_ICE, 2),
        (Phase.FINISHED, 2),
        (Phase.FINISHED, 2),
        (Phase.OVER, None),
    ]
