"""What was read twice, once in each of two inks, stands once in the text; what differs stays."""

from __future__ import annotations

from dataclasses import replace

import pytest

from ocr.document import Box, Ink, Line, Word
from ocr.echoes import without_echoes

PRINT = Line("เรื่อง แผนการตรวจสอบภายใน", Box(349, 744, 1779, 811), (), 0.99)
FRINGE = replace(PRINT, box=Box(349, 756, 1772, 822), confidence=0.9, ink=Ink.RED)


@pytest.mark.parametrize("order", [(PRINT, FRINGE), (FRINGE, PRINT)])
def test_the_worse_of_two_readings_of_one_line_is_left_out(order: tuple[Line, Line]) -> None:
    assert without_echoes(order) == (PRINT,)


def test_a_part_of_a_line_is_its_echo_however_sure() -> None:
    part = replace(FRINGE, text="รื่อง แผนการตรวจสอบภายใน", confidence=1.0)
    assert without_echoes((part, PRINT)) == (PRINT,)


def test_equal_readings_stand_once() -> None:
    twin = replace(PRINT, ink=Ink.RED)
    assert len(without_echoes((PRINT, twin))) == 1


@pytest.mark.parametrize(
    "other",
    [
        replace(FRINGE, ink=Ink.BLACK),  # one ink: two lines
        replace(FRINGE, box=Box(349, 830, 1772, 896)),  # the next line says the same
        replace(FRINGE, text="เลขรับ ๑๒๓ เวลา ๑๐.๓๐"),  # a stamp over print
    ],
)
def test_what_is_no_echo_stays(other: Line) -> None:
    assert without_echoes((PRINT, other)) == (PRINT, other)


NUMBER = Line(
    "ที่ ศธ ๐๖๑๔/ว ๙๓๖๕๐",
    Box(350, 356, 815, 402),
    (
        Word("ที่", Box(350, 356, 390, 402), 0.99),
        Word("ศธ", Box(420, 356, 480, 402), 0.99),
        Word("๐๖๑๔/ว", Box(500, 356, 640, 402), 0.99),
        Word("๙๓๖๕๐", Box(660, 356, 815, 402), 0.99),
    ),
    0.99,
)


@pytest.mark.parametrize("read", ["๙๓๖๕๐", "๙๓๖๔๐"])
def test_a_number_by_blue_pen_that_ends_a_printed_line_stands_once(read: str) -> None:
    pen = Line(read, Box(658, 365, 809, 402), (), 1.0, ink=Ink.BLUE)
    assert without_echoes((NUMBER, pen)) == (NUMBER,)


def test_a_stamp_over_the_end_of_a_printed_line_stays() -> None:
    stamp = Line("เลขที่รับ", Box(658, 365, 809, 402), (), 1.0, ink=Ink.BLUE)
    assert without_echoes((NUMBER, stamp)) == (NUMBER, stamp)
