"""What was never closed, and closing it: many letters at once, each on its own day or on one for all."""

from __future__ import annotations

from datetime import date, datetime
from http import HTTPStatus
from typing import Annotated

from fastapi import APIRouter, Query, Request
from fastapi.responses import HTMLResponse, RedirectResponse, Response

from index.choices import Step
from index.errors import KeepingError
from index.retention.unclosed import Open, OpenFilter, OpenMatter
from index.visibility import Viewer
from pipeline.sending import propose_class
from pipeline.web.retention.shared import (
    LAST_YEAR,
    PageNumber,
    PostedForm,
    keeping,
    letters_of,
    shared,
    text_of,
)
from pipeline.web.site.language import _, mark, render
from pipeline.web.site.pages import RequestSite, Site, show
from pipeline.web.site.roles import RecordsOfficer, RecordsReader
from pipeline.web.site.typed_day import no_day, parse_day

routes = APIRouter()
ROWS, OWN_DAY = 100, "own"
HERE = "/retention/open"
WHICH = {
    Open.ALL: mark("ทั้งหมด"),
    Open.SAID_DONE: mark("กลุ่มแจ้งว่าเสร็จแล้ว"),
    Open.ANSWERED: mark("มีหนังสือตอบแล้ว"),
    Open.SENT: mark("หนังสือส่ง คำสั่ง ประกาศ"),
}
Refusals = list[tuple[OpenMatter, str]]


@routes.get(HERE, response_class=HTMLResponse)
def unclosed(
    request: Request,
    site: RequestSite,
    viewer: RecordsReader,
    *,
    which: Open = Open.ALL,
    year: Annotated[int, Query(ge=0, le=LAST_YEAR * 2)] = 0,
    page: PageNumber = 1,
    closed: Annotated[int, Query(ge=0, le=ROWS)] = 0,
) -> Response:
    """Show what was never closed, the oldest first."""
    return _show(request, site, viewer, OpenFilter(which, year), page=page, closed=closed)


@routes.post(HERE, response_class=HTMLResponse)
def close(
    request: Request, site: RequestSite, viewer: RecordsOfficer, form: PostedForm
) -> Response:
    """Close the ticked letters, each in a transaction of its own; say which could not be, and why."""
    which, year = text_of(form, "which"), text_of(form, "year")
    wanted = OpenFilter(
        Open(which) if which in list(Open) else Open.ALL,
        int(year) if year.isdecimal() and len(year) == 4 else 0,
    )
    ticked = keeping(site).unclosed.named(viewer, letters_of(form, "letter")[:ROWS])
    typed, reason, now = text_of(form, "on"), text_of(form, "reason"), site.now()
    on = None if form.get("day") == OWN_DAY else parse_day(typed)
    if on is None and form.get("day") != OWN_DAY:
        problem = render(no_day(typed)) if typed else _("ต้องระบุวันที่")
        return _show(request, site, viewer, wanted, problem=problem)
    if not ticked:
        return _show(request, site, viewer, wanted, problem=_("ยังไม่ได้เลือกหนังสือ"))
    refused: Refusals = []
    for one in ticked:
        why = _close_one(site, viewer, one, on or one.proposed_on, reason=reason, now=now)
        if why:
            refused.append((one, why))
    done = len(ticked) - len(refused)
    if refused:
        return _show(request, site, viewer, wanted, closed=done, refused=refused)
    address = f"{HERE}?which={wanted.which}&year={wanted.buddhist_year}&closed={done}"
    return RedirectResponse(address, status_code=HTTPStatus.SEE_OTHER)


def _close_one(
    site: Site, viewer: Viewer, one: OpenMatter, on: date | None, *, reason: str, now: datetime
) -> str:
    """Close one letter, at its group and for its keeping; return why it could not be, or nothing."""
    if on is None:
        return _("ไม่มีวันที่กลุ่มแจ้งเสร็จหรือวันที่ตอบ โปรดระบุวันเสร็จเอง")
    try:
        if one.letter_id < 0:
            close_sent(site, viewer, one, on, reason=reason)
            return ""
        site.book.desk.move(viewer, one.letter_id, Step.DONE, note=reason, finished_on=on, now=now)
    except KeepingError as error:
        return render(error)
    return ""


def close_sent(site: Site, viewer: Viewer, one: OpenMatter, on: date, *, reason: str) -> None:
    """Note that what was sent is finished; one without a class gets the class the rules propose."""
    records, now = keeping(site).records, site.now()
    if not records.paper(viewer, one.letter_id, on).facts.retention_class:
        code, because = propose_class(
            site.rules.current().retention, one.book, subject=one.subject, group=one.group
        )
        records.change_class(viewer, one.letter_id, code, reason=because, now=now)
    records.finish(viewer, one.letter_id, on, reason=reason, now=now)


def _show(
    request: Request,
    site: Site,
    viewer: Viewer,
    wanted: OpenFilter,
    *,
    page: int = 1,
    closed: int = 0,
    problem: str = "",
    refused: Refusals | None = None,
) -> Response:
    retention, today = keeping(site), site.now().date()
    found = retention.unclosed
    rows, total = found.page(viewer, wanted, limit=ROWS, offset=(page - 1) * ROWS)
    return show(
        request,
        "retention/open.html",
        {
            **shared(viewer, "open", retention.law, problem),
            "rows": rows,
            "total": total,
            "years": found.years(viewer),
            "which_names": WHICH,
            "wanted": wanted,
            "page": page,
            "more": total > page * ROWS,
            "groups": site.group_names,
            "closed": closed,
            "refused": refused or (),
            "today": today,
        },
        here="retention",
        status_code=HTTPStatus.CONFLICT if problem or refused else 200,
    )
