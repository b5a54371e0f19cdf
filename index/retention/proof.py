"""The proof of a destruction: certificates, tombstones, and whether book and evidence agree."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import replace
from datetime import datetime

from sqlalchemy import select
from sqlalchemy.orm import Session

from index.choices import BookName
from index.errors import NoSuchRecordError
from index.register.store.audit import append_entry
from index.register.store.sent_tables import SentRow
from index.register.store.tables import AuditRow, LetterRow
from index.registered_letter import RegisterNumber
from index.retention.batch import Batch
from index.retention.certificate import (
    Certificate,
    CertificateLine,
    KeptFile,
    Tombstone,
    digest_json,
    hashes_to_go,
    pack_certificate,
    unpack_certificate,
    unpack_line,
    unpack_statement,
)
from index.retention.destruction_tables import DisposalRow, ExecutionRow
from index.retention.law import Law
from index.retention.paper_list import visible_papers
from index.retention.papers import PaperRow, id_of, label_of, trailed
from index.retention.step_log import replay
from index.retention.tables import BatchRow
from index.visibility import SECRET_PLACEHOLDER, Viewer

_EVIDENCE = ("destruction_intended", "destroyed", "destruction_verified")


def seal_certificate(
    session: Session, row: BatchRow, batch: Batch, law: Law, *, who: str, now: datetime
) -> None:
    """Make the certificate of a batch and write its SHA-256 into the audit trail."""
    execution = session.get_one(ExecutionRow, row.id)
    disposals = session.scalars(
        select(DisposalRow).where(DisposalRow.batch_id == row.id).order_by(DisposalRow.letter_id)
    )
    lines = {one.letter_id: unpack_line(one.evidence) for one in disposals}
    committee, decided_on = batch.committee, batch.decided_on
    if committee is None or decided_on is None:
        raise ValueError(f"batch {row.code} was never decided")
    answers = (batch.answers[one].letter_number for one in lines)
    packed = pack_certificate(
        Certificate(
            number=_certificate_number(row),
            batch_id=row.code,
            is_secret=row.is_secret,
            proposer=batch.proposer,
            committee_order=committee.order_number,
            committee=tuple((one.person, one.grade) for one in committee.everyone),
            approver=batch.approver,
            delegation_order=batch.delegation_order,
            decided_on=decided_on,
            sent_number=batch.sent_number,
            archive_letters=tuple(dict.fromkeys(answers)),
            executor=execution.executor,
            statement=unpack_statement(execution.statement),
            began_at=execution.began_at,
            finished_at=now,
            unverified_clauses=_unverified(law, (one.retention_class for one in lines.values())),
            lines=tuple(lines[one] for one in batch.items if one in lines),
        )
    )
    execution.certificate, execution.finished_at = packed, now
    append_entry(
        session,
        row.office_id,
        at=now,
        who=who,
        action="destruction_certified",
        details={"batch": row.code, "certificate": digest_json(packed)},
    )


def read_certificate(session: Session, row: BatchRow, viewer: Viewer) -> Certificate:
    """Return the certificate with the audit line that seals it; NoSuchRecordError if there is none."""
    execution = session.get(ExecutionRow, row.id)
    line = _audit_line(session, row)
    if execution is None or not execution.certificate or line is None:
        raise NoSuchRecordError(f"a certificate of batch {row.code}")
    found = unpack_certificate(
        execution.certificate, audit_sequence=line.sequence, audit_hash=line.hash
    )
    seen = visible_papers(viewer, [one.letter_id for one in found.lines])
    shown = set(session.scalars(select(seen.c.id)))
    lines = (
        one
        if one.letter_id in shown
        else replace(
            one, number="", written_on=None, subject=SECRET_PLACEHOLDER, sender="", file_code=""
        )
        for one in found.lines
    )
    return replace(found, lines=tuple(lines))


def read_tombstone(session: Session, row: PaperRow) -> Tombstone | None:
    """Return what stays of a letter of which a medium was destroyed, by its last destruction."""
    disposal = _last_disposal(session, row)
    if disposal is None:
        return None
    line = unpack_line(disposal.evidence)
    batch_row = session.get_one(BatchRow, disposal.batch_id)
    execution = session.get_one(ExecutionRow, disposal.batch_id)
    batch = replay(session, batch_row)
    answer = batch.answers.get(id_of(row))
    own = row if isinstance(row, LetterRow) else None
    return Tombstone(
        letter_id=id_of(row),
        book=row.book or BookName.RECEIVE,
        register_number=RegisterNumber(row.running or 0, row.buddhist_year or 0),
        number=row.number,
        written_on=row.date,
        sender=own.sender if own else "",
        subject=row.subject,
        retention_class=row.retention_class,
        erased_on=row.erased_on,
        paper_ended_on=row.paper_ended_on,
        batch_id=batch_row.code,
        certificate=_certificate_number(batch_row) if execution.certificate else "",
        executor=execution.executor,
        witnesses=unpack_statement(execution.statement).witnesses,
        committee_order=batch.committee.order_number if batch.committee else "",
        approver=batch.approver,
        delegation_order=batch.delegation_order,
        decided_on=batch.decided_on,
        archive_letters=(answer.letter_number,) if answer else (),
        original_sha256=own.sha256 if own else line.original_sha256,
        searchable_sha256=(own.searchable_sha256 or "") if own else line.searchable_sha256,
        kept_files=_still_kept(session, row.office_id, line),
    )


def _last_disposal(session: Session, row: PaperRow) -> DisposalRow | None:
    """Return a letter's last disposal, or that of the letter which it was joined to."""
    disposals = select(DisposalRow).where(DisposalRow.state != "intended")
    newest = disposals.order_by(DisposalRow.intended_at.desc())
    own = session.scalar(newest.where(DisposalRow.letter_id == id_of(row)))
    if own is not None or row.erased_on is None:
        return own
    batches = select(BatchRow.id).where(BatchRow.office_id == row.office_id)
    for disposal in session.scalars(newest.where(DisposalRow.batch_id.in_(batches))):
        if id_of(row) in _went_with(disposal):
            return disposal
    return None


def _went_with(disposal: DisposalRow) -> set[int]:
    return {one.letter_id for one in unpack_line(disposal.evidence).others}


def _still_kept(session: Session, office_id: int, line: CertificateLine) -> tuple[KeptFile, ...]:
    """Return the files that were kept and have not gone since with the last letter in them."""
    own = {one.sha256 for one in line.kept_files}
    since = session.scalars(
        select(DisposalRow)
        .join(BatchRow, BatchRow.id == DisposalRow.batch_id)
        .where(BatchRow.office_id == office_id, DisposalRow.state != "intended")
    )
    gone = {
        sha256
        for disposal in (since if own else ())
        for sha256 in hashes_to_go(unpack_line(disposal.evidence))
    }
    return tuple(one for one in line.kept_files if one.sha256 not in gone)


def unfinished(session: Session, office_id: int) -> tuple[str, ...]:
    """Return the ids of batches whose execution was begun and not finished."""
    query = (
        select(BatchRow.code)
        .join(ExecutionRow, ExecutionRow.batch_id == BatchRow.id)
        .where(BatchRow.office_id == office_id, ExecutionRow.finished_at.is_(None))
        .order_by(BatchRow.id)
    )
    return tuple(session.scalars(query))


def find_unproven(session: Session, office_id: int) -> list[str]:
    """Compare destroyed letters, evidence and certificates with the audit trail; return what differs."""
    recorded = _recorded(session, office_id)
    carried_out = session.scalars(select(DisposalRow).where(DisposalRow.state != "intended"))
    proven = {one for row in carried_out for one in (row.letter_id, *_went_with(row))}
    problems = [
        f"letter {id_of(one)} ({label_of(one)}) is destroyed without evidence"
        for one in _ended(session, office_id)
        if id_of(one) not in proven
    ]
    for disposal, code in session.execute(
        select(DisposalRow, BatchRow.code)
        .join(BatchRow, BatchRow.id == DisposalRow.batch_id)
        .where(BatchRow.office_id == office_id)
        .order_by(DisposalRow.batch_id, DisposalRow.letter_id)
    ):
        seals = recorded.get((code, disposal.letter_id), {})
        sealed = seals.get("destruction_intended", {}).get("sha256")
        if sealed != digest_json(disposal.evidence):
            problems.append(f"the evidence of letter {disposal.letter_id} in batch {code} changed")
        if disposal.state == "intended":
            problems.append(
                f"the destruction of letter {disposal.letter_id} in batch {code} was begun and not "
                f"finished; run: saraban retention destroy --batch {code} --resume"
            )
        elif "destroyed" not in seals:
            problems.append(f"letter {disposal.letter_id} in batch {code} has no line of its end")
    return problems + _changed_certificates(session, office_id)


def _ended(session: Session, office_id: int) -> Iterator[PaperRow]:
    received = LetterRow.erased_on.is_not(None) | LetterRow.paper_ended_on.is_not(None)
    yield from session.scalars(select(LetterRow).where(LetterRow.office_id == office_id, received))
    sent = SentRow.erased_on.is_not(None) | SentRow.paper_ended_on.is_not(None)
    yield from session.scalars(select(SentRow).where(SentRow.office_id == office_id, sent))


def _changed_certificates(session: Session, office_id: int) -> list[str]:
    problems = []
    for execution, row in session.execute(
        select(ExecutionRow, BatchRow)
        .join(BatchRow, BatchRow.id == ExecutionRow.batch_id)
        .where(BatchRow.office_id == office_id)
        .order_by(BatchRow.id)
    ):
        line = _audit_line(session, row)
        sealed = line.details["certificate"] if line else None
        if execution.finished_at is None:
            problems.append(
                f"batch {row.code} is being destroyed; "
                f"run: saraban retention destroy --batch {row.code} --resume"
            )
        elif sealed != digest_json(execution.certificate):
            problems.append(f"the certificate of batch {row.code} was changed past the audit trail")
    return problems


def _recorded(session: Session, office_id: int) -> dict[tuple[str, int], dict[str, dict[str, str]]]:
    """Return what the trail says of each letter's destruction: (batch, letter) → action → details."""
    found: dict[tuple[str, int], dict[str, dict[str, str]]] = {}
    for action, letter_id, details in session.execute(
        select(AuditRow.action, AuditRow.letter_id, AuditRow.details)
        .where(AuditRow.office_id == office_id, AuditRow.action.in_(_EVIDENCE))
        .order_by(AuditRow.sequence)
    ):
        about = trailed(letter_id, details)
        if about is not None:
            found.setdefault((details["batch"], about), {})[action] = details
    return found


def _audit_line(session: Session, row: BatchRow) -> AuditRow | None:
    lines = session.scalars(
        select(AuditRow)
        .where(AuditRow.office_id == row.office_id, AuditRow.action == "destruction_certified")
        .order_by(AuditRow.sequence.desc())
    )
    return next((one for one in lines if one.details["batch"] == row.code), None)


def _certificate_number(row: BatchRow) -> str:
    """Number the certificate after its batch: one batch, one certificate."""
    return f"ท {row.code}"


def _unverified(law: Law, codes: Iterable[str]) -> tuple[str, ...]:
    used = set(codes)
    rows = [row for code, row in law.classes.items() if code in used]
    return tuple(dict.fromkeys(row.law.clause for row in rows if not row.law.is_verified))
