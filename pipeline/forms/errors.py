"""What can go wrong while forms are filled in and printed."""

from __future__ import annotations

from pathlib import Path

from pipeline.errors import PipelineError


class FormsFileError(PipelineError):
    """The table of forms cannot be used; nothing is printed from it."""

    exit_code = 81

    def __init__(self, file: str, problem: str) -> None:
        super().__init__(
            f"{file}: {problem}; correct that form, or take the file away to print the forms as shipped",
            thai=f"{file}: แฟ้มแบบพิมพ์ใช้ไม่ได้ ({problem}) โปรดแก้ไข หรือนำแฟ้มนี้ออกเพื่อใช้แบบที่มากับโปรแกรม",
        )


class FormIncompleteError(PipelineError):
    """A form was asked for without saying what shall stand on it."""

    exit_code = 82

    def __init__(self, number: str, needed: str, thai: str) -> None:
        super().__init__(
            f"form {number} needs {needed}",
            thai=f"แบบที่ {number}: {thai}",
        )


class FormNotWrittenError(PipelineError):
    """The file that a form was to be written to cannot be written."""

    exit_code = 83

    def __init__(self, path: Path, problem: OSError) -> None:
        super().__init__(
            f"{path} was not written: {problem.strerror}; name a file in a folder you may write to",
            thai=f"เขียนแฟ้ม {path} ไม่ได้ โปรดระบุโฟลเดอร์ที่เขียนได้และมีที่ว่าง",
        )
