"""Pages ask the book little: as often for many letters as for one, and not again while nothing changed."""

from __future__ import annotations

import re
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import replace
from datetime import timedelta
from html import unescape
from pathlib import Path

import pytest
from sqlalchemy import event

from classify.letter import Urgency
from index.archive import Archive
from index.book import Book
from index.choices import Step
from index.visibility import Role, Viewer
from pipeline.indexer import Indexer
from pipeline.office import Office
from pipeline.page_pictures import PagePictures
from tests import scans
from tests.keeping import CLERK, NOW, file_one, make_filing
from tests.visiting import Browser, visiting

MOST_STATEMENTS = 37  # a page of any list, with who looks, the alarms and the counts of files
MOST_OF_A_LETTER = 52  # with the counts that the menu tells


@pytest.fixture
def page(office: Office, book: Book) -> Iterator[Browser]:
    with visiting(office, book) as browser:
        browser.log_in(Role.REGISTRY_CLERK.value)
        yield browser


@contextmanager
def asked_of(book: Book) -> Iterator[list[str]]:
    """Collect the questions that the book is asked."""
    asked: list[str] = []

    def note(_connection: object, _cursor: object, statement: str, *_more: object) -> None:
        if not statement.startswith("BEGIN"):
            asked.append(statement)

    engine = book._database.engine
    event.listen(engine, "before_cursor_execute", note)
    try:
        yield asked
    finally:
        event.remove(engine, "before_cursor_execute", note)


def count(book: Book, page: Browser, address: str) -> int:
    """Return how many questions a page asks when nothing is remembered."""
    assert page.get(address).status_code == 200
    book.remembered._kept.clear()
    with asked_of(book) as asked:
        page.get(address)
    return len(asked)


@pytest.mark.parametrize(
    "address", ["/", "/?show=all", "/group?group=plan", "/search?q=งบประมาณ", "/dashboard"]
)
def test_many_letters_are_asked_for_as_one_is(
    page: Browser, office: Office, book: Book, address: str
) -> None:
    def file(key: int) -> None:
        letter = file_one(book, key, make_filing(subject=f"งบประมาณ {key}", group="plan"))
        if key % 2:
            book.desk.move(CLERK, letter.letter_id, Step.ROUTED, group="plan", now=NOW)
        indexer.step()

    indexer = Indexer(office.search_index, "tantivy", book, {})
    for key in range(2):
        file(key)
    with_two = count(book, page, address)
    for key in range(2, 8):
        file(key)
    assert count(book, page, address) == with_two <= MOST_STATEMENTS
    indexer.close()


def test_a_letters_page_asks_little(
    page: Browser, office: Office, book: Book, tmp_path: Path
) -> None:
    kept = Archive(office.archive).keep_searchable(
        scans.write_pdf(tmp_path / "a.pdf"), secret=False
    )
    file_one(book, 1, replace(make_filing(), searchable_sha256=kept.sha256))
    assert count(book, page, "/letters/1/2569") <= MOST_OF_A_LETTER


def test_a_list_that_asks_again_asks_the_book_only_after_a_change(
    page: Browser, book: Book
) -> None:
    file_one(book, 1, make_filing(urgency=Urgency.MOST_URGENT))
    address = _again(page.get("/").text)
    by_itself = {"hx-request": "true"}
    assert page.ask("GET", address, by_itself).status_code == 204
    with asked_of(book) as asked:
        assert page.ask("GET", address, by_itself).status_code == 204
    assert [one for one in asked if "FROM letters" in one] == []
    file_one(book, 2)
    changed = page.ask("GET", address, by_itself)
    assert changed.status_code == 200
    address = _again(changed.text)
    assert page.ask("GET", address, by_itself).status_code == 204
    page.now += timedelta(minutes=1)  # less time is left
    assert page.ask("GET", address, by_itself).status_code == 200


def test_what_another_has_seen_is_not_taken_for_ones_own(page: Browser, book: Book) -> None:
    letter = file_one(book)
    file_one(book, "secret", secret_door=True)
    address = _again(page.get("/?show=all").text)
    assert page.ask("GET", address).status_code == 204
    page.log_in(Role.SECRET_REGISTRAR.value)
    assert page.ask("GET", address).status_code == 200
    page.log_in(Role.REGISTRY_CLERK.value)
    assert page.ask("GET", address).status_code == 204
    clerk = Viewer(Role.REGISTRY_CLERK.value, CLERK.roles)
    book.desk.move(clerk, letter.letter_id, Step.ROUTED, group="plan", now=page.now)
    assert page.ask("GET", address).status_code == 200


def _again(text: str) -> str:
    found = re.search(r'hx-get="(?!/search/complete)([^"]+)"', text)
    assert found is not None
    return unescape(found[1])


def test_a_picture_is_drawn_once(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    pdf = scans.write_pdf(tmp_path / "a.pdf")
    pictures = PagePictures(tmp_path / "pictures")
    page, small = pictures.get(pdf, 1, secret=False), pictures.small(pdf, 1, secret=False)
    assert len(small.jpeg) < len(page.jpeg)
    assert (small.width, small.height) == (page.width, page.height)
    pdf.unlink()
    assert pictures.get(pdf, 1, secret=False) == page
    assert pictures.small(pdf, 1, secret=False) == small
    assert pictures.keeps("a")
    pictures.forget("a")
    assert not pictures.keeps("a")


def test_no_small_picture_of_a_secret_letter_is_kept(tmp_path: Path) -> None:
    pdf = scans.write_pdf(tmp_path / "a.pdf")
    assert PagePictures(tmp_path / "pictures").small(pdf, 1, secret=True).jpeg
    assert not (tmp_path / "pictures").exists()
