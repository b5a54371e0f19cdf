"""Made-up letters and indexes for the tests of search."""

from __future__ import annotations

from dataclasses import replace
from datetime import date, datetime, timedelta, timezone
from typing import Any

from classify.letter import Kind, Secrecy, Urgency
from index.registered_letter import LetterKey, RegisteredLetter, RegisterNumber
from index.search import LetterIndex

TODAY = date(2026, 11, 21)
BANGKOK = timezone(timedelta(hours=7))
GROUP_NAMES = {"plan": "กลุ่มนโยบายและแผน", "finance": "กลุ่มบริหารงานการเงินและสินทรัพย์"}

_BLANK = RegisteredLetter(
    letter_id=1,
    register_number=RegisterNumber(1, 2569),
    revision=1,
    received_at=datetime(2026, 1, 20, 9, tzinfo=BANGKOK),
    number="ศธ 04001/ว 123",
    date=date(2026, 1, 15),
    sender="สำนักงานคณะกรรมการการศึกษาขั้นพื้นฐาน",
    recipient="ผู้อำนวยการโรงเรียนบ้านหนองแวง",
    subject="ประชุมผู้บริหารสถานศึกษา",
    kind=Kind.EXTERNAL,
    urgency=Urgency.NONE,
    secrecy=Secrecy.NONE,
    group="plan",
    retention_class="R10",
    text="ขอเชิญประชุมผู้บริหารสถานศึกษา ณ ห้องประชุมชั้นสอง",
    sha256="0" * 64,
    is_secret=False,
    review=(),
)


def keys(*letter_ids: int) -> tuple[LetterKey, ...]:
    """The keys of received letters."""
    return tuple(map(LetterKey.received, letter_ids))


def letter(letter_id: int = 1, **changes: Any) -> RegisteredLetter:
    """Make a letter; its receive number is `letter_id`/2569 unless said otherwise."""
    changes.setdefault("register_number", RegisterNumber(letter_id, 2569))
    return replace(_BLANK, letter_id=letter_id, **changes)


OFFICE = (
    letter(1),
    letter(
        2,
        subject="จัดสรรงบประมาณรายจ่ายประจำปี",
        text="จังหวัดเลย ได้รับงบประมาณ ๒๕๖๙ อ้างถึง ศธ ๐๔๐๐๑/ว ๑๒๓ ลงวันที่ ๑ มีนาคม ๒๕๖๘ จำนวนเงิน",
        number="กค 0402.2/9",
        date=date(2025, 5, 5),
        sender="กรมบัญชีกลาง",
        group="finance",
        step="routed",
    ),
    letter(
        3,
        subject="ขออนุญาตจัดกิจกรรมลูกเสือ",
        text="ณ วัด ใกล้โรงเรียน ได้ตั้งงบประฆาณไว้แล้ว ครูอัญชลี ใจกว้าง ยื่นการลา",
        number="ลย 0017/55",
        date=date(2024, 12, 31),
        sender="สำนักงานจังหวัดเลย",
    ),
    letter(
        4,
        subject="การป้องกันนํ้าท่วม",
        text="เวลาเกิดนํ้าท่วม ให้รายงานผล แต่งตั้งเจ้าหน้าที่ สามารถติดต่อได้",
        number="ลย 0018/56",
        date=None,
        sender="ที่ทำการปกครองจังหวัดเลย",
        urgency=Urgency.MOST_URGENT,
    ),
)


def found(index: LetterIndex, typed: str, **options: Any) -> list[int]:
    """Search and return the ids found, best first."""
    result = index.search(typed, today=TODAY, **options)
    assert len(result.hits) == min(result.total, options.get("limit", 10))
    return [hit.key.id for hit in result.hits]
