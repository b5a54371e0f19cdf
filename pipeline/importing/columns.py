"""Which column holds what: proposed from the names that other systems give their columns."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from classify.numbers import parse_number
from ocr.thai_text import fold

LOOKED_AT = 200  # rows, to tell what a column holds
FIELD_NAMES = {
    "number": "ที่",
    "date": "ลงวันที่",
    "subject": "เรื่อง",
    "sender": "จาก",
    "recipient": "ถึง",
    "urgency": "ชั้นความเร็ว",
    "secrecy": "ชั้นความลับ",
    "file": "ชื่อไฟล์",
}
"""What a column can be, with the word a clerk knows it by."""
# Seen on the lists of AMSS++, Smart OBEC, e-filing and e-office; the likelier name first.
HEADERS: Mapping[str, tuple[str, ...]] = {
    "number": (
        "ที่",
        "เลขที่หนังสือ",
        "หนังสือที่",
        "ที่หนังสือ",
        "เลขหนังสือ",
        "เลขที่",
        "เลขที่เอกสาร",
        "book no",
        "letter no",
    ),
    "date": ("ลงวันที่", "วันที่หนังสือ", "วันที่ลงหนังสือ", "หนังสือลงวันที่", "ลว", "วันที่", "letter date", "date"),
    "subject": ("เรื่อง", "ชื่อเรื่อง", "หัวเรื่อง", "หัวข้อ", "subject", "title"),
    "sender": (
        "จาก",
        "หน่วยงานที่ส่ง",
        "หน่วยงานผู้ส่ง",
        "ผู้ส่ง",
        "ส่งจาก",
        "จากหน่วยงาน",
        "หน่วยงานต้นเรื่อง",
        "หน่วยงานเจ้าของเรื่อง",
        "ส่วนราชการ",
        "หน่วยงาน",
        "กลุ่ม/หน่วยงานที่ส่ง",
        "from",
        "sender",
    ),
    "recipient": ("ถึง", "เรียน", "ส่งถึง", "ถึงหน่วยงาน", "ผู้รับ", "หน่วยงานผู้รับ", "to", "recipient"),
    "urgency": ("ชั้นความเร็ว", "ความเร็ว", "ความเร่งด่วน", "ความด่วน", "ระดับความเร่งด่วน", "urgency"),
    "secrecy": ("ชั้นความลับ", "ความลับ", "ระดับความลับ", "secrecy"),
    "file": (
        "ชื่อไฟล์",
        "ไฟล์",
        "ไฟล์แนบ",
        "ไฟล์เอกสาร",
        "เอกสารแนบ",
        "เอกสาร",
        "ดาวน์โหลด",
        "(ลิงก์)",
        "file",
        "filename",
        "attachment",
    ),
}
_KNOWN = {fold(name): field for field, names in HEADERS.items() for name in names}


def count_known_headers(row: Sequence[str]) -> int:
    """Count the different fields that the cells of a row name: the header names the most."""
    return len({_KNOWN[key] for cell in row if (key := fold(cell)) in _KNOWN})


def propose_columns(header: Sequence[str], rows: Sequence[Sequence[str]] = ()) -> dict[str, str]:
    """Return field → header for the columns whose names are known; a field's likeliest name wins.

    Where there are rows, the letter's number is a column whose cells are such: a list's running numbers
    (1, 2, 3) stand below ที่ or เลขที่ too.
    """
    by_key: dict[str, str] = {}
    for name in header:
        by_key.setdefault(fold(name), name)
    proposed = {}
    for field, names in HEADERS.items():
        named = [by_key[key] for name in names if (key := fold(name)) in by_key]
        if field == "number" and rows:
            left = [name for name in header if fold(name) not in _KNOWN]
            named = [one for one in (*named, *left) if _holds_numbers(header.index(one), rows)]
        if named:
            proposed[field] = named[0]
    return proposed


def _holds_numbers(place: int, rows: Sequence[Sequence[str]]) -> bool:
    """Tell whether at least half of a column's cells are letter numbers."""
    cells = [cell for row in rows[:LOOKED_AT] if (cell := row[place])]
    return 2 * sum(parse_number(cell) is not None for cell in cells) >= max(1, len(cells))
