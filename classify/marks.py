"""Urgency and secrecy marks: stamped words at the head and foot of a page, never words in the text.

`ลับ` is part of many words (กลับ, สลับ, ความลับ), so it counts only where it stands by itself.
A mark that only resembles ลับ counts as secret until a person has looked: a missed secret does more
harm than a needless look.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import TypeVar

from classify.fuzzy import edit_distance, find_near, match_label, skeleton
from classify.head import SUBJECT, Head
from classify.layout import PageLayout, Piece, Row
from classify.letter import Found, Secrecy, Urgency
from classify.numbers import find_number
from ocr.document import Ink

_URGENCY = (
    ("ด่วนที่สุด", Urgency.MOST_URGENT),
    ("ด่วนมาก", Urgency.VERY_URGENT),
    ("ด่วน", Urgency.URGENT),
)
_SECRECY = (
    ("ลับที่สุด", Secrecy.TOP_SECRET),
    ("ลับมาก", Secrecy.VERY_SECRET),
    ("ลับ", Secrecy.SECRET),
    ("ปกปิด", Secrecy.SECRET),
)
_T = TypeVar("_T")
_WITHIN = "ด่วนภายใน"
_LARGE_TITLES = ("บันทึกข้อความ", "คำสั่ง", "ประกาศ", "ระเบียบ", "ข้อบังคับ", "วิทยุ", "หนังสือรับรอง")
_EDGES = re.compile(r"^[\s\W_]+|[\s\W_]+$")
_MARK_ZONE_SHARE = 0.16  # of the page height, from the top and from the bottom
_MARK_HEIGHT = 1.25  # a mark is this much taller than the text
_SUSPECTED = 0.3


@dataclass(frozen=True, slots=True)
class Marks:
    """What the marks say; `unread` are large isolated texts at a mark's place that say neither."""

    urgency: Found[Urgency] | None
    urgent_until: Found[str] | None
    secrecy: Found[Secrecy] | None
    unread: tuple[Piece, ...] = ()


def find_marks(head: Head, pages: Sequence[PageLayout]) -> Marks:
    """Look for urgency marks at the head of the letter and secrecy marks on every page."""
    urgency, until = _find_urgency(head)
    known = urgency.box if urgency is not None else None
    unread = tuple(piece for piece in _unread(head) if piece.box != known)
    return Marks(urgency, until, _find_secrecy(head, pages), unread)


def _mark_rows(head: Head) -> Iterator[Row]:
    """Give the rows a mark can stand on: above the labels, and down to the subject."""
    yield from head.title
    if not head.sections:
        yield from (row for row in head.page.rows if row.box.top < head.page.height * 0.3)
        return
    for section in head.sections:
        if section.label == SUBJECT:
            return
        yield from section.rows


def _find_urgency(head: Head) -> tuple[Found[Urgency] | None, Found[str] | None]:
    for row in _mark_rows(head):
        for piece in row.pieces:
            within = match_label(piece.text, _WITHIN)
            if within:
                mark = _found(Urgency.URGENT, piece, piece.text, 0.95, "ด่วนภายใน")
                until = piece.text[within.value_start :].strip()
                return mark, _found(until, piece, until, 0.9, "หลังคำว่า ด่วนภายใน") if until else None
            hit = _urgency_in(piece) or _smudged_urgency(piece, head.page)
            if hit:
                return hit, None
    return None, None


def _urgency_in(piece: Piece) -> Found[Urgency] | None:
    """Read a mark that is the whole piece, one of several marks, or stands before ที่."""
    text = piece.text.strip()
    for part in (text, *text.split()):
        for word, urgency in _URGENCY:
            if not _is_word(part, word):
                continue
            alone = all(is_mark(other) for other in text.split())
            exact = 1.0 if _EDGES.sub("", part) == word else 0.9
            if alone or _is_word(text, word):
                return _found(urgency, piece, part, exact, "ตราชั้นความเร็ว")
            if text.startswith(part) and re.match(r"\s*(?:ที่|ท\b|ที)", text[len(part) :]):
                return _found(urgency, piece, part, exact * 0.97, "หน้าคำว่า ที่")
            if text.endswith(part) and find_number(text) and part == word:
                return _found(urgency, piece, part, 0.97, "หลังเลขที่หนังสือ")
    return None


def _smudged_urgency(piece: Piece, page: PageLayout) -> Found[Urgency] | None:
    """Find a mark in a large piece that was read with strokes of the emblem or of pen beside it."""
    bones = skeleton(piece.text)
    if piece.box.height < _MARK_HEIGHT * page.text_height or len(bones) > 16:
        return None
    for word, urgency in _URGENCY[:2]:
        if find_near(skeleton(word), bones, 2) is not None:
            return _found(urgency, piece, piece.text, 0.7, "ตราชั้นความเร็วที่อ่านได้ไม่ชัด")
    return None


def _find_secrecy(head: Head, pages: Sequence[PageLayout]) -> Found[Secrecy] | None:
    best: Found[Secrecy] | None = None
    for page in pages:
        for piece in _secrecy_places(head, page):
            found = _secrecy_in(piece, page)
            if found and (
                best is None or (found.confidence, _rank(found)) > (best.confidence, _rank(best))
            ):
                best = found
    return best


def _rank(found: Found[Secrecy]) -> int:
    return tuple(Secrecy).index(found.value)


def _secrecy_places(head: Head, page: PageLayout) -> Iterator[Piece]:
    above = {id(row) for row in _mark_rows(head)} if page.number == head.page.number else set()
    zone = page.height * _MARK_ZONE_SHARE
    for row in page.rows:
        at_edge = row.box.bottom < zone or row.box.top > page.height - zone
        for piece in row.pieces:
            if at_edge or id(row) in above or piece.ink is Ink.RED or _isolated(piece, page):
                yield piece
    yield from page.dirt


def _isolated(piece: Piece, page: PageLayout) -> bool:
    return piece.box.height > _MARK_HEIGHT * page.text_height and piece.box.width < page.width * 0.3


def _secrecy_in(piece: Piece, page: PageLayout) -> Found[Secrecy] | None:
    parts = piece.text.split()
    if not parts or len(parts) > 6:
        return None
    whole = _EDGES.sub("", piece.text)
    for word, secrecy in _SECRECY:
        if whole == word or any(
            _EDGES.sub("", part) == word for part in parts if _only_marks(parts)
        ):
            return _found(secrecy, piece, word, 1.0, "ตราชั้นความลับ")
    for word, secrecy in _SECRECY:
        for part in (whole, *parts):
            if _is_word(part, word) and (part == whole or _only_marks(parts)):
                return _found(secrecy, piece, part, 0.85, "ตราชั้นความลับ อ่านไม่ครบทุกตัว")
    if _looks_like_secret(whole, piece, page) or _unreadable_mark(whole, piece, page):
        return _found(Secrecy.SECRET, piece, whole, _SUSPECTED, "คล้ายตราชั้นความลับ")
    return None


def _looks_like_secret(text: str, piece: Piece, page: PageLayout) -> bool:
    """Tell whether an isolated large or red text could be a badly read ลับ, ลับมาก or ลับที่สุด."""
    large = piece.box.height > _MARK_HEIGHT * page.text_height
    if not (large or piece.ink is Ink.RED):
        return False
    centre = (piece.box.left + piece.box.right) / 2 / page.width
    if not 0.25 < centre < 0.75 or piece.box.width > page.width * 0.3:
        return False
    bones = skeleton(text)
    if any(_is_word(text, word) for word, _ in _URGENCY):
        return False
    return any(
        edit_distance(bones, skeleton(word), limit) <= limit
        for word, limit in (("ลับ", 1), ("ลับมาก", 2), ("ลับที่สุด", 2))
    )


def _unreadable_mark(text: str, piece: Piece, page: PageLayout) -> bool:
    """Tell whether a badly read short text stands where nothing but a secrecy mark stands.

    That is alone at the very top or bottom, in the middle, and taller than the text.
    """
    at_edge = piece.box.bottom < page.height * 0.09 or piece.box.top > page.height * 0.93
    centre = (piece.box.left + piece.box.right) / 2 / page.width
    letters = skeleton(text)
    return (
        at_edge
        and 0.42 < centre < 0.58
        and 2 <= len(letters) <= 8
        and not any(char.isdigit() for char in letters)
        and piece.confidence < 0.7
        and 1.1 * page.text_height < piece.box.height < 3 * page.text_height
    )


def _only_marks(parts: Sequence[str]) -> bool:
    return all(is_mark(part) for part in parts)


def is_mark(text: str) -> bool:
    """Tell whether a text is an urgency or secrecy mark and nothing else."""
    return any(_is_word(text, word) for word, _ in (*_URGENCY, *_SECRECY))


def is_secrecy_mark(text: str) -> bool:
    """Tell whether a text is a secrecy mark and nothing else."""
    return any(_is_word(text, word) for word, _ in _SECRECY)


def _is_word(text: str, word: str) -> bool:
    """Compare by skeleton; long marks survive one or two misread letters, ลับ and ด่วน none."""
    bones, wanted = skeleton(_EDGES.sub("", text)), skeleton(word)
    limit = 0 if len(wanted) < 5 else 1 if len(wanted) < 7 else 2
    return edit_distance(bones, wanted, limit) <= limit


def _unread(head: Head) -> Iterator[Piece]:
    """Give large isolated texts above the number that are no mark and no title."""
    for row in head.title:
        for piece in row.pieces:
            letters = len(skeleton(piece.text))
            large = piece.box.height > 1.5 * head.page.text_height
            titled = any(match_label(piece.text, title) for title in _LARGE_TITLES)
            if large and 2 <= letters <= 12 and not titled and not is_mark(piece.text):
                yield piece


def _found(value: _T, piece: Piece, printed: str, factor: float, how: str) -> Found[_T]:
    return Found(value, printed, round(piece.confidence * factor, 4), piece.page, piece.box, how)
