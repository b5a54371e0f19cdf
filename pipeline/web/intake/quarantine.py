"""What could not be read: the reasons, looking into it, trying again, and being done with it."""

from __future__ import annotations

from http import HTTPStatus
from typing import Annotated

from fastapi import APIRouter, Depends, Form, Request
from fastapi.responses import FileResponse, HTMLResponse, RedirectResponse, Response

from index.errors import NoSuchRecordError
from index.register.received.quarantine import Dismissal, QuarantinedLetter
from index.visibility import Viewer, may_see_unread
from pipeline.handed_in import CUT, IMPORT, UPLOAD
from pipeline.unread_picture import UNREAD
from pipeline.web.site.file_headers import NOT_KEPT
from pipeline.web.site.language import mark
from pipeline.web.site.menu import QUARANTINE_ROLES
from pipeline.web.site.pages import RequestSite, Site, show
from pipeline.web.site.roles import Registrar
from pipeline.web.site.viewer import only
from watch_folder.whole import EXTENSIONS

routes = APIRouter()
Keeper = Annotated[Viewer, Depends(only(*QUARANTINE_ROLES))]
NO_PICTURE = "/static/no-picture.svg"
WHY = {
    Dismissal.SCANNED_AGAIN: mark("สแกนใหม่และลงรับแล้ว"),
    Dismissal.SENT_AGAIN: mark("ขอให้ผู้ส่งส่งไฟล์ใหม่แล้ว"),
    Dismissal.EMPTY: mark("ไฟล์ว่าง ไม่มีเนื้อหา"),
    Dismissal.NO_LETTER: mark("ไม่ใช่หนังสือราชการ"),
    Dismissal.TRIAL: mark("ไฟล์ทดสอบ"),
}
DOORS = {
    UPLOAD: mark("หน้ารับไฟล์เข้า"),
    IMPORT: mark("หน้านำเข้า"),
    CUT: mark("แยกจากไฟล์อื่น"),
}
"""What the inner doors are called; those of scanners have the names that the office gave them."""


@routes.get("/quarantine", response_class=HTMLResponse)
def quarantine(request: Request, site: RequestSite, viewer: Keeper) -> Response:
    """Show what is set aside and why, and what somebody is done with."""
    context = {
        "held": site.book.quarantine.held(viewer),
        "dismissed": site.book.quarantine.dismissed(viewer),
        "why": WHY,
        "door_of": DOORS,
        "people": site.book.people.names(),
        "looks_inside": may_see_unread(viewer),
        "folder": site.office.quarantine,
    }
    return show(request, "quarantine.html", context, here="quarantine")


@routes.post("/quarantine/{letter_id}/retry")
def retry(site: RequestSite, viewer: Keeper, letter_id: int) -> Response:
    """Let one letter be read again; the workers take it from where it lies."""
    site.book.jobs.retry(letter_id, who=viewer.name, now=site.now())
    return _back()


@routes.post("/quarantine/{letter_id}/dismiss")
def dismiss(
    site: RequestSite, viewer: Keeper, letter_id: int, why: Annotated[Dismissal, Form()]
) -> Response:
    """Be done with one file; it stays where it lies."""
    site.book.quarantine.dismiss(viewer, letter_id, why, now=site.now())
    return _back()


@routes.post("/quarantine/{letter_id}/reinstate")
def reinstate(site: RequestSite, viewer: Keeper, letter_id: int) -> Response:
    """Let a dismissed file wait again."""
    site.book.quarantine.reinstate(viewer, letter_id, now=site.now())
    return _back()


@routes.get("/quarantine/{letter_id}/small.jpg")
def small(site: RequestSite, viewer: Registrar, letter_id: int) -> Response:
    """Give the first page as a small picture."""
    return _picture(site.book.quarantine.find(viewer, letter_id), is_small=True)


@routes.get("/quarantine/{letter_id}/1.jpg")
def picture(site: RequestSite, viewer: Registrar, letter_id: int) -> Response:
    """Give the first page to be read; who looked is noted."""
    held = site.book.quarantine.find(viewer, letter_id)
    _note(site, viewer, held)
    return _picture(held, is_small=False)


@routes.get("/quarantine/{letter_id}/file")
def file(site: RequestSite, viewer: Registrar, letter_id: int) -> Response:
    """Give the bytes as they came, to be saved and never opened here; its own name stays out of headers."""
    held = site.book.quarantine.find(viewer, letter_id)
    if held.path is None or held.path.is_symlink() or not held.path.is_file():
        raise NoSuchRecordError("the quarantined file")
    _note(site, viewer, held)
    return FileResponse(
        held.path,
        media_type="application/octet-stream",
        filename=f"saraban-quarantine-{letter_id}{EXTENSIONS.get(held.media_type, '.bin')}",
        headers=NOT_KEPT,
    )


def _note(site: Site, viewer: Viewer, held: QuarantinedLetter) -> None:
    site.book.audit.record(viewer.name, "viewed", site.now(), letter_id=held.letter_id)


def _picture(held: QuarantinedLetter, *, is_small: bool) -> Response:
    drawn = UNREAD.get(held.path, held.sha256, small=is_small) if held.path else None
    if drawn is None:
        return RedirectResponse(NO_PICTURE, status_code=HTTPStatus.SEE_OTHER, headers=NOT_KEPT)
    return Response(drawn, media_type="image/jpeg", headers=NOT_KEPT)


def _back() -> Response:
    return RedirectResponse("/quarantine", status_code=HTTPStatus.SEE_OTHER)
