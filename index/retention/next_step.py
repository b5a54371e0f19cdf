"""What a destruction batch waits for: one step, who takes it, by which clause, and until when.

Pure. The page shows it on top of the batch, the calendar counts its days.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from enum import StrEnum

from index.message import Message, message
from index.retention.batch import Batch, Stage
from index.retention.law import Law
from index.retention.steps import first_day_of_execution


class Actor(StrEnum):
    """Whose turn it is."""

    RECORDS_OFFICER = "records_officer"
    COMMITTEE = "committee"
    HEAD = "head"
    EXECUTOR = "executor"
    NOBODY = "nobody"


ACTOR_THAI = {
    Actor.RECORDS_OFFICER: "เจ้าหน้าที่งานเก็บ",
    Actor.COMMITTEE: "คณะกรรมการทำลายหนังสือ",
    Actor.HEAD: "หัวหน้าส่วนราชการหรือผู้รับมอบอำนาจ",
    Actor.EXECUTOR: "ผู้ดำเนินการทำลาย",
    Actor.NOBODY: "",
}


@dataclass(frozen=True, slots=True)
class NextStep:
    """The one thing to do now. `due` is its last day; `not_before` the first day it may be done."""

    code: str
    message: Message
    actor: Actor
    clause: str
    due: date | None = None
    not_before: date | None = None

    @property
    def thai(self) -> str:
        """What it says in Thai."""
        return self.message.thai

    def is_late(self, today: date) -> bool:
        """Tell whether its last day has passed."""
        return self.due is not None and today > self.due


def next_step(batch: Batch, law: Law) -> NextStep:
    """Say what a batch waits for. An empty list, or one that nobody may destroy, is to be closed."""
    survey = law.deadlines["survey"].in_year(batch.year)
    if not batch.is_open:
        destroyed = batch.stage is Stage.DESTROYED
        words = message("ทำลายเสร็จแล้ว") if destroyed else message("ถอนบัญชีแล้ว")
        return NextStep("closed", words, Actor.NOBODY, "ข้อ 68.5")
    if not batch.items:
        return _close(message("ไม่มีหนังสือเหลือในบัญชี ให้ปิดบัญชี"))
    match batch.stage:
        case Stage.PROPOSED:
            return NextStep(
                "appoint",
                message("บันทึกคำสั่งแต่งตั้งคณะกรรมการ"),
                Actor.RECORDS_OFFICER,
                law.committees["destruction"].law.clause,
                due=survey,
            )
        case Stage.APPOINTED:
            return _committee_step(batch, survey)
        case Stage.REPORTED:
            words = message("หัวหน้าส่วนราชการพิจารณาสั่งการ")
            return NextStep("decide", words, Actor.HEAD, "ข้อ 69")
        case Stage.DECIDED if not batch.to_destroy:
            return _close(message("ไม่มีรายการที่ให้ทำลาย ให้ปิดบัญชี"))
        case Stage.DECIDED:
            words = message("ส่งบัญชีให้สำนักหอจดหมายเหตุแห่งชาติ")
            return NextStep("send", words, Actor.RECORDS_OFFICER, "ข้อ 69.2", due=survey)
        case Stage.EXECUTING:
            words = message("ดำเนินการทำลายต่อให้เสร็จ")
            return NextStep("finish", words, Actor.EXECUTOR, "ข้อ 68.5")
        case _:
            return _after_sending(batch, law)


def cooling_off_ends(batch: Batch, law: Law) -> date | None:
    """Return the first day on which an answered batch may be executed; None before all answered."""
    if batch.sent_on is None or batch.unanswered:
        return None
    return first_day_of_execution(batch, law.cooling_off_days)


def _committee_step(batch: Batch, survey: date) -> NextStep:
    left = sum(batch.verdict(item) is None for item in batch.items)
    if left:
        words = message(
            "คณะกรรมการพิจารณาทีละรายการ ยังเหลือ %(left)s จาก %(all)s รายการ",
            left=left,
            all=len(batch.items),
        )
        return NextStep("judge", words, Actor.COMMITTEE, "ข้อ 68.1", due=survey)
    words = message("คณะกรรมการรายงานผลต่อหัวหน้าส่วนราชการ")
    return NextStep("report", words, Actor.COMMITTEE, "ข้อ 68.4", due=survey)


def _after_sending(batch: Batch, law: Law) -> NextStep:
    waiting = law.deadlines["archive_answer"]
    if batch.unanswered and batch.sent_on is not None:
        words = message(
            "รอคำตอบจากหอจดหมายเหตุ %(count)s รายการ แล้วบันทึกทีละรายการ", count=len(batch.unanswered)
        )
        return NextStep(
            "answer",
            words,
            Actor.RECORDS_OFFICER,
            waiting.law.clause,
            due=waiting.after(batch.sent_on),
        )
    if not batch.approved_by_all_three:
        return _close(message("หอจดหมายเหตุไม่ให้ทำลายรายการใดเลย ให้ปิดบัญชี"))
    return NextStep(
        "execute",
        message("ดำเนินการทำลาย %(count)s รายการ", count=len(batch.approved_by_all_three)),
        Actor.EXECUTOR,
        "ข้อ 68.5",
        not_before=cooling_off_ends(batch, law),
    )


def _close(words: Message) -> NextStep:
    return NextStep("withdraw", words, Actor.RECORDS_OFFICER, "ข้อ 69.1")
