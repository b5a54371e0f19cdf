"""A batch scan is split where letters begin; a letter and its enclosures stay together; no page is lost."""

from __future__ import annotations

from dataclasses import replace

from hypothesis import given, settings
from hypothesis import strategies as st

from classify.batches import (
    SEPARATOR_PAYLOAD,
    propose_split,
    proposed_starts,
    split_document,
)
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


def batch(*pages: Page) -> RecognizedDocument:
    return RecognizedDocument(
        "batch", tuple(replace(page, number=i) for i, page in enumerate(pages, 1))
    )


def parts(
    document: RecognizedDocument, payloads: dict[int, str] | None = None
) -> list[tuple[int, int]]:
    return [(part.pages[0], part.pages[-1]) for part in split_document(document, payloads)]


def test_one_letter_stays_one() -> None:
    assert parts(batch(LETTER)) == [(1, 1)]
    assert parts(batch(LETTER, MORE, MORE)) == [(1, 3)]


def test_a_page_with_a_head_begins_a_letter() -> None:
    document = batch(LETTER, MORE, LETTER, LETTER, MORE)
    assert parts(document) == [(1, 2), (3, 3), (4, 5)]
    assert all(part.confidence < 1.0 and part.because for part in split_document(document)[1:])


def test_a_separator_sheet_parts_for_certain_and_belongs_to_no_letter() -> None:
    document = batch(MORE, LETTER, MORE)
    assert parts(document, {2: SEPARATOR_PAYLOAD + ":1"}) == [(1, 1), (3, 3)]
    assert split_document(document, {2: SEPARATOR_PAYLOAD})[1].confidence == 1.0


def test_another_qr_code_parts_nothing() -> None:
    assert parts(batch(LETTER, MORE), {2: "https://example.org/form"}) == [(1, 2)]


def test_a_blank_page_before_a_head_parts_and_a_blank_back_does_not() -> None:
    assert parts(batch(LETTER, BLANK, LETTER)) == [(1, 1), (3, 3)]
    assert parts(batch(LETTER, BLANK, MORE, BLANK)) == [(1, 4)]


def test_a_copy_of_the_letter_that_is_answered_is_an_enclosure() -> None:
    assert parts(batch(WITH_ENCLOSURE, REFERRED)) == [(1, 2)]


def test_a_head_after_announced_enclosures_is_asked_about() -> None:
    (_, second) = split_document(batch(WITH_ENCLOSURE, LETTER))
    assert second.confidence <= 0.5


def test_an_empty_file_has_no_letter() -> None:
    assert split_document(RecognizedDocument("empty", ())) == ()
    assert split_document(batch(BLANK, BLANK)) == ()


@settings(deadline=None)
@given(
    st.lists(st.sampled_from([LETTER, WITH_ENCLOSURE, REFERRED, MORE, BLANK]), max_size=7),
    st.sets(st.integers(1, 7), max_size=2),
)
def test_every_printed_page_is_in_exactly_one_letter(pages: list[Page], sheets: set[int]) -> None:
    document = batch(*pages)
    found = split_document(document, dict.fromkeys(sheets, SEPARATOR_PAYLOAD))
    covered = [number for part in found for number in part.pages]
    assert len(covered) == len(set(covered))
    printed = {page.number for page in document.pages if page.lines} - sheets
    assert printed <= set(covered)
    assert not sheets & set(covered)


def test_the_clerk_is_asked_where_letters_begin_and_not_about_a_single_one() -> None:
    assert propose_split(batch(LETTER, MORE, MORE)) == ()
    (doubt,) = propose_split(batch(LETTER, MORE, LETTER, LETTER))
    assert (doubt.field, proposed_starts(doubt)) == ("pages", (3, 4))
    assert "3, 4" in doubt.thai


def test_what_may_be_an_enclosure_is_asked_only_of_a_file_said_to_be_a_batch() -> None:
    document = batch(WITH_ENCLOSURE, LETTER)
    assert propose_split(document) == ()
    (doubt,) = propose_split(document, batch=True)
    assert proposed_starts(doubt) == (2,)
