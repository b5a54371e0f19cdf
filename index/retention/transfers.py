"""Letters of twenty years (ข้อ 58-60): handed to the National Archives, kept here, or left in deposit.

Form 21 hands over, form 22 says what the office keeps with the archives' consent, form 23 deposits
letters that are not twenty yet. Each is a list with its letter, day of sending, and the signed copy that
comes back. A letter stands on one open list at most; secret letters are on none (ข้อ 58.1).
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime
from enum import StrEnum

from sqlalchemy import ColumnElement, Select, Subquery, and_, func, or_, select
from sqlalchemy.orm import Session

from index.errors import NoSuchRecordError
from index.message import Message, Private, message
from index.register.store.audit import append_entry
from index.register.store.database import Database
from index.register.store.tables import BANGKOK
from index.retention.eligibility import HOLD_THAI, HoldKind
from index.retention.errors import StepRefusedError
from index.retention.facts import KnownLetter, read_known, something_is_left
from index.retention.law import Law
from index.retention.paper_list import listed
from index.retention.tables import ClockRow, TransferItemRow, TransferListRow
from index.visibility import Viewer
from ocr.thai_text import BUDDHIST_ERA


class Form(StrEnum):
    """Which of the three lists."""

    HAND_OVER = "21"
    KEEP = "22"
    DEPOSIT = "23"


FORM_THAI = {
    Form.HAND_OVER: "บัญชีส่งมอบหนังสือครบ 20 ปี",
    Form.KEEP: "บัญชีหนังสือครบ 20 ปีที่ขอเก็บเอง",
    Form.DEPOSIT: "บัญชีฝากหนังสือ",
}
FORM_CLAUSE = {Form.HAND_OVER: "ข้อ 58", Form.KEEP: "ข้อ 58.3", Form.DEPOSIT: "ข้อ 60"}


@dataclass(frozen=True, slots=True)
class TransferList:
    """A list of form 21, 22 or 23; `year` is the Gregorian year of its 31 January."""

    code: str
    form: Form
    year: int
    prepared_by: str
    prepared_on: date
    sent_number: str
    sent_on: date | None
    received_by: str
    received_on: date | None
    withdrawn_on: date | None
    items: tuple[int, ...]

    @property
    def is_open(self) -> bool:
        """Tell whether the signed copy is still to come back."""
        return self.received_on is None and self.withdrawn_on is None


class Transfers:
    """Find the letters of twenty years and move their lists on."""

    def __init__(self, database: Database, law: Law) -> None:
        self._database = database
        self._law = law

    def candidates(self, viewer: Viewer, year: int, *, limit: int = 5_000) -> list[KnownLetter]:
        """Return what has to be settled by 31 January of a Gregorian year, on no list yet.

        Letters that turned twenty in an earlier year, and those that the archives asked for.
        """
        of = listed(self._database.office_id, viewer)
        old = of.c.date < self._turned_before(year)
        due = or_(old, of.c.id.in_(select(ClockRow.letter_id).where(_wanted())))
        narrowed = and_(something_is_left(of), due, of.c.id.not_in(_taken()))
        return self._known(of, date(year, 1, 31), limit, narrowed)

    def prepare(
        self,
        viewer: Viewer,
        form: Form,
        letter_ids: Iterable[int],
        *,
        year: int,
        now: datetime,
        note: str = "",
    ) -> TransferList:
        """Make a list. Raises StepRefusedError, with the clause, for a letter that may not stand on it.

        `note` is the หมายเหตุ of every line; form 22 needs it as the reason for keeping.
        """
        wanted, today = list(dict.fromkeys(letter_ids)), now.astimezone(BANGKOK).date()
        clause = FORM_CLAUSE[form]
        if not wanted:
            raise StepRefusedError(clause, message("ยังไม่ได้เลือกหนังสือ"))
        if form is Form.KEEP and not note.strip():
            raise StepRefusedError(clause, message("ต้องระบุเหตุผลที่ขอเก็บเอง"))
        with self._database.writing() as session:
            known = self._checked(session, viewer, wanted, form=form, year=year, today=today)
            row = TransferListRow(
                office_id=self._database.office_id,
                code=self._next_code(session, form, year),
                form=form,
                year=year,
                prepared_by=viewer.name,
                prepared_on=today,
            )
            session.add(row)
            session.flush()
            session.add_all(
                TransferItemRow(
                    list_id=row.id,
                    position=position,
                    letter_id=one.facts.letter_id,
                    note=note.strip(),
                )
                for position, one in enumerate(known, start=1)
            )
            self._note(session, row, "transfer_prepared", viewer, now)
            session.flush()
            return _read(session, row)

    def send(
        self, viewer: Viewer, code: str, number: str, on: date, *, now: datetime
    ) -> TransferList:
        """Note by which letter the list went to the archives, and when."""
        with self._database.writing() as session:
            row = self._open_row(session, code)
            clause = FORM_CLAUSE[Form(row.form)]
            if not number.strip():
                raise StepRefusedError(clause, message("ต้องระบุเลขที่หนังสือนำส่ง"))
            _refuse_day(on, row.prepared_on, now, clause)
            row.sent_number, row.sent_on = number.strip(), on
            self._note(session, row, "transfer_sent", viewer, now)
            return _read(session, row)

    def receive(
        self, viewer: Viewer, code: str, received_by: str, on: date, *, now: datetime
    ) -> TransferList:
        """Note that the archives signed and sent the copy back: the list is done."""
        with self._database.writing() as session:
            row = self._open_row(session, code)
            clause = FORM_CLAUSE[Form(row.form)]
            if row.sent_on is None:
                raise StepRefusedError(clause, message("ยังไม่ได้ส่งบัญชีนี้"))
            if not received_by.strip():
                raise StepRefusedError(clause, message("ต้องระบุชื่อผู้ลงนามรับ"))
            _refuse_day(on, row.sent_on, now, clause)
            row.received_by, row.received_on = received_by.strip(), on
            self._note(session, row, "transfer_received", viewer, now)
            return _read(session, row)

    def withdraw(self, viewer: Viewer, code: str, *, now: datetime) -> TransferList:
        """Give a list up that the archives have not signed; its letters are free again."""
        with self._database.writing() as session:
            row = self._open_row(session, code)
            row.withdrawn_on = now.astimezone(BANGKOK).date()
            self._note(session, row, "transfer_withdrawn", viewer, now)
            return _read(session, row)

    def find(self, code: str) -> TransferList:
        """Return a list; NoSuchRecordError if there is none."""
        with self._database.reading() as session:
            return _read(session, self._row(session, code))

    def lists(self) -> tuple[TransferList, ...]:
        """Return every list, newest first."""
        with self._database.reading() as session:
            rows = session.scalars(
                select(TransferListRow)
                .where(TransferListRow.office_id == self._database.office_id)
                .order_by(TransferListRow.id.desc())
            )
            return tuple(_read(session, row) for row in rows)

    def rows(self, viewer: Viewer, code: str, as_of: date) -> list[KnownLetter]:
        """Return the letters of a list by register number; one that turned secret is left out."""
        items = self.find(code).items
        of = listed(self._database.office_id, viewer, among=items)
        return self._known(of, as_of, len(items))

    def notes(self, code: str) -> dict[int, str]:
        """Return the หมายเหตุ of a list's letters by id: on form 22 why they are kept here."""
        with self._database.reading() as session:
            row = self._row(session, code)
            found = session.execute(
                select(TransferItemRow.letter_id, TransferItemRow.note).where(
                    TransferItemRow.list_id == row.id
                )
            )
            return {row.letter_id: row.note for row in found}

    def _known(
        self,
        of: Subquery,
        as_of: date,
        limit: int,
        narrowed: ColumnElement[bool] | None = None,
    ) -> list[KnownLetter]:
        with self._database.reading() as session:
            found = []
            for one in read_known(session, of, self._law, as_of, narrowed=narrowed):
                found.append(one)
                if len(found) >= limit:
                    break
            return found

    def _checked(
        self,
        session: Session,
        viewer: Viewer,
        wanted: list[int],
        *,
        form: Form,
        year: int,
        today: date,
    ) -> list[KnownLetter]:
        of = listed(self._database.office_id, viewer, among=wanted)
        known = list(read_known(session, of, self._law, today))
        missing = set(wanted) - {one.facts.letter_id for one in known}
        if missing:
            raise NoSuchRecordError(f"letter {min(missing)}")
        on_a_list = set(session.scalars(_taken().where(TransferItemRow.letter_id.in_(wanted))))
        for one in known:
            if one.facts.letter_id in on_a_list:
                raise StepRefusedError(
                    FORM_CLAUSE[form],
                    message("เลขทะเบียน %(number)s อยู่ในบัญชีอื่นแล้ว", number=one.label),
                )
            self._refuse_age(one, form, year)
            if form is not Form.KEEP:
                _refuse_stopped(one, today)
        return known

    def _refuse_age(self, one: KnownLetter, form: Form, year: int) -> None:
        is_old = one.facts.clock.wanted_on is not None or (
            one.date is not None and one.date < self._turned_before(year)
        )
        if is_old is (form is not Form.DEPOSIT):
            return
        number = one.label
        if is_old:
            raise StepRefusedError(
                "ข้อ 60",
                message(
                    "เลขทะเบียน %(number)s ครบ 20 ปีแล้ว ให้ส่งมอบ (แบบที่ 21) ไม่ใช่ฝาก", number=number
                ),
            )
        raise StepRefusedError("ข้อ 58", message("เลขทะเบียน %(number)s ยังไม่ครบ 20 ปี", number=number))

    def _turned_before(self, year: int) -> date:
        years = self._law.deadlines["transfer"].after_years or 0
        return date(max(1, year - years), 1, 1)

    def _next_code(self, session: Session, form: Form, year: int) -> str:
        made = select(func.count()).where(
            TransferListRow.office_id == self._database.office_id,
            TransferListRow.form == form,
            TransferListRow.year == year,
        )
        return f"{form}-{year + BUDDHIST_ERA}-{(session.scalar(made) or 0) + 1}"

    def _row(self, session: Session, code: str) -> TransferListRow:
        row = session.scalar(
            select(TransferListRow).where(
                TransferListRow.office_id == self._database.office_id, TransferListRow.code == code
            )
        )
        if row is None:
            raise NoSuchRecordError(f"transfer list {code!r}")
        return row

    def _open_row(self, session: Session, code: str) -> TransferListRow:
        row = self._row(session, code)
        if row.received_on is not None or row.withdrawn_on is not None:
            raise StepRefusedError(FORM_CLAUSE[Form(row.form)], message("บัญชีนี้ปิดแล้ว"))
        return row

    @staticmethod
    def _note(
        session: Session, row: TransferListRow, action: str, viewer: Viewer, now: datetime
    ) -> None:
        session.flush()
        append_entry(
            session,
            row.office_id,
            at=now,
            who=viewer.name,
            action=action,
            details={"list": row.code, "items": list(_items(session, row))},
        )


def _wanted() -> ColumnElement[bool]:
    return ClockRow.wanted_on.is_not(None)


def _taken() -> Select[int]:
    """Select the letters that stand on a list that was not given up."""
    return (
        select(TransferItemRow.letter_id)
        .join(TransferListRow, TransferListRow.id == TransferItemRow.list_id)
        .where(TransferListRow.withdrawn_on.is_(None))
    )


def _items(session: Session, row: TransferListRow) -> tuple[int, ...]:
    return tuple(
        session.scalars(
            select(TransferItemRow.letter_id)
            .where(TransferItemRow.list_id == row.id)
            .order_by(TransferItemRow.position)
        )
    )


def _read(session: Session, row: TransferListRow) -> TransferList:
    return TransferList(
        row.code,
        Form(row.form),
        row.year,
        row.prepared_by,
        row.prepared_on,
        row.sent_number,
        row.sent_on,
        row.received_by,
        row.received_on,
        row.withdrawn_on,
        _items(session, row),
    )


def _refuse_stopped(one: KnownLetter, today: date) -> None:
    """Refuse to give away what people still need here; such a letter is kept with form 22."""
    for hold in one.facts.holds:
        if hold.kind is not HoldKind.TWENTY_YEARS and hold.is_active(today):
            raise StepRefusedError(
                "ข้อ 58.3",
                message(
                    "เลขทะเบียน %(number)s: %(hold)s (%(reason)s) จึงส่งออกไม่ได้ ให้ขอเก็บเองด้วยแบบที่ 22",
                    number=one.label,
                    hold=Message(HOLD_THAI[hold.kind]),
                    reason=Private(hold.reason),
                ),
                detail=hold.kind,
            )


def _refuse_day(on: date, earliest: date, now: datetime, clause: str) -> None:
    if on > now.astimezone(BANGKOK).date():
        raise StepRefusedError(clause, message("วันที่ %(day)s ยังมาไม่ถึง", day=on))
    if on < earliest:
        raise StepRefusedError(
            clause,
            message(
                "วันที่ %(day)s อยู่ก่อนขั้นตอนก่อนหน้า (%(earliest)s)",
                day=on,
                earliest=earliest,
            ),
        )
