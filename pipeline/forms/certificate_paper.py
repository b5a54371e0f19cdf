"""The destruction certificate (หนังสือรับรองการทำลาย) on paper, with the seal that the audit trail holds."""

from __future__ import annotations

from collections.abc import Mapping

from index.retention.certificate import (
    Certificate,
    CertificateLine,
    Fate,
    KeptFile,
    PaperPart,
    files_left,
)
from pipeline.forms.days import long_date, short_date
from pipeline.forms.form import Column
from pipeline.forms.papers import Paper
from pipeline.forms.retention_lists import CHAIR, MEMBER
from pipeline.forms.sheet import Row, Signature

TITLE = "หนังสือรับรองการทำลายหนังสือ"
FATE_THAI = {
    Fate.DESTROYED: "ทำลายแล้ว",
    Fate.KEPT: "เก็บไว้",
    Fate.NONE: "ไม่มี",
    Fate.GONE_BEFORE: "ทำลายไปก่อนแล้ว",
}
COLUMNS = (
    Column("position", "ที่", 7, has_digits=True),
    Column("register_number", "เลขทะเบียนรับ", 22, has_digits=True),
    Column("number", "เลขที่หนังสือ", 28, has_digits=True),
    Column("date", "ลงวันที่", 20, has_digits=True),
    Column("subject", "เรื่อง", 47, has_digits=True),
    Column("paper", "กระดาษ", 16),
    Column("electronic", "แฟ้ม", 14),
    Column("sha256", "SHA-256", 16),
)
SHORT_HASH = 8
"""Signs of a letter's hash in its line, enough to find it in the list of whole ones behind."""
LIST_TITLE = "บัญชีค่าแฮชของแฟ้มต้นฉบับ แนบท้ายหนังสือรับรองการทำลายที่ %s"


def make_certificate(certificate: Certificate, office: str, names: Mapping[str, str]) -> Paper:
    """Return the certificate as people sign it; lines of hidden letters are already redacted in it.

    `names` are the people's names by the names they log in with; the seal is over what the trail holds.
    """
    small, lines = "", certificate.lines
    committee = [names.get(person, person) for person, _ in certificate.committee]
    if certificate.unverified_clauses:
        clauses = ", ".join(certificate.unverified_clauses)
        small = f"ยังไม่มีผู้ตรวจสอบกับราชกิจจานุเบกษา: {clauses}"
    return Paper(
        title=TITLE,
        office=office,
        centred=(office,),
        paragraphs=_paragraphs(certificate, names),
        columns=COLUMNS,
        rows=tuple(_row(at, line) for at, line in enumerate(lines, start=1)),
        seals=(
            ("SHA-256 ของหนังสือรับรอง", certificate.sealed_sha256),
            ("ลำดับในบันทึกการใช้งาน", str(certificate.audit_sequence)),
            ("ค่าแฮชของลำดับนั้น", certificate.audit_hash),
        ),
        behind_title=LIST_TITLE % certificate.number,
        behind=(
            *((f"{at}", line.original_sha256) for at, line in enumerate(lines, start=1)),
            *(("แฟ้มที่ยังเก็บไว้", one.sha256) for one in files_left(lines)),
            *(("แฟ้มสแกนที่ลบพร้อมกัน", one.original_sha256) for line in lines for one in line.others),
        ),
        signatures=(
            *(Signature(MEMBER if at else CHAIR, one) for at, one in enumerate(committee)),
            Signature("ผู้ทำลาย", names.get(certificate.executor, certificate.executor)),
            *(Signature("พยาน", names.get(one, one)) for one in certificate.statement.witnesses),
        ),
        small_print=small,
    )


def _paragraphs(one: Certificate, names: Mapping[str, str]) -> tuple[str, ...]:
    statement, order = one.statement, one.delegation_order
    secret = " (หนังสือลับ)" if one.is_secret else ""
    agreed = ", ".join(one.archive_letters)
    paragraphs = [
        f"เลขที่ {one.number} บัญชีหนังสือขอทำลายที่ {one.batch_id}{secret}",
        f"ตามที่คณะกรรมการทำลายหนังสือ ซึ่งแต่งตั้งตามคำสั่งที่ {one.committee_order} "
        f"ได้พิจารณาบัญชีที่ {names.get(one.proposer, one.proposer)} เสนอ และ "
        f"{names.get(one.approver, one.approver)} ได้พิจารณาเห็นชอบเมื่อวันที่ "
        f"{long_date(one.decided_on)}"
        + (f" ตาม {order}" if order else "")
        + (f" โดยสำนักหอจดหมายเหตุแห่งชาติตอบตามหนังสือที่ {agreed}" if agreed else "")
        + " นั้น",
        f"ขอรับรองว่าได้ทำลายหนังสือตามรายการข้างท้าย รวม {len(one.lines)} รายการ "
        f"เริ่มวันที่ {long_date(one.began_at.date())} แล้วเสร็จวันที่ {long_date(one.finished_at.date())}",
        _paper_part(statement.paper),
        f"ลบแฟ้มอิเล็กทรอนิกส์ที่ครบกำหนดตาม {statement.electronic_order}"
        if statement.electronic_order
        else "แฟ้มอิเล็กทรอนิกส์ยังเก็บไว้ ไม่มีคำสั่งให้ลบ",
        f"สำเนาสำรองที่ทำไว้ก่อนการทำลายหมดอายุไม่เกินวันที่ {long_date(statement.backups_expire_on)}",
    ]
    kept = files_left(one.lines)
    if kept:
        letters = ", ".join(dict.fromkeys(whose(file) for file in kept))
        paragraphs.append(
            f"แฟ้ม {len(kept)} แฟ้มตามค่าแฮชท้ายหนังสือนี้ยังเก็บไว้ เพราะมีหน้าของหนังสือ {letters} "
            "ซึ่งยังไม่ทำลายรวมอยู่ด้วย จะลบพร้อมฉบับสุดท้าย"
        )
    if statement.note:
        paragraphs.append(f"หมายเหตุ {statement.note}")
    return tuple(paragraphs)


def whose(file: KeptFile) -> str:
    """Name the letters that a file is kept for."""
    return ", ".join(f"เลขทะเบียน {one}" if one else "ที่ยังไม่ลงทะเบียน" for one in file.letters)


def _paper_part(part: PaperPart) -> str:
    if part.fate is not Fate.DESTROYED:
        return f"ต้นฉบับกระดาษ: {FATE_THAI[part.fate]}"
    return f"ต้นฉบับกระดาษ: ทำลายโดย{part.method} ณ {part.place} เมื่อวันที่ {long_date(part.done_on)}"


def _row(at: int, line: CertificateLine) -> Row:
    return {
        "position": str(at),
        "register_number": line.register_number,
        "number": line.number,
        "date": short_date(line.written_on),
        "subject": line.subject,
        "paper": FATE_THAI[line.paper],
        "electronic": FATE_THAI[line.electronic],
        "sha256": line.original_sha256[:SHORT_HASH],
    }
