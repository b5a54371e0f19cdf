"""The type that keeping hands on: a letter that is in the book."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime
from enum import StrEnum
from typing import ClassVar, TypeAlias

from classify.letter import Decision, Kind, Letter, Secrecy, Urgency
from index.choices import BookName, NoChoice, Step

Day: TypeAlias = date  # inside a class that has a field `date`


@dataclass(frozen=True, slots=True)
class RegisterNumber:
    """A running number in one book and one Buddhist year; written `123/2569`."""

    running: int
    buddhist_year: int

    def __str__(self) -> str:
        return f"{self.running}/{self.buddhist_year}"

    @classmethod
    def parse(cls, text: str) -> RegisterNumber:
        """Read `123/2569` (Thai digits too); raise ValueError on anything else."""
        running, slash, year = text.strip().partition("/")
        if not slash:
            raise ValueError(f"not a register number: {text!r}; write it as 123/2569")
        return cls(int(running), int(year))


class LetterKind(StrEnum):
    """Which of the two an id counts."""

    RECEIVED = "received"
    SENT = "sent"


@dataclass(frozen=True, slots=True, order=True)
class LetterKey:
    """Which letter: a received or a sent one, and its id among these."""

    kind: LetterKind
    id: int

    @classmethod
    def received(cls, letter_id: int) -> LetterKey:
        """Return the key of a received letter."""
        return cls(LetterKind.RECEIVED, letter_id)

    @classmethod
    def sent(cls, sent_id: int) -> LetterKey:
        """Return the key of a sent letter."""
        return cls(LetterKind.SENT, sent_id)

    def __str__(self) -> str:
        """Name it in messages."""
        return f"{'' if self.kind is LetterKind.RECEIVED else 'sent '}letter {self.id}"


@dataclass(frozen=True, slots=True)
class RegisteredLetter:
    """A letter in a book: mostly in the receive book, as found (`letter`, `decision`) and as it stands now.

    The flat fields are what the register says today (after clerks' corrections); `letter` and
    `decision` are what the program found. `revision` grows with every change and is what the search
    index is compared by. `is_secret` letters are shown by `(หนังสือลับ)` and number only. `review`
    names the fields with an open review reason. `copies` are the groups that get a copy. A row of a
    list carries neither `text` nor `letter` and `decision`. A `cancelled` letter keeps its number.
    `erased_on` is the day its files and text were destroyed, `paper_ended_on` the day from which no
    paper is there (destroyed, or known never to have been); then `retention.destruction` has its tombstone.
    A sent letter (`book` is no longer `receive`) is one of these only for search;
    its `letter_id` is then its id among the sent ones.
    """

    letter_id: int
    register_number: RegisterNumber
    revision: int
    received_at: datetime
    number: str
    date: date | None
    sender: str
    recipient: str
    subject: str
    kind: Kind | NoChoice
    urgency: Urgency
    secrecy: Secrecy
    group: str
    retention_class: str
    text: str
    sha256: str
    is_secret: bool
    review: tuple[str, ...]
    letter: Letter | None = None
    decision: Decision | None = None
    copies: tuple[str, ...] = ()
    cancelled: bool = False
    step: Step | NoChoice = ""
    erased_on: Day | None = None
    paper_ended_on: Day | None = None
    book: BookName = BookName.RECEIVE
    is_redacted: ClassVar[bool] = False

    @property
    def key(self) -> LetterKey:
        """Which letter it is, among all received and sent ones."""
        kind = LetterKind.RECEIVED if self.book == BookName.RECEIVE else LetterKind.SENT
        return LetterKey(kind, self.letter_id)


@dataclass(frozen=True, slots=True)
class RedactedLetter(RegisteredLetter):
    """What is left of a hidden letter for who may only know that its number is taken; made by `redact`."""

    is_redacted: ClassVar[bool] = True
