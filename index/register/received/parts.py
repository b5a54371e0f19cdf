"""Letters that share a scan: one cut into several, or one that was wrongly apart joined to another.

The scan as it came is never altered. A letter that is cut out gets a file of its own with its pages
and comes into the book by the normal way, with its own number; a joined one gives its number up,
and has it again when the join is taken back.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum

from sqlalchemy import and_, select
from sqlalchemy.orm import Session

from index.choices import BookName, JobState
from index.errors import (
    LetterChangedError,
    LetterDestroyedError,
    NoSuchRecordError,
    PartsRefusedError,
)
from index.message import message
from index.register.letters.fields import close_reviews
from index.register.letters.filing import read_letter, read_row
from index.register.letters.letters import open_letter
from index.register.numbers.numbers import cancel_number
from index.register.numbers.reservations import give_again
from index.register.store.change import note_change
from index.register.store.database import Database
from index.register.store.desk_tables import PartRow
from index.register.store.tables import ContentRow, LetterRow
from index.registered_letter import RegisteredLetter, RegisterNumber
from index.visibility import Sight, Viewer, may_see

PAGES_FIELD = "pages"
"""The field of the doubt whether a scan holds several letters; splitting settles it."""


class Relation(StrEnum):
    """How a scan belongs to another letter."""

    CUT = "cut"
    JOINED = "joined"


@dataclass(frozen=True, slots=True)
class Piece:
    """Pages cut out of a letter's scan: a file with these bytes holds them."""

    sha256: str
    first_page: int
    last_page: int


@dataclass(frozen=True, slots=True)
class Rest:
    """What is left of a letter after the cut: its searchable PDF with the pages before, their text."""

    page_count: int
    searchable_sha256: str
    text: str


@dataclass(frozen=True, slots=True)
class Part:
    """A letter that shares a scan with another; `number` is None until it is in the book."""

    relation: Relation
    number: RegisterNumber | None
    first_page: int
    last_page: int
    note: str
    who: str
    at: datetime


@dataclass(frozen=True, slots=True)
class Kin:
    """What belongs to a letter's scan, as far as the viewer may open it.

    `source` is the letter that this one was cut from or joined to; `parts` are those cut from or
    joined to this one. `all_open` is false when something of the scan is hidden from the viewer.
    """

    source: Part | None
    parts: tuple[Part, ...]
    all_open: bool


class Parts:
    """Split, join, and who belongs to whom."""

    def __init__(self, database: Database) -> None:
        self._database = database

    def split(
        self,
        viewer: Viewer,
        letter_id: int,
        pieces: Sequence[Piece],
        rest: Rest,
        *,
        revision: int,
        now: datetime,
    ) -> RegisteredLetter:
        """Note that later pages are letters of their own; the first pages stay with this one.

        `pieces` are in order and reach to the letter's last page; their files are handed in by the
        caller. Raises PartsRefusedError, LetterChangedError, NoSuchRecordError.
        """
        with self._database.writing() as session:
            row = open_letter(session, self._database.office_id, viewer, letter_id)
            if row.revision != revision:
                raise LetterChangedError(letter_id)
            check_starts(row.id, row.page_count, [piece.first_page for piece in pieces])
            row.page_count, row.searchable_sha256 = rest.page_count, rest.searchable_sha256
            session.get_one(ContentRow, row.id).text = rest.text
            close_reviews(session, row, PAGES_FIELD, viewer.name, now)
            note_pieces(session, row, pieces, who=viewer.name, now=now)
            return read_letter(session, row)

    def join(
        self, viewer: Viewer, letter_id: int, into_id: int, *, note: str, now: datetime
    ) -> RegisteredLetter:
        """Join a letter to another: its number is cancelled with the note, its pages are shown there.

        Returns the other letter. Raises PartsRefusedError or NoSuchRecordError.
        """
        office_id = self._database.office_id
        with self._database.writing() as session:
            row = open_letter(session, office_id, viewer, letter_id)
            other = open_letter(session, office_id, viewer, into_id)
            self._refuse_join(session, row, other)
            number = _number_of(row)
            piece = Piece(row.sha256, 1, row.page_count)
            old = session.get(PartRow, (office_id, row.sha256))
            if old is not None:
                if old.source_id != other.id:
                    # The other scan still shows these pages: it must go on asking whether they are secret.
                    raise PartsRefusedError(
                        row.id, message("ฉบับนี้แยกมาจากไฟล์สแกนของหนังสืออีกฉบับ จึงรวมกลับได้เฉพาะกับฉบับนั้น")
                    )
                piece = Piece(
                    row.sha256, old.first_page, old.last_page
                )  # `take_apart` cuts it again
                session.delete(old)
                session.flush()
            session.add(_row(other, piece, Relation.JOINED, viewer.name, now, note=note))
            text = session.get_one(ContentRow, row.id).text
            content = session.get_one(ContentRow, other.id)
            content.text = f"{content.text}\n{text}"
            reason = _why_cancelled(other, note)
            cancel_number(
                session, office_id, BookName.RECEIVE, number, note=reason, who=viewer.name, now=now
            )
            details = {"joined": str(number)}
            note_change(session, other, "joined", who=viewer.name, now=now, details=details)
            return read_letter(session, other)

    def take_apart(
        self, viewer: Viewer, letter_id: int, joined_id: int, *, now: datetime
    ) -> RegisteredLetter:
        """Take a join back: the letter that was joined has its number again, and its text to itself.

        Returns it. Raises NoSuchRecordError where it is not joined to that letter or one of the two may not
        be opened, LetterDestroyedError where one is no longer there.
        """
        office_id = self._database.office_id
        with self._database.writing() as session:
            other = open_letter(session, office_id, viewer, letter_id)
            row = open_letter(session, office_id, viewer, joined_id)
            part = session.get(PartRow, (office_id, row.sha256))
            if part is None or part.source_id != other.id or part.relation != Relation.JOINED:
                raise NoSuchRecordError(f"a join of letters {letter_id} and {joined_id}")
            for one in (other, row):
                if one.erased_on is not None:
                    raise LetterDestroyedError(str(_number_of(one)), one.erased_on)
            give_again(session, row, _why_cancelled(other, part.note), who=viewer.name, now=now)
            if part.first_page > 1:
                part.relation = Relation.CUT
            else:
                session.delete(part)
            text = session.get_one(ContentRow, row.id).text
            content = session.get_one(ContentRow, other.id)
            content.text = content.text.replace(f"\n{text}", "", 1)
            details = {"joined": str(_number_of(row))}
            note_change(session, other, "join_undone", who=viewer.name, now=now, details=details)
            return read_letter(session, row)

    def kin(self, viewer: Viewer, letter_id: int) -> Kin:
        """Return what shares the letter's scan; NoSuchRecordError unless the viewer may open it."""
        office_id = self._database.office_id
        with self._database.reading() as session:
            row = open_letter(session, office_id, viewer, letter_id)
            own = session.get(PartRow, (office_id, row.sha256))
            source = None if own is None else session.get_one(LetterRow, own.source_id)
            found = session.execute(
                select(PartRow, LetterRow)
                .outerjoin(
                    LetterRow,
                    and_(
                        LetterRow.office_id == PartRow.office_id,
                        LetterRow.sha256 == PartRow.sha256,
                    ),
                )
                .where(PartRow.source_id == row.id)
                .order_by(PartRow.at, PartRow.first_page)
            ).all()
            parts = [(part, _is_open(session, viewer, letter), letter) for part, letter in found]
            return Kin(
                source=(
                    _part(own, source)
                    if own is not None and _is_open(session, viewer, source)
                    else None
                ),
                parts=tuple(
                    _part(part, letter)
                    for part, is_open, letter in parts
                    if is_open or not _is_filed(letter)
                ),
                all_open=all(is_open for _, is_open, _ in parts),
            )

    def _refuse_join(self, session: Session, row: LetterRow, other: LetterRow) -> None:
        if row.id == other.id:
            raise PartsRefusedError(row.id, message("เลือกหนังสืออีกฉบับหนึ่งที่จะรวมด้วย"))
        if row.cancelled or other.cancelled:
            raise PartsRefusedError(row.id, message("เลขรับหนึ่งในสองฉบับถูกยกเลิกไปแล้ว จึงรวมไม่ได้"))
        if (row.is_secret or row.suspected_secret) != (other.is_secret or other.suspected_secret):
            raise PartsRefusedError(row.id, message("ฉบับหนึ่งเป็นหนังสือลับ อีกฉบับไม่ลับ จึงรวมไม่ได้"))
        joined = session.scalar(
            select(PartRow.sha256)
            .where(PartRow.source_id == row.id, PartRow.relation == Relation.JOINED)
            .limit(1)
        )
        if joined is not None:
            raise PartsRefusedError(row.id, message("มีหนังสือฉบับอื่นรวมอยู่กับฉบับนี้แล้ว จึงรวมต่อไม่ได้"))


def note_pieces(
    session: Session, row: LetterRow, pieces: Sequence[Piece], *, who: str, now: datetime
) -> None:
    """Note that a letter's scan was cut, in the caller's transaction; cut by hand or on the journey."""
    for piece in pieces:
        session.merge(_row(row, piece, Relation.CUT, who, now, note=""))
    details = {"starts": [piece.first_page for piece in pieces]}
    note_change(session, row, "split", who=who, now=now, details=details)


def check_starts(letter_id: int, page_count: int, starts: Sequence[int]) -> None:
    """Refuse what cannot be the first pages of letters cut out: none, page 1, or beyond the end."""
    ordered = sorted(set(starts))
    if not ordered or ordered != list(starts) or ordered[0] < 2 or ordered[-1] > page_count:
        raise PartsRefusedError(
            letter_id,
            message("เลือกหน้าแรกของฉบับใหม่ ตั้งแต่หน้าที่ ๒ เป็นต้นไป"),
        )


def _row(
    source: LetterRow, piece: Piece, relation: Relation, who: str, now: datetime, *, note: str
) -> PartRow:
    return PartRow(
        office_id=source.office_id,
        sha256=piece.sha256,
        source_id=source.id,
        relation=relation,
        first_page=piece.first_page,
        last_page=piece.last_page,
        note=note,
        who=who,
        at=now,
    )


def _number_of(row: LetterRow) -> RegisterNumber:
    return RegisterNumber(row.running or 0, row.buddhist_year or 0)


def _why_cancelled(other: LetterRow, note: str) -> str:
    """Return what stands beside the number of a letter that was joined; taking it apart asks for just this."""
    return f"รวมกับเลขรับ {_number_of(other)}" + (f": {note}" if note else "")


def _is_filed(letter: LetterRow | None) -> bool:
    return letter is not None and letter.state == JobState.FILED


def _is_open(session: Session, viewer: Viewer, letter: LetterRow | None) -> bool:
    if letter is None or letter.state != JobState.FILED:
        return False
    return may_see(viewer, read_row(session, letter)) is Sight.FULL


def _part(row: PartRow, letter: LetterRow | None) -> Part:
    number = None
    if letter is not None and letter.running is not None and letter.buddhist_year is not None:
        number = RegisterNumber(letter.running, letter.buddhist_year)
    return Part(
        relation=Relation(row.relation),
        number=number,
        first_page=row.first_page,
        last_page=row.last_page,
        note=row.note,
        who=row.who,
        at=row.at,
    )
