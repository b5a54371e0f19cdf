"""The desk: what people change in a filed letter. Each change is one transaction with its audit line.

Only who may open a letter may change it; for everybody else it is not there (`NoSuchRecordError`),
so that trying tells nothing. A change answers with the letter as its maker may have it from then on:
redacted, where she hid it from herself. The roles that may do each thing are the web page's business.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime

from sqlalchemy import select
from sqlalchemy.orm import Session

from index.choices import OPEN_STEPS, Step
from index.errors import CorrectionRefusedError, LetterChangedError
from index.register.desk.sent_back import CameBack, came_back
from index.register.desk.undo import LastChange, find_last_change, journal, undo_last
from index.register.letters.fields import (
    CORRECTABLE,
    close_reviews,
    drop_copy,
    put_copies,
    put_field,
    refuse_lowering,
    set_field,
)
from index.register.letters.filing import open_review_fields, read_letter
from index.register.letters.letters import open_letter
from index.register.store.change import note_change
from index.register.store.database import Database
from index.register.store.tables import CorrectionRow, LetterRow, MovementRow
from index.registered_letter import RegisteredLetter
from index.retention import closing
from index.visibility import Viewer, redact, show

_BEFORE = {Step.TAKEN: (Step.ROUTED,)}
"""Where a letter stands when its group takes a step: nobody takes what somebody has taken."""


@dataclass(frozen=True, slots=True)
class Movement:
    """Who had the letter when."""

    letter_id: int
    step: Step
    group: str
    officer: str
    note: str
    who: str
    at: datetime


@dataclass(frozen=True, slots=True)
class Correction:
    """A field that somebody changed; `new` is the truth the rules are tested against."""

    letter_id: int
    field: str
    old: str
    new: str
    who: str
    at: datetime
    reason: str


class Desk:
    """Correct, confirm, route; and the histories of these."""

    def __init__(self, database: Database) -> None:
        self._database = database

    def correct(
        self,
        viewer: Viewer,
        letter_id: int,
        field: str,
        value: str,
        *,
        now: datetime,
        reason: str = "",
    ) -> RegisteredLetter:
        """Set a field to what the clerk read; close its review reasons.

        `field` is one of `CORRECTABLE`; `value` is text: a date as ISO 8601, marks and kinds by
        their value, empty for absent. Setting the value it has already only confirms it.
        Raises CorrectionRefusedError or NoSuchRecordError.
        """
        return self.check(viewer, letter_id, {field: value}, now=now, reason=reason)

    def check(
        self,
        viewer: Viewer,
        letter_id: int,
        values: Mapping[str, str | None],
        *,
        now: datetime,
        reason: str = "",
        revision: int | None = None,
        route_to: str = "",
    ) -> RegisteredLetter:
        """Correct and confirm several fields at once, and hand the letter to a group if one is named.

        `values` are as in `correct`; None says that the field is right as it stands. Nothing is
        changed unless everything can be. Raises CorrectionRefusedError, NoSuchRecordError, and
        LetterChangedError when `revision` is given and no longer the letter's.
        """
        for field, value in values.items():
            if value is not None and field not in CORRECTABLE:
                raise CorrectionRefusedError(
                    field, f"there is no such field; choose one of {', '.join(CORRECTABLE)}"
                )
        with self._database.writing() as session:
            row = self._open(session, viewer, letter_id)
            if revision is not None and row.revision != revision:
                raise LetterChangedError(letter_id)
            corrects = any(value is not None for value in values.values())
            action = "corrected" if corrects else "checked"
            with journal(session, row, action, viewer.name, now):
                for field, value in values.items():
                    refuse_lowering(viewer, row, field, row.secrecy if value is None else value)
                    if value is not None:
                        set_field(
                            session, row, field, value, who=viewer.name, now=now, reason=reason
                        )
                    elif close_reviews(session, row, field, viewer.name, now):
                        self._changed(session, row, "confirmed", viewer, now, field=field)
                if route_to:
                    self._move(session, row, Step.ROUTED, viewer, now, group=route_to)
            return _as_shown(viewer, read_letter(session, row))

    def confirm(
        self, viewer: Viewer, letter_id: int, field: str, *, now: datetime
    ) -> RegisteredLetter:
        """Say that the field is right as it stands; close its review reasons."""
        return self.check(viewer, letter_id, {field: None}, now=now)

    def confirm_all(self, viewer: Viewer, letter_id: int, *, now: datetime) -> RegisteredLetter:
        """Say that all doubtful fields are right as they stand."""
        with self._database.reading() as session:
            fields = open_review_fields(session, self._open(session, viewer, letter_id).id)
        return self.check(viewer, letter_id, dict.fromkeys(fields), now=now)

    def move(
        self,
        viewer: Viewer,
        letter_id: int,
        step: Step,
        *,
        now: datetime,
        group: str = "",
        officer: str = "",
        note: str = "",
        within: str = "",
        finished_on: date | None = None,
        revision: int | None = None,
    ) -> RegisteredLetter:
        """Route the letter to a group, or note who took it, has it, finished it, sent it back.

        Routing and returning change the lead group; the other steps keep it. `within` names the group
        that works: LetterChangedError when the letter is no longer there, or beyond this step; also when
        somebody has done just this before, but a letter that is done may be given its `finished_on`, or
        `revision` is given and no longer the letter's.
        What is done is finished for its keeping too (`index.retention.closing`): today, or `finished_on`,
        with `note` as the reason where that lies before the receipt; StepRefusedError for a day that
        cannot be. Any other step but an instruction takes the finishing back.
        """
        with self._database.writing() as session:
            row = self._open(session, viewer, letter_id)
            if revision is not None and row.revision != revision:
                raise LetterChangedError(letter_id)
            if within and (
                row.group_code != within or row.step not in _BEFORE.get(step, OPEN_STEPS)
            ):
                raise LetterChangedError(letter_id)
            with journal(session, row, step, viewer.name, now):
                self._move(
                    session,
                    row,
                    step,
                    viewer,
                    now,
                    group=group,
                    officer=officer,
                    note=note,
                    finished_on=finished_on,
                )
            return _as_shown(viewer, read_letter(session, row))

    def _move(
        self,
        session: Session,
        row: LetterRow,
        step: Step,
        viewer: Viewer,
        now: datetime,
        *,
        group: str = "",
        officer: str = "",
        note: str = "",
        finished_on: date | None = None,
    ) -> None:
        if finished_on is None and _is_done_already(row, step, group):
            raise LetterChangedError(row.id)
        if step in (Step.ROUTED, Step.RETURNED) and group:
            put_field(row, "group", group)
            drop_copy(session, row)
            close_reviews(session, row, "group", viewer.name, now)
        if step is not Step.INSTRUCTED:
            row.step = step
        session.add(
            MovementRow(
                letter_id=row.id,
                step=step,
                group_code=row.group_code,
                officer=officer,
                note=note,
                who=viewer.name,
                at=now,
            )
        )
        self._changed(session, row, step, viewer, now, officer=officer)
        if step is Step.DONE:
            closing.close(session, row, who=viewer.name, now=now, on=finished_on, reason=note)
        elif step is not Step.INSTRUCTED:
            closing.reopen(session, row, who=viewer.name, now=now)

    def set_copies(
        self, viewer: Viewer, letter_id: int, groups: tuple[str, ...], *, now: datetime
    ) -> RegisteredLetter:
        """Say which groups get a copy besides the lead group."""
        with self._database.writing() as session:
            row = self._open(session, viewer, letter_id)
            with journal(session, row, "copied", viewer.name, now):
                put_copies(session, row, groups)
                self._changed(session, row, "copied", viewer, now, groups=sorted(set(groups)))
            session.flush()
            return _as_shown(viewer, read_letter(session, row))

    def undo(
        self, viewer: Viewer, letter_id: int, *, now: datetime, revision: int | None = None
    ) -> RegisteredLetter:
        """Take back this person's last change of the letter, as a new change with its audit line.

        `revision` says which one was offered (`LastChange.revision`): no other is then taken back.
        Raises UndoRefusedError when there is none, or somebody else changed the letter since.
        """
        with self._database.writing() as session:
            row = self._open(session, viewer, letter_id)
            undone = undo_last(session, row, viewer, now, revision)
            if undone in tuple(Step):
                session.add(
                    MovementRow(
                        letter_id=row.id,
                        step=Step.UNDONE,
                        group_code=row.group_code,
                        officer="",
                        note="",
                        who=viewer.name,
                        at=now,
                    )
                )
            session.flush()
            return _as_shown(viewer, read_letter(session, row))

    def last_change(self, viewer: Viewer, *, since: datetime) -> LastChange | None:
        """Return the viewer's newest change since a moment, if it still can be taken back."""
        with self._database.reading() as session:
            return find_last_change(session, self._database.office_id, viewer, since)

    def history(self, viewer: Viewer, letter_id: int) -> tuple[Movement, ...]:
        """Return the letter's movements, oldest first."""
        with self._database.reading() as session:
            self._open(session, viewer, letter_id)
            rows = session.scalars(
                select(MovementRow)
                .where(MovementRow.letter_id == letter_id)
                .order_by(MovementRow.id)
            )
            return tuple(
                Movement(
                    letter_id=row.letter_id,
                    step=row.step,
                    group=row.group_code,
                    officer=row.officer,
                    note=row.note,
                    who=row.who,
                    at=row.at,
                )
                for row in rows
            )

    def came_back(self, viewer: Viewer, letter_ids: Sequence[int]) -> Mapping[int, CameBack]:
        """Return why letters that stand sent back came back, by letter."""
        with self._database.reading() as session:
            return came_back(session, self._database.office_id, viewer, letter_ids)

    def corrections_of(self, viewer: Viewer, letter_id: int) -> tuple[Correction, ...]:
        """Return one letter's corrections, oldest first."""
        with self._database.reading() as session:
            self._open(session, viewer, letter_id)
            rows = session.scalars(
                select(CorrectionRow)
                .where(CorrectionRow.letter_id == letter_id)
                .order_by(CorrectionRow.id)
            )
            return tuple(_correction(row) for row in rows)

    def _open(self, session: Session, viewer: Viewer, letter_id: int) -> LetterRow:
        return open_letter(session, self._database.office_id, viewer, letter_id)

    @staticmethod
    def _changed(
        session: Session,
        row: LetterRow,
        action: str,
        viewer: Viewer,
        now: datetime,
        **details: object,
    ) -> None:
        note_change(session, row, action, who=viewer.name, now=now, details=details)


def _is_done_already(row: LetterRow, step: Step, group: str) -> bool:
    """Tell whether the letter stands where the step would bring it: twice is once, and the second hears so."""
    if step is Step.ROUTED:
        return row.step in OPEN_STEPS and group in ("", row.group_code)
    return step in (Step.DONE, Step.RETURNED) and row.step == step


def _as_shown(viewer: Viewer, letter: RegisteredLetter) -> RegisteredLetter:
    return show(viewer, letter) or redact(letter)


def _correction(row: CorrectionRow) -> Correction:
    return Correction(
        letter_id=row.letter_id,
        field=row.field,
        old=row.old,
        new=row.new,
        who=row.who,
        at=row.at,
        reason=row.reason,
    )
