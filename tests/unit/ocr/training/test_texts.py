"""Training lines are varied, normalised, in the alphabet, and rich in Thai digits; a seed fixes them."""

from __future__ import annotations

import random
import re
from collections import Counter

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ocr.training.alphabet import ALPHABET, decode, encode, frames_needed
from ocr.training.clusters import normalise, split_clusters
from ocr.training.lists import CONSONANTS
from ocr.training.texts import LineComposer


def seeded(seed: int) -> random.Random:
    """Return a generator for drawing; nothing here is secret."""
    return random.Random(seed)  # noqa: S311


@pytest.fixture(scope="module")
def lines() -> list[str]:
    composer = LineComposer(seeded(7))
    return [composer.compose() for _ in range(3000)]


def test_a_seed_fixes_the_lines() -> None:
    first, second = (LineComposer(seeded(3)) for _ in range(2))
    assert [first.compose() for _ in range(50)] == [second.compose() for _ in range(50)]


def test_every_line_is_normal_not_empty_and_not_too_long(lines: list[str]) -> None:
    assert all(0 < len(line) <= 110 for line in lines)
    assert [line for line in lines if normalise(line) != line] == []


def test_every_thai_digit_comes_often(lines: list[str]) -> None:
    counts = Counter("".join(lines))
    assert min(counts[d] for d in "๐๑๒๓๔๕๖๗๘๙") > 200
    assert min(counts[d] for d in "0123456789") > 100


def test_rare_letters_and_all_marks_come_too(lines: list[str]) -> None:
    seen = set("".join(lines))
    assert set(CONSONANTS + "ฤฦๅๆฯ็่้๊๋์ัิีึืุูำ") <= seen


def test_nearly_everything_drawn_can_be_written_by_the_network(lines: list[str]) -> None:
    strange = {c for line in lines for c in line if c not in ALPHABET}
    assert strange == set()


def test_held_out_phrases_are_never_trained_on() -> None:
    trained = set(LineComposer(seeded(1)).lists["phrases"])
    held_out = set(LineComposer(seeded(1), held_out=True).lists["phrases"])
    assert held_out
    assert not trained & held_out


@pytest.mark.parametrize(
    ("written", "normal"),
    [
        ("น้ํา", "น้ำ"),
        ("นํ้า", "น้ำ"),
        ("ที่ นี้", "ที่ นี้"),
        ("เเละ", "และ"),
        ("สิทธ์ิ", "สิทธิ์"),
        ("  ก   ข ", "ก ข"),
        ("่ก", "ก"),
    ],
)
def test_one_spelling_for_what_looks_the_same(written: str, normal: str) -> None:
    assert normalise(written) == normal


@given(st.text(alphabet=ALPHABET, max_size=30))
def test_clusters_join_to_the_text(text: str) -> None:
    assert "".join(split_clusters(text)) == text


def test_a_column_holds_its_marks() -> None:
    assert split_clusters("ที่น้ำ ก") == ["ที่", "น้ำ", " ", "ก"]


@given(st.text(alphabet=ALPHABET, max_size=20))
def test_frames_with_a_blank_between_decode_to_the_text(text: str) -> None:
    frames = [c for label in encode(text) for c in (label, label, 0)]
    assert decode(frames) == text


def test_repeats_need_a_blank_between() -> None:
    assert frames_needed(encode("กกข")) == 4


def test_identifiers_and_leader_dots_are_among_the_lines() -> None:
    composer = LineComposer(random.Random(5))  # noqa: S311 - a fixed seed
    assert all(re.search(r"[:=][\w-]+$", composer.identifier()) for _ in range(50))
    assert all("....." in composer.leaders() for _ in range(50))
