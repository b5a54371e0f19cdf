"""How the machine is: what it works on, how fast, what runs short, and what somebody must be told of."""

from __future__ import annotations

import shutil
from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta

from index.book import Book
from index.message import Message, message
from index.register.received.pace import Pace
from index.register.store.states import StateCounts
from pipeline.backup.last import LastBackup, last_backup
from pipeline.night_check import LastCheck, last_check
from pipeline.office import Office
from pipeline.settings import Alarms, Settings
from pipeline.viewers import AT_THIS_MACHINE
from watch_folder.unfinished import count_unfinished

CLOCK_MAY_DIFFER = timedelta(minutes=5)
INDEX_BEHIND = 500  # changes; the indexer takes thousands a minute
NO_ROOM_PERCENT = 1.0


@dataclass(frozen=True, slots=True)
class Alarm:
    """One thing that somebody must look after; with `stops` letters do not flow meanwhile."""

    code: str
    says: Message
    stops: bool = False


@dataclass(frozen=True, slots=True)
class Health:
    """One office at one moment; no letter is named. Sizes in bytes.

    `unfinished` files lie in watched folders for a day under a name that says "being written".
    """

    at: datetime
    counts: StateCounts
    pace: Pace
    index_behind: int
    disk_free: int
    disk_total: int
    backup: LastBackup
    unfinished: int = 0
    check: LastCheck = field(default_factory=LastCheck)
    alarms: tuple[Alarm, ...] = ()

    @property
    def free_percent(self) -> float:
        """How much of the disk is free."""
        return 100 * self.disk_free / max(1, self.disk_total)

    @property
    def waiting_seconds(self) -> float:
        """How long the oldest file has been waiting; 0 when none waits."""
        oldest = self.pace.oldest_waiting
        return max(0.0, (self.at - oldest).total_seconds()) if oldest else 0.0

    @property
    def is_well(self) -> bool:
        """Tell whether letters flow."""
        return not any(alarm.stops for alarm in self.alarms)


def examine_health(office: Office, book: Book, now: datetime) -> Health:
    """Look at the office; a few milliseconds. Raises KeepingError when the book cannot be read."""
    disk = shutil.disk_usage(office.root)
    seen = Health(
        at=now,
        counts=book.letters.count_states(AT_THIS_MACHINE),
        pace=book.pace(now),
        index_behind=book.outbox.count(),
        disk_free=disk.free,
        disk_total=disk.total,
        backup=last_backup(office),
        unfinished=count_unfinished(map(office.folder_of, office.settings.watch.folder), now),
        check=last_check(office),
    )
    return replace(seen, alarms=find_alarms(seen, office.settings))


def find_alarms(seen: Health, settings: Settings) -> tuple[Alarm, ...]:
    """Return what somebody must be told of, what stops the work first."""
    found = (
        _stands_still(seen, settings.alarm),
        _disk_is_full(seen, settings.alarm),
        _clock_is_wrong(seen),
        _quarantine_grows(seen, settings.alarm),
        _index_is_behind(seen),
        _files_are_unfinished(seen),
        _check_found(seen),
        _files_do_not_add_up(seen),
        _backup_is_old(seen, settings),
    )
    return tuple(sorted((one for one in found if one), key=lambda one: not one.stops))


def _stands_still(seen: Health, limits: Alarms) -> Alarm | None:
    """A file waits long, and in that time nothing was filed: a long queue that moves is no alarm."""
    limit = timedelta(minutes=limits.waiting_minutes)
    filed = seen.pace.last_filed
    if seen.waiting_seconds <= limit.total_seconds() or (filed and seen.at - filed <= limit):
        return None
    minutes = int(seen.waiting_seconds // 60)
    return Alarm(
        "inbox_still",
        message(
            "ไฟล์ที่เข้ามาไม่มีการอ่าน ฉบับเก่าที่สุดรอมาแล้ว %(minutes)s นาที โปรดเริ่มโปรแกรมใหม่และดูบันทึกของโปรแกรม",
            minutes=minutes,
        ),
        stops=True,
    )


def _disk_is_full(seen: Health, limits: Alarms) -> Alarm | None:
    if seen.free_percent >= limits.free_percent:
        return None
    return Alarm(
        "disk_low",
        message(
            "ดิสก์เหลือที่ว่างร้อยละ %(percent)s โปรดเพิ่มพื้นที่ หรือย้ายไฟล์อื่นที่ไม่ใช่ของโปรแกรมออก",
            percent=f"{seen.free_percent:.1f}",
        ),
        stops=seen.free_percent < NO_ROOM_PERCENT,
    )


def _clock_is_wrong(seen: Health) -> Alarm | None:
    """The book has a line that is later than now: the clock is behind, or was ahead."""
    last = seen.pace.trail_at
    if last is None or last <= seen.at + CLOCK_MAY_DIFFER:
        return None
    return Alarm(
        "clock_wrong",
        message(
            "นาฬิกาของเครื่องช้ากว่าบันทึกล่าสุดในทะเบียน โปรดตรวจวันและเวลาของเครื่อง เลขทะเบียนใช้ปีจากนาฬิกานี้"
        ),
    )


def _quarantine_grows(seen: Health, limits: Alarms) -> Alarm | None:
    if seen.pace.quarantined_today < limits.quarantined_a_day:
        return None
    return Alarm(
        "quarantine_growing",
        message(
            "ใน ๒๔ ชั่วโมงมีไฟล์ถูกกักไว้ %(files)s ไฟล์ โปรดดูเหตุผลที่หน้ากักไว้ เครื่องสแกนอาจตั้งค่าผิด",
            files=seen.pace.quarantined_today,
        ),
    )


def _index_is_behind(seen: Health) -> Alarm | None:
    if seen.index_behind <= INDEX_BEHIND:
        return None
    return Alarm(
        "index_behind",
        message(
            "ดัชนีค้นหาตามทะเบียนไม่ทัน %(changes)s รายการ ผลค้นหายังไม่ครบ หากไม่ลดลงให้สร้างดัชนีใหม่",
            changes=seen.index_behind,
        ),
    )


def _files_are_unfinished(seen: Health) -> Alarm | None:
    if not seen.unfinished:
        return None
    return Alarm(
        "unfinished_files",
        message(
            "มีไฟล์ %(files)s ไฟล์ในโฟลเดอร์สแกนที่เขียนไม่เสร็จเกินหนึ่งวัน (ชื่อลงท้าย .part .tmp หรือขึ้นต้น ~$ หรือจุด) "
            "โปรดดูว่ามีหนังสืออยู่หรือไม่ แล้วสแกนใหม่หรือเปลี่ยนชื่อ",
            files=seen.unfinished,
        ),
    )


def _check_found(seen: Health) -> Alarm | None:
    if not seen.check.wrong:
        return None
    return Alarm(
        "check_found",
        message(
            "การตรวจครั้งล่าสุดพบข้อมูลไม่ตรงกัน %(count)s รายการ โปรดสั่ง saraban check และทำตามที่แต่ละบรรทัดบอก",
            count=seen.check.wrong,
        ),
    )


def _files_do_not_add_up(seen: Health) -> Alarm | None:
    if seen.counts.add_up:
        return None
    return Alarm(
        "files_lost_count",
        message("จำนวนไฟล์ที่เข้ามาไม่เท่ากับที่ลงทะเบียน รออ่าน กักไว้ และซ้ำรวมกัน โปรดสั่ง saraban check"),
    )


def _backup_is_old(seen: Health, settings: Settings) -> Alarm | None:
    """No alarm where backups are made another way, without `[backup]`."""
    if not settings.backup.to:
        return None
    made = seen.backup.at
    if made is not None and seen.at - made <= timedelta(hours=settings.alarm.backup_hours):
        return None
    if made is None:
        return Alarm(
            "backup_old", message("ยังไม่เคยสำรองข้อมูลสำเร็จ โปรดทำชุดแรกด้วยคำสั่ง saraban backup")
        )
    return Alarm(
        "backup_old",
        message(
            "ไม่มีชุดสำรองมา %(hours)s ชั่วโมงแล้ว โปรดตรวจว่าต่อดิสก์สำรองไว้ และดูเหตุที่หน้าการทำงานของเครื่อง",
            hours=int((seen.at - made).total_seconds() // 3600),
        ),
    )
