"""What the screen says about its data, in every situation."""

from __future__ import annotations

from datetime import UTC

import pytest
from msgspec.structs import replace

from meets import OSLO, rink_time
from rinkside.scene import Feed
from rinkside.status import Situation, feed_status, shown_age

NOW = rink_time("12 19:43:41")
LIVE = Situation(now=NOW, zone=OSLO, last_good=NOW - 2_000, late_after_ms=10_000)


def said(**more: object) -> Feed:
    return feed_status(replace(LIVE, **more))


def test_live_shows_the_age_of_the_data() -> None:
    feed = said()
    assert (feed.pill, feed.pill_role, feed.age) == ("LIVE", "pill-live", "<5 s")
    assert (feed.late, feed.stale, feed.note) == (False, False, "")


def test_three_missed_polls_are_late_and_keep_their_colours() -> None:
    feed = said(last_good=NOW - 11_000)
    assert (feed.pill, feed.pill_role, feed.age) == ("LATE", "pill-warn", "11 s")
    assert feed.late
    assert not feed.stale


def test_an_error_before_three_polls_are_missed_is_not_yet_told() -> None:
    assert said(error="the feed timed out").pill == "LIVE"


def test_no_feed_drains_and_says_why_and_when_the_next_try_is() -> None:
    feed = said(
        last_good=rink_time("12 19:40:41"),
        error="the feed timed out",
        next_try=NOW + 24_000,
    )
    assert (feed.pill, feed.pill_role, feed.age) == ("NO FEED", "pill-error", "3 min")
    assert feed.late
    assert feed.stale
    assert feed.note == "last good data 19:40:41 · the feed timed out · next try in 24 s"
    assert feed.note_role == "error"


def test_a_try_that_is_under_way_gives_no_time() -> None:
    feed = said(last_good=NOW - 60_000, error="the feed timed out")
    assert feed.note == "last good data 19:42:41 · the feed timed out"


def test_data_of_another_day_is_given_with_its_date() -> None:
    feed = said(last_good=rink_time("10 15:57"), error="the feed timed out")
    assert feed.note.startswith("last good data 10 Dec 15:57")
    assert feed.age == "2 days"


def test_a_feed_that_never_answered_says_so() -> None:
    feed = said(last_good=None, error="the feed can't be reached", next_try=NOW + 5_000)
    assert feed.pill == "NO FEED"
    assert feed.age == ""
    assert feed.note.startswith("no data from the feed yet · the feed can't be reached")


def test_before_the_first_answer_it_says_that_it_asks() -> None:
    feed = said(last_good=None)
    assert feed.pill == "…"
    assert feed.note == "asking the feed …"
    assert not feed.stale


def test_offline_gives_the_time_of_the_newest_version_at_the_rink() -> None:
    feed = said(offline=True, newest=rink_time("14 15:57"), last_good=None)
    assert (feed.pill, feed.pill_role) == ("OFFLINE", "pill-off")
    assert feed.age == "as of 14 Dec 15:57"
    assert said(offline=True, newest=rink_time("14 15:57"), zone=UTC).age == "as of 14 Dec 14:57"
    assert said(offline=True, newest=None).age == ""


@pytest.mark.parametrize(
    ("demo", "speed", "pill"),
    [(True, 8.0, "DEMO 8×"), (False, 4.0, "REPLAY 4×"), (False, 0.5, "REPLAY 0.5×")],
)
def test_playing_shows_its_speed_and_no_age(demo: bool, speed: float, pill: str) -> None:
    feed = said(demo=demo, playing=speed)
    assert (feed.pill, feed.pill_role, feed.age) == (pill, "pill-warn", "")


def test_modelled_times_are_said_for_as_long_as_they_are_shown() -> None:
    for more in ({"playing": 8.0, "demo": True}, {"offline": True}, {"playing": 1.0}):
        assert said(bundled=True, modelled=True, **more).note.startswith(
            "~ modelled, not published · bundled meet"
        )


def test_the_demo_says_which_key_leaves_it() -> None:
    note = said(bundled=True, modelled=True, playing=8.0, demo=True).note
    assert note.endswith("l goes to the live feed")


def test_a_bundled_meet_without_modelled_times_claims_none() -> None:
    assert said(bundled=True, offline=True).note == "bundled meet"


def test_a_bundled_meet_in_place_of_a_feed_says_what_is_wrong_with_the_feed() -> None:
    note = said(bundled=True, offline=True, error="the feed timed out").note
    assert note == "bundled meet · the feed timed out, it is asked again"


def test_the_search_for_the_live_meet_is_told_on_the_bundled_one() -> None:
    search = "the live meet is asked for …"
    note = said(bundled=True, modelled=True, offline=True, search=search).note
    assert note == f"~ modelled, not published · bundled meet · {search}"
    wrong = said(bundled=True, modelled=True, offline=True, error="the feed timed out").note
    assert wrong == "bundled meet · the feed timed out, it is asked again · ~ modelled"


def test_the_season_that_is_fetched_is_told_quietly_where_there_is_nothing_else_to_say() -> None:
    words = "season 34 of 112"
    for more in ({}, {"playing": 1.0}, {"last_good": NOW - 600_000}):
        feed = said(fetching=words, **more)
        assert (feed.note, feed.note_role) == (words, "dim")
        feed = said(fetching=words, notes=("the disk is full",), **more)
        assert (feed.note, feed.note_role) == ("the disk is full", "warn")
    trouble = said(fetching=words, last_good=NOW - 600_000, error="the feed timed out")
    assert words not in trouble.note


def test_what_concerns_this_computer_is_added_to_whatever_is_said() -> None:
    notes = ("the disk is full",)
    for feed in (
        said(notes=notes),
        said(notes=notes, offline=True),
        said(notes=notes, bundled=True, modelled=True, playing=1.0),
        said(notes=notes, last_good=NOW - 60_000, error="the feed timed out"),
    ):
        assert feed.note.endswith("the disk is full")


@pytest.mark.parametrize(
    ("seconds", "words"),
    [
        (-3, "<5 s"),
        (0, "<5 s"),
        (4, "<5 s"),
        (5, "5 s"),
        (59, "59 s"),
        (60, "1 min"),
        (7199, "119 min"),
        (7200, "2 h"),
        (172_799, "47 h"),
        (172_800, "2 days"),
    ],
)
def test_an_age_is_told_in_its_largest_unit(seconds: int, words: str) -> None:
    assert shown_age(seconds * 1000) == words


# --- elsewhere than at the present ---------------------------------------------------------------


@pytest.mark.parametrize(
    ("more", "pill", "role"),
    [
        ({"delay": 45_000, "behind": 45_000}, "LIVE −45 s", "pill-live"),
        ({"delay": 600_000, "behind": 600_000}, "LIVE −600 s", "pill-live"),
        ({"playing": 1.0, "paused": True, "behind": 192_000}, "PAUSED −3:12", "pill-off"),
        ({"playing": 1.0, "behind": 192_000}, "LIVE −3:12", "pill-live"),
        ({"playing": 4.0, "behind": 192_000}, "REPLAY 4× −3:12", "pill-warn"),
        ({"playing": 0.5, "behind": 1_000}, "REPLAY 0.5× −0:01", "pill-warn"),
        ({"playing": 1.0, "paused": True, "behind": 720_000}, "PAUSED −12 min", "pill-off"),
        ({"playing": 1.0, "behind": 7_500_000}, "LIVE −2 h 05", "pill-live"),
    ],
)
def test_behind_a_meet_that_goes_on_the_pill_says_how_far(
    more: dict[str, object], pill: str, role: str
) -> None:
    feed = said(follows=True, **more)
    assert (feed.pill, feed.pill_role) == (pill, role)
    assert feed.age == "<5 s", "the age is that of the data, not of the picture"


@pytest.mark.parametrize(
    ("more", "pill"),
    [
        ({"playing": 4.0}, "REPLAY 4×"),
        ({"playing": 4.0, "demo": True}, "DEMO 4×"),
        ({"playing": 4.0, "paused": True}, "PAUSED"),
        ({"playing": 4.0, "paused": True, "demo": True}, "PAUSED"),
    ],
)
def test_what_is_played_again_says_its_speed_or_that_it_stands_still(
    more: dict[str, object], pill: str
) -> None:
    assert said(**more).pill == pill


def test_time_that_was_skipped_is_said_in_place_of_the_age() -> None:
    assert said(playing=2.0, skipped=108_000).age == "skipped 1:48"
    assert said(playing=2.0).age == ""


def test_a_feed_that_is_away_drains_a_picture_only_when_it_has_shown_all_there_is() -> None:
    away = {"last_good": NOW - 60_000, "error": "the feed timed out", "follows": True}
    early = said(delay=90_000, behind=90_000, **away)
    assert (early.pill, early.late, early.stale) == ("NO FEED −90 s", True, False)
    assert said(delay=45_000, behind=45_000, **away).stale
    paused = said(playing=1.0, paused=True, behind=90_000, **away)
    assert (paused.pill, paused.late, paused.stale) == ("PAUSED −1:30", True, False)
    assert "the feed timed out" in paused.note
