"""The head of a letter: which rows are the number, the subject, the recipient, and where the body begins."""

from __future__ import annotations

import re
from dataclasses import dataclass, field, replace
from itertools import takewhile

from classify.dates import find_dates
from classify.fuzzy import match_label
from classify.layout import PageLayout, Piece, Row
from classify.numbers import find_bare_number, find_number, find_order_number, letters_from_digits
from ocr.thai_text import is_word

NUMBER, SUBJECT, RECIPIENT, TO = "ที่", "เรื่อง", "เรียน", "ถึง"
REFERENCE, ENCLOSURE, OFFICE, DATE = "อ้างถึง", "สิ่งที่ส่งมาด้วย", "ส่วนราชการ", "วันที่"

_STUTTERED = "ทที่"  # the label as it is read where its first letter is fat
# A label, and the forms it is printed in; the first that fits wins.
_LABELS: tuple[tuple[str, tuple[str, ...]], ...] = (
    (ENCLOSURE, ("สิ่งที่ส่งมาด้วย", "สิ่งที่แนบมาด้วย", "เอกสารแนบท้าย")),
    (REFERENCE, ("อ้างถึง", "อ้างอิง")),
    (OFFICE, ("ส่วนราชการ",)),
    (SUBJECT, ("เรื่อง",)),
    (RECIPIENT, ("กราบเรียน", "เรียน", "นมัสการ", "กราบทูล")),
    (TO, ("ถึง",)),
    (NUMBER, (_STUTTERED, "ที่", "เลขที่")),
)
_OPENERS = (
    "ด้วย",
    "ตามที่",
    "ตามหนังสือ",
    "ตามมติ",
    "เนื่องจาก",
    "เนื่องด้วย",
    "อนุสนธิ",
    "อาศัยอำนาจ",
    "โดยที่",
    "พร้อมนี้",
    "พร้อมหนังสือนี้",
    "ข้อความ",
)
_LISTED = re.compile(r"^\(?[๐-๙0-9]{1,2}[.)]|จำนวน\s*[๐-๙0-9]+|^QR", re.IGNORECASE)
_CATCH_WORD = re.compile(r"^/\s*\S.*(?:\.{2,}|…)\s*$")
_PAGE_NUMBER = re.compile(r"^[-–—]\s*[๐-๙0-9]{1,3}\s*[-–—]$")
# A number whose letters were read as something else; a person's position after a lost เรียน.
_BARE_NUMBER = re.compile(r"^\S{0,5}\s?\S{1,6}\s*(?P<owner>[0-9๐-๙]{4,5}(?:\.[0-9๐-๙]{1,3})?\s*/)")
_POSITION = re.compile(
    r"^\S{0,5}\s*(?P<person>(?:ผู้อำนวยการ|ผู้ว่าราชการ|อธิบดี|เลขาธิการ|ประธาน|ปลัด|นายอำเภอ|ศึกษาธิการ|หัวหน้า).{8,})"
)
_DIRT_ROWS = 4
_LABEL_SHARE = 0.3  # of the page width: labels stand left of it, the sender and its address right
_SAME_MIDDLE = (
    0.012  # of the page width: lines of one title share it, a paragraph's first line does not
)
_FULL_TITLE = 0.6  # of the page width
_LONGEST_SUBJECT = 4  # rows of a subject that may still come before the recipient
_EDGE_SHARE = 0.025  # of the page width: how exactly edges line up


@dataclass(frozen=True, slots=True)
class Section:
    """A labelled part of the head: its rows, where its value begins, and how sure the label is.

    `value_start` is the index in the first piece's text after the label; `value_left` its pixel.
    `is_guessed` tells that the label was not read and the value was known by its own form.
    """

    label: str
    rows: tuple[Row, ...]
    piece: int
    value_start: int
    value_left: int
    edits: int
    is_guessed: bool = False

    @property
    def value(self) -> str:
        """The text after the label, over all rows."""
        first = self.rows[0]
        parts = [first.pieces[self.piece].text[self.value_start :]]
        parts += [piece.text for piece in first.pieces[self.piece + 1 :]]
        parts += [row.text for row in self.rows[1:]]
        return " ".join(part for part in parts if part).strip()

    @property
    def pieces_after_label(self) -> tuple[Piece, ...]:
        """The pieces behind and under the one that holds the label."""
        under = (piece for row in self.rows[1:] for piece in row.pieces)
        return (*self.rows[0].pieces[self.piece + 1 :], *under)


@dataclass(frozen=True, slots=True)
class Head:
    """A first page taken apart: rows above the labels, labelled sections, and the body's rows."""

    page: PageLayout
    title: tuple[Row, ...]
    sections: tuple[Section, ...]
    body: tuple[Row, ...]
    labels: frozenset[str] = field(default=frozenset())

    def section(self, label: str) -> Section | None:
        """Return the first section of a label, or None."""
        return next((section for section in self.sections if section.label == label), None)


def take_apart(page: PageLayout) -> Head:
    """Find the labelled sections of a first page, from the top down to where the body begins.

    A row that is neither a label nor a section's next line ends the head, unless a label that may
    still come stands a few rows below: then the row is dirt or a stamp's remains and is left out.
    """
    title: list[Row] = []
    sections: list[Section] = []
    body_from = len(page.rows)
    above_subject = takewhile(lambda row: not match_label(row.text, "เรื่อง"), page.rows)
    is_labelled = any(has_labelled_number(row) for row in above_subject)
    for index, row in enumerate(page.rows):
        started = _start(row, sections, page, may_lack_label=not is_labelled)
        if started is not None:
            sections.append(started)
        elif not sections:
            title.append(row)
        elif _continues(row, sections[-1], page) and not _begins_text(
            page.rows, index, sections[-1]
        ):
            sections[-1] = replace(sections[-1], rows=(*sections[-1].rows, row))
        elif not _label_follows(page, index + 1, sections):
            body_from = index
            break
    if not _has_head(sections, page):
        return Head(page, (), (), page.rows)
    labels = {section.label for section in sections}
    number = next((section for section in sections if section.label == NUMBER), None)
    office = next((section for section in sections if section.label == OFFICE), None)
    # On a page scanned askew the date stands a row above the number it belongs to.
    beside = [*number.rows[0].pieces[1:]] if number is not None else []
    beside += office.pieces_after_label if office else []
    if any(match_label(piece.text, DATE) for piece in beside):
        labels.add(DATE)
    return Head(page, tuple(title), tuple(sections), page.rows[body_from:], frozenset(labels))


def _label_follows(page: PageLayout, index: int, sections: list[Section]) -> bool:
    for row in page.rows[index : index + _DIRT_ROWS]:
        if any(match_label(row.text, opener, 0) for opener in _OPENERS):
            return False
        if _start(row, sections, page) is not None:
            return True
    return False


def has_labelled_number(row: Row) -> bool:
    """Tell whether a row is `ที่` and a number; then no row without the word is the number's."""
    for piece in row.pieces[:2]:
        hit = match_label(piece.text, "ที่", 0)
        if hit is None or not _is_labelled_number(piece.text, hit.value_start):
            continue
        if find_number(piece.text[hit.value_start :]):
            return True
    return False


def is_furniture(text: str) -> bool:
    """Tell whether a row is a page number (`- ๒ -`) or a catch-word (`/ในการนี้...`), not text."""
    stripped = text.strip()
    return bool(_PAGE_NUMBER.match(stripped) or _CATCH_WORD.match(stripped))


def _has_head(sections: list[Section], page: PageLayout) -> bool:
    """Tell whether the sections are a head's: more than a number, an agency's, or a certificate's `n/year` on top."""
    return any(section.label != NUMBER for section in sections) or any(
        find_number(section.value)
        or (find_order_number(section.value) and section.rows[0].box.top < 0.4 * page.height)
        for section in sections
    )


def _start(
    row: Row, sections: list[Section], page: PageLayout, *, may_lack_label: bool = True
) -> Section | None:
    seen = {section.label for section in sections}
    for index, piece in enumerate(row.pieces[:2]):
        for label, forms in _LABELS:
            if label in seen or not _in_order(label, seen):
                continue
            for form in forms:
                hit = match_label(
                    piece.text, form, 0 if len(form) < 6 and label == NUMBER else None
                )
                if hit is None:
                    continue
                if hit.edits and not _may_be_misread(piece, hit.value_start, page):
                    continue
                if label == NUMBER and not _is_labelled_number(piece.text, hit.value_start, form):
                    continue
                left = piece.left_of(hit.value_start)
                if hit.value_start >= len(piece.text) and index + 1 < len(row.pieces):
                    left = row.pieces[index + 1].box.left
                return Section(label, (row,), index, hit.value_start, left, hit.edits)
        lost = _lost_label(piece, seen, sections) if index == 0 else None
        if lost is not None and (may_lack_label or lost[0] != NUMBER):
            label, start = lost
            return Section(label, (row,), index, start, piece.left_of(start), 1, is_guessed=True)
    return None


def _may_be_misread(piece: Piece, value_start: int, page: PageLayout) -> bool:
    """Tell whether a word that is not quite a label may be one: at the margin, or no word of its own.

    `เมือง…` on the address's line, right on the page, is no misread เรื่อง.
    """
    if piece.box.left < page.width * _LABEL_SHARE:
        return True
    return not is_word(piece.text[:value_start].strip(" :;.,"))


def _lost_label(piece: Piece, seen: set[str], sections: list[Section]) -> tuple[str, int] | None:
    """Know a number or a recipient by its own form where the label could not be read."""
    text = piece.text
    if NUMBER not in seen and _in_order(NUMBER, seen):
        number = find_number(text)
        if number is not None and number.start < 28:  # also `ด่วนที่สุด ที่ ศธ …`
            return NUMBER, number.start
        bare = _BARE_NUMBER.match(text)
        if bare:
            return NUMBER, bare.start("owner")
    addressed = not _is_directive(sections)
    if addressed and SUBJECT in seen and RECIPIENT not in seen and TO not in seen:
        person = _POSITION.match(text)
        if person:
            return RECIPIENT, person.start("person")
    return None


def _is_directive(sections: list[Section]) -> bool:
    """Tell whether what was found so far is an order's or an announcement's head: nobody is addressed."""
    number = next((section for section in sections if section.label == NUMBER), None)
    if number is None:
        return not any(section.label == OFFICE for section in sections)
    return find_order_number(number.value) is not None and find_number(number.value) is None


def _in_order(label: str, seen: set[str]) -> bool:
    """Tell whether a label may still come: number and subject stand before the recipient."""
    addressed = RECIPIENT in seen or TO in seen
    if label in (NUMBER, OFFICE):
        return SUBJECT not in seen and not addressed
    if label == SUBJECT:
        return not addressed
    if label in (REFERENCE, ENCLOSURE):
        return SUBJECT in seen or addressed
    if label == TO:
        return SUBJECT not in seen and not addressed
    return not addressed


def _is_labelled_number(text: str, value_start: int, form: str = NUMBER) -> bool:
    """Tell whether a number follows `ที่`; a ท without marks or after a gap may be the agency's own.

    So it is in `ทส 0501/1` and in `ที่ ทส 0501/1`, which is no stuttered `ทที่`.
    """
    if re.match(r"[ทฑ][ก-ฮ]\s*[.\d๐-๙]", text):
        return False
    if form == _STUTTERED and " " in text[:value_start].strip():
        return False
    value, _ = letters_from_digits(text[value_start:])
    return bool(find_number(value) or find_order_number(value) or find_bare_number(value)) or bool(
        re.match(r"\s*[ก-ฮ.]{1,6}\s*[๐-๙0-9]{2,}|\s*[๐-๙0-9]{1,5}\s*/", value)
    )


def _continues(row: Row, section: Section, page: PageLayout) -> bool:
    text = row.text
    if is_furniture(text):
        return False
    if section.label == NUMBER:
        return _in_number_block(row, section, page)
    if re.match(r"^[-–_=\s.]{5,}$", text) or _opens_text(row, section, page):
        return False
    last = section.rows[-1]
    gap = row.box.top - last.box.bottom
    if gap > 2.2 * page.text_height or row.page != last.page:
        return False
    if section.label == OFFICE:
        return len(section.rows) < 3
    edge = page.width * _EDGE_SHARE
    if section.label == SUBJECT and _goes_on_centred(row, section, page):
        return True
    if _is_centred(section.rows[0], page) and section.rows[0].box.left > page.text_left + 2 * edge:
        return _is_centred(row, page) and row.box.left > page.text_left + edge
    hangs = abs(row.box.left - section.value_left) < edge
    if (
        section.label == SUBJECT
        and gap < 0.8 * page.text_height
        and _stands_between(row, section, page)
    ):
        return True
    full = last.box.right > page.text_right - page.width * 0.12
    label_left = section.rows[0].pieces[section.piece].box.left
    if section.label in (ENCLOSURE, REFERENCE):
        listed = bool(_LISTED.search(text))
        return (hangs and (listed or full)) or (listed and row.box.left > label_left + edge)
    return hangs or (full and row.box.left < section.value_left + edge and gap < page.text_height)


def _opens_text(row: Row, section: Section, page: PageLayout) -> bool:
    """Tell whether a row begins as a letter's text does; a subject broken before `ตามมติ` hangs under itself."""
    if not any(match_label(row.text, opener, 0) for opener in _OPENERS):
        return False
    if section.label == SUBJECT and _goes_on_centred(row, section, page):
        return False
    hangs = abs(row.box.left - section.value_left) < page.width * _EDGE_SHARE
    return not (section.label == SUBJECT and hangs and _address_follows(row, page))


def _address_follows(row: Row, page: PageLayout) -> bool:
    """Tell whether the recipient's label stands in one of the next rows, before any text could."""
    under = page.rows[page.rows.index(row) + 1 :][:_LONGEST_SUBJECT]
    forms = dict(_LABELS)[RECIPIENT]
    return any(match_label(one.text, form, 0) for one in under for form in forms)


def _goes_on_centred(row: Row, section: Section, page: PageLayout) -> bool:
    """Tell whether a row is the next line of a title that fills the page: around the same middle, no further below."""
    last = section.rows[-1]
    middle = row.box.left + row.box.right - last.box.left - last.box.right
    at = page.rows.index(last)
    above = last.box.top - page.rows[at - 1].box.bottom if at else 0
    return (
        section.rows[0].box.width > _FULL_TITLE * page.width
        and len(section.rows[0].pieces) == 1
        and abs(middle) / 2 < _SAME_MIDDLE * page.width
        and row.box.top - last.box.bottom < max(1.5 * page.text_height, 1.15 * above)
    )


def _stands_between(row: Row, section: Section, page: PageLayout) -> bool:
    """Tell whether the next label is a recipient's right under a row: then it is the subject's line."""
    label_left = section.rows[0].pieces[section.piece].box.left
    under = page.rows[page.rows.index(row) + 1 :][:2]
    forms = dict(_LABELS)[RECIPIENT]
    addressed = any(match_label(one.text, form, 0) for one in under for form in forms)
    return addressed and row.box.left > label_left - page.text_height and not is_stamp_like(row)


def is_stamp_like(row: Row) -> bool:
    """Tell whether a row is a stamp's or a mark's fragment: a few letters or figures."""
    return len(re.findall(r"[ก-ฮ]", row.text)) < 4


def _begins_text(rows: tuple[Row, ...], index: int, section: Section) -> bool:
    """Tell whether a full row hangs where the value does and the next one falls back to the margin.

    So does a paragraph's first line; a value's lines all hang. A label's row may follow a full one.
    """
    if section.label == NUMBER or index + 1 >= len(rows):
        return False
    row, under = rows[index], rows[index + 1]
    label_left = section.rows[0].pieces[section.piece].box.left
    height = max(1, row.box.height)
    hangs = row.box.left > label_left + height
    falls_back = under.box.left < min(row.box.left - height, label_left + height)
    full = row.box.width > 0.6 * max(1, under.box.width) and under.box.right > row.box.left + height
    near = under.box.top - row.box.bottom < 1.5 * height
    labelled = any(match_label(under.text, form, 0) for _, forms in _LABELS for form in forms)
    return hangs and falls_back and full and near and not labelled and len(under.text) > 12


def _in_number_block(row: Row, section: Section, page: PageLayout) -> bool:
    """Between the number and the subject stand the sender, the address and the date."""
    near = row.box.top - section.rows[-1].box.bottom < 5 * page.text_height
    right = row.box.left > page.width * 0.3
    order = find_order_number(section.value) is not None and find_number(section.value) is None
    dated = bool(find_dates(row.text))
    if order:  # under an order's own number its title goes on; a letter's stands at the margin
        at_margin = section.rows[0].pieces[section.piece].box.left < page.width * _LABEL_SHARE
        return near and dated and right and at_margin
    return near and (right or dated)


def _is_centred(row: Row, page: PageLayout) -> bool:
    centre = (row.box.left + row.box.right) / 2
    middle = (page.text_left + page.text_right) / 2
    return abs(centre - middle) < page.width * 0.045
