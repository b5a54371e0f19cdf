"""An approved batch is carried out letter by letter; what stays is the register row and the proof."""

from __future__ import annotations

from pathlib import Path

from index.archive import Archive, Shelf
from index.check import check_archive
from index.register.book import Book
from tests.destroying import EXECUTOR, MARCH, STATEMENT, MadeCopies, approve, keep_with_files
from tests.keeping import CLERK
from tests.retaining import LAW


def test_nothing_of_a_destroyed_letter_is_left_but_its_row_and_the_proof(tmp_path: Path) -> None:
    archive = Archive(tmp_path / "archive")
    with Book.open(f"sqlite:///{tmp_path}/saraban.db") as book:
        retention = book.retention(LAW)
        letter_id = keep_with_files(book, retention, archive, tmp_path, "a")
        before = book.letters.by_id(CLERK, letter_id)
        assert before is not None
        batch_id = approve(retention, [letter_id])
        copies = MadeCopies({letter_id})
        certificate = retention.destruction.execute(
            EXECUTOR, batch_id, STATEMENT, archive=archive, copies=copies, now=MARCH
        )
        assert [line.original_sha256 for line in certificate.lines] == [before.sha256]
        assert not any(list(archive.names(shelf)) for shelf in Shelf)
        after = book.letters.by_id(CLERK, letter_id)
        assert after is not None
        assert (after.subject, after.number, after.date) == (
            before.subject,
            before.number,
            before.date,
        )
        assert (after.text, after.letter, after.decision) == ("", None, None)
        assert book.letters.for_index(letter_id) is None
        assert book.verify() == ()
        assert list(check_archive(book, archive)) == []
        stone = retention.destruction.tombstone_of(CLERK, letter_id)
        assert stone is not None
        assert (stone.batch_id, stone.certificate) == (batch_id, certificate.number)
    assert "ข้อความลึกซึ้ง".encode() not in (tmp_path / "saraban.db").read_bytes()
