"""The table of the law in force, and a person confirming a row of it by name."""

from __future__ import annotations

from datetime import date
from http import HTTPStatus

from fastapi import APIRouter, Request
from fastapi.responses import HTMLResponse, Response

from index.retention.law import SHIPPED_LAW
from index.visibility import Viewer
from pipeline.web.retention.shared import PostedForm, attempt, day_of, keeping, shared, text_of
from pipeline.web.site.pages import RequestSite, Site, show
from pipeline.web.site.roles import RecordsOfficer, RecordsReader

routes = APIRouter()


@routes.get("/retention/law", response_class=HTMLResponse)
def law(request: Request, site: RequestSite, viewer: RecordsReader) -> Response:
    """Show every row of the law in force, and which of them nobody has confirmed."""
    return _show(request, site, viewer)


@routes.post("/retention/law/{code}")
def confirm(
    request: Request, site: RequestSite, viewer: RecordsOfficer, code: str, form: PostedForm
) -> Response:
    """Note that whoever is logged in compared a row with the Royal Gazette."""
    return attempt(
        lambda: keeping(site).confirmations.confirm(
            viewer,
            code,
            site.office.rules / SHIPPED_LAW,
            checked_on=day_of(text_of(form, "on"), date.max),
            now=site.now(),
            source=text_of(form, "source"),
        ),
        "/retention/law",
        lambda problem: _show(request, site, viewer, problem),
    )


def _show(request: Request, site: Site, viewer: Viewer, problem: str = "") -> Response:
    rows = keeping(site).law
    return show(
        request,
        "retention/law.html",
        {
            **shared(viewer, "law", rows, problem),
            "deadlines": rows.deadlines,
            "committees": rows.committees,
            "policies": rows.policies,
            "missing": len(rows.unverified()),
            "today": site.now().date(),
        },
        here="retention",
        status_code=HTTPStatus.CONFLICT if problem else 200,
    )
