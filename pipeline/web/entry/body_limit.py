"""How much a request may send: told before it is read, counted while it is."""

from __future__ import annotations

from collections.abc import Mapping
from http import HTTPStatus

from fastapi import HTTPException
from starlette.datastructures import Headers
from starlette.responses import PlainTextResponse, Response
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from pipeline.web.site.problems import answer_problem


class BodyLimit:
    """Refuses larger bodies under the addresses in `limits` (beginning: most bytes; the first counts)."""

    def __init__(self, app: ASGIApp, *, limits: Mapping[str, int]) -> None:
        self._app = app
        self._limits = limits

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Answer one request."""
        most = self._most(scope) if scope["type"] == "http" else None
        if most is None:
            await self._app(scope, receive, send)
            return
        length = Headers(scope=scope).get("content-length", "")
        if length.isascii() and length.isdigit() and int(length) > most:
            await _refuse(str(scope["path"]))(scope, receive, send)
            return
        taken = 0

        async def receive_counted() -> Message:
            nonlocal taken
            message = await receive()
            taken += len(message.get("body", b""))
            if taken > most:
                raise HTTPException(HTTPStatus.REQUEST_ENTITY_TOO_LARGE)
            return message

        await self._app(scope, receive_counted, send)

    def _most(self, scope: Scope) -> int | None:
        path = str(scope["path"])
        return next((most for begin, most in self._limits.items() if path.startswith(begin)), None)


def _refuse(path: str) -> Response:
    """Answer a program with problem details, and a person in words."""
    if path.startswith("/api/"):
        return answer_problem(HTTPException(HTTPStatus.REQUEST_ENTITY_TOO_LARGE))
    return PlainTextResponse(
        "ไฟล์ที่ส่งใหญ่เกินกำหนด โปรดแบ่งส่งหรือสแกนที่ 300 dpi / the files are too large; send fewer at a time",
        status_code=HTTPStatus.REQUEST_ENTITY_TOO_LARGE,
    )
