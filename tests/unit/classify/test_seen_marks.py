"""A mark that was only seen holds the letter, unless words that are no mark were read well in its place."""

from __future__ import annotations

from dataclasses import replace
from datetime import date

import pytest

from classify import Letter, Secrecy, find_fields, lay_out_document, load_rules
from classify.seen_marks import READ_OTHERWISE, SURE, UNREAD, see_secrecy
from ocr.document import (
    Box,
    Crest,
    Flattened,
    Ink,
    Line,
    MarkKind,
    Page,
    RecognizedDocument,
    SeenMark,
    Word,
)
from tests.paper import EXTERNAL, page_of

RULES = load_rules()
PLACE = Box(1180, 60, 1310, 160)


def find(*pages: Page) -> Letter:
    document = RecognizedDocument("seen", pages)
    return find_fields(
        lay_out_document(document), agencies=RULES.agencies, today=date(2026, 11, 21)
    )


def first_page(
    share: float, *, kind: MarkKind = MarkKind.SECRECY, read: str = "", confidence: float = 0.95
) -> Page:
    page = page_of("external", EXTERNAL).pages[0]
    words = tuple(Word(part, PLACE, confidence) for part in read.split())
    line = (Line(read, PLACE, words, confidence, Ink.BLACK),) if read else ()
    return replace(page, lines=(*line, *page.lines), marks=(SeenMark(kind, PLACE, share),))


def codes(letter: Letter, field: str) -> list[str]:
    return [doubt.code for doubt in letter.doubts if doubt.field == field]


def test_a_mark_that_nobody_could_read_makes_the_letter_secret_and_asks_the_registrar() -> None:
    letter = find(first_page(UNREAD + 0.01))
    assert letter.is_secret
    assert codes(letter, "secrecy") == ["secrecy_seen"]
    assert letter.secrecy is not None and letter.secrecy.box == PLACE


def test_a_faint_likeness_on_bare_paper_does_not() -> None:
    letter = find(first_page(UNREAD - 0.01))
    assert not letter.is_secret and not codes(letter, "secrecy")


@pytest.mark.parametrize("read", ["บันทึกข้อความ", "กระทรวงศึกษาธิการ", "หน้า ๒", "- ๑๒ -"])
def test_print_that_was_read_well_and_is_no_mark_needs_a_surer_look(read: str) -> None:
    assert not find(first_page(READ_OTHERWISE - 0.01, read=read)).is_secret
    assert find(first_page(READ_OTHERWISE + 0.01, read=read)).is_secret


@pytest.mark.parametrize(("read", "confidence"), [("บน", 0.99), ("๐", 0.4), ("กระทรวง", 0.5)])
def test_what_was_read_badly_or_is_too_short_does_not_weigh(read: str, confidence: float) -> None:
    assert find(first_page(UNREAD + 0.05, read=read, confidence=confidence)).is_secret


def test_a_mark_that_was_read_says_which_it_is() -> None:
    letter = find(first_page(0.99, read="ลับมาก"))
    assert letter.secrecy is not None and letter.secrecy.value is Secrecy.VERY_SECRET


def test_a_mark_on_the_second_page_counts() -> None:
    page = page_of("external", EXTERNAL).pages[0]
    letter = find(page, replace(first_page(SURE), number=2))
    assert letter.is_secret
    assert letter.secrecy is not None and letter.secrecy.page == 2


def test_an_urgency_mark_that_nobody_could_read_is_asked_about_and_hides_nothing() -> None:
    letter = find(first_page(0.9, kind=MarkKind.URGENCY))
    assert not letter.is_secret
    assert codes(letter, "urgency") == ["mark_seen"]


def test_what_was_read_on_the_sheets_other_page_weighs_there_only() -> None:
    """A mark of a sheet is told with both its pages; print at its place is the page's it stands on."""
    printed = first_page(READ_OTHERWISE - 0.01, read="บันทึกข้อความ")
    whole = (1.0, 0.0, 0.0, 0.0, 1.0, 0.0, 0.0, 0.0, 1.0)
    moved = (1.0, 0.0, 2000.0, 0.0, 1.0, 0.0, 0.0, 0.0, 1.0)
    left = replace(printed, flattened=Flattened(whole, 6000, 4000, 300.0))
    there = replace(printed.marks[0], box=Box(-820, 60, -690, 160))
    right = replace(
        page_of("external", EXTERNAL).pages[0],
        number=2,
        sheet=1,
        marks=(there,),
        flattened=Flattened(moved, 6000, 4000, 300.0),
    )
    assert see_secrecy(None, (left, right)) is None
    assert see_secrecy(None, (right,)) is not None


CREST = Crest(Box(1090, 186, 1394, 498), Ink.BLACK)
IN_WHEEL = Box(1048, 360, 1238, 500)  # as two spokes of the demonstration letters' wheel were read


def with_crest(
    text: str,
    box: Box,
    *,
    crest: Crest | None = CREST,
    ink: Ink = Ink.BLACK,
    seen: MarkKind | None = None,
) -> Letter:
    page = page_of("external", EXTERNAL).pages[0]
    line = Line(text, box, (Word(text, box, 0.39),), 0.39, ink)
    marks = () if seen is None else (SeenMark(seen, box, 0.2),)
    return find(replace(page, lines=(line, *page.lines), crest=crest, marks=marks))


@pytest.mark.parametrize(
    ("text", "box"),
    [("20", IN_WHEEL), ("(y0", Box(1058, 215, 1305, 359)), ("๒/5/", Box(1044, 326, 1404, 475))],
)
def test_what_was_read_in_the_crest_asks_nothing_about_urgency(text: str, box: Box) -> None:
    assert codes(with_crest(text, box, crest=None), "urgency") == ["mark_unread"]
    assert not codes(with_crest(text, box), "urgency")


@pytest.mark.parametrize(
    ("box", "ink", "seen"),
    [
        (Box(1230, 326, 1560, 475), Ink.BLACK, None),  # half over the crest
        (IN_WHEEL, Ink.RED, None),  # in red over the black crest
        (IN_WHEEL, Ink.BLACK, MarkKind.URGENCY),  # its letters look like ด่วน
    ],
)
def test_what_may_be_an_urgency_mark_at_the_crest_is_asked_about(
    box: Box, ink: Ink, seen: MarkKind | None
) -> None:
    assert "mark_unread" in codes(with_crest("๒/5/", box, ink=ink, seen=seen), "urgency")


@pytest.mark.parametrize("text", ["ลับ", "สลบ", "ลับมา"])
def test_the_crest_hides_no_mark_of_secrecy(text: str) -> None:
    assert with_crest(text, IN_WHEEL).is_secret
