"""What was counted is handed out again only while nobody has written to the book, and only to who sees the same."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from datetime import timedelta

import pytest
from sqlalchemy.dialects import sqlite

from index.book import Book
from index.choices import Step
from index.register.desk.group_lists import GroupView
from index.register.letters.letters import LetterFilter, Order
from index.register.store.remembered import MOST_KEPT, Remembered
from index.register.store.visible import fully_visible, visible
from index.visibility import Viewer
from tests.keeping import (
    ADMINISTRATOR,
    CLERK,
    DOUBTFUL_NUMBER,
    NOW,
    OFFICER,
    REGISTRAR,
    file_one,
    make_filing,
)

DAYS = (NOW.date(), NOW.date())
MAY_KNOW = LetterFilter()
COUNTED: dict[str, Callable[[Book, Viewer], object]] = {
    "list": lambda book, viewer: book.letters.page(viewer, MAY_KNOW).total,
    "filed": lambda book, viewer: book.letters.count_states(viewer).filed,
    "in doubt": lambda book, viewer: book.letters.count_states(viewer).review,
    "review": lambda book, viewer: book.review.count(viewer),
    "group": lambda book, viewer: book.groups.counts(viewer, "plan")[GroupView.NEW],
    "group's list": lambda book, viewer: book.groups.page(viewer, "plan", GroupView.NEW).total,
    "days": lambda book, viewer: book.counts.by_day(viewer, *DAYS)[0].received,
    "groups": lambda book, viewer: sum(one.received for one in book.counts.by_group(viewer, *DAYS)),
    "urgencies": lambda book, viewer: sum(
        one.received for one in book.counts.by_urgency(viewer, *DAYS)
    ),
    "senders": lambda book, viewer: sum(
        one.received for one in book.counts.by_sender(viewer, *DAYS)
    ),
    "channels": lambda book, viewer: sum(
        one.received for one in book.counts.by_channel(viewer, *DAYS)
    ),
}


def file_for_plan(book: Book, key: str) -> None:
    """File a letter that waits for the group and has a doubt, so that it is in every count."""
    letter = file_one(book, key, make_filing(group="plan", review=(DOUBTFUL_NUMBER,)))
    book.desk.move(CLERK, letter.letter_id, Step.ROUTED, group="plan", now=NOW)


@pytest.mark.parametrize("what", COUNTED)
def test_a_count_is_new_after_a_letter_came_by_another_process(
    url: str, book: Book, what: str
) -> None:
    count = COUNTED[what]
    assert count(book, CLERK) == 0
    with Book.open(url) as other:
        file_for_plan(other, "a")
    assert count(book, CLERK) == 1
    file_for_plan(book, "b")
    assert count(book, CLERK) == 2


@pytest.mark.parametrize("what", COUNTED)
def test_who_sees_less_is_not_told_what_was_counted_for_another(book: Book, what: str) -> None:
    file_for_plan(book, "open")
    file_one(book, "secret", make_filing(group="plan", review=(DOUBTFUL_NUMBER,)), secret_door=True)
    everybody = (REGISTRAR, CLERK, OFFICER, ADMINISTRATOR)
    alone = {}
    for viewer in everybody:  # each the first to ask
        book.remembered._kept.clear()
        alone[viewer] = COUNTED[what](book, viewer)
    book.remembered._kept.clear()
    assert {viewer: COUNTED[what](book, viewer) for viewer in everybody} == alone


def test_what_was_sent_back_is_new_after_each_step(book: Book) -> None:
    letter = file_one(book, "a", make_filing(group="plan"))
    for step, shown in ((Step.ROUTED, 0), (Step.RETURNED, 1), (Step.ROUTED, 0)):
        group = "admin" if step is Step.RETURNED else "plan"
        book.desk.move(CLERK, letter.letter_id, step, group=group, now=NOW)
        assert len(book.groups.sent_back(CLERK, "plan")) == shown


def test_the_next_doubtful_letter_is_another_after_one_was_settled(book: Book) -> None:
    for key in ("a", "b"):
        file_one(book, key, make_filing(review=(DOUBTFUL_NUMBER,)))
    first = book.review.next(CLERK)
    assert first is not None
    assert first.waiting == 2
    book.desk.confirm_all(CLERK, first.letter.letter_id, now=NOW + timedelta(minutes=1))
    second = book.review.next(CLERK)
    assert second is not None
    assert (second.letter.letter_id, second.waiting) == (2, 1)


@pytest.mark.parametrize("order", Order)
def test_a_lists_length_is_that_of_its_order(book: Book, order: Order) -> None:
    file_one(book, "open")
    file_one(book, "secret", secret_door=True)
    for one in Order:
        book.letters.page(CLERK, order=one)
    page = book.letters.page(CLERK, order=order)
    assert page.total == len(page.letters)


def test_it_is_looked_for_once_while_nothing_changes(book: Book) -> None:
    asked: list[None] = []

    def find() -> int:
        asked.append(None)
        return len(asked)

    assert [book.remembered.of("key", find) for _ in range(3)] == [1, 1, 1]
    file_one(book)
    assert [book.remembered.of("key", find) for _ in range(2)] == [2, 2]
    assert book.remembered.of("another key", find) == 3


def test_one_look_shows_one_state_and_leaves_nothing_old_behind(url: str, book: Book) -> None:
    with Book.open(url) as other:
        with book.one_look():
            assert book.letters.page(CLERK).total == 0
            file_one(other, "a")
            assert book.letters.page(CLERK).letters == ()
            # asked for the first time, of the state before
            assert book.letters.count_states(CLERK).filed == 0
            with book.one_look():
                assert book.review.next(CLERK) is None
        assert book.letters.count_states(CLERK).filed == 1
        assert book.letters.page(CLERK).total == 1


def test_what_is_read_in_an_open_session_is_not_remembered(url: str, book: Book) -> None:
    database = book._database
    with Book.open(url) as other, database.reading() as session:
        session.connection().exec_driver_sql("SELECT count(*) FROM letters")
        file_one(other, "a")
        assert database.stamp() is None
    assert database.stamp() is not None


def test_a_book_that_cannot_be_asked_is_not_remembered() -> None:
    remembered = Remembered(lambda: None)
    answers = iter((1, 2))
    assert [remembered.of("key", lambda: next(answers)) for _ in range(2)] == [1, 2]


def test_only_so_much_is_kept() -> None:
    remembered = Remembered(lambda: "same")
    for key in range(3 * MOST_KEPT):
        assert remembered.of(key, lambda key=key: key) == key  # type: ignore[misc]
    assert len(remembered._kept) <= MOST_KEPT


@pytest.mark.parametrize("viewer", [CLERK, REGISTRAR, OFFICER, ADMINISTRATOR])
def test_a_name_alone_lets_nobody_see_more(viewer: Viewer) -> None:
    other = replace(viewer, name="somebody else")
    assert viewer.nameless == other.nameless
    for condition in (visible, fully_visible):
        one, another = (
            str(
                condition(who).compile(
                    dialect=sqlite.dialect(), compile_kwargs={"literal_binds": True}
                )
            )
            for who in (viewer, other)
        )
        assert one == another


@pytest.mark.parametrize(
    "more",
    [
        {"roles": REGISTRAR.roles},
        {"groups": frozenset({"finance"})},
        {"granted": frozenset({1})},
    ],
)
def test_all_that_lets_see_more_makes_another_viewer(more: dict[str, frozenset[object]]) -> None:
    assert replace(OFFICER, **more).nameless != OFFICER.nameless  # type: ignore[arg-type]


def test_letters_are_read_together_as_each_alone(book: Book) -> None:
    file_one(book, "open", make_filing(group="plan"))
    file_one(book, "secret", secret_door=True)
    file_one(book, "others", make_filing(group="finance"))
    for viewer in (CLERK, REGISTRAR, OFFICER, ADMINISTRATOR):
        together = book.letters.by_ids(viewer, [3, 1, 2, 99])
        for letter_id in (1, 2, 3, 99):
            alone = book.letters.by_id(viewer, letter_id)
            listed = replace(alone, text="", letter=None, decision=None) if alone else None
            assert together.get(letter_id) == listed
