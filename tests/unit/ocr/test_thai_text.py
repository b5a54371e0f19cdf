"""Broken Thai is mended as it is meant, and what is not broken stays as it is."""

from __future__ import annotations

import pytest
from pythainlp.corpus.common import thai_words
from pythainlp.tokenize import word_tokenize
from pythainlp.util import Trie

from ocr.thai_text import fold, normalize, split_words, to_arabic_digits, to_thai_digits


@pytest.mark.parametrize(
    ("broken", "whole"),
    [
        ("สํานักงาน", "สำนักงาน"),  # nikhahit + sara aa
        ("นํ้า", "น้ำ"),  # nikhahit + tone + sara aa
        ("น้ํา", "น้ำ"),  # tone + nikhahit + sara aa
        ("นำ้", "น้ำ"),  # tone typed after sara am
        ("เเผน", "แผน"),  # two sara e
        ("ส านักงาน", "สำนักงาน"),  # sara am lost to a space
        ("ก าหนด", "กำหนด"),
        ("ท าลาย", "ทำลาย"),
        ("ส ำนักงาน", "สำนักงาน"),
        ("ส ํานักงาน", "สำนักงาน"),
        ("หนา้", "หน้า"),  # tone typed after sara aa
        ("ทีี่", "ที่"),  # a mark doubled
        ("ท่ี", "ที่"),  # tone before vowel
        ("ซักซ\uf70bอม", "ซักซ้อม"),  # private use mark
        ("ป\uf702\uf706", "ปี้"),
        ("โรงเรี ยน", "โรงเรียน"),  # a space inside a word
        ("เพื่ อ ให้", "เพื่อให้"),
        ("หนัง\u200bสือ", "หนังสือ"),  # zero-width space
        ("ที่\u00a0\u00a0ศธ", "ที่ ศธ"),
    ],
)
def test_mends(broken: str, whole: str) -> None:
    assert normalize(broken) == whole


@pytest.mark.parametrize(
    "text",
    [
        "ที่ ศธ ๐๔๐๐๑/ว ๘๘๑",
        "ณ ห้องประชุม ชั้น ๓",
        "ตา กลม",
        "(นาย สมศักดิ์ ใจดี)",
        "เรียน ผู้อำนวยการสำนักงานเขตพื้นที่การศึกษาประถมศึกษาแพร่ เขต ๑",
        "พ.ศ. ๒๕๖๔ (ฉบับที่ ๔)",
        "น้ำ ปี่ ก่ำ เกี๊ยว ทฤษฎี ฤๅษี",
        "Ransomware 3.5 GB",
        "ประจำปีงบประมาณ พ.ศ. ๒๕๗๐ งบลงทุน",  # not งบ-ประ-มาณพ
        "สำนักงาน ก.ค.ศ. พิจารณา",
        "กองทุนสวัสดิการ สพป.ตาก เขต ๑",
        "หน่วยงานต่าง ๆ ที่เกี่ยวข้อง",
    ],
)
def test_leaves_whole_text_alone(text: str) -> None:
    assert normalize(text) == text


def test_keeps_lines_apart() -> None:
    assert normalize("ก าหนด\n ข้อ  ๒ ") == "กำหนด\nข้อ ๒"


def test_folds_what_is_the_same_to_the_same() -> None:
    assert fold("ศธ ๐๔๐๐๙ / ว ๗๓๔๕") == fold("ศธ.04009/ว7345") == "ศธ04009/ว7345"
    assert fold("สํานักงาน ก.ค.ศ.") == "สำนักงานกคศ"
    assert fold("ABC") == "abc"


def test_digits_both_ways() -> None:
    assert to_thai_digits("07/2568") == "๐๗/๒๕๖๘"
    assert to_arabic_digits("๐๗/๒๕๖๘") == "07/2568"


def test_words_lose_nothing() -> None:
    text = "สำนักงานคณะกรรมการการศึกษาขั้นพื้นฐาน ๑๒/ว ก็"
    assert "".join(split_words(text)) == text
    assert "สำนักงาน" in split_words(text)


def test_words_are_those_that_the_tokenizers_own_dictionary_gives() -> None:
    trie = Trie(word for word in thai_words() if len(word) > 1)
    lines = [
        "การจัดทำคำของบประมาณรายจ่ายประจำปีงบประมาณ พ.ศ. ๒๕๗๐ งบลงทุน รายการค่าครุภัณฑ์",
        "ตากลม ณ หอประชุม ก ข ฤๅษี กร กรรม กรรมก กรรมการ กรรมการก",
        "ไม้มม่ ็ก เเผน ABC ๑,๒๓๔ 12:30",
        "ก",
    ]
    for line in lines:
        assert list(split_words(line)) == word_tokenize(line, engine="newmm", custom_dict=trie)
