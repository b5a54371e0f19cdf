"""Undo restores the letter as its maker found it, as a new change; never past somebody else's."""

from __future__ import annotations

from dataclasses import replace
from datetime import date, timedelta

import pytest

from classify.letter import ReviewReason, Secrecy, Urgency
from index.book import Book
from index.choices import Step
from index.errors import (
    CorrectionRefusedError,
    LetterChangedError,
    NoSuchRecordError,
    UndoRefusedError,
)
from index.register.letters.letters import LetterFilter, Order, Standing
from index.register.store.audit import append_entry
from index.visibility import Viewer
from tests.keeping import (
    CLERK,
    DOUBTFUL_NUMBER,
    DOUBTFUL_SECRECY,
    NOW,
    OFFICER,
    REGISTRAR,
    file_one,
    make_filing,
)

OTHER = replace(CLERK, name="สมหญิง")
DATE_DOUBT = ReviewReason("date", "future", "วันที่ในอนาคต", "in the future")


def doubtful(book: Book, key: object = "a", **changes: object) -> None:
    review = (DOUBTFUL_NUMBER, DATE_DOUBT)
    file_one(book, key, make_filing(review=review, **changes))  # type: ignore[arg-type]


def content(book: Book, viewer: Viewer = CLERK) -> object:
    letter = book.letters.by_id(viewer, 1)
    assert letter is not None
    return replace(letter, revision=0)


@pytest.mark.parametrize(
    "change",
    [
        lambda desk: desk.correct(CLERK, 1, "number", "กค 1/2", now=NOW),
        lambda desk: desk.correct(CLERK, 1, "urgency", "ด่วนที่สุด", now=NOW),
        lambda desk: desk.confirm(CLERK, 1, "number", now=NOW),
        lambda desk: desk.confirm_all(CLERK, 1, now=NOW),
        lambda desk: desk.move(CLERK, 1, Step.ROUTED, group="plan", now=NOW),
        lambda desk: desk.set_copies(CLERK, 1, ("plan", "legal"), now=NOW),
        lambda desk: desk.check(
            CLERK, 1, {"number": "กค 1/2", "date": None}, now=NOW, route_to="hr"
        ),
    ],
    ids=["correct", "urgency", "confirm", "confirm_all", "move", "copies", "check"],
)
def test_undo_restores_what_was(book: Book, change: object) -> None:
    doubtful(book, copies=("ict",))
    before = content(book)
    changed = change(book.desk)  # type: ignore[operator]
    assert replace(changed, revision=0) != before or changed.revision > 1
    undone = book.desk.undo(CLERK, 1, now=NOW)
    assert content(book) == before
    assert undone.revision == changed.revision + 1
    assert book.audit.entries()[-1].action == "undone"
    assert book.letters.page(CLERK, LetterFilter(standing=Standing.AT_REGISTRY)).total == 1
    assert book.verify() == ()


def test_one_change_after_another_is_undone(book: Book) -> None:
    doubtful(book)
    first = content(book)
    book.desk.correct(CLERK, 1, "sender", "ก", now=NOW)
    second = content(book)
    book.desk.correct(CLERK, 1, "sender", "ข", now=NOW)
    book.desk.undo(CLERK, 1, now=NOW)
    assert content(book) == second
    book.desk.undo(CLERK, 1, now=NOW)
    assert content(book) == first
    with pytest.raises(UndoRefusedError):
        book.desk.undo(CLERK, 1, now=NOW)
    book.desk.correct(CLERK, 1, "sender", "ค", now=NOW)
    book.desk.undo(CLERK, 1, now=NOW)
    assert content(book) == first
    assert book.verify() == ()


def test_nobody_undoes_past_anothers_change(book: Book) -> None:
    doubtful(book)
    book.desk.correct(CLERK, 1, "sender", "ของมาลี", now=NOW)
    book.desk.confirm(OTHER, 1, "date", now=NOW)
    before = content(book)
    with pytest.raises(UndoRefusedError, match="changed since") as refused:
        book.desk.undo(CLERK, 1, now=NOW)
    assert "หลังจากท่าน" in refused.value.thai
    assert content(book) == before
    book.desk.undo(OTHER, 1, now=NOW)
    assert book.desk.undo(CLERK, 1, now=NOW).sender == "สำนักงานสมมติ"


def test_there_is_nothing_to_undo_in_a_letter_one_never_touched(book: Book) -> None:
    doubtful(book)
    book.desk.correct(OTHER, 1, "sender", "ก", now=NOW)
    with pytest.raises(UndoRefusedError, match="no change of yours"):
        book.desk.undo(CLERK, 1, now=NOW)


def test_an_undone_correction_does_not_stand_as_the_truth(book: Book) -> None:
    doubtful(book)
    book.desk.correct(CLERK, 1, "group", "legal", now=NOW)
    book.desk.undo(CLERK, 1, now=NOW)
    newest = book.desk.corrections_of(CLERK, 1)[-1]
    assert (newest.old, newest.new) == ("legal", "admin")


def test_the_history_tells_that_a_routing_was_taken_back(book: Book) -> None:
    doubtful(book)
    book.desk.move(CLERK, 1, Step.ROUTED, group="plan", now=NOW)
    book.desk.undo(CLERK, 1, now=NOW)
    steps = [(move.step, move.group) for move in book.desk.history(CLERK, 1)]
    assert steps == [(Step.ROUTED, "plan"), (Step.UNDONE, "admin")]


def test_a_letter_that_turned_secret_is_out_of_the_clerks_reach(book: Book) -> None:
    doubtful(book)
    book.desk.correct(CLERK, 1, "secrecy", "ลับ", now=NOW)
    with pytest.raises(NoSuchRecordError):
        book.desk.undo(CLERK, 1, now=NOW)
    lowered = book.desk.correct(REGISTRAR, 1, "secrecy", "", now=NOW)
    assert not lowered.is_secret
    assert book.desk.undo(REGISTRAR, 1, now=NOW).is_secret
    assert book.verify() == ()


def test_what_somebody_changed_meanwhile_is_not_overwritten(book: Book) -> None:
    doubtful(book)
    book.desk.correct(OTHER, 1, "number", "กค 5/5", now=NOW)
    with pytest.raises(LetterChangedError):
        book.desk.check(CLERK, 1, {"number": "กค 9/9"}, now=NOW, revision=1)
    checked = book.desk.check(CLERK, 1, {"number": None, "date": None}, now=NOW, revision=2)
    assert (checked.number, checked.review) == ("กค 5/5", ())


def test_several_fields_are_checked_at_once_or_not_at_all(book: Book) -> None:
    doubtful(book)
    before = content(book)
    with pytest.raises(CorrectionRefusedError, match="date"):
        book.desk.check(CLERK, 1, {"number": "กค 9/9", "date": "31/12/2569"}, now=NOW)
    assert content(book) == before


def test_the_queue_gives_the_most_urgent_then_the_oldest(book: Book) -> None:
    doubtful(book, 1)
    file_one(book, 2)  # nothing in doubt
    doubtful(book, 3, urgency=Urgency.URGENT)
    doubtful(book, 4, urgency=Urgency.MOST_URGENT)
    doubtful(book, 5)
    order, after = [], None
    for _ in range(5):
        found = book.review.next(CLERK, after=after)
        assert found is not None
        after = found.letter.letter_id
        order.append(after)
    assert order == [4, 3, 1, 5, 4], "and it begins again"
    assert found is not None
    assert found.waiting == 4
    assert [doubt.field for doubt in found.doubts] == ["number", "date"]
    for letter_id in (1, 3, 4, 5):
        book.desk.confirm_all(CLERK, letter_id, now=NOW)
    assert book.review.next(CLERK) is None


def test_the_queue_holds_nothing_that_the_viewer_may_not_open(book: Book) -> None:
    doubtful(book, 1, secrecy=Secrecy.SECRET)
    file_one(book, 2, make_filing(review=(DOUBTFUL_SECRECY,)))
    assert book.review.next(CLERK) is None
    with pytest.raises(NoSuchRecordError):
        book.review.one(CLERK, 2)
    assert book.review.next(OFFICER) is None
    found = book.review.next(REGISTRAR)
    assert found is not None
    assert found.waiting == 2


def test_the_desk_sees_where_each_letters_work_stands(book: Book) -> None:
    for key in range(4):
        file_one(book, key, make_filing(secrecy=Secrecy.SECRET if key == 3 else Secrecy.NONE))
    book.desk.move(CLERK, 2, Step.ROUTED, group="plan", now=NOW)
    book.desk.move(OFFICER, 2, Step.INSTRUCTED, note="ดำเนินการ", now=NOW)
    book.desk.move(CLERK, 3, Step.DONE, now=NOW)
    stand = {
        standing: [
            one.letter_id
            for one in book.letters.page(
                CLERK, LetterFilter(standing=standing), order=Order.URGENCY
            ).letters
        ]
        for standing in Standing
    }
    assert stand == {
        Standing.AT_REGISTRY: [1],
        Standing.WITH_GROUP: [2],
        Standing.DONE: [3],
    }
    book.desk.move(OFFICER, 2, Step.RETURNED, group="admin", note="ไม่ใช่งานกลุ่ม", now=NOW)
    wanted = LetterFilter(standing=Standing.AT_REGISTRY)
    assert book.letters.page(CLERK, wanted).total == 2


def test_a_corrected_urgency_moves_the_letter_in_the_list(book: Book) -> None:
    for key in range(3):
        file_one(book, key)
    book.desk.correct(CLERK, 3, "urgency", "ด่วน", now=NOW)
    book.desk.correct(CLERK, 2, "urgency", "ด่วนที่สุด", now=NOW)
    page = book.letters.page(CLERK, order=Order.URGENCY)
    assert [one.letter_id for one in page.letters] == [2, 3, 1]


def test_a_groups_deadline_is_taken_back_like_a_step(book: Book) -> None:
    file_one(book, "a")
    book.desk.move(CLERK, 1, Step.ROUTED, group="plan", now=NOW)
    first, second = date(2026, 2, 1), date(2026, 3, 1)
    book.groups.set_deadline(OFFICER, 1, first, note="รายงาน", now=NOW)
    book.groups.set_deadline(OFFICER, 1, second, now=NOW)
    book.desk.undo(OFFICER, 1, now=NOW)
    kept = book.groups.deadline_of(OFFICER, 1)
    assert kept is not None
    assert (kept.due_on, kept.note, kept.who) == (first, "รายงาน", OFFICER.name)
    book.groups.set_deadline(OFFICER, 1, None, now=NOW)
    change = book.desk.last_change(OFFICER, since=NOW)
    assert change is not None
    assert change.action == "deadline"
    book.desk.undo(OFFICER, 1, now=NOW)
    assert book.groups.deadline_of(OFFICER, 1) == kept
    book.desk.undo(OFFICER, 1, now=NOW)
    assert book.groups.deadline_of(OFFICER, 1) is None
    with pytest.raises(UndoRefusedError):
        book.desk.undo(OFFICER, 1, now=NOW)  # the step before is the clerk's
    assert book.verify() == ()


def test_nothing_is_offered_when_the_last_change_was_of_a_letter_out_of_sight(book: Book) -> None:
    for key in ("a", "b"):
        file_one(book, key)
    for letter_id in (1, 2):
        book.desk.move(CLERK, letter_id, Step.ROUTED, group="plan", now=NOW)
    book.desk.move(OFFICER, 1, Step.DONE, now=NOW + timedelta(minutes=1))
    book.desk.move(OFFICER, 2, Step.RETURNED, note="ไม่ใช่งานกลุ่ม", now=NOW + timedelta(minutes=2))
    book.desk.correct(CLERK, 2, "group", "hr", now=NOW + timedelta(minutes=3))
    assert book.desk.last_change(OFFICER, since=NOW) is None, "letter 1 was not the last"


def test_only_the_change_that_was_offered_is_taken_back(book: Book) -> None:
    file_one(book, "a")
    book.desk.move(CLERK, 1, Step.ROUTED, group="plan", now=NOW)
    offered = book.desk.last_change(CLERK, since=NOW)
    assert offered is not None
    assert (offered.group, offered.together) == ("plan", ((offered.number, offered.revision),))
    book.desk.correct(CLERK, 1, "subject", "เรื่องใหม่", now=NOW + timedelta(minutes=1))
    with pytest.raises(UndoRefusedError):
        book.desk.undo(CLERK, 1, now=NOW, revision=offered.revision)
    newest = book.desk.last_change(CLERK, since=NOW)
    assert newest is not None
    assert book.desk.undo(CLERK, 1, now=NOW, revision=newest.revision).group == "plan"


def test_nothing_is_offered_after_a_split(book: Book) -> None:
    for key in ("a", "b"):
        file_one(book, key)
    book.desk.move(CLERK, 1, Step.ROUTED, group="plan", now=NOW)
    assert book.desk.last_change(CLERK, since=NOW) is not None
    with book._database.writing() as session:  # a split, join or telling apart leaves such a line
        append_entry(
            session,
            1,
            at=NOW + timedelta(minutes=1),
            who=CLERK.name,
            action="split",
            letter_id=2,
            details={},
        )
    assert book.desk.last_change(CLERK, since=NOW) is None
