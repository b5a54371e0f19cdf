"""A document laid out once: every page's rows and labels, two pages of one sheet in the letter's order."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, replace
from itertools import pairwise

from classify.head import (
    NUMBER,
    OFFICE,
    RECIPIENT,
    SUBJECT,
    TO,
    Head,
    has_labelled_number,
    is_furniture,
    take_apart,
)
from classify.layout import PageLayout, lay_out
from ocr.document import Page, RecognizedDocument

_LOWER = 0.38  # of the height: a second letter on the sheet begins below this


@dataclass(frozen=True, slots=True)
class LaidOut:
    """A document laid out once, for every later step: its pages, and each page taken apart."""

    document: RecognizedDocument
    pages: tuple[PageLayout, ...]
    heads: tuple[Head, ...]


def lay_out_document(document: RecognizedDocument) -> LaidOut:
    """Arrange every page and find the labels on it; the rest of the journey asks what this gives.

    Of two pages on one sheet the one with the letter's head comes first, whichever side it lies on.
    """
    pages = tuple(lay_out(page) for page in document.pages)
    laid_out = LaidOut(document, pages, tuple(take_apart(page) for page in pages))
    order = _reading_order(laid_out)
    if order == list(range(len(pages))):
        return laid_out
    turned = tuple(
        replace(document.pages[index], number=number) for number, index in enumerate(order, 1)
    )
    return lay_out_document(replace(document, pages=turned))


def _reading_order(laid_out: LaidOut) -> list[int]:
    """Return the pages' places with both sides of a sheet exchanged where the letter begins on the right."""
    order = list(range(len(laid_out.pages)))
    pages = laid_out.document.pages
    for left, right in pairwise(order.copy()):
        if pages[left].file_page != pages[right].file_page:
            continue
        begins = [is_first_page(laid_out.heads[index]) for index in (left, right)]
        if begins == [False, True]:
            order[left], order[right] = right, left
    return order


def is_first_page(head: Head) -> bool:
    """Tell whether a page has a letter's head: number or office, and whom or what it is about."""
    page = head.page
    if any(is_furniture(row.text) and row.box.top < page.height * 0.15 for row in page.rows):
        return False
    labels = {
        section.label for section in head.sections if section.rows[0].box.top < page.height * 0.5
    }
    return bool(labels & {NUMBER, OFFICE}) and bool(labels & {SUBJECT, RECIPIENT, TO})


def own_pages(laid_out: LaidOut, most: int) -> tuple[PageLayout, ...]:
    """Return the first pages of a document, up to `most`, without those of another letter on the same sheet."""
    kept: list[PageLayout] = []
    pages = laid_out.document.pages
    for index, layout in enumerate(laid_out.pages[:most]):
        together = index > 0 and pages[index].file_page == pages[index - 1].file_page
        if together and is_first_page(laid_out.heads[index]) and any(one.rows for one in kept):
            break
        kept.append(layout)
    return tuple(kept)


def take_pages(laid_out: LaidOut, pages: range) -> LaidOut:
    """Return some of the file's pages as a document of their own, numbered from 1."""
    document = laid_out.document
    taken = [index for index, page in enumerate(document.pages) if page.file_page in pages]
    own = replace(document, pages=_numbered([document.pages[index] for index in taken]))
    if own.pages != tuple(document.pages[index] for index in taken):
        return lay_out_document(
            own
        )  # behind a separator sheet: every piece gets another page number
    return LaidOut(
        own,
        tuple(laid_out.pages[index] for index in taken),
        tuple(laid_out.heads[index] for index in taken),
    )


def _numbered(pages: list[Page]) -> tuple[Page, ...]:
    """Count pages, and the file's pages they lie on, anew from 1."""
    sheets = {sheet: at for at, sheet in enumerate(sorted({p.file_page for p in pages}), 1)}
    return tuple(
        replace(page, number=number, sheet=sheets[page.file_page] if page.sheet else 0)
        for number, page in enumerate(pages, 1)
    )


def holds_second_letter(head: Head) -> bool:
    """Tell whether a whole letter's head stands again on the lower part of a page: two letters on one sheet."""
    return is_first_page(head) and any(_lower_heads(head.page))


def _lower_heads(page: PageLayout) -> Iterator[bool]:
    for index, row in enumerate(page.rows):
        if row.box.top > _LOWER * page.height and has_labelled_number(row):
            below = take_apart(replace(page, rows=page.rows[index:]))
            labels = {section.label for section in below.sections}
            yield NUMBER in labels and SUBJECT in labels and bool(labels & {RECIPIENT, TO})
