"""Lines read where a page has no text join its rows, unless they lie over print or turned."""

from __future__ import annotations

import numpy as np
import pytest

from ocr.document import Box, Line, Origin, Page, Word
from ocr.engine import PagePicture
from ocr.wordless_ink import add_lines, has_wordless_ink, turn_box_back

WIDTH, HEIGHT = 2480, 3508


def line(text: str, left: int, top: int, height: int = 60) -> Line:
    words, at = [], left
    for part in text.split():
        words.append(Word(part, Box(at, top, at + 30 * len(part), top + height), 0.9))
        at += 30 * len(part) + 20
    return Line(text, Box(left, top, at - 20, top + height), tuple(words), 0.9)


def page(*lines: Line, rotation: int = 0) -> Page:
    size = (HEIGHT, WIDTH) if rotation in (90, 270) else (WIDTH, HEIGHT)
    return Page(1, *size, 300, rotation, lines, Origin.BORN_DIGITAL, "test")


@pytest.mark.parametrize(
    ("typed", "read", "together"),
    [
        (line("ที่ ศธ ๐๔๐๐๖/ว", 300, 500), line("๑๒๗๔", 740, 505), "ที่ ศธ ๐๔๐๐๖/ว ๑๒๗๔"),
        (line("มกราคม ๒๕๖๙", 900, 500), line("๑๕", 800, 495), "๑๕ มกราคม ๒๕๖๙"),
        (
            Line(
                "วันที่ มกราคม",
                Box(300, 500, 1100, 560),
                (*line("วันที่", 300, 500).words, *line("มกราคม", 900, 500).words),
                1.0,
            ),
            line("๑๕", 600, 500),
            "วันที่ ๑๕ มกราคม",
        ),
    ],
)
def test_what_stands_in_a_gap_is_of_its_row(typed: Line, read: Line, together: str) -> None:
    whole = add_lines(page(typed, line("เรื่อง ขอเชิญ", 300, 700)), page(read))
    assert [one.text for one in whole.lines] == [together, "เรื่อง ขอเชิญ"]
    assert whole.origin is Origin.MIXED


@pytest.mark.parametrize(
    "read",
    [
        line("สำเนา", 400, 480, height=300),  # a watermark behind the line
        line("สำเนา", 400, 500),
        line("สำเนา", 1800, 500),
        line("สำเนา", 300, 580),
    ],
)
def test_what_lies_over_print_or_apart_is_a_line_of_its_own(read: Line) -> None:
    typed = line("ที่ ศธ ๐๔๐๐๖/ว ๑๒๗๔", 300, 500)
    whole = add_lines(page(typed), page(read))
    assert sorted(one.text for one in whole.lines) == sorted([typed.text, "สำเนา"])


@pytest.mark.parametrize("rotation", [90, 180, 270])
def test_lines_of_a_turned_picture_lie_where_they_are_seen(rotation: int) -> None:
    scanned = np.full((HEIGHT, WIDTH), 255, dtype=np.uint8)
    scanned[100:200, 300:700] = 0
    upright = PagePicture(scanned, 300).upright(rotation)
    rows, columns = np.nonzero(upright.pixels == 0)
    box = Box(int(columns.min()), int(rows.min()), int(columns.max()) + 1, int(rows.max()) + 1)
    assert turn_box_back(box, rotation, upright.width, upright.height) == Box(300, 100, 700, 200)
    turned = Line("ด่วน", box, (Word("ด่วน", box, 0.9),), 0.9)
    whole = add_lines(page(line("ที่", 300, 900)), page(turned, rotation=rotation))
    assert whole.lines[0].box == Box(300, 100, 700, 200)
    assert whole.lines[0].words[0].box == Box(300, 100, 700, 200)


def test_nothing_read_leaves_the_page_as_it_is() -> None:
    typed = page(line("ที่", 300, 900))
    assert add_lines(typed, page()) is typed


def test_rules_and_specks_are_no_ink_to_read_letters_are() -> None:
    empty = np.full((1170, 827), 255, dtype=np.uint8)
    assert not has_wordless_ink(PagePicture(empty, 100))
    ruled = empty.copy()
    ruled[200, 50:700] = ruled[50:1000, 400] = 0
    ruled[300:302, 100:102] = 0
    assert not has_wordless_ink(PagePicture(ruled, 100))
    lettered = empty.copy()
    lettered[100:112, 100:106] = lettered[100:112, 110:116] = 0
    assert has_wordless_ink(PagePicture(lettered, 100))
    pictured = np.full((1170, 827), 255, dtype=np.uint8)
    pictured[300:900, 100:700] = 180
    assert has_wordless_ink(PagePicture(pictured, 100))
