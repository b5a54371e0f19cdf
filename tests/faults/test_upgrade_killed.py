"""A book that any earlier program left is brought up to date whole, or, killed in the middle, not at all."""

from __future__ import annotations

import signal
import sqlite3
import subprocess
import sys
from contextlib import closing
from pathlib import Path

import pytest
from alembic.autogenerate import compare_metadata
from alembic.migration import MigrationContext
from sqlalchemy import create_engine

from index.book import Book
from index.migrations import HEAD
from index.register.store.tables import Table
from tests.keeping import CLERK, file_one
from tests.old_books import BOOKS, lay_out

REVISIONS = sorted(path.stem for path in BOOKS.glob("*.sql"))
OLDEST = REVISIONS[0]
# Ends the process, as a power cut would, before the change of the tables with that number.
KILLED_AT = """
import os, signal, sys
from sqlalchemy import Engine, event
from index.book import Book

seen = 0

@event.listens_for(Engine, "before_cursor_execute")
def count(connection, cursor, statement, *rest):
    global seen
    if statement.lstrip().split()[0] in ("CREATE", "ALTER", "DROP", "INSERT", "UPDATE", "DELETE"):
        seen += 1
        if seen == int(sys.argv[2]):
            os.kill(os.getpid(), signal.SIGKILL)

Book.open(sys.argv[1]).close()
print(seen)
"""


def ask(path: Path, query: str) -> list[tuple[object, ...]]:
    with closing(sqlite3.connect(path)) as book:
        return book.execute(query).fetchall()


def upgrade_and_kill(path: Path, statement: int) -> subprocess.CompletedProcess[str]:
    arguments = [sys.executable, "-c", KILLED_AT, f"sqlite:///{path}", str(statement)]
    return subprocess.run(arguments, capture_output=True, text=True, check=False)


TRAIL = "SELECT sequence, who, action, letter_id, hash FROM audit ORDER BY sequence"
LETTERS = "SELECT id, sha256, state, running, number, subject, is_secret FROM letters ORDER BY id"
NUMBERS = "SELECT book, buddhist_year, running, status, letter_id FROM numbers ORDER BY 1, 2, 3"


@pytest.mark.parametrize("revision", REVISIONS)
def test_a_book_of_that_revision_is_brought_up_to_date(revision: str, tmp_path: Path) -> None:
    path = lay_out(revision, tmp_path / "saraban.db")
    before = [ask(path, query) for query in (TRAIL, LETTERS, NUMBERS)]
    assert ask(path, "SELECT version_num FROM alembic_version") == [(revision,)]
    with Book.open(f"sqlite:///{path}") as book:
        assert [ask(path, query) for query in (TRAIL, LETTERS, NUMBERS)] == before
        assert book.verify() == ()
        assert len(book.letters.page(CLERK).letters) == 3
        assert str(file_one(book, "new").register_number) == "4/2569"
        assert book.verify() == ()
    engine = create_engine(f"sqlite:///{path}")
    with engine.connect() as connection:
        context = MigrationContext.configure(connection, opts={"compare_type": True})
        assert compare_metadata(context, Table.metadata) == []
    engine.dispose()


def test_killed_in_the_middle_the_book_is_what_it_was(tmp_path: Path) -> None:
    whole = upgrade_and_kill(lay_out(OLDEST, tmp_path / "whole.db"), 0)
    statements = int(whole.stdout)
    assert statements > 50
    for part in range(1, 8):
        path = lay_out(OLDEST, tmp_path / f"{part}.db")
        before = [ask(path, query) for query in (TRAIL, LETTERS, NUMBERS)]
        tables = ask(path, "SELECT name, sql FROM sqlite_master ORDER BY name")
        ended = upgrade_and_kill(path, statements * part // 8)
        assert ended.returncode == -signal.SIGKILL
        assert ask(path, "PRAGMA integrity_check") == [("ok",)]
        assert ask(path, "SELECT version_num FROM alembic_version") == [(OLDEST,)]
        assert ask(path, "SELECT name, sql FROM sqlite_master ORDER BY name") == tables
        assert [ask(path, query) for query in (TRAIL, LETTERS, NUMBERS)] == before
        with Book.open(f"sqlite:///{path}") as book:
            assert book.verify() == ()
        assert ask(path, "SELECT version_num FROM alembic_version") == [(HEAD,)]
