"""Which files stay when a letter is destroyed, and which go with it though they are not its own.

One rule: a file stays until the last letter that has pages in it is destroyed, and goes with that one.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import replace

from sqlalchemy import or_, select
from sqlalchemy.orm import Session

from index.register.letters.shared_pages import belonging_to, cut_from, scans_around
from index.register.store.sent_tables import SentFileRow, SentRow
from index.register.store.tables import LetterRow
from index.registered_letter import RegisterNumber
from index.retention.certificate import CertificateLine, KeptFile, OtherScan


def with_shared_files(session: Session, line: CertificateLine) -> CertificateLine:
    """Return a letter's line with the files that stay, for whom, and the scans that go with it."""
    row = session.get_one(LetterRow, line.letter_id)
    ending = [row, *(one for one in belonging_to(session, row) if one.erased_on is None)]
    ids = {one.id for one in ending}
    around = {
        scan.id: scan for one in ending for scan in scans_around(session, one) if scan.id not in ids
    }
    kept: dict[str, tuple[str, ...]] = {}
    for one in ending:
        for sha256 in (one.sha256, one.searchable_sha256):
            needed = _same_file(session, sha256, ids) if sha256 else ()
            if sha256 == one.sha256:
                needed += _numbers(cut_from(session, one), ids)
            if sha256 and needed:
                kept[sha256] = needed
    others = [_scan(one, one.searchable_sha256 or "") for one in ending[1:]]
    for scan in around.values():
        needed = _numbers([scan, *cut_from(session, scan)], ids)
        needed += _same_file(session, scan.sha256, ids | {scan.id})
        if needed:
            kept[scan.sha256] = needed
        else:
            others.append(_scan(scan, ""))
    files = (KeptFile(sha256, tuple(dict.fromkeys(who))) for sha256, who in kept.items())
    return replace(line, kept_files=tuple(files), others=tuple(others))


def _numbers(letters: Iterable[LetterRow], ending: set[int]) -> tuple[str, ...]:
    """Return the register numbers of those that are still kept."""
    return tuple(_number(one) for one in letters if one.erased_on is None and one.id not in ending)


def _same_file(session: Session, sha256: str, ending: set[int]) -> tuple[str, ...]:
    """Return whose file this is too, letters received and sent."""
    letters = session.scalars(
        select(LetterRow).where(
            LetterRow.id.not_in(ending),
            or_(LetterRow.sha256 == sha256, LetterRow.searchable_sha256 == sha256),
        )
    )
    sent = session.execute(
        select(SentRow.running, SentRow.buddhist_year)
        .join(SentFileRow, SentFileRow.sent_id == SentRow.id)
        .where(or_(SentFileRow.sha256 == sha256, SentFileRow.searchable_sha256 == sha256))
    )
    return _numbers(letters, ending) + tuple(f"ส่ง {RegisterNumber(*one)}" for one in sent)


def _scan(row: LetterRow, searchable: str) -> OtherScan:
    return OtherScan(row.id, _number(row), row.sha256, searchable)


def _number(row: LetterRow) -> str:
    if row.running is None or row.buddhist_year is None:
        return ""
    return str(RegisterNumber(row.running, row.buddhist_year))
