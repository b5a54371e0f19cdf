"""What stands after the text: dates of orders and stamped letters, signer, owner of the matter, contact."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass, replace

from classify.dates import DateReading, find_dates, month_and_year
from classify.fuzzy import match_label
from classify.head import DATE, NUMBER, OFFICE, SUBJECT, Head, is_furniture
from classify.layout import PageLayout, Piece, Row, is_stamp_seed
from classify.letter import Found, Kind

_DATED = {
    Kind.ORDER: ("สั่ง ณ วันที่", "ประกาศ ณ วันที่"),
    Kind.ANNOUNCEMENT: ("ประกาศ ณ วันที่",),
    Kind.EVIDENCE: ("ให้ไว้ ณ วันที่", "ออกให้ ณ วันที่"),
}
_SIGNER = re.compile(
    r"^\(\s*(?P<name>(?:นาย|นาง|น\.ส\.|ว่าที่|ดร|ผศ|รศ|ศ\.|พล|พัน|ร้อย|สิบ|จ่า|หม่อม|ม\.)?[^()0-9๐-๙]{5,60}?)\s*[)]?\s*$"
)
_TITLES = re.compile(r"นาย|นาง|น\.ส|ว่าที่|ดร\.|ผศ|รศ|พล|พัน|ร้อย|สิบ|จ่า|หม่อม")
_CONTACT = re.compile(r"^(?:โทร|ไปรษณีย์|e-?mail|อีเมล|เว็บ|www|line)", re.IGNORECASE)
# A day without the gap that the year has was fitted into a printed date by hand.
_FITTED_DAY = re.compile(r"[0-9๐-๙]+(?=[ก-๎])\S*\s+(?:พ\.?ศ\.?\s*)?[0-9๐-๙]{4}$")
_BY_HAND = 0.6
_AT_MARGIN = (
    0.5  # of the trust in a stamped letter's date that stands where lines of its text begin
)
_COPY = re.compile(r"^สำเนา(?:ส่ง|เรียน)")


@dataclass(frozen=True, slots=True)
class DatePlace:
    """A date with its evidence; `reading` is None when only the month and year could be read."""

    found: Found[str]
    reading: DateReading | None


def find_letter_date(head: Head, kind: Kind, pages: Sequence[PageLayout]) -> DatePlace | None:
    """Find the letter's own date where its kind prints it; never a stamp's or a reference's."""
    if kind in _DATED:
        rows = [row for page in pages for row in page.rows]
        for row in rows:
            for words in _DATED[kind]:
                if match_label(row.text, words) or words in row.text:
                    place = _place(row.pieces, f"หลังคำว่า {words}")
                    if place:
                        return place
        return None
    if kind is Kind.STAMPED:
        return _stamped_date(head, pages)
    return _head_date(head, kind)


def _head_date(head: Head, kind: Kind) -> DatePlace | None:
    """Between the number and the subject: after วันที่ on a memo, by itself on an external letter."""
    section = head.section(NUMBER)
    rows = section.rows if section else ()
    labelled = kind in (Kind.INTERNAL, Kind.RADIO)
    candidates = [piece for row in rows for piece in row.pieces]
    office = head.section(OFFICE)
    if office is not None:  # on a page scanned askew the date stands a row above the number
        candidates += [p for p in office.pieces_after_label if match_label(p.text, DATE)]
    if not candidates:
        subject = head.section(SUBJECT)
        above = subject.rows[0].box.top if subject else head.page.height * 0.35
        candidates = [p for r in head.title if r.box.bottom <= above for p in r.pieces]
        # Private letters print วันที่, and no number above it.
        candidates = [p for p in candidates if not is_stamp_seed(p.text)]
    partial: DatePlace | None = None
    for piece in sorted(candidates, key=lambda p: (-_date_likeness(p, labelled), p.box.top)):
        place = _place([piece], "หลังคำว่า วันที่" if labelled else "กลางหน้า ใต้ชื่อส่วนราชการ")
        if place and place.reading:
            return place
        partial = partial or place
    return partial or _split_date(rows)


def _split_date(rows: Sequence[Row]) -> DatePlace | None:
    """A date whose day, month and year were read as separate pieces of one row."""
    for row in rows[1:]:
        place = _place(row.pieces, "กลางหน้า ใต้ชื่อส่วนราชการ")
        if place and place.reading:
            return place
    return None


def _date_likeness(piece: Piece, labelled: bool) -> float:
    readings = find_dates(piece.text)
    if not readings:
        return 0.0
    share = (readings[0].end - readings[0].start) / max(1, len(piece.text))
    return share + (1.0 if labelled and DATE in piece.text else 0.0)


def _stamped_date(head: Head, pages: Sequence[PageLayout]) -> DatePlace | None:
    """On a stamped letter the date is a line of its own after the text, under the sender's name.

    A line of the text may be a date too (`๑๕ กรกฎาคม ๒๕๖๕ เวลา ๑๖.๓๐ น.`): those at the margin come last, and
    are asked about, since under a stamp the letter's own date may not have been read.
    """

    def at_margin(row: Row) -> bool:
        return row.box.left < head.page.text_left + row.box.height

    for row in sorted(rows_after_text(head, pages), key=at_margin):
        place = _date_of_row(row, head.page.width)
        if place is not None:
            return _doubted(place) if at_margin(row) else place
    return None


def _date_of_row(row: Row, page_width: int) -> DatePlace | None:
    how = "บรรทัดวันที่ใต้ชื่อส่วนราชการท้ายหนังสือ"
    best: DatePlace | None = None
    for piece in row.pieces:
        readings = find_dates(piece.text)
        if readings and readings[0].end - readings[0].start > 0.6 * len(piece.text):
            best = _place([piece], how)
    if best:
        return best
    whole = _place(row.pieces, how)
    if whole and len(row.text) < 40 and (whole.reading or row.box.left > page_width * 0.3):
        return whole
    return None


def _doubted(place: DatePlace) -> DatePlace:
    found = replace(place.found, confidence=round(place.found.confidence * _AT_MARGIN, 4))
    return replace(place, found=found)


def rows_after_text(head: Head, pages: Sequence[PageLayout]) -> list[Row]:
    """Return what stands under the head: its body and the later pages."""
    later = [row for page in pages if page.number > head.page.number for row in page.rows]
    return [*head.body, *later]


def _place(pieces: Sequence[Piece], how: str) -> DatePlace | None:
    text = " ".join(piece.text for piece in pieces)
    readings = find_dates(text)
    piece = pieces[0]
    box = piece.box
    for other in pieces[1:]:
        box = box.union(other.box)
    if readings:
        reading = readings[0]
        trust = (
            piece.weakest(reading.start, reading.end)
            if len(pieces) == 1
            else min(p.weakest() for p in pieces)
        )
        printed = text[reading.start : reading.end]
        by_hand = _day_is_taller(pieces, text, reading) or _FITTED_DAY.match(printed)
        trust *= reading.confidence * (_BY_HAND if by_hand else 1.0)
        found = Found(printed, printed, round(trust, 4), piece.page, box, how)
        return DatePlace(found, reading)
    if month_and_year(text) and len(text) < 40:
        return DatePlace(Found(text, text, 0.2, piece.page, box, how), None)
    return None


def _day_is_taller(pieces: Sequence[Piece], text: str, reading: DateReading) -> bool:
    """Tell whether the day's digits stand taller than the year's: written into a printed date."""
    words = [word for piece in pieces for word in piece.words]
    numbers = [word for word in words if re.fullmatch(r"[0-9๐-๙]{1,4}[.,]?", word.text)]
    printed = text[reading.start : reading.end].split()
    if len(numbers) < 2 or len(printed) < 2:
        return False
    return numbers[0].box.height > 1.25 * max(1, numbers[-1].box.height)


@dataclass(frozen=True, slots=True)
class Foot:
    """Signer, position (several lines joined), owner of the matter and contact, as far as found."""

    signer: Found[str] | None = None
    position: Found[str] | None = None
    owner: Found[str] | None = None
    contact: Found[str] | None = None


def find_foot(head: Head, pages: Sequence[PageLayout], *, signed: bool = True) -> Foot:
    """Read the signature block and the owner's lines at the lower left; a stamped letter is not `signed`."""
    rows = [row for row in rows_after_text(head, pages) if not is_furniture(row.text)]
    name_row = next((index for index, row in enumerate(rows) if _signer_in(row)), None)
    signer = position = None
    after = rows
    if name_row is not None:
        signer = _signer_in(rows[name_row])
        after = rows[name_row + 1 :]
        lines = _position_rows(after, rows[name_row], head.page)
        if lines:
            position = _joined(lines, "ใต้ชื่อผู้ลงนาม")
    contact_rows = [
        row
        for row in after
        if _CONTACT.match(row.text.strip()) and row.page <= head.page.number + 2
    ]
    owner = None
    if contact_rows:
        first = after.index(contact_rows[0])
        owner_rows = _owner_rows(after[:first], contact_rows[0], head.page)
        owner = _joined(owner_rows, "เหนือหมายเลขโทรศัพท์ท้ายหนังสือ") if owner_rows else None
    contact = _joined(contact_rows[:4], "ท้ายหนังสือ") if contact_rows else None
    if not signed:
        signer = position = None
    return Foot(signer, position, owner, contact)


def _signer_in(row: Row) -> Found[str] | None:
    for piece in row.pieces:
        match = _SIGNER.match(piece.text.strip())
        if (
            match
            and _TITLES.search(match["name"])
            and piece.box.width < 0.6 * max(1, row.box.right)
        ):
            name = re.sub(r"\s+", " ", match["name"]).strip(" )")
            return Found(
                name,
                piece.text,
                round(piece.trust(), 4),
                piece.page,
                piece.box,
                "ชื่อในวงเล็บใต้ลายมือชื่อ",
            )
    return None


def _position_rows(rows: Sequence[Row], signer: Row, page: PageLayout) -> list[Row]:
    lines: list[Row] = []
    last = signer
    for row in rows[:5]:
        gap = row.box.top - last.box.bottom
        left = row.box.left < page.text_left + page.width * 0.05
        if (
            row.page != signer.page
            or gap > 2.0 * page.text_height
            or left
            or _CONTACT.match(row.text)
        ):
            break
        lines.append(row)
        last = row
    return lines


def _owner_rows(rows: Sequence[Row], contact: Row, page: PageLayout) -> list[Row]:
    lines: list[Row] = []
    below = contact
    for row in reversed(rows):
        near = below.box.top - row.box.bottom < 2.0 * page.text_height and row.page == contact.page
        level = abs(row.box.left - contact.box.left) < page.width * 0.04
        if not near or not level or _COPY.match(row.text) or len(lines) == 3:
            break
        lines.insert(0, row)
        below = row
    return lines


def _joined(rows: Sequence[Row], how: str) -> Found[str]:
    text = " ".join(row.text.strip() for row in rows)
    box = rows[0].box
    for row in rows[1:]:
        box = box.union(row.box)
    trust = sum(row.confidence for row in rows) / len(rows)
    return Found(text, text, round(trust, 4), rows[0].page, box, how)
