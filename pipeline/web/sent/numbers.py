"""The clerk's page of numbers: every book's run, what is reserved and cancelled, and whether it is whole."""

from __future__ import annotations

from dataclasses import dataclass
from http import HTTPStatus
from typing import Annotated
from urllib.parse import urlencode

from fastapi import APIRouter, Form, Query, Request
from fastapi.responses import HTMLResponse, RedirectResponse, Response

from index.choices import BookName, NumberStatus
from index.errors import NoSuchRecordError, NumberRefusedError
from index.register.numbers.numbers import DrawnNumber, NumberAudit, find_buddhist_year
from index.registered_letter import RegisterNumber
from index.visibility import Viewer
from pipeline.web.sent.form import Line
from pipeline.web.site.language import _, figures, mark
from pipeline.web.site.names import BOOK_NAMES
from pipeline.web.site.pages import RequestSite, Site, show
from pipeline.web.site.roles import Clerk

routes = APIRouter()
Field = Annotated[Line, Form()]
InForm = Annotated[BookName, Form()]
DONE = {
    "reserved": mark("จองเลขแล้ว: %(number)s"),
    "let_go": mark("ปล่อยเลขคืนแล้ว ยังจองไว้: %(number)s"),
    "cancelled": mark("ยกเลิกเลขแล้ว: %(number)s"),
    "continued": mark("ตั้งเลขต่อจากสมุดแล้ว เลขต่อไปคือเลขถัดจาก %(number)s"),
}
PROBLEMS = {
    "number": mark("โปรดเขียนเลขเป็น ๑๒๓ หรือ ๑๒๓/๒๕๖๙"),
    "reason": mark("โปรดเขียนเหตุผล"),
    "unknown": mark("ไม่มีเลขนี้ในทะเบียน หรือเป็นหนังสือลับ ซึ่งนายทะเบียนเป็นผู้ยกเลิก"),
    "in_use": mark("ทะเบียนปีนี้ออกเลขไปแล้ว จึงตั้งเลขต่อจากสมุดไม่ได้"),
}


@dataclass(frozen=True, slots=True)
class Run:
    """One book's year: its numbers, those set aside, and the audit when it was asked for."""

    book: BookName
    name: str
    numbers: range
    aside: tuple[DrawnNumber, ...]
    audit: NumberAudit | None


@routes.get("/numbers", response_class=HTMLResponse)
def numbers(
    request: Request,
    site: RequestSite,
    viewer: Clerk,
    *,
    year: Annotated[int | None, Query(ge=2400, le=3000)] = None,
    check: bool = False,
    done: Annotated[str, Query(max_length=16)] = "",
    number: Annotated[str, Query(max_length=32)] = "",
    problem: Annotated[str, Query(max_length=16)] = "",
) -> Response:
    """Show all runs of a year, with the forms to reserve, to cancel and to continue a paper book.

    With `check` every number of the year is looked at for gaps and doubles, which takes a while.
    """
    this_year = find_buddhist_year(site.now(), site.office.zone)
    shown = year or this_year
    runs = [
        Run(
            book,
            BOOK_NAMES[book],
            site.book.numbers.run(book, shown),
            site.book.numbers.set_aside(viewer, book, shown),
            site.book.numbers.audit(book, shown) if check else None,
        )
        for book in BookName
    ]
    return show(
        request,
        "numbers.html",
        {
            "runs": runs,
            "reserved": NumberStatus.RESERVED,
            "waiting": {one.number for one in site.book.reservations.all() if one.waits},
            "year": shown,
            "this_year": this_year,
            "years": range(this_year, this_year - 10, -1),
            "books": {book.value: BOOK_NAMES[book] for book in BookName},
            "done": _(DONE[done], number=figures(number)) if done in DONE else "",
            "problem": PROBLEMS.get(problem, ""),
        },
        here="numbers",
    )


@routes.post("/numbers/reserve")
def reserve(site: RequestSite, viewer: Clerk, *, book: InForm, note: Field = "") -> Response:
    """Keep the next number of a book back, for what the note says."""
    if not note.strip():
        return _back(problem="reason")
    number = site.book.numbers.reserve(book, note=note.strip(), who=viewer.name, now=site.now())
    return _back(done="reserved", number=number)


@routes.post("/numbers/let-go")
def let_go(site: RequestSite, viewer: Clerk, *, number: Field = "") -> Response:
    """Take a reserved receive number back from the scan that waits for it."""
    found = _read_number(site, number)
    if found is None:
        return _back(problem="number")
    try:
        site.book.reservations.let_go(found, who=viewer.name, now=site.now())
    except NumberRefusedError:
        return _back(problem="unknown", year=found.buddhist_year)
    return _back(done="let_go", number=found, year=found.buddhist_year)


@routes.post("/numbers/cancel")
def cancel(
    site: RequestSite, viewer: Clerk, *, book: InForm, number: Field = "", note: Field = ""
) -> Response:
    """Cancel a number with a reason; it stays in the book."""
    found = _read_number(site, number)
    if found is None:
        return _back(problem="number")
    try:
        _cancel(site, viewer, book, found, note)
    except NumberRefusedError:
        return _back(problem="reason", year=found.buddhist_year)
    except NoSuchRecordError:
        return _back(problem="unknown", year=found.buddhist_year)
    return _back(done="cancelled", number=found, year=found.buddhist_year)


def _cancel(site: Site, viewer: Viewer, book: BookName, number: RegisterNumber, note: str) -> None:
    if book is not BookName.RECEIVE:
        site.book.sent.cancel(viewer, book, number, note=note, now=site.now())
        return
    letter = site.book.letters.by_number(viewer, number)
    if letter is not None and letter.is_redacted:
        raise NoSuchRecordError(f"number {number}")
    site.book.numbers.cancel(book, number, note=note, who=viewer.name, now=site.now())


@routes.post("/numbers/continue")
def continue_paper_book(
    site: RequestSite, viewer: Clerk, *, book: InForm, last: Field = ""
) -> Response:
    """Go on after the last number of the paper book; only before the first number of the year."""
    found = _read_number(site, last)
    if found is None:
        return _back(problem="number")
    try:
        site.book.numbers.start_after(book, found, who=viewer.name, now=site.now())
    except NumberRefusedError:
        return _back(problem="in_use", year=found.buddhist_year)
    return _back(done="continued", number=found, year=found.buddhist_year)


def _read_number(site: Site, text: str) -> RegisterNumber | None:
    """Read `123/2569`, or `123` of this year; None when it is neither."""
    year = find_buddhist_year(site.now(), site.office.zone)
    try:
        number = RegisterNumber.parse(text if "/" in text else f"{text}/{year}")
    except ValueError:
        return None
    fits = 0 <= number.running < 10_000_000 and 2400 <= number.buddhist_year <= 3000
    return number if fits else None


def _back(
    *,
    done: str = "",
    problem: str = "",
    number: RegisterNumber | None = None,
    year: int | None = None,
) -> RedirectResponse:
    outcome = {"done": done, "problem": problem, "number": number, "year": year}
    query = urlencode({key: str(value) for key, value in outcome.items() if value})
    return RedirectResponse(f"/numbers?{query}", status_code=HTTPStatus.SEE_OTHER)
