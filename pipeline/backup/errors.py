"""What can go wrong with backups: the office itself is never changed by any of it."""

from __future__ import annotations

from pathlib import Path

from pipeline.errors import PipelineError


class BackupError(PipelineError):
    """What gathers the errors of this package."""


class BackupToolMissingError(BackupError):
    """The program that keeps backups is not installed."""

    exit_code = 100

    def __init__(self) -> None:
        super().__init__(
            "restic, which keeps the backups, is not installed; as root: apt-get install restic",
            thai="ยังไม่ได้ติดตั้งโปรแกรม restic ที่ใช้สำรองข้อมูล โปรดสั่ง apt-get install restic ในฐานะ root",
        )


class PassphraseMissingError(BackupError):
    """No passphrase was given, or its file cannot be used."""

    exit_code = 101

    def __init__(self, problem: str) -> None:
        super().__init__(
            f"no passphrase for the backup: {problem}; write it into a file that only its owner may "
            "read and name that with --passphrase-file, or in saraban.toml under [backup]",
            thai="ไม่มีรหัสผ่านของชุดสำรอง โปรดเขียนรหัสผ่านลงไฟล์ที่เจ้าของอ่านได้คนเดียว (chmod 600) "
            "แล้วระบุด้วย --passphrase-file หรือใน saraban.toml ส่วน [backup]",
        )


class WrongPassphraseError(BackupError):
    """The backup does not open with this passphrase."""

    exit_code = 102

    def __init__(self, place: str) -> None:
        super().__init__(
            f"the backup {place} does not open with this passphrase; take the one it was made with",
            thai=f"รหัสผ่านเปิดชุดสำรอง {place} ไม่ได้ โปรดใช้รหัสผ่านที่ตั้งไว้เมื่อทำครั้งแรก",
        )


class NoBackupThereError(BackupError):
    """There is no backup where one should be, or the place cannot be reached."""

    exit_code = 103

    def __init__(self, place: str, problem: str = "no backup is there") -> None:
        super().__init__(
            f"{place}: {problem}; is the disk plugged in and mounted? "
            f"A new backup is begun with: saraban backup {place}",
            thai=f"{place}: ไม่พบชุดสำรอง โปรดตรวจว่าต่อดิสก์สำรองไว้แล้ว หากยังไม่เคยทำ ให้สั่ง saraban backup {place}",
        )


class BackupDamagedError(BackupError):
    """Reading the backup back found something that is not what was stored."""

    exit_code = 104

    def __init__(self, place: str, count: int) -> None:
        super().__init__(
            f"the backup {place} is damaged in {count} place(s), named above; begin a new one on another "
            "disk now, while the office is well, and keep this one until that is verified",
            thai=f"ชุดสำรอง {place} เสียหาย {count} แห่งตามที่แจ้งด้านบน โปรดทำชุดใหม่ลงดิสก์อีกลูกทันที",
        )


class BackupFailedError(BackupError):
    """The program that keeps backups gave up; the message has its last words."""

    exit_code = 105

    def __init__(self, place: str, problem: str) -> None:
        super().__init__(
            f"the backup {place} failed: {problem}; nothing of the office was changed. "
            "Mend what it names, then try again",
            thai=f"สำรองข้อมูลที่ {place} ไม่สำเร็จ ({problem}) ข้อมูลของสำนักงานไม่ถูกแตะต้อง โปรดแก้ไขแล้วทำใหม่",
        )


class BackupUnderWayError(BackupError):
    """Another backup of this office is being made."""

    exit_code = 106

    def __init__(self, office: Path) -> None:
        super().__init__(
            f"a backup of {office} is being made already; wait until it ends",
            thai=f"กำลังสำรองข้อมูลของ {office} อยู่แล้ว โปรดรอให้เสร็จก่อน",
        )


class RestoreRefusedError(BackupError):
    """The office cannot be brought back into that folder, or from that moment."""

    exit_code = 107

    def __init__(self, problem: str, *, thai: str) -> None:
        super().__init__(f"{problem}; nothing was restored", thai=f"{thai} ยังไม่ได้กู้คืนสิ่งใด")


class RestoredOtherwiseError(BackupError):
    """What was restored is not what the backup says it holds, or does not agree with itself."""

    exit_code = 108

    def __init__(self, folder: Path, count: int) -> None:
        super().__init__(
            f"{folder} was restored and {count} thing(s) in it are wrong, named above; "
            "try an earlier moment (saraban backup list) beside it, and compare",
            thai=f"กู้คืนลง {folder} แล้ว แต่พบสิ่งที่ไม่ตรง {count} รายการตามที่แจ้งด้านบน โปรดลองชุดก่อนหน้า",
        )
