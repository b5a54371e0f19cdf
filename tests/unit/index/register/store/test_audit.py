"""The audit trail shows every change that went past it, in the trail itself and in the letters."""

from __future__ import annotations

import sqlite3

import pytest

from index.book import Book
from tests.keeping import CLERK, NOW, file_one, run_sql

UNGUARD = ("DROP TRIGGER audit_no_update", "DROP TRIGGER audit_no_delete")


def test_every_step_of_a_letter_leaves_its_line(book: Book) -> None:
    file_one(book)
    book.desk.correct(CLERK, 1, "subject", "ใหม่", now=NOW)
    book.audit.record(CLERK.name, "viewed", NOW, letter_id=1)
    entries = book.audit.entries(letter_id=1)
    assert [(entry.action, entry.who) for entry in entries] == [
        ("arrived", "door:inbox"),
        ("filed", "worker:w1"),
        ("corrected", CLERK.name),
        ("viewed", CLERK.name),
    ]
    assert [entry.sequence for entry in entries] == [1, 2, 3, 4]
    assert book.audit.entries(after=2, limit=1) == (entries[2],)
    assert book.audit.verify() == ()
    assert book.audit.head.sequence == 4


@pytest.mark.parametrize(
    "statement",
    ["UPDATE audit SET who = 'x'", "DELETE FROM audit", "DELETE FROM audit WHERE sequence = 2"],
)
def test_the_database_itself_refuses_to_change_the_trail(
    book: Book, url: str, statement: str
) -> None:
    file_one(book)
    with pytest.raises(sqlite3.IntegrityError, match="append-only"):
        run_sql(url, statement)


@pytest.mark.parametrize(
    ("statement", "told"),
    [
        ("UPDATE audit SET who = 'x' WHERE sequence = 2", "line 2 was changed"),
        ("UPDATE audit SET at = '2020-01-01' WHERE sequence = 2", "line 2 was changed"),
        ("UPDATE audit SET letter_id = NULL WHERE sequence = 2", "line 2 was changed"),
        ("UPDATE audit SET details = '{}' WHERE sequence = 2", "line 2 was changed"),
        ("DELETE FROM audit WHERE sequence = 2", "line 2 is missing"),
        ("DELETE FROM audit WHERE sequence = 4", "ends at line 3"),
        ("DELETE FROM audit", "ends at line 0"),
        (
            "UPDATE audit SET previous_hash = '', hash = '' WHERE sequence = 3",
            "line 3 does not follow",
        ),
    ],
)
def test_a_trail_changed_all_the_same_no_longer_holds(
    book: Book, url: str, statement: str, told: str
) -> None:
    file_one(book, "a")
    file_one(book, "b")
    run_sql(url, *UNGUARD, statement)
    assert told in " / ".join(one.english for one in book.audit.verify())


@pytest.mark.parametrize(
    "statement",
    [
        "UPDATE letters SET subject = 'อื่น'",
        "UPDATE letters SET group_code = 'legal'",
        "UPDATE letters SET is_secret = 1",
        "UPDATE letters SET retention_class = 'R01'",
        "UPDATE letters SET revision = 7",
        "UPDATE contents SET text = 'อื่น'",
        "UPDATE contents SET decision = json_set(decision, '$.margin', 1.0)",
        "DELETE FROM contents",
    ],
)
def test_a_letter_changed_behind_the_desk_breaks_its_seal(
    book: Book, url: str, statement: str
) -> None:
    file_one(book)
    assert book.verify() == ()
    run_sql(url, statement)
    (problem,) = book.verify()
    assert "letter 1 " in problem


def test_a_doubt_dropped_behind_the_desk_is_found(book: Book, url: str) -> None:
    file_one(book)
    run_sql(url, "UPDATE letters SET review_count = 1")
    assert book.verify() == ("letter 1 miscounts its open doubts",)
