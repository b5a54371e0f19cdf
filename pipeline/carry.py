"""The journey of a letter, to be read aloud: read, find the fields, decide, keep."""

from __future__ import annotations

import tempfile
from collections.abc import Callable
from dataclasses import dataclass, replace
from datetime import date, datetime
from pathlib import Path

import ocr
from classify import (
    DEFAULT_THRESHOLDS,
    Decision,
    Letter,
    ReviewReason,
    RuleSet,
    Thresholds,
    decide,
    find_fields,
)
from classify.batches import propose_split
from classify.claims import weigh_claims
from index.archive import Archive
from index.register.book import Book
from index.register.filing import Filing
from index.register.jobs import Job
from index.registered_letter import RegisteredLetter
from index.visibility import SECRECY_FIELD
from ocr import Engine, LayerCheck, RecognizedDocument
from ocr.page_hash import hash_first_page
from watch_folder.whole import EXTENSIONS

SCRATCH_PREFIX = "letter-"


@dataclass(frozen=True, slots=True)
class Workbench:
    """What it takes to carry letters: the office's book, archive, rules, thresholds and clock.

    `work` is the folder that claimed files lie in. `engine` is None where none is installed;
    born-digital letters can then still be read.
    """

    book: Book
    archive: Archive
    work: Path
    rules: Callable[[], RuleSet]
    thresholds: Thresholds
    clock: Callable[[], datetime]
    engine: Engine | None = None


@dataclass(frozen=True, slots=True)
class Understood:
    """One file, read and decided, and not yet kept."""

    document: RecognizedDocument
    letter: Letter
    decision: Decision


def carry(job: Job, bench: Workbench) -> RegisteredLetter:
    """Take one letter from the scan to the book; carrying it again changes nothing.

    Raises OcrError when it cannot be read, and KeepingError when it cannot be kept.
    """
    understood = understand(
        job.path,
        bench.rules(),
        bench.clock().date(),
        thresholds=bench.thresholds,
        engine=bench.engine,
        proposed_group=job.group,
    )
    return keep(job, hear_list(job, understood, bench), bench)


def understand(
    path: Path,
    rules: RuleSet,
    today: date,
    *,
    thresholds: Thresholds = DEFAULT_THRESHOLDS,
    engine: Engine | None = None,
    proposed_group: str = "",
) -> Understood:
    """Read a file, find its fields and decide where it goes; nothing is kept. Raises OcrError."""
    document = ocr.read(path, engine=engine)
    letter = find_fields(document, agencies=rules.agencies, today=today)
    decision = decide(letter, document, rules, thresholds=thresholds, proposed_group=proposed_group)
    return Understood(document, letter, decision)


def hear_list(job: Job, understood: Understood, bench: Workbench) -> Understood:
    """Weigh what another system's list says of this file, if it was imported, against what was read."""
    listed = bench.book.imports.claims_for(job.sha256)
    if listed is None:
        return understood
    source, claims = listed
    letter, decision = weigh_claims(understood.letter, understood.decision, claims, source)
    return replace(understood, letter=letter, decision=decision)


def keep(job: Job, understood: Understood, bench: Workbench) -> RegisteredLetter:
    """Archive the original and the searchable PDF, then enter the letter in the book: this order.

    A crash before the last step leaves archived files that the next try finds in place.
    """
    document, letter, decision = understood.document, understood.letter, understood.decision
    in_doubt = any(reason.field == SECRECY_FIELD for reason in decision.review)
    secret = job.secret_door or letter.is_secret or in_doubt
    suffix = EXTENSIONS.get(job.media_type, ".bin")
    original = bench.archive.keep_original(job.path, job.sha256, suffix, secret=secret)
    # A folder, not a file: whatever is a file in `work` is a claimed scan.
    with tempfile.TemporaryDirectory(prefix=SCRATCH_PREFIX, dir=bench.work) as scratch:
        searchable_pdf = Path(scratch) / "searchable.pdf"
        check = ocr.write_searchable_pdf(original.path, document, searchable_pdf)
        searchable = bench.archive.keep_searchable(searchable_pdf, secret=secret)
    filing = Filing(
        letter=letter,
        decision=_flag_parts(_flag_layer(decision, check), document, batch=job.batch),
        text=document.text,
        page_count=len(document.pages),
        searchable_sha256=searchable.sha256,
        page_hash=hash_first_page(original.path),
        hold_back=True,
    )
    filed = bench.book.jobs.file(job, filing, bench.clock())
    if filed.is_secret and not secret:
        # Another copy came through the secret door while this one was being read.
        bench.archive.hide(job.sha256, searchable.sha256)
    return filed


def _flag_layer(decision: Decision, check: LayerCheck) -> Decision:
    """Ask a clerk to look when the searchable PDF did not read back as what was written into it."""
    if check.passed:
        return decision
    reason = ReviewReason(
        field="text",
        code="text_layer",
        thai="ข้อความใน PDF ที่ค้นหาได้ไม่ตรงกับที่อ่าน โปรดดูภาพต้นฉบับ",
        english="the searchable PDF's text differs from what was read; look at the original",
    )
    return replace(decision, review=(*decision.review, reason))


def _flag_parts(decision: Decision, document: RecognizedDocument, *, batch: bool) -> Decision:
    """Ask a clerk when one file may hold several letters: nothing is split without her."""
    proposed = propose_split(document, batch=batch)
    return replace(decision, review=(*decision.review, *proposed)) if proposed else decision
