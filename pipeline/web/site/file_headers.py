"""How a browser is given pictures and PDFs, and what it may keep of them."""

from __future__ import annotations

import hashlib
from http import HTTPStatus
from pathlib import Path

from fastapi import Request
from fastapi.responses import FileResponse, Response

# Kept by the browser, and shown again only after asking: the letter may have turned secret since.
ASKED_AGAIN = {"Cache-Control": "private, no-cache", "Vary": "Cookie"}
NOT_KEPT = {"Cache-Control": "private, no-store"}
# A browser shows a PDF in a page of its own making, which styles itself; no script, nothing else.
PDF_POLICY = {
    "Content-Security-Policy": "default-src 'none'; style-src 'unsafe-inline'; "
    "object-src 'self'; frame-ancestors 'none'"
}


def picture_answer(request: Request, jpeg: bytes, *, secret: bool) -> Response:
    """Give a page as a picture, or say that the one the browser has is still it.

    One of a secret letter is kept nowhere: it is asked for, and noted, each time.
    """
    if secret:
        return Response(jpeg, media_type="image/jpeg", headers=NOT_KEPT)
    headers = {**ASKED_AGAIN, "ETag": f'"{hashlib.sha256(jpeg).hexdigest()[:32]}"'}
    if _has_it(request, headers["ETag"]):
        return Response(status_code=HTTPStatus.NOT_MODIFIED, headers=headers)
    return Response(jpeg, media_type="image/jpeg", headers=headers)


def file_answer(
    request: Request, path: Path, sha256: str, *, secret: bool, media_type: str, name: str
) -> Response:
    """Give a file of the archive, a PDF to be looked at and all else to be saved; 304 to who has it.

    No browser keeps it, for the letter may turn secret; a program may, and asks with its tag. Of a secret
    letter it is given, and noted, each time.
    """
    is_pdf = media_type == "application/pdf"
    headers = NOT_KEPT if secret else {**NOT_KEPT, "ETag": f'"{sha256[:32]}"'}
    if not secret and _has_it(request, headers["ETag"]):
        return Response(status_code=HTTPStatus.NOT_MODIFIED, headers=headers)
    return FileResponse(
        path,
        media_type=media_type,
        filename=name,
        content_disposition_type="inline" if is_pdf else "attachment",
        headers={**headers, **(PDF_POLICY if is_pdf else {})},
    )


def _has_it(request: Request, tag: str) -> bool:
    given = request.headers.get("if-none-match", "")
    return tag in {one.strip().removeprefix("W/") for one in given.split(",")} or given == "*"
