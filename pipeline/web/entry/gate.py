"""The gate: nothing but the log-in page and its style is given to somebody who is not logged in.

It stands before all routes, so that one which forgets to ask who looks is closed too, and so that an
address under `/api` that does not exist answers like one that does. `pipeline.web.site.viewer` hands on
whom it found.
"""

from __future__ import annotations

from datetime import timedelta
from http import HTTPStatus
from urllib.parse import SplitResult, quote, urlsplit

from fastapi import FastAPI
from starlette.concurrency import run_in_threadpool
from starlette.datastructures import Headers, State
from starlette.exceptions import HTTPException
from starlette.requests import cookie_parser
from starlette.responses import HTMLResponse, PlainTextResponse, Response
from starlette.routing import Match
from starlette.types import ASGIApp, Receive, Scope, Send

from index.errors import KeepingError
from index.register.people.logins import SessionLimits
from index.register.people.people import Person
from index.visibility import Viewer
from pipeline.web.entry.guard import SAFE_METHODS
from pipeline.web.site.language import render
from pipeline.web.site.pages import Site
from pipeline.web.site.problems import answer_problem
from pipeline.web.site.viewer import who_looks

COOKIE = "saraban_session"
LOGIN, PASSWORD = "/login", "/password"
STATIC = "/static/"
DESCRIPTION = "/openapi.json"  # how to ask, and no letter
WATCHED = (
    "/healthz",
    "/metrics",
)  # whether the machine is well, and figures: see `overview.machine`
UNTIL_CHANGED = (LOGIN, PASSWORD, "/logout")  # what a one-time password opens
MOST_LOGIN_BYTES = 16_384
ASK_AGAIN = '<!doctype html><meta http-equiv="refresh" content="0"><title>สารบรรณ</title>'


class Gate:
    """Finds who is behind a request, and sends away who is nobody."""

    def __init__(self, app: ASGIApp) -> None:
        self._app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Answer one request."""
        if scope["type"] != "http":
            await self._app(scope, receive, send)
            return
        try:
            answer = self._refuse_large(scope) or await run_in_threadpool(_look, scope)
        except KeepingError as trouble:  # the book cannot be asked who this is
            answer = _say_trouble(trouble, scope["path"])
        await (answer or self._app)(scope, receive, send)

    @staticmethod
    def _refuse_large(scope: Scope) -> Response | None:
        """Keep who is not logged in from filling the memory with a form."""
        if scope["path"] != LOGIN or scope["method"] in SAFE_METHODS:
            return None
        size = Headers(scope=scope).get("content-length", "")
        if size.isascii() and size.isdigit() and int(size) <= MOST_LOGIN_BYTES:
            return None
        return PlainTextResponse(
            "this form is too large", status_code=HTTPStatus.REQUEST_ENTITY_TOO_LARGE
        )


def is_api(path: str) -> bool:
    """Tell whether a path belongs to the interface for programs."""
    return path == "/api" or path.startswith("/api/")


def local_path(address: str) -> str:
    """Return where to go after log-in: a path of this server, whatever was asked for.

    Browsers read a backslash as a slash, and two slashes as another server.
    """
    harmless = all(" " < letter < "\x7f" and letter != "\\" for letter in address)
    parts = urlsplit(address) if harmless else None
    if (
        parts is None
        or parts.scheme
        or parts.netloc
        or not address.startswith("/")
        or address.startswith("//")
        or parts.path in (LOGIN, "/logout")
    ):
        return "/"
    return address


def session_token(headers: Headers) -> str:
    """Return the session's token from the request's cookie, or nothing."""
    return cookie_parser(headers.get("cookie", "")).get(COOKIE, "")


def limits_of(site: Site) -> SessionLimits:
    """Return how long a session lasts in this office."""
    web = site.office.settings.web
    return SessionLimits(timedelta(hours=web.session_hours), timedelta(minutes=web.idle_minutes))


def _look(scope: Scope) -> Response | None:
    """Note in the scope who looks; return the answer for who may not pass, else None."""
    app: FastAPI = scope["app"]
    state = scope.setdefault("state", {})
    headers, path = Headers(scope=scope), str(scope["path"])
    if path.startswith(STATIC) or path == DESCRIPTION or path in WATCHED:
        return None
    override = app.dependency_overrides.get(who_looks)
    if override is not None:  # tests say who looks
        state["viewer"] = override()
        return _too_often(app.state, override(), path)
    by_itself = "hx-request" in headers and scope["method"] in SAFE_METHODS
    person, viewer = _find(app.state.site, headers, path, by_itself=by_itself)
    if viewer is None:
        return None if path == LOGIN else _send_away(scope, headers, path)
    state["person"] = person
    if person is not None and person.must_change_password and path not in UNTIL_CHANGED:
        return _send_to(PASSWORD, headers, path)
    state["viewer"] = viewer
    return _too_often(app.state, viewer, path)


def _too_often(state: State, viewer: Viewer, path: str) -> Response | None:
    """Refuse what one person's programs, with whatever token or log-in, ask beyond the office's limit."""
    wait = state.rate.seconds_to_wait(viewer.name, state.site.now()) if is_api(path) else 0
    if not wait:
        return None
    headers = {"Retry-After": str(wait)}
    return answer_problem(HTTPException(HTTPStatus.TOO_MANY_REQUESTS, headers=headers))


def _find(
    site: Site, headers: Headers, path: str, *, by_itself: bool
) -> tuple[Person | None, Viewer | None]:
    """Return who is logged in, or through whose token a program asks.

    A list that brings itself up to date does so `by_itself`: that keeps no session alive.
    """
    now, book = site.now(), site.book
    scheme, _, key = headers.get("authorization", "").partition(" ")
    if is_api(path) and scheme:
        # A request with a token counts by the token alone: the Guard does not ask for its origin.
        found = (
            book.people.viewer_of_token(key.strip(), now) if scheme.lower() == "bearer" else None
        )
        return None, found
    token = session_token(headers)
    if not token:
        return None, None
    person = book.logins.who(token, now, limits_of(site), active=not by_itself)
    if person is None:
        return None, None
    granted = book.grants.granted_to(person.name, now) | book.entrusted_to(person.looking(), now)
    return person, person.looking(granted, book.grants.denied_to(person.name))


def _send_away(scope: Scope, headers: Headers, path: str) -> Response:
    if is_api(path):
        return answer_problem(HTTPException(HTTPStatus.UNAUTHORIZED))
    if scope["method"] not in SAFE_METHODS:  # back to the page whose form was sent
        form = urlsplit(headers.get("referer", ""))
        return _send_to(_asking_for(scope["app"], form), headers, path)
    if (
        headers.get("sec-fetch-site") == "cross-site"
        and headers.get("sec-fetch-mode") == "navigate"
    ):
        return HTMLResponse(ASK_AGAIN)
    query = scope["query_string"].decode("latin-1")
    wanted = urlsplit(quote(path) + (f"?{query}" if query else ""))
    if "hx-request" in headers:
        wanted = urlsplit(headers.get("hx-current-url", ""))
    return _send_to(_asking_for(scope["app"], wanted), headers, path)


def _asking_for(app: FastAPI, wanted: SplitResult) -> str:
    """Return the log-in's address that leads to a page afterwards; an answer to a form leads to its page."""
    page = page_of(app, wanted.path)
    query = f"?{wanted.query}" if wanted.query and page == wanted.path else ""
    address = local_path(page + query)
    return LOGIN if address == "/" else f"{LOGIN}?next={quote(address, safe='')}"


def page_of(app: FastAPI, path: str) -> str:
    """Return the path, or the nearest above it that can be asked for: a form's own address cannot."""
    if _matches(app, path) is not Match.PARTIAL:
        return path
    while path and _matches(app, path) is not Match.FULL:
        path = path.rpartition("/")[0]
    return path or "/"


def _matches(app: FastAPI, path: str) -> Match:
    """Tell how far a route fits a GET: wholly, but for the method, or not at all."""
    asked: Scope = {"type": "http", "method": "GET", "path": path, "headers": []}
    return max((route.matches(asked)[0] for route in app.routes), key=lambda one: one.value)


def _say_trouble(trouble: KeepingError, path: str) -> Response:
    if is_api(path):
        return answer_problem(trouble)
    return PlainTextResponse(render(trouble), status_code=HTTPStatus.SERVICE_UNAVAILABLE)


def _send_to(address: str, headers: Headers, path: str) -> Response:
    if is_api(path):
        # A one-time password is changed on the page first.
        return answer_problem(HTTPException(HTTPStatus.UNAUTHORIZED))
    if "hx-request" in headers:
        return Response(status_code=HTTPStatus.NO_CONTENT, headers={"HX-Redirect": address})
    return Response(status_code=HTTPStatus.SEE_OTHER, headers={"Location": address})
