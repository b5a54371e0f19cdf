"""Confirming a row of the law: a person compared it with the Royal Gazette and says so by name.

The row goes whole into the office's own `rules/law.toml`, so that a later version of the program
cannot change the words that somebody confirmed; who, when and the row's SHA-256 go into the audit trail.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Mapping
from datetime import date, datetime
from pathlib import Path

from classify.durable_file import replace_durably
from index.message import message
from index.register.store.audit import append_entry
from index.register.store.database import Database
from index.register.store.tables import BANGKOK
from index.retention.errors import StepRefusedError
from index.retention.law import (
    CommitteeRule,
    Deadline,
    Law,
    RetentionClass,
    load_law,
    parse_law,
)
from index.visibility import Viewer

_HEAD = "# Rows of the law that this office confirmed or changed; of two with one code the later counts.\n"


class Confirmations:
    """Confirm rows of the law in the office's own file."""

    def __init__(self, database: Database, law: Law) -> None:
        self._database = database
        self._law = law

    def confirm(
        self,
        viewer: Viewer,
        code: str,
        office_file: Path,
        *,
        checked_on: date,
        now: datetime,
        source: str = "",
    ) -> Law:
        """Note that the viewer compared a row, as it stands, with its source; return the law after it.

        `source` replaces the row's source where one is given. Raises StepRefusedError for an unknown
        row, a viewer without name, and a day that has not come; LawFileError when the office's file
        cannot be used; then nothing was written.
        """
        table, row = self._find(code)
        if not viewer.name.strip():
            raise StepRefusedError(row.law.clause, message("ต้องระบุชื่อผู้ตรวจสอบ"))
        if checked_on > now.astimezone(BANGKOK).date():
            raise StepRefusedError(row.law.clause, message("วันที่ %(day)s ยังมาไม่ถึง", day=checked_on))
        text = _as_toml(table, row, source.strip() or row.law.source, viewer.name, checked_on)
        before = office_file.read_text("utf-8") if office_file.exists() else _HEAD
        after = f"{before.rstrip()}\n\n{text}"
        parse_law(after, str(office_file))
        with self._database.writing() as session:
            append_entry(
                session,
                self._database.office_id,
                at=now,
                who=viewer.name,
                action="law_confirmed",
                details={"code": code, "sha256": hashlib.sha256(text.encode()).hexdigest()},
            )
            _replace(office_file, after)
        return load_law(office_file)

    def _find(self, code: str) -> tuple[str, RetentionClass | Deadline | CommitteeRule]:
        tables: Mapping[str, Mapping[str, RetentionClass | Deadline | CommitteeRule]] = {
            "class": self._law.classes,
            "deadline": self._law.deadlines,
            "committee": self._law.committees,
        }
        for table, rows in tables.items():
            if code in rows:
                return table, rows[code]
        known = ", ".join(one for rows in tables.values() for one in rows)
        raise StepRefusedError(
            "ข้อ 57", message("ไม่มีแถว %(code)s ในตาราง", code=code), detail=f"choose one of {known}"
        )


def _as_toml(
    table: str,
    row: RetentionClass | Deadline | CommitteeRule,
    source: str,
    checked_by: str,
    checked_on: date,
) -> str:
    values: dict[str, object] = {"code": row.code, "thai": row.thai, "english": row.english}
    match row:
        case RetentionClass():
            values |= {
                "until": row.until.value,
                "years": row.years,
                "years_when_audited": row.years_when_audited,
            }
        case Deadline():
            values |= {
                "days_after_year_end": row.days_after_year_end,
                "days_after_sending": row.days_after_sending,
                "after_years": row.after_years,
                "month": row.month,
                "day": row.day,
            }
        case CommitteeRule():
            values |= {
                "members_beside_chair": row.members_beside_chair,
                "grades": sorted(row.grades),
            }
    values |= {"clause": row.law.clause, "source": source, "checked_by": checked_by.strip()}
    # A TOML basic string is written as a JSON one.
    lines = [
        f"{key} = {json.dumps(value, ensure_ascii=False)}"
        for key, value in values.items()
        if value is not None
    ]
    return "\n".join((f"[[{table}]]", *lines, f"checked_on = {checked_on.isoformat()}")) + "\n"


def _replace(path: Path, text: str) -> None:
    path.parent.mkdir(parents=True, exist_ok=True)
    replace_durably(path, text.encode())
