"""After a destruction no table keeps words of the letter but those of its row in the register."""

from __future__ import annotations

import hashlib
import sqlite3
from contextlib import closing
from dataclasses import replace
from datetime import date
from pathlib import Path

from sqlalchemy import text

from classify.claims import Claims
from classify.letter import Found, ReviewReason
from index.archive import Archive, Shelf
from index.book import Book
from index.choices import PaperKind, Step
from index.register.folder.papers import PaperDraft
from index.register.received.parts import Piece, Rest
from index.register.store.database import Database
from index.register.store.deliveries import Delivery
from tests.destroying import Bench, MadeCopies, approve
from tests.keeping import CLERK, NOW, MadeScan, make_filing, run_sql, take
from tests.retaining import KEEPER, LAW, seat_director

KEPT = "เรื่องที่อยู่ในทะเบียน"
WORDS = (
    "คำในตัวหนังสือ",
    "ลายมือชื่อผู้ลงนาม",
    "เรื่องที่อ่านผิด",
    "เรื่องที่แก้แล้วเลิก",
    "ชื่อแฟ้มสแกน",
    "เรื่องตามบัญชีนำเข้า",
    "คำในข้อสงสัย",
    "คำตอบจากปลายทาง",
    "เรื่องของสำเนา",
    "ชื่อแฟ้มสำเนา",
    "คำในตัวสำเนา",
    "คำในเหตุผลแก้",
    "เรื่องของบันทึกเสนอ",
    "คำในบันทึกเสนอ",
)


def file_scan(bench: Bench, key: str, name: str, text: str, subject: str) -> str:
    """Bring a scan that names its subject; the second with these fields is held back as a copy."""
    scan = bench.folder / f"{key}.scan"
    scan.write_bytes(f"scan of {key}".encode())
    sha256 = hashlib.sha256(scan.read_bytes()).hexdigest()
    bench.archive.keep_original(scan, sha256, ".pdf", secret=False)
    bench.book.jobs.record_arrival(MadeScan(scan, f"{name}.pdf", sha256, door="inbox"))
    doubts = (ReviewReason("group", "routing", f"กลุ่มตาม {WORDS[6]}", f"by {WORDS[6]}"),)
    filing = make_filing(text=text * 2000, subject=subject, review=doubts)
    signer = Found(WORDS[1], WORDS[1], 0.9, 1, None, "made up")
    letter = replace(filing.letter, signer=signer)
    filing = replace(filing, letter=letter, page_count=3, page_hash="f0f0", hold_back=True)
    bench.book.jobs.file(take(bench.book), filing, NOW)
    return sha256


def live_through_everything(bench: Bench) -> tuple[str, str]:
    """Import, doubt, correction, undo, movement, a cut, a copy held back, a delivery that failed."""
    book, scan = bench.book, hashlib.sha256(b"scan of first").hexdigest()
    claims = Claims(subject=WORDS[5], sender=WORDS[5], recipient=WORDS[5], date=date(2026, 1, 4))
    book.imports.record("amss", {scan: claims}, who="มาลี", now=NOW)
    book.deliveries.follow(lambda _: ())
    assert file_scan(bench, "first", WORDS[4], WORDS[0], WORDS[2]) == scan
    book.deliveries.follow(lambda _: [("registry", "letter.filed")])
    (delivery, *_) = book.deliveries.due(NOW)
    assert isinstance(delivery, Delivery)
    book.deliveries.failed(delivery, f"answered: {WORDS[7]}", NOW)
    # so long that it has pages of its own in the database, which are given up again
    book.desk.correct(CLERK, 1, "subject", WORDS[3] * 200, now=NOW, reason=WORDS[11])
    book.desk.undo(CLERK, 1, now=NOW)
    book.desk.correct(CLERK, 1, "subject", KEPT, now=NOW)
    book.desk.move(CLERK, 1, Step.ROUTED, group="plan", now=NOW)
    seat_director(book)
    memo = PaperDraft(PaperKind.MEMO, "plan", 1, WORDS[12], WORDS[13])
    book.folder.withdraw(CLERK, book.folder.submit(CLERK, memo, now=NOW), now=NOW)
    letter = book.letters.by_id(CLERK, 1)
    assert letter is not None
    pieces, rest = [Piece("0" * 64, 2, 3)], Rest(1, "1" * 64, WORDS[0])
    book.parts.split(CLERK, 1, pieces, rest, revision=letter.revision, now=NOW)
    copy = file_scan(bench, "second", WORDS[9], WORDS[10], WORDS[8])
    bench.retention.records.finish(KEEPER, 1, date(2027, 3, 1), now=NOW.replace(year=2027, month=4))
    return scan, copy


def bytes_of(bench: Bench) -> bytes:
    return b"".join(one.read_bytes() for one in sorted(bench.folder.glob("saraban.db*")))


def tables_with(bench: Bench, word: str) -> list[str]:
    """Return the tables with a word in any of their columns, JSON read as the words it means."""
    found = []
    escaped = word.encode("unicode_escape").decode().lower()
    with closing(sqlite3.connect(bench.folder / "saraban.db")) as connection:
        names = connection.execute("SELECT name FROM sqlite_master WHERE type = 'table'").fetchall()
        for (name,) in names:
            rows = str(connection.execute(f"SELECT * FROM {name}").fetchall()).replace("\\\\", "\\")
            if word in rows or escaped in rows.lower():
                found.append(name)
    return found


def test_nothing_a_letter_went_through_keeps_its_words(tmp_path: Path) -> None:
    with Book.open(f"sqlite:///{tmp_path}/saraban.db") as book:
        archive = Archive(tmp_path / "archive")
        bench = Bench(tmp_path, book, book.retention(LAW), archive, MadeCopies({1, 2}))
        scan, copy = live_through_everything(bench)
        homes = {word: tables_with(bench, word) for word in WORDS}
        assert {"corrections", "changes"} <= set(homes["เรื่องที่แก้แล้วเลิก"])
        made = {word for word, tables in homes.items() if tables}
        assert made == set(WORDS) - {"คำในตัวสำเนา"}, "the text of a copy is not kept at all"

        approve(bench.retention, [1])
        bench.destroy()

        assert {word: tables_with(bench, word) for word in WORDS} == {word: [] for word in WORDS}
        left = bytes_of(bench)
        for word in WORDS:
            assert word.encode() not in left, word
            assert word.encode("unicode_escape") not in left, word
        assert tables_with(bench, KEPT)
        assert not archive.holds(scan, Shelf.ORIGINAL)
        assert not archive.holds(copy, Shelf.ORIGINAL)
        assert bench.problems() == []
        assert run_sql(bench.url, "SELECT count(*) FROM corrections") == [(3,)]


def test_what_is_replaced_is_overwritten_in_the_file(tmp_path: Path) -> None:
    engine = Database(f"sqlite:///{tmp_path}/saraban.db", "office").engine
    with engine.connect() as connection:
        assert connection.execute(text("PRAGMA secure_delete")).scalar() == 1
    engine.dispose()
