"""Splitting a batch scan: which pages of one file are a letter of their own.

A letter and its enclosures stay together. A separator sheet (its QR code carries SEPARATOR_PAYLOAD)
parts letters for certain; a blank page or a page with a letter's head parts them with less
certainty, and the desk asks. A page with print that could not be read is not blank. A file said to be
a batch is also parted where a head follows a blank page and the letter before announced no enclosures.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from itertools import pairwise

from classify.head import (
    ENCLOSURE,
    NUMBER,
    REFERENCE,
    Head,
)
from classify.laid_out import LaidOut, holds_second_letter, is_first_page
from classify.letter import ReviewReason
from classify.numbers import numbers_equal
from classify.reasons import reason
from ocr.document import Page, RecognizedDocument

SEPARATOR_PAYLOAD = "saraban:separator"
"""How the QR code of a separator sheet begins; the version of the sheet follows."""
_CERTAIN, _AFTER_BLANK, _BY_HEAD, _MAYBE_ENCLOSURE = 1.0, 0.95, 0.85, 0.5


@dataclass(frozen=True, slots=True)
class LetterPages:
    """The pages of one letter: `pages` are page numbers from 1, `confidence` is 0 to 1.

    `because` says in Thai why the letter begins there. Separator sheets and the blank pages between
    letters belong to no letter.
    """

    pages: range
    confidence: float
    because: str


@dataclass(frozen=True, slots=True)
class _Start:
    page: int
    confidence: float
    because: str


def split_document(laid_out: LaidOut) -> tuple[LetterPages, ...]:
    """Split a document into its letters, in order; a single letter gives one part.

    Every page of the file that is neither a separator sheet nor blank between two letters is in exactly one part;
    letters that share a sheet are one.
    """
    file_page = {page.number: page.file_page for page in laid_out.document.pages}
    parts: list[LetterPages] = []
    for part in _letters(laid_out):
        pages = range(file_page[part.pages[0]], file_page[part.pages[-1]] + 1)
        if parts and pages.start < parts[-1].pages.stop:
            joined = range(parts[-1].pages.start, max(pages.stop, parts[-1].pages.stop))
            parts[-1] = replace(parts[-1], pages=joined)
        else:
            parts.append(replace(part, pages=pages))
    return tuple(parts)


def _letters(laid_out: LaidOut) -> tuple[LetterPages, ...]:
    """Return the letters by the document's own pages, two of which may lie on one of the file's."""
    document = laid_out.document
    sheets = _sheets(document)
    starts: list[_Start] = []
    head: Head | None = None
    left_out = set(sheets)
    last = 0  # the last page with print on it, read or not
    for page, here in zip(document.pages, laid_out.heads, strict=True):
        blank = not here.page.rows and not page.unread
        if page.number in sheets or blank:
            continue
        start = _start_here(page, here, head, last, sheets)
        if start is not None:
            starts.append(start)
            left_out |= set(range(last + 1, page.number))
            head = here
        last = page.number
    bounds = sorted({start.page for start in starts} | sheets | {_last_page(document) + 1})
    return tuple(
        LetterPages(
            _trimmed(start.page, next(b for b in bounds if b > start.page) - 1, left_out),
            start.confidence,
            start.because,
        )
        for start in starts
    )


def sure_letters(laid_out: LaidOut, *, batch: bool = False) -> tuple[range, ...]:
    """Return the pages of each letter where the file is surely to be cut; nothing where it is not.

    A separator sheet is sure and is in none of them, so that a single letter between two sheets gives
    its own pages. Of a `batch` a head after a blank page is sure too, unless it may be an enclosure.
    Where a letter may begin but need not, the pages stay together.
    """
    least = _AFTER_BLANK if batch else _CERTAIN
    letters: list[range] = []
    for part in split_document(laid_out):
        if letters and part.confidence < least:
            letters[-1] = range(letters[-1].start, part.pages.stop)
        else:
            letters.append(part.pages)
    return tuple(letters) if len(letters) > 1 or _sheets(laid_out.document) else ()


def propose_split(laid_out: LaidOut, *, batch: bool = False) -> tuple[ReviewReason, ...]:
    """Return the doubt that a file holds several letters; its `pages` are those they would begin on.

    A file that is said to be a `batch` is asked about at the faintest sign; of others only a page
    with a letter's head of its own that is no enclosure is taken for one.
    """
    least = _MAYBE_ENCLOSURE if batch else _BY_HEAD
    starts = tuple(
        one.pages.start for one in split_document(laid_out)[1:] if one.confidence >= least
    )
    shared = _shared_sheets(laid_out)
    doubts = []
    if starts:
        doubt = reason("pages", "several_letters", ", ".join(map(str, starts)))
        doubts.append(replace(doubt, pages=starts))
    if shared:
        doubt = reason("text", "letters_on_sheet", ", ".join(map(str, shared)))
        doubts.append(replace(doubt, pages=shared))
    return tuple(doubts)


def _shared_sheets(laid_out: LaidOut) -> tuple[int, ...]:
    """Return the file's pages on which a second letter begins beside or under a first."""
    pages = {page.number: page.file_page for page in laid_out.document.pages}
    shared = {
        pages[later.pages.start]
        for earlier, later in pairwise(_letters(laid_out))
        if pages[later.pages.start] == pages[earlier.pages[-1]]
    }
    for head in laid_out.heads:
        if head.page.number in pages and holds_second_letter(head):
            shared.add(pages[head.page.number])
    return tuple(sorted(shared))


def _sheets(document: RecognizedDocument) -> set[int]:
    return {
        page.number
        for page in document.pages
        if any(code.startswith(SEPARATOR_PAYLOAD) for code in page.codes)
    }


def _last_page(document: RecognizedDocument) -> int:
    return document.pages[-1].number if document.pages else 0


def _start_here(
    page: Page, here: Head, head: Head | None, last: int, sheets: set[int]
) -> _Start | None:
    """Tell whether a letter begins on a page, given the head of the letter before it."""
    if head is None:
        return _Start(page.number, _CERTAIN, "หน้าแรกของไฟล์")
    between = range(last + 1, page.number)
    if any(number in sheets for number in between):
        return _Start(page.number, _CERTAIN, "หลังแผ่นคั่น")
    if not is_first_page(here):
        return None
    if _is_referred_to(here, head):
        return None  # a copy of the letter that the letter answers: its enclosure
    announced = head.section(ENCLOSURE) is not None
    if between:  # a blank back of a two-sided scan, when enclosures are announced
        sureness = _BY_HEAD if announced else _AFTER_BLANK
        return _Start(page.number, sureness, "หลังหน้าว่าง และมีหัวหนังสือ")
    if announced:
        return _Start(page.number, _MAYBE_ENCLOSURE, "มีหัวหนังสือ แต่อาจเป็นสิ่งที่ส่งมาด้วยของฉบับก่อน")
    return _Start(page.number, _BY_HEAD, "มีหัวหนังสือ")


def _is_referred_to(here: Head, head: Head) -> bool:
    number, references = here.section(NUMBER), head.section(REFERENCE)
    return (
        number is not None
        and references is not None
        and numbers_equal(number.value, references.value)
    )


def _trimmed(first: int, end: int, left_out: set[int]) -> range:
    while end > first and end in left_out:
        end -= 1
    return range(first, end + 1)
