"""A letter's row is its job: leased, given back, taken over, filed once, or set aside with a reason."""

from __future__ import annotations

from datetime import timedelta
from pathlib import Path

import pytest

from index.book import Book
from index.choices import JobState
from index.errors import LeaseLostError, NoSuchRecordError
from index.register.received.jobs import Reason
from tests.keeping import (
    CLERK,
    NOW,
    REGISTRAR,
    file_one,
    make_filing,
    make_scan,
    take,
)

BROKEN = Reason("truncated", "ไฟล์ไม่สมบูรณ์", "the file is cut off", "ลับ.pdf: EOF")
LATER = NOW + timedelta(minutes=2)


def test_a_file_becomes_a_waiting_letter(book: Book) -> None:
    arrival = book.jobs.record_arrival(make_scan())
    assert (arrival.is_duplicate, arrival.state) == (False, JobState.WAITING)
    job = take(book)
    scan = make_scan()
    assert (job.letter_id, job.sha256, job.path, job.name, job.received_at) == (
        arrival.letter_id,
        scan.sha256,
        scan.path,
        scan.name,
        scan.received_at,
    )


def test_reporting_the_same_claim_again_changes_nothing(book: Book) -> None:
    first = book.jobs.record_arrival(make_scan())
    assert book.jobs.record_arrival(make_scan()) == first
    counts = book.letters.count_states(CLERK)
    assert (counts.received, counts.duplicates) == (1, 0)


def test_the_same_bytes_in_another_file_are_a_duplicate(book: Book) -> None:
    first = book.jobs.record_arrival(make_scan(claim="1"))
    second = book.jobs.record_arrival(make_scan(claim="2"))
    assert second.is_duplicate
    assert second.letter_id == first.letter_id
    assert book.jobs.record_arrival(make_scan(claim="2")).is_duplicate
    counts = book.letters.count_states(CLERK)
    assert (counts.received, counts.waiting, counts.duplicates) == (2, 1, 1)


def test_the_longest_waiting_letter_comes_first_and_each_goes_to_one_worker(book: Book) -> None:
    for key in "abc":
        book.jobs.record_arrival(make_scan(key))
    taken = [take(book, worker).letter_id for worker in ("w1", "w2", "w3")]
    assert taken == [1, 2, 3]
    assert book.jobs.take("w4", 60, NOW) is None


def test_a_queue_may_name_the_letter(book: Book) -> None:
    for key in "ab":
        book.jobs.record_arrival(make_scan(key))
    job = book.jobs.take("w1", 60, NOW, letter_id=2)
    assert job is not None
    assert job.letter_id == 2
    assert book.jobs.take("w2", 60, NOW, letter_id=2) is None


def test_a_dead_workers_letter_is_taken_over_when_its_lease_runs_out(book: Book) -> None:
    book.jobs.record_arrival(make_scan())
    lost = take(book, "killed")
    assert book.jobs.take("w2", 60, NOW + timedelta(seconds=59)) is None
    again = take(book, "w2", NOW + timedelta(seconds=60))
    assert (again.letter_id, again.attempts) == (lost.letter_id, 2)


def test_a_renewed_lease_is_not_taken_over(book: Book) -> None:
    book.jobs.record_arrival(make_scan())
    job = take(book, "w1")
    book.jobs.renew(job, 600, NOW)
    assert book.jobs.take("w2", 60, LATER) is None


def test_a_worker_that_comes_back_late_changes_nothing(book: Book) -> None:
    book.jobs.record_arrival(make_scan())
    late = take(book, "slow")
    take(book, "w2", LATER)
    for act in (
        lambda: book.jobs.file(late, make_filing(), LATER),
        lambda: book.jobs.renew(late, 60, LATER),
        lambda: book.jobs.release(late),
        lambda: book.jobs.quarantine(late, BROKEN, LATER),
    ):
        with pytest.raises(LeaseLostError, match="slow"):
            act()
    assert book.letters.count_states(CLERK).working == 1


def test_a_worker_that_gave_its_letter_back_has_it_no_more(book: Book) -> None:
    book.jobs.record_arrival(make_scan())
    given_back = take(book, "w1")
    book.jobs.release(given_back)
    other = take(book, "w2")
    assert other.attempts == given_back.attempts, "only the worker tells the two apart"
    with pytest.raises(LeaseLostError, match="w1"):
        book.jobs.file(given_back, make_filing(), NOW)
    book.jobs.release(other)
    nobodys = book.jobs.find(make_scan().sha256)
    assert nobodys is not None
    with pytest.raises(LeaseLostError, match="nobody"):
        book.jobs.file(nobodys, make_filing(), NOW)


def test_a_worker_that_took_the_letter_again_is_told_that_its_first_try_is_over(book: Book) -> None:
    book.jobs.record_arrival(make_scan())
    first = take(book, "w1")
    second = take(book, "w1", LATER)  # the same name: only the try tells the two apart
    for act in (
        lambda: book.jobs.renew(first, 60, LATER),
        lambda: book.jobs.release(first),
        lambda: book.jobs.quarantine(first, BROKEN, LATER),
        lambda: book.jobs.file(first, make_filing(), LATER),
    ):
        with pytest.raises(LeaseLostError):
            act()
    assert book.jobs.file(second, make_filing(), LATER).register_number.running == 1


def test_a_lease_that_ran_out_still_counts_while_nobody_else_took_the_letter(book: Book) -> None:
    book.jobs.record_arrival(make_scan())
    job = take(book)
    assert book.jobs.file(job, make_filing(), LATER).register_number.running == 1


def test_a_late_worker_gets_the_number_that_another_gave(book: Book) -> None:
    book.jobs.record_arrival(make_scan())
    late = take(book, "slow")
    other = book.jobs.file(take(book, "w2", LATER), make_filing(subject="ฉบับที่ถูก"), LATER)
    assert book.jobs.file(late, make_filing(subject="อื่น"), LATER) == other


def test_filing_twice_gives_the_same_number(book: Book) -> None:
    book.jobs.record_arrival(make_scan())
    job = take(book)
    assert book.jobs.file(job, make_filing(), NOW) == book.jobs.file(job, make_filing(), NOW)
    assert book.verify() == ()


def test_a_letter_given_back_waits_again_and_the_try_is_not_counted(book: Book) -> None:
    book.jobs.record_arrival(make_scan())
    book.jobs.release(take(book))
    assert take(book).attempts == 1


def test_a_restarted_server_takes_back_what_its_dead_workers_held(book: Book) -> None:
    for key in "abc":
        book.jobs.record_arrival(make_scan(key))
    take(book, "host-1/0")
    take(book, "host-1/1")
    take(book, "host-12/0")
    assert book.jobs.release_all("host-1/") == 2
    counts = book.letters.count_states(CLERK)
    assert (counts.waiting, counts.working) == (2, 1)


def test_a_servers_name_is_no_pattern(book: Book) -> None:
    book.jobs.record_arrival(make_scan())
    take(book, "hostX1/0")
    for other in ("host_1/", "host%/", "%"):
        assert book.jobs.release_all(other) == 0, other
    assert book.jobs.release_all("hostX1/") == 1


def test_quarantine_keeps_the_reason_and_a_retry_forgets_it(book: Book) -> None:
    book.jobs.record_arrival(make_scan())
    book.jobs.quarantine(take(book), BROKEN, NOW, path=Path("quarantine/a.pdf"))
    assert book.jobs.take("w1", 60, LATER) is None
    (held,) = book.quarantine.held(REGISTRAR)
    assert (held.reason, held.path, held.name) == (
        BROKEN,
        Path("quarantine/a.pdf"),
        make_scan().name,
    )
    job = book.jobs.retry(held.letter_id, who="มาลี", now=NOW, path=Path("work/x.pdf"))
    assert (job.attempts, job.path) == (0, Path("work/x.pdf"))
    assert book.quarantine.held(REGISTRAR) == ()
    assert book.jobs.file(take(book), make_filing(), NOW).register_number.running == 1


def test_what_is_not_in_quarantine_cannot_be_retried(book: Book) -> None:
    filed = file_one(book)
    for letter_id in (filed.letter_id, 99):
        with pytest.raises(NoSuchRecordError, match="quarantine"):
            book.jobs.retry(letter_id, who="มาลี", now=NOW)


def test_a_letter_is_found_by_its_bytes_in_every_state(book: Book) -> None:
    sha256 = make_scan().sha256
    assert book.jobs.find(sha256) is None
    filed = file_one(book)
    job = book.jobs.find(sha256)
    assert job is not None
    assert (job.letter_id, job.state) == (filed.letter_id, JobState.FILED)
    assert book.jobs.known_scans() == {sha256}


def test_names_that_no_database_can_store_are_stored_as_far_as_they_can(book: Book) -> None:
    scan = make_scan()
    odd = type(scan)(scan.path, "สแกน\udc80\0.pdf", scan.sha256)
    book.jobs.record_arrival(odd)
    assert take(book).name == "สแกน.pdf"


def test_a_moment_without_a_time_zone_is_refused(book: Book) -> None:
    book.jobs.record_arrival(make_scan())
    with pytest.raises(Exception, match="time zone"):
        book.jobs.take("w1", 60, NOW.replace(tzinfo=None))
