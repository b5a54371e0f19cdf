"""A search is kept under a name for its owner, shown to her group only if she says so, deleted by her only."""

from __future__ import annotations

from dataclasses import replace

import pytest

from index.book import Book
from index.errors import NoSuchRecordError, SavedSearchRefusedError
from index.register.letters.saved_searches import LONGEST_NAME, MOST_KEPT
from index.visibility import Viewer
from tests.keeping import CLERK, NOW, OFFICER

WANTED = {"q": "งบประมาณ", "group": "plan", "sort": ""}
COLLEAGUE = replace(OFFICER, name="เพื่อนร่วมกลุ่ม")


def names(book: Book, viewer: Viewer) -> list[str]:
    return [one.name for one in book.saved_searches.seen_by(viewer)]


def test_a_saved_search_is_its_owners_alone(book: Book) -> None:
    saved = book.saved_searches.save(OFFICER, "  งบ   ปีนี้ ", WANTED, now=NOW)
    assert (saved.name, saved.wanted) == ("งบ ปีนี้", {"q": "งบประมาณ", "group": "plan"})
    assert book.saved_searches.seen_by(OFFICER) == (saved,)
    assert names(book, COLLEAGUE) == names(book, CLERK) == []


def test_the_group_sees_what_is_shared_after_its_own(book: Book) -> None:
    book.saved_searches.save(OFFICER, "ก ของกลุ่ม", WANTED, now=NOW, shared_with="plan")
    book.saved_searches.save(COLLEAGUE, "ฮ ของตน", WANTED, now=NOW)
    assert names(book, COLLEAGUE) == ["ฮ ของตน", "ก ของกลุ่ม"]
    assert names(book, CLERK) == []


def test_the_same_name_replaces(book: Book) -> None:
    book.saved_searches.save(OFFICER, "งบ", WANTED, now=NOW, shared_with="plan")
    book.saved_searches.save(OFFICER, "งบ", {"q": "เงินเดือน"}, now=NOW)
    (left,) = book.saved_searches.seen_by(OFFICER)
    assert (left.wanted, left.shared_with) == ({"q": "เงินเดือน"}, "")


def test_only_the_owner_deletes(book: Book) -> None:
    saved = book.saved_searches.save(OFFICER, "งบ", WANTED, now=NOW, shared_with="plan")
    with pytest.raises(NoSuchRecordError):
        book.saved_searches.delete(COLLEAGUE, saved.id)
    book.saved_searches.delete(OFFICER, saved.id)
    assert names(book, OFFICER) == []


@pytest.mark.parametrize(
    ("name", "shared"), [("", ""), ("   ", ""), ("ก" * (LONGEST_NAME + 1), ""), ("งบ", "finance")]
)
def test_what_cannot_be_kept_is_refused(book: Book, name: str, shared: str) -> None:
    with pytest.raises(SavedSearchRefusedError):
        book.saved_searches.save(OFFICER, name, WANTED, now=NOW, shared_with=shared)
    assert names(book, OFFICER) == []


def test_there_is_an_end_to_what_one_person_keeps(book: Book) -> None:
    for number in range(MOST_KEPT):
        book.saved_searches.save(OFFICER, f"ที่ {number}", WANTED, now=NOW)
    with pytest.raises(SavedSearchRefusedError):
        book.saved_searches.save(OFFICER, "อีกหนึ่ง", WANTED, now=NOW)
    book.saved_searches.save(OFFICER, "ที่ 0", {"q": "แทนที่"}, now=NOW)
