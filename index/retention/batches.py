"""Destruction batches in the book: proposed from the survey, moved by steps, rebuilt by replaying them.

A step is stored as it was taken, never changed; its SHA-256 stands in the audit trail. What the register
or the law says (today's eligibility, the committee rule) is put into a step here, whatever the caller said.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, replace
from datetime import date, datetime

from sqlalchemy import ColumnElement, exists, func, select, true, update
from sqlalchemy.orm import Session

from index.errors import NoSuchRecordError
from index.message import Message, mark, message
from index.register.people.mandates import decides_destruction
from index.register.store.audit import append_entry
from index.register.store.database import Database
from index.register.store.tables import BANGKOK
from index.retention.batch import Batch, Stage
from index.retention.destruction_tables import DisposalRow
from index.retention.eligibility import SECRECY_LAW, judge
from index.retention.errors import StepRefusedError
from index.retention.facts import CLOSED, judge_one, read_known
from index.retention.law import Law
from index.retention.paper_list import listed
from index.retention.settle import settle
from index.retention.step_log import (
    append_steps,
    batch_row,
    find_changed_steps,
    replay,
    stored_steps,
)
from index.retention.steps import (
    Appoint,
    Decide,
    Judge,
    RecordAnswer,
    Report,
    Send,
    Step,
    TakeOut,
    Withdraw,
)
from index.retention.survey import SurveyRow
from index.retention.tables import BatchItemRow, BatchRow
from index.visibility import Viewer
from ocr.thai_text import BUDDHIST_ERA

PaperStep = Appoint | Judge | Report | Decide | Send | RecordAnswer | Withdraw
"""The steps that people take on paper and note here."""

_AT_ONCE = 500


@dataclass(frozen=True, slots=True)
class BatchLine:
    """A batch as a list shows it; `items` counts the letters still on it."""

    batch_id: str
    year: int
    proposer: str
    proposed_on: date
    stage: Stage
    items: int


class Batches:
    """Propose, move on and read destruction batches. Letters are named by their ids."""

    def __init__(self, database: Database, law: Law) -> None:
        self._database = database
        self._law = law

    def propose(
        self, viewer: Viewer, letter_ids: Iterable[int], *, now: datetime, secret: bool = False
    ) -> Batch:
        """Put due letters on a new list (form 25), by register number; the viewer is the proposer.

        `secret` makes a list of secret letters, apart from the ordinary ones; it holds no others,
        and only the registrar of secret letters makes and finds it.

        Raises NoSuchRecordError for a letter that is not in this viewer's lists, and StepRefusedError
        when one is not due or something stands against it; then no batch was made.
        """
        wanted = list(dict.fromkeys(letter_ids))
        today = now.astimezone(BANGKOK).date()
        if not wanted:
            raise StepRefusedError("ข้อ 66", message("ไม่มีหนังสือในบัญชี"))
        if secret and not viewer.is_registrar:
            raise StepRefusedError(
                SECRECY_LAW, message("เฉพาะนายทะเบียนข้อมูลข่าวสารลับเสนอทำลายหนังสือลับได้")
            )
        with self._database.writing() as session:
            rows = self._rows(session, viewer, wanted, today, secret=secret)
            missing = set(wanted) - {row.letter.facts.letter_id for row in rows}
            if missing:
                raise NoSuchRecordError(f"letter {min(missing)}")
            refuse_barred(
                rows, mark("เสนอทำลายไม่ได้ %(count)s ฉบับ เช่น เลขทะเบียน %(number)s: %(why)s")
            )
            batch_id = self._next_id(session, today.year, secret=secret)
            items = tuple(row.letter.facts.letter_id for row in rows)
            row = BatchRow(
                office_id=self._database.office_id,
                code=batch_id,
                year=today.year,
                proposer=viewer.name,
                proposed_on=today,
                stage=Stage.PROPOSED,
                is_secret=secret,
            )
            session.add(row)
            session.flush()
            session.add_all(
                BatchItemRow(batch_id=row.id, position=position, letter_id=letter_id)
                for position, letter_id in enumerate(items, start=1)
            )
            append_entry(
                session,
                row.office_id,
                at=now,
                who=viewer.name,
                action="batch_proposed",
                details={"batch": batch_id, "items": list(items)},
            )
            return Batch(batch_id, row.year, row.proposer, row.proposed_on, items)

    def record(self, viewer: Viewer, batch_id: str, *steps: PaperStep, now: datetime) -> Batch:
        """Note steps in one transaction and return the batch after them.

        All or none: StepRefusedError cites the clause that one of them would break.
        """
        today = now.astimezone(BANGKOK).date()
        with self._database.writing() as session:
            row = self._row(session, batch_id, viewer)
            for step in steps:
                _refuse_tomorrow(step, today)
            lawful = [self._lawful(step) for step in steps]
            batch = append_steps(
                session, row, replay(session, row), lawful, who=viewer.name, now=now
            )
            for step in lawful:
                self._refuse_decider(session, step)
            if not batch.is_open:
                settle(session, batch, self._law, who=viewer.name, now=now)
            return batch

    def find(self, batch_id: str, viewer: Viewer | None = None) -> Batch:
        """Return a batch, rebuilt from its steps; raise NoSuchRecordError if there is none.

        One of secret letters is found by the registrar of secret letters only.
        """
        with self._database.reading() as session:
            return replay(session, self._row(session, batch_id, viewer))

    def steps(self, batch_id: str, viewer: Viewer | None = None) -> tuple[Step, ...]:
        """Return the steps of a batch in order: the evidence of a destruction."""
        with self._database.reading() as session:
            return tuple(stored_steps(session, self._row(session, batch_id, viewer)))

    def rows(self, viewer: Viewer, batch_id: str, as_of: date) -> list[SurveyRow]:
        """Return the letters still on a list, in its order, judged on a day."""
        with self._database.reading() as session:
            row = self._row(session, batch_id, viewer)
            items = replay(session, row).items
            return self._rows(session, viewer, items, as_of, in_batch=row.id, secret=row.is_secret)

    def lines(self, viewer: Viewer | None = None) -> tuple[BatchLine, ...]:
        """Return every batch, newest first; those of secret letters for their registrar only."""
        count = (
            select(func.count())
            .where(BatchItemRow.batch_id == BatchRow.id, BatchItemRow.taken_out.is_(False))
            .scalar_subquery()
        )
        with self._database.reading() as session:
            rows = session.execute(
                select(BatchRow, count)
                .where(BatchRow.office_id == self._database.office_id, _shown(viewer))
                .order_by(BatchRow.id.desc())
            )
            return tuple(
                BatchLine(
                    row.code, row.year, row.proposer, row.proposed_on, Stage(row.stage), items
                )
                for row, items in rows
            )

    def verify(self) -> tuple[str, ...]:
        """Compare every stored step with the audit trail; return what differs, in English."""
        with self._database.reading() as session:
            return tuple(find_changed_steps(session, self._database.office_id))

    def _rows(
        self,
        session: Session,
        viewer: Viewer,
        letter_ids: Iterable[int],
        as_of: date,
        *,
        in_batch: int | None = None,
        secret: bool = False,
    ) -> list[SurveyRow]:
        wanted = list(letter_ids)
        office_id = self._database.office_id
        found: list[SurveyRow] = []
        # In parts: databases limit how many values one statement may name.
        for start in range(0, len(wanted), _AT_ONCE):
            part = wanted[start : start + _AT_ONCE]
            of = listed(office_id, viewer, secret=secret, among=part)
            known = read_known(session, of, self._law, as_of, in_batch=in_batch)
            found += [
                SurveyRow(one, judge(one.facts, self._law, as_of, in_secret_run=secret))
                for one in known
            ]
        return sorted(found, key=lambda row: row.letter.order)

    def _refuse_decider(self, session: Session, step: PaperStep) -> None:
        """Refuse a decision by who is neither the director, nor acts for him, nor is named by an order."""
        office_id = self._database.office_id
        if isinstance(step, Decide) and not decides_destruction(
            session, office_id, step.person, step.on
        ):
            raise StepRefusedError(
                "ข้อ 69",
                message(
                    "ผู้สั่งการต้องเป็นผู้อำนวยการ ผู้รักษาราชการแทน หรือผู้ที่มีคำสั่งมอบอำนาจบันทึกไว้ในระบบ "
                    "(ผู้ดูแลระบบกำหนดบทบาทและบันทึกคำสั่ง)"
                ),
            )

    def _lawful(self, step: PaperStep) -> PaperStep:
        """Put the rule in force into an appointment: the caller does not choose the law."""
        if isinstance(step, Appoint):
            return replace(step, rule=self._law.committees["destruction"])
        return step

    def _row(self, session: Session, batch_id: str, viewer: Viewer | None) -> BatchRow:
        return batch_row(session, self._database.office_id, batch_id, viewer)

    def _next_id(self, session: Session, year: int, *, secret: bool) -> str:
        """Number the batches of a year; the secret ones have a run of their own."""
        made = select(func.count()).where(
            BatchRow.office_id == self._database.office_id,
            BatchRow.year == year,
            BatchRow.is_secret.is_(secret),
        )
        return f"{'S' if secret else ''}{year + BUDDHIST_ERA}-{(session.scalar(made) or 0) + 1}"


def take_out_if_barred(
    session: Session, letter_id: int, law: Law, *, who: str, now: datetime
) -> None:
    """Let a letter leave its open batch when it may not be destroyed any more (ข้อ 68.1).

    Inside the caller's writing transaction; does nothing for a letter in no open batch.
    """
    session.flush()
    row = open_batch_of(session, letter_id)
    if row is None:
        return
    today = now.astimezone(BANGKOK).date()
    eligibility = judge_one(session, letter_id, law, today, batch=row)
    if eligibility.may_be_destroyed:
        return
    # The codes, not the words: a hold's reason stays with the hold.
    why = ", ".join(block.code for block in eligibility.blocks) or "not_due"
    take_out(session, row, letter_id, why, who=who, now=now)


def open_batch_of(session: Session, letter_id: int) -> BatchRow | None:
    """Return the open batch that a letter can be taken out of.

    Not once its destruction was begun: that is resumed or taken back, but not changed behind its back.
    """
    begun = exists().where(
        DisposalRow.batch_id == BatchRow.id, DisposalRow.letter_id == BatchItemRow.letter_id
    )
    return session.scalar(
        select(BatchRow)
        .join(BatchItemRow, BatchItemRow.batch_id == BatchRow.id)
        .where(~begun)
        .where(
            BatchItemRow.letter_id == letter_id,
            BatchItemRow.taken_out.is_(False),
            BatchRow.stage.not_in(CLOSED),
        )
    )


def take_out(
    session: Session, row: BatchRow, letter_id: int, why: str, *, who: str, now: datetime
) -> None:
    """Let a letter leave an open batch; `why` are codes, as `Block.code` has them."""
    append_steps(session, row, replay(session, row), [TakeOut(letter_id, why)], who=who, now=now)
    session.execute(
        update(BatchItemRow)
        .where(BatchItemRow.batch_id == row.id, BatchItemRow.letter_id == letter_id)
        .values(taken_out=True)
    )


def _shown(viewer: Viewer | None) -> ColumnElement[bool]:
    is_registrar = viewer is not None and viewer.is_registrar
    return true() if is_registrar else BatchRow.is_secret.is_(False)


def refuse_barred(rows: Iterable[SurveyRow], refusal: str) -> None:
    """Raise StepRefusedError, with the first letter's reason and clause, when one may not go.

    `refusal` is the id of the sentence, with the places `count`, `number` and `why`.
    """
    barred = [row for row in rows if not row.eligibility.may_be_destroyed]
    if not barred:
        return
    first = barred[0]
    number, blocks = first.letter.label, first.eligibility.blocks
    clause = blocks[0].clause if blocks else "ข้อ 66"
    why = message("ยังไม่ครบกำหนดอายุการเก็บ") if not blocks else blocks[0].message
    for block in blocks[1:]:
        why = message("%(first)s; %(next)s", first=why, next=block.message)
    codes = ", ".join(block.code for block in blocks) or "not due"
    raise StepRefusedError(
        clause,
        Message(refusal, (("count", len(barred)), ("number", number), ("why", why))),
        detail=codes,
    )


def _refuse_tomorrow(step: PaperStep, today: date) -> None:
    """Refuse a step dated later than today: a date that has not come cannot have been kept."""
    match step:
        case Appoint():
            day = step.committee.ordered_on
        case RecordAnswer():
            day = step.answer.answered_on
        case Report() | Decide() | Send():
            day = step.on
        case Judge() | Withdraw():
            return
    if day > today:
        raise StepRefusedError("ข้อ 68", message("วันที่ %(day)s ยังมาไม่ถึง", day=day))
