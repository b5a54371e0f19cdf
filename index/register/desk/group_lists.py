"""The groups' own lists: what is new, in hand and done, copies, what was sent back; and deadlines.

No list shows a secret letter, or one that may be secret, whoever looks: the registrar hands those on
by hand. A group is seen by its own people and by who keeps the whole register; for anybody else it
has no letters.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date, datetime
from enum import StrEnum
from typing import Any

from sqlalchemy import ColumnElement, and_, false, func, not_, or_, select, union
from sqlalchemy.orm import Session, aliased

from index.choices import OPEN_STEPS, BookName, JobState, Standing, Step
from index.deadlines import Periods
from index.register.desk.undo import journal
from index.register.letters.letters import assemble_all, open_letter
from index.register.store.change import note_change
from index.register.store.database import Database
from index.register.store.desk_tables import ChangeRow, DeadlineRow
from index.register.store.tables import CopyRow, LetterRow, MovementRow
from index.register.store.visible import fully_visible
from index.registered_letter import RegisteredLetter, RegisterNumber
from index.visibility import Sight, Viewer, may_see


class GroupView(StrEnum):
    """The lists of a group that are made of its letters as they stand."""

    NEW = "new"  # รอรับ
    IN_HAND = "hand"  # กำลังดำเนินการ
    DONE = "done"  # เสร็จแล้ว
    COPIES = "copies"  # สำเนาเพื่อทราบ; another group leads


@dataclass(frozen=True, slots=True)
class Deadline:
    """By which day (included) somebody of the group wants to be done."""

    due_on: date
    note: str
    who: str


@dataclass(frozen=True, slots=True)
class GroupLetter:
    """A line of a group's list. `holder` is who took it or has it assigned, by the name of log-in.

    `instruction` and `by` are the newest instruction (เกษียน) and who gave it, `note` what was said
    with the newest step. All are empty where there is none.
    """

    letter: RegisteredLetter
    holder: str
    instruction: str
    by: str
    note: str
    since: datetime | None
    deadline: Deadline | None


@dataclass(frozen=True, slots=True)
class GroupPage:
    """Some lines of a list and how many the whole list has."""

    lines: tuple[GroupLetter, ...]
    total: int


@dataclass(frozen=True, slots=True)
class SentBack:
    """A letter that the group sent back and that waits at the registry since.

    It is no longer the group's: whoever may not open it is told its number and the group's own words.
    """

    number: RegisterNumber
    letter: RegisteredLetter | None
    note: str
    who: str
    at: datetime


class GroupLists:
    """The letters of one group, for its people and for the clerk."""

    def __init__(self, database: Database) -> None:
        self._database = database

    def page(
        self, viewer: Viewer, group: str, view: GroupView, *, limit: int = 50, offset: int = 0
    ) -> GroupPage:
        """Return a page of a list: the most urgent first, then by deadline; what is done, newest first."""
        condition = self._in_view(viewer, group, view)
        newest = (LetterRow.buddhist_year.desc(), LetterRow.running.desc())
        urgent: tuple[ColumnElement[Any], ...] = (
            LetterRow.haste.asc(),
            DeadlineRow.due_on.asc().nulls_last(),
            LetterRow.buddhist_year.asc(),
            LetterRow.running.asc(),
        )
        order = newest if view in (GroupView.DONE, GroupView.COPIES) else urgent
        total = self.counts(viewer, group)[view]
        with self._database.reading() as session:
            found = session.execute(
                select(LetterRow, DeadlineRow)
                .outerjoin(DeadlineRow, DeadlineRow.letter_id == LetterRow.id)
                .where(condition)
                .order_by(*order)
                .limit(limit)
                .offset(offset)
            ).all()
            letters = assemble_all(session, [row for row, _ in found])
            moves = _moves(session, [row.id for row, _ in found])
            return GroupPage(
                tuple(
                    _line(letter, moves.get(letter.letter_id, []), deadline)
                    for letter, (_, deadline) in zip(letters, found, strict=True)
                ),
                total,
            )

    def counts(self, viewer: Viewer, group: str) -> dict[GroupView, int]:
        """Count every list of a group."""
        key = ("group", viewer.nameless, group)
        return self._database.remembered.of(key, lambda: self._counts(viewer, group))

    def _counts(self, viewer: Viewer, group: str) -> dict[GroupView, int]:
        own = self._of_group(viewer, group)
        with self._database.reading() as session:
            steps: dict[str, int] = dict(
                session.execute(
                    select(LetterRow.step, func.count(LetterRow.id))
                    .where(own, LetterRow.group_code == group)
                    .group_by(LetterRow.step)
                ).all()
            )
            copies = select(func.count(LetterRow.id)).where(
                self._in_view(viewer, group, GroupView.COPIES)
            )
            return {
                GroupView.NEW: steps.get(Step.ROUTED, 0),
                GroupView.IN_HAND: sum(steps.get(step, 0) for step in _HOLDING),
                GroupView.DONE: steps.get(Step.DONE, 0),
                GroupView.COPIES: session.scalar(copies) or 0,
            }

    def sent_back(self, viewer: Viewer, group: str, *, limit: int = 200) -> tuple[SentBack, ...]:
        """Return what the group sent back and the registry has not handed on since, newest first."""
        if not (viewer.keeps_register or group in viewer.own_groups):
            return ()
        key = ("sent back", viewer.nameless, group, limit)
        return self._database.remembered.of(key, lambda: self._find_sent_back(viewer, group, limit))

    def _find_sent_back(self, viewer: Viewer, group: str, limit: int) -> tuple[SentBack, ...]:
        condition = and_(
            self._open_letters(),
            self._of_any_group(),
            LetterRow.step == Step.RETURNED,
            ChangeRow.action == Step.RETURNED,
            not_(_HIDDEN),  # the group's own words may say what is secret since
        )
        led = ChangeRow.before[("fields", "group")].as_string() == group
        with self._database.reading() as session:
            found = session.execute(
                select(LetterRow, ChangeRow)
                .join(ChangeRow, ChangeRow.letter_id == LetterRow.id)
                .where(condition, led)
                .order_by(ChangeRow.at.desc())
                .limit(limit)
            ).all()
            newest = {row.id: (row, change) for row, change in reversed(found)}
            letters = assemble_all(session, [row for row, _ in newest.values()])
            moves = _moves(session, newest)
        sent = [
            _sent_back(viewer, letter, moves.get(letter.letter_id, []))
            for letter in reversed(letters)
        ]
        return tuple(one for one in sent if one is not None)

    def overdue(self, viewer: Viewer, periods: Periods, now: datetime) -> dict[str, int]:
        """Count by group what groups have not finished in time: by urgency, or by their own deadline.

        `now` is in the office's time zone.
        """
        by_urgency = [
            and_(LetterRow.urgency == one.urgency, LetterRow.received_at < one.late_before(now))
            for one in periods.values()
        ]
        at_work = and_(
            self._open_letters(), LetterRow.standing == Standing.WITH_GROUP, fully_visible(viewer)
        )
        due = select(LetterRow.id).where(LetterRow.id == DeadlineRow.letter_id, at_work)
        late = union(
            select(LetterRow.id).where(
                at_work, LetterRow.haste < _ORDINARY, or_(false(), *by_urgency)
            ),
            select(DeadlineRow.letter_id).where(
                DeadlineRow.due_on < now.date(), due.correlate(DeadlineRow).exists()
            ),
        )
        with self._database.reading() as session:
            rows = session.execute(
                select(LetterRow.group_code, func.count(LetterRow.id))
                .where(LetterRow.id.in_(late))  # alone, so that these are looked up and no others
                .group_by(LetterRow.group_code)
            )
            return {str(code): number for code, number in rows}

    def due(self, viewer: Viewer, group: str, until: date) -> tuple[GroupLetter, ...]:
        """Return what the group leads, has not finished, and wants done by `until`, the soonest first."""
        with self._database.reading() as session:
            found = session.execute(
                select(LetterRow, DeadlineRow)
                .join(DeadlineRow, DeadlineRow.letter_id == LetterRow.id)
                .where(
                    self._of_group(viewer, group),
                    _led(group, *OPEN_STEPS),
                    DeadlineRow.due_on <= until,
                )
                .order_by(DeadlineRow.due_on, LetterRow.buddhist_year, LetterRow.running)
            ).all()
            letters = assemble_all(session, [row for row, _ in found])
            return tuple(
                _line(letter, [], deadline)
                for letter, (_, deadline) in zip(letters, found, strict=True)
            )

    def deadline_of(self, viewer: Viewer, letter_id: int) -> Deadline | None:
        """Return a letter's deadline; NoSuchRecordError unless the viewer may open the letter."""
        with self._database.reading() as session:
            row = open_letter(session, self._database.office_id, viewer, letter_id)
            return _deadline(session.get(DeadlineRow, row.id))

    def set_deadline(
        self, viewer: Viewer, letter_id: int, due_on: date | None, *, now: datetime, note: str = ""
    ) -> None:
        """Set the day by which the letter is to be done; None takes it away.

        It can be taken back like a step (`Desk.undo`). Raises NoSuchRecordError unless the viewer may
        open the letter, LetterDestroyedError for one that is gone.
        """
        with self._database.writing() as session:
            row = open_letter(session, self._database.office_id, viewer, letter_id)
            with journal(session, row, "deadline", viewer.name, now):
                old = session.get(DeadlineRow, row.id)
                if old is not None:
                    session.delete(old)
                    session.flush()
                if due_on is not None:
                    who = viewer.name
                    session.add(
                        DeadlineRow(letter_id=row.id, due_on=due_on, note=note, who=who, at=now)
                    )
                action = "deadline_set" if due_on else "deadline_removed"
                details = {"due_on": due_on.isoformat() if due_on else ""}
                note_change(session, row, action, who=viewer.name, now=now, details=details)

    def _of_any_group(self) -> ColumnElement[bool]:
        """Return a condition that is always true and names what stands before `step` in an index.

        So that is entered once for each group, and not read to its end.
        """
        row = aliased(LetterRow)
        own, either = row.office_id == self._database.office_id, (False, True)
        codes = select(func.min(row.group_code).label("code")).where(own).cte(recursive=True)
        after = select(func.min(row.group_code)).where(own, row.group_code > codes.c.code)
        codes = codes.union_all(select(after.scalar_subquery()).where(codes.c.code.is_not(None)))
        return and_(
            LetterRow.group_code.in_(select(codes.c.code)),
            LetterRow.state == JobState.FILED,
            LetterRow.is_secret.in_(either),
            LetterRow.suspected_secret.in_(either),
        )

    def _open_letters(self) -> ColumnElement[bool]:
        return and_(
            LetterRow.office_id == self._database.office_id,
            LetterRow.book == BookName.RECEIVE,
            LetterRow.cancelled.is_(False),
        )

    def _in_view(self, viewer: Viewer, group: str, view: GroupView) -> ColumnElement[bool]:
        listed = and_(self._of_group(viewer, group), _IN_VIEW[view](group))
        if view is not GroupView.COPIES:
            return listed
        # A group has few copies: each is looked up in the letters, not each letter in the copies.
        copy = aliased(CopyRow)
        letter = select(LetterRow.id).where(LetterRow.id == copy.letter_id, listed)
        copies = select(copy.letter_id).where(copy.group_code == group)
        return LetterRow.id.in_(copies.where(letter.correlate(copy).exists()))

    def _of_group(self, viewer: Viewer, group: str) -> ColumnElement[bool]:
        known = viewer.keeps_register or group in viewer.own_groups
        seen = and_(fully_visible(viewer), not_(_HIDDEN)) if known else LetterRow.id.is_(None)
        return and_(self._open_letters(), seen)


_HIDDEN = or_(LetterRow.is_secret, LetterRow.suspected_secret)
_ORDINARY = 3  # the haste of what is not urgent
_HOLDING = (Step.TAKEN, Step.ASSIGNED)


def _led(group: str, *steps: Step) -> ColumnElement[bool]:
    return and_(LetterRow.group_code == group, LetterRow.step.in_(steps))


def _copied(group: str) -> ColumnElement[bool]:
    handed_on = LetterRow.step.in_((*OPEN_STEPS, Step.DONE))
    return and_(LetterRow.group_code != group, handed_on)


_IN_VIEW: Mapping[GroupView, Any] = {
    GroupView.NEW: lambda group: _led(group, Step.ROUTED),
    GroupView.IN_HAND: lambda group: _led(group, *_HOLDING),
    GroupView.DONE: lambda group: _led(group, Step.DONE),
    GroupView.COPIES: _copied,
}


def _moves(session: Session, letter_ids: Iterable[int]) -> dict[int, list[MovementRow]]:
    found: dict[int, list[MovementRow]] = {}
    for move in session.scalars(
        select(MovementRow).where(MovementRow.letter_id.in_(letter_ids)).order_by(MovementRow.id)
    ):
        found.setdefault(move.letter_id, []).append(move)
    return found


def _line(
    letter: RegisteredLetter, moves: list[MovementRow], deadline: DeadlineRow | None
) -> GroupLetter:
    routed = max((n for n, move in enumerate(moves) if move.step == Step.ROUTED), default=0)
    held = [move for move in moves[routed:] if move.step in _HOLDING]
    if letter.step not in (*_HOLDING, Step.DONE):
        held = []  # a taking that was taken back
    instructions = [move for move in moves if move.step == Step.INSTRUCTED]
    steps = [move for move in moves if move.step == letter.step]
    return GroupLetter(
        letter=letter,
        holder=(held[-1].officer or held[-1].who) if held else "",
        instruction=instructions[-1].note if instructions else "",
        by=(instructions[-1].officer or instructions[-1].who) if instructions else "",
        note=steps[-1].note if steps else "",
        since=steps[-1].at if steps else None,
        deadline=_deadline(deadline),
    )


def _sent_back(
    viewer: Viewer, letter: RegisteredLetter, moves: list[MovementRow]
) -> SentBack | None:
    returned = [move for move in moves if move.step == Step.RETURNED]
    if not returned:
        return None
    last, opened = returned[-1], may_see(viewer, letter) is Sight.FULL
    return SentBack(
        letter.register_number, letter if opened else None, last.note, last.who, last.at
    )


def _deadline(row: DeadlineRow | None) -> Deadline | None:
    return None if row is None else Deadline(row.due_on, row.note, row.who)
