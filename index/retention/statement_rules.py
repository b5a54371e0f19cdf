"""What an executor must state before anything is touched; each refusal cites its clause."""

from __future__ import annotations

import re

from index.message import message
from index.retention.batch import Batch
from index.retention.certificate import Fate, PaperPart, Statement
from index.retention.eligibility import SECRECY_LAW
from index.retention.errors import StepRefusedError
from index.retention.steps import BeginExecution, first_day_of_execution
from index.retention.tables import BatchRow

_SHA256 = re.compile("[0-9a-f]{64}")


def refuse_statement(
    batch: Batch, row: BatchRow, statement: Statement, *, step: BeginExecution
) -> None:
    """Raise StepRefusedError for a statement that proves too little for the step that begins."""
    clause = SECRECY_LAW if row.is_secret else "ข้อ 68.5"
    witnesses = [name.strip() for name in statement.witnesses]
    if not witnesses or not all(witnesses):
        raise StepRefusedError(clause, message("ต้องมีพยานอย่างน้อยหนึ่งคน"))
    if len(set(witnesses)) < len(witnesses) or step.person.strip() in witnesses:
        raise StepRefusedError(clause, message("พยานต้องเป็นคนละคนกัน และไม่ใช่ผู้ดำเนินการทำลาย"))
    if row.is_secret and batch.approver in witnesses:
        raise StepRefusedError(clause, message("ผู้อนุมัติเป็นพยานการทำลายหนังสือลับไม่ได้"))
    if statement.backups_expire_on < step.on:
        raise StepRefusedError(
            "ข้อ 68.5", message("ต้องระบุวันที่สำเนาสำรองชุดสุดท้ายที่ยังมีหนังสือเหล่านี้จะหมดอายุ (ไม่ใช่วันที่ผ่านมาแล้ว)")
        )
    _refuse_paper(batch, statement.paper, step)


def _refuse_paper(batch: Batch, paper: PaperPart, step: BeginExecution) -> None:
    if paper.fate is Fate.GONE_BEFORE:
        raise StepRefusedError("ข้อ 68.5", message("ต้องระบุว่ากระดาษทำลายแล้ว เก็บไว้ หรือไม่มี"))
    if not all(_SHA256.fullmatch(one) for one in paper.photographs):
        raise StepRefusedError("ข้อ 68.5", message("ภาพถ่ายต้องเก็บเข้าคลังก่อน"))
    if paper.fate is not Fate.DESTROYED:
        return
    if not paper.method.strip() or not paper.place.strip():
        raise StepRefusedError("ข้อ 68.5", message("ต้องระบุวิธีและสถานที่ทำลายกระดาษ"))
    earliest, today = first_day_of_execution(batch, step.cooling_off_days), step.on
    if paper.done_on is None or not earliest <= paper.done_on <= today:
        raise StepRefusedError(
            "ข้อ 68.5",
            message(
                "วันที่ทำลายกระดาษต้องอยู่ระหว่าง %(earliest)s ถึง %(today)s",
                earliest=earliest,
                today=today,
            ),
        )
