"""What an executor must state before anything is touched; each refusal cites its clause."""

from __future__ import annotations

import re
from datetime import date

from index.retention.batch import Batch
from index.retention.certificate import Fate, PaperPart, Statement
from index.retention.eligibility import SECRECY_LAW
from index.retention.errors import StepRefusedError
from index.retention.steps import first_day_of_execution
from index.retention.tables import BatchRow
from index.visibility import Viewer

_SHA256 = re.compile("[0-9a-f]{64}")


def refuse_statement(
    batch: Batch, row: BatchRow, statement: Statement, executor: Viewer, today: date
) -> None:
    """Raise StepRefusedError for a statement that proves too little."""
    clause = SECRECY_LAW if row.is_secret else "ข้อ 68.5"
    witnesses = [name.strip() for name in statement.witnesses]
    if not witnesses or not all(witnesses):
        raise StepRefusedError(clause, "ต้องมีพยานอย่างน้อยหนึ่งคน", "at least one witness must be named")
    if len(set(witnesses)) < len(witnesses) or executor.name.strip() in witnesses:
        raise StepRefusedError(
            clause,
            "พยานต้องเป็นคนละคนกัน และไม่ใช่ผู้ดำเนินการทำลาย",
            "the witnesses are different people, and none of them is the executor",
        )
    if row.is_secret and batch.approver in witnesses:
        raise StepRefusedError(
            clause,
            "ผู้อนุมัติเป็นพยานการทำลายหนังสือลับไม่ได้",
            "the approver cannot witness the destruction of secret letters",
        )
    if statement.backups_expire_on < today:
        raise StepRefusedError(
            "ข้อ 68.5",
            "ต้องระบุวันที่สำเนาสำรองชุดสุดท้ายที่ยังมีหนังสือเหล่านี้จะหมดอายุ (ไม่ใช่วันที่ผ่านมาแล้ว)",
            "the day on which the last backup that holds these letters ends is past",
        )
    _refuse_paper(batch, statement.paper, today)


def _refuse_paper(batch: Batch, paper: PaperPart, today: date) -> None:
    if paper.fate is Fate.GONE_BEFORE:
        raise StepRefusedError(
            "ข้อ 68.5", "ต้องระบุว่ากระดาษทำลายแล้ว เก็บไว้ หรือไม่มี", "say what became of the paper"
        )
    if not all(_SHA256.fullmatch(one) for one in paper.photographs):
        raise StepRefusedError(
            "ข้อ 68.5", "ภาพถ่ายต้องเก็บเข้าคลังก่อน", "a photograph is not in the archive's evidence"
        )
    if paper.fate is not Fate.DESTROYED:
        return
    if not paper.method.strip() or not paper.place.strip():
        raise StepRefusedError(
            "ข้อ 68.5",
            "ต้องระบุวิธีและสถานที่ทำลายกระดาษ",
            "the method and the place of the paper's destruction are missing",
        )
    earliest = first_day_of_execution(batch)
    if paper.done_on is None or not earliest <= paper.done_on <= today:
        raise StepRefusedError(
            "ข้อ 68.5",
            f"วันที่ทำลายกระดาษต้องอยู่ระหว่าง {earliest.isoformat()} ถึง {today.isoformat()}",
            f"the paper was destroyed between {earliest.isoformat()} and {today.isoformat()}, "
            "or not lawfully",
        )
