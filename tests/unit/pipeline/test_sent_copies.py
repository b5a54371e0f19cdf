"""A copy of a sent letter is read like a received scan: found by its words, hidden when it is marked secret."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import timedelta

import pytest

from classify.letter import Secrecy
from index.archive import Shelf
from index.book import Book
from index.check import check_archive
from index.choices import BookName, CopyState
from index.errors import LeaseLostError, NoSuchRecordError
from index.register.sent.sent_copies import CopyJob
from index.register.sent.sent_letter import SentFile
from index.registered_letter import LetterKey, RegisterNumber
from index.visibility import SECRET_PLACEHOLDER, Role, Viewer
from ocr.errors import EngineFailedError
from pipeline.audit import find_disagreements
from pipeline.carry import Workbench
from pipeline.finder import Finder, Wanted
from pipeline.indexer import Indexer
from pipeline.office import Office
from pipeline.worker import CopyErrand, Outcome, work
from tests import scans
from tests.keeping import (
    CLERK,
    NOW,
    OFFICER,
    REGISTRAR,
    file_one,
    make_draft,
    make_filing,
    send_one,
)
from tests.unit.pipeline.conftest import SECRET, ToldEngine
from tests.unit.pipeline.web.sent.test_sent_pages import FORM, Page, page

__all__ = ["page"]
HERE = "/sent/send/1/2569"
OTHER_CLERK = Viewer("สมหญิง", frozenset({Role.REGISTRY_CLERK}))
FIRST, SECOND = LetterKey.sent(1), LetterKey.sent(2)


@pytest.fixture
def indexer(office: Office, book: Book) -> Iterator[Indexer]:
    made = Indexer(office.search_index, "tantivy", book, {})
    yield made
    made.close()


@pytest.fixture
def finder(office: Office) -> Iterator[Finder]:
    made = Finder(office.search_index, "tantivy", {})
    yield made
    made.close()


def attach(page: Page, office: Office, name: str = "copy.png") -> None:
    scan = scans.write_png(office.root / name, name).read_bytes()
    answer = page.post(f"{HERE}/files", {}, {"file": (name, scan)})
    assert answer.headers["location"] == HERE


def take(book: Book) -> CopyJob:
    job = book.sent_copies.take("test", 60, NOW)
    assert job is not None
    return job


def read_copy(book: Book, bench: Workbench, office: Office) -> Outcome:
    return work(CopyErrand(take(book)), bench, office.quarantine, office.settings.work.attempts)


def copy_of(book: Book) -> SentFile:
    (file,) = book.sent.files(REGISTRAR, 1)
    return file


def found(finder: Finder, words: str, viewer: Viewer = CLERK, book: str = "") -> list[LetterKey]:
    wanted = Wanted(words, book=book)
    hits = finder.search(wanted, viewer=viewer, today=NOW.date(), facets=("book",)).hits
    return [hit.key for hit in hits]


def test_a_copy_is_read_made_searchable_and_found_by_what_stands_in_it(
    *, page: Page, book: Book, bench: Workbench, office: Office, indexer: Indexer, finder: Finder
) -> None:
    file_one(book, 1, make_filing(subject="งบลงทุนที่รับเข้า"))
    send_one(book, make_draft(subject="ขอส่งรายงาน", group="plan"))
    attach(page, office)
    assert "กำลังอ่าน" in page.get(HERE).text
    assert read_copy(book, bench, office).state is CopyState.READ
    file = copy_of(book)
    assert bench.archive.holds(str(file.searchable_sha256), Shelf.SEARCHABLE)
    assert page.get(f"{HERE}/files/1").headers["content-type"] == "application/pdf"
    original = page.get(f"{HERE}/files/1/original")
    assert original.content == (office.root / "copy.png").read_bytes()
    assert "กำลังอ่าน" not in page.get(HERE).text
    assert indexer.step() == 0
    assert set(found(finder, "งบลงทุน")) == {LetterKey.received(1), FIRST}
    assert found(finder, "งบลงทุน", book="send") == [FIRST]
    assert found(finder, "งบลงทุน", book="receive") == [LetterKey.received(1)]
    shown = page.get("/search?q=งบลงทุน").text
    assert f'href="{HERE}"' in shown
    assert "หนังสือส่ง" in shown
    assert page.get(f"{HERE}/small.jpg").headers["content-type"] == "image/jpeg"
    assert f'href="{HERE}"' in page.get("/search/print?q=งบลงทุน&book=send").text
    disagree = find_disagreements(office, book, finder, lambda _: None)
    assert [
        one.what for one in disagree if not one.what.startswith("letter 1 ")
    ] == []  # it has no scan


def test_a_group_finds_what_it_sent_itself_and_nothing_of_the_others(
    book: Book, indexer: Indexer, finder: Finder
) -> None:
    send_one(book, make_draft(subject="เบิกจ่ายเงินเดือน", group="plan"))
    send_one(book, make_draft(subject="เบิกจ่ายค่าเช่าบ้าน", group="hr"))
    indexer.step()
    assert found(finder, "เบิกจ่าย", OFFICER) == [FIRST]
    assert book.searchable.shown(OFFICER, [FIRST, SECOND]).keys() == {FIRST}
    assert set(found(finder, "เบิกจ่าย")) == {FIRST, SECOND}


def test_secret_and_cancelled_letters_leave_the_index(
    book: Book, indexer: Indexer, finder: Finder
) -> None:
    draft = make_draft(subject="ผลการสอบสวน", secrecy=Secrecy.SECRET)
    send_one(book, draft, viewer=REGISTRAR)
    send_one(book, make_draft(subject="ขอเชิญประชุม"))
    indexer.step()
    assert list(finder.revisions()) == [SECOND]
    book.sent.cancel(CLERK, BookName.SEND, RegisterNumber(2, 2569), note="พิมพ์ผิด", now=NOW)
    assert book.outbox.count() == 1
    indexer.step()
    assert finder.count() == 0
    assert book.outbox.count() == 0


def test_a_mark_on_the_copy_hides_the_letter_until_the_registrar_has_looked(
    *,
    page: Page,
    book: Book,
    bench: Workbench,
    office: Office,
    engine: ToldEngine,
    indexer: Indexer,
    finder: Finder,
) -> None:
    engine.lines = SECRET
    send_one(book, make_draft(subject="เรื่องที่ไม่ควรเห็น", group="plan"))
    indexer.step()
    attach(page, office)
    read_copy(book, bench, office)
    indexer.step()
    assert finder.count() == 0
    file = copy_of(book)
    secret = office.archive / "secret"
    assert bench.archive.path_of(file.sha256).is_relative_to(secret)
    assert bench.archive.path_of(str(file.searchable_sha256), Shelf.SEARCHABLE).is_relative_to(
        secret
    )
    entry = book.sent.by_number(CLERK, BookName.SEND, RegisterNumber(1, 2569))
    assert entry.letter is not None
    assert entry.letter.subject == SECRET_PLACEHOLDER
    assert page.get(HERE).status_code == 404
    assert "เรื่องที่ไม่ควรเห็น" not in page.get("/sent").text
    assert book.sent.suspected(CLERK) == ()
    page.looks(REGISTRAR)
    assert f'href="{HERE}"' in page.get("/secret").text
    assert "พบเครื่องหมายชั้นความลับ" in page.get(HERE).text
    page.post(f"{HERE}/change", {**FORM, "secrecy": ""})
    indexer.step()
    assert found(finder, "งบลงทุน") == [FIRST]
    page.looks(CLERK)
    assert page.get(HERE).status_code == 200


def test_until_its_marks_were_looked_at_a_copy_is_for_who_attached_it(
    page: Page, book: Book, bench: Workbench, office: Office
) -> None:
    send_one(book)
    attach(page, office)
    assert page.get(f"{HERE}/files/1").status_code == 200
    page.looks(OTHER_CLERK)
    assert page.get(f"{HERE}/files/1").status_code == 404
    assert "copy.png" not in page.get(HERE).text
    page.looks(REGISTRAR)
    assert page.get(f"{HERE}/files/1").status_code == 200
    read_copy(book, bench, office)
    page.looks(OTHER_CLERK)
    assert page.get(f"{HERE}/files/1").status_code == 200


def test_a_copy_that_cannot_be_read_stays_with_its_reason_and_can_be_tried_again(
    page: Page, book: Book, bench: Workbench, office: Office, engine: ToldEngine
) -> None:
    engine.failing = lambda: EngineFailedError("นายสมมติ.png", "told to")
    send_one(book)
    attach(page, office)
    assert read_copy(book, bench, office).state is CopyState.UNREAD
    assert book.sent_copies.take("test", 60, NOW) is None
    shown = page.get(HERE).text
    assert "อ่านไม่ได้" in shown
    assert copy_of(book).reason in shown
    engine.failing = None
    page.post(f"{HERE}/files/1/retry", {})
    assert read_copy(book, bench, office).state is CopyState.READ
    with pytest.raises(NoSuchRecordError):
        book.sent_copies.retry(CLERK, 1, copy_of(book).sha256, NOW)


def test_a_killed_workers_copy_is_read_by_another_and_its_own_result_is_refused(
    page: Page, book: Book, bench: Workbench, office: Office
) -> None:
    send_one(book)
    attach(page, office)
    first = take(book)
    assert book.sent_copies.take("other", 60, NOW) is None
    assert book.sent_copies.count_unfinished() == 1
    later = NOW + timedelta(seconds=61)
    second = book.sent_copies.take("other", 60, later)
    assert second is not None
    with pytest.raises(LeaseLostError):
        book.sent_copies.renew(first, 60, later)
    with pytest.raises(LeaseLostError):
        work(CopyErrand(first), bench, office.quarantine, 3)
    book.sent_copies.release(book.sent_copies.renew(second, 60, later))
    assert take(book).attempts == 2
    assert book.sent_copies.release_all("te") == 1
    for _ in range(3):
        book.sent_copies.release(take(book), died=True)
    assert read_copy(book, bench, office).state is CopyState.UNREAD  # tried too often
    assert book.sent_copies.count_unfinished() == 0
    assert list(check_archive(book, bench.archive)) == []
