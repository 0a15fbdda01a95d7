"""Packing: any body against any other comes back as it was, and damage is noticed."""

from __future__ import annotations

import random
from contextlib import suppress

import pytest
from hypothesis import given
from hypothesis import strategies as st

from longtrack.packing import pack, unpack

# Long bodies that are cheap for hypothesis: a few bytes, repeated.
bodies = st.binary(max_size=300) | st.builds(
    lambda part, times: part * times, st.binary(min_size=1, max_size=40), st.integers(0, 2_000)
)


def realistic(seed: int, length: int = 40_000) -> bytes:
    digits = random.Random(seed)
    rows = [f'{{"id":{n},"time":"{digits.random():.3f}"}}' for n in range(length // 24)]
    return "".join(rows).encode()


@given(bodies, bodies)
def test_a_body_packed_against_any_other_comes_back(body: bytes, against: bytes) -> None:
    assert unpack(pack(body, against), against) == body


@given(bodies)
def test_a_body_packed_by_itself_comes_back(body: bytes) -> None:
    assert unpack(pack(body)) == body


@given(st.lists(st.sampled_from([b'{"lap":1}', b"{}", b"}", b'{"id":7,"name":"KOK"}', b"[", b","])))
def test_pieces_in_any_order_come_back(parts: list[bytes]) -> None:
    body, against = b"".join(parts), b"".join(sorted(parts))
    assert unpack(pack(body, against), against) == body
    assert unpack(pack(against, body), body) == against


def test_copies_cannot_make_a_body_longer_than_it_says() -> None:
    against = b'{"id":1,"name":"much too long for so little"}' * 10
    honest = bytearray(pack(against, against))
    honest[:4] = (40).to_bytes(4, "big")
    with pytest.raises(ValueError, match="too large"):
        unpack(bytes(honest), against)


def test_a_body_with_a_few_figures_changed_packs_to_a_few_bytes() -> None:
    before = realistic(3)
    after = before.replace(b'"id":7,', b'"id":8,').replace(b'"id":900,', b'"id":901,')
    assert after != before
    assert len(pack(after, before)) < len(pack(after)) / 10


def test_rows_that_move_by_a_few_places_still_pack_well() -> None:
    before = realistic(4)
    cut = before.index(b"{", 20_000)
    after = before[:cut] + b'{"id":99999,"time":"37.052"}' * 20 + before[cut:]
    assert len(pack(after, before)) < len(pack(after)) / 10


@given(st.data())
def test_a_single_altered_byte_never_gives_another_body(data: st.DataObject) -> None:
    body = realistic(5, 2_000)
    packed = bytearray(pack(body))
    place = data.draw(st.integers(0, len(packed) - 1))
    packed[place] ^= data.draw(st.integers(1, 255))
    try:
        restored = unpack(bytes(packed))
    except ValueError:
        return
    assert restored == body  # some bits of a deflate stream mean nothing


@given(st.integers(0, 10_000))
def test_a_cut_off_body_never_gives_another_one(length: int) -> None:
    body = realistic(6, 2_000)
    packed = pack(body)
    kept = packed[: length % len(packed)]
    if len(kept) < len(packed) - 4:
        with pytest.raises(ValueError, match=r"."):
            unpack(kept)
        return
    # The last bytes of a deflate stream may only say that it ends.
    with suppress(ValueError):
        assert unpack(kept) == body


def test_the_wrong_keyframe_is_damage() -> None:
    body, keyframe = realistic(7), realistic(8)
    with pytest.raises(ValueError, match=r"."):
        unpack(pack(body, keyframe), realistic(9))


@given(st.binary(max_size=200), st.binary(max_size=200))
def test_garbage_is_damage_and_nothing_worse(packed: bytes, against: bytes) -> None:
    with pytest.raises(ValueError, match=r"."):
        unpack(packed, against)


def test_a_stretch_of_zeros_is_damage() -> None:
    with pytest.raises(ValueError, match=r"."):
        unpack(bytes(4096))


def test_an_absurd_length_is_damage_and_takes_no_memory() -> None:
    with pytest.raises(ValueError, match="large"):
        unpack(b"\xff\xff\xff\xff" + bytes(100))
