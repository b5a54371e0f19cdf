"""How a browser is given pictures and PDFs, and what it may keep of them."""

from __future__ import annotations

import hashlib

from fastapi import Request
from fastapi.responses import Response

# Kept by the browser, and shown again only after asking: the letter may have turned secret since.
ASKED_AGAIN = {"Cache-Control": "private, no-cache", "Vary": "Cookie"}
NOT_KEPT = {"Cache-Control": "private, no-store"}
# A browser shows a PDF in a page of its own making, which styles itself; no script, nothing else.
PDF_POLICY = {
    "Content-Security-Policy": "default-src 'none'; style-src 'unsafe-inline'; "
    "object-src 'self'; frame-ancestors 'none'"
}
NOT_MODIFIED = 304


def picture_answer(request: Request, jpeg: bytes, *, secret: bool) -> Response:
    """Give a page as a picture, or say that the one the browser has is still it.

    One of a secret letter is kept nowhere: it is asked for, and noted, each time.
    """
    if secret:
        return Response(jpeg, media_type="image/jpeg", headers=NOT_KEPT)
    tag = f'"{hashlib.sha256(jpeg).hexdigest()[:32]}"'
    headers = {**ASKED_AGAIN, "ETag": tag}
    if request.headers.get("if-none-match") == tag:
        return Response(status_code=NOT_MODIFIED, headers=headers)
    return Response(jpeg, media_type="image/jpeg", headers=headers)
