"""Names of agencies and places: what a sender or recipient begins with, and words that no name has."""

from __future__ import annotations

import re
from functools import cache
from importlib.resources import files

from classify.fuzzy import skeleton
from ocr.thai_text import is_word, split_words

_THAI_RUN = re.compile(r"[ก-ฮะ-ฺเ-์ํ๎]+")
# Letters by themselves and letters with dots stand for words: they are in no dictionary.
_ABBREVIATED = re.compile(
    r"(?<![ก-๎])(?:[ก-ฮ]{1,4}\.)+(?:[ก-ฮ]{1,3}(?![ก-๎]))?|(?<![ก-๎])[ก-ฮ]{1,5}(?![ก-๎])|โทร|ฯ"
)
_WINDOW = 6  # words that the tokenizer may cut a place's name into
_LEAST_PLACE = 3
_TWICE = re.compile(r"([ก-ฮ][ะ-ฺ็-๎]*[ะาำ]?|[เ-ไ][ก-ฮ][็-๎]*)\1")
_AFTER_PROVINCE = re.compile(r"จังหวัด\s?(?P<name>[ก-ฮเ-ไ][ก-๎]{2,})")
# `จังหวัด` also stands before ordinary words.
_NO_NAME = re.compile(
    r"ทุก|ต่าง|อื่น|ใน|ละ|ที่|ของ|และ|หรือ|ชายแดน|ใกล้|ทั่ว|เคลื่อน|สะอาด|ท่าน|แห่ง|นั้น|นี้|เดียว|ภาค|กลุ่ม|พื้นที่"
)
_LETTERS_ONLY = re.compile(r"(?:[ก-ฮ]{1,4}\.)+(?![ก-๎])|[ก-ฮ]{2,6}\.?(?:\s|$)")  # `สกมช.`, `ก.ค.ศ.`
# What the name of an office, a firm or a body begins with.
_AGENCY = re.compile(
    r"(?:ที่ว่าการ|ที่ทำการ|ศาลากลาง|สำนัก|สนง|กระทรวง|ทบวง|กรม|กอง|คณะ|มหาวิทยาลัย|วิทยาลัย|วิทยาเขต|โรงเรียน|โรงพยาบาล|รพ\.?|รร\."
    r"|ศูนย์|สถาบัน|สถาน|สถานี|จังหวัด|อำเภอ|เทศบาล|องค์การ|องค์กร|สภา|บริษัท|บจก|บมจ|บ\.|ห้าง|หจก|ร้าน|มูลนิธิ|สมาคม|ธนาคาร|การ"
    r"|ชมรม|สหกรณ์|วัด|คุรุสภา|กองทุน|ศาล|อัยการ|กลุ่ม|หน่วย|ฝ่าย|งาน|เขต|หอ|ราชวิทยาลัย|ราชบัณฑิต|พรรค|เครือข่าย|โครงการ"
    r"|เหล่ากาชาด|กาชาด|ตำรวจ|มณฑล|แขวง|ส่วน|สพ[ปมท]|สพฐ|อบ[ตจ]|กศน|สกร|กสศ|สมศ|สทศ|ก\.|ป\.ป|อ\.ก|สคบ|สสส|สปสช|สป\.|ท้องถิ่น|ท้องที่"
    r"|ราช|สวน|อุทยาน|พิพิธภัณฑ์|แผนก|ประชาสัมพันธ์|พาณิชย์|คลัง|สรรพากร|สหภาพ|สันนิบาต|สโมสร|นิคม|ค่าย|เรือนจำ|ทัณฑสถาน|ด่าน|ตลาด|ไปรษณีย์|ขนส่ง|ทางหลวง)"
)


def begins_as_agency(text: str) -> bool:
    """Tell whether a text begins as the name of an office, a firm or another body does, or is its letters."""
    name = text.strip()
    return bool(_AGENCY.match(name) or _LETTERS_ONLY.match(name))


def unknown_names(text: str) -> tuple[str, ...]:
    """Return the stretches of Thai letters that are neither dictionary words nor places' names."""
    unknown: list[str] = []
    for run in _THAI_RUN.findall(_ABBREVIATED.sub(" ", text)):
        words = split_words(run)
        for index, word in enumerate(words):
            if is_word(word) or _in_place(words, index):
                continue
            unknown.append(word)
    return tuple(unknown)


def doubled_syllables(text: str) -> tuple[str, ...]:
    """Return syllables that stand twice where the word is none (`เทศมนตรีรีตำบล`): a reader's stutter."""
    found = []
    for match in _TWICE.finditer(text):
        once = text[: match.start()] + text[match.start() + len(match[1]) :]
        if match[1] != "การ" and _is_stutter(text, once):
            found.append(match[0])
    return tuple(found)


def odd_province(text: str) -> str:
    """Return the word after `จังหวัด` that begins no province's name, empty where there is none."""
    provinces, _ = _lexicon()
    for match in _AFTER_PROVINCE.finditer(text):
        name = match["name"]
        if _NO_NAME.match(name) or any(name.startswith(province) for province in provinces):
            continue
        if any(province.startswith(name) for province in provinces):
            continue  # the line ends within the name
        return name
    return ""


def _is_stutter(text: str, once: str) -> bool:
    """Tell whether one of two like syllables is a word too many: without it the text has fewer words."""
    return len(split_words(once)) < len(split_words(text))


def _in_place(words: tuple[str, ...], index: int) -> bool:
    _, places = _lexicon()
    for first in range(max(0, index - _WINDOW + 1), index + 1):
        for last in range(index + 1, min(len(words), first + _WINDOW) + 1):
            joined = "".join(words[first:last])
            if joined in places:
                return True
    return False


@cache
def _lexicon() -> tuple[tuple[str, ...], frozenset[str]]:
    """Return the provinces, and the names of all places."""
    text = files("classify").joinpath("data", "places.txt").read_text(encoding="utf-8")
    provinces: list[str] = []
    places: list[str] = []
    part = ""
    for line in text.splitlines():
        if line.startswith("["):
            part = line
        elif line and not line.startswith("#"):
            (provinces if part == "[provinces]" else places).append(line)
    every = (name for name in (*provinces, *places) if len(skeleton(name)) >= _LEAST_PLACE)
    return tuple(provinces), frozenset(every)
