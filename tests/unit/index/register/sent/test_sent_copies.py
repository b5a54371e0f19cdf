"""A copy's row is its job: leased, given back, taken over; who comes back late changes nothing."""

from __future__ import annotations

from datetime import datetime, timedelta

import pytest

from index.book import Book
from index.choices import CopyState
from index.errors import LeaseLostError
from index.register.sent.sent_copies import CopyJob, ReadCopy
from tests.keeping import CLERK, NOW, REGISTRAR, send_one
from watch_folder.whole import PDF

LATER = NOW + timedelta(minutes=2)
READ = ReadCopy("คำในสำเนา", 1, "b" * 64, has_mark=False)


def attach(book: Book, sha256: str = "a" * 64) -> None:
    send_one(book)
    sent_id = 1
    book.sent.attach(
        CLERK, sent_id, sha256=sha256, name="สำเนา.pdf", media_type=PDF, size_bytes=1, now=NOW
    )


def take(book: Book, worker: str, now: datetime = NOW) -> CopyJob:
    job = book.sent_copies.take(worker, 60, now)
    assert job is not None
    return job


def state_of(book: Book) -> CopyState:
    (file,) = book.sent.files(REGISTRAR, 1)
    return file.state


@pytest.mark.parametrize("other", ["w1", "w2"])
def test_a_first_try_is_over_when_the_copy_was_taken_again_even_by_the_same_name(
    book: Book, other: str
) -> None:
    attach(book)
    first = take(book, "w1")
    assert book.sent_copies.take(other, 60, NOW) is None
    second = take(book, other, LATER)
    assert (first.attempts, second.attempts) == (1, 2)
    for act in (
        lambda: book.sent_copies.renew(first, 60, LATER),
        lambda: book.sent_copies.release(first),
        lambda: book.sent_copies.keep(first, READ, LATER),
        lambda: book.sent_copies.give_up(first, "อ่านไม่ได้", "EOF", LATER),
    ):
        with pytest.raises(LeaseLostError):
            act()
    assert state_of(book) is CopyState.WORKING
    book.sent_copies.keep(second, READ, LATER)
    assert state_of(book) is CopyState.READ


def test_a_restarted_server_takes_back_its_own_copies_and_no_try_is_counted(book: Book) -> None:
    attach(book)
    take(book, "hostX1/0")
    for other in ("host-2/", "host_1/", "%"):
        assert book.sent_copies.release_all(other) == 0, other
    assert book.sent_copies.release_all("hostX1/") == 1
    assert book.sent_copies.count_unfinished() == 1
    assert take(book, "w2").attempts == 1
