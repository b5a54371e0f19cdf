"""Names of agencies and places: what a sender or recipient begins with, and words that no name has."""

from __future__ import annotations

import re
from functools import cache
from importlib.resources import files

from classify.fuzzy import edit_distance, find_near, skeleton
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
_AFTER_PLACE = re.compile(
    r"(?P<kind>ตำบล|อำเภอ|จังหวัด|บ้าน|วัด|เทศบาลเมือง)(?P<name>[ก-ฮเ-ไ][ก-๎]{2,})(?=\s|$|[,.])"
)
_FREELY_NAMED = ("บ้าน", "วัด", "เทศบาลเมือง", "จังหวัด")  # `จังหวัด` has its own check
_SURE_PLACE = 4  # letters; shorter names of places resemble too much
_SURE_PHRASE = 9
_READ_ALIKE = str.maketrans("ชตฎ", "ขดฏ")  # the line model's most frequent (docs/quality.md)
# `ที่` and `เขต` are followed by a figure; where none is, it was not read.
_UNFINISHED = re.compile(
    r"(?:ภาคเรียนที่?|ครั้งที่?|ฉบับที่?|ชั้นปีที่?|ปีที่?)(?=\s+[ก-ฮเ-ไ]|\s*$)|(?<![ก-ฮ])เขต\s*$|พ\.?ศ\.?\s*$"
)
# Words that an office's name may begin with, long enough to be known without their last letters.
_BEGINNINGS = (
    "สำนักงาน",
    "โรงเรียน",
    "โรงพยาบาล",
    "มหาวิทยาลัย",
    "วิทยาลัย",
    "ที่ว่าการอำเภอ",
    "ศาลากลางจังหวัด",
)
_MOST_LOST = 2
# Figures stand apart from an office's name, but for these words' (`เขต1`, `ที่1`).
_STRAY_FIGURE = re.compile(r"[ก-๎]{1,12}(?<!เขต)(?<!ที่)(?<!ภาค)[0-9๐-๙]{1,3}$")
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
        if _NO_NAME.match(name) or any(_is_province_and_words(name, one) for one in provinces):
            continue
        if any(province.startswith(name) for province in provinces):
            continue  # the line ends within the name
        return name
    return ""


def _is_province_and_words(name: str, province: str) -> bool:
    """Tell whether a name is a province's, or one with words after it: `ลำปาง`, `ลำปางเขต`, not `ลำปางก`."""
    rest = name.removeprefix(province)
    return rest != name and all(is_word(word) for word in split_words(rest) if rest)


def stray_figure(name: str) -> str:
    """Return a name's last word with the figure that is printed on to it (`ศิลปากร3`), "" where none is."""
    match = _STRAY_FIGURE.search(name)
    return match[0] if match else ""


def misread_place(text: str) -> str:
    """Return the name after a word for a place that is no place's, yet one letter or mark from one's."""
    provinces, places = _lexicon()
    by_bones = _places_by_bones()
    for match in _AFTER_PLACE.finditer(text):
        name = match["name"]
        if name in places or name in provinces:
            continue
        bones = skeleton(name)
        if bones in by_bones or any(
            edit_distance(bones, other, 1) <= 1 for other in by_bones if len(other) >= _SURE_PLACE
        ):
            own = match["kind"] in _FREELY_NAMED and bones not in by_bones
            if own and all(is_word(word) for word in split_words(name)):
                continue  # a name of its own that only resembles another
            return name
    return ""


def unfinished(text: str) -> str:
    """Return the word that a figure must follow and none does (`ภาคเรียนที่`, `เขต` at the end)."""
    match = _UNFINISHED.search(text)
    return match[0].strip() if match else ""


def cut_short(text: str) -> str:
    """Return the first word of an office's name without its last letters (`สำนักงา`), "" where it is whole."""
    first = text.split(maxsplit=1)[0] if text.strip() else ""
    for whole in _BEGINNINGS:
        lost = len(whole) - len(first)
        if 0 < lost <= _MOST_LOST and whole.startswith(first) and not is_word(first):
            return first
    return ""


def misread_phrase(text: str, phrases: tuple[str, ...]) -> str:
    """Return the stock phrase that the text has all but one letter of, or all but letters that look alike."""
    bones = skeleton(text)
    for phrase, wanted in _long_phrases(phrases):
        if wanted in bones:
            continue
        if wanted.translate(_READ_ALIKE) in bones.translate(_READ_ALIKE):
            return phrase  # however many of its letters were taken for their likenesses
        hit = find_near(wanted, bones, 1)
        if hit is not None and not _is_other_phrase(bones, hit[0], wanted, phrases):
            return phrase
    return ""


def _is_other_phrase(bones: str, end: int, wanted: str, phrases: tuple[str, ...]) -> bool:
    """Tell whether what resembles a phrase there is part of another that is spelt right."""
    near = bones[max(0, end - len(wanted) - 1) : end + 1]
    return any(
        other != wanted and other in bones and (near[1:-1] in other or other in near)
        for _, other in _long_phrases(phrases)
    )


@cache
def _long_phrases(phrases: tuple[str, ...]) -> tuple[tuple[str, str], ...]:
    # Letters with dots differ by one letter and are offices of their own (`ก.ท.`, `ก.พ.`).
    pairs = ((one, skeleton(one)) for one in dict.fromkeys(phrases) if "." not in one)
    return tuple((phrase, bones) for phrase, bones in pairs if len(bones) >= _SURE_PHRASE)


@cache
def _places_by_bones() -> frozenset[str]:
    _, places = _lexicon()
    return frozenset(map(skeleton, places))


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
