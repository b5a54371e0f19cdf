"""Brings an office back from a backup, and proves that it is what the backup says."""

from __future__ import annotations

import shutil
import tempfile
from collections.abc import Callable
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path

from index.book import Book
from index.errors import KeepingError
from index.search.errors import SearchError
from pipeline.audit import Disagreement, find_disagreements
from pipeline.backup.errors import BackupDamagedError, RestoreRefusedError
from pipeline.backup.moment import BOOK, RECORD, BackupRecord
from pipeline.backup.restic import Restic, Snapshot
from pipeline.finder import Finder
from pipeline.indexer import Indexer
from pipeline.office import Office, open_book, open_office
from pipeline.place import settle_moved
from pipeline.rules_in_force import RulesInForce

NEWEST = "latest"
RESTORED = "restored"
TRY_EARLIER = "try an earlier moment: saraban backup list"
VERIFY = "saraban backup verify names what is damaged; an earlier moment may have it: saraban backup list"


@dataclass(frozen=True, slots=True)
class Restored:
    """An office that was brought back: its folder, what the backup said, and what is wrong with it."""

    folder: Path
    record: BackupRecord
    wrong: tuple[Disagreement, ...]


def restore(
    restic: Restic, snapshot_id: str, folder: Path, tell: Callable[[str], None]
) -> Restored:
    """Bring a moment back into a folder that is empty or not there, rebuild its index, prove it.

    Half an office never lies under that name: it is brought back beside it and renamed. The book notes
    when it was restored, and from which moment. Out of a damaged backup comes what can be read of it, and
    what is missing is named. Raises BackupError, KeepingError, SettingsRefusedError.
    """
    folder = folder.absolute()
    if folder.exists() and (not folder.is_dir() or any(folder.iterdir())):
        raise RestoreRefusedError(
            f"{folder} is not empty; name a new folder", thai=f"{folder} ไม่ว่าง โปรดระบุโฟลเดอร์ใหม่"
        )
    chosen = choose(restic, snapshot_id)
    folder.parent.mkdir(parents=True, exist_ok=True)
    half = Path(tempfile.mkdtemp(prefix=f".{folder.name}-", dir=folder.parent))
    try:
        tell("ไฟล์ / the files")
        lost = restic.restore(chosen.snapshot_id, half)
        if not (half / RECORD).is_file():
            raise BackupDamagedError(restic.place, lost)
        record = BackupRecord.read((half / RECORD).read_bytes())
        (half / RECORD).unlink()
        half.chmod(0o755)  # as `saraban init` makes it; what is private inside is so by itself
        half.rename(folder)
    finally:
        shutil.rmtree(half, ignore_errors=True)
    office = open_office(folder)
    wrong = prove(office, record, tell)
    if lost:
        what = f"{lost} errors while it was read: it is damaged, and not every file came back"
        wrong.insert(0, Disagreement("backup", what, VERIFY))
    if (office.root / BOOK).is_file():
        with open_book(office) as book:
            book.audit.record(
                RESTORED, RESTORED, datetime.now(UTC), details={"made_at": record.made_at}
            )
    return Restored(folder, record, tuple(wrong))


def rehearse(
    restic: Restic, snapshot_id: str, scratch: Path, tell: Callable[[str], None]
) -> Restored:
    """Bring a moment back into a new folder below `scratch`, prove it, and remove it again."""
    with tempfile.TemporaryDirectory(prefix="saraban-rehearsal-", dir=scratch) as place:
        return restore(restic, snapshot_id, Path(place) / "office", tell)


def choose(restic: Restic, snapshot_id: str) -> Snapshot:
    """Return the moment of that id, or the newest."""
    moments = restic.snapshots()
    if snapshot_id == NEWEST and moments:
        return moments[-1]
    for one in moments:
        if len(snapshot_id) >= 8 and snapshot_id.startswith(one.snapshot_id):
            return one
    raise RestoreRefusedError(
        f"{restic.place} holds no moment {snapshot_id}; saraban backup list names all",
        thai=f"ไม่มีชุดสำรอง {snapshot_id} โปรดดูรายการด้วย saraban backup list",
    )


def prove(office: Office, record: BackupRecord, tell: Callable[[str], None]) -> list[Disagreement]:
    """Compare a restored office with what its backup said, build its index, and check it."""
    wrong = [Disagreement("backup", damage, TRY_EARLIER) for damage in record.damage]
    if not (office.root / BOOK).is_file():
        return [*wrong, Disagreement("backup", "the book is missing", TRY_EARLIER)]
    for folder in (office.archive, office.quarantine, office.rules, office.work):
        folder.mkdir(exist_ok=True)  # an empty one may have been taken away by hand
    rules = RulesInForce(office.rules, office.kept_rules).current()
    names = {one.code: one.name for one in rules.groups.groups}
    finder = Finder(office.search_index, office.settings.search.engine, names)
    try:
        with open_book(office, only_looks=True) as book:
            settle_moved(office, book)  # the office goes on here; the trail tells it as restored
            if not record.damage:
                wrong += _compare(book, record)
            tell("ดัชนีค้นหา / the index")
            indexer = Indexer(office.search_index, office.settings.search.engine, book, names)
            indexer.rebuild()
            while indexer.step():
                pass
            indexer.close()
            wrong += find_disagreements(office, book, finder, tell)
    except (KeepingError, SearchError) as trouble:
        wrong.append(Disagreement("backup", str(trouble), TRY_EARLIER))
    finally:
        finder.close()
    return wrong


def _compare(book: Book, record: BackupRecord) -> list[Disagreement]:
    """Compare what the book holds with what was written down when it was copied."""
    head, numbers = book.audit.head, book.last_numbers()
    wrong = []
    if (head.sequence, head.hash) != (record.audit_sequence, record.audit_hash):
        wrong.append(f"the audit trail ends with line {head.sequence}, not {record.audit_sequence}")
    for name in sorted(numbers.keys() | record.numbers.keys()):
        last, kept = numbers.get(name, 0), record.numbers.get(name, 0)
        if last != kept:
            wrong.append(f"the last number of {name} is {last}, not {kept}")
    return [Disagreement("backup", what, TRY_EARLIER) for what in wrong]
