"""Which files stay when a letter is destroyed, and which go with it though they are not its own.

One rule: a file stays until the last letter that has pages in it is destroyed, and goes with that one.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, replace

from sqlalchemy import or_, select
from sqlalchemy.orm import Session

from index.register.letters.shared_pages import belonging_to, cut_from, scans_around
from index.register.store.sent_tables import SentFileRow, SentRow
from index.register.store.tables import ContentRow, LetterRow
from index.retention.certificate import CertificateLine, KeptFile, OtherScan
from index.retention.papers import PaperRow, label_of


@dataclass(frozen=True, slots=True)
class Scan:
    """A paper's own file and what was read of it; hashes are empty where there is no such file."""

    original_sha256: str
    searchable_sha256: str
    pages: int
    text: str


def scan_of(session: Session, row: PaperRow) -> Scan:
    """Return a paper's own scan: of a sent letter its first copy, with the pages and words of all."""
    if isinstance(row, LetterRow):
        text = session.get_one(ContentRow, row.id).text
        return Scan(row.sha256, row.searchable_sha256 or "", row.page_count, text)
    copies = _copies(session, row.id)
    first = copies[0] if copies else None
    return Scan(
        first.sha256 if first else "",
        (first.searchable_sha256 or "") if first else "",
        sum(one.page_count for one in copies),
        "\n".join(one.text for one in copies),
    )


def with_shared_files(session: Session, line: CertificateLine) -> CertificateLine:
    """Return a paper's line with the files that stay, for whom, and the scans that go with it."""
    if line.letter_id < 0:
        return _with_copies(session, line)
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


def _copies(session: Session, sent_id: int) -> list[SentFileRow]:
    query = select(SentFileRow).where(SentFileRow.sent_id == sent_id)
    return list(session.scalars(query.order_by(SentFileRow.attached_at, SentFileRow.sha256)))


def _with_copies(session: Session, line: CertificateLine) -> CertificateLine:
    """Return a sent letter's line with its further copies, and the files that are others' too."""
    copies = _copies(session, -line.letter_id)
    kept: dict[str, tuple[str, ...]] = {}
    for sha256 in {one for copy in copies for one in (copy.sha256, copy.searchable_sha256) if one}:
        needed = _same_file(session, sha256, set(), -line.letter_id)
        for scan in session.scalars(select(LetterRow).where(LetterRow.sha256 == sha256)):
            needed += _numbers(cut_from(session, scan), set())
        if needed:
            kept[sha256] = tuple(dict.fromkeys(needed))
    others = (
        OtherScan(line.letter_id, "", one.sha256, one.searchable_sha256 or "") for one in copies[1:]
    )
    files = tuple(KeptFile(sha256, kept[sha256]) for sha256 in sorted(kept))
    return replace(line, kept_files=files, others=tuple(others))


def _numbers(letters: Iterable[LetterRow], ending: set[int]) -> tuple[str, ...]:
    """Return the register numbers of those that are still kept."""
    return tuple(label_of(one) for one in letters if one.erased_on is None and one.id not in ending)


def _same_file(
    session: Session, sha256: str, ending: set[int], sent_id: int = 0
) -> tuple[str, ...]:
    """Return whose file this is too, letters received and sent, but for the sent one that ends."""
    letters = session.scalars(
        select(LetterRow).where(
            LetterRow.id.not_in(ending),
            or_(LetterRow.sha256 == sha256, LetterRow.searchable_sha256 == sha256),
        )
    )
    sent = session.scalars(
        select(SentRow)
        .join(SentFileRow, SentFileRow.sent_id == SentRow.id)
        .where(or_(SentFileRow.sha256 == sha256, SentFileRow.searchable_sha256 == sha256))
        .where(SentRow.id != sent_id)
    )
    return _numbers(letters, ending) + tuple(label_of(one) for one in sent)


def _scan(row: LetterRow, searchable: str) -> OtherScan:
    return OtherScan(row.id, label_of(row), row.sha256, searchable)
