"""Recorded orders: who acts for whom on which days, and who decides on destruction besides the director."""

from __future__ import annotations

from http import HTTPStatus
from typing import Annotated

from fastapi import APIRouter, Form, Request
from fastapi.responses import HTMLResponse, RedirectResponse, Response

from index.choices import MandateKind
from index.errors import PersonRefusedError
from index.register.people.mandates import POSTS, MandateDraft
from index.visibility import Viewer
from pipeline.web.site.language import _, mark, render
from pipeline.web.site.pages import RequestSite, Site, show
from pipeline.web.site.roles import MandateKeeper
from pipeline.web.site.typed_day import no_day, parse_day

routes = APIRouter()
Text = Annotated[str, Form(max_length=200)]
KINDS = {
    MandateKind.ACTING: mark("รักษาราชการแทน"),
    MandateKind.DESTRUCTION: mark("มอบอำนาจสั่งการทำลายหนังสือ (ข้อ ๖๙)"),
}


@routes.get("/mandates", response_class=HTMLResponse)
def mandates(request: Request, site: RequestSite, viewer: MandateKeeper) -> Response:
    """List every recorded order, with a form for one more."""
    return _list(request, site, viewer)


@routes.post("/mandates")
def give(
    request: Request,
    site: RequestSite,
    viewer: MandateKeeper,
    *,
    kind: Text = MandateKind.ACTING,
    person: Text = "",
    absent: Text = "",
    order_number: Text = "",
    begins: Text = "",
    ends: Text = "",
) -> Response:
    """Record an order."""
    typed = {
        "kind": kind,
        "person": person,
        "absent": absent,
        "order_number": order_number,
        "begins": begins,
        "ends": ends,
    }
    first, last = parse_day(begins), parse_day(ends)
    chosen = MandateKind(kind) if kind in list(MandateKind) else MandateKind.ACTING
    if first is None or (ends and last is None):
        said = render(no_day(ends if first else begins)) if begins else _("โปรดระบุวันเริ่ม")
        return _list(request, site, viewer, problem=said, typed=typed)
    post = absent if chosen is MandateKind.ACTING else ""
    draft = MandateDraft(chosen, person, order_number, first, last, post)
    try:
        site.book.mandates.give(viewer, draft, now=site.now())
    except PersonRefusedError as error:
        return _list(request, site, viewer, problem=render(error), typed=typed)
    return RedirectResponse("/mandates", status_code=HTTPStatus.SEE_OTHER)


@routes.post("/mandates/{mandate_id}/end")
def end(site: RequestSite, viewer: MandateKeeper, mandate_id: int) -> Response:
    """End an order before its last day."""
    site.book.mandates.end(viewer, mandate_id, now=site.now())
    return RedirectResponse("/mandates", status_code=HTTPStatus.SEE_OTHER)


def _list(
    request: Request,
    site: Site,
    viewer: Viewer,
    *,
    problem: str = "",
    typed: dict[str, str] | None = None,
) -> Response:
    people = [one for one in site.book.people.all() if one.active]
    today = site.now().date()
    context = {
        "mandates": [(one, one.holds_on(today)) for one in site.book.mandates.all()],
        "kinds": KINDS,
        "people": site.book.people.names(),
        "everybody": [one for one in people if one.name != viewer.name],
        "posts": [one for one in people if one.roles & POSTS],
        "problem": problem,
        "typed": typed or {},
    }
    code = HTTPStatus.UNPROCESSABLE_ENTITY if problem else 200
    return show(request, "mandates.html", context, here="mandates", status_code=code)
