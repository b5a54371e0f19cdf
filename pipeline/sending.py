"""How this office sends: how its numbers are written, the ways of sending, its lists of recipients."""

from __future__ import annotations

from dataclasses import dataclass
from importlib import resources
from pathlib import Path

from classify.letter import Kind
from classify.retention import propose_retention
from classify.rules import RetentionRules
from index.choices import SEND_BOOKS, BookName
from index.registered_letter import RegisterNumber
from pipeline.office import Office
from pipeline.settings_file import read_settings_file

FILE_NAME = "sending.toml"
RUNNING, YEAR = "{n}", "{year}"


@dataclass(frozen=True, slots=True)
class NumberPatterns:
    """How a letter's number is written in each book; `{n}` is the running number, `{year}` the year."""

    send: str
    circular: str
    order: str
    announcement: str


@dataclass(frozen=True, slots=True)
class RecipientList:
    """Recipients that letters often go to; `all` is what the book says when everyone is chosen."""

    name: str
    all: str
    members: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Sending:
    """Everything in `sending.toml`."""

    ways: tuple[str, ...]
    numbers: NumberPatterns
    recipients: tuple[RecipientList, ...] = ()
    source: str = ""
    checked_by: str = ""
    checked_on: str = ""

    def write_number(self, book: BookName, number: RegisterNumber) -> str:
        """Return the number of a letter as it is written on paper, with Arabic digits."""
        pattern = str(getattr(self.numbers, book))
        return pattern.replace(RUNNING, str(number.running)).replace(
            YEAR, str(number.buddhist_year)
        )


_KINDS = {BookName.ORDER: Kind.ORDER, BookName.ANNOUNCEMENT: Kind.ANNOUNCEMENT}


def propose_class(
    rules: RetentionRules, book: BookName, *, subject: str, group: str, is_secret: bool = False
) -> tuple[str, str]:
    """Return the retention class that the office's rules propose for what it sends, and why."""
    return propose_retention(
        rules,
        subject=subject,
        group=group,
        kind=_KINDS.get(book, Kind.EXTERNAL),
        is_secret=is_secret,
        is_circular=book is BookName.CIRCULAR,
    )


def load_sending(office: Office) -> Sending:
    """Read the office's own file in `rules/`, or the shipped one. Raises SettingsRefusedError."""
    own = office.rules / FILE_NAME
    if own.is_file():
        return read_sending(own)
    with resources.as_file(resources.files("pipeline") / FILE_NAME) as shipped:
        return read_sending(shipped)


def read_sending(path: Path) -> Sending:
    """Read and check one file. Raises SettingsRefusedError with file, line and advice."""
    sending, reader = read_settings_file(path, Sending)
    for book in SEND_BOOKS:
        if RUNNING not in getattr(sending.numbers, book):
            raise reader.refuse(
                ("numbers", book), f"numbers.{book} lacks {RUNNING}", f'write "…/{RUNNING}"'
            )
    if not sending.ways:
        raise reader.refuse(("ways",), "ways is empty", 'write ways = ["ไปรษณีย์"]')
    return sending
