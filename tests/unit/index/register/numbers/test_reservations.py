"""A scan is filed under a reserved receive number: one scan a number, the run stays whole, nothing is used twice."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace

import pytest

from index.book import Book
from index.choices import BookName, NumberStatus
from index.errors import NumberRefusedError, ReservationTakenError
from index.registered_letter import RegisterNumber
from tests.keeping import CLERK, NOW, file_one, make_filing, make_scan

FIRST, SECOND = make_scan(1).sha256, make_scan(2).sha256


def reserve(book: Book) -> RegisterNumber:
    return book.numbers.reserve(BookName.RECEIVE, note="รอต้นฉบับ", who="ก", now=NOW)


def bind(book: Book, number: RegisterNumber, sha256: str = FIRST, who: str = "ก") -> bool:
    return book.reservations.bind(number, sha256, who=who, now=NOW)


def assert_whole(book: Book, last: int) -> None:
    audit = book.numbers.audit(BookName.RECEIVE, 2569)
    assert (audit.gaps, audit.doubles, audit.last) == ((), (), last)


def test_the_scan_gets_its_number_and_the_next_one_goes_on_after_the_run(book: Book) -> None:
    number = reserve(book)
    assert bind(book, number)
    assert bind(book, number), "a form sent twice changes nothing"
    assert book.reservations.all()[0].waits
    other = file_one(book, 2)
    mine = file_one(book, 1)
    assert (mine.register_number, str(other.register_number)) == (number, "2/2569")
    assert book.reservations.all() == ()
    assert_whole(book, 2)
    with pytest.raises(NumberRefusedError):
        bind(book, number, SECOND)
    actions = [one.action for one in book.audit.entries(limit=20)]
    assert actions.count("number_bound") == 1


def test_of_two_people_who_choose_one_number_the_second_is_refused(book: Book) -> None:
    number = reserve(book)

    def choose(person: int) -> str:
        try:
            return str(bind(book, number, make_scan(person).sha256, f"คน {person}"))
        except ReservationTakenError as taken:
            return taken.thai

    with ThreadPoolExecutor(4) as people:
        said = sorted(people.map(choose, range(1, 5)))
    assert said[0] == "True"
    assert said[1:] == [ReservationTakenError.thai] * 3
    letters = [file_one(book, person) for person in range(1, 5)]
    assert [one.register_number.running for one in letters].count(number.running) == 1
    assert_whole(book, 4)


def test_a_scan_that_has_a_number_keeps_it_and_the_reserved_one_stays_free(book: Book) -> None:
    known = file_one(book, 1)
    number = reserve(book)
    assert not bind(book, number)
    assert not book.reservations.all()[0].waits
    assert known.register_number != number


def test_a_number_let_go_or_cancelled_gives_the_scan_the_next_one(book: Book) -> None:
    first, second = reserve(book), reserve(book)
    bind(book, first, FIRST)
    book.reservations.let_go(first, who="ข", now=NOW)
    book.reservations.let_go(first, who="ข", now=NOW)
    bind(book, second, SECOND)
    book.numbers.cancel(BookName.RECEIVE, second, note="ไม่ใช้", who="ก", now=NOW)
    assert [file_one(book, key).register_number.running for key in (1, 2)] == [3, 4]
    assert [one.number for one in book.reservations.all()] == [first]
    assert_whole(book, 4)
    with pytest.raises(NumberRefusedError):
        book.reservations.let_go(second, who="ก", now=NOW)


def test_another_number_chosen_for_the_same_scan_takes_the_place_of_the_first(book: Book) -> None:
    first, second = reserve(book), reserve(book)
    bind(book, first)
    bind(book, second)
    assert [one.waits for one in book.reservations.all()] == [False, True]
    assert file_one(book, 1).register_number == second


def test_a_further_copy_that_is_joined_gives_its_number_back(book: Book) -> None:
    number = reserve(book)
    first = file_one(book, 1)
    bind(book, number, SECOND)
    file_one(book, 2, replace(make_filing(), hold_back=True))
    (pair,) = book.same_letters.open(CLERK)
    book.same_letters.join(CLERK, first.letter_id, pair.second_id, now=NOW)
    (drawn,) = [one for one in book.numbers.of_year(BookName.RECEIVE, 2569) if one.number == number]
    assert drawn.status is NumberStatus.RESERVED
    assert not book.reservations.all()[0].waits
    assert_whole(book, 2)
