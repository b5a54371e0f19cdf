"""The send books: letters out, circulars, orders, announcements, each with its run of numbers (form 14).

A number is drawn in the same transaction as its entry, so that no number is without what it is for.
An entry is corrected with its old words kept, and cancelled with a reason; it is never removed.
Visibility as everywhere: `index.visibility`. Only the registrar of secret letters enters secret ones.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping
from datetime import date, datetime

from sqlalchemy import select
from sqlalchemy.orm import Session

from index.choices import SEND_BOOKS, BookName
from index.errors import (
    CorrectionRefusedError,
    LetterDestroyedError,
    NoSuchRecordError,
    NumberRefusedError,
)
from index.register.letters.filing import fold_number
from index.register.letters.letters import open_letter
from index.register.numbers.numbers import cancel_number, draw_number, use_reserved
from index.register.sent.sent_letter import (
    EVERYTHING,
    Recipient,
    SentChange,
    SentDraft,
    SentEntry,
    SentFile,
    SentFilter,
    SentPage,
)
from index.register.sent.sent_list import Drawn, find_drawn, find_entry, list_entries
from index.register.sent.sent_rows import (
    add_rows,
    chosen_rows,
    files_of,
    make_file,
    make_row,
    recipient_rows,
    sight_of,
    under,
)
from index.register.store.audit import append_entry
from index.register.store.database import Database
from index.register.store.sent_tables import SentChangeRow, SentFileRow, SentRow
from index.registered_letter import RegisterNumber
from index.retention.still_kept import refuse_begun
from index.visibility import SECRECY_FIELD, Sight, Viewer, sent_sight

_COLUMNS: Mapping[str, str] = {"group": "group_code", "answers": "answers_id"}
_CHANGEABLE = ("subject", "recipient", "date", "group", "urgency", "secrecy", "note", "answers")


class Sent:
    """What people do with the send books."""

    def __init__(self, database: Database) -> None:
        self._database = database

    def enter(
        self,
        viewer: Viewer,
        book: BookName,
        draft: SentDraft,
        *,
        write_number: Callable[[RegisterNumber], str],
        now: datetime,
        reserved: RegisterNumber | None = None,
        key: str | None = None,
    ) -> SentEntry:
        """Draw the next number (or use the `reserved` one) and enter the letter under it.

        `key` names the form that is sent: entering with it again returns the entry it made.
        `write_number` turns the register number into the letter's number as it is written on paper.
        Raises CorrectionRefusedError, NumberRefusedError (the reserved number is not free) or
        NoSuchRecordError (the letter that is answered is not there for this viewer).
        """
        if book not in SEND_BOOKS:
            raise NumberRefusedError(
                f"{book} is no send book", f"choose of {', '.join(SEND_BOOKS)}"
            )
        _refuse_unfit(viewer, draft)
        office_id = self._database.office_id
        with self._database.writing() as session:
            _find_answered(session, office_id, viewer, draft)
            known = session.scalar(select(SentRow).where(SentRow.entry_key == key)) if key else None
            if known is not None:
                number = RegisterNumber(known.running, known.buddhist_year)
                return find_entry(session, viewer, office_id, BookName(known.book), number)
            if reserved is None:
                number = draw_number(session, office_id, book, now, viewer.name)
            else:
                number = reserved
                use_reserved(session, office_id, book, number, now)
            session.flush()  # the number's row first: the entry's row refers to it
            row = make_row(office_id, book, number, draft)
            row.number = write_number(number)
            row.number_key = fold_number(row.number)
            row.registered_at, row.registered_by, row.entry_key = now, viewer.name, key
            session.add(row)
            session.flush()
            add_rows(session, row.id, 0, draft.recipients, draft.way)
            _note(session, row, "sent_entered", viewer, now)
            return find_entry(session, viewer, office_id, book, number)

    def drawn_already(
        self, viewer: Viewer, book: BookName, draft: SentDraft, *, key: str, since: datetime
    ) -> Drawn | None:
        """Return what this person drew with the form `key`, or for the same words since a moment."""
        with self._database.reading() as session:
            return find_drawn(
                session, viewer, self._database.office_id, book, draft, key=key, since=since
            )

    def change(
        self, viewer: Viewer, sent_id: int, draft: SentDraft, *, now: datetime
    ) -> tuple[str, ...]:
        """Set the fields to those of `draft` (not its addressees); return the names of the changed ones.

        Only the registrar changes the secrecy; when it is among the changed, hide the letter's files
        in the archive. Raises CorrectionRefusedError or NoSuchRecordError.
        """
        with self._database.writing() as session:
            row = self._open_kept(session, viewer, sent_id)
            if draft.secrecy != row.secrecy and not viewer.is_registrar:
                raise CorrectionRefusedError(SECRECY_FIELD, "only the registrar changes it")
            _refuse_unfit(viewer, draft)
            if draft.answers != row.answers_id:
                _find_answered(session, row.office_id, viewer, draft)
            changed = []
            for field in _CHANGEABLE:
                column, new = _COLUMNS.get(field, field), getattr(draft, field)
                new = " ".join(new.split()) if isinstance(new, str) else new
                old = getattr(row, column)
                if new == old:
                    continue
                setattr(row, column, str(new) if isinstance(new, str) else new)
                changed.append(field)
                session.add(
                    SentChangeRow(
                        sent_id=row.id,
                        field=field,
                        old="" if old is None else str(old),
                        new="" if new is None else str(new),
                        who=viewer.name,
                        at=now,
                    )
                )
            if row.suspected_secret:  # only the registrar comes here: what she chose is her word
                row.suspected_secret = False
                changed = list(dict.fromkeys((*changed, SECRECY_FIELD)))
            if changed:
                _note(session, row, "sent_changed", viewer, now, fields=changed)
            return tuple(changed)

    def cancel(
        self, viewer: Viewer, book: BookName, number: RegisterNumber, *, note: str, now: datetime
    ) -> None:
        """Cancel a number with a reason, and with it the letter that has it; both stay in the book.

        Raises NumberRefusedError without a reason, NoSuchRecordError when the number was never drawn
        or its letter is hidden from the viewer.
        """
        if not note.strip():
            raise NumberRefusedError(f"number {number} was not cancelled", "write the reason")
        office_id = self._database.office_id
        with self._database.writing() as session:
            row = session.scalar(under(office_id, book, number))
            if row is not None:
                self._open_kept(session, viewer, row.id)
                row.revision += 1
            cancel_number(session, office_id, book, number, note=note, who=viewer.name, now=now)

    def add_recipients(
        self, viewer: Viewer, sent_id: int, names: Iterable[str], *, way: str = "", now: datetime
    ) -> None:
        """Add addressees after those there are; a name that is there already is left alone."""
        with self._database.writing() as session:
            row = self._open_kept(session, viewer, sent_id)
            there = recipient_rows(session, sent_id)
            known = {one.name for one in there}
            new = [name for name in names if " ".join(name.split()) not in known]
            if add_rows(session, sent_id, len(there), new, way):
                _note(session, row, "sent_recipients_added", viewer, now)

    def record_sending(
        self,
        viewer: Viewer,
        sent_id: int,
        positions: Iterable[int],
        *,
        way: str,
        on: date,
        now: datetime,
        reference: str = "",
    ) -> None:
        """Note how and when the letter went to these addressees; `reference` is a post number or so."""
        with self._database.writing() as session:
            row = self._open_kept(session, viewer, sent_id)
            chosen = chosen_rows(session, sent_id, positions)
            for one in chosen:
                one.way, one.sent_on, one.reference = way, on, reference
            places = [one.position for one in chosen]
            _note(session, row, "sent_dispatched", viewer, now, recipients=places)

    def acknowledge(
        self,
        viewer: Viewer,
        sent_id: int,
        positions: Iterable[int],
        *,
        by: str,
        on: date,
        now: datetime,
    ) -> None:
        """Note who at these addressees acknowledged the letter, and when."""
        with self._database.writing() as session:
            row = self._open_kept(session, viewer, sent_id)
            chosen = chosen_rows(session, sent_id, positions)
            for one in chosen:
                one.acknowledged_by, one.acknowledged_on = by, on
            places = [one.position for one in chosen]
            _note(session, row, "sent_acknowledged", viewer, now, recipients=places)

    def attach(
        self,
        viewer: Viewer,
        sent_id: int,
        *,
        sha256: str,
        name: str,
        media_type: str,
        size_bytes: int,
        now: datetime,
    ) -> None:
        """Note a file that lies in the archive already as a copy of this letter; twice is once."""
        with self._database.writing() as session:
            row = self._open_kept(session, viewer, sent_id)
            if session.get(SentFileRow, (sent_id, sha256)) is not None:
                return
            session.add(
                SentFileRow(
                    sent_id=sent_id,
                    sha256=sha256,
                    name=name,
                    media_type=media_type,
                    size_bytes=size_bytes,
                    attached_at=now,
                    attached_by=viewer.name,
                )
            )
            _note(session, row, "sent_file_attached", viewer, now, sha256=sha256)

    def page(
        self,
        viewer: Viewer,
        wanted: SentFilter = EVERYTHING,
        *,
        limit: int = 50,
        offset: int = 0,
        oldest_first: bool = False,
    ) -> SentPage:
        """Return some lines of the send books by number; hidden letters only as their number."""
        with self._database.reading() as session:
            return list_entries(
                session,
                viewer,
                self._database.office_id,
                wanted,
                limit=limit,
                offset=offset,
                oldest_first=oldest_first,
            )

    def by_number(self, viewer: Viewer, book: BookName, number: RegisterNumber) -> SentEntry:
        """Return the line of that number, whole or redacted; NoSuchRecordError if the viewer sees none."""
        office_id = self._database.office_id
        with self._database.reading() as session:
            return find_entry(session, viewer, office_id, book, number)

    def suspected(self, viewer: Viewer) -> tuple[SentEntry, ...]:
        """Return the letters hidden for a mark on a copy, for the registrar; oldest first."""
        if not viewer.is_registrar:
            return ()
        office_id = self._database.office_id
        with self._database.reading() as session:
            rows = session.execute(
                select(SentRow.book, SentRow.running, SentRow.buddhist_year)
                .where(SentRow.office_id == office_id, SentRow.suspected_secret)
                .order_by(SentRow.id)
            ).all()
            return tuple(
                find_entry(
                    session, viewer, office_id, BookName(book), RegisterNumber(running, year)
                )
                for book, running, year in rows
            )

    def recipients(self, viewer: Viewer, sent_id: int) -> tuple[Recipient, ...]:
        """Return the addressees in order."""
        with self._database.reading() as session:
            self._open(session, viewer, sent_id)
            return tuple(
                Recipient(
                    position=one.position,
                    name=one.name,
                    way=one.way,
                    reference=one.reference,
                    sent_on=one.sent_on,
                    acknowledged_on=one.acknowledged_on,
                    acknowledged_by=one.acknowledged_by,
                )
                for one in recipient_rows(session, sent_id)
            )

    def files(self, viewer: Viewer, sent_id: int) -> tuple[SentFile, ...]:
        """Return the letter's files, oldest first."""
        with self._database.reading() as session:
            row = self._open(session, viewer, sent_id)
            return tuple(make_file(one, row) for one in session.scalars(files_of(sent_id)))

    def all_files(self) -> Iterator[SentFile]:
        """Stream every file of sent letters that the archive must hold; for `check`."""
        with self._database.reading() as session:
            rows = session.execute(
                select(SentFileRow, SentRow)
                .join(SentRow, SentRow.id == SentFileRow.sent_id)
                .where(SentRow.office_id == self._database.office_id)
                .order_by(SentFileRow.sent_id)
            )
            yield from (make_file(file, row) for file, row in rows)

    def changes(self, viewer: Viewer, sent_id: int) -> tuple[SentChange, ...]:
        """Return what was corrected, oldest first."""
        with self._database.reading() as session:
            self._open(session, viewer, sent_id)
            kept = select(SentChangeRow).where(SentChangeRow.sent_id == sent_id)
            rows = session.scalars(kept.order_by(SentChangeRow.id))
            return tuple(
                SentChange(one.field, one.old, one.new, one.who, one.at, one.reason) for one in rows
            )

    def _open(self, session: Session, viewer: Viewer, sent_id: int) -> SentRow:
        row = session.get(SentRow, sent_id)
        if (
            row is None
            or row.office_id != self._database.office_id
            or sight_of(viewer, row) is not Sight.FULL
        ):
            raise NoSuchRecordError(f"sent letter {sent_id}")
        return row

    def _open_kept(self, session: Session, viewer: Viewer, sent_id: int) -> SentRow:
        """Return a letter's row to change it; LetterDestroyedError once paper or copies are gone."""
        row = self._open(session, viewer, sent_id)
        ended = row.erased_on or row.paper_ended_on
        if ended is not None:
            raise LetterDestroyedError(str(RegisterNumber(row.running, row.buddhist_year)), ended)
        refuse_begun(session, row)
        return row


def _refuse_unfit(viewer: Viewer, draft: SentDraft) -> None:
    for field in ("subject", "group"):
        if not str(getattr(draft, field)).strip():
            raise CorrectionRefusedError(field, "a sent letter needs one")
    if draft.secrecy and not viewer.is_registrar:
        raise CorrectionRefusedError(SECRECY_FIELD, "only the registrar enters secret letters")
    if sent_sight(viewer, is_secret=bool(draft.secrecy), group=draft.group) is not Sight.FULL:
        raise CorrectionRefusedError("group", "it is not a group of this person")


def _find_answered(session: Session, office_id: int, viewer: Viewer, draft: SentDraft) -> None:
    if draft.answers is not None:
        open_letter(session, office_id, viewer, draft.answers)


def _note(
    session: Session, row: SentRow, action: str, viewer: Viewer, now: datetime, **details: object
) -> None:
    """Finish a change: a new revision and its audit line, which names fields and never contents."""
    row.revision += 1
    append_entry(
        session,
        row.office_id,
        at=now,
        who=viewer.name,
        action=action,
        details={
            "book": row.book,
            "number": str(RegisterNumber(row.running, row.buddhist_year)),
            "revision": row.revision,
            **details,
        },
    )
    session.flush()
