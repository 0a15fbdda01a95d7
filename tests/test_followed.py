"""Whom a fan follows: who is who, and what is kept of it."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st
from msgspec.structs import replace

from longtrack.model import Gender, Race, Skater, Team
from longtrack.moments import Kind, Moment, Person
from meets import entry, race, scene
from rinkside.followed import Followed, FollowedSkater
from rinkside.followed_file import FORMAT, FollowedFile

NOW = 1_765_500_000_000
FEED = "feed.example"
WOMEN, MEN = Gender.WOMEN, Gender.MEN
KOK = Skater("Kok", "Femke", "NED", WOMEN, "7")
NAMELESS_KOK = replace(KOK, id=None)


def following(*skaters: Skater, feed: str = FEED) -> Followed:
    followed = Followed(feed)
    for skater in skaters:
        followed = followed.with_skater(skater, skater.gender or WOMEN)
    return followed


def of(*skaters: Skater | Team, number: int = 1) -> Race:
    entries = [replace(entry(index), competitor=each) for index, each in enumerate(skaters)]
    return replace(race(entries), number=number)


# --- who is who ----------------------------------------------------------------------------------


def test_nobody_is_followed_at_first() -> None:
    assert not Followed()
    assert not Followed().follows(KOK, WOMEN)
    assert Followed().among(of(KOK)) == ()


def test_an_id_tells_who_it_is_whatever_the_name() -> None:
    followed = following(KOK)
    assert followed.follows(replace(KOK, family="Kok-Jansen"), WOMEN)
    assert not followed.follows(replace(KOK, id="8"), WOMEN)


@pytest.mark.parametrize(
    ("family", "given"), [("KOK", "femke"), ("Kök", "Femke"), ("Femke", "Kok")]
)
def test_without_an_id_the_name_gender_and_country_do(family: str, given: str) -> None:
    followed = following(KOK)
    nameless = Skater(family, given, "NED", WOMEN)
    assert followed.follows(nameless, WOMEN)
    assert not followed.follows(nameless, MEN)
    assert not followed.follows(replace(nameless, noc="GER"), WOMEN)


def test_two_with_one_name_are_told_apart_by_their_ids() -> None:
    other = replace(KOK, id="8")
    first, second = of(KOK, other).entries
    assert following(KOK).among(of(KOK, other)) == (first,)
    assert following(other).keys(of(KOK, other)) == {second.key}
    both = following(KOK, other)
    assert len(both.skaters) == 2
    assert both.without_skater(KOK, WOMEN) == following(other)


def test_ids_of_another_feed_mean_nothing_here() -> None:
    followed = replace(following(KOK), feed="another.example")
    assert not followed.follows(Skater("Lee", "Na-Hyun", "KOR", WOMEN, "7"), WOMEN)
    assert followed.follows(replace(KOK, id="12345"), WOMEN)


def test_a_nation_has_all_its_skaters_and_teams() -> None:
    followed = Followed(FEED).with_nation("NED")
    assert followed.follows(KOK, WOMEN)
    assert followed.follows(Team("Netherlands", "NED"), MEN)
    assert not followed.follows(Team("Canada", "CAN"), MEN)
    assert not followed.without_nation("NED")
    assert not Followed(FEED).with_nation("")


def test_a_team_is_not_followed_for_one_of_its_skaters() -> None:
    assert not following(KOK).follows(Team("Kok Femke", "NED"), WOMEN)


def test_who_is_followed_twice_is_followed_once() -> None:
    assert len(following(NAMELESS_KOK, KOK, KOK).skaters) == 1
    assert not following(NAMELESS_KOK, KOK).without_skater(KOK, WOMEN)


def test_a_moment_concerns_those_it_is_about() -> None:
    def moment(*people: Person, code: str = "W500") -> Moment:
        return Moment(NOW, Kind.FINISH, code, "text", people)

    kok, lee = Person("KOK Femke", "NED", "1", "7"), Person("LEE Na-Hyun", "KOR", "2", "9")
    assert following(KOK).concerns(moment(lee, kok))
    assert following(NAMELESS_KOK).concerns(moment(kok))
    assert following(KOK).concerns(moment(replace(kok, id=None)))
    assert not following(KOK).concerns(moment(replace(kok, id=None), code="M500"))
    assert not following(KOK).concerns(moment(lee))
    assert not following(KOK).concerns(moment())
    assert Followed(nations=frozenset({"KOR"})).concerns(moment(lee))


def test_a_race_is_looked_through_again_when_it_has_changed() -> None:
    followed = following(KOK)
    assert not followed.keys(of())
    assert followed.keys(of(KOK)) == {"0"}
    assert followed.keys(of(Skater("Lee", "Na-Hyun", "KOR"), KOK)) == {"1"}


# --- learning ids --------------------------------------------------------------------------------


def test_an_id_that_was_lacking_is_learnt_from_the_feed() -> None:
    followed = following(NAMELESS_KOK)
    assert followed.lacks_ids
    learnt = followed.learnt(scene(of(KOK)).meet)
    assert learnt.skaters[0].ids == {FEED: "7"}
    assert not learnt.lacks_ids
    assert not learnt.follows(replace(KOK, id="8"), WOMEN)


def test_no_id_is_learnt_that_could_be_anothers() -> None:
    for shown in (of(KOK, replace(KOK, id="8")), of(NAMELESS_KOK), of(Team("Kok Femke", "NED"))):
        followed = following(NAMELESS_KOK)
        assert followed.learnt(scene(shown).meet) is followed
    in_two = scene(of(KOK), others=(of(replace(KOK, id="8"), number=2),)).meet
    assert following(NAMELESS_KOK).learnt(in_two).lacks_ids


# --- the file ------------------------------------------------------------------------------------


@pytest.fixture
def file(tmp_path: Path) -> Path:
    return tmp_path / "config" / "followed.json"


def opened(file: Path) -> FollowedFile:
    return FollowedFile(file, FEED, lambda: NOW)


def read(file: Path) -> Followed:
    kept = opened(file)
    assert kept.read() is None
    return kept.followed


def test_nothing_is_made_by_reading(file: Path) -> None:
    assert read(file) == Followed(FEED)
    assert not file.parent.exists()


def test_who_is_followed_comes_back(file: Path) -> None:
    chung = Skater("Chung", "Jae Woong", "KOR", MEN)
    wanted = following(KOK, chung).with_nation("NOR").with_nation("AIN")
    assert opened(file).change(lambda _: wanted) is None
    assert read(file) == wanted
    assert [each.name for each in file.parent.iterdir()] == ["followed.json"]
    assert "Jae Woong" in file.read_text("utf-8")


@given(
    st.lists(
        st.builds(
            FollowedSkater,
            family=st.text("ab -ÅØß高", min_size=1, max_size=8).map(str.strip).filter(bool),
            given=st.just("Æsa"),
            noc=st.sampled_from(("NED", "AIN")),
            gender=st.sampled_from((WOMEN, MEN)),
            ids=st.dictionaries(st.sampled_from((FEED, "b.example")), st.text("0123", min_size=1)),
        ),
        max_size=4,
    ),
    st.frozensets(st.sampled_from(("NED", "JPN", "NOR"))),
)
def test_all_that_is_followed_comes_back(
    tmp_path_factory: pytest.TempPathFactory,
    skaters: list[FollowedSkater],
    nations: frozenset[str],
) -> None:
    file = tmp_path_factory.mktemp("config") / "followed.json"
    spaced = tuple(replace(each, family=" ".join(each.family.split())) for each in skaters)
    wanted = Followed(FEED, spaced, nations)
    assert opened(file).change(lambda _: wanted) is None
    assert read(file) == wanted


GOOD = {"family": "Kok", "given": "Femke", "noc": "NED", "gender": "W"}


@pytest.mark.parametrize(
    "data",
    [
        b"",
        b"{",
        b"[]",
        b"\xff\xfe",
        b"[" * 100_000,
        json.dumps({"format": "one"}).encode(),
        json.dumps({"format": 1, "skaters": {}}).encode(),
        json.dumps({"format": 1, "nations": 5}).encode(),
        json.dumps({"format": 1, "nations": ["NOR", ""]}).encode(),
        json.dumps({"format": 1, "skaters": [GOOD, {**GOOD, "family": None, "given": 5}]}).encode(),
        json.dumps({"format": 1, "skaters": [{**GOOD, "gender": "women"}]}).encode(),
        json.dumps({"format": 1, "skaters": [{**GOOD, "noc": None}]}).encode(),
        json.dumps({"format": 1, "skaters": ["Kok"]}).encode(),
        json.dumps({"format": FORMAT + 1}).encode(),
    ],
)
def test_a_file_that_cannot_be_understood_is_set_aside(file: Path, data: bytes) -> None:
    file.parent.mkdir()
    file.write_bytes(data)
    kept = opened(file)
    words = kept.read()
    assert words is not None
    assert f"it was set aside as followed.json.set-aside-{NOW}" in words
    assert kept.followed == Followed(FEED)
    assert not file.exists()
    assert file.with_name(f"followed.json.set-aside-{NOW}").read_bytes() == data


def test_what_a_fan_wrote_by_hand_is_cleaned(file: Path) -> None:
    file.parent.mkdir()
    rows = [{"family": " Kok\x1b[31m ", "noc": "ned", "gender": "w", "ids": {FEED: 7, "b": "8"}}]
    file.write_text(json.dumps({"format": 1, "skaters": rows, "nations": ["nor"]}))
    followed = read(file)
    assert followed.skaters == (FollowedSkater("Kok[31m", "", "NED", WOMEN, {"b": "8"}),)
    assert followed.nations == {"NOR"}


def test_a_change_leaves_what_another_window_has_changed(file: Path) -> None:
    here, there = opened(file), opened(file)
    here.read()
    there.change(lambda followed: followed.with_skater(KOK, WOMEN))
    here.change(lambda followed: followed.with_nation("NOR"))
    assert here.followed == following(KOK).with_nation("NOR")
    assert read(file) == here.followed


def test_what_cannot_be_kept_holds_for_the_session(tmp_path: Path) -> None:
    (tmp_path / "config").write_text("a file where the directory should be")
    kept = opened(tmp_path / "config" / "followed.json")
    assert kept.read() is None
    for change in (lambda f: f.with_skater(KOK, WOMEN), lambda f: f.with_nation("NOR")):
        words = kept.change(change)
        assert words is not None
        assert "can't be written, so this holds until you quit" in words
    assert kept.followed == following(KOK).with_nation("NOR")


def test_a_failed_write_leaves_the_old_file(file: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    opened(file).change(lambda followed: followed.with_skater(KOK, WOMEN))

    def full(_: int) -> None:
        raise OSError(28, "No space left on device")

    kept = opened(file)
    with monkeypatch.context() as patched:
        patched.setattr("os.fsync", full)
        words = kept.change(lambda followed: followed.with_nation("NOR"))
        assert words is not None
        assert "no space left" in words
        assert read(file) == following(KOK)
    # What could not be kept is kept with the next change.
    assert kept.change(lambda followed: followed.with_nation("JPN")) is None
    assert read(file) == following(KOK).with_nation("NOR").with_nation("JPN")
