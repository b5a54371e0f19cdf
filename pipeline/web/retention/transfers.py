"""Letters of twenty years: what must be settled by 31 January, the lists of forms 21 to 23, the package."""

from __future__ import annotations

import tempfile
from contextlib import ExitStack
from http import HTTPStatus
from pathlib import Path
from typing import Annotated

from fastapi import APIRouter, Query, Request
from fastapi.responses import FileResponse, HTMLResponse, RedirectResponse, Response
from starlette.background import BackgroundTask

from index.errors import NoSuchRecordError
from index.registered_letter import RegisterNumber
from index.retention.errors import RetentionError
from index.retention.transfers import FORM_CLAUSE, FORM_THAI, Form
from index.visibility import Viewer
from pipeline.transfer_package import write_package, zip_package
from pipeline.web.retention.shared import (
    PostedForm,
    attempt,
    day_of,
    gregorian,
    keeping,
    letter_id_of,
    letters_of,
    shared,
    shown_names,
    text_of,
)
from pipeline.web.site.language import render
from pipeline.web.site.pages import RequestSite, Site, show
from pipeline.web.site.roles import RecordsOfficer, RecordsReader

routes = APIRouter(prefix="/retention/transfer")
SHOWN = 200


@routes.get("", response_class=HTMLResponse)
def transfer(
    request: Request,
    site: RequestSite,
    viewer: RecordsReader,
    year: Annotated[str, Query(max_length=4)] = "",
) -> Response:
    """Show the letters of twenty years on no list yet, and the lists."""
    return _transfer(request, site, viewer, gregorian(year) or site.now().year)


def _transfer(
    request: Request, site: Site, viewer: Viewer, year: int, problem: str = ""
) -> Response:
    retention, today = keeping(site), site.now().date()
    deadline = retention.law.deadlines["transfer"]
    candidates = retention.transfers.candidates(viewer, year, limit=SHOWN + 1)
    return show(
        request,
        "retention/transfer.html",
        {
            **shared(viewer, "transfer", retention.law, problem),
            "year": year,
            "years": range(today.year - 1, today.year + 3),
            "deadline": deadline,
            "deadline_day": deadline.in_year(year),
            "candidates": candidates[:SHOWN],
            "more": len(candidates) > SHOWN,
            "lists": retention.transfers.lists(),
            "form_thai": FORM_THAI,
            "form_clause": FORM_CLAUSE,
            "forms": [Form.HAND_OVER, Form.KEEP],
            "today": today,
        },
        here="retention",
        status_code=HTTPStatus.CONFLICT if problem else 200,
    )


@routes.post("")
def prepare(
    request: Request, site: RequestSite, viewer: RecordsOfficer, form: PostedForm
) -> Response:
    """Make a list of the ticked letters."""
    year = gregorian(text_of(form, "year")) or site.now().year
    ids = letters_of(form, "letter") or _by_number(site, viewer, text_of(form, "numbers"))
    try:
        made = keeping(site).transfers.prepare(
            viewer,
            _form_of(text_of(form, "form")),
            ids,
            year=year,
            note=text_of(form, "note"),
            now=site.now(),
        )
    except RetentionError as error:
        return _transfer(request, site, viewer, year, problem=render(error))
    return RedirectResponse(f"/retention/transfer/{made.code}", status_code=HTTPStatus.SEE_OTHER)


def _by_number(site: Site, viewer: Viewer, numbers: str) -> tuple[int, ...]:
    """Return the letters of register numbers typed with commas or spaces between."""
    try:
        asked = [RegisterNumber.parse(one) for one in numbers.replace(",", " ").split()]
    except ValueError as error:
        raise NoSuchRecordError("a letter of that number") from error
    return tuple(letter_id_of(site, viewer, one) for one in asked)


def _form_of(number: str) -> Form:
    try:
        return Form(number)
    except ValueError as error:
        raise NoSuchRecordError(f"form {number!r}") from error


@routes.get("/{code}", response_class=HTMLResponse)
def transfer_list(
    request: Request, site: RequestSite, viewer: RecordsReader, code: str
) -> Response:
    """Show one list."""
    return _list(request, site, viewer, code)


def _list(request: Request, site: Site, viewer: Viewer, code: str, problem: str = "") -> Response:
    retention, today = keeping(site), site.now().date()
    found = retention.transfers.find(code)
    return show(
        request,
        "retention/transfer_list.html",
        {
            **shared(viewer, "transfer", retention.law, problem),
            "list": found,
            "letters": retention.transfers.rows(viewer, code, today),
            "form_thai": FORM_THAI,
            "clause_of_form": FORM_CLAUSE[found.form],
            "deadline_day": retention.law.deadlines["transfer"].in_year(found.year),
            "names": shown_names(site.book.people.all()),
            "today": today,
        },
        here="retention",
        status_code=HTTPStatus.CONFLICT if problem else 200,
    )


@routes.post("/{code}/{step}")
def move_on(
    request: Request,
    site: RequestSite,
    viewer: RecordsOfficer,
    *,
    code: str,
    step: str,
    form: PostedForm,
) -> Response:
    """Note that a list was sent, came back signed, or was given up."""
    now = site.now()

    def work() -> object:
        transfers = keeping(site).transfers
        on = day_of(text_of(form, "on"), now.date())
        if step == "send":
            return transfers.send(viewer, code, text_of(form, "number"), on, now=now)
        if step == "receive":
            return transfers.receive(viewer, code, text_of(form, "received_by"), on, now=now)
        if step == "withdraw":
            return transfers.withdraw(viewer, code, now=now)
        raise NoSuchRecordError(f"step {step!r} of a transfer list")

    return attempt(
        work,
        f"/retention/transfer/{code}",
        lambda problem: _list(request, site, viewer, code, problem),
    )


@routes.get("/{code}/package.zip")
def package(site: RequestSite, viewer: RecordsReader, code: str) -> Response:
    """Give the files of a list with metadata and checksums, as one BagIt ZIP."""
    with ExitStack() as scratch:  # gone at once when the list is refused, else once it was sent
        folder = scratch.enter_context(tempfile.TemporaryDirectory(prefix="saraban-transfer-"))
        made = write_package(
            site.office, site.book, viewer, code, Path(folder) / code, now=site.now()
        )
        zipped = zip_package(made.folder)
        sent = scratch.pop_all()
    return FileResponse(
        zipped,
        media_type="application/zip",
        filename=f"{code}.zip",
        background=BackgroundTask(sent.close),
    )
