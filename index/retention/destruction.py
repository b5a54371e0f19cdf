"""Carrying out an approved batch, item by item, and the proof that stays (ข้อ 68.5, 70).

Nothing here decides: people decided before, and a person carries it out and states how. Eligibility
is worked out anew at the moment of execution, once for the whole batch and once more for each letter.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime

from sqlalchemy import select
from sqlalchemy.orm import Session

from index.archive import Archive
from index.message import mark, message
from index.register.store.audit import append_entry
from index.register.store.database import Database
from index.register.store.tables import BANGKOK
from index.retention import erasing, proof
from index.retention.batch import Batch, Stage
from index.retention.batches import refuse_barred, take_out_if_barred
from index.retention.certificate import (
    Certificate,
    Fate,
    Statement,
    Tombstone,
    digest_json,
    pack_statement,
    unpack_line,
    unpack_statement,
)
from index.retention.destruction_tables import DisposalRow, ExecutionRow
from index.retention.eligibility import judge
from index.retention.erasing import DerivedCopies
from index.retention.errors import NotGoneYetError, StepRefusedError
from index.retention.facts import read_known
from index.retention.law import Law
from index.retention.media import Medium, MediumKind, electronic_period
from index.retention.paper_list import named_papers, visible_papers
from index.retention.papers import PaperRow, get_paper, open_paper
from index.retention.schedule import Period
from index.retention.settle import settle
from index.retention.statement_rules import refuse_statement
from index.retention.step_log import append_steps, batch_row, replay
from index.retention.steps import (
    BeginExecution,
    FinishExecution,
    first_day_of_execution,
    require_separate_executor,
    take,
)
from index.retention.survey import SurveyRow
from index.retention.tables import BatchItemRow, BatchRow
from index.visibility import SECRET_PLACEHOLDER, Viewer
from ocr.thai_text import BUDDHIST_ERA

_AT_ONCE = 500


@dataclass(frozen=True, slots=True)
class DoomedLetter:
    """An approved letter as it stands today: what stands against its end, and until when each medium
    is kept. `subject` is `(หนังสือลับ)` for who may not open it."""

    letter_id: int
    register_number: str
    number: str
    subject: str
    judged: SurveyRow
    paper: Medium
    electronic: Medium

    @property
    def may_go(self) -> bool:
        """Tell whether the letter may be destroyed today."""
        return self.judged.eligibility.may_be_destroyed


@dataclass(frozen=True, slots=True)
class Preparation:
    """What carrying out a batch today would do. `refusal` is why it may not be, None when it may.

    `first_day` is the first day after the cooling-off time, None before everybody has decided.
    """

    batch: Batch
    letters: tuple[DoomedLetter, ...]
    first_day: date | None
    refusal: StepRefusedError | None


class Destruction:
    """Prepare, carry out, resume or take back a destruction; certificates and tombstones.

    Only letters given up by committee, head and archives are touched, each by its own register row.
    """

    def __init__(self, database: Database, law: Law) -> None:
        self._database = database
        self._law = law

    def prepare(self, viewer: Viewer, batch_id: str, *, now: datetime) -> Preparation:
        """Say what carrying out a batch today would do, and why it may not be; changes nothing."""
        today = now.astimezone(BANGKOK).date()
        with self._database.reading() as session:
            row = batch_row(session, self._database.office_id, batch_id, viewer)
            batch = replay(session, row)
            ids = sorted(batch.approved_by_all_three, key=batch.items.index)
            judged = self._judged(session, row, ids, today)
            items = select(BatchItemRow.letter_id).where(BatchItemRow.batch_id == row.id)
            seen = visible_papers(viewer, session.scalars(items))
            shown = set(session.scalars(select(seen.c.id)))
            letters = tuple(self._doomed(session, one, shown) for one in judged)
        step = self._begin(viewer, today, judged)
        refusal = None
        if batch.stage is not Stage.EXECUTING:
            try:
                take(batch, step)
            except StepRefusedError as refused:
                refusal = refused
        decided = batch.decided_on is not None and not batch.unanswered
        return Preparation(batch, letters, self._first_day(batch) if decided else None, refusal)

    def _begin(self, viewer: Viewer, today: date, judged: Iterable[SurveyRow]) -> BeginExecution:
        """Return the step that begins a destruction today, with the office's policies in force."""
        days, is_apart = self._law.cooling_off_days, self._law.executor_is_apart
        return BeginExecution(viewer.name, today, _eligible(judged), days, is_apart)

    def _first_day(self, batch: Batch) -> date:
        return first_day_of_execution(batch, self._law.cooling_off_days)

    def execute(
        self,
        viewer: Viewer,
        batch_id: str,
        statement: Statement,
        *,
        archive: Archive,
        copies: DerivedCopies,
        now: datetime,
    ) -> Certificate:
        """Carry an approved batch out; the viewer is the executor. Returns the certificate.

        Raises StepRefusedError with the clause, and then nothing was touched: an item that is held,
        borrowed, not due, to be kept for good, or due to the archives (ข้อ 68.1, 57, 58); one that
        committee, head or archives did not give up, or without the archives' answer (ข้อ 70);
        the cooling-off time not over, or the executor being proposer, committee member or approver
        (ข้อ 68.5); no witness, the executor as witness, paper destroyed without method and place
        (ข้อ 68.5); nothing that would go (electronic letters: annex 7).
        Raises NotGoneYetError when all was carried out but the index still finds a letter: resume.
        """
        today = now.astimezone(BANGKOK).date()
        with self._database.writing() as session:
            row = batch_row(session, self._database.office_id, batch_id, viewer)
            batch = replay(session, row)
            judged = self._judged(session, row, sorted(batch.approved_by_all_three), today)
            step = self._begin(viewer, today, judged)
            if batch.stage is Stage.SENT and not batch.unanswered:
                refuse_barred(
                    judged, mark("ทำลายไม่ได้ %(count)s ฉบับ เช่น เลขทะเบียน %(number)s: %(why)s")
                )
            take(batch, step)
            refuse_statement(batch, row, statement, step=step)
            self._refuse_empty(session, judged, statement, today)
            packed = pack_statement(statement)
            append_steps(session, row, batch, [step], who=viewer.name, now=now)
            session.add(
                ExecutionRow(
                    batch_id=row.id,
                    executor=viewer.name,
                    began_at=now,
                    statement=packed,
                    certificate={},
                )
            )
            append_entry(
                session,
                row.office_id,
                at=now,
                who=viewer.name,
                action="destruction_begun",
                details={"batch": row.code, "statement": digest_json(packed)},
            )
        return self._carry_on(viewer, batch_id, archive=archive, copies=copies, now=now)

    def resume(
        self,
        viewer: Viewer,
        batch_id: str,
        *,
        archive: Archive,
        copies: DerivedCopies,
        now: datetime,
    ) -> Certificate:
        """Go on with a destruction that was broken off, or look again whether everything is gone.

        Raises StepRefusedError unless the batch is being executed, and for who took part in the
        decision; NotGoneYetError as `execute`.
        """
        with self._database.reading() as session:
            row = batch_row(session, self._database.office_id, batch_id, viewer)
            batch = replay(session, row)
        if batch.stage is not Stage.EXECUTING:
            raise StepRefusedError("ข้อ 68.5", message("บัญชีนี้ไม่ได้ค้างอยู่ระหว่างทำลาย"))
        require_separate_executor(batch, viewer.name, is_apart=self._law.executor_is_apart)
        return self._carry_on(viewer, batch_id, archive=archive, copies=copies, now=now)

    def roll_back(
        self, viewer: Viewer, batch_id: str, *, archive: Archive, now: datetime
    ) -> tuple[int, ...]:
        """Take back every intent of which nothing was carried out; return the letters' ids.

        After it such a letter can be held, and then leaves the batch; `resume` goes on with the rest.
        """
        with self._database.writing() as session:
            row = batch_row(session, self._database.office_id, batch_id, viewer)
            taken: list[int] = []
            for disposal in _disposals(session, row, erasing.INTENDED):
                if erasing.is_untouched(unpack_line(disposal.evidence), archive):
                    erasing.take_back(session, disposal, who=viewer.name, now=now)
                    taken.append(disposal.letter_id)
            return tuple(taken)

    def certificate(self, viewer: Viewer, batch_id: str) -> Certificate:
        """Return the certificate of a finished batch; NoSuchRecordError while there is none.

        What turned secret since is shown by `(หนังสือลับ)` and number only.
        """
        with self._database.reading() as session:
            row = batch_row(session, self._database.office_id, batch_id, viewer)
            return proof.read_certificate(session, row, viewer)

    def tombstone_of(self, viewer: Viewer, letter_id: int) -> Tombstone | None:
        """Return what stays of a letter of which a medium was destroyed; None when nothing was.

        Raises NoSuchRecordError for a letter that the viewer may not open.
        """
        with self._database.reading() as session:
            row = open_paper(session, self._database.office_id, viewer, letter_id)
            return proof.read_tombstone(session, row)

    def media_of(self, viewer: Viewer, letter_id: int) -> tuple[Medium, Medium]:
        """Return a letter's paper and electronic copy, each with its own period."""
        with self._database.reading() as session:
            row = open_paper(session, self._database.office_id, viewer, letter_id)
            (known,) = read_known(session, named_papers([letter_id]), self._law, date.max)
            period = judge(known.facts, self._law, date.max).period
            return self._media(row, period)

    def unfinished(self) -> tuple[str, ...]:
        """Return the ids of batches whose execution was begun and not finished."""
        with self._database.reading() as session:
            return proof.unfinished(session, self._database.office_id)

    def _carry_on(
        self,
        viewer: Viewer,
        batch_id: str,
        *,
        archive: Archive,
        copies: DerivedCopies,
        now: datetime,
    ) -> Certificate:
        who = viewer.name
        for letter_id in self._left(batch_id, viewer):
            self._erase(viewer, batch_id, letter_id, archive=archive, now=now)
        with self._database.reading() as session:
            row = batch_row(session, self._database.office_id, batch_id, viewer)
            erased = _disposals(session, row, erasing.ERASED)
            lines = [unpack_line(one.evidence) for one in erased]
        copies.forget(erasing.erased_letters(lines))
        with self._database.writing() as session:
            row = batch_row(session, self._database.office_id, batch_id, viewer)
            remains = erasing.what_remains(session, lines, archive, copies)
            for disposal in _disposals(session, row, erasing.ERASED):
                if disposal.letter_id not in remains:
                    erasing.note_gone(session, disposal, who=who, now=now)
        if remains:
            raise NotGoneYetError(batch_id, len(remains), next(iter(remains.values())))
        with self._database.writing() as session:
            row = batch_row(session, self._database.office_id, batch_id, viewer)
            batch = replay(session, row)
            gone = frozenset(one.letter_id for one in _disposals(session, row, erasing.VERIFIED))
            batch = append_steps(session, row, batch, [FinishExecution(gone)], who=who, now=now)
            settle(session, batch, self._law, who=who, now=now)
            proof.seal_certificate(session, row, batch, self._law, who=who, now=now)
        self._database.forget_old_pages()
        return self.certificate(viewer, batch_id)

    def _left(self, batch_id: str, viewer: Viewer) -> list[int]:
        """Return the approved letters that are neither erased nor verified, in the list's order."""
        with self._database.reading() as session:
            row = batch_row(session, self._database.office_id, batch_id, viewer)
            batch = replay(session, row)
            done = {
                one.letter_id
                for state in (erasing.ERASED, erasing.VERIFIED)
                for one in _disposals(session, row, state)
            }
            return [one for one in batch.items if one in batch.approved_by_all_three - done]

    def _erase(
        self, viewer: Viewer, batch_id: str, letter_id: int, *, archive: Archive, now: datetime
    ) -> None:
        who, today = viewer.name, now.astimezone(BANGKOK).date()
        with self._database.writing() as session:
            row = batch_row(session, self._database.office_id, batch_id, viewer)
            execution = session.get_one(ExecutionRow, row.id)
            statement = unpack_statement(execution.statement)
            disposal = session.get(DisposalRow, (row.id, letter_id))
            if disposal is None:
                (judged,) = self._judged(session, row, [letter_id], today)
                if not judged.eligibility.may_be_destroyed:
                    take_out_if_barred(session, letter_id, self._law, who=who, now=now)
                    return
                disposal = erasing.intend(
                    session, row, judged, statement, self._law, who=who, now=now
                )
            line = unpack_line(disposal.evidence)
        erasing.remove_files(line, archive)
        with self._database.writing() as session:
            row = batch_row(session, self._database.office_id, batch_id, viewer)
            disposal = session.get_one(DisposalRow, (row.id, letter_id))
            erasing.empty_the_book(
                session, disposal, paper_on=statement.paper.done_on, who=who, now=now
            )

    def _judged(
        self, session: Session, row: BatchRow, letter_ids: list[int], today: date
    ) -> list[SurveyRow]:
        found = []
        for start in range(0, len(letter_ids), _AT_ONCE):
            part = named_papers(letter_ids[start : start + _AT_ONCE])
            for known in read_known(session, part, self._law, today, in_batch=row.id):
                judged = judge(known.facts, self._law, today, in_secret_run=row.is_secret)
                found.append(SurveyRow(known, judged))
        return found

    def _refuse_empty(
        self, session: Session, judged: list[SurveyRow], statement: Statement, today: date
    ) -> None:
        """Refuse a statement after which a letter would be as whole as before."""
        gone = (Fate.DESTROYED, Fate.NONE)
        for one in judged:
            row = get_paper(session, one.letter.facts.letter_id)
            paper, electronic, last = erasing.media_to_go(row, one, statement, self._law, today)
            if paper not in gone and electronic not in gone:
                rule = self._law.deadlines["electronic_destruction"]
                raise StepRefusedError(
                    rule.law.clause,
                    message(
                        "เลขทะเบียน %(number)s: กระดาษไม่ได้ทำลาย และสำเนาอิเล็กทรอนิกส์"
                        "ต้องเก็บถึงสิ้นปี %(year)s หรือจนกว่าหัวหน้าส่วนราชการมีคำสั่ง",
                        number=one.letter.label,
                        year=last + BUDDHIST_ERA,
                    ),
                )

    def _doomed(self, session: Session, judged: SurveyRow, shown: Iterable[int]) -> DoomedLetter:
        letter = judged.letter
        row = get_paper(session, letter.facts.letter_id)
        paper, electronic = self._media(row, judged.eligibility.period)
        may_see = letter.facts.letter_id in shown
        return DoomedLetter(
            letter.facts.letter_id,
            letter.label,
            letter.number if may_see else "",
            letter.subject if may_see else SECRET_PLACEHOLDER,
            judged,
            paper,
            electronic,
        )

    def _media(self, row: PaperRow, period: Period) -> tuple[Medium, Medium]:
        registered = (row.buddhist_year or 0) - BUDDHIST_ERA
        rule = self._law.deadlines["electronic_destruction"]
        return (
            Medium(MediumKind.PAPER, period, row.paper_ended_on),
            Medium(
                MediumKind.ELECTRONIC,
                electronic_period(period, registered, rule),
                row.erased_on,
            ),
        )


def _eligible(judged: Iterable[SurveyRow]) -> frozenset[int]:
    return frozenset(
        one.letter.facts.letter_id for one in judged if one.eligibility.may_be_destroyed
    )


def _disposals(session: Session, row: BatchRow, state: str) -> list[DisposalRow]:
    query = select(DisposalRow).where(DisposalRow.batch_id == row.id, DisposalRow.state == state)
    return list(session.scalars(query.order_by(DisposalRow.letter_id)))
