"""The index follows the book: a change is found at once, a secret never, a rebuild changes nothing."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date

import pytest

from classify.letter import Secrecy
from index.book import Book
from index.registered_letter import LetterKey
from index.search import open_index
from index.search.analysis import FORMAT, analysis_version
from index.search.errors import IndexUnavailableError
from pipeline.finder import Finder, Wanted
from pipeline.indexer import Indexer
from pipeline.office import Office
from tests.keeping import CLERK, NOW, OFFICER, REGISTRAR, file_one, hand_on, make_filing

TODAY = date(2026, 1, 20)


@pytest.fixture(params=["tantivy", "whoosh"])
def engine(request: pytest.FixtureRequest) -> str:
    return str(request.param)


@pytest.fixture
def indexer(office: Office, book: Book, engine: str) -> Iterator[Indexer]:
    made = Indexer(office.search_index, engine, book, {})
    yield made
    made.close()


@pytest.fixture
def finder(office: Office, engine: str) -> Iterator[Finder]:
    made = Finder(office.search_index, engine, {})
    yield made
    made.close()


def found(finder: Finder, wanted: Wanted) -> set[str]:
    return {hit.subject for hit in finder.search(wanted, viewer=CLERK, today=TODAY).hits}


def test_what_is_filed_is_found_by_a_reader_that_was_open_before(
    book: Book, indexer: Indexer, finder: Finder
) -> None:
    assert found(finder, Wanted("พัสดุ")) == set()
    file_one(book, 1, make_filing(subject="ตรวจสอบพัสดุประจำปี"))
    assert indexer.step() == 0
    assert found(finder, Wanted("พัสดุ")) == {"ตรวจสอบพัสดุประจำปี"}


def test_secret_letters_never_reach_the_index(book: Book, indexer: Indexer, finder: Finder) -> None:
    file_one(book, 1, make_filing(subject="ผลการสอบสวน", secrecy=Secrecy.SECRET))
    indexer.step()
    assert book.outbox.count() == 0
    assert finder.count() == 0


def test_search_is_narrowed_by_group_sender_and_date(
    book: Book, indexer: Indexer, finder: Finder
) -> None:
    file_one(book, 1, make_filing(subject="พัสดุหนึ่ง", group="plan", written=date(2026, 1, 5)))
    file_one(
        book,
        2,
        make_filing(subject="พัสดุสอง", group="hr", sender="กรมบัญชีกลาง", written=date(2026, 1, 9)),
    )
    indexer.step()
    assert found(finder, Wanted("พัสดุ")) == {"พัสดุหนึ่ง", "พัสดุสอง"}
    assert found(finder, Wanted("พัสดุ", group="hr")) == {"พัสดุสอง"}
    assert found(finder, Wanted("", sender="กรมบัญชีกลาง")) == {"พัสดุสอง"}
    assert found(finder, Wanted("พัสดุ", last_day=date(2026, 1, 8))) == {"พัสดุหนึ่ง"}
    assert found(finder, Wanted("พัสดุ", first_day=date(2026, 1, 9))) == {"พัสดุสอง"}


def test_a_rebuild_under_an_open_reader_and_writer_changes_nothing(
    office: Office, book: Book, indexer: Indexer, finder: Finder, engine: str
) -> None:
    file_one(book, 1, make_filing(subject="ก่อนสร้างใหม่"))
    indexer.step()
    assert found(finder, Wanted("ก่อนสร้างใหม่")) == {"ก่อนสร้างใหม่"}
    other = Indexer(office.search_index, engine, book, {})  # as `saraban index rebuild`
    assert other.rebuild() == 1
    other.close()
    file_one(book, 2, make_filing(subject="หลังสร้างใหม่"))
    indexer.step()
    assert found(finder, Wanted("หลังสร้างใหม่")) == {"หลังสร้างใหม่"}
    assert finder.revisions() == dict(book.searchable.revisions())


def test_an_index_behind_the_book_is_healed_when_opened(
    office: Office, book: Book, engine: str, finder: Finder
) -> None:
    file_one(book, 1, make_filing(subject="หายไปจากดัชนี"))
    book.outbox.done(book.outbox.pending())  # as after a restored backup
    healing = Indexer(office.search_index, engine, book, {})
    healing.step()
    healing.close()
    assert found(finder, Wanted("หายไปจากดัชนี")) == {"หายไปจากดัชนี"}


def test_a_letter_found_secret_later_is_hidden_at_once_and_then_leaves_the_files(
    office: Office, book: Book, indexer: Indexer, finder: Finder
) -> None:
    sender = "สำนักงานปราบปรามสมมุติ"
    letter_id = file_one(book, 1, make_filing(subject="ผลการสอบสวน", sender=sender)).letter_id
    file_one(book, 2, make_filing(number="ศธ 1/2", subject="เรื่องข้างเคียง"))
    indexer.step()
    files = [file for file in office.search_index.rglob("*") if file.is_file()]
    assert any(sender.encode()[-24:] in file.read_bytes() for file in files)
    book.desk.correct(REGISTRAR, letter_id, "secrecy", "ลับ", now=NOW)
    indexer.step()
    assert found(finder, Wanted("ผลการสอบสวน")) == set()
    while indexer.step():
        pass
    files = [file for file in office.search_index.rglob("*") if file.is_file()]
    assert not [file for file in files if sender.encode()[-24:] in file.read_bytes()]
    assert found(finder, Wanted("ข้างเคียง")) == {"เรื่องข้างเคียง"}


def test_what_turned_secret_is_not_found_completed_or_counted_before_the_index_follows(
    office: Office, book: Book, indexer: Indexer, engine: str
) -> None:
    finder = Finder(office.search_index, engine, {}, book.outbox.leaving)
    for key, subject in enumerate(("ตรวจสอบพัสดุประจำปี", "ตรวจสอบพัสดุที่ชำรุด")):
        file_one(book, key, make_filing(number=f"ศธ 1/{key}", subject=subject, group="plan"))
    hand_on(book, 1, 2)
    indexer.step()
    assert len(found(finder, Wanted("พัสดุ"))) == 2
    book.desk.correct(CLERK, 2, "secrecy", "ลับ", now=NOW)  # the index has not followed
    for viewer in (CLERK, OFFICER, REGISTRAR):
        result = finder.search(Wanted("พัสดุ"), viewer=viewer, today=TODAY, facets=("group",))
        assert (result.total, result.facets) == (1, {"group": {"plan": 1}})
        assert finder.complete("พัสดุ", "subject", viewer=viewer) == ("ตรวจสอบพัสดุประจำปี",)
        assert finder.more_like(LetterKey.received(1), viewer=viewer) == ()
    finder.close()


def test_an_index_of_the_analysis_before_is_searched_until_the_new_one_stands(
    office: Office, book: Book, indexer: Indexer, finder: Finder
) -> None:
    file_one(book, 1, make_filing(subject="ตรวจสอบพัสดุประจำปี"))
    indexer.step()
    indexer.close()
    about = office.search_index / (office.search_index / "active").read_text() / "about.json"
    about.write_text(about.read_text().replace(analysis_version(), f"{FORMAT} newmm 5.3.1 grams 3"))

    assert found(finder, Wanted("พัสดุ")) == {"ตรวจสอบพัสดุประจำปี"}
    assert open_index(office.search_index).is_outdated

    file_one(book, 2, make_filing(subject="จำหน่ายพัสดุ"))
    indexer.step()
    assert not open_index(office.search_index).is_outdated
    assert found(finder, Wanted("พัสดุ")) == {"ตรวจสอบพัสดุประจำปี", "จำหน่ายพัสดุ"}


def test_an_index_of_another_format_is_built_anew_by_itself_and_not_searched_meanwhile(
    office: Office, book: Book, indexer: Indexer, finder: Finder
) -> None:
    file_one(book, 1, make_filing(subject="ตรวจสอบพัสดุประจำปี"))
    indexer.step()
    indexer.close()
    about = office.search_index / (office.search_index / "active").read_text() / "about.json"
    about.write_text(about.read_text().replace(analysis_version(), "6 newmm 5.3.1 grams 3"))
    with pytest.raises(IndexUnavailableError, match="built with the analysis"):
        finder.search(Wanted("พัสดุ"), viewer=CLERK, today=TODAY)

    indexer.step()
    assert found(finder, Wanted("พัสดุ")) == {"ตรวจสอบพัสดุประจำปี"}
