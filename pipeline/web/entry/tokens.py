"""Keys for programs: everybody makes and ends her own, the administrator sees and ends all."""

from __future__ import annotations

from http import HTTPStatus
from typing import Annotated

from fastapi import APIRouter, Form, Request
from fastapi.responses import HTMLResponse, RedirectResponse, Response

from index.errors import PersonRefusedError
from index.visibility import Role, Viewer
from pipeline.web.site.language import mark, render
from pipeline.web.site.names import ROLE_NAMES
from pipeline.web.site.pages import RequestSite, Site, show
from pipeline.web.site.viewer import LoggedIn

routes = APIRouter()
UNKNOWN_ROLE = mark("ไม่มีบทบาทที่เลือกในระบบ")


@routes.get("/tokens", response_class=HTMLResponse)
def tokens(request: Request, site: RequestSite, viewer: LoggedIn) -> Response:
    """List the keys this person may end, with a form for one more."""
    return _list(request, site, viewer)


@routes.post("/tokens", response_class=HTMLResponse)
def make(
    request: Request,
    site: RequestSite,
    viewer: LoggedIn,
    *,
    name: Annotated[str, Form(max_length=80)] = "",
    role: Annotated[list[str], Form(max_length=64)] = [],  # noqa: B006 - FastAPI copies it
) -> Response:
    """Make a key with some of this person's roles; it is on this answer and nowhere else."""
    if not {*role} <= {*Role}:
        return _list(request, site, viewer, problem=UNKNOWN_ROLE)
    try:
        token = site.book.people.create_token(
            viewer, name, [Role(one) for one in role], now=site.now()
        )
    except PersonRefusedError as refused:
        return _list(request, site, viewer, problem=render(refused))
    return _list(request, site, viewer, token=token, about=name.strip())


@routes.post("/tokens/{token_id}/revoke")
def revoke(site: RequestSite, viewer: LoggedIn, token_id: int) -> Response:
    """End a key; from now on it opens nothing."""
    site.book.people.revoke_token(viewer, token_id, now=site.now())
    return RedirectResponse("/tokens", status_code=HTTPStatus.SEE_OTHER)


def _list(
    request: Request,
    site: Site,
    viewer: Viewer,
    *,
    token: str = "",
    about: str = "",
    problem: str = "",
) -> Response:
    may_give = viewer.roles - {Role.SECRET_REGISTRAR}
    context = {
        "tokens": site.book.people.tokens(viewer),
        "token": token,
        "about": about,
        "problem": problem,
        "all_people": Role.ADMINISTRATOR in viewer.roles,
        "role_names": ROLE_NAMES,
        "choices": {role: name for role, name in ROLE_NAMES.items() if role in may_give},
    }
    code = HTTPStatus.UNPROCESSABLE_ENTITY if problem else 200
    return show(request, "tokens.html", context, here="tokens", status_code=code)
