"""The stored steps of destruction batches: appended, replayed, and compared with the audit trail."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from datetime import datetime

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from index.errors import NoSuchRecordError
from index.register.store.audit import append_entry
from index.register.store.tables import AuditRow
from index.retention.batch import Batch
from index.retention.papers import trail
from index.retention.step_codec import Json, digest_step, pack_step, unpack_step
from index.retention.steps import Step, take_all
from index.retention.tables import BatchItemRow, BatchRow, BatchStepRow
from index.visibility import Viewer


def batch_row(
    session: Session, office_id: int, batch_id: str, viewer: Viewer | None = None
) -> BatchRow:
    """Return a batch's row; NoSuchRecordError when there is none.

    A batch of secret letters is there for the registrar of secret letters only (DOMAIN §10).
    """
    row = session.scalar(
        select(BatchRow).where(BatchRow.office_id == office_id, BatchRow.code == batch_id)
    )
    if row is None or (row.is_secret and (viewer is None or not viewer.is_registrar)):
        raise NoSuchRecordError(f"destruction batch {batch_id!r}")
    return row


def find_changed_steps(session: Session, office_id: int) -> list[str]:
    """Compare the stored steps with the digests in the audit trail; return what differs."""
    trail = session.scalars(
        select(AuditRow.details).where(
            AuditRow.office_id == office_id, AuditRow.action == "batch_step"
        )
    )
    sealed = {(one["batch"], one["sequence"]): one["sha256"] for one in trail}
    stored = session.execute(
        select(BatchRow.code, BatchStepRow.sequence, BatchStepRow.step)
        .join(BatchRow, BatchRow.id == BatchStepRow.batch_id)
        .where(BatchRow.office_id == office_id)
        .order_by(BatchRow.id, BatchStepRow.sequence)
    )
    problems = []
    for code, sequence, step in stored:
        if sealed.pop((code, sequence), None) != digest_step(step):
            problems.append(f"step {sequence} of batch {code} was changed past the audit trail")
    problems += [f"step {number} of batch {code} is missing" for code, number in sealed]
    return problems


def append_steps(
    session: Session, row: BatchRow, batch: Batch, steps: Iterable[Step], *, who: str, now: datetime
) -> Batch:
    """Take and store steps inside the caller's writing transaction; return the batch after them."""
    last = select(func.max(BatchStepRow.sequence)).where(BatchStepRow.batch_id == row.id)
    taken = list(steps)
    batch = take_all(batch, taken)
    for sequence, step in enumerate(taken, start=(session.scalar(last) or 0) + 1):
        packed: Json = pack_step(step)
        session.add(BatchStepRow(batch_id=row.id, sequence=sequence, step=packed, who=who, at=now))
        append_entry(
            session,
            row.office_id,
            at=now,
            who=who,
            action="batch_step",
            **trail(
                packed.get("letter_id"),
                {
                    "batch": row.code,
                    "sequence": sequence,
                    "step": packed["step"],
                    "sha256": digest_step(packed),
                },
            ),
        )
    row.stage = batch.stage
    return batch


def replay(session: Session, row: BatchRow) -> Batch:
    """Return what the stored steps add up to."""
    items = session.scalars(
        select(BatchItemRow.letter_id)
        .where(BatchItemRow.batch_id == row.id)
        .order_by(BatchItemRow.position)
    )
    batch = Batch(row.code, row.year, row.proposer, row.proposed_on, tuple(items))
    return take_all(batch, stored_steps(session, row))


def stored_steps(session: Session, row: BatchRow) -> Iterator[Step]:
    """Yield the stored steps in order; a list of 5,000 letters has 15,000, so no row becomes an object."""
    query = select(BatchStepRow.step).where(BatchStepRow.batch_id == row.id)
    for packed in session.scalars(query.order_by(BatchStepRow.sequence)):
        yield unpack_step(packed)
