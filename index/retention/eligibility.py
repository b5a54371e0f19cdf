"""Whether a letter may enter, or stay in, a destruction batch; recomputed at every step that counts.

Pure: the caller brings the facts from the register and the day. A letter may go only when nothing
blocks it; every block says why, in Thai for the list on screen, with the clause it rests on.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from enum import StrEnum

from index.message import Message, Private, message
from index.retention.law import Law, Until
from index.retention.media import electronic_period
from index.retention.schedule import Clock, Period, period


class HoldKind(StrEnum):
    """Why a letter is held whatever its period says."""

    LEGAL = "legal"
    AUDIT = "audit"
    DISCIPLINE = "discipline"
    INFORMATION_REQUEST = "information_request"
    BORROWED = "borrowed"
    OPEN_BATCH = "open_batch"
    TWENTY_YEARS = "twenty_years"
    JOINED = "joined"


SECRECY_LAW = "ระเบียบว่าด้วยการรักษาความลับฯ 2544"

HOLD_THAI = {
    HoldKind.LEGAL: "เป็นหลักฐานในคดี",
    HoldKind.AUDIT: "อยู่ระหว่างการตรวจสอบของ สตง. หรือผู้ตรวจสอบภายใน",
    HoldKind.DISCIPLINE: "อยู่ระหว่างการสอบสวนหรือดำเนินการทางวินัย",
    HoldKind.INFORMATION_REQUEST: "มีผู้ขอใช้สิทธิตามกฎหมายข้อมูลข่าวสารหรือข้อมูลส่วนบุคคล",
    HoldKind.BORROWED: "มีผู้ยืมหนังสือและยังไม่ส่งคืน",
    HoldKind.OPEN_BATCH: "อยู่ในบัญชีขอทำลายชุดอื่นที่ยังไม่เสร็จ",
    HoldKind.TWENTY_YEARS: "เข้าเกณฑ์ส่งมอบจดหมายเหตุเมื่อครบ 20 ปี",
    HoldKind.JOINED: "รวมเข้ากับหนังสือฉบับอื่นแล้ว",
}


@dataclass(frozen=True, slots=True)
class Hold:
    """A person's stop. It ends when released, or after `until` where a last day was named."""

    kind: HoldKind
    reason: str
    placed_by: str
    placed_on: date
    until: date | None = None
    released_on: date | None = None

    def is_active(self, as_of: date) -> bool:
        """Tell whether the hold holds on a day (its last day included)."""
        is_over = self.until is not None and as_of > self.until
        is_released = self.released_on is not None and as_of >= self.released_on
        return self.placed_on <= as_of and not is_over and not is_released


@dataclass(frozen=True, slots=True)
class LetterFacts:
    """What the register knows of a letter that matters for its end.

    `registered_year` is Gregorian. `paper_ended_on` is the day from which no paper is there,
    `destroyed_on` the day from which neither paper nor electronic copy is.
    """

    letter_id: int
    retention_class: str
    clock: Clock
    is_secret: bool
    holds: tuple[Hold, ...] = ()
    destroyed_on: date | None = None
    paper_ended_on: date | None = None
    registered_year: int = 0


@dataclass(frozen=True, slots=True)
class Block:
    """One reason why a letter may not be destroyed now."""

    code: str
    message: Message
    clause: str

    @property
    def thai(self) -> str:
        """What it says in Thai."""
        return self.message.thai


@dataclass(frozen=True, slots=True)
class Eligibility:
    """A letter's period and everything that stands against its destruction on a day."""

    letter_id: int
    period: Period
    is_due: bool
    blocks: tuple[Block, ...]

    @property
    def may_be_destroyed(self) -> bool:
        """Tell whether the letter may stand on a destruction list: due, and nothing blocks it."""
        return self.is_due and not self.blocks


def judge(facts: LetterFacts, law: Law, as_of: date, *, in_secret_run: bool = False) -> Eligibility:
    """Work out, for one letter and one day, whether it is due and what stands against it.

    Where the paper has gone before, it is the electronic copy that is judged, by its own period.
    Secret letters pass only in a run of their own, and only they do.

    A letter whose retention class the table does not know is never eligible: the doubt is a block.
    """
    row = law.classes.get(facts.retention_class)
    if row is None:
        unknown = class_unknown(facts.retention_class)
        block = Block("class_unknown", unknown, "ข้อ 57")
        return Eligibility(facts.letter_id, Period(None, unknown), False, (block,))
    kept = period(row, facts.clock)
    if facts.paper_ended_on is not None:
        rule = law.deadlines["electronic_destruction"]
        kept = electronic_period(kept, facts.registered_year, rule)
    blocks: list[Block] = []
    if facts.destroyed_on is not None:
        blocks.append(Block("destroyed", message("ทำลายไปแล้ว"), "ข้อ 68.5"))
    if facts.is_secret and not in_secret_run:
        blocks.append(Block("secret", message("หนังสือลับดำเนินการแยกต่างหาก"), SECRECY_LAW))
    if in_secret_run and not facts.is_secret:
        blocks.append(Block("not_secret", message("บัญชีนี้สำหรับหนังสือลับเท่านั้น"), SECRECY_LAW))
    if row.until is Until.PERMANENT:
        blocks.append(Block("permanent", message("ห้ามทำลาย"), row.law.clause))
    elif row.until is Until.OTHER_LAW:
        blocks.append(Block("other_law", message("เก็บตามกฎหมายหรือระเบียบเฉพาะ"), row.law.clause))
    elif kept.keep_until_year is None:
        blocks.append(Block("open", kept.because, row.law.clause))
    if facts.holds:
        blocks += _hold_blocks(facts.holds, as_of)
    is_due = kept.is_due(as_of) and facts.destroyed_on is None
    return Eligibility(facts.letter_id, kept, is_due, tuple(blocks))


def class_unknown(code: str) -> Message:
    """Say that the table of the law has no such retention class."""
    return message("ไม่มีประเภทอายุการเก็บ %(code)s", code=code)


def _held(hold: Hold) -> Message:
    kind = Message(HOLD_THAI[hold.kind])
    return message("%(hold)s: %(reason)s", hold=kind, reason=Private(hold.reason))


def _hold_blocks(holds: Iterable[Hold], as_of: date) -> list[Block]:
    return [
        Block(f"hold_{hold.kind}", _held(hold), "ข้อ 68.1")
        for hold in holds
        if hold.is_active(as_of)
    ]
