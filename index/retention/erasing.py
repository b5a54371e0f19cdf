"""One letter of a batch, from the intent to the proof that it is gone.

intended → erased → verified. The intent, with the hashes of what will go, is on the disk before the
first file is removed; files go before the book says so; the book is emptied in one transaction with
its audit line. Every step can be done again without harm, so a kill between any two is resumed.
"""

from __future__ import annotations

import hashlib
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Protocol

from sqlalchemy import delete, or_, select, update
from sqlalchemy.orm import Session

from index.archive import Archive, Shelf
from index.register.audit import append_entry
from index.register.change import note_change
from index.register.import_tables import PageHashRow
from index.register.sent_tables import SentFileRow
from index.register.tables import BANGKOK, ArrivalRow, ContentRow, LetterRow, ReviewRow
from index.retention.certificate import (
    CertificateLine,
    Fate,
    Statement,
    digest_json,
    pack_line,
    unpack_line,
)
from index.retention.destruction_tables import DisposalRow
from index.retention.law import Law
from index.retention.media import electronic_period
from index.retention.schedule import BUDDHIST_ERA_OFFSET
from index.retention.survey import SurveyRow
from index.retention.tables import BatchRow

INTENDED, ERASED, VERIFIED = "intended", "erased", "verified"


@dataclass(frozen=True, slots=True)
class ErasedLetter:
    """A letter whose copies must go; the hashes name its files, empty for one that is not to go."""

    letter_id: int
    sha256: str
    searchable_sha256: str


class DerivedCopies(Protocol):
    """What the program made of letters outside book and archive: page pictures, the search index."""

    def forget(self, letters: Sequence[ErasedLetter]) -> None:
        """Remove every copy of these letters; doing it again changes nothing."""

    def remains(self, letters: Sequence[ErasedLetter]) -> Mapping[int, str]:
        """Look, and return what is still there of which letter, in English."""


def media_to_go(
    row: LetterRow, judged: SurveyRow, statement: Statement, law: Law, on: date
) -> tuple[Fate, Fate, int]:
    """Return what becomes of paper and electronic copy, and the copy's last (Gregorian) year."""
    paper = Fate.GONE_BEFORE if row.paper_ended_on else statement.paper.fate
    registered = (row.buddhist_year or 0) - BUDDHIST_ERA_OFFSET
    rule = law.deadlines["electronic_destruction"]
    kept = electronic_period(judged.eligibility.period, registered, rule)
    last = kept.keep_until_year or 0
    if row.erased_on:
        return paper, Fate.GONE_BEFORE, last
    may_go = bool(statement.electronic_order.strip()) and kept.is_due(on)
    return paper, Fate.DESTROYED if may_go else Fate.KEPT, last


def intend(
    session: Session,
    batch: BatchRow,
    judged: SurveyRow,
    statement: Statement,
    law: Law,
    *,
    who: str,
    now: datetime,
) -> DisposalRow:
    """Write down what will go, with the hashes, before anything goes."""
    letter = judged.letter
    row = session.get_one(LetterRow, letter.facts.letter_id)
    content = session.get_one(ContentRow, row.id)
    today = now.astimezone(BANGKOK).date()
    paper, electronic, last = media_to_go(row, judged, statement, law, today)
    line = CertificateLine(
        letter_id=row.id,
        register_number=str(letter.register_number),
        number=row.number,
        written_on=row.date,
        subject=row.subject,
        sender=row.sender,
        retention_class=row.retention_class,
        clause=law.classes[row.retention_class].law.clause,
        keep_until_year=judged.eligibility.period.keep_until_year or 0,
        file_code=letter.file_code,
        pages=row.page_count,
        paper=paper,
        electronic=electronic,
        electronic_until_year=last,
        original_sha256=row.sha256,
        searchable_sha256=row.searchable_sha256 or "",
        text_sha256=hashlib.sha256(content.text.encode()).hexdigest(),
        kept_files=_needed_elsewhere(session, row) if electronic is Fate.DESTROYED else (),
    )
    packed = pack_line(line)
    disposal = DisposalRow(
        batch_id=batch.id, letter_id=row.id, state=INTENDED, intended_at=now, evidence=packed
    )
    session.add(disposal)
    note_step(
        session, disposal, "destruction_intended", who=who, now=now, sha256=digest_json(packed)
    )
    return disposal


def remove_files(line: CertificateLine, archive: Archive) -> None:
    """Remove a letter's files from the archive, but for those that another letter still needs."""
    for shelf, sha256 in _files(line):
        archive.remove(sha256, shelf)


def empty_the_book(
    session: Session, disposal: DisposalRow, *, paper_on: date | None, who: str, now: datetime
) -> None:
    """Empty text, evidence and names of a letter and say that it is gone; its register row stays."""
    row, line = session.get_one(LetterRow, disposal.letter_id), unpack_line(disposal.evidence)
    today = now.astimezone(BANGKOK).date()
    if line.paper in (Fate.DESTROYED, Fate.NONE):
        row.paper_ended_on = paper_on or today
    if line.electronic is Fate.DESTROYED:
        row.erased_on, row.name, row.work_path, row.review_count = today, "", "", 0
        content = session.get_one(ContentRow, row.id)
        content.text, content.letter, content.decision = "", {}, {}
        session.execute(delete(ReviewRow).where(ReviewRow.letter_id == row.id))
        session.execute(delete(PageHashRow).where(PageHashRow.letter_id == row.id))
        session.execute(update(ArrivalRow).where(ArrivalRow.letter_id == row.id).values(name=""))
    disposal.state = ERASED
    note_change(
        session,
        row,
        "destroyed",
        who=who,
        now=now,
        details={
            "batch": session.get_one(BatchRow, disposal.batch_id).code,
            "paper": line.paper.value,
            "electronic": line.electronic.value,
            "evidence": digest_json(disposal.evidence),
        },
    )


def what_remains(
    session: Session, lines: Sequence[CertificateLine], archive: Archive, copies: DerivedCopies
) -> dict[int, str]:
    """Look whether the erased letters are gone: files, pictures, index, text; return what is not."""
    found = dict(copies.remains(erased_letters(lines)))
    for line in lines:
        if line.electronic is not Fate.DESTROYED:
            continue
        for shelf, sha256 in _files(line):
            if archive.holds(sha256, shelf):
                found[line.letter_id] = f"a file among the {shelf}"
        content = session.get(ContentRow, line.letter_id)
        if content is None or content.text or content.letter:
            found[line.letter_id] = "its text in the book"
    return found


def note_gone(session: Session, disposal: DisposalRow, *, who: str, now: datetime) -> None:
    """Note that somebody looked and the letter is gone."""
    disposal.state, disposal.verified_at = VERIFIED, now
    note_step(session, disposal, "destruction_verified", who=who, now=now)


def take_back(session: Session, disposal: DisposalRow, *, who: str, now: datetime) -> None:
    """Give an intent up of which nothing was carried out."""
    note_step(session, disposal, "destruction_taken_back", who=who, now=now)
    session.delete(disposal)


def is_untouched(line: CertificateLine, archive: Archive) -> bool:
    """Tell whether every file of a letter is still in the archive."""
    return all(archive.holds(sha256, shelf) for shelf, sha256 in _files(line))


def erased_letters(lines: Iterable[CertificateLine]) -> list[ErasedLetter]:
    """Return the letters whose copies must go; what is made of a file that stays may stay too."""
    return [
        ErasedLetter(
            line.letter_id,
            "" if line.original_sha256 in line.kept_files else line.original_sha256,
            "" if line.searchable_sha256 in line.kept_files else line.searchable_sha256,
        )
        for line in lines
        if line.electronic is Fate.DESTROYED
    ]


def _files(line: CertificateLine) -> list[tuple[Shelf, str]]:
    if line.electronic is not Fate.DESTROYED:
        return []
    files = [(Shelf.ORIGINAL, line.original_sha256), (Shelf.SEARCHABLE, line.searchable_sha256)]
    return [(shelf, one) for shelf, one in files if one and one not in line.kept_files]


def _needed_elsewhere(session: Session, row: LetterRow) -> tuple[str, ...]:
    """Return the hashes of this letter's files that another letter, kept here, has too."""
    own = [sha256 for sha256 in (row.sha256, row.searchable_sha256) if sha256]
    others = session.execute(
        select(LetterRow.sha256, LetterRow.searchable_sha256).where(
            LetterRow.id != row.id,
            LetterRow.erased_on.is_(None),
            or_(LetterRow.sha256.in_(own), LetterRow.searchable_sha256.in_(own)),
        )
    )
    needed = {sha256 for pair in others for sha256 in pair}
    needed |= set(session.scalars(select(SentFileRow.sha256).where(SentFileRow.sha256.in_(own))))
    return tuple(sha256 for sha256 in own if sha256 in needed)


def note_step(
    session: Session,
    disposal: DisposalRow,
    action: str,
    *,
    who: str,
    now: datetime,
    **details: str,
) -> None:
    """Add the audit line of a step of one letter's destruction."""
    batch = session.get_one(BatchRow, disposal.batch_id)
    append_entry(
        session,
        batch.office_id,
        at=now,
        who=who,
        action=action,
        letter_id=disposal.letter_id,
        details={"batch": batch.code, **details},
    )
