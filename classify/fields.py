"""From a read document to a letter: every field with its value, its place and how it was found."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from datetime import date
from functools import cache

from classify.agencies import AgencyTable
from classify.calibration import calibrate
from classify.checks import (
    check_date,
    check_ink,
    check_names,
    check_number,
    check_recipient,
    check_sender,
)
from classify.foot_fields import DatePlace, find_foot, find_letter_date
from classify.head import Head
from classify.head_fields import (
    NumberReading,
    complete_from_sender,
    find_enclosures,
    find_letter_number,
    find_recipient,
    find_references,
    find_subject,
    is_addressed,
)
from classify.kinds import detect_kind
from classify.laid_out import LaidOut, own_pages
from classify.layout import PageLayout
from classify.letter import Found, Kind, Letter, ReviewReason
from classify.load_rules import load_rules
from classify.marks import Marks, find_marks
from classify.places import on_pictures
from classify.reasons import reason
from classify.rules import KindRules
from classify.seen_marks import is_crest, see_secrecy, sees_urgency
from classify.sender_fields import find_sender
from classify.spelling import respell, settle_abbreviations
from classify.stock_phrases import settle_phrases
from classify.trust import believe
from ocr.document import Page, RecognizedDocument

_SURE_KIND = 0.7
_UNSURE_NAME = 0.7
_UNCODED = (Kind.ORDER, Kind.ANNOUNCEMENT, Kind.EVIDENCE)  # their numbers name no agency
_UNADDRESSED = (Kind.ORDER, Kind.ANNOUNCEMENT)  # print no recipient: whoever gets them is meant
_PROPOSED_RECEIVER = 0.5
_PAGES_OF_LETTER = 6  # the letter itself; what follows is its enclosures


def find_fields(
    laid_out: LaidOut,
    *,
    agencies: AgencyTable,
    today: date,
    kinds: KindRules | None = None,
    receiver: str = "",
) -> Letter:
    """Find a letter's fields; a field the page does not show is None.

    `receiver`, the office's head, is proposed as the recipient of orders and announcements, which print
    none; `today` is the day of receipt, against which dates are checked; `kinds` are the letter kinds'
    markers, the shipped ones when left out. Never raises on any text.
    """
    document = laid_out.document
    letter_pages = own_pages(laid_out, _PAGES_OF_LETTER)
    head = _first_head(laid_out.heads)
    kind = detect_kind(head, letter_pages, kinds or _shipped_kinds())
    dated = find_letter_date(head, kind.value, letter_pages)
    number, sender, address = _number_and_sender(head, kind.value, letter_pages, agencies)
    marks = _marks(head, laid_out)
    foot = find_foot(head, letter_pages, signed=kind.value is not Kind.STAMPED)
    recipient = _settled(find_recipient(head, kind.value), agencies)
    subject = None if kind.value is Kind.STAMPED else _settled(find_subject(head), agencies)
    engine = document.pages[0].engine if document.pages else ""
    doubts = [
        *_number_doubts(number, kind),
        *_date_doubts(dated, today),
        *_mark_doubts(marks, document.pages),
        *_unread_doubts(document),
        *_disagreement(number, sender, agencies),
        *check_number(number.parts if number else None, sender, agencies),
        *check_sender(sender, head.page.width),
        *check_names(agencies.spellings, sender=sender, recipient=recipient, subject=subject),
        *check_ink(head.page, ("sender", sender), ("subject", subject), ("recipient", recipient)),
        *check_recipient(recipient, kind.value, labelled=is_addressed(head)),
        *check_date(dated, head.page),
    ]
    letter = Letter(
        kind=kind,
        number=_believed_number(number, engine),
        date=_date_found(dated, engine),
        sender=_believed("sender", sender, engine, may_be_latin=False),
        recipient=_believed("recipient", recipient, engine, may_be_latin=False)
        or _proposed_receiver(kind.value, receiver),
        subject=_believed("subject", subject, engine),
        urgency=marks.urgency,
        secrecy=marks.secrecy,
        references=find_references(head),
        enclosures=find_enclosures(head),
        signer=foot.signer,
        signer_position=foot.position,
        owner=foot.owner,
        contact=foot.contact,
        sender_address=address,
        urgent_until=marks.urgent_until,
        receiving_stamps=_stamps(letter_pages),
        doubts=tuple(doubts),
    )
    return on_pictures(letter, document)


def _number_and_sender(
    head: Head, kind: Kind, pages: Sequence[PageLayout], agencies: AgencyTable
) -> tuple[NumberReading | None, Found[str] | None, Found[str] | None]:
    """Return number, sender and its address; where one of the first two is unclear the other helps."""
    number = find_letter_number(head, kind, agencies)
    found, address = find_sender(head, kind, pages)
    sender = _settled(found, agencies)
    lacks_letters = number is None or bool(number.parts.owner and not number.parts.letters)
    if lacks_letters and sender is not None and kind not in _UNCODED:
        number = complete_from_sender(head, sender.value, agencies) or number
    if number is not None and sender is not None:
        sender = replace(sender, value=agencies.spell_sender(number.parts, sender.value))
    return number, sender, address


@cache
def _shipped_kinds() -> KindRules:
    return load_rules().kinds


def _first_head(pages: Sequence[Head]) -> Head:
    """Return the first page that has a letter's head (a cover sheet may lie before it)."""
    heads = [head for head in pages[:2] if head.page.rows]
    if not heads:
        empty = PageLayout(1, 1, 1, (), (), (), 1.0, 0, 1)
        return Head(empty, (), (), ())
    return next((head for head in heads if head.sections), heads[0])


def _settled(found: Found[str] | None, agencies: AgencyTable) -> Found[str] | None:
    """Spell the stock phrases of a value right; `as_printed` stays as it was read."""
    if found is None:
        return None
    value, edits = settle_phrases(found.value, agencies.spellings)
    value, words = respell(value)
    value, names, unsure = settle_abbreviations(value, agencies.abbreviations)
    edits += words + names
    if unsure:
        found = replace(found, confidence=found.confidence * _UNSURE_NAME)
    if value == found.value:
        return found
    trust = round(found.confidence * 0.97**edits, 4)
    return replace(found, value=value, confidence=trust, how=f"{found.how}, สะกดตามคำมาตรฐาน")


def _believed(
    field: str, found: Found[str] | None, engine: str, *, may_be_latin: bool = True
) -> Found[str] | None:
    if found is None:
        return None
    chance = believe(found.confidence, found.value, engine, may_be_latin=may_be_latin)
    return replace(found, confidence=calibrate(field, chance, found.as_printed, engine))


def _proposed_receiver(kind: Kind, receiver: str) -> Found[str] | None:
    if not receiver or kind not in _UNADDRESSED:
        return None
    how = "หนังสือชนิดนี้ไม่พิมพ์ผู้รับ เสนอหัวหน้าสำนักงานที่รับ"
    return Found(receiver, "", _PROPOSED_RECEIVER, None, None, how)


def _believed_number(number: NumberReading | None, engine: str) -> Found[str] | None:
    if number is None:
        return None
    found = number.found
    chance = believe(found.confidence, found.as_printed, engine, is_prose=False)
    return replace(found, confidence=calibrate("number", chance, found.as_printed, engine))


def _date_found(place: DatePlace | None, engine: str) -> Found[date] | None:
    if place is None or place.reading is None:
        return None
    found = place.found
    chance = believe(found.confidence, found.as_printed, engine, is_prose=False)
    chance = calibrate("date", chance, found.as_printed, engine)
    return Found(place.reading.value, found.as_printed, chance, found.page, found.box, found.how)


def _number_doubts(number: NumberReading | None, kind: Found[Kind]) -> list[ReviewReason]:
    if number is None:
        unnumbered = kind.value in (Kind.ANNOUNCEMENT, Kind.EVIDENCE)
        wanted = not unnumbered or kind.confidence < _SURE_KIND
        return [reason("number", "number_missing")] if wanted else []
    if number.doubt == "part_handwritten":
        return [reason("number", "number_part_handwritten", number.found.value)]
    if number.doubt == "unknown_agency":
        return [reason("number", "number_unknown_agency", number.parts.letters)]
    if number.doubt == "odd_code":
        return [reason("number", "number_odd_code", number.found.value)]
    if number.doubt == "repaired":
        return [reason("number", "number_repaired", number.found.as_printed)]
    return []


def _disagreement(
    number: NumberReading | None, sender: Found[str] | None, agencies: AgencyTable
) -> list[ReviewReason]:
    """The code checks the sender and the sender the code."""
    if number is None or sender is None or agencies.agrees(number.parts, sender.value) is not False:
        return []
    agency = agencies.find(number.parts)
    return [reason("sender", "sender_disagrees", agency.name if agency else "")]


def _date_doubts(place: DatePlace | None, today: date) -> list[ReviewReason]:
    if place is None:
        return [reason("date", "date_missing")]
    if place.reading is None:
        return [reason("date", "date_day_unread", place.found.as_printed)]
    doubts = []
    if place.reading.common_era:
        doubts.append(reason("date", "date_common_era", place.found.as_printed))
    if place.reading.value > today:
        doubts.append(reason("date", "date_after_today", place.found.as_printed))
    elif (today - place.reading.value).days > 366 * 30:
        doubts.append(reason("date", "date_too_old", place.found.as_printed))
    return doubts


def _marks(head: Head, laid_out: LaidOut) -> Marks:
    marks = find_marks(head, laid_out.pages)
    pages = laid_out.document.pages
    unread = tuple(piece for piece in marks.unread if not is_crest(piece, pages))
    return replace(marks, secrecy=see_secrecy(marks.secrecy, pages), unread=unread)


def _mark_doubts(marks: Marks, pages: Sequence[Page]) -> list[ReviewReason]:
    doubts = []
    if marks.secrecy is not None and marks.secrecy.confidence < 0.5:
        printed = marks.secrecy.as_printed
        code = "secrecy_suspected" if printed else "secrecy_seen"
        doubts.append(reason("secrecy", code, printed))
    if marks.unread:
        doubts.append(reason("urgency", "mark_unread", marks.unread[0].text))
    elif marks.urgency is None and sees_urgency(pages):
        doubts.append(reason("urgency", "mark_seen"))
    return doubts


def _unread_doubts(document: RecognizedDocument) -> list[ReviewReason]:
    """Doubt pages with print that was not read; a secrecy mark may be on them."""
    unread = tuple(dict.fromkeys(page.file_page for page in document.pages if page.unread))
    if not unread:
        return []
    doubt = reason("text", "page_unread", ", ".join(map(str, unread)))
    doubts = [replace(doubt, pages=unread)]
    return [*doubts, reason("secrecy", "secrecy_unread")] if 1 in unread else doubts


def _stamps(pages: Sequence[PageLayout]) -> tuple[Found[str], ...]:
    how = "ตรารับหนังสือ ไม่ใช่เลขหรือวันที่ของหนังสือ"
    pieces = [piece for page in pages[:1] for row in page.stamps for piece in row.pieces]
    return tuple(
        Found(piece.text, piece.text, round(piece.trust(), 4), piece.page, piece.box, how)
        for piece in pieces
    )
