"""What is held, lent and stored: the three lists, and one letter's own page of keeping."""

from __future__ import annotations

from http import HTTPStatus
from typing import Annotated

from fastapi import APIRouter, Query, Request
from fastapi.responses import HTMLResponse, Response

from index.choices import BookName
from index.registered_letter import RegisterNumber
from index.retention.eligibility import HOLD_THAI
from index.retention.loans import Standing
from index.retention.records import PLACED_BY_PEOPLE
from index.visibility import Viewer
from pipeline.web.retention.shared import PageNumber, keeping, letter_id_of, shared, shown_names
from pipeline.web.site.language import mark
from pipeline.web.site.pages import RequestSite, Site, show
from pipeline.web.site.roles import RecordsReader

routes = APIRouter()
ROWS = 50
STANDING_THAI = {
    Standing.INSIDE: mark("บุคลากรในสำนักงาน"),
    Standing.AGENCY: mark("หน่วยงานอื่น"),
    Standing.OUTSIDER: mark("บุคคลภายนอก"),
}


@routes.get("/retention/holds", response_class=HTMLResponse)
def holds(request: Request, site: RequestSite, viewer: RecordsReader) -> Response:
    """Show every hold in force."""
    retention, today = keeping(site), site.now().date()
    return show(
        request,
        "retention/holds.html",
        {
            **shared(viewer, "holds", retention.law),
            "held": retention.lists.held(viewer, today),
            "hold_thai": HOLD_THAI,
            "names": shown_names(site.book.people.all()),
            "today": today,
        },
        here="retention",
    )


@routes.get("/retention/loans", response_class=HTMLResponse)
def loans(request: Request, site: RequestSite, viewer: RecordsReader) -> Response:
    """Show what is out, the longest overdue first."""
    retention, today = keeping(site), site.now().date()
    out = retention.loans.out(viewer)
    return show(
        request,
        "retention/loans.html",
        {
            **shared(viewer, "loans", retention.law),
            "out": out,
            "overdue": {one.letter_id for one in out if one.is_overdue(today)},
            "standing_thai": STANDING_THAI,
        },
        here="retention",
    )


@routes.get("/retention/store", response_class=HTMLResponse)
def store(
    request: Request,
    site: RequestSite,
    viewer: RecordsReader,
    *,
    find: Annotated[str, Query(max_length=60)] = "",
    page: PageNumber = 1,
    waiting_page: Annotated[int, Query(alias="waiting", ge=1, le=100_000)] = 1,
) -> Response:
    """Show what waits to be stored (form 19) and the store register (form 20)."""
    return show_store(request, site, viewer, find=find, page=page, waiting_page=waiting_page)


def show_store(
    request: Request,
    site: Site,
    viewer: Viewer,
    *,
    find: str = "",
    page: int = 1,
    waiting_page: int = 1,
    problem: str = "",
) -> Response:
    """Show the store, and why storing was refused where it was."""
    retention, today = keeping(site), site.now().date()
    waiting, waiting_total = retention.lists.to_store(
        viewer, today, limit=ROWS, offset=(waiting_page - 1) * ROWS
    )
    stored, stored_total = retention.lists.stored(
        viewer, today, words=find, limit=ROWS, offset=(page - 1) * ROWS
    )
    return show(
        request,
        "retention/store.html",
        {
            **shared(viewer, "store", retention.law, problem),
            "waiting": waiting,
            "waiting_total": waiting_total,
            "waiting_page": waiting_page,
            "stored": stored,
            "stored_total": stored_total,
            "page": page,
            "rows_a_page": ROWS,
            "find": find,
            "today": today,
        },
        here="retention",
        status_code=HTTPStatus.CONFLICT if problem else 200,
    )


@routes.get("/retention/letters/{running}/{year}", response_class=HTMLResponse)
def letter(
    request: Request,
    site: RequestSite,
    viewer: RecordsReader,
    running: int,
    year: int,
    *,
    book: BookName = BookName.RECEIVE,
) -> Response:
    """Show how one paper is kept: period, holds, loans, place."""
    return show_kept(request, site, viewer, RegisterNumber(running, year), book)


def show_kept(
    request: Request,
    site: Site,
    viewer: Viewer,
    number: RegisterNumber,
    book: BookName,
    *,
    problem: str = "",
    question: dict[str, str] | None = None,
) -> Response:
    """Show a paper's page of keeping; `question` asks whether a shorter period is meant."""
    retention, now = keeping(site), site.now()
    letter_id = letter_id_of(site, viewer, number, book)
    rows = retention.due_list.named(viewer, [letter_id], now.date())
    holds = retention.records.holds(viewer, letter_id)
    card = retention.loans.card(viewer, letter_id)
    return show(
        request,
        "retention/letter.html",
        {
            **shared(viewer, "", retention.law, problem),
            "letter": retention.records.paper(viewer, letter_id, now.date()),
            "row": rows.get(letter_id),
            "period": retention.records.period(viewer, letter_id),
            "electronic": retention.destruction.media_of(viewer, letter_id)[1],
            "electronic_law": retention.law.deadlines["electronic_destruction"].law,
            "holds": holds,
            "hold_thai": HOLD_THAI,
            "to_release": {one.kind for one in holds if one.is_active(now.date())},
            "kinds": PLACED_BY_PEOPLE,
            "card": card,
            "is_out": any(one.returned_on is None for one in card),
            "standing_thai": STANDING_THAI,
            "place": retention.records.place(viewer, letter_id),
            "names": shown_names(site.book.people.all()),
            "today": now.date(),
            "question": question,
        },
        here="retention",
        status_code=HTTPStatus.CONFLICT if problem else 200,
    )
