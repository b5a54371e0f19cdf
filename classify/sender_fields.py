"""The sender where its kind prints it: right of the number, after ส่วนราชการ, in the title, over the seal's date."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import replace
from itertools import pairwise
from statistics import median

from classify.dates import find_dates, month_and_year, read_month
from classify.foot_fields import rows_after_text
from classify.fuzzy import match_label
from classify.head import DATE, NUMBER, OFFICE, Head, Section
from classify.head_fields import found_pieces, found_rows
from classify.layout import PageLayout, Piece, Row, union_of
from classify.letter import Found, Kind
from classify.marks import is_mark
from classify.names import begins_as_agency
from classify.numbers import find_number
from ocr.document import Ink
from ocr.thai_text import is_word, split_words, to_arabic_digits

_HOUSE = r"(?:หมู่|ม\.|ถนน|ถ\.|ซอย|ซ\.|อาคาร|ชั้น|ต\.|ตำบล|แขวง)"
_PART = r"(?:อำเภอ|อ\.|เขต(?!พื้นที่)|จังหวัด|จ\.|ตำบล|ต\.|แขวง)"
_LOCAL = r"(?:อำเภอ|อ\.|เขต(?!พื้นที่)|จังหวัด(?=\S*\s*\d{5})|จ\.|ตำบล|ต\.|แขวง)"
# An address begins a line ...
_WHOLE_LINE = re.compile(
    rf"^(?:{_HOUSE}|เลขที่|ตู้\s*ป|{_LOCAL}\s?\S|\d|โทร|[ก-ฮ]\.\S)|กทม\.?|กรุงเทพ|\d{{5}}\W*$"
)
# ... or stands behind the name on its own line.
_WITHIN = re.compile(
    rf"(?<=\S)[\s\-–,]+(?=(?:เลขที่\s*)?\d+(?:[/-]\d+)?\s*{_HOUSE}|(?:ถนน|ถ\.|ซอย|ซ\.|ตู้\s*ป|หมู่ที่|หมู่\s*\d|แขวง|โทร)"
    rf"|อาคาร\S+\s|{_PART}.*\d{{5}}\W*$|\S*\s?(?:กทม\.?|กรุงเทพ\S*)\s*\d{{5}}|[ก-ฮ]{{2}}\.?\s*\d{{5}}\W*$|เลขที่\s*\d)"
)
# The ministry above a department, and the house of a provincial office, are printed under its name.
_PARENT = re.compile(r"^(?:กระทรวง|ศาลากลาง|ทบวง|สำนักนายกรัฐมนตรี)")
# `จังหวัดแพร่` on a line of its own goes on with an office's name; a school's name is whole without it.
_WHOLE_NAME = re.compile(r"^(?:โรงเรียน|วิทยาลัย|โรงพยาบาล|มหาวิทยาลัย|บริษัท|วัด)")
_UNFINISHED = re.compile(r"(?:ปลัด|รัฐมนตรีว่าการ|และ|เลขาธิการ|คณะกรรมการ|เลขานุการ)$")
_PHONE = re.compile(r"\s*(?:โทร(?:ศัพท์|สาร)?\b|โท\s?ร\.|โทร(?=\s*[.\d๐-๙])).*$")
_MEMO_DATE = re.compile(r"\s+วันที่\s*[\d๐-๙].*$")  # risen beside the sender on a page scanned askew
_TITLE_WORDS = ("คำสั่ง", "ประกาศ", "ระเบียบ", "ข้อบังคับ", "แถลงการณ์", "ข่าว", "ในราชการ")
# Where the issuer's name in a title ends.
_TITLE_END = re.compile(r"\s*(?:\bที่\s*[\d๐-๙].*|ว่าด้วย.*|เรื่อง\s.*|\(?ฉบับที่.*|พ\.\s?ศ\..*|ครั้งที่.*)$")
_LETTERHEAD = re.compile(
    r"^(?:บริษัท|ห้างหุ้นส่วน|หจก|บจก|มูลนิธิ|สมาคม|ธนาคาร|สหกรณ์|มหาวิทยาลัย|วิทยาลัย|โรงพยาบาล|โรงเรียน|วัด|ชมรม|สถาบัน|สโมสร)"
)
_SENTENCE = re.compile(
    r"^(?:จึง|ทั้งนี้|หาก|ประการ|ต่อไป|และ|หรือ|ให้|เพื่อ|ตาม|ด้วย|พร้อม|ขอ|โปรด|ราย|โดย)|(?:ต่อไป|ด้วย|นั้น)\.?$"
)
_PAPER = re.compile(r"^(?:หนังสือรับรอง|หนังสือมอบอำนาจ|รายงานการประชุม|ใบรับรอง|ประกาศนียบัตร|เกียรติบัตร)")
_MOST_LINES = 5
_NEAR_HEIGHTS = 1.3
_NEXT_LINE = 1.2  # of the page's own pitch
_UNSURE = 0.8
_LINE_LOST = 0.5  # what a name is worth under which a line could not be read


def find_sender(
    head: Head, kind: Kind, pages: Sequence[PageLayout]
) -> tuple[Found[str] | None, Found[str] | None]:
    """Return the sender and its address as the letter shows them, None for what it does not."""
    if kind is Kind.INTERNAL:
        return _memo_sender(head), None
    if kind is Kind.STAMPED:
        return _stamped_sender(head, pages), None
    if kind is Kind.EXTERNAL:
        return _column_sender(head)
    titled = _title_sender(head)
    if titled is None and kind is Kind.EVIDENCE:
        return _column_sender(head)
    return titled, None


def _memo_sender(head: Head) -> Found[str] | None:
    section = head.section(OFFICE)
    if section is None:
        return None
    value = _MEMO_DATE.sub("", _PHONE.sub("", section.value)).strip()
    return found_rows(value, section.rows, "หลังคำว่า ส่วนราชการ") if value else None


def _title_sender(head: Head) -> Found[str] | None:
    """The issuer is the rest of the title line: `คำสั่งสำนักงาน…`, `ในราชการกรม…`."""
    for index, row in enumerate(head.title):
        for word in _TITLE_WORDS:
            hit = match_label(row.text, word)
            if hit is None or len(row.text) - hit.value_start < 3:
                continue
            rows = [row]
            for following in head.title[index + 1 :]:
                if not _goes_on(following, rows[-1], head.page):
                    break
                rows.append(following)
            rest = [row.text[hit.value_start :], *(r.text for r in rows[1:] if not is_mark(r.text))]
            value = _TITLE_END.sub("", " ".join(rest)).strip()
            if len(value) < 3:
                continue
            return found_rows(value, rows, f"หลังคำว่า {word} ที่หัวเรื่อง")
    return None


def _goes_on(row: Row, above: Row, page: PageLayout) -> bool:
    """Tell whether a row is the next line of a centred title; a mark beside it is not."""
    middle = (row.box.left + row.box.right - above.box.left - above.box.right) / 2
    near = row.box.top - above.box.bottom < page.text_height * 1.5
    return near and abs(middle) < 0.08 * page.width


def _column_sender(head: Head) -> tuple[Found[str] | None, Found[str] | None]:
    """On an external letter the sender stands right of the number, its address below it."""
    name: list[Piece] = []
    address: list[Piece] = []
    lost = False
    pitch = _line_pitch(head.page)
    for piece in _printed(_right_column(head)):
        text = piece.text.strip()
        if is_mark(text):
            continue
        lost = lost or (bool(name) and not address and _is_lost_line(piece, text, name[-1]))
        if _is_dated(text):
            if name:
                break
            continue
        _sort_in(piece, text, name, address, pitch)
        if len(name) + len(address) > _MOST_LINES:
            break
    if not name:
        return _letterhead(head), None
    sender = found_pieces(_join(name), name, "ขวามือของเลขที่หนังสือ")
    if lost:
        sender = replace(sender, confidence=round(sender.confidence * _LINE_LOST, 4))
    if not address:
        return sender, None
    return sender, found_pieces(" ".join(p.text for p in address), address, "ใต้ชื่อส่วนราชการ")


def _sort_in(
    piece: Piece, text: str, name: list[Piece], address: list[Piece], pitch: float
) -> None:
    """Put a piece of the column to the name or to the address; an address before the name is nobody's."""
    start = _address_start(text)
    if address or (name and not _joins(piece, name[-1], text, pitch)):
        address.append(piece)
    elif start != 0 and not _garbage(text):
        name.append(piece if start is None else _cut(piece, 0, start))
        address += [] if start is None else [_cut(piece, start, len(piece.text))]


def _is_lost_line(piece: Piece, text: str, above: Piece) -> bool:
    """Tell whether a line under the name could not be read: it may have been the name's second."""
    height = max(1, above.box.height)
    under = abs(piece.box.left - above.box.left) < height and piece.box.top > above.box.top
    near = piece.box.top - above.box.bottom < _NEAR_HEIGHTS * height
    unread = piece.confidence < _UNSURE or re.search(r"[A-Za-z]", text) is not None
    return under and near and piece.box.width > height and _garbage(text) and unread


def _line_pitch(page: PageLayout) -> float:
    """Return how far apart, in pixels, the page's lines are from top to top."""
    steps = [below.box.top - row.box.top for row, below in pairwise(page.rows)]
    return float(median(steps)) if steps else 0.0


def _joins(piece: Piece, above: Piece, text: str, pitch: float) -> bool:
    """Tell whether a piece is the name's next line, or what stands right of its first."""
    if _address_start(text) == 0:
        return False
    if _PARENT.match(text) and not _UNFINISHED.search(above.text.strip()):
        return False
    if text.startswith("จังหวัด") and _WHOLE_NAME.match(above.text.strip()):
        return False
    height = max(1, above.box.height)
    spaced = piece.box.top - above.box.top < _NEXT_LINE * pitch  # as wide apart as all lines
    return piece.box.top - above.box.bottom < _NEAR_HEIGHTS * height or spaced


def _join(name: Sequence[Piece]) -> str:
    """Put the lines of a name together; a word broken at the line's end is one again (`…ขั้นพื้น|ฐาน`)."""
    whole = ""
    for piece in name:
        text = piece.text.strip(" -–,")
        broken = whole and is_word(split_words(whole)[-1] + split_words(text)[0])
        whole = f"{whole}{text}" if broken or not whole else f"{whole} {text}"
    return whole


def _address_start(text: str) -> int | None:
    """Return where in a line the address begins, None where it holds none."""
    plain = to_arabic_digits(text)
    if _WHOLE_LINE.match(plain.lstrip(" -–,.")):
        return 0
    if _WHOLE_LINE.search(plain) and not (begins_as_agency(plain) and not _WHOLE_LINE.match(plain)):
        return 0
    within = _WITHIN.search(plain)
    if within is not None:
        return within.end()
    return 0 if _WHOLE_LINE.search(plain) else None


def _cut(piece: Piece, start: int, end: int) -> Piece:
    """Return a stretch of a piece with the words that stand in it."""
    left = piece.left_of(start) if start else piece.box.left
    right = piece.left_of(end) if end < len(piece.text) else piece.box.right + 1
    words = tuple(word for word in piece.words if left <= word.box.left < right)
    box = union_of([word.box for word in words]) or piece.box
    return replace(piece, text=piece.text[start:end].strip(" -–,"), box=box, words=words)


def _printed(pieces: Sequence[Piece]) -> Sequence[Piece]:
    """Leave out blue ink, stamps and pens, where the column is printed in black."""
    black = [piece for piece in pieces if piece.ink is not Ink.BLUE]
    return black if any(not _garbage(piece.text) for piece in black) else pieces


def _letterhead(head: Head) -> Found[str] | None:
    """Return the name at the very top of a letter that has none beside its number, as firms print it."""
    for row in head.title:
        text = row.text.strip()
        if _LETTERHEAD.match(text) and row.box.top < 0.25 * head.page.height:
            found = found_rows(text, (row,), "ชื่อที่หัวกระดาษ")
            return replace(found, confidence=round(found.confidence * 0.8, 4))
    return None


def _is_dated(text: str) -> bool:
    cut_off = re.match(r"[\s.]*[๐-๙0-9]{1,2}\s+(?P<month>[ก-ฮเ][ก-๎]{3,12})\s", text)
    return bool(
        find_dates(text)
        or month_and_year(text)
        or match_label(text, DATE)
        or (cut_off and read_month(cut_off["month"]))
    )


def _right_column(head: Head) -> list[Piece]:
    section = head.section(NUMBER)
    middle = head.page.width * 0.42
    if section is None:
        top = [row for row in head.title if row.box.top > head.page.height * 0.05]
        return [p for row in top for p in row.pieces if p.box.left > middle]
    pieces = _beside_number(section)
    # The sender's lines may begin above the number.
    first_top = section.rows[0].box.top
    for row in reversed(head.title):
        if first_top - row.box.bottom > head.page.text_height:
            break
        right = [p for p in row.pieces if p.box.left > middle and not is_mark(p.text)]
        if not right:
            break
        pieces = right + pieces
        first_top = row.box.top
    for row in section.rows[1:]:
        pieces += [piece for piece in row.pieces if piece.box.left > head.page.width * 0.3]
    return pieces


def _beside_number(section: Section) -> list[Piece]:
    """Pieces right of the number; also what one reader put on the number's own line."""
    row = section.rows[0]
    pieces = list(row.pieces[section.piece + 1 :])
    own = row.pieces[section.piece]
    number = find_number(own.text[section.value_start :])
    if number is None:
        return pieces
    cut = section.value_start + number.end
    rest = own.text[cut:].strip()
    if len(rest) > 6 and re.match(r"[ก-ฮเ-ไ]", rest):
        pieces.insert(0, _cut(own, len(own.text) - len(own.text[cut:].lstrip()), len(own.text)))
    return pieces


def _garbage(text: str) -> bool:
    return bool(_PAPER.match(text.strip())) or len(re.findall(r"[ก-ฮ]", text)) < 2


def _stamped_sender(head: Head, pages: Sequence[PageLayout]) -> Found[str] | None:
    """Return the sender of a stamped letter: the line over its date, under the seal."""
    rows = rows_after_text(head, pages)
    for index, row in enumerate(rows):
        if index == 0 or not any(_is_date_line(piece.text) for piece in row.pieces):
            continue
        above = index - 1
        # a stroke of the signature over the seal, or a stamp beside it
        while above > 0 and (_garbage(rows[above].text) or _is_pressed(rows[above])):
            above -= 1
        name = rows[above]
        text = name.text.strip()
        is_text = _SENTENCE.search(text) or _ends_the_text(name, rows[:above], head.page.width)
        if len(text) < 3 or name.box.width > 0.66 * head.page.width or is_text:
            return None
        return Found(text, text, round(name.confidence, 4), name.page, name.box, "เหนือวันที่ท้ายหนังสือ")
    return None


def _is_pressed(row: Row) -> bool:
    """Tell whether all of a row is in blue, as stamps and pens are."""
    return all(piece.ink is Ink.BLUE for piece in row.pieces)


def _is_date_line(text: str) -> bool:
    readings = find_dates(text)
    return bool(readings) and readings[0].end - readings[0].start > 0.6 * len(text)


def _ends_the_text(last: Row, text: Sequence[Row], page_width: int) -> bool:
    """Tell whether a row starts at the margin of the full lines before it, as no sender's name does."""
    margins = [row.box.left for row in text if row.box.width > 0.5 * page_width]
    return bool(margins) and last.box.left < min(margins) + last.box.height
