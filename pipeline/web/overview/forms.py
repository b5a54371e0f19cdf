"""The official forms on the page: what can be printed, as PDF to look at and XLSX to work on."""

from __future__ import annotations

from enum import StrEnum
from http import HTTPStatus
from typing import Annotated

from fastapi import APIRouter, Query, Request
from fastapi.responses import HTMLResponse, Response
from starlette.exceptions import HTTPException

from index.choices import SEND_BOOKS, BookName
from index.registered_letter import RegisterNumber
from index.visibility import Role, Viewer
from ocr.thai_text import BUDDHIST_ERA
from pipeline.forms.books import fill_found
from pipeline.forms.certificate_paper import make_certificate
from pipeline.forms.days import Days, one_day, parse_days
from pipeline.forms.errors import FormIncompleteError
from pipeline.forms.gather import FILLED, FORM_PRINTED, Asked, Source, open_source
from pipeline.forms.make import PRINTED, make_pdf, make_xlsx
from pipeline.forms.papers import typeset_paper
from pipeline.forms.typeset import typeset_sheet
from pipeline.forms.workbook import MEDIA_TYPE, write_workbook
from pipeline.web.search.search import PRINTED as MOST_FOUND
from pipeline.web.search.search import AskedSearch
from pipeline.web.site.file_headers import PDF_POLICY
from pipeline.web.site.language import mark, render
from pipeline.web.site.menu import LETTER_ROLES, QUARANTINE_ROLES
from pipeline.web.site.names import BOOK_NAMES
from pipeline.web.site.pages import RequestSite, Site, show
from pipeline.web.site.roles import READING, RETENTION_READERS
from pipeline.web.site.typed_day import parse_day
from pipeline.web.site.viewer import LoggedIn

routes = APIRouter()
STORE_ROLES = frozenset({*READING, Role.REGISTRY_CLERK})
ROLES = {
    "13": LETTER_ROLES,
    "14": LETTER_ROLES,
    "counts": LETTER_ROLES,
    "25": frozenset(RETENTION_READERS),
    "certificate": frozenset(RETENTION_READERS),
    "separator": QUARANTINE_ROLES,
}
"""Who may print what; what is not named here: `STORE_ROLES`."""
TODAY = "today"
NOT_READ = mark(
    "อ่านวัน เดือน ปี หรือเลขทะเบียนไม่ได้ โปรดกรอกเช่น 2569-11-21, 2569-11, 2569 หรือเลขทะเบียน 123/2569"
)
PRIVATE = {"Cache-Control": "private, no-store"}
Short = Annotated[str, Query(max_length=64)]


class Kind(StrEnum):
    """What a form is made into."""

    PDF = "pdf"
    XLSX = "xlsx"


@routes.get("/forms", response_class=HTMLResponse)
def forms(request: Request, site: RequestSite, viewer: LoggedIn) -> Response:
    """Show what this person may print."""
    return _page(request, site, viewer)


@routes.get("/forms/certificate/{batch}.pdf")
def certificate(site: RequestSite, viewer: LoggedIn, batch: str) -> Response:
    """Give a finished batch's certificate."""
    _allow(viewer, "certificate")
    source = _source(site)
    found = source.retention.destruction.certificate(viewer, batch)
    made = make_certificate(found, source.office, site.book.people.names())
    content = typeset_paper(made, source.now)
    details = {"form": "certificate", "made": Kind.PDF.value, "code": batch}
    site.book.audit.record(viewer.name, FORM_PRINTED, site.now(), details=details)
    return _answer(content, f"certificate-{batch}", Kind.PDF)


@routes.get("/forms/found.{made}")
def found(site: RequestSite, viewer: LoggedIn, made: Kind, asked: AskedSearch) -> Response:
    """Give the list of what a search finds, as the page `/search/print` shows it."""
    _allow(viewer, "13")
    source = _source(site)
    result = site.finder.search(
        asked.wanted, viewer=viewer, today=source.now.date(), limit=MOST_FOUND
    )
    keys = [hit.key for hit in result.hits]
    shown = site.book.searchable.shown(viewer, keys)
    listed = [shown[key] for key in keys if key in shown]
    sheet = fill_found(
        source.forms["found"], source.office, asked.q, listed, source.groups, near=result.near
    )
    make = typeset_sheet if made is Kind.PDF else write_workbook
    content = make(sheet, source.now)
    # What was searched for may be a name; the trail tells only how much was given out.
    details = {"form": "found", "made": made.value, "letters": len(listed)}
    site.book.audit.record(viewer.name, FORM_PRINTED, site.now(), details=details)
    return _answer(content, "found", made)


@routes.get("/forms/24/{running}/{year}.{kind}")
def card(
    request: Request,
    site: RequestSite,
    viewer: LoggedIn,
    *,
    running: int,
    year: int,
    kind: Kind,
    book: BookName = BookName.RECEIVE,
) -> Response:
    """Give a paper's borrowing card."""
    asked = Asked("24", letter=RegisterNumber(running, year), letter_book=book)
    return _give(request, site, viewer, asked, kind)


@routes.get("/forms/{number}/{code}.{kind}")
def of_a_list(
    request: Request, site: RequestSite, viewer: LoggedIn, *, number: str, code: str, kind: Kind
) -> Response:
    """Give the form of a destruction batch or of a transfer list."""
    return _give(request, site, viewer, Asked(number, code=code), kind)


@routes.get("/forms/{number}.{kind}")
def form(
    request: Request,
    site: RequestSite,
    viewer: LoggedIn,
    number: str,
    kind: Kind,
    *,
    day: Short = "",
    month: Short = "",
    year: Short = "",
    book: Short = BookName.SEND.value,
    place: Short = "",
    letter: Short = "",
) -> Response:
    """Give a form for the days, the book, the place or the letter that the address names."""
    try:
        asked = Asked(
            number=number,
            days=_days(site, day, month, year),
            book=BookName(book),
            code=place,
            letter=RegisterNumber.parse(letter) if letter else None,
        )
    except ValueError:
        return _page(request, site, viewer, NOT_READ)
    return _give(request, site, viewer, asked, kind)


def _days(site: Site, *written: str) -> Days | None:
    given = next((one for one in written if one), "")
    if given == TODAY:
        return one_day(site.now().date())
    typed = parse_day(given)
    if typed is not None:
        return one_day(typed)
    return parse_days(given) if given else None


def _give(request: Request, site: Site, viewer: Viewer, asked: Asked, kind: Kind) -> Response:
    if asked.number not in (PRINTED if kind is Kind.PDF else FILLED):
        raise HTTPException(HTTPStatus.NOT_FOUND)
    _allow(viewer, asked.number)
    make = make_pdf if kind is Kind.PDF else make_xlsx
    try:
        content = make(_source(site), viewer, asked)
    except FormIncompleteError as error:
        return _page(request, site, viewer, render(error))
    site.book.audit.record(
        viewer.name, FORM_PRINTED, site.now(), details=asked.as_details(kind.value)
    )
    return _answer(content, f"form-{asked.number}", kind)


def _allow(viewer: Viewer, number: str) -> None:
    if not viewer.roles & ROLES.get(number, STORE_ROLES):
        raise HTTPException(HTTPStatus.FORBIDDEN)


def _source(site: Site) -> Source:
    return open_source(site.office, site.book, site.group_names, site.now())


def _answer(content: bytes, name: str, kind: Kind) -> Response:
    if kind is Kind.XLSX:
        kept = {"Content-Disposition": f'attachment; filename="{name}.xlsx"'}
        return Response(content, media_type=MEDIA_TYPE, headers=PRIVATE | kept)
    shown = {"Content-Disposition": f'inline; filename="{name}.pdf"'}
    return Response(content, media_type="application/pdf", headers=PRIVATE | PDF_POLICY | shown)


def _page(request: Request, site: Site, viewer: Viewer, problem: str = "") -> Response:
    today = site.now().date()
    may = {number for number in PRINTED if viewer.roles & ROLES.get(number, STORE_ROLES)}
    source = _source(site)
    return show(
        request,
        "forms.html",
        {
            "problem": problem,
            "may": may,
            "forms": source.forms,
            "unsure": [one for one in source.forms.values() if one.law and not one.law.is_verified],
            "today": today,
            "this_month": f"{today.year + BUDDHIST_ERA}-{today.month:02}",
            "this_year": today.year + BUDDHIST_ERA,
            "book_names": {name: BOOK_NAMES[name] for name in SEND_BOOKS},
            "batches": source.retention.batches.lines(viewer) if "25" in may else (),
            "transfers": source.retention.transfers.lists() if "21" in may else (),
        },
        here="forms",
        status_code=HTTPStatus.UNPROCESSABLE_ENTITY if problem else 200,
    )
