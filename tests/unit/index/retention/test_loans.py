"""A letter is lent on its card, comes back or is overdue; outsiders may not borrow."""

from __future__ import annotations

from datetime import date, timedelta

import pytest

from classify.letter import Secrecy
from index.book import Book
from index.errors import NoSuchRecordError
from index.retention.errors import StepRefusedError
from index.retention.loans import Borrower, Standing
from index.retention.retention import Retention
from index.visibility import Viewer
from tests.keeping import REGISTRAR
from tests.retaining import JANUARY, KEEPER, keep_finished

DUE = date(2038, 1, 20)
PLAN = Borrower("วิชัย", "กลุ่มนโยบายและแผน", Standing.INSIDE)
HEAD = "หัวหน้ากลุ่ม"


def lend(retention: Retention, letter_id: int = 1, due_on: date = DUE) -> None:
    retention.loans.lend(
        KEEPER, letter_id, PLAN, permitted_by=HEAD, due_on=due_on, now=JANUARY, received_by="สมชาย"
    )


def test_a_letter_goes_out_and_comes_back_on_its_card(book: Book, retention: Retention) -> None:
    keep_finished(book, retention, "a")
    lend(retention)
    (row,) = retention.surveys.survey(KEEPER, JANUARY.date())
    assert [block.code for block in row.eligibility.blocks] == ["hold_borrowed"]
    retention.loans.take_back(KEEPER, 1, returned_by="สมหญิง", now=JANUARY + timedelta(days=3))
    (line,) = retention.loans.card(KEEPER, 1)
    assert (line.borrower, line.permitted_by, line.received_by) == (PLAN, HEAD, "สมชาย")
    assert (line.lent_on, line.due_on) == (JANUARY.date(), DUE)
    assert (line.returned_by, line.returned_on) == ("สมหญิง", date(2038, 1, 15))
    assert retention.loans.out(KEEPER) == ()
    (row,) = retention.surveys.survey(KEEPER, date(2038, 1, 15))
    assert row.eligibility.may_be_destroyed
    assert [one.action for one in book.audit.entries(letter_id=1)][-2:] == [
        "lent",
        "returned_to_store",
    ]


def test_what_did_not_come_back_is_overdue_from_the_day_after(
    book: Book, retention: Retention
) -> None:
    for key in "abc":
        keep_finished(book, retention, key)
    lend(retention, 1, date(2038, 1, 25))
    lend(retention, 2)
    lend(retention, 3, date(2038, 6, 1))
    assert retention.loans.overdue(KEEPER, DUE) == ()
    assert [one.letter_id for one in retention.loans.overdue(KEEPER, date(2038, 1, 26))] == [2, 1]
    assert [one.letter_id for one in retention.loans.out(KEEPER)] == [2, 1, 3]


@pytest.mark.parametrize(
    ("asked", "clause"),
    [
        ((Borrower("ผู้สื่อข่าว", "หนังสือพิมพ์", Standing.OUTSIDER), HEAD, DUE), "ข้อ 65"),
        ((Borrower("วิชัย", " ", Standing.INSIDE), HEAD, DUE), "ข้อ 63"),
        ((PLAN, "", DUE), "ข้อ 62"),
        ((PLAN, "วิชัย", DUE), "ข้อ 62"),
        ((PLAN, HEAD, JANUARY.date() - timedelta(days=1)), "ข้อ 63"),
    ],
)
def test_who_may_not_borrow_is_refused_with_the_clause(
    book: Book, retention: Retention, asked: tuple[Borrower, str, date], clause: str
) -> None:
    keep_finished(book, retention, "a")
    borrower, permitted_by, due_on = asked
    with pytest.raises(StepRefusedError, match=clause):
        retention.loans.lend(
            KEEPER, 1, borrower, permitted_by=permitted_by, due_on=due_on, now=JANUARY
        )
    assert retention.loans.card(KEEPER, 1) == ()


def test_what_is_out_cannot_be_lent_again_and_what_is_in_cannot_come_back(
    book: Book, retention: Retention
) -> None:
    keep_finished(book, retention, "a")
    with pytest.raises(NoSuchRecordError):
        retention.loans.take_back(KEEPER, 1, returned_by="", now=JANUARY)
    lend(retention)
    with pytest.raises(StepRefusedError, match="out already"):
        lend(retention)
    assert len(retention.loans.card(KEEPER, 1)) == 1


@pytest.mark.parametrize("viewer", [KEEPER, REGISTRAR], ids=["keeper", "registrar"])
def test_a_lent_secret_letter_is_in_no_list(
    book: Book, retention: Retention, viewer: Viewer
) -> None:
    keep_finished(book, retention, "s", secrecy=Secrecy.SECRET)
    retention.loans.lend(REGISTRAR, 1, PLAN, permitted_by=HEAD, due_on=DUE, now=JANUARY)
    assert retention.loans.out(viewer) == ()
    assert retention.loans.overdue(viewer, date(2039, 1, 1)) == ()
    assert len(retention.loans.card(REGISTRAR, 1)) == 1
