"""The January page counts and turns the same letters as the survey of everything finds."""

from __future__ import annotations

from datetime import date, datetime

import pytest

from classify.letter import Secrecy
from index.book import Book
from index.register.store.tables import BANGKOK
from index.retention.batch import Batch, Stage
from index.retention.due_list import DueFilter, Which, is_entrusted
from index.retention.eligibility import HoldKind
from index.retention.loans import Borrower, Standing
from index.retention.retention import Retention
from index.retention.steps import Appoint
from index.visibility import Role, Viewer
from tests.keeping import OFFICER
from tests.retaining import CHAIR, COMMITTEE, JANUARY, KEEPER, LAW, keep_finished

DAYS = (
    date(2027, 12, 31),
    date(2028, 1, 1),
    date(2033, 6, 1),
    JANUARY.date(),
    date(2046, 1, 1),
    date(2047, 2, 1),
)


@pytest.fixture
def mixed(book: Book, retention: Retention) -> Retention:
    """Letters of every class and year, some of them stopped in every way."""
    for code in LAW.classes:
        for finished in (date(2026, 12, 31), date(2027, 1, 1), date(2028, 2, 29)):
            keep_finished(book, retention, (code, finished), code=code, finished=finished)
    keep_finished(book, retention, "secret", secrecy=Secrecy.SECRET)
    held, lent, audited, later = (
        keep_finished(book, retention, key, code=code)
        for key, code in (("held", "R10"), ("lent", "R05"), ("audited", "RF"), ("circular", "RSUP"))
    )
    records, then = retention.records, datetime(2033, 1, 5, 9, tzinfo=BANGKOK)
    until = date(2040, 5, 1)
    records.place_hold(KEEPER, held, HoldKind.AUDIT, reason="สตง.", until=until, now=then)
    due_on = date(2033, 2, 1)
    plan = Borrower("วิชัย", "กลุ่มแผน", Standing.INSIDE)
    retention.loans.lend(KEEPER, lent, plan, permitted_by="หัวหน้า", due_on=due_on, now=then)
    records.note_audit(KEEPER, audited, date(2029, 1, 1), now=then, shorter=True)
    records.note_successor(KEEPER, later, date(2030, 1, 1), now=then)
    free = retention.due_list.ids(KEEPER, JANUARY.date(), DueFilter(Which.FREE), limit=2)
    retention.batches.propose(KEEPER, free, now=JANUARY)
    return retention


def test_it_agrees_with_the_survey_on_every_day(mixed: Retention) -> None:
    for as_of in DAYS:
        agree(mixed, as_of)


def agree(mixed: Retention, as_of: date) -> None:
    surveyed = mixed.surveys.survey(KEEPER, as_of, due_only=True)
    by_class = {code: [0, 0] for code in LAW.classes}
    for row in surveyed:
        by_class[row.letter.facts.retention_class][0] += 1
        by_class[row.letter.facts.retention_class][1] += row.is_stopped
    counts = mixed.due_list.counts(KEEPER, as_of)
    assert {one.class_code: [one.due, one.stopped] for one in counts} == {
        code: both for code, both in by_class.items() if both[0]
    }
    everything = mixed.due_list.page(KEEPER, as_of, DueFilter(), limit=1000)
    assert list(everything) == surveyed
    for which, stopped in ((Which.FREE, False), (Which.STOPPED, True)):
        paged = [
            row
            for offset in range(0, 40, 7)
            for row in mixed.due_list.page(KEEPER, as_of, DueFilter(which), limit=7, offset=offset)
        ]
        assert paged == [row for row in surveyed if row.is_stopped is stopped]


def test_it_is_narrowed_counted_ahead_and_seen_by_who_may(mixed: Retention) -> None:
    rows = mixed.due_list.page(KEEPER, JANUARY.date(), DueFilter(class_code="R05"), limit=100)
    assert {row.letter.facts.retention_class for row in rows} == {"R05"}
    assert len(rows) == 4
    here = len(mixed.surveys.survey(KEEPER, date(2036, 1, 1), due_only=True))
    for year, more in mixed.due_list.coming(KEEPER, 2036):
        there = len(mixed.surveys.survey(KEEPER, date(year, 1, 1), due_only=True))
        assert there - here == more
        here = there
    assert mixed.due_list.counts(OFFICER, JANUARY.date()) == ()
    assert mixed.due_list.page(OFFICER, JANUARY.date(), DueFilter(), limit=10) == ()


def test_the_committee_sees_the_letters_of_its_batch_and_nobody_else_does(
    book: Book, retention: Retention
) -> None:
    one, other = (keep_finished(book, retention, key) for key in "ab")
    proposed = retention.batches.propose(KEEPER, [one], now=JANUARY)
    member = Viewer(CHAIR.person, frozenset({Role.COMMITTEE_MEMBER}))
    stranger = Viewer("คนอื่น", frozenset({Role.COMMITTEE_MEMBER}))
    head = Viewer("ผู้อำนวยการ", frozenset({Role.GROUP_HEAD}))
    appointed = retention.batches.record(
        KEEPER,
        proposed.batch_id,
        Appoint(COMMITTEE, LAW.committees["destruction"]),
        now=datetime(2038, 1, 14, tzinfo=BANGKOK),
    )

    assert book.entrusted_to(member, JANUARY) == {one}, "and opens their scans"
    assert book.entrusted_to(stranger, JANUARY) == book.entrusted_to(head, JANUARY) == frozenset()

    def seen(viewer: Viewer, batch: Batch) -> set[int]:
        return set(retention.due_list.letters(viewer, [one, other], JANUARY.date(), batch=batch))

    assert seen(member, proposed) == set()
    assert seen(member, appointed) == {one}
    assert seen(stranger, appointed) == seen(head, appointed) == set()
    book.desk.correct(KEEPER, one, "secrecy", "ลับ", now=JANUARY)
    assert seen(member, appointed) == set(), "what turned secret is shown to nobody here"
    closed = Batch("1", 2038, "", date(2038, 1, 1), (one,), Stage.WITHDRAWN, COMMITTEE)
    assert not is_entrusted(member, closed, decides=True)
