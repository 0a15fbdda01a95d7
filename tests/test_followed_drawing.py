"""Those who are followed: their sign everywhere, and what is said of them."""

from __future__ import annotations

from datetime import UTC, timedelta

import pytest
from msgspec.structs import replace

from longtrack.model import (
    Discipline,
    Distance,
    Division,
    Entry,
    Gender,
    Passage,
    Race,
    Status,
    Team,
)
from longtrack.moments import Kind, Moment, Person
from longtrack.tape import Tape
from longtrack.timetable import next_starts
from meets import (
    DISTANCES,
    EVENING,
    MASS_START,
    OSLO,
    TEAM_PURSUIT,
    THREE_THOUSAND,
    assert_fills,
    bundled_season,
    column_of,
    entry,
    line_with,
    live_session,
    ms,
    race,
    rink_time,
    scene,
    span_of,
)
from rinkside.drawing import band, board, cup, header, programme, ticker
from rinkside.drawing.columns import columns
from rinkside.drawing.followed import news
from rinkside.followed import Followed
from rinkside.scene import Feed, Scene
from rinkside.session import Choice

WIDTHS = range(60, 201)
START = ms(EVENING)
OPENER = (Passage(1, 100, 10_300, 10_300, 1),)
NED = Followed(nations=frozenset({"NED"}))
"""The first two of the invented people: KOK and RIJPMA-DE JONG, in the first pair."""
KOR = Followed(nations=frozenset({"KOR"}))
"""LEE in the second pair, inner being 高木; and CHUNG in the fourth."""


def starting(count: int = 8, **statuses: Entry) -> Race:
    return race([statuses.get(f"_{index}", entry(index)) for index in range(count)])


def knowing(shown: Race, followed: Followed, *, at: int = START, **more: object) -> Scene:
    made = scene(shown, at=at, **more)  # type: ignore[arg-type]
    return replace(
        made, followed=followed, starts=next_starts(made.meet, followed.among, at, made.moments)
    )


def said(one: Scene, width: int = 120) -> str:
    """Return what the line on top says of those who are followed."""
    line = header.header(one, width)
    assert_fills([line], width)
    _, star, rest = line.text.partition("*")
    return (star + rest.partition("   ")[0]).strip()


def done(index: int, rank: int | None = 1, **more: object) -> Entry:
    return entry(index, Status.FINISHED, time_ms=37_050, rank=rank, **more)


def ice(index: int) -> Entry:
    return entry(index, Status.ON_ICE, passages=OPENER)


# --- the sign ------------------------------------------------------------------------------------


@pytest.mark.parametrize("distance", DISTANCES, ids=str)
@pytest.mark.parametrize("width", [60, 80, 107])
def test_the_sign_stands_before_the_rank_of_every_row(distance: Distance, width: int) -> None:
    many = distance.discipline is Discipline.MASS_START
    rows = [
        done(0),
        ice(1),
        entry(2),
        entry(3, Status.DQ),
        replace(entry(6), reskate=True),
        done(7, 2),
    ]
    shown = race([replace(each, pair=None) for each in rows] if many else rows, distance)
    column = columns(distance, width)["follow"].start
    for pins in (True, False):
        plain = board.draw(knowing(shown, Followed()), width, 24, pins=pins).lines
        marked = board.draw(knowing(shown, NED), width, 24, pins=pins).lines
        assert_fills(marked, width)
        mine = [line for line in marked if " NED " in line.text]
        assert len(mine) >= 2
        for line in mine:
            assert column_of(line, "*") == column
            assert span_of(line, "*").role == "follow"
            assert span_of(line, "*").bold
        # Nothing else differs, and nothing moves.
        assert [line.text.replace("*", " ") for line in marked] == [line.text for line in plain]


def test_a_row_that_was_drawn_before_is_drawn_again_when_it_is_followed() -> None:
    shown = race([done(0), done(2, 2)])
    for followed, count in ((Followed(), 0), (NED, 1), (KOR, 0), (Followed(), 0)):
        lines = board.draw(knowing(shown, followed), 80, 10, pins=False).lines
        assert sum("*" in line.text for line in lines) == count


def test_the_large_band_has_the_sign_before_the_lane() -> None:
    lines = band.band(knowing(starting(_0=ice(0), _1=ice(1)), NED), starting(), 120, 5, tints=True)
    shown = starting(_2=ice(2), _3=ice(3))
    lines = band.band(knowing(shown, KOR), shown, 120, band.HEIGHT, tints=True)
    assert_fills(lines, 120)
    assert "*● LEE" in lines[1].text
    assert "*○" not in lines[1].text
    over = race([done(0)], official=True)
    assert "*○ KOK" in band.band(knowing(over, NED), over, 120, band.HEIGHT, tints=True)[1].text


def test_a_tab_has_the_sign_while_somebody_is_still_to_start(bundled_tape: Tape) -> None:
    session = live_session(bundled_tape, rink_time("12 19:41:42"))
    session.followed = Followed(nations=frozenset({"USA"}))
    on_ice = session.scene(Choice())
    for width in WIDTHS:
        assert_fills([header.tabs(on_ice, width)], width)
    assert " 1*W500 live  2*M500 19:50 " in header.tabs(on_ice, 120).text
    session = live_session(bundled_tape, rink_time("12 20:20"))
    session.followed = Followed(nations=frozenset({"USA"}))
    later = header.tabs(session.scene(Choice()), 120).text
    assert " 1 W500 KOK " in later
    plain = live_session(bundled_tape, rink_time("12 20:20")).scene(Choice())
    assert later.replace("*", " ") == header.tabs(plain, 120).text


def test_the_cup_pane_has_the_sign_before_the_name(bundled_tape: Tape) -> None:
    session = live_session(bundled_tape, rink_time("12 19:41:42"))
    session.season = bundled_season()
    session.followed = NED
    shown = session.scene(Choice())
    assert shown.cup is not None
    lines = cup.pane(shown, shown.cup, 45, 12)
    assert_fills(lines, 45)
    assert "*KOK Femke" in line_with(lines, "KOK").text
    assert span_of(line_with(lines, "KOK"), "*").role == "follow"
    assert "*" not in line_with(lines, "JACKSON").text


def told_of(*people: Person, text: str = "KOK 37.05 leads", sign: str = "1") -> Moment:
    return Moment(START, Kind.LEADER, "W500", text, people, sign=sign)


def test_a_moment_about_somebody_has_the_sign_before_its_words() -> None:
    about = told_of(Person("KOK Femke", "NED"))
    other = told_of(Person("LEE Na-Hyun", "KOR"), text="LEE 38.06, 9th", sign="")
    one = knowing(starting(), NED, moments=(about, other))
    lines = ticker.pane(one, 45, 4)
    assert lines[1].text.startswith("19:20    LEE 38.06")
    assert lines[2].text.startswith("19:20 1 *KOK 37.05")
    assert span_of(lines[2], "*").role == "follow"
    assert ticker.last(replace(one, moments=(about,)), 80).text.startswith(" 19:20 1 *KOK 37.05")


# --- only those who are followed -----------------------------------------------------------------


def test_only_those_who_are_followed_are_shown_and_the_pair_in_view_as_it_is() -> None:
    shown = starting(_0=done(0), _1=done(1, 2), _2=ice(2), _3=ice(3))
    one = replace(knowing(shown, KOR), only_followed=True)
    drawn = board.draw(one, 80, 12, pins=True)
    assert_fills(drawn.lines, 80)
    assert "W500  followed 2 of 8" in drawn.lines[0].text
    text = "\n".join(line.text for line in drawn.lines[2:])
    assert "高木" in text  # the pair-mate
    assert "LEE" in text
    assert "CHUNG" in text
    assert "KOK" not in text
    assert drawn.order == ("7",)


def test_a_race_without_anybody_who_is_followed_says_so() -> None:
    nobody = replace(knowing(starting(4), Followed(nations=frozenset({"NOR"}))), only_followed=True)
    drawn = board.draw(nobody, 60, 10, pins=False)
    assert "Nobody you follow is in this race; F shows all." in drawn.lines[1].text
    assert drawn.order == ()
    assert "of those you follow" not in ticker.pane(nobody, 45, 3)[1].text
    assert "Nothing has happened to those you follow." in ticker.pane(nobody, 45, 3)[1].text


# --- what is said of them ------------------------------------------------------------------------


def test_nothing_is_said_where_nobody_is_followed_or_nothing_is_known() -> None:
    assert news(knowing(starting(), Followed()), race=None) == ((), ())
    assert said(knowing(starting(), Followed(nations=frozenset({"NOR"})))) == ""
    assert said(knowing(race([]), NED)) == ""


def test_a_start_to_come_is_told_with_its_pair_and_about_when() -> None:
    one = knowing(starting(), KOR, at=START - 600_000)
    assert said(one) == "* LEE pair 2 about 19:22  * CHUNG pair 4 about 19:26"
    assert span_of(header.header(one, 120), "* LEE").role == "follow"


def test_the_first_pair_starts_with_the_race() -> None:
    assert said(knowing(starting(2), NED)) == "* KOK pair 1 19:20  * RIJPMA-DE JONG pair 1 19:20"


@pytest.mark.parametrize(
    ("shown", "words"),
    [
        (race([replace(entry(n), pair=None) for n in range(4)], MASS_START), "* LEE 19:20"),
        (
            race([entry(n, pair=n // 4 + 1) for n in range(4)], THREE_THOUSAND),
            "* LEE quartet 1 19:20",
        ),
        (race([entry(n) for n in range(4)], start=None, planned=None), "* LEE pair 2"),
        (starting(_3=replace(entry(3), reskate=True)), "* CHUNG pair 4 about 19:26  * LEE"),
    ],
)
def test_what_is_told_of_a_start_is_what_is_known(shown: Race, words: str) -> None:
    assert said(knowing(shown, KOR)).startswith(words)


def test_a_team_goes_by_its_country() -> None:
    teams = [
        replace(entry(n), competitor=Team(name, noc))
        for n, (name, noc) in enumerate((("Norway", "NOR"), ("Japan", "JPN"), ("Korea", "KOR")))
    ]
    shown = race(teams, TEAM_PURSUIT)
    assert said(knowing(shown, KOR)) == "* KOREA heat 2 about 19:24"


def test_a_race_that_should_have_begun_is_delayed() -> None:
    assert said(knowing(starting(4), KOR, at=START + 300_000)) == "* LEE pair 2 delayed"


def test_another_race_has_its_code_and_another_day_its_name() -> None:
    begins = (EVENING + timedelta(hours=18)).astimezone(UTC)
    tomorrow = replace(race([entry(3)], gender=Gender.WOMEN, start=begins), number=2, ordinal=2)
    one = knowing(starting(2), KOR, others=(tomorrow,))
    assert said(one) == "* LEE W500-2 pair 2 Sat 13:20"
    weeks = replace(tomorrow, start=begins + timedelta(days=20))
    assert said(knowing(starting(2), KOR, others=(weeks,))) == "* LEE W500-2 pair 2 2 Jan 13:20"


def test_of_somebody_with_several_races_the_next_is_told() -> None:
    begins = (EVENING + timedelta(hours=1)).astimezone(UTC)
    later = replace(race([entry(3)], start=begins), number=2, ordinal=2)
    assert said(knowing(starting(4), KOR, others=(later,))) == "* LEE pair 2 about 19:22"


def test_whoever_is_on_the_ice_is_said_to_be() -> None:
    assert said(knowing(starting(4, _2=ice(2), _3=ice(3)), KOR)) == "* LEE on the ice"
    assert said(knowing(starting(8, _2=ice(2), _3=ice(3)), KOR)).endswith("  * LEE on the ice")
    other = replace(starting(4, _3=ice(3)), number=2, gender=Gender.MEN, live=True)
    assert said(knowing(starting(2), KOR, others=(other,))) == "* LEE M500 on the ice"


def test_whoever_has_just_finished_is_told_with_the_rank_as_long_as_the_pair_is_in_view() -> None:
    shown = starting(8, _0=done(0), _1=entry(1, Status.DQ))
    assert said(knowing(shown, NED)) == "* KOK 1st 37.05  * RIJPMA-DE JONG DQ"
    assert said(knowing(shown, KOR)) == "* LEE pair 2 about 19:22  * CHUNG pair 4 about 19:26"


def test_after_the_race_the_result_stays() -> None:
    over = race([done(0), done(1, 2)], official=True)
    assert said(knowing(over, NED)).startswith("* KOK 1st 37.05")
    assert said(knowing(race([done(0, None, passages=())], official=True), NED)) == "* KOK 37.05"


def test_where_there_is_no_room_it_is_said_shorter_and_never_left_out() -> None:
    feeds = (
        Feed(age="2 s"),
        Feed("NO FEED", "pill-error", age="119 min", late=True),
        Feed("REPLAY 0.5×", "pill-warn", second_pill="NO SPOILERS"),
        Feed("OFFLINE", "pill-off", age="as of 14 Dec 15:57"),
    )
    everybody = Followed(nations=frozenset({"NED", "KOR", "JPN", "GER", "SWE", "AUT"}))
    long = race([entry(6, pair=12), entry(1, pair=11)])
    for followed, shown in ((KOR, starting()), (everybody, starting()), (everybody, long)):
        for feed in feeds:
            for width in WIDTHS:
                line = header.header(knowing(shown, followed, feed=feed), width)
                assert_fills([line], width)
                assert "* " in line.text
                assert f" {feed.pill} " in line.text
                assert "Hamar" in line.text or width < 72
    narrow = knowing(starting(), KOR, feed=feeds[0])
    assert said(narrow, 60) == "* LEE pair 2 about 19:22 +1"
    offline = replace(narrow, feed=feeds[3])
    assert said(offline, 76) == "* LEE pair 2 about 19:22 +1"
    assert said(offline, 72) == "* LEE pair 2 ~19:22 +1"
    assert said(offline, 67) == "* LEE p2 ~19:22 +1"


def test_a_long_name_is_cut_where_there_is_no_room() -> None:
    one = knowing(race([entry(6, pair=1)]), Followed(nations=frozenset({"AUT"})))
    assert said(one, 120) == "* HINTEROBERMAIER… pair 1 19:20" or said(one, 120).startswith(
        "* HINTER"
    )
    assert "…" in said(one, 60)


# --- the programme -------------------------------------------------------------------------------


def test_the_programme_tells_who_starts_in_a_race_and_when(bundled_tape: Tape) -> None:
    at = rink_time("12 19:38")
    session = live_session(bundled_tape, at)
    session.followed = Followed(nations=frozenset({"USA"}))
    one = session.scene(Choice())
    listed = programme.items(one.meet)
    for width in (60, 80, 120):
        lines = programme.rows(
            one.meet,
            listed,
            one.now,
            OSLO,
            width,
            cursor=0,
            followed=one.followed,
            starts=one.starts,
        )
        assert_fills(lines, width)
        heading = programme.heading(one.meet, one.now, OSLO, width, one.feed, news(one, race=None))
        assert_fills(heading, width)
        assert "* JACKSON W500 " in heading[0].text
        w500, m1500 = line_with(lines, "W500  "), line_with(lines, "M1500  ")
        assert w500.text.startswith(" * W500")
        about = "about " if width > 60 else "~"
        assert f"live  * JACKSON pair 10 {about}19:41" in w500.text
        assert "* STOLZ pair 9 about 21:33" in m1500.text
        # A race that is over keeps the sign, and tells its winner.
        assert line_with(lines, "M500B").text.startswith(" * M500B")
        assert "MICHALSKI" in line_with(lines, "M500B").text
    nobody = programme.rows(one.meet, listed, one.now, OSLO, 80, cursor=0)
    assert not any("*" in line.text for line in nobody)


def test_division_b_is_another_race() -> None:
    shown = race([entry(3)], division=Division.B)
    assert said(knowing(shown, KOR)) == "* LEE pair 2 19:20"
