"""The types of the send books: what is entered, what stands in them, and who it went to."""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import date, datetime
from typing import ClassVar, TypeAlias

from classify.letter import Secrecy, Urgency
from index.choices import BookName, CopyState, NumberStatus
from index.registered_letter import RegisterNumber
from index.visibility import SECRET_PLACEHOLDER

Day: TypeAlias = date  # inside a class that has a field `date`


@dataclass(frozen=True, slots=True)
class SentDraft:
    """What somebody enters for a letter to send, an order or an announcement.

    `recipient` is what the book says under ถึง (`โรงเรียนในสังกัดทุกโรงเรียน`), `recipients` the single
    addressees, in order; `way` is how it goes to them. `answers` is the id of the received letter that
    this one answers. `group` is the code of the group that owns the matter, `retention_class` what is
    proposed of its keeping (only when it is entered; the records officer changes it).
    """

    subject: str
    group: str
    date: date
    recipient: str = ""
    recipients: tuple[str, ...] = ()
    way: str = ""
    urgency: Urgency = Urgency.NONE
    secrecy: Secrecy = Secrecy.NONE
    answers: int | None = None
    note: str = ""
    retention_class: str = ""


@dataclass(frozen=True, slots=True)
class SentLetter:
    """A letter in a send book as it stands now; `number` is written in full (`ศธ 04000/ว 12`).

    `answers` is the id of a received letter: ask `Letters.by_id` with the viewer before it is shown.
    `erased_on` is the day its copies were destroyed, `paper_ended_on` the day its paper was.
    """

    sent_id: int
    number: str
    date: date
    registered_at: datetime
    registered_by: str
    revision: int
    subject: str
    recipient: str
    group: str
    urgency: Urgency
    secrecy: Secrecy
    note: str
    answers: int | None
    recipient_count: int
    acknowledged_count: int
    suspected_secret: bool = False
    retention_class: str = ""
    erased_on: Day | None = None
    paper_ended_on: Day | None = None
    is_redacted: ClassVar[bool] = False

    @property
    def is_secret(self) -> bool:
        """Tell whether it was entered as secret, or a copy of it carries a secrecy mark."""
        return self.secrecy != "" or self.suspected_secret


@dataclass(frozen=True, slots=True)
class RedactedSentLetter(SentLetter):
    """What is left of a hidden letter for who may only know that its number is taken."""

    is_redacted: ClassVar[bool] = True


@dataclass(frozen=True, slots=True)
class SentEntry:
    """One line of a send book: a number, what became of it, and the letter that has it.

    `letter` is None for a number that was reserved or cancelled without being used. `status_note` is
    why it was reserved or cancelled. A hidden letter's line is its number and `(หนังสือลับ)`.
    """

    book: BookName
    register_number: RegisterNumber
    status: NumberStatus
    status_note: str
    entered_at: datetime
    letter: SentLetter | None

    @property
    def is_hidden(self) -> bool:
        """Tell whether the letter is there and may not be shown."""
        return self.letter is not None and self.letter.is_redacted

    def redacted(self) -> SentEntry:
        """Return the line with nothing left of the letter but `(หนังสือลับ)` and its number."""
        if self.letter is None:
            return self
        letter = RedactedSentLetter(
            sent_id=self.letter.sent_id,
            number="",
            date=self.letter.registered_at.date(),
            registered_at=self.letter.registered_at,
            registered_by="",
            revision=0,
            subject=SECRET_PLACEHOLDER,
            recipient="",
            group="",
            urgency=Urgency.NONE,
            secrecy=Secrecy.NONE,
            note="",
            answers=None,
            recipient_count=0,
            acknowledged_count=0,
        )
        return replace(self, letter=letter, status_note="")


@dataclass(frozen=True, slots=True)
class SentFilter:
    """What a list of the send books is narrowed to; empty and None mean any.

    The first four tell nothing about contents and leave the lines of hidden letters, of reserved and
    of cancelled numbers in the list; any other takes them out. The days are those of entering,
    both included. `words` is looked for in number, subject and addressees.
    """

    book: BookName | None = None
    buddhist_year: int | None = None
    day_from: date | None = None
    day_to: date | None = None
    group: str = ""
    words: str = ""
    answers: int | None = None


EVERYTHING = SentFilter()


@dataclass(frozen=True, slots=True)
class SentPage:
    """Some lines of a list and how many the whole list has."""

    entries: tuple[SentEntry, ...]
    total: int


@dataclass(frozen=True, slots=True)
class Recipient:
    """One addressee; `position` counts from 1 inside the letter."""

    position: int
    name: str
    way: str = ""
    reference: str = ""
    sent_on: date | None = None
    acknowledged_on: date | None = None
    acknowledged_by: str = ""


@dataclass(frozen=True, slots=True)
class SentFile:
    """A file of a sent letter, as it lies in the archive; its name may give a secret away.

    `reason` is, in Thai, why it could not be read, or what is in doubt about its searchable PDF.
    """

    sent_id: int
    sha256: str
    name: str
    media_type: str
    size_bytes: int
    attached_at: datetime
    attached_by: str
    is_secret: bool
    state: CopyState = CopyState.WAITING
    searchable_sha256: str | None = None
    page_count: int = 0
    reason: str = ""


@dataclass(frozen=True, slots=True)
class SentChange:
    """A field that somebody changed."""

    field: str
    old: str
    new: str
    who: str
    at: datetime
    reason: str = ""
