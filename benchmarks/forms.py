"""Forms and counts measured: `python benchmarks/forms.py --letters 100000 --rows 5000`; prints JSON.

Typesets form 25 and a year's form 13 with many rows as PDF and XLSX, and counts a month and a year of a
book with that many letters received in one year (rows only, no scans).
"""

from __future__ import annotations

import argparse
import json
import os
import sys
import tempfile
from datetime import date, datetime, timedelta
from pathlib import Path

sys.path.insert(0, str(Path(__file__).parent.parent))

from sqlalchemy import insert

from benchmarks.timing import timed
from index.book import Book
from index.register.store.database import Database
from index.register.store.tables import BANGKOK, ContentRow, LetterRow
from index.registered_letter import RegisterNumber
from index.visibility import Role, Viewer
from pipeline.forms.books import BookLine, fill_book
from pipeline.forms.days import one_year
from pipeline.forms.form import load_forms
from pipeline.forms.sheet import Section, Sheet, numbered
from pipeline.forms.typeset import typeset_sheet
from pipeline.forms.workbook import write_workbook

YEAR, PART = 2026, 5_000
NOW = datetime(YEAR, 12, 31, 16, tzinfo=BANGKOK)
CLERK = Viewer("benchmark", frozenset({Role.REGISTRY_CLERK}))
OFFICER = Viewer("benchmark", frozenset({Role.GROUP_OFFICER}), frozenset({"group 3"}))
SUBJECTS = (
    "การจัดสรรงบประมาณรายจ่ายประจำปีเพื่อซ่อมแซมอาคารเรียนและสิ่งก่อสร้างที่ชำรุดทรุดโทรม",
    "ขอเชิญประชุมผู้บริหารสถานศึกษาในสังกัด ครั้งที่ ๓/๒๕๖๙",
    "แจ้งผลการพิจารณาการย้ายข้าราชการครูและบุคลากรทางการศึกษา สังกัดสำนักงานเขตพื้นที่การศึกษา",
    "รายงานข้อมูลนักเรียนรายบุคคล",
)

PLACES = ("โรงเรียนบ้านน้ำใส", "ศูนย์เครือข่ายที่ ๓", "ภาคเรียนที่ ๑", "ผ่านระบบอิเล็กทรอนิกส์", "ประจำไตรมาสที่ ๒")


def subject(at: int) -> str:
    """Return a subject that no other line has: the typesetter sets equal cells only once."""
    return f"{SUBJECTS[at % len(SUBJECTS)]} {PLACES[at // 7 % len(PLACES)]} รายการที่ {at}"


def sheets(rows: int) -> dict[str, Sheet]:
    """Return form 25 and a year's form 13 with that many lines."""
    forms = load_forms()
    lines = numbered(
        {
            "file_code": f"ผอ {at // 100}",
            "number": f"ศธ 04{at % 1000:03}/{at}",
            "date": "21 พ.ย. 2556",
            "register_number": f"{at}/2556",
            "subject": subject(at),
        }
        for at in range(rows)
    )
    heads = {"year": "2569", "office": "สำนักงานสมมติ", "day": "12 มกราคม 2569"}
    days = one_year(YEAR)
    book = (
        BookLine(
            day=days.first + timedelta(days=at * 365 // rows),
            register_number=RegisterNumber(at + 1, YEAR + 543),
            number=f"ศธ 04{at % 1000:03}/{at}",
            date=days.first,
            sender=f"สำนักงานสมมติที่ {at % 300}",
            recipient="ผู้อำนวยการ",
            subject=subject(at),
            action="กลุ่มนโยบายและแผน",
        )
        for at in range(rows)
    )
    return {
        "form_25": Sheet(forms["25"], "สำนักงานสมมติ", (Section("", lines),), heads),
        "form_13_year": fill_book(forms["13"], "สำนักงานสมมติ", days, book),
    }


def fill(database: Database, letters: int) -> None:
    """Insert letters spread over one year, every hundredth secret."""
    for start in range(0, letters, PART):
        keys = range(start + 1, min(start + PART, letters) + 1)
        with database.writing() as session:
            rows = [_letter(key, letters, database.office_id) for key in keys]
            session.execute(insert(LetterRow), rows)
            session.execute(
                insert(ContentRow),
                [{"letter_id": key, "text": "", "letter": {}, "decision": {}} for key in keys],
            )


def _letter(key: int, letters: int, office: int) -> dict[str, object]:
    at = datetime(YEAR, 1, 1, 8, tzinfo=BANGKOK) + timedelta(days=key * 364 // letters)
    return {
        "id": key,
        "office_id": office,
        "sha256": f"{key:064x}",
        "state": "filed",
        "name": f"{key}.pdf",
        "door": ("inbox", "upload", "import")[key % 3],
        "received_at": at,
        "media_type": "application/pdf",
        "size_bytes": 1,
        "work_path": "",
        "book": "receive",
        "buddhist_year": YEAR + 543,
        "running": key,
        "filed_at": at + timedelta(seconds=key % 200),
        "is_secret": key % 100 == 0,
        "number": f"ศธ 04{key % 1000:03}/{key}",
        "date": at.date(),
        "sender": f"สำนักงานสมมติที่ {key % 300}",
        "subject": SUBJECTS[key % len(SUBJECTS)],
        "urgency": ("", "", "", "ด่วน", "ด่วนที่สุด")[key % 5],
        "group_code": f"group {key % 10}",
    }


def count(book: Book, repeats: int) -> dict[str, object]:
    """Time every count for a month and for the year."""
    spans = {
        "month": (date(YEAR, 6, 1), date(YEAR, 6, 30)),
        "year": (date(YEAR, 1, 1), date(YEAR, 12, 31)),
    }
    measured: dict[str, object] = {}
    for viewer in (CLERK, OFFICER):
        (role,) = viewer.roles
        for span, (first, last) in spans.items():
            for name in ("by_day", "by_group", "by_sender", "by_urgency", "by_channel"):
                counted = getattr(book.counts, name)
                measured[f"{name} {span} {role}"] = timed(
                    lambda counted=counted, first=first, last=last, viewer=viewer: counted(
                        viewer, first, last
                    ),
                    repeats,
                )
            measured[f"filing_times {span} {role}"] = timed(
                lambda first=first, last=last, viewer=viewer: (
                    book.counts.filing_times(viewer, first, last).within
                ),
                repeats,
            )
    return measured


def main() -> None:
    """Measure and print JSON."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--letters", type=int, default=100_000)
    parser.add_argument("--rows", type=int, default=5_000)
    parser.add_argument("--repeats", type=int, default=3)
    asked = parser.parse_args()
    result: dict[str, object] = {"rows": asked.rows, "letters": asked.letters}
    for name, sheet in sheets(asked.rows).items():
        result[f"{name} pdf"] = timed(lambda sheet=sheet: typeset_sheet(sheet, NOW), asked.repeats)
        result[f"{name} xlsx"] = timed(lambda sheet=sheet: write_workbook(sheet, NOW), 1)
    with tempfile.TemporaryDirectory() as folder:
        url = f"sqlite:///{folder}/book.db"
        with Book.open(url) as book:
            fill(book._database, asked.letters)
            book.tune()
            result["counts"] = count(book, asked.repeats)
    result["load"] = os.getloadavg()[0]
    print(json.dumps(result, ensure_ascii=False, indent=1))


if __name__ == "__main__":
    main()
