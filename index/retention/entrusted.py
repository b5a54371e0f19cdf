"""Which letters a destruction batch puts before a person who would not see them otherwise."""

from __future__ import annotations

from sqlalchemy import select

from index.register.store.database import Database
from index.retention.batch import Stage
from index.retention.step_codec import unpack_step
from index.retention.steps import Appoint
from index.retention.tables import BatchItemRow, BatchRow, BatchStepRow
from index.visibility import Role, Viewer

JUDGING = (Stage.APPOINTED, Stage.REPORTED)


def entrusted_to(database: Database, viewer: Viewer) -> frozenset[int]:
    """Return the letters a person has to look at for a batch: for `Viewer.granted`.

    A committee member looks at each item until it is decided (ข้อ 68.1), the head at what was reported
    (ข้อ 69). Batches of secret letters entrust nothing: their registrar works them.
    """
    with database.reading() as session:
        rows = session.execute(
            select(BatchRow.id, BatchRow.stage, BatchStepRow.step)
            .join(BatchStepRow, BatchStepRow.batch_id == BatchRow.id)
            .where(BatchRow.office_id == database.office_id, BatchRow.stage.in_(JUDGING))
            .where(BatchRow.is_secret.is_(False))
            .where(BatchStepRow.step["step"].as_string() == "appoint")
        )
        batches = [
            batch_id for batch_id, stage, step in rows if _is_for(viewer, stage, unpack_step(step))
        ]
        if not batches:
            return frozenset()
        items = select(BatchItemRow.letter_id).where(
            BatchItemRow.batch_id.in_(batches), BatchItemRow.taken_out.is_(False)
        )
        return frozenset(session.scalars(items))


def _is_for(viewer: Viewer, stage: str, step: object) -> bool:
    is_member = isinstance(step, Appoint) and viewer.name in step.committee.names
    return is_member or (stage == Stage.REPORTED and Role.GROUP_HEAD in viewer.roles)
