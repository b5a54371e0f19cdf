"""What the registrar of secret letters notes of the steps that people took on paper."""

from __future__ import annotations

from datetime import date

from starlette.datastructures import FormData

from index.message import message
from index.retention.batch import (
    Answer,
    ArchiveAnswer,
    Batch,
    Committee,
    Member,
    Opinion,
    Stage,
    Verdict,
)
from index.retention.batches import PaperStep
from index.retention.certificate import Fate, PaperPart, Statement
from index.retention.errors import StepRefusedError
from index.retention.law import CommitteeRule
from index.retention.steps import Appoint, Decide, Judge, RecordAnswer, Report, Send
from pipeline.web.retention.shared import gregorian, letters_of, optional_day, text_of

MEMBERS = 4


def next_steps(batch: Batch, form: FormData, rule: CommitteeRule) -> list[PaperStep]:
    """Return the steps that a form notes, as the batch stands; ticked letters are given up."""
    match batch.stage:
        case Stage.PROPOSED:
            return [Appoint(_committee(form), rule)]
        case Stage.APPOINTED:
            return _judged(batch, form)
        case Stage.REPORTED:
            day, order = _day(form, "ข้อ 69"), text_of(form, "delegation_order")
            return [Decide(text_of(form, "person"), day, order, {})]
        case Stage.DECIDED:
            return [Send(text_of(form, "number"), _day(form, "ข้อ 69.2"))]
        case Stage.SENT:
            return _answered(batch, form)
        case _:
            raise StepRefusedError("ข้อ 68.5", message("บัญชีนี้ไม่มีขั้นตอนที่รอบันทึก"))


def statement_of(form: FormData, batch_id: str, today: date) -> Statement:
    """Return what the executing registrar states."""
    if text_of(form, "again") != batch_id:
        raise StepRefusedError("ข้อ 68.5", message("พิมพ์เลขที่บัญชีอีกครั้งเพื่อยืนยันว่าจะทำลาย เรียกคืนไม่ได้"))
    chosen = text_of(form, "paper")
    fate = Fate(chosen) if chosen in list(Fate) else Fate.GONE_BEFORE
    done_on = _day(form, "ข้อ 68.5", "paper_on") if fate is Fate.DESTROYED else None
    witness = text_of(form, "witness")
    return Statement(
        (witness,) if witness else (),
        PaperPart(fate, text_of(form, "method"), text_of(form, "place"), done_on),
        _day(form, "ข้อ 68.5", "backups_gone"),
        text_of(form, "electronic_order"),
        text_of(form, "note"),
    )


def _committee(form: FormData) -> Committee:
    people = [
        Member(name, text_of(form, f"grade-{place}"))
        for place in range(MEMBERS)
        if (name := text_of(form, f"person-{place}"))
    ]
    if not people:
        raise StepRefusedError("ข้อ 67", message("ต้องระบุประธานและกรรมการ"))
    chair, *members = people
    return Committee(text_of(form, "order_number"), _day(form, "ข้อ 67"), chair, tuple(members))


def _judged(batch: Batch, form: FormData) -> list[PaperStep]:
    given_up = set(letters_of(form, "letter"))
    later = Opinion(Verdict.KEEP_UNTIL, gregorian(text_of(form, "until")))
    people = batch.committee.everyone if batch.committee else ()
    steps: list[PaperStep] = [
        Judge(one.person, item, Opinion(Verdict.DESTROY) if item in given_up else later)
        for item in batch.items
        for one in people
    ]
    return [*steps, Report(people[0].person if people else "", _day(form, "ข้อ 68.4"))]


def _answered(batch: Batch, form: FormData) -> list[PaperStep]:
    given_up, number = set(letters_of(form, "letter")), text_of(form, "number")
    day, until = _day(form, "ข้อ 70"), gregorian(text_of(form, "until"))
    return [
        RecordAnswer(
            item,
            ArchiveAnswer(Answer.AGREE, number, day)
            if item in given_up
            else ArchiveAnswer(Answer.EXTEND, number, day, until),
        )
        for item in sorted(batch.unanswered)
    ]


def _day(form: FormData, clause: str, name: str = "on") -> date:
    day = optional_day(text_of(form, name))
    if day is None:
        raise StepRefusedError(clause, message("ต้องระบุวันที่"))
    return day
