"""A snippet shows what was typed, highlighted, begins with a word, and cuts no Thai cluster."""

from __future__ import annotations

import pytest

from index.search.snippet import find_places, make_snippet
from index.search.word_cutter import cut_words
from ocr.document import PAGE_BREAK


def test_shows_the_place_in_a_long_text() -> None:
    text = "ข้อความก่อนหน้า " * 40 + "ขอเชิญประชุมผู้บริหารสถานศึกษา" + " ข้อความต่อท้าย" * 40
    snippet = make_snippet(text, ["ผู้บริหาร"])
    assert "[ผู้บริหาร]" in snippet.marked("[", "]")
    assert len(snippet.text) < 200


@pytest.mark.parametrize(
    ("typed", "text", "shown"),
    [
        ("แตงตั้ง", "ให้แต่งตั้งแล้ว", "แต่งตั้ง"),
        ("ครั้งที่ 1", "ครั้งที่ ๑", "ครั้งที่ ๑"),
        ("งบประมาณ", "ตั้งงบประฆาณไว้", "งบประฆาณ"),
        ("วัด", "จังหวัดเลย ณ วัด ใหญ่", "วัด"),
        ("o-net", "ผล O-NET ปีนี้", "O-NET"),
    ],
)
def test_highlights_what_the_letter_has(typed: str, text: str, shown: str) -> None:
    assert [text[start:end] for start, end in find_places(text, typed)] == [shown]


def test_highlights_stand_in_order_and_do_not_overlap() -> None:
    snippet = make_snippet("ประชุมผู้บริหาร ประชุม กับ ผู้บริหาร", ["ประชุมผู้บริหาร", "ผู้บริหาร", "ประชุม"])
    assert snippet.marked("[", "]") == "[ประชุมผู้บริหาร] [ประชุม] กับ [ผู้บริหาร]"


def test_a_letter_without_the_words_shows_its_beginning() -> None:
    snippet = make_snippet("เรียน ผู้อำนวยการ\nตามที่", ["ไม่มี"])
    assert (snippet.text, snippet.highlights) == ("เรียน ผู้อำนวยการ ตามที่", ())
    assert make_snippet("", ["ก"]).text == ""


def test_tells_the_page_it_stands_on() -> None:
    text = f"ขอเชิญประชุม\nวันจันทร์{PAGE_BREAK}กำหนดการ\nเปิดประชุม{PAGE_BREAK}แบบตอบรับ"
    assert make_snippet(text, ["กำหนดการ"]).page == 2
    assert make_snippet(text, ["แบบตอบรับ"]).page == 3
    assert make_snippet(text, ["ประชุม"]).page == 1  # the first of several
    assert make_snippet(text, ["ไม่มี"]).page == 1
    assert "\f" not in make_snippet(text, ["กำหนดการ"]).text


def test_it_begins_with_a_word() -> None:
    before = "คณะกรรมการเขตพื้นที่การศึกษาประถมศึกษาได้พิจารณาจัดสรรงบประมาณให้แก่โรงเรียนในสังกัด"
    for cut in range(30):  # wherever the window would begin
        text = before[cut:] + "ขอเชิญประชุมผู้บริหารสถานศึกษา"
        starts, place = set(), 0
        for word in cut_words(text):
            starts.add(place)
            place += len(word)
        shown = make_snippet(text, ["ประชุม"]).text
        assert text.index(shown) in starts, shown
