"""The lists of the store: what is held on a day, what waits for a place, and what lies under which words."""

from __future__ import annotations

from datetime import date

import pytest

from index.book import Book
from index.retention.eligibility import HoldKind
from index.retention.records import Place
from index.retention.retention import Retention
from tests.retaining import JANUARY, KEEPER, keep_finished

TODAY = JANUARY.date()


def numbers(found: tuple[tuple[object, ...], int]) -> list[int]:
    lines, total = found
    ids = [line.letter.facts.letter_id for line in lines]  # type: ignore[attr-defined]
    assert len(ids) == total
    return ids


@pytest.mark.parametrize(
    ("words", "ids"),
    [
        ("", [1, 2, 3]),
        ("ผอ", [1, 2]),
        ("ผอ ๑", [1]),
        ("กล่อง ๗", [2]),
        ("ชั้น", [3]),
        ("๑", []),  # it begins with none
        ("%", []),
        ("ผอ_๑", []),
        ("ผ%๑", []),
    ],
)
def test_the_store_is_narrowed_to_what_begins_with_the_words(
    book: Book, retention: Retention, words: str, ids: list[int]
) -> None:
    for letter_id, (shelf, box, file_code) in enumerate(
        (("", "", "ผอ ๑"), ("", "กล่อง ๗", "ผอ ๒"), ("ชั้น ๑", "", "กค ๑")), 1
    ):
        keep_finished(book, retention, letter_id)
        place = Place(shelf, box, file_code, TODAY)
        retention.records.store(KEEPER, letter_id, place, now=JANUARY)
    assert numbers(retention.lists.stored(KEEPER, TODAY, words=words, limit=10)) == ids
    assert numbers(retention.lists.to_store(KEEPER, TODAY, limit=10)) == []


def test_what_is_held_that_day_stands_with_what_ends_first_in_front(
    book: Book, retention: Retention
) -> None:
    ends = {1: None, 2: date(2038, 3, 1), 3: date(2038, 2, 1), 4: TODAY, 5: None}
    for letter_id, until in ends.items():
        keep_finished(book, retention, letter_id)
        retention.records.place_hold(
            KEEPER, letter_id, HoldKind.LEGAL, reason="คดี", until=until, now=JANUARY
        )
    retention.records.release_hold(KEEPER, 5, HoldKind.LEGAL, reason="ยุติ", now=JANUARY)

    def held(day: date) -> list[int]:
        return [one.letter_id for one in retention.lists.held(KEEPER, day)]

    assert held(TODAY) == [4, 3, 2, 1]
    assert held(date(2038, 2, 1)) == [3, 2, 1]
    assert held(date(2038, 1, 11)) == [], "not placed yet"
