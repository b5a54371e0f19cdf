"""A column of a closed set hands out the set's members, keeps no other, and compares with any text."""

from __future__ import annotations

import pytest
from sqlalchemy import select
from sqlalchemy.exc import StatementError

from classify.letter import Kind, Secrecy, Urgency
from index.book import Book
from index.choices import BookName, JobState, Standing, Step
from index.register.store.tables import LetterRow
from tests.keeping import CLERK, NOW, file_one, make_filing, make_scan, run_sql

CHOSEN = ("state", "book", "kind", "urgency", "secrecy", "step", "standing")


def chosen(book: Book) -> list[object]:
    with book._database.reading() as session:
        row = session.get_one(LetterRow, 1)
        return [getattr(row, name) for name in CHOSEN]


def test_a_letters_choices_are_members_of_their_sets(book: Book) -> None:
    file_one(book, "a", make_filing(urgency=Urgency.MOST_URGENT))
    book.desk.move(CLERK, 1, Step.ROUTED, group="plan", now=NOW)
    members = [JobState.FILED, BookName.RECEIVE, Kind.EXTERNAL, Urgency.MOST_URGENT, Secrecy.NONE]
    members += [Step.ROUTED, Standing.WITH_GROUP]
    found = chosen(book)
    assert found == members
    assert [type(one) for one in found] == [type(one) for one in members]


def test_what_was_not_chosen_yet_is_empty(book: Book) -> None:
    book.jobs.record_arrival(make_scan("a"))
    found = chosen(book)
    assert found == [JobState.WAITING, None, "", "", "", "", Standing.AT_REGISTRY]


@pytest.mark.parametrize("name", CHOSEN)
def test_what_is_no_member_is_not_stored(book: Book, name: str) -> None:
    file_one(book)
    with pytest.raises(StatementError, match="elsewhere"), book._database.writing() as session:
        setattr(session.get_one(LetterRow, 1), name, "elsewhere")


def test_what_is_no_member_is_not_handed_out(book: Book, url: str) -> None:
    file_one(book)
    run_sql(url, "UPDATE letters SET kind = 'elsewhere'")
    with pytest.raises(ValueError, match="elsewhere"):
        chosen(book)


def test_any_text_may_be_compared_with(book: Book) -> None:
    file_one(book)
    with book._database.reading() as session:
        for column in (LetterRow.urgency, LetterRow.kind, LetterRow.step):
            assert session.scalars(select(LetterRow.id).where(column == "elsewhere")).all() == []
        filed = select(LetterRow.id).where(LetterRow.state.in_([JobState.FILED]))
        assert session.scalars(filed).all() == [1]
