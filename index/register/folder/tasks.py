"""Tasks: what an instruction or a meeting's resolution asks of somebody by a day, followed up until it is done.

A task about a secret letter shows itself to nobody who may not open the letter, and is given to nobody else.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime

from sqlalchemy import ColumnElement, and_, false, func, or_, select, true
from sqlalchemy.orm import Session

from index.choices import TaskSource
from index.errors import FolderRefusedError, NoSuchRecordError
from index.message import message
from index.register.desk.grants import looking_at
from index.register.folder.folder_rows import letter_allows
from index.register.folder.folder_tables import TaskRow
from index.register.folder.papers import TaskDraft
from index.register.letters.filing import read_row
from index.register.letters.letters import assemble_all
from index.register.people.people import find_row, read_person
from index.register.store.audit import append_entry
from index.register.store.database import Database
from index.register.store.tables import BANGKOK, LetterRow
from index.registered_letter import RegisteredLetter
from index.visibility import Role, Sight, Viewer, is_hidden, may_see

FOLLOWERS = frozenset(
    {Role.DIRECTOR, Role.DEPUTY_DIRECTOR, Role.SECRETARY, Role.REGISTRY_CLERK, Role.GROUP_HEAD}
)
"""Who enters what a meeting resolved."""
_SEE_ALL = frozenset({Role.DIRECTOR, Role.SECRETARY, Role.REGISTRY_CLERK})


@dataclass(frozen=True, slots=True)
class Task:
    """A task as it stands; `letter` is the letter it is about, where there is one."""

    task_id: int
    source: TaskSource
    origin: str
    words: str
    group: str
    owner: str
    due_on: date
    given_by: str
    acting_for: str
    given_at: datetime
    paper_id: int | None
    letter: RegisteredLetter | None
    done_at: datetime | None
    done_by: str
    result: str

    def is_late(self, today: date) -> bool:
        """Tell whether its day has passed and it is not done, or was done after it."""
        if self.done_at is not None:
            return self.done_at.date() > self.due_on
        return today > self.due_on


class Tasks:
    """Follow up what was asked of whom."""

    def __init__(self, database: Database) -> None:
        self._database = database

    def resolve(self, viewer: Viewer, task: TaskDraft, *, origin: str, now: datetime) -> int:
        """Enter what a meeting resolved; `origin` says which meeting and item. Raises FolderRefusedError."""
        if not viewer.roles & FOLLOWERS or not origin.strip():
            raise FolderRefusedError("the task", message("โปรดระบุการประชุมและระเบียบวาระ"))
        with self._database.writing() as session:
            return add_task(
                session,
                task,
                office_id=self._database.office_id,
                source=TaskSource.MEETING,
                origin=origin.strip(),
                letter=None,
                given_by=viewer.name,
                now=now,
            )

    def finish(self, viewer: Viewer, task_id: int, *, result: str, now: datetime) -> None:
        """Note that a task is done and what came of it: by its owner, its group, or who gave it.

        Raises NoSuchRecordError for a task that is not there for this person or is done already.
        """
        with self._database.writing() as session:
            row = session.scalar(
                select(TaskRow).where(self._of_office(), TaskRow.id == task_id, _may_finish(viewer))
            )
            if row is None or row.done_at is not None:
                raise NoSuchRecordError(f"open task {task_id}")
            row.done_at, row.done_by, row.result = now, viewer.name, result.strip()
            _note(session, row, "task_done", viewer.name, now)

    def page(
        self, viewer: Viewer, *, done: bool = False, mine: bool = False, limit: int = 200
    ) -> tuple[Task, ...]:
        """Return tasks that the viewer may see: what is due first, or what was done last.

        `mine` narrows to those she or, where nobody is named, her group has to do.
        """
        finished = TaskRow.done_at.is_not(None)
        condition = and_(self._of_office(), _shown(viewer), finished if done else ~finished)
        if mine:
            condition = and_(condition, _is_hers(viewer))
        order = (TaskRow.done_at.desc(),) if done else (TaskRow.due_on, TaskRow.id)
        with self._database.reading() as session:
            rows = session.scalars(
                select(TaskRow).where(condition).order_by(*order).limit(limit)
            ).all()
            ids = [row.letter_id for row in rows if row.letter_id is not None]
            found = session.scalars(select(LetterRow).where(LetterRow.id.in_(ids))).all()
            letters = {one.letter_id: one for one in assemble_all(session, found)}
            return tuple(_task(row, letters.get(row.letter_id or 0)) for row in rows)

    def count_mine(self, viewer: Viewer) -> int:
        """Count what the viewer, or her group where nobody is named, has still to do."""

        def count() -> int:
            open_ones = and_(self._of_office(), _shown(viewer), _is_hers(viewer))
            query = select(func.count(TaskRow.id)).where(open_ones, TaskRow.done_at.is_(None))
            with self._database.reading() as session:
                return session.scalar(query) or 0

        return self._database.remembered.of(("tasks", viewer), count)

    def _of_office(self) -> ColumnElement[bool]:
        return TaskRow.office_id == self._database.office_id


def add_task(
    session: Session,
    task: TaskDraft,
    *,
    office_id: int,
    source: TaskSource,
    letter: LetterRow | None,
    given_by: str,
    now: datetime,
    origin: str = "",
    paper_id: int | None = None,
    acting_for: str = "",
) -> int:
    """Add a task inside the caller's transaction; raises FolderRefusedError saying what is wrong with it."""
    if not task.words.strip() or not (task.group or task.owner):
        raise FolderRefusedError("the task", message("โปรดเขียนงานที่มอบ และเลือกกลุ่มหรือผู้รับผิดชอบ"))
    if task.due_on < now.astimezone(BANGKOK).date():
        raise FolderRefusedError("the task", message("วันกำหนดเสร็จผ่านมาแล้ว"))
    if task.owner:
        _refuse_owner(session, office_id, task.owner, letter, now)
    row = TaskRow(
        office_id=office_id,
        source=source,
        paper_id=paper_id,
        letter_id=None if letter is None else letter.id,
        origin=origin,
        words=task.words.strip(),
        group_code=task.group,
        owner=task.owner,
        due_on=task.due_on,
        given_by=given_by,
        acting_for=acting_for,
        given_at=now,
    )
    session.add(row)
    session.flush()
    _note(session, row, "task_given", given_by, now)
    return row.id


def _refuse_owner(
    session: Session, office_id: int, name: str, letter: LetterRow | None, now: datetime
) -> None:
    found = find_row(session, office_id, name)
    if found is None or not found.active:
        raise FolderRefusedError("the task", message("โปรดเลือกผู้รับผิดชอบจากรายชื่อ"))
    if letter is None or not is_hidden(read_row(session, letter)):
        return
    looking = looking_at(session, read_person(found), letter.id, now)
    if may_see(looking, read_row(session, letter)) is not Sight.FULL:
        raise FolderRefusedError(
            "the task", message("ผู้รับผิดชอบยังไม่มีสิทธิเปิดหนังสือลับฉบับนี้ นายทะเบียนต้องให้สิทธิก่อน")
        )


def _is_hers(viewer: Viewer) -> ColumnElement[bool]:
    of_group = and_(TaskRow.owner == "", TaskRow.group_code.in_(viewer.own_groups))
    return or_(TaskRow.owner == viewer.name, of_group)


def _shown(viewer: Viewer) -> ColumnElement[bool]:
    takes_part = or_(
        _is_hers(viewer),
        TaskRow.given_by == viewer.name,
        TaskRow.group_code.in_(viewer.own_groups),
        true() if viewer.roles & _SEE_ALL else false(),
    )
    return and_(takes_part, letter_allows(viewer, TaskRow.letter_id))


def may_finish(viewer: Viewer, task: Task) -> bool:
    """Tell whether this person may say that an open task is done; the book asks again."""
    hers = task.owner == viewer.name or (not task.owner and task.group in viewer.own_groups)
    heads = Role.GROUP_HEAD in viewer.roles and task.group in viewer.own_groups
    return task.done_at is None and (hers or heads or task.given_by == viewer.name)


def _may_finish(viewer: Viewer) -> ColumnElement[bool]:
    heads = (
        TaskRow.group_code.in_(viewer.own_groups) if Role.GROUP_HEAD in viewer.roles else false()
    )
    by_her = or_(_is_hers(viewer), TaskRow.given_by == viewer.name, heads)
    return and_(by_her, letter_allows(viewer, TaskRow.letter_id))


def _note(session: Session, row: TaskRow, action: str, who: str, now: datetime) -> None:
    append_entry(
        session,
        row.office_id,
        at=now,
        who=who,
        action=action,
        letter_id=row.letter_id,
        details={
            "task": row.id,
            "group": row.group_code,
            "person": row.owner,
            "due_on": row.due_on.isoformat(),
        },
    )


def _task(row: TaskRow, letter: RegisteredLetter | None) -> Task:
    return Task(
        task_id=row.id,
        source=row.source,
        origin=row.origin,
        words=row.words,
        group=row.group_code,
        owner=row.owner,
        due_on=row.due_on,
        given_by=row.given_by,
        acting_for=row.acting_for,
        given_at=row.given_at,
        paper_id=row.paper_id,
        letter=letter,
        done_at=row.done_at,
        done_by=row.done_by,
        result=row.result,
    )
