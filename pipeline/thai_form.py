"""How a clerk reads dates, times, numbers and codes: Thai digits, Buddhist years, Thai names."""

from __future__ import annotations

from datetime import date, datetime

from ocr.thai_text import BUDDHIST_ERA, SHORT_MONTHS

THAI_DIGITS = str.maketrans("0123456789", "๐๑๒๓๔๕๖๗๘๙")
KINDS = {
    "external": "หนังสือภายนอก",
    "internal": "บันทึกข้อความ",
    "sealed": "หนังสือประทับตรา",
    "order": "คำสั่ง",
    "announce": "ประกาศ",
    "radio": "วิทยุ/โทรสาร",
    "evidence": "หนังสืออื่น",
}
FIELDS = {
    "number": "ที่",
    "date": "ลงวันที่",
    "sender": "จาก",
    "recipient": "ถึง",
    "subject": "เรื่อง",
    "urgency": "ชั้นความเร็ว",
    "secrecy": "ชั้นความลับ",
    "group": "กลุ่ม",
    "text": "ข้อความ",
    "pages": "จำนวนฉบับ",
    "kind": "ชนิดหนังสือ",
    "retention_class": "อายุการเก็บ",
    "signer": "ผู้ลงนาม",
    "finished_on": "วันที่เรื่องเสร็จ",
}


def thai_digits(value: object) -> str:
    """Return the value as text with Thai digits."""
    return str(value).translate(THAI_DIGITS)


def thai_date(day: date | None) -> str:
    """Return `๑๕ ม.ค. ๒๕๖๙`, or nothing for no date."""
    if day is None:
        return ""
    return thai_digits(f"{day.day} {SHORT_MONTHS[day.month - 1]} {day.year + BUDDHIST_ERA}")


def thai_moment(moment: datetime | None) -> str:
    """Return `๑๕ ม.ค. ๒๕๖๙ ๑๓.๔๕ น.`; the moment is in the office's time zone."""
    if moment is None:
        return ""
    return f"{thai_date(moment.date())} {thai_digits(moment.strftime('%H.%M'))} น."


def short_group(name: str) -> str:
    """Return a group's name without the word that nearly all begin with."""
    return name.removeprefix("กลุ่ม")


def kind_name(kind: str) -> str:
    """Return a letter kind's Thai name."""
    return KINDS.get(kind, kind)


def field_name(field: str) -> str:
    """Return the label a clerk knows a field by."""
    return FIELDS.get(field, field)


def whole_percent(share: float) -> int:
    """Return a probability in hundredths; never 100 %, which would say there is no doubt at all."""
    return min(99, int(share * 100))


def percent(share: float) -> str:
    """Return a probability as `๙๗%`."""
    return thai_digits(f"{whole_percent(share)}%")
