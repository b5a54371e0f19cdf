"""A batch takes only due, unstopped letters; it is what its steps make of it, and a stopped letter leaves it."""

from __future__ import annotations

from dataclasses import replace
from datetime import date, timedelta

import pytest

from classify.letter import Secrecy
from index.book import Book
from index.errors import NoSuchRecordError
from index.retention.batch import Answer, Batch, Opinion, Stage, Verdict
from index.retention.eligibility import HoldKind
from index.retention.errors import StepRefusedError
from index.retention.loans import Borrower, Standing
from index.retention.retention import Retention
from index.retention.steps import Appoint, Decide, Judge, Report, TakeOut, Withdraw
from index.visibility import Viewer
from tests.keeping import REGISTRAR, run_sql
from tests.retaining import (
    CHAIR,
    COMMITTEE,
    DESTROY,
    JANUARY,
    KEEPER,
    LAW,
    keep_finished,
    paper_steps,
)

LATER = JANUARY + timedelta(days=60)
APPOINT = Appoint(COMMITTEE, LAW.committees["destruction"])


@pytest.fixture
def proposed(book: Book, retention: Retention) -> Batch:
    """Three due letters on a list."""
    ids = [keep_finished(book, retention, key, number=f"ศธ 04001/{key}") for key in "abc"]
    return retention.batches.propose(KEEPER, ids[::-1], now=JANUARY)


def test_a_list_is_made_of_due_letters_in_the_order_of_the_register(
    book: Book, retention: Retention, proposed: Batch
) -> None:
    assert (proposed.batch_id, proposed.year, proposed.items) == ("2581-1", 2038, (1, 2, 3))
    assert (proposed.proposer, proposed.proposed_on) == (KEEPER.name, JANUARY.date())
    assert retention.batches.find("2581-1") == proposed
    (line,) = retention.batches.lines()
    assert (line.stage, line.items) == (Stage.PROPOSED, 3)
    rows = retention.batches.rows(KEEPER, "2581-1", JANUARY.date())
    assert all(row.eligibility.may_be_destroyed for row in rows)
    (row, *_) = retention.surveys.survey(KEEPER, JANUARY.date())
    assert [block.code for block in row.eligibility.blocks] == ["hold_open_batch"]
    assert book.verify() == ()


def test_what_is_not_due_or_stopped_is_refused_with_its_clause_and_no_list_is_made(
    book: Book, retention: Retention, proposed: Batch
) -> None:
    young = keep_finished(book, retention, "d", finished=date(2030, 1, 1))
    permanent = keep_finished(book, retention, "e", code="RPERM")
    held = keep_finished(book, retention, "f")
    retention.records.place_hold(KEEPER, held, HoldKind.LEGAL, reason="คดี", now=JANUARY)
    due = keep_finished(book, retention, "g")
    for letter_id, clause in (
        (young, "ข้อ 66"),
        (permanent, "ข้อ 57.3"),
        (held, "ข้อ 68.1"),
        (proposed.items[0], "ข้อ 68.1"),
    ):
        with pytest.raises(StepRefusedError, match=clause) as refused:
            retention.batches.propose(KEEPER, [due, letter_id], now=JANUARY)
        assert refused.value.clause == clause
    with pytest.raises(StepRefusedError, match="ข้อ 66"):
        retention.batches.propose(KEEPER, [], now=JANUARY)
    assert len(retention.batches.lines()) == 1


@pytest.mark.parametrize("viewer", [KEEPER, REGISTRAR], ids=["keeper", "registrar"])
def test_a_secret_letter_cannot_be_put_on_an_ordinary_list(
    book: Book, retention: Retention, viewer: Viewer
) -> None:
    keep_finished(book, retention, "s", secrecy=Secrecy.SECRET)
    with pytest.raises(NoSuchRecordError):
        retention.batches.propose(viewer, [1], now=JANUARY)


def test_a_batch_is_what_its_steps_make_of_it(
    book: Book, url: str, retention: Retention, proposed: Batch
) -> None:
    after = retention.batches.record(
        KEEPER, "2581-1", *paper_steps(list(proposed.items)), now=LATER
    )
    assert after.stage is Stage.SENT
    assert after.approved_by_all_three == {1, 2, 3}
    with Book.open(url) as again:
        assert again.retention(LAW).batches.find("2581-1") == after
    steps = retention.batches.steps("2581-1")
    assert len(steps) == 1 + 9 + 3 + 3
    trail = [one for one in book.audit.entries() if one.action == "batch_step"]
    assert [one.details["sequence"] for one in trail] == list(range(1, len(steps) + 1))
    assert book.verify() == ()


def test_the_archives_refusal_stands_item_by_item(retention: Retention, proposed: Batch) -> None:
    steps = paper_steps(list(proposed.items), Answer.EXTEND)
    after = retention.batches.record(KEEPER, "2581-1", *steps, now=LATER)
    assert after.approved_by_all_three == frozenset()


def test_a_refused_step_leaves_nothing_of_the_others(
    book: Book, retention: Retention, proposed: Batch
) -> None:
    head = book.audit.head
    with pytest.raises(StepRefusedError, match=r"ข้อ 68\.4"):
        retention.batches.record(
            KEEPER,
            "2581-1",
            APPOINT,
            Judge(CHAIR.person, 1, DESTROY),
            Report(CHAIR.person, date(2038, 2, 1)),
            now=LATER,
        )
    assert retention.batches.find("2581-1") == proposed
    assert book.audit.head == head


def test_the_rule_of_the_committee_is_the_one_in_force(
    retention: Retention, proposed: Batch
) -> None:
    lax = replace(LAW.committees["destruction"], members_beside_chair=0, grades=frozenset())
    alone = replace(COMMITTEE, members=())
    with pytest.raises(StepRefusedError, match="at least 2 members"):
        retention.batches.record(KEEPER, "2581-1", Appoint(alone, lax), now=LATER)


def test_a_step_cannot_be_dated_tomorrow(retention: Retention, proposed: Batch) -> None:
    tomorrow = JANUARY.date() + timedelta(days=1)
    with pytest.raises(StepRefusedError, match="has not come yet"):
        retention.batches.record(
            KEEPER,
            "2581-1",
            Appoint(replace(COMMITTEE, ordered_on=tomorrow), APPOINT.rule),
            now=JANUARY,
        )
    with pytest.raises(StepRefusedError, match="has not come yet"):
        retention.batches.record(
            KEEPER, "2581-1", Decide("ผู้อำนวยการ", tomorrow, "๕", {}), now=JANUARY
        )


def test_a_letter_that_is_held_lent_or_changed_leaves_its_batch_at_once(
    book: Book, retention: Retention, proposed: Batch
) -> None:
    retention.batches.record(KEEPER, "2581-1", APPOINT, now=LATER)
    retention.records.place_hold(KEEPER, 1, HoldKind.DISCIPLINE, reason="สอบสวน", now=LATER)
    assert retention.batches.find("2581-1").items == (2, 3)
    borrower = Borrower("วิชัย", "กลุ่มแผน", Standing.INSIDE)
    retention.loans.lend(KEEPER, 2, borrower, permitted_by="หัวหน้า", due_on=LATER.date(), now=LATER)
    retention.records.change_class(KEEPER, 3, "RPERM", reason="มีคุณค่า", now=LATER)
    batch = retention.batches.find("2581-1")
    assert (batch.items, batch.stage) == ((), Stage.APPOINTED)
    reasons = [one.reason for one in retention.batches.steps("2581-1") if isinstance(one, TakeOut)]
    assert reasons == ["hold_discipline", "hold_borrowed", "permanent"]
    assert retention.batches.lines()[0].items == 0
    rows = retention.surveys.survey(KEEPER, LATER.date())
    assert all("hold_open_batch" not in str(row.eligibility.blocks) for row in rows)
    assert book.verify() == ()


def test_what_changes_nothing_about_the_end_leaves_the_batch_alone(
    retention: Retention, proposed: Batch
) -> None:
    retention.records.change_class(KEEPER, 1, "R05", reason="สำเนา", now=JANUARY, shorter=True)
    assert retention.batches.find("2581-1") == proposed


def test_a_letter_that_turned_secret_is_no_line_of_the_batch(
    book: Book, retention: Retention, proposed: Batch
) -> None:
    book.desk.correct(KEEPER, 2, "secrecy", "ลับ", now=LATER)
    rows = retention.batches.rows(KEEPER, "2581-1", LATER.date())
    assert [row.letter.facts.letter_id for row in rows] == [1, 3]


def test_a_withdrawn_batch_frees_its_letters_for_the_next(
    retention: Retention, proposed: Batch
) -> None:
    retention.batches.record(KEEPER, "2581-1", Withdraw(KEEPER.name, "พิมพ์ผิด"), now=LATER)
    again = retention.batches.propose(KEEPER, proposed.items, now=LATER)
    assert again.batch_id == "2581-2"
    retention.records.place_hold(KEEPER, 1, HoldKind.LEGAL, reason="คดี", now=LATER)
    assert retention.batches.find("2581-1").items == (1, 2, 3)
    assert retention.batches.find("2581-2").items == (2, 3)


def test_a_batch_that_is_not_there_is_said_so(retention: Retention) -> None:
    with pytest.raises(NoSuchRecordError, match="2581-9"):
        retention.batches.find("2581-9")


@pytest.mark.parametrize(
    ("sql", "says"),
    [
        (
            "UPDATE batch_steps SET step = replace(step, 'destroy', 'keep_for_good')"
            " WHERE sequence = 2",
            "step 2 of batch 2581-1 was changed past the audit trail",
        ),
        ("DELETE FROM batch_steps WHERE sequence = 2", "step 2 of batch 2581-1 is missing"),
    ],
)
def test_a_step_changed_behind_the_program_is_found(
    book: Book, url: str, retention: Retention, proposed: Batch, *, sql: str, says: str
) -> None:
    judged = Judge(CHAIR.person, 1, Opinion(Verdict.DESTROY))
    retention.batches.record(KEEPER, "2581-1", APPOINT, judged, now=LATER)
    assert book.verify() == ()
    run_sql(url, sql)
    assert book.verify() == (says,)
