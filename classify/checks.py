"""Consistency: what one field says of another, and words that no name has; each is a question, not a silence."""

from __future__ import annotations

import re
from collections.abc import Iterator
from itertools import pairwise

from classify.agencies import AgencyTable
from classify.foot_fields import DatePlace
from classify.layout import PageLayout, Piece
from classify.letter import Found, Kind, ReviewReason
from classify.names import (
    begins_as_agency,
    cut_short,
    doubled_syllables,
    misread_phrase,
    misread_place,
    odd_province,
    stray_figure,
    unfinished,
    unknown_names,
)
from classify.numbers import LetterNumber
from classify.reasons import reason
from ocr.document import Box
from ocr.thai_text import to_arabic_digits

_ADDRESS_WORDS = re.compile(
    r"(?:^|\s)(?:ถนน|ถ\.|ซอย|หมู่ที่|หมู่\s*\d|ตู้\s*ป|โทร|เลขที่|ต\.|อ\.|จ\.)\S*"
    r"|กทม|\d{3}|\d+/\d+|@|เลข\S*รับ|เวลา\s*\d"
)
_FULL = 0.85  # of the page width: so far a line reaches that is broken because it is full
_NAMELESS = re.compile(r"(?<!ทุก)(?:จังหวัด|ตำบล|อำเภอ|จัง|โรงเรียน)$")
_EDGE = 0.995  # of the page width
# Of the piece's height. Of 88 right and sure senders, recipients and subjects of even seeds and of scans the widest gap
# was 0.98, of 394 read perfectly 0.8; two names with a word under a seal had 1.78 and 1.83.
_HOLE_HEIGHTS = 1.3
_BESIDE_HEIGHTS = (
    1.5  # closer ink before a day may be its first figure; words of a line stand 0.5 apart
)


def check_sender(sender: Found[str] | None, page_width: int) -> Iterator[ReviewReason]:
    """Doubt a sender with an address in it, or one that begins or ends as no office's name does."""
    if sender is None:
        return
    words = _ADDRESS_WORDS.search(to_arabic_digits(sender.value))
    if words is not None:
        yield reason("sender", "sender_with_address", words[0].strip())
    full = sender.box is not None and sender.box.right > _FULL * page_width
    if full and _NAMELESS.search(sender.value):
        yield reason("sender", "sender_unfinished", sender.value[-30:])
    if not begins_as_agency(sender.value):
        yield reason("sender", "sender_odd_begin", sender.value[:30])
    short = cut_short(sender.value) or stray_figure(sender.value)
    if short:
        yield reason("sender", "name_unknown_word", short)


def check_number(
    number: LetterNumber | None, sender: Found[str] | None, agencies: AgencyTable
) -> Iterator[ReviewReason]:
    """Doubt a number whose code is another's than the sender's: one of the two was misread."""
    if number is None or sender is None:
        return
    if agencies.agrees(number, sender.value) is False or agencies.contradicts(number, sender.value):
        yield reason("number", "number_disagrees", sender.value)


def check_names(
    phrases: tuple[str, ...],
    *,
    sender: Found[str] | None,
    recipient: Found[str] | None,
    subject: Found[str] | None,
) -> Iterator[ReviewReason]:
    """Doubt names with a word of no dictionary, a syllable read twice, a place that is none, a figure lost.

    `phrases` are stock words whose spelling is certain: what is all but one of them was misread.
    """
    for field, found in (("sender", sender), ("recipient", recipient), ("subject", subject)):
        if found is None or not found.as_printed:
            continue
        unknown = unknown_names(found.value)
        if unknown:
            yield reason(field, "name_unknown_word", unknown[0])
        twice = doubled_syllables(found.value)
        if twice:
            yield reason(field, "name_stutter", twice[0])
        cut_off = unfinished(found.value)
        if cut_off:
            yield reason(field, "figure_missing", cut_off)
        phrase = misread_phrase(found.value, phrases)
        if phrase:
            yield reason(field, "name_resembles", phrase)
        if field != "subject":
            yield from _check_places(field, found.value)


def _check_places(field: str, name: str) -> Iterator[ReviewReason]:
    province = odd_province(name)
    if province:
        yield reason(field, "name_no_province", province)
    place = misread_place(name)
    if place:
        yield reason(field, "name_no_place", place)


def check_ink(page: PageLayout, *fields: tuple[str, Found[str] | None]) -> Iterator[ReviewReason]:
    """Doubt a field whose end may lie outside the picture, or that has a gap where a seal may hide a word."""
    for field, found in fields:
        if found is None or found.box is None or found.page != page.number:
            continue
        if found.box.right > _EDGE * page.width or found.box.left < (1 - _EDGE) * page.width:
            yield reason(field, "cut_at_edge", found.as_printed[:30])
        before = _before_hole(page, found.box, found.value)
        if before is not None:
            yield reason(field, "value_hole", before)


def _before_hole(page: PageLayout, box: Box, value: str) -> str | None:
    """Return the word before the first gap as wide as a word within a value's rows."""
    spoken = set(value.split())  # the gap after เรื่อง or เรียน is a tab
    for row in page.rows:
        words = [(word, piece) for piece in row.pieces for word in piece.words]
        words = [one for one in words if _lies_in(one[0].box, box)]
        for (left, piece), (right, _) in pairwise(words):
            gap = right.box.left - left.box.right
            if gap > _HOLE_HEIGHTS * piece.box.height and left.text in spoken:
                return left.text
    return None


def _lies_in(box: Box, around: Box) -> bool:
    middle = (box.top + box.bottom) / 2
    return around.left <= box.left < around.right and around.top < middle < around.bottom


def check_recipient(
    recipient: Found[str] | None, kind: Kind, *, labelled: bool
) -> Iterator[ReviewReason]:
    """Doubt a recipient that no word of address stands before."""
    if recipient is not None and recipient.as_printed and not labelled and kind is not Kind.ORDER:
        yield reason("recipient", "recipient_unlabelled", recipient.value[:30])


def check_date(place: DatePlace | None, page: PageLayout) -> Iterator[ReviewReason]:
    """Doubt a day with ink close left of it that is no word: the figure before it may be unread."""
    if place is None or place.reading is None or place.found.page != page.number:
        return
    for piece in _beside(place, page):
        yield reason("date", "date_ink_beside", piece.text)
        return


def _beside(place: DatePlace, page: PageLayout) -> Iterator[Piece]:
    box = place.found.box
    if box is None:
        return
    stamped = (piece for row in page.stamps for piece in row.pieces)
    rows = (piece for row in page.rows for piece in row.pieces)
    for piece in (*page.dirt, *stamped, *rows):
        level = min(piece.box.bottom, box.bottom) - max(piece.box.top, box.top)
        gap = box.left - piece.box.right
        letters = len(re.findall(r"[ก-ฮ]", piece.text))
        if (
            level > 0.4 * min(piece.box.height, box.height)
            and piece.box.height > 0.4 * box.height
            and -0.3 * box.height < gap < _BESIDE_HEIGHTS * box.height
            and letters < 3
        ):
            yield piece
