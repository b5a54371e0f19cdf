"""What can go wrong while deciding, as errors that say what to do next."""

from __future__ import annotations

import copyreg
from pathlib import Path
from typing import Any


class ClassifyError(Exception):
    """Base of all expected failures of this package."""

    exit_code: int = 1
    thai: str = "ตัดสินหนังสือไม่สำเร็จ"

    def __reduce__(self) -> tuple[Any, ...]:
        """Let the error cross to another process as it is, whatever its class is made with."""
        return copyreg.__newobj__, (type(self), *self.args), self.__dict__  # type: ignore[attr-defined]


class RuleFileError(ClassifyError):
    """A rule file that an office edited cannot be used; the rules in force stay in force.

    `file` is the file, `line` counts from 1 (None when the fault has no single line), `what` says
    what is wrong and `advice` what to write instead; both in Thai, for the administrator.
    """

    exit_code = 12

    def __init__(self, file: Path, line: int | None, what: str, advice: str) -> None:
        self.file = file
        self.line = line
        self.what = what
        self.advice = advice
        place = f"{file.name} บรรทัด {line}" if line else file.name
        self.thai = f"ไฟล์กฎ {place}: {what} — {advice} (กฎเดิมยังใช้อยู่)"
        where = f"{file}, line {line}" if line else f"{file}"
        super().__init__(
            f"rule file {where} cannot be used: {what}; {advice}; the rules in force stay in force"
        )
