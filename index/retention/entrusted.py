"""Which letters a destruction batch puts before a person who would not see them otherwise."""

from __future__ import annotations

from datetime import date

from sqlalchemy import select

from index.register.people.mandates import decides_destruction
from index.register.store.database import Database
from index.retention.batch import Stage
from index.retention.step_codec import unpack_step
from index.retention.steps import Appoint
from index.retention.tables import BatchItemRow, BatchRow, BatchStepRow
from index.visibility import Viewer

JUDGING = (Stage.APPOINTED, Stage.REPORTED)


def entrusted_to(database: Database, viewer: Viewer, day: date) -> frozenset[int]:
    """Return the letters a person has to look at for a batch: for `Viewer.granted`.

    A committee member looks at each item until it is decided (ข้อ 68.1), who decides at what was reported
    (ข้อ 69). Batches of secret letters entrust nothing: their registrar works them.
    """
    with database.reading() as session:
        rows = session.execute(
            select(BatchRow.id, BatchRow.stage, BatchStepRow.step)
            .join(BatchStepRow, BatchStepRow.batch_id == BatchRow.id)
            .where(BatchRow.office_id == database.office_id, BatchRow.stage.in_(JUDGING))
            .where(BatchRow.is_secret.is_(False))
            .where(BatchStepRow.step["step"].as_string() == "appoint")
        ).all()
        if not rows:
            return frozenset()
        decides = decides_destruction(session, database.office_id, viewer.name, day)
        batches = [
            batch_id
            for batch_id, stage, step in rows
            if (decides and stage == Stage.REPORTED) or _is_member(viewer, unpack_step(step))
        ]
        if not batches:
            return frozenset()
        items = select(BatchItemRow.letter_id).where(
            BatchItemRow.batch_id.in_(batches), BatchItemRow.taken_out.is_(False)
        )
        return frozenset(session.scalars(items))


def _is_member(viewer: Viewer, step: object) -> bool:
    return isinstance(step, Appoint) and viewer.name in step.committee.names
