"""What leaves the index leaves its files: not a byte of a letter found secret later stays behind."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import pytest

from index.search import ENGINES, Delete, LetterIndex, Upsert, open_index
from index.search.engine import TEXT_FIELDS
from index.search.record import document_of
from tests.searching import found, letter

BURIED = letter(
    40,
    subject="สอบสวนวินัยร้ายแรง",
    sender="สำนักงานปราบปรามสมมุติ",
    text="ข้อกล่าวหาทุจริตจัดซื้อคอมพิวเตอร์",
)
EARLIER = replace(BURIED, sender="กรมสมมุติก่อนแก้ไข")
CORRECTED = replace(BURIED, revision=2)
NEIGHBOURS = [letter(number, subject=f"เรื่องข้างเคียงที่ {number}") for number in range(1, 8)]
BOOK = {one.key: one for one in NEIGHBOURS}


def _bytes_of(folder: Path) -> bytes:
    return b"\0".join(file.read_bytes() for file in sorted(folder.rglob("*")) if file.is_file())


def _traces() -> list[bytes]:
    """What is searched for in the bytes: the sender as a facet, and pieces of the packed records."""
    packed = [document_of(one).record for one in (EARLIER, CORRECTED)]
    senders = [one.sender.encode()[-24:] for one in (EARLIER, CORRECTED)]
    return [*senders, *(record[40:64] for record in packed)]


@pytest.fixture(params=ENGINES)
def index(request: pytest.FixtureRequest, tmp_path: Path) -> LetterIndex:
    """Two files of letters, the buried one in both: as it was filed and as it was corrected."""
    opened = open_index(tmp_path, request.param)
    opened.apply(map(Upsert, [*NEIGHBOURS[:4], EARLIER]))
    opened.apply(map(Upsert, [*NEIGHBOURS[4:], CORRECTED]))
    return opened


def test_its_bytes_are_gone_and_all_others_are_found(index: LetterIndex, tmp_path: Path) -> None:
    before = _bytes_of(tmp_path)
    seen = [trace for trace in _traces() if trace in before]
    assert len(seen) >= 2, "the check can see it at all (Whoosh writes records in another spelling)"
    index.apply([Delete(BURIED.key, 3)])
    assert found(index, "ทุจริต") == []
    while index.forget(BOOK.get):
        pass
    after = _bytes_of(tmp_path)
    assert [trace for trace in _traces() if trace in after] == []
    for field in TEXT_FIELDS:
        for word in ("ทุจริต", "สอบสวน", "ปราบ", "คอมพิวเตอร์"):
            assert not list(index.engine.tokens_starting(field, word, 10))
    assert index.revisions() == dict.fromkeys(BOOK, 1)
    assert set(found(index, "ข้างเคียง")) == {one.letter_id for one in NEIGHBOURS}
    index.close()


def test_it_works_in_short_steps_and_then_has_nothing_to_do(
    index: LetterIndex, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("index.search.letter_index.FORGET_BATCH", 2)
    index.apply([Delete(BURIED.key, 3)])
    steps = 0
    while index.forget(BOOK.get):
        steps += 1
        assert index.count() == len(BOOK), "nothing is missing in between"
    assert steps
    assert not index.forget(BOOK.get)
    index.close()


def test_a_corrected_letter_is_no_reason_to_write_anything_anew(index: LetterIndex) -> None:
    assert not index.forget({**BOOK, BURIED.key: CORRECTED}.get)
    index.close()


def test_a_neighbour_that_left_the_book_meanwhile_goes_too(tmp_path: Path) -> None:
    index = open_index(tmp_path, "tantivy")
    index.apply(map(Upsert, [*NEIGHBOURS, BURIED]))
    index.apply([Delete(BURIED.key, 3)])
    first, *left = BOOK
    book = {**BOOK, first: replace(BOOK[first], is_secret=True)}
    while index.forget(book.get):
        pass
    assert set(index.revisions()) == set(left)
    index.close()
