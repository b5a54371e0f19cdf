"""The words that training lines are made of: our own lists in `data/`, and PyThaiNLP's."""

from __future__ import annotations

import re
from functools import lru_cache
from pathlib import Path

from pythainlp.corpus import (
    provinces,
    thai_family_names,
    thai_female_names,
    thai_male_names,
    thai_words,
    tnc,
)

DATA = Path(__file__).with_name("data")
THAI_DIGITS = str.maketrans("0123456789", "๐๑๒๓๔๕๖๗๘๙")
ARABIC_DIGITS = str.maketrans("๐๑๒๓๔๕๖๗๘๙", "0123456789")
MINISTRIES = (
    "นร",
    "กห",
    "กค",
    "กต",
    "กก",
    "พม",
    "กษ",
    "คค",
    "ทส",
    "พน",
    "พณ",
    "ดศ",
    "มท",
    "ยธ",
    "รง",
    "วธ",
    "ศธ",
    "สธ",
    "อก",
    "อว",
    "ตผ",
    "ปช",
    "ลต",
    "อส",
    "ศป",
    "ศย",
    "พศ",
    "ทก",
    "ตก",
    "พร",
    "พล",
    "ชม",
    "ลย",
    "กจ",
    "กท",
    "นม",
    "ขก",
    "อบ",
    "อด",
    "สข",
    "ภก",
    "ตง",
    "รบ",
    "ชร",
    "นภ",
    "ฉช",
    "ปจ",
    "ยล",
)
UNITS = (
    "คน",
    "ราย",
    "ฉบับ",
    "ชุด",
    "แผ่น",
    "โรงเรียน",
    "แห่ง",
    "เรื่อง",
    "รายการ",
    "เล่ม",
    "ครั้ง",
    "วัน",
    "หน่วย",
    "ตัวชี้วัด",
    "อัตรา",
)
THAI_WORD = re.compile(r"[ก-ฮเ-ไ][ก-ฺเ-๎]*")
CONSONANTS = "กขฃคฅฆงจฉชซฌญฎฏฐฑฒณดตถทธนบปผฝพฟภมยรลวศษสหฬอฮ"
TONES = "่้๊๋"
RANDOM_PUNCTUATION = ".,()/-:\"%&+=?!@#*'“”‘’–…[]_<>;~$฿✓•^{}|\\`"


@lru_cache(maxsize=1)
def read_lists() -> dict[str, list[str]]:
    """Return every word and phrase list, sorted so that a seed fixes the lines."""
    lists = {
        name: [x for x in (DATA / f"{name}.txt").read_text("utf-8").splitlines() if x]
        for name in ("phrases", "agencies", "positions", "labels")
    }
    lists["latin"] = (DATA / "latin.txt").read_text("utf-8").split()
    lists["words"] = sorted(w for w in thai_words() if 1 < len(w) < 25)
    frequent = sorted(tnc.word_freqs(), key=lambda pair: (-pair[1], pair[0]))
    lists["common"] = [w for w, _ in frequent if THAI_WORD.fullmatch(w)][:4000]
    lists["male"] = sorted(thai_male_names())
    lists["female"] = sorted(thai_female_names())
    lists["family"] = sorted(thai_family_names())
    lists["provinces"] = sorted(provinces())
    return lists
