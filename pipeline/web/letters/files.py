"""A letter's files: page pictures, the searchable PDF, the original as it came."""

from __future__ import annotations

from typing import Annotated

from fastapi import APIRouter, Query, Request
from fastapi.responses import Response
from pydantic import BaseModel

from index.archive import Shelf
from index.errors import NoSuchRecordError
from index.visibility import is_hidden
from ocr import FoundWords, ReceivingStamp, find_words, stamp_pdf
from pipeline.page_pictures import pdfium_lock
from pipeline.thai_form import thai_date, thai_digits
from pipeline.web.letters.pages import find_letter
from pipeline.web.letters.view import page_picture
from pipeline.web.site.file_headers import PDF_POLICY, file_answer, picture_answer
from pipeline.web.site.pages import RequestSite
from pipeline.web.site.viewer import LoggedIn
from watch_folder.whole import EXTENSIONS

routes = APIRouter()
MOST_HITS = 200


@routes.get("/letters/{running}/{year}/pages/{page}.jpg")
def picture(
    request: Request, site: RequestSite, viewer: LoggedIn, running: int, year: int, *, page: int
) -> Response:
    """Give one page as a picture."""
    found = find_letter(site, viewer, running, year)
    shown = page_picture(site, viewer, found, page)
    return picture_answer(request, shown.jpeg, secret=is_hidden(found))


class Hits(BaseModel):
    """Where words stand on a letter's pages."""

    hits: list[FoundWords]


@routes.get("/letters/{running}/{year}/find")
def find(
    site: RequestSite,
    viewer: LoggedIn,
    running: int,
    year: int,
    *,
    q: Annotated[str, Query(max_length=200)] = "",
) -> Hits:
    """Say where words stand on the pages, for the viewer's highlights; no look that is noted anew."""
    found = find_letter(site, viewer, running, year, opens=False)
    file = site.book.letters.file_of(viewer, found.letter_id)
    if file.searchable_sha256 is None:
        raise NoSuchRecordError("the searchable PDF")
    pdf = site.archive.path_of(file.searchable_sha256, Shelf.SEARCHABLE)
    with pdfium_lock:
        return Hits(hits=list(find_words(pdf, q, most=MOST_HITS)))


@routes.get("/letters/{running}/{year}/searchable.pdf")
def searchable(
    request: Request, site: RequestSite, viewer: LoggedIn, running: int, year: int
) -> Response:
    """Give the searchable PDF, to be looked at in the browser."""
    found = find_letter(site, viewer, running, year)
    file = site.book.letters.file_of(viewer, found.letter_id)
    if file.searchable_sha256 is None:
        raise NoSuchRecordError("the searchable PDF")
    return file_answer(
        request,
        site.archive.path_of(file.searchable_sha256, Shelf.SEARCHABLE),
        file.searchable_sha256,
        secret=file.is_secret or is_hidden(found),
        media_type="application/pdf",
        name=f"saraban-{running}-{year}.pdf",
    )


@routes.get("/letters/{running}/{year}/stamped.pdf")
def stamped(site: RequestSite, viewer: LoggedIn, running: int, year: int) -> Response:
    """Give a copy with the receiving stamp (form 12) on its first page; nothing of it is kept."""
    found = find_letter(site, viewer, running, year)
    file = site.book.letters.file_of(viewer, found.letter_id)
    if file.searchable_sha256 is None:
        raise NoSuchRecordError("the searchable PDF")
    received = found.received_at.astimezone(site.office.zone)
    stamp = ReceivingStamp(
        office=site.office.settings.office.name,
        number=thai_digits(found.register_number),
        date=thai_date(received.date()),
        time=thai_digits(f"{received:%H.%M} น."),
    )
    with pdfium_lock:
        copy = stamp_pdf(site.archive.path_of(file.searchable_sha256, Shelf.SEARCHABLE), stamp)
    name = f'inline; filename="saraban-{running}-{year}-stamped.pdf"'
    return Response(
        copy, media_type="application/pdf", headers={**PDF_POLICY, "Content-Disposition": name}
    )


@routes.get("/letters/{running}/{year}/original")
def original(
    request: Request, site: RequestSite, viewer: LoggedIn, running: int, year: int
) -> Response:
    """Give the original's bytes, to be saved; its own name stays out of headers and logs.

    A scan of which pages were cut out for another letter is given to who may open that one too.
    """
    found = find_letter(site, viewer, running, year)
    if not site.book.parts.kin(viewer, found.letter_id).all_open:
        raise NoSuchRecordError("the original")
    file = site.book.letters.file_of(viewer, found.letter_id)
    suffix = EXTENSIONS.get(file.media_type, ".bin")
    return file_answer(
        request,
        site.archive.path_of(file.sha256),
        file.sha256,
        secret=file.is_secret or is_hidden(found),
        media_type="application/octet-stream",
        name=f"saraban-{running}-{year}-original{suffix}",
    )
