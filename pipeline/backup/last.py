"""When the office was last backed up, and whether the last try failed: kept beside the book."""

from __future__ import annotations

import json
from dataclasses import asdict, dataclass, replace
from datetime import datetime
from pathlib import Path

from classify.durable_file import replace_durably
from pipeline.office import Office

FILE_NAME = "last-backup.json"
FAILED = "สำรองข้อมูลครั้งล่าสุดไม่สำเร็จ โปรดสั่ง saraban backup ด้วยมือเพื่อดูสาเหตุ"


@dataclass(frozen=True, slots=True)
class LastBackup:
    """The last good backup, and what the last try said if it failed since; times are ISO 8601."""

    made_at: str = ""
    failed_at: str = ""
    problem: str = ""
    problem_thai: str = ""

    @property
    def english(self) -> str:
        """What the last try said, for operators."""
        return self.problem

    @property
    def thai(self) -> str:
        """What the last try said, for clerks."""
        return self.problem_thai or FAILED

    @property
    def at(self) -> datetime | None:
        """When the last good one was made."""
        return datetime.fromisoformat(self.made_at) if self.made_at else None


def last_backup(office: Office) -> LastBackup:
    """Return what is known; nothing at all where no backup was ever made from this folder."""
    try:
        packed = json.loads((office.root / FILE_NAME).read_text("utf-8"))
        found = LastBackup(**packed)
        return found if found.at is None or found.at.tzinfo else LastBackup()
    except (OSError, ValueError, TypeError):
        return LastBackup()


def note_good(office: Office, now: datetime) -> None:
    """Note a backup that was made."""
    _write(office.root, LastBackup(now.isoformat()))


def note_failed(office: Office, now: datetime, problem: str, thai: str = "") -> None:
    """Note one that failed, in English and Thai; the last good one is remembered."""
    last = replace(
        last_backup(office), failed_at=now.isoformat(), problem=problem, problem_thai=thai
    )
    _write(office.root, last)


def _write(root: Path, last: LastBackup) -> None:
    replace_durably(root / FILE_NAME, json.dumps(asdict(last), ensure_ascii=False).encode())
