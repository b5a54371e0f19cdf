"""The tables of the folder: papers put into it, what each person did with them, and the tasks that follow."""

from __future__ import annotations

from datetime import date, datetime

from sqlalchemy import ForeignKey, Index, Integer, String
from sqlalchemy.orm import Mapped, mapped_column

from index.choices import Deed, FolderState, PaperKind, Station, TaskSource
from index.register.store.codec import Choice
from index.register.store.tables import RowId, Table, Words


class FolderPaperRow(Table):
    """A received letter, a memo or the draft of an answer that somebody put into the folder.

    `station` is whose desk it lies on, or came to last; `last` whose word ends its way. Of a letter the
    subject is the register's; what hides the letter hides the paper.
    """

    __tablename__ = "folder_papers"
    __table_args__ = (Index(None, "office_id", "state", "station"), Index(None, "letter_id"))

    id: Mapped[int] = mapped_column(RowId, primary_key=True)
    office_id: Mapped[int] = mapped_column(ForeignKey("offices.id"))
    kind: Mapped[PaperKind] = mapped_column(Choice(PaperKind, 16))
    letter_id: Mapped[int | None] = mapped_column(ForeignKey("letters.id"))
    group_code: Mapped[str] = mapped_column(String(64))
    subject: Mapped[str] = mapped_column(Words)
    body: Mapped[str] = mapped_column(Words)
    state: Mapped[FolderState] = mapped_column(Choice(FolderState, 16))
    station: Mapped[Station] = mapped_column(Choice(Station, 16))
    last: Mapped[Station] = mapped_column(Choice(Station, 16))
    revision: Mapped[int] = mapped_column(Integer)
    made_by: Mapped[str] = mapped_column(Words)
    made_at: Mapped[datetime]


class FolderStepRow(Table):
    """What a person did with a paper, in her own name; `acting_for` is whose post she filled that day."""

    __tablename__ = "folder_steps"
    __table_args__ = (Index(None, "paper_id"),)

    id: Mapped[int] = mapped_column(RowId, primary_key=True)
    paper_id: Mapped[int] = mapped_column(ForeignKey("folder_papers.id"))
    deed: Mapped[Deed] = mapped_column(Choice(Deed, 16))
    station: Mapped[Station] = mapped_column(Choice(Station, 16))
    who: Mapped[str] = mapped_column(Words)
    acting_for: Mapped[str] = mapped_column(Words)
    words: Mapped[str] = mapped_column(Words)
    at: Mapped[datetime]


class TaskRow(Table):
    """What somebody has to do by a day: an instruction of the folder, or a meeting's resolution.

    It is the group's where `owner` is empty. `origin` says which meeting; `letter_id` hides the task with
    the letter.
    """

    __tablename__ = "tasks"
    __table_args__ = (Index(None, "office_id", "done_at", "due_on"), Index(None, "letter_id"))

    id: Mapped[int] = mapped_column(RowId, primary_key=True)
    office_id: Mapped[int] = mapped_column(ForeignKey("offices.id"))
    source: Mapped[TaskSource] = mapped_column(Choice(TaskSource, 16))
    paper_id: Mapped[int | None] = mapped_column(ForeignKey("folder_papers.id"))
    letter_id: Mapped[int | None] = mapped_column(ForeignKey("letters.id"))
    origin: Mapped[str] = mapped_column(Words)
    words: Mapped[str] = mapped_column(Words)
    group_code: Mapped[str] = mapped_column(String(64))
    owner: Mapped[str] = mapped_column(String(64))
    due_on: Mapped[date]
    given_by: Mapped[str] = mapped_column(Words)
    acting_for: Mapped[str] = mapped_column(Words)
    given_at: Mapped[datetime]
    done_at: Mapped[datetime | None]
    done_by: Mapped[str] = mapped_column(Words, default="")
    result: Mapped[str] = mapped_column(Words, default="")
