"""What can go wrong with what another system handed over: nothing was taken in yet."""

from __future__ import annotations

from pipeline.errors import PipelineError


class ImportingError(PipelineError):
    """What gathers the errors of this package."""


class ListRefusedError(ImportingError):
    """The list of letters cannot be read as a table."""

    exit_code = 90

    def __init__(self, name: str, problem: str) -> None:
        super().__init__(
            f"{name}: {problem}; export the list again as HTML, CSV (UTF-8) or XLSX",
            thai=f"{name}: อ่านบัญชีหนังสือไม่ได้ โปรดส่งออกใหม่เป็น HTML, CSV (UTF-8) หรือ XLSX",
        )


class BundleRefusedError(ImportingError):
    """The ZIP file or folder cannot be taken as it is; not one file of it was."""

    exit_code = 91

    def __init__(self, name: str, problem: str, *, thai: str) -> None:
        super().__init__(
            f"{name}: {problem}; nothing was taken in. Unpack it yourself and name the folder",
            thai=f"{name}: {thai} ยังไม่ได้รับไฟล์ใดเข้า โปรดแตกไฟล์เองแล้วนำเข้าเป็นโฟลเดอร์",
        )


class ProfileRefusedError(ImportingError):
    """A profile does not fit: it is not there, badly written, or names columns the list lacks."""

    exit_code = 92

    def __init__(self, name: str, problem: str) -> None:
        super().__init__(
            f"import profile {name!r}: {problem}; choose the columns again on the import page",
            thai=f"รูปแบบนำเข้า “{name}” ใช้กับบัญชีนี้ไม่ได้ โปรดเลือกคอลัมน์ใหม่ที่หน้านำเข้า",
        )
