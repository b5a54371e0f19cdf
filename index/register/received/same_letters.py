"""The same letter by paper and by system: recognised, asked about, joined, or told apart for good.

What carries the number, date and sender of a letter in the book, and no page that this letter does not explain,
is not given a second number: it is held back as a further copy until a person has said so or otherwise. Weaker
likeness (the same number and date, or nearly the same page) is only asked about. Hidden letters are never held
back, and only who may open both of a pair is asked about it.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from enum import StrEnum

from sqlalchemy import ColumnElement, and_, literal, or_, select
from sqlalchemy.orm import InstrumentedAttribute, Session, aliased

from classify.numbers import parse_number
from index.choices import BookName, JobState
from index.errors import LetterDestroyedError, NoSuchRecordError
from index.register.letters.filing import Filing, fill_fields, fold_number, read_letter
from index.register.letters.letters import LetterFile, file_of_row, open_letter
from index.register.numbers.numbers import cancel_number
from index.register.numbers.reservations import free_number, give_again
from index.register.received.alike import find_just_filed
from index.register.received.likeness import (
    Likeness,
    explains,
    likest,
)
from index.register.store.audit import append_entry
from index.register.store.database import Database
from index.register.store.import_tables import PageHashRow, SameLetterRow
from index.register.store.states import SAME_LETTER
from index.register.store.tables import ContentRow, LetterRow
from index.register.store.visible import fully_visible
from index.registered_letter import RegisteredLetter, RegisterNumber
from index.visibility import SECRECY_FIELD, Viewer
from ocr.thai_text import fold

COMPARED = timedelta(days=120)  # scans are compared with what came in during this time
JUST_NOW = timedelta(
    minutes=15
)  # what was filed beside this scan is compared once more, under the lock
MOST_OFFERS = 3
THAI_REASON = "ที่ วันที่ และผู้ส่งตรงกับหนังสือที่ลงทะเบียนแล้ว จึงแนบเป็นสำเนาและไม่ออกเลขใหม่"
ENGLISH_REASON = "number, date and sender are those of a registered letter; kept as a copy of it"


class Verdict(StrEnum):
    """What became of a pair; see `SameLetterRow`."""

    HELD = "held"
    OFFERED = "offered"
    JOINED = "joined"
    DIFFERENT = "different"


@dataclass(frozen=True, slots=True)
class Pair:
    """A letter and a later scan that may be it; `second` is None for one that was given no number."""

    first: RegisteredLetter
    second: RegisteredLetter | None
    second_id: int
    door: str
    received_at: datetime
    because: Likeness
    verdict: Verdict


def hold_back(
    session: Session, row: LetterRow, filing: Filing, *, who: str, now: datetime
) -> LetterRow | None:
    """Keep a scan as a copy of the letter it is, inside the caller's transaction; return that letter.

    None when it is no known letter, is hidden, or a person has told the two apart.
    """
    first = _registered_already(session, row, filing)
    if first is None:
        _forget_held(session, row)
        return None
    fill_fields(row, filing.letter, filing.decision)
    row.page_count, row.searchable_sha256 = filing.page_count, filing.searchable_sha256
    row.reason_code, row.reason_thai, row.reason_english = SAME_LETTER, THAI_REASON, ENGLISH_REASON
    known = session.get(SameLetterRow, (first.id, row.id))
    if known is None:
        _pair(
            session,
            first.id,
            row,
            verdict=Verdict.HELD,
            because=Likeness.NUMBER_AND_SENDER,
            who=who,
            now=now,
        )
        details = {"same_as": first.id}
        append_entry(
            session,
            row.office_id,
            at=now,
            who=who,
            action="held_back",
            letter_id=row.id,
            details=details,
        )
    return first


def remember_page(
    session: Session,
    row: LetterRow,
    filing: Filing,
    offers: Mapping[int, Likeness],
    *,
    who: str,
    now: datetime,
) -> None:
    """Keep the page's hash and ask about letters like this one; in the caller's transaction.

    `offers` are what `find_alike` found before it; what was filed since then is looked at here.
    """
    session.flush()
    found = {**offers, **find_just_filed(session, row.office_id, row.id, filing, now)}
    for first_id, because in likest(found)[:MOST_OFFERS]:
        first = session.get(LetterRow, first_id)
        gone = first is None or first.cancelled or first.erased_on is not None
        if not gone and session.get(SameLetterRow, (first_id, row.id)) is None:
            _pair(
                session, first_id, row, verdict=Verdict.OFFERED, because=because, who=who, now=now
            )
    if filing.page_hash:
        session.merge(PageHashRow(letter_id=row.id, hash=filing.page_hash))


def _registered_already(session: Session, row: LetterRow, filing: Filing) -> LetterRow | None:
    letter = filing.letter
    reasons = (*filing.decision.review, *letter.doubts)
    hidden = (
        row.secret_door or letter.is_secret or any(one.field == SECRECY_FIELD for one in reasons)
    )
    if hidden or letter.number is None or letter.date is None or letter.sender is None:
        return None
    if parse_number(letter.number.value) is None:
        return None  # a number without its running part is many letters'
    rows = session.scalars(
        select(LetterRow)
        .where(
            LetterRow.office_id == row.office_id,
            LetterRow.number_key == fold_number(letter.number.value),
            LetterRow.date == letter.date.value,
            LetterRow.state == JobState.FILED,
            LetterRow.book == BookName.RECEIVE,
            LetterRow.cancelled.is_(False),
            LetterRow.is_secret.is_(False),
            LetterRow.suspected_secret.is_(False),
            LetterRow.id != row.id,
        )
        .order_by(LetterRow.id)
    )
    for first in rows:
        verdict = session.get(SameLetterRow, (first.id, row.id))
        told_apart = verdict is not None and verdict.state == Verdict.DIFFERENT
        if told_apart or fold(first.sender) != fold(letter.sender.value):
            continue
        known = session.get(ContentRow, first.id)
        if known is not None and explains(known.text, filing.text):
            return first
    return None


def _forget_held(session: Session, row: LetterRow) -> None:
    """A scan that was held back and now gets a number of its own is no copy any more."""
    for pair in session.scalars(
        select(SameLetterRow).where(
            SameLetterRow.second_id == row.id, SameLetterRow.state == Verdict.HELD
        )
    ):
        session.delete(pair)
    row.reason_code = row.reason_thai = row.reason_english = ""


def _pair(
    session: Session,
    first_id: int,
    row: LetterRow,
    *,
    verdict: Verdict,
    because: Likeness,
    who: str,
    now: datetime,
) -> None:
    session.add(
        SameLetterRow(
            first_id=first_id,
            second_id=row.id,
            office_id=row.office_id,
            state=verdict,
            because=because,
            who=who,
            at=now,
        )
    )


class SameLetters:
    """The pairs of one office, as a viewer who may open both sees and judges them."""

    def __init__(self, database: Database) -> None:
        self._database = database

    def open(self, viewer: Viewer, *, limit: int = 100) -> tuple[Pair, ...]:
        """Return the pairs that wait for a word, newest first."""
        return self._pairs(viewer, (Verdict.HELD, Verdict.OFFERED), None, limit)

    def of_letter(self, viewer: Viewer, letter_id: int) -> tuple[Pair, ...]:
        """Return the pairs that a letter is in, those told apart left out."""
        verdicts = (Verdict.HELD, Verdict.OFFERED, Verdict.JOINED)
        return self._pairs(viewer, verdicts, letter_id, 100)

    def _pairs(
        self, viewer: Viewer, verdicts: tuple[Verdict, ...], letter_id: int | None, limit: int
    ) -> tuple[Pair, ...]:
        second = aliased(LetterRow)
        unhidden = and_(second.is_secret.is_(False), second.suspected_secret.is_(False))
        unnumbered = and_(
            second.state != JobState.FILED, or_(unhidden, literal(viewer.is_registrar))
        )
        query = (
            select(SameLetterRow, second)
            .join(second, second.id == SameLetterRow.second_id)
            .where(
                SameLetterRow.office_id == self._database.office_id,
                SameLetterRow.state.in_(verdicts),
                _may_open(viewer, SameLetterRow.first_id),
                or_(_may_open(viewer, SameLetterRow.second_id), unnumbered),
            )
            .order_by(SameLetterRow.at.desc(), SameLetterRow.second_id.desc())
            .limit(limit)
        )
        if letter_id is not None:
            query = query.where(
                or_(SameLetterRow.first_id == letter_id, SameLetterRow.second_id == letter_id)
            )
        with self._database.reading() as session:
            pairs = (_read(session, pair, row) for pair, row in session.execute(query))
            return tuple(one for one in pairs if one.first.erased_on is None)

    def file_of(self, viewer: Viewer, first_id: int, second_id: int) -> LetterFile:
        """Return where a further copy lies; raise NoSuchRecordError unless both may be opened."""
        for pair in self.of_letter(viewer, first_id):
            if pair.first.letter_id == first_id and pair.second_id == second_id:
                with self._database.reading() as session:
                    file = file_of_row(session.get_one(LetterRow, second_id))
                    return replace(file, is_secret=file.is_secret or pair.first.is_secret)
        raise NoSuchRecordError(f"copy {second_id} of letter {first_id}")

    def join(self, viewer: Viewer, first_id: int, second_id: int, *, now: datetime) -> None:
        """Say that both are one letter: the second's number, if it has one, is cancelled with a note.

        Its file stays, as a further copy of the first. Raises NoSuchRecordError.
        """
        with self._database.writing() as session:
            pair, first, second = self._judged(session, viewer, first_id, second_id)
            if pair.state == Verdict.JOINED:
                return
            pair.state, pair.who, pair.at = Verdict.JOINED, viewer.name, now
            free_number(session, second.office_id, second.sha256)
            if second.running is not None and second.buddhist_year is not None:
                cancel_number(
                    session,
                    second.office_id,
                    BookName.RECEIVE,
                    RegisterNumber(second.running, second.buddhist_year),
                    note=_why_joined(first),
                    who=viewer.name,
                    now=now,
                )
            self._note(session, "joined", viewer, pair, now)

    def undo_join(self, viewer: Viewer, first_id: int, second_id: int, *, now: datetime) -> None:
        """Take a join back: the pair is asked about again, and a number it cancelled is given again.

        A number that was cancelled for another reason stays so. Raises NoSuchRecordError, and
        LetterDestroyedError when one of the two is no longer there.
        """
        with self._database.writing() as session:
            pair, first, second = self._judged(session, viewer, first_id, second_id)
            if pair.state != Verdict.JOINED:
                raise NoSuchRecordError(f"a join of letters {first_id} and {second_id}")
            for one in (first, second):
                if one.erased_on is not None:
                    number = RegisterNumber(one.running or 0, one.buddhist_year or 0)
                    raise LetterDestroyedError(str(number), one.erased_on)
            numbered = second.running is not None
            pair.state = Verdict.OFFERED if numbered else Verdict.HELD
            pair.who, pair.at = viewer.name, now
            if numbered:
                give_again(session, second, _why_joined(first), who=viewer.name, now=now)
            self._note(session, "join_undone", viewer, pair, now)

    def tell_apart(self, viewer: Viewer, first_id: int, second_id: int, *, now: datetime) -> bool:
        """Say that they are two letters, for good; return whether the second still wants a number.

        A scan that was held back must then come through the door once more to be given one.
        Raises NoSuchRecordError.
        """
        with self._database.writing() as session:
            pair, _, second = self._judged(session, viewer, first_id, second_id)
            if pair.state == Verdict.JOINED and second.running is not None:
                raise NoSuchRecordError(f"an open question about letter {second_id}")
            pair.state, pair.who, pair.at = Verdict.DIFFERENT, viewer.name, now
            self._note(session, "told_apart", viewer, pair, now)
            return second.running is None

    def _judged(
        self, session: Session, viewer: Viewer, first_id: int, second_id: int
    ) -> tuple[SameLetterRow, LetterRow, LetterRow]:
        office_id = self._database.office_id
        first = open_letter(session, office_id, viewer, first_id)
        pair = session.get(SameLetterRow, (first_id, second_id))
        second = session.get(LetterRow, second_id)
        if pair is None or second is None or pair.state == Verdict.DIFFERENT:
            raise NoSuchRecordError(f"a pair of letters {first_id} and {second_id}")
        if second.state == JobState.FILED:
            second = open_letter(session, office_id, viewer, second_id)
        elif (second.is_secret or second.suspected_secret) and not viewer.is_registrar:
            raise NoSuchRecordError(f"a pair of letters {first_id} and {second_id}")
        return pair, first, second

    @staticmethod
    def _note(
        session: Session,
        action: str,
        viewer: Viewer,
        pair: SameLetterRow,
        now: datetime,
    ) -> None:
        append_entry(
            session,
            pair.office_id,
            at=now,
            who=viewer.name,
            action=action,
            letter_id=pair.second_id,
            details={"same_as": pair.first_id},
        )


def _why_joined(first: LetterRow) -> str:
    """Return the note at a number that a join cancelled; an undo knows its own work by it."""
    number = RegisterNumber(first.running or 0, first.buddhist_year or 0)
    return f"เป็นหนังสือฉบับเดียวกับเลขรับ {number}"


def _may_open(viewer: Viewer, letter_id: InstrumentedAttribute[int]) -> ColumnElement[bool]:
    """Return the condition that the viewer may open that letter of a pair: one look-up, no list."""
    letter = select(LetterRow.id).where(LetterRow.id == letter_id, fully_visible(viewer))
    return letter.correlate(SameLetterRow).exists()


def _read(session: Session, pair: SameLetterRow, second: LetterRow) -> Pair:
    first = session.get_one(LetterRow, pair.first_id)
    return Pair(
        first=read_letter(session, first),
        second=read_letter(session, second) if second.state == JobState.FILED else None,
        second_id=second.id,
        door=second.door,
        received_at=second.received_at,
        because=Likeness(pair.because),
        verdict=Verdict(pair.state),
    )
