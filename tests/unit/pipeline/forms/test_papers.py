"""Papers that are no table: the separator is read back by a scanner, the certificate carries its seal whole."""

from __future__ import annotations

import hashlib
import io
from dataclasses import replace
from datetime import date

import cv2
import numpy as np
import pdfplumber
import pypdfium2

from index.retention.certificate import (
    Certificate,
    CertificateLine,
    Fate,
    KeptFile,
    OtherScan,
    PaperPart,
    Statement,
)
from pipeline.forms.certificate_paper import make_certificate
from pipeline.forms.papers import (
    SEPARATOR_CONTENT,
    Label,
    typeset_labels,
    typeset_paper,
    typeset_separator,
)
from tests.unit.pipeline.forms.test_typeset import NOW, OFFICE

SEAL = "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855"
LINE = CertificateLine(
    letter_id=1,
    register_number="812/2557",
    number="ศธ 04134/ว 320",
    written_on=date(2014, 3, 2),
    subject="ขอเชิญประชุม #panic()",
    sender="สำนักงานสมมติ",
    retention_class="R10",
    clause="ข้อ 57",
    keep_until_year=2024,
    file_code="อก 1",
    pages=2,
    paper=Fate.DESTROYED,
    electronic=Fate.KEPT,
    electronic_until_year=2034,
    original_sha256=SEAL[::-1],
    searchable_sha256="",
    text_sha256="",
)
CERTIFICATE = Certificate(
    number="2569-1",
    batch_id="2569-1",
    is_secret=False,
    proposer="พิมพ์ใจ",
    committee_order="12/2569",
    committee=(("ประธาน", "ชำนาญการพิเศษ"),),
    approver="ผู้อำนวยการ",
    delegation_order="คำสั่งที่ 5/2569",
    decided_on=date(2026, 2, 3),
    sent_number="ศธ 04134/99",
    archive_letters=("วธ 0404/1",),
    executor="สมปอง",
    statement=Statement(
        ("อนันต์", "บุษบา"),
        PaperPart(Fate.DESTROYED, "บดย่อย", "ห้องเก็บเอกสาร", date(2026, 3, 14)),
        date(2026, 9, 30),
    ),
    began_at=NOW,
    finished_at=NOW,
    unverified_clauses=("ข้อ 57",),
    lines=(LINE,),
    sealed_sha256=SEAL,
    audit_sequence=4711,
    audit_hash=SEAL[::-1],
)


def words(pdf: bytes) -> str:
    with pdfplumber.open(io.BytesIO(pdf)) as opened:
        return "\n".join(page.extract_text() for page in opened.pages)


def test_the_separator_is_read_back_from_the_printed_sheet() -> None:
    pdf = typeset_separator(OFFICE, NOW)
    with pypdfium2.PdfDocument(pdf) as opened:
        assert len(opened) == 1
        picture = np.asarray(opened[0].render(scale=150 / 72).to_pil().convert("L"))
    for turned in range(4):
        read, *_ = cv2.QRCodeDetector().detectAndDecode(
            np.ascontiguousarray(np.rot90(picture, turned))
        )
        assert read == SEPARATOR_CONTENT
    assert "แผ่นคั่นหนังสือ" in words(pdf)


def test_the_certificate_says_who_what_and_how_and_carries_its_seal_whole() -> None:
    paper = make_certificate(CERTIFICATE, OFFICE, {"สมปอง": "นายสมปอง ตั้งใจ"})
    shown = " ".join(words(typeset_paper(paper, NOW)).split())
    assert SEAL in shown
    assert "๔๗๑๑" not in shown, "what is compared by eye stays as it is in the trail"
    assert "4711" in shown
    for said in ("บดย่อย", "ห้องเก็บเอกสาร", "๑๔ มีนาคม ๒๕๖๙", "๑๒/๒๕๖๙", "วธ ๐๔๐๔/๑", "#panic()"):
        assert said in shown, said
    for person in ("ประธาน", "นายสมปอง ตั้งใจ", "อนันต์", "บุษบา"):
        assert f"({person})" in shown
    assert "ประธานกรรมการ" in shown
    assert "(สมปอง)" not in shown, "people are named, not their log-ins"
    assert "ยังไม่มีผู้ตรวจสอบกับราชกิจจานุเบกษา: ข้อ ๕๗" in shown
    assert LINE.original_sha256 in shown, "whole in the list behind"


def test_a_certificate_of_sixty_letters_has_four_sheets_and_nobody_signs_an_empty_one() -> None:
    long = "ขอความอนุเคราะห์ให้บุคลากรในสังกัดเข้าร่วมการประชุม " * 8
    lines = tuple(
        replace(
            LINE,
            register_number=f"{at}/2557",
            subject=long if at == 7 else f"ขอเชิญประชุมผู้บริหารสถานศึกษา ครั้งที่ {at}/2557",
            original_sha256=hashlib.sha256(str(at).encode()).hexdigest(),
        )
        for at in range(1, 61)
    )
    committee = (("ประธาน", ""), ("อนันต์", ""), ("บุญมี", ""))
    many = replace(CERTIFICATE, lines=lines, committee=committee)
    with pdfplumber.open(
        io.BytesIO(typeset_paper(make_certificate(many, OFFICE, {}), NOW))
    ) as opened:
        pages = [page.extract_text() for page in opened.pages]
    assert len(pages) <= 4
    (signed,) = [page for page in pages if "(ลงชื่อ)" in page]
    assert "๖๐/๒๕๕๗" in signed
    two = replace(many, lines=lines[:2])
    with pdfplumber.open(
        io.BytesIO(typeset_paper(make_certificate(two, OFFICE, {}), NOW))
    ) as opened:
        pages = [page.extract_text() for page in opened.pages]
    (signed,) = [page for page in pages if "(ลงชื่อ)" in page]
    assert "๒/๒๕๕๗" in signed


def test_the_certificate_names_files_that_stay_and_for_whom_and_what_else_went() -> None:
    own, scan = (hashlib.sha256(one).hexdigest() for one in (b"own", b"scan"))
    line = replace(
        LINE,
        electronic=Fate.DESTROYED,
        kept_files=(KeptFile(own, ("813/2557", "")),),
        others=(OtherScan(7, "7/2557", scan, ""),),
    )
    paper = make_certificate(replace(CERTIFICATE, lines=(line,)), OFFICE, {})
    shown = " ".join(words(typeset_paper(paper, NOW)).split())
    assert "เลขทะเบียน ๘๑๓/๒๕๕๗, ที่ยังไม่ลงทะเบียน" in shown
    assert own in shown
    assert scan in shown
    last = replace(LINE, electronic=Fate.DESTROYED, original_sha256=own)
    paper = make_certificate(replace(CERTIFICATE, lines=(line, last)), OFFICE, {})
    assert "จะลบพร้อมฉบับสุดท้าย" not in "".join(paper.paragraphs), (
        "it went in the same destruction after all"
    )


def test_fourteen_labels_stand_on_a_sheet_and_none_is_empty() -> None:
    labels = [
        Label(f"ผอ {at}", "A1", str(at), 12, 2013, 2014, 2024, for_good=at == 3) for at in range(15)
    ]
    pdf = typeset_labels(labels, OFFICE, NOW)
    with pypdfium2.PdfDocument(pdf) as opened:
        assert len(opened) == 2
    shown = words(pdf)
    assert shown.count("เก็บถึง พ.ศ. ๒๕๖๗") == 14
    assert shown.count("ห้ามทำลาย") == 1
    assert "ผอ ๑๔" in shown
    assert "หนังสือปี ๒๕๕๖–๒๕๕๗ ๑๒ ฉบับ" in shown
