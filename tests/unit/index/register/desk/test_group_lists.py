"""A group sees its own letters where they stand, what is late, what it sent back; and no secret letter."""

from __future__ import annotations

from datetime import date, datetime, timedelta

import pytest

from classify.letter import Secrecy, Urgency
from index.book import Book
from index.choices import Step
from index.deadlines import load_periods
from index.errors import LetterChangedError, NoSuchRecordError
from index.register.desk.group_lists import Deadline, GroupView
from index.registered_letter import RegisteredLetter
from index.visibility import Role, Viewer
from tests.keeping import (
    ADMINISTRATOR,
    CLERK,
    DOUBTFUL_SECRECY,
    NOW,
    OFFICER,
    REGISTRAR,
    file_one,
    make_filing,
)

STRANGER = Viewer("อื่น", frozenset({Role.GROUP_OFFICER}), frozenset({"hr"}))
NEW, HAND, DONE, COPIES = GroupView


def give(book: Book, key: object, **changes: object) -> RegisteredLetter:
    """File a letter and hand it to the group `plan`."""
    letter = file_one(book, key, make_filing(group="plan", **changes))  # type: ignore[arg-type]
    viewer = REGISTRAR if changes.get("secrecy") or changes.get("review") else CLERK
    return book.desk.move(viewer, letter.letter_id, Step.ROUTED, group="plan", now=NOW)


def listed(book: Book, view: GroupView, viewer: Viewer = OFFICER, group: str = "plan") -> list[int]:
    page = book.groups.page(viewer, group, view)
    assert page.total == len(page.lines)
    return [line.letter.letter_id for line in page.lines]


def test_a_letter_goes_through_the_groups_lists(book: Book) -> None:
    letter = give(book, 1).letter_id
    waits_at_the_registry = file_one(book, 2, make_filing(group="plan")).letter_id
    assert listed(book, NEW) == [letter]
    book.desk.move(OFFICER, letter, Step.TAKEN, within="plan", now=NOW)
    assert (listed(book, NEW), listed(book, HAND)) == ([], [letter])
    assert book.groups.page(OFFICER, "plan", HAND).lines[0].holder == OFFICER.name
    book.desk.move(OFFICER, letter, Step.ASSIGNED, officer="somsri", within="plan", now=NOW)
    book.desk.move(CLERK, letter, Step.INSTRUCTED, officer="ผอ.", note="ทราบ", now=NOW)
    (line,) = book.groups.page(OFFICER, "plan", HAND).lines
    assert (line.holder, line.instruction, line.by) == ("somsri", "ทราบ", "ผอ.")
    book.desk.move(OFFICER, letter, Step.DONE, note="ตอบแล้ว", within="plan", now=NOW)
    (line,) = book.groups.page(OFFICER, "plan", DONE).lines
    assert (line.holder, line.note, line.since) == ("somsri", "ตอบแล้ว", NOW)
    assert book.groups.counts(OFFICER, "plan") == {NEW: 0, HAND: 0, DONE: 1, COPIES: 0}
    assert waits_at_the_registry not in listed(book, NEW, CLERK)


def test_the_urgent_come_first_then_those_with_a_deadline(book: Book) -> None:
    first, second, third = (give(book, key).letter_id for key in "abc")
    urgent = give(book, "d", urgency=Urgency.URGENT).letter_id
    book.groups.set_deadline(OFFICER, third, date(2026, 1, 20), note="รายงาน", now=NOW)
    assert listed(book, NEW) == [urgent, third, first, second]
    lines = book.groups.page(OFFICER, "plan", NEW).lines
    assert lines[1].deadline == Deadline(date(2026, 1, 20), "รายงาน", OFFICER.name)
    assert [
        line.letter.letter_id
        for line in book.groups.page(OFFICER, "plan", NEW, limit=2, offset=1).lines
    ] == [third, first]


def test_only_the_group_and_who_keeps_the_register_see_its_list(book: Book) -> None:
    give(book, 1)
    assert listed(book, NEW, CLERK) != []
    for viewer in (STRANGER, ADMINISTRATOR):
        assert listed(book, NEW, viewer) == []
        assert sum(book.groups.counts(viewer, "plan").values()) == 0
        assert book.groups.sent_back(viewer, "plan") == ()


@pytest.mark.parametrize("viewer", [OFFICER, CLERK, REGISTRAR])
def test_no_list_shows_a_secret_letter(book: Book, viewer: Viewer) -> None:
    give(book, 1, secrecy=Secrecy.SECRET)
    give(book, 2, review=(DOUBTFUL_SECRECY,), copies=("hr",))
    for view in GroupView:
        assert listed(book, view, viewer) == []
        assert listed(book, view, viewer, "hr") == []


def test_a_copy_is_listed_apart_once_the_letter_was_handed_on(book: Book) -> None:
    letter = file_one(book, 1, make_filing(group="admin", copies=("plan",))).letter_id
    assert listed(book, COPIES) == []
    book.desk.move(CLERK, letter, Step.ROUTED, group="admin", now=NOW)
    assert (listed(book, COPIES), listed(book, NEW)) == ([letter], [])


def test_what_was_sent_back_is_told_by_number_and_the_groups_own_words(book: Book) -> None:
    letter = give(book, 1)
    book.desk.move(OFFICER, letter.letter_id, Step.RETURNED, group="admin", note="ผิดกลุ่ม", now=NOW)
    (back,) = book.groups.sent_back(OFFICER, "plan")
    assert (back.number, back.note, back.letter) == (letter.register_number, "ผิดกลุ่ม", None)
    (seen,) = book.groups.sent_back(CLERK, "plan")
    assert seen.letter is not None
    assert book.groups.sent_back(CLERK, "admin") == ()
    book.desk.move(CLERK, letter.letter_id, Step.ROUTED, group="hr", now=NOW)
    assert book.groups.sent_back(OFFICER, "plan") == ()


def test_nobody_takes_what_is_taken_or_works_on_what_went_elsewhere(book: Book) -> None:
    letter = give(book, 1).letter_id
    book.desk.move(OFFICER, letter, Step.TAKEN, within="plan", now=NOW)
    with pytest.raises(LetterChangedError):
        book.desk.move(OFFICER, letter, Step.TAKEN, within="plan", now=NOW)
    book.desk.move(CLERK, letter, Step.ROUTED, group="hr", now=NOW)
    with pytest.raises(LetterChangedError):
        book.desk.move(CLERK, letter, Step.DONE, within="plan", now=NOW)
    assert len(book.desk.history(CLERK, letter)) == 3


def test_a_taking_that_was_taken_back_has_no_holder(book: Book) -> None:
    letter = give(book, 1).letter_id
    book.desk.move(OFFICER, letter, Step.TAKEN, within="plan", now=NOW)
    book.desk.undo(OFFICER, letter, now=NOW)
    (line,) = book.groups.page(OFFICER, "plan", NEW).lines
    assert line.holder == ""


def test_a_deadline_is_set_changed_and_taken_away_with_its_audit_line(book: Book) -> None:
    letter = give(book, 1).letter_id
    for day in (date(2026, 1, 20), date(2026, 1, 22), None):
        book.groups.set_deadline(OFFICER, letter, day, now=NOW)
    assert book.groups.deadline_of(OFFICER, letter) is None
    assert [one.action for one in book.audit.entries() if one.letter_id == letter][-3:] == [
        "deadline_set",
        "deadline_set",
        "deadline_removed",
    ]
    with pytest.raises(NoSuchRecordError):
        book.groups.set_deadline(STRANGER, letter, None, now=NOW)
    with pytest.raises(NoSuchRecordError):
        book.groups.deadline_of(STRANGER, letter)
    assert book.verify() == ()


def test_what_is_late_is_counted_by_group_until_it_is_done(book: Book) -> None:
    periods = load_periods()
    urgent = give(book, 1, urgency=Urgency.MOST_URGENT).letter_id
    promised = give(book, 2).letter_id
    give(book, 3)
    book.groups.set_deadline(OFFICER, promised, NOW.date(), now=NOW)
    soon, tomorrow = NOW + timedelta(minutes=29), NOW + timedelta(days=1)
    assert book.groups.overdue(CLERK, periods, soon) == {}
    assert book.groups.overdue(CLERK, periods, NOW + timedelta(minutes=31)) == {"plan": 1}
    assert book.groups.overdue(OFFICER, periods, tomorrow) == {"plan": 2}
    assert book.groups.overdue(STRANGER, periods, tomorrow) == {}
    book.desk.move(OFFICER, urgent, Step.DONE, within="plan", now=NOW)
    assert book.groups.overdue(CLERK, periods, tomorrow) == {"plan": 1}


@pytest.mark.parametrize("urgency", [Urgency.MOST_URGENT, Urgency.VERY_URGENT, Urgency.URGENT])
@pytest.mark.parametrize("hours", [0, 0.6, 3.9, 4.1, 6.9, 7.1, 24, 30.9, 31.1])
def test_late_before_says_the_same_as_the_deadline(urgency: Urgency, hours: float) -> None:
    period, now = load_periods()[urgency.value], NOW + timedelta(hours=hours)
    received: list[datetime] = [NOW + timedelta(minutes=29 * step) for step in range(-80, 70)]
    for moment in received:
        assert (moment < period.late_before(now)) == (period.deadline(moment) < now)
