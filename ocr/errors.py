"""What can go wrong with a file that is to be read: one class a cause, each with advice.

Every message says what happened, to which file, and what to do next; `thai` says it to the clerk.
No error of a library (Pillow, pdfium, pikepdf, Tesseract) leaves the package for a bad file.
"""

from __future__ import annotations

from pathlib import Path
from typing import ClassVar


class OcrError(Exception):
    """Base of all expected failures of reading.

    `exit_code` is what the command line exits with; `what`, `todo`, `thai_what`, `thai_todo` are
    the parts of the message. `detail` holds what the library said, for engineers.
    """

    exit_code: ClassVar[int] = 20
    what: ClassVar[str] = "the file cannot be read"
    todo: ClassVar[str] = "Scan the letter again."
    thai_what: ClassVar[str] = "อ่านไฟล์ไม่ได้"
    thai_todo: ClassVar[str] = "กรุณาสแกนใหม่"

    def __init__(self, name: str | Path, detail: str = "") -> None:
        self.name = Path(name).name
        self.detail = detail
        because = f" ({detail})" if detail else ""
        super().__init__(f"{self.name}: {self.what}{because}. {self.todo}")

    @property
    def thai(self) -> str:
        """The message for the clerk, in Thai."""
        return f"{self.name}: {self.thai_what} {self.thai_todo}"

    def __reduce__(self) -> tuple[type[OcrError], tuple[str, str]]:
        """Let the error cross to another process: workers send it to their conductor."""
        return type(self), (self.name, self.detail)


class EmptyFileError(OcrError):
    """The file has no bytes."""

    exit_code = 21
    what = "the file is empty (0 bytes)"
    todo = "Scan the letter again; if it happens often, check the scanner's disk and network."
    thai_what = "ไฟล์ว่างเปล่า (0 ไบต์)"
    thai_todo = "กรุณาสแกนใหม่ หากเกิดบ่อยให้ตรวจเครื่องสแกนและเครือข่าย"


class UnreadableFileError(OcrError):
    """The file is of a known type but damaged, or the disk does not give its bytes."""

    exit_code = 22
    what = "the file is damaged and cannot be opened"
    todo = "Scan the letter again, or ask the sender for the file again."
    thai_what = "ไฟล์เสียหาย เปิดไม่ได้"
    thai_todo = "กรุณาสแกนใหม่ หรือขอไฟล์จากผู้ส่งอีกครั้ง"


class TruncatedFileError(UnreadableFileError):
    """The file ends in the middle."""

    exit_code = 23
    what = "the file is cut off before its end"
    todo = "Wait until the scanner has finished, then scan or copy it again."
    thai_what = "ไฟล์ไม่ครบ ถูกตัดกลางคัน"
    thai_todo = "รอให้เครื่องสแกนทำงานเสร็จ แล้วสแกนหรือคัดลอกใหม่"


class PasswordProtectedError(OcrError):
    """The PDF opens only with a password."""

    exit_code = 24
    what = "the PDF is protected by a password"
    todo = "Save it without the password, or print and scan it."
    thai_what = "ไฟล์ PDF มีรหัสผ่าน"
    thai_todo = "บันทึกใหม่โดยไม่ใส่รหัสผ่าน หรือพิมพ์แล้วสแกน"


class UnsupportedTypeError(OcrError):
    """The bytes are none of PDF, TIFF, JPEG or PNG, whatever the name says."""

    exit_code = 25
    what = "the content is not PDF, TIFF, JPEG or PNG"
    todo = "Save or scan it as one of these; the file's name does not matter, its content does."
    thai_what = "เนื้อไฟล์ไม่ใช่ PDF, TIFF, JPEG หรือ PNG"
    thai_todo = "กรุณาบันทึกหรือสแกนเป็นชนิดดังกล่าว (ดูที่เนื้อไฟล์ ไม่ใช่นามสกุล)"


class TooLargeError(OcrError):
    """A page or the file is larger than the limits allow."""

    exit_code = 26
    what = "the file or one of its pages is larger than allowed"
    todo = "Scan at 300 dpi on A4, or split the file; an administrator can raise the limits."
    thai_what = "ไฟล์หรือหน้ากระดาษใหญ่เกินกำหนด"
    thai_todo = "กรุณาสแกนที่ 300 dpi ขนาด A4 หรือแบ่งไฟล์ ผู้ดูแลระบบปรับขีดจำกัดได้"


class FileVanishedError(OcrError):
    """The file was there and is not there any more."""

    exit_code = 27
    what = "the file is not there (any more)"
    todo = "Check whether somebody moved or deleted it, and drop it in again."
    thai_what = "ไม่พบไฟล์ อาจถูกย้ายหรือลบไปแล้ว"
    thai_todo = "กรุณาตรวจสอบ แล้วนำไฟล์มาวางอีกครั้ง"


class EngineMissingError(OcrError):
    """No engine can read: neither a model file nor the Tesseract program with Thai is installed."""

    exit_code = 28
    what = "no reading engine is installed"
    todo = "Run `saraban doctor`; on Debian: apt install tesseract-ocr tesseract-ocr-tha."
    thai_what = "ยังไม่ได้ติดตั้งโปรแกรมอ่านตัวอักษร"
    thai_todo = "แจ้งผู้ดูแลระบบให้รัน saraban doctor"


class EngineFailedError(OcrError):
    """The engine stopped, or did not finish a page in the time allowed."""

    exit_code = 29
    what = "the reading engine failed on a page"
    todo = "Try again; if it fails again, scan the page again and tell the administrator."
    thai_what = "โปรแกรมอ่านตัวอักษรทำงานไม่สำเร็จ"
    thai_todo = "กรุณาลองใหม่ หากยังไม่สำเร็จให้สแกนใหม่และแจ้งผู้ดูแลระบบ"
