"""What the pages of retention share: who may do what, how a refusal is shown, years as Buddhist years."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import date
from http import HTTPStatus
from typing import Annotated

from fastapi import Depends, Query, Request
from fastapi.responses import RedirectResponse, Response
from starlette.datastructures import FormData

from index.choices import BookName
from index.errors import NoSuchRecordError
from index.register.people.people import Person
from index.registered_letter import LetterKey, RegisterNumber
from index.retention.errors import RetentionError
from index.retention.law import Law
from index.retention.papers import paper_id
from index.retention.retention import Retention
from index.visibility import Role, Viewer
from ocr.thai_text import BUDDHIST_ERA
from pipeline.office import law_in_force
from pipeline.web.site.language import mark, render
from pipeline.web.site.pages import Site
from pipeline.web.site.roles import READING, RETENTION_READERS
from pipeline.web.site.typed_day import no_day, parse_day

FIRST_YEAR, LAST_YEAR = 1900, 2200  # Gregorian; what else somebody types as a year is none
LONGEST_ID = 15  # digits

PageNumber = Annotated[int, Query(ge=1, le=100_000)]


async def read_form(request: Request) -> FormData:
    """Return a posted form whose fields are named by letter."""
    return await request.form(max_fields=5_000)


PostedForm = Annotated[FormData, Depends(read_form)]


@dataclass(frozen=True, slots=True)
class Tab:
    """One of the pages of retention."""

    here: str
    address: str
    name: str
    roles: frozenset[Role] = frozenset(READING)


TABS = (
    Tab("january", "/retention", mark("ครบกำหนด")),
    Tab("open", "/retention/open", mark("ยังไม่ปิดเรื่อง")),
    Tab("batches", "/retention/batches", mark("บัญชีขอทำลาย"), frozenset(RETENTION_READERS)),
    Tab("holds", "/retention/holds", mark("ห้ามทำลาย")),
    Tab("loans", "/retention/loans", mark("ยืม–คืน")),
    Tab("store", "/retention/store", mark("คลังเก็บ")),
    Tab("transfer", "/retention/transfer", mark("ครบ ๒๐ ปี")),
    Tab("simulate", "/retention/simulate", mark("ทดลองเปลี่ยนอายุ")),
    Tab("law", "/retention/law", mark("ตารางระเบียบ")),
    Tab("calendar", "/calendar", mark("ปฏิทิน"), frozenset(RETENTION_READERS)),
)


def keeping(site: Site) -> Retention:
    """Return the book's retention under the law in force; LawFileError when its file is broken."""
    return site.book.retention(law_in_force(site.office))


def shared(viewer: Viewer, tab: str, law: Law, problem: str = "") -> dict[str, object]:
    """Return what every page of retention shows."""
    return {
        "tabs": tuple(one for one in TABS if one.roles & viewer.roles),
        "tab": tab,
        "problem": problem,
        "may_change": Role.RECORDS_OFFICER in viewer.roles,
        "classes": law.classes,
        "unsure": {code for code, row in law.classes.items() if not row.law.is_verified},
    }


def attempt(work: Callable[[], object], address: str, again: Callable[[str], Response]) -> Response:
    """Do the work and go on to a page; a refusal shows the page again, saying why and by which clause."""
    try:
        work()
    except RetentionError as error:
        return again(render(error))
    return RedirectResponse(address, status_code=HTTPStatus.SEE_OTHER)


def letter_id_of(
    site: Site, viewer: Viewer, number: RegisterNumber, book: BookName = BookName.RECEIVE
) -> int:
    """Return the paper of a register number; NoSuchRecordError when the viewer may not open it."""
    if book is not BookName.RECEIVE:
        entry = site.book.sent.by_number(viewer, book, number)
        if entry.letter is None or entry.is_hidden:
            raise NoSuchRecordError(f"number {number} of the {book} book")
        return paper_id(LetterKey.sent(entry.letter.sent_id))
    found = site.book.letters.by_number(viewer, number)
    if found is None:
        raise NoSuchRecordError(f"letter {number}")
    return found.letter_id


def gregorian(buddhist_year: str) -> int | None:
    """Return the Gregorian year of a Buddhist year as somebody typed it; None for no year."""
    digits = buddhist_year.strip()
    year = int(digits) - BUDDHIST_ERA if digits.isdecimal() and len(digits) == 4 else 0
    return year if FIRST_YEAR <= year <= LAST_YEAR else None


def day_of(text: str, otherwise: date) -> date:
    """Return the day of a date field, `otherwise` for an empty one; RetentionError for what is none."""
    return optional_day(text) or otherwise


def optional_day(text: str) -> date | None:
    """Return the day of a date field, None for an empty one; RetentionError for what is no day."""
    if not text:
        return None
    day = parse_day(text)
    if day is None:
        refused = RetentionError(no_day(text).english)
        refused.says(no_day(text))
        raise refused
    return day


def text_of(form: FormData, name: str) -> str:
    """Return a field of a form as one line of text; a missing one, or a file, is empty."""
    value = form.get(name, "")
    return " ".join(value.split()) if isinstance(value, str) else ""


def letters_of(form: FormData, name: str) -> tuple[int, ...]:
    """Return the ids of the letters that were ticked."""
    return tuple(
        int(one)
        for one in form.getlist(name)
        if isinstance(one, str) and one.removeprefix("-").isdecimal() and len(one) <= LONGEST_ID
    )


def shown_names(people: tuple[Person, ...]) -> dict[str, str]:
    """Return how people are shown by the names they log in with."""
    return {one.name: one.shown_name or one.name for one in people}
