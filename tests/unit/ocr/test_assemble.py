"""A line's text and its words always say the same, whatever normalising closes or moves."""

from __future__ import annotations

from hypothesis import given, settings
from hypothesis import strategies as st

from ocr.assemble import assemble_line
from ocr.document import Box, Word


def words_of(*texts: str) -> list[Word]:
    return [Word(text, Box(100 * i, 10, 100 * i + 80, 50), 0.8) for i, text in enumerate(texts)]


def test_whole_words_keep_their_boxes() -> None:
    words = words_of("ที่", "ศธ", "๐๔๐๐๑/ว")
    line = assemble_line(words)
    assert line is not None
    assert line.text == "ที่ ศธ ๐๔๐๐๑/ว"
    assert line.words == tuple(words)
    assert line.box == Box(0, 10, 280, 50)


def test_words_beside_a_loose_space_become_one() -> None:
    line = assemble_line(words_of("โรงเรี", "ยน", "บ้าน"))
    assert line is not None
    assert line.text == "โรงเรียน บ้าน"
    assert [word.text for word in line.words] == ["โรงเรียน", "บ้าน"]
    assert line.words[0].box == Box(0, 10, 180, 50)


def test_lost_sara_am_is_mended_across_words() -> None:
    line = assemble_line(words_of("ก", "าหนด", "ส่ง"))
    assert line is not None
    assert line.text == "กำหนด ส่ง"
    assert [word.text for word in line.words] == ["กำหนด", "ส่ง"]


def test_nothing_makes_no_line() -> None:
    assert assemble_line([]) is None
    assert assemble_line(words_of("\u200b", " ")) is None


THAI = "กขคนรอ่้ัิาำเแ ๑๒ab."


@settings(deadline=None)
@given(st.lists(st.text(alphabet=THAI, min_size=1, max_size=6), min_size=1, max_size=6))
def test_text_is_its_words(texts: list[str]) -> None:
    line = assemble_line(words_of(*texts))
    if line is not None:
        assert line.text == " ".join(word.text for word in line.words)
        assert all(word.box.width > 0 for word in line.words)
        assert 0 <= line.confidence <= 1
