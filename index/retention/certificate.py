"""What stays of a destruction: the executor's statement, the certificate, and a letter's tombstone.

Plain data. A certificate is kept as JSON whose SHA-256 stands in the hash-chained audit trail
(`sealed_sha256`): the office holds no signing key, so the chain is the proof, and the printed
certificate carries the people's signatures.
"""

from __future__ import annotations

import hashlib
from collections.abc import Iterable, Mapping
from dataclasses import asdict, dataclass
from datetime import date, datetime
from enum import StrEnum
from typing import Any

from index.choices import BookName
from index.register.store.codec import dump_json
from index.registered_letter import RegisterNumber

Json = dict[str, Any]


class Fate(StrEnum):
    """What became of the paper, or of the electronic copy, of a letter in one destruction."""

    DESTROYED = "destroyed"
    KEPT = "kept"
    NONE = "none"  # there never was any: a letter that came electronically has no paper
    GONE_BEFORE = "gone_before"  # in an earlier destruction


@dataclass(frozen=True, slots=True)
class PaperPart:
    """How the paper was destroyed; `fate` is DESTROYED, KEPT, or NONE where there never was any.

    Photographs are named by their SHA-256 in the archive's evidence.
    """

    fate: Fate
    method: str = ""
    place: str = ""
    done_on: date | None = None
    photographs: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Statement:
    """What the executor states; everything else the program knows.

    `electronic_order` is the number of the head's order by which electronic copies that are old
    enough are erased; without it they are kept. `backups_expire_on` is the last day on which a
    backup made before the destruction may still exist.
    """

    witnesses: tuple[str, ...]
    paper: PaperPart
    backups_expire_on: date
    electronic_order: str = ""
    note: str = ""


@dataclass(frozen=True, slots=True)
class KeptFile:
    """A file with pages of a destroyed letter that stays, for letters that are still kept have pages
    in it too: their numbers (empty text: not in the book yet). Removed with the last of them.
    """

    sha256: str
    letters: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class OtherScan:
    """A scan that goes with a letter beside its own, by its hashes: of a sent letter its further copies.

    One that was joined to the letter, a further copy of it, or the scan that it was cut from when
    that letter went before. `register_number` is empty for one that was given none.
    """

    letter_id: int
    register_number: str
    original_sha256: str
    searchable_sha256: str


@dataclass(frozen=True, slots=True)
class CertificateLine:
    """One letter of a certificate. Hashes are SHA-256, empty where there was no such thing.

    `keep_until_year` and `electronic_until_year` are Gregorian and the last year of each medium's
    period; the electronic copy is kept (`electronic` KEPT) while its own runs, or without the head's
    order. `kept_files` stay for the sake of others, `others` went with this letter.
    """

    letter_id: int
    register_number: str
    number: str
    written_on: date | None
    subject: str
    sender: str
    retention_class: str
    clause: str
    keep_until_year: int
    file_code: str
    pages: int
    paper: Fate
    electronic: Fate
    electronic_until_year: int
    original_sha256: str
    searchable_sha256: str
    text_sha256: str
    kept_files: tuple[KeptFile, ...] = ()
    others: tuple[OtherScan, ...] = ()


@dataclass(frozen=True, slots=True)
class Certificate:
    """A destruction certificate (หนังสือรับรองการทำลาย), for screen and print.

    `committee` are (name, grade), the chair first. `archive_letters` are the numbers of the
    archives' letters. `sealed_sha256` is the SHA-256 of all the rest as kept; `audit_sequence` and
    `audit_hash` name the line of the audit trail that holds it.
    """

    number: str
    batch_id: str
    is_secret: bool
    proposer: str
    committee_order: str
    committee: tuple[tuple[str, str], ...]
    approver: str
    delegation_order: str
    decided_on: date
    sent_number: str
    archive_letters: tuple[str, ...]
    executor: str
    statement: Statement
    began_at: datetime
    finished_at: datetime
    unverified_clauses: tuple[str, ...]
    lines: tuple[CertificateLine, ...]
    sealed_sha256: str = ""
    audit_sequence: int = 0
    audit_hash: str = ""


@dataclass(frozen=True, slots=True)
class Tombstone:
    """What is shown of a destroyed letter for good: what it was, and by which decision it went.

    `erased_on` is the day the electronic copy went, `paper_ended_on` the day the paper did; None for
    what is still there. `certificate` is its number, empty while the destruction is being verified.
    `kept_files` have pages of the letter and are still there, as letters that are kept need them.
    """

    letter_id: int
    book: BookName
    register_number: RegisterNumber
    number: str
    written_on: date | None
    sender: str
    subject: str
    retention_class: str
    erased_on: date | None
    paper_ended_on: date | None
    batch_id: str
    certificate: str
    executor: str
    witnesses: tuple[str, ...]
    committee_order: str
    approver: str
    delegation_order: str
    decided_on: date | None
    archive_letters: tuple[str, ...]
    original_sha256: str
    searchable_sha256: str
    kept_files: tuple[KeptFile, ...] = ()


def scans_of(line: CertificateLine) -> tuple[OtherScan, ...]:
    """Return the letter's own scan and those that go with it."""
    own = OtherScan(
        line.letter_id, line.register_number, line.original_sha256, line.searchable_sha256
    )
    return (own, *line.others)


def hashes_to_go(line: CertificateLine) -> frozenset[str]:
    """Return the SHA-256 of the files that a line says are destroyed."""
    if line.electronic is not Fate.DESTROYED:
        return frozenset()
    scans = scans_of(line)
    hashes = {sha256 for one in scans for sha256 in (one.original_sha256, one.searchable_sha256)}
    return frozenset(hashes - {one.sha256 for one in line.kept_files} - {""})


def files_left(lines: Iterable[CertificateLine]) -> tuple[KeptFile, ...]:
    """Return what was kept for letters that are not among these lines, each file once."""
    known = tuple(lines)
    gone = {sha256 for line in known for sha256 in hashes_to_go(line)}
    kept = {one.sha256: one for line in known for one in line.kept_files}
    return tuple(one for one in kept.values() if one.sha256 not in gone)


def digest_json(packed: Json) -> str:
    """Return the SHA-256 of packed data, which the audit trail keeps."""
    return hashlib.sha256(dump_json(packed).encode()).hexdigest()


def pack_statement(statement: Statement) -> Json:
    """Turn a statement into plain JSON values."""
    return _as_json(asdict(statement))


def unpack_statement(packed: Mapping[str, Any]) -> Statement:
    """Read a statement back."""
    paper = packed["paper"]
    return Statement(
        tuple(packed["witnesses"]),
        PaperPart(
            Fate(paper["fate"]),
            paper["method"],
            paper["place"],
            _day(paper["done_on"]),
            tuple(paper["photographs"]),
        ),
        date.fromisoformat(packed["backups_expire_on"]),
        packed["electronic_order"],
        packed["note"],
    )


_SEAL = ("sealed_sha256", "audit_sequence", "audit_hash")


def pack_certificate(certificate: Certificate) -> Json:
    """Turn a certificate, without its seal, into plain JSON values."""
    plain = _as_json(asdict(certificate))
    return {name: value for name, value in plain.items() if name not in _SEAL}


def unpack_certificate(packed: Json, *, audit_sequence: int, audit_hash: str) -> Certificate:
    """Read a certificate back, with the line of the audit trail that seals it."""
    return Certificate(
        **{
            **packed,
            "committee": tuple((person, grade) for person, grade in packed["committee"]),
            "decided_on": date.fromisoformat(packed["decided_on"]),
            "archive_letters": tuple(packed["archive_letters"]),
            "statement": unpack_statement(packed["statement"]),
            "began_at": datetime.fromisoformat(packed["began_at"]),
            "finished_at": datetime.fromisoformat(packed["finished_at"]),
            "unverified_clauses": tuple(packed["unverified_clauses"]),
            "lines": tuple(unpack_line(line) for line in packed["lines"]),
        },
        sealed_sha256=digest_json(packed),
        audit_sequence=audit_sequence,
        audit_hash=audit_hash,
    )


def pack_line(line: CertificateLine) -> Json:
    """Turn a letter's line into plain JSON values: the evidence that is kept before it goes."""
    return _as_json(asdict(line))


def unpack_line(packed: Mapping[str, Any]) -> CertificateLine:
    """Read a letter's line back."""
    return CertificateLine(
        **{
            **packed,
            "written_on": _day(packed["written_on"]),
            "paper": Fate(packed["paper"]),
            "electronic": Fate(packed["electronic"]),
            "kept_files": tuple(
                KeptFile(one["sha256"], tuple(one["letters"])) for one in packed["kept_files"]
            ),
            "others": tuple(OtherScan(**one) for one in packed["others"]),
        }
    )


def _day(text: str | None) -> date | None:
    return date.fromisoformat(text) if text else None


def _as_json(fields: Mapping[str, object]) -> Json:
    return {name: _plain(value) for name, value in fields.items()}


def _plain(value: object) -> object:
    if isinstance(value, dict):
        return _as_json(value)
    if isinstance(value, list | tuple):
        return [_plain(one) for one in value]
    return value.isoformat() if isinstance(value, date) else value
