"""The folder: a paper is put in, goes up from desk to desk, and comes back with an order or for correction.

Everybody signs in her own name: in her own seat, or in one that a recorded order lets her fill. Nobody signs
what she put in herself, and the secretary, who carries the folder, signs nothing. An order on a letter also
stands in the letter's own history. A secret letter goes only to a desk where somebody may open it.
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime

from sqlalchemy import select
from sqlalchemy.orm import Session

from index.choices import Deed, FolderState, PaperKind, Station, Step, TaskSource
from index.errors import FolderRefusedError, LetterChangedError, NoSuchRecordError
from index.message import message
from index.register.desk.grants import looking_at
from index.register.folder.folder_rows import read_papers, shown, waiting_at
from index.register.folder.folder_tables import FolderPaperRow, FolderStepRow
from index.register.folder.papers import Paper, PaperDraft, TaskDraft
from index.register.folder.seats import Seat, at_desk, seats_of, sitters, stations_up_to
from index.register.folder.tasks import add_task
from index.register.letters.filing import read_row
from index.register.letters.letters import open_letter
from index.register.people.people import Person
from index.register.store.audit import append_entry
from index.register.store.change import note_change
from index.register.store.database import Database
from index.register.store.seal import seal_rows
from index.register.store.tables import BANGKOK, LetterRow, MovementRow
from index.visibility import Role, Sight, Viewer, is_hidden, may_see

SIGNING = (Deed.APPROVED, Deed.INSTRUCTED, Deed.RETURNED)
_SUBMITTING = frozenset({Role.REGISTRY_CLERK, Role.SECRET_REGISTRAR})


class Folder:
    """Put in, sign, carry, take out; what lies where says `FolderLists`."""

    def __init__(self, database: Database) -> None:
        self._database = database

    def submit(self, viewer: Viewer, draft: PaperDraft, *, now: datetime) -> int:
        """Put a paper into the folder and return its id; it lies on the lowest desk above the viewer's.

        Raises NoSuchRecordError for a letter that she may not open, FolderRefusedError saying why not.
        """
        with self._database.writing() as session:
            letter = None
            if draft.letter_id is not None:
                letter = open_letter(session, self._database.office_id, viewer, draft.letter_id)
            self._refuse_unfit(session, viewer, draft, letter)
            row = FolderPaperRow(
                office_id=self._database.office_id,
                kind=draft.kind,
                letter_id=draft.letter_id,
                group_code=draft.group,
                subject=" ".join(draft.subject.split()),
                body=draft.body.strip(),
                state=FolderState.UNDER_WAY,
                station=draft.last,
                last=draft.last,
                revision=0,
                made_by=viewer.name,
                made_at=now,
            )
            row.station = self._first_desk(session, viewer, row, letter, now)
            session.add(row)
            session.flush()
            self._note(session, row, Deed.SUBMITTED, viewer, now)
            return row.id

    def sign(
        self,
        viewer: Viewer,
        paper_id: int,
        deed: Deed,
        *,
        now: datetime,
        words: str = "",
        task: TaskDraft | None = None,
        revision: int | None = None,
    ) -> Paper:
        """Approve, instruct, or return a paper that lies on the viewer's desk, in her own name.

        It goes on to the next desk, or is decided at the last one; what is returned goes to who put it
        in. `task` is what the instruction asks of whom by when. Raises NoSuchRecordError where nothing
        is on her desk, LetterChangedError when `revision` is no longer the paper's, FolderRefusedError.
        """
        words = words.strip()
        if deed not in SIGNING:
            raise FolderRefusedError(f"paper {paper_id}", message("ไม่มีรายการนี้"))
        if deed is not Deed.APPROVED and not words:
            raise FolderRefusedError(
                f"paper {paper_id}", message("โปรดเขียนข้อความเกษียน หรือเหตุผลที่ส่งคืน")
            )
        with self._database.writing() as session:
            row, seat = self._on_desk(session, viewer, paper_id, now)
            if revision is not None and row.revision != revision:
                raise LetterChangedError(row.letter_id or 0)
            letter = None if row.letter_id is None else session.get_one(LetterRow, row.letter_id)
            acting_for = "" if seat.post_of == viewer.name else seat.post_of
            signed_at = row.station
            self._move_on(session, row, deed, letter, now)
            self._note(
                session,
                row,
                deed,
                viewer,
                now,
                words=words,
                acting_for=acting_for,
                station=signed_at,
            )
            if letter is not None and words and deed is not Deed.RETURNED:
                _instruct(session, letter, viewer, words, now)
            if task is not None and deed is not Deed.RETURNED:
                add_task(
                    session,
                    task,
                    office_id=row.office_id,
                    source=TaskSource.FOLDER,
                    letter=letter,
                    paper_id=row.id,
                    given_by=viewer.name,
                    acting_for=acting_for,
                    now=now,
                )
            return read_papers(session, [row], with_steps=True)[0]

    def _move_on(
        self,
        session: Session,
        row: FolderPaperRow,
        deed: Deed,
        letter: LetterRow | None,
        now: datetime,
    ) -> None:
        """Let a signed paper go where it goes next: back, to its end, or to the desk above."""
        if deed is Deed.RETURNED:
            row.state = FolderState.RETURNED
        elif row.station == row.last:
            row.state = FolderState.DECIDED
        else:
            above = stations_up_to(row.last, above=row.station)
            row.station = self._next_desk(session, above, row, letter, now)

    def carry(
        self, viewer: Viewer, paper_id: int, to: Station, *, reason: str, now: datetime
    ) -> None:
        """Let the secretary lay a paper on another desk of its way, for a reason; nothing is signed by it.

        Raises NoSuchRecordError, FolderRefusedError.
        """
        with self._database.writing() as session:
            row = self._found(session, viewer, paper_id, now)
            if Role.SECRETARY not in viewer.roles or row.state != FolderState.UNDER_WAY:
                raise NoSuchRecordError(f"paper {paper_id} to be carried")
            letter = None if row.letter_id is None else session.get_one(LetterRow, row.letter_id)
            if not reason.strip() or to == row.station:
                raise FolderRefusedError(f"paper {paper_id}", message("โปรดเลือกอีกโต๊ะ และเขียนเหตุผล"))
            if to not in stations_up_to(row.last):
                raise FolderRefusedError(
                    f"paper {paper_id}", message("เรื่องนี้ไม่ได้เสนอถึงผู้บริหารระดับนั้น")
                )
            row.station = self._next_desk(session, (to,), row, letter, now)
            self._note(session, row, Deed.CARRIED, viewer, now, words=reason.strip())

    def submit_again(
        self, viewer: Viewer, paper_id: int, *, subject: str, body: str, now: datetime
    ) -> None:
        """Put in a paper that came back for correction, with its words as they are now."""
        with self._database.writing() as session:
            row = self._own(session, viewer, paper_id, now, (FolderState.RETURNED,))
            letter = None
            if row.letter_id is not None:
                letter = open_letter(session, row.office_id, viewer, row.letter_id)
            if row.kind is not PaperKind.LETTER:
                row.subject, row.body = " ".join(subject.split()), body.strip()
                _refuse_without_words(row.subject, row.body)
            row.station = self._first_desk(session, viewer, row, letter, now)
            row.state = FolderState.UNDER_WAY
            self._note(session, row, Deed.SUBMITTED, viewer, now)

    def withdraw(self, viewer: Viewer, paper_id: int, *, now: datetime) -> None:
        """Take out a paper that one has put in and nobody has decided."""
        open_states = (FolderState.UNDER_WAY, FolderState.RETURNED)
        with self._database.writing() as session:
            row = self._own(session, viewer, paper_id, now, open_states)
            row.state = FolderState.WITHDRAWN
            self._note(session, row, Deed.WITHDRAWN, viewer, now)

    def _refuse_unfit(
        self, session: Session, viewer: Viewer, draft: PaperDraft, letter: LetterRow | None
    ) -> None:
        what = "the paper"
        of_group = draft.group in viewer.own_groups
        if not draft.group or not (of_group or viewer.roles & _SUBMITTING):
            raise FolderRefusedError(what, message("เสนอแฟ้มได้เฉพาะเรื่องของกลุ่มท่าน"))
        if draft.kind is not PaperKind.LETTER:
            _refuse_without_words(draft.subject, draft.body)
        if draft.kind is not PaperKind.MEMO and letter is None:
            raise FolderRefusedError(what, message("โปรดเลือกหนังสือรับที่จะเสนอ"))
        if letter is None:
            return
        if letter.cancelled or letter.erased_on is not None:
            raise FolderRefusedError(what, message("หนังสือฉบับนี้ยกเลิกหรือทำลายแล้ว"))
        under_way = select(FolderPaperRow.id).where(
            FolderPaperRow.letter_id == letter.id,
            FolderPaperRow.kind == draft.kind,
            FolderPaperRow.state.in_((FolderState.UNDER_WAY, FolderState.RETURNED)),
        )
        if session.scalar(under_way.limit(1)) is not None:
            raise FolderRefusedError(what, message("หนังสือฉบับนี้อยู่ในแฟ้มเสนอแล้ว"))

    def _first_desk(
        self,
        session: Session,
        viewer: Viewer,
        row: FolderPaperRow,
        letter: LetterRow | None,
        now: datetime,
    ) -> Station:
        """Return the lowest desk above the one where the viewer herself would sign the paper."""
        own = Viewer(viewer.name, viewer.roles, viewer.groups)
        day = now.astimezone(BANGKOK).date()
        seats = seats_of(session, row.office_id, own, day)
        at = [one for one in Station if any(seat.has(one, row.group_code) for seat in seats)]
        above = stations_up_to(row.last, above=at[-1] if at else None)
        return self._next_desk(session, above, row, letter, now)

    def _next_desk(
        self,
        session: Session,
        stations: Sequence[Station],
        row: FolderPaperRow,
        letter: LetterRow | None,
        now: datetime,
    ) -> Station:
        """Return the first of these desks with somebody who can sign; the last of the way must have one.

        A secret letter goes past a desk where nobody may open it: its registrar gives the right first.
        """
        everybody = sitters(session, row.office_id, now.astimezone(BANGKOK).date())
        manned = []
        for station in stations:
            people = at_desk(everybody, station, row.group_code, but=row.made_by)
            if letter is not None and is_hidden(read_row(session, letter)):
                people = tuple(one for one in people if _may_open(session, one, letter, now))
            if people:
                manned.append(station)
        if not manned or manned[-1] is not stations[-1]:
            raise FolderRefusedError(
                f"paper of {row.made_by}",
                message(
                    "ไม่มีผู้ลงนามได้ที่โต๊ะสุดท้ายที่เสนอถึง โปรดให้ผู้ดูแลระบบกำหนดบทบาทหรือคำสั่งรักษาราชการแทน "
                    "(หนังสือลับ: นายทะเบียนต้องให้สิทธิเปิดแก่ผู้นั้นก่อน)"
                ),
            )
        return manned[0]

    def _found(
        self, session: Session, viewer: Viewer, paper_id: int, now: datetime
    ) -> FolderPaperRow:
        return find_paper(session, self._database.office_id, viewer, paper_id, now)

    def _own(
        self,
        session: Session,
        viewer: Viewer,
        paper_id: int,
        now: datetime,
        states: Sequence[FolderState],
    ) -> FolderPaperRow:
        row = self._found(session, viewer, paper_id, now)
        if row.made_by != viewer.name or row.state not in states:
            raise NoSuchRecordError(f"paper {paper_id} of {viewer.name}")
        return row

    def _on_desk(
        self, session: Session, viewer: Viewer, paper_id: int, now: datetime
    ) -> tuple[FolderPaperRow, Seat]:
        """Return a paper on the viewer's desk and the seat she signs from: her own one before another's."""
        day = now.astimezone(BANGKOK).date()
        seats = seats_of(session, self._database.office_id, viewer, day)
        row = session.scalar(
            select(FolderPaperRow).where(
                FolderPaperRow.office_id == self._database.office_id,
                FolderPaperRow.id == paper_id,
                waiting_at(viewer, seats),
            )
        )
        if row is None:
            raise NoSuchRecordError(f"paper {paper_id} on the desk of {viewer.name}")
        seat = next(one for one in seats if one.has(row.station, row.group_code))
        return row, seat

    @staticmethod
    def _note(
        session: Session,
        row: FolderPaperRow,
        deed: Deed,
        viewer: Viewer,
        now: datetime,
        *,
        words: str = "",
        acting_for: str = "",
        station: Station | None = None,
    ) -> None:
        """Add the step and its audit line, which says who, where and in whose post, and never the words."""
        row.revision += 1
        step = FolderStepRow(
            paper_id=row.id,
            deed=deed,
            station=station or row.station,
            who=viewer.name,
            acting_for=acting_for,
            words=words,
            at=now,
        )
        session.add(step)
        sealed = seal_rows(session, [step])
        append_entry(
            session,
            row.office_id,
            at=now,
            who=viewer.name,
            action=f"folder_{deed}",
            letter_id=row.letter_id,
            details={
                "paper": row.id,
                "station": step.station,
                "acting_for": acting_for,
                **sealed,
            },
        )


def find_paper(
    session: Session, office_id: int, viewer: Viewer, paper_id: int, now: datetime
) -> FolderPaperRow:
    """Return the row of a paper that the viewer may see; NoSuchRecordError for everything else."""
    seats = seats_of(session, office_id, viewer, now.astimezone(BANGKOK).date())
    row = session.scalar(
        select(FolderPaperRow).where(
            FolderPaperRow.office_id == office_id,
            FolderPaperRow.id == paper_id,
            shown(viewer, seats),
        )
    )
    if row is None:
        raise NoSuchRecordError(f"paper {paper_id}")
    return row


def _instruct(
    session: Session, letter: LetterRow, viewer: Viewer, words: str, now: datetime
) -> None:
    """Let an order stand in the letter's history too, in the name of who gave it."""
    session.add(
        MovementRow(
            letter_id=letter.id,
            step=Step.INSTRUCTED,
            group_code=letter.group_code,
            officer="",
            note=words,
            who=viewer.name,
            at=now,
        )
    )
    note_change(session, letter, Step.INSTRUCTED, who=viewer.name, now=now)


def _refuse_without_words(subject: str, body: str) -> None:
    if not subject.strip() or not body.strip():
        raise FolderRefusedError("the paper", message("โปรดเขียนเรื่องและข้อความ"))


def _may_open(session: Session, person: Person, letter: LetterRow, now: datetime) -> bool:
    viewer = looking_at(session, person, letter.id, now)
    return may_see(viewer, read_row(session, letter)) is Sight.FULL
