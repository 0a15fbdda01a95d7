"""The lines on top and at the bottom: meet, clock, freshness, tabs, keys."""

from __future__ import annotations

from datetime import UTC, date, timedelta
from itertools import pairwise
from typing import Any
from zoneinfo import ZoneInfo

import pytest
from msgspec.structs import replace

from longtrack.model import Conditions, Division, Gender, Race, Status
from longtrack.tape import Tape
from meets import (
    EVENING,
    FIFTEEN_HUNDRED,
    FIVE_HUNDRED,
    MASS_START,
    TEAM_PURSUIT,
    assert_fills,
    entry,
    live_session,
    race,
    rink_time,
    scene,
    span_of,
)
from rinkside.drawing import footer, header
from rinkside.drawing.footer import Key
from rinkside.ink import Line
from rinkside.scene import Feed, Scene

TOKYO = ZoneInfo("Asia/Tokyo")
WIDTHS = range(60, 201)
LIVE = Feed(age="2 s")
ALL_SAID = (
    LIVE,
    Feed("LATE", "pill-warn", age="12 s", late=True),
    Feed("NO FEED", "pill-error", age="119 min", late=True),
    Feed("OFFLINE", "pill-off", age="as of 14 Dec 15:57"),
    Feed("DEMO 8×", "pill-warn"),
    Feed("REPLAY 0.5×", "pill-warn", second_pill="NO SPOILERS"),
    Feed("…", "pill-off"),
)


def one_race(**more: Any) -> Race:
    return race([entry(0), entry(1)], conditions=Conditions(-8.5, 15.9, 21.0), **more)


def top(one: Scene, width: int) -> Line:
    line = header.header(one, width)
    assert_fills([line], width)
    return line


def showing(feed: Feed = LIVE, **more: Any) -> Scene:
    return scene(one_race(), feed=feed, **more)


# --- meet, clock, pill ---------------------------------------------------------------------------


def test_in_the_smallest_window_it_says_city_short_title_clock_age_and_pill() -> None:
    assert top(showing(), 60).text == (
        " Hamar · WC 4                            19:20   2 s  LIVE  "
    )


def test_at_80_columns_the_date_comes() -> None:
    line = top(showing(), 80).text
    assert line.startswith(" Hamar · World Cup 4 ")
    assert line.endswith("Fri 12 Dec  19:20   2 s  LIVE  ")


def test_at_120_columns_the_venue_and_the_key_of_the_day_come() -> None:
    line = top(showing(), 120).text
    assert line.startswith(" Hamar · World Cup 4 · Vikingskipet ")
    assert line.endswith("d Fri 12 Dec  19:20   2 s  LIVE  ")


def test_from_150_columns_on_ice_air_and_humidity_are_told() -> None:
    line = top(showing(), 150).text
    assert "Vikingskipet   ice −8.5°  air 15.9°  hum 21 %" in line
    assert "ice" not in top(showing(), 149).text


@pytest.mark.parametrize("feed", ALL_SAID, ids=lambda feed: feed.pill)
@pytest.mark.parametrize("here", [ZoneInfo("Europe/Oslo"), TOKYO], ids=["here", "away"])
def test_nothing_in_the_header_ever_overlaps(feed: Feed, here: ZoneInfo) -> None:
    for width in WIDTHS:
        line = top(showing(feed, here=here), width).text
        for part in (f" {feed.pill} ", feed.age, feed.second_pill, "19:20", "Hamar"):
            assert part in line, (width, line)


def test_parts_leave_in_the_order_they_came() -> None:
    parts = ("ice −8.5°", "Vikingskipet", "Fri 12 Dec", "World Cup", "Hamar")
    seen = [tuple(part in top(showing(), width).text for part in parts) for width in WIDTHS]
    for narrow, wide in pairwise(seen):
        assert all(not left or right for left, right in zip(narrow, wide, strict=True))
    assert seen[0] == (False, False, False, False, True)
    assert all(seen[-1])


def test_a_long_name_gives_way_to_the_clock() -> None:
    one = showing(Feed("OFFLINE", "pill-off", age="as of 14 Dec 15:57"))
    event = replace(one.meet.event, city="Tomaszów Mazowiecki", venue="Arena Lodowa")
    one = replace(one, meet=replace(one.meet, event=event))
    for width in WIDTHS:
        line = top(one, width).text
        assert "as of 14 Dec 15:57" in line
        assert "19:20" in line


def test_a_city_in_wide_letters_shifts_nothing() -> None:
    one = showing()
    event = replace(one.meet.event, city="長野市エムウェーブ" * 2)
    one = replace(one, meet=replace(one.meet, event=event))
    for width in WIDTHS:
        assert top(one, width).text.rstrip().endswith("19:20   2 s  LIVE")


def test_the_viewers_clock_comes_only_where_it_differs() -> None:
    assert "you" not in top(showing(), 120).text
    assert "you" not in top(showing(here=ZoneInfo("Europe/Amsterdam")), 120).text
    away = top(showing(here=TOKYO), 120)
    assert "19:20 · 03:20 you" in away.text
    assert span_of(away, "you").role == "dim"
    assert "18:20 you" in top(showing(here=UTC), 80).text


def test_an_age_to_worry_about_is_bold_and_red() -> None:
    age = span_of(top(showing(ALL_SAID[2]), 80), "119 min")
    assert (age.bold, age.role) == (True, "error")
    assert span_of(top(showing(), 80), "2 s").role == "dim"


def test_the_pill_stands_on_its_ground_in_letters() -> None:
    for feed in ALL_SAID:
        pill = span_of(top(showing(feed), 120), feed.pill)
        assert (pill.ground, pill.role, pill.bold) == (feed.pill_role, "pill-text", True)


# --- tabs ----------------------------------------------------------------------------------------


def day_of(*races: Race) -> Scene:
    return scene(races[0], others=races[1:])


def four() -> list[Race]:
    made = []
    for index, (gender, distance) in enumerate(
        (
            (Gender.WOMEN, FIVE_HUNDRED),
            (Gender.MEN, FIVE_HUNDRED),
            (Gender.WOMEN, FIFTEEN_HUNDRED),
            (Gender.MEN, FIFTEEN_HUNDRED),
        )
    ):
        start = EVENING + timedelta(minutes=30 * index)
        made.append(
            replace(
                race([entry(0), entry(1)], distance, gender=gender, planned=start, start=start),
                number=index + 1,
            )
        )
    return made


def tabs(one: Scene, width: int) -> Line:
    line = header.tabs(one, width)
    assert_fills([line], width)
    return line


def test_tabs_give_key_code_and_state() -> None:
    races = four()
    live = replace(races[0], live=True)
    held = replace(
        races[1],
        entries=(entry(0, Status.FINISHED, time_ms=34_000, rank=1), entry(1, Status.DNS)),
        official=True,
    )
    line = tabs(day_of(live, held, *races[2:]), 80)
    assert " 1 W500 live  2 M500 KOK  3 W1500 20:20  4 M1500 20:50 " in line.text
    assert line.text.endswith("b   A  B  ")
    assert span_of(line, "live").role == "live"
    assert span_of(line, "W500").ground == "tab"
    assert span_of(line, "W1500").ground is None


def test_in_the_smallest_window_only_live_stays_beside_the_codes() -> None:
    races = four()
    line = tabs(day_of(replace(races[0], live=True), *races[1:]), 60)
    assert line.text.startswith("  1 W500 live  2 M500  3 W1500  4 M1500 ")
    assert line.text.endswith("b   A  B  ")


def test_two_races_that_are_live_both_say_so() -> None:
    races = four()
    both = [replace(each, live=True) for each in races[:2]]
    for width in (60, 80, 120):
        assert tabs(day_of(*both, *races[2:]), width).text.count(" live") == 2


def test_a_delay_shows_the_new_start() -> None:
    late = replace(four()[0], start=EVENING + timedelta(minutes=51))
    assert "1 W500 20:11" in tabs(day_of(late), 80).text


def test_the_division_on_screen_is_marked_by_ground_and_bold() -> None:
    line = tabs(day_of(*four()), 120)
    assert "Division A  Division B" in line.text
    assert (span_of(line, "Division A").bold, span_of(line, "Division A").ground) == (True, "tab")
    assert (span_of(line, "Division B").bold, span_of(line, "Division B").ground) == (False, None)


def test_a_day_without_a_race_of_the_division_says_so() -> None:
    one = replace(scene(four()[0]), day=date(2025, 12, 14), division=Division.B)
    assert "no race of Division B on this day" in tabs(one, 80).text


def seven() -> list[Race]:
    made = []
    kinds = (
        (TEAM_PURSUIT, Gender.WOMEN),
        (TEAM_PURSUIT, Gender.MEN),
        (FIVE_HUNDRED, Gender.WOMEN),
        (FIVE_HUNDRED, Gender.MEN),
        (MASS_START, Gender.WOMEN),
        (MASS_START, Gender.MEN),
        (FIFTEEN_HUNDRED, Gender.WOMEN),
    )
    for index, (distance, gender) in enumerate(kinds):
        start = EVENING + timedelta(minutes=20 * index)
        shown = race([entry(0), entry(1)], distance, gender=gender, planned=start, start=start)
        made.append(replace(shown, number=index + 1, ordinal=2 if index in (2, 3) else 1))
    return made


@pytest.mark.parametrize("chosen", range(7))
def test_tabs_and_divisions_never_overlap_and_the_race_on_screen_is_among_them(
    chosen: int,
) -> None:
    races = seven()
    races[1] = replace(races[1], live=True)
    first = races.pop(chosen)
    one = scene(first, others=tuple(races))
    for width in WIDTHS:
        line = tabs(one, width).text
        assert line.rstrip().endswith(("b   A  B", "b   Division A  Division B")), (width, line)
        assert f" {first.code} " in line, (width, line)


def test_more_than_nine_races_have_no_key_but_a_tab() -> None:
    many = [
        replace(each, number=number + 1, title=str(number))
        for number, each in enumerate([*four(), *four(), *four()])
    ]
    line = tabs(day_of(*many), 200).text
    assert " 9 W1500" in line
    assert " 10 " not in line
    assert line.count("M1500") == 3


def test_the_bundled_meet_fits_at_every_width(bundled_tape: Tape) -> None:
    for clock in ("12 13:59", "12 19:41:41", "13 16:00", "14 15:50", "15 12:00"):
        session = live_session(bundled_tape, rink_time(clock))
        from rinkside.session import Choice

        for found in session.meet().races[::3]:
            one = session.scene(Choice(race=found.number))
            for width in (60, 61, 72, 79, 80, 109, 110, 149, 150, 200):
                top(one, width)
                assert f" {found.code} " in tabs(one, width).text


# --- the last lines ------------------------------------------------------------------------------

KEYS = tuple(Key(letter, f"long {letter}", letter * 3) for letter in "abcdefghij")


def test_keys_leave_from_the_right_and_help_stays() -> None:
    for width in WIDTHS:
        line = footer.keys(KEYS, width)
        assert_fills([line], width)
        assert line.text.endswith("? help ")
        told = [key for key in KEYS if f" {key.key} " in line.text]
        assert told == list(KEYS[: len(told)])
        words = [key.long if width >= 110 else key.short for key in told]
        assert all(f"{word}  " in line.text for word in words)


def test_keys_stand_out_from_their_words() -> None:
    line = footer.keys(KEYS, 80)
    assert (span_of(line, "a").role, span_of(line, "aaa").role) == ("key", "dim")


def test_the_sentence_about_the_data_is_cut_and_bold_when_it_is_an_error() -> None:
    feed = Feed(note="last good data 19:40:41 · the feed timed out " * 3, note_role="error")
    line = footer.note(feed, 60)
    assert_fills([line], 60)
    assert line.text.rstrip().endswith("…")
    assert span_of(line, "last good").bold
    assert not span_of(footer.note(Feed(note="~ modelled"), 60), "~").bold
