"""Letters with real files in an archive, a batch that everybody gave up, and copies to be forgotten."""

from __future__ import annotations

import hashlib
import shutil
from collections.abc import Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field, replace
from datetime import date, datetime, timedelta
from pathlib import Path

from classify.letter import Secrecy
from index.archive import Archive
from index.book import Book
from index.check import check_archive
from index.choices import BookName
from index.register.sent.sent_copies import ReadCopy
from index.register.store.tables import BANGKOK
from index.retention.certificate import Certificate, Fate, PaperPart, Statement
from index.retention.erasing import ErasedLetter
from index.retention.retention import Retention
from index.visibility import Role, Viewer
from tests.keeping import (
    CLERK,
    NOW,
    REGISTRAR,
    MadeScan,
    make_draft,
    make_filing,
    send_one,
    take,
)
from tests.retaining import KEEPER, LAW, end_matter, paper_steps, seat_director

EXECUTOR = Viewer("สมปอง", frozenset({Role.RECORDS_OFFICER}))
MARCH = datetime(2038, 3, 15, 10, 0, tzinfo=BANGKOK)  # after the cooling-off time
SHREDDED = PaperPart(Fate.DESTROYED, "บดย่อย", "ห้องเก็บเอกสาร", date(2038, 3, 14))
STATEMENT = Statement(("อนันต์", "พยานสอง"), SHREDDED, date(2038, 9, 30), "คำสั่งที่ ๙/๒๕๘๑")


@dataclass(slots=True)
class MadeCopies:
    """Pictures and index of a test: letters whose copies are still somewhere."""

    there: set[int] = field(default_factory=set)
    stubborn: set[int] = field(default_factory=set)

    def forget(self, letters: Sequence[ErasedLetter]) -> None:
        self.there -= {one.letter_id for one in letters} - self.stubborn

    def remains(self, letters: Sequence[ErasedLetter]) -> Mapping[int, str]:
        return {
            one.letter_id: "a picture of a page" for one in letters if one.letter_id in self.there
        }


@dataclass(slots=True)
class Bench:
    """An office with letters that are due, and all that a destruction of them needs."""

    folder: Path
    book: Book
    retention: Retention
    archive: Archive
    copies: MadeCopies

    @property
    def url(self) -> str:
        return f"sqlite:///{self.folder}/saraban.db"

    def destroy(
        self,
        batch_id: str = "2581-1",
        statement: Statement = STATEMENT,
        who: Viewer = EXECUTOR,
        later_days: int = 0,
    ) -> Certificate:
        return self.retention.destruction.execute(
            who,
            batch_id,
            statement,
            archive=self.archive,
            copies=self.copies,
            now=MARCH + timedelta(days=later_days),
        )

    def is_whole(self, letter_id: int) -> bool:
        found = self.book.letters.by_id(CLERK, letter_id)
        return found is not None and bool(found.text) and found.erased_on is None

    def problems(self) -> list[str]:
        return [*self.book.verify(), *check_archive(self.book, self.archive)]


@contextmanager
def copied_bench(prepared: Path, folder: Path, copies: Iterable[int] = ()) -> Iterator[Bench]:
    """Copy an office that was prepared once and open its bench."""
    shutil.copytree(prepared, folder, dirs_exist_ok=True)
    with Book.open(f"sqlite:///{folder}/saraban.db") as book:
        archive = Archive(folder / "archive")
        yield Bench(folder, book, book.retention(LAW), archive, MadeCopies(set(copies)))


def keep_with_files(
    book: Book,
    retention: Retention,
    archive: Archive,
    folder: Path,
    key: object,
    *,
    code: str = "R10",
    finished: date = date(2027, 3, 1),
    secrecy: Secrecy = Secrecy.NONE,
    same_pdf: bool = False,
    pages: int = 1,
    number: str = "ศธ 04001/ว 123",
) -> int:
    """File a letter with an original and a searchable PDF in the archive, finished; return its id."""
    seat_director(book)
    scan = folder / f"{key}.scan"
    scan.write_bytes(f"scan of {key}".encode())
    pdf = folder / f"{key}.pdf"
    pdf.write_bytes(b"one PDF for all" if same_pdf else f"searchable {key}".encode())
    sha256 = hashlib.sha256(scan.read_bytes()).hexdigest()
    is_secret = bool(secrecy)
    archive.keep_original(scan, sha256, ".pdf", secret=is_secret)
    kept = archive.keep_searchable(pdf, secret=is_secret)
    book.jobs.record_arrival(MadeScan(scan, scan.name, sha256))
    filing = make_filing(number=number, text=f"ข้อความลึกซึ้ง {key}", secrecy=secrecy)
    filing = replace(filing, searchable_sha256=kept.sha256, page_count=pages)
    letter_id = book.jobs.file(take(book), filing, NOW).letter_id
    end_matter(retention, letter_id, code, finished, secret=is_secret)
    return letter_id


def keep_sent_with_files(
    book: Book,
    retention: Retention,
    archive: Archive,
    folder: Path,
    key: object,
    *,
    to: BookName = BookName.SEND,
    code: str = "R10",
    finished: date = date(2027, 3, 1),
    copies: int = 1,
    content: bytes = b"",
    secrecy: Secrecy = Secrecy.NONE,
) -> int:
    """Send a letter with copies that were read, classed and finished; return its paper id.

    `content` is the bytes of its first copy, where it is another's file too.
    """
    seat_director(book)
    who = REGISTRAR if secrecy else CLERK
    draft = replace(make_draft(subject=f"ส่ง {key}", secrecy=secrecy), retention_class=code)
    sent = send_one(book, draft, to=to, viewer=who).letter
    assert sent is not None
    for at in range(copies):
        scan, pdf = folder / f"{key}-{at}.sent", folder / f"{key}-{at}.sent.pdf"
        scan.write_bytes((content if at == 0 else b"") or f"copy {at} of {key}".encode())
        pdf.write_bytes(f"searchable copy {at} of {key}".encode())
        sha256 = hashlib.sha256(scan.read_bytes()).hexdigest()
        archive.keep_original(scan, sha256, ".pdf", secret=bool(secrecy))
        kept = archive.keep_searchable(pdf, secret=bool(secrecy))
        book.sent.attach(
            who,
            sent.sent_id,
            sha256=sha256,
            name=f"{key}.pdf",
            media_type="application/pdf",
            size_bytes=1,
            now=NOW,
        )
        job = book.sent_copies.take("w", 60, NOW)
        assert job is not None
        read = ReadCopy(f"ข้อความลึกซึ้งที่ส่ง {key}", 1, kept.sha256, has_mark=False)
        book.sent_copies.keep(job, read, NOW)
    noon = datetime(finished.year, finished.month, finished.day, 12, tzinfo=BANGKOK)
    retention.records.finish(who, -sent.sent_id, finished, now=noon)
    return -sent.sent_id


def has_ended(book: Book, letter_id: int) -> bool:
    """Tell of a paper whether its files or its paper are gone."""
    if letter_id > 0:
        found = book.letters.by_id(REGISTRAR, letter_id)
        assert found is not None, "the register row stays"
        return bool(found.erased_on or found.paper_ended_on)
    lines = book.sent.page(REGISTRAR, limit=100).entries
    (sent,) = (one.letter for one in lines if one.letter and one.letter.sent_id == -letter_id)
    return bool(sent.erased_on or sent.paper_ended_on)


def approve(retention: Retention, letter_ids: list[int], *, secret: bool = False) -> str:
    """Propose letters and take every step on paper; return the batch's id."""
    proposed = datetime(2038, 1, 12, 9, 0, tzinfo=BANGKOK)
    who = REGISTRAR if secret else KEEPER
    batch = retention.batches.propose(who, letter_ids, now=proposed, secret=secret)
    steps = paper_steps(list(batch.items))
    retention.batches.record(who, batch.batch_id, *steps, now=MARCH)
    return batch.batch_id
