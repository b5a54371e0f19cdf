"""Two scans that may be one letter: asked about on a page of their own and on the letter's page."""

from __future__ import annotations

from http import HTTPStatus

from fastapi import APIRouter, Request
from fastapi.responses import FileResponse, HTMLResponse, RedirectResponse, Response

from index.archive import Shelf
from index.errors import NoSuchRecordError
from index.register.letters.letters import LetterFile
from index.register.received.likeness import Likeness
from index.visibility import Viewer
from pipeline.handed_in import UPLOAD, hand_in, inner_folder
from pipeline.web.letters.pages import find_letter
from pipeline.web.site.file_headers import PDF_POLICY, picture_answer
from pipeline.web.site.language import mark
from pipeline.web.site.pages import RequestSite, Site, show
from pipeline.web.site.roles import DeskWorker
from pipeline.web.site.viewer import LoggedIn
from watch_folder.whole import EXTENSIONS

routes = APIRouter()
CHUNK_BYTES = 1024 * 1024
BECAUSE = {
    Likeness.NUMBER_AND_SENDER: mark("ที่ วันที่ และผู้ส่งตรงกัน"),
    Likeness.NUMBER: mark("ที่และวันที่ตรงกัน"),
    Likeness.PAGE: mark("ภาพหน้าแรกแทบเหมือนกัน"),
}


@routes.get("/duplicates", response_class=HTMLResponse)
def duplicates(request: Request, site: RequestSite, viewer: DeskWorker) -> Response:
    """Show the pairs that wait for a word."""
    context = {"pairs": site.book.same_letters.open(viewer), "because": BECAUSE}
    return show(request, "duplicates.html", context, here="duplicates")


@routes.post("/letters/{running}/{year}/copies/{second_id}/join")
def join(
    site: RequestSite, viewer: DeskWorker, running: int, year: int, second_id: int
) -> Response:
    """Say that both are one letter."""
    first = find_letter(site, viewer, running, year)
    site.book.same_letters.join(viewer, first.letter_id, second_id, now=site.now())
    return RedirectResponse("/duplicates", status_code=HTTPStatus.SEE_OTHER)


@routes.post("/letters/{running}/{year}/copies/{second_id}/undo")
def undo_join(
    site: RequestSite, viewer: DeskWorker, running: int, year: int, second_id: int
) -> Response:
    """Take back that both are one letter; they are asked about again."""
    first = find_letter(site, viewer, running, year)
    site.book.same_letters.undo_join(viewer, first.letter_id, second_id, now=site.now())
    return RedirectResponse("/duplicates", status_code=HTTPStatus.SEE_OTHER)


@routes.post("/letters/{running}/{year}/copies/{second_id}/apart")
def apart(
    site: RequestSite, viewer: DeskWorker, running: int, year: int, second_id: int
) -> Response:
    """Say that they are two letters; one without a number goes through the door again for its own."""
    first = find_letter(site, viewer, running, year)
    same = site.book.same_letters
    file = same.file_of(viewer, first.letter_id, second_id)
    if same.tell_apart(viewer, first.letter_id, second_id, now=site.now()):
        folder = inner_folder(site.office, UPLOAD, secret=file.is_secret)
        with site.archive.open(file.sha256) as scan:
            hand_in(folder, file.name, iter(lambda: scan.read(CHUNK_BYTES), b""))
    return RedirectResponse("/duplicates", status_code=HTTPStatus.SEE_OTHER)


@routes.get("/letters/{running}/{year}/copies/{second_id}/1.jpg")
def picture(
    request: Request,
    site: RequestSite,
    viewer: LoggedIn,
    running: int,
    year: int,
    *,
    second_id: int,
) -> Response:
    """Give the first page of a further copy as a picture."""
    file = _file(site, viewer, running, year, second_id)
    if file.searchable_sha256 is None:
        raise NoSuchRecordError("the searchable PDF")
    pdf = site.archive.path_of(file.searchable_sha256, Shelf.SEARCHABLE)
    shown = site.pictures.get(pdf, 1, secret=file.is_secret)
    return picture_answer(request, shown.jpeg, secret=file.is_secret)


@routes.get("/letters/{running}/{year}/copies/{second_id}/searchable.pdf")
def searchable(
    site: RequestSite, viewer: LoggedIn, running: int, year: int, second_id: int
) -> Response:
    """Give a further copy as a searchable PDF."""
    file = _file(site, viewer, running, year, second_id)
    if file.searchable_sha256 is None:
        raise NoSuchRecordError("the searchable PDF")
    return FileResponse(
        site.archive.path_of(file.searchable_sha256, Shelf.SEARCHABLE),
        media_type="application/pdf",
        filename=f"saraban-{running}-{year}-copy.pdf",
        content_disposition_type="inline",
        headers=PDF_POLICY,
    )


@routes.get("/letters/{running}/{year}/copies/{second_id}/original")
def original(
    site: RequestSite, viewer: LoggedIn, running: int, year: int, second_id: int
) -> Response:
    """Give a further copy's bytes as they came."""
    file = _file(site, viewer, running, year, second_id)
    suffix = EXTENSIONS.get(file.media_type, ".bin")
    return FileResponse(
        site.archive.path_of(file.sha256),
        media_type="application/octet-stream",
        filename=f"saraban-{running}-{year}-copy-original{suffix}",
    )


def _file(site: Site, viewer: Viewer, running: int, year: int, second_id: int) -> LetterFile:
    first = find_letter(site, viewer, running, year)
    site.book.letters.file_of(
        viewer, first.letter_id
    )  # a destroyed letter's copies are gone with it
    return site.book.same_letters.file_of(viewer, first.letter_id, second_id)
