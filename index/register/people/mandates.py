"""Recorded orders by which a person acts for another (รักษาราชการแทน), or decides on destruction (ข้อ 69).

A mandate holds from its first day to its last one, or until it is ended; it is never deleted, for signatures
rest on it. Who fills a post has what the post may do and signs in her own name.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime

from sqlalchemy import ColumnElement, and_, or_, select
from sqlalchemy.orm import Session

from index.choices import MandateKind
from index.errors import NoSuchRecordError, PersonRefusedError
from index.message import message
from index.register.people.people import Person, find_row, read_person
from index.register.people.people_tables import MandateRow, PersonRow
from index.register.store.audit import append_entry
from index.register.store.database import Database
from index.register.store.seal import seal_rows
from index.register.store.tables import BANGKOK
from index.visibility import Role, Viewer

POSTS = frozenset({Role.DIRECTOR, Role.DEPUTY_DIRECTOR, Role.GROUP_HEAD})
"""The roles that are posts: somebody else can act for who has one."""
RECORDERS = frozenset({Role.ADMINISTRATOR, Role.DIRECTOR})
"""Who records a mandate."""


@dataclass(frozen=True, slots=True)
class MandateDraft:
    """What an order says. `absent` is whose post is filled, for `ACTING` only; `ends` is the last day."""

    kind: MandateKind
    person: str
    order_number: str
    begins: date
    ends: date | None = None
    absent: str = ""


@dataclass(frozen=True, slots=True)
class Mandate:
    """A recorded order as it stands."""

    mandate_id: int
    kind: MandateKind
    person: str
    absent: str
    order_number: str
    begins: date
    ends: date | None
    who: str
    at: datetime
    ended_at: datetime | None
    ended_by: str

    def holds_on(self, day: date) -> bool:
        """Tell whether it counts on a day."""
        within = self.begins <= day and (self.ends is None or day <= self.ends)
        return within and self.ended_at is None


class Mandates:
    """Record and end mandates; say who may decide what today."""

    def __init__(self, database: Database) -> None:
        self._database = database

    def give(self, viewer: Viewer, draft: MandateDraft, *, now: datetime) -> Mandate:
        """Record an order. Raises PersonRefusedError saying what is wrong with it.

        Only an administrator or the director records one, and never for herself.
        """
        with self._database.writing() as session:
            _refuse(session, self._database.office_id, viewer, draft)
            row = MandateRow(
                office_id=self._database.office_id,
                kind=draft.kind,
                person=draft.person,
                absent=draft.absent,
                order_number=" ".join(draft.order_number.split()),
                begins=draft.begins,
                ends=draft.ends,
                who=viewer.name,
                at=now,
            )
            session.add(row)
            _note(session, "mandate_given", row, viewer, now)
            return _mandate(row)

    def end(self, viewer: Viewer, mandate_id: int, *, now: datetime) -> None:
        """End a mandate at once; raises NoSuchRecordError for one that does not stand."""
        with self._database.writing() as session:
            row = session.get(MandateRow, mandate_id)
            if (
                not viewer.roles & RECORDERS
                or row is None
                or row.office_id != self._database.office_id
                or row.ended_at is not None
            ):
                raise NoSuchRecordError(f"mandate {mandate_id}")
            row.ended_at, row.ended_by = now, viewer.name
            _note(session, "mandate_ended", row, viewer, now)

    def all(self) -> tuple[Mandate, ...]:
        """Return every mandate, newest first."""
        with self._database.reading() as session:
            rows = session.scalars(
                select(MandateRow)
                .where(MandateRow.office_id == self._database.office_id)
                .order_by(MandateRow.id.desc())
            )
            return tuple(_mandate(row) for row in rows)

    def decides_destruction(self, name: str, now: datetime) -> bool:
        """Tell whether this person of the book decides on destruction (ข้อ 69) on this day."""
        with self._database.reading() as session:
            day = now.astimezone(BANGKOK).date()
            return decides_destruction(session, self._database.office_id, name, day)

    def deciders(self, now: datetime) -> tuple[Person, ...]:
        """Return everybody who decides on destruction (ข้อ 69) on this day, by name."""
        day = now.astimezone(BANGKOK).date()
        with self._database.reading() as session:
            office_id = self._database.office_id
            rows = session.scalars(
                select(PersonRow).where(PersonRow.office_id == office_id).order_by(PersonRow.name)
            ).all()
            return tuple(
                read_person(row)
                for row in rows
                if decides_destruction(session, office_id, row.name, day)
            )


def posts_filled(session: Session, office_id: int, name: str, day: date) -> tuple[Person, ...]:
    """Return the people whose posts this person fills on a day."""
    rows = session.scalars(
        select(PersonRow)
        .join(MandateRow, MandateRow.absent == PersonRow.name)
        .where(
            PersonRow.office_id == office_id,
            MandateRow.kind == MandateKind.ACTING,
            MandateRow.person == name,
            holding(office_id, day),
        )
        .order_by(MandateRow.id)
    )
    return tuple(dict.fromkeys(read_person(row) for row in rows))


def acting_on(session: Session, office_id: int, day: date) -> dict[str, tuple[str, ...]]:
    """Return who fills whose posts on a day: names of the absent by the name of who acts."""
    rows = session.execute(
        select(MandateRow.person, MandateRow.absent)
        .where(MandateRow.kind == MandateKind.ACTING, holding(office_id, day))
        .order_by(MandateRow.id)
    )
    filled: dict[str, tuple[str, ...]] = {}
    for person, absent in rows:
        filled[person] = (*filled.get(person, ()), absent)
    return filled


def decides_destruction(session: Session, office_id: int, name: str, day: date) -> bool:
    """Tell whether this person is the director, acts for him, or was given the decision by an order."""
    row = find_row(session, office_id, name)
    if row is None or not row.active or row.name != name:
        return False
    filled = posts_filled(session, office_id, name, day)
    if any(Role.DIRECTOR in one.roles for one in (read_person(row), *filled)):
        return True
    named = select(MandateRow.id).where(
        MandateRow.kind == MandateKind.DESTRUCTION,
        MandateRow.person == name,
        holding(office_id, day),
    )
    return session.scalar(named.limit(1)) is not None


def holding(office_id: int, day: date) -> ColumnElement[bool]:
    """Return the condition on `mandates` for those that count on a day."""
    return and_(
        MandateRow.office_id == office_id,
        MandateRow.begins <= day,
        or_(MandateRow.ends.is_(None), MandateRow.ends >= day),
        MandateRow.ended_at.is_(None),
    )


def _refuse(session: Session, office_id: int, viewer: Viewer, draft: MandateDraft) -> None:
    person = find_row(session, office_id, draft.person)
    if not viewer.roles & RECORDERS or draft.person == viewer.name:
        raise PersonRefusedError(message("ผู้ดูแลระบบหรือผู้อำนวยการเป็นผู้บันทึกคำสั่ง และบันทึกให้ตนเองไม่ได้"))
    if person is None or not person.active:
        raise PersonRefusedError(message("โปรดเลือกผู้ได้รับมอบหมายจากรายชื่อ"))
    if not draft.order_number.strip():
        raise PersonRefusedError(message("โปรดใส่เลขที่คำสั่ง"))
    if draft.ends is not None and draft.ends < draft.begins:
        raise PersonRefusedError(message("วันสิ้นสุดอยู่ก่อนวันเริ่ม"))
    if draft.kind is MandateKind.DESTRUCTION:
        return
    absent = find_row(session, office_id, draft.absent)
    if absent is None or absent.name == draft.person or not read_person(absent).roles & POSTS:
        raise PersonRefusedError(
            message("โปรดเลือกผู้ดำรงตำแหน่งที่รักษาราชการแทน: ผู้อำนวยการ รองผู้อำนวยการ หรือผู้อำนวยการกลุ่ม")
        )
    if draft.ends is None:
        raise PersonRefusedError(message("การรักษาราชการแทนต้องมีวันสิ้นสุด"))


def _note(session: Session, action: str, row: MandateRow, viewer: Viewer, now: datetime) -> None:
    sealed = seal_rows(session, [row])
    append_entry(
        session,
        row.office_id,
        at=now,
        who=viewer.name,
        action=action,
        details={"person": row.person, "absent": row.absent, "mandate": row.kind, **sealed},
    )


def _mandate(row: MandateRow) -> Mandate:
    return Mandate(
        mandate_id=row.id,
        kind=row.kind,
        person=row.person,
        absent=row.absent,
        order_number=row.order_number,
        begins=row.begins,
        ends=row.ends,
        who=row.who,
        at=row.at,
        ended_at=row.ended_at,
        ended_by=row.ended_by,
    )
