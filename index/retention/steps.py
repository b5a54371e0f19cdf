"""The steps of a yearly destruction, each refused with the clause it would break.

`take(batch, step)` returns the batch after the step or raises StepRefusedError; nothing else changes a
batch. A step is plain data: stored in order, the steps are the proof of the destruction.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass, replace
from datetime import date, timedelta
from itertools import groupby

from index.message import message
from index.retention.batch import (
    Answer,
    ArchiveAnswer,
    Batch,
    Committee,
    Opinion,
    Stage,
    Verdict,
)
from index.retention.errors import StepRefusedError
from index.retention.law import CommitteeRule

USUAL_COOLING_OFF_DAYS = 7
"""What stood in the program before it became a row of policy; steps stored then name no other."""


@dataclass(frozen=True, slots=True)
class Appoint:
    """The head appoints the committee by an order (ข้อ 67)."""

    committee: Committee
    rule: CommitteeRule


@dataclass(frozen=True, slots=True)
class Judge:
    """One member judges one item (ข้อ 68.1-68.3)."""

    person: str
    letter_id: int
    opinion: Opinion


@dataclass(frozen=True, slots=True)
class Report:
    """The committee reports to the head, dissent included (ข้อ 68.4)."""

    person: str
    on: date


@dataclass(frozen=True, slots=True)
class Decide:
    """The head decides; withheld items stay to the next round (ข้อ 69)."""

    person: str
    on: date
    delegation_order: str
    withheld: Mapping[int, str]


@dataclass(frozen=True, slots=True)
class Send:
    """Form 25 goes to the National Archives (ข้อ 69.2)."""

    letter_number: str
    on: date


@dataclass(frozen=True, slots=True)
class RecordAnswer:
    """The archives' answer on one item (ข้อ 70)."""

    letter_id: int
    answer: ArchiveAnswer


@dataclass(frozen=True, slots=True)
class TakeOut:
    """A letter leaves the batch because something now stands against its destruction (ข้อ 68.1)."""

    letter_id: int
    reason: str


@dataclass(frozen=True, slots=True)
class BeginExecution:
    """A person begins the destruction; `eligible` is what the register says of the items today.

    The policies are those in force on that day: a stored step keeps them.
    """

    person: str
    on: date
    eligible: Collection[int]
    cooling_off_days: int = USUAL_COOLING_OFF_DAYS
    is_apart: bool = True


@dataclass(frozen=True, slots=True)
class FinishExecution:
    """Every approved item is verified gone (ข้อ 68.5)."""

    destroyed: frozenset[int]


@dataclass(frozen=True, slots=True)
class Withdraw:
    """The batch is given up; its letters are free for the next round."""

    person: str
    reason: str


Step = (
    Appoint
    | Judge
    | Report
    | Decide
    | Send
    | RecordAnswer
    | TakeOut
    | BeginExecution
    | FinishExecution
    | Withdraw
)


def take(batch: Batch, step: Step) -> Batch:
    """Return the batch after a step; raise StepRefusedError, citing the clause, when it may not be."""
    match step:
        case Appoint():
            return _appoint(batch, step)
        case Judge():
            return _judge(batch, [step])
        case Report():
            return _report(batch, step)
        case Decide():
            return _decide(batch, step)
        case Send():
            return _send(batch, step)
        case RecordAnswer():
            return _record_answer(batch, step)
        case BeginExecution() | FinishExecution():
            return _execute(batch, step)
        case TakeOut() | Withdraw():
            return _give_up(batch, step)


def take_all(batch: Batch, steps: Iterable[Step]) -> Batch:
    """Take steps one after the other as `take` does; thousands of judgements in a row cost one copy."""
    for kind, run in groupby(steps, key=type):
        if kind is Judge:
            batch = _judge(batch, [step for step in run if isinstance(step, Judge)])
        else:
            for step in run:
                batch = take(batch, step)
    return batch


def _appoint(batch: Batch, step: Appoint) -> Batch:
    _require(batch, Stage.PROPOSED, "ข้อ 67")
    committee, rule = step.committee, step.rule
    clause = rule.law.clause
    if not committee.order_number.strip():
        raise StepRefusedError(clause, message("ต้องระบุเลขที่คำสั่งแต่งตั้ง"))
    if len(committee.members) < rule.members_beside_chair:
        raise StepRefusedError(
            clause,
            message("ต้องมีประธานและกรรมการอีกอย่างน้อย %(count)s คน", count=rule.members_beside_chair),
        )
    if len(committee.names) < len(committee.everyone):
        raise StepRefusedError(clause, message("มีชื่อกรรมการซ้ำกัน"))
    if batch.proposer in committee.names:
        raise StepRefusedError(clause, message("ผู้เสนอบัญชีเป็นกรรมการไม่ได้"))
    for member in committee.everyone:
        if rule.grades and member.grade not in rule.grades:
            raise StepRefusedError(
                clause,
                message(
                    "%(person)s: ระดับ %(grade)s ไม่ถึงระดับที่กำหนด",
                    person=member.person,
                    grade=member.grade or "(ไม่ระบุ)",
                ),
            )
    return replace(batch, stage=Stage.APPOINTED, committee=committee)


def _judge(batch: Batch, steps: Iterable[Judge]) -> Batch:
    _require(batch, Stage.APPOINTED, "ข้อ 68.1")
    items, opinions = frozenset(batch.items), dict(batch.opinions)
    for step in steps:
        if step.letter_id not in items:
            _require_item(batch, step.letter_id, "ข้อ 68.1")
        _refuse_opinion(batch, step)
        opinions[step.letter_id, step.person] = step.opinion
    return replace(batch, opinions=opinions)


def _refuse_opinion(batch: Batch, step: Judge) -> None:
    if batch.committee is None or step.person not in batch.committee.names:
        raise StepRefusedError("ข้อ 68.1", message("%(person)s ไม่ได้เป็นกรรมการ", person=step.person))
    year = step.opinion.keep_until_year
    if step.opinion.verdict is Verdict.KEEP_UNTIL and (year is None or year < batch.year):
        raise StepRefusedError("ข้อ 68.2", message("ต้องระบุปีที่ให้เก็บถึง"))


def _report(batch: Batch, step: Report) -> Batch:
    _require(batch, Stage.APPOINTED, "ข้อ 68.4")
    if batch.committee is None or step.person not in batch.committee.names:
        raise StepRefusedError("ข้อ 68.4", message("ผู้รายงานต้องเป็นกรรมการ"))
    open_items = [item for item in batch.items if batch.verdict(item) is None]
    if open_items:
        raise StepRefusedError(
            "ข้อ 68.4", message("ยังพิจารณาไม่ครบ %(count)s รายการ", count=len(open_items))
        )
    return replace(batch, stage=Stage.REPORTED, reported_on=step.on)


def _decide(batch: Batch, step: Decide) -> Batch:
    _require(batch, Stage.REPORTED, "ข้อ 69")
    if not step.delegation_order.strip():
        raise StepRefusedError("ข้อ 69", message("ต้องระบุเลขที่คำสั่งมอบอำนาจให้อนุมัติทำลาย"))
    names = batch.committee.names if batch.committee else frozenset()
    if step.person == batch.proposer or step.person in names:
        raise StepRefusedError("ข้อ 69", message("ผู้อนุมัติต้องไม่เป็นผู้เสนอหรือกรรมการ"))
    for letter_id in step.withheld:
        _require_item(batch, letter_id, "ข้อ 69.1")
    return replace(
        batch,
        stage=Stage.DECIDED,
        approver=step.person,
        delegation_order=step.delegation_order,
        decided_on=step.on,
        withheld=dict(step.withheld),
    )


def _send(batch: Batch, step: Send) -> Batch:
    _require(batch, Stage.DECIDED, "ข้อ 69.2")
    if not step.letter_number.strip():
        raise StepRefusedError("ข้อ 69.2", message("ต้องระบุเลขที่หนังสือนำส่ง"))
    return replace(batch, stage=Stage.SENT, sent_on=step.on, sent_number=step.letter_number)


def _record_answer(batch: Batch, step: RecordAnswer) -> Batch:
    _require(batch, Stage.SENT, "ข้อ 70")
    _require_item(batch, step.letter_id, "ข้อ 70")
    answer = step.answer
    if batch.sent_on is None or answer.answered_on < batch.sent_on:
        raise StepRefusedError("ข้อ 70", message("วันที่ตอบอยู่ก่อนวันที่ส่ง"))
    if not answer.letter_number.strip():
        raise StepRefusedError("ข้อ 70", message("ต้องระบุเลขที่หนังสือตอบ"))
    if answer.answer is Answer.EXTEND and answer.extend_until_year is None:
        raise StepRefusedError("ข้อ 70", message("ต้องระบุปีที่ให้ขยาย"))
    return replace(batch, answers={**batch.answers, step.letter_id: answer})


def _execute(batch: Batch, step: BeginExecution | FinishExecution) -> Batch:
    return _begin(batch, step) if isinstance(step, BeginExecution) else _finish(batch, step)


def _begin(batch: Batch, step: BeginExecution) -> Batch:
    _require(batch, Stage.SENT, "ข้อ 70")
    require_separate_executor(batch, step.person, is_apart=step.is_apart)
    if batch.unanswered:
        raise StepRefusedError(
            "ข้อ 70",
            message(
                "หอจดหมายเหตุยังไม่ตอบ %(count)s รายการ การไม่ตอบไม่ถือเป็นการเห็นชอบโดยระบบ",
                count=len(batch.unanswered),
            ),
        )
    earliest = first_day_of_execution(batch, step.cooling_off_days)
    if step.on < earliest:
        raise StepRefusedError(
            "ข้อ 68.5",
            message(
                "ต้องรอให้พ้นระยะทบทวน %(days)s วัน (ถึงวันที่ %(earliest)s)",
                days=step.cooling_off_days,
                earliest=earliest,
            ),
        )
    barred = batch.approved_by_all_three - set(step.eligible)
    if barred:
        raise StepRefusedError(
            "ข้อ 68.1",
            message("มี %(count)s รายการที่ทำลายไม่ได้แล้วในวันนี้ ต้องถอนออกก่อน", count=len(barred)),
            detail=str(sorted(barred)[:5]),
        )
    if not batch.approved_by_all_three:
        raise StepRefusedError("ข้อ 70", message("ไม่มีรายการที่ได้รับความเห็นชอบ"))
    return replace(batch, stage=Stage.EXECUTING, executor=step.person)


def require_separate_executor(batch: Batch, person: str, *, is_apart: bool = True) -> None:
    """Raise StepRefusedError for a person who proposed, approved or, where `is_apart`, judged."""
    names = batch.committee.names if batch.committee and is_apart else frozenset()
    if person in {batch.proposer, batch.approver} | names:
        raise StepRefusedError("ข้อ 68.5", message("ผู้ดำเนินการทำลายต้องไม่เป็นผู้เสนอ กรรมการ หรือผู้อนุมัติ"))


def first_day_of_execution(batch: Batch, cooling_off_days: int) -> date:
    """Return the first day after the cooling-off time, which begins with the last approval."""
    wait = timedelta(days=cooling_off_days)
    days = [answer.answered_on for answer in batch.answers.values()]
    return max([*days, batch.decided_on or date.max - wait]) + wait


def _finish(batch: Batch, step: FinishExecution) -> Batch:
    _require(batch, Stage.EXECUTING, "ข้อ 68.5")
    if step.destroyed != batch.approved_by_all_three:
        raise StepRefusedError("ข้อ 68.5", message("รายการที่ทำลายไม่ตรงกับรายการที่อนุมัติ"))
    return replace(batch, stage=Stage.DESTROYED, executed=step.destroyed)


def _give_up(batch: Batch, step: TakeOut | Withdraw) -> Batch:
    return _take_out(batch, step) if isinstance(step, TakeOut) else _withdraw(batch, step)


def _take_out(batch: Batch, step: TakeOut) -> Batch:
    if not batch.is_open:
        raise StepRefusedError("ข้อ 68.1", message("บัญชีนี้ปิดแล้ว"))
    _require_item(batch, step.letter_id, "ข้อ 68.1")
    if not step.reason.strip():
        raise StepRefusedError("ข้อ 68.1", message("ต้องระบุเหตุผล"))
    left = tuple(letter_id for letter_id in batch.items if letter_id != step.letter_id)
    return replace(batch, items=left)


def _withdraw(batch: Batch, step: Withdraw) -> Batch:
    if not batch.is_open or batch.stage is Stage.EXECUTING:
        raise StepRefusedError("ข้อ 69.1", message("ถอนบัญชีในขั้นนี้ไม่ได้"))
    if not step.reason.strip():
        raise StepRefusedError("ข้อ 69.1", message("ต้องระบุเหตุผล"))
    return replace(batch, stage=Stage.WITHDRAWN)


def _require(batch: Batch, stage: Stage, clause: str) -> None:
    if batch.stage is not stage:
        raise StepRefusedError(
            clause,
            message("ทำขั้นตอนนี้ไม่ได้ บัญชีอยู่ในขั้น %(stage)s", stage=batch.stage),
            detail=f"this step needs it {stage}",
        )


def _require_item(batch: Batch, letter_id: int, clause: str) -> None:
    if letter_id not in batch.items:
        raise StepRefusedError(clause, message("หนังสือนี้ไม่อยู่ในบัญชี"), detail=f"letter {letter_id}")
