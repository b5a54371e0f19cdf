"""Whatever is typed or scanned, search does not fail, cuts no cluster and finds a letter by its words."""

from __future__ import annotations

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from index.search import LetterIndex, Upsert, rebuild
from index.search.analysis import base_letters, grams, skeleton, words
from index.search.query import parse_query
from index.search.snippet import find_places, make_snippet
from ocr.thai_text import LEADING_VOWEL, normalize
from tests.searching import OFFICE, TODAY, letter

DEPENDENT = set("ัิีึืฺุู็่้๊๋์ํ๎")
LEADING = {chr(code) for code in range(ord(LEADING_VOWEL[0]), ord(LEADING_VOWEL[-1]) + 1)}
SIGNS = 'กขคงจชดตนบปมรลวสหอะาำิีึุูเแโไใ่้์ๆฯ๐๑๙059/.-–"“:| \n()OR'
PIECES = (
    "ประชุม",
    "งบประมาณ",
    "น้ำ",
    "เรื่อง:",
    "จาก:",
    "ลงวันที่:",
    "ที่:",
    "กลุ่ม:",
    "OR",
    "ศธ ๐๔๐๐๑/ว ๑๒๓",
    "15 ม.ค. 2569",
    "ปี 2568",
    "-",
    '"',
    "เดือนที่แล้ว",
    "x" * 500,
)
typed_texts = st.one_of(st.text(), st.text(SIGNS), st.lists(st.sampled_from(PIECES)).map(" ".join))
thai_texts = st.text(SIGNS, max_size=300)


@pytest.fixture(scope="module")
def index(tmp_path_factory: pytest.TempPathFactory) -> LetterIndex:
    return rebuild(tmp_path_factory.mktemp("search"), "tantivy", OFFICE)


@given(typed_texts)
@settings(deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
def test_no_query_fails(index: LetterIndex, typed: str) -> None:
    result = index.search(typed, today=TODAY)
    assert 0 <= result.total <= len(OFFICE)
    index.complete(typed, "subject")


@given(typed_texts)
@settings(deadline=None)
def test_parsing_keeps_to_itself(typed: str) -> None:
    assert parse_query(typed, TODAY) == parse_query(typed, TODAY)


@given(thai_texts, st.lists(st.text(SIGNS, max_size=20), max_size=3))
@settings(deadline=None)
def test_snippets_and_highlights_cut_no_cluster(text: str, typed: list[str]) -> None:
    text = normalize(text)
    snippet = make_snippet(text, typed, width=40)
    assert snippet.text in text.replace("\n", " ")
    if snippet.text != text.replace("\n", " "):
        following = text.replace("\n", " ").partition(snippet.text)[2]
        assert following[:1] not in DEPENDENT
    last = 0
    for start, end in snippet.highlights:
        assert last <= start < end <= len(snippet.text)
        assert snippet.text[end : end + 1] not in DEPENDENT
        last = end


@given(thai_texts)
@settings(deadline=None)
def test_a_skeleton_forgets_spaces_and_tone_marks(text: str) -> None:
    bare = "".join(char for char in text if char not in "่้๊๋ ")
    assert skeleton(text) == skeleton(bare)
    assert len(grams(skeleton(text))) == max(0, len(skeleton(text)) - 2)
    assert base_letters(skeleton(text)) <= len(text)


@given(thai_texts)
@settings(deadline=None)
def test_words_are_words_again(text: str) -> None:
    for word in words(text):
        assert word
        assert " " not in word


@given(st.integers(0, 60), st.integers(4, 25))
@settings(
    deadline=None, max_examples=25, suppress_health_check=[HealthCheck.function_scoped_fixture]
)
def test_any_piece_of_a_letter_finds_it(index: LetterIndex, start: int, size: int) -> None:
    text = "การเตรียมความพร้อมรับการประเมินคุณภาพภายนอกของสถานศึกษาขั้นพื้นฐานรอบที่สี่"
    index.apply([Upsert(letter(77, subject="เรื่องทั่วไป", text=text))])
    typed = text[start : start + size].strip()
    if base_letters(skeleton(typed)) < 4 or typed[0] in DEPENDENT:
        return
    places = find_places(text, typed)
    assert places
    whole = text[places[0][0] : places[0][1]]  # what was cut out inside a cluster, made whole
    assert 77 in {hit.key.id for hit in index.search(whole, today=TODAY).hits}
