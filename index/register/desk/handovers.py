"""In whose hands a secret letter is: handed over from person to person, each signing for it (ใบตอบรับ).

It begins with the registrar. Who has it hands it to somebody who may open it; until that one has signed,
the letter is still with the giver, who can take it back. A registrar can fetch it from anybody, as when
the right of who has it ran out. ทข.3 is read from these rows.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import or_, select
from sqlalchemy.orm import Session

from index.errors import NoSuchRecordError, PersonRefusedError
from index.message import message
from index.register.desk.grants import looking_at, note_access, stands
from index.register.letters.filing import read_row
from index.register.letters.letters import open_letter
from index.register.people.people import Person, find_row, read_person
from index.register.people.people_tables import PersonRow
from index.register.store.database import Database
from index.register.store.secret_tables import GrantRow, HandoverRow
from index.register.store.tables import LetterRow
from index.registered_letter import RegisteredLetter
from index.visibility import Sight, Viewer, may_see, redact


@dataclass(frozen=True, slots=True)
class Handover:
    """A letter that went from one person to another; received when the taker has signed for it."""

    giver: str
    taker: str
    note: str
    who: str
    at: datetime
    received_at: datetime | None
    taken_back_at: datetime | None

    @property
    def waits(self) -> bool:
        """Tell whether the taker has still to sign."""
        return self.received_at is None and self.taken_back_at is None


@dataclass(frozen=True, slots=True)
class Held:
    """A secret letter of somebody's list. `letter` is redacted where the right to open it is gone.

    `holds` is whether its paper is with this person, `to_sign` whether it waits for her signature,
    `sent_to` to whom she handed it who has not signed. `until` is when her right to open it ends.
    """

    letter: RegisteredLetter
    holds: bool
    to_sign: bool
    sent_to: str
    giver: str
    note: str
    since: datetime | None
    until: datetime | None
    is_open: bool


class Handovers:
    """Hand over, sign, take back, fetch; and whose hands a letter went through."""

    def __init__(self, database: Database) -> None:
        self._database = database

    def give(self, viewer: Viewer, letter_id: int, taker: str, *, note: str, now: datetime) -> None:
        """Hand a secret letter that is with the viewer to somebody who may open it.

        Raises NoSuchRecordError when the viewer may not open it, PersonRefusedError saying why not.
        """
        with self._database.writing() as session:
            row = self._open(session, viewer, letter_id)
            if _waiting(session, row.id) is not None:
                raise PersonRefusedError(message("หนังสือฉบับนี้ส่งมอบอยู่ รอผู้รับลงชื่อ"))
            if not _is_with(viewer, holder_of(session, row.id)):
                raise PersonRefusedError(message("หนังสือฉบับนี้ไม่ได้อยู่กับท่าน จึงส่งมอบไม่ได้"))
            person = self._person(session, taker)
            if person is None or person.name == viewer.name:
                raise PersonRefusedError(message("โปรดเลือกผู้รับจากรายการ"))
            if not _may_open(session, person, row, now):
                raise PersonRefusedError(
                    message(
                        "%(person)s ยังไม่มีสิทธิเปิดหนังสือฉบับนี้ นายทะเบียนต้องให้สิทธิก่อน",
                        person=person.shown_name,
                    )
                )
            _add(session, row, viewer.name, person.name, note=note, who=viewer.name, now=now)
            note_access(session, row, "handed_over", viewer, person=person.name, now=now)

    def sign(self, viewer: Viewer, letter_id: int, *, now: datetime) -> None:
        """Sign for a letter that was handed to the viewer; from now on it is with her.

        Raises NoSuchRecordError when none waits for her, or when she may not open it any more.
        """
        with self._database.writing() as session:
            row = self._open(session, viewer, letter_id)
            waiting = _waiting(session, row.id)
            if waiting is None or waiting.taker != viewer.name:
                raise NoSuchRecordError(f"a hand-over of letter {letter_id} to {viewer.name}")
            waiting.received_at = now
            note_access(session, row, "handover_signed", viewer, person=waiting.giver, now=now)

    def take_back(self, viewer: Viewer, letter_id: int, *, now: datetime) -> None:
        """Take back what nobody has signed for: by its giver, or a registrar. Raises NoSuchRecordError."""
        with self._database.writing() as session:
            row = self._open(session, viewer, letter_id)
            waiting = _waiting(session, row.id)
            if waiting is None or not (viewer.is_registrar or waiting.giver == viewer.name):
                raise NoSuchRecordError(f"a hand-over of letter {letter_id} that waits")
            waiting.taken_back_at, waiting.taken_back_by = now, viewer.name
            note_access(session, row, "handover_ended", viewer, person=waiting.taker, now=now)

    def fetch(self, viewer: Viewer, letter_id: int, *, note: str, now: datetime) -> None:
        """Note that a registrar fetched the letter from whoever had it; it is with her from now on.

        Raises NoSuchRecordError, or PersonRefusedError when it is with a registrar already.
        """
        with self._database.writing() as session:
            row = self._open(session, viewer, letter_id)
            if not viewer.is_registrar:
                raise NoSuchRecordError(f"secret letter {letter_id}")
            waiting, holder = _waiting(session, row.id), holder_of(session, row.id)
            if waiting is not None:
                waiting.taken_back_at, waiting.taken_back_by = now, viewer.name
            if holder in ("", viewer.name):
                raise PersonRefusedError(message("หนังสือฉบับนี้อยู่กับนายทะเบียนแล้ว"))
            new = _add(session, row, holder, viewer.name, note=note, who=viewer.name, now=now)
            new.received_at = now
            note_access(session, row, "handover_fetched", viewer, person=holder, now=now)

    def of_letter(self, viewer: Viewer, letter_id: int) -> tuple[Handover, ...]:
        """Return through whose hands a letter went, oldest first; NoSuchRecordError unless she may open it."""
        with self._database.reading() as session:
            row = self._open(session, viewer, letter_id)
            rows = session.scalars(
                select(HandoverRow).where(HandoverRow.letter_id == row.id).order_by(HandoverRow.id)
            )
            return tuple(_handover(one) for one in rows)

    def holder(self, viewer: Viewer, letter_id: int) -> str:
        """Return who has the letter, empty for the registrars; NoSuchRecordError unless she may open it."""
        with self._database.reading() as session:
            return holder_of(session, self._open(session, viewer, letter_id).id)

    def takers(self, viewer: Viewer, letter_id: int, now: datetime) -> tuple[Person, ...]:
        """Return to whom the viewer could hand the letter: everybody else who may open it now."""
        with self._database.reading() as session:
            row = self._open(session, viewer, letter_id)
            people = session.scalars(
                select(PersonRow)
                .where(PersonRow.office_id == self._database.office_id, PersonRow.active)
                .where(PersonRow.name != viewer.name)
                .order_by(PersonRow.name)
            )
            everybody = [read_person(one) for one in people]
            return tuple(one for one in everybody if _may_open(session, one, row, now))

    def held_by(self, viewer: Viewer, now: datetime) -> tuple[Held, ...]:
        """Return the secret letters that are with somebody, wait for her signature, or are granted to her.

        Of a letter that she may no longer open only the number is told, so that she can return its paper.
        """
        if not viewer.handles_secrets:
            return ()
        with self._database.reading() as session:
            rights: dict[int, datetime] = {
                one.letter_id: one.until
                for one in session.scalars(
                    select(GrantRow).where(GrantRow.person == viewer.name, stands(now))
                )
            }
            mine = session.scalars(
                select(HandoverRow.letter_id).where(
                    or_(HandoverRow.taker == viewer.name, HandoverRow.giver == viewer.name),
                    HandoverRow.taken_back_at.is_(None),
                )
            )
            ids = {*rights, *mine}
            rows = session.scalars(
                select(LetterRow)
                .where(
                    LetterRow.office_id == self._database.office_id,
                    LetterRow.id.in_(ids),
                    LetterRow.is_secret,
                    LetterRow.erased_on.is_(None),
                )
                .order_by(LetterRow.buddhist_year, LetterRow.running)
            ).all()
            found = [_held(session, viewer, row, rights.get(row.id)) for row in rows]
        return tuple(one for one in found if one is not None)

    def _open(self, session: Session, viewer: Viewer, letter_id: int) -> LetterRow:
        row = open_letter(session, self._database.office_id, viewer, letter_id)
        if not row.is_secret or row.erased_on is not None:
            raise NoSuchRecordError(f"secret letter {letter_id}")
        return row

    def _person(self, session: Session, name: str) -> Person | None:
        row = find_row(session, self._database.office_id, name)
        return read_person(row) if row is not None and row.active else None


def _add(
    session: Session,
    row: LetterRow,
    giver: str,
    taker: str,
    *,
    note: str,
    who: str,
    now: datetime,
) -> HandoverRow:
    new = HandoverRow(
        letter_id=row.id, giver=giver, taker=taker, note=note.strip(), who=who, at=now
    )
    session.add(new)
    return new


def holder_of(session: Session, letter_id: int) -> str:
    """Return who signed for the letter last; empty while it has been with the registrars all the time."""
    last = _last_received(session, letter_id)
    return last.taker if last else ""


def _is_with(viewer: Viewer, holder: str) -> bool:
    """Tell whether a letter is with the viewer; what nobody signed for is with any registrar."""
    return holder == viewer.name or (not holder and viewer.is_registrar)


def _waiting(session: Session, letter_id: int) -> HandoverRow | None:
    return session.scalar(
        select(HandoverRow).where(
            HandoverRow.letter_id == letter_id,
            HandoverRow.received_at.is_(None),
            HandoverRow.taken_back_at.is_(None),
        )
    )


def _may_open(session: Session, person: Person, row: LetterRow, now: datetime) -> bool:
    viewer = looking_at(session, person, row.id, now)
    return may_see(viewer, read_row(session, row)) is Sight.FULL


def _held(session: Session, viewer: Viewer, row: LetterRow, until: datetime | None) -> Held | None:
    """Return the letter as it stands with this person; None when it is neither with nor granted to her."""
    waiting = _waiting(session, row.id)
    holds = holder_of(session, row.id) == viewer.name
    to_sign = waiting is not None and waiting.taker == viewer.name
    is_open = may_see(viewer, read_row(session, row)) is Sight.FULL
    if not (holds or to_sign or (until and is_open)):
        return None
    came = waiting if to_sign else _last_received(session, row.id) if holds else None
    letter = read_row(session, row)
    return Held(
        letter=letter if is_open else redact(letter),
        holds=holds,
        to_sign=to_sign,
        sent_to=waiting.taker if waiting is not None and holds else "",
        giver=came.giver if came else "",
        note=came.note if came and is_open else "",
        since=(came.received_at or came.at) if came else None,
        until=until,
        is_open=is_open,
    )


def _last_received(session: Session, letter_id: int) -> HandoverRow | None:
    return session.scalar(
        select(HandoverRow)
        .where(HandoverRow.letter_id == letter_id, HandoverRow.received_at.is_not(None))
        .order_by(HandoverRow.id.desc())
        .limit(1)
    )


def _handover(row: HandoverRow) -> Handover:
    return Handover(
        row.giver, row.taker, row.note, row.who, row.at, row.received_at, row.taken_back_at
    )
