"""A scan of several letters is cut at pages and each goes its own way; one cut by mistake is joined again."""

from __future__ import annotations

import hashlib
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import pikepdf
import pytest

from classify.letter import Secrecy
from index.archive import Archive, Shelf
from index.book import Book
from index.check import check_archive
from index.choices import BookName
from index.errors import NoSuchRecordError, PartsRefusedError
from index.register.received.parts import Piece, Relation, Rest
from pipeline.carry import Workbench
from pipeline.intake import Intake
from pipeline.office import Office
from pipeline.rules_in_force import RulesInForce
from pipeline.web.app import make_app
from tests import scans
from tests.keeping import CLERK, NOW, OFFICER, REGISTRAR, file_one, make_filing
from tests.unit.pipeline.conftest import LETTER, ToldEngine
from tests.unit.pipeline.test_worker import claim, work_one
from tests.unit.pipeline.web.desk.test_desk_pages import Person

BODY = ("ด้วยสำนักงานขอแจ้งรายละเอียด",) * 6
Form = dict[str, str | list[str]]


@pytest.fixture
def person(office: Office, book: Book) -> Iterator[Person]:
    app = make_app(office, book, rules=RulesInForce(office.rules, office.kept_rules))
    yield Person(app)
    app.state.site.finder.close()


@pytest.fixture
def scanned(intake: Intake, book: Book, bench: Workbench, office: Office) -> Path:
    """A scan of four pages in the book as 1/2569; every page has a letter's head."""
    assert isinstance(bench.engine, ToldEngine)
    bench.engine.lines = (*LETTER, *BODY)
    scan = scans.write_pdf(office.root / "inbox" / "a.pdf", pages=4)
    claim(intake)
    work_one(book, bench, office)
    assert not scan.exists()
    return scan


def split(person: Person, book: Book, *starts: int) -> int:
    letter = book.letters.by_id(CLERK, 1)
    assert letter is not None
    form: Form = {"revision": str(letter.revision), "start": [str(one) for one in starts]}
    return person.post("/letters/1/2569/split", form).status_code


def test_a_file_of_several_letters_is_proposed_to_be_split(
    person: Person, book: Book, scanned: Path
) -> None:
    letter = book.letters.by_id(CLERK, 1)
    assert letter is not None and letter.decision is not None and "pages" in letter.review
    (doubt,) = (one for one in letter.decision.review if one.field == "pages")
    assert doubt.pages == (2, 3, 4)
    assert "/letters/1/2569/split" in person.get("/review/1/2569").text
    page = person.get("/letters/1/2569/split").text
    assert page.count('name="start"') == 3
    assert page.count("checked") == 3


def test_the_pieces_become_letters_by_the_normal_way_and_all_know_each_other(
    person: Person, scanned: Path, intake: Intake, bench: Workbench, office: Office
) -> None:
    book = bench.book
    original = book.letters.file_of(CLERK, 1)
    assert split(person, book, 2, 4) == 303
    letter = person.get("/letters/1/2569").text
    assert letter.count("ฉบับใหม่ (กำลังอ่าน)") == 2
    assert letter.count("<figure") == 1
    assert person.get("/letters/1/2569/original").status_code == 404, "not read yet: may be secret"
    claim(intake)
    for _ in range(2):
        work_one(book, bench, office)
    numbers = {str(part.number): part for part in book.parts.kin(CLERK, 1).parts}
    assert sorted(numbers) == ["2/2569", "3/2569"]
    pages = {(part.first_page, part.last_page) for part in numbers.values()}
    assert pages == {(2, 3), (4, 4)}
    for letter_id in (2, 3):
        source = book.parts.kin(CLERK, letter_id).source
        assert source is not None
        assert str(source.number) == "1/2569"
        file = book.letters.file_of(CLERK, letter_id)
        with pikepdf.open(Archive(office.archive).path_of(file.sha256)) as pdf:
            assert len(pdf.pages) == file.page_count
        assert "แยกมาจาก" in person.get(f"/letters/{letter_id}/2569").text
    assert person.get("/letters/1/2569/original").status_code == 200
    assert Archive(office.archive).holds(original.sha256, Shelf.ORIGINAL)
    assert not Archive(office.archive).holds(str(original.searchable_sha256), Shelf.SEARCHABLE)
    assert list(check_archive(book, Archive(office.archive))) == []
    assert book.verify() == ()


def test_what_is_left_is_found_by_its_own_words_only(
    person: Person, book: Book, scanned: Path
) -> None:
    before = book.letters.by_id(CLERK, 1)
    assert before is not None
    assert before.text.count(LETTER[0]) == 4
    split(person, book, 2)
    after = book.letters.by_id(CLERK, 1)
    assert after is not None
    assert after.text.count("๑๒๗๔") == 1
    assert "pages" not in after.review


@pytest.mark.parametrize("starts", [(), (1,), (5,), (2, 9)])
def test_pages_that_cannot_begin_a_letter_are_refused(
    person: Person, book: Book, scanned: Path, office: Office, starts: tuple[int, ...]
) -> None:
    assert split(person, book, *starts) == 422
    assert not any((office.root / "handed-in").rglob("*.pdf"))
    assert book.letters.file_of(CLERK, 1).page_count == 4


def test_a_letter_that_was_changed_meanwhile_is_not_split(
    person: Person, book: Book, scanned: Path, office: Office
) -> None:
    form: Form = {"revision": "0", "start": ["2"]}
    answer = person.post("/letters/1/2569/split", form)
    assert answer.status_code == 422
    assert "มีผู้แก้ไข" in answer.text
    assert not any((office.root / "handed-in").rglob("*.pdf"))


def test_the_scan_is_closed_to_who_may_not_open_a_letter_cut_from_it(
    person: Person, scanned: Path, intake: Intake, bench: Workbench, office: Office
) -> None:
    book = bench.book
    assert isinstance(bench.engine, ToldEngine)
    split(person, book, 2)
    claim(intake)
    bench.engine.lines = ("ลับ", *LETTER)
    work_one(book, bench, office)
    assert person.get("/letters/1/2569/original").status_code == 404
    assert "2/2569" not in str(book.parts.kin(CLERK, 1))
    assert "/letters/2/2569" not in person.get("/letters/1/2569").text
    assert str(book.parts.kin(REGISTRAR, 1).parts[0].number) == "2/2569"


def test_a_letter_is_joined_to_another_and_gives_its_number_up(person: Person, book: Book) -> None:
    quiet = replace(make_filing(text="คำของฉบับแรก"), page_count=0)
    file_one(book, 1, quiet)
    file_one(book, 2, replace(make_filing(text="คำของฉบับที่สอง"), page_count=0))
    assert "จะถูกยกเลิก" in person.get("/letters/2/2569/join?into=๑/๒๕๖๙").text
    answer = person.post("/letters/2/2569/join", {"into": "๑/๒๕๖๙", "note": "สิ่งที่ส่งมาด้วย"})
    assert answer.headers["location"] == "/letters/1/2569"
    letter, joined = (book.letters.by_id(CLERK, one) for one in (1, 2))
    assert letter is not None
    assert joined is not None
    assert "คำของฉบับที่สอง" in letter.text
    assert joined.cancelled
    assert book.numbers.audit(BookName.RECEIVE, 2569).cancelled == (2,)
    (part,) = book.parts.kin(CLERK, 1).parts
    assert (part.relation, str(part.number)) == (Relation.JOINED, "2/2569")
    assert "๒/๒๕๖๙" not in person.get("/").text, "nobody's work any more"
    assert "ยกเลิกเลขแล้ว" in person.get("/?show=all").text
    assert "รวมเข้ากับ" in person.get("/letters/2/2569").text
    assert book.verify() == ()


def test_a_join_is_taken_back_and_the_number_given_again(person: Person, book: Book) -> None:
    for key, words in ((1, "คำของฉบับแรก"), (2, "คำของฉบับที่สอง"), (3, "คำของฉบับที่สาม")):
        file_one(book, key, replace(make_filing(text=words), page_count=0))
    for one in (2, 3):
        person.post(f"/letters/{one}/2569/join", {"into": "1/2569", "note": "แนบ"})
    assert person.post("/letters/1/2569/apart", {"joined": "9/2569"}).status_code == 404
    assert person.post("/letters/2/2569/apart", {"joined": "1/2569"}).status_code == 404
    assert "ยกเลิกการรวม" in person.get("/letters/1/2569").text
    answer = person.post("/letters/1/2569/apart", {"joined": "2/2569"})
    assert answer.headers["location"] == "/letters/1/2569"
    letter, apart = (book.letters.by_id(CLERK, one) for one in (1, 2))
    assert letter is not None
    assert apart is not None
    assert letter.text == "คำของฉบับแรก\nคำของฉบับที่สาม"
    assert not apart.cancelled
    assert book.numbers.audit(BookName.RECEIVE, 2569).cancelled == (3,)
    assert [str(one.number) for one in book.parts.kin(CLERK, 1).parts] == ["3/2569"]
    assert person.post("/letters/1/2569/apart", {"joined": "2/2569"}).status_code == 404
    assert book.verify() == ()
    person.viewer = OFFICER
    assert person.post("/letters/1/2569/apart", {"joined": "3/2569"}).status_code == 403


def test_a_cut_is_taken_back_by_a_join_which_taken_back_leaves_a_cut(
    person: Person, scanned: Path, intake: Intake, bench: Workbench, office: Office
) -> None:
    book = bench.book
    assert split(person, book, 2) == 303
    claim(intake)
    work_one(book, bench, office)
    assert "/letters/2/2569/join?into=1/2569" in person.get("/letters/1/2569").text
    person.post("/letters/2/2569/join", {"into": "1/2569"})
    person.post("/letters/1/2569/apart", {"joined": "2/2569"})
    (part,) = book.parts.kin(CLERK, 1).parts
    assert (part.relation, part.first_page) == (Relation.CUT, 2)


def test_a_cut_letter_is_joined_to_no_other_for_the_scan_it_came_from_still_shows_it(
    person: Person, scanned: Path, intake: Intake, bench: Workbench, office: Office
) -> None:
    """The scan asks each letter cut from it whether it is secret; joined elsewhere it could not."""
    book = bench.book
    split(person, book, 2)
    claim(intake)
    work_one(book, bench, office)
    file_one(book, 3, replace(make_filing(), page_count=0))
    with pytest.raises(PartsRefusedError, match="another letter's scan"):
        book.parts.join(CLERK, 2, 3, note="", now=NOW)
    answer = person.post("/letters/2/2569/join", {"into": "3/2569"})
    assert answer.status_code == 422
    assert "รวมกลับได้เฉพาะกับฉบับนั้น" in answer.text
    assert [str(one.number) for one in book.parts.kin(CLERK, 1).parts] == ["2/2569"]


def test_what_cannot_be_joined_is_refused_in_thai(person: Person, book: Book) -> None:
    for key in range(1, 4):
        secrecy = Secrecy.SECRET if key == 3 else Secrecy.NONE
        file_one(book, key, replace(make_filing(secrecy=secrecy), page_count=0))
    for into in ("1/2569", "9/2569", "x", "3/2569"):
        assert person.post("/letters/1/2569/join", {"into": into}).status_code == 422, into
    with pytest.raises(PartsRefusedError, match="secret"):
        book.parts.join(
            replace(REGISTRAR, roles=REGISTRAR.roles | CLERK.roles), 1, 3, note="", now=NOW
        )
    book.parts.join(CLERK, 2, 1, note="", now=NOW)
    with pytest.raises(PartsRefusedError, match="cancelled"):
        book.parts.join(CLERK, 2, 1, note="", now=NOW)
    with pytest.raises(PartsRefusedError, match="joined to it"):
        file_one(book, 4)
        book.parts.join(CLERK, 1, 4, note="", now=NOW)


def test_nobody_splits_or_joins_what_he_may_not_open(book: Book) -> None:
    file_one(book, 1, make_filing(secrecy=Secrecy.SECRET))
    file_one(book, 2)
    piece = Piece(hashlib.sha256(b"x").hexdigest(), 2, 2)
    with pytest.raises(NoSuchRecordError):
        book.parts.split(CLERK, 1, [piece], Rest(1, "0" * 64, ""), revision=1, now=NOW)
    with pytest.raises(NoSuchRecordError):
        book.parts.join(CLERK, 2, 1, note="", now=NOW)
    with pytest.raises(NoSuchRecordError):
        book.parts.kin(OFFICER, 2)


def test_only_the_desk_splits_and_joins(person: Person, book: Book) -> None:
    file_one(book, 1, replace(make_filing(group="plan"), page_count=0))
    person.viewer = OFFICER
    for what in ("split", "join"):
        assert person.get(f"/letters/1/2569/{what}").status_code == 403
        form = {"revision": "1", "into": "1/2569"}
        assert person.post(f"/letters/1/2569/{what}", form).status_code == 403
