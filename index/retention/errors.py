"""What can go wrong while retention is worked, and what a person does about it."""

from __future__ import annotations

from index.errors import KeepingError
from index.message import Cited, Message, mark, message


class RetentionError(KeepingError):
    """Base of all: the message says what happened and what to do; `thai` says it to a clerk."""

    exit_code = 60
    thai = mark("ไม่สามารถดำเนินการเรื่องอายุการเก็บหนังสือได้")


class LawFileError(RetentionError):
    """The table of periods and deadlines cannot be used; the rows in force before stay in force."""

    exit_code = 61

    def __init__(self, file: str, problem: str) -> None:
        super().__init__(f"{file}: {problem}. Correct that row; see docs/retention.md.")
        self.says(
            message(
                "ตารางอายุการเก็บใช้ไม่ได้: %(file)s: %(problem)s โปรดแก้ไขแถวดังกล่าว",
                file=file,
                problem=problem,
            )
        )


class StepRefusedError(RetentionError):
    """Something of keeping, lending or destroying may not be done; nothing was changed.

    `clause` says by which rule; `detail` is for operators only (codes, ids).
    """

    exit_code = 62

    def __init__(self, clause: str, what: Message, *, detail: str = "") -> None:
        super().__init__(f"{what.english}{detail and f': {detail}'} ({clause})")
        self.clause = clause
        self.says(message("%(what)s (%(clause)s)", what=what, clause=Cited(clause)))


class NotGoneYetError(RetentionError):
    """A destruction was carried out, but something of a letter was still found; nothing is certified."""

    exit_code = 66

    def __init__(self, batch_id: str, count: int, example: str) -> None:
        super().__init__(
            f"{count} letters of batch {batch_id} are not verified gone yet, the first has left "
            f"{example}. The server removes what is left of the index by itself; run again: "
            f"saraban retention destroy --batch {batch_id} --resume"
        )
        self.says(
            message(
                "ทำลายตามบัญชี %(batch)s แล้ว แต่ยังตรวจพบร่องรอย %(count)s ฉบับ จึงยังไม่ออกหนังสือรับรอง "
                "โปรดสั่งตรวจซ้ำอีกครั้งในอีกสักครู่",
                batch=batch_id,
                count=count,
            )
        )


class WouldShortenError(RetentionError):
    """A change would let a letter go earlier, and nobody said that this is meant; nothing was changed.

    `before` and `after` say the two periods in Thai, for the question to the person.
    """

    exit_code = 63

    def __init__(self, before: str, after: str) -> None:
        super().__init__(
            f"the change shortens what was kept as {before!r} to {after!r}; nothing was changed. "
            "Say explicitly that this is meant (--shorter), or leave it as it is."
        )
        self.before, self.after = before, after
        self.says(
            message(
                "การเปลี่ยนนี้ทำให้อายุการเก็บสั้นลง จาก “%(before)s” เป็น “%(after)s” ยังไม่มีการเปลี่ยนแปลงใด ๆ "
                "หากตั้งใจ โปรดยืนยันอีกครั้ง",
                before=before,
                after=after,
            )
        )


class PackageFailedError(RetentionError):
    """The package for the archives could not be written, or did not prove itself after writing."""

    exit_code = 67

    def __init__(self, place: str, problem: str) -> None:
        super().__init__(
            f"the package {place} cannot be used: {problem}. Nothing was handed over; "
            "choose a new, empty place with room and make it again."
        )
        self.says(
            message(
                "ชุดส่งมอบใช้ไม่ได้ (%(problem)s) ยังไม่มีการส่งมอบ โปรดเลือกที่ว่างใหม่แล้วจัดทำอีกครั้ง",
                problem=problem,
            )
        )
