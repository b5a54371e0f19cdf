"""Comparing many skeletons at once finds the places that comparing each of them alone finds."""

from __future__ import annotations

import edlib
import pytest
from hypothesis import given
from hypothesis import strategies as st

from index.search.near_places import LONGEST, SkeletonRow, stretches_near

FEW = st.binary(max_size=60).map(lambda drawn: bytes(b"abc"[code % 3] for code in drawn))


def alone(wanted: bytes, bones: bytes, limit: int) -> tuple[int, set[int]]:
    """Return the fewest wrong letters, and where the places that have so few end; -1 for more than `limit`."""
    found = edlib.align(wanted, bones, mode="HW", task="locations", k=limit)
    return found["editDistance"], {end for _, end in found["locations"]}


@given(skeletons=st.lists(FEW, max_size=6), wanted=FEW, limit=st.integers(0, 4))
def test_the_likest_places_lie_in_the_stretches(
    skeletons: list[bytes], wanted: bytes, limit: int
) -> None:
    found = stretches_near(SkeletonRow.of(skeletons), wanted, limit)
    for place, bones in enumerate(skeletons):
        fewest, ends = alone(wanted, bones, limit) if wanted and bones else (len(wanted), set())
        if place not in found:
            assert fewest < 0 or fewest > limit
            continue
        seen = set()
        for first, last in found[place]:
            assert 0 <= first < last <= len(bones) or not bones
            errors, inside = (
                alone(wanted, bones[first:last], limit) if wanted and bones else (0, set())
            )
            seen |= {first + end for end in inside if errors == fewest}
        assert ends <= seen


@pytest.mark.parametrize("letters", [8, 9, 16, 17, 32, 33, LONGEST])
def test_texts_of_any_length_are_found_with_a_letter_wrong(letters: int) -> None:
    wanted = bytes(ord("a") + place * place % 23 for place in range(letters))
    wrong = wanted[:3] + b"-" + wanted[4:]
    found = stretches_near(
        SkeletonRow.of([b"0" * 40, b"0" * 40 + wrong + b"0" * 40, wrong[:-3]]), wanted, 1
    )
    assert list(found) == [1]


@pytest.mark.parametrize("cut", [b"cdefghijkl", b"abcdefghij"])
def test_what_is_cut_off_at_the_edge_is_found_in_its_own_skeleton(cut: bytes) -> None:
    found = stretches_near(
        SkeletonRow.of([b"xyz", cut + b"xyz", b"xyz" + cut, b"xyz"]), b"abcdefghijkl", 2
    )
    assert sorted(found) == [1, 2]
    for place in found:
        assert all(0 <= first < last <= len(cut) + 3 for first, last in found[place])


def test_no_place_reaches_into_the_next_letter() -> None:
    assert not stretches_near(SkeletonRow.of([b"xxabcdef", b"ghijklxx"]), b"abcdefghijkl", 2)
    assert list(
        stretches_near(SkeletonRow.of([b"xxabcdefghijkl", b"ghijklxx"]), b"abcdefghijkl", 2)
    ) == [0]


@pytest.mark.parametrize("wanted", [b"ab", b"a" * (LONGEST + 1)])
def test_what_cannot_be_cut_or_counted_so_is_left_to_who_asks(wanted: bytes) -> None:
    assert dict(stretches_near(SkeletonRow.of([b"xyz", b""]), wanted, 1)) == {
        0: [(0, 3)],
        1: [(0, 0)],
    }


@given(wanted=FEW.filter(bool), limit=st.integers(1, 3), draw=st.data())
def test_no_place_is_lost_where_letters_are_wrong_anywhere(
    wanted: bytes, limit: int, draw: st.DataObject
) -> None:
    skeletons = []
    for _ in range(3):
        said = bytearray(wanted)
        for _ in range(draw.draw(st.integers(0, limit))):
            at = draw.draw(st.integers(0, len(said)))
            said[at : at + draw.draw(st.integers(0, 1))] = draw.draw(
                st.sampled_from([b"", b"a", b"z"])
            )
        skeletons.append(bytes(said) + draw.draw(FEW))
    found = stretches_near(SkeletonRow.of(skeletons), wanted, limit)
    for place, bones in enumerate(skeletons):
        fewest, _ = alone(wanted, bones, limit) if bones else (len(wanted), set())
        inside = [
            alone(wanted, bones[first:last], limit)[0]
            for first, last in found.get(place, ())
            if last > first
        ]
        assert fewest > limit or fewest in inside or not bones


@given(skeletons=st.lists(FEW, max_size=6), wanted=FEW)
def test_whole_places_are_those_of_each_skeleton(skeletons: list[bytes], wanted: bytes) -> None:
    found = SkeletonRow.of(skeletons).whole_places(wanted)
    for place, bones in enumerate(skeletons):
        starts = [at for at in range(len(bones)) if wanted and bones.startswith(wanted, at)]
        assert found.get(place, []) == starts


@given(skeletons=st.lists(FEW, max_size=6), wanted=FEW, besides=st.sets(st.integers(0, 5)))
def test_what_is_not_asked_for_is_left_out_and_nothing_else(
    skeletons: list[bytes], wanted: bytes, besides: set[int]
) -> None:
    laid, left_out = SkeletonRow.of(skeletons), besides & set(range(len(skeletons)))
    everything = stretches_near(laid, wanted, 2)
    rest = {place: found for place, found in everything.items() if place not in left_out}
    assert stretches_near(laid, wanted, 2, left_out) == rest


def test_of_three_alike_the_one_left_out_is_not_there() -> None:
    wanted = b"abcdefghijkl"
    laid = SkeletonRow.of([wanted, b"x" + wanted[:5] + b"-" + wanted[6:], wanted])
    assert set(stretches_near(laid, wanted, 2)) == {0, 1, 2}
    assert set(stretches_near(laid, wanted, 2, {0})) == {1, 2}
