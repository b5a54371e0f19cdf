"""The journey of a letter, to be read aloud: read, lay out, cut, find the fields, decide, keep."""

from __future__ import annotations

import tempfile
from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime
from pathlib import Path

import ocr
from classify import (
    DEFAULT_THRESHOLDS,
    Decision,
    LaidOut,
    Letter,
    ReviewReason,
    RuleSet,
    Thresholds,
    decide,
    find_fields,
    lay_out_document,
    take_pages,
)
from classify.batches import propose_split, sure_letters
from classify.claims import weigh_claims
from index.archive import Archive, ArchivedFile
from index.book import Book
from index.register.letters.filing import Filing
from index.register.received.jobs import Job
from index.register.received.parts import Piece
from index.registered_letter import RegisteredLetter
from index.visibility import SECRECY_FIELD
from ocr import Engine, LayerCheck, RecognizedDocument
from ocr.page_hash import hash_first_page
from ocr.page_range import cut_pages
from pipeline.cutting import cut_out
from pipeline.hiding import hide_files
from pipeline.office import Office
from pipeline.page_pictures import PagePictures
from watch_folder.whole import EXTENSIONS

SCRATCH_PREFIX = "letter-"
"""How folders in `work/` begin that hold what is only made while a letter is kept."""


@dataclass(frozen=True, slots=True)
class Workbench:
    """What it takes to carry letters: the office's book, archive, rules, thresholds and clock.

    `office` says where the folders lie. `engine` is None where none is installed;
    born-digital letters can then still be read.
    """

    book: Book
    archive: Archive
    office: Office
    rules: Callable[[], RuleSet]
    thresholds: Thresholds
    clock: Callable[[], datetime]
    engine: Engine | None = None

    @property
    def receiver(self) -> str:
        """Whom letters to this office are for: its head."""
        return head_of(self.office.settings.office.name)


def head_of(office_name: str) -> str:
    """Return the title of an office's head, as letters address it."""
    return f"ผู้อำนวยการ{office_name}"


@dataclass(frozen=True, slots=True)
class Understood:
    """One file, read and decided, and not yet kept."""

    laid_out: LaidOut
    letter: Letter
    decision: Decision

    @property
    def document(self) -> RecognizedDocument:
        """What was read."""
        return self.laid_out.document


def carry(job: Job, bench: Workbench) -> RegisteredLetter:
    """Take one letter from the scan to the book; carrying it again changes nothing.

    Raises OcrError when it cannot be read, and KeepingError when it cannot be kept.
    """
    rules, today = bench.rules(), bench.clock().date()

    def decide_for(laid_out: LaidOut) -> Understood:
        return decide_on(
            laid_out,
            rules,
            today,
            thresholds=bench.thresholds,
            proposed_group=job.group,
            receiver=bench.receiver,
        )

    laid_out = lay_out_document(ocr.read(job.path, engine=bench.engine))
    cut = find_cut(job, laid_out, decide_for)
    if cut:
        laid_out = take_pages(laid_out, cut[0])
    understood = decide_for(laid_out)
    return keep(job, hear_list(job, understood, bench), bench, cut)


def understand(
    path: Path,
    rules: RuleSet,
    today: date,
    *,
    thresholds: Thresholds = DEFAULT_THRESHOLDS,
    engine: Engine | None = None,
    proposed_group: str = "",
    receiver: str = "",
) -> Understood:
    """Read a file, find its fields and decide where it goes; nothing is kept. Raises OcrError.

    `receiver` is whom letters without a printed recipient are for.
    """
    laid_out = lay_out_document(ocr.read(path, engine=engine))
    return decide_on(
        laid_out,
        rules,
        today,
        thresholds=thresholds,
        proposed_group=proposed_group,
        receiver=receiver,
    )


def decide_on(
    laid_out: LaidOut,
    rules: RuleSet,
    today: date,
    *,
    thresholds: Thresholds = DEFAULT_THRESHOLDS,
    proposed_group: str = "",
    receiver: str = "",
) -> Understood:
    """Find the fields of what was read and decide where it goes."""
    letter = find_fields(laid_out, agencies=rules.agencies, today=today, receiver=receiver)
    document = laid_out.document
    decision = decide(letter, document, rules, thresholds=thresholds, proposed_group=proposed_group)
    return Understood(laid_out, letter, decision)


def find_cut(
    job: Job, laid_out: LaidOut, decide_for: Callable[[LaidOut], Understood]
) -> tuple[range, ...]:
    """Return the pages of each letter of a file that is surely to be cut; nothing where it is not.

    A scan with a secrecy mark on any page is left whole and hidden: its registrar splits it.
    """
    cut = sure_letters(laid_out, batch=job.batch)
    if cut and not job.secret_door and is_hidden(decide_for(laid_out)):
        return ()
    return cut


def is_hidden(understood: Understood) -> bool:
    """Tell whether a secrecy mark is on what was read, or may be."""
    in_doubt = any(reason.field == SECRECY_FIELD for reason in understood.decision.review)
    return understood.letter.is_secret or in_doubt


def hear_list(job: Job, understood: Understood, bench: Workbench) -> Understood:
    """Weigh what another system's list says of this file, if it was imported, against what was read."""
    listed = bench.book.imports.claims_for(job.sha256)
    if listed is None:
        return understood
    source, claims = listed
    letter, decision = weigh_claims(understood.letter, understood.decision, claims, source)
    return replace(understood, letter=letter, decision=decision)


def keep(
    job: Job, understood: Understood, bench: Workbench, cut: Sequence[range] = ()
) -> RegisteredLetter:
    """Archive the original and the searchable PDF, then enter the letter in the book: this order.

    A crash before the last step leaves archived files that the next try finds in place. With a `cut`
    (see `find_cut`) the letter keeps the first of its pages, and `understood` is of these alone; the
    others are handed in as letters of their own.
    """
    document, decision = understood.document, understood.decision
    secret = job.secret_door or is_hidden(understood)
    suffix = EXTENSIONS.get(job.media_type, ".bin")
    original = bench.archive.keep_original(job.path, job.sha256, suffix, secret=secret)
    # A folder, not a file: whatever is a file in `work` is a claimed scan.
    with tempfile.TemporaryDirectory(prefix=scratch_of(job.label), dir=bench.office.work) as folder:
        scratch = Path(folder)
        own = original.path
        pieces: tuple[Piece, ...] = ()
        if cut:
            own = scratch / f"own{suffix}"
            cut_pages(original.path, cut[0], own)
            pieces = cut_out(
                bench.office,
                original.path,
                cut[1:],
                Path(job.name).stem,
                scratch,
                secret=secret,
                group=job.group,
            )
        searchable, check = keep_searchable(own, document, scratch, bench.archive, secret=secret)
        page_hash = hash_first_page(own)
    several = propose_split(understood.laid_out, batch=job.batch)
    decision = _flag_layer(decision, check)
    filing = Filing(
        letter=understood.letter,
        decision=replace(decision, review=(*decision.review, *several)),
        text=document.text,
        page_count=document.file_page_count,
        searchable_sha256=searchable.sha256,
        page_hash=page_hash,
        # A copy without a number would hide the letters that were, or may have to be, cut out of its scan.
        hold_back=not (pieces or several),
    )
    filed = bench.book.jobs.file(job, filing, bench.clock(), pieces=pieces)
    if filed.is_secret and not secret:
        # Another copy came through the secret door while this one was being read.
        bench.archive.hide(job.sha256, searchable.sha256)
        pictures = PagePictures(bench.office.pictures)
        hide_files(bench.book, bench.archive, pictures, filed.letter_id)
    return filed


def scratch_of(label: str) -> str:
    """Return how the scratch folders of one job begin, so that whoever sees its process die can remove them."""
    return f"{SCRATCH_PREFIX}{label.replace(' ', '-')}-"


def keep_searchable(
    path: Path, document: RecognizedDocument, scratch: Path, archive: Archive, *, secret: bool
) -> tuple[ArchivedFile, LayerCheck]:
    """Make the searchable PDF of what was read, look into it, and archive it."""
    searchable_pdf = scratch / "searchable.pdf"
    check = ocr.write_searchable_pdf(path, document, searchable_pdf)
    return archive.keep_searchable(searchable_pdf, secret=secret), check


def _flag_layer(decision: Decision, check: LayerCheck) -> Decision:
    """Ask a clerk to look when the searchable PDF does not say, or does not show, what was read."""
    reasons = []
    if not check.passed:
        reasons.append(
            ReviewReason(
                field="text",
                code="text_layer",
                thai="ข้อความใน PDF ที่ค้นหาได้ไม่ตรงกับที่อ่าน โปรดดูภาพต้นฉบับ",
                english="the searchable PDF's text differs from what was read; look at the original",
            )
        )
    if check.other_pictures:
        reasons.append(
            ReviewReason(
                field="text",
                code="archived_picture",
                thai="ภาพใน PDF ที่จัดเก็บไม่เหมือนกับภาพที่อ่าน โปรดดูไฟล์ต้นฉบับ",
                english="the archived picture differs from the one that was read; look at the original",
            )
        )
    return replace(decision, review=(*decision.review, *reasons)) if reasons else decision
