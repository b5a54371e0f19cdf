"""The registers of secret letters, ทข.1 to ทข.3, as data for screen and print (DOMAIN §10).

They stand apart from the ordinary registers and are read by the registrar of secret letters only; for
everybody else they are empty, not refused, so that asking tells nothing. The columns are from memory
of the regulation of 2544: whoever prints them shows them as unverified.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from datetime import date, datetime
from typing import TypeAlias

from sqlalchemy import select
from sqlalchemy.orm import Session

from index.choices import BookName
from index.message import mark
from index.register.people.people_tables import PersonRow
from index.register.store.database import Database
from index.register.store.secret_tables import DenialRow, GrantRow, HandoverRow
from index.register.store.sent_tables import SentRow
from index.register.store.tables import AuditRow, CorrectionRow, LetterRow
from index.register.store.visible import fully_visible
from index.registered_letter import RegisterNumber
from index.visibility import SECRECY_FIELD, Viewer

SOURCE = "ระเบียบว่าด้วยการรักษาความลับของทางราชการ พ.ศ. 2544 (เขียนจากความจำ ยังไม่ได้เทียบกับราชกิจจานุเบกษา)"

Event: TypeAlias = tuple[int, datetime, str, str, str]
"""Letter, when, what, who, note."""
_ENDS = {"destroyed": mark("ทำลาย"), "hidden": mark("ซ่อนเป็นหนังสือลับ")}


@dataclass(frozen=True, slots=True)
class SecretLine:
    """A line of ทข.1 (received) or ทข.2 (sent). `secrecy` is empty while nobody has stated the class."""

    register_number: RegisterNumber
    entered_at: datetime
    secrecy: str
    number: str
    written_on: date | None
    sender: str
    recipient: str
    subject: str
    pages: int


@dataclass(frozen=True, slots=True)
class ControlLine:
    """A line of ทข.3: what happened to a secret letter: class changed, access granted, destroyed."""

    register_number: RegisterNumber
    secrecy: str
    at: datetime
    what: str
    who: str
    note: str


class SecretRegisters:
    """Read the three registers. Empty for who is not the registrar of secret letters."""

    def __init__(self, database: Database) -> None:
        self._database = database

    def received(self, viewer: Viewer, buddhist_year: int) -> tuple[SecretLine, ...]:
        """Return ทข.1 of a Buddhist year, by register number."""
        if not viewer.is_registrar:
            return ()
        with self._database.reading() as session:
            rows = session.scalars(
                select(LetterRow)
                .where(
                    LetterRow.office_id == self._database.office_id,
                    LetterRow.book == BookName.RECEIVE,
                    LetterRow.buddhist_year == buddhist_year,
                    LetterRow.is_secret,
                    fully_visible(viewer),
                )
                .order_by(LetterRow.running)
            )
            return tuple(
                SecretLine(
                    RegisterNumber(row.running or 0, row.buddhist_year or 0),
                    row.received_at,
                    row.secrecy,
                    row.number,
                    row.date,
                    row.sender,
                    row.recipient,
                    row.subject,
                    row.page_count,
                )
                for row in rows
            )

    def sent(self, viewer: Viewer, buddhist_year: int, office_name: str) -> tuple[SecretLine, ...]:
        """Return ทข.2 of a Buddhist year, by register number."""
        if not viewer.is_registrar:
            return ()
        with self._database.reading() as session:
            rows = session.scalars(
                select(SentRow)
                .where(
                    SentRow.office_id == self._database.office_id,
                    SentRow.buddhist_year == buddhist_year,
                    SentRow.secrecy != "",
                )
                .order_by(SentRow.book, SentRow.running)
            )
            return tuple(
                SecretLine(
                    RegisterNumber(row.running, row.buddhist_year),
                    row.registered_at,
                    row.secrecy,
                    row.number,
                    row.date,
                    office_name,
                    row.recipient,
                    row.subject,
                    0,
                )
                for row in rows
            )

    def control(self, viewer: Viewer, buddhist_year: int) -> tuple[ControlLine, ...]:
        """Return ทข.3 for the letters registered in a Buddhist year, in the order of events."""
        if not viewer.is_registrar:
            return ()
        with self._database.reading() as session:
            rows = session.scalars(
                select(LetterRow).where(
                    LetterRow.office_id == self._database.office_id,
                    LetterRow.buddhist_year == buddhist_year,
                    LetterRow.is_secret,
                    fully_visible(viewer),
                )
            )
            letters = {row.id: row for row in rows}
            names = _names(session, self._database.office_id)
            events = _events(session, frozenset(letters), names)
        return tuple(
            ControlLine(
                RegisterNumber(letters[one].running or 0, letters[one].buddhist_year or 0),
                letters[one].secrecy,
                at,
                what,
                names.get(who, who),
                note,
            )
            for one, at, what, who, note in sorted(events, key=lambda event: event[1])
        )


def _names(session: Session, office_id: int) -> Mapping[str, str]:
    """Return what people are called, by log-in name: an official register names nobody by a log-in."""
    rows = session.scalars(select(PersonRow).where(PersonRow.office_id == office_id))
    return {one.name: one.shown_name or one.name for one in rows}


def _events(session: Session, letter_ids: frozenset[int], names: Mapping[str, str]) -> list[Event]:
    """Return (letter, when, what, who, note) of everything ทข.3 tells."""
    changed = session.scalars(
        select(CorrectionRow).where(
            CorrectionRow.letter_id.in_(letter_ids), CorrectionRow.field == SECRECY_FIELD
        )
    )
    events = [
        (one.letter_id, one.at, mark("เปลี่ยนชั้นความลับ"), one.who, f"{one.old} → {one.new}")
        for one in changed
    ]
    grants = session.scalars(select(GrantRow).where(GrantRow.letter_id.in_(letter_ids)))
    denials = session.scalars(select(DenialRow).where(DenialRow.letter_id.in_(letter_ids)))
    events += _of_rights(grants, names, begun=mark("อนุญาตให้เข้าถึง"), ended=mark("ถอนสิทธิเข้าถึง"))
    events += _of_rights(denials, names, begun=mark("ห้ามเข้าถึง"), ended=mark("ยกเลิกข้อห้ามเข้าถึง"))
    events += _of_handovers(session, letter_ids, names)
    ended = session.scalars(
        select(AuditRow).where(AuditRow.letter_id.in_(letter_ids), AuditRow.action.in_(_ENDS))
    )
    events += [
        (one.letter_id or 0, one.at, _ENDS[one.action], one.who, one.details.get("batch", ""))
        for one in ended
    ]
    return events


def _of_rights(
    rights: Iterable[GrantRow | DenialRow], names: Mapping[str, str], *, begun: str, ended: str
) -> Iterator[Event]:
    """Tell of grants or denials: each begins with its reason, and may have been ended."""
    for one in rights:
        person = names.get(one.person, one.person)
        yield one.letter_id, one.at, begun, one.who, f"{person}: {one.reason}"
        if one.ended_at is not None:
            yield one.letter_id, one.ended_at, ended, one.ended_by, person


def _of_handovers(
    session: Session, letter_ids: frozenset[int], names: Mapping[str, str]
) -> list[Event]:
    events: list[Event] = []
    for one in session.scalars(select(HandoverRow).where(HandoverRow.letter_id.in_(letter_ids))):
        way = " → ".join(names.get(name, name) for name in (one.giver, one.taker))
        note = f"{way}: {one.note}" if one.note else way
        if one.who != one.giver:  # no receipt: a registrar fetched it
            events.append((one.letter_id, one.at, mark("เรียกคืน"), one.who, note))
            continue
        events.append((one.letter_id, one.at, mark("ส่งมอบ"), one.who, note))
        if one.received_at is not None:
            events.append((one.letter_id, one.received_at, mark("ลงชื่อรับ"), one.taker, way))
        if one.taken_back_at is not None:
            what = mark("ยกเลิกการส่งมอบ")
            events.append((one.letter_id, one.taken_back_at, what, one.taken_back_by, way))
    return events
