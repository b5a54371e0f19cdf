"""What people change at the desk: checked values, a new revision, who and when, and an end to doubts."""

from __future__ import annotations

from dataclasses import replace
from datetime import date

import pytest

from classify.letter import ReviewReason, Secrecy
from index.book import Book
from index.choices import Step
from index.errors import CorrectionRefusedError, NoSuchRecordError
from index.register.letters.letters import LetterFilter
from tests.keeping import (
    CLERK,
    DOUBTFUL_NUMBER,
    NOW,
    OFFICER,
    REGISTRAR,
    file_one,
    hand_on,
    make_filing,
    make_scan,
)

SECOND_DOUBT = ReviewReason("number", "unknown_agency", "ไม่รู้จักหน่วยงาน", "unknown agency")
DATE_DOUBT = ReviewReason("date", "future", "วันที่ในอนาคต", "in the future")


@pytest.mark.parametrize(
    ("field", "value", "stands"),
    [
        ("subject", " การประชุม\n ครู ", "การประชุม ครู"),
        ("sender", "", ""),
        ("date", "2026-02-28", date(2026, 2, 28)),
        ("date", "", None),
        ("urgency", "ด่วนที่สุด", "ด่วนที่สุด"),
        ("kind", "order", "order"),
        ("group", "legal", "legal"),
        ("recipient", "ผู้อำนวยการกลุ่ม", "ผู้อำนวยการกลุ่ม"),
    ],
)
def test_a_correction_stands_and_is_kept_as_an_example(
    book: Book, field: str, value: str, stands: object
) -> None:
    before = file_one(book)
    after = book.desk.correct(CLERK, 1, field, value, now=NOW, reason="อ่านผิด")
    assert getattr(after, field) == stands
    assert after.revision == before.revision + 1
    assert after.letter == before.letter  # what the program found stays as evidence
    (example,) = book.desk.corrections_of(CLERK, 1)
    assert (example.field, example.who, example.reason) == (field, CLERK.name, "อ่านผิด")
    assert example.old == str(getattr(before, field))
    assert example.new == str(stands or "")
    assert book.letters.by_id(CLERK, 1) == after
    assert book.verify() == ()


@pytest.mark.parametrize(
    ("field", "value"),
    [
        ("date", "31/12/2569"),
        ("date", "2026-02-30"),
        ("urgency", "ด่วนมากๆ"),
        ("kind", "letter"),
        ("secrecy", "secret"),
        ("group", ""),
        ("group", "x" * 33),
        ("retention_class", "R01"),  # only retention changes it, and asks before it shortens
        ("is_secret", "0"),
        ("sha256", "0"),
    ],
)
def test_a_value_that_the_field_cannot_hold_is_refused(book: Book, field: str, value: str) -> None:
    before = file_one(book)
    with pytest.raises(CorrectionRefusedError, match=field):
        book.desk.correct(CLERK, 1, field, value, now=NOW)
    assert book.letters.by_id(CLERK, 1) == before
    assert book.desk.corrections_of(CLERK, 1) == ()


def test_a_corrected_number_is_found_in_every_spelling(book: Book) -> None:
    file_one(book)
    book.desk.correct(CLERK, 1, "number", "กค ๐๔๐๒.๒/ว. ๑๙๕", now=NOW)
    wanted = LetterFilter(number="กค 0402.2 / ว195")
    assert book.letters.page(CLERK, wanted).total == 1


def test_correcting_or_confirming_a_field_ends_its_doubts_and_only_its(book: Book) -> None:
    review = (DOUBTFUL_NUMBER, SECOND_DOUBT, DATE_DOUBT)
    assert file_one(book, "a", make_filing(review=review)).review == ("number", "date")
    after = book.desk.correct(CLERK, 1, "number", "ศธ 04001/ว 124", now=NOW)
    assert after.review == ("date",)
    assert book.desk.confirm(CLERK, 1, "date", now=NOW).review == ()
    assert book.letters.count_states(CLERK).review == 0
    assert book.verify() == ()


def test_a_doubt_that_the_decision_forgot_is_asked_all_the_same(book: Book) -> None:
    filing = make_filing(review=(DOUBTFUL_NUMBER,))
    doubted = replace(filing.letter, doubts=(DOUBTFUL_NUMBER, DATE_DOUBT))
    letter = file_one(book, "a", replace(filing, letter=doubted))
    assert letter.review == ("number", "date")
    assert book.verify() == ()


def test_setting_the_same_value_confirms_it_and_is_no_correction(book: Book) -> None:
    number = file_one(book, "a", make_filing(review=(DOUBTFUL_NUMBER,))).number
    after = book.desk.correct(CLERK, 1, "number", number, now=NOW)
    assert (after.review, after.revision) == ((), 2)
    assert book.desk.corrections_of(CLERK, 1) == ()
    assert book.audit.entries()[-1].action == "confirmed"


def test_a_change_that_changes_nothing_makes_no_revision(book: Book) -> None:
    before = file_one(book)
    assert book.desk.correct(CLERK, 1, "number", before.number, now=NOW) == before
    assert book.desk.confirm(CLERK, 1, "subject", now=NOW) == before


def test_only_the_registrar_says_that_a_hidden_letter_is_not_secret(book: Book) -> None:
    file_one(book, "a", make_filing(secrecy=Secrecy.SECRET))
    with pytest.raises(NoSuchRecordError):
        book.desk.correct(CLERK, 1, "secrecy", "", now=NOW)
    lowered = book.desk.correct(REGISTRAR, 1, "secrecy", "", now=NOW)
    assert not lowered.is_secret
    assert book.letters.by_id(CLERK, 1) == lowered


def test_a_reader_by_grant_may_not_lower_the_class(book: Book) -> None:
    file_one(book, "a", make_filing(secrecy=Secrecy.SECRET))
    reader = OFFICER.__class__("ผู้ได้รับอนุญาต", clearance=Secrecy.TOP_SECRET, granted=frozenset({1}))
    with pytest.raises(CorrectionRefusedError, match="registrar"):
        book.desk.correct(reader, 1, "secrecy", "", now=NOW)


def test_the_history_tells_who_had_the_letter_when(book: Book) -> None:
    file_one(book)
    book.desk.move(CLERK, 1, Step.ROUTED, group="plan", now=NOW)
    book.desk.move(OFFICER, 1, Step.TAKEN, now=NOW)
    book.desk.move(OFFICER, 1, Step.ASSIGNED, officer="สมหญิง", note="ดำเนินการ", now=NOW)
    book.desk.move(OFFICER, 1, Step.RETURNED, group="admin", note="ไม่ใช่งานกลุ่ม", now=NOW)
    moves = book.desk.history(CLERK, 1)
    assert [(move.step, move.group, move.officer, move.who) for move in moves] == [
        ("routed", "plan", "", CLERK.name),
        ("taken", "plan", "", OFFICER.name),
        ("assigned", "plan", "สมหญิง", OFFICER.name),
        ("returned", "admin", "", OFFICER.name),
    ]
    assert book.letters.by_id(OFFICER, 1) is None
    assert book.verify() == ()


def test_copies_are_replaced_as_a_whole(book: Book) -> None:
    file_one(book, "a", make_filing(copies=("plan", "legal")))
    hand_on(book, 1)
    after = book.desk.set_copies(CLERK, 1, ("plan", "ict"), now=NOW)
    assert after.copies == ("ict", "plan")
    assert book.letters.by_id(OFFICER, 1) is not None
    assert book.desk.set_copies(CLERK, 1, (), now=NOW).copies == ()
    assert book.letters.by_id(OFFICER, 1) is None


def test_a_letter_not_in_the_book_yet_cannot_be_changed(book: Book) -> None:
    arrival = book.jobs.record_arrival(make_scan())
    with pytest.raises(NoSuchRecordError):
        book.desk.correct(REGISTRAR, arrival.letter_id, "subject", "x", now=NOW)
