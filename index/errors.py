"""What can go wrong while keeping letters: what happened, to which letter or file, what to do next."""

from __future__ import annotations

import copyreg
from datetime import date
from pathlib import Path
from typing import Any

from index.message import Message, mark, message


class KeepingError(Exception):
    """The base of every expected failure of this package; `thai` says it to a clerk."""

    exit_code: int = 40
    thai: str = mark("เก็บหนังสือไม่สำเร็จ โปรดลองใหม่อีกครั้ง")
    message: Message | None = None
    """What it says where values stand in it; without values `thai` is the whole message."""

    def says(self, what: Message) -> None:
        """Give it the words of this failure."""
        self.message, self.thai = what, what.thai

    def __reduce__(self) -> tuple[Any, ...]:
        """Let the error cross to another process as it is, whatever its class is made with."""
        return copyreg.__newobj__, (type(self), *self.args), self.__dict__  # type: ignore[attr-defined]


class BookUnavailableError(KeepingError):
    """The database could not be opened, is locked for too long, or broke off in the middle."""

    exit_code = 41
    thai = mark("เปิดฐานข้อมูลทะเบียนไม่ได้ ยังไม่มีการบันทึกใด ๆ โปรดลองใหม่หรือแจ้งผู้ดูแลระบบ")

    def __init__(self, place: str, problem: str) -> None:
        super().__init__(
            f"the book {place} could not be used ({problem}); nothing was written. "
            "Check that the disk is there and writable and that no backup holds it, then try again."
        )


class DiskFullError(KeepingError):
    """No room for the file or the database; what was begun has been taken back."""

    exit_code = 42
    thai = mark("พื้นที่ดิสก์เต็ม ยังไม่มีการบันทึกใด ๆ โปรดเพิ่มพื้นที่แล้วระบบจะทำต่อเอง")

    def __init__(self, place: str) -> None:
        super().__init__(
            f"no room left while writing {place}; nothing was half written. "
            "Make room on that disk and start again: the work goes on where it stopped."
        )


class BookTooNewError(KeepingError):
    """The database was upgraded by a newer program than this one."""

    exit_code = 43
    thai = mark("ฐานข้อมูลนี้สร้างโดยโปรแกรมรุ่นใหม่กว่า โปรดปรับรุ่นโปรแกรมก่อนใช้งาน")

    def __init__(self, place: str, revision: str) -> None:
        super().__init__(
            f"the book {place} has the unknown revision {revision}: a newer Saraban wrote it. "
            "Install that version again; this one changes nothing."
        )


class LeaseLostError(KeepingError):
    """A worker comes back with a letter that another worker has taken over meanwhile."""

    exit_code = 44
    thai = mark("มีกระบวนการอื่นรับหนังสือฉบับนี้ไปทำแล้ว")

    def __init__(self, job: str, worker: str) -> None:
        super().__init__(
            f"{job} is no longer leased to {worker}; drop this result, "
            "the worker that took it over will finish it."
        )


class NoSuchRecordError(KeepingError):
    """The book holds no such letter or number, or this viewer may not know of it."""

    exit_code = 45
    thai = mark("ไม่พบรายการนี้ในทะเบียน")

    def __init__(self, what: str) -> None:
        super().__init__(f"{what} is not in the book; look it up in the register and try again.")


class NumberRefusedError(KeepingError):
    """A register number cannot be reserved, cancelled or continued as asked."""

    exit_code = 46
    thai = mark("ใช้เลขทะเบียนนี้ไม่ได้ โปรดตรวจสอบเลขล่าสุดในทะเบียน")

    def __init__(self, what: str, advice: str) -> None:
        super().__init__(f"{what}; {advice}")


class ReservationTakenError(NumberRefusedError):
    """Two people chose the same reserved number for their scans; the second is refused."""

    exit_code = 54
    thai = mark("มีผู้ใช้เลขที่จองไว้นี้กับไฟล์อื่นไปก่อนแล้ว โปรดเลือกเลขอื่น")

    def __init__(self, number: object) -> None:
        super().__init__(f"number {number} waits for another scan already", "choose another")


class CorrectionRefusedError(KeepingError):
    """A correction names an unknown field or a value that the field cannot hold."""

    exit_code = 47
    thai = mark("ค่าที่แก้ไขไม่ถูกต้อง โปรดตรวจสอบแล้วแก้ใหม่")

    def __init__(self, field: str, problem: str) -> None:
        self.field = field
        super().__init__(f"{field} was not changed: {problem}.")


class ArchiveDamagedError(KeepingError):
    """A file in the archive, or one on its way in, is not what its name (the SHA-256) says."""

    exit_code = 48
    thai = mark("ไฟล์ในคลังเสียหายหรือไม่ตรงกับลายนิ้วมือไฟล์ โปรดกู้คืนจากสำเนาสำรอง")

    def __init__(self, path: Path, expected: str, actual: str) -> None:
        self.path = path
        super().__init__(
            f"{path} has SHA-256 {actual[:16]}…, {expected[:16]}… was expected; it was left as it is. "
            "Bring the file back from the backup (or scan the paper again), then run: saraban check"
        )


class ArchiveFileMissingError(KeepingError):
    """The book knows a file that the archive does not hold."""

    exit_code = 49
    thai = mark("ไม่พบไฟล์ในคลัง โปรดกู้คืนจากสำเนาสำรอง")

    def __init__(self, sha256: str) -> None:
        super().__init__(
            f"the archive holds no file {sha256[:16]}…; bring the archive folder back from the "
            "backup, then run: saraban check"
        )


class BookDamagedError(KeepingError):
    """The file of the book is not a database, or parts of it can no longer be read."""

    exit_code = 50
    thai = mark("ไฟล์ฐานข้อมูลทะเบียนเสียหาย โปรดกู้คืนจากสำเนาสำรอง")

    def __init__(self, place: str, problem: str) -> None:
        super().__init__(
            f"the book {place} cannot be read as a database ({problem}); it was left as it is. "
            "Keep a copy of it, bring the book back from the backup, then run: saraban check"
        )


class LogInRefusedError(KeepingError):
    """A user name and password do not belong together, or the person may not log in any more."""

    exit_code = 51
    thai = mark("ชื่อผู้ใช้หรือรหัสผ่านไม่ถูกต้อง")

    def __init__(self) -> None:
        # Alike for an unknown name, a wrong password and a person who left: trying tells nothing.
        super().__init__(
            "the user name or the password is wrong; try again, or ask the administrator for a "
            "one-time password"
        )


class LogInThrottledError(KeepingError):
    """Too many log-ins failed in a row under this name or from this address."""

    exit_code = 52

    def __init__(self, wait_seconds: int) -> None:
        self.wait_seconds = wait_seconds
        self.says(
            message("ใส่รหัสผ่านผิดหลายครั้ง โปรดรอ %(seconds)s วินาทีแล้วลองใหม่", seconds=wait_seconds)
        )
        super().__init__(
            f"too many log-ins failed in a row; wait {wait_seconds} seconds and try again"
        )


class PersonRefusedError(KeepingError):
    """A person, password or token cannot be as asked; nothing was changed."""

    exit_code = 53

    def __init__(self, problem: Message) -> None:
        self.says(problem)
        super().__init__(f"{problem.english}; nothing was changed. Correct it and try again.")


class SavedSearchRefusedError(KeepingError):
    """A search cannot be kept as asked; nothing was changed."""

    exit_code = 55

    def __init__(self, problem: Message) -> None:
        self.says(problem)
        super().__init__(f"the search was not saved: {problem.english}.")


class LetterChangedError(KeepingError):
    """Somebody changed the letter while another person had it open."""

    exit_code = 56
    thai = mark("มีผู้แก้ไขหนังสือฉบับนี้ระหว่างที่ท่านเปิดอยู่ ยังไม่บันทึกของท่าน โปรดตรวจค่าล่าสุดแล้วบันทึกอีกครั้ง")

    def __init__(self, letter_id: int) -> None:
        super().__init__(
            f"letter {letter_id} was changed since it was opened; nothing was saved. "
            "Look at it as it stands now and save again."
        )


class UndoRefusedError(KeepingError):
    """A change of a letter cannot be taken back: there is none, or somebody changed it since."""

    exit_code = 57
    thai = mark("ไม่มีรายการของท่านให้ยกเลิกในหนังสือฉบับนี้")

    def __init__(self, letter_id: int, *, changed_since: bool) -> None:
        if changed_since:
            self.thai = mark(
                "ยกเลิกไม่ได้ เพราะหนังสือฉบับนี้มีการเปลี่ยนแปลงหลังจากท่านบันทึก โปรดแก้ไขค่าที่ต้องการแทน"
            )
        why = "it was changed since" if changed_since else "there is no change of yours"
        super().__init__(
            f"nothing of letter {letter_id} was taken back: {why}. Correct the field instead."
        )


class PartsRefusedError(KeepingError):
    """A letter cannot be split, or joined to another, as asked; nothing was changed."""

    exit_code = 58
    thai = mark("แยกหรือรวมหนังสือไม่ได้ ยังไม่มีการเปลี่ยนแปลง")

    def __init__(self, letter_id: int, problem: Message) -> None:
        self.says(problem)
        super().__init__(
            f"letter {letter_id} stays as it is: {problem.english}; choose other pages."
        )


class LetterDestroyedError(KeepingError):
    """The letter was destroyed: its files are gone, and what is left of it does not change."""

    exit_code = 59

    def __init__(self, number: str, erased_on: date) -> None:
        super().__init__(
            f"letter {number} was destroyed on {erased_on.isoformat()}; its files are gone and its "
            f"entry stays as it is. See by which decision: saraban show {number}"
        )
        self.says(
            message("หนังสือเลขทะเบียน %(number)s ทำลายแล้ว จึงไม่มีไฟล์ และแก้ไขรายการไม่ได้", number=number)
        )


class FolderRefusedError(KeepingError):
    """A step with a paper of the folder, or with a task, cannot be taken as asked; nothing was changed."""

    exit_code = 68
    thai = mark("ทำรายการในแฟ้มเสนอไม่ได้ ยังไม่มีการเปลี่ยนแปลง")

    def __init__(self, what: str, problem: Message) -> None:
        self.says(problem)
        super().__init__(f"{what} stays as it is: {problem.english}")
