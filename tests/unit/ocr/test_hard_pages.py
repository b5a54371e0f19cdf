"""Tinted, fat, stamped, sealed pages and coloured paper are laid out as plain ones, and unsure lines cut anew."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

import cv2
import numpy as np
import pytest

from ocr.document import Ink
from ocr.engine import PagePicture
from ocr.layout import crossed_share, cut_dark_ink, cut_line, find_layout
from ocr.layout.blobs import find_blobs, in_pictures
from ocr.layout.ink import lift_tints, without_paper_colour
from ocr.layout.lines import NOT_TEXT
from ocr.other_cuts import read_otherwise
from ocr.recognizer import RecognizedCharacter, RecognizedLine
from tests.unit.ocr.test_layout import BASELINES, BODY_LINES, DPI, Picture, Sheet, baselines


def tinted(page: Picture, tone: int, box: tuple[int, int, int, int]) -> Picture:
    """Return the page with a flat tint of `tone` on the paper of `box` (left, top, right, bottom)."""
    left, top, right, bottom = box
    page = page.copy()
    part = page[top:bottom, left:right]
    page[top:bottom, left:right] = (part.astype(np.float32) * tone / 255).astype(np.uint8)
    return page


@pytest.mark.parametrize("tone", [150, 180, 200, 225])
@pytest.mark.parametrize(
    "box",
    [
        (140, 465, 700, 515),
        (140, 460, 1100, 640),
        (400, 520, 900, 575),
        (0, 400, 1240, 900),
        (140, 470, 700, 498),  # hardly higher than the letters
    ],
)
def test_a_highlighter_in_grey_is_paper(tone: int, box: tuple[int, int, int, int]) -> None:
    page = Sheet().body().gray()
    wanted = find_layout(page, DPI)
    found = find_layout(tinted(page, tone, box), DPI)
    assert baselines(found.lines) == pytest.approx(baselines(wanted.lines), abs=2)
    for line, other in zip(found.lines, wanted.lines, strict=True):
        assert line.box.left == pytest.approx(other.box.left, abs=6)
        assert line.box.right == pytest.approx(other.box.right, abs=6)


@pytest.mark.parametrize(
    "tone", [(135, 255, 135), (255, 240, 120), (255, 170, 210), (140, 220, 255)]
)
@pytest.mark.parametrize("turn", [0, 1])
def test_pale_print_under_a_highlighter_in_colour_is_read_as_on_paper(
    tone: tuple[int, int, int], turn: int
) -> None:
    pale = (255 - (255 - Sheet().body().colour().astype(np.float32)) * 0.45).astype(np.uint8)
    page = pale.copy()
    part = page[460:640, 140:1100].astype(np.float32)
    page[460:640, 140:1100] = (part * np.array(tone) / 255).astype(np.uint8)
    page, pale = np.rot90(page, k=-turn).copy(), np.rot90(pale, k=-turn).copy()
    wanted, found = find_layout(pale, DPI), find_layout(page, DPI)
    assert baselines(found.lines) == pytest.approx(baselines(wanted.lines), abs=2)
    assert {line.ink for line in found.lines} == {Ink.BLACK}
    for line, other in zip(found.lines, wanted.lines, strict=True):
        ink = (255.0 - cut_line(page, found, line)).mean()
        assert ink == pytest.approx((255.0 - cut_line(pale, wanted, other)).mean(), rel=0.15)


def test_black_blocks_photographs_and_print_are_no_tint() -> None:
    page = np.full((600, 600), 250, np.uint8)
    page[100:200, 100:200] = 60
    page[300:500, 100:400] = np.linspace(120, 235, 300, dtype=np.uint8)  # from dark to light
    cv2.putText(page, "SECRET", (250, 220), cv2.FONT_HERSHEY_SIMPLEX, 3, (150,), 14)
    assert np.array_equal(lift_tints(page), page)


@pytest.mark.parametrize(
    "paper", [(255, 235, 150), (200, 235, 200), (250, 200, 215), (190, 215, 250)]
)
def test_coloured_paper_is_no_coloured_ink(paper: tuple[int, int, int]) -> None:
    sheet = Sheet().body().write("ด่วนที่สุด", (150, 300), points=26, ink=(190, 20, 30))
    plain = find_layout(sheet.colour(), DPI)
    page = (sheet.colour().astype(np.float32) * np.array(paper) / 255).astype(np.uint8)
    noise = np.random.default_rng(3).normal(0, 4, page.shape)
    found = find_layout(np.clip(page + noise, 0, 255).astype(np.uint8), DPI)
    assert baselines(found.lines) == pytest.approx(baselines(plain.lines), abs=3)
    assert [line.ink for line in found.lines] == [line.ink for line in plain.lines]


def test_white_paper_and_a_red_page_keep_their_colours() -> None:
    white = np.full((80, 80, 3), (250, 248, 243), np.uint8)
    red = np.full((80, 80, 3), (200, 10, 10), np.uint8)
    assert np.array_equal(without_paper_colour(white), white)
    assert np.array_equal(without_paper_colour(red), red)


def test_lines_of_a_fat_copy_are_no_emblem_and_an_emblem_on_it_is_one() -> None:
    sheet = Sheet()
    for at in range(10):
        sheet.write(BODY_LINES[at % len(BODY_LINES)], (150, 400 + 44 * at))
    fat = cv2.erode(sheet.gray(), np.ones((5, 5), np.uint8))
    mask = (np.asarray(fat) < 128).astype(np.uint8)
    assert not in_pictures(find_blobs(mask), mask, 20.0).any()
    cv2.circle(mask, (620, 190), 70, (1,), -1)
    pictures = in_pictures(find_blobs(mask), mask, 20.0)
    assert np.count_nonzero(pictures) == 1


def test_a_line_whose_letters_run_together_is_kept() -> None:
    page = Sheet().body().gray()
    cv2.rectangle(page, (150, 290), (600, 318), (0,), -1)
    for x in range(160, 600, 14):  # one piece of ink, as high as letters with a vowel
        cv2.rectangle(page, (x, 294), (x + 7, 313), (255,), -1)
    found = find_layout(page, DPI)
    assert len(found.lines) == len(BASELINES) + 1
    assert found.lines[0].box.right - found.lines[0].box.left > 400


def test_what_a_seal_crosses_is_told_and_can_be_cut_with_the_seal() -> None:
    page = Sheet().body().gray()
    layout = find_layout(page, DPI)
    owners = layout.owners[Ink.BLACK].copy()
    first = layout.lines[0]
    left, right = first.box.left, (first.box.left + first.box.right) // 2
    owners[first.box.top : first.box.bottom, left:right] = NOT_TEXT  # as a seal's ring
    crossed = replace(layout, owners={Ink.BLACK: owners})
    shares = [crossed_share(crossed, line) for line in crossed.lines]
    assert shares[0] == pytest.approx(0.5, abs=0.06)
    assert max(shares[1:]) == 0
    blanked = cut_line(page, crossed, first)
    assert np.array_equal(
        cut_line(page, crossed, first, crossed=True), cut_line(page, layout, first)
    )
    assert np.count_nonzero(blanked < 128) < 0.7 * np.count_nonzero(
        cut_line(page, layout, first) < 128
    )


def test_print_under_a_grey_stamp_is_cut_without_the_stamp() -> None:
    page = Sheet().body().gray()
    plain = find_layout(page, DPI)
    stamp = Sheet().write("สำนักงานเขตพื้นที่การศึกษา", (180, BASELINES[1] + 6), points=16).gray()
    stamped = np.minimum(page, np.where(stamp < 128, 140, 255)).astype(np.uint8)
    line = plain.lines[1]
    wanted = cut_line(page, plain, line)
    with_stamp = cut_line(stamped, plain, line)
    dark = cut_dark_ink(stamped, plain, line)
    assert dark is not None
    pale = (with_stamp < 200) & (wanted > 220)
    assert np.count_nonzero(pale) > 500
    assert np.count_nonzero((dark < 200) & pale) < 0.1 * np.count_nonzero(pale)
    assert np.count_nonzero((dark < 128) & (wanted < 100)) > 0.5 * np.count_nonzero(wanted < 100)


def test_a_line_without_ink_has_no_dark_ink() -> None:
    layout = find_layout(Sheet().body().gray(), DPI)
    blank = np.full((1754, 1240), 255, np.uint8)
    assert cut_dark_ink(blank, layout, layout.lines[0]) is None


def read_as(text: str, confidence: float) -> RecognizedLine:
    characters = tuple(
        RecognizedCharacter(one, confidence, float(at), float(at + 1))
        for at, one in enumerate(text)
    )
    return RecognizedLine(text, confidence, characters)


def test_an_unsure_line_of_another_size_is_read_at_the_usual_one_and_the_surer_reading_wins() -> (
    None
):
    page = Sheet().body().gray()
    layout = find_layout(page, DPI)
    usual = layout.lines[0].body_height
    swollen = replace(layout.lines[1], body_height=1.5 * usual)
    layout = replace(layout, lines=(layout.lines[0], swollen, *layout.lines[2:]))
    crops = [cut_line(page, layout, line) for line in layout.lines]
    read = [read_as("กขค", 0.99), read_as("?", 0.5), *(read_as("กขค", 0.99) for _ in crops[2:])]
    asked: list[int] = []

    def recognize(cut: Sequence[Picture]) -> list[RecognizedLine]:
        asked.append(len(cut))
        return [read_as("กขค", 0.9 if at == 0 else 0.4) for at, _ in enumerate(cut)]

    settled = read_otherwise(PagePicture(page, DPI), layout, crops, read, recognize)
    assert asked and asked[0] < 8  # the cuts of one line
    assert settled.lines[1].body_height == pytest.approx(usual)
    assert "".join(one.text for one in read[1].characters) == "กขค"
    assert settled.lines[0] == layout.lines[0]


def test_a_less_sure_reading_of_a_plain_line_changes_nothing() -> None:
    page = Sheet().body().gray()
    layout = find_layout(page, DPI)
    crops = [cut_line(page, layout, line) for line in layout.lines]
    read = [read_as("กขค", 0.8) for _ in crops]

    def recognize(cut: Sequence[Picture]) -> list[RecognizedLine]:
        return [read_as("กขคงจฉ", 0.75) for _ in cut]

    assert read_otherwise(PagePicture(page, DPI), layout, crops, read, recognize) == layout
    assert all(line.confidence == pytest.approx(0.8) for line in read)


def test_sure_lines_are_not_cut_again() -> None:
    page = Sheet().body().gray()
    layout = find_layout(page, DPI)
    crops = [cut_line(page, layout, line) for line in layout.lines]

    def recognize(cut: Sequence[Picture]) -> list[RecognizedLine]:
        raise AssertionError(len(cut))

    read = [read_as("กขค", 0.99) for _ in crops]
    assert read_otherwise(PagePicture(page, DPI), layout, crops, read, recognize) == layout
    assert all(line.ink is Ink.BLACK for line in layout.lines)


def test_what_a_seal_crosses_is_never_sure_however_it_was_read() -> None:
    page = Sheet().body().gray()
    layout = find_layout(page, DPI)
    owners = layout.owners[Ink.BLACK].copy()
    first = layout.lines[0]
    owners[first.box.top : first.box.bottom, first.box.left : first.box.left + 80] = NOT_TEXT
    layout = replace(layout, owners={Ink.BLACK: owners})
    crops = [cut_line(page, layout, line) for line in layout.lines]
    read = [read_as("กขค", 0.99) for _ in crops]
    read_otherwise(
        PagePicture(page, DPI), layout, crops, read, lambda cut: [read_as("กขค", 1.0)] * len(cut)
    )
    assert {one.confidence for one in read[0].characters} == {0.8}
    assert read[0].confidence == 0.8
    assert all(one.confidence == 0.99 for one in read[1:])
