"""Of letters that the network is torn between those are read that make words; digits and names stay as seen."""

from __future__ import annotations

import math
from collections.abc import Sequence
from itertools import product

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from ocr.likely_words import LETTERS, Option, WordModel, likeliest, thai_words
from ocr.recognizer import LineRecognizer, RecognizedLine

WORDS = WordModel(
    {"การ": 4.0, "กา": 7.0, "งาน": 5.0, "วาม": 14.0, "ความ": 5.0, "ข้อ": 6.0, "ขอ": 6.0}
)


def places(text: str, **torn: float) -> list[tuple[Option, ...]]:
    """Return each character as sure; `at_other=share` of `torn` puts another letter at a place, as likely."""
    found = [[Option(char, math.log(0.99))] for char in text]
    for key, share in torn.items():
        at, other = key.split("_")
        index = int(at.removeprefix("at"))
        found[index] = [
            Option(found[index][0].text, math.log(1 - share)),
            Option(other.replace("none", ""), math.log(share)),
        ]
    return [tuple(one) for one in found]


def read(found: Sequence[Sequence[Option]], words: WordModel = WORDS) -> str:
    """Return the likeliest text."""
    chosen, _ = likeliest(found, words)
    return "".join(options[at].text for options, at in zip(found, chosen, strict=True))


@pytest.mark.parametrize(
    ("seen", "torn", "meant"),
    [
        ("กาว", {"at2_ร": 0.3}, "การ"),
        ("กาวงาน", {"at2_ร": 0.3}, "การงาน"),
        ("ขัอ", {"at1_้": 0.1}, "ข้อ"),
        ("กวาม", {"at0_ค": 0.05}, "ความ"),
        ("ขอ้", {"at2_none": 0.3}, "ขอ"),  # a mark that is dirt
        ("๑๒ กาว ๓", {"at5_ร": 0.3}, "๑๒ การ ๓"),
    ],
)
def test_letters_that_make_a_word_are_read(seen: str, torn: dict[str, float], meant: str) -> None:
    assert read(places(seen, **torn)) == meant


@pytest.mark.parametrize(
    ("seen", "torn"),
    [
        ("กาว", {}),  # sure letters stay, word or none
        ("กาว", {"at2_ร": 0.001}),  # the network knows better
        ("การ", {"at2_น": 0.4}),
        ("ฬฎฮ", {"at1_ศ": 0.4}),  # a name: neither makes a word
        ("งาน", {"at0_ง": 0.5}),
    ],
)
def test_what_is_sure_or_makes_no_word_stays_as_seen(seen: str, torn: dict[str, float]) -> None:
    assert read(places(seen, **torn)) == seen


letters = st.sampled_from(sorted(LETTERS))


@given(
    st.lists(
        st.lists(
            st.tuples(letters | st.sampled_from("๑ /a"), st.floats(0.01, 1)), min_size=1, max_size=2
        ),
        min_size=1,
        max_size=6,
    )
)
def test_a_way_is_found_through_whatever_was_seen_and_no_other_is_cheaper(
    seen: list[list[tuple[str, float]]],
) -> None:
    found = [[Option(text, math.log(share)) for text, share in one] for one in seen]
    chosen, cost = likeliest(found, WORDS)
    assert all(at < len(options) for at, options in zip(chosen, found, strict=True))
    ways = product(*(range(len(options)) for options in found))
    costs = [
        likeliest([[options[at]] for options, at in zip(found, way, strict=True)], WORDS)[1]
        for way in ways
    ]
    assert cost == pytest.approx(min(costs))


def test_the_words_are_the_dictionary_s_by_how_often_they_are_written() -> None:
    words = thai_words()
    common, rare = words.cost("การ"), words.cost("เครื่องราชอิสริยาภรณ์")
    assert common is not None and rare is not None and common < rare
    assert words.cost("กาว") is not None
    assert words.cost("ข้อเก็จจริง") is None
    assert words.begins("ข้อเท็จจ") and not words.begins("ข้อเก็จจ")


@pytest.fixture(scope="module")
def recognizer() -> LineRecognizer:
    return LineRecognizer(words=thai_words())


def decode(
    recognizer: LineRecognizer, seen: Sequence[Sequence[tuple[str, float]]]
) -> RecognizedLine:
    """Decode frames as the network would give them: two blank ones after each, the rest of a share a blank's."""
    classes = len(recognizer.alphabet) + 1
    shares = np.full((3 * len(seen), classes), 1e-6)
    shares[:, 0] = 1.0
    for frame, options in enumerate(seen):
        for char, share in options:
            shares[3 * frame, recognizer.alphabet.index(char) + 1] = share
        shares[3 * frame, 0] = max(1e-6, 1 - sum(share for _, share in options))
    scores = np.log(shares).astype(np.float32) * recognizer.temperature
    return recognizer._decode(scores, 3 * len(seen) * recognizer.frame_pixels)


def sure(text: str) -> list[list[tuple[str, float]]]:
    return [[(char, 0.998)] for char in text]


def test_a_line_is_spelt_as_words_are_and_is_as_unsure_of_it_as_it_was_torn(
    recognizer: LineRecognizer,
) -> None:
    before, after = sure("ข้อเ"), sure("็จจริง")
    nearly = decode(recognizer, [*before, [("ก", 0.55), ("ท", 0.44)], *after])
    hardly = decode(recognizer, [*before, [("ก", 0.97), ("ท", 0.02)], *after])
    assert nearly.text == hardly.text == "ข้อเท็จจริง"
    assert 0.5 < hardly.characters[4].confidence < nearly.characters[4].confidence < 1
    assert [c.left for c in nearly.characters] == sorted(c.left for c in nearly.characters)


def test_a_mark_that_was_all_but_seen_is_put_in_and_dirt_left_out(
    recognizer: LineRecognizer,
) -> None:
    missed = [*sure("การประ"), *sure("ช"), [("ุ", 0.3)], *sure("ม")]
    assert decode(recognizer, missed).text == "การประชุม"
    dirt = [*sure("การประ"), [("่", 0.6)], *sure("ชุม")]
    assert decode(recognizer, dirt).text == "การประชุม"


@pytest.mark.parametrize("torn", [("๓", "ต"), ("1", "I"), ("๔", "๕")])
def test_a_digit_is_read_as_seen_whatever_it_resembles(
    recognizer: LineRecognizer, torn: tuple[str, str]
) -> None:
    line = decode(recognizer, [*sure("ครั้งที่ "), [(torn[0], 0.55), (torn[1], 0.44)]])
    assert line.text == f"ครั้งที่ {torn[0]}"
    assert line.characters[-1].confidence == pytest.approx(0.55, abs=0.01)


def test_without_words_a_line_is_what_the_network_saw() -> None:
    plain = LineRecognizer()
    seen = [*sure("ข้อเ"), [("ก", 0.55), ("ท", 0.44)], *sure("็จจริง")]
    assert decode(plain, seen).text == "ข้อเก็จจริง"
