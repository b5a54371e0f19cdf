"""The check that the server makes each night by itself, slowly, and when the last one was."""

from __future__ import annotations

import hashlib
import json
import threading
from dataclasses import asdict, dataclass
from datetime import datetime, timedelta
from pathlib import Path

from classify.durable_file import replace_durably
from index.book import Book
from pipeline.audit import Disagreement, find_disagreements
from pipeline.finder import Finder
from pipeline.office import Office

FILE_NAME = "last-check.json"
NIGHT = timedelta(hours=4)  # from `check.hour` on
BETWEEN = timedelta(hours=20)
_CHUNK_BYTES = 1 << 20


class StoppedError(Exception):
    """The server stops: the check is begun anew the next night. Never leaves `Upkeep`."""


@dataclass(frozen=True, slots=True)
class LastCheck:
    """The last check of everything, by the server or by `saraban check`: when, and how much was wrong."""

    checked_at: str = ""
    wrong: int = 0

    @property
    def at(self) -> datetime | None:
        """When it ended."""
        return datetime.fromisoformat(self.checked_at) if self.checked_at else None


def last_check(office: Office) -> LastCheck:
    """Return what is known; nothing at all where no check was ever made."""
    try:
        found = LastCheck(**json.loads((office.root / "cache" / FILE_NAME).read_text("utf-8")))
        return found if found.at is None or found.at.tzinfo else LastCheck()
    except (OSError, ValueError, TypeError):
        return LastCheck()


def note_check(office: Office, now: datetime, wrong: int) -> None:
    """Note a check that went through."""
    folder = office.root / "cache"
    folder.mkdir(exist_ok=True)
    note = json.dumps(asdict(LastCheck(now.isoformat(), wrong)))
    replace_durably(folder / FILE_NAME, note.encode())


def is_check_due(office: Office, now: datetime) -> bool:
    """Tell whether it is night and the last check was not this night; one in the future counts for nothing."""
    last = last_check(office).at
    if last is not None and now - BETWEEN < last <= now:
        return False
    return timedelta(hours=(now.hour - office.settings.check.hour) % 24) < NIGHT


class SlowReader:
    """Hashes files within a budget of the disk, KiB a second (0: as fast as can be); stops with the server."""

    def __init__(self, limit_kb: int, stopping: threading.Event) -> None:
        self._limit_bytes = limit_kb * 1024
        self._stopping = stopping

    def __call__(self, path: Path) -> str:
        """Return the SHA-256 of a file; raises StoppedError."""
        digest = hashlib.sha256()
        with path.open("rb") as file:
            while chunk := file.read(_CHUNK_BYTES):
                digest.update(chunk)
                pause = len(chunk) / self._limit_bytes if self._limit_bytes else 0.0
                if self._stopping.wait(pause):
                    raise StoppedError
        return digest.hexdigest()


def check_slowly(office: Office, book: Book, stopping: threading.Event) -> list[Disagreement]:
    """Check everything; what letters that were just moving looked like is looked at a second time.

    Raises KeepingError and StoppedError.
    """
    reader = SlowReader(office.settings.check.limit_kb, stopping)

    def look() -> list[Disagreement]:
        finder = Finder(office.search_index, office.settings.search.engine, {})
        try:
            return list(find_disagreements(office, book, finder, lambda _part: None, reader))
        finally:
            finder.close()

    found = look()
    if not found:
        return []
    again = set(look())
    return [one for one in found if one in again]
