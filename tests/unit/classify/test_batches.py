"""A batch scan is split where letters begin; a letter and its enclosures stay together; no page is lost."""

from __future__ import annotations

from dataclasses import replace

from hypothesis import given, settings
from hypothesis import strategies as st

from classify.batches import (
    SEPARATOR_PAYLOAD,
    propose_split,
    split_document,
    sure_letters,
)
from classify.laid_out import LaidOut, lay_out_document, take_pages
from ocr.document import Page, RecognizedDocument
from tests.paper import BODY, EXTERNAL, page_of

LETTER = page_of(
    "external", [line for line in EXTERNAL if not line.startswith(("อ้างถึง", "สิ่งที่"))]
).pages[0]
WITH_ENCLOSURE = page_of("external", EXTERNAL).pages[0]
REFERRED = page_of(
    "external",
    [
        "ที่ กค ๐๔๐๒.๒/ว ๑๙๕",
        "กรมบัญชีกลาง",
        "๒๕ เมษายน ๒๕๖๑",
        "เรื่อง ระเบียบการเบิกจ่าย",
        "เรียน อธิบดี",
        BODY,
    ],
).pages[0]
MORE = page_of("other", ["- ๒ -", BODY, BODY]).pages[0]
BLANK = replace(LETTER, lines=())


def batch(*pages: Page) -> LaidOut:
    numbered = tuple(replace(page, number=i) for i, page in enumerate(pages, 1))
    return lay_out_document(RecognizedDocument("batch", numbered))


SHEET = replace(BLANK, codes=(f"{SEPARATOR_PAYLOAD}:1",))


def parts(document: LaidOut) -> list[tuple[int, int]]:
    return [(part.pages[0], part.pages[-1]) for part in split_document(document)]


def test_one_letter_stays_one() -> None:
    assert parts(batch(LETTER)) == [(1, 1)]
    assert parts(batch(LETTER, MORE, MORE)) == [(1, 3)]


def test_a_page_with_a_head_begins_a_letter() -> None:
    document = batch(LETTER, MORE, LETTER, LETTER, MORE)
    assert parts(document) == [(1, 2), (3, 3), (4, 5)]
    assert all(part.confidence < 1.0 and part.because for part in split_document(document)[1:])


def test_a_separator_sheet_parts_for_certain_and_belongs_to_no_letter() -> None:
    document = batch(MORE, SHEET, MORE)
    assert parts(document) == [(1, 1), (3, 3)]
    assert split_document(document)[1].confidence == 1.0


def test_another_qr_code_parts_nothing() -> None:
    poster = replace(MORE, codes=("https://example.org/form",))
    assert parts(batch(LETTER, poster, MORE)) == [(1, 3)]
    assert sure_letters(batch(LETTER, poster, MORE)) == ()


def test_a_blank_page_before_a_head_parts_and_a_blank_back_does_not() -> None:
    assert parts(batch(LETTER, BLANK, LETTER)) == [(1, 1), (3, 3)]
    assert parts(batch(LETTER, BLANK, MORE, BLANK)) == [(1, 4)]


def test_a_page_that_could_not_be_read_is_not_blank_and_parts_nothing() -> None:
    unread = replace(BLANK, unread=True)
    document = batch(LETTER, unread, LETTER)
    assert parts(document) == [(1, 2), (3, 3)]
    assert sure_letters(document, batch=True) == ()
    assert sure_letters(batch(LETTER, BLANK, LETTER), batch=True) == (range(1, 2), range(3, 4))
    assert parts(batch(unread, LETTER))[0][0] == 1
    assert parts(batch(LETTER, unread)) == [(1, 2)]


def test_a_copy_of_the_letter_that_is_answered_is_an_enclosure() -> None:
    assert parts(batch(WITH_ENCLOSURE, REFERRED)) == [(1, 2)]


def test_a_head_after_announced_enclosures_is_asked_about() -> None:
    (_, second) = split_document(batch(WITH_ENCLOSURE, LETTER))
    assert second.confidence <= 0.5


def test_an_empty_file_has_no_letter() -> None:
    assert split_document(batch()) == ()
    assert split_document(batch(BLANK, BLANK)) == ()


@settings(deadline=None)
@given(
    st.lists(st.sampled_from([LETTER, WITH_ENCLOSURE, REFERRED, MORE, BLANK]), max_size=7),
    st.sets(st.integers(1, 7), max_size=2),
)
def test_every_printed_page_is_in_exactly_one_letter(pages: list[Page], sheets: set[int]) -> None:
    laid = [SHEET if at in sheets else page for at, page in enumerate(pages, 1)]
    document = batch(*laid)
    printed = {page.number for page in document.document.pages if page.lines}
    found = [part.pages for part in split_document(document)]
    for letters in (found, sure_letters(document), sure_letters(document, batch=True)):
        covered = [number for pages in letters for number in pages]
        assert len(covered) == len(set(covered))
        assert printed <= set(covered) or not letters
        assert not sheets & set(covered)


def test_the_clerk_is_asked_where_letters_begin_and_not_about_a_single_one() -> None:
    assert propose_split(batch(LETTER, MORE, MORE)) == ()
    (doubt,) = propose_split(batch(LETTER, MORE, LETTER, LETTER))
    assert (doubt.field, doubt.pages) == ("pages", (3, 4))
    assert "3, 4" in doubt.thai


def test_what_may_be_an_enclosure_is_asked_only_of_a_file_said_to_be_a_batch() -> None:
    document = batch(WITH_ENCLOSURE, LETTER)
    assert propose_split(document) == ()
    (doubt,) = propose_split(document, batch=True)
    assert doubt.pages == (2,)


def test_only_what_is_sure_is_cut_without_asking() -> None:
    assert sure_letters(batch(LETTER, LETTER)) == ()
    assert sure_letters(batch(LETTER, LETTER), batch=True) == ()
    assert sure_letters(batch(LETTER, MORE, SHEET, LETTER, LETTER)) == (range(1, 3), range(4, 6))


def test_a_blank_page_is_sure_in_a_batch_and_only_without_announced_enclosures() -> None:
    assert sure_letters(batch(LETTER, BLANK, LETTER)) == ()
    assert sure_letters(batch(LETTER, BLANK, LETTER), batch=True) == (range(1, 2), range(3, 4))
    duplex = batch(WITH_ENCLOSURE, BLANK, LETTER)
    assert sure_letters(duplex, batch=True) == ()
    assert propose_split(duplex)[0].pages == (3,), "but it is asked about"


def test_sheets_around_a_single_letter_are_left_out() -> None:
    document = batch(SHEET, WITH_ENCLOSURE, MORE, SHEET, SHEET)
    (pages,) = sure_letters(document)
    assert pages == range(2, 4)
    own = take_pages(document, pages)
    assert own == batch(WITH_ENCLOSURE, MORE)
    assert [page.number for page in own.pages] == [1, 2]


def test_the_first_pages_are_taken_as_they_were_laid_out() -> None:
    document = batch(LETTER, MORE, SHEET, LETTER)
    own = take_pages(document, range(1, 3))
    assert own.pages[0] is document.pages[0] and own.heads[0] is document.heads[0]
    assert own == batch(LETTER, MORE)


def test_two_sheets_are_no_letter() -> None:
    assert sure_letters(batch(SHEET, SHEET)) == ()
