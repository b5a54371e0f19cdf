"""Of two pages on one sheet the letter's own are read in its order; of two letters on one sheet none lends a field."""

from __future__ import annotations

from dataclasses import replace
from datetime import date

import pytest

from classify import find_fields, lay_out_document, load_rules, take_pages
from classify.batches import propose_split, split_document, sure_letters
from classify.laid_out import LaidOut
from classify.letter import Letter
from ocr.document import Box, Line, Page, RecognizedDocument
from tests.paper import BODY, EXTERNAL, HEIGHT, WIDTH, page_of

RULES = load_rules()
FIRST = page_of("external", EXTERNAL).pages[0]
SECOND = page_of("other", [BODY, "จึงเรียนมาเพื่อโปรดทราบ"]).pages[0]
OTHER_LINES = [
    "ที่ กค ๐๔๐๘.๕/ว ๓๗",
    "กรมบัญชีกลาง",
    "ถนนพระรามที่ ๖ กทม. ๑๐๔๐๐",
    "๒๕ เมษายน ๒๕๖๘",
    "เรื่อง ระเบียบการเบิกจ่าย",
    "เรียน อธิบดีกรมตัวอย่าง",
    BODY,
]
OTHER = page_of("external", OTHER_LINES).pages[0]


def sheet(*sides: Page) -> LaidOut:
    """Lay pages on sheets two by two, as reading hands them on."""
    pages = tuple(replace(page, number=at, sheet=(at + 1) // 2) for at, page in enumerate(sides, 1))
    return lay_out_document(RecognizedDocument("scan", pages))


def letter_of(laid_out: LaidOut) -> Letter:
    return find_fields(laid_out, agencies=RULES.agencies, today=date(2026, 1, 5))


def values(letter: Letter) -> tuple[object, ...]:
    names = ("number", "date", "sender", "subject", "recipient")
    return tuple(getattr(letter, name) and getattr(letter, name).value for name in names)


ALONE = values(letter_of(lay_out_document(RecognizedDocument("scan", (FIRST,)))))


@pytest.mark.parametrize("sides", [(FIRST, SECOND), (SECOND, FIRST), (FIRST, SECOND, SECOND)])
def test_the_page_with_the_head_comes_first_whichever_side_it_lies_on(
    sides: tuple[Page, ...],
) -> None:
    laid_out = sheet(*sides)
    assert values(letter_of(laid_out)) == ALONE
    assert laid_out.document.text.startswith("ที่ ศธ")
    assert [page.number for page in laid_out.document.pages] == list(range(1, len(sides) + 1))
    assert propose_split(laid_out) == ()


def test_fields_are_found_on_the_files_page() -> None:
    letter = letter_of(sheet(SECOND, FIRST))
    assert letter.number is not None and letter.number.page == 1
    assert letter.signer is None or letter.signer.page == 1


@pytest.mark.parametrize(
    "sides", [(FIRST, OTHER), (FIRST, SECOND, OTHER, SECOND), (FIRST, OTHER, SECOND, SECOND)]
)
def test_two_letters_are_never_mixed(sides: tuple[Page, ...]) -> None:
    assert values(letter_of(sheet(*sides))) == ALONE


def test_the_clerk_is_told_of_a_second_letter_on_the_sheet_and_it_is_not_cut() -> None:
    laid_out = sheet(FIRST, OTHER)
    (doubt,) = propose_split(laid_out)
    assert (doubt.code, doubt.pages) == ("letters_on_sheet", (1,))
    assert [part.pages for part in split_document(laid_out)] == [range(1, 2)]
    assert sure_letters(laid_out, batch=True) == ()


def test_a_field_that_the_first_letter_lacks_is_not_taken_from_the_second() -> None:
    undated = page_of("external", [one for one in EXTERNAL if "กรกฎาคม ๒๕๖๘" not in one]).pages[0]
    letter = letter_of(sheet(undated, OTHER))
    assert letter.date is None
    assert letter.number is not None and letter.number.value == "ศธ 04001/ว 1234"


def test_a_letter_on_the_next_sheet_is_proposed_by_the_files_page() -> None:
    (doubt,) = propose_split(
        sheet(page_of("external", OTHER_LINES).pages[0], SECOND, OTHER, SECOND)
    )
    assert (doubt.code, doubt.pages) == ("several_letters", (2,))


def test_pages_are_taken_by_the_files_count_with_both_sides() -> None:
    taken = take_pages(sheet(FIRST, SECOND, OTHER, SECOND), range(2, 3))
    assert [(page.number, page.file_page) for page in taken.document.pages] == [(1, 1), (2, 1)]
    assert "กรมบัญชีกลาง" in taken.document.text
    assert "กรกฎาคม" not in taken.document.text


def half_height(page: Page, down: int) -> tuple[Line, ...]:
    """Return a page's lines as they stand on one half of a sheet, smaller."""

    def box(one: Box) -> Box:
        return Box(one.left, one.top // 2 + down, one.right, one.bottom // 2 + down)

    return tuple(
        replace(
            line,
            box=box(line.box),
            words=tuple(replace(word, box=box(word.box)) for word in line.words),
        )
        for line in page.lines
    )


def test_a_second_letter_under_the_first_is_told() -> None:
    lines = (*half_height(FIRST, 0), *half_height(OTHER, HEIGHT // 2))
    page = replace(FIRST, lines=lines, width=WIDTH)
    laid_out = lay_out_document(RecognizedDocument("scan", (page,)))
    (doubt,) = propose_split(laid_out)
    assert (doubt.code, doubt.pages) == ("letters_on_sheet", (1,))
    assert values(letter_of(laid_out))[:2] == ALONE[:2]
