"""A page laid flat or not read: fields are shown where they stand on the picture, and a clerk is asked."""

from __future__ import annotations

from dataclasses import replace
from datetime import date

from classify import find_fields, lay_out_document
from classify.letter import Letter
from classify.load_rules import load_rules
from ocr.document import Flattened, Page, RecognizedDocument
from tests.paper import EXTERNAL, page_of

PAGE = page_of("external", EXTERNAL).pages[0]
HALF = Flattened((0.5, 0.0, 100.0, 0.0, 0.5, 40.0, 0.0, 0.0, 1.0), 2000, 3000, 200.0)


def letter_of(*pages: Page) -> Letter:
    numbered = tuple(replace(page, number=number) for number, page in enumerate(pages, 1))
    document = RecognizedDocument("scan", numbered)
    agencies = load_rules().agencies
    return find_fields(lay_out_document(document), agencies=agencies, today=date(2025, 8, 1))


def test_fields_of_a_sheet_laid_flat_are_shown_on_the_photograph() -> None:
    as_read, shown = letter_of(PAGE), letter_of(replace(PAGE, flattened=HALF))
    for name in ("number", "date", "sender", "subject", "recipient"):
        before, after = getattr(as_read, name), getattr(shown, name)
        assert (before.value, before.confidence) == (after.value, after.confidence)
        assert abs(after.box.left - (before.box.left / 2 + 100)) <= 1
        assert abs(after.box.bottom - (before.box.bottom / 2 + 40)) <= 1
    assert shown.enclosures[0].box != as_read.enclosures[0].box


def test_a_page_with_print_that_was_not_read_is_asked_about_and_hides_the_letter_when_it_is_the_first() -> (
    None
):
    unread = replace(PAGE, lines=(), unread=True)
    later = {(doubt.field, doubt.code) for doubt in letter_of(PAGE, unread).doubts}
    assert ("text", "page_unread") in later
    assert ("secrecy", "secrecy_unread") not in later
    first = {(doubt.field, doubt.code) for doubt in letter_of(unread, PAGE).doubts}
    assert ("secrecy", "secrecy_unread") in first
    (doubt,) = (one for one in letter_of(PAGE, unread).doubts if one.code == "page_unread")
    assert doubt.pages == (2,)


def test_a_blank_page_is_not_asked_about() -> None:
    doubts = letter_of(PAGE, replace(PAGE, lines=())).doubts
    assert "page_unread" not in {doubt.code for doubt in doubts}
