"""The send books on the page: the list, one short form that draws the number, and the letter's page."""

from __future__ import annotations

import secrets
from calendar import monthrange
from collections.abc import Mapping
from datetime import date, timedelta
from http import HTTPStatus
from typing import Annotated

from fastapi import APIRouter, Depends, Form, Query, Request
from fastapi.responses import HTMLResponse, RedirectResponse, Response

from index.choices import SEND_BOOKS, BookName, CopyState, NumberStatus
from index.errors import NoSuchRecordError, NumberRefusedError
from index.register.numbers.numbers import find_buddhist_year
from index.register.sent.sent_letter import SentEntry, SentFile, SentFilter, SentLetter
from index.registered_letter import LetterKey, RegisterNumber
from index.retention.papers import paper_id
from index.visibility import Viewer
from ocr.thai_text import BUDDHIST_ERA
from pipeline import thai_form
from pipeline.forms.certificate_paper import whose
from pipeline.office import law_in_force
from pipeline.sending import load_sending
from pipeline.web.sent.form import (
    SentForm,
    groups_of,
    offered_books,
    read_form,
    read_reserved,
    reserved_numbers,
)
from pipeline.web.site.language import _, figures, mark, translated
from pipeline.web.site.local_form import month_name
from pipeline.web.site.names import BOOK_NAMES
from pipeline.web.site.pages import RequestSite, Site, show
from pipeline.web.site.roles import READING, WRITERS, Writer
from pipeline.web.site.viewer import LoggedIn

routes = APIRouter()
NOTHING: Mapping[str, str] = {}
ROWS = 50
SAME_DRAFT = timedelta(days=1)  # the same words from the same person again: rather the same draft
YEARS_BACK = 10
Words = Annotated[str, Query(max_length=200)]
Small = Annotated[str, Query(max_length=16)]
CHANGED_FIELDS = {
    **thai_form.FIELDS,
    "note": mark("หมายเหตุ"),
    "answers": mark("ตอบหนังสือ"),
    "retention_class": mark("ประเภทอายุการเก็บ"),
    "finished_on": mark("วันที่เสร็จ"),
}


@routes.get("/sent", response_class=HTMLResponse)
def sent(
    request: Request,
    site: RequestSite,
    viewer: LoggedIn,
    *,
    book: Small = "",
    year: Small = "",
    month: Small = "",
    day: Small = "",
    q: Words = "",
    page: Annotated[int, Query(ge=1, le=100_000)] = 1,
) -> Response:
    """List what was sent, newest first, narrowed to a book, a year, month or day, and to words."""
    this_year = find_buddhist_year(site.now(), site.office.zone)
    shown_year = _number(year) or this_year
    begin, end = days_of(shown_year, _number(month), _number(day))
    name = BookName(book) if book in SEND_BOOKS else None
    wanted = SentFilter(book=name, words=q, day_from=begin, day_to=end)
    found = site.book.sent.page(viewer, wanted, limit=ROWS, offset=(page - 1) * ROWS)
    return show(
        request,
        "sent.html",
        {
            "entries": found.entries,
            "total": found.total,
            "page": page,
            "more": found.total > page * ROWS,
            "books": offered_books(),
            "book_names": BOOK_NAMES,
            "book": book,
            "words": q,
            "year": shown_year,
            "years": range(this_year, this_year - YEARS_BACK, -1),
            "month": _number(month),
            "day": _number(day),
            "months": [month_name(month) for month in range(1, 13)],
            "groups": site.group_names,
            "may_write": bool(viewer.roles & WRITERS),
            "printed": _written(begin, end),
        },
        here="sent",
    )


def _written(begin: date, end: date) -> str:
    """Return a year, a month or a day as the page of forms reads it: `2569`, `2569-01`, `2569-01-15`."""
    year = str(begin.year + BUDDHIST_ERA)
    if begin == end:
        return f"{year}-{begin:%m-%d}"
    return f"{year}-{begin:%m}" if begin.month == end.month else year


def days_of(buddhist_year: int, month: int | None, day: int | None) -> tuple[date, date]:
    """Return the first and the last day of a year, a month or a day; what cannot be is left out."""
    year = min(max(buddhist_year - BUDDHIST_ERA, 1), 9998)
    if month is None or not 1 <= month <= 12:
        return date(year, 1, 1), date(year, 12, 31)
    last = monthrange(year, month)[1]
    if day is None or not 1 <= day <= last:
        return date(year, month, 1), date(year, month, last)
    return date(year, month, day), date(year, month, day)


def _number(text: str) -> int | None:
    return int(text) if text.isascii() and text.isdigit() else None


@routes.get("/sent/new", response_class=HTMLResponse)
def new(
    request: Request,
    site: RequestSite,
    viewer: Writer,
    *,
    book: Small = BookName.SEND,
    answers: Small = "",
    reserved: Words = "",
) -> Response:
    """Show the empty form; `answers` is the number of the received letter that is answered."""
    chosen = read_reserved(reserved)
    form = SentForm(
        book=chosen[0] if chosen else BookName(book) if book in SEND_BOOKS else BookName.SEND,
        answers=answers,
        reserved=reserved if chosen else "",
        date=site.now().date().isoformat(),
        group=next(iter(groups_of(site, viewer)), "") if not viewer.keeps_register else "",
        key=secrets.token_hex(16),
    )
    return _show_form(request, site, viewer, form)


@routes.post("/sent/new", response_class=HTMLResponse)
def enter(
    request: Request, site: RequestSite, viewer: Writer, form: Annotated[SentForm, Form()]
) -> Response:
    """Draw the number and enter the letter; what is wrong is said above the form as it was filled in."""
    sending = load_sending(site.office)
    chosen = read_reserved(form.reserved)
    book = chosen[0] if chosen else form.book
    read = read_form(site, viewer, form.model_copy(update={"book": book}), sending)
    if read.draft is None:
        return _show_form(request, site, viewer, form, problem=read.problem, asked=read.asked)
    since = site.now() - SAME_DRAFT
    drawn = site.book.sent.drawn_already(viewer, book, read.draft, key=form.key, since=since)
    if drawn is not None and drawn.by_this_form and drawn.same_words:
        return RedirectResponse(
            f"{address_of(drawn.entry)}?drawn=1", status_code=HTTPStatus.SEE_OTHER
        )
    # A reserved number is given once: the book refuses it the second time.
    if drawn is not None and not form.again and (drawn.by_this_form or chosen is None):
        form = form.model_copy(update={"key": secrets.token_hex(16)})
        problem = _drawn_before(drawn.entry)
        return _show_form(
            request, site, viewer, form, problem=problem, asked={**read.asked, "again": "yes"}
        )
    try:
        entry = site.book.sent.enter(
            viewer,
            book,
            read.draft,
            write_number=lambda number: sending.write_number(book, number),
            now=site.now(),
            reserved=chosen[1] if chosen else None,
            key=form.key or None,
        )
    except NumberRefusedError:
        return _show_form(
            request, site, viewer, form, problem=_("เลขที่จองไว้ถูกใช้หรือยกเลิกแล้ว โปรดเลือกใหม่")
        )
    return RedirectResponse(f"{address_of(entry)}?drawn=1", status_code=HTTPStatus.SEE_OTHER)


def _drawn_before(entry: SentEntry) -> str:
    """Say that this draft has its number, as after the browser's way back."""
    return _(
        "ท่านออกเลขให้ร่างนี้แล้ว คือ %(book)s เลขทะเบียน %(number)s ข้อความที่แก้ภายหลังยังไม่ได้บันทึก "
        "หากต้องการเลขใหม่อีกหนึ่งเลข โปรดกดออกเลขอีกครั้ง",
        book=translated(BOOK_NAMES[entry.book]),
        number=figures(entry.register_number),
    )


def _show_form(
    request: Request,
    site: Site,
    viewer: Viewer,
    form: SentForm,
    *,
    problem: str = "",
    asked: Mapping[str, str] = NOTHING,
) -> Response:
    sending = load_sending(site.office)
    return show(
        request,
        "sent_new.html",
        {
            "form": form,
            "asked": asked,
            "problem": problem,
            "books": offered_books(),
            "groups": groups_of(site, viewer),
            "ways": sending.ways,
            "lists": sending.recipients,
            "reserved": reserved_numbers(site, viewer),
            "registrar": viewer.is_registrar,
        },
        here="sent",
        status_code=HTTPStatus.UNPROCESSABLE_ENTITY if problem else 200,
    )


def open_entry(
    site: RequestSite, viewer: LoggedIn, book: BookName, running: int, year: int
) -> tuple[SentEntry, SentLetter]:
    """Return a line whose letter the viewer may open; NoSuchRecordError for everything else."""
    entry = site.book.sent.by_number(viewer, book, RegisterNumber(running, year))
    if entry.letter is None or entry.is_hidden:
        raise NoSuchRecordError(f"number {entry.register_number} of the {book} book")
    return entry, entry.letter


Opened = Annotated[tuple[SentEntry, SentLetter], Depends(open_entry)]


@routes.get("/sent/{book}/{running}/{year}", response_class=HTMLResponse)
def letter(
    request: Request,
    site: RequestSite,
    viewer: LoggedIn,
    opened: Opened,
    *,
    drawn: bool = False,
    problem: Annotated[str, Query(max_length=32)] = "",
) -> Response:
    """Show one letter: its number large, who it went to, what they answered, its files and corrections."""
    return show_sent(request, site, viewer, opened, drawn=drawn, problem=PROBLEMS.get(problem, ""))


def show_sent(
    request: Request,
    site: Site,
    viewer: Viewer,
    opened: tuple[SentEntry, SentLetter],
    *,
    drawn: bool = False,
    problem: str = "",
    refused: tuple[SentForm, Mapping[str, str]] | None = None,
) -> Response:
    """Show one letter; `refused` is a correction that was not kept, with what it was asked about."""
    entry, found = opened
    answered = answered_by(site, viewer, found)
    form, asked = refused or (as_form(found, answered), NOTHING)
    law = law_in_force(site.office)
    keeping, paper = site.book.retention(law), paper_id(LetterKey.sent(found.sent_id))
    return show(
        request,
        "sent_letter.html",
        {
            "entry": entry,
            "letter": found,
            "address": address_of(entry),
            "book_name": BOOK_NAMES[entry.book],
            "drawn": drawn,
            "problem": problem,
            "form": form,
            "asked": asked,
            "correcting": refused is not None,
            "people": site.book.people.names(),
            "recipients": site.book.sent.recipients(viewer, found.sent_id),
            "files": [
                (file, may_open(viewer, file))
                for file in site.book.sent.files(viewer, found.sent_id)
            ],
            "changes": site.book.sent.changes(viewer, found.sent_id),
            "answered": answered,
            "ways": load_sending(site.office).ways,
            "today": site.now().date(),
            "groups": site.group_names,
            "own_groups": groups_of(site, viewer),
            "field_names": CHANGED_FIELDS,
            "registrar": viewer.is_registrar,
            "may_write": bool(viewer.roles & WRITERS)
            and entry.status is NumberStatus.GIVEN
            and not (found.erased_on or found.paper_ended_on),
            "may_keep": not found.is_secret and bool(viewer.roles & set(READING)),
            "stone": keeping.destruction.tombstone_of(viewer, paper),
            "whose": whose,
            "names": site.book.people.names(),
            "classes": law.classes,
        },
        here="sent",
        status_code=HTTPStatus.UNPROCESSABLE_ENTITY if refused else 200,
    )


def as_form(found: SentLetter, answered: RegisterNumber | None) -> SentForm:
    """Return the letter as the form of its correction is filled in."""
    return SentForm(
        subject=found.subject,
        recipient=found.recipient,
        group=found.group,
        date=found.date.isoformat(),
        urgency=found.urgency,
        secrecy=found.secrecy,
        answers=str(answered or ""),
        note=found.note,
    )


PROBLEMS = {
    "reason": mark("โปรดเขียนเหตุผลที่ยกเลิก"),
    "nobody": mark("ไม่มีผู้รับที่ยังไม่ได้บันทึก"),
    "day": mark("โปรดระบุวันที่"),
    "file": mark("รับไฟล์นี้ไม่ได้ ต้องเป็น PDF, TIFF, JPEG หรือ PNG ที่สมบูรณ์ ไม่มีรหัสผ่าน"),
}
"""What may be wrong with one of the small forms of a letter's page; named in the address."""


def address_of(entry: SentEntry) -> str:
    """Return the address of a letter's page."""
    return f"/sent/{entry.book}/{entry.register_number}"


def answered_by(site: Site, viewer: Viewer, found: SentLetter) -> RegisterNumber | None:
    """Return the number of the received letter that this one answers, if the viewer may open it."""
    if found.answers is None:
        return None
    received = site.book.letters.by_id(viewer, found.answers)
    if received is None or received.is_redacted:
        return None
    return received.register_number


def may_open(viewer: Viewer, file: SentFile) -> bool:
    """Tell whether the viewer, who may open the letter, may open this copy of it.

    A scan may be secret before the program knows it: until its marks were looked at, it is for who
    attached it and for the registrar of secret letters.
    """
    return file.state is CopyState.READ or viewer.is_registrar or viewer.name == file.attached_by
