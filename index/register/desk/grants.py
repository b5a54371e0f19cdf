"""Who may open one secret letter, until when, and who must not: the registrar's permissions and denials.

Clearance alone opens nothing; a grant opens one letter to one cleared person until a moment, or until the
registrar takes it back. A denial wins over every grant and binds registrars too (regulation on official
secrets of 2544, need to know). Each change is one transaction with its audit line; ทข.3 is read from these rows.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import ColumnElement, Select, select
from sqlalchemy.orm import Session

from classify.letter import Secrecy
from index.errors import NoSuchRecordError, PersonRefusedError
from index.message import message
from index.register.letters.filing import read_row
from index.register.letters.letters import open_letter
from index.register.people.people import Person, find_row, read_person
from index.register.people.people_tables import PersonRow
from index.register.store.audit import append_entry
from index.register.store.database import Database
from index.register.store.seal import seal_rows
from index.register.store.secret_tables import DenialRow, GrantRow
from index.register.store.tables import LetterRow
from index.registered_letter import RegisteredLetter
from index.visibility import SECRECY_RANK, Role, Sight, Viewer, clearance_rank, may_see


@dataclass(frozen=True, slots=True)
class Permission:
    """A grant that stands. `opens` is false where it has no effect: not cleared (any more), or gone."""

    person: str
    until: datetime
    reason: str
    who: str
    at: datetime
    opens: bool


@dataclass(frozen=True, slots=True)
class Denial:
    """A denial that stands."""

    person: str
    reason: str
    who: str
    at: datetime


@dataclass(frozen=True, slots=True)
class Access:
    """Who may open a secret letter and who must not, and whom it could be granted to.

    `cleared` are active people with a clearance high enough who have no grant: they do not open it.
    `too_low` are cleared, but not for this letter's class.
    """

    letter: RegisteredLetter
    in_doubt: bool
    permissions: tuple[Permission, ...]
    denials: tuple[Denial, ...]
    cleared: tuple[Person, ...]
    too_low: tuple[Person, ...]
    everybody: tuple[Person, ...]


class Grants:
    """Permit, take back, deny, lift; only for who is a registrar of secret letters and may open the letter."""

    def __init__(self, database: Database) -> None:
        self._database = database

    def permit(
        self,
        viewer: Viewer,
        letter_id: int,
        person: str,
        *,
        until: datetime,
        reason: str,
        now: datetime,
    ) -> None:
        """Let one cleared person open one secret letter until a moment, for a reason.

        A grant that stands is replaced. Raises NoSuchRecordError, or PersonRefusedError saying why the
        person cannot be given it.
        """
        with self._database.writing() as session:
            row = self._secret(session, viewer, letter_id)
            known = self._person(session, person)
            _refuse(session, row, known, until=until, reason=reason, now=now)
            _end_grant(session, row.id, known.name, who=viewer.name, now=now)
            session.add(
                GrantRow(
                    letter_id=row.id,
                    person=known.name,
                    until=until,
                    reason=reason.strip(),
                    who=viewer.name,
                    at=now,
                )
            )
            note_access(
                session, row, "granted", viewer, person=known.name, now=now, until=until.isoformat()
            )

    def take_back(self, viewer: Viewer, letter_id: int, person: str, *, now: datetime) -> None:
        """End a person's grant at once; raises NoSuchRecordError when there is none."""
        with self._database.writing() as session:
            row = self._registrars(session, viewer, letter_id)
            if not _end_grant(session, row.id, person, who=viewer.name, now=now):
                raise NoSuchRecordError(f"a grant of letter {letter_id} to {person!r}")
            note_access(session, row, "grant_ended", viewer, person=person, now=now)

    def deny(
        self, viewer: Viewer, letter_id: int, person: str, *, reason: str, now: datetime
    ) -> None:
        """Forbid one person one secret letter until it is lifted; what was granted ends.

        Raises NoSuchRecordError, or PersonRefusedError where no registrar would be left who opens it.
        """
        with self._database.writing() as session:
            row = self._secret(session, viewer, letter_id)
            known = self._person(session, person)
            if not reason.strip():
                raise PersonRefusedError(message("โปรดเขียนเหตุผล"))
            denied = set(session.scalars(_standing_denials(DenialRow.letter_id == row.id)))
            left = {one.name for one in self._registrar_people(session)} - denied - {known.name}
            if known.name == viewer.name or not left:
                raise PersonRefusedError(
                    message("สั่งห้ามไม่ได้ ต้องมีนายทะเบียนข้อมูลข่าวสารลับที่เปิดหนังสือฉบับนี้ได้อย่างน้อยหนึ่งคน")
                )
            _end_grant(session, row.id, known.name, who=viewer.name, now=now)
            _end_denial(session, row.id, known.name, who=viewer.name, now=now)
            session.add(
                DenialRow(
                    letter_id=row.id,
                    person=known.name,
                    reason=reason.strip(),
                    who=viewer.name,
                    at=now,
                )
            )
            note_access(session, row, "denied", viewer, person=known.name, now=now)

    def lift(self, viewer: Viewer, letter_id: int, person: str, *, now: datetime) -> None:
        """End a denial; it opens nothing by itself. Raises NoSuchRecordError when there is none."""
        with self._database.writing() as session:
            row = self._registrars(session, viewer, letter_id)
            if not _end_denial(session, row.id, person, who=viewer.name, now=now):
                raise NoSuchRecordError(f"a denial of letter {letter_id} to {person!r}")
            note_access(session, row, "denial_lifted", viewer, person=person, now=now)

    def granted_to(self, person: str, now: datetime) -> frozenset[int]:
        """Return the letters this person was permitted to open, for `Viewer.granted`."""
        with self._database.reading() as session:
            standing = select(GrantRow.letter_id).where(GrantRow.person == person, stands(now))
            return frozenset(session.scalars(standing))

    def denied_to(self, person: str) -> frozenset[int]:
        """Return the letters this person must not open while they are hidden, for `Viewer.denied`."""
        with self._database.reading() as session:
            denied = select(DenialRow.letter_id).where(
                DenialRow.person == person, DenialRow.ended_at.is_(None)
            )
            return frozenset(session.scalars(denied))

    def access(self, viewer: Viewer, letter_id: int, now: datetime) -> Access:
        """Return who may open a hidden letter, for its registrar; NoSuchRecordError for everybody else."""
        with self._database.reading() as session:
            row = self._registrars(session, viewer, letter_id)
            if not (row.is_secret or row.suspected_secret):
                raise NoSuchRecordError(f"secret letter {letter_id}")
            people = self._people(session)
            grants = session.scalars(
                select(GrantRow)
                .where(GrantRow.letter_id == row.id, stands(now))
                .order_by(GrantRow.id)
            ).all()
            denials = session.scalars(
                select(DenialRow)
                .where(DenialRow.letter_id == row.id, DenialRow.ended_at.is_(None))
                .order_by(DenialRow.id)
            ).all()
            letter = read_row(session, row)
            opening = {
                one.person for one in grants if _opens(session, people.get(one.person), letter, now)
            }
        refused = {one.person for one in denials}
        taken = refused | {one.person for one in grants}
        others = [
            one
            for one in people.values()
            if one.name not in taken and one.clearance is not Secrecy.NONE
        ]
        others = [one for one in others if Role.SECRET_REGISTRAR not in one.roles]
        high = [one for one in others if _is_high_enough(one, letter)]
        return Access(
            letter=letter,
            in_doubt=row.suspected_secret,
            permissions=tuple(
                Permission(
                    one.person, one.until, one.reason, one.who, one.at, one.person in opening
                )
                for one in grants
            ),
            denials=tuple(Denial(one.person, one.reason, one.who, one.at) for one in denials),
            cleared=tuple(high),
            too_low=tuple(one for one in others if one not in high),
            everybody=tuple(
                one for one in people.values() if one.name not in {viewer.name, *refused}
            ),
        )

    def _secret(self, session: Session, viewer: Viewer, letter_id: int) -> LetterRow:
        row = self._registrars(session, viewer, letter_id)
        if row.suspected_secret:
            raise PersonRefusedError(
                message("หนังสือฉบับนี้ยังมีข้อสงสัยเรื่องชั้นความลับ โปรดตรวจและยืนยันชั้นความลับก่อน")
            )
        if not row.is_secret or row.erased_on is not None:
            raise NoSuchRecordError(f"secret letter {letter_id}")
        return row

    def _registrars(self, session: Session, viewer: Viewer, letter_id: int) -> LetterRow:
        if not viewer.is_registrar:
            raise NoSuchRecordError(f"secret letter {letter_id}")
        return open_letter(session, self._database.office_id, viewer, letter_id)

    def _person(self, session: Session, name: str) -> Person:
        row = find_row(session, self._database.office_id, name)
        if row is None or not row.active:
            raise PersonRefusedError(message("ไม่มีผู้ใช้ชื่อนี้ หรือปิดการใช้งานแล้ว"))
        return read_person(row)

    def _people(self, session: Session) -> dict[str, Person]:
        rows = session.scalars(
            select(PersonRow)
            .where(PersonRow.office_id == self._database.office_id, PersonRow.active)
            .order_by(PersonRow.name)
        )
        return {row.name: read_person(row) for row in rows}

    def _registrar_people(self, session: Session) -> list[Person]:
        people = self._people(session).values()
        return [one for one in people if Role.SECRET_REGISTRAR in one.roles]


def stands(now: datetime) -> ColumnElement[bool]:
    """Return the condition on `grants` that they have neither run out nor been taken back."""
    return (GrantRow.until > now) & GrantRow.ended_at.is_(None)


def note_access(
    session: Session,
    row: LetterRow,
    action: str,
    viewer: Viewer,
    *,
    person: str,
    now: datetime,
    **details: object,
) -> None:
    """Add the audit line of a change of who may open a letter, or who has it; no reason stands in it.

    What this person was granted and denied of the letter is sealed as it stands then.
    """
    access = [
        one
        for table in (GrantRow, DenialRow)
        for one in session.scalars(
            select(table).where(table.letter_id == row.id, table.person == person)
        )
    ]
    append_entry(
        session,
        row.office_id,
        at=now,
        who=viewer.name,
        action=action,
        letter_id=row.id,
        details={"person": person, **details, **seal_rows(session, access)},
    )


def looking_at(session: Session, person: Person, letter_id: int, now: datetime) -> Viewer:
    """Return a person as one who looks at this one letter now, with what is granted and denied of it."""
    granted = select(GrantRow.letter_id).where(
        GrantRow.letter_id == letter_id, GrantRow.person == person.name, stands(now)
    )
    denied = select(DenialRow.letter_id).where(
        DenialRow.letter_id == letter_id,
        DenialRow.person == person.name,
        DenialRow.ended_at.is_(None),
    )
    return person.looking(frozenset(session.scalars(granted)), frozenset(session.scalars(denied)))


def _opens(
    session: Session, person: Person | None, letter: RegisteredLetter, now: datetime
) -> bool:
    if person is None:
        return False
    viewer = looking_at(session, person, letter.letter_id, now)
    return may_see(viewer, letter) is Sight.FULL


def _is_high_enough(person: Person, letter: RegisteredLetter) -> bool:
    return clearance_rank(person.looking()) >= SECRECY_RANK[letter.secrecy]


def _refuse(
    session: Session,
    row: LetterRow,
    person: Person,
    *,
    until: datetime,
    reason: str,
    now: datetime,
) -> None:
    """Raise PersonRefusedError where a grant could not open the letter, or nobody could say why it was given."""
    if not reason.strip():
        raise PersonRefusedError(message("โปรดเขียนเหตุผล"))
    if until <= now:
        raise PersonRefusedError(message("วันสิ้นสุดสิทธิต้องเป็นวันนี้หรือหลังจากนี้"))
    if Role.SECRET_REGISTRAR in person.roles:
        raise PersonRefusedError(message("นายทะเบียนข้อมูลข่าวสารลับเปิดหนังสือได้อยู่แล้ว"))
    if not _is_high_enough(person, read_row(session, row)):
        raise PersonRefusedError(
            message("%(person)s ยังไม่ได้รับอนุมัติให้เข้าถึงชั้นความลับนี้", person=person.shown_name)
        )
    denied = _standing_denials(DenialRow.letter_id == row.id, DenialRow.person == person.name)
    if session.scalar(denied.limit(1)) is not None:
        raise PersonRefusedError(
            message("%(person)s ถูกห้ามเปิดหนังสือฉบับนี้ ต้องยกเลิกข้อห้ามก่อน", person=person.shown_name)
        )


def _standing_denials(*conditions: ColumnElement[bool]) -> Select[str]:
    return select(DenialRow.person).where(DenialRow.ended_at.is_(None), *conditions)


def _end_grant(session: Session, letter_id: int, person: str, *, who: str, now: datetime) -> bool:
    """End a person's grant, if one stands; tell whether one did. What ran out is left as it was."""
    rows = session.scalars(
        select(GrantRow).where(
            GrantRow.letter_id == letter_id, GrantRow.person == person, stands(now)
        )
    ).all()
    for row in rows:
        row.ended_at, row.ended_by = now, who
    return bool(rows)


def _end_denial(session: Session, letter_id: int, person: str, *, who: str, now: datetime) -> bool:
    rows = session.scalars(
        select(DenialRow).where(
            DenialRow.letter_id == letter_id,
            DenialRow.person == person,
            DenialRow.ended_at.is_(None),
        )
    ).all()
    for row in rows:
        row.ended_at, row.ended_by = now, who
    return bool(rows)
