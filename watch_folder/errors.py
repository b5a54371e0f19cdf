"""What can go wrong while receiving: one class a cause, each with advice in English and Thai.

A `RefusedScanError` is about one file that will be put in quarantine; the others are about the
folders and the disk, and say what an administrator has to do before receiving goes on.
"""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path
from typing import ClassVar


@dataclass(frozen=True, slots=True)
class Reason:
    """Why a file is in quarantine: a stable code, and what happened and what to do, twice.

    The sentences never hold the file's name: the name of a secret letter is secret too.
    """

    code: str
    english: str
    thai: str


class WatchFolderError(Exception):
    """Base of all expected failures of receiving.

    `code` is stable, for programs; `what` and `todo` make the English sentence, `thai_what` and
    `thai_todo` the Thai one; `detail` is what the library or the system said.
    """

    exit_code: ClassVar[int] = 30
    code: ClassVar[str] = "receiving-failed"
    what: ClassVar[str] = "the file cannot be received"
    todo: ClassVar[str] = "Drop it in again; if it happens again, tell the administrator."
    thai_what: ClassVar[str] = "รับไฟล์ไม่ได้"
    thai_todo: ClassVar[str] = "กรุณานำไฟล์มาวางอีกครั้ง หากยังไม่ได้ให้แจ้งผู้ดูแลระบบ"

    def __init__(self, path: str | Path, detail: str = "") -> None:
        self.path = Path(path)
        self.detail = detail
        because = f" ({detail})" if detail else ""
        super().__init__(f"{self.path}: {self.what}{because}. {self.todo}")

    @property
    def thai(self) -> str:
        """The message in Thai."""
        return f"{self.path}: {self.thai_what} {self.thai_todo}"

    @property
    def reason(self) -> Reason:
        """The message without the file's name."""
        sentence = f"{self.what[0].upper()}{self.what[1:]}. {self.todo}"
        return Reason(self.code, sentence, f"{self.thai_what} {self.thai_todo}")

    def __reduce__(self) -> tuple[type[WatchFolderError], tuple[Path, str]]:
        """Let the error cross to another process."""
        return type(self), (self.path, self.detail)


class RefusedScanError(WatchFolderError):
    """A file that is not taken. `may_still_change` files are given time before they are refused."""

    may_still_change: ClassVar[bool] = False


class EmptyScanError(RefusedScanError):
    """The file has no bytes."""

    exit_code = 31
    code = "empty"
    may_still_change = True
    what = "the file is empty (0 bytes)"
    todo = "Scan the letter again; if it happens often, check the scanner's disk and network."
    thai_what = "ไฟล์ว่างเปล่า (0 ไบต์)"
    thai_todo = "กรุณาสแกนใหม่ หากเกิดบ่อยให้ตรวจเครื่องสแกนและเครือข่าย"


class UnfinishedScanError(RefusedScanError):
    """The file does not parse to its end: cut off, damaged, or its writer never finished."""

    exit_code = 32
    code = "unfinished"
    may_still_change = True
    what = "the file is cut off or damaged and nothing was added to it any more"
    todo = "Scan the letter again, or copy the file again from where it came."
    thai_what = "ไฟล์ไม่ครบหรือเสียหาย และไม่มีข้อมูลส่งมาเพิ่ม"
    thai_todo = "กรุณาสแกนใหม่ หรือคัดลอกไฟล์จากต้นทางอีกครั้ง"


class LockedScanError(RefusedScanError):
    """The PDF opens only with a password."""

    exit_code = 33
    code = "password"
    what = "the PDF is protected by a password"
    todo = "Save it without the password, or print and scan it."
    thai_what = "ไฟล์ PDF มีรหัสผ่าน"
    thai_todo = "กรุณาบันทึกใหม่โดยไม่ใส่รหัสผ่าน หรือพิมพ์แล้วสแกน"


class UnsupportedScanError(RefusedScanError):
    """The bytes are none of PDF, TIFF, JPEG or PNG, whatever the name says."""

    exit_code = 34
    code = "unsupported-type"
    what = "the content is not PDF, TIFF, JPEG or PNG, whatever the file is called"
    todo = "Save or scan it as one of these."
    thai_what = "เนื้อไฟล์ไม่ใช่ PDF, TIFF, JPEG หรือ PNG (ดูที่เนื้อไฟล์ ไม่ใช่นามสกุล)"
    thai_todo = "กรุณาบันทึกหรือสแกนเป็นชนิดดังกล่าว"


class OversizedScanError(RefusedScanError):
    """A picture in the file has more pixels than any letter needs."""

    exit_code = 35
    code = "too-large"
    what = "a page has more pixels than allowed"
    todo = "Scan at 300 dpi on A4."
    thai_what = "ภาพมีขนาดใหญ่เกินกำหนด"
    thai_todo = "กรุณาสแกนที่ 300 dpi ขนาด A4"


class NotAFileError(RefusedScanError):
    """A link, a pipe or a device, not a file: following it could read what must not be read."""

    exit_code = 36
    code = "not-a-file"
    what = "this is a link or a device, not a file"
    todo = "Copy the file itself into the folder."
    thai_what = "เป็นลิงก์หรืออุปกรณ์ ไม่ใช่ไฟล์"
    thai_todo = "กรุณาคัดลอกตัวไฟล์มาวางในโฟลเดอร์"


class UnreadableScanError(RefusedScanError):
    """The system does not let us read the file: permissions, or a failing disk or network."""

    exit_code = 37
    code = "unreadable"
    may_still_change = True
    what = "the system does not let the program read the file"
    todo = "Let the scanner write files that the program may read, then drop it in again."
    thai_what = "ระบบไม่อนุญาตให้โปรแกรมอ่านไฟล์นี้"
    thai_todo = "ให้ผู้ดูแลระบบแก้สิทธิ์ของโฟลเดอร์หรือเครื่องสแกน แล้วนำไฟล์มาวางใหม่"


class HarmfulScanError(RefusedScanError):
    """Looking at the file takes more memory or time than looking at any letter may, or ends the program."""

    exit_code = 30
    code = "too-heavy"
    what = "looking at the file takes more memory or time than any letter may"
    todo = "Print it and scan it at 300 dpi."
    thai_what = "ไฟล์นี้ใช้หน่วยความจำหรือเวลาในการเปิดเกินกำหนด"
    thai_todo = "กรุณาพิมพ์แล้วสแกนใหม่ที่ 300 dpi"


class FolderUnavailableError(WatchFolderError):
    """A watched folder cannot be listed, or files cannot be taken out of it."""

    exit_code = 38
    code = "folder-unavailable"
    what = "files cannot be taken out of the watched folder"
    todo = "Check that it exists, is mounted and that the program may write to it."
    thai_what = "รับไฟล์จากโฟลเดอร์นี้ไม่ได้"
    thai_todo = "ให้ผู้ดูแลระบบตรวจว่าโฟลเดอร์มีอยู่ เชื่อมต่ออยู่ และโปรแกรมมีสิทธิ์เขียน"


class NoRoomError(WatchFolderError):
    """The office's own folders cannot be written to: the disk is full or not writable."""

    exit_code = 39
    code = "no-room"
    what = "the office's disk cannot be written to"
    todo = "Free space or repair the permissions; the scans wait in their folder meanwhile."
    thai_what = "เขียนลงดิสก์ของสำนักงานไม่ได้"
    thai_todo = "ให้ผู้ดูแลระบบเพิ่มที่ว่างหรือแก้สิทธิ์ ระหว่างนี้ไฟล์สแกนรออยู่ในโฟลเดอร์เดิม"
