"""What can go wrong while retention is worked, and what a person does about it."""

from __future__ import annotations

from index.errors import KeepingError


class RetentionError(KeepingError):
    """Base of all: the message says what happened and what to do; `thai` says it to a clerk."""

    exit_code = 60
    thai = "ไม่สามารถดำเนินการเรื่องอายุการเก็บหนังสือได้"


class LawFileError(RetentionError):
    """The table of periods and deadlines cannot be used; the rows in force before stay in force."""

    exit_code = 61

    def __init__(self, file: str, problem: str) -> None:
        super().__init__(f"{file}: {problem}. Correct that row; see docs/retention.md.")
        self.thai = f"ตารางอายุการเก็บใช้ไม่ได้: {file}: {problem} โปรดแก้ไขแถวดังกล่าว"


class StepRefusedError(RetentionError):
    """A step of the destruction may not be taken; nothing was changed. `clause` says by which rule."""

    exit_code = 62

    def __init__(self, clause: str, thai: str, english: str) -> None:
        super().__init__(f"{english} ({clause})")
        self.clause = clause
        self.thai = f"{thai} ({clause})"
