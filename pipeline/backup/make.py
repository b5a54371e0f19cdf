"""Makes a backup: the moment is laid out, stored, old moments are let go; and reads it back."""

from __future__ import annotations

import logging
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from pathlib import Path

from index.archive import hash_file
from index.book import Book
from index.errors import KeepingError
from pipeline.backup.errors import BackupError, BackupFailedError, NoBackupThereError
from pipeline.backup.last import note_failed, note_good
from pipeline.backup.moment import BackupRecord, alone, is_spoiled, moment_of
from pipeline.backup.restic import Restic, Stored, ids_in
from pipeline.office import Office

log = logging.getLogger("saraban.backup")
TRIES = 3
DAMAGED = "ฐานข้อมูลทะเบียนเสียหาย ชุดสำรองครั้งล่าสุดจึงเสียหายด้วย ชุดก่อนหน้ายังอยู่ครบ โปรดสั่ง saraban check"
_NAMED_BY_HASH = ("data", "index", "snapshots", "keys")


@dataclass(frozen=True, slots=True)
class Made:
    """A backup that was made: what it says of itself, what was stored, how many moments were let go."""

    record: BackupRecord
    stored: Stored
    expired: int


@dataclass(frozen=True, slots=True)
class Damage:
    """A file of the backup that is not what was stored, and what of the office lies in it.

    Files of the archive are named, by their hash; of what may bear a name that tells, the folder only.
    """

    file: str
    holds: tuple[str, ...]


def make_backup(
    office: Office, book: Book, restic: Restic, now: datetime, *, keep_days: int, may_begin: bool
) -> Made:
    """Store the office as it is now. Raises BackupError, KeepingError.

    A place without a backup is given one only if it `may_begin` there: at night a disk that was not
    plugged in must not be taken for a new one. Of a damaged book a moment is stored, and nothing expires.
    How it went is noted for `last_backup`.
    """
    try:
        made = _make(office, book, restic, now, keep_days=keep_days, may_begin=may_begin)
    except (BackupError, KeepingError) as trouble:
        note_failed(office, now, str(trouble), trouble.thai)
        raise
    if made.record.damage:
        note_failed(office, now, made.record.damage[0], DAMAGED)
    else:
        note_good(office, now)
    return made


def _make(
    office: Office, book: Book, restic: Restic, now: datetime, *, keep_days: int, may_begin: bool
) -> Made:
    with alone(office) as lock:
        if not restic.exists():
            if not may_begin:
                raise NoBackupThereError(restic.place)
            restic.create()
        for _ in range(TRIES):
            with moment_of(office, book, now) as (folder, record):
                stored = restic.store(
                    folder, now, office=office.settings.office.name, keep_open=(lock.fileno(),)
                )
                whole = not is_spoiled(office)
            if stored is not None and whole:
                break
            log.info("a letter was destroyed while the backup was made; once more")
        else:
            raise BackupFailedError(restic.place, "files went away while it was made, three times")
        expired = 0 if record.damage else restic.expire(keep_days)
    log.info(
        "backup %s: %d bytes new, %d moments let go",
        stored.snapshot_id,
        stored.added_bytes,
        expired,
    )
    return Made(record, stored, expired)


def last_day_in_backups(today: date, keep_days: int) -> date:
    """Return the last day on which a backup may hold what is destroyed today, if one is made each day."""
    return today + timedelta(days=keep_days + 1)


def verify(restic: Restic, part: str = "") -> tuple[Damage, ...]:
    """Read the backup back, all of it or a part as `3/30`; return what is damaged."""
    good, output = restic.check(part)
    if good:
        return ()
    folder = restic.folder
    named = tuple(_changed_files(folder)) if folder else ids_in(output)
    damaged = tuple(Damage(file, _shown(restic.paths_in(Path(file).name))) for file in named)
    return damaged or (Damage(_last_line(output), ()),)


def _changed_files(folder: Path) -> Iterator[str]:
    """Yield the files whose bytes are not those of their name: restic names them by their SHA-256."""
    for part in _NAMED_BY_HASH:
        for path in sorted((folder / part).rglob("*")):
            if path.is_file() and hash_file(path) != path.name:
                yield str(path.relative_to(folder))


def _shown(paths: tuple[str, ...]) -> tuple[str, ...]:
    """Return archive files by name and the rest by folder: other names may tell what is in a letter."""
    shown = (
        path.lstrip("/")
        if path.startswith("/archive/") or path.count("/") == 1
        else path.split("/")[1] + "/"
        for path in paths
    )
    return tuple(dict.fromkeys(shown))


def _last_line(output: str) -> str:
    lines = [line for line in output.splitlines() if line.strip()]
    return lines[-1][:300] if lines else "the backup"
