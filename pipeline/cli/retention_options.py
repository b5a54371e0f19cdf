"""What the commands of retention share: their options, the open book, who says so."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime
from pathlib import Path

import click

from index.book import Book
from index.choices import BookName
from index.errors import NoSuchRecordError
from index.registered_letter import LetterKey, RegisterNumber
from index.retention.papers import paper_id
from index.retention.retention import Retention
from index.visibility import Role, Viewer
from pipeline.errors import NoSuchLetterError
from pipeline.office import Office, law_in_force, open_book, open_office
from pipeline.viewers import AT_THIS_MACHINE

DAY = click.DateTime(formats=["%Y-%m-%d"])
BY = click.option(
    "--by",
    "person",
    metavar="NAME",
    default=AT_THIS_MACHINE.name,
    help="Who says so; it stands in the audit trail.",
)
SHORTER = click.option(
    "--shorter", is_flag=True, help="Yes, the letter is meant to go earlier than before."
)
ON = click.option("--on", "on", type=DAY, metavar="DATE", required=True, help="The day it was.")
REASON = click.option("--reason", required=True, help="The reason in words; it is kept.")


@contextmanager
def at_work(office_folder: Path) -> Iterator[tuple[Book, Retention, datetime]]:
    """Open the office's book under the law in force; give both with the time on its clock."""
    with office_at_work(office_folder) as (_, book, retention, now):
        yield book, retention, now


@contextmanager
def office_at_work(office_folder: Path) -> Iterator[tuple[Office, Book, Retention, datetime]]:
    """Open the office's book under the law in force; give the office too."""
    office = open_office(office_folder)
    law = law_in_force(office)
    with open_book(office) as book:
        yield office, book, book.retention(law), datetime.now(UTC).astimezone(office.zone)


def records_officer(person: str) -> Viewer:
    """Return the person whom a command names, as the keeper of the records."""
    return Viewer(person, frozenset({Role.RECORDS_OFFICER}))


def letter_id_of(book: Book, register_number: str) -> int:
    """Return the id of a paper by its number: `123/2569` received, `order:123/2569` of a send book.

    Raises NoSuchLetterError.
    """
    name, colon, written = register_number.rpartition(":")
    try:
        number = RegisterNumber.parse(written)
        of_book = BookName(name) if colon else BookName.RECEIVE
        sent = of_book is not BookName.RECEIVE
        entry = book.sent.by_number(AT_THIS_MACHINE, of_book, number) if sent else None
    except (ValueError, NoSuchRecordError) as error:
        raise NoSuchLetterError(register_number) from error
    if entry is not None and entry.letter is not None:
        return paper_id(LetterKey.sent(entry.letter.sent_id))
    found = None if sent else book.letters.by_number(AT_THIS_MACHINE, number)
    if found is None:
        raise NoSuchLetterError(register_number)
    return found.letter_id
