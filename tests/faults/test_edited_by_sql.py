"""What is changed past the program is told by `check`: passwords, roles, keys, grants, reasons, quarantined files."""

from __future__ import annotations

import hashlib
import sqlite3
from contextlib import closing
from datetime import timedelta

import pytest

from classify.letter import Secrecy
from index.book import Book
from index.register.people.logins import SessionLimits
from index.register.people.people import Person
from index.register.received.jobs import Reason
from index.visibility import Role, Viewer
from pipeline.audit import find_disagreements
from pipeline.finder import Finder
from pipeline.office import Office
from tests.keeping import (
    NOW,
    REGISTRAR,
    MadeScan,
    file_one,
    make_filing,
    make_hashing_quick,
    make_scan,
    take,
)
from tests.unit.pipeline.conftest import book, made_office, office
from tests.visiting import GOOD, visiting

__all__ = ["book", "made_office", "office"]  # the fixtures
CLEARED = Person(
    "cleared",
    "ผู้ผ่าน",
    frozenset({Role.GROUP_OFFICER}),
    frozenset({"plan"}),
    Secrecy.TOP_SECRET,
    must_change_password=False,
)
EDITS = (
    (
        "people",
        "UPDATE people SET password_hash = (SELECT password_hash FROM people WHERE "
        "name = 'auditor') WHERE name = 'administrator'",
    ),
    ("people", "UPDATE people SET roles = '[\"administrator\"]' WHERE name = 'auditor'"),
    ("people", "UPDATE people SET clearance = 'ลับที่สุด' WHERE name = 'group_officer'"),
    ("people", "DELETE FROM people WHERE name = 'auditor'"),
    ("tokens", "UPDATE tokens SET revoked_at = NULL"),
    ("grants", "UPDATE grants SET until = '2099-01-01 00:00:00'"),
    ("grants", "UPDATE grants SET reason = 'another'"),
    ("denials", "UPDATE denials SET ended_at = NULL"),
    ("letters", "UPDATE letters SET reason_thai = 'ดี' WHERE state = 'quarantined'"),
)


def fill(book: Book) -> None:
    """Leave a row of each sealed kind, changed as people change it."""
    viewer = Viewer("auditor", frozenset({Role.AUDITOR}))
    book.people.create_token(viewer, "a program", [Role.AUDITOR], now=NOW)
    book.people.revoke_token(viewer, book.people.tokens(viewer)[0].token_id, now=NOW)
    book.people.add(CLEARED, who="test", now=NOW, password=GOOD)
    book.people.reset_password("group_head", who="test", now=NOW)
    secret = file_one(book, 1, make_filing(secrecy=Secrecy.SECRET)).letter_id
    book.grants.deny(REGISTRAR, secret, "cleared", reason="ไม่ควร", now=NOW)
    book.grants.lift(REGISTRAR, secret, "cleared", now=NOW)
    until = NOW + timedelta(days=1)
    book.grants.permit(REGISTRAR, secret, "cleared", until=until, reason="งาน", now=NOW)
    for key in ("stays", "retried"):
        book.jobs.record_arrival(make_scan(key))
        book.jobs.quarantine(take(book), Reason("truncated", "ไม่ครบ", "not whole"), NOW)
    book.jobs.retry(book.jobs.places()[-1].letter_id, who="test", now=NOW)


def told(book: Book) -> list[str]:
    return [one for one in book.verify() if "past the audit trail" in one]


def test_each_edit_is_told_and_what_people_do_is_not(office: Office, book: Book) -> None:
    with visiting(office, book):
        fill(book)
        assert told(book) == []
        for table, edit in EDITS:
            with closing(sqlite3.connect(office.database, isolation_level=None)) as sql:
                sql.execute("PRAGMA foreign_keys=OFF")
                sql.execute("BEGIN")
                kept = sql.execute(f"SELECT * FROM {table}").fetchall()
                assert sql.execute(edit).rowcount == 1, edit
                sql.execute("COMMIT")
                (wrong,) = told(book)
                assert f" of {table} was " in wrong
                sql.execute("BEGIN")
                sql.execute(f"DELETE FROM {table}")
                marks = ",".join("?" * len(kept[0]))
                sql.executemany(f"INSERT INTO {table} VALUES ({marks})", kept)
                sql.execute("COMMIT")
            assert told(book) == []


def test_a_password_that_is_hashed_anew_at_log_in_is_sealed(office: Office, book: Book) -> None:
    book.people.add(CLEARED, who="test", now=NOW, password=GOOD)
    make_hashing_quick(book)  # other costs than it was hashed with
    book.logins.log_in("cleared", GOOD, address="10.0.0.1", now=NOW, limits=SessionLimits())
    assert told(book) == []


@pytest.mark.parametrize("change", ["flipped", "cut"])
def test_a_quarantined_file_that_was_changed_is_told(
    office: Office, book: Book, change: str
) -> None:
    path = office.quarantine / "letter.pdf"
    path.write_bytes(b"what the scanner left")
    sha256 = hashlib.sha256(path.read_bytes()).hexdigest()
    book.jobs.record_arrival(MadeScan(path, path.name, sha256))
    book.jobs.quarantine(take(book), Reason("truncated", "ไม่ครบ", "not whole"), NOW, path=path)
    assert wrong_files(office, book) == []
    path.write_bytes(b"What the scanner left" if change == "flipped" else b"what")
    (wrong,) = wrong_files(office, book)
    assert "has a file that was changed" in wrong
    assert "letter.pdf" not in wrong, "a name may be a secret"


def wrong_files(office: Office, book: Book) -> list[str]:
    finder = Finder(office.search_index, office.settings.search.engine, {})
    found = list(find_disagreements(office, book, finder, lambda _: None))
    finder.close()
    return [one.what for one in found if one.where == "folders"]
