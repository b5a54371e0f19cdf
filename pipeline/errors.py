"""What can go wrong while conducting: advice in English and Thai, and a stable exit code."""

from __future__ import annotations

import copyreg
from pathlib import Path
from typing import Any


class PipelineError(Exception):
    """The base of every expected failure of this package; the message says what to do next."""

    exit_code: int = 1
    thai: str = "เกิดข้อผิดพลาด"

    def __init__(self, message: str, *, thai: str) -> None:
        super().__init__(message)
        self.thai = thai

    def __reduce__(self) -> tuple[Any, ...]:
        """Let the error cross to another process as it is, whatever its class is made with."""
        return copyreg.__newobj__, (type(self), *self.args), self.__dict__  # type: ignore[attr-defined]


class SettingsRefusedError(PipelineError):
    """`saraban.toml` has a key we do not know, or a value of the wrong kind."""

    exit_code = 3

    def __init__(self, path: Path, line: int, problem: str, advice: str) -> None:
        self.path, self.line = path, line
        super().__init__(
            f"{path}:{line}: {problem}; {advice}",
            thai=f"{path} บรรทัด {line}: ไฟล์ตั้งค่าไม่ถูกต้อง โปรดแก้ตามคำแนะนำ ({advice})",
        )


class NotAnOfficeError(PipelineError):
    """The folder named with --office was never made an office."""

    exit_code = 4

    def __init__(self, folder: Path) -> None:
        super().__init__(
            f"{folder} is not an office folder (no saraban.toml in it); "
            f"make it one with: saraban init {folder}",
            thai=f"{folder} ยังไม่ใช่โฟลเดอร์สำนักงาน โปรดสั่ง saraban init {folder} ก่อน",
        )


class OfficeInUseError(PipelineError):
    """Another server works this office already."""

    exit_code = 5

    def __init__(self, folder: Path, owner: str) -> None:
        super().__init__(
            f"another saraban ({owner}) already works the office {folder}; "
            "stop that one first, or give this one another folder with --office",
            thai=f"มีโปรแกรม saraban อีกตัวหนึ่ง ({owner}) ทำงานกับ {folder} อยู่แล้ว โปรดหยุดตัวเดิมก่อน",
        )


class PortTakenError(PipelineError):
    """The web page's port belongs to another program."""

    exit_code = 6

    def __init__(self, host: str, port: int) -> None:
        super().__init__(
            f"{host}:{port} is taken by another program; choose another port with --port "
            "or in saraban.toml under [web]",
            thai=f"พอร์ต {port} ถูกโปรแกรมอื่นใช้อยู่ โปรดเลือกพอร์ตอื่นด้วย --port",
        )


class NoSuchLetterError(PipelineError):
    """The book holds no letter of that register number (or this viewer may not see it)."""

    exit_code = 7

    def __init__(self, number: str) -> None:
        super().__init__(
            f"no letter {number} in the register; write the number as 123/2569 "
            "and look it up with: saraban search",
            thai=f"ไม่พบเลขทะเบียนรับ {number} โปรดเขียนเป็น 123/2569 หรือใช้ saraban search ค้นหา",
        )


class FileUnfitError(PipelineError):
    """A file named on the command line cannot be taken in."""

    exit_code = 8

    def __init__(self, name: str, problem: str) -> None:
        super().__init__(
            f"{name}: {problem}; name a readable PDF, TIFF, JPEG or PNG file",
            thai=f"{name}: รับไฟล์นี้ไม่ได้ โปรดระบุไฟล์ PDF, TIFF, JPEG หรือ PNG ที่เปิดอ่านได้",
        )


class DisagreementError(PipelineError):
    """`saraban check` found that archive, register and index do not agree."""

    exit_code = 9

    def __init__(self, count: int) -> None:
        super().__init__(
            f"{count} disagreement(s) found; each line above names its remedy. "
            "The index can be rebuilt with: saraban index rebuild",
            thai=f"พบข้อมูลไม่ตรงกัน {count} รายการ โปรดดูวิธีแก้ในแต่ละบรรทัดด้านบน",
        )


class MissingPieceError(PipelineError):
    """`saraban doctor` found that something needed is not installed."""

    exit_code = 10

    def __init__(self, pieces: list[str]) -> None:
        super().__init__(
            f"missing: {', '.join(pieces)}; install as the lines above say, then run: saraban doctor",
            thai=f"ยังขาด: {', '.join(pieces)} โปรดติดตั้งตามบรรทัดด้านบน แล้วสั่ง saraban doctor อีกครั้ง",
        )


class CasesRefusedError(PipelineError):
    """The file of labelled subjects for `saraban rules test` cannot be used."""

    exit_code = 11

    def __init__(self, path: Path, line: int, problem: str) -> None:
        super().__init__(
            f"{path}:{line}: {problem}; write tab-separated columns `subject` and `group`",
            thai=f"{path} บรรทัด {line}: ใช้ไม่ได้ โปรดทำเป็นตารางคั่นด้วยแท็บ มีคอลัมน์ subject และ group",
        )


class OfficeElsewhereError(PipelineError):
    """The office's folder was moved, renamed or copied since it was last served."""

    exit_code = 97

    def __init__(self, folder: Path, stood: str) -> None:
        super().__init__(
            f"the office in {folder} last stood in {stood}. If it was moved or renamed, type: "
            f"saraban place moved --office {folder}\n"
            f"         If {stood} is still in use and this is a copy that is to be an office of its own: "
            f"saraban place separate --office {folder}",
            thai=f"สำนักงานใน {folder} เดิมอยู่ที่ {stood} หากย้ายหรือเปลี่ยนชื่อโฟลเดอร์มา ให้สั่ง saraban place moved "
            "หากเป็นสำเนาที่จะใช้เป็นอีกสำนักงานหนึ่ง ให้สั่ง saraban place separate",
        )


class ServiceRefusedError(PipelineError):
    """The service's files cannot be written, or not removed."""

    exit_code = 98

    def __init__(self, problem: str) -> None:
        super().__init__(
            f"{problem}; no file was changed",
            thai=f"ติดตั้งหรือถอนบริการไม่ได้ ({problem}) ยังไม่มีไฟล์ใดเปลี่ยนแปลง",
        )
