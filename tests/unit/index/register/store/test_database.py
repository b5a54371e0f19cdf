"""Opening the book: tables brought up to date once, kept private, and refused when a newer program made them."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

import pytest
from alembic.autogenerate import compare_metadata
from alembic.config import Config
from alembic.migration import MigrationContext
from alembic.script import ScriptDirectory
from sqlalchemy import create_engine, inspect

from index.book import Book
from index.errors import BookDamagedError, BookTooNewError, BookUnavailableError
from index.migrations import HEAD
from index.register.letters.letters import LetterFilter
from index.register.store.tables import Table
from tests.keeping import CLERK, file_one, make_filing, run_sql


def test_a_new_book_is_made_and_an_old_one_left_alone(tmp_path: Path) -> None:
    url = f"sqlite:///{tmp_path}/saraban.db"
    with Book.open(url) as book:
        file_one(book)
        assert book.upgrade() is False
    with Book.open(url) as book:
        assert str(file_one(book, "b").register_number) == "2/2569"


def test_a_tuned_book_finds_a_number_by_its_index(url: str) -> None:
    with Book.open(url) as book:
        for key in range(20):
            file_one(book, key, make_filing(number=f"ศธ 04001/{key}"))
        book.tune()
        wanted = LetterFilter(number="ศธ ๐๔๐๐๑/๗")
        assert [one.letter_id for one in book.letters.page(CLERK, wanted).letters] == [8]
    plan = run_sql(
        url,
        "EXPLAIN QUERY PLAN SELECT id FROM letters WHERE office_id = 1 AND book = 'receive' "
        "AND state = 'filed' AND is_secret = 0 AND suspected_secret = 0 AND number_key = 'x'",
    )
    assert "ix_letters_office_id_number_key_date" in str(plan)


def test_an_up_to_date_book_opens_without_loading_the_upgrader(url: str) -> None:
    code = (
        "import sys; from index.book import Book; Book.open(sys.argv[1]);"
        "sys.exit('alembic' in sys.modules)"
    )
    assert subprocess.run([sys.executable, "-c", code, url], check=False).returncode == 0


def test_the_upgrades_make_exactly_the_tables_that_the_program_uses(url: str) -> None:
    engine = create_engine(url)
    with engine.connect() as connection:
        context = MigrationContext.configure(connection, opts={"compare_type": True})
        assert compare_metadata(context, Table.metadata) == []
    engine.dispose()


def test_the_newest_upgrade_is_the_one_the_program_looks_for() -> None:
    config = Config()
    config.set_main_option("script_location", "index:migrations")
    config.set_main_option("path_separator", "os")
    assert ScriptDirectory.from_config(config).get_heads() == [HEAD]


def test_every_constraint_has_a_name_so_that_it_can_be_changed_later(url: str) -> None:
    engine = create_engine(url)
    look = inspect(engine)
    unnamed = [
        (table, constraint)
        for table in look.get_table_names()
        if table != "alembic_version"
        for constraint in (
            *look.get_unique_constraints(table),
            *look.get_foreign_keys(table),
            *look.get_check_constraints(table),
            look.get_pk_constraint(table),
        )
        if not constraint["name"]
    ]
    engine.dispose()
    assert unnamed == []


def test_a_book_of_a_newer_program_is_refused_and_left_alone(url: str) -> None:
    run_sql(url, "UPDATE alembic_version SET version_num = '9999'")
    with pytest.raises(BookTooNewError, match="9999"):
        Book.open(url)


def test_only_the_owner_may_read_the_book(tmp_path: Path) -> None:
    with Book.open(f"sqlite:///{tmp_path}/saraban.db") as book:
        file_one(book)
        for path in tmp_path.glob("saraban.db*"):
            assert path.stat().st_mode & 0o077 == 0, path


def test_a_folder_that_is_not_there_is_said_so(tmp_path: Path) -> None:
    with pytest.raises(BookUnavailableError, match="folder does not exist"):
        Book.open(f"sqlite:///{tmp_path}/missing/saraban.db")


def test_a_file_that_is_no_book_is_said_so_and_not_overwritten(tmp_path: Path) -> None:
    path = tmp_path / "saraban.db"
    path.write_text("not a database, but somebody's notes\n" * 100)
    before = path.read_bytes()
    with pytest.raises(BookDamagedError, match="not a database"):
        Book.open(f"sqlite:///{path}")
    assert path.read_bytes() == before


def test_many_programs_may_start_on_a_new_book_at_once(tmp_path: Path) -> None:
    code = "import sys; from index.book import Book; Book.open(sys.argv[1]).close()"
    url = f"sqlite:///{tmp_path}/saraban.db"
    started = [
        subprocess.Popen(
            [sys.executable, "-W", "error", "-c", code, url], stderr=subprocess.PIPE, text=True
        )
        for _ in range(4)
    ]
    results = [(one.communicate()[1], one.returncode) for one in started]
    assert results == [("", 0)] * 4


def test_the_password_of_the_database_is_in_no_message(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(os.environ, "PGCONNECT_TIMEOUT", "2")
    with pytest.raises(BookUnavailableError) as told:
        Book.open("postgresql+psycopg://saraban:s3cret@127.0.0.1:1/none")
    assert "s3cret" not in str(told.value)
