"""Two pages on one sheet are parted at the gutter, left before right; tables, figures and single pages stay whole."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest
from numpy.typing import NDArray

from ocr.document import (
    Box,
    Crest,
    Flattened,
    Ink,
    Line,
    MarkKind,
    Origin,
    Page,
    RecognizedDocument,
    SeenMark,
    Word,
)
from ocr.engine import PagePicture
from ocr.two_pages import find_gutter, split_sheet

WIDTH, HEIGHT = 1654, 1169  # A3 at 100 dpi, lying


def line(text: str, left: int, top: int, width: int = 500) -> Line:
    box = Box(left, top, left + width, top + 20)
    return Line(text, box, (Word(text, box, 0.9),), 0.9)


def paragraphs(left: int, count: int = 8, width: int = 600) -> list[Line]:
    return [line("ข้อความหนึ่งบรรทัด", left, 100 + 40 * i, width) for i in range(count)]


def sheet_of(*lines: Line, size: tuple[int, int] = (WIDTH, HEIGHT)) -> Page:
    return Page(1, *size, 100.0, 0, tuple(lines), Origin.RECOGNIZED, "test")


def white(page: Page) -> NDArray[np.uint8]:
    return np.full((page.height, page.width), 250, np.uint8)


def split(page: Page, gray: NDArray[np.uint8] | None = None) -> tuple[Page, ...]:
    return split_sheet(page, PagePicture(white(page) if gray is None else gray, 100.0))


@pytest.mark.parametrize("shift", [-40, 0, 55])
def test_a_booklets_two_pages_are_parted_wherever_it_lay(shift: int) -> None:
    page = sheet_of(*paragraphs(110 + shift), *paragraphs(930 + shift))
    left, right = split(page)
    assert left.width + right.width == WIDTH
    assert left.lines == tuple(paragraphs(110 + shift))
    assert right.lines[0].box.left == 930 + shift - left.width
    assert (left.file_page, right.file_page) == (1, 1)


def test_lines_of_both_sides_that_alternate_are_sorted_by_side() -> None:
    mixed = [one for pair in zip(paragraphs(110), paragraphs(930), strict=True) for one in pair]
    left, right = split(sheet_of(*mixed))
    assert len(left.lines) == len(right.lines) == 8


def test_two_small_letters_on_the_glass_are_parted() -> None:
    page = sheet_of(*paragraphs(60, 5, 450), *paragraphs(640, 5, 450), size=(1169, 827))
    assert len(split(page)) == 2


def test_an_upright_page_and_a_page_with_print_in_the_middle_stay_whole() -> None:
    upright = sheet_of(*paragraphs(60, 5, 300), *paragraphs(480, 5, 300), size=(827, 1169))
    assert split(upright) == (upright,)
    across = sheet_of(*paragraphs(110), *paragraphs(930), line("ข้อความที่พาดกลางแผ่น", 600, 700))
    assert split(across) == (across,)


def test_a_table_whose_rules_run_from_side_to_side_stays_whole() -> None:
    page = sheet_of(*paragraphs(110), *paragraphs(930))
    ruled = white(page)
    for top in range(90, 460, 40):
        ruled[top : top + 2, 60:1600] = 20
    assert split(page, ruled) == (page,)


def test_the_shadow_of_a_fold_does_not_keep_the_pages_together() -> None:
    page = sheet_of(*paragraphs(110), *paragraphs(930))
    folded = white(page)
    folded[:, 820:834] = 90
    assert len(split(page, folded)) == 2


def test_a_letter_beside_an_empty_page_is_that_page_alone() -> None:
    (only,) = split(sheet_of(*paragraphs(930), line("๑", 300, 40, 20)))
    assert only.width < 0.6 * WIDTH
    assert only.lines[0].box.left < 200


def test_a_page_without_a_line_has_no_gutter() -> None:
    assert find_gutter(sheet_of()) is None
    assert split(sheet_of()) == (sheet_of(),)


def test_the_archive_gets_the_files_own_page_with_all_words_in_their_places() -> None:
    page = sheet_of(*paragraphs(110), *paragraphs(930))
    sides = tuple(replace(side, number=at) for at, side in enumerate(split(page), 1))
    after = replace(sheet_of(*paragraphs(110), size=(827, 1169)), number=3, sheet=2)
    document = RecognizedDocument("scan", (*sides, after))
    assert document.file_page_count == 2
    assert document.text.count("\f") == 1
    first, second = document.as_filed().pages
    assert (first.number, second.number) == (1, 2)
    assert first.lines == page.lines
    assert (first.width, first.height, first.flattened) == (WIDTH, HEIGHT, None)


def test_a_photographed_sheets_sides_lie_on_the_photograph() -> None:
    flat = Flattened((0.5, 0.0, 30.0, 0.0, 0.5, 20.0, 0.0, 0.0, 1.0), 900, 700, 72.0)
    page = replace(sheet_of(*paragraphs(110), *paragraphs(930)), flattened=flat)
    _, right = split(page)
    shown = right.on_picture().lines[0].box
    assert abs(shown.left - (930 / 2 + 30)) <= 1
    assert abs(shown.top - (100 / 2 + 20)) <= 1


MARK = SeenMark(MarkKind.SECRECY, Box(700, 20, 960, 70), 0.95)  # in the middle of the sheet
AT_THE_LEFT = SeenMark(MarkKind.SECRECY, Box(300, 20, 400, 70), 0.6)


def test_every_side_of_a_sheet_bears_all_its_marks() -> None:
    page = replace(sheet_of(*paragraphs(110), *paragraphs(930)), marks=(MARK, AT_THE_LEFT))
    left, right = split(page)
    assert left.marks == page.marks
    assert [mark.box.left for mark in right.marks] == [700 - left.width, 300 - left.width]


def test_the_crest_stays_in_its_place_on_the_sheet_and_on_the_photograph() -> None:
    flat = Flattened((0.5, 0.0, 30.0, 0.0, 0.5, 20.0, 0.0, 0.0, 1.0), 900, 700, 72.0)
    crest = Crest(Box(1200, 40, 1360, 200), Ink.BLACK)
    page = replace(sheet_of(*paragraphs(110), *paragraphs(930)), flattened=flat, crest=crest)
    _, right = split(page)
    assert right.crest is not None and right.crest.box.left == 1200 - (page.width - right.width)
    (filed,) = RecognizedDocument("scan", (right,)).as_filed().pages
    assert filed.crest == Crest(Box(630, 40, 710, 120), Ink.BLACK)


def test_a_mark_on_the_side_without_print_is_not_lost_with_it() -> None:
    page = replace(sheet_of(*paragraphs(930)), marks=(AT_THE_LEFT,))
    (only,) = split(page)
    assert [(mark.kind, mark.share) for mark in only.marks] == [(MarkKind.SECRECY, 0.6)]


def test_the_archived_page_has_the_marks_of_both_sides_once() -> None:
    page = replace(sheet_of(*paragraphs(110), *paragraphs(930)), marks=(MARK, AT_THE_LEFT))
    left, right = split(page)
    other = SeenMark(MarkKind.URGENCY, Box(10, 5, 40, 25), 0.9)
    right = replace(right, number=2, marks=(*right.marks, other))
    (filed,) = RecognizedDocument("scan", (left, right)).as_filed().pages
    placed = replace(other, box=Box(10 + left.width, 5, 40 + left.width, 25))
    assert filed.marks == (MARK, AT_THE_LEFT, placed)
