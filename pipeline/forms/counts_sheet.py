"""The daily and monthly counts that the offices report, as a sheet to print."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from itertools import groupby

from index.register.letters.counts import Count, Counts, DayCount, FilingTimes
from index.visibility import Viewer
from ocr.thai_text import BUDDHIST_ERA, MONTHS, to_thai_digits
from pipeline.forms.days import Days, long_date
from pipeline.forms.form import Form
from pipeline.forms.sheet import Row, Section, Sheet

TOTAL, NONE_KNOWN, ORDINARY = "รวม", "ไม่ระบุ", "ปกติ"
LIMITS_THAI = {60: "ภายใน 1 นาที", 600: "ภายใน 10 นาที", 3_600: "ภายใน 1 ชั่วโมง", 86_400: "ภายใน 1 วัน"}
SENDERS = 20


@dataclass(frozen=True, slots=True)
class Counted:
    """Everything that was counted for some days, as one viewer may have it."""

    by_day: tuple[DayCount, ...]
    by_group: tuple[Count, ...]
    by_sender: tuple[Count, ...]
    by_urgency: tuple[Count, ...]
    by_channel: tuple[Count, ...]
    filing: FilingTimes


def count_all(counts: Counts, viewer: Viewer, days: Days) -> Counted:
    """Count the days every way."""
    span = (viewer, days.first, days.last)
    return Counted(
        counts.by_day(*span),
        counts.by_group(*span),
        counts.by_sender(*span, limit=SENDERS),
        counts.by_urgency(*span),
        counts.by_channel(*span),
        counts.filing_times(*span),
    )


def fill_counts(
    form: Form, office: str, days: Days, counted: Counted, groups: Mapping[str, str]
) -> Sheet:
    """Fill the sheet of counts; more than two months are told by month."""
    received = sum(one.received for one in counted.by_day)
    sent = sum(one.sent for one in counted.by_day)
    total = _row(TOTAL, received, sent)
    sections = (
        Section("จำนวนตามวันที่", (*_daily(days, counted.by_day), total)),
        Section("ตามกลุ่มที่รับผิดชอบ", _named(counted.by_group, groups)),
        Section(f"หน่วยงานที่ส่งมามากที่สุด {SENDERS} อันดับแรก", _named(counted.by_sender, {})),
        Section("ตามชั้นความเร็ว", _named(counted.by_urgency, {"": ORDINARY})),
        Section("ตามช่องทาง", _named(counted.by_channel, {})),
        Section("เวลาตั้งแต่ได้รับไฟล์จนลงทะเบียนรับ", _filing(counted.filing)),
    )
    remarks = ("รายการแยกประเภทไม่นับหนังสือลับและหนังสือที่ยกเลิก จึงอาจรวมได้น้อยกว่ายอดรวม",)
    return Sheet(form, office, sections, {"days": days.words}, remarks=remarks)


def _daily(days: Days, by_day: Iterable[DayCount]) -> tuple[Row, ...]:
    if (days.last - days.first).days <= 62:
        return tuple(
            _row(to_thai_digits(long_date(one.day)), one.received, one.sent) for one in by_day
        )
    rows = []
    for (year, month), found in groupby(by_day, key=lambda one: (one.day.year, one.day.month)):
        of_month = list(found)
        rows.append(
            _row(
                to_thai_digits(f"{MONTHS[month - 1]} {year + BUDDHIST_ERA}"),
                sum(one.received for one in of_month),
                sum(one.sent for one in of_month),
            )
        )
    return tuple(rows)


def _named(counts: Iterable[Count], names: Mapping[str, str]) -> tuple[Row, ...]:
    return tuple(
        _row(names.get(one.name, one.name) or NONE_KNOWN, one.received, one.sent) for one in counts
    )


def _filing(times: FilingTimes) -> tuple[Row, ...]:
    rows = [
        {"name": to_thai_digits(LIMITS_THAI[limit]), "received": str(number)}
        for limit, number in times.within
    ]
    rows.append({"name": "นานกว่านั้น", "received": str(times.later)})
    return tuple(rows)


def _row(name: str, received: int, sent: int) -> Row:
    return {"name": name, "received": str(received), "sent": str(sent)}
