"""The office as it is at one moment, laid out in a folder while everybody goes on working.

The book is copied (`Book.copy_to`). At its moment, while nobody commits, everything else gets a second
name in `cache/backup/office/`: hard links, which cost no room, of scans on their way and of the archive,
and copies of what people edit. What lies there is what a power cut at that moment would have left, and
every order of steps survives that (ARCHITECTURE.md, "Nothing is lost"). Links of the archive, the many,
are made before, so that the standstill stays short; only what came since is linked within it.
"""

from __future__ import annotations

import fcntl
import json
import logging
import os
import shutil
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from dataclasses import asdict, dataclass
from datetime import datetime
from importlib import metadata
from pathlib import Path
from typing import IO

from index.book import Book
from index.migrations import HEAD
from pipeline.backup.errors import BackupFailedError, BackupUnderWayError
from pipeline.carry import SCRATCH_PREFIX
from pipeline.office import Office
from pipeline.viewers import AT_THIS_MACHINE

log = logging.getLogger("saraban.backup")
BOOK, RECORD, MOMENT = "saraban.db", "backup.json", "office"
_NOT_KEPT = {"cache", "search", ".server.lock", BOOK, f"{BOOK}-wal", f"{BOOK}-shm", RECORD}
_EDITED = {"rules", "imports"}
_SPOILED = "spoiled"
_HALF_WRITTEN = "incoming"


@dataclass(frozen=True, slots=True)
class BackupRecord:
    """What a backup says of itself, to be compared with what is restored.

    `audit_sequence` and `audit_hash` are the last line of the audit trail; `files` are counts of files by
    where they stand (`StateCounts`), `numbers` the last number of each book and Buddhist year.
    """

    office: str
    made_at: str
    program: str
    revision: str
    audit_sequence: int
    audit_hash: str
    files: dict[str, int]
    numbers: dict[str, int]
    damage: tuple[str, ...] = ()

    @classmethod
    def read(cls, text: str | bytes) -> BackupRecord:
        """Read it back; what a newer program added is left aside."""
        packed = json.loads(text)
        known = {name: packed[name] for name in cls.__dataclass_fields__ if name in packed}
        return cls(**known | {"damage": tuple(packed.get("damage", ()))})


def folder_of(office: Office) -> Path:
    """Where the moment lies while a backup is made."""
    return office.root / "cache" / "backup"


@contextmanager
def alone(office: Office) -> Iterator[IO[str]]:
    """Hold the one place for a backup being made; raises BackupUnderWayError.

    A program that is handed the open file holds it too, even when this one is killed.
    """
    path = folder_of(office) / "lock"
    path.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
    with path.open("a", encoding="utf-8") as lock:
        try:
            fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError as error:
            raise BackupUnderWayError(office.root) from error
        yield lock


@contextmanager
def moment_of(office: Office, book: Book, now: datetime) -> Iterator[tuple[Path, BackupRecord]]:
    """Lay the office of this moment out, for whoever is `alone`; the folder is gone afterwards."""
    folder = folder_of(office) / MOMENT
    shutil.rmtree(folder, ignore_errors=True)  # of a backup that was killed
    folder.mkdir(mode=0o700)
    (folder_of(office) / _SPOILED).unlink(missing_ok=True)
    try:
        _link_tree(office.archive, folder / "archive", may_copy=False)
        book.copy_to(folder / BOOK, lambda: _lay_out(office, folder))
        record = _describe(office, folder / BOOK, now)
        (folder / RECORD).write_text(
            json.dumps(asdict(record), ensure_ascii=False, indent=1), encoding="utf-8"
        )
        yield folder, record
    finally:
        shutil.rmtree(folder, ignore_errors=True)


def tidy(office: Office) -> None:
    """Remove what a killed backup left, unless one is being made."""
    with suppress(BackupUnderWayError), alone(office):
        shutil.rmtree(folder_of(office) / MOMENT, ignore_errors=True)


def forget(office_root: Path, sha256: str) -> None:
    """Take a destroyed letter's file out of the moment that is being stored, which must begin anew."""
    moment = office_root / "cache" / "backup" / MOMENT
    for path in (moment / "archive").rglob(f"{sha256}*"):
        path.unlink(missing_ok=True)
        (moment.parent / _SPOILED).touch(mode=0o600)


def is_spoiled(office: Office) -> bool:
    """Tell whether a file was taken out of the moment since it was laid out."""
    return (folder_of(office) / _SPOILED).exists()


def _lay_out(office: Office, folder: Path) -> None:
    """Give all but the book its second name; called while nobody commits."""
    for entry in sorted(office.root.iterdir()):
        target = folder / entry.name
        if entry.name in _NOT_KEPT:
            continue
        if entry.is_symlink():
            target.symlink_to(entry.readlink())
        elif entry.is_dir() and entry.name in _EDITED:
            shutil.copytree(entry, target, symlinks=True)
        elif entry.is_dir():
            _link_tree(entry, target, may_copy=entry != office.archive)
        elif entry.is_file():
            shutil.copy2(entry, target)


def _link_tree(source: Path, target: Path, *, may_copy: bool) -> None:
    """Make `target` hold links to all files below `source`, and nothing that went away since."""
    target.mkdir(exist_ok=True, mode=0o700)
    gone = {one.name for one in target.iterdir()}
    with suppress(FileNotFoundError), os.scandir(source) as entries:
        for entry in entries:
            gone.discard(entry.name)
            if entry.name.startswith(SCRATCH_PREFIX) and entry.is_dir():
                continue  # a letter just being read: it is read again
            if entry.is_dir(follow_symlinks=False):
                if not (entry.name == _HALF_WRITTEN and source.name == "archive"):
                    _link_tree(Path(entry.path), target / entry.name, may_copy=may_copy)
            elif entry.is_file(follow_symlinks=False):
                _link(entry.path, target / entry.name, may_copy=may_copy)
    for name in gone:  # linked before the moment, and moved to the secret part or destroyed since
        (target / name).unlink()
    shutil.copymode(source, target)


def _link(source: str, target: Path, *, may_copy: bool) -> None:
    """Give a file its second name; what may not be linked (a share inside the office) is copied."""
    try:
        os.link(source, target)
    except (FileExistsError, FileNotFoundError):
        return
    except OSError as error:
        if not may_copy:
            raise BackupFailedError(
                str(target.parent),
                f"{source} cannot be linked there ({error.strerror}): office and archive must lie on one "
                "file system that knows hard links",
            ) from error
        try:
            shutil.copy2(source, target)
        except FileNotFoundError:
            return
        except PermissionError:  # the door cannot take it either, and says so
            log.warning("a file on its way may not be read and is not in the backup")


def _describe(office: Office, copy: Path, now: datetime) -> BackupRecord:
    """Say what the copied book holds, and whether its pages are whole."""
    with Book.open(f"sqlite:///{copy}", office_name=office.settings.office.name) as book:
        damage = book.damage()
        if damage:
            return BackupRecord(
                office.settings.office.name,
                now.isoformat(),
                metadata.version("saraban"),
                HEAD,
                0,
                "",
                {},
                {},
                damage,
            )
        head, counts = book.audit.head, book.letters.count_states(AT_THIS_MACHINE)
        return BackupRecord(
            office=office.settings.office.name,
            made_at=now.isoformat(),
            program=metadata.version("saraban"),
            revision=HEAD,
            audit_sequence=head.sequence,
            audit_hash=head.hash,
            files=asdict(counts),
            numbers=book.last_numbers(),
        )
