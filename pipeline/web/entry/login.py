"""Logging in and out, and one's own password."""

from __future__ import annotations

from http import HTTPStatus
from typing import Annotated
from urllib.parse import quote

from fastapi import APIRouter, Form, Query, Request
from fastapi.responses import HTMLResponse, RedirectResponse, Response

from index.errors import KeepingError, LogInRefusedError, LogInThrottledError, PersonRefusedError
from index.message import message
from index.visibility import Viewer
from pipeline.first_people import forget_first_password
from pipeline.web.entry.gate import COOKIE, LOGIN, limits_of, local_path, session_token
from pipeline.web.site.language import _, render
from pipeline.web.site.menu import doors_of
from pipeline.web.site.pages import RequestSite, Site, show
from pipeline.web.site.viewer import LoggedIn, viewer_of

routes = APIRouter()

Typed = Annotated[str, Form(max_length=400)]
Next = Annotated[str, Query(alias="next", max_length=2000)]


@routes.get(LOGIN, response_class=HTMLResponse)
def login_form(request: Request, *, wanted: Next = "/") -> Response:
    """Ask for name and password; who is logged in goes on."""
    viewer = viewer_of(request)
    if viewer is not None:
        return RedirectResponse(_home(viewer, local_path(wanted)), status_code=HTTPStatus.SEE_OTHER)
    return show(request, "login.html", {"wanted": local_path(wanted)})


@routes.post(LOGIN, response_class=HTMLResponse)
def log_in(
    request: Request,
    site: RequestSite,
    *,
    name: Typed = "",
    password: Typed = "",
    wanted: Annotated[str, Form(alias="next", max_length=2000)] = "/",
) -> Response:
    """Begin a session. It has a new token, whatever the browser sent: nobody can fix it before."""
    wanted = local_path(wanted)
    try:
        token = site.book.logins.log_in(
            name,
            password,
            address=_address(request),
            now=site.now(),
            limits=limits_of(site),
            previous=session_token(request.headers),
        )
    except (LogInRefusedError, LogInThrottledError) as refused:
        context: dict[str, object] = {
            "wanted": wanted,
            "name": name[:64],
            "problem": render(refused),
        }
        return _ask_again(request, "login.html", context, refused)
    person = site.book.people.find(name)
    viewer = Viewer("") if person is None else person.looking()
    return _with_session(request, _home(viewer, wanted), token)


@routes.post("/logout")
def log_out(request: Request, site: RequestSite, _viewer: LoggedIn) -> Response:
    """End the session, here and in the book."""
    token = session_token(request.headers)
    site.book.logins.log_out(token, address=_address(request), now=site.now())
    answer = RedirectResponse(LOGIN, status_code=HTTPStatus.SEE_OTHER)
    answer.delete_cookie(COOKIE, path="/", httponly=True, samesite="strict")
    return answer


@routes.get("/password", response_class=HTMLResponse)
def password_form(request: Request, site: RequestSite, viewer: LoggedIn) -> Response:
    """Ask for the old password and a new one."""
    return show(request, "password.html", _about(site, viewer))


@routes.post("/password", response_class=HTMLResponse)
def change_password(
    request: Request,
    site: RequestSite,
    viewer: LoggedIn,
    *,
    old: Typed = "",
    new: Typed = "",
    again: Typed = "",
) -> Response:
    """Change one's own password; all other browsers of this person are logged out."""
    now, address = site.now(), _address(request)
    logins = site.book.logins
    try:
        if new != again:
            raise PersonRefusedError(message("รหัสผ่านใหม่สองช่องไม่ตรงกัน"))
        logins.change_password(viewer.name, old, new, address=address, now=now)
        forget_first_password(site.office, viewer.name)
        token = logins.log_in(viewer.name, new, address=address, now=now, limits=limits_of(site))
    except (LogInRefusedError, LogInThrottledError, PersonRefusedError) as refused:
        wrong = isinstance(refused, LogInRefusedError)
        problem = _("รหัสผ่านเดิมไม่ถูกต้อง") if wrong else render(refused)
        return _ask_again(
            request, "password.html", {**_about(site, viewer), "problem": problem}, refused
        )
    return _with_session(request, _home(viewer, "/"), token)


def _about(site: Site, viewer: Viewer) -> dict[str, object]:
    person = site.book.people.find(viewer.name)
    return {"must": person is not None and person.must_change_password}


def _ask_again(
    request: Request, template: str, context: dict[str, object], refused: KeepingError
) -> Response:
    throttled = isinstance(refused, LogInThrottledError)
    answer = show(
        request,
        template,
        context,
        status_code=HTTPStatus.TOO_MANY_REQUESTS if throttled else HTTPStatus.FORBIDDEN,
    )
    if isinstance(refused, LogInThrottledError):
        answer.headers["Retry-After"] = str(refused.wait_seconds)
    return answer


def _with_session(request: Request, address: str, token: str) -> Response:
    answer = RedirectResponse(
        quote(address, safe="/?&=%#:,;+-._~"), status_code=HTTPStatus.SEE_OTHER
    )
    answer.set_cookie(
        COOKIE,
        token,
        path="/",
        httponly=True,
        samesite="strict",
        secure=request.url.scheme == "https",
    )
    return answer


def _home(viewer: Viewer, wanted: str) -> str:
    """Return where to go: what was asked for, or the first page this person has."""
    doors = doors_of(viewer)
    return doors[0].address if wanted == "/" and doors else wanted


def _address(request: Request) -> str:
    return request.client.host if request.client else ""
