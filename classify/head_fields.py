"""The fields of a letter's head: number, sender and address, recipient, subject, references, enclosures."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass

from classify.agencies import AgencyTable
from classify.fuzzy import match_label
from classify.head import (
    DATE,
    ENCLOSURE,
    NUMBER,
    RECIPIENT,
    REFERENCE,
    SUBJECT,
    TO,
    Head,
    Section,
)
from classify.layout import Piece, Row, union_of
from classify.letter import Found, Kind
from classify.marks import is_mark
from classify.numbers import (
    LetterNumber,
    find_bare_number,
    find_number,
    find_order_number,
    letters_from_digits,
)
from ocr.thai_text import THAI_DIGITS, to_arabic_digits

_LIST_ITEM = re.compile(r"(?:^|\s)(?:\(?[๐-๙0-9]{1,2}[.)])\s+")
_LOOSE_NUMBER = re.compile(
    r"(?P<letters>(?!ว\s*\d)[ก-ฮ](?:\.?[ก-ฮ]){0,4})\s*\.?\s*(?P<owner>\d{3,5}(?:\.\d{1,3})?)"
)
# `ว` before a running number is the sign readers lose most: a digit or % standing apart is one.
_MISREAD_CIRCULAR = re.compile(r"/\s*(?:[23790%?!])\s+(?P<running>\d{1,5})(?!\d)")
# Agency letters carry no marks: one read on them is dirt (`ศ่ธ`).
_MARK = r"[ัิ-ฺ็-๎]"
_MARKED_LETTERS = re.compile(rf"^\s*(?:[ก-ฮ]{_MARK}*\.?){{1,6}}(?=[\s.,(]*[\d๐-๙])")
# The slash before a circular's ว is thin: `๐๘๑๐.๗ว ๗๗๔๓๗`.
_LOST_SLASH = re.compile(r"(?<=\d)\s?ว\s?[.,]?\s?(?=\d{1,7}(?!\d))")
_SLASH_ALIKE = re.compile(r"^\s*[/lI|\\1!]?\s*(?P<circular>ว)?")
_READ_AS_DIGIT = str.maketrans({"o": "0", "O": "0", "Q": "0", "l": "1", "I": "1", "|": "1"})


_THROUGH = re.compile(r"(?<=\S)\s+\(?ผ่าน\s.*", re.DOTALL)  # the office that hands the letter on
_LEADERS = re.compile(
    r"\.{4,}|…+|(?<=[\s.])\.{3}(?=\s|$)"
)  # dots that lead to the margin or hold room for a pen
_TITLE_NUMBER = re.compile(r"(?:^|\s)ที่\s*(?P<number>[๐-๙0-9]{1,5}\s*/\s*[๒2][๔๕45][๐-๙0-9]{2})\s*$")
_PRIVATE_YEAR = re.compile(r"25\d\d")
_WITHOUT_LETTERS = 0.5


@dataclass(frozen=True, slots=True)
class NumberReading:
    """A letter's number as read: the value with its evidence, its parts, and what is doubtful.

    `doubt` is "" or a code: `part_handwritten`, `repaired`, `unknown_agency`, `odd_code`.
    """

    found: Found[str]
    parts: LetterNumber
    doubt: str = ""


def find_letter_number(head: Head, kind: Kind, agencies: AgencyTable) -> NumberReading | None:
    """Read the letter's own number from its ที่ row; references and stamps are never looked at."""
    section = head.section(NUMBER)
    if section is None and kind is Kind.ORDER:
        section = _in_title(head)
    if section is None or kind is Kind.ANNOUNCEMENT:
        return None
    piece = section.rows[0].pieces[section.piece]
    value = piece.text[section.value_start :]
    if kind is Kind.ORDER or find_number(value) is None:
        order = find_order_number(value)
        if order is not None:
            return _order_reading(order, value, piece, section)
    number, doubt, trust = _read_number(value)
    if number is None:
        return _bare_reading(value, piece, section)
    if not is_mark(value[: number.start]) and value[: number.start].strip(" .:"):
        doubt, trust = "part_handwritten", trust * 0.5  # something before it is of the number too
    number, doubt, trust = _checked(number, doubt, trust, agencies)
    if _tail_is_handwritten(section, piece, number):
        doubt, trust = "part_handwritten", trust * 0.5
    return NumberReading(
        _number_found(number.canonical, piece, section, number, trust), number, doubt
    )


def _in_title(head: Head) -> Section | None:
    """Return the number of an order that ends its title's line: `คำสั่งโรงเรียน… ที่ ๑๒/๒๕๖๘`."""
    for row in head.title:
        for index, piece in enumerate(row.pieces):
            match = _TITLE_NUMBER.search(piece.text)
            if match is not None:
                start = match.start("number")
                return Section(NUMBER, (row,), index, start, piece.left_of(start), 0)
    return None


def _checked(
    number: LetterNumber, doubt: str, trust: float, agencies: AgencyTable
) -> tuple[LetterNumber, str, float]:
    """Check a number against the agency table, which may repair its letters or its lost dot.

    A firm's or a body's own (`ตพ. 012/2568`: letters, count and year) is in no table and is left as it is.
    """
    if (
        len(number.owner) <= 3
        and "." not in number.owner
        and _PRIVATE_YEAR.fullmatch(number.running)
    ):
        return number, doubt or "unknown_agency", trust * 0.6
    placed = agencies.repair_place(number)
    if placed != number:
        number, doubt, trust = placed, doubt or "repaired", trust * 0.8
    repaired = agencies.repair(number)
    if repaired is None:
        return number, doubt or "unknown_agency", trust * 0.6
    if not agencies.is_plausible(repaired):
        dotted = agencies.with_dot(repaired)
        return dotted, doubt or ("repaired" if dotted != repaired else "odd_code"), trust * 0.5
    if repaired.letters != number.letters:
        return repaired, doubt or "repaired", trust * 0.8
    return number, doubt, trust


def _bare_reading(value: str, piece: Piece, section: Section) -> NumberReading | None:
    """Read a number without letters: it has none, or they were not read; always asked about."""
    bare = find_bare_number(value)
    if bare is None:
        return None
    found = _number_found(bare.canonical, piece, section, bare, _WITHOUT_LETTERS)
    return NumberReading(found, bare, "unknown_agency")


def _order_reading(
    order: LetterNumber, value: str, piece: Piece, section: Section
) -> NumberReading:
    """Read `n/year`; what else stands in its place (`ABC 012/2568`) is kept and asked about."""
    before, after = value[: order.start].strip(), value[order.end :].strip()
    if not before and (not after or match_label(after, DATE)):
        return NumberReading(_number_found(order.canonical, piece, section, order, 1.0), order)
    found = _number_found(f"{before} {order.canonical}".strip(), piece, section, order, 0.5)
    return NumberReading(found, order, "part_handwritten")


def complete_from_sender(head: Head, sender: str, agencies: AgencyTable) -> NumberReading | None:
    """Put a number together whose letters could not be read: they are the sender's."""
    section = head.section(NUMBER)
    letters = agencies.letters_of(sender)
    if section is None or letters is None:
        return None
    piece = section.rows[0].pieces[section.piece]
    digits = re.search(r"\d{2,5}(?:\.\d{1,3})?(?:-\d{1,3})?\s*/.*", to_arabic_digits(piece.text))
    number = _read_number(f"{letters} {digits[0]}")[0] if digits else None
    if number is None:
        return None
    how = "ตัวอักษรจากชื่อผู้ส่ง ตัวเลขจากแถวเลขที่หนังสือ"
    trust = round(0.4 * piece.trust(), 4)
    found = Found(number.canonical, piece.text, trust, piece.page, piece.box, how)
    return NumberReading(found, number, "repaired")


def _read_number(value: str) -> tuple[LetterNumber | None, str, float]:
    """Return the number, its doubt and a factor; a number without its slash is read up to there."""
    value, misread = letters_from_digits(value)
    plain = re.sub(
        r"(?<=[\d/ว ])[oOQlI|](?=[\d\s]|$)",
        lambda m: m[0].translate(_READ_AS_DIGIT),
        to_arabic_digits(_MARKED_LETTERS.sub(lambda m: re.sub(_MARK, "", m[0]), value)),
    )
    plain, mended = _MISREAD_CIRCULAR.subn(r"/ว \g<running>", plain)
    if "/" not in plain:
        plain, slashes = _LOST_SLASH.subn("/ว ", plain, count=1)
        mended += slashes
    number = find_number(plain)
    if number is not None and misread and number.is_complete:
        return number, "repaired", 0.4
    if number is not None and mended:
        return number, "part_handwritten", 0.4
    if number is not None:
        rest = _LEADERS.sub(" ", plain[number.end :]).rstrip()
        if not number.is_complete:
            return number, "part_handwritten", 0.3
        glued = re.match(r"\S|\s+[\d(](?!\d*\s*[ก-๎])", rest)  # `/ว 11 0`: a gap in handwriting
        unclear = (bool(glued) and not match_label(rest, DATE)) or _mixes_scripts(value)
        return number, "part_handwritten" if unclear else "", 0.5 if unclear else 1.0
    loose = _LOOSE_NUMBER.search(plain)
    if loose is None:
        return None, "", 0.0
    tail = _SLASH_ALIKE.match(plain[loose.end() :])
    circular = bool(tail and tail["circular"])
    letters = loose["letters"].replace(".", "")
    number = LetterNumber(
        letters, loose["owner"], "", circular, start=loose.start(), end=loose.end()
    )
    return number, "part_handwritten", 0.3


def _mixes_scripts(value: str) -> bool:
    """Tell whether Thai and Arabic digits stand in one number: some were written by hand."""
    head = value[: (find_number(value) or LetterNumber("", "", "", end=len(value))).end]
    return len({char in THAI_DIGITS for char in head if char.isdigit()}) > 1


def _tail_is_handwritten(section: Section, piece: Piece, number: LetterNumber) -> bool:
    """Tell whether the running number looks written by hand: taller or badly read words after the slash."""
    start = section.value_start + number.start
    words = [word for word in piece.words if word.box.left >= piece.left_of(start) - 2]
    if len(words) < 2 or not number.running:
        return False
    last = [w for w in words if any(c.isdigit() for c in w.text)][-1:]
    printed = words[:-1]
    if not last or last[0] in printed:
        return False
    usual = sorted(word.box.height for word in printed)[len(printed) // 2]
    return last[0].confidence < 0.7 or last[0].box.height > 1.5 * max(1, usual)


def _number_found(
    value: str, piece: Piece, section: Section, number: LetterNumber, factor: float
) -> Found[str]:
    start, end = section.value_start + number.start, section.value_start + number.end
    trust = piece.weakest(start, end) * factor * (0.95 if section.edits else 1.0)
    how = "หลังคำว่า ที่" if section.edits == 0 else "แถวบนสุดที่มีรูปเลขหนังสือ"
    return Found(value, piece.text[start:end].strip(), round(trust, 4), piece.page, piece.box, how)


def find_recipient(head: Head, kind: Kind) -> Found[str] | None:
    """Return what follows เรียน, or ถึง on a stamped letter; kinds that address nobody are not guessed at."""
    section = head.section(RECIPIENT) or head.section(TO)
    if section is None or not section.value:
        return None
    if section.is_guessed and kind in (Kind.ORDER, Kind.ANNOUNCEMENT, Kind.EVIDENCE):
        return None
    how = f"หลังคำว่า {section.label}"
    return found_rows(_THROUGH.sub("", section.value), section.rows, how, section.edits)


def is_addressed(head: Head) -> bool:
    """Tell whether a recipient stands after its own word and was not guessed from its form."""
    section = head.section(RECIPIENT) or head.section(TO)
    return section is not None and not section.is_guessed


def find_subject(head: Head) -> Found[str] | None:
    """Return what follows เรื่อง, over all its lines."""
    section = head.section(SUBJECT)
    if section is None or not section.value:
        return None
    return found_rows(section.value, section.rows, "หลังคำว่า เรื่อง", section.edits)


def find_listed(head: Head, label: str) -> tuple[Found[str], ...]:
    """Return the items of อ้างถึง or สิ่งที่ส่งมาด้วย, numbered or not."""
    section = head.section(label)
    if section is None or not section.value:
        return ()
    items = [item.strip() for item in _LIST_ITEM.split(section.value) if item and item.strip()]
    how = f"หลังคำว่า {label}"
    return tuple(
        found for item in items if (found := found_rows(item, section.rows, how, section.edits))
    )


def find_references(head: Head) -> tuple[Found[str], ...]:
    """Return the letters referred to."""
    return find_listed(head, REFERENCE)


def find_enclosures(head: Head) -> tuple[Found[str], ...]:
    """Return the enclosures, each with its count as printed."""
    return find_listed(head, ENCLOSURE)


def found_rows(value: str, rows: Sequence[Row], how: str, edits: int = 0) -> Found[str]:
    """Return a value with the evidence of all pieces of its rows."""
    return found_pieces(value, [piece for row in rows for piece in row.pieces], how, edits)


def found_pieces(value: str, pieces: Sequence[Piece], how: str, edits: int = 0) -> Found[str]:
    """Return a value as surely read as its pieces: half their mean, half their worst word."""
    letters = sum(len(piece.text) for piece in pieces) or 1
    mean = sum(piece.confidence * len(piece.text) for piece in pieces) / letters
    trust = 0.5 * (mean + min(piece.weakest() for piece in pieces))
    clean = re.sub(r"\s+", " ", _LEADERS.sub(" ", value)).strip(" :;_-–—'`,").lstrip(". •")
    box = union_of([piece.box for piece in pieces if piece.page == pieces[0].page])
    return Found(clean, clean, round(trust * 0.97**edits, 4), pieces[0].page, box, how)
