"""The January page: what is due, what may not be touched and why; another period tried."""

from __future__ import annotations

from datetime import date
from http import HTTPStatus
from typing import Annotated

from fastapi import APIRouter, Query, Request
from fastapi.responses import HTMLResponse, RedirectResponse, Response

from index.retention.due_list import DueFilter, Which
from index.retention.errors import RetentionError
from index.visibility import Role, Viewer
from pipeline.web.retention.shared import (
    PageNumber,
    PostedForm,
    gregorian,
    keeping,
    letters_of,
    shared,
)
from pipeline.web.site.language import mark, render
from pipeline.web.site.pages import RequestSite, Site, show
from pipeline.web.site.roles import RecordsOfficer, RecordsReader

routes = APIRouter()
ROWS, MOST_ON_A_LIST = 50, 5_000
WHICH_THAI = {
    Which.ALL: mark("ทั้งหมด"),
    Which.FREE: mark("เสนอทำลายได้"),
    Which.STOPPED: mark("ห้ามแตะต้อง"),
    Which.ELECTRONIC: mark("เหลือเฉพาะไฟล์"),
}
Year = Annotated[str, Query(max_length=4)]
Code = Annotated[str, Query(alias="class", max_length=32)]


@routes.get("/retention", response_class=HTMLResponse)
def january(
    request: Request,
    site: RequestSite,
    viewer: RecordsReader,
    *,
    year: Year = "",
    which: Which = Which.ALL,
    class_code: Code = "",
    page: PageNumber = 1,
) -> Response:
    """Show one page of what is due in a year."""
    wanted = DueFilter(which, class_code)
    return _january(request, site, viewer, _as_of(site, year), wanted=wanted, page=page)


def _as_of(site: Site, year: str) -> date:
    """Return today for this year, 1 January for every other."""
    today, asked = site.now().date(), gregorian(year)
    return today if asked in (None, today.year) else date(asked, 1, 1)


def _january(
    request: Request,
    site: Site,
    viewer: Viewer,
    as_of: date,
    *,
    wanted: DueFilter,
    page: int,
    problem: str = "",
) -> Response:
    retention, today = keeping(site), site.now().date()
    due = retention.due_list
    counts = due.counts(viewer, as_of)
    chosen = [one for one in counts if wanted.class_code in ("", one.class_code)]
    totals = {
        Which.ALL: sum(one.due for one in chosen),
        Which.STOPPED: sum(one.stopped for one in chosen),
    }
    totals[Which.FREE] = totals[Which.ALL] - totals[Which.STOPPED]
    totals[Which.ELECTRONIC] = due.electronic(viewer, as_of)
    rows = due.page(viewer, as_of, wanted, limit=ROWS, offset=(page - 1) * ROWS)
    deadline = retention.law.deadlines["survey"]
    return show(
        request,
        "retention/january.html",
        {
            **shared(viewer, "january", retention.law, problem),
            "as_of": as_of,
            "years": range(today.year - 2, today.year + 4),
            "counts": counts,
            "totals": totals,
            "which": wanted.which,
            "which_thai": WHICH_THAI,
            "class_code": wanted.class_code,
            "rows": rows,
            "page": page,
            "more": totals[wanted.which] > page * ROWS,
            "coming": due.coming(viewer, as_of.year) if page == 1 else (),
            "deadline": deadline,
            "deadline_day": deadline.in_year(as_of.year),
            "is_this_year": as_of == today,
            "unsure_classes": [one.class_code for one in counts],
            "may_propose": Role.RECORDS_OFFICER in viewer.roles and as_of == today,
            "most": MOST_ON_A_LIST,
        },
        here="retention",
        status_code=HTTPStatus.CONFLICT if problem else 200,
    )


@routes.post("/retention/batches")
def propose(
    request: Request, site: RequestSite, viewer: RecordsOfficer, form: PostedForm
) -> Response:
    """Put the ticked letters, or all that may be proposed, on a new list."""
    retention, now = keeping(site), site.now()
    try:
        wanted = DueFilter(Which(str(form.get("which", "all"))), str(form.get("class", "")))
    except ValueError:
        wanted = DueFilter()
    if form.get("scope") == "all":
        free = DueFilter(Which.FREE, wanted.class_code)
        ids = retention.due_list.ids(viewer, now.date(), free, limit=MOST_ON_A_LIST)
    else:
        ids = letters_of(form, "letter")
    try:
        batch = retention.batches.propose(viewer, ids, now=now)
    except RetentionError as error:
        return _january(
            request, site, viewer, now.date(), wanted=wanted, page=1, problem=render(error)
        )
    return RedirectResponse(
        f"/retention/batches/{batch.batch_id}", status_code=HTTPStatus.SEE_OTHER
    )


@routes.get("/retention/simulate", response_class=HTMLResponse)
def simulate(
    request: Request,
    site: RequestSite,
    viewer: RecordsReader,
    *,
    class_code: Code = "",
    years: Annotated[int | None, Query(ge=0, le=200)] = None,
) -> Response:
    """Say what another period for a class would make due; nothing is changed."""
    retention, today = keeping(site), site.now().date()
    tried, problem = None, ""
    if class_code and years is not None:
        try:
            tried = retention.surveys.simulate(viewer, class_code, years, today)
        except RetentionError as error:
            problem = render(error)
    return show(
        request,
        "retention/simulate.html",
        {
            **shared(viewer, "simulate", retention.law, problem),
            "class_code": class_code,
            "years": years,
            "tried": tried,
            "shown": ROWS,
        },
        here="retention",
    )
