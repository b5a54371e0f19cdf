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

from sqlalchemy.orm import Session

from index.archive import Archive, Shelf
from index.register.store.audit import append_entry
from index.register.store.change import note_change
from index.register.store.sent_tables import SentRow
from index.register.store.tables import BANGKOK, LetterRow
from index.retention.certificate import (
    CertificateLine,
    Fate,
    Statement,
    digest_json,
    hashes_to_go,
    pack_line,
    scans_of,
    unpack_line,
)
from index.retention.destruction_tables import DisposalRow
from index.retention.law import Law
from index.retention.media import electronic_period
from index.retention.papers import PaperRow, get_paper, id_of, note_paper, trail
from index.retention.shared_files import scan_of, with_shared_files
from index.retention.survey import SurveyRow
from index.retention.tables import BatchRow
from index.retention.words import empty_words, has_words
from ocr.thai_text import BUDDHIST_ERA

INTENDED, ERASED, VERIFIED = "intended", "erased", "verified"


@dataclass(frozen=True, slots=True)
class ErasedLetter:
    """A letter whose copies must go; the hashes name the files that they were made of, or are empty."""

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
    row: PaperRow, judged: SurveyRow, statement: Statement, law: Law, on: date
) -> tuple[Fate, Fate, int]:
    """Return what becomes of paper and electronic copy, and the copy's last (Gregorian) year."""
    paper = Fate.GONE_BEFORE if row.paper_ended_on else statement.paper.fate
    registered = (row.buddhist_year or 0) - BUDDHIST_ERA
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
    row = get_paper(session, letter.facts.letter_id)
    scan = scan_of(session, row)
    today = now.astimezone(BANGKOK).date()
    paper, electronic, last = media_to_go(row, judged, statement, law, today)
    line = CertificateLine(
        letter_id=id_of(row),
        register_number=letter.label,
        number=row.number,
        written_on=row.date,
        subject=row.subject,
        sender=letter.sender,
        retention_class=row.retention_class,
        clause=law.classes[row.retention_class].law.clause,
        keep_until_year=judged.eligibility.period.keep_until_year or 0,
        file_code=letter.file_code,
        pages=scan.pages,
        paper=paper,
        electronic=electronic,
        electronic_until_year=last,
        original_sha256=scan.original_sha256,
        searchable_sha256=scan.searchable_sha256,
        text_sha256=hashlib.sha256(scan.text.encode()).hexdigest(),
    )
    if electronic is Fate.DESTROYED:
        line = with_shared_files(session, line)
    packed = pack_line(line)
    disposal = DisposalRow(
        batch_id=batch.id,
        letter_id=line.letter_id,
        state=INTENDED,
        intended_at=now,
        evidence=packed,
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
    """Empty text, evidence and names of a letter and say that it is gone; its register row stays.

    What was joined to the letter ends with it, and has an audit line of its own.
    """
    row, line = get_paper(session, disposal.letter_id), unpack_line(disposal.evidence)
    today = now.astimezone(BANGKOK).date()
    rows: list[PaperRow] = [row]
    if line.electronic is Fate.DESTROYED:
        others = {one.letter_id for one in line.others} - {line.letter_id}
        belonging = (session.get_one(LetterRow, one) for one in sorted(others))
        rows += [one for one in belonging if one.erased_on is None]
        for one in rows:
            one.erased_on = today
            empty_words(session, one)
    disposal.state = ERASED
    for one in rows:
        if line.paper in (Fate.DESTROYED, Fate.NONE):
            one.paper_ended_on = paper_on or today
        one.paper_ended_on = one.paper_ended_on or row.paper_ended_on
        if one.running is None:
            continue  # a further copy without a number: what is in no book needs no line
        details = {
            "batch": session.get_one(BatchRow, disposal.batch_id).code,
            "paper": line.paper.value,
            "electronic": line.electronic.value,
            "evidence": digest_json(disposal.evidence),
        }
        if isinstance(one, SentRow):
            one.revision += 1  # the index follows
            note_paper(session, one, "destroyed", who=who, now=now, details=details)
        else:
            note_change(session, one, "destroyed", who=who, now=now, details=details)


def what_remains(
    session: Session, lines: Sequence[CertificateLine], archive: Archive, copies: DerivedCopies
) -> dict[int, str]:
    """Look whether the erased letters are gone: files, pictures, index, text; return what is not."""
    goes_with = {other.letter_id: line.letter_id for line in lines for other in line.others}
    remains = copies.remains(erased_letters(lines))
    found = {goes_with.get(one, one): what for one, what in remains.items()}
    for line in lines:
        if line.electronic is not Fate.DESTROYED:
            continue
        for shelf, sha256 in _files(line):
            if archive.holds(sha256, shelf):
                found[line.letter_id] = f"a file among the {shelf}"
        for one in (line.letter_id, *(other.letter_id for other in line.others)):
            if has_words(session, one):
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
    """Return the letters whose copies must go.

    A searchable PDF that stays is another letter's own, and so are the pictures made of it.
    """
    found = []
    for line in lines:
        if line.electronic is not Fate.DESTROYED:
            continue
        kept = {one.sha256 for one in line.kept_files}
        found += [
            ErasedLetter(
                one.letter_id,
                one.original_sha256,
                "" if one.searchable_sha256 in kept else one.searchable_sha256,
            )
            for one in scans_of(line)
        ]
    return found


def _files(line: CertificateLine) -> list[tuple[Shelf, str]]:
    go, scans = hashes_to_go(line), scans_of(line)
    files = [
        *((Shelf.ORIGINAL, one.original_sha256) for one in scans),
        *((Shelf.SEARCHABLE, one.searchable_sha256) for one in scans),
    ]
    return [(shelf, sha256) for shelf, sha256 in files if sha256 in go]


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
        **trail(disposal.letter_id, {"batch": batch.code, **details}),
    )
