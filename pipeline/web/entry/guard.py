"""What every answer carries and every request must have: nothing from outside, nothing to outside."""

from __future__ import annotations

from http import HTTPStatus
from urllib.parse import urlsplit

from starlette.datastructures import Headers, MutableHeaders
from starlette.responses import PlainTextResponse
from starlette.types import ASGIApp, Message, Receive, Scope, Send

CONTENT_POLICY = (
    "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self'; font-src 'self'; manifest-src 'self'; "
    "connect-src 'self'; form-action 'self'; frame-ancestors 'none'; base-uri 'none'"
)
HEADERS = {
    "Content-Security-Policy": CONTENT_POLICY,
    "X-Content-Type-Options": "nosniff",
    # Not "no-referrer": browsers then send our own forms with the origin "null".
    "Referrer-Policy": "same-origin",
    "Cross-Origin-Opener-Policy": "same-origin",
    "Cross-Origin-Resource-Policy": "same-origin",
}
SAFE_METHODS = ("GET", "HEAD", "OPTIONS")


class Guard:
    """Refuses foreign hosts and foreign forms, and adds the protecting headers to every answer.

    The host check keeps a page elsewhere from reading this one through a name of its own that
    points to this machine; the origin check keeps it from pressing our buttons.
    """

    def __init__(self, app: ASGIApp, *, hosts: frozenset[str]) -> None:
        self._app = app
        self._hosts = hosts

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Answer one request."""
        if scope["type"] != "http":
            await self._app(scope, receive, send)
            return

        async def send_guarded(message: Message) -> None:
            if message["type"] == "http.response.start":
                headers = MutableHeaders(scope=message)
                for name, value in HEADERS.items():
                    headers.setdefault(name, value)
                headers.setdefault("Cache-Control", "no-store")
            await send(message)

        try:
            problem, status = self._problem(scope), HTTPStatus.FORBIDDEN
        except ValueError:  # what urlsplit says of an address that is none, as "http://["
            problem, status = "Host or Origin is no address", HTTPStatus.BAD_REQUEST
        if problem:
            await PlainTextResponse(problem, status_code=status)(scope, receive, send_guarded)
            return
        await self._app(scope, receive, send_guarded)

    def _problem(self, scope: Scope) -> str:
        headers = Headers(scope=scope)
        host = headers.get("host", "")
        if urlsplit(f"//{host}").hostname not in self._hosts:
            return "this name does not belong to this server"
        origin = headers.get("origin")
        if _has_token(scope, headers):
            return ""
        if scope["method"] not in SAFE_METHODS and (
            origin is None or urlsplit(origin).netloc != host
        ):
            return "this form was not sent from a page of this server"
        return ""


def _has_token(scope: Scope, headers: Headers) -> bool:
    """Tell whether a program asks with its token, which no browser adds by itself to a form.

    A page elsewhere may not send this header without asking first (CORS), and is never allowed.
    """
    scheme = headers.get("authorization", "").partition(" ")[0]
    return str(scope["path"]).startswith("/api/") and scheme.lower() == "bearer"
