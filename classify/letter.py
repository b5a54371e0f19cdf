"""The types that deciding hands on: fields with evidence, the letter, the decision."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import date
from enum import StrEnum
from typing import Generic, TypeVar

from ocr.document import Box

T_co = TypeVar("T_co", covariant=True)


class Kind(StrEnum):
    """Letter kinds (the regulation's six types, as far as routing needs them apart)."""

    EXTERNAL = "external"  # หนังสือภายนอก
    INTERNAL = "internal"  # หนังสือภายใน (บันทึกข้อความ)
    STAMPED = "sealed"  # หนังสือประทับตรา
    ORDER = "order"  # คำสั่ง ระเบียบ ข้อบังคับ
    ANNOUNCEMENT = "announce"  # ประกาศ แถลงการณ์ ข่าว
    RADIO = "radio"  # วิทยุ โทรสารในราชการ
    EVIDENCE = "evidence"  # หนังสือรับรอง รายงานการประชุม บันทึก หนังสืออื่น


class Urgency(StrEnum):
    """ชั้นความเร็ว; the value is the mark as printed, empty for none."""

    NONE = ""
    URGENT = "ด่วน"
    VERY_URGENT = "ด่วนมาก"
    MOST_URGENT = "ด่วนที่สุด"


class Secrecy(StrEnum):
    """ชั้นความลับ; the value is the mark as printed, empty for none."""

    NONE = ""
    SECRET = "ลับ"  # noqa: S105 - a class of secrecy, not a password
    VERY_SECRET = "ลับมาก"  # noqa: S105
    TOP_SECRET = "ลับที่สุด"  # noqa: S105


@dataclass(frozen=True, slots=True)
class Found(Generic[T_co]):
    """A value and its evidence.

    `as_printed` is the text on the page; `confidence` is the calibrated probability, 0 to 1, that
    `value` is right; `page` counts from 1 and `box` is in that page's pixels (None when the value
    has no single place, as the kind of a letter); `how` says in a few words how it was found.
    """

    value: T_co
    as_printed: str
    confidence: float
    page: int | None
    box: Box | None
    how: str


@dataclass(frozen=True, slots=True)
class ReviewReason:
    """Why a clerk should look: the field's name, a stable code, and a sentence in Thai and English.

    `pages` are the pages it is about, counted from 1, where it is about pages.
    """

    field: str
    code: str
    thai: str
    english: str
    pages: tuple[int, ...] = ()


@dataclass(frozen=True, slots=True)
class Letter:
    """What is on the page. A field is absent (None) when the page does not show it.

    `number.value` is canonical (Arabic digits, one space after the agency letters, `ว ` before a
    circular's running number: `ศธ 04001/ว 123`); a number whose end was left to the pen stops at the
    slash or ว; `date.value` is a Gregorian date. `doubts` are what finding the fields already
    questions (a day that cannot be read, a suspected secrecy mark); the decision takes them over.
    """

    kind: Found[Kind]
    number: Found[str] | None = None
    date: Found[date] | None = None
    sender: Found[str] | None = None
    recipient: Found[str] | None = None
    subject: Found[str] | None = None
    urgency: Found[Urgency] | None = None
    secrecy: Found[Secrecy] | None = None
    references: tuple[Found[str], ...] = ()
    enclosures: tuple[Found[str], ...] = ()
    signer: Found[str] | None = None
    signer_position: Found[str] | None = None
    owner: Found[str] | None = None
    contact: Found[str] | None = None
    sender_address: Found[str] | None = None
    urgent_until: Found[str] | None = None
    receiving_stamps: tuple[Found[str], ...] = ()
    doubts: tuple[ReviewReason, ...] = ()

    @property
    def is_secret(self) -> bool:
        """Tell whether the page carries a secrecy mark."""
        return self.secrecy is not None and self.secrecy.value is not Secrecy.NONE


@dataclass(frozen=True, slots=True)
class GroupScore:
    """One group's score with the words that made it: (word or reason, where, points)."""

    group: str
    score: float
    because: tuple[tuple[str, str, float], ...] = ()


@dataclass(frozen=True, slots=True)
class Decision:
    """Where the letter goes and how long it is kept, with reasons.

    `group` is the code of the lead group (`admin`, `plan`, … from the groups file; `secret` letters
    still name the group the rules propose, but the register shows them to the registrar only).
    `margin` is the distance between the first and the second score, 0 to 1. `review` lists every
    reason why a clerk should look, over all fields; an empty list means no look is needed.
    """

    group: str
    scores: tuple[GroupScore, ...]
    margin: float
    copies: tuple[str, ...]
    retention_class: str
    retention_because: str
    review: tuple[ReviewReason, ...] = field(default=())

    @property
    def needs_review(self) -> tuple[str, ...]:
        """The names of the fields a clerk is asked to check, each once, in order."""
        return tuple(dict.fromkeys(reason.field for reason in self.review))
